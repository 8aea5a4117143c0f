/* Several documents as one: shards of one run, or runs about different modules. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "spec/report_internal.h"

typedef struct Shard {
  uint32_t index, count; /* 1 of 1: the whole */
} Shard;

typedef struct MergePart {
  const ReportFile *file;
  Shard shard;
  Map *implementations; /* by their keys: key_of */
} MergePart;

typedef struct Merge {
  Arena *arena;
  Diags *diags;
  MergePart *parts; /* in the order of their shards */
  size_t count;
} Merge;

static bool shard_read(const Json *document, Shard *out)
{
  Str text = report_text(document, "shard");
  size_t slash = str_find(text, STR("/"));
  uint64_t index, count;
  *out = (Shard){1, 1};
  if (!jv_get(document, STR("shard"))) return true;
  if (slash == SIZE_MAX || !str_to_u64(str_slice(text, 0, slash), &index) ||
      !str_to_u64(str_slice(text, slash + 1, text.len), &count))
    return false;
  *out = (Shard){(uint32_t)index, (uint32_t)count};
  return index >= 1 && index <= count && count <= SHARDS_MAX;
}

/* --- do they belong together? */

static bool refuse(Merge *self, Str path, const char *what, const char *advice)
{
  Diag *diag = diag_error(self->diags, DIAG_INPUT, SPAN_NONE, "'%.*s' %s", STR_ARG(path), what);
  if (advice) diag_note(self->diags, diag, SPAN_NONE, "%s", advice);
  return false;
}

static bool same_specs(const Json *a, const Json *b)
{
  const Json *x = jv_get(a, STR("specs")), *y = jv_get(b, STR("specs"));
  if (jv_count(x) != jv_count(y)) return false;
  for (size_t i = 0; i < jv_count(x); i++)
    if (!str_equal(report_text(jv_at(x, i), "hash"), report_text(jv_at(y, i), "hash"))) return false;
  return true;
}

static bool same_budget(const Json *a, const Json *b)
{
  return report_number(a, "budget-cases") == report_number(b, "budget-cases") &&
         report_number(a, "budget-ms") == report_number(b, "budget-ms");
}

static bool check_part(Merge *self, const MergePart *part)
{
  const Json *document = part->file->document, *first = self->parts[0].file->document;
  Str path = part->file->path;
  if (!str_equal(report_text(document, "schema"), STR("assay/verify/1")))
    return refuse(self, path, "is no report of a verification", "`assay verify --json` writes them");
  if (!str_equal(report_text(jv_get(document, STR("interface")), "hash"),
                 report_text(jv_get(first, STR("interface")), "hash")))
    return refuse(self, path, "is about another interface than the first report", NULL);
  if (!same_specs(document, first))
    return refuse(self, path, "is about other specifications than the first report",
                  "give all runs the same --spec files in the same order");
  if (!str_equal(report_text(document, "seed"), report_text(first, "seed")))
    return refuse(self, path, "has another seed than the first report", "give all runs the same --seed");
  if (!same_budget(document, first))
    return refuse(self, path, "has another budget than the first report", "give all runs the same --budget");
  return true;
}

/* In the order of the shards, so that it does not matter in which order they are given. */
static void sort_parts(Merge *self)
{
  for (size_t i = 1; i < self->count; i++)
    for (size_t k = i; k > 0 && self->parts[k].shard.index < self->parts[k - 1].shard.index; k--) {
      MergePart swapped = self->parts[k];
      self->parts[k] = self->parts[k - 1];
      self->parts[k - 1] = swapped;
    }
}

/* --- one implementation in several shards */

/* What makes it the same one in another report: its label, its module, and how many of those came before it.
 */
static Str key_of(Arena *arena, const Json *implementation, uint64_t before)
{
  Str hash = report_text(implementation, "hash"), label = report_text(implementation, "label");
  return str_format(arena, "%zu %.*s%.*s %llu", hash.len, STR_ARG(hash), STR_ARG(label),
                    (unsigned long long)before);
}

static Map *by_key(Arena *arena, const Json *document)
{
  const Json *all = jv_get(document, STR("implementations"));
  Map *out = map_new(arena), *counts = map_new(arena);
  for (size_t i = 0; i < jv_count(all); i++) {
    uint64_t *count = arena_new_of(arena, uint64_t), *before;
    before = map_put(counts, key_of(arena, jv_at(all, i), 0), count);
    if (!before) before = count;
    const Json **place = arena_new_of(arena, const Json *);
    *place = jv_at(all, i);
    map_put(out, key_of(arena, *place, (*before)++), place);
  }
  return out;
}

typedef VEC(const Json *) Jsons;

/* A shard is missing; maybe it is there, but of another module. */
static bool refuse_missing(Merge *self, const Json *like, uint32_t wanted, uint32_t count)
{
  Str label = report_text(like, "label");
  Diag *diag = diag_error(self->diags, DIAG_INPUT, SPAN_NONE, "shard %u/%u of %.*s is missing", wanted, count,
                          STR_ARG(label));
  for (size_t i = 0; i < self->count; i++) {
    const MergePart *part = &self->parts[i];
    const Json *all = jv_get(part->file->document, STR("implementations"));
    if (part->shard.index != wanted || part->shard.count != count) continue;
    for (size_t k = 0; k < jv_count(all); k++) {
      if (!str_equal(report_text(jv_at(all, k), "label"), label)) continue;
      diag_note(self->diags, diag, SPAN_NONE,
                "'%.*s' has another module of that name: build once, and give all shards the same file",
                STR_ARG(part->file->path));
      return false;
    }
  }
  diag_note(self->diags, diag, SPAN_NONE, "give the reports of all shards");
  return false;
}

/* The implementation's parts: every shard once. */
static bool collect(Merge *self, Str key, const Json *like, Jsons *out)
{
  uint32_t wanted = 1, count = 0;
  Str label = report_text(like, "label");
  for (size_t i = 0; i < self->count; i++) {
    const MergePart *part = &self->parts[i];
    const Json *const *place = map_get(part->implementations, key);
    if (!place) continue;
    const Json *one = *place;
    if (count && part->shard.count != count)
      return refuse(self, part->file->path, "was divided into another number of shards", NULL);
    count = part->shard.count;
    if (part->shard.index < wanted) {
      diag_error(self->diags, DIAG_INPUT, SPAN_NONE,
                 "'%.*s' has what another report has too: shard %u/%u of %.*s", STR_ARG(part->file->path),
                 part->shard.index, count, STR_ARG(label));
      return false;
    }
    if (part->shard.index > wanted) break;
    wanted++;
    vec_push(self->arena, out, one);
  }
  return wanted > count || refuse_missing(self, like, wanted, count);
}

static Json *copy_object(Arena *arena, const Json *object)
{
  Json *out = jv_object(arena);
  for (size_t i = 0; jv_kind(object) == JV_OBJECT && i < jv_count(object); i++)
    jv_set(out, jv_key_at(object, i), jv_value_at(object, i));
  return out;
}

static void add_number(Json *out, const Json *from, const char *key)
{
  int64_t sum = 0, a = report_number(out, key), b = report_number(from, key);
  if (!jv_get(from, str_from_z(key)) || b < 0) return;
  jv_set_integer(out, str_from_z(key), __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum);
}

static Verdict worse(Verdict a, Verdict b)
{
  if (a == VERDICT_FAILED || b == VERDICT_FAILED) return VERDICT_FAILED;
  return a == VERDICT_UNDECIDED ? a : b;
}

/* Of two counterexamples the smaller one, as its token tells. */
static void take_failure(Json *out, const Json *test)
{
  const Json *ours = jv_get(out, STR("failure")), *theirs = jv_get(test, STR("failure"));
  size_t our_size = report_text(ours, "replay").len, their_size = report_text(theirs, "replay").len;
  bool is_better = !ours || (their_size && (!our_size || their_size < our_size));
  if (theirs && is_better) jv_set(out, STR("failure"), theirs);
}

/* Adds a further shard's test. The verdict's own reason or failure stays beside it. */
static void add_test(Json *out, const Json *test)
{
  Verdict before = report_verdict(out), now = worse(before, report_verdict(test));
  add_number(out, test, "cases");
  add_number(out, test, "discarded");
  add_number(out, test, "milliseconds");
  if (report_number(test, "handles-left") > report_number(out, "handles-left"))
    jv_set(out, STR("handles-left"), jv_get(test, STR("handles-left")));
  take_failure(out, test);
  if (now == before) return;
  jv_set_string(out, STR("verdict"), report_verdict_name(now));
  if (jv_get(test, STR("reason"))) jv_set(out, STR("reason"), jv_get(test, STR("reason")));
}

static bool same_tests(const Json *a, const Json *b)
{
  if (jv_count(a) != jv_count(b)) return false;
  for (size_t i = 0; i < jv_count(a); i++) {
    const Json *x = jv_at(a, i), *y = jv_at(b, i);
    if (report_number(x, "spec") != report_number(y, "spec") ||
        !str_equal(report_text(x, "group"), report_text(y, "group")) ||
        !str_equal(report_text(x, "name"), report_text(y, "name")))
      return false;
  }
  return true;
}

static Json *unite_tests(Merge *self, const Jsons *parts)
{
  const Json *first = jv_get(parts->at[0], STR("tests"));
  Json *out = jv_array(self->arena);
  for (size_t i = 0; i < jv_count(first); i++) {
    Json *test = copy_object(self->arena, jv_at(first, i));
    for (size_t k = 1; k < parts->len; k++) add_test(test, jv_at(jv_get(parts->at[k], STR("tests")), i));
    jv_push(out, test);
  }
  return out;
}

/* Which blocks each shard entered is not in the reports: what the best saw is the least that all saw. */
static void take_coverage(Json *out, const Json *part)
{
  const Json *ours = jv_get(out, STR("coverage")), *theirs = jv_get(part, STR("coverage"));
  if (theirs && (!ours || report_number(theirs, "entered") > report_number(ours, "entered")))
    jv_set(out, STR("coverage"), theirs);
  if (!jv_get(out, STR("search-problem")) && jv_get(part, STR("search-problem")))
    jv_set(out, STR("search-problem"), jv_get(part, STR("search-problem")));
}

static Json *unite(Merge *self, Str key, const Json *like)
{
  Jsons parts = {0};
  if (!collect(self, key, like, &parts) || !parts.len) return NULL;
  Json *out = copy_object(self->arena, parts.at[0]);
  Verdict verdict = report_verdict(out);
  for (size_t i = 1; i < parts.len; i++) {
    if (!same_tests(jv_get(like, STR("tests")), jv_get(parts.at[i], STR("tests")))) {
      diag_error(self->diags, DIAG_INPUT, SPAN_NONE, "the shards of %.*s have different tests",
                 STR_ARG(report_text(like, "label")));
      return NULL;
    }
    verdict = worse(verdict, report_verdict(parts.at[i]));
    add_number(out, parts.at[i], "cases");
    add_number(out, parts.at[i], "milliseconds");
    if (!jv_get(out, STR("reason")) && jv_get(parts.at[i], STR("reason")))
      jv_set(out, STR("reason"), jv_get(parts.at[i], STR("reason")));
    take_coverage(out, parts.at[i]);
  }
  const Json *tests = unite_tests(self, &parts);
  for (size_t i = 0; i < jv_count(tests); i++) verdict = worse(verdict, report_verdict(jv_at(tests, i)));
  jv_set_string(out, STR("verdict"), report_verdict_name(verdict));
  jv_set(out, STR("tests"), tests);
  return out;
}

/* --- all */

static Json *unite_all(Merge *self)
{
  Json *out = jv_array(self->arena);
  Map *done = map_new(self->arena);
  for (size_t i = 0; i < self->count; i++) {
    const Map *all = self->parts[i].implementations;
    for (size_t k = 0; k < map_count(all); k++) {
      const MapEntry *entry = map_entry(all, k);
      if (map_put(done, entry->key, self)) continue;
      const Json *const *first = entry->value;
      Json *one = unite(self, entry->key, *first);
      if (!one) return NULL;
      jv_push(out, one);
    }
  }
  return out;
}

Json *report_merge(Arena *arena, const ReportFile *files, size_t count, Diags *diags)
{
  Merge self = {.arena = arena, .diags = diags, .count = count};
  static const Verdict of_exit[] = {VERDICT_PASSED, VERDICT_FAILED};
  self.parts = arena_array_of(arena, MergePart, count + 1);
  for (size_t i = 0; i < count; i++) {
    self.parts[i].file = &files[i];
    if (!check_part(&self, &self.parts[i])) return NULL;
    if (!shard_read(files[i].document, &self.parts[i].shard)) {
      refuse(&self, files[i].path, "names a shard that cannot be", NULL);
      return NULL;
    }
  }
  for (size_t i = 0; i < count; i++) self.parts[i].implementations = by_key(arena, files[i].document);
  sort_parts(&self);
  Json *implementations = unite_all(&self), *out = jv_object(arena);
  if (!implementations || !count) return NULL;
  const Json *first = files[0].document;
  for (size_t i = 0; i < jv_count(first); i++)
    if (!str_equal(jv_key_at(first, i), STR("shard")))
      jv_set(out, jv_key_at(first, i), jv_value_at(first, i));
  jv_set(out, STR("implementations"), implementations);
  int exit = report_exit(out);
  jv_set_string(out, STR("verdict"), report_verdict_name(exit < 2 ? of_exit[exit] : VERDICT_UNDECIDED));
  return out;
}
