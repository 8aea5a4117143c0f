/* Any bytes as WIT of several packages, resolved: a result or errors, never both; what a component may
 * contain is a part of what parses, with the same hashes; packages come after those that they depend on;
 * formatting changes no hash; and dropping the syntax on the way changes neither hashes nor messages. */
#include <stdio.h>
#include <stdlib.h>

#include "ifc/canon.h"
#include "ifc/format.h"
#include "ifc/wit.h"
#include "tests/fuzz/fuzz.h"

static void fail(const char *what, Str text, const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  fprintf(stderr, "%s\n%.*s\n%.*s\n", what, STR_ARG(text), STR_ARG(buf_text(&out)));
  abort();
}

static const Package *resolve_telling(Arena *arena, Str text, const WitOptions *options, Buf *messages)
{
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("fuzz.wit"), text};
  Diags diags = diags_in(arena);
  const Package *package = wit_parse(arena, source, options, &diags);
  if (!package == !diags.errors) fail("errors and result disagree", text, &diags);
  diags_print(&diags, messages, true);
  return package;
}

static const Package *resolve(Arena *arena, Str text, const WitOptions *options)
{
  Buf messages = buf_in(arena);
  return resolve_telling(arena, text, options, &messages);
}

/* Where a package stands among all; their number where it is missing. */
static uint32_t rank_of(const Resolve *resolve, const Package *package)
{
  uint32_t rank = 0;
  while (rank < resolve->package_count && resolve->packages[rank] != package) rank++;
  return rank;
}

static void check_order(Str text, const Resolve *resolve, uint32_t own, const Diags *diags)
{
  const Package *package = resolve->packages[own];
  if (package->resolve != resolve) fail("a package does not know what it was resolved with", text, diags);
  for (uint32_t i = 0; i < package->interface_count; i++) {
    const Interface *interface = &package->interfaces[i];
    for (uint32_t k = 0; k < interface->use_count; k++)
      if (rank_of(resolve, interface->uses[k]->package) > own)
        fail("a package stands before one that it depends on", text, diags);
  }
}

/* The canonical texts of everything in it. */
static Str meaning(Arena *arena, const Resolve *resolve)
{
  Buf out = buf_in(arena);
  Canon *canon = canon_new(arena);
  for (uint32_t i = 0; i < resolve->package_count; i++) {
    const Package *package = resolve->packages[i];
    for (uint32_t k = 0; k < package->interface_count; k++)
      buf_str(&out, canon_interface(canon, &package->interfaces[k]));
    for (uint32_t k = 0; k < package->world_count; k++)
      buf_str(&out, canon_world(canon, &package->worlds[k]));
  }
  return buf_text(&out);
}

static void check_without_syntax(Arena *arena, Str text, WitOptions options, const Diags *diags)
{
  Buf messages = buf_in(arena), told = buf_in(arena);
  const Package *package = resolve_telling(arena, text, &options, &messages);
  options.drops_syntax = true;
  const Package *dropped = resolve_telling(arena, text, &options, &told);
  if (!str_equal(buf_text(&messages), buf_text(&told)))
    fail("other errors where the syntax is dropped", text, diags);
  if (package && !str_equal(meaning(arena, package->resolve), meaning(arena, dropped->resolve)))
    fail("it means something else where the syntax is dropped", text, diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  Arena *arena = arena_new();
  Str text = {(const char *)data, size};
  Diags diags = diags_in(arena);
  WitOptions options = {.all_features = true, .level = WIT_PARSES};
  const Package *package = resolve(arena, text, &options);
  options.level = WIT_VALID;
  const Package *valid = resolve(arena, text, &options);
  check_without_syntax(arena, text, options, &diags);
  if (valid && !package) fail("a component may contain what does not parse", text, &diags);
  if (package) {
    for (uint32_t i = 0; i < package->resolve->package_count; i++)
      check_order(text, package->resolve, i, &diags);
    Str meant = meaning(arena, package->resolve);
    if (valid && !str_equal(meaning(arena, valid->resolve), meant))
      fail("it means something else where more is asked of it", text, &diags);
    const Source source = {STR("fuzz.wit"), text};
    options.level = WIT_PARSES;
    const Package *again = resolve(arena, wit_format(arena, &source, &diags), &options);
    if (!again || !str_equal(meaning(arena, again->resolve), meant))
      fail("it means something else when formatted", text, &diags);
  }
  arena_free(arena);
  return 0;
}
