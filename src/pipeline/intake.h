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
    SpFd sealed;           /* owned; a sealed memfd, or -1 for a pipe */
    int fd;                /* borrowed or sealed: what the renderer gets */
    guint64 size;          /* of a file; 0 for a pipe */
    guint n_head;          /* of a pipe */
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
void sp_intake_clear(SpIntake *intake);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpIntake, sp_intake_clear)

G_END_DECLS
#endif
