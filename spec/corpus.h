/* Inside spec/: cases worth trying again on the same module, kept in the cache as replay tokens, one a line:
 * those that failed first. A file that was damaged loses only what is damaged. Runs at the same time keep
 * what each of them has found. */
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
} Corpus;

/* CORPUS_MODULES_MAX: those that were verified last; the cases of others are forgotten. */
enum { CORPUS_CASES_MAX = 1024, CORPUS_MODULES_MAX = 1024 };

/* The cases of this module for generated tests of these specifications; none where there is no file. */
void corpus_read(Arena *arena, Hash module, const Spec *const *specs, size_t spec_count, Corpus *out);
/* Puts these tokens, without duplicates, at most CORPUS_CASES_MAX of them, before what the file holds by now,
 * which stays as far as there is room. False when it cannot be written: then it is as it was, and the next
 * run is only slower. */
bool corpus_write(Arena *arena, Hash module, const Str *tokens, size_t count);

#endif
