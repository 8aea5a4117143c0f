/* Values of WIT types. A value does not know its type: every function takes both. Values are immutable and
 * live in an arena; copying the struct shares what it points to. */
#ifndef IFC_VALUE_H
#define IFC_VALUE_H

#include "ifc/base/str.h"
#include "ifc/type.h"

typedef struct Value Value;
/* By kind of its type:
 *   bool, unsigned integers, char   bits
 *   signed integers                 bits, sign-extended to 64
 *   f32, f64                        bits of the IEEE 754 number (f32 in the low half, the rest zero)
 *   string                          text, count = bytes, UTF-8
 *   list of a primitive type        packed: count elements of type_primitive_size bytes each, little-endian,
 *                                   naturally aligned; bool elements are 0 or 1
 *   other lists, tuple, record      items, count; lists of fixed length too
 *   map                             items, count: each a tuple of a key and a value, in the order they came
 *   option                          tag 0 none, 1 some; items[0] the payload
 *   result                          tag 0 ok, 1 err; items[0] the payload where the type has one
 *   variant                         tag the case; items[0] the payload where the case has one
 *   enum                            tag the case
 *   flags                           bits, flag i at bit i (at most 64)
 *   handles                         bits, a number that means something to who made it; its low half is
 *                                   what is printed
 * Fields that a kind does not name are zero, so that equal values of scalar kinds have equal bits. */
struct Value {
  union {
    uint64_t bits;
    const Value *items;
    const void *packed;
    const char *text;
  };
  uint32_t count;
  uint32_t tag;
};

Value value_bool(bool value);
Value value_u64(uint64_t value);
Value value_s64(int64_t value);
Value value_f64(double value);
Value value_f32(float value);
Value value_string(Str text);
double value_as_f64(Value self);
float value_as_f32(Value self);
Str value_as_string(Value self);

/* How values of a kind are made up: what code that goes through any value has to tell apart. */
typedef enum ValueShape {
  VALUE_NUMBER, /* all that is one primitive number */
  VALUE_STRING,
  VALUE_LIST, /* of fixed length too */
  VALUE_MAP,
  VALUE_FIELDS, /* a tuple or record */
  VALUE_CASE,   /* an option, result or variant */
  VALUE_ENUM,
  VALUE_FLAGS,
  VALUE_HANDLE,
} ValueShape;

static inline ValueShape value_shape(const Type *type)
{
  switch (type->kind) {
  case TYPE_BOOL:
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_S64:
  case TYPE_U64:
  case TYPE_F32:
  case TYPE_F64:
  case TYPE_CHAR: return VALUE_NUMBER;
  case TYPE_STRING: return VALUE_STRING;
  case TYPE_LIST:
  case TYPE_FIXED_LIST: return VALUE_LIST;
  case TYPE_MAP: return VALUE_MAP;
  case TYPE_TUPLE:
  case TYPE_RECORD: return VALUE_FIELDS;
  case TYPE_OPTION:
  case TYPE_RESULT:
  case TYPE_VARIANT: return VALUE_CASE;
  case TYPE_ENUM: return VALUE_ENUM;
  case TYPE_FLAGS: return VALUE_FLAGS;
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return VALUE_HANDLE;
  }
  return VALUE_NUMBER;
}

/* The type of the payload that this option, result or variant carries; NULL where it carries none. */
const Type *value_payload_type(const Type *type, Value self);

/* True where lists (or maps: never) of this type are packed. */
bool value_is_packed(const Type *list);
/* Element `index` of a list, packed or not; it must be less than the count. */
Value value_list_at(const Type *list, Value self, size_t index);
/* A list of these elements, packed where its type says so; `elements` is kept where not. Fewer than 2³² of
 * them. */
Value value_list(Arena *arena, const Type *list, const Value *elements, size_t count);

/* The pairs of a map as what they mean: by key in ascending order, of each key only the last pair, as the
 * component model wants duplicates read ("Explainer.md", specialised types). The map itself where it is so
 * already, else a new one in `arena`. */
Value value_map_sorted(Arena *arena, const Type *map, Value self);
/* Whether it is so already. */
bool value_map_is_sorted(const Type *map, Value self);
/* The value of a key's last pair; NULL where the key is not there. Goes through all pairs. */
const Value *value_map_find(const Type *map, Value self, Value key);

/* Equality: floats by their bits, except that all NaNs are equal; −0 and +0 differ. Maps are equal when they
 * mean the same: neither order nor pairs that a later one replaces count. */
bool value_equal(const Type *type, Value a, Value b);
/* A total order that agrees with value_equal: integers by value, floats by IEEE 754 totalOrder with all NaNs
 * equal and greatest, strings bytewise, lists, tuples and records lexicographically, maps as the list of
 * their sorted pairs, cases by their position. */
int value_compare(const Type *type, Value a, Value b);
/* Equal values have equal hashes. */
uint64_t value_hash(const Type *type, Value self);
/* A deep copy in `arena`. */
Value value_copy(Arena *arena, const Type *type, Value self);

#endif
