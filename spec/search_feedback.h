/* Inside spec/: what a case made the implementation do, and whether that is new. */
#ifndef SPEC_SEARCH_FEEDBACK_H
#define SPEC_SEARCH_FEEDBACK_H

#include "spec/search.h"

/* Why a case is kept; what comes later is worth more. */
typedef enum News {
  NEWS_NONE,
  NEWS_NEARER,  /* a comparison's operands were nearer to each other than ever */
  NEWS_OFTENER, /* a block was entered more often than ever */
  NEWS_BLOCKS,  /* a block was entered in another power of two, or a comparison had another outcome */
} News;

typedef struct Feedback {
  const SearchTarget *target;
  SearchSeen *seen;
  uint32_t compare_count;
  uint8_t *traits;   /* by comparison */
  uint16_t *buckets; /* by block: the powers of two in which it was entered, as bits */
  uint32_t *most;    /* by block */
  uint8_t *outcomes; /* by comparison, of this law */
  uint8_t *bits;     /* by comparison: the fewest bits that differed … */
  uint8_t *size;     /* … and the length of the smallest difference; both 255 before it was executed */
} Feedback;

Feedback feedback_new(Arena *arena, const SearchTarget *target, SearchSeen *seen);
/* Before a case: forgets what was counted so far. */
void feedback_clear(const Feedback *self);
/* After it; of a case that ran many times, how often a block was entered is not looked at. */
News feedback_take(Feedback *self, bool is_repeated);

/* The operands of a comparison. */
typedef struct Operands {
  uint64_t left, right;
  unsigned width; /* 32 or 64 bits */
  bool is_float, is_order;
  bool is_switch; /* `left` chooses from a table; `right` is nothing */
} Operands;
/* Those of comparison `index` in its last execution; false: it was not executed, or its operands were equal.
 */
bool feedback_operands(const Feedback *self, uint32_t index, const uint64_t *operands, Operands *out);

#endif
