/* SPDX-License-Identifier: MIT */
/* pictures.h -- coded pictures that a program without codecs cannot make by itself. */
#ifndef SP_SELFTEST_PICTURES_H
#define SP_SELFTEST_PICTURES_H
#include <glib.h>
G_BEGIN_DECLS

typedef struct {
    const char *name;
    const char *base64;
} SpCodedPicture;

/* Each ends with name NULL. */
extern const SpCodedPicture sp_coded_pictures[];
extern const SpCodedPicture sp_coded_pictures_hevc[];
extern const SpCodedPicture sp_coded_pictures_av1[];

G_END_DECLS
#endif
