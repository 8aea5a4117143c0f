#include "ifc/base/buf.h"
#include "runtime/wasm_internal.h"

/* Modules written back changed. What is read here has passed wasm_read, so reading cannot fail. */

void wasm_put_u32(Buf *out, uint32_t value)
{
  do {
    uint8_t byte = value & 0x7f;
    value >>= 7;
    buf_byte(out, (char)(value ? byte | 0x80 : byte));
  } while (value);
}

void wasm_put_signed(Buf *out, int64_t value)
{
  for (;;) {
    uint8_t byte = value & 0x7f;
    value >>= 7;
    bool last = value == (byte & 0x40 ? -1 : 0);
    buf_byte(out, (char)(last ? byte : byte | 0x80));
    if (last) return;
  }
}

void wasm_put_name(Buf *out, Str name)
{
  wasm_put_u32(out, (uint32_t)name.len);
  buf_str(out, name);
}

void wasm_put_section(Buf *out, uint8_t id, Str content)
{
  buf_byte(out, (char)id);
  wasm_put_u32(out, (uint32_t)content.len);
  buf_str(out, content);
}

static WasmReader sections_of(const WasmModule *self, Buf *out)
{
  WasmReader in = wasm_reader(self->bytes);
  buf_str(out, wasm_read_bytes(&in, WASM_HEADER_SIZE));
  return in;
}

static bool is_removed(const WasmSection *section, const Str *removed, size_t removed_count)
{
  if (section->id != SECTION_CUSTOM) return false;
  if (!removed) return true;
  WasmReader content = wasm_reader(section->content);
  Str name = wasm_read_name(&content);
  for (size_t i = 0; i < removed_count; i++)
    if (str_equal(name, removed[i])) return true;
  return false;
}

Str wasm_with_customs(Arena *arena, const WasmModule *self, const Str *removed, size_t removed_count,
                      const WasmCustom *added, size_t added_count)
{
  Buf out = buf_in(arena);
  WasmReader in = sections_of(self, &out);
  for (WasmSection section; wasm_read_section(&in, &section);)
    if (!is_removed(&section, removed, removed_count)) buf_str(&out, section.whole);
  for (size_t i = 0; i < added_count; i++) {
    Buf content = buf_in(arena);
    wasm_put_name(&content, added[i].name);
    buf_str(&content, added[i].bytes);
    wasm_put_section(&out, SECTION_CUSTOM, buf_text(&content));
  }
  return buf_text(&out);
}

static Str plain_imports(Arena *arena, Str content)
{
  Buf out = buf_in(arena);
  WasmReader in = wasm_reader(content);
  uint32_t count = wasm_read_count(&in, 4);
  wasm_put_u32(&out, count);
  for (uint32_t i = 0; i < count; i++) {
    wasm_read_name(&in);
    wasm_read_name(&in);
    wasm_put_name(&out, STR("i"));
    wasm_put_name(&out, str_format(arena, "i%u", i));
    const char *desc = in.at;
    wasm_read_import_desc(&in);
    buf_str(&out, (Str){desc, (size_t)(in.at - desc)});
  }
  return buf_text(&out);
}

static Str plain_exports(Arena *arena, const WasmModule *self)
{
  Buf out = buf_in(arena);
  wasm_put_u32(&out, self->export_count);
  for (uint32_t i = 0; i < self->export_count; i++) {
    wasm_put_name(&out, str_format(arena, "e%u", i));
    buf_byte(&out, (char)self->exports[i].kind);
    wasm_put_u32(&out, self->exports[i].index);
  }
  return buf_text(&out);
}

Str wasm_with_plain_names(Arena *arena, const WasmModule *self)
{
  Buf out = buf_in(arena);
  WasmReader in = sections_of(self, &out);
  for (WasmSection section; wasm_read_section(&in, &section);) {
    if (section.id == SECTION_IMPORT)
      wasm_put_section(&out, section.id, plain_imports(arena, section.content));
    else if (section.id == SECTION_EXPORT)
      wasm_put_section(&out, section.id, plain_exports(arena, self));
    else if (section.id != SECTION_CUSTOM)
      buf_str(&out, section.whole);
  }
  return buf_text(&out);
}
