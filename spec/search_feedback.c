#include "spec/search_feedback.h"

#include <string.h>

#include "runtime/wasm_code.h"

enum { STATES_MAX = 32 }; /* values of a place, modulo 64; one that writes more writes data */

/* What a comparison's opcode says of its operands. */
enum { TRAIT_WIDE = 1, TRAIT_FLOAT = 2, TRAIT_ORDER = 4, TRAIT_SWITCH = 8 };

static uint8_t traits_of(uint16_t opcode)
{
  switch (opcode) {
  case OPCODE_BR_TABLE: return TRAIT_SWITCH;
  case OPCODE_I32_EQZ:
  case OPCODE_I32_EQ:
  case OPCODE_I32_NE: return 0;
  case OPCODE_I64_EQZ:
  case OPCODE_I64_EQ:
  case OPCODE_I64_NE: return TRAIT_WIDE;
  case OPCODE_F32_EQ:
  case OPCODE_F32_NE: return TRAIT_FLOAT;
  case OPCODE_F64_EQ:
  case OPCODE_F64_NE: return TRAIT_FLOAT | TRAIT_WIDE;
  default: break;
  }
  if (opcode >= OPCODE_F64_EQ && opcode <= OPCODE_F64_GE) return TRAIT_FLOAT | TRAIT_WIDE | TRAIT_ORDER;
  if (opcode >= OPCODE_F32_EQ && opcode <= OPCODE_F32_GE) return TRAIT_FLOAT | TRAIT_ORDER;
  if (opcode >= OPCODE_I64_EQZ && opcode <= OPCODE_I64_GE_U) return TRAIT_WIDE | TRAIT_ORDER;
  return TRAIT_ORDER;
}

Feedback feedback_new(Arena *arena, const SearchTarget *target, SearchSeen *seen)
{
  uint32_t blocks = target->counters.block_count, compares = target->counters.operand_count / 2;
  Feedback self = {.target = target, .seen = seen};
  self.compare_count = target->compares && compares ? compares - 1 : 0;
  self.traits = arena_array_of(arena, uint8_t, compares);
  for (uint32_t i = 0; i < self.compare_count; i++) self.traits[i] = traits_of(target->compares[i].opcode);
  self.buckets = arena_array_of(arena, uint16_t, blocks);
  self.most = arena_array_of(arena, uint32_t, blocks);
  self.outcomes = arena_array_of(arena, uint8_t, compares);
  self.bits = arena_array_of(arena, uint8_t, compares);
  self.size = arena_array_of(arena, uint8_t, compares);
  self.states = arena_array_of(arena, uint64_t, target->counters.state_count);
  memset(self.bits, 0xff, compares);
  memset(self.size, 0xff, compares);
  return self;
}

void feedback_clear(const Feedback *self)
{
  const GuestCounters *counters = &self->target->counters;
  memset(counters->blocks, 0, counters->block_count * sizeof *counters->blocks);
  memset(counters->operands, 0, counters->operand_count * sizeof *counters->operands);
  if (counters->states) memset(counters->states, 0, counters->state_count * sizeof *counters->states);
}

/* 1, 2, 3, 4 … 7, 8 … 15, …: as AFL has them, and on. */
static unsigned bucket_of(uint32_t count)
{
  if (count < 4) return count - 1;
  unsigned log = 31 - (unsigned)__builtin_clz(count);
  return log < 14 ? log + 1 : 15;
}

static News take_blocks(Feedback *self, bool is_repeated)
{
  const GuestCounters *counters = &self->target->counters;
  News news = NEWS_NONE;
  for (uint32_t i = 0; i < counters->block_count; i++) {
    uint32_t count = counters->blocks[i];
    if (__builtin_expect(count == 0, 1)) continue;
    uint16_t bit = (uint16_t)(1U << bucket_of(count));
    self->seen->blocks[i] = 1;
    if (is_repeated && self->buckets[i]) continue; /* how often says nothing then */
    if (!(self->buckets[i] & bit)) {
      self->buckets[i] |= bit;
      news = NEWS_BLOCKS;
    }
    if (count <= self->most[i]) continue;
    bool counts = self->most[i] < 64 || count - self->most[i] > self->most[i] / 8;
    if (counts && news < NEWS_OFTENER) news = NEWS_OFTENER;
    if (counts) self->most[i] = count;
  }
  return news;
}

/* Floats in the order of their bits, so that neighbours differ by one. */
static uint64_t ordered(uint64_t bits, unsigned width)
{
  uint64_t sign = UINT64_C(1) << (width - 1);
  return bits & sign ? ~bits & (sign | (sign - 1)) : bits | sign;
}

static unsigned outcome_of(const Operands *operands)
{
  uint64_t left = operands->left, right = operands->right;
  if (left == right) return OUTCOME_EQUAL;
  if (operands->is_float) {
    left = ordered(left, operands->width);
    right = ordered(right, operands->width);
  }
  return left < right ? OUTCOME_LESS : OUTCOME_GREATER;
}

static void look_at(const Feedback *self, uint32_t index, const uint64_t *operands, Operands *out)
{
  uint8_t traits = self->traits[index];
  *out = (Operands){.left = operands[2 * (size_t)index],
                    .right = operands[2 * (size_t)index + 1],
                    .width = traits & TRAIT_WIDE ? 64 : 32,
                    .is_float = traits & TRAIT_FLOAT,
                    .is_order = traits & TRAIT_ORDER,
                    .is_switch = traits & TRAIT_SWITCH};
}

bool feedback_operands(const Feedback *self, uint32_t index, const uint64_t *operands, Operands *out)
{
  if (operands[2 * (size_t)index] == operands[2 * (size_t)index + 1]) return false;
  look_at(self, index, operands, out);
  return true;
}

/* How far apart: bits that differ, and the difference's length. */
static void distance(const Operands *operands, uint8_t *bits, uint8_t *size)
{
  uint64_t left = operands->left, right = operands->right;
  *bits = (uint8_t)__builtin_popcountll(left ^ right);
  if (operands->is_float) {
    left = ordered(left, operands->width);
    right = ordered(right, operands->width);
  }
  uint64_t apart = left < right ? right - left : left - right;
  if (operands->width == 32 && !operands->is_float) { /* signed or not */
    uint64_t other = (uint32_t)(0 - apart);
    if (other < apart) apart = other;
  }
  *size = apart ? (uint8_t)(64 - __builtin_clzll(apart)) : 0;
}

static News take_compare(Feedback *self, uint32_t index, const Operands *operands)
{
  News news = NEWS_NONE;
  uint8_t bits, size, outcome = (uint8_t)outcome_of(operands);
  distance(operands, &bits, &size);
  if (bits < self->bits[index] || size < self->size[index]) news = NEWS_NEARER;
  if (bits < self->bits[index]) self->bits[index] = bits;
  if (size < self->size[index]) self->size[index] = size;
  if (!(self->outcomes[index] & outcome)) news = NEWS_BLOCKS;
  self->outcomes[index] |= outcome;
  return news;
}

/* Of several places the one that writes the fewest values tells most. */
static News take_states(Feedback *self, StateNews *out)
{
  const GuestCounters *counters = &self->target->counters;
  unsigned fewest = STATES_MAX + 1;
  for (uint32_t i = 0; i < counters->state_count; i++) {
    uint64_t values = counters->states[i] & ~self->states[i];
    if (__builtin_expect(values == 0, 1)) continue;
    self->states[i] |= values;
    unsigned count = (unsigned)__builtin_popcountll(self->states[i]);
    if (count >= fewest) continue;
    fewest = count;
    *out = (StateNews){i, values};
  }
  return fewest <= STATES_MAX ? NEWS_STATE : NEWS_NONE;
}

bool feedback_wrote(const Feedback *self, const StateNews *state)
{
  return (self->target->counters.states[state->place] & state->values) != 0;
}

void feedback_forget(Feedback *self, const StateNews *state)
{
  self->states[state->place] &= ~state->values;
}

bool feedback_is_data(const Feedback *self, uint32_t place)
{
  return __builtin_popcountll(self->states[place]) > STATES_MAX;
}

News feedback_take(Feedback *self, bool is_repeated, StateNews *state)
{
  const uint64_t *operands = self->target->counters.operands;
  const GuestCounters *counters = &self->target->counters;
  News news = take_blocks(self, is_repeated), written = is_repeated ? NEWS_NONE : take_states(self, state);
  if (written > news) news = written;
  for (uint32_t i = 0; i < counters->result_count; i++)
    self->seen->results[i] |= (uint8_t)counters->results[i];
  for (uint32_t i = 0; i < self->compare_count; i++) {
    Operands now;
    /* Two zeros: most likely it was not executed. */
    if (!(operands[2 * (size_t)i] | operands[2 * (size_t)i + 1])) continue;
    look_at(self, i, operands, &now);
    News more = take_compare(self, i, &now);
    if (more > news) news = more;
  }
  return news;
}
