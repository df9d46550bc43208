/* SPDX-License-Identifier: MIT */
/* makernote.h -- what a maker's note in EXIF reveals beyond the camera that wrote it.
 *
 * A note is found by its first bytes or by the camera's make; most are TIFF directories without
 * the TIFF's head, whose offsets count from the whole TIFF, from the note or from a head within
 * it. So the reader is given the whole TIFF and where the note lies.
 *
 * A further maker is a row in makernote-makers.c and a table of its tags in makernote-tags.c.
 */
#ifndef SP_INVENTORY_MAKERNOTE_H
#define SP_INVENTORY_MAKERNOTE_H
#include "container/tiff.h"
G_BEGIN_DECLS

/* ---- tables --------------------------------------------------------------------------------
 */

typedef struct SpMakerTable SpMakerTable;

/* A field that reveals something; what stands in no table is settings of a camera. */
typedef struct {
    guint16 tag;        /* of a directory's entry; in a record: the offset of the field */
    guint16 n;          /* in a record: its bytes; in a directory: 0 */
    guint32 categories; /* SpCategory bits; 0 for what only leads to an inner table */
    const char *name;   /* as ExifTool calls it */
    const SpMakerTable *inner; /* what the entry leads to, or NULL */
} SpMakerTag;

typedef enum {
    SP_MAKER_DIRECTORY, /* entries with tags; inner: an offset, or in the value itself */
    SP_MAKER_RECORD,    /* fields at fixed places in the value */
} SpMakerForm;

struct SpMakerTable {
    SpMakerForm form;
    guint8 skip; /* inner directories: bytes of the value before the directory */
    const SpMakerTag *tags;
    guint n;
};

typedef enum {
    SP_MAKER_BASE_TIFF, /* offsets count from the TIFF's first byte */
    SP_MAKER_BASE_NOTE, /* from the note's first byte, plus SpMaker.base */
} SpMakerBase;

typedef enum {
    SP_MAKER_ORDER_ANY, /* the TIFF's, or the other one where only that makes sense */
    SP_MAKER_ORDER_LITTLE,
} SpMakerOrder;

typedef struct {
    const char *make;   /* what Make begins with, without regard to case; NULL for any */
    const char *prefix; /* what the note begins with; NULL for anything */
    guint prefix_n;
    guint start; /* where the directory begins, in bytes from the note's start */
    SpMakerBase base_kind;
    guint base;
    SpMakerOrder order;
    gboolean start_is_pointer; /* at start stands, in 4 bytes, where it begins (Fujifilm) */
    const SpMakerTable *table; /* a record: the fields of the note as a whole */
} SpMaker;

/* All makers, the particular before the general; ended by table NULL. */
extern const SpMaker sp_makers[];

extern const SpMakerTable sp_maker_apple, sp_maker_canon, sp_maker_casio, sp_maker_casio2,
    sp_maker_dji_text, sp_maker_fujifilm, sp_maker_hp4, sp_maker_hp6, sp_maker_kodak,
    sp_maker_kodak7, sp_maker_kodak8, sp_maker_kodak9, sp_maker_kodak11, sp_maker_leica,
    sp_maker_minolta, sp_maker_motorola, sp_maker_nikon, sp_maker_nikon2, sp_maker_nintendo,
    sp_maker_olympus, sp_maker_panasonic, sp_maker_pentax, sp_maker_pentax2,
    sp_maker_google_text, sp_maker_reconyx, sp_maker_reconyx2, sp_maker_reconyx3,
    sp_maker_ricoh, sp_maker_samsung, sp_maker_sanyo, sp_maker_sigma, sp_maker_sony,
    sp_maker_sony_ericsson, sp_maker_settings, sp_maker_settings_record;

/* ---- reading -------------------------------------------------------------------------------
 */

typedef struct {
    SpTiff tiff;     /* the whole of it */
    SpSlice content; /* the note */
    gsize at;        /* where it begins in the TIFF */
    const SpMaker *maker;
    SpTiff view;     /* the structure that offsets count from, in the note's own byte order */
    gsize directory; /* in view */
    gint64 base;     /* added to offsets */
} SpMakerNote;

/* Find out who wrote the note that takes up content, which begins at byte `at` of tiff. make is
 * the camera's, need not end with a NUL, and may be empty. FALSE when nobody here can read it:
 * an unknown maker, or not what that maker writes. */
gboolean sp_makernote_open(const SpTiff *tiff, gsize at, SpSlice content, SpSlice make,
                           SpMakerNote *ret_note);

/* Called for each field that reveals something: its SpCategory bits and ExifTool's name. tiff
 * and entry are borrowed for the call; a field of a record is of type SP_TIFF_UNDEFINED. */
typedef void (*SpMakerFunc)(guint32 categories, const char *name, const SpTiff *tiff,
                            const SpTiffEntry *entry, gpointer data);

/* Tell all of them. At most SP_MAKERNOTE_DIRECTORIES directories are read, SP_TIFF_ENTRIES
 * entries of each, in whatever circle they point. */
#define SP_MAKERNOTE_DIRECTORIES 16
void sp_makernote_read(const SpMakerNote *note, SpMakerFunc func, gpointer data);

G_END_DECLS
#endif
