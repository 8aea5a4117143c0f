/* Which functions of a linked C or C++ module come out of libraries. The linker's map says from which file
 * each one is; those that are not the implementation's are given names that say so (library_names.h), which
 * the optimiser leaves on them. A library's function that calls one of the implementation's stays its own,
 * because the optimiser may put the one into the other; so do the generated bindings where they call it. */
#include "ifc/base/file.h"
#include "runtime/drivers.h"
#include "runtime/library_names.h"
#include "runtime/wasm_code.h"

typedef struct Linked {
  Arena *arena;
  const WasmModule *module;
  uint32_t imported;
  Str *library; /* by function: what it comes from; empty: the implementation */
} Linked;

/* --- the map: lines of three columns, and then a section, 8 spaces and what was put into it as
 * "file:(symbol)", or 16 spaces and a symbol */

enum { COLUMNS = 27, INDENT = 8 };

/* "libc" of "/usr/lib/wasm32-wasi/libc.a(dlmalloc.o)"; empty for an object of the build's own folder. */
static Str library_of(Str file, Str bindings)
{
  Str name = path_name(str_slice(file, 0, str_find(file, STR("("))));
  if (str_equal(file, bindings)) return STR("bindings");
  if (str_equal(file, STR("<internal>"))) return STR("linker");
  if (!str_starts_with(file, STR("/"))) return STR("");
  size_t dot = str_find_last(name, '.');
  return str_slice(name, 0, dot);
}

/* False when the map does not say exactly one file of each function. */
static bool read_map(Linked *self, Str map, Str bindings)
{
  uint32_t function = self->imported, sections = 0;
  bool in_code = false;
  while (map.len) {
    size_t end = str_find(map, STR("\n"));
    Str line = str_slice(map, 0, end), entry = str_slice(line, COLUMNS, line.len);
    map = end == SIZE_MAX ? STR("") : str_slice(map, end + 1, map.len);
    bool is_section = entry.len && entry.at[0] != ' ';
    bool is_input = entry.len > INDENT && !is_section && entry.at[INDENT] != ' ';
    if (is_section) in_code = str_equal(entry, STR("CODE"));
    sections += is_section && in_code;
    if (!in_code || !is_input) continue;
    Str file = str_slice(entry, INDENT, str_find(entry, STR(":(")));
    if (function < self->module->function_count) self->library[function] = library_of(file, bindings);
    function++;
  }
  return sections == 1 && function == self->module->function_count;
}

/* --- who calls whom */

typedef struct Call {
  uint32_t from, to;
} Call;
typedef VEC(Call) Calls;

/* Direct calls by functions of libraries: only what is called directly can be put into its caller. */
static Calls library_calls(const Linked *self)
{
  Calls out = {0};
  WasmInstruction instruction;
  WasmBodies bodies = wasm_bodies(self->module);
  for (WasmBody body; wasm_next_body(&bodies, self->module, &body);) {
    if (!self->library[body.function].len) continue;
    while (wasm_next_instruction(&body.code, &instruction))
      if (instruction.opcode == OPCODE_CALL && instruction.index >= self->imported &&
          instruction.index < self->module->function_count)
        vec_push(self->arena, &out, ((Call){body.function, instruction.index}));
  }
  return out;
}

/* What calls the implementation, directly or not, is its own. */
static void follow_calls(Linked *self)
{
  Calls calls = library_calls(self);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < calls.len; i++) {
      Str *caller = &self->library[calls.at[i].from];
      if (!caller->len || self->library[calls.at[i].to].len) continue;
      *caller = STR("");
      changed = true;
    }
  }
}

/* --- names */

static bool has_control_characters(Str text)
{
  for (size_t i = 0; i < text.len; i++)
    if ((unsigned char)text.at[i] < ' ') return true;
  return false;
}

/* Names that tell. One that the implementation gave to a function of its own is kept from saying that it is a
 * library's. */
static void rename_functions(const Linked *self, FunctionNames *names)
{
  for (uint32_t i = 0; i < names->count; i++) {
    Str *name = &names->names[i], library = self->library[i];
    if (name->len && library.len)
      *name = str_format(self->arena, LIBRARY_PREFIX "%.*s/%.*s", STR_ARG(library), STR_ARG(*name));
    else if (is_library_name(*name))
      *name = str_format(self->arena, "src/%.*s", STR_ARG(*name));
  }
}

Str driver_c_name_libraries(Arena *arena, Str wasm, Str map, Str bindings)
{
  Diags unheard = diags_in(arena);
  WasmModule module;
  if (!wasm_read(arena, STR("module.wasm"), wasm, &module, &unheard)) return wasm;
  Linked self = {.arena = arena, .module = &module};
  for (uint32_t i = 0; i < module.import_count; i++) self.imported += module.imports[i].kind == WASM_FUNCTION;
  self.library = arena_array_of(arena, Str, module.function_count);
  FunctionNames names = function_names(arena, &module);
  /* A line break in a symbol could imitate lines of the map. */
  for (uint32_t i = 0; i < names.count; i++)
    if (has_control_characters(names.names[i])) return wasm;
  if (!read_map(&self, map, bindings)) return wasm;
  follow_calls(&self);
  rename_functions(&self, &names);
  return wasm_with_function_names(arena, &module, &names);
}
