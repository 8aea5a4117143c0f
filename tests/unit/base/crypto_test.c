#include "ifc/base/crypto.h"

#include "tests/unit/check.h"

static Str from_hex(Arena *arena, const char *hex)
{
  Str text = str_from_z(hex);
  uint8_t *bytes = arena_alloc(arena, text.len / 2);
  assert_true(hex_decode(text, bytes));
  return (Str){(const char *)bytes, text.len / 2};
}

/* FIPS 180-4's examples, and the million a's. */
static void hashes_are_sha_256(void **state)
{
  Arena *arena = *state;
  assert_text(hash_text(arena, hash_of(STR("abc"))),
              "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_text(hash_hex(arena, hash_of((Str){NULL, 0})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_text(hash_hex(arena, hash_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_hash_can_be_fed_in_pieces(void **state)
{
  Arena *arena = *state;
  Hasher *hasher = hasher_new(arena);
  char as[1000];
  memset(as, 'a', sizeof as);
  for (int i = 0; i < 1000; i++) hasher_add(hasher, (Str){as, sizeof as});
  hasher_add(hasher, (Str){NULL, 0});
  assert_text(hash_hex(arena, hasher_finish(hasher)),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void hashes_are_read_with_and_without_the_prefix(void **state)
{
  Hash hash = hash_of(STR("x")), read;
  assert_true(hash_parse(hash_text(*state, hash), &read));
  assert_true(hash_equal(hash, read));
  memset(&read, 0, sizeof read);
  assert_false(hash_equal(hash, read));
  assert_true(hash_parse(hash_hex(*state, hash), &read));
  assert_true(hash_equal(hash, read));
}

static void malformed_hashes_are_refused_and_leave_the_output_alone(void **state)
{
#define HEX_60 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f200"
  (void)state;
  const Str malformed[] = {STR(""),
                           STR("sha256:"),
                           STR(HEX_60),
                           STR(HEX_60 "15a"),
                           STR(HEX_60 "15adff"),
                           STR(HEX_60 "15AD"),
                           STR(HEX_60 "15ag"),
                           STR(HEX_60 "15a "),
                           STR("sha256:sha256:" HEX_60 "15ad"),
                           STR("SHA256:" HEX_60 "15ad"),
                           STR("sha512:" HEX_60 "15ad"),
                           STR(" sha256:" HEX_60 "15ad"),
                           STR("sha256:" HEX_60 "15ad\n")};
  const Hash untouched = {{7}};
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    Hash out = untouched;
    assert_false(hash_parse(malformed[i], &out));
    assert_true(hash_equal(out, untouched));
  }
}

/* RFC 8032 §7.1, tests 1 to 3. */
static void signatures_are_those_of_the_standard(void **state)
{
  Arena *arena = *state;
  const struct {
    const char *seed, *public_key, *message, *signature;
  } table[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
                "b46bd25bf5f0"
                "595bbe24655141438e7a100b"},
               {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
                "1d8c387b2eae"
                "b4302aeeb00d291612bb0c00"},
               {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
                "c6594a7c15e9"
                "716ed28dc027beceea1ec40a"}};
  for (size_t i = 0; i < 3; i++) {
    SecretKey secret;
    Str seed = from_hex(arena, table[i].seed), public_key = from_hex(arena, table[i].public_key);
    memcpy(secret.bytes, seed.at, 32);
    memcpy(secret.bytes + 32, public_key.at, 32);
    PublicKey key = key_public(&secret);
    assert_memory_equal(key.bytes, public_key.at, 32);
    Str message = from_hex(arena, table[i].message);
    Signature signature = key_sign(&secret, message);
    assert_memory_equal(signature.bytes, from_hex(arena, table[i].signature).at, 64);
    assert_true(key_verify(&key, message, &signature));
  }
}

static void a_changed_bit_anywhere_breaks_a_signature(void **state)
{
  (void)state;
  PublicKey public_key;
  SecretKey secret_key;
  key_generate(&public_key, &secret_key);
  char message[] = "a record";
  Str text = {message, 8};
  Signature signature = key_sign(&secret_key, text);
  assert_true(key_verify(&public_key, text, &signature));
  for (size_t i = 0; i < 64; i++) {
    signature.bytes[i] ^= 1;
    assert_false(key_verify(&public_key, text, &signature));
    signature.bytes[i] ^= 1;
  }
  message[3] ^= 1;
  assert_false(key_verify(&public_key, text, &signature));
  assert_false(key_verify(&public_key, STR("a recor"), &signature));
}

/* The neutral element as key and as R, with S = 0, satisfies the bare equation for every message. */
static void small_order_keys_are_refused(void **state)
{
  (void)state;
  const PublicKey neutral = {{1}};
  const Signature signature = {{1}};
  assert_false(key_verify(&neutral, STR("anything"), &signature));
}

/* S + L is the same number modulo the group's order: another text for the same signature. */
static void signatures_are_not_malleable(void **state)
{
  Str order = from_hex(*state, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  PublicKey public_key;
  SecretKey secret_key;
  key_generate(&public_key, &secret_key);
  Signature signature = key_sign(&secret_key, STR("x"));
  unsigned carry = 0;
  for (size_t i = 0; i < 32; i++) {
    carry += signature.bytes[32 + i] + (uint8_t)order.at[i];
    signature.bytes[32 + i] = (uint8_t)carry;
    carry >>= 8;
  }
  assert_false(key_verify(&public_key, STR("x"), &signature));
}

static void generated_keys_differ_and_belong_together(void **state)
{
  (void)state;
  PublicKey a, b;
  SecretKey secret_a, secret_b;
  key_generate(&a, &secret_a);
  key_generate(&b, &secret_b);
  assert_memory_not_equal(a.bytes, b.bytes, 32);
  PublicKey again = key_public(&secret_a);
  assert_memory_equal(again.bytes, a.bytes, 32);
}

static void hex_is_lower_case_only(void **state)
{
  Arena *arena = *state;
  assert_text(hex_encode(arena, STR("\x00\x9f\xff")), "009fff");
  assert_text(hex_encode(arena, (Str){NULL, 0}), "");
  uint8_t out[2] = {1, 2};
  assert_true(hex_decode(STR("00ff"), out));
  assert_int_equal(out[1], 0xff);
  const Str malformed[] = {STR("0"), STR("0FF0"), STR("0g"), STR("0x"), STR(" 0"), STR("00 0")};
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    out[0] = 9;
    assert_false(hex_decode(malformed[i], out));
    assert_int_equal(out[0], 9);
  }
}

/* RFC 4648 §10. */
static void base64_is_that_of_the_standard(void **state)
{
  Arena *arena = *state;
  const struct {
    Str bytes, text;
  } table[] = {{STR(""), STR("")},
               {STR("f"), STR("Zg==")},
               {STR("fo"), STR("Zm8=")},
               {STR("foo"), STR("Zm9v")},
               {STR("foob"), STR("Zm9vYg==")},
               {STR("fooba"), STR("Zm9vYmE=")},
               {STR("foobar"), STR("Zm9vYmFy")},
               {STR("\xfb\xff\xfe"), STR("+//+")}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    Str decoded = STR("?");
    assert_slice(base64_encode(arena, table[i].bytes), table[i].text);
    assert_true(base64_decode(arena, table[i].text, &decoded));
    assert_slice(decoded, table[i].bytes);
  }
}

static void base64_has_one_text_only(void **state)
{
  const Str malformed[] = {STR("Zg"),       STR("Zg="),        STR("Zg==="), STR("Zh=="),
                           STR("Zm9="),     STR("Zm9v\n"),     STR(" Zm9v"), STR("Zm9v===="),
                           STR("Zm-v"),     STR("Zm_v"),       STR("Z===v"), STR("===="),
                           STR("Zg==Zg=="), STR("Zm9v\0\0\0"), STR("Zm9vZ"), STR("Zm=v")};
  for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
    Str out = STR("untouched");
    assert_false(base64_decode(*state, malformed[i], &out));
    assert_text(out, "untouched");
  }
}

static void random_numbers_differ(void **state)
{
  (void)state;
  assert_true(random_u64() != random_u64());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(hashes_are_sha_256),
      TEST(a_hash_can_be_fed_in_pieces),
      TEST(hashes_are_read_with_and_without_the_prefix),
      TEST(malformed_hashes_are_refused_and_leave_the_output_alone),
      TEST(signatures_are_those_of_the_standard),
      TEST(a_changed_bit_anywhere_breaks_a_signature),
      TEST(small_order_keys_are_refused),
      TEST(signatures_are_not_malleable),
      TEST(generated_keys_differ_and_belong_together),
      TEST(hex_is_lower_case_only),
      TEST(base64_is_that_of_the_standard),
      TEST(base64_has_one_text_only),
      TEST(random_numbers_differ),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
