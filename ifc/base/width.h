/* How wide text is on a terminal, as far as blocks of Unicode tell: enough to put a caret under a word. */
#ifndef IFC_BASE_WIDTH_H
#define IFC_BASE_WIDTH_H

#include <stdint.h>

/* The columns that a code point takes: 0 for marks that combine with what is before them, 2 for East Asian
 * wide ones and emoji, else 1. Controls have no width of their own; they count as 1. */
unsigned width_of(uint32_t code_point);

#endif
