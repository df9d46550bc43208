/* SPDX-License-Identifier: MIT */
/* tar-frame.h -- what the reader of an archive (main-untar.c) says to the supervisor.
 *
 * Frames through a pipe, each a header and n bytes behind it:
 *
 *     FILE name, then DATA ... DATA DONE, or, when its bytes end too early, CUT or BROKEN
 *     OTHER name, of an entry that is no regular file
 *     END after the last one, or BROKEN, and nothing behind either
 *
 * The reader has looked at a stranger's bytes, so nothing of a frame is believed unchecked.
 * Both are of one build on one host: numbers are as the processor has them. */
#ifndef SP_BULK_TAR_FRAME_H
#define SP_BULK_TAR_FRAME_H
#include "storyphoto.h"
G_BEGIN_DECLS

#define SP_TAR_NAME 4096      /* bytes of a name; of a longer one, its end */
#define SP_TAR_TEXT 255       /* bytes of a message */
#define SP_TAR_DATA_MAX 65536 /* bytes of a file in one frame: what a pipe holds */

typedef enum {
    SP_TAR_FRAME_FILE = 1,
    SP_TAR_FRAME_OTHER,  /* detail: SpTarWhat */
    SP_TAR_FRAME_DATA,   /* 1 to SP_TAR_DATA_MAX bytes of the file */
    SP_TAR_FRAME_DONE,   /* these were all */
    SP_TAR_FRAME_CUT,    /* message: the file cannot be read on; the archive can */
    SP_TAR_FRAME_END,    /* of the archive */
    SP_TAR_FRAME_BROKEN, /* message: the archive cannot be read on; detail: SpErrorCode */
} SpTarFrameKind;

/* What an entry is. */
typedef enum {
    SP_TAR_FILE, /* a regular one */
    SP_TAR_FOLDER,
    SP_TAR_SYMLINK,
    SP_TAR_HARDLINK,
    SP_TAR_SPECIAL, /* a device, a FIFO */
    SP_TAR_SPARSE,
    SP_TAR_STRANGE,
    SP_TAR_WHAT_COUNT,
} SpTarWhat;
/* "a folder", "a symbolic link", ...; static. */
const char *sp_tar_what_words(SpTarWhat what);

typedef struct {
    guint32 magic;
    guint16 kind;   /* SpTarFrameKind */
    guint16 detail; /* 0 where the kind has none */
    guint32 n;      /* bytes behind it */
} SpTarFrame;

/* in_file: between FILE and the frame that ends it. SP_ERROR_PROTOCOL. */
gboolean sp_tar_frame_check(const SpTarFrame *frame, gboolean in_file, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The reader's side: write one frame; bytes may be NULL when n is 0. FALSE with errno. */
gboolean sp_tar_frame_write(int fd, SpTarFrameKind kind, guint detail, const void *bytes,
                            gsize n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
