#include "runtime/wasm_internal.h"

#include "ifc/base/utf8.h"

WasmReader wasm_reader(Str bytes)
{
  if (!bytes.len) bytes = STR(""); /* an absent section has no address */
  return (WasmReader){.start = bytes.at, .at = bytes.at, .end = bytes.at + bytes.len};
}

void wasm_reader_fail(WasmReader *self, const char *problem)
{
  if (self->problem) return;
  self->problem = problem;
  self->problem_at = self->at;
  self->at = self->end;
}

bool wasm_reader_more(const WasmReader *self)
{
  return self->at < self->end;
}

static size_t bytes_left(const WasmReader *self)
{
  return (size_t)(self->end - self->at);
}

uint8_t wasm_read_byte(WasmReader *self)
{
  if (!wasm_reader_more(self)) {
    wasm_reader_fail(self, "it ends too early");
    return 0;
  }
  return (uint8_t)*self->at++;
}

/* LEB128, at most `bits` bits; the spec forbids longer forms and set bits beyond. */
static uint64_t read_leb(WasmReader *self, unsigned bits)
{
  uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    uint64_t byte = wasm_read_byte(self);
    unsigned room = bits - shift;
    if (room < 7 && (byte & 0x7f) >> room) break;
    value |= (byte & 0x7f) << shift;
    if (!(byte & 0x80)) return value;
  }
  wasm_reader_fail(self, "a number is too long");
  return 0;
}

uint32_t wasm_read_u32(WasmReader *self)
{
  return (uint32_t)read_leb(self, 32);
}

uint64_t wasm_read_u64(WasmReader *self)
{
  return read_leb(self, 64);
}

int64_t wasm_read_signed(WasmReader *self, unsigned bits)
{
  uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    uint64_t byte = wasm_read_byte(self), payload = byte & 0x7f;
    unsigned room = bits - shift;
    /* Beyond `bits` there are copies of the sign. */
    if (room < 7 && payload >> (room - 1) != 0 && payload >> (room - 1) != 0x7fu >> (room - 1)) break;
    value |= payload << shift;
    if (byte & 0x80) continue;
    unsigned used = shift + 7;
    if (used < 64 && payload & 0x40) value |= ~UINT64_C(0) << used;
    return (int64_t)value;
  }
  wasm_reader_fail(self, "a number is too long");
  return 0;
}

uint32_t wasm_read_count(WasmReader *self, size_t smallest)
{
  uint32_t count = wasm_read_u32(self);
  if (count <= bytes_left(self) / smallest) return count;
  wasm_reader_fail(self, "it announces more items than it has bytes for");
  return 0;
}

Str wasm_read_bytes(WasmReader *self, size_t count)
{
  if (count > bytes_left(self)) {
    wasm_reader_fail(self, "it ends too early");
    return (Str){"", 0};
  }
  Str bytes = {self->at, count};
  self->at += count;
  return bytes;
}

Str wasm_read_name(WasmReader *self)
{
  Str name = wasm_read_bytes(self, wasm_read_u32(self));
  if (utf8_first_error(name) != SIZE_MAX) wasm_reader_fail(self, "a name is not UTF-8");
  return name;
}

bool wasm_read_section(WasmReader *self, WasmSection *out)
{
  if (!wasm_reader_more(self)) return false;
  const char *from = self->at;
  out->id = wasm_read_byte(self);
  if (out->id >= SECTION_COUNT) wasm_reader_fail(self, "it has a section of unknown kind");
  out->content = wasm_read_bytes(self, wasm_read_u32(self));
  out->whole = (Str){from, (size_t)(self->at - from)};
  return !self->problem;
}

WasmLimits wasm_read_limits(WasmReader *self)
{
  WasmLimits limits = {.flags = wasm_read_byte(self), .max = UINT64_MAX};
  if (limits.flags > 7) wasm_reader_fail(self, "it has limits of unknown kind");
  limits.min = wasm_read_u64(self);
  if (limits.flags & 1) limits.max = wasm_read_u64(self);
  return limits;
}

WasmImportDesc wasm_read_import_desc(WasmReader *self)
{
  WasmImportDesc desc = {0};
  uint8_t kind = wasm_read_byte(self);
  desc.kind = (WasmKind)kind;
  switch (kind) {
  case WASM_FUNCTION: desc.type = wasm_read_u32(self); break;
  case WASM_TABLE:
    wasm_read_byte(self);
    desc.limits = wasm_read_limits(self);
    break;
  case WASM_MEMORY: desc.limits = wasm_read_limits(self); break;
  case WASM_GLOBAL: wasm_read_bytes(self, 2); break;
  case WASM_TAG:
    wasm_read_byte(self);
    desc.type = wasm_read_u32(self);
    break;
  default: wasm_reader_fail(self, "it imports something of unknown kind");
  }
  return desc;
}
