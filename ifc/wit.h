/* The WIT front end: from files to resolved interfaces (type.h). */
#ifndef IFC_WIT_H
#define IFC_WIT_H

#include "ifc/base/map.h"
#include "ifc/type.h"

/* A file of WIT is at most so many bytes. */
enum { WIT_FILE_SIZE_MAX = 1 << 30 };

/* How much is asked of a package. */
typedef enum WitLevel {
  WIT_PARSES, /* what the reference parser reads */
  WIT_VALID, /* what a component may contain: no empty records, flags or tuples, no field or case twice, … */
} WitLevel;

/* The features that gates of what was read name, selected or not. */
typedef struct WitFeatures {
  Arena *arena; /* names are copied to it */
  Map *met;     /* by name; the values mean nothing */
} WitFeatures;

/* All zero: nothing else is looked at than the package, its `deps/` and what lies beside it. */
typedef struct WitOptions {
  const Str *deps; /* folders of packages, each a file or a folder; looked up by their `package` line */
  size_t dep_count;
  const Str *features; /* `@unstable` items of these are in */
  size_t feature_count;
  bool all_features;
  WitFeatures *met; /* features that gates name are added to it; may be NULL */
  WitLevel level;
  bool drops_syntax; /* what is written in interfaces on their own is not needed any more (ast.h) */
} WitOptions;

/* Is this a WebAssembly binary, and so no WIT? */
bool wit_is_module(Str text);
/* Reads a package from one file, a folder (its *.wit, not recursively) or "-", and resolves it with the
 * packages that it names. Those are looked for, by their `package` line, nested in the same files, in the
 * folder's `deps`, in the folders of `options`, and beside PATH. All errors of a run are reported, with
 * places; NULL when there was one. What comes back is the main package; the others are in its `resolve`.
 * Sources stay in `arena`, for diagnostics. `options` may be NULL: WIT_VALID, and nothing else. */
const Package *wit_load(Arena *arena, Str path, const WitOptions *options, Diags *diags);
/* The same for one text, which has to hold all packages that it needs. */
const Package *wit_parse(Arena *arena, const Source *source, const WitOptions *options, Diags *diags);
/* The interface that "PATH" or "PATH#NAME" means; NAME may be left out when the package has only one, or only
 * one world and not one interface. A world means its world_interface, where there are not several. */
const Interface *wit_load_interface(Arena *arena, Str reference, const WitOptions *options, Diags *diags);
/* The interface or the world that it means; NAME may be left out as above. False with diagnostics. */
typedef struct WitItem {
  const Interface *interface; /* one of the two; the other is NULL */
  const World *world;
} WitItem;
bool wit_load_item(Arena *arena, Str reference, const WitOptions *options, WitItem *out, Diags *diags);
/* The interface or world of a package by name ("circle" or "geometry:shapes/circle"), or NULL. */
const Interface *package_interface(const Package *self, Str name);
const World *package_world(const Package *self, Str name);
/* The functions that a world exports by itself, as an interface of the world's name and id; its `world` is
 * that one. NULL where there are none. */
const Interface *world_functions(Arena *arena, const World *self);
/* What a module for the world is known by: the functions that it exports by itself, or else the interface
 * that it exports first. NULL: it exports nothing. */
const Interface *world_interface(Arena *arena, const World *self);
/* An interface that a world exports, as modules name it: by the export's own name where it has one. NULL: the
 * item is no interface. */
const Interface *world_exported(Arena *arena, const World *self, const WorldItem *item);
/* Whether an interface is a world's own functions: their names stand alone in modules. */
bool interface_is_world(const Interface *self);

#endif
