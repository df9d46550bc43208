/* SPDX-License-Identifier: MIT */
/* report-folder.h -- the folder of a report: whole files that only we may read, and nothing of
 * anybody else's replaced or removed. */
#ifndef SP_BULK_REPORT_FOLDER_H
#define SP_BULK_REPORT_FOLDER_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct SpReportFolder SpReportFolder;

/* Open path, made with its parents, for us alone, if missing. NULL with SP_ERROR_CANNOT_WRITE
 * (also: it is another user's, or others may write into it), _BUSY (another report is being
 * written there), _EXISTS (its index.html is no page of a report), _NO_SPACE, _IO. */
SpReportFolder *sp_report_folder_open(const char *path, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void sp_report_folder_free(SpReportFolder *folder);

/* Its resolved path; borrowed. */
const char *sp_report_folder_path(const SpReportFolder *folder);

/* Write text to name, 0600, at once or not at all. SP_ERROR_EXISTS when there is a file of that
 * name that is no page of a report; SP_ERROR_CANNOT_WRITE, _NO_SPACE, _IO. */
gboolean sp_report_folder_put(SpReportFolder *folder, const char *name, const GString *text,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Remove STEM-N.html of an earlier report where N is above last. SP_ERROR_CANNOT_WRITE, _IO. */
gboolean sp_report_folder_sweep(SpReportFolder *folder, const char *stem, guint last,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SpReportFolder, sp_report_folder_free)
G_END_DECLS
#endif
