/* SPDX-License-Identifier: MIT */
/* names.h -- what published files are called. */
#ifndef SP_PIPELINE_NAMES_H
#define SP_PIPELINE_NAMES_H
#include "preset/preset.h"
G_BEGIN_DECLS

#define SP_STEM_CHARS 26 /* base32 characters: 130 bits */

/* The stem of one upload's files, owned by the caller.
 * opaque: base32 (RFC 4648 alphabet in lower case) of the SHA-256 over the outputs' hex
 * SHA-256s, one behind the other in preset order: of the outputs, never of the upload, or who
 * holds the original could confirm the sender. n_hashes must not be 0.
 * random: fresh random bits.
 * source: what follows the last '/' of source_name, with its extension ("a/IMG_1.JPG" gives
 * "IMG_1.JPG"); SP_ERROR_CANNOT_WRITE when that is empty, "." or "..".
 * hashes and source_name may be NULL where they are not used. */
char *sp_name_stem(SpNames names, const char *const *hashes, guint n_hashes,
                   const char *source_name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* stem + the variant's suffix + the format's extension; owned by the caller. */
char *sp_name_file(const char *stem, const SpVariant *variant);

G_END_DECLS
#endif
