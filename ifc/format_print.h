/* What the parts of the WIT formatter share; internal to it. format.c reads items and knows what stands on
 * lines of its own, format_line.c lays out one line, format_gap.c puts what is between two tokens. The style
 * itself is written down in docs/wit-style.md. */
#ifndef IFC_FORMAT_PRINT_H
#define IFC_FORMAT_PRINT_H

#include "ifc/base/vec.h"
#include "ifc/lex.h"

/* Columns that a line may have before its lists are broken. */
enum { FORMAT_COLUMNS = 100 };

/* A token as it is written, with the white space and the comments before it. */
typedef struct Piece {
  TokenKind kind;
  Keyword keyword;
  bool comments; /* the gap has some */
  bool space;    /* one stands before it, within a line */
  bool list;     /* it opens parameters, names or a tuple's types, which may stand on lines of their own */
  bool forced;   /* … and have to: a comment among them ends its line */
  bool dropped;  /* the comma behind the last element of such a list */
  Str text;      /* with '%' */
  Str gap;
  size_t close;  /* of an opening bracket: the index of the closing one */
  size_t offset; /* the columns before it, were all on one line */
} Piece;

typedef VEC(Piece) Pieces;

typedef struct Comment {
  Str text; /* from its marker to its end; of "//" without white space at the end */
  bool is_line, has_lines;
  bool starts_line; /* a line end stands between it and what is before */
  bool after_blank; /* an empty line does */
} Comment;

typedef struct Printer {
  Buf out;
  size_t line_start; /* in `out`: where the current line begins */
  Str source;
  VEC(Comment) comments; /* of the gap in hand */
} Printer;

/* What is wanted of an empty line: none, the author's, or one in any case. */
typedef enum Blank { BLANK_NEVER, BLANK_KEPT, BLANK_ONE } Blank;

typedef struct Break {
  Blank blank;        /* before the first of comments and token */
  bool after_opener;  /* a bracket opens before it */
  bool before_closer; /* the token closes a bracket, or is the end */
  uint32_t level;     /* of nesting, of the token; comments before a closing bracket stand one further in */
} Break;

/* format_gap.c */
void print_text(Printer *self, Str text);
/* The gap before a token that begins a line: comments that follow something on its line stay there, others
 * get lines of their own. */
void print_break(Printer *self, const Piece *next, Break how);
/* The gap before a token within a line. Where a line comment makes that impossible, the next line is at
 * `level`.
 */
void print_inline(Printer *self, const Piece *next, bool after_opener, uint32_t level);
/* The columns that print_inline would take; false where it would have to end a line. */
bool inline_width(Printer *self, const Piece *next, bool after_opener, size_t *width);

/* format_line.c */
/* Prepares the pieces of an item or a part; `head` is the index of the first behind the gates. False where
 * they are no WIT. */
bool line_layout(Printer *self, Pieces *line, size_t head);
/* Puts the pieces from `from` to before `to`, without the first one's gap. `tail` is the columns that the
 * caller adds. */
void line_print(Printer *self, const Piece *line, size_t from, size_t to, uint32_t level, size_t tail);

#endif
