#include "cmd/module_report.h"

#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/show.h"
#include "ifc/wit.h"

ModuleReport module_report(Arena *arena, Str path, Hash hash, const WasmModule *module)
{
  ModuleReport self = {.path = path, .hash = hash, .module = module};
  Diags diags = diags_in(arena);
  Fit fit;
  self.names = module_names(arena, module);
  self.build = implementation_build(arena, module);
  self.interface = implementation_interface(arena, module, &diags);
  if (self.interface) implementation_fit(arena, module, path, self.interface, &fit, &diags);
  for (const Diag *d = diags.first; d && !self.misfit.len; d = d->next)
    if (d->severity == SEVERITY_ERROR) self.misfit = d->message;
  return self;
}

/* --- text */

/* "clang 14.0.6, wasm-opt 108": of hostile origin, so on one line and in ASCII. */
static Str build_text(Arena *arena, const ModuleReport *self, Str key)
{
  return wasm_name_text(arena, jv_as_string(jv_get(self->build, key)));
}

static void put_build(Arena *arena, const ModuleReport *self, Buf *out)
{
  const Json *sources = jv_get(self->build, STR("sources"));
  if (!self->build) return;
  buf_printf(out, "// built from %.*s", STR_ARG(build_text(arena, self, STR("language"))));
  for (size_t i = 0; i < jv_count(sources); i++)
    buf_printf(out, "%s%.*s", i ? ", " : ": ",
               STR_ARG(wasm_name_text(arena, jv_as_string(jv_get(jv_at(sources, i), STR("name"))))));
  buf_printf(out, "\n// with %.*s\n", STR_ARG(build_text(arena, self, STR("toolchain"))));
}

static void put_function(Arena *arena, const NamedFunction *function, Buf *out)
{
  buf_printf(out, "//   %.*s", STR_ARG(wasm_name_text(arena, function->name)));
  if (function->type) buf_printf(out, "  %.*s", STR_ARG(wasm_type_text(arena, function->type)));
  if (function->is_async) buf_z(out, "  async");
  if (function->has_post_return) buf_z(out, "  with post-return");
  buf_byte(out, '\n');
}

static void put_interfaces(Arena *arena, const char *verb, const NamedInterfaces *list, Buf *out)
{
  for (size_t i = 0; i < list->len; i++) {
    const NamedInterface *it = &list->at[i];
    Str id = it->id.len ? wasm_name_text(arena, it->id) : STR("functions of its world");
    buf_printf(out, "// %s %.*s%s%.*s\n", verb, STR_ARG(id), it->version.len ? "@" : "",
               STR_ARG(wasm_name_text(arena, it->version)));
    for (uint32_t k = 0; k < it->function_count; k++) put_function(arena, &it->functions[k], out);
  }
}

static void put_others(Arena *arena, const ModuleReport *self, Buf *out)
{
  const ModuleNames *names = &self->names;
  for (uint32_t i = 0; i < names->other_export_count; i++)
    buf_printf(out, "%s%.*s",
               i ? ", " : "// exports besides: ", STR_ARG(wasm_name_text(arena, names->other_exports[i])));
  if (names->other_export_count) buf_byte(out, '\n');
  for (uint32_t i = 0; i < names->component_type_count; i++)
    buf_printf(out, "// has the section `%.*s` (%zu bytes): its world's WIT, encoded for wit-component\n",
               STR_ARG(wasm_name_text(arena, names->component_types[i].name)),
               names->component_types[i].bytes.len);
}

/* What it carries: the line of `ifc hash`, and what is wrong with it. */
static void put_carried(Arena *arena, const ModuleReport *self, Buf *out)
{
  if (self->interface) {
    Str hash = hash_text(arena, interface_hash(arena, self->interface));
    buf_printf(out, "// %s %.*s %.*s\n", self->misfit.len ? "says that it provides" : "provides",
               STR_ARG(hash), STR_ARG(self->interface->id));
  }
  if (self->misfit.len)
    buf_printf(out, "// %s: %.*s\n", self->interface ? "but it does not" : "its assay:interface is of no use",
               STR_ARG(self->misfit));
  if (!self->interface) buf_z(out, "// carries no WIT: only names and core signatures are known\n");
}

/* Those that it provides beside the one whose WIT it carries. */
static NamedInterfaces provided_besides(Arena *arena, const ModuleReport *self)
{
  NamedInterfaces out = {0};
  bool is_told = self->interface && !self->misfit.len;
  for (size_t i = 0; i < self->names.provides.len; i++)
    if (!is_told || !(str_equal(self->names.provides.at[i].id, self->interface->id) ||
                      (interface_is_world(self->interface) && !self->names.provides.at[i].id.len)))
      vec_push(arena, &out, self->names.provides.at[i]);
  return out;
}

Str module_report_text(Arena *arena, const ModuleReport *self)
{
  Buf out = buf_in(arena);
  buf_printf(&out, "// %.*s: a WebAssembly module of %zu bytes\n// %.*s\n",
             STR_ARG(wasm_name_text(arena, self->path)), self->module->bytes.len,
             STR_ARG(hash_text(arena, self->hash)));
  put_build(arena, self, &out);
  put_carried(arena, self, &out);
  NamedInterfaces provided = provided_besides(arena, self);
  put_interfaces(arena, "provides", &provided, &out);
  put_interfaces(arena, "needs", &self->names.needs, &out);
  put_interfaces(arena, "of its host, for resources of its own:", &self->names.own_resources, &out);
  put_interfaces(arena, "needs the core module", &self->names.core_imports, &out);
  if (!self->names.needs.len && !self->names.core_imports.len) buf_z(&out, "// needs nothing\n");
  put_others(arena, self, &out);
  if (self->interface) buf_printf(&out, "\n%.*s", STR_ARG(interface_show(arena, self->interface)));
  return buf_text(&out);
}

/* --- JSON */

static Json *function_to_json(Arena *arena, const NamedFunction *function)
{
  Json *out = jv_object(arena);
  jv_set_string(out, STR("name"), wasm_name_text(arena, function->name));
  if (function->type) jv_set_string(out, STR("core"), wasm_type_text(arena, function->type));
  if (function->is_async) jv_set_bool(out, STR("async"), true);
  if (function->has_post_return) jv_set_bool(out, STR("post-return"), true);
  return out;
}

static Json *interfaces_to_json(Arena *arena, const NamedInterfaces *list)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < list->len; i++) {
    const NamedInterface *it = &list->at[i];
    Json *entry = jv_object(arena), *functions = jv_array(arena);
    jv_set_string(entry, STR("id"), wasm_name_text(arena, it->id));
    if (it->version.len) jv_set_string(entry, STR("version"), wasm_name_text(arena, it->version));
    for (uint32_t k = 0; k < it->function_count; k++)
      jv_push(functions, function_to_json(arena, &it->functions[k]));
    jv_set(entry, STR("functions"), functions);
    jv_push(out, entry);
  }
  return out;
}

static Json *carried_to_json(Arena *arena, const ModuleReport *self)
{
  Json *out = jv_object(arena);
  jv_set_string(out, STR("id"), self->interface->id);
  jv_set_string(out, STR("hash"), hash_text(arena, interface_hash(arena, self->interface)));
  jv_set_bool(out, STR("fits"), !self->misfit.len);
  if (self->misfit.len) jv_set_string(out, STR("misfit"), self->misfit);
  jv_set_string(out, STR("wit"), interface_show(arena, self->interface));
  return out;
}

Json *module_report_to_json(Arena *arena, const ModuleReport *self)
{
  Json *out = jv_object(arena), *others = jv_array(arena), *sections = jv_array(arena);
  const ModuleNames *names = &self->names;
  jv_set_string(out, STR("schema"), STR("assay/module/1"));
  jv_set_string(out, STR("path"), self->path);
  jv_set_string(out, STR("hash"), hash_text(arena, self->hash));
  jv_set_integer(out, STR("size"), (int64_t)self->module->bytes.len);
  if (self->interface) jv_set(out, STR("carries"), carried_to_json(arena, self));
  if (self->build) jv_set(out, STR("build"), self->build);
  jv_set(out, STR("provides"), interfaces_to_json(arena, &names->provides));
  jv_set(out, STR("needs"), interfaces_to_json(arena, &names->needs));
  jv_set(out, STR("own-resources"), interfaces_to_json(arena, &names->own_resources));
  jv_set(out, STR("core-imports"), interfaces_to_json(arena, &names->core_imports));
  for (uint32_t i = 0; i < names->other_export_count; i++)
    jv_push(others, jv_string(arena, wasm_name_text(arena, names->other_exports[i])));
  jv_set(out, STR("other-exports"), others);
  for (uint32_t i = 0; i < names->component_type_count; i++) {
    Json *section = jv_object(arena);
    jv_set_string(section, STR("name"), wasm_name_text(arena, names->component_types[i].name));
    jv_set_integer(section, STR("size"), (int64_t)names->component_types[i].bytes.len);
    jv_push(sections, section);
  }
  jv_set(out, STR("component-types"), sections);
  return out;
}
