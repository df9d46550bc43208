/* SPDX-License-Identifier: MIT */
/* makernote.c -- reading makers' notes by table.
 *
 * No maker tells how its notes are built, and programs that edit a photo move them without
 * mending what points into them. So a row of sp_makers says what is usual, and two questions
 * are put to the note itself: in which byte order does the directory make sense, and from where
 * do most of its offsets lead back into the note? What makes sense in neither is not read at
 * all, which counts as the worst.
 *
 * Facts about the formats: ExifTool's documentation of tag names and its MakerNotes module. */
#include "inventory/makernote.h"

#include <string.h>

typedef struct {
    const SpMakerNote *note; /* borrowed */
    guint directories;       /* that may still be read */
    SpMakerFunc func;
    gpointer data;
} Reading;

static gboolean
slice_has_prefix(SpSlice slice, const char *prefix, gsize n)
{
    return slice.n >= n && memcmp(slice.bytes, prefix, n) == 0;
}

static gboolean
maker_matches(const SpMaker *maker, SpSlice content, SpSlice make)
{
    if (maker->make != NULL) {
        gsize n = strlen(maker->make);
        if (make.n < n || g_ascii_strncasecmp((const char *)make.bytes, maker->make, n) != 0)
            return FALSE;
    }
    return maker->prefix == NULL || slice_has_prefix(content, maker->prefix, maker->prefix_n);
}

/* Whether a directory stands there: it fits, and most of its entries are of a type that there
 * is. One in four may be odd: Casio, Sanyo and others write some such. */
static gboolean
is_directory(const SpTiff *view, gsize at)
{
    guint told = 0;
    guint count = sp_tiff_count(view, at, &told);
    guint good = 0;
    if (count == 0 || count < told)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(view, at, i, 0);
        good += sp_tiff_type_size(entry.type) > 0 && entry.count > 0 ? 1 : 0;
    }
    return good >= 1 && good * 4 >= count * 3;
}

/* How many of the values that stand apart lie within the note, behind its directory. */
static guint
count_fitting(const SpMakerNote *note, gint64 base)
{
    guint count = sp_tiff_count(&note->view, note->directory, NULL);
    gsize behind = note->directory + 2 + (gsize)count * 12;
    gsize end = note->at + note->content.n;
    guint fitting = 0;
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(&note->view, note->directory, i, base);
        fitting += entry.whole && entry.value.n > 4 && entry.value_at >= behind &&
                           entry.value_at + entry.value.n <= end
                       ? 1
                       : 0;
    }
    return fitting;
}

/* The least offset of a value that stands apart. Makers put the first one right behind the
 * directory, with or without the pointer to a next one between: so that tells how far a program
 * moved the note. */
static gint64
least_offset(const SpMakerNote *note)
{
    guint count = sp_tiff_count(&note->view, note->directory, NULL);
    gint64 least = G_MAXUINT32;
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(&note->view, note->directory, i, 0);
        if ((guint64)entry.count * sp_tiff_type_size(entry.type) > 4)
            least =
                MIN(least, (gint64)sp_tiff_get32(&note->view, note->view.bytes + entry.at + 8));
    }
    return least;
}

/* What the maker's row says, unless another base is the better one. */
static gint64
choose_base(const SpMakerNote *note)
{
    gint64 at = (gint64)note->at;
    gint64 usual = note->maker->base_kind == SP_MAKER_BASE_TIFF ? 0 : at + note->maker->base;
    guint count = sp_tiff_count(&note->view, note->directory, NULL);
    gint64 moved = (gint64)note->directory + 2 + (gint64)count * 12 - least_offset(note);
    const gint64 others[] = {0, at, (gint64)note->directory, moved + 4, moved};
    guint most = count_fitting(note, usual);
    gint64 best = usual;
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        guint fitting = count_fitting(note, others[i]);
        if (fitting > most) {
            most = fitting;
            best = others[i];
        }
    }
    return best;
}

static gboolean
open_directory(SpMakerNote *note)
{
    const SpMaker *maker = note->maker;
    gsize start = maker->start;
    if (maker->start_is_pointer) {
        if (note->content.n < start + 4)
            return FALSE;
        SpTiff little = {.little_endian = TRUE};
        start = sp_tiff_get32(&little, note->content.bytes + start);
    }
    if (start >= note->content.n)
        return FALSE;
    note->directory = note->at + start;
    note->view = note->tiff;
    if (maker->order == SP_MAKER_ORDER_LITTLE)
        note->view.little_endian = TRUE;
    gboolean found = is_directory(&note->view, note->directory);
    if (!found && maker->order == SP_MAKER_ORDER_ANY) {
        note->view.little_endian = !note->view.little_endian;
        found = is_directory(&note->view, note->directory);
    }
    note->base = found ? choose_base(note) : 0;
    return found;
}

gboolean
sp_makernote_open(const SpTiff *tiff, gsize at, SpSlice content, SpSlice make,
                  SpMakerNote *ret_note)
{
    SpMakerNote note = {.tiff = *tiff, .content = content, .at = at};
    for (const SpMaker *maker = sp_makers; maker->table != NULL; maker++) {
        if (!maker_matches(maker, content, make))
            continue;
        note.maker = maker;
        note.view = *tiff;
        if (maker->table->form == SP_MAKER_DIRECTORY && !open_directory(&note))
            continue;
        *ret_note = note;
        return TRUE;
    }
    return FALSE;
}

static gboolean
is_zero(SpSlice value)
{
    for (gsize i = 0; i < MIN(value.n, SP_TIFF_BLANK); i++) {
        if (value.bytes[i] != 0)
            return FALSE;
    }
    return value.n <= SP_TIFF_BLANK;
}

static void
read_record(const Reading *reading, const SpMakerTable *table, SpSlice record, gsize at)
{
    for (guint i = 0; i < table->n; i++) {
        const SpMakerTag *tag = &table->tags[i];
        if (tag->tag >= record.n)
            continue;
        SpTiffEntry field = {.type = SP_TIFF_UNDEFINED, .value_at = at + tag->tag};
        field.value.bytes = record.bytes + tag->tag;
        field.value.n = MIN(tag->n, record.n - tag->tag);
        field.count = (guint32)field.value.n;
        field.whole = field.value.n == tag->n;
        if (!is_zero(field.value) && (tag->n <= 4 || !sp_tiff_is_blank(field.value)))
            reading->func(tag->categories, tag->name, &reading->note->view, &field,
                          reading->data);
    }
}

/* Makers write 0 for "no serial number", "no preview"; text ends with the first NUL, what is
 * behind it was never cleared. Panasonic's unset dates are all nines. */
static gboolean
says_something(const SpTiffEntry *entry)
{
    SpSlice value = entry->value;
    if (entry->type == SP_TIFF_ASCII && value.n > 0)
        value.n = strnlen((const char *)value.bytes, MIN(value.n, SP_TIFF_BLANK));
    if (entry->type == SP_TIFF_ASCII || entry->type == SP_TIFF_UNDEFINED)
        return !sp_tiff_is_blank(value) && !slice_has_prefix(value, "9999:99:99", 10);
    return !is_zero(value);
}

static void read_directory(Reading *reading, const SpMakerTable *table, gsize at);

/* An entry that leads to an inner table. Directories stand either in the value, if it is bytes,
 * or where it points. */
static void
read_inner(Reading *reading, const SpMakerTable *inner, const SpTiffEntry *entry)
{
    const SpTiff *view = &reading->note->view;
    if (inner->form == SP_MAKER_RECORD) {
        read_record(reading, inner, entry->value, entry->value_at);
        return;
    }
    gint64 at = (gint64)entry->value_at + inner->skip;
    if (entry->value.n == 4 && entry->count == 1)
        at = reading->note->base + sp_tiff_number(view, entry);
    if (at >= 0 && is_directory(view, (gsize)at))
        read_directory(reading, inner, (gsize)at);
}

static void
read_entry(Reading *reading, const SpMakerTable *table, const SpTiffEntry *entry)
{
    for (guint i = 0; i < table->n; i++) {
        const SpMakerTag *tag = &table->tags[i];
        if (tag->tag != entry->tag)
            continue;
        if (tag->categories != 0 && says_something(entry))
            reading->func(tag->categories, tag->name, &reading->note->view, entry,
                          reading->data);
        if (tag->inner != NULL)
            read_inner(reading, tag->inner, entry);
        return;
    }
}

/* Calls itself through inner tables only, which are at most three deep; the number of
 * directories is bounded for the sake of those that hold many pointers to one. */
static void
read_directory(Reading *reading, const SpMakerTable *table, gsize at)
{
    if (reading->directories == 0)
        return;
    reading->directories--;
    guint count = sp_tiff_count(&reading->note->view, at, NULL);
    for (guint i = 0; i < count; i++) {
        SpTiffEntry entry = sp_tiff_entry(&reading->note->view, at, i, reading->note->base);
        read_entry(reading, table, &entry);
    }
}

void
sp_makernote_read(const SpMakerNote *note, SpMakerFunc func, gpointer data)
{
    Reading reading = {note, SP_MAKERNOTE_DIRECTORIES, func, data};
    if (note->maker->table->form == SP_MAKER_RECORD)
        read_record(&reading, note->maker->table, note->content, note->at);
    else
        read_directory(&reading, note->maker->table, note->directory);
}
