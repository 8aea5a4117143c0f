/* The productions that the two halves of the WIT parser share. Internal to it. */
#ifndef IFC_WIT_PARSE_H
#define IFC_WIT_PARSE_H

#include "ifc/parser.h"

/* wit_parse_type.c */
MUST_CHECK bool parse_type(Parser *self, AstType **out);
MUST_CHECK bool parse_alias(Parser *self, AstItem *out);
MUST_CHECK bool parse_record(Parser *self, AstItem *out);
MUST_CHECK bool parse_variant(Parser *self, AstItem *out);
MUST_CHECK bool parse_names(Parser *self, AstItem *out);
MUST_CHECK bool parse_function_type(Parser *self, AstItem *out);
MUST_CHECK bool parse_resource(Parser *self, AstItem *out);

/* wit_parse_gate.c */
/* `*out` is NULL where nothing is written. */
MUST_CHECK bool parse_gate(Parser *self, const AstGate **out);
/* `gate` may be NULL. Reports an `@external-id` where none may stand: before `what`, "an `include`". */
void gate_without_external_id(Parser *self, const AstGate *gate, const char *what);

/* wit_parse_pool.c */
/* Has the items of the interface stand in the file's newest pool, or in a new one where that is full; where
 * they stay (wit_parse_file), nothing. */
void pool_enter(Parser *self, AstInterface *interface);

/* wit_parse.c */
/* Parses items up to and with '}', which `open` is the opening of; failures are skipped. */
typedef bool ParseItem(Parser *self, void *context);
bool parse_block(Parser *self, ParseItem *item, void *context);

#endif
