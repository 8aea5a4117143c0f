/* Lines of a module's sources, from its DWARF into the compiled object: each place in the module's code where
 * another line begins gets a constant that is dropped, wasm2c keeps it as a statement, and that becomes a
 * #line directive with the place as its number. The object's own line table then leads from an instruction
 * back to the place, and the module's from there to the source. */
#ifndef RUNTIME_SOURCE_LINES_H
#define RUNTIME_SOURCE_LINES_H

#include "runtime/line_program.h"

/* The upper half of the constants; the lower is the offset in the code section's content. A module may have
 * such a constant of its own: it stays what it is, and at most a line in a message is wrong. */
#define SOURCE_LINES_MARK UINT64_C(0x2e6c6f63)

/* The "file" in the object's line table whose lines are offsets in the module. */
#define SOURCE_LINES_FILE "m.wasm"

LineSections source_line_sections(const WasmModule *module);

/* Where lines begin: a bit for each offset in the code section's content. */
typedef struct SourceStarts {
  const uint8_t *bits; /* NULL: the module does not tell its lines */
  size_t size;         /* of the content */
} SourceStarts;

SourceStarts source_starts(Arena *arena, const WasmModule *module);
bool source_starts_at(const SourceStarts *self, size_t offset);

/* A function as wasm2c writes it, with directives for the constants in it, and what stands between two of
 * them on one line; `*marks` is what the constants take of its size. */
Str source_lines_direct(Arena *arena, Str function, size_t *marks);

#endif
