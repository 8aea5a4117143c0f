/* The parent's side of agreements: one worker runs all implementations that can be run; what it says of each
 * is taken as if a worker of that one had said it. */
#include "spec/verify_internal.h"

static bool wants_agreement(const Verification *self, size_t spec, size_t test)
{
  bool wanted = !self->options->replay.len || (self->replay_spec == spec && self->replay.test == test);
  return wanted && self->specs[spec]->tests.at[test].kind == TEST_AGREE;
}

static size_t count_agreements(const Verification *self)
{
  size_t count = 0;
  for (size_t i = 0; i < self->spec_count; i++)
    for (size_t j = 0; j < self->specs[i]->tests.len; j++) count += wants_agreement(self, i, j);
  return count;
}

/* Who takes part, by number. */
typedef struct Gathering {
  Verification *whole;
  bool *present;
} Gathering;

static bool receive(void *context, Str text)
{
  Gathering *self = context;
  Arena *arena = self->whole->arena;
  Diags ignored = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("message"), str_copy(arena, text)};
  const Json *number = jv_get(jv_parse(arena, source, &ignored), STR("implementation"));
  int64_t index = jv_as_integer(number);
  if (jv_kind(number) != JV_INTEGER || index < 0 || (uint64_t)index >= self->whole->count) return false;
  return self->present[index] && verify_receive(&self->whole->progressing[index], text);
}

/* Every agreement that has not ended is undecided. */
static void leave_undecided(Verification *self, size_t index, Str reason)
{
  Progressing *progressing = &self->progressing[index];
  for (size_t i = 0; i < self->test_count; i++) {
    if (progressing->ended[i] || self->by_number[i]->kind != TEST_AGREE) continue;
    progressing->tests[i].verdict = VERDICT_UNDECIDED;
    progressing->tests[i].reason = reason;
  }
}

static void conclude(Verification *self, size_t index, const SandboxOutcome *outcome)
{
  Progressing *progressing = &self->progressing[index];
  Str reason = STR("not run");
  if (progressing->broken.len)
    reason = progressing->broken;
  else if (outcome->end == SANDBOX_STOPPED)
    reason = STR("not run: the worker of all implementations sent something that is no report");
  else if (outcome->end != SANDBOX_DONE)
    reason = str_format(self->arena, "not run: the worker of all implementations %.*s",
                        STR_ARG(sandbox_outcome_text(self->arena, outcome)));
  leave_undecided(self, index, reason);
  progressing->running = SIZE_MAX;
  progressing->broken = (Str){0};
  verify_judge(&self->reports[index]);
}

/* Those that are worth a look at what they do. */
static void compile_passed(Verification *self, const size_t *of, size_t count)
{
  size_t *passed = arena_array_of(self->arena, size_t, count), passed_count = 0;
  for (size_t i = 0; i < count; i++)
    if (self->reports[of[i]].verdict != VERDICT_FAILED) passed[passed_count++] = of[i];
  verify_compile_search(self, passed, passed_count);
}

bool verify_agree(Verification *self, Diags *diags)
{
  size_t *of = arena_array_of(self->arena, size_t, self->count), count = 0;
  Gathering gathering = {self, arena_array_of(self->arena, bool, self->count)};
  if (!count_agreements(self)) return true;
  for (size_t i = 0; i < self->count; i++) {
    if (!self->jobs[i].object.len || self->reports[i].reason.len) continue;
    gathering.present[i] = true;
    of[count++] = i;
  }
  if (count == 0) return true;
  AgreeJob work = {.arena = self->arena, .jobs = self->jobs, .of = of, .count = count};
  work.search = count > 1 ? verify_search_options(self) : NULL;
  if (work.search) compile_passed(self, of, count);
  SandboxJob job = {.prepare = agree_prepare, .run = agree_work, .context = &work};
  SandboxLimits limits = {.wall_ms = verify_wall_ms(self)};
  SandboxOutcome outcome;
  if (!sandbox_run(&job, &limits, receive, &gathering, &outcome, diags)) return false;
  for (size_t i = 0; i < count; i++) {
    conclude(self, of[i], &outcome);
    self->reports[of[i]].nanoseconds += outcome.nanoseconds / count;
  }
  verify_share(self);
  return true;
}
