/* Several packages: nested, in deps, in folders that are named, and beside what is loaded. */
#include "tests/unit/ifc/wit_packages.h"

static const Package *load_with(Arena *arena, Str path, const WitOptions *options)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_load(arena, path, options, &diags);
  print_diags(&diags);
  assert_non_null(package);
  assert_int_equal(diags.errors, 0);
  return package;
}

static Diags not_loaded(Arena *arena, Str path)
{
  Diags diags = diags_in(arena);
  assert_null(wit_load(arena, path, NULL, &diags));
  assert_true(diags.errors > 0);
  return diags;
}

static bool says(const Diag *diag, const char *what)
{
  bool found = str_find(diag->message, str_from_z(what)) != SIZE_MAX;
  for (const DiagNote *note = diag->notes; note; note = note->next)
    found = found || str_find(note->message, str_from_z(what)) != SIZE_MAX;
  return found;
}

/* The names of all packages, each with a space behind it. */
static Str package_names(Arena *arena, const Resolve *resolve)
{
  Buf out = buf_in(arena);
  for (uint32_t i = 0; i < resolve->package_count; i++)
    buf_printf(&out, "%.*s ", STR_ARG(resolve->packages[i]->name));
  return buf_text(&out);
}

static void packages_come_behind_those_that_they_name(void **state)
{
  const Package *package = parse(*state, STR("package z:main; interface i { use z:b/i.{t}; }\n"
                                             "package z:b { interface i { use z:c/i.{t}; } }\n"
                                             "package z:a { interface i { use z:b/i.{t}; } }\n"
                                             "package z:c { interface i { type t = u8; } }"));
  assert_text(package_names(*state, package->resolve), "c b a main ");
  assert_ptr_equal(package->resolve->main, package);
  assert_int_equal(package->origin, PACKAGE_MAIN);
  assert_int_equal(package->resolve->packages[0]->origin, PACKAGE_NESTED);
  const TypeDef *t = &package->interfaces[0].typedefs[0];
  assert_ptr_equal(t->alias->alias, &package->resolve->packages[0]->interfaces[0].typedefs[0]);
}

static void versions_are_packages_of_their_own(void **state)
{
  const Package *package = parse(*state, STR("package a:main; interface i { use a:b/i@1.0.0.{t};\n"
                                             "  use a:b/i@2.0.0.{t as t2}; }\n"
                                             "package a:b@1.0.0 { interface i { type t = u8; } }\n"
                                             "package a:b@2.0.0 { interface i { type t = u16; } }"));
  assert_int_equal(package->interfaces[0].typedefs[0].type->kind, TYPE_U8);
  assert_int_equal(package->interfaces[0].typedefs[1].type->kind, TYPE_U16);
  assert_int_equal(package->interfaces[0].use_count, 2);
  assert_error_at(rejected(*state, STR("package a:main; interface i { use a:b/i.{t}; }\n"
                                       "package a:b@1.0.0 { interface i { type t = u8; } }")),
                  "a:b/i");
}

static void a_package_is_defined_once(void **state)
{
  Diags diags = rejected(*state, STR("package a:main; package a:b {} package a:b@1.0.0 {} package a:b {}"));
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->span.at, 60);
  assert_int_equal(diags.first->notes->span.at, 24);
}

static void packages_that_depend_on_each_other_are_rejected(void **state)
{
  assert_error_at(rejected(*state, STR("package a:main; package a:b { interface i { use a:c/i.{t}; } }\n"
                                       "package a:c { interface i { use a:b/i.{t}; } }")),
                  "a:c/i");
  assert_error_at(
      rejected(*state, STR("package a:main; interface i { use a:main/j.{t}; } interface j { type t = u8; }")),
      "a:main/j");
}

static void a_text_needs_a_package_line_beside_nested_packages(void **state)
{
  rejected(*state, STR("package a:b { interface i {} }"));
  rejected(*state, STR("package a:main; package a:b { package a:c {} }"));
}

static void deps_are_files_and_folders(void **state)
{
  Str folder = make_folder(*state);
  put_file(*state, folder, "main.wit",
           "package a:main; interface i { use a:b/i.{t}; use a:c/i@1.0.0.{t as u}; }");
  put_file(*state, folder, "deps/b.wit",
           "package a:b; interface i { use a:d/i.{t}; } package a:d { interface i { type t = u8; } }");
  put_file(*state, folder, "deps/c/one.wit", "package a:c@1.0.0; interface i { use j.{t}; }");
  put_file(*state, folder, "deps/c/two.wit", "interface j { type t = u16; }");
  put_file(*state, folder, "deps/c/deeper/not-read.wit", "not read");
  put_file(*state, folder, "deps/README.md", "not read");
  const Package *package = load_with(*state, folder, NULL);
  assert_text(package_names(*state, package->resolve), "d b c main ");
  for (uint32_t i = 0; i < 3; i++)
    assert_int_equal(package->resolve->packages[i]->origin, PACKAGE_DEPENDENCY);
  assert_int_equal(package->interfaces[0].typedefs[1].type->kind, TYPE_U16);
  dir_remove(folder);
}

static void packages_beside_a_folder_are_found_by_their_line(void **state)
{
  Str folder = make_folder(*state);
  put_file(*state, folder, "here/main.wit", "package a:main; interface i { use a:b/i@1.0.0.{t}; }");
  put_file(*state, folder, "any-name/x.wit", "/// Docs.\npackage a:b@1.0.0; interface i { use a:c/i.{t}; }");
  put_file(*state, folder, "file.wit", "package a:c; interface i { type t = u8; }");
  put_file(*state, folder, "broken.wit", "package a:nobody-asks {");
  const Package *package = load_with(*state, path_join(*state, folder, STR("here")), NULL);
  assert_text(package_names(*state, package->resolve), "c b main ");
  package = load_with(*state, path_join(*state, folder, STR("here//")), NULL);
  assert_int_equal(package->resolve->package_count, 3);
  dir_remove(folder);
}

static void packages_beside_a_file_are_found_too(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "main.wit",
                      "package a:main; interface i { use a:b/i.{t}; use a:c/i.{t as u}; }");
  put_file(*state, folder, "other.wit", "package a:b; interface i { type t = u8; }");
  put_file(*state, folder, "deps/c.wit", "package a:c; interface i { type t = u8; }");
  assert_int_equal(load_with(*state, main, NULL)->resolve->package_count, 3);
  dir_remove(folder);
}

static void named_folders_come_before_what_lies_beside(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  put_file(*state, folder, "b.wit", "package a:b; interface i { type t = u8; }");
  put_file(*state, folder, "named/b.wit", "package a:holder; package a:b { interface i { type t = u16; } }");
  Str deps[] = {path_join(*state, folder, STR("named"))};
  WitOptions options = {.deps = deps, .dep_count = 1};
  const Package *package = load_with(*state, main, NULL);
  assert_int_equal(package->interfaces[0].typedefs[0].type->kind, TYPE_U8);
  put_file(*state, folder, "named/b.wit", "package a:b; interface i { type t = u16; }");
  package = load_with(*state, main, &options);
  assert_int_equal(package->interfaces[0].typedefs[0].type->kind, TYPE_U16);
  dir_remove(folder);
}

static void packages_nested_in_foreign_files_are_found(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  put_file(*state, folder, "holder.wit", "package a:holder; package a:b { interface i { type t = u8; } }");
  assert_int_equal(load_with(*state, main, NULL)->resolve->package_count, 3);
  dir_remove(folder);
}

static void a_missing_package_is_reported_once_with_what_is_near(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "main.wit",
                      "package a:main; interface i { use wasi:clock/i@0.2.0.{t}; f: func(x: t); }\n"
                      "interface j { use wasi:clock/i@0.2.0.{u}; use wasi:clock/k@0.2.0.{u as v}; }");
  put_file(*state, folder, "clocks.wit", "package wasi:clocks@0.2.0;");
  Diags diags = not_loaded(*state, main);
  assert_error_at(diags, "wasi:clock/i");
  assert_true(says(diags.first, "`wasi:clocks@0.2.0`"));
  put_file(*state, folder, "clocks.wit", "package wasi:clock@0.3.0;");
  diags = not_loaded(*state, main);
  assert_true(says(diags.first, "`wasi:clock@0.3.0`"));
  put_file(*state, folder, "clocks.wit", "package something:else;");
  diags = not_loaded(*state, main);
  assert_true(says(diags.first, "`a:main`, `something:else`"));
  dir_remove(folder);
}

static void a_binary_package_is_named_where_its_text_is_missing(void **state)
{
  Str folder = make_folder(*state);
  put_file(*state, folder, "main/main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  put_file(*state, folder, "main/deps/c.wit", "package a:c;");
  put_file(*state, folder, "c.wit", "package a:c;");
  Str binary = put_file(*state, folder, "main/deps/other.wasm", "");
  Str main = path_join(*state, folder, STR("main"));
  static const char encoded[] = "\0asm\x0d\0\1\0 a:b/i@1.0.0 and what else there is";
  Diags diags = diags_in(*state);
  assert_true(file_write(binary, (Str){encoded, sizeof encoded - 1}, &diags));
  diags = not_loaded(*state, main);
  assert_error_at(diags, "a:b/i");
  assert_true(says(diags.first, "main/deps/other.wasm' has it in binary form"));
  /* One that is about something else is only said to be unread; what is found twice is named once. */
  assert_true(file_write(binary, (Str){encoded, 20}, &diags));
  put_file(*state, folder, "main/main.wit", "package a:main; interface i { use b:b/i.{t}; }");
  diags = not_loaded(*state, main);
  assert_true(says(diags.first, "packages found: `a:main`, `a:c`;"));
  assert_true(says(diags.first, "main/deps/other.wasm', are not read"));
  dir_remove(folder);
}

static void of_two_siblings_that_claim_a_package_neither_is_taken(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  put_file(*state, folder, "b1.wit", "package a:b; interface i { type t = u8; }");
  put_file(*state, folder, "b2.wit", "package a:b; interface i { type t = u8; }");
  Diags diags = not_loaded(*state, main);
  assert_error_at(diags, "a:b/i");
  assert_true(says(diags.first, "--deps"));
  dir_remove(folder);
}

static void errors_in_a_dependency_are_told_there(void **state)
{
  Str folder = make_folder(*state);
  put_file(*state, folder, "main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  put_file(*state, folder, "deps/b.wit", "package a:b; interface i { type t = nope; }");
  Diags diags = not_loaded(*state, folder);
  assert_error_at(diags, "nope");
  assert_true(str_ends_with(diags.first->span.source->path, STR("deps/b.wit")));
  dir_remove(folder);
}

/* Thirty thousand packages in a row: nothing recurses, nothing is quadratic. */
static void a_long_chain_of_packages_resolves(void **state)
{
  Buf text = buf_in(*state);
  buf_z(&text, "package a:main;\n");
  for (int i = 0; i < 30000; i++)
    buf_printf(&text, "package p:p%d { interface i { use p:p%d/i.{t}; } }\n", i, i + 1);
  buf_z(&text, "package p:p30000 { interface i { type t = u8; } }");
  assert_int_equal(parse(*state, buf_text(&text))->resolve->package_count, 30002);
}

/* A folder of many files is looked at only so far, and that is said. */
static void foreign_folders_are_looked_at_only_so_far(void **state)
{
  Str folder = make_folder(*state);
  Str main = put_file(*state, folder, "here/main.wit", "package a:main; interface i { use a:b/i.{t}; }");
  for (int i = 0; i < 4200; i++) {
    Diags diags = diags_in(*state);
    Str path = str_format(*state, "%.*s/d%d", STR_ARG(folder), i);
    assert_true(dir_make(path, &diags));
  }
  Diags diags = not_loaded(*state, path_folder(main));
  assert_int_equal(diags.errors, 1);
  assert_true(says(diags.first, "only at the first 4096"));
  dir_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(packages_come_behind_those_that_they_name),
      TEST(versions_are_packages_of_their_own),
      TEST(a_package_is_defined_once),
      TEST(packages_that_depend_on_each_other_are_rejected),
      TEST(a_text_needs_a_package_line_beside_nested_packages),
      TEST(deps_are_files_and_folders),
      TEST(packages_beside_a_folder_are_found_by_their_line),
      TEST(packages_beside_a_file_are_found_too),
      TEST(named_folders_come_before_what_lies_beside),
      TEST(packages_nested_in_foreign_files_are_found),
      TEST(a_missing_package_is_reported_once_with_what_is_near),
      TEST(of_two_siblings_that_claim_a_package_neither_is_taken),
      TEST(a_binary_package_is_named_where_its_text_is_missing),
      TEST(errors_in_a_dependency_are_told_there),
      TEST(a_long_chain_of_packages_resolves),
      TEST(foreign_folders_are_looked_at_only_so_far),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
