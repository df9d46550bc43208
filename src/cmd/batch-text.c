/* SPDX-License-Identifier: MIT */
/* batch-text.c -- a batch in words. */
#include "cmd/batch-text.h"
#include "base/rlimits.h"
#include "cmd/print.h"

static const char *
plural(guint64 n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

static void
append_count(GString *text, guint64 n, const char *one, const char *many)
{
    g_autofree char *count = sp_print_count(n);
    g_string_append_printf(text, "%s %s", count, plural(n, one, many));
}

/* A line of a list, its number at the right; none for 0. */
static void
append_item(GString *text, guint64 n, const char *what)
{
    if (n == 0)
        return;
    g_autofree char *count = sp_print_count(n);
    g_string_append_printf(text, "  %9s  %s\n", count, what);
}

/* ---- a dry run -----------------------------------------------------------------------------
 */

static char *
dry_summary(const SpBatchTotals *totals, gboolean pruning)
{
    static const char *const words[SP_DUE_COUNT] = {
        [SP_DUE_NEW] = "would be processed: new",
        [SP_DUE_CHANGED] = "would be processed: changed",
        [SP_DUE_STALE] = "would be processed: made with another preset or version",
        [SP_DUE_FAILED] = "would be processed: failed the last time",
        [SP_DUE_LOST] = "would be processed: a published file is missing or changed",
        [SP_DUE_REFUSED] = "refused already",
        [SP_DUE_NOT] = "published already",
    };
    GString *text = g_string_new(NULL);
    append_count(text, totals->seen, "photo", "photos");
    g_string_append(text, ":\n");
    for (guint i = 0; i < SP_DUE_COUNT; i++)
        append_item(text, totals->due[i], words[i]);
    append_item(text, totals->unread, "cannot be read");
    append_item(text, totals->skipped, "would be skipped: links, special files, excluded");
    append_item(text, totals->gone, "no longer there: their files would be superseded");
    append_item(text, pruning ? totals->pruned : 0, "superseded files would be deleted");
    append_item(text, pruning ? 0 : totals->superseded, "superseded files are published");
    return g_string_free(text, FALSE);
}

/* ---- what a run came to --------------------------------------------------------------------
 */

static void
append_outcomes(GString *text, const SpBatchTotals *totals, gint64 now_us)
{
    g_autofree char *time =
        sp_print_duration((guint64)(now_us - totals->started_us) / G_USEC_PER_SEC);
    append_count(text, totals->done[SP_OUTCOME_OK], "photo published", "photos published");
    g_string_append_printf(text, " in %s", time);
    g_string_append_c(text, '\n');
    if (totals->due[SP_DUE_NOT] + totals->due[SP_DUE_REFUSED] > 0) {
        append_count(text, totals->due[SP_DUE_NOT], "was done already", "were done already");
        g_string_append(text, ", ");
        append_count(text, totals->due[SP_DUE_REFUSED], "refused already\n",
                     "refused already\n");
    }
    if (totals->done[SP_OUTCOME_OK] == 0)
        return;
    g_autofree char *in = sp_print_size(totals->bytes_in);
    g_autofree char *out = sp_print_size(totals->bytes_out);
    g_string_append_printf(text, "%s became %s\n", in, out);
}

static void
append_removed(GString *text, const SpBatchTotals *totals)
{
    guint64 published = totals->done[SP_OUTCOME_OK];
    g_autofree char *all = sp_print_count(published);
    g_autofree char *located = sp_print_count(totals->removed[0]);
    if (totals->removed[0] > 0) /* SP_CATEGORY_LOCATION */
        g_string_append_printf(text, "%s of %s %s said where %s taken\n", located, all,
                               plural(published, "photo", "photos"),
                               plural(totals->removed[0], "it was", "they were"));
    gboolean titled = FALSE;
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if (totals->removed[i] > 0 && !titled)
            g_string_append(text, "removed, of so many photos:\n");
        titled |= totals->removed[i] > 0;
        append_item(text, totals->removed[i], sp_category_words(i));
    }
}

static void
append_bad(GString *text, const SpBatchTotals *totals)
{
    for (guint refused = 0; refused < 2; refused++) {
        guint64 n = totals->done[refused ? SP_OUTCOME_REFUSED : SP_OUTCOME_FAILED];
        if (n == 0)
            continue;
        append_count(text, n, refused ? "photo was refused" : "photo failed",
                     refused ? "photos were refused" : "photos failed");
        g_string_append(text, refused ? ":\n" : ", and will be tried again:\n");
        for (int code = 0; code < SP_ERROR_LAST; code++)
            if ((sp_error_is_refusal(code) ? 1u : 0u) == refused)
                append_item(text, totals->codes[code], sp_error_word(code));
    }
    if (totals->unread > 0) {
        append_count(text, totals->unread, "file or folder", "files or folders");
        g_string_append(text, " could not be read\n");
    }
    if (totals->skipped > 0) {
        append_count(text, totals->skipped, "entry was", "entries were");
        g_string_append(text, " skipped: links, special files, excluded\n");
    }
}

static void
append_superseded(GString *text, const SpBatchTotals *totals)
{
    if (totals->gone > 0) {
        append_count(text, totals->gone, "photo is", "photos are");
        g_string_append(text, " no longer in the source\n");
    }
    if (totals->pruned > 0) {
        append_count(text, totals->pruned, "superseded file", "superseded files");
        g_string_append(text, " deleted\n");
    } else if (totals->superseded > 0) {
        append_count(text, totals->superseded, "superseded file is", "superseded files are");
        g_string_append(text, " still published; --prune deletes them\n");
    }
    if (totals->left > 0) {
        append_count(text, totals->left, "superseded file", "superseded files");
        g_string_append(text, " changed since, and left\n");
    }
}

char *
sp_batch_text_summary(const SpBatchTotals *totals, gint64 now_us, gboolean dry,
                      gboolean pruning)
{
    if (dry)
        return dry_summary(totals, pruning);
    GString *text = g_string_new(NULL);
    append_outcomes(text, totals, now_us);
    append_removed(text, totals);
    append_bad(text, totals);
    append_superseded(text, totals);
    return g_string_free(text, FALSE);
}

const char *
sp_batch_text_advice(const GError *error)
{
    if (error->domain != SP_ERROR)
        return NULL;
    switch (error->code) {
    case SP_ERROR_NO_SPACE:
        return sp_rlimits_file_bytes() == G_MAXUINT64
                   ? "make room, then run the same command: it goes on where it ended"
                   : "make room or raise the limit, then run the same command: it goes on "
                     "where it ended";
    case SP_ERROR_IO:
        return "look after the disk, then run the same command: it goes on where it ended";
    case SP_ERROR_CANNOT_WRITE:
        return "make the folder writable, then run the same command: it goes on where it "
               "ended";
    case SP_ERROR_INTERRUPTED:
        return "run the same command to go on";
    default:
        return NULL;
    }
}
