/* SPDX-License-Identifier: MIT */
/* likeness.h -- how much a file looks like the picture that it was made from.
 *
 * A number that predicts SSIMULACRA2 (github.com/cloudinary/ssimulacra2) at a fiftieth of its
 * cost: 100 is the same, 90 hardly to be told apart, 70 what quality 80 or so gives, 50 poor.
 * It compares planes and knows of no encoder. Of the 108 numbers that SSIMULACRA2 takes, it
 * takes the eleven that weigh most: structure (SSIM: Wang, Bovik, Sheikh and Simoncelli, 2004),
 * lost detail and added edges at several sizes, in the mean and at the worst places. What
 * bench/fit-likeness.pl says of how near it comes stands in docs/QUALITY.md. */
#ifndef SP_RENDER_LIKENESS_H
#define SP_RENDER_LIKENESS_H
#include "render/opsin.h"
G_BEGIN_DECLS

#define SP_LIKENESS_TERMS 11

/* What a picture is compared by: its luma, and smaller copies in other colours. */
typedef struct {
    const SpPicture *picture; /* borrowed */
    SpOpsin opsin;            /* owned */
} SpLikeness;

/* picture: finished, must outlive it. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_likeness_init(SpLikeness *likeness, const SpPicture *picture, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sp_likeness_clear(SpLikeness *likeness);

/* shown: of the same size, of either sampling, or grey. Several threads may measure at once. At
 * most 100, in steps of 1/64; it may be negative. What is smaller than 6 x 6 samples is taken
 * to be equal. SP_ERROR_TOO_MUCH_MEMORY. */
gboolean sp_likeness_measure(const SpLikeness *likeness, const SpPicture *shown,
                             double *ret_score, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a file must look like beside a picture that itself looks like `most` beside another, to
 * look like target beside that: what both have lost adds up. At most SP_LIKENESS_MORE points
 * more than target, and target where most is no better. */
#define SP_LIKENESS_MORE 8
double sp_likeness_beside(double target, double most);

/* The terms that the score is a sum of, for bench/likeness. */
gboolean sp_likeness_terms(const SpLikeness *likeness, const SpPicture *shown,
                           double *ret_terms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpLikeness, sp_likeness_clear)
G_END_DECLS
#endif
