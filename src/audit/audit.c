/* SPDX-License-Identifier: MIT */
/* audit.c -- the limits of the preset, then the grammar of the format.
 *
 * The promise comes from a renderer that may have been taken over, so it is checked before it
 * is used: a lie in it is an audit error like any other, never an assertion. The limits come
 * first because they are the cheapest and need no byte of the file.
 *
 * This folder must stay a second opinion: it includes nothing of container/ or render/, and it
 * never repairs or skips what it finds. A new format is a value in SpAuditFormat, one file with
 * its grammar and one case here. */
#include "audit/audit.h"

#include "base/error.h"

static gboolean
check_limits(gsize n, const SpAuditPromise *promise, GError **error)
{
    if (promise->width == 0 || promise->height == 0)
        return sp_throw(error, SP_ERROR_AUDIT, "promised size is %ux%u", promise->width,
                        promise->height);
    if (promise->width > promise->max_width)
        return sp_throw(error, SP_ERROR_AUDIT, "width is %u, the limit is %u", promise->width,
                        promise->max_width);
    if (promise->height > promise->max_height)
        return sp_throw(error, SP_ERROR_AUDIT, "height is %u, the limit is %u", promise->height,
                        promise->max_height);
    if (n > promise->max_bytes)
        return sp_throw(error, SP_ERROR_AUDIT,
                        "file has %" G_GSIZE_FORMAT " bytes, the limit is %" G_GSIZE_FORMAT, n,
                        promise->max_bytes);
    return TRUE;
}

gboolean
sp_audit(const guint8 *bytes, gsize n, const SpAuditPromise *promise, GError **error)
{
    g_return_val_if_fail(bytes != NULL || n == 0, FALSE);
    g_return_val_if_fail(promise != NULL, FALSE);

    if (!check_limits(n, promise, error))
        return FALSE;
    switch (promise->format) {
    case SP_AUDIT_WEBP:
        return sp_audit_webp(bytes, n, promise, error);
    case SP_AUDIT_JPEG:
        return sp_audit_jpeg(bytes, n, promise, error);
    }
    return sp_throw(error, SP_ERROR_AUDIT, "no grammar for format %d", (int)promise->format);
}
