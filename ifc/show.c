/* One interface, self-contained, from its resolved form. */
#include "ifc/show.h"

#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"
#include "ifc/show_text.h"

/* An unnamed type of more parts than that gets a name of its own: what aliases share would otherwise be
 * written out exponentially often, and deeper than the parser allows. */
enum { INLINE_PARTS_MAX = 24 };

/* What is known of a type: the name it goes by here, or how many parts it has where it is written out. */
typedef struct Known {
  Str name; /* empty: none */
  uint32_t parts;
} Known;

typedef struct Extra {
  Str name;
  const Type *type;
} Extra;

typedef struct Shower {
  Arena *arena;
  const Interface *interface;
  Map *known;        /* by the type's address */
  Map *taken;        /* names in lower case */
  VEC(Extra) extras; /* types of other interfaces, parts before wholes */
  uint32_t unnamed;
  Buf out;
} Shower;

static Known *known_of(const Shower *self, const Type *type)
{
  return map_get(self->known, (Str){(const char *)&type, sizeof type});
}

static Known *know(Shower *self, const Type *type, Known known)
{
  const Type **key = arena_new_of(self->arena, const Type *);
  Known *kept = arena_new_of(self->arena, Known);
  *key = type;
  *kept = known;
  map_put(self->known, (Str){(const char *)key, sizeof *key}, kept);
  return kept;
}

static bool take(Shower *self, Str name)
{
  return !map_put(self->taken, name_folded(self->arena, name), self);
}

/* `base`, or with the first number that makes it new. */
static Str fresh_name(Shower *self, Str base)
{
  Str name = base;
  for (uint32_t i = 2; !take(self, name); i++) name = str_format(self->arena, "%.*s-%u", STR_ARG(base), i);
  return name;
}

/* Own declarations first, so that an alias does not rename what it stands for. */
static void name_own(Shower *self)
{
  const Interface *interface = self->interface;
  for (uint32_t i = 0; i < interface->function_count; i++) take(self, interface->functions[i].name);
  for (int pass = 0; pass < 2; pass++) {
    for (uint32_t i = 0; i < interface->typedef_count; i++) {
      const TypeDef *def = &interface->typedefs[i];
      if (pass == 0) take(self, def->name);
      if (def->type->kind <= TYPE_STRING || known_of(self, def->type)) continue;
      if (pass == 1 || def->type->named == def) know(self, def->type, (Known){.name = def->name});
    }
  }
}

static uint32_t visit(Shower *self, const Type *type);

static uint32_t visit_parts(Shower *self, const Type *type)
{
  uint32_t parts = 1;
  if (type->element) parts += visit(self, type->element);
  if (type->error) parts += visit(self, type->error);
  for (uint32_t i = 0; i < type->count; i++)
    if (type->fields[i].type) parts += visit(self, type->fields[i].type);
  return parts;
}

/* Names what needs a name, parts first; as deep as types are nested. The parts it takes to write the type. */
static uint32_t visit(Shower *self, const Type *type)
{
  if (type->kind <= TYPE_STRING) return 1;
  const Known *known = known_of(self, type);
  if (known) return known->name.len ? 1 : known->parts;
  uint32_t parts = visit_parts(self, type);
  if (!type->named && parts <= INLINE_PARTS_MAX) return know(self, type, (Known){.parts = parts})->parts;
  Str base = type->named ? type->named->name : str_format(self->arena, "type-%u", ++self->unnamed);
  Str name = fresh_name(self, base);
  know(self, type, (Known){.name = name});
  vec_push(self->arena, &self->extras, (Extra){name, type});
  return 1;
}

static void put_type(Shower *self, const Type *type, bool by_name);

/* "<a, b>"; nothing for a result without payloads. */
static void put_parts(Shower *self, const Type *type)
{
  if (type->kind == TYPE_RESULT && !type->element && !type->error) return;
  buf_byte(&self->out, '<');
  if (type->element) put_type(self, type->element, true);
  if (type->kind == TYPE_RESULT && !type->element) buf_byte(&self->out, '_');
  if (type->error) {
    buf_z(&self->out, ", ");
    put_type(self, type->error, true);
  }
  for (uint32_t i = 0; i < type->count; i++) {
    if (i > 0) buf_z(&self->out, ", ");
    put_type(self, type->fields[i].type, true);
  }
  buf_byte(&self->out, '>');
}

/* The type where it is used, or, not `by_name`, what its name stands for. */
static void put_type(Shower *self, const Type *type, bool by_name)
{
  const Known *known = known_of(self, type);
  if (by_name && known && known->name.len) {
    name_print(known->name, &self->out);
  } else {
    buf_str(&self->out, type_kind_name(type->kind));
    if (type->kind > TYPE_STRING) put_parts(self, type);
  }
}

/* A record, variant, enum or flags under `name`. */
static void put_block(Shower *self, const Type *type, Str name)
{
  char *keyword = str_to_z(self->arena, type_kind_name(type->kind));
  show_opening(keyword, name, 2, &self->out);
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    show_docs(field->docs, 4, &self->out);
    buf_z(&self->out, "    ");
    name_print(field->name, &self->out);
    if (field->type) {
      buf_z(&self->out, type->kind == TYPE_RECORD ? ": " : "(");
      put_type(self, field->type, true);
      if (type->kind == TYPE_VARIANT) buf_byte(&self->out, ')');
    }
    buf_z(&self->out, ",\n");
  }
  buf_z(&self->out, "  }\n");
}

static void put_declaration(Shower *self, ShowGroup *last, Str name, const Type *type, Str docs)
{
  const Known *known = known_of(self, type);
  bool own_name = known && str_equal(known->name, name);
  bool block = own_name && type->named;
  show_gap(last, block ? SHOW_BLOCK : SHOW_ALIASES, docs, &self->out);
  show_docs(docs, 2, &self->out);
  if (block) {
    put_block(self, type, name);
    return;
  }
  buf_z(&self->out, "  type ");
  name_print(name, &self->out);
  buf_z(&self->out, " = ");
  put_type(self, type, !own_name);
  buf_z(&self->out, ";\n");
}

static void put_function(Shower *self, const Function *function)
{
  show_docs(function->docs, 2, &self->out);
  buf_z(&self->out, "  ");
  name_print(function->name, &self->out);
  buf_z(&self->out, function->is_async ? ": async func(" : ": func(");
  for (uint32_t i = 0; i < function->param_count; i++) {
    if (i > 0) buf_z(&self->out, ", ");
    name_print(function->params[i].name, &self->out);
    buf_z(&self->out, ": ");
    put_type(self, function->params[i].type, true);
  }
  buf_byte(&self->out, ')');
  if (function->result) {
    buf_z(&self->out, " -> ");
    put_type(self, function->result, true);
  }
  buf_z(&self->out, ";\n");
}

/* A `use`d name has the docs of what it was declared as. */
static Str docs_of(const TypeDef *def)
{
  while (def->is_use && !def->docs.len && def->alias) def = def->alias;
  return def->docs;
}

static void put_interface(Shower *self)
{
  const Interface *interface = self->interface;
  ShowGroup last = SHOW_FIRST;
  show_docs(interface->docs, 0, &self->out);
  show_opening("interface", interface->name, 0, &self->out);
  for (size_t i = 0; i < self->extras.len; i++) {
    const Extra *extra = &self->extras.at[i];
    put_declaration(self, &last, extra->name, extra->type,
                    extra->type->named ? extra->type->named->docs : STR(""));
  }
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    put_declaration(self, &last, def->name, def->type, docs_of(def));
  }
  for (uint32_t i = 0; i < interface->function_count; i++) {
    show_gap(&last, SHOW_FUNCTIONS, interface->functions[i].docs, &self->out);
    put_function(self, &interface->functions[i]);
  }
  buf_z(&self->out, "}\n");
}

Str interface_show(Arena *arena, const Interface *self)
{
  Shower shower = {.arena = arena,
                   .interface = self,
                   .known = map_new(arena),
                   .taken = map_new(arena),
                   .out = buf_in(arena)};
  name_own(&shower);
  for (uint32_t i = 0; i < self->typedef_count; i++) {
    const TypeDef *def = &self->typedefs[i];
    const Known *known = known_of(&shower, def->type);
    if (known && str_equal(known->name, def->name)) visit_parts(&shower, def->type);
  }
  for (uint32_t i = 0; i < self->function_count; i++) {
    const Function *function = &self->functions[i];
    for (uint32_t k = 0; k < function->param_count; k++) visit(&shower, function->params[k].type);
    if (function->result) visit(&shower, function->result);
  }
  show_header(self->package, &shower.out);
  buf_byte(&shower.out, '\n');
  put_interface(&shower);
  return buf_text(&shower.out);
}
