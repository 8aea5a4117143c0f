#include "spec/agree.h"

#include "ifc/base/clock.h"
#include "ifc/base/vec.h"
#include "ifc/wave.h"
#include "spec/failure.h"

enum { TOLD_MAX = 1 << 16, NAMED_MAX = 16, TIE_MAX = 4000 };

/* What a member said to the last call. */
typedef struct Answer {
  bool out; /* it does not take part, or not any more */
  bool on_jury;
  bool trapped;
  bool faulted; /* it broke a rule or a limit, which is no answer */
  bool dissents;
  Fault fault;
  Value value;
} Answer;

/* All members' instances of one kind, as one subject. */
typedef struct Group {
  Subject **subjects;
  Answer *answers; /* the group's own */
  size_t count;
  const Type *type; /* of the answers; NULL: calls without result */
  size_t spokesman; /* whose answer counts; SIZE_MAX: no answer has most votes */
  bool split;       /* the last call's answers differ */
} Group;

static bool same_answer(const Group *self, const Answer *a, const Answer *b)
{
  if (a->trapped || b->trapped) return a->trapped == b->trapped;
  return !self->type || value_equal(self->type, a->value, b->value);
}

static void ask(Group *self, size_t index, const Function *function, const Value *args, Arena *arena)
{
  Subject *subject = self->subjects[index];
  Answer *answer = &self->answers[index];
  answer->trapped = answer->faulted = answer->dissents = false;
  answer->fault = (Fault){.kind = FAULT_NONE};
  answer->value = (Value){.bits = 0};
  if (subject->call(subject->context, function, args, arena, &answer->value, &answer->fault)) return;
  answer->trapped = fault_class(answer->fault.kind) == FAULT_CLASS_TRAP && !answer->fault.elsewhere;
  answer->faulted = !answer->trapped;
}

/* More than half of the jury. */
static size_t find_spokesman(const Group *self)
{
  size_t jurors = 0;
  for (size_t i = 0; i < self->count; i++) jurors += !self->answers[i].out && self->answers[i].on_jury;
  for (size_t i = 0; i < self->count; i++) {
    const Answer *answer = &self->answers[i];
    size_t votes = 0;
    if (answer->out || !answer->on_jury || answer->faulted) continue;
    for (size_t j = 0; j < self->count; j++) {
      const Answer *other = &self->answers[j];
      votes += !other->out && other->on_jury && !other->faulted && same_answer(self, answer, other);
    }
    if (2 * votes > jurors) return i;
  }
  return SIZE_MAX;
}

/* Counts the votes. A fault is wrong, whatever the others say. */
static void judge_answers(Group *self)
{
  self->spokesman = find_spokesman(self);
  self->split = self->spokesman == SIZE_MAX;
  for (size_t i = 0; i < self->count; i++) {
    Answer *answer = &self->answers[i];
    if (answer->out) continue;
    answer->dissents = answer->faulted || (self->spokesman != SIZE_MAX &&
                                           !same_answer(self, answer, &self->answers[self->spokesman]));
    self->split = self->split || answer->dissents;
  }
}

/* One that takes too long is to be given more time. */
static void tell_slow(const Group *self, Fault *fault)
{
  for (size_t i = 0; i < self->count; i++) {
    const Answer *answer = &self->answers[i];
    if (!answer->out && answer->faulted && answer->fault.kind == FAULT_TIME_LIMIT) *fault = answer->fault;
  }
}

static void limit_group(void *context, uint32_t call_ms)
{
  const Group *self = context;
  for (size_t i = 0; i < self->count; i++)
    if (self->subjects[i]->limit) self->subjects[i]->limit(self->subjects[i]->context, call_ms);
}

static bool call_group(void *context, const Function *function, const Value *args, Arena *arena,
                       Value *result, Fault *fault)
{
  Group *self = context;
  self->type = function->result;
  for (size_t i = 0; i < self->count; i++)
    if (!self->answers[i].out) ask(self, i, function, args, arena);
  judge_answers(self);
  if (self->split) {
    tell_slow(self, fault);
    return false;
  }
  const Answer *answer = &self->answers[self->spokesman];
  if (answer->trapped) *fault = answer->fault;
  if (function->result) *result = answer->value;
  return !answer->trapped;
}

static bool drop_of_group(void *context, const TypeDef *resource, Value handle, Fault *fault)
{
  Group *self = context;
  bool all = true;
  for (size_t i = 0; i < self->count; i++) {
    Answer *answer = &self->answers[i];
    Subject *subject = self->subjects[i];
    answer->dissents = false;
    if (answer->out || !subject->drop) continue;
    if (subject->drop(subject->context, resource, handle, &answer->fault)) continue;
    answer->faulted = answer->dissents = true;
    *fault = answer->fault;
    all = false;
  }
  return all;
}

static Refusal refusal_of_group(void *context)
{
  const Group *self = context;
  Refusal worst = REFUSED_NOTHING;
  for (size_t i = 0; i < self->count; i++) {
    const Subject *subject = self->subjects[i];
    if (self->answers[i].out || !subject->refusal) continue;
    Refusal refusal = subject->refusal(subject->context);
    if (refusal > worst) worst = refusal;
  }
  return worst;
}

static bool reset_group(void *context, Fault *fault)
{
  Group *self = context;
  for (size_t i = 0; i < self->count; i++) {
    Answer *answer = &self->answers[i];
    answer->dissents = false;
    if (answer->out || self->subjects[i]->reset(self->subjects[i]->context, &answer->fault)) continue;
    answer->faulted = answer->dissents = true;
    *fault = answer->fault;
    return false;
  }
  self->split = false;
  self->spokesman = SIZE_MAX;
  return true;
}

/* --- the whole agreement */

typedef struct Agreement {
  Arena *arena;
  const Test *test;
  Member *members;
  size_t count;
  Group used, fresh;
  Subject used_subject, fresh_subject;
  MemberResult *results;
} Agreement;

static Group group_new(Arena *arena, Member *members, size_t count, bool fresh)
{
  Group self = {.count = count, .spokesman = SIZE_MAX};
  self.subjects = arena_array_of(arena, Subject *, count);
  self.answers = arena_array_of(arena, Answer, count);
  for (size_t i = 0; i < count; i++) self.subjects[i] = fresh ? &members[i].fresh : &members[i].used;
  return self;
}

static bool is_named(Arena *arena, const Member *member, Str name)
{
  enum { DIGITS_MIN = 6 };
  Str prefix = STR("sha256:");
  if (str_equal(member->label, name)) return true;
  return name.len >= prefix.len + DIGITS_MIN && str_starts_with(hash_text(arena, member->hash), name);
}

static void decide(Agreement *self, size_t index, Verdict verdict, Str reason)
{
  self->results[index].verdict = verdict;
  self->results[index].reason = reason;
}

static void set_out(Agreement *self, size_t index)
{
  self->used.answers[index].out = self->fresh.answers[index].out = true;
}

/* Decides all that are still in, in the same way. */
static void decide_all(Agreement *self, Verdict verdict, Str reason)
{
  for (size_t i = 0; i < self->count; i++)
    if (!self->fresh.answers[i].out) decide(self, i, verdict, reason);
}

/* Who may vote. False when one that the test names is not here. */
static bool call_jury(Agreement *self)
{
  const Test *test = self->test;
  for (size_t i = 0; i < self->count; i++)
    self->used.answers[i].on_jury = self->fresh.answers[i].on_jury = test->jury.len == 0;
  for (size_t k = 0; k < test->jury.len; k++) {
    Str name = test->jury.at[k].text;
    bool found = false;
    for (size_t i = 0; i < self->count; i++) {
      if (!is_named(self->arena, &self->members[i], name)) continue;
      self->used.answers[i].on_jury = self->fresh.answers[i].on_jury = found = true;
    }
    if (found) continue;
    decide_all(self, VERDICT_UNDECIDED,
               str_format(self->arena, "`%.*s` is not among the implementations that ran", STR_ARG(name)));
    return false;
  }
  return true;
}

static Agreement agreement_new(Arena *arena, const Test *test, Member *members, size_t count,
                               MemberResult *results)
{
  Agreement self = {.arena = arena, .test = test, .members = members, .count = count, .results = results};
  self.used = group_new(arena, members, count, false);
  self.fresh = group_new(arena, members, count, true);
  for (size_t i = 0; i < count; i++) results[i] = (MemberResult){.verdict = VERDICT_PASSED};
  return self;
}

static Subject group_subject(Group *self)
{
  return (Subject){.context = self,
                   .call = call_group,
                   .reset = reset_group,
                   .drop = drop_of_group,
                   .refusal = refusal_of_group,
                   .limit = self->count && self->subjects[0]->limit ? limit_group : NULL,
                   .call_ms = self->count ? self->subjects[0]->call_ms : 0,
                   .complaint = "gives different results"};
}

/* How many are still in. */
static size_t left(const Agreement *self)
{
  size_t count = 0;
  for (size_t i = 0; i < self->count; i++) count += !self->fresh.answers[i].out;
  return count;
}

static Str answer_text(const Agreement *self, const Answer *answer)
{
  enum { VALUE_MAX = 300 };
  Buf out = buf_in(self->arena);
  if (answer->trapped || answer->faulted) return fault_text(self->arena, &answer->fault);
  if (!self->fresh.type) return STR("a return");
  wave_print_short(self->fresh.type, answer->value, VALUE_MAX, &out);
  return buf_text(&out);
}

/* "a, b and c": the members that answered as the spokesman did. */
static Str majority_text(const Agreement *self)
{
  const Group *group = &self->fresh;
  size_t all = 0, at = 0;
  Buf out = buf_in(self->arena);
  for (size_t i = 0; i < self->count; i++) all += !group->answers[i].out && !group->answers[i].dissents;
  for (size_t i = 0; i < self->count; i++) {
    if (group->answers[i].out || group->answers[i].dissents) continue;
    if (at > 0) buf_z(&out, at + 1 == all ? " and " : ", ");
    buf_str(&out, self->members[i].label);
    if (++at < NAMED_MAX || at == all) continue;
    buf_printf(&out, " and %zu others", all - at);
    break;
  }
  return buf_text(&out);
}

/* What the others said to the call, if that is all of its statement. */
static void tell(const Agreement *self, const Attempt *attempt, Told *out)
{
  const Group *group = &self->fresh;
  const Statement *statement = attempt_statement(attempt);
  Span call = attempt->machine.failure.span;
  if (!statement || group->spokesman == SIZE_MAX || statement->expr->span.at != call.at ||
      statement->expr->span.len != call.len)
    return;
  const Answer *answer = &group->answers[group->spokesman];
  Buf value = buf_in(self->arena);
  if (!answer->trapped && group->type) wave_print(group->type, answer->value, &value);
  if (value.len > TOLD_MAX) return;
  *out = (Told){.known = true, .traps = answer->trapped, .statement = attempt->statement};
  out->value = buf_text(&value);
}

/* Another module's fault, or the machine's. */
static bool is_not_to_blame(const Subject *subject, const Answer *answer)
{
  if (subject->refusal && subject->refusal(subject->context) == REFUSED_BY_SYSTEM) return true;
  return answer->faulted && (answer->fault.elsewhere || answer->fault.kind == FAULT_MEMORY_LIMIT);
}

/* One member's failure, from what the case that the attempt holds looks like for all. */
static void blame(Agreement *self, size_t index, const Attempt *attempt, const Failure *common)
{
  const Answer *answer = &self->fresh.answers[index];
  MemberResult *result = &self->results[index];
  Str call = failure_source_text(self->arena, attempt->machine.failure.span);
  if (is_not_to_blame(self->fresh.subjects[index], answer)) {
    result->verdict = VERDICT_UNDECIDED;
    result->reason =
        str_format(self->arena, "`%.*s` %.*s%s", STR_ARG(call), STR_ARG(answer_text(self, answer)),
                   answer->fault.elsewhere ? "" : ", after the system had no more memory");
    return;
  }
  result->verdict = VERDICT_FAILED;
  result->failure = *common;
  tell(self, attempt, &result->failure.told);
  if (answer->faulted) {
    result->failure.message =
        str_format(self->arena, "`%.*s` %.*s", STR_ARG(call), STR_ARG(answer_text(self, answer)));
    return;
  }
  result->failure.message = str_format(self->arena, "`%.*s` gives something else than %.*s", STR_ARG(call),
                                       STR_ARG(majority_text(self)));
  result->failure.actual = answer_text(self, answer);
  result->failure.expected = answer_text(self, &self->fresh.answers[self->fresh.spokesman]);
}

/* No answer has most votes: who said what. */
static Str tie_text(const Agreement *self, const Failure *common)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "%.*s, and no result has most votes:", STR_ARG(common->message));
  for (size_t i = 0, shown = 0; i < self->count && shown < 8; i++) {
    const Answer *answer = &self->fresh.answers[i];
    if (answer->out) continue;
    buf_printf(&out, "%s %.*s: %.*s", shown++ ? ";" : "", STR_ARG(self->members[i].label),
               STR_ARG(answer_text(self, answer)));
  }
  for (size_t i = 0; i < common->input_count && out.len < TIE_MAX; i++)
    buf_printf(&out, "%s %.*s = %.*s", i ? "," : "; for", STR_ARG(common->inputs[i].name),
               STR_ARG(common->inputs[i].value));
  return buf_text(&out);
}

/* The attempt holds a case that failed: blames those who did. False when that decides all. */
static bool blame_dissenters(Agreement *self, const Attempt *attempt, const LawResult *law)
{
  Failure common;
  size_t blamed = 0;
  failure_describe(self->arena, attempt, law->on_used_instances, law->replay.repeats, &common);
  common.shrinks = law->shrinks;
  for (size_t i = 0; i < self->count; i++) {
    const Answer *answer = &self->fresh.answers[i];
    if (answer->out || !answer->dissents) continue;
    blame(self, i, attempt, &common);
    self->results[i].replay = law->replay;
    blamed++;
  }
  for (size_t i = 0; i < self->count; i++)
    if (self->fresh.answers[i].dissents) set_out(self, i);
  if (blamed && left(self) == 1 && self->test->jury.len == 0)
    decide_all(self, VERDICT_UNDECIDED, STR("no other implementation is left to agree with"));
  if (blamed) return left(self) > 1;
  if (self->fresh.split || attempt->end != CASE_FAILED) {
    decide_all(self, VERDICT_UNDECIDED, self->fresh.split ? tie_text(self, &common) : common.message);
    return false;
  }
  for (size_t i = 0; i < self->count; i++) { /* an `expect` that no answer keeps */
    if (self->fresh.answers[i].out) continue;
    self->results[i] = (MemberResult){.verdict = VERDICT_FAILED, .failure = common, .replay = law->replay};
  }
  return false;
}

/* The choices are in the attempt, which goes. */
static void keep_choices(Arena *arena, Replay *replay)
{
  size_t size = replay->choices.count * sizeof *replay->choices.at;
  Choice *copy = arena_alloc_raw(arena, size + 1);
  if (size) memcpy(copy, replay->choices.at, size);
  replay->choices.at = copy;
}

/* What a law came to that was tried on those that are still in. False when all is decided. */
static bool settle(Agreement *self, const Attempt *attempt, LawResult *law)
{
  law->reason = str_copy(self->arena, law->reason);
  if (law->verdict == VERDICT_FAILED) {
    keep_choices(self->arena, &law->replay);
    return blame_dissenters(self, attempt, law);
  }
  decide_all(self, law->verdict, law->reason);
  return law->verdict == VERDICT_PASSED;
}

/* One law on those that are still in. False when all is decided. */
static bool run_round(Agreement *self, const Harvest *harvest, const LawOptions *options, LawResult *law)
{
  Arena *own = arena_new();
  Attempt attempt;
  attempt_init(&attempt, own, self->test);
  attempt.draws.harvest = harvest;
  self->used_subject = group_subject(&self->used);
  self->fresh_subject = group_subject(&self->fresh);
  law_run(&attempt, &self->used_subject, &self->fresh_subject, options, law);
  bool goes_on = settle(self, &attempt, law) && law->verdict != VERDICT_PASSED;
  arena_free(own);
  return goes_on;
}

static void keep_cases(Arena *arena, const Search *search, Member *focus)
{
  ChoiceList list;
  for (size_t i = 0; focus->kept.len < AGREE_KEPT_MAX && search_kept(search, i, &list); i++) {
    ChoiceList copy = {arena_array_of(arena, Choice, list.count + 1), list.count};
    memcpy(copy.at, list.at, list.count * sizeof *list.at);
    vec_push(arena, &focus->kept, copy);
  }
}

/* All members, one of them by another instance. */
static Group group_around(Agreement *self, Arena *memory, const Member *focus, Subject *instead)
{
  Group group = self->used;
  group.subjects = arena_array_of(memory, Subject *, self->count);
  group.answers = arena_array_of(memory, Answer, self->count);
  memcpy(group.answers, self->fresh.answers, self->count * sizeof *group.answers);
  for (size_t i = 0; i < self->count; i++)
    group.subjects[i] = &self->members[i] == focus ? instead : self->used.subjects[i];
  return group;
}

/* The same by a search that looks at what one member does. */
static bool search_round(Agreement *self, Member *focus, const Harvest *harvest, const LawOptions *options,
                         LawResult *law)
{
  Arena *own = arena_new(), *memory = arena_new();
  Attempt attempt;
  Group cover = group_around(self, memory, focus, &focus->cover);
  Group traced = group_around(self, memory, focus, &focus->traced);
  Subject cover_subject = group_subject(&cover), traced_subject = group_subject(&traced);
  SearchTarget target = focus->target;
  target.cover = &cover_subject;
  if (target.traced) target.traced = &traced_subject;
  attempt_init(&attempt, own, self->test);
  attempt.draws.harvest = harvest;
  self->fresh_subject = group_subject(&self->fresh);
  *law = (LawResult){.verdict = VERDICT_PASSED};
  Search *search = search_new(memory, &attempt, &target, &focus->seen, options->seed);
  for (size_t i = 0; i < options->kept_count; i++) search_try(search, &options->kept[i]->replay.choices);
  law_search(search, &attempt, &self->fresh_subject, options, law);
  keep_cases(self->arena, search, focus);
  bool goes_on = settle(self, &attempt, law);
  arena_free(memory);
  arena_free(own);
  return goes_on;
}

/* To the results of those that took part, which `in` says. */
static void add_cases(Agreement *self, const bool *in, const LawResult *law)
{
  for (size_t i = 0; i < self->count; i++) {
    if (!in[i]) continue;
    self->results[i].cases += law->cases;
    self->results[i].discarded += law->discarded;
  }
}

static bool *who_is_in(const Agreement *self)
{
  bool *in = arena_array_of(self->arena, bool, self->count);
  for (size_t i = 0; i < self->count; i++) in[i] = !self->fresh.answers[i].out;
  return in;
}

void agree_run(Arena *arena, const Test *test, Member *members, size_t count, const Harvest *harvest,
               const LawOptions *options, MemberResult *results)
{
  Agreement self = agreement_new(arena, test, members, count, results);
  LawOptions rest = *options;
  bool goes_on = call_jury(&self);
  if (goes_on && count < 2) {
    decide_all(&self, VERDICT_UNDECIDED, STR("there is no other implementation to agree with: name several"));
    return;
  }
  while (goes_on) {
    LawResult law;
    const bool *in = who_is_in(&self);
    uint64_t began_ns = clock_ns();
    goes_on = run_round(&self, harvest, &rest, &law);
    add_cases(&self, in, &law);
    if (rest.deadline_ns)
      rest.deadline_ns += clock_ns() - began_ns; /* a round with a failure does not count */
    if (rest.cases) rest.cases -= law.cases < rest.cases ? law.cases : rest.cases - 1;
    rest.seed++;
  }
}

/* A search's part of the options, after which so many others come. */
static LawOptions share_of(const LawOptions *options, size_t others)
{
  LawOptions share = *options;
  uint64_t now = options->deadline_ns ? clock_ns() : 0;
  size_t left = others + 1;
  share.seed += left;
  share.cases = options->cases / left + (options->cases % left > 0);
  if (options->deadline_ns)
    share.deadline_ns = now + (now < options->deadline_ns ? (options->deadline_ns - now) / left : 0);
  return share;
}

static bool can_lead(const Agreement *self, size_t index)
{
  return self->members[index].target.cover && !self->fresh.answers[index].out;
}

/* How many of the members from this one on can lead a search. */
static size_t count_leaders(const Agreement *self, size_t from)
{
  size_t count = 0;
  for (size_t i = from; i < self->count; i++) count += can_lead(self, i);
  return count;
}

/* Takes cases off; true when none are left of those that there were. */
static bool use_up(uint64_t *cases, uint64_t used)
{
  bool counts = *cases > 0;
  *cases -= used < *cases ? used : *cases;
  return counts && !*cases;
}

/* One member's turns: after somebody was found out, on with the others. False when all is decided, or all
 * cases of `rest` were tried. */
static bool lead(Agreement *self, Member *focus, const Harvest *harvest, LawOptions *rest, LawOptions share)
{
  size_t index = (size_t)(focus - self->members);
  for (bool goes_on = true; goes_on && can_lead(self, index) && left(self) > 1;) {
    LawResult law;
    const bool *in = who_is_in(self);
    goes_on = search_round(self, focus, harvest, &share, &law);
    add_cases(self, in, &law);
    share.seed += self->count;
    bool share_ends = use_up(&share.cases, law.cases);
    if (use_up(&rest->cases, law.cases) || !goes_on) return false;
    if (share_ends || law.verdict != VERDICT_FAILED) return true;
  }
  return true;
}

void agree_search(Arena *arena, const Test *test, Member *members, size_t count, const Harvest *harvest,
                  const LawOptions *options, MemberResult *results)
{
  MemberResult *before = arena_array_of(arena, MemberResult, count + 1);
  memcpy(before, results, count * sizeof *results);
  Agreement self = agreement_new(arena, test, members, count, results);
  bool goes_on = call_jury(&self) && (options->cases || options->deadline_ns);
  LawOptions rest = *options;
  memcpy(results, before, count * sizeof *results);
  for (size_t i = 0; i < count; i++) {
    members[i].kept.at = NULL;
    members[i].kept.len = members[i].kept.cap = 0;
    if (results[i].verdict != VERDICT_PASSED) set_out(&self, i);
  }
  for (size_t i = 0; i < count && goes_on && left(&self) > 1; i++)
    if (can_lead(&self, i))
      goes_on = lead(&self, &members[i], harvest, &rest, share_of(&rest, count_leaders(&self, i + 1)));
}

void agree_replay(Arena *arena, const Test *test, Member *members, size_t count, const Replay *replay,
                  MemberResult *results)
{
  Agreement self = agreement_new(arena, test, members, count, results);
  LawResult law;
  Attempt attempt;
  if (!call_jury(&self)) return;
  Arena *own = arena_new();
  attempt_init(&attempt, own, test);
  self.fresh_subject = group_subject(&self.fresh);
  law_replay(&attempt, &self.fresh_subject, replay, &law);
  for (size_t i = 0; i < count; i++) {
    results[i].cases = law.cases;
    results[i].discarded = law.discarded;
  }
  law.replay = *replay;
  law.reason = str_copy(arena, law.reason);
  if (law.verdict == VERDICT_FAILED)
    blame_dissenters(&self, &attempt, &law);
  else
    decide_all(&self, law.verdict, law.reason);
  arena_free(own);
}
