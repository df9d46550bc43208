/* SPDX-License-Identifier: MIT */
/* test-audit.c -- the audit lets through what our encoders write, and nothing else.
 *
 * The good files come from libjpeg and libwebp themselves, so that a rule which is too strict
 * shows. The bad ones are those files with one thing wrong: written wrongly by the libraries,
 * edited by a table, put together in another order, cut, flipped. Each bad case names words of
 * the message it must get: refused for another reason is a failure too. Every audit runs on a
 * heap block of exactly the file's size, so that a sanitizer sees a read past its end. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
/* libjpeg wants stdio.h before it */
#include <jpeglib.h>
#include <webp/encode.h>

#include "audit/audit.h"
#include "storyphoto.h"

#define WIDTH 40
#define HEIGHT 24
#define ROUNDS 20000 /* of random damage, a file */

/* ---- asking the audit ----------------------------------------------------------------- */

static SpAuditPromise
promise_of(SpAuditFormat format, guint width, guint height, guint components)
{
    return (SpAuditPromise){format, width, height, components, 16383, 16383, 1 << 24};
}

static gboolean
audit_copy(const GByteArray *file, const SpAuditPromise *promise, GError **error)
{
    g_autofree guint8 *copy = g_memdup2(file->data, file->len);
    return sp_audit(copy, file->len, promise, error);
}

static void
assert_passes(const GByteArray *file, const SpAuditPromise *promise, const char *name)
{
    g_autoptr(GError) error = NULL;

    if (!audit_copy(file, promise, &error))
        g_error("%s is refused: %s", name, error->message);
    g_assert_no_error(error);
}

/* words: what the message must hold; NULL is any message. */
static void
assert_refused(const GByteArray *file, const SpAuditPromise *promise, const char *words,
               const char *name)
{
    g_autoptr(GError) error = NULL;

    if (audit_copy(file, promise, &error))
        g_error("%s is not refused", name);
    g_assert_error(error, SP_ERROR, SP_ERROR_AUDIT);
    if (words != NULL && strstr(error->message, words) == NULL)
        g_error("%s: '%s' is not in '%s'", name, words, error->message);
}

static GByteArray *
copy_of(const GByteArray *file)
{
    return g_byte_array_append(g_byte_array_new(), file->data, file->len);
}

static void
splice(GByteArray *file, guint at, guint cut, const void *insert, guint n_insert)
{
    g_autofree guint8 *tail = g_memdup2(file->data + at + cut, file->len - at - cut);
    guint n_tail = file->len - at - cut;

    g_byte_array_set_size(file, at);
    g_byte_array_append(file, insert, n_insert);
    g_byte_array_append(file, tail, n_tail);
}

/* A wave, so that every coefficient has something to say; the same on every run. */
static guint8
sample(guint x, guint y, guint channel)
{
    return (guint8)(x * 7 + y * 13 + channel * 50 + (x * y * (channel + 3)) % 61);
}

/* ---- JPEG: making files --------------------------------------------------------------- */

typedef struct {
    const char *name;
    guint width, height, components;
    int quality;
    gboolean progressive, optimised;
    int h, v;                          /* sampling of component 1; 0 is libjpeg's default */
    void (*configure)(j_compress_ptr); /* or NULL: last before the start */
    void (*inside)(j_compress_ptr);    /* or NULL: first after the start */
    const char *words;                 /* NULL: must pass; else must be refused with these */
} JpegRecipe;

static GByteArray *
make_jpeg(const JpegRecipe *recipe)
{
    struct jpeg_compress_struct cinfo;
    struct jpeg_error_mgr errors;
    unsigned char *out = NULL;
    unsigned long n_out = 0;
    g_autofree guint8 *row = g_malloc((gsize)recipe->width * 3);

    cinfo.err = jpeg_std_error(&errors);
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &out, &n_out);
    cinfo.image_width = recipe->width;
    cinfo.image_height = recipe->height;
    cinfo.input_components = (int)recipe->components;
    cinfo.in_color_space = recipe->components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, recipe->quality, TRUE);
    cinfo.optimize_coding = recipe->optimised;
    if (recipe->h != 0) {
        cinfo.comp_info[0].h_samp_factor = recipe->h;
        cinfo.comp_info[0].v_samp_factor = recipe->v;
    }
    if (recipe->progressive)
        jpeg_simple_progression(&cinfo);
    if (recipe->configure != NULL)
        recipe->configure(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    if (recipe->inside != NULL)
        recipe->inside(&cinfo);
    for (guint y = 0; y < recipe->height; y++) {
        for (guint i = 0; i < recipe->width * recipe->components; i++)
            row[i] = sample(i / recipe->components, y, i % recipe->components);
        JSAMPROW rows[] = {row};
        jpeg_write_scanlines(&cinfo, rows, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    GByteArray *file = g_byte_array_append(g_byte_array_new(), out, (guint)n_out);
    free(out);
    return file;
}

static void
three_quant_tables(j_compress_ptr cinfo)
{
    static const unsigned int basic[64] = {[0 ... 63] = 20};
    jpeg_add_quant_table(cinfo, 2, basic, 100, TRUE);
    cinfo->comp_info[2].quant_tbl_no = 2;
}

static void
sequential_scans(j_compress_ptr cinfo)
{
    static const jpeg_scan_info script[] = {
        {1, {0}, 0, 63, 0, 0},
        {2, {1, 2}, 0, 63, 0, 0},
    };
    cinfo->scan_info = script;
    cinfo->num_scans = G_N_ELEMENTS(script);
}

static void
dc_only(j_compress_ptr cinfo)
{
    static const jpeg_scan_info script[] = {{3, {0, 1, 2}, 0, 0, 0, 0}};
    cinfo->scan_info = script;
    cinfo->num_scans = G_N_ELEMENTS(script);
}

static void
no_last_bit(j_compress_ptr cinfo)
{
    static const jpeg_scan_info script[] = {{1, {0}, 0, 0, 0, 0}, {1, {0}, 1, 63, 0, 1}};
    cinfo->scan_info = script;
    cinfo->num_scans = G_N_ELEMENTS(script);
}

static void
restarts(j_compress_ptr cinfo)
{
    cinfo->restart_interval = 1;
}

static void
adobe(j_compress_ptr cinfo)
{
    cinfo->write_Adobe_marker = TRUE;
}

static void
no_jfif(j_compress_ptr cinfo)
{
    cinfo->write_JFIF_header = FALSE;
}

static void
jfif_102(j_compress_ptr cinfo)
{
    cinfo->JFIF_minor_version = 2;
}

static void
density(j_compress_ptr cinfo)
{
    cinfo->density_unit = 1;
    cinfo->X_density = cinfo->Y_density = 72;
}

static void
rgb(j_compress_ptr cinfo)
{
    jpeg_set_colorspace(cinfo, JCS_RGB);
}

static void
tables_of_16_bits(j_compress_ptr cinfo)
{
    jpeg_set_quality(cinfo, 1, FALSE);
}

static void
high_table_id(j_compress_ptr cinfo)
{
    cinfo->comp_info[0].dc_tbl_no = 2; /* no baseline any more: SOF1 */
}

static void
arithmetic(j_compress_ptr cinfo)
{
    cinfo->arith_code = TRUE;
}

static void
comment(j_compress_ptr cinfo)
{
    jpeg_write_marker(cinfo, JPEG_COM, (const JOCTET *)"for Mia", 7);
}

static void
exif(j_compress_ptr cinfo)
{
    jpeg_write_marker(cinfo, JPEG_APP0 + 1, (const JOCTET *)"Exif\0\0II*\0", 10);
}

static void
profile(j_compress_ptr cinfo)
{
    jpeg_write_icc_profile(cinfo, (const JOCTET *)"profile", 7);
}

static const JpegRecipe jpeg_recipes[] = {
    {"grey", WIDTH, HEIGHT, 1, 80, FALSE, TRUE},
    {"colour", WIDTH, HEIGHT, 3, 80, FALSE, TRUE},
    {"progressive grey", WIDTH, HEIGHT, 1, 80, TRUE, TRUE},
    {"progressive colour", WIDTH, HEIGHT, 3, 80, TRUE, TRUE},
    {"4:4:4", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 1, 1},
    {"4:2:2", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 2, 1},
    {"4:4:0", WIDTH, HEIGHT, 3, 80, TRUE, TRUE, 1, 2},
    {"4:1:1", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 4, 1},
    {"default Huffman tables", WIDTH, HEIGHT, 3, 80, FALSE, FALSE},
    {"one pixel", 1, 1, 3, 80, FALSE, TRUE},
    {"one grey pixel, progressive", 1, 1, 1, 80, TRUE, TRUE},
    {"odd", 17, 33, 3, 80, TRUE, TRUE},
    {"wide", 1024, 3, 3, 80, FALSE, TRUE},
    {"large", 700, 500, 3, 95, TRUE, TRUE},
    {"quality 1", WIDTH, HEIGHT, 3, 1, TRUE, TRUE},
    {"quality 100", 300, 200, 3, 100, FALSE, TRUE, 1, 1},
    {"three tables", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, three_quant_tables},
    {"two scans", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, sequential_scans},

    {"DC only", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, dc_only, NULL, "before coefficient 1"},
    {"no last bit", WIDTH, HEIGHT, 1, 80, 0, 1, 0, 0, no_last_bit, NULL, "coefficient 1 of"},
    {"restarts", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, restarts, NULL, "DRI at byte"},
    {"Adobe", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, adobe, NULL, "APP14 at byte 20"},
    {"no JFIF", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, no_jfif, NULL, "DQT at byte 2"},
    {"JFIF 1.02", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, jfif_102, NULL, "byte 12 is 0x02"},
    {"density", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, density, NULL, "byte 13 is 0x01"},
    {"RGB", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, rgb, NULL, "APP14 at byte 2"},
    {"16 bits", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, tables_of_16_bits, NULL, "length 131"},
    {"SOF1", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, high_table_id, NULL, "SOF1 at byte"},
    {"arithmetic", WIDTH, HEIGHT, 3, 80, FALSE, FALSE, 0, 0, arithmetic, NULL, "SOF9 at byte"},
    {"COM", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, NULL, comment, "COM at byte 20"},
    {"Exif", WIDTH, HEIGHT, 3, 80, TRUE, TRUE, 0, 0, NULL, exif, "APP1 at byte 20"},
    {"ICC", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 0, 0, NULL, profile, "APP2 at byte 20"},
};

enum { GREY = 0, COLOUR = 1, PROGRESSIVE_GREY = 2, PROGRESSIVE = 3 }; /* in jpeg_recipes */

static SpAuditPromise
jpeg_promise(const JpegRecipe *recipe)
{
    return promise_of(SP_AUDIT_JPEG, recipe->width, recipe->height, recipe->components);
}

static void
test_jpeg_encoder(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(jpeg_recipes); i++) {
        const JpegRecipe *recipe = &jpeg_recipes[i];
        SpAuditPromise promise = jpeg_promise(recipe);
        g_autoptr(GByteArray) file = make_jpeg(recipe);
        if (recipe->words == NULL)
            assert_passes(file, &promise, recipe->name);
        else
            assert_refused(file, &promise, recipe->words, recipe->name);
    }
}

/* ---- JPEG: one thing wrong ------------------------------------------------------------ */

/* Where the segment that begins at byte at ends; an SOS with its entropy data. */
static guint
segment_end(const GByteArray *file, guint at)
{
    guint marker = file->data[at + 1];

    if (marker == 0xd8 || marker == 0xd9)
        return at + 2;
    guint end = at + 2 + (file->data[at + 2] << 8 | file->data[at + 3]);
    while (marker == 0xda && (file->data[end] != 0xff || file->data[end + 1] == 0))
        end++;
    return end;
}

/* The byte where segment number nth of this marker begins. */
static guint
find_segment(const GByteArray *file, guint marker, guint nth)
{
    for (guint at = 0; at < file->len; at = segment_end(file, at)) {
        if (file->data[at + 1] == marker && nth-- == 0)
            return at;
    }
    g_assert_not_reached();
}

typedef struct {
    const char *name;
    int base;              /* of jpeg_recipes */
    guint8 marker, nth;    /* at this segment, */
    guint8 offset, cut;    /* from this byte on, this many bytes are replaced */
    const char *insert;    /* by these, */
    guint n_insert;        /* or, when this is 0 and insert NULL, */
    guint8 copy, copy_nth; /* by a copy of this segment */
    const char *words;
} JpegEdit;

#define BYTES(string) string, sizeof(string) - 1
#define COPY(marker, nth) NULL, 0, marker, nth
#define SOI 0xd8
#define APP0 0xe0
#define DQT 0xdb
#define DHT 0xc4
#define SOF 0xc0
#define SOS 0xda
#define EOI 0xd9
#define ZEROS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* most of the 16 counts of a DHT */

static const JpegEdit jpeg_edits[] = {
    {"APP1", GREY, DQT, 0, 0, 0, BYTES("\xff\xe1\0\10Exif\0\0"), 0, 0, "APP1 at byte 20"},
    {"COM late", GREY, EOI, 0, 0, 0, BYTES("\xff\xfe\0\4hi"), 0, 0, "COM at byte"},
    {"DRI", GREY, SOS, 0, 0, 0, BYTES("\xff\xdd\0\4\0\1"), 0, 0, "DRI at byte"},
    {"DNL", GREY, EOI, 0, 0, 0, BYTES("\xff\xdc\0\4\0\1"), 0, 0, "DNL at byte"},
    {"RST", GREY, EOI, 0, 0, 0, BYTES("\xff\xd3"), 0, 0, "RST3 at byte"},
    {"fill byte", GREY, DQT, 0, 0, 0, BYTES("\xff"), 0, 0, "fill byte at byte 20"},
    {"fill byte at the end", GREY, EOI, 0, 0, 0, BYTES("\xff"), 0, 0, "fill byte at byte"},
    {"stray byte", COLOUR, SOF, 0, 0, 0, BYTES("x"), 0, 0, "0x78 at byte"},
    {"second SOI", GREY, APP0, 0, 0, 0, COPY(SOI, 0), "SOI at byte 2"},
    {"second APP0", GREY, DQT, 0, 0, 0, COPY(APP0, 0), "APP0 at byte 20"},
    {"no SOI", GREY, SOI, 0, 0, 2, BYTES(""), 0, 0, "APP0 at byte 0"},
    {"JFIF thumbnail", GREY, APP0, 0, 16, 2, BYTES("\1\1"), 0, 0, "byte 18 is 0x01"},
    {"with pixels", GREY, APP0, 0, 2, 16, BYTES("\0\23JFIF\0\1\1\0\0\1\0\1\1\1rgb"), 0, 0,
     "APP0 at byte 2 has length 19, not 16"},
    {"JFXX", GREY, APP0, 0, 5, 3, BYTES("FXX"), 0, 0, "no bare JFIF"},
    {"APP0 too long", GREY, APP0, 0, 2, 1, BYTES("\xff"), 0, 0, "bytes are left"},
    {"length 1", GREY, APP0, 0, 2, 2, BYTES("\0\1"), 0, 0, "has length 1"},
    {"a byte behind", GREY, EOI, 0, 2, 0, BYTES("x"), 0, 0, "1 bytes after EOI"},
    {"a zero behind", GREY, EOI, 0, 2, 0, BYTES("\0"), 0, 0, "1 bytes after EOI"},
    {"no EOI", GREY, EOI, 0, 0, 2, BYTES(""), 0, 0, "within entropy data"},
    {"EOI first", GREY, SOF, 0, 0, 0, COPY(EOI, 0), "EOI at byte"},
    {"DQT again", GREY, SOF, 0, 0, 0, COPY(DQT, 0), "defines table 0 again"},
    {"DQT unused", COLOUR, DQT, 1, 4, 1, BYTES("\2"), 0, 0, "not there"},
    {"DQT of nobody", COLOUR, SOF, 0, 10, 9, BYTES("\1\21\0\2\21\0\3\21\0"), 0, 0,
     "is used by no component"},
    {"DQT of 16 bits", GREY, DQT, 0, 4, 1, BYTES("\20"), 0, 0, "precision and id 0x10"},
    {"DQT id 4", GREY, DQT, 0, 4, 1, BYTES("\4"), 0, 0, "precision and id 0x04"},
    {"DQT of zero", GREY, DQT, 0, 68, 1, BYTES("\0"), 0, 0, "has a zero"},
    {"DQT late", GREY, SOS, 0, 0, 0, COPY(DQT, 0), "DQT at byte"},
    {"no DQT", GREY, DQT, 0, 0, 69, BYTES(""), 0, 0, "quantisation table 0, not there"},
    {"second SOF", GREY, DHT, 0, 0, 0, COPY(SOF, 0), "SOF0 at byte"},
    {"12 bits", GREY, SOF, 0, 4, 1, BYTES("\14"), 0, 0, "components of 12 bits"},
    {"component id", COLOUR, SOF, 0, 13, 1, BYTES("\7"), 0, 0, "calls component 2 7"},
    {"sampling 0", COLOUR, SOF, 0, 11, 1, BYTES("\2"), 0, 0, "component 1 0x2"},
    {"sampling 5", COLOUR, SOF, 0, 11, 1, BYTES("\x25"), 0, 0, "component 1 2x5"},
    {"grey sampling", GREY, SOF, 0, 11, 1, BYTES("\x22"), 0, 0, "component 1 2x2"},
    {"too many blocks", COLOUR, SOF, 0, 11, 1, BYTES("\x44"), 0, 0, "interleaves 18 blocks"},
    {"DHT early", GREY, SOF, 0, 0, 0, COPY(DHT, 0), "DHT at byte"},
    {"DHT twice", GREY, DHT, 1, 0, 0, COPY(DHT, 0), "is used by no scan"},
    {"DHT last", GREY, EOI, 0, 0, 0, COPY(DHT, 1), "is used by no scan"},
    {"DHT class 2", GREY, DHT, 0, 4, 1, BYTES("\40"), 0, 0, "class and id 0x20"},
    {"DHT id 2", GREY, DHT, 0, 4, 1, BYTES("\2"), 0, 0, "class and id 0x02"},
    {"DHT id 4", PROGRESSIVE, DHT, 0, 4, 1, BYTES("\4"), 0, 0, "class and id 0x04"},
    {"code of ones", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\25\1\2\0" ZEROS "\0\1"), 0, 0,
     "has length 21 and is not one table"},
    {"too many codes", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\26\1\3\0" ZEROS "\0\1\2"), 0, 0,
     "is not one table"},
    {"no code", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\23\1\0\0" ZEROS), 0, 0,
     "is not one table"},
    {"DHT and a byte", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\25\1\1\0" ZEROS "\0x"), 0, 0,
     "is not one table"},
    {"DHT too short", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\3\1"), 0, 0, "is not one table"},
    {"DC size 12", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\24\1\1\0" ZEROS "\14"), 0, 0,
     "symbol 0x0c that means nothing"},
    {"AC size 11", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\24\21\1\0" ZEROS "\13"), 0, 0,
     "symbol 0x0b that means nothing"},
    {"EOB1, baseline", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\24\21\1\0" ZEROS "\20"), 0, 0,
     "symbol 0x10 that means nothing"},
    {"symbol twice", GREY, SOS, 0, 0, 0, BYTES("\xff\xc4\0\25\1\1\1" ZEROS "\1\1"), 0, 0,
     "symbol 0x01 twice"},
    {"no entropy data", GREY, SOS, 0, 0, 0, BYTES("\xff\xda\0\10\1\1\0\0\77\0"), 0, 0,
     "no entropy data"},
    {"no component", GREY, SOS, 0, 4, 1, BYTES("\0"), 0, 0, "and 0 components"},
    {"components", COLOUR, SOS, 0, 4, 1, BYTES("\2"), 0, 0, "and 2 components"},
    {"unknown component", COLOUR, SOS, 0, 9, 1, BYTES("\4"), 0, 0, "names component 4"},
    {"component twice", COLOUR, SOS, 0, 7, 1, BYTES("\1"), 0, 0, "names component 1 after 1"},
    {"DC table", GREY, SOS, 0, 6, 1, BYTES("\20"), 0, 0, "DC table 1, which is not there"},
    {"AC table", GREY, SOS, 0, 6, 1, BYTES("\5"), 0, 0, "AC table 5, which is not there"},
    {"table for nothing", PROGRESSIVE, SOS, 1, 6, 1, BYTES("\20"), 0, 0, "does not need"},
    {"band", GREY, SOS, 0, 7, 3, BYTES("\1\77\0"), 0, 0, "of coefficients 1 to 63"},
    {"band's end", GREY, SOS, 0, 7, 3, BYTES("\0\76\0"), 0, 0, "of coefficients 0 to 62"},
    {"bits", GREY, SOS, 0, 7, 3, BYTES("\0\77\1"), 0, 0, "sends bits 0 to 1"},
    {"DC and AC", PROGRESSIVE, SOS, 0, 11, 3, BYTES("\0\5\1"), 0, 0, "coefficients 0 to 5"},
    {"AC of all", PROGRESSIVE, SOS, 0, 11, 3, BYTES("\1\5\1"), 0, 0, "coefficients 1 to 5"},
    {"band past 63", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\1\100\2"), 0, 0, "to 64"},
    {"band backwards", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\6\5\2"), 0, 0, "6 to 5"},
    {"two bits at once", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\1\5\61"), 0, 0, "bits 3 to 1"},
    {"shift 11", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\1\5\13"), 0, 0, "bits 0 to 11"},
};

static void
test_jpeg_edits(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(jpeg_edits); i++) {
        const JpegEdit *edit = &jpeg_edits[i];
        SpAuditPromise promise = jpeg_promise(&jpeg_recipes[edit->base]);
        g_autoptr(GByteArray) file = make_jpeg(&jpeg_recipes[edit->base]);
        g_autoptr(GByteArray) from = copy_of(file);
        guint marker =
            edit->marker == SOF && edit->base >= PROGRESSIVE_GREY ? 0xc2 : edit->marker;
        guint at = find_segment(file, marker, edit->nth) + edit->offset;
        if (edit->insert != NULL) {
            splice(file, at, edit->cut, edit->insert, edit->n_insert);
        } else {
            guint start = find_segment(from, edit->copy, edit->copy_nth);
            splice(file, at, edit->cut, from->data + start, segment_end(from, start) - start);
        }
        assert_refused(file, &promise, edit->words, edit->name);
    }
}

/* Every marker there is, at every border between two segments. */
static void
test_jpeg_every_marker(void)
{
    SpAuditPromise promise = jpeg_promise(&jpeg_recipes[PROGRESSIVE]);
    g_autoptr(GByteArray) file = make_jpeg(&jpeg_recipes[PROGRESSIVE]);

    for (guint at = 0, last = 0; at <= file->len; last = at, at = segment_end(file, at)) {
        for (guint marker = 0; marker < 256; marker++) {
            guint8 segment[] = {0xff, (guint8)marker, 0, 4, 0, 0};
            if (marker == 0 && at > 0 && file->data[last + 1] == SOS)
                continue; /* a stuffed 0xff: entropy data that goes on */
            for (guint n = 2; n <= sizeof segment; n += 4) {
                g_autoptr(GByteArray) edited = copy_of(file);
                g_autofree char *name = g_strdup_printf("0x%02x at %u", marker, at);
                splice(edited, at, 0, segment, n);
                assert_refused(edited, &promise, NULL, name);
            }
        }
        if (at == file->len)
            break;
    }
}

/* Scans (each with its tables) in another order, twice or not at all. libjpeg's own six of a
 * grey file: 0 DC but a bit; 1, 2 AC but two bits; 3 AC a bit; 4 DC the last; 5 AC the last. */
static void
test_jpeg_scan_order(void)
{
    static const struct {
        const char *order, *words; /* words NULL: must pass */
    } cases[] = {
        {"012345", NULL},
        {"021345", NULL},
        {"041235", NULL},
        {"102345", "AC before DC"},
        {"412305", "out of turn"},
        {"0123345", "out of turn"},
        {"0012345", "out of turn"},
        {"0123455", "out of turn"},
        {"012354", NULL},
        {"012534", "out of turn"},
        {"01345", "out of turn"},
        {"01234", "before coefficient 1 of component 1"},
        {"01235", "before coefficient 0 of component 1"},
        {"", "EOI at byte"},
    };
    SpAuditPromise promise = jpeg_promise(&jpeg_recipes[PROGRESSIVE_GREY]);
    g_autoptr(GByteArray) file = make_jpeg(&jpeg_recipes[PROGRESSIVE_GREY]);
    guint starts[7] = {segment_end(file, find_segment(file, 0xc2, 0))};

    for (guint i = 0; i < 6; i++)
        starts[i + 1] = segment_end(file, find_segment(file, SOS, i));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) edited = copy_of(file);
        g_byte_array_set_size(edited, starts[0]);
        for (const char *c = cases[i].order; *c != '\0'; c++)
            g_byte_array_append(edited, file->data + starts[*c - '0'],
                                starts[*c - '0' + 1] - starts[*c - '0']);
        g_byte_array_append(edited, (const guint8 *)"\xff\xd9", 2);
        if (cases[i].words == NULL)
            assert_passes(edited, &promise, cases[i].order);
        else
            assert_refused(edited, &promise, cases[i].words, cases[i].order);
    }
}

/* Any bit before the entropy data but in the values of DQT and the symbols of DHT, which are
 * the picture's own. */
static void
test_jpeg_flips(void)
{
    SpAuditPromise promise = jpeg_promise(&jpeg_recipes[GREY]);
    g_autoptr(GByteArray) file = make_jpeg(&jpeg_recipes[GREY]);

    for (guint at = 0; file->data[at + 1] != EOI; at = segment_end(file, at)) {
        guint marker = file->data[at + 1], end = segment_end(file, at);
        end = marker == DQT ? at + 5 : marker == DHT ? at + 21 : marker == SOS ? at + 10 : end;
        for (guint bit = at * 8; bit < end * 8; bit++) {
            g_autoptr(GByteArray) edited = copy_of(file);
            g_autofree char *name = g_strdup_printf("bit %u of byte %u", bit % 8, bit / 8);
            edited->data[bit / 8] ^= (guint8)(1 << bit % 8);
            assert_refused(edited, &promise, NULL, name);
        }
    }
}

/* ---- WebP: making files --------------------------------------------------------------- */

typedef struct {
    const char *name;
    guint width, height;
    gboolean lossless, alpha;
    int method, partitions, segments, filter_type, alpha_compression, quality;
} WebpRecipe;

enum { LOSSY = 0, ODD = 1, LOSSLESS = 2, ALPHA = 3, RAW_ALPHA = 4, PARTS = 5 };

static const WebpRecipe webp_recipes[] = {
    {"lossy", WIDTH, HEIGHT, FALSE, FALSE, 2, 0, 4, 1, 1, 80},
    {"odd", 33, 17, FALSE, FALSE, 4, 0, 1, 0, 1, 30},
    {"lossless", WIDTH, HEIGHT, TRUE, FALSE, 2, 0, 4, 1, 1, 50},
    {"alpha", WIDTH, HEIGHT, FALSE, TRUE, 2, 0, 4, 1, 1, 80},
    {"raw alpha", 11, 9, FALSE, TRUE, 2, 0, 4, 1, 0, 80},
    {"eight partitions", 100, 300, FALSE, FALSE, 2, 3, 4, 1, 1, 80},
    {"four partitions, odd", 100, 77, FALSE, FALSE, 0, 2, 2, 0, 1, 80},
    {"lossless alpha", 31, 7, TRUE, TRUE, 4, 0, 4, 1, 1, 80},
    {"one pixel", 1, 1, FALSE, FALSE, 4, 0, 4, 1, 1, 80},
    {"one pixel, eight partitions", 1, 1, FALSE, FALSE, 0, 3, 4, 1, 1, 80},
    {"one lossless pixel", 1, 1, TRUE, FALSE, 4, 0, 4, 1, 1, 80},
    {"one transparent pixel", 1, 1, FALSE, TRUE, 4, 0, 4, 1, 1, 80},
    {"large", 700, 500, FALSE, FALSE, 4, 0, 4, 1, 1, 95},
};

static GByteArray *
make_webp(const WebpRecipe *recipe)
{
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    guint width = recipe->width, height = recipe->height;
    g_autofree guint8 *pixels = g_malloc((gsize)width * height * 4);

    for (guint i = 0; i < width * height * 4; i++)
        pixels[i] =
            i % 4 == 3 && !recipe->alpha ? 255 : sample(i / 4 % width, i / 4 / width, i % 4);
    g_assert_true(WebPConfigInit(&config) && WebPPictureInit(&picture));
    config.lossless = recipe->lossless;
    config.method = recipe->method;
    config.partitions = recipe->partitions;
    config.segments = recipe->segments;
    config.filter_type = recipe->filter_type;
    config.alpha_compression = recipe->alpha_compression;
    config.quality = (float)recipe->quality;
    picture.use_argb = recipe->lossless;
    picture.width = (int)width;
    picture.height = (int)height;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    g_assert_true(WebPPictureImportRGBA(&picture, pixels, (int)width * 4));
    g_assert_true(WebPEncode(&config, &picture));
    GByteArray *file = g_byte_array_append(g_byte_array_new(), writer.mem, (guint)writer.size);
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
    return file;
}

static SpAuditPromise
webp_promise(const WebpRecipe *recipe)
{
    return promise_of(SP_AUDIT_WEBP, recipe->width, recipe->height, 3);
}

static guint
read_le(const guint8 *p, guint n)
{
    return n == 0 ? 0 : p[0] | read_le(p + 1, n - 1) << 8;
}

static void
write_le(guint8 *p, guint n, guint value)
{
    for (guint i = 0; i < n; i++)
        p[i] = (guint8)(value >> 8 * i);
}

/* The byte where the chunk begins. */
static guint
find_chunk(const GByteArray *file, const char *tag)
{
    for (guint at = 12; at < file->len;) {
        if (memcmp(file->data + at, tag, 4) == 0)
            return at;
        guint n = read_le(file->data + at + 4, 4);
        at += 8 + n + (n & 1);
    }
    g_assert_not_reached();
}

static void
append_chunk(GByteArray *file, const char *tag, const guint8 *body, guint n)
{
    guint8 size[4];

    write_le(size, 4, n);
    g_byte_array_append(file, (const guint8 *)tag, 4);
    g_byte_array_append(file, size, 4);
    g_byte_array_append(file, body, n);
    if (n % 2 != 0)
        g_byte_array_append(file, (const guint8 *)"", 1);
    write_le(file->data + 4, 4, file->len - 8);
}

static GByteArray *
new_riff(void)
{
    return g_byte_array_append(g_byte_array_new(), (const guint8 *)"RIFF\4\0\0\0WEBP", 12);
}

static void
test_webp_encoder(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(webp_recipes); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[i]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[i]);
        assert_passes(file, &promise, webp_recipes[i].name);
    }
}

/* A VP8 payload cut to n bytes, in a container that is right for it. */
static GByteArray *
with_vp8_of(const GByteArray *file, guint n)
{
    GByteArray *cut = new_riff();
    append_chunk(cut, "VP8 ", file->data + find_chunk(file, "VP8 ") + 8, n);
    return cut;
}

/* Every encoder setting that shapes the frame header. That the audit reads the number of
 * partitions right shows at the border: where all of them but the last byte are there. */
static void
check_vp8_border(const WebpRecipe *recipe)
{
    SpAuditPromise promise = webp_promise(recipe);
    g_autoptr(GByteArray) file = make_webp(recipe);
    const guint8 *body = file->data + find_chunk(file, "VP8 ") + 8;
    guint first = read_le(body, 3) >> 5;
    /* From method 3 on libwebp 1.2 makes one partition, whatever it is asked for. */
    guint partitions = recipe->method >= 3 ? 1 : 1u << recipe->partitions;
    guint end = 10 + first + 3 * (partitions - 1);
    for (guint i = 0; i + 1 < partitions; i++)
        end += read_le(body + 10 + first + (gsize)3 * i, 3);

    g_autofree char *name =
        g_strdup_printf("method %d, %u partitions, %d segments, filter %d", recipe->method,
                        partitions, recipe->segments, recipe->filter_type);
    assert_passes(file, &promise, name);
    g_autoptr(GByteArray) enough = with_vp8_of(file, end + 1);
    assert_passes(enough, &promise, name);
    for (guint n = end > 40 ? end - 40 : 0; n <= end; n++) {
        g_autoptr(GByteArray) cut = with_vp8_of(file, n);
        assert_refused(cut, &promise, "'VP8 ' at byte 12", name);
    }
}

static void
test_webp_partitions(void)
{
    for (int i = 0; i < 7 * 4 * 4 * 2; i++) {
        WebpRecipe recipe = {
            "", 50, 70, FALSE, FALSE, i % 7, i / 7 % 4, i / 28 % 4 + 1, i / 112, 1, 20 + i / 3};
        check_vp8_border(&recipe);
    }
}

/* ---- WebP: one thing wrong ------------------------------------------------------------ */

/* At this chunk (NULL: the file), from this byte on, cut bytes are replaced. */
static const struct {
    const char *name;
    int base; /* of webp_recipes */
    const char *tag;
    gint offset; /* from the chunk's begin; negative: from the end of the file */
    guint cut;
    const char *insert;
    guint n_insert;
    gboolean mend; /* make the RIFF size right again */
    const char *words;
} webp_edits[] = {
    {"not RIFF", LOSSY, NULL, 0, 1, BYTES("r"), TRUE, "no RIFF header"},
    {"not WEBP", LOSSY, NULL, 8, 4, BYTES("WAVE"), TRUE, "no RIFF header"},
    {"byte behind", LOSSY, NULL, -1, 0, BYTES("\0"), FALSE, "RIFF at byte 0 has"},
    {"byte behind, counted", LOSSY, NULL, -1, 0, BYTES("\0"), TRUE, "1 bytes after the pic"},
    {"zeros behind, counted", LOSSY, NULL, -1, 0, BYTES("\0\0\0\0\0\0\0\0"), TRUE, "chunk '?"},
    {"unknown chunk", LOSSY, "VP8 ", 0, 0, BYTES("abcd\0\0\0\0"), TRUE,
     "chunk 'abcd' at byte 12"},
    {"huge chunk", LOSSY, "VP8 ", 4, 4, BYTES("\xff\xff\xff\xff"), TRUE, "are left"},
    {"chunk tag", LOSSY, "VP8 ", 3, 1, BYTES("x"), TRUE, "chunk 'VP8x' at byte 12"},
    {"no key frame's header", LOSSY, "VP8 ", 11, 1, BYTES("\x9c"), TRUE,
     "no key frame's header"},
    {"upscaled across", LOSSY, "VP8 ", 15, 1, BYTES("\x40"), TRUE, "promised is 40x24"},
    {"upscaled down", LOSSY, "VP8 ", 17, 1, BYTES("\xc0"), TRUE, "promised is 40x24"},
    {"first partition", LOSSY, "VP8 ", 10, 1, BYTES("\x7f"), TRUE, "its first partition has"},
    {"colour space", LOSSY, "VP8 ", 18, 1, BYTES("\x80"), TRUE, "no valid frame header"},
    {"VP8L signature", LOSSLESS, "VP8L", 8, 1, BYTES("\x2e"), TRUE, "has no header"},
    {"VP8L version", LOSSLESS, "VP8L", 12, 1, BYTES("\x20"), TRUE, "has version 1"},
    {"VP8L alone", LOSSLESS, "VP8L", 4, 4, BYTES("\4\0\0\0"), TRUE, "has no header"},
    {"Exif flag", ALPHA, "VP8X", 8, 1, BYTES("\x18"), TRUE, "flags 0x00000018"},
    {"XMP flag", ALPHA, "VP8X", 8, 1, BYTES("\x14"), TRUE, "flags 0x00000014"},
    {"ICC flag", ALPHA, "VP8X", 8, 1, BYTES("\x30"), TRUE, "flags 0x00000030"},
    {"animation flag", ALPHA, "VP8X", 8, 1, BYTES("\x12"), TRUE, "flags 0x00000012"},
    {"no flag", ALPHA, "VP8X", 8, 1, BYTES("\0"), TRUE, "flags 0x00000000"},
    {"VP8X reserved", ALPHA, "VP8X", 10, 1, BYTES("\1"), TRUE, "flags 0x00010010"},
    {"canvas width", ALPHA, "VP8X", 12, 1, BYTES("\x28"), TRUE, "says 41x24"},
    {"canvas height", ALPHA, "VP8X", 17, 1, BYTES("\1"), TRUE, "says 40x65560"},
    {"VP8X of 12", ALPHA, "VP8X", 4, 14, BYTES("\14\0\0\0\20\0\0\0\x27\0\0\x17\0\0\0\0"), TRUE,
     "has 12 bytes, not 10"},
    {"ALPH reserved", ALPHA, "ALPH", 8, 1, BYTES("\x41"), TRUE, "has flags 0x41"},
    {"ALPH preprocessing", ALPHA, "ALPH", 8, 1, BYTES("\x21"), TRUE, "has flags 0x21"},
    {"ALPH compression", ALPHA, "ALPH", 8, 1, BYTES("\2"), TRUE, "has flags 0x02"},
    {"ALPH not raw", ALPHA, "ALPH", 8, 1, BYTES("\0"), TRUE, "bytes of raw alpha for 960"},
    {"raw alpha longer", RAW_ALPHA, "ALPH", 4, 1, BYTES("\x66"), TRUE, "raw alpha for 99"},
    {"raw alpha shorter", RAW_ALPHA, "ALPH", 4, 1, BYTES("\x62"), TRUE, "raw alpha for 99"},
};

static void
test_webp_edits(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(webp_edits); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[webp_edits[i].base]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[webp_edits[i].base]);
        guint at = webp_edits[i].tag != NULL ? find_chunk(file, webp_edits[i].tag) : 0;
        at += webp_edits[i].offset < 0 ? file->len : (guint)webp_edits[i].offset;
        splice(file, at, webp_edits[i].cut, webp_edits[i].insert, webp_edits[i].n_insert);
        if (webp_edits[i].mend)
            write_le(file->data + 4, 4, file->len - 8);
        assert_refused(file, &promise, webp_edits[i].words, webp_edits[i].name);
    }
}

/* Chunks in every order that a reader might forgive. */
static void
test_webp_layouts(void)
{
    static const struct {
        const char *tags;  /* four letters each */
        const char *words; /* NULL: must pass */
    } cases[] = {
        {"VP8 ", NULL},
        {"VP8L", NULL},
        {"VP8XALPHVP8 ", NULL},
        {"", "where a chunk must be"},
        {"ALPHVP8 ", "chunk 'ALPH' at byte 12"},
        {"VP8 VP8 ", "chunk 'VP8 ' at byte"},
        {"VP8LVP8L", "chunk 'VP8L' at byte"},
        {"VP8 ALPH", "chunk 'ALPH' at byte"},
        {"VP8 EXIF", "chunk 'EXIF' at byte"},
        {"VP8LXMP ", "chunk 'XMP ' at byte"},
        {"EXIFVP8 ", "chunk 'EXIF' at byte 12"},
        {"VP8XVP8 ", "chunk 'VP8 ' at byte 30"},
        {"VP8XVP8L", "chunk 'VP8L' at byte 30"},
        {"VP8XALPH", "where a chunk must be"},
        {"VP8XALPHVP8L", "chunk 'VP8L' at byte"},
        {"VP8XALPHALPHVP8 ", "chunk 'ALPH' at byte"},
        {"VP8XALPHVP8 EXIF", "chunk 'EXIF' at byte"},
        {"VP8XALPHVP8 XMP ", "chunk 'XMP ' at byte"},
        {"VP8XALPHVP8 abcd", "chunk 'abcd' at byte"},
        {"VP8XALPHVP8 VP8 ", "chunk 'VP8 ' at byte"},
        {"VP8XICCPALPHVP8 ", "chunk 'ICCP' at byte 30"},
        {"VP8XANIMANMF", "chunk 'ANIM' at byte 30"},
        {"VP8XVP8XALPHVP8 ", "chunk 'VP8X' at byte 30"},
        {"VP8XALPHEXIFVP8 ", "chunk 'EXIF' at byte"},
    };
    SpAuditPromise promise = webp_promise(&webp_recipes[ALPHA]);
    g_autoptr(GByteArray) alpha = make_webp(&webp_recipes[ALPHA]);
    g_autoptr(GByteArray) lossless = make_webp(&webp_recipes[LOSSLESS]);

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) file = new_riff();
        for (const char *tag = cases[i].tags; *tag != '\0'; tag += 4) {
            const char head[] = {tag[0], tag[1], tag[2], tag[3], '\0'};
            gboolean known = strstr("VP8 VP8LVP8XALPH", head) != NULL;
            const GByteArray *from = memcmp(tag, "VP8L", 4) == 0 ? lossless : alpha;
            guint at = known ? find_chunk(from, tag) : 0;
            if (known)
                append_chunk(file, tag, from->data + at + 8, read_le(from->data + at + 4, 4));
            else
                append_chunk(file, tag, (const guint8 *)"secrets", 7);
        }
        if (cases[i].words == NULL)
            assert_passes(file, &promise, cases[i].tags);
        else
            assert_refused(file, &promise, cases[i].words, cases[i].tags);
    }
}

/* Any bit of these ranges. What may flip: the profile's two low bits, the first partition's
 * size where another is possible, VP8L's hint of alpha, ALPH's filter and its level reduction.
 */
static void
test_webp_flips(void)
{
    static const struct {
        int base;
        const char *tag;
        guint first_bit, end_bit; /* from the chunk's begin; bit 0 of a byte is its lowest */
    } cases[] = {
        {LOSSY, "VP8 ", 0, 8 * 8 + 1},         /* tag, size, key frame */
        {LOSSY, "VP8 ", 8 * 8 + 3, 8 * 8 + 5}, /* profile over 3, shown */
        {LOSSY, "VP8 ", 11 * 8, 18 * 8},       /* start code, width, height */
        {LOSSLESS, "VP8L", 0, 12 * 8 + 4},
        {LOSSLESS, "VP8L", 12 * 8 + 5, 13 * 8},
        {ALPHA, "VP8X", 0, 18 * 8},
        {ALPHA, "ALPH", 0, 8 * 8 + 2},
        {ALPHA, "ALPH", 8 * 8 + 5, 9 * 8},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpAuditPromise promise = webp_promise(&webp_recipes[cases[i].base]);
        g_autoptr(GByteArray) file = make_webp(&webp_recipes[cases[i].base]);
        guint start = find_chunk(file, cases[i].tag) * 8;
        for (guint bit = 0; bit < start + cases[i].end_bit; bit++) {
            if (bit == 12 * 8)
                bit = start + cases[i].first_bit; /* the RIFF header was first */
            g_autoptr(GByteArray) edited = copy_of(file);
            g_autofree char *name =
                g_strdup_printf("%s: bit %u of byte %u", cases[i].tag, bit % 8, bit / 8);
            edited->data[bit / 8] ^= (guint8)(1 << bit % 8);
            assert_refused(edited, &promise, NULL, name);
        }
    }
}

/* The pad byte behind a chunk of an odd size; libwebp makes VP8 even but not ALPH. */
static void
test_webp_padding(void)
{
    SpAuditPromise promise = webp_promise(&webp_recipes[LOSSY]);
    g_autoptr(GByteArray) file = make_webp(&webp_recipes[LOSSY]);
    guint n = read_le(file->data + 16, 4);
    g_autoptr(GByteArray) odd = with_vp8_of(file, n - 1 + n % 2);

    assert_passes(odd, &promise, "odd");
    odd->data[odd->len - 1] = 1;
    assert_refused(odd, &promise, "padding at byte", "padding of 1");
    g_byte_array_set_size(odd, odd->len - 1);
    write_le(odd->data + 4, 4, odd->len - 8);
    assert_refused(odd, &promise, "are left", "no padding");
}

static void
test_webp_partition_sizes(void)
{
    SpAuditPromise promise = webp_promise(&webp_recipes[PARTS]);
    g_autoptr(GByteArray) file = make_webp(&webp_recipes[PARTS]);
    guint at = find_chunk(file, "VP8 ") + 8;
    guint table = at + 10 + (read_le(file->data + at, 3) >> 5);

    for (guint i = 0; i < 7; i++) {
        g_autofree char *words = g_strdup_printf("partition %u of 8", i + 1);
        g_autoptr(GByteArray) edited = copy_of(file);
        write_le(edited->data + table + (gsize)3 * i, 3, 0xffffff);
        assert_refused(edited, &promise, words, "too large");
        write_le(edited->data + table + (gsize)3 * i, 3, 0);
        assert_refused(edited, &promise, words, "empty");
    }
}

/* ---- both ----------------------------------------------------------------------------- */

typedef struct {
    GByteArray *file;
    SpAuditPromise promise;
    const char *name;
} Good;

/* All small good files, one after the other; FALSE after the last. */
static gboolean
next_good(guint index, Good *ret_good)
{
    static const int jpegs[] = {GREY, COLOUR, PROGRESSIVE_GREY, PROGRESSIVE};
    static const int webps[] = {LOSSY, ODD, LOSSLESS, ALPHA, RAW_ALPHA, PARTS};

    if (index < G_N_ELEMENTS(jpegs)) {
        const JpegRecipe *recipe = &jpeg_recipes[jpegs[index]];
        *ret_good = (Good){make_jpeg(recipe), jpeg_promise(recipe), recipe->name};
        return TRUE;
    }
    index -= G_N_ELEMENTS(jpegs);
    if (index >= G_N_ELEMENTS(webps))
        return FALSE;
    const WebpRecipe *recipe = &webp_recipes[webps[index]];
    *ret_good = (Good){make_webp(recipe), webp_promise(recipe), recipe->name};
    return TRUE;
}

/* Cut at every length, for WebP with a RIFF size that is right again, too. */
static void
test_prefixes(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        for (guint n = 0; n < good.file->len; n++) {
            g_autofree char *name = g_strdup_printf("%s, cut to %u", good.name, n);
            g_autoptr(GByteArray) cut =
                g_byte_array_append(g_byte_array_new(), good.file->data, n);
            assert_refused(cut, &good.promise, NULL, name);
            if (good.promise.format != SP_AUDIT_WEBP || n < 8)
                continue;
            write_le(cut->data + 4, 4, n - 8);
            assert_refused(cut, &good.promise, NULL, name);
        }
        g_byte_array_unref(good.file);
    }
}

static void
test_second_file_behind(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        g_autoptr(GByteArray) twice = copy_of(good.file);
        g_byte_array_append(twice, good.file->data, good.file->len);
        assert_refused(twice, &good.promise, NULL, good.name);
        g_byte_array_unref(good.file);
    }
}

static void
test_promises(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        const SpAuditPromise right = good.promise;
        gboolean jpeg = right.format == SP_AUDIT_JPEG;
        guint w = right.width, h = right.height, c = right.components;
        gsize n = good.file->len;
        const struct {
            SpAuditPromise promise;
            const char *words; /* NULL: must pass */
        } cases[] = {
            {{right.format, w, h, c, w, h, n}, NULL},
            {{right.format, w, h, c, w - 1, h, n}, "width is"},
            {{right.format, w, h, c, w, h - 1, n}, "height is"},
            {{right.format, w, h, c, w, h, n - 1}, "bytes, the limit is"},
            {{right.format, w + 1, h, c, w + 1, h, n}, jpeg ? "SOF at byte" : "says"},
            {{right.format, w, h + 1, c, w, h + 1, n}, jpeg ? "SOF at byte" : "says"},
            {{right.format, w - 1, h, c, w, h, n}, "promised is"},
            {{right.format, w, h - 1, c, w, h, n}, "promised is"},
            {{right.format, h, w, c, 300, 300, n}, "promised is"},
            {{right.format, 0, h, c, w, h, n}, "promised size is 0x"},
            {{right.format, w, 0, c, w, h, n}, "promised size is"},
            {{right.format, w + 65536, h, c, G_MAXUINT, h, n}, "promised is"},
            {{right.format, w, h, 0, w, h, n}, "promised are 0 components"},
            {{right.format, w, h, 4, w, h, n}, "promised are 4 components"},
            {{right.format, w, h, 4 - c, w, h, n}, jpeg ? "SOF at byte" : "promised are 1"},
            {{jpeg ? SP_AUDIT_WEBP : SP_AUDIT_JPEG, w, h, 3, w, h, n}, " at byte 0"},
            {{(SpAuditFormat)7, w, h, c, w, h, n}, "no grammar for format 7"},
        };
        for (gsize k = 0; k < G_N_ELEMENTS(cases); k++) {
            if (cases[k].words == NULL)
                assert_passes(good.file, &cases[k].promise, good.name);
            else
                assert_refused(good.file, &cases[k].promise, cases[k].words, good.name);
        }
        g_byte_array_unref(good.file);
    }
}

/* Whatever the bytes: an answer, and an error exactly when it is no. For the sanitizers. */
static void
test_random_damage(void)
{
    Good good = {NULL};

    for (guint i = 0; next_good(i, &good); i++) {
        for (guint round = 0; round < ROUNDS; round++) {
            g_autoptr(GByteArray) file = copy_of(good.file);
            g_autoptr(GError) error = NULL;
            gint head = g_test_rand_bit() ? MIN(400, (gint)file->len) : (gint)file->len;
            for (gint left = g_test_rand_int_range(1, 5); left > 0; left--)
                file->data[g_test_rand_int_range(0, head)] = (guint8)g_test_rand_int();
            if (g_test_rand_bit())
                g_byte_array_set_size(file, (guint)g_test_rand_int_range(0, (gint)file->len));
            if (good.promise.format == SP_AUDIT_WEBP && file->len >= 8)
                write_le(file->data + 4, 4, file->len - 8);
            g_assert_true(audit_copy(file, &good.promise, &error) == (error == NULL));
        }
        g_byte_array_unref(good.file);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/jpeg/encoder", test_jpeg_encoder);
    g_test_add_func("/audit/jpeg/edits", test_jpeg_edits);
    g_test_add_func("/audit/jpeg/every-marker", test_jpeg_every_marker);
    g_test_add_func("/audit/jpeg/scan-order", test_jpeg_scan_order);
    g_test_add_func("/audit/jpeg/flips", test_jpeg_flips);
    g_test_add_func("/audit/webp/encoder", test_webp_encoder);
    g_test_add_func("/audit/webp/partitions", test_webp_partitions);
    g_test_add_func("/audit/webp/edits", test_webp_edits);
    g_test_add_func("/audit/webp/layouts", test_webp_layouts);
    g_test_add_func("/audit/webp/flips", test_webp_flips);
    g_test_add_func("/audit/webp/padding", test_webp_padding);
    g_test_add_func("/audit/webp/partition-sizes", test_webp_partition_sizes);
    g_test_add_func("/audit/prefixes", test_prefixes);
    g_test_add_func("/audit/second-file-behind", test_second_file_behind);
    g_test_add_func("/audit/promises", test_promises);
    g_test_add_func("/audit/random-damage", test_random_damage);
    return g_test_run();
}
