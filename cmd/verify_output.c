#include "cmd/verify_output.h"

#include <unistd.h>

#include "cmd/terminal.h"
#include "ifc/base/file.h"
#include "spec/report.h"

bool verify_output_check(Run *run, const VerifyOutput *self)
{
  if (self->json + self->tap + self->github < 2) return true;
  diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
             "--json, --tap and --github all write to standard output: choose one of them");
  return false;
}

bool verify_output(Run *run, const VerifyOutput *self, const Json *document)
{
  Buf out = buf_in(run->arena), xml = buf_in(run->arena);
  bool good = true;
  if (self->junit.len) {
    report_junit(document, &xml);
    good = file_write(self->junit, buf_text(&xml), &run->diags);
  }
  if (self->json)
    jv_print(document, &out);
  else if (self->tap)
    report_tap(document, &out);
  else if (self->github)
    report_github(document, &out);
  else
    report_print(document, run->colour, terminal_columns(STDOUT_FILENO), &out);
  return run_output(run, buf_text(&out)) && good;
}
