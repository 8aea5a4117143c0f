/* Operators at each type: small functions that the checker picks from tables, so that nothing is decided when
 * they run. Integers wrap at their own width; floats follow IEEE 754. */
#include <math.h>

#include "spec/ast.h"

/* INTEGER(kind, C type, widening type): values hold signed integers sign-extended, unsigned zero-extended. */
#define INTEGERS(X)          \
  X(S8, int8_t, int64_t)     \
  X(U8, uint8_t, uint64_t)   \
  X(S16, int16_t, int64_t)   \
  X(U16, uint16_t, uint64_t) \
  X(S32, int32_t, int64_t)   \
  X(U32, uint32_t, uint64_t) \
  X(S64, int64_t, int64_t)   \
  X(U64, uint64_t, uint64_t)

#define LEFT evaluate(machine, self->args[0], slots)
#define RIGHT evaluate(machine, self->args[1], slots)

/* Wraps a 64-bit result to the type's width. */
#define WRAP(T, W, number) value_u64((uint64_t)(W)(T)(number))

#define INTEGER_WRAPPING(name, op, K, T, W)                                 \
  static Value name##_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                         \
    uint64_t left = LEFT.bits, right = RIGHT.bits;                          \
    return WRAP(T, W, left op right);                                       \
  }

static _Noreturn void divided_by_zero(Machine *machine, const Expr *self)
{
  machine_fail(machine, FAILURE_SCRIPT, self->span, "the specification divides by zero");
}

/* The smallest number divided by −1 wraps to itself; C leaves that undefined. */
#define INTEGER_DIVIDE(K, T, W)                                                \
  static Value divide_##K(Machine *machine, const Expr *self, Value *slots)    \
  {                                                                            \
    W left = (W)LEFT.bits, right = (W)RIGHT.bits;                              \
    if (right == 0) divided_by_zero(machine, self);                            \
    if (right == (W)-1 && (W)-1 < 1) return WRAP(T, W, 0 - (uint64_t)left);    \
    return WRAP(T, W, left / right);                                           \
  }                                                                            \
  static Value remainder_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                            \
    W left = (W)LEFT.bits, right = (W)RIGHT.bits;                              \
    if (right == 0) divided_by_zero(machine, self);                            \
    if (right == (W)-1 && (W)-1 < 1) return value_u64(0);                      \
    return WRAP(T, W, left % right);                                           \
  }

static unsigned shift_amount(Machine *machine, const Expr *self, Value by, unsigned width)
{
  if (by.bits >= width)
    machine_fail(machine, FAILURE_SCRIPT, self->span, "the specification shifts %u bits by %lld", width,
                 (long long)by.bits);
  return (unsigned)by.bits;
}

#define INTEGER_SHIFT(K, T, W)                                                   \
  static Value shift_left_##K(Machine *machine, const Expr *self, Value *slots)  \
  {                                                                              \
    uint64_t left = LEFT.bits;                                                   \
    unsigned by = shift_amount(machine, self, RIGHT, 8 * sizeof(T));             \
    return WRAP(T, W, left << by);                                               \
  }                                                                              \
  static Value shift_right_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                              \
    W left = (W)LEFT.bits;                                                       \
    unsigned by = shift_amount(machine, self, RIGHT, 8 * sizeof(T));             \
    return WRAP(T, W, left >> by);                                               \
  }

#define INTEGER_NEGATE(K, T, W)                                             \
  static Value negate_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                         \
    return WRAP(T, W, 0 - LEFT.bits);                                       \
  }

#define INTEGER_OPERATORS(K, T, W)       \
  INTEGER_WRAPPING(add, +, K, T, W)      \
  INTEGER_WRAPPING(subtract, -, K, T, W) \
  INTEGER_WRAPPING(multiply, *, K, T, W) \
  INTEGER_DIVIDE(K, T, W)                \
  INTEGER_SHIFT(K, T, W)
INTEGERS(INTEGER_OPERATORS)
INTEGER_NEGATE(S8, int8_t, int64_t)
INTEGER_NEGATE(S16, int16_t, int64_t)
INTEGER_NEGATE(S32, int32_t, int64_t)
INTEGER_NEGATE(S64, int64_t, int64_t)

/* Bits of canonical values stay canonical under these, at any width; flags have them too. */
#define BITWISE(name, op)                                             \
  static Value name(Machine *machine, const Expr *self, Value *slots) \
  {                                                                   \
    uint64_t left = LEFT.bits, right = RIGHT.bits;                    \
    return value_u64(left op right);                                  \
  }
BITWISE(bit_and, &)
BITWISE(bit_or, |)
BITWISE(bit_xor, ^)

#define FLOAT_OPERATOR(name, K, T, get, make, result)                       \
  static Value name##_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                         \
    T left = get(LEFT), right = get(RIGHT);                                 \
    return make(result);                                                    \
  }
#define FLOAT_OPERATORS(K, T, get, make, mod)                               \
  FLOAT_OPERATOR(add, K, T, get, make, left + right)                        \
  FLOAT_OPERATOR(subtract, K, T, get, make, left - right)                   \
  FLOAT_OPERATOR(multiply, K, T, get, make, left *right)                    \
  FLOAT_OPERATOR(divide, K, T, get, make, left / right)                     \
  FLOAT_OPERATOR(remainder, K, T, get, make, mod(left, right))              \
  FLOAT_OPERATOR(less, K, T, get, value_bool, left < right)                 \
  FLOAT_OPERATOR(less_equal, K, T, get, value_bool, left <= right)          \
  FLOAT_OPERATOR(greater, K, T, get, value_bool, left > right)              \
  FLOAT_OPERATOR(greater_equal, K, T, get, value_bool, left >= right)       \
  static Value negate_##K(Machine *machine, const Expr *self, Value *slots) \
  {                                                                         \
    return make(-get(LEFT));                                                \
  }
FLOAT_OPERATORS(F32, float, value_as_f32, value_f32, fmodf)
FLOAT_OPERATORS(F64, double, value_as_f64, value_f64, fmod)

/* --- comparisons */

#define SCALAR_ORDER(name, W, op)                                     \
  static Value name(Machine *machine, const Expr *self, Value *slots) \
  {                                                                   \
    W left = (W)LEFT.bits, right = (W)RIGHT.bits;                     \
    return value_bool(left op right);                                 \
  }
#define SCALAR_ORDERS(suffix, W)           \
  SCALAR_ORDER(less_##suffix, W, <)        \
  SCALAR_ORDER(less_equal_##suffix, W, <=) \
  SCALAR_ORDER(greater_##suffix, W, >)     \
  SCALAR_ORDER(greater_equal_##suffix, W, >=)
SCALAR_ORDERS(signed, int64_t)
SCALAR_ORDERS(unsigned, uint64_t)
SCALAR_ORDER(equal_bits, uint64_t, ==)
SCALAR_ORDER(not_equal_bits, uint64_t, !=)

#define VALUE_ORDER(name, test)                                       \
  static Value name(Machine *machine, const Expr *self, Value *slots) \
  {                                                                   \
    Value left = LEFT, right = RIGHT;                                 \
    return value_bool(test);                                          \
  }
VALUE_ORDER(equal_value, value_equal(self->list, left, right))
VALUE_ORDER(not_equal_value, !value_equal(self->list, left, right))
VALUE_ORDER(less_value, value_compare(self->list, left, right) < 0)
VALUE_ORDER(less_equal_value, value_compare(self->list, left, right) <= 0)
VALUE_ORDER(greater_value, value_compare(self->list, left, right) > 0)
VALUE_ORDER(greater_equal_value, value_compare(self->list, left, right) >= 0)

bool value_less(const Type *type, Value a, Value b)
{
  if (type->kind == TYPE_F64) return value_as_f64(a) < value_as_f64(b);
  if (type->kind == TYPE_F32) return value_as_f32(a) < value_as_f32(b);
  return value_compare(type, a, b) < 0;
}

bool value_at_most(const Type *type, Value a, Value b)
{
  if (type->kind == TYPE_F64) return value_as_f64(a) <= value_as_f64(b);
  if (type->kind == TYPE_F32) return value_as_f32(a) <= value_as_f32(b);
  return value_compare(type, a, b) <= 0;
}

/* --- logic */

static Value logic_and(Machine *machine, const Expr *self, Value *slots)
{
  return value_bool(LEFT.bits && RIGHT.bits);
}

static Value logic_or(Machine *machine, const Expr *self, Value *slots)
{
  return value_bool(LEFT.bits || RIGHT.bits);
}

Value evaluate_not(Machine *machine, const Expr *self, Value *slots)
{
  return value_bool(!LEFT.bits);
}

/* --- tables */

#define ENTRY(K, T, W, name) [TYPE_##K] = name##_##K,
#define ADD_ENTRY(K, T, W) ENTRY(K, T, W, add)
#define SUBTRACT_ENTRY(K, T, W) ENTRY(K, T, W, subtract)
#define MULTIPLY_ENTRY(K, T, W) ENTRY(K, T, W, multiply)
#define DIVIDE_ENTRY(K, T, W) ENTRY(K, T, W, divide)
#define REMAINDER_ENTRY(K, T, W) ENTRY(K, T, W, remainder)
#define SHIFT_LEFT_ENTRY(K, T, W) ENTRY(K, T, W, shift_left)
#define SHIFT_RIGHT_ENTRY(K, T, W) ENTRY(K, T, W, shift_right)
#define FLOAT_ENTRIES(name) [TYPE_F32] = name##_F32, [TYPE_F64] = name##_F64

#define AND_ENTRY(K, T, W) [TYPE_##K] = bit_and,
#define OR_ENTRY(K, T, W) [TYPE_##K] = bit_or,
#define XOR_ENTRY(K, T, W) [TYPE_##K] = bit_xor,

/* Integers and chars compare as 64-bit numbers, by their sign. */
#define ORDER_ENTRIES(name)                                                                  \
  [TYPE_S8] = name##_signed, [TYPE_S16] = name##_signed, [TYPE_S32] = name##_signed,         \
  [TYPE_S64] = name##_signed, [TYPE_U8] = name##_unsigned, [TYPE_U16] = name##_unsigned,     \
  [TYPE_U32] = name##_unsigned, [TYPE_U64] = name##_unsigned, [TYPE_CHAR] = name##_unsigned, \
  [TYPE_BOOL] = name##_unsigned, FLOAT_ENTRIES(name)
#define EQUAL_ENTRIES(name)                                                                        \
  [TYPE_S8] = name, [TYPE_S16] = name, [TYPE_S32] = name, [TYPE_S64] = name, [TYPE_U8] = name,     \
  [TYPE_U16] = name, [TYPE_U32] = name, [TYPE_U64] = name, [TYPE_CHAR] = name, [TYPE_BOOL] = name, \
  [TYPE_FLAGS] = name

static Evaluate *const EVALUATORS[OPERATOR_COUNT][TYPE_KIND_COUNT] = {
    [OP_OR] = {[TYPE_BOOL] = logic_or},
    [OP_AND] = {[TYPE_BOOL] = logic_and},
    [OP_EQUAL] = {EQUAL_ENTRIES(equal_bits)},
    [OP_NOT_EQUAL] = {EQUAL_ENTRIES(not_equal_bits)},
    [OP_LESS] = {ORDER_ENTRIES(less)},
    [OP_LESS_EQUAL] = {ORDER_ENTRIES(less_equal)},
    [OP_GREATER] = {ORDER_ENTRIES(greater)},
    [OP_GREATER_EQUAL] = {ORDER_ENTRIES(greater_equal)},
    [OP_BIT_OR] = {INTEGERS(OR_ENTRY)[TYPE_FLAGS] = bit_or},
    [OP_BIT_XOR] = {INTEGERS(XOR_ENTRY)[TYPE_FLAGS] = bit_xor},
    [OP_BIT_AND] = {INTEGERS(AND_ENTRY)[TYPE_FLAGS] = bit_and},
    [OP_SHIFT_LEFT] = {INTEGERS(SHIFT_LEFT_ENTRY)},
    [OP_SHIFT_RIGHT] = {INTEGERS(SHIFT_RIGHT_ENTRY)},
    [OP_ADD] = {INTEGERS(ADD_ENTRY) FLOAT_ENTRIES(add)},
    [OP_SUBTRACT] = {INTEGERS(SUBTRACT_ENTRY) FLOAT_ENTRIES(subtract)},
    [OP_MULTIPLY] = {INTEGERS(MULTIPLY_ENTRY) FLOAT_ENTRIES(multiply)},
    [OP_DIVIDE] = {INTEGERS(DIVIDE_ENTRY) FLOAT_ENTRIES(divide)},
    [OP_REMAINDER] = {INTEGERS(REMAINDER_ENTRY) FLOAT_ENTRIES(remainder)},
};

/* What the other types have: the order of values. */
static Evaluate *const VALUE_EVALUATORS[OPERATOR_COUNT] = {
    [OP_EQUAL] = equal_value,     [OP_NOT_EQUAL] = not_equal_value,
    [OP_LESS] = less_value,       [OP_LESS_EQUAL] = less_equal_value,
    [OP_GREATER] = greater_value, [OP_GREATER_EQUAL] = greater_equal_value,
};

Evaluate *operator_evaluator(Operator op, const Type *type)
{
  Evaluate *at_type = EVALUATORS[op][type->kind];
  return at_type ? at_type : VALUE_EVALUATORS[op];
}

Evaluate *negate_evaluator(const Type *type)
{
  switch (type->kind) {
  case TYPE_S8: return negate_S8;
  case TYPE_S16: return negate_S16;
  case TYPE_S32: return negate_S32;
  case TYPE_S64: return negate_S64;
  case TYPE_F32: return negate_F32;
  case TYPE_F64: return negate_F64;
  default: return NULL;
  }
}

static const struct {
  const char *text;
  OperatorClass class;
} OPERATORS[] = {
#define OPERATOR(kind, token, level, class) {#kind, OP_##class},
#include "spec/operators.def"
};

OperatorClass operator_class(Operator op)
{
  return OPERATORS[op].class;
}

Str operator_text(Operator op)
{
  static const TokenKind tokens[] = {
#define OPERATOR(kind, token, level, class) TOKEN_##token,
#include "spec/operators.def"
  };
  if (op == OP_SHIFT_RIGHT) return STR(">>");
  Str quoted = token_kind_text(tokens[op]);
  return str_slice(quoted, 1, quoted.len - 1);
}

/* --- ~= and in */

static bool near_numbers(double a, double b, double tolerance)
{
  if (a == b || (isnan(a) && isnan(b))) return true;
  if (tolerance >= 0) return fabs(a - b) <= tolerance;
  double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
  return isfinite(size) && fabs(a - b) <= 1e-9 * (size > 1 ? size : 1);
}

/* Floats are near; everything else is equal. A negative tolerance stands for the usual, relative one. */
static bool near_values(Machine *machine, const Type *type, Value a, Value b, double tolerance);

static bool near_scalars(const Type *type, Value a, Value b, double tolerance)
{
  if (type->kind == TYPE_F64) return near_numbers(value_as_f64(a), value_as_f64(b), tolerance);
  if (type->kind == TYPE_F32) return near_numbers(value_as_f32(a), value_as_f32(b), tolerance);
  return value_equal(type, a, b);
}

static bool near_lists(Machine *machine, const Type *type, Value a, Value b, double tolerance)
{
  if (a.count != b.count) return false;
  for (uint32_t i = 0; i < a.count; i++)
    if (!near_values(machine, type->element, value_list_at(type, a, i), value_list_at(type, b, i), tolerance))
      return false;
  return true;
}

static bool near_fields(Machine *machine, const Type *type, Value a, Value b, double tolerance)
{
  for (uint32_t i = 0; i < type->count; i++)
    if (!near_values(machine, type->fields[i].type, a.items[i], b.items[i], tolerance)) return false;
  return true;
}

static bool near_cases(Machine *machine, const Type *type, Value a, Value b, double tolerance)
{
  const Type *payload = value_payload_type(type, a);
  return a.tag == b.tag && (!payload || near_values(machine, payload, a.items[0], b.items[0], tolerance));
}

static bool near_values(Machine *machine, const Type *type, Value a, Value b, double tolerance)
{
  switch (value_shape(type)) {
  case VALUE_LIST: return near_lists(machine, type, a, b, tolerance);
  case VALUE_MAP:
    return near_lists(machine, type, value_map_sorted(machine->arena, type, a),
                      value_map_sorted(machine->arena, type, b), tolerance);
  case VALUE_FIELDS: return near_fields(machine, type, a, b, tolerance);
  case VALUE_CASE: return near_cases(machine, type, a, b, tolerance);
  case VALUE_NUMBER:
  case VALUE_STRING:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: return near_scalars(type, a, b, tolerance);
  }
  return false;
}

Value evaluate_near(Machine *machine, const Expr *self, Value *slots)
{
  Value left = LEFT, right = RIGHT;
  double tolerance = self->count > 2 ? value_as_f64(evaluate(machine, self->args[2], slots)) : -1;
  if (self->count > 2 && !(tolerance >= 0))
    machine_fail(machine, FAILURE_SCRIPT, self->args[2]->span, "a tolerance is not negative");
  return value_bool(near_values(machine, self->list, left, right, tolerance));
}

Value evaluate_in_range(Machine *machine, const Expr *self, Value *slots)
{
  const Domain *domain = self->domain;
  Value value = LEFT;
  if (!value_at_most(domain->element, evaluate(machine, domain->low, slots), value)) return value_bool(false);
  Value high = evaluate(machine, domain->high, slots);
  return value_bool(domain->closed ? value_at_most(domain->element, value, high)
                                   : value_less(domain->element, value, high));
}

Value evaluate_in_list(Machine *machine, const Expr *self, Value *slots)
{
  const Type *type = self->domain->list_type;
  Value value = LEFT, list = evaluate(machine, self->domain->list, slots);
  machine_step(machine, self, list.count);
  if (type->kind == TYPE_MAP) return value_bool(value_map_find(type, list, value) != NULL);
  for (uint32_t i = 0; i < list.count; i++)
    if (value_equal(type->element, value, value_list_at(type, list, i))) return value_bool(true);
  return value_bool(false);
}
