/* What verify and evaluate are about: the interface, the .spec or .bench sources, and the implementations. */
#ifndef CMD_SUBJECT_H
#define CMD_SUBJECT_H

#include "cmd/command.h"
#include "ifc/wit.h"
#include "runtime/implementation.h"

/* Sources are at most so many bytes. */
enum { SUBJECT_SOURCE_MAX = 64 << 20 };

/* Reads the files; false with diagnostics when one cannot be read. */
bool subject_sources(Run *run, Strs paths, Source **out);
/* The interface that a module carries; NULL: none that can be read. */
const Interface *subject_carried(Run *run, Str path);
/* The interface to work with: `given` (PATH or PATH#NAME, read with `options`), else the one that a .wit
 * beside the first source has under the name that the source's first line says, else the one that the first
 * module carries. NULL with diagnostics. */
const Interface *subject_interface(Run *run, Str given, const WitOptions *options, const Source *sources,
                                   size_t count, Strs modules);
/* Loads those that answer imports, each "IMPL.wasm" or "INTERFACE=IMPL.wasm", with an INTERFACE as `given`
 * above, and each behind those that it needs itself. NULL with diagnostics when one cannot be loaded. */
Implementation *subject_providers(Run *run, Strs with, const WitOptions *options);
/* Loads each module and fits it. One that is malformed or does not fit is a diagnostic and left out, the
 * others go on; labels are made different where two files have the same name. `with` as above: when one of
 * them cannot be loaded, no module is. */
Implementation *subject_implementations(Run *run, Strs paths, const Interface *interface, Strs with,
                                        const WitOptions *options, size_t *count);
/* The command line's words for them. */
#define WITH_OPTION(Command, member)                                                 \
  {                                                                                  \
    "--with", 'w', OPTION_TEXTS, offsetof(Command, member), "[INTERFACE=]IMPL.wasm", \
        "answers imports of its interface; before those that need it themselves"     \
  }

#endif
