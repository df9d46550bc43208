/* SPDX-License-Identifier: MIT */
/* preset.h -- what to make from an upload: plain data, filled through one table of keys.
 *
 * SpVariant, SpLimits and SpReduction cross the wall to the renderer as they are: fixed size,
 * no pointers. */
#ifndef SP_PRESET_PRESET_H
#define SP_PRESET_PRESET_H
#include "storyphoto.h"
G_BEGIN_DECLS

#define SP_MAX_VARIANTS 16
#define SP_NAME_SIZE 32    /* of a variant's name and suffix, NUL included */
#define SP_HARD_SIDE 16383 /* the longest side that WebP can say */
#define SP_MAX_CROPS 8
#define SP_MAX_CLASSES 16
#define SP_QUALITY_AUTO 0.0 /* chosen for each picture, by what the file looks like */
#define SP_QUALITY_AUTO_MOST 95.0

/* What an encoder makes; numbers cross the wall. */
typedef enum {
    SP_OUTPUT_WEBP = 0,
    SP_OUTPUT_JPEG = 1,
    SP_OUTPUT_COUNT,
} SpOutputFormat;

/* "webp", "jpeg": the word in presets and receipts. */
const char *sp_output_format_word(guint32 format);
/* ".webp", ".jpg" */
const char *sp_output_format_extension(guint32 format);

/* How many samples of chroma a JPEG has; numbers cross the wall. */
typedef enum {
    SP_CHROMA_420 = 0,  /* one of each for two by two pixels */
    SP_CHROMA_444 = 1,  /* one of each for every pixel */
    SP_CHROMA_AUTO = 2, /* as the picture needs it */
    SP_CHROMA_COUNT,
} SpChroma;

/* Width to height, each 1 to 100: 16 to 9. */
typedef struct {
    guint32 width, height;
} SpAspect;

/* Lists are filled from the front; the rest is 0. */
typedef struct {
    guint32 n;
    SpAspect aspects[SP_MAX_CROPS];
} SpAspectList;

typedef struct {
    guint32 n;
    guint32 widths[SP_MAX_CLASSES]; /* 1 to SP_HARD_SIDE, falling */
} SpWidthList;

/* One file to make. All sizes in pixels of the upright picture. */
typedef struct {
    char name[SP_NAME_SIZE];   /* [a-z0-9-], not empty */
    char suffix[SP_NAME_SIZE]; /* put behind the stem; may be empty */
    guint32 format;            /* SpOutputFormat */
    guint32 width;             /* 1 to SP_HARD_SIDE: the widest; a picture is never enlarged */
    guint32 max_height;        /* 1 to SP_HARD_SIDE */
    guint32 max_bytes;         /* 1 000 to 16 000 000: no file is larger */
    guint32 min_width;         /* 1 to SP_HARD_SIDE: the budget makes it no narrower */
    double quality;     /* 1 to 100, the encoder's own scale: tried first, never exceeded;
                         * or SP_QUALITY_AUTO */
    double target;      /* 30 to 90, of the likeness (render/likeness.h): what auto aims at */
    double min_quality; /* 1 to 100, at most quality, or SP_QUALITY_AUTO_MOST */
    guint32 effort;     /* 0 to 6: WebP's method; JPEG is progressive from 2 on */
    guint32 background; /* 0xRRGGBB, sRGB: what JPEG shows where the picture is transparent */
    guint32 chroma;     /* SpChroma; of WebP, which is always 4:2:0, never 444 */
    SpAspectList crop;  /* cut to the nearest of these, about the centre; none: the whole */
    SpWidthList widths; /* the only widths there may be; none: any up to width */
} SpVariant;

typedef struct {
    guint64 max_upload;       /* bytes */
    guint64 max_pixels;       /* lowers the format's guard, never raises it */
    guint64 max_memory;       /* bytes a renderer may need for one picture */
    guint32 timeout_ms;       /* wall time and CPU time for one picture */
    guint32 input_timeout_ms; /* waiting for the bytes of a pipe, in all */
    guint32 require_landlock; /* 1: nothing is rendered where the kernel has no Landlock */
    guint32 max_scans;        /* of a JPEG: each is a pass over all coefficients */
    guint32 max_frames;       /* of an animation, of which the first is shown */
    guint32 max_profile;      /* bytes; a larger ICC profile counts as absent */
} SpLimits;

/* How a picture is made smaller: all variants alike. */
typedef struct {
    guint32 linear_light; /* 1: what is averaged is light, not the numbers that code it */
    guint32 sharpen;      /* 0 to 100 percent of an unsharp mask, after the reduction */
} SpReduction;

typedef enum {
    SP_NAMES_OPAQUE = 0, /* a hash of the outputs' hashes */
    SP_NAMES_RANDOM,     /* fresh random bits */
    SP_NAMES_SOURCE,     /* the source's full name */
} SpNames;

struct SpPreset {
    char *name;        /* owned */
    char *description; /* owned */
    char *sizes;       /* owned; of the <picture>; "": by its widest file */
    SpNames names;
    SpLimits limits;
    SpReduction reduction;
    guint n_variants;
    SpVariant variants[SP_MAX_VARIANTS];
};

SpPreset *sp_preset_copy(const SpPreset *preset);

/* The variant of that name; NULL with SP_ERROR_BAD_PRESET that lists the names there are. */
const SpVariant *sp_preset_find_variant(const SpPreset *preset, const char *name,
                                        GError **error);

G_END_DECLS
#endif
