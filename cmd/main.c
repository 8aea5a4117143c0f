/* One program for all commands: `assay verify …`, or under a command's own name. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/terminal.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"
#include "ifc/near.h"

static const Command commands[] = {
#define COMMAND(name, summary) {{#name, sizeof #name - 1}, summary, command_##name, &usage_##name},
#include "cmd/commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

Commands commands_all(void)
{
  return (Commands){commands, COMMAND_COUNT};
}

static const Command *command_find(Str name)
{
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (str_equal(commands[i].name, name)) return &commands[i];
  return NULL;
}

static void print_help(Buf *out)
{
  buf_z(out, "assay: find out what code does and how good it is, by checks instead of trust.\n\n"
             "usage: assay COMMAND [ARGUMENT]...\n\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    buf_printf(out, "  %-12.*s%s\n", STR_ARG(commands[i].name), commands[i].summary);
  buf_z(out, "\n`assay COMMAND --help` explains one. Exit status: 0 yes, 1 no, 2 usage or\n"
             "unreadable input, 3 could not decide, 130 interrupted.\n");
}

bool run_output(Run *run, Str text)
{
  if (!text.len || (fwrite(text.at, 1, text.len, stdout) == text.len && fflush(stdout) == 0)) return true;
  if (errno != EPIPE) diag_errno_stream(&run->diags, errno, "write to", "standard output");
  return false;
}

Str run_registry(Run *run, Str given)
{
  return given.len ? given : home_folder(run->arena);
}

bool run_options(Run *run, const Usage *usage, void *result, Strs *operands, int *status)
{
  for (size_t i = 0; i < run->arg_count && !str_equal(run->args[i], STR("--")); i++) {
    if (!str_equal(run->args[i], STR("--help")) && !str_equal(run->args[i], STR("-h"))) continue;
    Buf out = buf_in(run->arena);
    buf_printf(&out, "usage: %s\n", usage->lines);
    options_wrap(str_from_z(usage->text), 0, &out);
    buf_byte(&out, '\n');
    options_help(usage->options, &out);
    *status = run_output(run, buf_text(&out)) ? 0 : 3;
    return false;
  }
  *status = 2;
  return options_parse(run->arena, usage->options, run->args, run->arg_count, result, operands, &run->diags);
}

/* The command, its arguments after it: by the program's own name, else by the first argument. */
static const Command *command_choose(Run *run, Str program, int *status)
{
  const Command *command = command_find(program);
  if (command) return command;
  Buf help = buf_in(run->arena);
  *status = 2;
  if (run->arg_count == 0) {
    print_help(&help);
    fwrite(help.at, 1, help.len, stderr);
    return NULL;
  }
  Str name = run->args[0];
  if (str_equal(name, STR("--help")) || str_equal(name, STR("-h")) || str_equal(name, STR("help"))) {
    print_help(&help);
    *status = run_output(run, buf_text(&help)) ? 0 : 3;
    return NULL;
  }
  command = command_find(name);
  if (!command) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "there is no command '%.*s'", STR_ARG(name));
    Near near = {.wanted = name};
    for (size_t i = 0; i < COMMAND_COUNT; i++) near_consider(&near, commands[i].name);
    if (near.best.len)
      diag_note(&run->diags, diag, SPAN_NONE, "did you mean '%.*s'?", STR_ARG(near.best));
    else
      diag_note(&run->diags, diag, SPAN_NONE, "`assay --help` lists the commands");
  }
  run->args++, run->arg_count--;
  return command;
}

/* Workers end with us (PR_SET_PDEATHSIG), tools run in process groups of their own that end with their
 * worker. */
static void interrupted(int signal)
{
  (void)signal;
  _exit(130);
}

/* No file that is opened may become one of the three standard streams: where one is closed, something takes
 * its place that cannot be used. */
static void keep_standard_streams(void)
{
  for (int stream = 0; stream <= STDERR_FILENO; stream++)
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      _exit(3);
}

int main(int argc, char **argv)
{
  keep_standard_streams();
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file that may not grow further is an error of the write */
  signal(SIGINT, interrupted);
  Arena *arena = arena_new();
  Run run = {.arena = arena, .diags = diags_in(arena), .colour = terminal_wants_colour(STDOUT_FILENO)};
  size_t count = argc > 1 ? (size_t)argc - 1 : 0;
  Str *args = arena_array_of(arena, Str, count + 1);
  for (size_t i = 0; i < count; i++) args[i] = str_from_z(argv[i + 1]);
  run.args = args;
  run.arg_count = count;

  int status = 0;
  const Command *command = command_choose(&run, path_name(str_from_z(argc > 0 ? argv[0] : "")), &status);
  if (command) status = command->run(&run);
  wit_arguments_check(&run);
  if (status == 0) status = diags_exit(&run.diags);
  Buf messages = buf_in(arena);
  diags_print(&run.diags, &messages, terminal_wants_colour(STDERR_FILENO));
  if (messages.len) fwrite(messages.at, 1, messages.len, stderr);
  arena_free(arena);
  return status;
}
