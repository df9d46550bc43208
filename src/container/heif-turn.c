/* SPDX-License-Identifier: MIT */
/* heif-turn.c -- clap, irot and imir, in any order, as one crop and one orientation.
 *
 * What a clap keeps is given by fractions around the picture's centre, and the standard does
 * not say how they become whole pixels. They are rounded as libheif 1.15 does it (left towards
 * zero, the three others to the nearest, denominators halved until they are small), since that
 * is what viewers show of these files; but in 64 bits, where its 32 may overflow. As there, a
 * clap that leaves nothing or divides by zero fails the picture: to ignore it would publish
 * what somebody cut off. One that reaches over the edge is clipped. */
#include "container/heif-turn.h"

#include <string.h>

#include "base/error.h"
#include "container/heif-boxes.h"

#define CLAP SP_FOURCC('c', 'l', 'a', 'p')
#define IROT SP_FOURCC('i', 'r', 'o', 't')
#define IMIR SP_FOURCC('i', 'm', 'i', 'r')

/* ---- fractions -----------------------------------------------------------------------------
 */

/* A numerator is at most MAX_FRACTION, or the denominator is 1 and it is below 2^34; so no
 * product of the few below comes near to 2^63. */
#define MAX_FRACTION 0x10000

typedef struct {
    gint64 numerator, denominator; /* 1 or more */
} Fraction;

static Fraction
fraction(gint64 numerator, gint64 denominator)
{
    while (denominator > MAX_FRACTION ||
           (denominator > 1 && (numerator > MAX_FRACTION || numerator < -MAX_FRACTION))) {
        numerator /= 2;
        denominator /= 2;
    }
    return (Fraction){numerator, denominator};
}

static Fraction
add(Fraction a, Fraction b)
{
    if (a.denominator == b.denominator)
        return fraction(a.numerator + b.numerator, a.denominator);
    return fraction(a.numerator * b.denominator + b.numerator * a.denominator,
                    a.denominator * b.denominator);
}

static Fraction
minus_one(Fraction a)
{
    return fraction(a.numerator - a.denominator, a.denominator);
}

/* Below zero this is off by one half; the crop is clipped there anyway. */
static gint64
to_nearest(Fraction a)
{
    return (a.numerator + a.denominator / 2) / a.denominator;
}

/* ---- clap ----------------------------------------------------------------------------------
 */

typedef struct {
    Fraction length, offset; /* of the centre from the picture's centre */
} Aperture;

/* Where an aperture begins on a side that is `side` long. */
static Fraction
aperture_start(Aperture aperture, guint side)
{
    Fraction centre = add(aperture.offset, fraction((gint64)side - 1, 2));
    Fraction half = minus_one(aperture.length);
    half = fraction(half.numerator, half.denominator * 2);
    return add(centre, (Fraction){-half.numerator, half.denominator});
}

/* Its first and last pixel within the side; FALSE when there is none. */
static gboolean
aperture_span(Aperture aperture, guint side, gint64 first, guint *ret_start, guint *ret_length)
{
    gint64 last = to_nearest(add(minus_one(aperture.length), (Fraction){first, 1}));
    first = MAX(first, 0);
    last = MIN(last, (gint64)side - 1);
    if (first > last)
        return FALSE;
    *ret_start = (guint)first;
    *ret_length = (guint)(last - first + 1);
    return TRUE;
}

/* Two numbers of 32 bits. Only offsets may be negative; FALSE when it is no fraction. */
static gboolean
read_fraction(SpHeifReader *reader, gboolean is_signed, Fraction *ret_fraction)
{
    guint32 numerator = (guint32)sp_heif_read(reader, 4);
    guint32 denominator = (guint32)sp_heif_read(reader, 4);
    if (denominator == 0 || denominator > G_MAXINT32 || (!is_signed && numerator > G_MAXINT32))
        return FALSE;
    *ret_fraction = fraction((gint32)numerator, denominator);
    return TRUE;
}

/* What of a picture of that size is kept. */
static gboolean
read_aperture(SpSlice payload, guint width, guint height, SpRect *ret_rect)
{
    SpHeifReader reader = {payload};
    Aperture across, down;
    if (!read_fraction(&reader, FALSE, &across.length) ||
        !read_fraction(&reader, FALSE, &down.length) ||
        !read_fraction(&reader, TRUE, &across.offset) ||
        !read_fraction(&reader, TRUE, &down.offset))
        return FALSE;
    Fraction left = aperture_start(across, width);
    SpRect rect = {0};
    if (!aperture_span(across, width, left.numerator / left.denominator, &rect.left,
                       &rect.width) ||
        !aperture_span(down, height, to_nearest(aperture_start(down, height)), &rect.top,
                       &rect.height))
        return FALSE;
    *ret_rect = rect;
    return TRUE;
}

/* A crop of what is seen is a crop of what is coded: the steps are undone from the last one. */
static gboolean
add_aperture(SpHeifTurn *turn, SpSlice payload)
{
    SpRect *crop = &turn->crop;
    SpRect seen = {0};
    guint width = turn->transpose ? crop->height : crop->width;
    guint height = turn->transpose ? crop->width : crop->height;
    if (!read_aperture(payload, width, height, &seen))
        return FALSE;
    if (turn->transpose)
        seen = (SpRect){seen.top, seen.left, seen.height, seen.width};
    if (turn->flip_x)
        seen.left = crop->width - seen.left - seen.width;
    if (turn->flip_y)
        seen.top = crop->height - seen.top - seen.height;
    *crop = (SpRect){crop->left + seen.left, crop->top + seen.top, seen.width, seen.height};
    return TRUE;
}

/* ---- turns ---------------------------------------------------------------------------------
 */

/* Exchange left and right, or top and bottom, of what is seen. */
static void
mirror(SpHeifTurn *turn, gboolean left_to_right)
{
    if (left_to_right != turn->transpose)
        turn->flip_x = !turn->flip_x;
    else
        turn->flip_y = !turn->flip_y;
}

/* Anticlockwise: rows and columns are exchanged, then top and bottom. */
static void
rotate(SpHeifTurn *turn, guint quarters)
{
    for (; quarters > 0; quarters--) {
        turn->transpose = !turn->transpose;
        mirror(turn, FALSE);
    }
}

gboolean
sp_heif_turn_add(SpHeifTurn *turn, guint32 type, SpSlice payload, GError **error)
{
    if (type == CLAP && !add_aperture(turn, payload))
        return sp_throw(error, SP_ERROR_CORRUPT, "the clean aperture makes no sense");
    if ((type == IROT || type == IMIR) && payload.n == 0)
        return sp_throw(error, SP_ERROR_CORRUPT, "a %s property is empty",
                        type == IROT ? "irot" : "imir");
    if (type == IROT)
        rotate(turn, payload.bytes[0] & 3);
    else if (type == IMIR)
        mirror(turn, payload.bytes[0] & 1);
    return TRUE;
}

gboolean
sp_heif_is_same_turn(const SpHeifTurn *a, const SpHeifTurn *b)
{
    return sp_heif_turn_orientation(a) == sp_heif_turn_orientation(b) &&
           memcmp(&a->crop, &b->crop, sizeof a->crop) == 0;
}

guint
sp_heif_turn_orientation(const SpHeifTurn *turn)
{
    /* flip_x, flip_y, transpose: the other way round than in render/geometry.c */
    static const guint orientations[2][2][2] = {{{1, 5}, {4, 6}}, {{2, 8}, {3, 7}}};
    return orientations[turn->flip_x][turn->flip_y][turn->transpose];
}
