/* SPDX-License-Identifier: MIT */
/* audit-tally.c -- counting. Carriers are counted by their word alone, not by the place that a
 * file names: so there are never more rows than there are kinds of carriers. */
#include "bulk/audit-tally.h"
#include <string.h>

void
sp_audit_tally_init(SpAuditTally *tally)
{
    *tally = (SpAuditTally){.carriers = g_array_new(FALSE, FALSE, sizeof(SpTallyCarrier))};
}

void
sp_audit_tally_clear(SpAuditTally *tally)
{
    g_clear_pointer(&tally->carriers, g_array_unref);
}

static SpTallyCarrier *
find_carrier(SpAuditTally *tally, const SpFinding *finding)
{
    for (guint i = 0; i < tally->carriers->len; i++) {
        SpTallyCarrier *carrier = &g_array_index(tally->carriers, SpTallyCarrier, i);
        if (g_str_equal(carrier->word, finding->word))
            return carrier;
    }
    SpTallyCarrier fresh = {.word = finding->word, .title = finding->title};
    g_array_append_val(tally->carriers, fresh);
    return &g_array_index(tally->carriers, SpTallyCarrier, tally->carriers->len - 1);
}

/* The rows of one file: two rows of one word are one file. */
static void
add_carriers(SpAuditTally *tally, const GArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const SpFinding *finding = &g_array_index(findings, SpFinding, i);
        if (finding->reveals == 0)
            continue;
        gboolean again = FALSE;
        for (guint k = 0; k < i && !again; k++) {
            const SpFinding *before = &g_array_index(findings, SpFinding, k);
            again = before->reveals != 0 && g_str_equal(before->word, finding->word);
        }
        SpTallyCarrier *carrier = find_carrier(tally, finding);
        carrier->files += again ? 0 : 1;
        carrier->count += finding->count;
        carrier->bytes += finding->bytes;
    }
}

void
sp_audit_tally_add(SpAuditTally *tally, const SpAudited *audited)
{
    const SpInspection *inspection = audited->inspection;
    tally->files++;
    tally->verdicts[audited->verdict]++;
    tally->skips[audited->reason]++;
    if (inspection == NULL)
        return;
    tally->bytes += inspection->input_bytes;
    for (guint i = 0; i < SP_CATEGORY_COUNT; i++)
        tally->reveals[i] += inspection->reveals >> i & 1;
    add_carriers(tally, inspection->carriers);
}

static gint
compare_carriers(gconstpointer a, gconstpointer b)
{
    const SpTallyCarrier *one = a, *other = b;
    if (one->files != other->files)
        return one->files > other->files ? -1 : 1;
    return strcmp(one->word, other->word);
}

void
sp_audit_tally_sort(SpAuditTally *tally)
{
    g_array_sort(tally->carriers, compare_carriers);
}

gboolean
sp_audit_tally_is_clean(const SpAuditTally *tally)
{
    return tally->verdicts[SP_VERDICT_LEAKS] == 0 &&
           tally->verdicts[SP_VERDICT_UNPROVED] == 0 && tally->verdicts[SP_VERDICT_FAILED] == 0;
}
