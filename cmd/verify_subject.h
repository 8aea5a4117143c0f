/* What verify's operands mean: implementations, or an interface whose implementations the registry has; and
 * the specifications that they are tried against. */
#ifndef CMD_VERIFY_SUBJECT_H
#define CMD_VERIFY_SUBJECT_H

#include "cmd/subject.h"
#include "spec/spec.h"

typedef struct VerifyOperands {
  Strs operands; /* modules; or one interface: PATH, PATH#NAME, or its hash */
  Strs specs;    /* none: all that the registry has of the interface */
  Str interface; /* --for */
  Str registry;
  const WitOptions *wit;
} VerifyOperands;

typedef struct VerifySubject {
  const Interface *interface;
  Str interface_path; /* what --for would have to say to mean it; empty: nothing */
  const Spec **specs;
  size_t spec_count;
  SubjectFiles modules;
} VerifySubject;

/* False with diagnostics. Specifications of the registry that do not fit are warned about and left out. */
bool verify_subject(Run *run, const VerifyOperands *operands, VerifySubject *out);

#endif
