/* SPDX-License-Identifier: MIT */
/* carrier.c -- the table of carriers: their words, and what each reveals by being there. */
#include "base/carrier.h"
#include "storyphoto.h"

static const SpCarrierInfo carriers[SP_CARRIER_COUNT] = {
    [SP_CARRIER_PICTURE] = {"picture", "picture", 0},
    [SP_CARRIER_EXIF] = {"exif", "EXIF", 0},
    [SP_CARRIER_EXIF_THUMBNAIL] = {"exif-thumbnail", "thumbnail in EXIF",
                                   SP_CATEGORY_THUMBNAIL},
    [SP_CARRIER_MAKERNOTE] = {"makernote", "maker's note in EXIF", SP_CATEGORY_DEVICE},
    [SP_CARRIER_MAKERNOTE_UNREAD] = {"makernote-unread", "maker's note in EXIF, unreadable",
                                     SP_CATEGORY_DEVICE | SP_CATEGORY_SERIAL},
    [SP_CARRIER_XMP] = {"xmp", "XMP", 0},
    [SP_CARRIER_XMP_EXTENDED] = {"xmp-extended", "extended XMP", 0},
    [SP_CARRIER_IPTC] = {"iptc", "IPTC", 0},
    [SP_CARRIER_PHOTOSHOP] = {"photoshop", "Photoshop's resources", 0},
    [SP_CARRIER_PHOTOSHOP_THUMBNAIL] = {"photoshop-thumbnail", "thumbnail by Photoshop",
                                        SP_CATEGORY_THUMBNAIL},
    [SP_CARRIER_ICC] = {"icc", "colour profile", SP_CATEGORY_PROFILE},
    [SP_CARRIER_COMMENT] = {"comment", "comment", 0},
    [SP_CARRIER_TEXT] = {"text", "text", 0},
    [SP_CARRIER_TIME] = {"time", "time", 0},
    [SP_CARRIER_PROVENANCE] = {"provenance", "signed record (C2PA)", SP_CATEGORY_PROVENANCE},
    [SP_CARRIER_JFIF_THUMBNAIL] = {"jfif-thumbnail", "thumbnail in JFIF",
                                   SP_CATEGORY_THUMBNAIL},
    [SP_CARRIER_THUMBNAIL] = {"thumbnail", "thumbnail", SP_CATEGORY_THUMBNAIL},
    [SP_CARRIER_MULTI_PICTURE] = {"multi-picture", "list of further pictures (MPF)",
                                  SP_CATEGORY_SECOND_PICTURE},
    [SP_CARRIER_GAIN_MAP] = {"gain-map", "map of brightness (HDR)", SP_CATEGORY_SECOND_PICTURE},
    [SP_CARRIER_AUXILIARY] = {"auxiliary", "map of depth, skin or the like",
                              SP_CATEGORY_SECOND_PICTURE},
    [SP_CARRIER_SECOND_PICTURE] = {"second-picture", "second picture",
                                   SP_CATEGORY_SECOND_PICTURE},
    [SP_CARRIER_FRAME] = {"frame", "further frames", SP_CATEGORY_FURTHER_FRAMES},
    [SP_CARRIER_SEQUENCE] = {"sequence", "sequence of pictures or video",
                             SP_CATEGORY_VIDEO | SP_CATEGORY_FURTHER_FRAMES},
    [SP_CARRIER_VIDEO] = {"video", "video", SP_CATEGORY_VIDEO},
    [SP_CARRIER_HIDDEN] = {"hidden", "pixels outside what is shown", SP_CATEGORY_HIDDEN_PIXELS},
    [SP_CARRIER_FLASHPIX] = {"flashpix", "FlashPix", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_THERMAL] = {"thermal", "thermal camera's data",
                            SP_CATEGORY_DEVICE | SP_CATEGORY_SERIAL | SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_GOPRO] = {"gopro", "GoPro's telemetry",
                          SP_CATEGORY_DEVICE | SP_CATEGORY_SERIAL | SP_CATEGORY_LOCATION},
    [SP_CARRIER_DRONE] = {"drone", "drone's data", SP_CATEGORY_DEVICE | SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_DUCKY] = {"ducky", "Photoshop's export settings", SP_CATEGORY_SOFTWARE},
    [SP_CARRIER_MAKER] = {"maker", "maker's own block",
                          SP_CATEGORY_DEVICE | SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_PROGRAM] = {"program", "program's own block",
                            SP_CATEGORY_SOFTWARE | SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_REGIONS] = {"regions", "marked regions", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_URI] = {"uri", "item of a maker", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_PADDING] = {"padding", "padding that is not empty", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_STRAY] = {"stray", "bytes between two parts", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_UNKNOWN] = {"unknown", "unknown block", SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_TRAILER] = {"trailer", "data behind the end", SP_CATEGORY_TRAILING},
    [SP_CARRIER_TRAILER_PICTURE] = {"trailer-picture", "picture behind the end",
                                    SP_CATEGORY_SECOND_PICTURE},
    [SP_CARRIER_TRAILER_VIDEO] = {"trailer-video", "video behind the end", SP_CATEGORY_VIDEO},
    [SP_CARRIER_TRAILER_MAKER] = {"trailer-maker", "maker's data behind the end",
                                  SP_CATEGORY_DEVICE | SP_CATEGORY_UNKNOWN},
    [SP_CARRIER_TRAILER_ARCHIVE] = {"trailer-archive", "archive behind the end",
                                    SP_CATEGORY_UNKNOWN},
};

const SpCarrierInfo *
sp_carrier_info(SpCarrier carrier)
{
    g_return_val_if_fail((guint)carrier < SP_CARRIER_COUNT, &carriers[SP_CARRIER_UNKNOWN]);
    return &carriers[carrier];
}
