/* What people of other languages write in WIT, and what they mean: notes beside "expected …, found …".
 * Internal to the WIT parser. */
#ifndef IFC_WIT_HINT_H
#define IFC_WIT_HINT_H

#include "ifc/parser.h"

/* Each is a note, or NULL where there is nothing to say. */

/* Of a word that begins no item of an interface: "struct", "fn". */
const char *hint_of_item(Str word);
/* Of a word that takes no types, but has '<' behind it: "vec". In any case, with or without '_'. */
const char *hint_of_generic(Str word);
/* Of what stands, as the current token, where a type should. */
const char *hint_for_type(const Parser *self);
/* Of what stands behind an element of a list, as the current token, instead of ',' or the list's end. */
const char *hint_in_list(const Parser *self);
/* Of what stands behind a function's type, as the current token, instead of ';'. */
const char *hint_behind_function(const Parser *self);

/* Adds a hint to `diag`, or, where that is NULL, to what the lexer reported of the current token. */
void hint_note(Parser *self, Diag *diag, const char *hint);

#endif
