#include "cmd/wit_arguments.h"

#include "ifc/base/file.h"
#include "ifc/near.h"

enum { NAMES_LISTED = 8 };

bool wit_arguments_read(Run *run, const WitArguments *self, WitLevel level, WitOptions *out)
{
  *out = (WitOptions){.deps = self->deps.at,
                      .dep_count = self->deps.len,
                      .features = self->features.at,
                      .feature_count = self->features.len,
                      .all_features = self->all_features,
                      .met = arena_new_of(run->arena, WitFeatures),
                      .level = level};
  *out->met = (WitFeatures){run->arena, map_new(run->arena)};
  WitOptions *kept = arena_new_of(run->arena, WitOptions);
  *kept = *out;
  run->wit = kept;
  bool good = true;
  for (size_t i = 0; i < self->deps.len; i++) {
    if (file_exists(self->deps.at[i]) || dir_exists(self->deps.at[i])) continue;
    Diag *diag = diag_error(&run->diags, DIAG_INPUT, SPAN_NONE, "there is no folder '%.*s'",
                            STR_ARG(self->deps.at[i]));
    diag_note(&run->diags, diag, SPAN_NONE, "--deps takes a folder that has packages in it");
    good = false;
  }
  return good;
}

/* "`a`, `b` and 3 more" */
static Str names_met(Arena *arena, const Map *met)
{
  Buf out = buf_in(arena);
  size_t count = map_count(met);
  for (size_t i = 0; i < count && i < NAMES_LISTED; i++)
    buf_printf(&out, "%s`%.*s`", i ? ", " : "", STR_ARG(map_entry(met, i)->key));
  if (count > NAMES_LISTED) buf_printf(&out, " and %zu more", count - NAMES_LISTED);
  return buf_text(&out);
}

static void warn_of_feature(Run *run, Str feature)
{
  const Map *met = run->wit->met->met;
  Near near = {.wanted = feature};
  for (size_t i = 0; i < map_count(met); i++) near_consider(&near, map_entry(met, i)->key);
  Diag *diag = diag_warning(&run->diags, DIAG_USAGE, SPAN_NONE,
                            "nothing that was read is gated with the feature `%.*s`", STR_ARG(feature));
  if (near.best.len)
    diag_note(&run->diags, diag, SPAN_NONE, "did you mean `%.*s`?", STR_ARG(near.best));
  else if (map_count(met))
    diag_note(&run->diags, diag, SPAN_NONE, "there are %.*s", STR_ARG(names_met(run->arena, met)));
}

void wit_arguments_check(Run *run)
{
  if (!run->wit || run->diags.errors) return;
  for (size_t i = 0; i < run->wit->feature_count; i++)
    if (!map_get(run->wit->met->met, run->wit->features[i])) warn_of_feature(run, run->wit->features[i]);
}
