/* Inside ifc/base: paths as the operating system's calls want them. */
#ifndef IFC_BASE_PATH_H
#define IFC_BASE_PATH_H

#include <limits.h>

#include "ifc/base/str.h"

typedef struct PathZ {
  char text[PATH_MAX];
} PathZ;

/* Copies the path with a NUL at its end. False, with errno set, when it is too long or holds a NUL. */
MUST_CHECK bool path_to_z(Str path, PathZ *out);

#endif
