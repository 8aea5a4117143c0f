/* Who answers a module's imports: the host, for the few functions of host_functions.def, or the
 * implementation of another interface. */
#include "ifc/base/map.h"
#include "ifc/callable.h"
#include "ifc/canon.h"
#include "ifc/wit.h"
#include "runtime/fit_internal.h"

enum { DECLARED_MAX = 256 };

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

/* "i" and "I" for i32 and i64. */
static bool letters_match(const uint8_t *codes, uint32_t count, const char *letters)
{
  for (uint32_t i = 0; i < count; i++, letters++)
    if (codes[i] != (*letters == 'i' ? 0x7f : *letters == 'I' ? 0x7e : 0)) return false;
  return *letters == '\0';
}

/* Whether `name` is an interface's id, with or without "@version" after it. */
static bool is_interface_name(Str name, Str id)
{
  return str_starts_with(name, id) && (name.len == id.len || name.at[id.len] == '@');
}

/* What a world of its package imports under a name of its own. */
static const Interface *named_import(const Package *package, Str name)
{
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *world = &package->worlds[i];
    for (uint32_t k = 0; k < world->import_count; k++)
      if (world->imports[k].interface && str_equal(world->imports[k].name, name))
        return world->imports[k].interface;
  }
  return NULL;
}

/* The interface of this name among all that `interface` was resolved with. */
static const Interface *resolved_with(const Interface *interface, Str name)
{
  const Resolve *resolve = interface->package->resolve;
  if (is_interface_name(name, interface->id)) return interface;
  if (str_find(name, STR("/")) == SIZE_MAX) return named_import(interface->package, name);
  for (uint32_t i = 0; resolve && i < resolve->package_count; i++) {
    const Package *package = resolve->packages[i];
    for (uint32_t k = 0; k < package->interface_count; k++)
      if (is_interface_name(name, package->interfaces[k].id)) return &package->interfaces[k];
  }
  return NULL;
}

static const Interface *known_interface(const Fitter *self, Str name)
{
  return resolved_with(self->interface, name);
}

const Interface *fit_known_interface(const Fit *self, Str id)
{
  return resolved_with(self->interface, id);
}

/* --- whose they are */

/* How well an implementation answers for what is imported from `module`: it may be the one that this one says
 * it was built with, or of the version that is named. 0: not at all. */
static size_t provider_rank(const Fitter *self, const Implementation *provider, Str module)
{
  const Interface *interface = provider->fit.interface;
  if (!is_interface_name(module, interface->id)) return 0;
  Str version = str_slice(module, interface->id.len, module.len);
  if (version.len) version = str_slice(version, 1, version.len);
  size_t rank = str_equal(version, interface->package->version) ? 2 : 1;
  for (size_t i = 0; i < jv_count(self->declared) && i < DECLARED_MAX; i++) {
    const Json *need = jv_at(self->declared, i);
    if (!str_equal(jv_as_string(jv_get(need, STR("name"))), interface->id)) continue;
    Str hash = hash_text(self->arena, interface_hash(self->arena, interface));
    if (str_equal(jv_as_string(jv_get(need, STR("hash"))), hash)) return rank + 2;
  }
  return rank;
}

/* Of several that answer equally well the last one: it may stand on those before it. */
static const Implementation *find_provider(const Fitter *self, Str module)
{
  const Implementation *best = NULL, *only = NULL;
  size_t count = 0;
  for (size_t i = 0; i < self->provider_count; i++) {
    if (!is_interface_name(module, self->providers[i].fit.interface->id)) continue;
    only = &self->providers[i];
    count++;
  }
  if (count < 2) return only;
  for (size_t i = 0, best_rank = 1; i < self->provider_count; i++) {
    size_t rank = provider_rank(self, &self->providers[i], module);
    if (rank < best_rank) continue;
    best = &self->providers[i];
    best_rank = rank;
  }
  return best;
}

/* Whose functions a module of this name has: those of who is given, or of an interface that is known. */
static FitNeed find_need(const Fitter *self, Str module)
{
  const Implementation *provider = find_provider(self, module);
  if (provider) return (FitNeed){.interface = provider->fit.interface, .provider = provider};
  return (FitNeed){.interface = known_interface(self, module)};
}

static uint32_t add_need(const Fitter *self, FitNeed need)
{
  for (size_t i = 0; i < self->needs->len; i++)
    if (self->needs->at[i].interface == need.interface && self->needs->at[i].provider == need.provider)
      return (uint32_t)i;
  vec_push(self->arena, self->needs, need);
  return (uint32_t)self->needs->len - 1;
}

/* --- functions of the host */

/* The resource of an import `[resource-drop]blob` from the module `[export]ns:pkg/iface`, which the module
 * implements, or, without `[export]`, of any: of who implements that, where somebody does. */
static const TypeDef *imported_resource(const Fitter *self, const WasmImport *import, HostFunction function,
                                        FitImport *out)
{
  Str prefix = host_functions[function].name, export = STR("[export]"), module = import->module;
  if (!str_starts_with(import->name, prefix)) return NULL;
  bool is_own = str_starts_with(module, export);
  if (is_own) module = str_slice(module, export.len, module.len);
  if (!is_own && function != HOST_RESOURCE_DROP) return NULL;
  FitNeed its = is_own ? (FitNeed){.interface = known_interface(self, module)} : find_need(self, module);
  if (!its.interface) return NULL;
  Str name = str_slice(import->name, prefix.len, import->name.len);
  const TypeDef *def = interface_typedef(its.interface, name);
  if (!def || def->resource != def) return NULL;
  out->is_own = is_own;
  if (its.provider) out->need = add_need(self, its);
  return is_own && !fit_is_own_resource(self, its.interface, def) ? NULL : def;
}

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
    if (!info->module.len) out->resource = imported_resource(self, import, (HostFunction)i, out);
    if (info->module.len ? !is_host_function(import, info) : !out->resource) continue;
    out->function = (HostFunction)i;
    return;
  }
}

/* --- functions of other interfaces */

/* Whether an import is a function of another interface; what is wrong with it is reported. */
static bool link_import(const Fitter *self, const WasmImport *import, FitImport *out)
{
  if (import->kind != WASM_FUNCTION) return false;
  FitNeed need = find_need(self, import->module);
  const Function *function = need.interface ? interface_function(need.interface, import->name) : NULL;
  if (need.interface && need.provider && !function && !str_starts_with(import->name, STR("[resource-"))) {
    diag_error(self->diags, DIAG_MODULE, SPAN_NONE,
               "%.*s: it imports `%.*s`, and the %.*s that %.*s implements has no such function",
               STR_ARG(self->path), STR_ARG(out->name), STR_ARG(need.interface->id),
               STR_ARG(need.provider->path));
    return true;
  }
  if (!function || function->is_async) return false;
  const WasmType *type = &self->module->types[import->type];
  CoreSignature signature = function_import_signature(function);
  Str obstacle = function_obstacle(self->arena, function);
  if (obstacle.len) {
    diag_error(self->diags, DIAG_UNSUPPORTED, SPAN_NONE,
               "%.*s: it imports `%.*s`, which cannot be called: %.*s", STR_ARG(self->path),
               STR_ARG(out->name), STR_ARG(obstacle));
  } else if (!fit_signature_matches(type, &signature)) {
    Diag *diag =
        diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: import `%.*s` has signature %.*s",
                   STR_ARG(self->path), STR_ARG(out->name), STR_ARG(wasm_type_text(self->arena, type)));
    fit_note_expected(self, diag, &signature, function);
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
const FitImport *fit_imports(const Fitter *self)
{
  FitImport *imports = arena_array_of(self->arena, FitImport, self->module->import_count);
  for (uint32_t i = 0; i < self->module->import_count; i++) {
    const WasmImport *import = &self->module->imports[i];
    Str module = fit_shown(self, import->module), name = fit_shown(self, import->name);
    imports[i].name = str_format(self->arena, "%.*s.%.*s", STR_ARG(module), STR_ARG(name));
    imports[i].need = NEED_NONE;
    if (link_import(self, import, &imports[i])) continue;
    grant(self, import, &imports[i]);
    if (!imports[i].function && is_declared(self, import)) continue;
    bool is_wasi = str_equal(import->module, STR("wasi_snapshot_preview1"));
    if (import->kind == WASM_FUNCTION && (is_wasi || imports[i].function)) continue;
    Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE,
                            "%.*s: it imports %s that nothing here provides: `%.*s`", STR_ARG(self->path),
                            fit_kind_text(import->kind), STR_ARG(imports[i].name));
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

/* --- resources of others in the interface */

typedef struct Interfaces {
  VEC(const Interface *) all;
  Map *seen; /* by the interface's address */
} Interfaces;

static void add_interface(const Fitter *self, Interfaces *found, const Interface *interface)
{
  const Interface **key = arena_new_of(self->arena, const Interface *);
  *key = interface;
  if (map_put(found->seen, (Str){(const char *)key, sizeof *key}, found)) return;
  vec_push(self->arena, &found->all, interface);
}

bool interface_has_resources(const Interface *self)
{
  for (uint32_t i = 0; i < self->typedef_count; i++)
    if (self->typedefs[i].resource == &self->typedefs[i]) return true;
  return false;
}

/* Of what the module exports, its functions pass its own; a world's own functions pass what is imported. */
static bool passes_others(const Fitter *self, const Interface *interface)
{
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    if (def->resource != def) continue;
    return interface_is_world(self->interface) || !fit_is_own_resource(self, interface, def);
  }
  return false;
}

void fit_resource_needs(const Fitter *self)
{
  Interfaces found = {.seen = map_new(self->arena)};
  if (!self->provider_count) return;
  add_interface(self, &found, self->interface);
  for (size_t i = 0; i < found.all.len; i++) {
    const Interface *interface = found.all.at[i];
    for (uint32_t k = 0; k < interface->use_count; k++) add_interface(self, &found, interface->uses[k]);
    if (i == 0 || !passes_others(self, interface)) continue;
    const Implementation *provider = find_provider(self, interface->id);
    if (provider) add_need(self, (FitNeed){.interface = provider->fit.interface, .provider = provider});
  }
}
