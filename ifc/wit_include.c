/* `include`: what another world imports and exports becomes this one's, maybe under other names. Types that a
 * world declares are its own, so they are copied, and with them all that is made of them. */
#include "ifc/wit_resolve.h"

#include <string.h>

/* One `include` while it is carried out. */
typedef struct Inclusion {
  Resolver *resolver;
  Arena *arena, *scratch;
  WorldScope *world;
  const WorldScope *from;
  const AstWorldItem *written;
  bool *used;    /* of its renames */
  Map *renames;  /* indices, from 1, by name */
  Map *typedefs; /* copies, by the addresses of what they are copies of */
  Map *types;
} Inclusion;

static void *copy_of(const Map *copies, const void *original)
{
  return map_get(copies, (Str){(const char *)&original, sizeof original});
}

static void keep_copy(const Inclusion *self, Map *copies, const void *original, void *copy)
{
  const void **key = arena_new_of(self->scratch, const void *);
  *key = original;
  map_put(copies, (Str){(const char *)key, sizeof *key}, copy);
}

static const TypeDef *copied_typedef(const Inclusion *self, const TypeDef *def)
{
  const TypeDef *copy = def ? copy_of(self->typedefs, def) : NULL;
  return copy ? copy : def;
}

static const Type *copy_type(Inclusion *self, const Type *type);

/* True when something in the fields had to be copied. */
static bool copy_fields(Inclusion *self, const Type *type, Field **out)
{
  bool changed = false;
  if (!type->fields) return false;
  *out = arena_array_of(self->arena, Field, type->count);
  memcpy(*out, type->fields, type->count * sizeof **out);
  for (uint32_t i = 0; i < type->count; i++) {
    (*out)[i].type = copy_type(self, type->fields[i].type);
    changed = changed || (*out)[i].type != type->fields[i].type;
  }
  return changed;
}

/* The type itself where nothing in it belongs to the included world. Recurses as deep as types are nested,
 * TYPE_DEPTH_MAX at most. */
static const Type *copy_type(Inclusion *self, const Type *type)
{
  if (!type || (type->kind <= TYPE_STRING && !type->alias)) return type;
  const Type *known = copy_of(self->types, type);
  if (known) return known;
  Type *copy = arena_new_of(self->arena, Type);
  Field *fields = NULL;
  *copy = *type;
  copy->named = copied_typedef(self, type->named);
  copy->alias = copied_typedef(self, type->alias);
  copy->element = copy_type(self, type->element);
  copy->error = copy_type(self, type->error);
  bool changed = copy_fields(self, type, &fields);
  if (changed) copy->fields = fields;
  changed = changed || copy->named != type->named || copy->alias != type->alias ||
            copy->element != type->element || copy->error != type->error;
  if (!changed) copy = (Type *)type;
  if (changed) self->resolver->world_items += 1 + (fields ? copy->count / 4 : 0); /* they take room as well */
  keep_copy(self, self->types, type, copy);
  return copy;
}

/* Those that it refers to are copied: they stand before it. */
static const TypeDef *copy_typedef(Inclusion *self, const TypeDef *def, Str name)
{
  TypeDef *copy = arena_new_of(self->arena, TypeDef);
  *copy = *def;
  keep_copy(self, self->typedefs, def, copy);
  copy->name = name;
  copy->world = self->world->out;
  copy->alias = copied_typedef(self, def->alias);
  copy->resource = copied_typedef(self, def->resource);
  copy->type = copy_type(self, def->type);
  return copy;
}

static const Function *copy_function(Inclusion *self, const Function *function, Str name)
{
  if (!map_count(self->typedefs) && str_equal(name, function->name)) return function;
  Function *copy = arena_new_of(self->arena, Function);
  Param *params = arena_array_of(self->arena, Param, function->param_count);
  *copy = *function;
  copy->name = name;
  if (!function->resource) copy->plain = name;
  for (uint32_t i = 0; i < function->param_count; i++)
    params[i] = (Param){function->params[i].name, copy_type(self, function->params[i].type)};
  copy->params = params;
  copy->result = copy_type(self, function->result);
  copy->resource = copied_typedef(self, function->resource);
  return copy;
}

/* What `with` makes of a name, or NULL. */
static const AstRename *find_rename(const Inclusion *self, Str name)
{
  const void *index = map_get(self->renames, name);
  if (!index) return NULL;
  self->used[(uintptr_t)index - 1] = true;
  return &self->written->renames[(uintptr_t)index - 1];
}

/* The name of an item in this world. Functions of a resource go by the resource's name: "[method]r.m". */
static Str renamed(const Inclusion *self, const WorldItem *item)
{
  const TypeDef *resource = item->function ? item->function->resource : NULL;
  const AstRename *rename = find_rename(self, resource ? resource->name : item->name);
  if (!rename) return item->name;
  if (!resource) return rename->as.text;
  size_t bracket = str_find(item->name, STR("]")), dot = str_find(item->name, STR("."));
  Str kind = str_slice(item->name, 0, bracket + 1), rest = str_slice(item->name, dot, item->name.len);
  return str_format(self->arena, "%.*s%.*s%.*s", STR_ARG(kind), STR_ARG(rename->as.text), STR_ARG(rest));
}

static void report_shadow(const Inclusion *self, const WorldItem *item, const WorldItem *first, Str name,
                          bool is_export)
{
  Diags *diags = self->resolver->diags;
  Span at = self->written->path->name.span;
  Str world = self->from->ast->name.text;
  const char *verb = is_export ? "exports" : "imports";
  Diag *diag;
  if (self->from->is_broken) return;
  if (str_equal(item->name, name))
    diag = diag_error(
        diags, DIAG_NAME, at,
        "world `%.*s` %s `%.*s`, but so does this world already: rename it, `include %.*s with { %.*s as "
        "… }`",
        STR_ARG(world), verb, STR_ARG(name), STR_ARG(world), STR_ARG(name));
  else
    diag = diag_error(
        diags, DIAG_NAME, at,
        "`%.*s` of world `%.*s` is renamed to `%.*s`, but this world %s that already: choose another name",
        STR_ARG(item->name), STR_ARG(world), STR_ARG(name), verb);
  diag_note(diags, diag, item->span, "what is included");
  diag_note(diags, diag, first->span, "what is there already");
}

static bool is_gated(const AstWorldItem *item)
{
  return item && item->gate && (item->gate->since.text.len || item->gate->unstable.text.len);
}

static bool same_gate(const AstGate *a, const AstGate *b)
{
  return str_equal(a->since.text, b->since.text) && str_equal(a->unstable.text, b->unstable.text) &&
         str_equal(a->deprecated.text, b->deprecated.text);
}

/* An interface that is there twice has one gate: versions of other packages say nothing here, and of a gate
 * and none the gate counts. */
static void merge_gates(const Inclusion *self, WorldItem *there, const WorldItem *item)
{
  bool is_foreign = self->from->types.unit != self->world->types.unit;
  Diags *diags = self->resolver->diags;
  if (!is_gated(item->gated)) return;
  if (is_foreign && item->gated->gate->since.text.len) {
    there->gated = NULL;
  } else if (!is_gated(there->gated)) {
    there->gated = item->gated;
  } else if (!same_gate(there->gated->gate, item->gated->gate)) {
    Diag *diag =
        diag_error(diags, DIAG_NAME, self->written->path->name.span,
                   "world `%.*s` has the interface `%.*s` with another gate than this one: gate both alike",
                   STR_ARG(self->from->ast->name.text), STR_ARG(item->interface->id));
    diag_note(diags, diag, item->span, "what is included");
    diag_note(diags, diag, there->span, "what is there already");
  }
}

/* Interfaces without a name are the same everywhere; the rest must be new. False: there are too many. */
static bool include_item(Inclusion *self, ItemList *list, const WorldItem *item, bool is_export)
{
  WorldItem copy = *item;
  if (item->name.len) {
    copy.name = renamed(self, item);
  } else {
    WorldItem *there = items_find(list, item->name, item->interface);
    merge_gates(self, there ? there : &copy, item);
    if (!there) return items_add(self->resolver, list, copy);
    there->implied = there->implied && item->implied;
    return true;
  }
  const WorldItem *first = items_find(list, copy.name, copy.interface);
  if (first) {
    report_shadow(self, item, first, copy.name, is_export);
    return true;
  }
  if (item->kind == WORLD_TYPE) copy.type = copy_typedef(self, item->type, copy.name);
  if (item->kind == WORLD_FUNCTION) copy.function = copy_function(self, item->function, copy.name);
  return items_add(self->resolver, list, copy);
}

static void check_renames(const Inclusion *self)
{
  Diags *diags = self->resolver->diags;
  for (uint32_t i = 0; i < self->written->rename_count; i++) {
    AstName name = self->written->renames[i].name;
    if (self->used[i]) continue;
    if (self->from->is_broken) continue; /* what is missing may be it */
    Diag *diag = diag_error(diags, DIAG_NAME, self->written->path->name.span,
                            "world `%.*s` has nothing called `%.*s` to rename",
                            STR_ARG(self->from->ast->name.text), STR_ARG(name.text));
    diag_note(diags, diag, name.span, "the name");
    diag_note(diags, diag, self->from->ast->name.span, "the world");
    diag_note(diags, diag, SPAN_NONE, "interfaces that are known by their path keep it");
  }
}

static void carry_out(Inclusion *self)
{
  const World *from = self->from->out;
  self->used = arena_array_of(self->scratch, bool, self->written->rename_count);
  for (uint32_t i = 0; i < self->written->rename_count; i++) {
    void *index = (void *)((uintptr_t)i + 1); // NOLINT(performance-no-int-to-ptr)
    map_put(self->renames, self->written->renames[i].name.text, index);
  }
  bool going = true;
  for (uint32_t i = 0; going && i < from->import_count; i++)
    going = include_item(self, &self->world->imports, &from->imports[i], false);
  for (uint32_t i = 0; going && i < from->export_count; i++)
    going = include_item(self, &self->world->exports, &from->exports[i], true);
  if (going) check_renames(self);
}

void world_include(WorldScope *self)
{
  size_t next = 0;
  Arena *scratch = self->imports.arena;
  for (uint32_t i = 0; i < self->ast->item_count; i++) {
    const AstWorldItem *item = &self->ast->items[i];
    if (item->kind != AST_WORLD_INCLUDE) continue;
    Inclusion inclusion = {.resolver = self->types.unit->resolver,
                           .scratch = scratch,
                           .world = self,
                           .from = self->includes.at[next++],
                           .written = item,
                           .renames = map_new(scratch),
                           .typedefs = map_new(scratch),
                           .types = map_new(scratch)};
    inclusion.arena = inclusion.resolver->arena;
    self->is_broken = self->is_broken || (!inclusion.from && !item->left_out);
    if (!inclusion.from) continue;
    self->is_broken = self->is_broken || inclusion.from->is_broken;
    carry_out(&inclusion);
  }
}
