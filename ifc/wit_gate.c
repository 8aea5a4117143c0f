/* Feature gates, and the order of versions. */
#include "ifc/wit_resolve.h"

/* The dot-separated part that begins at `*at`, which moves behind it and the dot. */
static Str next_part(Str text, size_t *at)
{
  size_t from = *at;
  while (*at < text.len && text.at[*at] != '.') (*at)++;
  Str part = str_slice(text, from, *at);
  if (*at < text.len) (*at)++;
  return part;
}

/* semver.org §11: numbers by value, before words, which go by their bytes. */
static int compare_parts(Str a, Str b)
{
  bool number_a = true, number_b = true;
  for (size_t i = 0; i < a.len; i++) number_a = number_a && a.at[i] >= '0' && a.at[i] <= '9';
  for (size_t i = 0; i < b.len; i++) number_b = number_b && b.at[i] >= '0' && b.at[i] <= '9';
  if (number_a != number_b) return number_a ? -1 : 1;
  if (number_a && a.len != b.len) return a.len < b.len ? -1 : 1;
  return str_compare(a, b);
}

static int compare_lists(Str a, Str b)
{
  size_t at_a = 0, at_b = 0;
  while (at_a < a.len && at_b < b.len) {
    int order = compare_parts(next_part(a, &at_a), next_part(b, &at_b));
    if (order) return order;
  }
  return (at_a < a.len) - (at_b < b.len);
}

/* Splits "1.2.3-rc.1+build" into "1.2.3" and "rc.1"; what stands behind '+' has no order. */
static void split_version(Str version, Str *core, Str *pre)
{
  size_t plus = str_find(version, STR("+"));
  version = str_slice(version, 0, plus);
  size_t dash = str_find(version, STR("-"));
  *core = str_slice(version, 0, dash);
  *pre = dash == SIZE_MAX ? STR("") : str_slice(version, dash + 1, SIZE_MAX);
}

int version_compare(Str a, Str b)
{
  Str core_a, pre_a, core_b, pre_b;
  if (!a.len || !b.len) return (a.len != 0) - (b.len != 0);
  split_version(a, &core_a, &pre_a);
  split_version(b, &core_b, &pre_b);
  int order = compare_lists(core_a, core_b);
  if (order) return order;
  if (!pre_a.len || !pre_b.len) return (pre_b.len != 0) - (pre_a.len != 0);
  return compare_lists(pre_a, pre_b);
}

static void report_unversioned(Unit *unit, AstName since, Span name)
{
  const Package *package = unit->package;
  if (unit->reported_unversioned || !package->namespace.len) return;
  unit->reported_unversioned = true;
  Diag *diag = diag_error(unit->resolver->diags, DIAG_NAME, name,
                          "`@since` needs a package with a version: write `package %.*s:%.*s@%.*s;`",
                          STR_ARG(package->namespace), STR_ARG(package->name), STR_ARG(since.text));
  diag_note(unit->resolver->diags, diag, since.span, "the gate");
  diag_note(unit->resolver->diags, diag, unit->written->header.span, "the package line");
}

static void check_since(Unit *unit, AstName since, Span name)
{
  Diags *diags = unit->resolver->diags;
  Str version = unit->package->version;
  if (!version.len) {
    report_unversioned(unit, since, name);
  } else if (version_compare(since.text, version) > 0) {
    Diag *diag = diag_error(diags, DIAG_NAME, name,
                            "this is gated with version %.*s, which is newer than the package (%.*s)",
                            STR_ARG(since.text), STR_ARG(version));
    diag_note(diags, diag, since.span, "the gate");
    diag_note(diags, diag, unit->written->header.version.span, "the package's version");
  }
}

static void meet(WitFeatures *self, Str feature)
{
  if (self && !map_get(self->met, feature)) map_put(self->met, str_copy(self->arena, feature), self);
}

bool gate_selects(Unit *unit, const AstGate *gate, Span name)
{
  const WitOptions *options = unit->resolver->options;
  if (!gate) return true;
  if (gate->since.text.len) check_since(unit, gate->since, name);
  if (!gate->unstable.text.len) return true;
  meet(options->met, gate->unstable.text);
  if (options->all_features) return true;
  for (size_t i = 0; i < options->feature_count; i++)
    if (str_equal(options->features[i], gate->unstable.text)) return true;
  return false;
}
