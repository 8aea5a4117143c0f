/* The first pass: every candidate, alone in a worker, goes through the calls; what comes back are digests of
 * its results, which the parent compares. */
#include "bench/trial.h"

#include <unistd.h>

#include "ifc/base/clock.h"
#include "ifc/wave.h"
#include "runtime/guest.h"

/* Messages: a kind, then what belongs to it. Numbers are the machine's own: both ends are this program. */
typedef enum MessageKind { MESSAGE_BEGIN, MESSAGE_DIGESTS, MESSAGE_TEXT, MESSAGE_FAULT } MessageKind;
typedef struct MessageHeader {
  uint32_t kind, workload;
} MessageHeader;
enum { DIGESTS_A_MESSAGE = 4096, TEXT_MAX = 1 << 20, FEW_CALLS = 16, PATIENCE = 4 };

/* Number `index` of a workload's calls: the prepared ones, then the measured ones in the tour's order. */
static const Call *call_at(const TrialWorkload *workload, size_t index)
{
  size_t prepared = workload->list.prepared.len;
  if (index < prepared) return &workload->list.prepared.at[index];
  return &workload->list.measured.at[workload->tour[index - prepared]];
}

static size_t call_count(const TrialWorkload *workload)
{
  return workload->list.prepared.len + workload->list.measured.len;
}

/* --- in the worker */

typedef struct Checker {
  const Trial *trial;
  const Candidate *candidate;
  uint64_t budget_ns;
  /* Only one call's result is wanted, as text; after all calls before it, as in the first run. */
  bool explains;
  size_t workload, call;
  Arena *arena;
  SandboxPort *port;
  Program *program;
  Guest *guest;
} Checker;

static void send(Checker *self, MessageKind kind, size_t workload, Str content)
{
  Buf message = buf_in(self->arena);
  MessageHeader header = {kind, (uint32_t)workload};
  buf_str(&message, (Str){(const char *)&header, sizeof header});
  buf_str(&message, content);
  sandbox_send(self->port, buf_text(&message));
}

static bool checker_prepare(void *context, SandboxPort *port)
{
  Checker *self = context;
  self->port = port;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {.call_ms = self->trial->call_ms};
  self->program = program_open(self->arena, self->candidate->objects[0],
                               &self->candidate->implementation->fit, &limits, &diags);
  if (!self->program)
    send(self, MESSAGE_FAULT, 0, diags.first ? diags.first->message : STR("could not be loaded"));
  return self->program;
}

static bool run_call(Checker *self, size_t workload, const Call *call, Value *result)
{
  Fault fault = {0};
  *result = (Value){0};
  if (guest_call(self->guest, call->function, call->args, self->arena, result, &fault)) return true;
  Str text = call_text(self->arena, call), why = fault_text(self->arena, &fault);
  send(self, MESSAGE_FAULT, workload, str_format(self->arena, "%.*s %.*s", STR_ARG(text), STR_ARG(why)));
  return false;
}

/* Whether there is time for call number `i` of a workload that was begun at `began`: a first one is done
 * whatever it takes, a few more are worth some patience. */
static bool has_time(const TrialWorkload *workload, size_t i, uint64_t began, uint64_t share)
{
  size_t least = workload->list.prepared.len + 1;
  return i < least || clock_ns() - began < (i < least + FEW_CALLS ? PATIENCE * share : share);
}

/* Goes through the workload's calls until its share of the time is over. */
static bool check_workload(Checker *self, size_t index, uint64_t share)
{
  const TrialWorkload *workload = &self->trial->workloads[index];
  size_t count = call_count(workload), used = 0;
  uint64_t digests[DIGESTS_A_MESSAGE], began = clock_ns();
  ArenaMark mark = arena_mark(self->arena);
  bool ok = true;
  for (size_t i = 0; i < count && ok && has_time(workload, i, began, share); i++) {
    const Call *call = call_at(workload, i);
    Value result;
    if ((ok = run_call(self, index, call, &result)))
      digests[used++] = value_digest(self->arena, call->function->result, result);
    arena_reset(self->arena, mark);
    if (used < DIGESTS_A_MESSAGE) continue;
    send(self, MESSAGE_DIGESTS, index, (Str){(const char *)digests, used * sizeof *digests});
    arena_reset(self->arena, mark);
    used = 0;
  }
  if (used) send(self, MESSAGE_DIGESTS, index, (Str){(const char *)digests, used * sizeof *digests});
  arena_reset(self->arena, mark);
  return ok;
}

static bool begin_workload(Checker *self, size_t index)
{
  Fault fault = {0};
  send(self, MESSAGE_BEGIN, index, (Str){0});
  bool ok;
  if (self->guest)
    ok = guest_reset(self->guest, &fault);
  else
    ok = (self->guest = guest_new(self->program, &fault)) != NULL;
  if (!ok) send(self, MESSAGE_FAULT, index, fault_text(self->arena, &fault));
  return ok;
}

static void check_all(Checker *self)
{
  size_t count = self->trial->workload_count;
  for (size_t i = 0; i < count && begin_workload(self, i); i++)
    if (!check_workload(self, i, self->budget_ns / count)) return;
}

static void explain(Checker *self)
{
  const TrialWorkload *workload = &self->trial->workloads[self->workload];
  if (!begin_workload(self, self->workload)) return;
  ArenaMark mark = arena_mark(self->arena);
  for (size_t i = 0; i <= self->call; i++) {
    const Call *call = call_at(workload, i);
    Value result;
    arena_reset(self->arena, mark);
    if (!run_call(self, self->workload, call, &result)) return;
    if (i < self->call || !call->function->result) continue;
    Buf text = buf_in(self->arena);
    wave_print(call->function->result, result, &text);
    send(self, MESSAGE_TEXT, self->workload, str_slice(buf_text(&text), 0, TEXT_MAX));
  }
}

static void checker_run(void *context, SandboxPort *port)
{
  Checker *self = context;
  (void)port;
  if (self->explains)
    explain(self);
  else
    check_all(self);
}

/* --- in the parent: what came from one worker */

typedef struct Findings {
  const Trial *trial;
  Arena *arena;
  uint64_t **digests; /* by workload */
  size_t *counts;
  size_t workload; /* the last that was begun */
  Str fault, text;
} Findings;

static bool take_digests(Findings *self, size_t workload, Str content)
{
  size_t count = content.len / sizeof(uint64_t);
  if (!self->digests || content.len % sizeof(uint64_t) ||
      count > call_count(&self->trial->workloads[workload]) - self->counts[workload])
    return false;
  if (count) memcpy(self->digests[workload] + self->counts[workload], content.at, content.len);
  self->counts[workload] += count;
  return true;
}

static bool findings_receive(void *context, Str message)
{
  Findings *self = context;
  MessageHeader header;
  if (message.len < sizeof header) return false;
  memcpy(&header, message.at, sizeof header);
  if (header.workload >= self->trial->workload_count) return false;
  self->workload = header.workload;
  Str content = str_slice(message, sizeof header, message.len);
  switch (header.kind) {
  case MESSAGE_BEGIN: return !content.len;
  case MESSAGE_DIGESTS: return take_digests(self, header.workload, content);
  case MESSAGE_TEXT: self->text = str_copy(self->arena, str_slice(content, 0, TEXT_MAX)); return true;
  case MESSAGE_FAULT: self->fault = str_copy(self->arena, str_slice(content, 0, 1000)); return true;
  default: return false;
  }
}

static Findings findings_new(const Trial *trial)
{
  Findings self = {.trial = trial,
                   .arena = trial->arena,
                   .digests = arena_array_of(trial->arena, uint64_t *, trial->workload_count),
                   .counts = arena_array_of(trial->arena, size_t, trial->workload_count)};
  for (size_t i = 0; i < trial->workload_count; i++)
    self.digests[i] = arena_array_of(trial->arena, uint64_t, call_count(&trial->workloads[i]));
  return self;
}

static Str in_workload(const Trial *trial, size_t workload, Str what)
{
  return str_format(trial->arena, "in workload \"%.*s\": %.*s", STR_ARG(trial->workloads[workload].name),
                    STR_ARG(what));
}

/* Why a worker did not go all the way; empty when it did. */
static Str findings_failure(const Findings *self, const SandboxOutcome *outcome)
{
  if (self->fault.len) return in_workload(self->trial, self->workload, self->fault);
  bool all = outcome->end == SANDBOX_DONE;
  for (size_t i = 0; i < self->trial->workload_count; i++)
    all = all && self->counts[i] > self->trial->workloads[i].list.prepared.len;
  if (all) return (Str){0};
  return in_workload(self->trial, self->workload, sandbox_outcome_text(self->arena, outcome));
}

/* --- who is right */

/* Call `call` was answered differently by `candidate` than by `judge`, whose side is the larger. */
typedef struct Difference {
  size_t workload, call, candidate, judge;
  size_t votes, against;
} Difference;

static size_t votes_for(const Trial *trial, Findings *const *findings, size_t workload, size_t call,
                        size_t of)
{
  size_t votes = 0;
  for (size_t i = 0; i < trial->candidate_count; i++)
    votes += !trial->candidates[i].excluded && findings[i]->counts[workload] > call &&
             findings[i]->digests[workload][call] == findings[of]->digests[workload][call];
  return votes;
}

/* Whose result of this call most have; of equally many, the first given one's. False when nobody has one. */
static bool find_judge(const Trial *trial, Findings *const *findings, size_t workload, size_t call,
                       size_t *judge, size_t *most)
{
  *most = 0;
  for (size_t i = 0; i < trial->candidate_count && *most * 2 < trial->candidate_count; i++) {
    if (trial->candidates[i].excluded || findings[i]->counts[workload] <= call) continue;
    size_t votes = votes_for(trial, findings, workload, call, i);
    if (votes > *most) *most = votes, *judge = i;
  }
  return *most > 0;
}

/* The value that a candidate gave, in a worker again; or what happened instead. */
static Str explain_result(Trial *self, size_t candidate, const Difference *difference)
{
  Checker checker = {.trial = self,
                     .candidate = &self->candidates[candidate],
                     .explains = true,
                     .workload = difference->workload,
                     .call = difference->call,
                     .arena = self->arena};
  Findings findings = {.trial = self, .arena = self->arena};
  SandboxJob job = {checker_prepare, checker_run, &checker};
  SandboxLimits limits = {.wall_ms = (uint32_t)(self->budget_ns / 1000000) + 2 * self->call_ms};
  SandboxOutcome outcome;
  Diags diags = diags_in(self->arena);
  if (!sandbox_run(&job, &limits, findings_receive, &findings, &outcome, &diags)) return STR("?");
  return findings.text.len ? findings.text : STR("nothing when it was asked again");
}

/* Where a cut may be: not inside of a character. */
static size_t cut_before(Str text, size_t at)
{
  if (at >= text.len) return text.len;
  while (at && ((unsigned char)text.at[at] & 0xc0) == 0x80) at--;
  return at;
}

/* A long text as its part around `at`, from a word's start on. */
static Str excerpt(Arena *arena, Str text, size_t at)
{
  enum { WHOLE = 60, BEFORE = 16, SHOWN = 44 };
  if (text.len <= WHOLE) return text;
  size_t from = at > BEFORE ? cut_before(text, at - BEFORE) : 0, to;
  for (size_t i = from; from && i < at; i++)
    if (text.at[i] == ' ') {
      from = i + 1;
      break;
    }
  to = cut_before(text, from + SHOWN);
  return str_format(arena, "%s%.*s%s", from ? "… " : "", STR_ARG(str_slice(text, from, to)),
                    to < text.len ? "…" : "");
}

static void exclude_differing(Trial *self, const Difference *difference)
{
  const Call *call = call_at(&self->workloads[difference->workload], difference->call);
  Str own = explain_result(self, difference->candidate, difference);
  Str right = explain_result(self, difference->judge, difference);
  Str text = call_text(self->arena, call), side;
  if (difference->votes > difference->against)
    side = str_format(self->arena, "%zu others gave", difference->votes);
  else
    side = str_format(self->arena, "%.*s, given first, gave",
                      STR_ARG(self->candidates[difference->judge].implementation->label));
  if (str_equal(own, right)) own = STR("something that differs from run to run");
  size_t same = 0;
  while (same < own.len && same < right.len && own.at[same] == right.at[same]) same++;
  own = excerpt(self->arena, own, same);
  right = excerpt(self->arena, right, same);
  self->candidates[difference->candidate].reason =
      in_workload(self, difference->workload,
                  str_format(self->arena, "%.*s gave %.*s; %.*s %.*s", STR_ARG(text), STR_ARG(own),
                             STR_ARG(side), STR_ARG(right)));
}

/* Excludes who differs at this call, and keeps the right digest. */
static void judge_call(Trial *self, Findings *const *findings, size_t workload, size_t call)
{
  Difference difference = {.workload = workload, .call = call};
  if (!find_judge(self, findings, workload, call, &difference.judge, &difference.votes)) return;
  uint64_t right = findings[difference.judge]->digests[workload][call];
  self->workloads[workload].digests[call] = right;
  for (size_t i = 0; i < self->candidate_count; i++) {
    if (self->candidates[i].excluded || findings[i]->counts[workload] <= call) continue;
    if (findings[i]->digests[workload][call] == right) continue;
    difference.candidate = i;
    difference.against = votes_for(self, findings, workload, call, i);
    trial_exclude(self, i, (Str){0});
    exclude_differing(self, &difference);
  }
}

static int compare_sizes(const void *a, const void *b)
{
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  return (x > y) - (x < y);
}

/* How many calls more than half of those that are left did. */
static size_t count_checked(const Trial *self, size_t workload)
{
  size_t *done = arena_array_of(self->arena, size_t, self->candidate_count), left = 0;
  for (size_t i = 0; i < self->candidate_count; i++)
    if (!self->candidates[i].excluded) done[left++] = self->candidates[i].checked[workload];
  if (!left) return 0;
  qsort(done, left, sizeof *done, compare_sizes);
  return done[(left - 1) / 2];
}

static void judge_all(Trial *self, Findings *const *findings)
{
  for (size_t i = 0; i < self->candidate_count; i++) {
    if (self->candidates[i].excluded) continue;
    self->candidates[i].checked = arena_array_of(self->arena, size_t, self->workload_count);
    for (size_t w = 0; w < self->workload_count; w++)
      self->candidates[i].checked[w] = findings[i]->counts[w] - self->workloads[w].list.prepared.len;
  }
  for (size_t w = 0; w < self->workload_count; w++) {
    TrialWorkload *workload = &self->workloads[w];
    workload->checked = count_checked(self, w);
    workload->digests = arena_array_of(self->arena, uint64_t, call_count(workload));
    size_t end = workload->list.prepared.len + workload->checked;
    for (size_t call = 0; call < end; call++) judge_call(self, findings, w, call);
  }
  for (size_t w = 0; w < self->workload_count; w++) { /* fewer are left now; what was not judged stays out */
    size_t now = count_checked(self, w);
    if (now < self->workloads[w].checked) self->workloads[w].checked = now;
  }
}

/* --- all together */

/* A quarter of the budget, shared by all; on each processor one at a time. */
static uint64_t check_budget(const Trial *self, size_t at_once)
{
  size_t turns = (trial_left(self) + at_once - 1) / at_once;
  return self->budget_ns / 4 / (turns ? turns : 1);
}

static bool run_checkers(Trial *self, Findings **findings, SandboxOutcome *outcomes, const size_t *who,
                         size_t count)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t at_once = processors > 0 ? (size_t)processors : 1;
  SandboxJob *jobs = arena_array_of(self->arena, SandboxJob, count);
  void **contexts = arena_array_of(self->arena, void *, count);
  uint64_t budget = check_budget(self, at_once);
  for (size_t i = 0; i < count; i++) {
    Checker *checker = arena_new_of(self->arena, Checker);
    *checker = (Checker){
        .trial = self, .candidate = &self->candidates[who[i]], .budget_ns = budget, .arena = self->arena};
    jobs[i] = (SandboxJob){checker_prepare, checker_run, checker};
    contexts[i] = findings[who[i]];
  }
  /* One call more in each workload than the budget allows, and the machine may be busy. */
  uint64_t wall_ms = budget * PATIENCE * 2 / 1000000 + (self->workload_count + 1) * self->call_ms + 5000;
  SandboxLimits limits = {.wall_ms = wall_ms < UINT32_MAX ? (uint32_t)wall_ms : UINT32_MAX};
  return sandbox_run_all(jobs, count, at_once, &limits, findings_receive, contexts, outcomes, self->diags);
}

bool trial_check(Trial *self)
{
  size_t n = self->candidate_count, count = 0;
  Findings **findings = arena_array_of(self->arena, Findings *, n);
  size_t *who = arena_array_of(self->arena, size_t, n);
  SandboxOutcome *outcomes = arena_array_of(self->arena, SandboxOutcome, n);
  for (size_t i = 0; i < n; i++) {
    if (self->candidates[i].excluded) continue;
    findings[i] = arena_new_of(self->arena, Findings);
    *findings[i] = findings_new(self);
    who[count++] = i;
  }
  progress_update(self->progress, STR("checking results"), 0, count);
  if (!run_checkers(self, findings, outcomes, who, count)) return false;
  for (size_t i = 0; i < count; i++) {
    Str failure = findings_failure(findings[who[i]], &outcomes[i]);
    if (failure.len) trial_exclude(self, who[i], failure);
  }
  progress_update(self->progress, STR("checking results"), count, count);
  judge_all(self, findings);
  return true;
}
