/* Ids, given in the order in which the reference appends a package to its arenas; handles that own a resource
 * come to be here, where a resource stands for one; and `include` copies what a world declares. */
#include "ifc/show_graph.h"

typedef struct Numbering {
  Graph *graph;
  GraphPackage *package;
} Numbering;

static void push_type(Graph *graph, Node *node)
{
  node->id = (int64_t)graph->types.len;
  vec_push(graph->arena, &graph->types, node);
}

static void settle(Numbering *self, Node *node);

/* The handle that a resource stands for where a value is meant; one a package. */
static Node *own_of(Numbering *self, Node *resource)
{
  if (resource->own_package == self->package) return resource->own;
  Arena *arena = self->graph->arena;
  Node *own = arena_new_of(arena, Node);
  *own = (Node){.form = NODE_KIND, .kind = TYPE_OWN, .part_count = 1};
  own->parts = arena_new_of(arena, Reference);
  own->parts[0] = (Reference){.node = resource};
  push_type(self->graph, own);
  resource->own = own;
  resource->own_package = self->package;
  return own;
}

static void settle_reference(Numbering *self, Reference *reference)
{
  if (!reference->node) return;
  settle(self, reference->node);
  if (reference->node->is_resource) reference->node = own_of(self, reference->node);
}

/* Gives a type its id, after its parts have theirs. Those that have a name come in an order in which their
 * parts came before, so this goes no deeper than types are written. */
static void settle(Numbering *self, Node *node)
{
  if (node->id != NO_ID) return;
  bool names_a_type = node->form == NODE_ALIAS || node->kind == TYPE_OWN || node->kind == TYPE_BORROW;
  for (uint32_t i = 0; i < node->part_count; i++) {
    if (!names_a_type)
      settle_reference(self, &node->parts[i]);
    else if (node->parts[i].node)
      settle(self, node->parts[i].node);
  }
  push_type(self->graph, node);
}

static void settle_function(Numbering *self, GraphFunction *function)
{
  for (uint32_t i = 0; i < function->param_count; i++) settle_reference(self, &function->params[i]);
  settle_reference(self, &function->result);
}

static void number_interfaces(Numbering *self)
{
  GraphPackage *package = self->package;
  for (size_t i = 0; i < package->interfaces.len; i++) {
    GraphInterface *interface = package->interfaces.at[i];
    if (interface->left_out) continue;
    for (size_t k = 0; k < interface->functions.len; k++)
      if (!interface->functions.at[k]->left_out) settle_function(self, interface->functions.at[k]);
    interface->id = (int64_t)self->graph->interfaces.len;
    vec_push(self->graph->arena, &self->graph->interfaces, interface);
  }
}

static void number_worlds(Numbering *self)
{
  for (size_t i = 0; i < self->package->ordered.len; i++) {
    GraphWorld *world = self->package->ordered.at[i]->world;
    if (!world || !world->world) continue;
    for (int side = 0; side < 2; side++)
      for (size_t k = 0; k < world->own[side].len; k++)
        if (world->own[side].at[k].function) settle_function(self, world->own[side].at[k].function);
    world->id = (int64_t)self->graph->worlds.len;
    vec_push(self->graph->arena, &self->graph->worlds, world);
  }
}

/* What one `include` copies, from one owner to another. */
typedef struct Copier {
  Graph *graph;
  Map *copies; /* Nodes by the address of what they were copied from */
  GraphInterface *interface;
  GraphWorld *from, *world; /* where `interface` is NULL */
} Copier;

static Node *copy_type(Copier *self, Node *node);

static Reference copy_reference(Copier *self, Reference reference)
{
  if (reference.node) reference.node = copy_type(self, reference.node);
  return reference;
}

/* A name for what is declared elsewhere stays a name for that. */
static bool stays(const Copier *self, const Node *alias)
{
  const Node *target = alias->parts[0].node;
  if (!target) return true;
  return self->interface ? target->interface != alias->interface : target->world != self->from;
}

static Node *copy_type(Copier *self, Node *node)
{
  Arena *arena = self->graph->arena;
  Node *copy = map_get(self->copies, (Str){(const char *)&node, sizeof node});
  if (copy) return copy;
  copy = arena_new_of(arena, Node);
  *copy = *node;
  copy->own = NULL;
  copy->own_package = NULL;
  if (node->name.len) copy->interface = self->interface;
  if (node->name.len) copy->world = self->world;
  copy->parts = arena_array_of(arena, Reference, node->part_count);
  bool kept = node->form == NODE_ALIAS && stays(self, node);
  for (uint32_t i = 0; i < node->part_count; i++)
    copy->parts[i] = kept ? node->parts[i] : copy_reference(self, node->parts[i]);
  push_type(self->graph, copy);
  map_put(self->copies, graph_key(arena, node), copy);
  return copy;
}

static GraphFunction *copy_function(Copier *self, const GraphFunction *function)
{
  Arena *arena = self->graph->arena;
  GraphFunction *copy = arena_new_of(arena, GraphFunction);
  *copy = *function;
  if (copy->resource) copy->resource = copy_type(self, copy->resource);
  copy->params = arena_array_of(arena, Reference, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++)
    copy->params[i] = copy_reference(self, function->params[i]);
  copy->result = copy_reference(self, function->result);
  return copy;
}

static GraphInterface *copy_interface(Copier *outer, const GraphInterface *interface)
{
  Graph *graph = outer->graph;
  GraphInterface *copy = arena_new_of(graph->arena, GraphInterface);
  Copier inner = {.graph = graph, .copies = map_new(graph->arena), .interface = copy};
  *copy = *interface;
  copy->types.len = copy->types.cap = 0;
  copy->functions.len = copy->functions.cap = 0;
  copy->package = outer->world->package;
  for (size_t i = 0; i < interface->types.len; i++) {
    Node *type = interface->types.at[i];
    if (type->id != NO_ID) vec_push(graph->arena, &copy->types, copy_type(&inner, type));
  }
  for (size_t i = 0; i < interface->functions.len; i++) {
    const GraphFunction *function = interface->functions.at[i];
    if (!function->left_out) vec_push(graph->arena, &copy->functions, copy_function(&inner, function));
  }
  copy->id = (int64_t)graph->interfaces.len;
  vec_push(graph->arena, &graph->interfaces, copy);
  return copy;
}

/* "a" and "[method]a.read" as "b" and "[method]b.read", after "with { a as b }". */
static bool apply_rename(Arena *arena, Str name, const AstRename *rename, Str *out)
{
  Str from = rename->name.text, to = rename->as.text;
  size_t bracket = str_find(name, STR("]"));
  size_t start = bracket == SIZE_MAX ? 0 : bracket + 1;
  Str rest = str_slice(name, start, name.len);
  Str owner = start ? str_slice(rest, 0, str_find(rest, STR("."))) : rest;
  if (!str_equal(owner, from)) return false;
  Str tail = str_slice(rest, owner.len, rest.len);
  *out = str_format(arena, "%.*s%.*s%.*s", (int)start, name.at, STR_ARG(to), STR_ARG(tail));
  return true;
}

static Str included_name(Arena *arena, Str name, const AstWorldItem *include)
{
  Str renamed = name;
  for (uint32_t i = 0; i < include->rename_count; i++)
    if (apply_rename(arena, name, &include->renames[i], &renamed)) break;
  return renamed;
}

static GraphItem *copy_item(Copier *self, const GraphItem *item, Str name)
{
  GraphItem *copy = arena_new_of(self->graph->arena, GraphItem);
  *copy = *item;
  copy->name = name;
  if (item->type) {
    copy->type = copy_type(self, item->type);
    copy->type->name = name;
  } else if (item->function) {
    copy->function = copy_function(self, item->function);
    copy->function->name = name;
  } else if (item->is_inline) {
    copy->interface = copy_interface(self, item->interface);
  }
  return copy;
}

static void include(Graph *self, GraphWorld *world, const AstWorldItem *written, Map *named[2])
{
  const GraphTop *from = graph_find(self, world->package, world->file, written->path);
  if (!from || !from->world) return;
  Copier copier = {.graph = self, .copies = map_new(self->arena), .from = from->world, .world = world};
  for (int side = 0; side < 2; side++) {
    const GraphItems *items = &from->world->elaborated[side];
    for (size_t i = 0; i < items->len; i++) {
      const GraphItem *item = &items->at[i];
      if (!item->name.len) continue;
      Str name = included_name(self->arena, item->name, written);
      map_put(named[side], name, copy_item(&copier, item, name));
    }
  }
}

/* What a world has by name: its own, and what it includes. */
static void find_named(Graph *self, GraphWorld *world, Map *named[2])
{
  for (int side = 0; side < 2; side++) {
    named[side] = map_new(self->arena);
    for (size_t i = 0; i < world->own[side].len; i++)
      map_put(named[side], world->own[side].at[i].name, &world->own[side].at[i]);
  }
  for (uint32_t i = 0; i < world->written->item_count; i++) {
    const AstWorldItem *item = &world->written->items[i];
    if (item->kind == AST_WORLD_INCLUDE && !item->left_out) include(self, world, item, named);
  }
}

/* The interface of an item that stands for itself. What another item's needs brought in first has that item's
 * gate, and none of its own words. */
static GraphItem interface_item(const Graph *self, const WorldItem *item)
{
  const AstInterface *written = item->interface->written;
  GraphItem out = {.kind = GRAPH_INTERFACE, .name = item->name};
  out.interface = map_get(self->by_syntax, (Str){(const char *)&written, sizeof written});
  if (item->gated) out.gate = item->gated->gate;
  if (item->written && (!item->gated || item->gated == item->written)) {
    out.own = item->written->gate;
    out.docs = item->written->docs;
  }
  return out;
}

static void add_item(Graph *self, GraphItems *out, const Map *named, const WorldItem *item)
{
  const GraphItem *known = item->name.len ? map_get(named, item->name) : NULL;
  if (known)
    vec_push(self->arena, out, *known);
  else if (item->kind == WORLD_INTERFACE)
    vec_push(self->arena, out, interface_item(self, item));
}

static void elaborate(Graph *self, GraphWorld *world)
{
  Map *named[2];
  find_named(self, world, named);
  for (uint32_t i = 0; i < world->world->import_count; i++)
    add_item(self, &world->elaborated[0], named[0], &world->world->imports[i]);
  for (uint32_t i = 0; i < world->world->export_count; i++)
    add_item(self, &world->elaborated[1], named[1], &world->world->exports[i]);
}

void graph_number(Graph *self, GraphPackage *package)
{
  Numbering numbering = {self, package};
  for (size_t i = 0; i < package->nodes.len; i++)
    if (!package->nodes.at[i]->left_out) settle(&numbering, package->nodes.at[i]);
  number_interfaces(&numbering);
  number_worlds(&numbering);
  for (size_t i = 0; i < package->ordered.len; i++) {
    GraphWorld *world = package->ordered.at[i]->world;
    if (world && world->world) elaborate(self, world);
  }
}
