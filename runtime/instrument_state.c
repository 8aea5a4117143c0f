#include "runtime/instrument_state.h"

#include <string.h>

#include "ifc/base/vec.h"

static const uint8_t I32 = 0x7f, I64 = 0x7e;

/* What leads to a local that counts on: (local.set $i (i32.add (local.get $i) (i32.const 1))). */
enum { COUNT_BEGINS, COUNT_LOCAL, COUNT_STEP, COUNT_SUM };

/* Places are offsets in the code section and grow from body to body, so that what is known of the locals of
 * one is never taken for the next one's. */
struct StateSites {
  Arena *arena;
  const WasmModule *module;
  uint8_t *globals; /* their types; 0 for imported ones */
  uint32_t global_count;
  const WasmBody *body;
  uint8_t counts;      /* how much of such a sequence has come: COUNT_… */
  uint32_t counted;    /* the local in it */
  uint8_t *types;      /* of its locals, once they are needed … */
  bool has_types;      /* … and known */
  uint32_t *last;      /* by local: where it was written last */
  uint32_t *loops_of;  /* by local: where the loop begins that carries it */
  uint32_t room;       /* of these three, in locals */
  VEC(uint32_t) loops; /* that are open: where they begin */
  VEC(uint8_t) open;   /* the constructs that are open: 1 for a loop */
};

static void read_globals(StateSites *self, Str content)
{
  const WasmModule *module = self->module;
  WasmReader in = wasm_reader(content);
  WasmInstruction instruction;
  uint32_t imported = 0, own = content.len ? wasm_read_count(&in, 3) : 0;
  for (uint32_t i = 0; i < module->import_count; i++) imported += module->imports[i].kind == WASM_GLOBAL;
  self->global_count = imported + own;
  self->globals = arena_array_of(self->arena, uint8_t, (size_t)self->global_count + 1);
  for (uint32_t i = imported; i < self->global_count && !in.problem; i++) {
    self->globals[i] = (uint8_t)wasm_read_byte(&in);
    wasm_read_byte(&in);
    while (wasm_next_instruction(&in, &instruction) && instruction.opcode != OPCODE_END) continue;
  }
}

StateSites *state_sites_new(Arena *arena, const WasmModule *module, Str globals)
{
  StateSites *self = arena_new_of(arena, StateSites);
  self->arena = arena;
  self->module = module;
  read_globals(self, globals);
  return self;
}

void state_sites_enter(StateSites *self, const WasmBody *body)
{
  self->body = body;
  self->has_types = false;
  self->loops.len = self->open.len = 0;
  self->counts = COUNT_BEGINS;
  if (body->local_count <= self->room) return;
  self->room = 2 * body->local_count;
  self->types = arena_array_of(self->arena, uint8_t, self->room);
  self->last = arena_array_of(self->arena, uint32_t, self->room);
  self->loops_of = arena_array_of(self->arena, uint32_t, self->room);
}

static uint8_t type_of_local(StateSites *self, uint32_t local)
{
  const WasmBody *body = self->body;
  if (!self->has_types) {
    const WasmType *type = wasm_function_type(self->module, body->function);
    WasmReader in = wasm_reader(body->locals);
    uint32_t at = type->param_count;
    if (at) memcpy(self->types, type->params, at);
    for (uint32_t i = 0; i < body->group_count; i++) {
      uint32_t count = wasm_read_u32(&in);
      memset(self->types + at, (int)wasm_read_byte(&in), count);
      at += count;
    }
    self->has_types = true;
  }
  return self->types[local];
}

/* The outermost open loop that begins behind a place; 0: there is none. */
static uint32_t loop_behind(const StateSites *self, uint32_t place)
{
  size_t low = 0, high = self->loops.len;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (self->loops.at[middle] > place)
      high = middle;
    else
      low = middle + 1;
  }
  return low < self->loops.len ? self->loops.at[low] : 0;
}

static bool is_open(const StateSites *self, uint32_t loop)
{
  return loop && loop_behind(self, loop - 1) == loop;
}

/* A local that is read: by which loop is it carried? */
static void take_read(StateSites *self, uint32_t local)
{
  if (!self->loops.len || is_open(self, self->loops_of[local])) return;
  self->loops_of[local] = loop_behind(self, self->last[local]);
}

static uint8_t take_write(StateSites *self, uint32_t local, uint32_t offset)
{
  self->last[local] = offset;
  return self->loops.len && is_open(self, self->loops_of[local]) ? type_of_local(self, local) : 0;
}

static void close(StateSites *self)
{
  if (!self->open.len) return;
  if (vec_last(&self->open)) self->loops.len--;
  self->open.len--;
}

/* Takes the next instruction; true when it ends such a sequence. */
static bool counts_on(StateSites *self, const WasmInstruction *instruction)
{
  uint8_t had = self->counts;
  self->counts = COUNT_BEGINS;
  switch (instruction->opcode) {
  case OPCODE_LOCAL_GET:
    self->counted = instruction->index;
    self->counts = COUNT_LOCAL;
    return false;
  case OPCODE_I32_CONST:
  case OPCODE_I64_CONST:
    if (had == COUNT_LOCAL) self->counts = COUNT_STEP;
    return false;
  case OPCODE_I32_ADD:
  case OPCODE_I32_SUB:
  case OPCODE_I64_ADD:
  case OPCODE_I64_SUB:
    if (had == COUNT_STEP) self->counts = COUNT_SUM;
    return false;
  case OPCODE_LOCAL_SET:
  case OPCODE_LOCAL_TEE: return had == COUNT_SUM && instruction->index == self->counted;
  default: return false;
  }
}

uint8_t state_sites_take(StateSites *self, const WasmInstruction *instruction, uint32_t offset)
{
  uint32_t index = instruction->index;
  uint8_t type = 0;
  bool only_counts = counts_on(self, instruction);
  switch (instruction->opcode) {
  case OPCODE_LOOP:
    vec_push(self->arena, &self->loops, offset);
    vec_push(self->arena, &self->open, 1);
    return 0;
  case OPCODE_BLOCK:
  case OPCODE_IF: vec_push(self->arena, &self->open, 0); return 0;
  case OPCODE_END: close(self); return 0;
  case OPCODE_LOCAL_GET:
    if (index < self->body->local_count) take_read(self, index);
    return 0;
  case OPCODE_LOCAL_SET:
  case OPCODE_LOCAL_TEE:
    if (index < self->body->local_count) type = take_write(self, index, offset);
    if (only_counts) return 0;
    break;
  case OPCODE_GLOBAL_SET:
    if (index < self->global_count) type = self->globals[index];
    break;
  case OPCODE_I32_STORE:
  case OPCODE_I32_STORE8:
  case OPCODE_I32_STORE16: return I32;
  case OPCODE_I64_STORE:
  case OPCODE_I64_STORE8:
  case OPCODE_I64_STORE16:
  case OPCODE_I64_STORE32: return I64;
  default: return 0;
  }
  return type == I32 || type == I64 ? type : 0;
}
