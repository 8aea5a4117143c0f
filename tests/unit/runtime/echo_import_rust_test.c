/* Imports in Rust: implementations that pass every value that they are given to one in C, which hands it
 * back. Both are made from the same random types. */
#include "tests/unit/runtime/echo.h"

/* From a value to what an imported function borrows of it. */
static const char lending[] =
    "trait Lend<T> { fn lend(self) -> T; }\n"
    "impl<'a, X> Lend<&'a X> for &'a X { fn lend(self) -> &'a X { self } }\n"
    "impl<'a> Lend<&'a str> for &'a String { fn lend(self) -> &'a str { self } }\n"
    "impl<'a, X> Lend<&'a [X]> for &'a Vec<X> { fn lend(self) -> &'a [X] { self } }\n"
    "impl<'a, X: Copy, const N: usize> Lend<[X; N]> for &'a [X; N] { fn lend(self) -> [X; N] { *self } }\n"
    "impl<'a, X, Y> Lend<Option<Y>> for &'a Option<X> where &'a X: Lend<Y> {\n"
    "  fn lend(self) -> Option<Y> { self.as_ref().map(|x| x.lend()) }\n}\n"
    "impl<'a, X, Y, E, F> Lend<Result<Y, F>> for &'a Result<X, E> where &'a X: Lend<Y>, &'a E: Lend<F> {\n"
    "  fn lend(self) -> Result<Y, F> { self.as_ref().map(|x| x.lend()).map_err(|e| e.lend()) }\n}\n"
    "macro_rules! tuples { ($($(($x:ident $y:ident $n:tt))*;)*) => {$(\n"
    "  impl<'a, $($x, $y),*> Lend<($($y,)*)> for &'a ($($x,)*) where $(&'a $x: Lend<$y>),* {\n"
    "    fn lend(self) -> ($($y,)*) { ($(self.$n.lend(),)*) }\n  }\n)*} }\n"
    "tuples! { (A P 0); (A P 0)(B Q 1); (A P 0)(B Q 1)(C R 2); (A P 0)(B Q 1)(C R 2)(D S 3);\n"
    "  (A P 0)(B Q 1)(C R 2)(D S 3)(E T 4); (A P 0)(B Q 1)(C R 2)(D S 3)(E T 4)(F U 5);\n"
    "  (A P 0)(B Q 1)(C R 2)(D S 3)(E T 4)(F U 5)(G V 6);\n"
    "  (A P 0)(B Q 1)(C R 2)(D S 3)(E T 4)(F U 5)(G V 6)(H W 7); }\n"
    "macro_rules! copies { ($($type:ty)*) => {$(\n"
    "  impl<'a> Lend<$type> for &'a $type { fn lend(self) -> $type { *self } }\n)*} }\n"
    "copies! { () bool i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 char }\n";

static Str next_line(Str *rest)
{
  size_t end = str_find(*rest, STR("\n"));
  Str line = str_slice(*rest, 0, end);
  *rest = end == SIZE_MAX ? STR("") : str_slice(*rest, end + 1, rest->len);
  return line;
}

/* The name behind `prefix` in a line. */
static Str name_after(Str line, Str prefix)
{
  Str rest = str_slice(line, prefix.len, line.len);
  size_t end = 0;
  while (end < rest.len && !strchr(" :(;{", rest.at[end])) end++;
  return str_slice(rest, 0, end);
}

/* The declared types that are copied. */
static void make_copies(Str bindings, Buf *out)
{
  bool is_copy = false, is_flags = false;
  while (bindings.len) {
    Str line = next_line(&bindings), name = {0};
    if (str_starts_with(line, STR("pub struct ")) || str_starts_with(line, STR("pub enum ")))
      name = name_after(line, str_starts_with(line, STR("pub s")) ? STR("pub struct ") : STR("pub enum "));
    if (is_flags) name = name_after(line, STR("    "));
    if (name.len && (is_copy || is_flags)) buf_printf(out, "copies! { i::%.*s }\n", STR_ARG(name));
    is_copy = str_equal(line, STR("#[derive(Clone, Copy)]")) || (is_copy && str_starts_with(line, STR("#[")));
    is_flags = str_equal(line, STR("flags_type! {"));
  }
}

static Str make_component(Arena *arena, const Interface *interface)
{
  Str bindings = bind_rust(arena, interface), trait = STR("pub trait Guest {\n");
  Buf out = buf_in(arena);
  buf_z(&out, "mod bindings;\nuse bindings::exports::t::t::j::*;\nuse bindings::t::t::i;\n");
  buf_z(&out, lending);
  make_copies(str_slice(bindings, str_find(bindings, STR("pub mod t {")), bindings.len), &out);
  buf_z(&out, "struct Component;\nimpl Guest for Component {\n");
  Str rest = str_slice(bindings, str_find(bindings, trait) + trait.len, bindings.len);
  for (uint32_t f = 0; f < interface->function_count; f++) {
    const Function *function = &interface->functions[f];
    Str line = str_trim(next_line(&rest));
    assert_true(str_starts_with(line, STR("fn ")));
    buf_printf(&out, "    %.*s { i::%.*s(", (int)line.len - 1, line.at, STR_ARG(function->name));
    for (uint32_t p = 0; p < function->param_count; p++)
      buf_printf(&out, "%s(&%.*s).lend()", p ? ", " : "", STR_ARG(function->params[p].name));
    buf_z(&out, ") }\n");
  }
  buf_z(&out, "}\nbindings::export!(Component with_types_in bindings);\n");
  return buf_text(&out);
}

static void every_value_is_passed_on_and_comes_back(void **state)
{
  Arena *arena = *state;
  for (uint64_t seed = 1, last = last_seed(1); seed <= last; seed++) {
    Maker maker = {.arena = arena, .rng = rng_from_seed(seed)};
    const Package *package = make_package(&maker);
    const Interface *low = package_interface(package, STR("i")), *high = package_interface(package, STR("j"));
    Implementation answers;
    load_linked(arena, low, modules_write(arena, "low.c", echo_in_c(arena, low)), NULL, 0, &answers);
    Str source = modules_write(arena, "high.rs", make_component(arena, high));
    assert_runs_linked(arena, high, source, &answers, 1, seed, echo_all);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_value_is_passed_on_and_comes_back),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
