/* Inside spec/: which cases a law is tried on. They come in blocks; a block's cases depend on the seed and
 * the block's number alone, so that a run can be divided, and any part of it made again. */
#ifndef SPEC_CASES_H
#define SPEC_CASES_H

#include "spec/draws.h"

enum {
  BLOCK_CASES = 64,           /* that meet the conditions */
  BLOCK_DISCARDED = 64 * 200, /* after so many that do not, the block is left */
};

typedef struct Cases {
  Draws *draws;
  uint64_t seed, block;
  uint32_t stride; /* from a block to the next one: the number of shards */
  uint32_t at, discarded;
} Cases;

/* Before the first case of a block. */
void cases_begin(Cases *self, Draws *draws, uint64_t seed, uint64_t block, uint32_t stride);
/* The number of the next case that meets the conditions, over all shards. */
uint64_t cases_number(const Cases *self);
/* Begins the next case, for attempt_run. */
void cases_make(Cases *self);
/* After its run. True when the next one is the first of another block. */
bool cases_next(Cases *self, bool discarded);

#endif
