#include "registry/results.h"

#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/show.h"

enum { RESULT_LIMIT = 16 << 20, BUILD_LIMIT = 16 << 10 /* bytes */ };

static void set_hash(Arena *arena, Json *object, Str key, Hash hash)
{
  jv_set_string(object, key, hash_text(arena, hash));
}

/* The object, but not how long something took: the same run gives the same record. */
static Json *without_times(Arena *arena, const Json *object)
{
  Json *out = jv_object(arena);
  for (size_t i = 0; i < jv_count(object); i++)
    if (!str_equal(jv_key_at(object, i), STR("milliseconds")))
      jv_set(out, jv_key_at(object, i), jv_value_at(object, i));
  return out;
}

static Json *all_without_times(Arena *arena, const Json *objects)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < jv_count(objects); i++) jv_push(out, without_times(arena, jv_at(objects, i)));
  return out;
}

/* What is signed and shown to others must not tell how this machine's folders are called, nor how long it
 * took. */
static void paths_shorten(Arena *arena, Json *report, Str list)
{
  Json *shortened = jv_array(arena);
  const Json *items = jv_get(report, list);
  for (size_t i = 0; i < jv_count(items); i++) {
    const Json *item = jv_at(items, i);
    Json *copy = without_times(arena, item);
    const Json *tests = jv_get(item, STR("tests"));
    if (tests) jv_set(copy, STR("tests"), all_without_times(arena, tests));
    jv_set_string(copy, STR("path"), path_name(jv_as_string(jv_get(item, STR("path")))));
    jv_push(shortened, copy);
  }
  jv_set(report, list, shortened);
}

/* {"hash", "id", "wit"}; the canonical text and the WIT become objects. */
static Json *interface_document(Arena *arena, Str registry, const Interface *interface, Diags *diags)
{
  Hash canonical, wit;
  if (!object_put(arena, registry, interface_canonical(arena, interface), &canonical, diags)) return NULL;
  if (!object_put(arena, registry, interface_show(arena, interface), &wit, diags)) return NULL;
  Json *out = jv_object(arena);
  set_hash(arena, out, STR("hash"), canonical);
  jv_set_string(out, STR("id"), interface->id);
  set_hash(arena, out, STR("wit"), wit);
  return out;
}

/* Appends {"hash", "name", "source"} of a specification or benchmark; its text becomes an object. */
static bool source_add(Arena *arena, Str registry, Json *list, Hash hash, const Source *source, Diags *diags)
{
  Hash object;
  if (!object_put(arena, registry, source->text, &object, diags)) return false;
  Json *out = jv_object(arena);
  set_hash(arena, out, STR("hash"), hash);
  jv_set_string(out, STR("name"), path_name(source->path));
  set_hash(arena, out, STR("source"), object);
  jv_push(list, out);
  return true;
}

/* A module may say of itself what it likes, and as much: what is long would keep the result from being
 * signed. */
static bool build_short(Arena *arena, const Json *build)
{
  Buf text = buf_in(arena);
  if (build) jv_print_canonical(build, &text);
  return build && text.len <= BUILD_LIMIT;
}

/* Appends {"build", "hash", "label", "language", "size"} of a module, which becomes an object. */
static bool module_add(Arena *arena, Str registry, Json *list, const Implementation *implementation,
                       Diags *diags)
{
  Hash object;
  if (!object_put(arena, registry, implementation->module.bytes, &object, diags)) return false;
  Json *out = jv_object(arena);
  if (build_short(arena, implementation->build)) jv_set(out, STR("build"), implementation->build);
  set_hash(arena, out, STR("hash"), implementation->hash);
  jv_set_string(out, STR("label"), path_name(implementation->label));
  jv_set_string(out, STR("language"), implementation->language);
  jv_set_integer(out, STR("size"), (int64_t)implementation->module.bytes.len);
  jv_push(list, out);
  return true;
}

static void identity_add(Buf *out, const Json *list, Str member)
{
  for (size_t i = 0; i < jv_count(list); i++) {
    buf_str(out, jv_as_string(jv_get(jv_at(list, i), member)));
    buf_byte(out, '\n');
  }
}

/* A later result replaces the earlier that has the same file name. A verification is about one module and
 * specifications of these names: when a specification was wrong and is mended, what came of it goes too. An
 * evaluation is about the interface. */
static Str result_path(Arena *arena, Str registry, const Json *document)
{
  Str type = jv_as_string(jv_get(document, STR("type")));
  Str interface = jv_as_string(jv_get(jv_get(document, STR("interface")), STR("hash")));
  Buf identity = buf_in(arena);
  buf_printf(&identity, "%.*s\n%.*s\n", STR_ARG(type), STR_ARG(interface));
  if (str_equal(type, STR("verify"))) {
    identity_add(&identity, jv_get(document, STR("tests")), STR("name"));
    identity_add(&identity, jv_get(document, STR("modules")), STR("hash"));
  }
  return str_format(arena, "%.*s/results/%.*s.json", STR_ARG(registry),
                    STR_ARG(hash_hex(arena, hash_of(buf_text(&identity)))));
}

static bool result_write(Arena *arena, Str registry, Str type, Json *interface, Json *tests, Json *modules,
                         Json *report, Diags *diags)
{
  Json *document = jv_object(arena);
  jv_set_string(document, STR("type"), type);
  jv_set(document, STR("interface"), interface);
  jv_set(document, STR("tests"), tests);
  jv_set(document, STR("modules"), modules);
  jv_set(document, STR("report"), report);
  Buf text = buf_in(arena);
  jv_print_canonical(document, &text);
  return file_write(result_path(arena, registry, document), buf_text(&text), diags);
}

/* One document for each implementation, so that each can be replaced, signed and disputed alone. */
static bool verify_add_one(Arena *arena, Str registry, const VerifyReport *report, size_t index, Diags *diags)
{
  VerifyReport one = *report;
  one.implementations = &report->implementations[index];
  one.implementation_count = 1;
  one.argument_count = 0; /* they are paths */
  Json *interface = interface_document(arena, registry, report->interface, diags);
  Json *tests = jv_array(arena), *modules = jv_array(arena);
  if (!interface) return false;
  for (size_t i = 0; i < report->spec_count; i++)
    if (!source_add(arena, registry, tests, spec_hash(report->specs[i]), spec_source(report->specs[i]),
                    diags))
      return false;
  if (!module_add(arena, registry, modules, one.implementations->implementation, diags)) return false;
  Json *document = verify_to_json(arena, &one);
  paths_shorten(arena, document, STR("specs"));
  paths_shorten(arena, document, STR("implementations"));
  return result_write(arena, registry, STR("verify"), interface, tests, modules, document, diags);
}

bool results_add_verify(Arena *arena, Str registry, const VerifyReport *report, Diags *diags)
{
  for (size_t i = 0; i < report->implementation_count; i++)
    if (!report->implementations[i].implementation->problem.len &&
        !verify_add_one(arena, registry, report, i, diags))
      return false;
  return true;
}

bool results_add_evaluate(Arena *arena, Str registry, const EvaluateReport *report, Diags *diags)
{
  Json *interface = interface_document(arena, registry, report->interface, diags);
  Json *tests = jv_array(arena), *modules = jv_array(arena);
  if (!interface) return false;
  for (size_t i = 0; i < report->suite_count; i++)
    if (!source_add(arena, registry, tests, suite_hash(report->suites[i]), suite_source(report->suites[i]),
                    diags))
      return false;
  for (size_t i = 0; i < report->ranked_count; i++)
    if (!module_add(arena, registry, modules, report->ranked[i], diags)) return false;
  Json *document = evaluate_to_json(arena, report);
  paths_shorten(arena, document, STR("suites"));
  paths_shorten(arena, document, STR("implementations"));
  paths_shorten(arena, document, STR("excluded"));
  return result_write(arena, registry, STR("evaluate"), interface, tests, modules, document, diags);
}

/* A stored document, or NULL where the file is damaged: results can be made again, so they are not worth an
 * end. */
static const Json *result_read(Arena *arena, Str folder, Str name)
{
  Diags ignored = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  source->path = path_join(arena, folder, name);
  if (!str_ends_with(name, STR(".json")) ||
      !file_read(arena, source->path, RESULT_LIMIT, &source->text, &ignored))
    return NULL;
  const Json *document = jv_parse(arena, source, &ignored);
  return jv_kind(jv_get(document, STR("report"))) == JV_OBJECT ? document : NULL;
}

static int result_compare(const void *a, const void *b)
{
  const Json *x = *(const Json *const *)a, *y = *(const Json *const *)b;
  int order = -str_compare(jv_as_string(jv_get(x, STR("type"))), jv_as_string(jv_get(y, STR("type"))));
  if (order) return order;
  order = str_compare(jv_as_string(jv_get(jv_get(x, STR("interface")), STR("id"))),
                      jv_as_string(jv_get(jv_get(y, STR("interface")), STR("id"))));
  if (order) return order;
  const Json *m = jv_at(jv_get(x, STR("modules")), 0), *n = jv_at(jv_get(y, STR("modules")), 0);
  order = str_compare(jv_as_string(jv_get(m, STR("label"))), jv_as_string(jv_get(n, STR("label"))));
  return order ? order
               : str_compare(jv_as_string(jv_get(m, STR("hash"))), jv_as_string(jv_get(n, STR("hash"))));
}

bool results_read(Arena *arena, Str registry, Results *out, Diags *diags)
{
  Str folder = path_join(arena, registry, STR("results")), *names;
  size_t count = 0;
  VEC(const Json *) documents = {0};
  if (dir_exists(folder) && !dir_list(arena, folder, &names, &count, diags)) return false;
  for (size_t i = 0; i < count; i++) {
    const Json *document = result_read(arena, folder, names[i]);
    if (document) vec_push(arena, &documents, document);
  }
  if (documents.len) qsort(documents.at, documents.len, sizeof *documents.at, result_compare);
  *out = (Results){documents.at, documents.len};
  return true;
}

Standing results_standing(Arena *arena, Str registry, Hash interface, Hash module)
{
  Results results;
  Diags ignored = diags_in(arena);
  Standing standing = STANDING_UNKNOWN;
  if (!results_read(arena, registry, &results, &ignored)) return standing;
  Str interface_text = hash_text(arena, interface), module_text = hash_text(arena, module);
  for (size_t i = 0; i < results.count; i++) {
    const Json *document = results.documents[i], *report = jv_get(document, STR("report"));
    if (!str_equal(jv_as_string(jv_get(document, STR("type"))), STR("verify"))) continue;
    if (!str_equal(jv_as_string(jv_get(jv_get(document, STR("interface")), STR("hash"))), interface_text))
      continue;
    const Json *one = jv_at(jv_get(report, STR("implementations")), 0);
    if (!str_equal(jv_as_string(jv_get(one, STR("hash"))), module_text)) continue;
    Str verdict = jv_as_string(jv_get(one, STR("verdict")));
    if (str_equal(verdict, STR("failed"))) return STANDING_FAILED;
    if (str_equal(verdict, STR("passed"))) standing = STANDING_PASSED;
  }
  return standing;
}
