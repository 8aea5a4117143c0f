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
    "Writes guest bindings, source-compatible with wit-bindgen's, for an interface or, in C,\n"
    "a world, and prints the paths of the files.\n",
    bind_options};

typedef struct File {
  Str name, text;
} File;
enum { FILES_MAX = 2 };

static size_t files_of_binding(Binding binding, File *out)
{
  out[0] = (File){binding.header_name, binding.header};
  out[1] = (File){binding.source_name, binding.source};
  return 2;
}

static size_t files_of_c(Arena *arena, const Interface *interface, File *out)
{
  return files_of_binding(bind_c(arena, interface), out);
}

static size_t files_of_c_world(Arena *arena, const World *world, File *out)
{
  return files_of_binding(bind_c_world(arena, world), out);
}

static size_t files_of_rust(Arena *arena, const Interface *interface, File *out)
{
  out[0] = (File){STR("bindings.rs"), bind_rust(arena, interface)};
  return 1;
}

/* The other file, exports.ts, is between them and the boundary: every build makes it. */
static size_t files_of_assemblyscript(Arena *arena, const Interface *interface, File *out)
{
  out[0] = (File){STR("bindings.ts"), bind_assemblyscript(arena, interface, interface->name).types};
  return 1;
}

static const struct Language {
  const char *name;
  size_t (*files)(Arena *arena, const Interface *interface, File *out); /* returns how many, to FILES_MAX */
  size_t (*world_files)(Arena *arena, const World *world, File *out);   /* NULL: there are none */
} languages[] = {{"c", files_of_c, files_of_c_world},
                 {"c++", files_of_c, files_of_c_world},
                 {"rust", files_of_rust, NULL},
                 {"assemblyscript", files_of_assemblyscript, NULL}};
enum { LANGUAGE_COUNT = sizeof languages / sizeof *languages };

static const struct Language *find_language(Run *run, Str name)
{
  Buf known = buf_in(run->arena);
  for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
    if (str_equal(name, str_from_z(languages[i].name))) return &languages[i];
    buf_printf(&known, "%s%s", i ? ", " : "", languages[i].name);
  }
  Diag *diag =
      diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "no bindings for language '%.*s'", STR_ARG(name));
  diag_note(&run->diags, diag, SPAN_NONE, "languages: %.*s", STR_ARG(buf_text(&known)));
  return NULL;
}

static const struct Language *bind_arguments(Run *run, const BindCommand *command, const Strs *paths)
{
  if (paths->len == 1 && command->language.len) return find_language(run, command->language);
  diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "usage: %s", usage_ifc_bind.lines);
  return NULL;
}

/* What is to be bound, in a language that can. */
static bool load_item(Run *run, const struct Language *language, Str reference, const WitOptions *options,
                      WitItem *out)
{
  if (!wit_load_item(run->arena, reference, options, out, &run->diags)) return false;
  if (!out->world || language->world_files) return true;
  Diag *diag = diag_error(&run->diags, DIAG_UNSUPPORTED, SPAN_NONE, "there are no %s bindings for worlds yet",
                          language->name);
  diag_note(&run->diags, diag, SPAN_NONE, "name an interface, as in 'PATH#INTERFACE'");
  return false;
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
  if (!load_item(run, language, paths.at[0], &options, &item)) return 0;
  File files[FILES_MAX];
  Buf written = buf_in(run->arena);
  size_t count = item.world ? language->world_files(run->arena, item.world, files)
                            : language->files(run->arena, item.interface, files);
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(run->arena, command.output, files[i].name);
    if (!file_write(path, files[i].text, &run->diags)) return 0;
    buf_printf(&written, "%.*s\n", STR_ARG(path));
  }
  run_output(run, buf_text(&written));
  return 0;
}
