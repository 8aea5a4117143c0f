/* Agreements from end to end: what their search has found stays for the next run, what it has seen is
 * reported, and shards divide it. */
#include "spec/verify_internal.h"

#include "tests/unit/runtime/modules.h"

enum { SEARCHED_CASES = 200000 };

static const char ITEMS[] = "inc: func(x: u32) -> u32;";
static const char SPEC[] = "spec t:t/i; agree \"on inc\" (x: u32) { inc(x); }";

/* x = 673707431 */
static const char ROTATED[] = "i32.eq (i32.rotl (local.get $x) (i32.const 7)) (i32.const 335205268)";
static const char LINEAR[] =
    "i32.eq (i32.add (i32.mul (local.get $x) (i32.const 3)) (i32.const 7)) (i32.const 2021122300)";
/* Comparisons lead to its first part, to the second only chance: how soon depends on the seed. */
static const char LUCKY[] = "if (result i32) (i32.lt_u (i32.sub (i32.mul (local.get $x) (i32.const 3)) "
                            "(i32.const 335205268)) (i32.const 8192))"
                            " (then (i32.eq (i32.rem_u (i32.mul (local.get $x) (i32.const 0x9e3779b9)) "
                            "(i32.const 11)) (i32.const 7)))"
                            " (else (i32.const 0))";
static const char NEVER[] = "i32.eq (i32.or (local.get $x) (i32.const 1)) (i32.const 2)";

enum { MEMBERS_MAX = 3 };

/* A run of several modules: `inc` of each goes another way where its condition on $x holds, and is wrong
 * there if it is a cheat. */
typedef struct Agreed {
  Arena *arena;
  const Interface *interface;
  const Spec *spec;
  Implementation members[MEMBERS_MAX];
  size_t count;
  VerifyOptions options;
  VerifyReport report;
} Agreed;

static Agreed *agreed(Arena *arena)
{
  Agreed *self = arena_new_of(arena, Agreed);
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  self->arena = arena;
  self->interface = modules_interface(arena, ITEMS);
  *source = (Source){STR("t.spec"), str_from_z(SPEC)};
  self->spec = spec_parse(arena, source, self->interface, &diags);
  modules_show(&diags);
  assert_non_null(self->spec);
  return self;
}

static void add(Agreed *self, const char *label, const char *condition, bool cheats)
{
  Diags diags = diags_in(self->arena);
  Str text = str_format(self->arena,
                        "(module (memory (export \"memory\") 1)"
                        " (func $forgotten (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 3)))"
                        " (func (export \"t:t/i#inc\") (param $x i32) (result i32)"
                        "  (if (%s) (then (return (i32.sub (local.get $x) (i32.const %d)))))"
                        "  (i32.add (local.get $x) (i32.const 1))))",
                        condition, cheats ? 2 : -1);
  Implementation *one = &self->members[self->count++];
  *one = (Implementation){.path = str_from_z(label), .label = str_from_z(label)};
  one->module = modules_read(self->arena, str_to_z(self->arena, text));
  one->hash = hash_of(one->module.bytes);
  bool fits = implementation_fit(self->arena, &one->module, one->path, self->interface, &one->fit, &diags);
  modules_show(&diags);
  assert_true(fits);
}

static Agreed *agreed_by(Arena *arena, const char *first, const char *second, const char *cheat)
{
  Agreed *self = agreed(arena);
  add(self, "first", first, false);
  add(self, "second", second, false);
  if (cheat) add(self, "cheat", cheat, true);
  return self;
}

static void run(Agreed *self, VerifyOptions options)
{
  Diags diags = diags_in(self->arena);
  self->options = options;
  bool ran = verify(self->arena, self->interface, &self->spec, 1, self->members, self->count, &self->options,
                    &self->report, &diags);
  modules_show(&diags);
  assert_true(ran);
}

static const ImplementationReport *of(const Agreed *self, size_t index)
{
  return &self->report.implementations[index];
}

static void a_search_of_agreements_is_in_the_coverage(void **state)
{
  Agreed *self = agreed_by(*state, NEVER, ROTATED, NULL);
  run(self, (VerifyOptions){.seed = 1, .budget_cases = 1000});
  assert_null(of(self, 0)->coverage); /* too little for a search */
  run(self, (VerifyOptions){.seed = 1, .budget_cases = SEARCHED_CASES});
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(of(self, i)->verdict, VERDICT_PASSED);
    assert_non_null(of(self, i)->coverage);
    assert_int_equal(of(self, i)->coverage->own.unreached_count, 1); /* $forgotten */
  }
  assert_int_equal(of(self, 0)->coverage->own.unmet_count, 1);
  assert_false(of(self, 0)->coverage->own.unmet[0].always);
  assert_int_equal(of(self, 1)->coverage->own.unmet_count, 0); /* the search has met it */
}

static void all_cases_of_a_count_are_tried(void **state)
{
  Agreed *self = agreed_by(*state, NEVER, ROTATED, NULL);
  run(self, (VerifyOptions){.seed = 1, .budget_cases = SEARCHED_CASES + 1});
  for (size_t i = 0; i < 2; i++) assert_int_equal(of(self, i)->cases, SEARCHED_CASES + 1);
}

static void a_count_of_cases_gives_the_same_every_time(void **state)
{
  Agreed *first = agreed_by(*state, NEVER, ROTATED, LINEAR),
         *second = agreed_by(*state, NEVER, ROTATED, LINEAR);
  run(first, (VerifyOptions){.seed = 3, .budget_cases = SEARCHED_CASES});
  run(second, (VerifyOptions){.seed = 3, .budget_cases = SEARCHED_CASES});
  assert_int_equal(of(first, 2)->verdict, VERDICT_FAILED);
  for (size_t i = 0; i < 3; i++) assert_int_equal(of(first, i)->cases, of(second, i)->cases);
  assert_slice(of(first, 2)->tests[0].failure->replay, of(second, 2)->tests[0].failure->replay);
}

/* The parts of the search add up to the whole, and none is another's: if they tried the same cases, they
 * would find the same cheat after as many of them. */
static void shards_divide_the_search(void **state)
{
  enum { SHARDS = 3 };
  uint64_t cases = 0, until_found[SHARDS];
  for (uint32_t i = 0; i < SHARDS; i++) {
    VerifyOptions options = {
        .seed = 1, .budget_cases = SEARCHED_CASES, .shard = i + 1, .shard_count = SHARDS};
    Agreed *honest = agreed_by(*state, NEVER, NEVER, NULL);
    run(honest, options);
    assert_int_equal(of(honest, 0)->verdict, VERDICT_PASSED);
    uint64_t all = of(honest, 0)->cases,
             searched = SEARCHED_CASES / 4 / SHARDS + (i < SEARCHED_CASES / 4 % SHARDS);
    cases += all;
    Agreed *cheated = agreed_by(*state, NEVER, NEVER, LUCKY);
    run(cheated, options);
    assert_int_equal(of(cheated, 2)->verdict, VERDICT_FAILED);
    assert_true(of(cheated, 2)->cases > all - searched); /* chance did not meet it */
    until_found[i] = of(cheated, 2)->cases - (all - searched);
    for (uint32_t k = 0; k < i; k++) assert_int_not_equal(until_found[i], until_found[k]);
  }
  assert_int_equal(cases, SEARCHED_CASES);
}

static size_t kept_of(Agreed *self, size_t index)
{
  Corpus corpus;
  corpus_read(self->arena, self->members[index].hash, &self->spec, 1, &corpus);
  return corpus.len;
}

static int forget_all(void **state)
{
  dir_remove(path_join(*state, cache_folder(*state), STR("cases")));
  return 0;
}

static void what_a_search_has_kept_of_one_shows_the_next_run_that_another_is_wrong(void **state)
{
  const VerifyOptions quick = {.seed = 1, .budget_ms = 300}, long_enough = {.seed = 2, .budget_ms = 2500};
  forget_all(state);
  Agreed *all = agreed_by(*state, NEVER, ROTATED, LINEAR), *honest = agreed_by(*state, NEVER, ROTATED, NULL);
  run(all, quick);
  assert_int_equal(of(all, 2)->verdict, VERDICT_PASSED); /* chance does not meet it */
  assert_int_equal(kept_of(all, 1), 0);
  run(honest, long_enough);
  assert_int_equal(of(honest, 1)->verdict, VERDICT_PASSED);
  assert_true(kept_of(honest, 1) > 0);
  run(all, quick);
  assert_int_equal(of(all, 2)->verdict, VERDICT_FAILED);
  assert_int_equal(of(all, 0)->verdict, VERDICT_PASSED);
  assert_int_equal(of(all, 2)->cases, 1);
}

static void a_disagreement_is_tried_first_the_next_time(void **state)
{
  forget_all(state);
  Agreed *self = agreed_by(*state, NEVER, ROTATED, LINEAR);
  run(self, (VerifyOptions){.seed = 5, .budget_ms = 3000});
  assert_int_equal(of(self, 2)->verdict, VERDICT_FAILED);
  assert_true(of(self, 2)->cases > 1);
  run(self, (VerifyOptions){.seed = 6, .budget_ms = 300});
  assert_int_equal(of(self, 2)->verdict, VERDICT_FAILED);
  assert_int_equal(of(self, 2)->cases, 1);
}

/* A worker may send more than is kept: that is no fault of the implementation. */
static void more_kept_cases_than_there_is_room_for_are_left(void **state)
{
  Agreed *self = agreed_by(*state, NEVER, ROTATED, NULL);
  Diags diags = diags_in(*state);
  Choice choice = {7, CHOICE_NUMBER};
  Replay replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = {&choice, 1}};
  TestReport test = {.name = STR("on inc")};
  Progressing progressing = {
      .arena = *state, .specs = &self->spec, .spec_count = 1, .tests = &test, .test_count = 1};
  Str token = replay_encode(*state, self->spec, &replay);
  Source source = {STR("m"), str_format(*state, "{\"replay\": \"%.*s\"}", STR_ARG(token))};
  const Json *message = jv_parse(*state, &source, &diags);
  for (int i = 0; i < 5000; i++) assert_true(verify_take_kept(&progressing, &test, message));
  assert_int_equal(progressing.tokens.len, 4096);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_search_of_agreements_is_in_the_coverage),
      TEST(all_cases_of_a_count_are_tried),
      TEST(a_count_of_cases_gives_the_same_every_time),
      TEST(shards_divide_the_search),
      TEST(what_a_search_has_kept_of_one_shows_the_next_run_that_another_is_wrong),
      TEST(a_disagreement_is_tried_first_the_next_time),
      TEST(more_kept_cases_than_there_is_room_for_are_left),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
