/* One random change of a model that must change what it means, and which of its interfaces and worlds that
 * concerns. */
#ifndef TESTS_UNIT_IFC_WIT_MODEL_CHANGE_H
#define TESTS_UNIT_IFC_WIT_MODEL_CHANGE_H

#include "tests/unit/ifc/wit_model.h"

/* What changes with it. */
typedef struct ModelEffect {
  const char *what;
  bool interfaces[MODEL_INTERFACES_MAX], worlds[MODEL_WORLDS_MAX];
} ModelEffect;

/* A function of an interface, an inline interface or a world. */
typedef struct ModelSite {
  ModelScope *scope;
  ModelFunctions *functions;
  uint32_t index; /* of the function */
} ModelSite;

typedef VEC(ModelSite) ModelSites;

static inline void change_collect(Model *self, ModelScope *scope, ModelFunctions *functions, ModelSites *out)
{
  for (uint32_t i = 0; i < functions->len; i++) vec_push(self->arena, out, (ModelSite){scope, functions, i});
}

static inline ModelSites change_sites(Model *self)
{
  ModelSites out = {0};
  for (uint32_t i = 0; i < self->interface_count; i++)
    change_collect(self, &self->interfaces[i], &self->interfaces[i].functions, &out);
  for (uint32_t i = 0; i < self->world_count; i++) {
    ModelWorld *world = &self->worlds[i];
    change_collect(self, &world->scope, &world->scope.functions, &out);
    change_collect(self, &world->scope, &world->exports, &out);
    for (size_t k = 0; k < world->items.len; k++)
      if (world->items.at[k].is_inline)
        change_collect(self, world->items.at[k].interface, &world->items.at[k].interface->functions, &out);
  }
  return out;
}

/* The scope's own text is another one. */
static inline void change_mark(const Model *self, ModelEffect *effect, const ModelScope *scope)
{
  for (uint32_t i = 0; i < self->interface_count; i++)
    if (scope == &self->interfaces[i]) effect->interfaces[i] = true;
  for (uint32_t i = 0; i < self->world_count; i++) {
    const ModelWorld *world = &self->worlds[i];
    if (scope == &world->scope) effect->worlds[i] = true;
    for (size_t k = 0; k < world->items.len; k++)
      if (world->items.at[k].is_inline && world->items.at[k].interface == scope) effect->worlds[i] = true;
  }
}

static inline bool change_reaches(const Model *self, const ModelEffect *effect, const ModelType *type)
{
  if (!type) return false;
  for (uint32_t i = 0; i < self->interface_count; i++)
    if (effect->interfaces[i] && type->home == &self->interfaces[i]) return true;
  for (uint32_t i = 0; type->parts && i < type->count; i++)
    if (change_reaches(self, effect, type->parts[i])) return true;
  return false;
}

/* Who has a resource of a changed interface changes, and worlds with all that they import and export. */
static inline void change_spread(const Model *self, ModelEffect *effect)
{
  for (uint32_t i = 0; i < self->interface_count; i++) {
    const ModelFunctions *functions = &self->interfaces[i].functions;
    for (size_t k = 0; k < functions->len; k++) {
      const ModelFunction *function = functions->at[k];
      bool reaches = change_reaches(self, effect, function->result);
      for (size_t p = 0; p < function->params.len; p++)
        reaches = reaches || change_reaches(self, effect, function->params.at[p].type);
      if (reaches) effect->interfaces[i] = true;
    }
  }
  for (uint32_t i = 0; i < self->world_count; i++) {
    const ModelWorld *world = &self->worlds[i];
    bool in[MODEL_INTERFACES_MAX];
    for (uint32_t k = 0; k < MODEL_INTERFACES_MAX; k++) in[k] = world->scope.uses[k];
    for (size_t k = 0; k < world->items.len; k++) {
      const ModelItem *item = &world->items.at[k];
      if (!item->is_inline) in[model_index(self, item->interface)] = true;
      for (uint32_t used = 0; used < item->interface->limit; used++)
        in[used] = in[used] || item->interface->uses[used];
    }
    model_close(self, in);
    for (uint32_t k = 0; k < self->interface_count; k++)
      if (in[k] && effect->interfaces[k]) effect->worlds[i] = true;
  }
}

/* A random type that the function reaches, wanted or not: the address where it hangs. */
static inline ModelType **change_node(Model *self, ModelFunction *function)
{
  uint32_t at = model_below(self, (uint32_t)function->params.len + 1);
  ModelType **node = at < function->params.len ? &function->params.at[at].type : &function->result;
  while (*node && (*node)->parts && (*node)->count && !model_chance(self, 3)) {
    ModelType **part = &(*node)->parts[model_below(self, (*node)->count)];
    if (!*part || (*node)->kind == TYPE_MAP) break; /* a key's kinds are few */
    node = part;
  }
  return *node ? node : NULL;
}

static inline const char *change_function(Model *self, ModelScope *scope, ModelFunction *function)
{
  bool is_constructor = function->kind == FUNCTION_CONSTRUCTOR;
  switch (model_below(self, 4)) {
  case 0:
    if (is_constructor) return NULL;
    function->name = model_fresh(self, "renamed");
    return "a function's name";
  case 1:
    if (is_constructor) return NULL;
    function->is_async = !function->is_async;
    return "whether a function is asynchronous";
  case 2:
    if (is_constructor || (function->kind == FUNCTION_FREE && (scope->is_world || !scope->resources.len)))
      return NULL;
    if (function->kind == FUNCTION_FREE) function->resource = 0;
    function->kind = function->kind == FUNCTION_METHOD ? FUNCTION_STATIC
                     : function->kind == FUNCTION_FREE ? FUNCTION_METHOD
                                                       : FUNCTION_FREE;
    return "a function's kind";
  default:
    if (function->result) {
      function->result = NULL;
      if (is_constructor) function->is_fallible = false;
    } else {
      function->result = model_simple(self, TYPE_STRING);
      if (is_constructor) function->is_fallible = true;
    }
    return "a function's result";
  }
}

static inline const char *change_params(Model *self, ModelFunction *function)
{
  ModelParams *params = &function->params;
  uint32_t count = (uint32_t)params->len, at = count ? model_below(self, count) : 0;
  switch (model_below(self, 4)) {
  case 0:
    vec_push(self->arena, params, (ModelParam){model_fresh(self, "more"), model_simple(self, TYPE_U8)});
    return "one parameter more";
  case 1:
    if (!count) return NULL;
    params->len--;
    return "one parameter less";
  case 2:
    if (!count) return NULL;
    params->at[at].name = model_fresh(self, "renamed");
    return "a parameter's name";
  default:
    if (count < 2) return NULL;
    ModelParam first = params->at[0];
    params->at[0] = params->at[count - 1];
    params->at[count - 1] = first;
    return "the parameters' order";
  }
}

/* What has names: a record, variant, enum or flags. */
static inline const char *change_names(Model *self, ModelType *type)
{
  uint32_t last = type->count - 1, at = model_below(self, type->count);
  Str first_name = type->names[0];
  switch (model_below(self, 4)) {
  case 0: type->names[at] = model_fresh(self, "renamed"); return "the name of a field, case or flag";
  case 1:
    if (!last) return NULL;
    type->names[0] = type->names[last];
    type->names[last] = first_name;
    if (type->parts) {
      ModelType *first = type->parts[0];
      type->parts[0] = type->parts[last];
      type->parts[last] = first;
    }
    return "the order of fields, cases or flags";
  case 2:
    if (!last) return NULL;
    type->count--;
    return "one field, case or flag less";
  default:
    if (type->kind != TYPE_VARIANT) return NULL;
    type->parts[at] = type->parts[at] ? NULL : model_simple(self, TYPE_U8);
    return "a case's payload";
  }
}

/* Another kind of type around the same parts. */
static inline const char *change_kind(Model *self, ModelType *type)
{
  switch (type->kind) {
  case TYPE_RECORD: type->kind = TYPE_TUPLE, type->names = NULL; return "a record became a tuple";
  case TYPE_ENUM: type->kind = TYPE_FLAGS; return "an enum became flags";
  case TYPE_FLAGS:
    type->kind = TYPE_VARIANT;
    type->parts = arena_array_of(self->arena, ModelType *, type->count + 1);
    return "flags became a variant";
  case TYPE_LIST: type->kind = TYPE_FIXED_LIST; return "a list's length became fixed";
  case TYPE_FIXED_LIST: type->length++; return "a list's length";
  case TYPE_OPTION: type->kind = TYPE_LIST; return "an option became a list";
  case TYPE_BORROW: type->kind = TYPE_OWN; return "what was borrowed is owned";
  case TYPE_OWN:
    if (type->home->resources.len < 2) return NULL;
    type->resource = (type->resource + 1) % (uint32_t)type->home->resources.len;
    return "a handle of another resource";
  case TYPE_STREAM:
    if (type->count && type->parts[0]) return NULL;
    type->kind = TYPE_FUTURE;
    return "a stream became a future";
  default: return NULL;
  }
}

static inline const char *change_type(Model *self, ModelFunction *function)
{
  ModelType **node = change_node(self, function);
  if (!node) return NULL;
  if ((*node)->names && model_chance(self, 2)) return change_names(self, *node);
  if (model_chance(self, 2)) return change_kind(self, *node);
  ModelType *list = model_simple(self, TYPE_LIST);
  list->count = 1;
  list->parts = arena_array_of(self->arena, ModelType *, 1);
  list->parts[0] = *node;
  *node = list;
  return "a type became a list of it";
}

/* Something about an interface as a whole. */
static inline const char *change_interface(Model *self, ModelEffect *effect)
{
  uint32_t at = model_below(self, self->interface_count);
  ModelScope *interface = &self->interfaces[at];
  ModelPackage *package = &self->packages[interface->package];
  effect->interfaces[at] = true;
  switch (model_below(self, 5)) {
  case 0: interface->name = model_fresh(self, "renamed"); return "an interface's name";
  case 1: vec_push(self->arena, &interface->resources, model_fresh(self, "more")); return "one resource more";
  case 2:
    if (!interface->resources.len) return NULL;
    interface->resources.at[0] = model_fresh(self, "renamed");
    return "a resource's name";
  case 3: {
    ModelFunction *more = arena_new_of(self->arena, ModelFunction);
    more->name = model_fresh(self, "more");
    vec_push(self->arena, &interface->functions, more);
    return "one function more";
  }
  default:
    *(model_chance(self, 2) ? &package->name : &package->namespace) = model_fresh(self, "renamed");
    for (uint32_t i = 0; i < self->interface_count; i++)
      effect->interfaces[i] = self->interfaces[i].package == interface->package;
    for (uint32_t i = 0; i < self->world_count; i++)
      effect->worlds[i] = self->worlds[i].scope.package == interface->package;
    return "a package's name";
  }
}

static inline const char *change_item(Model *self, ModelWorld *world, ModelItem *item)
{
  if (!item->name.len) return NULL;
  if (model_chance(self, 2)) {
    item->name = model_fresh(self, "renamed");
    return "the name of an import or export";
  }
  if (!item->is_inline || item->is_export) return NULL;
  for (uint32_t i = 0; i < world->scope.limit; i++)
    if (item->interface->uses[i]) return NULL; /* as an export it might take those from elsewhere */
  item->is_export = true;
  return "an import became an export";
}

static inline const char *change_world(Model *self, ModelEffect *effect)
{
  if (!self->world_count) return NULL;
  uint32_t at = model_below(self, self->world_count);
  ModelWorld *world = &self->worlds[at];
  effect->worlds[at] = true;
  switch (model_below(self, 5)) {
  case 0: world->scope.name = model_fresh(self, "renamed"); return "a world's name";
  case 1: {
    ModelFunction *more = arena_new_of(self->arena, ModelFunction);
    more->name = model_fresh(self, "more");
    ModelFunctions *functions = model_chance(self, 2) ? &world->exports : &world->scope.functions;
    vec_push(self->arena, functions, more);
    return "one import or export more";
  }
  case 2:
    vec_push(self->arena, &world->scope.resources, model_fresh(self, "more"));
    return "one resource more in a world";
  case 3:
    if (!world->exports.len) return NULL;
    vec_push(self->arena, &world->scope.functions, vec_last(&world->exports));
    world->exports.len--;
    return "an exported function became imported";
  default:
    if (!world->items.len) return NULL;
    return change_item(self, world, &world->items.at[model_below(self, (uint32_t)world->items.len)]);
  }
}

static inline const char *change_site(Model *self, ModelEffect *effect)
{
  ModelSites sites = change_sites(self);
  if (!sites.len) return NULL;
  ModelSite site = sites.at[model_below(self, (uint32_t)sites.len)];
  ModelFunction *function = site.functions->at[site.index];
  change_mark(self, effect, site.scope);
  uint32_t choice = model_below(self, 8);
  if (choice == 0) {
    site.functions->at[site.index] = vec_last(site.functions);
    site.functions->len--;
    return "one function less";
  }
  if (choice <= 2) return change_function(self, site.scope, function);
  if (choice <= 4) return change_params(self, function);
  return change_type(self, function);
}

/* Changes one thing. */
static inline ModelEffect model_change(Model *self)
{
  for (;;) {
    ModelEffect effect = {0};
    switch (model_below(self, 8)) {
    case 0: effect.what = change_interface(self, &effect); break;
    case 1:
    case 2: effect.what = change_world(self, &effect); break;
    default: effect.what = change_site(self, &effect); break;
    }
    if (!effect.what) continue; /* it did not apply, and nothing was touched */
    change_spread(self, &effect);
    return effect;
  }
}

#endif
