/* Packages, interfaces and worlds: what stands where, in the order in which the reference comes to it. */
#include "ifc/show_graph.h"

#include "ifc/topological.h"

Str graph_key(Arena *arena, const void *address)
{
  const void **key = arena_new_of(arena, const void *);
  *key = address;
  return (Str){(const char *)key, sizeof *key};
}

static Str full_name(Arena *arena, Str namespace, Str name, Str version)
{
  return str_format(arena, "%.*s:%.*s%s%.*s", STR_ARG(namespace), STR_ARG(name), version.len ? "@" : "",
                    STR_ARG(version));
}

/* The path that a name stands for in a file: itself, or what "use path as name" says. */
static const AstPath *local_path(const Graph *self, const AstFile *file, const AstPath *path)
{
  if (path->namespace.text.len) return path;
  const Map *uses = map_get(self->file_uses, (Str){(const char *)&file, sizeof file});
  const AstPath *use = uses ? map_get(uses, path->name.text) : NULL;
  return use ? use : path;
}

const GraphTop *graph_find(const Graph *self, const GraphPackage *package, const AstFile *file,
                           const AstPath *path)
{
  path = local_path(self, file, path);
  if (path->namespace.text.len) {
    Str name = full_name(self->arena, path->namespace.text, path->package.text, path->version.text);
    package = map_get(self->packages_by_name, name);
  }
  return package ? map_get(package->tops, path->name.text) : NULL;
}

static GraphInterface *new_interface(Graph *self, GraphPackage *package)
{
  GraphInterface *interface = arena_new_of(self->arena, GraphInterface);
  interface->names = map_new(self->arena);
  interface->package = package;
  interface->id = NO_ID;
  return interface;
}

static GraphWorld *new_world(Graph *self, GraphPackage *package, const AstWorld *written, const AstFile *file)
{
  GraphWorld *world = arena_new_of(self->arena, GraphWorld);
  world->names = map_new(self->arena);
  world->package = package;
  world->written = written;
  world->file = file;
  world->id = NO_ID;
  return world;
}

static void add_top(Graph *self, GraphPackage *package, const AstFile *file, const AstTop *written)
{
  GraphTop *top = arena_new_of(self->arena, GraphTop);
  const AstInterface *interface = written->interface;
  top->file = file;
  top->number = (uint32_t)map_count(package->tops);
  if (interface) {
    top->written = interface;
    top->interface = new_interface(self, package);
    top->interface->name = interface->name.text;
    top->interface->docs = interface->docs;
    top->interface->gate = interface->gate;
    top->interface->left_out = interface->left_out;
    map_put(self->by_syntax, graph_key(self->arena, interface), top->interface);
  } else {
    top->world = new_world(self, package, written->world, file);
  }
  map_put(package->tops, interface ? interface->name.text : written->world->name.text, top);
}

static void add_file(Graph *self, GraphPackage *package, const AstFile *file)
{
  Map *uses = map_new(self->arena);
  for (uint32_t i = 0; i < file->top_count; i++) {
    const AstTop *top = &file->tops[i];
    if (top->interface || top->world)
      add_top(self, package, file, top);
    else if (!top->package)
      map_put(uses, top->use_as.text, (void *)top->use);
  }
  map_put(self->file_uses, graph_key(self->arena, file), uses);
}

static void depend_on(const Graph *self, const GraphPackage *package, const GraphTop *top,
                      const AstPath *path, Dependencies *out)
{
  path = local_path(self, top->file, path);
  const GraphTop *part = path->namespace.text.len ? NULL : map_get(package->tops, path->name.text);
  if (part) vec_push(self->arena, out, (Dependency){top->number, part->number});
}

/* An interface comes after those that it uses, a world after those that it includes. */
static void order_tops(Graph *self, GraphPackage *package)
{
  Dependencies dependencies = {0};
  uint32_t count = (uint32_t)map_count(package->tops), ordered;
  for (uint32_t i = 0; i < count; i++) {
    const GraphTop *top = map_entry(package->tops, i)->value;
    for (uint32_t k = 0; top->written && k < top->written->item_count; k++) {
      const AstItem *item = &top->written->items[k];
      if (item->kind == AST_ITEM_USE) depend_on(self, package, top, item->path, &dependencies);
    }
    for (uint32_t k = 0; top->world && k < top->world->written->item_count; k++) {
      const AstWorldItem *item = &top->world->written->items[k];
      if (item->kind == AST_WORLD_INCLUDE) depend_on(self, package, top, item->path, &dependencies);
    }
  }
  uint32_t *order = topological_order(self->arena, count, &dependencies, &ordered);
  for (uint32_t i = 0; i < ordered; i++)
    vec_push(self->arena, &package->ordered, (GraphTop *)map_entry(package->tops, order[i])->value);
}

static GraphEntry entry_of(const AstItem *item)
{
  return (GraphEntry){item, item->docs, item->gate, item->left_out};
}

/* In a world, docs and gate stand with the world's item. */
static GraphEntry entry_of_world(const AstWorldItem *item)
{
  return (GraphEntry){item->item, item->docs, item->gate, item->left_out};
}

static void add_interface(Graph *self, GraphInterface *interface, const AstInterface *written,
                          const AstFile *file)
{
  GraphScope scope = {self, interface->package, file, interface, NULL, interface->names};
  GraphEntries entries = {0};
  for (uint32_t i = 0; i < written->item_count; i++)
    vec_push(self->arena, &entries, entry_of(&written->items[i]));
  graph_types(&scope, &entries);
  for (uint32_t i = 0; i < written->item_count; i++) {
    const AstItem *item = &written->items[i];
    if (item->kind == AST_ITEM_FUNCTION)
      vec_push(self->arena, &interface->functions, graph_function(&scope, &entries.at[i], NULL));
    for (uint32_t k = 0; k < item->item_count; k++) {
      GraphEntry entry = entry_of(&item->items[k]);
      vec_push(self->arena, &interface->functions, graph_function(&scope, &entry, item));
    }
  }
  vec_push(self->arena, &interface->package->interfaces, interface);
}

static void add_function(Graph *self, GraphWorld *world, GraphFunction *function, bool is_export)
{
  vec_push(self->arena, &world->functions, function);
  GraphItem item = {.kind = GRAPH_FUNCTION, .name = function->name, .function = function};
  if (!function->left_out) vec_push(self->arena, &world->own[is_export], item);
}

static void add_inline(Graph *self, GraphWorld *world, const AstWorldItem *written, bool is_export)
{
  GraphInterface *interface = new_interface(self, world->package);
  interface->docs = written->docs;
  interface->gate = written->gate;
  interface->left_out = written->left_out;
  add_interface(self, interface, written->interface, world->file);
  GraphItem item = {.kind = GRAPH_INTERFACE,
                    .name = written->name.text,
                    .interface = interface,
                    .is_inline = true,
                    .gate = written->gate,
                    .own = written->gate};
  if (!written->left_out) vec_push(self->arena, &world->own[is_export], item);
}

static void add_world_item(Graph *self, GraphScope *scope, const AstWorldItem *item)
{
  bool is_export = item->kind == AST_WORLD_EXPORT;
  if (item->kind == AST_WORLD_INCLUDE) return;
  if (item->interface) {
    add_inline(self, scope->world, item, is_export);
  } else if (item->item && item->kind != AST_WORLD_ITEM) {
    GraphEntry entry = entry_of_world(item);
    add_function(self, scope->world, graph_function(scope, &entry, NULL), is_export);
  } else if (item->item) {
    for (uint32_t i = 0; i < item->item->item_count; i++) {
      GraphEntry entry = entry_of(&item->item->items[i]);
      add_function(self, scope->world, graph_function(scope, &entry, item->item), false);
    }
  }
}

static void add_world(Graph *self, GraphWorld *world)
{
  GraphScope scope = {self, world->package, world->file, NULL, world, world->names};
  GraphEntries entries = {0};
  const AstWorld *written = world->written;
  for (uint32_t i = 0; i < written->item_count; i++)
    if (written->items[i].kind == AST_WORLD_ITEM)
      vec_push(self->arena, &entries, entry_of_world(&written->items[i]));
  graph_types(&scope, &entries);
  for (size_t i = 0; i < world->types.len; i++) {
    Node *type = world->types.at[i];
    GraphItem item = {.kind = GRAPH_TYPE, .name = type->name, .type = type};
    if (!type->left_out) vec_push(self->arena, &world->own[0], item);
  }
  for (uint32_t i = 0; i < written->item_count; i++) add_world_item(self, &scope, &written->items[i]);
}

static void find_worlds(Graph *self, GraphPackage *package)
{
  Map *worlds = map_new(self->arena);
  for (uint32_t i = 0; i < package->package->world_count; i++) {
    const World *world = &package->package->worlds[i];
    map_put(worlds, graph_key(self->arena, world->written), (void *)world);
  }
  for (size_t i = 0; i < package->ordered.len; i++) {
    GraphWorld *world = package->ordered.at[i]->world;
    if (world) world->world = map_get(worlds, (Str){(const char *)&world->written, sizeof world->written});
  }
}

static void add_package(Graph *self, const Package *package)
{
  GraphPackage *added = arena_new_of(self->arena, GraphPackage);
  added->package = package;
  added->name = full_name(self->arena, package->namespace, package->name, package->version);
  added->tops = map_new(self->arena);
  added->unnamed = map_new(self->arena);
  added->id = (int64_t)self->packages.len;
  vec_push(self->arena, &self->packages, added);
  map_put(self->packages_by_name, added->name, added);
  for (size_t i = 0; i < package->written->file_count; i++) add_file(self, added, package->written->files[i]);
  order_tops(self, added);
  find_worlds(self, added);
  for (size_t i = 0; i < added->ordered.len; i++) {
    const GraphTop *top = added->ordered.at[i];
    if (top->interface) add_interface(self, top->interface, top->written, top->file);
  }
  for (size_t i = 0; i < added->ordered.len; i++)
    if (added->ordered.at[i]->world) add_world(self, added->ordered.at[i]->world);
  graph_number(self, added);
}

Graph *graph_of(Arena *arena, const Resolve *resolve)
{
  Graph *graph = arena_new_of(arena, Graph);
  *graph = (Graph){.arena = arena,
                   .packages_by_name = map_new(arena),
                   .by_syntax = map_new(arena),
                   .file_uses = map_new(arena)};
  for (uint32_t i = 0; i < resolve->package_count; i++) add_package(graph, resolve->packages[i]);
  return graph;
}
