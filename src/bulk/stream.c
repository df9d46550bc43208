/* SPDX-License-Identifier: MIT */
/* stream.c -- an archive of uploads in, an archive of variants and receipts out.
 *
 * The reader's process and its frames are tar-in's, threads and order in-order's. A slot holds
 * an upload until it is processed and its outputs until they are written: so what is in memory
 * at once is what fits in the window. Errors of one entry are its receipt's; what ends the
 * archive is kept until all that was begun is told. */
#include "bulk/stream.h"
#include "base/error.h"
#include "bulk/in-order.h"
#include "bulk/tar-in.h"
#include "bulk/tar-out.h"
#include "preset/preset.h"
#include <string.h>

#define WINDOW_OF(jobs)                                                                        \
    (2 * (jobs)) /* entries in memory: those at work, and as many besides                      \
                  */

typedef struct {
    char *name;
    GBytes *bytes;
} File;

typedef struct {
    SpTarEntry entry;
    guint64 number;
    char *name;         /* owned; cleaned */
    GPtrArray *files;   /* owned; of File */
    SpReceipt *receipt; /* owned; NULL when the entry is skipped */
} Slot;

typedef struct {
    SpSession *session;
    const SpStream *stream;
    SpTarIn *in;
    SpTarOut *out;
    guint64 number; /* of the last entry taken */
    SpStreamTotals totals;
    GError *unread;    /* owned; why the input was not read to its end */
    GError *unwritten; /* owned; why the output ended */
} Run;

static void
file_free(gpointer data)
{
    File *file = data;
    g_free(file->name);
    g_bytes_unref(file->bytes);
    g_free(file);
}

/* ---- one entry -----------------------------------------------------------------------------
 */

static gboolean
take(gpointer data, gpointer run_data, GError **error)
{
    Slot *slot = data;
    Run *run = run_data;
    SpTarEntry entry = SP_TAR_ENTRY_INIT;
    (void)error;
    if (!sp_tar_in_next(run->in, run->stream->preset->limits.max_upload, &entry, &run->unread))
        return FALSE;
    slot->entry = entry;
    slot->number = ++run->number;
    slot->name = sp_tar_clean_name(entry.name, slot->number);
    return TRUE;
}

static gboolean
keep(const SpOutput *output, const void *bytes, gsize n, gpointer data,
     GError **error G_GNUC_UNUSED)
{
    File *file = g_new0(File, 1);
    file->name = g_strdup(output->path);
    file->bytes = g_bytes_new(bytes, n);
    g_ptr_array_add(data, file);
    return TRUE;
}

static SpReceipt *
process(const Run *run, const Slot *slot)
{
    if (slot->entry.error != NULL)
        return sp_receipt_new_failed(slot->name, run->stream->preset, slot->entry.error);
    g_autofree char *folder = g_path_get_dirname(slot->name);
    gboolean is_named =
        sp_preset_names_by_source(run->stream->preset) && !g_str_equal(folder, ".");
    SpUpload upload = {.fd = slot->entry.bytes, .name = slot->name};
    SpTarget target = {
        .below = is_named ? folder : NULL, /* or two files of one name would be one */
        .base_url = run->stream->base_url,
        .sink = keep,
        .sink_data = slot->files,
        .threads = MAX(g_get_num_processors() / run->stream->jobs, 1),
    };
    return sp_process(run->session, run->stream->preset, &upload, &target);
}

static gboolean
work(gpointer data, gpointer tool, gpointer run_data, GError **error)
{
    Slot *slot = data;
    (void)tool, (void)error;
    if (slot->entry.what != SP_TAR_FILE)
        return TRUE;
    slot->files = g_ptr_array_new_with_free_func(file_free);
    slot->receipt = process(run_data, slot);
    sp_fd_clear(&slot->entry.bytes);
    return TRUE;
}

static gboolean
write_files(Run *run, const Slot *slot)
{
    /* A set that failed half-way has given out what nobody is told of. */
    for (guint i = 0; slot->receipt->error == NULL && i < slot->files->len; i++) {
        const File *file = g_ptr_array_index(slot->files, i);
        gsize n = 0;
        const void *bytes = g_bytes_get_data(file->bytes, &n);
        if (!sp_tar_out_add(run->out, file->name, bytes, n, &run->unwritten))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_receipt(Run *run, const Slot *slot)
{
    g_autofree char *json = sp_receipt_to_json(slot->receipt);
    g_autofree char *line = g_strconcat(json, "\n", NULL);
    g_autofree char *name =
        g_strdup_printf("receipts/%06" G_GUINT64_FORMAT ".json", slot->number);
    return sp_tar_out_add(run->out, name, line, strlen(line), &run->unwritten);
}

static void
count(SpStreamTotals *totals, const Slot *slot)
{
    totals->entries++;
    if (slot->receipt == NULL)
        totals->skipped++;
    else if (slot->receipt->error == NULL)
        totals->done++;
    else if (sp_error_is_refusal(slot->receipt->error->code))
        totals->refused++;
    else
        totals->failed++;
}

static gboolean
give(gpointer data, gpointer run_data)
{
    const Slot *slot = data;
    Run *run = run_data;
    if (slot->receipt == NULL) {
        run->stream->skipped(slot->name, sp_tar_what_words(slot->entry.what),
                             run->stream->data);
    } else if (!write_files(run, slot) || !write_receipt(run, slot)) {
        sp_session_cancel(run->session); /* nobody gets what is made now */
        sp_tar_in_stop(run->in);
        return FALSE;
    }
    count(&run->totals, slot);
    return TRUE;
}

static void
drop(gpointer data)
{
    Slot *slot = data;
    sp_tar_entry_clear(&slot->entry);
    g_free(slot->name);
    g_clear_pointer(&slot->files, g_ptr_array_unref);
    g_clear_pointer(&slot->receipt, sp_receipt_free);
}

/* ---- all of them ---------------------------------------------------------------------------
 */

static gboolean
end(Run *run, GError **error)
{
    g_autoptr(GError) unread = g_steal_pointer(&run->unread);
    g_autoptr(GError) unwritten = g_steal_pointer(&run->unwritten);
    if (unwritten == NULL)
        (void)!sp_tar_out_finish(run->out, &unwritten);
    if (unwritten == NULL && unread == NULL)
        return TRUE;
    g_propagate_error(error, unwritten != NULL ? g_steal_pointer(&unwritten)
                                               : g_steal_pointer(&unread));
    return FALSE;
}

gboolean
sp_stream_run(SpSession *session, const SpStream *stream, SpStreamTotals *ret_totals,
              GError **error)
{
    g_auto(SpFd) input = stream->input;
    g_autoptr(SpTarIn) in = sp_tar_in_start(NULL, input, stream->stop_fd, error);
    if (in == NULL)
        return FALSE;
    sp_fd_clear(&input); /* a sender whose reader is gone finds its pipe closed */
    g_autoptr(SpTarOut) out = sp_tar_out_new(stream->output);
    Run run = {.session = session, .stream = stream, .in = in, .out = out};
    SpInOrder order = {
        .name = "stream",
        .threads = stream->jobs,
        .window = WINDOW_OF(stream->jobs),
        .slot_size = sizeof(Slot),
        .data = &run,
        .take = take,
        .work = work,
        .give = give,
        .drop = drop,
    };
    (void)!sp_in_order_run(&order, NULL); /* run knows why it ended */
    *ret_totals = run.totals;
    return end(&run, error);
}
