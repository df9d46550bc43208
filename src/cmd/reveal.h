/* SPDX-License-Identifier: MIT */
/* reveal.h -- the words that commands share for formats, categories and carriers. */
#ifndef SP_CMD_REVEAL_H
#define SP_CMD_REVEAL_H
#include "storyphoto.h"
G_BEGIN_DECLS

/* "JPEG" of "jpeg", as people write it; what is not known comes back in capitals, NULL as
 * "unknown format". Owned by the caller. */
char *sp_reveal_format(const char *word);

/* Append the slugs of reveals, with between between them. */
void sp_reveal_append_slugs(GString *text, guint32 reveals, const char *between);

/* Append "APP1 EXIF 12.3 kB", or "3 x COM comment 90 bytes". */
void sp_reveal_append_carrier(GString *text, const SpFinding *finding);

G_END_DECLS
#endif
