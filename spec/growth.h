/* Inside spec/: does an implementation need more memory with every call? The same case runs over and over on
 * one instance; one that gives back what it takes comes to rest, one that does not grows in every part of the
 * run. That is a suspicion only: a ring or a cache may still be filling. It leaks if it goes on growing past
 * what may be kept for use again. */
#ifndef SPEC_GROWTH_H
#define SPEC_GROWTH_H

#include "spec/search.h"
#include "spec/shrink.h"

enum {
  GROWTH_REPEATS = 1 << 14, /* of a case, when growth is looked for; fewer show nothing */
  GROWTH_PARTS = 8,
  GROWTH_KEPT = 128 << 20, /* bytes that an instance may keep for use again */
  GROWTH_RUNS_MAX = 1 << 24,
  GROWTH_PATIENCE = 4,
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

/* A case that may grow, as each of a few runs on one instance reaches further into its memory. */
typedef struct Suspect {
  uint64_t rate; /* bytes for a choice */
  ChoiceList choices;
} Suspect;
enum { SUSPECTS_MAX = 4, SUSPECT_CASES = 512 };
typedef struct SuspectLimits {
  uint32_t choices;     /* of a case: less than that */
  size_t cases;         /* that are looked at */
  uint64_t patience_ns; /* of processor time; 0: no limit */
} SuspectLimits;
/* Looks at what a search has kept, if only quickly: those that grow fastest, the fastest first. */
size_t growth_suspects(Attempt *attempt, Subject *subject, const Search *search, const SuspectLimits *limits,
                       Suspect out[static SUSPECTS_MAX]);

typedef enum GrowthEnd {
  GROWTH_LEAKS,
  GROWTH_RESTS,  /* it has come to an end */
  GROWTH_FAILS,  /* in another way */
  GROWTH_GOES_ON /* there was no time to see more: the attempt's text says how far it came */
} GrowthEnd;

/* Goes on with a case that growth_after was true of, on the same instance, until it is clear what it does or
 * until this thread has worked for so long: others may want the processor too, but for no more than
 * GROWTH_PATIENCE times as long. `*runs` is how many there were, and becomes how many there are in the end.
 */
GrowthEnd growth_follow(Attempt *attempt, Subject *subject, const ChoiceList *list, uint64_t work_ns,
                        uint32_t *runs);

#endif
