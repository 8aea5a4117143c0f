/* What the files of a verification's parent side share. */
#ifndef SPEC_VERIFY_INTERNAL_H
#define SPEC_VERIFY_INTERNAL_H

#include "ifc/base/vec.h"
#include "runtime/aot.h"
#include "spec/search.h"
#include "spec/tests.h"
#include "spec/worker.h"

/* What is known of one implementation while its worker runs. */
typedef struct Progressing {
  Arena *arena;
  const VerifyOptions *options;
  const Spec *const *specs;
  size_t spec_count;
  Test **by_number; /* all tests, as workers count them */
  TestReport *tests;
  bool *ended;
  size_t test_count;
  size_t running; /* the test that was begun last and has not ended; SIZE_MAX: none */
  Str broken;
  bool is_not_to_blame; /* for what is `broken` */
  uint64_t cases;       /* of the running law so far */
  ImplementationReport *report;
  uint64_t began_ns;
  bool searches;             /* the worker is one that searches: laws begin again and again, in turns */
  Corpus corpus;             /* of earlier runs */
  VEC(Str) tokens;           /* for the next one */
  const Instrumented *cover; /* of the build that tells what it does; NULL: no worker has it yet */
  SearchSeen seen;           /* by it, of all workers together; NULLs: nothing was searched */
} Progressing;

/* The whole run. */
typedef struct Verification {
  Arena *arena;
  const VerifyOptions *options;
  const Spec *const *specs;
  size_t spec_count;
  size_t test_count; /* of all specifications */
  Test **by_number;
  size_t *same_as; /* by test: the first one that is the same, maybe itself */
  Replay replay;
  size_t replay_spec;
  ImplementationReport *reports;
  Progressing *progressing;
  WorkerJob *jobs;
  size_t count;
  VerifyOptions first; /* the options of the first run, which leaves some of the budget to the search */
} Verification;

/* verify.c */
/* SandboxReceive for one implementation's messages; the context is its Progressing. */
bool verify_receive(void *context, Str text);
/* How long a worker may take at most: its budget, and room for examples, slow calls and shrinking. */
uint32_t verify_wall_ms(const Verification *self);
/* How many workers, or compilers. */
size_t verify_jobs_at_once(const Verification *self);
bool verify_run_jobs(Verification *self, const size_t *of, size_t count, Diags *diags);
void verify_judge(ImplementationReport *self);
/* Of a worker that did not come to its end: is that a verdict about the module? Each call has a limit of its
 * own, so time and output that are over, memory that is out and a kill from outside (the system, when its
 * memory is short) are not: they are our limits. */
bool verify_is_about_module(const SandboxOutcome *self);
/* Gives the verdicts of tests that ran to those that are the same. */
void verify_share(Verification *self);
/* Is the token one of this specification and test? */
bool verify_is_replay_of(Progressing *self, const TestReport *test, Str token);

/* verify_agree.c: the `agree`s, after everything else that implementations are tried on alone. */
MUST_CHECK bool verify_agree(Verification *self, Diags *diags);

/* verify_search.c: whether the budget leaves room for a search, and how much of it. */
void verify_split_budget(Verification *self);
/* What the search gets of the budget; NULL: there is none. */
const VerifyOptions *verify_search_options(const Verification *self);
/* Compiles the builds that tell what they do, several at once, of the implementations that `of` names; which
 * of them could be is left in it. Returns how many. */
size_t verify_compile_search(Verification *self, size_t *of, size_t count);
/* Searches what has passed so far, of all implementations that can be run. */
MUST_CHECK bool verify_search(Verification *self, Diags *diags);
/* What only workers that search say. */
bool verify_take_seen(Progressing *self, const Json *message);
bool verify_take_kept(Progressing *self, const TestReport *test, const Json *message);
/* What earlier runs have kept of an implementation, where this one may begin with it. */
void verify_read_corpus(Verification *self, size_t index);

#endif
