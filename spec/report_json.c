/* A verification as a document: docs/schemas/verify.json. */
#include "ifc/canon.h"
#include "spec/verify.h"

static const char *const verdict_names[] = {"passed", "failed", "undecided"};
static const char *const kind_names[] = {"it", "table", "law"};

static void set_hash(Arena *arena, Json *object, Hash hash)
{
  json_set_string(object, STR("hash"), hash_text(arena, hash));
}

static Json *failure_json(Arena *arena, const Failure *failure)
{
  Json *out = json_object(arena), *inputs = json_array(arena);
  for (size_t i = 0; i < failure->input_count; i++) {
    Json *input = json_object(arena);
    json_set_string(input, STR("name"), failure->inputs[i].name);
    json_set_string(input, STR("value"), failure->inputs[i].value);
    json_push(inputs, input);
  }
  json_set_string(out, STR("message"), failure->message);
  json_set(out, STR("inputs"), inputs);
  json_set_string(out, STR("expected"), failure->expected);
  json_set_string(out, STR("actual"), failure->actual);
  json_set_string(out, STR("replay"), failure->replay);
  if (failure->span.source) json_set_integer(out, STR("line"), (int64_t)span_position(failure->span).line);
  json_set_integer(out, STR("shrinks"), failure->shrinks);
  return out;
}

static Json *test_json(Arena *arena, const TestReport *test)
{
  Json *out = json_object(arena);
  json_set_integer(out, STR("spec"), test->spec);
  json_set_string(out, STR("group"), test->group);
  json_set_string(out, STR("name"), test->name);
  json_set_string(out, STR("kind"), str_from_z(kind_names[test->kind]));
  json_set_string(out, STR("verdict"), str_from_z(verdict_names[test->verdict]));
  json_set_integer(out, STR("cases"), (int64_t)test->cases);
  json_set_integer(out, STR("discarded"), (int64_t)test->discarded);
  if (test->reason.len) json_set_string(out, STR("reason"), test->reason);
  if (test->failure) json_set(out, STR("failure"), failure_json(arena, test->failure));
  return out;
}

static Json *implementation_json(Arena *arena, const ImplementationReport *report)
{
  const Implementation *one = report->implementation;
  Json *out = json_object(arena), *tests = json_array(arena);
  json_set_string(out, STR("label"), one->label);
  json_set_string(out, STR("path"), one->path);
  set_hash(arena, out, one->hash);
  json_set_integer(out, STR("size"), (int64_t)one->module.bytes.len);
  json_set_string(out, STR("language"), one->language);
  json_set_string(out, STR("verdict"), str_from_z(verdict_names[report->verdict]));
  if (report->reason.len) json_set_string(out, STR("reason"), report->reason);
  json_set_integer(out, STR("cases"), (int64_t)report->cases);
  json_set_integer(out, STR("milliseconds"), (int64_t)(report->nanoseconds / 1000000));
  for (size_t i = 0; i < report->test_count; i++) json_push(tests, test_json(arena, &report->tests[i]));
  json_set(out, STR("tests"), tests);
  return out;
}

Json *verify_to_json(Arena *arena, const VerifyReport *self)
{
  Json *out = json_object(arena), *interface = json_object(arena), *specs = json_array(arena);
  Json *implementations = json_array(arena);
  json_set_string(out, STR("schema"), STR("assay/verify/1"));
  json_set_string(interface, STR("id"), self->interface->id);
  set_hash(arena, interface, interface_hash(arena, self->interface));
  json_set(out, STR("interface"), interface);
  json_set_string(out, STR("seed"), str_format(arena, "%llu", (unsigned long long)self->seed));
  if (self->budget_cases)
    json_set_integer(out, STR("budget-cases"), (int64_t)self->budget_cases);
  else
    json_set_integer(out, STR("budget-ms"), self->budget_ms);
  for (size_t i = 0; i < self->spec_count; i++) {
    Json *spec = json_object(arena);
    json_set_string(spec, STR("path"), spec_path(self->specs[i]));
    set_hash(arena, spec, spec_hash(self->specs[i]));
    json_push(specs, spec);
  }
  json_set(out, STR("specs"), specs);
  for (size_t i = 0; i < self->implementation_count; i++)
    json_push(implementations, implementation_json(arena, &self->implementations[i]));
  json_set(out, STR("implementations"), implementations);
  return out;
}
