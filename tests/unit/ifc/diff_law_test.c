/* Laws of diff.h on random packages: nothing is told where hashes are equal, something where they are not,
 * and the other way round the same is told, mirrored. A longer run: DIFF_CASES=100000 DIFF_SEED=7. */
#include <stdlib.h>

#include "ifc/base/utf8.h"
#include "ifc/diff.h"
#include "tests/unit/ifc/wit_model_change.h"
#include "tests/unit/ifc/wit_model_print.h"
#include "tests/unit/ifc/wit_values.h"

enum { CASES = 1000, CHANGES_MAX = 4, COLUMNS = 80 };

/* The number in the environment variable of that name. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
  uint64_t number = otherwise;
  Str text = str_from_z(getenv(name));
  if (text.len) assert_true(str_to_u64(text, &number));
  return number;
}

static const Package *package_of(Arena *arena, Model *model)
{
  Diags diags = diags_in(arena);
  Str features[] = {STR("chosen")};
  WitOptions options = {.features = features, .feature_count = 1};
  Printed printed = model_print(arena, model, false);
  const Package *package = wit_parse(arena, source_of(arena, printed.files.at[0].text), &options, &diags);
  if (!package) print_diags(&diags);
  assert_non_null(package);
  return package;
}

/* Without the worlds that are only there to be included. */
static Diff diff_of(Arena *arena, const Package *before, const Package *after)
{
  Diff diff = package_diff(arena, before, after);
  InterfaceDiff *kept = arena_array_of(arena, InterfaceDiff, diff.interface_count);
  size_t count = 0;
  for (size_t i = 0; i < diff.interface_count; i++) {
    const InterfaceDiff *interface = &diff.interfaces[i];
    bool is_helper = interface->is_world && str_find(interface->id, STR("/t-")) != SIZE_MAX;
    if (!is_helper) kept[count++] = *interface;
  }
  return (Diff){kept, count};
}

static void show(Arena *arena, const Diff *a, const Diff *b)
{
  Str left = diff_text(arena, a), right = diff_text(arena, b);
  print_error("%.*s===== and the other way round\n%.*s", STR_ARG(left), STR_ARG(right));
}

static bool is_compared(const InterfaceDiff *self)
{
  return self->class != DIFF_ADDED && self->class != DIFF_REMOVED;
}

/* The hash decides whether there is a change, and there is one then. */
static void assert_told(const Diff *diff)
{
  for (size_t i = 0; i < diff->interface_count; i++) {
    const InterfaceDiff *interface = &diff->interfaces[i];
    if (is_compared(interface))
      assert_int_equal(interface->class == DIFF_SAME, hash_equal(interface->before, interface->after));
    bool has_changes = is_compared(interface) && interface->class != DIFF_SAME;
    assert_int_equal(interface->change_count > 0, has_changes);
    DiffBreaks breaks = interface->class == DIFF_REMOVED ? DIFF_BREAKS_CALLERS : DIFF_BREAKS_NOBODY;
    for (size_t k = 0; k < interface->change_count; k++) breaks |= interface->changes[k].breaks;
    if (!interface->dropped) assert_int_equal(interface->breaks, breaks);
  }
}

static DiffClass mirrored(DiffClass class)
{
  switch (class) {
  case DIFF_ADDED: return DIFF_REMOVED;
  case DIFF_REMOVED: return DIFF_ADDED;
  case DIFF_CALLERS: return DIFF_IMPLEMENTERS;
  case DIFF_IMPLEMENTERS: return DIFF_CALLERS;
  case DIFF_SAME:
  case DIFF_FOREIGN:
  case DIFF_BREAKING: break;
  }
  return class;
}

static DiffBreaks swapped(DiffBreaks breaks)
{
  return (breaks & DIFF_BREAKS_CALLERS ? DIFF_BREAKS_IMPLEMENTERS : DIFF_BREAKS_NOBODY) |
         (breaks & DIFF_BREAKS_IMPLEMENTERS ? DIFF_BREAKS_CALLERS : DIFF_BREAKS_NOBODY);
}

/* Without the kind, which may be what changed. */
static Str plain(Str item)
{
  size_t end = str_find(item, STR("]"));
  return end == SIZE_MAX ? item : str_slice(item, end + 1, item.len);
}

static bool is_mirror(const Change *a, const Change *b)
{
  return str_equal(plain(a->item), plain(b->item)) && mirrored(a->class) == b->class &&
         swapped(a->breaks) == b->breaks && a->also_count == b->also_count && a->also_more == b->also_more;
}

/* Each change has one of its own on the other side. */
static bool changes_mirror(const InterfaceDiff *a, const InterfaceDiff *b)
{
  bool taken[DIFF_CHANGES_MAX] = {0};
  if (a->change_count != b->change_count || a->dropped != b->dropped) return false;
  for (size_t i = 0; i < a->change_count; i++) {
    size_t k = 0;
    while (k < b->change_count && (taken[k] || !is_mirror(&a->changes[i], &b->changes[k]))) k++;
    if (k == b->change_count) return false;
    taken[k] = true;
  }
  return true;
}

static bool interfaces_mirror(const InterfaceDiff *a, const InterfaceDiff *b)
{
  bool same = str_equal(a->id, b->id) && a->is_world == b->is_world && mirrored(a->class) == b->class;
  if (!same || a->is_dependency != b->is_dependency) return false;
  if (a->class != DIFF_ADDED && !hash_equal(a->before, b->after)) return false;
  if (a->class != DIFF_REMOVED && !hash_equal(a->after, b->before)) return false;
  if (is_compared(a) && swapped(a->breaks) != b->breaks) return false;
  return str_equal(a->renamed, b->renamed) && changes_mirror(a, b);
}

/* Two versions of one id may stand in another order. */
static void assert_mirror(Arena *arena, const Diff *a, const Diff *b)
{
  assert_int_equal(a->interface_count, b->interface_count);
  for (size_t i = 0; i < a->interface_count; i++) {
    size_t k = 0;
    while (k < b->interface_count && !interfaces_mirror(&a->interfaces[i], &b->interfaces[k])) k++;
    if (k == b->interface_count) show(arena, a, b);
    assert_true(k < b->interface_count);
  }
}

static void assert_readable(Str text)
{
  for (size_t at = 0; at < text.len;) {
    Str rest = str_slice(text, at, text.len), line = str_slice(rest, 0, str_find(rest, STR("\n")));
    if (utf8_columns(line) > COLUMNS) print_error("too long: %.*s\n", STR_ARG(line));
    assert_true(utf8_columns(line) <= COLUMNS);
    at += line.len + 1;
  }
}

/* Interfaces that only something else led to do not count: that may be a world that is not shown. */
static bool says_same(const Diff *diff)
{
  for (size_t i = 0; i < diff->interface_count; i++)
    if (diff->interfaces[i].class != DIFF_SAME && !diff->interfaces[i].is_dependency) return false;
  return true;
}

static bool has_effect(const Model *model, const ModelEffect *effect)
{
  for (uint32_t i = 0; i < model->interface_count; i++)
    if (effect->interfaces[i]) return true;
  for (uint32_t i = 0; i < model->world_count; i++)
    if (effect->worlds[i]) return true;
  return false;
}

static void what_changed_is_told_and_nothing_else(void **state)
{
  Arena *arena = *state;
  uint64_t cases = setting("DIFF_CASES", CASES), seed = setting("DIFF_SEED", 1);
  for (uint64_t i = 0; i < cases; i++) {
    ArenaMark mark = arena_mark(arena);
    Rng rng = rng_from_seed_and_label(seed, i);
    Model *model = model_make(arena, &rng);
    const Package *first = package_of(arena, model), *again = package_of(arena, model);
    Diff none = diff_of(arena, first, again);
    if (!says_same(&none)) show(arena, &none, &none);
    assert_true(says_same(&none));
    assert_true(none.interface_count >= model->interface_count + model->world_count);
    ModelEffect effect = model_change(model);
    const Package *changed = package_of(arena, model);
    Diff one = diff_of(arena, first, changed);
    assert_int_equal(says_same(&one), !has_effect(model, &effect));
    assert_told(&one);
    for (uint64_t k = rng_below(&rng, CHANGES_MAX); k > 0; k--) model_change(model);
    changed = package_of(arena, model);
    Diff there = diff_of(arena, first, changed), back = diff_of(arena, changed, first);
    assert_told(&there);
    assert_told(&back);
    assert_mirror(arena, &there, &back);
    assert_readable(diff_text(arena, &there));
    arena_reset(arena, mark);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {TEST(what_changed_is_told_and_nothing_else)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
