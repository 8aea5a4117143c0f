/* What search.c, search_solve.c and search_state.c share: a search at work. */
#ifndef SPEC_SEARCH_INTERNAL_H
#define SPEC_SEARCH_INTERNAL_H

#include "ifc/base/vec.h"
#include "spec/search_change.h"

/* A case that was kept. */
typedef struct Entry {
  Choice *choices;
  uint32_t count, repeats;
  News news;
  StateNews state; /* of NEWS_STATE */
  uint32_t visits;
} Entry;

enum { LEARNED_MAX = 256 };

struct Search {
  Arena *arena;
  Attempt *attempt;
  const SearchTarget *target;
  Feedback feedback;
  Rng rng;
  struct {
    Entry *at;
    size_t len, cap;
  } entries;
  struct {
    uint32_t *at;
    size_t len, cap;
  } fresh; /* entries that nothing was tried on yet, the latest last */
  struct {
    uint32_t *at;
    size_t len, cap;
  } states; /* entries that were kept for one, as long as it is worth going on from */
  uint64_t kept_choices;
  Base base;          /* the case that is worked on */
  Base followed;      /* room for another, for a while */
  uint64_t *operands; /* of its comparisons */
  uint16_t *efforts;  /* by comparison: how often it was worked on */
  Trial trial;
  uint64_t learned[LEARNED_MAX];
  uint32_t learned_count, learned_next;
  Known known;
  SearchCount count;
  Unanswered unanswered;
  uint64_t executions, last_execution, deadline_ns; /* where this run ends; 0: nowhere */
  uint64_t cost, cost_repeated; /* of cases that ran once, and of those that ran many times … */
  uint64_t cost_states;         /* … and of the former, of those that went on from states */
  uint32_t since_reset;
  bool always_resets;
  SearchEnd end;
  News news; /* of the latest case */
  StateNews state;
  uint32_t forgotten; /* states that were seen once, but not again */
};

/* Runs self->trial, and keeps it when it does something new. False: the run is over (self->end says why). */
bool search_execute(Search *self);
/* Makes an entry the case that is worked on. False: the run is over. */
bool search_load(Search *self, const Entry *entry);
/* Takes operands for numbers that are worth a try. */
void search_learn(Search *self, uint64_t number);

/* search_state.c: goes on from one of the cases that were kept as NEWS_STATE. False: the run is over. */
bool search_go_on(Search *self);

/* search_solve.c: puts one step or a few elements behind self->base, and works on what is compared then and
 * was not before. False: the run is over. */
bool search_follow(Search *self);
/* Tries to give what they ask for to the comparisons of self->base. False: the run is over. */
bool search_solve(Search *self);
/* The same with what the build says that tells all its comparisons. */
bool search_solve_told(Search *self);

#endif
