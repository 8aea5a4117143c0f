/* ifc diff: what changed, and for whom it breaks. */
#include "ifc/diff.h"

#include "cmd/ifc.h"
#include "cmd/reference.h"
#include "cmd/wit_arguments.h"

typedef struct DiffCommand {
  WitArguments wit;
  Str party, registry;
  bool json;
} DiffCommand;

static const Option diff_options[] = {
    {"--for", 'f', OPTION_TEXT, offsetof(DiffCommand, party), "PARTY",
     "callers (the default), implementers or all: for whom a change that breaks ends this with 1"},
    {"--json", 0, OPTION_FLAG, offsetof(DiffCommand, json), NULL, "the report as JSON"},
    WIT_OPTIONS(DiffCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(DiffCommand, registry), "DIR",
     "where hashes are looked up (default: $ASSAY_HOME)"},
    {0},
};
const Usage usage_ifc_diff = {
    "ifc diff OLD NEW",
    "Tells what changed from OLD to NEW, function by function, and for whom it breaks; each is\n"
    "a PATH, a WASM, a HASH, or PATH#NAME, NAME being an interface or a world. Exit status: 0\n"
    "nothing breaks, 1 something does. docs/compatibility.md has the rules.\n",
    diff_options};

static bool read_party(Run *run, Str party, bool *callers, bool *implementers)
{
  bool all = str_equal(party, STR("all"));
  *callers = all || !party.len || str_equal(party, STR("callers"));
  *implementers = all || str_equal(party, STR("implementers"));
  if (*callers || *implementers) return true;
  diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
             "'%.*s' is not what --for takes: callers, implementers or all", STR_ARG(party));
  return false;
}

/* What a side means; `other` is what the other side means, where this one does not say. */
static bool side_item(Run *run, const Reference *side, const Reference *other, Item *out)
{
  return items_choose(run, side->path, side->package, side->name.len ? side->name : other->name, out);
}

/* One interface or world where a side is one: a module's, a hash's, PATH#NAME; else all of both packages. */
static bool compare(Run *run, const Reference *before, const Reference *after, Diff *out)
{
  Item old, new;
  if (!before->name.len && !after->name.len) {
    *out = package_diff(run->arena, before->package, after->package);
    return true;
  }
  if (!side_item(run, before, after, &old) || !side_item(run, after, before, &new)) return false;
  if (old.interface && new.interface) {
    *out = interface_diff(run->arena, old.interface, new.interface);
  } else if (old.world && new.world) {
    *out = world_diff(run->arena, old.world, new.world);
  } else {
    const Item *world = old.world ? &old : &new, *interface = old.world ? &new : &old;
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
               "`%.*s` is a world and `%.*s` an interface: name two of a kind", STR_ARG(world->id),
               STR_ARG(interface->id));
    return false;
  }
  return true;
}

int ifc_diff(Run *run)
{
  DiffCommand command = {0};
  WitOptions options;
  Strs operands;
  Reference sides[2];
  Diff diff;
  bool callers, implementers;
  int status;
  if (!run_options(run, &usage_ifc_diff, &command, &operands, &status)) return status;
  if (operands.len != 2) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "compare what? ifc diff OLD NEW");
    return 2;
  }
  if (!read_party(run, command.party, &callers, &implementers)) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_PARSES, &options)) return 2;
  Str registry = run_registry(run, command.registry);
  for (size_t i = 0; i < 2; i++)
    if (!reference_load(run, operands.at[i], registry, &options, &sides[i]) ||
        !reference_package(run, &sides[i]))
      return 0;
  if (!compare(run, &sides[0], &sides[1], &diff)) return 0;
  Buf json = buf_in(run->arena);
  if (command.json) jv_print(diff_to_json(run->arena, &diff), &json);
  if (!run_output(run, command.json ? buf_text(&json) : diff_text(run->arena, &diff))) return 3;
  bool breaks = (callers && diff_breaks_callers(&diff)) || (implementers && diff_breaks_implementers(&diff));
  return breaks ? 1 : 0;
}
