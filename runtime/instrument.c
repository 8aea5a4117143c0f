#include "runtime/instrument.h"

#include "ifc/base/vec.h"
#include "runtime/instrument_state.h"
#include "runtime/source_lines.h"
#include "runtime/wasm_code.h"

enum { NO_RESULT = 0x40, MUTABLE = 1 };
static const uint8_t I32 = 0x7f, I64 = 0x7e, F32 = 0x7d, F64 = 0x7c;

/* Locals that every function gets behind its own; the operands of a comparison by their type. */
typedef enum Scratch {
  SCRATCH_FUEL,
  SCRATCH_COUNT,
  SCRATCH_I32,
  SCRATCH_I64 = SCRATCH_I32 + 2,
  SCRATCH_F32 = SCRATCH_I64 + 2,
  SCRATCH_F64 = SCRATCH_F32 + 2,
} Scratch;

typedef struct ScratchGroup {
  uint8_t count;
  const uint8_t *type;
} ScratchGroup;

static const ScratchGroup scratch_groups[] = {{1, &I64}, {3, &I32}, {2, &I64}, {2, &F32}, {2, &F64}};
enum { SCRATCH_GROUP_COUNT = sizeof scratch_groups / sizeof *scratch_groups };

typedef struct Instrumenter {
  Arena *arena;
  const WasmModule *module;
  WasmVariant variant;
  SourceStarts lines;     /* where lines of its sources begin */
  const char *code;       /* the code section's content begins here */
  uint32_t globals;       /* that the module has: the first new one's index */
  uint32_t compare_slots; /* one for each comparison, dead ones too, and a spare one: two operands each */
  uint32_t state_slots;   /* likewise for each write of state; behind them one result for each two operands,
                             and then the counters */
  uint32_t states;        /* so far */
  StateSites *state_sites;
  VEC(WasmSite) blocks;
  VEC(WasmCompare) compares;
} Instrumenter;

/* A function's body while it is rewritten. Its instructions are taken block by block: what stands between two
 * points where control may come from elsewhere or go elsewhere. */
typedef struct Body {
  Instrumenter *self;
  const WasmBody *source;
  Buf out;
  Buf block;        /* the instructions of the block so far; they follow once its cost is known */
  uint64_t cost;    /* of the block so far */
  bool checks_fuel; /* a function or a loop begins with the block */
  bool is_dead;     /* no control comes here until the `else` or `end` that closes `dead_depth` */
  size_t dead_depth;
  bool line_begins;  /* another line than that of the last mark */
  VEC(uint8_t) open; /* the constructs that are open: 1 for a loop */
} Body;

static void put_op(Buf *out, WasmOpcode opcode)
{
  buf_byte(out, (char)opcode);
}

static void put_indexed(Buf *out, WasmOpcode opcode, uint32_t index)
{
  put_op(out, opcode);
  wasm_put_u32(out, index);
}

static void put_constant(Buf *out, WasmOpcode opcode, int64_t value)
{
  put_op(out, opcode);
  wasm_put_signed(out, value);
}

static uint32_t scratch(const Body *body, Scratch which)
{
  return body->source->local_count + (uint32_t)which;
}

/* --- blocks */

/* fuel -= cost, and a trap where that makes it negative */
static void put_charge(Body *body)
{
  uint32_t fuel = body->self->globals, left = scratch(body, SCRATCH_FUEL);
  put_indexed(&body->out, OPCODE_GLOBAL_GET, fuel);
  put_constant(&body->out, OPCODE_I64_CONST, (int64_t)body->cost);
  put_op(&body->out, OPCODE_I64_SUB);
  if (body->checks_fuel) put_indexed(&body->out, OPCODE_LOCAL_TEE, left);
  put_indexed(&body->out, OPCODE_GLOBAL_SET, fuel);
  if (!body->checks_fuel) return;
  put_indexed(&body->out, OPCODE_LOCAL_GET, left);
  put_constant(&body->out, OPCODE_I64_CONST, 0);
  put_op(&body->out, OPCODE_I64_LT_S);
  put_op(&body->out, OPCODE_IF);
  buf_byte(&body->out, NO_RESULT);
  put_op(&body->out, OPCODE_UNREACHABLE);
  put_op(&body->out, OPCODE_END);
}

static void put_count(Body *body)
{
  const Instrumenter *self = body->self;
  uint32_t counter =
      self->globals + 3 * self->compare_slots + self->state_slots + (uint32_t)self->blocks.len - 1;
  put_indexed(&body->out, OPCODE_GLOBAL_GET, counter);
  put_constant(&body->out, OPCODE_I32_CONST, 1);
  put_op(&body->out, OPCODE_I32_ADD);
  put_indexed(&body->out, OPCODE_GLOBAL_SET, counter);
}

static WasmSite site_of(const Body *body, const char *at)
{
  return (WasmSite){body->source->function, (uint32_t)(at - body->self->code)};
}

static void begin_block(Body *body, bool checks_fuel)
{
  Instrumenter *self = body->self;
  body->block.len = 0;
  body->cost = 0;
  body->checks_fuel = checks_fuel;
  body->is_dead = false;
  if (self->variant == WASM_COVER) vec_push(self->arena, &self->blocks, site_of(body, body->source->code.at));
}

static void end_block(Body *body)
{
  bool charged = body->cost || body->checks_fuel;
  if (body->self->variant == WASM_METERED && charged) put_charge(body);
  if (body->self->variant == WASM_COVER && !body->is_dead) put_count(body);
  buf_str(&body->out, buf_text(&body->block));
  body->block.len = 0;
  body->cost = 0;
  body->checks_fuel = false;
}

/* What follows the instruction is not reached from it. */
static void end_in_jump(Body *body)
{
  end_block(body);
  body->is_dead = true;
  body->dead_depth = body->open.len;
}

/* At an `else` or `end`, whose bytes are in the block already. */
static void join(Body *body, bool is_else)
{
  bool revives = !body->is_dead || body->dead_depth == body->open.len;
  bool is_loop = body->open.len && vec_last(&body->open) == 1;
  if (!is_else && body->open.len) body->open.len--;
  if (!revives) return;
  if (!is_loop) {
    end_block(body);
    begin_block(body, false);
  } else if (body->is_dead) {
    body->dead_depth--; /* branches to a loop go to its beginning */
  }
}

/* --- single instructions */

/* Operations on many bytes or elements cost by their count, the operand on top of the stack. */
static unsigned count_shift(WasmOpcode opcode)
{
  switch (opcode) {
  case OPCODE_MEMORY_COPY:
  case OPCODE_MEMORY_FILL:
  case OPCODE_MEMORY_INIT: return 3; /* eight bytes a unit */
  case OPCODE_TABLE_COPY:
  case OPCODE_TABLE_FILL:
  case OPCODE_TABLE_INIT: return 0;
  default: return UINT32_MAX;
  }
}

/* fuel -= count >> shift */
static void put_count_charge(Body *body, unsigned shift)
{
  uint32_t fuel = body->self->globals, count = scratch(body, SCRATCH_COUNT);
  put_indexed(&body->block, OPCODE_LOCAL_TEE, count);
  put_indexed(&body->block, OPCODE_GLOBAL_GET, fuel);
  put_indexed(&body->block, OPCODE_LOCAL_GET, count);
  put_op(&body->block, OPCODE_I64_EXTEND_I32_U);
  put_constant(&body->block, OPCODE_I64_CONST, shift);
  put_op(&body->block, OPCODE_I64_SHR_U);
  put_op(&body->block, OPCODE_I64_SUB);
  put_indexed(&body->block, OPCODE_GLOBAL_SET, fuel);
}

/* How the operands of a comparison are kept. */
typedef struct CompareKind {
  uint32_t operands; /* 0: no comparison */
  Scratch scratch;
  WasmOpcode bits[2]; /* how they become an i64; NOP where nothing is to do */
} CompareKind;

static CompareKind compare_kind(WasmOpcode opcode)
{
  static const CompareKind i32 = {2, SCRATCH_I32, {OPCODE_NOP, OPCODE_I64_EXTEND_I32_U}};
  static const CompareKind i64 = {2, SCRATCH_I64, {OPCODE_NOP, OPCODE_NOP}};
  static const CompareKind f32 = {2, SCRATCH_F32, {OPCODE_I32_REINTERPRET_F32, OPCODE_I64_EXTEND_I32_U}};
  static const CompareKind f64 = {2, SCRATCH_F64, {OPCODE_NOP, OPCODE_I64_REINTERPRET_F64}};
  CompareKind kind = {0};
  if (opcode >= OPCODE_I32_EQZ && opcode <= OPCODE_I32_GE_U) kind = i32;
  if (opcode >= OPCODE_I64_EQZ && opcode <= OPCODE_I64_GE_U) kind = i64;
  if (opcode >= OPCODE_F32_EQ && opcode <= OPCODE_F32_GE) kind = f32;
  if (opcode >= OPCODE_F64_EQ && opcode <= OPCODE_F64_GE) kind = f64;
  if (opcode == OPCODE_BR_TABLE) kind = i32;
  if (opcode == OPCODE_I32_EQZ || opcode == OPCODE_I64_EQZ || opcode == OPCODE_BR_TABLE) kind.operands = 1;
  return kind;
}

/* Keeps the operands, which stay on the stack. */
static void put_operands(Body *body, const WasmInstruction *instruction, CompareKind kind)
{
  Instrumenter *self = body->self;
  Buf *out = &body->block;
  uint32_t global = self->globals + 2 * (uint32_t)self->compares.len, local = scratch(body, kind.scratch);
  vec_push(self->arena, &self->compares,
           ((WasmCompare){site_of(body, instruction->bytes.at), (uint16_t)instruction->opcode}));
  for (uint32_t i = kind.operands; i-- > 0;) put_indexed(out, OPCODE_LOCAL_SET, local + i);
  for (uint32_t i = 0; i < kind.operands; i++) {
    put_indexed(out, OPCODE_LOCAL_GET, local + i);
    for (size_t k = 0; k < 2; k++)
      if (kind.bits[k] != OPCODE_NOP) put_op(out, kind.bits[k]);
    put_indexed(out, OPCODE_GLOBAL_SET, global + i);
  }
  for (uint32_t i = 0; i < kind.operands; i++) put_indexed(out, OPCODE_LOCAL_GET, local + i);
}

/* What the latest comparison came out as, beside what it did before: results |= 1 + result. */
static void put_result(Body *body)
{
  const Instrumenter *self = body->self;
  Buf *out = &body->block;
  uint32_t global =
      self->globals + 2 * self->compare_slots + self->state_slots + (uint32_t)self->compares.len - 1;
  put_indexed(out, OPCODE_LOCAL_TEE, scratch(body, SCRATCH_I32));
  put_constant(out, OPCODE_I32_CONST, 1);
  put_op(out, OPCODE_I32_ADD);
  put_indexed(out, OPCODE_GLOBAL_GET, global);
  put_op(out, OPCODE_I32_OR);
  put_indexed(out, OPCODE_GLOBAL_SET, global);
  put_indexed(out, OPCODE_LOCAL_GET, scratch(body, SCRATCH_I32));
}

static void put_get(Buf *out, WasmOpcode get, uint32_t index, uint8_t type)
{
  put_indexed(out, get, index);
  if (type == I32) put_op(out, OPCODE_I64_EXTEND_I32_U);
}

/* Behind an instruction that writes a value: which ones it has written modulo 64, as bits. The value is in a
 * local or a global; of what goes to memory, `address` is a local too, else 0. */
static void put_state(Body *body, WasmOpcode get, uint32_t index, uint8_t type, uint32_t address)
{
  Instrumenter *self = body->self;
  Buf *out = &body->block;
  uint32_t global = self->globals + 2 * self->compare_slots + self->states++;
  put_indexed(out, OPCODE_GLOBAL_GET, global);
  put_constant(out, OPCODE_I64_CONST, 1);
  put_get(out, get, index, type);
  if (address) {
    put_get(out, OPCODE_LOCAL_GET, address, I32);
    put_op(out, OPCODE_I64_ADD);
  }
  put_op(out, OPCODE_I64_SHL);
  put_op(out, OPCODE_I64_OR);
  put_indexed(out, OPCODE_GLOBAL_SET, global);
}

/* The instruction, and that it writes a value of this type. */
static void put_write(Body *body, const WasmInstruction *instruction, uint8_t type)
{
  Buf *out = &body->block;
  WasmOpcode opcode = instruction->opcode;
  uint32_t value = scratch(body, type == I32 ? SCRATCH_I32 : SCRATCH_I64);
  uint32_t address = scratch(body, SCRATCH_I32) + 1;
  bool is_local = opcode == OPCODE_LOCAL_SET || opcode == OPCODE_LOCAL_TEE;
  if (is_local || opcode == OPCODE_GLOBAL_SET) {
    buf_str(out, instruction->bytes);
    put_state(body, is_local ? OPCODE_LOCAL_GET : OPCODE_GLOBAL_GET, instruction->index, type, 0);
    return;
  }
  put_indexed(out, OPCODE_LOCAL_SET, value);
  put_indexed(out, OPCODE_LOCAL_TEE, address);
  put_indexed(out, OPCODE_LOCAL_GET, value);
  buf_str(out, instruction->bytes);
  put_state(body, OPCODE_LOCAL_GET, value, type, address);
}

/* Marks where another line of the sources begins (source_lines.h); in dead code, where it ends. */
static void put_mark(Body *body, const WasmInstruction *instruction)
{
  const SourceStarts *lines = &body->self->lines;
  uint32_t offset = site_of(body, instruction->bytes.at).offset;
  body->line_begins |= source_starts_at(lines, offset);
  if (!lines->bits || body->is_dead || !body->line_begins) return;
  put_constant(&body->block, OPCODE_I64_CONST, (int64_t)(SOURCE_LINES_MARK << 32 | offset));
  put_op(&body->block, OPCODE_DROP);
  body->line_begins = false;
}

static void add_instruction(Body *body, const WasmInstruction *instruction)
{
  Instrumenter *self = body->self;
  unsigned shift = count_shift(instruction->opcode);
  CompareKind kind = compare_kind(instruction->opcode);
  uint8_t written =
      state_sites_take(self->state_sites, instruction, site_of(body, instruction->bytes.at).offset);
  if (!body->is_dead) {
    body->cost += wasm_opcode_weight(instruction->opcode);
    if (self->variant == WASM_METERED && shift != UINT32_MAX) put_count_charge(body, shift);
  }
  bool covers = self->variant == WASM_COVER && !body->is_dead;
  if (covers && kind.operands) put_operands(body, instruction, kind);
  if (covers && written)
    put_write(body, instruction, written);
  else
    buf_str(&body->block, instruction->bytes);
  if (covers && kind.operands && instruction->opcode != OPCODE_BR_TABLE) put_result(body);
}

static void follow_control(Body *body, WasmOpcode opcode)
{
  Instrumenter *self = body->self;
  switch (opcode) {
  case OPCODE_BLOCK: vec_push(self->arena, &body->open, 0); return;
  case OPCODE_LOOP:
  case OPCODE_IF: vec_push(self->arena, &body->open, opcode == OPCODE_LOOP); break;
  case OPCODE_ELSE: join(body, true); return;
  case OPCODE_END: join(body, false); return;
  case OPCODE_BR_IF: break;
  case OPCODE_BR:
  case OPCODE_BR_TABLE:
  case OPCODE_RETURN:
  case OPCODE_UNREACHABLE:
    if (!body->is_dead) end_in_jump(body);
    return;
  default: return;
  }
  if (body->is_dead) return;
  end_block(body);
  begin_block(body, opcode == OPCODE_LOOP);
}

/* --- whole bodies */

static void put_locals(Body *body)
{
  uint32_t added = body->self->variant == WASM_PLAIN ? 0 : SCRATCH_GROUP_COUNT;
  wasm_put_u32(&body->out, body->source->group_count + added);
  buf_str(&body->out, body->source->locals);
  for (size_t i = 0; i < added; i++) {
    wasm_put_u32(&body->out, scratch_groups[i].count);
    buf_byte(&body->out, (char)*scratch_groups[i].type);
  }
}

/* The body with its size, at the end of `out`; false when it is malformed, with the reader's problem set. */
static bool put_body(Instrumenter *self, WasmBody *source, Buf *out)
{
  Body body = {.self = self, .source = source, .line_begins = true};
  body.out = buf_in(self->arena);
  body.block = buf_in(self->arena);
  WasmInstruction instruction;
  put_locals(&body);
  begin_block(&body, true);
  bool closed = false;
  while (!closed && wasm_next_instruction(&source->code, &instruction)) {
    closed = instruction.opcode == OPCODE_END && !body.open.len;
    put_mark(&body, &instruction);
    add_instruction(&body, &instruction);
    if (!closed) follow_control(&body, instruction.opcode);
  }
  if (!closed || wasm_reader_more(&source->code))
    wasm_reader_fail(&source->code, "a function body does not end where its code ends");
  if (source->code.problem) return false;
  end_block(&body);
  wasm_put_u32(out, (uint32_t)body.out.len);
  buf_str(out, buf_text(&body.out));
  return true;
}

static bool report(const WasmReader *in, const WasmModule *module, Str path, Diags *diags)
{
  diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s cannot be instrumented: %s, at byte 0x%zx", STR_ARG(path),
             in->problem, (size_t)(in->problem_at - module->bytes.at));
  return false;
}

static void count_slots(Instrumenter *self, WasmReader *code)
{
  WasmInstruction instruction;
  while (wasm_next_instruction(code, &instruction)) {
    uint32_t offset = (uint32_t)(instruction.bytes.at - self->code);
    self->compare_slots += compare_kind(instruction.opcode).operands != 0;
    self->state_slots += state_sites_take(self->state_sites, &instruction, offset) != 0;
  }
}

/* Visits every body; the code section's new content goes to `out`, unless it is NULL: then what needs slots
 * is counted. */
static bool walk_bodies(Instrumenter *self, Str globals, Str path, Buf *out, Diags *diags)
{
  WasmBodies bodies = wasm_bodies(self->module);
  self->code = bodies.in.start;
  self->state_sites = state_sites_new(self->arena, self->module, globals);
  if (out) wasm_put_u32(out, bodies.count);
  for (WasmBody body; wasm_next_body(&bodies, self->module, &body);) {
    state_sites_enter(self->state_sites, &body);
    if (out)
      put_body(self, &body, out);
    else
      count_slots(self, &body.code);
    if (body.code.problem) return report(&body.code, self->module, path, diags);
  }
  return bodies.in.problem ? report(&bodies.in, self->module, path, diags) : true;
}

/* --- the module */

/* In the order in which they stand in a module (§5.5.2); custom sections are left out. */
static const uint8_t section_order[] = {SECTION_TYPE,    SECTION_IMPORT,     SECTION_FUNCTION, SECTION_TABLE,
                                        SECTION_MEMORY,  SECTION_GLOBAL,     SECTION_EXPORT,   SECTION_START,
                                        SECTION_ELEMENT, SECTION_DATA_COUNT, SECTION_CODE,     SECTION_DATA};

/* The contents by id; of absent ones `at` is NULL. */
static void find_sections(const WasmModule *module, Str sections[static SECTION_COUNT])
{
  WasmReader in = wasm_reader(module->bytes);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  for (WasmSection section; wasm_read_section(&in, &section);) sections[section.id] = section.content;
}

/* A section that begins with a count: the entries, with `more` added to their number. */
static uint32_t put_counted(Buf *out, Str content, uint32_t more)
{
  WasmReader in = wasm_reader(content);
  uint32_t had = content.len ? wasm_read_u32(&in) : 0;
  wasm_put_u32(out, had + more);
  buf_str(out, (Str){in.at, (size_t)(in.end - in.at)});
  return had;
}

static void put_global(Buf *out, uint8_t type, int64_t value)
{
  buf_byte(out, (char)type);
  buf_byte(out, MUTABLE);
  put_constant(out, type == I64 ? OPCODE_I64_CONST : OPCODE_I32_CONST, value);
  put_op(out, OPCODE_END);
}

/* Fuel, as much as there is; or two operands a comparison, the states, a result a comparison, a counter a
 * block. */
static Str globals_with_new(const Instrumenter *self, Str content)
{
  Buf out = buf_in(self->arena);
  bool metered = self->variant == WASM_METERED;
  uint32_t wide = metered ? 1 : 2 * self->compare_slots + self->state_slots;
  uint32_t narrow = metered ? 0 : self->compare_slots + (uint32_t)self->blocks.len;
  put_counted(&out, content, wide + narrow);
  for (uint32_t i = 0; i < wide; i++) put_global(&out, I64, metered ? INT64_MAX : 0);
  for (uint32_t i = 0; i < narrow; i++) put_global(&out, I32, 0);
  return buf_text(&out);
}

static Str exports_with_new(const Instrumenter *self, Str content)
{
  Buf out = buf_in(self->arena);
  uint32_t operands = 2 * self->compare_slots, states = operands + self->state_slots;
  uint32_t counters = self->compare_slots + (uint32_t)self->blocks.len;
  const uint32_t covered[] = {states, states + counters - 1, 0, operands - 1, operands, states - 1};
  uint32_t count = self->variant == WASM_METERED ? 1 : sizeof covered / sizeof *covered;
  uint32_t had = put_counted(&out, content, count);
  for (uint32_t i = 0; i < count; i++) {
    wasm_put_name(&out, str_format(self->arena, "e%u", had + i));
    buf_byte(&out, WASM_GLOBAL);
    wasm_put_u32(&out, self->globals + (self->variant == WASM_METERED ? 0 : covered[i]));
  }
  return buf_text(&out);
}

static uint32_t count_globals(const WasmModule *module, Str content)
{
  WasmReader in = wasm_reader(content);
  uint32_t count = content.len ? wasm_read_u32(&in) : 0;
  for (uint32_t i = 0; i < module->import_count; i++) count += module->imports[i].kind == WASM_GLOBAL;
  return count;
}

bool wasm_instrument(Arena *arena, const WasmModule *module, Str path, WasmVariant variant, Instrumented *out,
                     Diags *diags)
{
  Str sections[SECTION_COUNT] = {{0}};
  Buf code = buf_in(arena), bytes = buf_in(arena);
  find_sections(module, sections);
  Instrumenter self = {
      .arena = arena, .module = module, .variant = variant, .compare_slots = 1, .state_slots = 1};
  self.lines = source_starts(arena, module);
  self.globals = count_globals(module, sections[SECTION_GLOBAL]);
  Str globals = sections[SECTION_GLOBAL];
  if (!walk_bodies(&self, globals, path, NULL, diags) || !walk_bodies(&self, globals, path, &code, diags))
    return false;
  if (variant == WASM_COVER && !self.blocks.len) vec_push(arena, &self.blocks, ((WasmSite){0}));
  if (variant != WASM_PLAIN) {
    sections[SECTION_GLOBAL] = globals_with_new(&self, sections[SECTION_GLOBAL]);
    sections[SECTION_EXPORT] = exports_with_new(&self, sections[SECTION_EXPORT]);
  }
  if (sections[SECTION_CODE].at) sections[SECTION_CODE] = buf_text(&code);
  buf_str(&bytes, str_slice(module->bytes, 0, WASM_HEADER_SIZE));
  for (size_t i = 0; i < sizeof section_order / sizeof *section_order; i++)
    if (sections[section_order[i]].at) wasm_put_section(&bytes, section_order[i], sections[section_order[i]]);
  *out = (Instrumented){buf_text(&bytes),
                        self.blocks.at,
                        (uint32_t)self.blocks.len,
                        self.compares.at,
                        (uint32_t)self.compares.len,
                        self.states,
                        self.lines.bits != NULL};
  return true;
}
