/* Inside spec/: compiling several modules at once. */
#ifndef SPEC_COMPILE_AHEAD_H
#define SPEC_COMPILE_AHEAD_H

#include "runtime/aot.h"
#include "runtime/implementation.h"

/* Sees to it that these builds of the modules are in the cache, `at_once` compilers at a time. What goes
 * wrong is told when the module is compiled as usual, afterwards. The caller must have a single thread and
 * flushed its stdio. */
void compile_ahead(const Implementation *implementations, size_t count, const AotOptions *builds,
                   size_t build_count, size_t at_once);

#endif
