/* call: an implementation's functions, from the command line. */
#include "cmd/command.h"
#include "cmd/subject.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"
#include "spec/script.h"

enum { SCRIPT_LIMIT = 16 << 20 };

typedef struct CallCommand {
  WitArguments wit;
  Str interface;
  Strs with;
  Budget budget;
  bool json;
} CallCommand;

static const Option call_options[] = {
    {"--for", 'f', OPTION_TEXT, offsetof(CallCommand, interface), "INTERFACE",
     "its WIT, where the module does not carry it"},
    WITH_OPTION(CallCommand, with),
    {"--budget", 'b', OPTION_BUDGET, offsetof(CallCommand, budget), "TIME", "for each call (default: 2s)"},
    {"--json", 0, OPTION_FLAG, offsetof(CallCommand, json), NULL, "the results as JSON"},
    WIT_OPTIONS(CallCommand, wit),
    {0},
};
const Usage usage_call = {
    "assay call IMPL.wasm 'CALL; ...'",
    "Calls functions of an implementation in a sandbox and prints the results in WAVE, one a\n"
    "line. Arguments are written in WAVE too. Several calls are separated by ';' and may name\n"
    "their results: `let c = make(1); area(c)`. A resource is made by its name, and its methods\n"
    "stand behind a dot: `let s = stack(); s.push(1); s.pop()`; what is left of them is dropped\n"
    "at the end, and it is said when the implementation keeps handles. All of the specification\n"
    "language's expressions work. `-` instead of the calls reads them from standard input. Exit status:\n"
    "0 all returned, 1 one trapped or broke a rule.\n",
    call_options};

static bool call_arguments(Run *run, const CallCommand *command, const Strs *operands)
{
  if (command->budget.count || operands->len != 2) {
    Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "%s",
                            command->budget.count ? "call's --budget is a time, such as 10s"
                            : operands->len == 0  ? "which implementation? assay call IMPL.wasm 'CALL'"
                            : operands->len == 1  ? "call what? assay call IMPL.wasm 'CALL'"
                                                  : "write all calls as one argument, in quotes");
    diag_note(&run->diags, diag, SPAN_NONE, "`assay call --help` explains");
    return false;
  }
  return true;
}

static bool call_source(Run *run, Str operand, Source *out)
{
  *out = (Source){.path = STR("(command line)"), .text = operand};
  if (!str_equal(operand, STR("-"))) return true;
  out->path = operand;
  return file_read(run->arena, operand, SCRIPT_LIMIT, &out->text, &run->diags);
}

static int call_report(Run *run, const CallCommand *command, const ScriptReport *report,
                       const Implementation *implementation)
{
  Buf out = buf_in(run->arena);
  if (command->json)
    jv_print(script_report_to_json(run->arena, report, implementation), &out);
  else
    for (size_t i = 0; i < report->result_count; i++)
      buf_printf(&out, "%.*s\n", STR_ARG(report->results[i].value));
  if (!run_output(run, buf_text(&out))) return 3;
  if (report->kept)
    diag_warning(&run->diags, DIAG_MODULE, SPAN_NONE,
                 "%.*s has %u %s in the end that it has neither dropped nor given away",
                 STR_ARG(implementation->label), report->kept, report->kept == 1 ? "handle" : "handles");
  if (!report->failure.len) return 0;
  diag_error(&run->diags, DIAG_MODULE, report->failure_span, "%.*s", STR_ARG(report->failure));
  return str_equal(report->failure_kind, STR("script")) ? 2 : 1;
}

int command_call(Run *run)
{
  CallCommand command = {0};
  WitOptions wit;
  Strs operands;
  ScriptReport report;
  int status;
  if (!run_options(run, &usage_call, &command, &operands, &status)) return status;
  if (!call_arguments(run, &command, &operands)) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &wit)) return 2;
  Source *source = arena_new_of(run->arena, Source);
  if (!call_source(run, operands.at[1], source)) return 0;
  SubjectFiles modules;
  Strs first = {.at = operands.at, .len = 1};
  if (!subject_files(run, run_registry(run, (Str){0}), first, FOUND_MODULE, &modules)) return 0;
  const Interface *interface = subject_interface(run, command.interface, &wit, NULL, 0, modules);
  if (!interface) return 0;
  const Script *script = script_parse(run->arena, source, interface, &run->diags);
  if (!script) return 0;
  size_t count;
  const Implementation *implementation =
      subject_implementations(run, modules, interface, command.with, &wit, &count);
  if (!count) return 0;
  ScriptOptions options = {.call_ms = command.budget.ms};
  Progress *progress = run_progress(run);
  progress_update(progress, str_format(run->arena, "running %.*s", STR_ARG(implementation->label)), 0, 0);
  bool ran = script_run(run->arena, script, implementation, &options, &report, &run->diags);
  progress_end(progress);
  if (!ran) return 0;
  return call_report(run, &command, &report, implementation);
}
