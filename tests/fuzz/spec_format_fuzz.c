/* Any bytes as a specification to be formatted: what is no specification is refused; of the rest nothing is
 * lost, and formatting it again changes nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/spec/format_laws.h"

static void fail(const char *what, Str before, Str after)
{
  fprintf(stderr, "%s\n%.*s\n-- formatted:\n%.*s\n", what, STR_ARG(before), STR_ARG(after));
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  const Source source = {STR("fuzz.spec"), {(const char *)data, size}};
  Diags diags = diags_in(arena);
  Str after = spec_format(arena, &source, &diags);
  for (const Diag *diag = diags.first; diag; diag = diag->next)
    if (diag->code == DIAG_UNSUPPORTED) fail("the formatter is at fault", source.text, after);
  const char *broken = diags.errors ? NULL : spec_format_law_broken(arena, source.text, after);
  if (broken) fail(broken, source.text, after);
  if (diags.errors && after.len) fail("there is a result beside errors", source.text, after);
  arena_free(arena);
  return 0;
}
