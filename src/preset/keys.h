/* SPDX-License-Identifier: MIT */
/* keys.h -- the table of keys that a preset has, and how their values are read and written.
 *
 * base is always the struct that the key's group fills: SpPreset for SP_GROUP_PRESET, SpLimits
 * for SP_GROUP_LIMITS, SpReduction for SP_GROUP_RESIZE, one SpVariant for SP_GROUP_VARIANT.
 * where is put before the key's name in messages: "x.ini: [variant webp] " or "webp.". Errors
 * are SP_ERROR_BAD_PRESET. */
#ifndef SP_PRESET_KEYS_H
#define SP_PRESET_KEYS_H
#include "preset/preset.h"
G_BEGIN_DECLS

typedef enum {
    SP_GROUP_PRESET,
    SP_GROUP_LIMITS,
    SP_GROUP_RESIZE,
    SP_GROUP_VARIANT,
    SP_GROUP_COUNT,
} SpGroup;

/* What a value looks like and what field keeps it. */
typedef enum {
    SP_KEY_UNSIGNED, /* "1024"; guint32 or guint64 */
    SP_KEY_BYTES,    /* "400000", bytes without a unit; guint32 or guint64 */
    SP_KEY_SIZE,     /* "64M", bytes; guint32 or guint64 */
    SP_KEY_REAL,     /* "82.5"; double */
    SP_KEY_QUALITY,  /* "82.5" or "auto"; double, SP_QUALITY_AUTO */
    SP_KEY_DURATION, /* "20", seconds; guint32 of milliseconds */
    SP_KEY_ENUM,     /* one of the words; guint32 or an enum */
    SP_KEY_ASPECTS,  /* "none" or "4:3 1:1"; SpAspectList */
    SP_KEY_WIDTHS,   /* "any" or "1024 512", falling; SpWidthList */
    SP_KEY_SUFFIX,   /* part of a file name; char[], the rest zero */
    SP_KEY_TEXT,     /* printable UTF-8; char *, owned */
    SP_KEY_COLOUR,   /* "white", "black", "#336699"; guint32, 0xRRGGBB */
    SP_KEY_TYPE_COUNT,
} SpKeyType;

typedef struct {
    SpGroup group;
    const char *name;
    SpKeyType type;
    gsize offset, size; /* of the field in base */
    /* Of the number as written, of each in a list; of a text, its length; of an enum, its
     * value. */
    double min, max;
    const char *(*word)(guint32 value); /* SP_KEY_ENUM: the word of a value */
    const char *default_value;          /* as written in a file; NULL: must be given */
    const char *help;                   /* one short sentence */
} SpKey;

/* All keys, group by group. */
const SpKey *sp_key_table(gsize *ret_n);

/* "preset", "limits", "resize", "variant" */
const char *sp_group_word(SpGroup group);

/* The key of that name; NULL with an error that names the nearest. */
const SpKey *sp_key_find(SpGroup group, const char *name, const char *where, GError **error);

/* What the keys of a group that a preset has once fill in it, by the group's word, which is
 * also that of --set: "preset", "limits" or "resize". NULL for any other word. */
gpointer sp_group_find(SpPreset *preset, const char *word, SpGroup *ret_group);

/* Give every key of the group that has a default its default. */
void sp_key_set_defaults(SpGroup group, gpointer base);

/* Read text, blanks around it already taken off, into base. On failure base is unchanged and
 * the message says what is allowed. */
gboolean sp_key_parse(const SpKey *key, const char *text, const char *where, gpointer base,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The value as sp_key_parse() reads it back to the same bits; new. */
char *sp_key_format(const SpKey *key, gconstpointer base);

/* What is allowed: "1 to 16383", "opaque, random, source"; new. */
char *sp_key_range(const SpKey *key);

/* The same as half a sentence: "must be 1 to 16383", "must be one of webp, jpeg"; new. */
char *sp_key_demand(const SpKey *key);

G_END_DECLS
#endif
