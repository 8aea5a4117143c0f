#include "registry/publish.h"

#include "ifc/base/file.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

static Json *descriptor(Arena *arena, Str name, Str hash)
{
  Json *out = jv_object(arena), *digest = jv_object(arena);
  Hash bytes;
  if (hash_parse(hash, &bytes)) jv_set_string(digest, STR("sha256"), hash_hex(arena, bytes));
  jv_set(out, STR("digest"), digest);
  jv_set_string(out, STR("name"), name);
  return out;
}

/* "describe: name", as a test-result names its tests. */
static void tests_add(Arena *arena, const Json *implementation, Str verdict, Json *list)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  for (size_t i = 0; i < jv_count(tests); i++) {
    const Json *test = jv_at(tests, i);
    if (!str_equal(jv_as_string(jv_get(test, STR("verdict"))), verdict)) continue;
    Str group = jv_as_string(jv_get(test, STR("group"))), name = jv_as_string(jv_get(test, STR("name")));
    const char *colon = group.len ? ": " : "";
    jv_push(list, jv_string(arena, str_format(arena, "%.*s%s%.*s", STR_ARG(group), colon, STR_ARG(name))));
  }
}

/* in-toto's test-result predicate v0.1; the whole report is an object that the configuration names. */
static Json *test_result(Arena *arena, const Json *document, Hash report)
{
  static const struct {
    const char *verdict, *result, *member;
  } kinds[] = {{"passed", "PASSED", "passedTests"},
               {"undecided", "WARNED", "warnedTests"},
               {"failed", "FAILED", "failedTests"}};
  const Json *implementation = jv_at(jv_get(jv_get(document, STR("report")), STR("implementations")), 0);
  const Json *interface = jv_get(document, STR("interface")), *tests = jv_get(document, STR("tests"));
  Json *out = jv_object(arena), *configuration = jv_array(arena);
  jv_push(configuration, descriptor(arena, jv_as_string(jv_get(interface, STR("id"))),
                                    jv_as_string(jv_get(interface, STR("hash")))));
  jv_push(configuration, descriptor(arena, STR("report"), hash_text(arena, report)));
  for (size_t i = 0; i < jv_count(tests); i++)
    jv_push(configuration, descriptor(arena, jv_as_string(jv_get(jv_at(tests, i), STR("name"))),
                                      jv_as_string(jv_get(jv_at(tests, i), STR("hash")))));
  jv_set(out, STR("configuration"), configuration);
  Str verdict = jv_as_string(jv_get(implementation, STR("verdict")));
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    Json *names = jv_array(arena);
    tests_add(arena, implementation, str_from_z(kinds[i].verdict), names);
    jv_set(out, str_from_z(kinds[i].member), names);
    if (str_equal(verdict, str_from_z(kinds[i].verdict)))
      jv_set_string(out, STR("result"), str_from_z(kinds[i].result));
  }
  return out;
}

static bool hashes_good(const Json *list)
{
  Hash ignored;
  for (size_t i = 0; i < jv_count(list); i++)
    if (!hash_parse(jv_as_string(jv_get(jv_at(list, i), STR("hash"))), &ignored)) return false;
  return jv_count(list) > 0;
}

/* Whether a stored document has the form that results.c gives it. */
static bool document_good(const Json *document)
{
  const Json *implementations = jv_get(jv_get(document, STR("report")), STR("implementations"));
  Hash ignored;
  return hash_parse(jv_as_string(jv_get(jv_get(document, STR("interface")), STR("hash"))), &ignored) &&
         hashes_good(jv_get(document, STR("tests"))) && hashes_good(jv_get(document, STR("modules"))) &&
         jv_count(implementations) == jv_count(jv_get(document, STR("modules")));
}

/* The envelope of one result. A verification's document is an object that the record names; an evaluation's
 * is the predicate itself. */
static bool result_sign(Arena *arena, Str registry, const NodeKey *key, const Json *document, Str *envelope,
                        Hash *id, Diags *diags)
{
  const Json *modules = jv_get(document, STR("modules"));
  size_t count = jv_count(modules);
  Subject *subjects = arena_array_of(arena, Subject, count);
  for (size_t i = 0; i < count; i++) {
    subjects[i].name = jv_as_string(jv_get(jv_at(modules, i), STR("label")));
    if (!hash_parse(jv_as_string(jv_get(jv_at(modules, i), STR("hash"))), &subjects[i].hash)) return false;
  }
  if (!str_equal(jv_as_string(jv_get(document, STR("type"))), STR("verify"))) {
    *envelope = record_sign(arena, key, STR(PREDICATE_EVALUATION), subjects, count, document, id);
    return true;
  }
  Hash report;
  Buf text = buf_in(arena);
  jv_print_canonical(document, &text);
  if (!object_put(arena, registry, buf_text(&text), &report, diags)) return false;
  *envelope = record_sign(arena, key, STR(PREDICATE_TEST_RESULT), subjects, count,
                          test_result(arena, document, report), id);
  return true;
}

typedef struct Published {
  Record *records;
  size_t count;
} Published;

static Map *record_ids(Arena *arena, const Published *published)
{
  Map *ids = map_new(arena);
  for (size_t i = 0; i < published->count; i++)
    map_put(ids, hash_hex(arena, published->records[i].id), &published->records[i]);
  return ids;
}

/* One result that cannot be published must not keep the others back. */
static void result_skipped(const Json *document, const char *why, Diags *diags)
{
  Str id = jv_as_string(jv_get(jv_get(document, STR("interface")), STR("id")));
  Str type = jv_as_string(jv_get(document, STR("type")));
  diag_warning(diags, DIAG_REGISTRY, SPAN_NONE, "a result of %.*s about '%.*s' is not published: %s",
               STR_ARG(type), STR_ARG(id), why);
}

/* Signs and appends what the log does not have. */
static bool publish_new(Arena *arena, Str registry, Log *log, const NodeKey *key, const Published *published,
                        uint64_t *appended, Diags *diags)
{
  Results results;
  Map *known = record_ids(arena, published);
  VEC(Str) envelopes = {0};
  if (!results_read(arena, registry, &results, diags)) return false;
  for (size_t i = 0; i < results.count; i++) {
    const Json *document = results.documents[i];
    Str envelope;
    Hash id;
    if (!document_good(document)) {
      result_skipped(document, "its file is damaged", diags);
      continue;
    }
    if (!result_sign(arena, registry, key, document, &envelope, &id, diags)) return false;
    if (map_get(known, hash_hex(arena, id))) continue;
    if (envelope.len > ENVELOPE_LIMIT)
      result_skipped(document, "it is longer than 1 MiB", diags);
    else
      vec_push(arena, &envelopes, envelope);
  }
  *appended = envelopes.len;
  return log_append(log, key, envelopes.at, envelopes.len, diags);
}

static bool publish_log(Arena *arena, Str registry, Log *log, const NodeKey *key, Published *published,
                        uint64_t *appended, Diags *diags)
{
  return log_read(log, arena, &key->public_key, &published->records, &published->count, diags) &&
         publish_new(arena, registry, log, key, published, appended, diags) &&
         log_read(log, arena, &key->public_key, &published->records, &published->count, diags);
}

static bool publish_locked(Arena *arena, Str registry, Str site, PublishReport *out, Diags *diags)
{
  NodeKey key;
  PublishReport report = {0};
  Published published = {0};
  if (!node_key_load(arena, registry, &key, &report.key_made, diags)) return false;
  Log *log = log_open(arena, path_join(arena, registry, STR("log.git")), diags);
  if (!log) return false;
  bool good = publish_log(arena, registry, log, &key, &published, &report.appended, diags);
  log_close(log);
  if (!good) return false;
  if (published.count == 0) {
    Diag *diag =
        diag_error(diags, DIAG_USAGE, SPAN_NONE, "there is nothing to publish in '%.*s'", STR_ARG(registry));
    diag_note(diags, diag, SPAN_NONE, "`verify` and `evaluate` leave their results there");
    return false;
  }
  if (!site_write(arena, registry, site, published.records, published.count, &report.site, diags))
    return false;
  report.author = key.public_key;
  report.records = published.count;
  *out = report;
  return true;
}

/* One at a time: two would both find a result unpublished, and append it twice. */
bool publish(Arena *arena, Str registry, Str site, PublishReport *out, Diags *diags)
{
  int lock = file_lock(path_join(arena, registry, STR("publish.lock")), diags);
  if (lock < 0) return false;
  bool good = publish_locked(arena, registry, site, out, diags);
  file_unlock(lock);
  return good;
}
