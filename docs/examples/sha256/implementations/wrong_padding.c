// WRONG when the padding needs a block of its own (length % 64 from 56 to 63): there is only ever one last
// block, and the length is written over the end of the message.
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

static uint32_t rotate(uint32_t x, int n)
{
  return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[64], const uint8_t block[64])
{
  for (int t = 0; t < 16; t++)
    w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 | (uint32_t)block[4 * t + 2] << 8 |
           block[4 * t + 3];
  for (int t = 16; t < 64; t++) {
    uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
    uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
}

static void compress(uint32_t state[8], const uint8_t block[64])
{
  uint32_t w[64], v[8];
  schedule(w, block);
  memcpy(v, state, sizeof v);
  for (int t = 0; t < 64; t++) {
    uint32_t a = v[0], e = v[4];
    uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    uint32_t choose = (e & v[5]) ^ (~e & v[6]);
    uint32_t t1 = v[7] + sum1 + choose + K[t] + w[t];
    uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    uint32_t majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t1;
    v[0] = t1 + sum0 + majority;
  }
  for (int i = 0; i < 8; i++) state[i] += v[i];
}

static void finish(uint32_t state[8], const uint8_t *rest, size_t rest_len, uint64_t len)
{
  uint8_t last[64] = {0};
  if (rest_len) memcpy(last, rest, rest_len);
  last[rest_len] = 0x80;
  for (int i = 0; i < 8; i++) last[63 - i] = (uint8_t)(len * 8 >> 8 * i);
  compress(state, last);
}

void exports_crypto_hash_sha256_digest(sha256_list_u8_t *data, sha256_list_u8_t *ret)
{
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t at = 0;
  for (; data->len - at >= 64; at += 64) compress(state, data->ptr + at);
  finish(state, data->ptr + at, data->len - at, data->len);
  sha256_list_u8_free(data);

  ret->ptr = malloc(32);
  if (!ret->ptr) abort();
  ret->len = 32;
  for (int i = 0; i < 32; i++) ret->ptr[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
