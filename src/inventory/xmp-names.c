/* SPDX-License-Identifier: MIT */
/* xmp-names.c -- two tables: namespaces of XMP, and what the properties in each reveal.
 *
 * Namespaces count by their address, whatever prefix a file gives them; where the address is
 * not known, the prefix itself has to do, and where that is not known either, the rows of ""
 * decide by the property's name alone. In a namespace the first row that has the name wins; a
 * word that ends in '*' is the start of names, "*" alone is every name. Case does not count:
 * GIMP writes dc:Format.
 *
 * Names are those of the specifications: XMP (ISO 16684-1), IPTC Photo Metadata, PLUS LDF, MWG,
 * Google's and Adobe's public schemas; further ones as exiftool lists them. A namespace is a
 * line in each table, a property a word. */
#include "inventory/xmp-names.h"

#include <string.h>

#include "inventory/short-names.h"

#define HARMLESS 0

static const struct {
    const char *address, *prefix;
} spaces[] = {
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"},
    {"adobe:ns:meta/", "x"},
    {"http://ns.adobe.com/exif/1.0/", "exif"},
    {"http://ns.adobe.com/exif/1.0/aux/", "aux"},
    {"http://cipa.jp/exif/1.0/", "exifEX"},
    {"http://ns.adobe.com/tiff/1.0/", "tiff"},
    {"http://ns.adobe.com/xap/1.0/", "xmp"},
    {"http://ns.adobe.com/xap/1.0/mm/", "xmpMM"},
    {"http://ns.adobe.com/xap/1.0/rights/", "xmpRights"},
    {"http://ns.adobe.com/xap/1.0/bj/", "xmpBJ"},
    {"http://ns.adobe.com/xap/1.0/g/img/", "xmpGImg"},
    {"http://ns.adobe.com/xap/1.0/g/", "xmpG"},
    {"http://ns.adobe.com/xap/1.0/t/pg/", "xmpTPg"},
    {"http://ns.adobe.com/xap/1.0/PLUS/", "plus"},
    {"http://ns.adobe.com/xmp/note/", "xmpNote"},
    {"http://ns.adobe.com/xmp/1.0/DynamicMedia/", "xmpDM"},
    {"http://ns.adobe.com/xmp/Identifier/qual/1.0/", "xmpidq"},
    {"http://ns.adobe.com/xap/1.0/sType/Dimensions#", "stDim"},
    {"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "stEvt"},
    {"http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "stRef"},
    {"http://ns.adobe.com/xap/1.0/sType/Font#", "stFnt"},
    {"http://ns.adobe.com/xap/1.0/sType/Job#", "stJob"},
    {"http://ns.adobe.com/xap/1.0/sType/Version#", "stVer"},
    {"http://ns.adobe.com/xap/1.0/sType/ManifestItem#", "stMfs"},
    {"http://ns.adobe.com/xmp/sType/Area#", "stArea"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://purl.org/dc/terms/", "dcterms"},
    {"http://ns.adobe.com/photoshop/1.0/", "photoshop"},
    {"http://ns.adobe.com/photoshop/1.0/camera-profile", "stCamera"},
    {"http://ns.adobe.com/camera-raw-settings/1.0/", "crs"},
    {"http://ns.adobe.com/camera-raw-saved-settings/1.0/", "crs"},
    {"http://ns.adobe.com/camera-raw-defaults/1.0/", "crs"},
    {"http://ns.adobe.com/camera-raw-embedded-lens-profile/1.0/", "crs"},
    {"http://ns.adobe.com/lightroom/1.0/", "lr"},
    {"http://ns.adobe.com/hdr-gain-map/1.0/", "hdrgm"},
    {"http://ns.adobe.com/hdr-metadata/1.0/", "hdr"},
    {"http://ns.adobe.com/creatorAtom/1.0/", "creatorAtom"},
    {"http://ns.adobe.com/album/1.0/", "album"},
    {"http://ns.adobe.com/pdf/1.3/", "pdf"},
    {"http://ns.adobe.com/pdfx/1.3/", "pdf"},
    {"http://ns.adobe.com/iX/1.0/", "iX"},
    {"http://ns.adobe.com/DICOM/", "DICOM"},
    {"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"},
    {"http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"},
    {"http://ns.useplus.org/ldf/xmp/1.0/", "plus"},
    {"http://creativecommons.org/ns#", "cc"},
    {"http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"},
    {"http://www.metadataworkinggroup.com/schemas/keywords/", "mwg-kw"},
    {"http://www.metadataworkinggroup.com/schemas/collections/", "mwg-coll"},
    {"http://ns.microsoft.com/photo/1.0", "MicrosoftPhoto"},
    {"http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"},
    {"http://ns.microsoft.com/photo/1.1", "MP"},
    {"http://ns.microsoft.com/photo/1.2/", "MP"},
    {"http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "MP"},
    {"http://ns.microsoft.com/photo/1.2/t/Region#", "MP"},
    {"http://ns.microsoft.com/expressionmedia/1.0/", "mediapro"},
    {"http://ns.iview-multimedia.com/mediapro/1.0/", "mediapro"},
    {"http://ns.apple.com/faceinfo/1.0/", "apple-fi"},
    {"http://ns.apple.com/HDRGainMap/1.0/", "HDRGainMap"},
    {"http://ns.apple.com/pixeldatainfo/1.0/", "apdi"},
    {"http://ns.apple.com/depthData/1.0/", "depthData"},
    {"http://ns.apple.com/depthBlurEffect/1.0/", "depthBlurEffect"},
    {"http://ns.apple.com/portraitLightingEffect/1.0/", "portraitLightingEffect"},
    {"http://prismstandard.org/namespaces/pmi/2.2/", "pmi"},
    {"http://ns.apple.com/adjustment-settings/1.0/", "aas"},
    {"http://ns.google.com/photos/1.0/audio/", "GAudio"},
    {"http://ns.google.com/photos/1.0/image/", "GImage"},
    {"http://ns.google.com/photos/1.0/depthmap/", "GDepth"},
    {"http://ns.google.com/photos/1.0/panorama/", "GPano"},
    {"http://ns.google.com/photos/1.0/focus/", "GFocus"},
    {"http://ns.google.com/photos/1.0/camera/", "GCamera"},
    {"http://ns.google.com/photos/1.0/creations/", "GCreations"},
    {"http://ns.google.com/photos/1.0/container/", "Container"},
    {"http://ns.google.com/photos/1.0/container/item/", "Item"},
    {"http://ns.google.com/photos/dd/1.0/container/", "Container"},
    {"http://ns.google.com/photos/dd/1.0/item/", "Item"},
    {"http://ns.google.com/photos/dd/1.0/device/", "Device"},
    {"http://ns.google.com/videos/1.0/spherical/", "GSpherical"},
    {"http://ns.leiainc.com/photos/1.0/image/", "LImage"},
    {"http://ns.xiaomi.com/photos/1.0/camera/", "MiCamera"},
    {"http://ns.oplus.com/photos/1.0/camera/", "OpCamera"},
    {"http://www.dji.com/drone-dji/1.0/", "drone-dji"},
    {"http://www.parrot.com/drone-parrot/1.0/", "drone-dji"},
    {"http://pix4d.com/camera/1.0", "Camera"},
    {"http://pix4d.com/camera/1.0/", "Camera"},
    {"http://developer.sonyericsson.com/cell/1.0/", "cell"},
    {"http://ns.nikon.com/asteroid/1.0/", "nine"},
    {"http://ns.nikon.com/nine/1.0/", "nine"},
    {"http://ns.nikon.com/sdc/1.0/", "nine"},
    {"http://www.digikam.org/ns/1.0/", "digiKam"},
    {"http://www.digikam.org/ns/kipi/1.0/", "digiKam"},
    {"http://ns.acdsee.com/iptc/1.0/", "acdsee"},
    {"http://ns.acdsee.com/regions/", "mwg-rs"},
    {"http://ns.camerabits.com/photomechanic/1.0/", "photomechanic"},
    {"http://ns.extensis.com/extensis/1.0/", "extensis"},
    {"http://ns.idimager.com/ics/1.0/", "ics"},
    {"http://xmp.gettyimages.com/gift/1.0/", "GettyImagesGIFT"},
    {"http://prismstandard.org/namespaces/basic/2.0/", "prism"},
    {"http://prismstandard.org/namespaces/prismusagerights/2.1/", "plus"},
    {"http://www.artstor.org/ARTstorCore/", "art"},
    {"http://www.gimp.org/xmp/", "GIMP"},
    {"http://www.geotate.com/Geotate/1.0/", "Geotate"},
    {"http://ns.exiftool.org/1.0/", "et"},
    {"http://ns.exiftool.ca/1.0/", "et"},
};

static const struct {
    const char *prefix;
    guint32 bits;
    const char *names;
} names[] = {
    {"x", SOFTWARE, "xmptk xaptk"},
    {"exif", HARMLESS,
     "GPSVersionID ExifVersion FlashpixVersion ColorSpace PixelXDimension PixelYDimension "
     "ComponentsConfiguration CompressedBitsPerPixel NativeDigest Gamma InteroperabilityIndex "
     "Orientation XResolution YResolution ResolutionUnit Compression ImageWidth ImageLength "
     "YCbCrPositioning RelatedSoundFile"},
    {"exif", TIME, "DateTime* SubSec* OffsetTime*"},
    {"exif", LOCATION | TIME, "GPSTimeStamp GPSDateStamp"},
    {"exif", LOCATION, "GPS*"},
    {"exif", SERIAL, "ImageUniqueID BodySerialNumber LensSerialNumber"},
    {"exif", PERSON, "CameraOwnerName Artist Copyright"},
    {"exif", COMMENT, "UserComment ImageDescription"},
    {"exif", SOFTWARE, "Software"},
    {"exif", DEVICE, "*"},
    {"exifEX", HARMLESS, "InteroperabilityIndex Gamma CompositeImage*"},
    {"exifEX", SERIAL, "BodySerialNumber SerialNumber LensSerialNumber ImageUniqueID"},
    {"exifEX", PERSON, "CameraOwnerName OwnerName Photographer ImageEditor"},
    {"exifEX", TIME, "OffsetTime*"},
    {"exifEX", SOFTWARE, "ImageEditingSoftware MetadataEditingSoftware RAWDevelopingSoftware"},
    {"exifEX", COMMENT, "ImageTitle"},
    {"exifEX", DEVICE, "*"},
    {"aux", SERIAL, "SerialNumber LensSerialNumber ImageNumber"},
    {"aux", PERSON, "OwnerName"},
    {"aux", SOFTWARE, "*AlreadyApplied Enhance* Fuji* Neutral* IsMerged*"},
    {"aux", DEVICE, "*"},
    {"tiff", DEVICE, "Make Model HostComputer"},
    {"tiff", SERIAL, "CameraSerialNumber"},
    {"tiff", PERSON, "Artist Copyright"},
    {"tiff", COMMENT, "ImageDescription"},
    {"tiff", SOFTWARE, "Software"},
    {"tiff", TIME, "DateTime"},
    {"tiff", HARMLESS, "*"},
    {"xmp", TIME, "CreateDate ModifyDate MetadataDate DateTimeOriginal"},
    {"xmp", SOFTWARE, "CreatorTool Creatortool CreatorToolVersion"},
    {"xmp", SERIAL, "Identifier ImageUniqueID"},
    {"xmp", PERSON, "Author"},
    {"xmp", THUMBNAIL, "Thumbnails"},
    {"xmp", HARMLESS, "Rating Advisory Format AccentColor PageInfo Pyramid"},
    {"xmp", COMMENT, "Label Nickname Title Description Keywords BaseURL"},
    {"xmpGImg", THUMBNAIL, "image"},
    {"xmpGImg", HARMLESS, "*"},
    {"xmpMM", SERIAL,
     "DocumentID InstanceID OriginalDocumentID VersionID SubjectID* DerivedFrom "
     "RenditionOf ManageUI"},
    {"xmpMM", PERSON, "Manager"},
    {"xmpMM", COMMENT, "SaveID ManageTo ManagedFrom ManagerVariant Name"},
    {"xmpMM", HARMLESS, "*"},
    {"stRef", SERIAL, "documentID instanceID originalDocumentID versionID"},
    {"stRef", COMMENT, "filePath alternatePaths manage* toPart fromPart"},
    {"stRef", TIME, "lastModifyDate"},
    {"stRef", HARMLESS, "*"},
    {"stEvt", TIME, "when"},
    {"stEvt", SERIAL, "instanceID"},
    {"stEvt", SOFTWARE, "softwareAgent action parameters"},
    {"stEvt", HARMLESS, "*"},
    {"stMfs", HARMLESS, "*"},
    {"stVer", TIME, "modifyDate"},
    {"stVer", PERSON, "modifier"},
    {"stVer", COMMENT, "comments"},
    {"stVer", HARMLESS, "*"},
    {"stJob", COMMENT, "*"},
    {"xmpBJ", COMMENT, "*"},
    {"stDim", HARMLESS, "*"},
    {"stArea", HARMLESS, "*"},
    {"stCamera", DEVICE, "Make Model UniqueCameraModel Lens*"},
    {"stCamera", PERSON, "Author"},
    {"stCamera", SOFTWARE, "*"},
    {"stFnt", SOFTWARE, "*"},
    {"xmpG", HARMLESS, "*"},
    {"xmpTPg", HARMLESS, "*"},
    {"xmpidq", HARMLESS, "*"},
    {"xmpNote", HARMLESS, "*"},
    {"xmpRights", PERSON, "*"},
    {"xmpDM", TIME, "*Date releaseDate shotDate* audioModDate videoModDate metadataModDate"},
    {"xmpDM", LOCATION, "shotLocation"},
    {"xmpDM", DEVICE, "camera*"},
    {"xmpDM", PERSON, "artist composer engineer client director* copyright"},
    {"xmpDM", HARMLESS, "good videoFrame* audio* start* duration* pick timeFormat"},
    {"xmpDM", COMMENT, "*"},
    {"dc", PERSON, "creator contributor publisher rights source"},
    {"dc", TIME, "date"},
    {"dc", LOCATION, "coverage"},
    {"dc", SERIAL, "identifier"},
    {"dc", HARMLESS, "format language type"},
    {"dc", COMMENT, "*"},
    {"dcterms", SP_CATEGORY_PROVENANCE, "provenance"},
    {"dcterms", TIME, "created modified issued date*"},
    {"dcterms", PERSON, "creator rights* license publisher contributor"},
    {"dcterms", LOCATION, "spatial"},
    {"dcterms", COMMENT, "*"},
    {"photoshop", LOCATION, "City State Country"},
    {"photoshop", TIME, "DateCreated"},
    {"photoshop", PERSON, "AuthorsPosition Credit Source CaptionWriter"},
    {"photoshop", COMMENT,
     "Headline Instructions Category SupplementalCategories TransmissionReference TextLayers "
     "LayerName LayerText"},
    {"photoshop", SERIAL, "DocumentAncestors"},
    {"photoshop", HARMLESS,
     "ColorMode ICCProfile LegacyIPTCDigest EmbeddedXMPDigest Urgency SidecarForExtension"},
    {"photoshop", SOFTWARE, "*"},
    {"crs", SOFTWARE, "*"},
    {"lr", COMMENT, "*"},
    {"hdrgm", SECOND, "*"},
    {"hdr", HARMLESS, "*"},
    {"hdr_metadata", HARMLESS, "*"},
    {"iX", HARMLESS, "*"},
    {"creatorAtom", COMMENT, "*Path aeProjectLink* uncProjectPath posixProjectPath"},
    {"creatorAtom", SOFTWARE, "*"},
    {"album", COMMENT, "*"},
    {"pdf", PERSON, "Author Copyright"},
    {"pdf", SOFTWARE, "Creator Producer PDFVersion"},
    {"pdf", TIME, "ModDate CreationDate SourceModified"},
    {"pdf", HARMLESS, "Trapped Marked"},
    {"pdf", COMMENT, "*"},
    {"DICOM", TIME, "*DateTime StudyDateTime SeriesDateTime"},
    {"DICOM", DEVICE, "Equipment*"},
    {"DICOM", SERIAL, "StudyID SeriesNumber"},
    {"DICOM", COMMENT, "StudyDescription SeriesDescription SeriesModality"},
    {"DICOM", PERSON, "*"},
    {"Iptc4xmpCore", LOCATION, "Location CountryCode"},
    {"Iptc4xmpCore", PERSON, "CreatorContactInfo CiAdr* CiEmail* CiTel* CiUrl*"},
    {"Iptc4xmpCore", COMMENT, "*"},
    {"Iptc4xmpExt", LOCATION, "City Country* ProvinceState Sublocation WorldRegion Location*"},
    {"Iptc4xmpExt", PERSON,
     "PersonInImage* Person* OrganisationInImage* ModelAge AddlModelInfo Contributor Creator "
     "CopyrightNotice AOCreator* AOCopyright* AOSource* AOCurrent* RegOrgId Rights*"},
    {"Iptc4xmpExt", TIME, "AODateCreated AOCirca* IPTCLastEdited *Date ReleaseDate"},
    {"Iptc4xmpExt", SERIAL, "DigImageGUID RegItemId"},
    {"Iptc4xmpExt", SOFTWARE, "AISystem*"},
    {"Iptc4xmpExt", HARMLESS, "MaxAvail* Rb* rb*"},
    {"Iptc4xmpExt", COMMENT, "*"},
    {"plus", HARMLESS, "Version MediaSummaryCode"},
    {"plus", PERSON, "*"},
    {"cc", PERSON, "*"},
    {"mwg-rs", PERSON, "Name"},
    {"mwg-rs", COMMENT, "Title Description BarCodeValue"},
    {"mwg-rs", HARMLESS, "*"},
    {"mwg-kw", COMMENT, "*"},
    {"mwg-coll", COMMENT, "*"},
    {"MicrosoftPhoto", HARMLESS, "Rating RatingPercent"},
    {"MicrosoftPhoto", TIME, "DateAcquired DateTaken"},
    {"MicrosoftPhoto", SERIAL, "CameraSerialNumber"},
    {"MicrosoftPhoto", DEVICE, "Camera* Flash* Lens*"},
    {"MicrosoftPhoto", SOFTWARE, "Creator*"},
    {"MicrosoftPhoto", COMMENT, "*"},
    {"MP", PERSON, "Person*"},
    {"MP", TIME, "DateRegionsValid"},
    {"MP", HARMLESS, "*"},
    {"mediapro", PERSON, "People"},
    {"mediapro", LOCATION, "Location"},
    {"mediapro", HARMLESS, "UserFields Status ColorClass"},
    {"mediapro", COMMENT, "*"},
    {"apple-fi", SERIAL, "Timestamp TimeStamp"}, /* since the device was started */
    {"apple-fi", HARMLESS, "*"},
    {"pmi", HARMLESS, "sequenceNumber"},
    {"HDRGainMap", SECOND, "*"},
    {"apdi", HARMLESS, "*"},
    {"depthData", DEVICE, "*"},
    {"depthBlurEffect", DEVICE, "*"},
    {"portraitLightingEffect", DEVICE, "*"},
    {"aas", SOFTWARE, "*"},
    {"GAudio", VIDEO, "*"},
    {"GImage", SECOND, "Data"},
    {"GImage", HARMLESS, "*"},
    {"GDepth", DEVICE, "Manufacturer Model"},
    {"GDepth", SOFTWARE, "Software"},
    {"GDepth", SECOND, "Data"},
    {"GDepth", HARMLESS, "*"},
    {"GPano", LOCATION, "Pose*"},
    {"GPano", TIME, "FirstPhotoDate LastPhotoDate"},
    {"GPano", SOFTWARE, "StitchingSoftware CaptureSoftware"},
    {"GPano", HARMLESS, "*"},
    {"GSpherical", SOFTWARE, "StitchingSoftware"},
    {"GSpherical", TIME, "TimeStamp"},
    {"GSpherical", HARMLESS, "*"},
    {"GFocus", DEVICE, "*"},
    {"GCamera", VIDEO, "MotionPhoto* MicroVideo*"},
    {"GCamera", SERIAL, "BurstID"},
    {"GCamera", DEVICE, "*"},
    {"GCreations", SERIAL, "CameraBurstID"},
    {"GCreations", SOFTWARE, "*"},
    {"Container", HARMLESS, "*"},
    {"Item", HARMLESS, "*"},
    {"Device", DEVICE, "*"},
    {"LImage", SECOND, "*"},
    {"MiCamera", DEVICE, "*"},
    {"OpCamera", VIDEO, "MotionPhoto* OLivePhoto* VideoLength"},
    {"OpCamera", DEVICE, "*"},
    {"drone-dji", LOCATION, "Gps* GPS* *Altitude AbsoluteAltitude RelativeAltitude"},
    {"drone-dji", SERIAL, "*SerialNumber CameraSerialNumber DroneSerialNumber ProductID"},
    {"drone-dji", TIME, "UTCAtExposure *DateTime CreateDate"},
    {"drone-dji", DEVICE, "*"},
    {"Camera", HARMLESS, "BandName CentralWavelength WavelengthFWHM"},
    {"Camera", SERIAL, "*SerialNumber SerialNumber"},
    {"Camera", DEVICE, "*"},
    {"cell", DEVICE, "*"},
    {"nine", SOFTWARE, "*"},
    {"digiKam", HARMLESS, "PickLabel ColorLabel"},
    {"digiKam", PERSON, "CaptionsAuthorNames"},
    {"digiKam", TIME, "CaptionsDateTimeStamps"},
    {"digiKam", SERIAL, "ImageUniqueID"},
    {"digiKam", SOFTWARE, "ImageHistory LensCorrectionSettings"},
    {"digiKam", COMMENT, "*"},
    {"acdsee", PERSON, "author"},
    {"acdsee", TIME, "datetime dateModified"},
    {"acdsee", HARMLESS, "rating tagged rawrppused rpp dpp collections snapshots"},
    {"acdsee", COMMENT, "*"},
    {"photomechanic", LOCATION, "CountryCode Country City"},
    {"photomechanic", TIME, "TimeCreated"},
    {"photomechanic", SOFTWARE, "*"},
    {"extensis", SOFTWARE, "*"},
    {"ics", COMMENT, "*"},
    {"GettyImagesGIFT", SERIAL, "AssetID ImageRank OriginalFileName"},
    {"GettyImagesGIFT", PERSON, "*"},
    {"prism", TIME, "*Date creationDate publicationDate modificationDate"},
    {"prism", LOCATION, "location"},
    {"prism", PERSON, "person copyright rightsAgent"},
    {"prism", COMMENT, "*"},
    {"art", PERSON, "creator Creator Photographer Rights rights photographer"},
    {"art", TIME, "*Date ImageDate* Date* ARTstorEarliestDate ARTstorLatestDate"},
    {"art", LOCATION, "*Site CreationDiscoverySite ARTstorCountry"},
    {"art", COMMENT, "*"},
    {"GIMP", TIME | SOFTWARE, "TimeStamp"},
    {"GIMP", SOFTWARE, "*"},
    {"Geotate", LOCATION, "*"},
    {"et", SOFTWARE, "toolkit desc"},
    /* By the name alone: namespaces that nobody here knows. */
    {"", LOCATION, "GPS* gps* City city State Country Location location latitude longitude"},
    {"", TIME, "CreateDate ModifyDate MetadataDate DateTime* CreationDate DateCreated date"},
    {"", DEVICE, "Make Model Lens LensModel Firmware"},
    {"", SERIAL,
     "SerialNumber LensSerialNumber DocumentID InstanceID OriginalDocumentID identifier "
     "ImageUniqueID"},
    {"", PERSON,
     "creator author Author Artist artist Creator rights Copyright copyright Owner owner "
     "OwnerName Credit RightsHolder rightsholder"},
    {"", SOFTWARE, "CreatorTool Software software softwareAgent"},
    {"", COMMENT,
     "title Title description Description subject keywords Keywords Comment comment Caption "
     "caption"},
};

const char *
sp_xmp_usual_prefix(SpSlice address)
{
    for (gsize i = 0; i < G_N_ELEMENTS(spaces); i++) {
        if (strlen(spaces[i].address) == address.n &&
            memcmp(spaces[i].address, address.bytes, address.n) == 0)
            return spaces[i].prefix;
    }
    return NULL;
}

/* Does that one word of a row, of n bytes, mean the name? A '*' may stand at either end. */
static gboolean
word_fits(const char *word, gsize n, SpSlice local)
{
    const char *name = (const char *)local.bytes;
    if (word[n - 1] == '*')
        return n == 1 || (local.n >= n - 1 && g_ascii_strncasecmp(word, name, n - 1) == 0);
    if (word[0] == '*')
        return local.n >= n - 1 &&
               g_ascii_strncasecmp(word + 1, name + local.n - (n - 1), n - 1) == 0;
    return local.n == n && g_ascii_strncasecmp(word, name, n) == 0;
}

static gboolean
row_has(const char *row, SpSlice local)
{
    char first = g_ascii_tolower((char)local.bytes[0]);
    for (const char *word = row; *word != '\0';) {
        const char *end = strchrnul(word, ' ');
        gsize n = (gsize)(end - word);
        gboolean may = *word == '*' || g_ascii_tolower(*word) == first;
        if (may && word_fits(word, n, local))
            return TRUE;
        word = *end == ' ' ? end + 1 : end;
    }
    return FALSE;
}

/* In that namespace alone. *ret_known: there is such a namespace. */
static guint32
bits_in(SpSlice prefix, SpSlice local, gboolean *ret_known)
{
    guint8 first = prefix.n > 0 ? prefix.bytes[0] : 0;

    *ret_known = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *own = names[i].prefix;
        if ((guint8)own[0] != first ||
            strncmp(own, (const char *)prefix.bytes, prefix.n) != 0 || own[prefix.n] != '\0') {
            if (*ret_known)
                break; /* a namespace's rows stand together */
            continue;
        }
        *ret_known = TRUE;
        if (row_has(names[i].names, local))
            return names[i].bits;
    }
    return SP_XMP_UNKNOWN;
}

guint32
sp_xmp_bits(SpSlice prefix, SpSlice local)
{
    static const SpSlice anybody = {(const guint8 *)"", 0};
    gboolean known = FALSE;

    if (local.n == 0)
        return SP_XMP_UNKNOWN;
    guint32 bits = bits_in(prefix, local, &known);
    return known ? bits : bits_in(anybody, local, &known);
}
