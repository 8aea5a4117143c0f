/* ifc fmt: WIT laid out in one way. */
#include "cmd/ifc.h"
#include "ifc/base/file.h"
#include "ifc/format.h"
#include "ifc/wit.h"

typedef struct FmtCommand {
  bool check;
} FmtCommand;

static const Option fmt_options[] = {
    {"--check", 0, OPTION_FLAG, offsetof(FmtCommand, check), NULL,
     "change nothing; list the files that would change, and end with 1 if there are any"},
    {0},
};
const Usage usage_ifc_fmt = {
    "ifc fmt PATH... [--check]",
    "Lays files out as docs/wit-style.md says, in place, and prints which it changed. Of a\n"
    "folder all *.wit in it, but not what lies deeper, deps/ for instance. `-` formats standard\n"
    "input to standard output. Comments stay, hashes too.\n",
    fmt_options};

typedef struct Formatting {
  Run *run;
  bool check;
  bool differs; /* some file is not as it should be */
  Buf out;
} Formatting;

/* Standard input goes to standard output, changed or not. */
static void format_stream(Formatting *self, Str path, Str before, Str after)
{
  if (!self->check) {
    buf_str(&self->out, after);
  } else if (!str_equal(before, after)) {
    buf_printf(&self->out, "%.*s\n", STR_ARG(path));
    self->differs = true;
  }
}

static void format_file(Formatting *self, Str path)
{
  Run *run = self->run;
  Source *source = arena_new_of(run->arena, Source);
  source->path = path;
  size_t errors = run->diags.errors;
  if (!file_read(run->arena, path, WIT_FILE_SIZE_MAX, &source->text, &run->diags)) return;
  Str after = wit_format(run->arena, source, &run->diags);
  if (run->diags.errors > errors) return;
  if (str_equal(path, STR("-"))) {
    format_stream(self, path, source->text, after);
  } else if (!str_equal(source->text, after)) {
    self->differs = true;
    if (self->check || file_write(path, after, &run->diags)) buf_printf(&self->out, "%.*s\n", STR_ARG(path));
  }
}

static void format_folder(Formatting *self, Str path)
{
  Run *run = self->run;
  Str *names;
  size_t count, found = 0;
  if (!dir_list(run->arena, path, &names, &count, &run->diags)) return;
  for (size_t i = 0; i < count; i++) {
    Str inner = path_join(run->arena, path, names[i]);
    if (!str_equal(path_extension(names[i]), STR("wit")) || dir_exists(inner)) continue;
    format_file(self, inner);
    found++;
  }
  if (!found)
    diag_error(&run->diags, DIAG_INPUT, SPAN_NONE, "there is no .wit file in the folder '%.*s'",
               STR_ARG(path));
}

int ifc_fmt(Run *run)
{
  FmtCommand command = {0};
  Strs paths;
  int status;
  if (!run_options(run, &usage_ifc_fmt, &command, &paths, &status)) return status;
  if (!paths.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "format what? ifc fmt PATH...");
    return 2;
  }
  Formatting self = {.run = run, .check = command.check, .out = buf_in(run->arena)};
  for (size_t i = 0; i < paths.len; i++) {
    if (dir_exists(paths.at[i]))
      format_folder(&self, paths.at[i]);
    else
      format_file(&self, paths.at[i]);
  }
  run_output(run, buf_text(&self.out));
  if (run->diags.errors) return 0;
  return command.check && self.differs ? 1 : 0;
}
