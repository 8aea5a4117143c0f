#include "runtime/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "ifc/base/arena.h"

typedef struct FaultInfo {
  Str slug, text;
  FaultClass class;
} FaultInfo;

static const FaultInfo infos[FAULT_KIND_COUNT] = {
    [FAULT_NONE] = {{"none", 4}, {"did not fail", 12}, FAULT_CLASS_NONE},
#define FAULT(kind, slug, class, text) \
  [FAULT_##kind] = {{slug, sizeof slug - 1}, {text, sizeof text - 1}, FAULT_CLASS_##class},
#include "runtime/faults.def"
#undef FAULT
};

static const FaultInfo *info_of(FaultKind kind)
{
  return &infos[(unsigned)kind < FAULT_KIND_COUNT ? kind : FAULT_NONE];
}

bool fault_set(Fault *self, FaultKind kind, const char *format, ...)
{
  if (self->kind != FAULT_NONE) return false;
  self->kind = kind;
  self->function[0] = self->line[0] = self->detail[0] = '\0';
  self->elsewhere = false;
  if (!format) return false;
  va_list args;
  va_start(args, format);
  vsnprintf(self->detail, sizeof self->detail, format, args);
  va_end(args);
  return false;
}

FaultClass fault_class(FaultKind kind)
{
  return info_of(kind)->class;
}

Str fault_slug(FaultKind kind)
{
  return info_of(kind)->slug;
}

Str fault_text(Arena *arena, const Fault *self)
{
  Str text = info_of(self->kind)->text;
  if (self->function[0]) text = str_format(arena, "%.*s, in `%s`", STR_ARG(text), self->function);
  if (self->line[0])
    text = str_format(arena, self->function[0] ? "%.*s (%s)" : "%.*s, at %s", STR_ARG(text), self->line);
  if (!self->detail[0]) return text;
  return str_format(arena, "%.*s: %s", STR_ARG(text), self->detail);
}
