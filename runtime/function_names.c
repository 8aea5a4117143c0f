#include "runtime/function_names.h"

#include "runtime/wasm_internal.h"

enum { NAMES_OF_FUNCTIONS = 1, NAME_MAX = 100 };

static void read_names(FunctionNames *self, Str content)
{
  WasmReader in = wasm_reader(content);
  uint32_t count = wasm_read_count(&in, 2);
  for (uint32_t i = 0; i < count && !in.problem; i++) {
    uint32_t function = wasm_read_u32(&in);
    Str name = wasm_read_name(&in);
    if (!in.problem && function < self->count && name.len) self->names[function] = name;
  }
}

/* "sort" of "algorithms:sorting/sort#sort"; not of what the Canonical ABI calls behind it. */
static Str function_of(Str export)
{
  size_t hash = str_find(export, STR("#"));
  bool is_function = hash != SIZE_MAX && !str_starts_with(export, STR("cabi_post_"));
  return is_function ? str_slice(export, hash + 1, export.len) : (Str){0};
}

FunctionNames function_names(Arena *arena, const WasmModule *module)
{
  uint32_t count = module->function_count;
  FunctionNames self = {arena, arena_array_of(arena, Str, count), arena_array_of(arena, Str, count), count};
  for (uint32_t i = 0; i < module->export_count; i++) {
    const WasmExport *export = &module->exports[i];
    if (export->kind != WASM_FUNCTION || export->index >= count) continue;
    self.names[export->index] = export->name;
    self.functions[export->index] = function_of(export->name);
  }
  Str section = wasm_custom(module, STR("name"));
  WasmReader in = wasm_reader(section);
  while (section.len && wasm_reader_more(&in)) {
    uint8_t id = wasm_read_byte(&in);
    Str content = wasm_read_bytes(&in, wasm_read_u32(&in));
    if (in.problem) break;
    if (id == NAMES_OF_FUNCTIONS) read_names(&self, content);
  }
  return self;
}

Str function_name(const FunctionNames *self, uint32_t function)
{
  Str name = function < self->count ? self->functions[function] : (Str){0};
  if (!name.len && function < self->count) name = self->names[function];
  if (name.len) return wasm_printable(self->arena, name, NAME_MAX);
  return str_format(self->arena, "function %u", function);
}

Str wasm_with_function_names(Arena *arena, const WasmModule *module, const FunctionNames *names)
{
  static const Str section = {"name", 4};
  Buf list = buf_in(arena), functions = buf_in(arena), content = buf_in(arena);
  uint32_t count = 0;
  for (uint32_t i = 0; i < names->count; i++) {
    if (!names->names[i].len) continue;
    wasm_put_u32(&list, i);
    wasm_put_name(&list, names->names[i]);
    count++;
  }
  wasm_put_u32(&functions, count);
  buf_str(&functions, buf_text(&list));
  wasm_put_section(&content, NAMES_OF_FUNCTIONS, buf_text(&functions));
  WasmCustom added = {section, buf_text(&content)};
  return wasm_with_customs(arena, module, &section, 1, &added, 1);
}
