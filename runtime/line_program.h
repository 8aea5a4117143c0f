/* Line tables of DWARF 2 to 5 (§6.2): from which line of which file the code at an address was made. Reads
 * without trust: what is malformed is left out, and the work is linear in the bytes. */
#ifndef RUNTIME_LINE_PROGRAM_H
#define RUNTIME_LINE_PROGRAM_H

#include "runtime/wasm_internal.h"

/* The sections' bytes; empty: there is none. */
typedef struct LineSections {
  Str line;          /* .debug_line */
  Str line_str, str; /* .debug_line_str, .debug_str: names of files, from DWARF 5 on */
} LineSections;

typedef struct LineRow {
  uint64_t address;
  uint32_t file, line; /* line 0: of none */
  bool begins, ends;   /* its sequence; a row that ends one is where its code ends, and nothing else */
} LineRow;

/* One unit after the other, with the state machine's registers and the unit's header. */
typedef struct LineReader {
  const LineSections *sections;
  WasmReader units;        /* behind the current unit */
  WasmReader program;      /* what is left of the current unit's */
  WasmReader names;        /* of its folders and files */
  const uint8_t *operands; /* of standard opcodes: how many there are */
  uint16_t version;
  bool is_wide;             /* offsets have 8 bytes */
  uint8_t instruction_size; /* the smallest one's */
  int8_t line_base;
  uint8_t line_range, opcode_base;
  LineRow row;
} LineReader;

/* `sections` must outlive it. */
LineReader line_reader(const LineSections *sections);
/* The next row, of the same unit or another; false at the end. */
bool line_next(LineReader *self, LineRow *out);
/* The name of a file of the unit that the last row is of, as it is written there; empty: it has none. */
Str line_file(const LineReader *self, uint32_t file);

typedef struct SourceLine {
  Str file; /* without its folders */
  uint32_t line;
} SourceLine;

/* The line that the code at `address` was made from; false: that is not told. */
bool line_find(const LineSections *sections, uint64_t address, SourceLine *out);

#endif
