/* Gates, and what else is written with '@' before an item. */
#include "ifc/near.h"
#include "ifc/wit_parse.h"

/* A gate while it is parsed: where its attributes are named. */
typedef struct Gate {
  AstGate *out;
  Span since, unstable, deprecated, external_id;
} Gate;

/* Reports an attribute that was there already, at `*first`. */
static void check_twice(Parser *self, AstName attribute, Span *first)
{
  if (first->source) {
    Diag *diag = diag_error(self->diags, DIAG_SYNTAX, attribute.span, "`@%.*s` is given twice: keep one",
                            STR_ARG(attribute.text));
    diag_note(self->diags, diag, *first, "the first is here");
  } else {
    *first = attribute.span;
  }
}

/* '(' word '=', where `word` is no keyword */
static bool parse_key(Parser *self, const char *word, const char *wanted, const char *example)
{
  AstName key;
  if (!parser_expect(self, TOKEN_LEFT_PAREN)) return false;
  if (!parser_at(self, TOKEN_ID) || !str_equal(self->token.text, str_from_z(word))) {
    Diag *diag = parser_expected(self, wanted);
    if (diag) diag_note(self->diags, diag, SPAN_NONE, "as in `%s`", example);
    return false;
  }
  return parser_expect_name(self, wanted, &key);
}

/* version-field ::= 'version' '=' version, in parentheses */
static bool parse_version_field(Parser *self, AstName *out)
{
  if (!parse_key(self, "version", "`version`", "(version = 1.2.3)")) return false;
  if (!parser_at(self, TOKEN_EQUAL)) return parser_expect(self, TOKEN_EQUAL);
  return parser_expect_version(self, out) && parser_expect(self, TOKEN_RIGHT_PAREN);
}

/* feature-field ::= 'feature' '=' id, in parentheses */
static bool parse_feature_field(Parser *self, AstName *out)
{
  return parse_key(self, "feature", "`feature`", "(feature = my-feature)") &&
         parser_expect(self, TOKEN_EQUAL) && parser_expect_name(self, "a feature's name", out) &&
         parser_expect(self, TOKEN_RIGHT_PAREN);
}

/* '(' string ')' of an external-id */
static bool parse_text(Parser *self, Str *out)
{
  if (!parser_expect(self, TOKEN_LEFT_PAREN)) return false;
  Token token = self->token;
  if (!parser_at(self, TOKEN_STRING)) {
    parser_expected(self, "a string");
    return false;
  }
  if (!token_unquote_wit(self->arena, &token, out, self->diags)) return false;
  parser_advance(self);
  return parser_expect(self, TOKEN_RIGHT_PAREN);
}

static bool report_unknown(Parser *self, AstName name)
{
  static const char *const attributes[] = {"since", "unstable", "deprecated", "external-id"};
  Near near = {.wanted = name.text};
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
    near_consider(&near, str_from_z(attributes[i]));
  Diag *diag =
      diag_error(self->diags, DIAG_SYNTAX, name.span,
                 "there is no `@%.*s`: expected `@since`, `@unstable`, `@deprecated` or `@external-id`",
                 STR_ARG(name.text));
  if (near.best.len) diag_note(self->diags, diag, SPAN_NONE, "did you mean `@%.*s`?", STR_ARG(near.best));
  return false;
}

/* What follows an '@'. */
static bool parse_attribute(Parser *self, Gate *gate)
{
  AstName name;
  if (!parser_expect_name(self, "`since`, `unstable`, `deprecated` or `external-id`", &name)) return false;
  if (str_equal(name.text, STR("since"))) {
    check_twice(self, name, &gate->since);
    return parse_version_field(self, &gate->out->since);
  }
  if (str_equal(name.text, STR("unstable"))) {
    check_twice(self, name, &gate->unstable);
    return parse_feature_field(self, &gate->out->unstable);
  }
  if (str_equal(name.text, STR("deprecated"))) {
    check_twice(self, name, &gate->deprecated);
    return parse_version_field(self, &gate->out->deprecated);
  }
  if (str_equal(name.text, STR("external-id"))) {
    check_twice(self, name, &gate->external_id);
    gate->out->external_id.span = name.span;
    return parse_text(self, &gate->out->external_id.text);
  }
  return report_unknown(self, name);
}

/* Rules of the reference: a gate is either since or unstable; deprecated comes with one of them. */
static void check_gate(Parser *self, const Gate *gate)
{
  if (gate->since.source && gate->unstable.source) {
    bool since_first = gate->since.at < gate->unstable.at;
    Diag *diag = diag_error(self->diags, DIAG_SYNTAX, since_first ? gate->unstable : gate->since,
                            "`@since` and `@unstable` exclude each other: keep one");
    diag_note(self->diags, diag, since_first ? gate->since : gate->unstable, "the other is here");
  }
  if (gate->deprecated.source && !gate->since.source && !gate->unstable.source)
    diag_error(self->diags, DIAG_SYNTAX, gate->deprecated,
               "`@deprecated` needs a `@since` or `@unstable` beside it");
}

/* gate ::= ('@' 'unstable' '(' feature-field ')' | '@' 'since' '(' version-field ')' |
 *           '@' 'deprecated' '(' version-field ')' | '@' 'external-id' '(' string ')')* */
bool parse_gate(Parser *self, const AstGate **out)
{
  *out = NULL;
  if (!parser_at(self, TOKEN_AT)) return true;
  Gate gate = {.out = arena_new_of(self->body, AstGate)};
  *out = gate.out;
  while (parser_eat(self, TOKEN_AT))
    if (!parse_attribute(self, &gate)) return false;
  check_gate(self, &gate);
  return true;
}

void gate_without_external_id(Parser *self, const AstGate *gate, const char *what)
{
  if (gate && gate->external_id.span.source)
    diag_error(self->diags, DIAG_SYNTAX, gate->external_id.span,
               "no `@external-id` stands before %s: remove it", what);
}
