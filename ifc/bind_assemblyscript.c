/* What the AssemblyScript bindings need to declare, and what it is called. */
#include "ifc/bind_assemblyscript.h"

#include "ifc/callable.h"

/* Words that mean something to AssemblyScript where a name may stand. */
static const char *const RESERVED[] = {
    "abstract",  "any",     "as",         "async",     "await",    "bool",        "boolean",  "break",
    "case",      "catch",   "char",       "class",     "const",    "constructor", "continue", "debugger",
    "declare",   "default", "delete",     "do",        "else",     "enum",        "export",   "extends",
    "false",     "finally", "for",        "from",      "function", "get",         "if",       "implements",
    "import",    "in",      "instanceof", "interface", "is",       "keyof",       "let",      "module",
    "namespace", "never",   "new",        "null",      "number",   "object",      "of",       "operator",
    "override",  "package", "private",    "protected", "public",   "readonly",    "return",   "set",
    "static",    "string",  "super",      "switch",    "symbol",   "tag",         "this",     "throw",
    "toString",  "true",    "try",        "type",      "typeof",   "undefined",   "unknown",  "unmanaged",
    "valueOf",   "values",  "var",        "void",      "while",    "with",        "yield",
};
static const char *const TAKEN[] = {"Array",  "ArrayBuffer", "Date",        "Error",  "Function", "JSON",
                                    "Map",    "Math",        "Number",      "Object", "Option",   "RegExp",
                                    "Result", "Set",         "StaticArray", "String", "Symbol",   "Unit"};

static Str camel(Arena *arena, Str kebab, bool upper)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < kebab.len; i++) {
    char c = kebab.at[i];
    bool is_first = i == 0 ? upper : kebab.at[i - 1] == '-';
    if (c == '-') continue;
    if (is_first && c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (!is_first && c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    buf_byte(&out, c);
  }
  return buf_text(&out);
}

static bool is_one_of(Str name, const char *const *words, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (str_equal(name, str_from_z(words[i]))) return true;
  return false;
}

Str script_lower(Arena *arena, Str kebab)
{
  Str name = camel(arena, kebab, false);
  bool is_taken = is_one_of(name, RESERVED, sizeof RESERVED / sizeof *RESERVED);
  return is_taken ? str_format(arena, "%.*s_", STR_ARG(name)) : name;
}

/* A method's: most words are free where they stand behind a dot. */
static Str member(Arena *arena, Str kebab)
{
  static const char *const words[] = {"abstract", "constructor", "declare", "get",      "override",
                                      "private",  "protected",   "public",  "readonly", "set",
                                      "static",   "toString",    "valueOf"};
  Str name = camel(arena, kebab, false);
  bool is_taken = is_one_of(name, words, sizeof words / sizeof *words);
  return is_taken ? str_format(arena, "%.*s_", STR_ARG(name)) : name;
}

Str script_upper(Arena *arena, Str kebab)
{
  Str name = camel(arena, kebab, true);
  /* Tuple2 and so on are made as they are needed. */
  bool is_taken = is_one_of(name, TAKEN, sizeof TAKEN / sizeof *TAKEN) || str_starts_with(name, STR("Tuple"));
  return is_taken ? str_format(arena, "%.*s_", STR_ARG(name)) : name;
}

static Str unique(Arena *arena, Map *names, Str name, void *value)
{
  while (map_put(names, name, value)) name = str_format(arena, "%.*s_", STR_ARG(name));
  return name;
}

Str *script_field_names(Arena *arena, const Type *type)
{
  Map *names = map_new(arena);
  Str *out = arena_array_of(arena, Str, type->count);
  bool is_upper = type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS;
  for (uint32_t i = 0; i < type->count; i++) {
    Str kebab = type->fields[i].name;
    Str name = type->kind == TYPE_TUPLE ? str_format(arena, "f%u", i)
               : is_upper               ? script_upper(arena, kebab)
                                        : script_lower(arena, kebab);
    out[i] = unique(arena, names, name, out);
  }
  return out;
}

/* --- scopes */

static Str pointer_key(Arena *arena, const void *first, const void *second)
{
  const void **key = arena_alloc(arena, 2 * sizeof *key);
  key[0] = first;
  key[1] = second;
  return (Str){(const char *)key, 2 * sizeof *key};
}

/* `name`: what the world knows it by, where that is not its id. */
static ScriptScope *add_scope(ScriptBinding *self, const Interface *interface, Str name, bool is_export)
{
  Str version = interface->package->version, known = name.len ? name : interface->name;
  ScriptScope *scope = arena_new_of(self->arena, ScriptScope);
  *scope = (ScriptScope){.interface = interface, .is_export = is_export, .module = name};
  if (!name.len)
    scope->module = str_format(self->arena, "%.*s%s%.*s", STR_ARG(interface->id), version.len ? "@" : "",
                               STR_ARG(version));
  if (!is_export) scope->name = unique(self->arena, self->functions, script_lower(self->arena, known), scope);
  (void)map_put(is_export ? self->exported : self->imported, pointer_key(self->arena, interface, NULL),
                scope);
  vec_push(self->arena, &self->scopes, scope);
  return scope;
}

/* Where a declaration is, seen from `from`: exports refer to what is exported, where it is, and all else to
 * what is imported. */
static ScriptScope *scope_of(ScriptBinding *self, ScriptScope *from, const TypeDef *def)
{
  if (!def->owner) return self->root;
  if (def->owner == from->interface) return from;
  Str key = pointer_key(self->arena, def->owner, NULL);
  ScriptScope *found = from->is_export ? map_get(self->exported, key) : NULL;
  if (!found) found = map_get(self->imported, key);
  return found ? found : add_scope(self, def->owner, STR(""), false);
}

/* --- declarations */

static const TypeDef *name_of(const Type *type)
{
  return type->alias ? type->alias : type->named;
}

const TypeDef *script_target(const TypeDef *def)
{
  if (def->alias || def->resource == def || !type_is_handle(def->type)) return def->alias;
  return name_of(def->type) == def ? def->type->named : name_of(def->type);
}

bool script_is_resource(const ScriptDeclaration *self)
{
  return self->def->resource == self->def;
}

static ScriptDeclaration *declare(ScriptBinding *self, ScriptScope *scope, const TypeDef *def)
{
  ScriptDeclaration *made = arena_new_of(self->arena, ScriptDeclaration);
  *made = (ScriptDeclaration){.def = def, .scope = scope};
  made->name = unique(self->arena, self->names, script_upper(self->arena, def->name), made);
  /* A variant's tags are an enum of their own. */
  if (def->type->kind == TYPE_VARIANT)
    (void)map_put(self->names, str_format(self->arena, "%.*sTag", STR_ARG(made->name)), made);
  vec_push(self->arena, &self->declared, made);
  if (!script_is_resource(made)) return made;
  made->number = self->resources.len;
  vec_push(self->arena, &self->resources, made);
  return made;
}

/* A name brought in by `use` as it is needs no declaration of its own. */
static bool is_spelled_alike(ScriptBinding *self, const TypeDef *def, const TypeDef *target)
{
  return str_equal(script_upper(self->arena, def->name), script_upper(self->arena, target->name));
}

ScriptDeclaration *script_declaration(ScriptBinding *self, const TypeDef *def)
{
  ScriptScope *scope = scope_of(self, self->scope, def), *before = self->scope;
  while (script_target(def) && is_spelled_alike(self, def, script_target(def))) {
    def = script_target(def);
    scope = scope_of(self, scope, def);
  }
  Str key = pointer_key(self->arena, def, scope);
  ScriptDeclaration *made = map_get(self->defs, key);
  if (made) return made;
  made = declare(self, scope, def);
  (void)map_put(self->defs, key, made);
  self->scope = scope;
  if (script_target(def)) (void)script_declaration(self, script_target(def));
  self->scope = before;
  return made;
}

ScriptDeclaration *script_resource(ScriptBinding *self, const Type *handle)
{
  ScriptScope *before = self->scope;
  ScriptDeclaration *made = script_declaration(self, name_of(handle));
  for (const TypeDef *target; (target = script_target(made->def)) != NULL;) {
    self->scope = made->scope;
    made = script_declaration(self, target);
  }
  self->scope = before;
  return made;
}

/* --- types as they are written */

bool script_is_scalar(const Type *type)
{
  return type_is_primitive(type) || type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS;
}

static Str scalar(ScriptBinding *self, const Type *type)
{
  if (type->kind == TYPE_BOOL || type->kind == TYPE_CHAR || type->kind == TYPE_F32 || type->kind == TYPE_F64)
    return type_kind_name(type->kind);
  return str_format(self->arena, "%c%zu", type_is_signed(type) ? 'i' : 'u', type_primitive_size(type) * 8);
}

static Str generic(ScriptBinding *self, const char *name, const Type *first, const Type *second)
{
  Str one = script_text(self, first), two = second ? script_text(self, second) : STR("");
  return str_format(self->arena, "%s<%.*s%s%.*s>", name, STR_ARG(one), second ? ", " : "", STR_ARG(two));
}

static Str tuple_text(ScriptBinding *self, const Type *type)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "Tuple%u<", type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    Str part = script_text(self, type->fields[i].type);
    buf_printf(&out, "%s%.*s", i ? ", " : "", STR_ARG(part));
  }
  buf_byte(&out, '>');
  return buf_text(&out);
}

/* Whether a handle is owned or borrowed is no part of the class, but of what is told apart by this text; so
 * is the length of a list. */
Str script_structure(ScriptBinding *self, const Type *type)
{
  switch (type->kind) {
  case TYPE_STRING: return STR("string");
  case TYPE_LIST: return generic(self, "Array", type->element, NULL);
  case TYPE_FIXED_LIST:
    return str_format(self->arena, "StaticArray</* %u */ %.*s>", type->count,
                      STR_ARG(script_text(self, type->element)));
  case TYPE_OPTION: return generic(self, "Option", type->element, NULL);
  case TYPE_RESULT: {
    Str ok = script_text(self, type->element), err = script_text(self, type->error);
    return str_format(self->arena, "Result<%.*s, %.*s>", STR_ARG(ok), STR_ARG(err));
  }
  case TYPE_MAP: return generic(self, "Map", type->element->fields[0].type, type->element->fields[1].type);
  case TYPE_TUPLE: return tuple_text(self, type);
  case TYPE_OWN: return script_resource(self, type)->name;
  case TYPE_BORROW:
    return str_format(self->arena, "/* borrow */ %.*s", STR_ARG(script_resource(self, type)->name));
  default: return type->named ? script_declaration(self, type->named)->name : scalar(self, type);
  }
}

Str script_text(ScriptBinding *self, const Type *type)
{
  if (!type) return STR("Unit");
  const TypeDef *def = type_is_handle(type) ? NULL : name_of(type);
  return def ? script_declaration(self, def)->name : script_structure(self, type);
}

/* --- what is reached */

static void add_arity(ScriptBinding *self, uint32_t arity)
{
  for (size_t i = 0; i < self->arities.len; i++)
    if (self->arities.at[i] == arity) return;
  vec_push(self->arena, &self->arities, arity);
}

static bool reach_part(ScriptBinding *self, const Type *part)
{
  return part && script_type(self, part)->comes_lent;
}

/* Whether a part comes lent. */
static bool reach_parts(ScriptBinding *self, const Type *type)
{
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  bool comes_lent = false;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++)
    comes_lent |= reach_part(self, parts->fields[i].type);
  if (type->kind == TYPE_TUPLE) add_arity(self, type->count);
  if (type->kind == TYPE_MAP) return comes_lent;
  comes_lent |= reach_part(self, type->element);
  return reach_part(self, type->error) || comes_lent;
}

/* Where the parts of a type are named: where it is declared, or where it stands. */
static ScriptScope *scope_of_parts(ScriptBinding *self, const Type *type)
{
  const TypeDef *def = type_is_handle(type) ? NULL : name_of(type);
  ScriptScope *before = self->scope, *found = before;
  while (def) {
    const ScriptDeclaration *made = script_declaration(self, def);
    self->scope = found = made->scope;
    def = script_target(made->def);
  }
  self->scope = before;
  return found;
}

ScriptType *script_type(ScriptBinding *self, const Type *type)
{
  Str text = script_text(self, type);
  ScriptType *known = map_get(self->by_text, text);
  if (known) return known;
  ScriptScope *before = self->scope;
  known = arena_new_of(self->arena, ScriptType);
  *known = (ScriptType){.type = type, .scope = scope_of_parts(self, type), .text = text};
  (void)map_put(self->by_text, text, known);
  self->scope = known->scope;
  if (type->kind == TYPE_BORROW) {
    ScriptDeclaration *resource = script_resource(self, type);
    known->comes_lent = resource->comes_lent = !resource->scope->is_export;
  } else if (type->kind != TYPE_OWN)
    known->comes_lent = reach_parts(self, type);
  self->scope = before;
  known->number = self->types.len;
  vec_push(self->arena, &self->types, known);
  return known;
}

/* --- functions */

static void leave_out(ScriptBinding *self, ScriptScope *scope, Str name, Str why)
{
  Str text = str_format(self->arena, "`%.*s` is left out: %.*s", STR_ARG(name), STR_ARG(why));
  vec_push(self->arena, &scope->left_out, text);
}

static bool has_function(const ScriptDeclaration *self, const char *name)
{
  for (size_t i = 0; i < self->functions.len; i++)
    if (str_equal(self->functions.at[i]->name, str_from_z(name))) return true;
  return false;
}

Str script_factory_name(const ScriptDeclaration *self)
{
  return has_function(self, "create") ? STR("create_") : STR("create");
}

Str script_destructor_name(const ScriptDeclaration *self)
{
  return has_function(self, "drop") ? STR("drop_") : STR("drop");
}

/* A second function of the same name is told by its interface's. */
static Str free_name(ScriptBinding *self, const ScriptFunction *function)
{
  const Interface *interface = function->scope->interface;
  Str name = script_lower(self->arena, function->function->name);
  if (function->is_import && interface) return name;
  if (interface && map_get(self->functions, name)) {
    name = str_format(self->arena, "%.*s-%.*s", STR_ARG(interface->name), STR_ARG(function->function->name));
    name = script_lower(self->arena, name);
  }
  return unique(self->arena, self->functions, name, self);
}

static void add_function(ScriptBinding *self, ScriptScope *scope, const Function *function, bool is_import)
{
  Str why = function_obstacle(self->arena, function);
  if (why.len) {
    leave_out(self, scope, function->name, why);
    return;
  }
  ScriptFunction *made = arena_new_of(self->arena, ScriptFunction);
  *made = (ScriptFunction){.function = function, .scope = scope, .is_import = is_import};
  made->number = is_import ? self->imports.len : self->exports.len;
  self->scope = scope;
  if (function->resource) {
    ScriptDeclaration *resource = script_declaration(self, function->resource);
    if (function->kind != FUNCTION_CONSTRUCTOR) made->name = member(self->arena, function->plain);
    vec_push(self->arena, &resource->functions, made);
  } else {
    made->name = free_name(self, made);
  }
  if (is_import)
    vec_push(self->arena, &self->imports, made);
  else
    vec_push(self->arena, &self->exports, made);
  for (uint32_t p = 0; p < function->param_count; p++) (void)script_type(self, function->params[p].type);
  if (function->result) (void)script_type(self, function->result);
}

static void add_typedef(ScriptBinding *self, ScriptScope *scope, const TypeDef *def)
{
  Str why = type_pass_obstacle(self->arena, def->type);
  if (why.len) {
    leave_out(self, scope, def->name, why);
    return;
  }
  self->scope = scope;
  (void)script_declaration(self, def);
  (void)script_type(self, def->type);
}

static void add_interface(ScriptBinding *self, ScriptScope *scope)
{
  const Interface *interface = scope->interface;
  for (uint32_t i = 0; i < interface->typedef_count; i++) add_typedef(self, scope, &interface->typedefs[i]);
  for (uint32_t i = 0; i < interface->function_count; i++)
    add_function(self, scope, &interface->functions[i], !scope->is_export);
}

static void add_scopes(ScriptBinding *self, const WorldItem *items, uint32_t count, bool is_export)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_INTERFACE) (void)add_scope(self, items[i].interface, items[i].name, is_export);
}

static void add_items(ScriptBinding *self, const WorldItem *items, uint32_t count, bool is_import)
{
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WORLD_FUNCTION)
      add_function(self, self->root, items[i].function, is_import);
    else if (items[i].kind == WORLD_TYPE)
      add_typedef(self, self->root, items[i].type);
}

/* What is implemented has the names first. */
ScriptBinding script_binding_new(Arena *arena, const World *world, Str implementation)
{
  ScriptBinding self = {.arena = arena, .from = world, .implementation = implementation};
  self.by_text = map_new(arena);
  self.names = map_new(arena);
  self.functions = map_new(arena);
  self.imported = map_new(arena);
  self.exported = map_new(arena);
  self.defs = map_new(arena);
  self.root = arena_new_of(arena, ScriptScope);
  self.root->module = STR("$root");
  vec_push(arena, &self.scopes, self.root);
  add_scopes(&self, world->exports, world->export_count, true);
  size_t exported = self.scopes.len;
  add_scopes(&self, world->imports, world->import_count, false);
  size_t count = self.scopes.len;
  for (size_t i = 1; i < exported; i++) add_interface(&self, self.scopes.at[i]);
  add_items(&self, world->exports, world->export_count, false);
  add_items(&self, world->imports, world->import_count, true);
  for (size_t i = exported; i < count; i++) add_interface(&self, self.scopes.at[i]);
  return self;
}

/* --- the files */

static void add_export_name(ScriptBinding *self, Map *names, const ScriptScope *scope, Str script,
                            const char *prefix, Str name)
{
  Str *whole = arena_new_of(self->arena, Str), module = scope->interface ? scope->module : STR("");
  *whole =
      str_format(self->arena, "%s%.*s%s%.*s", prefix, STR_ARG(module), module.len ? "#" : "", STR_ARG(name));
  (void)map_put(names, script, whole);
}

static Map *export_names(ScriptBinding *self)
{
  Map *names = map_new(self->arena);
  for (size_t i = 0; i < self->exports.len; i++) {
    const ScriptFunction *it = self->exports.at[i];
    Str name = it->function->name;
    add_export_name(self, names, it->scope, str_format(self->arena, "e%zu", i), "", name);
    add_export_name(self, names, it->scope, str_format(self->arena, "p%zu", i), "cabi_post_", name);
  }
  for (size_t i = 0; i < self->resources.len; i++) {
    const ScriptDeclaration *it = self->resources.at[i];
    Str name = str_format(self->arena, "[dtor]%.*s", STR_ARG(it->def->name));
    add_export_name(self, names, it->scope, str_format(self->arena, "d%zu", i), "", name);
  }
  return names;
}

ScriptFiles bind_assemblyscript(Arena *arena, const World *world, Str implementation)
{
  ScriptBinding self = script_binding_new(arena, world, implementation);
  ScriptFiles out = {.types = script_types(&self), .values = script_values(&self)};
  out.entry = script_entry(&self);
  out.names = export_names(&self);
  return out;
}

Str script_export_name(const ScriptFiles *self, Str name)
{
  const Str *known = map_get(self->names, name);
  return known ? *known : name;
}
