/* Interfaces refer to others by their hashes, never in a circle: each pair is compared on its own, and for
 * whom it breaks is handed on to those that refer to it when all have been. */
#include <stdlib.h>

#include "ifc/base/buf.h"
#include "ifc/diff_parts.h"

DiffClass diff_class_swapped(DiffClass self)
{
  if (self == DIFF_CALLERS) return DIFF_IMPLEMENTERS;
  return self == DIFF_IMPLEMENTERS ? DIFF_CALLERS : self;
}

DiffBreaks diff_breaks_swapped(DiffBreaks self)
{
  if (self == DIFF_BREAKS_CALLERS) return DIFF_BREAKS_IMPLEMENTERS;
  return self == DIFF_BREAKS_IMPLEMENTERS ? DIFF_BREAKS_CALLERS : self;
}

static DiffBreaks breaks_of(DiffClass class)
{
  switch (class) {
  case DIFF_SAME:
  case DIFF_ADDED:
  case DIFF_FOREIGN: break;
  case DIFF_CALLERS: return DIFF_BREAKS_IMPLEMENTERS;
  case DIFF_IMPLEMENTERS:
  case DIFF_REMOVED: return DIFF_BREAKS_CALLERS;
  case DIFF_BREAKING: return DIFF_BREAKS_ALL;
  }
  return DIFF_BREAKS_NOBODY;
}

static DiffClass class_that(DiffBreaks breaks)
{
  if (breaks == DIFF_BREAKS_IMPLEMENTERS) return DIFF_CALLERS;
  return breaks == DIFF_BREAKS_CALLERS ? DIFF_IMPLEMENTERS : DIFF_BREAKING;
}

Entry *differ_add(Differ *self)
{
  Entry *entry = arena_new_of(self->arena, Entry);
  entry->number = self->entries.len;
  entry->only_foreign = true;
  vec_push(self->arena, &self->entries, entry);
  return entry;
}

/* The class stays SAME, or is decided when all are compared. */
void entry_set_hashes(Entry *self, Hash before, Hash after)
{
  self->out.before = before;
  self->out.after = after;
  self->out.class = hash_equal(before, after) ? DIFF_SAME : DIFF_BREAKING;
}

Differ *differ_new(Arena *arena)
{
  Differ *self = arena_new_of(arena, Differ);
  *self = (Differ){.arena = arena, .canon = canon_new(arena), .by_pair = map_new(arena)};
  return self;
}

Entry *differ_add_interfaces(Differ *self, const Interface *before, const Interface *after)
{
  Entry *entry = differ_add(self);
  NodeKey *key = arena_new_of(self->arena, NodeKey);
  *key = (NodeKey){before, after};
  map_put(self->by_pair, (Str){(const char *)key, sizeof *key}, entry);
  entry->interfaces[0] = before, entry->interfaces[1] = after;
  entry->out.id = before->id;
  entry_set_hashes(entry, canon_interface_hash(self->canon, before),
                   canon_interface_hash(self->canon, after));
  return entry;
}

Entry *differ_entry_of(Differ *self, const Interface *before, const Interface *after)
{
  NodeKey key = {before, after};
  Entry *entry = map_get(self->by_pair, (Str){(const char *)&key, sizeof key});
  if (entry) return entry;
  entry = differ_add_interfaces(self, before, after);
  entry->out.is_dependency = true;
  return entry;
}

Comparison comparison_new(Differ *differ, Entry *entry)
{
  Arena *arena = differ->scratch;
  return (Comparison){.differ = differ,
                      .arena = arena,
                      .entry = entry,
                      .prefix = "",
                      .sides = {{.interface = entry->interfaces[0], .shapes = map_new(arena)},
                                {.interface = entry->interfaces[1], .shapes = map_new(arena)}},
                      .bodies = map_new(arena),
                      .nodes = map_new(arena)};
}

bool comparison_has_room(const Comparison *self)
{
  return self->entry->findings.len < DIFF_CHANGES_MAX;
}

void comparison_tell(Comparison *self, Finding finding)
{
  Entry *entry = self->entry;
  if (finding.because)
    vec_push(self->differ->arena, &finding.because->dependents, (Dependent){entry, finding.is_exported});
  entry->out.breaks |= finding.because ? DIFF_BREAKS_NOBODY : breaks_of(finding.change.class);
  entry->only_foreign &= finding.change.class == DIFF_FOREIGN;
  if (comparison_has_room(self))
    vec_push(self->arena, &entry->findings, finding);
  else
    entry->out.dropped++;
}

static FunctionSet *functions_of(Arena *arena, const Interface *interface)
{
  FunctionSet *set = arena_new_of(arena, FunctionSet);
  for (uint32_t i = 0; i < interface->function_count; i++)
    vec_push(arena, &set->functions, &interface->functions[i]);
  for (uint32_t i = 0; i < interface->typedef_count; i++)
    if (interface->typedefs[i].resource == &interface->typedefs[i])
      vec_push(arena, &set->resources, &interface->typedefs[i]);
  return set;
}

static void compare_interfaces(Differ *self, Entry *entry)
{
  const Interface *before = entry->interfaces[0], *after = entry->interfaces[1];
  Comparison comparison = comparison_new(self, entry);
  Arena *arena = self->scratch;
  if (!entry->is_inline && !str_equal(before->id, after->id)) {
    Str text = str_format(arena, "%.*s became %.*s", STR_ARG(before->id), STR_ARG(after->id));
    comparison_tell(&comparison, (Finding){.change = {.class = DIFF_BREAKING,
                                                      .item = before->id,
                                                      .text = text,
                                                      .before = before->span,
                                                      .after = after->span}});
  }
  functions_compare(&comparison, functions_of(arena, before), functions_of(arena, after));
}

/* Nothing changed in it but the hashes of interfaces whose resources it uses. */
static bool is_only_foreign(const Entry *self)
{
  return self->only_foreign && self->findings.len;
}

/* Does the entry break where `cause`, which it has, breaks? Not a world for an interface in which only
 * foreign ones changed: those are imports or exports of the world themselves, and break there whom they
 * break. */
static bool breaks_with(const Entry *self, const Entry *cause)
{
  return !self->out.is_world || !is_only_foreign(cause);
}

/* Those that depend on others break where the others do; as there are two things to say, each is asked twice
 * at most. */
static void hand_on(Differ *self)
{
  VEC(Entry *) todo = {0};
  for (size_t i = 0; i < self->entries.len; i++) vec_push(self->arena, &todo, self->entries.at[i]);
  while (todo.len) {
    const Entry *entry = todo.at[--todo.len];
    for (size_t i = 0; i < entry->dependents.len; i++) {
      const Dependent *dependent = &entry->dependents.at[i];
      if (!breaks_with(dependent->entry, entry)) continue;
      DiffBreaks had = dependent->entry->out.breaks;
      dependent->entry->out.breaks |=
          dependent->is_exported ? diff_breaks_swapped(entry->out.breaks) : entry->out.breaks;
      if (dependent->entry->out.breaks != had) vec_push(self->arena, &todo, dependent->entry);
    }
  }
}

typedef VEC(Change) Changes;

static void keep(Differ *self, Entry *entry, Changes *out, Change change)
{
  if (out->len < DIFF_CHANGES_MAX)
    vec_push(self->arena, out, change);
  else
    entry->out.dropped++;
}

/* The changes of an interface written within a world stand in the world's. */
static void splice(Differ *self, Entry *entry, const Finding *finding, Changes *out)
{
  const InterfaceDiff *inner = &finding->because->out;
  for (size_t i = 0; i < inner->change_count; i++) {
    Change change = inner->changes[i];
    change.text = str_format(self->arena, "%.*s: %.*s", STR_ARG(finding->change.text), STR_ARG(change.text));
    change.item = finding->change.item;
    if (finding->is_exported) {
      change.class = diff_class_swapped(change.class);
      change.breaks = diff_breaks_swapped(change.breaks);
    }
    if (!breaks_with(entry, finding->because)) change.breaks = DIFF_BREAKS_NOBODY;
    keep(self, entry, out, change);
  }
  entry->out.dropped += inner->dropped;
}

static Change change_of(const Entry *entry, const Finding *finding)
{
  Change change = finding->change;
  change.breaks = breaks_of(change.class);
  if (finding->because) {
    const InterfaceDiff *cause = &finding->because->out;
    change.class = entry->out.is_world ? cause->class : DIFF_FOREIGN;
    change.breaks = breaks_with(entry, finding->because) ? cause->breaks : DIFF_BREAKS_NOBODY;
    if (finding->is_exported) {
      change.class = diff_class_swapped(change.class);
      change.breaks = diff_breaks_swapped(change.breaks);
    }
  }
  return change;
}

static void finish(Differ *self, Entry *entry)
{
  Changes changes = {0};
  for (size_t i = 0; i < entry->findings.len; i++) {
    const Finding *finding = &entry->findings.at[i];
    if (finding->because && finding->because->is_inline)
      splice(self, entry, finding, &changes);
    else
      keep(self, entry, &changes, change_of(entry, finding));
  }
  entry->out.changes = changes.at;
  entry->out.change_count = changes.len;
}

static bool is_compared(const Entry *entry)
{
  return entry->out.class == DIFF_BREAKING;
}

static int by_id(const void *a, const void *b)
{
  const Entry *left = *(Entry *const *)a, *right = *(Entry *const *)b;
  int order = str_compare(left->out.id, right->out.id);
  return order ? order : (left->number > right->number) - (left->number < right->number);
}

/* Of what has another hash, the class follows from what was found. */
static void decide(Entry *self)
{
  if (!is_compared(self)) return;
  self->out.class = is_only_foreign(self) ? DIFF_FOREIGN : class_that(self->out.breaks);
}

/* Keeps what was found, before the rest of the comparison goes. */
static void settle(Differ *self, Entry *entry)
{
  Finding *kept = arena_array_of(self->arena, Finding, entry->findings.len);
  for (size_t i = 0; i < entry->findings.len; i++) {
    Finding *finding = &kept[i];
    *finding = entry->findings.at[i];
    const Node *node = finding->node;
    finding->node = NULL;
    finding->change.text = str_copy(self->arena, finding->change.text);
    if (!node || node->reach_count < 2) continue;
    Str *also = arena_array_of(self->arena, Str, node->reach_count - 1);
    for (uint32_t k = 1; k < node->reach_count; k++) also[k - 1] = node->reach[k];
    finding->change.also = also;
    finding->change.also_count = node->reach_count - 1;
    finding->change.also_more = node->reaches_more;
  }
  entry->findings.at = kept;
}

static void compare(Differ *self, Entry *entry)
{
  if (!is_compared(entry)) return;
  ArenaMark mark = arena_mark(self->scratch);
  if (entry->out.is_world)
    world_compare(self, entry);
  else
    compare_interfaces(self, entry);
  settle(self, entry);
  arena_reset(self->scratch, mark);
  /* The hash has the last word. */
  if (!entry->findings.len) entry->out.breaks = DIFF_BREAKS_ALL;
}

Diff differ_run(Differ *self)
{
  self->scratch = arena_new();
  for (size_t i = 0; i < self->entries.len; i++) compare(self, self->entries.at[i]);
  arena_free(self->scratch);
  hand_on(self);
  for (size_t i = 0; i < self->entries.len; i++) decide(self->entries.at[i]);
  InterfaceDiff *out = arena_array_of(self->arena, InterfaceDiff, self->entries.len);
  size_t count = 0;
  for (int worlds = 0; worlds < 2; worlds++)
    for (size_t i = 0; i < self->entries.len; i++)
      if (self->entries.at[i]->out.is_world == worlds) finish(self, self->entries.at[i]);
  if (self->entries.len) qsort(self->entries.at, self->entries.len, sizeof *self->entries.at, by_id);
  for (size_t i = 0; i < self->entries.len; i++)
    if (!self->entries.at[i]->is_inline) out[count++] = self->entries.at[i]->out;
  return (Diff){out, count};
}
