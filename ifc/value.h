/* Values of WIT types. A value does not know its type: every function takes both. Values are immutable and
 * live in an arena; copying the struct shares what it points to. */
#ifndef IFC_VALUE_H
#define IFC_VALUE_H

#include "ifc/base/str.h"
#include "ifc/type.h"

typedef struct Value Value;
/* By kind:
 *   bool, unsigned integers, char   bits
 *   signed integers                 bits, sign-extended to 64
 *   f32, f64                        bits of the IEEE 754 number (f32 in the low half, the rest zero)
 *   string                          text, count = bytes, UTF-8
 *   list of a primitive type        packed: count elements of type_primitive_size bytes each, little-endian,
 *                                   naturally aligned; bool elements are 0 or 1
 *   other lists, tuple, record      items, count
 *   option                          tag 0 none, 1 some; items[0] the payload
 *   result                          tag 0 ok, 1 err; items[0] the payload where the type has one
 *   variant                         tag the case; items[0] the payload where the case has one
 *   enum                            tag the case
 *   flags                           bits, flag i at bit i (at most 64)
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

/* The type of the payload that this option, result or variant carries; NULL where it carries none. */
const Type *value_payload_type(const Type *type, Value self);

/* True where lists of this element type are packed. */
bool value_is_packed(const Type *list);
/* Element `index` of a list, packed or not; it must be less than the count. */
Value value_list_at(const Type *list, Value self, size_t index);
/* A list of these elements, packed where its type says so; `elements` is kept where not. Fewer than 2³² of
 * them. */
Value value_list(Arena *arena, const Type *list, const Value *elements, size_t count);

/* Equality: floats by their bits, except that all NaNs are equal; −0 and +0 differ. */
bool value_equal(const Type *type, Value a, Value b);
/* A total order that agrees with value_equal: integers by value, floats by IEEE 754 totalOrder with all NaNs
 * equal and greatest, strings bytewise, lists, tuples and records lexicographically, cases by their position.
 */
int value_compare(const Type *type, Value a, Value b);
/* Equal values have equal hashes. */
uint64_t value_hash(const Type *type, Value self);
/* A deep copy in `arena`. */
Value value_copy(Arena *arena, const Type *type, Value self);

#endif
