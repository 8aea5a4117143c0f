/* Builds in several languages and of several files: what an impl.json may and may not ask for, where mistakes
 * are shown, and that Rust's bindings mean what wit-bindgen's users expect. */
#include "ifc/base/json.h"
#include "ifc/base/process.h"
#include "runtime/build.h"
#include "tests/unit/json_schema.h"
#include "tests/unit/runtime/modules.h"

#include <sys/stat.h>
#include <unistd.h>

typedef struct Folder {
  Arena *arena;
  Str path;
} Folder;

static Folder new_folder(Arena *arena)
{
  Diags diags = diags_in(arena);
  Folder self = {.arena = arena};
  assert_true(dir_make_temporary(arena, str_from_z(getenv("ASSAY_HOME")), &self.path, &diags));
  return self;
}

static Str put(const Folder *self, const char *name, const char *text)
{
  Diags diags = diags_in(self->arena);
  Str path = path_join(self->arena, self->path, str_from_z(name));
  assert_true(file_write(path, str_from_z(text), &diags));
  return path;
}

/* `out` is what was said. */
static bool build_paths(Arena *arena, const char *items, const Str *paths, size_t count, BuildResult *result,
                        Diags *out)
{
  *out = diags_in(arena);
  BuildOptions options = {paths, count, modules_interface(arena, items), NULL};
  return build_module(arena, &options, result, out);
}

static BuildResult assert_builds(const Folder *self, const char *items, Str path)
{
  Diags diags;
  BuildResult result = {0};
  bool built = build_paths(self->arena, items, &path, 1, &result, &diags);
  modules_show(&diags);
  assert_true(built);
  return result;
}

static void assert_refused(const Folder *self, const char *items, Str path, DiagCode code, const char *says)
{
  Diags diags;
  BuildResult result = {0};
  assert_false(build_paths(self->arena, items, &path, 1, &result, &diags));
  modules_assert_says(&diags, says);
  assert_int_equal(diags.first->code, code);
}

/* --- impl.json */

static const char add[] = "add: func(a: u32, b: u32) -> u32;";

static void the_files_that_a_recipe_names_are_built_together(void **state)
{
  Folder folder = new_folder(*state);
  put(&folder, "impl.c",
      "#include \"i.h\"\n#include \"part.h\"\n"
      "uint32_t exports_t_t_i_add(uint32_t a, uint32_t b) { return part(a, b) + EXTRA; }\n");
  put(&folder, "deep/part.c",
      "#include \"part.h\"\nuint32_t part(uint32_t a, uint32_t b) { return a + b; }\n");
  put(&folder, "deep/include/part.h", "#include <stdint.h>\nuint32_t part(uint32_t a, uint32_t b);\n");
  Str recipe = put(&folder, "impl.json",
                   "{\"sources\": [\"impl.c\", \"deep/part.c\", \"deep/include/part.h\"],\n"
                   " \"include\": [\"deep/include\"], \"flags\": [\"-DEXTRA=7\", \"-O1\"]}");
  BuildResult by_file = assert_builds(&folder, add, recipe),
              by_folder = assert_builds(&folder, add, folder.path);
  assert_slice(by_file.wasm, by_folder.wasm);
  /* The recipe is a source like the others: without it nobody could build the module again. */
  assert_int_equal(by_file.source_count, 4);
  assert_text(by_file.sources[0].name, "deep/include/part.h");
  assert_text(by_file.sources[1].name, "deep/part.c");
  assert_text(by_file.sources[3].name, "impl.json");
}

static void flags_of_a_recipe_change_the_module(void **state)
{
  Folder folder = new_folder(*state);
  put(&folder, "impl.c",
      "#include \"i.h\"\n"
      "uint32_t exports_t_t_i_add(uint32_t a, uint32_t b) { return a + b + EXTRA; }\n");
  Str recipe = put(&folder, "impl.json", "{\"sources\": [\"impl.c\"], \"flags\": [\"-DEXTRA=7\"]}");
  BuildResult seven = assert_builds(&folder, add, recipe);
  recipe = put(&folder, "impl.json", "{\"sources\": [\"impl.c\"], \"flags\": [\"-DEXTRA=8\"]}");
  BuildResult eight = assert_builds(&folder, add, recipe);
  assert_false(str_equal(seven.wasm, eight.wasm));
}

static void names_that_lead_out_of_the_folder_are_refused(void **state)
{
  static const char *const names[] = {
      "../outside.c",
      "/etc/passwd",
      "a/../../outside.c",
      "./impl.c",
      "a//b.c",
      "",
      ".",
      "..",
      "-o.c",
      "a/-x.c",
      "missing.c",
      "inner",
      "link.c",
      "impl.c/",
      ".hidden.c",
      "new\\nline.c",
      "pipe.c",
  };
  Folder folder = new_folder(*state);
  Str outside = put(&folder, "outside.c", "int outside;\n");
  Folder inner = {folder.arena, path_join(folder.arena, folder.path, STR("inner"))};
  put(&inner, "impl.c", "#include \"i.h\"\n");
  put(&inner, "inner/x.c", "");
  assert_int_equal(symlink(str_to_z(folder.arena, outside),
                           str_to_z(folder.arena, path_join(folder.arena, inner.path, STR("link.c")))),
                   0);
  assert_int_equal(mkfifo(str_to_z(folder.arena, path_join(folder.arena, inner.path, STR("pipe.c"))), 0600),
                   0);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *text = str_to_z(folder.arena, str_format(folder.arena, "{\"sources\": [\"%s\"]}", names[i]));
    assert_refused(&inner, add, put(&inner, "impl.json", text), DIAG_USAGE, "is not a file in its folder");
  }
  Str recipe = put(&inner, "impl.json", "{\"sources\": [\"impl.c\"], \"include\": [\"..\"]}");
  assert_refused(&inner, add, recipe, DIAG_USAGE, "is not a folder in its folder");
  recipe = put(&inner, "impl.json", "{\"sources\": [\"impl.c\"], \"include\": [\"impl.c\"]}");
  assert_refused(&inner, add, recipe, DIAG_USAGE, "is not a folder in its folder");
}

static void only_flags_on_the_list_are_passed_on(void **state)
{
  static const char *const flags[] = {
      "-I/etc",
      "-include/etc/passwd",
      "-Wl,--export-all",
      "-Wp,-MD,x",
      "-Xclang",
      "-fplugin=x.so",
      "-o/tmp/x",
      "@args",
      "-B/tmp",
      "--config=x",
      "-save-temps",
      "-specs=x",
      "x.c",
      "",
      "-Clinker=sh",
      "-DX=\\n1",
  };
  Folder folder = new_folder(*state);
  put(&folder, "impl.c", "#include \"i.h\"\n");
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    Str text =
        str_format(folder.arena, "{\"sources\": [\"impl.c\"], \"flags\": [\"-O2\", \"%s\"]}", flags[i]);
    Str recipe = put(&folder, "impl.json", str_to_z(folder.arena, text));
    assert_refused(&folder, add, recipe, DIAG_USAGE, "an impl.json may not ask for this flag of c");
  }
}

static void a_recipe_that_says_something_else_is_refused(void **state)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"[]", "is not one JSON object"},
      {"{}", "names no file"},
      {"{\"sources\": []}", "names no file"},
      {"{\"sources\": \"impl.c\"}", "is not a list of strings"},
      {"{\"sources\": [1]}", "is not a list of strings"},
      {"{\"sources\": [\"impl.c\"], \"flag\": []}", "there is no key `flag`"},
      {"{\"sources\": [\"impl.c\"], \"root\": \"other.c\"}", "is not one of its sources"},
      {"{\"sources\": [\"impl.c\", \"impl.c\"]}", "have the same name"},
      {"{\"sources\": [\"impl.c\", \"impl.rs\"]}", "cannot be built into one module"},
      {"{\"sources\": [\"impl.rs\"], \"include\": [\"a\"]}", "is for C and C++"},
      {"{\"sources\": [\"impl.txt\"]}", "is in no language that can be built"},
  };
  Folder folder = new_folder(*state);
  put(&folder, "impl.c", "");
  put(&folder, "impl.rs", "");
  put(&folder, "impl.txt", "");
  put(&folder, "a/x.h", "");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_refused(&folder, add, put(&folder, "impl.json", cases[i].text), DIAG_USAGE, cases[i].says);
  Diags diags;
  BuildResult result = {0};
  Str both[] = {path_join(folder.arena, folder.path, STR("impl.json")),
                path_join(folder.arena, folder.path, STR("impl.c"))};
  assert_false(build_paths(folder.arena, add, both, 2, &result, &diags));
  modules_assert_says(&diags, "is given alone");
}

static void the_examples_recipe_fits_its_schema(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  Source schema = {.path = STR("docs/schemas/impl.json")};
  Source recipe = {.path = STR("docs/examples/sort/implementations/blocks/impl.json")};
  assert_true(file_read(arena, schema.path, SIZE_MAX, &schema.text, &diags));
  assert_true(file_read(arena, recipe.path, SIZE_MAX, &recipe.text, &diags));
  const Json *rules = jv_parse(arena, &schema, &diags), *value = jv_parse(arena, &recipe, &diags);
  modules_show(&diags);
  assert_non_null(rules);
  assert_non_null(value);
  schema_check(rules, rules, value);
}

/* --- Rust */

#define RUST_USES "mod bindings;\nuse bindings::exports::t::t::i::*;\n"
#define RUST_EXPORTS "bindings::export!(Component with_types_in bindings);\n"

static void names_in_rust_are_those_of_wit_bindgen(void **state)
{
  /* Written down from the rules of wit-bindgen's Rust generator: what it makes of each must compile. */
  static const char items[] =
      "enum hue { red, deep-blue } flags rights { read, write-all } variant shape { dot, circle(f64), %self "
      "}\n"
      "record person { %type: string, age: u8, marks: list<tuple<u8, char>> } record guest { x: u8 }\n"
      "record long { t: tuple<u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8> } type names = "
      "list<string>;\n"
      "enum failure { not-found } enum near { a1, a-1 }\n"
      "%match: func(hue: hue, %fn: shape) -> result<option<person>, failure>;\n"
      "grant: func(to: rights, g: guest) -> rights; last: func(names: names, l: long, n: near) -> string;\n"
      "count: func(m: map<string, u32>, four: list<u8, 4>) -> result;";
  Folder folder = new_folder(*state);
  Str path = put(
      &folder, "lib.rs",
      RUST_USES
      "struct Component;\nimpl Guest for Component {\n"
      "  fn match_(hue: Hue, fn_: Shape) -> Result<Option<Person>, Failure> {\n"
      "    fn is_error<E: std::error::Error>(_: &E) {}\n"
      "    is_error(&Failure::NotFound);\n"
      "    let _ = (format!(\"{:?}\", fn_), hue as u8, hue == Hue::DeepBlue, Shape::Self_, Shape::Dot);\n"
      "    let p = Person { type_: String::new(), age: 1, marks: vec![(1, 'x')] };\n"
      "    match fn_ { Shape::Circle(r) if r > 1.0 => Ok(Some(p.clone())), _ => Err(Failure::NotFound) }\n"
      "  }\n"
      "  fn grant(to: Rights, g: Guest_) -> Rights {\n"
      "    let all = Rights::READ | Rights::WRITE_ALL; assert!(all == Rights::all() && g.x == 0);\n"
      "    if to.contains(Rights::WRITE_ALL) { to - Rights::WRITE_ALL } else { !to & all }\n"
      "  }\n"
      "  fn last(names: Names, l: Long, n: Near) -> String {\n"
      "    if l.t.12 == 0 && n == Near::A1_ { names.last().cloned().unwrap_or_default() }\n"
      "    else { String::new() }\n"
      "  }\n"
      "  fn count(m: std::collections::BTreeMap<String, u32>, four: [u8; 4]) -> Result<(), ()> {\n"
      "    if m.len() == four[0] as usize { Ok(()) } else { Err(()) }\n  }\n}\n" RUST_EXPORTS);
  BuildResult result = assert_builds(&folder, items, path);
  assert_text(result.language, "rust");
}

static void modules_of_a_rust_crate_are_found(void **state)
{
  Folder folder = new_folder(*state);
  put(&folder, "src/main_part.rs",
      RUST_USES "mod sum;\nstruct Component;\nimpl Guest for Component {\n"
                "  fn add(a: u32, b: u32) -> u32 { sum::of(a, b) }\n}\n" RUST_EXPORTS);
  put(&folder, "src/sum.rs", "pub fn of(a: u32, b: u32) -> u32 { a.wrapping_add(b) }\n");
  Str recipe = put(&folder, "impl.json",
                   "{\"sources\": [\"src/sum.rs\", \"src/main_part.rs\"], \"root\": \"src/main_part.rs\",\n"
                   " \"flags\": [\"-Copt-level=2\", \"--cfg=feature=\\\"fast\\\"\"]}");
  assert_builds(&folder, add, recipe);
  recipe = put(&folder, "impl.json", "{\"sources\": [\"src/sum.rs\", \"src/main_part.rs\"]}");
  assert_refused(&folder, add, recipe, DIAG_USAGE, "none is called 'lib.rs'");
  put(&folder, "src/bindings.rs", "");
  recipe = put(&folder, "impl.json",
               "{\"sources\": [\"src/main_part.rs\", \"src/bindings.rs\"], \"root\": \"src/main_part.rs\"}");
  assert_refused(&folder, add, recipe, DIAG_USAGE, "stands where the bindings are made");
}

static void mistakes_in_rust_are_shown_in_the_users_file(void **state)
{
  Folder folder = new_folder(*state);
  Str path = put(&folder, "wrong.rs",
                 RUST_USES "struct Component;\nimpl Guest for Component {\n"
                           "  fn add(a: u32, b: u32) -> u32 { a + bee }\n}\n" RUST_EXPORTS);
  assert_refused(&folder, add, path, DIAG_BUILD, "wrong.rs:5:39: error: cannot find value `bee`");
  path = put(&folder, "none.rs", "pub fn add(a: u32, b: u32) -> u32 { a + b }\n");
  assert_refused(&folder, add, path, DIAG_MODULE, "there is no export `t:t/i#add`");
}

static void a_rust_compiler_that_is_not_there_is_named(void **state)
{
  Folder folder = new_folder(*state);
  const char *before = getenv("RUSTC");
  char *kept = before ? str_to_z(folder.arena, str_from_z(before)) : NULL;
  Str path = put(&folder, "lib.rs", RUST_USES);
  setenv("RUSTC", "/nowhere/rustc", 1);
  assert_refused(&folder, add, path, DIAG_TOOLCHAIN, "$RUSTC has none: /nowhere/rustc");
  assert_refused(&folder, add, path, DIAG_TOOLCHAIN, "libstd-rust-dev-wasm32");
  if (kept)
    setenv("RUSTC", kept, 1);
  else
    unsetenv("RUSTC");
}

/* --- AssemblyScript */

static void mistakes_in_assemblyscript_are_shown_in_the_users_file(void **state)
{
  Folder folder = new_folder(*state);
  bool is_there = getenv("ASC") || process_find(folder.arena, STR("asc")).len;
  Str path = put(&folder, "wrong.ts", "export function add(a: u32, b: u32): u32 {\n  return a + bee;\n}\n");
  if (is_there)
    assert_refused(&folder, add, path, DIAG_BUILD, "wrong.ts:2:14: error: Cannot find name 'bee'");
  else
    assert_refused(&folder, add, path, DIAG_TOOLCHAIN, "npm install -g assemblyscript@");
}

/* --- C++ */

static void cpp_has_its_library_and_constructors(void **state)
{
  Folder folder = new_folder(*state);
  Str path =
      put(&folder, "impl.cpp",
          "#include <algorithm>\n#include <map>\n#include <string>\n#include <vector>\n#include \"i.h\"\n"
          "static std::map<std::string, uint32_t> values = {{\"a\", 1}};\n"
          "uint32_t exports_t_t_i_add(uint32_t a, uint32_t b) {\n"
          "  std::vector<uint32_t> all{a, b, values[\"a\"]};\n"
          "  return *std::max_element(all.begin(), all.end());\n}\n");
  BuildResult result = assert_builds(&folder, add, path);
  assert_text(result.language, "c++");
  Str wrong = put(&folder, "wrong.cpp",
                  "#include \"i.h\"\nuint32_t exports_t_t_i_add(uint32_t a, uint32_t b)\n"
                  "{\n  return a + bee;\n}\n");
  assert_refused(&folder, add, wrong, DIAG_BUILD,
                 "wrong.cpp:4:14: error: use of undeclared identifier 'bee'");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_files_that_a_recipe_names_are_built_together),
      TEST(flags_of_a_recipe_change_the_module),
      TEST(names_that_lead_out_of_the_folder_are_refused),
      TEST(only_flags_on_the_list_are_passed_on),
      TEST(a_recipe_that_says_something_else_is_refused),
      TEST(the_examples_recipe_fits_its_schema),
      TEST(names_in_rust_are_those_of_wit_bindgen),
      TEST(modules_of_a_rust_crate_are_found),
      TEST(mistakes_in_rust_are_shown_in_the_users_file),
      TEST(a_rust_compiler_that_is_not_there_is_named),
      TEST(mistakes_in_assemblyscript_are_shown_in_the_users_file),
      TEST(cpp_has_its_library_and_constructors),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
