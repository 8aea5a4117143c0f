/* Builds of real sources with the real toolchain. */
#include "runtime/build.h"

#include "ifc/base/process.h"
#include "ifc/canon.h"
#include "runtime/implementation.h"
#include "tests/unit/ifc/wit_values.h"

static const char circle_wit[] = "docs/examples/circle/circle.wit";
static const char square_c[] = "docs/examples/circle/implementations/square.c";

static const Interface *interface_at(Arena *arena, const char *path)
{
  Diags diags = diags_in(arena);
  const Interface *interface = wit_load_interface(arena, str_from_z(path), NULL, &diags);
  print_diags(&diags);
  assert_non_null(interface);
  return interface;
}

static Str folder_for_test(Arena *arena)
{
  const char *parent = getenv("TEST_FOLDER");
  Diags diags = diags_in(arena);
  Str folder;
  assert_true(dir_make_temporary(arena, str_from_z(parent ? parent : "/tmp"), &folder, &diags));
  return folder;
}

static Str put_file(Arena *arena, Str folder, const char *name, Str text)
{
  Diags diags = diags_in(arena);
  Str path = path_join(arena, folder, str_from_z(name));
  bool written = file_write(path, text, &diags);
  print_diags(&diags);
  assert_true(written);
  return path;
}

static Str content(Arena *arena, const char *path)
{
  Diags diags = diags_in(arena);
  Str text = {0};
  bool read = file_read(arena, str_from_z(path), SIZE_MAX, &text, &diags);
  print_diags(&diags);
  assert_true(read);
  return text;
}

static Str build_all(Arena *arena, const Interface *interface, const Str *paths, size_t count)
{
  Diags diags = diags_in(arena);
  BuildOptions options = {paths, count, interface, NULL};
  BuildResult result = {0};
  bool built = build_module(arena, &options, &result, &diags);
  print_diags(&diags);
  assert_true(built);
  return result.wasm;
}

static Str build_one(Arena *arena, const Interface *interface, const char *path)
{
  Str source = str_from_z(path);
  return build_all(arena, interface, &source, 1);
}

static WasmModule module_of(Arena *arena, Str wasm)
{
  Diags diags = diags_in(arena);
  WasmModule module = {0};
  bool read = wasm_read(arena, STR("built.wasm"), wasm, &module, &diags);
  print_diags(&diags);
  assert_true(read);
  return module;
}

/* The build of one file of this text fails; what is then printed. */
static Str failure(Arena *arena, const Interface *interface, const Str *paths, size_t count, DiagCode code)
{
  Diags diags = diags_in(arena);
  BuildOptions options = {paths, count, interface, NULL};
  BuildResult result = {.language = STR("untouched")};
  bool built = build_module(arena, &options, &result, &diags);
  Buf out = buf_in(arena);
  diags_print(&diags, &out, false);
  assert_false(built);
  assert_text(result.language, "untouched");
  assert_non_null(diags.first);
  if (diags.first->code != code) print_error("%.*s", STR_ARG(buf_text(&out)));
  assert_int_equal(diags.first->code, code);
  return buf_text(&out);
}

static Str failure_of_text(Arena *arena, const char *name, Str text, DiagCode code)
{
  Str folder = folder_for_test(arena), path = put_file(arena, folder, name, text);
  Str printed = failure(arena, interface_at(arena, circle_wit), &path, 1, code);
  dir_remove(folder);
  return printed;
}

static void assert_says(Str printed, const char *part)
{
  if (str_find(printed, str_from_z(part)) != SIZE_MAX) return;
  print_error("no «%s» in:\n%.*s", part, STR_ARG(printed));
  fail();
}

/* --- what comes out
 * ----------------------------------------------------------------------------------------- */

static void assert_fits(Arena *arena, const Interface *interface, Str wasm)
{
  Diags diags = diags_in(arena);
  WasmModule module = module_of(arena, wasm);
  Fit fit;
  bool fits = implementation_fit(arena, &module, STR("built.wasm"), interface, &fit, &diags);
  print_diags(&diags);
  assert_true(fits);
}

/* Its compiler comes from npm, and only where it is wanted (make assemblyscript). */
static bool has_assemblyscript(Arena *arena)
{
  return getenv("ASC") || process_find(arena, STR("asc")).len;
}

static void every_example_builds_and_imports_nothing(void **state)
{
  static const char *const names[] = {"circle", "sha256", "sort", "base64"};
  Arena *arena = *state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    Str wit = str_format(arena, "docs/examples/%s/%s.wit", names[i], names[i]), *files;
    Str folder = str_format(arena, "docs/examples/%s/implementations", names[i]);
    const Interface *interface = interface_at(arena, str_to_z(arena, wit));
    Diags diags = diags_in(arena);
    size_t count;
    assert_true(dir_list(arena, folder, &files, &count, &diags));
    assert_true(count >= 3);
    for (size_t f = 0; f < count; f++) {
      if (str_equal(path_extension(files[f]), STR("ts")) && !has_assemblyscript(arena)) {
        printf("skipped: %.*s: there is no AssemblyScript compiler\n", STR_ARG(files[f]));
        continue;
      }
      Str wasm = build_one(arena, interface, str_to_z(arena, path_join(arena, folder, files[f])));
      assert_int_equal(module_of(arena, wasm).import_count, 0);
      assert_fits(arena, interface, wasm);
    }
  }
}

static void a_module_says_what_it_provides_and_what_made_it(void **state)
{
  Arena *arena = *state;
  const Interface *interface = interface_at(arena, circle_wit);
  WasmModule module = module_of(arena, build_one(arena, interface, square_c));
  Diags diags = diags_in(arena);
  Str build = wasm_custom(&module, STR("assay:build"));
  const Json *document = jv_parse(arena, source_of(arena, build), &diags);
  print_diags(&diags);
  assert_text(jv_as_string(jv_get(document, STR("language"))), "c");
  const Json *provides = jv_at(jv_get(document, STR("provides")), 0);
  assert_text(jv_as_string(jv_get(provides, STR("name"))), "geometry:shapes/circle");
  assert_slice(jv_as_string(jv_get(provides, STR("hash"))),
               hash_text(arena, interface_hash(arena, interface)));
  const Json *source = jv_at(jv_get(document, STR("sources")), 0);
  assert_text(jv_as_string(jv_get(source, STR("name"))), "square.c");
  assert_slice(jv_as_string(jv_get(source, STR("hash"))),
               hash_text(arena, hash_of(content(arena, square_c))));
  assert_says(jv_as_string(jv_get(document, STR("toolchain"))), "clang ");
  const Interface *carried = implementation_interface(arena, &module, &diags);
  print_diags(&diags);
  assert_non_null(carried);
  assert_true(hash_equal(interface_hash(arena, carried), interface_hash(arena, interface)));
}

static void nothing_of_the_machine_is_in_the_module(void **state)
{
  Arena *arena = *state;
  Str folder = folder_for_test(arena);
  Str text = str_format(
      arena, "#include <assert.h>\n%.*s\nconst char *where(void) { return __FILE__ __DATE__ __TIME__; }\n",
      STR_ARG(content(arena, square_c)));
  text = str_format(arena,
                    "%.*s__attribute__((export_name(\"where\"))) const char *w(void) { return where(); }\n",
                    STR_ARG(text));
  Str path = put_file(arena, folder, "odd.c", text);
  WasmModule module = module_of(arena, build_all(arena, interface_at(arena, circle_wit), &path, 1));
  assert_int_equal(str_find(module.bytes, folder), SIZE_MAX);
  assert_int_equal(str_find(module.bytes, STR("/tmp/")), SIZE_MAX);
  assert_int_equal(str_find(module.bytes, STR("/usr/")), SIZE_MAX);
  assert_int_equal(str_find(module.bytes, cache_folder(arena)), SIZE_MAX);
  assert_true(str_find(module.bytes, STR("odd.c")) != SIZE_MAX);
  for (uint32_t i = 0; i < module.custom_count; i++)
    assert_false(str_starts_with(module.customs[i].name, STR(".debug")) ||
                 str_equal(module.customs[i].name, STR("producers")));
  dir_remove(folder);
}

static void the_same_source_gives_the_same_bytes_from_any_folder(void **state)
{
  static const char *const sources[] = {"docs/examples/circle/implementations/square.c",
                                        "docs/examples/circle/implementations/hand.wat"};
  Arena *arena = *state;
  const Interface *interface = interface_at(arena, circle_wit);
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    Str folder = folder_for_test(arena), home = str_copy(arena, str_from_z(getenv("ASSAY_HOME")));
    const char *name = str_to_z(arena, path_name(str_from_z(sources[i])));
    Str copy =
        put_file(arena, path_join(arena, folder, STR("some/where else")), name, content(arena, sources[i]));
    Str first = build_one(arena, interface, sources[i]);
    /* A home of its own: not from the cache. */
    setenv("ASSAY_HOME", str_to_z(arena, path_join(arena, folder, STR("home"))), 1);
    assert_slice(build_all(arena, interface, &copy, 1), first);
    setenv("ASSAY_HOME", str_to_z(arena, home), 1);
    dir_remove(folder);
  }
}

static void several_sources_make_one_module_in_any_order(void **state)
{
  Arena *arena = *state;
  Str folder = folder_for_test(arena);
  const Interface *interface = interface_at(arena, circle_wit);
  Str header = put_file(arena, folder, "reach.h", STR("double reach(double a, double b);\n"));
  Str helper = put_file(arena, folder, "reach.c",
                        STR("#include \"reach.h\"\ndouble reach(double a, double b) { return a + b; }\n"));
  Str main_file = put_file(
      arena, folder, "main.c",
      STR("#include \"circle.h\"\n#include \"reach.h\"\n"
          "bool exports_geometry_shapes_circle_intersects(\n"
          "    exports_geometry_shapes_circle_circle_t *a, exports_geometry_shapes_circle_circle_t *b)\n"
          "{ return reach(a->radius, b->radius) > 1; }\n"));
  Str forwards[] = {header, helper, main_file}, backwards[] = {main_file, helper, header};
  assert_fits(arena, interface, build_all(arena, interface, forwards, 3));
  assert_slice(build_all(arena, interface, forwards, 3), build_all(arena, interface, backwards, 3));
  Str headerless[] = {main_file, helper};
  Str printed = failure(arena, interface, headerless, 2, DIAG_BUILD);
  assert_says(printed, "main.c:2:10: error: 'reach.h' file not found");
  assert_says(printed, "headers of your own have to be given");
  dir_remove(folder);
}

static void a_ready_module_is_taken_and_described(void **state)
{
  Arena *arena = *state;
  Str folder = folder_for_test(arena);
  const Interface *interface = interface_at(arena, circle_wit);
  Str first = build_one(arena, interface, "docs/examples/circle/implementations/hand.wat");
  Str path = put_file(arena, folder, "ready.wasm", first);
  WasmModule module = module_of(arena, build_all(arena, interface, &path, 1));
  size_t described = 0;
  for (uint32_t i = 0; i < module.custom_count; i++)
    described += str_starts_with(module.customs[i].name, STR("assay:"));
  assert_int_equal(described, 2);
  assert_says(wasm_custom(&module, STR("assay:build")), "\"language\":\"wasm\"");
  assert_fits(arena, interface, module.bytes);
  dir_remove(folder);
}

static void bindings_take_versions_and_every_name(void **state)
{
  Arena *arena = *state;
  Str folder = folder_for_test(arena);
  Str wit = put_file(arena, folder, "v.wit",
                     STR("package a:b@1.2.3; interface math { %float: func(%int: string) -> string; }"));
  Str source = put_file(arena, folder, "m.c",
                        STR("#include <math.h>\n#include <math.h>\n#include \"math.h\"\n"
                            "void exports_a_b_math_float(math_string_t *x, math_string_t *ret)\n"
                            "{ *ret = *x; (void)sqrt(1.0); }\n"));
  const Interface *interface = interface_at(arena, str_to_z(arena, wit));
  WasmModule module = module_of(arena, build_all(arena, interface, &source, 1));
  assert_non_null(wasm_export(&module, STR("a:b/math@1.2.3#float")));
  assert_non_null(wasm_export(&module, STR("cabi_post_a:b/math@1.2.3#float")));
  dir_remove(folder);
}

/* --- what goes wrong
 * ---------------------------------------------------------------------------------------- */

static void syntax_errors_show_the_users_own_file_and_line(void **state)
{
  Str printed = failure_of_text(
      *state, "wrong.c",
      STR("#include \"circle.h\"\n\nint f(void)\n{\n  return 1 +;\n}\nint g(void) { return h; }\n"),
      DIAG_BUILD);
  assert_says(printed, "/wrong.c:5:13: error: expected expression\n     5 |   return 1 +;\n");
  assert_says(printed, "/wrong.c:7:22: error: use of undeclared identifier 'h'");
  assert_int_equal(str_find(printed, STR("src/wrong.c")), SIZE_MAX);
}

static void errors_in_wat_have_their_place(void **state)
{
  Str printed =
      failure_of_text(*state, "wrong.wat", STR("(module\n  (func (result i32) i32.konst 1))\n"), DIAG_BUILD);
  assert_says(printed, "/wrong.wat:2:22: error: unexpected token i32.konst");
}

static void conflicting_types_point_to_the_bindings(void **state)
{
  Str printed = failure_of_text(
      *state, "wrong.c",
      STR("#include \"circle.h\"\nint exports_geometry_shapes_circle_intersects(int a) { return a; }\n"),
      DIAG_BUILD);
  assert_says(printed,
              "/wrong.c:2:5: error: conflicting types for 'exports_geometry_shapes_circle_intersects'");
  assert_says(printed, "circle.h:");
}

static void a_function_that_is_not_defined_is_named_with_its_types(void **state)
{
  Str printed = failure_of_text(*state, "empty.c", STR("int x;\n"), DIAG_BUILD);
  assert_says(printed, "`exports_geometry_shapes_circle_intersects` is not defined");
  assert_says(
      printed,
      "define bool exports_geometry_shapes_circle_intersects(exports_geometry_shapes_circle_circle_t *a, ");
}

static void types_that_only_the_linker_sees_are_compared_too(void **state)
{
  Str printed = failure_of_text(
      *state, "blind.c", STR("int exports_geometry_shapes_circle_intersects(double a) { return a > 1; }\n"),
      DIAG_BUILD);
  assert_says(printed, "is defined with other types than the interface geometry:shapes/circle");
}

static void misfits_name_the_export_and_the_signature(void **state)
{
  Str wrong = STR(
      "(module (func (export \"geometry:shapes/circle#intersects\") (param f64) (result i32) i32.const 1))");
  Str printed = failure_of_text(*state, "narrow.wat", wrong, DIAG_MODULE);
  assert_says(printed, "geometry:shapes/circle#intersects");
  assert_says(printed, "(f64, f64, f64, f64, f64, f64) -> i32");
  printed = failure_of_text(*state, "none.wat", STR("(module)"), DIAG_MODULE);
  assert_says(printed, "geometry:shapes/circle#intersects");
}

static void what_is_no_module_is_refused(void **state)
{
  assert_says(failure_of_text(*state, "text.wasm", STR("hello"), DIAG_MODULE), "text.wasm");
  failure_of_text(*state, "empty.wasm", STR(""), DIAG_MODULE);
  /* One function whose body ends early. */
  failure_of_text(*state, "cut.wasm",
                  STR("\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\7\5\1\1f\0\0\n\4\1\2\0\x0b"), DIAG_MODULE);
}

static void simd_is_refused_with_what_would_help(void **state)
{
  Str text =
      STR("(module (func (export \"geometry:shapes/circle#intersects\") (param f64 f64 f64 f64 f64 f64)"
          " (result i32) (v128.any_true (v128.const i64x2 0 0))))");
  Str printed = failure_of_text(*state, "wide.wat", text, DIAG_UNSUPPORTED);
  assert_says(printed, "SIMD");
}

static void files_that_cannot_be_built_are_named(void **state)
{
  Arena *arena = *state;
  const Interface *interface = interface_at(arena, circle_wit);
  Str unknown[] = {STR("circle.cob")}, missing[] = {STR("no/such.c")}, header[] = {STR("circle.h")};
  Str mixed[] = {STR("a.c"), STR("b.wat")}, twice[] = {STR("a.wat"), STR("b.wat")};
  Str printed = failure(arena, interface, unknown, 1, DIAG_USAGE);
  assert_says(printed, "'circle.cob' is in no language that can be built");
  assert_says(printed, "sources end in .c, .cpp, .rs, .ts, .wat and .wasm");
  assert_says(failure(arena, interface, missing, 1, DIAG_INPUT), "no/such.c");
  assert_says(failure(arena, interface, header, 1, DIAG_USAGE), "'circle.h' alone");
  assert_says(failure(arena, interface, mixed, 2, DIAG_USAGE), "'a.c' and 'b.wat'");
  failure(arena, interface, twice, 2, DIAG_USAGE);
  Str folder = folder_for_test(arena);
  Str same[] = {put_file(arena, path_join(arena, folder, STR("one")), "x.c", STR("")),
                put_file(arena, path_join(arena, folder, STR("two")), "x.c", STR(""))};
  assert_says(failure(arena, interface, same, 2, DIAG_USAGE), "have the same name");
  dir_remove(folder);
}

static void output_without_measure_is_stopped(void **state)
{
  Str text = STR("#include \"circle.h\"\nstatic unsigned char big[300u << 20] = {1};\n"
                 "const unsigned char *at(int i) { return &big[i]; }\n");
  assert_says(failure_of_text(*state, "big.c", text, DIAG_BUILD), "wrote a file of more than");
}

static void sources_see_nothing_of_the_machine(void **state)
{
  Str printed = failure_of_text(*state, "curious.c", STR("#include \"/etc/passwd\"\n"), DIAG_BUILD);
  assert_says(printed, "/curious.c:1:10: error:");
  assert_int_equal(str_find(printed, STR("root:")), SIZE_MAX);
}

static void a_missing_compiler_is_named_with_its_package(void **state)
{
  Arena *arena = *state;
  const Interface *interface = interface_at(arena, circle_wit);
  Str kept = str_copy(arena, str_from_z(getenv("PATH"))), source[] = {str_from_z(square_c)};
  Str wat[] = {STR("docs/examples/circle/implementations/hand.wat")};
  setenv("PATH", "/nowhere", 1);
  Str printed = failure(arena, interface, source, 1, DIAG_TOOLCHAIN);
  Str of_wat = failure(arena, interface, wat, 1, DIAG_TOOLCHAIN);
  setenv("PATH", str_to_z(arena, kept), 1);
  assert_says(printed, "clang");
  assert_says(printed, "install Debian's package clang");
  assert_says(printed, "install Debian's package lld");
  assert_says(of_wat, "install Debian's package wabt");
}

static Str cached_build(Arena *arena)
{
  Str folder = path_join(arena, cache_folder(arena), STR("builds")), *names;
  Diags diags = diags_in(arena);
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  assert_int_equal(count, 1);
  return path_join(arena, folder, names[0]);
}

static void a_damaged_cache_entry_is_built_again(void **state)
{
  Arena *arena = *state;
  const Interface *interface = interface_at(arena, circle_wit);
  Diags diags = diags_in(arena);
  Str home = str_copy(arena, str_from_z(getenv("ASSAY_HOME"))), other = folder_for_test(arena);
  setenv("ASSAY_HOME", str_to_z(arena, other), 1);
  Str first = build_one(arena, interface, square_c), entry = cached_build(arena), bytes;
  assert_slice(build_one(arena, interface, square_c), first);
  assert_true(file_read(arena, entry, SIZE_MAX, &bytes, &diags));
  char *damaged = str_to_z(arena, bytes);
  damaged[bytes.len / 2] ^= 1;
  assert_true(file_write(entry, (Str){damaged, bytes.len}, &diags));
  assert_slice(build_one(arena, interface, square_c), first);
  assert_true(file_write(entry, STR("short"), &diags));
  assert_slice(build_one(arena, interface, square_c), first);
  setenv("ASSAY_HOME", str_to_z(arena, home), 1);
  dir_remove(other);
}

static void warnings_are_said_every_time(void **state)
{
  Arena *arena = *state;
  Str folder = folder_for_test(arena);
  Str text = str_format(arena, "%.*s\nint late(void) { }\n", STR_ARG(content(arena, square_c)));
  Str path = put_file(arena, folder, "warned.c", text);
  for (int i = 0; i < 2; i++) {
    Diags diags = diags_in(arena);
    BuildOptions options = {&path, 1, interface_at(arena, circle_wit), NULL};
    BuildResult result;
    assert_true(build_module(arena, &options, &result, &diags));
    assert_int_equal(diags.warnings, 1);
  }
  dir_remove(folder);
}

static void the_build_folder_is_gone_afterwards(void **state)
{
  Arena *arena = *state;
  Str folder = path_join(arena, cache_folder(arena), STR("tmp")), *names;
  Diags diags = diags_in(arena);
  size_t before = 0, after = 0;
  if (dir_exists(folder)) assert_true(dir_list(arena, folder, &names, &before, &diags));
  build_one(arena, interface_at(arena, circle_wit), square_c);
  failure_of_text(arena, "empty.c", STR("int x;\n"), DIAG_BUILD);
  assert_true(dir_list(arena, folder, &names, &after, &diags));
  assert_int_equal(after, before);
}

/* All that builds leave in the user's cache goes to a folder of the test's own. */
static int use_own_home(void **state)
{
  (void)state;
  Arena *arena = arena_new();
  int failed = setenv("ASSAY_HOME", str_to_z(arena, folder_for_test(arena)), 1);
  arena_free(arena);
  return failed;
}

static int remove_own_home(void **state)
{
  (void)state;
  dir_remove(str_from_z(getenv("ASSAY_HOME")));
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(every_example_builds_and_imports_nothing),
      TEST(a_module_says_what_it_provides_and_what_made_it),
      TEST(nothing_of_the_machine_is_in_the_module),
      TEST(the_same_source_gives_the_same_bytes_from_any_folder),
      TEST(several_sources_make_one_module_in_any_order),
      TEST(a_ready_module_is_taken_and_described),
      TEST(bindings_take_versions_and_every_name),
      TEST(syntax_errors_show_the_users_own_file_and_line),
      TEST(errors_in_wat_have_their_place),
      TEST(conflicting_types_point_to_the_bindings),
      TEST(a_function_that_is_not_defined_is_named_with_its_types),
      TEST(types_that_only_the_linker_sees_are_compared_too),
      TEST(misfits_name_the_export_and_the_signature),
      TEST(what_is_no_module_is_refused),
      TEST(simd_is_refused_with_what_would_help),
      TEST(files_that_cannot_be_built_are_named),
      TEST(output_without_measure_is_stopped),
      TEST(sources_see_nothing_of_the_machine),
      TEST(a_missing_compiler_is_named_with_its_package),
      TEST(a_damaged_cache_entry_is_built_again),
      TEST(warnings_are_said_every_time),
      TEST(the_build_folder_is_gone_afterwards),
  };
  return cmocka_run_group_tests(tests, use_own_home, remove_own_home);
}
