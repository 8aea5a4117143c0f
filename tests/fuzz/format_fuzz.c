/* Any bytes as WIT to be formatted: what does not parse is refused; of the rest nothing is lost, and
 * formatting it again changes nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/ifc/format_laws.h"

static void fail(const char *what, Str before, Str after)
{
  fprintf(stderr, "%s\n%.*s\n-- formatted:\n%.*s\n", what, STR_ARG(before), STR_ARG(after));
  abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Source source = {STR("fuzz.wit"), {(const char *)data, size}};
  Diags diags = diags_in(arena), parse_diags = diags_in(arena);
  bool parses = wit_parse_file(arena, &source, &parse_diags) && !parse_diags.errors;
  Str after = wit_format(arena, &source, &diags);
  if (parses != !diags.errors) fail("formatting is not possible where parsing is", source.text, after);
  const char *broken = parses ? format_law_broken(arena, source.text, after) : NULL;
  if (broken) fail(broken, source.text, after);
  if (!parses && after.len) fail("there is a result beside errors", source.text, after);
  arena_free(arena);
  return 0;
}
