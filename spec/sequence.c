#include "spec/sequence.h"

#include "ifc/base/vec.h"

enum {
  TRIES = 8,       /* for a step that fits the state */
  STEPS_MAX = 4096 /* of a new sequence */
};

/* How new steps are chosen. Some operations are left out of a case or come seldom, so that others meet each
 * other ("swarm testing", Groce et al. 2012). */
typedef struct Mix {
  uint32_t weights[OPERATIONS_MAX];
  uint32_t total;
  uint32_t left; /* steps that are still to come */
  bool is_made;
} Mix;

void sequence_init(Attempt *attempt, Arena *arena)
{
  const Test *test = attempt->test;
  size_t operations = test->operations.len, count = operations + test->invariants.len;
  attempt->part_slots = arena_array_of(arena, Value *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const Test *part = i < operations ? &test->operations.at[i] : &test->invariants.at[i - operations];
    attempt->part_slots[i] = arena_array_of(arena, Value, part->slot_count + 1);
  }
}

static void mix_make(Mix *self, const Test *test, Draws *draws)
{
  static const uint32_t weights[4] = {0, 1, 4, 4};
  size_t count = test->operations.len;
  self->is_made = true;
  self->left = 1 + draws_below(draws, draws->size_cap < STEPS_MAX ? draws->size_cap : STEPS_MAX);
  if (draws->new_steps) self->left = draws->new_steps;
  for (size_t i = 0; i < count; i++) self->total += self->weights[i] = weights[draws_below(draws, 4)];
  if (self->total) return;
  for (size_t i = 0; i < count; i++) self->total += self->weights[i] = 1;
}

/* A new step's choice: 0 ends the sequence, operations count from 1. */
static uint64_t mix_choose(Mix *self, const Test *test, Draws *draws)
{
  if (!self->is_made) mix_make(self, test, draws);
  if (self->left == 0) return 0;
  uint32_t dice = draws_below(draws, self->total), index = 0;
  while (dice >= self->weights[index]) dice -= self->weights[index++];
  return index + 1;
}

/* The choice of the next step, recorded unless it is the end. */
static uint64_t next_step(Attempt *self, Mix *mix, bool *given)
{
  uint64_t choice;
  *given = draws_step_given(&self->draws, &choice);
  if (!*given) choice = mix_choose(mix, self->test, &self->draws);
  if (choice == 0 || choice > self->test->operations.len) return 0;
  draws_put(&self->draws, CHOICE_STEP, choice);
  return choice;
}

/* Hands the sequence's names over to a part, and its `var`s back. */
static void hand_over(const Attempt *self, const Test *part, Value *slots)
{
  for (uint32_t i = 0; i < part->shared_count; i++)
    slots[part->params.len + i] = self->slots[part->shared[i].slot];
}

static void hand_back(const Attempt *self, const Test *part, const Value *slots)
{
  for (uint32_t i = 0; i < part->shared_count; i++)
    if (part->shared[i].is_var) self->slots[part->shared[i].slot] = slots[part->params.len + i];
}

static bool invariants_hold(Attempt *self)
{
  const Test *test = self->test;
  for (size_t i = 0; i < test->invariants.len; i++) {
    const Test *part = &test->invariants.at[i];
    Value *slots = self->part_slots[test->operations.len + i];
    hand_over(self, part, slots);
    if (!attempt_run_part(self, part, slots)) return false;
  }
  return true;
}

/* The arguments of the operation; false when there are none that fit the state. */
static bool arguments(Attempt *self, const Test *operation, Value *slots)
{
  Draws *draws = &self->draws;
  Value *outer = draws->slots;
  self->running = false; /* what goes wrong in a condition is the specification's fault */
  hand_over(self, operation, slots);
  draws->slots = slots;
  bool fits = plans_generate(operation, draws) && attempt_meets(self, operation, slots);
  draws->slots = outer;
  draws->stopped = false;
  return fits;
}

static void note_step(Attempt *self, const Test *operation, const Value *slots)
{
  size_t count = operation->params.len;
  Value *args = arena_alloc_raw(self->machine.arena, (count + 1) * sizeof *args);
  if (count) memcpy(args, slots, count * sizeof *args);
  vec_push(self->machine.arena, &self->steps, (Step){operation, args});
}

/* False when it failed. `*made` says whether there was an operation that fits. */
static bool step(Attempt *self, uint64_t choice, bool *made)
{
  const Test *operation = &self->test->operations.at[choice - 1];
  Value *slots = self->part_slots[choice - 1];
  uint32_t count = self->draws.count - 1, spans = self->draws.span_count;
  *made = arguments(self, operation, slots);
  if (!*made) {
    draws_back(&self->draws, count, spans);
    return true;
  }
  if (self->explains) note_step(self, operation, slots);
  if (!attempt_run_part(self, operation, slots)) return false;
  hand_back(self, operation, slots);
  return invariants_hold(self);
}

bool sequence_run(Attempt *self)
{
  Mix mix = {.is_made = false};
  bool made = true, given;
  if (!invariants_hold(self)) return false;
  for (uint32_t tries = 0; tries < TRIES;) {
    uint64_t choice = next_step(self, &mix, &given);
    if (choice == 0 || self->draws.stopped) break;
    if (!step(self, choice, &made)) return false;
    tries = made || given ? 0 : tries + 1;
    if (made && !given) mix.left--;
  }
  return true;
}
