/* SPDX-License-Identifier: MIT */
/* sniff.c -- what a file is, by its first bytes.
 *
 * Most formats are a line of a table: one or two runs of bytes at fixed places. Three are not:
 * the ISO media family (HEIC, AVIF, CR3 and video differ in their brands only), what is written
 * in markup (SVG and HTML may open with blanks, a declaration and comments), and netpbm. What
 * no line names is NULL, plain text for one.
 *
 * This runs in the supervisor, beside its secrets: it compares bytes and parses no more than
 * that. Names tell people why they are refused; the decision to take a file is its SpFormat.
 * A new format is a line in patterns[]; the first line that matches wins, so a line that says
 * more stands above one that says less. */
#include "container/sniff.h"

#include <string.h>

typedef struct {
    SpSniffed kind;
    const char *bytes, *bytes2; /* two runs; the second may be absent */
    guint n, offset;            /* n is 1 or more */
    guint n2, offset2;          /* n2 0: no second run */
} Pattern;

#define RUN(at, text) .offset = (at), .n = sizeof(text) - 1, .bytes = (text)
#define AND(at, text) .offset2 = (at), .n2 = sizeof(text) - 1, .bytes2 = (text)
#define TAKEN(word, title, which)                                                              \
    {                                                                                          \
        (word), (title), SP_FORMAT_##which                                                     \
    }
#define NEVER(word, title)                                                                     \
    {                                                                                          \
        (word), (title), SP_FORMAT_NEVER                                                       \
    }

static const Pattern patterns[] = {
    {TAKEN("jpeg", "JPEG", JPEG), RUN(0, "\xff\xd8\xff")},
    {TAKEN("png", "PNG", PNG), RUN(0, "\x89PNG\r\n\x1a\n")},
    {TAKEN("webp", "WebP", WEBP), RUN(0, "RIFF"), AND(8, "WEBP")},
    {TAKEN("gif", "GIF", GIF), RUN(0, "GIF87a")},
    {TAKEN("gif", "GIF", GIF), RUN(0, "GIF89a")},
    /* TIFF and its children. Most RAW kinds (DNG, NEF, ARW, PEF) are TIFF by their first bytes.
     */
    {NEVER("cr2", "Canon RAW (CR2)"), RUN(0, "II*\0"), AND(8, "CR\x02")},
    {NEVER("tiff", "TIFF or RAW"), RUN(0, "II*\0")},
    {NEVER("tiff", "TIFF or RAW"), RUN(0, "MM\0*")},
    {NEVER("tiff", "BigTIFF"), RUN(0, "II+\0")},
    {NEVER("tiff", "BigTIFF"), RUN(0, "MM\0+")},
    {NEVER("rw2", "Panasonic RAW (RW2)"), RUN(0, "IIU\0")},
    {NEVER("orf", "Olympus RAW (ORF)"), RUN(0, "IIRO")},
    {NEVER("orf", "Olympus RAW (ORF)"), RUN(0, "IIRS")},
    {NEVER("orf", "Olympus RAW (ORF)"), RUN(0, "MMOR")},
    {NEVER("raf", "Fujifilm RAW (RAF)"), RUN(0, "FUJIFILMCCD-RAW")},
    {NEVER("mrw", "Minolta RAW (MRW)"), RUN(0, "\0MRM")},
    {NEVER("x3f", "Sigma RAW (X3F)"), RUN(0, "FOVb")},
    {NEVER("jxr", "JPEG XR"), RUN(0, "II\xbc")},
    {NEVER("jxl", "JPEG XL"), RUN(0, "\0\0\0\x0cJXL \r\n\x87\n")},
    {NEVER("jxl", "JPEG XL"), RUN(0, "\xff\x0a")},
    {NEVER("jp2", "JPEG 2000"), RUN(0, "\0\0\0\x0cjP  \r\n\x87\n")},
    {NEVER("jp2", "JPEG 2000"), RUN(0, "\xff\x4f\xff\x51")},
    {NEVER("bmp", "BMP"), RUN(0, "BM"), AND(6, "\0\0\0\0")},
    {NEVER("bmp", "BMP"), RUN(0, "BM"), AND(15, "\0\0\0")}, /* browsers read no more of it */
    {NEVER("ico", "Windows icon"), RUN(0, "\0\0\1\0"), AND(9, "\0")},
    {NEVER("ico", "Windows cursor"), RUN(0, "\0\0\2\0"), AND(9, "\0")},
    {NEVER("psd", "Photoshop document"), RUN(0, "8BPS")},
    {NEVER("xcf", "GIMP document"), RUN(0, "gimp xcf ")},
    {NEVER("mng", "MNG"), RUN(0, "\x8aMNG\r\n\x1a\n")},
    {NEVER("jng", "JNG"), RUN(0, "\x8bJNG\r\n\x1a\n")},
    {NEVER("bpg", "BPG"), RUN(0, "BPG\xfb")},
    {NEVER("qoi", "QOI"), RUN(0, "qoif")},
    {NEVER("exr", "OpenEXR"), RUN(0, "v/1\x01")},
    {NEVER("hdr", "Radiance HDR"), RUN(0, "#?RADIANCE")},
    {NEVER("hdr", "Radiance HDR"), RUN(0, "#?RGBE")},
    {NEVER("vips", "libvips image"), RUN(0, "\x08\xf2\xa6\xb6")},
    {NEVER("vips", "libvips image"), RUN(0, "\xb6\xa6\xf2\x08")},
    {NEVER("pdf", "PDF"), RUN(0, "%PDF-")},
    {NEVER("postscript", "PostScript"), RUN(0, "%!PS")},
    {NEVER("quicktime", "QuickTime video"), RUN(4, "moov")},
    {NEVER("quicktime", "QuickTime video"), RUN(4, "mdat")},
    {NEVER("quicktime", "QuickTime video"), RUN(4, "wide")},
    {NEVER("matroska", "WebM or Matroska video"), RUN(0, "\x1a\x45\xdf\xa3")},
    {NEVER("avi", "AVI video"), RUN(0, "RIFF"), AND(8, "AVI ")},
    {NEVER("ogg", "Ogg video or sound"), RUN(0, "OggS\0")},
    {NEVER("flv", "Flash video"), RUN(0, "FLV\x01")},
    {NEVER("asf", "Windows video"), RUN(0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11")},
    {NEVER("mpeg", "MPEG video"), RUN(0, "\0\0\x01\xba")},
    {NEVER("mpeg", "MPEG video"), RUN(0, "\0\0\x01\xb3")},
    {NEVER("djvu", "DjVu"), RUN(0, "AT&TFORM")},
    {NEVER("rtf", "RTF"), RUN(0, "{\\rtf")},
    {NEVER("ole", "office document"), RUN(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
    {NEVER("zip", "ZIP"), RUN(0, "PK\x03\x04")},
    {NEVER("zip", "ZIP"), RUN(0, "PK\x05\x06")},
    {NEVER("gzip", "gzip"), RUN(0, "\x1f\x8b")},
    {NEVER("7z", "7-Zip"), RUN(0, "7z\xbc\xaf\x27\x1c")},
    {NEVER("rar", "RAR"), RUN(0, "Rar!\x1a\x07")},
    {NEVER("tar", "TAR"), RUN(257, "ustar")},
};

static const SpSniffed kind_heic = TAKEN("heic", "HEIC", HEIC);
static const SpSniffed kind_avif = TAKEN("avif", "AVIF", AVIF);
static const SpSniffed kind_cr3 = NEVER("cr3", "Canon RAW (CR3)");
static const SpSniffed kind_heif = NEVER("heif", "HEIF of an unknown coding");
static const SpSniffed kind_quicktime = NEVER("quicktime", "QuickTime video");
static const SpSniffed kind_mp4 = NEVER("mp4", "MP4 video");
static const SpSniffed kind_svg = NEVER("svg", "SVG");
static const SpSniffed kind_html = NEVER("html", "HTML");
static const SpSniffed kind_xml = NEVER("xml", "markup of an unknown kind");
static const SpSniffed kind_ico = NEVER("ico", "Windows icon");
static const SpSniffed kind_pnm = NEVER("pnm", "PNM");

/* Brands of ISO/IEC 23008-12 annex B, the AVIF specification and Canon. A brand that only says
 * "some HEIF" or "some video" is weak: any brand of a picture beside it decides. */
static const struct {
    char brand[5];
    gboolean weak;
    const SpSniffed *kind;
} brands[] = {
    {"heic", FALSE, &kind_heic}, {"heix", FALSE, &kind_heic},     {"hevc", FALSE, &kind_heic},
    {"hevx", FALSE, &kind_heic}, {"heim", FALSE, &kind_heic},     {"heis", FALSE, &kind_heic},
    {"hevm", FALSE, &kind_heic}, {"hevs", FALSE, &kind_heic},     {"avif", FALSE, &kind_avif},
    {"avis", FALSE, &kind_avif}, {"crx ", FALSE, &kind_cr3},      {"mif1", TRUE, &kind_heif},
    {"msf1", TRUE, &kind_heif},  {"qt  ", TRUE, &kind_quicktime},
};

/* The file type box: size, "ftyp", major brand, version, compatible brands to the box's end.
 * The major brand is asked first, then the others in their order. */
static const SpSniffed *
sniff_ftyp(const guint8 *bytes, gsize n)
{
    if (n < 12 || memcmp(bytes + 4, "ftyp", 4) != 0)
        return NULL;
    gsize size =
        (gsize)bytes[0] << 24 | (gsize)bytes[1] << 16 | (gsize)bytes[2] << 8 | bytes[3];
    gsize end = MIN(n, size);
    const SpSniffed *fallback = NULL;
    for (gsize at = 8; at == 8 || at + 4 <= end; at += at == 8 ? 8 : 4) {
        for (gsize i = 0; i < G_N_ELEMENTS(brands); i++) {
            if (memcmp(bytes + at, brands[i].brand, 4) != 0)
                continue;
            if (!brands[i].weak)
                return brands[i].kind;
            if (fallback == NULL)
                fallback = brands[i].kind;
        }
    }
    return fallback ? fallback : &kind_mp4;
}

/* Behind the terminator that is first found from *p on; FALSE when there is none. */
static gboolean
skip_past(const guint8 **p, const guint8 *end, const char *terminator)
{
    gsize n = strlen(terminator);
    const guint8 *found = memmem(*p, (gsize)(end - *p), terminator, n);
    if (found == NULL)
        return FALSE;
    *p = found + n;
    return TRUE;
}

static gboolean
starts_with(const guint8 *p, const guint8 *end, const char *word)
{
    gsize n = strlen(word);
    return (gsize)(end - p) >= n && g_ascii_strncasecmp((const char *)p, word, n) == 0;
}

/* Does an element or document type of that name stand here, and not a longer word? */
static gboolean
is_name(const guint8 *p, const guint8 *end, const char *name)
{
    if (!starts_with(p, end, name))
        return FALSE;
    p += strlen(name);
    return p == end || !(g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '.');
}

/* Behind the namespace's prefix of a name, "s:" for one; at p when there is none. */
static const guint8 *
skip_prefix(const guint8 *p, const guint8 *end)
{
    const guint8 *q = p;
    while (q < end && (g_ascii_isalnum(*q) || *q == '-' || *q == '_' || *q == '.'))
        q++;
    return q > p && q < end && *q == ':' ? q + 1 : p;
}

/* What the first element or document type names, behind a byte order mark, blanks,
 * declarations and comments. */
static const SpSniffed *
sniff_markup(const guint8 *bytes, gsize n)
{
    const guint8 *p = bytes;
    const guint8 *end = bytes + n;
    if (starts_with(p, end, "\xef\xbb\xbf"))
        p += 3;
    for (;;) {
        while (p < end && g_ascii_isspace(*p))
            p++;
        const char *terminator = starts_with(p, end, "<?")     ? "?>"
                                 : starts_with(p, end, "<!--") ? "-->"
                                                               : NULL;
        if (terminator == NULL)
            break;
        if (!skip_past(&p, end, terminator))
            return n == SP_SNIFF_BYTES ? &kind_xml : NULL; /* what follows may be an SVG */
    }
    if (starts_with(p, end, "<!doctype")) {
        p += strlen("<!doctype");
        while (p < end && g_ascii_isspace(*p))
            p++;
    } else if (p < end && *p == '<') {
        p++;
    } else {
        return NULL;
    }
    if (is_name(p, end, "svg") || is_name(skip_prefix(p, end), end, "svg"))
        return &kind_svg;
    return is_name(p, end, "html") || is_name(p, end, "head") ? &kind_html : NULL;
}

/* The same in UTF-16, which XML may be written in: every other byte of it. */
static const SpSniffed *
sniff_wide_markup(const guint8 *bytes, gsize n)
{
    guint8 narrow[SP_SNIFF_BYTES / 2] = {0};
    gboolean little = n >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe;
    gboolean big = n >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff;
    if (!little && !big)
        return NULL;
    for (gsize i = 0; i < n / 2; i++)
        narrow[i] = bytes[2 * i + (little ? 0 : 1)];
    return sniff_markup(narrow + 1, n / 2 - 1);
}

/* A browser takes this for an icon, whatever follows; but so may an ISO box of 256 bytes
 * begin. */
static const SpSniffed *
sniff_icon(const guint8 *bytes, gsize n)
{
    return n >= 4 && memcmp(bytes, "\0\0\1\0", 4) == 0 ? &kind_ico : NULL;
}

/* "P1" to "P7", then a blank. */
static const SpSniffed *
sniff_pnm(const guint8 *bytes, gsize n)
{
    gboolean is_pnm = n >= 3 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '7' &&
                      g_ascii_isspace(bytes[2]);
    return is_pnm ? &kind_pnm : NULL;
}

static gboolean
has_run(const guint8 *bytes, gsize n, guint offset, const char *run, guint n_run)
{
    return n >= (gsize)offset + n_run && memcmp(bytes + offset, run, n_run) == 0;
}

const SpSniffed *
sp_sniff(const guint8 *bytes, gsize n)
{
    n = MIN(n, SP_SNIFF_BYTES);
    if (n == 0)
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(patterns); i++) {
        const Pattern *pattern = &patterns[i];
        if (has_run(bytes, n, pattern->offset, pattern->bytes, pattern->n) &&
            (pattern->n2 == 0 ||
             has_run(bytes, n, pattern->offset2, pattern->bytes2, pattern->n2)))
            return &pattern->kind;
    }
    const SpSniffed *kind = sniff_ftyp(bytes, n);
    if (kind == NULL)
        kind = sniff_icon(bytes, n);
    if (kind == NULL)
        kind = sniff_pnm(bytes, n);
    if (kind == NULL)
        kind = sniff_wide_markup(bytes, n);
    return kind ? kind : sniff_markup(bytes, n);
}
