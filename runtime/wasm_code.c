#include "runtime/wasm_code.h"

#include "runtime/wasm_limits.h"

const char wasm_too_many_locals[] = "has more than 50,000 locals";

typedef enum Immediate {
  IMMEDIATE_UNKNOWN, /* no such instruction */
  IMMEDIATE_NONE,
  IMMEDIATE_BLOCK, /* a block's type */
  IMMEDIATE_INDEX,
  IMMEDIATE_INDEX2,
  IMMEDIATE_TABLE,  /* br_table's labels */
  IMMEDIATE_TYPES,  /* of select */
  IMMEDIATE_MEMORY, /* alignment and offset */
  IMMEDIATE_S32,
  IMMEDIATE_S64,
  IMMEDIATE_F32,
  IMMEDIATE_F64,
  IMMEDIATE_BYTE
} Immediate;

typedef struct OpcodeInfo {
  const char *text;
  uint8_t immediate, weight;
} OpcodeInfo;

enum { PREFIX = 0xfc, PREFIXED_MAX = 17, SLOTS = 256 + PREFIXED_MAX + 1 };

/* Plain opcodes by their byte, prefixed ones behind. */
#define SLOT(code) ((code) < 256 ? (code) : 256 + ((code)&0xff))
static const OpcodeInfo opcodes[SLOTS] = {
#define OPCODE(code, name, text, immediate, weight) [SLOT(code)] = {text, IMMEDIATE_##immediate, weight},
#include "runtime/opcodes.def"
};

static const OpcodeInfo *info_of(WasmOpcode opcode)
{
  return &opcodes[SLOT((unsigned)opcode)];
}

const char *wasm_opcode_text(WasmOpcode opcode)
{
  return info_of(opcode)->text;
}

uint32_t wasm_opcode_weight(WasmOpcode opcode)
{
  return info_of(opcode)->weight;
}

WasmBodies wasm_bodies(const WasmModule *module)
{
  WasmBodies self = {.in = wasm_reader((Str){0})};
  WasmReader in = wasm_reader(module->bytes);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  for (WasmSection section; wasm_read_section(&in, &section);) {
    if (section.id != SECTION_CODE) continue;
    self.in = wasm_reader(section.content);
    self.count = wasm_read_count(&self.in, 2);
    if (self.count != module->function_count - module->imported_function_count)
      wasm_reader_fail(&self.in, "it has another number of bodies than of functions");
  }
  return self;
}

static void read_locals(WasmBody *out, uint32_t params)
{
  WasmReader *in = &out->code;
  uint64_t locals = params;
  out->group_count = wasm_read_count(in, 2);
  const char *from = in->at;
  for (uint32_t i = 0; i < out->group_count; i++) {
    locals += wasm_read_u32(in);
    wasm_read_byte(in);
    if (locals > WASM_LOCALS_MAX) wasm_reader_fail(in, wasm_too_many_locals);
  }
  out->local_count = (uint32_t)locals;
  out->locals = (Str){from, in->problem ? 0 : (size_t)(in->at - from)};
}

bool wasm_next_body(WasmBodies *self, const WasmModule *module, WasmBody *out)
{
  if (self->next == self->count || self->in.problem) return false;
  *out = (WasmBody){.function = module->imported_function_count + self->next++};
  Str bytes = wasm_read_bytes(&self->in, wasm_read_u32(&self->in));
  if (self->in.problem) return false;
  out->code = wasm_reader(bytes);
  read_locals(out, wasm_function_type(module, out->function)->param_count);
  if (out->code.problem) {
    self->in.at = out->code.problem_at;
    wasm_reader_fail(&self->in, out->code.problem);
  }
  return !self->in.problem;
}

static bool read_opcode(WasmReader *in, WasmInstruction *out)
{
  unsigned code = wasm_read_byte(in);
  if (code == PREFIX) {
    uint32_t second = wasm_read_u32(in);
    code = second <= PREFIXED_MAX ? PREFIX << 8 | second : PREFIX;
  }
  out->opcode = (WasmOpcode)code;
  if (!info_of(out->opcode)->immediate) wasm_reader_fail(in, "it has an instruction that is unknown");
  return !in->problem;
}

static uint64_t read_bits(WasmReader *in, size_t size)
{
  Str bytes = wasm_read_bytes(in, size);
  uint64_t bits = 0;
  for (size_t i = bytes.len; i-- > 0;) bits = bits << 8 | (uint8_t)bytes.at[i];
  return bits;
}

static void read_labels(WasmReader *in, WasmInstruction *out)
{
  uint32_t count = wasm_read_count(in, 1);
  for (uint32_t i = 0; i < count && !in->problem; i++) wasm_read_u32(in);
  out->index = wasm_read_u32(in);
}

static void read_immediate(WasmReader *in, WasmInstruction *out)
{
  switch ((Immediate)info_of(out->opcode)->immediate) {
  case IMMEDIATE_BLOCK: wasm_read_signed(in, 33); break;
  case IMMEDIATE_INDEX: out->index = wasm_read_u32(in); break;
  case IMMEDIATE_INDEX2:
  case IMMEDIATE_MEMORY:
    out->index = wasm_read_u32(in);
    wasm_read_u32(in);
    break;
  case IMMEDIATE_TABLE: read_labels(in, out); break;
  case IMMEDIATE_TYPES: wasm_read_bytes(in, wasm_read_count(in, 1)); break;
  case IMMEDIATE_S32: out->constant = (uint32_t)wasm_read_signed(in, 32); break;
  case IMMEDIATE_S64: out->constant = (uint64_t)wasm_read_signed(in, 64); break;
  case IMMEDIATE_F32: out->constant = read_bits(in, 4); break;
  case IMMEDIATE_F64: out->constant = read_bits(in, 8); break;
  case IMMEDIATE_BYTE: wasm_read_byte(in); break;
  case IMMEDIATE_NONE:
  case IMMEDIATE_UNKNOWN: break;
  }
}

bool wasm_next_instruction(WasmReader *code, WasmInstruction *out)
{
  if (!wasm_reader_more(code)) return false;
  const char *from = code->at;
  *out = (WasmInstruction){0};
  if (read_opcode(code, out)) read_immediate(code, out);
  if (code->problem) return false;
  out->bytes = (Str){from, (size_t)(code->at - from)};
  return true;
}
