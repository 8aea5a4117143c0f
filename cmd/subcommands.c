#include "cmd/subcommands.h"

#include <stdio.h>

#include "ifc/near.h"

static int help(Run *run, const Subcommands *self, bool asked)
{
  Buf out = buf_in(run->arena);
  buf_printf(&out, "usage: %s COMMAND [ARGUMENT]...\n\n", self->name);
  for (size_t i = 0; i < self->commands.count; i++)
    buf_printf(&out, "  %-10.*s%s\n", STR_ARG(self->commands.at[i].name), self->commands.at[i].summary);
  buf_printf(&out, "\n`%s COMMAND --help` explains one.%s", self->name, self->words);
  if (asked) return run_output(run, buf_text(&out)) ? 0 : 3;
  fwrite(out.at, 1, out.len, stderr);
  return 2;
}

int subcommands_run(Run *run, const Subcommands *self)
{
  if (run->arg_count == 0) return help(run, self, false);
  Str name = run->args[0];
  if (str_equal(name, STR("--help")) || str_equal(name, STR("-h"))) return help(run, self, true);
  Near near = {.wanted = name};
  for (size_t i = 0; i < self->commands.count; i++) {
    const Command *command = &self->commands.at[i];
    near_consider(&near, command->name);
    if (!str_equal(command->name, name)) continue;
    run->args++, run->arg_count--;
    return command->run(run);
  }
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "there is no command '%s %.*s'", self->name,
                          STR_ARG(name));
  if (near.best.len)
    diag_note(&run->diags, diag, SPAN_NONE, "did you mean '%s %.*s'?", self->name, STR_ARG(near.best));
  else
    diag_note(&run->diags, diag, SPAN_NONE, "`%s --help` lists the commands", self->name);
  return 2;
}
