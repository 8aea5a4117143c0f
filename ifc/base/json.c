#include <jansson.h>
#include <string.h>

#include "ifc/base/json.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

enum { INDEX_FROM = 12 }; /* objects with fewer members are searched one by one */

typedef struct Member {
  Str key;
  const Json *value;
} Member;

struct Json {
  JsonKind kind;
  Arena *arena;
  union {
    bool boolean;
    int64_t integer;
    double real;
    Str string;
    VEC(const Json *) elements;
    struct {
      VEC(Member *) members;
      Map *index; /* key to member; NULL while there are few */
    };
  };
};

static Json *node(Arena *arena, JsonKind kind)
{
  Json *self = arena_new_of(arena, Json);
  self->kind = kind;
  self->arena = arena;
  return self;
}

Json *jv_null(Arena *arena)
{
  return node(arena, JV_NULL);
}

Json *jv_bool(Arena *arena, bool value)
{
  Json *self = node(arena, JV_BOOL);
  self->boolean = value;
  return self;
}

Json *jv_integer(Arena *arena, int64_t value)
{
  Json *self = node(arena, JV_INTEGER);
  self->integer = value;
  return self;
}

Json *jv_real(Arena *arena, double value)
{
  Json *self = node(arena, JV_REAL);
  self->real = value;
  return self;
}

Json *jv_string(Arena *arena, Str value)
{
  Json *self = node(arena, JV_STRING);
  self->string = value;
  return self;
}

Json *jv_array(Arena *arena)
{
  return node(arena, JV_ARRAY);
}

Json *jv_object(Arena *arena)
{
  return node(arena, JV_OBJECT);
}

void jv_push(Json *self, const Json *element)
{
  vec_push(self->arena, &self->elements, element);
}

static Member *find_member(const Json *self, Str key)
{
  if (self->index) return map_get(self->index, key);
  for (size_t i = 0; i < self->members.len; i++)
    if (str_equal(self->members.at[i]->key, key)) return self->members.at[i];
  return NULL;
}

static void index_members(Json *self)
{
  size_t from = self->members.len - 1;
  if (!self->index) {
    if (self->members.len < INDEX_FROM) return;
    self->index = map_new(self->arena);
    from = 0;
  }
  for (size_t i = from; i < self->members.len; i++)
    map_put(self->index, self->members.at[i]->key, self->members.at[i]);
}

void jv_set(Json *self, Str key, const Json *value)
{
  Member *member = find_member(self, key);
  if (member) {
    member->value = value;
    return;
  }
  member = arena_new_of(self->arena, Member);
  *member = (Member){.key = key, .value = value};
  vec_push(self->arena, &self->members, member);
  index_members(self);
}

void jv_set_string(Json *self, Str key, Str value)
{
  jv_set(self, key, jv_string(self->arena, value));
}

void jv_set_integer(Json *self, Str key, int64_t value)
{
  jv_set(self, key, jv_integer(self->arena, value));
}

void jv_set_bool(Json *self, Str key, bool value)
{
  jv_set(self, key, jv_bool(self->arena, value));
}

static bool is(const Json *self, JsonKind kind)
{
  return self && self->kind == kind;
}

JsonKind jv_kind(const Json *self)
{
  return self ? self->kind : JV_NULL;
}

Str jv_as_string(const Json *self)
{
  return is(self, JV_STRING) ? self->string : STR("");
}

int64_t jv_as_integer(const Json *self)
{
  return is(self, JV_INTEGER) ? self->integer : 0;
}

double jv_as_real(const Json *self)
{
  if (is(self, JV_INTEGER)) return (double)self->integer;
  return is(self, JV_REAL) ? self->real : 0;
}

bool jv_as_bool(const Json *self)
{
  return is(self, JV_BOOL) && self->boolean;
}

size_t jv_count(const Json *self)
{
  if (is(self, JV_ARRAY)) return self->elements.len;
  return is(self, JV_OBJECT) ? self->members.len : 0;
}

const Json *jv_at(const Json *self, size_t index)
{
  return is(self, JV_ARRAY) && index < self->elements.len ? self->elements.at[index] : NULL;
}

const Json *jv_get(const Json *self, Str key)
{
  const Member *member = is(self, JV_OBJECT) ? find_member(self, key) : NULL;
  return member ? member->value : NULL;
}

Str jv_key_at(const Json *self, size_t index)
{
  return is(self, JV_OBJECT) && index < self->members.len ? self->members.at[index]->key : STR("");
}

const Json *jv_value_at(const Json *self, size_t index)
{
  return is(self, JV_OBJECT) && index < self->members.len ? self->members.at[index]->value : NULL;
}

/* jansson bounds the depth of what it reads (2,048), and with it this recursion. */
static Json *convert(Arena *arena, json_t *from);

static Json *convert_array(Arena *arena, json_t *from)
{
  Json *self = jv_array(arena);
  size_t count = json_array_size(from);
  for (size_t i = 0; i < count; i++) jv_push(self, convert(arena, json_array_get(from, i)));
  return self;
}

static Json *convert_object(Arena *arena, json_t *from)
{
  Json *self = jv_object(arena);
  for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
    Str key = {json_object_iter_key(at), json_object_iter_key_len(at)};
    jv_set(self, str_copy(arena, key), convert(arena, json_object_iter_value(at)));
  }
  return self;
}

static Json *convert(Arena *arena, json_t *from)
{
  switch (json_typeof(from)) {
  case JSON_OBJECT: return convert_object(arena, from);
  case JSON_ARRAY: return convert_array(arena, from);
  case JSON_STRING:
    return jv_string(arena, str_copy(arena, (Str){json_string_value(from), json_string_length(from)}));
  case JSON_INTEGER: return jv_integer(arena, json_integer_value(from));
  case JSON_REAL: return jv_real(arena, json_real_value(from));
  case JSON_TRUE: return jv_bool(arena, true);
  case JSON_FALSE: return jv_bool(arena, false);
  case JSON_NULL: break;
  }
  return jv_null(arena);
}

/* The token in jansson's "what is wrong near 'token'"; empty at the end of the text, and where it is long. */
static Str offending_token(Str message, size_t near)
{
  Str rest = str_slice(message, near, message.len);
  if (!str_starts_with(rest, STR(" near '"))) return STR("");
  Str token = str_slice(rest, strlen(" near '"), rest.len - 1);
  bool is_string = str_starts_with(token, STR("\""));
  bool is_whole = token.len > 1 && str_ends_with(token, STR("\""));
  return is_string && !is_whole ? STR("") : token;
}

/* jansson's position is where it stopped reading: after the token that was wrong, or in the midst of it. */
static void report(const Source *source, const json_error_t *error, Diags *diags)
{
  Str message = str_from_z(error->text);
  size_t near = str_find(message, STR(" near "));
  Str token = offending_token(message, near);
  size_t at = error->position > 0 ? (size_t)error->position : 0;
  if (at > source->text.len) at = source->text.len;
  Span span = {.source = source, .at = (uint32_t)at, .len = at < source->text.len};
  if (token.len && token.len <= at) span = (Span){source, (uint32_t)(at - token.len), (uint32_t)token.len};
  message = str_slice(message, 0, near);
  diag_error(diags, DIAG_SYNTAX, span, "this is not JSON: %.*s", STR_ARG(message));
}

Json *jv_parse(Arena *arena, const Source *source, Diags *diags)
{
  json_error_t error;
  Str text = source->text.len ? source->text : STR("");
  json_t *read =
      json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
  if (!read) {
    report(source, &error, diags);
    return NULL;
  }
  Json *self = convert(arena, read);
  json_decref(read);
  return self;
}
