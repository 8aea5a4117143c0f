/* Which thing of one side is which of the other. */
#include <stdlib.h>
#include <string.h>

#include "ifc/diff_parts.h"

typedef int Order(const void *a, const void *b);

static int by_key(const void *a, const void *b)
{
  const Item *left = a, *right = b;
  return str_compare(left->key, right->key);
}

static int by_key_and_hash(const void *a, const void *b)
{
  const Item *left = a, *right = b;
  int order = by_key(a, b);
  return order ? order : memcmp(left->hash.bytes, right->hash.bytes, sizeof left->hash.bytes);
}

static int by_key_and_version(const void *a, const void *b)
{
  const Item *left = a, *right = b;
  int order = by_key(a, b);
  return order ? order : str_compare(left->version, right->version);
}

static int by_item(const void *a, const void *b)
{
  const Match *left = a, *right = b;
  return by_key_and_version(left->item, right->item);
}

static void sort(void *at, size_t count, size_t size, Order *order)
{
  if (count) qsort(at, count, size, order);
}

/* Pairs those that `order` holds for equal; both are sorted by it. What is left over goes into `rest`. */
static void pair(Arena *arena, const Items *before, const Items *after, Order *order, Matches *out,
                 Items rest[2])
{
  size_t i = 0, k = 0;
  while (i < before->len || k < after->len) {
    int side = k == after->len ? -1 : i == before->len ? 1 : order(&before->at[i], &after->at[k]);
    if (side == 0)
      vec_push(arena, out, (Match){&before->at[i], &after->at[k], 0});
    else if (side < 0)
      vec_push(arena, &rest[0], before->at[i]);
    else
      vec_push(arena, &rest[1], after->at[k]);
    i += side <= 0;
    k += side >= 0;
  }
}

Matches items_match(Arena *arena, Items *before, Items *after)
{
  Matches out = {0};
  Items *rest = arena_array_of(arena, Items, 4), *unmatched = rest + 2;
  sort(before->at, before->len, sizeof *before->at, by_key_and_hash);
  sort(after->at, after->len, sizeof *after->at, by_key_and_hash);
  pair(arena, before, after, by_key_and_hash, &out, rest);
  sort(rest[0].at, rest[0].len, sizeof *rest[0].at, by_key_and_version);
  sort(rest[1].at, rest[1].len, sizeof *rest[1].at, by_key_and_version);
  pair(arena, &rest[0], &rest[1], by_key, &out, unmatched);
  for (size_t i = 0; i < unmatched[0].len; i++) vec_push(arena, &out, (Match){&unmatched[0].at[i], NULL, 0});
  for (size_t i = 0; i < unmatched[1].len; i++) vec_push(arena, &out, (Match){&unmatched[1].at[i], NULL, 1});
  sort(out.at, out.len, sizeof *out.at, by_item);
  return out;
}

Str canonical_content(Str text)
{
  for (int line = 0; line < 2; line++) {
    size_t end = str_find(text, STR("\n"));
    text = end == SIZE_MAX ? STR("") : str_slice(text, end + 1, text.len);
  }
  return text;
}

Rename *rename_add(Arena *arena, Map *renames, Str content, Str name, bool is_added)
{
  Rename *self = map_get(renames, content);
  if (!self) {
    self = arena_new_of(arena, Rename);
    map_put(renames, content, self);
  }
  *(is_added ? &self->added : &self->removed) += 1;
  *(is_added ? &self->added_name : &self->removed_name) = name;
  return self;
}

Str rename_guess(const Rename *self, bool is_added)
{
  if (!self || self->added != 1 || self->removed != 1) return STR("");
  return is_added ? self->removed_name : self->added_name;
}

static void take(Parts before, Parts after, uint32_t i, uint32_t k)
{
  before.at[i].partner = k;
  after.at[k].partner = i;
}

/* The same under another name: the same type, or a type of the same name. */
static bool may_be_renamed(const Part *before, const Part *after)
{
  if (before->shape == after->shape) return true;
  const TypeDef *old = before->type ? before->type->named : NULL,
                *new = after->type ? after->type->named : NULL;
  return old && new && before->type->kind == after->type->kind &&str_equal(old->name, new->name);
}

/* By place first, which is right for names that stand twice, too. */
static void match_names(Arena *arena, Parts before, Parts after)
{
  Map *by_name = NULL;
  for (uint32_t i = 0; i < before.count && i < after.count; i++)
    if (str_equal(before.at[i].name, after.at[i].name)) take(before, after, i, i);
  for (uint32_t i = 0; i < before.count; i++) {
    if (before.at[i].partner != NO_PARTNER) continue;
    if (!by_name) {
      by_name = map_new(arena);
      for (uint32_t k = 0; k < after.count; k++)
        if (after.at[k].partner == NO_PARTNER) map_put(by_name, after.at[k].name, &after.at[k]);
    }
    const Part *found = map_get(by_name, before.at[i].name);
    if (found && found->partner == NO_PARTNER) take(before, after, i, (uint32_t)(found - after.at));
  }
}

void parts_match(Arena *arena, Parts before, Parts after)
{
  for (uint32_t i = 0; i < before.count; i++) before.at[i].partner = NO_PARTNER;
  for (uint32_t i = 0; i < after.count; i++) after.at[i].partner = NO_PARTNER;
  match_names(arena, before, after);
  for (uint32_t i = 0; i < before.count; i++) {
    if (before.at[i].partner != NO_PARTNER) continue;
    if (i > 0 && before.at[i - 1].partner == NO_PARTNER) continue;
    uint32_t k = i > 0 ? before.at[i - 1].partner + 1 : 0;
    if (k < after.count && after.at[k].partner == NO_PARTNER && may_be_renamed(&before.at[i], &after.at[k]))
      take(before, after, i, k);
  }
}
