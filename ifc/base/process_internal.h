/* Inside ifc/base: what process.c needs from process_find.c. */
#ifndef IFC_BASE_PROCESS_INTERNAL_H
#define IFC_BASE_PROCESS_INTERNAL_H

#include "ifc/base/diag.h"

/* $PATH, or a usual one. */
const char *process_search_path(void);
/* "cannot find 'wasm2c'", with the package to install where it is known. */
void process_report_missing(Str program, Diags *diags);

#endif
