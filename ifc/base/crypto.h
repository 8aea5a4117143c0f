/* Hashes, signatures, and the encodings that go with them. The one place that knows libsodium. */
#ifndef IFC_BASE_CRYPTO_H
#define IFC_BASE_CRYPTO_H

#include "ifc/base/arena.h"
#include "ifc/base/str.h"

/* SHA-256 (FIPS 180-4). */
typedef struct Hash {
  uint8_t bytes[32];
} Hash;

Hash hash_of(Str bytes);
bool hash_equal(Hash a, Hash b);
/* "sha256:" + 64 lower-case hex digits. */
Str hash_text(Arena *arena, Hash self);
/* The 64 hex digits alone. */
Str hash_hex(Arena *arena, Hash self);
/* Reads what hash_text prints, with or without the prefix. False when malformed. */
bool hash_parse(Str text, Hash *out);

/* A hash that is fed in pieces. */
typedef struct Hasher Hasher;
Hasher *hasher_new(Arena *arena);
void hasher_add(Hasher *self, Str bytes);
Hash hasher_finish(Hasher *self);

/* Ed25519 (RFC 8032), in libsodium's strict form: small-order and non-canonical points are refused. */
typedef struct PublicKey {
  uint8_t bytes[32];
} PublicKey;
typedef struct SecretKey {
  uint8_t bytes[64]; /* seed, then public key, as libsodium has it */
} SecretKey;
typedef struct Signature {
  uint8_t bytes[64];
} Signature;
void key_generate(PublicKey *public_key, SecretKey *secret_key);
PublicKey key_public(const SecretKey *self);
Signature key_sign(const SecretKey *self, Str message);
bool key_verify(const PublicKey *self, Str message, const Signature *signature);

/* Lower-case hex. Decoding refuses odd lengths and other digits; `out` holds text.len / 2 bytes. */
Str hex_encode(Arena *arena, Str bytes);
bool hex_decode(Str text, uint8_t *out);
/* Base64, RFC 4648 §4, padded. Decoding refuses anything but the one canonical text. */
Str base64_encode(Arena *arena, Str bytes);
bool base64_decode(Arena *arena, Str text, Str *out);

/* 64 bits from the system's generator: for seeds and temporary names. */
uint64_t random_u64(void);

#endif
