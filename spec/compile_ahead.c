#include "spec/compile_ahead.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/aot.h"

enum { AT_ONCE_MAX = 64 };

/* Every so many modules, from one on. Modules that are compiled already take a look into the cache. */
static void compile_share(const Implementation *implementations, size_t count, size_t from, size_t stride)
{
  for (size_t i = from; i < count; i += stride) {
    Arena *arena = arena_new();
    Diags ignored = diags_in(arena);
    AotOptions options = {0};
    Str object;
    bool compiled =
        aot_compile(arena, &implementations[i].module, implementations[i].path, &options, &object, &ignored);
    (void)compiled;
    arena_free(arena);
  }
}

/* One process for each share but the first; one that cannot be started leaves its share to be compiled later.
 */
void compile_ahead(const Implementation *implementations, size_t count, size_t at_once)
{
  pid_t children[AT_ONCE_MAX];
  size_t started = 0, shares = at_once < count ? at_once : count;
  if (shares > AT_ONCE_MAX) shares = AT_ONCE_MAX;
  if (shares < 2) return;
  for (size_t share = 1; share < shares; share++) {
    pid_t child = fork();
    if (child == 0) {
      compile_share(implementations, count, share, shares);
      _exit(0);
    }
    if (child > 0) children[started++] = child;
  }
  compile_share(implementations, count, 0, shares);
  for (size_t i = 0; i < started; i++)
    while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR) continue;
}
