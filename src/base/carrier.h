/* SPDX-License-Identifier: MIT */
/* carrier.h -- what a part of a photo's file is, as far as it can reveal something.
 *
 * Walkers (container/) give each part of a file one of these names, by its form alone; readers
 * (inventory/) look into those that have a reader. The numbers cross the wall, the words are
 * the supervisor's. A new carrier is a name here, a line in carrier.c and, when there is
 * something to read in it, a line in inventory/inventory.c. */
#ifndef SP_BASE_CARRIER_H
#define SP_BASE_CARRIER_H
#include <glib.h>
G_BEGIN_DECLS

typedef enum {
    SP_CARRIER_PICTURE = 0, /* what showing the picture needs: reveals nothing, never listed */
    /* Blocks with a content of their own. */
    SP_CARRIER_EXIF, /* content: from "II" or "MM" on */
    SP_CARRIER_EXIF_THUMBNAIL,
    SP_CARRIER_MAKERNOTE,
    SP_CARRIER_MAKERNOTE_UNREAD, /* of a maker whose notes nobody here can read */
    SP_CARRIER_XMP,              /* content: the packet, without the container's names */
    SP_CARRIER_XMP_EXTENDED,     /* content: a piece of one */
    SP_CARRIER_IPTC,             /* content: IIM datasets */
    SP_CARRIER_PHOTOSHOP,        /* content: image resource blocks, from "8BIM" on */
    SP_CARRIER_PHOTOSHOP_THUMBNAIL,
    SP_CARRIER_ICC, /* content: a profile, or a piece of one */
    SP_CARRIER_COMMENT,
    SP_CARRIER_TEXT, /* content: a PNG text chunk's payload; kind tells which */
    SP_CARRIER_TIME,
    SP_CARRIER_PROVENANCE, /* C2PA and other JUMBF */
    /* Pictures that are not the picture. */
    SP_CARRIER_JFIF_THUMBNAIL,
    SP_CARRIER_THUMBNAIL,
    SP_CARRIER_MULTI_PICTURE, /* MPF: where further pictures are */
    SP_CARRIER_GAIN_MAP,
    SP_CARRIER_AUXILIARY, /* depth, mattes, an alpha that is not used */
    SP_CARRIER_SECOND_PICTURE,
    SP_CARRIER_FRAME,    /* of an animation or a burst, not the first */
    SP_CARRIER_SEQUENCE, /* a track of pictures, or a video */
    SP_CARRIER_VIDEO,    /* a motion photo's */
    SP_CARRIER_HIDDEN,   /* pixels that lie outside what is shown, or colours that none has */
    /* Blocks of makers and programs. Content of thermal, drone, maker, program: with the name
     * that they open with, as it alone says whose they are. */
    SP_CARRIER_FLASHPIX,
    SP_CARRIER_THERMAL, /* FLIR and others: raw temperatures, camera, serial number */
    SP_CARRIER_GOPRO,   /* GPMF: may hold a GPS track */
    SP_CARRIER_DRONE,   /* DJI: where it flew */
    SP_CARRIER_DUCKY,   /* Photoshop's "save for web" */
    SP_CARRIER_MAKER,   /* another block that a maker of cameras or phones is known to write */
    SP_CARRIER_PROGRAM, /* another block that a program is known to write */
    SP_CARRIER_REGIONS, /* marked parts of a picture: faces, say */
    SP_CARRIER_URI,     /* HEIF items named by an address: Apple's photographic styles */
    /* What has no meaning. */
    SP_CARRIER_PADDING, /* room that is kept free, and is not all zero */
    SP_CARRIER_STRAY,   /* bytes between two parts */
    SP_CARRIER_UNKNOWN,
    /* Behind the end. */
    SP_CARRIER_TRAILER, /* all of it, whatever it is */
    SP_CARRIER_TRAILER_PICTURE,
    SP_CARRIER_TRAILER_VIDEO,
    SP_CARRIER_TRAILER_MAKER, /* Samsung's SEF and its like */
    SP_CARRIER_TRAILER_ARCHIVE,
    SP_CARRIER_COUNT,
} SpCarrier;

typedef struct {
    const char *word;  /* "exif-thumbnail": for machines, stable */
    const char *title; /* "thumbnail in EXIF": for people */
    guint32 reveals;   /* SpCategory bits that it reveals by being there */
} SpCarrierInfo;

/* Static; carrier is below SP_CARRIER_COUNT. */
const SpCarrierInfo *sp_carrier_info(SpCarrier carrier);

G_END_DECLS
#endif
