#include "cmd/subject.h"

#include "ifc/base/file.h"
#include "ifc/canon.h"
#include "ifc/near.h"
#include "ifc/wit.h"
#include "registry/objects.h"
#include "spec/spec.h"

enum { MODULE_LIMIT = 256 << 20 };

/* --- files */

enum { HASH_SHOWN = 12 };

/* "sha256:0123456789ab/circle.spec". */
static SubjectFile stored_file(Run *run, Str registry, FoundKind kind, const Known *known)
{
  Str hash = str_slice(hash_text(run->arena, known->hash), 0, sizeof "sha256:" - 1 + HASH_SHOWN);
  const char *ending = kind == FOUND_MODULE ? ".wasm" : "";
  Str text = !known->name.len
                 ? hash
                 : str_format(run->arena, "%.*s/%.*s%s", STR_ARG(hash), STR_ARG(known->name), ending);
  return (SubjectFile){.path = object_path(run->arena, registry, known->object), .text = text};
}

static bool find_file(Run *run, Str registry, Str text, FoundKind kind, SubjectFile *out)
{
  Found found;
  Str hash = str_slice(text, 0, str_find(text, STR("/")));
  *out = (SubjectFile){.path = text, .text = text};
  if (!hash_is_meant(hash) || file_exists(text)) return true;
  if (!registry_find(run->arena, registry, hash, &found, &run->diags)) return false;
  if (found.kind == kind) {
    *out = stored_file(run, registry, kind, &(Known){found.name, found.hash, hash_of(found.bytes)});
    return true;
  }
  diag_error(&run->diags, DIAG_USAGE, SPAN_NONE,
             "'%.*s' is no %s: what has that hash in the registry is of another kind (%s)", STR_ARG(text),
             found_kind_text(kind), found_kind_text(found.kind));
  return false;
}

bool subject_files(Run *run, Str registry, Strs texts, FoundKind kind, SubjectFiles *out)
{
  *out = (SubjectFiles){arena_array_of(run->arena, SubjectFile, texts.len + 1), texts.len};
  for (size_t i = 0; i < texts.len; i++)
    if (!find_file(run, registry, texts.at[i], kind, &out->at[i])) return false;
  return true;
}

/* What is damaged is reported, and left out. */
bool subject_known(Run *run, Str registry, const Interface *interface, FoundKind kind, SubjectFiles *out)
{
  KnownList known;
  Str bytes;
  Hash hash = interface_hash(run->arena, interface);
  if (!registry_known(run->arena, registry, hash, kind, &known, &run->diags)) return false;
  *out = (SubjectFiles){arena_array_of(run->arena, SubjectFile, known.len + 1), 0};
  for (size_t i = 0; i < known.len; i++) {
    ArenaMark mark = arena_mark(run->arena);
    bool good = object_get(run->arena, registry, known.at[i].object, &bytes, &run->diags);
    if (good) arena_reset(run->arena, mark);
    if (good) out->at[out->len++] = stored_file(run, registry, kind, &known.at[i]);
  }
  return true;
}

bool subject_sources(Run *run, SubjectFiles files, Source **out)
{
  bool good = true;
  *out = arena_array_of(run->arena, Source, files.len + 1);
  for (size_t i = 0; i < files.len; i++) {
    (*out)[i].path = files.at[i].text;
    good = file_read(run->arena, files.at[i].path, SUBJECT_SOURCE_MAX, &(*out)[i].text, &run->diags) && good;
  }
  return good;
}

/* --- interfaces */

static void consider_interfaces(const Package *package, Near *near)
{
  for (uint32_t i = 0; i < package->interface_count; i++) near_consider(near, package->interfaces[i].id);
}

/* The interface called `near->wanted` in one of the .wit files of a folder; NULL: none, and `near` has the
 * one that may be meant. Files that do not parse are passed over: they may be about something else. */
static const Interface *interface_beside(Run *run, const WitOptions *options, Str folder, Near *near)
{
  Diags ignored = diags_in(run->arena);
  Str *names;
  size_t count;
  if (!dir_list(run->arena, folder, &names, &count, &ignored)) return NULL;
  for (size_t i = 0; i < count; i++) {
    Str path = path_join(run->arena, folder, names[i]);
    if (!str_ends_with(names[i], STR(".wit")) || file_is_special(path)) continue;
    const Package *package = wit_load(run->arena, path, options, &ignored);
    const Interface *interface = package ? package_interface(package, near->wanted) : NULL;
    if (interface) return interface;
    if (package) consider_interfaces(package, near);
  }
  return NULL;
}

const Interface *subject_carried(Run *run, SubjectFile file)
{
  Diags ignored = diags_in(run->arena);
  WasmModule module;
  Str bytes;
  if (!file_read(run->arena, file.path, MODULE_LIMIT, &bytes, &ignored)) return NULL;
  if (!wasm_read(run->arena, file.text, bytes, &module, &ignored)) return NULL;
  return implementation_interface(run->arena, &module, &ignored);
}

/* Of a PATH that has several interfaces, the one that the source names. */
static const Interface *interface_given(Run *run, Str given, const WitOptions *options, Str id)
{
  Diags unheard = diags_in(run->arena);
  if (id.len && (file_exists(given) || dir_exists(given))) {
    Str named = str_format(run->arena, "%.*s#%.*s", STR_ARG(given), STR_ARG(id));
    const Interface *interface = wit_load_interface(run->arena, named, options, &unheard);
    if (interface) return interface;
  }
  return wit_load_interface(run->arena, given, options, &run->diags);
}

const Interface *subject_interface(Run *run, Str given, const WitOptions *options, const Source *sources,
                                   size_t count, SubjectFiles modules)
{
  Str id = {0};
  if (count) {
    id = spec_subject(run->arena, &sources[0], &run->diags);
    if (!id.len) return NULL;
  }
  if (given.len) return interface_given(run, given, options, id);
  Near near = {.wanted = id};
  if (count) {
    const Interface *beside = interface_beside(run, options, path_folder(sources[0].path), &near);
    if (beside) return beside;
  }
  for (size_t i = 0; i < modules.len; i++) {
    const Interface *carried = subject_carried(run, modules.at[i]);
    if (carried && (!id.len || str_equal(carried->id, id))) return carried;
  }
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "cannot find the interface%s%.*s",
                          id.len ? " " : "", STR_ARG(id));
  if (near.best.len) diag_note(&run->diags, diag, SPAN_NONE, "did you mean %.*s?", STR_ARG(near.best));
  diag_note(&run->diags, diag, SPAN_NONE, "name its WIT with --for FILE.wit");
  return NULL;
}

/* --- implementations */

/* "a/sort.wasm" and "b/sort.wasm" become "a/sort" and "b/sort". */
static void labels_distinguish(Arena *arena, Implementation *implementations, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    bool twice = false;
    for (size_t k = 0; k < count; k++)
      twice = twice ||
              (k != i && str_equal(path_name(implementations[i].path), path_name(implementations[k].path)));
    if (!twice) continue;
    Str path = implementations[i].path;
    if (str_ends_with(path, STR(".wasm"))) path.len -= 5;
    implementations[i].label = str_copy(arena, path);
  }
}

/* Loads what is "IMPL.wasm" or "INTERFACE=IMPL.wasm". */
static bool load_provider(Run *run, Str text, const WitOptions *options, const Implementation *before,
                          size_t count, Implementation *out)
{
  const Interface *interface = NULL;
  size_t equals = file_exists(text) ? SIZE_MAX : str_find_last(text, '=');
  if (equals != SIZE_MAX) {
    interface = wit_load_interface(run->arena, str_slice(text, 0, equals), options, &run->diags);
    if (!interface) return false;
    text = str_slice(text, equals + 1, text.len);
  }
  return implementation_load_with(run->arena, text, interface, before, count, out, &run->diags);
}

Implementation *subject_providers(Run *run, Strs with, const WitOptions *options)
{
  Implementation *providers = arena_array_of(run->arena, Implementation, with.len + 1);
  for (size_t i = 0; i < with.len; i++)
    if (!load_provider(run, with.at[i], options, providers, i, &providers[i])) return NULL;
  return providers;
}

static bool needs(const Implementation *self, const Implementation *provider)
{
  for (uint32_t i = 0; i < self->fit.need_count; i++)
    if (self->fit.needs[i].provider == provider) return true;
  return false;
}

/* Whoever is given and not asked was probably meant for something. */
static void warn_unneeded(Run *run, const Implementation *providers, size_t provider_count,
                          const Implementation *implementations, size_t count)
{
  for (size_t i = 0; i < provider_count; i++) {
    bool is_needed = false;
    for (size_t k = i + 1; k < provider_count; k++) is_needed |= needs(&providers[k], &providers[i]);
    for (size_t k = 0; k < count; k++) is_needed |= needs(&implementations[k], &providers[i]);
    if (is_needed) continue;
    diag_warning(&run->diags, DIAG_INPUT, SPAN_NONE, "--with %.*s: nothing here imports its %.*s from it",
                 STR_ARG(providers[i].path), STR_ARG(providers[i].fit.interface->id));
  }
}

static bool load_file(Run *run, SubjectFile *file, const Interface *interface,
                      const Implementation *providers, size_t provider_count, Implementation *out)
{
  const Diag *last = run->diags.last;
  if (!implementation_load_with(run->arena, file->path, interface, providers, provider_count, out,
                                &run->diags)) {
    const Diag *first = last ? last->next : run->diags.first;
    file->problem = first ? first->message : STR("it cannot be used");
    return false;
  }
  if (str_equal(file->path, file->text)) return true;
  out->path = file->text;
  out->label = implementation_label(file->text);
  return true;
}

Implementation *subject_implementations(Run *run, SubjectFiles files, const Interface *interface, Strs with,
                                        const WitOptions *options, size_t *count)
{
  Implementation *out = arena_array_of(run->arena, Implementation, files.len + 1);
  Implementation *providers = subject_providers(run, with, options);
  *count = 0;
  if (!providers) return out;
  for (size_t i = 0; i < files.len; i++)
    if (load_file(run, &files.at[i], interface, providers, with.len, &out[*count])) ++*count;
  if (*count) warn_unneeded(run, providers, with.len, out, *count);
  labels_distinguish(run->arena, out, *count);
  return out;
}
