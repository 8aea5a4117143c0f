#include "runtime/line_program.h"

#include <string.h>

#include "ifc/base/file.h"

enum { VERSION_MIN = 2, VERSION_MAX = 5, CONTENT_PATH = 1 };

typedef enum LineOpcode {
  LINE_EXTENDED,
  LINE_COPY,
  LINE_ADVANCE_PC,
  LINE_ADVANCE_LINE,
  LINE_SET_FILE,
  LINE_CONST_ADD_PC = 8,
  LINE_FIXED_ADVANCE_PC = 9
} LineOpcode;

typedef enum LineExtended { LINE_END_SEQUENCE = 1, LINE_SET_ADDRESS = 2 } LineExtended;

typedef enum LineForm {
  FORM_DATA2 = 0x05,
  FORM_DATA4 = 0x06,
  FORM_DATA8 = 0x07,
  FORM_STRING = 0x08,
  FORM_BLOCK = 0x09,
  FORM_DATA1 = 0x0b,
  FORM_STRP = 0x0e,
  FORM_UDATA = 0x0f,
  FORM_DATA16 = 0x1e,
  FORM_LINE_STRP = 0x1f
} LineForm;

/* --- bytes */

static uint64_t read_fixed(WasmReader *in, size_t size)
{
  Str bytes = wasm_read_bytes(in, size);
  uint64_t value = 0;
  for (size_t i = bytes.len; i-- > 0;) value = value << 8 | (uint8_t)bytes.at[i];
  return value;
}

static uint64_t read_offset(WasmReader *in, bool is_wide)
{
  return read_fixed(in, is_wide ? sizeof(uint64_t) : sizeof(uint32_t));
}

static Str read_sized(WasmReader *in, uint64_t size)
{
  return wasm_read_bytes(in, size < SIZE_MAX ? (size_t)size : SIZE_MAX);
}

/* Up to a NUL, which must be there. */
static Str read_string(WasmReader *in)
{
  size_t left = (size_t)(in->end - in->at);
  const char *end = left ? memchr(in->at, '\0', left) : NULL;
  if (!end) {
    wasm_reader_fail(in, "a name does not end");
    return STR("");
  }
  Str string = {in->at, (size_t)(end - in->at)};
  in->at = end + 1;
  return string;
}

static Str string_at(Str section, uint64_t offset)
{
  if (offset >= section.len) return STR("");
  WasmReader in = wasm_reader(str_slice(section, (size_t)offset, section.len));
  return read_string(&in);
}

/* --- units */

/* Takes the header apart; false when it is not one, or of an unknown version. */
static bool read_header(LineReader *self, WasmReader *in)
{
  self->version = (uint16_t)read_fixed(in, sizeof self->version);
  if (self->version < VERSION_MIN || self->version > VERSION_MAX) return false;
  if (self->version >= 5) read_fixed(in, 2); /* sizes of addresses and of segments */
  WasmReader header = wasm_reader(read_sized(in, read_offset(in, self->is_wide)));
  self->instruction_size = wasm_read_byte(&header);
  if (self->version >= 4) wasm_read_byte(&header); /* operations in an instruction: for other machines */
  wasm_read_byte(&header);                         /* whether rows are of statements */
  self->line_base = (int8_t)wasm_read_byte(&header);
  self->line_range = wasm_read_byte(&header);
  self->opcode_base = wasm_read_byte(&header);
  size_t standard = self->opcode_base ? self->opcode_base - 1u : 0;
  self->operands = (const uint8_t *)wasm_read_bytes(&header, standard).at;
  self->names = header;
  self->program = *in;
  return !in->problem && !header.problem && self->line_range && self->opcode_base;
}

static void begin_sequence(LineReader *self)
{
  self->row = (LineRow){.file = 1, .line = 1, .begins = true};
}

/* The next unit that can be read. */
static bool next_unit(LineReader *self)
{
  while (wasm_reader_more(&self->units)) {
    uint64_t size = read_fixed(&self->units, sizeof(uint32_t));
    self->is_wide = size == UINT32_MAX; /* the length follows in 8 bytes, and offsets have as many */
    if (self->is_wide) size = read_fixed(&self->units, sizeof(uint64_t));
    WasmReader unit = wasm_reader(read_sized(&self->units, size));
    if (self->units.problem) return false;
    begin_sequence(self);
    if (read_header(self, &unit)) return true;
  }
  return false;
}

LineReader line_reader(const LineSections *sections)
{
  return (LineReader){
      .sections = sections, .units = wasm_reader(sections->line), .program = wasm_reader((Str){0})};
}

/* --- the program */

static void advance(LineReader *self, uint64_t instructions)
{
  self->row.address += instructions * self->instruction_size;
}

static void advance_special(LineReader *self, unsigned opcode)
{
  advance(self, (opcode - self->opcode_base) / self->line_range);
}

static bool emit(LineReader *self, LineRow *out)
{
  *out = self->row;
  self->row.begins = false;
  return true;
}

/* An opcode with its length; true where it gives a row. */
static bool run_extended(LineReader *self, LineRow *out)
{
  WasmReader in = wasm_reader(read_sized(&self->program, wasm_read_u64(&self->program)));
  if (self->program.problem || !wasm_reader_more(&in)) return false;
  switch ((LineExtended)wasm_read_byte(&in)) {
  case LINE_SET_ADDRESS: {
    size_t size = (size_t)(in.end - in.at);
    self->row.address = size <= sizeof(uint64_t) ? read_fixed(&in, size) : 0;
    return false;
  }
  case LINE_END_SEQUENCE:
    self->row.ends = true;
    emit(self, out);
    begin_sequence(self);
    return true;
  default: return false;
  }
}

static void skip_operands(LineReader *self, unsigned opcode)
{
  for (uint8_t i = self->operands[opcode - 1]; i > 0; i--) wasm_read_u64(&self->program);
}

/* True where it gives a row. */
static bool run_standard(LineReader *self, unsigned opcode, LineRow *out)
{
  WasmReader *in = &self->program;
  switch ((LineOpcode)opcode) {
  case LINE_EXTENDED: return run_extended(self, out);
  case LINE_COPY: return emit(self, out);
  case LINE_ADVANCE_PC: advance(self, wasm_read_u64(in)); return false;
  case LINE_ADVANCE_LINE: self->row.line += (uint32_t)wasm_read_signed(in, 64); return false;
  case LINE_SET_FILE: self->row.file = (uint32_t)wasm_read_u64(in); return false;
  case LINE_CONST_ADD_PC: advance_special(self, UINT8_MAX); return false;
  case LINE_FIXED_ADVANCE_PC: self->row.address += read_fixed(in, sizeof(uint16_t)); return false;
  default: skip_operands(self, opcode); return false;
  }
}

bool line_next(LineReader *self, LineRow *out)
{
  while (wasm_reader_more(&self->program) || next_unit(self)) {
    unsigned opcode = wasm_read_byte(&self->program);
    if (opcode >= self->opcode_base && opcode) {
      unsigned adjusted = opcode - self->opcode_base;
      advance_special(self, opcode);
      self->row.line += (uint32_t)(self->line_base + (int)(adjusted % self->line_range));
      return emit(self, out);
    }
    if (run_standard(self, opcode, out) && !self->program.problem) return true;
  }
  return false;
}

/* --- names */

/* Before DWARF 5: names with three numbers, from 1, behind the folders. */
static Str file_by_order(WasmReader in, uint32_t file)
{
  while (!in.problem && read_string(&in).len) {
  }
  for (uint32_t i = 1; !in.problem; i++) {
    Str name = read_string(&in);
    if (!name.len) break;
    if (i == file) return name;
    for (int k = 0; k < 3; k++) wasm_read_u64(&in);
  }
  return STR("");
}

/* The value, where it is a text; forms that no name's description has end the reading. */
static Str read_form(const LineReader *self, WasmReader *in, uint64_t form)
{
  switch ((LineForm)form) {
  case FORM_STRING: return read_string(in);
  case FORM_STRP: return string_at(self->sections->str, read_offset(in, self->is_wide));
  case FORM_LINE_STRP: return string_at(self->sections->line_str, read_offset(in, self->is_wide));
  case FORM_DATA1: read_fixed(in, 1); break;
  case FORM_DATA2: read_fixed(in, 2); break;
  case FORM_DATA4: read_fixed(in, 4); break;
  case FORM_DATA8: read_fixed(in, 8); break;
  case FORM_DATA16: wasm_read_bytes(in, 16); break;
  case FORM_UDATA: wasm_read_u64(in); break;
  case FORM_BLOCK: read_sized(in, wasm_read_u64(in)); break;
  default: wasm_reader_fail(in, "a form is unknown");
  }
  return STR("");
}

/* A table of DWARF 5: how entries are described, then the entries; the path of entry `wanted`. Reading goes
 * on behind the table. */
static Str read_entries(const LineReader *self, WasmReader *in, uint64_t wanted)
{
  Str found = STR("");
  uint8_t kinds = wasm_read_byte(in);
  WasmReader description = *in;
  for (uint8_t i = 0; i < kinds; i++) {
    wasm_read_u64(in);
    wasm_read_u64(in);
  }
  uint64_t count = wasm_read_u64(in);
  if (!kinds && count) wasm_reader_fail(in, "entries are of nothing");
  for (uint64_t i = 0; i < count && !in->problem; i++) {
    WasmReader kind = description;
    for (uint8_t k = 0; k < kinds && !in->problem; k++) {
      uint64_t content = wasm_read_u64(&kind);
      Str text = read_form(self, in, wasm_read_u64(&kind));
      if (i == wanted && content == CONTENT_PATH && !in->problem) found = text;
    }
  }
  return found;
}

Str line_file(const LineReader *self, uint32_t file)
{
  WasmReader in = self->names;
  if (self->version < 5) return file_by_order(in, file);
  read_entries(self, &in, UINT64_MAX); /* the folders */
  return in.problem ? STR("") : read_entries(self, &in, file);
}

bool line_find(const LineSections *sections, uint64_t address, SourceLine *out)
{
  LineReader reader = line_reader(sections);
  LineRow row, before = {.ends = true};
  bool counts = false; /* linkers leave functions that are gone at address 0 */
  while (line_next(&reader, &row)) {
    if (row.begins) counts = row.address != 0;
    if (!row.begins && counts && before.address <= address && address < row.address) {
      *out = (SourceLine){path_name(line_file(&reader, before.file)), before.line};
      return before.line && out->file.len;
    }
    before = row;
  }
  return false;
}
