/* SPDX-License-Identifier: MIT */
/* secrets.c -- EXIF and XMP by hand, byte by byte, and profiles by littleCMS. */
#include "data/secrets.h"
#include <stdio.h>
#include <string.h>

/* ---- EXIF ----------------------------------------------------------------------------------
 */

/* 53° 33' 2.88" N, 9° 59' 36.6" E: the town hall of Hamburg, nobody's home. */
static const uint8_t latitude[24] = {53, 0, 0, 0, 1,    0, 0, 0, 33,  0, 0, 0,
                                     1,  0, 0, 0, 0x20, 1, 0, 0, 100, 0, 0, 0};
static const uint8_t longitude[24] = {9, 0, 0, 0, 1,    0, 0, 0, 59, 0, 0, 0,
                                      1, 0, 0, 0, 0x6e, 1, 0, 0, 10, 0, 0, 0};
static const uint8_t altitude[8] = {12, 0, 0, 0, 1, 0, 0, 0};

static const Tag gps_tags[] = {
    {0x0000, BYTE, 4, "\2\3\0", 0},      {0x0001, ASCII, 2, "N", 0},
    {0x0002, RATIONAL, 3, latitude, 0},  {0x0003, ASCII, 2, "E", 0},
    {0x0004, RATIONAL, 3, longitude, 0}, {0x0005, BYTE, 1, NULL, 0},
    {0x0006, RATIONAL, 1, altitude, 0},  {0x001D, ASCII, 11, "2024:05:17", 0},
};

Buffer
make_tiff(const Secrets *o, const Buffer *thumbnail)
{
    char serial[256], owner[256];
    snprintf(serial, sizeof serial, "SN-%s", o->canary);
    snprintf(owner, sizeof owner, "Owner %s", o->canary);
    Tag main_ifd[8], exif_ifd[8];
    size_t n_main = 0, n_exif = 0;

    exif_ifd[n_exif++] = (Tag){0x9000, UNDEFINED, 4, "0232", 0};
    exif_ifd[n_exif++] = TEXT(0x9003, "2024:05:17 18:42:07");
    if (o->serial) {
        exif_ifd[n_exif++] = TEXT(0xA430, owner);
        exif_ifd[n_exif++] = TEXT(0xA431, serial);
        exif_ifd[n_exif++] = TEXT(0xA435, serial);
    }
    /* Pointers are filled in below; their size does not depend on it. */
    main_ifd[n_main++] = TEXT(0x010F, "Storyphoto Test");
    main_ifd[n_main++] = TEXT(0x0110, "Sample Phone 1");
    if (o->orientation > 0)
        main_ifd[n_main++] = NUMBER(0x0112, SHORT, (uint32_t)o->orientation);
    main_ifd[n_main++] = TEXT(0x0131, "make-upload");
    main_ifd[n_main++] = TEXT(0x0132, "2024:05:17 18:42:07");
    Tag *exif_pointer = &main_ifd[n_main];
    main_ifd[n_main++] = NUMBER(0x8769, LONG, 0);
    Tag *gps_pointer = &main_ifd[n_main];
    if (o->gps)
        main_ifd[n_main++] = NUMBER(0x8825, LONG, 0);

    uint32_t at_exif = (uint32_t)(8 + ifd_size(main_ifd, n_main));
    uint32_t at_gps = (uint32_t)(at_exif + ifd_size(exif_ifd, n_exif));
    uint32_t at_next = (uint32_t)(at_gps + (o->gps ? ifd_size(gps_tags, COUNT(gps_tags)) : 0));
    Tag next_ifd[] = {
        NUMBER(0x0103, SHORT, 6),
        NUMBER(0x0112, SHORT, (uint32_t)o->orientation),
        NUMBER(0x0201, LONG, 0),
        NUMBER(0x0202, LONG, (uint32_t)thumbnail->n),
    };
    next_ifd[2].value = (uint32_t)(at_next + ifd_size(next_ifd, COUNT(next_ifd)));
    exif_pointer->value = at_exif;
    if (o->gps)
        gps_pointer->value = at_gps;

    Buffer tiff = {0};
    put(&tiff, "II*\0\10\0\0\0", 8);
    put_ifd(&tiff, main_ifd, n_main, thumbnail->n > 0 ? at_next : 0);
    put_ifd(&tiff, exif_ifd, n_exif, 0);
    if (o->gps)
        put_ifd(&tiff, gps_tags, COUNT(gps_tags), 0);
    if (thumbnail->n > 0) {
        put_ifd(&tiff, next_ifd, COUNT(next_ifd), 0);
        put(&tiff, thumbnail->bytes, thumbnail->n);
    }
    return tiff;
}

Buffer
make_xmp(const Secrets *o)
{
    char text[1024];
    snprintf(text, sizeof text,
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
             "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
             "rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
             "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"%d\">"
             "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>"
             "</rdf:Description></rdf:RDF></x:xmpmeta>",
             o->orientation % 8 + 1, o->canary);
    Buffer xmp = {0};
    put(&xmp, text, strlen(text));
    return xmp;
}

cmsHPROFILE
make_profile(const char *name)
{
    static const cmsFloat64Number srgb_curve[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92,
                                                  0.04045};
    static const cmsCIExyY d65 = {0.3127, 0.3290, 1.0};
    static const cmsCIExyYTRIPLE p3 = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
    static const cmsCIExyYTRIPLE adobe = {
        {0.640, 0.330, 1}, {0.210, 0.710, 1}, {0.150, 0.060, 1}};
    if (strcmp(name, "srgb") == 0)
        return cmsCreate_sRGBProfile();
    if (strcmp(name, "grey") == 0) {
        cmsToneCurve *gamma = cmsBuildGamma(NULL, 1.8);
        cmsHPROFILE grey = cmsCreateGrayProfile(&d65, gamma);
        cmsFreeToneCurve(gamma);
        return grey;
    }
    int is_p3 = strcmp(name, "p3") == 0;
    if (!is_p3 && strcmp(name, "adobe") != 0)
        return NULL;
    cmsToneCurve *curve = is_p3 ? cmsBuildParametricToneCurve(NULL, 4, srgb_curve)
                                : cmsBuildGamma(NULL, 563.0 / 256.0);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&d65, is_p3 ? &p3 : &adobe, curves);
    cmsFreeToneCurve(curve);
    cmsMLU *title = cmsMLUalloc(NULL, 1);
    cmsMLUsetASCII(title, "en", "US", is_p3 ? "Display P3" : "Adobe RGB (1998)");
    cmsWriteTag(profile, cmsSigProfileDescriptionTag, title);
    cmsMLUfree(title);
    return profile;
}

Buffer
make_profile_bytes(cmsHPROFILE profile)
{
    Buffer bytes = {0};
    cmsUInt32Number n = 0;
    if (!cmsSaveProfileToMem(profile, NULL, &n))
        return bytes;
    bytes.bytes = malloc(n);
    if (bytes.bytes == NULL || !cmsSaveProfileToMem(profile, bytes.bytes, &n))
        abort();
    /* lcms2 writes the time of day into the header; the same options give the same bytes. */
    static const uint8_t date[12] = {0x07, 0xe8, 0, 5, 0, 17};
    if (n >= 36)
        memcpy(bytes.bytes + 24, date, sizeof date);
    bytes.n = bytes.room = n;
    return bytes;
}
