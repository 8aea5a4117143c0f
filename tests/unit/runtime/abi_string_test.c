/* Strings in UTF-16 and latin1+utf16: against what the C library's iconv makes of the same text, and the
 * rules of CanonicalABI.md for what is malformed. */
#include <iconv.h>

#include "ifc/base/rng.h"
#include "ifc/base/utf8.h"
#include "tests/unit/runtime/abi_memory.h"
#include "tests/unit/runtime/modules.h"

enum { ROUNDS = 2000, CODE_POINTS_MAX = 40, TAG = INT32_MIN };

/* The text in another encoding; an empty one with a length of SIZE_MAX where it has no way to say it. */
static Str converted(Arena *arena, const char *encoding, Str text)
{
  size_t left = text.len, room = text.len * 4 + 4;
  char *from = (char *)text.at, *out = arena_alloc(arena, room), *at = out;
  iconv_t converter = iconv_open(encoding, "UTF-8");
  assert_true(converter != (iconv_t)-1);
  size_t failed = text.len ? iconv(converter, &from, &left, &at, &room) : 0;
  iconv_close(converter);
  return failed == (size_t)-1 ? (Str){NULL, SIZE_MAX} : (Str){out, (size_t)(at - out)};
}

/* Of all planes, with those at the borders of each encoding's cases more often. */
static uint32_t random_point(Rng *rng, bool latin1)
{
  static const uint32_t borders[] = {0,     0x7f,   0x80,   0xff,   0x100,   0x7ff,
                                     0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
  if (latin1) return (uint32_t)rng_below(rng, 0x100);
  if (rng_below(rng, 2)) return borders[rng_below(rng, sizeof borders / sizeof *borders)];
  uint32_t point = (uint32_t)rng_below(rng, 0x110000);
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

static Str random_text(Arena *arena, Rng *rng)
{
  char *text = arena_alloc(arena, CODE_POINTS_MAX * 4);
  size_t used = 0, count = rng_below(rng, CODE_POINTS_MAX);
  bool latin1 = rng_below(rng, 2);
  for (size_t i = 0; i < count; i++) used += utf8_encode(random_point(rng, latin1), text + used);
  return (Str){text, used};
}

/* Lowers, compares with iconv's bytes, and lifts again. */
static void check_encoding(Arena *arena, StringEncoding encoding, Str text)
{
  AbiMemory *memory = bump_memory(arena);
  const Type *type = type_of_kind(TYPE_STRING);
  Str latin1 = converted(arena, "ISO-8859-1", text), want = converted(arena, "UTF-16LE", text);
  bool is_latin1 = encoding == STRINGS_LATIN1_UTF16 && latin1.len != SIZE_MAX;
  uint64_t flat[2];
  size_t used = 0;
  Value lifted;
  Fault fault = {0};
  memory->strings = encoding;
  assert_true(abi_lower_flat(memory, type, value_string(text), flat, &used, &fault));
  uint32_t length = (uint32_t)(is_latin1 ? latin1.len : want.len / 2);
  if (encoding == STRINGS_LATIN1_UTF16 && !is_latin1) length |= (uint32_t)TAG;
  assert_int_equal(flat[1], length);
  assert_int_equal(flat[0] % 2, 0);
  assert_int_equal(bump_of(memory)->calls, 1);
  assert_slice(((Str){(char *)memory->bytes + flat[0], is_latin1 ? latin1.len : want.len}),
               is_latin1 ? latin1 : want);
  used = 0;
  assert_true(abi_lift_flat(memory, arena, type, flat, &used, &lifted, &fault));
  assert_slice(value_as_string(lifted), text);
}

static void strings_are_what_iconv_makes_of_them(void **state)
{
  Arena *arena = *state;
  Rng rng = rng_from_seed(5);
  for (int i = 0; i < ROUNDS; i++) {
    ArenaMark mark = arena_mark(arena);
    Str text = random_text(arena, &rng);
    check_encoding(arena, STRINGS_UTF16, text);
    check_encoding(arena, STRINGS_LATIN1_UTF16, text);
    arena_reset(arena, mark);
  }
}

/* Inside others, through memory: the length that a list keeps is the tagged one. */
static void strings_lie_in_memory_as_in_slots(void **state)
{
  Arena *arena = *state;
  AbiMemory *memory = bump_memory(arena);
  memory->strings = STRINGS_LATIN1_UTF16;
  Type list = {.kind = TYPE_LIST, .element = type_of_kind(TYPE_STRING)};
  Value strings[] = {value_string(STR("caf\xc3\xa9")), value_string(STR("\xe2\x82\xac")),
                     value_string(STR(""))};
  Value lifted, value = {.items = strings, .count = 3};
  Fault fault = {0};
  assert_true(abi_store(memory, &list, value, 0, &fault));
  static const uint8_t want[] = {4, 0, 0, 0, /* é is one byte */ 44, 0, 0, 0, 1, 0, 0, 0x80};
  assert_memory_equal(memory->bytes + BUMP_START + 4, want, sizeof want);
  assert_memory_equal(memory->bytes + 40, "caf\xe9", 4);
  assert_memory_equal(memory->bytes + 44, "\xac\x20", 2);
  assert_true(abi_load(memory, arena, &list, 0, &lifted, &fault));
  assert_true(value_equal(&list, value, lifted));
}

static void malformed_strings_are_faults(void **state)
{
  static const struct {
    StringEncoding encoding;
    uint32_t pointer, length;
    uint16_t units[3];
    FaultKind want;
  } rows[] = {
      {STRINGS_UTF16, 16, 1, {0xd800}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 1, {0xdc00}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 2, {0xdc00, 0xd800}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 2, {0xd800, 0xd800}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 2, {0xd800, 0xe000}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 2, {'a', 0xdbff}, FAULT_BAD_UTF16},
      {STRINGS_UTF16, 16, 2, {0xdbff, 0xdfff}, FAULT_NONE},
      /* The other half is there, and not a part of it. */
      {STRINGS_UTF16, 16, 1, {0xdbff, 0xdfff}, FAULT_BAD_UTF16},
      {STRINGS_LATIN1_UTF16, 16, (uint32_t)TAG | 1, {0xd800}, FAULT_BAD_UTF16},
      {STRINGS_LATIN1_UTF16, 16, 2, {0xd800}, FAULT_NONE},
      {STRINGS_UTF16, 17, 1, {0}, FAULT_MISALIGNED},
      {STRINGS_UTF16, 17, 0, {0}, FAULT_MISALIGNED},
      {STRINGS_LATIN1_UTF16, 17, 1, {0}, FAULT_MISALIGNED},
      {STRINGS_UTF16, PAGE_BYTES - 2, 2, {0}, FAULT_BAD_POINTER},
      {STRINGS_LATIN1_UTF16, PAGE_BYTES - 2, (uint32_t)TAG | 2, {0}, FAULT_BAD_POINTER},
      {STRINGS_LATIN1_UTF16, PAGE_BYTES - 2, 2, {0}, FAULT_NONE},
      {STRINGS_UTF16, 16, 1 << 27, {0}, FAULT_TOO_LONG},
      {STRINGS_UTF16, 16, UINT32_MAX, {0}, FAULT_TOO_LONG},
      {STRINGS_LATIN1_UTF16, 16, UINT32_MAX, {0}, FAULT_TOO_LONG},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    AbiMemory *memory = bump_memory(arena);
    uint64_t flat[] = {rows[i].pointer, rows[i].length};
    size_t used = 0;
    Value value;
    Fault fault = {0};
    memory->strings = rows[i].encoding;
    memcpy(memory->bytes + 16, rows[i].units, sizeof rows[i].units);
    bool lifted = abi_lift_flat(memory, arena, type_of_kind(TYPE_STRING), flat, &used, &value, &fault);
    if (fault.kind != rows[i].want) print_error("row %zu: %.*s\n", i, STR_ARG(fault_text(arena, &fault)));
    assert_int_equal(fault.kind, rows[i].want);
    assert_true(lifted == (rows[i].want == FAULT_NONE));
  }
}

/* --- which encoding a module has */

/* As wit-bindgen embeds it; a `producers` section and one of types stand before the one that is looked for.
 */
#define COMPONENT_START "\0asm\x0d\0\x01\0"
#define COMPONENT(version, encoding) \
  STR(COMPONENT_START "\0\x0a\x09"   \
                      "producers\x07\x01\0\0\x19\x16wit-component-encoding" version encoding "\x0b\x01\0")

static const char echo_items[] = "length: func(s: string) -> u32; echo: func(s: string) -> string;";
static const char echo_wat[] =
    "(module (memory (export \"memory\") 1) (global $heap (mut i32) (i32.const 1024))"
    " (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)"
    "  (global.get $heap) (global.set $heap (i32.add (global.get $heap) (i32.and (i32.const -8)"
    "   (i32.add (i32.const 15) (local.get 3))))))"
    " (func (export \"t:t/i#length\") (param i32 i32) (result i32) (local.get 1))"
    " (func (export \"t:t/i#echo\") (param i32 i32) (result i32)"
    "  (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1))"
    "  (i32.const 16)))";

/* The module above, with these sections. */
static WasmModule echo_with(Arena *arena, const WasmCustom *customs, size_t count)
{
  Diags diags = diags_in(arena);
  WasmModule plain = modules_read(arena, echo_wat), module;
  Str bytes = wasm_with_customs(arena, &plain, NULL, 0, customs, count);
  assert_true(wasm_read(arena, STR("m.wasm"), bytes, &module, &diags));
  return module;
}

static Loaded *load_echo(Arena *arena, const WasmCustom *customs, size_t count)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  self->interface = modules_interface(arena, echo_items);
  self->module = echo_with(arena, customs, count);
  bool fine = implementation_fit(arena, &self->module, STR("m.wasm"), self->interface, &self->fit, &diags) &&
              aot_compile(arena, &self->module, STR("m.wasm"), NULL, &self->object, &diags);
  if (fine) self->program = program_open(arena, self->object, &self->fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static void a_module_is_called_in_the_encoding_that_it_names(void **state)
{
  const struct {
    WasmCustom customs[2];
    size_t count;
    const char *length; /* of "é€😀" */
  } rows[] = {
      {{{{0}, {0}}}, 0, "9"},
      {{{STR("component-type:i"), COMPONENT("\x04", "\x00")}}, 1, "9"},
      {{{STR("component-type:i"), COMPONENT("\x04", "\x01")}}, 1, "4"},
      {{{STR("component-type:i"), COMPONENT("\x04", "\x02")}}, 1, "2147483652"},
      {{{STR("component-type"), STR(COMPONENT_START)}, {STR("other"), COMPONENT("\x04", "\x01")}}, 2, "9"},
      {{{STR("component-type:a"), COMPONENT("\x04", "\x01")},
        {STR("component-type:b"), COMPONENT("\x04", "\x01")}},
       2,
       "4"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Loaded *loaded = load_echo(*state, rows[i].customs, rows[i].count);
    Guest *guest = modules_guest(loaded);
    modules_expect(*state, loaded, guest, "length", "\"é€😀\"", rows[i].length);
    modules_expect(*state, loaded, guest, "echo", "\"é€😀\"", "\"é€😀\"");
    modules_expect(*state, loaded, guest, "echo", "\"été\"", "\"été\"");
    guest_free(guest);
    program_close(loaded->program);
  }
}

static void a_module_whose_encoding_is_not_clear_does_not_fit(void **state)
{
  const WasmCustom rows[][2] = {
      {{STR("component-type:i"), COMPONENT("\x04", "\x03")}, {STR("x"), STR("")}},
      {{STR("component-type:i"), COMPONENT("\x05", "\x00")}, {STR("x"), STR("")}},
      {{STR("component-type:i"), STR(COMPONENT_START "\0\xff")}, {STR("x"), STR("")}},
      {{STR("component-type:i"), STR(COMPONENT_START "\0\x17\x16wit-component-encoding")},
       {STR("x"), STR("")}},
      {{STR("component-type:i"), STR("\0as")}, {STR("x"), STR("")}},
      {{STR("component-type:i"), COMPONENT("\x04", "\x00")},
       {STR("component-type:b"), COMPONENT("\x04", "\x01")}},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Diags diags = diags_in(arena);
    Fit fit;
    WasmModule module = echo_with(arena, rows[i], 2);
    const Interface *interface = modules_interface(arena, echo_items);
    assert_false(implementation_fit(arena, &module, STR("m.wasm"), interface, &fit, &diags));
    modules_assert_says(&diags, "m.wasm: its string encoding is not clear");
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(strings_are_what_iconv_makes_of_them),
      TEST(strings_lie_in_memory_as_in_slots),
      TEST(malformed_strings_are_faults),
      TEST(a_module_is_called_in_the_encoding_that_it_names),
      TEST(a_module_whose_encoding_is_not_clear_does_not_fit),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
