/* A world's own items: its types, what it imports and what it exports. */
#include "ifc/topological.h"
#include "ifc/wit_resolve.h"

static void declare_types(WorldScope *self)
{
  Scope *scope = &self->types;
  scope->items = arena_array_of(scope->unit->resolver->arena, AstItem *, self->ast->item_count);
  for (uint32_t i = 0; i < self->ast->item_count; i++) {
    AstWorldItem *item = &self->ast->items[i];
    if (item->item) {
      item->item->gate = item->gate;
      item->item->docs = item->docs;
    }
    if (item->kind == AST_WORLD_ITEM) scope->items[scope->item_count++] = item->item;
  }
  scope_declare(scope);
  scope_link(scope);
}

/* NULL: reported, or left out. */
static WorldScope *find_included(const WorldScope *self, const AstWorldItem *item)
{
  bool looked_up = !item->left_out || !item->path->namespace.text.len;
  WorldScope *found = looked_up ? world_of_path(&self->types, item->path) : NULL;
  if (!found || item->left_out) return NULL;
  if (found->left_out) report_path_left_out(self->types.unit, item->path, found->ast->name, true);
  return found->left_out ? NULL : found;
}

void world_declare(WorldScope *self)
{
  Scope *scope = &self->types;
  declare_types(self);
  for (uint32_t i = 0; i < self->ast->item_count; i++) {
    AstWorldItem *item = &self->ast->items[i];
    if (item->kind == AST_WORLD_ITEM) item->left_out = item->item->left_out;
    if (item->kind != AST_WORLD_INCLUDE) continue;
    item->left_out = !gate_selects(scope->unit, item->gate, item->path->name.span) || self->left_out;
    vec_push(scope->unit->resolver->arena, &self->includes, find_included(self, item));
  }
}

/* Where a name in a world is given. */
typedef struct Taken {
  AstName name;
  const char *what;
} Taken;

/* A world while its own items are collected: names that are taken, by left-out items too. */
typedef struct Collection {
  WorldScope *world;
  Map *imports, *exports;
  Map *imported, *exported; /* interfaces without a name */
} Collection;

static void take_name(Collection *self, bool is_export, AstName name, const char *what)
{
  Resolver *resolver = self->world->types.unit->resolver;
  Taken *taken = arena_new_of(resolver->arena, Taken);
  *taken = (Taken){name, what};
  const Taken *first = map_put(is_export ? self->exports : self->imports, name.text, taken);
  if (!first) return;
  Diag *diag =
      diag_error(resolver->diags, DIAG_NAME, name.span, "the world %s %s called `%.*s` already: rename one",
                 is_export ? "exports" : "imports", first->what, STR_ARG(name.text));
  diag_note(resolver->diags, diag, first->name.span, "the first one");
}

static void add_item(Collection *self, bool is_export, WorldItem item, bool left_out)
{
  Resolver *resolver = self->world->types.unit->resolver;
  ItemList *list = is_export ? &self->world->exports : &self->world->imports;
  if (left_out || items_find(list, item.name, item.interface)) return;
  bool added = items_add(resolver, list, item);
  (void)added; /* reported when the world is elaborated */
}

/* The names in a type that are declared in the world. */
static void add_dependencies(const Scope *scope, const AstType *type, uint32_t whole, Dependencies *out)
{
  if (!type) return;
  const Symbol *part = type->kind == AST_TYPE_NAME ? scope_find(scope, type->name) : NULL;
  if (part && part->def) vec_push(scope->unit->resolver->arena, out, (Dependency){whole, part->order});
  for (uint32_t i = 0; i < type->part_count; i++) add_dependencies(scope, type->parts[i], whole, out);
}

/* A type that a world declares or `use`s. */
typedef struct WorldType {
  Symbol *symbol;
  const AstWorldItem *written;
} WorldType;

typedef VEC(WorldType) WorldTypes;

/* In the order written. */
static WorldTypes number_types(const WorldScope *self)
{
  WorldTypes out = {0};
  for (uint32_t i = 0; i < self->ast->item_count; i++) {
    const AstWorldItem *item = &self->ast->items[i];
    if (item->kind != AST_WORLD_ITEM) continue;
    bool is_use = item->item->kind == AST_ITEM_USE;
    for (uint32_t k = 0; k < (is_use ? item->item->rename_count : 1); k++) {
      const AstRename *rename = is_use ? &item->item->renames[k] : NULL;
      Symbol *symbol = scope_find(&self->types, rename ? rename->as.text : item->item->name.text);
      if (symbol->item != item->item || symbol->rename != rename) continue;
      symbol->order = (uint32_t)out.len;
      vec_push(self->types.unit->resolver->arena, &out, (WorldType){symbol, item});
    }
  }
  return out;
}

static void add_type(Collection *self, WorldType type)
{
  Symbol *symbol = type.symbol;
  take_name(self, false, symbol_name(symbol), "a type");
  add_item(self, false,
           (WorldItem){.kind = WORLD_TYPE,
                       .name = symbol_name(symbol).text,
                       .type = symbol->def,
                       .docs = symbol->def->docs,
                       .span = symbol_name(symbol).span,
                       .written = type.written,
                       .gated = type.written},
           symbol->item->left_out);
}

/* `use`d types first, then each behind those that it is made of, as the reference has them. */
static void add_types(Collection *self)
{
  const Scope *scope = &self->world->types;
  Arena *arena = scope->unit->resolver->arena;
  WorldTypes types = number_types(self->world);
  Dependencies dependencies = {0};
  if (!types.len) return;
  for (uint32_t i = 0; i < types.len; i++) {
    const AstItem *item = types.at[i].symbol->item;
    if (item->kind == AST_ITEM_USE) add_type(self, types.at[i]);
    add_dependencies(scope, item->type, i, &dependencies);
    for (uint32_t k = 0; k < item->field_count; k++)
      add_dependencies(scope, item->fields[k].type, i, &dependencies);
  }
  uint32_t count;
  const uint32_t *order = topological_order(arena, (uint32_t)types.len, &dependencies, &count);
  for (uint32_t i = 0; i < count; i++)
    if (types.at[order[i]].symbol->item->kind != AST_ITEM_USE) add_type(self, types.at[order[i]]);
}

static const Function *keep_function(Scope *scope, const AstItem *item, Symbol *resource)
{
  Function *function = arena_new_of(scope->unit->resolver->arena, Function);
  *function = function_resolve(scope, item, resource);
  if (!item->left_out) scope->function_count++;
  return function;
}

static void add_methods(Collection *self, const AstWorldItem *written)
{
  Scope *scope = &self->world->types;
  const AstItem *resource = written->item;
  Symbol *symbol = scope_find(scope, resource->name.text);
  if (symbol->item != resource) return;
  for (uint32_t i = 0; i < resource->item_count; i++) {
    AstItem *item = &resource->items[i];
    bool selected = resource->left_out || gate_selects(scope->unit, item->gate, item->name.span);
    item->left_out = resource->left_out || !selected;
    const Function *function = keep_function(scope, item, symbol);
    WorldItem out = {.kind = WORLD_FUNCTION, .name = function->name, .function = function};
    out.docs = function->docs;
    out.span = function->span;
    out.written = out.gated = written;
    add_item(self, false, out, item->left_out);
  }
}

/* "import NAME: interface { … }" */
static const Interface *resolve_inline(WorldScope *world, const AstWorldItem *item)
{
  Unit *unit = world->types.unit;
  Arena *arena = unit->resolver->arena;
  AstInterface *ast = item->interface;
  Scope *scope = arena_new_of(arena, Scope);
  Interface *out = arena_new_of(arena, Interface);
  *out = (Interface){.name = item->name.text,
                     .id = item->name.text,
                     .package = unit->package,
                     .world = world->out,
                     .docs = docs_text(arena, ast_docs(item->docs)),
                     .span = item->name.span,
                     .written = ast};
  AstItem **items = arena_array_of(arena, AstItem *, ast->item_count);
  for (uint32_t i = 0; i < ast->item_count; i++) items[i] = &ast->items[i];
  *scope = (Scope){.unit = unit,
                   .file_uses = world->types.file_uses,
                   .name = item->name,
                   .items = items,
                   .item_count = ast->item_count,
                   .out = out,
                   .world = world->out,
                   .left_out = item->left_out,
                   .is_broken = ast->broken,
                   .names = map_new(arena)};
  ast->left_out = item->left_out;
  scope_declare(scope);
  scope_link(scope);
  scope_resolve_types(scope);
  scope_resolve_functions(scope);
  return out;
}

/* The interface that the path of an import or export means; NULL, reported, or left out. */
static const Interface *resolve_path(const WorldScope *self, const AstWorldItem *item)
{
  if (item->left_out && item->path->namespace.text.len) return NULL;
  const Scope *found = interface_of_path(&self->types, item->path);
  if (!found) return NULL;
  if (!found->left_out || item->left_out) return found->out;
  report_path_left_out(self->types.unit, item->path, found->name, false);
  return NULL;
}

/* Reports a path that is imported, or exported, twice without a name. */
static void take_interface(Collection *self, bool is_export, const Interface *interface, AstWorldItem *item)
{
  Resolver *resolver = self->world->types.unit->resolver;
  const Interface **key = arena_new_of(resolver->arena, const Interface *);
  *key = interface;
  const AstWorldItem *first =
      map_put(is_export ? self->exported : self->imported, (Str){(const char *)key, sizeof *key}, item);
  if (!first) return;
  const char *verb = is_export ? "export" : "import";
  Diag *diag = diag_error(resolver->diags, DIAG_NAME, item->path->name.span,
                          "`%.*s` is %sed already: leave this out", STR_ARG(item->path->name.text), verb);
  diag_note(resolver->diags, diag, first->path->name.span, "%sed here first", verb);
}

/* import-item | export-item */
static void add_extern(Collection *self, AstWorldItem *item)
{
  WorldScope *world = self->world;
  bool is_export = item->kind == AST_WORLD_EXPORT;
  Span at = item->name.text.len ? item->name.span : item->path->name.span;
  item->left_out = !gate_selects(world->types.unit, item->gate, at) || world->left_out;
  WorldItem out = {
      .kind = WORLD_INTERFACE, .name = item->name.text, .span = at, .written = item, .gated = item};
  out.docs = docs_text(world->types.unit->resolver->arena, ast_docs(item->docs));
  if (item->item) {
    item->item->left_out = item->left_out;
    out.kind = WORLD_FUNCTION;
    out.function = keep_function(&world->types, item->item, NULL);
  } else {
    out.interface = item->interface ? resolve_inline(world, item) : resolve_path(world, item);
  }
  if (item->name.text.len)
    take_name(self, is_export, item->name, item->item ? "a function" : "an interface");
  else if (out.interface)
    take_interface(self, is_export, out.interface, item);
  if (out.interface || out.function) add_item(self, is_export, out, item->left_out);
}

static void check_case(const WorldScope *self, const Map *names)
{
  Resolver *resolver = self->types.unit->resolver;
  if (!valid_names_matter(resolver, names)) return;
  size_t count = map_count(names);
  AstName *list = arena_array_of(resolver->arena, AstName, count);
  for (size_t i = 0; i < count; i++) list[i] = ((Taken *)map_entry(names, i)->value)->name;
  valid_names(resolver, list, count);
}

void world_resolve(WorldScope *self)
{
  Arena *arena = self->types.unit->resolver->arena;
  Collection collection = {self, map_new(arena), map_new(arena), map_new(arena), map_new(arena)};
  items_init(&self->imports, arena);
  items_init(&self->exports, arena);
  scope_resolve_types(&self->types);
  add_types(&collection);
  for (uint32_t i = 0; i < self->ast->item_count; i++) {
    AstWorldItem *item = &self->ast->items[i];
    if (item->kind == AST_WORLD_IMPORT || item->kind == AST_WORLD_EXPORT) add_extern(&collection, item);
    if (item->kind == AST_WORLD_ITEM && item->item->kind == AST_ITEM_RESOURCE) add_methods(&collection, item);
  }
  check_case(self, collection.imports);
  check_case(self, collection.exports);
}
