/* SPDX-License-Identifier: MIT */
/* test-render-damage.c -- uploads that are cut, altered or not ours: refused by the right code,
 * or, where nothing of the picture is missing, accepted.
 *
 * Where a table says one code, no other will do. Where bytes are altered at random places, the
 * decoder may not be able to know: then a picture or one of the codes of damage is fine, and
 * render_run() checks that the answer is sane all the same. */
#include "render-fixture.h"

static const Sample samples[] = {
    {64, 48, SAMPLING_420},
    {64, 48, SAMPLING_420, .restart = 1},
    {64, 48, SAMPLING_420, .progressive = TRUE},
    {64, 48, SAMPLING_420, .progressive = TRUE, .restart = 1},
    {64, 48, .quality = 85},
    {41, 31, {{2, 1}, {1, 1}, {1, 1}}, .quality = 60},
};

static GByteArray *
copy(const GByteArray *bytes)
{
    return g_byte_array_append(g_byte_array_new(), bytes->data, bytes->len);
}

static guint32
render_cut(const GByteArray *jpeg, gsize n)
{
    g_autoptr(Render) render = render_new();
    return render_run(render, jpeg->data, n);
}

/* ---- cut ----------------------------------------------------------------------------------
 */

static void
test_whole(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        g_assert_cmpuint(render_cut(jpeg, jpeg->len), ==, SP_ERROR_NONE);
    }
}

static void
test_cut(void)
{
    static const guint shares[] = {1, 10, 50, 90, 99};
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
        for (guint k = 0; k < G_N_ELEMENTS(shares); k++) {
            g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
            g_assert_cmpuint(render_cut(jpeg, jpeg->len * shares[k] / 100), ==,
                             SP_ERROR_TRUNCATED);
        }
}

/* After every byte of the data, and many of the header. Nothing is missing without the end
 * marker, or without its second byte: then the same files come out. */
static void
test_cut_everywhere(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        g_autoptr(Render) whole = render_new();
        g_assert_cmpuint(render_array(whole, jpeg), ==, SP_ERROR_NONE);
        for (gsize n = 0; n < jpeg->len; n += n < render_data(jpeg) - 10 ? 7 : 1) {
            g_autoptr(Render) render = render_new();
            gboolean picture = n >= jpeg->len - 2;
            guint32 code = render_run(render, jpeg->data, n);
            g_assert_cmpuint(code, ==, picture ? SP_ERROR_NONE : SP_ERROR_TRUNCATED);
            g_assert_cmpint(render_same(whole, render), ==, picture);
        }
    }
}

/* How much of the picture there was: the message says it. */
static void
test_cut_message(void)
{
    Sample sample = {64, 1600, SAMPLING_420, .quality = 95};
    g_autoptr(GByteArray) jpeg = render_sample(&sample);
    gsize data = render_data(jpeg);
    for (guint share = 10; share < 100; share += 20) {
        g_autoptr(Render) render = render_new();
        gsize n = data + (jpeg->len - data) * share / 100;
        g_assert_cmpuint(render_run(render, jpeg->data, n), ==, SP_ERROR_TRUNCATED);
        g_assert_true(g_str_has_prefix(render->answer.message, "truncated after "));
        guint64 said = g_ascii_strtoull(render->answer.message + 16, NULL, 10);
        g_assert_cmpuint(said, >=, share - 8);
        g_assert_cmpuint(said, <=, share + 8);
    }
}

/* A cut between two scans leaves no trace in the entropy data. With an end marker behind it,
 * a progression may stop anywhere, as long as every component had a scan. */
static void
test_cut_between_scans(void)
{
    for (guint restart = 0; restart <= 5; restart += 5) {
        Sample sample = {96, 72, SAMPLING_420, .progressive = TRUE, .restart = restart};
        g_autoptr(GByteArray) jpeg = render_sample(&sample);
        gsize end = render_find(jpeg, 0xD9, 0);
        guint n_scans = 0;
        for (gsize sos = 0; (sos = render_find(jpeg, 0xDA, n_scans)) < jpeg->len; n_scans++) {
            gsize cut = render_scan_end(jpeg, sos + 10);
            g_autoptr(GByteArray) ended = copy(jpeg);
            g_byte_array_set_size(ended, (guint)cut);
            g_byte_array_append(ended, (const guint8 *)"\xFF\xD9", 2);
            guint32 code = cut == end ? SP_ERROR_NONE : SP_ERROR_TRUNCATED;
            g_assert_cmpuint(render_cut(jpeg, cut), ==, code);
            g_assert_cmpuint(render_cut(ended, ended->len), ==, SP_ERROR_NONE);
        }
        g_assert_cmpuint(n_scans, ==, 10);
    }
}

/* ---- altered ------------------------------------------------------------------------------
 */

static gboolean
is_damage(guint32 code)
{
    return code == SP_ERROR_TRUNCATED || code == SP_ERROR_CORRUPT;
}

static gboolean
is_refusal_of_bytes(guint32 code)
{
    return is_damage(code) || code == SP_ERROR_UNSUPPORTED || code == SP_ERROR_UNAVAILABLE ||
           code == SP_ERROR_TOO_MANY_PIXELS || code == SP_ERROR_TOO_MUCH_MEMORY ||
           code == SP_ERROR_TOO_MUCH_WORK;
}

/* One altered byte of entropy data. Where there are restart markers or a long way to go, most
 * are noticed. */
static void
test_flipped_data(void)
{
    static const guint8 masks[] = {0x01, 0x80, 0xFF};
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        guint noticed = 0, tried = 0;
        for (gsize at = render_data(jpeg); at < jpeg->len - 2; at += 7) {
            g_autoptr(Render) render = render_new();
            g_autoptr(GByteArray) altered = copy(jpeg);
            altered->data[at] ^= masks[tried++ % G_N_ELEMENTS(masks)];
            guint32 code = render_array(render, altered);
            g_assert_true(code == SP_ERROR_NONE || is_refusal_of_bytes(code));
            noticed += code != SP_ERROR_NONE;
        }
        g_test_message("sample %u: %u of %u noticed", i, noticed, tried);
        g_assert_cmpuint(noticed, >, 0);
    }
}

static void
test_flipped_header(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        for (gsize at = i % 5; at < render_data(jpeg); at += 5) {
            g_autoptr(Render) render = render_new();
            g_autoptr(GByteArray) altered = copy(jpeg);
            altered->data[at] ^= (guint8)(1 << at % 8);
            guint32 code = render_array(render, altered);
            g_assert_true(code == SP_ERROR_NONE || is_refusal_of_bytes(code));
        }
    }
}

/* A hole of zeros, as a bad card leaves it. */
static void
test_hole(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        gsize data = render_data(jpeg), n = (jpeg->len - data) / 2;
        memset(jpeg->data + data + n / 2, 0, n);
        g_autoptr(Render) render = render_new();
        guint32 code = render_array(render, jpeg);
        g_assert_true(code == SP_ERROR_NONE || is_damage(code));
    }
}

/* FF before a stuffed FF 00 is data; what libjpeg makes of it depends on where its buffers end,
 * and so it must not be given to it in pieces. */
static void
test_filled(void)
{
    const Sample like = {320, 240, SAMPLING_420, .quality = 98};
    g_autoptr(GByteArray) jpeg = render_sample(&like);
    g_autoptr(GByteArray) filled = g_byte_array_new();
    guint n_stuffed = 0;
    for (gsize at = 0; at < jpeg->len; at++) {
        gboolean stuffed = at >= render_data(jpeg) && at + 1 < jpeg->len &&
                           jpeg->data[at] == 0xFF && jpeg->data[at + 1] == 0;
        if (stuffed && n_stuffed++ % 3 == 0)
            g_byte_array_append(filled, &jpeg->data[at], 1);
        g_byte_array_append(filled, &jpeg->data[at], 1);
    }
    g_assert_cmpuint(n_stuffed, >, 20);
    for (guint i = 0; i < 20; i++) { /* with other pieces each time */
        g_autoptr(Render) render = render_new();
        g_assert_cmpuint(render_array(render, filled), ==, SP_ERROR_NONE);
        g_byte_array_append(filled, (const guint8 *)"a longer trailer", 16);
    }
}

/* Where restart marker number nth stands. */
static gsize
restart_marker(const GByteArray *jpeg, guint nth)
{
    for (gsize at = render_data(jpeg); at + 1 < jpeg->len; at++)
        if (jpeg->data[at] == 0xFF && (jpeg->data[at + 1] & 0xF8) == 0xD0 && nth-- == 0)
            return at;
    g_assert_not_reached();
}

typedef enum { OTHER_NUMBER, NO_MARKER, TWICE, STUFFED, LOST_INTERVAL } RestartDamage;

static void
damage_restart(GByteArray *jpeg, guint nth, RestartDamage damage)
{
    gsize at = restart_marker(jpeg, nth);
    switch (damage) {
    case OTHER_NUMBER:
        jpeg->data[at + 1] = 0xD0 | ((jpeg->data[at + 1] + 3) & 7);
        break;
    case NO_MARKER:
        g_byte_array_remove_range(jpeg, (guint)at, 2);
        break;
    case TWICE:
        render_insert(jpeg, at, (guint8[]){jpeg->data[at], jpeg->data[at + 1]}, 2);
        break;
    case STUFFED:
        jpeg->data[at + 1] = 0;
        break;
    case LOST_INTERVAL:
        g_byte_array_remove_range(jpeg, (guint)at, (guint)(restart_marker(jpeg, nth + 1) - at));
        break;
    }
}

static void
test_restart_markers(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
        for (RestartDamage damage = OTHER_NUMBER; damage <= LOST_INTERVAL; damage++)
            for (guint nth = 0; nth < 6 && samples[i].restart != 0; nth++) {
                g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
                damage_restart(jpeg, nth, damage);
                g_autoptr(Render) render = render_new();
                g_assert_true(is_damage(render_array(render, jpeg)));
            }
}

/* Bytes that do not belong there: inside the data they are damage, behind the last block not.
 */
static void
test_stray_bytes(void)
{
    static const char stray[] = "stray bytes, and not a few of them, and \xFF\xD0 among them";
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[i]);
        g_autoptr(GByteArray) behind = copy(jpeg);
        g_autoptr(Render) whole = render_new(), render = render_new();
        g_assert_cmpuint(render_array(whole, jpeg), ==, SP_ERROR_NONE);
        render_insert(behind, behind->len - 2, stray, sizeof stray);
        g_assert_cmpuint(render_array(render, behind), ==, SP_ERROR_NONE);
        g_assert_true(render_same(whole, render));
        if (samples[i].restart == 0)
            continue;
        render_insert(jpeg, restart_marker(jpeg, 1), stray, sizeof stray);
        g_assert_true(is_damage(render_array(render, jpeg)));
    }
}

static void
test_tables(void)
{
    static const struct {
        guint8 marker;
        guint at, byte; /* of the segment from its FF on */
        guint32 code;
    } cases[] = {
        {0xC4, 5, 0xFF, SP_ERROR_CORRUPT},  /* 255 codes of one bit */
        {0xC4, 5, 3, SP_ERROR_CORRUPT},     /* three codes of one bit */
        {0xC4, 4, 0x07, SP_ERROR_CORRUPT},  /* table 7 */
        {0xDB, 4, 0x0F, SP_ERROR_CORRUPT},  /* table 15 */
        {0xC0, 13, 0x57, SP_ERROR_CORRUPT}, /* sampling 5 */
        {0xC0, 12, 3, SP_ERROR_CORRUPT},    /* a quantisation table that is not there */
        {0xDA, 6, 0x33, SP_ERROR_CORRUPT},  /* Huffman tables that are not there */
        {0xDA, 5, 9, SP_ERROR_CORRUPT},     /* a component that is not there */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[0]);
        jpeg->data[render_find(jpeg, cases[i].marker, 0) + cases[i].at] = (guint8)cases[i].byte;
        g_autoptr(Render) render = render_new();
        g_test_message("case %u", i);
        g_assert_cmpuint(render_array(render, jpeg), ==, cases[i].code);
    }
}

/* Tables that are valid, and not this picture's: one of other coefficients, and one in which
 * the end of a block is a coefficient of ten bits, so that the data are soon used up. */
static void
test_wrong_huffman(void)
{
    for (guint i = 0; i < 2; i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[0]);
        gsize dc = render_find(jpeg, 0xC4, 0), ac = render_find(jpeg, 0xC4, 1);
        if (i == 0) {
            jpeg->data[dc + 4] = 0x10;
            jpeg->data[ac + 4] = 0x00;
        } else {
            guint8 *end = memchr(jpeg->data + ac + 21, 0x00, 162);
            g_assert_nonnull(end);
            *end = 0x0A;
        }
        g_autoptr(Render) render = render_new();
        g_assert_true(is_damage(render_array(render, jpeg)));
    }
}

/* ---- not ours -----------------------------------------------------------------------------
 */

static void
test_codings(void)
{
    static const struct {
        guint at, byte; /* of SOF0, from its FF on */
        guint32 code;
        const char *word;
    } cases[] = {
        {1, 0xC1, SP_ERROR_NONE, ""}, /* extended, 8 bits: the same */
        {1, 0xC3, SP_ERROR_UNSUPPORTED, "lossless"},
        {1, 0xC5, SP_ERROR_UNSUPPORTED, "hierarchical"},
        {1, 0xC9, SP_ERROR_UNSUPPORTED, "arithmetic"},
        {1, 0xCA, SP_ERROR_UNSUPPORTED, "arithmetic"},
        {1, 0xCB, SP_ERROR_UNSUPPORTED, "arithmetic"},
        {1, 0xF7, SP_ERROR_UNSUPPORTED, "JPEG-LS"},
        {4, 12, SP_ERROR_UNSUPPORTED, "12 bits"},
        {4, 16, SP_ERROR_UNSUPPORTED, "16 bits"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) jpeg = render_sample(&samples[0]);
        jpeg->data[render_find(jpeg, 0xC0, 0) + cases[i].at] = (guint8)cases[i].byte;
        g_autoptr(Render) render = render_new();
        g_assert_cmpuint(render_array(render, jpeg), ==, cases[i].code);
        g_assert_nonnull(strstr(render->answer.message, cases[i].word));
    }
}

static GByteArray *
in_space(J_COLOR_SPACE from, int n_components, J_COLOR_SPACE to)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    JSAMPLE pixels[16 * 4];
    JSAMPROW row = pixels;
    memset(pixels, 100, sizeof pixels);
    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &bytes, &n);
    cinfo.image_width = cinfo.image_height = 16;
    cinfo.input_components = n_components;
    cinfo.in_color_space = from;
    jpeg_set_defaults(&cinfo);
    jpeg_set_colorspace(&cinfo, to);
    jpeg_start_compress(&cinfo, TRUE);
    for (guint y = 0; y < 16; y++)
        jpeg_write_scanlines(&cinfo, &row, 1);
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    GByteArray *jpeg = g_byte_array_append(g_byte_array_new(), bytes, (guint)n);
    free(bytes);
    return jpeg;
}

static void
test_colour_spaces(void)
{
    static const struct {
        J_COLOR_SPACE from;
        int n_components;
        J_COLOR_SPACE to;
        guint32 code;
        const char *word;
    } cases[] = {
        {JCS_CMYK, 4, JCS_CMYK, SP_ERROR_NONE, ""},
        {JCS_CMYK, 4, JCS_YCCK, SP_ERROR_NONE, ""},
        {JCS_RGB, 3, JCS_RGB, SP_ERROR_NONE, ""},
        {JCS_UNKNOWN, 4, JCS_UNKNOWN, SP_ERROR_NONE, ""},
        {JCS_RGB, 3, JCS_YCbCr, SP_ERROR_NONE, ""},
        {JCS_GRAYSCALE, 1, JCS_GRAYSCALE, SP_ERROR_NONE, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) jpeg =
            in_space(cases[i].from, cases[i].n_components, cases[i].to);
        g_autoptr(Render) render = render_new();
        g_assert_cmpuint(render_array(render, jpeg), ==, cases[i].code);
        g_assert_nonnull(strstr(render->answer.message, cases[i].word));
    }
}

static void
test_not_a_jpeg(void)
{
    static const struct {
        const char *bytes;
        gsize n;
        guint32 code;
    } cases[] = {
        {"", 0, SP_ERROR_TRUNCATED},
        {"\xFF", 1, SP_ERROR_TRUNCATED},
        {"\xFF\xD8", 2, SP_ERROR_TRUNCATED},
        {"\xFF\xD8\xFF\xD9", 4, SP_ERROR_CORRUPT},
        {"\xFF\xD8\xFF\xE0", 4, SP_ERROR_TRUNCATED},
        {"RIFF....WEBP", 12, SP_ERROR_CORRUPT},
        {"\x89PNG\r\n\x1A\n", 8, SP_ERROR_CORRUPT},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Render) render = render_new();
        g_assert_cmpuint(render_run(render, cases[i].bytes, cases[i].n), ==, cases[i].code);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    sp_render_warm_up();
    g_test_add_func("/render-damage/whole", test_whole);
    g_test_add_func("/render-damage/cut", test_cut);
    g_test_add_func("/render-damage/cut-everywhere", test_cut_everywhere);
    g_test_add_func("/render-damage/cut-message", test_cut_message);
    g_test_add_func("/render-damage/cut-between-scans", test_cut_between_scans);
    g_test_add_func("/render-damage/flipped-data", test_flipped_data);
    g_test_add_func("/render-damage/flipped-header", test_flipped_header);
    g_test_add_func("/render-damage/hole", test_hole);
    g_test_add_func("/render-damage/filled", test_filled);
    g_test_add_func("/render-damage/restart-markers", test_restart_markers);
    g_test_add_func("/render-damage/stray-bytes", test_stray_bytes);
    g_test_add_func("/render-damage/tables", test_tables);
    g_test_add_func("/render-damage/wrong-huffman", test_wrong_huffman);
    g_test_add_func("/render-damage/codings", test_codings);
    g_test_add_func("/render-damage/colour-spaces", test_colour_spaces);
    g_test_add_func("/render-damage/not-a-jpeg", test_not_a_jpeg);
    return g_test_run();
}
