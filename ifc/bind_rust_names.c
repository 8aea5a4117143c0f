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

static Str pointer_key(Arena *arena, const void *first, const void *second)
{
  const void **key = arena_alloc(arena, 2 * sizeof *key);
  key[0] = first;
  key[1] = second;
  return (Str){(const char *)key, 2 * sizeof *key};
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

static void add_path(RustBinding *self, RustScope *scope, Str name)
{
  const Interface *interface = scope->interface;
  if (scope->is_export) scope->path[scope->depth++] = STR("exports");
  if (!name.len) {
    scope->path[scope->depth++] = rust_snake(self->arena, interface->package->namespace);
    scope->path[scope->depth++] = package_module(self->arena, interface->package);
  }
  scope->path[scope->depth++] = rust_snake(self->arena, name.len ? name : interface->name);
}

/* `name`: what the world knows it by, where that is not its id. */
static RustScope *add_scope(RustBinding *self, const Interface *interface, Str name, bool is_export)
{
  Map *known = is_export ? self->exports : self->imports;
  Str version = interface->package->version;
  RustScope *scope = arena_new_of(self->arena, RustScope);
  *scope = (RustScope){.interface = interface, .is_export = is_export, .module = name};
  scope->names = map_new(self->arena);
  if (!name.len)
    scope->module = str_format(self->arena, "%.*s%s%.*s", STR_ARG(interface->id), version.len ? "@" : "",
                               STR_ARG(version));
  add_path(self, scope, name);
  (void)map_put(known, pointer_key(self->arena, interface, NULL), scope);
  vec_push(self->arena, &self->scopes, scope);
  return scope;
}

/* Where a declaration is, seen from `from`: exports refer to what is exported, where it is, and all else to
 * what is imported. NULL: the module is not there yet. */
static RustScope *find_scope(const RustBinding *self, const RustScope *from, const TypeDef *def)
{
  if (!def->owner) return self->root;
  Str key = pointer_key(self->arena, def->owner, NULL);
  RustScope *found = from->is_export ? map_get(self->exports, key) : NULL;
  return found ? found : map_get(self->imports, key);
}

static RustScope *scope_of(RustBinding *self, RustScope *from, const TypeDef *def)
{
  if (def->owner && def->owner == from->interface) return from;
  RustScope *found = find_scope(self, from, def);
  return found ? found : add_scope(self, def->owner, STR(""), false);
}

/* --- declarations */

const RustType *rust_declaration(const RustBinding *self, const RustScope *scope, const TypeDef *def)
{
  if (!def->owner || def->owner != scope->interface) scope = find_scope(self, scope, def);
  return map_get(self->types, pointer_key(self->arena, def, scope));
}

bool rust_is_resource(const RustType *self)
{
  return self->def->resource == self->def;
}

const TypeDef *rust_name_of(const Type *type)
{
  return type->alias ? type->alias : type->named;
}

/* What a declaration is only another name for; NULL: nothing. */
static const TypeDef *target_of(const TypeDef *def)
{
  if (def->alias || def->resource == def || !type_is_handle(def->type)) return def->alias;
  const TypeDef *written = rust_name_of(def->type);
  return written == def ? def->type->named : written;
}

const RustType *rust_behind(const RustBinding *self, const RustType *type)
{
  for (const TypeDef *target; (target = target_of(type->def)) != NULL;)
    type = rust_declaration(self, type->scope, target);
  return type;
}

static void add_traits(RustTraits *out, RustTraits part)
{
  out->no_debug |= part.no_debug;
  out->has_own |= part.has_own;
  out->has_borrow |= part.has_borrow;
  out->keeps_borrow |= part.keeps_borrow;
}

static RustTraits traits_of_parts(const RustBinding *self, const RustScope *scope, const Type *type)
{
  RustTraits out = {.no_debug = type->kind == TYPE_TUPLE && type->count > RUST_DEBUG_TUPLE_MAX};
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++)
    if (parts->fields[i].type) add_traits(&out, rust_traits(self, scope, parts->fields[i].type));
  if (type->kind == TYPE_MAP) return out;
  if (type->element) add_traits(&out, rust_traits(self, scope, type->element));
  if (type->error) add_traits(&out, rust_traits(self, scope, type->error));
  return out;
}

RustTraits rust_traits(const RustBinding *self, const RustScope *scope, const Type *type)
{
  if (type->kind == TYPE_OWN) return (RustTraits){.has_own = true};
  if (type->kind == TYPE_BORROW) {
    const RustType *resource = rust_behind(self, rust_declaration(self, scope, rust_name_of(type)));
    return (RustTraits){.has_borrow = true, .keeps_borrow = !resource->scope->is_export};
  }
  const TypeDef *def = rust_name_of(type);
  return def ? rust_declaration(self, scope, def)->traits : traits_of_parts(self, scope, type);
}

/* --- what is reached */

static void reach(RustBinding *self, RustScope *scope, const Type *type);

static void add_arity(RustBinding *self, uint32_t arity)
{
  for (size_t i = 0; i < self->arities.len; i++)
    if (self->arities.at[i] == arity) return;
  vec_push(self->arena, &self->arities, arity);
}

static void reach_parts(RustBinding *self, RustScope *scope, const Type *type)
{
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++)
    if (parts->fields[i].type) reach(self, scope, parts->fields[i].type);
  if (type->kind == TYPE_TUPLE) add_arity(self, type->count);
  if (type->kind == TYPE_MAP) return;
  if (type->element) reach(self, scope, type->element);
  if (type->error) reach(self, scope, type->error);
}

static RustType *reach_declaration(RustBinding *self, RustScope *from, const TypeDef *def);

static void name_resource(RustBinding *self, RustType *made)
{
  Str base = rust_camel(self->arena, made->def->name);
  if (!made->scope->is_export) return;
  made->borrow_name = str_format(self->arena, "%.*sBorrow", STR_ARG(base));
  made->borrow_name = unique(self->arena, made->scope->names, made->borrow_name, made);
  made->guest = str_format(self->arena, "Guest%.*s", STR_ARG(base));
  made->guest = unique(self->arena, made->scope->names, made->guest, made);
  made->number = self->resource_count++;
}

static RustType *reach_declaration(RustBinding *self, RustScope *from, const TypeDef *def)
{
  RustScope *scope = scope_of(self, from, def);
  Str key = pointer_key(self->arena, def, scope);
  RustType *made = map_get(self->types, key);
  if (made) return made;
  made = arena_new_of(self->arena, RustType);
  (void)map_put(self->types, key, made);
  *made = (RustType){.def = def, .scope = scope};
  made->name = unique(self->arena, scope->names, rust_camel(self->arena, def->name), made);
  if (rust_is_resource(made)) {
    name_resource(self, made);
  } else if (target_of(def)) {
    made->traits = reach_declaration(self, scope, target_of(def))->traits;
  } else {
    reach_parts(self, scope, def->type);
    made->traits = traits_of_parts(self, scope, def->type);
  }
  vec_push(self->arena, &scope->types, made);
  return made;
}

static void reach(RustBinding *self, RustScope *scope, const Type *type)
{
  const TypeDef *def = rust_name_of(type), *error = NULL;
  if (type->kind == TYPE_RESULT && type->error && !type_is_handle(type->error))
    error = rust_name_of(type->error);
  if (def)
    (void)reach_declaration(self, scope, def);
  else
    reach_parts(self, scope, type);
  if (!error) return;
  RustType *made = reach_declaration(self, scope, error);
  while (target_of(made->def)) made = reach_declaration(self, made->scope, target_of(made->def));
  made->is_error = true;
}

/* --- functions */

const RustType *rust_resource_of(const RustBinding *self, const RustFunction *function)
{
  const TypeDef *def = function->function->resource;
  return def ? rust_declaration(self, function->scope, def) : NULL;
}

Str rust_function_name(const RustBinding *self, const RustFunction *function)
{
  const Function *of = function->function;
  const RustType *resource = rust_resource_of(self, function);
  if (of->kind == FUNCTION_CONSTRUCTOR) return STR("new");
  Str name = rust_snake(self->arena, resource ? of->plain : of->name);
  bool is_taken = resource && resource->has_constructor && str_equal(name, STR("new"));
  return is_taken ? STR("new_") : name;
}

static void leave_out(RustBinding *self, RustScope *scope, Str name, Str why)
{
  Str text = str_format(self->arena, "`%.*s` is left out: %.*s", STR_ARG(name), STR_ARG(why));
  vec_push(self->arena, &scope->left_out, text);
}

static void add_function(RustBinding *self, RustScope *scope, const Function *function, bool is_import)
{
  Str why = function_obstacle(self->arena, function);
  if (why.len) {
    leave_out(self, scope, function->name, why);
    return;
  }
  RustFunction *made = arena_new_of(self->arena, RustFunction);
  *made = (RustFunction){.function = function, .scope = scope, .is_import = is_import};
  if (!is_import) {
    made->number = self->export_count++;
    vec_push(self->arena, &scope->exports, made);
  }
  vec_push(self->arena, &self->functions, made);
  for (uint32_t p = 0; p < function->param_count; p++) reach(self, scope, function->params[p].type);
  if (function->result) reach(self, scope, function->result);
  if (!function->resource) {
    vec_push(self->arena, &scope->functions, made);
    return;
  }
  RustType *resource = reach_declaration(self, scope, function->resource);
  resource->has_constructor |= function->kind == FUNCTION_CONSTRUCTOR;
  vec_push(self->arena, &resource->functions, made);
}

static void add_typedef(RustBinding *self, RustScope *scope, const TypeDef *def)
{
  Str why = type_pass_obstacle(self->arena, def->type);
  if (why.len)
    leave_out(self, scope, def->name, why);
  else
    (void)reach_declaration(self, scope, def);
}

static void add_interface(RustBinding *self, RustScope *scope)
{
  const Interface *interface = scope->interface;
  for (uint32_t i = 0; i < interface->typedef_count; i++) add_typedef(self, scope, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++)
    add_function(self, scope, &interface->functions[i], !scope->is_export);
}

static void add_scopes(RustBinding *self, const WorldItem *items, uint32_t count, bool is_export)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_INTERFACE) (void)add_scope(self, items[i].interface, items[i].name, is_export);
}

static void add_items(RustBinding *self, const WorldItem *items, uint32_t count, bool is_import)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_FUNCTION)
      add_function(self, self->root, items[i].function, is_import);
    else if (items[i].kind == WORLD_TYPE)
      add_typedef(self, self->root, items[i].type);
}

RustBinding rust_binding_new(Arena *arena, const World *world)
{
  RustBinding self = {.arena = arena, .from = world, .types = map_new(arena)};
  self.imports = map_new(arena);
  self.exports = map_new(arena);
  self.root = arena_new_of(arena, RustScope);
  *self.root = (RustScope){.module = STR("$root"), .names = map_new(arena)};
  vec_push(arena, &self.scopes, self.root);
  add_arity(&self, 2); /* of maps, which the support knows whether or not there are any */
  add_scopes(&self, world->imports, world->import_count, false);
  add_scopes(&self, world->exports, world->export_count, true);
  size_t count = self.scopes.len;
  for (size_t i = 1; i < count && !self.scopes.at[i]->is_export; i++) add_interface(&self, self.scopes.at[i]);
  add_items(&self, world->imports, world->import_count, true);
  add_items(&self, world->exports, world->export_count, false);
  for (size_t i = 1; i < count; i++)
    if (self.scopes.at[i]->is_export) add_interface(&self, self.scopes.at[i]);
  return self;
}
