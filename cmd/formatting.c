#include "cmd/formatting.h"

#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/file.h"

typedef struct FormattingCommand {
  bool check;
} FormattingCommand;

const Option formatting_options[] = {
    {"--check", 0, OPTION_FLAG, offsetof(FormattingCommand, check), NULL,
     "change nothing; list the files that would change, and end with 1 if there are any"},
    {0},
};

typedef struct Pass {
  const Formatting *formatting;
  Run *run;
  bool check;
  bool differs; /* some file is not as it should be */
  Buf out;
} Pass;

/* Standard input goes to standard output, changed or not. */
static void put_stream(Pass *self, const Source *source, Str after)
{
  if (!self->check) {
    buf_str(&self->out, after);
  } else if (!str_equal(source->text, after)) {
    buf_printf(&self->out, "%.*s\n", STR_ARG(source->path));
    self->differs = true;
  }
}

/* Replacing a file asks only for the folder to be writable, and parts it from its other names: both are not
 * what is expected of "in place". */
static bool may_replace(Pass *self, Str path)
{
  Diags *diags = &self->run->diags;
  const char *name = str_to_z(self->run->arena, path);
  struct stat status;
  if (stat(name, &status) || !S_ISREG(status.st_mode)) return true;
  if (!(status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) || access(name, W_OK)) {
    Diag *diag =
        diag_error(diags, DIAG_INPUT, SPAN_NONE, "'%.*s' is read-only, and was left as it is", STR_ARG(path));
    diag_note(diags, diag, SPAN_NONE, "`%s - <%.*s` prints what it would be", self->formatting->command,
              STR_ARG(path));
    return false;
  }
  if (status.st_nlink > 1) {
    Diag *diag =
        diag_warning(diags, DIAG_INPUT, SPAN_NONE,
                     "'%.*s' has further names (hard links), which keep the old text", STR_ARG(path));
    diag_note(diags, diag, SPAN_NONE, "it was replaced under this name only");
  }
  return true;
}

static void format_file(Pass *self, Str path)
{
  Run *run = self->run;
  Source *source = arena_new_of(run->arena, Source);
  source->path = path;
  size_t errors = run->diags.errors;
  if (!file_read(run->arena, path, self->formatting->limit, &source->text, &run->diags)) return;
  Str after = self->formatting->format(run->arena, source, &run->diags);
  if (run->diags.errors > errors) return;
  if (str_equal(path, STR("-"))) {
    put_stream(self, source, after);
  } else if (!str_equal(source->text, after)) {
    self->differs = true;
    if (self->check || (may_replace(self, path) && file_write(path, after, &run->diags)))
      buf_printf(&self->out, "%.*s\n", STR_ARG(path));
  }
}

static void format_folder(Pass *self, Str path)
{
  Run *run = self->run;
  Str *names;
  size_t count, found = 0;
  Str extension = str_from_z(self->formatting->extension);
  if (!dir_list(run->arena, path, &names, &count, &run->diags)) return;
  for (size_t i = 0; i < count; i++) {
    Str inner = path_join(run->arena, path, names[i]);
    if (!str_equal(path_extension(names[i]), extension) || dir_exists(inner) || file_is_special(inner))
      continue;
    format_file(self, inner);
    found++;
  }
  if (!found)
    diag_error(&run->diags, DIAG_INPUT, SPAN_NONE, "there is no .%.*s file in the folder '%.*s'",
               STR_ARG(extension), STR_ARG(path));
}

int formatting_run(Run *run, const Usage *usage, const Formatting *self)
{
  FormattingCommand command = {0};
  Strs paths;
  int status;
  if (!run_options(run, usage, &command, &paths, &status)) return status;
  if (!paths.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "format what? %s PATH...", self->command);
    return 2;
  }
  Pass pass = {.formatting = self, .run = run, .check = command.check, .out = buf_in(run->arena)};
  for (size_t i = 0; i < paths.len; i++) {
    if (dir_exists(paths.at[i]))
      format_folder(&pass, paths.at[i]);
    else
      format_file(&pass, paths.at[i]);
  }
  run_output(run, buf_text(&pass.out));
  if (run->diags.errors) return 0;
  return command.check && pass.differs ? 1 : 0;
}
