/* Inside spec/: does an implementation need more memory with every call? The same case runs over and over on
 * one instance; one that gives back what it takes comes to rest, one that does not grows in every part of the
 * run. */
#ifndef SPEC_GROWTH_H
#define SPEC_GROWTH_H

#include "spec/attempt.h"

enum {
  GROWTH_REPEATS = 1 << 14, /* of a case, when growth is looked for; fewer show nothing */
  GROWTH_PARTS = 8,
};

typedef struct Growth {
  const Subject *subject;
  uint32_t repeats;
  uint64_t bytes;      /* at the end of the last part */
  uint64_t after_last; /* run */
  uint32_t rises;      /* runs after the first that needed more than any before */
  bool grows;          /* in every part so far */
  bool is_full;        /* it has grown until there was no more */
} Growth;

/* Before a case runs `repeats` times. */
Growth growth_begin(const Subject *subject, uint32_t repeats);
/* After run number `run`, from 1. True after the last one when the instance has grown in every part, or has
 * grown again and again up to its limit: then the attempt is made to have failed, by the fault LEAK. */
bool growth_after(Growth *self, uint32_t run, Attempt *attempt);

#endif
