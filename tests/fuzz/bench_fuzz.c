/* Any bytes as a benchmark: a suite or diagnostics, never both; the canonical text of a suite is a suite with
 * the same hash; a worker's block is one that writes back to the same bytes, or is refused. */
#include <stdlib.h>

#include "bench/samples.h"
#include "bench/suite.h"
#include "ifc/wit.h"
#include "tests/fuzz/fuzz.h"

static const char wit[] =
    "package t:t; interface i {"
    "  record point { x: s32, y: f64 } variant shape { dot, circle(point), text(string) }"
    "  enum colour { red, green } flags sides { left, right }"
    "  area: func(s: shape, c: colour) -> result<f64, string>;"
    "  sort: func(xs: list<s64>) -> list<s64>; beep: func(); pick: func(s: sides) -> option<u8>;"
    "}";

static void demand(bool holds)
{
  if (!holds) abort();
}

static void check_suite(Arena *arena, const Interface *interface, const Suite *suite)
{
  Str canonical = suite_canonical(suite);
  demand(suite_workload_count(suite) > 0 && hash_equal(suite_hash(suite), hash_of(canonical)));
  size_t line = str_find(canonical, STR("\n"));
  demand(line != SIZE_MAX);
  const Source source = {STR("again"), str_slice(canonical, line + 1, canonical.len)};
  Diags diags = diags_in(arena);
  const Suite *again = suite_parse(arena, &source, interface, &diags);
  demand(again && hash_equal(suite_hash(again), suite_hash(suite)));
}

static void check_block(Arena *arena, Str bytes)
{
  Block block;
  if (!block_read(arena, bytes, 2, 3, &block)) return;
  demand(str_equal(block_write(arena, &block, 2), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  const Source interface_source = {STR("t.wit"), {wit, sizeof wit - 1}};
  const Package *package = wit_parse(arena, &interface_source, NULL, &diags);
  demand(package);
  const Source source = {STR("input"), {(const char *)data, size}};
  const Suite *suite = suite_parse(arena, &source, &package->interfaces[0], &diags);
  demand(!suite == (diags.errors > 0));
  if (suite) {
    check_suite(arena, &package->interfaces[0], suite);
  } else {
    Buf messages = buf_in(arena);
    diags_print(&diags, &messages, false);
    demand(messages.len > 0);
  }
  check_block(arena, source.text);
  arena_free(arena);
  return 0;
}
