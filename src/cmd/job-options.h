/* SPDX-License-Identifier: MIT */
/* job-options.h -- what the commands that process uploads ask of their options alike. */
#ifndef SP_CMD_JOB_OPTIONS_H
#define SP_CMD_JOB_OPTIONS_H
#include "storyphoto.h"
G_BEGIN_DECLS

#define SP_MOST_JOBS 64

/* What --jobs or --threads says, 0 when text is NULL. FALSE, and command's user is told. */
gboolean sp_job_check_number(const char *command, const char *option, const char *text,
                             guint *ret_number) G_GNUC_WARN_UNUSED_RESULT;

/* asked, or one a core when that is 0; no more than there are descriptors for. */
guint sp_job_choose(guint asked);

/* --base-url is UTF-8, or NULL. FALSE, and command's user is told. */
gboolean sp_job_check_url(const char *command, const char *base_url) G_GNUC_WARN_UNUSED_RESULT;

/* A receipt has the upload's name and what it held: it never lies among what is published. By
 * device and inode, since one folder has many names; either may be NULL. FALSE, and command's
 * user is told. */
gboolean sp_job_check_apart(const char *command, const char *folder, const char *receipts)
    G_GNUC_WARN_UNUSED_RESULT;

/* Asked before any photo is read, so that the message can name the option; whether a file can
 * be made in it shows when it is made. folder may be NULL. SP_ERROR_CANNOT_WRITE. */
gboolean sp_job_check_folder(const char *option, const char *folder, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The preset of -p (NULL: the default one) with what --set says (NULL: nothing). Owned by the
 * caller; NULL with the errors of sp_preset_load() and sp_preset_set(). */
SpPreset *sp_job_load_preset(const char *name, char *const *sets, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* After what an upload's files are called, for those that must not meet (SpInOrder.key): what
 * follows the last '/' of name, or NULL where names do not come from uploads. */
const char *sp_job_key(const SpPreset *preset, const char *name);

G_END_DECLS
#endif
