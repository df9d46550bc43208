/* SPDX-License-Identifier: MIT */
/* mutations.h -- the audit must refuse an output that has anything more, less or else in it. */
#ifndef SP_SELFTEST_MUTATIONS_H
#define SP_SELFTEST_MUTATIONS_H
#include "selftest/selftest.h"
G_BEGIN_DECLS

/* files: of SpFolderFile, a published JPEG and WebP of 64 x 64 pixels. Both must be accepted as
 * they are; each mutation of them must be refused. One line a mutation. */
void sp_mutations_run(const GPtrArray *files, const SpSelftestOptions *options);

G_END_DECLS
#endif
