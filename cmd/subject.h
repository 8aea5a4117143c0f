/* What verify and evaluate are about: the interface, the .spec or .bench sources, and the implementations. */
#ifndef CMD_SUBJECT_H
#define CMD_SUBJECT_H

#include "cmd/command.h"
#include "ifc/wit.h"
#include "registry/find.h"
#include "runtime/implementation.h"

/* Sources are at most so many bytes. */
enum { SUBJECT_SOURCE_MAX = 64 << 20 };

/* A module or a source: a file, or what the registry has under its hash. */
typedef struct SubjectFile {
  Str path;    /* of the file */
  Str text;    /* what means it, on a command line too: the path, or "sha256:0123456789ab/sort.spec" */
  Str problem; /* why subject_implementations left it out; empty: it did not */
} SubjectFile;
typedef struct SubjectFiles {
  SubjectFile *at;
  size_t len;
} SubjectFiles;

/* What each of these means: a file of that name, else a hash, with or without "/NAME" behind it, of what the
 * registry has of this kind. False with a diagnostic. */
bool subject_files(Run *run, Str registry, Strs texts, FoundKind kind, SubjectFiles *out);
/* All of the kind that the registry knows about an interface. */
bool subject_known(Run *run, Str registry, const Interface *interface, FoundKind kind, SubjectFiles *out);
/* Reads the files; false with diagnostics when one cannot be read. */
bool subject_sources(Run *run, SubjectFiles files, Source **out);
/* The interface that a module carries; NULL: none that can be read. */
const Interface *subject_carried(Run *run, SubjectFile module);
/* The interface to work with: `given` (PATH or PATH#NAME, read with `options`; of a PATH that has several the
 * one that the first source's first line names), else the one that a .wit beside the first source has under
 * that name, else the one that the first module carries. NULL with diagnostics. */
const Interface *subject_interface(Run *run, Str given, const WitOptions *options, const Source *sources,
                                   size_t count, SubjectFiles modules);
/* Loads those that answer imports, each "IMPL.wasm" or "INTERFACE=IMPL.wasm", with an INTERFACE as `given`
 * above, and each behind those that it needs itself. NULL with diagnostics when one cannot be loaded. */
Implementation *subject_providers(Run *run, Strs with, const WitOptions *options);
/* Loads each module and fits it. One that is malformed or does not fit is a diagnostic and left out, the
 * others go on; labels are made different where two files have the same name. `with` as above: when one of
 * them cannot be loaded, no module is. */
Implementation *subject_implementations(Run *run, SubjectFiles files, const Interface *interface, Strs with,
                                        const WitOptions *options, size_t *count);
/* The command line's words for them. */
#define WITH_OPTION(Command, member)                                                 \
  {                                                                                  \
    "--with", 'w', OPTION_TEXTS, offsetof(Command, member), "[INTERFACE=]IMPL.wasm", \
        "answers imports of its interface; before those that need it themselves"     \
  }

#endif
