/* Inside spec/: the choice sequence of a case. Generators draw their choices here; each choice that is made,
 * however it came about, is recorded as one number of which 0 is the simplest. A recorded sequence replays
 * exactly, and any other sequence replays to some case: that is what shrinking works on (after Hypothesis,
 * internal shrinking). */
#ifndef SPEC_DRAWS_H
#define SPEC_DRAWS_H

#include "ifc/base/rng.h"
#include "runtime/harvest.h"
#include "spec/ast.h"

typedef enum ChoiceKind {
  CHOICE_NUMBER, /* simpler when smaller */
  CHOICE_F32,    /* the bits of a float: simpler as float_simpler says */
  CHOICE_F64,
  CHOICE_BOOL, /* whether a list goes on, whether a flag is set */
  CHOICE_STEP, /* of a sequence: which operation comes next, from 1 */
  /* Only among choices that are given, and only by the search: */
  CHOICE_WANTED, /* a number or char by its value */
  CHOICE_FRESH,  /* a new choice, or a new value with all its choices */
  CHOICE_MORE,   /* where a list or string may go on: so many new elements, then its end */
  CHOICE_STEPS,  /* where a sequence may go on: so many new steps, then its end */
} ChoiceKind;

typedef struct Choice {
  uint64_t value;
  ChoiceKind kind;
} Choice;

/* The choices of one value: from `start` up to `end`. Equal labels stand for equal types. */
typedef struct ChoiceSpan {
  uint32_t start, end, label;
} ChoiceSpan;

/* What a choice stands for, so that the search can find numbers that the implementation compares. */
typedef enum Role {
  ROLE_OTHER, /* a case, a flag, a bool */
  ROLE_NUMBER,
  ROLE_CHAR, /* a value of its own */
  ROLE_REAL,
  ROLE_TEXT, /* a char of a string, or with `bits` UINT32_MAX its end */
  ROLE_GOES, /* whether a list goes on */
} Role;
typedef struct Origin {
  uint64_t bits; /* of the value */
  uint8_t role;
  uint8_t kind;   /* TypeKind */
  uint16_t depth; /* GOES: in how many lists the list is */
} Origin;

enum {
  CHOICES_MAX = 1 << 16, /* of one case; more stop it */
  SPANS_MAX = 1 << 13,   /* further values are not copied */
  RECENT_COUNT = 8,
};

/* How the numbers of a case come out: all small, so that they meet; or mostly at the edges; … */
typedef enum Profile { PROFILE_TINY, PROFILE_SMALL, PROFILE_MIXED, PROFILE_EDGES, PROFILE_WILD } Profile;

/* What the elements of a list have in common. */
typedef enum PatternKind {
  PATTERN_NONE,
  PATTERN_ALPHABET,
  PATTERN_UP,
  PATTERN_DOWN,
  PATTERN_MIRROR
} PatternKind;
typedef struct Pattern {
  PatternKind kind;
  uint32_t count;      /* ALPHABET: of letters; MIRROR: the length */
  uint32_t start;      /* MIRROR: the first element's choice */
  uint32_t drawn;      /* elements so far */
  uint64_t letters[4]; /* ALPHABET: the values; UP, DOWN: [0] the one before */
} Pattern;

/* What new numbers of a case have in common, in all its lists and steps: each is so much more than the one
 * that came `back` numbers of its kind before it. */
typedef struct Drift {
  bool is_on;
  int8_t by;
  uint8_t back, spread; /* up to so much more again */
} Drift;

typedef struct Draws {
  Machine *machine; /* for bounds that depend on earlier parameters; its arena holds the values */
  Value *slots;
  Rng rng;
  Choice *choices; /* made so far */
  ChoiceSpan *spans;
  uint32_t count, span_count;
  const Choice *given; /* replayed: the choices to make; NULL: new ones are made */
  uint32_t given_count, given_at;
  bool goes_on;               /* where no more are given, for a step or at all, new ones are made */
  uint32_t new_steps;         /* of a sequence, as asked for; 0: as many as come */
  Origin *origins;            /* by choice, set for the search only; NULL: not wanted */
  uint16_t depth;             /* of lists */
  const Harvest *harvest;     /* constants of the module; NULL: none */
  uint32_t copy_at, copy_end; /* a value is being copied from these earlier choices … */
  uint32_t copy_change;       /* … all but this one */
  bool stopped; /* the case cannot be completed: too many choices, too few given, or an empty range */
  Profile profile;
  uint32_t size_cap;      /* longest list of this case */
  uint64_t elements_left; /* of all lists together */
  Pattern pattern;
  Drift drift;
  struct {
    uint64_t bits;
    TypeKind kind;
  } recent[RECENT_COUNT];
  uint32_t recent_count;
} Draws;

/* Room for the choices; the rest is set by draws_begin. */
void draws_init(Draws *self, Arena *arena);
/* Begins a case with new choices, from self->rng. `number` counts the cases of a run: early ones are small.
 */
void draws_begin(Draws *self, uint64_t number);
/* Begins a case that makes the given choices. */
void draws_begin_replay(Draws *self, const Choice *choices, uint32_t count);
/* Begins a case that makes the given choices, and new ones where they ask for it or end. */
void draws_begin_changed(Draws *self, const Choice *choices, uint32_t count);
/* The next of the given choices; false: a new one is to be made. */
bool draws_take(Draws *self, ChoiceKind kind, uint64_t *value);

/* True when the next choice is given, by replay or by a copy. */
static inline bool draws_given(Draws *self, ChoiceKind kind, uint64_t *value)
{
  if (self->given) return draws_take(self, kind, value);
  if (self->copy_at >= self->copy_end) return false;
  const Choice *choice = &self->choices[self->copy_at++];
  if (choice->kind != kind) self->copy_at = self->copy_end;
  *value = choice->value;
  return choice->kind == kind && self->copy_at - 1 != self->copy_change;
}

/* Records the choice that was made. */
static inline void draws_put(Draws *self, ChoiceKind kind, uint64_t value)
{
  if (self->count >= CHOICES_MAX) {
    self->stopped = true;
    return;
  }
  if (__builtin_expect(self->origins != NULL, 0)) self->origins[self->count] = (Origin){0};
  self->choices[self->count++] = (Choice){value, kind};
}

/* The next step that is given, passing over what is left of the one before it, which may be out of place; 0:
 * there are no more. False: new ones are to be made. */
bool draws_step_given(Draws *self, uint64_t *value);
/* Takes back all but the first choices and spans. */
void draws_back(Draws *self, uint32_t count, uint32_t span_count);

/* Is the next choice given as one of these markers? Then it is taken. */
static inline bool draws_marked(Draws *self, ChoiceKind marker, uint64_t *value)
{
  if (!self->given || self->given_at >= self->given_count) return false;
  const Choice *choice = &self->given[self->given_at];
  if (choice->kind != marker) return false;
  *value = choice->value;
  self->given_at++;
  return true;
}

/* What the choice that was just recorded stands for. */
static inline void draws_note(Draws *self, Role role, TypeKind kind, uint64_t bits)
{
  if (self->origins && self->count)
    self->origins[self->count - 1] = (Origin){bits, (uint8_t)role, (uint8_t)kind, self->depth};
}

/* A number from 0 to `bound` − 1 for how to make a choice; it is not recorded. Two in one expression come in
 * an order that is the compiler's, and then a seed does not give the same cases everywhere. */
static inline uint32_t draws_below(Draws *self, uint32_t bound)
{
  return (uint32_t)((rng_next(&self->rng) >> 32) * bound >> 32);
}

/* The value, or one more or less. */
static inline uint64_t draws_nearly(Draws *self, uint64_t value)
{
  return value + draws_below(self, 3) - 1;
}

/* A yes or no that is recorded: `fresh` when the choice is new. */
bool draws_bool(Draws *self, bool fresh);
/* Begins a value: now and then, as a copy of an earlier one with this label. Ends it with draws_leave. */
typedef struct DrawsMark {
  uint32_t start;
  bool copies;
  const Choice *given; /* of a new value among given ones: to go on with after it */
} DrawsMark;
DrawsMark draws_enter(Draws *self, uint32_t label);
void draws_leave(Draws *self, DrawsMark mark, uint32_t label);

/* The order in which simpler floats come first: whole numbers by size, then −0, then fractions with few bits,
 * then infinities and NaN; of two that differ by sign, the positive one. */
bool float_simpler(ChoiceKind kind, uint64_t a, uint64_t b);
bool choice_simpler(const Choice *a, const Choice *b);
/* Fewer choices first, then the first that differs decides. */
bool choices_simpler(const Choice *a, uint32_t a_count, const Choice *b, uint32_t b_count);

#endif
