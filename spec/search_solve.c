/* Giving comparisons what they ask for. */
#include <math.h>

#include "runtime/guest_table.h"
#include "spec/search_change_internal.h"
#include "spec/search_internal.h"

enum {
  SITES_MAX = 192,   /* comparisons of a case that are worked on at a time */
  EFFORTS_MAX = 400, /* a comparison has its turn seldom after so many */
  SELDOM = 8,
  TABLE_MAX = 24,  /* cases of a switch that are tried at a time */
  SOLVED_MAX = 24, /* numbers that an unknown computation is followed from */
  STEPS_MAX = 6,   /* of Newton's method */
};

/* --- operands that stand in the input */

static bool try_exchange(Search *self, uint64_t from, uint64_t to, const Operands *operands, bool *found)
{
  Exchange exchange = {from, to, operands->width, operands->is_float};
  for (uint32_t way = 0; way < EXCHANGE_WAYS; way++) {
    if (!change_exchange(&self->base, &exchange, way, &self->trial)) continue;
    *found = true;
    if (!search_execute(self)) return false;
  }
  return true;
}

/* To equal, and to the next on both sides where order is asked for. */
static bool try_near(Search *self, uint64_t from, uint64_t to, const Operands *operands, bool *found)
{
  if (!try_exchange(self, from, to, operands, found)) return false;
  if (!operands->is_order || !*found) return true;
  uint64_t mask = operands->width == 32 ? UINT32_MAX : UINT64_MAX;
  return try_exchange(self, from, (to + 1) & mask, operands, found) &&
         try_exchange(self, from, (to - 1) & mask, operands, found);
}

/* --- operands that are computed from it: what becomes of them when a number is moved tells how */

static uint64_t inverse(uint64_t odd)
{
  uint64_t found = odd; /* Newton's method doubles the bits that are right */
  for (int i = 0; i < 6; i++) found *= 2 - odd * found;
  return found;
}

/* The t for which slope · t = wanted, modulo 2^width. */
static bool divide(uint64_t wanted, uint64_t slope, unsigned width, uint64_t *t)
{
  uint64_t mask = width == 32 ? UINT32_MAX : UINT64_MAX;
  wanted &= mask;
  slope &= mask;
  if (!slope) return false;
  unsigned shift = (unsigned)__builtin_ctzll(slope);
  if (wanted & ((UINT64_C(1) << shift) - 1)) return false;
  *t = (wanted >> shift) * inverse(slope >> shift);
  unsigned left = width - shift;
  if (left < 64) *t &= (UINT64_C(1) << left) - 1;
  /* The one next to zero. */
  if (left < 64 && left > 0 && *t >> (left - 1)) *t |= ~((UINT64_C(1) << left) - 1);
  return true;
}

/* Runs the base with another number at `at`, and reads the comparison again. False: the run is over. */
static bool probe(Search *self, uint32_t at, uint64_t value, uint32_t site, uint64_t operands[static 2])
{
  change_number(&self->base, at, value, &self->trial);
  bool goes_on = search_execute(self);
  const uint64_t *now = &self->target->counters.operands[2 * (size_t)site];
  operands[0] = now[0];
  operands[1] = now[1];
  return goes_on;
}

/* Reals that become integers: to the middle of those that become the one that is wanted. */
static bool solve_truncated(Search *self, uint32_t at, uint32_t site, double number, uint64_t before,
                            uint64_t after, unsigned width)
{
  const Origin *origin = &self->base.origins[at];
  double distance = width == 32 ? (double)(int32_t)(uint32_t)before : (double)(int64_t)before;
  double slope =
      width == 32 ? (double)(int32_t)(uint32_t)(after - before) : (double)(int64_t)(after - before);
  uint64_t moved[2];
  if (slope == 0) return true;
  for (int half = -1; half <= 1; half++) {
    double next = number - (distance + half * 0.5) / slope;
    if (!probe(self, at, trial_bits(next, origin->kind == TYPE_F32 ? 32 : 64), site, moved)) return false;
  }
  return true;
}

/* left − right grows by the same for each step of a number: then one division leads to equality. */
static bool solve_integer(Search *self, uint32_t at, uint32_t site, const Operands *operands)
{
  const Origin *origin = &self->base.origins[at];
  bool is_real = origin->role == ROLE_REAL;
  unsigned own = origin->kind == TYPE_F32 ? 32 : 64;
  double number = is_real ? trial_real(origin->bits, own) : 0;
  uint64_t value = origin->bits, moved[2], t;
  uint64_t next = is_real ? trial_bits(number + 1, own) : value + 1;
  if (!probe(self, at, next, site, moved)) return false;
  uint64_t before = operands->left - operands->right, after = moved[0] - moved[1];
  if (is_real) return solve_truncated(self, at, site, number, before, after, operands->width);
  return !divide(0 - before, after - before, operands->width, &t) || probe(self, at, value + t, site, moved);
}

/* Regula falsi on left − right, as numbers. */
static bool solve_real(Search *self, uint32_t at, uint32_t site, const Operands *operands)
{
  const Origin *origin = &self->base.origins[at];
  bool is_real = origin->role == ROLE_REAL;
  unsigned own = origin->kind == TYPE_F32 ? 32 : 64, width = operands->width;
  double x = is_real ? trial_real(origin->bits, own) : (double)(int64_t)origin->bits;
  double y = trial_real(operands->left, width) - trial_real(operands->right, width), next = x + 1;
  for (int i = 0; i < STEPS_MAX && isfinite(next) && isfinite(y); i++) {
    uint64_t moved[2];
    if (!is_real && !(fabs(next) < 0x1p62)) return true;
    if (!probe(self, at, is_real ? trial_bits(next, own) : (uint64_t)(int64_t)nearbyint(next), site, moved))
      return false;
    double now = trial_real(moved[0], width) - trial_real(moved[1], width), slope = (now - y) / (next - x);
    if (now == 0 || slope == 0 || !isfinite(slope)) return true;
    x = next;
    y = now;
    next = x - y / slope;
  }
  return true;
}

/* From up to so many numbers of the case, spread evenly. */
static bool solve(Search *self, uint32_t site, const Operands *operands)
{
  uint32_t count = self->base.count, step = 1 + count / (2 * SOLVED_MAX), tried = 0;
  for (uint32_t at = step > 1 ? (uint32_t)rng_below(&self->rng, step) : 0; at < count && tried < SOLVED_MAX;
       at += step) {
    if (!change_is_number(&self->base.origins[at])) continue;
    tried++;
    bool goes_on =
        operands->is_float ? solve_real(self, at, site, operands) : solve_integer(self, at, site, operands);
    if (!goes_on) return false;
  }
  return true;
}

/* --- */

static bool solve_switch(Search *self, uint32_t site, const Operands *operands)
{
  bool found = false;
  for (uint32_t i = 0; i < TABLE_MAX; i++)
    if (!try_exchange(self, operands->left, i, operands, &found)) return false;
  if (found) return true;
  Operands wanted = *operands;
  for (wanted.right = 0; wanted.right < TABLE_MAX; wanted.right++)
    if (!solve(self, site, &wanted)) return false;
  return true;
}

/* Tries on one comparison all that may bring its operands together. */
static bool solve_site(Search *self, uint32_t site, const Operands *operands)
{
  bool found = false;
  uint16_t effort = self->efforts[site];
  if (effort < UINT16_MAX) self->efforts[site]++;
  search_learn(self, operands->left);
  search_learn(self, operands->right);
  if (operands->is_switch) return effort > 8 || solve_switch(self, site, operands);
  if (!try_near(self, operands->left, operands->right, operands, &found) ||
      !try_near(self, operands->right, operands->left, operands, &found))
    return false;
  bool is_settled = self->feedback.outcomes[site] & OUTCOME_EQUAL && effort > 4;
  return (found && effort % 8) || is_settled || solve(self, site, operands);
}

/* Works on those comparisons of the latest case alone that were equal, or not executed, in the base: behind
 * them it may go on. */
static bool follow(Search *self)
{
  enum { FOLLOWED_MAX = 8 };
  const uint64_t *now = self->target->counters.operands;
  uint32_t count = 0;
  Operands operands[FOLLOWED_MAX], before;
  if (self->attempt->end != CASE_PASSED) return true;
  for (uint32_t i = 0; i < self->feedback.compare_count && count < FOLLOWED_MAX; i++)
    if (!feedback_operands(&self->feedback, i, self->operands, &before) &&
        feedback_operands(&self->feedback, i, now, &operands[count]))
      count++;
  if (!count) return true;
  Base kept = self->base;
  self->base = self->followed;
  base_take(&self->base, &self->attempt->draws, kept.repeats);
  bool goes_on = true, found;
  for (uint32_t i = 0; i < count && goes_on; i++)
    goes_on = try_exchange(self, operands[i].left, operands[i].right, &operands[i], &found) &&
              try_exchange(self, operands[i].right, operands[i].left, &operands[i], &found);
  self->followed = self->base;
  self->base = kept;
  return goes_on;
}

/* What a sequence has led to may ask for one step more. */
static bool add_step(Search *self)
{
  enum { OPERATIONS = 12 };
  uint32_t count = self->known.operations < OPERATIONS ? self->known.operations : OPERATIONS;
  for (uint32_t i = 1; i <= count && self->base.count < CHOICES_MAX; i++) {
    trial_copy(&self->base, &self->trial);
    self->trial.choices[self->trial.count++] = (Choice){i, CHOICE_STEP};
    if (!search_execute(self) || !follow(self)) return false;
  }
  return true;
}

/* What was compared up to the end of a text may be compared on behind it. */
static bool extend(Search *self)
{
  enum { SEQUENCES = 4, SEVERAL = 7 };
  for (uint32_t i = 0; i < self->base.sequence_count && i < SEQUENCES; i++) {
    const Sequence *one = &self->base.sequences[i];
    for (uint32_t more = 1; more <= SEVERAL; more += SEVERAL - 1) {
      if (!trial_set_length(&self->base, one, one->count + more, false, &self->trial)) continue;
      if (!search_execute(self) || !follow(self)) return false;
    }
  }
  return true;
}

/* One that much was tried on in vain has its turn only seldom. */
static bool is_worth(Search *self, uint32_t site, bool is_settled)
{
  uint16_t most = is_settled ? EFFORTS_MAX / 8 : EFFORTS_MAX;
  return self->efforts[site] <= most || rng_below(&self->rng, SELDOM) == 0;
}

bool search_follow(Search *self)
{
  return add_step(self) && extend(self);
}

bool search_solve(Search *self)
{
  if (!search_follow(self)) return false;
  uint32_t count = self->feedback.compare_count, done = 0;
  uint32_t first = count ? (uint32_t)rng_below(&self->rng, count) : 0;
  /* Those first that were never equal. */
  for (int settled = 0; settled < 2; settled++)
    for (uint32_t i = 0; i < count && done < SITES_MAX; i++) {
      uint32_t site = (first + i) % count;
      Operands operands;
      bool is_settled = self->feedback.outcomes[site] & OUTCOME_EQUAL;
      if (is_settled != (settled == 1)) continue;
      if (!feedback_operands(&self->feedback, site, self->operands, &operands)) continue;
      if (!is_worth(self, site, is_settled)) continue;
      done++;
      uint64_t found = self->count.found;
      if (!solve_site(self, site, &operands)) return false;
      if (self->count.found > found) self->efforts[site] = 0;
    }
  return true;
}

/* --- comparisons that the other build tells: those that the compiler has simplified */

enum { TOLD_MAX = 128 };

/* One of the latest that were told, without those that were equal or have been taken already. */
static bool told(const GuestTrace *trace, uint32_t index, Operands *out)
{
  const AssayCompared *one = &trace->at[index];
  if (one->left == one->right || one->width < 8) return false;
  for (uint32_t i = 0; i < index && i < TOLD_MAX; i++)
    if (trace->at[i].left == one->left && trace->at[i].right == one->right) return false;
  *out = (Operands){.left = one->left,
                    .right = one->right,
                    .width = one->width > 32 ? 64 : 32,
                    .is_float = one->is_float,
                    .is_order = true};
  return true;
}

bool search_solve_told(Search *self)
{
  const SearchTarget *target = self->target;
  Subject *subject = target->traced;
  Attempt *attempt = self->attempt;
  if (!subject) return true;
  subject->broken = false;
  if (!subject->reset(subject->context, &attempt->fault)) return true;
  target->trace->count = 0;
  draws_begin_replay(&attempt->draws, self->base.choices, self->base.count);
  attempt_run(attempt, subject, NULL);
  uint32_t count = target->trace->count < ASSAY_TRACE_MAX ? (uint32_t)target->trace->count : ASSAY_TRACE_MAX;
  for (uint32_t i = 0, done = 0; i < count && done < TOLD_MAX; i++) {
    Operands operands;
    bool found = false;
    if (!told(target->trace, i, &operands)) continue;
    done++;
    search_learn(self, operands.left);
    search_learn(self, operands.right);
    if (!try_near(self, operands.left, operands.right, &operands, &found) ||
        !try_near(self, operands.right, operands.left, &operands, &found))
      return false;
  }
  return true;
}
