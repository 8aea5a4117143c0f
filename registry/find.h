/* What a registry has under a hash or the beginning of one, as people type them. */
#ifndef REGISTRY_FIND_H
#define REGISTRY_FIND_H

#include "ifc/base/crypto.h"
#include "ifc/base/diag.h"

enum { HASH_PREFIX_MIN = 6 /* hex digits */ };

typedef enum FoundKind {
  FOUND_INTERFACE,     /* `bytes`: its WIT; `hash` is that of its canonical text */
  FOUND_MODULE,        /* `bytes`: the module */
  FOUND_SPECIFICATION, /* `bytes`: the source; `hash` is that of its canonical text, as of a benchmark */
  FOUND_BENCHMARK,
  FOUND_OBJECT, /* any other object, a source file for instance: `bytes` */
} FoundKind;

/* "interface", "implementation", … */
const char *found_kind_text(FoundKind kind);

typedef struct Found {
  FoundKind kind;
  Hash hash;
  Str name; /* an interface's id, a module's label, a source's file name; empty where not known */
  Str bytes;
} Found;

/* Whether the text is meant as a hash: "sha256:" before it, or at least HASH_PREFIX_MIN digits and nothing
 * else. */
bool hash_is_meant(Str text);
/* What the registry's results speak of that is of this kind and about the interface; sorted by name. Nothing
 * comes twice. */
typedef struct Known {
  Str name;          /* as of what is found */
  Hash hash, object; /* `object`: where its bytes are */
} Known;
typedef struct KnownList {
  Known *at;
  size_t len;
} KnownList;
MUST_CHECK bool registry_known(Arena *arena, Str registry, Hash interface, FoundKind kind, KnownList *out,
                               Diags *diags);

/* Looks up a hash or an unambiguous beginning of one ("sha256:" may be left out). Of an interface, a
 * specification or a benchmark the bytes are checked to be what their hash stands for. False with a
 * diagnostic: malformed, unknown, ambiguous (the candidates are named), damaged. */
MUST_CHECK bool registry_find(Arena *arena, Str registry, Str prefix, Found *out, Diags *diags);

#endif
