/* Any bytes as an envelope, and any bytes as a payload that the author did sign: record_open reads them or
 * says why not, and what it reads is canonical and is what was signed. */
#include <stdlib.h>
#include <string.h>

#include "registry/record.h"
#include "tests/fuzz/fuzz.h"

static void demand(bool holds)
{
  if (!holds) abort();
}

/* RFC 8032 §7.1, test 1. */
static NodeKey author(void)
{
  NodeKey key;
  demand(hex_decode(STR("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
                    key.secret_key.bytes));
  demand(hex_decode(STR("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
                    key.public_key.bytes));
  memcpy(key.secret_key.bytes + 32, key.public_key.bytes, 32);
  return key;
}

static bool try_record(Arena *arena, const NodeKey *key, Str envelope)
{
  Record record;
  Diags diags = diags_in(arena);
  const Source source = {STR("input"), envelope};
  if (!record_open(arena, &source, &key->public_key, &record, &diags)) {
    Buf messages = buf_in(arena);
    diags_print(&diags, &messages, false);
    demand(diags.errors == 1 && messages.len > 0);
    return false;
  }
  const Source payload = {STR("payload"), record.payload};
  const Json *statement = jv_parse(arena, &payload, &diags);
  Buf canonical = buf_in(arena);
  jv_print_canonical(statement, &canonical);
  demand(str_equal(buf_text(&canonical), record.payload));
  demand(hash_equal(record.id, hash_of(record.payload)));
  demand(record.predicate_type.len && jv_count(record.subject) > 0);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  NodeKey key = author();
  Str input = {(const char *)data, size};
  try_record(arena, &key, input);
  Str signed_well = envelope_sign(arena, &key, STR(RECORD_PAYLOAD_TYPE), input);
  if (try_record(arena, &key, signed_well)) { /* and no other type's */
    Str other = envelope_sign(arena, &key, STR("application/x"), input);
    demand(!try_record(arena, &key, other));
  }
  arena_free(arena);
  return 0;
}
