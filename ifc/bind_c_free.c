/* The helpers of the bindings: strings from C's, and giving back what values hold. */
#include "ifc/bind_c.h"

static void print_string_declarations(const CBinding *self, Buf *out)
{
  Str w = self->world;
  buf_printf(out,
             "\n// `ret` takes over `s`, which must come from malloc.\n"
             "void %.*s_string_set(%.*s_string_t *ret, const char *s);\n",
             STR_ARG(w), STR_ARG(w));
  buf_printf(out,
             "// `ret` becomes a copy of `s`.\n"
             "void %.*s_string_dup(%.*s_string_t *ret, const char *s);\n",
             STR_ARG(w), STR_ARG(w));
  buf_printf(out,
             "// `ret` becomes a copy of the `len` bytes at `s`.\n"
             "void %.*s_string_dup_n(%.*s_string_t *ret, const char *s, size_t len);\n",
             STR_ARG(w), STR_ARG(w));
  buf_printf(out, "void %.*s_string_free(%.*s_string_t *ret);\n", STR_ARG(w), STR_ARG(w));
}

static void declare_free(Str name, Buf *out)
{
  Str stem = str_slice(name, 0, name.len - 2);
  buf_printf(out, "void %.*s_free(%.*s *ptr);\n", STR_ARG(stem), STR_ARG(name));
}

void c_print_free_declarations(CBinding *self, Buf *out)
{
  buf_z(out, "\n// Helper functions: give back the memory that a value holds, not the value itself.\n");
  if (self->has_string) print_string_declarations(self, out);
  for (size_t i = 0; i < self->order.len; i++) {
    const CType *made = self->order.at[i];
    if (!made->has_free) continue;
    declare_free(made->name, out);
    if (made->older.len) declare_free(made->older, out);
  }
}

static void print_string_definitions(const CBinding *self, Buf *out)
{
  Str w = self->world;
  buf_printf(out,
             "\nvoid %.*s_string_set(%.*s_string_t *ret, const char *s)\n{\n"
             "  ret->ptr = (uint8_t *)s;\n  ret->len = strlen(s);\n}\n",
             STR_ARG(w), STR_ARG(w));
  buf_printf(out,
             "\nvoid %.*s_string_dup_n(%.*s_string_t *ret, const char *s, size_t len)\n{\n"
             "  ret->len = len;\n  ret->ptr = NULL;\n  if (len == 0) return;\n"
             "  ret->ptr = (uint8_t *)malloc(len);\n  if (!ret->ptr) __builtin_trap();\n"
             "  memcpy(ret->ptr, s, len);\n}\n",
             STR_ARG(w), STR_ARG(w));
  buf_printf(out,
             "\nvoid %.*s_string_dup(%.*s_string_t *ret, const char *s)\n{\n"
             "  %.*s_string_dup_n(ret, s, strlen(s));\n}\n",
             STR_ARG(w), STR_ARG(w), STR_ARG(w));
  buf_printf(out,
             "\nvoid %.*s_string_free(%.*s_string_t *ret)\n{\n"
             "  if (ret->len > 0) free(ret->ptr);\n  ret->ptr = NULL;\n  ret->len = 0;\n}\n",
             STR_ARG(w), STR_ARG(w));
}

static void free_part(CBinding *self, const CType *outer, const Type *part, const char *indent, Str place,
                      Buf *out)
{
  const CType *inner = part ? c_type(self, outer->scope, part) : NULL;
  if (inner && inner->has_free)
    buf_printf(out, "%s%.*s_free(&%.*s);\n", indent, STR_ARG(c_type_stem(inner)), STR_ARG(place));
}

static void free_fields(CBinding *self, const CType *outer, Buf *out)
{
  for (uint32_t i = 0; i < outer->type->count; i++) {
    const Field *field = &outer->type->fields[i];
    Str name = outer->type->kind == TYPE_TUPLE
                   ? str_format(self->arena, "ptr->f%u", i)
                   : str_format(self->arena, "ptr->%.*s", STR_ARG(name_to_c(self->arena, field->name)));
    free_part(self, outer, field->type, "  ", name, out);
  }
}

static void free_list(CBinding *self, const CType *outer, Buf *out)
{
  const CType *inner = c_type(self, outer->scope, outer->type->element);
  buf_z(out, "  if (ptr->len == 0) return;\n");
  if (inner->has_free) {
    buf_z(out, "  for (size_t i = 0; i < ptr->len; i++)\n");
    free_part(self, outer, outer->type->element, "    ", STR("ptr->ptr[i]"), out);
  }
  buf_z(out, "  free(ptr->ptr);\n");
}

static void free_fixed_list(CBinding *self, const CType *outer, Buf *out)
{
  buf_printf(out, "  for (size_t i = 0; i < %u; i++)\n", outer->type->count);
  free_part(self, outer, outer->type->element, "    ", STR("ptr->items[i]"), out);
}

static void free_map(CBinding *self, const CType *outer, Buf *out)
{
  const Field *pair = outer->type->element->fields;
  bool key = c_type(self, outer->scope, pair[0].type)->has_free;
  bool value = c_type(self, outer->scope, pair[1].type)->has_free;
  buf_z(out, "  if (ptr->len == 0) return;\n");
  if (key || value) {
    buf_z(out, "  for (size_t i = 0; i < ptr->len; i++) {\n");
    free_part(self, outer, pair[0].type, "    ", STR("ptr->ptr[i].key"), out);
    free_part(self, outer, pair[1].type, "    ", STR("ptr->ptr[i].value"), out);
    buf_z(out, "  }\n");
  }
  buf_z(out, "  free(ptr->ptr);\n");
}

static void free_cases(CBinding *self, const CType *outer, Buf *out)
{
  buf_z(out, "  switch (ptr->tag) {\n");
  for (uint32_t i = 0; i < outer->type->count; i++) {
    const Field *field = &outer->type->fields[i];
    if (!field->type || !c_type(self, outer->scope, field->type)->has_free) continue;
    Str name = name_to_c(self->arena, field->name);
    buf_printf(out, "  case %u:\n", i);
    free_part(self, outer, field->type, "    ", str_format(self->arena, "ptr->val.%.*s", STR_ARG(name)), out);
    buf_z(out, "    break;\n");
  }
  buf_z(out, "  default: break;\n  }\n");
}

static void free_result(CBinding *self, const CType *outer, Buf *out)
{
  const Type *type = outer->type;
  buf_z(out, "  if (!ptr->is_err) {\n");
  free_part(self, outer, type->element, "    ", STR("ptr->val.ok"), out);
  buf_z(out, "  } else {\n");
  free_part(self, outer, type->error, "    ", STR("ptr->val.err"), out);
  buf_z(out, "  }\n");
}

static void free_option(CBinding *self, const CType *outer, Buf *out)
{
  buf_z(out, "  if (ptr->is_some) {\n");
  free_part(self, outer, outer->type->element, "    ", STR("ptr->val"), out);
  buf_z(out, "  }\n");
}

static void free_parts(CBinding *self, const CType *made, Buf *out)
{
  switch (made->type->kind) {
  case TYPE_LIST: free_list(self, made, out); break;
  case TYPE_FIXED_LIST: free_fixed_list(self, made, out); break;
  case TYPE_MAP: free_map(self, made, out); break;
  case TYPE_VARIANT: free_cases(self, made, out); break;
  case TYPE_RESULT: free_result(self, made, out); break;
  case TYPE_OPTION: free_option(self, made, out); break;
  default: free_fields(self, made, out); break; /* records and tuples: nothing else has_free */
  }
}

/* A second name frees what the first one does. */
static void print_forward(Str name, const CType *to, Buf *out)
{
  Str stem = str_slice(name, 0, name.len - 2);
  buf_printf(out, "\nvoid %.*s_free(%.*s *ptr)\n{\n  %.*s_free(ptr);\n}\n", STR_ARG(stem), STR_ARG(name),
             STR_ARG(c_type_stem(to)));
}

static void print_free(CBinding *self, const CType *made, Buf *out)
{
  if (made->target) {
    print_forward(made->name, made->target, out);
  } else {
    buf_printf(out, "\nvoid %.*s_free(%.*s *ptr)\n{\n", STR_ARG(c_type_stem(made)), STR_ARG(made->name));
    free_parts(self, made, out);
    buf_z(out, "}\n");
  }
  if (made->older.len) print_forward(made->older, made, out);
}

void c_print_free_definitions(CBinding *self, Buf *out)
{
  if (self->has_string) print_string_definitions(self, out);
  for (size_t i = 0; i < self->order.len; i++)
    if (self->order.at[i]->has_free) print_free(self, self->order.at[i], out);
}
