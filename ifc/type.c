#include "ifc/type.h"

#include <inttypes.h>

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"

/* Types shared by alias can be exponentially longer in words than in memory. */
enum { TYPE_TEXT_MAX = 4096 };

typedef struct KindInfo {
  const char *name;
  size_t len;
  size_t bytes; /* of a primitive; else 0 */
} KindInfo;

static const KindInfo KINDS[] = {
#define PRIMITIVE(kind, name, bytes) {name, sizeof(name) - 1, bytes},
#define TYPE(kind, name) {name, sizeof(name) - 1, 0},
#include "ifc/types.def"
};

static const Type SHARED[] = {
#define TYPE(name, text) {.kind = TYPE_##name},
#include "ifc/types.def"
};

Str type_kind_name(TypeKind kind)
{
  return (Str){KINDS[kind].name, KINDS[kind].len};
}

bool type_is_primitive(const Type *self)
{
  return KINDS[self->kind].bytes != 0;
}

size_t type_primitive_size(const Type *self)
{
  return KINDS[self->kind].bytes;
}

bool type_is_integer(const Type *self)
{
  return self->kind >= TYPE_S8 && self->kind <= TYPE_U64;
}

bool type_is_signed(const Type *self)
{
  return self->kind == TYPE_S8 || self->kind == TYPE_S16 || self->kind == TYPE_S32 || self->kind == TYPE_S64;
}

bool type_is_handle(const Type *self)
{
  switch (self->kind) {
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_OWN:
  case TYPE_BORROW:
  case TYPE_ERROR_CONTEXT: return true;
  default: return false;
  }
}

const Type *type_of_kind(TypeKind kind)
{
  return &SHARED[kind];
}

/* Equality by merging: pairs found equal so far are in one class (union-find), as in Hopcroft and Karp's
 * test for automata, so that types which share parts are walked once. */
typedef struct Class {
  struct Class *parent; /* NULL at the root */
} Class;

typedef struct Pair {
  const Type *a, *b;
} Pair;

typedef struct Equality {
  Arena *arena;
  Map *classes; /* by the type's address */
  VEC(Pair) todo;
} Equality;

static Class *class_of(Equality *self, const Type *type)
{
  Class *found = map_get(self->classes, (Str){(const char *)&type, sizeof type});
  if (!found) {
    const Type **key = arena_new_of(self->arena, const Type *);
    *key = type;
    found = arena_new_of(self->arena, Class);
    map_put(self->classes, (Str){(const char *)key, sizeof *key}, found);
  }
  while (found->parent) {
    if (found->parent->parent) found->parent = found->parent->parent;
    found = found->parent;
  }
  return found;
}

/* What can be told of two types without their parts. Handles are of the same resource or not. */
static bool head_differs(const Type *a, const Type *b)
{
  if (a->kind != b->kind || a->count != b->count) return true;
  return (a->kind == TYPE_OWN || a->kind == TYPE_BORROW) && a->named != b->named;
}

/* True where the two differ in presence; where both are there, they are compared later. */
static bool part_differs(Equality *self, const Type *a, const Type *b)
{
  if (!a != !b) return true;
  if (!a || a == b) return false;
  if (head_differs(a, b)) return true;
  bool has_parts = a->fields || a->element || a->error || b->fields || b->element || b->error;
  if (has_parts) vec_push(self->arena, &self->todo, (Pair){a, b});
  return false;
}

static bool pair_differs(Equality *self, Pair pair)
{
  const Type *a = pair.a, *b = pair.b;
  Class *class_a = class_of(self, a), *class_b = class_of(self, b);
  if (class_a == class_b) return false;
  class_a->parent = class_b;
  if (part_differs(self, a->element, b->element) || part_differs(self, a->error, b->error)) return true;
  for (uint32_t i = 0; a->fields && i < a->count; i++) {
    if (!str_equal(a->fields[i].name, b->fields[i].name)) return true;
    if (part_differs(self, a->fields[i].type, b->fields[i].type)) return true;
  }
  return false;
}

bool type_equal(const Type *a, const Type *b)
{
  if (a == b) return true;
  if (head_differs(a, b)) return false;
  if (a->kind <= TYPE_STRING) return true;
  Arena *arena = arena_new();
  Equality equality = {.arena = arena, .classes = map_new(arena)};
  bool equal = !part_differs(&equality, a, b);
  while (equal && equality.todo.len) equal = !pair_differs(&equality, equality.todo.at[--equality.todo.len]);
  arena_free(arena);
  return equal;
}

static void print_type(const Type *self, Buf *out);

static void print_part(const Type *part, Buf *out)
{
  if (part)
    print_type(part, out);
  else
    buf_byte(out, '_');
}

/* "a, b" */
static void print_elements(const Type *self, Buf *out)
{
  for (uint32_t i = 0; i < self->count && out->len < TYPE_TEXT_MAX; i++) {
    if (i > 0) buf_z(out, ", ");
    print_type(self->fields[i].type, out);
  }
}

/* "<a, b>"; nothing where there are no parts. */
static void print_parts(const Type *self, Buf *out)
{
  if (!self->element && !self->error && !self->fields) return;
  buf_byte(out, '<');
  if (self->kind == TYPE_TUPLE)
    print_elements(self, out);
  else if (self->kind == TYPE_MAP && self->element)
    print_elements(self->element, out);
  else
    print_part(self->element, out);
  if (self->kind == TYPE_FIXED_LIST) buf_printf(out, ", %" PRIu32, self->count);
  if (self->error) buf_z(out, ", ");
  if (self->error) print_type(self->error, out);
  buf_byte(out, '>');
}

static void print_type(const Type *self, Buf *out)
{
  if (out->len >= TYPE_TEXT_MAX) {
    buf_z(out, "…");
  } else if (self->kind == TYPE_BORROW) {
    buf_z(out, "borrow<");
    name_print(self->named->name, out);
    buf_byte(out, '>');
  } else if (self->named) {
    name_print(self->named->name, out);
  } else {
    buf_str(out, type_kind_name(self->kind));
    if (self->kind > TYPE_STRING) print_parts(self, out);
  }
}

Str type_text(Arena *arena, const Type *self)
{
  Buf out = buf_in(arena);
  print_type(self, &out);
  return buf_text(&out);
}

const Function *interface_function(const Interface *self, Str name)
{
  for (uint32_t i = 0; i < self->function_count; i++)
    if (str_equal(self->functions[i].name, name)) return &self->functions[i];
  return NULL;
}

const TypeDef *interface_typedef(const Interface *self, Str name)
{
  for (uint32_t i = 0; i < self->typedef_count; i++)
    if (str_equal(self->typedefs[i].name, name)) return &self->typedefs[i];
  return NULL;
}

Str function_signature(Arena *arena, const Function *self)
{
  Buf out = buf_in(arena);
  buf_z(&out, self->is_async ? "async func(" : "func(");
  for (uint32_t i = 0; i < self->param_count; i++) {
    if (i > 0) buf_z(&out, ", ");
    name_print(self->params[i].name, &out);
    buf_printf(&out, ": %.*s", STR_ARG(type_text(arena, self->params[i].type)));
  }
  buf_byte(&out, ')');
  if (self->result) buf_printf(&out, " -> %.*s", STR_ARG(type_text(arena, self->result)));
  return buf_text(&out);
}

bool package_has_other_versions(const Package *self)
{
  const Resolve *resolve = self->resolve;
  for (uint32_t i = 0; resolve && i < resolve->package_count; i++) {
    const Package *other = resolve->packages[i];
    if (str_equal(other->namespace, self->namespace) && str_equal(other->name, self->name) &&
        !str_equal(other->version, self->version))
      return true;
  }
  return false;
}
