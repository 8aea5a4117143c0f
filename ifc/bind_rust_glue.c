/* The traits that an implementation fills in, and what turns core values into its arguments and its results
 * into core values. The exports themselves are made where the implementation is, by the macro `export!`: only
 * there is its type known. */
#include "ifc/bind_rust.h"

static RustPlace place_of(const RustFunction *function)
{
  return (RustPlace){.scope = function->scope, .is_lent = function->is_import};
}

/* A constructor gives what it is called on, or fails to. */
static void print_result_type(const RustBinding *self, const RustFunction *function, Buf *out)
{
  const Function *of = function->function;
  RustPlace place = {.scope = function->scope};
  bool is_constructor = of->kind == FUNCTION_CONSTRUCTOR;
  if (!of->result) return;
  buf_z(out, " -> ");
  if (is_constructor && of->result->kind == TYPE_RESULT) {
    buf_z(out, "Result<Self, ");
    rust_print_type(self, place, of->result->error, out);
    buf_z(out, "> where Self: ::std::marker::Sized");
  } else if (is_constructor) {
    buf_z(out, "Self");
  } else {
    rust_print_type(self, place, of->result, out);
  }
}

void rust_print_signature(const RustBinding *self, const RustFunction *function, const char *indent,
                          const char *before, Buf *out)
{
  const Function *of = function->function;
  rust_print_docs(of->docs, indent, out);
  buf_printf(out, "%s%sfn %.*s(", indent, before, STR_ARG(rust_function_name(self, function)));
  for (uint32_t i = 0; i < of->param_count; i++) {
    const Param *param = &of->params[i];
    if (i) buf_z(out, ", ");
    if (i == 0 && of->kind == FUNCTION_METHOD) {
      buf_z(out, "&self");
      continue;
    }
    buf_printf(out, "%.*s: ", STR_ARG(rust_snake(self->arena, param->name)));
    rust_print_type(self, place_of(function), param->type, out);
  }
  buf_byte(out, ')');
  print_result_type(self, function, out);
}

static void print_resource_trait(const RustBinding *self, const RustType *type, Buf *out)
{
  buf_byte(out, '\n');
  rust_print_docs(type->def->docs, "", out);
  buf_printf(out, "pub trait %.*s: 'static {\n", STR_ARG(type->guest));
  for (size_t i = 0; i < type->functions.len; i++) {
    rust_print_signature(self, type->functions.at[i], "    ", "", out);
    buf_z(out, ";\n");
  }
  buf_z(out, "}\n");
}

static bool is_exported_resource(const RustType *type)
{
  return rust_is_resource(type) && type->scope->is_export;
}

void rust_print_guest(const RustBinding *self, const RustScope *scope, Buf *out)
{
  buf_byte(out, '\n');
  rust_print_docs(scope->interface ? scope->interface->docs : self->from->docs, "", out);
  buf_z(out, "pub trait Guest {\n");
  for (size_t i = 0; i < scope->types.len; i++) {
    const RustType *type = scope->types.at[i];
    if (is_exported_resource(type))
      buf_printf(out, "    type %.*s: %.*s;\n", STR_ARG(type->name), STR_ARG(type->guest));
  }
  for (size_t i = 0; i < scope->functions.len; i++) {
    if (scope->functions.at[i]->is_import) continue;
    rust_print_signature(self, scope->functions.at[i], "    ", "", out);
    buf_z(out, ";\n");
  }
  buf_z(out, "}\n");
  for (size_t i = 0; i < scope->types.len; i++)
    if (is_exported_resource(scope->types.at[i])) print_resource_trait(self, scope->types.at[i], out);
}

/* --- glue */

/* "(a0: f64, a1: i32) -> i32". */
static void print_core(const CoreSignature *core, Buf *out)
{
  buf_byte(out, '(');
  for (uint32_t i = 0; i < core->param_count; i++)
    buf_printf(out, "%sa%u: %.*s", i ? ", " : "", i, STR_ARG(core_type_name(core->params[i])));
  buf_byte(out, ')');
  if (core->result_count) buf_printf(out, " -> %.*s", STR_ARG(core_type_name(core->results[0])));
}

static void print_slots(const CoreSignature *core, Buf *out)
{
  buf_printf(out, "    let slots: [u64; %u] = [", core->param_count);
  for (uint32_t i = 0; i < core->param_count; i++) {
    bool is_float = core->params[i] == CORE_F32 || core->params[i] == CORE_F64;
    const char *form = is_float                      ? "%sa%u.to_bits() as u64"
                       : core->params[i] == CORE_I32 ? "%sa%u as u32 as u64"
                                                     : "%sa%u as u64";
    buf_printf(out, form, i ? ", " : "", i);
  }
  buf_z(out, "];\n    let mut slots = _rt::Slots::new(&slots);\n");
}

static void print_arguments(const RustBinding *self, const RustFunction *function, const CoreSignature *core,
                            Buf *out)
{
  const Function *of = function->function;
  if (core->spilled_params)
    buf_z(out, "    let mut fields = _rt::Fields::new(a0 as *mut u8);\n");
  else
    print_slots(core, out);
  for (uint32_t i = 0; i < of->param_count; i++) {
    buf_printf(out, "    let p%u = ", i);
    buf_z(out, core->spilled_params ? "fields.load::<" : "<");
    rust_print_type(self, place_of(function), of->params[i].type, out);
    buf_z(out, core->spilled_params ? ">();\n" : " as _rt::Value>::lift(&mut slots);\n");
  }
  if (core->spilled_params) buf_z(out, "    fields.free();\n");
}

static void print_result(const Function *function, const CoreSignature *core, Buf *out)
{
  if (core->spilled_results) {
    /* Read after the return, until post-return is called. */
    buf_printf(out,
               "    static mut AREA: _rt::Area<%llu> = _rt::Area([0; %llu]);\n"
               "    let area = ::std::ptr::addr_of_mut!(AREA) as *mut u8;\n"
               "    _rt::Value::store(result, area);\n    area as i32\n",
               (unsigned long long)type_size(function->result),
               (unsigned long long)type_size(function->result));
    return;
  }
  switch (core->results[0]) {
  case CORE_I32: buf_z(out, "    _rt::lower(result) as i32\n"); break;
  case CORE_I64: buf_z(out, "    _rt::lower(result) as i64\n"); break;
  case CORE_F32: buf_z(out, "    f32::from_bits(_rt::lower(result) as u32)\n"); break;
  case CORE_F64: buf_z(out, "    f64::from_bits(_rt::lower(result))\n"); break;
  }
}

static bool has_post_return(const Function *function)
{
  return function->result && type_layout(function->result).has_pointers;
}

/* "T::area(p0, p1)"; of a method, on what stands for the resource. */
static void print_call(const RustBinding *self, const RustFunction *function, Buf *out)
{
  const Function *of = function->function;
  const RustType *resource = rust_resource_of(self, function);
  Str name = rust_function_name(self, function);
  if (resource)
    buf_printf(out, "<T::%.*s as %.*s>::%.*s(", STR_ARG(resource->name), STR_ARG(resource->guest),
               STR_ARG(name));
  else
    buf_printf(out, "T::%.*s(", STR_ARG(name));
  for (uint32_t i = 0; i < of->param_count; i++) {
    buf_printf(out, "%sp%u", i ? ", " : "", i);
    if (resource && i == 0 && of->kind == FUNCTION_METHOD)
      buf_printf(out, ".get::<T::%.*s>()", STR_ARG(resource->name));
  }
  buf_byte(out, ')');
}

/* A constructor's implementation gives what is to stand for the resource. */
static void print_made(const RustBinding *self, const RustFunction *function, Buf *out)
{
  const RustType *resource = rust_resource_of(self, function);
  if (function->function->kind != FUNCTION_CONSTRUCTOR) return;
  if (function->function->result->kind == TYPE_RESULT)
    buf_printf(out, "    let result = result.map(%.*s::new);\n", STR_ARG(resource->name));
  else
    buf_printf(out, "    let result = %.*s::new(result);\n", STR_ARG(resource->name));
}

static bool keeps_borrow(const RustBinding *self, const RustFunction *function)
{
  const Function *of = function->function;
  for (uint32_t i = 0; i < of->param_count; i++)
    if (rust_traits(self, function->scope, of->params[i].type).keeps_borrow) return true;
  return false;
}

static void print_post(const RustBinding *self, const RustFunction *function, Buf *out)
{
  const Type *result = function->function->result;
  RustPlace place = {.scope = function->scope};
  bool has_own = rust_traits(self, function->scope, result).has_own;
  buf_printf(out,
             "#[doc(hidden)]\n#[cfg(target_arch = \"wasm32\")]\npub unsafe fn _post_%zu(at: i32) {\n    %s",
             function->number, has_own ? "_rt::forget_handles::<" : "drop(<");
  rust_print_type(self, place, result, out);
  buf_z(out, has_own ? ">(at as *mut u8);\n}\n" : " as _rt::Value>::load(at as *const u8));\n}\n");
}

static void print_wrapper(const RustBinding *self, const RustFunction *function, Buf *out)
{
  const Function *of = function->function;
  CoreSignature core = function_export_signature(of);
  buf_printf(out, "#[doc(hidden)]\n#[cfg(target_arch = \"wasm32\")]\npub unsafe fn _export_%zu<T: Guest>",
             function->number);
  print_core(&core, out);
  buf_z(out, " {\n");
  print_arguments(self, function, &core, out);
  buf_z(out, "    let result = ");
  print_call(self, function, out);
  buf_z(out, ";\n");
  print_made(self, function, out);
  if (keeps_borrow(self, function)) buf_z(out, "    _rt::end_borrows();\n");
  if (of->result) print_result(of, &core, out);
  buf_z(out, "}\n");
  if (has_post_return(of)) print_post(self, function, out);
}

void rust_print_glue(const RustBinding *self, const RustScope *scope, Buf *out)
{
  for (size_t i = 0; i < scope->exports.len; i++) print_wrapper(self, scope->exports.at[i], out);
  for (size_t i = 0; i < scope->types.len; i++) {
    const RustType *type = scope->types.at[i];
    if (!is_exported_resource(type)) continue;
    buf_printf(out,
               "#[doc(hidden)]\n#[cfg(target_arch = \"wasm32\")]\npub unsafe fn _end_%zu<T: Guest>(rep: "
               "i32) {\n    drop(::std::boxed::Box::from_raw(rep as *mut "
               "::std::option::Option<T::%.*s>));\n}\n",
               type->number, STR_ARG(type->name));
  }
}

/* --- exports */

/* The attributes before an export: prefix + "ns:pkg/iface@version#" + name; of the world itself, without what
 * is between the two. */
static void print_export_name(const RustScope *scope, const char *prefix, Str name, Buf *out)
{
  Str module = scope->interface ? scope->module : STR("");
  buf_printf(out,
             "            #[cfg(target_arch = \"wasm32\")]\n            #[export_name = "
             "\"%s%.*s%s%.*s\"]\n            unsafe extern \"C\" fn ",
             prefix, STR_ARG(module), module.len ? "#" : "", STR_ARG(name));
}

static void print_module_path(const RustScope *scope, Buf *out)
{
  buf_z(out, "                $($path)*::");
  for (size_t i = 0; i < scope->depth; i++) buf_printf(out, "%.*s::", STR_ARG(scope->path[i]));
}

static void print_one_export(const RustFunction *function, Buf *out)
{
  const RustScope *scope = function->scope;
  CoreSignature core = function_export_signature(function->function);
  print_export_name(scope, "", function->function->name, out);
  buf_printf(out, "export_%zu", function->number);
  print_core(&core, out);
  buf_z(out, " {\n");
  print_module_path(scope, out);
  buf_printf(out, "_export_%zu::<$type>(", function->number);
  for (uint32_t i = 0; i < core.param_count; i++) buf_printf(out, "%sa%u", i ? ", " : "", i);
  buf_z(out, ")\n            }\n");
  if (!has_post_return(function->function)) return;
  print_export_name(scope, "cabi_post_", function->function->name, out);
  buf_printf(out, "post_%zu(at: i32) {\n", function->number);
  print_module_path(scope, out);
  buf_printf(out, "_post_%zu(at)\n            }\n", function->number);
}

static void print_destructor(const RustBinding *self, const RustType *type, Buf *out)
{
  Str name = str_format(self->arena, "[dtor]%.*s", STR_ARG(type->def->name));
  print_export_name(type->scope, "", name, out);
  buf_printf(out, "end_%zu(rep: i32) {\n", type->number);
  print_module_path(type->scope, out);
  buf_printf(out, "_end_%zu::<$type>(rep)\n            }\n", type->number);
}

static void print_exports(const RustBinding *self, const RustScope *scope, Buf *out)
{
  for (size_t i = 0; i < scope->exports.len; i++) print_one_export(scope->exports.at[i], out);
  for (size_t i = 0; i < scope->types.len; i++)
    if (is_exported_resource(scope->types.at[i])) print_destructor(self, scope->types.at[i], out);
}

void rust_print_export(const RustBinding *self, Buf *out)
{
  buf_z(out, "\n/// Exports an implementation of every `Guest`.\nmacro_rules! __export {\n"
             "    ($type:ident) => {\n"
             "        $crate::bindings::export!($type with_types_in $crate::bindings);\n    };\n"
             "    ($type:ident with_types_in $($path:tt)*) => {\n        const _: () = {\n");
  for (size_t i = 0; i < self->scopes.len; i++) print_exports(self, self->scopes.at[i], out);
  buf_z(out, "        };\n    };\n}\n#[doc(inline)]\npub(crate) use __export as export;\n");
}
