/* Benchmarks: reading a .bench file and checking it against an interface. The language is that of
 * specifications (docs/spec-language.md) with `workload`, `generate` and `measure`: docs/bench-language.md.
 */
#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include "ifc/base/crypto.h"
#include "ifc/type.h"

typedef struct Suite Suite;

/* Parses and type-checks; all errors of the file are reported. NULL with diagnostics. */
const Suite *suite_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags);
/* SHA-256 of its canonical text: what it means, not how it is laid out or commented. */
Hash suite_hash(const Suite *self);
Str suite_canonical(const Suite *self);
Str suite_path(const Suite *self);
/* The text it was parsed from. */
const Source *suite_source(const Suite *self);
size_t suite_workload_count(const Suite *self);
Str suite_workload_name(const Suite *self, size_t workload);

#endif
