/* The resolved form as the reference parser prints it: show_graph.h, with its members in the reference's
 * order. It is printed as it is walked, because it is ten times as long as its source. */
#include "ifc/show.h"

#include "ifc/base/buf.h"
#include "ifc/base/json.h"
#include "ifc/show_graph.h"
#include "ifc/show_text.h"

enum { PIECE = 1 << 16 };

/* The document so far: what stands in `out` was not passed on yet. */
typedef struct Writer {
  Arena *scratch; /* for one member at a time */
  Buf out;
  size_t depth;  /* of what is open */
  bool is_empty; /* nothing stands in the innermost yet */
  ShowPiece *put;
  void *context;
} Writer;

static void put_line(Writer *self)
{
  buf_byte(&self->out, '\n');
  buf_repeat(&self->out, ' ', self->depth * 2);
}

/* Before an element. */
static void put_next(Writer *self)
{
  if (self->out.len >= PIECE) {
    self->put(self->context, buf_text(&self->out));
    self->out.len = 0;
  }
  if (!self->is_empty) buf_byte(&self->out, ',');
  put_line(self);
  self->is_empty = false;
}

static void put_key(Writer *self, Str key)
{
  put_next(self);
  jv_print_string(key, &self->out);
  buf_z(&self->out, ": ");
}

static void put_open(Writer *self, char bracket)
{
  buf_byte(&self->out, bracket);
  self->depth++;
  self->is_empty = true;
}

static void put_close(Writer *self, char bracket)
{
  self->depth--;
  if (!self->is_empty) put_line(self);
  buf_byte(&self->out, bracket);
  self->is_empty = false;
}

static void put_integer(Writer *self, int64_t value)
{
  buf_printf(&self->out, "%lld", (long long)value);
}

/* The name, or null. */
static void put_name(Writer *self, Str name)
{
  if (name.len)
    jv_print_string(name, &self->out);
  else
    buf_z(&self->out, "null");
}

static void put_string_member(Writer *self, Str key, Str value)
{
  put_key(self, key);
  jv_print_string(value, &self->out);
}

static void put_integer_member(Writer *self, Str key, int64_t value)
{
  put_key(self, key);
  put_integer(self, value);
}

static void put_docs(Writer *self, AstDocs docs)
{
  if (!docs.len) return;
  ArenaMark mark = arena_mark(self->scratch);
  put_key(self, STR("docs"));
  put_open(self, '{');
  put_string_member(self, STR("contents"), show_comments(self->scratch, ast_comments(docs)));
  put_close(self, '}');
  arena_reset(self->scratch, mark);
}

static void put_stability(Writer *self, const AstGate *gate)
{
  if (!gate || (!gate->since.text.len && !gate->unstable.text.len)) return;
  bool stable = gate->since.text.len > 0;
  put_key(self, STR("stability"));
  put_open(self, '{');
  put_key(self, stable ? STR("stable") : STR("unstable"));
  put_open(self, '{');
  if (stable)
    put_string_member(self, STR("since"), gate->since.text);
  else
    put_string_member(self, STR("feature"), gate->unstable.text);
  if (gate->deprecated.text.len) put_string_member(self, STR("deprecated"), gate->deprecated.text);
  put_close(self, '}');
  put_close(self, '}');
}

static void put_external_id(Writer *self, const AstGate *gate)
{
  if (gate && gate->external_id.span.len) put_string_member(self, STR("external_id"), gate->external_id.text);
}

static void put_reference(Writer *self, Reference reference)
{
  if (reference.absent)
    buf_z(&self->out, "null");
  else if (reference.node)
    put_integer(self, reference.node->id);
  else
    jv_print_string(type_kind_name(reference.kind), &self->out);
}

static void put_reference_member(Writer *self, Str key, Reference reference)
{
  put_key(self, key);
  put_reference(self, reference);
}

static void put_parts(Writer *self, const Node *node)
{
  put_open(self, '[');
  for (uint32_t i = 0; i < node->part_count; i++) {
    put_next(self);
    put_reference(self, node->parts[i]);
  }
  if (node->kind == TYPE_FIXED_LIST) {
    put_next(self);
    put_integer(self, node->length);
  }
  put_close(self, ']');
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
static void put_fields(Writer *self, const Node *node)
{
  put_open(self, '[');
  for (uint32_t i = 0; i < node->part_count; i++) {
    const AstField *written = &node->item->fields[i];
    put_next(self);
    put_open(self, '{');
    put_string_member(self, STR("name"), written->name.text);
    if (node->kind == TYPE_RECORD || node->kind == TYPE_VARIANT)
      put_reference_member(self, STR("type"), node->parts[i]);
    put_docs(self, written->docs);
    put_close(self, '}');
  }
  put_close(self, ']');
}

/* What stands behind the kind's word, in braces. */
static void put_members(Writer *self, const Node *node)
{
  put_open(self, '{');
  switch (node->kind) {
  case TYPE_TUPLE:
    put_key(self, kind_words(node).parts);
    put_parts(self, node);
    break;
  case TYPE_RESULT:
    put_reference_member(self, STR("ok"), node->parts[0]);
    put_reference_member(self, STR("err"), node->parts[1]);
    break;
  case TYPE_OWN:
  case TYPE_BORROW: put_reference_member(self, type_kind_name(node->kind), node->parts[0]); break;
  default: put_key(self, kind_words(node).parts); put_fields(self, node);
  }
  put_close(self, '}');
}

static void put_inner(Writer *self, const Node *node)
{
  if (node->form == NODE_ALIAS) {
    put_reference(self, node->parts[0]);
    return;
  }
  switch (node->kind) {
  case TYPE_RECORD:
  case TYPE_VARIANT:
  case TYPE_ENUM:
  case TYPE_FLAGS:
  case TYPE_TUPLE:
  case TYPE_RESULT:
  case TYPE_OWN:
  case TYPE_BORROW: put_members(self, node); break;
  case TYPE_MAP:
  case TYPE_FIXED_LIST: put_parts(self, node); break;
  default: put_reference(self, node->parts[0]);
  }
}

static void put_kind(Writer *self, const Node *node)
{
  put_key(self, STR("kind"));
  if (node->form == NODE_RESOURCE) {
    jv_print_string(STR("resource"), &self->out);
    return;
  }
  put_open(self, '{');
  put_key(self, kind_words(node).kind);
  put_inner(self, node);
  put_close(self, '}');
}

static void put_owner(Writer *self, const Node *node)
{
  put_key(self, STR("owner"));
  if (!node->interface && !node->world) {
    buf_z(&self->out, "null");
    return;
  }
  put_open(self, '{');
  if (node->interface)
    put_integer_member(self, STR("interface"), node->interface->id);
  else
    put_integer_member(self, STR("world"), node->world->id);
  put_close(self, '}');
}

static void put_type(Writer *self, const Node *node)
{
  put_open(self, '{');
  put_key(self, STR("name"));
  put_name(self, node->name);
  put_kind(self, node);
  put_owner(self, node);
  put_docs(self, node->docs);
  put_stability(self, node->gate);
  if (node->name.len) put_external_id(self, node->gate);
  put_close(self, '}');
}

/* "freestanding", or {"method": 3}; "async-…" of both. */
static void put_function_kind(Writer *self, const GraphFunction *function)
{
  static const char *const words[][2] = {[FUNCTION_FREE] = {"freestanding", "async-freestanding"},
                                         [FUNCTION_CONSTRUCTOR] = {"constructor", "async-constructor"},
                                         [FUNCTION_METHOD] = {"method", "async-method"},
                                         [FUNCTION_STATIC] = {"static", "async-static"}};
  FunctionKind kind = function->resource ? function->item->function_kind : FUNCTION_FREE;
  Str word = str_from_z(words[kind][function->item->is_async]);
  put_key(self, STR("kind"));
  if (!function->resource) {
    jv_print_string(word, &self->out);
    return;
  }
  put_open(self, '{');
  put_integer_member(self, word, function->resource->id);
  put_close(self, '}');
}

static void put_params(Writer *self, const GraphFunction *function)
{
  uint32_t selfs = function->param_count - function->item->field_count;
  put_key(self, STR("params"));
  put_open(self, '[');
  for (uint32_t i = 0; i < function->param_count; i++) {
    Str name = i < selfs ? STR("self") : function->item->fields[i - selfs].name.text;
    put_next(self);
    put_open(self, '{');
    put_string_member(self, STR("name"), name);
    put_reference_member(self, STR("type"), function->params[i]);
    put_close(self, '}');
  }
  put_close(self, ']');
}

static void put_function(Writer *self, const GraphFunction *function)
{
  put_open(self, '{');
  put_string_member(self, STR("name"), function->name);
  put_function_kind(self, function);
  put_params(self, function);
  if (!function->result.absent) put_reference_member(self, STR("result"), function->result);
  put_docs(self, function->docs);
  put_stability(self, function->gate);
  put_external_id(self, function->gate);
  put_close(self, '}');
}

static void put_interface(Writer *self, const GraphInterface *interface)
{
  put_open(self, '{');
  put_key(self, STR("name"));
  put_name(self, interface->name);
  put_key(self, STR("types"));
  put_open(self, '{');
  for (size_t i = 0; i < interface->types.len; i++) {
    const Node *type = interface->types.at[i];
    if (type->id != NO_ID) put_integer_member(self, type->name, type->id);
  }
  put_close(self, '}');
  put_key(self, STR("functions"));
  put_open(self, '{');
  for (size_t i = 0; i < interface->functions.len; i++) {
    const GraphFunction *function = interface->functions.at[i];
    if (function->left_out) continue;
    put_key(self, function->name);
    put_function(self, function);
  }
  put_close(self, '}');
  put_docs(self, interface->docs);
  put_stability(self, interface->gate);
  put_integer_member(self, STR("package"), interface->package->id);
  put_close(self, '}');
}

static void put_world_interface(Writer *self, const GraphItem *item)
{
  put_key(self, STR("interface"));
  put_open(self, '{');
  put_integer_member(self, STR("id"), item->interface->id);
  put_stability(self, item->gate);
  put_external_id(self, item->own);
  put_docs(self, item->docs);
  put_close(self, '}');
}

static void put_world_item(Writer *self, const GraphItem *item)
{
  put_open(self, '{');
  switch (item->kind) {
  case GRAPH_FUNCTION:
    put_key(self, STR("function"));
    put_function(self, item->function);
    break;
  case GRAPH_TYPE: put_integer_member(self, STR("type"), item->type->id); break;
  case GRAPH_INTERFACE: put_world_interface(self, item); break;
  }
  put_close(self, '}');
}

static void put_world_items(Writer *self, Str key, const GraphItems *items)
{
  put_key(self, key);
  put_open(self, '{');
  for (size_t i = 0; i < items->len; i++) {
    const GraphItem *item = &items->at[i];
    ArenaMark mark = arena_mark(self->scratch);
    Str name = item->name;
    if (!name.len) name = str_format(self->scratch, "interface-%lld", (long long)item->interface->id);
    put_key(self, name);
    arena_reset(self->scratch, mark);
    put_world_item(self, item);
  }
  put_close(self, '}');
}

static void put_world(Writer *self, const GraphWorld *world)
{
  put_open(self, '{');
  put_string_member(self, STR("name"), world->written->name.text);
  put_world_items(self, STR("imports"), &world->elaborated[0]);
  put_world_items(self, STR("exports"), &world->elaborated[1]);
  put_integer_member(self, STR("package"), world->package->id);
  put_docs(self, world->written->docs);
  put_stability(self, world->written->gate);
  put_close(self, '}');
}

static void put_package(Writer *self, const GraphPackage *package)
{
  put_open(self, '{');
  put_string_member(self, STR("name"), package->name);
  put_docs(self, package->package->written->header.docs);
  for (int worlds = 0; worlds < 2; worlds++) {
    put_key(self, worlds ? STR("worlds") : STR("interfaces"));
    put_open(self, '{');
    for (size_t i = 0; i < package->ordered.len; i++) {
      const GraphTop *top = package->ordered.at[i];
      if (!worlds && top->interface && top->interface->id != NO_ID)
        put_integer_member(self, top->interface->name, top->interface->id);
      if (worlds && top->world && top->world->id != NO_ID)
        put_integer_member(self, top->world->written->name.text, top->world->id);
    }
    put_close(self, '}');
  }
  put_close(self, '}');
}

static void put_array(Writer *self, Str key)
{
  put_key(self, key);
  put_open(self, '[');
}

static void put_graph(Writer *self, const Graph *graph)
{
  put_open(self, '{');
  put_array(self, STR("worlds"));
  for (size_t i = 0; i < graph->worlds.len; i++) {
    put_next(self);
    put_world(self, graph->worlds.at[i]);
  }
  put_close(self, ']');
  put_array(self, STR("interfaces"));
  for (size_t i = 0; i < graph->interfaces.len; i++) {
    put_next(self);
    put_interface(self, graph->interfaces.at[i]);
  }
  put_close(self, ']');
  put_array(self, STR("types"));
  for (size_t i = 0; i < graph->types.len; i++) {
    put_next(self);
    put_type(self, graph->types.at[i]);
  }
  put_close(self, ']');
  put_array(self, STR("packages"));
  for (size_t i = 0; i < graph->packages.len; i++) {
    put_next(self);
    put_package(self, graph->packages.at[i]);
  }
  put_close(self, ']');
  put_close(self, '}');
}

void package_print_json(Arena *arena, const Package *self, ShowPiece *put, void *context)
{
  Arena *scratch = arena_new();
  Writer writer = {.scratch = scratch, .out = buf_in(arena), .put = put, .context = context};
  put_graph(&writer, graph_of(arena, self->resolve));
  buf_byte(&writer.out, '\n');
  put(context, buf_text(&writer.out));
  arena_free(scratch);
}

static void append(void *context, Str piece)
{
  buf_str(context, piece);
}

Str package_json(Arena *arena, const Package *self)
{
  Buf out = buf_in(arena);
  package_print_json(arena, self, append, &out);
  return buf_text(&out);
}
