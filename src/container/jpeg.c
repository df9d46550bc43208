/* SPDX-License-Identifier: MIT */
/* jpeg.c -- walk a JPEG as bytes, and leave of it what a decoder needs.
 *
 * It reads as libjpeg reads (jdmarker.c, jdhuff.c), so that the slim view has the same pixels:
 * bytes before a marker are skipped, FF before a marker is fill, a restart marker or a stuffed
 * zero between segments is nothing. Where libjpeg gives up (a second SOI, a second frame, a
 * marker without a meaning, a scan behind a complete baseline picture), so does the walk.
 *
 * What a marker means stands in one table, one handler a kind. Handlers see whole payloads
 * only; a segment that the file cuts short ends the walk before any handler. All reading goes
 * through at and n of the Walker. No pixel and no entropy data is decoded: whether picture data
 * is missing, only a decoder can say.
 *
 * Behind its first fault the walk goes on, but only for what it tells: each step moves on or
 * ends it.
 *
 * Metadata never fails the walk, and its bytes never reach the slim view: JFIF and Adobe are
 * written anew from static bytes. A further marker is a line in meanings[]. */
#include "container/jpeg.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "container/exif.h"
#include "container/jpeg-meta.h"
#include "container/jpeg-tables.h"

/* Tables and scans that one file may have. Photos have some 10, with many scans some 100; each
 * may cost an element of the slim view. */
#define MAX_KEPT 16384

typedef struct {
    const guint8 *bytes; /* borrowed */
    gsize n, at;
    SpPartFunc segment;
    gpointer data;
    SpJpegWalk *walk;  /* borrowed; what is filled in */
    gsize marker_at;   /* of the FF that belongs to the marker in hand */
    gboolean at_end;   /* the picture is over */
    gboolean has_exif; /* the first one was seen: no other counts */
    guint adobe_byte;  /* the transform as the last APP14 says it */
    guint restart_interval, n_kept;
    gboolean is_complete; /* a baseline scan held all components: no other may follow */
    gboolean is_empty;    /* the last scan has no data at all */
    SpJpegProfile profile;
    SpJpegTables tables;
    guint quantisers[4]; /* of the frame's components */
    guint seen_heads;    /* a bit for APPn, n 0 to 15, whose plain form was there */
} Walker;

typedef gboolean (*Handler)(Walker *walker, guint marker, const guint8 *payload, gsize n,
                            GError **error);

typedef struct {
    guint first, last;    /* the markers, both included */
    Handler handler;      /* NULL: the coding is not taken, or no decoder goes on */
    gboolean is_metadata; /* left out, and never fails the walk */
    gboolean is_nonsense; /* no decoder goes on behind it */
    const char *refused;  /* the coding that is not taken; else NULL */
} Meaning;

/* Tell bytes that are no segment. */
static void
tell(const Walker *walker, SpCarrier carrier, gsize from, gsize to)
{
    if (to > from)
        sp_part_tell(walker->segment, walker->data, carrier, 0,
                     (SpSlice){walker->bytes + from, to - from}, to - from);
}

/* ---- the slim view -------------------------------------------------------------------------
 */

static void
keep(Walker *walker, gsize from, gsize to)
{
    sp_slim_add(walker->walk->slim, walker->bytes + from, to - from);
}

/* Keep the segment that was just read. */
static gboolean
keep_segment(Walker *walker, GError **error)
{
    if (++walker->n_kept > MAX_KEPT)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                        "the JPEG has at least %u tables and scans, the limit is %d (of its "
                        "format)",
                        walker->n_kept, MAX_KEPT);
    keep(walker, walker->marker_at, walker->at);
    return TRUE;
}

/* The head of the slim view. JFIF and Adobe have only their presence and the transform from the
 * upload; libjpeg lets the last Adobe win, and JFIF over it. Of transforms that do not fit the
 * number of components it warns and takes any but 0 as YCbCr or YCCK; so here, unwarned. */
static void
prepend_head(Walker *walker)
{
    static const guint8 soi[] = {0xFF, 0xD8};
    static const guint8 jfif[] = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0,
                                  1,    1,    0, 0,  1,   0,   1,   0,   0};
    static const guint8 adobe[3][16] = {
        {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0},
        {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 1},
        {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 2},
    };
    SpJpegWalk *walk = walker->walk;
    SpSlice head[3] = {{soi, sizeof soi}};
    guint n = 1;

    if (walk->has_jfif)
        head[n++] = (SpSlice){jfif, sizeof jfif};
    if (walk->has_adobe) {
        if (walker->adobe_byte != 0 && walk->n_components != 1)
            walk->adobe_transform = walk->n_components == 4 ? 2 : 1;
        head[n++] = (SpSlice){adobe[walk->adobe_transform], sizeof adobe[0]};
    }
    g_array_prepend_vals(walk->slim, head, n);
}

/* ---- segments ------------------------------------------------------------------------------
 */

static gboolean
read_table(Walker *walker, guint marker G_GNUC_UNUSED, const guint8 *payload G_GNUC_UNUSED,
           gsize n G_GNUC_UNUSED, GError **error)
{
    return keep_segment(walker, error);
}

static gboolean
read_restart_interval(Walker *walker, guint marker G_GNUC_UNUSED, const guint8 *payload,
                      gsize n, GError **error)
{
    if (n != 2)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "bad restart interval at byte %" G_GSIZE_FORMAT, walker->marker_at);
    walker->restart_interval = sp_get16be(payload);
    return keep_segment(walker, error);
}

/* The frame header's own numbers; its length is right already. */
static gboolean
check_frame(const guint8 *payload, GError **error)
{
    guint precision = payload[0], n_components = payload[5];

    if (precision != 8)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "JPEG with %u bits a sample is not supported, only 8 bits are",
                        precision);
    if (sp_get16be(payload + 1) == 0)
        return sp_throw(error, SP_ERROR_UNSUPPORTED,
                        "JPEG that gives its height after the picture (DNL) is not supported");
    if (sp_get16be(payload + 3) == 0 || n_components == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "JPEG has no %s",
                        n_components == 0 ? "components" : "width");
    if (n_components == 2 || n_components > 4)
        return sp_throw(error, SP_ERROR_UNSUPPORTED, "JPEG with %u components is not supported",
                        n_components);
    return TRUE;
}

static gboolean
read_frame(Walker *walker, guint marker, const guint8 *payload, gsize n, GError **error)
{
    SpJpegWalk *walk = walker->walk;

    if (walk->n_components != 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "second frame at byte %" G_GSIZE_FORMAT,
                        walker->marker_at);
    if (n < 6 || n != 6 + 3 * (gsize)payload[5])
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "frame header of a wrong length at byte %" G_GSIZE_FORMAT,
                        walker->marker_at);
    if (!check_frame(payload, error))
        return FALSE;
    for (guint i = 0; i < payload[5]; i++) {
        const guint8 *p = payload + 6 + 3 * (gsize)i;
        SpJpegComponent component = {.id = p[0], .h = p[1] >> 4, .v = p[1] & 15};
        if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4)
            return sp_throw(error, SP_ERROR_CORRUPT, "component %u has sampling factors %ux%u",
                            i, component.h, component.v);
        walk->components[i] = component;
        walker->quantisers[i] = p[2];
    }
    walk->coding = marker == 0xC2 ? SP_JPEG_CODING_PROGRESSIVE : SP_JPEG_CODING_BASELINE;
    walk->height = sp_get16be(payload + 1);
    walk->width = sp_get16be(payload + 3);
    walk->n_components = payload[5];
    return keep_segment(walker, error);
}

/* Metadata of the header that changes the picture. libjpeg looks at it when it meets the first
 * scan, so what comes later changes nothing. */
static void
read_header_metadata(Walker *walker, guint marker, const guint8 *payload, gsize n)
{
    SpJpegWalk *walk = walker->walk;

    if (marker == 0xE0 && n >= 14 && memcmp(payload, "JFIF", 5) == 0) {
        walk->has_jfif = TRUE;
    } else if (marker == 0xEE && n >= 12 && memcmp(payload, "Adobe", 5) == 0) {
        walk->has_adobe = TRUE;
        walker->adobe_byte = payload[11];
    } else if (marker == 0xE2 && sp_jpeg_is_profile(payload, n)) {
        sp_jpeg_profile_add(&walker->profile, payload, n);
    } else if (marker == 0xE1 && !walker->has_exif && n >= 6 &&
               memcmp(payload, "Exif\0", 6) == 0) {
        SpExifLook look = sp_exif_look(payload + 6, n - 6);
        walker->has_exif = TRUE;
        walk->orientation = look.orientation;
        walk->colour.adobe_rgb = look.adobe_rgb;
    }
}

static gboolean
read_metadata(Walker *walker, guint marker, const guint8 *payload, gsize n,
              GError **error G_GNUC_UNUSED)
{
    if (walker->walk->n_scans == 0)
        read_header_metadata(walker, marker, payload, n);
    return TRUE;
}

/* ---- scans ---------------------------------------------------------------------------------
 */

/* Where the marker stands that ends the entropy data from at on, with its fill bytes; n when
 * none does. A stuffed zero and restart markers belong to the data. libjpeg takes FF FF 00 for
 * FF 00, so that is data, too. */
static gsize
find_scan_end(const guint8 *bytes, gsize at, gsize n)
{
    while (at < n) {
        const guint8 *found = memchr(bytes + at, 0xFF, n - at);
        if (found == NULL)
            return n;
        gsize start = (gsize)(found - bytes);
        for (at = start; at < n && bytes[at] == 0xFF;)
            at++;
        if (at == n)
            return start;
        if (bytes[at] != 0 && (bytes[at] < 0xD0 || bytes[at] > 0xD7))
            return start;
        at++;
    }
    return n;
}

/* The place of a component in the frame; n_components when it has none of that id. */
static guint
find_component(const SpJpegWalk *walk, guint id)
{
    guint i = 0;
    while (i < walk->n_components && walk->components[i].id != id)
        i++;
    return i;
}

static gboolean
check_scan(const Walker *walker, const guint8 *payload, gsize n, GError **error)
{
    const SpJpegWalk *walk = walker->walk;
    gsize at = walker->marker_at;

    if (walk->n_components == 0)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "scan without a frame at byte %" G_GSIZE_FORMAT, at);
    if (walker->is_complete)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "scan behind a complete picture at byte %" G_GSIZE_FORMAT, at);
    if (n < 1 || payload[0] < 1 || payload[0] > 4 || n != 4 + 2 * (gsize)payload[0])
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "scan header of a wrong length at byte %" G_GSIZE_FORMAT, at);
    for (guint i = 0; i < payload[0]; i++) {
        if (find_component(walk, payload[1 + 2 * i]) == walk->n_components)
            return sp_throw(error, SP_ERROR_CORRUPT,
                            "scan of an unknown component at byte %" G_GSIZE_FORMAT, at);
    }
    return TRUE;
}

static gboolean
read_scan(Walker *walker, guint marker G_GNUC_UNUSED, const guint8 *payload, gsize n,
          GError **error)
{
    SpJpegWalk *walk = walker->walk;
    gsize data_at = walker->at;

    walker->at = find_scan_end(walker->bytes, data_at, walker->n);
    if (!check_scan(walker, payload, n, error))
        return FALSE;
    for (guint i = 0; i < payload[0]; i++)
        sp_jpeg_tables_use(&walker->tables,
                           walker->quantisers[find_component(walk, payload[1 + 2 * i])],
                           payload[2 + 2 * i]);
    if (walk->n_scans == 0)
        walk->restart_interval = walker->restart_interval;
    walk->n_scans++;
    walker->is_complete =
        walk->coding == SP_JPEG_CODING_BASELINE && payload[0] == walk->n_components;
    walker->is_empty = walker->at == data_at;
    return keep_segment(walker, error);
}

/* ---- the walk ------------------------------------------------------------------------------
 */

/* ITU-T T.81, table B.1. Reserved markers are fatal to libjpeg, too. */
static const Meaning meanings[] = {
    {0x02, 0xBF, .is_nonsense = TRUE},       /* RES */
    {0xC0, 0xC2, read_frame},                /* SOF0 to SOF2 */
    {0xC3, 0xC3, .refused = "lossless"},     /* SOF3 */
    {0xC4, 0xC4, read_table},                /* DHT */
    {0xC5, 0xC7, .refused = "hierarchical"}, /* SOF5 to SOF7 */
    {0xC8, 0xC8, .refused = "extended"},     /* JPG */
    {0xC9, 0xCB, .refused = "arithmetic"},   /* SOF9 to SOF11 */
    {0xCC, 0xCC, read_metadata, TRUE},       /* DAC */
    {0xCD, 0xCF, .refused = "arithmetic"},   /* SOF13 to SOF15 */
    {0xD8, 0xD8, .is_nonsense = TRUE},       /* SOI */
    {0xDA, 0xDA, read_scan},                 /* SOS */
    {0xDB, 0xDB, read_table},                /* DQT */
    {0xDC, 0xDC, read_metadata, TRUE},       /* DNL */
    {0xDD, 0xDD, read_restart_interval},     /* DRI */
    {0xDE, 0xDF, .refused = "hierarchical"}, /* DHP, EXP */
    {0xE0, 0xEF, read_metadata, TRUE},       /* APP0 to APP15 */
    {0xF0, 0xF6, .is_nonsense = TRUE},       /* JPG0 to JPG6 */
    {0xF7, 0xF8, .refused = "JPEG-LS"},      /* SOF55, LSE */
    {0xF9, 0xFD, .is_nonsense = TRUE},       /* JPG9 to JPG13 */
    {0xFE, 0xFE, read_metadata, TRUE},       /* COM */
};

static const Meaning *
find_meaning(guint marker)
{
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (marker >= meanings[i].first && marker <= meanings[i].last)
            return &meanings[i];
    }
    g_return_val_if_reached(NULL); /* all that next_marker() gives but FFD9 */
}

/* Does a decoder step over FF and that byte, outside of entropy data? */
static gboolean
is_nothing(guint byte)
{
    return byte <= 0x01 || (byte >= 0xD0 && byte <= 0xD7); /* stuffed zero, TEM, RST0 to RST7 */
}

/* The next marker from at on; 0 when the file ends first. Whatever is skipped is stray, but for
 * the fill bytes of the marker. */
static guint
next_marker(Walker *walker)
{
    const guint8 *bytes = walker->bytes;
    gsize start = walker->at, at = start;

    while (at < walker->n) {
        const guint8 *found = memchr(bytes + at, 0xFF, walker->n - at);
        gsize fill_at = found ? (gsize)(found - bytes) : walker->n;
        for (at = fill_at; at < walker->n && bytes[at] == 0xFF;)
            at++;
        if (at < walker->n && is_nothing(bytes[at])) {
            at++;
            continue;
        }
        tell(walker, SP_CARRIER_STRAY, start, fill_at);
        walker->at = MIN(at + 1, walker->n);
        walker->marker_at = at - 1; /* means nothing at the end */
        return at < walker->n ? bytes[at] : 0;
    }
    tell(walker, SP_CARRIER_STRAY, start, walker->n);
    walker->at = walker->n;
    return 0;
}

/* The file is over without EOI. Behind a scan that may do; the decoder knows. */
static gboolean
end_without_marker(Walker *walker, GError **error)
{
    walker->at_end = TRUE;
    if (walker->walk->n_scans == 0)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "ends after %" G_GSIZE_FORMAT " bytes, before any picture data",
                        walker->n);
    if (walker->is_empty)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends before the data of scan %u",
                        walker->walk->n_scans);
    walker->walk->missing_end = TRUE;
    return TRUE;
}

/* EOI ends the picture wherever it stands, as for libjpeg; the rest is trailing. */
static gboolean
end_with_marker(Walker *walker, GError **error)
{
    walker->at_end = TRUE;
    tell(walker, SP_CARRIER_TRAILER, walker->at, walker->n);
    if (walker->walk->n_scans == 0)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "ends without a picture at byte %" G_GSIZE_FORMAT, walker->marker_at);
    keep(walker, walker->marker_at, walker->at);
    return TRUE;
}

/* No marker of any meaning, or no length: nobody knows what the rest is. */
static gboolean
end_in_nonsense(Walker *walker)
{
    walker->at_end = TRUE;
    tell(walker, SP_CARRIER_STRAY, walker->marker_at, walker->n);
    return FALSE;
}

/* Of JFIF, SPIFF and Adobe one is enough. */
static SpCarrier
metadata_carrier(Walker *walker, guint marker, SpSlice payload, SpSlice *ret_content)
{
    SpCarrier carrier = sp_jpeg_meta_carrier(marker, payload.bytes, payload.n, ret_content);
    guint bit = 1u << (marker & 15);
    if (carrier != SP_CARRIER_PICTURE)
        return carrier;
    if (walker->seen_heads & bit)
        return SP_CARRIER_UNKNOWN;
    walker->seen_heads |= bit;
    return carrier;
}

/* is_cut: the file ends in it, so that nothing can be said of its form. */
static void
tell_segment(Walker *walker, guint marker, const Meaning *meaning, SpSlice payload,
             gboolean is_cut)
{
    SpSlice content = payload;
    SpCarrier carrier = SP_CARRIER_PICTURE;
    if (meaning->is_metadata)
        carrier = metadata_carrier(walker, marker, payload, &content);
    else if (!is_cut)
        carrier = sp_jpeg_tables_add(&walker->tables, marker, payload);
    sp_part_tell(walker->segment, walker->data, carrier, marker, content,
                 walker->at - walker->marker_at);
}

/* A marker with a length. libjpeg takes metadata that is too short for its own length field as
 * empty. */
static gboolean
read_segment(Walker *walker, guint marker, const Meaning *meaning, GError **error)
{
    gsize left = walker->n - walker->at;
    gsize length = left < 2 ? 2 : sp_get16be(walker->bytes + walker->at);

    if (length < 2 && !meaning->is_metadata) {
        sp_throw(error, SP_ERROR_CORRUPT,
                 "marker 0x%02X has no length at byte %" G_GSIZE_FORMAT, marker,
                 walker->marker_at);
        return end_in_nonsense(walker);
    }
    length = MAX(length, 2);
    gsize there = MIN(length, left), head = MIN(2, left);
    SpSlice payload = {walker->bytes + walker->at + head, there - head};
    walker->at += there;
    tell_segment(walker, marker, meaning, payload, left < length);
    if (left < length) {
        if (meaning->is_metadata)
            return end_without_marker(walker, error);
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "marker 0x%02X at byte %" G_GSIZE_FORMAT " runs past the end", marker,
                        walker->marker_at);
    }
    return meaning->handler == NULL ||
           meaning->handler(walker, marker, payload.bytes, payload.n, error);
}

/* One marker and what belongs to it. */
static gboolean
step(Walker *walker, GError **error)
{
    guint marker = next_marker(walker);
    if (marker == 0)
        return end_without_marker(walker, error);
    if (marker == 0xD9)
        return end_with_marker(walker, error);
    const Meaning *meaning = find_meaning(marker);
    if (meaning->is_nonsense) {
        sp_throw(error, SP_ERROR_CORRUPT,
                 "marker 0x%02X makes no sense at byte %" G_GSIZE_FORMAT, marker,
                 walker->marker_at);
        return end_in_nonsense(walker);
    }
    if (meaning->refused) {
        sp_throw(error, SP_ERROR_UNSUPPORTED, "%s JPEG (marker 0x%02X) is not supported",
                 meaning->refused, marker);
        (void)read_segment(walker, marker, meaning, NULL); /* for what is told */
        return FALSE;
    }
    return read_segment(walker, marker, meaning, error);
}

/* All steps. FALSE with the first error. */
static gboolean
walk_all(Walker *walker, GError **error)
{
    gboolean ok = TRUE;

    if (walker->n < 2 || memcmp(walker->bytes, "\xff\xd8", 2) != 0) {
        tell(walker, SP_CARRIER_STRAY, 0, walker->n);
        if (walker->n >= 2)
            return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a JPEG");
        return sp_throw(error, SP_ERROR_TRUNCATED, "%s",
                        walker->n == 0 ? "no bytes" : "one byte only");
    }
    while (!walker->at_end) {
        if (!step(walker, ok ? error : NULL))
            ok = FALSE;
    }
    sp_jpeg_tables_tell(&walker->tables, (SpSlice){walker->bytes + walker->n, 0},
                        walker->segment, walker->data);
    return ok;
}

gboolean
sp_jpeg_walk(const guint8 *bytes, gsize n, SpPartFunc segment, gpointer data,
             SpJpegWalk *ret_walk, GError **error)
{
    g_auto(SpJpegWalk) walk = {.orientation = 1};
    Walker walker = {
        .bytes = bytes,
        .n = n,
        .at = 2,
        .segment = segment,
        .data = data,
        .walk = &walk,
    };

    walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    if (!walk_all(&walker, error))
        return FALSE;
    prepend_head(&walker);
    walk.colour.icc = sp_jpeg_profile_join(&walker.profile);
    *ret_walk = walk;
    walk = (SpJpegWalk){0};
    return TRUE;
}

void
sp_jpeg_walk_clear(SpJpegWalk *walk)
{
    sp_colour_tags_clear(&walk->colour);
    if (walk->slim)
        g_array_unref(walk->slim);
    *walk = (SpJpegWalk){0};
}

const char *
sp_jpeg_sampling_word(const SpJpegWalk *walk)
{
    static const struct {
        guint8 h, v; /* how much finer luma is than chroma */
        const char *word;
    } words[] = {
        {1, 1, "4:4:4"}, {2, 1, "4:2:2"}, {2, 2, "4:2:0"},
        {1, 2, "4:4:0"}, {4, 1, "4:1:1"}, {4, 2, "4:1:0"},
    };
    const SpJpegComponent *c = walk->components;

    if (walk->n_components == 1)
        return "grey";
    if (walk->n_components == 4)
        return "4 components";
    if (walk->n_components != 3)
        return "no components";
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (c[0].h == words[i].h * c[1].h && c[0].v == words[i].v * c[1].v &&
            c[1].h == c[2].h && c[1].v == c[2].v)
            return words[i].word;
    }
    return "unusual sampling";
}
