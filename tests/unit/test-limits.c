/* SPDX-License-Identifier: MIT */
/* test-limits.c -- what a finished picture may cost to encode, by what is made from it. The
 * refusals themselves stand in test-render.c. */
#include "render/limits.h"

static void
test_finished_bytes(void)
{
    static const struct {
        guint32 formats[2];
        guint32 efforts[2];
        guint n;
        gboolean alpha;
        guint a_pixel;
    } cases[] = {
        {{SP_OUTPUT_JPEG}, {6}, 1, FALSE, 16},
        {{SP_OUTPUT_JPEG}, {6}, 1, TRUE, 16},
        {{SP_OUTPUT_WEBP}, {2}, 1, FALSE, 16},
        {{SP_OUTPUT_WEBP}, {3}, 1, FALSE, 32},
        {{SP_OUTPUT_WEBP}, {0}, 1, TRUE, 56},
        {{SP_OUTPUT_WEBP}, {6}, 1, TRUE, 56},
        {{SP_OUTPUT_WEBP, SP_OUTPUT_JPEG}, {4, 4}, 2, FALSE, 32},
        {{SP_OUTPUT_JPEG, SP_OUTPUT_WEBP}, {4, 4}, 2, FALSE, 32},
        {{SP_OUTPUT_WEBP, SP_OUTPUT_WEBP}, {4, 2}, 2, FALSE, 32},
        {{SP_OUTPUT_JPEG, SP_OUTPUT_WEBP}, {4, 2}, 2, TRUE, 56},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpVariant variants[2] = {0};
        for (guint k = 0; k < 2; k++) {
            variants[k].format = cases[i].formats[k];
            variants[k].effort = cases[i].efforts[k];
        }
        guint64 bytes = sp_limits_finished_bytes((SpSize){SP_HARD_SIDE, SP_HARD_SIDE}, variants,
                                                 cases[i].n, cases[i].alpha);
        g_assert_cmpuint(bytes, ==, (guint64)cases[i].a_pixel * SP_HARD_SIDE * SP_HARD_SIDE);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/finished-bytes", test_finished_bytes);
    return g_test_run();
}
