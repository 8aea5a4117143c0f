/* Modules for tests: from WebAssembly text and an interface in WIT to programs that can be called. Each test
 * program has its own cache, in a folder that goes away. */
#ifndef TESTS_UNIT_RUNTIME_MODULES_H
#define TESTS_UNIT_RUNTIME_MODULES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ifc/base/file.h"
#include "ifc/base/process.h"
#include "ifc/wave.h"
#include "ifc/wit.h"
#include "runtime/aot.h"
#include "runtime/guest.h"
#include "runtime/implementation.h"
#include "tests/unit/check.h"

static inline void modules_show(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  if (out.len) print_error("%.*s", STR_ARG(buf_text(&out)));
}

/* The text of all diagnostics; for looking things up in it. */
static inline Str modules_messages(const Diags *diags)
{
  Buf out = buf_in(diags->arena);
  diags_print(diags, &out, false);
  return buf_text(&out);
}

static inline void modules_assert_says(const Diags *diags, const char *text)
{
  Str messages = modules_messages(diags);
  if (str_find(messages, str_from_z(text)) != SIZE_MAX) return;
  print_error("got:  «%.*s»\nwant: «…%s…»\n", STR_ARG(messages), text);
  fail();
}

/* Group set-up and tear-down: ASSAY_HOME is a fresh folder. */
static inline int modules_make_home(void **state)
{
  (void)state;
  char folder[] = "/tmp/assay-test-XXXXXX";
  if (!mkdtemp(folder)) return -1;
  return setenv("ASSAY_HOME", folder, 1);
}

static inline int modules_remove_home(void **state)
{
  (void)state;
  dir_remove(str_from_z(getenv("ASSAY_HOME")));
  return 0;
}

/* What wat2wasm makes of the text, even where it is not valid. */
static inline Str modules_wasm(Arena *arena, const char *wat)
{
  Diags diags = diags_in(arena);
  ProcessResult result;
  Str folder = str_from_z(getenv("ASSAY_HOME")), bytes = {0};
  Str out = path_join(arena, folder, STR("module.wasm"));
  const char *argv[] = {"wat2wasm", "--enable-all", "--no-check", "-", "-o", str_to_z(arena, out), NULL};
  ProcessOptions options = {.argv = argv, .input = str_from_z(wat)};
  bool made = process_run(arena, &options, &result, &diags) && result.end == PROCESS_EXITED &&
              result.status == 0 && file_read(arena, out, SIZE_MAX, &bytes, &diags);
  modules_show(&diags);
  if (!made) print_error("%.*s", STR_ARG(result.errors));
  assert_true(made);
  return bytes;
}

/* A file in the test's own folder. */
static inline Str modules_write(Arena *arena, const char *name, Str text)
{
  Diags diags = diags_in(arena);
  Str path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), str_from_z(name));
  assert_true(file_write(path, text, &diags));
  return path;
}

/* An interface of a package. */
static inline const Interface *modules_interface_of(Arena *arena, const char *wit, const char *name)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), str_from_z(wit)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  modules_show(&diags);
  assert_non_null(package);
  return package_interface(package, str_from_z(name));
}

static inline WasmModule modules_read(Arena *arena, const char *wat)
{
  Diags diags = diags_in(arena);
  WasmModule module;
  bool read = wasm_read(arena, STR("m.wasm"), modules_wasm(arena, wat), &module, &diags);
  modules_show(&diags);
  assert_true(read);
  return module;
}

/* The interface `t:t/i` with these items. */
static inline const Interface *modules_interface(Arena *arena, const char *items)
{
  Diags diags = diags_in(arena);
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("t.wit"), str_format(arena, "package t:t; interface i { %s }", items)};
  const Package *package = wit_parse(arena, source, NULL, &diags);
  modules_show(&diags);
  assert_non_null(package);
  return &package->interfaces[0];
}

typedef struct Loaded {
  const Interface *interface;
  WasmModule module;
  Fit fit;
  Str object;
  Program *program;
} Loaded;

static inline Loaded *modules_compile(Arena *arena, const char *items, const char *wat)
{
  Diags diags = diags_in(arena);
  Loaded *self = arena_new_of(arena, Loaded);
  self->interface = modules_interface(arena, items);
  self->module = modules_read(arena, wat);
  bool fine = implementation_fit(arena, &self->module, STR("m.wasm"), self->interface, &self->fit, &diags) &&
              aot_compile(arena, &self->module, STR("m.wasm"), NULL, &self->object, &diags);
  modules_show(&diags);
  assert_true(fine);
  return self;
}

static inline Loaded *modules_load(Arena *arena, const char *items, const char *wat, GuestLimits limits)
{
  Diags diags = diags_in(arena);
  Loaded *self = modules_compile(arena, items, wat);
  self->program = program_open(arena, self->object, &self->fit, &limits, &diags);
  modules_show(&diags);
  assert_non_null(self->program);
  return self;
}

static inline Guest *modules_guest(const Loaded *self)
{
  Fault fault = {0};
  Guest *guest = guest_new(self->program, &fault);
  if (!guest) print_error("fault %d: %s\n", fault.kind, fault.detail);
  assert_non_null(guest);
  return guest;
}

static inline const Function *modules_function(const Loaded *self, const char *name)
{
  const Function *function = interface_function(self->interface, str_from_z(name));
  assert_non_null(function);
  return function;
}

/* Calls it with arguments in WAVE, as a tuple without its parentheses. */
static inline bool modules_call(Arena *arena, const Loaded *self, Guest *guest, const char *name,
                                const char *args, Value *result, Fault *fault)
{
  const Function *function = modules_function(self, name);
  Diags diags = diags_in(arena);
  Field *fields = arena_array_of(arena, Field, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  Type *tuple = arena_new_of(arena, Type);
  *tuple = (Type){.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
  Source *source = arena_new_of(arena, Source);
  *source = (Source){STR("args"), str_format(arena, "(%s)", args)};
  Value values = {0};
  if (function->param_count && !wave_parse(arena, tuple, source, &values, &diags)) {
    modules_show(&diags);
    fail();
  }
  *fault = (Fault){0};
  return guest_call(guest, function, values.items, arena, result, fault);
}

static inline void modules_expect(Arena *arena, const Loaded *self, Guest *guest, const char *name,
                                  const char *args, const char *want)
{
  Fault fault;
  Value result = {0};
  if (!modules_call(arena, self, guest, name, args, &result, &fault)) {
    print_error("%s(%s): %.*s\n", name, args, STR_ARG(fault_text(arena, &fault)));
    fail();
  }
  const Type *type = modules_function(self, name)->result;
  Buf out = buf_in(arena);
  if (type) wave_print(type, result, &out);
  if (!str_equal(buf_text(&out), str_from_z(want))) print_error("%s(%s):\n", name, args);
  assert_slice(buf_text(&out), str_from_z(want));
}

/* The call must end with this fault. */
static inline Fault modules_expect_fault(Arena *arena, const Loaded *self, Guest *guest, const char *name,
                                         const char *args, FaultKind want)
{
  Fault fault;
  Value result = {0};
  bool returned = modules_call(arena, self, guest, name, args, &result, &fault);
  if (returned || fault.kind != want)
    print_error("%s(%s): %.*s, want %.*s\n", name, args, STR_ARG(fault_text(arena, &fault)),
                STR_ARG(fault_slug(want)));
  assert_false(returned);
  assert_int_equal(fault.kind, want);
  return fault;
}

#endif
