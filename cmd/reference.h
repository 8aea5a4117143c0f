/* What an operand of `ifc` refers to: WIT in a file or folder, a module, or what the registry has under a
 * hash;
 * "#NAME" behind it chooses one interface or world. */
#ifndef CMD_REFERENCE_H
#define CMD_REFERENCE_H

#include "cmd/command.h"
#include "ifc/wit.h"
#include "registry/find.h"
#include "runtime/wasm.h"

typedef enum ReferenceKind {
  REFERENCE_PACKAGE, /* `package` */
  REFERENCE_MODULE,  /* `module`, `hash` */
  REFERENCE_TEXT,    /* `found`: a specification, a benchmark, another object */
} ReferenceKind;

typedef struct Reference {
  ReferenceKind kind;
  Str path;               /* as it was written, without "#NAME" */
  Str name;               /* NAME; else of a module or an interface's hash the id that is meant; else empty */
  bool named;             /* NAME was written */
  const Package *package; /* of a module: NULL until reference_package */
  WasmModule module;
  Hash hash;          /* of the module's bytes */
  bool from_registry; /* `found` says more */
  Found found;
} Reference;

/* Reads what the operand refers to. A file or folder of that name comes before a hash. False with
 * diagnostics. */
bool reference_load(Run *run, Str operand, Str registry, const WitOptions *options, Reference *out);
/* Its package: of a module the one that it carries, provided that its exports fit. NULL with diagnostics. */
const Package *reference_package(Run *run, Reference *self);

/* An interface or a world, one of the two. */
typedef struct Item {
  const Interface *interface;
  const World *world;
  const Package *package; /* that it is in */
  Str name, id;
} Item;
typedef struct Items {
  Item *at;
  size_t len;
} Items;

/* The interfaces and worlds of the package and of those nested in its files, not of its dependencies. */
Items package_items(Arena *arena, const Package *package);
/* The interfaces and worlds that are meant: all, or the one called `name` ("circle",
 * "geometry:shapes/circle", "geometry:shapes/circle@1.0.0"). False with a diagnostic when there is none of
 * that name, or several. */
bool items_named(Run *run, Str path, const Package *package, Str name, Items *out);
/* The one that is meant; `name` may be empty when there is only one. False with a diagnostic. */
bool items_choose(Run *run, Str path, const Package *package, Str name, Item *out);

#endif
