/* Which interfaces and worlds of two packages are compared. */
#include "ifc/diff.h"

#include "ifc/diff_parts.h"

Str diff_class_slug(DiffClass class)
{
  switch (class) {
#define DIFF_CLASS(name, slug) \
  case DIFF_##name:            \
    return STR(slug);
#include "ifc/diff_classes.def"
#undef DIFF_CLASS
  }
  return STR("");
}

/* Interfaces, or worlds, of both sides. */
typedef struct Candidates {
  Items sides[2];
  Map *own; /* ids of those that are of a main or nested package of either side */
} Candidates;

typedef struct PackageDiffer {
  Differ *differ;
  Candidates interfaces, worlds;
  Map *renames;
} PackageDiffer;

typedef void Visit(PackageDiffer *self, int side, const Package *package);

static void visit_packages(PackageDiffer *self, int side, const Package *main, Visit *visit)
{
  const Resolve *resolve = main->resolve;
  if (!resolve) visit(self, side, main);
  for (uint32_t i = 0; resolve && i < resolve->package_count; i++) visit(self, side, resolve->packages[i]);
}

static void note_own(PackageDiffer *self, int side, const Package *package)
{
  (void)side;
  if (package->origin == PACKAGE_DEPENDENCY) return;
  for (uint32_t i = 0; i < package->interface_count; i++)
    map_put(self->interfaces.own, package->interfaces[i].id, self);
  for (uint32_t i = 0; i < package->world_count; i++) map_put(self->worlds.own, package->worlds[i].id, self);
}

/* What one side has of its own is looked for among the dependencies of the other side too: it may have moved.
 */
static void collect(PackageDiffer *self, int side, const Package *package)
{
  Differ *differ = self->differ;
  for (uint32_t i = 0; i < package->interface_count; i++) {
    const Interface *interface = &package->interfaces[i];
    if (!map_get(self->interfaces.own, interface->id)) continue;
    Hash hash = canon_interface_hash(differ->canon, interface);
    vec_push(differ->arena, &self->interfaces.sides[side],
             (Item){interface->id, hash, package->version, interface});
  }
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *world = &package->worlds[i];
    if (!map_get(self->worlds.own, world->id)) continue;
    Hash hash = canon_world_hash(differ->canon, world);
    vec_push(differ->arena, &self->worlds.sides[side], (Item){world->id, hash, package->version, world});
  }
}

/* What stays the same when it gets another name within its namespace; empty where that is nothing. */
static Str content_of(PackageDiffer *self, const Item *item, bool is_world)
{
  Canon *canon = self->differ->canon;
  Str text =
      canonical_content(is_world ? canon_world(canon, item->thing) : canon_interface(canon, item->thing));
  if (!text.len) return text;
  Str namespace = str_slice(item->key, 0, str_find(item->key, STR(":")));
  return str_format(self->differ->arena, "%c%.*s:%.*s", is_world ? 'w' : 'i', STR_ARG(namespace),
                    STR_ARG(text));
}

static bool is_own(const Item *item, bool is_world)
{
  const World *world = item->thing;
  const Interface *interface = item->thing;
  return (is_world ? world->package : interface->package)->origin != PACKAGE_DEPENDENCY;
}

static void add_lone(PackageDiffer *self, int side, const Item *item, bool is_world)
{
  if (!is_own(item, is_world)) return;
  Entry *entry = differ_add(self->differ);
  entry->out.id = item->key;
  entry->out.is_world = is_world;
  entry->out.class = side ? DIFF_ADDED : DIFF_REMOVED;
  entry->out.breaks = side ? DIFF_BREAKS_NOBODY : DIFF_BREAKS_CALLERS;
  *(side ? &entry->out.after : &entry->out.before) = item->hash;
  entry->content = content_of(self, item, is_world);
  if (entry->content.len) rename_add(self->differ->arena, self->renames, entry->content, item->key, side);
}

static void add_worlds(Differ *self, const Match *match)
{
  Entry *entry = differ_add(self);
  entry->out.id = match->item->key;
  entry->out.is_world = true;
  entry->worlds[0] = match->item->thing, entry->worlds[1] = match->partner->thing;
  entry_set_hashes(entry, match->item->hash, match->partner->hash);
}

static void match(PackageDiffer *self, Candidates *candidates, bool is_world)
{
  Matches matches = items_match(self->differ->arena, &candidates->sides[0], &candidates->sides[1]);
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    if (!match->partner)
      add_lone(self, match->side, match->item, is_world);
    else if (is_world)
      add_worlds(self->differ, match);
    else
      differ_add_interfaces(self->differ, match->item->thing, match->partner->thing);
  }
}

Diff package_diff(Arena *arena, const Package *before, const Package *after)
{
  PackageDiffer self = {.differ = differ_new(arena), .renames = map_new(arena)};
  self.interfaces.own = map_new(arena), self.worlds.own = map_new(arena);
  const Package *packages[2] = {before, after};
  for (int side = 0; side < 2; side++) visit_packages(&self, side, packages[side], note_own);
  for (int side = 0; side < 2; side++) visit_packages(&self, side, packages[side], collect);
  match(&self, &self.interfaces, false);
  match(&self, &self.worlds, true);
  for (size_t i = 0; i < self.differ->entries.len; i++) {
    Entry *entry = self.differ->entries.at[i];
    if (entry->content.len)
      entry->out.renamed =
          rename_guess(map_get(self.renames, entry->content), entry->out.class == DIFF_ADDED);
  }
  return differ_run(self.differ);
}

Diff interface_diff(Arena *arena, const Interface *before, const Interface *after)
{
  Differ *differ = differ_new(arena);
  differ_add_interfaces(differ, before, after);
  return differ_run(differ);
}

Diff world_diff(Arena *arena, const World *before, const World *after)
{
  Differ *differ = differ_new(arena);
  Entry *entry = differ_add(differ);
  Str old = canon_world(differ->canon, before), new = canon_world(differ->canon, after);
  entry->out.id = before->id;
  entry->out.is_world = true;
  entry->worlds[0] = before, entry->worlds[1] = after;
  entry_set_hashes(entry, hash_of(old), hash_of(new));
  if (!str_equal(before->id, after->id)) {
    entry->out.renamed = after->id;
    if (str_equal(canonical_content(old), canonical_content(new))) entry->out.class = DIFF_SAME;
  }
  return differ_run(differ);
}

static bool breaks(const Diff *self, DiffBreaks whom)
{
  for (size_t i = 0; i < self->interface_count; i++)
    if (!self->interfaces[i].is_dependency && self->interfaces[i].breaks & whom) return true;
  return false;
}

bool diff_breaks_callers(const Diff *self)
{
  return breaks(self, DIFF_BREAKS_CALLERS);
}

bool diff_breaks_implementers(const Diff *self)
{
  return breaks(self, DIFF_BREAKS_IMPLEMENTERS);
}
