/* Inside spec/: how values of a type are generated. A plan is made once for each parameter of a law; where
 * clauses narrow it, so that they choose values instead of throwing them away. */
#ifndef SPEC_PLAN_H
#define SPEC_PLAN_H

#include "spec/draws.h"
#include "spec/tests.h"

/* What a number, or a length, may be. */
typedef struct Limits {
  uint64_t low, high; /* integers and chars: as Values hold them; strings and lists: of the length */
  double real_low, real_high;
  bool is_real_bounded; /* floats: then NaN is out */
  bool is_empty;
} Limits;

/* A bound that is known only when earlier parameters are. */
typedef struct Bound {
  Operator relation; /* LESS, LESS_EQUAL, GREATER, GREATER_EQUAL or EQUAL: value RELATION expr */
  Expr *expr;
} Bound;

typedef Value Generate(const Plan *self, Draws *draws);

struct Plan {
  Generate *generate;
  const Type *type;
  uint32_t label;  /* equal for equal types */
  uint32_t weight; /* about how many choices a value takes */
  uint32_t least;  /* how many it takes at least; both stop at CHOICES_MAX */
  Limits limits;
  struct {
    Bound *at;
    size_t len, cap;
  } bounds;
  Plan **parts; /* fields; the element or payload; payloads by case; NULL: none */
};

/* The types that plans are made for; a plan's label is an index. */
typedef struct PlanLabels {
  const Type **at;
  size_t len, cap;
} PlanLabels;

/* Makes the plans of a law or operation and their order, and marks the conditions that they keep. Operations
 * of one sequence share labels, so that they can copy each other's values. */
void plans_make(Arena *arena, Test *law, PlanLabels *labels);
/* False when the parameters' values take more choices than a case may have. */
bool plans_fit(const Test *law);
/* The values of all parameters into their slots. False when draws->stopped. */
bool plans_generate(const Test *law, Draws *draws);

/* generate.c */
Generate *plan_generator(const Type *type);
/* plan.c */
Limits limits_of(const Type *type);
/* Narrows the limits by `value RELATION bound`. */
void limits_narrow(Limits *self, const Type *type, Operator relation, Value bound);
/* The limits with the bounds that earlier parameters set. */
Limits plan_limits(const Plan *self, Draws *draws);

/* generate_number.c */
Generate generate_bool, generate_integer, generate_f32, generate_f64, generate_char;
/* The code point that choice `index` stands for, and back: letters first. */
uint32_t char_at(uint64_t index);
uint64_t char_index(uint32_t point);
enum { CHAR_COUNT = 0x110000 - 0x800 };
/* A new char for a text, as a choice. */
uint64_t fresh_char(Draws *draws);
/* Now and then, a text of the module's or the specification's for a new string, or one of their numbers
 * written out. */
bool harvested_text(Draws *draws, Str *text);
/* One of their texts; empty where they have none. */
Str harvested_words(Draws *draws);
/* How long a new list or string is to be. */
uint64_t fresh_length(Draws *draws, const Limits *limits, uint32_t weight);

#endif
