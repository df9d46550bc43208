/* SPDX-License-Identifier: MIT */
/* exif-tags.c -- the table of EXIF tags: what each reveals.
 *
 * Sources: Exif 3.0 tables 4 to 20, TIFF 6.0 and its supplements, DNG 1.6; tags of makers and
 * programs by ExifTool's list of EXIF tags, whose names are used. Harmless is what every
 * picture has (sizes, resolution, colour space, versions of a standard); settings of exposure
 * and lens tell of a device. Tags that only point to another block are 0: exif.c follows them.
 */
#include "inventory/exif-tags.h"

#include "inventory/short-names.h"

/* By tag: they are searched by halves. */
/* clang-format off */
static const SpExifTag tags[] = {
    {0x0001, 0, "InteropIndex"}, {0x0002, 0, "InteropVersion"},
    {0x000B, SOFTWARE, "ProcessingSoftware"}, {0x00FE, 0, "SubfileType"},
    {0x00FF, 0, "OldSubfileType"}, {0x0100, 0, "ImageWidth"}, {0x0101, 0, "ImageHeight"},
    {0x0102, 0, "BitsPerSample"}, {0x0103, 0, "Compression"},
    {0x0106, 0, "PhotometricInterpretation"}, {0x0107, 0, "Thresholding"},
    {0x010A, 0, "FillOrder"}, {0x010D, COMMENT, "DocumentName"},
    {0x010E, COMMENT, "ImageDescription"}, {0x010F, DEVICE, "Make"}, {0x0110, DEVICE, "Model"},
    {0x0111, 0, "StripOffsets"}, {0x0112, 0, "Orientation"}, {0x0115, 0, "SamplesPerPixel"},
    {0x0116, 0, "RowsPerStrip"}, {0x0117, 0, "StripByteCounts"}, {0x0118, 0, "MinSampleValue"},
    {0x0119, 0, "MaxSampleValue"}, {0x011A, 0, "XResolution"}, {0x011B, 0, "YResolution"},
    {0x011C, 0, "PlanarConfiguration"}, {0x011D, COMMENT, "PageName"}, {0x011E, 0, "XPosition"},
    {0x011F, 0, "YPosition"}, {0x0120, 0, "FreeOffsets"}, {0x0121, 0, "FreeByteCounts"},
    {0x0122, 0, "GrayResponseUnit"}, {0x0123, 0, "GrayResponseCurve"},
    {0x0128, 0, "ResolutionUnit"}, {0x0129, 0, "PageNumber"}, {0x012D, 0, "TransferFunction"},
    {0x0131, SOFTWARE, "Software"}, {0x0132, TIME, "ModifyDate"}, {0x013B, PERSON, "Artist"},
    {0x013C, DEVICE, "HostComputer"}, {0x013D, 0, "Predictor"}, {0x013E, 0, "WhitePoint"},
    {0x013F, 0, "PrimaryChromaticities"}, {0x0140, 0, "ColorMap"}, {0x0141, 0, "HalftoneHints"},
    {0x0142, 0, "TileWidth"}, {0x0143, 0, "TileLength"}, {0x0144, 0, "TileOffsets"},
    {0x0145, 0, "TileByteCounts"}, {0x014A, 0, "SubIFD"}, {0x014C, 0, "InkSet"},
    {0x014D, 0, "InkNames"}, {0x014E, 0, "NumberofInks"}, {0x0150, 0, "DotRange"},
    {0x0151, SOFTWARE, "TargetPrinter"}, {0x0152, 0, "ExtraSamples"},
    {0x0153, 0, "SampleFormat"}, {0x0154, 0, "SMinSampleValue"}, {0x0155, 0, "SMaxSampleValue"},
    {0x015B, 0, "JPEGTables"}, {0x0200, 0, "JPEGProc"}, {0x0201, 0, "ThumbnailOffset"},
    {0x0202, 0, "ThumbnailLength"}, {0x0203, 0, "JPEGRestartInterval"},
    {0x0205, 0, "JPEGLosslessPredictors"}, {0x0206, 0, "JPEGPointTransforms"},
    {0x0207, 0, "JPEGQTables"}, {0x0208, 0, "JPEGDCTables"}, {0x0209, 0, "JPEGACTables"},
    {0x0211, 0, "YCbCrCoefficients"}, {0x0212, 0, "YCbCrSubSampling"},
    {0x0213, 0, "YCbCrPositioning"}, {0x0214, 0, "ReferenceBlackWhite"},
    {0x02BC, 0, "ApplicationNotes"}, {0x1000, 0, "RelatedImageFileFormat"},
    {0x1001, 0, "RelatedImageWidth"}, {0x1002, 0, "RelatedImageHeight"}, {0x4746, 0, "Rating"},
    {0x4749, 0, "RatingPercent"}, {0x7000, DEVICE, "SonyRawFileType"},
    {0x7010, DEVICE, "SonyToneCurve"}, {0x7031, DEVICE, "VignettingCorrection"},
    {0x7032, DEVICE, "VignettingCorrParams"}, {0x7034, DEVICE, "ChromaticAberrationCorrection"},
    {0x7035, DEVICE, "ChromaticAberrationCorrParams"}, {0x7036, DEVICE, "DistortionCorrection"},
    {0x7037, DEVICE, "DistortionCorrParams"}, {0x74C7, DEVICE, "SonyCropTopLeft"},
    {0x74C8, DEVICE, "SonyCropSize"}, {0x800D, SERIAL, "ImageID"},
    {0x80A4, COMMENT, "WangAnnotation"}, {0x827D, DEVICE, "Model2"},
    {0x828D, DEVICE, "CFARepeatPatternDim"}, {0x828E, DEVICE, "CFAPattern2"},
    {0x828F, DEVICE, "BatteryLevel"}, {0x8290, DEVICE, "KodakIFD"},
    {0x8298, PERSON, "Copyright"}, {0x829A, DEVICE, "ExposureTime"},
    {0x829D, DEVICE, "FNumber"}, {0x82A8, COMMENT, "MDLabName"}, {0x82AA, TIME, "MDPrepDate"},
    {0x82AB, TIME, "MDPrepTime"}, {0x830E, LOCATION, "PixelScale"}, {0x83BB, 0, "IPTC-NAA"},
    {0x8482, LOCATION, "ModelTiePoint"}, {0x84E0, COMMENT, "Site"},
    {0x85D8, LOCATION, "ModelTransform"}, {0x8602, DEVICE, "WB_GRGBLevels"},
    {0x8649, 0, "PhotoshopSettings"}, {0x8769, 0, "ExifOffset"}, {0x8773, 0, "ICC_Profile"},
    {0x87AF, LOCATION, "GeoTiffDirectory"}, {0x87B0, LOCATION, "GeoTiffDoubleParams"},
    {0x87B1, LOCATION, "GeoTiffAsciiParams"}, {0x8822, DEVICE, "ExposureProgram"},
    {0x8824, DEVICE, "SpectralSensitivity"}, {0x8825, 0, "GPSInfo"}, {0x8827, DEVICE, "ISO"},
    {0x8828, DEVICE, "Opto-ElectricConvFactor"}, {0x882A, TIME, "TimeZoneOffset"},
    {0x882B, DEVICE, "SelfTimerMode"}, {0x8830, DEVICE, "SensitivityType"},
    {0x8831, DEVICE, "StandardOutputSensitivity"}, {0x8832, DEVICE, "RecommendedExposureIndex"},
    {0x8833, DEVICE, "ISOSpeed"}, {0x8834, DEVICE, "ISOSpeedLatitudeyyy"},
    {0x8835, DEVICE, "ISOSpeedLatitudezzz"}, {0x885E, TIME, "FaxRecvTime"},
    {0x888A, 0, "LeafSubIFD"}, {0x9000, 0, "ExifVersion"}, {0x9003, TIME, "DateTimeOriginal"},
    {0x9004, TIME, "CreateDate"}, {0x9009, SERIAL, "GooglePlusUploadCode"},
    {0x9010, TIME, "OffsetTime"}, {0x9011, TIME, "OffsetTimeOriginal"},
    {0x9012, TIME, "OffsetTimeDigitized"}, {0x9101, 0, "ComponentsConfiguration"},
    {0x9102, DEVICE, "CompressedBitsPerPixel"}, {0x9201, DEVICE, "ShutterSpeedValue"},
    {0x9202, DEVICE, "ApertureValue"}, {0x9203, DEVICE, "BrightnessValue"},
    {0x9204, DEVICE, "ExposureCompensation"}, {0x9205, DEVICE, "MaxApertureValue"},
    {0x9206, DEVICE, "SubjectDistance"}, {0x9207, DEVICE, "MeteringMode"},
    {0x9208, DEVICE, "LightSource"}, {0x9209, DEVICE, "Flash"}, {0x920A, DEVICE, "FocalLength"},
    {0x920B, DEVICE, "FlashEnergy"}, {0x920C, DEVICE, "SpatialFrequencyResponse"},
    {0x920D, DEVICE, "Noise"}, {0x920E, DEVICE, "FocalPlaneXResolution"},
    {0x920F, DEVICE, "FocalPlaneYResolution"}, {0x9210, DEVICE, "FocalPlaneResolutionUnit"},
    {0x9211, SERIAL, "ImageNumber"}, {0x9212, COMMENT, "SecurityClassification"},
    {0x9213, SOFTWARE, "ImageHistory"}, {0x9214, DEVICE, "SubjectArea"},
    {0x9215, DEVICE, "ExposureIndex"}, {0x9216, 0, "TIFF-EPStandardID"},
    {0x9217, DEVICE, "SensingMethod"}, {0x927C, 0, "MakerNote"},
    {0x9286, COMMENT, "UserComment"}, {0x9290, TIME, "SubSecTime"},
    {0x9291, TIME, "SubSecTimeOriginal"}, {0x9292, TIME, "SubSecTimeDigitized"},
    {0x932F, COMMENT, "MSDocumentText"}, {0x935C, SOFTWARE, "ImageSourceData"},
    {0x9400, DEVICE, "AmbientTemperature"}, {0x9401, DEVICE, "Humidity"},
    {0x9402, DEVICE, "Pressure"}, {0x9403, DEVICE, "WaterDepth"},
    {0x9404, DEVICE, "Acceleration"}, {0x9405, DEVICE, "CameraElevationAngle"},
    {0x9999, DEVICE, "XiaomiSettings"}, {0x9A00, DEVICE, "XiaomiModel"},
    {0x9C9B, COMMENT, "XPTitle"}, {0x9C9C, COMMENT, "XPComment"}, {0x9C9D, PERSON, "XPAuthor"},
    {0x9C9E, COMMENT, "XPKeywords"}, {0x9C9F, COMMENT, "XPSubject"},
    {0xA000, 0, "FlashpixVersion"}, {0xA001, 0, "ColorSpace"}, {0xA002, 0, "ExifImageWidth"},
    {0xA003, 0, "ExifImageHeight"}, {0xA004, COMMENT, "RelatedSoundFile"},
    {0xA005, 0, "InteropOffset"}, {0xA20B, DEVICE, "FlashEnergy"},
    {0xA20C, DEVICE, "SpatialFrequencyResponse"}, {0xA20D, DEVICE, "Noise"},
    {0xA20E, DEVICE, "FocalPlaneXResolution"}, {0xA20F, DEVICE, "FocalPlaneYResolution"},
    {0xA210, DEVICE, "FocalPlaneResolutionUnit"}, {0xA211, SERIAL, "ImageNumber"},
    {0xA212, COMMENT, "SecurityClassification"}, {0xA213, SOFTWARE, "ImageHistory"},
    {0xA214, DEVICE, "SubjectLocation"}, {0xA215, DEVICE, "ExposureIndex"},
    {0xA216, 0, "TIFF-EPStandardID"}, {0xA217, DEVICE, "SensingMethod"},
    {0xA300, DEVICE, "FileSource"}, {0xA301, DEVICE, "SceneType"},
    {0xA302, DEVICE, "CFAPattern"}, {0xA401, DEVICE, "CustomRendered"},
    {0xA402, DEVICE, "ExposureMode"}, {0xA403, DEVICE, "WhiteBalance"},
    {0xA404, DEVICE, "DigitalZoomRatio"}, {0xA405, DEVICE, "FocalLengthIn35mmFormat"},
    {0xA406, DEVICE, "SceneCaptureType"}, {0xA407, DEVICE, "GainControl"},
    {0xA408, DEVICE, "Contrast"}, {0xA409, DEVICE, "Saturation"}, {0xA40A, DEVICE, "Sharpness"},
    {0xA40B, DEVICE, "DeviceSettingDescription"}, {0xA40C, DEVICE, "SubjectDistanceRange"},
    {0xA420, SERIAL, "ImageUniqueID"}, {0xA430, PERSON, "OwnerName"},
    {0xA431, SERIAL, "SerialNumber"},
    {0xA432, DEVICE, "LensInfo"}, {0xA433, DEVICE, "LensMake"}, {0xA434, DEVICE, "LensModel"},
    {0xA435, SERIAL, "LensSerialNumber"}, {0xA436, COMMENT, "ImageTitle"},
    {0xA437, PERSON, "Photographer"}, {0xA438, PERSON, "ImageEditor"},
    {0xA439, DEVICE, "CameraFirmware"}, {0xA43A, SOFTWARE, "RAWDevelopingSoftware"},
    {0xA43B, SOFTWARE, "ImageEditingSoftware"}, {0xA43C, SOFTWARE, "MetadataEditingSoftware"},
    {0xA460, DEVICE, "CompositeImage"}, {0xA461, DEVICE, "CompositeImageCount"},
    {0xA462, DEVICE, "CompositeImageExposureTimes"}, {0xA500, 0, "Gamma"},
    {0xAFC0, SOFTWARE, "ExpandSoftware"}, {0xAFC1, DEVICE, "ExpandLens"},
    {0xAFC2, DEVICE, "ExpandFilm"}, {0xAFC3, DEVICE, "ExpandFilterLens"},
    {0xAFC4, DEVICE, "ExpandScanner"}, {0xAFC5, DEVICE, "ExpandFlashLamp"},
    {0xC428, SOFTWARE, "OceApplicationSelector"}, {0xC429, SERIAL, "OceIDNumber"},
    {0xC44F, COMMENT, "Annotations"}, {0xC4A5, DEVICE, "PrintIM"},
    {0xC51B, DEVICE, "HasselbladExif"}, {0xC573, SERIAL, "OriginalFileName"},
    {0xC5E0, DEVICE, "CR2CFAPattern"}, {0xC614, DEVICE, "UniqueCameraModel"},
    {0xC615, DEVICE, "LocalizedCameraModel"}, {0xC62F, SERIAL, "CameraSerialNumber"},
    {0xC630, DEVICE, "DNGLensInfo"}, {0xC65D, SERIAL, "RawDataUniqueID"},
    {0xC68B, SERIAL, "OriginalRawFileName"}, {0xC6C5, DEVICE, "SRawType"},
    {0xC6D2, COMMENT, "PanasonicTitle"}, {0xC6D3, COMMENT, "PanasonicTitle2"},
    {0xC6FE, PERSON, "ProfileCopyright"}, {0xC716, SOFTWARE, "PreviewApplicationName"},
    {0xC717, SOFTWARE, "PreviewApplicationVersion"}, {0xC718, SOFTWARE, "PreviewSettingsName"},
    {0xC719, SERIAL, "PreviewSettingsDigest"}, {0xC71B, TIME, "PreviewDateTime"},
    {0xC71C, SERIAL, "RawImageDigest"}, {0xC71D, SERIAL, "OriginalRawFileDigest"},
    {0xC763, TIME, "TimeCodes"}, {0xC789, COMMENT, "ReelName"}, {0xC7A1, SERIAL, "CameraLabel"},
    {0xC7A7, SERIAL, "NewRawImageDigest"}, {0xCD30, SERIAL, "SemanticInstanceID"},
    {0xEA1C, UNKNOWN, "Padding"}, {0xEA1D, 0, "OffsetSchema"}, {0xFDE8, PERSON, "OwnerName"},
    {0xFDE9, SERIAL, "SerialNumber"}, {0xFDEA, DEVICE, "Lens"}, {0xFE00, DEVICE, "KDC_IFD"},
    {0xFE4D, SOFTWARE, "Converter"},
};

/* A version alone says that there was room for a place. */
static const SpExifTag gps_tags[] = {
    {0x0000, 0, "GPSVersionID"},
    {0x0001, LOCATION, "GPSLatitudeRef"},
    {0x0002, LOCATION, "GPSLatitude"},
    {0x0003, LOCATION, "GPSLongitudeRef"},
    {0x0004, LOCATION, "GPSLongitude"},
    {0x0005, LOCATION, "GPSAltitudeRef"},
    {0x0006, LOCATION, "GPSAltitude"},
    {0x0007, LOCATION | TIME, "GPSTimeStamp"},
    {0x0008, LOCATION, "GPSSatellites"},
    {0x0009, LOCATION, "GPSStatus"},
    {0x000A, LOCATION, "GPSMeasureMode"},
    {0x000B, LOCATION, "GPSDOP"},
    {0x000C, LOCATION, "GPSSpeedRef"},
    {0x000D, LOCATION, "GPSSpeed"},
    {0x000E, LOCATION, "GPSTrackRef"},
    {0x000F, LOCATION, "GPSTrack"},
    {0x0010, LOCATION, "GPSImgDirectionRef"},
    {0x0011, LOCATION, "GPSImgDirection"},
    {0x0012, LOCATION, "GPSMapDatum"},
    {0x0013, LOCATION, "GPSDestLatitudeRef"},
    {0x0014, LOCATION, "GPSDestLatitude"},
    {0x0015, LOCATION, "GPSDestLongitudeRef"},
    {0x0016, LOCATION, "GPSDestLongitude"},
    {0x0017, LOCATION, "GPSDestBearingRef"},
    {0x0018, LOCATION, "GPSDestBearing"},
    {0x0019, LOCATION, "GPSDestDistanceRef"},
    {0x001A, LOCATION, "GPSDestDistance"},
    {0x001B, LOCATION, "GPSProcessingMethod"},
    {0x001C, LOCATION, "GPSAreaInformation"},
    {0x001D, LOCATION | TIME, "GPSDateStamp"},
    {0x001E, LOCATION, "GPSDifferential"},
    {0x001F, LOCATION, "GPSHPositioningError"},};

/* Whole families, where no single tag says more. */
static const struct {
    guint16 first, last;
    SpExifTag tag;
} ranges[] = {
    {0xBC01, 0xBCC5, {0, 0, "JPEG XR"}},
    {0xC612, 0xC7FF, {0, DEVICE, "DNG"}},
    {0xCD2D, 0xCD4F, {0, DEVICE, "DNG"}},
    {0xFE4C, 0xFE58, {0, SOFTWARE, "Adobe Camera Raw"}},
};
/* clang-format on */

static const SpExifTag *
search(const SpExifTag *table, gsize n, guint tag)
{
    gsize low = 0, high = n;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (table[middle].tag < tag)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && table[low].tag == tag ? &table[low] : NULL;
}

const SpExifTag *
sp_exif_tag_find(gboolean gps, guint tag)
{
    if (gps)
        return search(gps_tags, G_N_ELEMENTS(gps_tags), tag);
    const SpExifTag *found = search(tags, G_N_ELEMENTS(tags), tag);
    for (gsize i = 0; i < G_N_ELEMENTS(ranges) && found == NULL; i++) {
        if (tag >= ranges[i].first && tag <= ranges[i].last)
            found = &ranges[i].tag;
    }
    return found;
}

/* Numbers of a harmless tag are few, but for tables of colours, lists of offsets and what leads
 * to blocks of other kinds. */
gsize
sp_exif_tag_room(guint tag, gboolean is_text)
{
    static const struct {
        guint16 tag;
        guint32 room;
    } rooms[] = {
        {0x0111, 4096}, {0x0117, 4096}, {0x0123, 512},  {0x012D, 1536}, {0x013F, 48},
        {0x0140, 1536}, {0x0144, 4096}, {0x0145, 4096}, {0x014A, 64},   {0x015B, 2048},
        {0x0211, 24},   {0x0214, 48},   {0x02BC, ~0u},  {0x1000, 32},   {0x83BB, ~0u},
        {0x8649, ~0u},  {0x8773, ~0u},  {0x927C, ~0u},  {0xC634, ~0u},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rooms); i++) {
        if (rooms[i].tag == tag && (!is_text || tag == 0x1000))
            return rooms[i].room;
    }
    return SP_EXIF_TAG_ROOM;
}

gboolean
sp_exif_tag_is_list(guint tag)
{
    return tag == 0x0111 || tag == 0x0117 || tag == 0x0144 || tag == 0x0145 || tag == 0x014A;
}
