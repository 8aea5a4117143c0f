/* Calls of implementations that hand back every value they are given, with random values, in a worker; and
 * random interfaces for which to make such implementations. */
#ifndef TESTS_UNIT_RUNTIME_ECHO_H
#define TESTS_UNIT_RUNTIME_ECHO_H

#include "ifc/bind.h"
#include "runtime/build.h"
#include "runtime/sandbox.h"
#include "tests/unit/ifc/random_values.h"
#include "tests/unit/runtime/modules.h"

enum { CALLS = 400, SAME_CALLS = 10000, TYPE_COUNT = 40 };

typedef struct Trial {
  Arena *arena;
  const Interface *interface;
  Fit fit;
  Str object;
  uint64_t seed;
  Program *program;
} Trial;

/* The interface with every kind of value, written by hand. */
static inline const Interface *written_interface(Arena *arena)
{
  Diags diags = diags_in(arena);
  const Interface *interface =
      wit_load_interface(arena, STR("tests/unit/runtime/echo/echo.wit"), NULL, &diags);
  modules_show(&diags);
  assert_non_null(interface);
  return interface;
}

/* Seeds of made interfaces run from 1 to this; ECHO_SEEDS asks for more. */
static inline uint64_t last_seed(uint64_t otherwise)
{
  const char *seeds = getenv("ECHO_SEEDS");
  uint64_t last = otherwise;
  if (seeds) assert_true(str_to_u64(str_from_z(seeds), &last));
  return last;
}

/* --- in the worker
 * ------------------------------------------------------------------------------------------ */

static inline bool open_program(void *context, SandboxPort *port)
{
  Trial *self = context;
  Diags diags = diags_in(self->arena);
  self->program = program_open(self->arena, self->object, &self->fit, &(GuestLimits){0}, &diags);
  if (!self->program) sandbox_send(port, modules_messages(&diags));
  return self->program != NULL;
}

/* The type of all parameters as one value: the only one's, or a tuple. */
static inline const Type *params_type(Arena *arena, const Function *function)
{
  if (function->param_count == 1) return function->params[0].type;
  Field *fields = arena_array_of(arena, Field, function->param_count);
  for (uint32_t i = 0; i < function->param_count; i++) fields[i].type = function->params[i].type;
  Type *tuple = arena_new_of(arena, Type);
  *tuple = (Type){.kind = TYPE_TUPLE, .count = function->param_count, .fields = fields};
  return tuple;
}

static inline Str in_wave(Arena *arena, const Type *type, Value value)
{
  Buf out = buf_in(arena);
  wave_print(type, value, &out);
  return buf_text(&out);
}

/* An empty text when the value came back. */
static inline Str echo_once(Arena *arena, Guest *guest, const Function *function, Rng *rng)
{
  const Type *type = params_type(arena, function);
  Value given = random_value(arena, rng, type), got = {0};
  Fault fault = {0};
  const Value *args = function->param_count == 1 ? &given : given.items;
  if (!guest_call(guest, function, args, arena, &got, &fault))
    return str_format(arena, "%.*s(%.*s): %.*s", STR_ARG(function->name),
                      STR_ARG(in_wave(arena, type, given)), STR_ARG(fault_text(arena, &fault)));
  if (value_equal(type, given, got)) return STR("");
  return str_format(arena, "%.*s(%.*s) is %.*s", STR_ARG(function->name),
                    STR_ARG(in_wave(arena, type, given)), STR_ARG(in_wave(arena, function->result, got)));
}

/* Everything that is taken must be given back: what one call needs is enough for any number of it. A leak of
 * 16 bytes a call would show. */
static inline Str leak(Arena *arena, Guest *guest, const Function *function, Rng *rng)
{
  const Type *type = params_type(arena, function);
  Value given = random_value(arena, rng, type), got;
  const Value *args = function->param_count == 1 ? &given : given.items;
  Fault fault = {0};
  ArenaMark mark = arena_mark(arena);
  uint64_t memory = 0;
  for (int i = 0; i < SAME_CALLS; i++) {
    if (!guest_call(guest, function, args, arena, &got, &fault)) return fault_text(arena, &fault);
    if (i == 10) memory = guest_memory_size(guest);
    arena_reset(arena, mark);
  }
  if (guest_memory_size(guest) == memory) return STR("");
  return str_format(arena, "memory grows from call to call of %.*s(%.*s)", STR_ARG(function->name),
                    STR_ARG(in_wave(arena, type, given)));
}

typedef Str Check(Arena *arena, Guest *guest, const Function *function, Rng *rng);

static inline bool check_all(const Trial *self, SandboxPort *port, Guest *guest, int rounds, Check *check)
{
  ArenaMark mark = arena_mark(self->arena);
  Rng rng = rng_from_seed(self->seed);
  for (int round = 0; round < rounds; round++)
    for (uint32_t f = 0; f < self->interface->function_count; f++) {
      Str wrong = check(self->arena, guest, &self->interface->functions[f], &rng);
      if (wrong.len) {
        sandbox_send(port, wrong);
        return false;
      }
      arena_reset(self->arena, mark);
    }
  return true;
}

static inline void echo_all(void *context, SandboxPort *port)
{
  Trial *self = context;
  Fault fault = {0};
  Guest *guest = guest_new(self->program, &fault);
  if (!guest)
    sandbox_send(port, fault_text(self->arena, &fault));
  else if (check_all(self, port, guest, CALLS, echo_once) && check_all(self, port, guest, 1, leak))
    sandbox_send(port, STR("done"));
}

/* --- outside
 * ------------------------------------------------------------------------------------------------ */

static inline bool show_message(void *context, Str message)
{
  bool *done = context;
  if (str_equal(message, STR("done")))
    *done = true;
  else
    print_error("%.*s\n", STR_ARG(message));
  return true;
}

/* Builds `source`, links it with who answers its imports, and compiles it. */
static inline void load_linked(Arena *arena, const Interface *interface, Str source,
                               const Implementation *providers, size_t count, Implementation *out)
{
  Diags diags = diags_in(arena);
  BuildOptions options = {.paths = &source, .path_count = 1, .interface = interface};
  BuildResult built = {0};
  Str path = str_format(arena, "%.*s.wasm", STR_ARG(source));
  path = path_join(arena, str_from_z(getenv("ASSAY_HOME")), path_name(path));
  bool fine = build_module(arena, &options, &built, &diags) && file_write(path, built.wasm, &diags) &&
              implementation_load_with(arena, path, interface, providers, count, out, &diags);
  modules_show(&diags);
  assert_true(fine);
}

/* Runs `run` on it in a worker, which must say "done". */
static inline void assert_runs_linked(Arena *arena, const Interface *interface, Str source,
                                      const Implementation *providers, size_t count, uint64_t seed,
                                      void (*run)(void *context, SandboxPort *port))
{
  Diags diags = diags_in(arena);
  Trial trial = {.arena = arena, .interface = interface, .seed = seed};
  Implementation made;
  bool done = false;
  load_linked(arena, interface, source, providers, count, &made);
  trial.fit = made.fit;
  bool fine = aot_compile(arena, &made.module, source, NULL, &trial.object, &diags);
  modules_show(&diags);
  assert_true(fine);
  assert_int_equal(made.fit.need_count, count);
  if (!count) assert_int_equal(made.module.import_count, 0);
  SandboxJob job = {open_program, run, &trial};
  SandboxOutcome outcome;
  assert_true(sandbox_run(&job, &(SandboxLimits){0}, show_message, &done, &outcome, &diags));
  Str end = sandbox_outcome_text(arena, &outcome);
  if (outcome.end != SANDBOX_DONE) print_error("the worker %.*s\n", STR_ARG(end));
  if (!done) print_error("seed %llu, %.*s\n", (unsigned long long)seed, STR_ARG(source));
  assert_int_equal(outcome.end, SANDBOX_DONE);
  assert_true(done);
}

static inline void assert_runs(Arena *arena, const Interface *interface, Str source, uint64_t seed,
                               void (*run)(void *context, SandboxPort *port))
{
  assert_runs_linked(arena, interface, source, NULL, 0, seed, run);
}

/* --- random interfaces
 * -------------------------------------------------------------------------------------- */

typedef struct Maker {
  Arena *arena;
  Rng rng;
  Buf wit;
  unsigned declared;
} Maker;

static inline Str make_type(Maker *self, const Type *type);

/* Declares what WIT has no words for where it is used; returns the name. */
static inline Str declare(Maker *self, const Type *type)
{
  Buf parts = buf_in(self->arena);
  for (uint32_t i = 0; i < type->count; i++) {
    const Field *field = &type->fields[i];
    buf_printf(&parts, "%.*s", STR_ARG(field->name));
    if (!field->type) {
      buf_z(&parts, ", ");
      continue;
    }
    Str payload = make_type(self, field->type);
    buf_printf(&parts, type->kind == TYPE_RECORD ? ": %.*s, " : "(%.*s), ", STR_ARG(payload));
  }
  Str name = str_format(self->arena, "d%u", self->declared++), kind = type_kind_name(type->kind);
  buf_printf(&self->wit, "  %.*s %.*s { %.*s}\n", STR_ARG(kind), STR_ARG(name), STR_ARG(buf_text(&parts)));
  return name;
}

static inline Str make_tuple(Maker *self, const Type *type)
{
  Buf out = buf_in(self->arena);
  for (uint32_t i = 0; i < type->count; i++) {
    buf_z(&out, i ? ", " : "tuple<");
    buf_str(&out, make_type(self, type->fields[i].type));
  }
  buf_byte(&out, '>');
  return buf_text(&out);
}

/* The type as WIT writes it, with some aliases thrown in. */
static inline Str make_type(Maker *self, const Type *type)
{
  bool is_map = type->kind == TYPE_MAP; /* its pair is no type of its own */
  Str text, first = is_map          ? make_tuple(self, type->element)
                    : type->element ? make_type(self, type->element)
                                    : STR("_");
  Str second = type->error ? make_type(self, type->error) : STR("_");
  switch (type->kind) {
  case TYPE_MAP: /* its element is the tuple of both */
    text = str_format(self->arena, "map%.*s", STR_ARG(str_slice(first, STR("tuple").len, first.len)));
    break;
  case TYPE_FIXED_LIST: text = str_format(self->arena, "list<%.*s, %u>", STR_ARG(first), type->count); break;
  case TYPE_LIST: text = str_format(self->arena, "list<%.*s>", STR_ARG(first)); break;
  case TYPE_OPTION: text = str_format(self->arena, "option<%.*s>", STR_ARG(first)); break;
  case TYPE_RESULT:
    text = type->error     ? str_format(self->arena, "result<%.*s, %.*s>", STR_ARG(first), STR_ARG(second))
           : type->element ? str_format(self->arena, "result<%.*s>", STR_ARG(first))
                           : STR("result");
    break;
  case TYPE_TUPLE: text = make_tuple(self, type); break;
  case TYPE_RECORD:
  case TYPE_VARIANT:
  case TYPE_ENUM:
  case TYPE_FLAGS: text = declare(self, type); break;
  default: return type_kind_name(type->kind);
  }
  if (!random_chance(&self->rng, 5)) return text;
  Str name = str_format(self->arena, "d%u", self->declared++);
  buf_printf(&self->wit, "  type %.*s = %.*s;\n", STR_ARG(name), STR_ARG(text));
  return name;
}

static inline Str make_functions(Maker *self)
{
  Buf functions = buf_in(self->arena);
  for (int i = 0; i < TYPE_COUNT; i++) {
    uint32_t count = random_chance(&self->rng, 3) ? 2 + (uint32_t)rng_below(&self->rng, 8) : 1;
    Buf params = buf_in(self->arena), types = buf_in(self->arena);
    for (uint32_t p = 0; p < count; p++) {
      Str type = make_type(self, random_type(self->arena, &self->rng, count > 1 ? 2 : 4));
      buf_printf(&params, "%sp%u: %.*s", p ? ", " : "", p, STR_ARG(type));
      buf_printf(&types, "%s%.*s", p ? ", " : "", STR_ARG(type));
    }
    const char *form =
        count > 1 ? "  echo%d: func(%.*s) -> tuple<%.*s>;\n" : "  echo%d: func(%.*s) -> %.*s;\n";
    buf_printf(&functions, form, i, STR_ARG(buf_text(&params)), STR_ARG(buf_text(&types)));
  }
  return buf_text(&functions);
}

/* Interface `i` with all that it declares, and `j` with the same functions, which takes that from it. */
static inline const Package *make_package(Maker *self)
{
  Diags diags = diags_in(self->arena);
  self->wit = buf_in(self->arena);
  buf_z(&self->wit, "package t:t;\ninterface i {\n");
  Str functions = make_functions(self);
  buf_printf(&self->wit, "%.*s}\ninterface j {\n", STR_ARG(functions));
  for (unsigned i = 0; i < self->declared; i++) buf_printf(&self->wit, "  use i.{d%u};\n", i);
  buf_printf(&self->wit, "%.*s}\n", STR_ARG(functions));
  Source *source = arena_new_of(self->arena, Source);
  *source = (Source){STR("random.wit"), buf_text(&self->wit)};
  const Package *package = wit_parse(self->arena, source, NULL, &diags);
  modules_show(&diags);
  assert_non_null(package);
  return package;
}

static inline const Interface *make_interface(Maker *self)
{
  return package_interface(make_package(self), STR("i"));
}

/* --- in C
 * --------------------------------------------------------------------------------------------------- */

/* The line of the header that declares the function, without its ';'. */
static inline Str prototype(const Binding *binding, Arena *arena, Str function)
{
  Str call = str_format(arena, " exports_t_t_i_%.*s(", STR_ARG(function));
  size_t at = str_find(binding->header, call), start = at;
  assert_true(at != SIZE_MAX);
  while (binding->header.at[start - 1] != '\n') start--;
  Str rest = str_slice(binding->header, start, binding->header.len);
  return str_slice(rest, 0, str_find(rest, STR(";")));
}

static inline bool is_by_value(const Type *type)
{
  return type_is_primitive(type) || type->kind == TYPE_ENUM || type->kind == TYPE_FLAGS;
}

static inline void make_echo(const Type *type, Buf *out)
{
  if (is_by_value(type)) {
    buf_z(out, "  return p0;\n");
  } else if (type->kind == TYPE_OPTION) {
    buf_z(out, "  if (maybe_p0) *ret = *maybe_p0;\n  return maybe_p0 != NULL;\n");
  } else if (type->kind == TYPE_RESULT) {
    if (type->element) buf_z(out, "  if (!p0->is_err) *ret = p0->val.ok;\n");
    if (type->error) buf_z(out, "  if (p0->is_err) *err = p0->val.err;\n");
    buf_z(out, "  return !p0->is_err;\n");
  } else {
    buf_z(out, "  *ret = *p0;\n");
  }
}

static inline void make_tuple_echo(const Function *function, Buf *out)
{
  for (uint32_t i = 0; i < function->param_count; i++) {
    const Type *type = function->params[i].type;
    if (type->kind == TYPE_OPTION)
      buf_printf(out,
                 "  ret->f%u.is_some = maybe_p%u != NULL;\n  if (maybe_p%u) ret->f%u.val = *maybe_p%u;\n", i,
                 i, i, i, i);
    else
      buf_printf(out, "  ret->f%u = %sp%u;\n", i, is_by_value(type) ? "" : "*", i);
  }
}

/* An implementation that hands back the only parameter, or a tuple of all. */
static inline Str echo_in_c(Arena *arena, const Interface *interface)
{
  Binding binding = bind_c(arena, interface);
  Buf out = buf_in(arena);
  buf_z(&out, "#include \"i.h\"\n");
  for (uint32_t i = 0; i < interface->function_count; i++) {
    const Function *function = &interface->functions[i];
    buf_printf(&out, "%.*s\n{\n", STR_ARG(prototype(&binding, arena, function->name)));
    if (function->param_count == 1)
      make_echo(function->params[0].type, &out);
    else
      make_tuple_echo(function, &out);
    buf_z(&out, "}\n");
  }
  return buf_text(&out);
}

#endif
