/* What a world needs beside what it says: the interfaces that others use, as imports or exports, in the order
 * of the reference parser. */
#include "ifc/base/buf.h"
#include "ifc/wit_resolve.h"

/* Interfaces that the walk is in. */
typedef struct Frame {
  WorldItem item;
  bool is_export; /* it becomes an export, else an import */
  uint32_t next;  /* of the interfaces that it uses */
} Frame;

typedef VEC(Frame) Frames;

/* A world while it is elaborated. */
typedef struct Elaboration {
  WorldScope *world;
  Resolver *resolver;
  Arena *scratch;
  ItemList imports, exports;
  Map *exported; /* the interfaces of its exports, named ones too */
  Map *required; /* interfaces that exports import, and by which export: Interfaces */
  Frames stack;
} Elaboration;

enum { CLASS_INTERFACE, CLASS_USE, CLASS_TYPE, CLASS_FUNCTION, CLASS_METHOD, CLASS_COUNT };

/* Items stand in this order: each may refer to those before. */
static int class_of(const WorldItem *item)
{
  switch (item->kind) {
  case WORLD_INTERFACE: return CLASS_INTERFACE;
  case WORLD_TYPE: return item->type->is_use ? CLASS_USE : CLASS_TYPE;
  case WORLD_FUNCTION: break;
  }
  return item->function->resource ? CLASS_METHOD : CLASS_FUNCTION;
}

/* An interface that another item needs. */
static WorldItem implied_item(const Interface *interface, const WorldItem *by)
{
  return (WorldItem){.kind = WORLD_INTERFACE,
                     .interface = interface,
                     .implied = true,
                     .span = interface->span,
                     .gated = by->gated};
}

static Str interface_key(const Interface *const *interface)
{
  return (Str){(const char *)interface, sizeof *interface};
}

static void put_interface(const Elaboration *self, Map *map, const Interface *interface,
                          const Interface *value)
{
  const Interface **key = arena_new_of(self->scratch, const Interface *);
  *key = interface;
  map_put(map, interface_key((const Interface *const *)key), (void *)value);
}

/* Imports an interface behind those that it uses. False: there are too many. */
static bool import_interface(Elaboration *self, WorldItem item)
{
  self->stack.len = 0;
  if (items_find(&self->imports, item.name, item.interface)) return true;
  vec_push(self->scratch, &self->stack, (Frame){.item = item});
  while (self->stack.len) {
    Frame *top = &vec_last(&self->stack);
    const Interface *interface = top->item.interface;
    if (top->next < interface->use_count) {
      const Interface *used = interface->uses[top->next++];
      if (!items_find(&self->imports, STR(""), used))
        vec_push(self->scratch, &self->stack, (Frame){.item = implied_item(used, &top->item)});
      continue;
    }
    WorldItem done = top->item;
    self->stack.len--;
    if (!items_add(self->resolver, &self->imports, done)) return false;
  }
  return true;
}

/* An interface that is imported because a type of it is used, by the world or by another, but stands in the
 * world in its own right further on, is not implied. */
static WorldItem as_written(const Elaboration *self, WorldItem item)
{
  const WorldItem *own = items_find(&self->world->imports, item.name, item.interface);
  if (!own) return item;
  const struct AstWorldItem *gated = item.gated;
  item = *own;
  item.gated = gated;
  return item;
}

static bool elaborate_import(Elaboration *self, const WorldItem *item)
{
  const TypeDef *used = item->type && item->type->is_use ? item->type->alias : NULL;
  if (item->kind == WORLD_INTERFACE) return import_interface(self, *item);
  if (used && used->owner && !import_interface(self, implied_item(used->owner, item))) return false;
  return items_add(self->resolver, &self->imports, *item);
}

static bool elaborate_imports(Elaboration *self)
{
  const ItemList *own = &self->world->imports;
  for (int class = 0; class < CLASS_COUNT; class ++)
    for (size_t i = 0; i < own->items.len; i++)
      if (class_of(&own->items.at[i]) == class && !elaborate_import(self, &own->items.at[i])) return false;
  for (size_t i = 0; i < self->imports.items.len; i++) {
    WorldItem *item = &self->imports.items.at[i];
    if (item->implied) *item = as_written(self, *item);
  }
  return true;
}

static Str id_of(const Interface *interface)
{
  return interface->world ? interface->name : interface->id;
}

/* `export` needs `conflict` as an export and, by way of `by`, as an import. */
static void report_conflict(const Elaboration *self, const Interface *export, const Interface *by,
                            const Interface *conflict)
{
  Diags *diags = self->resolver->diags;
  const WorldItem *exported = items_find(&self->world->exports, STR(""), conflict);
  Diag *diag =
      diag_error(diags, DIAG_TYPE, self->world->ast->name.span,
                 "the exported interface `%.*s` depends on `%.*s` in incompatible ways: as an export, and, "
                 "through `%.*s`, which is not exported, as an import",
                 STR_ARG(id_of(export)), STR_ARG(id_of(conflict)), STR_ARG(id_of(by)));
  if (exported) diag_note(diags, diag, exported->span, "`%.*s` is exported here", STR_ARG(id_of(conflict)));
  diag_note(diags, diag, by->span, "`%.*s` would be imported, and uses it", STR_ARG(id_of(by)));
  diag_note(diags, diag, SPAN_NONE, "export `%.*s` too", STR_ARG(id_of(by)));
}

/* The interface nearest to the root of the walk that would be imported. */
static const Interface *first_import(const Elaboration *self, const Interface *otherwise)
{
  for (size_t i = 0; i < self->stack.len; i++)
    if (!self->stack.at[i].is_export) return self->stack.at[i].item.interface;
  return otherwise;
}

static bool finish_export(Elaboration *self, const Interface *root, Frame done)
{
  const Interface *interface = done.item.interface;
  const Interface *required_by = map_get(self->required, interface_key(&interface));
  if (!done.is_export) {
    if (!required_by) put_interface(self, self->required, interface, first_import(self, interface));
    WorldItem *there = items_find(&self->imports, STR(""), interface);
    return there || items_add(self->resolver, &self->imports, done.item);
  }
  if (required_by) {
    report_conflict(self, root, required_by, interface);
    return false;
  }
  return items_add(self->resolver, &self->exports, done.item);
}

/* Enters an interface that the one on top of the stack uses, unless it is there. False, reported, where it
 * would have to be imported but is exported. */
static bool enter_used(Elaboration *self, const Interface *root, const Interface *used, bool is_export)
{
  if (items_find(&self->exports, STR(""), used)) {
    if (!is_export) report_conflict(self, root, first_import(self, used), used);
    return is_export;
  }
  if (!is_export && map_get(self->required, interface_key(&used))) return true;
  const WorldItem *own = is_export ? items_find(&self->world->exports, STR(""), used) : NULL;
  WorldItem item = own ? *own : implied_item(used, &vec_last(&self->stack).item);
  item.gated = vec_last(&self->stack).item.gated;
  vec_push(self->scratch, &self->stack, (Frame){.item = item, .is_export = is_export});
  return true;
}

/* Exports an interface behind those that it uses: as exports where the world exports them and whatever leads
 * there, else as imports. */
static bool export_interface(Elaboration *self, WorldItem item)
{
  self->stack.len = 0;
  if (items_find(&self->exports, item.name, item.interface)) return true;
  vec_push(self->scratch, &self->stack, (Frame){.item = item, .is_export = true});
  while (self->stack.len) {
    Frame *top = &vec_last(&self->stack);
    const Interface *interface = top->item.interface;
    if (top->next < interface->use_count) {
      const Interface *used = interface->uses[top->next++];
      bool is_export = top->is_export && map_get(self->exported, interface_key(&used));
      if (!enter_used(self, item.interface, used, is_export)) return false;
      continue;
    }
    Frame done = *top;
    self->stack.len--;
    if (!finish_export(self, item.interface, done)) return false;
  }
  return true;
}

static bool elaborate_exports(Elaboration *self)
{
  const ItemList *own = &self->world->exports;
  for (size_t i = 0; i < own->items.len; i++) {
    const WorldItem *item = &own->items.at[i];
    if (item->kind == WORLD_INTERFACE)
      put_interface(self, self->exported, item->interface, item->interface);
    else if (!items_add(self->resolver, &self->exports, *item))
      return false;
  }
  for (size_t i = 0; i < own->items.len; i++)
    if (own->items.at[i].kind == WORLD_INTERFACE && !export_interface(self, own->items.at[i])) return false;
  return true;
}

/* In the order of their classes. */
static const WorldItem *sorted(const Elaboration *self, const ItemList *list, bool by_class)
{
  size_t count = list->items.len, out = 0;
  WorldItem *items = arena_array_of(self->resolver->arena, WorldItem, count);
  for (int class = 0; class < (by_class ? CLASS_COUNT : 1); class ++)
    for (size_t i = 0; i < count; i++)
      if (!by_class || class_of(&list->items.at[i]) == class) items[out++] = list->items.at[i];
  return items;
}

/* Its own items, where there is room for those that it includes. */
static void move_items(Resolver *resolver, Arena *scratch, ItemList *list)
{
  ItemList moved;
  bool going = true;
  items_init(&moved, scratch);
  for (size_t i = 0; going && i < list->items.len; i++)
    going = items_add(resolver, &moved, list->items.at[i]);
  *list = moved;
}

static void elaborate(Elaboration *self)
{
  WorldScope *world = self->world;
  move_items(self->resolver, self->scratch, &world->imports);
  move_items(self->resolver, self->scratch, &world->exports);
  world_include(world);
  items_init(&self->imports, self->scratch);
  items_init(&self->exports, self->scratch);
  if (!elaborate_imports(self) || !elaborate_exports(self)) {
    world->is_broken = true;
    return;
  }
  world->out->imports = sorted(self, &self->imports, true);
  world->out->import_count = (uint32_t)self->imports.items.len;
  world->out->exports = sorted(self, &self->exports, false);
  world->out->export_count = (uint32_t)self->exports.items.len;
  self->resolver->world_items += self->imports.items.len + self->exports.items.len;
}

static void report_full(Resolver *self, const WorldScope *world)
{
  if (self->reported_full) return;
  self->reported_full = true;
  diag_error(self->diags, DIAG_UNSUPPORTED, world->ast->name.span,
             "the worlds up to `%.*s` import and export some millions of items, with all that they include, "
             "which is "
             "more than is supported: include fewer",
             STR_ARG(world->ast->name.text));
}

void world_elaborate(WorldScope *self)
{
  if (self->left_out) return;
  Arena *scratch = arena_new();
  Elaboration elaboration = {.world = self,
                             .resolver = self->types.unit->resolver,
                             .scratch = scratch,
                             .exported = map_new(scratch),
                             .required = map_new(scratch)};
  elaborate(&elaboration);
  if (elaboration.resolver->is_full) report_full(elaboration.resolver, self);
  self->imports = self->exports = (ItemList){0};
  arena_free(scratch);
}
