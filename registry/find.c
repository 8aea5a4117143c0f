#include "registry/find.h"

#include <stdlib.h>
#include <string.h>

#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/wit.h"
#include "registry/results.h"
#include "spec/expr.h"

enum { HEX_DIGITS = 64, CANDIDATES_NAMED = 8, HASH_SHOWN = 12 };

typedef struct Candidate {
  FoundKind kind;
  Hash hash, object; /* `object`: where the bytes are */
  Str name;
} Candidate;

typedef struct Finder {
  Arena *arena;
  Str registry, digits;
  const Hash *interface; /* NULL: whatever the results are about */
  Diags *diags;
  VEC(Candidate) candidates;
} Finder;

static Str without_scheme(Str text)
{
  Str scheme = STR("sha256:");
  return str_starts_with(text, scheme) ? str_slice(text, scheme.len, text.len) : text;
}

static bool is_hex(Str text)
{
  for (size_t i = 0; i < text.len; i++)
    if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f'))) return false;
  return true;
}

bool hash_is_meant(Str text)
{
  Str digits = without_scheme(text);
  return digits.len < text.len ||
         (digits.len >= HASH_PREFIX_MIN && digits.len <= HEX_DIGITS && is_hex(digits));
}

/* --- candidates */

/* What is known by name comes first and keeps its name. */
static void add_candidate(Finder *self, Candidate candidate)
{
  if (!str_starts_with(hash_hex(self->arena, candidate.hash), self->digits)) return;
  for (size_t i = 0; i < self->candidates.len; i++)
    if (hash_equal(self->candidates.at[i].hash, candidate.hash)) return;
  vec_push(self->arena, &self->candidates, candidate);
}

/* A member that is a hash; false where it is missing or malformed. */
static bool get_hash(const Json *object, Str key, Hash *out)
{
  return hash_parse(jv_as_string(jv_get(object, key)), out);
}

static void add_documents(Finder *self, const Results *results)
{
  for (size_t i = 0; i < results->count; i++) {
    const Json *document = results->documents[i], *interface = jv_get(document, STR("interface"));
    const Json *tests = jv_get(document, STR("tests")), *modules = jv_get(document, STR("modules"));
    bool verified = str_equal(jv_as_string(jv_get(document, STR("type"))), STR("verify"));
    Candidate candidate = {.kind = FOUND_INTERFACE, .name = jv_as_string(jv_get(interface, STR("id")))};
    bool has_hash = get_hash(interface, STR("hash"), &candidate.hash);
    if (self->interface && !(has_hash && hash_equal(candidate.hash, *self->interface))) continue;
    if (has_hash && get_hash(interface, STR("wit"), &candidate.object)) add_candidate(self, candidate);
    candidate.kind = verified ? FOUND_SPECIFICATION : FOUND_BENCHMARK;
    for (size_t k = 0; k < jv_count(tests); k++) {
      const Json *test = jv_at(tests, k);
      candidate.name = jv_as_string(jv_get(test, STR("name")));
      if (get_hash(test, STR("hash"), &candidate.hash) && get_hash(test, STR("source"), &candidate.object))
        add_candidate(self, candidate);
    }
    candidate.kind = FOUND_MODULE;
    for (size_t k = 0; k < jv_count(modules); k++) {
      candidate.name = jv_as_string(jv_get(jv_at(modules, k), STR("label")));
      if (!get_hash(jv_at(modules, k), STR("hash"), &candidate.hash)) continue;
      candidate.object = candidate.hash;
      add_candidate(self, candidate);
    }
  }
}

/* Objects that no result speaks of. */
static void add_objects(Finder *self)
{
  Diags ignored = diags_in(self->arena);
  Str folder = str_format(self->arena, "%.*s/objects/%.2s", STR_ARG(self->registry), self->digits.at);
  Str *names;
  size_t count;
  if (!dir_exists(folder) || !dir_list(self->arena, folder, &names, &count, &ignored)) return;
  for (size_t i = 0; i < count; i++) {
    Candidate candidate = {.kind = FOUND_OBJECT};
    if (!hash_parse(str_format(self->arena, "%.2s%.*s", self->digits.at, STR_ARG(names[i])), &candidate.hash))
      continue;
    candidate.object = candidate.hash;
    add_candidate(self, candidate);
  }
}

const char *found_kind_text(FoundKind kind)
{
  switch (kind) {
  case FOUND_INTERFACE: return "interface";
  case FOUND_MODULE: return "implementation";
  case FOUND_SPECIFICATION: return "specification";
  case FOUND_BENCHMARK: return "benchmark";
  case FOUND_OBJECT: return "object";
  }
  return "object";
}

static void report_ambiguous(const Finder *self, Str prefix)
{
  Diag *diag =
      diag_error(self->diags, DIAG_REGISTRY, SPAN_NONE, "the hash '%.*s' is ambiguous", STR_ARG(prefix));
  size_t digits = self->digits.len + 4 < HASH_SHOWN ? HASH_SHOWN : self->digits.len + 4;
  for (size_t i = 0; i < self->candidates.len && i < CANDIDATES_NAMED; i++) {
    const Candidate *candidate = &self->candidates.at[i];
    Str hex = str_slice(hash_hex(self->arena, candidate->hash), 0, digits);
    diag_note(self->diags, diag, SPAN_NONE, "sha256:%.*s… is the %s%s%.*s", STR_ARG(hex),
              found_kind_text(candidate->kind), candidate->name.len ? " " : "", STR_ARG(candidate->name));
  }
  if (self->candidates.len > CANDIDATES_NAMED)
    diag_note(self->diags, diag, SPAN_NONE, "and %zu more", self->candidates.len - CANDIDATES_NAMED);
  diag_note(self->diags, diag, SPAN_NONE, "give more digits");
}

/* --- what is found is checked */

/* The bytes are reached through a document, which says that they stand for this hash. */
static bool stands_for(const Finder *self, const Candidate *candidate, Str bytes)
{
  Diags unheard = diags_in(self->arena);
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){.path = candidate->name, .text = bytes};
  if (candidate->kind == FOUND_INTERFACE) {
    WitOptions options = {.level = WIT_PARSES};
    const Package *package = wit_parse(self->arena, source, &options, &unheard);
    const Interface *interface = package ? package_interface(package, candidate->name) : NULL;
    return interface && hash_equal(interface_hash(self->arena, interface), candidate->hash);
  }
  Str format = candidate->kind == FOUND_SPECIFICATION ? STR("assay-spec/1") : STR("assay-bench/1");
  return hash_equal(hash_of(unit_canonical(self->arena, format, source, &unheard)), candidate->hash);
}

static bool take_candidate(const Finder *self, const Candidate *candidate, Found *out)
{
  Found found = {.kind = candidate->kind, .hash = candidate->hash, .name = candidate->name};
  if (!object_get(self->arena, self->registry, candidate->object, &found.bytes, self->diags)) return false;
  bool is_module = wit_is_module(found.bytes);
  if (found.kind == FOUND_OBJECT && is_module) found.kind = FOUND_MODULE;
  bool checked = found.kind == FOUND_MODULE || found.kind == FOUND_OBJECT;
  if (!checked && !stands_for(self, candidate, found.bytes)) {
    diag_error(self->diags, DIAG_REGISTRY, SPAN_NONE,
               "what the registry has as %s %.*s does not have its hash", found_kind_text(found.kind),
               STR_ARG(found.name));
    return false;
  }
  *out = found;
  return true;
}

bool registry_find(Arena *arena, Str registry, Str prefix, Found *out, Diags *diags)
{
  Finder self = {.arena = arena, .registry = registry, .digits = without_scheme(prefix), .diags = diags};
  Results results;
  if (!hash_is_meant(prefix) || self.digits.len < HASH_PREFIX_MIN || self.digits.len > HEX_DIGITS ||
      !is_hex(self.digits)) {
    diag_error(diags, DIAG_USAGE, SPAN_NONE,
               "'%.*s' is not a hash: it has %d to %d digits from 0 to 9 and a to f", STR_ARG(prefix),
               HASH_PREFIX_MIN, HEX_DIGITS);
    return false;
  }
  if (!results_read(arena, registry, &results, diags)) return false;
  add_documents(&self, &results);
  add_objects(&self);
  if (self.candidates.len == 1) return take_candidate(&self, &self.candidates.at[0], out);
  if (self.candidates.len) {
    report_ambiguous(&self, prefix);
    return false;
  }
  Diag *diag =
      diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "nothing in the registry '%.*s' has the hash '%.*s'",
                 STR_ARG(registry), STR_ARG(prefix));
  diag_note(diags, diag, SPAN_NONE,
            "verify and evaluate keep there what they worked with; --registry names another");
  return false;
}

static int known_compare(const void *a, const void *b)
{
  const Known *x = a, *y = b;
  int order = str_compare(x->name, y->name);
  return order ? order : memcmp(x->hash.bytes, y->hash.bytes, sizeof x->hash.bytes);
}

bool registry_known(Arena *arena, Str registry, Hash interface, FoundKind kind, KnownList *out, Diags *diags)
{
  Finder self = {.arena = arena, .registry = registry, .interface = &interface, .diags = diags};
  Results results;
  if (!results_read(arena, registry, &results, diags)) return false;
  add_documents(&self, &results);
  *out = (KnownList){arena_array_of(arena, Known, self.candidates.len + 1), 0};
  for (size_t i = 0; i < self.candidates.len; i++) {
    const Candidate *candidate = &self.candidates.at[i];
    if (candidate->kind == kind)
      out->at[out->len++] = (Known){candidate->name, candidate->hash, candidate->object};
  }
  qsort(out->at, out->len, sizeof *out->at, known_compare);
  return true;
}
