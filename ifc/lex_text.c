/* What is inside tokens: the text of comments and of quoted tokens. */
#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"

/* A line of documentation, and whether it is a comment of its own ("//") or part of a block. */
typedef struct Line {
  Str text;
  bool slashed;
} Line;

typedef VEC(Line) Lines;

static bool is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static Str trim_end(Str text)
{
  while (text.len && is_blank(text.at[text.len - 1])) text.len--;
  return text;
}

static size_t indentation(Str line)
{
  size_t count = 0;
  while (count < line.len && (line.at[count] == ' ' || line.at[count] == '\t')) count++;
  return count;
}

/* Takes the indentation that all lines of one sort from `from` on share off them; empty lines have no say. */
static void dedent(Lines *lines, size_t from, bool slashed)
{
  size_t common = SIZE_MAX;
  for (size_t i = from; i < lines->len; i++) {
    const Line *line = &lines->at[i];
    size_t own = indentation(line->text);
    if (line->slashed == slashed && line->text.len && own < common) common = own;
  }
  for (size_t i = from; i < lines->len; i++) {
    Line *line = &lines->at[i];
    if (line->slashed == slashed) line->text = str_slice(line->text, common, SIZE_MAX);
  }
}

/* The line that begins at `*at`, which moves past its end. */
static Str next_line(Str text, size_t *at)
{
  size_t from = *at;
  while (*at < text.len && text.at[*at] != '\n') (*at)++;
  Str line = str_slice(text, from, *at);
  if (*at < text.len) (*at)++;
  return line;
}

/* The lines between a block comment's markers. The one that the comment opens on is indented by nothing that
 * the others know of. */
static void add_block(Arena *arena, Str comment, Lines *lines)
{
  size_t open = str_starts_with(comment, STR("/**")) && comment.len > 4 ? 3 : 2;
  Str inside = str_slice(comment, open, comment.len - 2);
  size_t start = lines->len, at = 0;
  Str opening = str_trim(next_line(inside, &at));
  if (opening.len) vec_push(arena, lines, (Line){opening, false});
  size_t first = lines->len;
  while (at < inside.len) {
    Str line = trim_end(next_line(inside, &at));
    if (line.len || lines->len > start) vec_push(arena, lines, (Line){line, false});
  }
  dedent(lines, first, false);
  while (lines->len > start && !vec_last(lines).text.len) lines->len--;
}

Str docs_text(Arena *arena, Str raw)
{
  Lines lines = {0};
  for (size_t at = 0; at < raw.len;) {
    if (raw.at[at] != '/') {
      at++;
    } else if (at + 1 < raw.len && raw.at[at + 1] == '*') {
      size_t end = comment_end(raw, at, NULL);
      add_block(arena, str_slice(raw, at, end), &lines);
      at = end;
    } else {
      while (at < raw.len && raw.at[at] == '/') at++;
      vec_push(arena, &lines, (Line){trim_end(next_line(raw, &at)), true});
    }
  }
  dedent(&lines, 0, true);
  while (lines.len && !vec_last(&lines).text.len) lines.len--;

  Buf out = buf_in(arena);
  for (size_t i = 0; i < lines.len; i++) {
    if (i > 0) buf_byte(&out, '\n');
    buf_str(&out, lines.at[i].text);
  }
  return buf_text(&out);
}

static int hex_value(char byte)
{
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/* '{' hex digits '}' of a Unicode scalar value; `*at` moves past it. */
static bool unquote_code_point(Str inside, size_t *at, uint32_t *point)
{
  size_t i = *at, digits = 0;
  uint32_t value = 0;
  if (i >= inside.len || inside.at[i++] != '{') return false;
  for (; i < inside.len && hex_value(inside.at[i]) >= 0; i++, digits++) {
    value = value << 4 | (uint32_t)hex_value(inside.at[i]);
    if (value > 0x10ffff) return false;
  }
  if (!digits || i >= inside.len || inside.at[i++] != '}') return false;
  if (value >= 0xd800 && value < 0xe000) return false;
  *point = value;
  *at = i;
  return true;
}

/* The escape whose backslash stands before `*at`. */
static bool unquote_escape(Str inside, size_t *at, Buf *out)
{
  uint32_t point;
  if (*at >= inside.len) return false;
  char byte = inside.at[(*at)++];
  switch (byte) {
  case '\'':
  case '"':
  case '\\': buf_byte(out, byte); return true;
  case 't': buf_byte(out, '\t'); return true;
  case 'n': buf_byte(out, '\n'); return true;
  case 'r': buf_byte(out, '\r'); return true;
  case 'u':
    if (!unquote_code_point(inside, at, &point)) return false;
    buf_code_point(out, point);
    return true;
  default: return false;
  }
}

/* The text between the quotes, and, of a multi-line string, the indentation that its last line sets. */
typedef struct Quoted {
  Str inside;
  size_t indent;
  bool multi_line;
} Quoted;

/* multi-line string ::= '"""' line-end (line line-end)* spaces '"""'. Its first and last line ends do not
 * count, so a line end is put before the first line's for the loop that reads them. */
static bool quoted_of(const Token *token, Quoted *out, Diags *diags)
{
  Str text = token->text;
  *out = (Quoted){.inside = str_slice(text, 1, text.len - 1)};
  if (text.len < 6 || !str_starts_with(text, STR("\"\"\""))) return true;
  Str inside = str_slice(text, 3, text.len - 3);
  size_t last = str_find_last(inside, '\n');
  size_t first = str_starts_with(inside, STR("\r\n")) ? 2 : str_starts_with(inside, STR("\n")) ? 1 : 0;
  bool blank = first && last != SIZE_MAX;
  for (size_t i = blank ? last + 1 : inside.len; i < inside.len; i++) blank = blank && inside.at[i] == ' ';
  if (!blank) {
    diag_error(diags, DIAG_SYNTAX, token->span,
               "a multi-line string needs a line end after its opening \"\"\" and before its closing one");
    return false;
  }
  size_t end = last > 0 && inside.at[last - 1] == '\r' ? last - 1 : last;
  *out = (Quoted){.inside = str_slice(inside, first, end), .multi_line = true};
  out->indent = inside.len - last - 1;
  return true;
}

/* Moves past a line's indentation; false where it has less. An empty line needs none. */
static bool skip_indent(const Quoted *self, size_t *at)
{
  for (size_t i = 0; i < self->indent; i++) {
    if (*at >= self->inside.len || self->inside.at[*at] == '\n' || self->inside.at[*at] == '\r') return true;
    if (self->inside.at[*at] != ' ') return false;
    (*at)++;
  }
  return true;
}

static Span span_in(const Token *token, size_t from, size_t to)
{
  return (Span){token->span.source, token->span.at + (uint32_t)from, (uint32_t)(to - from)};
}

static Span span_inside(const Token *token, const Quoted *quoted, size_t from, size_t to)
{
  size_t offset = (size_t)(quoted->inside.at - token->text.at);
  return span_in(token, offset + from, offset + to);
}

bool token_unquote(Arena *arena, const Token *token, Str *out, Diags *diags)
{
  Quoted quoted;
  if (!quoted_of(token, &quoted, diags)) return false;
  Str inside = quoted.inside;
  Buf text = buf_in(arena);
  bool line_start = quoted.multi_line;
  for (size_t at = 0; at < inside.len;) {
    size_t from = at;
    if (line_start && !skip_indent(&quoted, &at)) {
      diag_error(diags, DIAG_SYNTAX, span_inside(token, &quoted, from, at + 1),
                 "this line is indented less than the closing \"\"\"");
      return false;
    }
    if (line_start && at > from) from = at;
    line_start = false;
    if (at >= inside.len) break;
    char byte = inside.at[at++];
    if (byte == '\\') {
      if (!unquote_escape(inside, &at, &text)) {
        diag_error(diags, DIAG_SYNTAX, span_inside(token, &quoted, from, at),
                   "unknown escape: there are \\' \\\" \\\\ \\t \\n \\r and \\u{1f600}");
        return false;
      }
    } else if (quoted.multi_line && byte == '\r' && at < inside.len && inside.at[at] == '\n') {
      continue;
    } else {
      buf_byte(&text, byte);
      line_start = quoted.multi_line && byte == '\n';
    }
  }
  *out = buf_text(&text);
  return true;
}

/* One or more hexadecimal digits with single '_'s anywhere but at the end, between '{' and '}'. */
static bool unquote_hexnum(Str inside, size_t *at, uint32_t *point)
{
  size_t i = *at;
  uint32_t value = 0;
  if (i >= inside.len || inside.at[i++] != '{') return false;
  if (i >= inside.len || hex_value(inside.at[i]) < 0) return false;
  for (; i < inside.len && (inside.at[i] == '_' || hex_value(inside.at[i]) >= 0); i++) {
    if (inside.at[i] == '_') continue;
    value = value << 4 | (uint32_t)hex_value(inside.at[i]);
    if (value > 0x10ffff) return false;
  }
  if (i >= inside.len || inside.at[i] != '}' || inside.at[i - 1] == '_') return false;
  if (value >= 0xd800 && value < 0xe000) return false;
  *point = value;
  *at = i + 1;
  return true;
}

/* The escape whose backslash stands before `*at`: of a `name` in WebAssembly's text format. */
static bool unquote_name_escape(Str inside, size_t *at, Buf *out)
{
  uint32_t point;
  if (*at >= inside.len) return false;
  size_t from = *at;
  char byte = inside.at[from];
  int high = hex_value(byte), low = from + 1 < inside.len ? hex_value(inside.at[from + 1]) : -1;
  if (high >= 0 && low >= 0) {
    buf_byte(out, (char)(high << 4 | low));
    *at = from + 2;
    return true;
  }
  if (byte != 'u') return unquote_escape(inside, at, out);
  ++*at;
  if (!unquote_hexnum(inside, at, &point)) return false;
  buf_code_point(out, point);
  return true;
}

bool token_unquote_wit(Arena *arena, const Token *token, Str *out, Diags *diags)
{
  Str quoted = token->text, inside = str_slice(quoted, 0, quoted.len - 1);
  Buf text = buf_in(arena);
  for (size_t at = 1; at < inside.len;) {
    size_t from = at;
    char byte = inside.at[at++];
    if (byte == '"' || (unsigned char)byte < 0x20) {
      diag_error(diags, DIAG_SYNTAX, span_in(token, from, at),
                 "a string in WIT stands on one line, without tabs: write them as \\t and \\n");
      return false;
    }
    if (byte != '\\') {
      buf_byte(&text, byte);
    } else if (!unquote_name_escape(inside, &at, &text)) {
      diag_error(diags, DIAG_SYNTAX, span_in(token, from, at),
                 "unknown escape: there are \\' \\\" \\\\ \\t \\n \\r, \\7f for a byte and \\u{1f600}");
      return false;
    }
  }
  if (utf8_first_error(buf_text(&text)) != SIZE_MAX) {
    diag_error(diags, DIAG_SYNTAX, token->span, "the bytes of this string are not UTF-8");
    return false;
  }
  *out = buf_text(&text);
  return true;
}
