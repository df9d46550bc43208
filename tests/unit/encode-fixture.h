/* SPDX-License-Identifier: MIT */
/* encode-fixture.h -- shapes to encode, and files that are audited as they are made. */
#ifndef SP_TEST_ENCODE_FIXTURE_H
#define SP_TEST_ENCODE_FIXTURE_H
#include "audit/audit.h"
#include "picture.h"
#include "render/encode.h"

static const guint sizes[][2] = {{1, 1},   {1, 2},   {2, 1},   {15, 1},  {16, 16},
                                 {17, 33}, {33, 17}, {64, 48}, {131, 97}};

static const struct {
    guint sub, n_planes;
} shapes[] = {{2, 3}, {1, 3}, {1, 1}};

static inline void
audit(GBytes *file, const SpPicture *picture, guint32 format)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(file, &n);
    SpAuditPromise promise = {
        .format = format == SP_OUTPUT_WEBP ? SP_AUDIT_WEBP : SP_AUDIT_JPEG,
        .width = picture->width,
        .height = picture->height,
        .components = format == SP_OUTPUT_WEBP ? 3 : sp_model_planes(picture->model),
        .max_width = SP_HARD_SIDE,
        .max_height = SP_HARD_SIDE,
        .max_bytes = n,
    };
    g_autoptr(GError) error = NULL;
    gboolean proved = sp_audit(bytes, n, &promise, &error);
    g_assert_no_error(error);
    g_assert_true(proved);
}

static inline GBytes *
encode_with(gpointer state, const SpPicture *picture, guint32 format, double quality)
{
    g_autoptr(GError) error = NULL;
    GBytes *file = sp_encoder(format)->encode(state, quality, &error);
    g_assert_no_error(error);
    g_assert_nonnull(file);
    audit(file, picture, format);
    return file;
}

static inline gpointer
open_state(SpPicture *picture, guint32 format, guint effort)
{
    SpVariant variant = {.format = format, .effort = effort, .background = 0x336699};
    g_autoptr(GError) error = NULL;
    sp_encode_pad(picture);
    gpointer state = sp_encoder(format)->open(picture, &variant, &error);
    g_assert_no_error(error);
    g_assert_nonnull(state);
    return state;
}

static inline GBytes *
encode(SpPicture *picture, guint32 format, guint effort, double quality)
{
    gpointer state = open_state(picture, format, effort);
    GBytes *file = encode_with(state, picture, format, quality);
    sp_encoder(format)->close(state);
    return file;
}
#endif
