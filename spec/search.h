/* Inside spec/: looking for a case on which a law fails, led by what the cases make an implementation do.
 * Cases that enter new blocks, or bring a comparison nearer to what it asks for, are kept and changed; the
 * operands of comparisons go back into the inputs that they came from (after AFL, libFuzzer's value profile,
 * and RedQueen: Aschermann et al. 2019). */
#ifndef SPEC_SEARCH_H
#define SPEC_SEARCH_H

#include "runtime/guest.h"
#include "runtime/instrument.h"
#include "spec/attempt.h"
#include "spec/shrink.h"
#include "spec/unanswered.h"

/* An implementation that tells what it does. */
typedef struct SearchTarget {
  Subject *cover;              /* of the WASM_COVER build */
  GuestCounters counters;      /* of that instance */
  const WasmCompare *compares; /* what the operands are of; one for each two of them but the last two */
  Subject *traced;             /* of the build that tells all its comparisons; NULL: there is none */
  GuestTrace *trace;           /* where it tells them */
} SearchTarget;

/* What was seen of an implementation, over all laws: by block and by comparison. */
typedef struct SearchSeen {
  uint8_t *blocks;  /* 1: it was entered */
  uint8_t *results; /* RESULT_… bits */
} SearchSeen;
typedef enum SearchEnd {
  SEARCH_OVER,      /* the cases or the time are used up */
  SEARCH_FAILED,    /* the attempt holds a case that failed */
  SEARCH_UNDECIDED, /* the attempt holds one in which the specification's own computation went wrong */
} SearchEnd;

typedef struct Search Search;

/* For the attempt's law. The seed decides all that it does. Lives in `arena`, as all that it keeps. */
Search *search_new(Arena *arena, Attempt *attempt, const SearchTarget *target, SearchSeen *seen,
                   uint64_t seed);
/* Tries a case that was worth keeping in an earlier run. */
SearchEnd search_try(Search *self, const ChoiceList *choices);
/* Goes on for so many cases, or until the time; 0: no limit. After SEARCH_FAILED it may be gone on with. */
SearchEnd search_run(Search *self, uint64_t cases, uint64_t deadline_ns);

/* From now on every case has an instance that was reset: one has failed that fails only after others. */
void search_reset_always(Search *self);

typedef struct SearchCount {
  uint64_t cases, discarded; /* so far */
  uint64_t found;            /* kept cases so far */
  uint32_t repeats;          /* of the case that failed: how often it ran on one instance */
} SearchCount;
SearchCount search_count(const Search *self);
/* The cases that were passed over, as the specification's own computation went wrong. */
const Unanswered *search_unanswered(const Search *self);
/* The kept cases that are worth trying first in another run: number `index` of them; false: no more. */
bool search_kept(const Search *self, size_t index, ChoiceList *out);

#endif
