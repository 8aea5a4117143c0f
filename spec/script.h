/* Scripts that people type: calls of an implementation, in the language of docs/spec-language.md, and what
 * comes of them. For trying things out; what must hold is written into a specification. */
#ifndef SPEC_SCRIPT_H
#define SPEC_SCRIPT_H

#include "ifc/base/json.h"
#include "runtime/implementation.h"

typedef struct Script Script;

/* script ::= (let | expr) (';' (let | expr))* ';'?    let ::= 'let' name (':' type)? '=' expr
 * Typed against the interface; NULL with diagnostics. */
Script *script_parse(Arena *arena, const Source *source, const Interface *interface, Diags *diags);

typedef struct ScriptOptions {
  uint32_t call_ms; /* for one call; 0: 2,000 */
} ScriptOptions;

/* What a statement came to, of those that have something to show: values of expressions, not of `let`s. */
typedef struct ScriptResult {
  Span span; /* of the statement */
  const Type *type;
  Str value; /* in WAVE */
} ScriptResult;

typedef struct ScriptReport {
  const ScriptResult *results; /* up to the failure, if there was one */
  size_t result_count;
  Str failure;      /* "`half(7)` trapped: …"; empty: all went well */
  Str failure_kind; /* "trap", "abi", "limit", "host", "crash": the module's; "script": the script's own */
  Span failure_span;
  uint32_t
      kept; /* handles that the implementation has in the end, after all that the script had were dropped */
} ScriptReport;

/* Runs it on a fresh instance, in a sandboxed worker. Resources that it is given and does not give away are
 * dropped at its end, the last one first. The implementation must be of the same interface. False
 * with diagnostics only when it could not be tried: no toolchain, no sandbox, an invalid module. */
MUST_CHECK bool script_run(Arena *arena, const Script *self, const Implementation *implementation,
                           const ScriptOptions *options, ScriptReport *out, Diags *diags);
/* The document that docs/schemas/call.json describes. */
Json *script_report_to_json(Arena *arena, const ScriptReport *self, const Implementation *implementation);

#endif
