/* The formatter on random texts: nothing is lost, formatting again changes nothing, and the layout comes from
 * the tokens alone. */
#include "ifc/base/rng.h"
#include "tests/unit/ifc/format_laws.h"
#include "tests/unit/ifc/wit_values.h"

/* Texts at random: tokens that the grammar allows, and what may stand between them. */
typedef struct Writer {
  Rng tokens, spaces;
  Buf out;
  bool comments; /* and empty lines */
} Writer;

static uint64_t below(Writer *self, uint64_t bound)
{
  return rng_below(&self->tokens, bound);
}

static const char *any_space(Writer *self, const char *const *texts, size_t count)
{
  return texts[rng_below(&self->spaces, count)];
}

static bool is_wordlike(char byte)
{
  return byte == '%' || byte == '-' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

static void put_comment(Writer *self)
{
  static const char *const comments[] = {
      "// line\n",
      "/// doc\n",
      "/* block */",
      "/** doc */",
      "/* a\n   b */",
      "/**\n\t * a\n\t\t* b\n */",
      "/* a /* b */ */",
      "//\n",
      "\n\n\n",
      "\n  // own line\n",
      "\n /* own line */\n",
      "/**/",
      "// caf\xc3\xa9, co\xc3\xbbt\n",
  };
  buf_byte(&self->out, ' ');
  buf_z(&self->out, any_space(self, comments, sizeof comments / sizeof *comments));
}

/* A token, after white space where it needs some, and maybe more. */
static void put(Writer *self, const char *token)
{
  static const char *const spaces[] = {"", "", "", " ", "\n", "\t", "\r\n", "  \n\t"};
  Buf *out = &self->out;
  if (!self->comments) buf_z(out, any_space(self, spaces, sizeof spaces / sizeof *spaces));
  while (self->comments && !rng_below(&self->spaces, 6)) put_comment(self);
  if (out->len && is_wordlike(out->at[out->len - 1]) && is_wordlike(token[0])) buf_byte(out, ' ');
  buf_z(out, token);
}

static void put_all(Writer *self, const char *const *tokens)
{
  for (; *tokens; tokens++) put(self, *tokens);
}
#define PUT(self, ...) put_all((self), (const char *const[]){__VA_ARGS__, NULL})

static void put_name(Writer *self)
{
  static const char *const names[] = {
      "a", "b-c", "%type", "HTTP", "x1", "%from", "foo-BAR", "version", "a-name-that-is-quite-long"};
  put(self, names[below(self, sizeof names / sizeof *names)]);
}

static void put_version(Writer *self)
{
  static const char *const versions[] = {"1.0.0", "0.2.12-rc.1", "1.2.3+build.4"};
  put(self, versions[below(self, 3)]);
}

static void put_path(Writer *self)
{
  put_name(self);
  if (below(self, 2)) return;
  put(self, ":");
  put_name(self);
  put(self, "/");
  put_name(self);
  if (below(self, 2)) return;
  put(self, "@");
  put_version(self);
}

typedef void Production(Writer *self);

/* One to five elements between brackets, maybe with a comma behind the last. */
static void put_list(Writer *self, const char *open, Production *element, const char *close)
{
  put(self, open);
  for (uint64_t left = 1 + below(self, 5); left; left--) {
    element(self);
    if (left > 1 || below(self, 2)) put(self, ",");
  }
  put(self, close);
}

static void put_type(Writer *self)
{
  switch (below(self, 12)) {
  case 0: put(self, "tuple"), put_list(self, "<", put_type, ">"); break;
  case 1: PUT(self, "list", "<"), put_type(self), put(self, ">"); break;
  case 2: PUT(self, "list", "<"), put_type(self), PUT(self, ",", "16", ">"); break;
  case 3: PUT(self, "result", "<", "_", ","), put_type(self), put(self, ">"); break;
  case 4: PUT(self, "map", "<", "string", ","), put_type(self), put(self, ">"); break;
  case 5: PUT(self, "borrow", "<"), put_name(self), put(self, ">"); break;
  case 6: put(self, "result"); break;
  case 7: put_name(self); break;
  default: put(self, "u32"); break;
  }
}

static void put_field(Writer *self)
{
  put_name(self), put(self, ":"), put_type(self);
}

static void put_case(Writer *self)
{
  put_name(self);
  if (below(self, 2)) put(self, "("), put_type(self), put(self, ")");
}

static void put_rename(Writer *self)
{
  put_name(self);
  if (below(self, 2)) put(self, "as"), put_name(self);
}

static void put_function(Writer *self)
{
  if (!below(self, 4)) put(self, "async");
  put(self, "func");
  if (below(self, 4))
    put_list(self, "(", put_field, ")");
  else
    PUT(self, "(", ")");
  if (below(self, 2)) put(self, "->"), put_type(self);
  put(self, ";");
}

static void put_gates(Writer *self)
{
  if (below(self, 4)) return;
  if (below(self, 2)) {
    PUT(self, "@", "unstable", "(", "feature", "="), put_name(self), put(self, ")");
    return;
  }
  PUT(self, "@", "since", "(", "version", "="), put_version(self), put(self, ")");
  if (below(self, 2)) return;
  PUT(self, "@", "deprecated", "(", "version", "="), put_version(self), put(self, ")");
}

static void put_methods(Writer *self)
{
  put(self, "{");
  if (below(self, 2)) put(self, "constructor"), put_list(self, "(", put_field, ")"), put(self, ";");
  for (uint64_t left = below(self, 3); left; left--) {
    put_gates(self);
    put_name(self), put(self, ":");
    if (below(self, 2)) put(self, "static");
    put_function(self);
  }
  put(self, "}");
}

/* A type or a `use`. */
static void put_type_item(Writer *self)
{
  switch (below(self, 8)) {
  case 0: put(self, "record"), put_name(self), put_list(self, "{", put_field, "}"); break;
  case 1: put(self, "variant"), put_name(self), put_list(self, "{", put_case, "}"); break;
  case 2: put(self, "enum"), put_name(self), put_list(self, "{", put_name, "}"); break;
  case 3: put(self, "flags"), put_name(self), put_list(self, "{", put_name, "}"); break;
  case 4: put(self, "resource"), put_name(self), put_methods(self); break;
  case 5: put(self, "resource"), put_name(self), put(self, ";"); break;
  case 6: put(self, "type"), put_name(self), put(self, "="), put_type(self), put(self, ";"); break;
  default:
    put(self, "use"), put_path(self), put(self, "."), put_list(self, "{", put_rename, "}"), put(self, ";");
  }
}

static void put_interface_body(Writer *self)
{
  put(self, "{");
  for (uint64_t left = below(self, 4); left; left--) {
    put_gates(self);
    if (below(self, 2))
      put_type_item(self);
    else
      put_name(self), put(self, ":"), put_function(self);
  }
  put(self, "}");
}

static void put_world_item(Writer *self)
{
  put_gates(self);
  switch (below(self, 6)) {
  case 0: put(self, "import"), put_path(self), put(self, ";"); break;
  case 1: put(self, "export"), put_name(self), put(self, ":"), put_function(self); break;
  case 2: PUT(self, "import"), put_name(self), PUT(self, ":", "interface"), put_interface_body(self); break;
  case 3: put(self, "include"), put_path(self), put(self, ";"); break;
  case 4: PUT(self, "include"), put_path(self), PUT(self, "with", "{", "a", "as", "b", "}"); break;
  default: put_type_item(self); break;
  }
}

static void put_top(Writer *self, unsigned depth)
{
  uint64_t kind = below(self, depth ? 8 : 6);
  if (kind == 0) {
    put(self, "use"), put_path(self), PUT(self, "as", "z", ";");
  } else if (kind < 3) {
    put_gates(self);
    put(self, "world"), put_name(self), put(self, "{");
    for (uint64_t left = below(self, 5); left; left--) put_world_item(self);
    put(self, "}");
  } else if (kind < 6) {
    put_gates(self);
    put(self, "interface"), put_name(self), put_interface_body(self);
  } else {
    PUT(self, "package", "n", ":", "m", "@", "1.0.0", "{");
    for (uint64_t left = below(self, 3); left; left--) put_top(self, depth - 1);
    put(self, "}");
  }
}

static Str random_text(Arena *arena, uint64_t seed, uint64_t spacing, bool comments)
{
  Writer writer = {rng_from_seed(seed), rng_from_seed(spacing), buf_in(arena), comments};
  if (below(&writer, 2)) PUT(&writer, "package", "a", ":", "b", "@", "1.0.0", ";");
  for (uint64_t left = below(&writer, 4); left; left--) put_top(&writer, 2);
  if (comments) put_comment(&writer);
  return buf_text(&writer.out);
}

static Str format(Arena *arena, Str text)
{
  Diags diags = diags_in(arena);
  Str formatted = wit_format(arena, source_of(arena, text), &diags);
  if (diags.errors) print_diags(&diags);
  if (diags.errors) print_error("%.*s\n", STR_ARG(text));
  assert_int_equal(diags.errors, 0);
  return formatted;
}

enum { TEXTS = 2000 };

static void nothing_is_lost(void **state)
{
  for (uint64_t seed = 1; seed <= TEXTS; seed++) {
    ArenaMark mark = arena_mark(*state);
    Str text = random_text(*state, seed, seed, true), formatted = format(*state, text);
    const char *broken = format_law_broken(*state, text, formatted);
    if (broken) print_error("%s\n«%.*s»\n«%.*s»\n", broken, STR_ARG(text), STR_ARG(formatted));
    assert_null(broken);
    arena_reset(*state, mark);
  }
}

static void the_authors_line_ends_do_not_count(void **state)
{
  for (uint64_t seed = 1; seed <= TEXTS; seed++) {
    ArenaMark mark = arena_mark(*state);
    Str one = random_text(*state, seed, 1, false), other = random_text(*state, seed, seed + 1, false);
    assert_slice(format(*state, one), format(*state, other));
    arena_reset(*state, mark);
  }
}

static void no_line_is_long_that_could_be_broken(void **state)
{
  for (uint64_t seed = 1; seed <= TEXTS; seed++) {
    ArenaMark mark = arena_mark(*state);
    Str text = format(*state, random_text(*state, seed, seed, false));
    for (size_t from = 0; from < text.len;) {
      Str line = str_slice(text, from, text.len);
      line = str_slice(line, 0, str_find(line, STR("\n")));
      bool has_list = str_find(line, STR("func(")) != SIZE_MAX && str_find(line, STR("func()")) == SIZE_MAX &&
                      !str_ends_with(line, STR("("));
      if (line.len > 100 && has_list) print_error("%.*s\n", STR_ARG(line));
      assert_false(line.len > 100 && has_list);
      from += line.len + 1;
    }
    arena_reset(*state, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(nothing_is_lost),
      TEST(the_authors_line_ends_do_not_count),
      TEST(no_line_is_long_that_could_be_broken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
