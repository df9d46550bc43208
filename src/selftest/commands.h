/* SPDX-License-Identifier: MIT */
/* commands.h -- paths that lead through the program itself: what it prints and leaves behind.
 */
#ifndef SP_SELFTEST_COMMANDS_H
#define SP_SELFTEST_COMMANDS_H
#include "selftest/canary.h"
#include "selftest/selftest.h"
G_BEGIN_DECLS

typedef struct {
    const SpSelftestOptions *options; /* borrowed, as everything here */
    const SpCanary *canary;
    const SpSearch *search; /* for it */
    const char *uploads;    /* a folder with all uploads, names without a canary */
    const char *work;       /* a folder to work in */
} SpCommandStage;

/* Run every command of the table over all uploads at once; one line a command. FALSE when a
 * command cannot be run at all: SP_ERROR_CANNOT_READ, _CANNOT_WRITE, _INTERRUPTED. */
gboolean sp_commands_run(const SpCommandStage *stage, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
