#include "runtime/implementation.h"

#include "tests/unit/runtime/modules.h"

static const char circle_wit[] =
    "package geometry:shapes@1.2.0; interface circle {"
    " record circle { radius: f64, center: tuple<f64, f64> }"
    " intersects: func(a: circle, b: circle) -> bool; area: func(a: circle) -> f64; }";
static const char text_wit[] = "package t:t; interface text { twice: func(text: string) -> string; }";

static const Interface *interface_of(Arena *arena, const char *wit)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), str_from_z(wit)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  modules_show(&diags);
  assert_non_null(package);
  return &package->interfaces[0];
}

static bool fits(Arena *arena, const char *wit, const char *wat, Fit *fit, Diags *diags)
{
  WasmModule module = modules_read(arena, wat);
  *diags = diags_in(arena);
  return implementation_fit(arena, &module, STR("c.wasm"), interface_of(arena, wit), fit, diags);
}

#define INTERSECTS                                       \
  "(func (export \"geometry:shapes/circle#intersects\")" \
  " (param f64 f64 f64 f64 f64 f64) (result i32) unreachable)"
#define AREA "(func (export \"geometry:shapes/circle#area\") (param f64 f64 f64) (result f64) unreachable)"

static void a_module_that_fits_is_found_its_way_about(void **state)
{
  Fit fit;
  Diags diags;
  assert_true(fits(*state, circle_wit, "(module " AREA INTERSECTS ")", &fit, &diags));
  assert_int_equal(diags.errors + diags.warnings, 0);
  assert_int_equal(fit.functions[0], 1);
  assert_int_equal(fit.functions[1], 0);
  assert_int_equal(fit.post_returns[0], EXPORT_NONE);
  assert_int_equal(fit.memory, EXPORT_NONE);
  assert_int_equal(fit.realloc, EXPORT_NONE);
  assert_int_equal(fit.initialize, EXPORT_NONE);
}

static void names_match_with_any_version_and_best_with_their_own(void **state)
{
#define AREA_OF(version) \
  "(func (export \"geometry:shapes/circle" version "#area\") (param f64 f64 f64) (result f64) unreachable)"
  Fit fit;
  Diags diags;
  assert_true(fits(*state, circle_wit, "(module " INTERSECTS AREA_OF("@9.9.9") ")", &fit, &diags));
  assert_int_equal(fit.functions[1], 1);
  assert_true(fits(*state, circle_wit,
                   "(module " INTERSECTS AREA_OF("@9.9.9") AREA_OF("") AREA_OF("@1.2.0") ")", &fit, &diags));
  assert_int_equal(fit.functions[1], 3);
  assert_true(
      fits(*state, circle_wit, "(module " INTERSECTS AREA_OF("@9.9.9") AREA_OF("") ")", &fit, &diags));
  assert_int_equal(fit.functions[1], 2);
  assert_false(fits(*state, circle_wit, "(module " INTERSECTS AREA_OF("s") ")", &fit, &diags));
}

static void a_wrong_signature_is_shown_beside_the_right_one(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, circle_wit,
                    "(module " AREA "(func (export \"geometry:shapes/circle#intersects\") (param f32)"
                    " (result i32) unreachable))",
                    &fit, &diags));
  assert_int_equal(diags.errors, 1);
  assert_text(diags.first->message,
              "c.wasm: export `geometry:shapes/circle#intersects` has signature (f32) -> i32");
  assert_text(diags.first->notes->message,
              "expected (f64, f64, f64, f64, f64, f64) -> i32, because intersects: "
              "func(a: circle, b: circle) -> bool");
}

static void every_misfit_is_reported(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, circle_wit,
                    "(module (func (export \"circle#intersects\")) (memory"
                    " (export \"geometry:shapes/circle#area\") 1))",
                    &fit, &diags));
  assert_int_equal(diags.errors, 2);
  const Diag *missing = diags.first, *wrong = missing->next;
  assert_text(missing->message, "c.wasm: there is no export `geometry:shapes/circle#intersects`");
  assert_text(missing->notes->next->message, "the module exports `circle#intersects`");
  assert_text(wrong->message, "c.wasm: export `geometry:shapes/circle#area` is a memory");
  assert_text(wrong->notes->message, "expected (f64, f64, f64) -> f64, because area: func(a: circle) -> f64");
}

static void a_misspelt_export_is_pointed_out(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, circle_wit,
                    "(module " AREA "(func (export \"cabi_post_geometry:shapes/circle#intersects\"))"
                    "(func (export \"geometry:shapes/circle#intersect\")))",
                    &fit, &diags));
  modules_assert_says(&diags, "the module exports `geometry:shapes/circle#intersect`");
}

/* Names are the module's: they must not get to a terminal as they are. */
static void names_are_shown_escaped(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, circle_wit,
                    "(module (import \"\\1b[2J\" \"a\\nb\" (func)) " AREA INTERSECTS
                    "(func (export \"\\1b\\07#intersects\")))",
                    &fit, &diags));
  modules_assert_says(&diags, "it imports a function that nothing here provides: `\\x1b[2J.a\\x0ab`");
}

#define TWICE "(func (export \"t:t/text#twice\") (param i32 i32) (result i32) unreachable)"
#define MEMORY "(memory (export \"memory\") 1)"
#define REALLOC "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) unreachable)"

static void strings_need_memory_and_realloc(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, text_wit, "(module " TWICE ")", &fit, &diags));
  assert_int_equal(diags.errors, 2);
  modules_assert_says(&diags, "c.wasm: there is no export `memory`");
  modules_assert_says(&diags, "c.wasm: there is no export `cabi_realloc`");
  modules_assert_says(&diags,
                      "expected (i32, i32, i32, i32) -> i32 (old pointer, old size, alignment, new size)");
  modules_assert_says(&diags, "needed by twice: func(text: string) -> string");
  assert_true(fits(*state, text_wit, "(module " TWICE MEMORY REALLOC ")", &fit, &diags));
  assert_int_equal(fit.memory, 1);
  assert_int_equal(fit.realloc, 2);
}

static void helpers_are_checked_too(void **state)
{
  static const struct {
    const char *wat, *says;
  } cases[] = {
      {TWICE MEMORY "(func (export \"cabi_realloc\") (param i32) (result i32) unreachable)",
       "export `cabi_realloc` has signature (i32) -> i32"},
      {TWICE REALLOC "(func (export \"memory\"))", "export `memory` is a function, and must be the memory"},
      {TWICE MEMORY REALLOC "(func (export \"_initialize\") (param i32))",
       "export `_initialize` has signature (i32) -> ()"},
      {TWICE MEMORY REALLOC "(func (export \"cabi_post_t:t/text#twice\") (param i64))",
       "export `cabi_post_t:t/text#twice` has signature (i64) -> ()"},
  };
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Fit fit;
    Diags diags;
    Str wat = str_format(arena, "(module %s)", cases[i].wat);
    assert_false(fits(arena, text_wit, str_to_z(arena, wat), &fit, &diags));
    assert_int_equal(diags.errors, 1);
    modules_assert_says(&diags, cases[i].says);
  }
}

static void post_return_is_found(void **state)
{
  Fit fit;
  Diags diags;
  assert_true(
      fits(*state, text_wit,
           "(module " TWICE MEMORY REALLOC
           "(func (export \"cabi_post_t:t/text#twice\") (param i32)) (func (export \"_initialize\")))",
           &fit, &diags));
  assert_int_equal(fit.post_returns[0], 3);
  assert_int_equal(fit.initialize, 4);
}

static void only_wasi_may_be_imported(void **state)
{
  Fit fit;
  Diags diags;
  assert_true(fits(*state, circle_wit,
                   "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))"
                   " (import \"wasi_snapshot_preview1\" \"path_open\" (func)) " AREA INTERSECTS ")",
                   &fit, &diags));
  assert_int_equal(fit.import_count, 2);
  assert_int_equal(fit.imports[0].function, HOST_PROC_EXIT);
  assert_int_equal(fit.imports[1].function, HOST_DENIED);
  assert_text(fit.imports[1].name, "wasi_snapshot_preview1.path_open");
  assert_false(
      fits(*state, circle_wit,
           "(module (import \"env\" \"now\" (func (result f64)))"
           " (import \"env\" \"memory\" (memory 1)) (import \"env\" \"abort\" (func)) " AREA INTERSECTS ")",
           &fit, &diags));
  assert_int_equal(diags.errors, 3);
  modules_assert_says(&diags, "c.wasm: it imports a function that nothing here provides: `env.now`");
  modules_assert_says(&diags, "c.wasm: it imports a memory that nothing here provides: `env.memory`");
  modules_assert_says(&diags, "an implementation may import only wasi_snapshot_preview1");
}

/* --- files */

static Str write_module(Arena *arena, const char *wat, const WasmCustom *customs, size_t count)
{
  WasmModule module = modules_read(arena, wat);
  Diags diags = diags_in(arena);
  Str none = STR("no such section");
  Str path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("circle.fast.wasm"));
  assert_true(file_write(path, wasm_with_customs(arena, &module, &none, 1, customs, count), &diags));
  return path;
}

static void functions_that_cannot_be_called_do_not_keep_others_from_it(void **state)
{
  static const char mixed[] = "package t:t; interface mixed { one: func() -> u8; all: func(s: stream<u8>);"
                              " later: async func() -> u8; }";
#define MIXED(name, type) "(func (export \"t:t/mixed#" name "\") " type " unreachable)"
  Fit fit;
  Diags diags;
  const char *both = "(module " MIXED("one", "(result i32)") MIXED("all", "(param i32)") ")";
  assert_true(fits(*state, mixed, both, &fit, &diags));
  assert_int_equal(fit.functions[0], 0);
  assert_int_equal(fit.functions[1], 1);
  assert_int_equal(fit.functions[2], EXPORT_NONE);
  assert_true(fits(*state, mixed, "(module " MIXED("one", "(result i32)") ")", &fit, &diags));
  assert_int_equal(fit.functions[1], EXPORT_NONE);
  assert_false(
      fits(*state, mixed, "(module " MIXED("one", "(result i32)") MIXED("all", "") ")", &fit, &diags));
  modules_assert_says(&diags, "export `t:t/mixed#all` has signature () -> ()");
}

static void an_interface_of_which_nothing_can_be_called_does_not_fit(void **state)
{
  Fit fit;
  Diags diags;
  assert_false(fits(*state, "package t:t; interface i { all: func(s: stream<u8>); }",
                    "(module (func (export \"t:t/i#all\") (param i32)))", &fit, &diags));
  assert_int_equal(diags.first->code, DIAG_UNSUPPORTED);
  modules_assert_says(&diags, "no function of t:t/i can be called yet");
  modules_assert_says(&diags, "`all`: parameter `s` is stream<u8>, and streams cannot be passed yet");
}

static void a_file_says_what_it_implements(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation self;
  const WasmCustom customs[] = {{STR("assay:interface"), str_from_z(circle_wit)},
                                {STR("assay:build"), STR("{\"language\": \"c\", \"x\": 1}")}};
  Str path = write_module(arena, "(module " AREA INTERSECTS ")", customs, 2), bytes;
  assert_true(implementation_load(arena, path, NULL, &self, &diags));
  assert_text(self.fit.interface->id, "geometry:shapes/circle");
  assert_text(self.label, "circle.fast");
  assert_text(self.language, "c");
  assert_true(jv_as_integer(jv_get(self.build, STR("x"))) == 1);
  assert_true(file_read(arena, path, SIZE_MAX, &bytes, &diags));
  assert_true(hash_equal(self.hash, hash_of(bytes)));
}

static void a_file_that_says_nothing_needs_to_be_told(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation self;
  Str path = write_module(arena, "(module " AREA INTERSECTS ")", NULL, 0);
  assert_false(implementation_load(arena, path, NULL, &self, &diags));
  modules_assert_says(&diags, "does not say which interface it implements");
  diags = diags_in(arena);
  assert_true(implementation_load(arena, path, interface_of(arena, circle_wit), &self, &diags));
  assert_text(self.language, "");
  assert_null(self.build);
}

/* Sections are the author's claims; the functions themselves decide. */
static void claims_are_checked(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation self;
  const WasmCustom lie[] = {{STR("assay:interface"), str_from_z(text_wit)},
                            {STR("assay:build"), STR("{\"language\": \"c\\u001b[2J\"}")}};
  assert_false(
      implementation_load(arena, write_module(arena, "(module " AREA ")", lie, 1), NULL, &self, &diags));
  modules_assert_says(&diags, "there is no export `t:t/text#twice`");
  diags = diags_in(arena);
  Str path = write_module(arena, "(module " TWICE MEMORY REALLOC ")", lie, 2);
  assert_true(implementation_load(arena, path, NULL, &self, &diags));
  assert_text(self.language, "");
  const WasmCustom broken[] = {{STR("assay:interface"), STR("package a:b; interface {")},
                               {STR("assay:build"), STR("{")}};
  path = write_module(arena, "(module " TWICE MEMORY REALLOC ")", broken, 2);
  assert_false(implementation_load(arena, path, NULL, &self, &diags));
  modules_assert_says(&diags, "assay:interface section");
  diags = diags_in(arena);
  assert_true(implementation_load(arena, path, interface_of(arena, text_wit), &self, &diags));
  assert_null(self.build);
}

/* Told as what it is, not as that many exports that are not there. */
static void a_module_for_another_interface_is_told_in_a_sentence(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Implementation self;
  const WasmCustom customs[] = {{STR("assay:interface"), str_from_z(text_wit)}};
  Str path = write_module(arena, "(module " TWICE MEMORY REALLOC ")", customs, 1);
  assert_false(implementation_load(arena, path, interface_of(arena, circle_wit), &self, &diags));
  assert_int_equal(diags.errors, 1);
  modules_assert_says(&diags, "implements t:t/text, not geometry:shapes/circle");
  /* what has some of the functions is told which it lacks */
  path = write_module(arena, "(module " AREA ")", customs, 1);
  diags = diags_in(arena);
  assert_false(implementation_load(arena, path, interface_of(arena, circle_wit), &self, &diags));
  modules_assert_says(&diags, "geometry:shapes/circle#intersects");
}

static void a_missing_file_is_a_diagnostic(void **state)
{
  Diags diags = diags_in(*state);
  Implementation self;
  assert_false(implementation_load(*state, STR("/nonexistent/m.wasm"), NULL, &self, &diags));
  assert_int_equal(diags.first->code, DIAG_INPUT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_module_that_fits_is_found_its_way_about),
      TEST(names_match_with_any_version_and_best_with_their_own),
      TEST(a_wrong_signature_is_shown_beside_the_right_one),
      TEST(every_misfit_is_reported),
      TEST(a_misspelt_export_is_pointed_out),
      TEST(names_are_shown_escaped),
      TEST(strings_need_memory_and_realloc),
      TEST(helpers_are_checked_too),
      TEST(post_return_is_found),
      TEST(only_wasi_may_be_imported),
      TEST(functions_that_cannot_be_called_do_not_keep_others_from_it),
      TEST(an_interface_of_which_nothing_can_be_called_does_not_fit),
      TEST(a_file_says_what_it_implements),
      TEST(a_file_that_says_nothing_needs_to_be_told),
      TEST(claims_are_checked),
      TEST(a_module_for_another_interface_is_told_in_a_sentence),
      TEST(a_missing_file_is_a_diagnostic),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
