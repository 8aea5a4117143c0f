/* How long it takes to compile a module that was never seen: in as many pieces as it is compiled in usually,
 * and in one. In turns, the least of each; prints one JSON line. usage: compile MODULE.wasm, with ASSAY_HOME
 * new */
#include <stdio.h>

#include "ifc/base/clock.h"
#include "ifc/base/file.h"
#include "runtime/aot.h"

enum { ROUNDS = 3, MODULE_LIMIT = 1 << 26 };

/* Milliseconds. Layouts differ in alignments only, and each is compiled anew. */
static bool compile(Arena *arena, const WasmModule *module, Str path, uint32_t layout, bool in_one_piece,
                    double *least, Diags *diags)
{
  AotOptions options = {.layout = layout, .in_one_piece = in_one_piece};
  Str object;
  uint64_t began = clock_ns();
  if (!aot_compile(arena, module, path, &options, &object, diags)) return false;
  double took = (double)(clock_ns() - began) / 1e6;
  if (*least == 0 || took < *least) *least = took;
  return true;
}

int main(int argc, char **argv)
{
  if (argc != 2) return fprintf(stderr, "usage: compile MODULE.wasm\n"), 2;
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Str path = str_from_z(argv[1]), bytes;
  WasmModule module;
  double pieces = 0, one = 0;
  bool good =
      file_read(arena, path, MODULE_LIMIT, &bytes, &diags) && wasm_read(arena, path, bytes, &module, &diags);
  for (uint32_t round = 1; good && round <= ROUNDS; round++)
    good = compile(arena, &module, path, round, false, &pieces, &diags) &&
           compile(arena, &module, path, round, true, &one, &diags);
  if (good)
    printf("{\"figure\": \"compile-ms\", \"module-bytes\": %zu, \"pieces\": %.0f, \"one-piece\": %.0f, "
           "\"ratio\": %.3f}\n",
           bytes.len, pieces, one, pieces / one);
  Buf messages = buf_in(arena);
  diags_print(&diags, &messages, false);
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&messages)));
  arena_free(arena);
  return good ? 0 : 3;
}
