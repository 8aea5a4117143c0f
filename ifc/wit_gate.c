/* Feature gates, and the order of versions that they need. */
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

/* Negative, zero or positive, for valid versions. */
static int compare_versions(Str a, Str b)
{
  Str core_a, pre_a, core_b, pre_b;
  split_version(a, &core_a, &pre_a);
  split_version(b, &core_b, &pre_b);
  int order = compare_lists(core_a, core_b);
  if (order) return order;
  if (!pre_a.len || !pre_b.len) return (pre_b.len != 0) - (pre_a.len != 0);
  return compare_lists(pre_a, pre_b);
}

static void check_since(Resolver *self, AstName since)
{
  Str version = self->package->version;
  if (!version.len) {
    if (self->reported_unversioned) return;
    self->reported_unversioned = true;
    Diag *diag =
        diag_error(self->diags, DIAG_NAME, since.span,
                   "`@since` needs a package with a version: write `package %.*s:%.*s@%.*s;`",
                   STR_ARG(self->package->namespace), STR_ARG(self->package->name), STR_ARG(since.text));
    diag_note(self->diags, diag, self->written->header.span, "this is the package line");
  } else if (compare_versions(since.text, version) > 0) {
    Diag *diag = diag_error(self->diags, DIAG_NAME, since.span,
                            "`@since` names %.*s, which is newer than the package (%.*s)",
                            STR_ARG(since.text), STR_ARG(version));
    diag_note(self->diags, diag, self->written->header.version.span, "the package's version");
  }
}

bool gate_selects(Resolver *self, const AstGate *gate)
{
  if (gate->since.text.len) check_since(self, gate->since);
  return gate->unstable.text.len == 0;
}
