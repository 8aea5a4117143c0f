/* Tokens carry a case whole; what was not made by us is refused. */
#include "tests/unit/spec/stand_in.h"

static const char ITEMS[] = "f: func(x: u32) -> bool;";
static const char TESTS[] = "it \"i\" { expect f(1); }"
                            "table \"t\" (x: u32) { (1) (2) (3) expect f(x); }"
                            "law \"l\" (x: u32) { expect f(x); }";

static bool decode(Arena *arena, const Spec *spec, Str token, Replay *out, Str *error)
{
  Diags diags = diags_in(arena);
  size_t index;
  bool good = replay_decode(arena, token, &spec, 1, &index, out, &diags);
  *error = diags.first ? diags.first->message : (Str){0};
  return good;
}

static void every_kind_of_case_comes_back(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, ITEMS, TESTS);
  Choice choices[] = {{0, CHOICE_NUMBER},
                      {1, CHOICE_BOOL},
                      {0, CHOICE_BOOL},
                      {UINT64_MAX, CHOICE_NUMBER},
                      {UINT32_MAX, CHOICE_NUMBER},
                      {UINT64_C(0x7ff8000000000000), CHOICE_F64},
                      {UINT64_C(0x3ff0000000000001), CHOICE_F64},
                      {0x3f800001, CHOICE_F32}};
  const Replay replays[] = {
      {.kind = REPLAY_SCRIPT, .test = 0, .repeats = 1},
      {.kind = REPLAY_ROW, .test = 1, .row = 2, .repeats = 1},
      {.kind = REPLAY_CHOICES,
       .test = 2,
       .repeats = 300,
       .choices = {choices, sizeof choices / sizeof *choices}},
      {.kind = REPLAY_CHOICES, .test = 2, .repeats = 1},
      {.kind = REPLAY_HISTORY,
       .test = 2,
       .repeats = 1,
       .seed = UINT64_MAX,
       .stride = 3,
       .first = 999,
       .cases = 4096},
  };
  for (size_t i = 0; i < sizeof replays / sizeof *replays; i++) {
    Replay back;
    Str error;
    Str token = replay_encode(arena, spec, &replays[i]);
    bool good = decode(arena, spec, token, &back, &error);
    if (!good) print_error("%.*s: %.*s\n", STR_ARG(token), STR_ARG(error));
    assert_true(good);
    assert_int_equal(back.kind, replays[i].kind);
    assert_int_equal(back.test, replays[i].test);
    assert_int_equal(back.row, replays[i].row);
    assert_int_equal(back.repeats, replays[i].repeats);
    assert_true(back.seed == replays[i].seed && back.cases == replays[i].cases &&
                back.first == replays[i].first);
    assert_int_equal(back.choices.count, replays[i].choices.count);
    for (uint32_t j = 0; j < back.choices.count; j++) {
      assert_true(back.choices.at[j].value == choices[j].value);
      assert_int_equal(back.choices.at[j].kind, choices[j].kind);
    }
  }
}

static void repetitions_are_short(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, ITEMS, TESTS);
  Choice choices[3000];
  for (size_t i = 0; i < 3000; i++)
    choices[i] = (Choice){i % 3 == 0   ? 1
                          : i % 3 == 1 ? 70000
                                       : UINT64_C(0x3ff0000000000000),
                          i % 3 == 0   ? CHOICE_BOOL
                          : i % 3 == 1 ? CHOICE_NUMBER
                                       : CHOICE_F64};
  Replay replay = {.kind = REPLAY_CHOICES, .test = 2, .repeats = 1, .choices = {choices, 3000}}, back;
  Str token = replay_encode(arena, spec, &replay), error;
  assert_true(token.len < 50);
  assert_true(decode(arena, spec, token, &back, &error));
  assert_int_equal(back.choices.count, 3000);
  for (size_t i = 0; i < 3000; i++) assert_true(back.choices.at[i].value == choices[i].value);
}

static void what_is_damaged_is_refused(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, ITEMS, TESTS);
  Replay replay = {.kind = REPLAY_ROW, .test = 1, .row = 2}, back;
  Str token = replay_encode(arena, spec, &replay), error;
  for (size_t i = 0; i < token.len; i++) {
    char *damaged = str_to_z(arena, token);
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    assert_false(decode(arena, spec, str_from_z(damaged), &back, &error));
    assert_true(error.len > 0);
  }
  for (size_t i = 0; i < token.len; i++)
    assert_false(decode(arena, spec, str_slice(token, 0, i), &back, &error));
  assert_false(decode(arena, spec, STR("a2-////"), &back, &error));
  assert_false(decode(arena, spec, STR("nonsense"), &back, &error));
  assert_text(error, "`nonsense` is no replay token: copy all of it from a report");
}

/* Numbers that lead outside of the specification, in a token that is otherwise well made. */
static void what_does_not_fit_the_specification_is_refused(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, ITEMS, TESTS),
             *other = stand_in_spec(arena, ITEMS, "it \"i\" { f(2); }");
  const Replay replays[] = {
      {.kind = REPLAY_SCRIPT, .test = 3},
      {.kind = REPLAY_ROW, .test = 1, .row = 3},
      {.kind = REPLAY_ROW, .test = 0},
      {.kind = REPLAY_SCRIPT, .test = 2},
      {.kind = REPLAY_CHOICES, .test = 1, .repeats = 1},
      {.kind = REPLAY_CHOICES, .test = 2, .repeats = 0},
      {.kind = REPLAY_CHOICES, .test = 2, .repeats = REPLAY_REPEATS_MAX + 1},
      {.kind = REPLAY_HISTORY, .test = 2, .stride = 1, .cases = REPLAY_REPEATS_MAX + 1},
      {.kind = (ReplayKind)9, .test = 2},
  };
  Replay back;
  Str error;
  for (size_t i = 0; i < sizeof replays / sizeof *replays; i++) {
    assert_false(decode(arena, spec, replay_encode(arena, spec, &replays[i]), &back, &error));
    assert_text(error, "the replay token does not fit its specification");
  }
  Replay good = {.kind = REPLAY_SCRIPT};
  assert_false(decode(arena, spec, replay_encode(arena, other, &good), &back, &error));
  assert_text(error, "the replay token is for another specification, or for an earlier text of this one");
}

static void another_version_or_interface_is_told_apart(void **state)
{
  Arena *arena = *state;
  const Spec *spec = stand_in_spec(arena, ITEMS, TESTS),
             *other = stand_in_spec(arena, "f: func(x: u32) -> bool; g: func();", TESTS);
  Replay good = {.kind = REPLAY_ROW, .test = 1, .row = 2}, back;
  Str token = replay_encode(arena, spec, &good), error;
  assert_false(decode(arena, other, token, &back, &error));
  assert_text(
      error,
      "the replay token is for this specification on another interface, or on an earlier text of this one");
  for (int version = 1; version < 200; version += 66) {
    Str old = str_format(arena, "a%d%.*s", version, STR_ARG(str_slice(token, 2, token.len)));
    assert_false(decode(arena, spec, old, &back, &error));
    assert_slice(error, str_format(arena,
                                   "the replay token has version %d of the format, and this program replays "
                                   "version 2 only",
                                   version));
  }
}

/* Tokens that were made once. What they replay follows from the laws: it is their smallest counterexample. A
 * change that breaks one of these changes what tokens mean, and needs another version of them (replay.h). */
typedef struct Golden {
  const char *test, *token, *inputs;
} Golden;

static const char GOLDEN_ITEMS[] = "record point { x: f64, y: f32 } flags access { read, write, run }"
                                   "variant shape { dot, sides(u32) } ask: func() -> bool;";
static const Golden GOLDEN[] = {
    {"law \"l\" (x: u32) { expect x < 1000; }", "a2-LSaVTYbamNh-nAACAe8HBRUbRg", "x = 1000"},
    {"law \"l\" (x: s64) { expect x > -5000000000; }", "a2-BEdXdR_fmNh-nAACAQOAyK-gJUn8XpE",
     "x = -5000000000"},
    {"law \"l\" (x: f64) { expect x < 12.5 || is-nan(x); }", "a2-8MW3eq-mmNh-nAACAQDAVGHysDY", "x = 13.0"},
    {"law \"l\" (x: f32) { expect is-nan(x) || x != inf; }", "a2-__7Mr5cOmNh-nAACAQH_gALp6xnd", "x = inf"},
    {"law \"l\" (c: char, b: bool) { expect !(c >= '\\u{1f600}' && b); }", "a2-09uITyiXmNh-nAACAYfcBwVg89-1",
     "c = '\xf0\x9f\x98\x80'; b = true"},
    {"law \"l\" (s: string) { expect len(chars(s)) < 5; }", "a2-L3wgqlldmNh-nAACAQgCAQQHxz_peg",
     "s = \"aaaaa\""},
    {"law \"l\" (xs: list<list<u8>>) { expect for all x in xs: len(x) < 2; }",
     "a2-ibNvARzymNh-nAACAQUFBwUHBATAgx2T", "xs = [[0, 0]]; x = [0, 0]"},
    {"law \"l\" (o: option<u8>, r: result<u8, string>) { expect match r { ok(_) => true, err(_) => o == none "
     "}; }",
     "a2-tn-N6hJmmNh-nAACAQgHCAchSFw7", "o = some(0); r = err(\"\")"},
    {"law \"l\" (v: shape, f: access) { expect match v { sides(n) => n < 3 || !f.run, _ => true }; }",
     "a2-k9RTdSycmNh-nAACAQgKBAQFcvZulw", "v = sides(3); f = {run}"},
    {"law \"l\" (p: point, t: tuple<s8, list<u8, 2>>) { expect p.y == 0.0 || t.0 == 0 || t.1[1] == 0; }",
     "a2-mb7kuwcpmNh-nAACAQAAAb-AAggHCBZbmwc", "p = {x: 0.0, y: 1.0}; t = (1, [0, 1])"},
    {"law \"l\" (m: map<u8, bool>) { expect !(7 in m); }", "a2-0-KKJesMmNh-nAACAQUOBATcKkO4",
     "m = [(7, false)]"},
    {"law \"l\" (n: u64) where n in 10..20 { expect n < 15; }", "a2-B72NogoHmNh-nAACAQwX2s5W", "n = 15"},
};

static void tokens_that_were_made_once_replay_for_ever(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof GOLDEN / sizeof *GOLDEN; i++) {
    const Golden *golden = &GOLDEN[i];
    const Spec *spec = stand_in_spec(arena, GOLDEN_ITEMS, golden->test);
    Tried tried = stand_in_replay(arena, spec, always_true, NULL, str_from_z(golden->token));
    assert_int_equal(tried.result.verdict, VERDICT_FAILED);
    assert_slice(inputs_text(arena, &tried.failure), str_from_z(golden->inputs));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_kind_of_case_comes_back),
      TEST(repetitions_are_short),
      TEST(what_is_damaged_is_refused),
      TEST(what_does_not_fit_the_specification_is_refused),
      TEST(another_version_or_interface_is_told_apart),
      TEST(tokens_that_were_made_once_replay_for_ever),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
