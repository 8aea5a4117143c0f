#include "ifc/base/crypto.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const Str hash_prefix = {"sha256:", 7};

static const uint8_t *bytes_of(Str text)
{
  return (const uint8_t *)text.at;
}

Hash hash_of(Str bytes)
{
  Hash out;
  crypto_hash_sha256(out.bytes, bytes_of(bytes), bytes.len);
  return out;
}

bool hash_equal(Hash a, Hash b)
{
  return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

Str hash_hex(Arena *arena, Hash self)
{
  return hex_encode(arena, (Str){(const char *)self.bytes, sizeof self.bytes});
}

Str hash_text(Arena *arena, Hash self)
{
  Str hex = hash_hex(arena, self);
  return str_format(arena, "%.*s%.*s", STR_ARG(hash_prefix), STR_ARG(hex));
}

bool hash_parse(Str text, Hash *out)
{
  if (str_starts_with(text, hash_prefix)) text = str_slice(text, hash_prefix.len, text.len);
  return text.len == 2 * sizeof out->bytes && hex_decode(text, out->bytes);
}

struct Hasher {
  crypto_hash_sha256_state state;
};

Hasher *hasher_new(Arena *arena)
{
  Hasher *self = arena_new_of(arena, Hasher);
  crypto_hash_sha256_init(&self->state);
  return self;
}

void hasher_add(Hasher *self, Str bytes)
{
  crypto_hash_sha256_update(&self->state, bytes_of(bytes), bytes.len);
}

Hash hasher_finish(Hasher *self)
{
  Hash out;
  crypto_hash_sha256_final(&self->state, out.bytes);
  return out;
}

/* Without randomness there is nothing safe to return; sodium_init may be called any number of times. */
static void need_randomness(void)
{
  if (sodium_init() < 0) abort();
}

void key_generate(PublicKey *public_key, SecretKey *secret_key)
{
  need_randomness();
  crypto_sign_ed25519_keypair(public_key->bytes, secret_key->bytes);
}

PublicKey key_public(const SecretKey *self)
{
  PublicKey out;
  crypto_sign_ed25519_sk_to_pk(out.bytes, self->bytes);
  return out;
}

Signature key_sign(const SecretKey *self, Str message)
{
  Signature out;
  crypto_sign_ed25519_detached(out.bytes, NULL, bytes_of(message), message.len, self->bytes);
  return out;
}

bool key_verify(const PublicKey *self, Str message, const Signature *signature)
{
  return crypto_sign_ed25519_verify_detached(signature->bytes, bytes_of(message), message.len, self->bytes) ==
         0;
}

Str hex_encode(Arena *arena, Str bytes)
{
  char *out = arena_alloc_raw(arena, bytes.len * 2 + 1);
  sodium_bin2hex(out, bytes.len * 2 + 1, bytes_of(bytes), bytes.len);
  return (Str){out, bytes.len * 2};
}

/* 0 to 15, or 16 for anything that is not a lower-case hex digit. */
static unsigned hex_digit(char c)
{
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  return 16;
}

bool hex_decode(Str text, uint8_t *out)
{
  if (text.len % 2) return false;
  for (size_t i = 0; i < text.len; i++)
    if (hex_digit(text.at[i]) > 15) return false;
  for (size_t i = 0; i < text.len; i += 2)
    out[i / 2] = (uint8_t)(hex_digit(text.at[i]) << 4 | hex_digit(text.at[i + 1]));
  return true;
}

Str base64_encode(Arena *arena, Str bytes)
{
  size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
  char *out = arena_alloc_raw(arena, size);
  sodium_bin2base64(out, size, bytes_of(bytes), bytes.len, sodium_base64_VARIANT_ORIGINAL);
  return (Str){out, size - 1};
}

bool base64_decode(Arena *arena, Str text, Str *out)
{
  size_t room = text.len / 4 * 3, len;
  uint8_t *bytes = arena_alloc_raw(arena, room);
  const char *end;
  if (text.len % 4) return false;
  if (sodium_base642bin(bytes, room, text.at, text.len, NULL, &len, &end, sodium_base64_VARIANT_ORIGINAL))
    return false;
  Str decoded = {(const char *)bytes, len};
  if (end != text.at + text.len || !str_equal(base64_encode(arena, decoded), text)) return false;
  *out = decoded;
  return true;
}

uint64_t random_u64(void)
{
  need_randomness();
  uint64_t out;
  randombytes_buf(&out, sizeof out);
  return out;
}
