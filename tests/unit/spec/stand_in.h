/* Laws tried on functions of the test itself, in place of a module. */
#ifndef TESTS_UNIT_SPEC_STAND_IN_H
#define TESTS_UNIT_SPEC_STAND_IN_H

#include "tests/unit/check.h"

#include "ifc/base/clock.h"
#include "ifc/wave.h"
#include "ifc/wit.h"
#include "spec/failure.h"
#include "spec/law.h"

/* What stands in for an instance. */
typedef struct StandIn {
  /* False, with a fault, is a trap. */
  bool (*call)(struct StandIn *self, const Function *function, const Value *args, Arena *arena, Value *result,
               Fault *fault);
  uint64_t calls; /* since it was reset: state that an implementation may have */
  uint64_t resets;
  void *context;
} StandIn;

static inline bool stand_in_call(void *context, const Function *function, const Value *args, Arena *arena,
                                 Value *result, Fault *fault)
{
  StandIn *self = context;
  self->calls++;
  return self->call(self, function, args, arena, result, fault);
}

static inline bool stand_in_reset(void *context, Fault *fault)
{
  StandIn *self = context;
  (void)fault;
  self->calls = 0;
  self->resets++;
  return true;
}

typedef struct Tried {
  const Spec *spec;
  LawResult result;
  Failure failure; /* when it failed */
  Str token;
  uint64_t fresh_runs; /* on the instance that is reset for each of them: nearly all to make it smaller */
} Tried;

static inline Str errors_text(Arena *arena, const Diags *diags)
{
  Buf out = buf_in(arena);
  diags_print(diags, &out, false);
  return buf_text(&out);
}

/* An interface `test:law/it` with these items, and a specification for it. */
static inline const Spec *stand_in_spec(Arena *arena, const char *items, const char *tests)
{
  Diags diags = diags_in(arena);
  Source *wit = arena_new_of(arena, Source), *source = arena_new_of(arena, Source);
  *wit = (Source){STR("law.wit"), str_format(arena, "package test:law; interface it { %s }", items)};
  *source = (Source){STR("law.spec"), str_format(arena, "spec test:law/it; %s", tests)};
  const Package *package = wit_parse(arena, wit, NULL, &diags);
  const Spec *spec = package ? spec_parse(arena, source, &package->interfaces[0], &diags) : NULL;
  if (!spec) print_error("%s\n%.*s", tests, STR_ARG(errors_text(arena, &diags)));
  assert_non_null(spec);
  return spec;
}

typedef bool StandInCall(StandIn *self, const Function *function, const Value *args, Arena *arena,
                         Value *result, Fault *fault);

/* Tries the first test, a law, on `call`. */
static inline Tried stand_in_try(Arena *arena, const Spec *spec, StandInCall *call, void *context,
                                 uint64_t seed, uint64_t cases)
{
  Tried tried = {.spec = spec};
  StandIn used = {.call = call, .context = context}, fresh = used;
  Subject used_subject = {.context = &used, .call = stand_in_call, .reset = stand_in_reset};
  Subject fresh_subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  LawOptions options = {.seed = seed, .cases = cases, .shrink_ns = UINT64_C(60000000000), .arena = arena};
  Arena *own = arena_new();
  Attempt attempt;
  attempt_init(&attempt, own, &spec->tests.at[0]);
  law_run(&attempt, &used_subject, &fresh_subject, &options, &tried.result);
  if (tried.result.verdict == VERDICT_FAILED) {
    failure_describe(arena, &attempt, tried.result.on_used_instances, tried.result.replay.repeats,
                     &tried.failure);
    if (tried.result.replay.kind == REPLAY_CASES)
      failure_describe_history(arena, &attempt, tried.result.replay.cases_made,
                               tried.result.replay.case_count, &tried.failure);
    tried.token = replay_encode(arena, spec, &tried.result.replay);
  }
  tried.fresh_runs = fresh.resets;
  tried.result.reason = str_copy(arena, tried.result.reason);
  arena_free(own);
  return tried;
}

/* Replays a token on `call`. */
static inline Tried stand_in_replay(Arena *arena, const Spec *spec, StandInCall *call, void *context,
                                    Str token)
{
  Tried tried = {.spec = spec};
  Diags diags = diags_in(arena);
  size_t index;
  Replay replay;
  bool decoded = replay_decode(arena, token, &spec, 1, &index, &replay, &diags);
  assert_true(decoded);
  StandIn fresh = {.call = call, .context = context};
  Subject subject = {.context = &fresh, .call = stand_in_call, .reset = stand_in_reset};
  Arena *own = arena_new();
  Attempt attempt;
  attempt_init(&attempt, own, &spec->tests.at[replay.test]);
  law_replay(&attempt, &subject, &replay, &tried.result);
  if (tried.result.verdict == VERDICT_FAILED)
    failure_describe(arena, &attempt, tried.result.on_used_instances, tried.result.replay.repeats,
                     &tried.failure);
  if (tried.result.verdict == VERDICT_FAILED && replay.kind == REPLAY_CASES)
    failure_describe_history(arena, &attempt, replay.cases_made, replay.case_count, &tried.failure);
  arena_free(own);
  return tried;
}

/* "a = 1; b = [2]": the inputs of a failure. */
static inline Str inputs_text(Arena *arena, const Failure *failure)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < failure->input_count; i++)
    buf_printf(&out, "%s%.*s = %.*s", i ? "; " : "", STR_ARG(failure->inputs[i].name),
               STR_ARG(failure->inputs[i].value));
  return buf_text(&out);
}

/* Gives true, or nothing. */
static inline bool always_true(StandIn *self, const Function *function, const Value *args, Arena *arena,
                               Value *result, Fault *fault)
{
  (void)self, (void)function, (void)args, (void)arena, (void)fault;
  *result = value_bool(true);
  return true;
}

#endif
