#include "ifc/base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ifc/base/utf8.h"

enum { SOURCE_LIMIT = 100, LIMIT = 1000, MESSAGE_LIMIT = 1000 };

/* How many of a source's diagnostics were kept. */
typedef struct DiagCount {
  const Source *source;
  size_t of[SEVERITY_WARNING + 1];
  struct DiagCount *next;
} DiagCount;

Diags diags_in(Arena *arena)
{
  return (Diags){.arena = arena};
}

/* The text without its middle, which is what only a long name can be; whole code points stay. */
static Str without_middle(Arena *arena, Str text)
{
  size_t head = MESSAGE_LIMIT * 3 / 4, tail = text.len - MESSAGE_LIMIT / 4;
  while (head && ((unsigned char)text.at[head] & 0xc0) == 0x80) head--;
  while (tail < text.len && ((unsigned char)text.at[tail] & 0xc0) == 0x80) tail++;
  Buf out = buf_in(arena);
  buf_str(&out, str_slice(text, 0, head));
  buf_z(&out, "…");
  buf_str(&out, str_slice(text, tail, text.len));
  return buf_text(&out);
}

static PRINTF_LIKE(2, 0) Str format_list(Arena *arena, const char *format, va_list args)
{
  va_list again;
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  size_t size = len < 0 ? 0 : (size_t)len;
  Arena *scratch = size > MESSAGE_LIMIT ? arena_new() : arena;
  char *bytes = arena_alloc(scratch, size + 1);
  if (size) vsnprintf(bytes, size + 1, format, again);
  va_end(again);
  if (scratch == arena) return (Str){bytes, size};
  Str text = without_middle(arena, (Str){bytes, size});
  arena_free(scratch);
  return text;
}

/* The count of a source; NULL where nothing was kept yet. */
static DiagCount *count_of(const Diags *self, const Source *source)
{
  for (DiagCount *count = self->counts; count; count = count->next)
    if (count->source == source) return count;
  return NULL;
}

static bool is_full(const Diags *self, Severity severity, Span at)
{
  const DiagCount *count = count_of(self, at.source);
  return self->kept >= LIMIT || (count && count->of[severity] >= SOURCE_LIMIT);
}

bool diags_full(const Diags *self, Span at)
{
  return is_full(self, SEVERITY_ERROR, at);
}

static void count_kept(Diags *self, Severity severity, Span at)
{
  DiagCount *count = count_of(self, at.source);
  if (!count) {
    count = arena_new_of(self->arena, DiagCount);
    *count = (DiagCount){.source = at.source, .next = self->counts};
    self->counts = count;
  }
  count->of[severity]++;
  self->kept++;
}

static PRINTF_LIKE(5, 0) Diag *append(Diags *self, Severity severity, DiagCode code, Span at,
                                      const char *format, va_list args)
{
  size_t *total = severity == SEVERITY_ERROR ? &self->errors : &self->warnings;
  ++*total;
  if (is_full(self, severity, at)) {
    self->dropped++;
    self->discarded = (Diag){.severity = severity, .code = code, .span = at};
    return &self->discarded;
  }
  count_kept(self, severity, at);
  Diag *diag = arena_new_of(self->arena, Diag);
  *diag = (Diag){
      .severity = severity, .code = code, .span = at, .message = format_list(self->arena, format, args)};
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
  Diag *diag = append(self, SEVERITY_ERROR, code, at, format, args);
  va_end(args);
  return diag;
}

Diag *diag_warning(Diags *self, DiagCode code, Span at, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  Diag *diag = append(self, SEVERITY_WARNING, code, at, format, args);
  va_end(args);
  return diag;
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

static const char *reason_of(int error)
{
  const char *reason = strerrordesc_np(error);
  return reason ? reason : "unknown error";
}

Diag *diag_errno_stream(Diags *self, int error, const char *doing, const char *stream)
{
  DiagCode code = is_about_the_path(error) ? DIAG_INPUT : DIAG_SYSTEM;
  Diag *diag = diag_error(self, code, SPAN_NONE, "cannot %s %s: %s", doing, stream,
                          error == EBADF ? "it is closed" : reason_of(error));
  if (error == ENOSPC || error == EDQUOT)
    diag_note(self, diag, SPAN_NONE, "free some space on the file system that it goes to, then try again");
  return diag;
}

Diag *diag_errno(Diags *self, int error, const char *doing, Str path)
{
  DiagCode code = is_about_the_path(error) ? DIAG_INPUT : DIAG_SYSTEM;
  Diag *diag =
      diag_error(self, code, SPAN_NONE, "cannot %s '%.*s': %s", doing, STR_ARG(path), reason_of(error));
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
  if (diag == &self->discarded) return;
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

Position span_position_after(Span self, LineMark *known)
{
  if (!self.source) return (Position){0};
  Str text = self.source->text;
  size_t at = clamp(self.at, text);
  if (known->source != self.source || known->at > at) *known = (LineMark){.source = self.source};
  if (known->seen > at) *known = (LineMark){self.source, known->line, known->at, known->at, 0};
  for (;;) {
    Str before = str_slice(text, known->seen, at);
    const char *end = before.len ? memchr(before.at, '\n', before.len) : NULL;
    if (!end) break;
    known->at = known->seen = (size_t)(end - text.at) + 1;
    known->columns = 0;
    known->line++;
  }
  known->columns += utf8_columns(str_slice(text, known->seen, at));
  known->seen = at;
  Position out = {.line = known->line + 1, .column = known->columns + 1};
  Str rest = str_slice(text, known->at, text.len);
  size_t end = str_find(rest, STR("\n"));
  out.line_text = end == SIZE_MAX ? rest : str_slice(rest, 0, end);
  if (str_ends_with(out.line_text, STR("\r"))) out.line_text.len--;
  return out;
}

Position span_position(Span self)
{
  return span_position_after(self, &(LineMark){0});
}
