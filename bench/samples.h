/* What was measured of one workload: blocks, in each of which every candidate had one turn, in random order,
 * on the same calls. Plain numbers: made by measure.c, judged by rank.c. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "ifc/base/arena.h"
#include "ifc/base/str.h"

enum { PIECES_MAX = 12 };

/* One candidate in one block. All do the same calls in the same order; a slow one stops after the first
 * pieces, or sits the block out. */
typedef struct Turn {
  uint32_t layout;
  uint32_t pieces;                  /* how many it did; 0: took no part */
  uint64_t picoseconds[PIECES_MAX]; /* of each piece's calls together; not 0 */
} Turn;

typedef struct Block {
  uint32_t calls[PIECES_MAX]; /* in each piece */
  Turn *turns;                /* by candidate */
} Block;

typedef struct Samples {
  size_t candidates, layouts;
  Block *blocks;
  size_t block_count;
} Samples;

/* A block as bytes, for the way from the worker to its parent. */
Str block_write(Arena *arena, const Block *self, size_t candidates);
/* Reads them back. The bytes are hostile until checked: false when they are no block of so many candidates
 * and layouts. */
MUST_CHECK bool block_read(Arena *arena, Str bytes, size_t candidates, size_t layouts, Block *out);

#endif
