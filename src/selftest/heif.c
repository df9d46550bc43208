/* SPDX-License-Identifier: MIT */
/* heif.c -- write a HEIC or AVIF: ftyp, meta, mdat. */
#include "selftest/heif.h"
#include "selftest/bytes.h"
#include <string.h>

#define CROPPED_WIDTH 96
#define CROPPED_HEIGHT 80

/* ---- items ---------------------------------------------------------------------------------
 */

static void
item_free(gpointer data)
{
    SpHeifItem *item = data;
    g_byte_array_unref(item->data);
    g_ptr_array_unref(item->properties);
    g_free(item);
}

SpHeifItem *
sp_heif_add(SpHeif *heif, const char *type)
{
    SpHeifItem *item = g_new0(SpHeifItem, 1);
    g_strlcpy(item->type, type, sizeof item->type);
    item->data = g_byte_array_new();
    item->properties = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_ptr_array_add(heif->items, item);
    return item;
}

void
sp_heif_add_property(SpHeifItem *item, const char *type, gboolean essential,
                     gconstpointer payload, gsize n)
{
    GByteArray *box = g_byte_array_new();
    sp_put_box(box, type, payload, n);
    item->essential |= (essential ? 1u : 0) << item->properties->len;
    g_ptr_array_add(item->properties, box);
}

void
sp_heif_refer(SpHeifItem *item, const char *type, guint to)
{
    g_assert(item->n_refers < G_N_ELEMENTS(item->refers_to));
    item->reference = type;
    item->refers_to[item->n_refers++] = to;
}

static gboolean
is_hevc(const SpHeif *heif)
{
    return g_str_equal(heif->coding, "hevc");
}

static void
add_size(SpHeifItem *item, guint width, guint height)
{
    g_autoptr(GByteArray) ispe = g_byte_array_new();
    sp_put_be(ispe, 4, 0);
    sp_put_be(ispe, 4, width);
    sp_put_be(ispe, 4, height);
    sp_heif_add_property(item, "ispe", FALSE, ispe->data, ispe->len);
}

SpHeifItem *
sp_heif_add_coded(SpHeif *heif, const char *suffix, guint width, guint height)
{
    SpHeifItem *item = sp_heif_add(heif, is_hevc(heif) ? "hvc1" : "av01");
    g_autofree char *name = g_strconcat(heif->coding, suffix, NULL);
    g_autofree char *config_name = g_strconcat(name, "_config", NULL);
    g_autoptr(GByteArray) config = g_byte_array_new();
    gboolean grey = g_str_has_suffix(suffix, "_alpha");
    sp_put_coded(item->data, name);
    sp_put_coded(config, config_name);
    sp_heif_add_property(item, is_hevc(heif) ? "hvcC" : "av1C", TRUE, config->data,
                         config->len);
    add_size(item, width, height);
    sp_heif_add_property(item, "pixi", FALSE,
                         grey ? "\0\0\0\0\1\x08" : "\0\0\0\0\3\x08\x08\x08", grey ? 6 : 8);
    return item;
}

/* BT.709's primaries, sRGB's curve, the matrix of BT.601, full range. */
static void
add_colour(SpHeifItem *item)
{
    sp_heif_add_property(item, "colr", FALSE, "nclx\0\1\0\x0D\0\6\x80", 11);
}

static void
add_over(SpHeif *heif, const char *suffix)
{
    SpHeifItem *picture = sp_heif_add_coded(heif, suffix, SP_HEIF_SIDE, SP_HEIF_SIDE);
    add_colour(picture);
    SpHeifItem *alpha =
        sp_heif_add_coded(heif, "_over_magenta_alpha", SP_HEIF_SIDE, SP_HEIF_SIDE);
    const char *type = is_hevc(heif) ? "urn:mpeg:hevc:2015:auxid:1"
                                     : "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";
    g_autoptr(GByteArray) auxc = g_byte_array_new();
    sp_put_be(auxc, 4, 0);
    sp_put(auxc, type, strlen(type) + 1);
    sp_heif_add_property(alpha, "auxC", TRUE, auxc->data, auxc->len);
    alpha->hidden = TRUE;
    sp_heif_refer(alpha, "auxl", 1);
}

void
sp_heif_init(SpHeif *heif, const char *coding, SpPictureKind picture)
{
    GByteArray **arrays[] = {&heif->brands,     &heif->handler,   &heif->meta,
                             &heif->unused,     &heif->before,    &heif->behind,
                             &heif->idat_slack, &heif->mdat_slack};
    for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
        *arrays[i] = g_byte_array_new();
    heif->coding = coding;
    heif->items = g_ptr_array_new_with_free_func(item_free);
    switch (picture) {
    case SP_PICTURE_MAGENTA:
        add_colour(sp_heif_add_coded(heif, "_magenta", SP_HEIF_SIDE, SP_HEIF_SIDE));
        break;
    case SP_PICTURE_LOSSLESS:
        add_colour(sp_heif_add_coded(heif, "_lossless", SP_HEIF_SIDE, SP_HEIF_SIDE));
        break;
    case SP_PICTURE_CROPPED:
        add_colour(sp_heif_add_coded(heif, "_cropped", CROPPED_WIDTH, CROPPED_HEIGHT));
        /* 64 x 64 pixels, at the right and at the bottom: the centre is 16 and 8 away. */
        sp_heif_add_property(
            g_ptr_array_index(heif->items, 0), "clap", TRUE,
            "\0\0\0\x40\0\0\0\1\0\0\0\x40\0\0\0\1\0\0\0\x10\0\0\0\1\0\0\0\x08\0\0\0\1", 32);
        break;
    case SP_PICTURE_OVER_MAGENTA:
        add_over(heif, "_over_magenta");
        break;
    case SP_PICTURE_OVER_OTHER:
        add_over(heif, "_lossless"); /* where alpha is 0 it has other colours */
        break;
    default:
        add_colour(sp_heif_add_coded(heif, "", SP_HEIF_SIDE, SP_HEIF_SIDE));
    }
}

/* ---- boxes of meta -------------------------------------------------------------------------
 */

static void
put_full_box(GByteArray *out, const char *type, guint version, guint flags,
             const GByteArray *payload)
{
    g_autoptr(GByteArray) full = g_byte_array_new();
    sp_put_be(full, 1, version);
    sp_put_be(full, 3, flags);
    sp_put_array(full, payload);
    sp_put_box(out, type, full->data, full->len);
}

static void
put_string(GByteArray *out, const char *text)
{
    if (text != NULL)
        sp_put_text(out, text);
    sp_put_be(out, 1, 0);
}

static void
put_iinf(const SpHeif *heif, GByteArray *out)
{
    g_autoptr(GByteArray) iinf = g_byte_array_new();
    sp_put_be(iinf, 2, heif->items->len);
    for (guint i = 0; i < heif->items->len; i++) {
        const SpHeifItem *item = g_ptr_array_index(heif->items, i);
        g_autoptr(GByteArray) infe = g_byte_array_new();
        sp_put_be(infe, 2, i + 1);
        sp_put_be(infe, 2, 0);
        sp_put(infe, item->type, 4);
        put_string(infe, item->name);
        if (item->mime != NULL)
            put_string(infe, item->mime);
        if (item->uri != NULL)
            put_string(infe, item->uri);
        put_full_box(iinf, "infe", 2, item->hidden ? 1 : 0, infe);
    }
    put_full_box(out, "iinf", 0, 0, iinf);
}

static void
put_iref(const SpHeif *heif, GByteArray *out)
{
    g_autoptr(GByteArray) iref = g_byte_array_new();
    for (guint i = 0; i < heif->items->len; i++) {
        const SpHeifItem *item = g_ptr_array_index(heif->items, i);
        g_autoptr(GByteArray) reference = g_byte_array_new();
        if (item->reference == NULL)
            continue;
        sp_put_be(reference, 2, i + 1);
        sp_put_be(reference, 2, item->n_refers);
        for (guint k = 0; k < item->n_refers; k++)
            sp_put_be(reference, 2, item->refers_to[k]);
        sp_put_box(iref, item->reference, reference->data, reference->len);
    }
    if (iref->len > 0)
        put_full_box(out, "iref", 0, 0, iref);
}

static void
put_iprp(const SpHeif *heif, GByteArray *out)
{
    g_autoptr(GByteArray) iprp = g_byte_array_new();
    g_autoptr(GByteArray) ipco = g_byte_array_new();
    g_autoptr(GByteArray) ipma = g_byte_array_new();
    guint n_with = 0, index = 1;
    sp_put_be(ipma, 4, 0);
    for (guint i = 0; i < heif->items->len; i++) {
        const SpHeifItem *item = g_ptr_array_index(heif->items, i);
        if (item->properties->len == 0)
            continue;
        n_with++;
        sp_put_be(ipma, 2, i + 1);
        sp_put_be(ipma, 1, item->properties->len);
        for (guint k = 0; k < item->properties->len; k++) {
            sp_put_array(ipco, g_ptr_array_index(item->properties, k));
            sp_put_be(ipma, 1, (item->essential >> k & 1) << 7 | index++);
        }
    }
    sp_patch_be(ipma, 0, 4, n_with);
    sp_put_array(ipco, heif->unused);
    sp_put_box(iprp, "ipco", ipco->data, ipco->len);
    put_full_box(iprp, "ipma", 0, 0, ipma);
    sp_put_box(out, "iprp", iprp->data, iprp->len);
}

/* Offsets are as if data of the file began at start. */
static void
put_iloc(const SpHeif *heif, gsize start, GByteArray *out)
{
    g_autoptr(GByteArray) iloc = g_byte_array_new();
    gsize at[2] = {start, 0};
    sp_put_be(iloc, 2, 0x4400);
    sp_put_be(iloc, 2, heif->items->len);
    for (guint i = 0; i < heif->items->len; i++) {
        const SpHeifItem *item = g_ptr_array_index(heif->items, i);
        gsize *here = &at[item->in_idat ? 1 : 0];
        sp_put_be(iloc, 2, i + 1);
        sp_put_be(iloc, 2, item->in_idat ? 1 : 0);
        sp_put_be(iloc, 2, 0); /* in this file */
        sp_put_be(iloc, 2, 1);
        sp_put_be(iloc, 4, *here);
        sp_put_be(iloc, 4, item->data->len);
        *here += item->data->len;
    }
    put_full_box(out, "iloc", 1, 0, iloc);
}

static void
put_data(const SpHeif *heif, gboolean in_idat, const GByteArray *slack, GByteArray *out)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    for (guint i = 0; i < heif->items->len; i++) {
        const SpHeifItem *item = g_ptr_array_index(heif->items, i);
        if (item->in_idat == in_idat)
            sp_put_array(data, item->data);
    }
    sp_put_array(data, slack);
    if (data->len > 0)
        sp_put_box(out, in_idat ? "idat" : "mdat", data->data, data->len);
}

static void
put_meta(const SpHeif *heif, gsize start, GByteArray *out)
{
    g_autoptr(GByteArray) meta = g_byte_array_new();
    g_autoptr(GByteArray) hdlr = g_byte_array_new();
    g_autoptr(GByteArray) pitm = g_byte_array_new();
    sp_put(hdlr, "\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    sp_put_array(hdlr, heif->handler);
    sp_put_be(hdlr, 1, 0);
    put_full_box(meta, "hdlr", 0, 0, hdlr);
    sp_put_be(pitm, 2, 1);
    put_full_box(meta, "pitm", 0, 0, pitm);
    put_iloc(heif, start, meta);
    put_iinf(heif, meta);
    put_iref(heif, meta);
    put_iprp(heif, meta);
    put_data(heif, TRUE, heif->idat_slack, meta);
    sp_put_array(meta, heif->meta);
    put_full_box(out, "meta", 0, 0, meta);
}

void
sp_heif_write(SpHeif *heif, GByteArray *out)
{
    g_autoptr(GByteArray) ftyp = g_byte_array_new();
    g_autoptr(GByteArray) trial = g_byte_array_new();
    const char *brand = is_hevc(heif) ? "heic" : "avif";
    gsize begin = out->len;
    sp_put(ftyp, brand, 4);
    sp_put(ftyp, "\0\0\0\0mif1miaf", 12);
    sp_put(ftyp, brand, 4);
    sp_put_array(ftyp, heif->brands);
    sp_put_box(out, "ftyp", ftyp->data, ftyp->len);
    sp_put_array(out, heif->before);
    put_meta(heif, 0, trial);
    put_meta(heif, out->len - begin + trial->len + 8, out);
    put_data(heif, FALSE, heif->mdat_slack, out);
    sp_put_array(out, heif->behind);
    GByteArray *arrays[] = {heif->brands, heif->handler, heif->meta,       heif->unused,
                            heif->before, heif->behind,  heif->idat_slack, heif->mdat_slack};
    for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_byte_array_unref(arrays[i]);
    g_ptr_array_unref(heif->items);
}
