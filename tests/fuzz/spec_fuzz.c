/* Any bytes as a specification: tests or diagnostics, never both; the canonical text of a specification is
 * one with the same hash; its tests run to their end on any answers, within their fuel; and any bytes as a
 * replay token: one that writes back, or is refused. */
#include <stdlib.h>

#include "ifc/wit.h"
#include "spec/failure.h"
#include "spec/law.h"
#include "tests/fuzz/fuzz.h"

static const char wit[] =
    "package t:t; interface i {"
    "  record point { x: s32, y: f64 } variant shape { dot, circle(point), text(string) }"
    "  record named { name: string, nick: option<string> }"
    "  enum colour { red, green } flags sides { left, right }"
    "  area: func(s: shape, c: colour) -> result<f64, string>; name: func(n: named) -> char;"
    "  sort: func(xs: list<s64>) -> list<s64>; beep: func(); pick: func(s: sides) -> option<u8>;"
    "}";

static void demand(bool holds)
{
  if (!holds) abort();
}

static Spec *parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags)
{
  return (Spec *)(uintptr_t)spec_parse(arena, source, interface, diags);
}

static void check_canonical(Arena *arena, const Spec *spec)
{
  Str canonical = spec_canonical(spec);
  size_t line = str_find(canonical, STR("\n"));
  demand(line != SIZE_MAX && hash_equal(spec_hash(spec), hash_of(canonical)));
  const Source source = {STR("again"), str_slice(canonical, line + 1, canonical.len)};
  Diags diags = diags_in(arena);
  const Spec *again = parse(arena, &source, spec->unit.interface, &diags);
  demand(again && hash_equal(spec_hash(again), spec_hash(spec)));
}

/* An implementation that answers at random, and traps now and then. */
static bool answer(void *context, const Function *function, const Value *args, Arena *arena, Value *result,
                   Fault *fault)
{
  uint64_t *calls = context;
  (void)args;
  ++*calls;
  if (*calls % 7 == 0) return fault_set(fault, FAULT_UNREACHABLE, NULL);
  if (function->result) *result = value_generate(arena, function->result, *calls % 5, *calls);
  return true;
}

static bool reset(void *context, Fault *fault)
{
  (void)context, (void)fault;
  return true;
}

enum { CASES = 8, CASE_FUEL = 2000 };

static void run_test(Arena *arena, const Test *test)
{
  Attempt attempt;
  uint64_t calls = 0;
  Subject subject = {.context = &calls, .call = answer, .reset = reset};
  Arena *own = arena_new();
  attempt_init(&attempt, own, test);
  attempt.fuel = CASE_FUEL;
  attempt.draws.rng = rng_from_seed(test->params.len);
  for (size_t i = 0; i < CASES; i++) {
    const Row *row = test->kind == TEST_TABLE ? &test->rows.at[i % test->rows.len] : NULL;
    Failure failure;
    draws_begin(&attempt.draws, i);
    if (attempt_run(&attempt, &subject, row) != CASE_FAILED) continue;
    attempt.explains = i % 2;
    failure_describe(arena, &attempt, false, 0, &failure);
    demand(failure.message.len > 0);
    if (!test_is_generated(test->kind) || i > 0) continue;
    ShrinkOptions options = {.repeats = 1, .tries = 50};
    ChoiceList best = {attempt.kept, 0};
    shrink(&attempt, &subject, &options, &best);
  }
  arena_free(own);
}

static void check_token(Arena *arena, const Spec *spec, Str token)
{
  Diags diags = diags_in(arena);
  Replay replay;
  size_t index;
  if (!replay_decode(arena, token, &spec, 1, &index, &replay, &diags)) return;
  Str again = replay_encode(arena, spec, &replay);
  demand(replay_decode(arena, again, &spec, 1, &index, &replay, &diags));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  const Source interface_source = {STR("t.wit"), {wit, sizeof wit - 1}};
  const Package *package = wit_parse(arena, &interface_source, NULL, &diags);
  demand(package);
  const Source source = {STR("input"), {(const char *)data, size}};
  const Spec *spec = parse(arena, &source, &package->interfaces[0], &diags);
  demand(!spec == (diags.errors > 0));
  if (spec) {
    check_canonical(arena, spec);
    for (size_t i = 0; i < spec->tests.len; i++) run_test(arena, &spec->tests.at[i]);
    check_token(arena, spec, source.text);
  } else {
    Buf messages = buf_in(arena);
    diags_print(&diags, &messages, false);
    demand(messages.len > 0);
  }
  arena_free(arena);
  return 0;
}
