/* SPDX-License-Identifier: MIT */
/* audit.h -- prove that an output file is the picture and nothing else.
 *
 * A strict grammar, not a parser: whatever it does not expect is refused. It shares no code
 * with container/, allocates nothing, and reads only within the bytes it is given. What it
 * proves is the container; that pixels themselves hide nothing cannot be proved
 * (docs/PRIVACY.md). */
#ifndef SP_AUDIT_AUDIT_H
#define SP_AUDIT_AUDIT_H
#include <glib.h>
G_BEGIN_DECLS

typedef enum {
    SP_AUDIT_WEBP,
    SP_AUDIT_JPEG,
} SpAuditFormat;

/* What the renderer said that the file is, and what the preset allows. */
typedef struct {
    SpAuditFormat format;
    guint width, height; /* must be the file's, exactly */
    guint components;    /* JPEG: 1 or 3; WebP: 3 whatever is coded */
    guint max_width, max_height;
    gsize max_bytes;
} SpAuditPromise;

/* TRUE when the file keeps the promise and the grammar to its last byte; else SP_ERROR_AUDIT
 * with what and where ("APP1 at byte 20"). */
gboolean sp_audit(const guint8 *bytes, gsize n, const SpAuditPromise *promise, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The two grammars, each in its own file; called by sp_audit() after the limits. */
gboolean sp_audit_jpeg(const guint8 *bytes, gsize n, const SpAuditPromise *promise,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sp_audit_webp(const guint8 *bytes, gsize n, const SpAuditPromise *promise,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
#endif
