#include "bench/samples.h"

#include <string.h>

#include "ifc/base/buf.h"

/* Two weeks: beyond it, sums of times could overflow. */
static const uint64_t picoseconds_end = UINT64_C(1) << 60;

Str block_write(Arena *arena, const Block *self, size_t candidates)
{
  Buf out = buf_in(arena);
  buf_str(&out, (Str){(const char *)self->calls, sizeof self->calls});
  buf_str(&out, (Str){(const char *)self->turns, candidates * sizeof *self->turns});
  return buf_text(&out);
}

static bool turn_is_sound(const Turn *self, const Block *block, size_t layouts)
{
  if (self->layout >= layouts || self->pieces > PIECES_MAX) return false;
  for (uint32_t p = 0; p < self->pieces; p++)
    if (!self->picoseconds[p] || self->picoseconds[p] >= picoseconds_end || !block->calls[p]) return false;
  return true;
}

bool block_read(Arena *arena, Str bytes, size_t candidates, size_t layouts, Block *out)
{
  Block block = {.turns = arena_array_of(arena, Turn, candidates)};
  if (bytes.len != sizeof block.calls + candidates * sizeof *block.turns) return false;
  memcpy(block.calls, bytes.at, sizeof block.calls);
  memcpy(block.turns, bytes.at + sizeof block.calls, candidates * sizeof *block.turns);
  for (size_t i = 0; i < candidates; i++)
    if (!turn_is_sound(&block.turns[i], &block, layouts)) return false;
  *out = block;
  return true;
}
