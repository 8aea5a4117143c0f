#include "spec/growth.h"

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
  fault_set(&attempt->fault, FAULT_LEAK, "%.1f MiB after %u runs of the same case", (double)bytes / 0x1p20,
            run);
  return true;
}
