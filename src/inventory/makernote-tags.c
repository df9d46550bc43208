/* SPDX-License-Identifier: MIT */
/* makernote-tags.c -- which tags of makers' notes reveal more than the camera.
 *
 * Numbers, places and names: ExifTool's documentation of tag names, a page a maker. Counters of
 * pictures are serial numbers: two of them tell which photo was taken first, by one camera. */
#include "inventory/makernote.h"
#include "inventory/short-names.h"

#define DIRECTORY(tags)                                                                        \
    {                                                                                          \
        SP_MAKER_DIRECTORY, 0, tags, G_N_ELEMENTS(tags)                                        \
    }
#define DIRECTORY_AFTER(skip, tags)                                                            \
    {                                                                                          \
        SP_MAKER_DIRECTORY, skip, tags, G_N_ELEMENTS(tags)                                     \
    }
#define RECORD(tags)                                                                           \
    {                                                                                          \
        SP_MAKER_RECORD, 0, tags, G_N_ELEMENTS(tags)                                           \
    }

/* Of those of whom nothing is known to say more than the camera. */
const SpMakerTable sp_maker_settings = {SP_MAKER_DIRECTORY, 0, NULL, 0};
const SpMakerTable sp_maker_settings_record = {SP_MAKER_RECORD, 0, NULL, 0};

static const SpMakerTag apple[] = {
    {0x0003, 0, SERIAL, "RunTime", NULL}, /* since boot: equal for photos of one phone only */
    {0x000B, 0, SERIAL, "BurstUUID", NULL},
    {0x0011, 0, SERIAL, "MediaGroupUUID", NULL},
    {0x0015, 0, SERIAL, "ImageUniqueID", NULL},
    {0x0020, 0, SERIAL, "ImageCaptureRequestID", NULL},
    {0x002B, 0, SERIAL, "PhotoIdentifier", NULL},
};
const SpMakerTable sp_maker_apple = DIRECTORY(apple);

static const SpMakerTag canon_time[] = {
    {4, 4, TIME, "TimeZone", NULL},
    {8, 4, LOCATION, "TimeZoneCity", NULL},
};
static const SpMakerTag canon_file[] = {{2, 4, SERIAL, "FileNumber", NULL}};
static const SpMakerTag canon_preview[] = {{8, 4, THUMBNAIL, "PreviewImageLength", NULL}};
static const SpMakerTag canon_lens[] = {{0, 5, SERIAL, "LensSerialNumber", NULL}};
static const SpMakerTable canon_time_record = RECORD(canon_time);
static const SpMakerTable canon_file_record = RECORD(canon_file);
static const SpMakerTable canon_preview_record = RECORD(canon_preview);
static const SpMakerTable canon_lens_record = RECORD(canon_lens);
static const SpMakerTag canon[] = {
    {0x0007, 0, DEVICE, "CanonFirmwareVersion", NULL},
    {0x0008, 0, SERIAL, "FileNumber", NULL},
    {0x0009, 0, PERSON, "OwnerName", NULL},
    {0x000C, 0, SERIAL, "SerialNumber", NULL},
    {0x0028, 0, SERIAL, "ImageUniqueID", NULL},
    {0x0035, 0, 0, "TimeInfo", &canon_time_record},
    {0x0093, 0, 0, "FileInfo", &canon_file_record},
    {0x0096, 0, SERIAL, "InternalSerialNumber", NULL},
    {0x00B6, 0, 0, "PreviewImageInfo", &canon_preview_record},
    {0x4019, 0, 0, "LensInfo", &canon_lens_record},
};
const SpMakerTable sp_maker_canon = DIRECTORY(canon);

static const SpMakerTag casio[] = {
    {0x0015, 0, DEVICE, "FirmwareDate", NULL},
};
const SpMakerTable sp_maker_casio = DIRECTORY(casio);
static const SpMakerTag casio2[] = {
    {0x0003, 0, THUMBNAIL, "PreviewImageLength", NULL},
    {0x2000, 0, THUMBNAIL, "PreviewImage", NULL},
    {0x2001, 0, DEVICE, "FirmwareDate", NULL},
    {0x3006, 0, LOCATION, "HometownCity", NULL},
};
const SpMakerTable sp_maker_casio2 = DIRECTORY(casio2);

/* Text without end: what it says of exposure is followed by the number of the sensor. */
static const SpMakerTag dji_text[] = {{0, 64, DEVICE | SERIAL, "DJIInfo", NULL}};
const SpMakerTable sp_maker_dji_text = RECORD(dji_text);

static const SpMakerTag fujifilm[] = {
    {0x0010, 0, SERIAL, "InternalSerialNumber", NULL},
    {0x1438, 0, SERIAL, "ImageCount", NULL},
    {0x4282, 0, PERSON, "FaceRecInfo", NULL},
    {0x8003, 0, SERIAL, "FrameNumber", NULL},
};
const SpMakerTable sp_maker_fujifilm = DIRECTORY(fujifilm);

/* The name and version of the camera program. */
static const SpMakerTag google_text[] = {{0, 64, SOFTWARE, "GoogleCamera", NULL}};
const SpMakerTable sp_maker_google_text = RECORD(google_text);

static const SpMakerTag hp4[] = {
    {0x14, 20, TIME, "CameraDateTime", NULL},
    {0x5C, 26, SERIAL, "SerialNumber", NULL},
};
static const SpMakerTag hp6[] = {
    {0x14, 20, TIME, "CameraDateTime", NULL},
    {0x58, 26, SERIAL, "SerialNumber", NULL},
};
const SpMakerTable sp_maker_hp4 = RECORD(hp4), sp_maker_hp6 = RECORD(hp6);

static const SpMakerTag kodak[] = {{0x18, 8, TIME, "TimeCreated", NULL}};
static const SpMakerTag kodak7[] = {{0, 16, SERIAL, "SerialNumber", NULL}};
static const SpMakerTag kodak9[] = {
    {0x14, 20, TIME, "DateTimeOriginal", NULL},
    {0xA8, 12, SERIAL, "UnknownNumber", NULL},
};
static const SpMakerTag kodak_inner[] = {{0xFA19, 0, SERIAL, "SerialNumber", NULL}};
static const SpMakerTable kodak_sub_directory = DIRECTORY(kodak_inner);
static const SpMakerTag kodak8[] = {{0xFC00, 0, 0, "SubIFD0", &kodak_sub_directory}};
static const SpMakerTag kodak11[] = {{0x0308, 0, SERIAL, "LensSerialNumber", NULL}};
const SpMakerTable sp_maker_kodak = RECORD(kodak), sp_maker_kodak7 = RECORD(kodak7),
                   sp_maker_kodak8 = DIRECTORY(kodak8), sp_maker_kodak9 = RECORD(kodak9),
                   sp_maker_kodak11 = DIRECTORY(kodak11);

/* All of Leica's numberings together: none uses a number for two things that matter here. */
static const SpMakerTag leica_subdir[] = {{0x3103, 0, SERIAL, "SerialNumber", NULL}};
static const SpMakerTable leica_sub_directory = DIRECTORY(leica_subdir);
static const SpMakerTag leica[] = {
    {0x000B, 0, SERIAL, "SerialInfo", NULL},
    {0x0300, 0, THUMBNAIL, "PreviewImage", NULL},
    {0x0303, 0, SERIAL, "SerialNumber", NULL},
    {0x0305, 0, SERIAL, "SerialNumber", NULL},
    {0x0321, 0, SERIAL, "LensSerialNumber", NULL},
    {0x0407, 0, SERIAL, "OriginalFileName", NULL},
    {0x0500, 0, SERIAL, "InternalSerialNumber", NULL},
    {0x3000, 0, 0, "Subdir", &leica_sub_directory},
};
const SpMakerTable sp_maker_leica = DIRECTORY(leica);

static const SpMakerTag minolta_settings[] = {
    {84, 4, TIME, "MinoltaDate", NULL},
    {88, 4, TIME, "MinoltaTime", NULL},
    {108, 4, SERIAL, "LastFileNumber", NULL},
};
static const SpMakerTable minolta_record = RECORD(minolta_settings);
static const SpMakerTag minolta[] = {
    {0x0001, 0, 0, "CameraSettings", &minolta_record},
    {0x0003, 0, 0, "CameraSettings", &minolta_record},
    {0x0081, 0, THUMBNAIL, "PreviewImage", NULL},
    {0x0089, 0, THUMBNAIL, "PreviewImageLength", NULL},
};
const SpMakerTable sp_maker_minolta = DIRECTORY(minolta);

static const SpMakerTag motorola[] = {
    {0x5500, 0, DEVICE, "BuildNumber", NULL},
    {0x5501, 0, SERIAL, "SerialNumber", NULL},
    {0x6705, 0, DEVICE, "ManufactureDate", NULL},
};
const SpMakerTable sp_maker_motorola = DIRECTORY(motorola);

static const SpMakerTag nikon_preview[] = {{0x0202, 0, THUMBNAIL, "PreviewImageLength", NULL}};
static const SpMakerTag nikon_file[] = {{8, 2, SERIAL, "FileNumber", NULL}};
static const SpMakerTag nikon_place[] = {{5, 3, LOCATION, "CountryCode", NULL},
                                         {9, 70, LOCATION, "Location", NULL}};
static const SpMakerTable nikon_preview_directory = DIRECTORY(nikon_preview);
static const SpMakerTable nikon_file_record = RECORD(nikon_file);
static const SpMakerTable nikon_place_record = RECORD(nikon_place);
static const SpMakerTag nikon[] = {
    {0x0011, 0, 0, "PreviewIFD", &nikon_preview_directory},
    {0x001D, 0, SERIAL, "SerialNumber", NULL},
    {0x0024, 0, TIME, "WorldTime", NULL},
    {0x0037, 0, SERIAL, "MechanicalShutterCount", NULL},
    {0x0039, 0, 0, "LocationInfo", &nikon_place_record},
    {0x00A0, 0, SERIAL, "SerialNumber", NULL},
    {0x00A5, 0, SERIAL, "ImageCount", NULL},
    {0x00A6, 0, SERIAL, "DeletedImageCount", NULL},
    {0x00A7, 0, SERIAL, "ShutterCount", NULL},
    {0x00B6, 0, TIME | SERIAL, "PowerUpTime", NULL},
    {0x00B8, 0, 0, "FileInfo", &nikon_file_record},
    {0x0E01, 0, SOFTWARE, "NikonCaptureData", NULL},
    {0x0E09, 0, SOFTWARE, "NikonCaptureVersion", NULL},
};
const SpMakerTable sp_maker_nikon = DIRECTORY(nikon);
const SpMakerTable sp_maker_nikon2 = {SP_MAKER_DIRECTORY, 0, NULL, 0};

static const SpMakerTag nintendo_camera[] = {
    {8, 4, TIME, "TimeStamp", NULL},
    {24, 4, SERIAL, "InternalSerialNumber", NULL},
};
static const SpMakerTable nintendo_camera_record = RECORD(nintendo_camera);
static const SpMakerTag nintendo[] = {{0x1101, 0, 0, "CameraInfo", &nintendo_camera_record}};
const SpMakerTable sp_maker_nintendo = DIRECTORY(nintendo);

static const SpMakerTag olympus_equipment[] = {
    {0x0101, 0, SERIAL, "SerialNumber", NULL},
    {0x0102, 0, SERIAL, "InternalSerialNumber", NULL},
    {0x0202, 0, SERIAL, "LensSerialNumber", NULL},
    {0x0302, 0, SERIAL, "ExtenderSerialNumber", NULL},
    {0x1003, 0, SERIAL, "FlashSerialNumber", NULL},
};
static const SpMakerTag olympus_settings[] = {
    {0x0102, 0, THUMBNAIL, "PreviewImageLength", NULL},
    {0x0908, 0, TIME, "DateTimeUTC", NULL},
};
static const SpMakerTable olympus_equipment_directory = DIRECTORY(olympus_equipment);
static const SpMakerTable olympus_settings_directory = DIRECTORY(olympus_settings);
static const SpMakerTag olympus[] = {
    {0x0081, 0, THUMBNAIL, "PreviewImage", NULL},
    {0x0089, 0, THUMBNAIL, "PreviewImageLength", NULL},
    {0x0100, 0, THUMBNAIL, "ThumbnailImage", NULL},
    {0x0104, 0, DEVICE, "BodyFirmwareVersion", NULL},
    {0x020D, 0, SOFTWARE, "EpsonSoftware", NULL},
    {0x0404, 0, SERIAL, "SerialNumber", NULL},
    {0x0405, 0, DEVICE, "Firmware", NULL},
    {0x101A, 0, SERIAL, "SerialNumber", NULL},
    {0x1037, 0, THUMBNAIL, "PreviewImageLength", NULL},
    {0x2010, 0, 0, "Equipment", &olympus_equipment_directory},
    {0x2020, 0, 0, "CameraSettings", &olympus_settings_directory},
};
const SpMakerTable sp_maker_olympus = DIRECTORY(olympus);

static const SpMakerTag panasonic_faces[] = {
    {4, 20, PERSON, "RecognizedFace1Name", NULL},
    {52, 20, PERSON, "RecognizedFace2Name", NULL},
    {100, 20, PERSON, "RecognizedFace3Name", NULL},
};
static const SpMakerTable panasonic_face_record = RECORD(panasonic_faces);
static const SpMakerTag panasonic[] = {
    {0x0002, 0, DEVICE, "FirmwareVersion", NULL},
    {0x0025, 0, SERIAL, "InternalSerialNumber", NULL},
    {0x0029, 0, SERIAL, "TimeSincePowerOn", NULL},
    {0x0033, 0, PERSON, "BabyAge", NULL},
    {0x0052, 0, SERIAL, "LensSerialNumber", NULL},
    {0x0054, 0, SERIAL, "AccessorySerialNumber", NULL},
    {0x0061, 0, 0, "FaceRecInfo", &panasonic_face_record},
    {0x0065, 0, COMMENT, "Title", NULL},
    {0x0066, 0, PERSON, "BabyName", NULL},
    {0x0067, 0, LOCATION, "Location", NULL},
    {0x0069, 0, LOCATION, "Country", NULL},
    {0x006B, 0, LOCATION, "State", NULL},
    {0x006D, 0, LOCATION, "City", NULL},
    {0x006F, 0, LOCATION, "Landmark", NULL},
    {0x0080, 0, LOCATION, "City2", NULL},
    {0x00AF, 0, TIME, "TimeStamp", NULL},
    {0x2003, 0, TIME, "TimeInfo", NULL},
    {0x8010, 0, PERSON, "BabyAge", NULL},
};
const SpMakerTable sp_maker_panasonic = DIRECTORY(panasonic);

static const SpMakerTag pentax_camera[] = {{16, 4, SERIAL, "InternalSerialNumber", NULL}};
static const SpMakerTag pentax_time[] = {{2, 1, LOCATION, "HometownCity", NULL},
                                         {3, 1, LOCATION, "DestinationCity", NULL}};
static const SpMakerTable pentax_camera_record = RECORD(pentax_camera);
static const SpMakerTable pentax_time_record = RECORD(pentax_time);
static const SpMakerTag pentax[] = {
    {0x0003, 0, THUMBNAIL, "PreviewImageLength", NULL},
    {0x0006, 0, TIME, "Date", NULL},
    {0x0007, 0, TIME, "Time", NULL},
    {0x0023, 0, LOCATION, "HometownCity", NULL},
    {0x0024, 0, LOCATION, "DestinationCity", NULL},
    {0x0029, 0, SERIAL, "FrameNumber", NULL},
    {0x005D, 0, SERIAL, "ShutterCount", NULL},
    {0x006B, 0, 0, "TimeInfo", &pentax_time_record},
    {0x0215, 0, 0, "CameraInfo", &pentax_camera_record},
    {0x0229, 0, SERIAL, "SerialNumber", NULL},
    {0x022E, 0, PERSON, "Artist", NULL},
    {0x022F, 0, PERSON, "Copyright", NULL},
    {0x0230, 0, DEVICE, "FirmwareVersion", NULL},
};
static const SpMakerTag pentax2[] = {
    {0x1000, 0, LOCATION, "HometownCityCode", NULL},
    {0x1001, 0, LOCATION, "DestinationCityCode", NULL},
};
const SpMakerTable sp_maker_pentax = DIRECTORY(pentax), sp_maker_pentax2 = DIRECTORY(pentax2);

static const SpMakerTag reconyx[] = {
    {0x16, 14, TIME, "DateTimeOriginal", NULL},
    {0x2A, 30, SERIAL, "SerialNumber", NULL},
    {0x56, 22, COMMENT, "UserLabel", NULL},
};
static const SpMakerTag reconyx2[] = {
    {0x3B, 7, TIME, "DateTimeOriginal", NULL},
    {0x4B, 15, SERIAL, "SerialNumber", NULL},
    {0x5A, 21, COMMENT, "UserLabel", NULL},
};
static const SpMakerTag reconyx3[] = {
    {0x3E, 14, TIME, "DateTimeOriginal", NULL},
    {0x68, 22, COMMENT, "UserLabel", NULL},
    {0x7E, 30, SERIAL, "SerialNumber", NULL},
};
const SpMakerTable sp_maker_reconyx = RECORD(reconyx), sp_maker_reconyx2 = RECORD(reconyx2),
                   sp_maker_reconyx3 = RECORD(reconyx3);

static const SpMakerTag ricoh_image[] = {{6, 7, TIME, "RicohDate", NULL},
                                         {30, 4, THUMBNAIL, "PreviewImageLength", NULL}};
static const SpMakerTag ricoh_serials[] = {{16, 16, SERIAL, "BodySerialNumber", NULL},
                                           {48, 16, SERIAL, "LensSerialNumber", NULL}};
static const SpMakerTable ricoh_image_record = RECORD(ricoh_image);
static const SpMakerTable ricoh_serial_record = RECORD(ricoh_serials);
static const SpMakerTag ricoh_subdir[] = {
    {0x0004, 0, DEVICE, "ManufactureDate1", NULL},
    {0x0005, 0, DEVICE, "ManufactureDate2", NULL},
    {0x002C, 0, 0, "SerialInfo", &ricoh_serial_record},
};
/* After the 20 bytes "[Ricoh Camera Info]". */
static const SpMakerTable ricoh_sub_directory = DIRECTORY_AFTER(20, ricoh_subdir);
static const SpMakerTag ricoh[] = {
    {0x0002, 0, DEVICE, "FirmwareVersion", NULL},
    {0x0005, 0, SERIAL, "SerialNumber", NULL},
    {0x1001, 0, 0, "ImageInfo", &ricoh_image_record},
    {0x2001, 0, 0, "RicohSubdir", &ricoh_sub_directory},
};
const SpMakerTable sp_maker_ricoh = DIRECTORY(ricoh);

static const SpMakerTag samsung[] = {
    {0x0030, 0, LOCATION, "LocalLocationName", NULL},
    {0x0031, 0, LOCATION, "LocationName", NULL},
    {0x0035, 0, 0, "PreviewIFD", &nikon_preview_directory},
    {0x0123, 0, PERSON, "FaceName", NULL},
    {0xA002, 0, SERIAL, "SerialNumber", NULL},
    {0xA005, 0, SERIAL, "InternalLensSerialNumber", NULL},
};
const SpMakerTable sp_maker_samsung = DIRECTORY(samsung);

static const SpMakerTag sanyo[] = {
    {0x0100, 0, THUMBNAIL, "SanyoThumbnail", NULL},
    {0x0207, 0, DEVICE, "SoftwareVersion", NULL},
};
const SpMakerTable sp_maker_sanyo = DIRECTORY(sanyo);

static const SpMakerTag sigma[] = {
    {0x0002, 0, SERIAL, "SerialNumber", NULL},
    {0x0017, 0, DEVICE, "Firmware", NULL},
    {0x0018, 0, SOFTWARE, "Software", NULL},
    {0x001B, 0, THUMBNAIL, "PreviewImageLength", NULL},
};
const SpMakerTable sp_maker_sigma = DIRECTORY(sigma);

/* 0x9050 and 0x9400 are enciphered; what they hold is known, the key is in ExifTool's text. */
static const SpMakerTag sony_shot[] = {{6, 20, TIME, "SonyDateTime", NULL}};
static const SpMakerTag sony_more[] = {{0x0846, 4, SERIAL, "ShutterCount", NULL}};
static const SpMakerTable sony_shot_record = RECORD(sony_shot);
static const SpMakerTable sony_more_record = RECORD(sony_more);
static const SpMakerTag sony[] = {
    {0x0020, 0, 0, "FocusInfo", &sony_more_record},
    {0x2001, 0, THUMBNAIL, "PreviewImage", NULL},
    {0x2031, 0, SERIAL, "SerialNumber", NULL},
    {0x3000, 0, 0, "ShotInfo", &sony_shot_record},
    {0x9050, 0, SERIAL, "ShutterCount", NULL},
    {0x9400, 0, SERIAL, "ShotNumberSincePowerUp", NULL},
};
const SpMakerTable sp_maker_sony = DIRECTORY(sony);
static const SpMakerTag sony_ericsson[] = {{0x0202, 0, THUMBNAIL, "PreviewImageLength", NULL}};
const SpMakerTable sp_maker_sony_ericsson = DIRECTORY(sony_ericsson);
