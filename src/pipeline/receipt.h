/* SPDX-License-Identifier: MIT */
/* receipt.h -- filling in a receipt, and the HTML that goes with it. */
#ifndef SP_PIPELINE_RECEIPT_H
#define SP_PIPELINE_RECEIPT_H
#include "preset/preset.h"
G_BEGIN_DECLS

SpReceipt *sp_receipt_new(const char *name, const SpPreset *preset);
void sp_output_free(SpOutput *output);

/* The <picture> element for outputs (preset order, same names as published): a <source> for
 * each modern format, srcset with widths where a format has several sizes, and an <img> for the
 * JPEG (or, without one, the last) with width, height, loading and decoding. base_url NULL is
 * ""; a '/' is put between when it is missing. URLs are percent-encoded (RFC 3986), attributes
 * HTML-escaped. alt is empty: the site knows the story. Owned by the caller. */
char *sp_receipt_picture(const GPtrArray *outputs, const char *base_url);

G_END_DECLS
#endif
