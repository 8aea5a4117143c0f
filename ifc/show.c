/* One interface or one world, self-contained, from its resolved form. */
#include "ifc/show.h"

#include "ifc/lex.h"
#include "ifc/show_scope.h"

/* What has to stand in the text: the interfaces whose resources are used, or that a world imports or exports,
 * in the order in which they are met. Found by a list, not by recursion: chains of them may be long. */
typedef struct Shower {
  Arena *arena;
  Map *met; /* of interfaces, by address */
  VEC(const Interface *) interfaces;
  Map *packages; /* Bufs that their interfaces are printed into, by the package's address */
} Shower;

static Str address_key(Arena *arena, const void *address)
{
  const void **key = arena_new_of(arena, const void *);
  *key = address;
  return (Str){(const char *)key, sizeof *key};
}

static Shower shower_in(Arena *arena)
{
  return (Shower){.arena = arena, .met = map_new(arena), .packages = map_new(arena)};
}

static void meet(Shower *self, const Interface *interface)
{
  if (!map_put(self->met, address_key(self->arena, interface), (void *)interface))
    vec_push(self->arena, &self->interfaces, interface);
}

static void meet_foreign(Shower *self, const ShowScope *scope)
{
  for (size_t i = 0; i < scope->foreign.len; i++)
    if (scope->foreign.at[i].resource->owner) meet(self, scope->foreign.at[i].resource->owner);
}

/* What stands between the braces. */
static void put_items(Shower *self, const Interface *interface, size_t indent, Buf *out)
{
  ShowScope scope = show_scope(self->arena, interface->package);
  ShowGroup last = SHOW_FIRST;
  for (uint32_t i = 0; i < interface->typedef_count; i++) {
    const TypeDef *def = &interface->typedefs[i];
    vec_push(self->arena, &scope.declared, (ShowDeclared){def->name, def});
  }
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    vec_push(self->arena, &scope.functions, (ShowFunction){function->name, function});
    show_take(&scope, function->name);
  }
  show_scope_name(&scope);
  meet_foreign(self, &scope);
  show_scope_uses(&scope, &last, indent, out);
  show_scope_types(&scope, &last, indent, out);
  for (size_t i = 0; i < scope.functions.len; i++)
    if (scope.functions.at[i].function->kind == FUNCTION_FREE)
      show_scope_function(&scope, &scope.functions.at[i], "", SHOW_FUNCTIONS, &last, indent, out);
}

static void put_interface(Shower *self, const Interface *interface, size_t indent, Buf *out)
{
  show_docs(interface->docs, indent, out);
  show_opening("interface", interface->name, indent, out);
  put_items(self, interface, indent + 2, out);
  buf_repeat(out, ' ', indent);
  buf_z(out, "}\n");
}

/* Prints all that is met from number `from` on, each into its package's buffer. */
static void put_met(Shower *self, size_t from, const Package *main)
{
  for (size_t i = from; i < self->interfaces.len; i++) {
    const Interface *interface = self->interfaces.at[i];
    const Package *package = interface->package;
    Buf *out = map_get(self->packages, (Str){(const char *)&package, sizeof package});
    if (!out) {
      out = arena_new_of(self->arena, Buf);
      *out = buf_in(self->arena);
      map_put(self->packages, address_key(self->arena, package), out);
    }
    if (package == main || out->len) buf_byte(out, '\n');
    put_interface(self, interface, package == main ? 0 : 2, out);
  }
}

/* The text: the main package with `first` in it, what else is in that package, and the others, nested. */
static Str assemble(Shower *self, const Package *main, Str first)
{
  Buf out = buf_in(self->arena);
  show_header(main, &out);
  buf_byte(&out, '\n');
  buf_str(&out, first);
  const Buf *rest = map_get(self->packages, (Str){(const char *)&main, sizeof main});
  if (rest) buf_str(&out, buf_text(rest));
  for (size_t i = 0; i < map_count(self->packages); i++) {
    const MapEntry *entry = map_entry(self->packages, i);
    const Package *package = *(const Package *const *)(const void *)entry->key.at;
    if (package == main) continue;
    buf_byte(&out, '\n');
    show_docs(package->docs, 0, &out);
    buf_z(&out, "package ");
    show_package_name(package, &out);
    buf_z(&out, " {\n");
    buf_str(&out, buf_text(entry->value));
    buf_z(&out, "}\n");
  }
  return buf_text(&out);
}

Str interface_show(Arena *arena, const Interface *self)
{
  Shower shower = shower_in(arena);
  Buf first = buf_in(arena);
  meet(&shower, self);
  put_interface(&shower, self, 0, &first);
  put_met(&shower, 1, self->package);
  return assemble(&shower, self->package, buf_text(&first));
}

/* "import path;", "import name: path;" or "import name: interface { … }" */
static void put_extern(Shower *self, const World *world, const WorldItem *item, bool is_export,
                       ShowGroup *last, Buf *out)
{
  bool is_inline = item->interface->world;
  Str docs = is_inline ? item->interface->docs : item->docs;
  show_gap(last, is_inline ? SHOW_BLOCK : is_export ? SHOW_EXPORTS : SHOW_IMPORTS, docs, out);
  show_docs(docs, 2, out);
  buf_z(out, is_export ? "  export " : "  import ");
  if (item->name.len) {
    name_print(item->name, out);
    buf_z(out, ": ");
  }
  if (is_inline) {
    buf_z(out, "interface {\n");
    put_items(self, item->interface, 4, out);
    buf_z(out, "  }\n");
  } else {
    meet(self, item->interface);
    show_path(world->package, item->interface, out);
    buf_z(out, ";\n");
  }
}

static void put_functions(ShowScope *scope, const WorldItem *items, uint32_t count, bool is_export,
                          ShowGroup *last, Buf *out)
{
  for (uint32_t i = 0; i < count; i++) {
    const WorldItem *item = &items[i];
    if (item->kind != WORLD_FUNCTION || item->function->kind != FUNCTION_FREE) continue;
    show_scope_function(scope, &(ShowFunction){item->name, item->function}, is_export ? "export " : "import ",
                        is_export ? SHOW_EXPORTS : SHOW_IMPORTS, last, 2, out);
  }
}

static void add_items(Shower *self, ShowScope *scope, const WorldItem *items, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    const WorldItem *item = &items[i];
    if (item->name.len) show_take(scope, item->name);
    if (item->kind == WORLD_TYPE)
      vec_push(self->arena, &scope->declared, (ShowDeclared){item->name, item->type});
    if (item->kind == WORLD_FUNCTION)
      vec_push(self->arena, &scope->functions, (ShowFunction){item->name, item->function});
  }
}

static void put_world(Shower *self, const World *world, Buf *out)
{
  ShowScope scope = show_scope(self->arena, world->package);
  ShowGroup last = SHOW_FIRST;
  add_items(self, &scope, world->imports, world->import_count);
  add_items(self, &scope, world->exports, world->export_count);
  show_scope_name(&scope);
  meet_foreign(self, &scope);
  show_docs(world->docs, 0, out);
  show_opening("world", world->name, 0, out);
  show_scope_uses(&scope, &last, 2, out);
  for (uint32_t i = 0; i < world->import_count; i++)
    if (world->imports[i].kind == WORLD_INTERFACE)
      put_extern(self, world, &world->imports[i], false, &last, out);
  show_scope_types(&scope, &last, 2, out);
  put_functions(&scope, world->imports, world->import_count, false, &last, out);
  for (uint32_t i = 0; i < world->export_count; i++)
    if (world->exports[i].kind == WORLD_INTERFACE)
      put_extern(self, world, &world->exports[i], true, &last, out);
  put_functions(&scope, world->exports, world->export_count, true, &last, out);
  buf_z(out, "}\n");
}

Str world_show(Arena *arena, const World *self)
{
  Shower shower = shower_in(arena);
  Buf first = buf_in(arena);
  put_world(&shower, self, &first);
  put_met(&shower, 0, self->package);
  return assemble(&shower, self->package, buf_text(&first));
}
