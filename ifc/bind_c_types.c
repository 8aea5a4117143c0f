#include "ifc/bind_c.h"

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

Str c_namespace(const CBinding *self, const Interface *scope)
{
  const Package *package = scope->package;
  Str exports = scope == self->interface ? STR("exports_") : STR("");
  Str namespace = snake(self, package->namespace, false), name = snake(self, package->name, false);
  Str interface = snake(self, scope->name, false);
  return str_format(self->arena, "%.*s%.*s_%.*s_%.*s", STR_ARG(exports), STR_ARG(namespace), STR_ARG(name),
                    STR_ARG(interface));
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
  return !type_is_primitive(type) && type->kind != TYPE_ENUM && type->kind != TYPE_FLAGS;
}

/* A primitive's (and string's) name in C, and within the names of others. */
static void primitive_names(const CBinding *self, const Type *type, Str *name, Str *word)
{
  *word = type_kind_name(type->kind);
  switch (type->kind) {
  case TYPE_BOOL: *name = STR("bool"); break;
  case TYPE_F32: *name = STR("float"); break;
  case TYPE_F64: *name = STR("double"); break;
  case TYPE_CHAR:
    *name = STR("uint32_t");
    *word = STR("char32");
    break;
  case TYPE_STRING: *name = str_format(self->arena, "%.*s_string_t", STR_ARG(self->world)); break;
  default:
    *name =
        str_format(self->arena, "%sint%zu_t", type_is_signed(type) ? "" : "u", type_primitive_size(type) * 8);
  }
}

/* Remembers which declarations of an interface name types that have no name themselves: `type bytes =
 * list<u8>`. Their Type is the declaration's own, so its address tells them from other lists. */
static void scope_enter(CBinding *self, const Interface *scope)
{
  if (map_put(self->scopes, pointer_key(self->arena, scope, NULL), self)) return;
  for (uint32_t i = 0; i < scope->typedef_count; i++) {
    const TypeDef *def = &scope->typedefs[i];
    while (def->alias) def = def->alias;
    if (!def->type || def->type->named || type_is_primitive(def->type) || def->type->kind == TYPE_STRING)
      continue;
    (void)map_put(self->declared, pointer_key(self->arena, def->type, NULL), (void *)def);
  }
}

static const TypeDef *type_declaration(CBinding *self, const Interface *scope, const Type *type)
{
  if (type->named) return type->named;
  scope_enter(self, scope);
  return map_get(self->declared, pointer_key(self->arena, type, NULL));
}

static void word_part(CBinding *self, const CType *outer, const Type *part, Buf *word)
{
  buf_byte(word, '_');
  buf_str(word, part ? c_type(self, outer->scope, part)->word : STR("void"));
}

/* "list_u8", "tuple2_u8_string", "result_void_error". */
static Str anonymous_word(CBinding *self, const CType *outer)
{
  const Type *type = outer->type;
  Buf word = buf_in(self->arena);
  buf_str(&word, type_kind_name(type->kind));
  if (type->kind == TYPE_TUPLE) {
    buf_printf(&word, "%u", type->count);
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
  outer->has_free |= inner->has_free;
  outer->holds_memory |= inner->holds_memory;
}

/* What a type is made of, made known first, and what follows from that. */
static void add_parts(CBinding *self, CType *outer)
{
  const Type *type = outer->type;
  TypeKind kind = type->kind;
  outer->is_plain = kind == TYPE_STRING || kind == TYPE_LIST || kind == TYPE_OPTION || kind == TYPE_TUPLE ||
                    type_is_primitive(type);
  outer->holds_memory = kind == TYPE_STRING || kind == TYPE_LIST;
  outer->has_free = outer->holds_memory || kind == TYPE_OPTION || kind == TYPE_RESULT || kind == TYPE_VARIANT;
  for (uint32_t i = 0; i < type->count; i++) add_part(self, outer, type->fields[i].type);
  add_part(self, outer, type->element);
  add_part(self, outer, type->error);
}

static void name_type(CBinding *self, CType *outer, const TypeDef *declaration)
{
  Str namespace = c_namespace(self, outer->scope);
  if (declaration) {
    outer->word = snake(self, declaration->name, false);
  } else {
    outer->word = anonymous_word(self, outer);
    if (outer->is_plain) namespace = self->world;
  }
  outer->name = str_format(self->arena, "%.*s_%.*s_t", STR_ARG(namespace), STR_ARG(outer->word));
}

const CType *c_type(CBinding *self, const Interface *scope, const Type *type)
{
  const TypeDef *declaration = type_declaration(self, scope, type);
  if (declaration) scope = declaration->owner;
  Str key = pointer_key(self->arena, type, scope);
  CType *known = map_get(self->known, key);
  if (known) return known;

  CType *made = arena_new_of(self->arena, CType);
  *made = (CType){.type = type, .scope = scope};
  add_parts(self, made);
  (void)map_put(self->known, key, made);
  if (type_is_primitive(type) || type->kind == TYPE_STRING) {
    primitive_names(self, type, &made->name, &made->word);
    self->has_string |= type->kind == TYPE_STRING;
    return made;
  }
  name_type(self, made, declaration);
  if (!map_put(self->names, made->name, made)) vec_push(self->arena, &self->order, made);
  return made;
}

static void add_typedef(CBinding *self, const TypeDef *def)
{
  const CType *target = c_type(self, self->interface, def->type);
  Str namespace = c_namespace(self, self->interface), word = snake(self, def->name, false);
  Str name = str_format(self->arena, "%.*s_%.*s_t", STR_ARG(namespace), STR_ARG(word));
  if (!str_equal(name, target->name))
    vec_push(self->arena, &self->aliases, (CAlias){name, def->docs, target});
}

CBinding c_binding_new(Arena *arena, const Interface *interface)
{
  CBinding self = {.arena = arena,
                   .interface = interface,
                   .known = map_new(arena),
                   .names = map_new(arena),
                   .declared = map_new(arena),
                   .scopes = map_new(arena)};
  self.world = snake(&self, interface->name, false);
  for (uint32_t i = 0; i < interface->typedef_count; i++) add_typedef(&self, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    for (uint32_t p = 0; p < function->param_count; p++)
      (void)c_type(&self, interface, function->params[p].type);
    if (function->result) (void)c_type(&self, interface, function->result);
  }
  return self;
}
