/* SPDX-License-Identifier: MIT */
/* checksum.h -- SHA-256 of a file, by libcrypto: five times faster than GLib's, which matters
 * where whole archives are read. storyphoto-bulk alone links it. */
#ifndef SP_BULK_CHECKSUM_H
#define SP_BULK_CHECKSUM_H
#include <glib.h>
G_BEGIN_DECLS

#define SP_CHECKSUM_CHARS 64

/* Of the regular file fd, from its start to its end, in hex; its offset is not moved.
 * SP_ERROR_CANNOT_READ or _IO. */
gboolean sp_checksum_file(int fd, char ret_hex[SP_CHECKSUM_CHARS + 1], GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
