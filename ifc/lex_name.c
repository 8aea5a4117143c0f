/* Names: what WIT takes for one, what was probably meant, and the words that are reserved. */
#include <string.h>

#include "ifc/base/utf8.h"
#include "ifc/lex.h"

/* Nobody who misspells a name means a longer one. */
enum { NAME_MAX_BYTES = 100 };

static bool is_digit(char byte)
{
  return byte >= '0' && byte <= '9';
}

static bool is_lower(char byte)
{
  return byte >= 'a' && byte <= 'z';
}

static bool is_upper(char byte)
{
  return byte >= 'A' && byte <= 'Z';
}

static bool is_letter(char byte)
{
  return is_lower(byte) || is_upper(byte);
}

bool name_has_byte(char byte)
{
  return is_letter(byte) || is_digit(byte);
}

static char to_lower(char byte)
{
  if (is_upper(byte)) byte = (char)(byte - 'A' + 'a');
  return byte;
}

/* label ::= word ('-' word)*; word ::= [a-z0-9]+ | [A-Z0-9]+; the first begins with a letter. */
const char *name_fault(Str name)
{
  bool lower = false, upper = false;
  static const char letters[] = "names are made of the letters a to z, digits and '-'";
  if (name.len && (unsigned char)name.at[0] >= 0x80) return letters;
  if (!name.len || !is_letter(name.at[0])) return "names begin with a letter";
  for (size_t i = 0; i < name.len; i++) {
    char byte = name.at[i];
    if (byte == '_') return "words are joined by '-'";
    if (byte == '-') {
      if (i + 1 == name.len || name.at[i + 1] == '-') return "a '-' stands between two words";
      lower = upper = false;
    } else if (!name_has_byte(byte)) {
      return letters;
    }
    lower = lower || is_lower(byte);
    upper = upper || is_upper(byte);
    if (lower && upper) return "each word is all lower-case or all upper-case";
  }
  return NULL;
}

Str name_kebab(Arena *arena, Str word)
{
  if (word.len > NAME_MAX_BYTES) return STR("");
  Buf out = buf_in(arena);
  for (size_t i = 0; i < word.len; i++) {
    char byte = word.at[i];
    bool hump = i > 0 && is_upper(byte) && (is_lower(word.at[i - 1]) || is_digit(word.at[i - 1]));
    bool gap = hump || byte == '_' || byte == '-';
    if (gap && out.len && out.at[out.len - 1] != '-') buf_byte(&out, '-');
    if (name_has_byte(byte)) buf_byte(&out, to_lower(byte));
  }
  while (out.len && out.at[out.len - 1] == '-') out.len--;
  /* Letters of other scripts have no likely spelling. */
  bool lossy = utf8_columns(word) < word.len;
  return lossy || name_fault(buf_text(&out)) ? STR("") : buf_text(&out);
}

/* A Str that a static table can hold: STR is no constant expression for gcc. */
static const struct {
  const char *text;
  size_t len;
} KEYWORDS[] = {
    {"", 0},
#define KEYWORD(name, text) {text, sizeof(text) - 1},
#include "ifc/keywords.def"
};

static Keyword among(Str name, Keyword first, Keyword last)
{
  for (Keyword keyword = first; keyword <= last; keyword++)
    if (name.len == KEYWORDS[keyword].len && memcmp(name.at, KEYWORDS[keyword].text, name.len) == 0)
      return keyword;
  return KEYWORD_NONE;
}

/* By the first letter, because most names are no keywords and every word of a text is asked for. */
Keyword name_keyword(Str name)
{
  if (name.len < 2) return KEYWORD_NONE; /* none is so short */
  switch (name.at[0]) {
  case 'a': return among(name, KEYWORD_AS, KEYWORD_ASYNC);
  case 'b': return among(name, KEYWORD_BOOL, KEYWORD_BORROW);
  case 'c': return among(name, KEYWORD_CHAR, KEYWORD_CONSTRUCTOR);
  case 'e': return among(name, KEYWORD_ENUM, KEYWORD_EXPORT);
  case 'f': return among(name, KEYWORD_F32, KEYWORD_FUTURE);
  case 'i': return among(name, KEYWORD_IMPORT, KEYWORD_INTERFACE);
  case 'l': return among(name, KEYWORD_LIST, KEYWORD_LIST);
  case 'm': return among(name, KEYWORD_MAP, KEYWORD_MAP);
  case 'o': return among(name, KEYWORD_OPTION, KEYWORD_OWN);
  case 'p': return among(name, KEYWORD_PACKAGE, KEYWORD_PACKAGE);
  case 'r': return among(name, KEYWORD_RECORD, KEYWORD_RESULT);
  case 's': return among(name, KEYWORD_S16, KEYWORD_STRING);
  case 't': return among(name, KEYWORD_TUPLE, KEYWORD_TYPE);
  case 'u': return among(name, KEYWORD_U16, KEYWORD_USE);
  case 'v': return among(name, KEYWORD_VARIANT, KEYWORD_VARIANT);
  case 'w': return among(name, KEYWORD_WITH, KEYWORD_WORLD);
  default: return KEYWORD_NONE;
  }
}

bool name_is_keyword(Str name)
{
  return name_keyword(name) != KEYWORD_NONE;
}

Str name_folded(Arena *arena, Str name)
{
  size_t upper = 0;
  while (upper < name.len && !is_upper(name.at[upper])) upper++;
  if (upper == name.len) return name;
  char *folded = arena_alloc_raw(arena, name.len);
  for (size_t i = 0; i < name.len; i++) folded[i] = to_lower(name.at[i]);
  return (Str){folded, name.len};
}

void name_print(Str name, Buf *out)
{
  if (name_is_keyword(name)) buf_byte(out, '%');
  buf_str(out, name);
}
