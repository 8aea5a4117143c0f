/* What the files of a worker share. */
#ifndef SPEC_WORKER_INTERNAL_H
#define SPEC_WORKER_INTERNAL_H

#include "ifc/base/json.h"
#include "spec/law.h"
#include "spec/worker.h"

/* 512 MiB, whatever the instance is for: what is enough for the laws is enough for the search. */
enum { INSTANCE_PAGES = 8192 };

/* A worker at work. */
typedef struct Worker {
  const WorkerJob *job;
  SandboxPort *port;
  Arena *messages; /* reset after each message */
  Subject used, fresh;
  Harvest harvest;
  uint32_t test; /* of those of all specifications */
  size_t laws_left;
  uint64_t deadline_ns; /* for all laws */
  uint64_t shrink_ns;   /* that were spent on making failures smaller */
  bool hang_known;      /* one of them was a call that does not return */
  bool stops;           /* one has failed, and that is enough (VerifyOptions.fail_fast) */
  const size_t
      *member; /* in an agreement: whom messages are about, of all implementations; NULL: there is one */
} Worker;

/* What a test came to. `failure` is set when it failed. */
typedef struct Outcome {
  Verdict verdict;
  uint64_t cases, discarded;
  uint64_t nanoseconds;
  uint32_t handles_left;
  Str reason;
  Failure failure;
} Outcome;

/* Tells that the implementation cannot be run. */
void worker_send_broken(Worker *self, Str why, bool its_fault);
/* A message for worker_send; both use self->messages. */
Json *worker_event(Worker *self, const char *name);
void worker_send(Worker *self, const Json *message);
void worker_send_begin(Worker *self);
void worker_send_end(Worker *self, const Outcome *outcome);
/* LawOptions.progress; the context is the Worker. */
void worker_send_cases(void *context, uint64_t cases);

/* A guest as a subject. NULL is told as broken. */
bool worker_subject(Worker *self, Program *program, Subject *out);
/* How long the next failure may be made smaller: all have a time together. */
uint64_t worker_shrink_ns(const Worker *self);
/* Of a law that has ended: what the next ones are to know of it. */
void worker_learn(Worker *self, const LawResult *result);
/* The seed of a test's cases, from the seed of the run: the same on every machine. */
uint64_t worker_seed(uint64_t seed, const Spec *spec, uint32_t test);
/* What a law came to, with its failure described. */
void worker_outcome(Worker *self, Attempt *attempt, const Spec *spec, uint32_t test, LawResult *result,
                    Outcome *out);

/* Messages about a case to keep for the next run, and about what the builds that tell have seen. */
enum { KEEP_MAX = 64 /* cases of one test */, KEEP_BYTES = 1 << 17 /* of their tokens */ };
/* Returns the length of the token. */
size_t worker_send_keep(Worker *self, const Spec *spec, const Replay *kept);
void worker_send_seen(Worker *self, const Instrumented *cover, const SearchSeen *seen);
/* worker_search.c: an instance of the build that tells what it does, for searches. */
bool worker_target(Worker *self, Program *program, const Instrumented *cover, Subject *subject,
                   SearchTarget *target, SearchSeen *seen);
/* All laws that the job is to search. */
void worker_search(Worker *self);

#endif
