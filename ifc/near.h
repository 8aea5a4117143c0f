/* "Did you mean …?": the candidate that a misspelt name was probably meant to be. */
#ifndef IFC_NEAR_H
#define IFC_NEAR_H

#include <stddef.h>

#include "ifc/base/str.h"

/* Begin with (Near){.wanted = …}, consider the candidates, read `best`. */
typedef struct Near {
  Str wanted;
  Str best; /* empty: none is near */
  size_t distance;
} Near;

/* Keeps the candidate if it is nearer than those before: by edits (Damerau-Levenshtein with adjacent swaps),
 * at most a third of the longer name's length, case and '_' for '-' aside. */
void near_consider(Near *self, Str candidate);

#endif
