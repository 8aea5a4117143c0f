/* publish: sign, append, write the site. */
#include "registry/publish.h"

#include "cmd/command.h"
#include "ifc/base/file.h"

typedef struct PublishCommand {
  Str registry, site;
  bool json;
} PublishCommand;

static const Option publish_options[] = {
    {"--site", 0, OPTION_TEXT, offsetof(PublishCommand, site), "DIR",
     "where the site goes (default: REGISTRY/site)"},
    {"--registry", 0, OPTION_TEXT, offsetof(PublishCommand, registry), "DIR", "default: $ASSAY_HOME"},
    {"--json", 0, OPTION_FLAG, offsetof(PublishCommand, json), NULL, "what was published, as JSON"},
    {0},
};
const Usage usage_publish = {
    "publish [--registry DIR] [--site DIR]",
    "Signs what verify and evaluate found, appends it to this node's log, and writes a static site\n"
    "with a ranking page for each interface. Makes a key pair the first time.\n",
    publish_options};

static Json *publish_to_json(Arena *arena, const PublishReport *report)
{
  Json *out = jv_object(arena), *pages = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/publish/1"));
  jv_set_string(out, STR("key"), node_key_text(arena, &report->author));
  jv_set_integer(out, STR("appended"), (int64_t)report->appended);
  jv_set_integer(out, STR("records"), (int64_t)report->records);
  for (size_t i = 0; i < report->site.page_count; i++) {
    Json *page = jv_object(arena);
    jv_set_string(page, STR("interface"), report->site.pages[i].interface);
    jv_set_string(page, STR("path"), report->site.pages[i].path);
    jv_push(pages, page);
  }
  jv_set(out, STR("pages"), pages);
  jv_set_string(out, STR("index"), report->site.index);
  return out;
}

static void publish_print(Arena *arena, const PublishReport *report, Buf *out)
{
  if (report->key_made) buf_z(out, "made a key pair: this node's name from now on\n");
  buf_printf(out, "key      %.*s\n", STR_ARG(node_key_text(arena, &report->author)));
  buf_printf(out, "log      %llu new, %llu records\n", (unsigned long long)report->appended,
             (unsigned long long)report->records);
  for (size_t i = 0; i < report->site.page_count; i++)
    buf_printf(out, "page     %.*s\n         %.*s\n", STR_ARG(report->site.pages[i].interface),
               STR_ARG(report->site.pages[i].path));
  buf_printf(out, "%.*s\n", STR_ARG(report->site.index));
}

int command_publish(Run *run)
{
  PublishCommand command = {0};
  Strs operands;
  int status;
  if (!run_options(run, &usage_publish, &command, &operands, &status)) return status;
  if (operands.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "publish takes no operand, and '%.*s' is one",
               STR_ARG(operands.at[0]));
    return 2;
  }
  Str registry = run_registry(run, command.registry);
  Str site = command.site.len ? command.site : path_join(run->arena, registry, STR("site"));
  PublishReport report;
  if (!publish(run->arena, registry, site, &report, &run->diags)) return 0;
  Buf out = buf_in(run->arena);
  if (command.json)
    jv_print(publish_to_json(run->arena, &report), &out);
  else
    publish_print(run->arena, &report, &out);
  run_output(run, buf_text(&out));
  return 0;
}
