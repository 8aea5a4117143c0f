/* The grammar and the rules stand in docs/canonical-interface.md; this file and that one change together. */
#include "ifc/canon.h"

#include "ifc/base/buf.h"
#include "ifc/base/map.h"

/* Types get their lines as they are first met, parts before wholes, so a line refers to earlier lines only
 * and equal lines are equal types. */
typedef struct Canon {
  Arena *arena;
  Buf lines;
  Map *by_body;    /* what stands behind "type tN = " -> Str "tN" */
  Map *by_address; /* of the Type -> Str "tN": shared types are walked once */
} Canon;

static const Str *reference_of(Canon *self, const Type *type);

static Str name_of(Canon *self, const Type *type)
{
  if (!type) return STR("_");
  return type->kind <= TYPE_STRING ? type_kind_name(type->kind) : *reference_of(self, type);
}

/* "<a, b>" of a list, option or tuple */
static void put_parts(Canon *self, const Type *type, Buf *out)
{
  uint32_t count = type->kind == TYPE_TUPLE ? type->count : 1;
  buf_byte(out, '<');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buf_z(out, ", ");
    buf_str(out, name_of(self, type->kind == TYPE_TUPLE ? type->fields[i].type : type->element));
  }
  buf_byte(out, '>');
}

/* " { name: type, … }", "{ name(type), … }" or "{ name, … }" */
static void put_fields(Canon *self, const Type *type, Buf *out)
{
  buf_z(out, " { ");
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    if (i > 0) buf_z(out, ", ");
    buf_str(out, field->name);
    if (!field->type) continue;
    buf_z(out, type->kind == TYPE_RECORD ? ": " : "(");
    buf_str(out, name_of(self, field->type));
    if (type->kind == TYPE_VARIANT) buf_byte(out, ')');
  }
  buf_z(out, " }");
}

static Str body_of(Canon *self, const Type *type)
{
  Buf out = buf_in(self->arena);
  buf_str(&out, type_kind_name(type->kind));
  switch (type->kind) {
  case TYPE_LIST:
  case TYPE_OPTION:
  case TYPE_TUPLE: put_parts(self, type, &out); break;
  case TYPE_RESULT: {
    Str ok = name_of(self, type->element), error = name_of(self, type->error);
    buf_printf(&out, "<%.*s, %.*s>", STR_ARG(ok), STR_ARG(error));
    break;
  }
  default: put_fields(self, type, &out); break;
  }
  return buf_text(&out);
}

/* Recurses as deep as types are nested, TYPE_DEPTH_MAX at most. */
static const Str *reference_of(Canon *self, const Type *type)
{
  Str *known = map_get(self->by_address, (Str){(const char *)&type, sizeof type});
  if (known) return known;
  Str body = body_of(self, type);
  known = map_get(self->by_body, body);
  if (!known) {
    known = arena_new_of(self->arena, Str);
    *known = str_format(self->arena, "t%zu", map_count(self->by_body));
    buf_printf(&self->lines, "type %.*s = ", STR_ARG(*known));
    buf_str(&self->lines, body);
    buf_byte(&self->lines, '\n');
    map_put(self->by_body, body, known);
  }
  const Type **key = arena_new_of(self->arena, const Type *);
  *key = type;
  map_put(self->by_address, (Str){(const char *)key, sizeof *key}, known);
  return known;
}

static void put_function(Canon *self, const Function *function, Buf *out)
{
  buf_z(out, function->is_async ? "async func " : "func ");
  buf_str(out, function->name);
  buf_byte(out, '(');
  for (uint32_t i = 0; i < function->param_count; i++) {
    if (i > 0) buf_z(out, ", ");
    buf_str(out, function->params[i].name);
    buf_z(out, ": ");
    buf_str(out, name_of(self, function->params[i].type));
  }
  buf_byte(out, ')');
  if (function->result) {
    buf_z(out, " -> ");
    buf_str(out, name_of(self, function->result));
  }
  buf_byte(out, '\n');
}

static int by_name(const void *a, const void *b)
{
  const Function *const *left = a, *const *right = b;
  return str_compare((*left)->name, (*right)->name);
}

Str interface_canonical(Arena *arena, const Interface *self)
{
  Canon canon = {
      .arena = arena, .lines = buf_in(arena), .by_body = map_new(arena), .by_address = map_new(arena)};
  Buf functions = buf_in(arena);
  const Function **sorted = arena_array_of(arena, const Function *, self->function_count);
  for (uint32_t i = 0; i < self->function_count; i++) sorted[i] = &self->functions[i];
  if (self->function_count) qsort(sorted, self->function_count, sizeof *sorted, by_name);

  buf_z(&canon.lines, "assay-interface 1\n");
  buf_printf(&canon.lines, "interface %.*s\n", STR_ARG(self->id));
  for (uint32_t i = 0; i < self->function_count; i++) put_function(&canon, sorted[i], &functions);
  buf_str(&canon.lines, buf_text(&functions));
  return buf_text(&canon.lines);
}

Hash interface_hash(Arena *arena, const Interface *self)
{
  return hash_of(interface_canonical(arena, self));
}
