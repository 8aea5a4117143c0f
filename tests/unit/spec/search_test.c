/* A search finds the one input on which a law fails, from what the implementation compares: here stand-ins
 * that say what they compare and where they go, as an instrumented module does. Each is wrong for inputs that
 * chance does not meet. */
#include "spec/search.h"

#include <math.h>

#include "runtime/guest_table.h"
#include "runtime/wasm_code.h"
#include "tests/unit/spec/stand_in.h"

enum { BLOCKS = 64, COMPARES = 8, STATES = 4, CASES = 200000 };

/* An implementation that is watched. */
typedef struct Watched {
  StandIn stand_in;
  uint32_t blocks[BLOCKS];
  uint64_t operands[2 * COMPARES + 2];
  uint64_t states[STATES];
  const Type *list; /* of the first parameter */
  bool tells;       /* its operands, and what it writes; else only where it goes */
  uint32_t reached; /* steps of a lock, since that many resets */
  uint64_t resets;
  uint64_t kept; /* bytes, since then */
} Watched;

static void enter(Watched *self, uint32_t block)
{
  self->blocks[block]++;
}

/* Keeps the operands; true when they are equal. */
static bool compares(Watched *self, uint32_t index, uint64_t left, uint64_t right)
{
  if (self->tells) self->operands[2 * index] = left, self->operands[2 * index + 1] = right;
  return left == right;
}

static uint32_t writes(Watched *self, uint32_t place, uint32_t value)
{
  if (self->tells) self->states[place] |= UINT64_C(1) << value % 64;
  return value;
}

static bool compares_reals(Watched *self, uint32_t index, double left, double right)
{
  compares(self, index, value_f64(left).bits, value_f64(right).bits);
  return left == right;
}

/* By comparison: two of i64, three of i32, one switch, two of f64. */
static const WasmCompare kinds[COMPARES] = {
    {.opcode = OPCODE_I64_EQ}, {.opcode = OPCODE_I64_EQ}, {.opcode = OPCODE_I32_EQ},
    {.opcode = OPCODE_I32_EQ}, {.opcode = OPCODE_I32_NE}, {.opcode = OPCODE_BR_TABLE},
    {.opcode = OPCODE_F64_EQ}, {.opcode = OPCODE_F64_LT},
};

typedef bool Wrong(Watched *self, const Value *args);

/* --- the ways to be wrong */

static bool magic_number(Watched *self, const Value *args)
{
  return compares(self, 0, args[0].bits, UINT64_C(0xd1b54a32d192ed03));
}

static bool linear_number(Watched *self, const Value *args)
{
  return compares(self, 2, (uint32_t)(3 * args[0].bits + 7), UINT32_C(2021122300));
}

static bool scaled_and_shifted(Watched *self, const Value *args)
{
  return compares(self, 0, 12 * args[0].bits - 5, UINT64_C(12) * 987654321123 - 5);
}

static bool low_bits(Watched *self, const Value *args)
{
  return compares(self, 2, (uint16_t)args[0].bits, 0xbeef);
}

static bool nested_numbers(Watched *self, const Value *args)
{
  if (!compares(self, 0, args[0].bits, UINT64_C(2718281828459045235))) return false;
  enter(self, 1);
  return compares(self, 1, args[1].bits, UINT64_C(3141592653589793238));
}

static bool switch_case(Watched *self, const Value *args)
{
  uint32_t index = (uint32_t)args[0].bits - 1234567;
  compares(self, 5, index, 0);
  if (index < 8) enter(self, 2 + index);
  return index == 6;
}

static bool same_real(Watched *self, const Value *args)
{
  return compares_reals(self, 6, value_as_f64(args[0]), 6.62607015e-34);
}

static bool real_in_hundredths(Watched *self, const Value *args)
{
  double x = value_as_f64(args[0]);
  return fabs(x) < 1e9 && compares(self, 0, (uint64_t)(int64_t)(x * 100), 27315917);
}

static bool computed_real(Watched *self, const Value *args)
{
  double x = value_as_f64(args[0]), y = 1.8 * x + 32;
  compares_reals(self, 7, y, 123456.5);
  return fabs(y - 123456.5) < 1e-6;
}

static bool byte_by_byte(Watched *self, const Value *args)
{
  static const char word[] = "open sesame";
  Str text = value_as_string(args[0]);
  for (size_t i = 0; i < sizeof word - 1; i++) {
    if (i >= text.len || !compares(self, 4, (uint8_t)text.at[i], (uint8_t)word[i])) return false;
    enter(self, 1);
  }
  return true;
}

static bool word_by_word(Watched *self, const Value *args)
{
  static const char word[] = "abracadabra!";
  Str text = value_as_string(args[0]);
  if (!compares(self, 3, (uint32_t)text.len, sizeof word - 1)) return false;
  enter(self, 1);
  for (size_t i = 0; i < sizeof word - 1; i += 4) {
    uint32_t ours, its;
    memcpy(&its, text.at + i, 4);
    memcpy(&ours, word + i, 4);
    if (!compares(self, 4, its, ours)) return false;
    enter(self, 2);
  }
  return true;
}

static bool long_list(Watched *self, const Value *args)
{
  return compares(self, 3, args[0].count, 777);
}

static bool some_elements(Watched *self, const Value *args)
{
  uint32_t length = args[0].count;
  if (length < 3) return false;
  enter(self, 1);
  if (!compares(self, 2, (uint32_t)value_list_at(self->list, args[0], 1).bits, 70000)) return false;
  enter(self, 2);
  return compares(self, 3, (uint32_t)value_list_at(self->list, args[0], 2).bits, 123456789);
}

/* Only where it goes: each longer run of descending numbers is another block. */
static bool descending(Watched *self, const Value *args)
{
  uint32_t run = 0;
  for (uint32_t i = 1; i < args[0].count; i++) {
    int64_t before = (int32_t)value_list_at(self->list, args[0], i - 1).bits;
    bool falls = (int32_t)value_list_at(self->list, args[0], i).bits < before - 20;
    run = falls ? run + 1 : 0;
    if (run > 5) return true;
    enter(self, 1 + run);
  }
  return false;
}

static bool after_calls(Watched *self, const Value *args)
{
  (void)args;
  return compares(self, 3, (uint32_t)self->stand_in.calls, 30011);
}

/* The decimal number that a text begins with. */
static bool written_number(Watched *self, const Value *args)
{
  Str text = value_as_string(args[0]);
  uint32_t number = 0;
  for (size_t i = 0; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++)
    number = 10 * number + (uint32_t)(text.at[i] - '0');
  return compares(self, 3, number, 31337);
}

/* Four numbers one after the other, on an instance that was fresh before the first; no other between. */
static bool code_lock(Watched *self, const Value *args)
{
  static const uint8_t code[] = {17, 3, 17, 250};
  if (self->resets != self->stand_in.resets) self->reached = 0;
  self->resets = self->stand_in.resets;
  self->reached = compares(self, 2, (uint32_t)args[0].bits, code[self->reached]) ? self->reached + 1 : 0;
  enter(self, 1 + self->reached);
  return self->reached == sizeof code;
}

/* What a table says of where seven numbers lead, one after the other; any other leads back. Neither where it
 * goes nor what it compares tells how far it has come. */
static uint32_t table_lock(Watched *self, uint32_t reached, uint32_t number)
{
  static const uint8_t code[] = {5, 2, 7, 1, 4, 6, 3, 8};
  writes(self, 0, number); /* data as well */
  return writes(self, 1, number % 8 == code[reached] ? reached + 1 : 0);
}
enum { TABLE_LOCK_STEPS = 7, COMPARING_LOCK_STEPS = 5 };

static bool lock_of_calls(Watched *self, const Value *args)
{
  if (self->resets != self->stand_in.resets) self->reached = 0;
  self->resets = self->stand_in.resets;
  self->reached = table_lock(self, self->reached, (uint32_t)args[0].bits);
  return self->reached == TABLE_LOCK_STEPS;
}

static bool lock_of_elements(Watched *self, const Value *args)
{
  uint32_t reached = 0;
  for (uint32_t i = 0; i < args[0].count && reached < TABLE_LOCK_STEPS; i++)
    reached = table_lock(self, reached, (uint32_t)value_list_at(self->list, args[0], i).bits);
  return reached == TABLE_LOCK_STEPS;
}

/* The same with wide numbers, which one comparison asks for in turn: which one, is written alone. */
static bool lock_that_compares(Watched *self, const Value *args)
{
  static const uint32_t code[] = {271828182, 845904523, 536028747, 135266249, 775724709};
  if (self->resets != self->stand_in.resets) self->reached = 0;
  self->resets = self->stand_in.resets;
  bool is_next = compares(self, 2, (uint32_t)args[0].bits, code[self->reached]);
  self->reached = writes(self, 1, is_next ? self->reached + 1 : 0);
  return self->reached == COMPARING_LOCK_STEPS;
}

/* Each remainder is another way; what one of the first to come leads to keeps a little memory for ever. */
static bool keeps_a_little(Watched *self, const Value *args)
{
  enum { BYTES = 1024 };
  uint32_t way = (uint32_t)args[0].bits % (BLOCKS - 1);
  enter(self, 1 + way);
  if (self->resets != self->stand_in.resets) self->kept = 0;
  self->resets = self->stand_in.resets;
  if (way == 0) self->kept += BYTES;
  return false;
}

static uint64_t kept_bytes(void *context)
{
  enum { PAGE = 1 << 16 };
  Watched *self = context;
  return (self->kept + PAGE - 1) / PAGE * PAGE;
}

static uint64_t kept_reach(void *context)
{
  return ((Watched *)context)->kept;
}

/* --- searching */

static bool watched_call(StandIn *stand_in, const Function *function, const Value *args, Arena *arena,
                         Value *result, Fault *fault)
{
  Watched *self = (Watched *)(void *)stand_in;
  Wrong *wrong = *(Wrong **)stand_in->context;
  (void)arena, (void)fault;
  self->list = function->params[0].type;
  enter(self, 0);
  *result = value_bool(!wrong(self, args));
  return true;
}

static Watched watched(Wrong **wrong, bool tells)
{
  return (Watched){.stand_in = {.call = watched_call, .context = wrong}, .tells = tells};
}

static GuestCounters counters_of(Watched *self)
{
  return (GuestCounters){.blocks = self->blocks,
                         .block_count = BLOCKS,
                         .operands = self->operands,
                         .operand_count = 2 * COMPARES + 2,
                         .states = self->states,
                         .state_count = STATES};
}

typedef struct Found {
  LawResult result;
  Str inputs;
  size_t steps;
} Found;

static Found search_watched(Arena *arena, const Spec *spec, Wrong *wrong, bool tells, uint64_t seed,
                            uint64_t cases)
{
  Watched cover = watched(&wrong, tells), fresh = cover;
  Subject cover_subject = {.context = &cover, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  SearchTarget target = {.cover = &cover_subject, .compares = kinds};
  target.counters = counters_of(&cover);
  uint8_t blocks[BLOCKS] = {0}, results[2 * COMPARES + 2] = {0};
  SearchSeen seen = {blocks, results};
  LawOptions options = {.cases = cases, .shrink_ns = UINT64_C(60000000000)};
  Arena *own = arena_new(), *memory = arena_new();
  Found found = {.result = {.verdict = VERDICT_PASSED}};
  Failure failure = {0};
  Attempt attempt;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  Search *its = search_new(memory, &attempt, &target, &seen, seed);
  law_search(its, &attempt, &fresh_subject, &options, &found.result);
  if (found.result.verdict == VERDICT_FAILED) {
    failure_describe(arena, &attempt, found.result.on_used_instances, found.result.replay.repeats, &failure);
    found.inputs = inputs_text(arena, &failure);
    found.steps = failure.step_count;
  }
  arena_free(own);
  arena_free(memory);
  return found;
}

static Found search_spec(Arena *arena, const Spec *spec, Wrong *wrong, uint64_t seed, uint64_t cases)
{
  return search_watched(arena, spec, wrong, true, seed, cases);
}

static Found search(Arena *arena, const char *params, Wrong *wrong, uint64_t seed, uint64_t cases)
{
  const Spec *spec = stand_in_spec(arena, str_to_z(arena, str_format(arena, "f: func(%s) -> bool;", params)),
                                   str_to_z(arena, str_format(arena, "law \"l\" (%s) { expect f(%s); }",
                                                              params, strchr(params, ',') ? "a, b" : "a")));
  return search_spec(arena, spec, wrong, seed, cases);
}

typedef struct Hidden {
  const char *params;
  Wrong *wrong;
  const char *inputs; /* the counterexample; NULL: there are many */
} Hidden;

static const Hidden hidden[] = {
    {"a: u64", magic_number, "a = 15111065706836454659"},
    /* 3 · 673707431 + 7 = 2021122300 */
    {"a: u32", linear_number, "a = 673707431"},
    {"a: u64", scaled_and_shifted, NULL},
    {"a: u32", low_bits, NULL},
    {"a: s64, b: s64", nested_numbers, "a = 2718281828459045235; b = 3141592653589793238"},
    {"a: u32", switch_case, "a = 1234573"},
    {"a: f64", same_real, "a = 6.62607015e-34"},
    {"a: f64", real_in_hundredths, NULL},
    {"a: f64", computed_real, NULL},
    {"a: string", byte_by_byte, "a = \"open sesame\""},
    {"a: string", word_by_word, "a = \"abracadabra!\""},
    {"a: string", written_number, "a = \"31337\""},
    {"a: list<u16>", long_list, NULL},
    {"a: list<u32>", some_elements, "a = [0, 70000, 123456789]"},
    {"a: list<s32>", descending, NULL},
    {"a: u8", after_calls, NULL},
};

static void what_is_compared_is_found(void **state)
{
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
    for (uint64_t seed = 1; seed <= 3; seed++) {
      Found found = search(*state, hidden[i].params, hidden[i].wrong, seed, CASES);
      if (found.result.verdict != VERDICT_FAILED) print_error("number %zu, seed %d\n", i, (int)seed);
      assert_int_equal(found.result.verdict, VERDICT_FAILED);
      if (hidden[i].inputs) assert_slice(found.inputs, str_from_z(hidden[i].inputs));
    }
}

/* One word is enough to get stuck: where the text that is long enough has chars that the word cuts. */
static void words_are_put_into_any_text(void **state)
{
  for (uint64_t seed = 1; seed <= 20; seed++) {
    Found found = search(*state, "a: string", word_by_word, seed, CASES);
    assert_int_equal(found.result.verdict, VERDICT_FAILED);
  }
}

static void steps_that_only_together_lead_somewhere_are_found(void **state)
{
  const Spec *spec = stand_in_spec(*state, "f: func(a: u32) -> bool;",
                                   "sequence \"s\" { op turn(a: u32) { expect f(a); } }");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    Found found = search_spec(*state, spec, code_lock, seed, CASES);
    assert_int_equal(found.result.verdict, VERDICT_FAILED);
    assert_int_equal(found.steps, 4);
  }
}

/* What shows only in what is written is followed step by step; where that is not told, it is not found. */
static void states_that_show_in_data_alone_are_followed(void **state)
{
  const Spec *calls = stand_in_spec(*state, "f: func(a: u32) -> bool; g: func(a: u32) -> bool;",
                                    "sequence \"s\" { op turn(a: u32) { expect f(a); } }");
  const Spec *elements =
      stand_in_spec(*state, "f: func(a: list<u32>) -> bool;", "law \"l\" (a: list<u32>) { expect f(a); }");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    Found found = search_spec(*state, calls, lock_of_calls, seed, CASES / 10);
    assert_int_equal(found.result.verdict, VERDICT_FAILED);
    assert_int_equal(found.steps, TABLE_LOCK_STEPS);
    found = search_spec(*state, elements, lock_of_elements, seed, CASES / 10);
    assert_int_equal(found.result.verdict, VERDICT_FAILED);
    found = search_watched(*state, calls, lock_of_calls, false, seed, CASES / 10);
    assert_int_equal(found.result.verdict, VERDICT_PASSED);
    found = search_watched(*state, elements, lock_of_elements, false, seed, CASES / 10);
    assert_int_equal(found.result.verdict, VERDICT_PASSED);
  }
}

/* What is compared in a state that was come to is asked for there. */
static void what_a_state_compares_is_found(void **state)
{
  const Spec *spec = stand_in_spec(*state, "f: func(a: u32) -> bool;",
                                   "sequence \"s\" { op turn(a: u32) { expect f(a); } }");
  for (uint64_t seed = 1; seed <= 5; seed++) {
    Found found = search_spec(*state, spec, lock_that_compares, seed, CASES / 10);
    assert_int_equal(found.result.verdict, VERDICT_FAILED);
    assert_int_equal(found.steps, COMPARING_LOCK_STEPS);
  }
}

/* Inputs for which the specification's own computation takes too many steps say nothing of the others. */
static void costly_inputs_are_passed_over(void **state)
{
  const Spec *spec = stand_in_spec(
      *state, "f: func(a: u32) -> bool;",
      "law \"l\" (a: u32) { expect f(a) && (a % 16 != 5 || (for all i in 0..1000000000: true)); }");
  Found found = search_spec(*state, spec, linear_number, 1, CASES / 10);
  assert_int_equal(found.result.verdict, VERDICT_FAILED);
  assert_slice(found.inputs, STR("a = 673707431"));
}

/* Does a search of a few cases find that the instance grows? `reaches`: it can be told how far. */
static Verdict growth_found(Arena *arena, bool reaches, uint64_t seed)
{
  Wrong *wrong = keeps_a_little;
  Watched cover = watched(&wrong, true), fresh = cover;
  const Spec *spec = stand_in_spec(arena, "f: func(a: u32) -> bool;", "law \"l\" (a: u32) { expect f(a); }");
  Subject cover_subject = {.context = &cover, .call = stand_in_call, .reset = stand_in_reset},
          fresh_subject = {.context = &fresh,
                           .call = stand_in_call,
                           .reset = stand_in_reset,
                           .memory = kept_bytes,
                           .reach = reaches ? kept_reach : NULL};
  SearchTarget target = {.cover = &cover_subject, .compares = kinds};
  target.counters = counters_of(&cover);
  uint8_t blocks[BLOCKS] = {0}, results[2 * COMPARES + 2] = {0};
  SearchSeen seen = {blocks, results};
  LawOptions options = {.cases = 2000, .shrink_ns = UINT64_C(60000000000)};
  LawResult result = {.verdict = VERDICT_PASSED};
  Arena *own = arena_new(), *memory = arena_new();
  Attempt attempt;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  Search *its = search_new(memory, &attempt, &target, &seen, seed);
  law_search(its, &attempt, &fresh_subject, &options, &result);
  assert_int_equal(result.verdict, VERDICT_PASSED);
  law_grows(its, &attempt, &fresh_subject, &options, &result);
  arena_free(own);
  arena_free(memory);
  return result.verdict;
}

/* Of many cases few can be run so often that growth shows: those that are seen to reach further. */
static void what_reaches_further_is_looked_at(void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++) {
    assert_int_equal(growth_found(*state, true, seed), VERDICT_FAILED);
    assert_int_equal(growth_found(*state, false, seed), VERDICT_PASSED);
  }
}

/* A search that looks at nothing has no better luck than others: the ways above are hard indeed. */
static void by_chance_none_is_found(void **state)
{
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
    const Hidden *one = &hidden[i];
    bool has_two = strchr(one->params, ',');
    Wrong *wrong = one->wrong;
    if (wrong == low_bits || wrong == long_list || wrong == after_calls || wrong == descending) continue;
    Watched blind = watched(&wrong, false);
    const Spec *spec =
        stand_in_spec(*state, str_to_z(*state, str_format(*state, "f: func(%s) -> bool;", one->params)),
                      str_to_z(*state, str_format(*state, "law \"l\" (%s) { expect f(%s); }", one->params,
                                                  has_two ? "a, b" : "a")));
    Subject subject = {.context = &blind, .call = stand_in_call, .reset = stand_in_reset};
    LawOptions options = {.seed = 1, .cases = 50000};
    LawResult result;
    Arena *own = arena_new();
    Attempt attempt;
    attempt_init(&attempt, own, &spec->tests.at[0]);
    law_run(&attempt, &subject, &subject, &options, &result);
    arena_free(own);
    assert_int_equal(result.verdict, VERDICT_PASSED);
  }
}

static bool never(Watched *self, const Value *args)
{
  compares(self, 0, args[0].bits, 5);
  return false;
}

static void what_is_right_stays_right(void **state)
{
  Found found = search(*state, "a: u64, b: list<string>", never, 1, 20000);
  assert_int_equal(found.result.verdict, VERDICT_PASSED);
  assert_int_equal(found.result.cases, 20000);
}

static void a_seed_gives_the_same_run_every_time(void **state)
{
  for (size_t i = 0; i < 4; i++) {
    Found first = search(*state, hidden[i].params, hidden[i].wrong, 7, CASES);
    Found second = search(*state, hidden[i].params, hidden[i].wrong, 7, CASES);
    assert_int_equal(first.result.cases, second.result.cases);
    assert_slice(first.inputs, second.inputs);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_is_compared_is_found),
      TEST(words_are_put_into_any_text),
      TEST(steps_that_only_together_lead_somewhere_are_found),
      TEST(states_that_show_in_data_alone_are_followed),
      TEST(what_a_state_compares_is_found),
      TEST(costly_inputs_are_passed_over),
      TEST(what_reaches_further_is_looked_at),
      TEST(by_chance_none_is_found),
      TEST(what_is_right_stays_right),
      TEST(a_seed_gives_the_same_run_every_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
