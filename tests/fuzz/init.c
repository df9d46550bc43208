/* SPDX-License-Identifier: MIT */
/* init.c -- what comes before any target, under a fuzzer and in replay alike.
 *
 * GLib ends with a trap, which no fuzzer catches: abort() keeps the input. A critical message
 * is a mistake of ours, and ends it as well; libraries may warn. */
#include <glib.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

static GLogWriterOutput
say(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
    if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) {
        g_log_writer_default(level, fields, n, data);
        abort();
    }
    return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerInitialize(int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
    g_log_set_writer_func(say, NULL, NULL);
    return 0;
}
