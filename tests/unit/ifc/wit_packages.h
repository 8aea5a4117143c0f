/* Packages from texts and folders, for tests. */
#ifndef TESTS_UNIT_IFC_WIT_PACKAGES_H
#define TESTS_UNIT_IFC_WIT_PACKAGES_H

#include "tests/unit/ifc/wit_values.h"

/* The package of a text that must be accepted. */
static inline const Package *parse_with(Arena *arena, Str text, const WitOptions *options)
{
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source_of(arena, text), options, &diags);
  if (!package) print_diags(&diags);
  assert_non_null(package);
  assert_int_equal(diags.errors, 0);
  return package;
}

static inline const Package *parse(Arena *arena, Str text)
{
  return parse_with(arena, text, NULL);
}

/* The errors of a text that must be rejected. */
static inline Diags rejected_with(Arena *arena, Str text, const WitOptions *options)
{
  Diags diags = diags_in(arena);
  assert_null(wit_parse(arena, source_of(arena, text), options, &diags));
  assert_true(diags.errors > 0);
  return diags;
}

static inline Diags rejected(Arena *arena, Str text)
{
  return rejected_with(arena, text, NULL);
}

/* Fails unless there is one error, at the first place of `at` in the text that it is about. */
static inline void assert_error_at(Diags diags, const char *at)
{
  if (diags.errors != 1) print_diags(&diags);
  assert_int_equal(diags.errors, 1);
  assert_int_equal(diags.first->span.at, str_find(diags.first->span.source->text, str_from_z(at)));
}

/* A folder for one test, removed behind it. */
static inline Str make_folder(Arena *arena)
{
  Diags diags = diags_in(arena);
  const char *parent = getenv("TEST_FOLDER");
  Str folder;
  assert_true(dir_make_temporary(arena, str_from_z(parent ? parent : "/tmp"), &folder, &diags));
  return folder;
}

static inline Str put_file(Arena *arena, Str folder, const char *name, const char *text)
{
  Diags diags = diags_in(arena);
  Str path = path_join(arena, folder, str_from_z(name));
  assert_true(file_write(path, str_from_z(text), &diags));
  return path;
}

#endif
