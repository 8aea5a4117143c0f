/* One module compiled plain and metered, call by call in turns, in one worker. Prints one JSON line: medians,
 * their ratio (metered time / plain time), and the cost of a call. usage: metering INTERFACE.wit MODULE.wasm
 * FUNCTION */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ifc/base/clock.h"
#include "ifc/wit.h"
#include "runtime/aot.h"
#include "runtime/guest.h"
#include "tests/bench/figures.h"

enum { ROUNDS = 301, FLAT_BATCH = 2000, ELEMENTS = 1000, SIDES = 2 };

typedef struct Side {
  WasmVariant variant;
  Str object;
  Program *program;
  Guest *guest;
  double ns[ROUNDS];
} Side;

typedef struct Metering {
  Arena *arena;
  SandboxPort *port;
  const Function *function;
  Implementation implementation;
  Side sides[SIDES];
  uint64_t cost;
} Metering;

static bool open_both(void *context, SandboxPort *port)
{
  Metering *self = context;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {0};
  for (int i = 0; i < SIDES; i++) {
    Side *side = &self->sides[i];
    side->program = program_open(self->arena, side->object, &self->implementation.fit, &limits, &diags);
    if (!side->program) sandbox_send(port, STR("cannot open the module"));
    if (!side->program) return false;
  }
  return true;
}

/* Ends the worker, after saying why, unless all went well. */
static void must(Metering *self, bool good, const Fault *fault)
{
  if (good) return;
  sandbox_send(self->port, fault_text(self->arena, fault));
  abort();
}

static double time_run(Metering *self, Side *side, PreparedCall *calls, size_t count)
{
  Fault fault = {0};
  uint64_t start = clock_ns();
  must(self, guest_run(side->guest, self->function, calls, count, &fault), &fault);
  return (double)(clock_ns() - start) / (double)count;
}

/* Functions of numbers: many calls at once. */
static void round_flat(Metering *self, size_t round, Rng *rng)
{
  static PreparedCall calls[FLAT_BATCH];
  for (size_t i = 0; i < FLAT_BATCH; i++)
    for (size_t k = 0; k < 6; k++) {
      double number = 4 * rng_unit(rng);
      memcpy(&calls[i].core[k], &number, sizeof number);
    }
  for (size_t i = 0; i < SIDES; i++) {
    Side *side = &self->sides[(i + round) % SIDES];
    side->ns[round] = time_run(self, side, calls, FLAT_BATCH);
  }
}

/* Functions of one list. */
static void round_list(Metering *self, size_t round, Rng *rng)
{
  size_t element = type_primitive_size(self->function->params[0].type->element);
  Value argument = figures_list(self->arena, ELEMENTS, element, rng), result;
  Fault fault = {0};
  for (size_t i = 0; i < SIDES; i++) {
    Side *side = &self->sides[(i + round) % SIDES];
    PreparedCall call;
    must(self, guest_prepare(side->guest, self->function, &argument, &call, &fault), &fault);
    side->ns[round] = time_run(self, side, &call, 1);
    must(self, guest_finish(side->guest, self->function, &call, self->arena, &result, &fault), &fault);
  }
}

static void run(void *context, SandboxPort *port)
{
  Metering *self = context;
  Fault fault = {0};
  Rng rng = rng_from_seed(1);
  self->port = port;
  for (int i = 0; i < SIDES; i++) {
    self->sides[i].guest = guest_new(self->sides[i].program, &fault);
    must(self, self->sides[i].guest, &fault);
  }
  Guest *metered = self->sides[1].guest;
  guest_set_fuel(metered, INT64_MAX);
  bool flat = self->function->param_count == 2;
  for (size_t i = 0; i < ROUNDS; i++) flat ? round_flat(self, i, &rng) : round_list(self, i, &rng);
  double calls = flat ? (double)ROUNDS * FLAT_BATCH : ROUNDS;
  double plain_ns = figures_median(self->sides[0].ns, ROUNDS),
         metered_ns = figures_median(self->sides[1].ns, ROUNDS);
  sandbox_send(port, str_format(self->arena,
                                "{\"figure\": \"metering\", \"what\": \"%.*s\", \"plain-ns\": %.1f, "
                                "\"metered-ns\": %.1f, \"cost\": %.1f, \"ratio\": %.3f}",
                                STR_ARG(self->implementation.label), plain_ns, metered_ns,
                                (double)guest_cost(metered) / calls, metered_ns / plain_ns));
}

static bool prepare(Metering *self, char **argv, Diags *diags)
{
  const Interface *interface = wit_load_interface(self->arena, str_from_z(argv[1]), NULL, diags);
  self->function = interface ? interface_function(interface, str_from_z(argv[3])) : NULL;
  if (!self->function ||
      !implementation_load(self->arena, str_from_z(argv[2]), interface, &self->implementation, diags))
    return false;
  for (int i = 0; i < SIDES; i++) {
    AotOptions options = {.variant = i ? WASM_METERED : WASM_PLAIN};
    if (!aot_compile(self->arena, &self->implementation.module, self->implementation.path, &options,
                     &self->sides[i].object, diags))
      return false;
  }
  return true;
}

int main(int argc, char **argv)
{
  if (argc != 4) return fprintf(stderr, "usage: metering INTERFACE.wit MODULE.wasm FUNCTION\n"), 2;
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Metering *self = arena_new_of(arena, Metering);
  SandboxJob job = {open_both, run, self};
  self->arena = arena;
  bool ready = prepare(self, argv, &diags);
  int status = figures_run(&job, ready, arena, &diags);
  arena_free(arena);
  return status;
}
