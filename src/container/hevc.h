/* SPDX-License-Identifier: MIT */
/* hevc.h -- the NAL units of a HEIF item coded in HEVC, as bytes.
 *
 * ISO/IEC 14496-15, 8.3.3.1 (the record hvcC) and ITU-T H.265, 7.3.1 (a NAL unit). Nothing in a
 * unit behind its header is looked at, but one bit of a slice. It decides what a decoder gets:
 * the parameter sets of the record, and of an item the slices of its one picture. */
#ifndef SP_CONTAINER_HEVC_H
#define SP_CONTAINER_HEVC_H
#include "container/walk.h"
G_BEGIN_DECLS

typedef struct {
    guint length_size; /* bytes of the length before each unit of an item: 1, 2 or 4 */
    guint n_sps;       /* sequence parameter sets in the record */
} SpHevcConfig;

/* Reads an hvcC's payload. SP_ERROR_CORRUPT. */
gboolean sp_hevc_config_read(SpSlice record, SpHevcConfig *ret_config, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#define SP_HEVC_SLICES 600 /* of a picture: ITU-T H.265, table A.8, the highest level */

/* Appends the slices of an item's picture, as SpSlice without their lengths, to `slices`. Left
 * out: what decoding does not need (supplemental information, delimiters, other layers).
 * Errors: SP_ERROR_TRUNCATED (a unit is longer than what is left), SP_ERROR_CORRUPT (a unit
 * makes no sense, or there is not one picture), SP_ERROR_TOO_MUCH_WORK (too many slices),
 * SP_ERROR_UNAVAILABLE (parameter sets of its own, or a picture that refers to others). */
gboolean sp_hevc_find_slices(SpSlice item, const SpHevcConfig *config, GArray *slices,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
