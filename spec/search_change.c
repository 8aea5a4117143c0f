#include "spec/search_change_internal.h"

#include <assert.h>
#include <math.h>

/* --- cases */

void base_init(Base *self, Arena *arena)
{
  self->choices = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->choices);
  self->changed = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->changed);
  self->origins = arena_alloc_raw(arena, CHOICES_MAX * sizeof *self->origins);
  self->spans = arena_alloc_raw(arena, SPANS_MAX * sizeof *self->spans);
  self->count = self->span_count = self->sequence_count = 0;
}

static Sequence *begin_sequence(Base *self, uint32_t at, bool is_text)
{
  if (self->sequence_count == SEQUENCES_MAX) return NULL;
  Sequence *sequence = &self->sequences[self->sequence_count++];
  *sequence = (Sequence){.start = at, .end = UINT32_MAX, .is_text = is_text};
  sequence->depth = self->origins[at].depth;
  return sequence;
}

static uint32_t utf8_size(uint64_t point)
{
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* Finds the lists and strings. Those that were cut off, or lie too deep, are left out. */
static void find_sequences(Base *self)
{
  enum { DEPTHS = 16 };
  Sequence *open[DEPTHS] = {0}, *text = NULL;
  self->sequence_count = 0;
  for (uint32_t i = 0; i < self->count; i++) {
    const Origin *origin = &self->origins[i];
    if (origin->role == ROLE_TEXT) {
      if (!text) text = begin_sequence(self, i, true);
      if (!text) return;
      if (origin->bits == UINT32_MAX) {
        text->end = i;
        text = NULL;
      } else {
        text->count++;
        text->bytes += utf8_size(origin->bits);
      }
    } else if (origin->role == ROLE_GOES && origin->depth < DEPTHS) {
      Sequence **list = &open[origin->depth];
      if (!*list) *list = begin_sequence(self, i, false);
      if (!*list) return;
      for (uint32_t deeper = origin->depth + 1U; deeper < DEPTHS; deeper++) open[deeper] = NULL;
      if (origin->bits) {
        (*list)->count++;
      } else {
        (*list)->end = i;
        *list = NULL;
      }
    }
  }
}

/* Lists of which each element is one number. */
static void find_elements(Base *self)
{
  for (uint32_t i = 0; i < self->sequence_count; i++) {
    Sequence *one = &self->sequences[i];
    bool fits =
        !one->is_text && one->end != UINT32_MAX && one->count && one->end - one->start == 2 * one->count;
    if (fits && self->origins[one->start + 1].role == ROLE_NUMBER)
      one->element = self->origins[one->start + 1].kind;
  }
}

void base_take(Base *self, const Draws *draws, uint32_t repeats)
{
  self->count = draws->count;
  self->span_count = draws->span_count;
  self->repeats = repeats;
  memcpy(self->choices, draws->choices, draws->count * sizeof *self->choices);
  memcpy(self->origins, draws->origins, draws->count * sizeof *self->origins);
  memcpy(self->spans, draws->spans, draws->span_count * sizeof *self->spans);
  self->steps = 0;
  for (uint32_t i = 0; i < self->count; i++) self->steps += self->choices[i].kind == CHOICE_STEP;
  find_sequences(self);
  find_elements(self);
}

/* --- trials */

void trial_copy(const Base *base, Trial *out)
{
  memcpy(out->choices, base->choices, base->count * sizeof *out->choices);
  out->count = base->count;
  out->repeats = base->repeats;
}

void trial_splice(const Base *base, uint32_t from, uint32_t to, const Choice *what, uint32_t count,
                  Trial *out)
{
  uint32_t tail = base->count - to;
  out->repeats = base->repeats;
  if (from + count > CHOICES_MAX) count = CHOICES_MAX - from;
  if (from + count + tail > CHOICES_MAX) tail = CHOICES_MAX - from - count;
  memcpy(out->choices, base->choices, from * sizeof *what);
  if (what) memcpy(out->choices + from, what, count * sizeof *what);
  memcpy(out->choices + from + count, base->choices + to, tail * sizeof *what);
  out->count = from + count + tail;
}

bool change_is_number(const Origin *origin)
{
  return origin->role == ROLE_NUMBER || origin->role == ROLE_CHAR || origin->role == ROLE_REAL ||
         (origin->role == ROLE_TEXT && origin->bits != UINT32_MAX);
}

static bool is_scalar(uint64_t point)
{
  return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

Choice trial_choice(const Origin *origin, uint64_t value)
{
  switch ((Role)origin->role) {
  case ROLE_REAL: return (Choice){value, origin->kind == TYPE_F32 ? CHOICE_F32 : CHOICE_F64};
  case ROLE_TEXT: return (Choice){is_scalar(value) ? char_index((uint32_t)value) + 1 : 1, CHOICE_NUMBER};
  default: return (Choice){value, CHOICE_WANTED};
  }
}

void change_number(const Base *base, uint32_t at, uint64_t value, Trial *out)
{
  trial_copy(base, out);
  out->choices[at] = trial_choice(&base->origins[at], value);
}

/* --- lengths */

uint32_t sequence_at(const Base *base, const Sequence *one, uint32_t index)
{
  if (one->is_text) return one->start + index;
  uint32_t at = one->start;
  for (; index && at < one->end; at++)
    if (base->origins[at + 1].role == ROLE_GOES && base->origins[at + 1].depth == one->depth) index--;
  return at;
}

static void cut(const Base *base, const Sequence *one, uint32_t count, Trial *out)
{
  Choice end = one->is_text ? (Choice){0, CHOICE_NUMBER} : (Choice){0, CHOICE_BOOL};
  trial_splice(base, sequence_at(base, one, count), one->end + 1, &end, 1, out);
}

static void extend(const Base *base, const Sequence *one, uint32_t more, Trial *out)
{
  Choice marker = {more, CHOICE_MORE};
  trial_splice(base, one->end, one->end + 1, &marker, 1, out);
}

/* The elements over and over, as many as are wanted, or as there is room for. */
static void repeat_elements(const Base *base, const Sequence *one, uint32_t count, Trial *out)
{
  uint32_t size = one->end - one->start, at = one->start, tail = base->count - one->end;
  memcpy(out->choices, base->choices, at * sizeof *out->choices);
  out->repeats = base->repeats;
  for (; count >= one->count && at + size + tail <= CHOICES_MAX; count -= one->count, at += size)
    memcpy(out->choices + at, base->choices + one->start, size * sizeof *out->choices);
  uint32_t rest = sequence_at(base, one, count < one->count ? count : 0) - one->start;
  if (at + rest + tail > CHOICES_MAX) rest = 0;
  memcpy(out->choices + at, base->choices + one->start, rest * sizeof *out->choices);
  memcpy(out->choices + at + rest, base->choices + one->end, tail * sizeof *out->choices);
  out->count = at + rest + tail;
}

bool trial_set_length(const Base *base, const Sequence *one, uint64_t count, bool repeats, Trial *out)
{
  if (one->end == UINT32_MAX || count == one->count || count > CHOICES_MAX / 2) return false;
  if (count < one->count)
    cut(base, one, (uint32_t)count, out);
  else if (repeats && one->count)
    repeat_elements(base, one, (uint32_t)count, out);
  else
    extend(base, one, (uint32_t)count - one->count, out);
  return true;
}

/* --- steps */

uint32_t step_at(const Base *base, uint32_t index)
{
  uint32_t at = 0;
  for (; at < base->count; at++)
    if (base->choices[at].kind == CHOICE_STEP && index-- == 0) break;
  return at;
}

/* --- parts */

uint32_t change_parts(const Base *base, int list)
{
  if (list == STEPS_AS_LIST) return base->steps;
  bool is_whole = (uint32_t)list < base->sequence_count && base->sequences[list].end != UINT32_MAX;
  return is_whole ? base->sequences[list].count : 0;
}

bool change_without(const Base *base, int list, uint32_t first, uint32_t count, Trial *out)
{
  uint32_t parts = change_parts(base, list);
  if (!count || count > parts || first > parts - count) return false;
  uint32_t from, to;
  if (list == STEPS_AS_LIST) {
    from = step_at(base, first);
    to = step_at(base, first + count);
  } else {
    from = sequence_at(base, &base->sequences[list], first);
    to = sequence_at(base, &base->sequences[list], first + count);
  }
  trial_splice(base, from, to, NULL, 0, out);
  return true;
}

/* --- exchanges */

double trial_real(uint64_t bits, unsigned width)
{
  Value value = value_u64(bits);
  return width == 32 ? (double)value_as_f32(value) : value_as_f64(value);
}

uint64_t trial_bits(double number, unsigned width)
{
  return width == 32 ? value_f32((float)number).bits : value_f64(number).bits;
}

static uint64_t cut_to(uint64_t value, unsigned width)
{
  return width == 32 ? (uint32_t)value : value;
}

static int64_t signed_of(uint64_t value, unsigned width)
{
  return width == 32 ? (int32_t)(uint32_t)value : (int64_t)value;
}

/* The integer as which generated code sees a real, where it sees one. */
static bool truncated(double number, int64_t *out)
{
  if (!(fabs(number) < 0x1p63)) return false;
  *out = (int64_t)number;
  return true;
}

/* Is the origin's value what the operand shows, by any of the ways that lead from one to the other? Then
 * `*value` is what makes it show `to`. */
static bool shows(const Origin *origin, const Exchange *exchange, uint64_t *value)
{
  unsigned width = exchange->width, own = origin->kind == TYPE_F32 ? 32 : 64;
  uint64_t from = exchange->from, to = exchange->to;
  int64_t whole = 0;
  if (origin->role != ROLE_REAL && !exchange->is_float) {
    *value = width == 32 ? (uint64_t)(int64_t)(int32_t)(uint32_t)to : to;
    return cut_to(origin->bits, width) == from;
  }
  if (origin->role != ROLE_REAL) {
    bool fits = truncated(trial_real(to, width), &whole);
    *value = (uint64_t)whole;
    return fits && (double)(int64_t)origin->bits == trial_real(from, width);
  }
  double number = trial_real(origin->bits, own);
  if (exchange->is_float) {
    *value = trial_bits(trial_real(to, width), own);
    return trial_bits(number, width) == from;
  }
  if (own == width && origin->bits == from) {
    *value = to;
    return true;
  }
  *value = trial_bits((double)signed_of(to, width), own);
  return truncated(number, &whole) && cut_to((uint64_t)whole, width) == from;
}

/* Way 0: all places at once; then one after the other. */
static bool exchange_numbers(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  uint32_t found = 0;
  uint64_t value;
  if (way == 0) trial_copy(base, out);
  for (uint32_t i = 0; i < base->count; i++) {
    if (!change_is_number(&base->origins[i]) || !shows(&base->origins[i], exchange, &value)) continue;
    found++;
    if (way == 0) out->choices[i] = trial_choice(&base->origins[i], value);
    if (way && found == way) {
      change_number(base, i, value, out);
      return true;
    }
  }
  return way == 0 && found > 1;
}

static bool exchange_lengths(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  if (exchange->is_float) return false;
  for (uint32_t i = 0; i < base->sequence_count; i++) {
    const Sequence *one = &base->sequences[i];
    bool by_bytes = one->is_text && one->bytes == exchange->from;
    if (one->count != exchange->from && !by_bytes) continue;
    uint64_t count = exchange->to + one->count - exchange->from;
    for (int repeats = 0; repeats < 2; repeats++)
      if (trial_set_length(base, one, count, repeats == 0, out) && way-- == 0) return true;
  }
  return false;
}

/* The number of times that a sequence has a step, or has steps: with new ones behind the others. */
static bool exchange_steps(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  enum { MORE_MAX = 2048, OPERATIONS = 32 };
  uint32_t counts[OPERATIONS] = {0};
  uint64_t more = exchange->to - exchange->from;
  for (uint32_t i = 0; i < base->count; i++) {
    if (base->choices[i].kind == CHOICE_STEP && base->choices[i].value < OPERATIONS)
      counts[base->choices[i].value]++;
  }
  if (more == 0 || more > MORE_MAX) return false;
  Choice step = {more, CHOICE_STEPS};
  bool found = base->steps == exchange->from && way-- == 0;
  for (uint32_t i = 0; i < OPERATIONS && !found; i++) {
    found = counts[i] && counts[i] == exchange->from && way-- == 0;
    if (found) step = (Choice){i, CHOICE_STEP};
  }
  if (!found) return false;
  trial_copy(base, out);
  uint32_t times = step.kind == CHOICE_STEP ? (uint32_t)more : 1;
  for (; times > 0 && out->count < CHOICES_MAX; times--) out->choices[out->count++] = step;
  return true;
}

/* The number of times that a case runs on one instance. */
static bool exchange_repeats(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  enum { REPEATS_MAX = 1 << 20 };
  if (base->steps) return !exchange->is_float && exchange_steps(base, exchange, way, out);
  if (exchange->is_float || exchange->from == 0 || exchange->from % base->repeats || way > 1) return false;
  uint64_t calls = exchange->from / base->repeats;
  if (calls > 8 || exchange->to / calls + way >= REPEATS_MAX || exchange->to < exchange->from) return false;
  trial_copy(base, out);
  out->repeats = (uint32_t)(exchange->to / calls) + way;
  return true;
}

bool change_exchange(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  enum { NUMBERS = 5, LENGTHS = 4, REPEATS = 2, BYTES = 4, NUMERALS = 3 };
  static_assert(NUMBERS + LENGTHS + REPEATS + BYTES + NUMERALS == EXCHANGE_WAYS, "all ways are counted");
  if (way < NUMBERS) return exchange_numbers(base, exchange, way, out);
  way -= NUMBERS;
  if (way < LENGTHS) return exchange_lengths(base, exchange, way, out);
  way -= LENGTHS;
  if (way < REPEATS) return exchange_repeats(base, exchange, way, out);
  way -= REPEATS;
  if (way < BYTES) return exchange_bytes(base, exchange, way, out);
  way -= BYTES;
  return way < NUMERALS && exchange_numerals(base, exchange, way, out);
}
