/* Which functions this program can call. The WIT front end and the Canonical ABI's arithmetic know more types
 * than calls do: everything that calls, or makes values to call with, asks here first. */
#ifndef IFC_CALLABLE_H
#define IFC_CALLABLE_H

#include "ifc/type.h"

/* Elements and bytes, without what strings and lists in it point to, that a list of fixed length may have: a
 * long one costs nothing to who writes its type. */
enum { INLINE_MAX = 1 << 20 };

/* What is in the way of making values of this type out of nothing, as literals and generators do: "resources
 * are made by calls only", "it has stream<u8> in it, and streams cannot be passed yet". Empty: nothing. */
Str type_obstacle(Arena *arena, const Type *self);
/* What is in the way of passing values of this type, once they are there: handles of resources can be passed.
 */
Str type_pass_obstacle(Arena *arena, const Type *self);
/* What is in the way of calling this function: "parameter `from` is stream<u8>, and streams cannot be passed
 * yet". Empty: nothing. */
Str function_obstacle(Arena *arena, const Function *self);

#endif
