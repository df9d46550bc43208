/* SPDX-License-Identifier: MIT */
/* packages.c -- installed packages against a floor of security fixes.
 *
 * A library's own version says little: distributions mend old ones. So the floor is the version
 * of Debian's package that has the fix, where /var/lib/dpkg/status tells which are installed;
 * that of a later Debian is higher by Debian's own order of versions. Elsewhere nothing is
 * known, and that is said. The floor is a start, not a promise: who keeps the host up to date
 * is above it. The renderers are sealed so that the next hole, which nobody knows yet, gives
 * little. */
#include "doctor/debian-version.h"
#include "doctor/doctor.h"
#include <string.h>

#define GROUP "packages"
#define STATUS "/var/lib/dpkg/status"

/* Of Debian 12's changelogs. A package that is not installed decodes nothing. */
static const struct {
    const char *package, *floor, *why;
} floors[] = {
    {"libwebp7", "1.2.4-0.2+deb12u1", "CVE-2023-4863"},
    {"libheif1", "1.15.1-1+deb12u1", "CVE-2023-49462, CVE-2024-41311"},
    {"libde265-0", "1.0.11-1+deb12u3", "CVE-2024-38949, CVE-2026-33165"},
    {"libvips42", "8.14.1-3+deb12u3", "CVE-2025-29769, CVE-2026-3147"},
    {"libaom3", "3.6.0-1+deb12u1", "CVE-2024-5171"},
    {"libdav1d6", "1.0.0-2+deb12u1", "CVE-2024-1580"},
    {"libavcodec59", "7:5.1.7-0+deb12u1", "CVE-2023-49502, CVE-2023-50007"},
    {"liblcms2-2", "2.14-2+deb12u1", "CVE-2026-41254"},
    {"libexif12", "0.6.24-1+deb12u1", "CVE-2026-32775, CVE-2026-40385"},
    {"zlib1g", "1:1.2.11.dfsg-4.1", "CVE-2022-37434"},
    {"libarchive13", "3.6.2-1+deb12u4", "CVE-2025-5918, CVE-2026-4111"},
    {"libsqlite3-0", "3.40.1-2+deb12u2", "CVE-2025-6965"},
    {"libglib2.0-0", "2.74.6-2+deb12u8", "CVE-2025-13601"},
};

static const char *
floor_of(const char *package, const char **ret_why)
{
    for (guint i = 0; i < G_N_ELEMENTS(floors); i++) {
        if (strcmp(floors[i].package, package) == 0) {
            *ret_why = floors[i].why;
            return floors[i].floor;
        }
    }
    return NULL;
}

/* What the paragraph's field says, up to the end of its line; new, or NULL. */
static char *
field(const char *paragraph, const char *name)
{
    const char *at = paragraph;
    for (gsize n = strlen(name); at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, name, n) == 0)
            return g_strndup(at + n, strcspn(at + n, "\n"));
    }
    return NULL;
}

static gboolean
check_package(const SpDoctorOptions *options, const char *paragraph)
{
    g_autofree char *package = field(paragraph, "Package: ");
    g_autofree char *status = field(paragraph, "Status: ");
    g_autofree char *version = field(paragraph, "Version: ");
    const char *why = NULL, *least = package != NULL ? floor_of(package, &why) : NULL;
    if (least == NULL || version == NULL || status == NULL ||
        !g_str_has_suffix(status, " installed"))
        return FALSE;
    if (sp_debian_version_compare(version, least) >= 0) {
        sp_doctor_tell(options, SP_DOCTOR_OK, GROUP, package, NULL, "%s", version);
        return TRUE;
    }
    g_autofree char *advice = g_strdup_printf("apt-get install --only-upgrade %s", package);
    sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, package, advice,
                   "%s lacks fixes of %s (%s)", version, least, why);
    return TRUE;
}

void
sp_doctor_packages(const SpDoctorOptions *options)
{
    guint known = 0;
    g_autofree char *status = sp_doctor_read(options, STATUS);
    g_auto(GStrv) paragraphs = status != NULL ? g_strsplit(status, "\n\n", -1) : NULL;
    for (char **paragraph = paragraphs; paragraph != NULL && *paragraph != NULL; paragraph++)
        known += check_package(options, *paragraph);
    if (known == 0)
        sp_doctor_tell(options, SP_DOCTOR_WARNING, GROUP, "dpkg",
                       "see that the system installs security updates of libwebp, libheif, "
                       "libvips, libavcodec, lcms2 and libexif",
                       STATUS " names none of these libraries: what they lack is not known");
}
