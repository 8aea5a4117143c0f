/* Types of both sides, walked in parallel. Each pair of different types is a node that is looked into once,
 * so that a change in a type which many functions share is told once; who it reaches is handed down from node
 * to node. As each node takes up REACH_MAX functions, and each shape has PARTNERS_MAX partners at most, all
 * is linear. Recursion is as deep as types are nested, TYPE_DEPTH_MAX at most. */
#include "ifc/base/buf.h"
#include "ifc/diff_parts.h"

/* A type has one counterpart on the other side, or a few; beyond that it is not looked into. */
enum { PARTNERS_MAX = 16 };

/* Hands the current function down to all that is below. */
static void reach(Comparison *self, Node *node)
{
  if (node->last_reach == self->function_number || node->reaches_more) return;
  node->last_reach = self->function_number;
  if (node->reach_count == REACH_MAX)
    node->reaches_more = true;
  else
    node->reach[node->reach_count++] = self->functions[0]->name;
  for (size_t i = 0; i < node->parts.len; i++) reach(self, node->parts.at[i]);
}

static Place step_from(Node *node, const char *what)
{
  return (Place){node, {.what = what}};
}

static Node *find_node(Comparison *self, const NodeKey *key)
{
  return map_get(self->nodes, (Str){(const char *)key, sizeof *key});
}

static Node *new_node(Comparison *self, NodeKey key, Place place, const Type *before, const Type *after)
{
  Arena *arena = self->arena;
  Node *node = arena_new_of(arena, Node);
  NodeKey *kept = arena_new_of(arena, NodeKey);
  *kept = key;
  *node = (Node){.parent = place.node, .step = place.step, .types = {before, after}};
  map_put(self->nodes, (Str){(const char *)kept, sizeof *kept}, node);
  if (place.node) vec_push(arena, &place.node->parts, node);
  reach(self, node);
  return node;
}

static Parts parts_of_type(Comparison *self, int side, const Type *type)
{
  Part *parts = arena_array_of(self->arena, Part, type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    parts[i] = (Part){.name = field->name, .type = field->type, .shape = shape_of(self, side, field->type)};
  }
  return (Parts){parts, type->count};
}

/* Fields of a record, cases of a variant or enum, flags. */
static void compare_fields(Comparison *self, Node *node, Noun noun)
{
  Parts before = parts_of_type(self, 0, node->types[0]), after = parts_of_type(self, 1, node->types[1]);
  parts_match(self->arena, before, after);
  place_tell_names(self, (Place){.node = node}, noun, before, after);
  for (uint32_t i = 0; i < before.count; i++) {
    const Part *part = &before.at[i];
    if (part->partner == NO_PARTNER) continue;
    types_compare(self, (Place){node, {noun.one, part->name}}, part->type, after.at[part->partner].type);
  }
}

static void compare_tuples(Comparison *self, Node *node)
{
  const Type *before = node->types[0], *after = node->types[1];
  for (uint32_t i = 0; i < before->count || i < after->count; i++) {
    Step step = {"tuple element", str_format(self->arena, "%u", i)};
    types_compare(self, (Place){node, step}, i < before->count ? before->fields[i].type : NULL,
                  i < after->count ? after->fields[i].type : NULL);
  }
}

static void compare_lengths(Comparison *self, Node *node)
{
  uint32_t before = node->types[0]->count, after = node->types[1]->count;
  if (before != after)
    place_tell(self, (Place){.node = node},
               str_format(self->arena, "list length %u became %u", before, after));
}

/* Handles of different resources, or of one that is another interface's: then that one changed. */
static void compare_resources(Comparison *self, Node *node)
{
  const Type *before = node->types[0], *after = node->types[1];
  Str old = resource_name(self, 0, before->named), new = resource_name(self, 1, after->named);
  bool is_foreign = !resource_is_own(self, 0, before->named) && !resource_is_own(self, 1, after->named);
  if (!is_foreign || !str_equal(old, new)) {
    place_tell_became(self, (Place){.node = node}, before, after);
    return;
  }
  const Interface *from = before->named->owner, *to = after->named->owner;
  NodeKey key = {from, to};
  Node *foreign = find_node(self, &key);
  if (foreign) {
    vec_push(self->arena, &node->parts, foreign);
    reach(self, foreign);
    return;
  }
  foreign = new_node(self, key, (Place){.node = node}, before, after);
  place_tell_foreign(self, foreign, differ_entry_of(self->differ, from, to));
}

static void compare_parts(Comparison *self, Node *node)
{
  const Type *before = node->types[0], *after = node->types[1];
  switch (before->kind) {
  case TYPE_RECORD: compare_fields(self, node, (Noun){"record field", "record fields"}); break;
  case TYPE_VARIANT: compare_fields(self, node, (Noun){"variant case", "variant cases"}); break;
  case TYPE_ENUM: compare_fields(self, node, (Noun){"enum case", "enum cases"}); break;
  case TYPE_FLAGS: compare_fields(self, node, (Noun){"flag", "flags"}); break;
  case TYPE_TUPLE: compare_tuples(self, node); break;
  case TYPE_FIXED_LIST:
    compare_lengths(self, node);
    types_compare(self, step_from(node, "list element"), before->element, after->element);
    break;
  case TYPE_LIST:
    types_compare(self, step_from(node, "list element"), before->element, after->element);
    break;
  case TYPE_OPTION:
    types_compare(self, step_from(node, "option value"), before->element, after->element);
    break;
  case TYPE_STREAM:
    types_compare(self, step_from(node, "stream element"), before->element, after->element);
    break;
  case TYPE_FUTURE:
    types_compare(self, step_from(node, "future value"), before->element, after->element);
    break;
  case TYPE_RESULT:
    types_compare(self, step_from(node, "ok value"), before->element, after->element);
    types_compare(self, step_from(node, "error value"), before->error, after->error);
    break;
  case TYPE_MAP:
    types_compare(self, step_from(node, "map key"), before->element->fields[0].type,
                  after->element->fields[0].type);
    types_compare(self, step_from(node, "map value"), before->element->fields[1].type,
                  after->element->fields[1].type);
    break;
  case TYPE_OWN:
  case TYPE_BORROW: compare_resources(self, node); break;
  case TYPE_BOOL:
  case TYPE_S8:
  case TYPE_U8:
  case TYPE_S16:
  case TYPE_U16:
  case TYPE_S32:
  case TYPE_U32:
  case TYPE_S64:
  case TYPE_U64:
  case TYPE_F32:
  case TYPE_F64:
  case TYPE_CHAR:
  case TYPE_STRING:
  case TYPE_ERROR_CONTEXT: break; /* have no parts, so their kind is all there is */
  }
}

/* A keyword, written out: that the same one stands elsewhere too means nothing. */
static bool is_plain(const Type *type)
{
  return (type_is_primitive(type) || type->kind == TYPE_STRING) && !type->alias;
}

void types_compare(Comparison *self, Place place, const Type *before, const Type *after)
{
  Shape *a = shape_of(self, 0, before), *b = shape_of(self, 1, after);
  if (a == b) return;
  if (!before || !after || (is_plain(before) && is_plain(after))) {
    place_tell_became(self, place, before, after);
    return;
  }
  NodeKey key = {a, b};
  Node *node = find_node(self, &key);
  if (node) {
    if (place.node) vec_push(self->arena, &place.node->parts, node);
    reach(self, node);
  } else if (a->partners >= PARTNERS_MAX || b->partners >= PARTNERS_MAX) {
    place_tell_became(self, place, before, after);
  } else {
    a->partners++, b->partners++;
    node = new_node(self, key, place, before, after);
    if (before->kind == after->kind)
      compare_parts(self, node);
    else
      place_tell_became(self, (Place){.node = node}, before, after);
  }
}
