/* SPDX-License-Identifier: MIT */
/* debian-version.h -- the order of versions of Debian's packages. */
#ifndef SP_DOCTOR_DEBIAN_VERSION_H
#define SP_DOCTOR_DEBIAN_VERSION_H
#include <glib.h>
G_BEGIN_DECLS

/* deb-version(7): epoch, upstream version, revision. Less than, equal to or greater than 0, as
 * a is older, the same or newer. */
int sp_debian_version_compare(const char *a, const char *b);

G_END_DECLS
#endif
