/* SPDX-License-Identifier: MIT */
/* host.h -- how many uploads at once does this host bear? */
#ifndef SP_BULK_HOST_H
#define SP_BULK_HOST_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
    guint cores;       /* that this process may run on */
    double quota;      /* cores that the control group may use at once; 0: no limit */
    guint64 memory;    /* free bytes: the host's, or what is left of the control group's limit,
                          whichever is less; 0: not known */
    guint descriptors; /* that may be open; 0: not known */
} SpHost;

/* What the kernel says: sched_getaffinity(2), /proc/meminfo's MemAvailable, cgroup v2's
 * cpu.max, memory.max and memory.current or v1's counterparts, of our group and all around it,
 * RLIMIT_NOFILE. root: in place of "/" (for tests); NULL. */
void sp_host_ask(const char *root, SpHost *ret_host);

/* RLIMIT_NOFILE alone, as in SpHost. */
guint sp_host_descriptors(void);

/* min(cores, quota rounded up, memory / max_memory, what descriptors allow), at least 1; what
 * is 0 does not bind. *ret_why is what bound: "cores", "the control group's quota", "free
 * memory", "open files"; static; ret_why may be NULL. */
guint sp_host_jobs(const SpHost *host, guint64 max_memory, const char **ret_why);

G_END_DECLS
#endif
