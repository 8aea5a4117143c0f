/* Between two tokens: line ends, indentation, spaces and comments. */
#include <string.h>

#include "ifc/format_print.h"

/* Nothing is indented further than this, so that the result of a small text is never huge. */
enum { INDENT = 2, LEVEL_MAX = 20, TAB = 4 };

static size_t indent_of(uint32_t level)
{
  return INDENT * (size_t)(level < LEVEL_MAX ? level : LEVEL_MAX);
}

static bool is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static Str trim_end(Str text)
{
  while (text.len && is_blank(text.at[text.len - 1])) text.len--;
  return text;
}

/* How many spaces and tabs the text begins with. */
static size_t leading(Str text)
{
  size_t count = 0;
  while (count < text.len && (text.at[count] == ' ' || text.at[count] == '\t')) count++;
  return count;
}

/* Columns of spaces and tabs. */
static size_t width_of(Str blanks)
{
  size_t width = 0;
  for (size_t i = 0; i < blanks.len; i++) width += blanks.at[i] == '\t' ? TAB : 1;
  return width;
}

/* The line that begins at `*at`, which moves past its end. */
static Str next_line(Str text, size_t *at)
{
  size_t from = *at;
  const char *end = memchr(text.at + from, '\n', text.len - from);
  *at = end ? (size_t)(end - text.at) + 1 : text.len;
  return str_slice(text, from, end ? *at - 1 : *at);
}

/* Takes the gap apart, into `comments`. What comes back is empty but for how the token behind it stands. */
static Comment read_gap(Printer *self, Str gap)
{
  size_t at = 0;
  self->comments.len = 0;
  for (;;) {
    Comment comment = {0};
    size_t lines = 0;
    for (; at < gap.len && is_blank(gap.at[at]); at++) lines += gap.at[at] == '\n';
    comment.starts_line = lines > 0;
    comment.after_blank = lines > 1;
    if (at + 1 >= gap.len) return comment;
    size_t end = comment_end(gap, at, NULL);
    comment.text = str_slice(gap, at, end);
    comment.is_line = gap.at[at + 1] == '/';
    comment.has_lines = !comment.is_line && memchr(comment.text.at, '\n', comment.text.len);
    if (comment.is_line) comment.text = trim_end(comment.text);
    vec_push(self->out.arena, &self->comments, comment);
    at = end;
  }
}

static bool is_doc(const Comment *comment)
{
  Str text = comment->text;
  return str_starts_with(text, STR("///")) ||
         (str_starts_with(text, STR("/**")) && !str_starts_with(text, STR("/**/")));
}

void print_text(Printer *self, Str text)
{
  buf_str(&self->out, text);
}

static void print_space(Printer *self)
{
  buf_byte(&self->out, ' ');
}

static void end_line(Printer *self)
{
  buf_byte(&self->out, '\n');
  self->line_start = self->out.len;
}

/* To the beginning of a line; there is none to end at the beginning of the text. */
static void begin_line(Printer *self, bool blank, size_t indent)
{
  if (self->out.len) {
    end_line(self);
    if (blank) end_line(self);
  }
  buf_repeat(&self->out, ' ', indent);
}

/* The white space that the line of `at` begins with, in a text that begins at `start`. */
static Str indent_before(const char *at, const char *start)
{
  const char *from = at;
  while (from > start && from[-1] != '\n') from--;
  Str line = {from, (size_t)(at - from)};
  return str_slice(line, 0, leading(line));
}

/* The white space that all lines behind the first one share. */
static Str shared_indent(Str text)
{
  size_t at = 0;
  Str shared = {"", SIZE_MAX};
  next_line(text, &at);
  while (at < text.len) {
    Str line = trim_end(next_line(text, &at));
    size_t own = leading(line);
    if (line.len && own < shared.len) shared = (Str){line.at, own};
  }
  return shared.len == SIZE_MAX ? STR("") : shared;
}

/* A block comment of several lines moves as a whole, with the line that it begins on: what its lines have in
 * common is changed, their differences are the author's. */
static void print_lines(Printer *self, Str text)
{
  Str shared = shared_indent(text);
  Str out = buf_text(&self->out);
  size_t was = width_of(indent_before(text.at, self->source.at));
  size_t indent = width_of(shared) + width_of(indent_before(out.at + out.len, out.at));
  indent = indent > was ? indent - was : 0;
  size_t at = 0;
  print_text(self, trim_end(next_line(text, &at)));
  while (at < text.len) {
    Str line = trim_end(next_line(text, &at));
    end_line(self);
    if (!line.len) continue;
    buf_repeat(&self->out, ' ', indent);
    print_text(self, str_slice(line, shared.len, line.len));
  }
}

static void print_comment(Printer *self, const Comment *comment)
{
  if (comment->has_lines)
    print_lines(self, comment->text);
  else
    print_text(self, comment->text);
}

/* How many of the comments stay on the line of what is before them: those that were there, if nothing
 * followed them on it. */
static size_t trailing_count(const Printer *self, const Comment *token, Break how)
{
  size_t count = 0, all = self->comments.len;
  if (!self->out.len) return 0;
  while (count < all && !self->comments.at[count].starts_line) count++;
  bool alone = count < all || token->starts_line || (how.before_closer && !how.after_opener);
  return alone ? count : 0;
}

/* True where an empty line stays before the token. A doc comment and what it documents are not parted. */
static bool token_blank(const Printer *self, const Comment *token, Break how)
{
  size_t count = self->comments.len;
  bool documented = count && is_doc(&self->comments.at[count - 1]);
  return token->after_blank && !how.before_closer && !documented;
}

/* True for an empty line before what comes first behind the trailing comments. */
static bool first_blank(const Printer *self, const Comment *token, size_t trailing, Break how)
{
  size_t count = self->comments.len;
  bool here = trailing < count ? self->comments.at[trailing].after_blank : token_blank(self, token, how);
  if (how.blank != BLANK_ONE) return here && how.blank == BLANK_KEPT;
  bool later = trailing < count && token_blank(self, token, how);
  for (size_t i = trailing + 1; i < count; i++) later = later || self->comments.at[i].after_blank;
  return here || !later;
}

void print_break(Printer *self, const Piece *next, Break how)
{
  Comment token = read_gap(self, next->gap);
  size_t trailing = trailing_count(self, &token, how), count = self->comments.len;
  bool first = first_blank(self, &token, trailing, how), ends = next->kind == TOKEN_END;
  size_t inner = indent_of(how.level + (how.before_closer && !ends));
  for (size_t i = 0; i < count; i++) {
    const Comment *comment = &self->comments.at[i];
    if (i < trailing || (i > trailing && !comment->starts_line))
      print_space(self);
    else
      begin_line(self, i == trailing ? first : comment->after_blank, inner);
    print_comment(self, comment);
  }
  if (ends) {
    if (self->out.len) end_line(self);
  } else if (count > trailing && !token.starts_line && !how.before_closer) {
    print_space(self);
  } else {
    begin_line(self, count > trailing ? token_blank(self, &token, how) : first, indent_of(how.level));
  }
}

/* Brackets and punctuation that stand right behind a comment. ('/' would look like the start of another.) */
static bool is_tight(const Piece *next)
{
  TokenKind kind = next->kind;
  if (kind == TOKEN_RIGHT_BRACE) return !next->space;
  return kind == TOKEN_RIGHT_PAREN || kind == TOKEN_GREATER || kind == TOKEN_COMMA ||
         kind == TOKEN_SEMICOLON || kind == TOKEN_COLON;
}

void print_inline(Printer *self, const Piece *next, bool after_opener, uint32_t level)
{
  if (!next->comments) {
    if (next->space) print_space(self);
    return;
  }
  bool open = false; /* a line comment, which the next thing must not stand behind */
  read_gap(self, next->gap);
  for (size_t i = 0; i < self->comments.len; i++) {
    const Comment *comment = &self->comments.at[i];
    if (open || (comment->is_line && comment->starts_line))
      begin_line(self, false, indent_of(level));
    else if (i > 0 || !after_opener)
      print_space(self);
    print_comment(self, comment);
    open = comment->is_line;
  }
  if (open)
    begin_line(self, false, indent_of(level));
  else if (!is_tight(next))
    print_space(self);
}

bool inline_width(Printer *self, const Piece *next, bool after_opener, size_t *width)
{
  *width = next->space;
  if (!next->comments) return true;
  bool one_line = true;
  *width = !is_tight(next);
  read_gap(self, next->gap);
  for (size_t i = 0; i < self->comments.len; i++) {
    const Comment *comment = &self->comments.at[i];
    if (i > 0 || !after_opener) ++*width;
    if (comment->is_line || comment->has_lines)
      one_line = false;
    else
      *width += comment->text.len;
  }
  return one_line;
}
