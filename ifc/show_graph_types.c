/* The types and functions of one scope, from their syntax. What is left out is made too: an unnamed type that
 * it mentions first counts all the same, as in the reference. */
#include "ifc/show_graph.h"

#include "ifc/base/buf.h"
#include "ifc/topological.h"

static TypeKind kind_of(const AstType *type)
{
  switch (type->kind) {
  case AST_TYPE_FIXED_LIST: return TYPE_FIXED_LIST;
  case AST_TYPE_MAP: return TYPE_MAP;
  case AST_TYPE_STREAM: return TYPE_STREAM;
  case AST_TYPE_FUTURE: return TYPE_FUTURE;
  case AST_TYPE_OWN: return TYPE_OWN;
  case AST_TYPE_BORROW: return TYPE_BORROW;
  case AST_TYPE_ERROR_CONTEXT: return TYPE_ERROR_CONTEXT;
  default: return type->built_in;
  }
}

/* True where a type is but a word, "u8" or "error-context". */
static bool is_word(TypeKind kind)
{
  return kind <= TYPE_STRING || kind == TYPE_ERROR_CONTEXT;
}

static Reference reference_to(const GraphScope *self, Str name)
{
  Node *node = map_get(self->names, name);
  return (Reference){.node = node};
}

static Node *new_node(GraphScope *self, NodeForm form, TypeKind kind)
{
  Node *node = arena_new_of(self->graph->arena, Node);
  node->form = form;
  node->kind = kind;
  node->id = NO_ID;
  return node;
}

static bool is_gated(const AstGate *gate)
{
  return gate && (gate->since.text.len || gate->unstable.text.len);
}

/* Two unnamed types with the same key are the same. */
static Str key_of(Arena *arena, const Node *node)
{
  Buf key = buf_in(arena);
  buf_str(&key, (Str){(const char *)&node->kind, sizeof node->kind});
  buf_str(&key, (Str){(const char *)&node->length, sizeof node->length});
  for (uint32_t i = 0; i < node->part_count; i++) {
    const Reference *part = &node->parts[i];
    uint64_t word = part->absent ? UINT64_MAX : part->node ? (uintptr_t)part->node : part->kind;
    buf_str(&key, (Str){(const char *)&word, sizeof word});
  }
  return buf_text(&key);
}

static Reference reference_of(GraphScope *self, const AstType *type, const GraphEntry *within);

static void fill_parts(GraphScope *self, Node *node, const AstType *type, const GraphEntry *within)
{
  /* A result always has two parts, a stream and a future one. */
  uint32_t count = node->kind == TYPE_RESULT                                ? 2
                   : node->kind == TYPE_STREAM || node->kind == TYPE_FUTURE ? 1
                                                                            : type->part_count;
  node->length = type->kind == AST_TYPE_FIXED_LIST ? type->length : 0;
  node->parts = arena_array_of(self->graph->arena, Reference, count);
  node->part_count = count;
  for (uint32_t i = 0; i < count; i++) {
    const AstType *part = i < type->part_count ? type->parts[i] : NULL;
    node->parts[i] = part ? reference_of(self, part, within) : (Reference){.absent = true};
  }
}

/* An unnamed type stands under the gate of the declaration that it is in, or else under the first that one of
 * its parts stands under. */
static void find_gate(Node *node, const GraphEntry *within)
{
  if (within && is_gated(within->gate)) {
    node->gate = within->gate;
    node->left_out = within->left_out;
  }
  for (uint32_t i = 0; i < node->part_count; i++) {
    const Node *part = node->parts[i].node;
    if (!part) continue;
    if (!node->gate && is_gated(part->gate)) node->gate = part->gate;
    node->left_out = node->left_out || part->left_out;
  }
}

/* The unnamed type that is like `node`, which is kept if it is the first of its sort. */
static Reference unnamed(GraphScope *self, Node *node, const GraphEntry *within)
{
  Str key = key_of(self->graph->arena, node);
  Node *known = map_put(self->package->unnamed, key, node);
  if (known) return (Reference){.node = known};
  find_gate(node, within);
  vec_push(self->graph->arena, &self->package->nodes, node);
  return (Reference){.node = node};
}

/* As deep as the parser lets types be nested. `within` is the declaration of a type, NULL in a function. */
static Reference reference_of(GraphScope *self, const AstType *type, const GraphEntry *within)
{
  if (type->kind == AST_TYPE_NAME) return reference_to(self, type->name);
  TypeKind kind = kind_of(type);
  if (is_word(kind)) return (Reference){.kind = kind};
  /* "own<r>" in a place is "r" there */
  if (kind == TYPE_OWN) return reference_of(self, type->parts[0], within);
  Node *node = new_node(self, NODE_KIND, kind);
  fill_parts(self, node, type, within);
  return unnamed(self, node, within);
}

static void one_part(Arena *arena, Node *node, Reference part)
{
  node->parts = arena_new_of(arena, Reference);
  node->parts[0] = part;
  node->part_count = 1;
}

static Node *alias_node(GraphScope *self, const AstType *type, const GraphEntry *entry)
{
  bool is_alias = type->kind == AST_TYPE_NAME || is_word(kind_of(type));
  Node *node = new_node(self, is_alias ? NODE_ALIAS : NODE_KIND, kind_of(type));
  if (!is_alias) {
    fill_parts(self, node, type, entry);
    return node;
  }
  one_part(self->graph->arena, node, reference_of(self, type, entry));
  node->is_resource = node->parts[0].node && node->parts[0].node->is_resource;
  return node;
}

static Node *fields_node(GraphScope *self, const GraphEntry *entry)
{
  const AstItem *item = entry->item;
  Node *node = new_node(self, NODE_KIND, ast_item_type(item->kind));
  node->item = item;
  node->part_count = item->field_count;
  node->parts = arena_array_of(self->graph->arena, Reference, item->field_count);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstType *type = item->fields[i].type;
    node->parts[i] = type ? reference_of(self, type, entry) : (Reference){.absent = true};
  }
  return node;
}

static Node *definition_node(GraphScope *self, const GraphEntry *entry)
{
  if (entry->item->kind == AST_ITEM_ALIAS) return alias_node(self, entry->item->type, entry);
  if (entry->item->kind != AST_ITEM_RESOURCE) return fields_node(self, entry);
  Node *node = new_node(self, NODE_RESOURCE, TYPE_OWN);
  node->is_resource = true;
  return node;
}

static void declare(GraphScope *self, Node *node, Str name, const GraphEntry *entry)
{
  node->name = name;
  node->interface = self->interface;
  node->world = self->world;
  node->gate = entry->gate;
  node->left_out = entry->left_out;
  vec_push(self->graph->arena, &self->package->nodes, node);
  map_put(self->names, name, node);
  if (self->interface) vec_push(self->graph->arena, &self->interface->types, node);
  if (self->world) vec_push(self->graph->arena, &self->world->types, node);
}

static void declare_uses(GraphScope *self, const GraphEntry *entry)
{
  const AstItem *item = entry->item;
  const GraphTop *from = graph_find(self->graph, self->package, self->file, item->path);
  for (uint32_t i = 0; i < item->rename_count; i++) {
    const AstRename *rename = &item->renames[i];
    Node *node = new_node(self, NODE_ALIAS, TYPE_BOOL);
    Node *used = from && from->interface ? map_get(from->interface->names, rename->name.text) : NULL;
    one_part(self->graph->arena, node, (Reference){.node = used});
    node->is_resource = used && used->is_resource;
    declare(self, node, rename->as.text, entry);
  }
}

static void declare_definition(GraphScope *self, const GraphEntry *entry)
{
  Node *node = definition_node(self, entry);
  node->docs = entry->docs;
  declare(self, node, entry->item->name.text, entry);
}

/* The names that stand in a scope, numbered in the order written. */
typedef struct Names {
  Arena *arena;
  Map *numbers; /* GraphEntries by name; a number is their index in the map */
  Dependencies dependencies;
  Map *indices; /* uint32_t by name */
} Names;

static void add_name(Names *self, Str name, const GraphEntry *entry)
{
  uint32_t *index = arena_new_of(self->arena, uint32_t);
  *index = (uint32_t)map_count(self->numbers);
  if (!map_put(self->numbers, name, (void *)entry)) map_put(self->indices, name, index);
}

static void depend_on(Names *self, uint32_t whole, const AstType *type)
{
  if (!type) return;
  const uint32_t *part = type->kind == AST_TYPE_NAME ? map_get(self->indices, type->name) : NULL;
  if (part) vec_push(self->arena, &self->dependencies, (Dependency){whole, *part});
  for (uint32_t i = 0; i < type->part_count; i++) depend_on(self, whole, type->parts[i]);
}

static bool is_definition(const AstItem *item)
{
  return item->kind != AST_ITEM_USE && item->kind != AST_ITEM_FUNCTION;
}

void graph_types(GraphScope *self, const GraphEntries *entries)
{
  Arena *arena = self->graph->arena;
  Names names = {.arena = arena, .numbers = map_new(arena), .indices = map_new(arena)};
  uint32_t count;
  for (size_t i = 0; i < entries->len; i++) {
    const GraphEntry *entry = &entries->at[i];
    const AstItem *item = entry->item;
    if (item->kind == AST_ITEM_USE) declare_uses(self, entry);
    for (uint32_t k = 0; item->kind == AST_ITEM_USE && k < item->rename_count; k++)
      add_name(&names, item->renames[k].as.text, entry);
    if (is_definition(item)) add_name(&names, item->name.text, entry);
  }
  for (uint32_t i = 0; i < map_count(names.numbers); i++) {
    const AstItem *item = ((const GraphEntry *)map_entry(names.numbers, i)->value)->item;
    if (!is_definition(item)) continue;
    depend_on(&names, i, item->type);
    for (uint32_t k = 0; k < item->field_count; k++) depend_on(&names, i, item->fields[k].type);
  }
  uint32_t *numbers =
      topological_order(arena, (uint32_t)map_count(names.numbers), &names.dependencies, &count);
  for (uint32_t i = 0; i < count; i++) {
    const GraphEntry *entry = map_entry(names.numbers, numbers[i])->value;
    if (is_definition(entry->item)) declare_definition(self, entry);
  }
}

static Reference self_of(GraphScope *self, Node *resource)
{
  Node *node = new_node(self, NODE_KIND, TYPE_BORROW);
  one_part(self->graph->arena, node, (Reference){.node = resource});
  return unnamed(self, node, NULL);
}

static Str function_name(Arena *arena, const AstItem *item, const AstItem *resource)
{
  Str name = item->name.text;
  if (!resource) return name;
  Str owner = resource->name.text;
  switch (item->function_kind) {
  case FUNCTION_CONSTRUCTOR: return str_format(arena, "[constructor]%.*s", STR_ARG(owner));
  case FUNCTION_STATIC: return str_format(arena, "[static]%.*s.%.*s", STR_ARG(owner), STR_ARG(name));
  default: return str_format(arena, "[method]%.*s.%.*s", STR_ARG(owner), STR_ARG(name));
  }
}

GraphFunction *graph_function(GraphScope *self, const GraphEntry *entry, const AstItem *resource)
{
  Arena *arena = self->graph->arena;
  const AstItem *item = entry->item;
  GraphFunction *function = arena_new_of(arena, GraphFunction);
  Node *owner = resource ? reference_to(self, resource->name.text).node : NULL;
  uint32_t selfs = owner && item->function_kind == FUNCTION_METHOD;
  *function = (GraphFunction){.name = function_name(arena, item, resource),
                              .item = item,
                              .resource = owner,
                              .params = arena_array_of(arena, Reference, item->field_count + selfs),
                              .param_count = item->field_count + selfs,
                              .result = {.absent = true},
                              .docs = entry->docs,
                              .gate = entry->gate,
                              .left_out = entry->left_out};
  if (selfs) function->params[0] = self_of(self, owner);
  for (uint32_t i = 0; i < item->field_count; i++)
    function->params[selfs + i] = reference_of(self, item->fields[i].type, NULL);
  if (item->type)
    function->result = reference_of(self, item->type, NULL);
  else if (item->function_kind == FUNCTION_CONSTRUCTOR)
    function->result = (Reference){.node = owner};
  return function;
}
