/* A verification for people. As other forms: report_json.c, report_tap.c, report_junit.c, report_github.c. */
#include "ifc/base/utf8.h"
#include "spec/report_internal.h"

enum { INDENT = 6, NAMES_SHOWN = 4, UNMET_SHOWN = 3 };

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
  const Json *document;
  bool colour;
  size_t width; /* columns that a line may take */
  Buf *out;
} Printer;

typedef enum Tint { TINT_GREEN = 32, TINT_RED = 31, TINT_YELLOW = 33, TINT_DIM = 2, TINT_BOLD = 1 } Tint;

static void print_tinted(const Printer *self, Tint tint, Str text)
{
  if (self->colour) buf_printf(self->out, "\x1b[%dm", tint);
  report_put_clean(text, self->out);
  if (self->colour) buf_z(self->out, "\x1b[0m");
}

/* The beginning of the text that takes so many columns at most. */
static size_t bytes_of_columns(Str text, size_t columns)
{
  size_t at = 0;
  while (at < text.len && columns-- > 0)
    if (utf8_next(text, &at) == UINT32_MAX) at++;
  return at;
}

static void new_line(const Printer *self, size_t indent, size_t *column)
{
  buf_byte(self->out, '\n');
  buf_repeat(self->out, ' ', indent);
  *column = indent;
}

/* Text after what stands in the first line, broken at spaces, and where words are too long for a line;
 * further lines begin with `indent` spaces. No line begins with a word that the runners of a CI would obey.
 */
static void print_wrapped(const Printer *self, size_t column, size_t indent, Str given)
{
  Str text = report_clean(self->out->arena, given);
  for (size_t at = 0; at < text.len;) {
    Str rest = str_slice(text, at, text.len), word = str_slice(rest, 0, str_find(rest, STR(" ")));
    size_t width = utf8_columns(word);
    at += word.len + 1;
    if (word.at != text.at) {
      if (column + 1 + width > self->width && indent + width <= self->width &&
          !str_starts_with(word, STR("::"))) {
        new_line(self, indent, &column);
      } else {
        buf_byte(self->out, ' ');
        column++;
      }
    }
    while (column + width > self->width && column < self->width) {
      size_t len = bytes_of_columns(word, self->width - column);
      if (str_starts_with(str_slice(word, len, word.len), STR(":"))) break;
      buf_str(self->out, str_slice(word, 0, len));
      word = str_slice(word, len, word.len);
      width = utf8_columns(word);
      new_line(self, indent, &column);
    }
    buf_str(self->out, word);
    column += width;
  }
  buf_byte(self->out, '\n');
}

/* 1,234,567 */
static void print_count(Buf *out, int64_t count)
{
  char digits[24];
  int len = snprintf(digits, sizeof digits, "%lld", (long long)(count < 0 ? 0 : count));
  for (int i = 0; i < len; i++) {
    if (i > 0 && (len - i) % 3 == 0) buf_byte(out, ',');
    buf_byte(out, digits[i]);
  }
}

static void print_mark(const Printer *self, Verdict verdict)
{
  if (verdict == VERDICT_PASSED) print_tinted(self, TINT_GREEN, STR("✓"));
  if (verdict == VERDICT_FAILED) print_tinted(self, TINT_RED, STR("✗"));
  if (verdict == VERDICT_UNDECIDED) print_tinted(self, TINT_YELLOW, STR("?"));
}

static void print_line(const Printer *self, size_t indent, Str label, Str text)
{
  Str clean = report_clean(self->out->arena, label);
  buf_repeat(self->out, ' ', indent);
  buf_str(self->out, clean);
  print_wrapped(self, indent + utf8_columns(clean), indent + 4, text);
}

/* --- a failure */

static bool continues(Str text, size_t at)
{
  return at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80;
}

/* Of a number or a name, which differ as a whole. */
static bool is_of_word(Str text, size_t at)
{
  char byte = text.at[at];
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         byte == '-' || byte == '.' || byte == '+';
}

/* Where two texts differ: what they have in common at the front and at the back is left out. */
static void difference(Str a, Str b, size_t *front, size_t *back)
{
  size_t shorter = a.len < b.len ? a.len : b.len, from = 0, to = 0;
  while (from < shorter && a.at[from] == b.at[from]) from++;
  while (from > 0 && (continues(a, from) || continues(b, from))) from--;
  while (to < shorter - from && a.at[a.len - 1 - to] == b.at[b.len - 1 - to]) to++;
  while (to > 0 && (continues(a, a.len - to) || continues(b, b.len - to))) to--;
  while (from > 0 && is_of_word(b, from - 1)) from--;
  while (to > 0 && is_of_word(b, b.len - to)) to--;
  *front = from;
  *back = to;
}

/* Both sides, one below the other; where both are in one line, what differs is underlined. */
static void print_sides(const Printer *self, const Json *failure)
{
  static const size_t label = sizeof "right: " - 1;
  Arena *arena = self->out->arena;
  Str left = report_clean(arena, report_text(failure, "actual"));
  Str right = report_clean(arena, report_text(failure, "expected"));
  size_t front, back;
  if (!left.len && !right.len) return;
  print_line(self, INDENT, STR("left:  "), left);
  print_line(self, INDENT, STR("right: "), right);
  difference(left, right, &front, &back);
  bool inside = front > 0 && right.len && str_find(STR("[({\""), str_slice(right, 0, 1)) != SIZE_MAX;
  size_t columns = utf8_columns(str_slice(right, front, right.len - back));
  bool in_a_line = INDENT + label + utf8_columns(left) <= self->width &&
                   INDENT + label + utf8_columns(right) <= self->width;
  if (!in_a_line || !columns || !inside) return;
  buf_repeat(self->out, ' ', INDENT + label + utf8_columns(str_slice(right, 0, front)));
  buf_repeat(self->out, '^', columns);
  buf_byte(self->out, '\n');
}

static void print_failure(const Printer *self, const Json *implementation, const Json *test)
{
  const Json *failure = jv_get(test, STR("failure"));
  const Json *steps = jv_get(failure, STR("steps")), *inputs = jv_get(failure, STR("inputs"));
  Arena *arena = self->out->arena;
  Str command = report_command(arena, self->document, implementation, test);
  Str place = str_format(arena, "%.*s:%lld: ", STR_ARG(report_spec_path(self->document, test)),
                         (long long)report_number(failure, "line"));
  print_line(self, INDENT, place, report_text(failure, "message"));
  for (size_t i = 0; i < jv_count(steps); i++)
    print_line(self, INDENT, str_format(arena, "%zu. ", i + 1), jv_as_string(jv_at(steps, i)));
  for (size_t i = 0; i < jv_count(inputs); i++) {
    Str name = report_text(jv_at(inputs, i), "name");
    print_line(self, INDENT, str_format(arena, "%.*s = ", STR_ARG(name)),
               report_text(jv_at(inputs, i), "value"));
  }
  print_sides(self, failure);
  if (!command.len) return;
  buf_repeat(self->out, ' ', INDENT);
  print_tinted(self, TINT_DIM, command);
  buf_byte(self->out, '\n');
}

static void print_test(const Printer *self, const Json *implementation, const Json *test)
{
  Verdict verdict = report_verdict(test);
  Str reason = report_text(test, "reason");
  if (verdict == VERDICT_PASSED) return;
  buf_z(self->out, "  ");
  print_mark(self, verdict);
  buf_byte(self->out, ' ');
  print_wrapped(self, 4, 4, report_words(self->out->arena, test));
  if (jv_get(test, STR("failure")))
    print_failure(self, implementation, test);
  else if (reason.len && !str_equal(reason, report_text(implementation, "reason")))
    print_line(self, INDENT, STR(""), reason);
}

/* --- what stays unknown of one that passed */

static void print_unreached(const Printer *self, const Json *coverage)
{
  const Json *names = jv_get(coverage, STR("unreached"));
  size_t count = jv_count(names), shown = count < NAMES_SHOWN + 1 ? count : NAMES_SHOWN;
  Buf text = buf_in(self->out->arena);
  if (!count) return;
  for (size_t i = 0; i < shown; i++)
    buf_printf(&text, "%s%.*s", i ? ", " : "", STR_ARG(jv_as_string(jv_at(names, i))));
  if (shown < count) buf_printf(&text, " and %zu more", count - shown);
  print_line(self, 4, STR("never entered: "), buf_text(&text));
}

/* "i32.eq in f (at 0x12) was never equal"; of those that ask for order, "… was never true". */
static void put_unmet(const Json *unmet, Buf *out)
{
  Str instruction = report_text(unmet, "instruction");
  bool always = str_equal(report_text(unmet, "was"), STR("always"));
  const char *what = "true";
  if (str_ends_with(instruction, STR(".eq"))) what = "equal";
  if (str_ends_with(instruction, STR(".eqz"))) what = "zero";
  if (str_ends_with(instruction, STR(".ne"))) {
    what = "equal";
    always = !always;
  }
  buf_printf(out, "%.*s in %.*s (at 0x%llx) was %s %s", STR_ARG(instruction),
             STR_ARG(report_text(unmet, "function")), (unsigned long long)report_number(unmet, "offset"),
             always ? "always" : "never", what);
}

static void print_unmet(const Printer *self, const Json *coverage)
{
  const Json *unmet = jv_get(coverage, STR("unmet"));
  int64_t count = report_number(coverage, "unmet-count");
  for (size_t i = 0; i < jv_count(unmet) && i < UNMET_SHOWN; i++) {
    Buf text = buf_in(self->out->arena);
    put_unmet(jv_at(unmet, i), &text);
    print_line(self, 4, (Str){0}, buf_text(&text));
  }
  if (count <= UNMET_SHOWN) return;
  buf_repeat(self->out, ' ', 4);
  buf_printf(self->out, "and %lld more comparisons (--json lists them)\n", (long long)(count - UNMET_SHOWN));
}

/* What comes out of libraries, in a line: it is looked at last, but it is there. */
static void print_libraries(const Printer *self, const Json *libraries)
{
  int64_t unmet = report_number(libraries, "unmet-count");
  size_t unreached = jv_count(jv_get(libraries, STR("unreached")));
  Buf text = buf_in(self->out->arena);
  if (report_number(libraries, "blocks") <= 0) return;
  print_count(&text, report_number(libraries, "entered"));
  buf_z(&text, " of ");
  print_count(&text, report_number(libraries, "blocks"));
  buf_z(&text, " blocks");
  if (unreached) buf_printf(&text, ", %zu function%s never entered", unreached, unreached == 1 ? "" : "s");
  if (unmet > 0) buf_printf(&text, ", %lld one-way comparison%s", (long long)unmet, unmet == 1 ? "" : "s");
  print_line(self, 2, STR("libraries: "), buf_text(&text));
}

/* Resources that the module was given and neither gave away nor dropped. */
static void print_handles_left(const Printer *self, const Json *tests)
{
  for (size_t i = 0; i < jv_count(tests); i++) {
    const Json *test = jv_at(tests, i);
    long long left = report_number(test, "handles-left");
    if (left <= 0) continue;
    Buf text = buf_in(self->out->arena);
    buf_printf(&text, "%lld handle%s after a case of \"%.*s\", neither dropped nor given away", left,
               left == 1 ? "" : "s", STR_ARG(report_text(test, "name")));
    print_line(self, 2, STR("it has "), buf_text(&text));
  }
}

static void print_risk(const Printer *self, const Json *implementation)
{
  const Json *coverage = jv_get(implementation, STR("coverage"));
  Str problem = report_text(implementation, "search-problem");
  if (coverage) {
    buf_printf(self->out, "  %lld %% of its own code ran\n", (long long)report_number(coverage, "percent"));
    print_unreached(self, coverage);
    print_unmet(self, coverage);
    print_libraries(self, jv_get(coverage, STR("libraries")));
  }
  if (problem.len) print_line(self, 2, STR(""), problem);
  print_handles_left(self, jv_get(implementation, STR("tests")));
}

/* --- an implementation */

static void print_summary(const Printer *self, const Json *implementation)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  size_t count = jv_count(tests), failed = report_count(tests, VERDICT_FAILED);
  size_t undecided = report_count(tests, VERDICT_UNDECIDED);
  int64_t cases = report_number(implementation, "cases");
  const char *plural = count == 1 ? "" : "s";
  Buf *out = self->out;
  if (failed)
    buf_printf(out, "%zu of %zu test%s failed", failed, count, plural);
  else if (undecided)
    buf_printf(out, "%zu of %zu test%s undecided", undecided, count, plural);
  else
    buf_printf(out, "%zu test%s passed", count, plural);
  if (failed && undecided) buf_printf(out, ", %zu undecided", undecided);
  buf_z(out, ", ");
  print_count(out, cases);
  buf_printf(out, " case%s, %.1f s\n", cases == 1 ? "" : "s",
             (double)report_number(implementation, "milliseconds") / 1e3);
}

/* Of several specifications, which says what. */
static void print_files(const Printer *self, const Json *tests)
{
  const Json *specs = jv_get(self->document, STR("specs"));
  for (size_t k = 0; report_has_several_specs(self->document) && k < jv_count(specs); k++) {
    size_t counts[3] = {0}, shared = 0;
    for (size_t i = 0; i < jv_count(tests); i++) {
      if (report_number(jv_at(tests, i), "spec") != (int64_t)k) continue;
      counts[report_verdict(jv_at(tests, i))]++;
      shared += report_is_shared(jv_at(tests, i));
    }
    Buf text = buf_in(self->out->arena);
    for (size_t i = 0; i < 3; i++)
      if (counts[i])
        buf_printf(&text, "%s%zu %.*s", text.len ? ", " : "", counts[i],
                   STR_ARG(report_verdict_name((Verdict)i)));
    if (shared) buf_printf(&text, "; %zu of them ran as another file's", shared);
    Str path = report_clean(self->out->arena, report_text(jv_at(specs, k), "path"));
    if (text.len) print_line(self, 4, str_format(self->out->arena, "%.*s: ", STR_ARG(path)), buf_text(&text));
  }
}

static void print_implementation(const Printer *self, const Json *implementation, size_t width)
{
  const Json *tests = jv_get(implementation, STR("tests"));
  Str label = report_clean(self->out->arena, report_text(implementation, "label"));
  Str reason = report_text(implementation, "reason");
  Verdict verdict = report_verdict(implementation);
  print_mark(self, verdict);
  buf_byte(self->out, ' ');
  print_tinted(self, TINT_BOLD, label);
  buf_repeat(self->out, ' ', 2 + width - utf8_columns(label));
  if (reason.len && report_number(implementation, "cases") == 0) {
    print_wrapped(self, 4 + width, 4, reason);
    return;
  }
  print_summary(self, implementation);
  if (reason.len) print_line(self, 2, STR(""), reason);
  print_files(self, tests);
  for (size_t i = 0; i < jv_count(tests); i++) print_test(self, implementation, jv_at(tests, i));
  if (verdict == VERDICT_PASSED) print_risk(self, implementation);
}

void report_print(const Json *document, bool colour, size_t columns, Buf *out)
{
  Printer printer = {document, colour, columns, out};
  const Json *all = jv_get(document, STR("implementations"));
  Str seed = report_clean(out->arena, report_text(document, "seed"));
  Str shard = report_clean(out->arena, report_text(document, "shard"));
  size_t width = 0;
  for (size_t i = 0; i < jv_count(all); i++) {
    size_t own = utf8_columns(report_clean(out->arena, report_text(jv_at(all, i), "label")));
    if (own > width) width = own;
  }
  for (size_t i = 0; i < jv_count(all); i++) print_implementation(&printer, jv_at(all, i), width);
  buf_printf(out, "seed %.*s\n", STR_ARG(seed));
  if (shard.len)
    buf_printf(out, "shard %.*s: its verdict is not the whole, which `assay merge` gives\n", STR_ARG(shard));
}

void verify_print(const VerifyReport *self, bool colour, Buf *out)
{
  report_print(verify_to_json(out->arena, self), colour, REPORT_COLUMNS, out);
}
