/* Laws on how two numbers relate, each false of some: what is found has to be as simple as the first pair of
 * small numbers for which it is false, looked for one after the other. */
#include "spec/shrink.h"

#include "tests/unit/spec/stand_in.h"

enum { SMALL = 120, SEEDS = 4, CASES = 20000 };

typedef struct Numbers {
  const char *type, *where;
  ChoiceKind kind;
} Numbers;

static const Numbers NUMBERS[] = {
    {"u32", "", CHOICE_NUMBER},
    {"s32", "", CHOICE_NUMBER},
    {"u8", "", CHOICE_NUMBER},
    /* Much larger ones take in what is added to them. */
    {"f64", "where p.x in -1.0e4..1.0e4, p.y in -1.0e4..1.0e4", CHOICE_F64},
};
static const char *const RELATIONS[] = {"<", "<=", "==", "!=", ">", ">="};
static const char *const OTHERS[] = {"x", "x + 1", "x + 7", "x * 2", "x + 100"};
static const char *const CONDITIONS[] = {"true", "x > 9", "y > 9", "x + y > 40", "x != y"};

/* 0, 1, 2, …: as choices, or 0, 1, −1, 2, … as floats. */
static Choice small_choice(ChoiceKind kind, int index)
{
  double number = (index + 1) / 2;
  if (kind == CHOICE_NUMBER) return (Choice){(uint64_t)index, kind};
  return (Choice){value_f64(index % 2 || !index ? number : -number).bits, kind};
}

/* The simplest pair of small numbers that fails; false when none does. */
static bool find_simplest(const Spec *spec, ChoiceKind kind, Choice *out)
{
  Arena *own = arena_new();
  StandIn instance = {.call = always_true};
  Subject subject = {.context = &instance, .call = stand_in_call, .reset = stand_in_reset};
  Attempt attempt;
  bool found = false;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  for (int i = 0; i < SMALL * SMALL && !found; i++) {
    uint32_t at;
    out[0] = small_choice(kind, i / SMALL);
    out[1] = small_choice(kind, i % SMALL);
    found = replay_choices(&attempt, &subject, &(ChoiceList){out, 2}, 1, &at);
  }
  arena_free(own);
  return found;
}

static size_t count_wrong(Arena *arena, const Numbers *numbers, const char *condition, const char *says)
{
  Choice simplest[2];
  size_t wrong = 0;
  const char *items =
      str_to_z(arena, str_format(arena, "record point { x: %s, y: %s } ask: func(p: point) -> bool;",
                                 numbers->type, numbers->type));
  Str law = str_format(arena, "law \"l\" (p: point) %s { let x = p.x; let y = p.y; expect !(%s) || (%s); }",
                       numbers->where, condition, says);
  const Spec *spec = stand_in_spec(arena, items, str_to_z(arena, law));
  if (!find_simplest(spec, numbers->kind, simplest)) return 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    Tried tried = stand_in_try(arena, spec, always_true, NULL, seed, CASES);
    size_t index;
    Replay replay;
    Diags diags = diags_in(arena);
    if (tried.result.verdict != VERDICT_FAILED) continue; /* it was not found: that is for generators to do */
    assert_true(replay_decode(arena, tried.token, &spec, 1, &index, &replay, &diags));
    if (!choices_simpler(simplest, 2, replay.choices.at, replay.choices.count)) continue;
    Str inputs = inputs_text(arena, &tried.failure);
    print_error("%s, %.*s (seed %d): %.*s\n", numbers->type, STR_ARG(law), (int)seed, STR_ARG(inputs));
    wrong++;
  }
  return wrong;
}

static void two_numbers_become_as_simple_as_small_ones_that_fail(void **state)
{
  Arena *arena = *state;
  size_t wrong = 0;
  for (size_t n = 0; n < sizeof NUMBERS / sizeof *NUMBERS; n++)
    for (size_t c = 0; c < sizeof CONDITIONS / sizeof *CONDITIONS; c++)
      for (size_t r = 0; r < sizeof RELATIONS / sizeof *RELATIONS; r++)
        for (size_t o = 0; o < sizeof OTHERS / sizeof *OTHERS; o++) {
          ArenaMark mark = arena_mark(arena);
          const char *says = str_to_z(arena, str_format(arena, "y %s %s", RELATIONS[r], OTHERS[o]));
          wrong += count_wrong(arena, &NUMBERS[n], CONDITIONS[c], says);
          arena_reset(arena, mark);
        }
  assert_int_equal(wrong, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(two_numbers_become_as_simple_as_small_ones_that_fail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
