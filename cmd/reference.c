#include "cmd/reference.h"

#include <ctype.h>
#include <stdio.h>
#include <sys/stat.h>

#include "ifc/base/file.h"
#include "ifc/near.h"
#include "runtime/implementation.h"

enum { MODULE_LIMIT = 256 << 20, NAMES_LISTED = 12 };

/* Whether it is an ordinary file that begins as a module does; pipes are not touched. */
static bool file_is_module(Run *run, Str path)
{
  struct stat status;
  char magic[4] = {0};
  const char *name = str_to_z(run->arena, path);
  if (stat(name, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  FILE *file = fopen(name, "rbe");
  if (!file) return false;
  size_t got = fread(magic, 1, sizeof magic, file);
  fclose(file);
  return got == sizeof magic && wit_is_module((Str){magic, sizeof magic});
}

static bool load_module(Run *run, Str bytes, Reference *self)
{
  self->kind = REFERENCE_MODULE;
  self->hash = hash_of(bytes);
  return wasm_read(run->arena, self->path, bytes, &self->module, &run->diags);
}

static bool load_found(Run *run, Str registry, const WitOptions *options, Reference *self)
{
  Source *source = arena_new_of(run->arena, Source);
  if (!registry_find(run->arena, registry, self->path, &self->found, &run->diags)) return false;
  self->from_registry = true;
  switch (self->found.kind) {
  case FOUND_MODULE: return load_module(run, self->found.bytes, self);
  case FOUND_INTERFACE:
    *source = (Source){.path = self->path, .text = self->found.bytes};
    self->package = wit_parse(run->arena, source, options, &run->diags);
    if (!self->named) self->name = self->found.name;
    return self->package != NULL;
  case FOUND_SPECIFICATION:
  case FOUND_BENCHMARK:
  case FOUND_OBJECT: self->kind = REFERENCE_TEXT; return true;
  }
  return false;
}

/* Hexadecimal digits, but not as hash_is_meant takes them: too few or too many, or capitals among them. */
static bool is_nearly_hash(Str text)
{
  for (size_t i = 0; i < text.len; i++)
    if (!isxdigit((unsigned char)text.at[i])) return false;
  return text.len > 0;
}

bool reference_load(Run *run, Str operand, Str registry, const WitOptions *options, Reference *out)
{
  Reference self = {.path = operand};
  size_t hash = str_find_last(operand, '#');
  if (hash != SIZE_MAX && !file_exists(operand) && !dir_exists(operand)) {
    self.path = str_slice(operand, 0, hash);
    self.name = str_slice(operand, hash + 1, operand.len);
    self.named = true;
  }
  bool good;
  Str bytes;
  if (file_is_module(run, self.path)) {
    good =
        file_read(run->arena, self.path, MODULE_LIMIT, &bytes, &run->diags) && load_module(run, bytes, &self);
  } else if (hash_is_meant(self.path) && !file_exists(self.path) && !dir_exists(self.path)) {
    good = load_found(run, registry, options, &self);
  } else {
    self.package = wit_load(run->arena, self.path, options, &run->diags);
    good = self.package != NULL;
    if (!good && is_nearly_hash(self.path) && !file_exists(self.path) && !dir_exists(self.path))
      diag_note(&run->diags, run->diags.last, SPAN_NONE,
                "for what the registry has, give %d to 64 digits of its hash, in lower case",
                HASH_PREFIX_MIN);
  }
  if (good) *out = self;
  return good;
}

const Package *reference_package(Run *run, Reference *self)
{
  Fit fit;
  if (self->kind == REFERENCE_TEXT) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is neither WIT nor a module", STR_ARG(self->path));
    return NULL;
  }
  if (self->package) return self->package;
  size_t errors = run->diags.errors;
  const Interface *interface = implementation_interface(run->arena, &self->module, &run->diags);
  if (!interface) {
    if (run->diags.errors > errors) return NULL;
    Diag *diag = diag_error(&run->diags, DIAG_MODULE, SPAN_NONE, "'%.*s' does not carry its interface",
                            STR_ARG(self->path));
    diag_note(&run->diags, diag, SPAN_NONE,
              "`ifc show` lists the names that it exports; `build` makes modules that do");
    return NULL;
  }
  if (!implementation_fit(run->arena, &self->module, self->path, interface, &fit, &run->diags)) return NULL;
  if (!self->named) self->name = interface->id;
  return self->package = interface->package;
}

/* --- items */

static bool is_listed(const Package *self, const Package *main)
{
  return self == main || self->origin == PACKAGE_NESTED;
}

static void add_items(const Package *package, Items *out)
{
  for (uint32_t i = 0; i < package->interface_count; i++) {
    const Interface *it = &package->interfaces[i];
    out->at[out->len++] = (Item){.interface = it, .package = package, .name = it->name, .id = it->id};
  }
  for (uint32_t i = 0; i < package->world_count; i++) {
    const World *it = &package->worlds[i];
    out->at[out->len++] = (Item){.world = it, .package = package, .name = it->name, .id = it->id};
  }
}

Items package_items(Arena *arena, const Package *package)
{
  const Resolve *resolve = package->resolve;
  size_t count = 0;
  for (uint32_t i = 0; i < resolve->package_count; i++)
    if (is_listed(resolve->packages[i], package))
      count += resolve->packages[i]->interface_count + resolve->packages[i]->world_count;
  Items out = {.at = arena_array_of(arena, Item, count)};
  add_items(package, &out);
  for (uint32_t i = 0; i < resolve->package_count; i++)
    if (resolve->packages[i] != package && is_listed(resolve->packages[i], package))
      add_items(resolve->packages[i], &out);
  return out;
}

static bool item_is(Arena *arena, const Item *self, Str name)
{
  Str id = self->id, version = self->package->version;
  if (str_equal(self->name, name) || str_equal(id, name)) return true;
  return version.len && str_equal(str_format(arena, "%.*s@%.*s", STR_ARG(id), STR_ARG(version)), name);
}

/* "`a`, `b` and `c`"; where a name is not enough to tell them apart, ids with versions. */
static Str items_text(Arena *arena, const Items *items, bool whole)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < items->len; i++) {
    const Item *item = &items->at[i];
    Str version = item->package->version;
    if (i == NAMES_LISTED && i + 1 < items->len) {
      buf_printf(&out, " and %zu more", items->len - i);
      break;
    }
    if (i > 0) buf_z(&out, i + 1 == items->len ? " and " : ", ");
    Str name = whole ? item->id : item->name;
    buf_printf(&out, "`%.*s%s%.*s`", STR_ARG(name), whole && version.len ? "@" : "",
               STR_ARG(whole ? version : STR("")));
  }
  return buf_text(&out);
}

static void report_no_item(Run *run, Str path, const Items *all, Str name)
{
  Near near = {.wanted = name};
  for (size_t i = 0; i < all->len; i++) {
    near_consider(&near, all->at[i].name);
    near_consider(&near, all->at[i].id);
  }
  Diag *diag = diag_error(&run->diags, DIAG_NAME, SPAN_NONE, "no interface or world `%.*s` in '%.*s'",
                          STR_ARG(name), STR_ARG(path));
  if (near.best.len)
    diag_note(&run->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  else if (all->len)
    diag_note(&run->diags, diag, SPAN_NONE, "it declares %.*s", STR_ARG(items_text(run->arena, all, false)));
}

/* Those called `name`: in the main package where there are any, else in those nested. */
static Items items_called(Arena *arena, const Items *all, const Package *main, Str name)
{
  Items of_main = {.at = arena_array_of(arena, Item, all->len)}, nested = of_main;
  nested.at = arena_array_of(arena, Item, all->len);
  for (size_t i = 0; i < all->len; i++) {
    Items *called = all->at[i].package == main ? &of_main : &nested;
    if (item_is(arena, &all->at[i], name)) called->at[called->len++] = all->at[i];
  }
  return of_main.len ? of_main : nested;
}

bool items_named(Run *run, Str path, const Package *package, Str name, Items *out)
{
  Items all = package_items(run->arena, package);
  if (name.len) {
    Items called = items_called(run->arena, &all, package, name);
    if (!called.len) {
      report_no_item(run, path, &all, name);
      return false;
    }
    if (called.len > 1) {
      Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' has several `%.*s`", STR_ARG(path),
                              STR_ARG(name));
      diag_note(&run->diags, diag, SPAN_NONE, "say which one: %.*s",
                STR_ARG(items_text(run->arena, &called, true)));
      return false;
    }
    all = called;
  }
  *out = all;
  return true;
}

static const char *items_kind(const Items *items)
{
  size_t worlds = 0;
  for (size_t i = 0; i < items->len; i++) worlds += items->at[i].world != NULL;
  return worlds == 0 ? "interfaces" : worlds == items->len ? "worlds" : "interfaces and worlds";
}

bool items_choose(Run *run, Str path, const Package *package, Str name, Item *out)
{
  Items items;
  if (!items_named(run, path, package, name, &items)) return false;
  if (items.len == 1) {
    *out = items.at[0];
    return true;
  }
  if (!items.len) {
    diag_error(&run->diags, DIAG_NAME, SPAN_NONE, "'%.*s' declares no interface and no world", STR_ARG(path));
    return false;
  }
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' declares several %s", STR_ARG(path),
                          items_kind(&items));
  diag_note(&run->diags, diag, SPAN_NONE, "say which one: %.*s",
            STR_ARG(items_text(run->arena, &items, false)));
  return false;
}
