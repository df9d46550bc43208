/* SPDX-License-Identifier: MIT */
/* test-preset.c -- presets are read strictly, say clearly what is wrong, come back the same.
 * Bad cases are tables of (text, whole message): a message that gets worse fails here. */
#include "preset-fixture.h"
#include <locale.h>

/* ---- good files ----------------------------------------------------------------------------
 */

static void
test_defaults(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = parse(VARIANT, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(sp_preset_description(preset), ==, "");
    g_assert_false(sp_preset_names_by_source(preset));
    g_assert_cmpstr(preset->sizes, ==, "");
    g_assert_cmpuint(preset->names, ==, SP_NAMES_OPAQUE);
    g_assert_cmpuint(preset->limits.max_upload, ==, 67108864);
    g_assert_cmpuint(preset->limits.max_pixels, ==, 250000000);
    g_assert_cmpuint(preset->limits.max_memory, ==, 536870912);
    g_assert_cmpuint(preset->limits.max_scans, ==, 100);
    g_assert_cmpuint(preset->limits.max_frames, ==, 10000);
    g_assert_cmpuint(preset->limits.max_profile, ==, 16 << 20);
    g_assert_cmpuint(preset->limits.timeout_ms, ==, 20000);
    g_assert_cmpuint(preset->limits.input_timeout_ms, ==, 300000);
    g_assert_cmpuint(preset->limits.require_landlock, ==, 0);
    g_assert_cmpuint(preset->n_variants, ==, 1);
    const SpVariant *variant = &preset->variants[0];
    g_assert_cmpstr(variant->name, ==, "webp");
    g_assert_cmpstr(variant->suffix, ==, "");
    g_assert_cmpuint(variant->format, ==, SP_OUTPUT_WEBP);
    g_assert_cmpuint(variant->width, ==, 1024);
    g_assert_cmpuint(variant->max_height, ==, 8192);
    g_assert_cmpuint(variant->max_bytes, ==, 400000);
    g_assert_cmpuint(variant->min_width, ==, 480);
    g_assert_cmpfloat(variant->quality, ==, 80);
    g_assert_cmpfloat(variant->min_quality, ==, 45);
    g_assert_cmpuint(variant->effort, ==, 2);
    g_assert_cmpuint(variant->crop.n, ==, 0);
    g_assert_cmpuint(variant->widths.n, ==, 0);
    g_assert_cmphex(variant->background, ==, 0xFFFFFF);
    g_assert_cmpuint(variant->chroma, ==, SP_CHROMA_AUTO);
}

#define VARIANT_KEYS                                                                           \
    "format, width, widths, crop, max-height, max-bytes, quality, target, min-quality, "       \
    "min-width, effort, chroma, suffix, background"

static const char every_key[] = "# all of it\r\n"
                                "[preset]\r\n"
                                "description =  a \\n = [b] # \xc3\xa9 \r\n"
                                "names=source\n"
                                "sizes = (max-width: 3em) 100vw, \"5%\"\n"
                                "\n"
                                " [limits] \n"
                                "max-upload = 1G\n"
                                "max-pixels=1\n"
                                "max-memory=16384KiB\n"
                                "max-scans = 10000\n"
                                "max-frames = 1000000\n"
                                "max-profile = 1\n"
                                "timeout = 0.1\t\n"
                                "input-timeout = 3599.9996\n"
                                "require-landlock = yes\n"
                                "[variant a-0]\n"
                                "suffix = -1x.A_\n"
                                "format = jpeg\n"
                                "width = 1024\n"
                                "crop =4:3  1:1\t100:1\n"
                                "widths = 1024 768  1\n"
                                "max-height = 16383\n"
                                "max-bytes = 16000000\n"
                                "min-width = 16383\n"
                                "quality = 100\n"
                                "target = 72.5\n"
                                "min-quality = 99.875\n"
                                "background = #0a1B2c\n"
                                "chroma = 444\n"
                                "effort = 6";

static void
test_every_key(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = parse(every_key, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(preset->description, ==, "a \\n = [b] # \xc3\xa9");
    g_assert_cmpstr(preset->sizes, ==, "(max-width: 3em) 100vw, \"5%\"");
    g_assert_cmpuint(preset->names, ==, SP_NAMES_SOURCE);
    g_assert_true(sp_preset_names_by_source(preset));
    g_assert_cmpuint(preset->limits.max_upload, ==, 1073741824);
    g_assert_cmpuint(preset->limits.max_pixels, ==, 1);
    g_assert_cmpuint(preset->limits.max_memory, ==, 16777216);
    g_assert_cmpuint(preset->limits.max_scans, ==, 10000);
    g_assert_cmpuint(preset->limits.max_frames, ==, 1000000);
    g_assert_cmpuint(preset->limits.max_profile, ==, 1);
    g_assert_cmpuint(preset->limits.timeout_ms, ==, 100);
    g_assert_cmpuint(preset->limits.input_timeout_ms, ==, 3600000);
    g_assert_cmpuint(preset->limits.require_landlock, ==, 1);
    const SpVariant *variant = &preset->variants[0];
    g_assert_cmpstr(variant->name, ==, "a-0");
    g_assert_cmpstr(variant->suffix, ==, "-1x.A_");
    g_assert_cmpuint(variant->format, ==, SP_OUTPUT_JPEG);
    g_assert_cmpuint(variant->width, ==, 1024);
    static const SpAspectList crop = {3, {{4, 3}, {1, 1}, {100, 1}}};
    g_assert_cmpmem(&variant->crop, sizeof crop, &crop, sizeof crop);
    static const SpWidthList widths = {3, {1024, 768, 1}};
    g_assert_cmpmem(&variant->widths, sizeof widths, &widths, sizeof widths);
    g_assert_cmpuint(variant->max_height, ==, 16383);
    g_assert_cmpuint(variant->max_bytes, ==, 16000000);
    g_assert_cmpuint(variant->min_width, ==, 16383);
    g_assert_cmpfloat(variant->quality, ==, 100);
    g_assert_cmpfloat(variant->target, ==, 72.5);
    g_assert_cmpfloat(variant->min_quality, ==, 99.875);
    g_assert_cmpuint(variant->effort, ==, 6);
    g_assert_cmphex(variant->background, ==, 0x0A1B2C);
    g_assert_cmpuint(variant->chroma, ==, SP_CHROMA_444);
    g_autofree char *ini = sp_preset_to_ini(preset);
    g_autoptr(SpPreset) again = parse(ini, &error);
    g_assert_no_error(error);
    assert_same(preset, again);
}

/* Variants keep the order of the file; two may differ by suffix or extension alone. */
static void
test_variants(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = SP_MAX_VARIANTS; i > 0; i--)
        g_string_append_printf(text, "[variant v%d]\nformat=%s\nsuffix=%.*s\n", i,
                               i % 2 ? "webp" : "jpeg", i / 2, "abcdefghij");
    g_autoptr(SpPreset) preset = parse(text->str, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(preset->n_variants, ==, SP_MAX_VARIANTS);
    g_assert_cmpstr(preset->variants[0].name, ==, "v16");
    g_assert_cmpstr(preset->variants[15].name, ==, "v1");
    const SpVariant *found = sp_preset_find_variant(preset, "v7", &error);
    g_assert_no_error(error);
    g_assert_true(found == &preset->variants[9]);

    g_string_append(text, "[variant v17]\nformat=webp\nsuffix=z\n");
    g_autoptr(SpPreset) more = parse(text->str, &error);
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_assert_null(more);
    g_assert_cmpstr(error->message, ==, "x.ini: [variant v17]: more than 16 variants");
}

/* ---- bad files -----------------------------------------------------------------------------
 */

#define NO_INI ": neither a [group], a 'key = value' in one nor a # comment"
static const struct {
    const char *text, *message;
} bad_files[] = {
    {"", "x.ini: no [variant NAME]: nothing to make"},
    {"# nothing\n", "x.ini: no [variant NAME]: nothing to make"},
    {"[preset]\nnames = opaque\n", "x.ini: no [variant NAME]: nothing to make"},
    /* unknown words */
    {VARIANT "qualty = 80\n",
     "x.ini: [variant webp] qualty: unknown key, did you mean 'quality'?"},
    {VARIANT "Width = 80\n", "x.ini: [variant webp] Width: unknown key, did you mean 'width'?"},
    {VARIANT "aspect = 16:9\n",
     "x.ini: [variant webp] aspect: unknown key, known are " VARIANT_KEYS},
    {"[limits]\nwidth = 80\n", "x.ini: [limits] width: is a key of [variant NAME]"},
    {VARIANT "sharpen = 20\n", "x.ini: [variant webp] sharpen: is a key of [resize]"},
    {"[limits]\nheight = 80\n", "x.ini: [limits] height: unknown key, known are max-upload, "
                                "max-pixels, max-memory, max-scans, max-frames, max-profile, "
                                "timeout, input-timeout, require-landlock"},
    {VARIANT "width[de] = 80\n",
     "x.ini: [variant webp] width[de]: unknown key, known are " VARIANT_KEYS},
    {"[limts]\n", "x.ini: [limts]: unknown group, did you mean 'limits'?"},
    {"[varaint jpeg]\n", "x.ini: [varaint jpeg]: unknown group, did you mean 'variant jpeg'?"},
    {"[webp]\n",
     "x.ini: [webp]: unknown group, known are [preset], [limits], [resize] and [variant NAME]"},
    {"[risize]\n", "x.ini: [risize]: unknown group, did you mean 'resize'?"},
    {"[resize]\nsharp = 3\n", "x.ini: [resize] sharp: unknown key, did you mean 'sharpen'?"},
    {"[resize]\nlinear-light = 1\n",
     "x.ini: [resize] linear-light = 1: must be one of no, yes"},
    {"[resize]\nsharpen = 101\n", "x.ini: [resize] sharpen = 101: must be 0 to 100"},
    /* given twice */
    {VARIANT "width = 1\nwidth = 2\n", "x.ini: [variant webp] width: given twice"},
    {VARIANT "width = 1\n  width=1\n", "x.ini: [variant webp] width: given twice"},
    {VARIANT "[limits]\n" VARIANT, "x.ini: [variant webp]: given twice"},
    {"[limits]\n [limits] \n", "x.ini: [limits]: given twice"},
/* names of variants */
#define BAD_NAME                                                                               \
    "a variant's name must be 1 to 31 of a-z, 0-9 and '-', but not 'preset', 'limits' or "     \
    "'resize'"
    {"[variant]\n", "x.ini: [variant ]: " BAD_NAME},
    {"[variant resize]\n", "x.ini: [variant resize]: " BAD_NAME},
    {"[variant ]\n", "x.ini: [variant ]: " BAD_NAME},
    {"[variant Web]\n", "x.ini: [variant Web]: " BAD_NAME},
    {"[variant a.b]\n", "x.ini: [variant a.b]: " BAD_NAME},
    {"[variant  webp]\n", "x.ini: [variant  webp]: " BAD_NAME},
    {"[variant limits]\n", "x.ini: [variant limits]: " BAD_NAME},
    {"[variant preset]\n", "x.ini: [variant preset]: " BAD_NAME},
    {"[variant abcdefghijklmnopqrstuvwxyz012345]\n",
     "x.ini: [variant abcdefghijklmnopqrstuvwxyz012345]: " BAD_NAME},
    /* required */
    {"[variant webp]\n", "x.ini: [variant webp] format: is missing, must be one of webp, jpeg"},
    /* no INI */
    {"width = 1\n", "x.ini: line 1" NO_INI},
    {VARIANT "\nwidth\n", "x.ini: line 4" NO_INI},
    {"[limits]\n= 5\n", "x.ini: line 2" NO_INI},
    {"[limits\n", "x.ini: line 1" NO_INI},
    {"[limits] x\n", "x.ini: line 1" NO_INI},
    {"[lim]its]\n", "x.ini: line 1" NO_INI},
    {"[limits] = 1]\n", "x.ini: line 1" NO_INI},
    {"[\n", "x.ini: line 1" NO_INI},
    {"[]\n", "x.ini: a group or key has a character that no name has"},
    {"[limits]\na[b = 1\n", "x.ini: a group or key has a character that no name has"},
    {"; comment\n", "x.ini: line 1" NO_INI},
    {"\xff\xfe", "x.ini: not UTF-8 text"},
    {"[preset]\ndescription = \xe9\n", "x.ini: not UTF-8 text"},
    /* together */
    {VARIANT "min-quality = 80.5\n",
     "x.ini: [variant webp] min-quality = 80.5: must be at most quality, which is 80"},
    {VARIANT "widths = 1025 512\n", "x.ini: [variant webp] widths: 1025 must be at most width, "
                                    "which is 1024 (its default)"},
    {VARIANT "width = 640\nwidths = 641\n",
     "x.ini: [variant webp] widths: 641 must be at most width, which is 640"},
    {VARIANT "[variant b]\nformat = webp\n",
     "x.ini: [variant b] suffix: gives the file names of [variant webp] (*.webp), make them "
     "differ"},
    {"[variant a]\nformat = jpeg\nsuffix = -s\n" VARIANT
     "suffix = -s\n[variant c]\nformat = jpeg\nsuffix = -s\n",
     "x.ini: [variant c] suffix: gives the file names of [variant a] (*-s.jpg), make them "
     "differ"},
};

static void
test_bad_files(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_files); i++) {
        g_test_message("%s", bad_files[i].message);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPreset) preset = parse(bad_files[i].text, &error);
        g_assert_null(preset);
        g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
        g_assert_cmpstr(error->message, ==, bad_files[i].message);
    }
}

static void
test_odd_bytes(void)
{
    static const char nul[] = VARIANT "width = 1\0width = 2\n";
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = sp_ini_parse(nul, sizeof nul - 1, "x.ini", &error);
    g_assert_null(preset);
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, "x.ini: not UTF-8 text");
    g_clear_error(&error);

    g_autofree char *filler = g_strnfill(SP_INI_MAX_LINE - 1, 'x');
    g_autofree char *fits = g_strdup_printf(VARIANT "#%s\n", filler);
    g_autoptr(SpPreset) taken = parse(fits, &error);
    g_assert_no_error(error);
    g_assert_nonnull(taken);
    g_autofree char *longer = g_strdup_printf(VARIANT "#x%s\n", filler);
    g_autoptr(SpPreset) refused = parse(longer, &error);
    g_assert_null(refused);
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, "x.ini: line 3: longer than 1000 bytes");
}

/* ---- assignments ---------------------------------------------------------------------------
 */

#define WIDTH "must be 1 to 16383"
#define BYTES "must be 1000 to 16000000 bytes"
#define QUALITY "must be 1 to 100, or auto"
#define SECONDS "must be 0.1 to 3600 seconds"
#define UPLOAD "must be 1 to 1G bytes (K, M, G: powers of 1024)"
#define MEMORY "must be 16M to 16G bytes (K, M, G: powers of 1024)"
#define SUFFIX "must be up to 31 of A-Z, a-z, 0-9, '.', '_' and '-'"
#define COLOUR "must be white, black or #rrggbb"
#define TEXT "must be up to 200 printable characters"
#define CROP "must be none, or up to 8 of W:H with blanks between, W and H 1 to 100"
#define WIDTHS "must be any, or up to 16 of 1 to 16383 with blanks between, widest first"
#define SIZES "must be up to 300 printable characters"
#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* message NULL: it is taken, and changes the preset. */
static const struct {
    const char *assignment, *message;
} assignments[] = {
    {"webp.width=1", NULL},
    {"webp.width=16383", NULL},
    {" webp . width = 7 ", NULL},
    {"webp.width=0", "webp.width = 0: " WIDTH},
    {"webp.width=16384", "webp.width = 16384: " WIDTH},
    {"webp.width=4294967297", "webp.width = 4294967297: " WIDTH},
    {"webp.width=18446744073709551617", "webp.width = 18446744073709551617: " WIDTH},
    {"webp.width=-1", "webp.width = -1: is not a whole number, " WIDTH},
    {"webp.width=+1", "webp.width = +1: is not a whole number, " WIDTH},
    {"webp.width=1024px", "webp.width = 1024px: is not a whole number, " WIDTH},
    {"webp.width=1 2", "webp.width = 1 2: is not a whole number, " WIDTH},
    {"webp.width=1.0", "webp.width = 1.0: is not a whole number, " WIDTH},
    {"webp.width=0x10", "webp.width = 0x10: is not a whole number, " WIDTH},
    {"webp.width=1e3", "webp.width = 1e3: is not a whole number, " WIDTH},
    {"webp.width=", "webp.width: is empty, " WIDTH},
    {"webp.width= ", "webp.width: is empty, " WIDTH},
    {"webp.width==5", "webp.width = =5: is not a whole number, " WIDTH},
    {"webp.max-bytes=1000", NULL},
    {"webp.max-bytes=999", "webp.max-bytes = 999: " BYTES},
    {"webp.max-bytes=400K", "webp.max-bytes = 400K: is not a plain number of bytes, " BYTES},
    {"webp.max-bytes=400 000",
     "webp.max-bytes = 400 000: is not a plain number of bytes, " BYTES},
    {"webp.max-bytes=16000001", "webp.max-bytes = 16000001: " BYTES},
    {"webp.crop=16:9", NULL},
    {"webp.crop= 100:1  1:100 ", NULL},
    {"webp.crop=1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8", NULL},
    {"webp.crop=1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8 1:9",
     "webp.crop = 1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8 1:9: " CROP},
    {"webp.crop=", "webp.crop: is empty, " CROP},
    {"webp.crop=None", "webp.crop = None: " CROP},
    {"webp.crop=none 4:3", "webp.crop = none 4:3: " CROP},
    {"webp.crop=4:3,1:1", "webp.crop = 4:3,1:1: " CROP},
    {"webp.crop=4:3 1:0", "webp.crop = 4:3 1:0: " CROP},
    {"webp.crop=101:1", "webp.crop = 101:1: " CROP},
    {"webp.crop=4:3:2", "webp.crop = 4:3:2: " CROP},
    {"webp.crop=4:3:2:1", "webp.crop = 4:3:2:1: " CROP},
    {"webp.crop=43", "webp.crop = 43: " CROP},
    {"webp.crop=4:", "webp.crop = 4:: " CROP},
    {"webp.crop=:3", "webp.crop = :3: " CROP},
    {"webp.crop=4 : 3", "webp.crop = 4 : 3: " CROP},
    {"webp.crop=-4:3", "webp.crop = -4:3: " CROP},
    {"webp.crop=19.5:9", "webp.crop = 19.5:9: " CROP},
    {"webp.crop=4294967300:3", "webp.crop = 4294967300:3: " CROP},
    {"webp.widths=1024", NULL},
    {"webp.widths=16383 2  1", NULL},
    {"webp.widths=16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1", NULL},
    {"webp.widths=17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1",
     "webp.widths = 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1: " WIDTHS},
    {"webp.widths=", "webp.widths: is empty, " WIDTHS},
    {"webp.widths=any 5", "webp.widths = any 5: " WIDTHS},
    {"webp.widths=480 768 1024", "webp.widths = 480 768 1024: " WIDTHS},
    {"webp.widths=768 768", "webp.widths = 768 768: " WIDTHS},
    {"webp.widths=768 0", "webp.widths = 768 0: " WIDTHS},
    {"webp.widths=16384", "webp.widths = 16384: " WIDTHS},
    {"webp.widths=4294967297", "webp.widths = 4294967297: " WIDTHS},
    {"webp.widths=768px", "webp.widths = 768px: " WIDTHS},
    {"webp.widths=7:8", "webp.widths = 7:8: " WIDTHS},
    {"webp.widths=768,512", "webp.widths = 768,512: " WIDTHS},
    {"webp.effort=0", NULL},
    {"webp.effort=7", "webp.effort = 7: must be 0 to 6"},
    {"webp.quality=1", NULL},
    {"webp.quality=auto", NULL},
    {"webp.quality=Auto", "webp.quality = Auto: is not a number, " QUALITY},
    {"webp.quality=0", "webp.quality = 0: " QUALITY},
    {"webp.target=90", NULL},
    {"webp.target=90.1", "webp.target = 90.1: must be 30 to 90"},
    {"webp.target=auto", "webp.target = auto: is not a number, must be 30 to 90"},
    {"webp.min-quality=auto", "webp.min-quality = auto: is not a number, must be 1 to 100"},
    {"webp.quality=99.99", NULL},
    {"webp.quality=0.99", "webp.quality = 0.99: " QUALITY},
    {"webp.quality=100.01", "webp.quality = 100.01: " QUALITY},
    {"webp.quality=nan", "webp.quality = nan: is not a number, " QUALITY},
    {"webp.quality=inf", "webp.quality = inf: is not a number, " QUALITY},
    {"webp.quality=80,5", "webp.quality = 80,5: is not a number, " QUALITY},
    {"webp.quality=-80", "webp.quality = -80: is not a number, " QUALITY},
    {"webp.quality=80%", "webp.quality = 80%: is not a number, " QUALITY},
    {"webp.quality=8e1", "webp.quality = 8e1: is not a number, " QUALITY},
    {"webp.quality=80 # best", "webp.quality = 80 # best: is not a number, " QUALITY},
    {"webp.quality=", "webp.quality: is empty, " QUALITY},
    {"webp.format=jpeg", NULL},
    {"webp.format=jpg", "webp.format = jpg: must be one of webp, jpeg"},
    {"webp.format=", "webp.format: is empty, must be one of webp, jpeg"},
    {"webp.suffix=-small", NULL},
    {"webp.suffix=abcdefghijklmnopqrstuvwxyz01234", NULL},
    {"webp.suffix=abcdefghijklmnopqrstuvwxyz012345",
     "webp.suffix = abcdefghijklmnopqrstuvwxyz012345: " SUFFIX},
    {"webp.suffix=/../x", "webp.suffix = /../x: " SUFFIX},
    {"webp.suffix=a b", "webp.suffix = a b: " SUFFIX},
    {"webp.suffix=\xc3\xa9", "webp.suffix = \xc3\xa9: " SUFFIX},
    {"jpeg.background=black", NULL},
    {"jpeg.background=#000000", NULL},
    {"jpeg.background = #FFffFE", NULL},
    {"jpeg.background=White", "jpeg.background = White: " COLOUR},
    {"jpeg.background=ffffff", "jpeg.background = ffffff: " COLOUR},
    {"jpeg.background=#fff", "jpeg.background = #fff: " COLOUR},
    {"jpeg.background=#0ffffff", "jpeg.background = #0ffffff: " COLOUR},
    {"jpeg.background=#fffffg", "jpeg.background = #fffffg: " COLOUR},
    {"jpeg.background=#-fffff", "jpeg.background = #-fffff: " COLOUR},
    {"jpeg.background=#+fffff", "jpeg.background = #+fffff: " COLOUR},
    {"jpeg.background=# fffff", "jpeg.background = # fffff: " COLOUR},
    {"jpeg.background=#0xffff", "jpeg.background = #0xffff: " COLOUR},
    {"jpeg.background=#", "jpeg.background = #: " COLOUR},
    {"jpeg.background=", "jpeg.background: is empty, " COLOUR},
    {"limits.max-upload=1", NULL},
    {"limits.max-upload=1G", NULL},
    {"limits.max-upload=2G", "limits.max-upload = 2G: " UPLOAD},
    {"limits.max-upload=0", "limits.max-upload = 0: " UPLOAD},
    {"limits.max-upload=64 M", "limits.max-upload = 64 M: is not a number of bytes, " UPLOAD},
    {"limits.max-upload=64MB", "limits.max-upload = 64MB: " UPLOAD},
    {"limits.max-upload=4294967297G", "limits.max-upload = 4294967297G: " UPLOAD},
    {"limits.max-memory=16G", NULL},
    {"limits.max-memory=16383K", "limits.max-memory = 16383K: " MEMORY},
    {"limits.max-pixels=1", NULL},
    {"limits.max-pixels=250000001", "limits.max-pixels = 250000001: must be 1 to 250000000"},
    {"limits.max-frames=1000001", "limits.max-frames = 1000001: must be 1 to 1000000"},
    {"limits.timeout=0.1", NULL},
    {"limits.timeout=2.5", NULL},
    {"limits.timeout=0.09", "limits.timeout = 0.09: " SECONDS},
    {"limits.timeout=20s", "limits.timeout = 20s: is not a number, " SECONDS},
    {"limits.timeout=3600.1", "limits.timeout = 3600.1: " SECONDS},
    {"limits.input-timeout=1e999", "limits.input-timeout = 1e999: is not a number, " SECONDS},
    {"limits.require-landlock=Yes", "limits.require-landlock = Yes: must be one of no, yes"},
    {"limits.require-landlock=", "limits.require-landlock: is empty, must be one of no, yes"},
    {"preset.names=random", NULL},
    {"preset.names=Random", "preset.names = Random: must be one of opaque, random, source"},
    {"preset.sizes=(max-width: 40em) 100vw, 40em", NULL},
    {"preset.sizes=a\tb", "preset.sizes = a\tb: " SIZES},
    {"preset.sizes=" X50 X50 X50 X50 X50 X50, NULL},
    {"preset.sizes=" X50 X50 X50 X50 X50 X50 "x",
     "preset.sizes = " X50 X50 X50 X50 X50 X50 "x: " SIZES},
    {"preset.description=a = b.c", NULL},
    {"preset.description=", NULL},
    {"preset.description=a\033[1mb", "preset.description = a\033[1mb: " TEXT},
    {"preset.description=a\nb", "preset.description = a\nb: " TEXT},
    {"preset.description=a\xc2\x9b"
     "b",
     "preset.description = a\xc2\x9b"
     "b: " TEXT},
    {"preset.description=" X50 X50 X50 X50, NULL},
    {"preset.description=" X50 X50 X50 X50 "x",
     "preset.description = " X50 X50 X50 X50 "x: " TEXT},
    {"preset.description=\xff", "an assignment must be UTF-8 text of at most 1000 bytes"},
    {"webp.widht=5", "webp.widht: unknown key, did you mean 'width'?"},
    {"webp.name=x", "webp.name: unknown key, known are " VARIANT_KEYS},
    {"webp.=5", "webp.: unknown key, known are " VARIANT_KEYS},
    {"wepb.width=5", "wepb: unknown name, did you mean 'webp'?"},
    {"limit.timeout=5", "limit: unknown name, did you mean 'limits'?"},
    {"avif.width=5", "avif: unknown name, known are preset, limits, resize, webp, jpeg"},
    {".width=5", ": unknown name, known are preset, limits, resize, webp, jpeg"},
    {"webp.width", "'webp.width': must be NAME.KEY=VALUE, as webp.width=640"},
    {"width=5", "'width=5': must be NAME.KEY=VALUE, as webp.width=640"},
    {"width=5.0", "'width=5.0': must be NAME.KEY=VALUE, as webp.width=640"},
    {"", "'': must be NAME.KEY=VALUE, as webp.width=640"},
    {"=", "'=': must be NAME.KEY=VALUE, as webp.width=640"},
};

static void
test_set(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(assignments); i++) {
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPreset) preset = load("story");
        g_autoptr(SpPreset) before = sp_preset_copy(preset);
        gboolean taken = sp_preset_set(preset, assignments[i].assignment, &error);
        g_assert_cmpint(taken, ==, assignments[i].message == NULL);
        if (!taken) {
            g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
            g_assert_cmpstr(error->message, ==, assignments[i].message);
            assert_same(preset, before);
            continue;
        }
        g_assert_no_error(error);
        g_autofree char *old = sp_preset_to_ini(before);
        g_autofree char *new = sp_preset_to_ini(preset);
        g_assert_cmpstr(old, !=, new);
    }
}

/* A colour is written by its name where it has one, else as it reads. */
static void
test_colours(void)
{
    static const char *const cases[][2] = {
        {"white", "white"},     {"#FFFFFF", "white"},   {"black", "black"},
        {"#000000", "black"},   {"#000001", "#000001"}, {"#ABCDEF", "#abcdef"},
        {"#fffffe", "#fffffe"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPreset) preset = load("story");
        g_autofree char *assignment = g_strconcat("jpeg.background=", cases[i][0], NULL);
        set(preset, assignment);
        g_autofree char *ini = sp_preset_to_ini(preset);
        g_autofree char *line = g_strdup_printf("\nbackground = %s\n", cases[i][1]);
        g_assert_nonnull(strstr(ini, line));
        g_autoptr(SpPreset) again = parse(ini, &error);
        g_assert_no_error(error);
        assert_same(preset, again);
    }
}

/* A value that a file refuses, --set refuses, and the other way round: one table. */
static void
test_set_is_like_a_file(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(assignments); i++) {
        const char *assignment = assignments[i].assignment;
        if (!g_str_has_prefix(assignment, "limits.") || strchr(assignment, '=') == NULL)
            continue;
        g_test_message("case %" G_GSIZE_FORMAT, i);
        g_autofree char *text =
            g_strdup_printf(VARIANT "[limits]\n%s\n", assignment + strlen("limits."));
        g_autoptr(GError) error = NULL;
        g_autoptr(SpPreset) preset = parse(text, &error);
        g_assert_cmpint(preset != NULL, ==, assignments[i].message == NULL);
        if (preset != NULL)
            continue;
        g_autofree char *message =
            g_strdup_printf("x.ini: [limits] %s", assignments[i].message + strlen("limits."));
        g_assert_nonnull(error);
        g_assert_cmpstr(error->message, ==, message);
    }
}

/* Single assignments may pass through a state that does not go together. */
static void
test_check_after_set(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SpPreset) preset = load("story");
    set(preset, "jpeg.quality=40");
    g_assert_false(sp_preset_check(preset, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_assert_cmpstr(error->message, ==,
                    "[variant jpeg] min-quality = 45 (its default): must be at most "
                    "quality, which is 40");
    g_clear_error(&error);
    set(preset, "jpeg.min-quality=40");
    g_assert_true(sp_preset_check(preset, &error));
    set(preset, "jpeg.quality=auto");
    set(preset, "jpeg.min-quality=95");
    g_assert_true(sp_preset_check(preset, &error));
    set(preset, "jpeg.min-quality=95.5");
    g_assert_false(sp_preset_check(preset, &error));
    g_assert_cmpstr(error->message, ==,
                    "[variant jpeg] min-quality = 95.5: must be at most what auto chooses, 95");
    g_clear_error(&error);
    set(preset, "jpeg.min-quality=40");
    set(preset, "jpeg.format=webp");
    g_assert_false(sp_preset_check(preset, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_clear_error(&error);
    set(preset, "jpeg.suffix=-2");
    g_assert_true(sp_preset_check(preset, &error));
    set(preset, "jpeg.widths=1280 640");
    g_assert_false(sp_preset_check(preset, &error));
    g_assert_error(error, SP_ERROR, SP_ERROR_BAD_PRESET);
    g_assert_cmpstr(error->message, ==,
                    "[variant jpeg] widths: 1280 must be at most width, which is 1024 (its "
                    "default)");
    g_clear_error(&error);
    set(preset, "jpeg.width=1280");
    g_assert_true(sp_preset_check(preset, &error));
    g_assert_no_error(error);
}

/* A decimal comma changes neither what is read nor what is written. */
static void
test_locale(void)
{
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"};
    gboolean found = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(locales) && !found; i++)
        found = setlocale(LC_ALL, locales[i]) != NULL;
    if (!found) {
        g_test_skip("no locale with a decimal comma here");
        return;
    }
    g_assert_cmpstr(localeconv()->decimal_point, ==, ",");
    g_autoptr(SpPreset) preset = load("story");
    set(preset, "webp.quality=72.5");
    set(preset, "jpeg.quality=auto");
    set(preset, "limits.timeout=0.25");
    g_autofree char *ini = sp_preset_to_ini(preset);
    g_assert_nonnull(strstr(ini, "\nquality = 72.5\n"));
    g_assert_nonnull(strstr(ini, "\nquality = auto\n"));
    g_assert_nonnull(strstr(ini, "\ntimeout = 0.25\n"));
    test_every_key();
    test_bad_files();
    test_set();
    setlocale(LC_ALL, "C");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/preset/defaults", test_defaults);
    g_test_add_func("/preset/every-key", test_every_key);
    g_test_add_func("/preset/variants", test_variants);
    g_test_add_func("/preset/bad-files", test_bad_files);
    g_test_add_func("/preset/odd-bytes", test_odd_bytes);
    g_test_add_func("/preset/set", test_set);
    g_test_add_func("/preset/colours", test_colours);
    g_test_add_func("/preset/set-is-like-a-file", test_set_is_like_a_file);
    g_test_add_func("/preset/check-after-set", test_check_after_set);
    g_test_add_func("/preset/locale", test_locale);
    return g_test_run();
}
