#include "runtime/guest_side.h"

#include "ifc/base/buf.h"

/* Included for the compiler's list of dependencies only: without ASSAY_GUEST_SIDE they are empty. */
#include "runtime/guest_access.inc"
#include "runtime/guest_support.inc"
#include "runtime/guest_table.h"

/* Paths are relative to the folder of the Makefile, where every compiler runs. */
__asm__(".section .rodata\n"
        ".hidden assay_table_text, assay_support_text, assay_access_text, assay_text_end\n"
        ".global assay_table_text, assay_support_text, assay_access_text, assay_text_end\n"
        "assay_table_text:\n"
        ".incbin \"runtime/guest_table.h\"\n"
        "assay_support_text:\n"
        ".incbin \"runtime/guest_support.inc\"\n"
        "assay_access_text:\n"
        ".incbin \"runtime/guest_access.inc\"\n"
        "assay_text_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char assay_table_text[], assay_support_text[], assay_access_text[], assay_text_end[];

static Str text_between(const char *from, const char *to)
{
  return (Str){from, (size_t)(to - from)};
}

/* The names that wasm2c gives to numeric types; NULL for the rest, which no trampoline passes. */
static const char *c_type(uint8_t code)
{
  switch (code) {
  case 0x7f: return "u32";
  case 0x7e: return "u64";
  case 0x7d: return "f32";
  case 0x7c: return "f64";
  default: return NULL;
  }
}

static char type_letter(uint8_t code)
{
  return "dfji"[code - 0x7c];
}

static const char *to_bits(uint8_t code)
{
  static const char *const functions[] = {"i64_reinterpret_f64", "i32_reinterpret_f32", "", ""};
  return functions[code - 0x7c];
}

static const char *from_bits(uint8_t code)
{
  static const char *const functions[] = {"f64_reinterpret_i64", "f32_reinterpret_i32", "", "(u32)"};
  return functions[code - 0x7c];
}

static bool is_numeric(const WasmType *type)
{
  for (uint32_t i = 0; i < type->param_count; i++)
    if (!c_type(type->params[i])) return false;
  for (uint32_t i = 0; i < type->result_count; i++)
    if (!c_type(type->results[i])) return false;
  return true;
}

static void put_type_sizes(Buf *out, const WasmModule *module)
{
  uint64_t codes = 0;
  for (uint32_t i = 0; i < module->type_count; i++)
    codes += module->types[i].param_count + (uint64_t)module->types[i].result_count;
  buf_printf(out,
             "#define ASSAY_GUEST_SIDE 1\n#define ASSAY_TYPE_COUNT %uu\n#define ASSAY_TYPE_CODES %lluu\n",
             module->type_count, (unsigned long long)codes);
}

/* The C name of a function's result, as wasm2c has it. */
static void put_result_type(Buf *out, const WasmType *type)
{
  if (type->result_count == 0) {
    buf_z(out, "void");
  } else if (type->result_count == 1) {
    buf_z(out, c_type(type->results[0]));
  } else {
    buf_z(out, "struct wasm_multi_");
    for (uint32_t i = 0; i < type->result_count; i++) buf_byte(out, type_letter(type->results[i]));
  }
}

/* The definition of import k: packs its arguments and asks the host. Its first argument is not to be used:
 * wasm2c 1.0.32 passes another pointer when the import is called through a table. */
static void put_import(Buf *out, uint32_t k, const WasmType *type)
{
  put_result_type(out, type);
  buf_printf(out, " Z_iZ_i%u(struct Z_i_instance_t *unused", k);
  for (uint32_t i = 0; i < type->param_count; i++) buf_printf(out, ", %s a%u", c_type(type->params[i]), i);
  buf_printf(out, ")\n{\n  (void)unused;\n  uint64_t args[%u] = {0}, results[%u] = {0};\n",
             type->param_count + 1, type->result_count + 1);
  for (uint32_t i = 0; i < type->param_count; i++)
    buf_printf(out, "  args[%u] = %s(a%u);\n", i, to_bits(type->params[i]), i);
  buf_printf(out, "  assay_host->import_call(%u, args, results);\n", k);
  if (type->result_count == 1) {
    buf_printf(out, "  return %s(results[0]);\n", from_bits(type->results[0]));
  } else if (type->result_count > 1) {
    buf_z(out, "  ");
    put_result_type(out, type);
    buf_z(out, " r;\n");
    for (uint32_t i = 0; i < type->result_count; i++)
      buf_printf(out, "  r.%c%u = %s(results[%u]);\n", type_letter(type->results[i]), i,
                 from_bits(type->results[i]), i);
    buf_z(out, "  return r;\n");
  }
  buf_z(out, "}\n");
}

/* void call_K(void *instance, const uint64_t *args, uint64_t *results) for export k. */
static void put_trampoline(Buf *out, uint32_t k, const WasmType *type)
{
  buf_printf(out,
             "static void assay_call_%u(void *instance, const uint64_t *args, uint64_t *results)\n{\n"
             "  (void)args;\n  (void)results;\n  ",
             k);
  if (type->result_count) buf_z(out, "__auto_type r = ");
  buf_printf(out, "Z_mZ_e%u(instance", k);
  for (uint32_t i = 0; i < type->param_count; i++)
    buf_printf(out, ", %s(args[%u])", from_bits(type->params[i]), i);
  buf_z(out, ");\n");
  for (uint32_t i = 0; i < type->result_count; i++) {
    buf_printf(out, "  results[%u] = %s(r", i, to_bits(type->results[i]));
    if (type->result_count > 1) buf_printf(out, ".%c%u", type_letter(type->results[i]), i);
    buf_z(out, ");\n");
  }
  buf_z(out, "}\n");
}

static const WasmType *trampoline_type(const WasmModule *module, const WasmExport *export)
{
  if (export->kind != WASM_FUNCTION) return NULL;
  const WasmType *type = wasm_function_type(module, export->index);
  return type && is_numeric(type) ? type : NULL;
}

/* Where the globals are that wasm_instrument has added: those of the last exports. */
static void put_added(Buf *out, const WasmModule *module, WasmVariant variant)
{
  uint32_t count = variant == WASM_PLAIN ? 0 : variant == WASM_METERED ? 1 : 6;
  buf_z(out,
        "static void assay_added(void *instance, void **globals)\n{\n  (void)instance;\n  (void)globals;\n");
  for (uint32_t i = 0; i < count; i++)
    buf_printf(out, "  globals[%u] = Z_mZ_e%u(instance);\n", i, module->export_count - count + i);
  buf_z(out, "}\n");
}

static void put_table(Buf *out, const WasmModule *module, WasmVariant variant)
{
  buf_printf(out,
             "static void assay_bind(const AssayHost *host)\n{\n  assay_host = host;\n"
             "  memset(&assay_types, 0, sizeof assay_types);\n  Z_m_init_module();\n}\n"
             "static void assay_instantiate(void *instance, const uint64_t *args, uint64_t *results)\n{\n"
             "  (void)args;\n  (void)results;\n  Z_m_instantiate(instance%s);\n}\n",
             module->import_count ? ", NULL" : "");
  buf_z(out, "static AssayCall *const assay_calls[] = {\n");
  for (uint32_t k = 0; k < module->export_count; k++) {
    if (trampoline_type(module, &module->exports[k]))
      buf_printf(out, "  &assay_call_%u,\n", k);
    else
      buf_z(out, "  NULL,\n");
  }
  buf_printf(out,
             "  NULL\n};\n"
             "__attribute__((visibility(\"default\"))) const AssayModule assay_module = {\n"
             "  .version = ASSAY_TABLE_VERSION,\n  .export_count = %u,\n"
             "  .instance_size = sizeof(Z_m_instance_t),\n  .variant = %d,\n  .bind = &assay_bind,\n"
             "  .instantiate = &assay_instantiate,\n  .added = &assay_added,\n  .calls = assay_calls,\n"
             "  .trace = ASSAY_TRACE_PLACE,\n};\n",
             module->export_count, (int)variant);
}

static bool imports_are_functions(const WasmModule *module, Str path, Diags *diags)
{
  static const char *const kinds[] = {"function that takes references", "table", "memory", "global", "tag"};
  bool fine = true;
  for (uint32_t i = 0; i < module->import_count; i++) {
    const WasmImport *import = &module->imports[i];
    if (import->kind == WASM_FUNCTION && is_numeric(&module->types[import->type])) continue;
    fine = false;
    diag_error(diags, DIAG_MODULE, SPAN_NONE,
               "%.*s imports the %s `%.*s.%.*s`, and only functions of numbers can be provided",
               STR_ARG(path), kinds[import->kind], STR_ARG(import->module), STR_ARG(import->name));
  }
  return fine;
}

bool guest_side_unit(Arena *arena, const WasmModule *module, Str path, WasmVariant variant, uint32_t layout,
                     Str *out, Diags *diags)
{
  if (!imports_are_functions(module, path, diags)) return false;
  Buf text = buf_in(arena);
  /* Moves everything after it by whole alignments; see layout_flags in aot.c. */
  if (layout) buf_printf(&text, "__asm__(\".text\\n.skip %u, 0xcc\\n\");\n", 16 * (layout * 37 % 251));
  put_type_sizes(&text, module);
  buf_str(&text, text_between(assay_table_text, assay_access_text));
  buf_z(&text, "#include \"helpers.c\"\n");
  buf_str(&text, text_between(assay_access_text, assay_text_end));
  buf_z(&text, "#include \"body.c\"\n");
  for (uint32_t k = 0; k < module->import_count; k++)
    put_import(&text, k, &module->types[module->imports[k].type]);
  for (uint32_t k = 0; k < module->export_count; k++) {
    const WasmType *type = trampoline_type(module, &module->exports[k]);
    if (type) put_trampoline(&text, k, type);
  }
  put_added(&text, module, variant);
  put_table(&text, module, variant);
  *out = buf_text(&text);
  return true;
}

Str guest_side_piece(Arena *arena, const char *source)
{
  Buf text = buf_in(arena);
  buf_z(&text, "#define ASSAY_GUEST_SIDE 1\n");
  buf_str(&text, text_between(assay_table_text, assay_support_text));
  buf_z(&text, "#include <wasm-rt.h>\n#include \"helpers.c\"\n");
  buf_str(&text, text_between(assay_access_text, assay_text_end));
  buf_printf(&text, "#include \"%s\"\n", source);
  return buf_text(&text);
}

void guest_side_split(Str translation, Str *helpers, Str *body)
{
  size_t at = str_find(translation, STR("\nstatic bool s_module_initialized = false;\n"));
  *helpers = str_slice(translation, 0, at);
  *body = str_slice(translation, at, translation.len);
}
