/* A small interface to write specifications for, and shorthands for reading and evaluating them. */
#ifndef TESTS_UNIT_SPEC_LANGUAGE_H
#define TESTS_UNIT_SPEC_LANGUAGE_H

#include "tests/unit/check.h"

#include "ifc/wave.h"
#include "ifc/wit.h"
#include "spec/expr.h"
#include "spec/spec.h"

static const char LANGUAGE_WIT[] =
    "package test:lang;\n"
    "interface things {\n"
    "  record point { x: f64, y: f64 }\n"
    "  record circle { radius: f64, center: tuple<f64, f64> }\n"
    "  record named { name: string, nick: option<string>, size: option<u32> }\n"
    "  variant shape { dot, round(circle), sides(u32) }\n"
    "  enum color { red, green, blue }\n"
    "  enum level { low, high }\n"
    "  flags access { read, write, run }\n"
    "  intersects: func(a: circle, b: circle) -> bool;\n"
    "  twice: func(x: u32) -> u32;\n"
    "  area: func(s: shape) -> f64;\n"
    "  paint: func(c: color, level: level);\n"
    "  sum-of: func(xs: list<s64>) -> s64;\n"
    "  greet: func(who: named) -> string;\n"
    "  resource blob;\n"
    "  keep: func(b: blob) -> u32;\n"
    "  send: func() -> stream<u8>;\n"
    "  rest: async func() -> u8;\n"
    "}\n";

static inline const Interface *language_interface(Arena *arena)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("lang.wit"), str_from_z(LANGUAGE_WIT)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  assert_non_null(package);
  return &package->interfaces[0];
}

static inline const Source *language_source(Arena *arena, const char *text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.spec"), str_from_z(text)};
  return source;
}

/* All diagnostics as they are printed. */
static inline Str language_errors(Arena *arena, const Diags *diags)
{
  Buf out = buf_in(arena);
  diags_print(diags, &out, false);
  return buf_text(&out);
}

/* An expression, checked and ready to be evaluated. */
typedef struct Ready {
  Unit unit;
  Expr *expr;
  Value *slots;
  const Type *type; /* NULL: it is wrong */
} Ready;

/* `text` holds any number of fns and then an expression; `want` is its type where it needs one. */
static inline Ready language_expr(Arena *arena, const char *text, const Type *want, Diags *diags)
{
  Ready ready = {.unit = {.arena = arena,
                          .source = language_source(arena, text),
                          .interface = language_interface(arena),
                          .diags = diags,
                          .may_generate = true}};
  Cursor cursor;
  if (!cursor_begin(&cursor, &ready.unit)) return ready;
  while (cursor_at_word(&cursor, STR("fn")))
    if (!fn_parse(&cursor)) return ready;
  ready.expr = expr_parse(&cursor);
  if (!ready.expr || !cursor_expect(&cursor, TOKEN_END)) return ready;
  unit_check(&ready.unit);
  Scope *scope = scope_new(&ready.unit);
  const Type *type = expr_check(scope, ready.expr, want);
  scope_finish(scope);
  ready.slots = arena_array_of(arena, Value, scope_slot_count(scope) + 1);
  if (diags->errors == 0) ready.type = type;
  return ready;
}

static inline const Spec *language_spec(Arena *arena, const char *text, Diags *diags)
{
  return spec_parse(arena, language_source(arena, text), language_interface(arena), diags);
}

#endif
