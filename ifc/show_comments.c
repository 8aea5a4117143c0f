#include "ifc/base/vec.h"
#include "ifc/lex.h"
#include "ifc/show_text.h"

typedef VEC(Str) Comments;

static bool is_blank(char byte)
{
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f';
}

/* Without its markers, as far as the reference knows them: of blocks only those of documentation. */
static Str inside(Str comment)
{
  if (str_starts_with(comment, STR("/**")))
    comment = str_slice(comment, 3, comment.len < 5 ? 3 : comment.len - 2);
  else
    while (comment.len && comment.at[0] == '/') comment = str_slice(comment, 1, comment.len);
  while (comment.len && is_blank(comment.at[comment.len - 1])) comment.len--;
  return comment;
}

/* What all comments that are not empty are indented by, where that is spaces, goes. */
static void dedent(Comments *comments)
{
  size_t common = SIZE_MAX;
  for (size_t i = 0; i < comments->len; i++) {
    Str text = comments->at[i];
    size_t own = 0;
    while (own < text.len && is_blank(text.at[own])) own++;
    if (text.len && own < common) common = own;
  }
  for (size_t i = 0; i < comments->len; i++) {
    Str *text = &comments->at[i];
    size_t spaces = 0;
    while (spaces < text->len && spaces < common && text->at[spaces] == ' ') spaces++;
    if (spaces == common) *text = str_slice(*text, common, text->len);
  }
}

/* The comment's lines, each ended by LF. */
static void put_lines(Str text, Buf *out)
{
  size_t at = 0;
  do {
    Str rest = str_slice(text, at, text.len);
    Str line = str_slice(rest, 0, str_find(rest, STR("\n")));
    at += line.len + 1;
    if (line.len && line.at[line.len - 1] == '\r') line.len--;
    buf_str(out, line);
    buf_byte(out, '\n');
  } while (at < text.len);
}

Str show_comments(Arena *arena, Str raw)
{
  Comments comments = {0};
  Buf out = buf_in(arena);
  for (size_t at = 0; at < raw.len;) {
    if (raw.at[at] != '/') {
      at++;
      continue;
    }
    size_t end = comment_end(raw, at, NULL);
    vec_push(arena, &comments, inside(str_slice(raw, at, end)));
    at = end;
  }
  dedent(&comments);
  for (size_t i = 0; i < comments.len; i++) put_lines(comments.at[i], &out);
  Str text = buf_text(&out);
  while (text.len && text.at[text.len - 1] == '\n') text.len--;
  return text;
}
