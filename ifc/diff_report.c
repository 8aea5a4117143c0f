/* The report for people. */
#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "ifc/diff.h"

enum { WIDTH = 80, HASH_DIGITS = 8, NAMED_MAX = 20 };

/* Words from where the cursor is, further lines at `indent`. */
static void put_wrapped(Buf *out, size_t column, size_t indent, Str text)
{
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && text.at[end] != ' ') end++;
    Str word = str_slice(text, at, end);
    size_t width = utf8_columns(word);
    if (at > 0 && column + 1 + width > WIDTH) {
      buf_byte(out, '\n');
      buf_repeat(out, ' ', indent);
      column = indent;
    } else if (at > 0) {
      buf_byte(out, ' ');
      column++;
    }
    buf_str(out, word);
    column += width;
    at = end + 1;
  }
  buf_byte(out, '\n');
}

static void put_indented(Buf *out, size_t indent, Str text)
{
  buf_repeat(out, ' ', indent);
  put_wrapped(out, indent, indent + 2, text);
}

static const char *breaks_words(DiffBreaks breaks, bool is_world)
{
  switch (breaks) {
  case DIFF_BREAKS_NOBODY: return "breaks nobody";
  case DIFF_BREAKS_IMPLEMENTERS: return is_world ? "guests still work" : "callers still work";
  case DIFF_BREAKS_CALLERS: return is_world ? "hosts still work" : "implementers still work";
  case DIFF_BREAKS_ALL: break;
  }
  return "breaking";
}

/* "blob.read" for "[method]blob.read". */
static Str called(Arena *arena, Str name)
{
  if (!str_starts_with(name, STR("["))) return name;
  Str plain = str_slice(name, str_find(name, STR("]")) + 1, name.len);
  if (!str_starts_with(name, STR("[constructor]"))) return plain;
  return str_format(arena, "%.*s's constructor", STR_ARG(plain));
}

static Str class_words(Arena *arena, const InterfaceDiff *self)
{
  switch (self->class) {
  case DIFF_SAME: return STR("unchanged");
  case DIFF_ADDED:
    if (!self->renamed.len) return STR("added");
    return str_format(arena, "added; renamed from %.*s?", STR_ARG(self->renamed));
  case DIFF_REMOVED:
    if (!self->renamed.len) return STR("removed");
    return str_format(arena, "removed; renamed to %.*s?", STR_ARG(self->renamed));
  case DIFF_FOREIGN:
    return str_format(arena, "only foreign interfaces changed: %s",
                      breaks_words(self->breaks, self->is_world));
  case DIFF_CALLERS:
  case DIFF_IMPLEMENTERS:
  case DIFF_BREAKING: break;
  }
  return str_from_z(breaks_words(self->breaks, self->is_world));
}

/* "wasi:cli/command", or of worlds that have different names "wasi:cli/command → my:app/main". */
static Str ids_text(Arena *arena, const InterfaceDiff *self)
{
  if (!self->renamed.len || self->class == DIFF_ADDED || self->class == DIFF_REMOVED) return self->id;
  return str_format(arena, "%.*s → %.*s", STR_ARG(self->id), STR_ARG(self->renamed));
}

/* "geometry:shapes/circle  64d43a15 → 9be2c1aa  callers still work" */
static void put_heading(Arena *arena, const InterfaceDiff *self, Buf *out)
{
  Str before = str_slice(hash_hex(arena, self->before), 0, HASH_DIGITS);
  Str after = str_slice(hash_hex(arena, self->after), 0, HASH_DIGITS);
  Buf line = buf_in(arena);
  buf_printf(&line, "%s%.*s%s  ", self->is_world ? "world " : "", STR_ARG(ids_text(arena, self)),
             self->is_dependency ? " (a dependency)" : "");
  if (self->class != DIFF_ADDED) buf_str(&line, before);
  if (self->class != DIFF_ADDED && self->class != DIFF_REMOVED) buf_z(&line, " → ");
  if (self->class != DIFF_REMOVED) buf_str(&line, after);
  Str words = class_words(arena, self);
  size_t column = utf8_columns(buf_text(&line));
  buf_str(out, buf_text(&line));
  if (column + 2 + utf8_columns(words) <= WIDTH) {
    buf_printf(out, "  %.*s\n", STR_ARG(words));
  } else {
    buf_byte(out, '\n');
    put_indented(out, 2, words);
  }
}

/* For whom a change breaks is said where the heading does not. */
static void put_change(Arena *arena, const InterfaceDiff *diff, const Change *self, Buf *out)
{
  Buf text = buf_in(arena);
  buf_str(&text, self->text);
  if (self->class != diff->class || self->class == DIFF_FOREIGN)
    buf_printf(&text, " (%s)", breaks_words(self->breaks, diff->is_world));
  if (self->renamed.len)
    buf_printf(&text, "; renamed %s %.*s?", self->after.source ? "from" : "to",
               STR_ARG(called(arena, self->renamed)));
  put_indented(out, 2, buf_text(&text));
  if (!self->also_count) return;
  Buf also = buf_in(arena);
  buf_z(&also, "also in ");
  for (size_t i = 0; i < self->also_count; i++) {
    if (i > 0) buf_z(&also, i + 1 == self->also_count && !self->also_more ? " and " : ", ");
    buf_str(&also, called(arena, self->also[i]));
  }
  if (self->also_more) buf_z(&also, " and others");
  put_indented(out, 4, buf_text(&also));
}

static void put_interface(Arena *arena, const InterfaceDiff *self, Buf *out)
{
  put_heading(arena, self, out);
  for (size_t i = 0; i < self->change_count; i++) put_change(arena, self, &self->changes[i], out);
  if (self->dropped)
    buf_printf(out, "  and %zu more change%s\n", self->dropped, self->dropped == 1 ? "" : "s");
  buf_byte(out, '\n');
}

static void put_unchanged(Arena *arena, const Diff *self, Buf *out)
{
  size_t count = 0;
  Buf names = buf_in(arena);
  for (size_t i = 0; i < self->interface_count; i++) {
    const InterfaceDiff *diff = &self->interfaces[i];
    if (diff->class != DIFF_SAME || count++ >= NAMED_MAX) continue;
    buf_printf(&names, "%s%.*s", count > 1 ? ", " : "", STR_ARG(ids_text(arena, diff)));
  }
  if (!count) return;
  if (count > NAMED_MAX) buf_z(&names, ", …");
  Str list = buf_text(&names);
  put_wrapped(out, 0, 2, str_format(arena, "%zu unchanged: %.*s", count, STR_ARG(list)));
}

Str diff_text(Arena *arena, const Diff *self)
{
  Buf out = buf_in(arena);
  bool is_changed = false;
  for (size_t i = 0; i < self->interface_count; i++) {
    if (self->interfaces[i].class == DIFF_SAME) continue;
    is_changed = true;
    put_interface(arena, &self->interfaces[i], &out);
  }
  put_unchanged(arena, self, &out);
  bool callers = diff_breaks_callers(self), implementers = diff_breaks_implementers(self);
  const char *verdict =
      callers        ? implementers ? "breaks callers and implementers" : "breaks callers, not implementers"
      : implementers ? "breaks implementers, not callers"
      : is_changed   ? "breaks nobody"
                     : "nothing changed";
  buf_printf(&out, "%s\n", verdict);
  return buf_text(&out);
}
