/* A verification as a document: docs/schemas/verify.json. */
#include "ifc/canon.h"
#include "spec/verify.h"

static const char *const verdict_names[] = {"passed", "failed", "undecided"};
static const char *const kind_names[] = {"it", "table", "law"};

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
  if (test->reason.len) jv_set_string(out, STR("reason"), test->reason);
  if (test->failure) jv_set(out, STR("failure"), failure_json(arena, test->failure));
  return out;
}

static Json *implementation_json(Arena *arena, const ImplementationReport *report)
{
  const Implementation *one = report->implementation;
  Json *out = jv_object(arena), *tests = jv_array(arena);
  jv_set_string(out, STR("label"), one->label);
  jv_set_string(out, STR("path"), one->path);
  set_hash(arena, out, one->hash);
  jv_set_integer(out, STR("size"), (int64_t)one->module.bytes.len);
  jv_set_string(out, STR("language"), one->language);
  jv_set_string(out, STR("verdict"), str_from_z(verdict_names[report->verdict]));
  if (report->reason.len) jv_set_string(out, STR("reason"), report->reason);
  jv_set_integer(out, STR("cases"), (int64_t)report->cases);
  jv_set_integer(out, STR("milliseconds"), (int64_t)(report->nanoseconds / 1000000));
  for (size_t i = 0; i < report->test_count; i++) jv_push(tests, test_json(arena, &report->tests[i]));
  jv_set(out, STR("tests"), tests);
  return out;
}

Json *verify_to_json(Arena *arena, const VerifyReport *self)
{
  Json *out = jv_object(arena), *interface = jv_object(arena), *specs = jv_array(arena);
  Json *implementations = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/verify/1"));
  jv_set_string(interface, STR("id"), self->interface->id);
  set_hash(arena, interface, interface_hash(arena, self->interface));
  jv_set(out, STR("interface"), interface);
  jv_set_string(out, STR("seed"), str_format(arena, "%llu", (unsigned long long)self->seed));
  if (self->budget_cases)
    jv_set_integer(out, STR("budget-cases"), (int64_t)self->budget_cases);
  else
    jv_set_integer(out, STR("budget-ms"), self->budget_ms);
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
