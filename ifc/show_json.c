/* The resolved form as the reference parser prints it (wit-parser's Resolve): arenas of interfaces, types and
 * packages that refer to each other by index. Names as they were written count here, so this reads syntax. */
#include "ifc/ast.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/lex.h"
#include "ifc/show.h"

typedef struct Writer {
  Arena *arena;
  const Package *package;
  Map *ids;     /* of types: by the TypeDef's address, or by what an unnamed type is */
  int64_t next; /* the first id that is free */
  Json *types;
  VEC(Json *) unnamed; /* come behind all named types */
} Writer;

static Str address_key(Arena *arena, const TypeDef *def)
{
  const TypeDef **key = arena_new_of(arena, const TypeDef *);
  *key = def;
  return (Str){(const char *)key, sizeof *key};
}

static int64_t add_id(Writer *self, Str key)
{
  int64_t *id = arena_new_of(self->arena, int64_t);
  *id = self->next++;
  map_put(self->ids, key, id);
  return *id;
}

static void put_docs(Writer *self, Json *object, AstDocs docs)
{
  Str text = docs_text(self->arena, docs.comments);
  if (!text.len) return;
  Json *contents = jv_object(self->arena);
  jv_set_string(contents, STR("contents"), text);
  jv_set(object, STR("docs"), contents);
}

static void put_stability(Writer *self, Json *object, const AstGate *gate)
{
  if (!gate->since.text.len) return;
  Json *stable = jv_object(self->arena), *stability = jv_object(self->arena);
  jv_set_string(stable, STR("since"), gate->since.text);
  if (gate->deprecated.text.len) jv_set_string(stable, STR("deprecated"), gate->deprecated.text);
  jv_set(stability, STR("stable"), stable);
  jv_set(object, STR("stability"), stability);
}

static Json *type_reference(Writer *self, const AstType *type);

static Json *reference_or_null(Writer *self, const AstType *type)
{
  return type ? type_reference(self, type) : jv_null(self->arena);
}

/* {"list": T}, {"result": {…}}, …: what is around the parts. */
static Json *kind_around(Writer *self, const AstType *type)
{
  Json *kind = jv_object(self->arena), *inner;
  const AstType *first = type->part_count ? type->parts[0] : NULL;
  if (type->built_in == TYPE_TUPLE) {
    Json *types = jv_array(self->arena);
    for (uint32_t i = 0; i < type->part_count; i++) jv_push(types, type_reference(self, type->parts[i]));
    inner = jv_object(self->arena);
    jv_set(inner, STR("types"), types);
  } else if (type->built_in == TYPE_RESULT) {
    inner = jv_object(self->arena);
    jv_set(inner, STR("ok"), reference_or_null(self, first));
    jv_set(inner, STR("err"), reference_or_null(self, type->part_count > 1 ? type->parts[1] : NULL));
  } else {
    inner = reference_or_null(self, first);
  }
  jv_set(kind, type_kind_name(type->built_in), inner);
  return kind;
}

/* The id of an unnamed type; equal ones are one. */
static Json *unnamed_reference(Writer *self, const AstType *type)
{
  Json *kind = kind_around(self, type);
  Buf key = buf_in(self->arena);
  jv_print(kind, &key);
  const int64_t *known = map_get(self->ids, buf_text(&key));
  if (known) return jv_integer(self->arena, *known);
  Json *object = jv_object(self->arena);
  jv_set(object, STR("name"), jv_null(self->arena));
  jv_set(object, STR("kind"), kind);
  jv_set(object, STR("owner"), jv_null(self->arena));
  vec_push(self->arena, &self->unnamed, object);
  return jv_integer(self->arena, add_id(self, buf_text(&key)));
}

static Json *type_reference(Writer *self, const AstType *type)
{
  if (type->kind == AST_TYPE_NAME) {
    const TypeDef *target = type->target;
    const int64_t *id = map_get(self->ids, (Str){(const char *)&target, sizeof target});
    return jv_integer(self->arena, *id);
  }
  if (type->built_in <= TYPE_STRING) return jv_string(self->arena, type_kind_name(type->built_in));
  return unnamed_reference(self, type);
}

typedef struct BlockWords {
  Str kind, parts;
} BlockWords;

static BlockWords block_words(AstItemKind kind)
{
  switch (kind) {
  case AST_ITEM_RECORD: return (BlockWords){STR("record"), STR("fields")};
  case AST_ITEM_VARIANT: return (BlockWords){STR("variant"), STR("cases")};
  case AST_ITEM_ENUM: return (BlockWords){STR("enum"), STR("cases")};
  default: return (BlockWords){STR("flags"), STR("flags")};
  }
}

static Json *kind_of_block(Writer *self, const AstItem *item)
{
  Json *kind = jv_object(self->arena), *inner = jv_object(self->arena), *parts = jv_array(self->arena);
  BlockWords words = block_words(item->kind);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstField *field = &item->fields[i];
    Json *part = jv_object(self->arena);
    jv_set_string(part, STR("name"), field->name.text);
    bool typed = item->kind == AST_ITEM_RECORD || item->kind == AST_ITEM_VARIANT;
    if (typed) jv_set(part, STR("type"), reference_or_null(self, field->type));
    put_docs(self, part, field->docs);
    jv_push(parts, part);
  }
  jv_set(inner, words.parts, parts);
  jv_set(kind, words.kind, inner);
  return kind;
}

static Json *kind_of_alias(Writer *self, const AstType *type)
{
  if (type->kind == AST_TYPE_BUILT_IN && type->built_in > TYPE_STRING) return kind_around(self, type);
  Json *kind = jv_object(self->arena);
  jv_set(kind, STR("type"), type_reference(self, type));
  return kind;
}

static Json *kind_of_use(Writer *self, const TypeDef *def)
{
  const int64_t *id = map_get(self->ids, (Str){(const char *)&def->alias, sizeof def->alias});
  Json *kind = jv_object(self->arena);
  jv_set_integer(kind, STR("type"), *id);
  return kind;
}

static void put_type(Writer *self, int64_t owner_id, const TypeDef *def, const AstItem *item, Json *names)
{
  Json *object = jv_object(self->arena), *owner = jv_object(self->arena), *kind;
  if (item->kind == AST_ITEM_USE)
    kind = kind_of_use(self, def);
  else if (item->kind == AST_ITEM_ALIAS)
    kind = kind_of_alias(self, item->type);
  else
    kind = kind_of_block(self, item);
  jv_set_integer(owner, STR("interface"), owner_id);
  jv_set_string(object, STR("name"), def->name);
  jv_set(object, STR("kind"), kind);
  jv_set(object, STR("owner"), owner);
  if (item->kind != AST_ITEM_USE) put_docs(self, object, item->docs);
  put_stability(self, object, &item->gate);
  jv_set_integer(names, def->name, (int64_t)jv_count(self->types));
  jv_push(self->types, object);
}

static Json *function_json(Writer *self, const AstItem *item)
{
  Json *function = jv_object(self->arena), *params = jv_array(self->arena);
  for (uint32_t i = 0; i < item->field_count; i++) {
    Json *param = jv_object(self->arena);
    jv_set_string(param, STR("name"), item->fields[i].name.text);
    jv_set(param, STR("type"), type_reference(self, item->fields[i].type));
    jv_push(params, param);
  }
  jv_set_string(function, STR("name"), item->name.text);
  jv_set_string(function, STR("kind"), STR("freestanding"));
  jv_set(function, STR("params"), params);
  if (item->type) jv_set(function, STR("result"), type_reference(self, item->type));
  put_docs(self, function, item->docs);
  put_stability(self, function, &item->gate);
  return function;
}

static Json *interface_json(Writer *self, int64_t id, const Interface *interface, const AstInterface *ast)
{
  Json *object = jv_object(self->arena);
  Json *types = jv_object(self->arena), *functions = jv_object(self->arena);
  const TypeDef *def = interface->typedefs;
  for (uint32_t i = 0; i < ast->item_count; i++) {
    const AstItem *item = &ast->items[i];
    if (item->left_out) continue;
    if (item->kind == AST_ITEM_FUNCTION) {
      jv_set(functions, item->name.text, function_json(self, item));
      continue;
    }
    uint32_t defs = item->kind == AST_ITEM_USE ? item->rename_count : 1;
    for (uint32_t k = 0; k < defs; k++) put_type(self, id, def++, item, types);
  }
  jv_set_string(object, STR("name"), interface->name);
  jv_set(object, STR("types"), types);
  jv_set(object, STR("functions"), functions);
  put_docs(self, object, ast->docs);
  put_stability(self, object, &ast->gate);
  jv_set_integer(object, STR("package"), 0);
  return object;
}

static Json *package_object(Writer *self, Json *names)
{
  const Package *package = self->package;
  Json *object = jv_object(self->arena);
  Str name = str_format(self->arena, "%.*s:%.*s%s%.*s", STR_ARG(package->namespace), STR_ARG(package->name),
                        package->version.len ? "@" : "", STR_ARG(package->version));
  jv_set_string(object, STR("name"), name);
  put_docs(self, object, package->written->header.docs);
  jv_set(object, STR("interfaces"), names);
  jv_set(object, STR("worlds"), jv_object(self->arena));
  return object;
}

static void number_types(Writer *self)
{
  for (uint32_t i = 0; i < self->package->interface_count; i++) {
    const Interface *interface = &self->package->interfaces[i];
    for (uint32_t k = 0; k < interface->typedef_count; k++)
      add_id(self, address_key(self->arena, &interface->typedefs[k]));
  }
}

Json *package_to_json(Arena *arena, const Package *self)
{
  Writer writer = {.arena = arena, .package = self, .ids = map_new(arena), .types = jv_array(arena)};
  Json *root = jv_object(arena), *interfaces = jv_array(arena), *names = jv_object(arena);
  Json *packages = jv_array(arena);
  int64_t id = 0;
  number_types(&writer);
  for (size_t i = 0; i < self->written->file_count; i++) {
    const AstFile *file = self->written->files[i];
    for (uint32_t k = 0; k < file->top_count; k++) {
      const AstInterface *ast = file->tops[k].interface;
      if (!ast || ast->left_out) continue;
      jv_set_integer(names, ast->name.text, id);
      jv_push(interfaces, interface_json(&writer, id, &self->interfaces[id], ast));
      id++;
    }
  }
  for (size_t i = 0; i < writer.unnamed.len; i++) jv_push(writer.types, writer.unnamed.at[i]);
  jv_push(packages, package_object(&writer, names));
  jv_set(root, STR("worlds"), jv_array(arena));
  jv_set(root, STR("interfaces"), interfaces);
  jv_set(root, STR("types"), writer.types);
  jv_set(root, STR("packages"), packages);
  return root;
}
