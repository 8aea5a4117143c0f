#include "runtime/symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ifc/base/vec.h"
#include "runtime/function_names.h"
#include "runtime/source_lines.h"
#include "runtime/wasm_code.h"

enum { FILE_NAME_SHOWN = 60 };

typedef struct Symbol {
  uint64_t from, to; /* as the object has them */
  uint32_t function;
  Str name; /* once it was asked for */
} Symbol;

/* A place that was asked for, where the object has its line. */
typedef struct Place {
  uintptr_t at;
  Str function;    /* its name; empty: not known this way */
  SourceLine line; /* of the sources; 0: the module does not tell */
} Place;

struct Symbols {
  Arena *arena; /* its own: what is read later must outlive what the caller resets */
  const WasmModule *module;
  char *file; /* mapped; read only */
  size_t size;
  uintptr_t base; /* where the object is loaded */
  bool read;
  VEC(Symbol) symbols; /* not sorted: a worker may not do what qsort does */
  size_t last;         /* the one that was found last: it is often found again */
  FunctionNames names;
  LineSections object_lines, module_lines; /* read with the symbols */
  VEC(Place) places;
};

Symbols *symbols_open(Arena *arena, Str object, const void *table, const WasmModule *module)
{
  Dl_info info;
  struct stat status;
  if (!module || !dladdr(table, &info)) return NULL;
  int file = open(str_to_z(arena, object), O_RDONLY | O_CLOEXEC);
  if (file < 0) return NULL;
  void *at = MAP_FAILED;
  if (fstat(file, &status) == 0 && status.st_size > 0)
    at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  close(file);
  if (at == MAP_FAILED) return NULL;
  Symbols *self = arena_new_of(arena, Symbols);
  self->arena = arena_new();
  self->module = module;
  self->file = at;
  self->size = (size_t)status.st_size;
  self->base = (uintptr_t)info.dli_fbase;
  return self;
}

void symbols_close(Symbols *self)
{
  if (!self) return;
  munmap(self->file, self->size);
  arena_free(self->arena);
}

/* --- reading; the object may be anybody's */

/* A copy of the bytes at `offset`; false where they are not all in the file. */
static bool copy(const Symbols *self, uint64_t offset, void *out, size_t size)
{
  if (offset > self->size || size > self->size - offset) return false;
  memcpy(out, self->file + offset, size);
  return true;
}

/* "w2c_f12", "w2c_e3_0" and "Z_mZ_e3" as functions of the module: by number, or by the export of this number
 * (wasm_with_plain_names). */
static bool function_of_name(const WasmModule *module, const char *name, uint32_t *out)
{
  static const char *const prefixes[] = {"w2c_f", "w2c_e", "Z_mZ_e"};
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
    size_t len = strlen(prefixes[i]);
    if (strncmp(name, prefixes[i], len) != 0 || name[len] < '0' || name[len] > '9') continue;
    unsigned long number = strtoul(name + len, NULL, 10);
    if (i && number >= module->export_count) return false;
    *out = i ? module->exports[number].index : (uint32_t)number;
    return number <= UINT32_MAX && *out < module->function_count;
  }
  return false;
}

static void add_symbol(Symbols *self, const Elf64_Sym *symbol, uint64_t strings)
{
  char name[24] = {0};
  uint32_t function;
  uint64_t at = strings + symbol->st_name;
  if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || at < strings || at >= self->size) return;
  size_t size = self->size - at < sizeof name - 1 ? (size_t)(self->size - at) : sizeof name - 1;
  memcpy(name, self->file + at, size);
  if (!function_of_name(self->module, name, &function)) return;
  uint64_t to = symbol->st_value + symbol->st_size;
  vec_push(self->arena, &self->symbols, ((Symbol){symbol->st_value, to, function, {0}}));
}

static void read_table(Symbols *self, const Elf64_Shdr *table, const Elf64_Shdr *strings)
{
  Elf64_Sym symbol;
  for (uint64_t at = 0; at < table->sh_size && copy(self, table->sh_offset + at, &symbol, sizeof symbol);
       at += sizeof symbol)
    add_symbol(self, &symbol, strings->sh_offset);
}

/* The bytes of a section as they are in the file; empty: they are not in it. */
static Str section_bytes(const Symbols *self, const Elf64_Shdr *section)
{
  uint64_t at = section->sh_offset, size = section->sh_size;
  bool inside = section->sh_type != SHT_NOBITS && at <= self->size && size <= self->size - at;
  return inside ? (Str){self->file + at, (size_t)size} : (Str){0};
}

/* Remembers the section, if it is one of those that tell lines. */
static void take_lines(Symbols *self, const Elf64_Shdr *section, Str names)
{
  Str name = str_slice(names, section->sh_name, names.len);
  const struct {
    Str name; /* with its NUL */
    Str *into;
  } wanted[] = {{{".debug_line", sizeof ".debug_line"}, &self->object_lines.line},
                {{".debug_line_str", sizeof ".debug_line_str"}, &self->object_lines.line_str},
                {{".debug_str", sizeof ".debug_str"}, &self->object_lines.str}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (str_starts_with(name, wanted[i].name)) *wanted[i].into = section_bytes(self, section);
}

static void read_symbols(Symbols *self)
{
  Elf64_Ehdr header;
  Elf64_Shdr names = {0};
  self->read = true;
  if (!copy(self, 0, &header, sizeof header) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return;
  self->names = function_names(self->arena, self->module);
  copy(self, header.e_shoff + header.e_shstrndx * sizeof names, &names, sizeof names);
  self->module_lines = source_line_sections(self->module);
  for (uint32_t i = 0; i < header.e_shnum; i++) {
    Elf64_Shdr table, strings;
    if (!copy(self, header.e_shoff + i * sizeof table, &table, sizeof table)) return;
    take_lines(self, &table, section_bytes(self, &names));
    if (table.sh_type == SHT_SYMTAB && table.sh_link < header.e_shnum &&
        copy(self, header.e_shoff + table.sh_link * sizeof strings, &strings, sizeof strings))
      read_table(self, &table, &strings);
  }
}

static Symbol *symbol_around(Symbols *self, uintptr_t place)
{
  uint64_t at = place - self->base;
  size_t count = self->symbols.len;
  for (size_t i = 0; i < count; i++) {
    size_t next = (self->last + i) % count;
    const Symbol *symbol = &self->symbols.at[next];
    if (at < symbol->from || at >= symbol->to) continue;
    self->last = next;
    return &self->symbols.at[next];
  }
  return NULL;
}

/* --- places whose lines the module tells: in functions that were inlined, too */

static Str function_around(const Symbols *self, uint64_t offset)
{
  WasmBodies bodies = wasm_bodies(self->module);
  for (WasmBody body; wasm_next_body(&bodies, self->module, &body);)
    if (offset < (size_t)(body.code.end - bodies.in.start)) return function_name(&self->names, body.function);
  return (Str){0};
}

/* From the object to an offset in the module, and from there to its source. */
static Place read_place(Symbols *self, uintptr_t at)
{
  Place place = {.at = at};
  SourceLine in_module;
  if (!self->read) read_symbols(self);
  if (!self->object_lines.line.len || !line_find(&self->object_lines, at - self->base, &in_module) ||
      !str_equal(in_module.file, STR(SOURCE_LINES_FILE)))
    return place;
  place.function = function_around(self, in_module.line);
  if (line_find(&self->module_lines, in_module.line, &place.line))
    place.line.file = wasm_printable(self->arena, place.line.file, FILE_NAME_SHOWN);
  else
    place.line = (SourceLine){0};
  return place;
}

static const Place *place_of(Symbols *self, uintptr_t at)
{
  for (size_t i = 0; i < self->places.len; i++)
    if (self->places.at[i].at == at) return &self->places.at[i];
  vec_push(self->arena, &self->places, read_place(self, at));
  return &vec_last(&self->places);
}

Str symbols_function(Symbols *self, uintptr_t place)
{
  if (!self) return (Str){0};
  const Place *known = place_of(self, place);
  if (known->function.len) return known->function;
  Symbol *symbol = symbol_around(self, place);
  if (!symbol) return (Str){0};
  if (!symbol->name.len) symbol->name = function_name(&self->names, symbol->function);
  return symbol->name;
}

bool symbols_line(Symbols *self, uintptr_t place, SourceLine *out)
{
  if (!self) return false;
  *out = place_of(self, place)->line;
  return out->line != 0;
}
