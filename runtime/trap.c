#include "runtime/trap.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "runtime/enter.h"

enum {
  MIB = 1024 * 1024,
  STACK_SIZE = 8 * MIB,
  /* Larger than any frame that is not touched page by page anyway (-fstack-clash-protection). */
  STACK_GUARD = 64 * MIB,
  /* What functions of ours, called by guest code, may use of its stack. */
  STACK_FOR_HOST = 64 * 1024,
  /* What run_inside and what it calls need of the stack before the other code's part begins. */
  STACK_BETWEEN = 4096,
  SIGNAL_STACK = 128 * 1024
};

/* A batch, and how far it is. */
typedef struct Batch {
  AssayCall *call;
  void *instance;
  const char *args;
  char *results;
  size_t stride, count;
} Batch;

/* Signal handlers have no other way to know what they interrupted than one static object. */
static struct {
  void *host_stack; /* set while guest code runs (enter.h) */
  TrapScope *scope;
  volatile sig_atomic_t in_host;
  uint64_t calls;        /* made so far */
  uint64_t ticking_call; /* the value of `calls` at the last tick, and how many ticks it has had */
  uint32_t ticks;
  char *stack; /* the guest's stack: guard, then stack; NULL before trap_setup */
  char detail[sizeof((Fault *)0)->detail];
  bool elsewhere; /* of the fault that `detail` is of */
} running;

static char *stack_low(void)
{
  return running.stack + STACK_GUARD;
}

static char *stack_top(void)
{
  return running.stack + STACK_GUARD + STACK_SIZE;
}

/* --- signals */

static bool is_between(uintptr_t at, uintptr_t from, uintptr_t to)
{
  return at >= from && at < to;
}

static FaultKind fault_of_signal(int number, const siginfo_t *info)
{
  uintptr_t at = (uintptr_t)info->si_addr;
  if (number == SIGFPE) return info->si_code == FPE_INTDIV ? FAULT_DIVIDE_BY_ZERO : FAULT_INTEGER_OVERFLOW;
  if (is_between(at, (uintptr_t)running.stack, (uintptr_t)stack_low())) return FAULT_STACK_EXHAUSTED;
  if (is_between(at, running.scope->memory, running.scope->memory_end)) return FAULT_OUT_OF_BOUNDS;
  return FAULT_NONE;
}

LEAVES_GUEST static void on_crash(int number, siginfo_t *info, void *context)
{
  if (running.host_stack && !running.in_host) {
    FaultKind kind = fault_of_signal(number, info);
    running.scope->place = guest_interrupted_at(context);
    if (kind != FAULT_NONE) guest_leave(&running.host_stack, kind);
  }
  /* Not the guest's doing, or past all bounds: the instruction runs again, and this time it kills. */
  struct sigaction usual = {.sa_handler = SIG_DFL};
  sigaction(number, &usual, NULL);
}

LEAVES_GUEST static void on_tick(int number, siginfo_t *info, void *context)
{
  (void)number;
  (void)info;
  if (!running.host_stack) return;
  if (running.calls != running.ticking_call) {
    running.ticking_call = running.calls;
    running.ticks = 0;
  }
  if (++running.ticks <= running.scope->limit_ticks || running.in_host) return;
  running.ticks = 0;
  running.scope->place = guest_interrupted_at(context);
  guest_leave(&running.host_stack, FAULT_TIME_LIMIT);
}

/* --- set-up */

static void *map_nothing(size_t size)
{
  void *at = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? NULL : at;
}

static bool make_stacks(void)
{
  char *guest = map_nothing(STACK_GUARD + STACK_SIZE);
  char *signals = map_nothing(SIGNAL_STACK);
  if (!guest || !signals) return false;
  if (mprotect(guest + STACK_GUARD, STACK_SIZE, PROT_READ | PROT_WRITE)) return false;
  if (mprotect(signals, SIGNAL_STACK, PROT_READ | PROT_WRITE)) return false;
  stack_t stack = {.ss_sp = signals, .ss_size = SIGNAL_STACK};
  if (sigaltstack(&stack, NULL)) return false;
  running.stack = guest;
  return true;
}

/* SA_NODEFER, because handlers leave without returning and must not leave signals blocked behind. */
static bool install_handlers(void)
{
  struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  struct sigaction tick = {.sa_sigaction = on_tick,
                           .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
  return !sigaction(SIGSEGV, &crash, NULL) && !sigaction(SIGBUS, &crash, NULL) &&
         !sigaction(SIGFPE, &crash, NULL) && !sigaction(SIGPROF, &tick, NULL);
}

/* Processor time, not the clock's: a guest cannot sleep, and a busy machine is not its fault. */
static bool start_ticking(void)
{
  struct timeval every = {.tv_usec = TRAP_TICK_MS * 1000L};
  struct itimerval timer = {.it_interval = every, .it_value = every};
  return !setitimer(ITIMER_PROF, &timer, NULL);
}

bool trap_setup(Diags *diags)
{
  if ((running.stack || make_stacks()) && install_handlers() && start_ticking()) return true;
  diag_error(diags, DIAG_SYSTEM, SPAN_NONE, "cannot prepare to run modules: %s", strerror(errno));
  return false;
}

/* --- calls */

static bool ended(uint32_t code, Fault *fault)
{
  if (!code) return true;
  fault_set(fault, (FaultKind)code, running.detail[0] ? "%s" : NULL, running.detail);
  fault->elsewhere = running.elsewhere;
  running.elsewhere = false;
  running.detail[0] = '\0';
  return false;
}

/* Guest code has called us, and we call other guest code: further down on the same stack, and within the time
 * of the call that goes on. */
LEAVES_GUEST static bool run_inside(TrapScope *scope, AssayCall *call, void *instance, const uint64_t *args,
                                    uint64_t *results, Fault *fault)
{
  void *outer_stack = running.host_stack;
  TrapScope *outer = running.scope;
  char *frame = __builtin_frame_address(0);
  char *top = frame - STACK_BETWEEN - ((uintptr_t)frame & 15);
  running.host_stack = NULL; /* a tick that comes now leads nowhere */
  running.scope = scope;
  scope->place = 0;
  scope->limit_ticks = outer->limit_ticks;
  running.in_host = 0;
  uint32_t code = guest_enter(&running.host_stack, top, call, instance, args, results);
  running.in_host = 1;
  running.scope = outer;
  running.host_stack = outer_stack;
  return !code || ended(code, fault);
}

bool trap_run(TrapScope *scope, AssayCall *call, void *instance, const uint64_t *args, uint64_t *results,
              Fault *fault)
{
  if (__builtin_expect(running.host_stack != NULL, 0))
    return run_inside(scope, call, instance, args, results, fault);
  running.scope = scope;
  scope->place = 0;
  running.in_host = 0;
  running.calls++;
  uint32_t code = guest_enter(&running.host_stack, stack_top(), call, instance, args, results);
  return __builtin_expect(!code, 1) || ended(code, fault);
}

/* Runs on the guest's stack. */
static void run_batch(void *context, const uint64_t *args, uint64_t *results)
{
  (void)args;
  (void)results;
  const Batch *batch = context;
  for (size_t i = 0; i < batch->count; i++) {
    running.calls++;
    batch->call(batch->instance, (const uint64_t *)(const void *)(batch->args + i * batch->stride),
                (uint64_t *)(void *)(batch->results + i * batch->stride));
  }
}

bool trap_run_all(TrapScope *scope, AssayCall *call, void *instance, const uint64_t *args, uint64_t *results,
                  size_t stride, size_t count, Fault *fault)
{
  Batch batch = {call, instance, (const char *)args, (char *)results, stride, count};
  return trap_run(scope, run_batch, &batch, NULL, NULL, fault);
}

/* --- functions of ours that guest code calls */

LEAVES_GUEST TrapScope *trap_host_begin(void)
{
  running.in_host = 1;
  if ((char *)__builtin_frame_address(0) < stack_low() + STACK_FOR_HOST)
    trap_raise(FAULT_STACK_EXHAUSTED, NULL);
  return running.scope;
}

LEAVES_GUEST bool trap_stack_has(size_t bytes)
{
  return (char *)__builtin_frame_address(0) - stack_low() >= (ptrdiff_t)bytes;
}

void trap_host_end(void)
{
  running.in_host = 0;
}

LEAVES_GUEST void trap_raise(FaultKind kind, const char *format, ...)
{
  if (format) {
    va_list args;
    va_start(args, format);
    vsnprintf(running.detail, sizeof running.detail, format, args);
    va_end(args);
  }
  guest_leave(&running.host_stack, kind);
}

LEAVES_GUEST void trap_raise_fault(const Fault *fault)
{
  running.elsewhere = fault->elsewhere;
  trap_raise(fault->kind, "%s", fault->detail);
}

uint32_t trap_ticks(void)
{
  return running.calls == running.ticking_call ? running.ticks : 0;
}
