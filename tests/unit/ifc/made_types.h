/* Types made by hand, for tests of what goes through types. */
#ifndef TESTS_UNIT_IFC_MADE_TYPES_H
#define TESTS_UNIT_IFC_MADE_TYPES_H

#include "ifc/type.h"

static inline const Type *made_list(Arena *arena, const Type *element)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_LIST, .element = element};
  return type;
}

static inline const Type *made_fixed_list(Arena *arena, const Type *element, uint32_t count)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_FIXED_LIST, .element = element, .count = count};
  return type;
}

static inline const Type *made_pair(Arena *arena, const Type *first, const Type *second)
{
  Field *fields = arena_array_of(arena, Field, 2);
  fields[0].type = first;
  fields[1].type = second;
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_TUPLE, .count = 2, .fields = fields};
  return type;
}

static inline const Type *made_map(Arena *arena, const Type *key, const Type *value)
{
  Type *type = arena_new_of(arena, Type);
  *type = (Type){.kind = TYPE_MAP, .element = made_pair(arena, key, value)};
  return type;
}

#endif
