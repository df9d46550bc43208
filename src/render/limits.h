/* SPDX-License-Identifier: MIT */
/* limits.h -- refuse what is too large, from its header, before a pixel is decoded. */
#ifndef SP_RENDER_LIMITS_H
#define SP_RENDER_LIMITS_H
#include "container/walk.h"
#include "render/geometry.h"
#include "sandbox/wire.h"
G_BEGIN_DECLS

#define SP_LIMIT_SIDE 65500 /* pixels: libjpeg's JPEG_MAX_DIMENSION */

/* Pixels that a format may have at most; max-pixels can only lower it. */
#define SP_GUARD_STREAMED (250u * 1000 * 1000) /* decoded row by row */
#define SP_GUARD_WHOLE (100u * 1000 * 1000)    /* held whole */

/* memory: bytes that this picture will need. SP_ERROR_TOO_MANY_PIXELS,
 * SP_ERROR_TOO_MUCH_MEMORY, with the number and the limit that bound. */
gboolean sp_limits_check(const SpLimits *limits, SpSize coded, guint64 guard, guint64 memory,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* memory alone, against max_memory bytes. SP_ERROR_TOO_MUCH_MEMORY, and SP_ERROR_BUSY when it
 * is the host that has less. What is granted is the process's limit from then on
 * (sp_lock_expect()); 0 leaves it as it is.
 *
 * A job asks several times, each time for all that it will take from its start to its answer:
 * by its header through sp_limits_check(), before a decoder is opened, and for the last time in
 * feed.c, when the rows to hold are known as well and before the first of them is allocated.
 * That last number is the largest, and an upper bound of what is taken (test-memory.c). What
 * was asked for before is smaller by the feed's rows and graphs alone. */
gboolean sp_limits_check_memory(guint64 memory, guint64 max_memory, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same of memory that is part of what will be needed; none is granted. */
gboolean sp_limits_foresee_memory(guint64 memory, guint64 max_memory, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Of what takes work, not memory: found of `what` ("scans") against the limit of that key.
 * SP_ERROR_TOO_MUCH_WORK, with both numbers. */
gboolean sp_limits_check_count(guint found, guint most, const char *what, const char *key,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A colour profile that is too large counts as absent, as a broken one does. */
void sp_limits_check_profile(const SpLimits *limits, SpColourTags *tags);

/* Bytes that every job takes besides its decoder: threads, colours, turning, and the variants
 * of a picture that is resized to target; upright is what they are planned for. alpha: whether
 * it may have any. */
guint64 sp_limits_job_bytes(const SpWireRequest *request, const SpColourTags *tags,
                            SpSize upright, SpSize target, gboolean alpha);

G_END_DECLS
#endif
