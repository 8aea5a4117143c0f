/* The report for programs: docs/schemas/diff.json. */
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "ifc/diff.h"

typedef VEC(size_t) Lines;

typedef struct Printer {
  Arena *arena;
  Map *lines; /* Source pointer -> Lines: where each begins */
} Printer;

static const Lines *lines_of(Printer *self, const Source *source)
{
  Lines *lines = map_get(self->lines, (Str){(const char *)&source, sizeof source});
  if (lines) return lines;
  const Source **key = arena_new_of(self->arena, const Source *);
  *key = source;
  lines = arena_new_of(self->arena, Lines);
  vec_push(self->arena, lines, 0);
  for (size_t at = 0; at < source->text.len; at++)
    if (source->text.at[at] == '\n') vec_push(self->arena, lines, at + 1);
  map_put(self->lines, (Str){(const char *)key, sizeof *key}, lines);
  return lines;
}

/* Counted from 1. One table for all places: looking for each on its own would take the square of the time. */
static int64_t line_of(Printer *self, Span span)
{
  const Lines *lines = lines_of(self, span.source);
  size_t low = 0, high = lines->len;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    *(lines->at[middle] <= span.at ? &low : &high) = middle;
  }
  return (int64_t)low + 1;
}

static void set_place(Printer *self, Json *out, Str key, Span span)
{
  if (!span.source) return;
  Json *place = jv_object(self->arena);
  jv_set_string(place, STR("path"), span.source->path);
  jv_set_integer(place, STR("line"), line_of(self, span));
  jv_set(out, key, place);
}

static Json *breaks_of(Arena *arena, DiffBreaks breaks)
{
  Json *out = jv_array(arena);
  if (breaks & DIFF_BREAKS_CALLERS) jv_push(out, jv_string(arena, STR("callers")));
  if (breaks & DIFF_BREAKS_IMPLEMENTERS) jv_push(out, jv_string(arena, STR("implementers")));
  return out;
}

static Json *change_to_json(Printer *self, const Change *change)
{
  Json *out = jv_object(self->arena);
  jv_set_string(out, STR("class"), diff_class_slug(change->class));
  jv_set(out, STR("breaks"), breaks_of(self->arena, change->breaks));
  jv_set_string(out, STR("item"), change->item);
  jv_set_string(out, STR("text"), change->text);
  if (change->renamed.len) jv_set_string(out, STR("renamed"), change->renamed);
  if (change->also_count) {
    Json *also = jv_array(self->arena);
    for (size_t i = 0; i < change->also_count; i++) jv_push(also, jv_string(self->arena, change->also[i]));
    jv_set(out, STR("also"), also);
    jv_set_bool(out, STR("also-more"), change->also_more);
  }
  set_place(self, out, STR("before"), change->before);
  set_place(self, out, STR("after"), change->after);
  return out;
}

static Json *interface_to_json(Printer *self, const InterfaceDiff *diff)
{
  Json *out = jv_object(self->arena), *changes = jv_array(self->arena);
  jv_set_string(out, STR("id"), diff->id);
  jv_set_string(out, STR("kind"), diff->is_world ? STR("world") : STR("interface"));
  jv_set_bool(out, STR("dependency"), diff->is_dependency);
  jv_set_string(out, STR("class"), diff_class_slug(diff->class));
  jv_set(out, STR("breaks"), breaks_of(self->arena, diff->breaks));
  if (diff->class != DIFF_ADDED) jv_set_string(out, STR("before"), hash_text(self->arena, diff->before));
  if (diff->class != DIFF_REMOVED) jv_set_string(out, STR("after"), hash_text(self->arena, diff->after));
  if (diff->renamed.len) jv_set_string(out, STR("renamed"), diff->renamed);
  for (size_t i = 0; i < diff->change_count; i++) jv_push(changes, change_to_json(self, &diff->changes[i]));
  jv_set(out, STR("changes"), changes);
  jv_set_integer(out, STR("dropped"), (int64_t)diff->dropped);
  return out;
}

Json *diff_to_json(Arena *arena, const Diff *self)
{
  Printer printer = {.arena = arena, .lines = map_new(arena)};
  Json *out = jv_object(arena), *interfaces = jv_array(arena);
  DiffBreaks breaks = diff_breaks_callers(self) ? DIFF_BREAKS_CALLERS : DIFF_BREAKS_NOBODY;
  if (diff_breaks_implementers(self)) breaks |= DIFF_BREAKS_IMPLEMENTERS;
  jv_set_string(out, STR("schema"), STR("assay/diff/1"));
  jv_set(out, STR("breaks"), breaks_of(arena, breaks));
  for (size_t i = 0; i < self->interface_count; i++)
    jv_push(interfaces, interface_to_json(&printer, &self->interfaces[i]));
  jv_set(out, STR("interfaces"), interfaces);
  return out;
}
