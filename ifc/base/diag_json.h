/* Diagnostics for programs: editors, CI. */
#ifndef IFC_BASE_DIAG_JSON_H
#define IFC_BASE_DIAG_JSON_H

#include "ifc/base/diag.h"
#include "ifc/base/json.h"

/* All of them in the order they are in, as docs/schemas/diagnostics.json has it. Texts are not copied. */
Json *diags_to_json(Arena *arena, const Diags *self);

#endif
