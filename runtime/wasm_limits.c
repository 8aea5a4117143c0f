#include "runtime/wasm_limits.h"

#include "runtime/function_names.h"
#include "runtime/wasm_code.h"

/* Constructs that are open: of an `if` the lowest bit is set. */
typedef struct Nesting {
  uint8_t open[WASM_BLOCKS_MAX];
  uint32_t blocks, ifs;
} Nesting;

static const char *open_construct(Nesting *self, bool is_if)
{
  if (self->blocks == WASM_BLOCKS_MAX) return "has more than 10,000 blocks inside one another";
  if (is_if && self->ifs == WASM_IFS_MAX) return "has more than 1,000 `if`s inside one another";
  self->open[self->blocks++] = is_if;
  self->ifs += is_if;
  return NULL;
}

static void close_construct(Nesting *self)
{
  if (self->blocks) self->ifs -= self->open[--self->blocks];
}

/* The number of a br_table's labels, without the last. */
static uint32_t label_count(const WasmInstruction *instruction)
{
  WasmReader in = wasm_reader(instruction->bytes);
  wasm_read_byte(&in);
  return wasm_read_u32(&in);
}

/* What is too much in it; NULL: nothing. */
static const char *instructions_excess(WasmReader *code, Nesting *nesting)
{
  const char *excess = NULL;
  nesting->blocks = nesting->ifs = 0;
  for (WasmInstruction it; !excess && wasm_next_instruction(code, &it);) {
    switch ((int)it.opcode) {
    case OPCODE_BLOCK:
    case OPCODE_LOOP: excess = open_construct(nesting, false); break;
    case OPCODE_IF: excess = open_construct(nesting, true); break;
    case OPCODE_END: close_construct(nesting); break;
    case OPCODE_BR_TABLE:
      if (label_count(&it) > WASM_LABELS_MAX) excess = "has a br_table with more than 65,520 labels";
      break;
    default: break;
    }
  }
  return excess;
}

static const char *type_excess(const WasmType *type)
{
  if (type->param_count > WASM_PARAMS_MAX) return "has more than 1,000 parameters";
  return type->result_count > WASM_PARAMS_MAX ? "has more than 1,000 results" : NULL;
}

static bool refuse(Arena *arena, const WasmModule *module, Str path, uint32_t function, const char *excess,
                   Diags *diags)
{
  FunctionNames names = function_names(arena, module);
  Diag *diag = diag_error(diags, DIAG_UNSUPPORTED, SPAN_NONE,
                          "%.*s is too large for the compiler: its function `%.*s` %s", STR_ARG(path),
                          STR_ARG(function_name(&names, function)), excess);
  diag_note(diags, diag, SPAN_NONE, "split the function, or build without inlining");
  return false;
}

bool wasm_check_limits(Arena *arena, const WasmModule *module, Str path, Diags *diags)
{
  if (module->function_count > WASM_FUNCTIONS_MAX) {
    diag_error(diags, DIAG_UNSUPPORTED, SPAN_NONE,
               "%.*s is too large for the compiler: it has %u functions, and at most %d can be compiled",
               STR_ARG(path), module->function_count, (int)WASM_FUNCTIONS_MAX);
    return false;
  }
  for (uint32_t i = 0; i < module->function_count; i++) {
    const char *excess = type_excess(wasm_function_type(module, i));
    if (excess) return refuse(arena, module, path, i, excess, diags);
  }
  Nesting *nesting = arena_new_of(arena, Nesting);
  WasmBodies bodies = wasm_bodies(module);
  for (WasmBody body; wasm_next_body(&bodies, module, &body);) {
    const char *excess = NULL;
    if (body.code.end - body.code.start > WASM_BODY_MAX) excess = "has more than 7,654,321 bytes";
    if (!excess) excess = instructions_excess(&body.code, nesting);
    if (excess) return refuse(arena, module, path, body.function, excess, diags);
  }
  if (bodies.in.problem != wasm_too_many_locals) return true;
  return refuse(arena, module, path, module->imported_function_count + bodies.next - 1, wasm_too_many_locals,
                diags);
}
