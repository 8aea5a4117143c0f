/* The grammar and the rules stand in docs/canonical-interface.md; this file and that one change together. */
#include "ifc/canon.h"

#include <stdlib.h>

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

struct Canon {
  Arena *arena;
  Map *hashes; /* by the Interface's address: Hash */
};

/* The lines of types by the addresses of Types, and of resources' TypeDefs: shared ones are walked once. Open
 * addressing; at most half full. */
typedef struct Place {
  const void *address; /* NULL: free */
  uint32_t line;
} Place;
typedef struct Places {
  Place *at;
  uint32_t count, mask; /* mask: slots − 1; 0: there are none */
} Places;

/* A text while it is written. Types get their lines as they are first met, parts before wholes, so a line
 * refers to earlier lines only and equal lines are equal types. The lines of functions refer to those of
 * types, all of which stand before them: so functions are walked twice. */
typedef struct Writer {
  Canon *canon;
  Arena *arena;
  const Interface *interface; /* whose text it is; NULL: a world's */
  Hasher *hasher;             /* takes the text piece by piece; NULL: all of it stays in `text` */
  Buf text;
  Buf body;      /* of types that are being written, the innermost last */
  Map *by_body;  /* what stands behind "type tN = " -> N + 1 */
  Places places; /* Ns */
} Writer;

enum { FIRST_PLACES = 64, PIECE = 1 << 15 };

/* What is enough goes to the hasher. */
static void flush(Writer *self, size_t enough)
{
  if (!self->hasher || self->text.len < enough) return;
  hasher_add(self->hasher, buf_text(&self->text));
  self->text.len = 0;
}

static Place *place_of(const Places *self, const void *address)
{
  uint32_t at = (uint32_t)(((uintptr_t)address >> 4) * 0x9e3779b97f4a7c15 >> 32) & self->mask;
  while (self->at[at].address && self->at[at].address != address) at = (at + 1) & self->mask;
  return &self->at[at];
}

static void widen(Arena *arena, Places *self)
{
  Places wide = {.count = self->count, .mask = self->mask ? self->mask * 2 + 1 : FIRST_PLACES - 1};
  wide.at = arena_array_of(arena, Place, (size_t)wide.mask + 1);
  for (uint32_t i = 0; self->mask && i <= self->mask; i++)
    if (self->at[i].address) *place_of(&wide, self->at[i].address) = self->at[i];
  *self = wide;
}

static void put_place(Writer *self, const void *address, uint32_t line)
{
  if (self->places.count >= self->places.mask / 2) widen(self->arena, &self->places);
  *place_of(&self->places, address) = (Place){address, line};
  self->places.count++;
}

/* False where the address has no line yet. */
static bool get_place(const Writer *self, const void *address, uint32_t *line)
{
  if (!self->places.mask) return false;
  const Place *place = place_of(&self->places, address);
  *line = place->line;
  return place->address != NULL;
}

static uint32_t line_of(Writer *self, const Type *type);

/* "t12" */
static void put_line(uint32_t line, Buf *out)
{
  char digits[12];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + line % 10);
    line /= 10;
  } while (line);
  digits[--at] = 't';
  buf_str(out, (Str){digits + at, sizeof digits - at});
}

static bool has_line(const Type *type)
{
  return type && type->kind > TYPE_STRING && type->kind != TYPE_ERROR_CONTEXT;
}

/* A type as lines refer to it: its keyword, or its own line. */
static void put_reference(Writer *self, const Type *type, Buf *out)
{
  if (!type)
    buf_byte(out, '_');
  else if (has_line(type))
    put_line(line_of(self, type), out);
  else
    buf_str(out, type_kind_name(type->kind));
}

/* Takes the body that begins at `start` off; its line, which is added where there is none yet. */
static uint32_t line_of_body(Writer *self, size_t start)
{
  Str body = str_slice(buf_text(&self->body), start, self->body.len);
  self->body.len = start;
  const void *known = map_get(self->by_body, body);
  if (known) return (uint32_t)((uintptr_t)known - 1);
  uint32_t line = (uint32_t)map_count(self->by_body);
  buf_z(&self->text, "type ");
  put_line(line, &self->text);
  buf_z(&self->text, " = ");
  buf_str(&self->text, body);
  buf_byte(&self->text, '\n');
  flush(self, PIECE);
  void *number = (void *)((uintptr_t)line + 1); // NOLINT(performance-no-int-to-ptr)
  map_put(self->by_body, str_copy(self->arena, body), number);
  return line;
}

/* `name` is what the resource is called where the text is about. */
static uint32_t line_of_resource(Writer *self, const TypeDef *resource, Str name)
{
  uint32_t line;
  if (get_place(self, resource, &line)) return line;
  size_t start = self->body.len;
  buf_z(&self->body, "resource ");
  if (resource->owner && resource->owner != self->interface) {
    Hash hash = canon_interface_hash(self->canon, resource->owner);
    buf_str(&self->body, resource->owner->id);
    buf_byte(&self->body, '.');
    buf_str(&self->body, resource->name);
    buf_byte(&self->body, ' ');
    buf_str(&self->body, hash_text(self->arena, hash));
  } else {
    buf_str(&self->body, name);
  }
  line = line_of_body(self, start);
  put_place(self, resource, line);
  return line;
}

/* "<a, b>"; the types of a tuple's elements, or of a map's key and value. */
static void put_elements(Writer *self, const Type *tuple)
{
  for (uint32_t i = 0; i < tuple->count; i++) {
    buf_z(&self->body, i > 0 ? ", " : "<");
    put_reference(self, tuple->fields[i].type, &self->body);
  }
  buf_z(&self->body, tuple->count ? ">" : "<>");
}

/* " { name: type, … }", " { name(type), … }", " { name, … }" or " {}" */
static void put_fields(Writer *self, const Type *type)
{
  Buf *out = &self->body;
  buf_z(out, " {");
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    buf_z(out, i > 0 ? ", " : " ");
    buf_str(out, field->name);
    if (!field->type) continue;
    buf_z(out, type->kind == TYPE_RECORD ? ": " : "(");
    put_reference(self, field->type, out);
    if (type->kind == TYPE_VARIANT) buf_byte(out, ')');
  }
  buf_z(out, type->count ? " }" : "}");
}

/* "<a>", "<a, 4>", "<a, b>" */
static void put_parts(Writer *self, const Type *type)
{
  Buf *out = &self->body;
  buf_byte(out, '<');
  if (type->kind == TYPE_OWN || type->kind == TYPE_BORROW)
    put_line(line_of_resource(self, type->named, type->named->name), out);
  else
    put_reference(self, type->element, out);
  if (type->kind == TYPE_FIXED_LIST) buf_printf(out, ", %u", type->count);
  if (type->kind == TYPE_RESULT) {
    buf_z(out, ", ");
    put_reference(self, type->error, out);
  }
  buf_byte(out, '>');
}

static void put_body(Writer *self, const Type *type)
{
  buf_str(&self->body, type_kind_name(type->kind));
  switch (type->kind) {
  case TYPE_LIST:
  case TYPE_OPTION:
  case TYPE_STREAM:
  case TYPE_FUTURE:
  case TYPE_RESULT:
  case TYPE_FIXED_LIST:
  case TYPE_OWN:
  case TYPE_BORROW: put_parts(self, type); break;
  case TYPE_TUPLE: put_elements(self, type); break;
  case TYPE_MAP: put_elements(self, type->element); break;
  default: put_fields(self, type); break;
  }
}

/* Recurses as deep as types are nested, TYPE_DEPTH_MAX at most. */
static uint32_t line_of(Writer *self, const Type *type)
{
  uint32_t line;
  if (get_place(self, type, &line)) return line;
  size_t start = self->body.len;
  put_body(self, type);
  line = line_of_body(self, start);
  put_place(self, type, line);
  return line;
}

/* Gives the types of a function their lines. */
static void meet_types(Writer *self, const Function *function)
{
  for (uint32_t i = 0; i < function->param_count; i++)
    if (has_line(function->params[i].type)) line_of(self, function->params[i].type);
  if (has_line(function->result)) line_of(self, function->result);
}

static void put_function(Writer *self, Str name, const Function *function)
{
  Buf *out = &self->text;
  buf_z(out, function->is_async ? "async func " : "func ");
  buf_str(out, name);
  buf_byte(out, '(');
  for (uint32_t i = 0; i < function->param_count; i++) {
    if (i > 0) buf_z(out, ", ");
    buf_str(out, function->params[i].name);
    buf_z(out, ": ");
    put_reference(self, function->params[i].type, out);
  }
  buf_byte(out, ')');
  if (function->result) {
    buf_z(out, " -> ");
    put_reference(self, function->result, out);
  }
  buf_byte(out, '\n');
  flush(self, PIECE);
}

/* Something that stands in the order of names: a resource, a function, an item of a world. */
typedef struct Named {
  uint64_t prefix; /* of the name, so that most are told apart by one comparison */
  Str name, hash;  /* the hash of a world's interface, as text; else empty */
  bool is_export;
  union {
    const TypeDef *resource;
    const Function *function;
    const WorldItem *item;
  };
} Named;

typedef VEC(Named) Nameds;

static int named_compare(const void *a, const void *b)
{
  const Named *x = a, *y = b;
  if (x->is_export != y->is_export) return x->is_export ? 1 : -1;
  if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
  int order = str_compare(x->name, y->name);
  return order ? order : str_compare(x->hash, y->hash);
}

/* As many first bytes as fit, behind a shorter name zeros: the order of names that differ in them. */
static uint64_t prefix_of(Str name)
{
  uint64_t prefix = 0;
  for (size_t i = 0; i < 8; i++) prefix = prefix << 8 | (i < name.len ? (unsigned char)name.at[i] : 0);
  return prefix;
}

static void sort(Nameds *names)
{
  bool is_sorted = true;
  for (size_t i = 0; i < names->len; i++) {
    names->at[i].prefix = prefix_of(names->at[i].name);
    is_sorted = is_sorted && (!i || named_compare(&names->at[i - 1], &names->at[i]) <= 0);
  }
  if (!is_sorted) qsort(names->at, names->len, sizeof *names->at, named_compare);
}

/* The resources that are declared here have the first lines, whether or not a function mentions them. */
static void put_resources(Writer *self, Nameds *resources)
{
  sort(resources);
  for (size_t i = 0; i < resources->len; i++)
    line_of_resource(self, resources->at[i].resource, resources->at[i].name);
}

static Writer writer_in(Canon *canon, Arena *arena, const Interface *interface, Hasher *hasher)
{
  return (Writer){.canon = canon,
                  .arena = arena,
                  .interface = interface,
                  .hasher = hasher,
                  .text = buf_in(arena),
                  .body = buf_in(arena),
                  .by_body = map_new(arena)};
}

/* By name. */
static Nameds functions_of(Arena *arena, const Interface *interface)
{
  Nameds functions = {.at = arena_array_of(arena, Named, interface->function_count),
                      .len = interface->function_count,
                      .cap = interface->function_count};
  for (uint32_t i = 0; i < interface->function_count; i++)
    functions.at[i] = (Named){.name = interface->functions[i].name, .function = &interface->functions[i]};
  sort(&functions);
  return functions;
}

/* Under this name: an inline interface is called what its world calls it. */
static void put_interface(Writer *self, Str name)
{
  const Interface *interface = self->interface;
  Nameds resources = {0}, functions = functions_of(self->arena, interface);
  buf_z(&self->text, "assay-interface 1\ninterface ");
  buf_str(&self->text, name);
  buf_byte(&self->text, '\n');
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    if (def->resource == def) vec_push(self->arena, &resources, (Named){.name = def->name, .resource = def});
  }
  put_resources(self, &resources);
  for (size_t i = 0; i < functions.len; i++) meet_types(self, functions.at[i].function);
  for (size_t i = 0; i < functions.len; i++)
    put_function(self, functions.at[i].name, functions.at[i].function);
}

static Hash finish(Writer *self)
{
  flush(self, 0);
  return hasher_finish(self->hasher);
}

static Hash hash_under(Canon *canon, Arena *arena, const Interface *interface, Str name)
{
  Writer writer = writer_in(canon, arena, interface, hasher_new(arena));
  put_interface(&writer, name);
  return finish(&writer);
}

/* An interface on the way to its hash, and how many of those that it uses are done. */
typedef struct Frame {
  const Interface *interface;
  Hash *hash;
  uint32_t next;
} Frame;

typedef VEC(Frame) Frames;

/* The hash of an interface and its key in the map. */
typedef struct Hashed {
  const Interface *interface;
  Hash hash;
} Hashed;

static Hash *known_hash(const Canon *self, const Interface *interface)
{
  Hashed *hashed = map_get(self->hashes, (Str){(const char *)&interface, sizeof interface});
  return hashed ? &hashed->hash : NULL;
}

static Hash *push(Canon *self, Frames *stack, const Interface *interface)
{
  Hashed *hashed = arena_new_of(self->arena, Hashed);
  hashed->interface = interface;
  map_put(self->hashes, (Str){(const char *)&hashed->interface, sizeof hashed->interface}, hashed);
  vec_push(self->arena, stack, (Frame){interface, &hashed->hash, 0});
  return &hashed->hash;
}

/* Those that it uses come first, on a stack of our own: their hashes may be in its text. */
Hash canon_interface_hash(Canon *self, const Interface *interface)
{
  Hash *hash = known_hash(self, interface);
  if (hash) return *hash;
  Frames stack = {0};
  Arena *scratch = arena_new();
  hash = push(self, &stack, interface);
  while (stack.len) {
    Frame *top = &vec_last(&stack);
    if (top->next < top->interface->use_count) {
      const Interface *used = top->interface->uses[top->next++];
      if (!known_hash(self, used)) push(self, &stack, used);
      continue;
    }
    ArenaMark mark = arena_mark(scratch);
    *top->hash = hash_under(self, scratch, top->interface, top->interface->id);
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
  Writer writer = writer_in(self, scratch, interface, NULL);
  put_interface(&writer, interface->id);
  Str text = str_copy(self->arena, buf_text(&writer.text));
  arena_free(scratch);
  return text;
}

/* Of an inline interface it is that of the text under the name that it has in this world. */
static Str hash_of_item(Canon *self, Arena *arena, const WorldItem *item)
{
  if (!item->interface->world) return hash_text(arena, canon_interface_hash(self, item->interface));
  canon_interface_hash(self, item->interface);
  return hash_text(arena, hash_under(self, arena, item->interface, item->name));
}

static void put_item(Writer *self, const Named *named)
{
  const WorldItem *item = named->item;
  Buf *out = &self->text;
  buf_z(out, named->is_export ? "export " : "import ");
  if (item->kind == WORLD_FUNCTION) {
    put_function(self, named->name, item->function);
    return;
  }
  if (item->name.len) {
    buf_str(out, item->name);
    buf_z(out, ": ");
  }
  buf_str(out, item->interface->world ? STR("interface") : item->interface->id);
  buf_byte(out, ' ');
  buf_str(out, named->hash);
  buf_byte(out, '\n');
  flush(self, PIECE);
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

static void put_world(Writer *self, const World *world)
{
  Nameds items = {0}, resources = {0};
  collect_items(self->canon, self->arena, world, &items, &resources);
  buf_z(&self->text, "assay-world 1\nworld ");
  buf_str(&self->text, world->id);
  buf_byte(&self->text, '\n');
  put_resources(self, &resources);
  sort(&items);
  for (size_t i = 0; i < items.len; i++)
    if (items.at[i].item->kind == WORLD_FUNCTION) meet_types(self, items.at[i].item->function);
  for (size_t i = 0; i < items.len; i++) put_item(self, &items.at[i]);
}

Str canon_world(Canon *self, const World *world)
{
  Arena *scratch = arena_new();
  Writer writer = writer_in(self, scratch, NULL, NULL);
  put_world(&writer, world);
  Str text = str_copy(self->arena, buf_text(&writer.text));
  arena_free(scratch);
  return text;
}

Hash canon_world_hash(Canon *self, const World *world)
{
  Arena *scratch = arena_new();
  Writer writer = writer_in(self, scratch, NULL, hasher_new(scratch));
  put_world(&writer, world);
  Hash hash = finish(&writer);
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
