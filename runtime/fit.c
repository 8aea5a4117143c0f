#include "runtime/implementation.h"

#include "ifc/base/buf.h"
#include "ifc/base/vec.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "ifc/wit.h"
#include "runtime/wasm_internal.h"

/* Holding a module's exports and imports against an interface. Names are the module's own: they are printed
 * escaped. */

enum { NAME_SHOWN = 120, DECLARED_MAX = 256 };

typedef VEC(FitNeed) FitNeeds;

typedef struct Fitter {
  Arena *arena;
  const WasmModule *module;
  Str path;
  const Interface *interface;
  Diags *diags;
  const Implementation *providers;
  size_t provider_count;
  FitNeeds *needs;
  const Json *declared; /* what the module says that it needs */
} Fitter;

typedef struct HostFunctionInfo {
  Str module, name; /* no module: a resource's, and the name is what its own begins with */
  const char *params, *results;
} HostFunctionInfo;

static const HostFunctionInfo host_functions[HOST_FUNCTION_COUNT] = {
#define HOST_FUNCTION(kind, module, name, params, results) \
  [HOST_##kind] = {{module, sizeof module - 1}, {name, sizeof name - 1}, params, results},
#define RESOURCE_FUNCTION(kind, prefix, params, results) \
  [HOST_##kind] = {{0}, {prefix, sizeof prefix - 1}, params, results},
#include "runtime/host_functions.def"
#undef RESOURCE_FUNCTION
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

static bool is_joined(Str name, Str prefix, Str rest)
{
  return str_starts_with(name, prefix) && str_equal(str_slice(name, prefix.len, name.len), rest);
}

/* The export of a function: of several, that of the interface's own version, then that without one. */
static int32_t find_function(const Fitter *self, Str prefix, Str function)
{
  int32_t best = EXPORT_NONE;
  int best_rank = 0;
  for (uint32_t i = 0; i < self->module->export_count; i++) {
    Str version = {0}, name = self->module->exports[i].name;
    bool is_bare = interface_is_world(self->interface);
    if (is_bare ? !is_joined(name, prefix, function)
                : !is_export_name(name, prefix, self->interface->id, function, &version))
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
  if (interface_is_world(self->interface)) return function->name;
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

/* --- resources */

bool fit_implements(const Fit *self, const TypeDef *resource)
{
  return resource->owner == self->interface;
}

int32_t fit_destructor(const Fit *self, const TypeDef *resource)
{
  if (!fit_implements(self, resource)) return EXPORT_NONE;
  return self->destructors[resource - self->interface->typedefs];
}

static Str snake_case(Arena *arena, Str kebab)
{
  Str name = str_copy(arena, kebab);
  char *at = (char *)name.at;
  for (size_t i = 0; i < name.len; i++)
    if (at[i] == '-') at[i] = '_';
  return name;
}

static int32_t fit_dtor(const Fitter *self, const TypeDef *def)
{
  static const CoreSignature signature = {.param_count = 1, .params = {CORE_I32}};
  if (def->resource != def) return EXPORT_NONE;
  Str names[] = {def->name, snake_case(self->arena, def->name)};
  for (int i = 0; i < 2; i++) {
    Str name = str_format(self->arena, "[dtor]%.*s", STR_ARG(names[i]));
    int32_t index = find_function(self, STR(""), name);
    if (index == EXPORT_NONE) continue;
    check_signature(self, index, &signature, NULL);
    return index;
  }
  return EXPORT_NONE;
}

static const int32_t *fit_destructors(const Fitter *self)
{
  uint32_t count = self->interface->typedef_count;
  int32_t *destructors = arena_array_of(self->arena, int32_t, count);
  for (uint32_t i = 0; i < count; i++) destructors[i] = fit_dtor(self, &self->interface->typedefs[i]);
  return destructors;
}

/* Whether `name` is an interface's id, with or without "@version" after it. */
static bool is_interface_name(Str name, Str id)
{
  return str_starts_with(name, id) && (name.len == id.len || name.at[id.len] == '@');
}

/* The interface of this name among all that the fitted one was resolved with. */
static const Interface *known_interface(const Fitter *self, Str name)
{
  const Resolve *resolve = self->interface->package->resolve;
  if (is_interface_name(name, self->interface->id)) return self->interface;
  for (uint32_t i = 0; resolve && i < resolve->package_count; i++) {
    const Package *package = resolve->packages[i];
    for (uint32_t k = 0; k < package->interface_count; k++)
      if (is_interface_name(name, package->interfaces[k].id)) return &package->interfaces[k];
  }
  return NULL;
}

/* The resource of an import `[resource-drop]blob` from the module `[export]ns:pkg/iface`, which is of the
 * fitted interface, or, without `[export]`, of any. */
static const TypeDef *imported_resource(const Fitter *self, const WasmImport *import, HostFunction function)
{
  Str prefix = host_functions[function].name, export = STR("[export]"), module = import->module;
  if (!str_starts_with(import->name, prefix)) return NULL;
  bool is_own = str_starts_with(module, export);
  if (is_own) module = str_slice(module, export.len, module.len);
  if (!is_own && function != HOST_RESOURCE_DROP) return NULL;
  const Interface *interface = known_interface(self, module);
  if (!interface || (is_own && interface != self->interface)) return NULL;
  const TypeDef *def = interface_typedef(interface, str_slice(import->name, prefix.len, import->name.len));
  return def && def->resource == def ? def : NULL;
}

/* --- imports */

static bool is_host_function(const WasmImport *import, const HostFunctionInfo *info)
{
  return str_equal(import->module, info->module) && str_equal(import->name, info->name);
}

/* What it may call: `out->function`, and whose handles that is for. */
static void grant(const Fitter *self, const WasmImport *import, FitImport *out)
{
  if (import->kind != WASM_FUNCTION) return;
  const WasmType *type = &self->module->types[import->type];
  for (int i = HOST_DENIED + 1; i < HOST_FUNCTION_COUNT; i++) {
    const HostFunctionInfo *info = &host_functions[i];
    if (!letters_match(type->params, type->param_count, info->params) ||
        !letters_match(type->results, type->result_count, info->results))
      continue;
    if (!info->module.len) out->resource = imported_resource(self, import, (HostFunction)i);
    if (info->module.len ? !is_host_function(import, info) : !out->resource) continue;
    out->function = (HostFunction)i;
    return;
  }
}

/* --- functions of other interfaces */

/* Whose functions a module of this name has: those of who is given, or of an interface that is known. */
static FitNeed find_need(const Fitter *self, Str module)
{
  for (size_t i = 0; i < self->provider_count; i++)
    if (is_interface_name(module, self->providers[i].fit.interface->id))
      return (FitNeed){.interface = self->providers[i].fit.interface, .provider = &self->providers[i]};
  return (FitNeed){.interface = known_interface(self, module)};
}

static uint32_t add_need(const Fitter *self, FitNeed need)
{
  for (size_t i = 0; i < self->needs->len; i++)
    if (self->needs->at[i].interface == need.interface) return (uint32_t)i;
  vec_push(self->arena, self->needs, need);
  return (uint32_t)self->needs->len - 1;
}

/* Handles mean something to one module only. */
static bool passes_handles(const Fitter *self, const Function *function)
{
  for (uint32_t i = 0; i < function->param_count; i++)
    if (type_obstacle(self->arena, function->params[i].type).len) return true;
  return function->result && type_obstacle(self->arena, function->result).len;
}

/* Whether an import is a function of another interface; what is wrong with it is reported. */
static bool link_import(const Fitter *self, const WasmImport *import, FitImport *out)
{
  if (import->kind != WASM_FUNCTION) return false;
  FitNeed need = find_need(self, import->module);
  const Function *function = need.interface ? interface_function(need.interface, import->name) : NULL;
  if (!function || function->is_async) return false;
  const WasmType *type = &self->module->types[import->type];
  CoreSignature signature = function_import_signature(function);
  if (passes_handles(self, function)) {
    diag_error(self->diags, DIAG_UNSUPPORTED, SPAN_NONE,
               "%.*s: it imports `%.*s`, and what passes handles cannot be imported yet", STR_ARG(self->path),
               STR_ARG(out->name));
  } else if (!signature_matches(type, &signature)) {
    Diag *diag =
        diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: import `%.*s` has signature %.*s",
                   STR_ARG(self->path), STR_ARG(out->name), STR_ARG(wasm_type_text(self->arena, type)));
    note_expected(self, diag, &signature, function);
  } else {
    out->linked = function;
    out->need = add_need(self, need);
  }
  return true;
}

/* Whether the module says that it needs the interface: who runs it sees to that (implementation_load). */
static bool is_declared(const Fitter *self, const WasmImport *import)
{
  for (size_t i = 0; import->kind == WASM_FUNCTION && i < jv_count(self->declared) && i < DECLARED_MAX; i++) {
    Str id = jv_as_string(jv_get(jv_at(self->declared, i), STR("name")));
    if (id.len && is_interface_name(import->module, id)) return true;
  }
  return false;
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
    if (link_import(self, import, &imports[i]) || is_declared(self, import)) continue;
    grant(self, import, &imports[i]);
    bool is_wasi = str_equal(import->module, STR("wasi_snapshot_preview1"));
    if (import->kind == WASM_FUNCTION && (is_wasi || imports[i].function)) continue;
    Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE,
                            "%.*s: it imports %s that nothing here provides: `%.*s`", STR_ARG(self->path),
                            kind_text(import->kind), STR_ARG(imports[i].name));
    diag_note(self->diags, diag, SPAN_NONE, "%s",
              str_starts_with(import->name, STR("[resource-"))
                  ? "expected [resource-new] and [resource-rep], (i32) -> i32, and [resource-drop], (i32) -> "
                    "(), of the interface's resources"
              : str_find(import->module, STR("/")) != SIZE_MAX
                  ? "name an implementation of its interface with --with IMPL.wasm"
                  : "an implementation may import only wasi_snapshot_preview1, and functions of interfaces");
  }
  return imports;
}

static StringEncoding fit_strings(const Fitter *self)
{
  StringEncoding strings = STRINGS_UTF8;
  if (wasm_string_encoding(self->module, &strings)) return strings;
  Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: its string encoding is not clear",
                          STR_ARG(self->path));
  diag_note(self->diags, diag, SPAN_NONE,
            "of its `component-type` sections, those that have `wit-component-encoding` must have the same: "
            "version 4, and UTF-8, UTF-16 or latin1+utf16");
  return strings;
}

bool implementation_fit(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                        Fit *out, Diags *diags)
{
  return implementation_fit_with(arena, module, path, interface, NULL, 0, out, diags);
}

bool implementation_fit_with(Arena *arena, const WasmModule *module, Str path, const Interface *interface,
                             const Implementation *providers, size_t provider_count, Fit *out, Diags *diags)
{
  FitNeeds needs = {0};
  Fitter self = {arena, module, path, interface, diags, providers, provider_count, &needs, NULL};
  self.declared = jv_get(implementation_build(arena, module), STR("needs"));
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
  fit.destructors = fit_destructors(&self);
  fit.initialize = fit_initialize(&self);
  fit.strings = fit_strings(&self);
  fit.imports = fit_imports(&self);
  fit.import_count = module->import_count;
  fit.needs = needs.at;
  fit.need_count = (uint32_t)needs.len;
  if (diags->errors + diags->dropped > errors) return false;
  WasmModule *copy = arena_new_of(arena, WasmModule); /* the given one may move with what holds it */
  *copy = *module;
  fit.module = copy;
  *out = fit;
  return true;
}
