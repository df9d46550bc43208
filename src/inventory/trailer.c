/* SPDX-License-Identifier: MIT */
/* trailer.c -- what stands behind the end of a picture.
 *
 * One pass over the bytes with a table of signatures. What is found gets a carrier of its own
 * and is skipped as a whole where its length can be told: a picture is walked once, so that its
 * EXIF and XMP count too, a video box by box. Then a table of marks that makers and programs
 * put at the very end. That there is a trailer at all, if only of zeros, its carrier says.
 *
 * Bounds: one pass, MAX_WALKS walks (each linear), MAX_FOUND finds, MAX_PARTS parts of them. A
 * further kind is a line in signatures[] or ends[]. Signatures shorter than four bytes turn up
 * by chance in a few megabytes of video, so such need a second look. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "container/heif-boxes.h"
#include "container/walkers.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#define MAX_WALKS 8
#define MAX_FOUND 64
#define MAX_PARTS 4096

typedef struct {
    SpCarrier carrier;
    guint32 kind;
    gsize at, n; /* n: as far as it can be read */
    gsize from;  /* where it is counted from */
} Find;

typedef struct {
    SpSlice all;
    Find finds[MAX_FOUND];
    SpFinder *finder; /* borrowed */
    guint walks, found, parts;
    gboolean has_archive;      /* its entries have signatures of their own: told once */
    const guint8 *picture_end; /* of the one that is being walked */
} Trailer;

/* What begins at an offset: tell it. Returns how many bytes it takes, or 0: it is none. */
typedef gsize (*Read)(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind);

static SpSlice
rest_at(const Trailer *trailer, gsize at)
{
    return (SpSlice){trailer->all.bytes + at, trailer->all.n - at};
}

/* Keep it, to be told when it is known where the next one begins. */
static gsize
tell(Trailer *trailer, SpCarrier carrier, guint32 kind, gsize at, gsize n)
{
    if (trailer->found < MAX_FOUND)
        trailer->finds[trailer->found++] =
            (Find){carrier, kind, at, MIN(n, trailer->all.n - at), at};
    return n;
}

/* ---- pictures ------------------------------------------------------------------------------
 */

/* A part of a picture in the trailer. What stands behind that picture is no part of it: the
 * pass goes on there. */
static void
add_part(const SpPart *part, gpointer data)
{
    Trailer *trailer = data;
    const guint8 *end = trailer->all.bytes + trailer->all.n;
    gboolean to_end = part->content.n > 0 && part->content.bytes + part->content.n == end;

    if (part->carrier >= SP_CARRIER_TRAILER ||
        (to_end && part->kind == 0 &&
         (part->carrier == SP_CARRIER_UNKNOWN || part->carrier == SP_CARRIER_STRAY))) {
        if (to_end)
            trailer->picture_end = MIN(trailer->picture_end, part->content.bytes);
    } else if (part->carrier != SP_CARRIER_PICTURE && trailer->parts++ < MAX_PARTS) {
        sp_find_part(trailer->finder, part->carrier, part->kind, part->content);
    }
}

/* Walk it. Returns its length, or 0 when that cannot be told. */
static gsize
walk_picture(Trailer *trailer, gsize at, SpFormat format)
{
    g_auto(SpWalk) walk = {0};
    SpSlice rest = rest_at(trailer, at);

    if (trailer->walks++ >= MAX_WALKS)
        return 0;
    trailer->picture_end = rest.bytes + rest.n;
    gboolean walked = sp_walker(format)(rest.bytes, rest.n, add_part, trailer, &walk, NULL);
    return walked ? (gsize)(trailer->picture_end - rest.bytes) : 0;
}

/* The picture itself, then its parts. */
static gsize
read_picture(Trailer *trailer, gsize at, SpFormat format, guint32 kind, gsize signature)
{
    gsize n = walk_picture(trailer, at, format);
    tell(trailer, SP_CARRIER_TRAILER_PICTURE, kind, at, n > 0 ? n : trailer->all.n - at);
    return n > 0 ? n : signature;
}

/* The first segment must end where another marker begins. */
static gsize
read_jpeg(Trailer *trailer, gsize at, SpCarrier carrier G_GNUC_UNUSED, guint32 kind)
{
    SpSlice rest = rest_at(trailer, at);
    gsize next = rest.n >= 6 ? (gsize)4 + sp_get16be(rest.bytes + 4) : rest.n;

    if (next < 6 || next >= rest.n || rest.bytes[3] < 0xC0 || rest.bytes[next] != 0xFF)
        return 0;
    return read_picture(trailer, at, SP_FORMAT_JPEG, kind, 3);
}

static gsize
read_png(Trailer *trailer, gsize at, SpCarrier carrier G_GNUC_UNUSED, guint32 kind)
{
    return read_picture(trailer, at, SP_FORMAT_PNG, kind, 8);
}

static gsize
read_gif(Trailer *trailer, gsize at, SpCarrier carrier G_GNUC_UNUSED, guint32 kind)
{
    return read_picture(trailer, at, SP_FORMAT_GIF, kind, 6);
}

static gsize
read_webp(Trailer *trailer, gsize at, SpCarrier carrier G_GNUC_UNUSED, guint32 kind)
{
    SpSlice rest = rest_at(trailer, at);
    if (rest.n < 15 || memcmp(rest.bytes + 8, "WEBPVP8", 7) != 0)
        return 0;
    return read_picture(trailer, at, SP_FORMAT_WEBP, kind, 15);
}

/* ---- files of boxes ------------------------------------------------------------------------
 */

static gboolean
is_box_name(guint32 type)
{
    for (guint shift = 0; shift < 32; shift += 8) {
        guint8 byte = (guint8)(type >> shift);
        if (!g_ascii_isprint((gchar)byte) && byte != 0xA9)
            return FALSE;
    }
    return TRUE;
}

/* How long a file of boxes is: until something stands there that is no box. */
static gsize
boxes_length(SpSlice all)
{
    SpSlice rest = all;
    SpHeifBox box = {0};
    gsize length = 0;
    while (sp_heif_next_box(&rest, &box) && is_box_name(box.type))
        length = all.n - rest.n;
    return length;
}

/* A file type box of a sane size says what the rest is; at is where its name stands. */
static gsize
read_boxes(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind)
{
    if (at < 4)
        return 0;
    SpSlice rest = rest_at(trailer, at - 4);
    if (rest.n < 12 || rest.bytes[0] != 0 || rest.bytes[1] != 0 || rest.bytes[2] >= 16)
        return 0;
    const SpSniffed *sniffed = sp_sniff(rest.bytes, rest.n);
    gsize n = MAX(boxes_length(rest), 8);
    if (sniffed != NULL && sniffed->format != SP_FORMAT_NEVER) {
        gsize walked = read_picture(trailer, at - 4, SP_FORMAT_HEIC, kind, 8);
        return MAX(walked, n) - 4;
    }
    return tell(trailer, carrier, kind, at - 4, n) - 4;
}

/* ---- the rest ------------------------------------------------------------------------------
 */

/* Up to the end, whatever comes. */
static gsize
read_rest(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind)
{
    (void)tell(trailer, carrier, kind, at, trailer->all.n - at);
    return 4;
}

/* Each file in a zip has a signature: the first one tells it all. */
static gsize
read_archive(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind)
{
    if (!trailer->has_archive)
        (void)tell(trailer, carrier, kind, at, trailer->all.n - at);
    trailer->has_archive = TRUE;
    return 4;
}

static gsize
read_xmp(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind)
{
    static const char end[] = "</x:xmpmeta>";
    SpSlice rest = rest_at(trailer, at);
    const guint8 *found = sp_text_find(rest, end, sizeof end - 1);
    gsize n = found ? (gsize)(found - rest.bytes) + sizeof end - 1 : rest.n;
    return tell(trailer, carrier, kind, at, n);
}

/* Behind "Exif" and two zeros a TIFF structure must begin. */
static gsize
read_exif(Trailer *trailer, gsize at, SpCarrier carrier, guint32 kind)
{
    SpSlice rest = rest_at(trailer, at);
    if (rest.n < 14 ||
        (memcmp(rest.bytes + 6, "II*\0", 4) != 0 && memcmp(rest.bytes + 6, "MM\0*", 4) != 0))
        return 0;
    (void)tell(trailer, carrier, kind, at + 6, rest.n - 6);
    return 6;
}

#define SIGN(text) (text), sizeof(text) - 1

/* Those that begin with the same byte stand together. */
static const struct {
    const char *bytes;
    gsize n;
    Read read;
    SpCarrier carrier;
    guint32 kind;
} signatures[] = {
    {SIGN("\xFF\xD8\xFF"), read_jpeg, SP_CARRIER_TRAILER_PICTURE,
     SP_FOURCC('J', 'P', 'E', 'G')},
    {SIGN("\x89PNG\r\n\x1a\n"), read_png, SP_CARRIER_TRAILER_PICTURE,
     SP_FOURCC('P', 'N', 'G', ' ')},
    {SIGN("GIF87a"), read_gif, SP_CARRIER_TRAILER_PICTURE, SP_FOURCC('G', 'I', 'F', ' ')},
    {SIGN("GIF89a"), read_gif, SP_CARRIER_TRAILER_PICTURE, SP_FOURCC('G', 'I', 'F', ' ')},
    {SIGN("RIFF"), read_webp, SP_CARRIER_TRAILER_PICTURE, SP_FOURCC('W', 'E', 'B', 'P')},
    {SIGN("Rar!\x1a\x07"), read_archive, SP_CARRIER_TRAILER_ARCHIVE,
     SP_FOURCC('R', 'A', 'R', ' ')},
    {SIGN("ftyp"), read_boxes, SP_CARRIER_TRAILER_VIDEO, SP_FOURCC('f', 't', 'y', 'p')},
    {SIGN("PK\3\4"), read_archive, SP_CARRIER_TRAILER_ARCHIVE, SP_FOURCC('Z', 'I', 'P', ' ')},
    {SIGN("7z\xbc\xaf\x27\x1c"), read_archive, SP_CARRIER_TRAILER_ARCHIVE,
     SP_FOURCC('7', 'Z', ' ', ' ')},
    {SIGN("%PDF-"), read_archive, SP_CARRIER_TRAILER_ARCHIVE, SP_FOURCC('P', 'D', 'F', ' ')},
    {SIGN("<html"), read_archive, SP_CARRIER_TRAILER_ARCHIVE, SP_FOURCC('H', 'T', 'M', 'L')},
    {SIGN("<HTML"), read_archive, SP_CARRIER_TRAILER_ARCHIVE, SP_FOURCC('H', 'T', 'M', 'L')},
    {SIGN("<!DOCTYPE"), read_archive, SP_CARRIER_TRAILER_ARCHIVE,
     SP_FOURCC('H', 'T', 'M', 'L')},
    {SIGN("<!doctype"), read_archive, SP_CARRIER_TRAILER_ARCHIVE,
     SP_FOURCC('H', 'T', 'M', 'L')},
    {SIGN("<script"), read_archive, SP_CARRIER_TRAILER_ARCHIVE, SP_FOURCC('H', 'T', 'M', 'L')},
    {SIGN("<x:xmpmeta"), read_xmp, SP_CARRIER_XMP, 0},
    {SIGN("<?xpacket begin"), read_xmp, SP_CARRIER_XMP, 0},
    {SIGN("Exif\0\0"), read_exif, SP_CARRIER_EXIF, 0},
    {SIGN("\x1C\x02\0\0\x02"), read_rest, SP_CARRIER_IPTC, 0},
    {SIGN("\x1C\x01\x5A\0"), read_rest, SP_CARRIER_IPTC, 0},
    {SIGN("8BIM\x04\x04"), read_rest, SP_CARRIER_PHOTOSHOP, 0},
    {SIGN("CANON OPTIONAL DATA\0"), read_rest, SP_CARRIER_PROGRAM,
     SP_FOURCC('V', 'R', 'D', ' ')},
    {SIGN("vivo{\""), read_rest, SP_CARRIER_TRAILER_MAKER, SP_FOURCC('v', 'i', 'v', 'o')},
};

/* Where that many bytes stand in front of the end. */
static const struct {
    const char *bytes;
    gsize n, in_front;
    SpCarrier carrier;
    guint32 kind;
} ends[] = {
    {SIGN("AXS!"), 12, SP_CARRIER_PROGRAM, SP_FOURCC('A', 'F', 'C', 'P')},
    {SIGN("AXS*"), 12, SP_CARRIER_PROGRAM, SP_FOURCC('A', 'F', 'C', 'P')},
    {SIGN("\xA1\xB2\xC3\xD4"), 4, SP_CARRIER_PROGRAM, SP_FOURCC('F', 'o', 't', 'o')},
    {SIGN("cbipcbbl"), 8, SP_CARRIER_PROGRAM, SP_FOURCC('P', 'h', 'M', 'e')},
    {SIGN("~\0\x04\0zmie~\0\0\x06"), 18, SP_CARRIER_PROGRAM, SP_FOURCC('M', 'I', 'E', ' ')},
    {SIGN("~\0\x04\0zmie~\0\0\x0A"), 22, SP_CARRIER_PROGRAM, SP_FOURCC('M', 'I', 'E', ' ')},
    {SIGN("\0\0\0\0\0\0/NIKON APP"), 16, SP_CARRIER_TRAILER_MAKER,
     SP_FOURCC('N', 'i', 'k', 'o')},
    {SIGN("8db42d694ccc418790edff439fe026bf"), 32, SP_CARRIER_TRAILER_MAKER,
     SP_FOURCC('I', '3', '6', '0')},
    {SIGN("QDIOBS"), 6, SP_CARRIER_TRAILER_MAKER, SP_FOURCC('Q', 'D', 'I', 'O')},
    {SIGN("\xFF\xFF\xFF\xFF\x1B*9HWfu\x84\x93\xA2\xB1"), 15, SP_CARRIER_TRAILER_MAKER,
     SP_FOURCC('v', 'i', 'v', 'o')},
    {SIGN("jxrs"), 8, SP_CARRIER_TRAILER_MAKER, SP_FOURCC('j', 'x', 'r', 's')},
};

/* What begins at that offset takes so many bytes; 1 when nothing known does. first: the first
 * signature that begins with that byte. */
static gsize
read_at(Trailer *trailer, gsize at, gsize first)
{
    SpSlice rest = rest_at(trailer, at);
    for (gsize i = first; i < G_N_ELEMENTS(signatures); i++) {
        const char *bytes = signatures[i].bytes;
        if (rest.bytes[0] != (guint8)bytes[0])
            break;
        if (rest.n < signatures[i].n || rest.bytes[1] != (guint8)bytes[1] ||
            memcmp(rest.bytes, bytes, signatures[i].n) != 0)
            continue;
        gsize n = signatures[i].read(trailer, at, signatures[i].carrier, signatures[i].kind);
        if (n > 0)
            return n;
    }
    return 1;
}

static void
read_end(Trailer *trailer)
{
    SpSlice all = trailer->all;
    gsize samsung = sp_samsung_length(all);

    if (samsung > 0)
        (void)tell(trailer, SP_CARRIER_TRAILER_MAKER, SP_FOURCC('S', 'E', 'F', 'T'),
                   all.n - samsung, samsung);
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (all.n < ends[i].in_front || trailer->found == MAX_FOUND ||
            memcmp(all.bytes + all.n - ends[i].in_front, ends[i].bytes, ends[i].n) != 0)
            continue;
        trailer->finds[trailer->found++] =
            (Find){ends[i].carrier, ends[i].kind, 0, all.n, all.n - ends[i].in_front};
    }
}

static gint
compare_finds(gconstpointer a, gconstpointer b)
{
    gsize first = ((const Find *)a)->from;
    gsize second = ((const Find *)b)->from;
    return (first > second) - (first < second);
}

/* In the order of the bytes, each counted up to the next one: many can be read up to the end
 * alone. */
static void
tell_finds(Trailer *trailer)
{
    qsort(trailer->finds, trailer->found, sizeof(Find), compare_finds);
    for (guint i = 0; i < trailer->found; i++) {
        const Find *find = &trailer->finds[i];
        gsize end = MAX(find->at + find->n, find->from);
        if (i + 1 < trailer->found)
            end = MIN(end, find[1].from);
        sp_find_part_of(trailer->finder, find->carrier, find->kind,
                        (SpSlice){trailer->all.bytes + find->at, find->n}, end - find->from);
    }
}

void
sp_read_trailer(SpSlice content, SpFinder *finder)
{
    Trailer trailer = {.all = content, .finder = finder};
    guint8 firsts[256] = {0}; /* by byte: 1 more than the first signature's number */

    for (gsize i = G_N_ELEMENTS(signatures); i > 0; i--)
        firsts[(guint8)signatures[i - 1].bytes[0]] = (guint8)i;
    read_end(&trailer);
    gsize at = 0;
    while (at < content.n && trailer.found < MAX_FOUND) {
        guint8 first = firsts[content.bytes[at]];
        at += first > 0 ? read_at(&trailer, at, first - 1u) : 1;
    }
    if (!sp_text_ends_blank(content, at))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    tell_finds(&trailer);
}
