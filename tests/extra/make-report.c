/* SPDX-License-Identifier: MIT */
/* make-report.c -- a report of N photos that were never there, for a browser to show.
 *
 *     make-report FOLDER N NAME...
 *
 * The journal is FOLDER/state, the report FOLDER/report. Each published photo is one of NAMEs
 * below FOLDER/out in turn, 640 x 480; every 11th is refused or failed. Names of inputs are
 * such as phones give, and such as somebody thinks up who wishes us ill. */
#include "base/size.h"
#include "bulk/report.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    "2014/summer/IMG_%06u.jpg",
    "2014/summer/PXL_20140711_%06u.MP.jpg",
    "2019/the day after/DSC%06u.JPG",
    "2019/写真/%06u.heic",
    "2021/صورة %06u.jpg",
    "2021/<script>document.title=%u</script>.jpg",
    "2021/\"><img src=x onerror=document.title=%u>.jpg",
    "2021/\xff\xfe%u\x1b[31m\n.jpg",
    "2021/%u\xe2\x80\xaegpj.exe",
    "2022/%u_aname_as_long_as_a_name_may_be_without_a_place_where_a_line_could_end_ccccccc.jpg",
};

static const struct {
    int code;
    const char *message;
} faults[] = {
    {SP_ERROR_TRUNCATED, "truncated after 60 % of the picture"},
    {SP_ERROR_UNSUPPORTED, "TIFF or RAW is not accepted, only JPEG, PNG, WebP, HEIC, AVIF"},
    {SP_ERROR_BUSY, "not done within 60 seconds"},
    {SP_ERROR_CORRUPT, "<b onclick=document.title=1>marker</b> makes no sense"},
};

/* The same numbers each time, spread as those of photos are. */
static guint64
spread(guint i, guint64 middle)
{
    guint scattered = i * 2654435761u >> 16;
    return middle / 4 + middle * (scattered % 1000) * (scattered % 97) / 50000;
}

static gboolean
put(SpJournal *journal, const char *out, guint i, const char *name, GError **error)
{
    gboolean bad = i % 11 == 10;
    guint fault = i / 11 % G_N_ELEMENTS(faults);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    g_autofree char *path = g_strdup_printf(names[i % G_N_ELEMENTS(names)], i);
#pragma GCC diagnostic pop
    g_autofree char *published = g_build_filename(out, name, NULL);
    g_autoptr(GPtrArray) outputs = g_ptr_array_new();
    g_autoptr(GError) why =
        bad ? g_error_new_literal(SP_ERROR, faults[fault].code, faults[fault].message) : NULL;
    SpOutput output = {.variant = (char *)"jpeg",
                       .path = published,
                       .format = "jpeg",
                       .width = 640,
                       .height = 480,
                       .bytes = spread(i, 90000),
                       .quality = 70,
                       .encodes = 1};
    memset(output.sha256, 'a', 64);
    if (!bad)
        g_ptr_array_add(outputs, &output);
    SpReceipt receipt = {.error = why,
                         .input_name = path,
                         .input_bytes = spread(i, 3000000),
                         .input_format = (char *)(i % 7 == 0 ? "heic" : "jpeg"),
                         .input_width = 4032,
                         .input_height = 3024,
                         .orientation = 1,
                         .removed = i * 2654435761u >> 17 & 0x1ff,
                         .outputs = outputs,
                         .thumbhash = (char *)"1QcSHQRnh493V4dIh4eXh1h4kJUI",
                         .preset = (char *)"story"};
    SpJournalEntry entry = {.path = path,
                            .mark = {.size = receipt.input_bytes, .inode = i},
                            .recipe = "recipe",
                            .receipt = &receipt,
                            .output_folder = out,
                            .milliseconds = (guint)spread(i, 400)};
    return sp_journal_put(journal, &entry, error) &&
           (i % 1000 != 999 || sp_journal_commit(journal, error));
}

static gboolean
make_report(const char *folder, guint n, char *const *published, guint n_published,
            GError **error)
{
    g_autofree char *state = g_build_filename(folder, "state", NULL);
    g_autofree char *out = g_build_filename(folder, "out", NULL);
    g_autofree char *report = g_build_filename(folder, "report", NULL);
    (void)g_mkdir(state, 0700);
    g_autoptr(SpJournal) journal = sp_journal_open(state, SP_JOURNAL_UNSYNCED, error);
    if (journal == NULL || !sp_journal_set(journal, "source", "uploads", error) ||
        !sp_journal_set(journal, "output", out, error))
        return FALSE;
    for (guint i = 0; i < n; i++) {
        if (!put(journal, out, i, published[i % n_published], error))
            return FALSE;
    }
    return sp_journal_commit(journal, error) && sp_report_write(journal, report, out, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    guint64 n = 0;
    if (argc < 4 || !sp_unsigned_parse(argv[2], 10, 0, 100000000, &n)) {
        fprintf(stderr, "usage: make-report FOLDER N NAME...\n");
        return 64;
    }
    if (make_report(argv[1], (guint)n, argv + 3, (guint)argc - 3, &error))
        return 0;
    fprintf(stderr, "make-report: %s\n", error->message);
    return 1;
}
