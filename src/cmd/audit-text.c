/* SPDX-License-Identifier: MIT */
/* audit-text.c -- an audit in lines. */
#include "cmd/audit-text.h"
#include "cmd/print.h"
#include "cmd/reveal.h"
#include "cmd/table.h"
#include <string.h>

/* ---- one file, for people ------------------------------------------------------------------
 */

static void
append_leaks(GString *text, const SpInspection *inspection)
{
    const char *before = " (";
    sp_reveal_append_slugs(text, inspection->reveals, ", ");
    for (guint i = 0; i < inspection->carriers->len; i++) {
        const SpFinding *finding = &g_array_index(inspection->carriers, SpFinding, i);
        if (finding->reveals == 0)
            continue;
        g_string_append(text, before);
        sp_reveal_append_carrier(text, finding);
        before = ", ";
    }
    if (before[0] == ',')
        g_string_append_c(text, ')');
}

static const char *
error_word(const GError *error)
{
    return sp_error_word(error->domain == SP_ERROR ? error->code : -1);
}

static void
append_error(GString *text, const char *before, const GError *error)
{
    if (error == NULL)
        return;
    g_autofree char *message = sp_print_escape(error->message);
    g_string_append_printf(text, "%s%s (%s)", before, message, error_word(error));
}

char *
sp_audit_text(const SpAudited *audited)
{
    if (audited->verdict == SP_VERDICT_CLEAN || audited->verdict == SP_VERDICT_SKIPPED)
        return NULL;
    g_autofree char *path = sp_print_escape(audited->path);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s: %s", path, sp_verdict_word(audited->verdict));
    if (audited->verdict == SP_VERDICT_LEAKS) {
        g_string_append_c(text, ' ');
        append_leaks(text, audited->inspection);
        append_error(text, "; not read to its end: ", sp_audited_error(audited));
    } else {
        append_error(text, ": ", sp_audited_error(audited));
    }
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

/* ---- all files, for people -----------------------------------------------------------------
 */

static char *
number(guint64 n)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT, n);
}

static void
append_count(GString *text, guint64 n, const char *one, const char *many)
{
    g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s", n, n == 1 ? one : many);
}

static void
append_verdicts(GString *text, const SpAuditTally *tally, guint64 folders)
{
    static const char *const words[SP_VERDICT_COUNT][2] = {
        [SP_VERDICT_CLEAN] = {"clean", "clean"},
        [SP_VERDICT_LEAKS] = {"leaks", "leak"},
        [SP_VERDICT_UNPROVED] = {"unproved", "unproved"},
        [SP_VERDICT_SKIPPED] = {"skipped", "skipped"},
        [SP_VERDICT_FAILED] = {"failed", "failed"},
    };
    append_count(text, tally->files, "file", "files");
    if (folders != 0) {
        g_string_append(text, " in ");
        append_count(text, folders, "folder", "folders");
    }
    const char *before = ": ";
    for (guint i = 0; i < SP_VERDICT_COUNT; i++) {
        if (tally->verdicts[i] == 0)
            continue;
        g_string_append(text, before);
        append_count(text, tally->verdicts[i], words[i][0], words[i][1]);
        before = ", ";
    }
    g_string_append_c(text, '\n');
}

static void
append_skips(GString *text, const SpAuditTally *tally)
{
    static const char *const words[SP_SKIP_COUNT][2] = {
        [SP_SKIP_NO_PICTURE] = {"is no picture, video or document",
                                "are no picture, video or document"},
        [SP_SKIP_EMPTY] = {"is empty", "are empty"},
        [SP_SKIP_LINK] = {"is a link, not followed; a web server may follow it",
                          "are links, not followed; a web server may follow them"},
        [SP_SKIP_SPECIAL] = {"is a pipe, a socket or a device",
                             "are pipes, sockets or devices"},
        [SP_SKIP_EXCLUDED] = {"is excluded", "are excluded"},
    };
    for (guint i = SP_SKIP_NONE + 1; i < SP_SKIP_COUNT; i++) {
        if (tally->skips[i] == 0)
            continue;
        g_string_append(text, "skipped: ");
        append_count(text, tally->skips[i], words[i][0], words[i][1]);
        g_string_append_c(text, '\n');
    }
}

static void
append_categories(GString *text, const SpAuditTally *tally)
{
    g_autoptr(GPtrArray) cells = sp_table_new();
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++) {
        if (tally->reveals[i] == 0)
            continue;
        if (cells->len == 0) {
            g_ptr_array_add(cells, g_strdup("REVEALS"));
            g_ptr_array_add(cells, g_strdup("FILES"));
        }
        g_ptr_array_add(cells, g_strdup(sp_category_slug(i)));
        g_ptr_array_add(cells, number(tally->reveals[i]));
    }
    if (cells->len == 0)
        return;
    g_string_append_c(text, '\n');
    sp_table_append(text, cells, 2, 1 << 1);
}

static void
append_carriers(GString *text, const SpAuditTally *tally)
{
    enum { N_COLUMNS = 4, NUMBERS = 1 << 1 | 1 << 2 | 1 << 3 };
    static const char *const titles[N_COLUMNS] = {"CARRIER", "FILES", "COUNT", "SIZE"};
    if (tally->carriers->len == 0)
        return;
    g_autoptr(GPtrArray) cells = sp_table_new();
    for (guint i = 0; i < N_COLUMNS; i++)
        g_ptr_array_add(cells, g_strdup(titles[i]));
    for (guint i = 0; i < tally->carriers->len; i++) {
        const SpTallyCarrier *carrier = &g_array_index(tally->carriers, SpTallyCarrier, i);
        g_ptr_array_add(cells, g_strdup(carrier->title));
        g_ptr_array_add(cells, number(carrier->files));
        g_ptr_array_add(cells, number(carrier->count));
        g_ptr_array_add(cells, sp_print_size(carrier->bytes));
    }
    g_string_append_c(text, '\n');
    sp_table_append(text, cells, N_COLUMNS, NUMBERS);
}

char *
sp_audit_text_summary(const SpAuditTally *tally, guint64 folders, gboolean complete)
{
    GString *text = g_string_new(NULL);
    if (tally->verdicts[SP_VERDICT_LEAKS] + tally->verdicts[SP_VERDICT_UNPROVED] +
            tally->verdicts[SP_VERDICT_FAILED] >
        0)
        g_string_append_c(text, '\n');
    if (!complete)
        g_string_append(text, "not complete: what follows is of the part that was read\n");
    append_verdicts(text, tally, folders);
    append_skips(text, tally);
    append_categories(text, tally);
    append_carriers(text, tally);
    return g_string_free(text, FALSE);
}

/* ---- CSV -----------------------------------------------------------------------------------
 */

/* RFC 4180: a field with a comma, a quote or a line's end stands in quotes, a quote twice. All
 * fields but the path and the error are our own words. */
static void
append_field(GString *text, const char *field)
{
    if (text->len != 0)
        g_string_append_c(text, ',');
    if (field == NULL)
        return;
    g_autofree char *escaped = sp_print_escape(field);
    if (strpbrk(escaped, ",\"") == NULL) {
        g_string_append(text, escaped);
        return;
    }
    g_string_append_c(text, '"');
    for (const char *p = escaped; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(text, '"');
        g_string_append_c(text, *p);
    }
    g_string_append_c(text, '"');
}

/* A spreadsheet takes what begins with one of these for a formula and computes it. */
static void
append_path(GString *text, const char *path)
{
    gboolean is_formula = path[0] != '\0' && strchr("=+-@\t", path[0]) != NULL;
    g_autofree char *as_path = g_strconcat(is_formula ? "./" : "", path, NULL);
    append_field(text, as_path);
}

static char *
join_slugs(guint32 reveals)
{
    GString *text = g_string_new(NULL);
    sp_reveal_append_slugs(text, reveals, " ");
    return g_string_free(text, FALSE);
}

/* "exif:12300 comment:90": those that leak, with their bytes. */
static char *
join_carriers(const GArray *carriers)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < carriers->len; i++) {
        const SpFinding *finding = &g_array_index(carriers, SpFinding, i);
        if (finding->reveals != 0)
            g_string_append_printf(text, "%s%s:%" G_GUINT64_FORMAT, text->len == 0 ? "" : " ",
                                   finding->word, finding->bytes);
    }
    return g_string_free(text, FALSE);
}

const char *
sp_audit_csv_header(void)
{
    return "path,status,reason,format,bytes,reveals,carriers,code,error\n";
}

char *
sp_audit_csv(const SpAudited *audited)
{
    const SpInspection *inspection = audited->inspection;
    const GError *error = sp_audited_error(audited);
    gboolean known = inspection != NULL && inspection->input_bytes != 0;
    g_autofree char *bytes = known ? number(inspection->input_bytes) : NULL;
    g_autofree char *reveals = inspection != NULL ? join_slugs(inspection->reveals) : NULL;
    g_autofree char *carriers = inspection != NULL ? join_carriers(inspection->carriers) : NULL;
    GString *text = g_string_new(NULL);
    append_path(text, audited->path);
    append_field(text, sp_verdict_word(audited->verdict));
    append_field(text, sp_skip_word(audited->reason));
    append_field(text, inspection != NULL ? inspection->input_format : NULL);
    append_field(text, bytes);
    append_field(text, reveals);
    append_field(text, carriers);
    append_field(text, error != NULL ? error_word(error) : NULL);
    append_field(text, error != NULL ? error->message : NULL);
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}
