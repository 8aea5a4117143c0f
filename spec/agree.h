/* Inside spec/: agreement: implementations that get the same inputs and must give the same results. They
 * stand as one subject that calls them all, so that laws, shrinking and replay work on them as on one. */
#ifndef SPEC_AGREE_H
#define SPEC_AGREE_H

#include "spec/law.h"

/* An implementation in an agreement. */
typedef struct Member {
  Str label;
  Hash hash;
  Subject used, fresh; /* two instances of it */
  Subject cover;  /* and one that tells what it does, for a search; target.cover is NULL: there is none */
  Subject traced; /* likewise, with target.traced, where that can tell all its comparisons */
  SearchTarget target;
  SearchSeen seen; /* by searches, of all tests */
  struct {
    ChoiceList *at;
    size_t len, cap;
  } kept; /* of the latest search, at most AGREE_KEPT_MAX: cases that are worth trying first in another run */
} Member;
enum { AGREE_KEPT_MAX = 64 };

/* What an `agree` came to for one member. */
typedef struct MemberResult {
  Verdict verdict;
  uint64_t cases, discarded;
  Str reason;      /* UNDECIDED: why */
  Failure failure; /* FAILED: without its replay token, which `replay` is for */
  Replay replay;
} MemberResult;

/* Tries the test on all members; what most of them say is right, or most of those that the test names.
 * Members that are wrong are left out and the others go on, until they agree. `results` has room for each
 * member's; everything is in `arena`. */
void agree_run(Arena *arena, const Test *test, Member *members, size_t count, const Harvest *harvest,
               const LawOptions *options, MemberResult *results);
/* Goes on after agree_run with those that it has left in agreement, led by what one of them after the other
 * does, for options->cases or until the deadline; 0 and 0: not at all. Adds to `results`. */
void agree_search(Arena *arena, const Test *test, Member *members, size_t count, const Harvest *harvest,
                  const LawOptions *options, MemberResult *results);
/* Only a replayed case. */
void agree_replay(Arena *arena, const Test *test, Member *members, size_t count, const Replay *replay,
                  MemberResult *results);

#endif
