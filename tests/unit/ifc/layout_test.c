#include "ifc/layout.h"
#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/wit_values.h"

/* Flat types as text: "i32 i64"; "more" past the limit. */
static Str flat_text(Arena *arena, const Type *type, size_t limit)
{
  CoreType flat[64];
  size_t count = type_flatten(type, flat, limit);
  if (count > limit) return STR("more");
  Buf out = buf_in(arena);
  for (size_t i = 0; i < count; i++) {
    if (i) buf_byte(&out, ' ');
    buf_str(&out, core_type_name(flat[i]));
  }
  return buf_text(&out);
}

/* From the definitions in CanonicalABI.md, worked out by hand. */
static void sizes_alignments_and_flat_types_are_those_of_the_standard(void **state)
{
  static const struct {
    const char *declarations, *type;
    uint32_t align;
    uint64_t size;
    const char *flat;
  } cases[] = {
      {"", "bool", 1, 1, "i32"},
      {"", "s8", 1, 1, "i32"},
      {"", "u16", 2, 2, "i32"},
      {"", "char", 4, 4, "i32"},
      {"", "u64", 8, 8, "i64"},
      {"", "f32", 4, 4, "f32"},
      {"", "f64", 8, 8, "f64"},
      {"", "string", 4, 8, "i32 i32"},
      {"", "list<u64>", 4, 8, "i32 i32"},
      {"", "tuple<u8, u16, u8>", 2, 6, "i32 i32 i32"},
      {"", "tuple<u8, u64>", 8, 16, "i32 i64"},
      {"record circle { radius: f64, center: tuple<f64, f64> }", "circle", 8, 24, "f64 f64 f64"},
      {"", "option<u8>", 1, 2, "i32 i32"},
      {"", "option<u64>", 8, 16, "i32 i64"},
      {"", "option<option<f32>>", 4, 12, "i32 i32 f32"},
      {"", "result", 1, 1, "i32"},
      {"", "result<u8, u32>", 4, 8, "i32 i32"},
      {"", "result<_, f64>", 8, 16, "i32 f64"},
      {"", "result<f32, u32>", 4, 8, "i32 i32"},
      {"", "result<f32, f64>", 8, 16, "i32 i64"},
      {"", "result<u32, u64>", 8, 16, "i32 i64"},
      {"", "result<string, f64>", 8, 16, "i32 i64 i32"},
      {"", "result<tuple<f32, f64>, tuple<u32, f64>>", 8, 24, "i32 i32 f64"},
      {"", "result<result<f32, f32>, tuple<f32, f32>>", 4, 12, "i32 i32 f32"},
      {"variant v { a(f32), b, c(u32), d(f64) }", "v", 8, 16, "i32 i64"},
      {"enum e { a, b }", "e", 1, 1, "i32"},
      {"flags f1 { a, b, c, d, e, f, g, h }", "f1", 1, 1, "i32"},
      {"flags f2 { a, b, c, d, e, f, g, h, i }", "f2", 2, 2, "i32"},
      {"flags f3 { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q }", "f3", 4, 4, "i32"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Type *type = wit_type(arena, str_from_z(cases[i].declarations), str_from_z(cases[i].type));
    assert_int_equal(type_align(type), cases[i].align);
    assert_int_equal(type_size(type), cases[i].size);
    assert_slice(flat_text(arena, type, 16), str_from_z(cases[i].flat));
  }
}

static void fields_stand_at_aligned_offsets(void **state)
{
  Arena *arena = *state;
  uint32_t offsets[5];
  type_field_offsets(wit_type(arena, STR(""), STR("tuple<u8, u32, u16, u64, option<u16>>")), offsets);
  const uint32_t want[] = {0, 4, 8, 16, 24};
  assert_memory_equal(offsets, want, sizeof want);
}

static const Type *enum_of(Arena *arena, TypeKind kind, uint32_t cases)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = kind, .count = cases, .fields = arena_array_of(arena, Field, cases)};
  return type;
}

static void discriminants_widen_with_the_number_of_cases(void **state)
{
  static const struct {
    uint32_t cases, bytes;
  } rows[] = {{1, 1}, {2, 1}, {256, 1}, {257, 2}, {65536, 2}, {65537, 4}};
  Arena *arena = *state;
  for (size_t i = 0; i < 6; i++) {
    const Type *type = enum_of(arena, TYPE_ENUM, rows[i].cases),
               *variant = enum_of(arena, TYPE_VARIANT, rows[i].cases);
    assert_int_equal(type_discriminant_size(type), rows[i].bytes);
    assert_int_equal(type_size(type), rows[i].bytes);
    assert_int_equal(type_size(variant), rows[i].bytes);
    assert_int_equal(type_payload_offset(variant), rows[i].bytes);
  }
  assert_int_equal(type_payload_offset(wit_type(arena, STR(""), STR("option<u64>"))), 8);
  assert_int_equal(type_payload_offset(wit_type(arena, STR(""), STR("result<u8, u16>"))), 2);
}

static void signatures_spill_past_sixteen_parameters_and_one_result(void **state)
{
  static const struct {
    const char *function, *signature;
    bool spilled_params, spilled_results, memory, realloc;
  } cases[] = {
      {"f: func()", "() -> ()", false, false, false, false},
      {"f: func(a: u8, b: s64) -> f32", "(i32, i64) -> f32", false, false, false, false},
      {"f: func(a: string) -> u8", "(i32, i32) -> i32", false, false, true, true},
      {"f: func() -> string", "() -> i32", false, true, true, false},
      {"f: func(a: u64) -> tuple<u8>", "(i64) -> i32", false, false, false, false},
      {"f: func() -> option<u8>", "() -> i32", false, true, true, false},
      {"type t = tuple<f32, f32, f32, f32>; f: func(a: t, b: t, c: t, d: t)",
       "(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32) -> ()", false, false,
       false, false},
      {"type t = tuple<f32, f32, f32, f32>; f: func(a: t, b: t, c: t, d: t, e: u8)", "(i32) -> ()", true,
       false, true, true},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Function *function = wit_function(arena, str_from_z(cases[i].function));
    CoreSignature signature = function_export_signature(function);
    assert_slice(core_signature_text(arena, &signature), str_from_z(cases[i].signature));
    assert_int_equal(signature.spilled_params, cases[i].spilled_params);
    assert_int_equal(signature.spilled_results, cases[i].spilled_results);
    assert_int_equal(function_needs_memory(function), cases[i].memory);
    assert_int_equal(function_needs_realloc(function), cases[i].realloc);
  }
}

/* `levels` records or variants of two fields or cases, each the level below twice. */
static const Type *doubling(Arena *arena, TypeKind kind, const Type *type, size_t levels)
{
  for (size_t i = 0; i < levels; i++) {
    Field *fields = arena_array_of(arena, Field, 2);
    fields[0] = fields[1] = (Field){.type = type};
    Type *next = arena_new_of(arena, Type);
    *next = (Type){.kind = kind, .count = 2, .fields = fields};
    type = next;
  }
  return type;
}

static void shared_parts_are_walked_once(void **state)
{
  Arena *arena = *state;
  const Type *byte = type_of_kind(TYPE_U8);
  assert_int_equal(type_size(doubling(arena, TYPE_RECORD, byte, 40)), UINT64_C(1) << 40);
  assert_int_equal(type_size(doubling(arena, TYPE_RECORD, byte, 90)), UINT64_MAX);
  assert_int_equal(type_size(doubling(arena, TYPE_VARIANT, byte, 90)), 91);
  CoreType flat[100];
  assert_int_equal(type_flatten(doubling(arena, TYPE_VARIANT, byte, 90), flat, 100), 91);
  assert_int_equal(type_flatten(doubling(arena, TYPE_VARIANT, byte, 90), flat, 16), 17);
}

/* elem_size_list, alignment_list and flatten_list of CanonicalABI.md: a length is a factor. */
static void lists_of_fixed_length_lie_inline(void **state)
{
  Arena *arena = *state;
  const Type *u8 = type_of_kind(TYPE_U8), *u16 = type_of_kind(TYPE_U16), *f64 = type_of_kind(TYPE_F64);
  const Type *pairs = made_fixed_list(arena, made_pair(arena, u16, u8), 3);
  assert_int_equal(type_size(pairs), 12);
  assert_int_equal(type_align(pairs), 2);
  assert_slice(flat_text(arena, pairs, 16), STR("i32 i32 i32 i32 i32 i32"));
  const Type *within = made_pair(arena, u8, made_fixed_list(arena, f64, 2));
  assert_int_equal(type_size(within), 24);
  assert_slice(flat_text(arena, within, 16), STR("i32 f64 f64"));
  assert_slice(flat_text(arena, made_fixed_list(arena, u8, 17), 16), STR("more"));
  assert_int_equal(type_layout(pairs).has_pointers, false);
  assert_int_equal(type_layout(made_fixed_list(arena, type_of_kind(TYPE_STRING), 2)).has_pointers, true);
}

static void a_map_lies_as_a_list_does_and_a_handle_as_an_index(void **state)
{
  Arena *arena = *state;
  const Type *map = made_map(arena, type_of_kind(TYPE_STRING), type_of_kind(TYPE_F64));
  assert_int_equal(type_size(map), 8);
  assert_int_equal(type_align(map), 4);
  assert_slice(flat_text(arena, map, 16), STR("i32 i32"));
  assert_true(type_layout(map).has_pointers);
  static const TypeKind handles[] = {TYPE_OWN, TYPE_BORROW, TYPE_STREAM, TYPE_FUTURE, TYPE_ERROR_CONTEXT};
  for (size_t i = 0; i < sizeof handles / sizeof *handles; i++) {
    const Type *handle = type_of_kind(handles[i]);
    assert_int_equal(type_size(handle), 4);
    assert_int_equal(type_align(handle), 4);
    assert_slice(flat_text(arena, handle, 16), STR("i32"));
    assert_false(type_layout(handle).has_pointers);
  }
}

static void sizes_past_64_bits_do_not_wrap(void **state)
{
  Arena *arena = *state;
  const Type *type = type_of_kind(TYPE_U8);
  const uint64_t sizes[] = {UINT32_MAX, (uint64_t)UINT32_MAX * UINT32_MAX, UINT64_MAX, UINT64_MAX};
  for (size_t i = 0; i < 4; i++) {
    type = made_fixed_list(arena, type, UINT32_MAX);
    assert_true(type_size(type) == sizes[i]);
    assert_int_equal(type_flat_count(type, 16), 17);
    assert_slice(flat_text(arena, type, 16), STR("more"));
  }
}

/* However long, a list of what has no flat values has none, and is not gone through. */
static void lists_of_nothing_flatten_to_nothing(void **state)
{
  Arena *arena = *state;
  static const Type nothing = {.kind = TYPE_TUPLE};
  const Type *type = &nothing;
  for (size_t i = 0; i < 50; i++) type = made_fixed_list(arena, type, UINT32_MAX);
  assert_slice(flat_text(arena, type, 16), STR(""));
  assert_int_equal(type_size(type), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(sizes_alignments_and_flat_types_are_those_of_the_standard),
      TEST(fields_stand_at_aligned_offsets),
      TEST(discriminants_widen_with_the_number_of_cases),
      TEST(signatures_spill_past_sixteen_parameters_and_one_result),
      TEST(shared_parts_are_walked_once),
      TEST(lists_of_fixed_length_lie_inline),
      TEST(a_map_lies_as_a_list_does_and_a_handle_as_an_index),
      TEST(sizes_past_64_bits_do_not_wrap),
      TEST(lists_of_nothing_flatten_to_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
