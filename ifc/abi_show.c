#include "ifc/abi_show.h"

#include "ifc/abi_internal.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"

/* --- scopes */

static Str versioned(Arena *arena, Str id, const Package *package)
{
  Str version = package ? package->version : STR("");
  return str_format(arena, "%.*s%s%.*s", STR_ARG(id), version.len ? "@" : "", STR_ARG(version));
}

AbiScope abi_scope_of_interface(Arena *arena, const Interface *interface)
{
  AbiScope self = {.id = interface->id};
  self.imports = versioned(arena, interface->id, interface->package);
  self.prefix = str_format(arena, "%.*s#", STR_ARG(self.imports));
  self.functions = arena_array_of(arena, const Function *, interface->function_count);
  self.types = arena_array_of(arena, const TypeDef *, interface->typedef_count);
  for (uint32_t i = 0; i < interface->function_count; i++)
    self.functions[self.function_count++] = &interface->functions[i];
  for (uint32_t i = 0; i < interface->typedef_count; i++)
    self.types[self.type_count++] = &interface->typedefs[i];
  return self;
}

static void add_world_items(AbiScope *self, const WorldItem *items, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    if (items[i].kind == WORLD_FUNCTION) self->functions[self->function_count++] = items[i].function;
    if (items[i].kind == WORLD_TYPE) self->types[self->type_count++] = items[i].type;
  }
}

AbiScope abi_scope_of_world(Arena *arena, const World *world)
{
  AbiScope self = {.id = world->id, .imports = STR("$root")};
  self.functions = arena_array_of(arena, const Function *, world->import_count + world->export_count);
  self.types = arena_array_of(arena, const TypeDef *, world->import_count + world->export_count);
  add_world_items(&self, world->imports, world->import_count);
  add_world_items(&self, world->exports, world->export_count);
  return self;
}

const Function *abi_scope_function(const AbiScope *self, Str name)
{
  for (uint32_t i = 0; i < self->function_count; i++) {
    const Function *function = self->functions[i];
    size_t bracket = str_find(function->name, STR("]"));
    Str bare =
        bracket == SIZE_MAX ? function->name : str_slice(function->name, bracket + 1, function->name.len);
    if (str_equal(function->name, name) || str_equal(bare, name)) return function;
  }
  return NULL;
}

/* The names that types are written by, each type walked once. */
typedef struct Reach {
  Arena *arena;
  Map *types, *names;
} Reach;

static Str pointer_key(Arena *arena, const void *pointer)
{
  return str_copy(arena, (Str){(const char *)&pointer, sizeof pointer});
}

static void reach(Reach *self, const Type *type)
{
  if (!type || map_put(self->types, pointer_key(self->arena, type), self)) return;
  if (type->alias) map_put(self->names, pointer_key(self->arena, type->alias), self);
  if (type->named) map_put(self->names, pointer_key(self->arena, type->named), self);
  reach(self, type->element);
  reach(self, type->error);
  for (uint32_t i = 0; type->fields && i < type->count; i++) reach(self, type->fields[i].type);
}

static bool is_reached(const Reach *self, const TypeDef *def)
{
  for (const TypeDef *at = def; at; at = at->alias)
    if (map_get(self->names, pointer_key(self->arena, at))) return true;
  return false;
}

AbiScope abi_scope_with(Arena *arena, const AbiScope *self, const Function *function)
{
  Reach all = {arena, map_new(arena), map_new(arena)};
  AbiScope out = *self;
  out.functions = arena_array_of(arena, const Function *, 1);
  out.types = arena_array_of(arena, const TypeDef *, self->type_count);
  out.functions[0] = function;
  out.function_count = 1;
  out.type_count = 0;
  for (uint32_t i = 0; i < function->param_count; i++) reach(&all, function->params[i].type);
  reach(&all, function->result);
  for (uint32_t i = 0; i < self->type_count; i++)
    if (is_reached(&all, self->types[i])) out.types[out.type_count++] = self->types[i];
  return out;
}

/* --- what both forms tell */

AbiFunction abi_function(Arena *arena, const AbiScope *scope, const Function *function)
{
  AbiFunction self = {.function = function, .export = function_export_signature(function)};
  self.export_name = str_format(arena, "%.*s%.*s", STR_ARG(scope->prefix), STR_ARG(function->name));
  self.import = self.export;
  if (self.import.spilled_results) {
    self.import.params[self.import.param_count++] = CORE_I32;
    self.import.result_count = 0;
  }
  self.offsets = arena_array_of(arena, uint32_t, function->param_count + 1U);
  Field *fields = arena_array_of(arena, Field, function->param_count + 1U);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  Type tuple = {.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
  if (self.export.spilled_params) {
    type_field_offsets(&tuple, self.offsets);
    self.params = type_layout(&tuple);
  }
  return self;
}

AbiFlat abi_flat(const Type *type)
{
  AbiFlat self = {.count = type_flat_count(type, ABI_FLAT_TOLD)};
  size_t there = type_flatten(type, self.types, ABI_FLAT_TOLD);
  self.is_cut = there > ABI_FLAT_TOLD;
  if (self.is_cut) self.count = ABI_FLAT_TOLD;
  return self;
}

bool abi_has_cases(const Type *type)
{
  return type->kind == TYPE_VARIANT || type->kind == TYPE_ENUM || type->kind == TYPE_OPTION ||
         type->kind == TYPE_RESULT;
}
