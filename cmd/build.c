/* build: from sources to a module that fits its interface. */
#include "runtime/build.h"
#include "cmd/subject.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"
#include "registry/objects.h"

typedef struct BuildCommand {
  WitArguments wit;
  Strs with;
  Str interface, output, registry;
} BuildCommand;

static const Option build_options[] = {
    {"--for", 'f', OPTION_TEXT, offsetof(BuildCommand, interface), "INTERFACE",
     "a WIT file or folder, or PATH#NAME; also a world"},
    {"--output", 'o', OPTION_TEXT, offsetof(BuildCommand, output), "FILE",
     "the module (default: SRC with .wasm)"},
    WITH_OPTION(BuildCommand, with),
    WIT_OPTIONS(BuildCommand, wit),
    {"--registry", 0, OPTION_TEXT, offsetof(BuildCommand, registry), "DIR",
     "where sources are kept for publish"},
    {0},
};
const Usage usage_build = {
    "build SRC... --for INTERFACE [-o FILE]",
    "Builds one implementation: compiles .c, .cpp, .rs, .ts, .wat or .wasm, optimises, and checks that\n"
    "it fits the interface. SRC may be an impl.json, or a folder with one, which names sources and\n"
    "flags. The same source with the same toolchain gives the same bytes. Imports are checked\n"
    "against those that are given --with; nothing of them comes into the module.\n",
    build_options};

/* SRC with its ending replaced; of a folder, beside it. */
static Str default_output(Arena *arena, Str source)
{
  while (source.len > 1 && source.at[source.len - 1] == '/') source.len--;
  if (dir_exists(source)) return str_format(arena, "%.*s.wasm", STR_ARG(source));
  Str extension = path_extension(source);
  size_t stem = extension.len ? source.len - extension.len - 1 : source.len;
  return str_format(arena, "%.*s.wasm", (int)stem, source.at);
}

static bool keep_sources(Run *run, Str registry, const BuildResult *result)
{
  Hash hash;
  for (size_t i = 0; i < result->source_count; i++)
    if (!object_put(run->arena, registry, result->sources[i].bytes, &hash, &run->diags)) return false;
  return true;
}

/* What the module is for. */
static bool load_subject(Run *run, Str reference, const WitOptions *wit, BuildOptions *out)
{
  WitItem item;
  if (!wit_load_item(run->arena, reference, wit, &item, &run->diags)) return false;
  out->world = item.world;
  out->interface = item.interface;
  if (!item.world) return true;
  out->interface = world_interface(run->arena, item.world);
  if (!out->interface)
    diag_error(&run->diags, DIAG_NAME, SPAN_NONE, "world `%.*s` exports nothing that could be implemented",
               STR_ARG(item.world->name));
  return out->interface != NULL;
}

int command_build(Run *run)
{
  BuildCommand command = {0};
  Strs sources;
  int status;
  if (!run_options(run, &usage_build, &command, &sources, &status)) return status;
  if (!sources.len || !command.interface.len) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "%s",
                            sources.len ? "for which interface? --for FILE.wit"
                                        : "which source? build SRC... --for INTERFACE");
    diag_note(&run->diags, diag, SPAN_NONE, "`build --help` explains");
    return 2;
  }
  WitOptions wit;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &wit)) return 2;
  BuildOptions options = {.paths = sources.at, .path_count = sources.len};
  if (!load_subject(run, command.interface, &wit, &options)) return 0;
  Str output = command.output.len ? command.output : default_output(run->arena, sources.at[0]);
  for (size_t i = 0; i < sources.len; i++) {
    if (!str_equal(sources.at[i], output)) continue;
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is both source and output; choose another with -o",
               STR_ARG(output));
    return 2;
  }
  const Implementation *providers = subject_providers(run, command.with, &wit);
  if (!providers) return 0;
  BuildResult result;
  Progress *progress = run_progress(run);
  progress_update(progress, str_format(run->arena, "building %.*s", STR_ARG(path_name(output))), 0, 0);
  bool built = build_module_with(run->arena, &options, providers, command.with.len, &result, &run->diags);
  progress_end(progress);
  if (!built) return 0;
  if (!keep_sources(run, run_registry(run, command.registry), &result)) return 0;
  if (!file_write(output, result.wasm, &run->diags)) return 0;
  run_output(run, str_format(run->arena, "%.*s  %.*s\n", STR_ARG(hash_text(run->arena, hash_of(result.wasm))),
                             STR_ARG(output)));
  return 0;
}
