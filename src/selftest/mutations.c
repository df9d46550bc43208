/* SPDX-License-Identifier: MIT */
/* mutations.c -- outputs that are spoiled in every way that could carry something.
 *
 * The audit is the last door; here it is knocked at. (What the last partition of a VP8 frame
 * holds behind its last macroblock only a decoder could tell: that is picture data, and no
 * grammar.) Each line of the tables makes one or many spoiled files of a good one, and
 * sp_audit() must refuse them all. A new way to spoil is a function and a line. */
#include "selftest/mutations.h"
#include "audit/audit.h"
#include "selftest/bytes.h"
#include "selftest/folder.h"
#include <string.h>

#define SIDE 64

typedef struct {
    SpAuditFormat format;
    const guint8 *bytes; /* borrowed */
    gsize n;
    guint n_tried;
    guint n_taken;  /* spoiled files that the audit took: must stay 0 */
    gsize taken_at; /* where the last of them was spoiled */
} Subject;

typedef struct {
    const char *name;
    void (*spoil)(Subject *subject, guint code);
    guint code;
} Mutation;

static gboolean
accepts(SpAuditFormat format, const guint8 *bytes, gsize n)
{
    /* A copy of its own, so that a read behind the end is seen by those who watch. */
    g_autofree guint8 *copy = g_memdup2(bytes, n);
    SpAuditPromise promise = {format, SIDE, SIDE, 3, SIDE, SIDE, n + 1};
    return sp_audit(copy, n, &promise, NULL);
}

static void
try(Subject *subject, const GByteArray *spoiled, gsize at)
{
    subject->n_tried++;
    if (!accepts(subject->format, spoiled->data, spoiled->len))
        return;
    subject->n_taken++;
    subject->taken_at = at;
}

/* The good file with `cut` bytes at `at` replaced. */
static void
try_edit(Subject *subject, gsize at, gsize cut, gconstpointer bytes, gsize n)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    sp_put(file, subject->bytes, at);
    sp_put(file, bytes, n);
    sp_put(file, subject->bytes + at + cut, subject->n - at - cut);
    try(subject, file, at);
}

/* ---- both formats --------------------------------------------------------------------------
 */

static void
spoil_cut(Subject *subject, guint code G_GNUC_UNUSED)
{
    for (gsize n = 1; n < subject->n; n++)
        try_edit(subject, n, subject->n - n, NULL, 0);
}

static void
spoil_trailing(Subject *subject, guint code)
{
    guint8 byte = (guint8)code;
    try_edit(subject, subject->n, 0, &byte, 1);
}

static void
spoil_twice(Subject *subject, guint code G_GNUC_UNUSED)
{
    try_edit(subject, subject->n, 0, subject->bytes, subject->n);
}

/* ---- JPEG ----------------------------------------------------------------------------------
 */

/* Behind SOI, then behind each segment up to SOS, then before EOI: *at is 0 to begin with. */
static gboolean
next_border(const Subject *subject, gsize *at)
{
    const guint8 *p = subject->bytes + *at;
    if (*at == 0) {
        *at = 2;
        return TRUE;
    }
    if (*at >= subject->n - 2)
        return FALSE;
    if (p[1] == 0xDA)
        *at = subject->n - 2;
    else
        *at += 2 + (gsize)(p[2] << 8 | p[3]);
    return TRUE;
}

/* code: a marker, with eight bytes behind it. */
static void
spoil_segment(Subject *subject, guint code)
{
    g_autoptr(GByteArray) segment = g_byte_array_new();
    sp_put_segment(segment, code, "hidden!", 8);
    for (gsize at = 0; next_border(subject, &at);)
        try_edit(subject, at, 0, segment->data, segment->len);
}

/* code: a marker without a length. */
static void
spoil_bare_marker(Subject *subject, guint code)
{
    guint8 marker[2] = {0xFF, (guint8)code};
    for (gsize at = 0; next_border(subject, &at);)
        try_edit(subject, at, 0, marker, 2);
}

static void
spoil_fill(Subject *subject, guint code G_GNUC_UNUSED)
{
    for (gsize at = 0; next_border(subject, &at);)
        try_edit(subject, at, 0, "\xFF", 1);
}

static void
spoil_stray(Subject *subject, guint code)
{
    guint8 byte = (guint8)code;
    for (gsize at = 0; next_border(subject, &at);)
        if (at < subject->n - 2) /* before EOI a byte is entropy data */
            try_edit(subject, at, 0, &byte, 1);
}

/* Each bit of JFIF's segment. */
static void
spoil_jfif(Subject *subject, guint code G_GNUC_UNUSED)
{
    for (gsize at = 2; at < 20; at++)
        for (guint bit = 0; bit < 8; bit++) {
            guint8 byte = subject->bytes[at] ^ (guint8)(1 << bit);
            try_edit(subject, at, 1, &byte, 1);
        }
}

/* Each length one more and one less. */
static void
spoil_length(Subject *subject, guint code G_GNUC_UNUSED)
{
    for (gsize at = 0; next_border(subject, &at) && at < subject->n - 2;)
        for (int by = -1; by <= 1; by += 2) {
            guint8 low = (guint8)(subject->bytes[at + 3] + by);
            try_edit(subject, at + 3, 1, &low, 1);
        }
}

static gsize
find_segment(const Subject *subject, guint marker)
{
    for (gsize at = 0; next_border(subject, &at) && at < subject->n - 2;)
        if (subject->bytes[at + 1] == marker)
            return at;
    return 0;
}

/* code: DQT or DHT; a copy of one there is, as table number 3, before the first scan. */
static void
spoil_table(Subject *subject, guint code)
{
    gsize from = find_segment(subject, code), scan = find_segment(subject, 0xDA);
    if (from == 0)
        return;
    gsize n = 2 + (gsize)(subject->bytes[from + 2] << 8 | subject->bytes[from + 3]);
    g_autofree guint8 *copy = g_memdup2(subject->bytes + from, n);
    copy[4] |= 3;
    try_edit(subject, scan, 0, copy, n);
}

static void
spoil_second_image(Subject *subject, guint code G_GNUC_UNUSED)
{
    gsize scan = find_segment(subject, 0xDA);
    try_edit(subject, scan, 0, subject->bytes, subject->n);
    try_edit(subject, subject->n - 2, 0, subject->bytes + scan, subject->n - 2 - scan);
}

/* ---- WebP ----------------------------------------------------------------------------------
 */

/* Another size in the RIFF head, by code - 8. */
static void
spoil_riff_size(Subject *subject, guint code)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    sp_put(file, subject->bytes, subject->n);
    sp_patch_le(file, 4, 4, subject->n - 8 + code - 8);
    try(subject, file, 4);
}

/* A RIFF of VP8X with flags, and the chunks given, in this order. */
static void
try_extended(Subject *subject, guint flags, const GByteArray *before, const GByteArray *behind)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    guint8 canvas[10] = {0};
    canvas[0] = flags & 0xFF;
    canvas[1] = flags >> 8 & 0xFF;
    canvas[4] = canvas[7] = SIDE - 1;
    sp_put(file, "RIFF\0\0\0\0WEBP", 12);
    sp_put_riff_chunk(file, "VP8X", canvas, sizeof canvas);
    sp_put_array(file, before);
    sp_put(file, subject->bytes + 12, subject->n - 12);
    sp_put_array(file, behind);
    sp_patch_le(file, 4, 4, file->len - 8);
    try(subject, file, 12);
}

/* code: the flag that belongs to the chunk, or a reserved bit. */
static void
spoil_chunk(Subject *subject, guint code)
{
    static const char *const names[] = {"EXIF", "XMP ", "ICCP", "prVt", "ANIM", "C2PA"};
    g_autoptr(GByteArray) none = g_byte_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GByteArray) chunk = g_byte_array_new();
        g_autoptr(GByteArray) plain = g_byte_array_new();
        sp_put_riff_chunk(chunk, names[i], "hidden", 6);
        try_extended(subject, code, chunk, none);
        try_extended(subject, code, none, chunk);
        sp_put(plain, subject->bytes, subject->n);
        sp_put_array(plain, chunk);
        sp_patch_le(plain, 4, 4, plain->len - 8);
        try(subject, plain, subject->n);
    }
    try_extended(subject, code, none, none);
}

static void
spoil_second_picture(Subject *subject, guint code G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    sp_put(file, subject->bytes, subject->n);
    sp_put(file, subject->bytes + 12, subject->n - 12);
    sp_patch_le(file, 4, 4, file->len - 8);
    try(subject, file, subject->n);
}

/* RFC 6386, section 9.1: not a key frame, not shown, another version, scaling, start code. */
static void
spoil_frame(Subject *subject, guint code G_GNUC_UNUSED)
{
    static const struct {
        gsize at;
        guint8 bits;
    } edits[] = {{20, 0x01}, {20, 0x08}, {20, 0x10}, {23, 0x01}, {24, 0x80},
                 {25, 0x40}, {26, 0x01}, {27, 0x40}, {27, 0x80}, {29, 0x40}};
    for (guint i = 0; i < G_N_ELEMENTS(edits); i++) {
        guint8 byte = subject->bytes[edits[i].at] ^ edits[i].bits;
        try_edit(subject, edits[i].at, 1, &byte, 1);
    }
}

/* ---- the tables ----------------------------------------------------------------------------
 */

static const Mutation of_jpeg[] = {
    {"cut at every byte", spoil_cut, 0},
    {"trailing 0", spoil_trailing, 0},
    {"trailing 255", spoil_trailing, 255},
    {"whole file twice", spoil_twice, 0},
    {"APP0", spoil_segment, 0xE0},
    {"APP1", spoil_segment, 0xE1},
    {"APP2", spoil_segment, 0xE2},
    {"APP3", spoil_segment, 0xE3},
    {"APP4", spoil_segment, 0xE4},
    {"APP5", spoil_segment, 0xE5},
    {"APP6", spoil_segment, 0xE6},
    {"APP7", spoil_segment, 0xE7},
    {"APP8", spoil_segment, 0xE8},
    {"APP9", spoil_segment, 0xE9},
    {"APP10", spoil_segment, 0xEA},
    {"APP11", spoil_segment, 0xEB},
    {"APP12", spoil_segment, 0xEC},
    {"APP13", spoil_segment, 0xED},
    {"APP14", spoil_segment, 0xEE},
    {"APP15", spoil_segment, 0xEF},
    {"COM", spoil_segment, 0xFE},
    {"DRI", spoil_segment, 0xDD},
    {"DNL", spoil_segment, 0xDC},
    {"DHP", spoil_segment, 0xDE},
    {"EXP", spoil_segment, 0xDF},
    {"DAC", spoil_segment, 0xCC},
    {"JPG0", spoil_segment, 0xF0},
    {"JPG13", spoil_segment, 0xFD},
    {"RST0", spoil_bare_marker, 0xD0},
    {"TEM", spoil_bare_marker, 0x01},
    {"SOI", spoil_bare_marker, 0xD8},
    {"EOI", spoil_bare_marker, 0xD9},
    {"fill bytes", spoil_fill, 0},
    {"stray byte", spoil_stray, 'x'},
    {"bits of JFIF", spoil_jfif, 0},
    {"wrong lengths", spoil_length, 0},
    {"unreferenced DQT", spoil_table, 0xDB},
    {"unreferenced DHT", spoil_table, 0xC4},
    {"second image", spoil_second_image, 0},
    {NULL},
};

static const Mutation of_webp[] = {
    {"cut at every byte", spoil_cut, 0},
    {"trailing 0", spoil_trailing, 0},
    {"trailing 255", spoil_trailing, 255},
    {"whole file twice", spoil_twice, 0},
    {"RIFF size less", spoil_riff_size, 6},
    {"RIFF size more", spoil_riff_size, 10},
    {"chunks", spoil_chunk, 0},
    {"chunks with EXIF's flag", spoil_chunk, 0x08},
    {"chunks with XMP's flag", spoil_chunk, 0x04},
    {"chunks with ICC's flag", spoil_chunk, 0x20},
    {"chunks with animation's flag", spoil_chunk, 0x02},
    {"reserved bit 0", spoil_chunk, 0x01},
    {"reserved bit 7", spoil_chunk, 0x80},
    {"reserved byte", spoil_chunk, 0x0100},
    {"second picture", spoil_second_picture, 0},
    {"bits of the frame's head", spoil_frame, 0},
    {NULL},
};

static void
tell(const SpSelftestOptions *options, const char *format, const char *what, guint n_tried,
     const char *fault)
{
    g_autofree char *name = g_strdup_printf("%s: %s", format, what);
    SpSelftestLine line = {
        .result = fault == NULL ? SP_SELFTEST_OK : SP_SELFTEST_FAILED,
        .group = "audit",
        .name = name,
        .found = "",
        .n_searched = n_tried,
        .fault = fault,
    };
    options->line(&line, options->data);
}

static void
run_table(const Mutation *table, const char *format, const Subject *good,
          const SpSelftestOptions *options)
{
    tell(options, format, "as published", 1,
         accepts(good->format, good->bytes, good->n) ? NULL : "a good file is refused");
    for (guint i = 0; table[i].name != NULL; i++) {
        Subject subject = *good;
        table[i].spoil(&subject, table[i].code);
        g_autofree char *fault =
            subject.n_taken > 0
                ? g_strdup_printf("%u of %u are accepted, one spoiled at byte %" G_GSIZE_FORMAT,
                                  subject.n_taken, subject.n_tried, subject.taken_at)
                : NULL;
        if (fault == NULL && subject.n_tried == 0)
            fault = g_strdup("nothing could be spoiled");
        tell(options, format, table[i].name, subject.n_tried, fault);
    }
}

void
sp_mutations_run(const GPtrArray *files, const SpSelftestOptions *options)
{
    gboolean jpeg = FALSE, webp = FALSE;
    for (guint i = 0; i < files->len; i++) {
        const SpFolderFile *file = g_ptr_array_index(files, i);
        Subject good = {0};
        good.bytes = g_bytes_get_data(file->bytes, &good.n);
        if (good.n > 30 && memcmp(good.bytes, "RIFF", 4) == 0) {
            good.format = SP_AUDIT_WEBP;
            webp = TRUE;
            run_table(of_webp, "webp", &good, options);
        } else if (good.n > 30 && good.bytes[0] == 0xFF) {
            good.format = SP_AUDIT_JPEG;
            jpeg = TRUE;
            run_table(of_jpeg, "jpeg", &good, options);
        }
    }
    if (!jpeg || !webp)
        tell(options, !jpeg ? "jpeg" : "webp", "as published", 0,
             "there is no output to spoil");
}
