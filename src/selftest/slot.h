/* SPDX-License-Identifier: MIT */
/* slot.h -- a place in a file where something may hide: one line of a table each.
 *
 * A slot's function writes a whole upload that has the canary there and nowhere else. Its twin
 * is the same picture in a file with nothing in it: both must come out as the same bytes. A new
 * carrier is a line in the table of its format (jpeg.c, png.c, webp.c, gif.c, heif.c). */
#ifndef SP_SELFTEST_SLOT_H
#define SP_SELFTEST_SLOT_H
#include "selftest/canary.h"
G_BEGIN_DECLS

/* Coded pictures that a format's plain file may hold; not every format has each. */
typedef enum {
    SP_PICTURE_PLAIN,
    SP_PICTURE_MAGENTA,      /* what must never be chosen */
    SP_PICTURE_RESTARTS,     /* JPEG with restart markers */
    SP_PICTURE_PADDED,       /* the same with other bits of padding before them */
    SP_PICTURE_OPTIMISED,    /* JPEG with Huffman tables of its own */
    SP_PICTURE_PROGRESSIVE,  /* JPEG of several scans */
    SP_PICTURE_DEEP,         /* PNG of 16 bits */
    SP_PICTURE_PALETTE,      /* PNG with a palette */
    SP_PICTURE_OVER_MAGENTA, /* magenta under alpha 0 */
    SP_PICTURE_OVER_OTHER,   /* the same with other colours there */
    SP_PICTURE_CROPPED,      /* HEIF: magenta around it is cut away by clap */
    SP_PICTURE_LOSSLESS,     /* HEIF: the samples that the cropped one has inside */
} SpPictureKind;

typedef enum {
    SP_SLOT_MARKED = 1 << 0, /* a coded magenta picture lies in it too */
    SP_SLOT_DIFFERS =
        1 << 1, /* too narrow for a canary: the upload must differ from its twin */
    SP_SLOT_MAY_REFUSE = 1 << 2, /* against the standard: refusing it is as good as the twin */
} SpSlotFlag;

typedef struct SpSlot SpSlot;
typedef struct SpSlotFormat SpSlotFormat;

typedef struct {
    const SpCanary *canary;     /* borrowed */
    const SpSlotFormat *format; /* HEIC and AVIF have a table together */
} SpMaker;

struct SpSlot {
    const char *name;
    void (*make)(const SpSlot *slot, const SpMaker *maker, GByteArray *out);
    guint forms; /* SpForm bits: what the search must find in the upload */
    guint flags; /* SpSlotFlag bits */
    SpPictureKind picture, twin;
    /* What make() wants to know. */
    guint where, code, type;
    const char *word; /* a chunk's or a box's name */
    const char *head;
    gsize n_head;
};
/* For .head and .n_head; text may have NULs inside. */
#define SP_HEAD(text) .head = (text), .n_head = sizeof(text) - 1

struct SpSlotFormat {
    const char *name, *extension;
    const SpSlot *slots; /* ends with name NULL */
    /* A file with that picture and nothing else. */
    void (*plain)(SpPictureKind picture, GByteArray *out);
    /* The coded magenta picture, as it lies in an upload of this format that hides it; a JPEG
     * that is hidden lies there as JPEG's mark. */
    void (*mark)(GByteArray *out);
};

extern const SpSlotFormat sp_slots_jpeg, sp_slots_png, sp_slots_webp, sp_slots_gif,
    sp_slots_heic, sp_slots_avif;

/* The decoded coded picture of pictures*.c; a name that is not there ends the program. */
void sp_put_coded(GByteArray *out, const char *name);

/* The slot's head, then the canary in the slot's forms. */
void sp_slot_payload(const SpSlot *slot, const SpMaker *maker, GByteArray *out);

G_END_DECLS
#endif
