/* The trait that an implementation fills in, and what turns core values into its arguments and its results
 * into core values. The exports themselves are made where the implementation is, by the macro `export!`: only
 * there is its type known. */
#include "ifc/bind_rust.h"

static void print_signature(const RustBinding *self, const Function *function, Buf *out)
{
  buf_printf(out, "fn %.*s(", STR_ARG(rust_snake(self->arena, function->name)));
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Param *param = &function->params[i];
    buf_printf(out, "%s%.*s: ", i ? ", " : "", STR_ARG(rust_snake(self->arena, param->name)));
    rust_print_type(self, self->own, param->type, out);
  }
  buf_byte(out, ')');
  if (!function->result) return;
  buf_z(out, " -> ");
  rust_print_type(self, self->own, function->result, out);
}

static void print_left_out(const RustBinding *self, Buf *out)
{
  const Interface *interface = self->interface;
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    Str why = rust_type_left_out(self->arena, interface->typedefs[i].type),
        name = interface->typedefs[i].name;
    if (why.len) buf_printf(out, "// `%.*s` is left out: %.*s\n", STR_ARG(name), STR_ARG(why));
  }
  for (uint32_t i = 0; i < interface->function_count; i++) {
    Str why = rust_function_left_out(self->arena, &interface->functions[i]),
        name = interface->functions[i].name;
    if (why.len) buf_printf(out, "// `%.*s` is left out: %.*s\n", STR_ARG(name), STR_ARG(why));
  }
}

void rust_print_guest(const RustBinding *self, Buf *out)
{
  buf_byte(out, '\n');
  print_left_out(self, out);
  rust_print_docs(self->interface->docs, "", out);
  buf_z(out, "pub trait Guest {\n");
  for (size_t i = 0; i < self->functions.len; i++) {
    rust_print_docs(self->functions.at[i]->docs, "    ", out);
    buf_z(out, "    ");
    print_signature(self, self->functions.at[i], out);
    buf_z(out, ";\n");
  }
  buf_z(out, "}\n");
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

static void print_arguments(const RustBinding *self, const Function *function, const CoreSignature *core,
                            Buf *out)
{
  if (core->spilled_params)
    buf_z(out, "    let mut fields = _rt::Fields::new(a0 as *mut u8);\n");
  else
    print_slots(core, out);
  for (uint32_t i = 0; i < function->param_count; i++) {
    buf_printf(out, "    let p%u = ", i);
    buf_z(out, core->spilled_params ? "fields.load::<" : "<");
    rust_print_type(self, self->own, function->params[i].type, out);
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
  case CORE_I32: buf_z(out, "    _rt::Value::lower(result) as i32\n"); break;
  case CORE_I64: buf_z(out, "    _rt::Value::lower(result) as i64\n"); break;
  case CORE_F32: buf_z(out, "    f32::from_bits(_rt::Value::lower(result) as u32)\n"); break;
  case CORE_F64: buf_z(out, "    f64::from_bits(_rt::Value::lower(result))\n"); break;
  }
}

static bool has_post_return(const Function *function)
{
  return function->result && type_layout(function->result).has_pointers;
}

static void print_wrapper(const RustBinding *self, const Function *function, size_t number, Buf *out)
{
  CoreSignature core = function_export_signature(function);
  buf_printf(out, "#[doc(hidden)]\n#[cfg(target_arch = \"wasm32\")]\npub unsafe fn _export_%zu<T: Guest>",
             number);
  print_core(&core, out);
  buf_z(out, " {\n");
  print_arguments(self, function, &core, out);
  buf_printf(out, "    let result = T::%.*s(", STR_ARG(rust_snake(self->arena, function->name)));
  for (uint32_t i = 0; i < function->param_count; i++) buf_printf(out, "%sp%u", i ? ", " : "", i);
  buf_z(out, ");\n");
  if (function->result) print_result(function, &core, out);
  buf_z(out, "}\n");
  if (!has_post_return(function)) return;
  buf_printf(
      out, "#[doc(hidden)]\n#[cfg(target_arch = \"wasm32\")]\npub unsafe fn _post_%zu(at: i32) {\n    drop(<",
      number);
  rust_print_type(self, self->own, function->result, out);
  buf_z(out, " as _rt::Value>::load(at as *const u8));\n}\n");
}

void rust_print_glue(const RustBinding *self, Buf *out)
{
  for (size_t i = 0; i < self->functions.len; i++) print_wrapper(self, self->functions.at[i], i, out);
}

/* --- exports */

static void print_export_name(const RustBinding *self, const char *prefix, const Function *function, Buf *out)
{
  Str version = self->interface->package->version, id = self->interface->id;
  buf_printf(
      out,
      "            #[cfg(target_arch = \"wasm32\")]\n            #[export_name = \"%s%.*s%s%.*s#%.*s\"]\n",
      prefix, STR_ARG(id), version.len ? "@" : "", STR_ARG(version), STR_ARG(function->name));
}

static void print_own_path(const RustBinding *self, Buf *out)
{
  buf_z(out, "$($path)*::");
  for (size_t i = 0; i < self->own->depth; i++) buf_printf(out, "%.*s::", STR_ARG(self->own->path[i]));
}

static void print_one_export(const RustBinding *self, const Function *function, size_t number, Buf *out)
{
  CoreSignature core = function_export_signature(function);
  print_export_name(self, "", function, out);
  buf_printf(out, "            unsafe extern \"C\" fn export_%zu", number);
  print_core(&core, out);
  buf_z(out, " {\n                ");
  print_own_path(self, out);
  buf_printf(out, "_export_%zu::<$type>(", number);
  for (uint32_t i = 0; i < core.param_count; i++) buf_printf(out, "%sa%u", i ? ", " : "", i);
  buf_z(out, ")\n            }\n");
  if (!has_post_return(function)) return;
  print_export_name(self, "cabi_post_", function, out);
  buf_printf(out, "            unsafe extern \"C\" fn post_%zu(at: i32) {\n                ", number);
  print_own_path(self, out);
  buf_printf(out, "_post_%zu(at)\n            }\n", number);
}

void rust_print_export(const RustBinding *self, Buf *out)
{
  buf_z(out, "\n/// Exports an implementation of `Guest`.\nmacro_rules! __export {\n"
             "    ($type:ident) => {\n"
             "        $crate::bindings::export!($type with_types_in $crate::bindings);\n    };\n"
             "    ($type:ident with_types_in $($path:tt)*) => {\n        const _: () = {\n");
  for (size_t i = 0; i < self->functions.len; i++) print_one_export(self, self->functions.at[i], i, out);
  buf_z(out, "        };\n    };\n}\n#[doc(inline)]\npub(crate) use __export as export;\n");
}
