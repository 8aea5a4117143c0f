// All 64 rounds unrolled: no moving of variables, and a schedule of sixteen words that is renewed in place.
#include "sha256.h"

#define ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))
#define SUM0(x) (ROTATE(x, 2) ^ ROTATE(x, 13) ^ ROTATE(x, 22))
#define SUM1(x) (ROTATE(x, 6) ^ ROTATE(x, 11) ^ ROTATE(x, 25))
#define SIGMA0(x) (ROTATE(x, 7) ^ ROTATE(x, 18) ^ (x) >> 3)
#define SIGMA1(x) (ROTATE(x, 17) ^ ROTATE(x, 19) ^ (x) >> 10)

/* One round. The variables keep their places; the caller turns their names instead. */
#define ROUND(a, b, c, d, e, f, g, h, k, w)       \
  h += SUM1(e) + (((f ^ g) & e) ^ g) + (k) + (w); \
  d += h;                                         \
  h += SUM0(a) + (((a | b) & c) | (a & b));

/* The schedule's word t, over word t - 16, which is not needed any more. */
#define NEXT(t) (w[(t)&15] += SIGMA1(w[((t) + 14) & 15]) + w[((t) + 9) & 15] + SIGMA0(w[((t) + 1) & 15]))
#define GIVEN(t) (w[t])

#define EIGHT(t, word, k0, k1, k2, k3, k4, k5, k6, k7) \
  ROUND(a, b, c, d, e, f, g, h, k0, word((t)))         \
  ROUND(h, a, b, c, d, e, f, g, k1, word((t) + 1))     \
  ROUND(g, h, a, b, c, d, e, f, k2, word((t) + 2))     \
  ROUND(f, g, h, a, b, c, d, e, k3, word((t) + 3))     \
  ROUND(e, f, g, h, a, b, c, d, k4, word((t) + 4))     \
  ROUND(d, e, f, g, h, a, b, c, k5, word((t) + 5))     \
  ROUND(c, d, e, f, g, h, a, b, k6, word((t) + 6))     \
  ROUND(b, c, d, e, f, g, h, a, k7, word((t) + 7))

static uint32_t load(const uint8_t *at)
{
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return __builtin_bswap32(word);
}

static void compress(uint32_t s[8], const uint8_t *block)
{
  uint32_t w[16];
  for (int t = 0; t < 16; t++) w[t] = load(block + 4 * t);
  uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
  EIGHT(0, GIVEN, 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5)
  EIGHT(8, GIVEN, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
        0xc19bf174)
  EIGHT(16, NEXT, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
        0x76f988da)
  EIGHT(24, NEXT, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351,
        0x14292967)
  EIGHT(32, NEXT, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85)
  EIGHT(40, NEXT, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
        0x106aa070)
  EIGHT(48, NEXT, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
        0x682e6ff3)
  EIGHT(56, NEXT, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2)
  s[0] += a, s[1] += b, s[2] += c, s[3] += d, s[4] += e, s[5] += f, s[6] += g, s[7] += h;
}

static void store(uint8_t *at, uint32_t word)
{
  word = __builtin_bswap32(word);
  memcpy(at, &word, sizeof word);
}

void exports_crypto_hash_sha256_digest(sha256_list_u8_t *data, sha256_list_u8_t *ret)
{
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t whole = data->len / 64 * 64, rest = data->len - whole;
  for (size_t at = 0; at < whole; at += 64) compress(state, data->ptr + at);

  uint8_t last[128] = {0};
  size_t size = rest < 56 ? 64 : 128;
  if (rest) memcpy(last, data->ptr + whole, rest);
  last[rest] = 0x80;
  store(last + size - 8, (uint32_t)((uint64_t)data->len >> 29));
  store(last + size - 4, (uint32_t)data->len << 3);
  for (size_t at = 0; at < size; at += 64) compress(state, last + at);
  sha256_list_u8_free(data);

  ret->ptr = malloc(32);
  if (!ret->ptr) abort();
  ret->len = 32;
  for (int i = 0; i < 8; i++) store(ret->ptr + 4 * i, state[i]);
}
