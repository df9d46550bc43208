/* SPDX-License-Identifier: MIT */
/* search.c -- looks for a marker in everything that a process has: all its memory, whether it
 * may read that or not, its environment, its arguments, its descriptors.
 *
 * Nothing is allocated, so that the search does not bury what it looks for; and the marker is
 * never unmasked, so that it does not find itself. */
#include "liars/search.h"
#include "liars/lies.h"
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MOST_MARKER 128
#define CHUNK 65536

static guint8 needle[MOST_MARKER]; /* masked */
static gsize n_needle;
static SpFound at_start;

static gboolean
is_here(const guint8 *bytes)
{
    for (gsize i = 0; i < n_needle; i++) {
        if ((bytes[i] ^ SP_SEARCH_MASK) != needle[i])
            return FALSE;
    }
    return TRUE;
}

static guint
count_in(const guint8 *bytes, gsize n)
{
    guint found = 0;
    const guint8 *end = bytes + n;
    while (n >= n_needle) {
        bytes = memchr(bytes, needle[0] ^ SP_SEARCH_MASK, n);
        if (bytes == NULL || (gsize)(end - bytes) < n_needle)
            break;
        found += is_here(bytes);
        bytes++;
        n = (gsize)(end - bytes);
    }
    return found;
}

/* From start to end of what can be read at a position; a hole ends it. */
static guint
count_in_range(int fd, guint64 start, guint64 end)
{
    static guint8 chunk[CHUNK];
    guint found = 0;
    while (start < end) {
        ssize_t n = pread(fd, chunk, MIN(CHUNK, end - start), (off_t)start);
        if (n <= 0)
            break;
        found += count_in(chunk, (gsize)n);
        if (start + (guint64)n >= end || (gsize)n < n_needle)
            break;
        start += (guint64)n - (n_needle - 1); /* it may lie across two chunks */
    }
    return found;
}

static guint
count_in_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        _exit(20);
    guint found = count_in_range(fd, 0, G_MAXINT64);
    close(fd);
    return found;
}

static guint
count_in_memory(void)
{
    static char maps[1 << 20];
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    gsize n = 0;
    ssize_t got = 0;
    while (fd >= 0 && (got = read(fd, maps + n, sizeof maps - 1 - n)) > 0)
        n += (gsize)got;
    close(fd);
    fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || n == 0)
        _exit(21);
    guint found = 0;
    for (char *line = maps; line != NULL && *line != '\0';) {
        guint64 start = g_ascii_strtoull(line, &line, 16);
        guint64 end = g_ascii_strtoull(line + 1, &line, 16);
#ifdef SP_SANITIZED /* terabytes of shadow */
        if (end - start > (guint64)1 << 30)
            end = start;
#endif
        found += count_in_range(fd, start, end);
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    close(fd);
    return found;
}

/* What they are called, and what is in them. */
static guint
count_in_descriptors(void)
{
    guint found = 0;
    for (int fd = 0; fd < 1024; fd++) {
        char path[64];
        char target[4096];
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(path, target, sizeof target);
        if (n > 0) {
            found += count_in((const guint8 *)target, (gsize)n);
            found += count_in_range(fd, 0, CHUNK);
        }
    }
    return found;
}

SpFound
search(void)
{
    prctl(PR_SET_DUMPABLE, 1); /* or who is not root may not read his own memory */
    return (SpFound){
        .memory = count_in_memory(),
        .environ = count_in_file("/proc/self/environ"),
        .cmdline = count_in_file("/proc/self/cmdline"),
        .descriptors = count_in_descriptors(),
    };
}

SpFound
found_at_start(void)
{
    return at_start;
}

gboolean
search_at_start(const char *name)
{
    const char *hex = strstr(name, "search-");
    if (hex == NULL)
        return FALSE;
    hex += strlen("search-");
    while (n_needle < MOST_MARKER && g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1])) {
        needle[n_needle++] =
            (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        hex += 2;
    }
    if (n_needle == 0)
        return FALSE;
    at_start = search();
    return TRUE;
}

static void
tell_found(Scene *scene)
{
    SpFound now = search();
    scene->answer->code = SP_ERROR_CORRUPT;
    scene->answer->n_files = 0;
    g_snprintf(scene->answer->message, sizeof scene->answer->message,
               "start %u %u %u %u, child %u %u %u %u", at_start.memory, at_start.environ,
               at_start.cmdline, at_start.descriptors, now.memory, now.environ, now.cmdline,
               now.descriptors);
}

const Lie search_lie = {"search", tell_found};
