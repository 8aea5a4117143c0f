/* Paths: the interface or world that one means, and what was meant when there is none. */
#include "ifc/near.h"
#include "ifc/wit_resolve.h"

/* Looking for near names takes time; nobody reads that many errors. */
enum { SUGGESTIONS_MAX = 100 };

/* "; did you mean `x`?", or nothing. */
static Str suggestion(const Unit *where, Str name, bool wants_world)
{
  Near near = {.wanted = name};
  if (where->resolver->diags->errors >= SUGGESTIONS_MAX) return STR("");
  for (size_t i = 0; i < map_count(where->names); i++) {
    const TopName *candidate = map_entry(where->names, i)->value;
    if (!candidate->world != wants_world) near_consider(&near, candidate->name.text);
  }
  if (!near.best.len) return STR("");
  return str_format(where->resolver->arena, "; did you mean `%.*s`?", STR_ARG(near.best));
}

static const char *kind_name(bool is_world)
{
  return is_world ? "world" : "interface";
}

static void report_unknown(Unit *where, const AstPath *path, bool wants_world)
{
  Map **unknown = &where->unknown[wants_world];
  if (unknown_is_told(where->resolver, *unknown, path->name.text, path->name.span)) return;
  Str hint = suggestion(where, path->name.text, wants_world);
  Diags *diags = where->resolver->diags;
  Diag *diag;
  if (path->namespace.text.len)
    diag = diag_error(diags, DIAG_NAME, path->name.span, "package `%.*s` has no %s `%.*s`%.*s",
                      STR_ARG(where->key), kind_name(wants_world), STR_ARG(path->name.text), STR_ARG(hint));
  else if (hint.len || !where->package->namespace.len)
    diag = diag_error(diags, DIAG_NAME, path->name.span, "no %s `%.*s`%.*s", kind_name(wants_world),
                      STR_ARG(path->name.text), STR_ARG(hint));
  else
    diag = diag_error(diags, DIAG_NAME, path->name.span, "no %s `%.*s` in package `%.*s`",
                      kind_name(wants_world), STR_ARG(path->name.text), STR_ARG(where->key));
  unknown_told(where->resolver, unknown, path->name.text, diag);
}

/* Of what is there, but is the other kind. */
static void report_other_kind(const Unit *where, const AstPath *path, const TopName *found, bool wants_world)
{
  Diags *diags = where->resolver->diags;
  const char *is = wants_world ? "an interface" : "a world",
             *wants = wants_world ? "a world" : "an interface";
  Diag *diag = diag_error(diags, DIAG_NAME, path->name.span, "`%.*s` is %s, but %s is needed here",
                          STR_ARG(path->name.text), is, wants);
  if (found->name.span.source) diag_note(diags, diag, found->name.span, "declared here");
}

void report_path_left_out(const Unit *where, const AstPath *path, AstName declared, bool wants_world)
{
  Diags *diags = where->resolver->diags;
  Diag *diag = diag_error(diags, DIAG_NAME, path->name.span,
                          "the %s `%.*s` is left out, because its feature is not selected",
                          kind_name(wants_world), STR_ARG(path->name.text));
  diag_note(diags, diag, declared.span, "declared here");
  diag_note(diags, diag, SPAN_NONE, "gate this with the same feature, or select it with `--features`");
}

/* What stands there by that name, of either kind; NULL, reported. */
static const TopName *find(const Scope *from, const AstPath *path, bool wants_world)
{
  Unit *where = from->unit;
  const TopName *found = NULL;
  if (path->namespace.text.len) {
    where = unit_of_path(from->unit, path);
    if (!where || unit_foreign_is_reported(from->unit, path)) return NULL;
  } else {
    found = map_get(from->file_uses, path->name.text);
  }
  if (!found) found = map_get(where->names, path->name.text);
  if (!found) {
    report_unknown(where, path, wants_world);
  } else if (wants_world ? found->scope != NULL : found->world != NULL) {
    report_other_kind(where, path, found, wants_world);
    found = NULL;
  }
  return found;
}

Scope *interface_of_path(const Scope *from, const AstPath *path)
{
  const TopName *found = find(from, path, false);
  if (!found || !found->scope) return NULL;
  if (path->namespace.text.len && found->scope->left_out) {
    report_path_left_out(from->unit, path, found->scope->name, false);
    return NULL;
  }
  return found->scope;
}

WorldScope *world_of_path(const Scope *from, const AstPath *path)
{
  const TopName *found = find(from, path, true);
  return found ? found->world : NULL;
}
