/* What `ifc show` says of a module: as WIT with comments, and as JSON. */
#ifndef CMD_MODULE_REPORT_H
#define CMD_MODULE_REPORT_H

#include "ifc/base/json.h"
#include "runtime/implementation.h"
#include "runtime/module_names.h"

typedef struct ModuleReport {
  Str path;
  Hash hash;
  const WasmModule *module;
  const Json *build;          /* the assay:build section; NULL: none */
  const Interface *interface; /* the one it carries; NULL: none */
  Str misfit;                 /* why its exports are not that interface's; empty: they are */
  ModuleNames names;
} ModuleReport;

/* Never fails: what a module says of itself wrongly is told as such. */
ModuleReport module_report(Arena *arena, Str path, Hash hash, const WasmModule *module);
/* Comments, and the WIT that it carries; parses where it carries any. */
Str module_report_text(Arena *arena, const ModuleReport *self);
/* The document that docs/schemas/module.json describes. */
Json *module_report_to_json(Arena *arena, const ModuleReport *self);

#endif
