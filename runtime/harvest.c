#include "runtime/harvest.h"

#include "ifc/base/map.h"
#include "ifc/base/utf8.h"
#include "ifc/base/vec.h"
#include "runtime/wasm_code.h"

/* Lists longer than that are not generated. */
enum { LENGTH_MAX = 1 << 15, LENGTH_MIN = 2, TEXT_MIN = 2 };

typedef struct Harvester {
  Arena *arena;
  Map *seen;     /* by kind and bytes */
  size_t number; /* of the module, from 1 */
  VEC(uint64_t) integers;
  VEC(uint64_t) reals;
  VEC(uint32_t) lengths;
  VEC(Str) texts;
} Harvester;

bool harvest_is_new(Arena *arena, Map *seen, char kind, Str bytes)
{
  char *key = arena_alloc_raw(arena, bytes.len + 1);
  key[0] = kind;
  memcpy(key + 1, bytes.at, bytes.len);
  Str name = {key, bytes.len + 1};
  if (map_get(seen, name)) return false;
  map_put(seen, name, seen);
  return true;
}

static bool is_new(Harvester *self, char kind, Str bytes)
{
  return harvest_is_new(self->arena, self->seen, kind, bytes);
}

static bool is_new_word(Harvester *self, char kind, uint64_t word)
{
  return is_new(self, kind, (Str){(const char *)&word, sizeof word});
}

static void add_integer(Harvester *self, uint64_t value)
{
  /* Small numbers come up by themselves. */
  bool is_small = value + 4 <= 8;
  if (is_small || self->integers.len >= self->number * HARVEST_NUMBERS_MAX || !is_new_word(self, 'i', value))
    return;
  vec_push(self->arena, &self->integers, value);
  if (value >= LENGTH_MIN && value <= LENGTH_MAX) vec_push(self->arena, &self->lengths, (uint32_t)value);
}

static void add_real(Harvester *self, uint64_t bits)
{
  if (self->reals.len >= self->number * HARVEST_NUMBERS_MAX || !is_new_word(self, 'r', bits)) return;
  vec_push(self->arena, &self->reals, bits);
}

static void add_float(Harvester *self, uint32_t bits)
{
  float number;
  memcpy(&number, &bits, sizeof number);
  double wide = (double)number;
  uint64_t wide_bits;
  memcpy(&wide_bits, &wide, sizeof wide_bits);
  add_real(self, wide_bits);
}

static void add_text(Harvester *self, Str text)
{
  if (text.len < TEXT_MIN || self->texts.len >= self->number * HARVEST_TEXTS_MAX) return;
  if (is_new(self, 't', text)) vec_push(self->arena, &self->texts, text);
}

static void harvest_code(Harvester *self, const WasmModule *module)
{
  WasmBodies bodies = wasm_bodies(module);
  WasmInstruction instruction;
  for (WasmBody body; wasm_next_body(&bodies, module, &body);)
    while (wasm_next_instruction(&body.code, &instruction)) switch (instruction.opcode) {
      case OPCODE_I32_CONST: add_integer(self, (uint64_t)(int64_t)(int32_t)instruction.constant); break;
      case OPCODE_I64_CONST: add_integer(self, instruction.constant); break;
      case OPCODE_F32_CONST: add_float(self, (uint32_t)instruction.constant); break;
      case OPCODE_F64_CONST: add_real(self, instruction.constant); break;
      default: break;
      }
}

/* --- data */

static bool is_text_byte(uint8_t byte)
{
  return byte >= 0x20 ? byte != 0x7f : byte == '\n' || byte == '\t' || byte == '\r';
}

/* Texts end at a byte that none has: mostly the zero behind them. */
static void harvest_texts(Harvester *self, Str bytes)
{
  for (size_t at = 0; at < bytes.len; at++) {
    size_t from = at, most = from + HARVEST_TEXT_MAX < bytes.len ? from + HARVEST_TEXT_MAX : bytes.len;
    while (at < most && is_text_byte((uint8_t)bytes.at[at])) at++;
    size_t valid = utf8_first_error(str_slice(bytes, from, at));
    if (valid != SIZE_MAX) at = from + valid;
    add_text(self, str_slice(bytes, from, at));
  }
}

static uint64_t word_at(Str bytes, size_t at, size_t size)
{
  uint64_t word = 0;
  memcpy(&word, bytes.at + at, size);
  return word;
}

static void harvest_words(Harvester *self, Str bytes)
{
  for (size_t at = 0; at + 4 <= bytes.len; at += 4) {
    uint64_t half = word_at(bytes, at, 4);
    add_integer(self, (uint64_t)(int64_t)(int32_t)half);
    if (at % 8 || at + 8 > bytes.len) continue;
    uint64_t word = word_at(bytes, at, 8);
    if (word >> 32 == 0) continue;
    add_integer(self, word);
    add_real(self, word);
  }
}

/* The constant expression that says where a segment goes. */
static void skip_offset(WasmReader *in)
{
  WasmInstruction instruction;
  while (wasm_next_instruction(in, &instruction) && instruction.opcode != OPCODE_END) continue;
}

static void harvest_segments(Harvester *self, Str content, void (*harvest)(Harvester *self, Str bytes))
{
  enum { PASSIVE = 1, WITH_MEMORY = 2 };
  WasmReader in = wasm_reader(content);
  uint32_t count = wasm_read_count(&in, 1);
  for (uint32_t i = 0; i < count && !in.problem; i++) {
    uint32_t mode = wasm_read_u32(&in);
    if (mode == WITH_MEMORY) wasm_read_u32(&in);
    if (mode != PASSIVE) skip_offset(&in);
    Str bytes = wasm_read_bytes(&in, wasm_read_u32(&in));
    if (!in.problem) harvest(self, bytes);
  }
}

static Str data_section(const WasmModule *module)
{
  WasmReader in = wasm_reader(module->bytes);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  for (WasmSection section; wasm_read_section(&in, &section);)
    if (section.id == SECTION_DATA) return section.content;
  return (Str){0};
}

Harvest wasm_harvest_all(Arena *arena, const WasmModule *const *modules, size_t count)
{
  Harvester self = {.arena = arena, .seen = map_new(arena)};
  for (size_t i = 0; i < count; i++) {
    self.number = i + 1;
    harvest_code(&self, modules[i]);
    Str data = data_section(modules[i]);
    if (!data.len) continue;
    harvest_segments(&self, data, harvest_texts);
    harvest_segments(&self, data, harvest_words);
  }
  return (Harvest){self.integers.at, (uint32_t)self.integers.len, self.reals.at, (uint32_t)self.reals.len,
                   self.lengths.at,  (uint32_t)self.lengths.len,  self.texts.at, (uint32_t)self.texts.len};
}

Harvest wasm_harvest(Arena *arena, const WasmModule *module)
{
  return wasm_harvest_all(arena, &module, 1);
}
