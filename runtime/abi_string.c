/* Strings in the three encodings that a module may have them in: component-model, CanonicalABI.md,
 * load_string_from_range and store_string_into_range. Lowering counts first, so that each string takes one
 * block of its exact size, as the standard has it where the length is known. */
#include <inttypes.h>

#include "ifc/base/utf8.h"
#include "runtime/abi_internal.h"

#define UTF16_TAG (UINT32_C(1) << 31)

enum { LATIN1_LAST_LEAD = 0xc3 }; /* of what is at most U+00FF; those of two units begin with 0xf0 or more */

/* --- lowering */

typedef struct Units {
  uint32_t latin1; /* UINT32_MAX: there are characters that it has not */
  uint32_t utf16;
} Units;

static Units count_units(Value value)
{
  Units units = {0};
  bool is_latin1 = true;
  for (uint32_t i = 0; i < value.count; i++) {
    uint8_t byte = (uint8_t)value.text[i];
    if ((byte & 0xc0) == 0x80) continue;
    is_latin1 = is_latin1 && byte <= LATIN1_LAST_LEAD;
    units.latin1++;
    units.utf16 += byte >= 0xf0 ? 2 : 1;
  }
  if (!is_latin1) units.latin1 = UINT32_MAX;
  return units;
}

static void store_latin1(uint8_t *at, Value value)
{
  Str text = {value.text, value.count};
  for (size_t i = 0; i < text.len;) *at++ = (uint8_t)utf8_next(text, &i);
}

static uint8_t *store_unit(uint8_t *at, uint32_t unit)
{
  abi_write(at, 2, unit);
  return at + 2;
}

static void store_utf16(uint8_t *at, Value value)
{
  Str text = {value.text, value.count};
  for (size_t i = 0; i < text.len;) {
    uint32_t point = utf8_next(text, &i);
    if (point > 0xffff) at = store_unit(at, 0xd800 + ((point - 0x10000) >> 10));
    at = store_unit(at, point > 0xffff ? 0xdc00 + (point & 0x3ff) : point);
  }
}

bool abi_lower_string(AbiMemory *self, Value value, uint32_t *pointer, uint32_t *units, Fault *fault)
{
  if (self->strings == STRINGS_UTF8) {
    *units = value.count;
    if (!abi_allocate(self, 1, value.count, pointer, fault)) return false;
    if (value.count) memcpy(self->bytes + *pointer, value.text, value.count);
    return true;
  }
  Units counted = count_units(value);
  bool is_latin1 = self->strings == STRINGS_LATIN1_UTF16 && counted.latin1 != UINT32_MAX;
  uint64_t size = is_latin1 ? counted.latin1 : (uint64_t)counted.utf16 * 2;
  if (!abi_allocate(self, 2, size, pointer, fault)) return false;
  *units = is_latin1 ? counted.latin1 : counted.utf16;
  if (self->strings == STRINGS_LATIN1_UTF16 && !is_latin1) *units |= UTF16_TAG;
  if (is_latin1)
    store_latin1(self->bytes + *pointer, value);
  else
    store_utf16(self->bytes + *pointer, value);
  return true;
}

/* --- lifting */

static bool lift_utf8(Arena *arena, Str text, Value *out, Fault *fault)
{
  size_t error = utf8_first_error(text);
  if (error != SIZE_MAX)
    return fault_set(fault, FAULT_BAD_UTF8, "byte 0x%02x at offset %zu of %zu", (unsigned char)text.at[error],
                     error, text.len);
  out->text = memcpy(arena_alloc_raw(arena, text.len), text.at, text.len);
  out->count = (uint32_t)text.len;
  return true;
}

static void lift_latin1(Arena *arena, const uint8_t *bytes, uint32_t len, Value *out)
{
  char *text = arena_alloc_raw(arena, (size_t)len * 2);
  size_t used = 0;
  for (uint32_t i = 0; i < len; i++) used += utf8_encode(bytes[i], text + used);
  *out = value_string((Str){text, used});
}

static bool lift_utf16(Arena *arena, const uint8_t *bytes, uint32_t len, Value *out, Fault *fault)
{
  char *text = arena_alloc_raw(arena, (size_t)len * 3);
  size_t used = 0;
  for (uint32_t i = 0; i < len; i++) {
    uint32_t point = (uint32_t)abi_read(bytes + (size_t)i * 2, 2);
    if (point >= 0xd800 && point <= 0xdfff) {
      uint32_t low = i + 1 < len ? (uint32_t)abi_read(bytes + ((size_t)i + 1) * 2, 2) : 0;
      if (point > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return fault_set(fault, FAULT_BAD_UTF16,
                         "half of a pair, 0x%04" PRIx32 ", at unit %" PRIu32 " of %" PRIu32, point, i, len);
      point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
      i++;
    }
    used += utf8_encode(point, text + used);
  }
  *out = value_string((Str){text, used});
  return true;
}

bool abi_lift_string(AbiMemory *self, Arena *arena, uint32_t pointer, uint32_t units, Value *out,
                     Fault *fault)
{
  bool is_tagged = self->strings == STRINGS_LATIN1_UTF16 && (units & UTF16_TAG);
  bool is_utf16 = self->strings == STRINGS_UTF16 || is_tagged;
  uint32_t align = self->strings == STRINGS_UTF8 ? 1 : 2;
  if (is_tagged) units &= ~UTF16_TAG;
  Layout unit = {.size = is_utf16 ? 2 : 1, .align = align};
  Str name = is_utf16 ? STR("UTF-16 units") : STR("bytes");
  if (!abi_check_block(self, "string of", name, unit, pointer, units, fault)) return false;
  *out = (Value){0};
  if (units == 0) return true;
  const uint8_t *bytes = self->bytes + pointer;
  if (is_utf16) return lift_utf16(arena, bytes, units, out, fault);
  if (self->strings == STRINGS_UTF8) return lift_utf8(arena, (Str){(const char *)bytes, units}, out, fault);
  lift_latin1(arena, bytes, units, out);
  return true;
}
