/* Inside ifc/base: the child's side of process_run, between fork and exec. */
#ifndef IFC_BASE_PROCESS_CHILD_H
#define IFC_BASE_PROCESS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

typedef struct Launch {
  const char *path; /* absolute */
  char *const *argv;
  char *const *env;
  const char *folder; /* NULL: here */
  int stdio[3];       /* the child's ends; all above 2 */
  int status;         /* close-on-exec; a LaunchFailure is written to it when exec does not happen */
  pid_t parent;
  bool (*before_exec)(void *context);
  void *context;
} Launch;

typedef struct LaunchFailure {
  int error;
  int in_folder; /* the folder was at fault, not the program */
} LaunchFailure;

/* Becomes the program. Async-signal-safe. */
_Noreturn void process_become(const Launch *launch);

#endif
