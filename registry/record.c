#include "registry/record.h"

static const char statement_type[] = "https://in-toto.io/Statement/v1";

static Str canonical(Arena *arena, const Json *document)
{
  Buf out = buf_in(arena);
  jv_print_canonical(document, &out);
  return buf_text(&out);
}

/* DSSE's pre-authentication encoding: what is signed binds the payload's type too. */
static Str dsse_encoding(Arena *arena, Str type, Str payload)
{
  Buf out = buf_in(arena);
  buf_printf(&out, "DSSEv1 %zu %.*s %zu ", type.len, STR_ARG(type), payload.len);
  buf_str(&out, payload);
  return buf_text(&out);
}

Str envelope_sign(Arena *arena, const NodeKey *key, Str type, Str payload)
{
  Signature signature = key_sign(&key->secret_key, dsse_encoding(arena, type, payload));
  Json *signed_by = jv_object(arena), *signatures = jv_array(arena), *envelope = jv_object(arena);
  jv_set_string(signed_by, STR("keyid"), node_key_text(arena, &key->public_key));
  jv_set_string(signed_by, STR("sig"),
                base64_encode(arena, (Str){(const char *)signature.bytes, sizeof signature.bytes}));
  jv_push(signatures, signed_by);
  jv_set_string(envelope, STR("payload"), base64_encode(arena, payload));
  jv_set_string(envelope, STR("payloadType"), type);
  jv_set(envelope, STR("signatures"), signatures);
  return canonical(arena, envelope);
}

static bool refuse(Diags *diags, const Source *source, const char *why)
{
  diag_error(diags, DIAG_REGISTRY, SPAN_NONE, "%.*s: %s", STR_ARG(source->path), why);
  return false;
}

/* DSSE lets a signature's keyid say anything: only the key decides. */
static bool signed_by(Arena *arena, const Json *signatures, const PublicKey *author, Str message)
{
  for (size_t i = 0; i < jv_count(signatures) && i < 16; i++) {
    Str bytes;
    Signature signature;
    if (!base64_decode(arena, jv_as_string(jv_get(jv_at(signatures, i), STR("sig"))), &bytes)) continue;
    if (bytes.len != sizeof signature.bytes) continue;
    memcpy(signature.bytes, bytes.at, bytes.len);
    if (key_verify(author, message, &signature)) return true;
  }
  return false;
}

bool envelope_open(Arena *arena, const Source *envelope, Str type, const PublicKey *author, Str *payload,
                   Diags *diags)
{
  if (envelope->text.len > ENVELOPE_LIMIT)
    return refuse(diags, envelope, "the envelope is longer than 1 MiB");
  const Json *json = jv_parse(arena, envelope, diags);
  if (!json) return false;
  if (!str_equal(jv_as_string(jv_get(json, STR("payloadType"))), type))
    return refuse(diags, envelope, "the envelope's payload type is another one");
  Str bytes;
  const Json *encoded = jv_get(json, STR("payload"));
  if (jv_kind(encoded) != JV_STRING || !base64_decode(arena, jv_as_string(encoded), &bytes))
    return refuse(diags, envelope, "the envelope's payload is not base64");
  if (!signed_by(arena, jv_get(json, STR("signatures")), author, dsse_encoding(arena, type, bytes)))
    return refuse(diags, envelope, "the signature is not the author's");
  *payload = bytes;
  return true;
}

Str record_sign(Arena *arena, const NodeKey *key, Str predicate_type, const Subject *subjects,
                size_t subject_count, const Json *predicate, Hash *id)
{
  Json *statement = jv_object(arena), *list = jv_array(arena);
  for (size_t i = 0; i < subject_count; i++) {
    Json *subject = jv_object(arena), *digest = jv_object(arena);
    jv_set_string(digest, STR("sha256"), hash_hex(arena, subjects[i].hash));
    jv_set(subject, STR("digest"), digest);
    jv_set_string(subject, STR("name"), subjects[i].name);
    jv_push(list, subject);
  }
  jv_set_string(statement, STR("_type"), str_from_z(statement_type));
  jv_set(statement, STR("predicate"), predicate);
  jv_set_string(statement, STR("predicateType"), predicate_type);
  jv_set(statement, STR("subject"), list);
  Str payload = canonical(arena, statement);
  *id = hash_of(payload);
  return envelope_sign(arena, key, STR(RECORD_PAYLOAD_TYPE), payload);
}

static bool subjects_good(const Json *subjects)
{
  if (jv_kind(subjects) != JV_ARRAY || jv_count(subjects) == 0) return false;
  for (size_t i = 0; i < jv_count(subjects); i++) {
    const Json *subject = jv_at(subjects, i);
    Hash hash;
    Str digest = jv_as_string(jv_get(jv_get(subject, STR("digest")), STR("sha256")));
    if (digest.len != 64 || !hash_parse(digest, &hash)) return false;
    const Json *name = jv_get(subject, STR("name"));
    if (name && jv_kind(name) != JV_STRING) return false;
  }
  return true;
}

bool record_open(Arena *arena, const Source *envelope, const PublicKey *author, Record *out, Diags *diags)
{
  Str payload;
  if (!envelope_open(arena, envelope, STR(RECORD_PAYLOAD_TYPE), author, &payload, diags)) return false;
  Source *source = arena_new_of(arena, Source);
  *source = (Source){envelope->path, payload};
  const Json *statement = jv_parse(arena, source, diags);
  if (!statement) return false;
  if (!str_equal(canonical(arena, statement), payload))
    return refuse(diags, envelope, "the statement is not canonical JSON");
  const Json *subjects = jv_get(statement, STR("subject")), *predicate = jv_get(statement, STR("predicate"));
  Str type = jv_as_string(jv_get(statement, STR("predicateType")));
  if (!str_equal(jv_as_string(jv_get(statement, STR("_type"))), str_from_z(statement_type)) || !type.len ||
      jv_kind(predicate) != JV_OBJECT || !subjects_good(subjects))
    return refuse(diags, envelope, "the payload is not an in-toto statement");
  *out = (Record){hash_of(payload), *author, type, subjects, predicate, payload, envelope->text};
  return true;
}
