/* SPDX-License-Identifier: MIT */
/* hevc.c -- the NAL units of a HEIF item coded in HEVC, as bytes.
 *
 * What a unit is for is a table by its type (ITU-T H.265, table 7-1). */
#include "container/hevc.h"
#include "base/error.h"

#define RECORD_HEAD 23 /* bytes of hvcC before the arrays; the last one counts them */
#define UNIT_HEAD 2
#define FIRST_SLICE 0x80 /* first_slice_segment_in_pic_flag, in the byte behind the head */
#define TYPE_SPS 33

typedef enum {
    USE_NONE,      /* reserved, supplemental, delimiters */
    USE_PICTURE,   /* slice of a picture that stands alone (IRAP) */
    USE_INTER,     /* slice of one that may refer to others */
    USE_PARAMETER, /* parameter set */
} Use;

static Use
use_of(guint type)
{
    if (type <= 31) /* of these, 10 to 15 and 22 to 31 are reserved; nobody writes them */
        return type >= 16 && type <= 21 ? USE_PICTURE : USE_INTER;
    return type <= 34 ? USE_PARAMETER : USE_NONE;
}

static guint
unit_type(const guint8 *unit)
{
    return unit[0] >> 1 & 0x3F;
}

/* Units of another layer (a second view, an enhancement) belong to another picture. */
static guint
unit_layer(const guint8 *unit)
{
    return (unit[0] & 1u) << 5 | unit[1] >> 3;
}

/* The next big-endian number of n bytes; FALSE when fewer are left. */
static gboolean
take_number(SpSlice *rest, guint n, gsize *ret_number)
{
    if (rest->n < n)
        return FALSE;
    gsize number = 0;
    for (guint i = 0; i < n; i++)
        number = number << 8 | rest->bytes[i];
    rest->bytes += n;
    rest->n -= n;
    *ret_number = number;
    return TRUE;
}

static gboolean
take_unit(SpSlice *rest, guint length_size, SpSlice *ret_unit)
{
    gsize n = 0;
    if (!take_number(rest, length_size, &n) || n > rest->n)
        return FALSE;
    *ret_unit = (SpSlice){rest->bytes, n};
    rest->bytes += n;
    rest->n -= n;
    return TRUE;
}

gboolean
sp_hevc_config_read(SpSlice record, SpHevcConfig *ret_config, GError **error)
{
    if (record.n < RECORD_HEAD || record.bytes[0] != 1)
        return sp_throw(error, SP_ERROR_CORRUPT, "hvcC is not of version 1");
    SpHevcConfig config = {.length_size = (record.bytes[21] & 3u) + 1};
    if (config.length_size == 3)
        return sp_throw(error, SP_ERROR_CORRUPT, "hvcC has lengths of 3 bytes");
    SpSlice rest = {record.bytes + RECORD_HEAD, record.n - RECORD_HEAD};
    for (guint i = record.bytes[22]; i > 0; i--) {
        gsize type = 0, n = 0;
        if (!take_number(&rest, 1, &type) || !take_number(&rest, 2, &n))
            return sp_throw(error, SP_ERROR_CORRUPT, "hvcC ends in an array's head");
        config.n_sps += (type & 0x3F) == TYPE_SPS ? (guint)n : 0;
        for (; n > 0; n--) {
            SpSlice unit;
            if (!take_unit(&rest, 2, &unit))
                return sp_throw(error, SP_ERROR_CORRUPT, "hvcC ends in a parameter set");
        }
    }
    *ret_config = config;
    return TRUE;
}

/* Adds a unit that is a slice of the picture; counts the pictures. */
static gboolean
add_unit(SpSlice unit, GArray *slices, guint *pictures, GError **error)
{
    if (unit.n < UNIT_HEAD || unit.bytes[0] & 0x80)
        return sp_throw(error, SP_ERROR_CORRUPT, "an HEVC unit has no valid head");
    guint type = unit_type(unit.bytes);
    Use use = unit_layer(unit.bytes) == 0 ? use_of(type) : USE_NONE;
    if (use == USE_INTER || use == USE_PARAMETER)
        return sp_throw(error, SP_ERROR_UNAVAILABLE, "an HEVC item has a unit of type %u",
                        type);
    if (use == USE_NONE || unit.n == UNIT_HEAD)
        return TRUE;
    if (slices->len == SP_HEVC_SLICES)
        return sp_throw(error, SP_ERROR_TOO_MUCH_WORK,
                        "an HEVC item has at least %d slices, the limit is %d (of its format)",
                        SP_HEVC_SLICES + 1, SP_HEVC_SLICES);
    if (unit.bytes[UNIT_HEAD] & FIRST_SLICE)
        ++*pictures;
    g_array_append_val(slices, unit);
    return TRUE;
}

gboolean
sp_hevc_find_slices(SpSlice item, const SpHevcConfig *config, GArray *slices, GError **error)
{
    guint pictures = 0;
    while (item.n > 0) {
        SpSlice unit;
        if (!take_unit(&item, config->length_size, &unit))
            return sp_throw(error, SP_ERROR_TRUNCATED, "an HEVC item ends within a unit");
        if (!add_unit(unit, slices, &pictures, error))
            return FALSE;
    }
    return pictures == 1 ||
           sp_throw(error, SP_ERROR_CORRUPT, "an HEVC item has %u pictures", pictures);
}
