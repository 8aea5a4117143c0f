#include "ifc/wit.h"

#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/near.h"
#include "ifc/wit_find.h"

/* What was reported so far, to tell apart what is reported from here on. */
typedef struct Reported {
  Diag *last;
  size_t errors;
} Reported;

static Reported reported(const Diags *diags)
{
  return (Reported){diags->last, diags->errors};
}

static bool is_before(const Diag *a, const Diag *b)
{
  Str none = STR("");
  int order =
      str_compare(a->span.source ? a->span.source->path : none, b->span.source ? b->span.source->path : none);
  return order ? order < 0 : a->span.at < b->span.at;
}

/* Puts what was reported since in the order of its places: the parser and the resolver take turns. By
 * insertion, which keeps equals in order; the list is short (diag.h). */
static void sort_reports(Diags *diags, Reported since)
{
  Diag **head = since.last ? &since.last->next : &diags->first;
  Diag *rest = *head;
  *head = NULL;
  while (rest) {
    Diag *diag = rest, **at = head;
    rest = rest->next;
    while (*at && !is_before(diag, *at)) at = &(*at)->next;
    diag->next = *at;
    *at = diag;
    if (!diag->next) diags->last = diag;
  }
}

/* The main package, unless an error was reported since. */
static const Package *finish(Resolver *resolver, Reported since)
{
  const Package *package = resolver_finish(resolver);
  sort_reports(resolver->diags, since);
  return resolver->diags->errors == since.errors ? package : NULL;
}

const Package *wit_load(Arena *arena, Str path, const WitOptions *options, Diags *diags)
{
  Files files = {0};
  Resolver resolver;
  Reported since = reported(diags);
  bool is_folder = dir_exists(path);
  resolver_init(&resolver, arena, options, diags);
  if (is_folder)
    files_add_folder(&resolver, path, &files);
  else
    files_add_file(&resolver, path, &files);
  if (!files.len) return NULL;
  resolver_add(&resolver, files.at, files.len, PACKAGE_MAIN);
  Finder *finder = finder_new(&resolver, path, is_folder);
  if (is_folder) finder_add_deps(finder);
  const Need *need;
  while ((need = resolver_next_missing(&resolver)) != NULL) finder_provide(finder, need);
  return finish(&resolver, since);
}

const Package *wit_parse(Arena *arena, const Source *source, const WitOptions *options, Diags *diags)
{
  Files files = {0};
  Resolver resolver;
  Reported since = reported(diags);
  resolver_init(&resolver, arena, options, diags);
  files_add_source(&resolver, source, &files);
  if (!files.len) return NULL;
  resolver_add(&resolver, files.at, files.len, PACKAGE_MAIN);
  const Need *need;
  while ((need = resolver_next_missing(&resolver)) != NULL)
    resolver_report_missing(&resolver, need, STR("this text has to hold it, as `package … { … }`"));
  return finish(&resolver, since);
}

const Interface *package_interface(const Package *self, Str name)
{
  for (uint32_t i = 0; i < self->interface_count; i++) {
    const Interface *interface = &self->interfaces[i];
    if (str_equal(interface->name, name) || str_equal(interface->id, name)) return interface;
  }
  return NULL;
}

const World *package_world(const Package *self, Str name)
{
  for (uint32_t i = 0; i < self->world_count; i++) {
    const World *world = &self->worlds[i];
    if (str_equal(world->name, name) || str_equal(world->id, name)) return world;
  }
  return NULL;
}

static const TypeDef *types_of_world(Arena *arena, const World *world, uint32_t *count)
{
  TypeDef *types = arena_array_of(arena, TypeDef, world->import_count);
  *count = 0;
  for (uint32_t i = 0; i < world->import_count; i++)
    if (world->imports[i].kind == WORLD_TYPE) types[(*count)++] = *world->imports[i].type;
  return types;
}

const Interface *world_functions(Arena *arena, const World *self)
{
  Interface *out = arena_new_of(arena, Interface);
  Function *functions = arena_array_of(arena, Function, self->export_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < self->export_count; i++) {
    if (self->exports[i].kind != WORLD_FUNCTION) continue;
    functions[count] = *self->exports[i].function;
    functions[count].index = count;
    count++;
  }
  *out = (Interface){.name = self->name,
                     .id = self->id,
                     .package = self->package,
                     .world = self,
                     .functions = functions,
                     .function_count = count,
                     .docs = self->docs,
                     .span = self->span};
  out->typedefs = types_of_world(arena, self, &out->typedef_count);
  return count ? out : NULL;
}

static bool has_resources(const Interface *self)
{
  for (uint32_t i = 0; i < self->typedef_count; i++)
    if (self->typedefs[i].resource == &self->typedefs[i]) return true;
  return false;
}

/* Resources are known by the interface that declares them, so one that has some keeps its name. */
const Interface *world_exported(Arena *arena, const World *self, const WorldItem *item)
{
  const Interface *interface = item->interface;
  if (!interface || !item->name.len || str_equal(item->name, interface->id) || has_resources(interface))
    return interface;
  Interface *named = arena_new_of(arena, Interface);
  *named = *interface;
  named->name = named->id = item->name;
  named->world = self;
  return named;
}

const Interface *world_interface(Arena *arena, const World *self)
{
  const Interface *own = world_functions(arena, self);
  for (uint32_t i = 0; i < self->export_count && !own; i++)
    own = world_exported(arena, self, &self->exports[i]);
  return own;
}

bool interface_is_world(const Interface *self)
{
  return self->world && str_equal(self->world->id, self->id);
}

/* "`a`, `b` and `c`" */
static Str interface_list(Arena *arena, const Package *package)
{
  Buf out = buf_in(arena);
  for (uint32_t i = 0; i < package->interface_count; i++) {
    bool last = i + 1 == package->interface_count;
    if (i > 0) buf_z(&out, last ? " and " : ", ");
    buf_printf(&out, "`%.*s`", STR_ARG(package->interfaces[i].name));
  }
  return buf_text(&out);
}

/* The only interface that a world may mean. */
static const Interface *interface_of_world(Arena *arena, Str path, const World *world, Diags *diags)
{
  const Interface *interface = world_interface(arena, world);
  if (!interface) {
    diag_error(diags, DIAG_NAME, SPAN_NONE, "world `%.*s` of '%.*s' exports nothing", STR_ARG(world->name),
               STR_ARG(path));
    return NULL;
  }
  if (interface_is_world(interface) || world->export_count == 1) return interface;
  Diag *diag = diag_error(diags, DIAG_USAGE, SPAN_NONE, "world `%.*s` of '%.*s' exports several interfaces",
                          STR_ARG(world->name), STR_ARG(path));
  diag_note(diags, diag, SPAN_NONE, "say which one, as in '%.*s#%.*s'", STR_ARG(path),
            STR_ARG(interface->name));
  return NULL;
}

static bool means_world(const Package *package)
{
  return package->interface_count != 1 && package->world_count == 1;
}

static const Interface *only_interface(Arena *arena, Str path, const Package *package, Diags *diags)
{
  if (package->interface_count == 1) return &package->interfaces[0];
  if (means_world(package)) return interface_of_world(arena, path, &package->worlds[0], diags);
  if (!package->interface_count) {
    diag_error(diags, DIAG_NAME, SPAN_NONE, "'%.*s' declares no interface", STR_ARG(path));
    return NULL;
  }
  Diag *diag = diag_error(diags, DIAG_USAGE, SPAN_NONE, "'%.*s' declares several interfaces: %.*s",
                          STR_ARG(path), STR_ARG(interface_list(arena, package)));
  diag_note(diags, diag, SPAN_NONE, "say which one, as in '%.*s#%.*s'", STR_ARG(path),
            STR_ARG(package->interfaces[0].name));
  return NULL;
}

static void report_no_interface(Arena *arena, Str path, const Package *package, Str name, Diags *diags)
{
  Near near = {.wanted = name};
  for (uint32_t i = 0; i < package->interface_count; i++) near_consider(&near, package->interfaces[i].name);
  Diag *diag =
      diag_error(diags, DIAG_NAME, SPAN_NONE, "no interface `%.*s` in '%.*s'", STR_ARG(name), STR_ARG(path));
  if (near.best.len)
    diag_note(diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  else if (package->interface_count)
    diag_note(diags, diag, SPAN_NONE, "it declares %.*s", STR_ARG(interface_list(arena, package)));
}

/* The package of a "PATH#NAME", and the two parts; no name: it is left out. */
static const Package *load_reference(Arena *arena, Str reference, const WitOptions *options, Str *path,
                                     Str *name, Diags *diags)
{
  size_t hash = str_find_last(reference, '#');
  bool named = hash != SIZE_MAX && !file_exists(reference) && !dir_exists(reference);
  *path = str_slice(reference, 0, named ? hash : reference.len);
  *name = named ? str_slice(reference, hash + 1, reference.len) : (Str){0};
  return wit_load(arena, *path, options, diags);
}

/* What a world exports under a name of its own. */
static const Interface *exported_as(Arena *arena, const Package *package, Str name)
{
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *world = &package->worlds[i];
    for (uint32_t k = 0; k < world->export_count; k++)
      if (world->exports[k].interface && str_equal(world->exports[k].name, name))
        return world_exported(arena, world, &world->exports[k]);
  }
  return NULL;
}

static const Interface *find_interface(Arena *arena, const Package *package, Str path, Str name, Diags *diags)
{
  if (!name.at) return only_interface(arena, path, package, diags);
  const Interface *interface = package_interface(package, name);
  const World *world = interface ? NULL : package_world(package, name);
  if (world) return interface_of_world(arena, path, world, diags);
  if (!interface) interface = exported_as(arena, package, name);
  if (!interface) report_no_interface(arena, path, package, name, diags);
  return interface;
}

const Interface *wit_load_interface(Arena *arena, Str reference, const WitOptions *options, Diags *diags)
{
  Str path, name;
  const Package *package = load_reference(arena, reference, options, &path, &name, diags);
  return package ? find_interface(arena, package, path, name, diags) : NULL;
}

bool wit_load_item(Arena *arena, Str reference, const WitOptions *options, WitItem *out, Diags *diags)
{
  Str path, name;
  const Package *package = load_reference(arena, reference, options, &path, &name, diags);
  if (!package) return false;
  if (!name.at && means_world(package)) {
    *out = (WitItem){.world = &package->worlds[0]};
    return true;
  }
  WitItem item = {0};
  if (name.at && !package_interface(package, name)) item.world = package_world(package, name);
  if (!item.world) item.interface = find_interface(arena, package, path, name, diags);
  if (!item.world && !item.interface) return false;
  *out = item;
  return true;
}
