#include "spec/replay.h"

#include "ifc/base/crypto.h"
#include "ifc/base/vec.h"
#include "spec/tests.h"

#define VERSION "a2"
#define PREFIX VERSION "-"
enum { SPEC_BYTES = 6, INTERFACE_BYTES = 4, CHECK_BYTES = 4, PERIOD_MAX = 8 };
enum { CODE_F64, CODE_F32, CODE_AGAIN, CODE_NUMBER, CODE_FALSE, CODE_TRUE, CODE_STEP, CODE_COUNT };

/* --- writing */

static void put_number(Buf *out, uint64_t number)
{
  for (; number >= 0x80; number >>= 7) buf_byte(out, (char)(number | 0x80));
  buf_byte(out, (char)number);
}

static uint64_t reversed(ChoiceKind kind, uint64_t bits)
{
  return kind == CHOICE_F32 ? __builtin_bswap32((uint32_t)bits) : __builtin_bswap64(bits);
}

static void put_choice(Buf *out, const Choice *choice)
{
  if (choice->kind == CHOICE_BOOL) {
    put_number(out, choice->value ? CODE_TRUE : CODE_FALSE);
  } else if (choice->kind == CHOICE_STEP) {
    put_number(out, CODE_STEP);
    put_number(out, choice->value);
  } else if (choice->kind != CHOICE_NUMBER) {
    put_number(out, choice->kind == CHOICE_F32 ? CODE_F32 : CODE_F64);
    put_number(out, reversed(choice->kind, choice->value));
  } else if (choice->value > UINT32_MAX) {
    put_number(out, CODE_NUMBER);
    put_number(out, choice->value);
  } else {
    put_number(out, choice->value + CODE_COUNT);
  }
}

static bool choice_equal(const Choice *a, const Choice *b)
{
  return a->kind == b->kind && a->value == b->value;
}

/* How often the `period` choices before `at` stand there again. */
static uint32_t times_again(const ChoiceList *list, uint32_t at, uint32_t period)
{
  uint32_t end = at;
  while (end < list->count && choice_equal(&list->at[end], &list->at[end - period])) end++;
  return (end - at) / period;
}

static void put_choices(Buf *out, const ChoiceList *list)
{
  for (uint32_t at = 0; at < list->count;) {
    uint32_t best = 0, times = 0;
    for (uint32_t period = 1; period <= PERIOD_MAX && period <= at; period++) {
      uint32_t again = times_again(list, at, period);
      if (again * period <= times * best) continue;
      best = period;
      times = again;
    }
    if (best * times < 4) {
      put_choice(out, &list->at[at++]);
      continue;
    }
    put_number(out, CODE_AGAIN);
    put_number(out, best);
    put_number(out, times);
    at += best * times;
  }
}

Str replay_encode(Arena *arena, const Spec *spec, const Replay *self)
{
  Buf bytes = buf_in(arena);
  buf_str(&bytes, (Str){(const char *)spec->hash.bytes, SPEC_BYTES});
  buf_str(&bytes, (Str){(const char *)spec->interface_hash.bytes, INTERFACE_BYTES});
  put_number(&bytes, self->test);
  put_number(&bytes, self->kind);
  if (self->kind == REPLAY_ROW) put_number(&bytes, self->row);
  if (self->kind == REPLAY_CHOICES) put_number(&bytes, self->repeats);
  if (self->kind == REPLAY_CHOICES || self->kind == REPLAY_MIXED) put_choices(&bytes, &self->choices);
  if (self->kind == REPLAY_CASES) {
    put_number(&bytes, self->case_count);
    for (uint32_t i = 0; i < self->case_count; i++) {
      put_number(&bytes, self->cases_made[i].count);
      put_choices(&bytes, &self->cases_made[i]);
    }
  }
  if (self->kind == REPLAY_HISTORY) {
    put_number(&bytes, self->seed);
    put_number(&bytes, self->stride);
    put_number(&bytes, self->first);
    put_number(&bytes, self->cases);
  }
  Hash check = hash_of(buf_text(&bytes));
  buf_str(&bytes, (Str){(const char *)check.bytes, CHECK_BYTES});
  Str base64 = base64_encode(arena, buf_text(&bytes));
  Buf out = buf_in(arena);
  buf_z(&out, PREFIX);
  for (size_t i = 0; i < base64.len && base64.at[i] != '='; i++) {
    char byte = base64.at[i];
    buf_byte(&out, (char)(byte == '+' ? '-' : byte == '/' ? '_' : byte));
  }
  return buf_text(&out);
}

/* --- reading: nothing in it is believed */

typedef struct Bytes {
  Str text;
  size_t at;
  bool bad;
} Bytes;

static uint64_t take_number(Bytes *self)
{
  uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (self->at >= self->text.len) break;
    uint8_t byte = (uint8_t)self->text.at[self->at++];
    if (shift == 63 && byte > 1) break;
    number |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
  self->bad = true;
  return 0;
}

static uint32_t take_small(Bytes *self, uint32_t limit)
{
  uint64_t number = take_number(self);
  if (number >= limit) self->bad = true;
  return self->bad ? 0 : (uint32_t)number;
}

typedef VEC(Choice) Choices;

static void take_again(Bytes *self, Arena *arena, Choices *out)
{
  uint64_t period = take_number(self), times = take_number(self);
  if (self->bad || period == 0 || period > out->len || times > CHOICES_MAX ||
      out->len + period * times > CHOICES_MAX) {
    self->bad = true;
    return;
  }
  for (uint64_t i = 0; i < period * times; i++) {
    Choice choice = out->at[out->len - period];
    vec_push(arena, out, choice);
  }
}

static Choice take_choice(Bytes *self, uint64_t code)
{
  switch (code) {
  case CODE_F64: return (Choice){reversed(CHOICE_F64, take_number(self)), CHOICE_F64};
  case CODE_F32: return (Choice){reversed(CHOICE_F32, take_number(self)), CHOICE_F32};
  case CODE_FALSE:
  case CODE_TRUE: return (Choice){code == CODE_TRUE, CHOICE_BOOL};
  case CODE_STEP: return (Choice){take_number(self), CHOICE_STEP};
  case CODE_NUMBER: return (Choice){take_number(self), CHOICE_NUMBER};
  default: return (Choice){code - CODE_COUNT, CHOICE_NUMBER};
  }
}

/* So many choices, or, for UINT32_MAX, all that come. */
static void take_choices(Bytes *self, Arena *arena, uint32_t count, ChoiceList *list)
{
  Choices out = {0};
  while (self->at < self->text.len && !self->bad && out.len < count) {
    uint64_t code = take_number(self);
    if (code == CODE_AGAIN) {
      take_again(self, arena, &out);
      continue;
    }
    Choice choice = take_choice(self, code);
    if (out.len >= CHOICES_MAX) self->bad = true;
    vec_push(arena, &out, choice);
  }
  if (count != UINT32_MAX && out.len != count) self->bad = true;
  *list = (ChoiceList){out.at, (uint32_t)out.len};
}

static void take_cases(Bytes *self, Arena *arena, Replay *out)
{
  uint32_t count = take_small(self, REPLAY_CASES_MAX + 1);
  if (count == 0) self->bad = true;
  uint32_t total = 0;
  out->cases_made = arena_array_of(arena, ChoiceList, count + 1);
  for (uint32_t i = 0; i < count && !self->bad; i++) {
    uint32_t choices = take_small(self, CHOICES_MAX + 1);
    total += choices;
    if (total > REPLAY_CHOICES_MAX) self->bad = true;
    take_choices(self, arena, choices, &out->cases_made[i]);
  }
  out->case_count = count;
}

static void take_content(Bytes *self, Arena *arena, const Spec *spec, Replay *out)
{
  out->test = take_small(self, (uint32_t)spec->tests.len);
  if (self->bad) return;
  const Test *test = &spec->tests.at[out->test];
  out->kind = (ReplayKind)take_small(self, REPLAY_MIXED + 1);
  bool fits = test_is_generated(test->kind) ? out->kind >= REPLAY_CHOICES
              : test->kind == TEST_TABLE    ? out->kind == REPLAY_ROW
                                            : out->kind == REPLAY_SCRIPT;
  if (!fits || (out->kind == REPLAY_MIXED && test->kind != TEST_LAW)) self->bad = true;
  if (out->kind == REPLAY_ROW) out->row = take_small(self, (uint32_t)test->rows.len);
  if (out->kind == REPLAY_CHOICES) {
    out->repeats = take_small(self, REPLAY_REPEATS_MAX + 1);
    if (out->repeats == 0) self->bad = true;
  }
  if (out->kind == REPLAY_CHOICES || out->kind == REPLAY_MIXED)
    take_choices(self, arena, UINT32_MAX, &out->choices);
  if (out->kind == REPLAY_CASES) take_cases(self, arena, out);
  if (out->kind == REPLAY_HISTORY) {
    out->seed = take_number(self);
    out->stride = take_small(self, SHARDS_MAX + 1);
    if (out->stride == 0) self->bad = true;
    out->first = take_number(self);
    out->cases = take_small(self, REPLAY_REPEATS_MAX + 1);
  }
  if (self->at != self->text.len) self->bad = true;
}

/* The bytes, checked against the sum at their end, which is left out. */
static bool decode_text(Arena *arena, Str token, Str *bytes)
{
  if (!str_starts_with(token, STR(PREFIX))) return false;
  Buf base64 = buf_in(arena);
  for (size_t i = sizeof PREFIX - 1; i < token.len; i++) {
    char byte = token.at[i];
    if (byte == '+' || byte == '/') return false;
    buf_byte(&base64, (char)(byte == '-' ? '+' : byte == '_' ? '/' : byte));
  }
  while (base64.len % 4) buf_byte(&base64, '=');
  if (!base64_decode(arena, buf_text(&base64), bytes) ||
      bytes->len < SPEC_BYTES + INTERFACE_BYTES + 2 + CHECK_BYTES)
    return false;
  bytes->len -= CHECK_BYTES;
  return memcmp(bytes->at + bytes->len, hash_of(*bytes).bytes, CHECK_BYTES) == 0;
}

/* Digits between `a` and `-`; empty: it is no token of any version. */
static Str version_of(Str token)
{
  size_t dash = str_find(token, STR("-"));
  if (dash == SIZE_MAX || dash < 2 || dash > 4 || token.at[0] != 'a') return (Str){0};
  for (size_t i = 1; i < dash; i++)
    if (token.at[i] < '0' || token.at[i] > '9') return (Str){0};
  return str_slice(token, 1, dash);
}

static bool refuse_text(Str token, Diags *diags)
{
  Str version = version_of(token), ours = version_of(STR(PREFIX));
  if (!version.len || str_equal(version, ours)) {
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "`%.*s` is no replay token: copy all of it from a report",
               STR_ARG(token));
    return false;
  }
  Diag *diag = diag_error(
      diags, DIAG_INPUT, SPAN_NONE,
      "the replay token has version %.*s of the format, and this program replays version %.*s only",
      STR_ARG(version), STR_ARG(ours));
  diag_note(diags, diag, SPAN_NONE, "run the verification again for a new token, or take the other program");
  return false;
}

/* Which of the specifications has these bytes of its hash, and of its interface's? */
static bool find_spec(Str text, const Spec *const *specs, size_t spec_count, size_t *spec, Diags *diags)
{
  bool has_text = false;
  for (*spec = 0; *spec < spec_count; ++*spec) {
    if (memcmp(text.at, specs[*spec]->hash.bytes, SPEC_BYTES) != 0) continue;
    if (memcmp(text.at + SPEC_BYTES, specs[*spec]->interface_hash.bytes, INTERFACE_BYTES) == 0) return true;
    has_text = true;
  }
  diag_error(diags, DIAG_INPUT, SPAN_NONE, "%s",
             has_text ? "the replay token is for this specification on another interface, or on an earlier "
                        "text of this one"
                      : "the replay token is for another specification, or for an earlier text of this one");
  return false;
}

bool replay_decode(Arena *arena, Str token, const Spec *const *specs, size_t spec_count, size_t *spec,
                   Replay *out, Diags *diags)
{
  Str text;
  if (!decode_text(arena, token, &text)) return refuse_text(token, diags);
  if (!find_spec(text, specs, spec_count, spec, diags)) return false;
  Replay replay = {.repeats = 1};
  Bytes bytes = {.text = str_slice(text, SPEC_BYTES + INTERFACE_BYTES, text.len)};
  take_content(&bytes, arena, specs[*spec], &replay);
  if (bytes.bad) {
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "the replay token does not fit its specification");
    return false;
  }
  *out = replay;
  return true;
}

bool replay_is_whole(Arena *arena, Str token)
{
  Str bytes;
  return decode_text(arena, token, &bytes);
}
