/* ifc show: what is in a package or a module, or behind a hash. */
#include "ifc/show.h"

#include "cmd/ifc.h"
#include "cmd/module_report.h"
#include "cmd/reference.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/json.h"
#include "ifc/base/utf8.h"

typedef struct ShowCommand {
  WitArguments wit;
  Str registry;
  bool json;
} ShowCommand;

static const Option show_options[] = {
    {"--json", 0, OPTION_FLAG, offsetof(ShowCommand, json), NULL,
     "as JSON; of WIT the resolved form, as the reference parser prints it"},
    WIT_OPTIONS(ShowCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(ShowCommand, registry), "DIR",
     "where hashes are looked up (default: $ASSAY_HOME)"},
    {0},
};
const Usage usage_ifc_show = {
    "ifc show PATH|WASM|HASH [NAME]",
    "Prints what is there, as WIT: all of a package, or one interface or world of it with all\n"
    "it needs; of a module what it provides and needs; of a hash (its first six digits or\n"
    "more) what the registry has: an interface, an implementation, a specification, a\n"
    "benchmark.\n",
    show_options};

static void put_json(Run *run, const Json *json)
{
  Buf out = buf_in(run->arena);
  jv_print(json, &out);
  run_output(run, buf_text(&out));
}

static void put_piece(void *run, Str piece)
{
  run_output(run, piece);
}

static Str item_show(Arena *arena, const Item *item)
{
  return item->interface ? interface_show(arena, item->interface) : world_show(arena, item->world);
}

/* One interface or world alone: its text is a package of its own. */
static void show_item(Run *run, const Item *item, bool json)
{
  Source *source = arena_new_of(run->arena, Source);
  *source = (Source){.path = item->id, .text = item_show(run->arena, item)};
  if (!json) {
    run_output(run, source->text);
    return;
  }
  WitOptions options = {.level = WIT_PARSES, .all_features = true};
  const Package *package = wit_parse(run->arena, source, &options, &run->diags);
  if (package) package_print_json(run->arena, package, put_piece, run);
}

static void show_package(Run *run, const Package *package, bool json)
{
  if (json)
    package_print_json(run->arena, package, put_piece, run);
  else
    run_output(run, package_show(run->arena, package));
}

static void show_module(Run *run, const Reference *reference, bool json)
{
  ModuleReport report = module_report(run->arena, reference->path, reference->hash, &reference->module);
  if (json)
    put_json(run, module_report_to_json(run->arena, &report));
  else
    run_output(run, module_report_text(run->arena, &report));
}

/* --- what the registry has */

/* Text that does nothing to a terminal. */
static bool is_plain_text(Str text)
{
  for (size_t at = 0; at < text.len;) {
    uint32_t c = utf8_next(text, &at);
    bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    if (c == UINT32_MAX || (control && c != '\n' && c != '\t' && c != '\r')) return false;
  }
  return true;
}

static Json *found_to_json(Arena *arena, const Found *found)
{
  static const char *const kinds[] = {[FOUND_INTERFACE] = "interface",
                                      [FOUND_MODULE] = "implementation",
                                      [FOUND_SPECIFICATION] = "specification",
                                      [FOUND_BENCHMARK] = "benchmark",
                                      [FOUND_OBJECT] = "object"};
  Json *out = jv_object(arena);
  jv_set_string(out, STR("schema"), STR("assay/found/1"));
  jv_set_string(out, STR("kind"), str_from_z(kinds[found->kind]));
  jv_set_string(out, STR("hash"), hash_text(arena, found->hash));
  if (found->name.len) jv_set_string(out, STR("name"), found->name);
  jv_set_string(out, STR("text"), found->bytes);
  return out;
}

static void show_found(Run *run, const Found *found, bool json)
{
  if (!is_plain_text(found->bytes)) {
    diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "%.*s is no text: %zu bytes",
               STR_ARG(hash_text(run->arena, found->hash)), found->bytes.len);
    return;
  }
  if (json)
    put_json(run, found_to_json(run->arena, found));
  else
    run_output(run, found->bytes);
}

int ifc_show(Run *run)
{
  ShowCommand command = {0};
  WitOptions options;
  Reference reference;
  Strs operands;
  Item item;
  int status;
  if (!run_options(run, &usage_ifc_show, &command, &operands, &status)) return status;
  if (operands.len < 1 || operands.len > 2) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: %s", usage_ifc_show.lines);
    return 2;
  }
  if (!wit_arguments_read(run, &command.wit, WIT_PARSES, &options)) return 2;
  if (!reference_load(run, operands.at[0], run_registry(run, command.registry), &options, &reference))
    return 0;
  if (operands.len == 2) reference.name = operands.at[1], reference.named = true;
  if (reference.kind == REFERENCE_MODULE && !reference.named) {
    show_module(run, &reference, command.json);
  } else if (reference.from_registry && !reference.named) {
    show_found(run, &reference.found, command.json);
  } else {
    const Package *package = reference_package(run, &reference);
    if (package && !reference.named)
      show_package(run, package, command.json);
    else if (package && items_choose(run, reference.path, package, reference.name, &item))
      show_item(run, &item, command.json);
  }
  return 0;
}
