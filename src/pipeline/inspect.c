/* SPDX-License-Identifier: MIT */
/* inspect.c -- what a file would reveal: intake in place, the sealed inspector, an inspection.
 *
 * Nothing is written, and no byte of a file but its first ones is looked at here. What the
 * inspector says is checked by form (sandbox/wire-inspection.c) and brought into words by
 * tables of our own; values stay bytes. */
#include "base/carrier.h"
#include "base/error.h"
#include "pipeline/intake.h"
#include "pipeline/place.h"
#include "pipeline/session.h"
#include "sandbox/inspector.h"
#include <string.h>

#define TIMEOUT_MS 20000        /* a file; the largest take about one second */
#define INPUT_TIMEOUT_MS 300000 /* for the bytes of what is no file */

G_STATIC_ASSERT(sizeof(((SpFinding *)0)->place) == SP_PLACE_SIZE);

struct SpInspector {
    SpSession *session;          /* borrowed */
    SpInspectorProcess *process; /* owned */
};

static void
value_free(gpointer data)
{
    SpRevealedValue *value = data;
    g_free(value->name);
    g_free(value->value);
    g_free(value);
}

static SpInspection *
inspection_new(const char *name)
{
    SpInspection *inspection = g_new0(SpInspection, 1);
    inspection->input_name = g_strdup(name);
    inspection->carriers = g_array_new(FALSE, FALSE, sizeof(SpFinding));
    inspection->values = g_ptr_array_new_with_free_func(value_free);
    return inspection;
}

SpInspection *
sp_inspection_new_failed(const char *name, const GError *error)
{
    SpInspection *inspection = inspection_new(name);
    inspection->error = g_error_copy(error);
    return inspection;
}

void
sp_inspection_free(SpInspection *inspection)
{
    if (inspection == NULL)
        return;
    g_clear_error(&inspection->error);
    g_free(inspection->input_name);
    g_array_unref(inspection->carriers);
    g_ptr_array_unref(inspection->values);
    g_free(inspection);
}

/* Names that are not told make rows that look alike: those are one. */
static void
add_finding(GArray *carriers, const SpFinding *finding)
{
    for (guint i = 0; i < carriers->len; i++) {
        SpFinding *row = &g_array_index(carriers, SpFinding, i);
        if (!g_str_equal(row->word, finding->word) || !g_str_equal(row->place, finding->place))
            continue;
        row->count += MIN(finding->count, G_MAXUINT32 - row->count);
        row->bytes += finding->bytes;
        row->reveals |= finding->reveals;
        return;
    }
    g_array_append_val(carriers, *finding);
}

static void
note_carriers(SpInspection *inspection, SpFormat format, const SpWireInspection *wire)
{
    for (guint i = 0; i < wire->n_carriers; i++) {
        const SpWireCarrier *row = &wire->carriers[i];
        const SpCarrierInfo *info = sp_carrier_info((SpCarrier)row->carrier);
        SpFinding finding = {
            .word = info->word,
            .title = info->title,
            .count = row->count,
            .bytes = row->bytes,
            .reveals = row->reveals,
        };
        sp_place(format, row->kind, finding.place);
        add_finding(inspection->carriers, &finding);
    }
}

/* A string of n bytes; NULs at its end are left out, those within become spaces. */
static char *
take_bytes(const guint8 *bytes, gsize n)
{
    while (n > 0 && bytes[n - 1] == '\0')
        n--;
    char *text = g_malloc(n + 1);
    memcpy(text, bytes, n);
    text[n] = '\0';
    for (gsize i = 0; i < n; i++) {
        if (text[i] == '\0')
            text[i] = ' ';
    }
    return text;
}

/* The records fill n_values exactly: that was checked. */
static void
note_values(SpInspection *inspection, const SpWireInspection *wire)
{
    const guint8 *at = wire->values;
    while (at < wire->values + wire->n_values) {
        SpWireValue head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        SpRevealedValue *value = g_new0(SpRevealedValue, 1);
        value->category = head.category;
        value->name = g_strndup((const char *)at, head.n_name);
        value->value = take_bytes(at + head.n_name, head.n_value);
        g_ptr_array_add(inspection->values, value);
        at += (gsize)head.n_name + head.n_value;
    }
    inspection->values_cut = wire->values_cut != 0;
}

static gboolean
note(SpInspection *inspection, SpFormat format, const SpWireInspection *wire, GError **error)
{
    inspection->width = wire->width;
    inspection->height = wire->height;
    inspection->reveals = wire->reveals;
    note_carriers(inspection, format, wire);
    note_values(inspection, wire);
    if (wire->code != SP_ERROR_NONE)
        return sp_throw(error, (SpErrorCode)wire->code, "%s", wire->message);
    if (wire->format != (guint32)format)
        return sp_throw(error, SP_ERROR_CANNOT_READ, "changed while it was read");
    return TRUE;
}

static gboolean
inspect(SpInspector *inspector, const SpUpload *upload, guint64 max_bytes, gboolean values,
        SpInspection *inspection, GError **error)
{
    const SpLimits limits = {
        .max_upload = MIN(max_bytes, G_MAXSSIZE - 1),
        .input_timeout_ms = INPUT_TIMEOUT_MS,
    };
    const SpWireInspection *wire = NULL;
    g_auto(SpIntake) intake = {.own = -1};
    gboolean taken =
        sp_intake_in_place(&intake, upload, &limits, inspector->session->cancel_fd, error);
    if (g_error_matches(*error, SP_ERROR, SP_ERROR_TOO_LARGE)) {
        g_clear_error(error); /* no preset's key has a part in it */
        sp_throw(error, SP_ERROR_TOO_LARGE,
                 "larger than the %" G_GUINT64_FORMAT " bytes that are read at most",
                 max_bytes);
    }
    inspection->input_bytes = intake.size;
    if (intake.sniffed != NULL)
        inspection->input_format = intake.sniffed->word;
    if (!taken || !sp_inspector_process_ask(inspector->process, intake.fd, intake.size, values,
                                            TIMEOUT_MS, &wire, error))
        return FALSE;
    g_return_val_if_fail(intake.sniffed != NULL && wire != NULL, FALSE);
    return note(inspection, intake.sniffed->format, wire, error);
}

SpInspector *
sp_inspector_new(SpSession *session)
{
    SpInspector *inspector = g_new0(SpInspector, 1);
    inspector->session = session;
    inspector->process = sp_inspector_process_new(session->sandbox);
    return inspector;
}

void
sp_inspector_free(SpInspector *inspector)
{
    if (inspector == NULL)
        return;
    sp_inspector_process_free(inspector->process);
    g_free(inspector);
}

SpInspection *
sp_inspector_read(SpInspector *inspector, const SpUpload *upload, guint64 max_bytes,
                  gboolean values)
{
    SpInspection *inspection = inspection_new(upload->name);
    GError *error = NULL;
    if (!inspect(inspector, upload, max_bytes, values, inspection, &error))
        inspection->error = error;
    return inspection;
}

SpInspection *
sp_inspect(SpSession *session, const SpUpload *upload, guint64 max_bytes, gboolean values)
{
    g_autoptr(SpInspector) inspector = sp_inspector_new(session);
    return sp_inspector_read(inspector, upload, max_bytes, values);
}
