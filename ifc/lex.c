#include "ifc/lex.h"

#include <string.h>

#include "ifc/base/utf8.h"

/* A Str that a static table can hold: STR is no constant expression for gcc. */
static const struct {
  const char *text;
  size_t len;
} KINDS[] = {
#define TOKEN(kind, text) {text, sizeof(text) - 1},
#include "ifc/tokens.def"
#undef TOKEN
};

/* Sets of bytes: each byte is of one class or of none, and a set is a sum of classes. */
typedef enum Bytes {
  DIGITS = 1,
  LOWER = 2,
  UPPER = 4,
  UNDERSCORE = 8,
  BEYOND_ASCII = 16,
  LETTERS = LOWER | UPPER,
  ALPHANUMERICS = LETTERS | DIGITS,
  LOWER_ALPHANUMERICS = LOWER | DIGITS,
  /* What a reader takes for part of a word, right or wrong, so that a misspelt name is one token. */
  WORDLIKE = ALPHANUMERICS | UNDERSCORE | BEYOND_ASCII
} Bytes;

/* The class of each byte, 0x40 more than that, which is in no set: A for digits, B and D for letters, H for
 * '_', P beyond ASCII. */
static const char CLASSES[] = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"
                              "@@@@@@@@@@@@@@@@AAAAAAAAAA@@@@@@"
                              "@DDDDDDDDDDDDDDDDDDDDDDDDDD@@@@H"
                              "@BBBBBBBBBBBBBBBBBBBBBBBBBB@@@@@"
                              "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"
                              "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"
                              "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP"
                              "PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPPP";

static inline bool is_in(Bytes set, char byte)
{
  return (CLASSES[(unsigned char)byte] & (int)set) != 0;
}

/* The byte `ahead` of the lexer, or NUL behind the end (NUL itself is rejected by lexer_begin). */
static inline char peek(const Lexer *self, size_t ahead)
{
  Str text = self->source->text;
  size_t at = self->at + ahead;
  if (at >= text.len) return '\0';
  return text.at[at];
}

static inline bool at_end(const Lexer *self)
{
  return self->at >= self->source->text.len;
}

static void skip_all(Lexer *self, Bytes set)
{
  Str text = self->source->text;
  size_t at = self->at;
  while (at < text.len && is_in(set, text.at[at])) at++;
  self->at = (uint32_t)at;
}

static Span span_at(const Lexer *self, size_t from, size_t to)
{
  return (Span){self->source, (uint32_t)from, (uint32_t)(to - from)};
}

static Str text_from(const Lexer *self, uint32_t from)
{
  return (Str){self->source->text.at + from, self->at - from};
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

/* How many bytes from `at` on are printable ASCII for certain: whole words. */
static size_t printable_run(Str text, size_t at)
{
  const uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
  size_t start = at;
  for (uint64_t word; text.len - at >= sizeof word; at += sizeof word) {
    memcpy(&word, text.at + at, sizeof word);
    /* A high bit comes from bytes below 0x20, or from 0x7f on; borrows may add one, which does no harm. */
    if (((word - 0x20 * ones) | (word + ones) | word) & high) break;
  }
  return at - start;
}

/* Reports every code point that WIT forbids, up to some: more would say nothing new. */
static bool check_text(Lexer *self)
{
  enum { ENOUGH = 10 };
  Str text = self->source->text;
  size_t found = 0;
  for (size_t at = printable_run(text, 0); at < text.len && found < ENOUGH;) {
    size_t from = at;
    uint32_t point = utf8_next(text, &at);
    if (point == UINT32_MAX) {
      diag_error(self->diags, DIAG_INPUT, span_at(self, from, from + 1),
                 "the text is not UTF-8 (byte 0x%02x): save it as UTF-8", (unsigned char)text.at[from]);
      return false;
    }
    const char *reason = point < 0x20 || point >= 0x7f ? forbidden_reason(point) : NULL;
    if (reason) {
      diag_error(self->diags, DIAG_SYNTAX, span_at(self, from, at), "U+%04X is %s: remove it", point, reason);
      found++;
    }
    if (point == ' ' || point == '\n') at += printable_run(text, at);
  }
  return !found;
}

bool lexer_begin(Lexer *self, const Source *source, Diags *diags)
{
  *self = (Lexer){.source = source, .last = TOKEN_END, .diags = diags};
  if (source->text.len > UINT32_MAX - 1) {
    diag_error(diags, DIAG_INPUT, (Span){source, 0, 0}, "the text is larger than 4 GiB");
    return false;
  }
  if (str_starts_with(source->text, STR("\xef\xbb\xbf"))) self->at = 3;
  return check_text(self);
}

/* block-comment ::= '/' '*' (block-comment | any)* '*' '/'. Every marker has a '/': behind a '*' one closes,
 * before a '*' one opens. */
static size_t block_comment_end(Str text, size_t at, bool *closed)
{
  const char *end = text.at + text.len, *from = text.at + at, *slash = from;
  size_t depth = 0;
  for (; (slash = memchr(slash, '/', (size_t)(end - slash))) != NULL; slash++) {
    if (slash > from && slash[-1] == '*') {
      from = slash + 1;
      if (!--depth) return (size_t)(from - text.at);
    } else if (end - slash > 1 && slash[1] == '*') {
      depth++;
      from = ++slash + 1;
    }
  }
  if (closed) *closed = false;
  return text.len;
}

size_t comment_end(Str text, size_t at, bool *closed)
{
  if (closed) *closed = true;
  if (at + 1 < text.len && text.at[at + 1] == '*') return block_comment_end(text, at, closed);
  const char *end = memchr(text.at + at, '\n', text.len - at);
  return end ? (size_t)(end - text.at) : text.len;
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

/* Moves past the comment that begins here; false at a block comment without an end. */
static bool skip_comment(Lexer *self, Comments *comments)
{
  comments->last_from = self->at;
  if (!comments->any) comments->from = self->at;
  if (!comments->any_docs && at_doc_comment(self)) {
    comments->docs_from = self->at;
    comments->any_docs = true;
  }
  comments->any = true;
  bool closed;
  self->at = (uint32_t)comment_end(self->source->text, self->at, &closed);
  comments->to = self->at;
  return closed;
}

/* (white space | comment)*; false at a block comment without an end, which the lexer then stands behind. */
static bool skip_space(Lexer *self, Comments *comments)
{
  comments->any = comments->any_docs = false;
  for (;;) {
    char byte = peek(self, 0);
    if (byte == ' ' || byte == '\t' || byte == '\n') {
      self->at++;
    } else if (byte == '\r' && peek(self, 1) == '\n') {
      self->at += 2;
    } else if (byte == '/' && (peek(self, 1) == '/' || peek(self, 1) == '*')) {
      if (!skip_comment(self, comments)) return false;
    } else {
      return true;
    }
  }
}

/* Moves past word ('-' word)*, where words may be misspelt. */
static void skip_word(Lexer *self)
{
  for (;;) {
    skip_all(self, WORDLIKE);
    if (peek(self, 0) != '-' || !is_in(WORDLIKE, peek(self, 1))) return;
    self->at++;
  }
}

/* Moves past a name without capitals, which nearly all are, or past the whole word where there is more to it.
 * What is wrong with it as a name, or NULL. */
static const char *skip_name(Lexer *self)
{
  uint32_t from = self->at;
  bool plain = peek(self, 0) >= 'a' && peek(self, 0) <= 'z';
  while (plain) {
    skip_all(self, LOWER_ALPHANUMERICS);
    if (peek(self, 0) != '-' || !is_in(LOWER_ALPHANUMERICS, peek(self, 1))) break;
    self->at++;
  }
  bool more = is_in(WORDLIKE, peek(self, 0)) || (peek(self, 0) == '-' && is_in(WORDLIKE, peek(self, 1)));
  if (plain && !more) return NULL;
  skip_word(self);
  return name_fault(text_from(self, from));
}

static void report_name(Lexer *self, const Token *token, const char *fault)
{
  Str better = STR("");
  if (!diags_full(self->diags, token->span)) better = name_kebab(self->diags->arena, token->text);
  if (better.len)
    diag_error(self->diags, DIAG_NAME, token->span, "`%.*s` is not a name: %s; write `%.*s`",
               STR_ARG(token->text), fault, STR_ARG(better));
  else
    diag_error(self->diags, DIAG_NAME, token->span, "`%.*s` is not a name: %s", STR_ARG(token->text), fault);
}

static Token lex_word(Lexer *self, bool escaped)
{
  uint32_t from = self->at;
  if (escaped) self->at++;
  uint32_t word_from = self->at;
  const char *fault = skip_name(self);
  Str word = text_from(self, word_from);
  if (!escaped && fault && str_equal(word, STR("_"))) return make(self, TOKEN_UNDERSCORE, from);
  Token token = make(self, fault ? TOKEN_ERROR : TOKEN_ID, from);
  token.text = word;
  token.escaped = escaped;
  token.misspelt = fault != NULL;
  if (fault)
    report_name(self, &token, fault);
  else if (!escaped)
    token.keyword = name_keyword(word);
  return token;
}

/* number ::= digits ('.' digits)? (('e' | 'E') ('+' | '-')? digits)?; after a '.', digits only. */
static Token lex_number(Lexer *self)
{
  uint32_t from = self->at;
  TokenKind kind = TOKEN_INTEGER;
  skip_all(self, DIGITS);
  if (self->last != TOKEN_DOT) {
    if (peek(self, 0) == '.' && is_in(DIGITS, peek(self, 1))) {
      kind = TOKEN_FLOAT;
      self->at++;
      skip_all(self, DIGITS);
    }
    size_t sign = peek(self, 1) == '+' || peek(self, 1) == '-';
    if ((peek(self, 0) == 'e' || peek(self, 0) == 'E') && is_in(DIGITS, peek(self, 1 + sign))) {
      kind = TOKEN_FLOAT;
      self->at += (uint32_t)(1 + sign);
      skip_all(self, DIGITS);
    }
  }
  if (!is_in(WORDLIKE, peek(self, 0))) return make(self, kind, from);
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

/* What begins with this byte: the operator of it alone, TOKEN_ERROR for none, and those of two bytes. */
typedef struct Operator {
  TokenKind alone;
  struct {
    char second;
    TokenKind kind;
  } longer[2];
} Operator;

static const Operator OPERATORS[] = {
    ['{'] = {TOKEN_LEFT_BRACE, {{0}}},
    ['}'] = {TOKEN_RIGHT_BRACE, {{0}}},
    ['('] = {TOKEN_LEFT_PAREN, {{0}}},
    [')'] = {TOKEN_RIGHT_PAREN, {{0}}},
    ['['] = {TOKEN_LEFT_BRACKET, {{0}}},
    [']'] = {TOKEN_RIGHT_BRACKET, {{0}}},
    ['<'] = {TOKEN_LESS, {{'=', TOKEN_LESS_EQUAL}, {'<', TOKEN_SHIFT_LEFT}}},
    ['>'] = {TOKEN_GREATER, {{'=', TOKEN_GREATER_EQUAL}}},
    ['='] = {TOKEN_EQUAL, {{'=', TOKEN_EQUAL_EQUAL}, {'>', TOKEN_FAT_ARROW}}},
    ['!'] = {TOKEN_NOT, {{'=', TOKEN_NOT_EQUAL}}},
    ['~'] = {TOKEN_ERROR, {{'=', TOKEN_TILDE_EQUAL}}},
    ['-'] = {TOKEN_MINUS, {{'>', TOKEN_ARROW}}},
    ['.'] = {TOKEN_DOT, {{'.', TOKEN_DOT_DOT}}},
    ['&'] = {TOKEN_AMPERSAND, {{'&', TOKEN_AND_AND}}},
    ['|'] = {TOKEN_PIPE, {{'|', TOKEN_OR_OR}}},
    [':'] = {TOKEN_COLON, {{0}}},
    [';'] = {TOKEN_SEMICOLON, {{0}}},
    [','] = {TOKEN_COMMA, {{0}}},
    ['@'] = {TOKEN_AT, {{0}}},
    ['/'] = {TOKEN_SLASH, {{0}}},
    ['*'] = {TOKEN_STAR, {{0}}},
    ['+'] = {TOKEN_PLUS, {{0}}},
    ['%'] = {TOKEN_PERCENT, {{0}}},
    ['^'] = {TOKEN_CARET, {{0}}},
};

/* The longest operator that begins with these bytes, and its length; TOKEN_ERROR for none. */
static TokenKind operator_kind(char first, char second, uint32_t *len)
{
  unsigned char index = (unsigned char)first;
  *len = 1;
  if (index >= sizeof OPERATORS / sizeof *OPERATORS) return TOKEN_ERROR;
  const Operator *operator= & OPERATORS[index];
  for (size_t i = 0; i < 2 && operator->longer[i].second; i++) {
    if (operator->longer[i].second != second) continue;
    *len = 2;
    return operator->longer[i].kind;
  }
  return operator->alone ? operator->alone : TOKEN_ERROR;
}

/* Spaces that look like others are named by number. */
static void report_unexpected(Lexer *self, const Token *token)
{
  size_t at = 0;
  uint32_t point = utf8_next(token->text, &at);
  bool is_space = point == 0xa0 || (point >= 0x2000 && point <= 0x200f) || point == 0x202f ||
                  point == 0x3000 || point == 0xfeff || point < 0x20;
  if (is_space)
    diag_error(self->diags, DIAG_SYNTAX, token->span, "unexpected character U+%04X, which looks like a space",
               (unsigned)point);
  else
    diag_error(self->diags, DIAG_SYNTAX, token->span, "unexpected character `%.*s`", STR_ARG(token->text));
}

static Token lex_operator(Lexer *self)
{
  uint32_t from = self->at, len;
  TokenKind kind = operator_kind(peek(self, 0), peek(self, 1), &len);
  self->at += len;
  if (kind != TOKEN_ERROR) return make(self, kind, from);

  skip_all(self, BEYOND_ASCII);
  Token token = make(self, TOKEN_ERROR, from);
  if (token.text.at[0] == '\r')
    diag_error(self->diags, DIAG_SYNTAX, token.span,
               "a carriage return without a line feed: end lines with LF or CR LF");
  else
    report_unexpected(self, &token);
  return token;
}

/* Letters are the least of what is beyond ASCII, but most of it below U+2000 and among the ideographs: what
 * begins with one of those is a word, if no name, and the rest is a character that means nothing here. */
static bool at_foreign_letter(const Lexer *self)
{
  size_t at = self->at;
  if (!is_in(BEYOND_ASCII, peek(self, 0))) return false;
  uint32_t point = utf8_next(self->source->text, &at);
  return (point >= 0xc0 && point < 0x2000) || (point >= 0x3040 && point < 0xa000) ||
         (point >= 0xac00 && point < 0xd7a4);
}

static Token lex_token(Lexer *self)
{
  char byte = peek(self, 0);
  if (is_in(LETTERS, byte)) return lex_word(self, false);
  if (at_end(self)) return make(self, TOKEN_END, self->at);
  if (byte == '_' || at_foreign_letter(self)) return lex_word(self, false);
  if (byte == '%' && is_in(WORDLIKE, peek(self, 1))) return lex_word(self, true);
  if (is_in(DIGITS, byte)) return lex_number(self);
  if (byte == '"' || byte == '\'') return lex_quoted(self);
  return lex_operator(self);
}

/* The comment that began last has no end. */
static Token report_open_comment(Lexer *self, const Comments *comments)
{
  Token token = make(self, TOKEN_ERROR, comments->last_from);
  token.span.len = 2;
  self->is_cut = true;
  diag_error(self->diags, DIAG_SYNTAX, token.span, "this comment has no end: close it with */");
  return token;
}

/* The names of nearly all texts: lower-case words, no '%'. False, and nothing is read, where this is none. */
static inline bool read_plain_name(Lexer *self, Token *out)
{
  const char *from = self->source->text.at + self->at, *at = from;
  const char *end = self->source->text.at + self->source->text.len;
  if (at == end || !is_in(LOWER, *at)) return false;
  for (;;) {
    while (at < end && is_in(LOWER_ALPHANUMERICS, *at)) at++;
    if (end - at < 2 || *at != '-' || !is_in(LOWER_ALPHANUMERICS, at[1])) break;
    at++;
  }
  bool more = at < end && (is_in(WORDLIKE, *at) || (*at == '-' && end - at > 1 && is_in(WORDLIKE, at[1])));
  if (more) return false;
  out->kind = TOKEN_ID;
  out->escaped = out->misspelt = false;
  out->text = (Str){from, (size_t)(at - from)};
  out->span = span_at(self, self->at, self->at + out->text.len);
  out->keyword = name_keyword(out->text);
  self->at += out->span.len;
  return true;
}

void lexer_read(Lexer *self, Token *out)
{
  Comments comments;
  if (!skip_space(self, &comments)) {
    *out = report_open_comment(self, &comments);
    return;
  }
  if (!read_plain_name(self, out)) *out = lex_token(self);
  Str text = self->source->text;
  out->comments = comments.any ? str_slice(text, comments.from, comments.to) : (Str){0};
  out->docs = comments.any_docs ? str_slice(text, comments.docs_from, comments.to) : (Str){0};
  self->last = out->kind;
}

Token lexer_next(Lexer *self)
{
  Token token;
  lexer_read(self, &token);
  return token;
}

/* One dot-separated part of a version: digits (core), or digits, letters and '-' (the rest). */
static bool skip_version_part(Lexer *self, bool core, bool leading_zero)
{
  uint32_t from = self->at;
  bool digits_only = true;
  while (is_in(DIGITS, peek(self, 0)) || (!core && (is_in(LETTERS, peek(self, 0)) || peek(self, 0) == '-'))) {
    digits_only = digits_only && is_in(DIGITS, peek(self, 0));
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
  while (peek(self, 0) == '.' && (is_in(ALPHANUMERICS, peek(self, 1)) || peek(self, 1) == '-')) {
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
  return !is_in(WORDLIKE, peek(self, 0));
}

static void report_no_version(Lexer *self, Span at)
{
  diag_error(self->diags, DIAG_SYNTAX, at, "expected a version such as 1.2.3 or 1.0.0-rc.1 (semver.org)");
}

Token lexer_version(Lexer *self)
{
  Comments comments;
  if (!skip_space(self, &comments)) return report_open_comment(self, &comments);
  uint32_t from = self->at;
  bool valid = skip_version(self);
  if (self->at == from) {
    Token other = lex_token(self);
    if (other.kind != TOKEN_ERROR) report_no_version(self, other.span);
    other.kind = TOKEN_ERROR;
    return other;
  }
  if (!valid) {
    while (is_in(WORDLIKE, peek(self, 0)) || peek(self, 0) == '.' || peek(self, 0) == '-') self->at++;
    while (self->at > from && peek(self, 0) == '{' && self->source->text.at[self->at - 1] == '.') self->at--;
  }
  Token token = make(self, valid ? TOKEN_ID : TOKEN_ERROR, from);
  if (!valid) report_no_version(self, token.span);
  self->last = token.kind;
  return token;
}

Str token_kind_text(TokenKind kind)
{
  return (Str){KINDS[kind].text, KINDS[kind].len};
}
