#include "spec/emit.h"

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/wave.h"
#include "spec/attempt.h"
#include "spec/emit_internal.h"
#include "spec/replay.h"

enum { REPEATS_MAX = 1000, TEXT_MAX = 16 << 20 };

typedef struct Emitter {
  Arena *arena;
  const VerifyReport *report;
  Buf text;   /* what has been found good */
  Map *seen;  /* scripts and fns that are in it */
  Map *names; /* of its tests */
  EmittedSpec *out;
} Emitter;

/* --- pieces of the original */

/* Those that the script needs, in the order of the file; all of them once. */
static void put_fns(const Emitter *self, const Spec *spec, Str script, Buf *out)
{
  Fns needed = fns_of(&spec->unit, script);
  for (size_t i = 0; i < map_count(spec->unit.fns); i++) {
    const Fn *fn = map_entry(spec->unit.fns, i)->value;
    bool is_needed = false;
    for (size_t k = 0; k < needed.len; k++) is_needed |= needed.at[k] == fn;
    if (!is_needed || map_get(self->seen, span_text(fn->span))) continue;
    buf_str(out, span_text(fn->span));
    buf_z(out, "\n\n");
  }
}

static void note_fns(const Emitter *self, const Spec *spec, Str text)
{
  Fns fns = fns_of(&spec->unit, text);
  for (size_t i = 0; i < fns.len; i++) map_put(self->seen, span_text(fns.at[i]->span), self->out);
}

static void put_quoted(Str text, Buf *out)
{
  wave_print(type_of_kind(TYPE_STRING), value_string(text), out);
}

Str emit_name(const Name *name)
{
  Span span = name->span;
  if (span.at > 0 && span.source->text.at[span.at - 1] == '%') {
    span.at--;
    span.len++;
  }
  return span_text(span);
}

/* --- a case */

/* The values of the law's parameters, made again. */
static bool make_inputs(Attempt *attempt, const ChoiceList *choices)
{
  draws_begin_replay(&attempt->draws, choices->at, choices->count);
  return plans_generate(attempt->test, &attempt->draws);
}

static void put_case(const Test *test, const Attempt *attempt, uint32_t repeats, Buf *out)
{
  for (size_t i = 0; i < test->params.len; i++) {
    const ParamDecl *param = &test->params.at[i];
    buf_printf(out, "  let %.*s: %.*s = ", STR_ARG(emit_name(&param->name)),
               STR_ARG(type_text(out->arena, param->type)));
    wave_print(param->type, attempt->slots[i], out);
    buf_z(out, ";\n");
  }
  for (uint32_t n = 0; n < repeats && out->len < TEXT_MAX; n++)
    for (size_t i = 0; i < test->statements.len; i++)
      buf_printf(out, "  %.*s\n", STR_ARG(span_text(test->statements.at[i].span)));
}

typedef struct ScriptContext {
  Attempt *attempt;
  const Replay *replay;
  Buf *out;
  bool made;
} ScriptContext;

/* One case after the other: they meet on one instance. */
static void put_script(Machine *machine, void *context)
{
  ScriptContext *self = context;
  const Replay *replay = self->replay;
  const ChoiceList *cases = replay->kind == REPLAY_CASES ? replay->cases_made : &replay->choices;
  uint32_t count = replay->kind == REPLAY_CASES ? replay->case_count : 1;
  (void)machine;
  for (uint32_t i = 0; i < count; i++) {
    if (!make_inputs(self->attempt, &cases[i])) return;
    put_case(self->attempt->test, self->attempt, replay->repeats, self->out);
  }
  self->made = true;
}

/* The statements between the braces; empty when they cannot be written. */
static Str script_of(Emitter *self, const Spec *spec, const Replay *replay, const Failure *failure)
{
  const Test *test = &spec->tests.at[replay->test];
  if (test->kind != TEST_LAW)
    return replay->kind == REPLAY_CHOICES ? emit_moves(self->arena, test, failure) : (Str){0};
  bool is_case = replay->kind == REPLAY_CHOICES || replay->kind == REPLAY_CASES;
  if (!is_case || replay->repeats > REPEATS_MAX) return (Str){0};
  Arena *values = arena_new();
  Attempt attempt;
  Buf out = buf_in(self->arena);
  attempt_init(&attempt, values, test);
  attempt.machine.call = NULL; /* no implementation is here */
  attempt.machine.fuel = attempt.fuel;
  ScriptContext context = {&attempt, replay, &out, false};
  bool good = machine_protect(&attempt.machine, put_script, &context) && context.made;
  arena_free(values);
  return good ? buf_text(&out) : (Str){0};
}

/* Statements, however they are laid out. */
static Str script_key(const Emitter *self, Str script)
{
  const Source source = {STR("script"), str_format(self->arena, "spec a:b/c;%.*s", STR_ARG(script))};
  Diags ignored = diags_in(self->arena);
  Str key = unit_canonical(self->arena, STR("script"), &source, &ignored);
  return key.len ? key : script;
}

static Str free_name(const Emitter *self, const TestReport *test)
{
  Arena *arena = self->arena;
  Str group = test->group.len ? str_format(arena, "%.*s: ", STR_ARG(test->group)) : STR(""), name;
  size_t number = self->out->written;
  do name = str_format(arena, "%.*s%.*s (counterexample %zu)", STR_ARG(group), STR_ARG(test->name), ++number);
  while (map_get(self->names, name));
  return name;
}

static void put_test(Str name, Str script, Buf *out)
{
  buf_z(out, "it ");
  put_quoted(name, out);
  buf_printf(out, " {\n%.*s}\n\n", STR_ARG(script));
}

static bool is_good(const Emitter *self, Str text)
{
  Diags ignored = diags_in(self->arena);
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){STR("counterexamples"), text};
  return text.len < TEXT_MAX && spec_parse(self->arena, source, self->report->interface, &ignored) != NULL;
}

/* Appends the test, with the fns it needs, unless that would make the whole no specification: two files may
 * have different fns of one name. */
static bool emit(Emitter *self, const TestReport *test)
{
  const Spec *const *specs = self->report->specs;
  Diags ignored = diags_in(self->arena);
  Replay replay;
  size_t spec;
  if (!replay_decode(self->arena, test->failure->replay, specs, self->report->spec_count, &spec, &replay,
                     &ignored))
    return false;
  Str script = script_of(self, specs[spec], &replay, test->failure);
  if (!script.len) return false;
  Str key = script_key(self, script), name = free_name(self, test);
  const size_t *count = map_get(self->seen, key);
  if (count) {
    self->out->known += count == &self->out->known;
    return true;
  }
  Buf longer = buf_in(self->arena);
  buf_str(&longer, buf_text(&self->text));
  put_fns(self, specs[spec], script, &longer);
  put_test(name, script, &longer);
  if (!is_good(self, buf_text(&longer))) return false;
  self->text = longer;
  note_fns(self, specs[spec], script);
  map_put(self->seen, key, &self->out->written);
  map_put(self->names, name, self->out);
  self->out->written++;
  return true;
}

static bool is_generated_failure(const TestReport *test)
{
  return test->failure && (test->kind == TEST_LAW || test->kind == TEST_SEQUENCE || test->kind == TEST_AGREE);
}

/* What is there already stays as it is. */
static void begin_with(Emitter *self, const Spec *existing)
{
  Str text = existing->unit.source->text;
  buf_str(&self->text, text);
  buf_z(&self->text, str_ends_with(text, STR("\n")) ? "\n" : "\n\n");
  note_fns(self, existing, text);
  for (size_t i = 0; i < existing->tests.len; i++) {
    const Test *test = &existing->tests.at[i];
    if (!test->group.len) map_put(self->names, test->name.text, self->out);
    if (test->kind != TEST_IT) continue;
    Span script = span_join(test->statements.at[0].span, test->statements.at[test->statements.len - 1].span);
    map_put(self->seen, script_key(self, span_text(script)), &self->out->known);
  }
}

void verify_emit(Arena *arena, const VerifyReport *report, const Spec *existing, EmittedSpec *out)
{
  Emitter self = {.arena = arena,
                  .report = report,
                  .text = buf_in(arena),
                  .seen = map_new(arena),
                  .names = map_new(arena),
                  .out = out};
  *out = (EmittedSpec){0};
  if (existing)
    begin_with(&self, existing);
  else
    buf_printf(&self.text, "spec %.*s;\n\n", STR_ARG(report->interface->id));
  for (size_t i = 0; i < report->implementation_count; i++)
    for (size_t k = 0; k < report->implementations[i].test_count; k++) {
      const TestReport *test = &report->implementations[i].tests[k];
      if (is_generated_failure(test) && !emit(&self, test)) out->left_out++;
    }
  if (out->written) out->text = (Str){buf_text(&self.text).at, buf_text(&self.text).len - 1};
}
