#include "ifc/near.h"

/* Names beyond that are not compared: nobody mistypes them. */
enum { NAME_MAX_BYTES = 64 };

static int fold(char byte)
{
  if (byte == '_') return '-';
  return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* The optimal string alignment distance: rows of the table for a's prefixes, of which three are kept. */
static size_t edits(Str a, Str b)
{
  size_t rows[3][NAME_MAX_BYTES + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= b.len; j++) above[j] = before[j] = j;
  for (size_t i = 1; i <= a.len; i++) {
    row[0] = i;
    for (size_t j = 1; j <= b.len; j++) {
      int left = fold(a.at[i - 1]), right = fold(b.at[j - 1]);
      row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + (left != right));
      bool swapped = i > 1 && j > 1 && left == fold(b.at[j - 2]) && fold(a.at[i - 2]) == right;
      if (swapped) row[j] = smaller(row[j], before[j - 2] + 1);
    }
    size_t *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[b.len];
}

void near_consider(Near *self, Str candidate)
{
  if (self->wanted.len > NAME_MAX_BYTES || candidate.len > NAME_MAX_BYTES || !candidate.len) return;
  size_t longer = self->wanted.len > candidate.len ? self->wanted.len : candidate.len;
  size_t distance = edits(self->wanted, candidate);
  bool nearer = self->best.len == 0 || distance < self->distance;
  if (distance > (longer + 1) / 3 || !nearer) return;
  self->best = candidate;
  self->distance = distance;
}
