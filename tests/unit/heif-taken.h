/* SPDX-License-Identifier: MIT */
/* heif-taken.h -- HEIF files that a walk takes, and what it says of them. */
#ifndef SP_TESTS_HEIF_TAKEN_H
#define SP_TESTS_HEIF_TAKEN_H
#include "heif-fixture.h"
#include "storyphoto.h"

#define P(...)                                                                                 \
    {                                                                                          \
        __VA_ARGS__                                                                            \
    }
#define TILE(id, text)                                                                         \
    {                                                                                          \
        id, "hvc1", TEXT(text), P(2, 3 | ESSENTIAL), .hidden = TRUE                            \
    }
#define LONE                                                                                   \
    {                                                                                          \
        1, "hvc1", TEXT("PICTURE"), P(1, 2 | ESSENTIAL)                                        \
    }
#define LONE_WITH(...)                                                                         \
    {                                                                                          \
        1, "hvc1", TEXT("PICTURE"), P(1, 2 | ESSENTIAL, __VA_ARGS__)                           \
    }
#define SIZE ISPE("\x40", "\x30") /* 64 x 48 */
#define LEFT_OUT(number, type)                                                                 \
    {                                                                                          \
        number, type, TEXT("SECRET"), P(1, 2 | ESSENTIAL)                                      \
    }
#define ALPHA_ITEM(number, ...)                                                                \
    {                                                                                          \
        number, "hvc1", TEXT("TRANSPARENCY"), P(1, 2 | ESSENTIAL, __VA_ARGS__)                 \
    }
#define C2PA "\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"

typedef struct {
    const char *name;
    Fixture file;
    const char *tiles; /* the data of all tiles, with a '|' behind each */
    guint32 removed;
    guint width, height;           /* 0: 64 and 48 */
    SpRect crop;                   /* width 0: all */
    guint orientation;             /* 0: 1 */
    guint bits;                    /* 0: 8 */
    guint columns, rows;           /* 0: 1 */
    guint tile_width, tile_height; /* 0: of the picture */
    gboolean alpha, premultiplied, mixed, nclx, icc, adobe, cut;
    Fixture slim; /* that file, when it has items */
} Taken;

#define SINGLE .primary = 1, .items = {LONE}, .properties = {SIZE, HVCC}
#define SLIM .no_slack = TRUE, .wide_properties = TRUE, .primary = 1
/* four tiles of 32 x 32 make 60 x 50 */
#define GRID_4 GRID("\1", "\1", "\x3c", "\x32")
#define GRID_ITEM(number, ...)                                                                 \
    {                                                                                          \
        number, "grid", TEXT(GRID_4), P(1, ##__VA_ARGS__)                                      \
    }
#define FOUR_TILES(at)                                                                         \
    TILE(at, "aaa|"), TILE((at) + 1, "bb"), TILE((at) + 2, "c"), TILE((at) + 3, "dddd")
#define GRID_SIZES ISPE("\x3c", "\x32"), ISPE("\x20", "\x20"), HVCC
#define DIMG_4(from, a, b, c, d)                                                               \
    {                                                                                          \
        "dimg", from, 4, P(a, b, c, d)                                                         \
    }

static const Taken taken[] = {
    {"a lone picture",
     {SINGLE},
     "PICTURE|",
     .slim = {SLIM, .items = {LONE}, .properties = {SIZE, HVCC}}},
    {"ten bits",
     {.primary = 1, .items = {LONE}, .properties = {SIZE, HVCC10}},
     "PICTURE|",
     .bits = 10,
     .slim = {SLIM, .brands = "heixmif1miaf", .items = {LONE}, .properties = {SIZE, HVCC10}}},
    {"av1",
     {.brands = "avifmif1miaf",
      .primary = 7,
      .items = {{7, "av01", TEXT("PICTURE"), P(1, 2, 3)}},
      .properties = {SIZE, AV1C, NCLX}},
     "PICTURE|",
     .nclx = TRUE,
     .slim = {SLIM, .brands = "avifmif1miaf",
              .items = {{1, "av01", TEXT("PICTURE"), P(1, 2 | ESSENTIAL, 3)}},
              .properties = {SIZE, AV1C, NCLX}}},
    {"colours and bits",
     {.primary = 1, .items = {LONE_WITH(3, 4, 5)}, .properties = {SIZE, HVCC, ICC, NCLX, PIXI}},
     "PICTURE|",
     SP_REMOVED_PROFILE,
     .nclx = TRUE,
     .icc = TRUE,
     .slim = {SLIM, .items = {LONE_WITH(3, 4)}, .properties = {SIZE, HVCC, NCLX, PIXI}}},
    {"an empty profile, colours of an unknown kind",
     {.primary = 1,
      .items = {LONE_WITH(3, 4)},
      .properties = {SIZE, HVCC, {"colr", TEXT("prof")}, {"colr", TEXT("nclcSECRET")}}},
     "PICTURE|",
     SP_REMOVED_UNKNOWN},
    {"properties of others",
     {.primary = 1,
      .items = {LONE_WITH(3, 4, 5, 6)},
      .properties = {SIZE,
                     HVCC,
                     {"pasp", TEXT("\0\0\0\1\0\0\0\1")},
                     {"udes", TEXT("\0\0\0\0SECRET\0")},
                     {"crtt", TEXT("\0\0\0\0SECRET")},
                     {"uuid", TEXT("SECRET SECRET SECRET")}}},
     "PICTURE|",
     SP_REMOVED_COMMENT | SP_REMOVED_TIME | SP_REMOVED_UNKNOWN},
    {"properties that do not exist, or stand there twice",
     {.primary = 1, .items = {LONE_WITH(9, 3, 3)}, .properties = {SIZE, HVCC, NCLX}},
     "PICTURE|",
     .nclx = TRUE},
    {"metadata",
     {.primary = 1,
      .items = {LONE,
                {2, "Exif", TEXT("\0\0\0\0SECRET")},
                {3, "mime", TEXT("SECRET"), .mime = "application/rdf+xml"},
                {4, "mime", TEXT("SECRET"), .mime = "text/plain"},
                {5, "iptc", TEXT("SECRET")},
                {6, "jumb", TEXT("SECRET")}},
      .references = {{"cdsc", 2, 1, P(1)}, {"cdsc", 3, 2, P(1, 9)}},
      .properties = {SIZE, HVCC}},
     "PICTURE|",
     SP_REMOVED_EXIF | SP_REMOVED_XMP | SP_REMOVED_UNKNOWN | SP_REMOVED_IPTC |
         SP_REMOVED_PROVENANCE},
    {"exif of adobe rgb turns nothing",
     {.primary = 1,
      .items = {LONE,
                {2, "Exif",
                 TEXT("\0\0\0\2xxMM\0*\0\0\0\10\0\2\1\x12\0\3\0\0\0\1\0\6\0\0"
                      "\x87\x69\0\4\0\0\0\1\0\0\0\x26\0\0\0\0"
                      "\0\1\xa0\5\0\4\0\0\0\1\0\0\0\x38\0\0\0\0"
                      "\0\1\0\1\0\2\0\0\0\4R03\0\0\0\0\0")}},
      .references = {{"cdsc", 2, 1, P(1)}},
      .properties = {SIZE, HVCC}},
     "PICTURE|",
     SP_REMOVED_EXIF,
     .adobe = TRUE},
    {"a thumbnail and further pictures",
     {.primary = 4,
      .items = {LEFT_OUT(2, "hvc1"),
                LEFT_OUT(3, "hvc1"),
                {4, "hvc1", TEXT("PICTURE"), P(1, 2)},
                LEFT_OUT(5, "hvc1")},
      .references = {{"thmb", 2, 1, P(4)}},
      .properties = {SIZE, HVCC}},
     "PICTURE|",
     SP_REMOVED_THUMBNAIL | SP_REMOVED_SECOND_PICTURE | SP_REMOVED_FURTHER_FRAMES},
    {"hidden and auxiliary pictures, as an iPhone has them",
     {.primary = 1,
      .items = {LONE,
                {2, "hvc1", TEXT("SECRET"), P(1, 2, 3)},
                {3, "hvc1", TEXT("SECRET"), P(1, 2, 3)},
                {4, "hvc1", TEXT("SECRET"), P(1, 2), .hidden = TRUE},
                {5, "tmap", TEXT("SECRET"), P(1)}},
      .references = {{"auxl", 2, 2, P(1, 5)}, {"auxl", 3, 1, P(1)}, {"dimg", 5, 2, P(1, 4)}},
      .properties = {SIZE, HVCC, DEPTH}},
     "PICTURE|",
     SP_REMOVED_SECOND_PICTURE},
    {"a grid",
     {.primary = 20,
      .items = {FOUR_TILES(1), GRID_ITEM(20)},
      .references = {DIMG_4(20, 1, 2, 3, 4)},
      .properties = {GRID_SIZES}},
     "aaa||bb|c|dddd|",
     .width = 60,
     .height = 50,
     .columns = 2,
     .rows = 2,
     .tile_width = 32,
     .tile_height = 32,
     .slim = {SLIM, .items = {GRID_ITEM(1), FOUR_TILES(2)},
              .references = {DIMG_4(1, 2, 3, 4, 5)}, .properties = {GRID_SIZES}}},
    {"a grid in another order, one tile twice",
     {.primary = 20,
      .items = {FOUR_TILES(1), GRID_ITEM(20)},
      .references = {DIMG_4(20, 4, 2, 4, 1)},
      .properties = {GRID_SIZES}},
     "dddd|bb|dddd|aaa||",
     SP_REMOVED_SECOND_PICTURE,
     60,
     50,
     .columns = 2,
     .rows = 2,
     .tile_width = 32,
     .tile_height = 32,
     .slim = {SLIM, .items = {GRID_ITEM(1), TILE(2, "dddd"), TILE(3, "bb"), TILE(4, "aaa|")},
              .references = {DIMG_4(1, 2, 3, 2, 4)}, .properties = {GRID_SIZES}}},
    {"a grid with numbers of 32 bits, colours of its tiles, and two configurations",
     {.primary = 9,
      .items = {{1, "hvc1", TEXT("left"), P(2, 3, 5, 6)},
                {2, "hvc1", TEXT("right"), P(2, 4)},
                {9, "grid", TEXT("\0\1\0\1\0\0\0\x3c\0\0\0\x20"), P(1, 7)}},
      .references = {{"dimg", 9, 2, P(1, 2)}},
      .properties = {ISPE("\x3c", "\x20"), ISPE("\x20", "\x20"), HVCC, HVCC10, NCLX, ICC,
                     PIXI1}},
     "left|right|",
     SP_REMOVED_PROFILE,
     60,
     32,
     .columns = 2,
     .tile_width = 32,
     .tile_height = 32,
     .nclx = TRUE,
     .icc = TRUE,
     .mixed = TRUE},
    {"iden",
     {.primary = 3,
      .items = {LEFT_OUT(1, "hvc1"),
                {2, "hvc1", TEXT("PICTURE"), P(1, 2)},
                {3, "iden", .properties = P(3)}},
      .references = {{"dimg", 3, 1, P(2)}},
      .properties = {SIZE, HVCC, NCLX}},
     "PICTURE|",
     SP_REMOVED_SECOND_PICTURE | SP_REMOVED_FURTHER_FRAMES,
     .nclx = TRUE,
     .slim = {SLIM, .items = {LONE}, .properties = {SIZE, HVCC}}},
    {"iden of iden, each turning",
     {.primary = 3,
      .items = {{1, "iden", .properties = P(4)},
                {2, "hvc1", TEXT("PICTURE"), P(1, 2, 3)},
                {3, "iden", .properties = P(3)}},
      .references = {{"dimg", 3, 1, P(1)}, {"dimg", 1, 1, P(2)}},
      .properties = {SIZE, HVCC, IROT("\1"), IMIR("\1")}},
     /* anticlockwise, left to right, anticlockwise: what is left is the mirror */
     "PICTURE|",
     .orientation = 2},
    {"tmap as the primary picture: its base",
     {.primary = 9,
      .items = {LONE_WITH(3),
                {2, "hvc1", TEXT("SECRET"), P(1, 2), .hidden = TRUE},
                {9, "tmap", TEXT("SECRET"), P(1, 3)}},
      .references = {{"dimg", 9, 2, P(1, 2)}},
      .properties = {SIZE, HVCC, IROT("\3")}},
     "PICTURE|",
     SP_REMOVED_SECOND_PICTURE,
     .orientation = 6},
    {"alpha",
     {.primary = 1,
      .items = {LONE, ALPHA_ITEM(2, 3)},
      .references = {{"auxl", 2, 1, P(1)}},
      .properties = {SIZE, HVCC, ALPHA}},
     "PICTURE|",
     .alpha = TRUE,
     .slim = {SLIM, .items = {LONE, ALPHA_ITEM(2, 3)}, .references = {{"auxl", 2, 1, P(1)}},
              .properties = {SIZE, HVCC, ALPHA}}},
    {"alpha by its old name, premultiplied, hidden, without a size",
     {.primary = 1,
      .items = {LONE, {2, "hvc1", TEXT("TRANSPARENCY"), P(3, 2), .hidden = TRUE}},
      .references = {{"auxl", 2, 1, P(1)}, {"prem", 1, 1, P(2)}},
      .properties = {SIZE, HVCC, ALPHA_HEVC}},
     "PICTURE|",
     .alpha = TRUE,
     .premultiplied = TRUE,
     .slim = {SLIM, .items = {LONE, ALPHA_ITEM(2, 3)},
              .references = {{"auxl", 2, 1, P(1)}, {"prem", 1, 1, P(2)}},
              .properties = {SIZE, HVCC, ALPHA}}},
    {"premultiplied by nothing", {SINGLE, .references = {{"prem", 1, 1, P(2)}}}, "PICTURE|"},
    {"alpha of another picture",
     {.primary = 1,
      .items = {LONE, {2, "hvc1", TEXT("SECRET"), P(1, 2, 3)}, LEFT_OUT(3, "hvc1")},
      .references = {{"auxl", 2, 1, P(3)}},
      .properties = {SIZE, HVCC, ALPHA}},
     "PICTURE|",
     SP_REMOVED_SECOND_PICTURE | SP_REMOVED_FURTHER_FRAMES},
    {"alpha of an iden's source, turned with it",
     {.primary = 3,
      .items = {LONE_WITH(4), ALPHA_ITEM(2, 3, 4), {3, "iden", .properties = P(4)}},
      .references = {{"dimg", 3, 1, P(1)}, {"auxl", 2, 1, P(1)}},
      .properties = {SIZE, HVCC, ALPHA, IROT("\1")}},
     "PICTURE|",
     .alpha = TRUE,
     .orientation = 3},
    {"alpha that is not turned with its picture",
     {.primary = 1,
      .items = {LONE_WITH(4), ALPHA_ITEM(2, 3)},
      .references = {{"auxl", 2, 1, P(1)}},
      .properties = {SIZE, HVCC, ALPHA, IROT("\1")}},
     "PICTURE|",
     .alpha = TRUE,
     .orientation = 8},
    {"alpha grid",
     {.primary = 20,
      .items = {FOUR_TILES(1), GRID_ITEM(20), FOUR_TILES(5), GRID_ITEM(21, 4)},
      .references = {DIMG_4(20, 1, 2, 3, 4), DIMG_4(21, 5, 6, 7, 8), {"auxl", 21, 1, P(20)}},
      .properties = {GRID_SIZES, ALPHA}},
     "aaa||bb|c|dddd|",
     .width = 60,
     .height = 50,
     .columns = 2,
     .rows = 2,
     .tile_width = 32,
     .tile_height = 32,
     .alpha = TRUE},
    {"alpha tile by tile",
     {.primary = 20,
      .items = {FOUR_TILES(1),
                GRID_ITEM(20),
                {5, "hvc1", TEXT("A"), P(2, 3, 4)},
                {6, "hvc1", TEXT("B"), P(2, 3, 4)}},
      .references = {DIMG_4(20, 1, 2, 3, 4), {"auxl", 5, 2, P(1, 4)}, {"auxl", 6, 2, P(3, 2)}},
      .properties = {GRID_SIZES, ALPHA}},
     "aaa||bb|c|dddd|",
     .width = 60,
     .height = 50,
     .columns = 2,
     .rows = 2,
     .tile_width = 32,
     .tile_height = 32,
     .alpha = TRUE},
    {"crop and turn",
     {.primary = 1,
      .items = {LONE_WITH(3, 4)},
      .properties = {SIZE, HVCC, CLAP("\x20", "\x10", "\xff\xff\xff\xf0", "\0\0\0\x0c"),
                     IROT("\1")}},
     "PICTURE|",
     .crop = {8, 22, 32, 16},
     .orientation = 8},
    {"turn and crop",
     {.primary = 1,
      .items = {LONE_WITH(4, 3)},
      .properties = {SIZE, HVCC, CLAP("\x10", "\x20", "\xff\xff\xff\xe0", "\0\0\0\0"),
                     IROT("\1")}},
     /* of 48 x 64 the left 16, which are rows from the top before turning */
     "PICTURE|",
     .crop = {16, 0, 32, 16},
     .orientation = 8},
    {"motion photo and boxes of vendors",
     {SINGLE,
      .before = "\0\0\0\x0e"
                "freeSECRET"
                "\0\0\0\x08wide",
      .n_before = 22,
      .behind = "\0\0\0\x0empvdSECRET\0\0\0\x0exyz!SECRET\0\0\0\x1euuid" C2PA "SECRET",
      .n_behind = 58},
     "PICTURE|",
     SP_REMOVED_VIDEO | SP_REMOVED_UNKNOWN | SP_REMOVED_PROVENANCE},
    {"a sequence with a still picture",
     {SINGLE, .brands = "heicmif1msf1hevc", .behind = "\0\0\0\x0emoovSECRET", .n_behind = 14},
     "PICTURE|",
     SP_REMOVED_VIDEO | SP_REMOVED_FURTHER_FRAMES},
    {"boxes in meta",
     {SINGLE, .meta_more = "\0\0\0\x1euuidSECRET SECRET SECRET 12", .n_meta_more = 30},
     "PICTURE|",
     SP_REMOVED_UNKNOWN},
    {"trailing text",
     {SINGLE, .behind = "SECRET SECRET", .n_behind = 13},
     "PICTURE|",
     SP_REMOVED_TRAILING},
    {"a few trailing bytes",
     {SINGLE, .behind = "\0\0\0", .n_behind = 3},
     "PICTURE|",
     SP_REMOVED_TRAILING},
    {"trailing zeros",
     {SINGLE, .behind = "\0\0\0\0\0\0\0\0\0\0\0\0", .n_behind = 12},
     "PICTURE|",
     SP_REMOVED_TRAILING},
    {"a trailing video",
     {SINGLE,
      .behind = "\0\0\0\x14"
                "ftypmp42\0\0\0\0isom\0\0\0\x0emdatSECRET",
      .n_behind = 34},
     "PICTURE|",
     SP_REMOVED_TRAILING | SP_REMOVED_VIDEO},
    {"a last box that is cut",
     {SINGLE, .behind = "\0\0\1\0freeSECRET", .n_behind = 14},
     "PICTURE|",
     SP_REMOVED_UNKNOWN,
     .cut = TRUE},
    {"a second meta box",
     {SINGLE, .behind = "\0\0\0\x12meta\0\0\0\0SECRET", .n_behind = 18},
     "PICTURE|",
     SP_REMOVED_UNKNOWN},
};

#endif
