/* Random packages as what they mean, without any spelling: what is the same however it is written. Printed by
 * wit_model_text.h, changed by wit_model_change.h. Interfaces use only those before them, packages too. */
#ifndef TESTS_UNIT_IFC_WIT_MODEL_H
#define TESTS_UNIT_IFC_WIT_MODEL_H

#include "ifc/base/rng.h"
#include "ifc/base/vec.h"
#include "ifc/type.h"

enum { MODEL_INTERFACES_MAX = 8, MODEL_PACKAGES_MAX = 3, MODEL_WORLDS_MAX = 2 };

typedef struct ModelScope ModelScope;

typedef struct ModelType ModelType;
struct ModelType {
  TypeKind kind;
  uint32_t count;         /* of parts; of an enum or flags: of names */
  Str *names;             /* of fields, cases or flags */
  ModelType **parts;      /* NULL: absent */
  uint32_t length;        /* of a list of fixed length */
  const ModelScope *home; /* of a handle: where its resource is declared */
  uint32_t resource;      /* of a handle: which one there */
};

typedef struct ModelParam {
  Str name;
  ModelType *type;
} ModelParam;

typedef VEC(ModelParam) ModelParams;

typedef struct ModelFunction {
  FunctionKind kind;
  Str name;          /* empty: a constructor */
  uint32_t resource; /* that it is a function of; a free one's is not used */
  bool is_async, is_fallible;
  ModelParams params;
  ModelType *result; /* NULL: none; of a fallible constructor: the error */
} ModelFunction;

typedef VEC(ModelFunction *) ModelFunctions;

/* An interface, an inline one, or a world's own types and imported functions. */
struct ModelScope {
  uint32_t package, limit; /* it may use the interfaces below `limit` */
  bool is_world;
  Str name;
  VEC(Str) resources;
  ModelFunctions functions;
  bool uses[MODEL_INTERFACES_MAX]; /* those that it has to `use`, where this can be seen */
};

typedef struct ModelItem {
  bool is_export;
  Str name; /* empty: known by its id */
  ModelScope *interface;
  bool is_inline;
} ModelItem;

typedef struct ModelWorld {
  ModelScope scope;
  ModelFunctions exports;
  VEC(ModelItem) items;
} ModelWorld;

/* Two packages may have the same name; then their versions differ. */
typedef struct ModelPackage {
  Str namespace, name;
} ModelPackage;

typedef struct Model {
  Arena *arena;
  Rng *rng;
  ModelPackage packages[MODEL_PACKAGES_MAX];
  ModelScope interfaces[MODEL_INTERFACES_MAX];
  ModelWorld worlds[MODEL_WORLDS_MAX];
  uint32_t package_count, interface_count, world_count;
  uint32_t fresh;         /* counts names that were made up */
  VEC(ModelType *) plain; /* types without handles, to be met again */
} Model;

static inline uint32_t model_below(Model *self, uint32_t bound)
{
  return (uint32_t)rng_below(self->rng, bound);
}

static inline bool model_chance(Model *self, uint32_t of)
{
  return model_below(self, of) == 0;
}

/* Names that collide with as much as possible; each is another one when case is ignored. */
static inline Str model_word(uint32_t index)
{
  static const char *const words[] = {
      "a",         "list",    "b-1",         "READ",          "func",    "type",   "utf-8",
      "stream",    "GET-all", "u8",          "resource",      "string",  "world",  "own",
      "interface", "x",       "constructor", "static",        "q1-z9",   "borrow", "record",
      "enum",      "map",     "use",         "error-context", "package", "result", "is-ok",
      "flags",     "future",  "option",      "tuple",         "include", "IMPORT", "bool",
      "async",     "with",    "as",          "from",          "F64",     "char",   "variant",
      "export"};
  return str_from_z(words[index % (sizeof words / sizeof *words)]);
}

/* A name that nothing else has. */
static inline Str model_fresh(Model *self, const char *what)
{
  return str_format(self->arena, "%s-x%u", what, self->fresh++);
}

static inline ModelType *model_simple(Model *self, TypeKind kind)
{
  ModelType *type = arena_new_of(self->arena, ModelType);
  type->kind = kind;
  return type;
}

/* Where a random type is made: what it may contain. */
typedef struct ModelPlace {
  ModelScope *scope; /* NULL: no handles */
  bool borrows;
  uint32_t depth;
} ModelPlace;

static inline ModelType *model_type(Model *self, ModelPlace place);

/* A handle of a resource that the scope can name, or NULL. */
static inline ModelType *model_handle(Model *self, ModelPlace place)
{
  if (!place.scope) return NULL;
  uint32_t at = model_below(self, place.scope->limit + 1);
  ModelScope *home = at == place.scope->limit ? place.scope : &self->interfaces[at];
  if (!home->resources.len) return NULL;
  if (home != place.scope) place.scope->uses[at] = true;
  ModelType *type = model_simple(self, place.borrows && model_chance(self, 2) ? TYPE_BORROW : TYPE_OWN);
  type->home = home;
  type->resource = model_below(self, (uint32_t)home->resources.len);
  return type;
}

static inline ModelType *model_leaf(Model *self)
{
  uint32_t kind = model_below(self, TYPE_STRING + 2);
  return model_simple(self, kind > TYPE_STRING ? TYPE_ERROR_CONTEXT : (TypeKind)kind);
}

/* `least` to `least` + 2 parts; those that may be absent are so by half. */
static inline void model_parts(Model *self, ModelType *type, ModelPlace place, uint32_t least, bool optional)
{
  type->count = least + model_below(self, 3);
  type->parts = arena_array_of(self->arena, ModelType *, type->count + 1);
  for (uint32_t i = 0; i < type->count; i++)
    if (!optional || model_chance(self, 2)) type->parts[i] = model_type(self, place);
}

static inline void model_names(Model *self, ModelType *type)
{
  uint32_t first = model_below(self, 100);
  type->names = arena_array_of(self->arena, Str, type->count + 1);
  for (uint32_t i = 0; i < type->count; i++) type->names[i] = model_word(first + i);
}

static inline void model_fill(Model *self, ModelType *type, ModelPlace place)
{
  static const TypeKind keys[] = {TYPE_STRING, TYPE_U8, TYPE_S64, TYPE_CHAR, TYPE_BOOL};
  switch (type->kind) {
  case TYPE_STREAM:
  case TYPE_FUTURE:
    place.borrows = false;
    model_parts(self, type, place, 0, true);
    if (type->count) type->count = 1;
    if (type->count && type->parts[0] && type->parts[0]->kind == TYPE_CHAR) type->parts[0]->kind = TYPE_U8;
    break;
  case TYPE_RESULT:
    model_parts(self, type, place, 2, true);
    type->count = 2;
    break;
  case TYPE_MAP:
    model_parts(self, type, place, 2, false);
    type->count = 2;
    type->parts[0] = model_simple(self, keys[model_below(self, sizeof keys / sizeof *keys)]);
    break;
  case TYPE_TUPLE: model_parts(self, type, place, 1, false); break;
  case TYPE_RECORD:
  case TYPE_VARIANT: model_parts(self, type, place, 1, type->kind == TYPE_VARIANT); break;
  case TYPE_ENUM:
  case TYPE_FLAGS: type->count = 1 + model_below(self, 4); break;
  default:
    model_parts(self, type, place, 1, false);
    type->count = 1;
    type->length = 1 + model_below(self, 30);
    break;
  }
  bool named = type->kind == TYPE_RECORD || type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM ||
               type->kind == TYPE_FLAGS;
  if (named) model_names(self, type);
}

static inline ModelType *model_copy(Model *self, const ModelType *type)
{
  if (!type) return NULL;
  ModelType *copy = model_simple(self, type->kind);
  *copy = *type;
  if (type->parts) copy->parts = arena_array_of(self->arena, ModelType *, type->count + 1);
  for (uint32_t i = 0; type->parts && i < type->count; i++) copy->parts[i] = model_copy(self, type->parts[i]);
  if (type->names) copy->names = arena_array_of(self->arena, Str, type->count + 1);
  for (uint32_t i = 0; type->names && i < type->count; i++) copy->names[i] = type->names[i];
  return copy;
}

static inline ModelType *model_type(Model *self, ModelPlace place)
{
  static const TypeKind kinds[] = {TYPE_LIST, TYPE_FIXED_LIST, TYPE_OPTION, TYPE_RESULT, TYPE_TUPLE,
                                   TYPE_MAP,  TYPE_STREAM,     TYPE_FUTURE, TYPE_RECORD, TYPE_RECORD,
                                   TYPE_ENUM, TYPE_VARIANT,    TYPE_FLAGS};
  if (model_chance(self, 4)) {
    ModelType *handle = model_handle(self, place);
    if (handle) return handle;
  }
  if (!place.depth || model_chance(self, 3)) return model_leaf(self);
  if (self->plain.len && model_chance(self, 4))
    return model_copy(self, self->plain.at[model_below(self, (uint32_t)self->plain.len)]);
  ModelType *type = model_simple(self, kinds[model_below(self, sizeof kinds / sizeof *kinds)]);
  place.depth--;
  bool plain = !place.scope || model_chance(self, 3);
  if (plain) place.scope = NULL;
  model_fill(self, type, place);
  if (plain) vec_push(self->arena, &self->plain, type);
  return type;
}

static inline ModelFunction *model_function(Model *self, ModelScope *scope, FunctionKind kind, Str name)
{
  ModelFunction *function = arena_new_of(self->arena, ModelFunction);
  *function = (ModelFunction){.kind = kind, .name = name};
  uint32_t count = model_below(self, 3), first = model_below(self, 100);
  if (kind != FUNCTION_FREE) function->resource = model_below(self, (uint32_t)scope->resources.len);
  for (uint32_t i = 0; i < count; i++)
    vec_push(self->arena, &function->params,
             (ModelParam){model_word(first + i), model_type(self, (ModelPlace){scope, true, 2})});
  if (model_chance(self, 2)) function->result = model_type(self, (ModelPlace){scope, false, 2});
  if (kind == FUNCTION_CONSTRUCTOR) {
    function->is_fallible = function->result || model_chance(self, 4);
  } else {
    function->is_async = model_chance(self, 4);
  }
  return function;
}

static inline void model_scope(Model *self, ModelScope *scope, uint32_t function_max)
{
  uint32_t first = model_below(self, 100), names = 0;
  for (uint32_t i = model_below(self, 3); i > 0; i--)
    vec_push(self->arena, &scope->resources, model_word(first + names++));
  if (scope->resources.len && model_chance(self, 2))
    vec_push(self->arena, &scope->functions, model_function(self, scope, FUNCTION_CONSTRUCTOR, STR("")));
  for (uint32_t i = model_below(self, function_max + 1); i > 0; i--) {
    FunctionKind kind = FUNCTION_FREE;
    if (scope->resources.len && model_chance(self, 2))
      kind = model_chance(self, 2) ? FUNCTION_METHOD : FUNCTION_STATIC;
    Str name = model_word(first + names++);
    vec_push(self->arena, &scope->functions, model_function(self, scope, kind, name));
  }
  for (uint32_t i = 0; i < scope->limit; i++)
    if (model_chance(self, 6)) scope->uses[i] = true;
}

/* All that is used by these interfaces, and themselves. */
static inline void model_close(const Model *self, bool *interfaces)
{
  for (uint32_t i = self->interface_count; i-- > 0;)
    for (uint32_t used = 0; interfaces[i] && used < i; used++)
      if (self->interfaces[i].uses[used]) interfaces[used] = true;
}

static inline uint32_t model_index(const Model *self, const ModelScope *interface)
{
  return (uint32_t)(interface - self->interfaces);
}

/* What an exported interface uses is exported too, or leads to nothing that is. */
static inline bool model_export_agrees(const Model *self, const ModelScope *interface, const bool *exported)
{
  for (uint32_t used = 0; used < interface->limit; used++) {
    if (!interface->uses[used] || exported[used]) continue;
    bool below[MODEL_INTERFACES_MAX] = {0};
    below[used] = true;
    model_close(self, below);
    for (uint32_t k = 0; k <= used; k++)
      if (below[k] && exported[k]) return false;
  }
  return true;
}

static inline bool model_exports_agree(const Model *self, const bool *exported)
{
  for (uint32_t i = 0; i < self->interface_count; i++)
    if (exported[i] && !model_export_agrees(self, &self->interfaces[i], exported)) return false;
  return true;
}

static inline void model_world_items(Model *self, ModelWorld *world)
{
  bool exported[MODEL_INTERFACES_MAX] = {0};
  bool any = false;
  uint32_t limit = world->scope.limit;
  for (uint32_t i = 0; i < limit; i++) {
    exported[i] = model_chance(self, 3);
    if (!model_exports_agree(self, exported)) exported[i] = false;
    any = any || exported[i];
  }
  for (uint32_t i = 0; i < limit; i++) {
    ModelScope *interface = &self->interfaces[i];
    if (exported[i])
      vec_push(self->arena, &world->items, (ModelItem){.is_export = true, .interface = interface});
    if (model_chance(self, 4)) vec_push(self->arena, &world->items, (ModelItem){.interface = interface});
    if (model_chance(self, 6))
      vec_push(self->arena, &world->items,
               (ModelItem){.name = model_fresh(self, "named"), .interface = interface});
  }
  if (!any && model_chance(self, 2)) {
    uint32_t at = model_below(self, limit);
    exported[at] = true;
    vec_push(self->arena, &world->items,
             (ModelItem){
                 .is_export = true, .name = model_fresh(self, "named"), .interface = &self->interfaces[at]});
  }
  for (uint32_t i = model_below(self, 3); i > 0; i--) {
    ModelScope *scope = arena_new_of(self->arena, ModelScope);
    *scope = (ModelScope){.package = world->scope.package, .limit = limit};
    model_scope(self, scope, 2);
    vec_push(self->arena, &world->items,
             (ModelItem){.is_export = model_chance(self, 2) && model_export_agrees(self, scope, exported),
                         .name = model_fresh(self, "inline"),
                         .interface = scope,
                         .is_inline = true});
  }
}

static inline void model_world(Model *self, ModelWorld *world, uint32_t package, uint32_t index)
{
  uint32_t limit = 0;
  while (limit < self->interface_count && self->interfaces[limit].package <= package) limit++;
  *world = (ModelWorld){.scope = {.package = package, .limit = limit, .is_world = true}};
  world->scope.name = str_format(self->arena, "w-%u", index);
  model_scope(self, &world->scope, 3);
  for (uint32_t i = model_below(self, 3); i > 0; i--)
    vec_push(self->arena, &world->exports,
             model_function(self, &world->scope, FUNCTION_FREE, model_fresh(self, "out")));
  model_world_items(self, world);
}

/* With worlds or without: only in a world it matters what is `use`d. */
static inline Model *model_make(Arena *arena, Rng *rng)
{
  Model *self = arena_new_of(arena, Model);
  *self = (Model){.arena = arena, .rng = rng};
  self->package_count = 1 + model_below(self, MODEL_PACKAGES_MAX);
  self->interface_count =
      self->package_count + model_below(self, MODEL_INTERFACES_MAX + 1 - self->package_count);
  bool twins = self->package_count > 1 && model_chance(self, 3);
  uint32_t word = model_below(self, 100), package = 0;
  for (uint32_t i = 0; i < self->package_count; i++)
    self->packages[i] = (ModelPackage){model_word(word), model_word(word + (twins && i == 1 ? 0 : i))};
  for (uint32_t i = 0; i < self->interface_count; i++) {
    ModelScope *interface = &self->interfaces[i];
    uint32_t left = self->interface_count - i, wanted = self->package_count - 1 - package;
    if (i > 0 && wanted && (left == wanted || model_chance(self, 2))) package++;
    *interface = (ModelScope){.package = package, .limit = i, .name = model_word(word + (twins ? i / 2 : i))};
    for (uint32_t k = 0; k < i; k++) /* twins share names, but not within one package */
      if (self->interfaces[k].package == package && str_equal(self->interfaces[k].name, interface->name))
        interface->name = model_fresh(self, "i");
    model_scope(self, interface, 3);
  }
  self->world_count = model_chance(self, 2) ? 0 : 1 + model_below(self, MODEL_WORLDS_MAX);
  for (uint32_t i = 0; i < self->world_count; i++)
    model_world(self, &self->worlds[i], model_below(self, self->package_count), i);
  return self;
}

#endif
