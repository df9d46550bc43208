/* SPDX-License-Identifier: MIT */
/* rlimits.c -- what whoever started this process has allowed it. */
#include "base/rlimits.h"
#include <sys/resource.h>

/* glibc gives its constants a type of their own. */
static guint64
limit_of(guint resource, gboolean hard)
{
    struct rlimit limit;
    if (getrlimit((int)resource, &limit) != 0)
        return G_MAXUINT64;
    rlim_t value = hard ? limit.rlim_max : limit.rlim_cur;
    return value == RLIM_INFINITY ? G_MAXUINT64 : value;
}

guint64
sp_rlimits_file_bytes(void)
{
    return limit_of(RLIMIT_FSIZE, FALSE);
}

guint64
sp_rlimits_cpu_ms(void)
{
    guint64 seconds = limit_of(RLIMIT_CPU, TRUE);
    return seconds > G_MAXUINT64 / 1000 ? G_MAXUINT64 : seconds * 1000;
}

char *
sp_rlimits_suspects(void)
{
    static const struct {
        guint resource, unit;
        char option;
    } suspects[] = {{RLIMIT_CPU, 1, 't'}, {RLIMIT_AS, 1024, 'v'}, {RLIMIT_DATA, 1024, 'd'}};
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(suspects); i++) {
        guint64 limit = limit_of(suspects[i].resource, FALSE);
        if (limit != G_MAXUINT64)
            g_string_append_printf(text, "%s -%c is %" G_GUINT64_FORMAT,
                                   text->len == 0 ? "; are its limits too low (ulimit" : ",",
                                   suspects[i].option, limit / suspects[i].unit);
    }
    if (text->len > 0)
        g_string_append(text, ")?");
    return g_string_free(g_steal_pointer(&text), FALSE);
}
