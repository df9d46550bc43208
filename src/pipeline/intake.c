/* SPDX-License-Identifier: MIT */
/* intake.c -- take an upload in.
 *
 * This and the audit are all of the supervisor that looks at bytes from outside, and of an
 * upload it reads the first SP_SNIFF_BYTES: the rest goes from its descriptor into a sealed
 * memfd inside the kernel (base/memfd.c, base/splice.c), or straight to the renderer. So no
 * path leads from an upload to a writer. tests/unit/test-no-way.c looks for a way. */
#include "pipeline/intake.h"
#include "base/error.h"
#include "base/splice.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
sp_intake_clear(SpIntake *intake)
{
    sp_fd_clear(&intake->own);
}

/* Whoever is at the other end of a pipe. */
typedef struct {
    int fd;           /* borrowed */
    const char *name; /* borrowed */
    int cancel_fd;    /* borrowed, or -1 */
    guint32 timeout_ms;
    gint64 deadline; /* by then all must be here, on the monotonic clock */
} Sender;

static Sender
sender_of(const SpUpload *upload, const SpLimits *limits, int cancel_fd)
{
    return (Sender){
        .fd = upload->fd,
        .name = upload->name,
        .cancel_fd = cancel_fd,
        .timeout_ms = limits->input_timeout_ms,
        .deadline = g_get_monotonic_time() + (gint64)limits->input_timeout_ms * 1000,
    };
}

/* TRUE when there is something to read, or the end. */
static gboolean
wait_for_bytes(const Sender *sender, GError **error)
{
    struct pollfd fds[2] = {{sender->fd, POLLIN, 0}, {sender->cancel_fd, POLLIN, 0}};
    for (;;) {
        gint64 left = (sender->deadline - g_get_monotonic_time() + 999) / 1000;
        if (left <= 0)
            return sp_throw(error, SP_ERROR_INPUT_TIMEOUT,
                            "the sender is not done, the limit is %g seconds "
                            "(limits.input-timeout)",
                            (double)sender->timeout_ms / 1000);
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

/* One read, once there is something: *ret_n is 0 at the end. */
static gboolean
read_some(const Sender *sender, void *buffer, gsize size, gsize *ret_n, GError **error)
{
    for (;;) {
        if (!wait_for_bytes(sender, error))
            return FALSE;
        ssize_t n = read(sender->fd, buffer, size);
        if (n >= 0) {
            *ret_n = (gsize)n;
            return TRUE;
        }
        if (errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read '%s'",
                                  sender->name);
    }
}

/* A HEIF file may say at its end where its picture begins, and may have to be read twice, by
 * two renderers: so it is sealed. */
static gboolean
needs_whole(const SpSniffed *sniffed)
{
    return sniffed->format == SP_FORMAT_HEIC || sniffed->format == SP_FORMAT_AVIF;
}

/* A format that is rendered while it arrives is known by its first bytes, whatever follows; of
 * others more may tell more. */
static gboolean
knows_enough(const SpIntake *intake)
{
    const SpSniffed *sniffed = sp_sniff(intake->head, intake->n_head);
    return sniffed != NULL && sniffed->format != SP_FORMAT_NEVER && !needs_whole(sniffed);
}

static gboolean
take_pipe(SpIntake *intake, const Sender *sender, GError **error)
{
    gsize n = 1;
    intake->fd = sender->fd;
    while (intake->n_head < sizeof intake->head && n > 0 && !knows_enough(intake)) {
        if (!read_some(sender, intake->head + intake->n_head,
                       sizeof intake->head - intake->n_head, &n, error))
            return FALSE;
        intake->n_head += (guint)n;
    }
    return TRUE;
}

/* What will be read, at intake->own: its size, and its first bytes, by which what is too large
 * has a name at least. */
static gboolean
take_head(SpIntake *intake, gsize size, const SpLimits *limits, GError **error)
{
    intake->fd = intake->own;
    ssize_t n = pread(intake->own, intake->head, sizeof intake->head, 0);
    if (n < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read the upload");
    if (size > limits->max_upload) {
        intake->sniffed = sp_sniff(intake->head, (gsize)n);
        return sp_throw(error, SP_ERROR_TOO_LARGE,
                        "the upload has at least %" G_GSIZE_FORMAT
                        " bytes, the limit is %" G_GUINT64_FORMAT " (limits.max-upload)",
                        size, limits->max_upload);
    }
    intake->size = size;
    intake->n_head = (guint)n;
    return TRUE;
}

static gboolean
take_file(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, GError **error)
{
    gsize size = 0;
    intake->own = sp_memfd_copy(upload->fd, limits->max_upload, upload->name, &size, error);
    return intake->own >= 0 && take_head(intake, size, limits, error);
}

/* Once there is something, some of it goes into the file `to`: *ret_n is 0 at the end. */
static gboolean
move_some(SpSplice *way, const Sender *sender, int to, gsize max, gsize *ret_n, GError **error)
{
    for (;;) {
        if (!wait_for_bytes(sender, error))
            return FALSE;
        gssize n = sp_splice(way, sender->fd, to, max);
        if (n >= 0) {
            *ret_n = (gsize)n;
            return TRUE;
        }
        if (errno != EINTR && errno != EAGAIN)
            return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno,
                                  "cannot copy '%s' into sealed memory", sender->name);
    }
}

/* What a stream still has, behind what is in head, into a sealed copy: inside the kernel. */
static gboolean
take_whole(SpIntake *intake, const Sender *sender, const SpLimits *limits, GError **error)
{
    gsize n = 1, size = intake->n_head;
    g_auto(SpSplice) way = SP_SPLICE_INIT;
    g_auto(SpFd) filling = sp_memfd_create(error);
    if (filling < 0)
        return FALSE;
    if (!sp_write_full(filling, intake->head, intake->n_head))
        return sp_throw_errno(error, SP_ERROR_IO, errno, "cannot fill sealed memory");
    while (n > 0 && size <= limits->max_upload) {
        gsize max = (gsize)(limits->max_upload - size) + 1;
        if (!move_some(&way, sender, filling, max, &n, error))
            return FALSE;
        size += n;
    }
    if (!sp_memfd_seal(filling, error))
        return FALSE;
    intake->own = sp_fd_steal(&filling);
    return take_head(intake, size, limits, error);
}

static gboolean
check_format(SpIntake *intake, GError **error)
{
    if (intake->n_head == 0)
        return sp_throw(error, SP_ERROR_EMPTY, "the upload is empty");
    intake->sniffed = sp_sniff(intake->head, intake->n_head);
    if (intake->sniffed == NULL)
        return sp_throw(error, SP_ERROR_NOT_AN_IMAGE, "not a picture in any known format");
    if (intake->sniffed->format != SP_FORMAT_NEVER)
        return TRUE;
    return sp_throw(error, SP_ERROR_UNSUPPORTED,
                    "%s is not accepted, only JPEG, PNG, WebP, HEIC, AVIF and GIF are",
                    intake->sniffed->title);
}

static gboolean
take_stream(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, gboolean whole,
            int cancel_fd, GError **error)
{
    Sender sender = sender_of(upload, limits, cancel_fd);
    if (!take_pipe(intake, &sender, error) || !check_format(intake, error))
        return FALSE;
    if (whole || needs_whole(intake->sniffed))
        return take_whole(intake, &sender, limits, error);
    gint64 left_ms = (sender.deadline - g_get_monotonic_time()) / 1000;
    intake->input_left_ms = (guint32)CLAMP(left_ms, 1, limits->input_timeout_ms);
    return TRUE;
}

static gboolean
look_at(SpIntake *intake, const SpUpload *upload, struct stat *st, GError **error)
{
    intake->own = -1;
    if (fstat(upload->fd, st) < 0)
        return sp_throw_errno(error, SP_ERROR_CANNOT_READ, errno, "cannot read '%s'",
                              upload->name);
    if (S_ISDIR(st->st_mode))
        return sp_throw(error, SP_ERROR_CANNOT_READ, "cannot read '%s': is a folder",
                        upload->name);
    return TRUE;
}

gboolean
sp_intake(SpIntake *intake, const SpUpload *upload, const SpLimits *limits, int cancel_fd,
          GError **error)
{
    struct stat st;
    if (!look_at(intake, upload, &st, error))
        return FALSE;
    if (S_ISREG(st.st_mode))
        return take_file(intake, upload, limits, error) && check_format(intake, error);
    /* A socket cannot be handed to a renderer, and a terminal or device has more to give than
     * an upload. */
    return take_stream(intake, upload, limits, !S_ISFIFO(st.st_mode), cancel_fd, error);
}

/* The caller's file under a description of our own: whoever gets it can neither write to it nor
 * move the caller's offset. -1 when the caller itself may not read, or not open it again: the
 * descriptor may have come from somebody who may. */
static int
reopen(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || (flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_WRONLY)
        return -1;
    char path[32];
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (flags & O_NOATIME));
}

gboolean
sp_intake_in_place(SpIntake *intake, const SpUpload *upload, const SpLimits *limits,
                   int cancel_fd, GError **error)
{
    struct stat st;
    if (!look_at(intake, upload, &st, error))
        return FALSE;
    if (!S_ISREG(st.st_mode))
        return take_stream(intake, upload, limits, TRUE, cancel_fd, error);
    intake->own = reopen(upload->fd);
    gboolean taken = intake->own < 0 ? take_file(intake, upload, limits, error)
                                     : take_head(intake, (gsize)st.st_size, limits, error);
    return taken && check_format(intake, error);
}
