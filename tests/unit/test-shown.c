/* SPDX-License-Identifier: MIT */
/* test-shown.c -- names of pictures, videos, documents and archives, and of others. */
#include "bulk/shown.h"

static const struct {
    const char *path;
    gboolean shown;
} cases[] = {
    {"a.jpg", TRUE},
    {"photos/IMG_1.JPG", TRUE},
    {"a.b.svg", TRUE},
    {"map.svgz", TRUE},
    {"map.svg.gz", TRUE},
    {"map.SVG.br", TRUE},
    {"IMG_1.AAE", TRUE},
    {"IMG_1.jpg.xmp", TRUE},
    {"aae", FALSE},
    {"scan.pdf", TRUE},
    {"film.WebM", TRUE},
    {"all.tar.gz", TRUE},
    {"all.tgz", TRUE},
    {"raw.x3f", TRUE},
    {"a.jpg/readme", FALSE},
    {"a.jpg/readme.txt", FALSE},
    {"style.css.gz", FALSE},
    {"index.html", FALSE},
    {"jpg", FALSE},
    {".jpg", TRUE},
    {"photos/.jpg", TRUE},
    {"a.jpg.txt", FALSE},
    {"a.gz", FALSE},
    {"a.gz.gz", FALSE},
    {"a.", FALSE},
    {"a..jpg", TRUE},
    {"", FALSE},
    {"/", FALSE},
    {"\xff.png", TRUE},
    {"font.woff2", FALSE},
};

static void
test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("'%s'", cases[i].path);
        g_assert_cmpint(sp_shown_by_name(cases[i].path), ==, cases[i].shown);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shown/table", test_table);
    return g_test_run();
}
