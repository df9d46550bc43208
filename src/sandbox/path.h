/* SPDX-License-Identifier: MIT */
/* path.h -- where the renderers are. */
#ifndef SP_SANDBOX_PATH_H
#define SP_SANDBOX_PATH_H
#include <glib.h>
G_BEGIN_DECLS

/* An absolute folder, compiled in; no environment variable changes it. */
extern const char *const sp_libexec_dir;

G_END_DECLS
#endif
