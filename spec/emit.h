/* Counterexamples as a specification of their own: each shrunk case that broke a law becomes an `it`, which
 * fails on the implementation that it was found in and holds for a right one. */
#ifndef SPEC_EMIT_H
#define SPEC_EMIT_H

#include "spec/verify.h"

typedef struct EmittedSpec {
  Str text;        /* a whole .spec that parses and checks; empty when there is nothing to write */
  size_t written;  /* how many `it`s are new in it */
  size_t known;    /* counterexamples that `existing` has */
  size_t left_out; /* failures of generated cases that one script cannot repeat: long histories, for one */
} EmittedSpec;

/* Of all that failed. Inputs are made again from the replay tokens, whole, however long they are. Where there
 * is an `existing` specification, which may be NULL, the text is that one's with the `it`s behind it. */
void verify_emit(Arena *arena, const VerifyReport *report, const Spec *existing, EmittedSpec *out);

#endif
