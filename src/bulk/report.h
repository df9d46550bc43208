/* SPDX-License-Identifier: MIT */
/* report.h -- a page about a batch, from its journal: a summary, histograms, what was refused
 * and why, and a contact sheet of what is published.
 *
 * Static files that need no network and no server: index.html and, where there are many photos,
 * sheet-N.html and refused-N.html. They show published outputs where these lie, by a relative
 * address; never an original, never a value of metadata. They name inputs: so the files are
 * 0600, a folder that is made for them is 0700, and it is not to lie within the folder that is
 * published, which the caller sees to. */
#ifndef SP_BULK_REPORT_H
#define SP_BULK_REPORT_H
#include "bulk/journal.h"
G_BEGIN_DECLS

/* Write the page into folder, made if missing; files of an earlier report there are replaced,
 * and removed where there are fewer now. Nothing of anybody else's is: SP_ERROR_EXISTS.
 * output: the published folder, which must exist. SP_ERROR_CANNOT_WRITE (also: folder is
 * another user's, or others may write into it), _BUSY (another report is being written there),
 * _NO_SPACE, _IO and the journal's. */
gboolean sp_report_write(SpJournal *journal, const char *folder, const char *output,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
