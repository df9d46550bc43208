/* SPDX-License-Identifier: MIT */
/* reader.h -- looking into one carrier: what a reader is, and what it may say.
 *
 * A reader gets the content of one part and says what it finds. It allocates nothing by the
 * content's own numbers, reads nothing outside of it, bounds its own work, and never fails:
 * what it cannot read it says as SP_CATEGORY_UNKNOWN, or not at all where the carrier's name
 * says enough. A new reader is a file, a line here and a line in inventory.c's table. */
#ifndef SP_INVENTORY_READER_H
#define SP_INVENTORY_READER_H
#include "inventory/inventory.h"
G_BEGIN_DECLS

/* Where a reader says what it finds; one for each part that is looked into. */
typedef struct SpFinder SpFinder;

/* This part reveals that: SpCategory bits. */
void sp_find(SpFinder *finder, guint32 categories);
/* The same with the value that says so, for those who asked for values; each bit of categories
 * is told with it. name is the field's usual one: "GPSLatitude"; "" is told as "?". */
void sp_find_value(SpFinder *finder, guint32 categories, const char *name, SpSlice value);
/* Will values be heard? Else there is no need to make them. */
gboolean sp_find_wants_values(const SpFinder *finder);
/* A carrier within this one: gets a row and a reader of its own. */
void sp_find_part(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content);
/* The same where the content goes on into the next one: n_bytes of it are its own. */
void sp_find_part_of(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content,
                     guint64 n_bytes);
/* The same for one that cannot be read without what is around it: read gets data too, in place
 * of the reader that the carrier has. */
typedef void (*SpReadWithFunc)(SpSlice content, SpFinder *finder, gconstpointer data);
void sp_find_part_with(SpFinder *finder, SpCarrier carrier, guint32 kind, SpSlice content,
                       SpReadWithFunc read, gconstpointer data);

/* Up to n bytes of work out of the file's allowance, for a reader whose work is not bounded by
 * the bytes that it is given (it inflates, or looks each of many names up): SP_INVENTORY_WORK
 * for all parts of a file together. Returns what there is, 0 to n; that much is gone. */
gsize sp_find_allowance(SpFinder *finder, gsize n);
/* All of n bytes of work, or nothing: FALSE, and the part is unknown, when they are not there.
 */
gboolean sp_find_afford(SpFinder *finder, gsize n);
/* What was asked for and not used. */
void sp_find_give_back(SpFinder *finder, gsize n);

/* The name by which the container knows the part that is looked into (SpPart.kind). */
guint32 sp_find_kind(const SpFinder *finder);

typedef void (*SpReadFunc)(SpSlice content, SpFinder *finder);

void sp_read_exif(SpSlice content, SpFinder *finder);
void sp_read_xmp(SpSlice content, SpFinder *finder);
/* Of extended XMP: may begin and end anywhere. */
void sp_read_xmp_piece(SpSlice content, SpFinder *finder);
void sp_read_iptc(SpSlice content, SpFinder *finder);
void sp_read_photoshop(SpSlice content, SpFinder *finder);
void sp_read_text(SpSlice content, SpFinder *finder);
void sp_read_thumbnail(SpSlice content, SpFinder *finder);
void sp_read_time(SpSlice content, SpFinder *finder);
void sp_read_comment(SpSlice content, SpFinder *finder);
void sp_read_icc(SpSlice content, SpFinder *finder);
void sp_read_jumbf(SpSlice content, SpFinder *finder);
void sp_read_movie(SpSlice content, SpFinder *finder);
void sp_read_samsung(SpSlice content, SpFinder *finder);
/* How many bytes at the end of content are Samsung's blocks with their directory; 0: none. */
gsize sp_samsung_length(SpSlice content);
void sp_read_vendor(SpSlice content, SpFinder *finder);
void sp_read_ducky(SpSlice content, SpFinder *finder);
void sp_read_trailer(SpSlice content, SpFinder *finder);

G_END_DECLS
#endif
