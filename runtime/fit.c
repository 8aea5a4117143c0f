#include "ifc/base/buf.h"
#include "ifc/callable.h"
#include "ifc/near.h"
#include "ifc/wit.h"
#include "runtime/fit_internal.h"

/* Holding a module's exports against an interface. Names are the module's own: they are printed escaped. */

enum { NAME_SHOWN = 120 };

Str fit_shown(const Fitter *self, Str name)
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

/* The export of a function of some interface: of several, that of the interface's own version, then that
 * without one. */
static int32_t find_function_of(const Fitter *self, const Interface *interface, Str prefix, Str function)
{
  int32_t best = EXPORT_NONE;
  int best_rank = 0;
  for (uint32_t i = 0; i < self->module->export_count; i++) {
    Str version = {0}, name = self->module->exports[i].name;
    bool is_bare = interface_is_world(interface);
    if (is_bare ? !is_joined(name, prefix, function)
                : !is_export_name(name, prefix, interface->id, function, &version))
      continue;
    int rank = str_equal(version, interface->package->version) ? 3 : version.len ? 1 : 2;
    if (rank <= best_rank) continue;
    best = (int32_t)i;
    best_rank = rank;
  }
  return best;
}

static int32_t find_function(const Fitter *self, Str prefix, Str function)
{
  return find_function_of(self, self->interface, prefix, function);
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

bool fit_signature_matches(const WasmType *type, const CoreSignature *signature)
{
  return types_match(type->params, type->param_count, signature->params, signature->param_count) &&
         types_match(type->results, type->result_count, signature->results, signature->result_count);
}

/* --- misfits */

const char *fit_kind_text(WasmKind kind)
{
  static const char *const texts[] = {"a function", "a table", "a memory", "a global", "a tag"};
  return texts[kind];
}

static Diag *misfit(const Fitter *self, const char *what, Str name)
{
  return diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: %s `%.*s`", STR_ARG(self->path), what,
                    STR_ARG(fit_shown(self, name)));
}

void fit_note_expected(const Fitter *self, Diag *diag, const CoreSignature *signature,
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
    diag_note(self->diags, diag, SPAN_NONE, "the module exports `%.*s`",
              STR_ARG(fit_shown(self, whole.best)));
}

/* Whether export `index` is a function of this signature; reports it when not. */
static bool check_signature(const Fitter *self, int32_t index, const CoreSignature *signature,
                            const Function *because)
{
  const WasmExport *export = &self->module->exports[index];
  const WasmType *type =
      export->kind == WASM_FUNCTION ? wasm_function_type(self->module, export->index) : NULL;
  if (type && fit_signature_matches(type, signature)) return true;
  Str is = type ? str_format(self->arena, "has signature %.*s", STR_ARG(wasm_type_text(self->arena, type)))
                : str_format(self->arena, "is %s", fit_kind_text(export->kind));
  Diag *diag = diag_error(self->diags, DIAG_MODULE, SPAN_NONE, "%.*s: export `%.*s` %.*s",
                          STR_ARG(self->path), STR_ARG(fit_shown(self, export->name)), STR_ARG(is));
  if (because)
    fit_note_expected(self, diag, signature, because);
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
  fit_note_expected(self, diag, &signature, function);
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
             STR_ARG(self->path), fit_kind_text(self->module->exports[index].kind));
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

static const FitResource *find_other(const FitResource *others, size_t count, const TypeDef *resource)
{
  for (size_t i = 0; i < count; i++)
    if (others[i].resource == resource) return &others[i];
  return NULL;
}

bool fit_implements(const Fit *self, const TypeDef *resource)
{
  if (resource->owner == self->interface) return true;
  return !interface_is_world(self->interface) && find_other(self->others, self->other_count, resource);
}

static Str snake_case(Arena *arena, Str kebab)
{
  Str name = str_copy(arena, kebab);
  char *at = (char *)name.at;
  for (size_t i = 0; i < name.len; i++)
    if (at[i] == '-') at[i] = '_';
  return name;
}

static int32_t fit_dtor(const Fitter *self, const Interface *owner, const TypeDef *def)
{
  static const CoreSignature signature = {.param_count = 1, .params = {CORE_I32}};
  if (def->resource != def) return EXPORT_NONE;
  Str names[] = {def->name, snake_case(self->arena, def->name)};
  for (int i = 0; i < 2; i++) {
    Str name = str_format(self->arena, "[dtor]%.*s", STR_ARG(names[i]));
    int32_t index = find_function_of(self, owner, STR(""), name);
    if (index == EXPORT_NONE) continue;
    check_signature(self, index, &signature, NULL);
    return index;
  }
  return EXPORT_NONE;
}

static bool exports_any(const Fitter *self, const Interface *interface)
{
  for (uint32_t i = 0; i < interface->function_count; i++)
    if (find_function_of(self, interface, STR(""), interface->functions[i].name) != EXPORT_NONE) return true;
  return false;
}

/* Looked up once. */
bool fit_is_own_resource(const Fitter *self, const Interface *owner, const TypeDef *def)
{
  if (owner == self->interface || find_other(self->others->at, self->others->len, def)) return true;
  if (find_other(self->refused->at, self->refused->len, def)) return false;
  bool exported = exports_any(self, owner);
  FitResource other = {def, exported ? fit_dtor(self, owner, def) : EXPORT_NONE};
  vec_push(self->arena, exported ? self->others : self->refused, other);
  return exported;
}

static const int32_t *fit_destructors(const Fitter *self)
{
  uint32_t count = self->interface->typedef_count;
  int32_t *destructors = arena_array_of(self->arena, int32_t, count);
  for (uint32_t i = 0; i < count; i++)
    destructors[i] = fit_dtor(self, self->interface, &self->interface->typedefs[i]);
  return destructors;
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
  FitResources others = {0}, refused = {0};
  Fitter self = {arena,          module, path,    interface, diags, providers,
                 provider_count, &needs, &others, &refused,  NULL};
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
  fit_resource_needs(&self);
  fit.import_count = module->import_count;
  fit.others = others.at;
  fit.other_count = (uint32_t)others.len;
  fit.needs = needs.at;
  fit.need_count = (uint32_t)needs.len;
  if (diags->errors + diags->dropped > errors) return false;
  WasmModule *copy = arena_new_of(arena, WasmModule); /* the given one may move with what holds it */
  *copy = *module;
  fit.module = copy;
  *out = fit;
  return true;
}
