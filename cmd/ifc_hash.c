/* ifc hash, ifc canon: what an interface or a world is known by. */
#include "cmd/ifc.h"
#include "cmd/reference.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/json.h"
#include "ifc/base/vec.h"
#include "ifc/canon.h"
#include "ifc/wit_known.h"

typedef struct HashCommand {
  WitArguments wit;
  Str registry;
  bool json;
} HashCommand;

static const Option hash_options[] = {
    {"--json", 0, OPTION_FLAG, offsetof(HashCommand, json), NULL, "the list as JSON"},
    WIT_OPTIONS(HashCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(HashCommand, registry), "DIR",
     "where hashes are looked up (default: $ASSAY_HOME)"},
    {0},
};
const Usage usage_ifc_hash = {
    "ifc hash PATH|WASM|HASH...",
    "Prints the hash of every interface and world in these files and folders, sorted by\n"
    "name; of a module, of the interface it provides. Packages that they depend on are\n"
    "read, but not listed. `ifc canon` prints the bytes that are hashed.\n",
    hash_options};

typedef struct HashLine {
  Item item;
  Str id, hash, path;
} HashLine;
typedef struct HashLines {
  HashLine *at;
  size_t len, cap;
} HashLines;

static int hash_line_compare(const void *a, const void *b)
{
  const HashLine *x = a, *y = b;
  int order = str_compare(x->id, y->id);
  if (!order) order = str_compare(x->hash, y->hash);
  return order ? order : str_compare(x->path, y->path);
}

static Hash item_hash(Canon *canon, const Item *item)
{
  return item->interface ? canon_interface_hash(canon, item->interface)
                         : canon_world_hash(canon, item->world);
}

/* What was asked for so far. Packages that stand beside each other need each other: each is resolved once. */
typedef struct Hashing {
  Run *run;
  Str registry;
  WitOptions options;
  Canon *canon;
  Strs paths; /* those that `packages` were loaded from */
  VEC(const Package *) packages;
  HashLines lines;
} Hashing;

static const Package *known(Hashing *self, Str operand)
{
  for (size_t i = 0; i < self->packages.len; i++) {
    const Package *package = wit_known(self->run->arena, self->packages.at[i], self->paths.at[i], operand);
    if (package) return package;
  }
  return NULL;
}

static void hash_operand(Hashing *self, Str operand)
{
  Run *run = self->run;
  Reference reference = {.path = operand, .package = known(self, operand)};
  Items items;
  if (!reference.package) {
    if (!reference_load(run, operand, self->registry, &self->options, &reference)) return;
    if (reference.kind == REFERENCE_PACKAGE && !reference.name.len) {
      vec_push(run->arena, &self->paths, operand);
      vec_push(run->arena, &self->packages, reference.package);
    }
  }
  const Package *package = reference_package(run, &reference);
  if (!package || !items_named(run, reference.path, package, reference.name, &items)) return;
  for (size_t i = 0; i < items.len; i++)
    vec_push(run->arena, &self->lines,
             (HashLine){.item = items.at[i],
                        .id = items.at[i].id,
                        .hash = hash_text(run->arena, item_hash(self->canon, &items.at[i])),
                        .path = reference.path});
}

static Str hash_json(Arena *arena, const HashLines *lines)
{
  Json *out = jv_object(arena), *list = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/hash/1"));
  for (size_t i = 0; i < lines->len; i++) {
    const HashLine *line = &lines->at[i];
    Json *entry = jv_object(arena);
    jv_set_string(entry, STR("hash"), line->hash);
    jv_set_string(entry, STR("id"), line->id);
    jv_set_string(entry, STR("kind"), line->item.interface ? STR("interface") : STR("world"));
    Str version = line->item.package->version;
    if (version.len) jv_set_string(entry, STR("version"), version);
    jv_set_string(entry, STR("path"), line->path);
    jv_push(list, entry);
  }
  jv_set(out, STR("hashes"), list);
  Buf text = buf_in(arena);
  jv_print(out, &text);
  return buf_text(&text);
}

int ifc_hash(Run *run)
{
  HashCommand command = {0};
  Hashing self = {.run = run, .canon = canon_new(run->arena)};
  Strs operands;
  int status;
  if (!run_options(run, &usage_ifc_hash, &command, &operands, &status)) return status;
  if (!operands.len) diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "hash what? ifc hash PATH...");
  if (!operands.len || !wit_arguments_read(run, &command.wit, WIT_PARSES, &self.options)) return 2;
  self.options.drops_syntax = true;
  self.registry = run_registry(run, command.registry);
  for (size_t i = 0; i < operands.len; i++) hash_operand(&self, operands.at[i]);
  HashLines *lines = &self.lines;
  if (lines->len) qsort(lines->at, lines->len, sizeof *lines->at, hash_line_compare);
  Buf out = buf_in(run->arena);
  for (size_t i = 0; i < lines->len; i++)
    buf_printf(&out, "%.*s  %.*s\n", STR_ARG(lines->at[i].hash), STR_ARG(lines->at[i].id));
  run_output(run, command.json ? hash_json(run->arena, lines) : buf_text(&out));
  return 0;
}

/* --- canon */

typedef struct CanonCommand {
  WitArguments wit;
  Str registry;
} CanonCommand;

static const Option canon_options[] = {
    WIT_OPTIONS(CanonCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(CanonCommand, registry), "DIR",
     "where hashes are looked up (default: $ASSAY_HOME)"},
    {0},
};
const Usage usage_ifc_canon = {
    "ifc canon PATH|WASM|HASH [NAME]",
    "Prints the canonical text of one interface or world: exactly the bytes that are hashed,\n"
    "so that `ifc canon PATH | sha256sum` gives the same. PATH#NAME works too.\n",
    canon_options};

int ifc_canon(Run *run)
{
  CanonCommand command = {0};
  WitOptions options;
  Reference reference;
  Strs operands;
  Item item;
  int status;
  if (!run_options(run, &usage_ifc_canon, &command, &operands, &status)) return status;
  if (operands.len < 1 || operands.len > 2) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: ifc canon PATH|WASM|HASH [NAME]");
    return 2;
  }
  if (!wit_arguments_read(run, &command.wit, WIT_PARSES, &options)) return 2;
  if (!reference_load(run, operands.at[0], run_registry(run, command.registry), &options, &reference))
    return 0;
  const Package *package = reference_package(run, &reference);
  if (operands.len == 2) reference.name = operands.at[1];
  if (!package || !items_choose(run, reference.path, package, reference.name, &item)) return 0;
  Canon *canon = canon_new(run->arena);
  run_output(run, item.interface ? canon_interface(canon, item.interface) : canon_world(canon, item.world));
  return 0;
}
