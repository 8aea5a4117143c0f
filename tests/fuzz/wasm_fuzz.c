/* Modules: what is read, renamed and given other custom sections reads back as the same module; what is
 * refused is refused with a diagnostic. Nothing is run. */
#include <stdlib.h>
#include <string.h>

#include "runtime/implementation.h"
#include "tests/fuzz/fuzz.h"

static void demand(bool holds)
{
  if (!holds) abort();
}

static WasmModule read_again(Arena *arena, Str bytes)
{
  Diags diags = diags_in(arena);
  WasmModule module;
  demand(wasm_read(arena, STR("again"), bytes, &module, &diags));
  return module;
}

static void demand_same_shape(const WasmModule *a, const WasmModule *b)
{
  demand(a->import_count == b->import_count && a->export_count == b->export_count);
  demand(a->function_count == b->function_count && a->type_count == b->type_count);
  demand(a->imported_function_count == b->imported_function_count && a->memory_count == b->memory_count);
  demand(a->has_start == b->has_start && a->memory_min_pages == b->memory_min_pages);
  for (uint32_t i = 0; i < a->import_count; i++)
    demand(a->imports[i].kind == b->imports[i].kind && a->imports[i].type == b->imports[i].type);
  for (uint32_t i = 0; i < a->export_count; i++)
    demand(a->exports[i].kind == b->exports[i].kind && a->exports[i].index == b->exports[i].index);
}

static void check_customs(Arena *arena, const WasmModule *module)
{
  WasmCustom added = {STR("added"), STR("bytes")};
  Str name = STR("added");
  WasmModule bare = read_again(arena, wasm_with_customs(arena, module, NULL, 0, NULL, 0));
  demand(bare.custom_count == 0);
  demand_same_shape(module, &bare);
  WasmModule with = read_again(arena, wasm_with_customs(arena, &bare, &name, 1, &added, 1));
  demand(str_equal(wasm_custom(&with, name), added.bytes));
  demand(str_equal(wasm_with_customs(arena, &with, &name, 1, NULL, 0), bare.bytes));
}

static void check_names(Arena *arena, const WasmModule *module)
{
  WasmModule plain = read_again(arena, wasm_with_plain_names(arena, module));
  demand(plain.custom_count == 0);
  demand_same_shape(module, &plain);
  demand(str_equal(wasm_with_plain_names(arena, &plain), plain.bytes));
  for (uint32_t i = 0; i < plain.export_count; i++) demand(plain.exports[i].name.at[0] == 'e');
}

static void check_fit(Arena *arena, const WasmModule *module)
{
  Diags diags = diags_in(arena);
  Fit fit;
  const Interface *interface = implementation_interface(arena, module, &diags);
  if (interface && !implementation_fit(arena, module, STR("input"), interface, &fit, &diags))
    demand(diags.errors > 0);
  for (uint32_t i = 0; i < module->type_count; i++) wasm_type_text(arena, &module->types[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  WasmModule module;
  if (wasm_read(arena, STR("input"), (Str){(const char *)data, size}, &module, &diags)) {
    demand(diags.errors == 0);
    check_customs(arena, &module);
    check_names(arena, &module);
    check_fit(arena, &module);
  } else {
    demand(diags.errors > 0);
  }
  Buf out = buf_in(arena);
  diags_print(&diags, &out, false);
  arena_free(arena);
  return 0;
}
