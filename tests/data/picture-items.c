/* SPDX-License-Identifier: MIT */
/* picture-items.c -- a HEIF file from items: ftyp, meta, mdat.
 *
 * ISO/IEC 23008-12 and 14496-12. Each item has properties of its own, shared with none. */
#include "data/options.h"
#include "data/picture-heif.h"
#include <string.h>

size_t
box_begin(Buffer *b, const char *type)
{
    size_t begin = b->n;
    put_be(b, 0, 4);
    put(b, type, 4);
    return begin;
}

size_t
box_begin_full(Buffer *b, const char *type, unsigned version, unsigned flags)
{
    size_t begin = box_begin(b, type);
    put_be(b, version << 24 | flags, 4);
    return begin;
}

static void
patch_be(Buffer *b, size_t at, size_t value)
{
    for (size_t i = 0; i < 4; i++)
        b->bytes[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

void
box_end(Buffer *b, size_t begin)
{
    patch_be(b, begin, b->n - begin);
}

Item *
items_add(Items *items, const char *type)
{
    items->items = realloc(items->items, (items->n + 1) * sizeof *items->items);
    if (items->items == NULL)
        die("no memory for", "an item");
    Item *item = &items->items[items->n++];
    *item = (Item){.id = items->n};
    memcpy(item->type, type, 4);
    return item;
}

void
item_add_property(Item *item, const char *type, int essential, const void *payload, size_t n)
{
    if (item->n_properties == MAX_PROPERTIES)
        die("too many properties:", type);
    Buffer *box = &item->properties[item->n_properties];
    size_t begin = box_begin(box, type);
    put(box, payload, n);
    box_end(box, begin);
    item->essential |= (unsigned)essential << item->n_properties++;
}

void
item_refer(Item *item, const char *type, unsigned to)
{
    if (item->n_references == MAX_REFERENCES)
        die("too many references:", type);
    memcpy(item->reference, type, 4);
    item->references[item->n_references++] = to;
}

/* ---- boxes of meta -------------------------------------------------------------------------
 */

static void
put_text(Buffer *b, const char *text)
{
    put(b, text, strlen(text) + 1);
}

static void
put_iinf(const Items *items, Buffer *b)
{
    size_t iinf = box_begin_full(b, "iinf", 0, 0);
    put_be(b, items->n, 2);
    for (unsigned i = 0; i < items->n; i++) {
        const Item *item = &items->items[i];
        size_t infe = box_begin_full(b, "infe", 2, item->hidden ? 1 : 0);
        put_be(b, item->id, 2);
        put_be(b, 0, 2);
        put(b, item->type, 4);
        put_text(b, "");
        if (item->content_type != NULL)
            put_text(b, item->content_type);
        if (item->uri != NULL)
            put_text(b, item->uri);
        box_end(b, infe);
    }
    box_end(b, iinf);
}

static void
put_iref(const Items *items, Buffer *b)
{
    size_t iref = box_begin_full(b, "iref", 0, 0);
    for (unsigned i = 0; i < items->n; i++) {
        const Item *item = &items->items[i];
        if (item->n_references == 0)
            continue;
        size_t box = box_begin(b, item->reference);
        put_be(b, item->id, 2);
        put_be(b, item->n_references, 2);
        for (unsigned k = 0; k < item->n_references; k++)
            put_be(b, item->references[k], 2);
        box_end(b, box);
    }
    box_end(b, iref);
}

static void
put_iprp(const Items *items, Buffer *b)
{
    size_t iprp = box_begin(b, "iprp"), ipco = box_begin(b, "ipco");
    for (unsigned i = 0; i < items->n; i++)
        for (unsigned k = 0; k < items->items[i].n_properties; k++)
            put(b, items->items[i].properties[k].bytes, items->items[i].properties[k].n);
    box_end(b, ipco);
    size_t ipma = box_begin_full(b, "ipma", 0, 1);
    unsigned with = 0, index = 1;
    for (unsigned i = 0; i < items->n; i++)
        with += items->items[i].n_properties > 0;
    put_be(b, with, 4);
    for (unsigned i = 0; i < items->n; i++) {
        const Item *item = &items->items[i];
        if (item->n_properties == 0)
            continue;
        put_be(b, item->id, 2);
        put_be(b, item->n_properties, 1);
        for (unsigned k = 0; k < item->n_properties; k++)
            put_be(b, (item->essential >> k & 1) << 15 | index++, 2);
    }
    box_end(b, ipma);
    box_end(b, iprp);
}

/* Returns where the first offset into the file stands; each is 16 bytes behind the one before.
 */
static size_t
put_iloc(const Items *items, Buffer *b)
{
    size_t iloc = box_begin_full(b, "iloc", 1, 0), in_idat = 0, first = b->n + 12;
    put_be(b, 0x4400, 2);
    put_be(b, items->n, 2);
    for (unsigned i = 0; i < items->n; i++) {
        const Item *item = &items->items[i];
        put_be(b, item->id, 2);
        put_be(b, item->in_idat ? 1 : 0, 2);
        put_be(b, 0, 2); /* in this file */
        put_be(b, 1, 2);
        put_be(b, (uint32_t)in_idat, 4);
        put_be(b, (uint32_t)item->data.n, 4);
        in_idat += item->in_idat ? item->data.n : 0;
    }
    box_end(b, iloc);
    return first;
}

static void
items_free(Items *items)
{
    for (unsigned i = 0; i < items->n; i++) {
        free(items->items[i].data.bytes);
        for (unsigned k = 0; k < items->items[i].n_properties; k++)
            free(items->items[i].properties[k].bytes);
    }
    free(items->items);
}

Buffer
items_write(Items *items, const char *brand)
{
    Buffer b = {0};
    size_t box = box_begin(&b, "ftyp");
    put(&b, brand, 4);
    put(&b, "\0\0\0\0mif1miaf", 12);
    put(&b, brand, 4);
    box_end(&b, box);
    size_t meta = box_begin_full(&b, "meta", 0, 0);
    box = box_begin_full(&b, "hdlr", 0, 0);
    put(&b, "\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0", 21);
    box_end(&b, box);
    box = box_begin_full(&b, "pitm", 0, 0);
    put_be(&b, 1, 2);
    box_end(&b, box);
    size_t offsets = put_iloc(items, &b);
    put_iinf(items, &b);
    put_iref(items, &b);
    put_iprp(items, &b);
    box = box_begin(&b, "idat");
    for (unsigned i = 0; i < items->n; i++)
        if (items->items[i].in_idat)
            put(&b, items->items[i].data.bytes, items->items[i].data.n);
    box_end(&b, box);
    box_end(&b, meta);
    box = box_begin(&b, "mdat");
    for (unsigned i = 0; i < items->n; i++) {
        if (items->items[i].in_idat)
            continue;
        patch_be(&b, offsets + 16 * (size_t)i, b.n);
        put(&b, items->items[i].data.bytes, items->items[i].data.n);
    }
    box_end(&b, box);
    items_free(items);
    return b;
}
