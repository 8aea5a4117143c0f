#include "ifc/base/diag_json.h"

typedef struct Writer {
  Arena *arena;
  LineMark mark, note_mark; /* notes jump about; what they belong to mostly does not */
} Writer;

static Json *place_json(Writer *self, Span at, LineMark *mark)
{
  size_t len = at.source->text.len;
  Position position = span_position_after(at, mark);
  Json *out = jv_object(self->arena);
  jv_set_integer(out, STR("line"), (int64_t)position.line);
  jv_set_integer(out, STR("column"), (int64_t)position.column);
  jv_set_integer(out, STR("offset"), (int64_t)(at.at < len ? at.at : len));
  return out;
}

/* Sets the message, and where it belongs, unless that is nowhere. */
static void set_message(Writer *self, Json *out, Str message, Span at, LineMark *mark)
{
  jv_set_string(out, STR("message"), message);
  if (!at.source) return;
  jv_set_string(out, STR("file"), at.source->path);
  jv_set(out, STR("start"), place_json(self, at, mark));
  jv_set(out, STR("end"), place_json(self, (Span){at.source, at.at + at.len, 0}, mark));
}

static Json *diag_json(Writer *self, const Diag *diag)
{
  Json *out = jv_object(self->arena), *notes = jv_array(self->arena);
  jv_set_string(out, STR("severity"), diag->severity == SEVERITY_ERROR ? STR("error") : STR("warning"));
  jv_set_string(out, STR("code"), diag_code_slug(diag->code));
  set_message(self, out, diag->message, diag->span, &self->mark);
  for (const DiagNote *note = diag->notes; note; note = note->next) {
    Json *one = jv_object(self->arena);
    set_message(self, one, note->message, note->span, &self->note_mark);
    jv_push(notes, one);
  }
  jv_set(out, STR("notes"), notes);
  return out;
}

Json *diags_to_json(Arena *arena, const Diags *self)
{
  Writer writer = {.arena = arena};
  Json *out = jv_object(arena), *list = jv_array(arena);
  jv_set_string(out, STR("schema"), STR("assay/diagnostics/1"));
  jv_set_integer(out, STR("errors"), (int64_t)self->errors);
  jv_set_integer(out, STR("warnings"), (int64_t)self->warnings);
  jv_set_integer(out, STR("dropped"), (int64_t)self->dropped);
  for (const Diag *diag = self->first; diag; diag = diag->next) jv_push(list, diag_json(&writer, diag));
  jv_set(out, STR("diagnostics"), list);
  return out;
}
