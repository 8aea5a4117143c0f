#include "ifc/lex.h"

#include "ifc/base/utf8.h"

/* A Str that a static table can hold: STR is no constant expression for gcc. */
typedef struct Text {
  const char *text;
  size_t len;
} Text;

static const Text KINDS[] = {
#define TOKEN(kind, text) {text, sizeof(text) - 1},
#include "ifc/tokens.def"
#undef TOKEN
};

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

static bool is_alphanumeric(char byte)
{
  return is_letter(byte) || is_digit(byte);
}

static bool is_beyond_ascii(char byte)
{
  return (unsigned char)byte >= 0x80;
}

/* What a reader takes for part of a word, right or wrong, so that a misspelt name is one token. */
static bool is_wordlike(char byte)
{
  return is_alphanumeric(byte) || byte == '_' || is_beyond_ascii(byte);
}

/* The byte `ahead` of the lexer, or NUL behind the end (NUL itself is rejected by lexer_begin). */
static char peek(const Lexer *self, size_t ahead)
{
  Str text = self->source->text;
  size_t at = self->at + ahead;
  if (at >= text.len) return '\0';
  return text.at[at];
}

static bool at_end(const Lexer *self)
{
  return self->at >= self->source->text.len;
}

static Span span_at(const Lexer *self, size_t from, size_t to)
{
  return (Span){self->source, (uint32_t)from, (uint32_t)(to - from)};
}

static Str text_from(const Lexer *self, uint32_t from)
{
  return str_slice(self->source->text, from, self->at);
}

static Token make(Lexer *self, TokenKind kind, uint32_t from)
{
  return (Token){.kind = kind, .text = text_from(self, from), .span = span_at(self, from, self->at)};
}

/* True for controls but tab and line ends, for bidirectional overrides (CVE-2021-42574) and for the code
 * points that Unicode deprecates or discourages: the list of wasm-tools' ast/lex.rs. */
static const char *forbidden_reason(uint32_t point)
{
  if (point == '\n' || point == '\r' || point == '\t') return NULL;
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return "a control character";
  if ((point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069))
    return "a bidirectional override, which makes text look like other text";
  static const uint32_t deprecated[] = {0x149, 0x673, 0xf77, 0xf79, 0x17a3, 0x17a4, 0x17b4, 0x17b5};
  for (size_t i = 0; i < sizeof deprecated / sizeof *deprecated; i++)
    if (point == deprecated[i]) return "deprecated by Unicode";
  return NULL;
}

bool lexer_begin(Lexer *self, const Source *source, Diags *diags)
{
  Str text = source->text;
  *self = (Lexer){.source = source, .last = TOKEN_END, .diags = diags};
  if (text.len > UINT32_MAX - 1) {
    diag_error(diags, DIAG_INPUT, (Span){source, 0, 0}, "the text is larger than 4 GiB");
    return false;
  }
  if (str_starts_with(text, STR("\xef\xbb\xbf"))) self->at = 3;
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    uint32_t point = utf8_next(text, &at);
    if (point == UINT32_MAX) {
      diag_error(diags, DIAG_INPUT, span_at(self, from, from + 1),
                 "the text is not UTF-8 (byte 0x%02x): save it as UTF-8", (unsigned char)text.at[from]);
      return false;
    }
    const char *reason = forbidden_reason(point);
    if (reason) {
      diag_error(diags, DIAG_SYNTAX, span_at(self, from, at), "U+%04X is %s: remove it", point, reason);
      return false;
    }
  }
  return true;
}

/* block-comment ::= '/' '*' (block-comment | any)* '*' '/'; false at the end of the file. */
static bool skip_block_comment(Lexer *self)
{
  size_t depth = 0;
  while (!at_end(self)) {
    if (peek(self, 0) == '/' && peek(self, 1) == '*') {
      depth++;
      self->at += 2;
    } else if (peek(self, 0) == '*' && peek(self, 1) == '/') {
      self->at += 2;
      if (!--depth) return true;
    } else {
      self->at++;
    }
  }
  return false;
}

static void skip_line_comment(Lexer *self)
{
  while (!at_end(self) && peek(self, 0) != '\n') self->at++;
}

/* "///" and slash-star-star begin documentation; the empty block comment does not. */
static bool at_doc_comment(const Lexer *self)
{
  if (peek(self, 1) == '/') return peek(self, 2) == '/';
  return peek(self, 2) == '*' && peek(self, 3) != '/';
}

/* Where the comments before a token lie: the first, the first for documentation, the last one's ends. */
typedef struct Comments {
  uint32_t from, docs_from, last_from, to;
  bool any, any_docs;
} Comments;

/* (white space | comment)*; false at a block comment without an end, which the lexer then stands behind. */
static bool skip_space(Lexer *self, Comments *comments)
{
  *comments = (Comments){0};
  for (;;) {
    char byte = peek(self, 0);
    if (byte == ' ' || byte == '\t' || byte == '\n') {
      self->at++;
    } else if (byte == '\r' && peek(self, 1) == '\n') {
      self->at += 2;
    } else if (byte == '/' && (peek(self, 1) == '/' || peek(self, 1) == '*')) {
      uint32_t from = self->at;
      comments->last_from = from;
      if (!comments->any) comments->from = from;
      if (!comments->any_docs && at_doc_comment(self)) {
        comments->docs_from = from;
        comments->any_docs = true;
      }
      comments->any = true;
      if (peek(self, 1) == '*') {
        if (!skip_block_comment(self)) return false;
      } else {
        skip_line_comment(self);
      }
      comments->to = self->at;
    } else {
      return true;
    }
  }
}

static char to_lower(char byte)
{
  if (is_upper(byte)) byte = (char)(byte - 'A' + 'a');
  return byte;
}

/* What a name in another style would be in kebab-case: "fooBar_baz" gives "foo-bar-baz". */
static Str kebab_of(Arena *arena, Str word)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < word.len; i++) {
    char byte = word.at[i];
    bool hump = i > 0 && is_upper(byte) && (is_lower(word.at[i - 1]) || is_digit(word.at[i - 1]));
    bool gap = hump || byte == '_' || byte == '-';
    if (gap && out.len && out.at[out.len - 1] != '-') buf_byte(&out, '-');
    if (is_alphanumeric(byte)) buf_byte(&out, to_lower(byte));
  }
  while (out.len && out.at[out.len - 1] == '-') out.len--;
  return buf_text(&out);
}

/* label ::= word ('-' word)*; word ::= [a-z0-9]+ | [A-Z0-9]+; the first begins with a letter.
 * The reason why `word` is none, or NULL. */
static const char *label_fault(Str word)
{
  bool lower = false, upper = false;
  if (!word.len || !is_letter(word.at[0])) return "names begin with a letter";
  for (size_t i = 0; i < word.len; i++) {
    char byte = word.at[i];
    if (byte == '-') lower = upper = false;
    if (byte == '_') return "words are joined by '-'";
    if (is_beyond_ascii(byte)) return "names are made of the letters a to z, digits and '-'";
    lower = lower || is_lower(byte);
    upper = upper || is_upper(byte);
    if (lower && upper) return "each word is all lower-case or all upper-case";
  }
  return NULL;
}

/* Moves past word ('-' word)*, where words may be misspelt. */
static void skip_word(Lexer *self)
{
  while (is_wordlike(peek(self, 0)) || (peek(self, 0) == '-' && is_wordlike(peek(self, 1)))) self->at++;
}

static Token lex_word(Lexer *self, bool escaped)
{
  uint32_t from = self->at;
  if (escaped) self->at++;
  uint32_t word_from = self->at;
  skip_word(self);
  Str word = text_from(self, word_from);
  if (!escaped && str_equal(word, STR("_"))) return make(self, TOKEN_UNDERSCORE, from);
  const char *fault = label_fault(word);
  Token token = make(self, fault ? TOKEN_ERROR : TOKEN_ID, from);
  token.text = word;
  token.escaped = escaped;
  if (fault) {
    Str better = kebab_of(self->diags->arena, word);
    bool lossy = utf8_columns(word) < word.len; /* letters of other scripts have no likely spelling */
    if (lossy || label_fault(better))
      diag_error(self->diags, DIAG_NAME, token.span, "`%.*s` is not a name: %s", STR_ARG(word), fault);
    else
      diag_error(self->diags, DIAG_NAME, token.span, "`%.*s` is not a name: %s; write `%.*s`", STR_ARG(word),
                 fault, STR_ARG(better));
  }
  return token;
}

static void skip_digits(Lexer *self)
{
  while (is_digit(peek(self, 0))) self->at++;
}

/* number ::= digits ('.' digits)? (('e' | 'E') ('+' | '-')? digits)?; after a '.', digits only. */
static Token lex_number(Lexer *self)
{
  uint32_t from = self->at;
  TokenKind kind = TOKEN_INTEGER;
  skip_digits(self);
  if (self->last != TOKEN_DOT) {
    if (peek(self, 0) == '.' && is_digit(peek(self, 1))) {
      kind = TOKEN_FLOAT;
      self->at++;
      skip_digits(self);
    }
    size_t sign = peek(self, 1) == '+' || peek(self, 1) == '-';
    if ((peek(self, 0) == 'e' || peek(self, 0) == 'E') && is_digit(peek(self, 1 + sign))) {
      kind = TOKEN_FLOAT;
      self->at += (uint32_t)(1 + sign);
      skip_digits(self);
    }
  }
  if (!is_wordlike(peek(self, 0))) return make(self, kind, from);
  skip_word(self);
  Token token = make(self, TOKEN_ERROR, from);
  diag_error(self->diags, DIAG_SYNTAX, token.span,
             "`%.*s` is neither a number nor a name: numbers are decimal, and names begin with a letter",
             STR_ARG(token.text));
  return token;
}

/* string ::= '"' (escape | any but line ends)* '"' | '"""' (escape | any)* '"""'; a character likewise. */
static Token lex_quoted(Lexer *self)
{
  uint32_t from = self->at;
  char quote = peek(self, 0);
  bool multi_line = quote == '"' && peek(self, 1) == '"' && peek(self, 2) == '"';
  size_t width = multi_line ? 3 : 1;
  self->at += (uint32_t)width;
  while (!at_end(self)) {
    char byte = peek(self, 0);
    bool closed = byte == quote && (!multi_line || (peek(self, 1) == quote && peek(self, 2) == quote));
    if (closed) {
      self->at += (uint32_t)width;
      return make(self, quote == '"' ? TOKEN_STRING : TOKEN_CHAR, from);
    }
    if (byte == '\n' && !multi_line) break;
    /* An escaped line end does not continue a string, so the break above must see it. */
    bool escape = byte == '\\' && self->at + 1 < self->source->text.len && peek(self, 1) != '\n';
    self->at += escape ? 2 : 1;
  }
  Token token = make(self, TOKEN_ERROR, from);
  token.span.len = (uint32_t)width;
  diag_error(self->diags, DIAG_SYNTAX, token.span, "this %s has no end: close it with %s",
             quote == '"' ? "string" : "character",
             multi_line     ? "\"\"\""
             : quote == '"' ? "\""
                            : "'");
  return token;
}

/* The longest operator that stands here; their texts are those of tokens.def, less the quotes. */
static Token lex_operator(Lexer *self)
{
  Str rest = str_slice(self->source->text, self->at, self->at + 3U);
  TokenKind found = TOKEN_ERROR;
  size_t found_len = 0;
  for (size_t kind = TOKEN_LEFT_BRACE; kind < TOKEN_UNDERSCORE; kind++) {
    Str text = {KINDS[kind].text + 1, KINDS[kind].len - 2};
    if (text.len > found_len && str_starts_with(rest, text)) {
      found = (TokenKind)kind;
      found_len = text.len;
    }
  }
  uint32_t from = self->at;
  self->at += (uint32_t)found_len;
  if (found != TOKEN_ERROR) return make(self, found, from);

  self->at++;
  while (is_beyond_ascii(peek(self, 0))) self->at++;
  Token token = make(self, TOKEN_ERROR, from);
  if (token.text.at[0] == '\r')
    diag_error(self->diags, DIAG_SYNTAX, token.span,
               "a carriage return without a line feed: end lines with LF or CR LF");
  else
    diag_error(self->diags, DIAG_SYNTAX, token.span, "unexpected character `%.*s`", STR_ARG(token.text));
  return token;
}

static Token lex_token(Lexer *self)
{
  char byte = peek(self, 0);
  if (at_end(self)) return make(self, TOKEN_END, self->at);
  if (is_letter(byte) || byte == '_') return lex_word(self, false);
  if (byte == '%' && is_wordlike(peek(self, 1))) return lex_word(self, true);
  if (is_digit(byte)) return lex_number(self);
  if (byte == '"' || byte == '\'') return lex_quoted(self);
  return lex_operator(self);
}

Token lexer_next(Lexer *self)
{
  Comments comments;
  if (!skip_space(self, &comments)) {
    Token token = make(self, TOKEN_ERROR, comments.last_from);
    token.span.len = 2;
    diag_error(self->diags, DIAG_SYNTAX, token.span, "this comment has no end: close it with */");
    return token;
  }
  Token token = lex_token(self);
  if (comments.any) token.comments = str_slice(self->source->text, comments.from, comments.to);
  if (comments.any_docs) token.docs = str_slice(self->source->text, comments.docs_from, comments.to);
  self->last = token.kind;
  return token;
}

/* One dot-separated part of a version: digits (core), or digits, letters and '-' (the rest). */
static bool skip_version_part(Lexer *self, bool core, bool leading_zero)
{
  uint32_t from = self->at;
  bool digits_only = true;
  while (is_digit(peek(self, 0)) || (!core && (is_letter(peek(self, 0)) || peek(self, 0) == '-'))) {
    digits_only = digits_only && is_digit(peek(self, 0));
    self->at++;
  }
  Str part = text_from(self, from);
  uint64_t number;
  if (core && !str_to_u64(part, &number)) return false;
  return part.len && (leading_zero || !digits_only || part.len == 1 || part.at[0] != '0');
}

/* part ('.' part)*; a '.' before something else is not taken: "use a:b/c@1.0.0.{d}". */
static bool skip_version_parts(Lexer *self, bool leading_zero)
{
  if (!skip_version_part(self, false, leading_zero)) return false;
  while (peek(self, 0) == '.' && (is_alphanumeric(peek(self, 1)) || peek(self, 1) == '-')) {
    self->at++;
    if (!skip_version_part(self, false, leading_zero)) return false;
  }
  return true;
}

/* version ::= number '.' number '.' number ('-' parts)? ('+' parts)? */
static bool skip_version(Lexer *self)
{
  for (int i = 0; i < 3; i++) {
    if (i > 0 && peek(self, 0) != '.') return false;
    if (i > 0) self->at++;
    if (!skip_version_part(self, true, false)) return false;
  }
  if (peek(self, 0) == '-') {
    self->at++;
    if (!skip_version_parts(self, false)) return false;
  }
  if (peek(self, 0) == '+') {
    self->at++;
    if (!skip_version_parts(self, true)) return false;
  }
  return !is_wordlike(peek(self, 0));
}

Token lexer_version(Lexer *self)
{
  Comments comments;
  if (!skip_space(self, &comments)) return lexer_next(self);
  uint32_t from = self->at;
  bool valid = skip_version(self);
  if (!valid) {
    while (is_wordlike(peek(self, 0)) || peek(self, 0) == '.' || peek(self, 0) == '-') self->at++;
    while (self->at > from && peek(self, 0) == '{' && self->source->text.at[self->at - 1] == '.') self->at--;
  }
  Token token = make(self, valid ? TOKEN_ID : TOKEN_ERROR, from);
  if (!valid)
    diag_error(self->diags, DIAG_SYNTAX, token.span,
               "expected a version such as 1.2.3 or 1.0.0-rc.1 (semver.org)");
  self->last = token.kind;
  return token;
}

Str token_kind_text(TokenKind kind)
{
  return (Str){KINDS[kind].text, KINDS[kind].len};
}

bool name_is_keyword(Str name)
{
  static const Text keywords[] = {
#define KEYWORD(text) {text, sizeof(text) - 1},
#include "ifc/keywords.def"
  };
  size_t low = 0, high = sizeof keywords / sizeof *keywords;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = str_compare(name, (Str){keywords[middle].text, keywords[middle].len});
    if (!order) return true;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return false;
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
