/* Laws under search, and looking for memory that grows. */
#include "ifc/base/clock.h"
#include "spec/law_internal.h"

bool law_search(Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options, LawResult *out)
{
  LawRun self = {.attempt = attempt, .fresh = fresh, .options = options, .out = out};
  SearchCount before = search_count(search), now = before;
  for (;;) {
    uint64_t done = now.cases - before.cases;
    if (options->cases && done >= options->cases) break;
    SearchEnd end = search_run(search, options->cases ? options->cases - done : 0, options->deadline_ns);
    now = search_count(search);
    if (end == SEARCH_OVER) break;
    if (end == SEARCH_UNDECIDED) {
      law_leave_undecided(out, law_own_text(attempt));
      break;
    }
    /* What fails only in the other build, by its time limit, is no failure; what fails only after other cases
     * is for law_run to find, which can say after which. */
    ChoiceList list = law_keep_choices(attempt);
    if (law_fails_fresh(&self, &list, now.repeats)) break;
    search_reset_always(search);
  }
  out->cases += now.cases - before.cases;
  out->discarded += now.discarded - before.discarded;
  return out->verdict == VERDICT_PASSED;
}

void law_end_search(const Search *search, Attempt *attempt, LawResult *out)
{
  const Unanswered *unanswered = search_unanswered(search);
  if (out->verdict == VERDICT_PASSED && unanswered->count)
    law_leave_undecided(out, unanswered_text(unanswered, attempt, out->cases));
}

/* Does one of the newest kept cases with so many choices grow? */
static bool one_grows(LawRun *self, const Search *search, uint32_t least, uint32_t most)
{
  enum { CASES = 12 };
  Attempt *attempt = self->attempt;
  uint64_t deadline_ns = self->options->deadline_ns;
  ChoiceList kept;
  for (size_t i = 0, tried = 0; tried < CASES && search_kept(search, i, &kept); i++) {
    if (deadline_ns && clock_ns() >= deadline_ns) break;
    if (kept.count < least || kept.count >= most) continue;
    ChoiceList list = {attempt->kept, kept.count};
    memcpy(list.at, kept.at, kept.count * sizeof *list.at);
    bool is_quick = !deadline_ns || law_is_in_time(self, &list, GROWTH_REPEATS, deadline_ns);
    if (is_quick && law_fails_fresh(self, &list, GROWTH_REPEATS)) return true;
    tried++;
  }
  return false;
}

/* A long look at those cases that a quick one makes suspect. */
static bool suspect_grows(LawRun *self, const Search *search, uint32_t most)
{
  enum { TIME_PART = 4, COUNT_PART = 8 };
  Suspect suspects[SUSPECTS_MAX];
  uint64_t end_ns = self->options->deadline_ns, now = clock_ns();
  SuspectLimits limits = {.choices = most,
                          .cases = end_ns ? SUSPECT_CASES : SUSPECT_CASES / COUNT_PART,
                          .patience_ns = end_ns > now ? (end_ns - now) / TIME_PART : 0};
  size_t count = growth_suspects(self->attempt, self->fresh, search, &limits, suspects);
  for (size_t i = 0; i < count && self->out->verdict == VERDICT_PASSED; i++) {
    ChoiceList list = {self->attempt->kept, suspects[i].choices.count};
    memcpy(list.at, suspects[i].choices.at, list.count * sizeof *list.at);
    uint64_t until_ns = clock_ns() + AGAIN_MS * UINT64_C(1000000);
    bool is_quick = !end_ns || law_is_in_time(self, &list, GROWTH_REPEATS, until_ns);
    if (is_quick && law_fails_fresh(self, &list, GROWTH_REPEATS)) return true;
  }
  return false;
}

/* Small cases are quick; where nothing is asked of time, only those are tried. */
bool law_grows(const Search *search, Attempt *attempt, Subject *fresh, const LawOptions *options,
               LawResult *out)
{
  enum { SHORTEST_CASE = 16, SHORT_CASE = 64 };
  LawRun self = {.attempt = attempt, .fresh = fresh, .options = options, .out = out};
  if (suspect_grows(&self, search, options->deadline_ns ? SHORT_CASE : SHORTEST_CASE)) return true;
  if (out->verdict != VERDICT_PASSED) return false;
  if (!options->deadline_ns) return one_grows(&self, search, 0, SHORTEST_CASE);
  return one_grows(&self, search, 0, SHORT_CASE) || one_grows(&self, search, SHORT_CASE, CHOICES_MAX);
}
