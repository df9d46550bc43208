/* SPDX-License-Identifier: MIT */
/* without.h -- a kernel that lacks something, for whoever runs behind this.
 *
 * A filter of system calls like the lock's, written by hand: what must fail is a call by its
 * number, or by its number and the low half of its first argument. */
#ifndef SP_TESTS_DATA_WITHOUT_H
#define SP_TESTS_DATA_WITHOUT_H
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define CALL_LANDLOCK 444 /* landlock_create_ruleset() */
#define CALL_LANDLOCK_SELF 446
#define ANY_ARGUMENT (-1L)

typedef struct {
    int call;
    long argument; /* ANY_ARGUMENT: whatever it is */
    int fails_with;
} Lack;

#define LACKS_LANDLOCK ((Lack){CALL_LANDLOCK, ANY_ARGUMENT, ENOSYS})

/* 0, or -1 with errno. For the calling thread and what it starts; seccomp itself goes last. */
static inline int
do_without(Lack lack)
{
    uint32_t number = (uint32_t)lack.call;
    uint32_t argument = (uint32_t)lack.argument;
    uint8_t any = lack.argument == ANY_ARGUMENT ? 0 : 1;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, (uint8_t)(any != 0 ? 3 : 1)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, any),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)lack.fails_with),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    if (any == 0) { /* the argument is not looked at */
        code[2] = code[4];
        code[3] = code[5];
    }
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#endif
