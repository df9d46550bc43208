/* SPDX-License-Identifier: MIT */
/* intake.c -- take an upload in.
 *
 * This and the audit are all of the supervisor that looks at bytes from outside. */
#include "pipeline/intake.h"
#include "base/error.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
sp_intake_clear(SpIntake *intake)
{
    sp_fd_clear(&intake->sealed);
}

static gboolean
take_file(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, GError **error)
{
    gsize size = 0;
    intake->sealed = sp_memfd_copy(upload->fd, limits->max_upload, upload->name, &size, error);
    if (intake->sealed < 0)
        return FALSE;
    intake->fd = intake->sealed;
    intake->size = size;
    if (size > limits->max_upload)
        return sp_throw(error, SP_ERROR_TOO_LARGE,
                        "the upload is larger than the limit of %" G_GUINT64_FORMAT " bytes",
                        limits->max_upload);
    ssize_t n = pread(intake->sealed, intake->head, sizeof intake->head, 0);
    if (n < 0)
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot read sealed memory");
    intake->n_head = (guint)n;
    return TRUE;
}

/* TRUE when there is something to read, or the end. */
static gboolean
wait_for_bytes(int fd, int cancel_fd, gint64 deadline, GError **error)
{
    struct pollfd fds[2] = {{fd, POLLIN, 0}, {cancel_fd, POLLIN, 0}};
    for (;;) {
        gint64 left = (deadline - g_get_monotonic_time() + 999) / 1000;
        if (left <= 0)
            return sp_throw(error, SP_ERROR_INPUT_TIMEOUT, "the sender stopped sending");
        int n = poll(fds, 2, (int)MIN(left, G_MAXINT));
        if (n < 0 && errno != EINTR)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot wait for the upload");
        if (n > 0 && fds[1].revents != 0)
            return sp_throw(error, SP_ERROR_INTERRUPTED, "interrupted");
        if (n > 0)
            return TRUE;
    }
}

static gboolean
take_pipe(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, int cancel_fd,
          GError **error)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)limits->input_timeout_ms * 1000;
    intake->fd = upload->fd;
    while (intake->n_head < sizeof intake->head) {
        if (!wait_for_bytes(upload->fd, cancel_fd, deadline, error))
            return FALSE;
        ssize_t n = read(upload->fd, intake->head + intake->n_head,
                         sizeof intake->head - intake->n_head);
        if (n == 0)
            break;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read '%s'",
                                  upload->name);
        intake->n_head += n > 0 ? (guint)n : 0;
    }
    return TRUE;
}

static gboolean
check_format(SpIntake *intake, GError **error)
{
    if (intake->n_head == 0)
        return sp_throw(error, SP_ERROR_EMPTY, "the upload is empty");
    intake->sniffed = sp_sniff(intake->head, intake->n_head);
    if (intake->sniffed == NULL)
        return sp_throw(error, SP_ERROR_NOT_AN_IMAGE, "not a picture in any known format");
    switch (intake->sniffed->stance) {
    case SP_STANCE_TAKEN:
        return TRUE;
    case SP_STANCE_NOT_YET:
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "%s is not yet supported by this version",
                        intake->sniffed->title);
    case SP_STANCE_NEVER:
        break;
    }
    return sp_throw(error, SP_ERROR_UNSUPPORTED, "%s is not accepted, only photos are (JPEG)",
                    intake->sniffed->title);
}

gboolean
sp_intake(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, int cancel_fd,
          GError **error)
{
    struct stat st;
    intake->sealed = -1;
    if (fstat(upload->fd, &st) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read '%s'",
                              upload->name);
    if (S_ISDIR(st.st_mode))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot read '%s': is a folder",
                        upload->name);
    gboolean taken = S_ISREG(st.st_mode) ? take_file(intake, upload, limits, error)
                                         : take_pipe(intake, upload, limits, cancel_fd, error);
    return taken && check_format(intake, error);
}
