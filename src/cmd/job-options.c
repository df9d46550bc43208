/* SPDX-License-Identifier: MIT */
/* job-options.c -- what the commands that process uploads ask of their options alike. */
#include "cmd/job-options.h"
#include "base/error.h"
#include "base/memfd.h"
#include "base/size.h"
#include "bulk/host.h"
#include "bulk/in-order.h"
#include "cmd/print.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

G_STATIC_ASSERT(SP_MOST_JOBS <= SP_IN_ORDER_THREADS);

gboolean
sp_job_check_number(const char *command, const char *option, const char *text,
                    guint *ret_number)
{
    guint64 number = 0;
    if (text != NULL && !sp_unsigned_parse(text, 10, 1, SP_MOST_JOBS, &number)) {
        sp_complain_usage(command, "--%s '%s' is not a number from 1 to %d", option, text,
                          SP_MOST_JOBS);
        return FALSE;
    }
    *ret_number = (guint)number;
    return TRUE;
}

guint
sp_job_choose(guint asked)
{
    SpHost host = {
        .cores = asked != 0 ? asked : MIN(g_get_num_processors(), SP_MOST_JOBS),
        .descriptors = sp_host_descriptors(),
    };
    return sp_host_jobs(&host, 0, NULL);
}

gboolean
sp_job_check_url(const char *command, const char *base_url)
{
    if (base_url == NULL || g_utf8_validate(base_url, -1, NULL))
        return TRUE;
    sp_complain_usage(command, "--base-url is not valid UTF-8");
    return FALSE;
}

gboolean
sp_job_check_apart(const char *command, const char *folder, const char *receipts)
{
    struct stat published = {0}, kept = {0};
    if (folder == NULL || receipts == NULL || stat(folder, &published) < 0 ||
        stat(receipts, &kept) < 0)
        return TRUE; /* a folder that is missing has its own message */
    if (published.st_dev != kept.st_dev || published.st_ino != kept.st_ino)
        return TRUE;
    sp_complain_usage(command,
                      "--receipts is the folder that is published; choose a private one");
    return FALSE;
}

gboolean
sp_job_check_folder(const char *option, const char *folder, GError **error)
{
    if (folder == NULL)
        return TRUE;
    g_auto(SpFd) fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 || sp_throw_errno(error, SP_ERROR_CANNOT_WRITE, errno,
                                     "cannot open the folder of %s '%s', which must exist",
                                     option, folder);
}

SpPreset *
sp_job_load_preset(const char *name, char *const *sets, GError **error)
{
    g_autoptr(SpPreset) preset = sp_preset_load(name != NULL ? name : "story", error);
    if (preset == NULL)
        return NULL;
    for (guint i = 0; sets != NULL && sets[i] != NULL; i++) {
        if (!sp_preset_set(preset, sets[i], error))
            return NULL;
    }
    return sp_preset_check(preset, error) ? g_steal_pointer(&preset) : NULL;
}

const char *
sp_job_key(const SpPreset *preset, const char *name)
{
    if (!sp_preset_names_by_source(preset))
        return NULL;
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}
