#include "spec/growth.h"

#include "ifc/base/clock.h"

Growth growth_begin(const Subject *subject, uint32_t repeats)
{
  bool is_watched = subject->memory && repeats >= GROWTH_REPEATS;
  return (Growth){.subject = subject, .repeats = is_watched ? repeats : 0, .grows = is_watched};
}

/* Grown again and again, and then refused more: that it stays there now is no rest. */
static void watch(Growth *self, uint32_t run, uint64_t bytes, const Attempt *attempt)
{
  self->rises += run > 1 && bytes > self->after_last;
  self->after_last = bytes;
  if (self->rises >= GROWTH_PARTS && attempt_refusal(attempt) == REFUSED_BY_LIMIT) self->is_full = true;
}

bool growth_after(Growth *self, uint32_t run, Attempt *attempt)
{
  uint32_t part = self->repeats / GROWTH_PARTS;
  if (!self->grows || part == 0 || attempt->end != CASE_PASSED) return false;
  uint64_t bytes = self->subject->memory(self->subject->context);
  watch(self, run, bytes, attempt);
  if (run % part) return false;
  /* The first part may fill what is kept for use again. */
  if (run / part > 1 && bytes <= self->bytes && !self->is_full) self->grows = false;
  self->bytes = bytes;
  if (!self->grows || run / part < GROWTH_PARTS) return false;
  attempt->end = CASE_FAILED;
  attempt->faulted = true;
  attempt->fault.kind = FAULT_NONE;
  fault_set(&attempt->fault, FAULT_LEAK, "%.1f MiB after %u runs of the same case%s", (double)bytes / 0x1p20,
            run, self->is_full ? ", and was refused more" : "");
  return true;
}

static void run_again(Attempt *attempt, Subject *subject, const ChoiceList *list)
{
  draws_begin_replay(&attempt->draws, list->at, list->count);
  attempt_run(attempt, subject, NULL);
}

/* The text of an attempt that nothing else is said of. */
static GrowthEnd goes_on(Attempt *attempt, uint64_t bytes, uint32_t runs)
{
  if (attempt->end != CASE_PASSED) return GROWTH_GOES_ON; /* undecided, with its own text */
  snprintf(attempt->machine.failure.text, sizeof attempt->machine.failure.text,
           "more memory is needed with every call, %.1f MiB after %u runs of the same case, and whether that "
           "ends is not known",
           (double)bytes / 0x1p20, runs);
  return GROWTH_GOES_ON;
}

/* By how many bytes the case, run a few times on one instance, reaches further and further; or 0. */
static uint64_t glimpse(Attempt *attempt, Subject *subject, const ChoiceList *list)
{
  enum { PARTS = 4, PART = 24 };
  uint64_t first = 0, last = 0;
  if (!subject->reach) return 0;
  subject->broken = true;
  for (uint32_t run = 1; run <= PARTS * PART; run++) {
    run_again(attempt, subject, list);
    if (attempt->end != CASE_PASSED) return 0;
    if (run % PART) continue;
    uint64_t reach = subject->reach(subject->context);
    if (run > PART && reach <= last) return 0;
    if (run == PART) first = reach;
    last = reach;
  }
  return last - first;
}

size_t growth_suspects(Attempt *attempt, Subject *subject, const Search *search, const SuspectLimits *limits,
                       Suspect out[static SUSPECTS_MAX])
{
  enum { COST_OF_CASE = 8 };
  uint64_t began_ns = clock_processor_ns();
  size_t found = 0;
  ChoiceList kept;
  for (size_t i = 0; i < limits->cases && search_kept(search, i, &kept); i++) {
    if (limits->patience_ns && clock_processor_ns() - began_ns > limits->patience_ns) break;
    uint64_t bytes = kept.count < limits->choices ? glimpse(attempt, subject, &kept) : 0;
    Suspect one = {bytes / (kept.count + COST_OF_CASE), kept};
    if (!bytes || (found == SUSPECTS_MAX && one.rate <= out[found - 1].rate)) continue;
    size_t at = found < SUSPECTS_MAX ? found++ : SUSPECTS_MAX - 1;
    for (; at > 0 && out[at - 1].rate < one.rate; at--) out[at] = out[at - 1];
    out[at] = one;
  }
  return found;
}

GrowthEnd growth_follow(Attempt *attempt, Subject *subject, const ChoiceList *list, uint64_t work_ns,
                        uint32_t *runs)
{
  enum { CLOCK_EVERY = 64 };
  uint64_t begin = subject->memory(subject->context), bytes = begin;
  uint32_t last_rise = *runs;
  uint64_t worked_ns = clock_processor_ns() + work_ns, late_ns = clock_ns() + GROWTH_PATIENCE * work_ns;
  bool is_late = false;
  attempt->end = CASE_PASSED;
  while (*runs < GROWTH_RUNS_MAX && !is_late && attempt->end == CASE_PASSED) {
    if (attempt_refusal(attempt) == REFUSED_BY_LIMIT || bytes >= begin + GROWTH_KEPT) return GROWTH_LEAKS;
    if (*runs / 2 >= last_rise) return GROWTH_RESTS;
    ++*runs;
    is_late = clock_coarse_ns() > late_ns || (*runs % CLOCK_EVERY == 0 && clock_processor_ns() > worked_ns);
    run_again(attempt, subject, list);
    uint64_t now = subject->memory(subject->context);
    if (now > bytes) last_rise = *runs;
    bytes = now;
  }
  if (attempt_refusal(attempt) == REFUSED_BY_LIMIT) return GROWTH_LEAKS;
  return attempt->end == CASE_FAILED ? GROWTH_FAILS : goes_on(attempt, bytes, *runs);
}
