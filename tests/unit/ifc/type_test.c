#include "ifc/type.h"

#include "ifc/base/buf.h"
#include "tests/unit/ifc/made_types.h"
#include "tests/unit/ifc/wit_values.h"

static void primitives_have_sizes(void **state)
{
  (void)state;
  static const struct {
    TypeKind kind;
    size_t size;
    bool is_integer, is_signed;
  } cases[] = {{TYPE_BOOL, 1, false, false}, {TYPE_S8, 1, true, true},     {TYPE_U16, 2, true, false},
               {TYPE_S64, 8, true, true},    {TYPE_U64, 8, true, false},   {TYPE_F32, 4, false, false},
               {TYPE_F64, 8, false, false},  {TYPE_CHAR, 4, false, false}, {TYPE_STRING, 0, false, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Type *type = type_of_kind(cases[i].kind);
    assert_int_equal(type->kind, cases[i].kind);
    assert_int_equal(type_primitive_size(type), cases[i].size);
    assert_int_equal(type_is_primitive(type), cases[i].size != 0);
    assert_int_equal(type_is_integer(type), cases[i].is_integer);
    assert_int_equal(type_is_signed(type), cases[i].is_signed);
  }
}

static void types_are_written_as_in_wit(void **state)
{
  static const char *const types[] = {
      "u8",         "list<string>",      "option<list<char>>", "result",
      "result<u8>", "result<_, string>", "result<u8, string>", "tuple<f32, bool, list<s64>>",
      "point",      "list<%record>"};
  Str declarations = STR("record point { x: f64 } enum %record { a }");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    Str text = str_from_z(types[i]);
    assert_slice(type_text(*state, wit_type(*state, declarations, text)), text);
  }
}

static void signatures_are_written_as_in_wit(void **state)
{
  const Function *function = wit_function(*state, STR("f: func(%type: u8, b: list<u8>) -> option<u8>"));
  assert_text(function_signature(*state, function), "func(%type: u8, b: list<u8>) -> option<u8>");
  assert_text(function_signature(*state, wit_function(*state, STR("f: func()"))), "func()");
}

/* Two types of one interface. */
static bool equal(Arena *arena, const char *declarations, const char *a, const char *b)
{
  Str items = str_format(arena, "%s f: func(a: %s, b: %s)", declarations, a, b);
  const Function *function = wit_function(arena, items);
  bool there = type_equal(function->params[0].type, function->params[1].type);
  assert_int_equal(there, type_equal(function->params[1].type, function->params[0].type));
  return there;
}

static void equality_is_by_structure(void **state)
{
  assert_true(equal(*state, "", "list<tuple<u8, string>>", "list<tuple<u8, string>>"));
  assert_true(equal(*state, "record a { x: u8 } record b { x: u8 }", "a", "b"));
  assert_true(equal(*state,
                    "record a { x: p, y: q } type p = list<u8>; type q = list<u8>; record b { x: q, y: q }",
                    "a", "b"));
  assert_true(equal(*state, "variant a { x, y(result) } variant b { x, y(result) }", "a", "b"));
}

static void names_of_parts_and_presence_count(void **state)
{
  assert_false(equal(*state, "", "list<u8>", "list<s8>"));
  assert_false(equal(*state, "", "list<u8>", "option<u8>"));
  assert_false(equal(*state, "", "tuple<u8, u8>", "tuple<u8>"));
  assert_false(equal(*state, "", "result<u8>", "result<_, u8>"));
  assert_false(equal(*state, "", "result<u8, u8>", "result<u8>"));
  assert_false(equal(*state, "record a { x: u8 } record b { y: u8 }", "a", "b"));
  assert_false(equal(*state, "enum a { x, y } enum b { y, x }", "a", "b"));
  assert_false(equal(*state, "enum a { x } flags b { x }", "a", "b"));
  assert_false(equal(*state, "enum a { x } variant b { x }", "a", "b"));
  assert_false(equal(*state, "variant a { x(u8) } variant b { x }", "a", "b"));
  assert_false(equal(*state, "record a { x: list<list<u8>> } record b { x: list<list<u16>> }", "a", "b"));
}

enum { DOUBLINGS = 1000 };

/* "type p0 = LEAF; type p1 = tuple<p0, p0>; …": 2^1000 leaves. */
static void put_doublings(Buf *out, const char *prefix, const char *leaf)
{
  buf_printf(out, "type %s0 = %s;\n", prefix, leaf);
  for (int i = 1; i <= DOUBLINGS; i++)
    buf_printf(out, "type %s%d = tuple<%s%d, %s%d>;\n", prefix, i, prefix, i - 1, prefix, i - 1);
}

static void shared_types_are_compared_once(void **state)
{
  Buf items = buf_in(*state);
  put_doublings(&items, "p", "list<u8>");
  put_doublings(&items, "q", "list<u8>");
  put_doublings(&items, "r", "list<u16>");
  buf_printf(&items, "f: func(a: p%d, b: q%d, c: r%d)", DOUBLINGS, DOUBLINGS, DOUBLINGS);
  const Function *function = wit_function(*state, buf_text(&items));
  assert_true(type_equal(function->params[0].type, function->params[1].type));
  assert_false(type_equal(function->params[0].type, function->params[2].type));
}

static void the_text_of_shared_types_is_cut(void **state)
{
  Buf items = buf_in(*state);
  put_doublings(&items, "p", "u8");
  buf_printf(&items, "f: func(a: p%d)", DOUBLINGS);
  const Function *function = wit_function(*state, buf_text(&items));
  assert_true(type_text(*state, function->params[0].type).len < 10000);
}

static void declarations_are_found_by_name(void **state)
{
  Diags diags = diags_in(*state);
  const Package *package = wit_parse(
      *state, source_of(*state, STR("package a:b; interface i { f: func(); type t = u8; }")), NULL, &diags);
  const Interface *interface = &package->interfaces[0];
  assert_ptr_equal(interface_function(interface, STR("f")), &interface->functions[0]);
  assert_ptr_equal(interface_typedef(interface, STR("t")), &interface->typedefs[0]);
  assert_null(interface_function(interface, STR("t")));
  assert_null(interface_typedef(interface, STR("F")));
}

static void types_made_of_the_newer_kinds_are_written_as_in_wit(void **state)
{
  Arena *arena = *state;
  const Type *u8 = type_of_kind(TYPE_U8), *string = type_of_kind(TYPE_STRING);
  const TypeDef blob = {.name = STR("blob")}, record = {.name = STR("record")};
  const Type own = {.kind = TYPE_OWN, .named = &blob}, borrow = {.kind = TYPE_BORROW, .named = &record};
  const Type stream = {.kind = TYPE_STREAM, .element = u8}, future = {.kind = TYPE_FUTURE};
  assert_text(type_text(arena, made_fixed_list(arena, u8, 4294967295)), "list<u8, 4294967295>");
  assert_text(type_text(arena, made_map(arena, string, made_list(arena, u8))), "map<string, list<u8>>");
  assert_text(type_text(arena, &own), "blob");
  assert_text(type_text(arena, &borrow), "borrow<%record>");
  assert_text(type_text(arena, &stream), "stream<u8>");
  assert_text(type_text(arena, &future), "future");
  assert_text(type_text(arena, type_of_kind(TYPE_ERROR_CONTEXT)), "error-context");
}

static void lengths_keys_and_resources_tell_types_apart(void **state)
{
  Arena *arena = *state;
  const Type *u8 = type_of_kind(TYPE_U8), *s8 = type_of_kind(TYPE_S8);
  const TypeDef first = {.name = STR("r")}, second = {.name = STR("r")};
  const Type own = {.kind = TYPE_OWN, .named = &first}, borrow = {.kind = TYPE_BORROW, .named = &first},
             other = {.kind = TYPE_OWN, .named = &second}, same = own;
  assert_true(type_equal(made_fixed_list(arena, u8, 2), made_fixed_list(arena, u8, 2)));
  assert_false(type_equal(made_fixed_list(arena, u8, 2), made_fixed_list(arena, u8, 3)));
  assert_false(type_equal(made_fixed_list(arena, u8, 2), made_fixed_list(arena, s8, 2)));
  assert_false(type_equal(made_fixed_list(arena, u8, 2), made_list(arena, u8)));
  assert_true(type_equal(made_map(arena, u8, s8), made_map(arena, u8, s8)));
  assert_false(type_equal(made_map(arena, u8, s8), made_map(arena, s8, s8)));
  assert_false(type_equal(made_map(arena, u8, s8), made_list(arena, made_pair(arena, u8, s8))));
  assert_true(type_equal(made_list(arena, &own), made_list(arena, &same)));
  assert_false(type_equal(made_list(arena, &own), made_list(arena, &other)));
  assert_false(type_equal(made_list(arena, &own), made_list(arena, &borrow)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(primitives_have_sizes),
      TEST(types_are_written_as_in_wit),
      TEST(signatures_are_written_as_in_wit),
      TEST(equality_is_by_structure),
      TEST(names_of_parts_and_presence_count),
      TEST(shared_types_are_compared_once),
      TEST(the_text_of_shared_types_is_cut),
      TEST(declarations_are_found_by_name),
      TEST(types_made_of_the_newer_kinds_are_written_as_in_wit),
      TEST(lengths_keys_and_resources_tell_types_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
