/* Inside spec/: failures that no case brings about alone, only several on one instance: which of all that ran
 * before matter, and how simple they can be. */
#ifndef SPEC_HISTORY_H
#define SPEC_HISTORY_H

#include "spec/replay.h"

typedef enum HistoryEnd {
  HISTORY_SHRUNK,
  HISTORY_TOO_LONG,  /* to be kept, or for the time */
  HISTORY_NOT_AGAIN, /* the same calls give no failure */
} HistoryEnd;

/* Replaces a REPLAY_HISTORY by REPLAY_CASES that fail in the same way: few, and simple. Lists live in
 * `arena`. The replay is untouched where that does not work. Uses attempt->kept and attempt->tried. */
HistoryEnd history_shrink(Arena *arena, Attempt *attempt, Subject *fresh, uint64_t deadline_ns,
                          Replay *replay, uint32_t *shrinks);

#endif
