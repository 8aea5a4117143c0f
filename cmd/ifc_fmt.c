/* ifc fmt: WIT laid out in one way. */
#include "cmd/formatting.h"
#include "cmd/ifc.h"
#include "ifc/format.h"
#include "ifc/wit.h"

const Usage usage_ifc_fmt = {
    "ifc fmt PATH... [--check]",
    "Lays files out as docs/wit-style.md says, in place, and prints which it changed. Of a\n"
    "folder all *.wit in it, but not what lies deeper, deps/ for instance. `-` formats standard\n"
    "input to standard output. Comments stay, hashes too.\n",
    formatting_options};

int ifc_fmt(Run *run)
{
  static const Formatting formatting = {"ifc fmt", wit_format, "wit", WIT_FILE_SIZE_MAX};
  return formatting_run(run, &usage_ifc_fmt, &formatting);
}
