#include "ifc/callable.h"

#include "ifc/base/map.h"
#include "ifc/layout.h"

/* What is to be done with a type's values. */
typedef enum Purpose { TO_PASS, TO_MAKE } Purpose;

typedef struct Search {
  Arena *arena;
  Map *seen; /* by the type's address: parts are shared */
  Purpose purpose;
} Search;

static bool is_obstacle(const Search *self, const Type *type)
{
  switch (type->kind) {
  case TYPE_FIXED_LIST: return type->count > INLINE_MAX || type_size(type) > INLINE_MAX;
  case TYPE_OWN:
  case TYPE_BORROW: return self->purpose == TO_MAKE;
  default: return type_is_handle(type);
  }
}

static bool is_first_visit(Search *self, const Type *type)
{
  const Type **key = arena_new_of(self->arena, const Type *);
  *key = type;
  return !map_put(self->seen, (Str){(const char *)key, sizeof *key}, self);
}

/* The first part, the type itself included, that is an obstacle; NULL: none. */
static const Type *find(Search *self, const Type *type)
{
  if (!type || type->kind <= TYPE_STRING || !is_first_visit(self, type)) return NULL;
  if (is_obstacle(self, type)) return type;
  const Type *found = find(self, type->element);
  if (!found) found = find(self, type->error);
  for (uint32_t i = 0; type->fields && i < type->count && !found; i++)
    found = find(self, type->fields[i].type);
  return found;
}

static Str reason(Arena *arena, const Type *type)
{
  switch (type->kind) {
  case TYPE_OWN:
  case TYPE_BORROW: return STR("resources are made by calls only");
  case TYPE_STREAM: return STR("streams cannot be passed yet");
  case TYPE_FUTURE: return STR("futures cannot be passed yet");
  case TYPE_ERROR_CONTEXT: return STR("error contexts cannot be passed yet");
  default:
    return str_format(arena, "lists of fixed length of more than %d bytes cannot be passed yet", INLINE_MAX);
  }
}

static const Type *first_obstacle(const Type *type, Purpose purpose)
{
  Arena *scratch = arena_new();
  Search search = {scratch, map_new(scratch), purpose};
  const Type *found = find(&search, type);
  arena_free(scratch);
  return found;
}

static Str obstacle(Arena *arena, const Type *type, Str what, Purpose purpose)
{
  const Type *found = first_obstacle(type, purpose);
  if (!found) return (Str){0};
  Str why = reason(arena, found), text = type_text(arena, found);
  if (found != type)
    return str_format(arena, "%.*s has %.*s in it, and %.*s", STR_ARG(what), STR_ARG(text), STR_ARG(why));
  return str_format(arena, "%.*s is %.*s, and %.*s", STR_ARG(what), STR_ARG(text), STR_ARG(why));
}

static Str obstacle_of(Arena *arena, const Type *type, Purpose purpose)
{
  bool is_itself = first_obstacle(type, purpose) == type;
  return is_itself ? reason(arena, type) : obstacle(arena, type, STR("it"), purpose);
}

Str type_obstacle(Arena *arena, const Type *self)
{
  return obstacle_of(arena, self, TO_MAKE);
}

Str type_pass_obstacle(Arena *arena, const Type *self)
{
  return obstacle_of(arena, self, TO_PASS);
}

Str function_obstacle(Arena *arena, const Function *self)
{
  if (self->is_async) return STR("it is async, and async functions cannot be called yet");
  for (uint32_t i = 0; i < self->param_count; i++) {
    Str what = str_format(arena, "parameter `%.*s`", STR_ARG(self->params[i].name));
    Str text = obstacle(arena, self->params[i].type, what, TO_PASS);
    if (text.len) return text;
  }
  return obstacle(arena, self->result, STR("its result"), TO_PASS);
}
