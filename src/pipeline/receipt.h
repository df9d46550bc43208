/* SPDX-License-Identifier: MIT */
/* receipt.h -- filling in a receipt, and the HTML that goes with it. */
#ifndef SP_PIPELINE_RECEIPT_H
#define SP_PIPELINE_RECEIPT_H
#include "preset/preset.h"
G_BEGIN_DECLS

/* The JSON of sp_receipt_to_json(): what is not known is left out, never null. `schema`,
 * `status`, `input` (an object, even if empty), `outputs` (an array, empty on error), `sandbox`
 * and `version` are always there; `removed` too when status is "ok", otherwise only as far as
 * something was found; `trace` only where it was asked for, `trace_cut` only where there were
 * more steps. `quality` is rounded to an eighth. A name or path that is not UTF-8 has
 * U+FFFD in place of what is broken, and its bytes in `name_base64` or `path_base64`. */

/* An empty receipt. name and preset may be NULL: not known. Never NULL. */
SpReceipt *sp_receipt_new(const char *name, const SpPreset *preset);
void sp_output_free(SpOutput *output);
/* For SpReceipt.trace: of SpStep, which it owns. */
GPtrArray *sp_steps_new(void);

/* The <picture> element for outputs (preset order, same names as published): a <source> for
 * each modern format, srcset with widths where a format has several sizes, and an <img> for the
 * widest JPEG (or, without one, of the last format) with width, height, loading and decoding.
 * base_url NULL is ""; a '/' is put between when it is missing; below, a path, comes behind it
 * (NULL: nothing). Names are percent-encoded (RFC 3986); of base_url, which is a URL already,
 * spaces and control characters only; attributes are HTML-escaped. sizes: the attribute beside
 * a srcset with widths; NULL or "" is the width of the widest file, or the page's where that is
 * narrower. alt is empty: the site knows the story. Owned by the caller; NULL when there are no
 * outputs. */
char *sp_receipt_picture(const GPtrArray *outputs, const char *base_url, const char *below,
                         const char *sizes);

G_END_DECLS
#endif
