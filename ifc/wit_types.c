/* The types of one scope: `use`d names first, then types in the order of what they contain, so that nothing
 * here recurses over declarations. */
#include "ifc/layout.h"
#include "ifc/wit_resolve.h"

enum { CYCLE_NOTES_MAX = 10 };

/* What stands for a type that could not be made, once that is reported. */
static Built nothing(void)
{
  return (Built){.type = type_of_kind(TYPE_BOOL), .is_broken = true};
}

/* What `type` is around or made of, with another part. */
static void add_part(Built *whole, Built part)
{
  if (part.depth > whole->depth) whole->depth = part.depth;
  whole->has_borrow = whole->has_borrow || part.has_borrow;
  whole->is_broken = whole->is_broken || part.is_broken;
  whole->is_too_deep = whole->is_too_deep || part.is_too_deep;
}

/* A new type around parts such as those that `parts` collected. */
static Built finish(Scope *scope, Type type, Built parts, Span at)
{
  Resolver *self = scope->unit->resolver;
  if (parts.depth >= TYPE_DEPTH_MAX)
    diag_error(self->diags, DIAG_TYPE, at, "the types in this one are nested more than %d deep",
               TYPE_DEPTH_MAX);
  if (parts.depth >= TYPE_DEPTH_MAX || parts.is_too_deep) {
    Built out = nothing();
    out.is_too_deep = true;
    return out;
  }
  Type *kept = arena_new_of(self->arena, Type);
  *kept = type;
  kept->layout = type_layout(kept);
  parts.type = kept;
  parts.depth++;
  return parts;
}

/* The elements of a tuple, and the key and value of a map. */
static const Field *build_elements(Scope *scope, const AstType *ast, Built *parts)
{
  Field *fields = arena_array_of(scope->unit->resolver->arena, Field, ast->part_count);
  for (uint32_t i = 0; i < ast->part_count; i++) {
    Built part = build_type(scope, ast->parts[i]);
    fields[i].type = part.type;
    add_part(parts, part);
  }
  return fields;
}

static Built build_tuple(Scope *scope, const AstType *ast)
{
  Built parts = {0};
  const Field *fields = build_elements(scope, ast, &parts);
  return finish(scope, (Type){.kind = TYPE_TUPLE, .count = ast->part_count, .fields = fields}, parts,
                ast->span);
}

/* True for bool, the integers, char and string, written out: a key's name is not looked behind. */
static bool is_key(const AstType *ast)
{
  if (ast->kind == AST_TYPE_ERROR) return true;
  return ast->kind == AST_TYPE_BUILT_IN && ast->built_in <= TYPE_STRING && ast->built_in != TYPE_F32 &&
         ast->built_in != TYPE_F64;
}

static Built build_map(Scope *scope, const AstType *ast)
{
  Resolver *self = scope->unit->resolver;
  Built pair = build_tuple(scope, ast);
  if (pair.is_broken) return pair;
  if (!is_key(ast->parts[0])) {
    Diag *diag =
        diag_error(self->diags, DIAG_TYPE, ast->span,
                   "a map's keys are bool, char, string or integers, written out, but this one's are `%.*s`",
                   STR_ARG(span_text(ast->parts[0]->span)));
    diag_note(self->diags, diag, ast->parts[0]->span, "the key");
    return nothing();
  }
  return finish(scope, (Type){.kind = TYPE_MAP, .element = pair.type}, pair, ast->span);
}

/* list, option, result, stream and future: none, one or two parts, of which a result's may be absent. */
static Built build_around(Scope *scope, TypeKind kind, const AstType *ast)
{
  Type type = {.kind = kind, .count = kind == TYPE_FIXED_LIST ? ast->length : 0};
  Built parts = {0};
  for (uint32_t i = 0; i < ast->part_count; i++) {
    if (!ast->parts[i]) continue;
    Built part = build_type(scope, ast->parts[i]);
    *(i ? &type.error : &type.element) = part.type;
    add_part(&parts, part);
  }
  return finish(scope, type, parts, ast->span);
}

static Built build_name(Scope *scope, AstType *ast)
{
  Symbol *symbol = scope_find_type(scope, scope, ast->name, ast->span);
  if (!symbol) return nothing();
  ast->target = symbol->def;
  return symbol->built;
}

/* own<r> and borrow<r>: the resource may be named by an alias, which is kept. */
static Built build_handle(Scope *scope, TypeKind kind, const AstType *ast)
{
  Resolver *self = scope->unit->resolver;
  AstType *name = ast->parts[0];
  if (name->kind != AST_TYPE_NAME) return nothing();
  Symbol *symbol = scope_find_type(scope, scope, name->name, name->span);
  if (!symbol || symbol->built.is_broken) return nothing();
  name->target = symbol->def;
  if (!symbol->def->resource) {
    Diag *diag = diag_error(self->diags, DIAG_TYPE, name->span,
                            "`%.*s` is no resource, and only those have handles", STR_ARG(name->name));
    diag_note(self->diags, diag, symbol_name(symbol).span, "declared here");
    return nothing();
  }
  if (kind == TYPE_OWN) return symbol->built;
  return (Built){.type = type_borrowed(scope, symbol), .depth = 1, .has_borrow = true};
}

const Type *type_borrowed(Scope *scope, Symbol *resource)
{
  if (resource->borrowed) return resource->borrowed;
  Type type = {.kind = TYPE_BORROW, .named = resource->def->resource};
  if (resource->def->resource != resource->def) type.alias = resource->def;
  return resource->borrowed = finish(scope, type, (Built){0}, symbol_name(resource).span).type;
}

static Built build_valid(Scope *scope, AstType *ast)
{
  switch (ast->kind) {
  case AST_TYPE_NAME: return build_name(scope, ast);
  case AST_TYPE_BUILT_IN:
    if (ast->built_in <= TYPE_STRING) return (Built){.type = type_of_kind(ast->built_in)};
    if (ast->built_in == TYPE_TUPLE) return build_tuple(scope, ast);
    return build_around(scope, ast->built_in, ast);
  case AST_TYPE_FIXED_LIST: return build_around(scope, TYPE_FIXED_LIST, ast);
  case AST_TYPE_MAP: return build_map(scope, ast);
  case AST_TYPE_STREAM: return build_around(scope, TYPE_STREAM, ast);
  case AST_TYPE_FUTURE: return build_around(scope, TYPE_FUTURE, ast);
  case AST_TYPE_OWN: return build_handle(scope, TYPE_OWN, ast);
  case AST_TYPE_BORROW: return build_handle(scope, TYPE_BORROW, ast);
  case AST_TYPE_ERROR_CONTEXT: return (Built){.type = type_of_kind(TYPE_ERROR_CONTEXT)};
  case AST_TYPE_ERROR: break;
  }
  return nothing();
}

/* Recurses as deep as the parser allows types to be nested. */
Built build_type(Scope *scope, AstType *ast)
{
  Built built = build_valid(scope, ast);
  if (!built.is_broken) valid_type(scope->unit->resolver, ast, built.type);
  return built;
}

/* A record, variant, enum or flags. */
static Built build_fields(Scope *scope, const Symbol *symbol)
{
  const AstItem *item = symbol->item;
  Resolver *self = scope->unit->resolver;
  Built parts = {0};
  Field *fields = arena_array_of(self->arena, Field, item->field_count);
  if (!item->field_count && (item->kind == AST_ITEM_VARIANT || item->kind == AST_ITEM_ENUM))
    diag_error(self->diags, DIAG_TYPE, item->name.span, "%s `%.*s` is empty: it needs at least one case",
               item->kind == AST_ITEM_ENUM ? "enum" : "variant", STR_ARG(item->name.text));
  valid_fields(self, item);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstField *ast = &item->fields[i];
    if (item->kind == AST_ITEM_RECORD) scope->place = ast->name.span;
    Built part = ast->type ? build_type(scope, ast->type) : (Built){0};
    fields[i] = (Field){ast->name.text, part.type, docs_text(self->arena, ast_docs(ast->docs))};
    part.is_broken = false; /* who names the whole need not care */
    add_part(&parts, part);
  }
  Type type = {
      .kind = ast_item_type(item->kind), .count = item->field_count, .fields = fields, .named = symbol->def};
  return finish(scope, type, parts, item->name.span);
}

/* The same type, as written by another name. */
static Built named_again(Scope *scope, Built built, const TypeDef *alias)
{
  Type *type = arena_new_of(scope->unit->resolver->arena, Type);
  *type = *built.type;
  type->alias = alias;
  built.type = type;
  return built;
}

static Built build_alias(Scope *scope, const Symbol *symbol)
{
  AstType *ast = symbol->item->type;
  Built built = build_type(scope, ast);
  symbol->def->alias = ast->kind == AST_TYPE_NAME ? ast->target : NULL;
  symbol->def->resource = symbol->def->alias ? symbol->def->alias->resource : NULL;
  symbol->def->type = symbol->def->alias ? symbol->def->alias->type : built.type;
  return named_again(scope, built, symbol->def);
}

static void resolve_symbol(Scope *scope, Symbol *symbol)
{
  scope->current = symbol->item;
  scope->place = symbol_name(symbol).span;
  switch (symbol->item->kind) {
  case AST_ITEM_ALIAS: symbol->built = build_alias(scope, symbol); break;
  case AST_ITEM_RESOURCE:
    resource_check(scope, symbol->item);
    symbol->built =
        finish(scope, (Type){.kind = TYPE_OWN, .named = symbol->def}, (Built){0}, symbol_name(symbol).span);
    symbol->def->type = symbol->built.type;
    break;
  default: symbol->built = build_fields(scope, symbol); symbol->def->type = symbol->built.type;
  }
  scope->current = NULL;
}

/* Pushes the names in a type; as deep as the parser allows types to be nested. */
static void collect_type(Arena *arena, AstType *type, TypeWalk *walk)
{
  if (!type) return;
  if (type->kind == AST_TYPE_NAME) vec_push(arena, &walk->names, type);
  for (uint32_t i = 0; i < type->part_count; i++) collect_type(arena, type->parts[i], walk);
}

static void push_frame(Scope *scope, TypeWalk *walk, Symbol *symbol)
{
  Arena *arena = scope->unit->resolver->arena;
  size_t first = walk->names.len;
  const AstItem *item = symbol->item;
  symbol->visit = VISIT_OPEN;
  collect_type(arena, item->type, walk);
  for (uint32_t i = 0; i < item->field_count; i++) collect_type(arena, item->fields[i].type, walk);
  vec_push(arena, &walk->frames, ((TypeFrame){symbol, first, first, walk->names.len}));
}

/* The name that leads from this declaration to the one above it. */
static const AstType *name_above(const TypeWalk *walk, size_t frame)
{
  return walk->names.at[walk->frames.at[frame].next - 1];
}

/* The top of the stack has a name that leads back to `symbol`, further down. Told where that one begins the
 * cycle. */
static void report_cycle(Resolver *self, const Symbol *symbol)
{
  const TypeWalk *walk = &self->walk;
  size_t first = walk->frames.len - 1;
  while (walk->frames.at[first].symbol != symbol) first--;
  const AstType *begin = name_above(walk, first);
  Diag *diag =
      diag_error(self->diags, DIAG_TYPE, begin->span, "type `%.*s` contains itself", STR_ARG(begin->name));
  for (size_t i = first; i + 1 < walk->frames.len && i < first + CYCLE_NOTES_MAX; i++) {
    const AstType *name = name_above(walk, i + 1);
    diag_note(self->diags, diag, name->span, "`%.*s` contains `%.*s`",
              STR_ARG(symbol_name(walk->frames.at[i + 1].symbol).text), STR_ARG(name->name));
  }
  diag_note(self->diags, diag, SPAN_NONE,
            "WIT's types are finite: keep the items in a list, and refer to them by index");
}

/* Resolves a declaration after those that it names, depth first. */
static void resolve_from(Scope *scope, Symbol *start)
{
  TypeWalk *walk = &scope->unit->resolver->walk;
  push_frame(scope, walk, start);
  while (walk->frames.len) {
    TypeFrame *top = &vec_last(&walk->frames);
    if (top->next == top->end) {
      resolve_symbol(scope, top->symbol);
      top->symbol->visit = VISIT_DONE;
      walk->names.len = top->first;
      walk->frames.len--;
      continue;
    }
    AstType *name = walk->names.at[top->next++];
    Symbol *target = scope_find(scope, name->name);
    if (!target || !target->def || target->visit == VISIT_DONE) continue;
    if (target->visit == VISIT_NEW) {
      push_frame(scope, walk, target);
    } else {
      report_cycle(scope->unit->resolver, target);
      name->kind = AST_TYPE_ERROR;
    }
  }
}

static void resolve_use(Scope *scope, const UseTarget *target)
{
  const AstItem *item = target->item;
  scope->current = item;
  for (uint32_t i = 0; i < item->rename_count; i++) {
    const AstRename *rename = &item->renames[i];
    Symbol *symbol = scope_find(scope, rename->as.text);
    if (symbol->rename != rename) continue;
    symbol->visit = VISIT_DONE;
    AstName name = rename->name;
    scope->place = name.span;
    Symbol *found = target->scope ? scope_find_type(target->scope, scope, name.text, name.span) : NULL;
    if (!found) continue;
    symbol->def->type = found->def->type;
    symbol->def->alias = found->def;
    symbol->def->resource = found->def->resource;
    symbol->built = named_again(scope, found->built, symbol->def);
  }
  scope->current = NULL;
}

/* The interfaces that it has types of, each once. */
static void collect_uses(Scope *self)
{
  const Interface **uses = arena_array_of(self->unit->resolver->arena, const Interface *, self->targets.len);
  self->out->uses = uses;
  for (size_t i = 0; i < self->targets.len; i++) {
    const UseTarget *target = &self->targets.at[i];
    if (!target->scope || target->item->left_out || !target->item->rename_count) continue;
    if (target->scope->last_user == self) continue;
    target->scope->last_user = self;
    uses[self->out->use_count++] = target->scope->out;
  }
}

void scope_resolve_types(Scope *self)
{
  for (size_t i = 0; i < self->targets.len; i++) resolve_use(self, &self->targets.at[i]);
  for (size_t i = 0; i < map_count(self->names); i++) {
    Symbol *symbol = map_entry(self->names, i)->value;
    if (symbol->def && symbol->visit == VISIT_NEW) resolve_from(self, symbol);
  }
  if (self->out) collect_uses(self);
}
