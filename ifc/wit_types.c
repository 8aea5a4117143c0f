/* The types and functions of one interface: `use`d names first, then types in the order of what they contain,
 * so that nothing here recurses over declarations, then functions. */
#include "ifc/layout.h"
#include "ifc/wit_resolve.h"

enum { CYCLE_NOTES_MAX = 10, FLAGS_MAX = 32 };

/* A type, and how deep it is nested: 0 for primitives and strings. */
typedef struct Built {
  const Type *type;
  uint32_t depth;
} Built;

static Built build_type(Resolver *self, Scope *scope, AstType *ast);

/* What stands for a type that could not be made, once that is reported. */
static Built nothing(void)
{
  return (Built){type_of_kind(TYPE_BOOL), 0};
}

static uint32_t deeper(uint32_t a, uint32_t b)
{
  return a > b ? a : b;
}

/* A new type around parts of that depth. */
static Built finish(Resolver *self, Type type, uint32_t depth, Span at)
{
  if (depth >= TYPE_DEPTH_MAX) {
    diag_error(self->diags, DIAG_TYPE, at, "the types in this one are nested more than %d deep",
               TYPE_DEPTH_MAX);
    return nothing();
  }
  Type *kept = arena_new_of(self->arena, Type);
  *kept = type;
  kept->layout = type_layout(kept);
  return (Built){kept, depth + 1};
}

static Built build_tuple(Resolver *self, Scope *scope, AstType *ast)
{
  uint32_t depth = 0;
  Field *fields = arena_array_of(self->arena, Field, ast->part_count);
  for (uint32_t i = 0; i < ast->part_count; i++) {
    Built part = build_type(self, scope, ast->parts[i]);
    fields[i].type = part.type;
    depth = deeper(depth, part.depth);
  }
  if (!ast->part_count)
    diag_error(self->diags, DIAG_TYPE, ast->span, "a tuple has at least one element; leave this one out");
  return finish(self, (Type){.kind = TYPE_TUPLE, .count = ast->part_count, .fields = fields}, depth,
                ast->span);
}

/* list, option and result: one or two parts, of which a result's may be absent. */
static Built build_around(Resolver *self, Scope *scope, AstType *ast)
{
  Type type = {.kind = ast->built_in};
  uint32_t depth = 0;
  for (uint32_t i = 0; i < ast->part_count; i++) {
    if (!ast->parts[i]) continue;
    Built part = build_type(self, scope, ast->parts[i]);
    *(i ? &type.error : &type.element) = part.type;
    depth = deeper(depth, part.depth);
  }
  return finish(self, type, depth, ast->span);
}

static Built build_name(Resolver *self, Scope *scope, AstType *ast)
{
  Symbol *symbol = scope_find_type(self, scope, scope, ast->name, ast->span);
  if (!symbol) return nothing();
  ast->target = symbol->def;
  return (Built){symbol->def->type, symbol->depth};
}

static Built build_unsupported(Resolver *self, Unsupported what, const AstType *ast)
{
  report_unsupported(self, what, ast->span);
  return nothing();
}

static Built build_type(Resolver *self, Scope *scope, AstType *ast)
{
  switch (ast->kind) {
  case AST_TYPE_NAME: return build_name(self, scope, ast);
  case AST_TYPE_BUILT_IN:
    if (ast->built_in <= TYPE_STRING) return (Built){type_of_kind(ast->built_in), 0};
    if (ast->built_in == TYPE_TUPLE) return build_tuple(self, scope, ast);
    return build_around(self, scope, ast);
  case AST_TYPE_FIXED_LIST: return build_unsupported(self, UNSUPPORTED_FIXED_LIST, ast);
  case AST_TYPE_MAP: return build_unsupported(self, UNSUPPORTED_MAP, ast);
  case AST_TYPE_STREAM: return build_unsupported(self, UNSUPPORTED_STREAM, ast);
  case AST_TYPE_FUTURE: return build_unsupported(self, UNSUPPORTED_FUTURE, ast);
  case AST_TYPE_OWN:
  case AST_TYPE_BORROW: return build_unsupported(self, UNSUPPORTED_RESOURCE, ast);
  case AST_TYPE_ERROR_CONTEXT: return build_unsupported(self, UNSUPPORTED_ERROR_CONTEXT, ast);
  case AST_TYPE_ERROR: break;
  }
  return nothing();
}

typedef struct ItemWords {
  TypeKind kind;
  const char *what, *part;
} ItemWords;

/* Of AST_ITEM_RECORD to AST_ITEM_FLAGS. */
static ItemWords item_words(AstItemKind kind)
{
  switch (kind) {
  case AST_ITEM_RECORD: return (ItemWords){TYPE_RECORD, "record", "field"};
  case AST_ITEM_VARIANT: return (ItemWords){TYPE_VARIANT, "variant", "case"};
  case AST_ITEM_ENUM: return (ItemWords){TYPE_ENUM, "enum", "case"};
  default: return (ItemWords){TYPE_FLAGS, "flags", "flag"};
  }
}

static void check_count(Resolver *self, const AstItem *item, ItemWords words)
{
  AstName name = item->name;
  if (!item->field_count)
    diag_error(self->diags, DIAG_TYPE, name.span, "%s `%.*s` is empty: components need at least one %s",
               words.what, STR_ARG(name.text), words.part);
  if (item->kind == AST_ITEM_FLAGS && item->field_count > FLAGS_MAX)
    diag_error(self->diags, DIAG_TYPE, name.span,
               "flags `%.*s` has %u flags, but components allow %d: split it", STR_ARG(name.text),
               item->field_count, FLAGS_MAX);
}

/* A record, variant, enum or flags. */
static Built build_fields(Resolver *self, Scope *scope, Symbol *symbol)
{
  const AstItem *item = symbol->item;
  ItemWords words = item_words(item->kind);
  uint32_t depth = 0;
  Field *fields = arena_array_of(self->arena, Field, item->field_count);
  check_fields(self, item);
  check_count(self, item, words);
  for (uint32_t i = 0; i < item->field_count; i++) {
    const AstField *ast = &item->fields[i];
    Built part = ast->type ? build_type(self, scope, ast->type) : (Built){NULL, 0};
    fields[i] = (Field){ast->name.text, part.type, docs_text(self->arena, ast->docs.docs)};
    depth = deeper(depth, part.depth);
  }
  Type type = {.kind = words.kind, .count = item->field_count, .fields = fields, .named = symbol->def};
  return finish(self, type, depth, item->name.span);
}

static void resolve_symbol(Resolver *self, Scope *scope, Symbol *symbol)
{
  const AstItem *item = symbol->item;
  Built built = nothing();
  if (item->kind == AST_ITEM_ALIAS) {
    built = build_type(self, scope, item->type);
    symbol->def->alias = item->type->target;
  } else if (item->kind != AST_ITEM_RESOURCE) {
    built = build_fields(self, scope, symbol);
  }
  symbol->def->type = built.type;
  symbol->depth = built.depth;
}

typedef VEC(AstType *) References;

/* The names in a type; as deep as the parser allows types to be nested. */
static void collect_type(Arena *arena, AstType *type, References *out)
{
  if (!type) return;
  if (type->kind == AST_TYPE_NAME) vec_push(arena, out, type);
  for (uint32_t i = 0; i < type->part_count; i++) collect_type(arena, type->parts[i], out);
}

/* A declaration that the walk is in, and how many of the names in it are done. */
typedef struct Frame {
  Symbol *symbol;
  References names;
  size_t next;
} Frame;

typedef VEC(Frame) Frames;

static void push_frame(Resolver *self, Frames *stack, Symbol *symbol)
{
  Frame frame = {.symbol = symbol};
  const AstItem *item = symbol->item;
  symbol->visit = VISIT_OPEN;
  collect_type(self->arena, item->type, &frame.names);
  for (uint32_t i = 0; i < item->field_count; i++)
    collect_type(self->arena, item->fields[i].type, &frame.names);
  vec_push(self->arena, stack, frame);
}

/* The top of the stack has a name that leads back to `symbol`, further down. */
static void report_cycle(Resolver *self, const Frames *stack, const Symbol *symbol)
{
  size_t first = stack->len - 1;
  while (stack->at[first].symbol != symbol) first--;
  const Frame *top = &stack->at[stack->len - 1];
  Diag *diag = diag_error(self->diags, DIAG_TYPE, top->names.at[top->next - 1]->span,
                          "type `%.*s` contains itself", STR_ARG(symbol->name));
  for (size_t i = first; i + 1 < stack->len && i < first + CYCLE_NOTES_MAX; i++) {
    const Frame *frame = &stack->at[i];
    const AstType *name = frame->names.at[frame->next - 1];
    diag_note(self->diags, diag, name->span, "`%.*s` contains `%.*s`", STR_ARG(frame->symbol->name),
              STR_ARG(name->name));
  }
  diag_note(self->diags, diag, SPAN_NONE,
            "WIT's types are finite: keep the items in a list, and refer to them by index");
}

/* Resolves a declaration after those that it names, depth first. */
static void resolve_from(Resolver *self, Scope *scope, Symbol *start)
{
  Frames stack = {0};
  push_frame(self, &stack, start);
  while (stack.len) {
    Frame *top = &vec_last(&stack);
    if (top->next == top->names.len) {
      resolve_symbol(self, scope, top->symbol);
      top->symbol->visit = VISIT_DONE;
      stack.len--;
      continue;
    }
    AstType *name = top->names.at[top->next++];
    Symbol *target = scope_find(self, scope, name->name);
    if (!target || !target->def || target->visit == VISIT_DONE) continue;
    if (target->visit == VISIT_NEW) {
      push_frame(self, &stack, target);
    } else {
      report_cycle(self, &stack, target);
      name->kind = AST_TYPE_ERROR;
    }
  }
}

static void resolve_use(Resolver *self, Scope *scope, const AstItem *item)
{
  Scope *from = scope_of_path(self, scope, &item->path);
  for (uint32_t i = 0; i < item->rename_count; i++) {
    const AstRename *rename = &item->renames[i];
    Symbol *symbol = scope_find(self, scope, rename->as.text);
    if (!symbol || symbol->rename != rename) continue;
    symbol->visit = VISIT_DONE;
    AstName name = rename->name;
    Symbol *found = from ? scope_find_type(self, from, scope, name.text, name.span) : NULL;
    if (!found) continue;
    symbol->def->type = found->def->type;
    symbol->def->alias = found->def;
    symbol->depth = found->depth;
  }
}

static void resolve_function(Resolver *self, Scope *scope, const AstItem *item, Function *out)
{
  Param *params = arena_array_of(self->arena, Param, item->field_count);
  check_fields(self, item);
  for (uint32_t i = 0; i < item->field_count; i++)
    params[i] = (Param){item->fields[i].name.text, build_type(self, scope, item->fields[i].type).type};
  if (item->is_async) report_unsupported(self, UNSUPPORTED_ASYNC, item->name.span);
  *out = (Function){.name = item->name.text,
                    .kind = item->function_kind,
                    .is_async = item->is_async,
                    .params = params,
                    .param_count = item->field_count,
                    .result = item->type ? build_type(self, scope, item->type).type : NULL,
                    .index = scope->out->function_count++,
                    .docs = docs_text(self->arena, item->docs.docs),
                    .span = item->name.span};
}

static void resolve_functions(Resolver *self, Scope *scope)
{
  Function *functions = arena_array_of(self->arena, Function, scope->ast->item_count);
  for (uint32_t i = 0; i < scope->ast->item_count; i++) {
    const AstItem *item = &scope->ast->items[i];
    if (item->kind == AST_ITEM_FUNCTION && !item->left_out)
      resolve_function(self, scope, item, &functions[scope->out->function_count]);
  }
  scope->out->functions = functions;
}

void scope_resolve(Resolver *self, Scope *scope)
{
  for (uint32_t i = 0; i < scope->ast->item_count; i++) {
    const AstItem *item = &scope->ast->items[i];
    if (item->kind == AST_ITEM_USE && !item->left_out) resolve_use(self, scope, item);
  }
  for (size_t i = 0; i < map_count(scope->names); i++) {
    Symbol *symbol = map_entry(scope->names, i)->value;
    if (symbol->def && symbol->visit == VISIT_NEW) resolve_from(self, scope, symbol);
  }
  resolve_functions(self, scope);
}
