/* Any bytes as WIT: no crash, no hang; and of what is accepted, every interface shown on its own, and the
 * whole package shown, parse again to interfaces with the same canonical text. */
#include <stdio.h>
#include <stdlib.h>

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

static void check_same(Arena *arena, const Interface *interface, Str shown)
{
  Source source = {STR("shown.wit"), shown};
  Diags diags = diags_in(arena);
  const Package *again = wit_parse(arena, &source, &diags);
  const Interface *same = again ? package_interface(again, interface->name) : NULL;
  if (!same) fail("what was shown does not parse", shown, &diags);
  if (!str_equal(interface_canonical(arena, same), interface_canonical(arena, interface)))
    fail("what was shown is another interface", shown, &diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Source source = {STR("fuzz.wit"), {(const char *)data, size}};
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, &source, &diags);
  if (!package == !diags.errors) fail("errors and result disagree", source.text, &diags);
  Buf messages = buf_in(arena);
  diags_print(&diags, &messages, true);
  if (package) {
    Str shown = package_show(arena, package);
    Buf json = buf_in(arena);
    jv_print(package_to_json(arena, package), &json);
    for (uint32_t i = 0; i < package->interface_count; i++) {
      check_same(arena, &package->interfaces[i], interface_show(arena, &package->interfaces[i]));
      check_same(arena, &package->interfaces[i], shown);
    }
  }
  arena_free(arena);
  return 0;
}
