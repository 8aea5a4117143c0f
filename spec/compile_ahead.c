#include "spec/compile_ahead.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE_MAX = 64 };

typedef struct Work {
  const Implementation *implementations;
  const AotOptions *builds;
  size_t build_count, count; /* of all builds of all modules */
} Work;

/* Every so many builds, from one on. Modules that are compiled already take a look into the cache. */
static void compile_share(const Work *self, size_t from, size_t stride)
{
  for (size_t i = from; i < self->count; i += stride) {
    Arena *arena = arena_new();
    Diags ignored = diags_in(arena);
    const Implementation *one = &self->implementations[i / self->build_count];
    Str object;
    bool compiled =
        aot_compile(arena, &one->module, one->path, &self->builds[i % self->build_count], &object, &ignored);
    (void)compiled;
    arena_free(arena);
  }
}

/* One process for each share but the first; one that cannot be started leaves its share to be compiled later.
 */
void compile_ahead(const Implementation *implementations, size_t count, const AotOptions *builds,
                   size_t build_count, size_t at_once)
{
  const Work work = {implementations, builds, build_count, count * build_count};
  pid_t children[AT_ONCE_MAX];
  size_t started = 0, shares = at_once < work.count ? at_once : work.count;
  if (shares > AT_ONCE_MAX) shares = AT_ONCE_MAX;
  if (shares < 2) return;
  for (size_t share = 1; share < shares; share++) {
    pid_t child = fork();
    if (child == 0) {
      compile_share(&work, share, shares);
      _exit(0);
    }
    if (child > 0) children[started++] = child;
  }
  compile_share(&work, 0, shares);
  for (size_t i = 0; i < started; i++)
    while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR) continue;
}
