/* SPDX-License-Identifier: MIT */
/* intake.h -- take an upload in: its bytes behind a seal, its format by its first bytes.
 *
 * A regular file becomes a sealed copy in memory, which nobody can change while it is read; a
 * socket too, and a HEIF file however it comes. Any other pipe stays a pipe: its first bytes,
 * read here to know the format, go to the renderer beside it. */
#ifndef SP_PIPELINE_INTAKE_H
#define SP_PIPELINE_INTAKE_H
#include "base/memfd.h"
#include "container/sniff.h"
#include "preset/preset.h"
G_BEGIN_DECLS

typedef struct {
    SpFd own;     /* owned; a sealed memfd, in place: perhaps the file itself; -1 for a pipe */
    int fd;       /* borrowed or own: what the renderer gets */
    guint64 size; /* of a file; 0 for a pipe */
    guint n_head; /* of a pipe */
    guint32 input_left_ms; /* of a pipe: how long its sender may still take; at least 1 */
    guint8 head[SP_SNIFF_BYTES];
    const SpSniffed *sniffed; /* static; NULL when not known */
} SpIntake;

/* cancel_fd: readable when the wait for a pipe's bytes is to end, or -1. *intake must be
 * cleared afterwards, on failure too (sniffed and size may be known then). Errors:
 * SP_ERROR_EMPTY, _TOO_LARGE, _NOT_AN_IMAGE, _UNSUPPORTED, _UNAVAILABLE, _CANNOT_READ,
 * _INPUT_TIMEOUT, _INTERRUPTED. */
gboolean sp_intake(SpIntake *intake, const SpUpload *upload, const SpLimits *limits,
                   int cancel_fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for what is read where it stands: a regular file is opened once more, read only,
 * and may change while it is read (one that cannot be opened again is sealed); anything else is
 * sealed. intake->fd is intake->own then. */
gboolean sp_intake_in_place(SpIntake *intake, const SpUpload *upload, const SpLimits *limits,
                            int cancel_fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sp_intake_clear(SpIntake *intake);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpIntake, sp_intake_clear)

G_END_DECLS
#endif
