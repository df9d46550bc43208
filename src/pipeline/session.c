/* SPDX-License-Identifier: MIT */
/* session.c -- the renderers, and the bell that stops everything. */
#include "pipeline/session.h"
#include "base/error.h"
#include "pipeline/renderers.h"
#include <sys/eventfd.h>
#include <unistd.h>

SpSession *
sp_session_new(void)
{
    SpSession *session = g_new0(SpSession, 1);
    session->sandbox = sp_sandbox_new();
    session->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    session->claims = sp_claims_new();
    return session;
}

void
sp_session_free(SpSession *session)
{
    if (session == NULL)
        return;
    sp_sandbox_free(session->sandbox);
    if (session->cancel_fd >= 0)
        close(session->cancel_fd);
    sp_claims_free(session->claims);
    g_free(session);
}

void
sp_session_last(SpSession *session)
{
    sp_sandbox_last(session->sandbox);
}

char *
sp_session_libraries(SpSession *session, const char *format, GError **error)
{
    char libraries[SP_WIRE_LIBRARIES];
    const SpRenderers *renderers = sp_renderers_find(format);
    if (renderers == NULL)
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE, "nobody renders the format '%s'",
                             format);
    if (!sp_sandbox_libraries(session->sandbox, renderers->kinds[0], libraries, error))
        return NULL;
    return g_strdup(libraries);
}

void
sp_session_cancel(SpSession *session)
{
    eventfd_write(session->cancel_fd, 1);
    sp_sandbox_cancel(session->sandbox);
}
