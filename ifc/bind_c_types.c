#include "ifc/bind_c.h"
#include "ifc/callable.h"
#include "ifc/value.h"

/* A map's key made of two pointers' bytes. */
static Str pointer_key(Arena *arena, const void *first, const void *second)
{
  const void **key = arena_alloc(arena, 2 * sizeof *key);
  key[0] = first;
  key[1] = second;
  return (Str){(const char *)key, 2 * sizeof *key};
}

static Str snake(const CBinding *self, Str kebab, bool upper)
{
  /* Parts of longer names are never reserved words. */
  Str name = upper ? name_to_c_upper(self->arena, kebab) : name_to_c(self->arena, kebab);
  return str_slice(name, 0, kebab.len);
}

/* Packages of other versions of the same package make names tell their version. */
static bool has_other_versions(const Package *package)
{
  const Resolve *resolve = package->resolve;
  for (uint32_t i = 0; resolve && i < resolve->package_count; i++) {
    const Package *other = resolve->packages[i];
    if (str_equal(other->namespace, package->namespace) && str_equal(other->name, package->name) &&
        !str_equal(other->version, package->version))
      return true;
  }
  return false;
}

/* "0_2_0_", or nothing. */
static Str version_part(const CBinding *self, const Package *package)
{
  Buf out = buf_in(self->arena);
  if (!package->version.len || !has_other_versions(package)) return (Str){0};
  for (size_t i = 0; i < package->version.len; i++) {
    char byte = package->version.at[i];
    if (byte == '.' || byte == '-' || byte == '+') byte = '_';
    buf_byte(&out, byte);
  }
  buf_byte(&out, '_');
  return buf_text(&out);
}

Str c_namespace(const CBinding *self, const Interface *scope)
{
  const Package *package = scope->package;
  Str exports = scope == self->interface ? STR("exports_") : STR("");
  Str namespace = snake(self, package->namespace, false), name = snake(self, package->name, false);
  Str interface = snake(self, scope->name, false);
  if (scope->world) return interface;
  return str_format(self->arena, "%.*s%.*s_%.*s_%.*s%.*s", STR_ARG(exports), STR_ARG(namespace),
                    STR_ARG(name), STR_ARG(version_part(self, package)), STR_ARG(interface));
}

Str c_function_name(const CBinding *self, const Function *function)
{
  Str namespace = c_namespace(self, self->interface), name = snake(self, function->name, false);
  return str_format(self->arena, "%.*s_%.*s", STR_ARG(namespace), STR_ARG(name));
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

Str c_function_left_out(const CBinding *self, const Function *function)
{
  return function_obstacle(self->arena, function);
}

Str c_type_left_out(const CBinding *self, const TypeDef *def)
{
  return type_obstacle(self->arena, def->type);
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
  Str key = pointer_key(self->arena, shared, NULL);
  CType *known = map_get(self->known, key);
  if (known) return known;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = shared, .scope = self->interface};
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

/* The C type of a declaration: a structure, or a second name. */
static const CType *declared_type(CBinding *self, const TypeDef *def)
{
  Str key = pointer_key(self->arena, def, NULL);
  CType *known = map_get(self->known, key);
  if (known) return known;
  const Interface *owner = def->owner ? def->owner : self->interface;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = def->type, .scope = owner, .docs = def->docs};
  if (def->alias || is_primitive(def->type)) {
    made->target = def->alias ? declared_type(self, def->alias) : primitive_type(self, def->type);
    made->was_plain = made->target->was_plain;
    made->has_free = made->target->has_free;
    made->holds_memory = made->target->holds_memory;
  } else {
    add_parts(self, made);
  }
  made->is_plain = false;
  made->word = snake(self, def->name, false);
  made->name = type_name(self, c_namespace(self, owner), made);
  made = enter(self, made);
  (void)map_put(self->known, key, made);
  return made;
}

static const CType *anonymous_type(CBinding *self, const Interface *scope, const Type *type)
{
  Str key = pointer_key(self->arena, type, scope);
  CType *known = map_get(self->known, key);
  if (known) return known;
  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = type, .scope = scope};
  add_parts(self, made);
  made->word = anonymous_word(self, made);
  made->name = type_name(self, made->is_plain ? self->world : c_namespace(self, scope), made);
  if (made->was_plain && !made->is_plain) made->older = type_name(self, self->world, made);
  made = enter(self, made);
  (void)map_put(self->known, key, made);
  return made;
}

/* The name that a type was written by; NULL where it was spelled out. */
static const TypeDef *name_of(const Type *type)
{
  if (type->alias) return type->alias;
  return type_is_handle(type) ? NULL : type->named;
}

const CType *c_type(CBinding *self, const Interface *scope, const Type *type)
{
  const TypeDef *def = name_of(type);
  if (def) return declared_type(self, def);
  return is_primitive(type) ? primitive_type(self, type) : anonymous_type(self, scope, type);
}

/* Names that tell less are given to the first type that they fit. */
static void settle_older_names(CBinding *self)
{
  for (size_t i = 0; i < self->order.len; i++) {
    CType *type = self->order.at[i];
    if (type->older.len && map_put(self->names, type->older, type)) type->older = (Str){0};
  }
}

static void add_function(CBinding *self, const Function *function)
{
  if (c_function_left_out(self, function).len) return;
  vec_push(self->arena, &self->functions, function);
  for (uint32_t i = 0; i < function->param_count; i++)
    (void)c_type(self, self->interface, function->params[i].type);
  if (function->result) (void)c_type(self, self->interface, function->result);
}

CBinding c_binding_new(Arena *arena, const Interface *interface)
{
  CBinding self = {.arena = arena, .interface = interface, .known = map_new(arena), .names = map_new(arena)};
  self.world = snake(&self, interface->name, false);
  for (uint32_t i = 0; i < interface->typedef_count; i++)
    if (!c_type_left_out(&self, &interface->typedefs[i]).len)
      (void)declared_type(&self, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++) add_function(&self, &interface->functions[i]);
  settle_older_names(&self);
  return self;
}
