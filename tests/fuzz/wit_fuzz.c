/* Any bytes as WIT: no crash, no hang; and of what is accepted, every interface and world shown on its own,
 * and the whole shown, parse again to what has the same canonical text. */
#include <stdio.h>
#include <stdlib.h>

#include "ifc/base/json.h"
#include "ifc/canon.h"
#include "ifc/show.h"
#include "ifc/wit.h"
#include "tests/fuzz/fuzz.h"

static void fail(const char *what, Str text, const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  fprintf(stderr, "%s\n%.*s\n%.*s\n", what, STR_ARG(text), STR_ARG(buf_text(&out)));
  abort();
}

static const Package *read_again(Arena *arena, Str shown)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("shown.wit"), shown};
  Diags diags = diags_in(arena);
  const Package *again = wit_parse(arena, source, NULL, &diags);
  if (!again) fail("what was shown does not parse", shown, &diags);
  return again;
}

static void check_interface(Arena *arena, const Interface *interface, const Interface *again, Str shown)
{
  Diags none = diags_in(arena);
  if (!again || !str_equal(interface_canonical(arena, again), interface_canonical(arena, interface)))
    fail("what was shown is another interface", shown, &none);
}

static void check_world(Arena *arena, const World *world, const World *again, Str shown)
{
  Diags none = diags_in(arena);
  Canon *canon = canon_new(arena);
  if (!again || !str_equal(canon_world(canon, again), canon_world(canon, world)))
    fail("what was shown is another world", shown, &none);
}

/* All that is shown reads back as what it was, and is then shown in the same way. */
static void check_shown(Arena *arena, const Package *package)
{
  Str whole = resolve_show(arena, package->resolve);
  const Package *again = read_again(arena, whole);
  for (uint32_t i = 0; i < package->interface_count; i++) {
    const Interface *interface = &package->interfaces[i];
    Str shown = interface_show(arena, interface);
    check_interface(arena, interface, package_interface(again, interface->name), whole);
    check_interface(arena, interface, read_again(arena, shown)->interfaces, shown);
  }
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *world = &package->worlds[i];
    Str shown = world_show(arena, world);
    check_world(arena, world, package_world(again, world->name), whole);
    check_world(arena, world, read_again(arena, shown)->worlds, shown);
  }
  Diags none = diags_in(arena);
  Str twice = package_show(arena, again);
  if (!str_equal(package_show(arena, read_again(arena, twice)), twice)) fail("shown otherwise", twice, &none);
}

/* Names such as "interface-0" are keys that interfaces without one have too, as in the reference. */
static void check_json(Arena *arena, const Package *package, Diags *diags)
{
  Source json = {STR("fuzz.json"), package_json(arena, package)};
  bool may_collide = str_find(json.text, STR("\"interface-")) != SIZE_MAX;
  if (!jv_parse(arena, &json, diags) && !may_collide) fail("the resolved form is no JSON", json.text, diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Source source = {STR("fuzz.wit"), {(const char *)data, size}};
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, &source, NULL, &diags);
  if (!package == !diags.errors) fail("errors and result disagree", source.text, &diags);
  Buf messages = buf_in(arena);
  diags_print(&diags, &messages, true);
  if (package) {
    check_json(arena, package, &diags);
    check_shown(arena, package);
  }
  arena_free(arena);
  return 0;
}
