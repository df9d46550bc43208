/* SPDX-License-Identifier: MIT */
/* walkers.h -- one walker for each format that is taken. */
#ifndef SP_CONTAINER_WALKERS_H
#define SP_CONTAINER_WALKERS_H
#include "container/sniff.h"
#include "container/walk.h"
G_BEGIN_DECLS

/* Of a format below SP_FORMAT_COUNT. Those of JPEG and HEIF tell here what all of them
 * do; jpeg.h and heif.h have more. */
SpWalkFunc sp_walker(SpFormat format);

G_END_DECLS
#endif
