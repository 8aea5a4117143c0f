/* Inside spec/: laying out the tokens of one item: what stands between two of them, and how far further lines
 * are indented. */
#ifndef SPEC_FORMAT_LINE_H
#define SPEC_FORMAT_LINE_H

#include "ifc/format_print.h"

/* An open bracket. */
typedef struct Bracket {
  TokenKind kind;
  uint32_t level; /* of the line that it was opened on */
  bool is_params; /* names and types are in it */
  bool is_block;  /* an expression's braces with a block or arms in them */
  uint32_t pending;
} Bracket;

/* An item while it is printed. */
typedef struct Line {
  Printer *printer;
  const Piece *before; /* the last token; NULL: none yet */
  bool before_is_unary;
  uint32_t base, level; /* of the item and of the current line */
  VEC(Bracket) brackets;
  uint32_t pending; /* `if` and `match` at this nesting whose braces are still to come */
  bool has_params;  /* its first parentheses are parameters */
  bool is_subject;
  const Piece *let_name; /* of the latest `let` or `var` */
  bool in_type;
  uint32_t angles;
} Line;

/* Does the item go on with its body? True before the brace of a test, an operation or an invariant. */
bool line_at_body(const Line *self, const Piece *next);
/* Prints a token; false for a bracket that closes nothing, or too many that are open. */
bool line_put(Line *self, const Piece *next);
/* Is there a line end between the token and the one before it? */
bool piece_breaks(const Piece *piece);

#endif
