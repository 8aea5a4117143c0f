/* Any bytes: jv_parse reads them or says why not, and what it reads survives both ways of printing. */
#include <stdlib.h>

#include "ifc/base/json.h"
#include "tests/fuzz/fuzz.h"

static void demand(bool holds)
{
  if (!holds) abort();
}

static Str canonical(Arena *arena, const Json *json)
{
  Buf out = buf_in(arena);
  jv_print_canonical(json, &out);
  return buf_text(&out);
}

static Str indented(Arena *arena, const Json *json)
{
  Buf out = buf_in(arena);
  jv_print(json, &out);
  return buf_text(&out);
}

static Json *read_again(Arena *arena, Str text)
{
  const Source source = {.path = STR("again"), .text = text};
  Diags diags = diags_in(arena);
  Json *json = jv_parse(arena, &source, &diags);
  demand(json);
  return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  const Source source = {.path = STR("input"), .text = {(const char *)data, size}};
  Diags diags = diags_in(arena);
  const Json *json = jv_parse(arena, &source, &diags);
  if (json) {
    Str first = canonical(arena, json), pretty = indented(arena, json);
    demand(str_equal(canonical(arena, read_again(arena, first)), first));
    demand(str_equal(canonical(arena, read_again(arena, pretty)), first));
    demand(str_equal(indented(arena, read_again(arena, pretty)), pretty));
  } else {
    Buf messages = buf_in(arena);
    diags_print(&diags, &messages, false);
    demand(diags.errors == 1 && messages.len > 0);
  }
  arena_free(arena);
  return 0;
}
