/* Instrumenting: what goes in as a module comes out as one, with every instruction it had, in order, among
 * new ones; not much larger; and what is refused is refused with a diagnostic. The input is a module, or else
 * the body of a function in one. */
#include <stdlib.h>
#include <string.h>

#include "runtime/instrument.h"
#include "runtime/wasm_code.h"
#include "runtime/wasm_limits.h"
#include "tests/fuzz/fuzz.h"

/* A comparison takes some twenty-five instructions more, a write of state fifteen, a block four. */
enum { GROWTH_MAX = 128, GROWTH_BASE = 4096 };

static void demand(bool holds)
{
  if (!holds) abort();
}

/* One memory, table and global; function 0 of the type (i32, i64, f64) -> i32, whose body is `body`. */
static Str module_around(Arena *arena, Str body)
{
  static const char before[] = "\0asm\1\0\0\0"
                               "\1\x08\1\x60\3\x7f\x7e\x7c\1\x7f"
                               "\3\2\1\0\4\4\1\x70\0\1\5\3\1\0\1"
                               "\6\6\1\x7f\1\x41\0\x0b\7\5\1\1r\0\0\x0c\1\0";
  Buf out = buf_in(arena), code = buf_in(arena);
  buf_str(&out, (Str){before, sizeof before - 1});
  wasm_put_u32(&code, 1);
  wasm_put_u32(&code, (uint32_t)body.len + 1);
  wasm_put_u32(&code, 0); /* no locals */
  buf_str(&code, body);
  wasm_put_section(&out, SECTION_CODE, buf_text(&code));
  wasm_put_section(&out, SECTION_DATA, STR("\0"));
  return buf_text(&out);
}

static WasmModule read_again(Arena *arena, Str bytes)
{
  Diags diags = diags_in(arena);
  WasmModule module;
  demand(wasm_read(arena, STR("again"), bytes, &module, &diags));
  return module;
}

/* Each of the old instructions is found behind the one before it. */
static void demand_old_instructions(WasmBody *old, WasmBody *new)
{
  WasmInstruction wanted, found;
  while (wasm_next_instruction(&old->code, &wanted)) {
    do demand(wasm_next_instruction(&new->code, &found));
    while (!str_equal(wanted.bytes, found.bytes));
  }
  while (wasm_next_instruction(&new->code, &found)) {
  }
  demand(!old->code.problem && !new->code.problem);
}

static void demand_bodies(const WasmModule *old, const WasmModule *new)
{
  WasmBodies a = wasm_bodies(old), b = wasm_bodies(new);
  WasmBody x, y;
  demand(a.count == b.count);
  while (wasm_next_body(&a, old, &x)) {
    /* Its own locals may be as many as there may be, and more come behind them. */
    if (!wasm_next_body(&b, new, &y)) {
      demand(b.in.problem == wasm_too_many_locals);
      return;
    }
    demand(x.local_count <= y.local_count && str_starts_with(y.locals, x.locals));
    demand_old_instructions(&x, &y);
  }
  demand(!a.in.problem && !b.in.problem);
}

static void demand_sites(const WasmModule *module, const Instrumented *made)
{
  WasmBodies bodies = wasm_bodies(module);
  size_t size = (size_t)(bodies.in.end - bodies.in.start);
  for (uint32_t i = 0; i < made->block_count; i++) {
    demand(made->blocks[i].offset <= size);
    demand(made->blocks[i].function < module->function_count || !bodies.count);
    demand(!i || made->blocks[i].offset >= made->blocks[i - 1].offset);
  }
  for (uint32_t i = 0; i < made->compare_count; i++) demand(made->compares[i].site.offset < size);
}

static void check_variant(Arena *arena, const WasmModule *module, WasmVariant variant)
{
  Instrumented made, again;
  Diags diags = diags_in(arena);
  if (!wasm_instrument(arena, module, STR("input"), variant, &made, &diags)) {
    demand(diags.errors > 0);
    return;
  }
  demand(diags.errors == 0);
  demand(made.bytes.len <= GROWTH_BASE + GROWTH_MAX * module->bytes.len);
  WasmModule new = read_again(arena, made.bytes);
  demand(new.function_count == module->function_count &&new.import_count == module->import_count);
  uint32_t exports = variant == WASM_PLAIN ? 0 : variant == WASM_METERED ? 1 : 6;
  demand(new.export_count == module->export_count + exports);
  for (uint32_t i = 0; i < module->export_count; i++)
    demand(new.exports[i].kind == module->exports[i].kind &&new.exports[i].index == module->exports[i].index);
  demand_bodies(module, &new);
  demand_sites(module, &made);
  demand(wasm_instrument(arena, module, STR("input"), variant, &again, &diags));
  demand(str_equal(made.bytes, again.bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Str input = {(const char *)data, size};
  bool whole = str_starts_with(input, (Str){"\0asm", 4});
  WasmModule module;
  if (wasm_read(arena, STR("input"), whole ? input : module_around(arena, input), &module, &diags)) {
    WasmModule plain = read_again(arena, wasm_with_plain_names(arena, &module));
    demand(wasm_check_limits(arena, &plain, STR("input"), &diags) || diags.errors > 0);
    plain.customs = module.customs;
    plain.custom_count = module.custom_count;
    check_variant(arena, &plain, WASM_PLAIN);
    check_variant(arena, &plain, WASM_METERED);
    check_variant(arena, &plain, WASM_COVER);
  } else {
    demand(whole && diags.errors > 0);
  }
  arena_free(arena);
  return 0;
}
