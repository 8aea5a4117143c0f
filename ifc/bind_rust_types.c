/* Declarations of types in Rust, and the types as they are written. */
#include "ifc/bind_rust.h"

void rust_print_path(const RustScope *from, const RustScope *to, Buf *out)
{
  if (from == to) return;
  for (size_t i = 0; i < from->depth; i++) buf_z(out, "super::");
  for (size_t i = 0; i < to->depth; i++) buf_printf(out, "%.*s::", STR_ARG(to->path[i]));
}

static const char *lifetime(RustPlace place)
{
  return place.is_declared ? "<'a>" : "<'_>";
}

static void print_name(RustPlace place, const RustType *type, Buf *out)
{
  rust_print_path(place.scope, type->scope, out);
  buf_str(out, type->name);
  if (type->traits.has_borrow) buf_z(out, lifetime(place));
}

static void print_reference(RustPlace place, Buf *out)
{
  buf_z(out, place.is_declared ? "&'a " : "&");
}

/* What is exported is lent as a type of its own: the implementer has what stands for it, and no handle. */
static void print_borrow(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  const RustType *named = rust_declaration(self, place.scope, rust_name_of(type)),
                 *resource = rust_behind(self, named);
  if (!named->def->resource) { /* the handle itself has a name */
    rust_print_path(place.scope, named->scope, out);
    buf_printf(out, "%.*s%s", STR_ARG(named->name), lifetime(place));
  } else if (resource->scope->is_export) {
    rust_print_path(place.scope, resource->scope, out);
    buf_printf(out, "%.*s%s", STR_ARG(resource->borrow_name), lifetime(place));
  } else {
    print_reference(place, out);
    print_name(place, named, out);
  }
}

static void print_structure(const RustBinding *self, RustPlace place, const Type *type, Buf *out);

void rust_print_type(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  const TypeDef *def = type ? rust_name_of(type) : NULL;
  if (!type) {
    buf_z(out, "()");
  } else if (type->kind == TYPE_BORROW) {
    print_borrow(self, place, type, out);
  } else if (def) {
    const RustType *made = rust_declaration(self, place.scope, def);
    bool is_lent = place.is_lent && type_layout(type).has_pointers && !made->traits.has_own;
    if (is_lent) print_reference(place, out);
    print_name(place, made, out);
  } else {
    print_structure(self, place, type, out);
  }
}

static void print_primitive(const Type *type, Buf *out)
{
  bool same = type->kind == TYPE_BOOL || type->kind == TYPE_CHAR || !type_is_signed(type) ||
              type->kind == TYPE_F32 || type->kind == TYPE_F64;
  if (same)
    buf_str(out, type_kind_name(type->kind));
  else
    buf_printf(out, "i%zu", type_primitive_size(type) * 8);
}

static void print_two(const RustBinding *self, RustPlace place, const char *name, const Type *first,
                      const Type *second, Buf *out)
{
  buf_printf(out, "%s<", name);
  rust_print_type(self, place, first, out);
  buf_z(out, ", ");
  rust_print_type(self, place, second, out);
  buf_byte(out, '>');
}

static void print_tuple(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  buf_byte(out, '(');
  for (uint32_t i = 0; i < type->count; i++) {
    if (i) buf_byte(out, ' ');
    rust_print_type(self, place, type->fields[i].type, out);
    if (i + 1 < type->count || type->count == 1) buf_byte(out, ',');
  }
  buf_byte(out, ')');
}

/* "Vec<T>", or what is lent of it: "&[T]". */
static void print_list(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  bool is_lent = place.is_lent;
  place.is_lent = false;
  buf_z(out, is_lent ? "&[" : "Vec<");
  rust_print_type(self, place, type->element, out);
  buf_byte(out, is_lent ? ']' : '>');
}

static void print_fixed(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  if (place.is_lent) print_reference(place, out);
  place.is_lent = false;
  buf_byte(out, '[');
  rust_print_type(self, place, type->element, out);
  buf_printf(out, "; %u]", type->count);
}

static void print_map(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  const Field *pair = type->element->fields;
  if (place.is_lent) print_reference(place, out);
  place.is_lent = false;
  print_two(self, place, "::std::collections::BTreeMap", pair[0].type, pair[1].type, out);
}

/* What has handles in it that are given away is given away whole. */
static void print_structure(const RustBinding *self, RustPlace place, const Type *type, Buf *out)
{
  if (place.is_lent && type->kind > TYPE_STRING)
    place.is_lent = type_layout(type).has_pointers && !rust_traits(self, place.scope, type).has_own;
  switch (type->kind) {
  case TYPE_STRING: buf_z(out, place.is_lent ? "&str" : "String"); break;
  case TYPE_LIST: print_list(self, place, type, out); break;
  case TYPE_OPTION:
    buf_z(out, "Option<");
    rust_print_type(self, place, type->element, out);
    buf_byte(out, '>');
    break;
  case TYPE_FIXED_LIST: print_fixed(self, place, type, out); break;
  case TYPE_RESULT: print_two(self, place, "Result", type->element, type->error, out); break;
  case TYPE_MAP: print_map(self, place, type, out); break;
  case TYPE_TUPLE: print_tuple(self, place, type, out); break;
  default: print_primitive(type, out); break; /* what is declared has a name */
  }
}

void rust_print_docs(Str docs, const char *indent, Buf *out)
{
  docs = str_trim(docs);
  while (docs.len) {
    size_t end = str_find(docs, STR("\n"));
    Str line = str_trim(str_slice(docs, 0, end));
    buf_printf(out, "%s///%s", indent, line.len ? " " : "");
    /* A lone carriage return is an error in a comment of Rust's. */
    for (size_t i = 0; i < line.len; i++)
      if (line.at[i] != '\r') buf_byte(out, line.at[i]);
    buf_byte(out, '\n');
    docs = end == SIZE_MAX ? STR("") : str_slice(docs, end + 1, docs.len);
  }
}

static Str unsigned_of(uint32_t bytes)
{
  return bytes == 1 ? STR("u8") : bytes == 2 ? STR("u16") : STR("u32");
}

static void print_derives(const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  bool is_clone = !type->traits.has_own, is_copy = is_clone && !type_layout(of).has_pointers;
  if (is_clone) buf_printf(out, "#[derive(Clone%s)]\n", is_copy ? ", Copy" : "");
  if (!type->traits.no_debug) buf_z(out, "#[derive(Debug)]\n");
  if (of->kind == TYPE_ENUM) buf_z(out, "#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]\n");
}

static const char *own_lifetime(const RustType *type)
{
  return type->traits.has_borrow ? "<'a>" : "";
}

/* "['a] Type<'a>", as the macros want it. */
static void print_own(const RustType *type, Buf *out)
{
  buf_printf(out, "%s %.*s%s", type->traits.has_borrow ? "['a]" : "[]", STR_ARG(type->name),
             own_lifetime(type));
}

static RustPlace inside(const RustType *type)
{
  return (RustPlace){.scope = type->scope, .is_declared = true};
}

static void print_record(const RustBinding *self, const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  Buf fields = buf_in(self->arena);
  buf_z(out, "#[repr(C)]\n");
  print_derives(type, out);
  buf_printf(out, "pub struct %.*s%s {\n", STR_ARG(type->name), own_lifetime(type));
  for (uint32_t i = 0; i < of->count; i++) {
    Str name = rust_snake(self->arena, of->fields[i].name);
    Buf part = buf_in(self->arena);
    rust_print_type(self, inside(type), of->fields[i].type, &part);
    rust_print_docs(of->fields[i].docs, "    ", out);
    buf_printf(out, "    pub %.*s: %.*s,\n", STR_ARG(name), STR_ARG(buf_text(&part)));
    buf_printf(&fields, "%.*s: %.*s, ", STR_ARG(name), STR_ARG(buf_text(&part)));
  }
  buf_z(out, "}\nfields_value! { ");
  print_own(type, out);
  buf_printf(out, ", true, %.*s}\n", STR_ARG(buf_text(&fields)));
}

static void print_cases(const RustBinding *self, const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  Str *names = rust_case_names(self->arena, of), number = unsigned_of(type_discriminant_size(of));
  Buf cases = buf_in(self->arena);
  bool is_enum = of->kind == TYPE_ENUM;
  if (is_enum) buf_printf(out, "#[repr(%.*s)]\n", STR_ARG(number));
  print_derives(type, out);
  buf_printf(out, "pub enum %.*s%s {\n", STR_ARG(type->name), own_lifetime(type));
  for (uint32_t i = 0; i < of->count; i++) {
    rust_print_docs(of->fields[i].docs, "    ", out);
    buf_printf(out, "    %.*s", STR_ARG(names[i]));
    buf_printf(&cases, "%u => %.*s", i, STR_ARG(names[i]));
    if (of->fields[i].type) {
      Buf part = buf_in(self->arena);
      rust_print_type(self, inside(type), of->fields[i].type, &part);
      buf_printf(out, "(%.*s)", STR_ARG(buf_text(&part)));
      buf_printf(&cases, "(payload: %.*s)", STR_ARG(buf_text(&part)));
    }
    buf_z(out, ",\n");
    buf_z(&cases, ", ");
  }
  buf_z(out, "}\ncases_value! { ");
  print_own(type, out);
  buf_printf(out, ", %.*s, %s, %.*s}\n", STR_ARG(number), is_enum ? "true" : "false",
             STR_ARG(buf_text(&cases)));
}

static void print_flags(const RustBinding *self, const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  Str *names = rust_case_names(self->arena, of), number = unsigned_of((uint32_t)type_size(of));
  uint32_t all = of->count >= 32 ? UINT32_MAX : (UINT32_C(1) << of->count) - 1;
  buf_z(out, "flags_type! {\n");
  rust_print_docs(type->def->docs, "    ", out);
  buf_printf(out, "    %.*s: %.*s, %u,\n", STR_ARG(type->name), STR_ARG(number), all);
  for (uint32_t i = 0; i < of->count; i++) {
    rust_print_docs(of->fields[i].docs, "    ", out);
    buf_printf(out, "    %.*s = %u,\n", STR_ARG(names[i]), i);
  }
  buf_z(out, "}\n");
}

static void print_error(const RustType *type, Buf *out)
{
  if (!type->is_error || type->traits.no_debug || type->traits.has_borrow) return;
  buf_printf(out,
             "impl ::std::fmt::Display for %.*s {\n"
             "    fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {\n"
             "        ::std::fmt::Debug::fmt(self, out)\n    }\n}\nimpl ::std::error::Error for %.*s {}\n",
             STR_ARG(type->name), STR_ARG(type->name));
}

static void print_alias(const RustBinding *self, const RustType *type, Buf *out)
{
  const TypeDef *def = type->def;
  bool is_lent = type_is_handle(def->type) && def->type->kind == TYPE_BORROW;
  rust_print_docs(def->docs, "", out);
  buf_printf(out, "pub type %.*s%s = ", STR_ARG(type->name), is_lent ? "<'a>" : own_lifetime(type));
  if (def->alias) {
    const RustType *target = rust_declaration(self, type->scope, def->alias);
    print_name(inside(type), target, out);
    if (is_lent) buf_z(out, "<'a>");
  } else if (type_is_handle(def->type)) {
    Type handle = *def->type;
    if (handle.alias == def) handle.alias = NULL;
    rust_print_type(self, inside(type), &handle, out);
  } else {
    print_structure(self, inside(type), def->type, out);
  }
  buf_z(out, ";\n");
}

static void print_resource(const RustType *type, Buf *out)
{
  const RustScope *scope = type->scope;
  Str name = type->def->name, module = scope->module;
  buf_z(out, scope->is_export ? "exported_resource! {\n" : "imported_resource! {\n");
  rust_print_docs(type->def->docs, "    ", out);
  buf_printf(out, "    %.*s, ", STR_ARG(type->name));
  if (scope->is_export)
    buf_printf(out,
               "%.*s, %.*s, \"[export]%.*s\", \"[resource-new]%.*s\", \"[resource-rep]%.*s\", "
               "\"[resource-drop]%.*s\"\n}\n",
               STR_ARG(type->borrow_name), STR_ARG(type->guest), STR_ARG(module), STR_ARG(name),
               STR_ARG(name), STR_ARG(name));
  else
    buf_printf(out, "\"%.*s\", \"[resource-drop]%.*s\"\n}\n", STR_ARG(module), STR_ARG(name));
}

void rust_print_declaration(const RustBinding *self, const RustType *type, Buf *out)
{
  TypeKind kind = type->def->type->kind;
  bool is_made = kind == TYPE_RECORD || kind == TYPE_VARIANT || kind == TYPE_ENUM || kind == TYPE_FLAGS;
  buf_byte(out, '\n');
  if (rust_is_resource(type)) {
    print_resource(type, out);
    return;
  }
  if (type->def->alias || !is_made) {
    print_alias(self, type, out);
    return;
  }
  if (kind != TYPE_FLAGS) rust_print_docs(type->def->docs, "", out);
  if (kind == TYPE_RECORD) print_record(self, type, out);
  if (kind == TYPE_VARIANT || kind == TYPE_ENUM) print_cases(self, type, out);
  if (kind == TYPE_FLAGS) print_flags(self, type, out);
  print_error(type, out);
}
