#include "ifc/base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ifc/base/utf8.h"

enum { LIMIT = 100 };

Diags diags_in(Arena *arena)
{
  return (Diags){.arena = arena};
}

static PRINTF_LIKE(2, 0) Str format_list(Arena *arena, const char *format, va_list args)
{
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  size_t size = len < 0 ? 0 : (size_t)len;
  char *text = arena_alloc(arena, size + 1);
  if (size) vsnprintf(text, size + 1, format, again);
  va_end(again);
  return (Str){text, size};
}

static Diag *append(Diags *self, Severity severity, DiagCode code, Span at, Str message)
{
  Diag *diag = arena_new_of(self->arena, Diag);
  *diag = (Diag){.severity = severity, .code = code, .span = at, .message = message};
  size_t *count = severity == SEVERITY_ERROR ? &self->errors : &self->warnings;
  if ((*count)++ >= LIMIT) {
    self->dropped++;
    return diag;
  }
  if (self->last)
    self->last->next = diag;
  else
    self->first = diag;
  self->last = diag;
  return diag;
}

Diag *diag_error(Diags *self, DiagCode code, Span at, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  Str message = format_list(self->arena, format, args);
  va_end(args);
  return append(self, SEVERITY_ERROR, code, at, message);
}

Diag *diag_warning(Diags *self, DiagCode code, Span at, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  Str message = format_list(self->arena, format, args);
  va_end(args);
  return append(self, SEVERITY_WARNING, code, at, message);
}

/* Whether the path was at fault, rather than the system. */
static bool is_about_the_path(int error)
{
  switch (error) {
  case ENOENT:
  case ENOTDIR:
  case EISDIR:
  case EACCES:
  case ELOOP:
  case ENAMETOOLONG:
  case EINVAL: return true;
  default: return false;
  }
}

Diag *diag_errno(Diags *self, int error, const char *doing, Str path)
{
  DiagCode code = is_about_the_path(error) ? DIAG_INPUT : DIAG_SYSTEM;
  const char *reason = strerrordesc_np(error);
  Diag *diag = diag_error(self, code, SPAN_NONE, "cannot %s '%.*s': %s", doing, STR_ARG(path),
                          reason ? reason : "unknown error");
  if (error == ENOSPC || error == EDQUOT)
    diag_note(self, diag, SPAN_NONE, "free some space on the file system that holds '%.*s', then try again",
              STR_ARG(path));
  if (error == EACCES || error == EPERM)
    diag_note(self, diag, SPAN_NONE, "check the permissions of '%.*s' and of the folders above it",
              STR_ARG(path));
  return diag;
}

void diag_note(Diags *self, Diag *diag, Span at, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  DiagNote *note = arena_new_of(self->arena, DiagNote);
  *note = (DiagNote){.span = at, .message = format_list(self->arena, format, args)};
  va_end(args);
  DiagNote **end = &diag->notes;
  while (*end) end = &(*end)->next;
  *end = note;
}

Str diag_code_slug(DiagCode code)
{
  switch (code) {
#define DIAG(name, slug, exit) \
  case DIAG_##name:            \
    return STR(slug);
#include "ifc/base/codes.def"
#undef DIAG
  }
  return STR("");
}

static int code_exit(DiagCode code)
{
  switch (code) {
#define DIAG(name, slug, exit) \
  case DIAG_##name:            \
    return exit;
#include "ifc/base/codes.def"
#undef DIAG
  }
  return 3;
}

int diags_exit(const Diags *self)
{
  for (const Diag *diag = self->first; diag; diag = diag->next)
    if (diag->severity == SEVERITY_ERROR) return code_exit(diag->code);
  return 0;
}

static size_t clamp(size_t at, Str text)
{
  return at < text.len ? at : text.len;
}

Span span_join(Span first, Span last)
{
  if (!first.source) return last;
  if (!last.source) return first;
  first.len = last.at + last.len > first.at ? last.at + last.len - first.at : 0;
  return first;
}

Str span_text(Span self)
{
  if (!self.source) return STR("");
  return str_slice(self.source->text, self.at, (size_t)self.at + self.len);
}

static size_t line_start(Span self)
{
  Str before = str_slice(self.source->text, 0, self.at);
  size_t newline = str_find_last(before, '\n');
  return newline == SIZE_MAX ? 0 : newline + 1;
}

Position span_position(Span self)
{
  if (!self.source) return (Position){0};
  Str text = self.source->text;
  Position out = {.line = 1};
  size_t at = clamp(self.at, text), start = line_start(self);
  for (size_t i = 0; i < start; i++) out.line += text.at[i] == '\n';
  out.column = utf8_columns(str_slice(text, start, at)) + 1;
  Str rest = str_slice(text, start, text.len);
  size_t end = str_find(rest, STR("\n"));
  out.line_text = end == SIZE_MAX ? rest : str_slice(rest, 0, end);
  if (str_ends_with(out.line_text, STR("\r"))) out.line_text.len--;
  return out;
}
