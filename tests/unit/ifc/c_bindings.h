/* C bindings of a text in WIT, and compilers that must take them. */
#ifndef TESTS_UNIT_IFC_C_BINDINGS_H
#define TESTS_UNIT_IFC_C_BINDINGS_H

#include "ifc/base/process.h"
#include "ifc/bind.h"
#include "tests/unit/ifc/wit_values.h"

static inline const Package *package_of(Arena *arena, const char *wit)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, str_from_z(wit)), NULL, &diags);
  if (!package) print_diags(&diags);
  assert_non_null(package);
  return package;
}

/* Of the last interface. */
static inline Binding binding_of(Arena *arena, const char *wit)
{
  const Package *package = package_of(arena, wit);
  return bind_c(arena, &package->interfaces[package->interface_count - 1]);
}

static inline Binding world_binding_of(Arena *arena, const char *wit, const char *name)
{
  const World *world = package_world(package_of(arena, wit), str_from_z(name));
  assert_non_null(world);
  return bind_c_world(arena, world);
}

static inline void write_file(Str path, Str text)
{
  Diags diags = diags_in(arena_new());
  if (!file_write(path, text, &diags)) print_diags(&diags);
  assert_int_equal(diags.errors, 0);
  arena_free(diags.arena);
}

static inline void assert_compiles(Arena *arena, Str folder, const char *file, const char *compiler,
                                   const char *target, const char *standard)
{
  const char *argv[] = {compiler,     target,          standard,  "-Wall", "-Wextra", "-Werror",
                        "-Wpedantic", "-fsyntax-only", "-iquote", ".",     file,      NULL};
  ProcessOptions options = {.argv = argv, .folder = folder, .timeout_ms = 60000};
  ProcessResult result;
  Diags diags = diags_in(arena);
  bool ran = process_run(arena, &options, &result, &diags);
  print_diags(&diags);
  assert_true(ran);
  if (result.end != PROCESS_EXITED || result.status != 0)
    print_error("%s %s %s:\n%.*s", compiler, target, file, STR_ARG(result.errors));
  assert_int_equal(result.end, PROCESS_EXITED);
  assert_int_equal(result.status, 0);
}

/* With what wit-bindgen's own tests ask of its headers too: that they could be C++. */
static inline void assert_compiles_everywhere(Arena *arena, Str folder, const char *file)
{
  assert_compiles(arena, folder, file, "clang", "--target=wasm32-wasi", "-Wc++-compat");
}

/* The bindings, and code that uses them, on both targets; the header as C++ too. */
static inline void assert_binding_works(Arena *arena, Binding binding, const char *user)
{
  const char *parent = getenv("TEST_FOLDER");
  Diags diags = diags_in(arena);
  Str folder;
  assert_true(dir_make_temporary(arena, str_from_z(parent ? parent : "/tmp"), &folder, &diags));
  write_file(path_join(arena, folder, binding.header_name), binding.header);
  write_file(path_join(arena, folder, binding.source_name), binding.source);
  write_file(path_join(arena, folder, STR("user.c")), str_from_z(user));
  Str cpp = str_format(arena, "#include \"%.*s\"\n", STR_ARG(binding.header_name));
  write_file(path_join(arena, folder, STR("user.cpp")), cpp);
  const char *source = str_to_z(arena, binding.source_name);
  assert_compiles(arena, folder, source, "clang", "--target=wasm32-wasi", "-std=c17");
  assert_compiles(arena, folder, source, "clang", "-O0", "-std=c17");
  assert_compiles_everywhere(arena, folder, source);
  assert_compiles(arena, folder, "user.c", "clang", "--target=wasm32-wasi", "-std=gnu17");
  assert_compiles(arena, folder, "user.c", "gcc", "-O0", "-std=gnu17");
  assert_compiles(arena, folder, "user.cpp", "clang", "--target=x86_64-linux-gnu", "-xc++");
  dir_remove(folder);
}

static inline void assert_works(Arena *arena, const char *wit, const char *user)
{
  assert_binding_works(arena, binding_of(arena, wit), user);
}

static inline void assert_holds(Str text, const char *part)
{
  if (str_find(text, str_from_z(part)) == SIZE_MAX) {
    print_error("no «%s» in:\n%.*s", part, STR_ARG(text));
    fail();
  }
}

static inline void assert_lacks(Str text, const char *part)
{
  if (str_find(text, str_from_z(part)) != SIZE_MAX) {
    print_error("«%s» in:\n%.*s", part, STR_ARG(text));
    fail();
  }
}

#endif
