/* SPDX-License-Identifier: MIT */
/* jpeg-blocks.h -- coefficients of a baseline JPEG's one scan, block by block.
 *
 * ITU-T T.81, annex F.2.2. This decoder is strict: what is not just as it should be (a code
 * that does not exist, a block with too many coefficients, data that are missing or left over,
 * another marker than the one to come) is a failure without a word, for libjpeg to look at. So
 * it never has to go on behind a fault, and what it gives is what libjpeg gives. */
#ifndef SP_RENDER_JPEG_BLOCKS_H
#define SP_RENDER_JPEG_BLOCKS_H
#include "container/jpeg.h"
#include "render/jpeg-codes.h"
G_BEGIN_DECLS

#define SP_JPEG_BLOCK 64       /* coefficients */
#define SP_JPEG_MCU_BLOCKS 10  /* in one scan: T.81, B.2.3 */
#define SP_JPEG_SPARE_BLOCKS 1 /* behind those of an MCU, to be overwritten */

/* Of each block of an MCU, in their order. Tables are borrowed. */
typedef struct {
    const SpJpegDcTable *dc;
    const SpJpegAcTable *ac;
    guint component;
} SpJpegBlockCodes;

typedef struct {
    guint n_blocks; /* of an MCU, 1 to SP_JPEG_MCU_BLOCKS */
    SpJpegBlockCodes blocks[SP_JPEG_MCU_BLOCKS];
    guint n_mcus;           /* of the scan */
    guint restart_interval; /* MCUs; 0 is none */
    const SpSlice *slices;  /* borrowed; the scan's data, up to EOI */
    guint n_slices;
} SpJpegScan;

typedef struct SpJpegBlocks SpJpegBlocks;

#define SP_JPEG_BLOCKS_BYTES 20480 /* of memory, and not quite */

/* scan is copied, not what it borrows. */
SpJpegBlocks *sp_jpeg_blocks_new(const SpJpegScan *scan);
void sp_jpeg_blocks_free(SpJpegBlocks *blocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJpegBlocks, sp_jpeg_blocks_free)

/* The next n MCUs, as blocks of 64 coefficients in rows, not zigzag, not multiplied; ret_blocks
 * has room for all of them and SP_JPEG_SPARE_BLOCKS more. ret_lengths: of each block, behind
 * which coefficient in zigzag order nothing but zeros follows (1 to 64). FALSE: not a scan
 * without a fault. */
gboolean sp_jpeg_blocks_read(SpJpegBlocks *blocks, guint n, gint16 *ret_blocks,
                             guint8 *ret_lengths) G_GNUC_WARN_UNUSED_RESULT;

/* After the last MCU: whether nothing is left but EOI. */
gboolean sp_jpeg_blocks_end(SpJpegBlocks *blocks) G_GNUC_WARN_UNUSED_RESULT;

/* Zigzag order to rows: [0] to [63]; 64 behind that, as far as a step can lead. */
extern const guint8 sp_jpeg_zigzag[128];

G_END_DECLS
#endif
