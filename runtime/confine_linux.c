#include "runtime/confine_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Debian 12's kernel headers end with Landlock 2; these are of later versions. */
#define FS_TRUNCATE (UINT64_C(1) << 14)  /* 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */
#define NET_ALL_TCP (UINT64_C(3))        /* 4: bind and connect */
#define SCOPE_ALL (UINT64_C(3))          /* 6: abstract sockets and signals */

typedef struct Ruleset {
  uint64_t files, net, scoped; /* as the kernel's landlock_ruleset_attr of version 6 */
} Ruleset;

#define FS_READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_ALTER                                                                                    \
  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
   LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |       \
   LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE)
#define FS_NEVER \
  (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK | FS_IOCTL_DEV)
/* The rights that a rule for a file, not a folder, may hold. */
#define FS_OF_FILE \
  (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)

unsigned landlock_version(void)
{
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? (unsigned)version : 0;
}

/* Of these rights, those that this version knows. */
static uint64_t known_rights(unsigned version, uint64_t rights)
{
  if (version < 2) rights &= ~(uint64_t)LANDLOCK_ACCESS_FS_REFER;
  if (version < 3) rights &= ~FS_TRUNCATE;
  if (version < 5) rights &= ~FS_IOCTL_DEV;
  return rights;
}

/* A ruleset that governs these rights, the network and signals, and allows none of them. Its handle, or -1.
 */
static int ruleset_open(unsigned version, uint64_t rights)
{
  Ruleset ruleset = {.files = known_rights(version, rights), .net = NET_ALL_TCP, .scoped = SCOPE_ALL};
  size_t size = version >= 6   ? sizeof ruleset
                : version >= 4 ? sizeof ruleset - sizeof ruleset.scoped
                               : sizeof ruleset.files;
  return (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
}

static bool ruleset_enter(int ruleset)
{
  bool ok = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  int error = errno;
  close(ruleset);
  errno = error;
  return ok;
}

static bool confine_rights(uint64_t rights)
{
  unsigned version = landlock_version();
  if (!version) return true;
  int ruleset = ruleset_open(version, rights);
  return ruleset >= 0 && ruleset_enter(ruleset);
}

bool confine_writing(void)
{
  return confine_rights(FS_ALTER | FS_NEVER);
}

bool confine_all_files(void)
{
  return confine_rights(FS_READ | FS_ALTER | FS_NEVER);
}

static uint64_t granted_rights(Grant grant)
{
  switch (grant) {
  case GRANT_READ: return FS_READ;
  case GRANT_READ_WRITE: return LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE;
  case GRANT_ALL: return FS_READ | FS_ALTER;
  }
  return 0;
}

static bool grant_path(int ruleset, unsigned version, const GrantedPath *path)
{
  int handle = open(path->path, O_PATH | O_CLOEXEC);
  if (handle < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
  struct stat status;
  bool ok = fstat(handle, &status) == 0;
  uint64_t rights = known_rights(version, granted_rights(path->grant));
  if (ok && !S_ISDIR(status.st_mode)) rights &= FS_OF_FILE;
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = handle};
  ok = ok && syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  int error = errno;
  close(handle);
  errno = error;
  return ok;
}

bool confine_to_paths(const GrantedPath *paths, size_t count)
{
  unsigned version = landlock_version();
  if (!version) return true;
  int ruleset = ruleset_open(version, FS_READ | FS_ALTER | FS_NEVER);
  if (ruleset < 0) return false;
  for (size_t i = 0; i < count; i++) {
    if (grant_path(ruleset, version, &paths[i])) continue;
    close(ruleset);
    return false;
  }
  return ruleset_enter(ruleset);
}

bool confine_limit(int resource, uint64_t most)
{
  struct rlimit limit;
  if (syscall(SYS_prlimit64, 0, resource, NULL, &limit)) return false;
  uint64_t hard = resource == RLIMIT_CPU ? most + 1 : most;
  if (limit.rlim_max > hard) limit.rlim_max = hard;
  if (limit.rlim_cur > most) limit.rlim_cur = most;
  return syscall(SYS_prlimit64, 0, resource, &limit, NULL) == 0;
}

bool confine_capabilities(bool keep_file_access)
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, sets)) return false;
  if (!(sets[0].permitted | sets[1].permitted)) return true;
  /* Without this, exec would give root everything back. Refused in containers that hold this power back. */
  prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0);
  uint32_t kept = keep_file_access ? sets[0].permitted & (1u << CAP_DAC_OVERRIDE) : 0;
  sets[0].permitted = sets[0].effective = sets[0].inheritable = kept;
  sets[1].permitted = sets[1].effective = sets[1].inheritable = 0;
  if (syscall(SYS_capset, &header, sets)) return false;
  return !kept || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0) == 0;
}
