/* What compilers print, as diagnostics: "src/square.c:3:5: error: …" of clang and wat2wasm, "error[E0308]: …"
 * of rustc, with the file as the user named it and the place in it, and the linker's "wasm-ld-14: error: …".
 * Carets, counts and the like are dropped: diagnostics print their own. */
#include <ctype.h>

#include "ifc/base/file.h"
#include "runtime/drivers.h"

typedef enum MessageKind { MESSAGE_NONE, MESSAGE_ERROR, MESSAGE_WARNING, MESSAGE_NOTE } MessageKind;

typedef struct Message {
  MessageKind kind;
  Span span;
  Str text;
  Str elsewhere; /* a place outside the build's files: "/usr/include/…:12:3" */
} Message;

static bool take(Str *rest, Str prefix)
{
  if (!str_starts_with(*rest, prefix)) return false;
  *rest = str_slice(*rest, prefix.len, rest->len);
  return true;
}

static bool take_number(Str *rest, uint64_t *out)
{
  size_t end = 0;
  while (end < rest->len && isdigit((unsigned char)rest->at[end])) end++;
  if (!str_to_u64(str_slice(*rest, 0, end), out)) return false;
  *rest = str_slice(*rest, end, rest->len);
  return true;
}

static MessageKind take_kind(Str *rest)
{
  static const struct {
    const char *word;
    MessageKind kind;
  } kinds[] = {{"error: ", MESSAGE_ERROR},
               {"fatal error: ", MESSAGE_ERROR},
               {"warning: ", MESSAGE_WARNING},
               {"note: ", MESSAGE_NOTE}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (take(rest, str_from_z(kinds[i].word))) return kinds[i].kind;
  size_t number_end = str_find(*rest, STR("]: "));
  if (!str_starts_with(*rest, STR("error[")) || number_end == SIZE_MAX) return MESSAGE_NONE;
  *rest = str_slice(*rest, number_end + 3, rest->len);
  return MESSAGE_ERROR;
}

static bool is_word(char c)
{
  return isalnum((unsigned char)c) || c == '_';
}

/* The word, or else the character, at a line and column, which count from 1. */
static Span span_at(const Source *source, uint64_t line, uint64_t column)
{
  Str text = source->text;
  size_t at = 0;
  for (; line > 1 && at < text.len; at++) line -= text.at[at] == '\n';
  for (; column > 1 && at < text.len && text.at[at] != '\n'; column--) at++;
  size_t end = at;
  while (end < text.len && is_word(text.at[end])) end++;
  if (end == at && at < text.len) end++;
  return (Span){source, (uint32_t)at, (uint32_t)(end - at)};
}

/* ":3:5: error: …" after the name of one of the build's files. */
static bool take_place(const BuildFile *file, Str *rest, Message *out)
{
  Str after = *rest;
  uint64_t line, column;
  if (!take(&after, file->name) || !take(&after, STR(":")) || !take_number(&after, &line) ||
      !take(&after, STR(":")) || !take_number(&after, &column) || !take(&after, STR(": ")))
    return false;
  out->span = span_at(&file->source, line, column);
  *rest = after;
  return true;
}

/* "clang: ", or with a version as linkers have it, "wasm-ld-14: ". */
static bool take_program(Str *rest, Str program)
{
  Str after = *rest;
  if (!take(&after, program)) return false;
  size_t end = str_find(after, STR(": "));
  if (end == SIZE_MAX || (end > 0 && after.at[0] != '-')) return false;
  *rest = str_slice(after, end + 2, after.len);
  return true;
}

static Message message_read(const BuildJob *job, Str tool, Str line)
{
  Message message = {0};
  Str rest = line;
  bool placed = false;
  for (size_t i = 0; i < job->files.len && !placed; i++)
    placed = take_place(&job->files.at[i], &rest, &message);
  if (!placed && str_starts_with(line, STR("/"))) {
    size_t end = str_find(line, STR(": "));
    if (end == SIZE_MAX) return message;
    message.elsewhere = str_slice(line, 0, end);
    rest = str_slice(line, end + 2, line.len);
  } else if (!placed && !take_program(&rest, tool) && !take_program(&rest, STR("wasm-ld"))) {
    return message;
  }
  message.kind = take_kind(&rest);
  message.text = rest;
  return message;
}

/* "o0.o" by the name of its source; the bindings' by what they are. */
static bool take_object(const BuildJob *job, Str *rest, Str *name)
{
  uint64_t number;
  Str after = *rest;
  if (!take(&after, STR("o")) || !take_number(&after, &number) || !take(&after, STR(".o"))) return false;
  *name = number < job->source_count ? job->sources[number].path : STR("the generated bindings");
  *rest = after;
  return true;
}

/* "o0.o: undefined symbol: f", "defined as (i32) -> i32 in o0.o". */
static Str without_objects(const BuildJob *job, Str text)
{
  Str rest = text, name;
  if (take_object(job, &rest, &name)) return str_format(job->arena, "%.*s%.*s", STR_ARG(name), STR_ARG(rest));
  size_t at = str_find(text, STR(" in o"));
  if (at == SIZE_MAX) return text;
  rest = str_slice(text, at + 4, text.len);
  if (!take_object(job, &rest, &name)) return text;
  return str_format(job->arena, "%.*s in %.*s%.*s", (int)at, text.at, STR_ARG(name), STR_ARG(rest));
}

/* The line of a generated header that declares a function. */
static Str declaration_of(const BuildJob *job, Str function)
{
  Str call = str_format(job->arena, " %.*s(", STR_ARG(function));
  for (size_t i = job->source_count; i < job->files.len; i++) {
    Str text = job->files.at[i].source.text;
    size_t at = str_find(text, call);
    if (at == SIZE_MAX) continue;
    size_t start = at, end = at;
    while (start > 0 && text.at[start - 1] != '\n') start--;
    while (end < text.len && text.at[end] != '\n') end++;
    return str_slice(text, start, text.at[end - 1] == ';' ? end - 1 : end);
  }
  return STR("");
}

/* What the linker says of a function of the interface: that no source defines it, or that one defines it with
 * other types and without the header, so that the compiler could not notice. */
static bool report_export(const BuildJob *job, Str text)
{
  static const Str undefined = {"undefined symbol: ", 18}, mismatch = {"function signature mismatch: ", 29};
  size_t missing_at = str_find(text, undefined);
  size_t at = missing_at == SIZE_MAX ? str_find(text, mismatch) : missing_at;
  if (at == SIZE_MAX) return false;
  Str symbol = str_slice(text, at + (missing_at == SIZE_MAX ? mismatch : undefined).len, text.len);
  Str declaration = declaration_of(job, symbol), id = job->options->interface->id;
  if (!declaration.len) return false;
  const char *what = missing_at == SIZE_MAX ? "defined with other types than" : "not defined, but needed by";
  Diag *diag = diag_error(job->diags, DIAG_BUILD, SPAN_NONE, "`%.*s` is %s the interface %.*s",
                          STR_ARG(symbol), what, STR_ARG(id));
  diag_note(job->diags, diag, SPAN_NONE, "define %.*s", STR_ARG(declaration));
  return true;
}

static bool toolchain_lacks(const BuildJob *job, Str text, const char *sign, const char *package)
{
  if (str_find(text, str_from_z(sign)) == SIZE_MAX) return false;
  Diag *diag = diag_error(job->diags, DIAG_TOOLCHAIN, SPAN_NONE, "a part of the toolchain is missing: %.*s",
                          STR_ARG(text));
  diag_note(job->diags, diag, SPAN_NONE, "install Debian's package %s", package);
  return true;
}

static bool report_missing_part(const BuildJob *job, Str text)
{
  return toolchain_lacks(job, text, "libclang_rt.builtins-wasm32", "libclang-rt-14-dev-wasm32") ||
         toolchain_lacks(job, text, "crt1-reactor.o", "wasi-libc") ||
         toolchain_lacks(job, text, "unable to find library -lc", "wasi-libc") ||
         toolchain_lacks(job, text, "Executable \"wasm-ld\" doesn't exist", "lld");
}

static Diag *report(const BuildJob *job, const Message *message)
{
  Str text = without_objects(job, message->text);
  if (message->kind == MESSAGE_WARNING)
    return diag_warning(job->diags, DIAG_BUILD, message->span, "%.*s", STR_ARG(text));
  if (report_missing_part(job, text) || report_export(job, text)) return NULL;
  Diag *diag = diag_error(job->diags, DIAG_BUILD, message->span, "%.*s", STR_ARG(text));
  if (message->elsewhere.len)
    diag_note(job->diags, diag, SPAN_NONE, "found in %.*s", STR_ARG(message->elsewhere));
  if (str_ends_with(text, STR("file not found")))
    diag_note(job->diags, diag, SPAN_NONE, "headers of your own have to be given beside the sources");
  return diag;
}

/* clang's last line after a linker's errors says nothing that they did not. */
static bool is_summary(Str text)
{
  return str_starts_with(text, STR("linker command failed")) || str_starts_with(text, STR("too many errors"));
}

size_t build_messages(BuildJob *job, Str tool, Str text)
{
  size_t before = job->diags->errors + job->diags->dropped;
  Diag *last = NULL;
  while (text.len) {
    size_t end = str_find(text, STR("\n"));
    Str line = str_slice(text, 0, end);
    text = end == SIZE_MAX ? STR("") : str_slice(text, end + 1, text.len);
    Message message = message_read(job, tool, line);
    if (message.kind == MESSAGE_NOTE && last)
      diag_note(job->diags, last, message.span, "%.*s", STR_ARG(message.text));
    else if (last && str_starts_with(line, STR(">>> ")))
      diag_note(job->diags, last, SPAN_NONE, "%.*s",
                STR_ARG(without_objects(job, str_slice(line, 4, line.len))));
    else if ((message.kind == MESSAGE_ERROR || message.kind == MESSAGE_WARNING) && !is_summary(message.text))
      last = report(job, &message);
  }
  return job->diags->errors + job->diags->dropped - before;
}
