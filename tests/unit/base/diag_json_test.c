/* Diagnostics as docs/schemas/diagnostics.json has them. */
#include "ifc/base/diag_json.h"

#include "ifc/base/file.h"
#include "tests/unit/check.h"

static const Source source = {{"a.wit", 5}, {"package a:b;\n\ttype \xc3\xa9t;\n", 24}};

static Str printed(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  jv_print_canonical(diags_to_json(diags->arena, diags), &out);
  return buf_text(&out);
}

static void places_are_lines_columns_and_offsets(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_NAME, (Span){&source, 19, 3}, "no \"name\"");
  assert_text(printed(&diags),
              "{\"diagnostics\":[{\"code\":\"name\",\"end\":{\"column\":9,\"line\":2,\"offset\":22},"
              "\"file\":\"a.wit\",\"message\":\"no \\\"name\\\"\",\"notes\":[],\"severity\":\"error\","
              "\"start\":{\"column\":7,\"line\":2,\"offset\":19}}],"
              "\"dropped\":0,\"errors\":1,\"schema\":\"assay/diagnostics/1\",\"warnings\":0}");
}

static void without_a_place_there_is_none(void **state)
{
  Diags diags = diags_in(*state);
  Diag *diag = diag_warning(&diags, DIAG_USAGE, SPAN_NONE, "w");
  diag_note(&diags, diag, SPAN_NONE, "do it");
  diag_note(&diags, diag, (Span){&source, 0, 7}, "here");
  assert_text(printed(&diags),
              "{\"diagnostics\":[{\"code\":\"usage\",\"message\":\"w\",\"notes\":[{\"message\":\"do it\"},"
              "{\"end\":{\"column\":8,\"line\":1,\"offset\":7},\"file\":\"a.wit\",\"message\":\"here\","
              "\"start\":{\"column\":1,\"line\":1,\"offset\":0}}],\"severity\":\"warning\"}],"
              "\"dropped\":0,\"errors\":0,\"schema\":\"assay/diagnostics/1\",\"warnings\":1}");
}

static void places_past_the_end_are_at_the_end(void **state)
{
  Diags diags = diags_in(*state);
  diag_error(&diags, DIAG_SYNTAX, (Span){&source, 99, 9}, "e");
  const Json *one = jv_at(jv_get(diags_to_json(*state, &diags), STR("diagnostics")), 0);
  assert_int_equal(jv_as_integer(jv_get(jv_get(one, STR("end")), STR("offset"))), 24);
  assert_int_equal(jv_as_integer(jv_get(jv_get(one, STR("start")), STR("line"))), 3);
}

static void dropped_ones_are_counted(void **state)
{
  Diags diags = diags_in(*state);
  for (int i = 0; i < 130; i++) diag_error(&diags, DIAG_SYNTAX, (Span){&source, 3, 1}, "e");
  const Json *json = diags_to_json(*state, &diags);
  assert_int_equal(jv_count(jv_get(json, STR("diagnostics"))), 100);
  assert_int_equal(jv_as_integer(jv_get(json, STR("dropped"))), 30);
  assert_int_equal(jv_as_integer(jv_get(json, STR("errors"))), 130);
}

/* Every code there is can be in the document. */
static void the_schema_knows_every_code(void **state)
{
  Diags diags = diags_in(*state);
  Source schema = {STR("docs/schemas/diagnostics.json"), {0}};
  assert_true(file_read(*state, schema.path, SIZE_MAX, &schema.text, &diags));
  const Json *json = jv_parse(*state, &schema, &diags);
  const char *const path[] = {"properties", "diagnostics", "items", "properties", "code", "enum"};
  for (size_t i = 0; i < sizeof path / sizeof *path; i++) json = jv_get(json, str_from_z(path[i]));
  const char *const slugs[] = {
#define DIAG(name, slug, exit) slug,
#include "ifc/base/codes.def"
#undef DIAG
  };
  assert_int_equal(jv_count(json), sizeof slugs / sizeof *slugs);
  for (size_t i = 0; i < sizeof slugs / sizeof *slugs; i++)
    assert_slice(jv_as_string(jv_at(json, i)), str_from_z(slugs[i]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(places_are_lines_columns_and_offsets), TEST(without_a_place_there_is_none),
      TEST(places_past_the_end_are_at_the_end),   TEST(dropped_ones_are_counted),
      TEST(the_schema_knows_every_code),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
