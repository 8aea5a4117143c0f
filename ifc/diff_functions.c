/* Resources and functions by name: what was added, what was removed, and what became of the rest. */
#include <stdlib.h>

#include "ifc/base/buf.h"
#include "ifc/diff_parts.h"

static DiffClass class_of(const Comparison *self, bool is_added)
{
  return is_added != self->is_exported ? DIFF_CALLERS : DIFF_IMPLEMENTERS;
}

static void tell_whole(Comparison *self, bool is_added, Str item, Str text, Str renamed, Span span)
{
  Finding finding = {
      .change = {.class = class_of(self, is_added), .item = item, .text = text, .renamed = renamed}};
  *(is_added ? &finding.change.after : &finding.change.before) = span;
  comparison_tell(self, finding);
}

/* The resources that are on one side only. */
typedef struct Lone {
  Map *names[2]; /* -> Rename */
} Lone;

static bool is_of_lone(Comparison *self, const Lone *lone, int side, const Function *function)
{
  return function->resource && map_get(lone->names[side], resource_name(self, side, function->resource));
}

/* How many functions the resource has, and what they are called, sorted: by that a renamed one is recognised.
 */
typedef struct ResourceInfo {
  size_t count;
  VEC(Str) names;
} ResourceInfo;

static int by_text(const void *a, const void *b)
{
  return str_compare(*(const Str *)a, *(const Str *)b);
}

/* Of each resource by name -> ResourceInfo. */
static Map *resources_of(Comparison *self, int side, const FunctionSet *set)
{
  Arena *arena = self->arena;
  Map *infos = map_new(arena);
  for (size_t i = 0; i < set->resources.len; i++)
    map_put(infos, resource_name(self, side, set->resources.at[i]), arena_new_of(arena, ResourceInfo));
  for (size_t i = 0; i < set->functions.len; i++) {
    const Function *function = set->functions.at[i];
    ResourceInfo *info =
        function->resource ? map_get(infos, resource_name(self, side, function->resource)) : NULL;
    if (!info) continue;
    info->count++;
    vec_push(arena, &info->names, str_format(arena, "%d%.*s", (int)function->kind, STR_ARG(function->plain)));
  }
  return infos;
}

static Str content_of(Comparison *self, ResourceInfo *info)
{
  Buf out = buf_in(self->arena);
  if (info->names.len) qsort(info->names.at, info->names.len, sizeof *info->names.at, by_text);
  for (size_t i = 0; i < info->names.len; i++) {
    buf_str(&out, info->names.at[i]);
    buf_byte(&out, ' ');
  }
  return buf_text(&out);
}

static Items resource_items(Comparison *self, int side, const FunctionSet *set)
{
  Items items = {0};
  for (size_t i = 0; i < set->resources.len; i++)
    vec_push(self->arena, &items,
             (Item){.key = resource_name(self, side, set->resources.at[i]), .thing = set->resources.at[i]});
  return items;
}

static void tell_resource(Comparison *self, bool is_added, Str name, const ResourceInfo *info,
                          const Rename *rename, Span span)
{
  Arena *arena = self->arena;
  const char *whose = is_added ? "" : "its ", *verb = is_added ? "added" : "removed";
  Str shown = diff_name(arena, name);
  Buf text = buf_in(arena);
  buf_printf(&text, "%sresource %.*s was %s", self->prefix, STR_ARG(shown), verb);
  if (info->count)
    buf_printf(&text, " with %s%zu function%s", whose, info->count, info->count == 1 ? "" : "s");
  tell_whole(self, is_added, name, buf_text(&text), info->count ? rename_guess(rename, is_added) : STR(""),
             span);
}

static Lone compare_resources(Comparison *self, const FunctionSet *sets[2])
{
  Arena *arena = self->arena;
  Lone lone = {{map_new(arena), map_new(arena)}};
  Map *infos[2] = {resources_of(self, 0, sets[0]), resources_of(self, 1, sets[1])}, *renames = map_new(arena);
  Items items[2] = {resource_items(self, 0, sets[0]), resource_items(self, 1, sets[1])};
  Matches matches = items_match(arena, &items[0], &items[1]);
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    if (match->partner) continue;
    Str name = match->item->key, content = content_of(self, map_get(infos[match->side], name));
    map_put(lone.names[match->side], name, rename_add(arena, renames, content, name, match->side));
  }
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    const TypeDef *resource = match->item->thing;
    Str name = match->item->key;
    if (match->partner) continue;
    tell_resource(self, match->side, name, map_get(infos[match->side], name),
                  map_get(lone.names[match->side], name), resource->span);
  }
  return lone;
}

/* What texts call it; of one kind and name there is one function only, so it is also what it is matched by.
 */
static Str called(Comparison *self, int side, const Function *function)
{
  Arena *arena = self->arena;
  if (!function->resource) return function->plain;
  Str resource = resource_name(self, side, function->resource);
  if (function->kind == FUNCTION_CONSTRUCTOR)
    return str_format(arena, "%.*s's constructor", STR_ARG(resource));
  return str_format(arena, "%.*s.%.*s", STR_ARG(resource), STR_ARG(function->plain));
}

static Items function_items(Comparison *self, int side, const FunctionSet *set, const Lone *lone)
{
  Items items = {0};
  for (size_t i = 0; i < set->functions.len; i++) {
    const Function *function = set->functions.at[i];
    if (is_of_lone(self, lone, side, function)) continue;
    vec_push(self->arena, &items, (Item){.key = called(self, side, function), .thing = function});
  }
  return items;
}

static void put_type(Comparison *self, int side, const Type *type, Buf *out)
{
  const Shape *shape = shape_of(self, side, type);
  if (shape) buf_printf(out, "%u", shape->number);
  buf_byte(out, ' ');
}

/* All but the name. */
static Str signature_of(Comparison *self, int side, const Function *function)
{
  Buf out = buf_in(self->arena);
  buf_printf(&out, "%d %d ", (int)function->kind, (int)function->is_async);
  if (function->resource) buf_str(&out, resource_name(self, side, function->resource));
  for (uint32_t i = 0; i < function->param_count; i++) {
    buf_printf(&out, "(%.*s ", STR_ARG(function->params[i].name));
    put_type(self, side, function->params[i].type, &out);
  }
  buf_z(&out, "->");
  put_type(self, side, function->result, &out);
  return buf_text(&out);
}

static const char *kind_words(FunctionKind kind)
{
  switch (kind) {
  case FUNCTION_FREE: return "function ";
  case FUNCTION_METHOD: return "method ";
  case FUNCTION_STATIC: return "static function ";
  case FUNCTION_CONSTRUCTOR: break;
  }
  return "";
}

static void tell_function(Comparison *self, int side, const Item *item, Map *renames)
{
  Arena *arena = self->arena;
  const Function *function = item->thing;
  const char *what = *self->prefix ? self->prefix : kind_words(function->kind);
  Str renamed = rename_guess(map_get(renames, signature_of(self, side, function)), side);
  Str text = str_format(arena, "%s%.*s was %s", what, STR_ARG(diff_name(arena, item->key)),
                        side ? "added" : "removed");
  tell_whole(self, side, function->name, text, renamed, function->span);
}

/* A method's `self` is no parameter that could change. */
static Parts parts_of_function(Comparison *self, int side, const Function *function)
{
  uint32_t skip = function->kind == FUNCTION_METHOD && function->param_count ? 1 : 0;
  Parts parts = {.count = function->param_count - skip};
  parts.at = arena_array_of(self->arena, Part, parts.count);
  for (uint32_t i = 0; i < parts.count; i++) {
    const Param *param = &function->params[i + skip];
    parts.at[i] =
        (Part){.name = param->name, .type = param->type, .shape = shape_of(self, side, param->type)};
  }
  return parts;
}

static const char *kind_of(const Function *function)
{
  return function->kind == FUNCTION_METHOD ? "a method" : "a static function";
}

static void compare_function(Comparison *self, const Item *before, const Item *after)
{
  const Function *old = before->thing, *new = after->thing;
  Arena *arena = self->arena;
  self->functions[0] = old, self->functions[1] = new;
  self->function = diff_name(arena, before->key);
  self->function_number++;
  if (old->kind != new->kind)
    place_tell(self, (Place){0}, str_format(arena, "%s became %s", kind_of(old), kind_of(new)));
  if (old->is_async != new->is_async)
    place_tell(self, (Place){0},
               new->is_async ? STR("func became async func") : STR("async func became func"));
  Parts params = parts_of_function(self, 0, old), partners = parts_of_function(self, 1, new);
  parts_match(arena, params, partners);
  place_tell_names(self, (Place){0}, (Noun){"parameter", "parameters"}, params, partners);
  for (uint32_t i = 0; i < params.count; i++) {
    const Part *param = &params.at[i];
    if (param->partner == NO_PARTNER) continue;
    types_compare(self, (Place){.step = {"parameter", param->name}}, param->type,
                  partners.at[param->partner].type);
  }
  types_compare(self, (Place){.step = {.what = "the result"}}, old->result, new->result);
}

void functions_compare(Comparison *self, FunctionSet *before, FunctionSet *after)
{
  Arena *arena = self->arena;
  const FunctionSet *sets[2] = {before, after};
  Lone lone = compare_resources(self, sets);
  Items items[2] = {function_items(self, 0, before, &lone), function_items(self, 1, after, &lone)};
  Matches matches = items_match(arena, &items[0], &items[1]);
  Map *renames = map_new(arena);
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    const Function *function = match->item->thing;
    if (match->partner) continue;
    rename_add(arena, renames, signature_of(self, match->side, function), function->name, match->side);
  }
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    if (match->partner)
      compare_function(self, match->item, match->partner);
    else
      tell_function(self, match->side, match->item, renames);
  }
}
