/* Lifting from hostile memory: the input chooses a type, core values and the bytes of memory. Nothing outside
 * of memory is read (AddressSanitizer sees to that), and what is lifted is a value of its type: it prints as
 * a text that reads back, and lowers and lifts again to an equal value. */
#include <stdlib.h>
#include <string.h>

#include "ifc/wave.h"
#include "runtime/abi.h"
#include "tests/fuzz/fuzz.h"

enum { FLAT_MAX = 32, LIFTED_MAX = 1 << 13 };

/* The input, taken from the front; zeros when it is used up. */
typedef struct Input {
  const uint8_t *at;
  size_t left;
} Input;

static uint8_t take(Input *self)
{
  if (self->left == 0) return 0;
  self->left--;
  return *self->at++;
}

static void demand(bool holds)
{
  if (!holds) abort();
}

static const Type *take_type(Arena *arena, Input *input, uint32_t depth);

static const Field *take_fields(Arena *arena, Input *input, uint32_t depth, const Type *type)
{
  Field *fields = arena_array_of(arena, Field, type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    bool has_type =
        type->kind == TYPE_TUPLE || type->kind == TYPE_RECORD || (type->kind == TYPE_VARIANT && i % 2 == 0);
    if (type->kind != TYPE_TUPLE) fields[i].name = str_format(arena, "n%u", i);
    if (has_type) fields[i].type = take_type(arena, input, depth - 1);
  }
  return fields;
}

/* A key, which is no float, and a value. */
static const Type *take_pair(Arena *arena, Input *input, uint32_t depth)
{
  TypeKind key = (TypeKind)(take(input) % TYPE_LIST);
  Field *fields = arena_array_of(arena, Field, 2);
  fields[0].type = type_of_kind(key == TYPE_F32 || key == TYPE_F64 ? TYPE_CHAR : key);
  fields[1].type = take_type(arena, input, depth - 1);
  Type *pair = arena_new_of(arena, Type);
  *pair = (Type){.kind = TYPE_TUPLE, .count = 2, .fields = fields};
  return pair;
}

static const Type *take_type(Arena *arena, Input *input, uint32_t depth)
{
  uint8_t choice = take(input);
  TypeKind kind = (TypeKind)(choice % (depth ? TYPE_KIND_COUNT : TYPE_LIST));
  if (kind < TYPE_LIST || type_is_handle(type_of_kind(kind))) return type_of_kind(kind);
  Type *type = arena_new_of(arena, Type);
  type->kind = kind;
  switch (kind) {
  case TYPE_MAP: type->element = take_pair(arena, input, depth); break;
  case TYPE_FIXED_LIST: type->count = 1 + take(input) % 5U; /* fall through */
  case TYPE_LIST:
  case TYPE_OPTION: type->element = take_type(arena, input, depth - 1); break;
  case TYPE_RESULT:
    if (choice & 128) type->element = take_type(arena, input, depth - 1);
    if (choice & 64) type->error = take_type(arena, input, depth - 1);
    break;
  default:
    type->count = 1 + take(input) % (kind == TYPE_FLAGS ? 32U : 5U);
    if (kind == TYPE_ENUM && choice & 128) type->count = 300;
    type->fields = take_fields(arena, input, depth, type);
  }
  return type;
}

/* A bump allocator. */
static bool bump(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  uint32_t *next = self->context;
  uint64_t at = ((uint64_t)*next + align - 1) / align * align;
  if (at + size > self->size) return fault_set(fault, FAULT_MEMORY_LIMIT, NULL);
  *pointer = (uint32_t)at;
  *next = (uint32_t)(at + size);
  return true;
}

static void check_lowers(Arena *arena, const Type *type, Value value, StringEncoding strings)
{
  uint32_t next = 16;
  uint64_t size = 1 << 17, flat[1024];
  AbiMemory memory = {
      .bytes = calloc(1, size), .size = size, .realloc = bump, .context = &next, .strings = strings};
  Fault fault = {0};
  size_t used = 0;
  Value again;
  if (type_flat_count(type, 1024) <= 1024 && abi_lower_flat(&memory, type, value, flat, &used, &fault)) {
    used = 0;
    demand(abi_lift_flat(&memory, arena, type, flat, &used, &again, &fault));
    demand(value_equal(type, value, again));
  } else {
    demand(fault.kind == FAULT_MEMORY_LIMIT || fault.kind == FAULT_NONE);
  }
  free(memory.bytes);
}

static void check_value(Arena *arena, const Type *type, Value value, StringEncoding strings)
{
  Buf text = buf_in(arena);
  Diags diags = diags_in(arena);
  Value again;
  wave_print(type, value, &text);
  Source source = {STR("printed"), buf_text(&text)};
  demand(wave_parse(arena, type, &source, &again, &diags));
  demand(value_equal(type, value, again));
  check_lowers(arena, type, value, strings);
}

/* Lifts from core values, or through a pointer, as a result would be. */
static bool lift(AbiMemory *memory, Arena *arena, const Type *type, const uint64_t *flat,
                 bool through_pointer, Value *out, Fault *fault)
{
  size_t used = 0;
  if (through_pointer || type_flat_count(type, FLAT_MAX) > FLAT_MAX)
    return abi_load(memory, arena, type, (uint32_t)flat[0], out, fault);
  return abi_lift_flat(memory, arena, type, flat, &used, out, fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Input input = {data, size};
  Arena *arena = arena_new();
  const Type *type = take_type(arena, &input, 4);
  unsigned choice = take(&input);
  bool through_pointer = choice & 1;
  uint64_t flat[FLAT_MAX] = {0};
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < 4; j++) flat[i] = flat[i] << 8 | take(&input);
  /* A block of exactly this size, so that a read past its end is seen. */
  uint8_t *bytes = malloc(input.left ? input.left : 1);
  demand(bytes != NULL);
  if (input.left) memcpy(bytes, input.at, input.left);
  AbiMemory memory = {.bytes = bytes, .size = input.left, .lifted = (1 << 28) - 1 - LIFTED_MAX};
  memory.strings = (StringEncoding)(choice / 2 % 3);
  Fault fault = {0};
  Value value;
  bool lifted = lift(&memory, arena, type, flat, through_pointer, &value, &fault);
  demand(lifted == (fault.kind == FAULT_NONE));
  if (lifted)
    check_value(arena, type, value, memory.strings);
  else
    demand(fault_class(fault.kind) == FAULT_CLASS_ABI || fault.kind == FAULT_UNSUPPORTED);
  free(bytes);
  arena_free(arena);
  return 0;
}
