#include "bench/evaluate.h"

#include "ifc/base/utf8.h"
#include "tests/unit/bench/suites.h"
#include "tests/unit/runtime/modules.h"

/* --- modules */

static const char items[] = "square: func(x: s64) -> s64;";

/* A module whose `square` has this body; `$x` is its argument, `$i` a local, `$calls` a global. */
#define SQUARE(body)                                \
  "(module (global $calls (mut i64) (i64.const 0))" \
  "  (func (export \"t:t/i#square\") (param $x i64) (result i64) (local $i i64)" body "))"
#define PRODUCT "(i64.mul (local.get $x) (local.get $x))"
#define WHEN(constant, then) "(if (i64.eq (local.get $x) (i64.const " #constant ")) (then " then "))"

static const char fast[] = SQUARE(PRODUCT);
static const char also_fast[] = SQUARE("nop " PRODUCT);
/* Adds x to itself, |x| times and many times more for nothing. */
static const char slow[] =
    SQUARE("(loop $l (local.set $i (i64.add (local.get $i) (i64.const 1)))"
           "  (global.set $calls (i64.xor (global.get $calls) (i64.mul (local.get $i) "
           "(local.get $i)))) (br_if $l (i64.lt_u (local.get $i) (i64.const 3000))))" PRODUCT);
static const char wrong_for_7[] = SQUARE(WHEN(7, "(return (i64.const 50))") PRODUCT);
static const char traps_for_7[] = SQUARE(WHEN(7, "unreachable") PRODUCT);
static const char hangs_for_7[] = SQUARE(WHEN(7, "(loop $l (br $l))") PRODUCT);
static const char recurses_for_7[] =
    "(module (func $f (export \"t:t/i#square\") (param $x i64) (result i64)" WHEN(
        7, "(return (i64.add (i64.const 1) (call $f (local.get $x))))") PRODUCT "))";
static const char wrong_after_150_calls[] =
    SQUARE("(global.set $calls (i64.add (global.get $calls) (i64.const 1)))"
           "(if (i64.gt_u (global.get $calls) (i64.const 150)) (then (return (i64.const 0))))" PRODUCT);

typedef struct Entry {
  const char *label, *wat;
} Entry;

typedef struct Given {
  const Interface *interface;
  Implementation *implementations;
  size_t count;
} Given;

static Given given(Arena *arena, const char *functions, const Entry *entries, size_t count)
{
  Diags diags = diags_in(arena);
  Given self = {suites_interface(arena, functions), arena_array_of(arena, Implementation, count), count};
  for (size_t i = 0; i < count; i++) {
    Implementation *out = &self.implementations[i];
    out->label = str_from_z(entries[i].label);
    out->path = str_format(arena, "%s.wasm", entries[i].label);
    out->module = modules_read(arena, entries[i].wat);
    out->hash = hash_of(out->module.bytes);
    out->language = STR("wat");
    assert_true(implementation_fit(arena, &out->module, out->path, self.interface, &out->fit, &diags));
  }
  modules_show(&diags);
  return self;
}

static bool evaluated(Arena *arena, const Given *given, const char *bench, EvaluateReport *report,
                      Diags *diags)
{
  const Suite *suite = suites_parse(arena, given->interface, bench);
  const Suite **suites = arena_array_of(arena, const Suite *, 1);
  suites[0] = suite;
  EvaluateOptions options = {.seed = 1, .budget_ms = 400, .layouts = 2};
  *diags = diags_in(arena);
  return evaluate(arena, given->interface, suites, 1, given->implementations, given->count, &options, report,
                  diags);
}

/* Must succeed. */
static EvaluateReport evaluated_all(Arena *arena, const Entry *entries, size_t count, const char *bench)
{
  Diags diags;
  EvaluateReport report;
  Given candidates = given(arena, items, entries, count);
  bool ok = evaluated(arena, &candidates, bench, &report, &diags);
  modules_show(&diags);
  assert_true(ok);
  return report;
}
#define EVALUATED(state, bench, ...) \
  evaluated_all(*(state), (Entry[]){__VA_ARGS__}, sizeof((Entry[]){__VA_ARGS__}) / sizeof(Entry), bench)

static const char squares[] = "bench t:t/i; workload \"to 200\" { for i in 0..200 { measure square(i); } }";

static void assert_only_excluded(const EvaluateReport *report, const char *label, const char *reason)
{
  assert_int_equal(report->excluded_count, 1);
  assert_slice(report->excluded[0].implementation->label, str_from_z(label));
  if (str_find(report->excluded[0].reason, str_from_z(reason)) == SIZE_MAX)
    print_error("got:  «%.*s»\nwant: «…%s…»\n", STR_ARG(report->excluded[0].reason), reason);
  assert_true(str_find(report->excluded[0].reason, str_from_z(reason)) != SIZE_MAX);
}

/* --- ranking */

static void the_fast_one_is_ranked_before_the_slow_one(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"slow", slow}, {"fast", fast});
  assert_int_equal(report.ranked_count, 2);
  assert_int_equal(report.excluded_count, 0);
  assert_text(report.ranked[0]->label, "fast");
  assert_text(report.ranked[1]->label, "slow");
  assert_int_equal(report.reference, 0);
  for (size_t i = 0; i < 2; i++) {
    const CandidateResult *result = &report.workloads[0].candidates[i];
    assert_int_equal(report.overall[i].rank_low, i + 1);
    assert_int_equal(report.overall[i].rank_high, i + 1);
    assert_int_equal(result->rank_low, i + 1);
    assert_int_equal(result->rank_high, i + 1);
    assert_true(result->picoseconds > 0);
    assert_true(result->ratio.low_ppm <= result->ratio.ppm && result->ratio.ppm <= result->ratio.high_ppm);
  }
  assert_int_equal(report.overall[0].geometric_mean.ppm, 1000000);
  assert_true(report.overall[1].geometric_mean.low_ppm > 10000000);
  assert_int_equal(report.workloads[0].calls, 200);
  assert_true(report.workloads[0].pairs >= 3);
}

static void one_alone_is_ranked_with_its_times(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast});
  assert_int_equal(report.ranked_count, 1);
  assert_int_equal(report.overall[0].rank_low, 1);
  assert_int_equal(report.overall[0].rank_high, 1);
  assert_int_equal(report.overall[0].geometric_mean.ppm, 1000000);
  assert_true(report.workloads[0].candidates[0].picoseconds > 0);
}

static void two_workloads_make_a_geometric_mean_and_a_worst(void **state)
{
  const char *bench = "bench t:t/i; workload \"one\" { measure square(3); }"
                      "workload \"many\" { for i in 0..5000 { measure square(i % 100); } }";
  EvaluateReport report = EVALUATED(state, bench, {"slow", slow}, {"fast", fast});
  assert_int_equal(report.workload_count, 2);
  uint64_t one = report.workloads[0].candidates[1].ratio.ppm,
           many = report.workloads[1].candidates[1].ratio.ppm;
  double mean = (double)report.overall[1].geometric_mean.ppm;
  assert_int_equal(report.overall[1].worst_ppm, one > many ? one : many);
  assert_true(mean * mean / ((double)one * (double)many) > 0.999);
  assert_true(mean * mean / ((double)one * (double)many) < 1.001);
}

/* --- who is excluded */

static void a_wrong_result_excludes_with_the_call_and_both_values(void **state)
{
  EvaluateReport report =
      EVALUATED(state, squares, {"fast", fast}, {"wrong", wrong_for_7}, {"other", also_fast});
  assert_only_excluded(&report, "wrong", "in workload \"to 200\": square(7) gave 50; 2 others gave 49");
  assert_int_equal(report.ranked_count, 2);
}

static void the_majority_is_right_also_against_the_first(void **state)
{
  EvaluateReport report =
      EVALUATED(state, squares, {"wrong", wrong_for_7}, {"fast", fast}, {"other", also_fast});
  assert_only_excluded(&report, "wrong", "square(7) gave 50; 2 others gave 49");
}

static void of_two_the_first_is_right(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast}, {"wrong", wrong_for_7});
  assert_only_excluded(&report, "wrong", "square(7) gave 50; fast, given first, gave 49");
}

static void a_trap_excludes(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"traps", traps_for_7}, {"fast", fast});
  assert_only_excluded(&report, "traps", "in workload \"to 200\": square(7) executed unreachable");
}

static void a_hang_excludes(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast}, {"hangs", hangs_for_7});
  assert_only_excluded(&report, "hangs", "square(7) did not return in time");
}

static void endless_recursion_excludes(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast}, {"recurses", recurses_for_7});
  assert_only_excluded(&report, "recurses", "square(7) exhausted the call stack");
}

static void state_between_calls_is_noticed(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast}, {"tires", wrong_after_150_calls});
  assert_only_excluded(&report, "tires", "gave 0; fast, given first, gave ");
}

static void an_invalid_module_excludes_only_itself(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"fast", fast}, {"invalid", SQUARE("(f32.const 1)")});
  assert_int_equal(report.ranked_count, 1);
  assert_int_equal(report.excluded_count, 1);
  assert_text(report.excluded[0].implementation->label, "invalid");
  assert_true(report.excluded[0].reason.len > 0);
}

static void when_nobody_is_left_every_reason_is_said(void **state)
{
  Diags diags;
  EvaluateReport report = {.seed = 77};
  Given candidates = given(*state, items, (Entry[]){{"a", traps_for_7}, {"b", traps_for_7}}, 2);
  assert_false(evaluated(*state, &candidates, squares, &report, &diags));
  suites_assert_says(&diags, "there is no implementation that could be measured");
  suites_assert_says(&diags, "a: in workload \"to 200\": square(7) executed unreachable");
  suites_assert_says(&diags, "b: in workload \"to 200\": square(7) executed unreachable");
  assert_int_equal(report.seed, 77);
}

static void a_script_that_fails_is_a_diagnostic(void **state)
{
  Diags diags;
  EvaluateReport report;
  Given candidates = given(*state, items, (Entry[]){{"fast", fast}}, 1);
  assert_false(evaluated(*state, &candidates,
                         "bench t:t/i; workload \"w\" { let z = 0; measure square(1 / z); }", &report,
                         &diags));
  suites_assert_says(&diags, "t.bench:1:55: error: workload \"w\": ");
}

static void nothing_to_evaluate_is_a_diagnostic(void **state)
{
  Diags diags;
  EvaluateReport report;
  Given none = given(*state, items, NULL, 0);
  assert_false(evaluated(*state, &none, squares, &report, &diags));
  suites_assert_says(&diags, "there is no implementation to evaluate");
}

/* --- calls outside `measure` */

static void calls_that_prepare_are_answered_by_an_implementation(void **state)
{
  const char *bench =
      "bench t:t/i; workload \"w\" { let y = square(3); for i in 0..50 { measure square(square(i) + y); } }";
  EvaluateReport report = EVALUATED(state, bench, {"fast", fast}, {"other", also_fast});
  assert_int_equal(report.ranked_count, 2);
  assert_int_equal(report.workloads[0].calls, 50);
}

static void a_wrong_answer_is_not_built_upon(void **state)
{
  const char *bench =
      "bench t:t/i; workload \"w\" { let y = square(7); for i in 0..50 { measure square(y + 1000 + i); } }";
  EvaluateReport report =
      EVALUATED(state, bench, {"wrong", wrong_for_7}, {"fast", fast}, {"other", also_fast});
  assert_only_excluded(&report, "wrong", "square(7) gave 50; 2 others gave 49");
  assert_int_equal(report.ranked_count, 2);
}

static void a_trap_while_preparing_lets_the_next_answer(void **state)
{
  const char *bench = "bench t:t/i; workload \"w\" { let y = square(7); measure square(y); }";
  EvaluateReport report = EVALUATED(state, bench, {"traps", traps_for_7}, {"fast", fast});
  assert_only_excluded(&report, "traps", "in workload \"w\": square(7) executed unreachable");
}

/* --- values in memory, several functions */

static const char memory_items[] = "echo: func(xs: list<u32>) -> list<u32>; count: func(s: string) -> u32; "
                                   "tick: func();";
/* `echo` gives its argument back; the allocator never frees, and forgets all in a fresh instance. */
#define ECHO(in_count)                                                                                 \
  "(module (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 16))"                      \
  "  (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)"             \
  "    (local.set $at (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))"             \
  "    (global.set $top (i32.add (local.get $at) (local.get 3)))"                                      \
  "    (block $fits (loop $grow"                                                                       \
  "      (br_if $fits (i32.le_u (global.get $top) (i32.shl (memory.size) (i32.const 16))))"            \
  "      (br_if $grow (i32.ne (memory.grow (i32.const 1)) (i32.const -1))) unreachable))"              \
  "    (local.get $at))"                                                                               \
  "  (func (export \"t:t/i#echo\") (param i32 i32) (result i32)"                                       \
  "    (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0))" \
  "  (func (export \"t:t/i#count\") (param i32 i32) (result i32) " in_count " (local.get 1))"          \
  "  (func (export \"t:t/i#tick\")))"

static void lists_strings_and_several_functions_are_measured(void **state)
{
  Diags diags;
  EvaluateReport report;
  Given candidates = given(*state, memory_items, (Entry[]){{"a", ECHO("")}, {"b", ECHO("nop")}}, 2);
  const char *bench =
      "bench t:t/i;"
      "workload \"mixed\" { let xs = generate(list<u32>, size: 300, seed: 1);"
      "  for i in 0..300 { measure echo(slice(xs, 0, i)); measure count(\"hello\"); measure tick(); } }"
      "workload \"large\" { measure echo(generate(list<u32>, size: 300000, seed: 1)); }";
  bool ok = evaluated(*state, &candidates, bench, &report, &diags);
  modules_show(&diags);
  assert_true(ok);
  assert_int_equal(report.ranked_count, 2);
  assert_int_equal(report.workloads[0].calls, 900);
  assert_int_equal(report.workloads[1].calls, 1);
}

static void a_difference_deep_in_a_list_is_shown(void **state)
{
  Diags diags;
  EvaluateReport report;
  const char *spoils =
      "(module (memory (export \"memory\") 1) (global $top (mut i32) (i32.const 16))"
      "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
      "  (global.set $top (i32.add (global.get $top) (local.get 3)))"
      "  (i32.sub (global.get $top) (local.get 3)))"
      "(func (export \"t:t/i#echo\") (param i32 i32) (result i32)"
      "  (i32.store (i32.const 816) (i32.const 99999))"
      "  (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0))"
      "(func (export \"t:t/i#count\") (param i32 i32) (result i32) (local.get 1))"
      "(func (export \"t:t/i#tick\")))";
  Given candidates = given(*state, memory_items, (Entry[]){{"right", ECHO("")}, {"spoils", spoils}}, 2);
  const char *bench = "bench t:t/i; workload \"w\" { measure echo([for i in 0..400: u32(i)]); }";
  bool ok = evaluated(*state, &candidates, bench, &report, &diags);
  modules_show(&diags);
  assert_true(ok);
  assert_only_excluded(&report, "spoils", "99999, 201, 202");
  assert_only_excluded(&report, "spoils", "199, 200, 201");
}

/* --- what is needed beside time */

/* Takes a page of memory in every call. */
static const char grows[] =
    "(module (memory 2 64) (func (export \"t:t/i#square\") (param $x i64) (result i64)"
    "  (drop (memory.grow (i32.const 1)))" PRODUCT "))";

static void cost_and_memory_are_those_of_the_instructions(void **state)
{
  const char *bench = "bench t:t/i; workload \"all\" { for i in 0..40 { measure square(i); } }"
                      " workload \"one\" { measure square(3); }";
  EvaluateReport report =
      EVALUATED(state, bench, {"slow", slow}, {"wrong", wrong_for_7}, {"fast", fast}, {"grows", grows});
  assert_int_equal(report.ranked_count, 3);
  assert_int_equal(report.workloads[0].counted, 40);
  assert_int_equal(report.workloads[1].counted, 1);
  for (size_t i = 0; i < 3; i++) {
    /* docs/metering.md: i64.mul 3; memory.grow 64; the loop add 1, get 1, mul 3, xor 1, set 1, lt 1, br_if 1
     */
    uint64_t cost = 3, pages = 0, calls[] = {40, 1};
    if (str_equal(report.ranked[i]->label, STR("slow"))) cost = 3 + 3000 * 9;
    if (str_equal(report.ranked[i]->label, STR("grows"))) cost = 3 + 64, pages = 2;
    for (size_t w = 0; w < 2; w++) {
      const CandidateResult *result = &report.workloads[w].candidates[i];
      assert_true(result->is_counted);
      assert_int_equal(result->cost, cost * calls[w]);
      assert_int_equal(result->memory, pages ? (pages + calls[w]) * 65536 : 0);
      assert_in_range(result->start_ns, 1, 1000000000);
    }
  }
}

static void costs_are_of_the_same_calls_for_all(void **state)
{
  const char *bench = "bench t:t/i; workload \"all\" { for i in 0..40 { measure square(i); } }";
  const char *long_loop =
      SQUARE("(loop $l (local.set $i (i64.add (local.get $i) (i64.const 1)))"
             "  (br_if $l (i64.lt_u (local.get $i) (i64.const 1000000))))" PRODUCT); /* 3 an iteration */
  EvaluateReport report = EVALUATED(state, bench, {"fast", fast}, {"long", long_loop});
  uint64_t counted = report.workloads[0].counted;
  assert_int_equal(report.ranked_count, 2);
  assert_true(counted == 40 || (counted && (counted & (counted - 1)) == 0));
  for (size_t i = 0; i < 2; i++) {
    uint64_t cost = str_equal(report.ranked[i]->label, STR("long")) ? 3000003 : 3;
    assert_int_equal(report.workloads[0].candidates[i].cost, cost * counted);
  }
}

/* --- the report */

static void printed_lines_fit_80_columns(void **state)
{
  const char *bench =
      "bench t:t/i; workload \"a name that is much longer than any table has room for, really, it is\""
      "{ for i in 0..20 { measure square(i); } } workload \"b\" { measure square(7); }";
  EvaluateReport report = EVALUATED(state, bench, {"a-label-that-is-longer-than-its-column", fast},
                                    {"slow", slow}, {"wrong", wrong_for_7});
  for (int colour = 0; colour < 2; colour++) {
    Buf out = buf_in(*state);
    evaluate_print(&report, colour, &out);
    Str text = buf_text(&out);
    assert_true((memchr(text.at, '\033', text.len) != NULL) == colour);
    for (size_t at = 0; !colour && at < text.len;) {
      Str rest = str_slice(text, at, text.len);
      size_t end = str_find(rest, STR("\n"));
      assert_true(utf8_columns(str_slice(rest, 0, end)) <= 80);
      at += end + 1;
    }
    assert_true(str_find(text, STR("a name that is much longer")) != SIZE_MAX);
    assert_true(str_find(text, STR("wrong: in workload")) != SIZE_MAX);
    assert_true(str_find(text, STR("seed 1")) != SIZE_MAX);
  }
}

static bool has_reals(const Json *json)
{
  if (jv_kind(json) == JV_REAL) return true;
  for (size_t i = 0; i < jv_count(json); i++)
    if (has_reals(jv_kind(json) == JV_ARRAY ? jv_at(json, i) : jv_value_at(json, i))) return true;
  return false;
}

static void json_says_the_same_in_integers_and_strings(void **state)
{
  EvaluateReport report = EVALUATED(state, squares, {"slow", slow}, {"fast", fast}, {"wrong", wrong_for_7});
  const Json *json = evaluate_to_json(*state, &report);
  assert_false(has_reals(json));
  assert_text(jv_as_string(jv_get(json, STR("schema"))), "assay/evaluate/1");
  assert_text(jv_as_string(jv_get(jv_get(json, STR("interface")), STR("id"))), "t:t/i");
  assert_text(jv_as_string(jv_get(json, STR("seed"))), "1");
  const Json *ranked = jv_get(json, STR("implementations"));
  assert_int_equal(jv_count(ranked), 2);
  assert_text(jv_as_string(jv_get(jv_at(ranked, 0), STR("label"))), "fast");
  assert_int_equal(jv_as_integer(jv_get(jv_at(ranked, 1), STR("ratio-ppm"))),
                   report.overall[1].geometric_mean.ppm);
  assert_int_equal(jv_count(jv_get(json, STR("excluded"))), 1);
  const Json *workload = jv_at(jv_get(json, STR("workloads")), 0);
  assert_text(jv_as_string(jv_get(workload, STR("name"))), "to 200");
  assert_int_equal(jv_as_integer(jv_get(workload, STR("calls"))), 200);
  assert_int_equal(jv_count(jv_get(workload, STR("candidates"))), 2);
}

/* --- the schema: as much of JSON Schema as docs/schemas/evaluate.json uses, patterns apart */

static const Json *resolve(const Json *root, const Json *schema)
{
  Str reference = jv_as_string(jv_get(schema, STR("$ref")));
  if (!reference.len) return schema;
  assert_true(str_starts_with(reference, STR("#/$defs/")));
  return jv_get(jv_get(root, STR("$defs")), str_slice(reference, 8, reference.len));
}

static void assert_fits(const Json *root, const Json *schema, const Json *value);

static void assert_members_fit(const Json *root, const Json *schema, const Json *value)
{
  const Json *properties = jv_get(schema, STR("properties")), *required = jv_get(schema, STR("required"));
  assert_int_equal(jv_kind(value), JV_OBJECT);
  for (size_t i = 0; i < jv_count(required); i++)
    assert_non_null(jv_get(value, jv_as_string(jv_at(required, i))));
  for (size_t i = 0; i < jv_count(value); i++) {
    const Json *property = jv_get(properties, jv_key_at(value, i));
    if (!property) print_error("no property %.*s\n", STR_ARG(jv_key_at(value, i)));
    assert_non_null(property);
    assert_fits(root, property, jv_value_at(value, i));
  }
}

static void assert_fits(const Json *root, const Json *schema, const Json *value)
{
  schema = resolve(root, schema);
  assert_non_null(schema);
  Str type = jv_as_string(jv_get(schema, STR("type")));
  if (jv_get(schema, STR("const")))
    assert_slice(jv_as_string(value), jv_as_string(jv_get(schema, STR("const"))));
  else if (str_equal(type, STR("object")))
    assert_members_fit(root, schema, value);
  else if (str_equal(type, STR("string")))
    assert_int_equal(jv_kind(value), JV_STRING);
  else if (str_equal(type, STR("integer"))) {
    assert_int_equal(jv_kind(value), JV_INTEGER);
    assert_true(jv_as_integer(value) >= jv_as_integer(jv_get(schema, STR("minimum"))));
  } else {
    assert_text(type, "array");
    assert_int_equal(jv_kind(value), JV_ARRAY);
    for (size_t i = 0; i < jv_count(value); i++)
      assert_fits(root, jv_get(schema, STR("items")), jv_at(value, i));
  }
}

static void json_fits_its_schema(void **state)
{
  Diags diags = diags_in(*state);
  Source source = {.path = STR("docs/schemas/evaluate.json")};
  assert_true(file_read(*state, source.path, 1 << 20, &source.text, &diags));
  const Json *schema = jv_parse(*state, &source, &diags);
  modules_show(&diags);
  EvaluateReport report = EVALUATED(state, squares, {"slow", slow}, {"fast", fast}, {"wrong", wrong_for_7});
  assert_fits(schema, schema, evaluate_to_json(*state, &report));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_fast_one_is_ranked_before_the_slow_one),
      TEST(one_alone_is_ranked_with_its_times),
      TEST(two_workloads_make_a_geometric_mean_and_a_worst),
      TEST(a_wrong_result_excludes_with_the_call_and_both_values),
      TEST(the_majority_is_right_also_against_the_first),
      TEST(of_two_the_first_is_right),
      TEST(a_trap_excludes),
      TEST(a_hang_excludes),
      TEST(endless_recursion_excludes),
      TEST(state_between_calls_is_noticed),
      TEST(an_invalid_module_excludes_only_itself),
      TEST(when_nobody_is_left_every_reason_is_said),
      TEST(a_script_that_fails_is_a_diagnostic),
      TEST(nothing_to_evaluate_is_a_diagnostic),
      TEST(calls_that_prepare_are_answered_by_an_implementation),
      TEST(a_wrong_answer_is_not_built_upon),
      TEST(a_trap_while_preparing_lets_the_next_answer),
      TEST(lists_strings_and_several_functions_are_measured),
      TEST(a_difference_deep_in_a_list_is_shown),
      TEST(cost_and_memory_are_those_of_the_instructions),
      TEST(costs_are_of_the_same_calls_for_all),
      TEST(printed_lines_fit_80_columns),
      TEST(json_says_the_same_in_integers_and_strings),
      TEST(json_fits_its_schema),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
