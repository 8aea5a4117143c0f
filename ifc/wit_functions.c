/* Functions, and what resources add to them. */
#include "ifc/wit_resolve.h"

#include "ifc/base/buf.h"

/* As exports have it. */
static Str function_name(Arena *arena, const AstItem *item, const Symbol *resource)
{
  Str name = item->name.text;
  if (!resource) return name;
  switch (item->function_kind) {
  case FUNCTION_CONSTRUCTOR:
    return str_format(arena, "[constructor]%.*s", STR_ARG(resource->item->name.text));
  case FUNCTION_METHOD:
    return str_format(arena, "[method]%.*s.%.*s", STR_ARG(resource->item->name.text), STR_ARG(name));
  case FUNCTION_STATIC:
    return str_format(arena, "[static]%.*s.%.*s", STR_ARG(resource->item->name.text), STR_ARG(name));
  case FUNCTION_FREE: break;
  }
  return name;
}

static void report_param(Resolver *self, AstName name, const AstName *first)
{
  if (!first) {
    diag_error(self->diags, DIAG_NAME, name.span,
               "a method has its `self` without being told: leave this one out, or rename it");
    return;
  }
  Diag *diag = diag_error(self->diags, DIAG_NAME, name.span,
                          "the parameter `%.*s` is given twice: rename one", STR_ARG(name.text));
  diag_note(self->diags, diag, first->span, "given here first");
}

static void check_params(Resolver *self, const AstItem *item, bool has_self)
{
  Map *names = item->field_count > 8 ? map_new(self->arena) : NULL;
  for (uint32_t i = 0; i < item->field_count; i++) {
    AstName *name = &item->fields[i].name;
    const AstName *first = names ? map_put(names, name->text, name) : NULL;
    for (uint32_t k = 0; !names && k < i && !first; k++)
      if (str_equal(item->fields[k].name.text, name->text)) first = &item->fields[k].name;
    if (first)
      report_param(self, *name, first);
    else if (has_self && str_equal(name->text, STR("self")))
      report_param(self, *name, NULL);
  }
  valid_params(self, item);
}

/* A constructor's result is what is constructed, or a result<> of it. */
static const Type *constructor_result(Scope *scope, const AstItem *item, const Symbol *resource, Built result)
{
  Diags *diags = scope->unit->resolver->diags;
  if (!item->type || result.is_broken) return resource->built.type;
  if (result.type->kind != TYPE_RESULT) {
    diag_error(
        diags, DIAG_TYPE, item->type->span,
        "a constructor that may fail returns `result<%.*s>` or `result<%.*s, E>`; one that cannot returns "
        "nothing here",
        STR_ARG(resource->item->name.text), STR_ARG(resource->item->name.text));
    return result.type;
  }
  const Type *ok = result.type->element;
  if (ok && ok->kind == TYPE_OWN && ok->named == resource->def && !ok->alias) return result.type;
  const AstType *ast = item->type;
  bool has_ok = ast->kind == AST_TYPE_BUILT_IN && ast->part_count && ast->parts[0];
  diag_error(
      diags, DIAG_TYPE, has_ok ? ast->parts[0]->span : ast->span,
      "the first part of a constructor's result is what it constructs: `result<%.*s>` or `result<%.*s, E>`",
      STR_ARG(resource->item->name.text), STR_ARG(resource->item->name.text));
  return result.type;
}

Function function_resolve(Scope *scope, const AstItem *item, Symbol *resource)
{
  Resolver *self = scope->unit->resolver;
  bool has_self = item->function_kind == FUNCTION_METHOD && resource;
  uint32_t count = 0;
  Param *params = arena_array_of(self->arena, Param, (size_t)item->field_count + has_self);
  scope->current = item;
  scope->place = item->name.span;
  check_params(self, item, has_self);
  if (has_self) params[count++] = (Param){STR("self"), type_borrowed(scope, resource)};
  for (uint32_t i = 0; i < item->field_count; i++)
    params[count++] = (Param){item->fields[i].name.text, build_type(scope, item->fields[i].type).type};
  Function out = {.name = function_name(self->arena, item, resource),
                  .plain = item->name.text,
                  .kind = item->function_kind,
                  .is_async = item->is_async,
                  .resource = resource ? resource->def : NULL,
                  .params = params,
                  .param_count = count,
                  .index = scope->function_count,
                  .docs = docs_text(self->arena, ast_docs(item->docs)),
                  .span = item->name.span};
  Built result = item->type ? build_type(scope, item->type) : (Built){0};
  out.result = item->function_kind == FUNCTION_CONSTRUCTOR && resource
                   ? constructor_result(scope, item, resource, result)
                   : result.type;
  if (result.has_borrow && !item->left_out)
    diag_error(
        self->diags, DIAG_TYPE, item->name.span,
        "function `%.*s` returns a `borrow<…>`, but what is borrowed cannot be returned: return an owned "
        "handle",
        STR_ARG(out.name));
  scope->current = NULL;
  return out;
}

void resource_check(Scope *scope, const AstItem *resource)
{
  Resolver *self = scope->unit->resolver;
  Map *names = map_new(self->arena);
  const AstItem *constructor = NULL;
  for (uint32_t i = 0; i < resource->item_count; i++) {
    AstItem *item = &resource->items[i];
    if (item->function_kind == FUNCTION_CONSTRUCTOR) {
      Diag *diag = constructor
                       ? diag_error(self->diags, DIAG_NAME, item->name.span,
                                    "resource `%.*s` has a constructor already: make this one `static`",
                                    STR_ARG(resource->name.text))
                       : NULL;
      if (diag) diag_note(self->diags, diag, constructor->name.span, "the first one");
      constructor = item;
      continue;
    }
    const AstItem *first = map_put(names, item->name.text, item);
    if (first) report_duplicate(self, item->name, first->name);
  }
  if (!valid_names_matter(self, names)) return;
  size_t count = map_count(names);
  AstName *list = arena_array_of(self->arena, AstName, count);
  for (size_t i = 0; i < count; i++) list[i] = ((AstItem *)map_entry(names, i)->value)->name;
  valid_names(self, list, count);
}

/* A function, or a resource's, of an interface: kept unless it is left out. */
static void add_function(Scope *self, Function *functions, AstItem *item, Symbol *resource, bool left_out)
{
  item->left_out = left_out;
  Function function = function_resolve(self, item, resource);
  if (left_out) return;
  functions[self->function_count++] = function;
}

static void add_methods(Scope *self, Function *functions, const AstItem *resource)
{
  Symbol *symbol = scope_find(self, resource->name.text);
  if (symbol->item != resource) return;
  for (uint32_t i = 0; i < resource->item_count; i++) {
    AstItem *item = &resource->items[i];
    bool selected = resource->left_out || gate_selects(self->unit, item->gate, item->name.span);
    add_function(self, functions, item, symbol, resource->left_out || !selected);
  }
}

void scope_resolve_functions(Scope *self)
{
  size_t count = 0;
  for (uint32_t i = 0; i < self->item_count; i++)
    count += self->items[i]->kind == AST_ITEM_RESOURCE ? self->items[i]->item_count : 1;
  Function *functions = arena_array_of(self->unit->resolver->arena, Function, count);
  for (uint32_t i = 0; i < self->item_count; i++) {
    AstItem *item = self->items[i];
    if (item->kind == AST_ITEM_RESOURCE) add_methods(self, functions, item);
    if (item->kind == AST_ITEM_FUNCTION) add_function(self, functions, item, NULL, item->left_out);
  }
  self->out->functions = functions;
  self->out->function_count = self->function_count;
}
