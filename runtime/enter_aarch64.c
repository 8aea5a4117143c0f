#include "runtime/enter.h"

#include <ucontext.h>

#ifdef __aarch64__

/* AAPCS64: x19–x30 and the low halves of v8–v15 belong to the caller. `*host_stack` is cleared before the
 * frame is gone, so that a tick (trap.c) that comes between cannot leave twice. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl guest_enter\n"
        ".hidden guest_enter\n"
        ".type guest_enter, %function\n"
        "guest_enter:\n"
        "  stp x29, x30, [sp, #-160]!\n"
        "  mov x29, sp\n"
        "  stp x19, x20, [sp, #16]\n"
        "  stp x21, x22, [sp, #32]\n"
        "  stp x23, x24, [sp, #48]\n"
        "  stp x25, x26, [sp, #64]\n"
        "  stp x27, x28, [sp, #80]\n"
        "  stp d8, d9, [sp, #96]\n"
        "  stp d10, d11, [sp, #112]\n"
        "  stp d12, d13, [sp, #128]\n"
        "  stp d14, d15, [sp, #144]\n"
        "  mov x19, x0\n"
        "  mov x8, x2\n"
        "  mov x9, sp\n"
        "  str x9, [x0]\n"
        "  mov sp, x1\n"
        "  mov x0, x3\n"
        "  mov x1, x4\n"
        "  mov x2, x5\n"
        "  blr x8\n"
        "  mov w0, #0\n"
        "1:\n"
        "  ldr x9, [x19]\n"
        "  mov sp, x9\n"
        "  str xzr, [x19]\n"
        "  ldp d14, d15, [sp, #144]\n"
        "  ldp d12, d13, [sp, #128]\n"
        "  ldp d10, d11, [sp, #112]\n"
        "  ldp d8, d9, [sp, #96]\n"
        "  ldp x27, x28, [sp, #80]\n"
        "  ldp x25, x26, [sp, #64]\n"
        "  ldp x23, x24, [sp, #48]\n"
        "  ldp x21, x22, [sp, #32]\n"
        "  ldp x19, x20, [sp, #16]\n"
        "  ldp x29, x30, [sp], #160\n"
        "  ret\n"
        ".globl guest_leave\n"
        ".hidden guest_leave\n"
        ".type guest_leave, %function\n"
        "guest_leave:\n"
        "  mov x19, x0\n"
        "  mov w0, w1\n"
        "  b 1b\n"
        ".size guest_enter, . - guest_enter\n");

uintptr_t guest_interrupted_at(const void *context)
{
  return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
}

#endif
