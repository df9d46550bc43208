/* SPDX-License-Identifier: MIT */
/* exif.c -- what an EXIF block reveals.
 *
 * libexif reads the tags of the five directories that the standard has. It looks at the first
 * 64 KiB only, at one directory of each kind, and drops what is cut or of a strange type; so
 * the directories are walked a second time (tiff.h) and each entry that libexif does not have
 * is told too. Pointers are followed here: to further directories, thumbnails, blocks of other
 * kinds and the maker's note, of which libexif gets to see nothing (its readers of notes are
 * where most of its faults were). What is read is marked as covered: bytes that no pointer
 * leads to say something to whoever looks at them, and nobody here knows what.
 *
 * Bounds: the first MAX_BYTES bytes, MAX_DIRECTORIES directories, each once, MAX_BLOCKS blocks
 * of other kinds. Thousands of entries may have the same bytes as their value, and a file may
 * have hundreds of such blocks: so each block, entry and note takes its bytes, and what it
 * costs beside them, from the file's allowance. libexif bounds its own recursion, but would
 * copy 64 KiB for each of the 5 460 entries that fit into a directory: so it has MAX_LOADED
 * bytes of memory and no more. */
#include "inventory/cover.h"
#include "inventory/exif-tags.h"
#include "inventory/exif-value.h"
#include "inventory/makernote.h"
#include "inventory/reader.h"
#include "inventory/text.h"

#include <libexif/exif-data.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES ((gsize)1024 * 1024)
#define MAX_DIRECTORIES 16
#define MAX_NOTES 2   /* real files have one */
#define MAX_BLOCKS 16 /* XMP and the like: each is read as a whole */
#define MAX_LOADED ((gsize)4 * 1024 * 1024)
#define ENTRY_COST 32 /* bytes of the file's allowance */
#define NOTE_COST ((gsize)512 * 1024)
#define MAX_STRIPS 256

enum {
    TAG_INTEROP_INDEX = 0x0001,
    TAG_MAKE = 0x010F,
    TAG_STRIP_OFFSETS = 0x0111,
    TAG_STRIP_SIZES = 0x0117,
    TAG_SUB_DIRECTORIES = 0x014A,
    TAG_JPEG_OFFSET = 0x0201,
    TAG_JPEG_SIZE = 0x0202,
    TAG_XMP = 0x02BC,
    TAG_IPTC = 0x83BB,
    TAG_PHOTOSHOP = 0x8649,
    TAG_EXIF_DIRECTORY = 0x8769,
    TAG_ICC = 0x8773,
    TAG_GPS_DIRECTORY = 0x8825,
    TAG_MAKER_NOTE = 0x927C,
    TAG_INTEROP_DIRECTORY = 0xA005,
    TAG_DNG_PRIVATE = 0xC634,
};

/* The first five are libexif's too. */
typedef enum {
    DIRECTORY_0 = EXIF_IFD_0,
    DIRECTORY_1 = EXIF_IFD_1, /* and those that follow it */
    DIRECTORY_EXIF = EXIF_IFD_EXIF,
    DIRECTORY_GPS = EXIF_IFD_GPS,
    DIRECTORY_INTEROP = EXIF_IFD_INTEROPERABILITY,
    DIRECTORY_SUB = EXIF_IFD_COUNT,
} DirectoryKind;

typedef struct {
    gsize offset;
    DirectoryKind kind;
    guint32 jpeg_offset, jpeg_size;         /* of a thumbnail */
    SpTiffEntry strip_offsets, strip_sizes; /* of one that is not compressed */
} Directory;

typedef struct {
    SpTiff tiff;
    SpFinder *finder; /* borrowed */
    Directory directories[MAX_DIRECTORIES];
    guint n;
    guint notes, blocks; /* told so far */
    gboolean cut;        /* there are more directories than are read */
    SpSlice make;
    SpCover *cover; /* borrowed */
    ExifData *data; /* owned by sp_read_exif() */
} Reading;

/* ---- directories ----------------------------------------------------------------------------
 */

static void
add_directory(Reading *reading, guint32 offset, DirectoryKind kind)
{
    if (offset == 0 || offset >= reading->tiff.n)
        return;
    for (guint i = 0; i < reading->n; i++) {
        if (reading->directories[i].offset == offset)
            return;
    }
    if (reading->n < MAX_DIRECTORIES)
        reading->directories[reading->n++] = (Directory){.offset = offset, .kind = kind};
    else
        reading->cut = TRUE;
}

static void
add_sub_directories(Reading *reading, const SpTiffEntry *entry)
{
    if (entry->type != SP_TIFF_LONG && entry->type != SP_TIFF_IFD)
        return;
    gsize n = MIN(entry->value.n / 4, MAX_DIRECTORIES);
    for (gsize i = 0; i < n; i++)
        add_directory(reading, sp_tiff_get32(&reading->tiff, entry->value.bytes + 4 * i),
                      DIRECTORY_SUB);
}

/* Note where an entry leads. */
static void
follow_entry(Reading *reading, Directory *directory, const SpTiffEntry *entry)
{
    guint32 number = sp_tiff_number(&reading->tiff, entry);
    switch (entry->tag) {
    case TAG_MAKE:
        if (reading->make.n == 0)
            reading->make = entry->value;
        break;
    case TAG_EXIF_DIRECTORY:
        add_directory(reading, number, DIRECTORY_EXIF);
        break;
    case TAG_GPS_DIRECTORY:
        add_directory(reading, number, DIRECTORY_GPS);
        break;
    case TAG_INTEROP_DIRECTORY:
        add_directory(reading, number, DIRECTORY_INTEROP);
        break;
    case TAG_SUB_DIRECTORIES:
        add_sub_directories(reading, entry);
        break;
    case TAG_JPEG_OFFSET:
        directory->jpeg_offset = number;
        break;
    case TAG_JPEG_SIZE:
        directory->jpeg_size = number;
        break;
    case TAG_STRIP_OFFSETS:
        directory->strip_offsets = *entry;
        break;
    case TAG_STRIP_SIZES:
        directory->strip_sizes = *entry;
        break;
    default:
        break;
    }
}

static void
find_directories(Reading *reading, guint32 first)
{
    add_directory(reading, first, DIRECTORY_0);
    for (guint i = 0; i < reading->n; i++) { /* it grows meanwhile */
        Directory *directory = &reading->directories[i];
        guint count = sp_tiff_count(&reading->tiff, directory->offset, NULL);
        sp_cover_add(reading->cover, directory->offset, 2 + (gsize)count * 12 + 4);
        for (guint k = 0; k < count; k++) {
            SpTiffEntry entry = sp_tiff_entry(&reading->tiff, directory->offset, k, 0);
            sp_cover_add(reading->cover, entry.value_at, entry.value.n);
            /* Numbers from 0 to 31 in the GPS directory are its own. */
            if (directory->kind != DIRECTORY_GPS)
                follow_entry(reading, directory, &entry);
        }
        if (directory->kind == DIRECTORY_0 || directory->kind == DIRECTORY_1)
            add_directory(reading, sp_tiff_next(&reading->tiff, directory->offset),
                          DIRECTORY_1);
    }
}

/* ---- tags -----------------------------------------------------------------------------------
 */

static void
tell_value(Reading *reading, guint32 categories, const char *name, const SpTiff *tiff,
           const SpTiffEntry *entry)
{
    if (!sp_find_wants_values(reading->finder)) {
        sp_find(reading->finder, categories);
        return;
    }
    GString *text = sp_exif_value(tiff, entry);
    sp_find_value(reading->finder, categories, name,
                  (SpSlice){(const guint8 *)text->str, text->len});
    g_string_free(text, TRUE);
}

/* R98, R03 and THM are all that Exif and DCF define. */
static gboolean
is_odd_interop(DirectoryKind kind, const SpTiffEntry *entry)
{
    static const char *const usual[] = {"R98", "R03", "THM"};
    if (kind != DIRECTORY_INTEROP || entry->tag != TAG_INTEROP_INDEX || entry->value.n == 0)
        return FALSE;
    SpSlice value = sp_text_trim(entry->value);
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        if (sp_text_equals(value, usual[i]))
            return FALSE;
    }
    return TRUE;
}

/* Of a type that there is not: nobody knows how long its value is, or what. */
static gboolean
is_odd_type(const Reading *reading, const SpTiffEntry *entry)
{
    SpSlice field = {reading->tiff.bytes + entry->at + 4, 8};
    return sp_tiff_type_size(entry->type) == 0 && !sp_slice_is_blank(field);
}

/* A harmless tag with more than it takes, or a list of offsets and sizes that are none. */
static gboolean
is_odd_harmless(const Reading *reading, const SpTiffEntry *entry)
{
    const SpTiff *tiff = &reading->tiff;
    gboolean is_text = entry->type == SP_TIFF_ASCII || entry->type == SP_TIFF_UTF8;
    gsize room = sp_exif_tag_room(entry->tag, is_text);
    if (entry->value.n > room)
        return TRUE;
    if (!sp_exif_tag_is_list(entry->tag) || entry->value.n <= SP_EXIF_TAG_ROOM)
        return FALSE;
    guint size = sp_tiff_type_size(entry->type);
    SpTiffEntry number = *entry;
    for (; number.value.n >= size; number.value = sp_slice_behind(number.value, size)) {
        if (sp_tiff_number(tiff, &number) > tiff->n)
            return TRUE;
    }
    return size < 2;
}

static void
tell_entry(Reading *reading, DirectoryKind kind, const SpTiffEntry *entry)
{
    if (sp_exif_value_is_blank(entry))
        return;
    const SpExifTag *tag = sp_exif_tag_find(kind == DIRECTORY_GPS, entry->tag);
    guint32 categories = tag != NULL ? tag->categories : SP_CATEGORY_UNKNOWN;
    if (is_odd_interop(kind, entry) || (categories == 0 && is_odd_harmless(reading, entry)))
        categories = SP_CATEGORY_UNKNOWN;
    if (categories == 0 || (tag == NULL && sp_tiff_is_blank(entry->value)))
        return;
    if (categories == SP_CATEGORY_TIME && entry->type == SP_TIFF_ASCII &&
        sp_text_is_no_date(entry->value))
        return; /* a clock that was never set */
    char name[32];
    g_snprintf(name, sizeof name, "%s 0x%04x", tag != NULL ? tag->name : "Exif", entry->tag);
    tell_value(reading, categories, tag != NULL && tag->tag != 0 ? tag->name : name,
               &reading->tiff, entry);
}

/* ---- libexif --------------------------------------------------------------------------------
 */

typedef struct {
    Reading *reading;
    DirectoryKind kind;
} Telling;

static void
tell_loaded_entry(ExifEntry *loaded, void *data)
{
    Telling *telling = data;
    SpTiffEntry entry = {
        .tag = loaded->tag,
        .type = loaded->format,
        .count = (guint32)MIN(loaded->components, G_MAXUINT32),
        .value = {loaded->data, loaded->size},
        .whole = TRUE,
    };
    tell_entry(telling->reading, telling->kind, &entry);
}

static void
tell_loaded_content(ExifContent *content, void *data)
{
    ExifIfd kind = exif_content_get_ifd(content);
    if (kind >= EXIF_IFD_COUNT)
        return;
    Telling telling = {data, (DirectoryKind)kind};
    exif_content_foreach_entry(content, tell_loaded_entry, &telling);
}

static __thread gsize loadable; /* bytes that libexif may still have */

static void *
budget_realloc(void *old, ExifLong n)
{
    if (n > loadable)
        return NULL;
    loadable -= n;
    return old != NULL ? realloc(old, n) : calloc(1, n);
}

static void *
budget_alloc(ExifLong n)
{
    return budget_realloc(NULL, n);
}

static ExifData *
new_data(void)
{
    loadable = MAX_LOADED;
    ExifMem *mem = exif_mem_new(budget_alloc, budget_realloc, free);
    ExifData *data = mem != NULL ? exif_data_new_mem(mem) : NULL;
    exif_mem_unref(mem);
    return data;
}

/* A copy with the head that libexif wants, and in which makers' notes have no bytes. */
static void
load(Reading *reading)
{
    static const guint8 head[6] = "Exif\0";
    const SpTiff *tiff = &reading->tiff;
    g_autofree guint8 *copy = g_malloc(sizeof head + tiff->n);
    memcpy(copy, head, sizeof head);
    memcpy(copy + sizeof head, tiff->bytes, tiff->n);
    for (guint i = 0; i < reading->n; i++) {
        gsize offset = reading->directories[i].offset;
        guint count = sp_tiff_count(tiff, offset, NULL);
        for (guint k = 0; k < count; k++) {
            SpTiffEntry entry = sp_tiff_entry(tiff, offset, k, 0);
            if (entry.tag == TAG_MAKER_NOTE)
                memset(copy + sizeof head + entry.at + 4, 0, 4);
        }
    }
    reading->data = new_data();
    if (reading->data == NULL)
        return;
    exif_data_unset_option(reading->data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_unset_option(reading->data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS);
    exif_data_load_data(reading->data, copy, (guint)(sizeof head + tiff->n));
    exif_data_foreach_content(reading->data, tell_loaded_content, reading);
}

/* Whether libexif has told that entry, with these bytes, already. */
static gboolean
is_loaded(const Reading *reading, DirectoryKind kind, const SpTiffEntry *entry)
{
    if (kind == DIRECTORY_SUB || reading->data == NULL)
        return FALSE;
    ExifEntry *loaded = exif_content_get_entry(reading->data->ifd[kind], (ExifTag)entry->tag);
    return loaded != NULL && loaded->size == entry->value.n &&
           memcmp(loaded->data, entry->value.bytes, loaded->size) == 0;
}

/* ---- blocks within --------------------------------------------------------------------------
 */

static void
tell_note_field(guint32 categories, const char *name, const SpTiff *tiff,
                const SpTiffEntry *entry, gpointer data)
{
    Reading reading = {.finder = data};
    tell_value(&reading, categories, name, tiff, entry);
}

static void
read_note(SpSlice content, SpFinder *finder, gconstpointer data)
{
    (void)content;
    sp_makernote_read(data, tell_note_field, finder);
}

/* Some makers put values behind their note, and programs leave them where they were. */
static void
cover_note(Reading *reading, const SpMakerNote *note)
{
    if (note->maker->table->form != SP_MAKER_DIRECTORY)
        return;
    gsize view = (gsize)(note->view.bytes - reading->tiff.bytes);
    guint count = sp_tiff_count(&note->view, note->directory, NULL);
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(&note->view, note->directory, i, note->base);
        sp_cover_add(reading->cover, view + entry.value_at, entry.value.n);
    }
}

static void
tell_note(Reading *reading, const SpTiffEntry *entry)
{
    SpMakerNote note;
    if (sp_find_afford(reading->finder, NOTE_COST) &&
        sp_makernote_open(&reading->tiff, entry->value_at, entry->value, reading->make,
                          &note)) {
        cover_note(reading, &note);
        sp_find_part_with(reading->finder, SP_CARRIER_MAKERNOTE, 0, entry->value, read_note,
                          &note);
    } else {
        sp_find_part(reading->finder, SP_CARRIER_MAKERNOTE_UNREAD, 0, entry->value);
    }
}

static void
tell_block(Reading *reading, const SpTiffEntry *entry)
{
    static const struct {
        guint tag;
        SpCarrier carrier;
    } blocks[] = {
        {TAG_XMP, SP_CARRIER_XMP},
        {TAG_IPTC, SP_CARRIER_IPTC},
        {TAG_PHOTOSHOP, SP_CARRIER_PHOTOSHOP},
        {TAG_ICC, SP_CARRIER_ICC},
        {TAG_MAKER_NOTE, SP_CARRIER_MAKERNOTE},
        {TAG_DNG_PRIVATE, SP_CARRIER_MAKERNOTE_UNREAD},
    };
    gsize i = 0;
    while (i < G_N_ELEMENTS(blocks) && blocks[i].tag != entry->tag)
        i++;
    if (i == G_N_ELEMENTS(blocks) || sp_tiff_is_blank(entry->value))
        return;
    if (blocks[i].carrier == SP_CARRIER_MAKERNOTE && reading->notes++ < MAX_NOTES)
        tell_note(reading, entry);
    else if (blocks[i].carrier != SP_CARRIER_MAKERNOTE && reading->blocks++ < MAX_BLOCKS)
        sp_find_part(reading->finder, blocks[i].carrier, 0, entry->value);
    else
        sp_find(reading->finder, SP_CATEGORY_UNKNOWN);
}

static void
tell_thumbnail(Reading *reading, guint32 offset, guint32 size)
{
    const SpTiff *tiff = &reading->tiff;
    if (offset == 0 || size == 0 || offset >= tiff->n)
        return;
    SpSlice content = {tiff->bytes + offset, MIN(size, tiff->n - offset)};
    sp_cover_add(reading->cover, offset, content.n);
    sp_find_part(reading->finder, SP_CARRIER_EXIF_THUMBNAIL, 0, content);
}

/* One that is not compressed: its first strip is told, the others are of the same picture. */
static void
tell_strips(Reading *reading, const Directory *directory)
{
    const SpTiff *tiff = &reading->tiff;
    SpTiffEntry at = directory->strip_offsets;
    SpTiffEntry n = directory->strip_sizes;
    guint at_size = sp_tiff_type_size(at.type);
    guint n_size = sp_tiff_type_size(n.type);
    if (at_size == 0 || n_size == 0)
        return;
    tell_thumbnail(reading, sp_tiff_number(tiff, &at), sp_tiff_number(tiff, &n));
    for (guint i = 1;
         i < MAX_STRIPS && at.value.n >= 2 * (gsize)at_size && n.value.n >= 2 * (gsize)n_size;
         i++) {
        at.value = sp_slice_behind(at.value, at_size);
        n.value = sp_slice_behind(n.value, n_size);
        sp_cover_add(reading->cover, sp_tiff_number(tiff, &at), sp_tiff_number(tiff, &n));
    }
}

static void
tell_directory(Reading *reading, const Directory *directory)
{
    guint count = sp_tiff_count(&reading->tiff, directory->offset, NULL);
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(&reading->tiff, directory->offset, i, 0);
        if (!sp_find_afford(reading->finder, ENTRY_COST + entry.value.n))
            break;
        if (is_odd_type(reading, &entry))
            sp_find(reading->finder, SP_CATEGORY_UNKNOWN);
        else if (!is_loaded(reading, directory->kind, &entry))
            tell_entry(reading, directory->kind, &entry);
        if (directory->kind != DIRECTORY_GPS)
            tell_block(reading, &entry);
    }
    tell_thumbnail(reading, directory->jpeg_offset, directory->jpeg_size);
    if (directory->kind != DIRECTORY_0)
        tell_strips(reading, directory);
}

/* What nothing leads to. */
static void
tell_leftover(Reading *reading, guint entries)
{
    SpSlice all = {reading->tiff.bytes, reading->tiff.n};
    sp_cover_add(reading->cover, 0, 8); /* the head */
    SpLeftover left = sp_cover_leftover(reading->cover, all);
    if (reading->cut)
        sp_find(reading->finder, SP_CATEGORY_UNKNOWN);
    if (left.n >= SP_COVER_LEFTOVER || (entries == 0 && left.n > 0))
        sp_find_value(reading->finder, SP_CATEGORY_UNKNOWN, "Leftover", left.first);
    if (left.n >= SP_COVER_LEFTOVER && left.picture.n > 0)
        sp_find_part(reading->finder, SP_CARRIER_EXIF_THUMBNAIL, 0, left.picture);
}

void
sp_read_exif(SpSlice content, SpFinder *finder)
{
    g_auto(SpCover) cover = {NULL};
    Reading reading = {.finder = finder, .cover = &cover};
    guint32 first = 0;
    SpSlice head = {content.bytes, MIN(content.n, MAX_BYTES)};
    if (!sp_slice_is_blank(sp_slice_behind(content, head.n)))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    if (head.n >= 6 && memcmp(head.bytes, "Exif\0", 6) == 0) { /* some WebP and PNG have it */
        head.bytes += 6;
        head.n -= 6;
    }
    if (!sp_tiff_open(head, &reading.tiff, &first)) {
        if (!sp_slice_is_blank(head))
            sp_find(finder, SP_CATEGORY_UNKNOWN);
        return;
    }
    if (!sp_find_afford(finder, head.n))
        return;
    find_directories(&reading, first);
    load(&reading);
    guint entries = 0;
    for (guint i = 0; i < reading.n; i++) {
        entries += sp_tiff_count(&reading.tiff, reading.directories[i].offset, NULL);
        tell_directory(&reading, &reading.directories[i]);
    }
    tell_leftover(&reading, entries);
    if (reading.data != NULL)
        exif_data_unref(reading.data);
}
