/* Going on from the states that cases have led to. */
#include "spec/search_internal.h"

enum {
  MORE_EACH = 64, /* ways to go on from an entry */
  CUTS_MAX = 64,
  LISTS = 4, /* that are cut */
  FORGOTTEN_MAX = 256,
};

/* Runs the trial. False: the run is over. `*wrote` says whether it came to the state. */
static bool comes_to(Search *self, const StateNews *state, bool *wrote)
{
  bool goes_on = search_execute(self);
  *wrote = self->attempt->end == CASE_PASSED && feedback_wrote(&self->feedback, state);
  return goes_on;
}

/* Takes the latest case for the base. */
static void take_latest(Search *self)
{
  base_take(&self->base, &self->attempt->draws, 1);
}

/* Leaves out what the state does not need: what comes behind it, then parts of what comes before it, smaller
 * and smaller ones. */
static bool cut(Search *self, const StateNews *state, int list)
{
  uint32_t count = change_parts(&self->base, list), tries = CUTS_MAX;
  bool wrote;
  for (uint32_t low = 0, size; low < count;) { /* the fewest of the first ones that come to it */
    size = count - low - (count - low) / 2;
    if (!change_without(&self->base, list, count - size, size, &self->trial)) break;
    if (!comes_to(self, state, &wrote)) return false;
    if (wrote)
      take_latest(self);
    else
      low = count - size + 1;
    count = change_parts(&self->base, list);
  }
  for (uint32_t size = count / 2; size && tries; size /= 2)
    for (uint32_t first = 0; change_without(&self->base, list, first, size, &self->trial) && tries; tries--) {
      if (!comes_to(self, state, &wrote)) return false;
      if (wrote)
        take_latest(self);
      else
        first += size;
    }
  return true;
}

static bool cut_all(Search *self, const StateNews *state)
{
  for (int list = STEPS_AS_LIST; list < LISTS; list++)
    if (!cut(self, state, list)) return false;
  return true;
}

static void drop_state(Search *self, uint32_t place)
{
  self->states.at[place] = self->states.at[--self->states.len];
}

static void shorten_entry(Search *self, uint32_t index)
{
  Entry *entry = &self->entries.at[index];
  if (self->base.count >= entry->count) return;
  memcpy(entry->choices, self->base.choices, self->base.count * sizeof *entry->choices);
  self->kept_choices -= entry->count - self->base.count;
  entry->count = self->base.count;
}

/* The one of a few that was gone on from least, and the latest of these: as its place in the list. */
static uint32_t choose_state(Search *self)
{
  enum { TRIES = 4 };
  uint32_t count = (uint32_t)self->states.len, best = count - 1;
  for (int i = 0; i < TRIES; i++) {
    uint32_t other = (uint32_t)rng_below(&self->rng, count);
    uint32_t a = self->entries.at[self->states.at[best]].visits,
             b = self->entries.at[self->states.at[other]].visits;
    if (b < a || (b == a && other > best)) best = other;
  }
  return best;
}

bool search_go_on(Search *self)
{
  uint32_t place = choose_state(self), index = self->states.at[place];
  Entry *entry = &self->entries.at[index];
  StateNews state = entry->state;
  if (feedback_is_data(&self->feedback, state.place)) {
    drop_state(self, place);
    return true;
  }
  entry->visits++;
  if (!search_load(self, entry)) return false;
  entry = &self->entries.at[index];
  if (!feedback_wrote(&self->feedback, &state)) { /* what came before it in its instance had a part in it */
    entry->news = NEWS_NONE;
    drop_state(self, place);
    if (self->forgotten++ < FORGOTTEN_MAX) feedback_forget(&self->feedback, &state);
    return true;
  }
  if (entry->visits == 1) {
    if (!cut_all(self, &state)) return false;
    shorten_entry(self, index);
    if (!search_follow(self)) return false;
  }
  for (uint32_t i = 0; i < MORE_EACH; i++) {
    if (!change_by_more(&self->rng, &self->base, &self->known, &self->trial)) {
      drop_state(self, place); /* there is nothing that could follow */
      break;
    }
    if (!search_execute(self)) return false;
  }
  return true;
}
