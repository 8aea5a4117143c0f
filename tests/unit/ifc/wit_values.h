/* Types and values from their texts, and the conformance vectors, for tests. */
#ifndef TESTS_UNIT_IFC_WIT_VALUES_H
#define TESTS_UNIT_IFC_WIT_VALUES_H

#include <stdio.h>

#include "ifc/base/file.h"
#include "ifc/base/json.h"
#include "ifc/wave.h"
#include "ifc/wit.h"
#include "tests/unit/check.h"

static inline void print_diags(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&out)));
}

static inline const Source *source_of(Arena *arena, Str text)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("test"), text};
  return source;
}

/* The only function of an interface with these items: "record r { … } f: func(…)". */
static inline const Function *wit_function(Arena *arena, Str items)
{
  Diags diags = diags_in(arena);
  Str text = str_format(arena, "package t:t; interface i { %.*s; }", STR_ARG(items));
  const Package *package = wit_parse(arena, source_of(arena, text), NULL, &diags);
  if (!package) print_diags(&diags);
  assert_non_null(package);
  return &package->interfaces[0].functions[0];
}

/* A type as WIT writes it, after the declarations that it uses. */
static inline const Type *wit_type(Arena *arena, Str declarations, Str type)
{
  Str items = str_format(arena, "%.*s f: func(x: %.*s)", STR_ARG(declarations), STR_ARG(type));
  return wit_function(arena, items)->params[0].type;
}

static inline Value wave_value(Arena *arena, const Type *type, Str text)
{
  Value value = {0};
  Diags diags = diags_in(arena);
  bool parsed = wave_parse(arena, type, source_of(arena, text), &value, &diags);
  if (!parsed) print_diags(&diags);
  assert_true(parsed);
  return value;
}

static inline Str wave_text(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print(type, value, &out);
  return buf_text(&out);
}

/* The exit status by which tests/run knows a test that had to be skipped. */
enum { EXIT_SKIPPED = 77 };

/* The 1,200 vectors computed by the reference, or NULL, said out loud, where they are not at hand. */
static inline const Json *abi_vectors(Arena *arena)
{
  Str path = STR("../shared/conformance/abi/vectors.json"), text;
  Diags diags = diags_in(arena);
  if (!file_exists(path)) {
    fprintf(stderr, "%.*s is not there\n", STR_ARG(path));
    return NULL;
  }
  const Json *vectors = NULL;
  if (file_read(arena, path, SIZE_MAX, &text, &diags))
    vectors = jv_parse(arena, source_of(arena, text), &diags);
  print_diags(&diags);
  return vectors;
}

static inline const Type *vector_type(Arena *arena, const Json *vector)
{
  Buf declarations = buf_in(arena);
  const Json *types = jv_get(vector, STR("types"));
  for (size_t i = 0; i < jv_count(types); i++)
    buf_printf(&declarations, "%.*s\n", STR_ARG(jv_as_string(jv_at(types, i))));
  return wit_type(arena, buf_text(&declarations), jv_as_string(jv_get(vector, STR("type"))));
}

static inline Value vector_value(Arena *arena, const Json *vector, const Type *type)
{
  return wave_value(arena, type, jv_as_string(jv_get(vector, STR("value"))));
}

#endif
