#include "ifc/bind_c.h"
#include "ifc/callable.h"
#include "ifc/value.h"

/* A map's key made of three pointers' bytes. */
static Str pointer_key(Arena *arena, const void *first, const void *second, const void *third)
{
  const void **key = arena_alloc(arena, 3 * sizeof *key);
  key[0] = first;
  key[1] = second;
  key[2] = third;
  return (Str){(const char *)key, 3 * sizeof *key};
}

static Str snake(const CBinding *self, Str kebab, bool upper)
{
  /* Parts of longer names are never reserved words. */
  Str name = upper ? name_to_c_upper(self->arena, kebab) : name_to_c(self->arena, kebab);
  return str_slice(name, 0, kebab.len);
}

/* "0_2_0_", or nothing: packages of other versions of the same package make names tell their version. */
static Str version_part(const CBinding *self, const Package *package)
{
  Buf out = buf_in(self->arena);
  if (!package->version.len || !package_has_other_versions(package)) return (Str){0};
  for (size_t i = 0; i < package->version.len; i++) {
    char byte = package->version.at[i];
    if (byte == '.' || byte == '-' || byte == '+') byte = '_';
    buf_byte(&out, byte);
  }
  buf_byte(&out, '_');
  return buf_text(&out);
}

/* --- scopes */

static Str interface_namespace(const CBinding *self, const Interface *interface, bool is_export)
{
  const Package *package = interface->package;
  const char *exports = is_export ? "exports_" : "";
  Str namespace = snake(self, package->namespace, false), name = snake(self, package->name, false);
  return str_format(self->arena, "%s%.*s_%.*s_%.*s%.*s", exports, STR_ARG(namespace), STR_ARG(name),
                    STR_ARG(version_part(self, package)), STR_ARG(snake(self, interface->name, false)));
}

/* What is known by a name of the world's own is called by that alone; where an import has it, as an export.
 */
static Str own_namespace(CBinding *self, CScope *scope, Str name)
{
  Str namespace = snake(self, name, false);
  CScope *taken = scope->is_export ? map_get(self->named, name) : map_put(self->named, name, scope);
  return taken ? str_format(self->arena, "exports_%.*s", STR_ARG(namespace)) : namespace;
}

static bool has_resources(const Interface *self)
{
  for (uint32_t i = 0; i < self->typedef_count; i++)
    if (self->typedefs[i].resource == &self->typedefs[i]) return true;
  return false;
}

/* `name`: what the world knows it by, where that is not its id. An interface that it knows by several names
 * has its types once; of resources, each name has its own. */
static const CScope *add_scope(CBinding *self, const Interface *interface, Str name, bool is_export)
{
  Str key = pointer_key(self->arena, interface, NULL, NULL), version = interface->package->version;
  CScope *scope = arena_new_of(self->arena, CScope);
  *scope = (CScope){.interface = interface, .is_export = is_export, .module = name};
  if (!name.len) {
    scope->module = str_format(self->arena, "%.*s%s%.*s", STR_ARG(interface->id), version.len ? "@" : "",
                               STR_ARG(version));
    scope->namespace = interface_namespace(self, interface, is_export);
  } else {
    scope->namespace = own_namespace(self, scope, name);
  }
  CScope *first = map_put(is_export ? self->exports : self->imports, key, scope);
  if (first && !has_resources(interface)) scope->first = first;
  vec_push(self->arena, &self->scopes, scope);
  return scope;
}

/* Where a declaration is, seen from `from`: exports refer to what is exported, where it is, and all else to
 * what is imported. */
static const CScope *scope_of(CBinding *self, const CScope *from, const TypeDef *def)
{
  if (!def->owner) return self->root;
  if (def->owner == from->interface) return from;
  Str key = pointer_key(self->arena, def->owner, NULL, NULL);
  const CScope *found = from->is_export ? map_get(self->exports, key) : NULL;
  if (!found) found = map_get(self->imports, key);
  return found ? found : add_scope(self, def->owner, STR(""), false);
}

/* "method_blob_read" of "[method]blob.read". */
static Str function_word(const CBinding *self, const Function *function)
{
  Buf word = buf_in(self->arena);
  Str name = snake(self, function->name, false);
  for (size_t i = 0; i < name.len; i++) {
    char byte = name.at[i];
    if (byte == ']') byte = '_';
    if (byte != '[') buf_byte(&word, byte);
  }
  return buf_text(&word);
}

static Str function_name(const CBinding *self, const CScope *scope, const Function *function, bool is_import)
{
  const char *exports = scope->interface || is_import ? "" : "exports_";
  return str_format(self->arena, "%s%.*s_%.*s", exports, STR_ARG(scope->namespace),
                    STR_ARG(function_word(self, function)));
}

Str c_type_stem(const CType *self)
{
  return str_ends_with(self->name, STR("_t")) ? str_slice(self->name, 0, self->name.len - 2) : self->name;
}

Str c_core_type(CoreType type)
{
  switch (type) {
  case CORE_I32: return STR("int32_t");
  case CORE_I64: return STR("int64_t");
  case CORE_F32: return STR("float");
  case CORE_F64: return STR("double");
  }
  return STR("");
}

Str c_unsigned(uint32_t bytes)
{
  return bytes == 1 ? STR("uint8_t") : bytes == 2 ? STR("uint16_t") : STR("uint32_t");
}

bool c_is_compound(const Type *type)
{
  switch (value_shape(type)) {
  case VALUE_STRING:
  case VALUE_LIST:
  case VALUE_MAP:
  case VALUE_FIELDS:
  case VALUE_CASE: return true;
  case VALUE_NUMBER:
  case VALUE_ENUM:
  case VALUE_FLAGS:
  case VALUE_HANDLE: return false;
  }
  return false;
}

bool c_is_nullable(const Type *type)
{
  return type->kind == TYPE_OPTION && !(type->alias && type->alias->alias);
}

const CType *c_structure(const CType *self)
{
  while (self->target) self = self->target;
  return self;
}

Str c_type_left_out(const CBinding *self, const TypeDef *def)
{
  return type_pass_obstacle(self->arena, def->type);
}

/* A primitive's (and string's) name in C, and within the names of others. */
static void primitive_names(const CBinding *self, const Type *type, Str *name, Str *word)
{
  unsigned bits = (unsigned)type_primitive_size(type) * 8;
  *word = type->kind == TYPE_CHAR ? STR("char32") : type_kind_name(type->kind);
  if (type->kind == TYPE_BOOL)
    *name = STR("bool");
  else if (type->kind == TYPE_F32)
    *name = STR("float");
  else if (type->kind == TYPE_F64)
    *name = STR("double");
  else if (type->kind == TYPE_STRING)
    *name = str_format(self->arena, "%.*s_string_t", STR_ARG(self->world));
  else
    *name = str_format(self->arena, "%sint%u_t", type_is_signed(type) ? "" : "u", bits);
}

static void word_part(CBinding *self, const CType *outer, const Type *part, Buf *word)
{
  buf_byte(word, '_');
  buf_str(word, part ? c_type(self, outer->scope, part)->word : STR("void"));
}

/* "list_u8", "tuple2_u8_string", "result_void_error", "map_string_u32"; and "list4_u8" of fixed length, which
 * wit-bindgen has no C for. */
static Str anonymous_word(CBinding *self, const CType *outer)
{
  const Type *type = outer->type, *pair = type->kind == TYPE_MAP ? type->element : NULL;
  Buf word = buf_in(self->arena);
  buf_str(&word, type_kind_name(type->kind));
  if (type->kind == TYPE_TUPLE || type->kind == TYPE_FIXED_LIST) buf_printf(&word, "%u", type->count);
  if (pair) {
    word_part(self, outer, pair->fields[0].type, &word);
    word_part(self, outer, pair->fields[1].type, &word);
  } else if (type->kind == TYPE_TUPLE) {
    for (uint32_t i = 0; i < type->count; i++) word_part(self, outer, type->fields[i].type, &word);
  } else {
    word_part(self, outer, type->element, &word);
    if (type->kind == TYPE_RESULT) word_part(self, outer, type->error, &word);
  }
  return buf_text(&word);
}

static void add_part(CBinding *self, CType *outer, const Type *part)
{
  if (!part) return;
  const CType *inner = c_type(self, outer->scope, part);
  outer->is_plain &= inner->is_plain;
  outer->was_plain &= inner->was_plain;
  outer->has_free |= inner->has_free;
  outer->holds_memory |= inner->holds_memory;
}

static bool is_plain_kind(const Type *type)
{
  bool is_option = type->kind == TYPE_OPTION, is_tuple = type->kind == TYPE_TUPLE;
  ValueShape shape = value_shape(type);
  return is_option || is_tuple || shape == VALUE_LIST || shape == VALUE_MAP || shape == VALUE_STRING ||
         shape == VALUE_NUMBER;
}

/* What a type is made of, made known first, and what follows from that. */
static void add_parts(CBinding *self, CType *outer)
{
  const Type *type = outer->type;
  outer->is_plain = outer->was_plain = is_plain_kind(type);
  outer->holds_memory = type->kind == TYPE_STRING || type->kind == TYPE_LIST || type->kind == TYPE_MAP;
  outer->has_free = outer->holds_memory || value_shape(type) == VALUE_CASE;
  /* A map's pair is no type of its own: its parts are the map's. */
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++) add_part(self, outer, parts->fields[i].type);
  if (type->kind == TYPE_MAP) return;
  add_part(self, outer, type->element);
  add_part(self, outer, type->error);
}

/* The type with `made`'s name: an equal one that was made before, or `made` itself, with as many underscores
 * as tell it from what has its name by chance. */
static CType *enter(CBinding *self, CType *made)
{
  for (;;) {
    CType *taken = map_put(self->names, made->name, made);
    if (!taken) break;
    bool is_same = taken->target == made->target && type_equal(taken->type, made->type) && !made->target;
    if (is_same) return taken;
    made->name = str_format(self->arena, "%.*s__t", STR_ARG(c_type_stem(made)));
  }
  vec_push(self->arena, &self->order, made);
  if (made->type->kind == TYPE_MAP && !made->target) {
    made->entry = str_format(self->arena, "%.*s_entry_t", STR_ARG(c_type_stem(made)));
    while (map_put(self->names, made->entry, made))
      made->entry = str_format(self->arena, "%.*s_t", STR_ARG(made->entry));
  }
  return made;
}

static Str type_name(const CBinding *self, Str namespace, const CType *made)
{
  return str_format(self->arena, "%.*s_%.*s_t", STR_ARG(namespace), STR_ARG(made->word));
}

static const CType *primitive_type(CBinding *self, const Type *type)
{
  const Type *shared = type_of_kind(type->kind);
  Str key = pointer_key(self->arena, shared, NULL, NULL);
  CType *known = map_get(self->known, key);
  if (known) return known;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = shared, .scope = self->root};
  add_parts(self, made);
  primitive_names(self, shared, &made->name, &made->word);
  self->has_string |= type->kind == TYPE_STRING;
  (void)map_put(self->known, key, made);
  return made;
}

static bool is_primitive(const Type *type)
{
  return type_is_primitive(type) || type->kind == TYPE_STRING;
}

/* "own_blob" or "borrow_blob": of a resource, or of another name for one. */
static CType *make_handle(CBinding *self, const CScope *scope, const TypeDef *def, const Type *type,
                          const CType *target)
{
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = type, .scope = scope, .target = target};
  made->word = str_format(self->arena, "%.*s_%.*s", STR_ARG(type_kind_name(type->kind)),
                          STR_ARG(snake(self, def->name, false)));
  made->name = type_name(self, scope->namespace, made);
  return enter(self, made);
}

/* Both handles of a resource are defined together, for the functions that bindings have for it. */
static const CType *handle_type(CBinding *self, const CScope *from, const TypeDef *def, TypeKind kind)
{
  static const char own_key, borrow_key;
  const CScope *scope = scope_of(self, from, def);
  Str keys[] = {pointer_key(self->arena, def, scope, &own_key),
                pointer_key(self->arena, def, scope, &borrow_key)};
  int wanted = kind == TYPE_OWN ? 0 : 1;
  const CType *known = map_get(self->known, keys[wanted]);
  if (known) return known;
  for (int i = 0; i < 2; i++) {
    Type *type = arena_new_of(self->arena, Type);
    *type = (Type){.kind = i ? TYPE_BORROW : TYPE_OWN, .named = def->resource};
    const CType *target = def->resource == def ? NULL : handle_type(self, scope, def->resource, type->kind);
    CType *made = make_handle(self, scope, def, type, target);
    (void)map_put(self->known, keys[i], made);
    if (i == wanted) known = made;
  }
  return known;
}

static const CType *declared_type(CBinding *self, const CScope *from, const TypeDef *def);

static const CType *type_of_handle(CBinding *self, const CScope *from, const Type *type)
{
  const TypeDef *alias = type->alias;
  if (alias && !alias->resource) return declared_type(self, from, alias);
  return handle_type(self, from, alias ? alias : type->named, type->kind);
}

/* What a declaration is another name for; NULL: it is made of parts of its own. */
static const CType *declared_target(CBinding *self, const CScope *scope, const TypeDef *def)
{
  const Type *type = def->type;
  if (scope->first) return declared_type(self, scope->first, def);
  if (def->alias) return declared_type(self, scope, def->alias);
  if (is_primitive(type)) return primitive_type(self, type);
  return type_is_handle(type) ? handle_type(self, scope, type->named, type->kind) : NULL;
}

/* What a second name has of the type that it stands for. */
static void take_parts(CType *self)
{
  self->is_plain = self->target->is_plain;
  self->was_plain = self->target->was_plain;
  self->has_free = self->target->has_free;
  self->holds_memory = self->target->holds_memory;
}

/* The C type of a declaration: a structure, or a second name. */
static const CType *declared_type(CBinding *self, const CScope *from, const TypeDef *def)
{
  if (def->resource) return handle_type(self, from, def, TYPE_OWN);
  const CScope *scope = scope_of(self, from, def);
  Str key = pointer_key(self->arena, def, scope, NULL);
  CType *known = map_get(self->known, key);
  if (known) return known;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = def->type, .scope = scope, .docs = def->docs};
  made->target = declared_target(self, scope, def);
  made->target ? take_parts(made) : add_parts(self, made);
  made->is_plain = false;
  made->word = snake(self, def->name, false);
  made->name = type_name(self, scope->namespace, made);
  made = enter(self, made);
  (void)map_put(self->known, key, made);
  return made;
}

static const CType *anonymous_type(CBinding *self, const CScope *scope, const Type *type)
{
  Str key = pointer_key(self->arena, type, scope, NULL);
  CType *known = map_get(self->known, key);
  if (known) return known;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = type, .scope = scope};
  const CType *first = scope->first ? anonymous_type(self, scope->first, type) : NULL;
  if (first && first->is_plain) return first;
  made->target = first;
  first ? take_parts(made) : add_parts(self, made);
  made->word = anonymous_word(self, made);
  made->name = type_name(self, made->is_plain ? self->world : scope->namespace, made);
  if (made->was_plain && !made->is_plain) made->older = type_name(self, self->world, made);
  made = enter(self, made);
  (void)map_put(self->known, key, made);
  return made;
}

/* The name that a type was written by; NULL where it was spelled out. */
static const TypeDef *name_of(const Type *type)
{
  return type->alias ? type->alias : type->named;
}

const CType *c_type(CBinding *self, const CScope *scope, const Type *type)
{
  const TypeDef *def = name_of(type);
  if (type_is_handle(type)) return type_of_handle(self, scope, type);
  if (def) return declared_type(self, scope, def);
  return is_primitive(type) ? primitive_type(self, type) : anonymous_type(self, scope, type);
}

const CType *c_part(CBinding *self, const CType *made, const Type *part)
{
  return c_type(self, c_structure(made)->scope, part);
}

/* Names that tell less are given to the first type that they fit. */
static void settle_older_names(CBinding *self)
{
  for (size_t i = 0; i < self->order.len; i++) {
    CType *type = self->order.at[i];
    if (type->older.len && map_put(self->names, type->older, type)) type->older = (Str){0};
  }
}

static void add_function(CBinding *self, const CScope *scope, const Function *function, bool is_import)
{
  CFunction made = {.function = function, .scope = scope, .is_import = is_import};
  made.name = function_name(self, scope, function, is_import);
  made.left_out = function_obstacle(self->arena, function);
  vec_push(self->arena, &self->functions, made);
  if (made.left_out.len) return;
  for (uint32_t i = 0; i < function->param_count; i++) (void)c_type(self, scope, function->params[i].type);
  if (function->result) (void)c_type(self, scope, function->result);
}

static void add_typedef(CBinding *self, const CScope *scope, const TypeDef *def)
{
  if (!c_type_left_out(self, def).len) (void)declared_type(self, scope, def);
}

static void add_interface(CBinding *self, const CScope *scope)
{
  const Interface *interface = scope->interface;
  for (uint32_t i = 0; i < interface->typedef_count; i++) add_typedef(self, scope, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++)
    add_function(self, scope, &interface->functions[i], !scope->is_export);
}

static void add_scopes(CBinding *self, const WorldItem *items, uint32_t count, bool is_export)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_INTERFACE) (void)add_scope(self, items[i].interface, items[i].name, is_export);
}

static void add_items(CBinding *self, const WorldItem *items, uint32_t count, bool is_import)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_FUNCTION)
      add_function(self, self->root, items[i].function, is_import);
    else if (items[i].kind == WORLD_TYPE)
      add_typedef(self, self->root, items[i].type);
}

CBinding c_binding_new(Arena *arena, const World *world)
{
  CBinding self = {.arena = arena, .from = world, .known = map_new(arena), .names = map_new(arena)};
  self.imports = map_new(arena);
  self.exports = map_new(arena);
  self.named = map_new(arena);
  self.world = snake(&self, world->name, false);
  CScope *root = arena_new_of(arena, CScope);
  *root = (CScope){.namespace = self.world, .module = STR("$root")};
  self.root = root;
  add_scopes(&self, world->imports, world->import_count, false);
  add_scopes(&self, world->exports, world->export_count, true);
  size_t count = self.scopes.len;
  for (size_t i = 0; i < count && !self.scopes.at[i]->is_export; i++) add_interface(&self, self.scopes.at[i]);
  add_items(&self, world->imports, world->import_count, true);
  add_items(&self, world->exports, world->export_count, false);
  for (size_t i = 0; i < count; i++)
    if (self.scopes.at[i]->is_export) add_interface(&self, self.scopes.at[i]);
  settle_older_names(&self);
  return self;
}
