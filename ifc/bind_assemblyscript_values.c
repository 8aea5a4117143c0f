/* How the values of each type cross. `liftN` reads one from the core values that came in, `loadN` from
 * memory, `storeN` writes it there, `freeN` gives back what it points to; of lists and maps, `takeN` and
 * `giveN` do so with the elements. A handle becomes an object, and an object a handle, by functions of its
 * resource. */
#include "ifc/bind_assemblyscript.h"

static bool has_pointers(const Type *type)
{
  return type_layout(type).has_pointers;
}

static Str place(ScriptBinding *self, size_t offset)
{
  return offset ? str_format(self->arena, "at + %zu", offset) : STR("at");
}

/* The text that reads a value of the type from `offset` after `at`: from a slot, or from memory. */
Str script_reading(ScriptBinding *self, ScriptWay way, const Type *type, size_t offset)
{
  Str at = place(self, offset);
  if (type_is_primitive(type)) {
    Str text = script_structure(self, type);
    if (type->kind == TYPE_BOOL) return str_format(self->arena, "load<u8>(%.*s) != 0", STR_ARG(at));
    return str_format(self->arena, "load<%.*s>(%.*s)", STR_ARG(text), STR_ARG(at));
  }
  if (script_is_scalar(type))
    return str_format(self->arena, "<%.*s>load<u%llu>(%.*s)", STR_ARG(script_text(self, type)),
                      (unsigned long long)type_size(type) * 8, STR_ARG(at));
  return str_format(self->arena, "%s%zu(%.*s)", way == SCRIPT_LIFT ? "lift" : "load",
                    script_type(self, type)->number, STR_ARG(at));
}

/* The statement that writes `value` to `offset` after `at`. */
void script_print_writing(ScriptBinding *self, const Type *type, Str value, size_t offset, const char *indent,
                          Buf *out)
{
  Str at = place(self, offset);
  if (script_is_scalar(type) && type_is_primitive(type))
    buf_printf(out, "%sstore<%.*s>(%.*s, %.*s);\n", indent, STR_ARG(script_structure(self, type)),
               STR_ARG(at), STR_ARG(value));
  else if (script_is_scalar(type))
    buf_printf(out, "%sstore<u%llu>(%.*s, <u%llu>%.*s);\n", indent, (unsigned long long)type_size(type) * 8,
               STR_ARG(at), (unsigned long long)type_size(type) * 8, STR_ARG(value));
  else
    buf_printf(out, "%sstore%zu(%.*s, %.*s);\n", indent, script_type(self, type)->number, STR_ARG(value),
               STR_ARG(at));
}

void script_print_freeing(ScriptBinding *self, const Type *type, size_t offset, const char *indent, Buf *out)
{
  if (type && has_pointers(type))
    buf_printf(out, "%sfree%zu(%.*s);\n", indent, script_type(self, type)->number,
               STR_ARG(place(self, offset)));
}

/* --- where the parts are */

size_t script_flat_count(const Type *type)
{
  return type_flat_count(type, FLAT_PARAMS_MAX);
}

/* Offsets of a record's or tuple's fields, in slots or in memory. */
size_t *script_offsets(ScriptBinding *self, ScriptWay way, const Type *type)
{
  size_t *offsets = arena_array_of(self->arena, size_t, type->count), at = 0;
  uint32_t *in_memory = arena_array_of(self->arena, uint32_t, type->count);
  type_field_offsets(type, in_memory);
  for (uint32_t i = 0; i < type->count; i++) {
    offsets[i] = way == SCRIPT_LIFT ? at : in_memory[i];
    if (way == SCRIPT_LIFT) at += 8 * script_flat_count(type->fields[i].type);
  }
  return offsets;
}

static size_t payload_offset(ScriptWay way, const Type *type)
{
  return way == SCRIPT_LIFT ? 8 : type_payload_offset(type);
}

static unsigned tag_bits(const Type *type)
{
  return 8 * type_discriminant_size(type);
}

/* --- lift and load */

static void read_fields(ScriptBinding *self, ScriptWay way, const Type *type, Buf *out)
{
  size_t *offsets = script_offsets(self, way, type);
  buf_printf(out, "  return new %.*s(", STR_ARG(script_structure(self, type)));
  for (uint32_t i = 0; i < type->count; i++)
    buf_printf(out, "%s%.*s", i ? ", " : "",
               STR_ARG(script_reading(self, way, type->fields[i].type, offsets[i])));
  buf_z(out, ");\n");
}

static void read_variant(ScriptBinding *self, ScriptWay way, const Type *type, Buf *out)
{
  Str *fields = script_field_names(self->arena, type), name = script_structure(self, type);
  buf_printf(out, "  const made = new %.*s(<%.*sTag>load<u%u>(at));\n  switch (<i32>made.tag) {\n",
             STR_ARG(name), STR_ARG(name), tag_bits(type));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    Str value = script_reading(self, way, type->fields[i].type, payload_offset(way, type));
    buf_printf(out, "    case %u: made.%.*s = %.*s; break;\n", i, STR_ARG(fields[i]), STR_ARG(value));
  }
  buf_z(out, "    default: break;\n  }\n  return made;\n");
}

static void read_case(ScriptBinding *self, ScriptWay way, const Type *type, Buf *out)
{
  size_t offset = payload_offset(way, type);
  Str ok = type->element ? script_reading(self, way, type->element, offset) : STR("new Unit()");
  Str element = script_text(self, type->element);
  if (type->kind == TYPE_OPTION) {
    buf_printf(out, "  if (load<u8>(at) == 0) return none<%.*s>();\n  return some<%.*s>(%.*s);\n",
               STR_ARG(element), STR_ARG(element), STR_ARG(ok));
    return;
  }
  Str bad = type->error ? script_reading(self, way, type->error, offset) : STR("new Unit()"),
      error = script_text(self, type->error);
  buf_printf(out, "  if (load<u8>(at) == 0) return ok<%.*s, %.*s>(%.*s);\n", STR_ARG(element), STR_ARG(error),
             STR_ARG(ok));
  buf_printf(out, "  return err<%.*s, %.*s>(%.*s);\n", STR_ARG(element), STR_ARG(error), STR_ARG(bad));
}

static void read_fixed(ScriptBinding *self, ScriptWay way, const Type *type, Buf *out)
{
  const Type *element = type->element;
  size_t step = way == SCRIPT_LIFT ? 8 * script_flat_count(element) : (size_t)type_size(element);
  buf_printf(out,
             "  const made = new %.*s(%u);\n  for (let i = 0; i < %u; i++, at += %zu) made[i] = %.*s;\n  "
             "return made;\n",
             STR_ARG(script_structure(self, type)), type->count, type->count, step,
             STR_ARG(script_reading(self, way, element, 0)));
}

/* Strings, lists and maps are a pointer and a length wherever they are. */
static void read_block(ScriptBinding *self, ScriptWay way, const ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  const char *call =
      way == SCRIPT_LIFT ? "load<usize>(at), load<usize>(at + 8)" : "load<usize>(at), load<usize>(at + 4)";
  if (type->kind == TYPE_STRING)
    buf_printf(out, "  return takeString(%s);\n", call);
  else if (type->kind == TYPE_LIST && type_is_primitive(type->element))
    buf_printf(out, "  return takeNumbers<%.*s>(%s);\n", STR_ARG(script_structure(self, type->element)),
               call);
  else
    buf_printf(out, "  return take%zu(%s);\n", made->number, call);
}

static void read_handle(ScriptBinding *self, const Type *type, Buf *out)
{
  size_t number = script_resource(self, type)->number;
  buf_printf(out, "  return %sResource%zu(load<i32>(at));\n", type->kind == TYPE_OWN ? "own" : "lent",
             number);
}

static void print_read(ScriptBinding *self, ScriptWay way, const ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  buf_printf(out, "function %s%zu(at: usize): %.*s {\n", way == SCRIPT_LIFT ? "lift" : "load", made->number,
             STR_ARG(made->text));
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: read_fields(self, way, type, out); break;
  case TYPE_VARIANT: read_variant(self, way, type, out); break;
  case TYPE_OPTION:
  case TYPE_RESULT: read_case(self, way, type, out); break;
  case TYPE_FIXED_LIST: read_fixed(self, way, type, out); break;
  case TYPE_OWN:
  case TYPE_BORROW: read_handle(self, type, out); break;
  default: read_block(self, way, made, out); break;
  }
  buf_z(out, "}\n");
}

/* --- store and free */

static void write_fields(ScriptBinding *self, const Type *type, Buf *out)
{
  Str *names = script_field_names(self->arena, type);
  size_t *offsets = script_offsets(self, SCRIPT_LOAD, type);
  for (uint32_t i = 0; i < type->count; i++)
    script_print_writing(self, type->fields[i].type, str_format(self->arena, "value.%.*s", STR_ARG(names[i])),
                         offsets[i], "  ", out);
}

static void write_variant(ScriptBinding *self, const Type *type, Buf *out)
{
  Str *names = script_field_names(self->arena, type);
  buf_printf(out, "  store<u%u>(at, <u%u>value.tag);\n  switch (<i32>value.tag) {\n", tag_bits(type),
             tag_bits(type));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    buf_printf(out, "    case %u:\n", i);
    script_print_writing(self, type->fields[i].type, str_format(self->arena, "value.%.*s", STR_ARG(names[i])),
                         type_payload_offset(type), "      ", out);
    buf_z(out, "      break;\n");
  }
  buf_z(out, "    default: break;\n  }\n");
}

static void write_case(ScriptBinding *self, const Type *type, Buf *out)
{
  bool is_option = type->kind == TYPE_OPTION;
  size_t offset = type_payload_offset(type);
  buf_printf(out, "  store<u8>(at, value.%s ? 1 : 0);\n", is_option ? "isSome" : "isErr");
  if (type->element) {
    buf_printf(out, "  if (%s) {\n", is_option ? "value.isSome" : "!value.isErr");
    script_print_writing(self, type->element, is_option ? STR("value.value") : STR("value.ok"), offset,
                         "    ", out);
    buf_z(out, "  }\n");
  }
  if (is_option || !type->error) return;
  buf_z(out, "  if (value.isErr) {\n");
  script_print_writing(self, type->error, STR("value.err"), offset, "    ", out);
  buf_z(out, "  }\n");
}

static void write_fixed(ScriptBinding *self, const Type *type, Buf *out)
{
  buf_printf(out, "  if (value.length != %u) unreachable();\n  for (let i = 0; i < %u; i++, at += %llu) {\n",
             type->count, type->count, (unsigned long long)type_size(type->element));
  script_print_writing(self, type->element, STR("value[i]"), 0, "    ", out);
  buf_z(out, "  }\n");
}

static void write_block(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *type = made->type, *element = type->element;
  if (type->kind == TYPE_STRING) {
    buf_z(out, "  giveString(value, at);\n");
  } else if (type->kind == TYPE_LIST && type_is_primitive(element)) {
    buf_printf(out, "  giveNumbers<%.*s>(value, at);\n", STR_ARG(script_structure(self, element)));
  } else {
    const char *len = type->kind == TYPE_MAP ? "value.size" : "value.length";
    buf_printf(out, "  const len = %s, block = room(<u64>len * %llu, %u);\n", len,
               (unsigned long long)type_size(element), type_align(element));
    buf_printf(out, "  store<usize>(at, block);\n  store<usize>(at + 4, len);\n  give%zu(value, block);\n",
               made->number);
  }
}

/* What is exported is never lent to others. */
static void write_handle(ScriptBinding *self, const Type *type, Buf *out)
{
  const ScriptDeclaration *resource = script_resource(self, type);
  if (type->kind == TYPE_OWN || !resource->scope->is_export)
    buf_printf(out, "  store<i32>(at, %sResource%zu(value));\n", type->kind == TYPE_OWN ? "pass" : "lend",
               resource->number);
  else
    buf_z(out, "  unreachable();\n");
}

static void print_store(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  buf_printf(out, "function store%zu(value: %.*s, at: usize): void {\n", made->number, STR_ARG(made->text));
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: write_fields(self, type, out); break;
  case TYPE_VARIANT: write_variant(self, type, out); break;
  case TYPE_OPTION:
  case TYPE_RESULT: write_case(self, type, out); break;
  case TYPE_FIXED_LIST: write_fixed(self, type, out); break;
  case TYPE_OWN:
  case TYPE_BORROW: write_handle(self, type, out); break;
  default: write_block(self, made, out); break;
  }
  buf_z(out, "}\n");
}

static void free_cases(ScriptBinding *self, const Type *type, Buf *out)
{
  buf_printf(out, "  switch (<i32>load<u%u>(at)) {\n", tag_bits(type));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type || !has_pointers(type->fields[i].type)) continue;
    buf_printf(out, "    case %u:\n", i);
    script_print_freeing(self, type->fields[i].type, type_payload_offset(type), "      ", out);
    buf_z(out, "      break;\n");
  }
  buf_z(out, "    default: break;\n  }\n");
}

static void free_elements(ScriptBinding *self, const Type *type, Buf *out)
{
  const Type *element = type->element;
  if (type->kind != TYPE_STRING && has_pointers(element)) {
    buf_printf(out, "  for (let i: usize = 0, at = block; i < len; i++, at += %llu) {\n",
               (unsigned long long)type_size(element));
    script_print_freeing(self, element, 0, "    ", out);
    buf_z(out, "  }\n");
  }
  buf_z(out, "  release(block, len);\n");
}

static void free_parts(ScriptBinding *self, const Type *type, Buf *out)
{
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: {
    size_t *offsets = script_offsets(self, SCRIPT_LOAD, type);
    for (uint32_t i = 0; i < type->count; i++)
      script_print_freeing(self, type->fields[i].type, offsets[i], "  ", out);
    break;
  }
  case TYPE_VARIANT: free_cases(self, type, out); break;
  case TYPE_OPTION:
  case TYPE_RESULT:
    buf_z(out, type->kind == TYPE_OPTION ? "  if (load<u8>(at)) {\n" : "  if (!load<u8>(at)) {\n");
    script_print_freeing(self, type->element, type_payload_offset(type), "    ", out);
    buf_z(out, "  } else {\n");
    script_print_freeing(self, type->error, type_payload_offset(type), "    ", out);
    buf_z(out, "  }\n");
    break;
  case TYPE_FIXED_LIST:
    buf_printf(out, "  for (let i = 0; i < %u; i++, at += %llu) {\n", type->count,
               (unsigned long long)type_size(type->element));
    script_print_freeing(self, type->element, 0, "    ", out);
    buf_z(out, "  }\n");
    break;
  default:
    buf_z(out, "  const block = load<usize>(at), len = load<usize>(at + 4);\n");
    free_elements(self, type, out);
    break;
  }
}

/* --- lists and maps of more than numbers */

static bool has_elements(const Type *type)
{
  return type->kind == TYPE_MAP || (type->kind == TYPE_LIST && !type_is_primitive(type->element));
}

static void print_take(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *type = made->type, *element = type->element;
  Str structure = script_structure(self, type);
  bool is_map = type->kind == TYPE_MAP;
  buf_printf(out, "function take%zu(block: usize, len: usize): %.*s {\n  const made = new %.*s(%s);\n",
             made->number, STR_ARG(made->text), STR_ARG(structure), is_map ? "" : "<i32>len");
  buf_printf(out, "  for (let i: usize = 0, at = block; i < len; i++, at += %llu) ",
             (unsigned long long)type_size(element));
  if (is_map) {
    size_t *offsets = script_offsets(self, SCRIPT_LOAD, element);
    buf_printf(out, "made.set(%.*s, ",
               STR_ARG(script_reading(self, SCRIPT_LOAD, element->fields[0].type, offsets[0])));
    buf_printf(out, "%.*s);\n",
               STR_ARG(script_reading(self, SCRIPT_LOAD, element->fields[1].type, offsets[1])));
  } else {
    buf_printf(out, "made[<i32>i] = %.*s;\n", STR_ARG(script_reading(self, SCRIPT_LOAD, element, 0)));
  }
  buf_z(out, "  release(block, len);\n  return made;\n}\n");
}

static void print_give(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *type = made->type, *element = type->element;
  bool is_map = type->kind == TYPE_MAP;
  buf_printf(out, "function give%zu(value: %.*s, at: usize): void {\n", made->number, STR_ARG(made->text));
  if (is_map) buf_z(out, "  const keys = value.keys(), values = value.values();\n");
  buf_printf(out, "  for (let i = 0; i < %s.length; i++, at += %llu) {\n", is_map ? "keys" : "value",
             (unsigned long long)type_size(element));
  if (is_map) {
    size_t *offsets = script_offsets(self, SCRIPT_LOAD, element);
    script_print_writing(self, element->fields[0].type, STR("keys[i]"), offsets[0], "    ", out);
    script_print_writing(self, element->fields[1].type, STR("values[i]"), offsets[1], "    ", out);
  } else {
    script_print_writing(self, element, STR("value[i]"), 0, "    ", out);
  }
  buf_z(out, "  }\n}\n");
}

/* A map's pair is no type of its own, but what it points to is to be given back. */
static void print_pair_free(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *pair = made->type->element;
  size_t *offsets = script_offsets(self, SCRIPT_LOAD, pair);
  buf_printf(
      out,
      "function free%zu(at: usize): void {\n  const block = load<usize>(at), len = load<usize>(at + 4);\n",
      made->number);
  buf_printf(out, "  for (let i: usize = 0, at = block; i < len; i++, at += %llu) {\n",
             (unsigned long long)type_size(pair));
  script_print_freeing(self, pair->fields[0].type, offsets[0], "    ", out);
  script_print_freeing(self, pair->fields[1].type, offsets[1], "    ", out);
  buf_z(out, "  }\n  release(block, len);\n}\n");
}

void script_print_type(ScriptBinding *self, ScriptType *made, Buf *out)
{
  if (script_is_scalar(made->type)) return;
  self->scope = made->scope;
  buf_byte(out, '\n');
  if (made->is_flattened) script_print_flat(self, made, out);
  /* What is too large to be flat never comes in slots. */
  if (script_flat_count(made->type) <= FLAT_PARAMS_MAX) print_read(self, SCRIPT_LIFT, made, out);
  print_read(self, SCRIPT_LOAD, made, out);
  print_store(self, made, out);
  if (has_elements(made->type)) {
    print_take(self, made, out);
    print_give(self, made, out);
  }
  if (!has_pointers(made->type)) return;
  if (made->type->kind == TYPE_MAP) {
    print_pair_free(self, made, out);
    return;
  }
  buf_printf(out, "function free%zu(at: usize): void {\n", made->number);
  free_parts(self, made->type, out);
  buf_z(out, "}\n");
}
