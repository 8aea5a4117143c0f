#include <sys/wait.h>
#include <unistd.h>

#include "bench/suite.h"
#include "ifc/canon.h"
#include "ifc/wit.h"
#include "registry/publish.h"
#include "tests/unit/registry/fixture.h"

#define SPEC "spec t:t/i;\ndescribe \"square\" { it \"squares two\" { expect square(2) == 4; } }\n"
#define BENCH "bench t:t/i;\nworkload \"one\" { measure square(3); }\n"

/* Reports as verify and evaluate give them, written down by hand. */
typedef struct Given {
  Fixture f;
  const Interface *interface;
  const Spec *specs[1];
  const Suite *suites[1];
  Implementation modules[3]; /* good, wrong, slow */
} Given;

static const Source *source_of(Arena *arena, const char *path, const char *text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){str_from_z(path), str_from_z(text)};
  return source;
}

static Implementation implementation_of(Given *g, const char *label)
{
  Arena *arena = g->f.arena;
  Str bytes = str_format(arena, "the bytes of %s", label);
  const Source *build = source_of(arena, "assay:build", "{\"toolchain\":\"clang\",\"sources\":[]}");
  Implementation out = {.path = str_format(arena, "/home/somebody/secret/%s.wasm", label),
                        .label = str_from_z(label),
                        .hash = hash_of(bytes),
                        .language = STR("c"),
                        .build = jv_parse(arena, build, &g->f.diags)};
  out.module.bytes = bytes;
  return out;
}

static Given given(Arena *arena)
{
  Given g = {.f = fixture(arena)};
  const char *wit = "package t:t; interface i { square: func(x: s64) -> s64; }";
  const Package *package = wit_parse(arena, source_of(arena, "t.wit", wit), NULL, &g.f.diags);
  assert_non_null(package);
  g.interface = &package->interfaces[0];
  g.specs[0] =
      spec_parse(arena, source_of(arena, "/home/somebody/secret/t.spec", SPEC), g.interface, &g.f.diags);
  g.suites[0] =
      suite_parse(arena, source_of(arena, "/home/somebody/secret/t.bench", BENCH), g.interface, &g.f.diags);
  assert_true(g.specs[0] && g.suites[0]);
  g.modules[0] = implementation_of(&g, "good");
  g.modules[1] = implementation_of(&g, "wrong");
  g.modules[2] = implementation_of(&g, "slow");
  return g;
}

static VerifyReport verified(Given *g, const Verdict *verdicts, size_t count)
{
  Arena *arena = g->f.arena;
  ImplementationReport *all = arena_array_of(arena, ImplementationReport, count);
  for (size_t i = 0; i < count; i++) {
    TestReport *test = arena_new_of(arena, TestReport);
    *test =
        (TestReport){.group = STR("square"), .name = STR("squares two"), .verdict = verdicts[i], .cases = 1};
    if (verdicts[i] == VERDICT_FAILED) {
      Failure *failure = arena_new_of(arena, Failure);
      *failure =
          (Failure){.message = STR("expected square(2) == 4"), .actual = STR("5"), .expected = STR("4")};
      test->failure = failure;
    }
    all[i] = (ImplementationReport){.implementation = &g->modules[i],
                                    .verdict = verdicts[i],
                                    .tests = test,
                                    .test_count = 1,
                                    .cases = 1,
                                    .nanoseconds = 1000000};
  }
  return (VerifyReport){.interface = g->interface,
                        .specs = g->specs,
                        .spec_count = 1,
                        .implementations = all,
                        .implementation_count = count,
                        .seed = 7,
                        .budget_ms = 1000};
}

static void add_verified(Given *g, Verdict good, Verdict wrong, Verdict slow)
{
  Verdict verdicts[] = {good, wrong, slow};
  VerifyReport report = verified(g, verdicts, 3);
  assert_true(results_add_verify(g->f.arena, g->f.folder, &report, &g->f.diags));
}

static void add_evaluated(Given *g, uint64_t slow_ppm)
{
  Arena *arena = g->f.arena;
  const Implementation **ranked = arena_array_of(arena, const Implementation *, 2);
  ranked[0] = &g->modules[0];
  ranked[1] = &g->modules[2];
  Ratio one = {1000000, 1000000, 1000000}, slow = {slow_ppm, slow_ppm - 1000, slow_ppm + 1000};
  OverallResult overall[] = {{one, 1000000, 1, 1}, {slow, slow_ppm, 2, 2}};
  CandidateResult candidates[] = {
      {.ratio = one, .rank_low = 1, .rank_high = 1, .picoseconds = 1000},
      {.ratio = slow, .rank_low = 2, .rank_high = 2, .picoseconds = 2000},
  };
  WorkloadReport load = {.name = STR("one"), .calls = 1, .pairs = 10, .candidates = candidates};
  EvaluateReport report = {.interface = g->interface,
                           .suites = g->suites,
                           .suite_count = 1,
                           .ranked = ranked,
                           .overall = overall,
                           .ranked_count = 2,
                           .workloads = &load,
                           .workload_count = 1,
                           .seed = 8,
                           .machine = STR("a machine")};
  assert_true(results_add_evaluate(arena, g->f.folder, &report, &g->f.diags));
}

static Standing standing_of(Given *g, size_t module)
{
  Hash interface = interface_hash(g->f.arena, g->interface);
  return results_standing(g->f.arena, g->f.folder, interface, g->modules[module].hash);
}

static PublishReport published(Given *g)
{
  PublishReport report;
  bool good = publish(g->f.arena, g->f.folder, fixture_path(&g->f, "site"), &report, &g->f.diags);
  if (!good) assert_said(&g->f, "no error");
  return report;
}

static const Record *published_records(Given *g, const PublishReport *report, size_t *count)
{
  Record *records;
  Log *log = log_open(g->f.arena, fixture_path(&g->f, "log.git"), &g->f.diags);
  assert_non_null(log);
  assert_true(log_read(log, g->f.arena, &report->author, &records, count, &g->f.diags));
  log_close(log);
  return records;
}

static void a_verdict_stands_until_the_next(void **state)
{
  Given g = given(*state);
  assert_int_equal(standing_of(&g, 0), STANDING_UNKNOWN);
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_UNDECIDED);
  assert_int_equal(standing_of(&g, 0), STANDING_PASSED);
  assert_int_equal(standing_of(&g, 1), STANDING_FAILED);
  assert_int_equal(standing_of(&g, 2), STANDING_UNKNOWN);
  add_verified(&g, VERDICT_FAILED, VERDICT_PASSED, VERDICT_PASSED);
  assert_int_equal(standing_of(&g, 0), STANDING_FAILED);
  assert_int_equal(standing_of(&g, 1), STANDING_PASSED);
  fixture_end(&g.f);
}

/* The rule was wrong, not the module. */
static void a_mended_specification_replaces_the_wrong_one(void **state)
{
  Given g = given(*state);
  Verdict failed = VERDICT_FAILED, passed = VERDICT_PASSED;
  const Spec *right = g.specs[0];
  g.specs[0] = spec_parse(
      g.f.arena, source_of(g.f.arena, "t.spec", "spec t:t/i;\nit \"x\" { expect square(2) == 5; }\n"),
      g.interface, &g.f.diags);
  assert_non_null(g.specs[0]);
  VerifyReport report = verified(&g, &failed, 1);
  assert_true(results_add_verify(g.f.arena, g.f.folder, &report, &g.f.diags));
  assert_int_equal(standing_of(&g, 0), STANDING_FAILED);
  g.specs[0] = right;
  report = verified(&g, &passed, 1);
  assert_true(results_add_verify(g.f.arena, g.f.folder, &report, &g.f.diags));
  assert_int_equal(standing_of(&g, 0), STANDING_PASSED);
  fixture_end(&g.f);
}

static void damaged_results_count_as_nothing(void **state)
{
  Given g = given(*state);
  Results results;
  fixture_write(&g.f, fixture_path(&g.f, "results/a.json"), STR("{"));
  fixture_write(&g.f, fixture_path(&g.f, "results/b.json"), STR("[]"));
  fixture_write(&g.f, fixture_path(&g.f, "results/c.json"), STR("{\"report\":7}"));
  fixture_write(&g.f, fixture_path(&g.f, "results/d.txt"), STR("{\"report\":{}}"));
  fixture_write(&g.f, fixture_path(&g.f, "results/.assay-0123"), STR("{\"report\":{}}"));
  assert_true(results_read(g.f.arena, g.f.folder, &results, &g.f.diags));
  assert_int_equal(results.count, 0);
  fixture_end(&g.f);
}

static void results_tell_nothing_of_this_machines_folders(void **state)
{
  Given g = given(*state);
  Str out;
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_PASSED);
  add_evaluated(&g, 2000000);
  published(&g);
  assert_int_not_equal(fixture_shell(&g.f, &out, "grep -r somebody results objects site"), 0);
  fixture_end(&g.f);
}

/* in-toto's test-result predicate, spec/predicates/test-result.md. */
static void a_verification_becomes_a_test_result(void **state)
{
  Given g = given(*state);
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_UNDECIDED);
  PublishReport report = published(&g);
  assert_true(report.key_made);
  assert_int_equal(report.appended, 3);
  size_t count;
  const Record *records = published_records(&g, &report, &count);
  static const char *const results[] = {"PASSED", "WARNED", "FAILED"}; /* good, slow, wrong: by label */
  static const char *const members[] = {"passedTests", "warnedTests", "failedTests"};
  assert_int_equal(count, 3);
  for (size_t i = 0; i < count; i++) {
    const Json *predicate = records[i].predicate, *configuration = jv_get(predicate, STR("configuration"));
    assert_slice(records[i].predicate_type, STR("https://in-toto.io/attestation/test-result/v0.1"));
    assert_slice(jv_as_string(jv_get(predicate, STR("result"))), str_from_z(results[i]));
    assert_int_equal(jv_kind(configuration), JV_ARRAY);
    assert_int_equal(jv_count(configuration), 3);          /* interface, report, specification */
    for (size_t k = 0; k < jv_count(configuration); k++) { /* a ResourceDescriptor must have a digest */
      Str digest = jv_as_string(jv_get(jv_get(jv_at(configuration, k), STR("digest")), STR("sha256")));
      assert_int_equal(digest.len, 64);
    }
    for (size_t m = 0; m < 3; m++) {
      const Json *names = jv_get(predicate, str_from_z(members[m]));
      assert_int_equal(jv_kind(names), JV_ARRAY);
      assert_int_equal(jv_count(names), m == i);
      if (m == i) assert_text(jv_as_string(jv_at(names, 0)), "square: squares two");
    }
  }
  fixture_end(&g.f);
}

static void publishing_again_appends_nothing(void **state)
{
  Given g = given(*state);
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_PASSED);
  add_evaluated(&g, 2000000);
  PublishReport first = published(&g);
  Str page, again;
  assert_int_equal(first.appended, 4);
  assert_true(file_read(g.f.arena, first.site.pages[0].path, 1 << 20, &page, &g.f.diags));
  PublishReport second = published(&g);
  assert_int_equal(second.appended, 0);
  assert_int_equal(second.records, 4);
  assert_false(second.key_made);
  assert_true(file_read(g.f.arena, second.site.pages[0].path, 1 << 20, &again, &g.f.diags));
  assert_slice(again, page);
  assert_true(str_find(page, STR("2.00×")) != SIZE_MAX);
  fixture_end(&g.f);
}

static void the_newest_evaluation_is_the_one_shown(void **state)
{
  Given g = given(*state);
  Str page;
  add_evaluated(&g, 2000000);
  add_evaluated(&g, 3000000);
  PublishReport report = published(&g);
  assert_int_equal(report.appended, 1);
  assert_true(file_read(g.f.arena, report.site.pages[0].path, 1 << 20, &page, &g.f.diags));
  assert_true(str_find(page, STR("3.00×")) != SIZE_MAX);
  fixture_end(&g.f);
}

/* Each of two processes publishes; every result is in the log once. */
static void two_may_publish_at_once(void **state)
{
  Given g = given(*state);
  pid_t children[4];
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_PASSED);
  for (size_t i = 0; i < 4; i++) {
    children[i] = fork();
    if (children[i]) continue;
    PublishReport report;
    _exit(!publish(g.f.arena, g.f.folder, fixture_path(&g.f, "site"), &report, &g.f.diags));
  }
  int status;
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_int_equal(status, 0);
  }
  PublishReport report = published(&g);
  assert_int_equal(report.appended, 0);
  assert_int_equal(report.records, 3);
  fixture_end(&g.f);
}

static void what_cannot_be_published_does_not_keep_back_the_rest(void **state)
{
  static const char *const bad[] = {
      "{\"report\":{}}",
      "{\"type\":\"verify\",\"report\":{\"implementations\":[{}]},\"modules\":[{\"hash\":\"x\"}]}",
  };
  Given g = given(*state);
  add_verified(&g, VERDICT_PASSED, VERDICT_FAILED, VERDICT_PASSED);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    fixture_write(&g.f, path_join(g.f.arena, g.f.folder, str_format(g.f.arena, "results/%zu.json", i)),
                  str_from_z(bad[i]));
  add_evaluated(&g, 2000000);
  PublishReport report = published(&g);
  assert_int_equal(report.appended, 4);
  assert_int_equal(g.f.diags.warnings, 2);
  fixture_end(&g.f);
}

/* A module whose own build section is a megabyte long. */
static void a_module_cannot_make_results_too_long_by_what_it_says(void **state)
{
  Given g = given(*state);
  Buf long_text = buf_in(g.f.arena);
  buf_repeat(&long_text, 'x', ENVELOPE_LIMIT);
  Json *build = jv_object(g.f.arena);
  jv_set_string(build, STR("toolchain"), buf_text(&long_text));
  g.modules[2].build = build;
  add_evaluated(&g, 2000000);
  PublishReport report = published(&g);
  assert_int_equal(report.appended, 1);
  assert_int_equal(g.f.diags.warnings, 0);
  fixture_end(&g.f);
}

static void nothing_to_publish_is_an_error(void **state)
{
  Given g = given(*state);
  PublishReport report;
  assert_false(publish(g.f.arena, g.f.folder, fixture_path(&g.f, "site"), &report, &g.f.diags));
  assert_said(&g.f, "there is nothing to publish");
  fixture_end(&g.f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_verdict_stands_until_the_next),
      TEST(a_mended_specification_replaces_the_wrong_one),
      TEST(damaged_results_count_as_nothing),
      TEST(results_tell_nothing_of_this_machines_folders),
      TEST(a_verification_becomes_a_test_result),
      TEST(publishing_again_appends_nothing),
      TEST(the_newest_evaluation_is_the_one_shown),
      TEST(two_may_publish_at_once),
      TEST(what_cannot_be_published_does_not_keep_back_the_rest),
      TEST(a_module_cannot_make_results_too_long_by_what_it_says),
      TEST(nothing_to_publish_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
