/* The resolved form against the reference parser's, over its own test data: equal up to numbering. */
#include "tests/unit/ifc/json_graph.h"

#define FOLDER "../shared/conformance/wit/ok"

typedef struct Inputs {
  Str *names;
  size_t count;
} Inputs;

/* Files and folders, without the expected outputs that lie beside them. */
static Inputs inputs_of(Arena *arena)
{
  Inputs inputs = {0};
  Diags diags = diags_in(arena);
  Str *names;
  size_t count;
  assert_true(dir_list(arena, STR(FOLDER), &names, &count, &diags));
  inputs.names = arena_array_of(arena, Str, count);
  for (size_t i = 0; i < count; i++)
    if (!str_ends_with(names[i], STR(".json"))) inputs.names[inputs.count++] = names[i];
  return inputs;
}

/* NULL where it is not accepted. */
static const Json *our_json(Arena *arena, Str name)
{
  Str active = STR("active");
  WitOptions options = {.features = &active, .feature_count = 1, .level = WIT_PARSES};
  Diags diags = diags_in(arena);
  const Package *package = wit_load(arena, path_join(arena, STR(FOLDER), name), &options, &diags);
  if (!package) print_diags(&diags);
  return package ? json_of(arena, package) : NULL;
}

static const Json *their_json(Arena *arena, Str name)
{
  Diags diags = diags_in(arena);
  Str ending = str_ends_with(name, STR(".wit")) ? STR(".json") : STR(".wit.json"), text;
  Str beside = str_format(arena, FOLDER "/%.*s%.*s", STR_ARG(name), STR_ARG(ending));
  assert_true(file_read(arena, beside, SIZE_MAX, &text, &diags));
  return jv_parse(arena, source_of(arena, text), &diags);
}

static bool same_text(Arena *arena, const Json *a, const Json *b)
{
  Buf x = buf_in(arena), y = buf_in(arena);
  jv_print(a, &x);
  jv_print(b, &y);
  return str_equal(buf_text(&x), buf_text(&y));
}

static void the_resolved_form_agrees(void **state)
{
  Inputs inputs = inputs_of(*state);
  size_t agree = 0, numbered_alike = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    const Json *ours = our_json(*state, inputs.names[i]), *theirs = their_json(*state, inputs.names[i]);
    if (!ours) continue;
    Str difference = difference_of(*state, ours, theirs);
    if (difference.len) print_error("%.*s: %.*s\n", STR_ARG(inputs.names[i]), STR_ARG(difference));
    agree += !difference.len;
    numbered_alike += same_text(*state, ours, theirs);
  }
  print_message("%zu of %zu agree, %zu in their numbers too\n", agree, inputs.count, numbered_alike);
  assert_int_equal(agree, inputs.count);
  assert_int_equal(numbered_alike, inputs.count);
}

/* A copy in which the integer that comes as number `*index` is another. */
static Json *changed(Arena *arena, const Json *json, size_t *index, int64_t to)
{
  Json *copy;
  switch (jv_kind(json)) {
  case JV_ARRAY:
    copy = jv_array(arena);
    for (size_t i = 0; i < jv_count(json); i++) jv_push(copy, changed(arena, jv_at(json, i), index, to));
    return copy;
  case JV_OBJECT:
    copy = jv_object(arena);
    for (size_t i = 0; i < jv_count(json); i++)
      jv_set(copy, jv_key_at(json, i), changed(arena, jv_value_at(json, i), index, to));
    return copy;
  case JV_INTEGER: return jv_integer(arena, (*index)-- ? jv_as_integer(json) : to);
  case JV_STRING: return jv_string(arena, jv_as_string(json));
  default: return jv_null(arena);
  }
}

static size_t count_integers(const Json *json)
{
  size_t count = jv_kind(json) == JV_INTEGER;
  for (size_t i = 0; jv_kind(json) == JV_ARRAY && i < jv_count(json); i++)
    count += count_integers(jv_at(json, i));
  for (size_t i = 0; jv_kind(json) == JV_OBJECT && i < jv_count(json); i++)
    count += count_integers(jv_value_at(json, i));
  return count;
}

/* The comparison is worth something only if no reference can be wrong. */
static void one_wrong_id_is_seen(void **state)
{
  Inputs inputs = inputs_of(*state);
  size_t tried = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    const Json *theirs = their_json(*state, inputs.names[i]);
    size_t integers = count_integers(theirs);
    for (size_t k = 0; k < 4 * integers; k++) {
      Arena *arena = arena_new();
      size_t index = k / 4;
      const Json *wrong = changed(arena, theirs, &index, (int64_t)(k % 4));
      bool alike = same_text(arena, theirs, wrong);
      if (!alike && !difference_of(arena, wrong, theirs).len) {
        print_error("%.*s: integer %zu may be %zu\n", STR_ARG(inputs.names[i]), k / 4, k % 4);
        fail();
      }
      tried += !alike;
      arena_free(arena);
    }
  }
  print_message("%zu wrong ids seen\n", tried);
  assert_true(tried > 1000);
}

int main(void)
{
  if (!dir_exists(STR(FOLDER))) {
    fprintf(stderr, FOLDER " is not there\n");
    return EXIT_SKIPPED;
  }
  const struct CMUnitTest tests[] = {
      TEST(the_resolved_form_agrees),
      TEST(one_wrong_id_is_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
