/* How diagnostics look on a terminal. Sources and names may be hostile: nothing that a
 * terminal would obey, or that would hide or reorder text, is passed through. */
#include <string.h>

#include "ifc/base/diag.h"
#include "ifc/base/utf8.h"

enum { WIDTH = 100, BEFORE_CARET = 40 };

#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define GREEN "\033[1;32m"
#define MAGENTA "\033[1;35m"
#define CYAN "\033[1;36m"

typedef struct Printer {
  Buf *out;
  bool colour;
} Printer;

static bool is_control(uint32_t c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* Marks that reorder or hide what follows ("Trojan Source", CVE-2021-42574). */
static bool is_deceptive(uint32_t c)
{
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0x061c || c == 0xfeff;
}

/* One column for each code point. */
static void put_safe(Buf *out, Str text)
{
  for (size_t at = 0; at < text.len;) {
    uint32_t c = utf8_next(text, &at);
    if (c == UINT32_MAX) {
      at++;
      buf_code_point(out, 0xfffd);
    } else if (is_control(c)) {
      buf_byte(out, ' ');
    } else {
      buf_code_point(out, is_deceptive(c) ? 0xfffd : c);
    }
  }
}

static void put_coloured(Printer *self, const char *colour, Str text)
{
  if (self->colour) buf_z(self->out, colour);
  put_safe(self->out, text);
  if (self->colour) buf_z(self->out, "\033[0m");
}

/* The part of the line from one column up to, not including, another. */
static Str columns_slice(Str line, size_t from, size_t to)
{
  size_t at = 0, start = line.len;
  for (size_t column = 0; at < line.len && column < to; column++) {
    if (column == from) start = at;
    if (utf8_next(line, &at) == UINT32_MAX) at++;
  }
  return from < to ? str_slice(line, start, at) : STR("");
}

/* The line with its gutter, and the carets under the span. Only what is near the first caret is shown. */
static void put_excerpt(Printer *self, Span span, const Position *at)
{
  Str line = at->line_text;
  size_t columns = utf8_columns(line), caret = at->column - 1;
  size_t from = columns > WIDTH && caret > BEFORE_CARET ? caret - BEFORE_CARET : 0;
  if (columns > WIDTH && from > columns - WIDTH) from = columns - WIDTH;
  size_t to = columns > WIDTH ? from + WIDTH : columns;
  Str first_line = span_text(span);
  size_t newline = str_find(first_line, STR("\n"));
  if (newline != SIZE_MAX) first_line.len = newline;
  size_t carets = utf8_columns(first_line);
  if (caret + carets > to) carets = to > caret ? to - caret : 0;

  buf_printf(self->out, "%6zu | %s", at->line, from ? "…" : "");
  put_safe(self->out, columns_slice(line, from, to));
  buf_z(self->out, to < columns ? "…\n" : "\n");
  buf_z(self->out, "       | ");
  buf_repeat(self->out, ' ', caret - from + (from > 0));
  if (self->colour) buf_z(self->out, GREEN);
  buf_repeat(self->out, '^', carets ? carets : 1);
  buf_z(self->out, self->colour ? "\033[0m\n" : "\n");
}

static void put_message(Printer *self, Span span, const char *colour, const char *kind, Str message)
{
  Position at = span_position(span);
  if (span.source) {
    put_coloured(self, BOLD, span.source->path);
    buf_printf(self->out, ":%zu:%zu: ", at.line, at.column);
  }
  put_coloured(self, colour, str_from_z(kind));
  buf_byte(self->out, ' ');
  put_safe(self->out, message);
  buf_byte(self->out, '\n');
  if (span.source) put_excerpt(self, span, &at);
}

static void put_notes(Printer *self, const DiagNote *notes)
{
  for (const DiagNote *note = notes; note; note = note->next) {
    if (!note->span.source) buf_z(self->out, "       = ");
    put_message(self, note->span, CYAN, "note:", note->message);
  }
}

void diags_print(const Diags *self, Buf *out, bool colour)
{
  Printer printer = {.out = out, .colour = colour};
  for (const Diag *diag = self->first; diag; diag = diag->next) {
    bool error = diag->severity == SEVERITY_ERROR;
    put_message(&printer, diag->span, error ? RED : MAGENTA, error ? "error:" : "warning:", diag->message);
    put_notes(&printer, diag->notes);
  }
  if (self->dropped) buf_printf(out, "… and %zu more that are not shown\n", self->dropped);
}
