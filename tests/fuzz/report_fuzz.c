/* Any bytes as reports, with a line of three dashes between them: merged or refused with a reason, and every
 * form of a report can be made of whatever JSON there is. What merging makes is a report that is merged alone
 * to the same again. */
#include <stdlib.h>

#include "spec/report.h"
#include "tests/fuzz/fuzz.h"

enum { FILES_MAX = 6 };

static void demand(bool holds)
{
  if (!holds) abort();
}

static void show(Arena *arena, const Json *document)
{
  Buf text = buf_in(arena), tap = buf_in(arena), junit = buf_in(arena), github = buf_in(arena);
  report_print(document, false, REPORT_COLUMNS, &text);
  report_tap(document, &tap);
  report_junit(document, &junit);
  report_github(document, &github);
  demand(tap.len && junit.len);
  int exit = report_exit(document);
  demand(exit == 0 || exit == 1 || exit == 3);
}

static Str canonical(Arena *arena, const Json *document)
{
  Buf out = buf_in(arena);
  jv_print_canonical(document, &out);
  return buf_text(&out);
}

static size_t read_files(Arena *arena, Str input, ReportFile *files)
{
  static const char line[] = "---\n";
  size_t count = 0;
  for (bool more = true; more && count < FILES_MAX;) {
    size_t end = str_find(input, STR(line));
    more = end != SIZE_MAX;
    Source *source = arena_new_of(arena, Source);
    *source = (Source){str_format(arena, "%zu.json", count), str_slice(input, 0, end)};
    Diags ignored = diags_in(arena);
    const Json *document = jv_parse(arena, source, &ignored);
    if (document) files[count++] = (ReportFile){source->path, document};
    if (more) input = str_slice(input, end + sizeof line - 1, input.len);
  }
  return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  ReportFile files[FILES_MAX];
  size_t count = read_files(arena, (Str){(const char *)data, size}, files);
  for (size_t i = 0; i < count; i++) show(arena, files[i].document);
  Diags diags = diags_in(arena);
  const Json *merged = count ? report_merge(arena, files, count, &diags) : NULL;
  if (merged) {
    show(arena, merged);
    ReportFile again = {STR("merged.json"), merged};
    const Json *same = report_merge(arena, &again, 1, &diags);
    demand(diags.errors == 0 && same && str_equal(canonical(arena, same), canonical(arena, merged)));
  } else if (count) {
    demand(diags.errors == 1);
  }
  arena_free(arena);
  return 0;
}
