/* WAVE, the text form of values that WebAssembly tools use (wasm-tools, crates/wasm-wave). Read with WIT's
 * lexer: block comments are allowed too, and code points that WIT rejects must be escaped. As there, a value
 * is nested at most 100 deep, and the printed form leaves fields out that are none. WAVE has no maps yet:
 * they are written as lists of their pairs, "[(\"a\", 1), (\"b\", 2)]", in the order they have. Handles
 * cannot be written; they are printed as their type and number. */
#ifndef IFC_WAVE_H
#define IFC_WAVE_H

#include "ifc/lex.h"
#include "ifc/value.h"

/* The whole of `source` as one value of `type`. False with diagnostics (places included) otherwise. */
bool wave_parse(Arena *arena, const Type *type, const Source *source, Value *out, Diags *diags);
/* Prints the one form that wave_parse reads back as an equal value: "{radius: 3.0, center: (0.0, 1.0)}". */
void wave_print(const Type *type, Value value, Buf *out);
/* As wave_print, but lists and strings past `limit` bytes of output are cut in the middle with "…". For
 * messages. */
void wave_print_short(const Type *type, Value value, size_t limit, Buf *out);

/* True for true, false, some, none, ok, err, inf and nan: cases of these names are written with '%'. */
bool wave_is_keyword(Str label);

/* For languages with WAVE's literals in them. A number token (INTEGER, FLOAT, or the names inf and nan; its
 * span may take in a '-' before it) as a value of an integer or float type; false with a diagnostic where it
 * has a fraction or does not fit. A float that is too large becomes an infinity, with a warning. */
bool wave_number(const Type *type, bool negative, const Token *token, Value *out, Diags *diags);
/* A CHAR token as a value of type char. */
bool wave_char(Arena *arena, const Token *token, Value *out, Diags *diags);

#endif
