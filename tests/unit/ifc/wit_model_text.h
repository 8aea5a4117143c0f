/* Prints a model as WIT in a random way: order, white space, comments, gates, names of types, where types are
 * declared and where `use` takes them from, versions, files, nesting of packages, includes. */
#ifndef TESTS_UNIT_IFC_WIT_MODEL_TEXT_H
#define TESTS_UNIT_IFC_WIT_MODEL_TEXT_H

#include "ifc/base/buf.h"
#include "tests/unit/ifc/wit_model.h"

/* A name that a scope has for a type, or for a resource (`type` is then what owns one). */
typedef struct TextName {
  const ModelType *type;
  bool is_resource;
  Str name;
} TextName;

typedef VEC(Str) TextItems;

typedef struct TextFile {
  uint32_t package;
  TextItems tops;
} TextFile;

/* A scope while it is printed. */
typedef struct TextScope {
  const ModelScope *model;
  TextFile *file;
  TextItems items;
  VEC(TextName) names;
  bool used[MODEL_INTERFACES_MAX];
  bool ungated; /* what a world includes has to be gated as what it has already */
} TextScope;

typedef struct Text {
  Arena *arena;
  Model *model;
  TextScope interfaces[MODEL_INTERFACES_MAX];
  VEC(TextFile *) files;
  Str versions[MODEL_PACKAGES_MAX];
  uint32_t main;
  uint32_t fresh;
} Text;

static inline bool text_chance(Text *self, uint32_t of)
{
  return model_chance(self->model, of);
}

/* For "%s", where a text is made on the spot: STR_ARG would make it twice. */
static inline const char *text_z(Text *self, Str text)
{
  return str_to_z(self->arena, text);
}

static inline Str text_fresh(Text *self, const char *what)
{
  return str_format(self->arena, "%s-%u", what, self->fresh++);
}

/* With '%' where it has to be, and sometimes where not. */
static inline Str text_name(Text *self, Str name)
{
  static const char *const plain[] = {"a", "b-1", "x", "READ", "GET-all", "utf-8", "is-ok", "q1-z9", "F64"};
  bool safe = str_find(name, STR("-x")) != SIZE_MAX || str_starts_with(name, STR("t-")) ||
              str_starts_with(name, STR("w-"));
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    safe = safe || str_equal(name, str_from_z(plain[i]));
  bool escaped = !safe || text_chance(self, 8);
  return str_format(self->arena, "%s%.*s", escaped ? "%" : "", STR_ARG(name));
}

static inline Str text_package(Text *self, uint32_t index)
{
  const ModelPackage *package = &self->model->packages[index];
  return str_format(self->arena, "%s:%s", text_z(self, text_name(self, package->namespace)),
                    text_z(self, text_name(self, package->name)));
}

/* An interface as a path says it in this file. Sometimes the file gives it another name first. */
static inline Str text_path(Text *self, TextFile *file, const ModelScope *interface)
{
  Str name = text_name(self, interface->name), version = self->versions[interface->package];
  if (interface->package != file->package)
    name = str_format(self->arena, "%s/%s%s%s", text_z(self, text_package(self, interface->package)),
                      text_z(self, name), version.len ? "@" : "", text_z(self, version));
  if (!text_chance(self, 8)) return name;
  Str alias = text_fresh(self, "t");
  vec_push(self->arena, &file->tops,
           str_format(self->arena, "use %.*s as %.*s ;", STR_ARG(name), STR_ARG(alias)));
  return alias;
}

static inline Str text_gate(Text *self, uint32_t package)
{
  Str version = self->versions[package];
  if (!text_chance(self, 8)) return STR("");
  Str deprecated = STR("");
  if (version.len && text_chance(self, 2))
    deprecated = str_format(self->arena, "@deprecated ( version = %.*s ) ", STR_ARG(version));
  if (version.len && text_chance(self, 2))
    return str_format(self->arena, "@since ( version = %.*s ) %.*s", STR_ARG(version), STR_ARG(deprecated));
  return str_format(self->arena, "@unstable ( feature = chosen ) %.*s", STR_ARG(deprecated));
}

/* Gated, as an item of its scope. */
static inline void text_item(Text *self, TextScope *scope, Str item)
{
  Str gate = scope->ungated ? STR("") : text_gate(self, scope->model->package);
  vec_push(self->arena, &scope->items, str_format(self->arena, "%.*s%.*s", STR_ARG(gate), STR_ARG(item)));
}

static inline void text_add_name(Text *self, TextScope *scope, const ModelType *type, bool is_resource,
                                 Str name)
{
  vec_push(self->arena, &scope->names, (TextName){type, is_resource, name});
}

static inline bool text_same(const ModelType *a, const ModelType *b)
{
  if (!a || !b) return a == b;
  if (a->kind != b->kind || a->count != b->count || a->length != b->length) return false;
  if (a->home != b->home || a->resource != b->resource) return false;
  for (uint32_t i = 0; i < a->count; i++) {
    if (a->names && !str_equal(a->names[i], b->names[i])) return false;
    if (a->parts && !text_same(a->parts[i], b->parts[i])) return false;
  }
  return true;
}

/* Whether a scope may `use` that interface. In a world it shows, so there it does exactly what the model
 * says. */
static inline bool text_may_use(const Text *self, const ModelScope *scope, uint32_t interface)
{
  return interface < scope->limit && (!self->model->world_count || scope->uses[interface]);
}

/* Whether the scope can name all resources in the type. */
static inline bool text_can_say(const Text *self, const ModelScope *scope, const ModelType *type)
{
  if (!type) return true;
  if (type->home && type->home != scope) {
    bool is_interface =
        type->home >= self->model->interfaces && type->home < self->model->interfaces + MODEL_INTERFACES_MAX;
    if (!is_interface || !text_may_use(self, scope, model_index(self->model, type->home))) return false;
  }
  for (uint32_t i = 0; type->parts && i < type->count; i++)
    if (!text_can_say(self, scope, type->parts[i])) return false;
  return true;
}

/* Brings a name of an interface into the scope, under this or another name. */
static inline Str text_use(Text *self, TextScope *scope, uint32_t from, TextName what)
{
  TextScope *other = &self->interfaces[from];
  Str local = text_fresh(self, "t");
  Str path = text_path(self, scope->file, other->model);
  /* A world and those that it includes share their names. */
  bool keep = !scope->model->is_world && str_starts_with(what.name, STR("t-")) && text_chance(self, 2);
  for (size_t i = 0; i < scope->names.len; i++) keep = keep && !str_equal(scope->names.at[i].name, what.name);
  Str as = keep ? STR("") : str_format(self->arena, " as %.*s", STR_ARG(local));
  if (keep) local = what.name;
  text_item(self, scope,
            str_format(self->arena, "use %s.{ %s%s } ;", text_z(self, path),
                       text_z(self, text_name(self, what.name)), text_z(self, as)));
  text_add_name(self, scope, what.type, what.is_resource, local);
  scope->used[from] = true;
  return local;
}

/* What the scope calls the resource of a handle. */
static inline Str text_resource(Text *self, TextScope *scope, const ModelType *handle)
{
  Str declared = handle->home->resources.at[handle->resource];
  for (size_t i = 0; i < scope->names.len; i++) {
    const TextName *known = &scope->names.at[i];
    bool same =
        known->is_resource && known->type->home == handle->home && known->type->resource == handle->resource;
    if (same && text_chance(self, 2)) return text_name(self, known->name);
  }
  ModelType *own = model_simple(self->model, TYPE_OWN);
  *own = (ModelType){.kind = TYPE_OWN, .home = handle->home, .resource = handle->resource};
  if (handle->home != scope->model) {
    for (uint32_t from = 0; from < scope->model->limit; from++) { /* from where it was brought to */
      TextScope *other = &self->interfaces[from];
      if (!text_may_use(self, scope->model, from) || !text_chance(self, 2)) continue;
      for (size_t i = 0; i < other->names.len; i++)
        if (other->names.at[i].is_resource && text_same(other->names.at[i].type, own))
          return text_use(self, scope, from, other->names.at[i]);
    }
    return text_use(self, scope, model_index(self->model, handle->home), (TextName){own, true, declared});
  }
  if (!text_chance(self, 6)) return text_name(self, declared);
  Str alias = text_fresh(self, "t");
  text_item(self, scope,
            str_format(self->arena, "type %s = %s ;", text_z(self, alias),
                       text_z(self, text_name(self, declared))));
  text_add_name(self, scope, own, true, alias);
  return alias;
}

static inline Str text_type(Text *self, TextScope *scope, const ModelType *type);

/* "< a , b >" */
static inline void text_parts(Text *self, TextScope *scope, const ModelType *type, Buf *out)
{
  uint32_t count = type->count;
  if (type->kind == TYPE_RESULT || type->kind == TYPE_STREAM || type->kind == TYPE_FUTURE)
    while (count && !type->parts[count - 1]) count--;
  for (uint32_t i = 0; i < count; i++) {
    const ModelType *at = type->parts[i];
    Str part = STR("_");
    if (at && type->kind == TYPE_MAP && i == 0)
      part = type_kind_name(at->kind); /* keys have to be written out */
    else if (at)
      part = text_type(self, scope, at);
    buf_printf(out, "%s%.*s", i ? " , " : " < ", STR_ARG(part));
  }
  if (type->kind == TYPE_FIXED_LIST) buf_printf(out, " , %u", type->length);
  if (count) buf_z(out, type->kind == TYPE_TUPLE && text_chance(self, 4) ? " , >" : " >");
}

/* A declaration of the type, gone from what it means; its name. */
static inline Str text_declare(Text *self, TextScope *scope, const ModelType *type);

static inline Str text_spelled_out(Text *self, TextScope *scope, const ModelType *type)
{
  Buf out = buf_in(self->arena);
  Str kind = type_kind_name(type->kind);
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_VARIANT:
  case TYPE_ENUM:
  case TYPE_FLAGS: return text_declare(self, scope, type);
  case TYPE_OWN:
  case TYPE_BORROW: {
    Str resource = text_resource(self, scope, type);
    if (type->kind == TYPE_OWN && text_chance(self, 2)) return resource;
    return str_format(self->arena, "%.*s < %.*s >", STR_ARG(kind), STR_ARG(resource));
  }
  default:
    buf_str(&out, kind);
    text_parts(self, scope, type, &out);
    return buf_text(&out);
  }
}

static inline Str text_declare(Text *self, TextScope *scope, const ModelType *type)
{
  Str name = text_fresh(self, "t"), kind = type_kind_name(type->kind);
  Buf out = buf_in(self->arena);
  if (!type->names) {
    Str value = text_spelled_out(self, scope, type);
    buf_printf(&out, "type %.*s = %.*s ;", STR_ARG(name), STR_ARG(value));
  } else {
    buf_printf(&out, "%.*s %.*s {", STR_ARG(kind), STR_ARG(name));
    for (uint32_t i = 0; i < type->count; i++) {
      buf_printf(&out, "%s %s", i ? " ," : "", text_z(self, text_name(self, type->names[i])));
      if (!type->parts || !type->parts[i]) continue;
      Str part = text_type(self, scope, type->parts[i]);
      buf_printf(&out, type->kind == TYPE_RECORD ? " : %.*s" : " ( %.*s )", STR_ARG(part));
    }
    buf_z(&out, text_chance(self, 2) ? " , }" : " }");
  }
  text_item(self, scope, buf_text(&out));
  text_add_name(self, scope, type, false, name);
  return name;
}

static inline Str text_type(Text *self, TextScope *scope, const ModelType *type)
{
  for (size_t i = 0; i < scope->names.len; i++) {
    const TextName *known = &scope->names.at[i];
    if (!known->is_resource && text_same(known->type, type) && text_chance(self, 2)) return known->name;
  }
  for (uint32_t from = 0; from < scope->model->limit; from++) {
    bool there = text_may_use(self, scope->model, from) && text_chance(self, 8) &&
                 text_can_say(self, self->interfaces[from].model, type);
    if (!there) continue;
    Str name = text_declare(self, &self->interfaces[from], type);
    return text_use(self, scope, from, (TextName){type, false, name});
  }
  return text_chance(self, 8) ? text_declare(self, scope, type) : text_spelled_out(self, scope, type);
}

/* From the parameters on: "( a : u8 ) -> u8 ;". */
static inline Str text_signature(Text *self, TextScope *scope, const ModelFunction *function)
{
  Buf out = buf_in(self->arena);
  buf_z(&out, "(");
  for (size_t i = 0; i < function->params.len; i++) {
    const ModelParam *param = &function->params.at[i];
    Str type = text_type(self, scope, param->type);
    buf_printf(&out, "%s %s : %s", i ? " ," : "", text_z(self, text_name(self, param->name)),
               text_z(self, type));
  }
  buf_z(&out, function->params.len && text_chance(self, 4) ? " , )" : " )");
  if (function->is_fallible) {
    Str self_type = scope->model->resources.at[function->resource];
    buf_printf(&out, " -> result < %s", text_z(self, text_name(self, self_type)));
    if (function->result) buf_printf(&out, " , %s", text_z(self, text_type(self, scope, function->result)));
    buf_z(&out, " >");
  } else if (function->result) {
    buf_printf(&out, " -> %s", text_z(self, text_type(self, scope, function->result)));
  }
  buf_z(&out, " ;");
  return buf_text(&out);
}

static inline Str text_function(Text *self, TextScope *scope, const ModelFunction *function,
                                const char *before, Str name)
{
  Str signature = text_signature(self, scope, function);
  if (function->kind == FUNCTION_CONSTRUCTOR)
    return str_format(self->arena, "constructor %.*s", STR_ARG(signature));
  return str_format(self->arena, "%s%s :%s%s func %s", before, text_z(self, text_name(self, name)),
                    function->kind == FUNCTION_STATIC ? " static" : "", function->is_async ? " async" : "",
                    text_z(self, signature));
}

static inline void text_shuffle(Text *self, TextItems *items)
{
  for (size_t i = items->len; i > 1; i--) {
    size_t k = model_below(self->model, (uint32_t)i);
    Str kept = items->at[i - 1];
    items->at[i - 1] = items->at[k];
    items->at[k] = kept;
  }
}

/* The items in a random order, between braces. */
static inline Str text_braces(Text *self, TextItems *items)
{
  Buf out = buf_in(self->arena);
  text_shuffle(self, items);
  buf_z(&out, "{");
  for (size_t i = 0; i < items->len; i++) buf_printf(&out, " %.*s", STR_ARG(items->at[i]));
  buf_z(&out, " }");
  return buf_text(&out);
}

static inline void text_resources(Text *self, TextScope *scope)
{
  for (uint32_t i = 0; i < scope->model->resources.len; i++) {
    TextItems inside = {0};
    for (size_t k = 0; k < scope->model->functions.len; k++) {
      const ModelFunction *function = scope->model->functions.at[k];
      if (function->kind == FUNCTION_FREE || function->resource != i) continue;
      Str item = text_function(self, scope, function, "", function->name);
      vec_push(self->arena, &inside,
               str_format(self->arena, "%s%s", text_z(self, text_gate(self, scope->model->package)),
                          text_z(self, item)));
    }
    if (text_chance(self, 4))
      vec_push(self->arena, &inside, STR("@unstable ( feature = other ) not-there: func ( x : u8 ) ;"));
    Str braces = inside.len || text_chance(self, 2) ? text_braces(self, &inside) : STR(";");
    text_item(self, scope,
              str_format(self->arena, "resource %s %s",
                         text_z(self, text_name(self, scope->model->resources.at[i])), text_z(self, braces)));
  }
}

/* Types that nothing reaches, and `use`s of them. */
static inline void text_unreached(Text *self, TextScope *scope)
{
  while (text_chance(self, 3))
    text_declare(self, scope, model_type(self->model, (ModelPlace){NULL, false, 2}));
  for (uint32_t i = 0; i < scope->model->limit; i++) {
    bool needed = self->model->world_count && scope->model->uses[i] && !scope->used[i];
    if (!needed && !(text_may_use(self, scope->model, i) && text_chance(self, 8))) continue;
    TextScope *other = &self->interfaces[i];
    if (!other->names.len || text_chance(self, 4))
      text_declare(self, other, model_type(self->model, (ModelPlace){NULL, false, 1}));
    text_use(self, scope, i, other->names.at[model_below(self->model, (uint32_t)other->names.len)]);
  }
}

static inline void text_scope(Text *self, TextScope *scope)
{
  text_resources(self, scope);
  for (size_t i = 0; i < scope->model->functions.len; i++) {
    const ModelFunction *function = scope->model->functions.at[i];
    if (function->kind == FUNCTION_FREE)
      text_item(
          self, scope,
          text_function(self, scope, function, scope->model->is_world ? "import " : "", function->name));
  }
}

#endif
