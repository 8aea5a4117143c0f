/* Which resource a declaration means. Programs are parsed apart, so each has declarations of its own for what
 * passes between them; handles are of the type that is the same for all. */
#include "runtime/guest_internal.h"

static ResourceType own_type(const Program *self, const TypeDef *declared, int32_t destructor)
{
  ResourceType type = {.name = declared->name, .implementer = self};
  if (destructor >= 0 && (uint32_t)destructor < self->module->export_count)
    type.destructor = self->module->calls[destructor];
  return type;
}

const ResourceType *program_make_resources(Arena *arena, const Program *self)
{
  const Fit *fit = self->fit;
  const Interface *interface = fit->interface;
  uint32_t count = interface->typedef_count;
  ResourceType *types = arena_array_of(arena, ResourceType, (size_t)count + fit->other_count);
  for (uint32_t i = 0; i < count; i++) {
    const TypeDef *declared = &interface->typedefs[i];
    types[i] = own_type(self, declared, declared->resource == declared ? fit->destructors[i] : EXPORT_NONE);
  }
  for (uint32_t i = 0; i < fit->other_count; i++)
    types[count + i] = own_type(self, fit->others[i].resource, fit->others[i].destructor);
  return types;
}

const ResourceType *program_own_resource(const Program *self, const TypeDef *declared)
{
  const Fit *fit = self->fit;
  const Interface *interface = fit->interface;
  if (declared->owner == interface) return &self->resources[declared - interface->typedefs];
  uint32_t i = 0;
  while (i + 1 < fit->other_count && fit->others[i].resource != declared) i++;
  return &self->resources[interface->typedef_count + i];
}

static Str owner_of(const TypeDef *declared)
{
  return declared->owner ? declared->owner->id : declared->world ? declared->world->id : (Str){0};
}

static Arena *arena_of(const Program *self)
{
  if (!self->together->arena) self->together->arena = arena_new();
  return self->together->arena;
}

static const ResourceType *find_stranger(const Program *self, const TypeDef *declared)
{
  Together *together = self->together;
  Str owner = owner_of(declared);
  for (size_t i = 0; i < together->strangers.len; i++) {
    const Stranger *stranger = together->strangers.at[i];
    if (str_equal(stranger->owner, owner) && str_equal(stranger->type.name, declared->name))
      return &stranger->type;
  }
  Stranger *stranger = arena_new_of(arena_of(self), Stranger);
  *stranger = (Stranger){.owner = owner, .type = {.name = declared->name}};
  vec_push(together->arena, &together->strangers, stranger);
  return &stranger->type;
}

/* That of who answers its imports of the interface that declares it. */
static const ResourceType *find_other(const Program *self, const TypeDef *declared)
{
  Str owner = owner_of(declared);
  for (uint32_t i = 0; i < self->fit->need_count; i++) {
    if (!self->answers[i] || !str_equal(self->fit->needs[i].interface->id, owner)) continue;
    const TypeDef *its = interface_typedef(self->fit->needs[i].interface, declared->name);
    if (its && its->resource == its) return program_resource(self->answers[i], its);
  }
  return find_stranger(self, declared);
}

const ResourceType *program_resource(Program *self, const TypeDef *declared)
{
  if (fit_implements(self->fit, declared)) return &self->resources[declared - self->fit->interface->typedefs];
  for (size_t i = 0; i < self->known.len; i++)
    if (self->known.at[i].declared == declared) return self->known.at[i].type;
  KnownResource found = {declared, find_other(self, declared)};
  vec_push(arena_of(self), &self->known, found);
  return found.type;
}
