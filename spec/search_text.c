/* Putting other numbers into texts and lists of bytes. */
#include <inttypes.h>

#include "ifc/base/utf8.h"
#include "spec/search_change_internal.h"

enum { BYTES_MAX = 4096 };

static bool is_byte_list(const Sequence *one)
{
  return one->element == TYPE_U8 || one->element == TYPE_S8;
}

/* The bytes of a sequence, and the choice of each. */
static uint32_t sequence_bytes(const Base *base, const Sequence *one, char *bytes)
{
  uint32_t len = 0;
  if (one->end == UINT32_MAX) return 0;
  for (uint32_t i = one->start; i < one->end && len + 4 <= BYTES_MAX; i++) {
    if (one->is_text)
      len += (uint32_t)utf8_encode((uint32_t)base->origins[i].bits, bytes + len);
    else if (base->origins[i].role == ROLE_NUMBER)
      bytes[len++] = (char)base->origins[i].bits;
  }
  return len;
}

/* The sequence with other bytes, which must be a text where it is one. */
static void with_bytes(const Base *base, const Sequence *one, Str bytes, Trial *out)
{
  Choice chars[BYTES_MAX];
  uint32_t count = 0;
  if (!one->is_text) {
    trial_copy(base, out);
    for (uint32_t i = 0; i < bytes.len; i++) {
      const Origin *origin = &base->origins[one->start + 1 + 2 * i];
      out->choices[one->start + 1 + 2 * i] =
          trial_choice(origin, (uint64_t)(int64_t)(signed char)bytes.at[i]);
    }
    return;
  }
  for (size_t at = 0; at < bytes.len;)
    chars[count++] = (Choice){char_index(utf8_next(bytes, &at)) + 1, CHOICE_NUMBER};
  trial_splice(base, one->start, one->end, chars, count, out);
}

/* --- words */

static uint64_t swapped(uint64_t word, uint32_t size)
{
  return __builtin_bswap64(word) >> (64 - 8 * size);
}

/* The bytes with this word at a place. Of chars that it cuts nothing is left but a letter for each byte;
 * false when the word itself is no text. */
static bool put_word(char *bytes, uint32_t len, uint32_t at, uint64_t word, uint32_t size)
{
  size_t bad;
  memcpy(bytes + at, &word, size);
  while ((bad = utf8_first_error((Str){bytes, len})) != SIZE_MAX) {
    if (bad >= at && bad < at + size) return false;
    bytes[bad] = 'a';
  }
  return true;
}

/* Way number `*way` of those for words of this size in this order; each that there is counts it down. */
static bool exchange_words(const Base *base, const Sequence *one, const Exchange *exchange, uint32_t size,
                           uint32_t *way, Trial *out)
{
  char bytes[BYTES_MAX], changed[BYTES_MAX];
  uint32_t len = sequence_bytes(base, one, bytes);
  for (uint32_t at = 0; at + size <= len; at++) {
    if (memcmp(bytes + at, &exchange->from, size) != 0 || *way > 0) {
      *way -= memcmp(bytes + at, &exchange->from, size) == 0;
      continue;
    }
    memcpy(changed, bytes, len);
    if (one->is_text && !put_word(changed, len, at, exchange->to, size)) continue;
    if (!one->is_text) memcpy(changed + at, &exchange->to, size);
    with_bytes(base, one, (Str){changed, len}, out);
    return true;
  }
  return false;
}

/* Ways are tried in the order: sequence, size of the word, order of its bytes, place. */
bool exchange_bytes(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  if (exchange->is_float) return false;
  for (uint32_t i = 0; i < base->sequence_count; i++) {
    const Sequence *one = &base->sequences[i];
    if (!one->is_text && !is_byte_list(one)) continue;
    for (uint32_t size = exchange->width / 8; size > 1; size /= 2) {
      Exchange word = *exchange;
      if (size < 8 && (word.from >> 8 * size || word.to >> 8 * size)) continue;
      if (exchange_words(base, one, &word, size, &way, out)) return true;
      word.from = swapped(word.from, size);
      word.to = swapped(word.to, size);
      if (exchange_words(base, one, &word, size, &way, out)) return true;
    }
  }
  return false;
}

/* --- numerals */

static bool digit_of(char byte, unsigned base, uint64_t *digit)
{
  static const char digits[] = "0123456789abcdef";
  const char *at = byte ? memchr(digits, byte | (byte >= 'A' && byte <= 'F' ? 0x20 : 0), base) : NULL;
  if (at) *digit = (uint64_t)(at - digits);
  return at != NULL;
}

/* Where the numeral that begins at a place ends, and what it says, modulo 2^64. */
static uint32_t read_numeral(const char *bytes, uint32_t len, uint32_t at, unsigned base, uint64_t *value)
{
  *value = 0;
  for (uint64_t digit; at < len && digit_of(bytes[at], base, &digit); at++) *value = *value * base + digit;
  return at;
}

static void put_numeral(const Base *base, const Sequence *one, Str text, uint32_t at, uint32_t end,
                        Str numeral, Trial *out)
{
  char bytes[BYTES_MAX + 32];
  memcpy(bytes, text.at, at);
  memcpy(bytes + at, numeral.at, numeral.len);
  memcpy(bytes + at + numeral.len, text.at + end, text.len - end);
  with_bytes(base, one, (Str){bytes, text.len - (end - at) + numeral.len}, out);
}

/* In one text; each way that there is counts `*way` down. Where there is none yet, zero may be one: then it
 * comes to the front. */
static bool exchange_in_text(const Base *base, const Sequence *one, const Exchange *exchange, unsigned radix,
                             uint32_t *way, Trial *out)
{
  char bytes[BYTES_MAX], numeral[24];
  uint32_t len = sequence_bytes(base, one, bytes);
  uint64_t value, mask = exchange->width == 32 ? UINT32_MAX : UINT64_MAX;
  if (len + sizeof numeral > BYTES_MAX / 2) return false;
  snprintf(numeral, sizeof numeral, radix == 10 ? "%" PRIu64 : "%" PRIx64, exchange->to);
  for (uint32_t at = 0, end; at < len; at = end + 1) {
    end = read_numeral(bytes, len, at, radix, &value);
    if (end == at || (value & mask) != exchange->from || (*way)-- > 0) continue;
    put_numeral(base, one, (Str){bytes, len}, at, end, str_from_z(numeral), out);
    return true;
  }
  if (exchange->from != 0 || radix != 10 || (*way)-- > 0) return false;
  put_numeral(base, one, (Str){bytes, len}, 0, 0, str_from_z(numeral), out);
  return true;
}

bool exchange_numerals(const Base *base, const Exchange *exchange, uint32_t way, Trial *out)
{
  if (exchange->is_float) return false;
  for (unsigned radix = 10; radix <= 16; radix += 6)
    for (uint32_t i = 0; i < base->sequence_count; i++) {
      const Sequence *one = &base->sequences[i];
      bool fits = one->is_text && one->end != UINT32_MAX;
      if (fits && exchange_in_text(base, one, exchange, radix, &way, out)) return true;
    }
  return false;
}
