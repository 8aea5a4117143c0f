/* Two texts with a line "=====" between them: no crash, no hang; a change is told exactly where hashes
 * differ, and the other way round there are as many changes. */
#include <stdio.h>
#include <stdlib.h>

#include "ifc/base/buf.h"
#include "ifc/diff.h"
#include "ifc/wit.h"
#include "tests/fuzz/fuzz.h"

static void fail(const char *what, const InterfaceDiff *diff)
{
  fprintf(stderr, "%s: %.*s\n", what, STR_ARG(diff->id));
  abort();
}

static const Package *package_of(Arena *arena, Str text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("fuzz.wit"), text};
  Diags diags = diags_in(arena);
  WitOptions options = {.level = WIT_PARSES};
  return wit_parse(arena, source, &options, &diags);
}

static size_t check(const Diff *diff)
{
  size_t changes = 0;
  for (size_t i = 0; i < diff->interface_count; i++) {
    const InterfaceDiff *interface = &diff->interfaces[i];
    changes += interface->change_count + interface->dropped;
    if (interface->class == DIFF_ADDED || interface->class == DIFF_REMOVED) continue;
    bool is_same = hash_equal(interface->before, interface->after);
    if (is_same != (interface->class == DIFF_SAME)) fail("class and hash disagree", interface);
    if (is_same != !interface->change_count) fail("changes and hash disagree", interface);
  }
  return changes;
}

static void compare(Arena *arena, const Package *before, const Package *after)
{
  Diff there = package_diff(arena, before, after), back = package_diff(arena, after, before);
  if (check(&there) != check(&back) || there.interface_count != back.interface_count) abort();
  Buf json = buf_in(arena);
  jv_print(diff_to_json(arena, &there), &json);
  diff_text(arena, &there);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Str all = {(const char *)data, size}, line = STR("\n=====\n");
  size_t at = str_find(all, line);
  const Package *before = package_of(arena, str_slice(all, 0, at));
  const Package *after = at < size ? package_of(arena, str_slice(all, at + line.len, size)) : before;
  if (before && after) compare(arena, before, after);
  arena_free(arena);
  return 0;
}
