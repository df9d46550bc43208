/* SPDX-License-Identifier: MIT */
/* secrets.h -- what phones and programs hide in a picture, for test uploads.
 *
 * canary is the text that must never come out at the other end. Buffers are the caller's. */
#ifndef SP_TESTS_SECRETS_H
#define SP_TESTS_SECRETS_H
#include "data/tiff.h"
#include <lcms2.h>

typedef struct {
    int orientation; /* 1 to 8; 0: the tag is not there */
    int gps, serial;
    const char *canary;
} Secrets;

/* EXIF, from "II" on. thumbnail is a JPEG, or empty. */
Buffer make_tiff(const Secrets *o, const Buffer *thumbnail);
/* XMP: a creator, and an orientation that contradicts EXIF's. */
Buffer make_xmp(const Secrets *o);
/* The profile "srgb", "p3" (Display P3) or "adobe" (Adobe RGB); NULL for another name. */
cmsHPROFILE make_profile(const char *name);
Buffer make_profile_bytes(cmsHPROFILE profile);

#endif
