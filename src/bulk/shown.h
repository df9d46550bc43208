/* SPDX-License-Identifier: MIT */
/* shown.h -- would a web server send a file of that name as a picture, a video or a document?
 *
 * Asked only of files whose bytes say nothing of the kind. What a file is, its bytes say; but
 * a server says what it is by its name, and some pictures have no first bytes of their own: an
 * SVG behind a long comment, anything compressed by brotli, a RAW format that nobody here
 * knows. So a file is passed over as "no picture" only where both say so. */
#ifndef SP_BULK_SHOWN_H
#define SP_BULK_SHOWN_H
#include <glib.h>
G_BEGIN_DECLS

/* By what stands behind the last dot, in any case; behind the last but one, where the last is
 * that of a compression ("map.svg.gz"). */
gboolean sp_shown_by_name(const char *path);

G_END_DECLS
#endif
