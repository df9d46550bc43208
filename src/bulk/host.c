/* SPDX-License-Identifier: MIT */
/* host.c -- how many uploads at once does this host bear?
 *
 * A container is given less than its host has by control groups, of which ours lies in others:
 * each of them may limit. /proc/self/cgroup says where we are in a hierarchy, and
 * /proc/self/mountinfo where (and from which group on) that is mounted. There is one hierarchy
 * in version 2, and one a controller in version 1; hosts that have both are asked for both,
 * since a limit is in one of them only.
 *
 * What is not there, or not as expected, limits nothing. */
#include "bulk/host.h"
#include "base/size.h"
#include <string.h>
#include <sys/resource.h>

#define DESCRIPTORS 24     /* of one photo on its way, with the largest preset */
#define OWN_DESCRIPTORS 16 /* of the program and its renderers' */
/* Version 1 has no word for "no limit" but the most that pages can count. */
#define NO_LIMIT (G_GUINT64_CONSTANT(1) << 62)

/* ---- small files ---------------------------------------------------------------------------
 */

/* Owned by the caller; NULL when it cannot be read. */
static char *
read_text(const char *folder, const char *name)
{
    char *text = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

/* "max" and "-1" are no numbers. */
static gboolean
read_number(const char *folder, const char *name, guint64 *ret_number)
{
    g_autofree char *text = read_text(folder, name);
    return text != NULL && sp_unsigned_parse(g_strstrip(text), 10, 0, G_MAXUINT64, ret_number);
}

/* Of a file of lines "NAME NUMBER" or "NAME:   NUMBER kB". 0 when it is not there. */
static guint64
read_entry(const char *folder, const char *file, const char *name)
{
    g_autofree char *text = read_text(folder, file);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    gsize n = strlen(name);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (!g_str_has_prefix(lines[i], name) || strchr(": ", lines[i][n]) == NULL)
            continue;
        const char *number = lines[i] + n + strspn(lines[i] + n, ": ");
        return g_ascii_strtoull(number, NULL, 10);
    }
    return 0;
}

/* ---- what one group says -------------------------------------------------------------------
 */

static void
limit_cores(SpHost *host, guint64 quota_us, guint64 period_us)
{
    if (quota_us == 0 || period_us == 0)
        return;
    double cores = (double)quota_us / (double)period_us;
    host->quota = host->quota == 0 ? cores : MIN(host->quota, cores);
}

/* 0 would be: not known. */
static void
limit_memory(SpHost *host, guint64 bytes)
{
    host->memory = MAX(host->memory == 0 ? bytes : MIN(host->memory, bytes), 1);
}

/* Files that were read lately and are not in use are counted, but given up at need. */
static void
ask_memory(const char *group, const char *limit_name, const char *usage_name,
           const char *inactive_name, SpHost *host)
{
    guint64 limit = 0, used = 0;
    if (!read_number(group, limit_name, &limit) || !read_number(group, usage_name, &used) ||
        limit >= NO_LIMIT)
        return;
    used -= MIN(used, read_entry(group, "memory.stat", inactive_name));
    limit_memory(host, limit - MIN(limit, used));
}

static void
ask_v2(const char *group, SpHost *host)
{
    guint64 quota = 0, period = 0;
    g_autofree char *text = read_text(group, "cpu.max");
    g_auto(GStrv) words = g_strsplit(text != NULL ? g_strstrip(text) : "", " ", 2);
    if (g_strv_length(words) == 2 && sp_unsigned_parse(words[0], 10, 1, G_MAXUINT32, &quota) &&
        sp_unsigned_parse(words[1], 10, 1, G_MAXUINT32, &period))
        limit_cores(host, quota, period);
    ask_memory(group, "memory.max", "memory.current", "inactive_file", host);
}

static void
ask_v1_cpu(const char *group, SpHost *host)
{
    guint64 quota = 0, period = 0;
    if (read_number(group, "cpu.cfs_quota_us", &quota) &&
        read_number(group, "cpu.cfs_period_us", &period))
        limit_cores(host, quota, period);
}

static void
ask_v1_memory(const char *group, SpHost *host)
{
    ask_memory(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
               host);
}

static const struct Hierarchy {
    const char *type;       /* of its file system */
    const char *controller; /* NULL: version 2 */
    void (*ask)(const char *group, SpHost *host);
} hierarchies[] = {
    {"cgroup2", NULL, ask_v2},
    {"cgroup", "cpu", ask_v1_cpu},
    {"cgroup", "memory", ask_v1_memory},
};

/* ---- where our group is --------------------------------------------------------------------
 */

static gboolean
has_word(const char *list, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    return g_strv_contains((const char *const *)words, word);
}

/* "ID:CONTROLLERS:PATH" a line; PATH, owned by the caller, or NULL. */
static char *
find_path(const struct Hierarchy *hierarchy, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ":", 3);
        if (g_strv_length(fields) != 3)
            continue;
        if (hierarchy->controller != NULL ? has_word(fields[1], hierarchy->controller)
                                          : fields[1][0] == '\0')
            return g_strdup(fields[2]);
    }
    return NULL;
}

/* path below the group that is mounted; NULL if it does not lie below that. Borrowed. */
static const char *
path_below(const char *path, const char *mounted)
{
    gsize n = g_str_equal(mounted, "/") ? 0 : strlen(mounted);
    gboolean lies = strncmp(path, mounted, n) == 0 && (path[n] == '\0' || path[n] == '/');
    return lies ? path + n : NULL;
}

/* proc(5): "36 35 98:0 GROUP MOUNT-POINT OPTIONS [TAGS...] - TYPE SOURCE OPTIONS". Whether it
 * is of the hierarchy; then *ret_mounted and *ret_point are new. */
static gboolean
parse_mount(const struct Hierarchy *hierarchy, const char *line, char **ret_mounted,
            char **ret_point)
{
    const char *separator = strstr(line, " - ");
    if (separator == NULL)
        return FALSE;
    g_auto(GStrv) behind = g_strsplit(separator + 3, " ", 3);
    g_auto(GStrv) before = g_strsplit(line, " ", 6);
    if (g_strv_length(behind) != 3 || g_strv_length(before) != 6 ||
        !g_str_equal(behind[0], hierarchy->type) ||
        (hierarchy->controller != NULL && !has_word(behind[2], hierarchy->controller)))
        return FALSE;
    *ret_mounted = g_strcompress(before[3]); /* blanks are "\040" */
    *ret_point = g_strcompress(before[4]);
    return TRUE;
}

/* From our group, a folder, up to the one that is mounted at root/point. */
static void
ask_upwards(const struct Hierarchy *hierarchy, const char *root, const char *point,
            const char *below, SpHost *host)
{
    g_autofree char *top = g_build_filename(root, point, NULL);
    g_autofree char *group = g_strconcat(top, below, NULL); /* below: "" or "/..." */
    for (gsize n = strlen(group); n >= strlen(top); group[n] = '\0') {
        hierarchy->ask(group, host);
        while (n > 0 && group[--n] != '/')
            ;
    }
}

/* Where our own group is not to be seen (it lies outside of what a container has mounted), what
 * is mounted is the nearest to it. */
static void
ask_hierarchy(const struct Hierarchy *hierarchy, const char *root, const char *groups,
              const char *mounts, SpHost *host)
{
    g_autofree char *path = find_path(hierarchy, groups), *nearest = NULL;
    g_auto(GStrv) lines = g_strsplit(mounts, "\n", -1);
    for (guint i = 0; path != NULL && lines[i] != NULL; i++) {
        g_autofree char *mounted = NULL, *point = NULL;
        if (!parse_mount(hierarchy, lines[i], &mounted, &point))
            continue;
        const char *below = path_below(path, mounted);
        if (below != NULL) {
            ask_upwards(hierarchy, root, point, below, host);
            return;
        }
        if (nearest == NULL)
            nearest = g_steal_pointer(&point);
    }
    if (nearest != NULL)
        ask_upwards(hierarchy, root, nearest, "", host);
}

/* ---- the host ------------------------------------------------------------------------------
 */

guint
sp_host_descriptors(void)
{
    struct rlimit files = {0};
    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == RLIM_INFINITY)
        return 0;
    return (guint)CLAMP(files.rlim_cur, 1, G_MAXUINT);
}

void
sp_host_ask(const char *root, SpHost *ret_host)
{
    SpHost host = {
        .cores = g_get_num_processors(), /* sched_getaffinity(2) */
        .descriptors = sp_host_descriptors(),
    };
    root = root != NULL ? root : "/";
    g_autofree char *proc = g_build_filename(root, "proc", NULL);
    g_autofree char *groups = read_text(proc, "self/cgroup");
    g_autofree char *mounts = read_text(proc, "self/mountinfo");
    guint64 available = read_entry(proc, "meminfo", "MemAvailable");
    if (available != 0 && available < G_MAXUINT64 / 1024)
        limit_memory(&host, available * 1024);
    for (guint i = 0; groups != NULL && mounts != NULL && i < G_N_ELEMENTS(hierarchies); i++)
        ask_hierarchy(&hierarchies[i], root, groups, mounts, &host);
    *ret_host = host;
}

guint
sp_host_jobs(const SpHost *host, guint64 max_memory, const char **ret_why)
{
    guint descriptors = MAX(host->descriptors, OWN_DESCRIPTORS) - OWN_DESCRIPTORS;
    gboolean has_memory = host->memory != 0 && max_memory != 0;
    guint64 whole = (guint64)MIN(host->quota, G_MAXUINT);
    const struct {
        const char *what;
        gboolean binds;
        guint64 jobs;
    } bounds[] = {
        {"cores", TRUE, host->cores},
        {"the control group's quota", host->quota > 0,
         whole + ((double)whole < host->quota ? 1 : 0)},
        {"free memory", has_memory, has_memory ? host->memory / max_memory : 0},
        {"open files", host->descriptors != 0, descriptors / DESCRIPTORS},
    };
    guint64 jobs = G_MAXUINT;
    const char *why = bounds[0].what;
    for (guint i = 0; i < G_N_ELEMENTS(bounds); i++) {
        if (!bounds[i].binds || bounds[i].jobs >= jobs)
            continue;
        jobs = MAX(bounds[i].jobs, 1);
        why = bounds[i].what;
    }
    if (ret_why != NULL)
        *ret_why = why;
    return (guint)jobs;
}
