#include "runtime/implementation.h"

#include "ifc/base/file.h"
#include "ifc/wit.h"

enum { MODULE_LIMIT = 256 * 1024 * 1024, LANGUAGE_LIMIT = 32 };

const Interface *implementation_interface(Arena *arena, const WasmModule *module, Diags *diags)
{
  Str text = wasm_custom(module, STR("assay:interface"));
  if (!text.at) return NULL;
  Source *source = arena_new_of(arena, Source);
  *source = (Source){.path = STR("(the module's assay:interface section)"), .text = text};
  const Package *package = wit_parse(arena, source, NULL, diags);
  if (!package) return NULL;
  /* those behind the first have the resources that it uses (interface_show) */
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

static Str label_of(Str path)
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

bool implementation_load(Arena *arena, Str path, const Interface *interface, Implementation *out,
                         Diags *diags)
{
  Str bytes;
  Implementation self = {.path = path, .label = label_of(path)};
  if (!file_read(arena, path, MODULE_LIMIT, &bytes, diags)) return false;
  if (!wasm_read(arena, path, bytes, &self.module, diags)) return false;
  if (!interface) interface = own_interface(arena, &self.module, path, diags);
  if (!interface || !implementation_fit(arena, &self.module, path, interface, &self.fit, diags)) return false;
  self.hash = hash_of(bytes);
  self.build = implementation_build(arena, &self.module);
  Str language = jv_as_string(jv_get(self.build, STR("language")));
  if (is_word(language)) self.language = language;
  *out = self;
  return true;
}
