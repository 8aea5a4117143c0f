#include "runtime/guest_internal.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "ifc/base/diag.h"
#include "ifc/base/vec.h"

enum { DEFAULT_CALL_MS = 2000, DEFAULT_PAGES = 16384 };

/* The object's handle; NULL with a diagnostic. */
static void *load(Arena *arena, Str object, const AssayModule **module, Diags *diags)
{
  void *handle = dlopen(str_to_z(arena, object), RTLD_NOW | RTLD_LOCAL);
  *module = handle ? dlsym(handle, "assay_module") : NULL;
  if (*module && (*module)->version == ASSAY_TABLE_VERSION) return handle;
  const char *error = *module ? "it was made by another version of this program" : dlerror();
  diag_error(diags, DIAG_SYSTEM, SPAN_NONE, "cannot load the compiled module %.*s: %s", STR_ARG(object),
             error);
  if (handle) dlclose(handle);
  return NULL;
}

/* The trampoline of export `index`; NULL where there is none. */
static AssayCall *trampoline(const AssayModule *module, int32_t index)
{
  return index >= 0 && (uint32_t)index < module->export_count ? module->calls[index] : NULL;
}

static const Callee *make_callees(Arena *arena, const AssayModule *module, const Fit *fit)
{
  uint32_t count = fit->interface->function_count;
  Callee *callees = arena_array_of(arena, Callee, count);
  for (uint32_t i = 0; i < count; i++) {
    const Function *function = &fit->interface->functions[i];
    callees[i].call = trampoline(module, fit->functions[i]);
    callees[i].post_return = trampoline(module, fit->post_returns[i]);
    callees[i].signature = function_export_signature(function);
    callees[i].lower = lower_plan(function);
    callees[i].lift = lift_plan(function);
    if (callees[i].call) continue;
    if (fit->functions[i] != EXPORT_NONE) return NULL;
    callees[i].lower.is_direct = false; /* the way to an error is not the shortest */
  }
  return callees;
}

static Program *open_one(Arena *arena, Str object, const Fit *fit, const GuestLimits *limits, Diags *diags)
{
  GuestLimits chosen = limits ? *limits : (GuestLimits){0};
  const AssayModule *module;
  void *handle = load(arena, object, &module, diags);
  if (!handle || !trap_setup(diags)) return NULL;
  const Callee *callees = make_callees(arena, module, fit);
  if (!callees) {
    diag_error(diags, DIAG_MODULE, SPAN_NONE, "the compiled module %.*s is not the one that was fitted",
               STR_ARG(object));
    return NULL;
  }
  Program *self = arena_new_of(arena, Program);
  self->object = handle;
  self->module = module;
  self->fit = fit;
  self->callees = callees;
  self->realloc = trampoline(module, fit->realloc);
  self->initialize = trampoline(module, fit->initialize);
  self->has_memory = fit->memory != EXPORT_NONE;
  self->limit_pages = chosen.memory_pages ? chosen.memory_pages : DEFAULT_PAGES;
  self->limit_ticks = ((chosen.call_ms ? chosen.call_ms : DEFAULT_CALL_MS) + TRAP_TICK_MS - 1) / TRAP_TICK_MS;
  self->symbols = symbols_open(arena, object, module, fit->module);
  self->resources = program_make_resources(arena, self);
  module->bind(&guest_host);
  return self;
}

/* Programs that answer the imports of others, each behind those that it needs itself. */
typedef VEC(Program *) Programs;

static Program *find_program(const Programs *programs, const Fit *fit)
{
  for (size_t i = 0; i < programs->len; i++)
    if (programs->at[i]->fit == fit) return programs->at[i];
  return NULL;
}

/* Fuel and cost are for all together. */
static bool counts_as(const Program *self, const Program *answer, const FitNeed *need, Diags *diags)
{
  if (self->module->variant != WASM_METERED || answer->module->variant == WASM_METERED) return true;
  diag_error(diags, DIAG_SYSTEM, SPAN_NONE, "%.*s does not count its cost, and who calls it does",
             STR_ARG(need->provider->path));
  return false;
}

/* Implementations need only such as were loaded before them, so this ends. */
static bool open_answers(Arena *arena, Program *self, Programs *others, const GuestLimits *limits,
                         Diags *diags)
{
  const Fit *fit = self->fit;
  self->answers = arena_array_of(arena, Program *, fit->need_count);
  for (uint32_t i = 0; i < fit->need_count; i++) {
    const FitNeed *need = &fit->needs[i];
    if (!need->provider) continue;
    Program *answer = find_program(others, &need->provider->fit);
    if (!answer) {
      answer = open_one(arena, need->object, &need->provider->fit, limits, diags);
      if (!answer) return false;
      answer->together = self->together;
      answer->label = need->provider->label;
      if (!counts_as(self, answer, need, diags) || !open_answers(arena, answer, others, limits, diags)) {
        program_close(answer);
        return false;
      }
      answer->slot = (uint32_t)others->len;
      vec_push(arena, others, answer);
    }
    self->answers[i] = answer;
  }
  return true;
}

Program *program_open(Arena *arena, Str object, const Fit *fit, const GuestLimits *limits, Diags *diags)
{
  Programs others = {0};
  Program *self = open_one(arena, object, fit, limits, diags);
  if (!self) return NULL;
  self->together = arena_new_of(arena, Together);
  self->together->root = self;
  bool fine = open_answers(arena, self, &others, limits, diags);
  self->others = others.at;
  self->other_count = (uint32_t)others.len;
  if (fine) return self;
  program_close(self);
  return NULL;
}

GuestTrace *program_trace(const Program *self)
{
  return self->module->trace;
}

void program_close(Program *self)
{
  if (!self) return;
  for (uint32_t i = 0; i < self->other_count; i++) program_close(self->others[i]);
  for (Guest *guest = self->spare, *next; guest; guest = next) {
    next = guest->next;
    free(guest->head);
    free(guest->initial);
    free(guest);
  }
  region_pool_release(&self->regions);
  snapshot_release(&self->snapshot);
  symbols_close(self->symbols);
  if (self->together->root == self && self->together->arena) arena_free(self->together->arena);
  dlclose(self->object);
}
