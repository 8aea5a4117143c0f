/* Modules that were made to hurt what reads, translates and compiles them: each is refused in a sentence, or
 * compiled and right, and soon. */
#include "tests/unit/runtime/modules.h"

#include "runtime/region.h"
#include "runtime/wasm_internal.h"
#include "runtime/wasm_limits.h"

static const char items[] = "f: func() -> u32;";

/* One piece of code and how often it stands there. */
typedef struct Part {
  Str code;
  uint32_t times;
} Part;
#define CODE(text, times) \
  (Part)                  \
  {                       \
    STR(text), times      \
  }

typedef struct Shape {
  Part locals;
  Part parts[4];
  uint32_t functions; /* besides the first, which is exported */
  uint32_t data;      /* bytes, at address 0 */
} Shape;

static void put_parts(Buf *out, const Part *parts, size_t count)
{
  for (size_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < parts[i].times; k++) buf_str(out, parts[i].code);
}

static void put_section(Buf *out, uint8_t id, Buf *content)
{
  wasm_put_section(out, id, buf_text(content));
  content->len = 0;
}

static uint8_t data_byte(uint32_t at)
{
  return (uint8_t)((at * 2654435761u) >> 24);
}

static void put_code(Arena *arena, Buf *content, const Shape *shape)
{
  Buf body = buf_in(arena);
  if (!shape->locals.times) buf_byte(&body, 0);
  put_parts(&body, &shape->locals, 1);
  put_parts(&body, shape->parts, sizeof shape->parts / sizeof *shape->parts);
  buf_byte(&body, 0x0b);
  wasm_put_u32(content, shape->functions + 1);
  wasm_put_name(content, buf_text(&body));
  for (uint32_t i = 0; i < shape->functions; i++) buf_str(content, STR("\x04\x00\x41\x01\x0b"));
}

/* All functions give an i32; the first is f. */
static Str module_bytes(Arena *arena, const Shape *shape)
{
  Buf out = buf_in(arena), content = buf_in(arena);
  buf_str(&out, STR("\0asm\1\0\0\0"));
  buf_str(&content, STR("\x01\x60\x00\x01\x7f"));
  put_section(&out, SECTION_TYPE, &content);
  wasm_put_u32(&content, shape->functions + 1);
  buf_repeat(&content, 0, shape->functions + 1);
  put_section(&out, SECTION_FUNCTION, &content);
  buf_str(&content, STR("\x01\x00"));
  wasm_put_u32(&content, shape->data / WASM_PAGE + 1);
  put_section(&out, SECTION_MEMORY, &content);
  buf_str(&content, STR("\x01\x07t:t/i#f\x00\x00"));
  put_section(&out, SECTION_EXPORT, &content);
  put_code(arena, &content, shape);
  put_section(&out, SECTION_CODE, &content);
  if (shape->data) {
    buf_str(&content, STR("\x01\x00\x41\x00\x0b"));
    wasm_put_u32(&content, shape->data);
    for (uint32_t i = 0; i < shape->data; i++) buf_byte(&content, (char)data_byte(i));
    put_section(&out, SECTION_DATA, &content);
  }
  return buf_text(&out);
}

static WasmModule read_module(Arena *arena, Str bytes)
{
  Diags diags = diags_in(arena);
  WasmModule module;
  bool fine = wasm_read(arena, STR("m.wasm"), bytes, &module, &diags);
  modules_show(&diags);
  assert_true(fine);
  return module;
}

static bool compiles(Arena *arena, const WasmModule *module, WasmVariant variant, Str *object, Diags *diags)
{
  *diags = diags_in(arena);
  return aot_compile(arena, module, STR("m.wasm"), &(AotOptions){.variant = variant}, object, diags);
}

static void expect_refusal(Arena *arena, const Shape *shape, const char *says)
{
  WasmModule module = read_module(arena, module_bytes(arena, shape));
  for (WasmVariant variant = WASM_PLAIN; variant <= WASM_COVER; variant++) {
    Str object = STR("untouched");
    Diags diags;
    assert_false(compiles(arena, &module, variant, &object, &diags));
    assert_int_equal(diags.errors, 1);
    assert_int_equal(diags.first->code, DIAG_UNSUPPORTED);
    modules_assert_says(&diags, says);
    assert_text(object, "untouched");
  }
}

static void expect_result(Arena *arena, const Shape *shape, WasmVariant variant, uint32_t want)
{
  Diags diags;
  Loaded *loaded = arena_new_of(arena, Loaded);
  loaded->interface = modules_interface(arena, items);
  loaded->module = read_module(arena, module_bytes(arena, shape));
  bool fine =
      compiles(arena, &loaded->module, variant, &loaded->object, &diags) &&
      implementation_fit(arena, &loaded->module, STR("m.wasm"), loaded->interface, &loaded->fit, &diags);
  if (fine) loaded->program = program_open(arena, loaded->object, &loaded->fit, NULL, &diags);
  modules_show(&diags);
  assert_non_null(loaded->program);
  Guest *guest = modules_guest(loaded);
  modules_expect(arena, loaded, guest, "f", "", str_format(arena, "%u", want).at);
  guest_free(guest);
  program_close(loaded->program);
}

/* --- what is refused before a tool sees it */

static void ten_million_locals_are_refused(void **state)
{
  expect_refusal(*state,
                 &(Shape){.locals = CODE("\x01\x80\xad\xe2\x04\x7f", 1), .parts = {CODE("\x41\x01", 1)}},
                 "its function `f` has more than 50,000 locals");
}

static void a_hundred_thousand_blocks_inside_one_another_are_refused(void **state)
{
  expect_refusal(*state,
                 &(Shape){.parts = {CODE("\x02\x40", 100000), CODE("\x0b", 100000), CODE("\x41\x01", 1)}},
                 "more than 10,000 blocks inside one another");
  expect_refusal(
      *state,
      &(Shape){.parts = {CODE("\x41\x01\x04\x40", 100000), CODE("\x0b", 100000), CODE("\x41\x01", 1)}},
      "more than 1,000 `if`s inside one another");
}

static void a_million_functions_are_refused(void **state)
{
  expect_refusal(*state, &(Shape){.parts = {CODE("\x41\x01", 1)}, .functions = 1000000 - 1},
                 "it has 1000000 functions, and at most 20000 can be compiled");
}

static void a_million_labels_are_refused(void **state)
{
  expect_refusal(*state,
                 &(Shape){.parts = {CODE("\x02\x40\x41\x00\x0e\xc0\x84\x3d", 1), CODE("\0", 1000001),
                                    CODE("\x0b\x41\x01", 1)}},
                 "has a br_table with more than 65,520 labels");
}

static void nine_million_bytes_of_one_function_are_refused(void **state)
{
  expect_refusal(*state, &(Shape){.parts = {CODE("\x41\x01", 1), CODE("\x41\x01\x6a", 3000000)}},
                 "has more than 7,654,321 bytes");
}

/* --- what is large, and compiled */

static void the_deepest_nests_compile(void **state)
{
  Shape blocks = {.parts = {CODE("\x02\x40", 9999), CODE("\x0b", 9999), CODE("\x41\x07", 1)}};
  Shape ifs = {.parts = {CODE("\x41\x01\x04\x40", 1000), CODE("\x0b", 1000), CODE("\x41\x07", 1)}};
  expect_result(*state, &blocks, WASM_PLAIN, 7);
  expect_result(*state, &ifs, WASM_PLAIN, 7);
  expect_result(*state, &ifs, WASM_METERED, 7);
}

static void the_largest_label_table_compiles(void **state)
{
  expect_result(*state,
                &(Shape){.parts = {CODE("\x02\x40\x41\x00\x0e\xf0\xff\x03", 1), CODE("\0", 65521),
                                   CODE("\x0b\x41\x07", 1)}},
                WASM_PLAIN, 7);
}

static void the_most_locals_compile(void **state)
{
  expect_result(*state,
                &(Shape){.locals = CODE("\x01\xd0\x86\x03\x7f", 1), .parts = {CODE("\x20\xcf\x86\x03", 1)}},
                WASM_PLAIN, 0);
}

static void a_deep_operand_stack_compiles(void **state)
{
  expect_result(*state, &(Shape){.parts = {CODE("\x41\x01", 20000), CODE("\x6a", 20000 - 1)}}, WASM_PLAIN,
                20000);
}

static void a_long_function_compiles(void **state)
{
  uint32_t want = 1;
  for (int i = 0; i < 20000; i++) want = (want + 3) * 7;
  expect_result(*state, &(Shape){.parts = {CODE("\x41\x01", 1), CODE("\x41\x03\x6a\x41\x07\x6c", 20000)}},
                WASM_PLAIN, want);
}

static void megabytes_of_data_compile(void **state)
{
  enum { SIZE = 8 << 20, AT = 0x6c3d5b };
  uint32_t want = data_byte(AT) | (uint32_t)data_byte(AT + 1) << 8 | (uint32_t)data_byte(AT + 2) << 16 |
                  (uint32_t)data_byte(AT + 3) << 24;
  Shape shape = {.parts = {CODE("\x41\xdb\xfa\xb0\x03\x28\x00\x00", 1)}, .data = SIZE};
  expect_result(*state, &shape, WASM_PLAIN, want);
}

static void thousands_of_functions_compile(void **state)
{
  expect_result(
      *state,
      &(Shape){.parts = {CODE("\x41\x00", 1), CODE("\x10\x01\x10\x87\x27\x6a\x6a", 10)}, .functions = 5000},
      WASM_PLAIN, 20);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(ten_million_locals_are_refused),
      TEST(a_hundred_thousand_blocks_inside_one_another_are_refused),
      TEST(a_million_functions_are_refused),
      TEST(a_million_labels_are_refused),
      TEST(nine_million_bytes_of_one_function_are_refused),
      TEST(the_deepest_nests_compile),
      TEST(the_largest_label_table_compiles),
      TEST(the_most_locals_compile),
      TEST(a_deep_operand_stack_compiles),
      TEST(a_long_function_compiles),
      TEST(megabytes_of_data_compile),
      TEST(thousands_of_functions_compile),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
