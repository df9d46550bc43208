/* SPDX-License-Identifier: MIT */
/* checksum.c -- SHA-256 of a file, a piece at a time. */
#include "bulk/checksum.h"
#include "base/error.h"
#include <errno.h>
#include <openssl/evp.h>
#include <unistd.h>

#define PIECE ((gsize)256 << 10)
#define HASH_BYTES (SP_CHECKSUM_CHARS / 2)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

static gboolean
throw_hash(GError **error)
{
    return sp_throw(error, SP_ERROR_CANNOT_READ, "libcrypto has no SHA-256");
}

static void
write_hex(const guint8 hash[HASH_BYTES], char ret_hex[SP_CHECKSUM_CHARS + 1])
{
    for (guint i = 0; i < HASH_BYTES; i++)
        g_snprintf(ret_hex + (gsize)2 * i, 3, "%02x", hash[i]);
}

gboolean
sp_checksum_file(int fd, char ret_hex[SP_CHECKSUM_CHARS + 1], GError **error)
{
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    g_autofree guint8 *piece = g_malloc(PIECE);
    guint8 hash[EVP_MAX_MD_SIZE];
    guint n_hash = 0;
    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        return throw_hash(error);
    for (off_t at = 0;;) {
        ssize_t n = pread(fd, piece, PIECE, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read it");
        if (n == 0)
            break;
        if (EVP_DigestUpdate(context, piece, (size_t)n) != 1)
            return throw_hash(error);
        at += n;
    }
    if (EVP_DigestFinal_ex(context, hash, &n_hash) != 1 || n_hash != HASH_BYTES)
        return throw_hash(error);
    write_hex(hash, ret_hex);
    return TRUE;
}
