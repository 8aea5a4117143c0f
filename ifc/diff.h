/* `ifc diff`: what changed between two packages, function by function, and for whom it breaks. Interfaces and
 * worlds are compared by what canon.h hashes: what leaves the hash as it was (versions, docs, names of types,
 * the order of items) is no change. The rules, with the reasons, stand in docs/compatibility.md. */
#ifndef IFC_DIFF_H
#define IFC_DIFF_H

#include "ifc/base/json.h"
#include "ifc/canon.h"
#include "ifc/type.h"

/* How a new interface, world or item stands to the old one, best first. */
typedef enum DiffClass {
#define DIFF_CLASS(name, slug) DIFF_##name,
#include "ifc/diff_classes.def"
#undef DIFF_CLASS
} DiffClass;

/* For whom a change breaks, as a set. An interface has callers and implementers. A world is offered by hosts
 * and used by guests: guests count as its callers, hosts as its implementers. */
typedef enum DiffBreaks {
  DIFF_BREAKS_NOBODY = 0,
  DIFF_BREAKS_CALLERS = 1, /* what called the old one cannot call the new one; guests of the old world do not
                              run in hosts of the new one */
  DIFF_BREAKS_IMPLEMENTERS = 2, /* what implements the old one does not implement the new one; hosts of the
                                   old world do not run guests of the new one */
  DIFF_BREAKS_ALL = 3
} DiffBreaks;

/* One difference, told once however many functions it reaches. */
typedef struct Change {
  DiffClass class;   /* FOREIGN, CALLERS, IMPLEMENTERS or BREAKING */
  DiffBreaks breaks; /* follows from the class, except of FOREIGN: then from what became of that interface */
  Str item;          /* the function (Function.name) or resource that it is in; of a world also an import or
                        export, by its name or id */
  Str text;          /* "in parameter b of intersects: record field radius: f64 became f32" */
  Str renamed; /* of what was removed or added, the only one of the same signature that was added or removed:
                  maybe the same under another name; else empty */
  const Str *also; /* further functions that it reaches (Function.name), the first DIFF_ALSO_MAX in the order
                      of their names */
  size_t also_count;
  bool also_more;     /* and others */
  Span before, after; /* what changed, or else what it is in; without a source where there is none */
} Change;
enum { DIFF_ALSO_MAX = 8 };

/* An interface, or a world, of either package or of both. */
typedef struct InterfaceDiff {
  Str id; /* "geometry:shapes/circle" */
  bool is_world;
  bool is_dependency; /* of a dependency of both: told only where it changed and something of the package
                         shows it */
  DiffClass class;
  DiffBreaks breaks;
  Hash before, after; /* `before` is meaningless where it was ADDED, `after` where it was REMOVED */
  Str renamed; /* of what was ADDED or REMOVED: the id that the same content had, or has; of a world that
                  was compared with one of another id: that one; else empty */
  const Change *changes; /* first resources, then functions, each in the order of names; of a world, before
                            them its interfaces; imports before exports */
  size_t change_count;
  size_t dropped; /* changes beyond DIFF_CHANGES_MAX: counted, but not kept */
} InterfaceDiff;
enum { DIFF_CHANGES_MAX = 100 };

typedef struct Diff {
  const InterfaceDiff *interfaces; /* sorted by id; the unchanged ones too */
  size_t interface_count;
} Diff;

/* Compares the interfaces and worlds of the main and nested packages by their ids, whatever the versions.
 * Where a package has an id in several versions, those of equal hash are taken together first, then in the
 * order of the versions. Linear in the size of both. Texts stay in `arena`; the packages must outlive the
 * result. */
Diff package_diff(Arena *arena, const Package *before, const Package *after);
/* Compares two interfaces as they are; another id is one more change. */
Diff interface_diff(Arena *arena, const Interface *before, const Interface *after);
/* Compares two worlds as they are. Their ids do not count: guests and hosts are linked by what is in a world,
 * never by what it is called. */
Diff world_diff(Arena *arena, const World *before, const World *after);
/* Whether anything that existed before breaks for callers of interfaces and guests of worlds: something was
 * changed or removed. */
bool diff_breaks_callers(const Diff *self);
/* Whether anything that existed before breaks for implementers of interfaces and hosts of worlds: something
 * was changed, or an interface or world asks for more. A whole interface that was added breaks nobody. */
bool diff_breaks_implementers(const Diff *self);

/* "added", "breaking", … : as in JSON. */
Str diff_class_slug(DiffClass class);
/* The report for people: ASCII but for "→", at most 80 columns where names allow it, ends with a newline. */
Str diff_text(Arena *arena, const Diff *self);
/* The document that docs/schemas/diff.json describes. */
Json *diff_to_json(Arena *arena, const Diff *self);

#endif
