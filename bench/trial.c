#include "bench/trial.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ifc/wave.h"
#include "runtime/aot.h"

uint32_t *tour_of(Arena *arena, size_t count)
{
  uint32_t *order = arena_array_of(arena, uint32_t, count);
  size_t stops = 1, used = 0; /* a power of two; at each there is one call or two */
  while (stops * 2 <= count) stops *= 2;
  for (size_t stop = 0; count && stop < stops; stop++) {
    size_t run = 0, rest = stop;
    for (size_t bit = 1; bit < stops; bit *= 2, rest /= 2) run = run * 2 + rest % 2;
    for (size_t call = run * count / stops; call < (run + 1) * count / stops; call++)
      order[used++] = (uint32_t)call;
  }
  return order;
}

size_t trial_left(const Trial *self)
{
  size_t left = 0;
  for (size_t i = 0; i < self->candidate_count; i++) left += !self->candidates[i].excluded;
  return left;
}

void trial_exclude(Trial *self, size_t candidate, Str reason)
{
  if (self->candidates[candidate].excluded) return;
  self->candidates[candidate].excluded = true;
  self->candidates[candidate].reason = reason;
}

Str call_text(Arena *arena, const Call *call)
{
  Buf text = buf_in(arena);
  buf_printf(&text, "%.*s(", STR_ARG(call->function->name));
  for (uint32_t i = 0; i < call->function->param_count; i++) {
    if (i) buf_z(&text, ", ");
    wave_print_short(call->function->params[i].type, call->args[i], 60, &text);
  }
  buf_byte(&text, ')');
  return buf_text(&text);
}

static void move_diags(Diags *from, Diags *to)
{
  for (const Diag *diag = from->first; diag; diag = diag->next) {
    Diag *copy = diag_error(to, diag->code, diag->span, "%.*s", STR_ARG(diag->message));
    for (const DiagNote *note = diag->notes; note; note = note->next)
      diag_note(to, copy, note->span, "%.*s", STR_ARG(note->message));
  }
}

/* --- compiling: ahead, in as many processes as there are processors, into the cache; then one by one from
 * the cache, where whatever went wrong happens again and is reported. */

static bool compile(Trial *self, size_t candidate, size_t layout, Diags *diags)
{
  const Implementation *implementation = self->candidates[candidate].implementation;
  Candidate *its = &self->candidates[candidate];
  AotOptions options = {.layout = (uint32_t)layout};
  if (layout == LAYOUT_METERED) {
    options = (AotOptions){.variant = WASM_METERED};
    if (!fit_compile_needs(self->arena, &implementation->fit, &options, &its->metered, diags)) return false;
  }
  return aot_compile(self->arena, &implementation->module, implementation->path, &options,
                     &its->objects[layout], diags);
}

static pid_t compile_in_child(Trial *self, size_t candidate, size_t layout)
{
  pid_t pid = fork();
  if (pid != 0) return pid;
  Diags diags = diags_in(self->arena);
  _exit(!compile(self, candidate, layout, &diags));
}

static void wait_for(pid_t pid)
{
  while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
  }
}

static void compile_ahead(Trial *self, size_t first, size_t end)
{
  enum { AT_ONCE_MAX = 16 };
  pid_t running[AT_ONCE_MAX] = {0};
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t at_once = processors < 1 ? 1 : processors < AT_ONCE_MAX ? (size_t)processors : AT_ONCE_MAX;
  size_t total = trial_left(self) * (end - first), started = 0;
  for (size_t i = 0; i < self->candidate_count; i++)
    for (size_t layout = first; layout < end && !self->candidates[i].excluded; layout++) {
      pid_t *slot = &running[started % at_once];
      wait_for(*slot);
      progress_update(self->progress, STR("compiling"), started < at_once ? 0 : started - at_once, total);
      *slot = compile_in_child(self, i, layout);
      started++;
    }
  for (size_t i = 0; i < at_once; i++) wait_for(running[i]);
}

bool trial_compile(Trial *self, size_t first, size_t end)
{
  compile_ahead(self, first, end);
  size_t total = trial_left(self) * (end - first);
  for (size_t i = 0; i < self->candidate_count; i++)
    for (size_t layout = first; layout < end && !self->candidates[i].excluded; layout++) {
      Diags diags = diags_in(self->arena);
      if (compile(self, i, layout, &diags)) continue;
      if (!diags.first || diags.first->code != DIAG_MODULE) {
        move_diags(&diags, self->diags);
        return false;
      }
      trial_exclude(self, i, diags.first->message);
    }
  progress_update(self->progress, STR("compiling"), total, total);
  return true;
}

void trial_compile_metered(Trial *self)
{
  compile_ahead(self, LAYOUT_METERED, LAYOUT_METERED + 1);
  for (size_t i = 0; i < self->candidate_count; i++) {
    Diags ignored = diags_in(self->arena);
    Candidate *candidate = &self->candidates[i];
    if (!candidate->excluded && !compile(self, i, LAYOUT_METERED, &ignored))
      candidate->objects[LAYOUT_METERED] = (Str){0};
  }
}
