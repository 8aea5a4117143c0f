#include "ifc/base/file.h"
#include "runtime/drivers.h"
#include "runtime/sandbox.h"

enum { MODULE_LIMIT = 64 * 1024 * 1024 };

bool build_add_file(BuildJob *job, Str name, Str path, Str text)
{
  BuildFile file = {name, {path, text}};
  vec_push(job->arena, &job->files, file);
  return file_write(path_join(job->arena, job->folder, name), text, job->diags);
}

bool build_add_bindings(BuildJob *job, Str name, Str text)
{
  for (size_t i = 0; i < job->source_count; i++) {
    if (!str_equal(build_source_name(job, &job->sources[i]), name)) continue;
    Diag *diag = diag_error(job->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' stands where the bindings are made",
                            STR_ARG(job->sources[i].path));
    diag_note(job->diags, diag, SPAN_NONE, "leave it out: every build makes it from the interface");
    return false;
  }
  return build_add_file(job, name, path_name(name), text);
}

const World *build_world(BuildJob *job)
{
  const BuildOptions *options = job->options;
  return options->world ? options->world : bind_world(job->arena, options->interface);
}

Str build_flags_text(BuildJob *job, const char *const *flags, size_t count)
{
  Buf out = buf_in(job->arena);
  for (size_t i = 0; i < count; i++) buf_printf(&out, "%s%s", i ? " " : "", flags[i]);
  for (size_t i = 0; i < job->recipe.flag_count; i++)
    buf_printf(&out, " %.*s", STR_ARG(job->recipe.flags[i]));
  return buf_text(&out);
}

bool build_is_main(const BuildSource *source, const char *extension)
{
  return str_equal(path_extension(source->name), str_from_z(extension));
}

Str build_source_name(BuildJob *job, const BuildSource *source)
{
  return build_name_in_folder(job, source->name);
}

Str build_name_in_folder(BuildJob *job, Str name)
{
  return path_join(job->arena, STR("src"), name);
}

bool build_need(BuildJob *job, bool is_there, const char *language, const char *what, const char *package)
{
  if (is_there) return true;
  Diag *diag = diag_error(job->diags, DIAG_TOOLCHAIN, SPAN_NONE, "%s needs %s, which is not installed",
                          language, what);
  diag_note(job->diags, diag, SPAN_NONE, "install Debian's package %s", package);
  return false;
}

const BuildSource *build_root(BuildJob *job, const char *extension, const char *usual)
{
  const BuildSource *only = NULL;
  size_t mains = 0;
  Str wanted = job->recipe.root.len ? job->recipe.root : str_from_z(usual);
  for (size_t i = 0; i < job->source_count; i++) {
    if (!build_is_main(&job->sources[i], extension)) continue;
    if (str_equal(job->sources[i].name, wanted)) return &job->sources[i];
    only = &job->sources[i];
    mains++;
  }
  if (mains == 1) return only;
  Diag *diag = diag_error(job->diags, DIAG_USAGE, SPAN_NONE, "there are %zu sources, and none is called '%s'",
                          mains, usual);
  diag_note(job->diags, diag, SPAN_NONE,
            "name the one that the others are found from as `root` in an impl.json");
  return NULL;
}

/* Runs the tool, which may read the compiler's own folder where that is none of the system's. */
static bool run_tool(BuildJob *job, const char *const *argv, ProcessResult *out, Diags *diags)
{
  size_t readable_count = job->compiler.len ? 1 : 0;
  return sandbox_tool(job->arena, argv, job->folder, &job->compiler, readable_count, (Str){0}, out, diags);
}

/* A tool that failed without a message that could be placed: how it ended, and the first of what it said. */
static void report_end(BuildJob *job, Str tool, const ProcessResult *result)
{
  Str end = sandbox_tool_text(job->arena, result);
  Diag *diag = diag_error(job->diags, DIAG_BUILD, SPAN_NONE, "%.*s %.*s", STR_ARG(tool), STR_ARG(end));
  /* What a tool prints when it crashes is for its own makers. */
  Str rest = result->end == PROCESS_EXITED ? str_trim(result->errors) : STR("");
  for (int lines = 0; rest.len && lines < 5; lines++) {
    size_t stop = str_find(rest, STR("\n"));
    Str line = str_trim(str_slice(rest, 0, stop));
    if (line.len) diag_note(job->diags, diag, SPAN_NONE, "%.*s", STR_ARG(line));
    rest = stop == SIZE_MAX ? STR("") : str_slice(rest, stop + 1, rest.len);
  }
}

bool build_run(BuildJob *job, const char *const *argv, ProcessResult *out)
{
  Str tool = path_name(str_from_z(argv[0]));
  if (!run_tool(job, argv, out, job->diags)) return false;
  Str said = job->reword ? job->reword(job->arena, out->errors) : out->errors;
  size_t errors = build_messages(job, tool, said);
  if (out->end == PROCESS_EXITED && out->status == 0) return errors == 0;
  if (!errors || out->end != PROCESS_EXITED) report_end(job, tool, out);
  return false;
}

Str build_version_in(Str text)
{
  size_t at = 0;
  while (at < text.len && !(text.at[at] >= '0' && text.at[at] <= '9')) at++;
  size_t end = at;
  while (end < text.len && ((text.at[end] >= '0' && text.at[end] <= '9') || text.at[end] == '.')) end++;
  return end > at ? str_slice(text, at, end) : STR("?");
}

Str build_tool_version(BuildJob *job, const char *tool)
{
  const char *argv[] = {tool, "--version", NULL};
  ProcessResult result;
  Diags unheard = diags_in(job->arena);
  if (!run_tool(job, argv, &result, &unheard)) return STR("?");
  return build_version_in(result.output);
}

bool build_take(BuildJob *job, Str name, Str *out)
{
  return file_read(job->arena, path_join(job->arena, job->folder, name), MODULE_LIMIT, out, job->diags);
}
