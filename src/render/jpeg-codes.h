/* SPDX-License-Identifier: MIT */
/* jpeg-codes.h -- Huffman codes of a baseline JPEG as look-up tables.
 *
 * ITU-T T.81, annexes C and F.2.2. What takes time in decoding is the way from one code to the
 * next: so one look-up of the next bits gives all that is needed to go on, and where two codes
 * with their values fit into these bits, it goes on by both. */
#ifndef SP_RENDER_JPEG_CODES_H
#define SP_RENDER_JPEG_CODES_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_JPEG_DC_LOOK 9
#define SP_JPEG_AC_LOOK 11

#define SP_JPEG_MAX_CODE 16 /* bits */
#define SP_JPEG_MAX_DC 11   /* bits of a difference */
#define SP_JPEG_MAX_AC 10   /* bits of a coefficient */

/* A DHT's table: as many codes of each length, and their symbols in order of the codes. */
typedef struct {
    guint32 limit[SP_JPEG_MAX_CODE + 1]; /* 16 bits with a code of at most so many are below */
    gint32 offset[SP_JPEG_MAX_CODE + 1]; /* from a code of that length to its symbol */
    guint8 symbols[256];
} SpJpegCodes;

/* A step through a block's AC coefficients: one code, or two. 0 is none: the code is longer
 * than what is looked at, or there is none. Where a code's value is not within what is looked
 * at, the step is open, and has its size instead. From its least bit on: */
typedef guint64 SpJpegStep;

#define SP_JPEG_STEP_BITS(step) ((guint)(step)&63)          /* all that it takes */
#define SP_JPEG_STEP_IS_TWO(step) (((guint)(step)&64) != 0) /* of two codes */
#define SP_JPEG_STEP_IS_OPEN(step) (((guint)(step)&128) != 0)
#define SP_JPEG_STEP_RUN(step) ((guint)(step) >> 8 & 15)      /* zeros before the first */
#define SP_JPEG_STEP_ONE(step) ((guint)(step) >> 12 & 15)     /* of two: bits of the first */
#define SP_JPEG_STEP_SECOND(step) ((guint)(step) >> 16 & 255) /* from here to the second */
#define SP_JPEG_STEP_TO(step) ((guint)(step) >> 24)           /* and to behind the last */
#define SP_JPEG_STEP_VALUE(step) ((gint16)((step) >> 32))     /* of the first; or its size */
#define SP_JPEG_STEP_VALUE_2(step) ((gint16)((step) >> 48))   /* of the second; or 0 */

#define SP_JPEG_END 128 /* is added to where an end of block leads to */

/* A difference: bits of its code, and from bit 8 on, those of its value. 0 is none. */
typedef guint16 SpJpegDifference;

typedef struct {
    SpJpegCodes codes;
    SpJpegDifference look[1 << SP_JPEG_DC_LOOK];
} SpJpegDcTable;

typedef struct {
    SpJpegCodes codes;
    SpJpegStep look[1 << SP_JPEG_AC_LOOK];
} SpJpegAcTable;

/* counts: codes of 1 to 16 bits, at [1] to [16]; symbols: 256, those in use first. FALSE when
 * no code can be like that. */
gboolean sp_jpeg_dc_table_init(SpJpegDcTable *table, const guint8 counts[17],
                               const guint8 symbols[256]);
gboolean sp_jpeg_ac_table_init(SpJpegAcTable *table, const guint8 counts[17],
                               const guint8 symbols[256]);

/* For codes that are too long to be looked up; next: the next 16 bits. The step is open. 0 when
 * there is no such code, or none that a baseline JPEG has. */
SpJpegDifference sp_jpeg_dc_long(const SpJpegDcTable *table, guint next);
SpJpegStep sp_jpeg_ac_long(const SpJpegAcTable *table, guint next);

/* A value of so many bits that begins at the first of bits: T.81, table F.1 and F.2. */
static inline int
sp_jpeg_value(guint64 bits, guint size)
{
    gint64 negative = ~((gint64)bits >> 63);
    return (int)((gint64)(bits >> 1 >> (63 - size)) - (negative & ((1 << size) - 1)));
}

G_END_DECLS
#endif
