/* The shrinking challenge (github.com/jlink/shrinking-challenge), told as laws that are false: what is found
 * has to shrink to the smallest counterexample that the challenge names. Where it names several, or another
 * order of equal parts, it is the one that comes first as a choice sequence; that nothing simpler fails is
 * asked of all simpler cases, one by one. */
#include "spec/shrink.h"

#include "tests/unit/spec/stand_in.h"

typedef struct Challenge {
  const char *name;
  const char *items, *functions; /* of the interface; `fn`s */
  const char *law;               /* its parameters and what it says */
  StandInCall *call;
  const char *inputs; /* the smallest */
  uint64_t largest;   /* choices up to this are tried in all simpler cases; 0: there are too many of them */
  uint32_t reached;   /* by so many of ten seeds; 0: by all */
} Challenge;

/* --- a wrong binary heap, as SmartCheck's paper has it: taking the sorted list of a heap takes the root,
 * then the rest as it lies after one merge. A heap is written in preorder, `none` where there is no node;
 * what is missing at the end is not there either. A node is as much more than its parent as the list says, so
 * every list is a heap. */

enum { HEAP_NODES_MAX = 256 };

typedef struct HeapNode {
  uint64_t number;
  int left, right; /* -1: none */
} HeapNode;

typedef struct Heap {
  HeapNode nodes[HEAP_NODES_MAX];
  int count;
  const Value *list;
  size_t at;
} Heap;

static int heap_read(Heap *self, uint64_t least)
{
  if (self->at == self->list->count || self->count == HEAP_NODES_MAX) return -1;
  const Value *item = &self->list->items[self->at++];
  if (item->tag == 0) return -1;
  int index = self->count++;
  uint64_t number = least + item->items[0].bits;
  int left = heap_read(self, number), right = heap_read(self, number);
  self->nodes[index] = (HeapNode){number, left, right};
  return index;
}

static int heap_merge(Heap *self, int a, int b)
{
  if (a < 0 || b < 0) return a < 0 ? b : a;
  int top = self->nodes[a].number <= self->nodes[b].number ? a : b, other = top == a ? b : a;
  int merged = heap_merge(self, self->nodes[top].right, other);
  self->nodes[top].right = self->nodes[top].left;
  self->nodes[top].left = merged;
  return top;
}

/* Its numbers as they lie: a node before what is below it. */
static size_t heap_numbers(const Heap *self, int root, uint64_t *out, size_t count)
{
  if (root < 0) return count;
  out[count++] = self->nodes[root].number;
  count = heap_numbers(self, self->nodes[root].right, out, count);
  return heap_numbers(self, self->nodes[root].left, out, count);
}

static bool heap_call(StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
                      Fault *fault)
{
  Heap heap = {.list = &args[0]};
  uint64_t sorted[HEAP_NODES_MAX];
  (void)self, (void)function, (void)fault;
  int root = heap_read(&heap, 0);
  size_t count = 0;
  if (root >= 0) {
    sorted[count++] = heap.nodes[root].number;
    int rest = heap_merge(&heap, heap.nodes[root].left, heap.nodes[root].right);
    count = heap_numbers(&heap, rest, sorted, count);
  }
  Value *items = arena_array_of(arena, Value, count + 1);
  for (size_t i = 0; i < count; i++) items[i] = value_u64(sorted[i]);
  *result = value_list(arena, function->result, items, count);
  return true;
}

/* --- the challenges */

static const char DISTINCT[] = "fn distinct(xs: list<s64>) -> list<s64> ="
                               "  [for i in 0..len(xs) if !contains(slice(xs, 0, i), xs[i]): xs[i]];";
static const char APART[] = "fn apart(a: u32, b: u32) -> u32 = if a < b { b - a } else { a - b };";

/* Expressions of up to three levels, as interfaces have no types that contain themselves. */
static const char CALCULATOR[] =
    "variant inner { num(s32), add(tuple<s32, s32>), div(tuple<s32, s32>) }"
    "variant middle { num(s32), add(tuple<inner, inner>), div(tuple<inner, inner>) }"
    "variant outer { num(s32), add(tuple<middle, middle>), div(tuple<middle, middle>) }"
    "ask: func(x: outer) -> bool;";

/* What each level is worth, `none` where it divides by zero; and whether no divisor is written as zero. */
static const char CALCULATE[] =
    "fn both(a: option<s32>, b: option<s32>, divides: bool) -> option<s32> = match a { none => none,"
    "  some(x) => match b { none => none, some(y) => if !divides { some(x + y) }"
    "  else if y == 0 { none } else { some(x / y) } } };"
    "fn value1(e: inner) -> option<s32> = match e { num(n) => some(n),"
    "  add(p) => both(some(p.0), some(p.1), false), div(p) => both(some(p.0), some(p.1), true) };"
    "fn plain1(e: inner) -> bool = match e { div(p) => p.1 != 0, _ => true };"
    "fn value2(e: middle) -> option<s32> = match e { num(n) => some(n),"
    "  add(p) => both(value1(p.0), value1(p.1), false), div(p) => both(value1(p.0), value1(p.1), true) };"
    "fn plain2(e: middle) -> bool = match e { num(_) => true, add(p) => plain1(p.0) && plain1(p.1),"
    "  div(p) => plain1(p.0) && plain1(p.1) && match p.1 { num(n) => n != 0, _ => true } };"
    "fn value3(e: outer) -> option<s32> = match e { num(n) => some(n),"
    "  add(p) => both(value2(p.0), value2(p.1), false), div(p) => both(value2(p.0), value2(p.1), true) };"
    "fn plain3(e: outer) -> bool = match e { num(_) => true, add(p) => plain2(p.0) && plain2(p.1),"
    "  div(p) => plain2(p.0) && plain2(p.1) && match p.1 { num(n) => n != 0, _ => true } };";

static const Challenge CHALLENGES[] = {
    /* Two lists whose sum wraps. Of one number x the other must be below −32768 − x, so x is below 0. */
    {.name = "bound5",
     .law = "(a: list<s16>, b: list<s16>, c: list<s16>, d: list<s16>, e: list<s16>)"
            "  where sum(a) < 256, sum(b) < 256, sum(c) < 256, sum(d) < 256, sum(e) < 256 {"
            "  expect sum(a) + sum(b) + sum(c) + sum(d) + sum(e) < 1280; }",
     .inputs = "a = []; b = []; c = []; d = [-1]; e = [-32768]"},
    {.name = "large union list",
     .functions = DISTINCT,
     .law = "(xss: list<list<s64>>) { expect len(distinct(concat(xss))) < 5; }",
     .inputs = "xss = [[0, 1, -1, 2, -2]]",
     .largest = 4},
    {.name = "reverse",
     .law = "(xs: list<s64>) { expect reverse(xs) == xs; }",
     .inputs = "xs = [0, 1]",
     .largest = 4},
    {.name = "calculator",
     .items = CALCULATOR,
     .functions = CALCULATE,
     .law = "(e: outer) where plain3(e) { expect value3(e) != none; }",
     .inputs = "e = div((num(0), add((num(0), num(0)))))",
     .largest = 4},
    {.name = "length list",
     .law = "(n: s64, xs: list<u16>) where n in 1..=100, len(xs) == n {"
            "  expect max([for x in xs: min(x, 1000)]) < 900; }",
     .inputs = "n = 1; xs = [900]",
     .largest = 1000},
    {.name = "difference must not be zero",
     .functions = APART,
     .law = "(x: u32, y: u32) where x > 0, y > 0 { expect x < 10 || apart(x, y) != 0; }",
     .inputs = "x = 10; y = 10",
     .largest = 100},
    {.name = "difference must not be small",
     .functions = APART,
     .law = "(x: u32, y: u32) where x > 0, y > 0 { expect x < 10 || !(apart(x, y) in 1..5); }",
     .inputs = "x = 10; y = 6",
     .largest = 100},
    {.name = "difference must not be one",
     .functions = APART,
     .law = "(x: u32, y: u32) where x > 0, y > 0 { expect x < 10 || apart(x, y) != 1; }",
     .inputs = "x = 10; y = 9",
     .largest = 100},
    {.name = "binary heap",
     .items = "sorted: func(heap: list<option<u8>>) -> list<u64>;",
     .law = "(heap: list<option<u8>>) { expect is-sorted(sorted(heap)); }",
     .call = heap_call,
     .inputs = "heap = [some(0), some(0), some(0), none, none, some(1)]",
     .largest = 2,
     .reached = 9},
    {.name = "coupling",
     .law = "(xs: list<u8>) where for all x in xs: s64(x) < len(xs) {"
            "  expect [for i in 0..len(xs) if s64(xs[i]) != i && s64(xs[s64(xs[i])]) == i: i] == []; }",
     .inputs = "xs = [1, 0]",
     .largest = 4},
    {.name = "deletion",
     .functions = "fn without(xs: list<s64>, x: s64) -> list<s64> = if len(xs) == 0 { [] }"
                  "  else if xs[0] == x { slice(xs, 1, len(xs)) }"
                  "  else { concat([xs[0]], without(slice(xs, 1, len(xs)), x)) };",
     .law = "(xs: list<s64>, x: s64) { expect !contains(without(xs, x), x); }",
     .inputs = "xs = [0, 0]; x = 0",
     .largest = 4},
    {.name = "distinct",
     .functions = DISTINCT,
     .law = "(xs: list<s64>) { expect len(distinct(xs)) < 3; }",
     .inputs = "xs = [0, 1, -1]",
     .largest = 4},
    {.name = "nested lists",
     .law = "(xss: list<list<u8>>) { expect len(concat(xss)) <= 10; }",
     .inputs = "xss = [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]",
     .largest = 1},
};
enum { CHALLENGE_COUNT = sizeof CHALLENGES / sizeof *CHALLENGES, SEEDS = 10 };

static const Spec *challenge_spec(Arena *arena, const Challenge *challenge)
{
  const char *functions = challenge->functions ? challenge->functions : "";
  Str tests = str_format(arena, "%s law \"l\" %s", functions, challenge->law);
  return stand_in_spec(arena, challenge->items ? challenge->items : "", str_to_z(arena, tests));
}

static StandInCall *challenge_call(const Challenge *challenge)
{
  return challenge->call ? challenge->call : always_true;
}

static void most_seeds_shrink_to_the_smallest_case_there_is(void **state)
{
  Arena *arena = *state;
  enum { RUNS_MAX = 3000 };
  size_t wrong = 0;
  for (size_t i = 0; i < CHALLENGE_COUNT; i++) {
    const Challenge *challenge = &CHALLENGES[i];
    const Spec *spec = challenge_spec(arena, challenge);
    uint32_t reached = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
      Tried tried = stand_in_try(arena, spec, challenge_call(challenge), NULL, seed, 300000);
      assert_int_equal(tried.result.verdict, VERDICT_FAILED);
      Str inputs = inputs_text(arena, &tried.failure);
      bool is_smallest = str_equal(inputs, str_from_z(challenge->inputs));
      if (!is_smallest && !challenge->reached)
        print_error("%s (seed %d): %.*s\n", challenge->name, (int)seed, STR_ARG(inputs));
      if (tried.fresh_runs > RUNS_MAX) print_error("%s: %d runs\n", challenge->name, (int)tried.fresh_runs);
      wrong += tried.fresh_runs > RUNS_MAX;
      reached += is_smallest;
    }
    wrong += reached < (challenge->reached ? challenge->reached : SEEDS);
  }
  assert_int_equal(wrong, 0);
}

/* --- all cases that are simpler */

typedef struct Enumeration {
  Attempt *attempt;
  Subject *subject;
  const ChoiceList *smallest;
  uint64_t largest;
  Choice choices[64];
  uint64_t cases;
} Enumeration;

/* All cases that begin with these choices. */
static void try_all(Enumeration *self, uint32_t count)
{
  Draws *draws = &self->attempt->draws;
  draws_begin_replay(draws, self->choices, count);
  CaseEnd end = attempt_run(self->attempt, self->subject, NULL);
  if (!draws->stopped) {
    bool simpler = choices_simpler(self->choices, count, self->smallest->at, self->smallest->count);
    assert_false(simpler && end == CASE_FAILED);
    self->cases += simpler;
    return;
  }
  if (count == self->smallest->count) return;
  Choice *next = &self->choices[count];
  *next = (Choice){0, draws->choices[count].kind};
  uint64_t largest = next->kind == CHOICE_BOOL ? 1 : self->largest;
  for (uint64_t value = 0; value <= largest; value++) {
    next->value = value;
    try_all(self, count + 1);
  }
}

static void nothing_simpler_fails(void **state)
{
  Arena *arena = *state;
  for (size_t i = 0; i < CHALLENGE_COUNT; i++) {
    const Challenge *challenge = &CHALLENGES[i];
    if (challenge->largest == 0) continue;
    const Spec *spec = challenge_spec(arena, challenge);
    Tried tried = stand_in_try(arena, spec, challenge_call(challenge), NULL, 0, 300000);
    assert_slice(inputs_text(arena, &tried.failure), str_from_z(challenge->inputs));
    Arena *own = arena_new();
    StandIn instance = {.call = challenge_call(challenge)};
    Subject subject = {.context = &instance, .call = stand_in_call, .reset = stand_in_reset};
    Attempt attempt;
    attempt_init(&attempt, own, &spec->tests.at[0]);
    Enumeration all = {.attempt = &attempt, .subject = &subject, .largest = challenge->largest};
    Replay replay;
    size_t index;
    Diags diags = diags_in(arena);
    assert_true(replay_decode(arena, tried.token, &spec, 1, &index, &replay, &diags));
    all.smallest = &replay.choices;
    try_all(&all, 0);
    assert_true(all.cases > 0);
    arena_free(own);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(most_seeds_shrink_to_the_smallest_case_there_is),
      TEST(nothing_simpler_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
