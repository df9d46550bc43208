/* SPDX-License-Identifier: MIT */
/* variants-fixture.h -- variants of generated pictures; for test-variants.c and test-crops.c.
 *
 * Whatever is made is audited against its own promise and the variant's limits, so each test
 * here also says "never over, never wider". Noise is what fits worst. */
#ifndef SP_TESTS_VARIANTS_FIXTURE_H
#define SP_TESTS_VARIANTS_FIXTURE_H
#include "audit/audit.h"
#include "base/error.h"
#include "picture.h"
#include "render/encode.h"
#include "render/resize.h"
#include "render/variants.h"

/* A variant that no budget touches, until a test says so. */
static inline SpVariant
variant(const char *name, guint32 format, guint width)
{
    SpVariant v = {
        .format = format,
        .width = width,
        .max_height = SP_HARD_SIDE,
        .max_bytes = 16000000,
        .min_width = 1,
        .quality = 80,
        .min_quality = 45,
        .effort = format == SP_OUTPUT_WEBP ? 0 : 2,
    };
    g_strlcpy(v.name, name, sizeof v.name);
    return v;
}

typedef struct {
    SpWireRequest *request; /* owned */
    SpMade made[SP_MAX_VARIANTS];
    SpWireTrace trace;
    GError *error; /* owned */
} Run;

static inline void
run_clear(Run *run)
{
    g_free(run->request);
    g_clear_error(&run->error);
    for (guint i = 0; i < SP_MAX_VARIANTS; i++)
        sp_made_clear(&run->made[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static inline void
add(Run *run, SpVariant v)
{
    if (run->request == NULL)
        run->request = g_new0(SpWireRequest, 1);
    run->request->threads = MAX(1, run->request->threads);
    run->request->variants[run->request->n_variants++] = v;
}

static inline void
check_file(const SpVariant *v, const SpMade *made, guint n_planes)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(made->bytes, &n);
    SpAuditPromise promise = {
        .format = v->format == SP_OUTPUT_WEBP ? SP_AUDIT_WEBP : SP_AUDIT_JPEG,
        .width = made->width,
        .height = made->height,
        .components = v->format == SP_OUTPUT_WEBP ? 3 : n_planes,
        .max_width = v->width,
        .max_height = v->max_height,
        .max_bytes = v->max_bytes,
    };
    g_autoptr(GError) error = NULL;
    gboolean proved = sp_audit(bytes, n, &promise, &error);
    g_assert_no_error(error);
    g_assert_true(proved);
    g_assert_cmpfloat(made->quality, <=,
                      v->quality > SP_QUALITY_AUTO ? v->quality : SP_QUALITY_AUTO_MOST);
    g_assert_cmpfloat(made->quality, >=, v->min_quality);
    g_assert_cmpuint(made->encodes, >=, 1);
}

/* finished: of the picture that the variants are made from. n_planes: 4 with alpha. */
static inline gboolean
make_from(Run *run, SpSize upright, SpSize finished, guint n_planes, PictureKind kind)
{
    g_auto(SpPicture) picture = {0};
    if (n_planes == 4)
        picture_make_alpha(&picture, finished.width, finished.height, kind, 0xA5);
    else
        picture_make(&picture, finished.width, finished.height, 2, n_planes, kind, 0xA5);
    const SpFinished from = {.picture = &picture, .halved = 100, .upright = upright};
    gboolean done = sp_variants_make(&from, run->request, run->made, &run->trace, &run->error);
    g_assert_cmpint(done, ==, run->error == NULL);
    for (guint i = 0; i < run->request->n_variants && done; i++)
        check_file(&run->request->variants[i], &run->made[i], MIN(n_planes, 3));
    return done;
}

static inline gboolean
make(Run *run, guint width, guint height, guint n_planes, PictureKind kind)
{
    SpSize size = {width, height};
    return make_from(run, size, size, n_planes, kind);
}
static inline void
assert_encodes_to(SpPicture *picture, const SpVariant *v, GBytes *expected)
{
    sp_encode_pad(picture);
    const SpEncoder *encoder = sp_encoder(v->format);
    gpointer state = encoder->open(picture, v, NULL);
    g_autoptr(GBytes) file = encoder->encode(state, v->quality, NULL);
    encoder->close(state);
    g_assert_true(g_bytes_equal(file, expected));
}

#endif
