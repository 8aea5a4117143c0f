/* How WIT is laid out: what both printers of show.h share. Internal to them. */
#ifndef IFC_SHOW_TEXT_H
#define IFC_SHOW_TEXT_H

#include "ifc/base/buf.h"
#include "ifc/type.h"

/* Items that stand under each other without an empty line between them. */
typedef enum ShowGroup {
  SHOW_FIRST,
  SHOW_USES,
  SHOW_INCLUDES,
  SHOW_IMPORTS,
  SHOW_EXPORTS,
  SHOW_ALIASES,
  SHOW_FUNCTIONS,
  SHOW_BLOCK
} ShowGroup;

/* "ns:name@version" */
void show_package_name(const Package *self, Buf *out);
/* The line "package ns:name@version;", with docs. */
void show_header(const Package *self, Buf *out);
/* The text of a raw piece of comments as the reference parser has it in the resolved form: plain comments
 * count, and a block's lines keep what they begin with. */
Str show_comments(Arena *arena, Str raw);
/* "/// …" lines, indented. */
void show_docs(Str docs, size_t indent, Buf *out);
/* An empty line, where the next item is not of the group of the one before or has docs. */
void show_gap(ShowGroup *last, ShowGroup next, Str docs, Buf *out);
/* "record name {": the keyword and the name. */
void show_opening(const char *keyword, Str name, size_t indent, Buf *out);
/* "name: func", "name: static async func" or "constructor": what stands before a function's parameters. */
void show_function_head(Str name, FunctionKind kind, bool is_async, size_t indent, Buf *out);

#endif
