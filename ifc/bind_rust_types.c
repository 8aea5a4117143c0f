/* Declarations of types in Rust, and the types as they are written. */
#include "ifc/bind_rust.h"

static void print_path(const RustScope *from, const RustType *type, Buf *out)
{
  if (type->scope != from) {
    for (size_t i = 0; i < from->depth; i++) buf_z(out, "super::");
    for (size_t i = 0; i < type->scope->depth; i++) buf_printf(out, "%.*s::", STR_ARG(type->scope->path[i]));
  }
  buf_str(out, type->name);
}

void rust_print_type(const RustBinding *self, const RustScope *scope, const Type *type, Buf *out)
{
  const TypeDef *def = type ? rust_name_of(type) : NULL;
  if (!type)
    buf_z(out, "()");
  else if (def)
    print_path(scope, rust_declaration(self, def), out);
  else
    rust_print_structure(self, scope, type, out);
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

static void print_two(const RustBinding *self, const RustScope *scope, const char *name, const Type *first,
                      const Type *second, Buf *out)
{
  buf_printf(out, "%s<", name);
  rust_print_type(self, scope, first, out);
  buf_z(out, ", ");
  rust_print_type(self, scope, second, out);
  buf_byte(out, '>');
}

static void print_tuple(const RustBinding *self, const RustScope *scope, const Type *type, Buf *out)
{
  buf_byte(out, '(');
  for (uint32_t i = 0; i < type->count; i++) {
    if (i) buf_byte(out, ' ');
    rust_print_type(self, scope, type->fields[i].type, out);
    if (i + 1 < type->count || type->count == 1) buf_byte(out, ',');
  }
  buf_byte(out, ')');
}

void rust_print_structure(const RustBinding *self, const RustScope *scope, const Type *type, Buf *out)
{
  switch (type->kind) {
  case TYPE_STRING: buf_z(out, "String"); break;
  case TYPE_LIST:
  case TYPE_OPTION:
    buf_z(out, type->kind == TYPE_LIST ? "Vec<" : "Option<");
    rust_print_type(self, scope, type->element, out);
    buf_byte(out, '>');
    break;
  case TYPE_FIXED_LIST:
    buf_byte(out, '[');
    rust_print_type(self, scope, type->element, out);
    buf_printf(out, "; %u]", type->count);
    break;
  case TYPE_RESULT: print_two(self, scope, "Result", type->element, type->error, out); break;
  case TYPE_MAP:
    print_two(self, scope, "::std::collections::BTreeMap", type->element->fields[0].type,
              type->element->fields[1].type, out);
    break;
  case TYPE_TUPLE: print_tuple(self, scope, type, out); break;
  default: print_primitive(type, out); break; /* what is declared has a name, handles are left out */
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
  bool is_copy = !type_layout(of).has_pointers;
  buf_printf(out, "#[derive(Clone%s%s%s)]\n", is_copy ? ", Copy" : "", type->no_debug ? "" : ", Debug",
             of->kind == TYPE_ENUM ? ", PartialEq, Eq, PartialOrd, Ord, Hash" : "");
}

static void print_record(const RustBinding *self, const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  Buf fields = buf_in(self->arena);
  buf_z(out, "#[repr(C)]\n");
  print_derives(type, out);
  buf_printf(out, "pub struct %.*s {\n", STR_ARG(type->name));
  for (uint32_t i = 0; i < of->count; i++) {
    Str name = rust_snake(self->arena, of->fields[i].name);
    Buf part = buf_in(self->arena);
    rust_print_type(self, type->scope, of->fields[i].type, &part);
    rust_print_docs(of->fields[i].docs, "    ", out);
    buf_printf(out, "    pub %.*s: %.*s,\n", STR_ARG(name), STR_ARG(buf_text(&part)));
    buf_printf(&fields, "%.*s: %.*s, ", STR_ARG(name), STR_ARG(buf_text(&part)));
  }
  buf_printf(out, "}\n#[cfg(target_arch = \"wasm32\")]\nfields_value! { [] %.*s, true, %.*s}\n",
             STR_ARG(type->name), STR_ARG(buf_text(&fields)));
}

static void print_cases(const RustBinding *self, const RustType *type, Buf *out)
{
  const Type *of = type->def->type;
  Str *names = rust_case_names(self->arena, of), number = unsigned_of(type_discriminant_size(of));
  Buf cases = buf_in(self->arena);
  bool is_enum = of->kind == TYPE_ENUM;
  if (is_enum) buf_printf(out, "#[repr(%.*s)]\n", STR_ARG(number));
  print_derives(type, out);
  buf_printf(out, "pub enum %.*s {\n", STR_ARG(type->name));
  for (uint32_t i = 0; i < of->count; i++) {
    rust_print_docs(of->fields[i].docs, "    ", out);
    buf_printf(out, "    %.*s", STR_ARG(names[i]));
    buf_printf(&cases, "%u => %.*s", i, STR_ARG(names[i]));
    if (of->fields[i].type) {
      Buf part = buf_in(self->arena);
      rust_print_type(self, type->scope, of->fields[i].type, &part);
      buf_printf(out, "(%.*s)", STR_ARG(buf_text(&part)));
      buf_printf(&cases, "(payload: %.*s)", STR_ARG(buf_text(&part)));
    }
    buf_z(out, ",\n");
    buf_z(&cases, ", ");
  }
  buf_printf(out, "}\n#[cfg(target_arch = \"wasm32\")]\ncases_value! { %.*s, %.*s, %s, %.*s}\n",
             STR_ARG(type->name), STR_ARG(number), is_enum ? "true" : "false", STR_ARG(buf_text(&cases)));
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
  if (!type->is_error || type->no_debug) return;
  buf_printf(out,
             "impl ::std::fmt::Display for %.*s {\n"
             "    fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {\n"
             "        ::std::fmt::Debug::fmt(self, out)\n    }\n}\nimpl ::std::error::Error for %.*s {}\n",
             STR_ARG(type->name), STR_ARG(type->name));
}

static void print_alias(const RustBinding *self, const RustType *type, Buf *out)
{
  const TypeDef *def = type->def;
  rust_print_docs(def->docs, "", out);
  buf_printf(out, "pub type %.*s = ", STR_ARG(type->name));
  if (def->alias)
    print_path(type->scope, rust_declaration(self, def->alias), out);
  else
    rust_print_structure(self, type->scope, def->type, out);
  buf_z(out, ";\n");
}

void rust_print_declaration(const RustBinding *self, const RustType *type, Buf *out)
{
  TypeKind kind = type->def->type->kind;
  bool is_made = kind == TYPE_RECORD || kind == TYPE_VARIANT || kind == TYPE_ENUM || kind == TYPE_FLAGS;
  buf_byte(out, '\n');
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
