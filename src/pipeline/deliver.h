/* SPDX-License-Identifier: MIT */
/* deliver.h -- audited outputs to where they belong: under their names, to a sink, to stdout;
 * and the receipt with them. */
#ifndef SP_PIPELINE_DELIVER_H
#define SP_PIPELINE_DELIVER_H
#include "pipeline/session.h"
G_BEGIN_DECLS

/* All borrowed. Of the upload there is nothing but its name. */
typedef struct {
    SpSession *session;
    const SpPreset *preset;
    const SpTarget *target;
    const char *upload_name;
    const SpVariant *variants;  /* as requested */
    const SpWireAnswer *answer; /* checked */
    const guint8 *bytes;        /* the outputs: sealed, audited */
    SpReceipt *receipt;         /* filled in: outputs, picture, thumbhash */
} SpDelivery;

/* Everything that can run out of space is staged, the receipt too, before the first name
 * appears or the first byte is given away. Published sets are whole or not at all; what a sink
 * or stdout has taken is not taken back. Errors: those of publish.h and names.h, the sink's,
 * and for stdout SP_ERROR_INTERRUPTED or _IO. */
gboolean sp_deliver(const SpDelivery *delivery, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What failed leaves a receipt too, under a name of its own; that this fails as well changes
 * nothing any more. */
void sp_deliver_failure(const SpTarget *target, const SpReceipt *receipt);

G_END_DECLS
#endif
