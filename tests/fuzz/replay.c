/* The main of a fuzz target that is built without libFuzzer: feeds it each file named on the
 * command line, and each file in the folders named there, at any depth. */
#include <stdio.h>

#include "ifc/base/file.h"
#include "tests/fuzz/fuzz.h"

static bool replay(Arena *arena, Str path, size_t *count, Diags *diags);

static bool replay_folder(Arena *arena, Str path, size_t *count, Diags *diags)
{
  Str *names;
  size_t files;
  if (!dir_list(arena, path, &names, &files, diags)) return false;
  bool ok = true;
  for (size_t i = 0; i < files; i++) ok = replay(arena, path_join(arena, path, names[i]), count, diags) && ok;
  return ok;
}

static bool replay(Arena *arena, Str path, size_t *count, Diags *diags)
{
  if (dir_exists(path)) return replay_folder(arena, path, count, diags);
  ArenaMark mark = arena_mark(arena);
  Str bytes;
  if (!file_read(arena, path, SIZE_MAX, &bytes, diags)) return false;
  LLVMFuzzerTestOneInput((const uint8_t *)bytes.at, bytes.len);
  arena_reset(arena, mark);
  ++*count;
  return true;
}

int main(int argc, char **argv)
{
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  size_t count = 0;
  bool ok = true;
  for (int i = 1; i < argc; i++) ok = replay(arena, str_from_z(argv[i]), &count, &diags) && ok;
  Buf messages = buf_in(arena);
  diags_print(&diags, &messages, false);
  fprintf(stderr, "%.*s%s: %zu inputs\n", STR_ARG(buf_text(&messages)), argv[0], count);
  arena_free(arena);
  return ok ? 0 : 2;
}
