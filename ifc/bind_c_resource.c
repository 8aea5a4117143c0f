/* The functions that bindings have for resources. Those of the interface's own are for their implementer:
 * `…_new`, `…_rep`, `…_drop_own`, and `…_destructor` and the type itself to be defined; of others, handles
 * can only be dropped and lent. */
#include "ifc/bind_c.h"

/* "exports_files_disk_store_blob": the type is this with "_t". */
static Str resource_stem(const CBinding *self, const CType *own)
{
  Str word = str_slice(own->word, STR("own_").len, own->word.len);
  return str_format(self->arena, "%.*s_%.*s", STR_ARG(own->scope->namespace), STR_ARG(word));
}

static bool is_own_handle(const CType *made)
{
  return made->type->kind == TYPE_OWN && !made->target;
}

/* --- the header */

void c_print_handle(CBinding *self, const CType *made, Buf *out)
{
  Str name = made->name;
  if (made->type->kind == TYPE_BORROW && made->scope->is_export) {
    Str word = str_slice(made->word, STR("borrow_").len, made->word.len);
    Str resource = str_format(self->arena, "%.*s_%.*s_t", STR_ARG(made->scope->namespace), STR_ARG(word));
    c_print_docs(made->type->named->docs, "", out);
    buf_printf(out, "typedef struct %.*s %.*s;\n", STR_ARG(resource), STR_ARG(resource));
    buf_printf(out, "typedef %.*s *%.*s;\n", STR_ARG(resource), STR_ARG(name));
  } else {
    buf_printf(out, "typedef struct %.*s {\n  int32_t __handle;\n} %.*s;\n", STR_ARG(name), STR_ARG(name));
  }
}

static Str borrow_name(CBinding *self, const CType *own)
{
  Type borrow = {.kind = TYPE_BORROW, .named = own->type->named};
  return c_type(self, own->scope, &borrow)->name;
}

static void declare_exported(CBinding *self, const CType *own, Buf *out)
{
  Str stem = resource_stem(self, own), name = own->name;
  buf_printf(out, "%.*s %.*s_new(%.*s_t *rep);\n", STR_ARG(name), STR_ARG(stem), STR_ARG(stem));
  buf_printf(out, "%.*s_t *%.*s_rep(%.*s handle);\n", STR_ARG(stem), STR_ARG(stem), STR_ARG(name));
  buf_z(out, "// Yours to define: the end of what `rep` stands for.\n");
  buf_printf(out, "void %.*s_destructor(%.*s_t *rep);\n", STR_ARG(stem), STR_ARG(stem));
}

static Str lend_name(CBinding *self, const CType *own)
{
  Str word = str_slice(own->word, STR("own_").len, own->word.len);
  return str_format(self->arena, "%.*s_borrow_%.*s", STR_ARG(own->scope->namespace), STR_ARG(word));
}

static void declare_imported(CBinding *self, const CType *own, Buf *out)
{
  Str stem = resource_stem(self, own), borrow = borrow_name(self, own);
  buf_printf(out, "void %.*s_drop_borrow(%.*s handle);\n", STR_ARG(stem), STR_ARG(borrow));
  buf_printf(out, "%.*s %.*s(%.*s handle);\n", STR_ARG(borrow), STR_ARG(lend_name(self, own)),
             STR_ARG(own->name));
}

void c_print_resource_declarations(CBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->order.len; i++) {
    const CType *own = self->order.at[i];
    if (!is_own_handle(own)) continue;
    buf_printf(out, "\nvoid %.*s_drop_own(%.*s handle);\n", STR_ARG(resource_stem(self, own)),
               STR_ARG(own->name));
    if (own->scope->is_export)
      declare_exported(self, own, out);
    else
      declare_imported(self, own, out);
  }
}

/* --- the source */

static void print_import(CBinding *self, const CType *own, const char *function, Buf *out)
{
  Str module = own->scope->module, name = own->type->named->name;
  if (own->scope->is_export) module = str_format(self->arena, "[export]%.*s", STR_ARG(module));
  c_print_import(module, str_format(self->arena, "[resource-%s]%.*s", function, STR_ARG(name)), out);
}

static void define_drop(CBinding *self, const CType *own, Buf *out)
{
  Str stem = resource_stem(self, own);
  print_import(self, own, "drop", out);
  buf_printf(out, "extern void __wasm_import_%.*s_drop(int32_t handle);\n", STR_ARG(stem));
  buf_printf(out, "\nvoid %.*s_drop_own(%.*s handle)\n{\n  __wasm_import_%.*s_drop(handle.__handle);\n}\n",
             STR_ARG(stem), STR_ARG(own->name), STR_ARG(stem));
}

static void define_exported(CBinding *self, const CType *own, Buf *out)
{
  Str stem = resource_stem(self, own), name = own->name;
  print_import(self, own, "new", out);
  buf_printf(out, "extern int32_t __wasm_import_%.*s_new(int32_t rep);\n", STR_ARG(stem));
  buf_printf(out,
             "\n%.*s %.*s_new(%.*s_t *rep)\n{\n"
             "  return (%.*s){__wasm_import_%.*s_new((int32_t)(uintptr_t)rep)};\n}\n",
             STR_ARG(name), STR_ARG(stem), STR_ARG(stem), STR_ARG(name), STR_ARG(stem));
  print_import(self, own, "rep", out);
  buf_printf(out, "extern int32_t __wasm_import_%.*s_rep(int32_t handle);\n", STR_ARG(stem));
  buf_printf(out,
             "\n%.*s_t *%.*s_rep(%.*s handle)\n{\n"
             "  return (%.*s_t *)(uintptr_t)(uint32_t)__wasm_import_%.*s_rep(handle.__handle);\n}\n",
             STR_ARG(stem), STR_ARG(stem), STR_ARG(name), STR_ARG(stem), STR_ARG(stem));
  Str export = str_format(self->arena, "[dtor]%.*s", STR_ARG(own->type->named->name));
  c_print_export(own->scope, "", export, out);
  buf_printf(out,
             "void __wasm_export_%.*s_dtor(int32_t rep)\n{\n"
             "  %.*s_destructor((%.*s_t *)(uintptr_t)(uint32_t)rep);\n}\n",
             STR_ARG(stem), STR_ARG(stem), STR_ARG(stem));
}

static void define_imported(CBinding *self, const CType *own, Buf *out)
{
  Str stem = resource_stem(self, own), borrow = borrow_name(self, own);
  buf_printf(out, "\nvoid %.*s_drop_borrow(%.*s handle)\n{\n  __wasm_import_%.*s_drop(handle.__handle);\n}\n",
             STR_ARG(stem), STR_ARG(borrow), STR_ARG(stem));
  buf_printf(out, "\n%.*s %.*s(%.*s handle)\n{\n  return (%.*s){handle.__handle};\n}\n", STR_ARG(borrow),
             STR_ARG(lend_name(self, own)), STR_ARG(own->name), STR_ARG(borrow));
}

void c_print_resource_definitions(CBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->order.len; i++) {
    const CType *own = self->order.at[i];
    if (!is_own_handle(own)) continue;
    define_drop(self, own, out);
    if (own->scope->is_export)
      define_exported(self, own, out);
    else
      define_imported(self, own, out);
  }
}
