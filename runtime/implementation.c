#include "runtime/implementation.h"

#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/wit.h"
#include "runtime/wasm_internal.h"

enum { MODULE_LIMIT = 256 * 1024 * 1024, LANGUAGE_LIMIT = 32, NAME_LIMIT = 120 };

const Interface *implementation_interface(Arena *arena, const WasmModule *module, Diags *diags)
{
  Str text = wasm_custom(module, STR("assay:interface"));
  if (!text.at) return NULL;
  Source *source = arena_new_of(arena, Source);
  *source = (Source){.path = STR("(the module's assay:interface section)"), .text = text};
  const Package *package = wit_parse(arena, source, NULL, diags);
  if (!package) return NULL;
  /* those behind the first have the resources that it uses (interface_show) */
  const Interface *own = package->world_count ? world_interface(arena, &package->worlds[0]) : NULL;
  if (own) return own;
  if (package->interface_count) return &package->interfaces[0];
  diag_error(diags, DIAG_MODULE, SPAN_NONE, "the module's assay:interface section has no interface");
  return NULL;
}

/* What a module says of itself is hostile until checked: a section that does not parse is no section. */
const Json *implementation_build(Arena *arena, const WasmModule *module)
{
  Str text = wasm_custom(module, STR("assay:build"));
  if (!text.at) return NULL;
  Diags unheard = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){.path = STR("assay:build"), .text = text};
  const Json *build = jv_parse(arena, source, &unheard);
  return build && jv_kind(build) == JV_OBJECT ? build : NULL;
}

static bool is_word(Str text)
{
  for (size_t i = 0; i < text.len; i++)
    if (text.at[i] <= ' ' || text.at[i] > '~') return false;
  return text.len <= LANGUAGE_LIMIT;
}

Str implementation_label(Str path)
{
  Str name = path_name(path);
  return str_ends_with(name, STR(".wasm")) ? str_slice(name, 0, name.len - STR(".wasm").len) : name;
}

static const Interface *own_interface(Arena *arena, const WasmModule *module, Str path, Diags *diags)
{
  size_t errors = diags->errors;
  const Interface *interface = implementation_interface(arena, module, diags);
  if (interface || diags->errors > errors) return interface;
  Diag *diag = diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s does not say which interface it implements",
                          STR_ARG(path));
  diag_note(diags, diag, SPAN_NONE, "name it with --for INTERFACE, or make the module with `assay build`");
  return NULL;
}

/* --- what it needs */

/* The hash that the module says an interface has which it needs; empty: it says none. */
static Str needed_hash(const Implementation *self, Str id)
{
  const Json *needs = jv_get(self->build, STR("needs"));
  for (size_t i = 0; i < jv_count(needs); i++)
    if (str_equal(jv_as_string(jv_get(jv_at(needs, i), STR("name"))), id))
      return jv_as_string(jv_get(jv_at(needs, i), STR("hash")));
  return (Str){0};
}

static bool report_unmet(Arena *arena, const Implementation *self, Str id, Diags *diags)
{
  id = wasm_printable(arena, id, NAME_LIMIT);
  Diag *diag =
      diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s needs %.*s, and no implementation of it is given",
                 STR_ARG(self->path), STR_ARG(id));
  diag_note(
      diags, diag, SPAN_NONE,
      "name one with --with IMPL.wasm, before those that need it; two that need each other cannot be linked");
  return false;
}

/* Whether the need is met by who was built for the same interface; compiles it. */
static bool meet_need(Arena *arena, const Implementation *self, FitNeed *need, Diags *diags)
{
  Str id = need->interface->id, wanted = needed_hash(self, id);
  if (!need->provider) return report_unmet(arena, self, id, diags);
  Str has = hash_text(arena, interface_hash(arena, need->interface));
  if (wanted.len && !str_equal(wanted, has)) {
    Diag *diag = diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s needs another %.*s than %.*s implements",
                            STR_ARG(self->path), STR_ARG(id), STR_ARG(need->provider->path));
    diag_note(diags, diag, SPAN_NONE, "it needs %.*s, and that is %.*s",
              STR_ARG(wasm_printable(arena, wanted, NAME_LIMIT)), STR_ARG(has));
    return false;
  }
  return aot_compile(arena, &need->provider->module, need->provider->path, NULL, &need->object, diags);
}

static bool uses(const Interface *self, Str id)
{
  for (uint32_t i = 0; i < self->use_count; i++)
    if (str_equal(self->uses[i]->id, id)) return true;
  return false;
}

/* Handles of a resource pass only where both mean the same implementation of it. */
static bool agree_on_resources(const Implementation *self, const FitNeed *mine, const Implementation *other,
                               const FitNeed *its, Diags *diags)
{
  Str id = mine->interface->id;
  if (mine->provider == its->provider || !str_equal(id, its->interface->id)) return true;
  if (!interface_has_resources(its->interface) || !uses(other->fit.interface, id)) return true;
  Diag *diag = diag_error(diags, DIAG_MODULE, SPAN_NONE,
                          "%.*s and %.*s mean resources of different implementations of %.*s",
                          STR_ARG(self->path), STR_ARG(other->path), STR_ARG(id));
  diag_note(diags, diag, SPAN_NONE, "those are %.*s and %.*s; give one of them only",
            STR_ARG(mine->provider->path), STR_ARG(its->provider->path));
  return false;
}

static bool check_resources(const Implementation *self, Diags *diags)
{
  bool good = true;
  for (uint32_t i = 0; i < self->fit.need_count; i++) {
    const Implementation *other = self->fit.needs[i].provider;
    for (uint32_t k = 0; other && k < other->fit.need_count; k++)
      for (uint32_t m = 0; m < self->fit.need_count; m++)
        good = agree_on_resources(self, &self->fit.needs[m], other, &other->fit.needs[k], diags) && good;
  }
  return good;
}

/* What the module says that it needs, and nobody here knows. */
static bool meet_declared(Arena *arena, const Implementation *self, Diags *diags)
{
  const Json *declared = jv_get(self->build, STR("needs"));
  for (size_t i = 0; i < jv_count(declared); i++) {
    Str id = jv_as_string(jv_get(jv_at(declared, i), STR("name")));
    bool met = false;
    for (uint32_t k = 0; k < self->fit.need_count; k++)
      met |= str_equal(self->fit.needs[k].interface->id, id);
    if (!met) return report_unmet(arena, self, id, diags);
  }
  return true;
}

static bool meet_needs(Arena *arena, Implementation *self, Diags *diags)
{
  FitNeed *needs = arena_array_of(arena, FitNeed, self->fit.need_count);
  bool good = true;
  for (uint32_t i = 0; i < self->fit.need_count; i++) {
    needs[i] = self->fit.needs[i];
    good = meet_need(arena, self, &needs[i], diags) && good;
  }
  self->fit.needs = needs;
  return good && meet_declared(arena, self, diags) && check_resources(self, diags);
}

static bool exports_any_of(const WasmModule *module, const Interface *interface)
{
  for (uint32_t i = 0; i < module->export_count; i++)
    if (str_starts_with(module->exports[i].name, interface->id)) return true;
  return false;
}

/* A module for something else altogether is told in one sentence, not function by function. */
static bool report_other(Arena *arena, const Implementation *self, const Interface *interface, Diags *diags)
{
  Diags ignored = diags_in(arena);
  const Interface *carried = implementation_interface(arena, &self->module, &ignored);
  if (!carried || str_equal(carried->id, interface->id) || interface_is_world(interface) ||
      !interface->function_count || exports_any_of(&self->module, interface))
    return false;
  diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s implements %.*s, not %.*s", STR_ARG(self->path),
             STR_ARG(carried->id), STR_ARG(interface->id));
  return true;
}

bool implementation_load(Arena *arena, Str path, const Interface *interface, Implementation *out,
                         Diags *diags)
{
  return implementation_load_with(arena, path, interface, NULL, 0, out, diags);
}

bool implementation_load_with(Arena *arena, Str path, const Interface *interface,
                              const Implementation *providers, size_t provider_count, Implementation *out,
                              Diags *diags)
{
  Str bytes;
  Implementation self = {.path = path, .label = implementation_label(path)};
  if (!file_read(arena, path, MODULE_LIMIT, &bytes, diags)) return false;
  if (!wasm_read(arena, path, bytes, &self.module, diags)) return false;
  if (interface && report_other(arena, &self, interface, diags)) return false;
  if (!interface) interface = own_interface(arena, &self.module, path, diags);
  if (!interface || !implementation_fit_with(arena, &self.module, path, interface, providers, provider_count,
                                             &self.fit, diags))
    return false;
  self.hash = hash_of(bytes);
  self.build = implementation_build(arena, &self.module);
  Str language = jv_as_string(jv_get(self.build, STR("language")));
  if (is_word(language)) self.language = language;
  if (!meet_needs(arena, &self, diags)) return false;
  *out = self;
  return true;
}

/* --- compiled otherwise */

typedef struct Compiled {
  const Implementation *from, *to;
} Compiled;

typedef struct Compiler {
  Arena *arena;
  const AotOptions *options;
  VEC(Compiled) done; /* who is needed by two stays one */
  Diags *diags;
} Compiler;

static bool compile_needs(Compiler *self, const Fit *fit, Fit *out);

static const Implementation *compile_provider(Compiler *self, const Implementation *provider)
{
  for (size_t i = 0; i < self->done.len; i++)
    if (self->done.at[i].from == provider) return self->done.at[i].to;
  Implementation *copy = arena_new_of(self->arena, Implementation);
  *copy = *provider;
  if (!compile_needs(self, &provider->fit, &copy->fit)) return NULL;
  vec_push(self->arena, &self->done, ((Compiled){provider, copy}));
  return copy;
}

/* A provider needs only such as were loaded before it, so this ends. */
static bool compile_needs(Compiler *self, const Fit *fit, Fit *out)
{
  FitNeed *needs = arena_array_of(self->arena, FitNeed, fit->need_count);
  for (uint32_t i = 0; i < fit->need_count; i++) {
    const Implementation *provider = fit->needs[i].provider;
    needs[i] = fit->needs[i];
    if (!provider) continue;
    needs[i].provider = compile_provider(self, provider);
    if (!needs[i].provider || !aot_compile(self->arena, &provider->module, provider->path, self->options,
                                           &needs[i].object, self->diags))
      return false;
  }
  *out = *fit;
  out->needs = needs;
  return true;
}

bool fit_compile_needs(Arena *arena, const Fit *self, const AotOptions *options, Fit *out, Diags *diags)
{
  Compiler compiler = {.arena = arena, .options = options, .diags = diags};
  return compile_needs(&compiler, self, out);
}
