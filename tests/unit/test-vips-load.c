/* SPDX-License-Identifier: MIT */
/* Tests of vips-load.c: which of libvips' doors are open, and what comes through them. */
#include "base/error.h"
#include "render/vips-load.h"
#include <string.h>
#include <vips/vips.h>

/* ---- the allow-list ------------------------------------------------------------------------
 */

static void *
note_open(GType type, void *data)
{
    VipsOperationClass *class = g_type_class_ref(type);
    if (!G_TYPE_IS_ABSTRACT(type) && (class->flags & VIPS_OPERATION_BLOCKED) == 0)
        g_ptr_array_add(data, (gpointer)g_type_name(type));
    g_type_class_unref(class);
    return NULL;
}

static int
by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of all loaders and savers that are not blocked, sorted, with blanks between. */
static char *
open_doors(void)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    vips_type_map_all(g_type_from_name("VipsForeign"), note_open, names);
    g_ptr_array_sort(names, by_name);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}

/* In a process of its own: libvips starts once. */
static void
assert_doors(gboolean with_heif, const char *expected)
{
    if (g_test_subprocess()) {
        sp_vips_start(with_heif);
        g_autofree char *doors = open_doors();
        g_print("doors: %s.", doors);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_autofree char *pattern = g_strdup_printf("*doors: %s.*", expected);
    g_test_trap_assert_stdout(pattern);
}

static void
test_doors(void)
{
    assert_doors(FALSE, "VipsForeignLoadNsgifBuffer VipsForeignLoadPngBuffer "
                        "VipsForeignLoadWebpBuffer");
}

static void
test_doors_heif(void)
{
    assert_doors(TRUE, "VipsForeignLoadHeifBuffer");
}

/* A file that some other loader of libvips would take stays closed, JPEG among them. */
static void
test_closed(void)
{
    static const guint8 jpeg[] = {0xFF, 0xD8, 0xFF, 0xD9};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(jpeg, sizeof jpeg);
    SpVipsForm form;
    g_assert_null(sp_vips_open(SP_FORMAT_JPEG, bytes, 1, &form, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_UNAVAILABLE);
    g_clear_error(&error);
    g_assert_null(sp_vips_open(SP_FORMAT_AVIF, bytes, 1, &form, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_UNAVAILABLE);
    g_assert_nonnull(strstr(error->message, "module vips-heif")); /* what to install */
}

/* ---- rows ----------------------------------------------------------------------------------
 */

/* 3 x 2 pixels of GIF, red, green, blue and back: written by hand, code by code: clear, the
 * six colours with 3 bits each (the code size grows behind the fourth), end. */
static const guint8 gif[] = {
    'G', 'I', 'F', '8', '9', 'a', 3,   0,    2,    0,    0xF1, 0, 0,   255, 0,
    0,   0,   255, 0,   0,   0,   255, 9,    9,    9,    ',',  0, 0,   0,   0,
    3,   0,   2,   0,   0,   2,   4,   0x44, 0x24, 0x01, 0x05, 0, ';',
};

static void
test_rows(void)
{
    static const guint8 expected[2][9] = {{255, 0, 0, 0, 255, 0, 0, 0, 255},
                                          {0, 0, 255, 0, 255, 0, 255, 0, 0}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(gif, sizeof gif);
    SpVipsForm form;
    gsize row_bytes = 0;
    g_autoptr(SpVipsImage) image = sp_vips_open(SP_FORMAT_GIF, bytes, 1, &form, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(form.width, ==, 3);
    g_assert_cmpuint(form.height, ==, 2);
    g_assert_cmpuint(form.bands, ==, 3);
    g_assert_cmpuint(form.bytes, ==, 1);
    const guint8 *rows = sp_vips_rows(image, (SpRect){0, 0, 3, 2}, &row_bytes, &error);
    g_assert_no_error(error);
    for (guint y = 0; y < 2; y++)
        g_assert_cmpmem(rows + row_bytes * y, 9, expected[y], 9);
}

static void
test_damaged(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(gif, 20);
    SpVipsForm form;
    g_assert_null(sp_vips_open(SP_FORMAT_GIF, bytes, 1, &form, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, "gif"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR); /* libraries may warn */
    if (!g_test_subprocess())
        sp_vips_start(FALSE);
    g_test_add_func("/vips-load/doors", test_doors);
    g_test_add_func("/vips-load/doors-heif", test_doors_heif);
    g_test_add_func("/vips-load/closed", test_closed);
    g_test_add_func("/vips-load/rows", test_rows);
    g_test_add_func("/vips-load/damaged", test_damaged);
    return g_test_run();
}
