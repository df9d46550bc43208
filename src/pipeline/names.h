/* SPDX-License-Identifier: MIT */
/* names.h -- what published files are called. */
#ifndef SP_PIPELINE_NAMES_H
#define SP_PIPELINE_NAMES_H
#include "preset/preset.h"
G_BEGIN_DECLS

#define SP_STEM_CHARS 26 /* base32 characters: 130 bits */

#define SP_NAMES_KEY_BYTES 32

/* What a name may be made of. All borrowed; what a way to name does not use may be NULL. */
typedef struct {
    const char *const *hashes; /* the outputs' hex SHA-256s, in preset order */
    guint n_hashes;
    const char *source_name; /* of the upload; any bytes but NUL */
    const guint8 *key;       /* SP_NAMES_KEY_BYTES of them, or NULL */
} SpNameBasis;

/* The stem of one upload's files, owned by the caller.
 * opaque: base32 (RFC 4648 alphabet in lower case) of the SHA-256 over the outputs' hashes, one
 * behind the other: of the outputs, never of the upload, or who holds the original could
 * confirm the sender. n_hashes must not be 0.
 * random: fresh random bits. With a key, base32 of the HMAC-SHA256 (RFC 2104) under it over
 * source_name, a NUL, and the outputs' hashes, one behind the other: whoever has not the key
 * cannot tell it from random bits; an upload of the same name that gives the same outputs has
 * the same stem again, one of another name has another.
 * source: what follows the last '/' of source_name, with its extension ("a/IMG_1.JPG" gives
 * "IMG_1.JPG"); SP_ERROR_CANNOT_WRITE when that is empty, "." or "..". */
char *sp_name_stem(SpNames names, const SpNameBasis *basis, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* stem + the variant's suffix + the format's extension; owned by the caller. */
char *sp_name_file(const char *stem, const SpVariant *variant);

G_END_DECLS
#endif
