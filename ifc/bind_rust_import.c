/* Functions that are called: what turns arguments into core values, calls the import, and turns its result
 * into a value. Locals begin with an underscore, as no name of WIT does. */
#include "ifc/bind_rust.h"

/* A larger result has its place among the blocks of the call. */
enum { STACK_MAX = 4096 };

static void print_declaration(const RustFunction *function, const CoreSignature *core, Buf *out)
{
  buf_printf(out,
             "        #[link(wasm_import_module = \"%.*s\")]\n        extern \"C\" {\n"
             "            #[link_name = \"%.*s\"]\n            fn _import(",
             STR_ARG(function->scope->module), STR_ARG(function->function->name));
  for (uint32_t i = 0; i < core->param_count; i++)
    buf_printf(out, "%sa%u: %.*s", i ? ", " : "", i, STR_ARG(core_type_name(core->params[i])));
  buf_byte(out, ')');
  if (core->result_count) buf_printf(out, " -> %.*s", STR_ARG(core_type_name(core->results[0])));
  buf_z(out, ";\n        }\n");
}

static Str argument_name(const RustBinding *self, const Function *function, uint32_t i)
{
  bool is_self = i == 0 && function->kind == FUNCTION_METHOD;
  return is_self ? STR("self") : rust_snake(self->arena, function->params[i].name);
}

/* All arguments lie in one block, as a tuple does. */
static void print_spilled(const RustBinding *self, const Function *function, Buf *out)
{
  Field *fields = arena_array_of(self->arena, Field, function->param_count);
  uint32_t *offsets = arena_array_of(self->arena, uint32_t, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  Type block = {.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
  type_field_offsets(&block, offsets);
  buf_printf(out, "        let _params = _to.room(%llu, %u);\n", (unsigned long long)type_size(&block),
             type_align(&block));
  for (uint32_t i = 0; i < function->param_count; i++)
    buf_printf(out, "        _rt::Lend::lend_to(&%.*s, _params.add(%u), &mut _to);\n",
               STR_ARG(argument_name(self, function, i)), offsets[i]);
  buf_z(out, "        _to.push(_params as u32 as u64);\n");
}

static void print_arguments(const RustBinding *self, const Function *function, const CoreSignature *core,
                            Buf *out)
{
  buf_printf(out,
             "        let mut _slots = [0u64; %u];\n"
             "        let mut _to = _rt::Arguments::new(&mut _slots);\n",
             core->param_count);
  if (core->spilled_params) {
    print_spilled(self, function, out);
    return;
  }
  for (uint32_t i = 0; i < function->param_count; i++)
    buf_printf(out, "        _rt::Lend::lend(&%.*s, &mut _to);\n", STR_ARG(argument_name(self, function, i)));
}

static void print_call(const CoreSignature *core, Buf *out)
{
  uint32_t slots = core->param_count - (core->spilled_results ? 1 : 0);
  buf_z(out, core->result_count ? "        let _returned = _import(" : "        _import(");
  for (uint32_t i = 0; i < slots; i++) {
    if (i) buf_z(out, ", ");
    switch (core->params[i]) {
    case CORE_I32: buf_printf(out, "_to.slot(%u) as i32", i); break;
    case CORE_I64: buf_printf(out, "_to.slot(%u) as i64", i); break;
    case CORE_F32: buf_printf(out, "f32::from_bits(_to.slot(%u) as u32)", i); break;
    case CORE_F64: buf_printf(out, "f64::from_bits(_to.slot(%u))", i); break;
    }
  }
  if (core->spilled_results) buf_printf(out, "%s_area as i32", slots ? ", " : "");
  buf_z(out, ");\n");
}

static void print_area(const Type *result, Buf *out)
{
  unsigned long long size = type_size(result);
  if (size > STACK_MAX)
    buf_printf(out, "        let _area = _to.room(%llu, 8);\n", size);
  else
    buf_printf(out,
               "        let mut _area = _rt::Area([0u8; %llu]);\n"
               "        let _area = ::std::ptr::addr_of_mut!(_area) as *mut u8;\n",
               size);
}

static void print_result(const RustBinding *self, const RustFunction *function, const CoreSignature *core,
                         Buf *out)
{
  RustPlace place = {.scope = function->scope};
  if (!core->spilled_results) {
    bool is_float = core->results[0] == CORE_F32 || core->results[0] == CORE_F64;
    const char *form = is_float                       ? "_returned.to_bits() as u64"
                       : core->results[0] == CORE_I32 ? "_returned as u32 as u64"
                                                      : "_returned as u64";
    buf_printf(out, "        let _slots = [%s];\n", form);
  }
  buf_z(out, "        <");
  rust_print_type(self, place, function->function->result, out);
  buf_z(out, core->spilled_results ? " as _rt::Value>::load(_area)\n"
                                   : " as _rt::Value>::lift(&mut _rt::Slots::new(&_slots))\n");
}

static void print_function(const RustBinding *self, const RustFunction *function, const char *indent,
                           Buf *out)
{
  CoreSignature core = function_import_signature(function->function);
  rust_print_signature(self, function, indent, "pub ", out);
  buf_z(out, " {\n    #[cfg(not(target_arch = \"wasm32\"))]\n    ::std::unreachable!();\n"
             "    #[cfg(target_arch = \"wasm32\")]\n    unsafe {\n");
  print_declaration(function, &core, out);
  print_arguments(self, function->function, &core, out);
  if (core.spilled_results) print_area(function->function->result, out);
  print_call(&core, out);
  if (function->function->result) print_result(self, function, &core, out);
  buf_printf(out, "    }\n%s}\n", indent);
}

void rust_print_imports(const RustBinding *self, const RustScope *scope, Buf *out)
{
  for (size_t i = 0; i < scope->functions.len; i++) {
    if (!scope->functions.at[i]->is_import) continue;
    buf_byte(out, '\n');
    print_function(self, scope->functions.at[i], "", out);
  }
  for (size_t i = 0; i < scope->types.len; i++) {
    const RustType *type = scope->types.at[i];
    if (scope->is_export || !type->functions.len) continue;
    buf_printf(out, "\nimpl %.*s {\n", STR_ARG(type->name));
    for (size_t k = 0; k < type->functions.len; k++) print_function(self, type->functions.at[k], "    ", out);
    buf_z(out, "}\n");
  }
}
