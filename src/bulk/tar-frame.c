/* SPDX-License-Identifier: MIT */
/* tar-frame.c -- frames between the reader of an archive and the supervisor. */
#include "bulk/tar-frame.h"
#include "base/error.h"
#include "base/memfd.h"

#define MAGIC 0x54524131u /* "1ART": another layout has another number */

/* Where each kind may stand, how many bytes it may have, and what its detail may be. */
static const struct {
    gboolean in_file, between;
    guint32 least, most;
    guint16 first_detail, last_detail;
} kinds[] = {
    [SP_TAR_FRAME_FILE] = {FALSE, TRUE, 0, SP_TAR_NAME, 0, 0},
    [SP_TAR_FRAME_OTHER] = {FALSE, TRUE, 0, SP_TAR_NAME, SP_TAR_FILE + 1,
                            SP_TAR_WHAT_COUNT - 1},
    [SP_TAR_FRAME_DATA] = {TRUE, FALSE, 1, SP_TAR_DATA_MAX, 0, 0},
    [SP_TAR_FRAME_DONE] = {TRUE, FALSE, 0, 0, 0, 0},
    [SP_TAR_FRAME_CUT] = {TRUE, FALSE, 1, SP_TAR_TEXT, 0, 0},
    [SP_TAR_FRAME_END] = {FALSE, TRUE, 0, 0, 0, 0},
    [SP_TAR_FRAME_BROKEN] = {TRUE, TRUE, 1, SP_TAR_TEXT, SP_ERROR_NONE + 1, SP_ERROR_LAST - 1},
};

const char *
sp_tar_what_words(SpTarWhat what)
{
    static const char *const words[SP_TAR_WHAT_COUNT] = {
        [SP_TAR_FILE] = "a file",
        [SP_TAR_FOLDER] = "a folder",
        [SP_TAR_SYMLINK] = "a symbolic link",
        [SP_TAR_HARDLINK] = "a hard link",
        [SP_TAR_SPECIAL] = "a device or FIFO",
        [SP_TAR_SPARSE] = "a sparse file",
        [SP_TAR_STRANGE] = "of a strange kind",
    };
    return words[what];
}

gboolean
sp_tar_frame_check(const SpTarFrame *frame, gboolean in_file, GError **error)
{
    if (frame->magic != MAGIC)
        return sp_throw(error, SP_ERROR_PROTOCOL, "the archive's reader is not ours");
    if (frame->kind == 0 || frame->kind >= G_N_ELEMENTS(kinds))
        return sp_throw(error, SP_ERROR_PROTOCOL, "the archive's reader says strange things");
    if (!(in_file ? kinds[frame->kind].in_file : kinds[frame->kind].between))
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "the archive's reader says things out of order");
    if (frame->n < kinds[frame->kind].least || frame->n > kinds[frame->kind].most ||
        frame->detail < kinds[frame->kind].first_detail ||
        frame->detail > kinds[frame->kind].last_detail)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "the archive's reader says something out of range");
    return TRUE;
}

gboolean
sp_tar_frame_write(int fd, SpTarFrameKind kind, guint detail, const void *bytes, gsize n)
{
    SpTarFrame frame = {
        .magic = MAGIC,
        .kind = (guint16)kind,
        .detail = (guint16)detail,
        .n = (guint32)n,
    };
    return sp_write_full(fd, &frame, sizeof frame) && (n == 0 || sp_write_full(fd, bytes, n));
}
