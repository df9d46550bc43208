/* SPDX-License-Identifier: MIT */
/* jpeg-tables.h -- whether tables of a JPEG are tables, and whether any scan reads them; for
 * jpeg.c. ITU-T T.81, B.2.4. Nothing here fails a walk. */
#ifndef SP_CONTAINER_JPEG_TABLES_H
#define SP_CONTAINER_JPEG_TABLES_H
#include "container/walk.h"
G_BEGIN_DECLS

#define SP_JPEG_TABLES 12 /* four of each class: quantisation, DC codes, AC codes */

/* Zero to begin with. */
typedef struct {
    SpSlice tables[SP_JPEG_TABLES]; /* borrowed; the last of each place; n 0: none yet */
    guint used;                     /* a bit for each whose last table a scan has read */
    SpSlice interval;               /* of the last DRI */
} SpJpegTables;

/* A segment that is part of the picture: a table (DQT, DHT, DRI) or not. UNKNOWN: it is no
 * table by form, or takes the place of another one that nothing has read. */
SpCarrier sp_jpeg_tables_add(SpJpegTables *tables, guint marker, SpSlice payload);
/* A scan has a component of that quantisation table, 0 to 255, and of those codes, as its
 * header has them: DC in the upper four bits. */
void sp_jpeg_tables_use(SpJpegTables *tables, guint quantiser, guint codes);
/* Tell tables in the third and fourth places that no scan has read: nobody writes these, while
 * a grey picture often has tables for colours. They take no bytes, for
 * their segments are told; none: an empty content for them. */
void sp_jpeg_tables_tell(const SpJpegTables *tables, SpSlice none, SpPartFunc part,
                         gpointer data);

G_END_DECLS
#endif
