/* SPDX-License-Identifier: MIT */
/* png-profile.c -- the ICC profile of a PNG: the one thing that its walk inflates.
 *
 * It lies in a zlib stream. As many bytes are inflated as the profile says that it has, within
 * SP_PNG_PROFILE; so a stream of many megabytes costs nothing but its first bytes. */
#include "container/png-profile.h"

#include <string.h>
#include <zlib.h>

#include "container/png.h"

#define PROFILE_HEAD 132u /* ICC.1:2022, 7.2: header and number of tags */

static gboolean
inflate_exactly(z_stream *stream, guint8 *to, guint n)
{
    stream->next_out = to;
    stream->avail_out = n;
    (void)inflate(stream, Z_NO_FLUSH); /* all the input is there: it stops only when it must */
    return stream->avail_out == 0;
}

/* As many bytes as the profile says it has; what may follow in the stream is left alone. */
static GBytes *
inflate_profile(z_stream *stream)
{
    guint8 head[PROFILE_HEAD];

    if (!inflate_exactly(stream, head, PROFILE_HEAD))
        return NULL;
    guint32 size = SP_FOURCC(head[0], head[1], head[2], head[3]);
    if (size < PROFILE_HEAD || size > SP_PNG_PROFILE)
        return NULL;
    g_autofree guint8 *profile = g_try_malloc(size);
    if (profile == NULL)
        return NULL;
    memcpy(profile, head, PROFILE_HEAD);
    if (!inflate_exactly(stream, profile + PROFILE_HEAD, size - PROFILE_HEAD))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&profile), size);
}

/* A name of 1 to 79 bytes, NUL, method 0, then the stream. */
GBytes *
sp_png_profile(const guint8 *payload, gsize n)
{
    const guint8 *nul = memchr(payload, 0, MIN(n, 80));
    gsize n_head = nul ? (gsize)(nul - payload) + 2 : 0;

    if (n_head < 3 || n_head > n || nul[1] != 0)
        return NULL;
    z_stream stream = {
        .next_in = (Bytef *)(payload + n_head),
        .avail_in = (uInt)(n - n_head), /* a chunk has less than 2^31 */
    };
    if (inflateInit(&stream) != Z_OK)
        return NULL;
    GBytes *profile = inflate_profile(&stream);
    (void)inflateEnd(&stream);
    return profile;
}
