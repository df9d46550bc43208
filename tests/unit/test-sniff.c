/* SPDX-License-Identifier: MIT */
/* test-sniff.c -- first bytes to names.
 *
 * One table of heads, each tried in a heap block of exactly its size and then cut by one byte
 * at a time: a shorter head may have another name or none, but is never read past its end. A
 * new format in sniff.c is a new line here. */
#include "container/sniff.h"

#include <string.h>

#define HEAD(text) (text), sizeof(text) - 1

static const struct {
    const char *bytes;
    gsize n;
    const char *word; /* NULL: none of ours */
    SpFormat format;
} cases[] = {
    {HEAD("\xff\xd8\xff\xe0"), "jpeg", SP_FORMAT_JPEG},
    {HEAD("\xff\xd8\xff"), "jpeg", SP_FORMAT_JPEG},
    {HEAD("\xff\xd8"), NULL, 0},
    {HEAD("\x89PNG\r\n\x1a\n"), "png", SP_FORMAT_PNG},
    {HEAD("\x89PNG\n\x1a\n"), NULL, 0},
    {HEAD("RIFF\1\2\3\4WEBPVP8 "), "webp", SP_FORMAT_WEBP},
    {HEAD("RIFF\1\2\3\4AVI LIST"), "avi", SP_FORMAT_NEVER},
    {HEAD("RIFF\1\2\3\4WAVE"), NULL, 0},
    {HEAD("GIF87a"), "gif", SP_FORMAT_GIF},
    {HEAD("GIF89a"), "gif", SP_FORMAT_GIF},
    {HEAD("GIF88a"), NULL, 0},
    {HEAD("II*\0\x10\0\0\0CR\x02\0"), "cr2", SP_FORMAT_NEVER},
    {HEAD("II*\0\x08\0\0\0"), "tiff", SP_FORMAT_NEVER},
    {HEAD("MM\0*\0\0\0\x08"), "tiff", SP_FORMAT_NEVER},
    {HEAD("II+\0\x08\0\0\0"), "tiff", SP_FORMAT_NEVER},
    {HEAD("MM\0+\0\x08\0\0"), "tiff", SP_FORMAT_NEVER},
    {HEAD("IIU\0\x18\0\0\0"), "rw2", SP_FORMAT_NEVER},
    {HEAD("IIRO\x08\0\0\0"), "orf", SP_FORMAT_NEVER},
    {HEAD("IIRS\x08\0\0\0"), "orf", SP_FORMAT_NEVER},
    {HEAD("MMOR\0\0\0\x08"), "orf", SP_FORMAT_NEVER},
    {HEAD("FUJIFILMCCD-RAW 0201"), "raf", SP_FORMAT_NEVER},
    {HEAD("\0MRM\0\0"), "mrw", SP_FORMAT_NEVER},
    {HEAD("FOVb\0\0"), "x3f", SP_FORMAT_NEVER},
    {HEAD("II\xbc\x01"), "jxr", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x0cJXL \r\n\x87\n"), "jxl", SP_FORMAT_NEVER},
    {HEAD("\xff\x0a\xfa"), "jxl", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x0cjP  \r\n\x87\n"), "jp2", SP_FORMAT_NEVER},
    {HEAD("\xff\x4f\xff\x51"), "jp2", SP_FORMAT_NEVER},
    {HEAD("BM\1\2\3\4\0\0\0\0\x36"), "bmp", SP_FORMAT_NEVER},
    {HEAD("BMW is a car"), NULL, 0},
    {HEAD("BMW is a good car"), NULL, 0},
    {HEAD("BM\1\2\3\4\1\2\3\4\x36\0\0\0\x28\0\0\0"), "bmp", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\0\1\0\x10\x10\0\7"), "ico", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\0"
          "ftypheic\0\0\0\0mif1heic"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\1\0\1\0\x10\x10\0\0"), "ico", SP_FORMAT_NEVER},
    {HEAD("\0\0\2\0\1\0\x10\x10\0\0"), "ico", SP_FORMAT_NEVER},
    {HEAD("8BPS\0\1"), "psd", SP_FORMAT_NEVER},
    {HEAD("gimp xcf file"), "xcf", SP_FORMAT_NEVER},
    {HEAD("\x8aMNG\r\n\x1a\n"), "mng", SP_FORMAT_NEVER},
    {HEAD("\x8bJNG\r\n\x1a\n"), "jng", SP_FORMAT_NEVER},
    {HEAD("BPG\xfb"), "bpg", SP_FORMAT_NEVER},
    {HEAD("qoif"), "qoi", SP_FORMAT_NEVER},
    {HEAD("v/1\x01"), "exr", SP_FORMAT_NEVER},
    {HEAD("#?RADIANCE\n"), "hdr", SP_FORMAT_NEVER},
    {HEAD("#?RGBE\n"), "hdr", SP_FORMAT_NEVER},
    {HEAD("\x08\xf2\xa6\xb6"), "vips", SP_FORMAT_NEVER},
    {HEAD("\xb6\xa6\xf2\x08"), "vips", SP_FORMAT_NEVER},
    {HEAD("%PDF-1.7"), "pdf", SP_FORMAT_NEVER},
    {HEAD("%!PS-Adobe"), "postscript", SP_FORMAT_NEVER},
    {HEAD("\x1a\x45\xdf\xa3"), "matroska", SP_FORMAT_NEVER},
    {HEAD("OggS\0\2"), "ogg", SP_FORMAT_NEVER},
    {HEAD("FLV\1\5"), "flv", SP_FORMAT_NEVER},
    {HEAD("\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6"), "asf", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\xba\x44"), "mpeg", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\xb3\x14"), "mpeg", SP_FORMAT_NEVER},
    {HEAD("AT&TFORM\0\0"), "djvu", SP_FORMAT_NEVER},
    {HEAD("{\\rtf1"), "rtf", SP_FORMAT_NEVER},
    {HEAD("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"), "ole", SP_FORMAT_NEVER},
    {HEAD("PK\x03\x04"), "zip", SP_FORMAT_NEVER},
    {HEAD("PK\x05\x06"), "zip", SP_FORMAT_NEVER},
    {HEAD("\x1f\x8b\x08"), "gzip", SP_FORMAT_NEVER},
    {HEAD("7z\xbc\xaf\x27\x1c"), "7z", SP_FORMAT_NEVER},
    {HEAD("Rar!\x1a\x07"), "rar", SP_FORMAT_NEVER},
    {HEAD("P6\n1 1\n255\n"), "pnm", SP_FORMAT_NEVER},
    {HEAD("P7 "), "pnm", SP_FORMAT_NEVER},
    {HEAD("P8\n"), NULL, 0},
    {HEAD("P6x"), NULL, 0},
    /* ISO media: the major brand, then the compatible ones within the box */
    {HEAD("\0\0\0\x18"
          "ftypheic\0\0\0\0mif1heic"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\0\x18"
          "ftypmif1\0\0\0\0mif1heic"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\0\x18"
          "ftypmsf1\0\0\0\0msf1hevc"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\0\x18"
          "ftypheix\0\0\0\0mif1heix"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\0\x14"
          "ftypmif1\0\0\0\0mif1heic"),
     "heif", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x18"
          "ftypmif1\0\0\0\0mif1avif"),
     "avif", SP_FORMAT_AVIF},
    {HEAD("\0\0\0\x18"
          "ftypavif\0\0\0\0mif1heic"),
     "avif", SP_FORMAT_AVIF},
    {HEAD("\0\0\0\x18"
          "ftypavis\0\0\0\0isommsf1"),
     "avif", SP_FORMAT_AVIF},
    {HEAD("\0\0\0\x18"
          "ftypcrx \0\0\0\1crx isom"),
     "cr3", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x14"
          "ftypqt  \0\0\0\0qt  "),
     "quicktime", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x18"
          "ftypisom\0\0\0\0mp42isom"),
     "mp4", SP_FORMAT_NEVER},
    {HEAD("\0\0\0\x08"
          "ftypheic"),
     "heic", SP_FORMAT_HEIC},
    {HEAD("\0\0\0\x08"
          "ftyphei"),
     NULL, 0},
    {HEAD("\0\0\0\x08wide\0\0\0\0mdat"), "quicktime", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\0moov"), "quicktime", SP_FORMAT_NEVER},
    {HEAD("\0\0\1\0mdat"), "quicktime", SP_FORMAT_NEVER},
    /* markup */
    {HEAD("<svg xmlns=''>"), "svg", SP_FORMAT_NEVER},
    {HEAD("<svg"), "svg", SP_FORMAT_NEVER},
    {HEAD("<svg:svg>"), "svg", SP_FORMAT_NEVER},
    {HEAD("\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- <html> -->\n<SVG>"), "svg",
     SP_FORMAT_NEVER},
    {HEAD("<?xml?><!DOCTYPE svg PUBLIC ''>"), "svg", SP_FORMAT_NEVER},
    {HEAD("<!-- no end <svg>"), NULL, 0},
    {HEAD("<?xml version='1.0'?><kml>"), NULL, 0},
    {HEAD("<svgx>"), NULL, 0},
    {HEAD("<s:svg xmlns:s=''>"), "svg", SP_FORMAT_NEVER},
    {HEAD("<s.1_a-b:svg/>"), "svg", SP_FORMAT_NEVER},
    {HEAD("<:svg>"), NULL, 0},
    {HEAD("<a:b:svg>"), NULL, 0},
    {HEAD("\xff\xfe<\0s\0v\0g\0>\0"), "svg", SP_FORMAT_NEVER},
    {HEAD("\xfe\xff\0<\0?\0x\0?\0>\0<\0s\0v\0g\0>"), "svg", SP_FORMAT_NEVER},
    {HEAD("\xff\xfe<\0k\0m\0l\0>\0"), NULL, 0},
    {HEAD("\xff\xfe"), NULL, 0},
    {HEAD("\xff\xfe<"), NULL, 0},
    {HEAD("svg"), NULL, 0},
    {HEAD("<!doctype HTML>"), "html", SP_FORMAT_NEVER},
    {HEAD("\n<html lang=en>"), "html", SP_FORMAT_NEVER},
    {HEAD("<html5>"), NULL, 0},
    /* nobody's */
    {HEAD("id=1,viewbox 0 0"), NULL, 0},
    {HEAD("a,b\n1,2\n"), NULL, 0},
    {HEAD("\0"), NULL, 0},
    {HEAD(""), NULL, 0},
};

static const SpSniffed *
sniff_copy(const char *bytes, gsize n)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, n);
    return sp_sniff(g_bytes_get_data(copy, NULL), n);
}

static void
test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SpSniffed *kind = sniff_copy(cases[i].bytes, cases[i].n);
        g_test_message("case %" G_GSIZE_FORMAT ": %s", i, cases[i].word ? cases[i].word : "-");
        g_assert_cmpstr(kind ? kind->word : NULL, ==, cases[i].word);
        if (kind) {
            g_assert_cmpint(kind->format, ==, cases[i].format);
            g_assert_cmpstr(kind->title, !=, "");
        }
        for (gsize n = 0; n < cases[i].n; n++)
            sniff_copy(cases[i].bytes, n);
    }
}

/* What stands behind SP_SNIFF_BYTES must not count: a pipe's head is all that intake has. */
static void
test_window(void)
{
    g_autofree char *blanks = g_strnfill(SP_SNIFF_BYTES - 4, ' ');
    g_autofree char *within = g_strconcat(blanks, "<svg>", NULL);
    g_autofree char *beyond = g_strconcat(blanks, " <svg>", NULL);
    const SpSniffed *kind = sniff_copy(within, strlen(within));

    g_assert_nonnull(kind);
    g_assert_cmpstr(kind->word, ==, "svg");
    g_assert_null(sniff_copy(beyond, strlen(beyond)));

    /* A comment that does not end before: whatever comes behind it, it is not nothing. */
    g_autofree char *comment = g_strconcat("<!--", blanks, "--><svg>", NULL);
    kind = sniff_copy(comment, strlen(comment));
    g_assert_nonnull(kind);
    g_assert_cmpstr(kind->word, ==, "xml");
    g_assert_cmpint(kind->format, ==, SP_FORMAT_NEVER);
}

/* TAR has its word behind the first name and what else is told of it. */
static void
test_tar(void)
{
    char head[512] = "photos/a.jpg";
    mempcpy(head + 257, "ustar", 5);
    g_assert_cmpstr(sniff_copy(head, sizeof head)->word, ==, "tar");
    g_assert_null(sniff_copy(head, 261));
}

/* Every brand of HEVC and AV1 stills by itself. */
static void
test_brands(void)
{
    static const char *const heic[] = {"heic", "heix", "hevc", "hevx",
                                       "heim", "heis", "hevm", "hevs"};
    for (gsize i = 0; i < G_N_ELEMENTS(heic); i++) {
        char head[] = "\0\0\0\x18"
                      "ftypxxxx\0\0\0\0mif1yyyy";
        mempcpy(head + 8, heic[i], 4);
        g_assert_cmpstr(sniff_copy(head, 24)->word, ==, "heic");
        mempcpy(head + 8, "mif1", 4);
        mempcpy(head + 20, heic[i], 4);
        g_assert_cmpstr(sniff_copy(head, 24)->word, ==, "heic");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sniff/table", test_table);
    g_test_add_func("/sniff/window", test_window);
    g_test_add_func("/sniff/tar", test_tar);
    g_test_add_func("/sniff/brands", test_brands);
    return g_test_run();
}
