#include "registry/site.h"

#include "ifc/base/file.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "registry/objects.h"
#include "registry/site_page.h"

/* While the records are read: one for each interface hash. */
typedef struct Gathered {
  SiteInterface interface;
  VEC(SiteResult) verified;
  SiteResult evaluation;
} Gathered;

/* The report object that a test-result's configuration names; NULL where this node does not have it whole. */
static const Json *test_result_document(Arena *arena, Str registry, const Record *record)
{
  const Json *configuration = document_list(record->predicate, "configuration");
  for (size_t i = 0; i < jv_count(configuration); i++) {
    const Json *item = jv_at(configuration, i);
    if (!str_equal(document_text(item, "name"), STR("report"))) continue;
    Hash hash;
    Diags ignored = diags_in(arena);
    Source *source = arena_new_of(arena, Source);
    if (!hash_parse(document_text(document_list(item, "digest"), "sha256"), &hash)) return NULL;
    if (!object_get(arena, registry, hash, &source->text, &ignored)) return NULL;
    return jv_parse(arena, source, &ignored);
  }
  return NULL;
}

/* Whether the hashes of a list's members are the subjects of the record, one for one. */
static bool about_subjects(const Record *record, const Json *list)
{
  if (jv_count(list) != jv_count(record->subject)) return false;
  for (size_t i = 0; i < jv_count(list); i++) {
    Hash member, subject;
    Str digest = document_text(document_list(jv_at(record->subject, i), "digest"), "sha256");
    if (!hash_parse(digest, &subject) || !hash_parse(document_text(jv_at(list, i), "hash"), &member) ||
        !hash_equal(member, subject))
      return false;
  }
  return true;
}

/* The document of a record, if it has our form and speaks of the record's subjects and nobody else. */
static const Json *record_document(Arena *arena, Str registry, const Record *record)
{
  bool test = str_equal(record->predicate_type, STR(PREDICATE_TEST_RESULT));
  const Json *document = test ? test_result_document(arena, registry, record) : record->predicate;
  const Json *interface = document_list(document, "interface"), *report = document_list(document, "report");
  Hash checked;
  bool good = str_equal(document_text(document, "type"), test ? STR("verify") : STR("evaluate")) &&
              (!test || jv_count(record->subject) == 1) && document_text(interface, "id").len &&
              hash_parse(document_text(interface, "hash"), &checked) &&
              about_subjects(record, document_list(document, "modules")) &&
              about_subjects(record, document_list(report, "implementations"));
  return good ? document : NULL;
}

/* As results.c has it: specifications by name, so that a mended one replaces the wrong one. */
static Str result_key(Arena *arena, const Json *document)
{
  static const char *const lists[] = {"tests", "modules"}, *const members[] = {"name", "hash"};
  Buf key = buf_in(arena);
  for (size_t l = 0; l < 2; l++) {
    const Json *list = document_list(document, lists[l]);
    for (size_t i = 0; i < jv_count(list); i++)
      buf_printf(&key, "%.*s\n", STR_ARG(document_text(jv_at(list, i), members[l])));
  }
  return buf_text(&key);
}

/* Colons and slashes do not go into file names; the hash tells two meanings of one name apart. */
static Str page_name(Arena *arena, Str id, Str hash)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < id.len && i < 100; i++) {
    char c = id.at[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!plain) c = '.';
    buf_byte(&out, c);
  }
  buf_printf(&out, ".%.*s.html", STR_ARG(str_slice(hash, hash.len - 64, hash.len - 52)));
  return buf_text(&out);
}

static Gathered *gathered_for(Arena *arena, Map *interfaces, const Json *document)
{
  Str id = document_text(document_list(document, "interface"), "id");
  Str hash = document_text(document_list(document, "interface"), "hash");
  Gathered *found = map_get(interfaces, hash);
  if (found) return found;
  found = arena_new_of(arena, Gathered);
  found->interface = (SiteInterface){.id = id, .hash = hash, .page = page_name(arena, id, hash)};
  map_put(interfaces, hash, found);
  return found;
}

static void verified_put(Arena *arena, Gathered *into, SiteResult result)
{
  for (size_t i = 0; i < into->verified.len; i++) {
    if (!str_equal(into->verified.at[i].key, result.key)) continue;
    into->verified.at[i] = result;
    return;
  }
  vec_push(arena, &into->verified, result);
}

static void gather(Arena *arena, Str registry, const Record *record, Map *interfaces, Diags *diags)
{
  bool evaluation = str_equal(record->predicate_type, STR(PREDICATE_EVALUATION));
  if (!evaluation && !str_equal(record->predicate_type, STR(PREDICATE_TEST_RESULT))) return;
  const Json *document = record_document(arena, registry, record);
  if (!document) {
    diag_warning(diags, DIAG_REGISTRY, SPAN_NONE,
                 "the site is without record %.*s: its report is missing, damaged or about something else",
                 STR_ARG(hash_text(arena, record->id)));
    return;
  }
  Gathered *into = gathered_for(arena, interfaces, document);
  SiteResult result = {document, record, result_key(arena, document)};
  if (evaluation) {
    into->evaluation = result;
    into->interface.evaluation = &into->evaluation;
  } else
    verified_put(arena, into, result);
}

static Str result_label(const SiteResult *self)
{
  return document_text(jv_at(document_list(self->document, "modules"), 0), "label");
}

static int result_compare(const void *a, const void *b)
{
  int order = str_compare(result_label(a), result_label(b));
  return order ? order : str_compare(((const SiteResult *)a)->key, ((const SiteResult *)b)->key);
}

static int interface_compare(const void *a, const void *b)
{
  const SiteInterface *x = a, *y = b;
  int order = str_compare(x->id, y->id);
  return order ? order : str_compare(x->hash, y->hash);
}

static SiteInterface *interfaces_sorted(Arena *arena, const Map *map, size_t *count)
{
  *count = map_count(map);
  SiteInterface *out = arena_array_of(arena, SiteInterface, *count + 1);
  for (size_t i = 0; i < *count; i++) {
    Gathered *one = map_entry(map, i)->value;
    if (one->verified.len)
      qsort(one->verified.at, one->verified.len, sizeof *one->verified.at, result_compare);
    one->interface.verified = one->verified.at;
    one->interface.verified_count = one->verified.len;
    out[i] = one->interface;
  }
  if (*count) qsort(out, *count, sizeof *out, interface_compare);
  return out;
}

bool site_write(Arena *arena, Str registry, Str folder, const Record *records, size_t count, Site *out,
                Diags *diags)
{
  Map *map = map_new(arena);
  for (size_t i = 0; i < count; i++) gather(arena, registry, &records[i], map, diags);
  size_t page_count;
  SiteInterface *interfaces = interfaces_sorted(arena, map, &page_count);
  SitePage *pages = arena_array_of(arena, SitePage, page_count + 1);
  for (size_t i = 0; i < page_count; i++) {
    Buf page = buf_in(arena);
    site_interface_page(arena, registry, &interfaces[i], &page);
    pages[i] = (SitePage){interfaces[i].id, path_join(arena, folder, interfaces[i].page)};
    if (!file_write(pages[i].path, buf_text(&page), diags)) return false;
  }
  Buf index = buf_in(arena);
  site_index_page(interfaces, page_count, &index);
  Str index_path = path_join(arena, folder, STR("index.html"));
  if (!file_write(index_path, buf_text(&index), diags)) return false;
  *out = (Site){pages, page_count, index_path};
  return true;
}
