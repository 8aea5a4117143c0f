/* What holds of every specification that was formatted. */
#ifndef TESTS_UNIT_SPEC_FORMAT_LAWS_H
#define TESTS_UNIT_SPEC_FORMAT_LAWS_H

#include "spec/format.h"
#include "spec/spec.h"

/* NULL when all hold, else which one does not. `after` is what `before` was formatted to. */
static inline const char *spec_format_law_broken(Arena *arena, Str before, Str after)
{
  Diags diags = diags_in(arena);
  const Source old = {STR("before"), before}, new = {STR("after"), after};
  Str again = spec_format(arena, &new, &diags);
  if (diags.errors || !str_equal(again, after)) return "formatting it again changes it";
  for (size_t at = 0; at < after.len;) {
    Str line = str_slice(after, at, at + str_find(str_slice(after, at, after.len), STR("\n")));
    if (line.len && line.at[line.len - 1] == ' ' && str_find(after, STR("\"\"\"")) == SIZE_MAX &&
        str_find(after, STR("*")) == SIZE_MAX)
      return "a line ends with a space";
    at += line.len + 1;
  }
  if (!spec_subject(arena, &old, &diags).len) return NULL;
  if (!str_equal(spec_canonical_text(arena, &old, &diags), spec_canonical_text(arena, &new, &diags)))
    return "its canonical text is another";
  return NULL;
}

#endif
