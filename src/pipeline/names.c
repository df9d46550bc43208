/* SPDX-License-Identifier: MIT */
/* names.c -- what published files are called: one table, a function for each way.
 *
 * A name is public for ever. It must not tell who sent the upload, so it never depends on the
 * upload's bytes; and it must not be guessed from another name. A new way to name files is one
 * line in SpNames, one function here, one line in the table. */
#include "pipeline/names.h"
#include "base/error.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define STEM_BYTES ((SP_STEM_CHARS * 5 + 7) / 8)
#define HASH_BYTES 32 /* of a SHA-256 */
G_STATIC_ASSERT(STEM_BYTES <= HASH_BYTES);

typedef char *(*Namer)(const SpNameBasis *basis, GError **error);

/* RFC 4648, section 6, most significant bits first; in lower case, for file systems and people
 * that do not tell the cases apart. */
static char *
base32_stem(const guint8 *bytes)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    char *stem = g_new0(char, SP_STEM_CHARS + 1);
    for (guint i = 0; i < SP_STEM_CHARS; i++) {
        guint bit = i * 5, at = bit / 8, shift = bit % 8;
        guint pair = bytes[at] << 8 | (at + 1 < STEM_BYTES ? bytes[at + 1] : 0);
        stem[i] = alphabet[pair >> (11 - shift) & 31];
    }
    return stem;
}

static char *
stem_opaque(const SpNameBasis *basis, GError **error G_GNUC_UNUSED)
{
    g_return_val_if_fail(basis->n_hashes > 0, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < basis->n_hashes; i++)
        g_checksum_update(sum, (const guchar *)basis->hashes[i], -1);
    guint8 digest[HASH_BYTES];
    gsize n = sizeof digest;
    g_checksum_get_digest(sum, digest, &n);
    return base32_stem(digest);
}

/* The NUL ends the name, which has none: no two pairs of name and outputs read the same. */
static char *
stem_keyed(const SpNameBasis *basis)
{
    const char *name = basis->source_name == NULL ? "" : basis->source_name;
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, basis->key, SP_NAMES_KEY_BYTES);
    g_hmac_update(hmac, (const guchar *)name, (gssize)strlen(name) + 1);
    for (guint i = 0; i < basis->n_hashes; i++)
        g_hmac_update(hmac, (const guchar *)basis->hashes[i], -1);
    guint8 digest[HASH_BYTES];
    gsize n = sizeof digest;
    g_hmac_get_digest(hmac, digest, &n);
    return base32_stem(digest);
}

static char *
stem_random(const SpNameBasis *basis, GError **error)
{
    if (basis->key != NULL)
        return stem_keyed(basis);
    guint8 bits[STEM_BYTES];
    if (getentropy(bits, sizeof bits) != 0)
        return sp_throw_errno_null(error, SP_ERROR_CANNOT_WRITE, errno,
                                   "cannot draw a random name");
    return base32_stem(bits);
}

static char *
stem_source(const SpNameBasis *basis, GError **error)
{
    const char *source = basis->source_name;
    const char *slash = source == NULL ? NULL : strrchr(source, '/');
    const char *last = slash == NULL ? source : slash + 1;
    if (last == NULL || *last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return sp_throw_null(error, SP_ERROR_CANNOT_WRITE,
                             "cannot name files after the source '%s' (names = opaque can)",
                             source == NULL ? "" : source);
    return g_strdup(last);
}

static const Namer namers[] = {
    [SP_NAMES_OPAQUE] = stem_opaque,
    [SP_NAMES_RANDOM] = stem_random,
    [SP_NAMES_SOURCE] = stem_source,
};

char *
sp_name_stem(SpNames names, const SpNameBasis *basis, GError **error)
{
    g_return_val_if_fail((gsize)names < G_N_ELEMENTS(namers), NULL);
    return namers[names](basis, error);
}

char *
sp_name_file(const char *stem, const SpVariant *variant)
{
    return g_strconcat(stem, variant->suffix, sp_output_format_extension(variant->format),
                       NULL);
}
