/* SPDX-License-Identifier: MIT */
/* jpeg-meta.h -- what the parts of a JPEG that are no picture are; for jpeg.c. */
#ifndef SP_CONTAINER_JPEG_META_H
#define SP_CONTAINER_JPEG_META_H
#include "container/jpeg.h"
G_BEGIN_DECLS

/* "ICC_PROFILE" and its NUL, sequence number, number of chunks: ICC.1:2022, annex B.4. */
#define SP_JPEG_PROFILE_HEAD 14
#define SP_JPEG_PROFILE_CHUNKS 255

/* The chunks of an ICC profile as they come; all zero at first. */
typedef struct {
    guint count;                            /* as the first chunk said; 0 before it */
    gboolean broken;                        /* numbers out of range, twice, or not agreeing */
    SpSlice chunks[SP_JPEG_PROFILE_CHUNKS]; /* borrowed; bytes NULL where missing */
} SpJpegProfile;

/* Is this APP2 a chunk of a profile, whole or not? */
gboolean sp_jpeg_is_profile(const guint8 *payload, gsize n);
/* Take note of one such APP2. */
void sp_jpeg_profile_add(SpJpegProfile *profile, const guint8 *payload, gsize n);
/* The profile, new and owned by the caller; NULL when there is none, or not all of it. */
GBytes *sp_jpeg_profile_join(const SpJpegProfile *profile);

/* What a segment that the slim view leaves out (APPn, COM, DAC, DNL) is, by its marker and the
 * form of its payload: n bytes of it may be all, or what a cut file has of it. *ret_content is
 * within the payload. */
SpCarrier sp_jpeg_meta_carrier(guint marker, const guint8 *payload, gsize n,
                               SpSlice *ret_content);

G_END_DECLS
#endif
