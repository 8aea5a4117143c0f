#include "cmd/verify_subject.h"

#include "cmd/reference.h"
#include "ifc/base/file.h"

/* --- the interface */

static bool is_interface(Run *run, Str registry, Str text)
{
  Found found;
  Diags ignored = diags_in(run->arena);
  Str path = file_exists(text) ? text : str_slice(text, 0, str_find_last(text, '#'));
  if (file_exists(path) || dir_exists(path)) return dir_exists(path) || str_ends_with(path, STR(".wit"));
  return hash_is_meant(path) && registry_find(run->arena, registry, path, &found, &ignored) &&
         found.kind == FOUND_INTERFACE;
}

static const Interface *named_interface(Run *run, const VerifyOperands *operands, Str text)
{
  Reference reference;
  Item item;
  if (!reference_load(run, text, operands->registry, operands->wit, &reference)) return NULL;
  const Package *package = reference_package(run, &reference);
  if (!package || !items_choose(run, reference.path, package, reference.name, &item)) return NULL;
  if (!item.interface)
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is a world: implementations are of interfaces",
               STR_ARG(item.id));
  return item.interface;
}

/* One operand that is an interface stands for its implementations. */
static bool take_operands(Run *run, const VerifyOperands *operands, VerifySubject *out)
{
  Str first = operands->operands.at[0];
  if (operands->operands.len > 1 || !is_interface(run, operands->registry, first))
    return subject_files(run, operands->registry, operands->operands, FOUND_MODULE, &out->modules);
  if (operands->interface.len) {
    diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "'%.*s' is the interface already: --for is for modules",
               STR_ARG(first));
    return false;
  }
  out->interface = named_interface(run, operands, first);
  if (file_exists(first) || !hash_is_meant(first)) out->interface_path = first;
  if (!out->interface || !subject_known(run, operands->registry, out->interface, FOUND_MODULE, &out->modules))
    return false;
  if (out->modules.len) return true;
  Diag *diag =
      diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "the registry '%.*s' has no implementation of %.*s",
                 STR_ARG(operands->registry), STR_ARG(out->interface->id));
  diag_note(&run->diags, diag, SPAN_NONE, "it has what was verified before: verify IMPL.wasm... --spec FILE");
  return false;
}

/* --- specifications that are given */

/* One name given twice is one file. */
static Strs without_repeated(Run *run, Strs texts)
{
  Strs out = {arena_array_of(run->arena, Str, texts.len + 1), 0, texts.len + 1};
  for (size_t i = 0; i < texts.len; i++) {
    bool again = false;
    for (size_t k = 0; k < out.len && !again; k++) again = str_equal(out.at[k], texts.at[i]);
    if (!again) out.at[out.len++] = texts.at[i];
  }
  return out;
}

/* Do all specifications fit it? */
static bool all_fit(Run *run, const Source *sources, size_t count, const Interface *interface)
{
  Diags ignored = diags_in(run->arena);
  for (size_t i = 0; i < count; i++)
    if (!spec_parse(run->arena, &sources[i], interface, &ignored)) return false;
  return true;
}

/* Nobody need name the interface of the modules where the specifications are for a part of it. */
static const Interface *interface_of(Run *run, const VerifyOperands *operands, const Source *sources,
                                     size_t count, SubjectFiles modules)
{
  Diags ignored = diags_in(run->arena);
  const Interface *carried = operands->interface.len ? NULL : subject_carried(run, modules.at[0]);
  if (carried && !str_equal(carried->id, spec_subject(run->arena, &sources[0], &ignored)) &&
      all_fit(run, sources, count, carried))
    return carried;
  return subject_interface(run, operands->interface, operands->wit, sources, count, modules);
}

static bool take_given(Run *run, const VerifyOperands *operands, VerifySubject *out)
{
  SubjectFiles files;
  Source *sources;
  Strs texts = without_repeated(run, operands->specs);
  if (!subject_files(run, operands->registry, texts, FOUND_SPECIFICATION, &files) ||
      !subject_sources(run, files, &sources))
    return false;
  if (!out->interface) out->interface = interface_of(run, operands, sources, files.len, out->modules);
  if (!out->interface) return false;
  bool good = true;
  out->specs = arena_array_of(run->arena, const Spec *, files.len);
  out->spec_count = files.len;
  for (size_t i = 0; i < files.len; i++) {
    out->specs[i] = spec_parse(run->arena, &sources[i], out->interface, &run->diags);
    good = good && out->specs[i];
  }
  return good;
}

/* --- specifications of the registry */

static const Spec *parse_stored(Run *run, const Source *source, const Interface *interface)
{
  Diags own = diags_in(run->arena);
  const Spec *spec = spec_parse(run->arena, source, interface, &own);
  if (spec) return spec;
  Diag *diag = diag_warning(&run->diags, DIAG_REGISTRY, SPAN_NONE,
                            "%.*s is left out: it does not fit the interface", STR_ARG(source->path));
  if (own.first) diag_note(&run->diags, diag, SPAN_NONE, "%.*s", STR_ARG(own.first->message));
  return NULL;
}

static bool no_specification(Run *run, const VerifyOperands *operands, const Interface *interface)
{
  Diag *diag = diag_error(&run->diags, DIAG_USAGE, SPAN_NONE, "against which specification? --spec FILE");
  if (interface)
    diag_note(&run->diags, diag, SPAN_NONE, "the registry '%.*s' has none of %.*s",
              STR_ARG(operands->registry), STR_ARG(interface->id));
  else
    diag_note(&run->diags, diag, SPAN_NONE, "`verify --help` explains");
  return false;
}

static bool take_known(Run *run, const VerifyOperands *operands, VerifySubject *out)
{
  SubjectFiles files;
  Source *sources;
  if (!out->interface)
    out->interface = operands->interface.len
                         ? subject_interface(run, operands->interface, operands->wit, NULL, 0, out->modules)
                         : subject_carried(run, out->modules.at[0]);
  if (!out->interface) return operands->interface.len ? false : no_specification(run, operands, NULL);
  if (!subject_known(run, operands->registry, out->interface, FOUND_SPECIFICATION, &files) ||
      !subject_sources(run, files, &sources))
    return false;
  out->specs = arena_array_of(run->arena, const Spec *, files.len + 1);
  for (size_t i = 0; i < files.len; i++) {
    const Spec *spec = parse_stored(run, &sources[i], out->interface);
    if (spec) out->specs[out->spec_count++] = spec;
  }
  return out->spec_count || no_specification(run, operands, out->interface);
}

bool verify_subject(Run *run, const VerifyOperands *operands, VerifySubject *out)
{
  *out = (VerifySubject){.interface_path = operands->interface};
  if (!take_operands(run, operands, out)) return false;
  return operands->specs.len ? take_given(run, operands, out) : take_known(run, operands, out);
}
