#include "runtime/wasm.h"

#include <string.h>

#include "ifc/base/buf.h"
#include "ifc/base/map.h"
#include "ifc/base/vec.h"
#include "runtime/wasm_internal.h"

/* What is being read, and how many of each kind there are so far. */
typedef struct ModuleReader {
  Arena *arena;
  WasmModule *module;
  VEC(WasmCustom) customs;
  uint32_t counts[WASM_TAG + 1];
  const char *unsupported; /* a feature that is right but not for us */
} ModuleReader;

/* Where a section must stand among the others; data count comes before code, tags before globals. */
static int section_rank(uint8_t id)
{
  static const uint8_t ranks[SECTION_COUNT] = {
      [SECTION_TYPE] = 1,   [SECTION_IMPORT] = 2,   [SECTION_FUNCTION] = 3,    [SECTION_TABLE] = 4,
      [SECTION_MEMORY] = 5, [SECTION_TAG] = 6,      [SECTION_GLOBAL] = 7,      [SECTION_EXPORT] = 8,
      [SECTION_START] = 9,  [SECTION_ELEMENT] = 10, [SECTION_DATA_COUNT] = 11, [SECTION_CODE] = 12,
      [SECTION_DATA] = 13,
  };
  return ranks[id];
}

static bool is_value_type(uint8_t code)
{
  return (code >= 0x7b && code <= 0x7f) || code == 0x70 || code == 0x6f;
}

static const uint8_t *read_value_types(ModuleReader *self, WasmReader *in, uint32_t *count)
{
  *count = wasm_read_count(in, 1);
  Str codes = wasm_read_bytes(in, *count);
  for (size_t i = 0; i < codes.len && !self->unsupported; i++)
    if (!is_value_type((uint8_t)codes.at[i])) self->unsupported = "typed references";
  return (const uint8_t *)codes.at;
}

static void read_types(ModuleReader *self, WasmReader *in)
{
  uint32_t count = wasm_read_count(in, 3);
  WasmType *types = arena_array_of(self->arena, WasmType, count);
  for (uint32_t i = 0; i < count && !in->problem && !self->unsupported; i++) {
    uint8_t form = wasm_read_byte(in);
    if (form >= 0x4d && form <= 0x5f) self->unsupported = "garbage-collected types";
    if (form != 0x60 && !self->unsupported) wasm_reader_fail(in, "it has a type of unknown form");
    types[i].params = read_value_types(self, in, &types[i].param_count);
    types[i].results = read_value_types(self, in, &types[i].result_count);
  }
  self->module->types = types;
  self->module->type_count = count;
}

static void add_memory(ModuleReader *self, const WasmLimits *limits)
{
  if (limits->flags & 4)
    self->unsupported = "64-bit memory";
  else if (limits->flags & 2)
    self->unsupported = "shared memory (threads)";
  if (self->module->memory_count++) {
    self->unsupported = "several memories";
    return;
  }
  self->module->memory_min_pages = limits->min;
  self->module->memory_max_pages = limits->max;
}

static void read_imports(ModuleReader *self, WasmReader *in)
{
  uint32_t count = wasm_read_count(in, 4);
  WasmImport *imports = arena_array_of(self->arena, WasmImport, count);
  for (uint32_t i = 0; i < count && !in->problem && !self->unsupported; i++) {
    imports[i].module = wasm_read_name(in);
    imports[i].name = wasm_read_name(in);
    WasmImportDesc desc = wasm_read_import_desc(in);
    imports[i].kind = desc.kind;
    imports[i].type = desc.type;
    if (in->problem) break;
    if (desc.kind == WASM_FUNCTION && desc.type >= self->module->type_count)
      wasm_reader_fail(in, "an import has a type that is not there");
    if (desc.kind == WASM_MEMORY) add_memory(self, &desc.limits);
    if (desc.kind == WASM_TAG) self->unsupported = "exceptions";
    self->counts[desc.kind]++;
  }
  self->module->imports = imports;
  self->module->import_count = count;
}

/* Function indices count imported functions first; both end up in one array. */
static void join_functions(ModuleReader *self, const uint32_t *defined, uint32_t defined_count)
{
  WasmModule *module = self->module;
  uint32_t imported = self->counts[WASM_FUNCTION], used = 0;
  uint32_t *types = arena_array_of(self->arena, uint32_t, (size_t)imported + defined_count);
  for (uint32_t i = 0; i < module->import_count; i++)
    if (module->imports[i].kind == WASM_FUNCTION) types[used++] = module->imports[i].type;
  if (defined_count) memcpy(types + used, defined, defined_count * sizeof *types);
  module->functions = types;
  module->imported_function_count = imported;
  module->function_count = imported + defined_count;
}

static void read_functions(ModuleReader *self, WasmReader *in)
{
  uint32_t count = wasm_read_count(in, 1);
  uint32_t *types = arena_array_of(self->arena, uint32_t, count);
  for (uint32_t i = 0; i < count && !in->problem; i++) {
    types[i] = wasm_read_u32(in);
    if (types[i] >= self->module->type_count) wasm_reader_fail(in, "a function has a type that is not there");
  }
  join_functions(self, types, count);
}

static void read_memories(ModuleReader *self, WasmReader *in)
{
  uint32_t count = wasm_read_count(in, 2);
  for (uint32_t i = 0; i < count && !in->problem && !self->unsupported; i++) {
    WasmLimits limits = wasm_read_limits(in);
    add_memory(self, &limits);
  }
}

static void read_exports(ModuleReader *self, WasmReader *in)
{
  uint32_t count = wasm_read_count(in, 3);
  WasmExport *exports = arena_array_of(self->arena, WasmExport, count);
  Map *names = map_new(self->arena);
  self->counts[WASM_FUNCTION] = self->module->function_count;
  self->counts[WASM_MEMORY] = self->module->memory_count;
  for (uint32_t i = 0; i < count && !in->problem; i++) {
    exports[i].name = wasm_read_name(in);
    uint8_t kind = wasm_read_byte(in);
    exports[i].kind = (WasmKind)kind;
    exports[i].index = wasm_read_u32(in);
    if (in->problem) break;
    if (kind > WASM_TAG)
      wasm_reader_fail(in, "it exports something of unknown kind");
    else if (exports[i].index >= self->counts[kind])
      wasm_reader_fail(in, "it exports something that is not there");
    if (map_put(names, exports[i].name, &exports[i])) wasm_reader_fail(in, "two exports have the same name");
  }
  self->module->exports = exports;
  self->module->export_count = count;
}

static void read_section(ModuleReader *self, const WasmSection *section, WasmReader *in)
{
  switch (section->id) {
  case SECTION_CUSTOM: {
    Str name = wasm_read_name(in);
    Str bytes = wasm_read_bytes(in, (size_t)(in->end - in->at));
    vec_push(self->arena, &self->customs, (WasmCustom){name, bytes});
    break;
  }
  case SECTION_TYPE: read_types(self, in); break;
  case SECTION_IMPORT: read_imports(self, in); break;
  case SECTION_FUNCTION: read_functions(self, in); break;
  case SECTION_TABLE: self->counts[WASM_TABLE] += wasm_read_count(in, 3); return;
  case SECTION_MEMORY: read_memories(self, in); break;
  case SECTION_GLOBAL: self->counts[WASM_GLOBAL] += wasm_read_count(in, 3); return;
  case SECTION_TAG: self->unsupported = "exceptions"; return;
  case SECTION_EXPORT: read_exports(self, in); break;
  case SECTION_START: self->module->has_start = true; return;
  default: return; /* bodies, elements and data are the validator's */
  }
  if (wasm_reader_more(in) && !self->unsupported)
    wasm_reader_fail(in, "a section is longer than its contents");
}

static void read_sections(ModuleReader *self, WasmReader *in)
{
  int last = 0;
  WasmSection section;
  while (!self->unsupported && wasm_read_section(in, &section)) {
    int rank = section_rank(section.id);
    if (section.id != SECTION_CUSTOM && rank <= last) {
      in->at = section.whole.at;
      wasm_reader_fail(in, "its sections are out of order");
      return;
    }
    if (section.id != SECTION_CUSTOM) last = rank;
    if (rank > section_rank(SECTION_FUNCTION) && !self->module->functions) join_functions(self, NULL, 0);
    WasmReader content = wasm_reader(section.content);
    read_section(self, &section, &content);
    if (content.problem) {
      in->at = content.problem_at;
      wasm_reader_fail(in, content.problem);
    }
  }
  if (!in->problem && !self->unsupported && !self->module->functions) join_functions(self, NULL, 0);
}

static const char *header_problem(Str bytes)
{
  static const char magic[4] = {0, 'a', 's', 'm'};
  if (bytes.len < sizeof magic || memcmp(bytes.at, magic, sizeof magic) != 0)
    return "it does not begin with the WebAssembly magic number";
  if (bytes.len < WASM_HEADER_SIZE) return "it ends too early";
  if (memcmp(bytes.at + 4, "\1\0\0\0", 4) != 0) return "its version is not 1";
  return NULL;
}

static bool is_component(Str bytes)
{
  return bytes.len >= WASM_HEADER_SIZE && memcmp(bytes.at, "\0asm", 4) == 0 && bytes.at[6] == 1;
}

static void report_unsupported(Str path, const char *feature, Diags *diags)
{
  static const struct {
    const char *feature, *advice;
  } known[] = {
      {"64-bit memory", "rebuild with --target=wasm32"},
      {"shared memory (threads)", "rebuild without -pthread and -Wl,--shared-memory"},
      {"exceptions", "rebuild with -fno-exceptions, and Rust with -C panic=abort"},
      {"several memories", "`wasm-opt --multi-memory-lowering` makes one of them"},
      {"typed references", "rebuild for WebAssembly 2.0, without typed function references"},
      {"garbage-collected types", "rebuild for WebAssembly 2.0, with the language's own memory management"},
  };
  Diag *diag = diag_error(diags, DIAG_UNSUPPORTED, SPAN_NONE,
                          "%.*s uses %s, which the compiler cannot translate", STR_ARG(path), feature);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_equal(str_from_z(feature), str_from_z(known[i].feature)))
      diag_note(diags, diag, SPAN_NONE, "%s", known[i].advice);
}

bool wasm_read(Arena *arena, Str path, Str bytes, WasmModule *out, Diags *diags)
{
  if (is_component(bytes)) {
    Diag *diag = diag_error(diags, DIAG_UNSUPPORTED, SPAN_NONE,
                            "%.*s is a WebAssembly component, and a core module is needed", STR_ARG(path));
    diag_note(diags, diag, SPAN_NONE,
              "give the core module that the component was made from, before `wasm-tools component new`");
    return false;
  }
  WasmReader in = wasm_reader(bytes);
  WasmModule module = {.bytes = bytes, .memory_max_pages = UINT64_MAX};
  ModuleReader self = {.arena = arena, .module = &module};
  const char *problem = header_problem(bytes);
  if (problem) {
    wasm_reader_fail(&in, problem);
  } else {
    in.at += WASM_HEADER_SIZE;
    read_sections(&self, &in);
  }
  if (in.problem) {
    diag_error(diags, DIAG_MODULE, SPAN_NONE, "%.*s is not a WebAssembly module: %s, at byte 0x%zx",
               STR_ARG(path), in.problem, (size_t)(in.problem_at - in.start));
    return false;
  }
  if (self.unsupported) {
    report_unsupported(path, self.unsupported, diags);
    return false;
  }
  module.customs = self.customs.at;
  module.custom_count = (uint32_t)self.customs.len;
  *out = module;
  return true;
}

const WasmExport *wasm_export(const WasmModule *self, Str name)
{
  for (uint32_t i = 0; i < self->export_count; i++)
    if (str_equal(self->exports[i].name, name)) return &self->exports[i];
  return NULL;
}

const WasmType *wasm_function_type(const WasmModule *self, uint32_t function_index)
{
  if (function_index >= self->function_count) return NULL;
  return &self->types[self->functions[function_index]];
}

Str wasm_custom(const WasmModule *self, Str name)
{
  for (uint32_t i = 0; i < self->custom_count; i++)
    if (str_equal(self->customs[i].name, name)) return self->customs[i].bytes;
  return (Str){0};
}

static const char *value_type_name(uint8_t code)
{
  switch (code) {
  case 0x7f: return "i32";
  case 0x7e: return "i64";
  case 0x7d: return "f32";
  case 0x7c: return "f64";
  case 0x7b: return "v128";
  case 0x70: return "funcref";
  case 0x6f: return "externref";
  default: return "?";
  }
}

static void put_value_types(Buf *out, const uint8_t *codes, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++) {
    if (i) buf_z(out, ", ");
    buf_z(out, value_type_name(codes[i]));
  }
}

Str wasm_type_text(Arena *arena, const WasmType *self)
{
  Buf out = buf_in(arena);
  buf_byte(&out, '(');
  put_value_types(&out, self->params, self->param_count);
  buf_z(&out, ") -> ");
  if (self->result_count != 1) buf_byte(&out, '(');
  put_value_types(&out, self->results, self->result_count);
  if (self->result_count != 1) buf_byte(&out, ')');
  return buf_text(&out);
}

Str wasm_printable(Arena *arena, Str name, size_t limit)
{
  Buf out = buf_in(arena);
  for (size_t i = 0; i < name.len && out.len < limit; i++) {
    unsigned char byte = (unsigned char)name.at[i];
    if (byte >= 0x20 && byte < 0x7f)
      buf_byte(&out, (char)byte);
    else
      buf_printf(&out, "\\x%02x", byte);
  }
  if (out.len >= limit) buf_z(&out, "...");
  return buf_text(&out);
}
