/* SPDX-License-Identifier: MIT */
/* test-audit-jpeg.c -- what libjpeg writes for us passes; with one thing wrong it does not.
 *
 * Wrong are: what libjpeg itself can be told to write, a table of edits, each marker at each
 * border, the scans in another order, each bit of the headers. A new case is a line. */
#include "audit-files.h"

/* ---- what libjpeg writes ------------------------------------------------------------ */

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
    {"4:4:4, progressive", WIDTH, HEIGHT, 3, 80, TRUE, TRUE, 1, 1},
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
    {"ten blocks", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 4, 2},
    {"sixteen blocks alone", WIDTH, HEIGHT, 3, 80, FALSE, TRUE, 4, 4, sequential_scans},

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

/* ---- one thing wrong ---------------------------------------------------------------- */

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
    {"quantisation table 4", GREY, SOF, 0, 12, 1, BYTES("\4"), 0, 0, "table 4, not there"},
    {"DC table 4", GREY, SOS, 0, 6, 1, BYTES("\100"), 0, 0, "DC table 4, which is not there"},
    {"AC table 4", GREY, SOS, 0, 6, 1, BYTES("\4"), 0, 0, "AC table 4, which is not there"},
    {"SOS of nothing", GREY, SOS, 0, 0, 0, BYTES("\xff\xda\0\2"), 0, 0, "length 2 and 0 comp"},
    {"SOS of nobody", GREY, SOS, 0, 0, 0, BYTES("\xff\xda\0\6\0\0\77\0"), 0, 0, "and 0 comp"},
    {"SOS of two", GREY, SOS, 0, 0, 0, BYTES("\xff\xda\0\12\2\1\0\2\0\0\77\0"), 0, 0,
     "and 2 components"},
    /* Legal by themselves: the next scan shows that they were understood. */
    {"shift 10", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\1\5\12"), 0, 0,
     "bits 2 to 1 of coefficient 1 out of turn"},
    {"band of one", PROGRESSIVE, SOS, 1, 7, 3, BYTES("\1\1\2"), 0, 0,
     "bits 2 to 1 of coefficient 2 out of turn"},
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
        {"", "before coefficient 0 of component 1"},
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/audit/jpeg/encoder", test_jpeg_encoder);
    g_test_add_func("/audit/jpeg/edits", test_jpeg_edits);
    g_test_add_func("/audit/jpeg/every-marker", test_jpeg_every_marker);
    g_test_add_func("/audit/jpeg/scan-order", test_jpeg_scan_order);
    g_test_add_func("/audit/jpeg/flips", test_jpeg_flips);
    return g_test_run();
}
