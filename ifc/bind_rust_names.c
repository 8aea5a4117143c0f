/* What the Rust bindings need to declare, and what it is called. */
#include "ifc/bind_rust.h"
#include "ifc/callable.h"

/* Strict and reserved keywords of all editions. */
static const char *const KEYWORDS[] = {
    "abstract", "as",      "async", "await",    "become", "box",    "break", "const",  "continue",
    "crate",    "do",      "dyn",   "else",     "enum",   "extern", "false", "final",  "fn",
    "for",      "gen",     "if",    "impl",     "in",     "let",    "loop",  "macro",  "match",
    "mod",      "move",    "mut",   "override", "priv",   "pub",    "ref",   "return", "self",
    "static",   "struct",  "super", "trait",    "true",   "try",    "type",  "typeof", "union",
    "unsafe",   "unsized", "use",   "virtual",  "where",  "while",  "yield",
};
/* Names that mean something where types are declared. */
static const char *const TAKEN[] = {"Guest", "Self", "String", "Vec", "Option", "Result"};

static Str with_underscore(Arena *arena, Str name, const char *const *words, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (str_equal(name, str_from_z(words[i]))) return str_format(arena, "%.*s_", STR_ARG(name));
  return name;
}

static char to_case(char c, bool upper)
{
  if (upper && c >= 'a' && c <= 'z') return (char)(c - 'a' + 'A');
  if (!upper && c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
  if (c == '-') return '_';
  return c;
}

Str rust_snake(Arena *arena, Str kebab)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < kebab.len; i++) buf_byte(&out, to_case(kebab.at[i], false));
  return with_underscore(arena, buf_text(&out), KEYWORDS, sizeof KEYWORDS / sizeof *KEYWORDS);
}

Str rust_camel(Arena *arena, Str kebab)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < kebab.len; i++)
    if (kebab.at[i] != '-') buf_byte(&out, to_case(kebab.at[i], i == 0 || kebab.at[i - 1] == '-'));
  return with_underscore(arena, buf_text(&out), TAKEN, sizeof TAKEN / sizeof *TAKEN);
}

static Str rust_shouting(Arena *arena, Str kebab)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < kebab.len; i++) buf_byte(&out, to_case(kebab.at[i], true));
  return buf_text(&out);
}

/* `name`, with as many underscores as tell it from the others: `a-1` and `a1` are both "A1". */
static Str unique(Arena *arena, Map *names, Str name, void *value)
{
  while (map_put(names, name, value)) name = str_format(arena, "%.*s_", STR_ARG(name));
  return name;
}

Str *rust_case_names(Arena *arena, const Type *type)
{
  Map *names = map_new(arena);
  Str *out = arena_array_of(arena, Str, type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    Str kebab = type->fields[i].name;
    Str name = type->kind == TYPE_FLAGS ? rust_shouting(arena, kebab) : rust_camel(arena, kebab);
    out[i] = unique(arena, names, name, out);
  }
  return out;
}

static Str pointer_key(Arena *arena, const void *pointer)
{
  const void **key = arena_alloc(arena, sizeof *key);
  *key = pointer;
  return (Str){(const char *)key, sizeof *key};
}

const TypeDef *rust_name_of(const Type *type)
{
  return type->alias ? type->alias : type->named;
}

const RustType *rust_declaration(const RustBinding *self, const TypeDef *def)
{
  return map_get(self->types, pointer_key(self->arena, def));
}

/* --- modules */

/* Packages of other versions of the same package make modules tell their version. */
static Str package_module(Arena *arena, const Package *package)
{
  Str name = rust_snake(arena, package->name);
  if (!package->version.len || !package_has_other_versions(package)) return name;
  Buf out = buf_in(arena);
  buf_str(&out, name);
  for (size_t i = 0; i < package->version.len; i++) {
    char byte = package->version.at[i];
    if (byte == '.' || byte == '-' || byte == '+') byte = '_';
    buf_byte(&out, byte);
  }
  return buf_text(&out);
}

static RustScope *scope_of(RustBinding *self, const Interface *interface)
{
  for (size_t i = 0; i < self->scopes.len; i++)
    if (self->scopes.at[i]->interface == interface) return self->scopes.at[i];
  RustScope *scope = arena_new_of(self->arena, RustScope);
  *scope = (RustScope){.interface = interface, .names = map_new(self->arena)};
  if (interface == self->interface) scope->path[scope->depth++] = STR("exports");
  if (!interface->world) {
    scope->path[scope->depth++] = rust_snake(self->arena, interface->package->namespace);
    scope->path[scope->depth++] = package_module(self->arena, interface->package);
  }
  scope->path[scope->depth++] = rust_snake(self->arena, interface->name);
  vec_push(self->arena, &self->scopes, scope);
  return scope;
}

/* --- what is reached */

static bool reach(RustBinding *self, const Type *type);

static void add_arity(RustBinding *self, uint32_t arity)
{
  for (size_t i = 0; i < self->arities.len; i++)
    if (self->arities.at[i] == arity) return;
  vec_push(self->arena, &self->arities, arity);
}

/* False where it cannot be printed by `{:?}`. */
static bool reach_parts(RustBinding *self, const Type *type)
{
  bool has_debug = true;
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++)
    has_debug &= !parts->fields[i].type || reach(self, parts->fields[i].type);
  if (type->kind == TYPE_TUPLE) add_arity(self, type->count);
  if (type->kind == TYPE_TUPLE) has_debug &= type->count <= RUST_DEBUG_TUPLE_MAX;
  if (type->kind == TYPE_MAP) return has_debug;
  if (type->element) has_debug &= reach(self, type->element);
  if (type->error) has_debug &= reach(self, type->error);
  return has_debug;
}

static RustType *reach_declaration(RustBinding *self, const TypeDef *def)
{
  RustType *made = map_get(self->types, pointer_key(self->arena, def));
  if (made) return made;
  made = arena_new_of(self->arena, RustType);
  (void)map_put(self->types, pointer_key(self->arena, def), made);
  RustScope *scope = scope_of(self, def->owner ? def->owner : self->interface);
  *made = (RustType){.def = def, .scope = scope};
  made->name = unique(self->arena, scope->names, rust_camel(self->arena, def->name), made);
  made->no_debug = def->alias ? reach_declaration(self, def->alias)->no_debug : !reach_parts(self, def->type);
  vec_push(self->arena, &scope->types, made);
  return made;
}

static bool reach(RustBinding *self, const Type *type)
{
  if (type->kind == TYPE_RESULT && type->error && type->error->named) {
    (void)reach(self, type->error);
    reach_declaration(self, type->error->named)->is_error = true;
  }
  const TypeDef *def = rust_name_of(type);
  return def ? !reach_declaration(self, def)->no_debug : reach_parts(self, type);
}

Str rust_type_left_out(Arena *arena, const Type *type)
{
  if (!type || !type_obstacle(arena, type).len) return STR("");
  Str why = type_pass_obstacle(arena, type);
  return why.len ? why : STR("there are no resources in Rust bindings yet");
}

Str rust_function_left_out(Arena *arena, const Function *function)
{
  Str why = function_obstacle(arena, function);
  for (uint32_t i = 0; i < function->param_count && !why.len; i++)
    why = rust_type_left_out(arena, function->params[i].type);
  return why.len ? why : rust_type_left_out(arena, function->result);
}

RustBinding rust_binding_new(Arena *arena, const Interface *interface)
{
  RustBinding self = {.arena = arena, .interface = interface, .types = map_new(arena)};
  self.own = scope_of(&self, interface);
  add_arity(&self, 2); /* of maps, which the support knows whether or not there are any */
  for (uint32_t i = 0; i < interface->typedef_count; i++)
    if (!rust_type_left_out(arena, interface->typedefs[i].type).len)
      (void)reach_declaration(&self, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    if (rust_function_left_out(arena, function).len) continue;
    vec_push(arena, &self.functions, function);
    for (uint32_t p = 0; p < function->param_count; p++) (void)reach(&self, function->params[p].type);
    if (function->result) (void)reach(&self, function->result);
  }
  return self;
}
