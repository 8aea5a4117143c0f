#include "runtime/source_lines.h"

enum { MARK_SHIFT = 32, OFFSET_MAX = INT32_MAX }; /* C's largest line */

LineSections source_line_sections(const WasmModule *module)
{
  return (LineSections){.line = wasm_custom(module, STR(".debug_line")),
                        .line_str = wasm_custom(module, STR(".debug_line_str")),
                        .str = wasm_custom(module, STR(".debug_str"))};
}

/* --- where they begin */

static size_t code_size(const WasmModule *module)
{
  size_t size = 0;
  WasmReader in = wasm_reader(module->bytes);
  wasm_read_bytes(&in, WASM_HEADER_SIZE);
  for (WasmSection section; wasm_read_section(&in, &section);)
    if (section.id == SECTION_CODE) size = section.content.len;
  return size;
}

SourceStarts source_starts(Arena *arena, const WasmModule *module)
{
  SourceStarts self = {.size = code_size(module)};
  LineSections sections = source_line_sections(module);
  if (!sections.line.len || !self.size || self.size > OFFSET_MAX) return self;
  uint8_t *bits = arena_array_of(arena, uint8_t, self.size / 8 + 1);
  LineReader reader = line_reader(&sections);
  LineRow row, before = {.ends = true};
  while (line_next(&reader, &row)) {
    bool same = !row.begins && row.line == before.line && row.file == before.file;
    before = row;
    if (row.ends || same || !row.address || row.address >= self.size) continue;
    bits[row.address / 8] |= (uint8_t)(1 << row.address % 8);
    self.bits = bits;
  }
  return self;
}

bool source_starts_at(const SourceStarts *self, size_t offset)
{
  return self->bits && offset < self->size && self->bits[offset / 8] >> offset % 8 & 1;
}

/* --- directives */

/* The offset that a statement like "w2c_j0 = 3343204121411013459ull;" marks; 0: it is another. */
static uint32_t marked(Str line)
{
  Str begin = STR("w2c_j"), assigned = STR(" = "), end = STR("ull;");
  line = str_trim(line);
  size_t at = str_find(line, assigned);
  if (!str_starts_with(line, begin) || !str_ends_with(line, end) || at == SIZE_MAX) return 0;
  uint64_t value = 0;
  for (size_t i = at + assigned.len; i + end.len < line.len; i++) {
    if (line.at[i] < '0' || line.at[i] > '9' || value > UINT64_MAX / 10) return 0;
    value = value * 10 + (uint64_t)(line.at[i] - '0');
  }
  return value >> MARK_SHIFT == SOURCE_LINES_MARK && (uint32_t)value <= OFFSET_MAX ? (uint32_t)value : 0;
}

static void put_directive(Buf *out, uint32_t offset)
{
  buf_printf(out, "\n#line %u \"" SOURCE_LINES_FILE "\"\n", offset);
}

static uint32_t first_marked(Str function)
{
  uint32_t offset = 0;
  while (function.len && !offset) {
    size_t end = str_find(function, STR("\n"));
    offset = marked(str_slice(function, 0, end));
    function = end == SIZE_MAX ? STR("") : str_slice(function, end + 1, function.len);
  }
  return offset;
}

/* The directive that the whole function begins with stands behind "static ", which is taken off for some. */
Str source_lines_direct(Arena *arena, Str function, size_t *marks)
{
  uint32_t first = first_marked(function);
  *marks = 0;
  if (!first) return function;
  Buf out = buf_in(arena);
  Str begin = STR("static "), rest = str_slice(function, begin.len, function.len);
  buf_str(&out, begin);
  put_directive(&out, first);
  while (rest.len) {
    size_t end = str_find(rest, STR("\n"));
    if (end == SIZE_MAX) end = rest.len;
    Str line = str_slice(rest, 0, end);
    uint32_t offset = marked(line);
    if (offset) {
      put_directive(&out, offset);
      *marks += line.len + 1;
    }
    buf_str(&out, line);
    buf_byte(&out, ' ');
    rest = str_slice(rest, end + 1, rest.len);
  }
  buf_z(&out, "\n#line 1 \"behind\"\n"); /* no place in the module */
  return buf_text(&out);
}
