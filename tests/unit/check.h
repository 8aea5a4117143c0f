/* cmocka with what it needs, an arena for each test, and assertions on slices. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ifc/base/arena.h"
#include "ifc/base/str.h"

/* A table entry: a test that is given its own arena as `*state`. */
#define TEST(function) cmocka_unit_test_setup_teardown(function, check_make_arena, check_free_arena)

static inline int check_make_arena(void **state)
{
  *state = arena_new();
  return 0;
}

static inline int check_free_arena(void **state)
{
  arena_free(*state);
  return 0;
}

/* Fails, showing both, unless the slice holds exactly the bytes of the literal (or other slice). */
#define assert_text(actual, literal) check_text((actual), STR(literal), __FILE__, __LINE__)
#define assert_slice(actual, expected) check_text((actual), (expected), __FILE__, __LINE__)

static inline void check_text(Str actual, Str expected, const char *file, int line)
{
  if (str_equal(actual, expected)) return;
  print_error("got:  «%.*s»\nwant: «%.*s»\n", STR_ARG(actual), STR_ARG(expected));
  _fail(file, line);
}

#endif
