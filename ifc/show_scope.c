#include "ifc/show_scope.h"

#include "ifc/lex.h"

/* An unnamed type of more parts than that gets a name of its own: what aliases share would otherwise be
 * written out exponentially often, and deeper than the parser allows. */
enum { INLINE_PARTS_MAX = 24 };

/* What is known of a type: the name it goes by here, or how many parts it has where it is written out. */
typedef struct Known {
  Str name; /* empty: none */
  uint32_t parts;
} Known;

/* Types with the same parts are the same, whatever they are called. */
typedef struct TypeKey {
  uintptr_t kind, count, fields, element, error, named;
} TypeKey;

static TypeKey key_of(const Type *type)
{
  return (TypeKey){type->kind,
                   type->count,
                   (uintptr_t)type->fields,
                   (uintptr_t)type->element,
                   (uintptr_t)type->error,
                   (uintptr_t)type->named};
}

static Str address_key(Arena *arena, const void *address)
{
  const void **key = arena_new_of(arena, const void *);
  *key = address;
  return (Str){(const char *)key, sizeof *key};
}

static void *by_address(const Map *map, const void *address)
{
  return map_get(map, (Str){(const char *)&address, sizeof address});
}

static const Known *known_of(const ShowScope *self, const Type *type)
{
  TypeKey key = key_of(type);
  return map_get(self->known, (Str){(const char *)&key, sizeof key});
}

static const Known *know(ShowScope *self, const Type *type, Known known)
{
  TypeKey *key = arena_new_of(self->arena, TypeKey);
  Known *kept = arena_new_of(self->arena, Known);
  *key = key_of(type);
  *kept = known;
  const Known *first = map_put(self->known, (Str){(const char *)key, sizeof *key}, kept);
  return first ? first : kept;
}

/* The declaration here that a type is written by, or NULL. What is borrowed through a name for the resource
 * is written as "borrow<name>", not as that name. */
static const ShowDeclared *alias_of(const ShowScope *self, const Type *type)
{
  if (!type->alias || (type->kind == TYPE_BORROW && type->alias->resource)) return NULL;
  return by_address(self->names, type->alias);
}

static const Str *resource_name(const ShowScope *self, const TypeDef *resource)
{
  return by_address(self->resources, resource);
}

static bool is_word(TypeKind kind)
{
  return kind <= TYPE_STRING || kind == TYPE_ERROR_CONTEXT;
}

static bool is_handle(TypeKind kind)
{
  return kind == TYPE_OWN || kind == TYPE_BORROW;
}

static bool has_fields(TypeKind kind)
{
  return kind == TYPE_TUPLE || kind == TYPE_RECORD || kind == TYPE_VARIANT;
}

ShowScope show_scope(Arena *arena, const Package *package)
{
  return (ShowScope){.arena = arena,
                     .package = package,
                     .taken = map_new(arena),
                     .names = map_new(arena),
                     .resources = map_new(arena),
                     .known = map_new(arena),
                     .methods = map_new(arena)};
}

bool show_take(ShowScope *self, Str name)
{
  return !map_put(self->taken, name_folded(self->arena, name), self);
}

/* `base`, or with the first number that makes it new. */
static Str fresh_name(ShowScope *self, Str base)
{
  Str name = base;
  for (uint32_t i = 2; !show_take(self, name); i++)
    name = str_format(self->arena, "%.*s-%u", STR_ARG(base), i);
  return name;
}

static void name_resource(ShowScope *self, const TypeDef *resource, Str name)
{
  Str *kept = arena_new_of(self->arena, Str);
  *kept = name;
  map_put(self->resources, address_key(self->arena, resource), kept);
}

/* A resource that is not declared here: `use`d, where there is an interface to `use` it from. */
static void add_foreign(ShowScope *self, const TypeDef *resource, Str name)
{
  name_resource(self, resource, name);
  vec_push(self->arena, &self->foreign, (ShowForeign){resource, name});
}

/* Its own resources first, then `use`d ones by the names that they have here. */
static void name_resources(ShowScope *self)
{
  for (size_t i = 0; i < self->declared.len; i++) {
    const ShowDeclared *declared = &self->declared.at[i];
    if (declared->def->resource == declared->def) name_resource(self, declared->def, declared->name);
  }
  for (size_t i = 0; i < self->declared.len; i++) {
    const TypeDef *resource = self->declared.at[i].def->resource;
    if (resource && !resource_name(self, resource)) add_foreign(self, resource, self->declared.at[i].name);
  }
}

/* Own declarations first, so that an alias does not rename what it stands for. */
static void name_blocks(ShowScope *self)
{
  for (int pass = 0; pass < 2; pass++) {
    for (size_t i = 0; i < self->declared.len; i++) {
      const ShowDeclared *declared = &self->declared.at[i];
      const Type *type = declared->def->type;
      bool is_block = type->named && !is_handle(type->kind);
      if (is_block && (pass == 1 || type->named == declared->def) && !known_of(self, type))
        know(self, type, (Known){.name = declared->name});
    }
  }
}

static uint32_t visit(ShowScope *self, const Type *type);

static uint32_t visit_parts(ShowScope *self, const Type *type)
{
  uint32_t parts = 1;
  if (type->kind == TYPE_MAP) return visit_parts(self, type->element);
  if (type->element) parts += visit(self, type->element);
  if (type->error) parts += visit(self, type->error);
  for (uint32_t i = 0; has_fields(type->kind) && i < type->count; i++)
    if (type->fields[i].type) parts += visit(self, type->fields[i].type);
  return parts;
}

/* Names what needs a name, parts first; as deep as types are nested. The parts it takes to write the type. */
static uint32_t visit(ShowScope *self, const Type *type)
{
  if (is_word(type->kind) || alias_of(self, type)) return 1;
  if (is_handle(type->kind)) {
    const TypeDef *resource = type->named;
    if (!resource_name(self, resource)) add_foreign(self, resource, fresh_name(self, resource->name));
    return 2;
  }
  const Known *known = known_of(self, type);
  if (known) return known->name.len ? 1 : known->parts;
  uint32_t parts = visit_parts(self, type);
  if (!type->named && parts <= INLINE_PARTS_MAX) return know(self, type, (Known){.parts = parts})->parts;
  Str base = type->named ? type->named->name : str_format(self->arena, "type-%u", ++self->unnamed);
  Str name = fresh_name(self, base);
  know(self, type, (Known){.name = name});
  vec_push(self->arena, &self->extras, (ShowExtra){name, type});
  return 1;
}

/* "r" of "[method]r.read" and "[constructor]r"; empty for a free function. */
static Str owner_of(Str name)
{
  size_t bracket = str_find(name, STR("]"));
  if (bracket == SIZE_MAX) return STR("");
  Str rest = str_slice(name, bracket + 1, name.len);
  return str_slice(rest, 0, str_find(rest, STR(".")));
}

static void add_method(ShowScope *self, const ShowFunction *function)
{
  Str owner = owner_of(function->name);
  if (!owner.len) return;
  ShowFunctions *methods = map_get(self->methods, owner);
  if (!methods) {
    methods = arena_new_of(self->arena, ShowFunctions);
    map_put(self->methods, owner, methods);
  }
  vec_push(self->arena, methods, *function);
}

void show_scope_name(ShowScope *self)
{
  for (size_t i = 0; i < self->declared.len; i++) {
    const ShowDeclared *declared = &self->declared.at[i];
    show_take(self, declared->name);
    map_put(self->names, address_key(self->arena, declared->def), (void *)declared);
  }
  name_resources(self);
  name_blocks(self);
  for (size_t i = 0; i < self->declared.len; i++) {
    const ShowDeclared *declared = &self->declared.at[i];
    const Type *type = declared->def->type;
    bool here = declared->def->alias && by_address(self->names, declared->def->alias);
    if (!here && !is_word(type->kind) && !is_handle(type->kind)) visit_parts(self, type);
    if (!here && is_handle(type->kind)) visit(self, type);
  }
  for (size_t i = 0; i < self->functions.len; i++) {
    const Function *function = self->functions.at[i].function;
    for (uint32_t k = 0; k < function->param_count; k++) visit(self, function->params[k].type);
    if (function->result) visit(self, function->result);
    add_method(self, &self->functions.at[i]);
  }
}

static void put_type(const ShowScope *self, const Type *type, Buf *out);

/* "<a, b>"; nothing for what has no parts. */
static void put_parts(const ShowScope *self, const Type *type, Buf *out)
{
  bool tuple = type->kind == TYPE_TUPLE;
  if (type->kind == TYPE_MAP) {
    put_parts(self, type->element, out);
    return;
  }
  if (!type->element && !type->error && !tuple) return;
  buf_byte(out, '<');
  if (type->element) put_type(self, type->element, out);
  if (type->kind == TYPE_RESULT && !type->element) buf_byte(out, '_');
  if (type->error) {
    buf_z(out, ", ");
    put_type(self, type->error, out);
  }
  for (uint32_t i = 0; tuple && i < type->count; i++) {
    if (i > 0) buf_z(out, ", ");
    put_type(self, type->fields[i].type, out);
  }
  if (type->kind == TYPE_FIXED_LIST) buf_printf(out, ", %u", type->count);
  buf_byte(out, '>');
}

/* What an alias stands for: the name of a type that has one, or else the type written out. */
static void put_meaning(const ShowScope *self, const Type *type, Buf *out)
{
  if (is_handle(type->kind)) {
    buf_str(out, type_kind_name(type->kind));
    buf_byte(out, '<');
    name_print(*resource_name(self, type->named), out);
    buf_byte(out, '>');
  } else {
    buf_str(out, type_kind_name(type->kind));
    if (!is_word(type->kind)) put_parts(self, type, out);
  }
}

/* The type where it is used. */
static void put_type(const ShowScope *self, const Type *type, Buf *out)
{
  const ShowDeclared *alias = alias_of(self, type);
  const Known *known = alias ? NULL : known_of(self, type);
  if (alias)
    name_print(alias->name, out);
  else if (type->kind == TYPE_OWN)
    name_print(*resource_name(self, type->named), out);
  else if (known && known->name.len)
    name_print(known->name, out);
  else
    put_meaning(self, type, out);
}

/* A record, variant, enum or flags under `name`. */
static void put_block(const ShowScope *self, const Type *type, Str name, size_t indent, Buf *out)
{
  char *keyword = str_to_z(self->arena, type_kind_name(type->kind));
  show_opening(keyword, name, indent, out);
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    show_docs(field->docs, indent + 2, out);
    buf_repeat(out, ' ', indent + 2);
    name_print(field->name, out);
    if (field->type) {
      buf_z(out, type->kind == TYPE_RECORD ? ": " : "(");
      put_type(self, field->type, out);
      if (type->kind == TYPE_VARIANT) buf_byte(out, ')');
    }
    buf_z(out, ",\n");
  }
  buf_repeat(out, ' ', indent);
  buf_z(out, "}\n");
}

/* What stands between a function's name and its end. */
static void put_signature(const ShowScope *self, const Function *function, Buf *out)
{
  uint32_t first = function->kind == FUNCTION_METHOD;
  bool implied =
      function->kind == FUNCTION_CONSTRUCTOR && function->result && function->result->kind == TYPE_OWN;
  buf_byte(out, '(');
  for (uint32_t i = first; i < function->param_count; i++) {
    if (i > first) buf_z(out, ", ");
    name_print(function->params[i].name, out);
    buf_z(out, ": ");
    put_type(self, function->params[i].type, out);
  }
  buf_byte(out, ')');
  if (function->result && !implied) {
    buf_z(out, " -> ");
    put_type(self, function->result, out);
  }
  buf_z(out, ";\n");
}

void show_scope_function(ShowScope *self, const ShowFunction *shown, const char *lead, ShowGroup group,
                         ShowGroup *last, size_t indent, Buf *out)
{
  const Function *function = shown->function;
  show_gap(last, group, function->docs, out);
  show_docs(function->docs, indent, out);
  buf_repeat(out, ' ', indent);
  buf_z(out, lead);
  Str name = function->kind == FUNCTION_FREE ? shown->name : function->plain;
  show_function_head(name, function->kind, function->is_async, 0, out);
  put_signature(self, function, out);
}

static void put_resource(ShowScope *self, Str name, size_t indent, Buf *out)
{
  const ShowFunctions *methods = map_get(self->methods, name);
  ShowGroup last = SHOW_FIRST;
  if (!methods) {
    buf_repeat(out, ' ', indent);
    buf_z(out, "resource ");
    name_print(name, out);
    buf_z(out, ";\n");
    return;
  }
  show_opening("resource", name, indent, out);
  for (size_t i = 0; i < methods->len; i++)
    show_scope_function(self, &methods->at[i], "", SHOW_FUNCTIONS, &last, indent + 2, out);
  buf_repeat(out, ' ', indent);
  buf_z(out, "}\n");
}

/* "type name = " and what follows. */
static void put_alias(const ShowScope *self, Str name, Str target, const Type *type, size_t indent, Buf *out)
{
  buf_repeat(out, ' ', indent);
  buf_z(out, "type ");
  name_print(name, out);
  buf_z(out, " = ");
  if (target.len)
    name_print(target, out);
  else
    put_meaning(self, type, out);
  buf_z(out, ";\n");
}

static bool is_block(const Type *type)
{
  return type->named && !is_handle(type->kind);
}

static void put_extra(ShowScope *self, const ShowExtra *extra, ShowGroup *last, size_t indent, Buf *out)
{
  bool block = is_block(extra->type);
  Str docs = block ? extra->type->named->docs : STR("");
  show_gap(last, block ? SHOW_BLOCK : SHOW_ALIASES, docs, out);
  show_docs(docs, indent, out);
  if (block)
    put_block(self, extra->type, extra->name, indent, out);
  else
    put_alias(self, extra->name, STR(""), extra->type, indent, out);
}

/* A `use`d name has the docs of what it was declared as. */
static Str docs_of(const TypeDef *def)
{
  while (def->is_use && !def->docs.len && def->alias) def = def->alias;
  return def->docs;
}

/* The name here that a declaration is another name for; empty: none. */
static Str target_of(const ShowScope *self, const ShowDeclared *declared)
{
  const TypeDef *def = declared->def;
  const ShowDeclared *alias = def->alias ? by_address(self->names, def->alias) : NULL;
  if (alias) return alias->name;
  if (def->resource) return *resource_name(self, def->resource);
  const Known *known = is_block(def->type) ? known_of(self, def->type) : NULL;
  return known && !str_equal(known->name, declared->name) ? known->name : STR("");
}

static void put_declared(ShowScope *self, const ShowDeclared *declared, ShowGroup *last, size_t indent,
                         Buf *out)
{
  const TypeDef *def = declared->def;
  bool resource = def->resource == def;
  /* `use`d under that name, above */
  if (def->resource && !resource && str_equal(*resource_name(self, def->resource), declared->name)) return;
  Str target = resource ? STR("") : target_of(self, declared), docs = docs_of(def);
  bool block = resource || (is_block(def->type) && !target.len);
  show_gap(last, block ? SHOW_BLOCK : SHOW_ALIASES, docs, out);
  show_docs(docs, indent, out);
  if (resource)
    put_resource(self, declared->name, indent, out);
  else if (block)
    put_block(self, def->type, declared->name, indent, out);
  else
    put_alias(self, declared->name, target, def->type, indent, out);
}

void show_scope_types(ShowScope *self, ShowGroup *last, size_t indent, Buf *out)
{
  for (size_t i = 0; i < self->extras.len; i++) put_extra(self, &self->extras.at[i], last, indent, out);
  for (size_t i = 0; i < self->declared.len; i++)
    put_declared(self, &self->declared.at[i], last, indent, out);
}

void show_path(const Package *from, const Interface *to, Buf *out)
{
  if (to->package != from) {
    name_print(to->package->namespace, out);
    buf_byte(out, ':');
    name_print(to->package->name, out);
    buf_byte(out, '/');
  }
  name_print(to->name, out);
  if (to->package != from && to->package->version.len)
    buf_printf(out, "@%.*s", STR_ARG(to->package->version));
}

typedef VEC(const ShowForeign *) Foreigns;

static void put_use(const ShowScope *self, const Foreigns *names, size_t indent, Buf *out)
{
  buf_repeat(out, ' ', indent);
  buf_z(out, "use ");
  show_path(self->package, names->at[0]->resource->owner, out);
  for (size_t i = 0; i < names->len; i++) {
    const ShowForeign *foreign = names->at[i];
    buf_z(out, i ? ", " : ".{");
    name_print(foreign->resource->name, out);
    if (str_equal(foreign->resource->name, foreign->name)) continue;
    buf_z(out, " as ");
    name_print(foreign->name, out);
  }
  buf_z(out, "};\n");
}

void show_scope_uses(const ShowScope *self, ShowGroup *last, size_t indent, Buf *out)
{
  Map *by_interface = map_new(self->arena);
  for (size_t i = 0; i < self->foreign.len; i++) {
    const Interface *owner = self->foreign.at[i].resource->owner;
    if (!owner) continue;
    Foreigns *names = by_address(by_interface, owner);
    if (!names) {
      names = arena_new_of(self->arena, Foreigns);
      map_put(by_interface, address_key(self->arena, owner), names);
    }
    vec_push(self->arena, names, &self->foreign.at[i]);
  }
  for (size_t i = 0; i < map_count(by_interface); i++) {
    show_gap(last, SHOW_USES, STR(""), out);
    put_use(self, map_entry(by_interface, i)->value, indent, out);
  }
}
