#include "spec/history.h"

#include "ifc/base/clock.h"
#include "ifc/base/vec.h"
#include "spec/cases.h"

enum {
  KEPT_CASES_MAX = 1 << 16,
  KEPT_CHOICES_MAX = 1 << 22, /* 64 MiB */
  TRIES_MAX = 100000,
  ROUNDS_MAX = 8,
};

typedef VEC(ChoiceList) Lists;

typedef struct HistoryRun {
  Arena *arena;
  Attempt *attempt;
  Subject *fresh;
  uint64_t deadline_ns;
  Lists lists;
  CaseFailure failure; /* of the last one */
  ChoiceList room;     /* for the case that is made simpler, which may take more choices then */
  uint32_t shrinks;
} HistoryRun;

static bool is_over(const HistoryRun *self)
{
  return clock_ns() > self->deadline_ns;
}

/* --- from the seed to lists of choices */

static bool keep_list(HistoryRun *self, size_t *choices)
{
  const Draws *draws = &self->attempt->draws;
  *choices += draws->count;
  if (*choices > KEPT_CHOICES_MAX || self->lists.len >= KEPT_CASES_MAX) return false;
  ChoiceList list = {arena_alloc_raw(self->arena, (draws->count + 1) * sizeof *list.at), draws->count};
  memcpy(list.at, draws->choices, draws->count * sizeof *list.at);
  vec_push(self->arena, &self->lists, list);
  return true;
}

/* Runs so many cases from a block on, up to the first one that fails, on a fresh instance, and keeps them.
 * False when they are too many. */
static bool run_blocks(HistoryRun *self, const Replay *replay, uint64_t first, uint64_t cases)
{
  Attempt *attempt = self->attempt;
  Cases source;
  size_t choices = 0, discarded = 0;
  self->lists = (Lists){0};
  self->fresh->broken = true;
  cases_begin(&source, &attempt->draws, replay->seed, first, replay->stride);
  for (uint64_t made = 0; made < cases;) {
    cases_make(&source);
    CaseEnd end = attempt_run(attempt, self->fresh, NULL);
    discarded += end == CASE_DISCARDED;
    if (end == CASE_UNDECIDED || discarded > KEPT_CASES_MAX) return false;
    if (end != CASE_DISCARDED && !keep_list(self, &choices)) return false;
    if (end == CASE_FAILED) return true;
    made += end == CASE_PASSED;
    cases_next(&source, end == CASE_DISCARDED);
  }
  return true;
}

static bool fails(HistoryRun *self, const ChoiceList *lists, size_t count)
{
  return replay_cases(self->attempt, self->fresh, lists, (uint32_t)count, &self->failure);
}

/* The shortest end of the history, in blocks that double, that still fails: what matters is mostly near. */
static HistoryEnd find_end(HistoryRun *self, const Replay *replay)
{
  uint64_t blocks = (replay->cases + BLOCK_CASES - 1) / BLOCK_CASES;
  for (uint64_t last = 1;; last *= 2) {
    if (last > blocks) last = blocks;
    uint64_t left_out = blocks - last, first = replay->first + left_out * replay->stride;
    bool kept = run_blocks(self, replay, first, replay->cases - left_out * BLOCK_CASES);
    if (kept && replay_cases_first(self->attempt, self->fresh, self->lists.at, (uint32_t)self->lists.len,
                                   &self->failure))
      return HISTORY_SHRUNK;
    if (last == blocks) return kept ? HISTORY_NOT_AGAIN : HISTORY_TOO_LONG;
    if (is_over(self)) return HISTORY_TOO_LONG;
  }
}

/* --- fewer cases */

/* Without `count` of them from `at` on. */
static bool try_without(HistoryRun *self, ChoiceList *room, size_t at, size_t count)
{
  size_t left = self->lists.len - count;
  memcpy(room, self->lists.at, at * sizeof *room);
  memcpy(room + at, self->lists.at + at + count, (left - at) * sizeof *room);
  if (!fails(self, room, left)) return false;
  memcpy(self->lists.at, room, left * sizeof *room);
  self->lists.len = left;
  self->shrinks++;
  return true;
}

/* In big pieces first; the last case stays. */
static bool drop_cases(HistoryRun *self)
{
  ChoiceList *room = arena_array_of(self->arena, ChoiceList, self->lists.len + 1);
  bool better = false;
  for (size_t size = self->lists.len / 2 + 1; size > 0; size /= 2)
    for (size_t at = 0; at + size < self->lists.len && !is_over(self);) {
      if (try_without(self, room, at, size))
        better = true;
      else
        at += size;
    }
  return better;
}

/* --- simpler cases */

static void shrink_one(HistoryRun *self, const ShrinkOptions *options)
{
  ChoiceList *list = &self->lists.at[options->position], *room = &self->room;
  memcpy(room->at, list->at, list->count * sizeof *room->at);
  room->count = list->count;
  self->shrinks += shrink(self->attempt, self->fresh, options, room);
  if (room->count > list->count) list->at = arena_alloc_raw(self->arena, room->count * sizeof *list->at);
  memcpy(list->at, room->at, room->count * sizeof *list->at);
  list->count = room->count;
}

static bool shrink_each(HistoryRun *self)
{
  uint32_t before = self->shrinks;
  for (size_t i = 0; i < self->lists.len && !is_over(self); i++) {
    ShrinkOptions options = {.repeats = 1,
                             .deadline_ns = self->deadline_ns,
                             .tries = TRIES_MAX,
                             .around = self->lists.at,
                             .around_count = (uint32_t)self->lists.len,
                             .position = (uint32_t)i,
                             .failure = &self->failure};
    shrink_one(self, &options);
  }
  return self->shrinks > before;
}

static bool fit_a_token(const HistoryRun *self)
{
  size_t choices = 0;
  for (size_t i = 0; i < self->lists.len; i++) choices += self->lists.at[i].count;
  return self->lists.len <= REPLAY_CASES_MAX && choices <= REPLAY_CHOICES_MAX;
}

HistoryEnd history_shrink(Arena *arena, Attempt *attempt, Subject *fresh, uint64_t deadline_ns,
                          Replay *replay, uint32_t *shrinks)
{
  HistoryRun self = {.arena = arena, .attempt = attempt, .fresh = fresh, .deadline_ns = deadline_ns};
  HistoryEnd end = find_end(&self, replay);
  if (end != HISTORY_SHRUNK) return end;
  self.room.at = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self.room.at);
  drop_cases(&self);
  for (uint32_t round = 0; round < ROUNDS_MAX && self.lists.len <= SHRINK_AROUND_MAX; round++)
    if (!shrink_each(&self) || !drop_cases(&self)) break;
  if (!fit_a_token(&self)) return HISTORY_TOO_LONG;
  *replay = (Replay){.kind = REPLAY_CASES,
                     .test = replay->test,
                     .repeats = 1,
                     .cases_made = self.lists.at,
                     .case_count = (uint32_t)self.lists.len};
  *shrinks = self.shrinks;
  return HISTORY_SHRUNK;
}
