#include "cmd/wit_arguments.h"

#include "ifc/base/file.h"

bool wit_arguments_read(Run *run, const WitArguments *self, WitLevel level, WitOptions *out)
{
  *out = (WitOptions){.deps = self->deps.at,
                      .dep_count = self->deps.len,
                      .features = self->features.at,
                      .feature_count = self->features.len,
                      .all_features = self->all_features,
                      .level = level};
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
