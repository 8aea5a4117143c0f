/* Whether a document fits its schema in docs/schemas: as much of JSON Schema as those use, patterns apart. A
 * word that is not known here fails, so that no rule is passed over. */
#ifndef TESTS_UNIT_JSON_SCHEMA_H
#define TESTS_UNIT_JSON_SCHEMA_H

#include "ifc/base/file.h"
#include "ifc/base/json.h"
#include "tests/unit/check.h"

static inline const Json *schema_resolve(const Json *root, const Json *schema)
{
  for (;;) { /* one may lead to another */
    Str reference = jv_as_string(jv_get(schema, STR("$ref")));
    if (!reference.len) return schema;
    assert_true(str_starts_with(reference, STR("#/$defs/")));
    schema = jv_get(jv_get(root, STR("$defs")), str_slice(reference, 8, reference.len));
  }
}

static inline void schema_check(const Json *root, const Json *schema, const Json *value);

/* Of alternatives that only require members: exactly one has all of its. */
static inline void schema_check_one_of(const Json *alternatives, const Json *value)
{
  size_t fitting = 0;
  for (size_t i = 0; i < jv_count(alternatives); i++) {
    const Json *required = jv_get(jv_at(alternatives, i), STR("required"));
    size_t k = 0;
    assert_int_equal(jv_count(jv_at(alternatives, i)), 1);
    while (k < jv_count(required) && jv_get(value, jv_as_string(jv_at(required, k)))) k++;
    fitting += k == jv_count(required);
  }
  assert_true(!alternatives || fitting == 1);
}

static inline void schema_check_members(const Json *root, const Json *schema, const Json *value)
{
  const Json *properties = jv_get(schema, STR("properties")), *required = jv_get(schema, STR("required"));
  assert_int_equal(jv_kind(value), JV_OBJECT);
  for (size_t i = 0; i < jv_count(required); i++) {
    Str name = jv_as_string(jv_at(required, i));
    if (!jv_get(value, name)) print_error("%.*s is missing\n", STR_ARG(name));
    assert_non_null(jv_get(value, name));
  }
  schema_check_one_of(jv_get(schema, STR("oneOf")), value);
  for (size_t i = 0; i < jv_count(value); i++) {
    const Json *property = jv_get(properties, jv_key_at(value, i));
    if (!property) print_error("no property %.*s\n", STR_ARG(jv_key_at(value, i)));
    assert_non_null(property);
    schema_check(root, property, jv_value_at(value, i));
  }
}

static inline void schema_check_elements(const Json *root, const Json *schema, const Json *value)
{
  const Json *most = jv_get(schema, STR("maxItems"));
  assert_int_equal(jv_kind(value), JV_ARRAY);
  assert_true(jv_count(value) >= (size_t)jv_as_integer(jv_get(schema, STR("minItems"))));
  if (most) assert_true(jv_count(value) <= (size_t)jv_as_integer(most));
  for (size_t i = 0; i < jv_count(value); i++)
    schema_check(root, jv_get(schema, STR("items")), jv_at(value, i));
}

static inline void schema_check_words(const Json *schema)
{
  static const char *const known[] = {
      "$ref",    "$schema",  "$id",         "$defs",       "title",
      "type",    "required", "const",       "enum",        "properties",
      "items",   "minItems", "maxItems",    "description", "additionalProperties",
      "minimum", "pattern",  "uniqueItems", "oneOf"};
  for (size_t i = 0; i < jv_count(schema); i++) {
    size_t k = 0;
    while (k < sizeof known / sizeof *known && !str_equal(jv_key_at(schema, i), str_from_z(known[k]))) k++;
    if (k == sizeof known / sizeof *known) print_error("unknown: %.*s\n", STR_ARG(jv_key_at(schema, i)));
    assert_true(k < sizeof known / sizeof *known);
  }
}

static inline void schema_check(const Json *root, const Json *schema, const Json *value)
{
  schema = schema_resolve(root, schema);
  assert_non_null(schema);
  schema_check_words(schema);
  const Json *constant = jv_get(schema, STR("const")), *choices = jv_get(schema, STR("enum"));
  Str type = jv_as_string(jv_get(schema, STR("type")));
  if (constant) {
    assert_slice(jv_as_string(value), jv_as_string(constant));
  } else if (choices) {
    size_t i = 0;
    while (i < jv_count(choices) && !str_equal(jv_as_string(value), jv_as_string(jv_at(choices, i)))) i++;
    if (i == jv_count(choices)) print_error("not one of the choices: %.*s\n", STR_ARG(jv_as_string(value)));
    assert_true(i < jv_count(choices));
  } else if (str_equal(type, STR("object"))) {
    schema_check_members(root, schema, value);
  } else if (str_equal(type, STR("string"))) {
    assert_int_equal(jv_kind(value), JV_STRING);
  } else if (str_equal(type, STR("boolean"))) {
    assert_int_equal(jv_kind(value), JV_BOOL);
  } else if (str_equal(type, STR("integer"))) {
    assert_int_equal(jv_kind(value), JV_INTEGER);
    assert_true(jv_as_integer(value) >= jv_as_integer(jv_get(schema, STR("minimum"))));
  } else {
    assert_text(type, "array");
    schema_check_elements(root, schema, value);
  }
}

/* Fails unless the document fits the schema in that file. Tests run in the project's root. */
static inline void assert_fits_schema(Arena *arena, const char *path, const Json *value)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  source->path = str_from_z(path);
  assert_true(file_read(arena, source->path, 1 << 20, &source->text, &diags));
  const Json *schema = jv_parse(arena, source, &diags);
  assert_non_null(schema);
  schema_check(schema, schema, value);
}

#endif
