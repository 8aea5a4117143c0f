/* exports.ts: what turns core values into an implementation's arguments, and its results into core values.
 * Each type has functions of its own: `liftN` reads it from the core values that came in, `loadN` from
 * memory, `storeN` writes it there, `freeN` gives back what it points to. The exports' names are e0, e1, …
 * and p0, p1, … here: the language has no words for those that they get. */
#include "ifc/bind_assemblyscript.h"

__asm__(".section .rodata\n"
        ".hidden assay_script_glue, assay_script_glue_end\n"
        ".global assay_script_glue, assay_script_glue_end\n"
        "assay_script_glue:\n"
        ".incbin \"ifc/bind_assemblyscript_glue.ts\"\n"
        "assay_script_glue_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char assay_script_glue[], assay_script_glue_end[];

typedef enum Way { LIFT, LOAD } Way;

static bool has_pointers(const Type *type)
{
  return type_layout(type).has_pointers;
}

static Str place(ScriptBinding *self, size_t offset)
{
  return offset ? str_format(self->arena, "at + %zu", offset) : STR("at");
}

/* The text that reads a value of the type from `offset` after `at`: from a slot, or from memory. */
static Str reading(ScriptBinding *self, Way way, const Type *type, size_t offset)
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
  return str_format(self->arena, "%s%zu(%.*s)", way == LIFT ? "lift" : "load",
                    script_type(self, type)->number, STR_ARG(at));
}

/* The statement that writes `value` to `offset` after `at`. */
static void print_writing(ScriptBinding *self, const Type *type, Str value, size_t offset, const char *indent,
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

static void print_freeing(ScriptBinding *self, const Type *type, size_t offset, const char *indent, Buf *out)
{
  if (type && has_pointers(type))
    buf_printf(out, "%sfree%zu(%.*s);\n", indent, script_type(self, type)->number,
               STR_ARG(place(self, offset)));
}

/* --- where the parts are */

static size_t flat_count(const Type *type)
{
  return type_flat_count(type, FLAT_PARAMS_MAX);
}

/* Offsets of a record's or tuple's fields, in slots or in memory. */
static size_t *field_offsets(ScriptBinding *self, Way way, const Type *type)
{
  size_t *offsets = arena_array_of(self->arena, size_t, type->count), at = 0;
  uint32_t *in_memory = arena_array_of(self->arena, uint32_t, type->count);
  type_field_offsets(type, in_memory);
  for (uint32_t i = 0; i < type->count; i++) {
    offsets[i] = way == LIFT ? at : in_memory[i];
    if (way == LIFT) at += 8 * flat_count(type->fields[i].type);
  }
  return offsets;
}

static size_t payload_offset(Way way, const Type *type)
{
  return way == LIFT ? 8 : type_payload_offset(type);
}

static unsigned tag_bits(const Type *type)
{
  return 8 * type_discriminant_size(type);
}

/* --- lift and load */

static void read_fields(ScriptBinding *self, Way way, const Type *type, Buf *out)
{
  size_t *offsets = field_offsets(self, way, type);
  buf_printf(out, "  return new %.*s(", STR_ARG(script_structure(self, type)));
  for (uint32_t i = 0; i < type->count; i++)
    buf_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(reading(self, way, type->fields[i].type, offsets[i])));
  buf_z(out, ");\n");
}

static void read_variant(ScriptBinding *self, Way way, const Type *type, Buf *out)
{
  Str *fields = script_field_names(self->arena, type), name = script_structure(self, type);
  buf_printf(out, "  const made = new %.*s(<%.*sTag>load<u%u>(at));\n  switch (<i32>made.tag) {\n",
             STR_ARG(name), STR_ARG(name), tag_bits(type));
  for (uint32_t i = 0; i < type->count; i++) {
    if (!type->fields[i].type) continue;
    Str value = reading(self, way, type->fields[i].type, payload_offset(way, type));
    buf_printf(out, "    case %u: made.%.*s = %.*s; break;\n", i, STR_ARG(fields[i]), STR_ARG(value));
  }
  buf_z(out, "    default: break;\n  }\n  return made;\n");
}

static void read_case(ScriptBinding *self, Way way, const Type *type, Buf *out)
{
  size_t offset = payload_offset(way, type);
  Str ok = type->element ? reading(self, way, type->element, offset) : STR("new Unit()");
  Str element = script_text(self, type->element);
  if (type->kind == TYPE_OPTION) {
    buf_printf(out, "  if (load<u8>(at) == 0) return none<%.*s>();\n  return some<%.*s>(%.*s);\n",
               STR_ARG(element), STR_ARG(element), STR_ARG(ok));
    return;
  }
  Str bad = type->error ? reading(self, way, type->error, offset) : STR("new Unit()"),
      error = script_text(self, type->error);
  buf_printf(out, "  if (load<u8>(at) == 0) return ok<%.*s, %.*s>(%.*s);\n", STR_ARG(element), STR_ARG(error),
             STR_ARG(ok));
  buf_printf(out, "  return err<%.*s, %.*s>(%.*s);\n", STR_ARG(element), STR_ARG(error), STR_ARG(bad));
}

static void read_fixed(ScriptBinding *self, Way way, const Type *type, Buf *out)
{
  const Type *element = type->element;
  size_t step = way == LIFT ? 8 * flat_count(element) : (size_t)type_size(element);
  buf_printf(out,
             "  const made = new %.*s(%u);\n  for (let i = 0; i < %u; i++, at += %zu) made[i] = %.*s;\n  "
             "return made;\n",
             STR_ARG(script_structure(self, type)), type->count, type->count, step,
             STR_ARG(reading(self, way, element, 0)));
}

/* Strings, lists and maps are a pointer and a length wherever they are. */
static void read_block(ScriptBinding *self, Way way, const ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  const char *call =
      way == LIFT ? "load<usize>(at), load<usize>(at + 8)" : "load<usize>(at), load<usize>(at + 4)";
  if (type->kind == TYPE_STRING)
    buf_printf(out, "  return takeString(%s);\n", call);
  else if (type->kind == TYPE_LIST && type_is_primitive(type->element))
    buf_printf(out, "  return takeNumbers<%.*s>(%s);\n", STR_ARG(script_structure(self, type->element)),
               call);
  else
    buf_printf(out, "  return take%zu(%s);\n", made->number, call);
}

static void print_read(ScriptBinding *self, Way way, const ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  buf_printf(out, "function %s%zu(at: usize): %.*s {\n", way == LIFT ? "lift" : "load", made->number,
             STR_ARG(made->text));
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: read_fields(self, way, type, out); break;
  case TYPE_VARIANT: read_variant(self, way, type, out); break;
  case TYPE_OPTION:
  case TYPE_RESULT: read_case(self, way, type, out); break;
  case TYPE_FIXED_LIST: read_fixed(self, way, type, out); break;
  default: read_block(self, way, made, out); break;
  }
  buf_z(out, "}\n");
}

/* --- store and free */

static void write_fields(ScriptBinding *self, const Type *type, Buf *out)
{
  Str *names = script_field_names(self->arena, type);
  size_t *offsets = field_offsets(self, LOAD, type);
  for (uint32_t i = 0; i < type->count; i++)
    print_writing(self, type->fields[i].type, str_format(self->arena, "value.%.*s", STR_ARG(names[i])),
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
    print_writing(self, type->fields[i].type, str_format(self->arena, "value.%.*s", STR_ARG(names[i])),
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
    print_writing(self, type->element, is_option ? STR("value.value") : STR("value.ok"), offset, "    ", out);
    buf_z(out, "  }\n");
  }
  if (is_option || !type->error) return;
  buf_z(out, "  if (value.isErr) {\n");
  print_writing(self, type->error, STR("value.err"), offset, "    ", out);
  buf_z(out, "  }\n");
}

static void write_fixed(ScriptBinding *self, const Type *type, Buf *out)
{
  buf_printf(out, "  if (value.length != %u) unreachable();\n  for (let i = 0; i < %u; i++, at += %llu) {\n",
             type->count, type->count, (unsigned long long)type_size(type->element));
  print_writing(self, type->element, STR("value[i]"), 0, "    ", out);
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
    print_freeing(self, type->fields[i].type, type_payload_offset(type), "      ", out);
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
    print_freeing(self, element, 0, "    ", out);
    buf_z(out, "  }\n");
  }
  buf_z(out, "  release(block, len);\n");
}

static void free_parts(ScriptBinding *self, const Type *type, Buf *out)
{
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: {
    size_t *offsets = field_offsets(self, LOAD, type);
    for (uint32_t i = 0; i < type->count; i++)
      print_freeing(self, type->fields[i].type, offsets[i], "  ", out);
    break;
  }
  case TYPE_VARIANT: free_cases(self, type, out); break;
  case TYPE_OPTION:
  case TYPE_RESULT:
    buf_z(out, type->kind == TYPE_OPTION ? "  if (load<u8>(at)) {\n" : "  if (!load<u8>(at)) {\n");
    print_freeing(self, type->element, type_payload_offset(type), "    ", out);
    buf_z(out, "  } else {\n");
    print_freeing(self, type->error, type_payload_offset(type), "    ", out);
    buf_z(out, "  }\n");
    break;
  case TYPE_FIXED_LIST:
    buf_printf(out, "  for (let i = 0; i < %u; i++, at += %llu) {\n", type->count,
               (unsigned long long)type_size(type->element));
    print_freeing(self, type->element, 0, "    ", out);
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
    size_t *offsets = field_offsets(self, LOAD, element);
    buf_printf(out, "made.set(%.*s, ", STR_ARG(reading(self, LOAD, element->fields[0].type, offsets[0])));
    buf_printf(out, "%.*s);\n", STR_ARG(reading(self, LOAD, element->fields[1].type, offsets[1])));
  } else {
    buf_printf(out, "made[<i32>i] = %.*s;\n", STR_ARG(reading(self, LOAD, element, 0)));
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
    size_t *offsets = field_offsets(self, LOAD, element);
    print_writing(self, element->fields[0].type, STR("keys[i]"), offsets[0], "    ", out);
    print_writing(self, element->fields[1].type, STR("values[i]"), offsets[1], "    ", out);
  } else {
    print_writing(self, element, STR("value[i]"), 0, "    ", out);
  }
  buf_z(out, "  }\n}\n");
}

/* A map's pair is no type of its own, but what it points to is to be given back. */
static void print_pair_free(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  const Type *pair = made->type->element;
  size_t *offsets = field_offsets(self, LOAD, pair);
  buf_printf(
      out,
      "function free%zu(at: usize): void {\n  const block = load<usize>(at), len = load<usize>(at + 4);\n",
      made->number);
  buf_printf(out, "  for (let i: usize = 0, at = block; i < len; i++, at += %llu) {\n",
             (unsigned long long)type_size(pair));
  print_freeing(self, pair->fields[0].type, offsets[0], "    ", out);
  print_freeing(self, pair->fields[1].type, offsets[1], "    ", out);
  buf_z(out, "  }\n  release(block, len);\n}\n");
}

static void print_type(ScriptBinding *self, const ScriptType *made, Buf *out)
{
  if (script_is_scalar(made->type)) return;
  buf_byte(out, '\n');
  /* What is too large to be flat never comes in slots. */
  if (flat_count(made->type) <= FLAT_PARAMS_MAX) print_read(self, LIFT, made, out);
  print_read(self, LOAD, made, out);
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

/* --- exports */

static void print_params(const CoreSignature *core, Buf *out)
{
  for (uint32_t i = 0; i < core->param_count; i++)
    buf_printf(out, "%sa%u: %.*s", i ? ", " : "", i, STR_ARG(core_type_name(core->params[i])));
}

/* The one core value of a result that is not spilled. */
static Str lowered(ScriptBinding *self, const Type *type, Str value)
{
  while (type->kind == TYPE_RECORD || type->kind == TYPE_TUPLE || type->kind == TYPE_FIXED_LIST) {
    bool is_list = type->kind == TYPE_FIXED_LIST;
    Str field = is_list ? STR("") : script_field_names(self->arena, type)[0];
    value = is_list ? str_format(self->arena, "%.*s[0]", STR_ARG(value))
                    : str_format(self->arena, "%.*s.%.*s", STR_ARG(value), STR_ARG(field));
    type = is_list ? type->element : type->fields[0].type;
  }
  if (type->kind == TYPE_VARIANT) return str_format(self->arena, "%.*s.tag", STR_ARG(value));
  if (type->kind == TYPE_RESULT) return str_format(self->arena, "%.*s.isErr", STR_ARG(value));
  return value;
}

static void print_arguments(ScriptBinding *self, const Function *function, const CoreSignature *core,
                            Buf *out)
{
  if (core->spilled_params) {
    Field *fields = arena_array_of(self->arena, Field, function->param_count);
    for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
    Type block = {.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
    size_t *offsets = field_offsets(self, LOAD, &block);
    buf_z(out, "  const at = <usize>a0;\n");
    for (uint32_t i = 0; i < function->param_count; i++)
      buf_printf(out, "  const p%u = %.*s;\n", i, STR_ARG(reading(self, LOAD, fields[i].type, offsets[i])));
    buf_z(out, "  heap.free(at);\n");
    return;
  }
  for (uint32_t i = 0; i < core->param_count; i++) {
    if (core->params[i] == CORE_I32)
      buf_printf(out, "  store<u64>(slots + %u, <u64><u32>a%u);\n", 8 * i, i);
    else
      buf_printf(out, "  store<%.*s>(slots + %u, a%u);\n", STR_ARG(core_type_name(core->params[i])), 8 * i,
                 i);
  }
  if (function->param_count) buf_z(out, "  const at = slots;\n");
  size_t at = 0;
  for (uint32_t i = 0; i < function->param_count; i++) {
    buf_printf(out, "  const p%u = %.*s;\n", i, STR_ARG(reading(self, LIFT, function->params[i].type, at)));
    at += 8 * flat_count(function->params[i].type);
  }
}

static void print_export(ScriptBinding *self, const Function *function, size_t number, Buf *out)
{
  CoreSignature core = function_export_signature(function);
  const Type *result = function->result;
  if (core.spilled_results)
    buf_printf(out, "\nconst area%zu = memory.data(%llu, 8);\n", number,
               (unsigned long long)type_size(result));
  buf_printf(out, "%sexport function e%zu(", core.spilled_results ? "" : "\n", number);
  print_params(&core, out);
  buf_printf(out, "): %.*s {\n", STR_ARG(core.result_count ? core_type_name(core.results[0]) : STR("void")));
  print_arguments(self, function, &core, out);
  buf_printf(out, "  %simplementation.%.*s(", result ? "const result = " : "",
             STR_ARG(script_lower(self->arena, function->name)));
  for (uint32_t i = 0; i < function->param_count; i++) buf_printf(out, "%sp%u", i ? ", " : "", i);
  buf_z(out, ");\n");
  if (core.spilled_results)
    buf_printf(out, "  store%zu(result, area%zu);\n  return <i32>area%zu;\n",
               script_type(self, result)->number, number, number);
  else if (result)
    buf_printf(out, "  return <%.*s>%.*s;\n", STR_ARG(core_type_name(core.results[0])),
               STR_ARG(lowered(self, result, STR("result"))));
  buf_z(out, "}\n");
  if (result && has_pointers(result))
    buf_printf(out, "export function p%zu(at: i32): void {\n  free%zu(<usize>at);\n}\n", number,
               script_type(self, result)->number);
}

static void print_imports(ScriptBinding *self, Str implementation, Buf *out)
{
  buf_printf(out,
             "import * as implementation from \"./%.*s\";\nimport {\n  Unit, Option, some, none, Result, ok, "
             "err, char,\n",
             STR_ARG(implementation));
  for (size_t i = 0; i < self->arities.len; i++) buf_printf(out, "  Tuple%u,\n", self->arities.at[i]);
  for (size_t i = 0; i < self->declared.len; i++) {
    Str name = script_declared_name(self, self->declared.at[i]);
    bool is_variant = !self->declared.at[i]->alias && self->declared.at[i]->type->kind == TYPE_VARIANT;
    buf_printf(out, "  %.*s,\n", STR_ARG(name));
    if (is_variant) buf_printf(out, "  %.*sTag,\n", STR_ARG(name));
  }
  buf_z(out, "} from \"./bindings\";\n");
}

Str script_glue(ScriptBinding *self, Str implementation)
{
  Buf out = buf_in(self->arena);
  bool needs_realloc = false;
  buf_printf(&out, "// Bindings for `%.*s`, made by assay. Changes are lost.\n",
             STR_ARG(self->interface->id));
  print_imports(self, implementation, &out);
  buf_str(&out, (Str){assay_script_glue, (size_t)(assay_script_glue_end - assay_script_glue)});
  for (size_t i = 0; i < self->types.len; i++) print_type(self, self->types.at[i], &out);
  for (size_t i = 0; i < self->functions.len; i++) {
    needs_realloc |= function_needs_realloc(self->functions.at[i]);
    print_export(self, self->functions.at[i], i, &out);
  }
  if (needs_realloc)
    buf_z(&out,
          "\nexport function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {\n"
          "  if (size == 0) return align;\n"
          "  return oldSize ? heap.realloc(old, size) : heap.alloc(size);\n}\n");
  return buf_text(&out);
}
