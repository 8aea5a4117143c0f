/* manual and completion: made from the same tables as the help. */
#include "cmd/command.h"

static const Option no_options[] = {{0}};
const Usage usage_manual = {"assay manual | man -l -", "Prints the manual page, in mdoc.\n", no_options};
const Usage usage_completion = {"assay completion > /etc/bash_completion.d/assay",
                                "Prints a completion script for bash: `source <(assay completion)`.\n",
                                no_options};

/* A line of text must not begin with a dot or a quote, which mdoc takes for requests. */
static void mdoc_text(Buf *out, const char *text)
{
  for (const char *at = text; *at; at++) {
    bool line_begins = at == text || at[-1] == '\n';
    if (line_begins && (*at == '.' || *at == '\'')) buf_z(out, "\\&");
    if (*at == '\\')
      buf_z(out, "\\e");
    else
      buf_byte(out, *at);
  }
}

/* A command's own commands; none for most. */
static Commands commands_of(const Command *command)
{
  if (command->run == command_ifc) return commands_of_ifc();
  if (command->run == command_spec) return commands_of_spec();
  return (Commands){0};
}

static void mdoc_command(Buf *out, const Command *command)
{
  buf_z(out, ".Ss ");
  mdoc_text(out, command->usage->lines);
  buf_byte(out, '\n');
  mdoc_text(out, command->usage->text);
  if (!command->usage->options->name) return;
  buf_z(out, ".Bl -tag -width Ds\n");
  for (const Option *o = command->usage->options; o->name; o++) {
    buf_z(out, ".It ");
    if (o->letter) buf_printf(out, "Fl %c , ", o->letter);
    buf_printf(out, "Fl %s", o->name + 1);
    if (o->argument) buf_printf(out, " Ar %s", o->argument);
    buf_byte(out, '\n');
    mdoc_text(out, o->help);
    buf_byte(out, '\n');
  }
  buf_z(out, ".El\n");
}

int command_manual(Run *run)
{
  Strs operands;
  int status;
  if (!run_options(run, &usage_manual, NULL, &operands, &status)) return status;
  Buf out = buf_in(run->arena);
  buf_z(&out, ".Dd $Mdocdate$\n.Dt ASSAY 1\n.Os\n.Sh NAME\n.Nm assay\n"
              ".Nd find out what code does and how good it is, by checks instead of trust\n"
              ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar argument ...\n.Sh COMMANDS\n");
  Commands all = commands_all();
  for (size_t i = 0; i < all.count; i++) {
    Commands inner = commands_of(&all.at[i]);
    for (size_t k = 0; k < inner.count; k++) mdoc_command(&out, &inner.at[k]);
    if (!inner.count) mdoc_command(&out, &all.at[i]);
  }
  buf_z(&out, ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev ASSAY_HOME\n"
              "Where keys, results, objects and the log are; otherwise\n.Pa $XDG_DATA_HOME/assay .\n"
              ".It Ev NO_COLOR\nNo colours.\n.El\n.Sh EXIT STATUS\n"
              "0 yes, 1 no, 2 usage or unreadable input, 3 could not decide, 130 interrupted.\n");
  run_output(run, buf_text(&out));
  return 0;
}

static void completion_case(Buf *out, Str group, Str name, const Usage *usage)
{
  buf_printf(out, "  %.*s%s%.*s) words='--help", STR_ARG(group), group.len ? "-" : "", STR_ARG(name));
  for (const Option *o = usage->options; o->name; o++) buf_printf(out, " %s", o->name);
  buf_z(out, "' ;;\n");
}

static void completion_names(Buf *out, Commands commands)
{
  for (size_t i = 0; i < commands.count; i++)
    buf_printf(out, "%s%.*s", i ? " " : "", STR_ARG(commands.at[i].name));
}

static void completion_command(Buf *out, const Command *command)
{
  Commands inner = commands_of(command);
  if (!inner.count) {
    completion_case(out, (Str){0}, command->name, command->usage);
    return;
  }
  for (size_t i = 0; i < inner.count; i++)
    completion_case(out, command->name, inner.at[i].name, inner.at[i].usage);
  buf_printf(out, "  %.*s) words='", STR_ARG(command->name));
  completion_names(out, inner);
  buf_z(out, "' ;;\n");
}

int command_completion(Run *run)
{
  Strs operands;
  int status;
  if (!run_options(run, &usage_completion, NULL, &operands, &status)) return status;
  Buf out = buf_in(run->arena);
  Commands all = commands_all();
  buf_z(&out, "_assay() {\n  local words= command=${COMP_WORDS[0]##*/} at=1\n"
              "  [ \"$command\" = assay ] && { command=${COMP_WORDS[1]}; at=2; }\n"
              "  case $command in ifc|spec) [ $COMP_CWORD -gt $at ] && command=$command-${COMP_WORDS[$at]};; "
              "esac\n"
              "  [ $COMP_CWORD = 1 ] && [ $at = 2 ] && command=\n  case $command in\n");
  for (size_t i = 0; i < all.count; i++) completion_command(&out, &all.at[i]);
  buf_z(&out, "  '') words='");
  completion_names(&out, all);
  buf_z(&out, "' ;;\n  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
              "complete -o default -F _assay assay ifc verify evaluate publish\n");
  run_output(run, buf_text(&out));
  return 0;
}
