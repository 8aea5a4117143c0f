/* UTF-8 (RFC 3629): decoding without overlong forms, surrogates or values past U+10FFFF. */
#ifndef IFC_BASE_UTF8_H
#define IFC_BASE_UTF8_H

#include "ifc/base/str.h"

/* The code point at `*at`, which moves past it; UINT32_MAX, with `*at` unmoved, where it is malformed.
 * `*at` must be less than the length. */
uint32_t utf8_next(Str text, size_t *at);
/* The offset of the first malformed byte, or SIZE_MAX when all is well. */
size_t utf8_first_error(Str text);
/* Writes 1 to 4 bytes and returns how many. `code_point` must be a Unicode scalar value. */
size_t utf8_encode(uint32_t code_point, char out[4]);
/* How many columns the text takes on a terminal: code points, tabs counted as one. */
size_t utf8_columns(Str text);

#endif
