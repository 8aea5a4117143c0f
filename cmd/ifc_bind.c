/* ifc bind: guest bindings. */
#include "ifc/bind.h"

#include "cmd/ifc.h"
#include "cmd/wit_arguments.h"
#include "ifc/base/file.h"

typedef struct BindCommand {
  WitArguments wit;
  Str language, output;
} BindCommand;

static const Option bind_options[] = {
    {"--lang", 'l', OPTION_TEXT, offsetof(BindCommand, language), "LANGUAGE",
     "c (for C++ too), rust or assemblyscript"},
    {"--output", 'o', OPTION_TEXT, offsetof(BindCommand, output), "DIR",
     "where the files go (default: here)"},
    WIT_OPTIONS(BindCommand, wit),
    {0},
};
const Usage usage_ifc_bind = {
    "ifc bind --lang c|rust|assemblyscript PATH[#NAME] [-o DIR]",
    "Writes guest bindings, source-compatible with wit-bindgen's, for an interface or a\n"
    "world, and prints the paths of the files.\n",
    bind_options};

typedef struct File {
  Str name, text;
} File;
enum { FILES_MAX = 2 };

static size_t files_of_c(Arena *arena, const World *world, File *out)
{
  Binding binding = bind_c_world(arena, world);
  out[0] = (File){binding.header_name, binding.header};
  out[1] = (File){binding.source_name, binding.source};
  return 2;
}

static size_t files_of_rust(Arena *arena, const World *world, File *out)
{
  out[0] = (File){STR("bindings.rs"), bind_rust_world(arena, world)};
  return 1;
}

/* exports.ts, which stands between them and the boundary, is made by every build; so is values.ts, which only
 * imports are looked up in. */
static size_t files_of_assemblyscript(Arena *arena, const World *world, File *out)
{
  ScriptFiles files = bind_assemblyscript(arena, world, world->name);
  out[0] = (File){STR("bindings.ts"), files.types};
  out[1] = (File){STR("values.ts"), files.values};
  return world->import_count ? 2 : 1;
}

static const struct Language {
  const char *name;
  size_t (*files)(Arena *arena, const World *world, File *out); /* returns how many, to FILES_MAX */
} languages[] = {{"c", files_of_c},
                 {"c++", files_of_c},
                 {"rust", files_of_rust},
                 {"assemblyscript", files_of_assemblyscript}};
enum { LANGUAGE_COUNT = sizeof languages / sizeof *languages };

static void note_languages(Run *run, Diag *diag)
{
  Buf known = buf_in(run->arena);
  for (size_t i = 0; i < LANGUAGE_COUNT; i++) buf_printf(&known, "%s%s", i ? ", " : "", languages[i].name);
  diag_note(&run->diags, diag, SPAN_NONE, "languages: %.*s", STR_ARG(buf_text(&known)));
}

static const struct Language *find_language(Run *run, Str name)
{
  for (size_t i = 0; i < LANGUAGE_COUNT; i++)
    if (str_equal(name, str_from_z(languages[i].name))) return &languages[i];
  Diag *diag =
      diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "no bindings for language '%.*s'", STR_ARG(name));
  note_languages(run, diag);
  return NULL;
}

static const struct Language *bind_arguments(Run *run, const BindCommand *command, const Strs *paths)
{
  Diags *diags = &run->diags;
  if (paths->len == 1 && command->language.len) return find_language(run, command->language);
  Diag *diag;
  if (paths->len == 1)
    diag = diag_error(diags, DIAG_USAGE, SPAN_NONE, "bindings for which language? name it with `--lang`");
  else
    diag = diag_error(diags, DIAG_USAGE, SPAN_NONE, "usage: %s", usage_ifc_bind.lines);
  if (!command->language.len) note_languages(run, diag);
  return NULL;
}

int ifc_bind(Run *run)
{
  BindCommand command = {0};
  WitOptions options;
  Strs paths;
  int status;
  if (!run_options(run, &usage_ifc_bind, &command, &paths, &status)) return status;
  const struct Language *language = bind_arguments(run, &command, &paths);
  if (!language) return 2;
  if (!wit_arguments_read(run, &command.wit, WIT_VALID, &options)) return 2;
  WitItem item;
  if (!wit_load_item(run->arena, paths.at[0], &options, &item, &run->diags)) return 0;
  File files[FILES_MAX];
  Buf written = buf_in(run->arena);
  const World *world = item.world ? item.world : bind_world(run->arena, item.interface);
  size_t count = language->files(run->arena, world, files);
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(run->arena, command.output, files[i].name);
    if (!file_write(path, files[i].text, &run->diags)) return 0;
    buf_printf(&written, "%.*s\n", STR_ARG(path));
  }
  run_output(run, buf_text(&written));
  return 0;
}
