/* SPDX-License-Identifier: MIT */
/* heif-meta.h -- the meta box of a HEIF file as tables; for heif*.c.
 *
 * Nothing is copied: tables point into the file, which must outlive them. Numbers in the file
 * bound nothing: a table grows by what is really there, and no table grows over
 * SP_HEIF_MAX_ENTRIES. Where two entries have the same item number, the first one counts. */
#ifndef SP_CONTAINER_HEIF_META_H
#define SP_CONTAINER_HEIF_META_H
#include "container/heif-boxes.h"
G_BEGIN_DECLS

#define SP_HEIF_MAX_ENTRIES 65536 /* phones have some 100 items */

typedef struct {
    guint32 id, type; /* type 0: of a version that names none */
    gboolean is_hidden, is_protected;
    SpSlice name;         /* without its NUL, as the next one */
    SpSlice content_type; /* of a mime item */
    gboolean is_encoded;  /* a mime item: compressed, say */
    gboolean is_kept;     /* set by heif-picture.c: in the slim view, or folded into it */
    guint roles;          /* SpHeifRole bits */
    guint32 input_of;     /* with SP_HEIF_ROLE_INPUT: the first item derived from it */
} SpHeifItem;

/* What references say about an item; SP_HEIF_ROLE_PICTURE is set by heif-picture.c. */
typedef enum {
    SP_HEIF_ROLE_THUMBNAIL = 1 << 0, /* it is a thumbnail of something */
    SP_HEIF_ROLE_AUXILIARY = 1 << 1, /* alpha, depth, a gain map of something */
    SP_HEIF_ROLE_INPUT = 1 << 2,     /* something is derived from it */
    SP_HEIF_ROLE_PICTURE = 1 << 3,   /* the primary item, or what it stands for */
    SP_HEIF_ROLE_GAIN_MAP = 1 << 4,  /* a tmap's input that is not its base */
} SpHeifRole;

typedef struct {
    guint32 type, from;
    guint n;
    guint id_size; /* bytes a number: 2 or 4 */
    const guint8 *ids;
} SpHeifReference;

typedef struct {
    guint32 item;
    guint n;          /* 0 to 255 */
    guint index_size; /* bytes a number: 1 or 2 */
    const guint8 *indexes;
} SpHeifAssociation;

/* What of a meta box is none of the tables: told as it is. */
typedef enum {
    SP_HEIF_ODD_BOX,    /* a box that is not read */
    SP_HEIF_ODD_SECOND, /* one of which only the first is read */
    SP_HEIF_ODD_BYTES,  /* within that box, behind what is read of it */
    SP_HEIF_ODD_NAME,   /* the handler's name: a program's, mostly */
} SpHeifOddKind;

typedef struct {
    SpHeifOddKind kind;
    SpHeifBox box; /* the payload is what is odd */
} SpHeifOdd;

typedef struct _SpHeifMeta SpHeifMeta;

/* Read the payload of a meta box. file: the whole upload, which extents point into. On success
 * *ret_meta is new, freed by sp_heif_meta_free(). */
gboolean sp_heif_meta_new(SpSlice file, SpSlice payload, SpHeifMeta **ret_meta, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sp_heif_meta_free(SpHeifMeta *meta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpHeifMeta, sp_heif_meta_free)

/* FALSE when the file names no primary item. */
gboolean sp_heif_meta_primary(const SpHeifMeta *meta, guint32 *ret_id);
/* In the order of the file; owned by meta. */
guint sp_heif_meta_n_items(const SpHeifMeta *meta);
SpHeifItem *sp_heif_meta_nth_item(const SpHeifMeta *meta, guint nth);
/* By number; NULL when there is none. */
SpHeifItem *sp_heif_meta_item(const SpHeifMeta *meta, guint32 id);

guint sp_heif_meta_n_references(const SpHeifMeta *meta);
const SpHeifReference *sp_heif_meta_nth_reference(const SpHeifMeta *meta, guint nth);
/* The first of that type from that item; NULL when there is none. */
const SpHeifReference *sp_heif_meta_reference(const SpHeifMeta *meta, guint32 type,
                                              guint32 from);
guint32 sp_heif_reference_id(const SpHeifReference *reference, guint nth);
gboolean sp_heif_reference_has(const SpHeifReference *reference, guint32 id);

/* All properties of the file, whether an item has them or not: of SpHeifBox; borrowed. */
const GArray *sp_heif_meta_properties(const SpHeifMeta *meta);
/* Of SpHeifOdd, in the order of the file, SP_HEIF_MAX_ENTRIES at most; borrowed. */
const GArray *sp_heif_meta_odd(const SpHeifMeta *meta);
/* The payload of idat; n 0 without one. */
SpSlice sp_heif_meta_inline_data(const SpHeifMeta *meta);
/* What properties an item has: n of them, in the order in which they are associated. n 0 when
 * none are; each may be NULL, when it does not exist. */
SpHeifAssociation sp_heif_meta_association(const SpHeifMeta *meta, guint32 id);
const SpHeifBox *sp_heif_meta_property(const SpHeifMeta *meta, SpHeifAssociation association,
                                       guint nth);

/* Where the data of an item lies: adds to ret_extents (of SpSlice), in order, without empty
 * ones; on failure, too, as far as there is data. Errors: SP_ERROR_TRUNCATED (behind the end of
 * the file), SP_ERROR_CORRUPT (outside idat, or no location), SP_ERROR_UNSUPPORTED (in another
 * item, in another file), SP_ERROR_TOO_MUCH_WORK. */
gboolean sp_heif_meta_extents(const SpHeifMeta *meta, guint32 id, GArray *ret_extents,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
