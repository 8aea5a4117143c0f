#include "spec/search_internal.h"

#include "ifc/base/clock.h"

enum {
  ENTRIES_MAX = 2048,
  KEPT_CHOICES_MAX = 1 << 21,
  LONG_ENTRY = 4096,      /* choices: longer cases are kept only for new blocks */
  CHANGES_EACH = 192,     /* random changes of an entry in a row */
  NEW_EACH = 64,          /* new cases in a row */
  STATES_PART = 4,        /* of the work, for going on from states */
  RESET_EVERY = 16,       /* cases: to reset an instance takes longer than most cases do */
  EXECUTIONS_A_CASE = 64, /* at most, discarded ones too */
  COST_OF_CASE = 8,       /* beside one for each choice */
  COST_AHEAD = 1 << 22,   /* of repeated cases, before it is weighed against that of the others */
};

Search *search_new(Arena *arena, Attempt *attempt, const SearchTarget *target, SearchSeen *seen,
                   uint64_t seed)
{
  Search *self = arena_new_of(arena, Search);
  self->arena = arena;
  self->attempt = attempt;
  self->target = target;
  self->feedback = feedback_new(arena, target, seen);
  self->rng = rng_from_seed(seed);
  self->operands = arena_array_of(arena, uint64_t, target->counters.operand_count);
  self->efforts = arena_array_of(arena, uint16_t, target->counters.operand_count);
  self->trial = (Trial){.choices = attempt->tried, .repeats = 1};
  base_init(&self->base, arena);
  base_init(&self->followed, arena);
  attempt->draws.origins = arena_alloc_raw(arena, CHOICES_MAX * sizeof *attempt->draws.origins);
  self->known = (Known){.learned = self->learned,
                        .harvest = attempt->draws.harvest,
                        .operations = (uint32_t)attempt->test->operations.len};
  return self;
}

const Unanswered *search_unanswered(const Search *self)
{
  return &self->unanswered;
}

SearchCount search_count(const Search *self)
{
  return self->count;
}

void search_reset_always(Search *self)
{
  self->always_resets = true;
}

void search_learn(Search *self, uint64_t number)
{
  if (number + 4 <= 8) return; /* these come up by themselves */
  self->learned[self->learned_next++ % LEARNED_MAX] = number;
  if (self->learned_count < LEARNED_MAX) self->learned_count++;
  self->known.learned_count = self->learned_count;
}

/* --- running cases */

static bool is_over(Search *self)
{
  if (self->end != SEARCH_OVER) return true;
  if (self->executions >= self->last_execution) return true;
  return self->deadline_ns && clock_coarse_ns() >= self->deadline_ns;
}

static void keep(Search *self, uint32_t repeats)
{
  const Draws *draws = &self->attempt->draws;
  bool fits = self->entries.len < ENTRIES_MAX && self->kept_choices + draws->count <= KEPT_CHOICES_MAX &&
              (draws->count <= LONG_ENTRY || self->news == NEWS_BLOCKS);
  self->count.found++;
  if (!fits) return;
  Entry entry = {.count = draws->count, .repeats = repeats, .news = self->news, .state = self->state};
  entry.choices = arena_alloc_raw(self->arena, (draws->count + 1) * sizeof *entry.choices);
  memcpy(entry.choices, draws->choices, draws->count * sizeof *entry.choices);
  self->kept_choices += draws->count;
  if (self->news == NEWS_STATE)
    vec_push(self->arena, &self->states, (uint32_t)self->entries.len);
  else
    vec_push(self->arena, &self->fresh, (uint32_t)self->entries.len);
  vec_push(self->arena, &self->entries, entry);
}

/* The case that the draws were begun with, and the same again, on an instance that was reset not long ago. */
static CaseEnd run_case(Search *self, uint32_t repeats)
{
  Attempt *attempt = self->attempt;
  Subject *subject = self->target->cover;
  bool resets_itself = attempt->test->kind != TEST_LAW; /* at the beginning of each case */
  if (resets_itself) {
    subject->broken = true;
  } else if (subject->broken || repeats > 1 ||
             self->since_reset++ % (self->always_resets ? 1 : RESET_EVERY) == 0) {
    subject->broken = false;
    self->since_reset = 1;
    if (!subject->reset(subject->context, &attempt->fault)) return CASE_UNDECIDED;
  }
  feedback_clear(&self->feedback);
  CaseEnd end = attempt_run(attempt, subject, NULL);
  self->executions++;
  self->count.repeats = 1;
  if (repeats < 2 || end != CASE_PASSED) return end;
  uint32_t count = attempt->draws.count;
  memcpy(attempt->kept, attempt->draws.choices, count * sizeof *attempt->kept);
  for (uint32_t i = 1; i < repeats && end == CASE_PASSED; i++) {
    draws_begin_replay(&attempt->draws, attempt->kept, count);
    end = attempt_run(attempt, subject, NULL);
    self->count.repeats++;
    if (self->deadline_ns && clock_coarse_ns() >= self->deadline_ns) break;
  }
  return end;
}

/* Cases that run many times are half of the work at most. */
static bool affords(const Search *self, uint32_t repeats, uint32_t choices)
{
  uint64_t cost = (uint64_t)repeats * (choices + COST_OF_CASE);
  return repeats < 2 || self->cost_repeated + cost <= self->cost + COST_AHEAD;
}

static void count_cost(Search *self, uint32_t repeats)
{
  uint64_t cost = (uint64_t)self->count.repeats * (self->attempt->draws.count + COST_OF_CASE);
  *(repeats > 1 ? &self->cost_repeated : &self->cost) += cost;
}

/* Runs the case and looks at what it did. */
static bool take_case(Search *self, uint32_t repeats)
{
  self->news = NEWS_NONE;
  CaseEnd end = run_case(self, repeats);
  count_cost(self, repeats);
  switch (end) {
  case CASE_DISCARDED: self->count.discarded++; break;
  case CASE_UNDECIDED:
    if (self->attempt->unanswered)
      (void)unanswered_add(&self->unanswered, self->attempt);
    else
      self->end = SEARCH_UNDECIDED;
    break;
  case CASE_FAILED:
    self->count.cases++;
    self->end = SEARCH_FAILED;
    break;
  case CASE_PASSED:
    self->count.cases++;
    self->news = feedback_take(&self->feedback, repeats > 1, &self->state);
    if (self->news) keep(self, repeats);
    break;
  }
  return !is_over(self);
}

bool search_execute(Search *self)
{
  Draws *draws = &self->attempt->draws;
  if (!affords(self, self->trial.repeats, self->trial.count)) return true;
  draws->rng = rng_from_seed(rng_next(&self->rng));
  draws_begin_changed(draws, self->trial.choices, self->trial.count);
  return take_case(self, self->trial.repeats);
}

bool search_load(Search *self, const Entry *entry)
{
  Draws *draws = &self->attempt->draws;
  draws_begin_replay(draws, entry->choices, entry->count);
  self->since_reset = 0;
  uint32_t repeats = affords(self, entry->repeats, entry->count) ? entry->repeats : 1;
  bool goes_on = take_case(self, repeats);
  base_take(&self->base, draws, repeats);
  memcpy(self->operands, self->target->counters.operands,
         self->target->counters.operand_count * sizeof *self->operands);
  return goes_on;
}

/* --- what to run next */

static bool try_new(Search *self)
{
  Draws *draws = &self->attempt->draws;
  for (uint32_t i = 0; i < NEW_EACH; i++) {
    draws->rng = rng_from_seed(rng_next(&self->rng));
    draws_begin(draws, self->executions);
    if (!take_case(self, 1)) return false;
  }
  return true;
}

static bool try_changes(Search *self)
{
  for (uint32_t i = 0; i < CHANGES_EACH; i++) {
    const Entry *other = &self->entries.at[rng_below(&self->rng, self->entries.len)];
    ChoiceList list = {other->choices, other->count};
    change_by_chance(&self->rng, &self->base, &list, &self->known, &self->trial);
    if (!search_execute(self)) return false;
  }
  return true;
}

/* How much a case did that is worth being changed. */
static unsigned worth(const Search *self, const Entry *entry)
{
  bool is_data = entry->news == NEWS_STATE && feedback_is_data(&self->feedback, entry->state.place);
  return is_data ? NEWS_NONE : entry->news;
}

/* One of those that did most, and were worked on least; later ones more often. */
static uint32_t choose_entry(Search *self)
{
  size_t len = self->entries.len;
  uint32_t best = (uint32_t)rng_below(&self->rng, len);
  for (int i = 0; i < 3; i++) {
    uint32_t other = (uint32_t)rng_below(&self->rng, len);
    const Entry *a = &self->entries.at[best], *b = &self->entries.at[other];
    unsigned a_worth = worth(self, a), b_worth = worth(self, b);
    bool is_less = b->visits < a->visits || (b->visits == a->visits && b_worth > a_worth);
    if (a_worth && b_worth ? is_less : b_worth > a_worth) best = other;
  }
  return best;
}

static bool step(Search *self)
{
  uint64_t cost = self->cost;
  if (STATES_PART * self->cost_states <= cost && self->states.len) {
    bool goes_on = search_go_on(self);
    self->cost_states += self->cost - cost;
    return goes_on;
  }
  bool is_fresh = self->fresh.len > 0;
  uint32_t times = self->known.operations ? 2 : 4; /* what steps do together, chance finds best */
  if (!is_fresh && (self->entries.len == 0 || rng_below(&self->rng, times) == 0)) return try_new(self);
  uint32_t index = is_fresh ? self->fresh.at[--self->fresh.len] : choose_entry(self);
  self->entries.at[index].visits++;
  if (!search_load(self, &self->entries.at[index])) return false;
  bool is_told = is_fresh && self->entries.at[index].news == NEWS_BLOCKS;
  if (!search_solve(self) || (is_told && !search_solve_told(self))) return false;
  return is_fresh || try_changes(self);
}

SearchEnd search_try(Search *self, const ChoiceList *choices)
{
  self->last_execution = UINT64_MAX;
  self->deadline_ns = 0;
  self->end = SEARCH_OVER;
  draws_begin_replay(&self->attempt->draws, choices->at, choices->count);
  take_case(self, 1);
  return self->end;
}

SearchEnd search_run(Search *self, uint64_t cases, uint64_t deadline_ns)
{
  uint64_t wanted = self->count.cases + cases;
  self->deadline_ns = deadline_ns;
  self->end = SEARCH_OVER;
  do {
    uint64_t left = wanted - self->count.cases;
    self->last_execution = cases ? self->executions + left : UINT64_MAX;
    if (self->executions == 0 && !try_new(self)) continue;
    while (step(self)) continue;
  } while (self->end == SEARCH_OVER && cases && self->count.cases < wanted &&
           self->executions < (wanted + 1) * EXECUTIONS_A_CASE &&
           !(deadline_ns && clock_ns() >= deadline_ns));
  return self->end;
}

bool search_kept(const Search *self, size_t index, ChoiceList *out)
{
  for (size_t i = self->entries.len; i-- > 0;) {
    const Entry *entry = &self->entries.at[i];
    if (entry->news < NEWS_BLOCKS || entry->count > LONG_ENTRY || index-- > 0) continue;
    *out = (ChoiceList){entry->choices, entry->count};
    return true;
  }
  return false;
}
