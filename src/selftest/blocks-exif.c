/* SPDX-License-Identifier: MIT */
/* blocks-exif.c -- EXIF: a TIFF from a list of entries. EXIF 2.32, section 4.6; TIFF 6.0. */
#include "selftest/blocks.h"
#include "selftest/bytes.h"

/* The tag that points to an IFD, and the IFD that the tag lies in. */
static const struct {
    guint tag;
    SpIfd from;
} pointers[SP_IFD_COUNT] = {
    [SP_IFD_EXIF] = {0x8769, SP_IFD_0},
    [SP_IFD_GPS] = {0x8825, SP_IFD_0},
    [SP_IFD_INTEROP] = {0xA005, SP_IFD_EXIF},
};

static const guint type_sizes[] = {
    [SP_TIFF_BYTE] = 1, [SP_TIFF_ASCII] = 1,    [SP_TIFF_SHORT] = 2,
    [SP_TIFF_LONG] = 4, [SP_TIFF_RATIONAL] = 8, [SP_TIFF_UNDEFINED] = 1,
};

typedef struct {
    GByteArray *out; /* borrowed */
    gsize begin;     /* of the TIFF in out */
    gboolean big, loop;
    const SpTiffEntry *entries; /* borrowed */
    guint n;
    gsize at[SP_IFD_COUNT]; /* of each IFD, from begin on; 0: not there */
    gsize values;           /* where the next value goes */
} Tiff;

static void
put(Tiff *tiff, guint size, guint64 number)
{
    if (tiff->big)
        sp_put_be(tiff->out, size, number);
    else
        sp_put_le(tiff->out, size, number);
}

static gboolean
is_there(const Tiff *tiff, SpIfd ifd)
{
    if (ifd == SP_IFD_0)
        return TRUE;
    for (guint i = 0; i < tiff->n; i++)
        if (tiff->entries[i].ifd == ifd)
            return TRUE;
    return ifd == SP_IFD_EXIF && is_there(tiff, SP_IFD_INTEROP);
}

static guint
count_entries(const Tiff *tiff, SpIfd ifd)
{
    guint n = 0;
    for (guint i = 0; i < tiff->n; i++)
        n += tiff->entries[i].ifd == ifd ? 1 : 0;
    for (guint to = 0; to < SP_IFD_COUNT; to++)
        n += pointers[to].tag != 0 && pointers[to].from == ifd && is_there(tiff, (SpIfd)to);
    return n;
}

static void
put_entry(Tiff *tiff, const SpTiffEntry *entry, GByteArray *values)
{
    const GByteArray *value = entry->value;
    put(tiff, 2, entry->tag);
    put(tiff, 2, entry->type);
    put(tiff, 4, value->len / type_sizes[entry->type]);
    if (value->len <= 4) {
        guint8 inside[4] = {0};
        for (guint i = 0; i < value->len; i++)
            inside[i] = value->data[i];
        sp_put(tiff->out, inside, 4);
        return;
    }
    put(tiff, 4, tiff->values + values->len);
    sp_put_array(values, value);
    sp_put_be(values, values->len & 1, 0);
}

static void
put_ifd(Tiff *tiff, SpIfd ifd, GByteArray *values)
{
    put(tiff, 2, count_entries(tiff, ifd));
    for (guint i = 0; i < tiff->n; i++)
        if (tiff->entries[i].ifd == ifd)
            put_entry(tiff, &tiff->entries[i], values);
    for (guint to = 0; to < SP_IFD_COUNT; to++) {
        if (pointers[to].tag == 0 || pointers[to].from != ifd || tiff->at[to] == 0)
            continue;
        put(tiff, 2, pointers[to].tag);
        put(tiff, 2, SP_TIFF_LONG);
        put(tiff, 4, 1);
        put(tiff, 4, tiff->at[to]);
    }
    gsize next = ifd == SP_IFD_0 ? tiff->at[SP_IFD_1] : 0;
    put(tiff, 4, next == 0 && tiff->loop ? tiff->at[SP_IFD_0] : next);
}

void
sp_put_tiff(GByteArray *out, const SpTiffEntry *entries, guint n, gboolean big_endian,
            gboolean loop)
{
    Tiff tiff = {out, out->len, big_endian, loop, entries, n, {0}, 8};
    g_autoptr(GByteArray) values = g_byte_array_new();
    for (guint ifd = 0; ifd < SP_IFD_COUNT; ifd++) {
        if (!is_there(&tiff, (SpIfd)ifd))
            continue;
        tiff.at[ifd] = tiff.values;
        tiff.values += 6 + 12 * (gsize)count_entries(&tiff, (SpIfd)ifd);
    }
    sp_put_text(out, big_endian ? "MM" : "II");
    put(&tiff, 2, 42);
    put(&tiff, 4, 8);
    for (guint ifd = 0; ifd < SP_IFD_COUNT; ifd++)
        if (tiff.at[ifd] != 0)
            put_ifd(&tiff, (SpIfd)ifd, values);
    sp_put_array(out, values);
}

/* Values are whole: what a type has no room for is filled up with zeros. */
static GByteArray *
payload(const SpSlot *slot, const SpMaker *maker)
{
    GByteArray *value = g_byte_array_new();
    sp_slot_payload(slot, maker, value);
    while (value->len % type_sizes[slot->type] != 0)
        sp_put_be(value, 1, 0);
    return value;
}

void
sp_put_exif_slot(const SpSlot *slot, const SpMaker *maker, gboolean big_endian, GByteArray *out)
{
    g_autoptr(GByteArray) value = payload(slot, maker);
    SpTiffEntry entry = {(SpIfd)slot->where, slot->code, slot->type, value};
    sp_put_tiff(out, &entry, 1, big_endian, FALSE);
}

/* The two tags of a thumbnail; the picture itself lies behind everything else. */
static void
put_with_thumbnail(GByteArray *out, SpTiffEntry *entries, guint n, const GByteArray *jpeg)
{
    g_autoptr(GByteArray) offset = g_byte_array_new();
    g_autoptr(GByteArray) length = g_byte_array_new();
    g_autoptr(GByteArray) trial = g_byte_array_new();
    sp_put_le(offset, 4, 0);
    sp_put_le(length, 4, jpeg->len);
    entries[n] = (SpTiffEntry){SP_IFD_1, 0x0201, SP_TIFF_LONG, offset};
    entries[n + 1] = (SpTiffEntry){SP_IFD_1, 0x0202, SP_TIFF_LONG, length};
    sp_put_tiff(trial, entries, n + 2, FALSE, FALSE);
    sp_patch_le(offset, 0, 4, trial->len);
    sp_put_tiff(out, entries, n + 2, FALSE, FALSE);
    sp_put_array(out, jpeg);
}

void
sp_put_exif_thumbnail(const GByteArray *jpeg, GByteArray *out)
{
    SpTiffEntry entries[2] = {{0}};
    put_with_thumbnail(out, entries, 0, jpeg);
}

void
sp_put_exif(const SpMaker *maker, GByteArray *out)
{
    static const SpSlot slots[] = {
        {.forms = SP_FORM_RAW, .where = SP_IFD_0, .code = 0x013B, .type = SP_TIFF_ASCII},
        {.forms = SP_FORM_UTF16LE, .where = SP_IFD_0, .code = 0x9C9D, .type = SP_TIFF_BYTE},
        {.forms = SP_FORM_RAW, .where = SP_IFD_EXIF, .code = 0x9003, .type = SP_TIFF_ASCII},
        {.forms = SP_FORM_ALL, .where = SP_IFD_EXIF, .code = 0x927C, .type = SP_TIFF_UNDEFINED},
        {.forms = SP_FORM_ALL, .where = SP_IFD_EXIF, .code = 0x9286, .type = SP_TIFF_UNDEFINED},
        {.forms = SP_FORM_RAW, .where = SP_IFD_EXIF, .code = 0xA431, .type = SP_TIFF_ASCII},
        {.forms = SP_FORM_BLOCK, .where = SP_IFD_GPS, .code = 0x0002, .type = SP_TIFF_RATIONAL},
        {.forms = SP_FORM_RAW, .where = SP_IFD_GPS, .code = 0x001B, .type = SP_TIFF_UNDEFINED},
    };
    SpTiffEntry entries[G_N_ELEMENTS(slots) + 2] = {{0}};
    g_autoptr(GByteArray) jpeg = g_byte_array_new();
    sp_put_marked_jpeg(maker, jpeg);
    for (guint i = 0; i < G_N_ELEMENTS(slots); i++)
        entries[i] = (SpTiffEntry){(SpIfd)slots[i].where, slots[i].code, slots[i].type,
                                   payload(&slots[i], maker)};
    put_with_thumbnail(out, entries, G_N_ELEMENTS(slots), jpeg);
    for (guint i = 0; i < G_N_ELEMENTS(slots); i++)
        g_byte_array_unref(entries[i].value);
}
