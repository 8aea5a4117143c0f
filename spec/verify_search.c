/* The second part of a verification: of implementations, what has passed is searched for cases that fail,
 * with builds that tell what they do. */
#include "ifc/base/clock.h"
#include "ifc/base/map.h"
#include "runtime/library_names.h"
#include "runtime/wasm_code.h"
#include "spec/compile_ahead.h"
#include "spec/search.h"
#include "spec/verify_internal.h"

enum {
  SEARCH_MS_MIN = 1000, /* budgets that leave room for a search */
  SEARCH_CASES_MIN = 50000,
  FIRST_MS_MIN = 250, /* and what of them comes before it */
  FIRST_MS_PART = 5,
  SEARCH_CASES_PART = 4,
  TRACED_MS_MIN = 2000, /* from which on the build by gcc is worth its time */
  TRACED_CASES_MIN = 200000,
};

static bool has_search(const VerifyOptions *options)
{
  if (options->replay.len) return false;
  return options->budget_cases ? options->budget_cases >= SEARCH_CASES_MIN
                               : options->budget_ms >= SEARCH_MS_MIN;
}

static uint64_t search_cases(const VerifyOptions *options)
{
  return options->budget_cases / SEARCH_CASES_PART;
}

void verify_split_budget(Verification *self)
{
  const VerifyOptions *options = self->options;
  self->first = *options;
  if (!has_search(options)) return;
  self->first.budget_cases -= search_cases(options);
  uint32_t part = options->budget_ms / FIRST_MS_PART;
  if (options->budget_ms) self->first.budget_ms = part > FIRST_MS_MIN ? part : FIRST_MS_MIN;
}

/* A budget of cases gives the same result every time, so it begins with nothing. */
void verify_read_corpus(Verification *self, size_t index)
{
  Progressing *progressing = &self->progressing[index];
  const Implementation *implementation = self->reports[index].implementation;
  if (self->options->budget_cases || self->options->replay.len || implementation->problem.len) return;
  corpus_read(self->arena, implementation->hash, self->specs, self->spec_count, &progressing->corpus);
}

/* Failures first. */
static void write_corpus(Verification *self, size_t index)
{
  Progressing *progressing = &self->progressing[index];
  VEC(Str) tokens = {0};
  if (self->options->budget_cases || self->options->replay.len) return;
  for (size_t i = 0; i < self->test_count; i++) {
    const TestReport *test = &progressing->tests[i];
    bool is_case = test_is_generated(test->kind) && test->failure && test->failure->replay.len;
    if (is_case) vec_push(self->arena, &tokens, test->failure->replay);
  }
  for (size_t i = 0; i < progressing->tokens.len; i++)
    vec_push(self->arena, &tokens, progressing->tokens.at[i]);
  if (!tokens.len) return;
  corpus_write(self->arena, self->reports[index].implementation->hash, tokens.at, tokens.len);
}

/* --- messages */

bool verify_take_kept(Progressing *self, const TestReport *test, const Json *message)
{
  enum { TOKENS_MAX = 4096 };
  Str token = jv_as_string(jv_get(message, STR("replay")));
  if (self->tokens.len >= TOKENS_MAX) return true;
  if (!verify_is_replay_of(self, test, token)) return false;
  vec_push(self->arena, &self->tokens, token);
  return true;
}

/* So many octal digits, together with what was seen before. */
static bool add_digits(Arena *arena, Str text, uint32_t count, uint8_t **seen)
{
  if (text.len != count) return false;
  if (!*seen) *seen = arena_array_of(arena, uint8_t, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    if (text.at[i] < '0' || text.at[i] > '7') return false;
    (*seen)[i] |= (uint8_t)(text.at[i] - '0');
  }
  return true;
}

bool verify_take_seen(Progressing *self, const Json *message)
{
  const Instrumented *cover = self->cover;
  return add_digits(self->arena, jv_as_string(jv_get(message, STR("blocks"))), cover->block_count,
                    &self->seen.blocks) &&
         add_digits(self->arena, jv_as_string(jv_get(message, STR("results"))), cover->compare_count,
                    &self->seen.results);
}

/* --- coverage */

typedef struct Counting {
  Arena *arena;
  const Instrumented *cover;
  FunctionNames names;
  const bool *of_library; /* by function */
} Counting;

static Covered *part_of(const Counting *self, Coverage *out, uint32_t function)
{
  return function < self->names.count && self->of_library[function] ? &out->libraries : &out->own;
}

static void add_functions(const Counting *self, const uint8_t *blocks, Coverage *out)
{
  VEC(Str) unreached[2] = {{0}};
  for (uint32_t i = 0; i < self->cover->block_count;) {
    uint32_t function = self->cover->blocks[i].function;
    Covered *part = part_of(self, out, function);
    bool entered = false;
    for (; i < self->cover->block_count && self->cover->blocks[i].function == function; i++) {
      entered = entered || blocks[i];
      part->entered += blocks[i] != 0;
      part->blocks++;
    }
    if (!entered)
      vec_push(self->arena, &unreached[part == &out->libraries], function_name(&self->names, function));
  }
  out->own.unreached = unreached[0].at;
  out->own.unreached_count = unreached[0].len;
  out->libraries.unreached = unreached[1].at;
  out->libraries.unreached_count = unreached[1].len;
}

/* Comparisons that were executed, but never came out in the other way. */
static void add_comparisons(const Counting *self, const uint8_t *results, Coverage *out)
{
  UnmetComparison *unmet[2];
  for (size_t i = 0; i < 2; i++) unmet[i] = arena_array_of(self->arena, UnmetComparison, UNMET_MAX);
  for (uint32_t i = 0; i < self->cover->compare_count; i++) {
    unsigned seen = results[i];
    const WasmCompare *compare = &self->cover->compares[i];
    Covered *part = part_of(self, out, compare->site.function);
    if (seen != RESULT_FALSE && seen != RESULT_TRUE) continue;
    if (part->unmet_count < UNMET_MAX)
      unmet[part == &out->libraries][part->unmet_count] =
          (UnmetComparison){.function = function_name(&self->names, compare->site.function),
                            .instruction = str_from_z(wasm_opcode_text((WasmOpcode)compare->opcode)),
                            .offset = compare->site.offset,
                            .always = seen == RESULT_TRUE};
    part->unmet_count++;
  }
  out->own.unmet = unmet[0];
  out->libraries.unmet = unmet[1];
}

static void report_coverage(Verification *self, size_t index)
{
  const Progressing *progressing = &self->progressing[index];
  const WorkerJob *job = &self->jobs[index];
  const WasmModule *module = &job->implementation->module;
  if (!progressing->seen.blocks || !progressing->seen.results || !job->cover->block_count) return;
  Coverage *out = arena_new_of(self->arena, Coverage);
  Counting counting = {
      .arena = self->arena, .cover = job->cover, .names = function_names(self->arena, module)};
  counting.of_library = library_functions(self->arena, module, &counting.names);
  out->traced = job->traced_object.len > 0;
  add_functions(&counting, progressing->seen.blocks, out);
  add_comparisons(&counting, progressing->seen.results, out);
  self->reports[index].coverage = out;
}

/* --- the searches */

static bool is_traced(const VerifyOptions *options)
{
  return options->budget_cases ? options->budget_cases >= TRACED_CASES_MIN
                               : options->budget_ms >= TRACED_MS_MIN;
}

static const AotOptions builds[] = {{.variant = WASM_COVER}, {.traces = true}};
enum { BUILD_COVER, BUILD_TRACED };

/* The builds that tell, once. Without the first there is no search; the second only helps. */
static bool compile(Verification *self, size_t index)
{
  WorkerJob *job = &self->jobs[index];
  ImplementationReport *report = &self->reports[index];
  const Implementation *implementation = report->implementation;
  const WasmModule *module = &implementation->module;
  if (job->cover_object.len) return true;
  Instrumented *instrumented = arena_new_of(self->arena, Instrumented);
  Diags diags = diags_in(self->arena);
  progress_update(self->options->progress,
                  str_format(self->arena, "compiling %.*s to be searched", STR_ARG(implementation->label)),
                  index, self->count);
  bool made = aot_compile(self->arena, module, implementation->path, &builds[BUILD_COVER], &job->cover_object,
                          &diags) &&
              aot_instrumented(self->arena, module, implementation->path, WASM_COVER, instrumented, &diags);
  job->cover = instrumented;
  if (!made) {
    job->cover_object = (Str){0};
    report->search_problem = diags.first ? diags.first->message : STR("its search could not be compiled");
    return false;
  }
  if (is_traced(self->options) && !aot_compile(self->arena, module, implementation->path,
                                               &builds[BUILD_TRACED], &job->traced_object, &diags)) {
    job->traced_object = (Str){0};
    report->search_problem = diags.first->message;
  }
  self->progressing[index].cover = job->cover;
  return true;
}

/* What is left of the search's time for those that are to be searched, of all that could have been: the
 * others' is not spent. */
static const VerifyOptions *part_of_time(Verification *self, const VerifyOptions *whole, size_t wanted,
                                         size_t all)
{
  VerifyOptions *options = arena_new_of(self->arena, VerifyOptions);
  *options = *whole;
  options->budget_ms = (uint32_t)((uint64_t)whole->budget_ms * wanted / (all ? all : 1));
  return options;
}

/* Makes the job one that searches, for what has passed so far; false when there is nothing to search. */
static bool begin(Verification *self, size_t index, const VerifyOptions *options)
{
  Progressing *progressing = &self->progressing[index];
  WorkerJob *job = &self->jobs[index];
  bool *searches = arena_array_of(self->arena, bool, self->test_count);
  size_t wanted = 0, all = 0;
  if (self->reports[index].reason.len) return false; /* it cannot be run */
  if (options->fail_fast && self->reports[index].verdict == VERDICT_FAILED) return false;
  for (size_t i = 0; i < self->test_count; i++) {
    const Test *test = self->by_number[i];
    bool varies = test->kind == TEST_SEQUENCE || (test->kind == TEST_LAW && test->params.len > 0);
    bool could = varies && self->same_as[i] == i;
    searches[i] = could && progressing->tests[i].verdict == VERDICT_PASSED;
    progressing->ended[i] = !searches[i];
    all += could;
    wanted += searches[i];
  }
  job->searches = searches;
  job->options = part_of_time(self, options, wanted, all);
  progressing->searches = true;
  progressing->running = SIZE_MAX;
  progressing->began_ns = 0;
  return wanted > 0;
}

size_t verify_compile_search(Verification *self, size_t *of, size_t count)
{
  Implementation *implementations = arena_array_of(self->arena, Implementation, count);
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) implementations[i] = *self->reports[of[i]].implementation;
  if (count) progress_update(self->options->progress, STR("compiling what is to be searched"), 0, count);
  compile_ahead(implementations, count, builds, is_traced(self->options) ? 2 : 1, verify_jobs_at_once(self));
  for (size_t i = 0; i < count; i++)
    if (compile(self, of[i])) of[kept++] = of[i];
  return kept;
}

/* Of a shard: its part of the cases, and others than the other shards'. */
static void take_share(VerifyOptions *self)
{
  if (!self->shard) return;
  uint64_t all = self->budget_cases;
  self->budget_cases = all / self->shard_count + (self->shard <= all % self->shard_count);
  self->seed = rng_from_seed_and_label(self->seed, self->shard).state[0];
}

const VerifyOptions *verify_search_options(const Verification *self)
{
  if (!has_search(self->options)) return NULL;
  VerifyOptions *options = arena_new_of(self->arena, VerifyOptions);
  *options = *self->options;
  options->budget_cases -= self->first.budget_cases;
  options->budget_ms -= self->first.budget_ms;
  take_share(options);
  return options;
}

bool verify_search(Verification *self, Diags *diags)
{
  const VerifyOptions *options = verify_search_options(self);
  size_t *of = arena_array_of(self->arena, size_t, self->count), count = 0;
  for (size_t i = 0; options && i < self->count; i++)
    if (begin(self, i, options)) of[count++] = i;
  count = verify_compile_search(self, of, count);
  if (!verify_run_jobs(self, of, count, diags)) return false;
  for (size_t i = 0; i < self->count; i++) report_coverage(self, i);
  for (size_t i = 0; i < self->count; i++) write_corpus(self, i);
  return true;
}
