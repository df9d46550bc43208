/* SPDX-License-Identifier: MIT */
/* explain.h -- the way of a photo, in words. */
#ifndef SP_CMD_EXPLAIN_H
#define SP_CMD_EXPLAIN_H
#include "storyphoto.h"
G_BEGIN_DECLS

/* Append lines that tell receipt->trace: how it was turned, decoded and resized, each encode of
 * each variant, and why it was not the last. Nothing where there is no trace. */
void sp_explain_append(GString *text, const SpReceipt *receipt);

G_END_DECLS
#endif
