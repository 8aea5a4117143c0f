// Two blocks at a time: their schedules, which do not depend on each other, are computed side by side with
// the round constants added; the rounds then only read them.
#include "sha256.h"

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

typedef struct Schedule {
  uint32_t words[2][64]; /* of each block: w[t] + K[t] */
} Schedule;

static uint32_t rotate(uint32_t x, int n)
{
  return x >> n | x << (32 - n);
}

static uint32_t load(const uint8_t *at)
{
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return __builtin_bswap32(word);
}

/* The word that follows the sixteen in `w`, of which w[t % 16] is the oldest and is replaced. */
static uint32_t next(uint32_t w[16], int t)
{
  uint32_t x = w[(t + 1) % 16], y = w[(t + 14) % 16];
  uint32_t s0 = rotate(x, 7) ^ rotate(x, 18) ^ x >> 3;
  uint32_t s1 = rotate(y, 17) ^ rotate(y, 19) ^ y >> 10;
  return w[t % 16] += s0 + w[(t + 9) % 16] + s1;
}

static void schedule(Schedule *s, const uint8_t *blocks)
{
  uint32_t first[16], second[16];
  for (int t = 0; t < 16; t++) {
    first[t] = load(blocks + 4 * t);
    second[t] = load(blocks + 64 + 4 * t);
    s->words[0][t] = first[t] + K[t];
    s->words[1][t] = second[t] + K[t];
  }
  for (int t = 16; t < 64; t++) {
    s->words[0][t] = next(first, t) + K[t];
    s->words[1][t] = next(second, t) + K[t];
  }
}

static void rounds(uint32_t state[8], const uint32_t words[64])
{
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int t = 0; t < 64; t++) {
    uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + words[t];
    uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d;
  state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

/* The last blocks, one to three of them, which hold the padding. */
static size_t pad(uint8_t last[256], const uint8_t *rest, size_t rest_len, uint64_t len)
{
  size_t size = (rest_len + 9 + 63) / 64 * 64;
  if (rest_len) memcpy(last, rest, rest_len);
  last[rest_len] = 0x80;
  for (size_t i = 0; i < 8; i++) last[size - 1 - i] = (uint8_t)(len * 8 >> 8 * i);
  return size;
}

void exports_crypto_hash_sha256_digest(sha256_list_u8_t *data, sha256_list_u8_t *ret)
{
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint8_t last[256] = {0};
  Schedule s;
  size_t at = 0;
  for (; data->len - at >= 128; at += 128) {
    schedule(&s, data->ptr + at);
    rounds(state, s.words[0]);
    rounds(state, s.words[1]);
  }
  size_t size = pad(last, data->ptr + at, data->len - at, data->len);
  for (size_t i = 0; i < size; i += 128) {
    schedule(&s, last + i);
    rounds(state, s.words[0]);
    if (i + 64 < size) rounds(state, s.words[1]);
  }
  sha256_list_u8_free(data);

  ret->ptr = malloc(32);
  if (!ret->ptr) abort();
  ret->len = 32;
  for (int i = 0; i < 32; i++) ret->ptr[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
