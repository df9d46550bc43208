/* SPDX-License-Identifier: MIT */
/* jpeg-baseline.h -- planes of a baseline JPEG without a fault, in two threads.
 *
 * libjpeg has read the header; from there on it takes one thread for codes and inverse DCT,
 * which one upload waits for longer than for anything else. This takes two, and less of each.
 * It is a bet on an upload without a fault: where it fails, for whatever reason, it says none,
 * and libjpeg decodes the upload from its header on. Where it succeeds, each sample is
 * libjpeg's. */
#ifndef SP_RENDER_JPEG_BASELINE_H
#define SP_RENDER_JPEG_BASELINE_H
#include "container/jpeg.h"
#include "render/feed.h"
G_BEGIN_DECLS

struct jpeg_decompress_struct;
typedef struct SpJpegBaseline SpJpegBaseline;

/* For a decompressor that has read a header and knows its output's dimensions, raw, and is
 * borrowed for the call; slices: of SpSlice, one or more, the scan's data up to EOI. NULL
 * when this is none that is taken: not a single interleaved scan of 1, 3 or 4 components, or
 * tables that are missing or make no sense. */
SpJpegBaseline *sp_jpeg_baseline_new(const struct jpeg_decompress_struct *cinfo,
                                     GArray *slices);
void sp_jpeg_baseline_free(SpJpegBaseline *baseline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpJpegBaseline, sp_jpeg_baseline_free)

/* Once. All rows into the feed; FALSE when the bet is lost, or the feed has failed. */
gboolean sp_jpeg_baseline_run(SpJpegBaseline *baseline, SpFeed *feed, guint threads)
    G_GNUC_WARN_UNUSED_RESULT;

/* Bytes that it holds, with its thread. */
guint64 sp_jpeg_baseline_memory(guint threads);

G_END_DECLS
#endif
