/* Arguments of imports: they are stored in memory, and from there `flatN` takes them apart into core values,
 * as bits in slots of eight bytes each. */
#include "ifc/bind_assemblyscript.h"

static Str plus(ScriptBinding *self, const char *base, size_t offset)
{
  return offset ? str_format(self->arena, "%s + %zu", base, offset) : str_from_z(base);
}

/* Signs are extended to 32 bits, and the slot's other half is not looked at. */
static void print_scalar(ScriptBinding *self, const Type *type, Str at, Str slot, Buf *out)
{
  unsigned bits = (unsigned)type_size(type) * 8;
  (void)self;
  if (bits < 32 && type_is_primitive(type) && type_is_signed(type))
    buf_printf(out, "  store<i32>(%.*s, <i32>load<i%u>(%.*s));\n", STR_ARG(slot), bits, STR_ARG(at));
  else
    buf_printf(out, "  store<u64>(%.*s, <u64>load<u%u>(%.*s));\n", STR_ARG(slot), bits, STR_ARG(at));
}

void script_print_flattening(ScriptBinding *self, const Type *type, size_t offset, size_t slot, Buf *out)
{
  Str at = plus(self, "at", offset), to = plus(self, "slot", 8 * slot);
  if (script_is_scalar(type))
    print_scalar(self, type, at, to, out);
  else
    buf_printf(out, "  flat%zu(%.*s, %.*s);\n", script_type(self, type)->number, STR_ARG(at), STR_ARG(to));
}

void script_mark_flat(ScriptBinding *self, const Type *type)
{
  if (!type || script_is_scalar(type)) return;
  ScriptType *made = script_type(self, type);
  ScriptScope *before = self->scope;
  if (made->is_flattened) return;
  made->is_flattened = true;
  bool is_block = type->kind == TYPE_LIST || type->kind == TYPE_MAP || type->kind == TYPE_STRING;
  if (is_block || type_is_handle(type)) return;
  self->scope = made->scope;
  for (uint32_t i = 0; type->fields && i < type->count; i++) script_mark_flat(self, type->fields[i].type);
  script_mark_flat(self, type->element);
  script_mark_flat(self, type->error);
  self->scope = before;
}

/* One case's payload, where the tag is `tag`. */
static void print_case(ScriptBinding *self, const Type *outer, uint32_t tag, const Type *part, Buf *out)
{
  if (!part) return;
  buf_printf(out, "  if (tag == %u) {\n  ", tag);
  script_print_flattening(self, part, type_payload_offset(outer), 1, out);
  buf_z(out, "  }\n");
}

/* What a case leaves unused is zero. */
static void print_cases(ScriptBinding *self, const Type *type, Buf *out)
{
  size_t count = script_flat_count(type);
  buf_printf(out,
             "  const tag = <u32>load<u%u>(at);\n  memory.fill(slot, 0, %zu);\n  store<u32>(slot, tag);\n",
             8 * type_discriminant_size(type), 8 * count);
  if (type->kind == TYPE_OPTION) {
    print_case(self, type, 1, type->element, out);
  } else if (type->kind == TYPE_RESULT) {
    print_case(self, type, 0, type->element, out);
    print_case(self, type, 1, type->error, out);
  } else {
    for (uint32_t i = 0; i < type->count; i++) print_case(self, type, i, type->fields[i].type, out);
  }
}

static void print_fields(ScriptBinding *self, const Type *type, Buf *out)
{
  size_t *offsets = script_offsets(self, SCRIPT_LOAD, type), *slots = script_offsets(self, SCRIPT_LIFT, type);
  for (uint32_t i = 0; i < type->count; i++)
    script_print_flattening(self, type->fields[i].type, offsets[i], slots[i] / 8, out);
}

static void print_fixed(ScriptBinding *self, const Type *type, Buf *out)
{
  buf_printf(out, "  for (let i = 0; i < %u; i++) {\n  ", type->count);
  script_print_flattening(self, type->element, 0, 0, out);
  buf_printf(out, "    at += %llu;\n    slot += %zu;\n  }\n", (unsigned long long)type_size(type->element),
             8 * script_flat_count(type->element));
}

void script_print_flat(ScriptBinding *self, ScriptType *made, Buf *out)
{
  const Type *type = made->type;
  buf_printf(out, "function flat%zu(at: usize, slot: usize): void {\n", made->number);
  switch (type->kind) {
  case TYPE_RECORD:
  case TYPE_TUPLE: print_fields(self, type, out); break;
  case TYPE_VARIANT:
  case TYPE_OPTION:
  case TYPE_RESULT: print_cases(self, type, out); break;
  case TYPE_FIXED_LIST: print_fixed(self, type, out); break;
  case TYPE_OWN:
  case TYPE_BORROW: buf_z(out, "  store<u64>(slot, <u64>load<u32>(at));\n"); break;
  default: /* a pointer and a length */
    buf_z(out, "  store<u64>(slot, <u64>load<u32>(at));\n  store<u64>(slot + 8, <u64>load<u32>(at + 4));\n");
    break;
  }
  buf_z(out, "}\n");
}
