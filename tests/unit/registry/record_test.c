#include "registry/record.h"
#include "tests/unit/registry/fixture.h"

#define TYPE "urn:test:predicate"
/* sha256sum of "hello world" */
#define HELLO "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
/* The canonical statement that sample() signs. */
#define STATEMENT                                                           \
  "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{\"a\":1}," \
  "\"predicateType\":\"" TYPE "\",\"subject\":[{\"digest\":{\"sha256\":\"" HELLO "\"},\"name\":\"hello\"}]}"

static Str sample(Arena *arena, const NodeKey *key, Hash *id)
{
  Subject subject = {STR("hello"), hash_of(STR("hello world"))};
  Json *predicate = jv_object(arena);
  jv_set_integer(predicate, STR("a"), 1);
  return record_sign(arena, key, STR(TYPE), &subject, 1, predicate, id);
}

/* Whether an envelope opens for the key, as a record. What was said is added to the fixture's diagnostics. */
static bool opens(Fixture *f, Str envelope, const NodeKey *key)
{
  Record record;
  Source *source = arena_new_of(f->arena, Source);
  *source = (Source){STR("envelope"), envelope};
  size_t errors = f->diags.errors;
  bool good = record_open(f->arena, source, &key->public_key, &record, &f->diags);
  assert_true(good || f->diags.errors > errors);
  return good;
}

/* Any payload, signed well. */
static bool payload_opens(Fixture *f, Str payload)
{
  NodeKey key = rfc8032_key();
  return opens(f, envelope_sign(f->arena, &key, STR(RECORD_PAYLOAD_TYPE), payload), &key);
}

static Str replaced(Arena *arena, Str text, const char *from, const char *to)
{
  size_t at = str_find(text, str_from_z(from));
  assert_true(at != SIZE_MAX);
  Str rest = str_slice(text, at + strlen(from), text.len);
  return str_format(arena, "%.*s%s%.*s", (int)at, text.at, to, STR_ARG(rest));
}

/* The text of a string member that holds no escapes. */
static Str member(Str text, const char *name)
{
  Str rest = str_slice(text, str_find(text, str_from_z(name)) + strlen(name), text.len);
  return str_slice(rest, 0, str_find(rest, STR("\"")));
}

/* DSSE protocol.md v1.0.0, "Test Vectors": body "hello world" and this encoding of it. */
static void what_is_signed_is_dsses_encoding(void **state)
{
  Arena *arena = *state;
  NodeKey key = rfc8032_key();
  Str envelope = envelope_sign(arena, &key, STR("http://example.com/HelloWorld"), STR("hello world")), bytes;
  assert_slice(member(envelope, "\"payload\":\""), STR("aGVsbG8gd29ybGQ="));
  assert_slice(member(envelope, "\"payloadType\":\""), STR("http://example.com/HelloWorld"));
  Signature signature;
  assert_true(base64_decode(arena, member(envelope, "\"sig\":\""), &bytes));
  assert_int_equal(bytes.len, sizeof signature);
  memcpy(signature.bytes, bytes.at, bytes.len);
  assert_true(
      key_verify(&key.public_key, STR("DSSEv1 29 http://example.com/HelloWorld 11 hello world"), &signature));
}

/* in-toto/attestation spec/v1/statement.md, and RFC 8785's order of members. */
static void a_record_is_a_canonical_statement(void **state)
{
  Arena *arena = *state;
  Diags diags = diags_in(arena);
  NodeKey key = rfc8032_key();
  Hash id;
  Source envelope = {STR("envelope"), sample(arena, &key, &id)};
  Record record;
  assert_true(record_open(arena, &envelope, &key.public_key, &record, &diags));
  assert_text(record.payload, STATEMENT);
  assert_true(hash_equal(record.id, id));
  assert_true(hash_equal(record.id, hash_of(STR(STATEMENT))));
  assert_text(record.predicate_type, TYPE);
  assert_slice(record.envelope, envelope.text);
  assert_int_equal(jv_count(record.subject), 1);
  assert_memory_equal(&record.author, &key.public_key, sizeof key.public_key);
}

/* OpenSSL's own ed25519 over an encoding that printf makes. */
static void openssl_verifies_an_envelope(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id), out;
  if (fixture_has(&f, "openssl")) {
    fixture_write(&f, fixture_path(&f, "envelope"), envelope);
    const char *script =
        "sed 's/.*\"payload\":\"\\([^\"]*\\)\".*/\\1/' envelope | base64 -d >payload\n"
        "sed 's/.*\"sig\":\"\\([^\"]*\\)\".*/\\1/' envelope | base64 -d >sig\n"
        "{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' $(wc -c <payload); cat payload; } >pae\n"
        "printf '302a300506032b6570032100" RFC8032_PUBLIC "' | sed 's/../\\\\\\\\x&/g' |"
        " xargs printf >key.der\n"
        "openssl pkey -pubin -inform DER -in key.der -out key.pem &&"
        "openssl pkeyutl -verify -rawin -pubin -inkey key.pem -in pae -sigfile sig &&"
        "sha256sum <payload";
    assert_int_equal(fixture_shell(&f, &out, script), 0);
    assert_true(str_find(out, STR("Signature Verified Successfully")) != SIZE_MAX);
    assert_true(str_find(out, hash_hex(f.arena, id)) != SIZE_MAX);
  }
  fixture_end(&f);
}

static void an_altered_payload_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id);
  Str altered = replaced(f.arena, STR(STATEMENT), "\"a\":1", "\"a\":2");
  Str from = base64_encode(f.arena, STR(STATEMENT)), to = base64_encode(f.arena, altered);
  Str forged = replaced(f.arena, envelope, str_to_z(f.arena, from), str_to_z(f.arena, to));
  assert_false(opens(&f, forged, &key));
  assert_said(&f, "the signature is not the author's");
  fixture_end(&f);
}

static void an_altered_payload_type_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id), payload;
  assert_false(opens(&f, replaced(f.arena, envelope, "vnd.in-toto+json", "vnd.in-toto+jsox"), &key));
  assert_said(&f, "payload type is another one");
  /* and the signature binds it: a head's cannot be passed off as a record's */
  Source other = {STR("envelope"), envelope_sign(f.arena, &key, STR("application/x"), STR(STATEMENT))};
  assert_true(envelope_open(f.arena, &other, STR("application/x"), &key.public_key, &payload, &f.diags));
  assert_false(opens(&f, replaced(f.arena, other.text, "application/x", RECORD_PAYLOAD_TYPE), &key));
  assert_said(&f, "the signature is not the author's");
  fixture_end(&f);
}

static void a_key_id_decides_nothing(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key(), other = other_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id), foreign = sample(f.arena, &other, &id);
  assert_true(opens(&f, replaced(f.arena, envelope, RFC8032_PUBLIC, "nonsense"), &key));
  assert_true(opens(&f, replaced(f.arena, envelope, "\"keyid\":\"ed25519:" RFC8032_PUBLIC "\",", ""), &key));
  assert_false(opens(&f, foreign, &key));
  assert_false(opens(&f, replaced(f.arena, foreign, RFC8032_PUBLIC_2, RFC8032_PUBLIC), &key));
  fixture_end(&f);
}

/* The members of `signatures`, around the sample's payload. */
static Str with_signatures(Arena *arena, const char *signatures)
{
  return str_format(arena,
                    "{\"payload\":\"%.*s\",\"payloadType\":\"" RECORD_PAYLOAD_TYPE "\",\"signatures\":%s}",
                    STR_ARG(base64_encode(arena, STR(STATEMENT))), signatures);
}

static void one_of_several_signatures_is_enough(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key(), other = other_key();
  Hash id;
  Str mine = member(sample(f.arena, &key, &id), "\"sig\":\"");
  Str theirs = member(sample(f.arena, &other, &id), "\"sig\":\"");
  Str both = str_format(f.arena, "[{\"sig\":\"%.*s\"},{\"sig\":\"%.*s\"}]", STR_ARG(theirs), STR_ARG(mine));
  assert_true(opens(&f, with_signatures(f.arena, str_to_z(f.arena, both)), &key));
  assert_true(opens(&f, with_signatures(f.arena, str_to_z(f.arena, both)), &other));
  fixture_end(&f);
}

static void signatures_of_another_form_are_none(void **state)
{
  static const char *const signatures[] = {"[]",
                                           "{}",
                                           "null",
                                           "\"x\"",
                                           "[null]",
                                           "[[]]",
                                           "[{}]",
                                           "[{\"sig\":null}]",
                                           "[{\"sig\":\"\"}]",
                                           "[{\"sig\":\"AAAA\"}]",
                                           "[{\"sig\":\"!\"}]"};
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
    assert_false(opens(&f, with_signatures(f.arena, signatures[i]), &key));
  assert_said(&f, "the signature is not the author's");
  fixture_end(&f);
}

/* RFC 4648: the bits behind the last byte are zero, padding is there, nothing is between. */
static void base64_of_another_form_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id), sig = member(envelope, "\"sig\":\"");
  assert_true(str_ends_with(sig, STR("==")));
  char *other = str_to_z(f.arena, sig);
  other[sig.len - 3]++; /* only bits that decoding drops */
  assert_false(opens(&f, replaced(f.arena, envelope, str_to_z(f.arena, sig), other), &key));
  Str cut = str_slice(sig, 0, sig.len - 2);
  assert_false(opens(&f, replaced(f.arena, envelope, str_to_z(f.arena, sig), str_to_z(f.arena, cut)), &key));
  assert_false(opens(&f, replaced(f.arena, envelope, "\"payload\":\"", "\"payload\":\" "), &key));
  assert_false(opens(&f, replaced(f.arena, envelope, "\"payload\":\"", "\"payload\":\"\\n"), &key));
  fixture_end(&f);
}

static void a_payload_that_is_not_canonical_is_refused(void **state)
{
  Fixture f = fixture(*state);
  Str good = STR(STATEMENT);
  assert_true(payload_opens(&f, good));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\": 1")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"b\":1,\"a\":1")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":1.5")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":-0")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":1e2")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"\\u0061\":1")));
  assert_false(payload_opens(&f, str_format(f.arena, "%.*s\n", STR_ARG(good))));
  assert_said(&f, "not canonical JSON");
  fixture_end(&f);
}

static void a_payload_that_is_not_json_is_refused(void **state)
{
  Fixture f = fixture(*state);
  Str good = STR(STATEMENT);
  assert_false(payload_opens(&f, STR("")));
  assert_false(payload_opens(&f, STR("hello")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":1,\"a\":1")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":\"\xff\"")));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", "\"a\":99999999999999999999")));
  Buf deep = buf_in(f.arena);
  buf_repeat(&deep, '[', 100000);
  assert_false(payload_opens(&f, buf_text(&deep)));
  Str nested = str_format(f.arena, "\"a\":%.*s", STR_ARG(buf_text(&deep)));
  assert_false(payload_opens(&f, replaced(f.arena, good, "\"a\":1", str_to_z(f.arena, nested))));
  fixture_end(&f);
}

static void a_payload_that_is_no_statement_is_refused(void **state)
{
  static const char *const changes[][2] = {
      {"Statement/v1", "Statement/v0.1"},
      {"\"predicate\":{\"a\":1}", "\"predicate\":[]"},
      {"\"predicateType\":\"" TYPE "\"", "\"predicateType\":\"\""},
      {"\"predicateType\":\"" TYPE "\"", "\"predicateType\":1"},
      {"\"subject\":[{\"digest\":{\"sha256\":\"" HELLO "\"},\"name\":\"hello\"}]", "\"subject\":[]"},
      {"\"subject\":[{\"digest\":{\"sha256\":\"" HELLO "\"},\"name\":\"hello\"}]", "\"subject\":{}"},
      {"\"digest\":{\"sha256\":\"" HELLO "\"}", "\"digest\":{}"},
      {"\"" HELLO "\"", "\"" HELLO "00\""},
      {"\"" HELLO "\"", "\"sha256:" HELLO "\""},
      {"\"b94d", "\"B94D"},
      {"\"name\":\"hello\"", "\"name\":1"},
  };
  Fixture f = fixture(*state);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    Str payload = replaced(f.arena, STR(STATEMENT), changes[i][0], changes[i][1]);
    assert_false(payload_opens(&f, payload));
  }
  assert_said(&f, "not an in-toto statement");
  assert_false(payload_opens(&f, STR("[]")));
  assert_false(payload_opens(&f, STR("null")));
  fixture_end(&f);
}

/* in-toto: consumers ignore fields they do not know, and a subject's name is optional. */
static void what_in_toto_allows_is_read(void **state)
{
  Fixture f = fixture(*state);
  Str more = replaced(f.arena, STR(STATEMENT), "\"subject\":[", "\"something\":true,\"subject\":[");
  assert_true(payload_opens(&f, more));
  assert_true(payload_opens(&f, replaced(f.arena, STR(STATEMENT), ",\"name\":\"hello\"", "")));
  fixture_end(&f);
}

static void every_truncation_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id);
  for (size_t len = 0; len < envelope.len; len++) assert_false(opens(&f, str_slice(envelope, 0, len), &key));
  fixture_end(&f);
}

static void every_changed_byte_of_payload_and_signature_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id);
  size_t key_from = str_find(envelope, STR(",\"signatures\":[{\"keyid\""));
  size_t key_to = str_find(envelope, STR("\"sig\":"));
  for (size_t i = 0; i < envelope.len; i++) {
    if (i >= key_from && i < key_to) continue; /* DSSE does not authenticate it */
    char *changed = str_to_z(f.arena, envelope);
    changed[i] ^= 1;
    assert_false(opens(&f, (Str){changed, envelope.len}, &key));
  }
  fixture_end(&f);
}

static void envelopes_of_another_form_are_refused(void **state)
{
  static const char *const envelopes[] = {
      "", "null", "[]", "{}", "\"x\"", "{\"payload\":1}", "{\"payloadType\":\"" RECORD_PAYLOAD_TYPE "\"}"};
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++)
    assert_false(opens(&f, str_from_z(envelopes[i]), &key));
  Str twice = replaced(f.arena, sample(f.arena, &key, &id), "{\"payload\"", "{\"payload\":\"\",\"payload\"");
  assert_false(opens(&f, twice, &key));
  Buf deep = buf_in(f.arena);
  buf_repeat(&deep, '[', 1000000);
  assert_false(opens(&f, buf_text(&deep), &key));
  fixture_end(&f);
}

static void an_envelope_of_over_a_mebibyte_is_refused(void **state)
{
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Buf padded = buf_in(f.arena);
  buf_str(&padded, sample(f.arena, &key, &id));
  buf_repeat(&padded, ' ', ENVELOPE_LIMIT - padded.len);
  assert_true(opens(&f, buf_text(&padded), &key));
  buf_byte(&padded, ' ');
  assert_false(opens(&f, buf_text(&padded), &key));
  assert_said(&f, "longer than 1 MiB");
  fixture_end(&f);
}

/* With the neutral element as key, R = S·B and any S "sign" any message unless small orders are refused:
 * Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", table 6, case 0 and its kin. */
static void a_key_of_small_order_signs_nothing(void **state)
{
  Fixture f = fixture(*state);
  NodeKey weak = {.public_key = {{1}}}; /* y = 1 */
  Signature zero = {{1}};               /* R = the neutral element, S = 0 */
  Str sig = base64_encode(f.arena, (Str){(const char *)zero.bytes, sizeof zero.bytes});
  Str list = str_format(f.arena, "[{\"sig\":\"%.*s\"}]", STR_ARG(sig));
  assert_false(opens(&f, with_signatures(f.arena, str_to_z(f.arena, list)), &weak));
  memset(weak.public_key.bytes, 0, 32); /* y = 0: order 4 */
  assert_false(opens(&f, with_signatures(f.arena, str_to_z(f.arena, list)), &weak));
  assert_said(&f, "the signature is not the author's");
  fixture_end(&f);
}

/* RFC 8032 §5.1.7: S must be less than the group's order L; S + L would sign the same. */
static void a_signature_has_one_form(void **state)
{
  static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                    0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
  Fixture f = fixture(*state);
  NodeKey key = rfc8032_key();
  Hash id;
  Str envelope = sample(f.arena, &key, &id), sig = member(envelope, "\"sig\":\""), bytes;
  assert_true(base64_decode(f.arena, sig, &bytes));
  uint8_t *malleable = (uint8_t *)str_to_z(f.arena, bytes);
  unsigned carry = 0;
  for (size_t i = 0; i < 32; i++, carry >>= 8) {
    carry += malleable[32 + i] + order[i];
    malleable[32 + i] = (uint8_t)carry;
  }
  Str other = base64_encode(f.arena, (Str){(const char *)malleable, 64});
  Str forged = replaced(f.arena, envelope, str_to_z(f.arena, sig), str_to_z(f.arena, other));
  assert_false(opens(&f, forged, &key));
  fixture_end(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(what_is_signed_is_dsses_encoding),
      TEST(a_record_is_a_canonical_statement),
      TEST(openssl_verifies_an_envelope),
      TEST(an_altered_payload_is_refused),
      TEST(an_altered_payload_type_is_refused),
      TEST(a_key_id_decides_nothing),
      TEST(one_of_several_signatures_is_enough),
      TEST(signatures_of_another_form_are_none),
      TEST(base64_of_another_form_is_refused),
      TEST(a_payload_that_is_not_canonical_is_refused),
      TEST(a_payload_that_is_not_json_is_refused),
      TEST(a_payload_that_is_no_statement_is_refused),
      TEST(what_in_toto_allows_is_read),
      TEST(every_truncation_is_refused),
      TEST(every_changed_byte_of_payload_and_signature_is_refused),
      TEST(envelopes_of_another_form_are_refused),
      TEST(an_envelope_of_over_a_mebibyte_is_refused),
      TEST(a_key_of_small_order_signs_nothing),
      TEST(a_signature_has_one_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
