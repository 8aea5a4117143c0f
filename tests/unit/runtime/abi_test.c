#include "runtime/abi.h"

#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/random_values.h"
#include "tests/unit/ifc/wit_values.h"
#include "tests/unit/runtime/abi_memory.h"

static const char declarations[] = "enum three { a, b, c }"
                                   "variant shape { dot, line(f32), box(tuple<u8, u64>) }"
                                   "flags nine { a, b, c, d, e, f, g, h, i }"
                                   "record circle { radius: f64, center: tuple<f64, f64> }";

static const Type *type_named(Arena *arena, const char *type)
{
  return wit_type(arena, STR(declarations), str_from_z(type));
}

static void put(AbiMemory *memory, uint32_t at, const void *bytes, size_t len)
{
  memcpy(memory->bytes + at, bytes, len);
}

static void put_u32(AbiMemory *memory, uint32_t at, uint32_t number)
{
  put(memory, at, &number, sizeof number);
}

/* --- lifting */

static void assert_lifts(Arena *arena, AbiMemory *memory, const char *name, const uint64_t *flat,
                         const char *want)
{
  const Type *type = type_named(arena, name);
  Fault fault = {0};
  Value value;
  size_t used = 0;
  assert_true(abi_lift_flat(memory, arena, type, flat, &used, &value, &fault));
  assert_slice(wave_text(arena, type, value), str_from_z(want));
}

static void assert_loads(Arena *arena, AbiMemory *memory, const char *name, const char *want)
{
  const Type *type = type_named(arena, name);
  Fault fault = {0};
  Value value;
  assert_true(abi_load(memory, arena, type, 64, &value, &fault));
  assert_slice(wave_text(arena, type, value), str_from_z(want));
}

static void assert_lift_fault(Arena *arena, AbiMemory *memory, const char *name, const uint64_t *flat,
                              FaultKind want)
{
  Fault fault = {0};
  Value value = {.tag = 77};
  size_t used = 0;
  assert_false(abi_lift_flat(memory, arena, type_named(arena, name), flat, &used, &value, &fault));
  assert_int_equal(fault.kind, want);
  assert_int_equal(value.tag, 77);
}

static void assert_load_fault(Arena *arena, AbiMemory *memory, const char *name, uint32_t pointer,
                              FaultKind want)
{
  Fault fault = {0};
  Value value = {.tag = 77};
  assert_false(abi_load(memory, arena, type_named(arena, name), pointer, &value, &fault));
  assert_int_equal(fault.kind, want);
  assert_int_equal(value.tag, 77);
}

static void bits_past_a_narrow_type_are_ignored(void **state)
{
  static const struct {
    const char *type;
    uint64_t slot;
    const char *value;
  } cases[] = {
      {"u8", 0x1ff, "255"},         {"s8", 0x180, "-128"},       {"u16", 0x12345, "9029"},
      {"s16", 0xffff, "-1"},        {"u32", 0x100000001, "1"},   {"s32", 0xffffffff, "-1"},
      {"bool", 2, "true"},          {"bool", 0x100, "true"},     {"bool", 0x100000000, "false"},
      {"nine", 0xfffe00, "{}"},     {"nine", 0x201, "{a}"},      {"three", 0x100000002, "c"},
      {"char", 0x100000041, "'A'"}, {"f32", 0x13f800000, "1.0"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_lifts(arena, bump_memory(arena), cases[i].type, &cases[i].slot, cases[i].value);
}

static void any_bool_but_zero_is_true(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  put(memory, 64, "\x80", 1);
  assert_loads(arena, memory, "bool", "true");
  put(memory, 100, "\x00\x02\x01\xff", 4);
  assert_lifts(arena, memory, "list<bool>", (const uint64_t[]){100, 4}, "[false, true, true, true]");
}

static void nans_become_the_canonical_one(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  Value value;
  const uint64_t flat[] = {0xffc00001, 0xfff8000000000001};
  size_t used = 0;
  assert_true(abi_lift_flat(memory, arena, type_named(arena, "f32"), flat, &used, &value, &fault));
  assert_true(value.bits == 0x7fc00000);
  assert_true(abi_lift_flat(memory, arena, type_named(arena, "f64"), flat, &used, &value, &fault));
  assert_true(value.bits == 0x7ff8000000000000);
  put(memory, 64, &flat[1], 8);
  assert_true(abi_load(memory, arena, type_named(arena, "f64"), 64, &value, &fault));
  assert_true(value.bits == 0x7ff8000000000000);
  used = 0;
  assert_true(abi_lift_flat(memory, arena, type_named(arena, "list<f64>"), (const uint64_t[]){64, 1}, &used,
                            &value, &fault));
  assert_memory_equal(value.packed, "\0\0\0\0\0\0\xf8\x7f", 8);
}

static void nans_are_lowered_as_the_canonical_one(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  uint64_t flat[2];
  size_t used = 0;
  const Type *list = type_named(arena, "list<f32>");
  Value nan = value_u64(0xff800001), nans = value_list(arena, list, &nan, 1);
  assert_true(abi_lower_flat(memory, type_named(arena, "f32"), nan, flat, &used, &fault));
  assert_true(flat[0] == 0x7fc00000);
  used = 0;
  assert_true(abi_lower_flat(memory, list, nans, flat, &used, &fault));
  assert_memory_equal(memory->bytes + flat[0], "\0\0\xc0\x7f", 4);
  assert_true(abi_store(memory, type_named(arena, "f64"), value_u64(UINT64_MAX), 64, &fault));
  assert_memory_equal(memory->bytes + 64, "\0\0\0\0\0\0\xf8\x7f", 8);
}

static void a_discriminant_that_is_no_case_is_a_fault(void **state)
{
  static const struct {
    const char *type;
    uint64_t slot;
  } cases[] = {{"three", 3},      {"three", 0xffffffff}, {"shape", 3},
               {"option<u8>", 2}, {"result", 2},         {"option<u8>", 256}};
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    AbiMemory *memory = bump_memory(arena);
    const uint64_t flat[4] = {cases[i].slot};
    assert_lift_fault(arena, memory, cases[i].type, flat, FAULT_BAD_DISCRIMINANT);
    memory->bytes[64] = 255;
    assert_load_fault(arena, memory, cases[i].type, 64, FAULT_BAD_DISCRIMINANT);
  }
}

static void a_char_that_is_no_scalar_value_is_a_fault(void **state)
{
  static const uint32_t wrong[] = {0xd800, 0xdfff, 0x110000, 0xffffffff};
  static const uint32_t right[] = {0xd7ff, 0xe000, 0x10ffff};
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  for (size_t i = 0; i < 4; i++) {
    put_u32(memory, 64, 'a');
    put_u32(memory, 68, wrong[i]);
    assert_lift_fault(arena, memory, "char", &(const uint64_t){wrong[i]}, FAULT_BAD_CHAR);
    assert_load_fault(arena, memory, "char", 68, FAULT_BAD_CHAR);
    assert_lift_fault(arena, memory, "list<char>", (const uint64_t[]){64, 2}, FAULT_BAD_CHAR);
  }
  put(memory, 64, right, sizeof right);
  assert_lifts(arena, memory, "list<char>", (const uint64_t[]){64, 3},
               "['\\u{d7ff}', '\\u{e000}', '\\u{10ffff}']");
}

static void a_string_that_is_not_utf8_is_a_fault(void **state)
{
  static const Str wrong[] = {{"\x80", 1},         {"\xc0\x80", 2},
                              {"\xed\xa0\x80", 3}, {"\xf4\x90\x80\x80", 4},
                              {"abc\xe2\x98", 5},  {"abcdefghijklmnop\xff", 17}};
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    put(memory, 100, wrong[i].at, wrong[i].len);
    assert_lift_fault(arena, memory, "string", (const uint64_t[]){100, wrong[i].len}, FAULT_BAD_UTF8);
  }
  /* What stands behind the string does not matter. */
  put(memory, 100, "\xe2\x98\x83\xff", 4);
  assert_lifts(arena, memory, "string", (const uint64_t[]){100, 3}, "\"☃\"");
}

static void a_pointer_outside_memory_is_a_fault(void **state)
{
  static const struct {
    const char *type;
    uint64_t flat[2];
  } cases[] = {
      {"string", {PAGE_BYTES, 1}},        {"string", {PAGE_BYTES + 1, 0}},
      {"string", {0, PAGE_BYTES + 1}},    {"string", {0xffffffff, 1}},
      {"list<u8>", {PAGE_BYTES - 3, 4}},  {"list<u32>", {PAGE_BYTES - 4, 2}},
      {"list<u32>", {0xfffffffc, 1}},     {"list<string>", {PAGE_BYTES - 4, 1}},
      {"list<u32>", {PAGE_BYTES + 4, 0}},
  };
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_lift_fault(arena, memory, cases[i].type, cases[i].flat, FAULT_BAD_POINTER);
  assert_lifts(arena, memory, "string", (const uint64_t[]){PAGE_BYTES, 0}, "\"\"");
  assert_lifts(arena, memory, "list<u32>", (const uint64_t[]){PAGE_BYTES, 0}, "[]");
  assert_load_fault(arena, memory, "circle", PAGE_BYTES - 16, FAULT_BAD_POINTER);
  assert_load_fault(arena, memory, "u8", PAGE_BYTES, FAULT_BAD_POINTER);
  assert_load_fault(arena, memory, "circle", 0xfffffff8, FAULT_BAD_POINTER);
  /* A pointer inside an element, which is in bounds itself. */
  put_u32(memory, 64, PAGE_BYTES - 1);
  put_u32(memory, 68, 2);
  assert_lift_fault(arena, memory, "list<string>", (const uint64_t[]){64, 1}, FAULT_BAD_POINTER);
}

static void a_misaligned_pointer_is_a_fault(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  assert_lift_fault(arena, memory, "list<u32>", (const uint64_t[]){18, 1}, FAULT_MISALIGNED);
  assert_lift_fault(arena, memory, "list<u32>", (const uint64_t[]){18, 0}, FAULT_MISALIGNED);
  assert_lift_fault(arena, memory, "list<u16>", (const uint64_t[]){17, 1}, FAULT_MISALIGNED);
  assert_lift_fault(arena, memory, "list<circle>", (const uint64_t[]){20, 1}, FAULT_MISALIGNED);
  assert_load_fault(arena, memory, "circle", 20, FAULT_MISALIGNED);
  assert_load_fault(arena, memory, "string", 2, FAULT_MISALIGNED);
}

static void a_list_past_the_limit_is_a_fault(void **state)
{
  static const struct {
    const char *type;
    uint64_t flat[2];
  } cases[] = {{"string", {0, 1 << 28}},    {"list<u8>", {0, 1 << 28}},     {"list<u64>", {0, 1 << 25}},
               {"string", {0, 0xffffffff}}, {"list<u64>", {0, 0xffffffff}}, {"list<string>", {1, 1 << 25}}};
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_lift_fault(arena, memory, cases[i].type, cases[i].flat, FAULT_TOO_LONG);
  assert_lift_fault(arena, memory, "string", (const uint64_t[]){0, (1 << 28) - 1}, FAULT_BAD_POINTER);
}

static void lists_that_share_memory_cannot_be_endless_together(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  put_u32(memory, 64, 0);
  put_u32(memory, 68, PAGE_BYTES);
  assert_lifts(arena, memory, "list<list<u64>>", (const uint64_t[]){72, 2}, "[[], []]");
  memory->lifted = (1 << 28) - 1 - PAGE_BYTES;
  assert_lift_fault(arena, memory, "list<string>", (const uint64_t[]){64, 1}, FAULT_TOO_LONG);
}

static void a_module_without_memory_gives_no_pointers(void **state)
{
  Arena *arena = *state;
  AbiMemory memory = {0};
  assert_lift_fault(arena, &memory, "string", (const uint64_t[]){0, 1}, FAULT_BAD_POINTER);
  assert_load_fault(arena, &memory, "u8", 0, FAULT_BAD_POINTER);
  assert_lifts(arena, &memory, "u8", &(const uint64_t){7}, "7");
}

static void a_fault_says_what_and_where(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  Value value;
  size_t used = 0;
  const Type *type = type_named(arena, "list<u32>");
  assert_false(abi_lift_flat(memory, arena, type, (const uint64_t[]){0xfffffff0, 5}, &used, &value, &fault));
  assert_text(fault_text(arena, &fault),
              "gave a pointer outside its memory: list of 5 u32 at 0xfffffff0 in a memory of 65536 bytes");
}

/* --- lowering */

static bool lower(Arena *arena, AbiMemory *memory, const char *name, const char *wave, uint64_t *flat,
                  Fault *fault)
{
  const Type *type = type_named(arena, name);
  size_t used = 0;
  *fault = (Fault){0};
  return abi_lower_flat(memory, type, wave_value(arena, type, str_from_z(wave)), flat, &used, fault);
}

static void unused_slots_are_zero_and_narrow_ones_are_widened(void **state)
{
  static const struct {
    const char *type, *value;
    uint64_t flat[3];
  } cases[] = {
      {"shape", "dot", {0, 0, 0}},
      {"shape", "line(1.0)", {1, 0x3f800000, 0}},
      {"shape", "box((255, 18446744073709551615))", {2, 255, UINT64_MAX}},
      {"result<s8, f64>", "ok(-1)", {0, 0xffffffff}},
      {"result<s8, f64>", "err(-0.0)", {1, UINT64_C(1) << 63}},
      {"option<u64>", "none", {0, 0}},
  };
  Arena *arena = *state;
  Fault fault;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t flat[3] = {0};
    assert_true(lower(arena, bump_memory(arena), cases[i].type, cases[i].value, flat, &fault));
    assert_memory_equal(flat, cases[i].flat, sizeof flat);
  }
}

static void every_string_and_list_is_allocated_even_empty_ones(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault;
  uint64_t flat[2];
  assert_true(lower(arena, memory, "list<string>", "[\"\", \"ab\", \"\"]", flat, &fault));
  assert_int_equal(bump_of(memory)->calls, 4);
}

/* Allocators that lie, by what they add to a true answer. */
typedef struct Liar {
  Bump bump; /* the first, so that bump_realloc can be asked */
  uint32_t calls_before, offset;
  bool absolute;
} Liar;

static bool liar_realloc(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  Liar *liar = self->context;
  bump_realloc(self, align, size, pointer, fault);
  if (liar->bump.calls <= liar->calls_before) return true;
  *pointer = liar->absolute ? liar->offset : *pointer + liar->offset;
  return true;
}

static void lies_of_realloc_are_faults(void **state)
{
  static const struct {
    const char *type, *value;
    uint32_t calls_before, offset;
    bool absolute;
    FaultKind fault;
  } cases[] = {
      {"list<u32>", "[1]", 0, 2, false, FAULT_REALLOC_MISALIGNED},
      {"list<u32>", "[]", 0, 2, false, FAULT_REALLOC_MISALIGNED},
      {"list<circle>", "[]", 0, 4, false, FAULT_REALLOC_MISALIGNED},
      {"string", "\"abc\"", 0, PAGE_BYTES - 2, true, FAULT_REALLOC_OUT_OF_BOUNDS},
      {"string", "\"\"", 0, PAGE_BYTES + 1, true, FAULT_REALLOC_OUT_OF_BOUNDS},
      {"string", "\"abc\"", 0, 0xffffffff, true, FAULT_REALLOC_OUT_OF_BOUNDS},
      {"tuple<string, string>", "(\"abc\", \"def\")", 1, BUMP_START, true, FAULT_REALLOC_OVERLAP},
      {"tuple<string, string>", "(\"abc\", \"def\")", 1, BUMP_START + 2, true, FAULT_REALLOC_OVERLAP},
      {"tuple<string, string>", "(\"abc\", \"def\")", 1, BUMP_START - 2, true, FAULT_REALLOC_OVERLAP},
      {"list<string>", "[\"abc\"]", 1, BUMP_START + 4, true, FAULT_REALLOC_OVERLAP},
      {"tuple<string, string>", "(\"abc\", \"\")", 1, BUMP_START, true, FAULT_NONE},
      {"tuple<string, string>", "(\"abc\", \"def\")", 1, BUMP_START + 3, true, FAULT_NONE},
      {"tuple<string, string>", "(\"abc\", \"def\")", 1, BUMP_START - 3, true, FAULT_NONE},
      {"string", "\"abc\"", 0, PAGE_BYTES - 3, true, FAULT_NONE},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    AbiMemory *memory = bump_memory(arena);
    Liar liar = {{BUMP_START, 0}, cases[i].calls_before, cases[i].offset, cases[i].absolute};
    Fault fault;
    uint64_t flat[4];
    memory->realloc = liar_realloc;
    memory->context = &liar;
    assert_int_equal(lower(arena, memory, cases[i].type, cases[i].value, flat, &fault),
                     cases[i].fault == FAULT_NONE);
    assert_int_equal(fault.kind, cases[i].fault);
  }
}

static void overlaps_are_found_among_many_blocks(void **state)
{
  Arena *arena = *state;
  Buf text = buf_in(arena);
  buf_z(&text, "[\"x\"");
  for (size_t i = 1; i < 200; i++) buf_z(&text, ", \"x\"");
  buf_z(&text, "]");
  char *wave = str_to_z(arena, buf_text(&text));
  Fault fault;
  uint64_t flat[2];
  assert_true(lower(arena, bump_memory(arena), "list<string>", wave, flat, &fault));
  /* The list's own block comes first and is never forgotten, nor is the one before. */
  const uint32_t lies[] = {BUMP_START + 1599, BUMP_START + 1600 + 150};
  for (size_t i = 0; i < 2; i++) {
    AbiMemory *memory = bump_memory(arena);
    Liar liar = {{BUMP_START, 0}, 152, lies[i], true};
    memory->realloc = liar_realloc;
    memory->context = &liar;
    assert_false(lower(arena, memory, "list<string>", wave, flat, &fault));
    assert_int_equal(fault.kind, FAULT_REALLOC_OVERLAP);
  }
}

static bool failing_realloc(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  (void)self, (void)align, (void)size, (void)pointer;
  return fault_set(fault, FAULT_UNREACHABLE, NULL);
}

static void a_failing_or_missing_realloc_is_a_fault(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault;
  uint64_t flat[2];
  memory->realloc = failing_realloc;
  assert_false(lower(arena, memory, "string", "\"a\"", flat, &fault));
  assert_int_equal(fault.kind, FAULT_UNREACHABLE);
  memory->realloc = NULL;
  assert_false(lower(arena, memory, "string", "\"a\"", flat, &fault));
  assert_int_equal(fault.kind, FAULT_REALLOC_OUT_OF_BOUNDS);
}

/* Each call moves the memory, as growing it may. */
static bool moving_realloc(AbiMemory *self, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  uint8_t *moved = malloc(PAGE_BYTES);
  assert_non_null(moved);
  memcpy(moved, self->bytes, PAGE_BYTES);
  memset(self->bytes, 0xee, PAGE_BYTES);
  free(self->bytes);
  self->bytes = moved;
  return bump_realloc(self, align, size, pointer, fault);
}

static void memory_may_move_while_values_are_lowered(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  memory->bytes = calloc(1, PAGE_BYTES);
  memory->realloc = moving_realloc;
  Fault fault;
  uint64_t flat[2];
  const char *wave = "[\"one\", \"two\", \"three\"]";
  assert_true(lower(arena, memory, "list<string>", wave, flat, &fault));
  assert_lifts(arena, memory, "list<string>", flat, wave);
  free(memory->bytes);
}

static void storing_outside_memory_is_a_fault(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  const Type *type = type_named(arena, "circle");
  Value value = wave_value(arena, type, STR("{radius: 1.0, center: (2.0, 3.0)}"));
  Fault fault = {0};
  assert_false(abi_store(memory, type, value, PAGE_BYTES - 16, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_POINTER);
  fault = (Fault){0};
  assert_false(abi_store(memory, type, value, 12, &fault));
  assert_int_equal(fault.kind, FAULT_MISALIGNED);
  fault = (Fault){0};
  assert_true(abi_store(memory, type, value, PAGE_BYTES - 24, &fault));
}

/* --- calls */

static void seventeen_arguments_travel_in_memory(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  const Function *function = wit_function(arena, STR("type t = tuple<u8, u8, u8, u8, u8, u8, u8, u8>; f: "
                                                     "func(a: t, b: t, c: u64) -> tuple<u8, string>"));
  Value bytes[8],
      args[] = {{.items = bytes, .count = 8}, {.items = bytes, .count = 8}, value_u64(UINT64_MAX)};
  for (size_t i = 0; i < 8; i++) bytes[i] = value_u64(i + 1);
  uint64_t core[FLAT_PARAMS_MAX];
  Fault fault = {0};
  assert_true(abi_lower_params(memory, function, args, core, &fault));
  assert_int_equal(core[0], BUMP_START);
  assert_memory_equal(memory->bytes + BUMP_START,
                      "\1\2\3\4\5\6\7\10\1\2\3\4\5\6\7\10\377\377\377\377\377\377\377\377", 24);
  assert_int_equal(bump_of(memory)->next, BUMP_START + 24);
}

static void sixteen_arguments_travel_in_slots(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  const Function *function =
      wit_function(arena, STR("type t = tuple<u8, u8, u8, u8, u8, u8, u8, u8>; f: func(a: t, b: t)"));
  Value bytes[8], args[] = {{.items = bytes, .count = 8}, {.items = bytes, .count = 8}};
  for (size_t i = 0; i < 8; i++) bytes[i] = value_u64(i + 1);
  uint64_t core[FLAT_PARAMS_MAX];
  Fault fault = {0};
  assert_true(abi_lower_params(memory, function, args, core, &fault));
  for (size_t i = 0; i < 16; i++) assert_int_equal(core[i], i % 8 + 1);
  assert_int_equal(bump_of(memory)->calls, 0);
}

static void results_are_a_slot_or_a_place_in_memory(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  Fault fault = {0};
  Value value = {.tag = 77};
  const Function *one = wit_function(arena, STR("f: func() -> tuple<u8>"));
  assert_true(abi_lift_result(memory, arena, one, (const uint64_t[]){9}, &value, &fault));
  assert_slice(wave_text(arena, one->result, value), STR("(9)"));
  const Function *two = wit_function(arena, STR("f: func() -> tuple<u8, u32>"));
  put(memory, 64, "\5\0\0\0\6\0\0\0", 8);
  assert_true(abi_lift_result(memory, arena, two, (const uint64_t[]){64}, &value, &fault));
  assert_slice(wave_text(arena, two->result, value), STR("(5, 6)"));
  assert_false(abi_lift_result(memory, arena, two, (const uint64_t[]){66}, &value, &fault));
  assert_int_equal(fault.kind, FAULT_MISALIGNED);
  const Function *none = wit_function(arena, STR("f: func()"));
  value = (Value){.tag = 77};
  assert_true(abi_lift_result(memory, arena, none, NULL, &value, &fault));
  assert_int_equal(value.tag, 77);
}

static void what_is_lowered_lifts_to_the_same_value(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    Arena *arena = arena_new();
    Rng rng = rng_from_seed_and_label(seed, 3);
    const Type *type = random_type(arena, &rng, 4);
    Value value = random_value(arena, &rng, type), stored, flattened;
    AbiMemory *memory = bump_memory(arena);
    Fault fault = {0};
    uint32_t pointer;
    uint64_t flat[1024];
    size_t lowered = 0, lifted = 0;
    assert_true(abi_allocate(memory, type_align(type), type_size(type), &pointer, &fault));
    assert_true(abi_store(memory, type, value, pointer, &fault));
    assert_true(abi_load(memory, arena, type, pointer, &stored, &fault));
    assert_true(value_equal(type, value, stored));
    assert_true(abi_lower_flat(memory, type, value, flat, &lowered, &fault));
    assert_true(abi_lift_flat(memory, arena, type, flat, &lifted, &flattened, &fault));
    assert_true(value_equal(type, value, flattened));
    assert_int_equal(lowered, type_flat_count(type, 1024));
    assert_int_equal(lifted, lowered);
    arena_free(arena);
  }
}

/* What a value lowers to, by both ways, and what that lifts to. */
typedef struct Passed {
  AbiMemory *memory;
  uint64_t flat[1024];
  size_t used;
} Passed;

static Passed pass(Arena *arena, const Type *type, Value value)
{
  Passed self = {.memory = bump_memory(arena)};
  Fault fault = {0};
  uint32_t pointer;
  Value again;
  size_t lifted = 0;
  assert_true(abi_allocate(self.memory, type_align(type), type_size(type), &pointer, &fault));
  assert_true(abi_store(self.memory, type, value, pointer, &fault));
  assert_true(abi_lower_flat(self.memory, type, value, self.flat, &self.used, &fault));
  assert_true(abi_load(self.memory, arena, type, pointer, &again, &fault));
  assert_slice(wave_text(arena, type, again), wave_text(arena, type, value));
  assert_true(abi_lift_flat(self.memory, arena, type, self.flat, &lifted, &again, &fault));
  assert_slice(wave_text(arena, type, again), wave_text(arena, type, value));
  return self;
}

static void assert_passed_alike(Arena *arena, const Type *a_type, Value a, const Type *b_type, Value b)
{
  Passed left = pass(arena, a_type, a), right = pass(arena, b_type, b);
  assert_int_equal(left.used, right.used);
  if (left.used) assert_memory_equal(left.flat, right.flat, left.used * sizeof *left.flat);
  assert_memory_equal(left.memory->bytes, right.memory->bytes, PAGE_BYTES);
}

/* Random floats may be NaNs that no lifted value is: those are made the one that it is. */
static Value without_nans(Arena *arena, const Type *type, Value value)
{
  return wave_value(arena, type, wave_text(arena, type, value));
}

/* despecialize(MapType(k, v)) is ListType(TupleType([k, v])) in CanonicalABI.md. Pairs keep their order, and
 * none is dropped. */
static void a_map_is_passed_as_the_list_of_its_pairs(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 500; seed++) {
    Arena *arena = arena_new();
    Rng rng = rng_from_seed_and_label(seed, 4);
    const Type *pair = random_pair(arena, &rng, 3), *list = made_list(arena, pair),
               *map = made_map(arena, pair->fields[0].type, pair->fields[1].type);
    Value value = without_nans(arena, map, random_value(arena, &rng, map));
    assert_passed_alike(arena, map, value, list, value);
    arena_free(arena);
  }
}

/* A list of fixed length stores and flattens its elements one after the other, as a tuple of as many does. */
static void a_list_of_fixed_length_is_passed_as_a_tuple_of_that_many(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 500; seed++) {
    Arena *arena = arena_new();
    Rng rng = rng_from_seed_and_label(seed, 5);
    uint32_t count = 1 + (uint32_t)rng_below(&rng, 20);
    const Type *list = made_fixed_list(arena, random_type(arena, &rng, 2), count);
    Field *fields = arena_array_of(arena, Field, count);
    for (uint32_t i = 0; i < count; i++) fields[i].type = list->element;
    const Type tuple = {.kind = TYPE_TUPLE, .count = count, .fields = fields};
    Value value = without_nans(arena, list, random_value(arena, &rng, list));
    Value *items = arena_array_of(arena, Value, count);
    for (uint32_t i = 0; i < count; i++) items[i] = value_list_at(list, value, i);
    assert_passed_alike(arena, list, value, &tuple, (Value){.items = items, .count = count});
    arena_free(arena);
  }
}

static void elements_of_a_list_of_fixed_length_are_checked(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  const Type *chars = made_fixed_list(arena, type_of_kind(TYPE_CHAR), 2);
  Fault fault = {0};
  Value value;
  size_t used = 0;
  put_u32(memory, 64, 'a');
  put_u32(memory, 68, 0xd800);
  assert_false(abi_load(memory, arena, chars, 64, &value, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_CHAR);
  fault = (Fault){0};
  assert_false(abi_lift_flat(memory, arena, chars, (const uint64_t[]){'a', 0x110000}, &used, &value, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_CHAR);
  fault = (Fault){0};
  assert_false(abi_load(memory, arena, chars, PAGE_BYTES - 4, &value, &fault));
  assert_int_equal(fault.kind, FAULT_BAD_POINTER);
}

static void handles_without_a_table_are_not_passed(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  static const TypeKind handles[] = {TYPE_OWN, TYPE_BORROW, TYPE_STREAM, TYPE_FUTURE, TYPE_ERROR_CONTEXT};
  for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
    const Type *type = type_of_kind(handles[i]);
    uint64_t flat[1] = {1};
    Value value = value_u64(1);
    for (int way = 0; way < 4; way++) {
      Fault fault = {0};
      size_t used = 0;
      assert_false(way == 0   ? abi_lower_flat(memory, type, value, flat, &used, &fault)
                   : way == 1 ? abi_store(memory, type, value, 64, &fault)
                   : way == 2 ? abi_lift_flat(memory, arena, type, flat, &used, &value, &fault)
                              : abi_load(memory, arena, type, 64, &value, &fault));
      assert_int_equal(fault.kind, FAULT_UNSUPPORTED);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(bits_past_a_narrow_type_are_ignored),
      TEST(any_bool_but_zero_is_true),
      TEST(nans_become_the_canonical_one),
      TEST(nans_are_lowered_as_the_canonical_one),
      TEST(a_discriminant_that_is_no_case_is_a_fault),
      TEST(a_char_that_is_no_scalar_value_is_a_fault),
      TEST(a_string_that_is_not_utf8_is_a_fault),
      TEST(a_pointer_outside_memory_is_a_fault),
      TEST(a_misaligned_pointer_is_a_fault),
      TEST(a_list_past_the_limit_is_a_fault),
      TEST(lists_that_share_memory_cannot_be_endless_together),
      TEST(a_module_without_memory_gives_no_pointers),
      TEST(a_fault_says_what_and_where),
      TEST(unused_slots_are_zero_and_narrow_ones_are_widened),
      TEST(every_string_and_list_is_allocated_even_empty_ones),
      TEST(lies_of_realloc_are_faults),
      TEST(overlaps_are_found_among_many_blocks),
      TEST(a_failing_or_missing_realloc_is_a_fault),
      TEST(memory_may_move_while_values_are_lowered),
      TEST(storing_outside_memory_is_a_fault),
      TEST(seventeen_arguments_travel_in_memory),
      TEST(sixteen_arguments_travel_in_slots),
      TEST(results_are_a_slot_or_a_place_in_memory),
      TEST(what_is_lowered_lifts_to_the_same_value),
      TEST(a_map_is_passed_as_the_list_of_its_pairs),
      TEST(a_list_of_fixed_length_is_passed_as_a_tuple_of_that_many),
      TEST(elements_of_a_list_of_fixed_length_are_checked),
      TEST(handles_without_a_table_are_not_passed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
