/* Inside spec/: trying a law on many generated cases, and making what fails small. */
#ifndef SPEC_LAW_H
#define SPEC_LAW_H

#include "spec/corpus.h"
#include "spec/search.h"

typedef struct LawOptions {
  uint64_t seed;        /* of this law's cases */
  uint64_t cases;       /* how many; 0: until the deadline */
  uint64_t deadline_ns; /* clock_ns; without it only the cases count */
  Arena *arena;         /* for the cases of a failure that needs several; NULL: those are not looked for */
  uint32_t shard, shard_count; /* only the blocks of this shard, from 1; 0: all */
  uint64_t shrink_ns;          /* how long a failing case is made smaller */
  bool hang_known; /* the implementation was seen to hang: calls that reach their limit again have no more
                      time */
  const KeptCase *const *kept; /* cases of this law to try first */
  size_t kept_count;
  void (*progress)(void *context, uint64_t cases);
  void *context;
} LawOptions;

typedef struct LawResult {
  Verdict verdict;
  uint64_t cases, discarded;
  Str reason;             /* UNDECIDED: why */
  Replay replay;          /* FAILED: the case; `test` is for the caller to set */
  bool on_used_instances; /* FAILED: only after other calls */
  bool by_place;          /* FAILED: results depend on where what it allocates lies */
  bool flaky;             /* UNDECIDED: it failed, but not again with the same calls */
  bool hangs;             /* FAILED: by a call that does not return */
  uint64_t shrink_ns;     /* that were spent on making it smaller */
  uint32_t shrinks;
} LawResult;

/* `used` runs the cases one after the other; `fresh` is reset before each case that it is asked for. When the
 * law fails, the attempt holds the failing case, explained. */
void law_run(Attempt *attempt, Subject *used, Subject *fresh, const LawOptions *options, LawResult *out);
/* Goes on with a search of this law for options->cases or until the deadline, and adds what came of it to
 * `out`. True while the law holds; when it does not, the attempt holds the failing case, explained. */
bool law_search(Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options, LawResult *out);
/* When no more is searched: a law that holds is undecided where it has no answer for some cases. An
 * implementation could give results that are too much for the specification just where they are wrong. */
void law_end_search(const Search *search, Attempt *attempt, LawResult *out);
/* Does the implementation need more memory with every call? Runs some of the cases that the search has kept
 * over and over, until the deadline. What it finds goes to `out`, as above. */
bool law_grows(const Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options,
               LawResult *out);
/* Runs a replayed case in the same way; cases are what the token says. */
void law_replay(Attempt *attempt, Subject *fresh, const Replay *replay, LawResult *out);

#endif
