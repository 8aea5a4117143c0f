/* Inside spec/: cases worth trying again on the same module, kept in the cache as replay tokens, one a line:
 * those that failed first. A file that was damaged loses only what is damaged. */
#ifndef SPEC_CORPUS_H
#define SPEC_CORPUS_H

#include "spec/replay.h"

typedef struct KeptCase {
  size_t spec; /* of those given */
  Replay replay;
  Str token;
} KeptCase;

typedef struct Corpus {
  KeptCase *at;
  size_t len, cap;
  struct {
    Str *at;
    size_t len, cap;
  } others; /* lines that are of other specifications, as they are */
} Corpus;

enum { CORPUS_CASES_MAX = 1024 };

/* The cases of this module for laws of these specifications; none where there is no file. */
void corpus_read(Arena *arena, Hash module, const Spec *const *specs, size_t spec_count, Corpus *out);
/* Replaces the file: these tokens, without duplicates, then the corpus's own, as far as there is room. What
 * cannot be written is only slower next time. */
void corpus_write(Arena *arena, Hash module, const Str *tokens, size_t count, const Corpus *corpus);

#endif
