#include "runtime/module_names.h"

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "runtime/wasm_internal.h"

enum { NAME_SHOWN = 1000 };

/* An interface whose functions are still being gathered. */
typedef struct Gathered {
  Str id, version;
  VEC(NamedFunction) functions;
} Gathered;

/* Interfaces by the text that the module names them with, in the order met. */
typedef struct Gathering {
  Arena *arena;
  Map *by_name;
} Gathering;

/* Takes `prefix` off `*name` if it is there. */
static bool take_prefix(Str *name, Str prefix)
{
  if (!str_starts_with(*name, prefix)) return false;
  *name = str_slice(*name, prefix.len, name->len);
  return true;
}

static bool is_letter(char byte)
{
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* A name as WIT has them, or "[kind]name"; the C world's own have underscores. */
static bool is_function_name(Str name)
{
  if (name.len && name.at[0] == '[') return str_find(name, STR("]")) != SIZE_MAX;
  if (!name.len || !is_letter(name.at[0])) return false;
  for (size_t i = 0; i < name.len; i++)
    if (!is_letter(name.at[i]) && !(name.at[i] >= '0' && name.at[i] <= '9') && name.at[i] != '-')
      return false;
  return true;
}

/* "ns:pkg/iface", with or without a version. */
static bool is_interface_name(Str name)
{
  size_t colon = str_find(name, STR(":")), slash = str_find(name, STR("/"));
  return colon != SIZE_MAX && slash != SIZE_MAX && colon > 0 && colon + 1 < slash && slash + 1 < name.len &&
         is_letter(name.at[0]);
}

static Gathered *gathered(Gathering *self, Str name)
{
  Gathered *known = map_get(self->by_name, name);
  if (known) return known;
  Gathered *out = arena_new_of(self->arena, Gathered);
  size_t at = str_find(name, STR("@"));
  out->id = str_slice(name, 0, at);
  out->version = at == SIZE_MAX ? STR("") : str_slice(name, at + 1, name.len);
  map_put(self->by_name, name, out);
  return out;
}

static NamedInterfaces gathering_finish(const Gathering *self)
{
  NamedInterfaces out = {0};
  for (size_t i = 0; i < map_count(self->by_name); i++) {
    const Gathered *it = map_entry(self->by_name, i)->value;
    vec_push(self->arena, &out,
             (NamedInterface){.id = it->id,
                              .version = it->version,
                              .functions = it->functions.at,
                              .function_count = (uint32_t)it->functions.len});
  }
  return out;
}

static Gathering gathering(Arena *arena)
{
  return (Gathering){arena, map_new(arena)};
}

/* --- exports */

/* The interface and the function that an export is named after; false: it is no function of an interface. */
static bool split_export(Str export, Str *interface, NamedFunction *out)
{
  Str name = export;
  out->is_async = take_prefix(&name, STR("[async-lift]")) || take_prefix(&name, STR("[async-lift-stackful]"));
  size_t hash = str_find(name, STR("#"));
  *interface = hash == SIZE_MAX ? STR("") : str_slice(name, 0, hash);
  out->name = hash == SIZE_MAX ? name : str_slice(name, hash + 1, name.len);
  if (hash == SIZE_MAX) return is_function_name(name) && !str_starts_with(name, STR("[callback]"));
  bool of_inline = interface->len && is_letter(interface->at[0]) && is_function_name(*interface);
  return out->name.len && (is_interface_name(*interface) || of_inline);
}

static void gather_exports(Arena *arena, const WasmModule *module, ModuleNames *out)
{
  Gathering provides = gathering(arena);
  VEC(Str) others = {0};
  Map *post_returns = map_new(arena);
  for (uint32_t i = 0; i < module->export_count; i++) {
    Str name = module->exports[i].name;
    if (take_prefix(&name, STR("cabi_post_"))) map_put(post_returns, name, arena);
  }
  for (uint32_t i = 0; i < module->export_count; i++) {
    const WasmExport *export = &module->exports[i];
    Str interface;
    NamedFunction function = {0};
    if (str_starts_with(export->name, STR("cabi_post_"))) continue;
    if (export->kind == WASM_FUNCTION && split_export(export->name, &interface, &function)) {
      function.type = wasm_function_type(module, export->index);
      function.has_post_return = map_get(post_returns, export->name) != NULL;
      vec_push(arena, &gathered(&provides, interface)->functions, function);
    } else {
      vec_push(arena, &others, export->name);
    }
  }
  out->provides = gathering_finish(&provides);
  out->other_exports = others.at;
  out->other_export_count = (uint32_t)others.len;
}

/* --- imports */

/* What a component model's host does for who implements a resource, or an async function. */
static bool is_intrinsic(Str name)
{
  return str_starts_with(name, STR("[resource-")) || str_starts_with(name, STR("[task-"));
}

static void gather_imports(Arena *arena, const WasmModule *module, ModuleNames *out)
{
  Gathering needs = gathering(arena), own = gathering(arena), core = gathering(arena);
  for (uint32_t i = 0; i < module->import_count; i++) {
    const WasmImport *import = &module->imports[i];
    NamedFunction function = {.name = import->name};
    Str from = import->module;
    bool is_own = take_prefix(&from, STR("[export]")) && is_intrinsic(import->name);
    if (!is_own) from = import->module;
    bool of_world = str_equal(from, STR("$root"));
    if (import->kind == WASM_FUNCTION && import->type < module->type_count)
      function.type = &module->types[import->type];
    Gathering *into = is_own ? &own : of_world || is_interface_name(from) ? &needs : &core;
    vec_push(arena, &gathered(into, of_world ? STR("") : from)->functions, function);
  }
  out->needs = gathering_finish(&needs);
  out->own_resources = gathering_finish(&own);
  out->core_imports = gathering_finish(&core);
}

ModuleNames module_names(Arena *arena, const WasmModule *module)
{
  ModuleNames out = {0};
  VEC(WasmCustom) sections = {0};
  gather_exports(arena, module, &out);
  gather_imports(arena, module, &out);
  for (uint32_t i = 0; i < module->custom_count; i++)
    if (str_starts_with(module->customs[i].name, STR("component-type")))
      vec_push(arena, &sections, module->customs[i]);
  out.component_types = sections.at;
  out.component_type_count = (uint32_t)sections.len;
  return out;
}

Str wasm_name_text(Arena *arena, Str name)
{
  return wasm_printable(arena, name, NAME_SHOWN);
}
