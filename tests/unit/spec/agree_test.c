/* Agreement: who is right when implementations differ. */
#include "spec/agree.h"

#include <math.h>

#include "runtime/wasm_code.h"
#include "tests/unit/spec/language.h"
#include "tests/unit/spec/stand_in.h"

static const char ITEMS[] = "double: func(x: u32) -> u32; half: func(x: f64) -> f64; count: func() -> u32;";

typedef uint64_t Answering(uint64_t calls, const Function *function, Value arg);

static uint64_t right(uint64_t calls, const Function *function, Value arg)
{
  if (str_equal(function->name, STR("double"))) return (uint32_t)(arg.bits * 2);
  if (str_equal(function->name, STR("half"))) return value_f64(value_as_f64(arg) / 2).bits;
  return calls;
}

static uint64_t wrong_above_thousand(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + (str_equal(function->name, STR("double")) && arg.bits > 1000);
}

static uint64_t wrong_at_seven(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + (str_equal(function->name, STR("double")) && arg.bits == 7);
}

/* The same NaN as others, in other bits. */
static uint64_t another_nan(uint64_t calls, const Function *function, Value arg)
{
  uint64_t bits = right(calls, function, arg);
  bool nan = str_equal(function->name, STR("half")) && isnan(value_as_f64(value_u64(bits)));
  return nan ? UINT64_C(0xfff8000000000123) : bits;
}

enum { TRAPS = 1, BREAKS = 2 };
static uint64_t trap_at_seven(uint64_t calls, const Function *function, Value arg)
{
  return arg.bits == 7 ? UINT64_MAX - TRAPS : right(calls, function, arg);
}

static uint64_t break_at_seven(uint64_t calls, const Function *function, Value arg)
{
  return arg.bits == 7 ? UINT64_MAX - BREAKS : right(calls, function, arg);
}

static bool answer(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                   Fault *fault)
{
  Answering *const *answering = self->context;
  uint64_t bits = (*answering)(self->calls, function, function->param_count ? args[0] : value_u64(0));
  (void)arena;
  if (bits == UINT64_MAX - TRAPS) return fault_set(fault, FAULT_UNREACHABLE, NULL);
  if (bits == UINT64_MAX - BREAKS) return fault_set(fault, FAULT_BAD_POINTER, NULL);
  *result = value_u64(bits);
  return true;
}

enum { MEMBERS_MAX = 5 };
static const char *const labels[MEMBERS_MAX] = {"a", "b", "c", "d", "e"};

typedef struct Round {
  const Spec *spec;
  Answering *answering[MEMBERS_MAX];
  StandIn used[MEMBERS_MAX], fresh[MEMBERS_MAX];
  Member members[MEMBERS_MAX];
  MemberResult results[MEMBERS_MAX];
  size_t count;
} Round;

static Round *round_of(Arena *arena, const char *test, size_t count, Answering *const *answering)
{
  Round *self = arena_new_of(arena, Round);
  self->spec = stand_in_spec(arena, ITEMS, test);
  self->count = count;
  for (size_t i = 0; i < count; i++) {
    self->answering[i] = answering[i];
    self->used[i] = (StandIn){.call = answer, .context = &self->answering[i]};
    self->fresh[i] = self->used[i];
    self->members[i] = (Member){.label = str_from_z(labels[i]), .hash = hash_of(str_from_z(labels[i]))};
    self->members[i].used =
        (Subject){.context = &self->used[i], .call = stand_in_call, .reset = stand_in_reset};
    self->members[i].fresh =
        (Subject){.context = &self->fresh[i], .call = stand_in_call, .reset = stand_in_reset};
  }
  return self;
}

static void run(Arena *arena, Round *self, uint64_t cases)
{
  LawOptions options = {.seed = 1, .cases = cases, .shrink_ns = UINT64_C(60000000000)};
  agree_run(arena, &self->spec->tests.at[0], self->members, self->count, NULL, &options, self->results);
}

/* "pfu": a letter for each member's verdict. */
static const char *verdicts(Arena *arena, const Round *self)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < self->count; i++) buf_byte(&out, "pfu"[self->results[i].verdict]);
  return str_to_z(arena, buf_text(&out));
}

#define ROUND(arena, test, ...)                                                     \
  round_of(arena, test, sizeof((Answering *[]){__VA_ARGS__}) / sizeof(Answering *), \
           (Answering *[]){__VA_ARGS__})

static const char DOUBLES[] = "agree \"d\" (x: u32) { double(x); }";

static void those_who_agree_pass(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right, right, right);
  run(arena, self, 2000);
  assert_string_equal(verdicts(arena, self), "ppp");
  for (size_t i = 0; i < 3; i++) assert_int_equal(self->results[i].cases, 2000);
}

static void the_minority_fails_with_the_smallest_input(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right, wrong_above_thousand, right);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "pfp");
  const Failure *failure = &self->results[1].failure;
  assert_text(failure->message, "`double(x)` gives something else than a and c");
  assert_text(inputs_text(arena, failure), "x = 1001");
  assert_text(failure->actual, "2003");
  assert_text(failure->expected, "2002");
}

static void each_dissenter_is_found(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right, wrong_above_thousand, right, wrong_at_seven, right);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "pfpfp");
  assert_text(inputs_text(arena, &self->results[1].failure), "x = 1001");
  assert_text(inputs_text(arena, &self->results[3].failure), "x = 7");
}

static void without_a_majority_nobody_is_blamed(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right, wrong_at_seven);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "uu");
  assert_text(self->results[0].reason,
              "`double(x)` gives different results, and no result has most votes: a: 14; b: 15; for x = 7");
}

static void named_implementations_decide_alone(void **state)
{
  Arena *arena = *state;
  Round *self =
      ROUND(arena, "agree \"d\" with \"b\" (x: u32) { double(x); }", wrong_at_seven, right, wrong_at_seven);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "fpf");
  Str by_hash = str_slice(hash_text(arena, hash_of(STR("b"))), 0, 15);
  const char *test = str_to_z(
      arena, str_format(arena, "agree \"d\" with \"%.*s\" (x: u32) { double(x); }", STR_ARG(by_hash)));
  self = ROUND(arena, test, wrong_at_seven, right, wrong_at_seven);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "fpf");
  self = ROUND(arena, "agree \"d\" with \"z\" (x: u32) { double(x); }", right, right);
  run(arena, self, 100);
  assert_string_equal(verdicts(arena, self), "uu");
  assert_text(self->results[0].reason, "`z` is not among the implementations that ran");
}

static void one_alone_agrees_with_nobody(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right);
  run(arena, self, 100);
  assert_string_equal(verdicts(arena, self), "u");
}

static void all_nans_are_the_same_result(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, "agree \"h\" (x: f64) { half(x); }", right, another_nan, right);
  run(arena, self, 5000);
  assert_string_equal(verdicts(arena, self), "ppp");
}

static void a_trap_is_a_result_and_a_broken_rule_is_not(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, trap_at_seven, trap_at_seven, right);
  run(arena, self, 20000);
  assert_string_equal(verdicts(arena, self), "ppf");
  self = ROUND(arena, DOUBLES, break_at_seven, break_at_seven, right);
  run(arena, self, 20000);
  assert_int_equal(self->results[0].verdict, VERDICT_FAILED);
  assert_int_equal(self->results[1].verdict, VERDICT_FAILED);
  assert_int_equal(self->results[2].verdict, VERDICT_UNDECIDED);
}

/* Whatever went before, a case begins with fresh instances. */
static void every_case_begins_on_fresh_instances(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, "agree \"c\" (x: u32) { double(x); expect count() == 2; }", right, right);
  run(arena, self, 500);
  assert_string_equal(verdicts(arena, self), "pp");
}

static void a_disagreement_replays(void **state)
{
  Arena *arena = *state;
  Round *self = ROUND(arena, DOUBLES, right, wrong_above_thousand, right);
  run(arena, self, 20000);
  Str token = replay_encode(arena, self->spec, &self->results[1].replay);
  Diags diags = diags_in(arena);
  size_t spec;
  Replay replay;
  assert_true(replay_decode(arena, token, &self->spec, 1, &spec, &replay, &diags));
  Round *again = ROUND(arena, DOUBLES, wrong_above_thousand, right, right);
  again->spec = self->spec;
  agree_replay(arena, &again->spec->tests.at[0], again->members, again->count, &replay, again->results);
  assert_string_equal(verdicts(arena, again), "fpp");
  assert_text(inputs_text(arena, &again->results[0].failure), "x = 1001");
}

static uint64_t wrong_from_the_third_call(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + (calls >= 3 && str_equal(function->name, STR("count")));
}

/* Steps run on all members; who differs is named, after the shortest sequence that shows it. */
static void sequences_are_compared_too(void **state)
{
  static const char test[] = "agree \"s\" { op double(x: u32) { double(x); } op count() { count(); } }";
  Arena *arena = *state;
  Round *self = ROUND(arena, test, right, right, wrong_from_the_third_call);
  run(arena, self, 2000);
  assert_string_equal(verdicts(arena, self), "ppf");
  const Failure *failure = &self->results[2].failure;
  assert_text(failure->message, "`count()` gives something else than a and b");
  assert_int_equal(failure->step_count, 1);
  assert_text(failure->steps[0], "count(), 3 times");
  assert_text(failure->actual, "4");
  assert_text(failure->expected, "3");
  Round *again = ROUND(arena, test, right, right, wrong_from_the_third_call);
  agree_replay(arena, &again->spec->tests.at[0], again->members, again->count, &self->results[2].replay,
               again->results);
  assert_string_equal(verdicts(arena, again), "ppf");
  self = ROUND(arena, test, right, right, right);
  run(arena, self, 500);
  assert_string_equal(verdicts(arena, self), "ppp");
  assert_int_equal(self->results[0].cases, 500);
}

/* --- searches */

enum { BLOCKS = 2, OPERANDS = 4 };

/* What a member's build would tell that counts its blocks. */
typedef struct Telling {
  uint32_t blocks[BLOCKS];
  uint64_t operands[OPERANDS];
  uint8_t seen_blocks[BLOCKS], seen_results[OPERANDS];
} Telling;

static void let_tell(Arena *arena, Round *self)
{
  static const WasmCompare compares[] = {{.opcode = OPCODE_I32_EQ}};
  for (size_t i = 0; i < self->count; i++) {
    Telling *told = arena_new_of(arena, Telling);
    Member *member = &self->members[i];
    member->cover = member->used;
    member->target = (SearchTarget){.cover = &member->cover, .compares = compares};
    member->target.counters = (GuestCounters){
        .blocks = told->blocks, .block_count = BLOCKS, .operands = told->operands, .operand_count = OPERANDS};
    member->seen = (SearchSeen){told->seen_blocks, told->seen_results};
  }
}

static void search(Arena *arena, Round *self, const LawOptions *options)
{
  for (size_t i = 0; i < self->count; i++) self->results[i] = (MemberResult){.verdict = VERDICT_PASSED};
  agree_search(arena, &self->spec->tests.at[0], self->members, self->count, NULL, options, self->results);
}

static void a_search_has_as_many_cases_as_it_was_given(void **state)
{
  static const uint64_t counts[] = {1, 2, 3, 10, 1000};
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    LawOptions options = {.seed = 1, .cases = counts[i], .shrink_ns = UINT64_C(60000000000)};
    Round *self = ROUND(arena, DOUBLES, right, right, right);
    let_tell(arena, self);
    search(arena, self, &options);
    assert_string_equal(verdicts(arena, self), "ppp");
    for (size_t k = 0; k < 3; k++) assert_int_equal(self->results[k].cases, counts[i]);
  }
}

static uint64_t always_wrong(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + 1;
}

/* However few cases a shard has of it, and however many are found out. */
static void a_search_ends_with_its_cases(void **state)
{
  Arena *arena = *state;
  for (uint64_t cases = 0; cases < 12; cases++) {
    LawOptions options = {.seed = 1, .cases = cases, .shrink_ns = UINT64_C(60000000000)};
    Round *self = ROUND(arena, DOUBLES, right, always_wrong, right, right, right);
    let_tell(arena, self);
    search(arena, self, &options);
    assert_string_equal(verdicts(arena, self), cases ? "pfppp" : "ppppp");
    assert_int_equal(self->results[0].cases, cases);
  }
}

/* What cannot tell what it does leaves its part to those that can. */
static void those_that_can_lead_a_search_share_all_of_it(void **state)
{
  Arena *arena = *state;
  LawOptions options = {.seed = 1, .cases = 100, .shrink_ns = UINT64_C(60000000000)};
  Round *self = ROUND(arena, DOUBLES, right, right, right);
  let_tell(arena, self);
  self->members[0].target.cover = self->members[2].target.cover = NULL;
  search(arena, self, &options);
  assert_int_equal(self->results[0].cases, 100);
}

static KeptCase kept_case(Arena *arena, uint64_t value)
{
  Choice *choice = arena_new_of(arena, Choice);
  *choice = (Choice){value, CHOICE_NUMBER};
  return (KeptCase){.replay = {.kind = REPLAY_CHOICES, .repeats = 1, .choices = {choice, 1}}};
}

static uint64_t wrong_at_a_great_number(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + (arg.bits == 2718281828);
}

static uint64_t wrong_at_another(uint64_t calls, const Function *function, Value arg)
{
  return right(calls, function, arg) + (arg.bits == 3141592653);
}

static void kept_cases_come_first_and_all_of_them(void **state)
{
  Arena *arena = *state;
  const KeptCase cases[] = {kept_case(arena, 5), kept_case(arena, 2718281828), kept_case(arena, 3141592653)};
  const KeptCase *const kept[] = {&cases[0], &cases[1], &cases[2]};
  LawOptions options = {.seed = 1, .cases = 1000, .shrink_ns = UINT64_C(60000000000)};
  Round *self = ROUND(arena, DOUBLES, right, wrong_at_a_great_number, right, wrong_at_another, right);
  agree_run(arena, &self->spec->tests.at[0], self->members, self->count, NULL, &options, self->results);
  assert_string_equal(verdicts(arena, self), "ppppp"); /* chance does not meet them */
  options.kept = kept;
  options.kept_count = 3;
  self = ROUND(arena, DOUBLES, right, wrong_at_a_great_number, right, wrong_at_another, right);
  agree_run(arena, &self->spec->tests.at[0], self->members, self->count, NULL, &options, self->results);
  assert_string_equal(verdicts(arena, self), "pfpfp");
  assert_text(inputs_text(arena, &self->results[1].failure), "x = 2718281828");
  assert_text(inputs_text(arena, &self->results[3].failure), "x = 3141592653");
  assert_int_equal(self->results[1].cases, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(those_who_agree_pass),
      TEST(the_minority_fails_with_the_smallest_input),
      TEST(each_dissenter_is_found),
      TEST(without_a_majority_nobody_is_blamed),
      TEST(named_implementations_decide_alone),
      TEST(one_alone_agrees_with_nobody),
      TEST(all_nans_are_the_same_result),
      TEST(a_trap_is_a_result_and_a_broken_rule_is_not),
      TEST(every_case_begins_on_fresh_instances),
      TEST(a_disagreement_replays),
      TEST(sequences_are_compared_too),
      TEST(a_search_has_as_many_cases_as_it_was_given),
      TEST(a_search_ends_with_its_cases),
      TEST(those_that_can_lead_a_search_share_all_of_it),
      TEST(kept_cases_come_first_and_all_of_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
