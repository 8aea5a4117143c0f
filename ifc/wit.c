#include "ifc/wit.h"

#include "ifc/ast.h"
#include "ifc/base/buf.h"
#include "ifc/base/file.h"
#include "ifc/base/vec.h"
#include "ifc/near.h"

enum { FILE_SIZE_MAX = 64 << 20 };

typedef VEC(AstFile *) Files;

static bool is_module(Str text)
{
  return str_starts_with(text, (Str){"\0asm", 4});
}

/* Parses one text into `files`. Nothing is added where it cannot be read at all. */
static void add_source(Arena *arena, const Source *source, Files *files, Diags *diags)
{
  if (is_module(source->text)) {
    diag_error(diags, DIAG_INPUT, (Span){source, 0, 0}, "this is a WebAssembly binary; expected WIT text");
    return;
  }
  AstFile *file = wit_parse_file(arena, source, diags);
  if (file) vec_push(arena, files, file);
}

static void add_path(Arena *arena, Str path, Files *files, Diags *diags)
{
  Source *source = arena_new_of(arena, Source);
  source->path = str_copy(arena, path);
  if (file_read(arena, path, FILE_SIZE_MAX, &source->text, diags)) add_source(arena, source, files, diags);
}

/* The folder's *.wit, sorted by name; what lies deeper, in deps/ too, is not part of the package. */
static void add_folder(Arena *arena, Str path, Files *files, Diags *diags)
{
  Str *names;
  size_t count, found = 0;
  if (!dir_list(arena, path, &names, &count, diags)) return;
  for (size_t i = 0; i < count; i++) {
    Str inner = path_join(arena, path, names[i]);
    if (!str_equal(path_extension(names[i]), STR("wit")) || dir_exists(inner)) continue;
    add_path(arena, inner, files, diags);
    found++;
  }
  if (!found)
    diag_error(diags, DIAG_INPUT, SPAN_NONE, "there is no .wit file in the folder '%.*s'", STR_ARG(path));
}

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

/* The package, unless an error was reported since. */
static const Package *resolve(Arena *arena, const Files *files, Reported since, Diags *diags)
{
  const Package *package = files->len ? wit_resolve(arena, files->at, files->len, diags) : NULL;
  sort_reports(diags, since);
  return diags->errors == since.errors ? package : NULL;
}

const Package *wit_load(Arena *arena, Str path, Diags *diags)
{
  Files files = {0};
  Reported since = reported(diags);
  if (dir_exists(path))
    add_folder(arena, path, &files, diags);
  else
    add_path(arena, path, &files, diags);
  return resolve(arena, &files, since, diags);
}

const Package *wit_parse(Arena *arena, const Source *source, Diags *diags)
{
  Files files = {0};
  Reported since = reported(diags);
  add_source(arena, source, &files, diags);
  return resolve(arena, &files, since, diags);
}

const Interface *package_interface(const Package *self, Str name)
{
  for (uint32_t i = 0; i < self->interface_count; i++) {
    const Interface *interface = &self->interfaces[i];
    if (str_equal(interface->name, name) || str_equal(interface->id, name)) return interface;
  }
  return NULL;
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

static const Interface *only_interface(Arena *arena, Str path, const Package *package, Diags *diags)
{
  if (package->interface_count == 1) return &package->interfaces[0];
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

const Interface *wit_load_interface(Arena *arena, Str reference, Diags *diags)
{
  size_t hash = str_find_last(reference, '#');
  bool named = hash != SIZE_MAX && !file_exists(reference) && !dir_exists(reference);
  Str path = str_slice(reference, 0, named ? hash : reference.len);
  const Package *package = wit_load(arena, path, diags);
  if (!package) return NULL;
  if (!named) return only_interface(arena, path, package, diags);
  Str name = str_slice(reference, hash + 1, reference.len);
  const Interface *interface = package_interface(package, name);
  if (!interface) report_no_interface(arena, path, package, name, diags);
  return interface;
}
