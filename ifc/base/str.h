/* Slices of text: a pointer and a length, passed by value, never owned and not
 * NUL-terminated. Everything above the operating system's own calls uses these. */
#ifndef IFC_BASE_STR_H
#define IFC_BASE_STR_H

#include "ifc/base/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Arena Arena;

typedef struct Str {
  const char *at;
  size_t len; /* bytes */
} Str;

/* A slice of a string literal. */
#define STR(literal) ((Str){(literal), sizeof(literal) - 1})
/* The two arguments that printf's "%.*s" takes for a slice. */
#define STR_ARG(s) ((int)(s).len), ((s).at)

/* The slice over a NUL-terminated string, which must outlive it. NULL gives the empty slice. */
Str str_from_z(const char *text);
/* A NUL-terminated copy in `arena`. Bytes after an embedded NUL are kept but unseen by libc. */
char *str_to_z(Arena *arena, Str self);
/* A copy in `arena`. */
Str str_copy(Arena *arena, Str self);
/* A formatted slice in `arena`; the format is printf's. */
Str str_format(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

bool str_equal(Str a, Str b);
/* Bytewise order: negative, zero or positive as memcmp; a prefix comes before its extensions. */
int str_compare(Str a, Str b);
bool str_starts_with(Str self, Str prefix);
bool str_ends_with(Str self, Str suffix);
/* The bytes from `from` up to, not including, `to`; both are clamped to the length. */
Str str_slice(Str self, size_t from, size_t to);
/* Where `needle` first occurs, or SIZE_MAX. */
size_t str_find(Str self, Str needle);
/* Where the byte last occurs, or SIZE_MAX. */
size_t str_find_last(Str self, char byte);
/* Without leading and trailing spaces, tabs, CR and LF. */
Str str_trim(Str self);
/* FNV-1a, 64 bits: for hash tables, not for identity. */
uint64_t str_hash(Str self);
/* Decimal digits only, no sign. False, and `*out` untouched, when empty, malformed or too large. */
bool str_to_u64(Str self, uint64_t *out);

#endif
