/* The lexer that WIT, WAVE, .spec and .bench share: WIT's white space, comments and identifiers,
 * with numbers, quoted texts and operators for the others. A token is a piece of the source; nothing
 * is copied. Keywords are identifiers that know which keyword they are. */
#ifndef IFC_LEX_H
#define IFC_LEX_H

#include "ifc/base/diag.h"

typedef enum TokenKind {
#define TOKEN(kind, text) TOKEN_##kind,
#include "ifc/tokens.def"
#undef TOKEN
} TokenKind;

/* WIT's keywords; KEYWORD_NONE for names that are none. */
typedef enum Keyword {
  KEYWORD_NONE,
#define KEYWORD(name, text) KEYWORD_##name,
#include "ifc/keywords.def"
  KEYWORD_COUNT
} Keyword;

typedef struct Token {
  TokenKind kind;
  Keyword keyword; /* of an identifier that is not escaped */
  bool escaped;    /* an identifier written with '%'; `text` is without it */
  bool misspelt;   /* a TOKEN_ERROR that was meant for an identifier; `text` is that */
  Str text;        /* identifiers: the name; numbers: the digits; quoted texts: with their quotes */
  Str docs;        /* the doc comments right before it: raw, from the first "///" or slash-star-star on */
  Str comments;    /* all comments right before it: raw, from the first on */
  Span span;
} Token;

typedef struct Lexer {
  const Source *source;
  uint32_t at;
  TokenKind last; /* the previous token: after '.', digits are one index ("p.0.1") */
  Diags *diags;
  bool is_cut; /* a comment without an end took the rest */
} Lexer;

/* Begins at the start of the source; a byte order mark is skipped. Reports text that is not UTF-8, and the
 * first code points that WIT rejects (controls, bidirectional overrides, deprecated ones), and returns false
 * then. */
bool lexer_begin(Lexer *self, const Source *source, Diags *diags);
/* The next token; TOKEN_END at the end, again and again. What is no token is reported once, as TOKEN_ERROR.
 * Identifiers follow WIT: kebab-case words of letters and digits, so "a-b" and "sha-256" are one name each
 * and "a - b" is three tokens. Numbers have no sign: "-5" is two tokens. A misspelt name ("fooBar", "a_b") is
 * one TOKEN_ERROR with the name as its text, so that parsers can go on as if it were a name. */
Token lexer_next(Lexer *self);
/* The same, without a copy: for who reads large texts. */
void lexer_read(Lexer *self, Token *out);
/* After '@' of a package: the semantic version (semver.org 2.0.0) that starts here, as a TOKEN_ID, or a
 * TOKEN_ERROR. */
Token lexer_version(Lexer *self);
/* "identifier", "'{'", "end of file": for messages. */
Str token_kind_text(TokenKind kind); /* NUL-terminated */
/* The end of the comment that begins at `at` with "//" or slash-star: before the line end, or behind the
 * marker that closes it. Block comments nest; one that is not closed ends with the text. `closed` may be
 * NULL. */
size_t comment_end(Str text, size_t at, bool *closed);
/* The text of a raw piece of comments, lines joined by LF: markers and the common indentation gone, as the
 * reference has it. */
Str docs_text(Arena *arena, Str raw);

/* The keyword that this is: as a name, it is written with '%'. */
Keyword name_keyword(Str name);
bool name_is_keyword(Str name);
/* What is wrong with it as a name, to follow "is not a name: "; NULL where nothing is. */
const char *name_fault(Str name);
/* A letter or a digit: what a name's words are made of. */
bool name_has_byte(char byte);
/* What a name in another style ("fooBar_baz") is in WIT's ("foo-bar-baz"); empty where that is not likely. */
Str name_kebab(Arena *arena, Str word);
/* The name in lower case: names that differ only in case collide. */
Str name_folded(Arena *arena, Str name);
/* Appends the name as WIT writes it, with '%' where it needs one. */
void name_print(Str name, Buf *out);

/* The content of a quoted token ("…", '…', """…""" as WAVE has it), escapes \' \" \\ \t \n \r \u{…} undone.
 * False with a diagnostic for a bad escape. */
bool token_unquote(Arena *arena, const Token *token, Str *out, Diags *diags);
/* The same for a string as WIT has it, which is a `name` of WebAssembly's text format: \hh for a byte as
 * well, \u{…} with '_' between digits, no controls, and UTF-8 in the end. */
bool token_unquote_wit(Arena *arena, const Token *token, Str *out, Diags *diags);

#endif
