/* JSON documents in an arena. Reading goes through jansson (strict: UTF-8, no duplicate
 * keys, bounded depth); printing is ours, because signatures need RFC 8785's one form. */
#ifndef IFC_BASE_JSON_H
#define IFC_BASE_JSON_H

#include "ifc/base/arena.h"
#include "ifc/base/buf.h"
#include "ifc/base/diag.h"
#include "ifc/base/str.h"

typedef enum JsonKind {
  JSON_NULL,
  JSON_BOOL,
  JSON_INTEGER,
  JSON_REAL,
  JSON_STRING,
  JSON_ARRAY,
  JSON_OBJECT
} JsonKind;

typedef struct Json Json;

/* libjansson exports functions of the same names, and would call ours in place of its own. */
#define JSON_SYMBOL(name) __asm__("assay_" #name)

/* New nodes; strings are not copied. */
Json *json_null(Arena *arena) JSON_SYMBOL(json_null);
Json *json_bool(Arena *arena, bool value);
Json *json_integer(Arena *arena, int64_t value) JSON_SYMBOL(json_integer);
Json *json_real(Arena *arena, double value) JSON_SYMBOL(json_real);
Json *json_string(Arena *arena, Str value) JSON_SYMBOL(json_string);
Json *json_array(Arena *arena) JSON_SYMBOL(json_array);
Json *json_object(Arena *arena) JSON_SYMBOL(json_object);
/* Append to an array, or set a member (keys keep the order they were set in; a second set replaces). */
void json_push(Json *self, Json *element);
void json_set(Json *self, Str key, Json *value);
/* Shorthands for json_set. */
void json_set_string(Json *self, Str key, Str value);
void json_set_integer(Json *self, Str key, int64_t value);
void json_set_bool(Json *self, Str key, bool value);

JsonKind json_kind(const Json *self);
/* Readers are total: of a node that is NULL or of another kind they give the empty value (NULL, 0, false,
 * ""). */
Str json_as_string(const Json *self);
int64_t json_as_integer(const Json *self);
double json_as_real(const Json *self); /* an integer too */
bool json_as_bool(const Json *self);
size_t json_count(const Json *self); /* elements or members */
const Json *json_at(const Json *self, size_t index);
const Json *json_get(const Json *self, Str key);
Str json_key_at(const Json *self, size_t index);
const Json *json_value_at(const Json *self, size_t index);

/* NULL with a diagnostic (place included) when it is not one JSON text. */
Json *json_parse(Arena *arena, const Source *source, Diags *diags);
/* Two-space indents, members in the order they were set, a final newline. */
void json_print(const Json *self, Buf *out);
/* RFC 8785: no white space, keys sorted by UTF-16 code units. Reals are not allowed: they print as null. */
void json_print_canonical(const Json *self, Buf *out);

#endif
