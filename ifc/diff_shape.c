/* Types by structure, as canon.h has them: names of types are gone, resources go by name and, where they
 * belong to another interface, by its hash. Both sides of a comparison share the shapes, so that a type which
 * did not change is seen not to have in one step. */
#include "ifc/base/buf.h"
#include "ifc/diff_parts.h"

bool resource_is_own(const Comparison *self, int side, const TypeDef *resource)
{
  return !resource->owner || resource->owner == self->sides[side].interface;
}

Str resource_name(Comparison *self, int side, const TypeDef *resource)
{
  const Side *own = &self->sides[side];
  Arena *arena = self->arena;
  if (!resource_is_own(self, side, resource))
    return str_format(arena, "%.*s.%.*s", STR_ARG(resource->owner->id), STR_ARG(resource->name));
  const Str *known = own->resource_names
                         ? map_get(own->resource_names, (Str){(const char *)&resource, sizeof resource})
                         : NULL;
  return known ? *known : resource->name;
}

static void put_resource(Comparison *self, int side, const TypeDef *resource, Buf *out)
{
  if (!resource) return;
  buf_str(out, resource_name(self, side, resource));
  if (resource_is_own(self, side, resource)) return;
  Hash hash = canon_interface_hash(self->differ->canon, resource->owner);
  buf_byte(out, ' ');
  buf_str(out, hash_hex(self->arena, hash));
}

static void put_part(Comparison *self, int side, const Type *part, Buf *out)
{
  const Shape *shape = shape_of(self, side, part);
  if (shape)
    buf_printf(out, "%u", shape->number);
  else
    buf_byte(out, '_');
}

/* What tells a type from others; unambiguous because names hold letters, digits and '-' only. */
static Str body_of(Comparison *self, int side, const Type *type)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "%d %u ", (int)type->kind, type->count);
  if (type->kind == TYPE_OWN || type->kind == TYPE_BORROW) {
    put_resource(self, side, type->named, &out);
    return buf_text(&out);
  }
  put_part(self, side, type->element, &out);
  buf_byte(&out, ' ');
  put_part(self, side, type->error, &out);
  for (uint32_t i = 0; type->fields && i < type->count; i++) {
    buf_byte(&out, ',');
    buf_str(&out, type->fields[i].name);
    buf_byte(&out, ':');
    put_part(self, side, type->fields[i].type, &out);
  }
  return buf_text(&out);
}

/* Recurses as deep as types are nested, TYPE_DEPTH_MAX at most. */
Shape *shape_of(Comparison *self, int side, const Type *type)
{
  if (!type) return NULL;
  Arena *arena = self->arena;
  Map *shapes = self->sides[side].shapes;
  Shape *shape = map_get(shapes, (Str){(const char *)&type, sizeof type});
  if (shape) return shape;
  Str body = body_of(self, side, type);
  shape = map_get(self->bodies, body);
  if (!shape) {
    shape = arena_new_of(arena, Shape);
    shape->number = (uint32_t)map_count(self->bodies);
    map_put(self->bodies, body, shape);
  }
  const Type **key = arena_new_of(arena, const Type *);
  *key = type;
  map_put(shapes, (Str){(const char *)key, sizeof *key}, shape);
  return shape;
}
