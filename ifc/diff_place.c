/* Where a change is, in words: "in parameter b of intersects: record field radius: f64 became f32". */
#include "ifc/base/buf.h"
#include "ifc/diff_parts.h"

/* Of a long path the first and the last steps are shown; of a long list of names the first; of texts the
 * start. */
enum { STEPS_SHOWN = 3, PATH_SHOWN = 6, NAMES_SHOWN = 8, NAME_SHOWN = 64, TYPE_SHOWN = 160 };

typedef VEC(Step) Steps;

static Str clip(Arena *arena, Str text, size_t max)
{
  if (text.len <= max) return text;
  while (max && ((unsigned char)text.at[max] & 0xc0) == 0x80) max--;
  return str_format(arena, "%.*s…", (int)max, text.at);
}

Str diff_name(Arena *arena, Str name)
{
  return clip(arena, name, NAME_SHOWN);
}

static void put_step(Comparison *self, Step step, Buf *out)
{
  Str name = diff_name(self->arena, step.name);
  buf_printf(out, name.len ? "%s %.*s" : "%s", step.what, STR_ARG(name));
}

/* The innermost first. */
static Steps steps_to(Comparison *self, Place place)
{
  Steps steps = {0};
  if (place.step.what) vec_push(self->arena, &steps, place.step);
  for (const Node *node = place.node; node; node = node->parent)
    if (node->step.what) vec_push(self->arena, &steps, node->step);
  return steps;
}

static void put_place(Comparison *self, Place place, Buf *out)
{
  Steps steps = steps_to(self, place);
  size_t inner = steps.len ? steps.len - 1 : 0;
  buf_z(out, "in ");
  if (steps.len) {
    put_step(self, steps.at[inner], out);
    buf_z(out, " of ");
  }
  buf_printf(out, "%s%.*s: ", self->prefix, STR_ARG(self->function));
  for (size_t i = inner; i-- > 0;) {
    if (inner > PATH_SHOWN && i == inner - STEPS_SHOWN - 1) {
      buf_z(out, "…: ");
      i = STEPS_SHOWN;
      continue;
    }
    put_step(self, steps.at[i], out);
    buf_z(out, ": ");
  }
}

static Span span_at(const Node *node, int side, const Function *function)
{
  for (; node; node = node->parent)
    if (node->types[side]->named && node->types[side]->named->span.source)
      return node->types[side]->named->span;
  return function->span;
}

void place_tell(Comparison *self, Place place, Str what)
{
  Finding finding = {.change = {.class = DIFF_BREAKING}, .node = place.node};
  if (comparison_has_room(self)) {
    Buf text = buf_in(self->arena);
    put_place(self, place, &text);
    buf_str(&text, what);
    finding.change.text = buf_text(&text);
    finding.change.item = self->functions[0]->name;
    finding.change.before = span_at(place.node, 0, self->functions[0]);
    finding.change.after = span_at(place.node, 1, self->functions[1]);
  }
  comparison_tell(self, finding);
}

void place_tell_foreign(Comparison *self, Node *node, Entry *because)
{
  Place place = {.node = node};
  Buf text = buf_in(self->arena);
  Finding finding = {.change = {.class = DIFF_FOREIGN}, .because = because, .node = node};
  if (self->entry->out.is_world) return; /* it imports or exports that interface, and tells it there */
  if (comparison_has_room(self)) {
    put_place(self, place, &text);
    buf_printf(&text, "foreign interface %.*s changed", STR_ARG(because->out.id));
    finding.change.text = buf_text(&text);
  }
  finding.change.item = self->functions[0]->name;
  finding.change.before = because->interfaces[0]->span;
  finding.change.after = because->interfaces[1]->span;
  comparison_tell(self, finding);
}

static Str describe(Comparison *self, int side, const Type *type)
{
  Arena *arena = self->arena;
  if (!type) return STR("nothing");
  if (type->kind == TYPE_OWN || type->kind == TYPE_BORROW)
    return str_format(arena, "%s<%.*s>", type->kind == TYPE_OWN ? "own" : "borrow",
                      STR_ARG(resource_name(self, side, type->named)));
  Str text = clip(arena, type_text(arena, type), TYPE_SHOWN);
  if (!type->named) return text;
  return str_format(arena, "%.*s %.*s", STR_ARG(type_kind_name(type->kind)), STR_ARG(text));
}

void place_tell_became(Comparison *self, Place place, const Type *before, const Type *after)
{
  Str what = {0};
  if (comparison_has_room(self)) {
    Str old = describe(self, 0, before), new = describe(self, 1, after);
    const char *format = str_equal(old, new) ? "%.*s became another %.*s" : "%.*s became %.*s";
    what = str_format(self->arena, format, STR_ARG(old), STR_ARG(new));
  }
  place_tell(self, place, what);
}

/* "a, b, c", the first names only. */
static void put_names(Comparison *self, Parts parts, Buf *out)
{
  for (uint32_t i = 0; i < parts.count; i++) {
    if (i > 0) buf_z(out, ", ");
    if (i == NAMES_SHOWN) {
      buf_z(out, "…");
      return;
    }
    buf_str(out, diff_name(self->arena, parts.at[i].name));
  }
}

/* Whether parts that are on both sides stand in another order. */
static bool is_reordered(Parts self)
{
  uint32_t last = 0;
  for (uint32_t i = 0; i < self.count; i++) {
    if (self.at[i].partner == NO_PARTNER) continue;
    if (self.at[i].partner < last) return true;
    last = self.at[i].partner;
  }
  return false;
}

static void tell_name(Comparison *self, Place place, Noun noun, Str name, const char *what)
{
  Arena *arena = self->arena;
  if (!comparison_has_room(self)) {
    place_tell(self, place, STR(""));
    return;
  }
  place_tell(self, place, str_format(arena, "%s %.*s %s", noun.one, STR_ARG(diff_name(arena, name)), what));
}

void place_tell_names(Comparison *self, Place place, Noun noun, Parts before, Parts after)
{
  Arena *arena = self->arena;
  for (uint32_t i = 0; i < before.count; i++) {
    const Part *part = &before.at[i];
    if (part->partner == NO_PARTNER) {
      tell_name(self, place, noun, part->name, "was removed");
    } else if (!str_equal(part->name, after.at[part->partner].name)) {
      Str name = diff_name(arena, after.at[part->partner].name);
      tell_name(self, place, noun, part->name,
                str_to_z(arena, str_format(arena, "was renamed to %.*s", STR_ARG(name))));
    }
  }
  for (uint32_t i = 0; i < after.count; i++)
    if (after.at[i].partner == NO_PARTNER) tell_name(self, place, noun, after.at[i].name, "was added");
  if (!is_reordered(before)) return;
  Buf text = buf_in(arena);
  buf_printf(&text, "%s were reordered: ", noun.many);
  put_names(self, before, &text);
  buf_z(&text, " became ");
  put_names(self, after, &text);
  place_tell(self, place, buf_text(&text));
}
