#include "spec/words.h"

#include <stdlib.h>

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"

enum {
  SMALL = 4,            /* numbers up to here come up by themselves */
  LENGTH_MAX = 1 << 15, /* longer lists are not generated */
  ADDED_MAX = 1024,     /* of each kind */
};

typedef struct Words {
  Arena *arena;
  Map *seen; /* by kind and bytes */
  struct {
    uint64_t *at;
    size_t len, cap;
  } integers, reals;
  VEC(uint32_t) lengths;
  VEC(Str) texts;
} Words;

static bool is_new(Words *self, char kind, Str bytes)
{
  return harvest_is_new(self->arena, self->seen, kind, bytes);
}

static bool is_new_word(Words *self, char kind, uint64_t word)
{
  return is_new(self, kind, (Str){(const char *)&word, sizeof word});
}

static void begin(Words *self, const Harvest *harvest)
{
  for (uint32_t i = 0; i < harvest->integer_count; i++)
    if (is_new_word(self, 'i', harvest->integers[i]))
      vec_push(self->arena, &self->integers, harvest->integers[i]);
  for (uint32_t i = 0; i < harvest->real_count; i++)
    if (is_new_word(self, 'r', harvest->reals[i])) vec_push(self->arena, &self->reals, harvest->reals[i]);
  for (uint32_t i = 0; i < harvest->length_count; i++)
    vec_push(self->arena, &self->lengths, harvest->lengths[i]);
  for (uint32_t i = 0; i < harvest->text_count; i++)
    if (is_new(self, 't', harvest->texts[i])) vec_push(self->arena, &self->texts, harvest->texts[i]);
}

static void add_integer(Words *self, Str digits)
{
  uint64_t value = 0;
  for (size_t i = 0; i < digits.len; i++) {
    uint64_t digit = (uint64_t)(digits.at[i] - '0');
    if (value > (UINT64_MAX - digit) / 10) return;
    value = value * 10 + digit;
  }
  if (value <= SMALL || !is_new_word(self, 'i', value)) return;
  vec_push(self->arena, &self->integers, value);
  if (value <= LENGTH_MAX) vec_push(self->arena, &self->lengths, (uint32_t)value);
}

static void add_real(Words *self, Str digits)
{
  double number = strtod(str_to_z(self->arena, digits), NULL);
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  if (is_new_word(self, 'r', bits)) vec_push(self->arena, &self->reals, bits);
}

static void add_text(Words *self, const Token *token, Diags *unwanted)
{
  Str text;
  if (!token_unquote(self->arena, token, &text, unwanted)) return;
  if (text.len == 0 || text.len > HARVEST_TEXT_MAX || !is_new(self, 't', text)) return;
  vec_push(self->arena, &self->texts, text);
}

/* Whether a string behind this token is prose, or digits. */
static bool is_no_text(const Token *before)
{
  static const char *const words[] = {"describe", "it", "table", "law", "sequence", "agree", "with", "hex"};
  if (before->kind != TOKEN_ID || before->escaped) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_equal(before->text, str_from_z(words[i]))) return true;
  return false;
}

static void add_words(Words *self, const Spec *spec)
{
  /* What could be wrong with the text was reported when it was parsed. */
  Diags unwanted = diags_in(self->arena);
  Lexer lexer;
  Token token, before = {0};
  if (!lexer_begin(&lexer, spec_source(spec), &unwanted)) return;
  for (size_t left = ADDED_MAX; left > 0; before = token) {
    lexer_read(&lexer, &token);
    if (token.kind == TOKEN_END) break;
    left -= token.kind == TOKEN_INTEGER || token.kind == TOKEN_FLOAT || token.kind == TOKEN_STRING;
    if (token.kind == TOKEN_INTEGER) add_integer(self, token.text);
    if (token.kind == TOKEN_FLOAT) add_real(self, token.text);
    if (token.kind == TOKEN_STRING && !is_no_text(&before)) add_text(self, &token, &unwanted);
  }
}

Harvest words_added(Arena *arena, const Harvest *harvest, const Spec *const *specs, size_t count)
{
  Words self = {.arena = arena, .seen = map_new(arena)};
  begin(&self, harvest);
  for (size_t i = 0; i < count; i++) add_words(&self, specs[i]);
  return (Harvest){self.integers.at, (uint32_t)self.integers.len, self.reals.at, (uint32_t)self.reals.len,
                   self.lengths.at,  (uint32_t)self.lengths.len,  self.texts.at, (uint32_t)self.texts.len};
}
