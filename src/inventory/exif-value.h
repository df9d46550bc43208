/* SPDX-License-Identifier: MIT */
/* exif-value.h -- values of EXIF entries as text, for a person who asked for them. */
#ifndef SP_INVENTORY_EXIF_VALUE_H
#define SP_INVENTORY_EXIF_VALUE_H
#include "container/tiff.h"
G_BEGIN_DECLS

/* The value as UTF-8 or, where text is in no known coding, as its bytes: without NULs and
 * spaces at its end. Numbers in decimal, at most SP_EXIF_VALUE_NUMBERS of them; bytes that are
 * no text in hexadecimal, as many of them. New, owned by the caller; at most
 * SP_EXIF_VALUE_MAX bytes. */
#define SP_EXIF_VALUE_NUMBERS 32
#define SP_EXIF_VALUE_MAX 4096
GString *sp_exif_value(const SpTiff *tiff, const SpTiffEntry *entry);

/* Whether there is nothing in it: text or bytes that are blank, no bytes at all. Numbers are
 * never blank. */
gboolean sp_exif_value_is_blank(const SpTiffEntry *entry);

G_END_DECLS
#endif
