/* Cases that are large, or take long: given as they may be found, they have to become small in few runs. */
#include "spec/shrink.h"

#include "tests/unit/spec/stand_in.h"

/* A case that is written down choice by choice. */
typedef struct Given {
  Choice *at;
  uint32_t count;
  Rng rng;
} Given;

static Given given_new(Arena *arena, uint64_t seed)
{
  return (Given){.at = arena_array_of(arena, Choice, CHOICES_MAX), .rng = rng_from_seed(seed)};
}

static void give(Given *self, ChoiceKind kind, uint64_t value)
{
  self->at[self->count++] = (Choice){value, kind};
}

/* A text of so many chars, from the first `chars` that there are, or from those after them. */
static void give_text(Given *self, uint32_t length, uint64_t first, uint64_t chars)
{
  for (uint32_t i = 0; i < length; i++) give(self, CHOICE_NUMBER, 1 + first + rng_below(&self->rng, chars));
  give(self, CHOICE_NUMBER, 0);
}

static void give_list(Given *self, uint32_t length, uint64_t below)
{
  for (uint32_t i = 0; i < length; i++) {
    give(self, CHOICE_BOOL, 1);
    give(self, CHOICE_NUMBER, rng_below(&self->rng, below));
  }
  give(self, CHOICE_BOOL, 0);
}

/* All that was given, once more. */
static void give_again(Given *self)
{
  memcpy(&self->at[self->count], self->at, self->count * sizeof *self->at);
  self->count *= 2;
}

/* What becomes of it in at most so many runs. */
static Failure shrunk_failure(Arena *arena, const Given *given, const char *law, uint64_t runs)
{
  const Spec *spec = stand_in_spec(arena, "ask: func() -> bool;", law);
  StandIn instance = {.call = always_true};
  Subject subject = {.context = &instance, .call = stand_in_call, .reset = stand_in_reset};
  ChoiceList best = {arena_array_of(arena, Choice, CHOICES_MAX), 0};
  ShrinkOptions options = {.repeats = 1, .tries = runs};
  Arena *own = arena_new();
  Attempt attempt;
  uint32_t at;
  LawResult result;
  Failure failure;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  assert_true(replay_choices(&attempt, &subject, &(ChoiceList){given->at, given->count}, 1, &at));
  instance.resets = 0;
  shrink(&attempt, &subject, &options, &best);
  assert_true(instance.resets <= runs + 1);
  law_replay(&attempt, &subject, &(Replay){.kind = REPLAY_CHOICES, .repeats = 1, .choices = best}, &result);
  assert_int_equal(result.verdict, VERDICT_FAILED);
  failure_describe(arena, &attempt, false, 1, &failure);
  arena_free(own);
  return failure;
}

/* Its inputs. */
static Str shrunk(Arena *arena, const Given *given, const char *law, uint64_t runs)
{
  Failure failure = shrunk_failure(arena, given, law, runs);
  return inputs_text(arena, &failure);
}

/* Its steps. */
static Str shrunk_steps(Arena *arena, const Given *given, const char *sequence, uint64_t runs)
{
  Failure failure = shrunk_failure(arena, given, sequence, runs);
  Buf out = buf_in(arena);
  for (size_t i = 0; i < failure.step_count; i++) {
    if (i) buf_z(&out, "; ");
    buf_str(&out, failure.steps[i]);
  }
  return buf_text(&out);
}

static void two_long_texts_that_are_equal_get_shorter_together(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    Given given = given_new(arena, seed);
    give_text(&given, 5000, 0, 26);
    give_again(&given);
    assert_text(
        shrunk(arena, &given, "law \"l\" (a: string, b: string) { expect a != b || len(a) < 3; }", 200),
        "a = \"aaa\"; b = \"aaa\"");
    /* Which chars matter is not known before. */
    assert_text(shrunk(arena, &given,
                       "law \"l\" (a: string, b: string)"
                       "{ expect a != b || !contains(a, \"z\") || !contains(a, \"q\"); }",
                       1000),
                "a = \"qz\"; b = \"qz\"");
  }
}

static void two_long_lists_that_are_equal_get_shorter_together(void **state)
{
  Arena *arena = *state;
  Given numbers = given_new(arena, 1), texts = given_new(arena, 2);
  give_list(&numbers, 5000, 1000);
  give_again(&numbers);
  assert_text(shrunk(arena, &numbers,
                     "law \"l\" (a: list<s64>, b: list<s64>) { expect a != b || !contains(a, 7); }", 3000),
              "a = [7]; b = [7]");
  for (uint32_t i = 0; i < 400; i++) {
    give(&texts, CHOICE_BOOL, 1);
    give_text(&texts, 20, 0, 26);
  }
  give(&texts, CHOICE_BOOL, 0);
  give_again(&texts);
  assert_text(shrunk(arena, &texts,
                     "law \"l\" (a: list<string>, b: list<string>)"
                     "{ expect a != b || !(exists s in a: contains(s, \"z\")); }",
                     1000),
              "a = [\"z\"]; b = [\"z\"]");
}

/* Of 65 to 72 bytes: 22 chars of three bytes each are 66 letters, and one less. */
static void what_counts_bytes_becomes_letters(void **state)
{
  Arena *arena = *state;
  Given given = given_new(arena, 1);
  give_text(&given, 22, 0x4e00, 1000);
  Str text = shrunk(arena, &given, "law \"l\" (a: string) { expect !(len(a) in 65..=72); }", 1000);
  char letters[65];
  memset(letters, 'a', sizeof letters);
  assert_slice(text, str_format(arena, "a = \"%.*s\"", (int)sizeof letters, letters));
}

static void two_elements_far_apart_are_found_in_a_long_list(void **state)
{
  Arena *arena = *state;
  Given given = given_new(arena, 1);
  give_list(&given, 3000, 1 << 30);
  given.at[2001].value = 77;
  given.at[4001].value = 78;
  assert_text(shrunk(arena, &given,
                     "law \"l\" (a: list<u32>) { expect !contains(a, 78) || !contains(a, 77); }", 20000),
              "a = [77, 78]");
}

/* At 5 ms a run, 2 s are 400 runs. */
static void what_takes_long_gets_small_in_few_runs(void **state)
{
  Arena *arena = *state;
  enum { RUNS = 300 };
  Given list = given_new(arena, 1), text = given_new(arena, 2);
  give_list(&list, 100, 1 << 28);
  list.at[61].value = (1 << 28) + 1;
  assert_text(
      shrunk(arena, &list, "law \"l\" (a: list<u32>) { expect !(exists x in a: x > 268435455); }", RUNS),
      "a = [268435456]");
  assert_text(shrunk(arena, &list, "law \"l\" (a: list<u32>) { expect len(a) < 9 || a[5] <= 1000; }", RUNS),
              "a = [0, 0, 0, 0, 0, 1001, 0, 0, 0]");
  give_text(&text, 100, 0, 100);
  give(&text, CHOICE_NUMBER, 12345678);
  assert_text(shrunk(arena, &text,
                     "law \"l\" (a: string, n: u32) { expect len(chars(a)) < 8 || n <= 1000000; }", RUNS),
              "a = \"aaaaaaaa\"; n = 1000001");
}

/* How a text of 3,000 bytes is shown that is all `a`, but for its end. */
static Str shown_text(Arena *arena, const char *end)
{
  enum { SHOWN = 75 };
  char text[SHOWN];
  memset(text, 'a', sizeof text);
  return str_format(arena, "a = \"%.*s\" … %d bytes … \"%.*s%s\"", SHOWN, text, 3000 - 2 * SHOWN,
                    SHOWN - (int)strlen(end), text, end);
}

/* Only their length counts, or that and one of them: 2 s are some hundred runs of a case that is so large. */
static void the_chars_of_a_long_text_become_simple(void **state)
{
  enum { RUNS = 500 };
  Arena *arena = *state;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    Given plain = given_new(arena, seed), wide = given_new(arena, seed);
    give_text(&plain, 4000, 0, 90);
    give_text(&wide, 1000, 0x20000, 1000);
    Str want = shown_text(arena, ""), with_q = shown_text(arena, "q");
    assert_slice(shrunk(arena, &plain, "law \"l\" (a: string) { expect len(a) < 3000; }", RUNS), want);
    assert_slice(shrunk(arena, &wide, "law \"l\" (a: string) { expect len(a) < 3000; }", RUNS), want);
    plain.at[1234].value = 'q' - 'a' + 1;
    assert_slice(
        shrunk(arena, &plain, "law \"l\" (a: string) { expect len(a) < 3000 || !contains(a, \"q\"); }", RUNS),
        with_q);
  }
}

/* Steps of three operations in any order, of which one has to come 801 times, wherever the others stand. */
static void what_needs_many_steps_of_one_operation_has_no_others(void **state)
{
  enum { RUNS = 300, PUSH = 1, POP, LOOK };
  static const char sequence[] = "sequence \"s\" {\n"
                                 "  var pushed: s64 = 0;\n"
                                 "  var held: s64 = 0;\n"
                                 "  op push(x: u32) { expect ask(); pushed = pushed + 1; held = held + 1; }\n"
                                 "  op pop() where held > 0 { expect ask(); held = held - 1; }\n"
                                 "  op look(x: u32) { expect ask() && pushed <= 800; }\n"
                                 "}\n";
  Arena *arena = *state;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    Given given = given_new(arena, seed);
    for (uint32_t pushes = 0; pushes < 1200;) {
      uint32_t operation = (uint32_t)rng_below(&given.rng, 3) + 1;
      if (operation == LOOK && pushes > 800) continue;
      give(&given, CHOICE_STEP, operation);
      if (operation != POP) give(&given, CHOICE_NUMBER, rng_below(&given.rng, 1000));
      pushes += operation == PUSH;
    }
    give(&given, CHOICE_STEP, LOOK);
    give(&given, CHOICE_NUMBER, 5);
    assert_text(shrunk_steps(arena, &given, sequence, RUNS), "push(0), 801 times; look(0)");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(two_long_texts_that_are_equal_get_shorter_together),
      TEST(two_long_lists_that_are_equal_get_shorter_together),
      TEST(what_counts_bytes_becomes_letters),
      TEST(two_elements_far_apart_are_found_in_a_long_list),
      TEST(what_takes_long_gets_small_in_few_runs),
      TEST(the_chars_of_a_long_text_become_simple),
      TEST(what_needs_many_steps_of_one_operation_has_no_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
