/* What the productions of wit_parse.c stand on: one token of lookahead, expectations, and recovery. Internal
 * to the WIT parser. Functions that return bool have reported why when they return false. */
#ifndef IFC_PARSER_H
#define IFC_PARSER_H

#include "ifc/ast.h"
#include "ifc/base/attributes.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"

enum { NESTING_MAX = 100 };

/* What was parsed of lists that are still open: each notes how many there are when it begins, and keeps in
 * the end what came on top of those. On the heap, where growing leaves nothing behind. */
typedef struct ParserStacks {
  VEC(AstType *) types;
  VEC(AstField) fields;
  VEC(AstRename) renames;
  VEC(AstItem) items;
  VEC(AstWorldItem) world_items;
  VEC(AstTop) tops;
} ParserStacks;

typedef struct Parser {
  Arena *arena;
  Arena *body;     /* for items; `arena`, unless those of the current interface have a pool */
  AstPool **pools; /* the file's; NULL: none are made */
  Diags *diags;
  Lexer lexer;
  Token token, previous;
  ParserStacks stacks;
  uint32_t braces;               /* '{' read and not yet closed */
  uint32_t nesting;              /* of types, and of packages */
  bool places_count;             /* of types that are one word */
  AstType *words[KEYWORD_COUNT]; /* what stands for each of those, where their places do not count */
} Parser;

#define parser_push(self, stack, ...)                                                                 \
  ((self)->stacks.stack.at = parser_room((self)->stacks.stack.at, (self)->stacks.stack.len,           \
                                         &(self)->stacks.stack.cap, sizeof *(self)->stacks.stack.at), \
   (self)->stacks.stack.at[(self)->stacks.stack.len++] = (__VA_ARGS__))
/* Takes what stands on top of the first `base` elements of a stack off it, into `*list` and `*count`. */
#define parser_keep(self, arena, stack, base, list, count)                                   \
  (*(count) = (uint32_t)((self)->stacks.stack.len - (base)),                                 \
   *(list) = parser_copy((arena), (self)->stacks.stack.at, (base), (self)->stacks.stack.len, \
                         sizeof *(self)->stacks.stack.at),                                   \
   (self)->stacks.stack.len = (base))
/* What parser_push is made of: room for one more element. */
void *parser_room(void *at, size_t len, size_t *cap, size_t element_size);
/* What parser_keep is made of: a copy of the elements from `from` up to `to`; NULL where there are none. */
void *parser_copy(Arena *arena, const void *at, size_t from, size_t to, size_t element_size);

/* Gives the stacks back. */
void parser_release(Parser *self);

/* To the next token. */
void parser_advance(Parser *self);
static inline bool parser_at(const Parser *self, TokenKind kind)
{
  return self->token.kind == kind;
}
/* True at this keyword; one written with '%' is a name. */
static inline bool parser_at_keyword(const Parser *self, Keyword keyword)
{
  return self->token.keyword == keyword;
}
/* Reads the token, or the keyword, if it is there. */
bool parser_eat(Parser *self, TokenKind kind);
bool parser_eat_keyword(Parser *self, Keyword keyword);
/* Reports "expected WANTED, found …" unless the lexer has reported the token already. */
Diag *parser_expected(Parser *self, const char *wanted);
/* Reports "expected WANTED after …", right behind the previous token. */
Diag *parser_missing(Parser *self, const char *wanted);
/* The kind of the token after the current one; takes time. */
TokenKind parser_peek(const Parser *self);
MUST_CHECK bool parser_expect(Parser *self, TokenKind kind);
MUST_CHECK bool parser_expect_keyword(Parser *self, Keyword keyword);
/* As parser_expect; a ';' that is only missing is reported right after the previous token and taken as read.
 * `hint` is a note for that, or NULL. */
MUST_CHECK bool parser_expect_semicolon(Parser *self);
MUST_CHECK bool parser_expect_semicolon_or(Parser *self, const char *hint);
/* A name. Keywords and misspelt names are reported and taken. `what` is for messages: "a field's name". */
MUST_CHECK bool parser_expect_name(Parser *self, const char *what, AstName *out);
/* The version that follows an '@' or '=' which is the current token. */
MUST_CHECK bool parser_expect_version(Parser *self, AstName *out);

/* Reads elements between `open`, which is the current token, and `close`, with commas between them and maybe
 * one after the last. `element` parses one, which is called `what` in messages: "a field's name". */
typedef bool ParseElement(Parser *self, const char *what);
MUST_CHECK bool parser_list(Parser *self, TokenKind open, TokenKind close, ParseElement *element,
                            const char *what);

/* After a failure within an item: to the ';' or '}' that ends it, `braces` being what was open before it. */
void parser_skip_item(Parser *self, uint32_t braces);
/* From the start of `from` to the end of the previous token. */
Span parser_span_from(const Parser *self, Span from);
AstDocs parser_docs(const Parser *self);

#endif
