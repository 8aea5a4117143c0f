/* The parser tests of wasm-tools. What uses a construct that is not supported yet is counted apart. */
#include "ifc/canon.h"
#include "ifc/show.h"
#include "tests/unit/ifc/wit_values.h"

#define FOLDER "../shared/conformance/wit/"

typedef struct Inputs {
  Str folder;
  Str *names;
  size_t count;
} Inputs;

/* Files and folders, without the expected outputs that lie beside them. */
static Inputs inputs_of(Arena *arena, Str folder)
{
  Inputs inputs = {.folder = folder};
  Diags diags = diags_in(arena);
  Str *names;
  size_t count;
  assert_true(dir_list(arena, folder, &names, &count, &diags));
  inputs.names = arena_array_of(arena, Str, count);
  for (size_t i = 0; i < count; i++)
    if (!str_ends_with(names[i], STR(".json")) && !str_ends_with(names[i], STR(".result")))
      inputs.names[inputs.count++] = names[i];
  return inputs;
}

static bool has_code(const Diags *diags, DiagCode code)
{
  for (const Diag *diag = diags->first; diag; diag = diag->next)
    if (diag->code == code) return true;
  return false;
}

/* Valid for the parser, not for a component, which is what counts here: empty records, flags or tuples. */
static bool is_only_parsable(Str name)
{
  return str_equal(name, STR("multi-file"));
}

static void what_is_right_is_accepted(void **state)
{
  Inputs inputs = inputs_of(*state, STR(FOLDER "ok"));
  size_t accepted = 0, unsupported = 0, invalid = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    Diags diags = diags_in(*state);
    const Package *package = wit_load(*state, path_join(*state, inputs.folder, inputs.names[i]), &diags);
    if (package) {
      accepted++;
    } else if (has_code(&diags, DIAG_UNSUPPORTED)) {
      unsupported++;
    } else {
      if (!is_only_parsable(inputs.names[i])) print_diags(&diags);
      assert_true(is_only_parsable(inputs.names[i]));
      invalid++;
    }
  }
  print_message(
      "of %zu: %zu accepted, %zu with constructs not supported yet, %zu that no component may contain\n",
      inputs.count, accepted, unsupported, invalid);
  assert_true(accepted >= 15);
}

/* Faults that only resolving worlds across includes and packages would show. */
static bool needs_worlds(Str name)
{
  static const char *const names[] = {"async-bad-world4.wit", "import-and-export2.wit", "include-foreign",
                                      "non-existence-world-include", "return-borrow5.wit"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_equal(name, str_from_z(names[i]))) return true;
  return false;
}

static void what_is_wrong_is_rejected(void **state)
{
  Inputs inputs = inputs_of(*state, STR(FOLDER "fail"));
  size_t rejected = 0, unsupported = 0, accepted = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    Diags diags = diags_in(*state);
    const Package *package = wit_load(*state, path_join(*state, inputs.folder, inputs.names[i]), &diags);
    if (package) {
      if (!needs_worlds(inputs.names[i])) print_error("%.*s was accepted\n", STR_ARG(inputs.names[i]));
      assert_true(needs_worlds(inputs.names[i]));
      accepted++;
    } else if (has_code(&diags, DIAG_UNSUPPORTED)) {
      unsupported++;
    } else {
      rejected++;
    }
  }
  print_message("of %zu: %zu rejected, %zu with constructs not supported yet, %zu accepted (worlds)\n",
                inputs.count, rejected, unsupported, accepted);
}

/* A type in the reference's JSON, spelt out: named ones by interface and name, others by what they are. */
static void put_type(const Json *root, const Json *type, Buf *out);

static void put_named(const Json *root, const Json *type, Buf *out)
{
  const Json *owner = jv_get(jv_get(type, STR("owner")), STR("interface"));
  const Json *interface = jv_at(jv_get(root, STR("interfaces")), (size_t)jv_as_integer(owner));
  buf_printf(out, "%.*s.%.*s", STR_ARG(jv_as_string(jv_get(interface, STR("name")))),
             STR_ARG(jv_as_string(jv_get(type, STR("name")))));
}

/* Prints a node with numbers that stand for types replaced; `key` is the member that it was found under. */
static void put_node(const Json *root, Str key, const Json *node, Buf *out)
{
  static const char *const type_keys[] = {"type", "list", "option", "ok", "err", "types", "result"};
  bool is_type = false;
  for (size_t i = 0; i < sizeof type_keys / sizeof *type_keys; i++)
    is_type = is_type || str_equal(key, str_from_z(type_keys[i]));
  switch (jv_kind(node)) {
  case JV_INTEGER:
    if (is_type)
      put_type(root, node, out);
    else
      buf_printf(out, "%lld", (long long)jv_as_integer(node));
    break;
  case JV_ARRAY:
    buf_byte(out, '[');
    for (size_t i = 0; i < jv_count(node); i++) {
      put_node(root, key, jv_at(node, i), out);
      buf_byte(out, ',');
    }
    buf_byte(out, ']');
    break;
  case JV_OBJECT:
    buf_byte(out, '{');
    for (size_t i = 0; i < jv_count(node); i++) {
      Str name = jv_key_at(node, i);
      buf_printf(out, "%.*s:", STR_ARG(name));
      put_node(root, name, jv_value_at(node, i), out);
      buf_byte(out, ',');
    }
    buf_byte(out, '}');
    break;
  default: jv_print_canonical(node, out); break;
  }
}

static void put_type(const Json *root, const Json *type, Buf *out)
{
  const Json *found = jv_at(jv_get(root, STR("types")), (size_t)jv_as_integer(type));
  if (jv_kind(jv_get(found, STR("name"))) == JV_STRING)
    put_named(root, found, out);
  else
    put_node(root, STR("kind"), jv_get(found, STR("kind")), out);
}

/* An interface with its types and functions, each a line, sorted, so that numbering and order do not matter.
 */
static Str interface_text(Arena *arena, const Json *root, const Json *interface)
{
  Buf out = buf_in(arena);
  const Json *types = jv_get(interface, STR("types")), *functions = jv_get(interface, STR("functions"));
  put_node(root, STR("docs"), jv_get(interface, STR("docs")), &out);
  Json *lines = jv_object(arena);
  for (size_t i = 0; i < jv_count(types); i++) {
    Buf line = buf_in(arena);
    const Json *type = jv_at(jv_get(root, STR("types")), (size_t)jv_as_integer(jv_value_at(types, i)));
    put_node(root, STR("kind"), jv_get(type, STR("kind")), &line);
    put_node(root, STR("docs"), jv_get(type, STR("docs")), &line);
    jv_set_string(lines, jv_key_at(types, i), buf_text(&line));
  }
  for (size_t i = 0; i < jv_count(functions); i++) {
    Buf line = buf_in(arena);
    put_node(root, STR("function"), jv_value_at(functions, i), &line);
    jv_set_string(lines, jv_key_at(functions, i), buf_text(&line));
  }
  jv_print_canonical(lines, &out);
  return buf_text(&out);
}

static const Json *interface_named(const Json *root, Str name)
{
  const Json *interfaces = jv_get(root, STR("interfaces"));
  for (size_t i = 0; i < jv_count(interfaces); i++) {
    const Json *interface = jv_at(interfaces, i);
    if (str_equal(jv_as_string(jv_get(interface, STR("name"))), name)) return interface;
  }
  return NULL;
}

/* Ours written out and read again, so that both went through the same reader. */
static const Json *json_of(Arena *arena, const Package *package)
{
  Diags diags = diags_in(arena);
  Buf out = buf_in(arena);
  jv_print(package_to_json(arena, package), &out);
  return jv_parse(arena, source_of(arena, buf_text(&out)), &diags);
}

static const Json *json_beside(Arena *arena, Str path)
{
  Diags diags = diags_in(arena);
  Str ending = str_ends_with(path, STR(".wit")) ? STR(".json") : STR(".wit.json"), text;
  Str beside = str_format(arena, "%.*s%.*s", STR_ARG(path), STR_ARG(ending));
  assert_true(file_read(arena, beside, SIZE_MAX, &text, &diags));
  return jv_parse(arena, source_of(arena, text), &diags);
}

static void the_resolved_form_agrees(void **state)
{
  Inputs inputs = inputs_of(*state, STR(FOLDER "ok"));
  size_t compared = 0;
  for (size_t i = 0; i < inputs.count; i++) {
    Diags diags = diags_in(*state);
    Str path = path_join(*state, inputs.folder, inputs.names[i]);
    const Package *package = wit_load(*state, path, &diags);
    /* The reference was asked for the feature `active`. */
    if (!package || str_equal(inputs.names[i], STR("feature-gates.wit"))) continue;
    const Json *ours = json_of(*state, package), *theirs = json_beside(*state, path);
    for (uint32_t k = 0; k < package->interface_count; k++) {
      const Json *own = interface_named(ours, package->interfaces[k].name);
      const Json *other = interface_named(theirs, package->interfaces[k].name);
      assert_slice(interface_text(*state, ours, own), interface_text(*state, theirs, other));
      compared++;
    }
  }
  print_message("%zu interfaces compared\n", compared);
  assert_true(compared >= 10);
}

int main(void)
{
  if (!dir_exists(STR(FOLDER "ok"))) {
    fprintf(stderr, FOLDER " is not there\n");
    return EXIT_SKIPPED;
  }
  const struct CMUnitTest tests[] = {
      TEST(what_is_right_is_accepted),
      TEST(what_is_wrong_is_rejected),
      TEST(the_resolved_form_agrees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
