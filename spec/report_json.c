/* A verification as a document: docs/schemas/verify.json. */
#include "ifc/canon.h"
#include "spec/verify.h"

static const char *const verdict_names[] = {"passed", "failed", "undecided"};
static const char *const kind_names[] = {"it", "table", "law", "sequence", "agree"};

static void set_hash(Arena *arena, Json *object, Hash hash)
{
  jv_set_string(object, STR("hash"), hash_text(arena, hash));
}

static Json *failure_json(Arena *arena, const Failure *failure)
{
  Json *out = jv_object(arena), *inputs = jv_array(arena);
  for (size_t i = 0; i < failure->input_count; i++) {
    Json *input = jv_object(arena);
    jv_set_string(input, STR("name"), failure->inputs[i].name);
    jv_set_string(input, STR("value"), failure->inputs[i].value);
    jv_push(inputs, input);
  }
  jv_set_string(out, STR("message"), failure->message);
  jv_set(out, STR("inputs"), inputs);
  if (failure->step_count) {
    Json *steps = jv_array(arena);
    for (size_t i = 0; i < failure->step_count; i++) jv_push(steps, jv_string(arena, failure->steps[i]));
    jv_set(out, STR("steps"), steps);
  }
  jv_set_string(out, STR("expected"), failure->expected);
  jv_set_string(out, STR("actual"), failure->actual);
  jv_set_string(out, STR("replay"), failure->replay);
  if (failure->span.source) jv_set_integer(out, STR("line"), (int64_t)span_position(failure->span).line);
  jv_set_integer(out, STR("shrinks"), failure->shrinks);
  return out;
}

static Json *test_json(Arena *arena, const TestReport *test)
{
  Json *out = jv_object(arena);
  jv_set_integer(out, STR("spec"), test->spec);
  jv_set_string(out, STR("group"), test->group);
  jv_set_string(out, STR("name"), test->name);
  jv_set_string(out, STR("kind"), str_from_z(kind_names[test->kind]));
  jv_set_string(out, STR("verdict"), str_from_z(verdict_names[test->verdict]));
  jv_set_integer(out, STR("cases"), (int64_t)test->cases);
  jv_set_integer(out, STR("discarded"), (int64_t)test->discarded);
  jv_set_integer(out, STR("milliseconds"), (int64_t)(test->nanoseconds / 1000000));
  if (test->handles_left) jv_set_integer(out, STR("handles-left"), test->handles_left);
  if (test->reason.len) jv_set_string(out, STR("reason"), test->reason);
  if (test->failure) jv_set(out, STR("failure"), failure_json(arena, test->failure));
  return out;
}

static Json *unmet_json(Arena *arena, const UnmetComparison *unmet)
{
  Json *out = jv_object(arena);
  jv_set_string(out, STR("function"), unmet->function);
  jv_set_string(out, STR("instruction"), unmet->instruction);
  jv_set_integer(out, STR("offset"), unmet->offset);
  jv_set_string(out, STR("was"), unmet->always ? STR("always") : STR("never"));
  return out;
}

static void set_covered(Arena *arena, Json *out, const Covered *covered)
{
  Json *unreached = jv_array(arena), *unmet = jv_array(arena);
  uint64_t percent = covered->blocks ? UINT64_C(100) * covered->entered / covered->blocks : 100;
  size_t shown = covered->unmet_count < UNMET_MAX ? covered->unmet_count : UNMET_MAX;
  jv_set_integer(out, STR("percent"), (int64_t)percent);
  jv_set_integer(out, STR("blocks"), covered->blocks);
  jv_set_integer(out, STR("entered"), covered->entered);
  for (size_t i = 0; i < covered->unreached_count; i++)
    jv_push(unreached, jv_string(arena, covered->unreached[i]));
  jv_set(out, STR("unreached"), unreached);
  for (size_t i = 0; i < shown; i++) jv_push(unmet, unmet_json(arena, &covered->unmet[i]));
  jv_set(out, STR("unmet"), unmet);
  jv_set_integer(out, STR("unmet-count"), (int64_t)covered->unmet_count);
}

static Json *coverage_json(Arena *arena, const Coverage *coverage)
{
  Json *out = jv_object(arena), *libraries = jv_object(arena);
  set_covered(arena, out, &coverage->own);
  jv_set_bool(out, STR("traced"), coverage->traced);
  set_covered(arena, libraries, &coverage->libraries);
  jv_set(out, STR("libraries"), libraries);
  return out;
}

/* Who answers the imports of `one`, each behind those that it needs itself: as `--with` wants them. */
static void add_with(Arena *arena, const Implementation *one, Json *with)
{
  for (uint32_t i = 0; i < one->fit.need_count; i++) {
    const Implementation *provider = one->fit.needs[i].provider;
    bool is_there = false;
    if (!provider) continue;
    for (size_t k = 0; k < jv_count(with); k++)
      is_there |= str_equal(jv_as_string(jv_get(jv_at(with, k), STR("path"))), provider->path);
    if (is_there) continue;
    add_with(arena, provider, with);
    Json *entry = jv_object(arena);
    jv_set_string(entry, STR("path"), provider->path);
    jv_set_string(entry, STR("hash"), hash_text(arena, provider->hash));
    jv_push(with, entry);
  }
}

static Json *implementation_json(Arena *arena, const ImplementationReport *report)
{
  const Implementation *one = report->implementation;
  Json *out = jv_object(arena), *tests = jv_array(arena);
  jv_set_string(out, STR("label"), one->label);
  jv_set_string(out, STR("path"), one->path);
  Json *with = jv_array(arena);
  add_with(arena, one, with);
  if (jv_count(with)) jv_set(out, STR("with"), with);
  if (!one->problem.len) {
    set_hash(arena, out, one->hash);
    jv_set_integer(out, STR("size"), (int64_t)one->module.bytes.len);
    jv_set_string(out, STR("language"), one->language);
  }
  jv_set_string(out, STR("verdict"), str_from_z(verdict_names[report->verdict]));
  if (report->reason.len) jv_set_string(out, STR("reason"), report->reason);
  jv_set_integer(out, STR("cases"), (int64_t)report->cases);
  jv_set_integer(out, STR("milliseconds"), (int64_t)(report->nanoseconds / 1000000));
  for (size_t i = 0; i < report->test_count; i++) jv_push(tests, test_json(arena, &report->tests[i]));
  jv_set(out, STR("tests"), tests);
  if (report->coverage) jv_set(out, STR("coverage"), coverage_json(arena, report->coverage));
  if (report->search_problem.len) jv_set_string(out, STR("search-problem"), report->search_problem);
  return out;
}

static Verdict verdict_of(const VerifyReport *self)
{
  int exit = verify_exit(self);
  return exit == 0 ? VERDICT_PASSED : exit == 1 ? VERDICT_FAILED : VERDICT_UNDECIDED;
}

Json *verify_to_json(Arena *arena, const VerifyReport *self)
{
  Json *out = jv_object(arena), *interface = jv_object(arena), *specs = jv_array(arena);
  Json *implementations = jv_array(arena), *arguments = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/verify/1"));
  jv_set_string(interface, STR("id"), self->interface->id);
  set_hash(arena, interface, interface_hash(arena, self->interface));
  jv_set(out, STR("interface"), interface);
  jv_set_string(out, STR("verdict"), str_from_z(verdict_names[verdict_of(self)]));
  jv_set_string(out, STR("seed"), str_format(arena, "%llu", (unsigned long long)self->seed));
  if (self->budget_cases)
    jv_set_integer(out, STR("budget-cases"), (int64_t)self->budget_cases);
  else
    jv_set_integer(out, STR("budget-ms"), self->budget_ms);
  if (self->shard_count)
    jv_set_string(out, STR("shard"), str_format(arena, "%u/%u", self->shard, self->shard_count));
  for (size_t i = 0; i < self->argument_count; i++) jv_push(arguments, jv_string(arena, self->arguments[i]));
  if (self->argument_count) jv_set(out, STR("arguments"), arguments);
  for (size_t i = 0; i < self->spec_count; i++) {
    Json *spec = jv_object(arena);
    jv_set_string(spec, STR("path"), spec_path(self->specs[i]));
    set_hash(arena, spec, spec_hash(self->specs[i]));
    jv_push(specs, spec);
  }
  jv_set(out, STR("specs"), specs);
  for (size_t i = 0; i < self->implementation_count; i++)
    jv_push(implementations, implementation_json(arena, &self->implementations[i]));
  jv_set(out, STR("implementations"), implementations);
  return out;
}
