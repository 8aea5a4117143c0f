/* WAVE: the first byte chooses a type ('a' the first), the rest is text. What is read prints as a text that
 * reads back as an equal value; what is refused is refused with a diagnostic. */
#include <stdlib.h>

#include "ifc/wave.h"
#include "tests/fuzz/fuzz.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define COMPOSITE(type_kind, members)                                      \
  {                                                                        \
    .kind = TYPE_##type_kind, .count = COUNT(members), .fields = (members) \
  }

#define TYPE(type_kind, name) static const Type type_##type_kind = {.kind = TYPE_##type_kind};
#include "ifc/types.def"

static const Type bytes = {.kind = TYPE_LIST, .element = &type_U8};
static const Type chars = {.kind = TYPE_LIST, .element = &type_CHAR};
static const Type floats = {.kind = TYPE_LIST, .element = &type_F32};
static const Type strings = {.kind = TYPE_LIST, .element = &type_STRING};
static const Type maybe = {.kind = TYPE_OPTION, .element = &type_F64};
static const Type maybe_maybe = {.kind = TYPE_OPTION, .element = &maybe};
static const Type outcome = {.kind = TYPE_RESULT, .element = &strings, .error = &type_S16};
static const Type plain_outcome = {.kind = TYPE_RESULT};
static const Field pair_fields[] = {{.type = &type_S8}, {.type = &type_STRING}};
static const Type pair = COMPOSITE(TUPLE, pair_fields);
static const Field flag_names[] = {{.name = {"a", 1}}, {.name = {"b-c", 3}}, {.name = {"true", 4}}};
static const Type flags = COMPOSITE(FLAGS, flag_names);
static const Field enum_cases[] = {{.name = {"ok", 2}}, {.name = {"x", 1}}, {.name = {"HTTP-2", 6}}};
static const Type enumeration = COMPOSITE(ENUM, enum_cases);
static const Field record_fields[] = {{.name = {"a", 1}, .type = &maybe_maybe},
                                      {.name = {"some", 4}, .type = &pair},
                                      {.name = {"c", 1}, .type = &type_BOOL}};
static const Type record = COMPOSITE(RECORD, record_fields);
static const Field loose_fields[] = {{.name = {"a", 1}, .type = &maybe},
                                     {.name = {"b", 1}, .type = &maybe_maybe}};
static const Type loose = COMPOSITE(RECORD, loose_fields);
static const Field variant_cases[] = {{.name = {"none", 4}, .type = &record},
                                      {.name = {"f", 1}, .type = &flags},
                                      {.name = {"e", 1}, .type = &enumeration},
                                      {.name = {"nan", 3}}};
static const Type variant = COMPOSITE(VARIANT, variant_cases);
static const Type variants = {.kind = TYPE_LIST, .element = &variant};
static const Type deep = {.kind = TYPE_OPTION, .element = &variants};

static const Type *const types[] = {
    &type_BOOL, &type_U8,     &type_S64, &type_F32, &type_F64,    &type_CHAR, &type_STRING,   &bytes,
    &chars,     &floats,      &strings,  &maybe,    &maybe_maybe, &outcome,   &plain_outcome, &pair,
    &flags,     &enumeration, &record,   &loose,    &variant,     &deep,      &type_U64,      &type_S32};

static void demand(bool holds)
{
  if (!holds) abort();
}

static Str print(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print(type, value, &out);
  return buf_text(&out);
}

static void check_read(Arena *arena, const Type *type, Value value)
{
  Diags diags = diags_in(arena);
  Source printed = {STR("printed"), print(arena, type, value)};
  Value again;
  demand(wave_parse(arena, type, &printed, &again, &diags));
  demand(diags.warnings == 0);
  demand(value_equal(type, value, again) && value_compare(type, value, again) == 0);
  demand(value_hash(type, value) == value_hash(type, again));
  demand(str_equal(printed.text, print(arena, type, again)));
  Buf out = buf_in(arena);
  wave_print_short(type, value, 30, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0) return 0;
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  const Type *type = types[(data[0] + 256U - 'a') % COUNT(types)];
  Source source = {STR("input"), {(const char *)data + 1, size - 1}};
  Value value;
  if (wave_parse(arena, type, &source, &value, &diags))
    check_read(arena, type, value);
  else
    demand(diags.errors > 0);
  Buf out = buf_in(arena);
  diags_print(&diags, &out, false);
  arena_free(arena);
  return 0;
}
