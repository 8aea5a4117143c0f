/* What the productions of wit_parse.c stand on: one token of lookahead, expectations, and recovery. Internal
 * to the WIT parser. Functions that return bool have reported why when they return false. */
#ifndef IFC_PARSER_H
#define IFC_PARSER_H

#include "ifc/ast.h"
#include "ifc/base/attributes.h"
#include "ifc/lex.h"

enum { NESTING_MAX = 100 };

typedef struct Parser {
  Arena *arena;
  Diags *diags;
  Lexer lexer;
  Token token, previous;
  uint32_t braces;  /* '{' read and not yet closed */
  uint32_t nesting; /* of types, and of packages */
} Parser;

/* To the next token. */
void parser_advance(Parser *self);
bool parser_at(const Parser *self, TokenKind kind);
/* True at this keyword; one written with '%' is a name. */
bool parser_at_word(const Parser *self, const char *word);
bool parser_at_any_word(const Parser *self, const char *const *words);
/* Reads the token, or the keyword, if it is there. */
bool parser_eat(Parser *self, TokenKind kind);
bool parser_eat_word(Parser *self, const char *word);
/* Reports "expected WANTED, found …" unless the lexer has reported the token already. */
Diag *parser_expected(Parser *self, const char *wanted);
MUST_CHECK bool parser_expect(Parser *self, TokenKind kind);
MUST_CHECK bool parser_expect_word(Parser *self, const char *word);
/* As parser_expect; a ';' that is only missing is reported right after the previous token and taken as read.
 */
MUST_CHECK bool parser_expect_semicolon(Parser *self);
/* A name. Keywords and misspelt names are reported and taken. `what` is for messages: "a field's name". */
MUST_CHECK bool parser_expect_name(Parser *self, const char *what, AstName *out);
/* The version that follows an '@' or '=' which is the current token. */
MUST_CHECK bool parser_expect_version(Parser *self, AstName *out);

/* Reads elements between `open`, which is the current token, and `close`, with commas between them and maybe
 * one after the last. `element` parses one into `context`. */
typedef bool ParseElement(Parser *self, void *context);
MUST_CHECK bool parser_list(Parser *self, TokenKind open, TokenKind close, ParseElement *element,
                            void *context);

/* After a failure within an item: to the ';' or '}' that ends it, `braces` being what was open before it. */
void parser_skip_item(Parser *self, uint32_t braces);
/* From the start of `from` to the end of the previous token. */
Span parser_span_from(const Parser *self, Span from);
AstDocs parser_docs(const Parser *self);

#endif
