/* SPDX-License-Identifier: MIT */
/* wire-request.c -- checking what a server or an inspector is asked.
 *
 * The supervisor is trusted, but not to be without fault: a message that makes no sense ends
 * the process that got it, before a number of it has sized or placed anything. Like wire.c, a
 * list of what is allowed. */
#include "base/error.h"
#include "sandbox/wire.h"

/* Whatever the id is; not even that is looked at in a message that is too short. */
static gboolean
check_header(const SpWireHeader *header, gsize n, SpWireKind kind, gsize size, GError **error)
{
    return sp_wire_check_header(header, n, kind, size, n == size ? header->id : 0, error);
}

gboolean
sp_wire_check_request(const SpWireRequest *request, gsize n, GError **error)
{
    if (!check_header(&request->header, n, SP_WIRE_REQUEST, sizeof *request, error))
        return FALSE;
    const SpLimits *limits = &request->limits;
    if (request->input_is_pipe > 1 || request->n_head > SP_WIRE_HEAD)
        return sp_throw(error, SP_ERROR_PROTOCOL, "request has a pipe %u with %u bytes read",
                        request->input_is_pipe, request->n_head);
    if (request->n_variants < 1 || request->n_variants > SP_MAX_VARIANTS)
        return sp_throw(error, SP_ERROR_PROTOCOL, "request has %u variants",
                        request->n_variants);
    if (request->threads < 1 || limits->timeout_ms < 1 || limits->max_upload >= G_MAXSSIZE)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "request has %u threads, %u ms and %" G_GUINT64_FORMAT
                        " bytes of upload",
                        request->threads, limits->timeout_ms, limits->max_upload);
    if (request->explain > 1 || request->reserved != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "request has explain %u and 0x%x",
                        request->explain, request->reserved);
    if (request->reduction.linear_light > 1 || request->reduction.sharpen > 100)
        return sp_throw(error, SP_ERROR_PROTOCOL, "request has linear light %u, sharpen %u",
                        request->reduction.linear_light, request->reduction.sharpen);
    if (limits->max_memory < 1 || limits->max_memory >= G_MAXSSIZE) /* 0 would be no limit */
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "request has %" G_GUINT64_FORMAT " bytes of memory",
                        limits->max_memory);
    if (limits->max_scans < 1 || limits->max_frames < 1 || limits->require_landlock > 1)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "request has limits of %u scans, %u frames and %u for Landlock",
                        limits->max_scans, limits->max_frames, limits->require_landlock);
    if (request->output_size >= G_MAXSSIZE ||
        request->output_size < sp_wire_output_size(request->variants, request->n_variants))
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "request has %" G_GUINT64_FORMAT " bytes of outputs",
                        request->output_size);
    return TRUE;
}

gboolean
sp_wire_check_session(const SpWireSession *session, gsize n, GError **error)
{
    if (!check_header(&session->header, n, SP_WIRE_SESSION, sizeof *session, error))
        return FALSE;
    if (session->cpu_seconds < 1 || session->reserved != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "session has %u seconds and 0x%x",
                        session->cpu_seconds, session->reserved);
    return TRUE;
}

gboolean
sp_wire_check_file_request(const SpWireFileRequest *request, gsize n, GError **error)
{
    if (!check_header(&request->header, n, SP_WIRE_FILE, sizeof *request, error))
        return FALSE;
    if (request->values > 1 || request->reserved != 0 || request->size >= G_MAXSSIZE)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "file request has %" G_GUINT64_FORMAT " bytes, values %u and 0x%x",
                        request->size, request->values, request->reserved);
    return TRUE;
}
