#include "runtime/guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/abi.h"
#include "runtime/guest_internal.h"
#include "runtime/instrument.h"

/* A start happens once, and is given more time than a call. */
enum { START_PATIENCE = 3 };

/* --- making and unmaking */

/* A guest that was freed, or a new one; its instance is zeroed. NULL when there is no memory left. */
static Guest *guest_take(Program *program)
{
  size_t size = program->module->instance_size;
  Guest *self = program->spare;
  if (self) {
    program->spare = self->next;
    memset(self->instance, 0, size);
    return self;
  }
  self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->head = calloc(1, sizeof *self->head + size);
  self->initial = malloc(size ? size : 1);
  self->program = program;
  self->scope.limit_ticks = program->limit_ticks;
  if (self->head) self->instance = self->head + 1;
  if (self->head && self->initial) return self;
  free(self->head);
  free(self->initial);
  free(self);
  return NULL;
}

/* A call that failed: says where, and that the guest is to be reset. */
static bool failed(Guest *self, Fault *fault)
{
  Str name = self->scope.place ? symbols_function(self->program->symbols, self->scope.place) : (Str){0};
  SourceLine line;
  snprintf(fault->function, sizeof fault->function, "%.*s", STR_ARG(name));
  fault->line[0] = '\0';
  if (self->scope.place && symbols_line(self->program->symbols, self->scope.place, &line))
    snprintf(fault->line, sizeof fault->line, "%.*s:%u", STR_ARG(line.file), line.line);
  self->broken = fault->kind;
  return false;
}

bool guest_run_core(Guest *self, AssayCall *call, const uint64_t *args, uint64_t *results, Fault *fault)
{
  if (__builtin_expect(trap_run(&self->scope, call, self->instance, args, results, fault), 1)) return true;
  return failed(self, fault);
}

static bool remember_tables(Guest *self)
{
  for (uint32_t i = 0; i < self->table_count; i++) {
    GuestTable *table = &self->tables[i];
    size_t size = (size_t)table->table->size * table->element_size;
    table->initial_size = table->table->size;
    table->initial = malloc(size ? size : 1);
    if (!table->initial) return false;
    memcpy(table->initial, table->table->data, size);
  }
  return true;
}

/* Finds what instrument.h added to the instance. */
static void find_added(Guest *self)
{
  const AssayModule *module = self->program->module;
  void *globals[6] = {0};
  module->added(self->instance, globals);
  if (module->variant == WASM_METERED) {
    self->fuel = globals[0];
    self->fuel_given = INT64_MAX;
  } else if (module->variant == WASM_COVER) {
    uint32_t operands = (uint32_t)((uint64_t *)globals[3] - (uint64_t *)globals[2]) + 1,
             results = operands / 2;
    self->counters = (GuestCounters){
        .blocks = (uint32_t *)globals[0] + results,
        .block_count = (uint32_t)((uint32_t *)globals[1] - (uint32_t *)globals[0]) + 1 - results,
        .operands = globals[2],
        .operand_count = operands,
        .results = globals[0],
        .result_count = results,
        .states = globals[4],
        .state_count = (uint32_t)((uint64_t *)globals[5] - (uint64_t *)globals[4]) + 1,
    };
  }
}

static bool start(Guest *self, Fault *fault)
{
  Program *program = self->program;
  find_added(self);
  self->scope.limit_ticks = START_PATIENCE * program->limit_ticks;
  bool started = guest_run_core(self, program->module->instantiate, NULL, NULL, fault) &&
                 (!program->initialize || guest_run_core(self, program->initialize, NULL, NULL, fault));
  self->scope.limit_ticks = program->limit_ticks;
  return started;
}

/* Those that answer its imports, before itself: it may call them from the start. */
static bool start_all(Guest *self, Fault *fault)
{
  const Program *program = self->program;
  self->root = self;
  if (program->other_count) self->others = calloc(program->other_count, sizeof(Guest *));
  if (program->other_count && !self->others) return false;
  for (uint32_t i = 0; i < program->other_count; i++) {
    Guest *other = self->others[i] = guest_take(program->others[i]);
    if (!other) return false;
    Fault cause = {0};
    other->root = self;
    if (!start(other, &cause)) return guest_fault_of_other(other, &cause, fault);
  }
  return start(self, fault);
}

/* What guest_reset goes back to. */
static bool remember(Guest *self)
{
  for (uint32_t i = 0; i < self->program->other_count; i++)
    if (!remember(self->others[i])) return false;
  if (!remember_tables(self) || !handles_assign(&self->initial_handles, &self->handles)) return false;
  memcpy(self->initial, self->instance, self->program->module->instance_size);
  snapshot_take(&self->program->snapshot, self);
  return true;
}

Guest *guest_new(Program *program, Fault *fault)
{
  Guest *self = guest_take(program);
  if (self && start_all(self, fault) && remember(self)) return self;
  fault_set(fault, FAULT_MEMORY_LIMIT, "the system has no more");
  guest_free(self);
  return NULL;
}

uint32_t program_call_ms(const Program *self)
{
  return self->limit_ticks * TRAP_TICK_MS;
}

void guest_limit_calls(Guest *self, uint32_t call_ms)
{
  uint32_t ticks = (uint32_t)(((uint64_t)call_ms + TRAP_TICK_MS - 1) / TRAP_TICK_MS);
  self->scope.limit_ticks = call_ms ? ticks : self->program->limit_ticks;
}

static void free_others(Guest *self)
{
  for (uint32_t i = 0; self->others && i < self->program->other_count; i++) guest_free(self->others[i]);
  free(self->others);
  if (self->passing) arena_free(self->passing);
}

void guest_free(Guest *self)
{
  if (!self) return;
  Program *program = self->program;
  free_others(self);
  for (uint32_t i = 0; i < self->table_count; i++) {
    free(self->tables[i].table->data);
    free(self->tables[i].initial);
  }
  free(self->tables);
  handles_release(&self->handles);
  handles_release(&self->initial_handles);
  handles_release(&self->held);
  region_give(&program->regions, self->region);
  *self = (Guest){.scope.limit_ticks = program->limit_ticks,
                  .program = program,
                  .head = self->head,
                  .instance = self->instance,
                  .initial = self->initial,
                  .next = program->spare};
  program->spare = self;
}

/* The instance's bytes include the tables' headers: their elements may have moved since. */
static void restore_instance(Guest *self)
{
  for (uint32_t i = 0; i < self->table_count; i++) {
    GuestTable *table = &self->tables[i];
    memcpy(table->table->data, table->initial, (size_t)table->initial_size * table->element_size);
    AssayTable *before =
        (AssayTable *)(void *)((char *)self->initial + ((char *)table->table - (char *)self->instance));
    self->table_bytes -= (uint64_t)(table->table->size - table->initial_size) * table->element_size;
    before->data = table->table->data;
  }
  memcpy(self->instance, self->initial, self->program->module->instance_size);
}

bool guest_reset(Guest *self, Fault *fault)
{
  for (uint32_t i = 0; self->others && i < self->program->other_count; i++)
    if (!guest_reset(self->others[i], fault)) return false;
  if (self->passing) arena_free(self->passing);
  self->passing = NULL;
  self->is_called = false;
  restore_instance(self);
  if (!handles_assign(&self->handles, &self->initial_handles))
    return fault_set(fault, FAULT_MEMORY_LIMIT, "the system has no more");
  handles_assign(&self->held, &(HandleTable){0});
  self->borrowed = 0;
  if (!snapshot_restore(&self->program->snapshot, self))
    return fault_set(fault, FAULT_MEMORY_LIMIT, "the system refused to take memory back");
  self->broken = FAULT_NONE;
  self->refusal = REFUSED_NOTHING;
  self->phase = PHASE_CALL;
  self->fuel_given = INT64_MAX;
  return true;
}

void guest_set_fuel(Guest *self, uint64_t fuel)
{
  self->fuel_given = fuel > INT64_MAX ? INT64_MAX : (int64_t)fuel;
  *self->fuel = self->fuel_given;
}

uint64_t guest_cost(const Guest *self)
{
  return (uint64_t)self->fuel_given - (uint64_t)*self->fuel;
}

GuestCounters guest_counters(const Guest *self)
{
  return self->counters;
}

uint64_t guest_memory_size(const Guest *self)
{
  return self->memory ? self->memory->size : 0;
}

uint64_t guest_memory_reach(const Guest *self)
{
  enum { LARGE = 16 << 20, STEP = sizeof(uint64_t) };
  uint64_t at = guest_memory_size(self), word;
  if (at > LARGE) return at;
  for (; at >= STEP; at -= STEP) {
    memcpy(&word, self->memory->data + at - STEP, sizeof word);
    if (word) break;
  }
  return at;
}

Refusal guest_refusal(const Guest *self)
{
  Refusal worst = self->refusal;
  for (uint32_t i = 0; self->others && i < self->program->other_count; i++) {
    Refusal other = guest_refusal(self->others[i]);
    if (other > worst) worst = other;
  }
  return worst;
}

/* --- calls */

static void memory_view(const Guest *self, AbiMemory *view)
{
  bool has = self->memory && self->program->has_memory;
  view->bytes = has ? self->memory->data : NULL;
  view->size = has ? self->memory->size : 0;
}

/* AbiMemory.realloc */
static bool guest_realloc(AbiMemory *view, uint32_t align, uint32_t size, uint32_t *pointer, Fault *fault)
{
  Guest *self = view->context;
  uint64_t args[4] = {0, 0, align, size}, result = 0;
  self->phase = PHASE_REALLOC;
  if (!guest_run_core(self, self->program->realloc, args, &result, fault)) return false;
  self->phase = PHASE_CALL;
  memory_view(self, view);
  *pointer = (uint32_t)result;
  return true;
}

void guest_take_block(Guest *self, uint32_t bytes)
{
  AbiMemory view = {.context = self};
  Fault fault = {0};
  uint32_t pointer;
  if (!self->program->realloc || self->broken) return;
  if (!guest_realloc(&view, 1, bytes, &pointer, &fault)) guest_reset(self, &fault);
}

void guest_open_memory(Guest *self, Program *naming, AbiMemory *view)
{
  memory_view(self, view);
  view->realloc = self->program->realloc ? guest_realloc : NULL;
  view->lower_handle = guest_lower_handle;
  view->lift_handle = guest_lift_handle;
  view->context = self;
  view->naming = naming;
  view->strings = self->program->fit->strings;
  view->block_count = 0;
  view->lifted = 0;
}

static const Callee *callee_of(const Guest *self, const Function *function)
{
  return &self->program->callees[function->index];
}

static bool still_broken(const Guest *self, Fault *fault)
{
  return fault_set(fault, self->broken, "in an earlier call; the instance was not reset");
}

/* A fault of the Canonical ABI leaves the guest no better than a trap does. */
static bool break_guest(Guest *self, const Fault *fault)
{
  self->broken = fault->kind;
  return false;
}

static bool lower(Guest *self, const Callee *callee, const Function *function, const Value *args,
                  uint64_t *core, Fault *fault)
{
  if (self->broken) return still_broken(self, fault);
  if (callee->lower.is_direct) {
    plan_lower(&callee->lower, args, core);
    return true;
  }
  if (!callee->call) return fault_set(fault, FAULT_UNSUPPORTED, "%.*s", STR_ARG(function->name));
  AbiMemory view;
  guest_open_memory(self, self->program, &view);
  return abi_lower_params_as(&view, function, &callee->signature, args, core, fault) ||
         break_guest(self, fault);
}

static bool lift(Guest *self, const Callee *callee, const Function *function, const uint64_t *core,
                 Arena *arena, Value *result, Fault *fault)
{
  if (!guest_end_loans(self, fault)) return break_guest(self, fault);
  if (callee->lift.is_scalar) {
    if (!plan_lift(&callee->lift, core[0], result, fault)) return break_guest(self, fault);
  } else if (function->result) {
    AbiMemory view;
    guest_open_memory(self, self->program, &view);
    if (!abi_lift_result_as(&view, arena, function, &callee->signature, core, result, fault))
      return break_guest(self, fault);
  }
  if (!callee->post_return) return true;
  self->phase = PHASE_POST_RETURN;
  uint64_t none[1];
  if (!guest_run_core(self, callee->post_return, core, none, fault)) return false;
  self->phase = PHASE_CALL;
  return true;
}

bool guest_call(Guest *self, const Function *function, const Value *args, Arena *arena, Value *result,
                Fault *fault)
{
  const Callee *callee = callee_of(self, function);
  uint64_t core[FLAT_PARAMS_MAX], results[FLAT_RESULTS_MAX];
  return lower(self, callee, function, args, core, fault) &&
         guest_run_core(self, callee->call, core, results, fault) &&
         lift(self, callee, function, results, arena, result, fault);
}

bool guest_prepare(Guest *self, const Function *function, const Value *args, PreparedCall *out, Fault *fault)
{
  if (!lower(self, callee_of(self, function), function, args, out->core, fault)) return false;
  if (!self->borrowed) return guest_end_loans(self, fault);
  fault_set(fault, FAULT_UNSUPPORTED, "%.*s borrows another's resource", STR_ARG(function->name));
  return break_guest(self, fault);
}

bool guest_run(Guest *self, const Function *function, PreparedCall *calls, size_t count, Fault *fault)
{
  if (self->broken) return still_broken(self, fault);
  if (!count) return true;
  if (trap_run_all(&self->scope, callee_of(self, function)->call, self->instance, calls->core, calls->result,
                   sizeof *calls, count, fault))
    return true;
  return failed(self, fault);
}

bool guest_finish(Guest *self, const Function *function, const PreparedCall *call, Arena *arena,
                  Value *result, Fault *fault)
{
  if (self->broken) return still_broken(self, fault);
  return lift(self, callee_of(self, function), function, call->result, arena, result, fault);
}
