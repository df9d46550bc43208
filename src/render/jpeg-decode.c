/* SPDX-License-Identifier: MIT */
/* jpeg-decode.c -- libjpeg over a slim view: raw planes into a feed.
 *
 * libjpeg reports errors by longjmp. guarded() is the only place that catches it: every call
 * into libjpeg is made by a small step function, which owns nothing that a jump could lose. */
#include "render/jpeg-decode.h"
#include "base/error.h"
#include <setjmp.h>
#include <stdio.h>
/* libjpeg wants stdio.h before it */
#include <jerror.h>
#include <jpeglib.h>

#define LINEAR_ROWS 16 /* that are passed on together */

struct SpJpegDecoder {
    struct jpeg_decompress_struct cinfo;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    const SpJpegWalk *walk; /* borrowed */
    SpJpegMore more;        /* NULL: the slim view is all there */
    gpointer data;          /* borrowed; more's */
    guint slice;            /* of the slim view, the one in hand */
    gsize given;            /* bytes of it */
    jmp_buf out;
    SpErrorCode code; /* of what jumped out */
    char message[JMSG_LENGTH_MAX];
    SpFeed *feed;           /* borrowed; during sp_jpeg_decoder_run() */
    const SpLinear *linear; /* borrowed; NULL: raw planes */
    guint8 *row;            /* owned; of R, G, B or grey, with linear */
};

static void G_GNUC_NORETURN
jump_out(SpJpegDecoder *decoder, SpErrorCode code)
{
    decoder->code = code;
    longjmp(decoder->out, 1);
}

/* ---- the source: one slice of the slim view after the other -------------------------------
 */

static void
source_init(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

/* What there is of the slim view and has not been given; nothing when that was all. The last
 * slice may have become longer since it was given. */
static SpSlice
next_slice(SpJpegDecoder *decoder)
{
    const GArray *slim = decoder->walk->slim;
    for (;;) {
        SpSlice slice = g_array_index(slim, SpSlice, decoder->slice);
        if (decoder->given == slice.n && decoder->slice + 1 < slim->len) {
            decoder->slice++;
            decoder->given = 0;
            continue;
        }
        SpSlice rest = sp_slice_behind(slice, decoder->given);
        decoder->given = slice.n;
        return rest;
    }
}

/* Behind the last slice stands an end marker, once and again: whether picture data is missing
 * is told by the entropy decoder, which then meets it too early. */
static boolean
source_fill(j_decompress_ptr cinfo)
{
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    SpJpegDecoder *decoder = cinfo->client_data;
    SpSlice slice = next_slice(decoder);
    while (slice.n == 0 && decoder->more != NULL) {
        SpJpegNext next = decoder->more(decoder->data);
        if (next == SP_JPEG_LOST)
            jump_out(decoder, SP_ERROR_TRUNCATED);
        if (next == SP_JPEG_ALL)
            break;
        slice = next_slice(decoder);
    }
    if (slice.n == 0)
        slice = (SpSlice){end, sizeof end};
    cinfo->src->next_input_byte = slice.bytes;
    cinfo->src->bytes_in_buffer = slice.n;
    return TRUE;
}

static void
source_skip(j_decompress_ptr cinfo, long n)
{
    while (n > (long)cinfo->src->bytes_in_buffer) {
        n -= (long)cinfo->src->bytes_in_buffer;
        source_fill(cinfo);
    }
    if (n > 0) {
        cinfo->src->next_input_byte += n;
        cinfo->src->bytes_in_buffer -= (size_t)n;
    }
}

static void
source_term(j_decompress_ptr cinfo)
{
    (void)cinfo;
}

/* ---- errors and warnings ------------------------------------------------------------------
 */

static const struct {
    int message;
    SpErrorCode code;
} fatal_codes[] = {
    {JERR_OUT_OF_MEMORY, SP_ERROR_TOO_MUCH_MEMORY},
    {JERR_IMAGE_TOO_BIG, SP_ERROR_TOO_MANY_PIXELS},
    {JERR_SOF_UNSUPPORTED, SP_ERROR_UNSUPPORTED},
    {JERR_BAD_PRECISION, SP_ERROR_UNSUPPORTED},
    {JERR_COMPONENT_COUNT, SP_ERROR_UNSUPPORTED},
    {JERR_FRACT_SAMPLE_NOTIMPL, SP_ERROR_UNSUPPORTED},
    {JERR_NOTIMPL, SP_ERROR_UNSUPPORTED},
};

static void
on_error(j_common_ptr common)
{
    SpJpegDecoder *decoder = common->client_data;
    common->err->format_message(common, decoder->message);
    for (guint i = 0; i < G_N_ELEMENTS(fatal_codes); i++)
        if (common->err->msg_code == fatal_codes[i].message)
            jump_out(decoder, fatal_codes[i].code);
    jump_out(decoder, SP_ERROR_CORRUPT);
}

/* Warnings that do not touch the picture: bytes between the last block and a marker, an odd
 * colour transform number, scan parameters that a sequential file has no use for. Bytes that an
 * unfinished scan leaves before a restart marker are the trace of an interval that went wrong.
 */
static gboolean
harmless(const struct jpeg_decompress_struct *cinfo, int message)
{
    if (message == JWRN_EXTRANEOUS_DATA)
        return cinfo->input_iMCU_row >= cinfo->total_iMCU_rows;
    return message == JWRN_ADOBE_XFORM || message == JWRN_NOT_SEQUENTIAL;
}

/* level -1 is a warning: libjpeg could go on with made-up samples. We do not. The end marker in
 * the place of a block, or of a restart marker, means that the rest is missing. */
static void
on_message(j_common_ptr common, int level)
{
    SpJpegDecoder *decoder = common->client_data;
    int message = common->err->msg_code;
    if (level >= 0 || harmless(&decoder->cinfo, message))
        return;
    gboolean met_end = (message == JWRN_HIT_MARKER || message == JWRN_MUST_RESYNC) &&
                       decoder->cinfo.unread_marker == JPEG_EOI;
    common->err->format_message(common, decoder->message);
    jump_out(decoder, met_end ? SP_ERROR_TRUNCATED : SP_ERROR_CORRUPT);
}

static void
on_output(j_common_ptr common)
{
    (void)common;
}

static gboolean
throw_libjpeg(SpJpegDecoder *decoder, GError **error)
{
    const struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    guint done = cinfo->output_height == 0 || cinfo->total_iMCU_rows == 0
                     ? 0
                     : (guint)(100.0 * cinfo->input_iMCU_row / cinfo->total_iMCU_rows);
    if (decoder->code == SP_ERROR_TRUNCATED && cinfo->input_scan_number <= 1)
        return sp_throw(error, SP_ERROR_TRUNCATED, "truncated after %u %% of the picture",
                        done);
    if (decoder->code == SP_ERROR_TRUNCATED)
        return sp_throw(error, SP_ERROR_TRUNCATED, "truncated in scan %d of the picture",
                        cinfo->input_scan_number);
    return sp_throw(error, decoder->code, "JPEG data: %s", decoder->message);
}

static gboolean
guarded(SpJpegDecoder *decoder, void (*step)(SpJpegDecoder *), GError **error)
{
    if (setjmp(decoder->out) != 0)
        return throw_libjpeg(decoder, error);
    step(decoder);
    return TRUE;
}

/* ---- life cycle ---------------------------------------------------------------------------
 */

static void
step_header(SpJpegDecoder *decoder)
{
    struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    jpeg_create_decompress(cinfo);
    cinfo->client_data = decoder;
    cinfo->src = &decoder->source;
    jpeg_read_header(cinfo, TRUE);
}

static gboolean
check_colour(const SpJpegDecoder *decoder, GError **error)
{
    return sp_jpeg_decoder_model(decoder) != SP_MODEL_COUNT ||
           sp_throw(error, SP_ERROR_UNSUPPORTED, "a JPEG of unknown colours is not taken");
}

/* With one scan of some components libjpeg waits for the others, and holds a picture of any
 * size whole meanwhile. Where all is here, they never come. */
static gboolean
check_first_scan(const SpJpegDecoder *decoder, GError **error)
{
    const struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    return decoder->more != NULL || decoder->walk->n_scans > 1 ||
           cinfo->comps_in_scan == cinfo->num_components ||
           sp_throw(error, SP_ERROR_TRUNCATED,
                    "truncated after scan 1: parts of the picture never come");
}

SpJpegDecoder *
sp_jpeg_decoder_new(const SpJpegWalk *walk, SpJpegMore more, gpointer data, GError **error)
{
    g_autoptr(SpJpegDecoder) decoder = g_new0(SpJpegDecoder, 1);
    decoder->walk = walk;
    decoder->more = more;
    decoder->data = data;
    decoder->cinfo.err = jpeg_std_error(&decoder->errors);
    decoder->cinfo.client_data = decoder;
    decoder->errors.error_exit = on_error;
    decoder->errors.emit_message = on_message;
    decoder->errors.output_message = on_output;
    decoder->source = (struct jpeg_source_mgr){
        .init_source = source_init,
        .fill_input_buffer = source_fill,
        .skip_input_data = source_skip,
        .resync_to_restart = jpeg_resync_to_restart,
        .term_source = source_term,
    };
    if (!guarded(decoder, step_header, error) || !check_colour(decoder, error) ||
        !check_first_scan(decoder, error))
        return NULL;
    return g_steal_pointer(&decoder);
}

void
sp_jpeg_decoder_free(SpJpegDecoder *decoder)
{
    if (decoder != NULL)
        jpeg_destroy_decompress(&decoder->cinfo);
    if (decoder != NULL)
        g_free(decoder->row);
    g_free(decoder);
}

SpModel
sp_jpeg_decoder_model(const SpJpegDecoder *decoder)
{
    switch (decoder->cinfo.jpeg_color_space) {
    case JCS_GRAYSCALE:
        return SP_MODEL_GREY;
    case JCS_YCbCr:
        return SP_MODEL_YCC;
    case JCS_RGB:
        return SP_MODEL_RGB;
    case JCS_CMYK:
        return SP_MODEL_CMYK;
    case JCS_YCCK:
        return SP_MODEL_YCCK;
    default:
        return SP_MODEL_COUNT;
    }
}

/* ---- planes -------------------------------------------------------------------------------
 */

/* libjpeg 7 and 8 have a size for each direction; raw output is square all the same. */
static guint
dct_size(const jpeg_component_info *component)
{
#if JPEG_LIB_VERSION >= 70
    return (guint)component->DCT_h_scaled_size;
#else
    return (guint)component->DCT_scaled_size;
#endif
}

static int
least_dct_size(const struct jpeg_decompress_struct *cinfo)
{
#if JPEG_LIB_VERSION >= 70
    return cinfo->min_DCT_v_scaled_size;
#else
    return cinfo->min_DCT_scaled_size;
#endif
}

static void
step_dimensions(SpJpegDecoder *decoder)
{
    decoder->cinfo.out_color_space = decoder->cinfo.jpeg_color_space;
    decoder->cinfo.raw_data_out = TRUE;
    jpeg_calc_output_dimensions(&decoder->cinfo);
}

/* Sized from comp_info, never from the sampling's name: at 4/8, the chroma of 4:2:0 comes at
 * luma's size. */
static SpFeedPlane
feed_plane(const struct jpeg_decompress_struct *cinfo, guint index)
{
    const jpeg_component_info *component = &cinfo->comp_info[index];
    guint size = dct_size(component);
    return (SpFeedPlane){
        .width = component->downsampled_width,
        .height = component->downsampled_height,
        .row_bytes = component->width_in_blocks * size,
        .pitch_x = (double)cinfo->max_h_samp_factor / component->h_samp_factor * DCTSIZE / size,
        .pitch_y = (double)cinfo->max_v_samp_factor / component->v_samp_factor * DCTSIZE / size,
    };
}

gboolean
sp_jpeg_decoder_scale(SpJpegDecoder *decoder, guint eighths, SpFeedShape *shape, GError **error)
{
    decoder->cinfo.scale_num = eighths;
    decoder->cinfo.scale_denom = DCTSIZE;
    if (!guarded(decoder, step_dimensions, error))
        return FALSE;
    guint n_planes = (guint)decoder->cinfo.num_components;
    shape->form.model = sp_jpeg_decoder_model(decoder);
    shape->form.bytes = 1;
    for (guint i = 0; i < n_planes; i++)
        shape->planes[i] = feed_plane(&decoder->cinfo, i);
    return TRUE;
}

static void
step_linear_dimensions(SpJpegDecoder *decoder)
{
    gboolean grey = sp_jpeg_decoder_model(decoder) == SP_MODEL_GREY;
    decoder->cinfo.out_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_calc_output_dimensions(&decoder->cinfo);
}

/* libjpeg's upsampling knows whole ratios only. */
gboolean
sp_jpeg_decoder_can_be_linear(const SpJpegDecoder *decoder)
{
    const struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    int max_h = 1, max_v = 1;
    for (int i = 0; i < cinfo->num_components; i++) {
        max_h = MAX(max_h, cinfo->comp_info[i].h_samp_factor);
        max_v = MAX(max_v, cinfo->comp_info[i].v_samp_factor);
    }
    for (int i = 0; i < cinfo->num_components; i++)
        if (max_h % cinfo->comp_info[i].h_samp_factor != 0 ||
            max_v % cinfo->comp_info[i].v_samp_factor != 0)
            return FALSE;
    return sp_model_planes(sp_jpeg_decoder_model(decoder)) < 4;
}

gboolean
sp_jpeg_decoder_linear(SpJpegDecoder *decoder, const SpLinear *linear, SpFeedShape *shape,
                       GError **error)
{
    if (!guarded(decoder, step_linear_dimensions, error))
        return FALSE;
    guint width = decoder->cinfo.output_width, height = decoder->cinfo.output_height;
    guint n = (guint)decoder->cinfo.out_color_components;
    decoder->linear = linear;
    decoder->row = g_try_malloc((gsize)width * n);
    if (decoder->row == NULL)
        return sp_throw(error, SP_ERROR_TOO_MUCH_MEMORY, "no memory for a row");
    shape->form = (SpForm){n == 1 ? SP_MODEL_GREY : SP_MODEL_RGB, FALSE, 2, 1};
    for (guint i = 0; i < n; i++)
        shape->planes[i] = (SpFeedPlane){width, height, width * 2, 1, 1};
    return TRUE;
}

/* ---- decoding -----------------------------------------------------------------------------
 */

/* Without Adobe's marker, full is all ink. */
static gboolean
is_turned_ink(const SpJpegDecoder *decoder)
{
    return sp_jpeg_decoder_model(decoder) == SP_MODEL_CMYK && !decoder->cinfo.saw_Adobe_marker;
}

static void
step_start(SpJpegDecoder *decoder)
{
    jpeg_start_decompress(&decoder->cinfo);
}

/* Behind the header stands what the source has not given yet. */
SpJpegBaseline *
sp_jpeg_decoder_baseline(const SpJpegDecoder *decoder)
{
    const SpJpegWalk *walk = decoder->walk;
    SpSlice rest = {decoder->source.next_input_byte, decoder->source.bytes_in_buffer};
    if (decoder->more != NULL || !walk->streams || walk->n_scans > 1 || walk->filled ||
        walk->missing_end || is_turned_ink(decoder))
        return NULL;
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(SpSlice));
    g_array_append_val(slices, rest);
    guint behind = decoder->slice + 1;
    if (behind < walk->slim->len)
        g_array_append_vals(slices, &g_array_index(walk->slim, SpSlice, behind),
                            walk->slim->len - behind);
    return sp_jpeg_baseline_new(&decoder->cinfo, slices);
}

static gboolean
room_for_all(SpJpegDecoder *decoder, JSAMPROW rows[][SP_FEED_ROWS], guint counts[])
{
    struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    for (guint i = 0; i < (guint)cinfo->num_components; i++) {
        counts[i] = (guint)cinfo->comp_info[i].v_samp_factor * dct_size(&cinfo->comp_info[i]);
        if (!sp_feed_room(decoder->feed, i, counts[i], rows[i]))
            return FALSE;
    }
    return TRUE;
}

/* Turned about, as Adobe writes it. */
static void
turn_ink(const SpJpegDecoder *decoder, JSAMPROW rows[][SP_FEED_ROWS], const guint counts[])
{
    const struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    for (guint i = 0; i < (guint)cinfo->num_components; i++) {
        const jpeg_component_info *component = &cinfo->comp_info[i];
        guint width = component->width_in_blocks * dct_size(component);
        for (guint y = 0; y < counts[i]; y++)
            for (guint x = 0; x < width; x++)
                rows[i][y][x] ^= 255;
    }
}

static void
step_rows(SpJpegDecoder *decoder)
{
    gboolean is_ink = is_turned_ink(decoder);
    struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    JSAMPROW rows[SP_MAX_PLANES][SP_FEED_ROWS];
    JSAMPARRAY planes[SP_MAX_PLANES] = {rows[0], rows[1], rows[2], rows[3]};
    guint counts[SP_MAX_PLANES] = {0};
    JDIMENSION step = (JDIMENSION)(cinfo->max_v_samp_factor * least_dct_size(cinfo));
    while (cinfo->output_scanline < cinfo->output_height) {
        if (!room_for_all(decoder, rows, counts))
            return;
        jpeg_read_raw_data(cinfo, planes, step);
        if (is_ink)
            turn_ink(decoder, rows, counts);
        for (guint i = 0; i < (guint)cinfo->num_components; i++)
            sp_feed_push(decoder->feed, i, counts[i]);
    }
}

static void
step_linear_rows(SpJpegDecoder *decoder)
{
    struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    guint n = (guint)cinfo->out_color_components;
    guint8 *rows[SP_MAX_PLANES][SP_FEED_ROWS];
    while (cinfo->output_scanline < cinfo->output_height) {
        guint count = MIN(LINEAR_ROWS, cinfo->output_height - cinfo->output_scanline);
        for (guint i = 0; i < n; i++)
            if (!sp_feed_room(decoder->feed, i, count, rows[i]))
                return;
        for (guint y = 0; y < count; y++) {
            jpeg_read_scanlines(cinfo, &decoder->row, 1);
            for (guint i = 0; i < n; i++)
                sp_linear_bytes(decoder->linear, decoder->row + i, n, cinfo->output_width,
                                (guint16 *)(gpointer)rows[i][y]);
        }
        for (guint i = 0; i < n; i++)
            sp_feed_push(decoder->feed, i, count);
    }
}

static gboolean
coefficients_complete(const struct jpeg_decompress_struct *cinfo, guint component)
{
    if (cinfo->comp_info[component].quant_table == NULL)
        return FALSE; /* latched by the component's first scan: there was none */
    for (guint k = 0; cinfo->coef_bits != NULL && k < DCTSIZE2; k++)
        if (cinfo->coef_bits[component][k] != 0)
            return FALSE;
    return TRUE;
}

/* A cut between two scans leaves no trace in the entropy data; what the scans have not brought
 * yet is known all the same. With an end marker, an unfinished progression is the encoder's
 * choice. */
static gboolean
check_scans(const SpJpegDecoder *decoder, GError **error)
{
    const struct jpeg_decompress_struct *cinfo = &decoder->cinfo;
    for (guint i = 0; i < (guint)cinfo->num_components; i++) {
        gboolean missing = cinfo->comp_info[i].quant_table == NULL;
        if (missing || (decoder->walk->missing_end && !coefficients_complete(cinfo, i)))
            return sp_throw(error, SP_ERROR_TRUNCATED,
                            "truncated after scan %d: parts of the picture never come",
                            cinfo->input_scan_number);
    }
    return TRUE;
}

gboolean
sp_jpeg_decoder_run(SpJpegDecoder *decoder, SpFeed *feed, GError **error)
{
    decoder->feed = feed;
    return guarded(decoder, step_start, error) && check_scans(decoder, error) &&
           guarded(decoder, decoder->linear != NULL ? step_linear_rows : step_rows, error);
}

guint64
sp_jpeg_decoder_memory(const SpJpegWalk *walk)
{
    guint64 blocks = 0, max_h = 1, max_v = 1;
    for (guint i = 0; i < walk->n_components; i++) {
        max_h = MAX(max_h, walk->components[i].h);
        max_v = MAX(max_v, walk->components[i].v);
    }
    guint64 mcus_x = (walk->width + 8 * max_h - 1) / (8 * max_h);
    guint64 mcus_y = (walk->height + 8 * max_v - 1) / (8 * max_v);
    for (guint i = 0; i < walk->n_components; i++)
        blocks += mcus_x * mcus_y * walk->components[i].h * walk->components[i].v;
    /* One row of MCUs and the working memory of a scan; then 64 coefficients of 2 bytes a
     * block. */
    guint64 rows = mcus_x * 8 * max_h * 8 * max_v * 4;
    return rows + (walk->streams ? 0 : blocks * DCTSIZE2 * sizeof(JCOEF));
}

/* Rows of MCUs that upsampling has above and below, and those that it makes. */
guint64
sp_jpeg_decoder_linear_memory(const SpJpegWalk *walk)
{
    const guint most_h = 4, most_v = 4;
    guint64 width = walk->width + 8 * most_h;
    return width * 8 * most_v * 3 * 3;
}
