/* Specifications as the rest of the program sees them, and the canonical text of files. */
#include "spec/spec.h"

#include "ifc/canon.h"
#include "spec/plan.h"
#include "spec/tests.h"

static Str read_subject(Arena *arena, const Source *source, Diags *diags)
{
  Unit unit = {.arena = arena, .source = source, .diags = diags};
  Cursor cursor;
  Name id;
  if (!cursor_begin(&cursor, &unit)) return (Str){0};
  Str keyword = cursor_at_word(&cursor, STR("bench")) ? STR("bench") : STR("spec");
  return cursor_subject(&cursor, keyword, &id) ? id.text : (Str){0};
}

/* The token behind the line is read ahead: what is wrong with that is told by those who come to it. */
Str spec_subject(Arena *arena, const Source *source, Diags *diags)
{
  Diags unheard = diags_in(arena);
  Str subject = read_subject(arena, source, &unheard);
  return subject.len ? subject : read_subject(arena, source, diags);
}

/* A specification may be tried on another interface, if that has all that it uses, and it uses some of that.
 */
static void check_subject(const Spec *self, bool fits)
{
  const Unit *unit = &self->unit;
  bool is_other = self->subject.text.len && !str_equal(self->subject.text, unit->interface->id);
  if (!is_other || (fits && unit->calls)) return;
  Diag *diag = diag_error(unit->diags, DIAG_NAME, self->subject.span,
                          "this specification is for `%.*s`, and cannot be tried on `%.*s`",
                          STR_ARG(self->subject.text), STR_ARG(unit->interface->id));
  diag_note(unit->diags, diag, SPAN_NONE,
            fits ? "it calls none of that one's functions"
                 : "that one has not all that it uses, as the other messages say");
}

static void make_plans(Arena *arena, Test *test)
{
  PlanLabels labels = {0};
  if (!test_is_generated(test->kind)) return;
  plans_make(arena, test, &labels);
  for (size_t i = 0; i < test->operations.len; i++) plans_make(arena, &test->operations.at[i], &labels);
}

Str spec_canonical_text(Arena *arena, const Source *source, Diags *diags)
{
  return unit_canonical(arena, STR("assay-spec/1"), source, diags);
}

const Spec *spec_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags)
{
  Spec *self = arena_new_of(arena, Spec);
  size_t errors = diags->errors;
  self->unit = (Unit){.arena = arena, .source = source, .interface = interface, .diags = diags};
  if (spec_read(self)) {
    unit_check(&self->unit);
    for (size_t i = 0; i < self->tests.len; i++) test_check(&self->unit, &self->tests.at[i]);
    if (self->tests.len == 0 && diags->errors == errors)
      diag_error(diags, DIAG_SYNTAX, self->subject.span, "this specification has no tests");
  }
  if (diags->errors == errors) self->canonical = spec_canonical_text(arena, source, diags);
  check_subject(self, diags->errors == errors);
  if (diags->errors > errors) return NULL;
  self->hash = hash_of(self->canonical);
  self->interface_hash = interface_hash(arena, interface);
  for (size_t i = 0; i < self->tests.len; i++) {
    make_plans(arena, &self->tests.at[i]);
    self->tests.at[i].has_state = self->unit.has_state;
    self->tests.at[i].identity = test_identity(&self->unit, &self->tests.at[i]);
  }
  self->unit.diags = NULL;
  return self;
}

Hash spec_hash(const Spec *self)
{
  return self->hash;
}

Str spec_canonical(const Spec *self)
{
  return self->canonical;
}

Str spec_path(const Spec *self)
{
  return self->unit.source->path;
}

const Source *spec_source(const Spec *self)
{
  return self->unit.source;
}
