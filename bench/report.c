/* The report as people and programs read it. */
#include <math.h>

#include "bench/evaluate.h"
#include "ifc/base/utf8.h"
#include "ifc/canon.h"

enum { WIDTH = 80, LABEL_MAX = 24, FEW_PAIRS = 12 };

typedef struct Paint {
  const char *bold, *best, *dim, *off;
} Paint;

static Paint paint_for(bool colour)
{
  return colour ? (Paint){"\033[1m", "\033[32m", "\033[2m", "\033[0m"} : (Paint){"", "", "", ""};
}

/* --- pieces of text */

static Str time_text(Arena *arena, double picoseconds)
{
  static const char *const units[] = {"ps", "ns", "µs", "ms", "s"};
  size_t unit = 0;
  double value = picoseconds;
  while (unit + 1 < sizeof units / sizeof *units && value >= 999.5) value /= 1000, unit++;
  return str_format(arena, "%.*f %s", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, units[unit]);
}

static Str number_text(Arena *arena, uint64_t ppm)
{
  double ratio = (double)ppm / 1e6;
  return str_format(arena, "%.*f", ratio < 9.995 ? 2 : ratio < 99.95 ? 1 : 0, ratio);
}

static Str ratio_text(Arena *arena, uint64_t ppm)
{
  return str_format(arena, "%.*s×", STR_ARG(number_text(arena, ppm)));
}

static Str interval_text(Arena *arena, Ratio ratio)
{
  Str low = number_text(arena, ratio.low_ppm), high = number_text(arena, ratio.high_ppm);
  return str_format(arena, "%.*s–%.*s", STR_ARG(low), STR_ARG(high));
}

static Str rank_text(Arena *arena, uint32_t low, uint32_t high)
{
  return low == high ? str_format(arena, "%u", low) : str_format(arena, "%u–%u", low, high);
}

/* At most `columns` wide: cut, with an ellipsis, where it is wider. */
static Str fitted(Arena *arena, Str text, size_t columns)
{
  if (utf8_columns(text) <= columns) return text;
  size_t at = 0;
  for (size_t i = 0; i + 1 < columns && at < text.len; i++)
    if (utf8_next(text, &at) == UINT32_MAX) break;
  return str_format(arena, "%.*s…", STR_ARG(str_slice(text, 0, at)));
}

static void put_padding(Buf *out, Str text, size_t columns)
{
  size_t taken = utf8_columns(text);
  if (taken < columns) buf_repeat(out, ' ', columns - taken);
}

static void put_left(Buf *out, Str text, size_t columns)
{
  buf_str(out, text);
  put_padding(out, text, columns);
}

static void put_right(Buf *out, Str text, size_t columns)
{
  put_padding(out, text, columns);
  buf_str(out, text);
}

/* Words from column `indent` on, broken at spaces; longer words are cut. */
static void put_wrapped(Buf *out, Str text, size_t indent)
{
  size_t column = 0;
  for (size_t at = 0; at < text.len;) {
    size_t end = at;
    while (end < text.len && text.at[end] != ' ' && text.at[end] != '\n') end++;
    Str word = fitted(out->arena, str_slice(text, at, end), WIDTH - indent);
    size_t width = utf8_columns(word);
    if (column && column + 1 + width > WIDTH) {
      buf_byte(out, '\n');
      column = 0;
    }
    if (!column)
      buf_repeat(out, ' ', indent), column = indent;
    else
      buf_byte(out, ' '), column++;
    buf_str(out, word);
    column += width;
    at = end + 1;
  }
  buf_byte(out, '\n');
}

/* "9.87k", "12.3M": three digits and a power of a thousand. */
static Str count_text(Arena *arena, double count)
{
  static const char *const units[] = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  while (unit + 1 < sizeof units / sizeof *units && count >= 999.5) count /= 1000, unit++;
  int decimals = count < 9.995 ? 2 : count < 99.95 ? 1 : 0;
  if (!unit && count >= 1 && count == floor(count)) decimals = 0;
  return str_format(arena, "%.*f%s", decimals, count, units[unit]);
}

/* "640 KiB" */
static Str bytes_text(Arena *arena, uint64_t bytes)
{
  static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
  size_t unit = 0;
  double value = (double)bytes;
  while (unit + 1 < sizeof units / sizeof *units && value >= 1023.5) value /= 1024, unit++;
  return str_format(arena, "%.*f %s",
                    !unit || value >= 99.95 ? 0
                    : value < 9.995         ? 2
                                            : 1,
                    value, units[unit]);
}

/* --- tables */

static size_t label_width(const EvaluateReport *self)
{
  size_t width = utf8_columns(STR("implementation"));
  for (size_t i = 0; i < self->ranked_count; i++) {
    size_t columns = utf8_columns(self->ranked[i]->label);
    if (columns > width) width = columns;
  }
  return width < LABEL_MAX ? width : LABEL_MAX;
}

/* Geometric mean of the workloads' times of a call. */
static double call_time(const EvaluateReport *self, size_t place)
{
  double sum = 0;
  for (size_t w = 0; w < self->workload_count; w++)
    sum += log(fmax(1, (double)self->workloads[w].candidates[place].picoseconds));
  return self->workload_count ? exp(sum / (double)self->workload_count) : 0;
}

/* "2.10× reversed"; nothing for the reference, which has no worst. */
static Str worst_text(const EvaluateReport *self, Arena *arena, size_t place)
{
  if (place == self->reference || self->workload_count < 2) return (Str){0};
  Str name = {0};
  for (size_t w = 0; w < self->workload_count; w++)
    if (self->workloads[w].candidates[place].ratio.ppm == self->overall[place].worst_ppm)
      name = self->workloads[w].name;
  return str_format(arena, "%.*s %.*s", STR_ARG(ratio_text(arena, self->overall[place].worst_ppm)),
                    STR_ARG(name));
}

static void put_row_start(const EvaluateReport *self, const Paint *paint, size_t place, uint32_t low,
                          uint32_t high, Buf *out)
{
  const Implementation *implementation = self->ranked[place];
  size_t width = label_width(self);
  if (low == 1) buf_z(out, paint->best);
  put_left(out, rank_text(out->arena, low, high), 6);
  put_left(out, fitted(out->arena, implementation->label, width), width + 1);
  if (low == 1) buf_z(out, paint->off);
  put_left(out, fitted(out->arena, implementation->language, 5), 6);
}

static void put_ratio(const EvaluateReport *self, size_t place, Ratio ratio, double picoseconds, Buf *out)
{
  put_right(out, ratio_text(out->arena, ratio.ppm), 6);
  buf_byte(out, ' ');
  put_left(out, place == self->reference ? (Str){0} : interval_text(out->arena, ratio), 11);
  put_right(out, time_text(out->arena, picoseconds), 8);
}

static void put_line_end(Buf *out)
{
  while (out->len && out->at[out->len - 1] == ' ') out->len--;
  buf_byte(out, '\n');
}

static void put_ranking(const EvaluateReport *self, const Paint *paint, Buf *out)
{
  size_t width = label_width(self);
  buf_z(out, paint->bold);
  put_left(out, STR("rank"), 6);
  put_left(out, STR("implementation"), width + 1);
  buf_printf(out, "%-6s%6s %-11s%8s%s\n", "lang", "ratio", "95 %", "a call",
             self->workload_count > 1 ? "  worst" : "");
  buf_z(out, paint->off);
  for (size_t place = 0; place < self->ranked_count; place++) {
    const OverallResult *overall = &self->overall[place];
    put_row_start(self, paint, place, overall->rank_low, overall->rank_high, out);
    put_ratio(self, place, overall->geometric_mean, call_time(self, place), out);
    size_t used = 6 + width + 1 + 6 + 6 + 1 + 11 + 8 + 2;
    buf_z(out, "  ");
    buf_str(out, fitted(out->arena, worst_text(self, out->arena, place), WIDTH - used));
    put_line_end(out);
  }
}

/* Fastest first in this workload: who stands before whom. */
static size_t next_place(const WorkloadReport *workload, const bool *done, size_t count)
{
  size_t best = SIZE_MAX;
  for (size_t i = 0; i < count; i++)
    if (!done[i] &&
        (best == SIZE_MAX || workload->candidates[i].ratio.ppm < workload->candidates[best].ratio.ppm))
      best = i;
  return best;
}

static void put_workload(const EvaluateReport *self, const Paint *paint, const WorkloadReport *workload,
                         Buf *out)
{
  bool *done = arena_array_of(out->arena, bool, self->ranked_count);
  Str facts = str_format(out->arena, ": %llu call%s, %u pairs; code layout: up to %.1f %%",
                         (unsigned long long)workload->calls, workload->calls == 1 ? "" : "s",
                         workload->pairs, (double)workload->floor_ppm / 1e4);
  buf_printf(out, "\n%s%.*s%s%.*s\n", paint->bold,
             STR_ARG(fitted(out->arena, workload->name, WIDTH - utf8_columns(facts))), paint->off,
             STR_ARG(facts));
  for (size_t i = 0; i < self->ranked_count; i++) {
    size_t place = next_place(workload, done, self->ranked_count);
    const CandidateResult *result = &workload->candidates[place];
    done[place] = true;
    put_row_start(self, paint, place, result->rank_low, result->rank_high, out);
    put_ratio(self, place, result->ratio, (double)result->picoseconds, out);
    if (result->pairs < FEW_PAIRS && self->ranked_count > 1) buf_printf(out, "  %u pairs", result->pairs);
    put_line_end(out);
  }
}

/* --- what they need beside time */

static bool is_counted(const EvaluateReport *self, size_t place)
{
  for (size_t w = 0; w < self->workload_count; w++)
    if (!self->workloads[w].candidates[place].is_counted) return false;
  return true;
}

/* Geometric mean of the workloads' costs of a call. */
static double call_cost(const EvaluateReport *self, size_t place)
{
  double sum = 0;
  for (size_t w = 0; w < self->workload_count; w++) {
    const WorkloadReport *workload = &self->workloads[w];
    sum += log(fmax(1, (double)workload->candidates[place].cost / (double)workload->counted));
  }
  return self->workload_count ? exp(sum / (double)self->workload_count) : 0;
}

/* Of all workloads the largest. */
static uint64_t largest_memory(const EvaluateReport *self, size_t place)
{
  uint64_t largest = 0;
  for (size_t w = 0; w < self->workload_count; w++)
    if (self->workloads[w].candidates[place].memory > largest)
      largest = self->workloads[w].candidates[place].memory;
  return largest;
}

static uint64_t longest_start(const EvaluateReport *self, size_t place)
{
  uint64_t longest = 0;
  for (size_t w = 0; w < self->workload_count; w++)
    if (self->workloads[w].candidates[place].start_ns > longest)
      longest = self->workloads[w].candidates[place].start_ns;
  return longest;
}

static void put_needs(const EvaluateReport *self, const Paint *paint, Buf *out)
{
  enum { COLUMN = 12 };
  static const char *const titles[] = {"cost a call", "memory", "module", "cold start"};
  Arena *arena = out->arena;
  buf_printf(out, "\n%s", paint->bold);
  put_left(out, STR("beside time"), 6 + label_width(self) + 1);
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) put_right(out, str_from_z(titles[i]), COLUMN);
  buf_printf(out, "%s\n", paint->off);
  for (size_t place = 0; place < self->ranked_count; place++) {
    const Implementation *implementation = self->ranked[place];
    bool counted = is_counted(self, place);
    uint64_t start = longest_start(self, place);
    buf_repeat(out, ' ', 6);
    put_left(out, fitted(arena, implementation->label, label_width(self)), label_width(self) + 1);
    put_right(out, counted ? count_text(arena, call_cost(self, place)) : STR("?"), COLUMN);
    put_right(out, counted ? bytes_text(arena, largest_memory(self, place)) : STR("?"), COLUMN);
    put_right(out, bytes_text(arena, implementation->module.bytes.len), COLUMN);
    put_right(out, start ? time_text(arena, (double)start * 1000) : STR("?"), COLUMN);
    buf_byte(out, '\n');
  }
}

static bool has_tie(const EvaluateReport *self)
{
  for (size_t i = 0; i < self->ranked_count; i++)
    if (self->overall[i].rank_low != self->overall[i].rank_high) return true;
  return false;
}

void evaluate_print(const EvaluateReport *self, bool colour, Buf *out)
{
  Paint paint = paint_for(colour);
  buf_printf(out, "%s%.*s%s: time against the fastest", paint.bold, STR_ARG(self->interface->id), paint.off);
  if (self->workload_count > 1) buf_printf(out, ", geometric mean of %zu workloads", self->workload_count);
  buf_z(out, "\n\n");
  put_ranking(self, &paint, out);
  if (has_tie(self)) buf_z(out, "A rank such as 1–2 is a tie: what was measured does not tell them apart.\n");
  for (size_t w = 0; w < self->workload_count; w++) put_workload(self, &paint, &self->workloads[w], out);
  put_needs(self, &paint, out);
  if (self->excluded_count) buf_printf(out, "\n%snot ranked%s\n", paint.bold, paint.off);
  for (size_t i = 0; i < self->excluded_count; i++) {
    const Excluded *excluded = &self->excluded[i];
    put_wrapped(out,
                str_format(out->arena, "%.*s: %.*s", STR_ARG(excluded->implementation->label),
                           STR_ARG(excluded->reason)),
                2);
  }
  buf_z(out, "\n");
  put_wrapped(
      out, str_format(out->arena, "%.*s; seed %llu", STR_ARG(self->machine), (unsigned long long)self->seed),
      0);
}

/* --- JSON */

static void set_number(Json *object, Str key, uint64_t value)
{
  jv_set_integer(object, key, (int64_t)value);
}

static void set_ratio(Json *object, Ratio ratio)
{
  set_number(object, STR("ratio-ppm"), ratio.ppm);
  set_number(object, STR("low-ppm"), ratio.low_ppm);
  set_number(object, STR("high-ppm"), ratio.high_ppm);
}

static void set_ranks(Json *object, uint32_t low, uint32_t high)
{
  set_number(object, STR("rank-low"), low);
  set_number(object, STR("rank-high"), high);
}

static Json *implementation_json(Arena *arena, const Implementation *implementation)
{
  Json *out = jv_object(arena);
  jv_set_string(out, STR("label"), implementation->label);
  jv_set_string(out, STR("path"), implementation->path);
  jv_set_string(out, STR("hash"), hash_text(arena, implementation->hash));
  return out;
}

static Json *suites_json(Arena *arena, const EvaluateReport *self)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < self->suite_count; i++) {
    Json *suite = jv_object(arena);
    jv_set_string(suite, STR("path"), suite_path(self->suites[i]));
    jv_set_string(suite, STR("hash"), hash_text(arena, suite_hash(self->suites[i])));
    jv_push(out, suite);
  }
  return out;
}

static Json *ranked_json(Arena *arena, const EvaluateReport *self)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < self->ranked_count; i++) {
    const OverallResult *overall = &self->overall[i];
    Json *item = implementation_json(arena, self->ranked[i]);
    set_number(item, STR("size"), self->ranked[i]->module.bytes.len);
    jv_set_string(item, STR("language"), self->ranked[i]->language);
    set_ranks(item, overall->rank_low, overall->rank_high);
    set_ratio(item, overall->geometric_mean);
    set_number(item, STR("worst-ppm"), overall->worst_ppm);
    jv_push(out, item);
  }
  return out;
}

static Json *excluded_json(Arena *arena, const EvaluateReport *self)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < self->excluded_count; i++) {
    Json *item = implementation_json(arena, self->excluded[i].implementation);
    jv_set_string(item, STR("reason"), self->excluded[i].reason);
    jv_push(out, item);
  }
  return out;
}

static Json *candidates_json(Arena *arena, const EvaluateReport *self, const WorkloadReport *workload)
{
  Json *out = jv_array(arena);
  for (size_t i = 0; i < self->ranked_count; i++) {
    const CandidateResult *result = &workload->candidates[i];
    Json *item = jv_object(arena);
    set_number(item, STR("implementation"), i);
    set_ratio(item, result->ratio);
    set_ranks(item, result->rank_low, result->rank_high);
    set_number(item, STR("picoseconds"), result->picoseconds);
    set_number(item, STR("floor-ppm"), result->floor_ppm);
    set_number(item, STR("pairs"), result->pairs);
    if (result->is_counted) {
      set_number(item, STR("cost"), result->cost);
      set_number(item, STR("memory"), result->memory);
    }
    if (result->start_ns) set_number(item, STR("start-nanoseconds"), result->start_ns);
    jv_push(out, item);
  }
  return out;
}

static Json *workloads_json(Arena *arena, const EvaluateReport *self)
{
  Json *out = jv_array(arena);
  for (size_t w = 0; w < self->workload_count; w++) {
    const WorkloadReport *workload = &self->workloads[w];
    Json *item = jv_object(arena);
    set_number(item, STR("suite"), workload->suite);
    jv_set_string(item, STR("name"), workload->name);
    set_number(item, STR("calls"), workload->calls);
    set_number(item, STR("counted"), workload->counted);
    set_number(item, STR("floor-ppm"), workload->floor_ppm);
    set_number(item, STR("pairs"), workload->pairs);
    jv_set(item, STR("candidates"), candidates_json(arena, self, workload));
    jv_push(out, item);
  }
  return out;
}

Json *evaluate_to_json(Arena *arena, const EvaluateReport *self)
{
  Json *out = jv_object(arena), *interface = jv_object(arena);
  jv_set_string(interface, STR("id"), self->interface->id);
  jv_set_string(interface, STR("hash"), hash_text(arena, interface_hash(arena, self->interface)));
  jv_set_string(out, STR("schema"), STR("assay/evaluate/1"));
  jv_set(out, STR("interface"), interface);
  jv_set_string(out, STR("seed"), str_format(arena, "%llu", (unsigned long long)self->seed));
  jv_set_string(out, STR("machine"), self->machine);
  jv_set(out, STR("suites"), suites_json(arena, self));
  jv_set(out, STR("implementations"), ranked_json(arena, self));
  set_number(out, STR("reference"), self->reference);
  jv_set(out, STR("excluded"), excluded_json(arena, self));
  jv_set(out, STR("workloads"), workloads_json(arena, self));
  return out;
}
