#include "runtime/implementation.h"

#include "ifc/base/buf.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "runtime/wasm_internal.h"

/* Holding a module's exports and imports against an interface. Names are the module's own: they are printed
 * escaped. */

enum { NAME_SHOWN = 120 };

typedef struct Fitter {
  Arena *arena;
  const WasmModule *module;
  Str path;
  const Interface *interface;
  Diags *diags;
} Fitter;

typedef struct HostFunctionInfo {
  Str module, name;
  const char *params, *results;
} HostFunctionInfo;

static const HostFunctionInfo host_functions[HOST_FUNCTION_COUNT] = {
#define HOST_FUNCTION(kind, module, name, params, results) \
  [HOST_##kind] = {{module, sizeof module - 1}, {name, sizeof name - 1}, params, results},
#include "runtime/host_functions.def"
#undef HOST_FUNCTION
};

static Str shown(const Fitter *self, Str name)
{
  return wasm_printable(self->arena, name, NAME_SHOWN);
}

/* --- names */

/* Whether `name` is prefix + id + "#" + function, with or without "@version" after the id. */
static bool is_export_name(Str name, Str prefix, Str id, Str function, Str *version)
{
  if (!str_starts_with(name, prefix)) return false;
  name = str_slice(name, prefix.len, name.len);
  if (!str_starts_with(name, id)) return false;
  name = str_slice(name, id.len, name.len);
  size_t hash = str_find(name, STR("#"));
  if (hash == SIZE_MAX || !str_equal(str_slice(name, hash + 1, name.len), function)) return false;
  *version = str_slice(name, 0, hash);
  if (!version->len) return true;
  if (version->at[0] != '@') return false;
  *version = str_slice(*version, 1, version->len);
  return true;
}

/* The export of a function: of several, that of the interface's own version, then that without one. */
static int32_t find_function(const Fitter *self, Str prefix, Str function)
{
  int32_t best = EXPORT_NONE;
  int best_rank = 0;
  for (uint32_t i = 0; i < self->module->export_count; i++) {
    Str version;
    if (!is_export_name(self->module->exports[i].name, prefix, self->interface->id, function, &version))
      continue;
    int rank = str_equal(version, self->interface->package->version) ? 3 : version.len ? 1 : 2;
    if (rank <= best_rank) continue;
    best = (int32_t)i;
    best_rank = rank;
  }
  return best;
}

static Str expected_name(const Fitter *self, const Function *function)
{
  return str_format(self->arena, "%.*s#%.*s", STR_ARG(self->interface->id), STR_ARG(function->name));
}

/* --- signatures */

static uint8_t core_type_code(CoreType type)
{
  static const uint8_t codes[] = {[CORE_I32] = 0x7f, [CORE_I64] = 0x7e, [CORE_F32] = 0x7d, [CORE_F64] = 0x7c};
  return codes[type];
}

static bool types_match(const uint8_t *codes, uint32_t count, const CoreType *types, uint32_t type_count)
{
  if (count != type_count) return false;
  for (uint32_t i = 0; i < count; i++)
    if (codes[i] != core_type_code(types[i])) return false;
  return true;
}

static bool signature_matches(const WasmType *type, const CoreSignature *signature)
{
  return types_match(type->params, type->param_count, signature->params, signature->param_count) &&
         types_match(type->results, type->result_count, signature->results, signature->result_count);
}

/* "i" and "I" for i32 and i64. */
static bool letters_match(const uint8_t *codes, uint32_t count, const char *letters)
{
  for (uint32_t i = 0; i < count; i++, letters++)
    if (codes[i] != (*letters == 'i' ? 0x7f : *letters == 'I' ? 0x7e : 0)) return false;
  return *letters == '\0';
}

/* --- misfits */

static const char *kind_text(WasmKind kind)
{
  static const char *const texts[] = {"a function", "a table", "a memory", "a global", "a tag"};
  return texts[kind];
}

static Diag *misfit(const Fitter *self, const char *what, Str name)
{
  return diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: %s `%.*s`", STR_ARG(self->path), what,
                    STR_ARG(shown(self, name)));
}

static void note_expected(const Fitter *self, Diag *diag, const CoreSignature *signature,
                          const Function *function)
{
  diag_note(self->diags, diag, SPAN_NONE, "expected %.*s, because %.*s: %.*s",
            STR_ARG(core_signature_text(self->arena, signature)), STR_ARG(function->name),
            STR_ARG(function_signature(self->arena, function)));
}

static Str name_after_hash(Str name)
{
  size_t hash = str_find_last(name, '#');
  return hash == SIZE_MAX ? name : str_slice(name, hash + 1, name.len);
}

/* The exported function that was probably meant: of the same name in another interface, or a misspelt one. */
static void note_near_miss(const Fitter *self, Diag *diag, const Function *function)
{
  Near whole = {.wanted = expected_name(self, function)};
  for (uint32_t i = 0; i < self->module->export_count; i++) {
    const WasmExport *export = &self->module->exports[i];
    if (export->kind != WASM_FUNCTION || str_starts_with(export->name, STR("cabi_"))) continue;
    if (str_equal(name_after_hash(export->name), function->name)) {
      whole.best = export->name;
      break;
    }
    near_consider(&whole, export->name);
  }
  if (whole.best.len)
    diag_note(self->diags, diag, SPAN_NONE, "the module exports `%.*s`", STR_ARG(shown(self, whole.best)));
}

/* Whether export `index` is a function of this signature; reports it when not. */
static bool check_signature(const Fitter *self, int32_t index, const CoreSignature *signature,
                            const Function *because)
{
  const WasmExport *export = &self->module->exports[index];
  const WasmType *type =
      export->kind == WASM_FUNCTION ? wasm_function_type(self->module, export->index) : NULL;
  if (type && signature_matches(type, signature)) return true;
  Str is = type ? str_format(self->arena, "has signature %.*s", STR_ARG(wasm_type_text(self->arena, type)))
                : str_format(self->arena, "is %s", kind_text(export->kind));
  Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: export `%.*s` %.*s",
                          STR_ARG(self->path), STR_ARG(shown(self, export->name)), STR_ARG(is));
  if (because)
    note_expected(self, diag, signature, because);
  else
    diag_note(self->diags, diag, SPAN_NONE, "expected %.*s",
              STR_ARG(core_signature_text(self->arena, signature)));
  return false;
}

/* --- the parts */

/* An interface may have functions that cannot be called yet beside others that can; not such functions alone.
 */
static void fit_callable(const Fitter *self)
{
  const Interface *interface = self->interface;
  Str first = {0};
  for (uint32_t i = 0; i < interface->function_count; i++) {
    Str why = function_obstacle(self->arena, &interface->functions[i]);
    if (!why.len) return;
    if (i == 0) first = why;
  }
  if (!interface->function_count) return;
  const Function *function = &interface->functions[0];
  Diag *diag = diag_error(self->diags, DIAG_UNSUPPORTED, function->span,
                          "no function of %.*s can be called yet", STR_ARG(interface->id));
  diag_note(self->diags, diag, SPAN_NONE, "`%.*s`: %.*s", STR_ARG(function->name), STR_ARG(first));
}

/* What cannot be called yet need not be there; async exports are of another kind than these. */
static int32_t fit_function(const Fitter *self, const Function *function)
{
  if (function->is_async) return EXPORT_NONE;
  CoreSignature signature = function_export_signature(function);
  int32_t index = find_function(self, STR(""), function->name);
  if (index != EXPORT_NONE) {
    check_signature(self, index, &signature, function);
    return index;
  }
  if (function_obstacle(self->arena, function).len) return EXPORT_NONE;
  Diag *diag = misfit(self, "there is no export", expected_name(self, function));
  note_expected(self, diag, &signature, function);
  note_near_miss(self, diag, function);
  return EXPORT_NONE;
}

/* cabi_post_ and the export's own name; a function has one or none. It takes what the function returned. */
static int32_t fit_post_return(const Fitter *self, const Function *function, int32_t export)
{
  if (export == EXPORT_NONE) return EXPORT_NONE;
  Str name = str_format(self->arena, "cabi_post_%.*s", STR_ARG(self->module->exports[export].name));
  const WasmExport *found = wasm_export(self->module, name);
  int32_t index = found ? (int32_t)(found - self->module->exports)
                        : find_function(self, STR("cabi_post_"), function->name);
  if (index == EXPORT_NONE) return EXPORT_NONE;
  CoreSignature returned = function_export_signature(function);
  CoreSignature signature = {.param_count = returned.result_count};
  for (uint32_t i = 0; i < returned.result_count; i++) signature.params[i] = returned.results[i];
  check_signature(self, index, &signature, function);
  return index;
}

static int32_t find_export(const Fitter *self, Str name)
{
  const WasmExport *export = wasm_export(self->module, name);
  return export ? (int32_t)(export - self->module->exports) : EXPORT_NONE;
}

static const Function *first_that(const Fitter *self, bool (*needs)(const Function *))
{
  for (uint32_t i = 0; i < self->interface->function_count; i++)
    if (needs(&self->interface->functions[i])) return &self->interface->functions[i];
  return NULL;
}

static void note_because(const Fitter *self, Diag *diag, const Function *function)
{
  diag_note(self->diags, diag, SPAN_NONE, "needed by %.*s: %.*s", STR_ARG(function->name),
            STR_ARG(function_signature(self->arena, function)));
}

static int32_t fit_memory(const Fitter *self)
{
  int32_t index = find_export(self, STR("memory"));
  const Function *needs = first_that(self, function_needs_memory);
  if (index == EXPORT_NONE && needs)
    note_because(self, misfit(self, "there is no export", STR("memory")), needs);
  if (index == EXPORT_NONE || self->module->exports[index].kind == WASM_MEMORY) return index;
  diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: export `memory` is %s, and must be the memory",
             STR_ARG(self->path), kind_text(self->module->exports[index].kind));
  return EXPORT_NONE;
}

static int32_t fit_realloc(const Fitter *self)
{
  static const CoreSignature signature = {.param_count = 4,
                                          .result_count = 1,
                                          .params = {CORE_I32, CORE_I32, CORE_I32, CORE_I32},
                                          .results = {CORE_I32}};
  int32_t index = find_export(self, STR("cabi_realloc"));
  const Function *needs = first_that(self, function_needs_realloc);
  if (index != EXPORT_NONE) {
    check_signature(self, index, &signature, NULL);
  } else if (needs) {
    Diag *diag = misfit(self, "there is no export", STR("cabi_realloc"));
    diag_note(self->diags, diag, SPAN_NONE, "expected %.*s (old pointer, old size, alignment, new size)",
              STR_ARG(core_signature_text(self->arena, &signature)));
    note_because(self, diag, needs);
  }
  return index;
}

static int32_t fit_initialize(const Fitter *self)
{
  static const CoreSignature signature = {0};
  int32_t index = find_export(self, STR("_initialize"));
  if (index != EXPORT_NONE) check_signature(self, index, &signature, NULL);
  return index;
}

static HostFunction grant(const Fitter *self, const WasmImport *import)
{
  if (import->kind != WASM_FUNCTION) return HOST_DENIED;
  const WasmType *type = &self->module->types[import->type];
  for (int i = HOST_DENIED + 1; i < HOST_FUNCTION_COUNT; i++) {
    const HostFunctionInfo *info = &host_functions[i];
    if (str_equal(import->module, info->module) && str_equal(import->name, info->name) &&
        letters_match(type->params, type->param_count, info->params) &&
        letters_match(type->results, type->result_count, info->results))
      return (HostFunction)i;
  }
  return HOST_DENIED;
}

/* What is not granted may still be imported from WASI, as C libraries do for what is never called; a call is
 * a fault. */
static const FitImport *fit_imports(const Fitter *self)
{
  FitImport *imports = arena_array_of(self->arena, FitImport, self->module->import_count);
  for (uint32_t i = 0; i < self->module->import_count; i++) {
    const WasmImport *import = &self->module->imports[i];
    Str module = shown(self, import->module), name = shown(self, import->name);
    imports[i].name = str_format(self->arena, "%.*s.%.*s", STR_ARG(module), STR_ARG(name));
    imports[i].function = grant(self, import);
    bool is_wasi = str_equal(import->module, STR("wasi_snapshot_preview1"));
    if (import->kind == WASM_FUNCTION && (is_wasi || imports[i].function)) continue;
    Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE,
                            "%.*s: it imports %s that nothing here provides: `%.*s`", STR_ARG(self->path),
                            kind_text(import->kind), STR_ARG(imports[i].name));
    diag_note(self->diags, diag, SPAN_NONE, "an implementation may import only wasi_snapshot_preview1");
  }
  return imports;
}

bool implementation_fit(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                        Fit *out, Diags *diags)
{
  Fitter self = {arena, module, path, interface, diags};
  size_t errors = diags->errors + diags->dropped;
  int32_t *functions = arena_array_of(arena, int32_t, interface->function_count);
  int32_t *post_returns = arena_array_of(arena, int32_t, interface->function_count);
  fit_callable(&self);
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    functions[i] = fit_function(&self, function);
    post_returns[i] = fit_post_return(&self, function, functions[i]);
  }
  Fit fit = {.interface = interface, .functions = functions, .post_returns = post_returns};
  fit.memory = fit_memory(&self);
  fit.realloc = fit_realloc(&self);
  fit.initialize = fit_initialize(&self);
  fit.imports = fit_imports(&self);
  fit.import_count = module->import_count;
  if (diags->errors + diags->dropped > errors) return false;
  *out = fit;
  return true;
}
