/* The grammar and the rules stand in docs/canonical-interface.md; this file and that one change together. */
#include "ifc/canon.h"

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

struct Canon {
  Arena *arena;
  Map *hashes; /* by the Interface's address: Hash */
};

/* A text while it is written. Types get their lines as they are first met, parts before wholes, so a line
 * refers to earlier lines only and equal lines are equal types. */
typedef struct Writer {
  Canon *canon;
  Arena *arena;
  const Interface *interface; /* whose text it is; NULL: a world's */
  Buf lines;
  Map *by_body;    /* what stands behind "type tN = " -> Str "tN" */
  Map *by_address; /* of a Type, or of a resource's TypeDef -> Str "tN": shared types are walked once */
} Writer;

static void *address_get(const Map *map, const void *address)
{
  return map_get(map, (Str){(const char *)&address, sizeof address});
}

static void address_put(Arena *arena, Map *map, const void *address, void *value)
{
  const void **key = arena_new_of(arena, const void *);
  *key = address;
  map_put(map, (Str){(const char *)key, sizeof *key}, value);
}

static Str *reference_of(Writer *self, const Type *type);

static Str name_of(Writer *self, const Type *type)
{
  if (!type) return STR("_");
  bool is_simple = type->kind <= TYPE_STRING || type->kind == TYPE_ERROR_CONTEXT;
  return is_simple ? type_kind_name(type->kind) : *reference_of(self, type);
}

/* The reference to the line with this body, which is added where there is none yet. */
static Str *reference_of_body(Writer *self, Str body)
{
  Str *known = map_get(self->by_body, body);
  if (known) return known;
  known = arena_new_of(self->arena, Str);
  *known = str_format(self->arena, "t%zu", map_count(self->by_body));
  buf_printf(&self->lines, "type %.*s = ", STR_ARG(*known));
  buf_str(&self->lines, body);
  buf_byte(&self->lines, '\n');
  map_put(self->by_body, body, known);
  return known;
}

/* `name` is what the resource is called where the text is about. */
static Str *reference_of_resource(Writer *self, const TypeDef *resource, Str name)
{
  Str *known = address_get(self->by_address, resource);
  if (known) return known;
  Buf body = buf_in(self->arena);
  buf_z(&body, "resource ");
  if (resource->owner && resource->owner != self->interface) {
    Hash hash = canon_interface_hash(self->canon, resource->owner);
    buf_str(&body, resource->owner->id);
    buf_printf(&body, ".%.*s %.*s", STR_ARG(resource->name), STR_ARG(hash_text(self->arena, hash)));
  } else {
    buf_str(&body, name);
  }
  known = reference_of_body(self, buf_text(&body));
  address_put(self->arena, self->by_address, resource, known);
  return known;
}

/* "<a, b>"; `parts` stand in it, and NULL is "_". */
static void put_parts(Writer *self, const Type *const *parts, size_t count, Buf *out)
{
  buf_byte(out, '<');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_z(out, ", ");
    buf_str(out, name_of(self, parts[i]));
  }
  buf_byte(out, '>');
}

/* The types of a tuple's elements, or of a map's key and value. */
static void put_elements(Writer *self, const Type *tuple, Buf *out)
{
  const Type **parts = arena_array_of(self->arena, const Type *, tuple->count);
  for (uint32_t i = 0; i < tuple->count; i++) parts[i] = tuple->fields[i].type;
  put_parts(self, parts, tuple->count, out);
}

/* " { name: type, … }", " { name(type), … }", " { name, … }" or " {}" */
static void put_fields(Writer *self, const Type *type, Buf *out)
{
  buf_z(out, " {");
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    buf_z(out, i > 0 ? ", " : " ");
    buf_str(out, field->name);
    if (!field->type) continue;
    buf_z(out, type->kind == TYPE_RECORD ? ": " : "(");
    buf_str(out, name_of(self, field->type));
    if (type->kind == TYPE_VARIANT) buf_byte(out, ')');
  }
  buf_z(out, type->count ? " }" : "}");
}

static Str body_of(Writer *self, const Type *type)
{
  Buf out = buf_in(self->arena);
  buf_str(&out, type_kind_name(type->kind));
  switch (type->kind) {
  case TYPE_LIST:
  case TYPE_OPTION:
  case TYPE_STREAM:
  case TYPE_FUTURE: put_parts(self, &type->element, 1, &out); break;
  case TYPE_RESULT: put_parts(self, (const Type *const[]){type->element, type->error}, 2, &out); break;
  case TYPE_TUPLE: put_elements(self, type, &out); break;
  case TYPE_MAP: put_elements(self, type->element, &out); break;
  case TYPE_FIXED_LIST: {
    Str element = name_of(self, type->element);
    buf_printf(&out, "<%.*s, %u>", STR_ARG(element), type->count);
    break;
  }
  case TYPE_OWN:
  case TYPE_BORROW: {
    Str resource = *reference_of_resource(self, type->named, type->named->name);
    buf_printf(&out, "<%.*s>", STR_ARG(resource));
    break;
  }
  default: put_fields(self, type, &out); break;
  }
  return buf_text(&out);
}

/* Recurses as deep as types are nested, TYPE_DEPTH_MAX at most. */
static Str *reference_of(Writer *self, const Type *type)
{
  Str *known = address_get(self->by_address, type);
  if (known) return known;
  known = reference_of_body(self, body_of(self, type));
  address_put(self->arena, self->by_address, type, known);
  return known;
}

static void put_function(Writer *self, Str name, const Function *function, Buf *out)
{
  buf_z(out, function->is_async ? "async func " : "func ");
  buf_str(out, name);
  buf_byte(out, '(');
  for (uint32_t i = 0; i < function->param_count; i++) {
    if (i > 0) buf_z(out, ", ");
    buf_str(out, function->params[i].name);
    buf_z(out, ": ");
    buf_str(out, name_of(self, function->params[i].type));
  }
  buf_byte(out, ')');
  if (function->result) {
    buf_z(out, " -> ");
    buf_str(out, name_of(self, function->result));
  }
  buf_byte(out, '\n');
}

/* Something that stands in the order of names: a resource, a function, an item of a world. */
typedef struct Named {
  Str name, hash; /* the hash of a world's interface, as text; else empty */
  bool is_export;
  const TypeDef *resource;
  const Function *function;
  const WorldItem *item;
} Named;

typedef VEC(Named) Nameds;

static int named_compare(const void *a, const void *b)
{
  const Named *x = a, *y = b;
  if (x->is_export != y->is_export) return x->is_export ? 1 : -1;
  int order = str_compare(x->name, y->name);
  return order ? order : str_compare(x->hash, y->hash);
}

static void sort(Nameds *names)
{
  if (names->len) qsort(names->at, names->len, sizeof *names->at, named_compare);
}

/* The resources that are declared here have the first lines, whether or not a function mentions them. */
static void put_resources(Writer *self, Nameds *resources)
{
  sort(resources);
  for (size_t i = 0; i < resources->len; i++)
    reference_of_resource(self, resources->at[i].resource, resources->at[i].name);
}

static Writer writer_in(Canon *canon, Arena *arena, const Interface *interface)
{
  return (Writer){.canon = canon,
                  .arena = arena,
                  .interface = interface,
                  .lines = buf_in(arena),
                  .by_body = map_new(arena),
                  .by_address = map_new(arena)};
}

/* The text in `arena`, under this name: an inline interface is called what its world calls it. */
static Str interface_text(Canon *canon, Arena *arena, const Interface *interface, Str name)
{
  Writer writer = writer_in(canon, arena, interface);
  Nameds resources = {0}, functions = {0};
  buf_printf(&writer.lines, "assay-interface 1\ninterface %.*s\n", STR_ARG(name));
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    if (def->resource == def) vec_push(arena, &resources, (Named){.name = def->name, .resource = def});
  }
  put_resources(&writer, &resources);
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    vec_push(arena, &functions, (Named){.name = function->name, .function = function});
  }
  sort(&functions);
  Buf out = buf_in(arena);
  for (size_t i = 0; i < functions.len; i++)
    put_function(&writer, functions.at[i].name, functions.at[i].function, &out);
  buf_str(&writer.lines, buf_text(&out));
  return buf_text(&writer.lines);
}

/* An interface on the way to its hash, and how many of those that it uses are done. */
typedef struct Frame {
  const Interface *interface;
  Hash *hash;
  uint32_t next;
} Frame;

typedef VEC(Frame) Frames;

static Hash *push(Canon *self, Frames *stack, const Interface *interface)
{
  Hash *hash = arena_new_of(self->arena, Hash);
  address_put(self->arena, self->hashes, interface, hash);
  vec_push(self->arena, stack, (Frame){interface, hash, 0});
  return hash;
}

/* Those that it uses come first, on a stack of our own: their hashes may be in its text. */
Hash canon_interface_hash(Canon *self, const Interface *interface)
{
  Hash *hash = address_get(self->hashes, interface);
  if (hash) return *hash;
  Frames stack = {0};
  Arena *scratch = arena_new();
  hash = push(self, &stack, interface);
  while (stack.len) {
    Frame *top = &vec_last(&stack);
    if (top->next < top->interface->use_count) {
      const Interface *used = top->interface->uses[top->next++];
      if (!address_get(self->hashes, used)) push(self, &stack, used);
      continue;
    }
    ArenaMark mark = arena_mark(scratch);
    *top->hash = hash_of(interface_text(self, scratch, top->interface, top->interface->id));
    arena_reset(scratch, mark);
    stack.len--;
  }
  arena_free(scratch);
  return *hash;
}

Str canon_interface(Canon *self, const Interface *interface)
{
  canon_interface_hash(self, interface);
  Arena *scratch = arena_new();
  Str text = str_copy(self->arena, interface_text(self, scratch, interface, interface->id));
  arena_free(scratch);
  return text;
}

/* Of an inline interface it is that of the text under the name that it has in this world. */
static Str hash_of_item(Canon *self, Arena *arena, const WorldItem *item)
{
  if (!item->interface->world) return hash_text(arena, canon_interface_hash(self, item->interface));
  canon_interface_hash(self, item->interface);
  return hash_text(arena, hash_of(interface_text(self, arena, item->interface, item->name)));
}

static void put_item(Writer *self, const Named *named, Buf *out)
{
  const WorldItem *item = named->item;
  buf_z(out, named->is_export ? "export " : "import ");
  if (item->kind == WORLD_FUNCTION) {
    put_function(self, named->name, item->function, out);
    return;
  }
  if (item->name.len) {
    buf_str(out, item->name);
    buf_z(out, ": ");
  }
  buf_str(out, item->interface->world ? STR("interface") : item->interface->id);
  buf_printf(out, " %.*s\n", STR_ARG(named->hash));
}

/* The items that have lines, and the resources that the world declares. */
static void collect_items(Canon *self, Arena *arena, const World *world, Nameds *items, Nameds *resources)
{
  for (uint32_t i = 0; i < world->import_count + world->export_count; i++) {
    bool is_export = i >= world->import_count;
    const WorldItem *item = is_export ? &world->exports[i - world->import_count] : &world->imports[i];
    Named named = {.name = item->name, .is_export = is_export, .item = item};
    if (item->kind == WORLD_TYPE) {
      named.resource = item->type;
      if (item->type->resource == item->type) vec_push(arena, resources, named);
      continue;
    }
    if (item->kind == WORLD_INTERFACE) named.hash = hash_of_item(self, arena, item);
    if (!named.name.len) named.name = item->interface->id;
    vec_push(arena, items, named);
  }
}

static Str world_text(Canon *canon, Arena *arena, const World *world)
{
  Writer writer = writer_in(canon, arena, NULL);
  Nameds items = {0}, resources = {0};
  collect_items(canon, arena, world, &items, &resources);
  buf_printf(&writer.lines, "assay-world 1\nworld %.*s\n", STR_ARG(world->id));
  put_resources(&writer, &resources);
  sort(&items);
  Buf out = buf_in(arena);
  for (size_t i = 0; i < items.len; i++) put_item(&writer, &items.at[i], &out);
  buf_str(&writer.lines, buf_text(&out));
  return buf_text(&writer.lines);
}

Str canon_world(Canon *self, const World *world)
{
  Arena *scratch = arena_new();
  Str text = str_copy(self->arena, world_text(self, scratch, world));
  arena_free(scratch);
  return text;
}

Hash canon_world_hash(Canon *self, const World *world)
{
  Arena *scratch = arena_new();
  Hash hash = hash_of(world_text(self, scratch, world));
  arena_free(scratch);
  return hash;
}

Canon *canon_new(Arena *arena)
{
  Canon *self = arena_new_of(arena, Canon);
  *self = (Canon){arena, map_new(arena)};
  return self;
}

Str interface_canonical(Arena *arena, const Interface *self)
{
  return canon_interface(canon_new(arena), self);
}

Hash interface_hash(Arena *arena, const Interface *self)
{
  return canon_interface_hash(canon_new(arena), self);
}
