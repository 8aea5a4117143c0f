/* JSON documents in an arena. Reading goes through jansson (strict: UTF-8, no duplicate
 * keys, bounded depth); printing is ours, because signatures need RFC 8785's one form. `jv` stands for a
 * JSON value: the prefix json_ is jansson's. */
#ifndef IFC_BASE_JSON_H
#define IFC_BASE_JSON_H

#include "ifc/base/arena.h"
#include "ifc/base/buf.h"
#include "ifc/base/diag.h"
#include "ifc/base/str.h"

typedef enum JsonKind { JV_NULL, JV_BOOL, JV_INTEGER, JV_REAL, JV_STRING, JV_ARRAY, JV_OBJECT } JsonKind;

typedef struct Json Json;

/* New nodes; strings are not copied. */
Json *jv_null(Arena *arena);
Json *jv_bool(Arena *arena, bool value);
Json *jv_integer(Arena *arena, int64_t value);
Json *jv_real(Arena *arena, double value);
Json *jv_string(Arena *arena, Str value);
Json *jv_array(Arena *arena);
Json *jv_object(Arena *arena);
/* Append to an array, or set a member (keys keep the order they were set in; a second set replaces). */
void jv_push(Json *self, const Json *element);
void jv_set(Json *self, Str key, const Json *value);
/* Shorthands for json_set. */
void jv_set_string(Json *self, Str key, Str value);
void jv_set_integer(Json *self, Str key, int64_t value);
void jv_set_bool(Json *self, Str key, bool value);

JsonKind jv_kind(const Json *self);
/* Readers are total: of a node that is NULL or of another kind they give the empty value (NULL, 0, false,
 * ""). */
Str jv_as_string(const Json *self);
int64_t jv_as_integer(const Json *self);
double jv_as_real(const Json *self); /* an integer too */
bool jv_as_bool(const Json *self);
size_t jv_count(const Json *self); /* elements or members */
const Json *jv_at(const Json *self, size_t index);
const Json *jv_get(const Json *self, Str key);
Str jv_key_at(const Json *self, size_t index);
const Json *jv_value_at(const Json *self, size_t index);

/* NULL with a diagnostic (place included) when it is not one JSON text. */
Json *jv_parse(Arena *arena, const Source *source, Diags *diags);
/* Two-space indents, members in the order they were set, a final newline. */
void jv_print(const Json *self, Buf *out);
/* A string with its quotes. */
void jv_print_string(Str value, Buf *out);
/* RFC 8785: no white space, keys sorted by UTF-16 code units. Reals are not allowed: they print as null. */
void jv_print_canonical(const Json *self, Buf *out);

#endif
