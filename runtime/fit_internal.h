/* Inside runtime/: what the two halves of fitting a module to its interface share: fit.c its exports,
 * fit_imports.c its imports. */
#ifndef RUNTIME_FIT_INTERNAL_H
#define RUNTIME_FIT_INTERNAL_H

#include "ifc/base/vec.h"
#include "ifc/layout.h"
#include "runtime/implementation.h"
#include "runtime/wasm_internal.h"

typedef VEC(FitNeed) FitNeeds;
typedef VEC(FitResource) FitResources;

typedef struct Fitter {
  Arena *arena;
  const WasmModule *module;
  Str path;
  const Interface *interface;
  Diags *diags;
  const Implementation *providers;
  size_t provider_count;
  FitNeeds *needs;
  FitResources *others, *refused; /* resources of other interfaces: the module's own, and not */
  const Json *declared;           /* what the module says that it needs */
} Fitter;

/* A name of the module's, printable. */
Str fit_shown(const Fitter *self, Str name);
bool fit_signature_matches(const WasmType *type, const CoreSignature *signature);
/* "a function", "a memory" */
const char *fit_kind_text(WasmKind kind);
void fit_note_expected(const Fitter *self, Diag *diag, const CoreSignature *signature,
                       const Function *function);

/* Whether the module has a resource of its own for the one that `owner` declares, because it exports that. */
bool fit_is_own_resource(const Fitter *self, const Interface *owner, const TypeDef *def);

/* What answers each import; adds to `needs` whose they are. What nobody answers is reported. */
const FitImport *fit_imports(const Fitter *self);
/* Adds those who implement resources that the interface's own functions pass. */
void fit_resource_needs(const Fitter *self);

#endif
