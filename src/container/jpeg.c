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
 * A step is one segment, for which it waits to be there whole, or as much of a scan's data as
 * is there: so a walk finds the same in a file and in what comes in pieces.
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
#include "container/jpeg-marker.h"
#include "container/jpeg-meta.h"
#include "container/jpeg-tables.h"

/* Tables and scans that one file may have. Photos have some 10, with many scans some 100; each
 * may cost an element of the slim view. */
#define MAX_KEPT 16384

/* Bytes of a scan that a step waits for: enough for libjpeg to be fast in most of them. */
#define PIECE 16384

typedef struct SpJpegWalker Walker;

struct SpJpegWalker {
    SpSource *source;    /* borrowed */
    const guint8 *bytes; /* borrowed; the source's */
    gsize n, at;         /* of those, as many as there were before the last wait */
    SpPartFunc segment;
    gpointer data;
    SpJpegWalk walk; /* what is filled in */
    GError *error;   /* owned; the first fault */
    gsize marker_at; /* of the FF that belongs to the marker in hand */
    gsize undecided; /* FF at the end of a scan's data, as far as that is there */
    gboolean has_begun;
    gboolean in_scan;  /* in its data */
    gboolean is_kept;  /* this scan is */
    gboolean at_end;   /* the picture is over */
    gboolean has_exif; /* the first one was seen: no other counts */
    guint adobe_byte;  /* the transform as the last APP14 says it */
    guint restart_interval, n_kept;
    gboolean is_complete; /* a baseline scan held all components: no other may follow */
    gboolean is_empty;    /* the last scan has no data at all, so far */
    SpJpegProfile profile;
    SpJpegTables tables;
    guint quantisers[4]; /* of the frame's components */
    guint seen_heads;    /* a bit for APPn, n 0 to 15, whose plain form was there */
};

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
    sp_slim_add(walker->walk.slim, walker->bytes + from, to - from);
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
    SpJpegWalk *walk = &walker->walk;
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
    SpJpegWalk *walk = &walker->walk;

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
    SpJpegWalk *walk = &walker->walk;

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
    if (walker->walk.n_scans == 0)
        read_header_metadata(walker, marker, payload, n);
    return TRUE;
}

/* ---- scans ---------------------------------------------------------------------------------
 */

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
    const SpJpegWalk *walk = &walker->walk;
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

/* The header is over: what follows changes neither size nor colours of the picture. */
static void
begin_picture(Walker *walker)
{
    SpJpegWalk *walk = &walker->walk;
    walk->restart_interval = walker->restart_interval;
    walk->colour.icc = sp_jpeg_profile_join(&walker->profile);
    walk->streams = walker->is_complete;
    prepend_head(walker);
}

static gboolean
read_scan(Walker *walker, guint marker G_GNUC_UNUSED, const guint8 *payload, gsize n,
          GError **error)
{
    SpJpegWalk *walk = &walker->walk;

    walker->in_scan = TRUE;
    walker->is_kept = FALSE;
    if (!check_scan(walker, payload, n, error))
        return FALSE;
    for (guint i = 0; i < payload[0]; i++)
        sp_jpeg_tables_use(&walker->tables,
                           walker->quantisers[find_component(walk, payload[1 + 2 * i])],
                           payload[2 + 2 * i]);
    walker->is_complete =
        walk->coding == SP_JPEG_CODING_BASELINE && payload[0] == walk->n_components;
    if (walk->n_scans == 0)
        begin_picture(walker);
    walk->n_scans++;
    walker->is_empty = TRUE;
    walker->is_kept = keep_segment(walker, error);
    return walker->is_kept;
}

/* As much of its data as is there. When that was nothing but FF, it is looked at again only
 * when there is twice as much. */
static void
go_on_in_scan(Walker *walker)
{
    gsize from = walker->at;
    gboolean found = FALSE;
    sp_source_reach(walker->source, from + MAX(PIECE, 2 * walker->undecided));
    walker->n = walker->source->n;
    walker->at =
        sp_jpeg_find_scan_end(walker->bytes, from, walker->n, &found, &walker->walk.filled);
    walker->undecided = found ? 0 : walker->n - walker->at;
    walker->in_scan = !found && !walker->source->at_end;
    if (walker->at == from)
        return;
    walker->is_empty = FALSE;
    if (walker->is_kept)
        keep(walker, from, walker->at);
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

/* The next marker from at on, with its segment; 0 when the file ends first. Whatever is skipped
 * is stray, but for the fill bytes of the marker. */
static guint
next_marker(Walker *walker)
{
    gsize start = walker->at, fill_at = start;
    sp_jpeg_await_segment(walker->source, start);
    walker->n = walker->source->n;
    gsize at = sp_jpeg_find_marker(walker->bytes, walker->n, start, &fill_at);
    tell(walker, SP_CARRIER_STRAY, start, fill_at);
    walker->at = MIN(at + 1, walker->n);
    walker->marker_at = at - 1; /* means nothing at the end */
    return at < walker->n ? walker->bytes[at] : 0;
}

/* What is left of the file, whatever it is. */
static void
end_with_rest(Walker *walker, SpCarrier carrier, gsize from)
{
    walker->at_end = TRUE;
    sp_source_all(walker->source);
    walker->n = walker->source->n;
    tell(walker, carrier, from, walker->n);
}

/* The file is over without EOI. Behind a scan that may do; the decoder knows. */
static gboolean
end_without_marker(Walker *walker, GError **error)
{
    walker->at_end = TRUE;
    if (walker->walk.n_scans == 0)
        return sp_throw(error, SP_ERROR_TRUNCATED,
                        "ends after %" G_GSIZE_FORMAT " bytes, before any picture data",
                        walker->n);
    if (walker->is_empty)
        return sp_throw(error, SP_ERROR_TRUNCATED, "ends before the data of scan %u",
                        walker->walk.n_scans);
    walker->walk.missing_end = TRUE;
    return TRUE;
}

/* EOI ends the picture wherever it stands, as for libjpeg; the rest is trailing. */
static gboolean
end_with_marker(Walker *walker, GError **error)
{
    end_with_rest(walker, SP_CARRIER_TRAILER, walker->at);
    if (walker->walk.n_scans == 0)
        return sp_throw(error, SP_ERROR_CORRUPT,
                        "ends without a picture at byte %" G_GSIZE_FORMAT, walker->marker_at);
    keep(walker, walker->marker_at, walker->at);
    return TRUE;
}

/* No marker of any meaning, or no length: nobody knows what the rest is. */
static gboolean
end_in_nonsense(Walker *walker)
{
    end_with_rest(walker, SP_CARRIER_STRAY, walker->marker_at);
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

/* FALSE with the first error. */
static gboolean
begin(Walker *walker, GError **error)
{
    walker->has_begun = TRUE;
    walker->at = 2;
    sp_source_reach(walker->source, 2);
    if (walker->source->n >= 2 && memcmp(walker->bytes, "\xff\xd8", 2) == 0)
        return TRUE;
    end_with_rest(walker, SP_CARRIER_STRAY, 0);
    if (walker->n >= 2)
        return sp_throw(error, SP_ERROR_CORRUPT, "does not begin as a JPEG");
    return sp_throw(error, SP_ERROR_TRUNCATED, "%s",
                    walker->n == 0 ? "no bytes" : "one byte only");
}

static void
advance(Walker *walker)
{
    GError **error = walker->error == NULL ? &walker->error : NULL;
    if (!walker->has_begun)
        (void)begin(walker, error);
    else if (walker->in_scan)
        go_on_in_scan(walker);
    else
        (void)step(walker, error);
    if (walker->at_end)
        sp_jpeg_tables_tell(&walker->tables, (SpSlice){walker->bytes + walker->n, 0},
                            walker->segment, walker->data);
}

SpJpegWalker *
sp_jpeg_walker_new(SpSource *source, SpPartFunc segment, gpointer data)
{
    Walker *walker = g_new0(Walker, 1);
    walker->source = source;
    walker->bytes = source->bytes;
    walker->segment = segment;
    walker->data = data;
    walker->walk.orientation = 1;
    walker->walk.slim = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    return walker;
}

void
sp_jpeg_walker_free(SpJpegWalker *walker)
{
    if (walker == NULL)
        return;
    sp_jpeg_walk_clear(&walker->walk);
    g_clear_error(&walker->error);
    g_free(walker);
}

SpJpegWalk *
sp_jpeg_walker_found(SpJpegWalker *walker)
{
    return &walker->walk;
}

gboolean
sp_jpeg_walker_step(SpJpegWalker *walker)
{
    if (!walker->at_end && walker->error == NULL)
        advance(walker);
    return !walker->at_end && walker->error == NULL;
}

gboolean
sp_jpeg_walker_header(SpJpegWalker *walker)
{
    while (walker->walk.n_scans == 0 && sp_jpeg_walker_step(walker))
        ;
    return walker->walk.n_scans > 0 && walker->error == NULL;
}

gboolean
sp_jpeg_walker_finish(SpJpegWalker *walker, GError **error)
{
    while (!walker->at_end)
        advance(walker);
    if (walker->error == NULL)
        return TRUE;
    g_propagate_error(error, g_error_copy(walker->error));
    return FALSE;
}
