/* SPDX-License-Identifier: MIT */
/* shown.c -- extensions of pictures and their sidecars, videos, documents, archives.
 *
 * From the image/ and video/ types of Debian's /etc/mime.types, the RAW formats of camera
 * makers, and the documents and archives that hold pictures. A line too many makes an audit say
 * "unproved" of what is none; a line too few is caught by the bytes in nearly all cases. */
#include "bulk/shown.h"
#include <string.h>

/* What a server may send with Content-Encoding, or a browser unpack. */
static const char *const compressions[] = {"gz", "br", "zst", "xz", "bz2", "z", NULL};

static const char *const extensions[] = {
    /* pictures */
    "apng", "art", "avif", "avifs", "bmp", "bpg", "cgm", "cur", "dds", "dib", "djv", "djvu",
    "emf", "exr", "fpx", "gif", "hdr", "heic", "heics", "heif", "heifs", "hif", "ico", "ief",
    "j2c", "j2k", "jfi", "jfif", "jif", "jng", "jp2", "jpe", "jpeg", "jpf", "jpg", "jpm", "jps",
    "jpx", "jxl", "jxr", "jxs", "mng", "mpo", "pbm", "pcx", "pgm", "pict", "pjp", "pjpeg",
    "png", "pnm", "ppm", "psb", "psd", "qoi", "ras", "rgb", "svg", "svgz", "tga", "tif", "tiff",
    "vips", "wbmp", "wdp", "webp", "wmf", "xbm", "xcf", "xpm", "xwd",
    /* as they come out of a camera */
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "gpr", "iiq", "insp", "kdc", "mef",
    "mos", "mrw", "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw",
    "x3f",
    /* beside them: what a program or a phone knows of a picture */
    "aae", "xmp",
    /* videos */
    "3g2", "3gp", "asf", "avi", "flv", "insv", "lrv", "m2ts", "m4v", "mkv", "mov", "mp4", "mpe",
    "mpeg", "mpg", "mts", "mxf", "ogm", "ogv", "qt", "ts", "vob", "webm", "wmv",
    /* documents, which have authors, histories and pictures */
    "ai", "doc", "docm", "docx", "epub", "eps", "indd", "key", "numbers", "odg", "odp", "ods",
    "odt", "pages", "pdf", "pps", "ppt", "pptm", "pptx", "ps", "rtf", "vsd", "xls", "xlsm",
    "xlsx", "xps",
    /* archives, which may have all of these */
    "7z", "iso", "rar", "tar", "tbz2", "tgz", "txz", "zip", NULL};

/* The last extension of name, which it is cut off from; "" when there is none. */
static const char *
cut_extension(char *name)
{
    char *dot = strrchr(name, '.');
    if (dot == NULL)
        return "";
    *dot = '\0';
    return dot + 1;
}

gboolean
sp_shown_by_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    g_autofree char *name = g_ascii_strdown(slash != NULL ? slash + 1 : path, -1);
    const char *extension = cut_extension(name);
    if (g_strv_contains(compressions, extension))
        extension = cut_extension(name);
    return g_strv_contains(extensions, extension);
}
