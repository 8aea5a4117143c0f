#include "ifc/wit_hint.h"

typedef struct Hint {
  const char *word, *text;
} Hint;

/* `lower` has no capitals. */
static bool is_word(Str word, Str lower)
{
  if (word.len != lower.len) return false;
  for (size_t i = 0; i < word.len; i++) {
    char byte = word.at[i];
    if (byte >= 'A' && byte <= 'Z') byte = (char)(byte - 'A' + 'a');
    if (byte != lower.at[i]) return false;
  }
  return true;
}

static const char *find(const Hint *hints, size_t count, Str word)
{
  for (size_t i = 0; i < count; i++)
    if (is_word(word, str_from_z(hints[i].word))) return hints[i].text;
  return NULL;
}

const char *hint_of_item(Str word)
{
  static const char function[] = "a function is written `NAME: func(…) -> …;`";
  static const Hint hints[] = {
      {"struct", "what others call a struct is a `record`"},
      {"class", "what others call a class is a `resource`"},
      {"object", "what others call an object is a `record` or, with functions, a `resource`"},
      {"union", "what others call a union is a `variant`"},
      {"typedef", "a type is named with `type NAME = …;`"},
      {"using", "a type is named with `type NAME = …;`"},
      {"alias", "a type is named with `type NAME = …;`"},
      {"const", "WIT has no constants"},
      {"fn", function},
      {"fun", function},
      {"def", function},
      {"proc", function},
      {"void", function},
      {"function", function},
  };
  return find(hints, sizeof hints / sizeof *hints, word);
}

const char *hint_of_generic(Str word)
{
  static const char list[] = "a list is written `list<T>`", option[] = "what may be absent is `option<T>`";
  static const char map[] = "a map is written `map<K, V>`", future[] = "what comes later is `future<T>`";
  static const Hint hints[] = {
      {"vec", list},
      {"vector", list},
      {"array", list},
      {"slice", list},
      {"seq", list},
      {"sequence", list},
      {"set", list},
      {"maybe", option},
      {"opt", option},
      {"optional", option},
      {"nullable", option},
      {"hashmap", map},
      {"hash-map", map},
      {"dict", map},
      {"dictionary", map},
      {"record", map},
      {"promise", future},
      {"task", future},
      {"box", "what is in it is written alone"},
      {"pair", "a pair is written `tuple<A, B>`"},
      {"either", "one of two types is a `variant`, or `result<T, E>`"},
  };
  return find(hints, sizeof hints / sizeof *hints, word);
}

const char *hint_for_type(const Parser *self)
{
  switch (self->token.kind) {
  case TOKEN_AMPERSAND:
  case TOKEN_STAR: return "values are given as they are, resources as `borrow<R>` or owned as `R`";
  case TOKEN_LEFT_BRACKET: return "a list is written `list<T>`, one of fixed length `list<T, 4>`";
  case TOKEN_LEFT_PAREN: return "a tuple is written `tuple<A, B>`";
  case TOKEN_LEFT_BRACE: return "a type in braces has a name: `record NAME { … }`";
  default: return NULL;
  }
}

const char *hint_in_list(const Parser *self)
{
  bool is_question = parser_at(self, TOKEN_ERROR) && str_equal(self->token.text, STR("?"));
  if (is_question) return "what may be absent is `option<T>`";
  switch (self->token.kind) {
  case TOKEN_LEFT_BRACKET: return "a list is written `list<T>`";
  case TOKEN_PIPE: return "there is ',' between cases; a type that is one of several is a `variant`";
  case TOKEN_EQUAL: return "WIT has no default values and no numbers for cases";
  default: return NULL;
  }
}

const char *hint_behind_function(const Parser *self)
{
  bool behind_params = self->previous.kind == TOKEN_RIGHT_PAREN;
  if (parser_at_keyword(self, KEYWORD_ASYNC)) return "`async` stands before `func`";
  switch (self->token.kind) {
  case TOKEN_COLON: return behind_params ? "the result is written `-> T`" : "the result has no name";
  case TOKEN_FAT_ARROW:
  case TOKEN_MINUS: return behind_params ? "the result is written `-> T`" : NULL;
  case TOKEN_COMMA: return "a function has at most one result: return a tuple or a record";
  case TOKEN_LEFT_BRACE: return "WIT has no function bodies: end with ';'";
  default: return hint_in_list(self);
  }
}

void hint_note(Parser *self, Diag *diag, const char *hint)
{
  Diag *last = self->diags->last;
  if (!diag && last && parser_at(self, TOKEN_ERROR) && last->span.source == self->token.span.source &&
      last->span.at == self->token.span.at)
    diag = last;
  if (diag && hint) diag_note(self->diags, diag, SPAN_NONE, "%s", hint);
}
