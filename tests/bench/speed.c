/* The same C source as WebAssembly in this runtime and as native code of the same compiler, call by call in
 * turns, in one worker. Prints one JSON line: medians and their ratio (native time / our time: 1 is native
 * speed). usage: speed INTERFACE.wit MODULE.wasm NATIVE.so FUNCTION SYMBOL */
#include <dlfcn.h>
#include <stdio.h>

#include "ifc/base/clock.h"
#include "ifc/wit.h"
#include "runtime/aot.h"
#include "runtime/guest.h"
#include "tests/bench/figures.h"

enum { ROUNDS = 301, CIRCLE_BATCH = 2000, ELEMENTS = 1000 };

/* As wit-bindgen's C headers lay them out. */
typedef struct Circle {
  double radius, x, y;
} Circle;
typedef struct List {
  void *at;
  size_t len;
} List;
typedef bool CircleFunction(Circle *a, Circle *b);
typedef void ListFunction(List *argument, List *result);
typedef uint32_t NumberFunction(uint32_t argument);

typedef struct Speed {
  Arena *arena;
  SandboxPort *port;
  const Interface *interface;
  const Function *function;
  Implementation implementation;
  Str object;
  char *native_path, *symbol;
  Program *program;
  Guest *guest;
  void *native;
  double guest_ns[ROUNDS], native_ns[ROUNDS];
} Speed;

static bool open_both(void *context, SandboxPort *port)
{
  Speed *self = context;
  Diags diags = diags_in(self->arena);
  GuestLimits limits = {0};
  self->program = program_open(self->arena, self->object, &self->implementation.fit, &limits, &diags);
  void *library = dlopen(self->native_path, RTLD_NOW);
  self->native = library ? dlsym(library, self->symbol) : NULL;
  if (self->program && self->native) return true;
  sandbox_send(port, STR("cannot open the module or its native twin"));
  return false;
}

/* Ends the worker, after saying why, unless all went well. */
static void must(Speed *self, bool good, const char *what, const Fault *fault)
{
  if (good) return;
  Str why = fault->kind ? fault_text(self->arena, fault) : STR("");
  sandbox_send(self->port, str_format(self->arena, "%s %.*s", what, STR_ARG(why)));
  abort();
}

static void round_circles(Speed *self, size_t round, Rng *rng)
{
  static Circle circles[CIRCLE_BATCH + 1];
  static PreparedCall calls[CIRCLE_BATCH];
  Fault fault = {0};
  for (size_t i = 0; i <= CIRCLE_BATCH; i++)
    circles[i] = (Circle){rng_unit(rng), 4 * rng_unit(rng), 4 * rng_unit(rng)};
  for (size_t i = 0; i < CIRCLE_BATCH; i++)
    for (size_t k = 0; k < 2; k++) memcpy(&calls[i].core[3 * k], &circles[i + k], sizeof(Circle));
  uint64_t t0 = clock_ns();
  must(self, guest_run(self->guest, self->function, calls, CIRCLE_BATCH, &fault), "call:", &fault);
  uint64_t t1 = clock_ns();
  CircleFunction *native = (CircleFunction *)(uintptr_t)self->native;
  size_t wrong = 0;
  uint64_t t2 = clock_ns();
  for (size_t i = 0; i < CIRCLE_BATCH; i++)
    wrong += native(&circles[i], &circles[i + 1]) != (bool)calls[i].result[0];
  uint64_t t3 = clock_ns();
  must(self, !wrong, "the results differ", &fault);
  self->guest_ns[round] = (double)(t1 - t0) / CIRCLE_BATCH;
  self->native_ns[round] = (double)(t3 - t2) / CIRCLE_BATCH;
}

/* A number to a number. */
static void round_number(Speed *self, size_t round, Rng *rng)
{
  PreparedCall call = {.core = {(uint32_t)rng_next(rng)}};
  Fault fault = {0};
  uint64_t t0 = clock_ns();
  must(self, guest_run(self->guest, self->function, &call, 1, &fault), "call:", &fault);
  uint64_t t1 = clock_ns();
  uint32_t got = ((NumberFunction *)(uintptr_t)self->native)((uint32_t)call.core[0]);
  uint64_t t2 = clock_ns();
  must(self, got == (uint32_t)call.result[0], "the results differ", &fault);
  self->guest_ns[round] = (double)(t1 - t0);
  self->native_ns[round] = (double)(t2 - t1);
}

static double native_list_ns(Speed *self, const void *bytes, size_t size, size_t count, const void *want,
                             size_t want_size)
{
  List argument = {malloc(size), count}, result = {0};
  memcpy(argument.at, bytes, size);
  uint64_t t0 = clock_ns();
  ((ListFunction *)(uintptr_t)self->native)(&argument, &result);
  uint64_t t1 = clock_ns();
  must(self, memcmp(result.at, want, want_size) == 0, "the results differ", &(Fault){0});
  free(result.at);
  return (double)(t1 - t0);
}

static void round_list(Speed *self, size_t round, Rng *rng)
{
  const Type *list = self->function->params[0].type;
  size_t size = ELEMENTS * type_primitive_size(list->element);
  Value argument = figures_list(self->arena, ELEMENTS, size / ELEMENTS, rng), result;
  PreparedCall call;
  Fault fault = {0};
  must(self, guest_prepare(self->guest, self->function, &argument, &call, &fault), "call:", &fault);
  uint64_t t0 = clock_ns();
  must(self, guest_run(self->guest, self->function, &call, 1, &fault), "call:", &fault);
  uint64_t t1 = clock_ns();
  must(self, guest_finish(self->guest, self->function, &call, self->arena, &result, &fault), "call:", &fault);
  const Type *of = self->function->result;
  size_t result_size =
      of->kind == TYPE_STRING ? result.count : result.count * type_primitive_size(of->element);
  self->guest_ns[round] = (double)(t1 - t0);
  self->native_ns[round] = native_list_ns(self, argument.packed, size, ELEMENTS, result.packed, result_size);
}

static void run(void *context, SandboxPort *port)
{
  Speed *self = context;
  Fault fault = {0};
  Rng rng = rng_from_seed(1);
  self->port = port;
  self->guest = guest_new(self->program, &fault);
  must(self, self->guest, "instance:", &fault);
  bool circles = self->function->param_count == 2, number = self->function->params[0].type->kind == TYPE_U32;
  void (*play)(Speed *, size_t, Rng *) = circles ? round_circles : number ? round_number : round_list;
  for (size_t i = 0; i < ROUNDS; i++) play(self, i, &rng);
  double guest = figures_median(self->guest_ns, ROUNDS), native = figures_median(self->native_ns, ROUNDS);
  sandbox_send(port, str_format(self->arena,
                                "{\"figure\": \"speed\", \"what\": \"%.*s\", \"native-ns\": %.1f, "
                                "\"wasm-ns\": %.1f, \"ratio\": %.3f}",
                                STR_ARG(self->implementation.label), native, guest, native / guest));
}

int main(int argc, char **argv)
{
  if (argc != 6)
    return fprintf(stderr, "usage: speed INTERFACE.wit MODULE.wasm NATIVE.so FUNCTION SYMBOL\n"), 2;
  Arena *arena = arena_new();
  Diags diags = diags_in(arena);
  Speed *self = arena_new_of(arena, Speed);
  AotOptions options = {0};
  SandboxJob job = {open_both, run, self};
  self->arena = arena;
  self->native_path = argv[3];
  self->symbol = argv[5];
  self->interface = wit_load_interface(arena, str_from_z(argv[1]), NULL, &diags);
  self->function = self->interface ? interface_function(self->interface, str_from_z(argv[4])) : NULL;
  bool ready =
      self->function &&
      implementation_load(arena, str_from_z(argv[2]), self->interface, &self->implementation, &diags) &&
      aot_compile(arena, &self->implementation.module, self->implementation.path, &options, &self->object,
                  &diags);
  int status = figures_run(&job, ready, arena, &diags);
  arena_free(arena);
  return status;
}
