#include "spec/unanswered.h"

#include "ifc/wave.h"

/* Why, and for which inputs; what does not fit is cut between two characters. */
static void note_first(Attempt *attempt)
{
  enum { VALUE_MAX = 60 };
  Arena *arena = arena_new();
  Buf text = buf_in(arena);
  for (size_t i = 0; attempt->has_inputs && i < attempt->test->params.len; i++) {
    const ParamDecl *param = &attempt->test->params.at[i];
    buf_printf(&text, "%s%.*s = ", i ? ", " : ", first for ", STR_ARG(param->name.text));
    wave_print_short(param->type, attempt->slots[i], VALUE_MAX, &text);
  }
  Str all = buf_text(&text);
  size_t room = sizeof attempt->first_inputs - 1, len = all.len < room ? all.len : room;
  while (len < all.len && (all.at[len] & 0xc0) == 0x80) len--;
  if (len) memcpy(attempt->first_inputs, all.at, len);
  attempt->first_inputs[len] = '\0';
  snprintf(attempt->first_unanswered, sizeof attempt->first_unanswered, "%s", attempt->machine.failure.text);
  arena_free(arena);
}

bool unanswered_add(Unanswered *self, Attempt *attempt)
{
  enum { FUEL_MAX = 200 * 1000 * 1000 }; /* some seconds */
  const Test *test = attempt->test;
  if (self->count++ == 0) note_first(attempt);
  self->fuel += attempt->fuel - attempt->machine.fuel;
  attempt_save_fuel(attempt);
  return self->fuel < FUEL_MAX && (test->params.len || test_has_steps(test));
}

Str unanswered_text(const Unanswered *self, Attempt *attempt, uint64_t answered)
{
  snprintf(attempt->unanswered_text, sizeof attempt->unanswered_text, "%s for %llu of %llu inputs%s",
           attempt->first_unanswered, (unsigned long long)self->count,
           (unsigned long long)(self->count + answered), attempt->first_inputs);
  return str_from_z(attempt->unanswered_text);
}
