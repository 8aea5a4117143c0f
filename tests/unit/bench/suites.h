/* Benchmarks for tests: an interface in WIT, a suite in text, and what their diagnostics say. */
#ifndef TESTS_UNIT_BENCH_SUITES_H
#define TESTS_UNIT_BENCH_SUITES_H

#include <string.h>

#include "bench/suite.h"
#include "ifc/wit.h"
#include "tests/unit/check.h"

static inline Str suites_messages(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  return buf_text(&out);
}

static inline void suites_show(const Diags *diags)
{
  Str text = suites_messages(diags);
  if (text.len) print_error("%.*s", STR_ARG(text));
}

static inline void suites_assert_says(const Diags *diags, const char *text)
{
  Str messages = suites_messages(diags);
  if (str_find(messages, str_from_z(text)) != SIZE_MAX) return;
  print_error("got:  «%.*s»\nwant: «…%s…»\n", STR_ARG(messages), text);
  fail();
}

/* The interface `t:t/i` with these items. */
static inline const Interface *suites_interface(Arena *arena, const char *items)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), str_format(arena, "package t:t; interface i { %s }", items)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  suites_show(&diags);
  assert_non_null(package);
  return &package->interfaces[0];
}

static inline const Source *suites_source(Arena *arena, const char *text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.bench"), str_from_z(text)};
  return source;
}

/* Must parse. */
static inline const Suite *suites_parse(Arena *arena, const Interface *interface, const char *text)
{
  Diags diags = diags_in(arena);
  const Suite *suite = suite_parse(arena, suites_source(arena, text), interface, &diags);
  suites_show(&diags);
  assert_non_null(suite);
  return suite;
}

#endif
