/* A verification for people. The same as a document: report_json.c. */
#include "ifc/base/utf8.h"
#include "spec/verify.h"

enum { WIDTH = 80 };

int verify_exit(const VerifyReport *self)
{
  bool undecided = self->implementation_count == 0;
  for (size_t i = 0; i < self->implementation_count; i++) {
    if (self->implementations[i].verdict == VERDICT_FAILED) return 1;
    if (self->implementations[i].verdict == VERDICT_UNDECIDED) undecided = true;
  }
  return undecided ? 3 : 0;
}

typedef struct Printer {
  const VerifyReport *report;
  bool colour;
  Buf *out;
} Printer;

typedef enum Tint { TINT_GREEN = 32, TINT_RED = 31, TINT_YELLOW = 33, TINT_DIM = 2, TINT_BOLD = 1 } Tint;

static void print_tinted(const Printer *self, Tint tint, const char *text)
{
  if (self->colour) buf_printf(self->out, "\x1b[%dm", tint);
  buf_z(self->out, text);
  if (self->colour) buf_z(self->out, "\x1b[0m");
}

/* Names come from files: what a terminal would obey is left out. */
static void print_clean(const Printer *self, Str text)
{
  for (size_t at = 0; at < text.len;) {
    size_t from = at;
    uint32_t point = utf8_next(text, &at);
    bool bad = point == UINT32_MAX || point < 0x20 || (point >= 0x7f && point < 0xa0);
    if (point == UINT32_MAX) at = from + 1;
    buf_str(self->out, bad ? STR(" ") : str_slice(text, from, at));
  }
}

/* Text after what stands in the first line, broken at spaces; further lines begin with `indent` spaces. */
static void print_wrapped(const Printer *self, size_t column, size_t indent, Str text)
{
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && text.at[end] != ' ') end++;
    Str word = str_slice(text, at, end);
    size_t width = utf8_columns(word);
    if (at > 0 && column + 1 + width > WIDTH) {
      buf_byte(self->out, '\n');
      buf_repeat(self->out, ' ', indent);
      column = indent;
    } else if (at > 0) {
      buf_byte(self->out, ' ');
      column++;
    }
    print_clean(self, word);
    column += width;
    at = end < text.len ? end + 1 : end;
  }
  buf_byte(self->out, '\n');
}

/* 1,234,567 */
static void print_count(Buf *out, uint64_t count)
{
  char digits[24];
  int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
  for (int i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0) buf_byte(out, ',');
    buf_byte(out, digits[i]);
  }
}

static void print_mark(const Printer *self, Verdict verdict)
{
  if (verdict == VERDICT_PASSED) print_tinted(self, TINT_GREEN, "✓");
  if (verdict == VERDICT_FAILED) print_tinted(self, TINT_RED, "✗");
  if (verdict == VERDICT_UNDECIDED) print_tinted(self, TINT_YELLOW, "?");
}

enum { INDENT = 6 };

static void print_line(const Printer *self, Str label, Str text)
{
  buf_repeat(self->out, ' ', INDENT);
  buf_str(self->out, label);
  print_wrapped(self, INDENT + utf8_columns(label), INDENT + 4, text);
}

static void print_replay(const Printer *self, const ImplementationReport *report, const TestReport *test)
{
  Str spec = spec_path(self->report->specs[test->spec]);
  buf_repeat(self->out, ' ', INDENT);
  if (self->colour) buf_z(self->out, "\x1b[2m");
  buf_z(self->out, "assay verify ");
  print_clean(self, report->implementation->path);
  buf_z(self->out, " --spec ");
  print_clean(self, spec);
  buf_z(self->out, " --replay ");
  print_clean(self, test->failure->replay);
  if (self->colour) buf_z(self->out, "\x1b[0m");
  buf_byte(self->out, '\n');
}

static void print_failure(const Printer *self, const ImplementationReport *report, const TestReport *test)
{
  const Failure *failure = test->failure;
  Arena *arena = self->out->arena;
  Str place = failure->span.source ? str_format(arena, "%.*s:%zu: ", STR_ARG(failure->span.source->path),
                                                span_position(failure->span).line)
                                   : STR("");
  print_line(self, place, failure->message);
  for (size_t i = 0; i < failure->input_count; i++)
    print_line(self, str_format(arena, "%.*s = ", STR_ARG(failure->inputs[i].name)),
               failure->inputs[i].value);
  if (failure->actual.len || failure->expected.len) {
    print_line(self, STR("left:  "), failure->actual);
    print_line(self, STR("right: "), failure->expected);
  }
  if (failure->replay.len) print_replay(self, report, test);
}

static void print_test(const Printer *self, const ImplementationReport *report, const TestReport *test)
{
  if (test->verdict == VERDICT_PASSED) return;
  buf_z(self->out, "  ");
  print_mark(self, test->verdict);
  buf_byte(self->out, ' ');
  Str words = test->group.len
                  ? str_format(self->out->arena, "%.*s: %.*s", STR_ARG(test->group), STR_ARG(test->name))
                  : test->name;
  print_wrapped(self, 4, 4, words);
  if (test->failure)
    print_failure(self, report, test);
  else if (test->reason.len && !str_equal(test->reason, report->reason))
    print_line(self, STR(""), test->reason);
}

static size_t count_verdicts(const ImplementationReport *report, Verdict verdict)
{
  size_t count = 0;
  for (size_t i = 0; i < report->test_count; i++) count += report->tests[i].verdict == verdict;
  return count;
}

static void print_summary(const Printer *self, const ImplementationReport *report)
{
  Buf *out = self->out;
  size_t failed = count_verdicts(report, VERDICT_FAILED),
         undecided = count_verdicts(report, VERDICT_UNDECIDED);
  const char *plural = report->test_count == 1 ? "" : "s";
  if (failed)
    buf_printf(out, "%zu of %zu test%s failed", failed, report->test_count, plural);
  else if (undecided)
    buf_printf(out, "%zu of %zu test%s undecided", undecided, report->test_count, plural);
  else
    buf_printf(out, "%zu test%s passed", report->test_count, plural);
  buf_z(out, ", ");
  print_count(out, report->cases);
  buf_printf(out, " case%s, %.1f s\n", report->cases == 1 ? "" : "s", (double)report->nanoseconds / 1e9);
}

static void print_implementation(const Printer *self, const ImplementationReport *report, size_t width)
{
  Str label = report->implementation->label;
  print_mark(self, report->verdict);
  buf_byte(self->out, ' ');
  if (self->colour) buf_z(self->out, "\x1b[1m");
  print_clean(self, label);
  if (self->colour) buf_z(self->out, "\x1b[0m");
  buf_repeat(self->out, ' ', 2 + width - utf8_columns(label));
  if (report->reason.len && report->cases == 0) {
    print_wrapped(self, 4 + width, 4, report->reason);
    return;
  }
  print_summary(self, report);
  for (size_t i = 0; i < report->test_count; i++) print_test(self, report, &report->tests[i]);
}

void verify_print(const VerifyReport *self, bool colour, Buf *out)
{
  Printer printer = {self, colour, out};
  size_t width = 0;
  for (size_t i = 0; i < self->implementation_count; i++) {
    size_t own = utf8_columns(self->implementations[i].implementation->label);
    if (own > width) width = own;
  }
  for (size_t i = 0; i < self->implementation_count; i++)
    print_implementation(&printer, &self->implementations[i], width);
  buf_printf(out, "seed %llu\n", (unsigned long long)self->seed);
}
