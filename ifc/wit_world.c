/* Worlds say how interfaces are put together, which nothing here needs yet: only their names are checked, as
 * far as they lead to this package. */
#include "ifc/wit_resolve.h"

typedef struct WorldCheck {
  Resolver *resolver;
  const Scope *scope; /* where local names are looked up */
  Map *imports, *exports;
} WorldCheck;

static void add_name(WorldCheck *self, Map *names, AstName name)
{
  AstName *kept = arena_new_of(self->resolver->arena, AstName);
  *kept = name;
  AstName *first = map_put(names, name_folded(self->resolver->arena, name.text), kept);
  if (first) report_duplicate(self->resolver, name, *first);
}

/* use-item: the interface is there, and has these types. */
static void check_use(WorldCheck *self, const AstItem *item)
{
  if (item->path.namespace.text.len || !gate_selects(self->resolver, &item->gate)) return;
  const Scope *from = scope_of_path(self->resolver, self->scope, &item->path);
  for (uint32_t i = 0; from && i < item->rename_count; i++) {
    AstName name = item->renames[i].name;
    scope_find_type(self->resolver, from, self->scope, name.text, name.span);
  }
}

/* Interfaces go by their id, which is no name, so they never meet the names in the map. */
static void check_export(WorldCheck *self, const Scope *interface, AstPath *path)
{
  const AstPath *first = map_put(self->exports, interface->out->id, path);
  if (!first) return;
  Diag *diag = diag_error(self->resolver->diags, DIAG_NAME, path->span, "`%.*s` is exported already",
                          STR_ARG(path->name.text));
  diag_note(self->resolver->diags, diag, first->span, "exported here first");
}

static void check_extern(WorldCheck *self, AstWorldItem *item)
{
  bool is_export = item->kind == AST_WORLD_EXPORT;
  if (item->name.text.len) add_name(self, is_export ? self->exports : self->imports, item->name);
  if (item->interface) {
    for (uint32_t i = 0; i < item->interface->item_count; i++)
      if (item->interface->items[i].kind == AST_ITEM_USE) check_use(self, &item->interface->items[i]);
  } else if (!item->item && !item->path.namespace.text.len) {
    const Scope *found = scope_of_path(self->resolver, self->scope, &item->path);
    if (found && is_export && !item->name.text.len) check_export(self, found, &item->path);
  }
}

/* include-item: the world is there. */
static void check_include(WorldCheck *self, const AstPath *path)
{
  if (path->namespace.text.len) return;
  Str folded = name_folded(self->resolver->arena, path->name.text);
  const TopName *found = map_get(self->scope->file_uses, folded);
  if (!found) found = map_get(self->resolver->names, folded);
  if (found && found->scope)
    diag_error(self->resolver->diags, DIAG_NAME, path->span, "`%.*s` is an interface, not a world",
               STR_ARG(path->name.text));
  else if (!found)
    diag_error(self->resolver->diags, DIAG_NAME, path->span, "no world `%.*s` in this package",
               STR_ARG(path->name.text));
}

static void check_item(WorldCheck *self, const AstItem *item)
{
  if (item->kind != AST_ITEM_USE) {
    add_name(self, self->imports, item->name);
    return;
  }
  check_use(self, item);
  for (uint32_t i = 0; i < item->rename_count; i++) add_name(self, self->imports, item->renames[i].as);
}

void world_check(Resolver *self, const Scope *scope, const AstWorld *world)
{
  WorldCheck check = {self, scope, map_new(self->arena), map_new(self->arena)};
  if (world->left_out) return;
  for (uint32_t i = 0; i < world->item_count; i++) {
    AstWorldItem *item = &world->items[i];
    if (!gate_selects(self, &item->gate)) continue;
    switch (item->kind) {
    case AST_WORLD_IMPORT:
    case AST_WORLD_EXPORT: check_extern(&check, item); break;
    case AST_WORLD_INCLUDE: check_include(&check, &item->path); break;
    case AST_WORLD_ITEM: check_item(&check, item->item); break;
    }
  }
}
