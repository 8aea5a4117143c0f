/* Inside spec/: making new cases of one that is known, as choices to give: by putting numbers where others
 * were, by lengths, and by chance. Nothing here runs a case. */
#ifndef SPEC_SEARCH_CHANGE_H
#define SPEC_SEARCH_CHANGE_H

#include "spec/search_feedback.h"
#include "spec/shrink.h"

/* A list or string among a case's choices. */
typedef struct Sequence {
  uint32_t start, end; /* its first choice; the one that ends it */
  uint32_t count;      /* of elements or chars */
  uint32_t bytes;      /* of a string's UTF-8 */
  uint32_t element;    /* the kind of a list's elements, where they are one number each; else 0 */
  uint16_t depth;
  bool is_text;
} Sequence;
enum { SEQUENCES_MAX = 256 };

/* A case with what its choices stand for. */
typedef struct Base {
  Choice *choices, *changed; /* the second is scratch room */
  Origin *origins;
  ChoiceSpan *spans;
  uint32_t count, span_count, repeats;
  uint32_t steps; /* of a test that is a sequence */
  Sequence sequences[SEQUENCES_MAX];
  uint32_t sequence_count;
} Base;

/* Room for one case. */
void base_init(Base *self, Arena *arena);
/* The case that the draws have just made. */
void base_take(Base *self, const Draws *draws, uint32_t repeats);

/* A case to try. */
typedef struct Trial {
  Choice *choices; /* room for CHOICES_MAX */
  uint32_t count, repeats;
} Trial;

/* Ways to put `to` where `from` is found, as numbers of an operand's width; they are numbered from 0. False
 * when there is no such way. */
typedef struct Exchange {
  uint64_t from, to;
  unsigned width;
  bool is_float;
} Exchange;
enum { EXCHANGE_WAYS = 18 };
bool change_exchange(const Base *base, const Exchange *exchange, uint32_t way, Trial *out);

/* A number among the choices, as a search can move it. */
bool change_is_number(const Origin *origin);
/* The case with another number at a place: for reals a real's bits. */
void change_number(const Base *base, uint32_t at, uint64_t value, Trial *out);

/* The case without `count` of the elements of its list or text `list`, or of its steps, from `first` on.
 * False: there are not so many. */
enum { STEPS_AS_LIST = -1 };
bool change_without(const Base *base, int list, uint32_t first, uint32_t count, Trial *out);
/* How many there are. */
uint32_t change_parts(const Base *base, int list);

/* What chance may take numbers from. */
typedef struct Known {
  const uint64_t *learned; /* operands of late */
  uint32_t learned_count;
  const Harvest *harvest; /* NULL: none */
  uint32_t operations;    /* of a sequence; else 0 */
} Known;
/* The case with something new behind what it has: steps, or elements of a list. False: it has neither. */
bool change_by_more(Rng *rng, const Base *base, const Known *known, Trial *out);
/* A few changes at random; `other` is another case of the law. */
void change_by_chance(Rng *rng, const Base *base, const ChoiceList *other, const Known *known, Trial *out);

#endif
