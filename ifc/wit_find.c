#include "ifc/wit_find.h"

#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/near.h"

/* No more than so much is looked at in foreign folders, all in all, and named in messages. */
enum { ENTRIES_MAX = 4096, SCAN_BYTES_MAX = 256 << 20, NAMED_MAX = 8 };

/* A package that was seen in a folder. */
typedef struct Seen {
  Str key, name; /* with and without the version */
  Str path;
  bool is_folder;
  bool is_nested;
  size_t place;
} Seen;

struct Finder {
  Resolver *resolver;
  Str path;
  Str own; /* the same as it shows beside its siblings */
  VEC(Str) places;
  VEC(Seen) seen;
  VEC(Str) entries;  /* all files and folders looked at */
  VEC(Str) binaries; /* *.wasm, which may be packages that other tools encoded */
  Map *by_key;       /* the indices in `seen`, from 1, of the first of each key */
  Map *added;        /* paths */
  size_t bytes;      /* read so far */
  bool is_indexed, is_indexed_deeply;
  bool is_cut; /* there was more than is looked at */
};

void files_add_source(Resolver *resolver, const Source *source, Files *out)
{
  bool once = resolver->options->drops_syntax;
  AstFile *file = once ? wit_parse_file_once(resolver->arena, source, resolver->diags)
                       : wit_parse_file(resolver->arena, source, resolver->diags);
  if (file) vec_push(resolver->arena, out, file);
}

void files_add_file(Resolver *resolver, Str path, Files *out)
{
  Source *source = arena_new_of(resolver->arena, Source);
  source->path = str_copy(resolver->arena, path);
  if (file_read(resolver->arena, path, WIT_FILE_SIZE_MAX, &source->text, resolver->diags))
    files_add_source(resolver, source, out);
}

/* A file that was found, not named: reading a pipe or a device might never end. */
static void add_found(Resolver *resolver, Str path, Files *out)
{
  if (file_is_special(path))
    diag_error(resolver->diags, DIAG_INPUT, SPAN_NONE,
               "'%.*s' is a pipe or a device, not a file: move it elsewhere", STR_ARG(path));
  else
    files_add_file(resolver, path, out);
}

/* Sorted by name; what lies deeper, in deps/ too, is not part of the package. */
void files_add_folder(Resolver *resolver, Str path, Files *out)
{
  Arena *arena = resolver->arena;
  Diags *diags = resolver->diags;
  Str *names;
  size_t count, found = 0;
  if (!dir_list(arena, path, &names, &count, diags)) return;
  for (size_t i = 0; i < count; i++) {
    Str inner = path_join(arena, path, names[i]);
    if (!str_equal(path_extension(names[i]), STR("wit")) || dir_exists(inner)) continue;
    add_found(resolver, inner, out);
    found++;
  }
  if (!found)
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "there is no .wit file in the folder '%.*s'", STR_ARG(path));
}

/* The path without slashes at its end. */
static Str trim_slashes(Str path)
{
  while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
  return path;
}

/* The folder that this one lies in. */
static Str folder_around(Arena *arena, Str folder)
{
  Str name = path_name(folder);
  if (str_equal(name, STR(".")) || str_equal(name, STR("..")) || !name.len)
    return path_join(arena, folder, STR(".."));
  return path_folder(folder);
}

Finder *finder_new(Resolver *resolver, Str path, bool is_folder)
{
  Arena *arena = resolver->arena;
  Finder *self = arena_new_of(arena, Finder);
  *self = (Finder){
      .resolver = resolver, .path = trim_slashes(path), .by_key = map_new(arena), .added = map_new(arena)};
  self->own = path_join(arena, path_folder(self->path), path_name(self->path));
  for (size_t i = 0; i < resolver->options->dep_count; i++)
    vec_push(arena, &self->places, resolver->options->deps[i]);
  if (is_folder) {
    vec_push(arena, &self->places, folder_around(arena, self->path));
  } else if (!str_equal(path, STR("-"))) {
    vec_push(arena, &self->places, path_join(arena, path_folder(self->path), STR("deps")));
    vec_push(arena, &self->places, path_folder(self->path));
  }
  return self;
}

static void add_package(Finder *self, Str path, bool is_folder)
{
  Files files = {0};
  Resolver *resolver = self->resolver;
  if (map_put(self->added, path, self)) return;
  if (is_folder)
    files_add_folder(resolver, path, &files);
  else
    add_found(resolver, path, &files);
  if (files.len) resolver_add(resolver, files.at, files.len, PACKAGE_DEPENDENCY);
}

static void add_binary(Finder *self, Str path)
{
  if (str_equal(path_extension(path), STR("wasm")) && self->binaries.len < ENTRIES_MAX)
    vec_push(self->resolver->arena, &self->binaries, path);
}

void finder_add_deps(Finder *self)
{
  Arena *arena = self->resolver->arena;
  Str folder = path_join(arena, self->path, STR("deps"));
  Str *names;
  size_t count;
  if (!dir_exists(folder) || !dir_list(arena, folder, &names, &count, self->resolver->diags)) return;
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(arena, folder, names[i]);
    bool is_folder = dir_exists(path);
    if (is_folder || str_equal(path_extension(names[i]), STR("wit"))) add_package(self, path, is_folder);
    if (!is_folder) add_binary(self, path);
  }
}

static void see(Finder *self, Str name, Str version, Seen seen)
{
  Arena *arena = self->resolver->arena;
  Str key =
      version.len ? str_format(arena, "%.*s@%.*s", STR_ARG(name), STR_ARG(version)) : str_copy(arena, name);
  seen.key = key;
  seen.name = str_slice(key, 0, name.len);
  vec_push(arena, &self->seen, seen);
  void *index = (void *)(uintptr_t)self->seen.len; // NOLINT(performance-no-int-to-ptr)
  map_put(self->by_key, key, index);
}

/* Reads "package ns:name@version;" at the beginning of a text. */
static bool read_header(Arena *scratch, const Source *source, Str *name, Str *version)
{
  Lexer lexer;
  Diags ignored = diags_in(scratch);
  if (wit_is_module(source->text) || !lexer_begin(&lexer, source, &ignored)) return false;
  Token keyword = lexer_next(&lexer), namespace = lexer_next(&lexer), colon = lexer_next(&lexer);
  Token package = lexer_next(&lexer);
  if (keyword.kind != TOKEN_ID || !str_equal(keyword.text, STR("package")) || keyword.escaped) return false;
  if (namespace.kind != TOKEN_ID || colon.kind != TOKEN_COLON || package.kind != TOKEN_ID) return false;
  *name = package_key(scratch, namespace.text, package.text, STR(""));
  Token next = lexer_next(&lexer);
  if (next.kind == TOKEN_AT) {
    Token read = lexer_version(&lexer);
    if (read.kind != TOKEN_ID) return false;
    *version = read.text;
    next = lexer_next(&lexer);
  }
  return next.kind == TOKEN_SEMICOLON;
}

/* The text of a file, unless that is too much. */
static const Source *read_text(Finder *self, Arena *scratch, Str path)
{
  Source *source = arena_new_of(scratch, Source);
  Diags ignored = diags_in(scratch);
  size_t left = SCAN_BYTES_MAX - self->bytes;
  source->path = path;
  if (file_is_special(path)) return NULL;
  if (!file_read(scratch, path, left, &source->text, &ignored)) {
    self->is_cut = self->is_cut || file_exists(path);
    return NULL;
  }
  self->bytes += source->text.len;
  return source;
}

/* One pass over a file: its own package line, or the lines of those nested in it. */
static bool look_at_file(Finder *self, Arena *scratch, Str path, Seen seen)
{
  Str name = STR(""), version = STR("");
  const Source *source = read_text(self, scratch, path);
  if (!source) return false;
  if (!seen.is_nested) {
    bool found = read_header(scratch, source, &name, &version);
    if (found) see(self, name, version, seen);
    return found;
  }
  Diags ignored = diags_in(scratch);
  const AstFile *file = wit_is_module(source->text) ? NULL : wit_parse_file(scratch, source, &ignored);
  for (uint32_t i = 0; file && i < file->top_count; i++) {
    const AstFile *nested = file->tops[i].package;
    if (nested)
      see(self, package_key(scratch, nested->header.namespace.text, nested->header.name.text, STR("")),
          nested->header.version.text, seen);
  }
  return false;
}

static void look_at_folder(Finder *self, Arena *scratch, Str path, Seen seen)
{
  Str *names;
  size_t count;
  Diags ignored = diags_in(scratch);
  if (!dir_list(scratch, path, &names, &count, &ignored)) return;
  for (size_t i = 0; i < count; i++) {
    if (!str_equal(path_extension(names[i]), STR("wit"))) continue;
    if (look_at_file(self, scratch, path_join(scratch, path, names[i]), seen)) return;
  }
}

static void look_at_place(Finder *self, size_t place, bool nested)
{
  Arena *arena = self->resolver->arena, *scratch = arena_new();
  Str folder = self->places.at[place], *names;
  size_t count;
  Diags ignored = diags_in(scratch);
  ArenaMark mark = arena_mark(scratch);
  if (!dir_exists(folder) || !dir_list(arena, folder, &names, &count, &ignored)) count = 0;
  for (size_t i = 0; i < count; i++, arena_reset(scratch, mark)) {
    Str path = path_join(arena, folder, names[i]);
    if (str_equal(path, self->own)) continue;
    if (self->entries.len >= ENTRIES_MAX) {
      self->is_cut = true;
      break;
    }
    Seen seen = {.path = path, .is_folder = dir_exists(path), .is_nested = nested, .place = place};
    if (!seen.is_folder && !nested) add_binary(self, path);
    if (!seen.is_folder && !str_equal(path_extension(path), STR("wit"))) continue;
    vec_push(arena, &self->entries, path);
    if (seen.is_folder)
      look_at_folder(self, scratch, path, seen);
    else
      look_at_file(self, scratch, path, seen);
  }
  arena_free(scratch);
}

static void look(Finder *self, bool nested)
{
  self->entries.len = 0;
  self->bytes = 0;
  for (size_t i = 0; i < self->places.len; i++) look_at_place(self, i, nested);
}

/* How many packages of that key the place has that has one first, and the first of them. */
static size_t count_seen(const Finder *self, Str key, const Seen **first)
{
  const void *index = map_get(self->by_key, key);
  size_t count = 0;
  if (!index) return 0;
  *first = &self->seen.at[(uintptr_t)index - 1];
  for (const Seen *seen = *first; seen < self->seen.at + self->seen.len; seen++)
    count += seen->place == (*first)->place && str_equal(seen->key, key);
  return count;
}

/* Of several nobody knows which one is meant. */
static bool add_seen(Finder *self, Str key)
{
  const Seen *seen;
  if (count_seen(self, key, &seen) != 1) return false;
  add_package(self, seen->path, seen->is_folder);
  return map_get(self->resolver->by_key, key) != NULL;
}

/* "; looked in 'deps', 'wit'" */
static void put_places(const Finder *self, Buf *out)
{
  bool any = false;
  for (size_t i = 0; i < self->places.len; i++) {
    if (!dir_exists(self->places.at[i])) continue;
    buf_printf(out, "%s'%.*s'", any ? ", " : "; looked in ", STR_ARG(self->places.at[i]));
    any = true;
  }
}

/* "there is `ns:name@1.0.0` in 'path'": the package in another version, or the one whose name is most like
 * this one's, of those that are loaded and those that were seen. Empty where none is near. */
static Str nearest(const Finder *self, const Need *need)
{
  const AstPath *path = need->path;
  const Resolver *resolver = self->resolver;
  Near near = {.wanted = package_key(resolver->arena, path->namespace.text, path->package.text, STR(""))};
  Str best = STR("");
  for (size_t i = 0; i < resolver->units.len + self->seen.len; i++) {
    const Unit *unit = i < resolver->units.len ? resolver->units.at[i] : NULL;
    const Seen *seen = unit ? NULL : &self->seen.at[i - resolver->units.len];
    Str name = unit ? package_key(resolver->arena, unit->package->namespace, unit->package->name, STR(""))
                    : seen->name;
    size_t before = near.best.len ? near.distance : SIZE_MAX;
    near_consider(&near, name);
    if (!near.best.len || near.distance >= before) continue;
    best = unit ? str_format(resolver->arena, "there is `%.*s`", STR_ARG(unit->key))
                : str_format(resolver->arena, "there is `%.*s` in '%.*s'", STR_ARG(seen->key),
                             STR_ARG(seen->path));
  }
  return best;
}

/* The first binary that names an interface or world of the package; empty where there is none. */
static Str find_binary(Finder *self, const Need *need)
{
  Arena *scratch = arena_new();
  Str found = STR("");
  ArenaMark mark = arena_mark(scratch);
  Str name = str_format(self->resolver->arena, "%.*s:%.*s/", STR_ARG(need->path->namespace.text),
                        STR_ARG(need->path->package.text));
  for (size_t i = 0; i < self->binaries.len && !found.len; i++, arena_reset(scratch, mark)) {
    const Source *source = read_text(self, scratch, self->binaries.at[i]);
    if (source && wit_is_module(source->text) && str_find(source->text, name) != SIZE_MAX)
      found = self->binaries.at[i];
  }
  arena_free(scratch);
  return found;
}

/* "`a:b`, `c:d@1.0.0` and 3 more": the packages that are loaded and those that were seen. */
static void put_found(const Finder *self, Buf *out)
{
  Map *named = map_new(self->resolver->arena);
  size_t units = self->resolver->units.len;
  for (size_t i = 0; i < units + self->seen.len; i++) {
    Str key = i < units ? self->resolver->units.at[i]->key : self->seen.at[i - units].key;
    if (key.len <= 1 || map_put(named, key, named) || map_count(named) > NAMED_MAX) continue;
    buf_printf(out, "%s`%.*s`", map_count(named) > 1 ? ", " : "", STR_ARG(key));
  }
  if (map_count(named) > NAMED_MAX) buf_printf(out, " and %zu more", map_count(named) - NAMED_MAX);
}

/* What to do about a package that is not there. */
static Str advice(Finder *self, const Need *need)
{
  Buf out = buf_in(self->resolver->arena);
  const Seen *seen;
  Str near = nearest(self, need), binary = find_binary(self, need);
  size_t count = count_seen(self, need->key, &seen);
  if (count > 1) {
    buf_printf(
        &out,
        "%zu files or folders claim to be it, such as '%.*s': name the right one's folder with `--deps`",
        count, STR_ARG(seen->path));
    return buf_text(&out);
  }
  if (binary.len)
    return str_format(
        self->resolver->arena,
        "'%.*s' has it in binary form, which is not read: `wasm-tools component wit --out-dir DIR "
        "%.*s` makes WIT of it",
        STR_ARG(binary), STR_ARG(binary));
  if (near.len) return near;
  buf_z(&out, "packages found: ");
  put_found(self, &out);
  put_places(self, &out);
  if (self->binaries.len)
    buf_printf(&out, " (binary packages, such as '%.*s', are not read)", STR_ARG(self->binaries.at[0]));
  if (self->is_cut) buf_printf(&out, ", but only at the first %d files and folders or 256 MiB", ENTRIES_MAX);
  buf_z(&out, "; put it into `deps`, or name its folder with `--deps`");
  return buf_text(&out);
}

void finder_provide(Finder *self, const Need *need)
{
  if (!self->is_indexed) {
    self->is_indexed = true;
    look(self, false);
  }
  if (add_seen(self, need->key)) return;
  if (!self->is_indexed_deeply) {
    self->is_indexed_deeply = true;
    look(self, true);
  }
  if (!add_seen(self, need->key)) resolver_report_missing(self->resolver, need, advice(self, need));
}
