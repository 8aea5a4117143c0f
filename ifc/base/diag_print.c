/* How diagnostics look on a terminal. Sources and names may be hostile: nothing that a
 * terminal would obey, or that would hide or reorder text, is passed through. */
#include <stdio.h>

#include "ifc/base/diag.h"
#include "ifc/base/utf8.h"
#include "ifc/base/width.h"

/* With a gutter of 9 and an ellipsis at either end, an excerpt is 80 columns wide. */
enum { WIDTH = 69, BEFORE_CARET = 30, TAB = 4, GUTTER_DIGITS = 6 };

#define BOLD "\033[1m"
#define RED "\033[1;31m"
#define GREEN "\033[1;32m"
#define MAGENTA "\033[1;35m"
#define CYAN "\033[1;36m"

typedef struct Printer {
  Buf *out;
  bool colour;
  LineMark mark, note_mark; /* notes jump about; what they belong to mostly does not */
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

/* What stands for a code point that cannot be shown as it is; UINT32_MAX is a malformed byte. */
static uint32_t shown(uint32_t c)
{
  if (c == UINT32_MAX || is_deceptive(c)) return 0xfffd;
  return is_control(c) ? ' ' : c;
}

/* The code point at `*at`, which moves past it, also where it is malformed. */
static uint32_t next_point(Str text, size_t *at)
{
  uint32_t c = utf8_next(text, at);
  if (c == UINT32_MAX) ++*at;
  return c;
}

static void put_safe(Buf *out, Str text)
{
  for (size_t at = 0; at < text.len;) {
    uint32_t c = next_point(text, &at);
    if (c == '\t')
      buf_repeat(out, ' ', TAB);
    else
      buf_code_point(out, shown(c));
  }
}

static void put_coloured(Printer *self, const char *colour, Str text)
{
  if (self->colour) buf_z(self->out, colour);
  put_safe(self->out, text);
  if (self->colour) buf_z(self->out, "\033[0m");
}

/* The columns that put_safe takes for what begins at `*at`, which moves past it. */
static size_t next_width(Str text, size_t *at)
{
  uint32_t c = next_point(text, at);
  return c == '\t' ? TAB : width_of(shown(c));
}

static size_t columns_of(Str text)
{
  size_t columns = 0;
  for (size_t at = 0; at < text.len;) columns += next_width(text, &at);
  return columns;
}

/* Where the code point that ends at `at` begins. */
static size_t step_back(Str text, size_t at)
{
  for (size_t from = at - 1; from + 4 >= at; from--) {
    size_t end = from;
    if (utf8_next(text, &end) != UINT32_MAX && end == at) return from;
    if (!from) break;
  }
  return at - 1;
}

/* Moves `*from` back over what takes at most `columns`. */
static void take_before(Str line, size_t *from, size_t columns)
{
  while (*from) {
    size_t start = step_back(line, *from), width = columns_of(str_slice(line, start, *from));
    if (width > columns) return;
    columns -= width;
    *from = start;
  }
}

/* Moves `*to` on over what takes at most `columns`; what is left of them. */
static size_t take_behind(Str line, size_t *to, size_t columns)
{
  while (*to < line.len) {
    size_t end = *to, width = next_width(line, &end);
    if (width > columns) break;
    columns -= width;
    *to = end;
  }
  return columns;
}

/* The line with its gutter, and the carets under the span. Of a long line only what is around the first caret
 * is shown, and only that is looked at. */
static void put_excerpt(Printer *self, Span span, const Position *at, size_t line_start)
{
  Str line = at->line_text;
  size_t caret = span.at - line_start, end = caret + span.len;
  if (caret > line.len) caret = line.len;
  if (end > line.len) end = line.len;
  size_t from = caret;
  take_before(line, &from, BEFORE_CARET);
  size_t to = from, left = take_behind(line, &to, WIDTH);
  take_before(line, &from, left);
  if (end > to) end = to;
  size_t carets = end > caret ? columns_of(str_slice(line, caret, end)) : 0;

  int digits = snprintf(NULL, 0, "%zu", at->line);
  int gutter = digits > GUTTER_DIGITS ? digits : GUTTER_DIGITS;
  buf_printf(self->out, "%*zu | %s", gutter, at->line, from ? "…" : "");
  put_safe(self->out, str_slice(line, from, to));
  buf_z(self->out, to < line.len ? "…\n" : "\n");
  buf_printf(self->out, "%*s | ", gutter, "");
  buf_repeat(self->out, ' ', columns_of(str_slice(line, from, caret)) + (from > 0));
  if (self->colour) buf_z(self->out, GREEN);
  buf_repeat(self->out, '^', carets ? carets : 1);
  buf_z(self->out, self->colour ? "\033[0m\n" : "\n");
}

static void put_message(Printer *self, Span span, LineMark *mark, const char *colour, const char *kind,
                        Str message)
{
  Position at = span_position_after(span, mark);
  if (span.source) {
    put_coloured(self, BOLD, span.source->path);
    buf_printf(self->out, ":%zu:%zu: ", at.line, at.column);
  }
  put_coloured(self, colour, str_from_z(kind));
  buf_byte(self->out, ' ');
  put_safe(self->out, message);
  buf_byte(self->out, '\n');
  if (span.source) put_excerpt(self, span, &at, mark->at);
}

static void put_notes(Printer *self, const DiagNote *notes)
{
  for (const DiagNote *note = notes; note; note = note->next) {
    if (!note->span.source) buf_z(self->out, "       = ");
    put_message(self, note->span, &self->note_mark, CYAN, "note:", note->message);
  }
}

void diags_print(const Diags *self, Buf *out, bool colour)
{
  Printer printer = {.out = out, .colour = colour};
  for (const Diag *diag = self->first; diag; diag = diag->next) {
    bool error = diag->severity == SEVERITY_ERROR;
    put_message(&printer, diag->span, &printer.mark, error ? RED : MAGENTA,
                error ? "error:" : "warning:", diag->message);
    put_notes(&printer, diag->notes);
  }
  if (self->dropped) buf_printf(out, "… and %zu more that are not shown\n", self->dropped);
}
