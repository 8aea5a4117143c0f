/* Making plans: one for each type, narrowed by the conditions of a where clause. */
#include "spec/plan.h"

#include <math.h>

#include "ifc/base/map.h"
#include "ifc/base/vec.h"

/* --- limits */

enum { LENGTH_MAX = 1 << 15 };

Limits limits_of(const Type *type)
{
  Limits limits = {.real_low = -INFINITY, .real_high = INFINITY};
  unsigned width = 8 * (unsigned)type_primitive_size(type);
  if (type->kind == TYPE_CHAR) {
    limits.high = 0x10ffff;
  } else if (type_is_integer(type) && type_is_signed(type)) {
    limits.high = (UINT64_C(1) << (width - 1)) - 1;
    limits.low = ~limits.high;
  } else if (type_is_integer(type)) {
    limits.high = UINT64_MAX >> (64 - width);
  } else if (type->kind == TYPE_FIXED_LIST) {
    limits.low = limits.high = type->count;
  } else {
    limits.high = LENGTH_MAX;
  }
  return limits;
}

static bool less(bool is_signed, uint64_t a, uint64_t b)
{
  return is_signed ? (int64_t)a < (int64_t)b : a < b;
}

static void narrow_integer(Limits *self, bool is_signed, Operator relation, uint64_t bound)
{
  bool raises = relation == OP_GREATER || relation == OP_GREATER_EQUAL || relation == OP_EQUAL;
  bool lowers = relation == OP_LESS || relation == OP_LESS_EQUAL || relation == OP_EQUAL;
  /* The bound itself is out: step inside, unless there is nothing inside. */
  if (relation == OP_GREATER && !less(is_signed, bound, self->high)) self->is_empty = true;
  if (relation == OP_LESS && !less(is_signed, self->low, bound)) self->is_empty = true;
  if (self->is_empty) return;
  if (relation == OP_GREATER) bound++;
  if (relation == OP_LESS) bound--;
  if (raises && less(is_signed, self->low, bound)) self->low = bound;
  if (lowers && less(is_signed, bound, self->high)) self->high = bound;
  if (less(is_signed, self->high, self->low)) self->is_empty = true;
}

/* The next number of the type's own precision. */
static double step(const Type *type, double number, double towards)
{
  return type->kind == TYPE_F32 ? (double)nextafterf((float)number, (float)towards)
                                : nextafter(number, towards);
}

static void narrow_float(Limits *self, const Type *type, Operator relation, double bound)
{
  bool raises = relation == OP_GREATER || relation == OP_GREATER_EQUAL;
  bool at_end = (relation == OP_GREATER && bound == INFINITY) || (relation == OP_LESS && bound == -INFINITY);
  self->is_real_bounded = true;
  if (isnan(bound) || at_end) {
    self->is_empty = true;
    return;
  }
  if (relation == OP_GREATER) bound = step(type, bound, INFINITY);
  if (relation == OP_LESS) bound = step(type, bound, -INFINITY);
  if (raises && bound > self->real_low) self->real_low = bound;
  if (!raises && bound < self->real_high) self->real_high = bound;
  if (self->real_low > self->real_high) self->is_empty = true;
}

void limits_narrow(Limits *self, const Type *type, Operator relation, Value bound)
{
  /* Lengths are s64 in conditions; the limits' own are not negative. */
  bool has_length = type->kind == TYPE_STRING || type->kind == TYPE_LIST;
  if (type->kind == TYPE_F64)
    narrow_float(self, type, relation, value_as_f64(bound));
  else if (type->kind == TYPE_F32)
    narrow_float(self, type, relation, (double)value_as_f32(bound));
  else
    narrow_integer(self, has_length || type_is_signed(type), relation, bound.bits);
}

Limits plan_limits(const Plan *self, Draws *draws)
{
  Limits limits = self->limits;
  for (size_t i = 0; i < self->bounds.len; i++) {
    const Bound *bound = &self->bounds.at[i];
    limits_narrow(&limits, self->type, bound->relation, evaluate(draws->machine, bound->expr, draws->slots));
  }
  return limits;
}

/* --- plans of types */

typedef struct Planner {
  Arena *arena;
  Test *law;
  Map *plans; /* by the type's address: types share parts, and so do their plans */
  PlanLabels *labels;
  uint64_t *needs; /* by parameter: the others that its bounds need, as bits */
} Planner;

static uint32_t label_of(Planner *self, const Type *type)
{
  for (uint32_t i = 0; i < self->labels->len; i++)
    if (type_equal(self->labels->at[i], type)) return i;
  vec_push(self->arena, self->labels, type);
  return (uint32_t)self->labels->len - 1;
}

static uint32_t part_count(const Type *type)
{
  switch (value_shape(type)) {
  case VALUE_LIST:
  case VALUE_MAP: return 1;
  case VALUE_FIELDS: return type->count;
  case VALUE_CASE: return type->kind == TYPE_VARIANT ? type->count : type->kind == TYPE_RESULT ? 2 : 1;
  case VALUE_NUMBER:
  case VALUE_STRING:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: return 0;
  }
  return 0;
}

static const Type *part_type(const Type *type, uint32_t index)
{
  if (type->kind == TYPE_RESULT) return index ? type->error : type->element;
  return type->fields ? type->fields[index].type : type->element;
}

static uint32_t at_most_all(uint64_t choices)
{
  return choices < CHOICES_MAX ? (uint32_t)choices : CHOICES_MAX;
}

static void weigh(Plan *plan, uint32_t count)
{
  bool is_fixed = plan->type->kind == TYPE_FIXED_LIST;
  bool all_come = is_fixed || value_shape(plan->type) == VALUE_FIELDS;
  uint64_t weight = 1, least = all_come ? 0 : 1, times = is_fixed ? plan->type->count : 1;
  for (uint32_t i = 0; i < count; i++) {
    if (!plan->parts[i]) continue;
    weight += times * plan->parts[i]->weight;
    if (all_come) least += times * plan->parts[i]->least;
  }
  plan->weight = at_most_all(weight);
  plan->least = at_most_all(least);
}

static Plan *plan_of(Planner *self, const Type *type)
{
  struct Key {
    const Type *type;
  } *key = arena_new_of(self->arena, struct Key);
  key->type = type;
  Str name = {(const char *)key, sizeof *key};
  Plan *known = map_get(self->plans, name);
  if (known) return known;
  Plan *plan = arena_new_of(self->arena, Plan);
  *plan = (Plan){.generate = plan_generator(type), .type = type, .limits = limits_of(type)};
  plan->label = label_of(self, type);
  map_put(self->plans, name, plan);
  uint32_t count = part_count(type);
  plan->parts = count ? arena_array_of(self->arena, Plan *, count) : NULL;
  for (uint32_t i = 0; i < count; i++)
    if (part_type(type, i)) plan->parts[i] = plan_of(self, part_type(type, i));
  weigh(plan, count);
  return plan;
}

bool plans_fit(const Test *law)
{
  uint64_t least = 0;
  for (size_t i = 0; i < law->params.len; i++) least += law->plans[i]->least;
  return least < CHOICES_MAX;
}

/* --- conditions */

/* The parameters that an expression reads, as bits. */
static uint64_t params_read(const Test *law, const Expr *expr)
{
  uint64_t read = 0;
  if (expr->evaluate == evaluate_name && expr->slot < law->params.len) read = UINT64_C(1) << expr->slot;
  if (expr->kind == EXPR_FLAGS) return 0;
  for (uint32_t i = 0; i < expr->count; i++) read |= params_read(law, expr->args[i]);
  for (uint32_t i = 0; i < expr->arm_count; i++) read |= params_read(law, expr->arms[i].body);
  const Domain *domain = expr->domain;
  if (domain && domain->list) read |= params_read(law, domain->list);
  if (domain && domain->low) read |= params_read(law, domain->low) | params_read(law, domain->high);
  return read;
}

/* Does an operation's condition read what its sequence has bound? */
static bool reads_state(const Test *law, const Expr *expr)
{
  size_t first = law->params.len, end = first + law->shared_count;
  bool read = expr->evaluate == evaluate_name && expr->slot >= first && expr->slot < end;
  for (uint32_t i = 0; expr->kind != EXPR_FLAGS && i < expr->count; i++)
    read = read || reads_state(law, expr->args[i]);
  for (uint32_t i = 0; i < expr->arm_count; i++) read = read || reads_state(law, expr->arms[i].body);
  const Domain *domain = expr->domain;
  if (domain && domain->list) read = read || reads_state(law, domain->list);
  if (domain && domain->low) read = read || reads_state(law, domain->low) || reads_state(law, domain->high);
  return read;
}

/* param ('.' field)*, of records and tuples. */
static const Expr *path_root(const Expr *path)
{
  while (path->kind == EXPR_FIELD && path->args[0]->type->kind != TYPE_FLAGS) path = path->args[0];
  return path->kind == EXPR_NAME && path->evaluate == evaluate_name ? path : NULL;
}

/* The plan of what a path names, private to this parameter from its root on. */
static Plan *path_plan(Planner *self, const Expr *path)
{
  Plan **place;
  if (path->kind == EXPR_NAME) {
    place = &self->law->plans[path->slot];
  } else {
    Plan *of = path_plan(self, path->args[0]);
    place = &of->parts[path->slot];
  }
  Plan *copy = arena_new_of(self->arena, Plan);
  *copy = **place;
  uint32_t count = part_count(copy->type);
  if (count) {
    copy->parts = arena_array_of(self->arena, Plan *, count);
    memcpy(copy->parts, (*place)->parts, count * sizeof *copy->parts);
  }
  copy->bounds.cap = copy->bounds.len; /* so that the next push does not write into the original's */
  *place = copy;
  return copy;
}

/* Does the expression call library function `name` with one argument? */
static bool is_length_of(const Expr *expr)
{
  return expr->kind == EXPR_CALL && expr->count == 1 && expr->library == library_find(STR("len")) &&
         expr->evaluate == library_evaluator(expr->library);
}

/* What a condition is about: a path whose value, or whose length, is bounded. */
static const Expr *subject_path(const Test *law, const Expr *subject)
{
  const Expr *path = is_length_of(subject) ? subject->args[0] : subject;
  const Expr *root = path_root(path);
  if (!root || root->slot >= law->params.len) return NULL;
  /* How many keys a map has is known only when it is made, and some lengths are what they are. */
  if (path->type->kind == TYPE_MAP || path->type->kind == TYPE_FIXED_LIST) return NULL;
  bool number = type_is_integer(path->type) || path->type->kind == TYPE_F64 || path->type->kind == TYPE_F32 ||
                path->type->kind == TYPE_CHAR;
  return path == subject ? (number ? path : NULL) : path;
}

/* Could the parameter be generated after those that it needs? Not when they need it, by whatever way. */
static bool fits_order(const Planner *self, uint32_t param, uint64_t needs)
{
  uint64_t reached = needs;
  for (size_t round = 0; round < self->law->params.len; round++)
    for (uint32_t i = 0; i < self->law->params.len; i++)
      if (reached >> i & 1) reached |= self->needs[i];
  return !(reached >> param & 1);
}

/* Narrows what `subject` names by `subject RELATION bound`. False: it has to be asked of each case. */
static bool take_bound(Planner *self, const Expr *subject, Operator relation, Expr *bound)
{
  const Expr *path = subject_path(self->law, subject);
  if (!path) return false;
  bool is_float = path == subject && !type_is_integer(path->type) && path->type->kind != TYPE_CHAR;
  if (is_float && relation == OP_EQUAL) return false; /* it asks for bits, bounds are of numbers */
  uint32_t param = path_root(path)->slot;
  uint64_t needs = params_read(self->law, bound);
  if (needs == 0 && !reads_state(self->law, bound)) {
    Machine machine = {.arena = self->arena, .fuel = 100000};
    Value *slots = arena_array_of(self->arena, Value, self->law->slot_count);
    Value value;
    if (!expr_evaluate(&machine, bound, slots, &value)) return false;
    Plan *plan = path_plan(self, path);
    limits_narrow(&plan->limits, plan->type, relation, value);
    return true;
  }
  if (!fits_order(self, param, needs)) return false;
  self->needs[param] |= needs;
  Plan *plan = path_plan(self, path);
  vec_push(self->arena, &plan->bounds, (Bound){relation, bound});
  return true;
}

static Operator mirrored(Operator relation)
{
  switch (relation) {
  case OP_LESS: return OP_GREATER;
  case OP_LESS_EQUAL: return OP_GREATER_EQUAL;
  case OP_GREATER: return OP_LESS;
  case OP_GREATER_EQUAL: return OP_LESS_EQUAL;
  default: return relation;
  }
}

static bool take_condition(Planner *self, Expr *condition)
{
  if (condition->kind == EXPR_IN && condition->domain->low) {
    const Domain *domain = condition->domain;
    bool low = take_bound(self, condition->args[0], OP_GREATER_EQUAL, domain->low);
    bool high = take_bound(self, condition->args[0], domain->closed ? OP_LESS_EQUAL : OP_LESS, domain->high);
    return low && high;
  }
  if (condition->kind != EXPR_BINARY) return false;
  Operator op = (Operator)condition->op;
  if (op == OP_AND) {
    bool left = take_condition(self, condition->args[0]);
    return take_condition(self, condition->args[1]) && left;
  }
  if (operator_class(op) != OP_ORDER || op == OP_NOT_EQUAL) return false;
  if (take_bound(self, condition->args[0], op, condition->args[1])) return true;
  return take_bound(self, condition->args[1], mirrored(op), condition->args[0]);
}

/* Parameters whose bounds need others come after them. */
static void order_params(Planner *self)
{
  Test *law = self->law;
  uint64_t done = 0;
  for (size_t placed = 0; placed < law->params.len;)
    for (uint32_t i = 0; i < law->params.len; i++) {
      if (done >> i & 1 || self->needs[i] & ~done) continue;
      law->order[placed++] = i;
      done |= UINT64_C(1) << i;
    }
}

enum { ORDERED_MAX = 64 };

void plans_make(Arena *arena, Test *law, PlanLabels *labels)
{
  Planner self = {.arena = arena, .law = law, .labels = labels, .plans = map_new(arena)};
  size_t count = law->params.len;
  self.needs = arena_array_of(arena, uint64_t, count);
  law->plans = arena_array_of(arena, Plan *, count);
  law->order = arena_array_of(arena, uint32_t, count);
  for (size_t i = 0; i < count; i++) law->plans[i] = plan_of(&self, law->params.at[i].type);
  for (uint32_t i = 0; i < count; i++) law->order[i] = i;
  if (count > ORDERED_MAX) return; /* the conditions are asked instead */
  for (size_t i = 0; i < law->conditions.len; i++)
    law->conditions.at[i].generated = take_condition(&self, law->conditions.at[i].expr);
  order_params(&self);
}

bool plans_generate(const Test *law, Draws *draws)
{
  for (size_t i = 0; i < law->params.len && !draws->stopped; i++) {
    const Plan *plan = law->plans[law->order[i]];
    draws->slots[law->order[i]] = plan->generate(plan, draws);
  }
  return !draws->stopped;
}
