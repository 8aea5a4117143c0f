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
    "valueOf",   "var",     "void",       "while",     "with",     "yield",
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

/* --- declarations */

static Str pointer_key(Arena *arena, const void *pointer)
{
  const void **key = arena_alloc(arena, sizeof *key);
  *key = pointer;
  return (Str){(const char *)key, sizeof *key};
}

/* A name brought in by `use` as it is needs no declaration of its own. */
static const TypeDef *origin(Arena *arena, const TypeDef *def)
{
  while (def->alias && str_equal(script_upper(arena, def->name), script_upper(arena, def->alias->name)))
    def = def->alias;
  return def;
}

Str script_declared_name(ScriptBinding *self, const TypeDef *def)
{
  def = origin(self->arena, def);
  Str key = pointer_key(self->arena, def);
  Str *known = map_get(self->defs, key);
  if (known) return *known;
  Str *name = arena_new_of(self->arena, Str);
  *name = unique(self->arena, self->names, script_upper(self->arena, def->name), name);
  /* A variant's tags are an enum of their own. */
  if (def->type->kind == TYPE_VARIANT)
    (void)map_put(self->names, str_format(self->arena, "%.*sTag", STR_ARG(*name)), name);
  (void)map_put(self->defs, key, name);
  vec_push(self->arena, &self->declared, def);
  if (def->alias) (void)script_declared_name(self, def->alias);
  return *name;
}

static const TypeDef *name_of(const Type *type)
{
  return type->alias ? type->alias : type->named;
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

Str script_structure(ScriptBinding *self, const Type *type)
{
  switch (type->kind) {
  case TYPE_STRING: return STR("string");
  case TYPE_LIST: return generic(self, "Array", type->element, NULL);
  case TYPE_FIXED_LIST: /* its length is no part of the class, but of what is told apart by this text */
    return str_format(self->arena, "StaticArray</* %u */ %.*s>", type->count,
                      STR_ARG(script_text(self, type->element)));
  case TYPE_OPTION: return generic(self, "Option", type->element, NULL);
  case TYPE_RESULT: {
    Str ok = script_text(self, type->element), err = script_text(self, type->error);
    return str_format(self->arena, "Result<%.*s, %.*s>", STR_ARG(ok), STR_ARG(err));
  }
  case TYPE_MAP: return generic(self, "Map", type->element->fields[0].type, type->element->fields[1].type);
  case TYPE_TUPLE: return tuple_text(self, type);
  default: return type->named ? script_declared_name(self, type->named) : scalar(self, type);
  }
}

Str script_text(ScriptBinding *self, const Type *type)
{
  const TypeDef *def = type ? name_of(type) : NULL;
  if (!type) return STR("Unit");
  return def ? script_declared_name(self, def) : script_structure(self, type);
}

/* --- what is reached */

static void add_arity(ScriptBinding *self, uint32_t arity)
{
  for (size_t i = 0; i < self->arities.len; i++)
    if (self->arities.at[i] == arity) return;
  vec_push(self->arena, &self->arities, arity);
}

static void reach_parts(ScriptBinding *self, const Type *type)
{
  const Type *parts = type->kind == TYPE_MAP ? type->element : type;
  for (uint32_t i = 0; parts->fields && i < parts->count; i++)
    if (parts->fields[i].type) (void)script_type(self, parts->fields[i].type);
  if (type->kind == TYPE_TUPLE) add_arity(self, type->count);
  if (type->kind == TYPE_MAP) return;
  if (type->element) (void)script_type(self, type->element);
  if (type->error) (void)script_type(self, type->error);
}

const ScriptType *script_type(ScriptBinding *self, const Type *type)
{
  Str text = script_text(self, type);
  ScriptType *known = map_get(self->by_text, text);
  if (known) return known;
  known = arena_new_of(self->arena, ScriptType);
  *known = (ScriptType){.type = type, .text = text};
  (void)map_put(self->by_text, text, known);
  reach_parts(self, type);
  known->number = self->types.len;
  vec_push(self->arena, &self->types, known);
  return known;
}

Str script_type_left_out(Arena *arena, const Type *type)
{
  if (!type || !type_obstacle(arena, type).len) return STR("");
  Str why = type_pass_obstacle(arena, type);
  return why.len ? why : STR("there are no resources in AssemblyScript bindings yet");
}

Str script_function_left_out(Arena *arena, const Function *function)
{
  Str why = function_obstacle(arena, function);
  for (uint32_t i = 0; i < function->param_count && !why.len; i++)
    why = script_type_left_out(arena, function->params[i].type);
  return why.len ? why : script_type_left_out(arena, function->result);
}

ScriptBinding script_binding_new(Arena *arena, const Interface *interface)
{
  ScriptBinding self = {.arena = arena, .interface = interface, .by_text = map_new(arena)};
  self.names = map_new(arena);
  self.defs = map_new(arena);
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    if (script_type_left_out(arena, def->type).len) continue;
    (void)script_declared_name(&self, def);
    (void)script_type(&self, def->type);
  }
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    if (script_function_left_out(arena, function).len) continue;
    vec_push(arena, &self.functions, function);
    for (uint32_t p = 0; p < function->param_count; p++) (void)script_type(&self, function->params[p].type);
    if (function->result) (void)script_type(&self, function->result);
  }
  return self;
}

ScriptFiles bind_assemblyscript(Arena *arena, const Interface *interface, Str implementation)
{
  ScriptBinding self = script_binding_new(arena, interface);
  Str types = script_types(&self);
  return (ScriptFiles){types, script_glue(&self, implementation)};
}

Str script_export_name(Arena *arena, const Interface *interface, Str name)
{
  uint64_t number;
  if (!str_starts_with(name, STR("e")) && !str_starts_with(name, STR("p"))) return name;
  if (!str_to_u64(str_slice(name, 1, name.len), &number)) return name;
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    if (script_function_left_out(arena, function).len || number-- != 0) continue;
    Str version = interface->package->version;
    return str_format(arena, "%s%.*s%s%.*s#%.*s", name.at[0] == 'p' ? "cabi_post_" : "",
                      STR_ARG(interface->id), version.len ? "@" : "", STR_ARG(version),
                      STR_ARG(function->name));
  }
  return name;
}
