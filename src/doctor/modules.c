/* SPDX-License-Identifier: MIT */
/* modules.c -- what other packages have put where a renderer loads libraries from.
 *
 * libvips' own modules (ImageMagick, PDF, slides) are never loaded: a renderer looks for them
 * where there are none. libheif loads all of its plugins, which run behind the lock; those that
 * decode what storyphoto does not take are more than is needed. */
#include "doctor/doctor.h"
#include <string.h>

#define GROUP "modules"
#define LIBRARIES "/usr/lib"
#define PLUGINS "libheif/plugins"

/* What HEIC and AVIF want: libheif-libde265.so, libheif-dav1d.so, libheif-aomdec.so. */
static const char *const needed[] = {"libde265", "dav1d", "aomdec", NULL};

static gboolean
is_needed(const char *plugin)
{
    for (guint i = 0; needed[i] != NULL; i++)
        if (strstr(plugin, needed[i]) != NULL)
            return TRUE;
    return FALSE;
}

/* Encoders are loaded too, but nothing that a stranger wrote is given to one. */
static gboolean
is_encoder(const char *plugin)
{
    return strstr(plugin, "enc") != NULL || strstr(plugin, "x265") != NULL ||
           strstr(plugin, "rav1e") != NULL;
}

static void
check_plugins(const SpDoctorOptions *options, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *plugin = NULL;
    while (dir != NULL && (plugin = g_dir_read_name(dir)) != NULL)
        if (g_str_has_suffix(plugin, ".so") && !is_needed(plugin) && !is_encoder(plugin))
            sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, plugin,
                           "remove the package that it comes from, if nothing else needs it",
                           "libheif loads it from %s, and no format that is taken needs it",
                           folder);
}

/* /usr/lib itself, and the folder of each architecture below it. */
void
sp_doctor_modules(const SpDoctorOptions *options)
{
    const char *root = options->root != NULL ? options->root : "/";
    g_autofree char *libraries = g_build_filename(root, LIBRARIES, NULL);
    g_autofree char *here = g_build_filename(libraries, PLUGINS, NULL);
    g_autoptr(GDir) dir = g_dir_open(libraries, 0, NULL);
    const char *name = NULL;
    check_plugins(options, here);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *folder = g_build_filename(libraries, name, PLUGINS, NULL);
        check_plugins(options, folder);
    }
}
