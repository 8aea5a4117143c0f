/* Inside spec/: what a case made the implementation do, and whether that is new. */
#ifndef SPEC_SEARCH_FEEDBACK_H
#define SPEC_SEARCH_FEEDBACK_H

#include "spec/search.h"

/* Why a case is kept; what comes later is worth more. */
typedef enum News {
  NEWS_NONE,
  NEWS_NEARER,  /* a comparison's operands were nearer to each other than ever */
  NEWS_STATE,   /* a place wrote a value that it has not written before, and it does not write many */
  NEWS_OFTENER, /* a block was entered more often than ever */
  NEWS_BLOCKS,  /* a block was entered in another power of two, or a comparison had another outcome */
} News;

/* What a case was kept for as NEWS_STATE: a place, and the values that were new there, as bits. */
typedef struct StateNews {
  uint32_t place;
  uint64_t values;
} StateNews;

typedef struct Feedback {
  const SearchTarget *target;
  SearchSeen *seen;
  uint32_t compare_count;
  uint8_t *traits;   /* by comparison */
  uint16_t *buckets; /* by block: the powers of two in which it was entered, as bits */
  uint32_t *most;    /* by block */
  uint8_t *outcomes; /* by comparison, of this law: OUTCOME_… bits, of last executions */
  uint8_t *bits;     /* by comparison: the fewest bits that differed … */
  uint8_t *size;     /* … and the length of the smallest difference; both 255 before it was executed */
  uint64_t *states;  /* by place: the values that it has written, as bits */
} Feedback;

Feedback feedback_new(Arena *arena, const SearchTarget *target, SearchSeen *seen);
/* Before a case: forgets what was counted so far. */
void feedback_clear(const Feedback *self);
/* After it; of a case that ran many times, how often a block was entered is not looked at, nor what was
 * written. `state` is set for NEWS_STATE. */
News feedback_take(Feedback *self, bool is_repeated, StateNews *state);
/* Did the latest case write these values? */
bool feedback_wrote(const Feedback *self, const StateNews *state);
/* What wrote them cannot be had again: the next that does shall be news once more. */
void feedback_forget(Feedback *self, const StateNews *state);
/* Has the place turned out to write so many values that they are data, and say nothing of where it goes? */
bool feedback_is_data(const Feedback *self, uint32_t place);

enum { OUTCOME_LESS = 1, OUTCOME_EQUAL = 2, OUTCOME_GREATER = 4 };

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
