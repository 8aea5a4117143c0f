/* Verification from end to end, on small modules: who is right, who is wrong and in which way, and that
 * nobody's end is the end of the run. */
#include "spec/verify_internal.h"

#include <signal.h>

#include "runtime/seccomp_linux.h"
#include "tests/unit/runtime/modules.h"

static const char ITEMS[] = "enum color { red, green } inc: func(x: u32) -> u32; pick: func(x: u32) -> color;"
                            "short: func(xs: list<s64>) -> bool; refuse: func(x: u32);";

/* A module whose `inc` is this body; the rest is as it should be. */
static const char *module_with(Arena *arena, const char *inc)
{
  return str_to_z(arena,
                  str_format(arena,
                             "(module (memory (export \"memory\") 1) (global $n (mut i32) (i32.const 0))"
                             " (func (export \"t:t/i#inc\") (param $x i32) (result i32) %s)"
                             " (func (export \"t:t/i#pick\") (param $x i32) (result i32)"
                             "  (i32.and (local.get $x) (i32.const 1)))"
                             " (func (export \"t:t/i#short\") (param i32 i32) (result i32)"
                             "  (i32.le_u (local.get 1) (i32.const 500)))"
                             " (func (export \"t:t/i#refuse\") (param $x i32)"
                             "  (if (local.get $x) (then unreachable)))"
                             " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
                             "  (i32.const 1024)))",
                             inc));
}

static const char RIGHT[] = "(i32.add (local.get $x) (i32.const 1))";
#define INC(condition, otherwise) \
  "(if (result i32) " condition " (then " otherwise ") (else (i32.add (local.get $x) (i32.const 1))))"

static const char SPEC[] =
    "spec t:t/i;\n"
    "describe \"inc\" {\n"
    "  it \"counts\" { expect inc(1) == 2; expect inc(inc(1)) == 3; }\n"
    "  table \"wraps\" (x: u32, want: u32) { (4294967295, 0) (0, 1) expect inc(x) == want; }\n"
    "  law \"adds one\" (x: u32) { expect inc(x) == x + 1; }\n"
    "}\n"
    "law \"picks\" (x: u32) { expect pick(x) == if x % 2 == 0 { red } else { green }; }\n"
    "it \"refuses\" { expect refuse(1) traps; refuse(0); expect refuse(2) traps; }\n";

static Implementation implementation(Arena *arena, const Interface *interface, const char *label,
                                     const char *wat)
{
  Implementation self = {.path = str_format(arena, "%s.wasm", label), .label = str_from_z(label)};
  Diags diags = diags_in(arena);
  self.module = modules_read(arena, wat);
  self.hash = hash_of(self.module.bytes);
  bool fits = implementation_fit(arena, &self.module, self.path, interface, &self.fit, &diags);
  modules_show(&diags);
  assert_true(fits);
  return self;
}

static const Spec *parsed(Arena *arena, const Interface *interface, const char *text)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.spec"), str_from_z(text)};
  const Spec *spec = spec_parse(arena, source, interface, &diags);
  modules_show(&diags);
  assert_non_null(spec);
  return spec;
}

/* A run of several modules, given by their `inc`, against one specification. */
typedef struct Bench {
  Arena *arena;
  const Interface *interface;
  const Spec *spec;
  Implementation implementations[16];
  size_t count;
  VerifyOptions options;
  VerifyReport report;
} Bench;

static Bench *bench(Arena *arena, const char *spec)
{
  Bench *self = arena_new_of(arena, Bench);
  self->arena = arena;
  self->interface = modules_interface(arena, ITEMS);
  self->spec = parsed(arena, self->interface, spec);
  self->options = (VerifyOptions){.seed = 1, .budget_cases = 5000, .call_ms = 200};
  return self;
}

static void add(Bench *self, const char *label, const char *inc)
{
  self->implementations[self->count++] =
      implementation(self->arena, self->interface, label, module_with(self->arena, inc));
}

static void run(Bench *self)
{
  Diags diags = diags_in(self->arena);
  bool ran = verify(self->arena, self->interface, &self->spec, 1, self->implementations, self->count,
                    &self->options, &self->report, &diags);
  modules_show(&diags);
  assert_true(ran);
}

static const TestReport *test_named(const Bench *self, size_t index, const char *name)
{
  const ImplementationReport *report = &self->report.implementations[index];
  for (size_t i = 0; i < report->test_count; i++)
    if (str_equal(report->tests[i].name, str_from_z(name))) return &report->tests[i];
  fail();
  return NULL;
}

static void a_right_implementation_passes_every_test(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "right", RIGHT);
  run(self);
  const ImplementationReport *report = &self->report.implementations[0];
  assert_int_equal(report->verdict, VERDICT_PASSED);
  assert_int_equal(report->test_count, 5);
  assert_int_equal(report->cases, 1 + 2 + 1 + 5000 + 5000);
  assert_int_equal(test_named(self, 0, "adds one")->cases, 5000);
  assert_int_equal(verify_exit(&self->report), 0);
  Buf out = buf_in(*state);
  verify_print(&self->report, false, &out);
  assert_true(str_starts_with(buf_text(&out), STR("✓ right  5 tests passed, 10,004 cases, ")));
}

typedef struct Wrong {
  const char *label, *inc, *test, *message, *inputs;
} Wrong;

static const Wrong WRONGS[] = {
    {"wrong", INC("(i32.gt_u (local.get $x) (i32.const 99))", "(i32.const 7)"), "adds one",
     "expected inc(x) == x + 1", "x = 100"},
    {"traps", INC("(i32.gt_u (local.get $x) (i32.const 99))", "(unreachable)"), "adds one",
     "`inc(x)` trapped: executed unreachable (an abort or a failed assertion)", "x = 100"},
    {"hangs", INC("(i32.gt_u (local.get $x) (i32.const 0x7fffffff))", "(loop (br 0)) (unreachable)"),
     "adds one", "`inc(x)` did not return in time", NULL},
    {"hogs",
     INC("(i32.gt_u (local.get $x) (i32.const 99))",
         "(loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) (unreachable)"),
     "adds one",
     "`inc(x)` trapped: executed unreachable (an abort or a failed assertion), after it was refused more "
     "memory "
     "than an instance may have",
     NULL},
    {"example", INC("(i32.eq (local.get $x) (i32.const -1))", "(i32.const 1)"), "wraps",
     "expected inc(x) == want", "x = 4294967295; want = 0"},
    {"tires",
     "(global.set $n (i32.add (global.get $n) (i32.const 1)))"
     "(i32.add (local.get $x) (i32.add (i32.const 1) (i32.gt_u (global.get $n) (i32.const 300))))",
     "adds one",
     "gives different results on a fresh and on a used instance: in run 301 of this case, expected inc(x) == "
     "x + 1",
     "x = 0"},
};
enum { WRONG_COUNT = sizeof WRONGS / sizeof *WRONGS };

static Str inputs_text(Arena *arena, const Failure *failure)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < failure->input_count; i++)
    buf_printf(&out, "%s%.*s = %.*s", i ? "; " : "", STR_ARG(failure->inputs[i].name),
               STR_ARG(failure->inputs[i].value));
  return buf_text(&out);
}

static void each_wrong_implementation_fails_in_its_own_way_beside_a_right_one(void **state)
{
  Bench *self = bench(*state, SPEC);
  for (size_t i = 0; i < WRONG_COUNT; i++) add(self, WRONGS[i].label, WRONGS[i].inc);
  add(self, "right", RIGHT);
  run(self);
  for (size_t i = 0; i < WRONG_COUNT; i++) {
    const TestReport *test = test_named(self, i, WRONGS[i].test);
    assert_int_equal(self->report.implementations[i].verdict, VERDICT_FAILED);
    assert_int_equal(test->verdict, VERDICT_FAILED);
    assert_non_null(test->failure);
    if (!str_equal(test->failure->message, str_from_z(WRONGS[i].message)))
      print_error("in %s\n", WRONGS[i].label);
    assert_slice(test->failure->message, str_from_z(WRONGS[i].message));
    if (WRONGS[i].inputs) assert_slice(inputs_text(*state, test->failure), str_from_z(WRONGS[i].inputs));
    assert_int_equal(test_named(self, i, "picks")->verdict, VERDICT_PASSED);
    assert_int_equal(test_named(self, i, "refuses")->verdict, VERDICT_PASSED);
  }
  assert_int_equal(self->report.implementations[WRONG_COUNT].verdict, VERDICT_PASSED);
  assert_int_equal(verify_exit(&self->report), 1);
}

static void a_counterexample_replays_alone(void **state)
{
  for (size_t i = 0; i < WRONG_COUNT; i++) {
    Bench *self = bench(*state, SPEC);
    add(self, WRONGS[i].label, WRONGS[i].inc);
    run(self);
    Failure first = *test_named(self, 0, WRONGS[i].test)->failure;
    self->options.replay = first.replay;
    self->options.seed = 99;
    run(self);
    const ImplementationReport *report = &self->report.implementations[0];
    assert_int_equal(report->test_count, 1);
    assert_slice(report->tests[0].name, str_from_z(WRONGS[i].test));
    assert_int_equal(report->verdict, VERDICT_FAILED);
    assert_slice(report->tests[0].failure->message, first.message);
    assert_slice(inputs_text(*state, report->tests[0].failure), inputs_text(*state, &first));
  }
}

static void a_table_stops_at_its_first_wrong_row_and_shows_both_sides(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "example", WRONGS[4].inc);
  run(self);
  const TestReport *test = test_named(self, 0, "wraps");
  assert_int_equal(test->cases, 1);
  assert_text(test->failure->actual, "1");
  assert_text(test->failure->expected, "0");
  assert_text(span_text(test->failure->span), "expect inc(x) == want;");
  assert_int_equal(span_position(test->failure->span).line, 4);
}

static void long_lists_are_tried(void **state)
{
  for (uint64_t seed = 0; seed < 10; seed++) {
    Bench *self = bench(*state, "spec t:t/i; law \"any length\" (xs: list<s64>) { expect short(xs); }");
    add(self, "right", RIGHT);
    self->options.seed = seed;
    run(self);
    const TestReport *test = test_named(self, 0, "any length");
    assert_int_equal(test->verdict, VERDICT_FAILED);
    assert_true(str_find(test->failure->inputs[0].value, STR(" more …")) != SIZE_MAX);
  }
}

static void forget_times(const ImplementationReport *report)
{
  ((ImplementationReport *)(uintptr_t)report)->nanoseconds = 0;
  for (size_t i = 0; i < report->test_count; i++) ((TestReport *)(uintptr_t)report->tests)[i].nanoseconds = 0;
}

static void the_same_seed_and_budget_give_the_same_report(void **state)
{
  Arena *arena = *state;
  Str texts[2];
  for (int i = 0; i < 2; i++) {
    Bench *self = bench(arena, SPEC);
    /* Not those with slow calls: how far they are shrunk is a matter of time. */
    for (size_t j = 0; j < WRONG_COUNT; j++)
      if (WRONGS[j].inputs) add(self, WRONGS[j].label, WRONGS[j].inc);
    self->options.jobs = (uint32_t)i + 1;
    run(self);
    for (size_t j = 0; j < self->count; j++) forget_times(&self->report.implementations[j]);
    Buf out = buf_in(arena);
    jv_print(verify_to_json(arena, &self->report), &out);
    texts[i] = buf_text(&out);
  }
  assert_slice(texts[0], texts[1]);
}

static void a_module_that_is_not_valid_fails_and_the_others_go_on(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "invalid", "(i64.const 1)");
  add(self, "right", RIGHT);
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_FAILED);
  assert_true(self->report.implementations[0].reason.len > 0);
  assert_int_equal(self->report.implementations[1].verdict, VERDICT_PASSED);
  Buf out = buf_in(*state);
  verify_print(&self->report, false, &out);
  assert_true(str_starts_with(buf_text(&out), STR("✗ invalid  ")));
}

static void a_module_that_traps_at_its_start_fails(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(arena, SPEC);
  Str wat = str_from_z(module_with(arena, RIGHT));
  Str started = str_format(arena, "%.*s (func $s unreachable) (start $s))", (int)(wat.len - 1), wat.at);
  self->implementations[self->count++] =
      implementation(arena, self->interface, "start", str_to_z(arena, started));
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_FAILED);
  assert_text(self->report.implementations[0].reason,
              "a new instance executed unreachable (an abort or a failed assertion)");
}

static void broken_rules_of_the_abi_are_failures(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(arena, "spec t:t/i; law \"picks\" (x: u32) { pick(x); }");
  Str wat = str_from_z(module_with(arena, RIGHT));
  size_t at = str_find(wat, STR("(i32.and (local.get $x) (i32.const 1))"));
  char *changed = str_to_z(arena, wat);
  memcpy(changed + at, "(i32.and (local.get $x) (i32.const 3))", 38);
  self->implementations[self->count++] = implementation(arena, self->interface, "abi", changed);
  run(self);
  const TestReport *test = test_named(self, 0, "picks");
  assert_int_equal(test->verdict, VERDICT_FAILED);
  assert_slice(inputs_text(arena, test->failure), STR("x = 2"));
  assert_true(
      str_starts_with(test->failure->message, STR("`pick(x)` broke the Canonical ABI: gave a discriminant")));
}

/* In an agreement there are many instances, which may have more together than the worker: those that the
 * system refuses what each may have are not wrong. */
static void who_is_refused_memory_by_the_system_is_undecided(void **state)
{
  static const char needs_much[] =
      "(if (i32.eq (memory.size) (i32.const 1)) (then (if (i32.lt_s (memory.grow "
      "(i32.const 8000)) (i32.const 0)) (then unreachable))))"
      "(i32.add (local.get $x) (i32.const 1))";
  if (WORKER_SANITIZED) skip(); /* workers have no limit of memory there */
  Bench *self = bench(*state, "spec t:t/i; agree \"on all\" (x: u32) { inc(x); }");
  for (int i = 0; i < 10; i++) add(self, str_to_z(*state, str_format(*state, "member-%d", i)), needs_much);
  run(self);
  for (size_t i = 0; i < self->count; i++) {
    const TestReport *test = test_named(self, i, "on all");
    assert_int_equal(test->verdict, VERDICT_UNDECIDED);
    assert_text(test->reason, "the system has no more memory for the implementation");
  }
}

static void a_worker_s_end_is_about_the_module_only_where_it_can_be(void **state)
{
  (void)state;
  assert_true(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_CRASHED, .signal = SIGSEGV}));
  assert_true(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_FORBIDDEN, .signal = SIGSYS}));
  assert_true(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_STOPPED}));
  assert_false(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_CRASHED, .signal = SIGKILL}));
  assert_false(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_ABORTED, .signal = SIGABRT}));
  assert_false(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_TIMED_OUT}));
  assert_false(verify_is_about_module(&(SandboxOutcome){.end = SANDBOX_FLOODED}));
}

static void a_missing_trap_is_a_failure(void **state)
{
  Bench *self = bench(*state, "spec t:t/i; it \"refuses\" { expect refuse(0) traps; }");
  add(self, "right", RIGHT);
  run(self);
  assert_text(test_named(self, 0, "refuses")->failure->message, "expected `refuse(0)` to trap");
}

static void a_budget_of_time_is_kept(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "right", RIGHT);
  self->options.budget_cases = 0;
  self->options.budget_ms = 200;
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_PASSED);
  assert_true(test_named(self, 0, "adds one")->cases > 100);
  assert_true(test_named(self, 0, "picks")->cases > 100);
}

static void what_comes_after_a_failure_can_be_left_out(void **state)
{
  Bench *self = bench(*state, SPEC);
  static const char *const later[] = {"refuses", "adds one", "picks"};
  add(self, "wrong", INC("(i32.eqz (local.get $x))", "(i32.const 9)")); /* the table fails */
  add(self, "right", RIGHT);
  run(self);
  for (size_t i = 0; i < 3; i++) assert_true(test_named(self, 0, later[i])->cases > 0);
  self->options.fail_fast = true;
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_FAILED);
  assert_int_equal(test_named(self, 0, "counts")->verdict, VERDICT_PASSED);
  assert_int_equal(test_named(self, 0, "wraps")->verdict, VERDICT_FAILED);
  for (size_t i = 0; i < 3; i++) {
    const TestReport *test = test_named(self, 0, later[i]);
    assert_int_equal(test->verdict, VERDICT_UNDECIDED);
    assert_text(test->reason, "not tried, as another test has failed");
    assert_int_equal(test->cases, 0);
  }
  assert_int_equal(self->report.implementations[1].verdict, VERDICT_PASSED);
}

/* A minute of tries with the limit of a call would not do it: tries have a lower one. */
static void a_call_that_does_not_return_shrinks_too(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "hangs", INC("(i32.gt_u (local.get $x) (i32.const 999))", "(loop (br 0)) (unreachable)"));
  self->options.call_ms = 1000;
  run(self);
  const TestReport *test = test_named(self, 0, "adds one");
  assert_text(test->failure->message, "`inc(x)` did not return in time");
  assert_slice(inputs_text(*state, test->failure), STR("x = 1000"));
}

static void tests_tell_how_long_they_took(void **state)
{
  Bench *self = bench(*state, SPEC);
  add(self, "right", RIGHT);
  run(self);
  const ImplementationReport *report = &self->report.implementations[0];
  uint64_t sum = 0;
  for (size_t i = 0; i < report->test_count; i++) {
    assert_true(report->tests[i].nanoseconds > 0);
    sum += report->tests[i].nanoseconds;
  }
  assert_true(sum <= report->nanoseconds);
}

static void a_call_that_does_not_return_takes_no_time_from_others(void **state)
{
  enum { CASES_OF_A_MOMENT = 16 };
  Bench *self = bench(*state, SPEC);
  add(self, "hangs", "(loop (br 0)) (unreachable)");
  self->options.budget_cases = 0;
  self->options.budget_ms = 500;
  run(self);
  assert_int_equal(test_named(self, 0, "adds one")->verdict, VERDICT_FAILED);
  assert_true(test_named(self, 0, "picks")->cases > CASES_OF_A_MOMENT);
}

static void a_wrong_token_runs_nothing(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(arena, SPEC);
  Diags diags = diags_in(arena);
  add(self, "right", RIGHT);
  self->options.replay = STR("a2-AAAA");
  assert_false(verify(arena, self->interface, &self->spec, 1, self->implementations, self->count,
                      &self->options, &self->report, &diags));
  modules_assert_says(&diags, "`a2-AAAA` is no replay token");
}

static void the_same_test_in_two_files_runs_once(void **state)
{
  Arena *arena = *state;
  Bench *self =
      bench(arena, "spec t:t/i; it \"wrong\" { expect inc(1) == 3; } it \"right\" { expect inc(1) == 2; }");
  const Spec *specs[] = {
      self->spec, parsed(arena, self->interface,
                         "spec t:t/i; it \"other\" { expect inc(2) == 3; }"
                         "describe \"group\" { it \"wrong\" { /* as there */ expect inc(1) == 3; } }")};
  Diags diags = diags_in(arena);
  add(self, "right", RIGHT);
  assert_true(verify(arena, self->interface, specs, 2, self->implementations, 1, &self->options,
                     &self->report, &diags));
  const ImplementationReport *report = &self->report.implementations[0];
  assert_int_equal(report->test_count, 4);
  assert_int_equal(report->cases, 3);
  assert_int_equal(report->tests[0].verdict, VERDICT_FAILED);
  assert_int_equal(report->tests[3].verdict, VERDICT_FAILED);
  assert_int_equal(report->tests[3].spec, 1);
  assert_int_equal(report->tests[3].cases, 0);
  assert_null(report->tests[3].failure);
  assert_text(report->tests[3].reason, "the same test as in t.spec, which ran for both");
  assert_int_equal(report->tests[1].verdict, VERDICT_PASSED);
  assert_int_equal(report->tests[2].verdict, VERDICT_PASSED);
}

static void implementations_are_compared_with_each_other(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(
      arena, "spec t:t/i; it \"counts\" { expect inc(1) == 2; }"
             "agree \"on inc\" (x: u32) { inc(x); } agree \"on it all\" (x: u32) { refuse(x); pick(x); }");
  add(self, "a", RIGHT);
  add(self, "wrong", INC("(i32.eq (local.get $x) (i32.const 77))", "(i32.const 1)"));
  add(self, "b", RIGHT);
  self->options.budget_cases = 40000;
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_PASSED);
  assert_int_equal(self->report.implementations[1].verdict, VERDICT_FAILED);
  assert_int_equal(self->report.implementations[2].verdict, VERDICT_PASSED);
  const TestReport *test = test_named(self, 1, "on inc");
  assert_int_equal(test->verdict, VERDICT_FAILED);
  assert_text(test->failure->message, "`inc(x)` gives something else than a and b");
  assert_text(test->failure->inputs[0].value, "77");
  assert_int_equal(test_named(self, 1, "on it all")->verdict, VERDICT_PASSED);
  self->options.replay = test->failure->replay;
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_PASSED);
  assert_int_equal(self->report.implementations[1].verdict, VERDICT_FAILED);
}

static void a_hanging_implementation_does_not_keep_others_from_agreeing(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(arena, "spec t:t/i; agree \"on inc\" (x: u32) { inc(x); }");
  self->options.call_ms = 50;
  add(self, "a", RIGHT);
  add(self, "hangs", "(loop (result i32) (br 0))");
  add(self, "b", RIGHT);
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_PASSED);
  assert_int_equal(self->report.implementations[1].verdict, VERDICT_FAILED);
  assert_int_equal(self->report.implementations[2].verdict, VERDICT_PASSED);
}

static void sequences_find_faults_in_the_state(void **state)
{
  Arena *arena = *state;
  Bench *self = bench(arena, "spec t:t/i; sequence \"s\" { var last: u32 = 0;"
                             " op inc(x: u32) where x < 9 { expect inc(x) == x + 1; last = x; } }");
  add(self, "right", RIGHT);
  add(self, "third",
      "(global.set $n (i32.add (global.get $n) (i32.const 1)))"
      "(i32.sub (i32.add (local.get $x) (i32.const 1)) (i32.eq (global.get $n) (i32.const 3)))");
  run(self);
  assert_int_equal(self->report.implementations[0].verdict, VERDICT_PASSED);
  assert_int_equal(self->report.implementations[0].cases, 5000);
  const TestReport *test = test_named(self, 1, "s");
  assert_int_equal(test->verdict, VERDICT_FAILED);
  assert_int_equal(test->failure->step_count, 1);
  assert_text(test->failure->steps[0], "inc(0), 3 times");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_right_implementation_passes_every_test),
      TEST(each_wrong_implementation_fails_in_its_own_way_beside_a_right_one),
      TEST(a_counterexample_replays_alone),
      TEST(a_table_stops_at_its_first_wrong_row_and_shows_both_sides),
      TEST(long_lists_are_tried),
      TEST(the_same_seed_and_budget_give_the_same_report),
      TEST(a_module_that_is_not_valid_fails_and_the_others_go_on),
      TEST(a_module_that_traps_at_its_start_fails),
      TEST(broken_rules_of_the_abi_are_failures),
      TEST(who_is_refused_memory_by_the_system_is_undecided),
      TEST(a_worker_s_end_is_about_the_module_only_where_it_can_be),
      TEST(a_missing_trap_is_a_failure),
      TEST(a_budget_of_time_is_kept),
      TEST(what_comes_after_a_failure_can_be_left_out),
      TEST(a_call_that_does_not_return_shrinks_too),
      TEST(tests_tell_how_long_they_took),
      TEST(a_call_that_does_not_return_takes_no_time_from_others),
      TEST(a_wrong_token_runs_nothing),
      TEST(the_same_test_in_two_files_runs_once),
      TEST(implementations_are_compared_with_each_other),
      TEST(a_hanging_implementation_does_not_keep_others_from_agreeing),
      TEST(sequences_find_faults_in_the_state),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
