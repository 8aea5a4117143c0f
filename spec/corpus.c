#include "spec/corpus.h"

#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "spec/tests.h"

enum { FILE_MAX = 1 << 20, LINES_MAX = 2048 };

static Str corpus_path(Arena *arena, Hash module)
{
  Str folder = path_join(arena, cache_folder(arena), STR("cases"));
  Str name = hash_text(arena, module);
  size_t colon = str_find(name, STR(":"));
  return path_join(arena, folder, str_slice(name, colon == SIZE_MAX ? 0 : colon + 1, name.len));
}

static Str next_line(Str *text)
{
  size_t end = str_find(*text, STR("\n"));
  Str line = str_slice(*text, 0, end);
  *text = end == SIZE_MAX ? (Str){0} : str_slice(*text, end + 1, text->len);
  return line;
}

void corpus_read(Arena *arena, Hash module, const Spec *const *specs, size_t spec_count, Corpus *out)
{
  Diags ignored = diags_in(arena);
  Str path = corpus_path(arena, module), text;
  *out = (Corpus){0};
  if (!file_exists(path) || !file_read(arena, path, FILE_MAX, &text, &ignored)) return;
  for (size_t lines = 0; text.len && lines < LINES_MAX; lines++) {
    KeptCase kept = {.token = next_line(&text)};
    if (!replay_decode(arena, kept.token, specs, spec_count, &kept.spec, &kept.replay, &ignored)) {
      if (replay_is_current(kept.token)) vec_push(arena, &out->others, kept.token);
      continue;
    }
    bool is_case = kept.replay.kind == REPLAY_CHOICES || kept.replay.kind == REPLAY_MIXED;
    bool fits = is_case && out->len < CORPUS_CASES_MAX &&
                test_is_generated(specs[kept.spec]->tests.at[kept.replay.test].kind);
    if (fits) vec_push(arena, out, kept);
  }
}

/* False when there is no more room. */
static bool put_line(Buf *out, Map *seen, Str token)
{
  if (out->len + token.len + 1 > FILE_MAX || map_count(seen) >= LINES_MAX) return false;
  if (!token.len || map_put(seen, token, out)) return true;
  buf_str(out, token);
  buf_byte(out, '\n');
  return true;
}

void corpus_write(Arena *arena, Hash module, const Str *tokens, size_t count, const Corpus *corpus)
{
  Diags ignored = diags_in(arena);
  Buf out = buf_in(arena);
  Map *seen = map_new(arena);
  for (size_t i = 0; i < count && put_line(&out, seen, tokens[i]); i++) continue;
  for (size_t i = 0; i < corpus->len && put_line(&out, seen, corpus->at[i].token); i++) continue;
  for (size_t i = 0; i < corpus->others.len && put_line(&out, seen, corpus->others.at[i]); i++) continue;
  bool written = file_write(corpus_path(arena, module), buf_text(&out), &ignored);
  (void)written;
}
