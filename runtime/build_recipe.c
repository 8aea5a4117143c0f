/* impl.json: what a build of several files needs to know, beside the sources. It may come from a stranger: no
 * name leads out of its folder, and only flags that a driver lists reach a compiler. docs/languages.md has
 * the keys, docs/schemas/impl.json the schema. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "ifc/base/file.h"
#include "ifc/base/json.h"
#include "runtime/drivers.h"

enum { RECIPE_LIMIT = 1024 * 1024, NAMES_MAX = 1000, NAME_MAX_LENGTH = 200 };

typedef struct Reader {
  Arena *arena;
  Str path;   /* of the impl.json */
  Str folder; /* that it is in */
  const Json *json;
  Diags *diags;
} Reader;

static Str recipe_name(void)
{
  return STR("impl.json");
}

bool recipe_is_at(Arena *arena, Str path)
{
  if (str_equal(path_name(path), recipe_name())) return true;
  return dir_exists(path) && file_exists(path_join(arena, path, recipe_name()));
}

static bool is_in(Str word, const char *extra)
{
  for (size_t i = 0; i < word.len; i++) {
    char c = word.at[i];
    bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_plain && str_find(str_from_z(extra), str_slice(word, i, i + 1)) == SIZE_MAX) return false;
  }
  return true;
}

static bool is_printable(Str word)
{
  for (size_t i = 0; i < word.len; i++)
    if (word.at[i] < ' ' || word.at[i] > '~') return false;
  return true;
}

bool recipe_flag(const char *const *list, Str flag)
{
  for (; list && *list; list++) {
    Str entry = str_from_z(*list), stem = str_slice(entry, 0, entry.len - 1);
    Str rest = str_slice(flag, stem.len, flag.len);
    if (str_ends_with(entry, STR("*")) && str_starts_with(flag, stem) && is_in(rest, "_.+-=")) return true;
    if (str_ends_with(entry, STR("~")) && str_starts_with(flag, stem) && is_printable(rest)) return true;
    if (str_equal(flag, entry)) return true;
  }
  return false;
}

/* "lib/rounds.rs": no part of it empty, "." or "..", nothing that tools or messages could misread. */
static bool is_safe_name(Str name)
{
  if (!name.len || name.len > NAME_MAX_LENGTH || !is_in(name, "_.+-/ ")) return false;
  while (name.len) {
    size_t slash = str_find(name, STR("/"));
    Str part = str_slice(name, 0, slash);
    if (!part.len || part.at[0] == '.' || part.at[0] == '-' || slash + 1 == name.len) return false;
    name = slash == SIZE_MAX ? STR("") : str_slice(name, slash + 1, name.len);
  }
  return true;
}

/* Whether what the name stands for is below the folder, symbolic links followed, and a file or folder. */
static bool is_below(const Reader *self, Str name, bool is_folder)
{
  char folder[PATH_MAX], path[PATH_MAX];
  struct stat status;
  if (!realpath(str_to_z(self->arena, self->folder), folder)) return false;
  if (!realpath(str_to_z(self->arena, path_join(self->arena, self->folder, name)), path)) return false;
  if (stat(path, &status) != 0 || (is_folder ? !S_ISDIR(status.st_mode) : !S_ISREG(status.st_mode)))
    return false;
  Str top = str_format(self->arena, "%s/", str_equal(str_from_z(folder), STR("/")) ? "" : folder);
  return str_starts_with(str_from_z(path), top);
}

static bool wrong(const Reader *self, const char *key, const char *what)
{
  Diag *diag =
      diag_error(self->diags, DIAG_USAGE, SPAN_NONE, "%.*s: `%s` %s", STR_ARG(self->path), key, what);
  diag_note(self->diags, diag, SPAN_NONE,
            "for instance {\"sources\": [\"lib.rs\", \"rounds.rs\"], \"root\": \"lib.rs\", \"flags\": []}");
  return false;
}

static bool wrong_name(const Reader *self, Str name, bool is_folder)
{
  Diag *diag = diag_error(self->diags, DIAG_USAGE, SPAN_NONE, "%.*s: '%.*s' is not a %s in its folder",
                          STR_ARG(self->path), STR_ARG(is_printable(name) ? name : STR("?")),
                          is_folder ? "folder" : "file");
  diag_note(
      self->diags, diag, SPAN_NONE,
      "names are relative to the impl.json, of letters, digits, spaces and _ . + - /, and no part of them "
      "begins with a dot or a minus");
  return false;
}

/* A list of strings; a key that is not there is an empty one. */
static bool read_strings(const Reader *self, const char *key, const Str **out, size_t *count)
{
  const Json *list = jv_get(self->json, str_from_z(key));
  if (list && jv_kind(list) != JV_ARRAY) return wrong(self, key, "is not a list of strings");
  if (jv_count(list) > NAMES_MAX) return wrong(self, key, "has more than 1,000 entries");
  Str *strings = arena_array_of(self->arena, Str, jv_count(list));
  for (size_t i = 0; i < jv_count(list); i++) {
    if (jv_kind(jv_at(list, i)) != JV_STRING) return wrong(self, key, "is not a list of strings");
    strings[i] = jv_as_string(jv_at(list, i));
  }
  *out = strings;
  *count = jv_count(list);
  return true;
}

static bool check_names(const Reader *self, const Str *names, size_t count, bool is_folder)
{
  for (size_t i = 0; i < count; i++)
    if (!is_safe_name(names[i]) || !is_below(self, names[i], is_folder))
      return wrong_name(self, names[i], is_folder);
  return true;
}

static bool check_keys(const Reader *self)
{
  static const char *const known[] = {"sources", "root", "include", "flags"};
  if (jv_kind(self->json) != JV_OBJECT) return wrong(self, "impl.json", "is not one JSON object");
  for (size_t i = 0; i < jv_count(self->json); i++) {
    bool is_known = false;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      is_known |= str_equal(jv_key_at(self->json, i), str_from_z(known[k]));
    if (is_known) continue;
    Str key = jv_key_at(self->json, i);
    Diag *diag = diag_error(self->diags, DIAG_USAGE, SPAN_NONE, "%.*s: there is no key `%.*s`",
                            STR_ARG(self->path), STR_ARG(is_printable(key) ? key : STR("?")));
    diag_note(self->diags, diag, SPAN_NONE, "keys are sources, root, include and flags");
    return false;
  }
  return true;
}

static bool read_root(const Reader *self, const Str *sources, size_t count, Str *out)
{
  const Json *root = jv_get(self->json, STR("root"));
  *out = jv_as_string(root);
  if (!root) return true;
  for (size_t i = 0; i < count; i++)
    if (str_equal(sources[i], *out)) return true;
  return wrong(self, "root", "is not one of its sources");
}

static bool read_json(Reader *self)
{
  Source *source = arena_new_of(self->arena, Source);
  source->path = self->path;
  if (!file_read(self->arena, self->path, RECIPE_LIMIT, &source->text, self->diags)) return false;
  self->json = jv_parse(self->arena, source, self->diags);
  return self->json && check_keys(self);
}

bool recipe_read(Arena *arena, Str path, Recipe *out, BuildSource **sources, size_t *count, Diags *diags)
{
  if (!str_equal(path_name(path), recipe_name())) path = path_join(arena, path, recipe_name());
  Reader self = {.arena = arena, .path = path, .folder = path_folder(path), .diags = diags};
  Recipe recipe = {0};
  const Str *names;
  size_t name_count;
  if (!read_json(&self) || !read_strings(&self, "sources", &names, &name_count) ||
      !read_strings(&self, "include", &recipe.folders, &recipe.folder_count) ||
      !read_strings(&self, "flags", &recipe.flags, &recipe.flag_count) ||
      !check_names(&self, names, name_count, false) ||
      !check_names(&self, recipe.folders, recipe.folder_count, true) ||
      !read_root(&self, names, name_count, &recipe.root))
    return false;
  if (!name_count) return wrong(&self, "sources", "names no file");
  BuildSource *list = arena_array_of(arena, BuildSource, name_count + 1);
  list[0] = (BuildSource){.path = path, .name = recipe_name()};
  for (size_t i = 0; i < name_count; i++)
    list[i + 1] = (BuildSource){.path = path_join(arena, self.folder, names[i]), .name = names[i]};
  *out = recipe;
  *sources = list;
  *count = name_count + 1;
  return true;
}
