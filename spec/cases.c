#include "spec/cases.h"

void cases_begin(Cases *self, Draws *draws, uint64_t seed, uint64_t block, uint32_t stride)
{
  *self = (Cases){.draws = draws, .seed = seed, .block = block, .stride = stride};
  draws->rng = rng_from_seed_and_label(seed, block);
}

uint64_t cases_number(const Cases *self)
{
  return self->block * BLOCK_CASES + self->at;
}

void cases_make(Cases *self)
{
  draws_begin(self->draws, cases_number(self));
}

bool cases_next(Cases *self, bool discarded)
{
  if (discarded)
    self->discarded++;
  else
    self->at++;
  if (self->at < BLOCK_CASES && self->discarded < BLOCK_DISCARDED) return false;
  cases_begin(self, self->draws, self->seed, self->block + self->stride, self->stride);
  return true;
}
