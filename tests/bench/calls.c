/* What a call costs, by the kind of its arguments, and what an instance costs: JSON lines, one a figure, the
 * best of many rounds, because the question is what the runtime needs and not what else the machine does. */
#include <stdio.h>

#include "ifc/base/clock.h"
#include "ifc/base/file.h"
#include "ifc/base/process.h"
#include "ifc/wave.h"
#include "ifc/wit.h"
#include "runtime/aot.h"
#include "runtime/guest.h"

enum { ROUNDS = 400, CALLS = 5000, INSTANCES = 200 };

static const char wit[] = "package t:t; interface i { record circle { radius: f64, center: tuple<f64, f64> }"
                          " add: func(a: u32, b: u32) -> u32; intersects: func(a: circle, b: circle) -> bool;"
                          " echo: func(text: string) -> string; length: func(bytes: list<u8>) -> u32;"
                          " copy: func(bytes: list<u8>) -> list<u8>;"
                          " resource r { constructor(n: u32); get: func() -> u32; } }";
static const char wat[] =
    "(module (import \"[export]t:t/i\" \"[resource-new]r\" (func $new (param i32) (result i32)))"
    " (memory (export \"memory\") 2) (global $next (mut i32) (i32.const 1024))"
    " (func $realloc (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)"
    "  (local.set $at (i32.and (i32.add (global.get $next) (i32.sub (local.get 2) (i32.const 1)))"
    "   (i32.sub (i32.const 0) (local.get 2))))"
    "  (global.set $next (i32.add (local.get $at) (local.get 3))) (local.get $at))"
    " (func (export \"t:t/i#add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"
    " (func (export \"t:t/i#intersects\") (param f64 f64 f64 f64 f64 f64) (result i32) (local f64 f64)"
    "  (local.set 6 (f64.sub (local.get 1) (local.get 4))) (local.set 7 (f64.sub (local.get 2) (local.get "
    "5)))"
    "  (f64.le (f64.add (f64.mul (local.get 6) (local.get 6)) (f64.mul (local.get 7) (local.get 7)))"
    "   (f64.mul (f64.add (local.get 0) (local.get 3)) (f64.add (local.get 0) (local.get 3)))))"
    " (func $copy (param i32 i32) (result i32) (local $out i32)"
    "  (local.set $out (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (local.get 1)))"
    "  (memory.copy (local.get $out) (local.get 0) (local.get 1))"
    "  (i32.store (i32.const 8) (local.get $out)) (i32.store (i32.const 12) (local.get 1)) (i32.const 8))"
    " (func $post (param i32) (global.set $next (i32.const 1024)))"
    " (export \"t:t/i#echo\" (func $copy)) (export \"cabi_post_t:t/i#echo\" (func $post))"
    " (export \"t:t/i#copy\" (func $copy)) (export \"cabi_post_t:t/i#copy\" (func $post))"
    " (func (export \"t:t/i#length\") (param i32 i32) (result i32)"
    "  (global.set $next (i32.const 1024)) (local.get 1))"
    " (func (export \"t:t/i#[constructor]r\") (param i32) (result i32) (call $new (local.get 0)))"
    " (func (export \"t:t/i#[method]r.get\") (param i32) (result i32) (local.get 0))"
    " (func (export \"t:t/i#[dtor]r\") (param i32)))";

typedef struct Bench {
  Arena *arena;
  Diags diags;
  WasmModule module;
  Fit fit;
  const Interface *interface;
  Program *program;
  Guest *guest;
} Bench;

static void report(const char *name, double ns)
{
  printf("{\"bench\": \"%s\", \"ns\": %.1f}\n", name, ns);
}

static bool read_module(Bench *self)
{
  Str folder, bytes;
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){STR("calls.wit"), str_from_z(wit)};
  const Package *package = wit_parse(self->arena, source, NULL, &self->diags);
  if (!package || !dir_make_temporary(self->arena, STR("/tmp"), &folder, &self->diags)) return false;
  self->interface = &package->interfaces[0];
  Str file = path_join(self->arena, folder, STR("calls.wasm"));
  const char *argv[] = {"wat2wasm", "-", "-o", str_to_z(self->arena, file), NULL};
  ProcessResult result;
  ProcessOptions options = {.argv = argv, .input = str_from_z(wat)};
  bool read = process_run(self->arena, &options, &result, &self->diags) &&
              file_read(self->arena, file, SIZE_MAX, &bytes, &self->diags);
  dir_remove(folder);
  return read && wasm_read(self->arena, STR("calls.wasm"), bytes, &self->module, &self->diags) &&
         implementation_fit(self->arena, &self->module, STR("calls.wasm"), self->interface, &self->fit,
                            &self->diags);
}

static bool open_program(Bench *self)
{
  Str object;
  Fault fault = {0};
  if (!aot_compile(self->arena, &self->module, STR("calls.wasm"), NULL, &object, &self->diags)) return false;
  double best = 1e9;
  for (int round = 0; round < 20; round++) {
    ArenaMark mark = arena_mark(self->arena);
    uint64_t start = clock_ns();
    Str again;
    if (!aot_compile(self->arena, &self->module, STR("calls.wasm"), NULL, &again, &self->diags)) return false;
    double took = (double)(clock_ns() - start);
    if (took < best) best = took;
    arena_reset(self->arena, mark);
  }
  report("aot: object in the cache", best);
  self->program = program_open(self->arena, object, &self->fit, NULL, &self->diags);
  self->guest = self->program ? guest_new(self->program, &fault) : NULL;
  return self->guest != NULL;
}

static Value argument(Bench *self, const Type *type, Str text)
{
  Value value = {0};
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){STR("argument"), text};
  if (!wave_parse(self->arena, type, source, &value, &self->diags)) abort();
  return value;
}

static void bench_call(Bench *self, const char *label, const char *name, const Value *args)
{
  const Function *function = interface_function(self->interface, str_from_z(name));
  ArenaMark mark = arena_mark(self->arena);
  Fault fault = {0};
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t start = clock_ns();
    for (int i = 0; i < CALLS; i++) {
      Value result;
      if (!guest_call(self->guest, function, args, self->arena, &result, &fault)) abort();
      arena_reset(self->arena, mark);
    }
    double took = (double)(clock_ns() - start) / CALLS;
    if (took < best) best = took;
  }
  report(label, best);
}

/* The call alone, as benchmarks of implementations time it. */
static void bench_run(Bench *self, const char *label, const char *name, const Value *args)
{
  const Function *function = interface_function(self->interface, str_from_z(name));
  static PreparedCall calls[CALLS];
  Fault fault = {0};
  double best = 1e9;
  for (int i = 0; i < CALLS; i++)
    if (!guest_prepare(self->guest, function, args, &calls[i], &fault)) abort();
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t start = clock_ns();
    if (!guest_run(self->guest, function, calls, CALLS, &fault)) abort();
    double took = (double)(clock_ns() - start) / CALLS;
    if (took < best) best = took;
  }
  report(label, best);
}

/* Made, called and dropped. */
static void bench_resource(Bench *self)
{
  const Function *constructor = interface_function(self->interface, STR("[constructor]r"));
  const TypeDef *resource = constructor->result->named;
  Value number = value_u64(3), handle = {0};
  Fault fault = {0};
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t start = clock_ns();
    for (int i = 0; i < CALLS; i++)
      if (!guest_call(self->guest, constructor, &number, self->arena, &handle, &fault) ||
          !guest_drop(self->guest, resource, handle, &fault))
        abort();
    double took = (double)(clock_ns() - start) / CALLS;
    if (took < best) best = took;
  }
  report("call: constructor, then drop with its destructor", best);
  if (!guest_call(self->guest, constructor, &number, self->arena, &handle, &fault)) abort();
  bench_call(self, "call: method that returns u32", "[method]r.get", &handle);
}

static void bench_calls(Bench *self)
{
  const Type *u32 = type_of_kind(TYPE_U32), *string = type_of_kind(TYPE_STRING);
  const Type *circle = interface_typedef(self->interface, STR("circle"))->type;
  char *zeros = arena_alloc(self->arena, 64);
  Value numbers[] = {argument(self, u32, STR("3")), argument(self, u32, STR("4"))};
  Value circles[] = {argument(self, circle, STR("{radius: 3.0, center: (0.0, 1.0)}")),
                     argument(self, circle, STR("{radius: 3.0, center: (0.0, 3.0)}"))};
  Value text = argument(self, string, STR("\"sixteen letters.\""));
  Value list = {.packed = zeros, .count = 64};
  bench_call(self, "call: two u32 to u32", "add", numbers);
  bench_call(self, "call: two records of floats to bool", "intersects", circles);
  bench_call(self, "call: string of 16 bytes both ways", "echo", &text);
  bench_call(self, "call: list<u8> of 64 bytes to u32", "length", &list);
  bench_call(self, "call: list<u8> of 64 bytes both ways", "copy", &list);
  bench_run(self, "run: two u32 to u32", "add", numbers);
  bench_run(self, "run: two records of floats to bool", "intersects", circles);
}

static void bench_instances(Bench *self)
{
  double best_new = 1e9, best_reset = 1e9;
  const Function *echo = interface_function(self->interface, STR("echo"));
  Value text = value_string(STR("sixteen letters."));
  Fault fault = {0};
  for (int round = 0; round < ROUNDS / 10; round++) {
    uint64_t start = clock_ns(), call = 0;
    for (int i = 0; i < INSTANCES; i++) {
      Guest *guest = guest_new(self->program, &fault);
      if (!guest) abort();
      guest_free(guest);
    }
    double took = (double)(clock_ns() - start) / INSTANCES;
    if (took < best_new) best_new = took;
    start = clock_ns();
    for (int i = 0; i < INSTANCES; i++) {
      Value result;
      uint64_t before = clock_ns();
      if (!guest_call(self->guest, echo, &text, self->arena, &result, &fault)) abort();
      call += clock_ns() - before;
      if (!guest_reset(self->guest, &fault)) abort();
    }
    took = (double)(clock_ns() - start - call) / INSTANCES;
    if (took < best_reset) best_reset = took;
  }
  report("instance: new and free, 2 pages", best_new);
  report("instance: reset after a call, 2 pages", best_reset);
}

int main(void)
{
  Bench self = {.arena = arena_new()};
  self.diags = diags_in(self.arena);
  bool fine = read_module(&self) && open_program(&self);
  if (fine) {
    bench_calls(&self);
    bench_resource(&self);
    bench_instances(&self);
  }
  Buf messages = buf_in(self.arena);
  diags_print(&self.diags, &messages, false);
  fprintf(stderr, "%.*s", STR_ARG(buf_text(&messages)));
  return fine ? 0 : 1;
}
