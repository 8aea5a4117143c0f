// FIPS 180-4 section 6.2.2, with the rounds unrolled by templates: each takes its eight words where they are, and
// what the standard calls moving them is another order of arguments.
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "sha256.h"

namespace
{

using Words = std::array<uint32_t, 8>;

constexpr uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

uint32_t word_at(const uint8_t *bytes)
{
  return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
         static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

// The message's schedule, sixteen words of it at a time.
template <size_t T> uint32_t scheduled(std::array<uint32_t, 16> &w)
{
  if constexpr (T >= 16) {
    const uint32_t x = w[(T + 1) % 16], y = w[(T + 14) % 16];
    const uint32_t s0 = std::rotr(x, 7) ^ std::rotr(x, 18) ^ x >> 3;
    const uint32_t s1 = std::rotr(y, 17) ^ std::rotr(y, 19) ^ y >> 10;
    w[T % 16] += s0 + w[(T + 9) % 16] + s1;
  }
  return w[T % 16];
}

// `v` holds a to h, turned by T places.
template <size_t T> void round(Words &v, std::array<uint32_t, 16> &w)
{
  auto at = [&v](size_t letter) -> uint32_t & { return v[(letter + 64 - T) % 8]; };
  const uint32_t a = at(0), b = at(1), c = at(2), e = at(4), f = at(5), g = at(6);
  const uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
  const uint32_t t1 = at(7) + sum1 + ((e & f) ^ (~e & g)) + K[T] + scheduled<T>(w);
  const uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  at(3) += t1;
  at(7) = t1 + sum0 + ((a & b) ^ (a & c) ^ (b & c));
}

template <size_t... T> void rounds(Words &v, std::array<uint32_t, 16> &w, std::index_sequence<T...>)
{
  (round<T>(v, w), ...);
}

void compress(Words &state, const uint8_t *block)
{
  std::array<uint32_t, 16> w;
  for (size_t t = 0; t < 16; t++) w[t] = word_at(block + 4 * t);
  Words v = state;
  rounds(v, w, std::make_index_sequence<64>());
  for (size_t i = 0; i < 8; i++) state[i] += v[i];
}

}  // namespace

void exports_crypto_hash_sha256_digest(sha256_list_u8_t *data, sha256_list_u8_t *ret)
{
  Words state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  size_t at = 0;
  for (; data->len - at >= 64; at += 64) compress(state, data->ptr + at);

  // The last block, or two: the rest of the message, a one bit, zeros, and the message's length in bits.
  std::array<uint8_t, 128> last{};
  const size_t rest = data->len - at, size = rest < 56 ? 64 : 128;
  const uint64_t bits = static_cast<uint64_t>(data->len) * 8;
  if (rest) std::memcpy(last.data(), data->ptr + at, rest);
  last[rest] = 0x80;
  for (size_t i = 0; i < 8; i++) last[size - 1 - i] = static_cast<uint8_t>(bits >> 8 * i);
  for (size_t i = 0; i < size; i += 64) compress(state, last.data() + i);
  sha256_list_u8_free(data);

  ret->len = 32;
  ret->ptr = static_cast<uint8_t *>(std::malloc(ret->len));
  if (!ret->ptr) std::abort();
  for (size_t i = 0; i < ret->len; i++) ret->ptr[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
}
