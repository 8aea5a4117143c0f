/* The bytes of a module, read in order and never past their end. Shared by what reads modules and what
 * writes them back changed. */
#ifndef RUNTIME_WASM_INTERNAL_H
#define RUNTIME_WASM_INTERNAL_H

#include "ifc/base/buf.h"
#include "runtime/wasm.h"

typedef enum WasmSectionId {
  SECTION_CUSTOM,
  SECTION_TYPE,
  SECTION_IMPORT,
  SECTION_FUNCTION,
  SECTION_TABLE,
  SECTION_MEMORY,
  SECTION_GLOBAL,
  SECTION_EXPORT,
  SECTION_START,
  SECTION_ELEMENT,
  SECTION_CODE,
  SECTION_DATA,
  SECTION_DATA_COUNT,
  SECTION_TAG,
  SECTION_COUNT
} WasmSectionId;

enum { WASM_HEADER_SIZE = 8 };

/* After a failure every read gives zero and stays where it is; `problem` is the first one. */
typedef struct WasmReader {
  const char *start, *at, *end;
  const char *problem, *problem_at;
} WasmReader;

typedef struct WasmSection {
  uint8_t id;
  Str whole;   /* with id and size */
  Str content; /* of a custom section: with its name */
} WasmSection;

WasmReader wasm_reader(Str bytes);
/* Records a failure at the current place, or `at` bytes before it. */
void wasm_reader_fail(WasmReader *self, const char *problem);
bool wasm_reader_more(const WasmReader *self);
uint8_t wasm_read_byte(WasmReader *self);
uint32_t wasm_read_u32(WasmReader *self);
uint64_t wasm_read_u64(WasmReader *self);
/* A signed number of at most `bits` bits, 32, 33 or 64. */
int64_t wasm_read_signed(WasmReader *self, unsigned bits);
/* A count of things that take at least `smallest` bytes each, checked against what is left. */
uint32_t wasm_read_count(WasmReader *self, size_t smallest);
Str wasm_read_bytes(WasmReader *self, size_t count);
Str wasm_read_name(WasmReader *self);
/* The next section. */
bool wasm_read_section(WasmReader *self, WasmSection *out);

/* Limits as memories and tables have them. */
typedef struct WasmLimits {
  uint8_t flags;
  uint64_t min, max; /* max: UINT64_MAX where none is given */
} WasmLimits;
WasmLimits wasm_read_limits(WasmReader *self);
/* What is imported, after its names. */
typedef struct WasmImportDesc {
  WasmKind kind;
  uint32_t type;     /* of functions and tags */
  WasmLimits limits; /* of tables and memories */
} WasmImportDesc;
WasmImportDesc wasm_read_import_desc(WasmReader *self);

/* Writing. */
void wasm_put_u32(Buf *out, uint32_t value);
void wasm_put_signed(Buf *out, int64_t value);
void wasm_put_name(Buf *out, Str name);
void wasm_put_section(Buf *out, uint8_t id, Str content);

/* For messages: control characters and what is not ASCII escaped, cut to `limit` bytes. */
Str wasm_printable(Arena *arena, Str name, size_t limit);

#endif
