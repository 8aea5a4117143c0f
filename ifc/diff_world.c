/* Imports and exports of two worlds. A host implements what is imported and calls what is exported, so that
 * what is right for callers of an import is right for implementers of an export. */
#include "ifc/diff_parts.h"

/* An inline interface may have been written under another name, in a world that is included here. */
static Hash hash_of_item(Canon *canon, const Interface *interface)
{
  if (!interface->world) return canon_interface_hash(canon, interface);
  return hash_of(canonical_content(canon_interface(canon, interface)));
}

static Items interface_items(Comparison *self, const WorldItem *items, uint32_t count)
{
  Items out = {0};
  for (uint32_t i = 0; i < count; i++) {
    const Interface *interface = items[i].interface;
    if (items[i].kind != WORLD_INTERFACE) continue;
    vec_push(self->arena, &out,
             (Item){.key = items[i].name.len ? items[i].name : interface->id,
                    .hash = hash_of_item(self->differ->canon, interface),
                    .version = interface->package->version,
                    .thing = interface});
  }
  return out;
}

static void tell_whole(Comparison *self, int side, const Item *item)
{
  const Interface *interface = item->thing;
  Finding finding = {.change = {.class = DIFF_CALLERS, .item = item->key}};
  finding.change.text = str_format(self->arena, "%s%.*s was %s", self->prefix,
                                   STR_ARG(diff_name(self->arena, item->key)), side ? "added" : "removed");
  if ((side == 0) != self->is_exported) finding.change.class = DIFF_IMPLEMENTERS;
  *(side ? &finding.change.after : &finding.change.before) = interface->span;
  comparison_tell(self, finding);
}

static Str called(const Interface *interface)
{
  return interface->world ? STR("an interface written inline") : interface->id;
}

/* Interfaces of different hashes under one name. */
static void compare_pair(Comparison *self, const Item *before, const Item *after)
{
  const Interface *old = before->thing, *new = after->thing;
  Arena *arena = self->arena;
  Str label = str_format(arena, "%s%.*s", self->prefix, STR_ARG(diff_name(arena, before->key)));
  Finding finding = {.change = {.item = before->key, .before = old->span, .after = new->span},
                     .is_exported = self->is_exported};
  if (old->world && new->world) {
    finding.because = differ_add(self->differ);
    finding.because->is_inline = true;
    finding.because->interfaces[0] = old, finding.because->interfaces[1] = new;
    finding.because->out.id = before->key;
    entry_set_hashes(finding.because, before->hash, after->hash);
    finding.change.text = label;
  } else if (!old->world && !new->world && str_equal(old->id, new->id)) {
    finding.because = differ_entry_of(self->differ, old, new);
    finding.change.text = str_format(arena, "%.*s changed", STR_ARG(label));
  } else {
    finding.change.class = DIFF_BREAKING;
    finding.change.text = str_format(arena, "%.*s: %.*s became %.*s", STR_ARG(label), STR_ARG(called(old)),
                                     STR_ARG(called(new)));
  }
  comparison_tell(self, finding);
}

static void compare_interfaces(Comparison *self, Items before, Items after)
{
  Matches matches = items_match(self->arena, &before, &after);
  for (size_t i = 0; i < matches.len; i++) {
    const Match *match = &matches.at[i];
    if (!match->partner)
      tell_whole(self, match->side, match->item);
    else if (!hash_equal(match->item->hash, match->partner->hash))
      compare_pair(self, match->item, match->partner);
  }
}

/* As it is known in this world: what is included may have been given another name. */
static const Function *function_of(Arena *arena, const WorldItem *item)
{
  const Function *function = item->function;
  if (function->kind != FUNCTION_FREE || !item->name.len || str_equal(item->name, function->name))
    return function;
  Function *renamed = arena_new_of(arena, Function);
  *renamed = *function;
  renamed->name = renamed->plain = item->name;
  return renamed;
}

static bool declares_resource(const WorldItem *item)
{
  return item->kind == WORLD_TYPE && item->type->resource == item->type;
}

static FunctionSet *functions_of(Arena *arena, const WorldItem *items, uint32_t count)
{
  FunctionSet *set = arena_new_of(arena, FunctionSet);
  for (uint32_t i = 0; i < count; i++) {
    if (items[i].kind == WORLD_FUNCTION) vec_push(arena, &set->functions, function_of(arena, &items[i]));
    if (declares_resource(&items[i])) vec_push(arena, &set->resources, items[i].type);
  }
  return set;
}

static Map *resource_names_of(Arena *arena, const World *world)
{
  Map *names = map_new(arena);
  for (uint32_t i = 0; i < world->import_count; i++)
    if (declares_resource(&world->imports[i]))
      map_put(names, (Str){(const char *)&world->imports[i].type, sizeof world->imports[i].type},
              (void *)&world->imports[i].name);
  return names;
}

void world_compare(Differ *self, Entry *entry)
{
  const World *before = entry->worlds[0], *after = entry->worlds[1];
  Map *names[2] = {resource_names_of(self->scratch, before), resource_names_of(self->scratch, after)};
  for (int exported = 0; exported < 2; exported++) {
    Comparison comparison = comparison_new(self, entry);
    comparison.prefix = exported ? "export " : "import ";
    comparison.is_exported = exported;
    comparison.sides[0].resource_names = names[0], comparison.sides[1].resource_names = names[1];
    const WorldItem *items[2] = {exported ? before->exports : before->imports,
                                 exported ? after->exports : after->imports};
    uint32_t counts[2] = {exported ? before->export_count : before->import_count,
                          exported ? after->export_count : after->import_count};
    compare_interfaces(&comparison, interface_items(&comparison, items[0], counts[0]),
                       interface_items(&comparison, items[1], counts[1]));
    functions_compare(&comparison, functions_of(self->scratch, items[0], counts[0]),
                      functions_of(self->scratch, items[1], counts[1]));
  }
}
