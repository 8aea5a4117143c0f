/* The packages that a package names, in the order in which the reference parser comes across them, which
 * shows in the order of packages and in where a cycle is told. */
#include "ifc/wit_resolve.h"

#include "ifc/base/buf.h"

static Str key_of_path(const Unit *self, const AstPath *path)
{
  return package_key(self->resolver->arena, path->namespace.text, path->package.text, path->version.text);
}

static Str foreign_key(const Unit *self, const AstPath *path)
{
  Str package = key_of_path(self, path);
  return str_format(self->resolver->arena, "%.*s/%.*s", STR_ARG(package), STR_ARG(path->name.text));
}

/* What a path names is known by where it stands: after `include` a world, else an interface. Once it is taken
 * for the one it cannot be the other. */
static void check_kind(Unit *self, const AstPath *path, bool is_world)
{
  Resolver *resolver = self->resolver;
  Foreign *foreign = arena_new_of(resolver->arena, Foreign);
  *foreign = (Foreign){.path = path, .is_world = is_world};
  Foreign *first = map_put(self->foreign, foreign_key(self, path), foreign);
  if (!first || first->is_world == is_world || first->is_reported) return;
  first->is_reported = true;
  Diag *diag = diag_error(resolver->diags, DIAG_NAME, path->name.span, "`%.*s` is taken for %s here",
                          STR_ARG(path->name.text), is_world ? "a world" : "an interface");
  diag_note(resolver->diags, diag, first->path->name.span, "but for %s here%s",
            is_world ? "an interface" : "a world",
            is_world ? "; a top-level `use` of another package takes interfaces only" : "");
}

static void add_path(Unit *self, const AstPath *path, bool is_world)
{
  Arena *arena = self->resolver->arena;
  if (!path->namespace.text.len) return;
  check_kind(self, path, is_world);
  Str key = key_of_path(self, path);
  if (map_put(self->needed, key, self->written)) return;
  vec_push(arena, &self->needs, (Need){path, key, NULL});
}

static void add_uses(Unit *self, const AstInterface *interface)
{
  for (uint32_t i = 0; i < interface->item_count; i++)
    if (interface->items[i].kind == AST_ITEM_USE) add_path(self, interface->items[i].path, false);
}

static void add_externs(Unit *self, const AstWorld *world, AstWorldItemKind kind)
{
  for (uint32_t i = 0; i < world->item_count; i++) {
    const AstWorldItem *item = &world->items[i];
    if (item->kind != kind) continue;
    if (item->interface)
      add_uses(self, item->interface);
    else if (!item->item)
      add_path(self, item->path, false);
  }
}

static void add_world(Unit *self, const AstWorld *world)
{
  for (uint32_t i = 0; i < world->item_count; i++) {
    const AstWorldItem *item = &world->items[i];
    if (item->kind == AST_WORLD_INCLUDE) add_path(self, item->path, true);
    if (item->kind == AST_WORLD_ITEM && item->item->kind == AST_ITEM_USE)
      add_path(self, item->item->path, false);
  }
  add_externs(self, world, AST_WORLD_IMPORT);
  add_externs(self, world, AST_WORLD_EXPORT);
}

void unit_collect_needs(Unit *self)
{
  for (size_t i = 0; i < self->written->file_count; i++) {
    const AstFile *file = self->written->files[i];
    for (uint32_t k = 0; k < file->top_count; k++) {
      const AstTop *top = &file->tops[k];
      if (top->interface)
        add_uses(self, top->interface);
      else if (top->world)
        add_world(self, top->world);
      else if (!top->package)
        add_path(self, top->use, false);
    }
  }
}

Unit *unit_of_path(const Unit *self, const AstPath *path)
{
  Unit *found = map_get(self->resolver->by_key, key_of_path(self, path));
  /* One that is not resolved yet depends on this one, which is reported. */
  return found && found->visit == VISIT_DONE && found != self && found->is_resolved ? found : NULL;
}

bool unit_foreign_is_reported(const Unit *self, const AstPath *path)
{
  const Foreign *foreign = map_get(self->foreign, foreign_key(self, path));
  return foreign && foreign->is_reported;
}
