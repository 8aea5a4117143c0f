#include "ifc/bind_rust.h"

/* Paths are relative to the folder of the Makefile, where every compiler runs. */
__asm__(".section .rodata\n"
        ".hidden assay_rust_support, assay_rust_support_end\n"
        ".global assay_rust_support, assay_rust_support_end\n"
        "assay_rust_support:\n"
        ".incbin \"ifc/bind_rust_support.rs\"\n"
        "assay_rust_support_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char assay_rust_support[], assay_rust_support_end[];

/* Each module stands once, with all that is in it: those that begin alike are nested in one another. */
static int by_path(const void *left, const void *right)
{
  const RustScope *a = *(RustScope *const *)left, *b = *(RustScope *const *)right;
  for (size_t i = 0; i < a->depth && i < b->depth; i++) {
    int order = str_compare(a->path[i], b->path[i]);
    if (order) return order;
  }
  return (a->depth > b->depth) - (a->depth < b->depth);
}

static size_t common_depth(const RustScope *a, const RustScope *b)
{
  size_t depth = 0;
  while (a && b && depth < a->depth && depth < b->depth && str_equal(a->path[depth], b->path[depth])) depth++;
  return depth;
}

static void print_scope(const RustBinding *self, const RustScope *scope, Buf *out)
{
  if (scope->depth) {
    buf_z(out, "use ");
    for (size_t i = 0; i < scope->depth; i++) buf_z(out, "super::");
    buf_z(out, "_rt;\n");
  }
  for (size_t i = 0; i < scope->types.len; i++) rust_print_declaration(self, scope->types.at[i], out);
  for (size_t i = 0; i < scope->left_out.len; i++)
    buf_printf(out, "// %.*s\n", STR_ARG(scope->left_out.at[i]));
  rust_print_imports(self, scope, out);
  if (!scope->is_export && !scope->exports.len) return;
  rust_print_guest(self, scope, out);
  rust_print_glue(self, scope, out);
}

static void print_scopes(RustBinding *self, Buf *out)
{
  const RustScope *open = NULL;
  qsort(self->scopes.at, self->scopes.len, sizeof *self->scopes.at, by_path);
  for (size_t i = 0; i < self->scopes.len; i++) {
    const RustScope *scope = self->scopes.at[i];
    size_t common = common_depth(open, scope);
    for (size_t level = open ? open->depth : 0; level > common; level--) buf_z(out, "}\n");
    for (size_t level = common; level < scope->depth; level++)
      buf_printf(out, "pub mod %.*s {\n", STR_ARG(scope->path[level]));
    print_scope(self, scope, out);
    open = scope;
  }
  for (size_t level = open ? open->depth : 0; level > 0; level--) buf_z(out, "}\n");
}

static void print_variables(const char *form, uint32_t count, Buf *out)
{
  for (uint32_t k = 0; k < count; k++) buf_printf(out, form, k, k);
}

static void print_tuples(const RustBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->arities.len; i++) {
    uint32_t arity = self->arities.at[i];
    buf_z(out, "fields_value! { @tuple [");
    print_variables("T%u: _rt::Lend, ", arity, out);
    buf_z(out, "] [");
    print_variables("T%u: _rt::Value, ", arity, out);
    buf_z(out, "] (");
    print_variables("T%u,", arity, out);
    buf_z(out, "), ");
    print_variables("%u: T%u, ", arity, out);
    buf_z(out, "}\n");
  }
}

static void print_realloc(const RustBinding *self, Buf *out)
{
  bool needs_realloc = false;
  for (size_t i = 0; i < self->functions.len; i++) {
    const Function *function = self->functions.at[i]->function;
    needs_realloc |= self->functions.at[i]->is_import
                         ? function->result && type_layout(function->result).has_pointers
                         : function_needs_realloc(function);
  }
  if (!needs_realloc) return;
  buf_z(out,
        "\n#[cfg(target_arch = \"wasm32\")]\n#[export_name = \"cabi_realloc\"]\n"
        "unsafe extern \"C\" fn cabi_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> "
        "*mut u8 {\n    _rt::reallocate(old, old_size, align, size)\n}\n");
}

/* What is to be written, for who opens the file. */
static void print_usage(const RustBinding *self, Buf *out)
{
  buf_z(out, "//\n// mod bindings;\n// struct Component;\n");
  for (size_t i = 0; i < self->scopes.len; i++) {
    const RustScope *scope = self->scopes.at[i];
    if (!scope->is_export && !scope->exports.len) continue;
    buf_z(out, "// impl bindings::");
    for (size_t k = 0; k < scope->depth; k++) buf_printf(out, "%.*s::", STR_ARG(scope->path[k]));
    buf_z(out, "Guest for Component { … }\n");
  }
  buf_z(out, "// bindings::export!(Component with_types_in bindings);\n");
}

Str bind_rust_world(Arena *arena, const World *world)
{
  RustBinding self = rust_binding_new(arena, world);
  Buf out = buf_in(arena);
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n", STR_ARG(world->id));
  print_usage(&self, &out);
  buf_z(&out, "#![allow(warnings, clippy::all)]\n");
  buf_str(&out, (Str){assay_rust_support, (size_t)(assay_rust_support_end - assay_rust_support)});
  buf_byte(&out, '\n');
  print_tuples(&self, &out);
  print_realloc(&self, &out);
  print_scopes(&self, &out);
  rust_print_export(&self, &out);
  return buf_text(&out);
}

Str bind_rust(Arena *arena, const Interface *interface)
{
  return bind_rust_world(arena, bind_world(arena, interface));
}
