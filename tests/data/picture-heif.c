/* SPDX-License-Identifier: MIT */
/* picture-heif.c -- HEIC and AVIF: which items a picture is made of, and what else is there.
 *
 * The picture is one coded item or a grid of tiles. It lies turned as --orientation says, and
 * clap, irot and imir turn it back; EXIF says the same, unless it is told to contradict. Sides
 * of HEVC are even: an odd one has a clap, or is cut by the grid. */
#include "data/picture-heif.h"
#include "data/options.h"
#include <string.h>

typedef struct {
    const char *item, *config, *brand, *alpha;
    int even; /* sides must be */
    Coded (*code)(const CodeOptions *o, const Frame *frame);
} Kind;

static const Kind hevc = {"hvc1", "hvcC", "heic", "urn:mpeg:hevc:2015:auxid:1", 1, code_hevc};
static const Kind av1 = {"av01", "av1C",  "avif", "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
                         0,      code_av1};

typedef struct {
    const Options *o;
    const Kind *kind;
    CodeOptions code;
    Items items;
    Frame shown;            /* borrowed: without what clap cuts away */
    unsigned width, height; /* with it */
    unsigned left, top;
    unsigned tone_map; /* id of an item, as phones have it beside the picture; 0 is none */
} Heif;

/* ---- properties ----------------------------------------------------------------------------
 */

static void
add_size(Item *item, unsigned width, unsigned height)
{
    Buffer ispe = {0};
    put_be(&ispe, 0, 4);
    put_be(&ispe, width, 4);
    put_be(&ispe, height, 4);
    item_add_property(item, "ispe", 0, ispe.bytes, ispe.n);
    free(ispe.bytes);
}

static void
add_depth(Item *item, const CodeOptions *code)
{
    uint8_t bits = (uint8_t)code->bits;
    uint8_t pixi[8] = {0, 0, 0, 0, code->grey ? 1 : 3, bits, bits, bits};
    item_add_property(item, "pixi", 0, pixi, code->grey ? 6 : 8);
}

/* nclx tells the matrix that the samples were made with, so it is always there, as the
 * picture's space has it or as --nclx says. */
static void
add_colour(const Heif *heif, Item *item)
{
    const Options *o = heif->o;
    unsigned primaries = 0, transfer = 0;
    picture_code_points(o->nclx != NULL ? o->nclx : "srgb", &primaries, &transfer);
    Buffer colr = {0}, profile = picture_profile(o);
    if (profile.n > 0) {
        put(&colr, "prof", 4);
        put(&colr, profile.bytes, profile.n);
        item_add_property(item, "colr", 0, colr.bytes, colr.n);
    }
    colr.n = 0;
    put(&colr, "nclx", 4);
    put_be(&colr, primaries, 2);
    put_be(&colr, transfer, 2);
    put_be(&colr, (uint32_t)code_matrix(&heif->code), 2);
    put_be(&colr, 0x80, 1);
    item_add_property(item, "colr", 0, colr.bytes, colr.n);
    free(colr.bytes);
    free(profile.bytes);
}

/* clap is told by its centre, which may lie between pixels: halves. */
static void
add_clap(const Heif *heif, Item *item)
{
    if (heif->width == heif->shown.width && heif->height == heif->shown.height)
        return;
    Buffer clap = {0};
    const unsigned values[8] = {
        heif->shown.width,
        1,
        heif->shown.height,
        1,
        2 * heif->left + heif->shown.width - heif->width,
        2,
        2 * heif->top + heif->shown.height - heif->height,
        2,
    };
    for (size_t i = 0; i < COUNT(values); i++)
        put_be(&clap, values[i], 4);
    item_add_property(item, "clap", 1, clap.bytes, clap.n);
    free(clap.bytes);
}

/* irot counts quarter turns against the clock; imir 0 exchanges top and bottom, 1 left and
 * right. They are done in that order. */
static void
add_turn(const Heif *heif, Item *item)
{
    static const struct {
        uint8_t turns, mirror; /* mirror 2: none */
    } of_exif[9] = {
        [1] = {0, 2}, [2] = {0, 1}, [3] = {2, 2}, [4] = {0, 0},
        [5] = {3, 1}, [6] = {3, 2}, [7] = {3, 0}, [8] = {1, 2},
    };
    int orientation = heif->o->drawing.orientation;
    if (of_exif[orientation].turns != 0)
        item_add_property(item, "irot", 1, &of_exif[orientation].turns, 1);
    if (of_exif[orientation].mirror != 2)
        item_add_property(item, "imir", 1, &of_exif[orientation].mirror, 1);
}

static void
add_aux_type(Item *item, const char *type)
{
    Buffer auxc = {0};
    put_be(&auxc, 0, 4);
    put(&auxc, type, strlen(type) + 1);
    item_add_property(item, "auxC", 1, auxc.bytes, auxc.n);
    free(auxc.bytes);
}

/* ---- coded items ---------------------------------------------------------------------------
 */

/* The part of frame from left, top on. What is outside is magenta; beside an odd edge, where
 * chroma is shared, it is as the edge. */
static Frame
cut(const Frame *frame, long left, long top, unsigned width, unsigned height)
{
    Frame part = frame_magenta(width, height);
    long last_x = (long)frame->width - 1, last_y = (long)frame->height - 1;
    for (long y = 0; y < (long)height; y++)
        for (long x = 0; x < (long)width; x++) {
            long from_x = left + x, from_y = top + y;
            if (from_x < 0 || from_y < 0 || from_x > (last_x | 1) || from_y > (last_y | 1))
                continue;
            from_x = from_x > last_x ? last_x : from_x;
            from_y = from_y > last_y ? last_y : from_y;
            memcpy(SAMPLES(&part, x, y), SAMPLES(frame, from_x, from_y), 4 * sizeof(uint16_t));
        }
    return part;
}

static Item *
add_coded(Heif *heif, const CodeOptions *options, const Frame *frame)
{
    Coded coded = heif->kind->code(options, frame);
    Item *item = items_add(&heif->items, heif->kind->item);
    item->data = coded.data;
    item_add_property(item, heif->kind->config, 1, coded.config.bytes, coded.config.n);
    free(coded.config.bytes);
    add_size(item, coded.width, coded.height);
    add_depth(item, options);
    return item;
}

static Item *
add_magenta(Heif *heif, unsigned width, unsigned height)
{
    CodeOptions options = heif->code;
    options.grey = 0;
    Frame frame = frame_magenta((width + 1) & ~1u, (height + 1) & ~1u);
    Item *item = add_coded(heif, &options, &frame);
    free(frame.samples);
    return item;
}

static void
add_grid(Heif *heif)
{
    unsigned tile = (unsigned)heif->o->tile;
    unsigned columns = (heif->width + tile - 1) / tile, rows = (heif->height + tile - 1) / tile;
    Item *grid = items_add(&heif->items, "grid");
    grid->in_idat = 1;
    put(&grid->data, (uint8_t[]){0, 1, (uint8_t)(rows - 1), (uint8_t)(columns - 1)}, 4);
    put_be(&grid->data, heif->width, 4);
    put_be(&grid->data, heif->height, 4);
    for (unsigned i = 0; i < rows * columns; i++)
        item_refer(grid, "dimg", grid->id + 1 + i);
    add_size(grid, heif->width, heif->height);
    add_depth(grid, &heif->code);
    for (unsigned i = 0; i < rows * columns; i++) {
        Frame part = cut(&heif->shown, (long)(i % columns * tile) - heif->left,
                         (long)(i / columns * tile) - heif->top, tile, tile);
        add_coded(heif, &heif->code, &part)->hidden = 1;
        free(part.samples);
    }
}

static void
add_picture(Heif *heif)
{
    if (heif->o->tile > 0) {
        add_grid(heif);
    } else {
        Frame whole =
            cut(&heif->shown, -(long)heif->left, -(long)heif->top, heif->width, heif->height);
        add_coded(heif, &heif->code, &whole);
        free(whole.samples);
    }
    Item *primary = &heif->items.items[0];
    add_colour(heif, primary);
    add_clap(heif, primary);
    add_turn(heif, primary);
}

static void
add_alpha(Heif *heif)
{
    CodeOptions options = heif->code;
    options.grey = options.alpha = options.lossless = 1;
    Frame whole =
        cut(&heif->shown, -(long)heif->left, -(long)heif->top, heif->width, heif->height);
    Item *item = add_coded(heif, &options, &whole);
    free(whole.samples);
    item_refer(item, "auxl", 1);
    add_aux_type(item, heif->kind->alpha);
    add_clap(heif, item);
    add_turn(heif, item);
}

/* ---- what must not be chosen ---------------------------------------------------------------
 */

/* As iPhones write since iOS 18: auxiliary pictures of the picture and of a tone-mapped one
 * beside it, that is, with two references each. */
static void
add_auxiliaries(Heif *heif)
{
    static const char *const types[] = {
        "urn:com:apple:photo:2020:aux:hdrgainmap",
        "urn:com:apple:photo:2018:aux:portraiteffectsmatte",
        "urn:com:apple:photo:2019:aux:semanticskinmatte",
        "urn:com:apple:photo:2019:aux:semantichairmatte",
        "urn:com:apple:photo:2019:aux:semanticteethmatte",
        "urn:com:apple:photo:2020:aux:semanticglassesmatte",
        "urn:com:apple:photo:2020:aux:semanticskymatte",
        "urn:mpeg:hevc:2015:auxid:2",
    };
    if (heif->o->auxiliaries == 0)
        return;
    Item *map = items_add(&heif->items, "tmap");
    unsigned id = map->id;
    heif->tone_map = id;
    put(&map->data, "\0\0\0\0\0\0", 6);
    item_refer(map, "dimg", 1);
    item_refer(map, "dimg", id + 1);
    add_size(map, heif->width, heif->height);
    for (int i = 0; i < heif->o->auxiliaries; i++) {
        Item *item = add_magenta(heif, heif->width / 2, heif->height / 2);
        item->hidden = 1;
        item_refer(item, "auxl", 1);
        item_refer(item, "auxl", id);
        add_aux_type(item, types[i]);
    }
}

static void
describe(Heif *heif, Item *item, const void *bytes, size_t n)
{
    put(&item->data, bytes, n);
    item->hidden = 1;
    item_refer(item, "cdsc", 1);
    if (heif->tone_map != 0)
        item_refer(item, "cdsc", heif->tone_map);
}

static void
add_metadata(Heif *heif)
{
    const Options *o = heif->o;
    Buffer exif = picture_exif(o), xmp = picture_xmp(o);
    if (exif.n > 0) {
        Item *item = items_add(&heif->items, "Exif");
        put(&item->data, "\0\0\0\6Exif\0", 10); /* the TIFF header stands 6 bytes on */
        describe(heif, item, exif.bytes, exif.n);
    }
    if (xmp.n > 0) {
        Item *item = items_add(&heif->items, "mime");
        item->content_type = "application/rdf+xml";
        describe(heif, item, xmp.bytes, xmp.n);
    }
    if (o->unknown) {
        Item *item = items_add(&heif->items, "uri ");
        item->uri = "tag:apple.com,2023:photo:metadata:styles";
        describe(heif, item, o->canary, strlen(o->canary));
    }
    if (o->comment) {
        Buffer udes = {0};
        put(&udes, "\0\0\0\0en\0\0", 8);
        put(&udes, o->canary, strlen(o->canary) + 1);
        put(&udes, "", 1);
        item_add_property(&heif->items.items[0], "udes", 0, udes.bytes, udes.n);
        free(udes.bytes);
    }
    free(exif.bytes);
    free(xmp.bytes);
}

static void
put_boxes(const Options *o, Buffer *file)
{
    if (!o->unknown)
        return;
    size_t box = box_begin(file, "uuid");
    put(file, "0123456789abcdef", 16);
    put(file, o->canary, strlen(o->canary));
    box_end(file, box);
    box = box_begin(file, "free");
    put(file, o->canary, strlen(o->canary));
    box_end(file, box);
}

static Buffer
write_heif(const Options *o, const Kind *kind, const Frame *frame)
{
    Heif heif = {
        .o = o,
        .kind = kind,
        .code = {o->bits, o->grey, 0, o->lossless, o->quality, o->space},
        .shown = *frame,
        .left = (unsigned)o->clap,
        .top = (unsigned)o->clap / 4 * 2,
    };
    heif.width = frame->width + heif.left;
    heif.height = frame->height + heif.top;
    if (kind->even && o->tile == 0) {
        heif.width += heif.width % 2;
        heif.height += heif.height % 2;
    }
    add_picture(&heif);
    if (o->alpha != ALPHA_NONE)
        add_alpha(&heif);
    if (o->thumbnail)
        item_refer(add_magenta(&heif, heif.width, heif.height), "thmb", 1);
    if (o->second)
        add_magenta(&heif, heif.width, heif.height);
    add_auxiliaries(&heif);
    add_metadata(&heif);
    Buffer file = items_write(&heif.items, kind->brand);
    put_boxes(o, &file);
    return file;
}

Buffer
write_heic(const Options *o, const Frame *frame)
{
    return write_heif(o, &hevc, frame);
}

Buffer
write_avif(const Options *o, const Frame *frame)
{
    return write_heif(o, &av1, frame);
}
