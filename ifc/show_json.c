/* The resolved form as the reference parser prints it: show_graph.h, with its members in the reference's
 * order. */
#include "ifc/show.h"
#include "ifc/show_graph.h"
#include "ifc/show_text.h"

static void put_docs(Arena *arena, Json *object, AstDocs docs)
{
  if (!docs.comments.len) return;
  Json *contents = jv_object(arena);
  jv_set_string(contents, STR("contents"), show_comments(arena, docs.comments));
  jv_set(object, STR("docs"), contents);
}

static void put_stability(Arena *arena, Json *object, const AstGate *gate)
{
  if (!gate || (!gate->since.text.len && !gate->unstable.text.len)) return;
  bool stable = gate->since.text.len > 0;
  Json *inner = jv_object(arena), *stability = jv_object(arena);
  if (stable)
    jv_set_string(inner, STR("since"), gate->since.text);
  else
    jv_set_string(inner, STR("feature"), gate->unstable.text);
  if (gate->deprecated.text.len) jv_set_string(inner, STR("deprecated"), gate->deprecated.text);
  jv_set(stability, stable ? STR("stable") : STR("unstable"), inner);
  jv_set(object, STR("stability"), stability);
}

static void put_external_id(Json *object, const AstGate *gate)
{
  if (gate && gate->external_id.span.len) jv_set_string(object, STR("external_id"), gate->external_id.text);
}

static Json *reference_json(Arena *arena, Reference reference)
{
  if (reference.absent) return jv_null(arena);
  if (reference.node) return jv_integer(arena, reference.node->id);
  return jv_string(arena, type_kind_name(reference.kind));
}

static Json *parts_json(Arena *arena, const Node *node)
{
  Json *parts = jv_array(arena);
  for (uint32_t i = 0; i < node->part_count; i++) jv_push(parts, reference_json(arena, node->parts[i]));
  return parts;
}

typedef struct KindWords {
  Str kind, parts;
} KindWords;

static KindWords kind_words(const Node *node)
{
  if (node->form == NODE_ALIAS) return (KindWords){STR("type"), {0}};
  switch (node->kind) {
  case TYPE_RECORD: return (KindWords){STR("record"), STR("fields")};
  case TYPE_VARIANT: return (KindWords){STR("variant"), STR("cases")};
  case TYPE_ENUM: return (KindWords){STR("enum"), STR("cases")};
  case TYPE_FLAGS: return (KindWords){STR("flags"), STR("flags")};
  case TYPE_TUPLE: return (KindWords){STR("tuple"), STR("types")};
  case TYPE_FIXED_LIST: return (KindWords){STR("fixed-length-list"), {0}};
  case TYPE_OWN:
  case TYPE_BORROW: return (KindWords){STR("handle"), {0}};
  default: return (KindWords){type_kind_name(node->kind), {0}};
  }
}

/* The fields, cases or flags. */
static Json *fields_json(Arena *arena, const Node *node)
{
  Json *fields = jv_array(arena);
  for (uint32_t i = 0; i < node->part_count; i++) {
    const AstField *written = &node->item->fields[i];
    Json *field = jv_object(arena);
    jv_set_string(field, STR("name"), written->name.text);
    if (node->kind == TYPE_RECORD || node->kind == TYPE_VARIANT)
      jv_set(field, STR("type"), reference_json(arena, node->parts[i]));
    put_docs(arena, field, written->docs);
    jv_push(fields, field);
  }
  return fields;
}

/* What stands behind the kind's word. */
static Json *inner_json(Arena *arena, const Node *node)
{
  Json *inner = jv_object(arena);
  if (node->form == NODE_ALIAS) return reference_json(arena, node->parts[0]);
  switch (node->kind) {
  case TYPE_RECORD:
  case TYPE_VARIANT:
  case TYPE_ENUM:
  case TYPE_FLAGS: jv_set(inner, kind_words(node).parts, fields_json(arena, node)); return inner;
  case TYPE_TUPLE: jv_set(inner, kind_words(node).parts, parts_json(arena, node)); return inner;
  case TYPE_MAP: return parts_json(arena, node);
  case TYPE_RESULT:
    jv_set(inner, STR("ok"), reference_json(arena, node->parts[0]));
    jv_set(inner, STR("err"), reference_json(arena, node->parts[1]));
    return inner;
  case TYPE_FIXED_LIST:
    inner = parts_json(arena, node);
    jv_push(inner, jv_integer(arena, node->length));
    return inner;
  case TYPE_OWN:
  case TYPE_BORROW:
    jv_set(inner, type_kind_name(node->kind), reference_json(arena, node->parts[0]));
    return inner;
  default: return reference_json(arena, node->parts[0]);
  }
}

static Json *kind_json(Arena *arena, const Node *node)
{
  if (node->form == NODE_RESOURCE) return jv_string(arena, STR("resource"));
  Json *kind = jv_object(arena);
  jv_set(kind, kind_words(node).kind, inner_json(arena, node));
  return kind;
}

static Json *owner_json(Arena *arena, const Node *node)
{
  if (!node->interface && !node->world) return jv_null(arena);
  Json *owner = jv_object(arena);
  if (node->interface)
    jv_set_integer(owner, STR("interface"), node->interface->id);
  else
    jv_set_integer(owner, STR("world"), node->world->id);
  return owner;
}

static Json *type_json(Arena *arena, const Node *node)
{
  Json *object = jv_object(arena);
  jv_set(object, STR("name"), node->name.len ? jv_string(arena, node->name) : jv_null(arena));
  jv_set(object, STR("kind"), kind_json(arena, node));
  jv_set(object, STR("owner"), owner_json(arena, node));
  put_docs(arena, object, node->docs);
  put_stability(arena, object, node->gate);
  if (node->name.len) put_external_id(object, node->gate);
  return object;
}

/* "freestanding", or {"method": 3}; "async-…" of both. */
static Json *function_kind_json(Arena *arena, const GraphFunction *function)
{
  static const char *const words[] = {[FUNCTION_FREE] = "freestanding",
                                      [FUNCTION_CONSTRUCTOR] = "constructor",
                                      [FUNCTION_METHOD] = "method",
                                      [FUNCTION_STATIC] = "static"};
  FunctionKind kind = function->resource ? function->item->function_kind : FUNCTION_FREE;
  Str word = str_format(arena, "%s%s", function->item->is_async ? "async-" : "", words[kind]);
  if (!function->resource) return jv_string(arena, word);
  Json *object = jv_object(arena);
  jv_set_integer(object, word, function->resource->id);
  return object;
}

static Json *function_json(Arena *arena, const GraphFunction *function)
{
  Json *object = jv_object(arena), *params = jv_array(arena);
  uint32_t selfs = function->param_count - function->item->field_count;
  for (uint32_t i = 0; i < function->param_count; i++) {
    Json *param = jv_object(arena);
    Str name = i < selfs ? STR("self") : function->item->fields[i - selfs].name.text;
    jv_set_string(param, STR("name"), name);
    jv_set(param, STR("type"), reference_json(arena, function->params[i]));
    jv_push(params, param);
  }
  jv_set_string(object, STR("name"), function->name);
  jv_set(object, STR("kind"), function_kind_json(arena, function));
  jv_set(object, STR("params"), params);
  if (!function->result.absent) jv_set(object, STR("result"), reference_json(arena, function->result));
  put_docs(arena, object, function->docs);
  put_stability(arena, object, function->gate);
  put_external_id(object, function->gate);
  return object;
}

static Json *interface_json(Arena *arena, const GraphInterface *interface)
{
  Json *object = jv_object(arena), *types = jv_object(arena), *functions = jv_object(arena);
  for (size_t i = 0; i < interface->types.len; i++) {
    const Node *type = interface->types.at[i];
    if (type->id != NO_ID) jv_set_integer(types, type->name, type->id);
  }
  for (size_t i = 0; i < interface->functions.len; i++) {
    const GraphFunction *function = interface->functions.at[i];
    if (!function->left_out) jv_set(functions, function->name, function_json(arena, function));
  }
  Str name = interface->name;
  jv_set(object, STR("name"), name.len ? jv_string(arena, name) : jv_null(arena));
  jv_set(object, STR("types"), types);
  jv_set(object, STR("functions"), functions);
  put_docs(arena, object, interface->docs);
  put_stability(arena, object, interface->gate);
  jv_set_integer(object, STR("package"), interface->package->id);
  return object;
}

static Json *world_interface_json(Arena *arena, const GraphItem *item)
{
  Json *interface = jv_object(arena);
  jv_set_integer(interface, STR("id"), item->interface->id);
  put_stability(arena, interface, item->gate);
  put_external_id(interface, item->own);
  put_docs(arena, interface, item->docs);
  return interface;
}

static Json *world_item_json(Arena *arena, const GraphItem *item)
{
  Json *object = jv_object(arena);
  switch (item->kind) {
  case GRAPH_FUNCTION: jv_set(object, STR("function"), function_json(arena, item->function)); break;
  case GRAPH_TYPE: jv_set_integer(object, STR("type"), item->type->id); break;
  case GRAPH_INTERFACE: jv_set(object, STR("interface"), world_interface_json(arena, item)); break;
  }
  return object;
}

static Json *world_items_json(Arena *arena, const GraphItems *items)
{
  Json *object = jv_object(arena);
  for (size_t i = 0; i < items->len; i++) {
    const GraphItem *item = &items->at[i];
    Str key = item->name;
    if (!key.len) key = str_format(arena, "interface-%lld", (long long)item->interface->id);
    jv_set(object, key, world_item_json(arena, item));
  }
  return object;
}

static Json *world_json(Arena *arena, const GraphWorld *world)
{
  Json *object = jv_object(arena);
  jv_set_string(object, STR("name"), world->written->name.text);
  jv_set(object, STR("imports"), world_items_json(arena, &world->elaborated[0]));
  jv_set(object, STR("exports"), world_items_json(arena, &world->elaborated[1]));
  jv_set_integer(object, STR("package"), world->package->id);
  put_docs(arena, object, world->written->docs);
  put_stability(arena, object, world->written->gate);
  return object;
}

static Json *package_json(Arena *arena, const GraphPackage *package)
{
  Json *object = jv_object(arena), *interfaces = jv_object(arena), *worlds = jv_object(arena);
  for (size_t i = 0; i < package->ordered.len; i++) {
    const GraphTop *top = package->ordered.at[i];
    if (top->interface && top->interface->id != NO_ID)
      jv_set_integer(interfaces, top->interface->name, top->interface->id);
    if (top->world && top->world->id != NO_ID)
      jv_set_integer(worlds, top->world->written->name.text, top->world->id);
  }
  jv_set_string(object, STR("name"), package->name);
  put_docs(arena, object, package->package->written->header.docs);
  jv_set(object, STR("interfaces"), interfaces);
  jv_set(object, STR("worlds"), worlds);
  return object;
}

Json *package_to_json(Arena *arena, const Package *self)
{
  const Graph *graph = graph_of(arena, self->resolve);
  Json *root = jv_object(arena);
  Json *worlds = jv_array(arena), *interfaces = jv_array(arena), *types = jv_array(arena);
  Json *packages = jv_array(arena);
  for (size_t i = 0; i < graph->worlds.len; i++) jv_push(worlds, world_json(arena, graph->worlds.at[i]));
  for (size_t i = 0; i < graph->interfaces.len; i++)
    jv_push(interfaces, interface_json(arena, graph->interfaces.at[i]));
  for (size_t i = 0; i < graph->types.len; i++) jv_push(types, type_json(arena, graph->types.at[i]));
  for (size_t i = 0; i < graph->packages.len; i++)
    jv_push(packages, package_json(arena, graph->packages.at[i]));
  jv_set(root, STR("worlds"), worlds);
  jv_set(root, STR("interfaces"), interfaces);
  jv_set(root, STR("types"), types);
  jv_set(root, STR("packages"), packages);
  return root;
}
