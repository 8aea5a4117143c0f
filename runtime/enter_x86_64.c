#include "runtime/enter.h"

#include <ucontext.h>

#ifdef __x86_64__

/* System V ABI. Guest code is compiled C, which changes no control bits of MXCSR and the x87, so they need
 * no saving; a signal handler starts with the defaults, which are what this program has. `*host_stack` is
 * cleared before the frame is gone, so that a tick (trap.c) that comes between cannot leave twice. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl guest_enter\n"
        ".hidden guest_enter\n"
        ".type guest_enter, @function\n"
        "guest_enter:\n"
        "  pushq %rbp\n"
        "  movq %rsp, %rbp\n"
        "  pushq %rbx\n"
        "  pushq %r12\n"
        "  pushq %r13\n"
        "  pushq %r14\n"
        "  pushq %r15\n"
        "  subq $8, %rsp\n"
        "  movq %rdi, %rbx\n"
        "  movq %rdx, %rax\n"
        "  movq %rsp, (%rdi)\n"
        "  movq %rsi, %rsp\n"
        "  movq %rcx, %rdi\n"
        "  movq %r8, %rsi\n"
        "  movq %r9, %rdx\n"
        "  call *%rax\n"
        "  xorl %eax, %eax\n"
        "1:\n"
        "  movq (%rbx), %rsp\n"
        "  movq $0, (%rbx)\n"
        "  addq $8, %rsp\n"
        "  popq %r15\n"
        "  popq %r14\n"
        "  popq %r13\n"
        "  popq %r12\n"
        "  popq %rbx\n"
        "  popq %rbp\n"
        "  ret\n"
        ".globl guest_leave\n"
        ".hidden guest_leave\n"
        ".type guest_leave, @function\n"
        "guest_leave:\n"
        "  movl %esi, %eax\n"
        "  movq %rdi, %rbx\n"
        "  cld\n"
        "  jmp 1b\n"
        ".size guest_enter, . - guest_enter\n");

uintptr_t guest_interrupted_at(const void *context)
{
  return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

#endif
