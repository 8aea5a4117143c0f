/* The rest of printing a model (wit_model_text.h): worlds, files and packages, and what stands between words.
 */
#ifndef TESTS_UNIT_IFC_WIT_MODEL_PRINT_H
#define TESTS_UNIT_IFC_WIT_MODEL_PRINT_H

#include <string.h>

#include "tests/unit/ifc/wit_model_text.h"

/* A file to be written: its name in the folder, and its text. The first one alone is all there is, where no
 * folder was asked for. */
typedef struct PrintedFile {
  Str name, text;
} PrintedFile;

typedef struct Printed {
  VEC(PrintedFile) files;
  Str versions[MODEL_PACKAGES_MAX];
} Printed;

static inline bool print_says_own(const ModelType *type, const ModelScope *scope)
{
  if (!type) return false;
  if (type->home == scope) return true;
  for (uint32_t i = 0; type->parts && i < type->count; i++)
    if (print_says_own(type->parts[i], scope)) return true;
  return false;
}

/* Whether the function needs a resource of this scope. */
static inline bool print_is_bound(const ModelFunction *function, const ModelScope *scope)
{
  if (function->kind != FUNCTION_FREE || print_says_own(function->result, scope)) return true;
  for (size_t i = 0; i < function->params.len; i++)
    if (print_says_own(function->params.at[i].type, scope)) return true;
  return false;
}

/* A world's part that is written in another world, which is included. */
typedef struct PrintSplit {
  TextScope *main, *part;
  TextItems renames;
} PrintSplit;

/* Where the next item goes, and what it is called there. */
static inline TextScope *print_side(Text *self, PrintSplit *split, bool may_move, Str *name)
{
  if (!split->part || !may_move || !text_chance(self, 2)) return split->main;
  if (name->len && text_chance(self, 2)) {
    Str other = text_fresh(self, "t");
    vec_push(self->arena, &split->renames,
             str_format(self->arena, "%s as %s", text_z(self, other), text_z(self, text_name(self, *name))));
    *name = other;
  }
  return split->part;
}

static inline void print_item(Text *self, PrintSplit *split, const ModelItem *item, bool exports_move)
{
  Str name = item->name;
  bool may_move = !item->is_export; /* where exports take from depends on what else is exported */
  bool alone = item->is_inline;
  for (uint32_t i = 0; i < item->interface->limit; i++) alone = alone && !item->interface->uses[i];
  TextScope *side = print_side(self, split, may_move || alone, &name);
  if (item->is_export && !item->is_inline && exports_move) side = split->part;
  const char *way = item->is_export ? "export" : "import";
  Buf out = buf_in(self->arena);
  buf_printf(&out, "%s ", way);
  if (name.len) buf_printf(&out, "%s : ", text_z(self, text_name(self, name)));
  if (item->is_inline) {
    TextScope inside = {.model = item->interface, .file = side->file};
    text_scope(self, &inside);
    text_unreached(self, &inside);
    buf_printf(&out, "interface %s", text_z(self, text_braces(self, &inside.items)));
  } else {
    buf_printf(&out, "%s ;", text_z(self, text_path(self, side->file, item->interface)));
  }
  text_item(self, side, buf_text(&out));
}

/* The interfaces that the world imports, written or not. */
static inline void print_imports(const Model *model, const ModelWorld *world, bool *imports)
{
  bool exported[MODEL_INTERFACES_MAX] = {0};
  for (size_t i = 0; i < world->items.len; i++) {
    const ModelItem *item = &world->items.at[i];
    if (item->is_export && !item->is_inline) exported[model_index(model, item->interface)] = true;
  }
  for (uint32_t used = 0; used < world->scope.limit; used++) imports[used] = world->scope.uses[used];
  for (size_t i = 0; i < world->items.len; i++) {
    const ModelItem *item = &world->items.at[i];
    bool by_id = !item->is_inline && !item->name.len;
    if (!item->is_export && by_id) imports[model_index(model, item->interface)] = true;
    for (uint32_t used = 0; used < item->interface->limit; used++)
      if (item->interface->uses[used] && !(item->is_export && exported[used])) imports[used] = true;
  }
  model_close(model, imports);
}

static inline void print_functions(Text *self, const ModelWorld *world, PrintSplit *split)
{
  for (size_t i = 0; i < world->scope.functions.len + world->exports.len; i++) {
    bool is_export = i >= world->scope.functions.len;
    const ModelFunction *function =
        is_export ? world->exports.at[i - world->scope.functions.len] : world->scope.functions.at[i];
    if (function->kind != FUNCTION_FREE) continue;
    Str name = function->name;
    TextScope *side = print_side(self, split, !print_is_bound(function, &world->scope), &name);
    text_item(self, side, text_function(self, side, function, is_export ? "export " : "import ", name));
  }
}

static inline void print_top(Text *self, TextFile *file, Str before, Str name, Str braces)
{
  Str gate = text_gate(self, file->package);
  vec_push(self->arena, &file->tops,
           str_format(self->arena, "%s%s %s %s", text_z(self, gate), text_z(self, before),
                      text_z(self, text_name(self, name)), text_z(self, braces)));
}

static inline TextFile *print_some_file(Text *self, uint32_t package)
{
  for (;;) {
    TextFile *file = self->files.at[model_below(self->model, (uint32_t)self->files.len)];
    if (file->package == package) return file;
  }
}

static inline void print_world(Text *self, const ModelWorld *world)
{
  TextScope main = {.model = &world->scope, .file = print_some_file(self, world->scope.package)};
  TextScope part = {.model = &world->scope, .file = print_some_file(self, world->scope.package)};
  PrintSplit split = {.main = &main, .part = text_chance(self, 2) ? &part : NULL};
  main.ungated = part.ungated = split.part != NULL;
  bool exports_move = split.part && text_chance(self, 2);
  text_resources(self, &main);
  print_functions(self, world, &split);
  for (size_t i = 0; i < world->items.len; i++) print_item(self, &split, &world->items.at[i], exports_move);
  text_unreached(self, &main);
  bool imports[MODEL_INTERFACES_MAX] = {0};
  print_imports(self->model, world, imports);
  for (uint32_t i = 0; i < world->scope.limit; i++) {
    bool written = false; /* twice in one world is an error */
    for (size_t k = 0; k < world->items.len; k++)
      written = written ||
                (world->items.at[k].interface == &self->model->interfaces[i] && !world->items.at[k].name.len);
    if (imports[i] && !written && text_chance(self, 4))
      text_item(self, &main,
                str_format(self->arena, "import %s ;",
                           text_z(self, text_path(self, main.file, &self->model->interfaces[i]))));
  }
  if (split.part) {
    Str name = text_fresh(self, "t");
    Buf include = buf_in(self->arena);
    buf_printf(&include, "include %.*s", STR_ARG(name));
    for (size_t i = 0; i < split.renames.len; i++)
      buf_printf(&include, "%s %.*s", i ? " ," : " with {", STR_ARG(split.renames.at[i]));
    buf_z(&include, split.renames.len ? " }" : " ;");
    text_item(self, &main, buf_text(&include));
    print_top(self, part.file, STR("world"), name, text_braces(self, &part.items));
  }
  print_top(self, main.file, STR("world"), world->scope.name, text_braces(self, &main.items));
}

/* What may stand between two words, more or less often. */
static inline Str print_gap(Text *self, char before, char after)
{
  static const char *const gaps[] = {" ",
                                     "\n",
                                     "\t",
                                     "\r\n",
                                     "  ",
                                     " // x */ {\n",
                                     " /* a /* b */ // c */ ",
                                     "\n/// Docs.\n",
                                     " /** more docs */ "};
  bool may_lack = strchr("(){}<>,;=:", before) || strchr("(){}<>,;=:", after);
  if (may_lack && text_chance(self, 2)) return STR("");
  bool plain = !text_chance(self, 4);
  return str_from_z(gaps[plain ? 0 : model_below(self->model, sizeof gaps / sizeof *gaps)]);
}

static inline Str print_spaced(Text *self, Str text)
{
  Buf out = buf_in(self->arena);
  if (text_chance(self, 8)) buf_z(&out, "\xEF\xBB\xBF");
  for (size_t i = 0; i < text.len; i++) {
    if (text.at[i] != ' ' || i == 0 || i + 1 == text.len)
      buf_byte(&out, text.at[i]);
    else
      buf_str(&out, print_gap(self, text.at[i - 1], text.at[i + 1]));
  }
  return buf_text(&out);
}

static inline Str print_header(Text *self, uint32_t package)
{
  Str version = self->versions[package];
  return str_format(self->arena, "package %s%s%s", text_z(self, text_package(self, package)),
                    version.len ? "@" : "", text_z(self, version));
}

static inline void print_versions(Text *self)
{
  static const char *const versions[] = {"",         "1.0.0",    "0.2.0-rc-2023", "7.0.1+build.5",
                                         "10.20.30", "1.2.3-a.1"};
  uint32_t count = sizeof versions / sizeof *versions, first = model_below(self->model, count);
  for (uint32_t i = 0; i < self->model->package_count; i++)
    self->versions[i] = str_from_z(versions[(first + i) % count]);
}

/* The packages that this one uses, directly or not; those are found in deps/. */
static inline void print_reached(const Text *self, bool *reached)
{
  for (size_t round = 0; round < MODEL_PACKAGES_MAX; round++)
    for (uint32_t i = 0; i < self->model->interface_count; i++)
      for (uint32_t used = 0; reached[self->model->interfaces[i].package] && used < i; used++)
        if (self->interfaces[i].used[used]) reached[self->model->interfaces[used].package] = true;
}

static inline Str print_body(Text *self, const TextFile *file)
{
  TextItems tops = file->tops;
  Buf out = buf_in(self->arena);
  text_shuffle(self, &tops);
  if (text_chance(self, 8))
    buf_printf(&out, "@unstable ( feature = other ) interface %s { f : func ( ) ; } ",
               text_z(self, text_fresh(self, "t")));
  for (size_t i = 0; i < tops.len; i++) buf_printf(&out, "%.*s ", STR_ARG(tops.at[i]));
  return buf_text(&out);
}

/* The packages that are nested, all in one text. */
static inline Str print_nested(Text *self, const bool *is_nested)
{
  Buf out = buf_in(self->arena);
  for (uint32_t package = 0; package < self->model->package_count; package++) {
    if (!is_nested[package]) continue;
    buf_printf(&out, "%s { ", text_z(self, print_header(self, package)));
    for (size_t i = 0; i < self->files.len; i++)
      if (self->files.at[i]->package == package) buf_str(&out, print_body(self, self->files.at[i]));
    buf_z(&out, "} ");
  }
  return buf_text(&out);
}

/* The main package, the nested ones in its first file; in a folder, others are in deps/. */
static inline void print_files(Text *self, bool is_folder, Printed *out)
{
  bool reached[MODEL_PACKAGES_MAX] = {0}, named[MODEL_PACKAGES_MAX] = {0}, is_nested[MODEL_PACKAGES_MAX];
  reached[self->main] = true;
  print_reached(self, reached);
  for (uint32_t i = 0; i < self->model->package_count; i++)
    is_nested[i] = i != self->main && !(is_folder && reached[i] && text_chance(self, 2));
  for (size_t i = 0; i < self->files.len; i++) {
    TextFile *file = self->files.at[i];
    uint32_t package = file->package;
    if (is_nested[package]) continue;
    Str header = print_header(self, package), body = print_body(self, file), nested = STR("");
    if (package == self->main && !named[package]) nested = print_nested(self, is_nested);
    if (named[package] && text_chance(self, 2)) header = STR("");
    named[package] = true;
    Str text = str_format(self->arena, "%.*s%s%.*s%.*s", STR_ARG(header), header.len ? " ; " : "",
                          STR_ARG(body), STR_ARG(nested));
    Str name = str_format(self->arena, "f%zu.wit", i);
    if (package != self->main) name = str_format(self->arena, "deps/p%u/f%zu.wit", package, i);
    vec_push(self->arena, &out->files, (PrintedFile){name, print_spaced(self, text)});
  }
}

/* In one text, or as a folder with deps/. */
static inline Printed model_print(Arena *arena, Model *model, bool is_folder)
{
  Text self = {.arena = arena, .model = model, .main = model_below(model, model->package_count)};
  for (uint32_t i = 0; i < model->package_count; i++)
    for (uint32_t k = is_folder ? 1 + model_below(model, 2) : 1; k > 0; k--) {
      TextFile *file = arena_new_of(arena, TextFile);
      file->package = i;
      vec_push(arena, &self.files, file);
    }
  print_versions(&self);
  for (uint32_t i = 0; i < model->interface_count; i++)
    self.interfaces[i] = (TextScope){.model = &model->interfaces[i],
                                     .file = print_some_file(&self, model->interfaces[i].package)};
  for (uint32_t i = 0; i < model->interface_count; i++) text_scope(&self, &self.interfaces[i]);
  for (uint32_t i = 0; i < model->world_count; i++) print_world(&self, &model->worlds[i]);
  for (uint32_t i = model->interface_count; i-- > 0;) {
    TextScope *scope = &self.interfaces[i];
    text_unreached(&self, scope);
  }
  for (uint32_t i = 0; i < model->interface_count; i++) {
    TextScope *scope = &self.interfaces[i];
    print_top(&self, scope->file, STR("interface"), scope->model->name, text_braces(&self, &scope->items));
  }
  Printed out = {0};
  for (uint32_t i = 0; i < model->package_count; i++) out.versions[i] = self.versions[i];
  print_files(&self, is_folder, &out);
  return out;
}

#endif
