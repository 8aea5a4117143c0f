#include "spec/corpus.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "spec/tests.h"

enum {
  FILE_MAX = 1 << 20,
  LINES_MAX = 2048,
  CHOICES_READ_MAX = 1 << 21, /* of all cases: a short token may stand for many */
  LEFTOVER_SECONDS = 3600,
};

static Str corpus_folder(Arena *arena)
{
  return path_join(arena, cache_folder(arena), STR("cases"));
}

static Str corpus_path(Arena *arena, Hash module)
{
  Str name = hash_text(arena, module);
  size_t colon = str_find(name, STR(":"));
  return path_join(arena, corpus_folder(arena), str_slice(name, colon == SIZE_MAX ? 0 : colon + 1, name.len));
}

static Str next_line(Str *text)
{
  size_t end = str_find(*text, STR("\n"));
  Str line = str_slice(*text, 0, end);
  *text = end == SIZE_MAX ? (Str){0} : str_slice(*text, end + 1, text->len);
  return line;
}

/* Empty where there is no file, or none that can be read. */
static Str read_text(Arena *arena, Str path)
{
  Diags ignored = diags_in(arena);
  Str text = {0};
  if (!file_exists(path) || file_is_special(path) || !file_read(arena, path, FILE_MAX, &text, &ignored))
    return (Str){0};
  return text;
}

/* Tokens that a run begins with. Histories are not: they may take longer than it has. */
static bool is_case(const Replay *replay)
{
  return replay->kind == REPLAY_CHOICES || replay->kind == REPLAY_CASES || replay->kind == REPLAY_MIXED;
}

static size_t count_choices(const Replay *replay)
{
  size_t count = replay->choices.count;
  for (uint32_t i = 0; i < replay->case_count; i++) count += replay->cases_made[i].count;
  return count;
}

void corpus_read(Arena *arena, Hash module, const Spec *const *specs, size_t spec_count, Corpus *out)
{
  Str text = read_text(arena, corpus_path(arena, module));
  size_t choices = 0;
  *out = (Corpus){0};
  for (size_t lines = 0; text.len && lines < LINES_MAX && out->len < CORPUS_CASES_MAX; lines++) {
    ArenaMark mark = arena_mark(arena);
    Diags ignored = diags_in(arena);
    KeptCase kept = {.token = next_line(&text)};
    bool fits = replay_decode(arena, kept.token, specs, spec_count, &kept.spec, &kept.replay, &ignored) &&
                is_case(&kept.replay) && choices + count_choices(&kept.replay) <= CHOICES_READ_MAX;
    if (fits) {
      choices += count_choices(&kept.replay);
      vec_push(arena, out, kept);
    } else {
      arena_reset(arena, mark);
    }
  }
}

/* --- writing */

typedef struct Lines {
  Buf text;
  Map *seen;
} Lines;

/* What is there already, or has no room, is left out. */
static void put_line(Lines *self, Str token)
{
  bool fits = token.len && self->text.len + token.len + 1 <= FILE_MAX && map_count(self->seen) < LINES_MAX;
  if (!fits || map_put(self->seen, token, self)) return;
  buf_str(&self->text, token);
  buf_byte(&self->text, '\n');
}

static bool write_merged(Arena *arena, Str path, const Str *tokens, size_t count)
{
  Diags ignored = diags_in(arena);
  Lines lines = {buf_in(arena), map_new(arena)};
  Str old = read_text(arena, path);
  for (size_t i = 0; i < count && i < CORPUS_CASES_MAX; i++) put_line(&lines, tokens[i]);
  for (size_t i = 0; old.len && i < LINES_MAX; i++) {
    Str line = next_line(&old);
    if (replay_is_whole(arena, line)) put_line(&lines, line);
  }
  return !file_is_special(path) && file_write(path, buf_text(&lines.text), &ignored);
}

/* --- forgetting */

typedef struct CorpusFile {
  char *path;
  struct timespec written;
} CorpusFile;

static int by_age(const void *left, const void *right)
{
  const struct timespec *a = &((const CorpusFile *)left)->written;
  const struct timespec *b = &((const CorpusFile *)right)->written;
  if (a->tv_sec != b->tv_sec) return a->tv_sec < b->tv_sec ? -1 : 1;
  return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

/* The oldest files beyond so many, and what writers that were killed have left behind. */
static void forget(Arena *arena)
{
  Diags ignored = diags_in(arena);
  Str folder = corpus_folder(arena), *names;
  size_t count, kept = 0;
  if (!dir_list(arena, folder, &names, &count, &ignored)) return;
  CorpusFile *files = arena_array_of(arena, CorpusFile, count + 1);
  for (size_t i = 0; i < count; i++) {
    char *path = str_to_z(arena, path_join(arena, folder, names[i]));
    struct stat status;
    if (lstat(path, &status)) continue;
    bool is_leftover = str_starts_with(names[i], STR("."));
    if (is_leftover && status.st_mtim.tv_sec < time(NULL) - LEFTOVER_SECONDS) unlink(path);
    if (!is_leftover) files[kept++] = (CorpusFile){path, status.st_mtim};
  }
  if (kept <= CORPUS_MODULES_MAX) return;
  qsort(files, kept, sizeof *files, by_age);
  for (size_t i = 0; i < kept - CORPUS_MODULES_MAX; i++) unlink(files[i].path);
}

bool corpus_write(Arena *arena, Hash module, const Str *tokens, size_t count)
{
  Diags ignored = diags_in(arena);
  int lock = file_lock(path_join(arena, cache_folder(arena), STR("cases.lock")), &ignored);
  if (lock < 0) return false;
  bool written = write_merged(arena, corpus_path(arena, module), tokens, count);
  forget(arena);
  file_unlock(lock);
  return written;
}
