/* SPDX-License-Identifier: MIT */
/* error.c -- the table of error codes.
 *
 * A new error is one line in SpErrorCode (storyphoto.h) and one here; the command line gives it
 * an exit code in cmd/exit.c. Words are stable: web forms translate them. */
#include "base/error.h"
#include "base/rlimits.h"
#include <errno.h>

typedef struct {
    const char *word;
    gboolean refusal;
} Entry;

static const Entry table[SP_ERROR_LAST] = {
    [SP_ERROR_NONE] = {"none", FALSE},
    [SP_ERROR_EMPTY] = {"empty", TRUE},
    [SP_ERROR_NOT_AN_IMAGE] = {"not-an-image", TRUE},
    [SP_ERROR_UNSUPPORTED] = {"unsupported", TRUE},
    [SP_ERROR_TRUNCATED] = {"truncated", TRUE},
    [SP_ERROR_CORRUPT] = {"corrupt", TRUE},
    [SP_ERROR_TOO_LARGE] = {"too-large", TRUE},
    [SP_ERROR_TOO_MANY_PIXELS] = {"too-many-pixels", TRUE},
    [SP_ERROR_TOO_MUCH_MEMORY] = {"too-much-memory", TRUE},
    [SP_ERROR_TOO_MUCH_WORK] = {"too-much-work", TRUE},
    [SP_ERROR_CANNOT_FIT] = {"cannot-fit", TRUE},
    [SP_ERROR_DECODER_CRASHED] = {"decoder-crashed", TRUE},
    [SP_ERROR_CANNOT_READ] = {"cannot-read", FALSE},
    [SP_ERROR_UNAVAILABLE] = {"unavailable", FALSE},
    [SP_ERROR_AUDIT] = {"audit", FALSE},
    [SP_ERROR_POLICY] = {"policy", FALSE},
    [SP_ERROR_PROTOCOL] = {"protocol", FALSE},
    [SP_ERROR_CANNOT_SEAL] = {"cannot-seal", FALSE},
    [SP_ERROR_CANNOT_WRITE] = {"cannot-write", FALSE},
    [SP_ERROR_EXISTS] = {"exists", FALSE},
    [SP_ERROR_NO_SPACE] = {"no-space", FALSE},
    [SP_ERROR_IO] = {"io", FALSE},
    [SP_ERROR_BUSY] = {"busy", FALSE},
    [SP_ERROR_INPUT_TIMEOUT] = {"input-timeout", FALSE},
    [SP_ERROR_INTERRUPTED] = {"interrupted", FALSE},
    [SP_ERROR_BAD_PRESET] = {"bad-preset", FALSE},
};

GQuark
sp_error_quark(void)
{
    return g_quark_from_static_string("storyphoto");
}

const char *
sp_error_word(int code)
{
    return code >= 0 && code < SP_ERROR_LAST ? table[code].word : "internal";
}

gboolean
sp_error_is_refusal(int code)
{
    return code >= 0 && code < SP_ERROR_LAST && table[code].refusal;
}

gboolean
sp_throw(GError **error, SpErrorCode code, const char *format, ...)
{
    va_list ap;
    if (error == NULL) /* a walk that goes on behind its first fault may find a million more */
        return FALSE;
    va_start(ap, format);
    g_autofree char *text = g_strdup_vprintf(format, ap);
    va_end(ap);
    g_set_error_literal(error, SP_ERROR, (int)code, text);
    return FALSE;
}

/* Of what a host may have again in a moment: descriptors; and where a renderer is to be had,
 * processes and memory, too. */
static gboolean
is_shortage(SpErrorCode code, int err)
{
    if (err == EMFILE || err == ENFILE)
        return TRUE;
    return code == SP_ERROR_CANNOT_SEAL &&
           (err == EAGAIN || err == ENOMEM || err == ENOBUFS || err == ETOOMANYREFS);
}

/* EFBIG is a limit of this process far more often than one of its disk. Of other errors nobody
 * asks for limits: a sealed process, which has them too, must not. */
static char *
text_of(int err)
{
    guint64 most = err == EFBIG ? sp_rlimits_file_bytes() : G_MAXUINT64;
    if (most == G_MAXUINT64)
        return g_strdup(g_strerror(err));
    return g_strdup_printf("%s: this process may write %" G_GUINT64_FORMAT
                           " bytes a file, raise that limit (ulimit -f, in a unit LimitFSIZE=)",
                           g_strerror(err), most);
}

gboolean
sp_throw_errno(GError **error, SpErrorCode code, int err, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *text = g_strdup_vprintf(format, ap);
    va_end(ap);
    if (err == ENOSPC || err == EDQUOT || err == EFBIG)
        code = SP_ERROR_NO_SPACE;
    else if (err == EIO)
        code = SP_ERROR_IO;
    else if (is_shortage(code, err))
        code = SP_ERROR_BUSY;
    g_autofree char *reason = text_of(err);
    return sp_throw(error, code, "%s: %s", text, reason);
}
