/* How a call into a module failed: a verdict about the module, not an error of ours; only the class CALLER is
 * about who called. */
#ifndef RUNTIME_FAULT_H
#define RUNTIME_FAULT_H

#include "ifc/base/attributes.h"
#include "ifc/base/str.h"

typedef enum FaultKind {
  FAULT_NONE,
#define FAULT(kind, slug, class, text) FAULT_##kind,
#include "runtime/faults.def"
#undef FAULT
  FAULT_KIND_COUNT
} FaultKind;

typedef enum FaultClass {
  FAULT_CLASS_NONE,
  FAULT_CLASS_TRAP,
  FAULT_CLASS_ABI,
  FAULT_CLASS_LIMIT,
  FAULT_CLASS_HOST,
  FAULT_CLASS_CALLER
} FaultClass;

typedef struct Fault {
  FaultKind kind;
  char function[64]; /* NUL-terminated: in which function of the module, for people; empty: not known */
  char line[80];     /* NUL-terminated: "divide.c:12", the line of the module's source; empty: not known */
  char detail[120];  /* NUL-terminated: the value, the pointer, the import's name; may be empty */
  bool elsewhere;    /* it came up in a module that the called one uses, which `detail` names: that one is to
                        blame */
} Fault;

/* Sets it, with a printf-formatted detail (NULL: none), and returns false, so that a caller can say
 * `return fault_set(…)`. A fault that is already there stays: the first cause is kept. */
bool fault_set(Fault *self, FaultKind kind, const char *format, ...) PRINTF_LIKE(3, 4);
FaultClass fault_class(FaultKind kind);
Str fault_slug(FaultKind kind);
/* "gave a pointer outside its memory: list of 3 u32 at 0xfffffff0", "divided an integer by zero, in `mean`
 * (mean.c:12)"; in `arena`. */
Str fault_text(Arena *arena, const Fault *self);

#endif
