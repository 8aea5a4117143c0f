/* Several documents as one: shards of one run, or runs about different modules. */
#include "ifc/base/vec.h"
#include "spec/report_internal.h"

typedef struct Shard {
  uint32_t index, count; /* 1 of 1: the whole */
} Shard;

typedef struct MergePart {
  const ReportFile *file;
  Shard shard;
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

static const Json *implementation_in(const Json *document, const Json *like)
{
  const Json *all = jv_get(document, STR("implementations"));
  for (size_t i = 0; i < jv_count(all); i++)
    if (str_equal(report_text(jv_at(all, i), "hash"), report_text(like, "hash")) &&
        str_equal(report_text(jv_at(all, i), "label"), report_text(like, "label")))
      return jv_at(all, i);
  return NULL;
}

typedef VEC(const Json *) Jsons;

/* The implementation's parts: every shard once. */
static bool collect(Merge *self, const Json *like, Jsons *out)
{
  uint32_t wanted = 1, count = 0;
  Str label = report_text(like, "label");
  for (size_t i = 0; i < self->count; i++) {
    const MergePart *part = &self->parts[i];
    const Json *one = implementation_in(part->file->document, like);
    if (!one) continue;
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
  if (wanted > count) return true;
  Diag *diag = diag_error(self->diags, DIAG_INPUT, SPAN_NONE, "shard %u/%u of %.*s is missing", wanted, count,
                          STR_ARG(label));
  diag_note(self->diags, diag, SPAN_NONE, "give the reports of all shards");
  return false;
}

static Json *copy_object(Arena *arena, const Json *object)
{
  Json *out = jv_object(arena);
  for (size_t i = 0; i < jv_count(object); i++) jv_set(out, jv_key_at(object, i), jv_value_at(object, i));
  return out;
}

static void add_number(Json *out, const Json *from, const char *key)
{
  int64_t sum = 0, a = report_number(out, key), b = report_number(from, key);
  if (!jv_get(from, str_from_z(key))) return;
  jv_set_integer(out, str_from_z(key), __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum);
}

static Verdict worse(Verdict a, Verdict b)
{
  if (a == VERDICT_FAILED || b == VERDICT_FAILED) return VERDICT_FAILED;
  return a == VERDICT_UNDECIDED ? a : b;
}

/* Adds a further shard's test. The verdict's own reason or failure stays beside it: the first shard's that
 * has one. */
static void add_test(Json *out, const Json *test)
{
  Verdict before = report_verdict(out), now = worse(before, report_verdict(test));
  add_number(out, test, "cases");
  add_number(out, test, "discarded");
  if (report_number(test, "handles-left") > report_number(out, "handles-left"))
    jv_set(out, STR("handles-left"), jv_get(test, STR("handles-left")));
  if (now == before) return;
  jv_set_string(out, STR("verdict"), report_verdict_name(now));
  if (jv_get(test, STR("reason"))) jv_set(out, STR("reason"), jv_get(test, STR("reason")));
  if (jv_get(test, STR("failure"))) jv_set(out, STR("failure"), jv_get(test, STR("failure")));
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

static Json *unite(Merge *self, const Json *like)
{
  Jsons parts = {0};
  if (!collect(self, like, &parts) || !parts.len) return NULL;
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
  jv_set_string(out, STR("verdict"), report_verdict_name(verdict));
  jv_set(out, STR("tests"), unite_tests(self, &parts));
  return out;
}

/* --- all */

static bool is_there(const Json *implementations, const Json *one)
{
  for (size_t i = 0; i < jv_count(implementations); i++)
    if (str_equal(report_text(jv_at(implementations, i), "hash"), report_text(one, "hash")) &&
        str_equal(report_text(jv_at(implementations, i), "label"), report_text(one, "label")))
      return true;
  return false;
}

static Json *unite_all(Merge *self)
{
  Json *out = jv_array(self->arena);
  for (size_t i = 0; i < self->count; i++) {
    const Json *all = jv_get(self->parts[i].file->document, STR("implementations"));
    for (size_t k = 0; k < jv_count(all); k++) {
      if (is_there(out, jv_at(all, k))) continue;
      Json *one = unite(self, jv_at(all, k));
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
