/* SPDX-License-Identifier: MIT */
/* test-host.c -- what control groups of either version leave us, from trees of files that look
 * like the kernel's; and what comes of it. */
#include "bulk/host.h"
#include "scratch.h"
#include <string.h>
#include <sys/resource.h>

#define GIB (G_GUINT64_CONSTANT(1) << 30)
#define G "sys/fs/cgroup"

#define MEMINFO                                                                                \
    {                                                                                          \
        "proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1048576 kB\n"           \
                        "MemAvailable:    8388608 kB\nBuffers: 1 kB\n"                         \
    }
#define V2_MOUNT "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
#define V1_MOUNTS                                                                              \
    "30 23 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"                               \
    "32 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:1 master:2 - cgroup cgroup "            \
    "rw,cpu,cpuacct\n"                                                                         \
    "33 30 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"                        \
    "35 30 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

typedef struct {
    const char *path, *text;
} File;

static const struct {
    const char *name;
    File files[16]; /* the last one is empty */
    double quota;
    guint64 memory;
} hosts[] = {
    {"nothing is known", {{NULL}}, 0, 0},
    {"no groups", {MEMINFO}, 0, 8 * GIB},
    {"no limits",
     {MEMINFO,
      {"proc/self/cgroup", "0::/\n"},
      {"proc/self/mountinfo", V2_MOUNT},
      {G "/cpu.max", "max 100000\n"},
      {G "/memory.max", "max\n"},
      {G "/memory.current", "1073741824\n"}},
     0,
     8 * GIB},
    {"ours and those around it",
     {MEMINFO,
      {"proc/self/cgroup", "0::/a.slice/b.scope\n"},
      {"proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" V2_MOUNT},
      {G "/a.slice/b.scope/cpu.max", "400000 100000\n"},
      {G "/a.slice/cpu.max", "150000 100000\n"},
      {G "/cpu.max", "900000 100000\n"},
      {G "/a.slice/b.scope/memory.max", "4294967296\n"},
      {G "/a.slice/b.scope/memory.current", "1073741824\n"},
      {G "/a.slice/memory.max", "max\n"},
      {G "/a.slice/memory.current", "5368709120\n"}},
     1.5,
     3 * GIB},
    {"files that may be given up",
     {MEMINFO,
      {"proc/self/cgroup", "0::/a\n"},
      {"proc/self/mountinfo", V2_MOUNT},
      {G "/a/memory.max", "4294967296\n"},
      {G "/a/memory.current", "4294967296\n"},
      {G "/a/memory.stat", "anon 1\ninactive_file 2147483648\nactive_file 5\n"},
      {G "/memory.stat", "inactive_file 1\n"}},
     0,
     2 * GIB},
    {"nothing is left",
     {MEMINFO,
      {"proc/self/cgroup", "0::/a\n"},
      {"proc/self/mountinfo", V2_MOUNT},
      {G "/a/memory.max", "4096\n"},
      {G "/a/memory.current", "1073741824\n"},
      {G "/a/memory.stat", "inactive_file_x 1073741824\n"}},
     0,
     1},
    {"more than the host has",
     {MEMINFO,
      {"proc/self/cgroup", "0::/a\n"},
      {"proc/self/mountinfo", V2_MOUNT},
      {G "/a/memory.max", "1099511627776\n"},
      {G "/a/memory.current", "1\n"}},
     0,
     8 * GIB},
    {"a container sees its own group only",
     {MEMINFO,
      {"proc/self/cgroup", "0::/docker/0123\n"},
      {"proc/self/mountinfo",
       "31 23 0:28 /docker/0123 /sys/fs/cgroup ro - cgroup2 cgroup rw\n"},
      {G "/cpu.max", "50000 100000\n"}},
     0.5,
     8 * GIB},
    {"a group within a container's",
     {MEMINFO,
      {"proc/self/cgroup", "0::/docker/0123/in\n"},
      {"proc/self/mountinfo",
       "31 23 0:28 /docker/0123 /some\\040where ro - cgroup2 cgroup rw\n"},
      {"some where/in/cpu.max", "25000 100000\n"},
      {"some where/cpu.max", "50000 100000\n"}},
     0.25,
     8 * GIB},
    {"what is mounted is elsewhere",
     {MEMINFO,
      {"proc/self/cgroup", "0::/docker/0123\n"},
      {"proc/self/mountinfo", "31 23 0:28 /docker/01 /sys/fs/cgroup ro - cgroup2 cgroup rw\n"},
      {G "/cpu.max", "50000 100000\n"}},
     0.5,
     8 * GIB},
    {"version 1",
     {MEMINFO,
      {"proc/self/cgroup", "12:cpuset:/\n5:cpu,cpuacct:/job\n4:memory:/job/task\n0::/\n"},
      {"proc/self/mountinfo", V1_MOUNTS},
      {G "/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n"},
      {G "/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n"},
      {G "/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"},
      {G "/cpu,cpuacct/cpu.cfs_period_us", "100000\n"},
      {G "/memory/job/task/memory.limit_in_bytes", "9223372036854771712\n"},
      {G "/memory/job/task/memory.usage_in_bytes", "1000\n"},
      {G "/memory/job/memory.limit_in_bytes", "2147483648\n"},
      {G "/memory/job/memory.usage_in_bytes", "2147483648\n"},
      {G "/memory/job/memory.stat", "inactive_file 7\ntotal_inactive_file 1073741824\n"}},
     2.5,
     GIB},
    {"both versions",
     {MEMINFO,
      {"proc/self/cgroup", "4:memory:/a\n0::/b\n"},
      {"proc/self/mountinfo",
       V1_MOUNTS "41 30 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"},
      {G "/memory/a/memory.limit_in_bytes", "2147483648\n"},
      {G "/memory/a/memory.usage_in_bytes", "0\n"},
      {G "/unified/b/cpu.max", "300000 100000\n"}},
     3,
     2 * GIB},
    {"nonsense",
     {{"proc/meminfo", "MemAvailable: much\nMemAvailable\n"},
      {"proc/self/cgroup", "\n::\n0\n0:\n0::/a\n"},
      {"proc/self/mountinfo", "- cgroup2\n - cgroup2 x y\n1 2 3 4 5 6 - \n" V2_MOUNT},
      {G "/a/cpu.max", "-5 100000\n"},
      {G "/cpu.max", "100000\n"},
      {G "/a/memory.max", "4 GB\n"},
      {G "/a/memory.current", "1\n"}},
     0,
     0},
    {"no time at all",
     {{"proc/self/cgroup", "0::/a\n"},
      {"proc/self/mountinfo", V2_MOUNT},
      {G "/a/cpu.max", "100000 0\n"},
      {G "/cpu.max", ""}},
     0,
     0},
};

static void
test_groups(Scratch *scratch, gconstpointer data)
{
    (void)data;
    for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autofree char *root = g_strdup_printf("%s/%u", scratch->folder, i);
        for (guint k = 0; hosts[i].files[k].path != NULL; k++) {
            g_autofree char *path = g_build_filename(root, hosts[i].files[k].path, NULL);
            scratch_put(path, hosts[i].files[k].text);
        }
        SpHost host = {0};
        g_test_message("%s", hosts[i].name);
        sp_host_ask(root, &host);
        g_assert_cmpfloat(host.quota, ==, hosts[i].quota);
        g_assert_cmpuint(host.memory, ==, hosts[i].memory);
        g_assert_cmpuint(host.cores, ==, g_get_num_processors());
        g_assert_cmpuint(host.descriptors, ==, sp_host_descriptors());
    }
}

static void
test_this_one(void)
{
    SpHost host = {0};
    sp_host_ask(NULL, &host);
    g_test_message("%u cores, quota %g, %" G_GUINT64_FORMAT " MiB, %u descriptors", host.cores,
                   host.quota, host.memory >> 20, host.descriptors);
    g_assert_cmpuint(host.cores, >=, 1);
    g_assert_cmpuint(host.memory, >, 0);
}

static void
test_descriptors(void)
{
    struct rlimit before = {0};
    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &before), ==, 0);
    struct rlimit few = {.rlim_cur = 100, .rlim_max = before.rlim_max};
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
    g_assert_cmpuint(sp_host_descriptors(), ==, 100);
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &before), ==, 0);
}

static void
test_jobs(void)
{
    static const struct {
        SpHost host;
        guint64 max_memory;
        guint jobs;
        const char *why;
    } cases[] = {
        {{.cores = 8}, GIB, 8, "cores"},
        {{.cores = 8, .quota = 2}, GIB, 2, "the control group's quota"},
        {{.cores = 8, .quota = 2.01}, GIB, 3, "the control group's quota"},
        {{.cores = 8, .quota = 0.1}, GIB, 1, "the control group's quota"},
        {{.cores = 8, .quota = 8}, GIB, 8, "cores"},
        {{.cores = 8, .quota = 1e300}, GIB, 8, "cores"},
        {{.cores = 8, .memory = 4 * GIB}, GIB, 4, "free memory"},
        {{.cores = 8, .memory = 4 * GIB - 1}, GIB, 3, "free memory"},
        {{.cores = 8, .memory = 1}, GIB, 1, "free memory"},
        {{.cores = 8, .memory = 1}, 0, 8, "cores"},
        {{.cores = 8, .memory = 100 * GIB}, GIB, 8, "cores"},
        {{.cores = 8, .quota = 3, .memory = 2 * GIB}, GIB, 2, "free memory"},
        {{.cores = 8, .descriptors = 1024}, GIB, 8, "cores"},
        {{.cores = 8, .descriptors = 16 + 3 * 24}, GIB, 3, "open files"},
        {{.cores = 8, .descriptors = 15 + 3 * 24}, GIB, 2, "open files"},
        {{.cores = 8, .descriptors = 1}, GIB, 1, "open files"},
        {{.cores = 0}, GIB, 1, "cores"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *why = NULL;
        guint jobs = sp_host_jobs(&cases[i].host, cases[i].max_memory, &why);
        g_assert_cmpuint(jobs, ==, cases[i].jobs);
        g_assert_cmpstr(why, ==, cases[i].why);
        g_assert_cmpuint(sp_host_jobs(&cases[i].host, cases[i].max_memory, NULL), ==, jobs);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    SCRATCH_ADD("/host/groups", test_groups);
    g_test_add_func("/host/this-one", test_this_one);
    g_test_add_func("/host/descriptors", test_descriptors);
    g_test_add_func("/host/jobs", test_jobs);
    return g_test_run();
}
