/* What a call costs (docs/metering.md): against an interpreter's trace, across compilers, and where it traps.
 */
#include <stdlib.h>

#include "ifc/base/file.h"
#include "ifc/base/process.h"
#include "runtime/wasm_code.h"
#include "tests/unit/runtime/modules.h"

typedef struct OpcodeRow {
  const char *text;
  WasmOpcode opcode;
} OpcodeRow;

static const OpcodeRow opcodes[] = {
#define OPCODE(code, name, text, immediate, weight) {text, OPCODE_##name},
#include "runtime/opcodes.def"
};
enum { OPCODE_COUNT = sizeof opcodes / sizeof *opcodes };

static const OpcodeRow *opcode_named(Str text)
{
  for (size_t i = 0; i < OPCODE_COUNT; i++)
    if (str_equal(str_from_z(opcodes[i].text), text)) return &opcodes[i];
  return NULL;
}

/* --- the page and the table say the same */

static size_t check_weight_line(Str line, uint32_t weight)
{
  size_t names = 0;
  for (size_t tick; (tick = str_find(line, STR("`"))) != SIZE_MAX; names++) {
    line = str_slice(line, tick + 1, line.len);
    size_t end = str_find(line, STR("`"));
    const OpcodeRow *row = opcode_named(str_slice(line, 0, end));
    assert_non_null(row);
    assert_int_equal(wasm_opcode_weight(row->opcode), weight);
    line = str_slice(line, end + 1, line.len);
  }
  return names;
}

static void the_page_lists_every_instruction_with_its_weight(void **state)
{
  Diags diags = diags_in(*state);
  Str page, rest;
  assert_true(file_read(*state, STR("docs/metering.md"), SIZE_MAX, &page, &diags));
  rest = str_slice(page, str_find(page, STR("| --- | --- |")), page.len);
  size_t names = 0;
  while (rest.len) {
    size_t end = str_find(rest, STR("\n"));
    Str line = str_slice(rest, 0, end);
    rest = str_slice(rest, end == SIZE_MAX ? rest.len : end + 1, rest.len);
    if (!str_starts_with(line, STR("| ")) || str_starts_with(line, STR("| -"))) continue;
    names += check_weight_line(line, (uint32_t)strtoul(line.at + 2, NULL, 10));
  }
  assert_int_equal(names, OPCODE_COUNT - 1); /* `select` has two codes */
}

/* --- an interpreter's trace */

/* Code without `else`, `return` and branches right behind `if`, so that it is plain which instruction each
 * line of a trace belongs to. */
static const char items[] =
    "factorial: func(n: u32) -> u32; primes: func(n: u32) -> u32; mixed: func(n: u32) -> u32;"
    "switch: func(n: u32) -> u32; calls: func(n: u32) -> u32; floats: func(n: u32) -> u32;";
static const char functions[] =
    "(memory (export \"memory\") 1) (table 2 funcref) (elem (i32.const 0) $double $square)"
    "(type $unary (func (param i32) (result i32))) (global $g (mut i32) (i32.const 3))"
    "(func $double (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))"
    "(func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))"
    "(func $factorial (export \"t:t/i#factorial\") (param i32) (result i32) (local i64)"
    "  (local.set 1 (i64.const 1))"
    "  (block (loop (br_if 1 (i32.eqz (local.get 0)))"
    "    (local.set 1 (i64.mul (local.get 1) (i64.extend_i32_u (local.get 0))))"
    "    (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0))) (i32.wrap_i64 (local.get 1)))"
    "(func $primes (export \"t:t/i#primes\") (param i32) (result i32) (local i32 i32 i32)"
    "  (local.set 1 (i32.const 2))"
    "  (loop (local.set 2 (i32.const 2))"
    "    (block (loop (br_if 1 (i32.gt_u (i32.mul (local.get 2) (local.get 2)) (local.get 1)))"
    "      (br_if 1 (i32.eqz (i32.rem_u (local.get 1) (local.get 2))))"
    "      (local.set 2 (i32.add (local.get 2) (i32.const 1))) (br 0)))"
    "    (if (i32.gt_u (i32.mul (local.get 2) (local.get 2)) (local.get 1))"
    "      (then (local.set 3 (i32.add (local.get 3) (i32.const 1)))))"
    "    (local.set 1 (i32.add (local.get 1) (i32.const 1)))"
    "    (br_if 0 (i32.lt_u (local.get 1) (local.get 0)))) (local.get 3))"
    "(func $mixed (export \"t:t/i#mixed\") (param i32) (result i32)"
    "  (memory.fill (i32.const 8) (local.get 0) (i32.const 100))"
    "  (memory.copy (i32.const 200) (i32.const 8) (i32.const 71))"
    "  (i64.store (i32.const 16) (i64.load16_s (i32.const 204)))"
    "  (global.set $g (i32.add (global.get $g) (i32.popcnt (i32.load offset=4 (i32.const 12)))))"
    "  (if (i32.lt_u (local.get 0) (i32.const 50)) (then (drop (memory.grow (i32.const 1)))))"
    "  (select (global.get $g) (memory.size) (local.get 0)))"
    "(func $switch (export \"t:t/i#switch\") (param i32) (result i32)"
    "  (block (block (block (br_table 0 1 2 1 (local.get 0))) (local.set 0 (i32.const 7)))"
    "    (local.set 0 (i32.rotl (local.get 0) (i32.const 9))))"
    "  (i32.clz (local.get 0)))"
    "(func $calls (export \"t:t/i#calls\") (param i32) (result i32)"
    "  (i32.add (call $double (local.get 0))"
    "    (call_indirect (type $unary) (local.get 0) (i32.and (local.get 0) (i32.const 1)))))"
    "(func $floats (export \"t:t/i#floats\") (param i32) (result i32)"
    "  (i32.trunc_sat_f64_u (f64.sqrt (f64.div (f64.convert_i32_u (local.get 0)) (f64.const 0.3)))))";

/* The last operand of a line such as "memory.copy $0, $0, 200, 8, 71". */
static uint64_t last_operand(Str text)
{
  size_t at = str_find_last(text, ' ');
  return strtoul(str_slice(text, at + 1, text.len).at, NULL, 10);
}

/* What the line's instruction costs by the page; the interpreter's own ones, and the `return` at the end of
 * every function, cost nothing. */
static uint64_t line_cost(Str text)
{
  Str name = str_slice(text, 0, str_find(text, STR(" ")));
  if (str_equal(name, STR("return"))) return 0;
  if (str_equal(name, STR("br_unless"))) name = STR("br_if");
  const OpcodeRow *row = opcode_named(name);
  if (!row) return 0;
  uint64_t cost = wasm_opcode_weight(row->opcode);
  if (row->opcode == OPCODE_MEMORY_FILL || row->opcode == OPCODE_MEMORY_COPY) cost += last_operand(text) / 8;
  return cost;
}

/* Sums the lines below the outermost function. A `br` that follows the jump of a taken `br_if` or of a
 * `br_table` is the interpreter's own. */
static uint64_t trace_cost(Str trace)
{
  uint64_t cost = 0;
  bool jumps = false;
  for (size_t bar; (bar = str_find(trace, STR("| "))) != SIZE_MAX;) {
    Str line = str_slice(trace, 0, str_find(trace, STR("\n")));
    Str text = str_slice(trace, bar + 2, line.len);
    trace = str_slice(trace, line.len + 1, trace.len);
    if (str_starts_with(text, STR("drop_keep")) || str_starts_with(text, STR("catch_drop"))) continue;
    bool own = jumps && str_starts_with(text, STR("br @"));
    jumps = str_starts_with(text, STR("br_table")) ||
            (str_starts_with(text, STR("br_unless")) && last_operand(text) != 0);
    if (!own && !str_starts_with(line, STR("#0."))) cost += line_cost(text);
  }
  return cost;
}

static uint64_t interpreted_cost(Arena *arena, const char *function, uint32_t argument)
{
  Diags diags = diags_in(arena);
  ProcessResult result;
  Str wat = str_format(arena, "(module %s (func (export \"run\") (drop (call $%s (i32.const %u)))))",
                       functions, function, argument);
  modules_wasm(arena, str_to_z(arena, wat));
  Str path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), STR("module.wasm"));
  const char *argv[] = {"wasm-interp", str_to_z(arena, path), "--run-all-exports", "--trace", NULL};
  ProcessOptions options = {.argv = argv, .output_limit = 1 << 26};
  assert_true(process_run(arena, &options, &result, &diags));
  size_t run = str_find(result.output, STR("running export \"run\":\n"));
  assert_true(run != SIZE_MAX);
  Str trace = str_slice(result.output, run, result.output.len);
  return trace_cost(str_slice(trace, str_find(trace, STR("\n")) + 1, trace.len));
}

/* --- metered programs */

typedef struct Compiler {
  const char *name, *optimisation;
} Compiler;

static const Compiler compilers[] = {{"clang", "-O2"}, {"clang", "-O0"}, {"clang", "-O1"},
                                     {"gcc", "-O0"},   {"gcc", "-O1"},   {"gcc", "-O2"}};
enum { COMPILER_COUNT = sizeof compilers / sizeof *compilers };

static Loaded *load_metered(Arena *arena, const char *interface_items, const char *wat, Compiler compiler)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  AotOptions options = {
      .variant = WASM_METERED, .compiler = compiler.name, .optimisation = compiler.optimisation};
  self->interface = modules_interface(arena, interface_items);
  self->module = modules_read(arena, wat);
  bool fine = implementation_fit(arena, &self->module, STR("m.wasm"), self->interface, &self->fit, &diags) &&
              aot_compile(arena, &self->module, STR("m.wasm"), &options, &self->object, &diags) &&
              (self->program = program_open(arena, self->object, &self->fit, NULL, &diags));
  modules_show(&diags);
  assert_true(fine);
  return self;
}

typedef struct Outcome {
  FaultKind fault;
  uint64_t cost;
} Outcome;

static Outcome run(Arena *arena, const Loaded *self, const char *function, uint32_t argument, uint64_t fuel)
{
  Fault fault = {0};
  Guest *guest = modules_guest(self);
  Value value = value_u64(argument), result;
  guest_set_fuel(guest, fuel);
  guest_call(guest, modules_function(self, function), &value, arena, &result, &fault);
  Outcome outcome = {fault.kind, guest_cost(guest)};
  guest_free(guest);
  return outcome;
}

static const char *whole(Arena *arena, const char *content)
{
  return str_to_z(arena, str_format(arena, "(module %s)", content));
}

static void cost_is_the_sum_of_the_weights_of_what_is_executed(void **state)
{
  static const char *const names[] = {"factorial", "primes", "mixed", "switch", "calls", "floats"};
  static const uint32_t arguments[] = {0, 1, 2, 3, 12, 60};
  const Loaded *self = load_metered(*state, items, whole(*state, functions), compilers[0]);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    for (size_t k = 0; k < sizeof arguments / sizeof *arguments; k++) {
      Outcome outcome = run(*state, self, names[i], arguments[k], UINT64_MAX);
      assert_int_equal(outcome.fault, FAULT_NONE);
      assert_int_equal(outcome.cost, interpreted_cost(*state, names[i], arguments[k]));
    }
  }
  program_close(self->program);
}

/* Each trap happens in the middle of a block, after n rounds of a loop. */
static const char trap_items[] =
    "loads: func(n: u32) -> u32; stores: func(n: u32) -> u32; divides: func(n: u32) -> u32;"
    "overflows: func(n: u32) -> u32; converts: func(n: u32) -> u32; ends: func(n: u32) -> u32;"
    "empty: func(n: u32) -> u32; deep: func(n: u32) -> u32; fills: func(n: u32) -> u32;";
static const char trap_functions[] =
    "(memory (export \"memory\") 2 2) (table 1 funcref) (type $unary (func (param i32) (result i32)))"
    "(func (export \"t:t/i#loads\") (param i32) (result i32) (local i32)"
    "  (loop (local.set 1 (i32.add (local.get 1) (i32.load (local.get 0))))"
    "    (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
    "    (br_if 0 (i32.lt_u (local.get 0) (i32.const 0x7fffffff)))) (local.get 1))"
    "(func (export \"t:t/i#stores\") (param i32) (result i32)"
    "  (loop (i32.store (local.get 0) (i32.const 5))"
    "    (local.set 0 (i32.add (local.get 0) (i32.const 4)))"
    "    (br_if 0 (i32.lt_u (local.get 0) (i32.const 0x7fffffff)))) (local.get 0))"
    "(func (export \"t:t/i#divides\") (param i32) (result i32) (local i32)"
    "  (loop (local.set 1 (i32.add (local.get 1) (i32.div_u (i32.const 1000) (local.get 0))))"
    "    (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)) (local.get 1))"
    "(func (export \"t:t/i#overflows\") (param i32) (result i32) (local i32)"
    "  (loop (local.set 1 (i32.div_s (i32.const 0x80000000) (i32.sub (local.get 0) (i32.const 1))))"
    "    (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)) (local.get 1))"
    "(func (export \"t:t/i#converts\") (param i32) (result i32) (local f64 i32) (local.set 1 (f64.const 1))"
    "  (loop (local.set 2 (i32.xor (local.get 2) (i32.trunc_f64_s (local.get 1))))"
    "    (local.set 1 (f64.mul (local.get 1) (f64.const 1.5))) (br 0)) (local.get 2))"
    "(func (export \"t:t/i#ends\") (param i32) (result i32)"
    "  (loop (if (i32.eqz (local.get 0)) (then unreachable))"
    "    (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br 0)) (local.get 0))"
    "(func (export \"t:t/i#empty\") (param i32) (result i32)"
    "  (call_indirect (type $unary) (local.get 0) (i32.const 0)))"
    "(func $deep (export \"t:t/i#deep\") (param i32) (result i32)"
    "  (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (i32.load (i32.const 8))))"
    "(func (export \"t:t/i#fills\") (param i32) (result i32)"
    "  (loop (memory.fill (local.get 0) (i32.const 1) (i32.const 80))"
    "    (local.set 0 (i32.add (local.get 0) (i32.const 80))) (br 0)) (local.get 0))";

typedef struct TrapCase {
  const char *function;
  uint32_t argument;
  FaultKind fault;
  uint64_t cost; /* rounds times the block's weights, from the page */
} TrapCase;

/* A round of loads: load 2, add 1, add 1, lt_u 1, br_if 1. Two pages of four bytes are 32,768 rounds. */
static const TrapCase traps[] = {
    {"loads", 0, FAULT_OUT_OF_BOUNDS, UINT64_C(32769) * 6},
    {"loads", 131068, FAULT_OUT_OF_BOUNDS, 2 * 6},
    {"stores", 0, FAULT_OUT_OF_BOUNDS, UINT64_C(32769) * 5},
    {"divides", 40, FAULT_DIVIDE_BY_ZERO, 41 * (16 + 1 + 1 + 1)},
    {"overflows", 9, FAULT_DIVIDE_BY_ZERO, 9 * (1 + 16 + 1 + 1)},
    {"overflows", 0, FAULT_INTEGER_OVERFLOW, 1 + 16 + 1 + 1},
    /* 1.5 to the power of 53 is the first beyond 2^31. */
    {"converts", 0, FAULT_INTEGER_OVERFLOW, 54 * (4 + 1 + 2 + 1)},
    {"ends", 7, FAULT_UNREACHABLE, 7 * (1 + 1 + 1 + 1) + 2},
    {"empty", 0, FAULT_INDIRECT_CALL, 8},
    /* 80 bytes are ten units beside the weight of 8; the 1,639th fill reaches beyond 131,072 bytes. */
    {"fills", 0, FAULT_OUT_OF_BOUNDS, UINT64_C(1639) * (8 + 10 + 1 + 1)},
};

static void traps_cost_what_was_entered_with_every_compiler(void **state)
{
  for (size_t i = 0; i < COMPILER_COUNT; i++) {
    const Loaded *self = load_metered(*state, trap_items, whole(*state, trap_functions), compilers[i]);
    for (size_t k = 0; k < sizeof traps / sizeof *traps; k++) {
      Outcome outcome = run(*state, self, traps[k].function, traps[k].argument, UINT64_MAX);
      assert_int_equal(outcome.fault, traps[k].fault);
      assert_int_equal(outcome.cost, traps[k].cost);
    }
    program_close(self->program);
  }
}

static void every_compiler_counts_the_same(void **state)
{
  static const char *const names[] = {"factorial", "primes", "mixed", "switch", "calls", "floats"};
  uint64_t first[6] = {0};
  for (size_t i = 0; i < COMPILER_COUNT; i++) {
    const Loaded *self = load_metered(*state, items, whole(*state, functions), compilers[i]);
    for (size_t k = 0; k < 6; k++) {
      uint64_t cost = run(*state, self, names[k], 5000, UINT64_MAX).cost;
      if (!i) first[k] = cost;
      assert_int_equal(cost, first[k]);
    }
    program_close(self->program);
  }
}

static void without_fuel_nothing_goes_on_for_ever(void **state)
{
  static const char endless[] =
      "(memory (export \"memory\") 1)"
      "(func (export \"t:t/i#spin\") (param i32) (result i32) (loop (br 0)) (i32.const 0))"
      "(func $deep (export \"t:t/i#deep\") (param i32) (result i32) (call $deep (local.get 0)))";
  const Loaded *self = load_metered(*state, "spin: func(n: u32) -> u32; deep: func(n: u32) -> u32;",
                                    whole(*state, endless), compilers[0]);
  /* `br` costs 1, `call` 4; a check is passed with 0 left, and not with less. */
  Outcome spin = run(*state, self, "spin", 0, 1000), deep = run(*state, self, "deep", 0, 1001);
  assert_int_equal(spin.fault, FAULT_OUT_OF_FUEL);
  assert_int_equal(spin.cost, 1001);
  assert_int_equal(deep.fault, FAULT_OUT_OF_FUEL);
  assert_int_equal(deep.cost, 1004);
  assert_int_equal(run(*state, self, "deep", 0, UINT64_MAX).fault, FAULT_STACK_EXHAUSTED);
  program_close(self->program);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(the_page_lists_every_instruction_with_its_weight),
      TEST(cost_is_the_sum_of_the_weights_of_what_is_executed),
      TEST(traps_cost_what_was_entered_with_every_compiler),
      TEST(every_compiler_counts_the_same),
      TEST(without_fuel_nothing_goes_on_for_ever),
  };
  return cmocka_run_group_tests(tests, modules_make_home, modules_remove_home);
}
