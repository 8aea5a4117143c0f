#include "ifc/show_text.h"

#include "ifc/lex.h"

void show_docs(Str docs, size_t indent, Buf *out)
{
  for (size_t at = 0; at < docs.len;) {
    Str rest = str_slice(docs, at, docs.len);
    size_t end = str_find(rest, STR("\n"));
    Str line = str_slice(rest, 0, end);
    buf_repeat(out, ' ', indent);
    buf_z(out, line.len ? "/// " : "///");
    buf_str(out, line);
    buf_byte(out, '\n');
    at += line.len + 1;
  }
}

void show_package_name(const Package *self, Buf *out)
{
  name_print(self->namespace, out);
  buf_byte(out, ':');
  name_print(self->name, out);
  if (self->version.len) buf_printf(out, "@%.*s", STR_ARG(self->version));
}

void show_header(const Package *self, Buf *out)
{
  show_docs(self->docs, 0, out);
  buf_z(out, "package ");
  show_package_name(self, out);
  buf_z(out, ";\n");
}

void show_gap(ShowGroup *last, ShowGroup next, Str docs, Buf *out)
{
  bool together = *last == next && next != SHOW_BLOCK && !docs.len;
  if (*last != SHOW_FIRST && !together) buf_byte(out, '\n');
  *last = next;
}

void show_opening(const char *keyword, Str name, size_t indent, Buf *out)
{
  buf_repeat(out, ' ', indent);
  buf_z(out, keyword);
  buf_byte(out, ' ');
  name_print(name, out);
  buf_z(out, " {\n");
}

void show_function_head(Str name, FunctionKind kind, bool is_async, size_t indent, Buf *out)
{
  buf_repeat(out, ' ', indent);
  if (kind == FUNCTION_CONSTRUCTOR) {
    buf_z(out, "constructor");
    return;
  }
  name_print(name, out);
  buf_z(out, kind == FUNCTION_STATIC ? ": static " : ": ");
  buf_z(out, is_async ? "async func" : "func");
}
