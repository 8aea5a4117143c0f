/* The library functions' work. Each takes from the fuel what it touches. */
#include <math.h>

#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "spec/library.h"

static Value argument(Machine *machine, const Expr *self, Value *slots, uint32_t index)
{
  return evaluate(machine, self->args[index], slots);
}

/* Bytes of one element as it lies in a list's or string's memory. */
static size_t unit_size(const Type *sequence)
{
  if (sequence->kind == TYPE_STRING) return 1;
  return value_is_packed(sequence) ? type_primitive_size(sequence->element) : sizeof(Value);
}

/* A list's or string's memory: the union's members are all pointers to it. */
static const char *memory_of(Value value)
{
  return value.text;
}

enum { COUNT_MAX = 1 << 28 };

/* Room for a list or string of `count` elements; they cost fuel. */
static char *make_room(Machine *machine, const Expr *self, uint64_t count)
{
  machine_step(machine, self, count + 1);
  if (count > COUNT_MAX)
    machine_fail(machine, FAILURE_FUEL, self->span, "the specification makes a list that is too long");
  return arena_alloc_raw(machine->arena, count * unit_size(self->list));
}

Value evaluate_len(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  if (self->list->kind != TYPE_MAP) return value_u64(value.count);
  machine_step(machine, self, value.count);
  return value_u64(value_map_sorted(machine->arena, self->list, value).count);
}

static Value join(Machine *machine, const Expr *self, const Value *parts, size_t part_count)
{
  uint64_t count = 0;
  for (size_t i = 0; i < part_count; i++) count += parts[i].count;
  size_t size = unit_size(self->list), used = 0;
  char *memory = make_room(machine, self, count);
  for (size_t i = 0; i < part_count; i++) {
    if (parts[i].count) memcpy(memory + used, memory_of(parts[i]), parts[i].count * size);
    used += parts[i].count * size;
  }
  return (Value){.text = memory, .count = (uint32_t)count};
}

Value evaluate_concat(Machine *machine, const Expr *self, Value *slots)
{
  if (self->count == 1) {
    Value list = argument(machine, self, slots, 0);
    machine_step(machine, self, list.count);
    return join(machine, self, list.items, list.count);
  }
  Value *parts = arena_alloc_raw(machine->arena, self->count * sizeof *parts);
  for (uint32_t i = 0; i < self->count; i++) parts[i] = argument(machine, self, slots, i);
  return join(machine, self, parts, self->count);
}

static bool is_inside_char(Value text, uint64_t at)
{
  return at < text.count && ((unsigned char)text.text[at] & 0xc0) == 0x80;
}

Value evaluate_slice(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  uint64_t from = argument(machine, self, slots, 1).bits, to = argument(machine, self, slots, 2).bits;
  if (from > to || to > value.count)
    machine_fail(machine, FAILURE_SCRIPT, self->span, "there is no slice from %lld to %lld of %u elements",
                 (long long)from, (long long)to, value.count);
  if (self->list->kind == TYPE_STRING && (is_inside_char(value, from) || is_inside_char(value, to)))
    machine_fail(machine, FAILURE_SCRIPT, self->span, "the slice from %lld to %lld cuts through a character",
                 (long long)from, (long long)to);
  if (from == to) return (Value){0};
  return (Value){.text = memory_of(value) + from * unit_size(self->list), .count = (uint32_t)(to - from)};
}

Value evaluate_repeat(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  int64_t times = (int64_t)argument(machine, self, slots, 1).bits;
  if (times < 0)
    machine_fail(machine, FAILURE_SCRIPT, self->span, "nothing is repeated %lld times", (long long)times);
  if (value.count && (uint64_t)times > COUNT_MAX / value.count)
    machine_fail(machine, FAILURE_FUEL, self->span, "the specification makes a list that is too long");
  uint64_t count = (uint64_t)times * value.count;
  char *memory = make_room(machine, self, count);
  size_t bytes = value.count * unit_size(self->list);
  for (int64_t i = 0; bytes && i < times; i++) memcpy(memory + (size_t)i * bytes, memory_of(value), bytes);
  return (Value){.text = memory, .count = (uint32_t)count};
}

Value evaluate_reverse(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  size_t size = unit_size(self->list);
  char *memory = make_room(machine, self, value.count);
  const char *source = memory_of(value);
  for (size_t i = 0; i < value.count; i++)
    memcpy(memory + i * size, source + (value.count - 1 - i) * size, size);
  return (Value){.text = memory, .count = value.count};
}

/* --- order */

static Value *list_values(Machine *machine, const Expr *self, Value list)
{
  machine_step(machine, self, list.count);
  Value *values = arena_alloc_raw(machine->arena, ((size_t)list.count + 1) * sizeof *values);
  for (uint32_t i = 0; i < list.count; i++) values[i] = value_list_at(self->list, list, i);
  return values;
}

static void insertion_sort(const Type *type, Value *values, size_t count)
{
  for (size_t i = 1; i < count; i++) {
    Value value = values[i];
    size_t at = i;
    for (; at > 0 && value_compare(type, values[at - 1], value) > 0; at--) values[at] = values[at - 1];
    values[at] = value;
  }
}

void values_sort(const Type *type, Value *values, Value *scratch, size_t count)
{
  if (count <= 12) {
    insertion_sort(type, values, count);
    return;
  }
  size_t half = count / 2, left = 0, right = half;
  values_sort(type, values, scratch, half);
  values_sort(type, values + half, scratch, count - half);
  memcpy(scratch, values, half * sizeof *values);
  for (size_t at = 0; left < half; at++) {
    bool from_right = right < count && value_compare(type, scratch[left], values[right]) > 0;
    values[at] = from_right ? values[right++] : scratch[left++];
  }
}

static Value *sorted_values(Machine *machine, const Expr *self, Value list)
{
  Value *values = list_values(machine, self, list);
  Value *scratch = arena_alloc_raw(machine->arena, ((size_t)list.count / 2 + 1) * sizeof *scratch);
  values_sort(self->list->element, values, scratch, list.count);
  return values;
}

Value evaluate_sort(Machine *machine, const Expr *self, Value *slots)
{
  Value list = argument(machine, self, slots, 0);
  return value_list(machine->arena, self->list, sorted_values(machine, self, list), list.count);
}

Value evaluate_is_sorted(Machine *machine, const Expr *self, Value *slots)
{
  Value list = argument(machine, self, slots, 0);
  const Type *element = self->list->element;
  machine_step(machine, self, list.count);
  for (uint32_t i = 1; i < list.count; i++)
    if (value_compare(element, value_list_at(self->list, list, i - 1), value_list_at(self->list, list, i)) >
        0)
      return value_bool(false);
  return value_bool(true);
}

Value evaluate_is_permutation(Machine *machine, const Expr *self, Value *slots)
{
  Value left = argument(machine, self, slots, 0), right = argument(machine, self, slots, 1);
  if (left.count != right.count) return value_bool(false);
  if (left.count <= 1) return value_bool(value_equal(self->list, left, right));
  const Value *a = sorted_values(machine, self, left), *b = sorted_values(machine, self, right);
  for (uint32_t i = 0; i < left.count; i++)
    if (!value_equal(self->list->element, a[i], b[i])) return value_bool(false);
  return value_bool(true);
}

/* --- membership */

Value evaluate_count(Machine *machine, const Expr *self, Value *slots)
{
  Value list = argument(machine, self, slots, 0), element = argument(machine, self, slots, 1);
  uint64_t count = 0;
  machine_step(machine, self, list.count);
  for (uint32_t i = 0; i < list.count; i++)
    count += value_equal(self->list->element, element, value_list_at(self->list, list, i));
  return value_u64(count);
}

Value evaluate_contains(Machine *machine, const Expr *self, Value *slots)
{
  if (self->list->kind != TYPE_STRING) return value_bool(evaluate_count(machine, self, slots).bits > 0);
  Str text = value_as_string(argument(machine, self, slots, 0));
  Str part = value_as_string(argument(machine, self, slots, 1));
  machine_step(machine, self, text.len);
  return value_bool(part.len == 0 || memmem(text.at, text.len, part.at, part.len) != NULL);
}

/* --- numbers */

/* An integer cut to the width of its type. */
static Value wrapped(const Type *type, uint64_t bits)
{
  unsigned unused = 64 - 8 * (unsigned)type_primitive_size(type);
  if (type_is_signed(type)) return value_s64((int64_t)(bits << unused) >> unused);
  return value_u64(bits << unused >> unused);
}

Value evaluate_sum(Machine *machine, const Expr *self, Value *slots)
{
  Value list = argument(machine, self, slots, 0);
  const Type *element = self->list->element;
  uint64_t whole = 0;
  float single = 0;
  double real = 0;
  machine_step(machine, self, list.count);
  for (uint32_t i = 0; i < list.count; i++) {
    Value value = value_list_at(self->list, list, i);
    if (element->kind == TYPE_F64)
      real += value_as_f64(value);
    else if (element->kind == TYPE_F32)
      single += value_as_f32(value);
    else
      whole += value.bits;
  }
  if (element->kind == TYPE_F64) return value_f64(real);
  return element->kind == TYPE_F32 ? value_f32(single) : wrapped(element, whole);
}

static bool is_not_a_number(const Type *type, Value value)
{
  if (type->kind == TYPE_F64) return isnan(value_as_f64(value));
  return type->kind == TYPE_F32 && isnan(value_as_f32(value));
}

/* As WebAssembly has it for floats: NaN if there is one, and −0 before +0; the order of values otherwise. */
static Value choose(const Type *type, Value a, Value b, bool greater)
{
  if (is_not_a_number(type, a)) return a;
  if (is_not_a_number(type, b)) return b;
  return (value_compare(type, a, b) > 0) == greater ? a : b;
}

static Value choose_argument(Machine *machine, const Expr *self, Value *slots, bool greater)
{
  Value first = argument(machine, self, slots, 0);
  if (self->count == 2) return choose(self->list, first, argument(machine, self, slots, 1), greater);
  if (first.count == 0)
    machine_fail(machine, FAILURE_SCRIPT, self->span, "an empty list has no %s", greater ? "max" : "min");
  machine_step(machine, self, first.count);
  Value best = value_list_at(self->list, first, 0);
  for (uint32_t i = 1; i < first.count; i++)
    best = choose(self->list->element, best, value_list_at(self->list, first, i), greater);
  return best;
}

Value evaluate_min(Machine *machine, const Expr *self, Value *slots)
{
  return choose_argument(machine, self, slots, false);
}

Value evaluate_max(Machine *machine, const Expr *self, Value *slots)
{
  return choose_argument(machine, self, slots, true);
}

Value evaluate_abs(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  if (self->list->kind == TYPE_F64) return value_f64(fabs(value_as_f64(value)));
  if (self->list->kind == TYPE_F32) return value_f32(fabsf(value_as_f32(value)));
  bool negative = type_is_signed(self->list) && (int64_t)value.bits < 0;
  return negative ? wrapped(self->list, 0 - value.bits) : value;
}

static Value map_float(Machine *machine, const Expr *self, Value *slots, double (*wide)(double),
                       float (*narrow)(float))
{
  Value value = argument(machine, self, slots, 0);
  if (self->list->kind == TYPE_F64) return value_f64(wide(value_as_f64(value)));
  return value_f32(narrow(value_as_f32(value)));
}

Value evaluate_sqrt(Machine *machine, const Expr *self, Value *slots)
{
  return map_float(machine, self, slots, sqrt, sqrtf);
}

Value evaluate_floor(Machine *machine, const Expr *self, Value *slots)
{
  return map_float(machine, self, slots, floor, floorf);
}

Value evaluate_ceil(Machine *machine, const Expr *self, Value *slots)
{
  return map_float(machine, self, slots, ceil, ceilf);
}

Value evaluate_is_nan(Machine *machine, const Expr *self, Value *slots)
{
  return value_bool(is_not_a_number(self->list, argument(machine, self, slots, 0)));
}

/* --- strings */

Value evaluate_bytes(Machine *machine, const Expr *self, Value *slots)
{
  return argument(machine, self, slots, 0); /* a list of bytes lies in memory as a string does */
}

Value evaluate_chars(Machine *machine, const Expr *self, Value *slots)
{
  Str text = value_as_string(argument(machine, self, slots, 0));
  machine_step(machine, self, text.len);
  uint32_t *points = arena_alloc_raw(machine->arena, (text.len + 1) * sizeof *points);
  uint32_t count = 0;
  for (size_t at = 0; at < text.len;) points[count++] = utf8_next(text, &at);
  return (Value){.packed = points, .count = count};
}

Value evaluate_text(Machine *machine, const Expr *self, Value *slots)
{
  Value list = argument(machine, self, slots, 0);
  machine_step(machine, self, list.count);
  if (self->list->element->kind == TYPE_U8) {
    Str text = value_as_string(list);
    if (utf8_first_error(text) != SIZE_MAX)
      machine_fail(machine, FAILURE_SCRIPT, self->span, "the bytes are not UTF-8");
    return list;
  }
  Buf out = buf_in(machine->arena);
  for (uint32_t i = 0; i < list.count; i++)
    buf_code_point(&out, (uint32_t)value_list_at(self->list, list, i).bits);
  return value_string(buf_text(&out));
}

/* --- conversions */

static _Noreturn void does_not_fit(Machine *machine, const Expr *self, const char *number)
{
  machine_fail(machine, FAILURE_SCRIPT, self->span, "%s does not fit into %.*s", number,
               STR_ARG(type_kind_name(self->type->kind)));
}

static Value convert_float(Machine *machine, const Expr *self, double number)
{
  if (self->type->kind == TYPE_F64) return value_f64(number);
  if (self->type->kind == TYPE_F32) return value_f32((float)number);
  unsigned width = 8 * (unsigned)type_primitive_size(self->type);
  bool is_signed = type_is_signed(self->type);
  double limit = ldexp(1, (int)(is_signed ? width - 1 : width)), whole = trunc(number);
  char text[40];
  snprintf(text, sizeof text, "%.17g", number);
  if (!(whole < limit && whole >= (is_signed ? -limit : 0))) does_not_fit(machine, self, text);
  return is_signed ? value_s64((int64_t)whole) : value_u64((uint64_t)whole);
}

static Value convert_integer(Machine *machine, const Expr *self, uint64_t bits, bool is_signed)
{
  const Type *target = self->type;
  bool negative = is_signed && (int64_t)bits < 0;
  char text[24];
  if (target->kind == TYPE_F64) return value_f64(negative ? (double)(int64_t)bits : (double)bits);
  if (target->kind == TYPE_F32) return value_f32(negative ? (float)(int64_t)bits : (float)bits);
  if (negative)
    snprintf(text, sizeof text, "%lld", (long long)bits);
  else
    snprintf(text, sizeof text, "%llu", (unsigned long long)bits);
  if (target->kind == TYPE_CHAR) {
    if (bits > 0x10ffff || (bits >= 0xd800 && bits < 0xe000)) does_not_fit(machine, self, text);
    return value_u64(bits);
  }
  bool fits =
      wrapped(target, bits).bits == bits && (type_is_signed(target) == is_signed || (int64_t)bits >= 0);
  if (!fits) does_not_fit(machine, self, text);
  return value_u64(bits);
}

Value evaluate_convert(Machine *machine, const Expr *self, Value *slots)
{
  Value value = argument(machine, self, slots, 0);
  if (self->list->kind == TYPE_F64) return convert_float(machine, self, value_as_f64(value));
  if (self->list->kind == TYPE_F32) return convert_float(machine, self, value_as_f32(value));
  return convert_integer(machine, self, value.bits, type_is_signed(self->list));
}
