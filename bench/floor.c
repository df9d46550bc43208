/* SPDX-License-Identifier: MIT */
/* floor.c -- the floor: what the codecs themselves cost for the work of `storyphoto process`.
 *
 *     floor [--repeat N] [--seconds] OUTDIR PHOTO.jpg...
 *
 * Scaled decode, resize, WebP, JPEG, as the preset `story` has them, by Debian's libjpeg, zimg,
 * libwebp (and lcms2, for a photo that is not in sRGB): one thread, whole planes in memory, no
 * further process, nothing checked, nothing synced. Photo number i, from 0, becomes
 * OUTDIR/i.webp and OUTDIR/i.jpg, which are byte for byte what storyphoto publishes
 * with chroma at 4:2:0 and no effort for JPEG (tests/cli/floor.t): who compares the two
 * compares the same work. So this file shares no code with storyphoto, and must not: it is the
 * parameters written down a second time, and stays as it is when storyphoto leaves stock
 * decoding. Only JPEG's quantisation tables, which are data, are taken from there. What is rare
 * is refused: other colours than YCC and grey, a grey profile, a file over the budget at the
 * preset's quality.
 *
 * --repeat does all of it N times and writes once. --seconds prints CPU seconds by stage, a
 * JSON line each; `rest` is the start and the files. */
#include "floor.h"
#include "render/jpeg-quant.h"
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <webp/encode.h>
#include <zimg.h>
/* needs stdio.h */
#include <jpeglib.h>

enum { WIDTH = 1024, MAX_HEIGHT = 8192, MAX_BYTES = 400000, QUALITY = 80, METHOD = 2 };

typedef struct {
    bool flip_x, flip_y, transpose; /* in this order */
} Turn;

enum { DECODE, RESIZE, COLOUR, WEBP, JPEG, REST, N_STAGES };
static const char *const stage_names[] = {"decode", "resize", "colour", "webp", "jpeg", "rest"};
static double seconds[N_STAGES], last;

/* What has passed since the last call was that stage. */
static void
spent(int stage)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    double at = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    seconds[stage] += at - last;
    last = at;
}

static bool
refuse(const char *path, const char *why)
{
    fprintf(stderr, "floor: '%s' is refused: %s\n", path, why);
    return false;
}

/* ---- planes --------------------------------------------------------------------------------
 */

void *
floor_memory(size_t n)
{
    void *data = aligned_alloc(64, (n + 63) & ~(size_t)63); /* zimg wants 64 */
    if (data == NULL)
        abort();
    return data;
}

static Plane
plane_new(unsigned width, unsigned height, unsigned bytes)
{
    size_t stride = ((size_t)width * bytes + 63) & ~(size_t)63;
    return (Plane){floor_memory(stride * height), stride, {width, height}, 0, 0};
}

Picture
picture_new(Size size, int n, unsigned sub, unsigned bytes)
{
    Picture picture = {.n = n, .size = size};
    for (int i = 0; i < 3; i++) {
        unsigned by = i > 0 ? sub : 1;
        Plane *plane = &picture.planes[i];
        *plane = plane_new((size.width + by - 1) / by, (size.height + by - 1) / by, bytes);
        if (i >= n)
            memset(plane->data, 128, plane->stride * plane->size.height);
    }
    return picture;
}

static void
picture_clear(Picture *picture)
{
    for (int i = 0; i < 3; i++)
        free(picture->planes[i].data);
}

void
picture_replace(Picture *picture, Picture with)
{
    picture_clear(picture);
    *picture = with;
}

/* ---- orientation: EXIF's tag 0x0112 in the first directory ---------------------------------
 */

static unsigned
get(const uint8_t *bytes, int n, bool big)
{
    unsigned value = 0;
    for (int i = 0; i < n; i++)
        value |= (unsigned)bytes[i] << 8 * (big ? n - 1 - i : i);
    return value;
}

/* n: at least 8. */
static unsigned
orientation_of(const uint8_t *tiff, size_t n)
{
    bool big = tiff[0] == 'M';
    size_t at = get(tiff + 4, 4, big);
    unsigned count = at + 2 <= n ? get(tiff + at, 2, big) : 0;
    for (at += 2; count-- > 0 && at + 12 <= n; at += 12)
        if (get(tiff + at, 2, big) == 0x0112) {
            unsigned value = get(tiff + at + 8, 2, big);
            return value >= 1 && value <= 8 ? value : 1;
        }
    return 1;
}

/* Of the first EXIF; *ret_adobe: its DCF option says Adobe RGB. */
static Turn
read_exif(j_decompress_ptr jpeg, bool *ret_adobe)
{
    static const Turn turns[9] = {{0, 0, 0}, {0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                  {0, 0, 1}, {0, 1, 1}, {1, 1, 1}, {1, 0, 1}};
    jpeg_saved_marker_ptr m = jpeg->marker_list;
    while (m != NULL && (m->marker != JPEG_APP0 + 1 || m->data_length < 14 ||
                         memcmp(m->data, "Exif", 5) != 0))
        m = m->next;
    *ret_adobe = m != NULL && memmem(m->data, m->data_length, "R03", 4) != NULL;
    return turns[m == NULL ? 1 : orientation_of(m->data + 6, m->data_length - 6)];
}

static Size
turned(Size size, Turn turn)
{
    return turn.transpose ? (Size){size.height, size.width} : size;
}

/* Sample (x, y) of the upright plane stands at origin + x * dx + y * dy. */
static void
turn_plane(const Plane *from, Turn turn, Plane *to)
{
    ptrdiff_t across = turn.flip_x ? -1 : 1;
    ptrdiff_t down = turn.flip_y ? -(ptrdiff_t)from->stride : (ptrdiff_t)from->stride;
    const uint8_t *origin = from->data + (turn.flip_x ? from->size.width - 1 : 0) +
                            (turn.flip_y ? from->stride * (from->size.height - 1) : 0);
    ptrdiff_t dx = turn.transpose ? down : across, dy = turn.transpose ? across : down;
    for (unsigned y = 0; y < to->size.height; y++)
        for (unsigned x = 0; x < to->size.width; x++)
            to->data[to->stride * y + x] = origin[(ptrdiff_t)y * dy + (ptrdiff_t)x * dx];
}

static void
turn_picture(Picture *picture, Turn turn)
{
    if (!turn.flip_x && !turn.flip_y && !turn.transpose)
        return;
    Picture upright = {.n = picture->n, .size = turned(picture->size, turn)};
    for (int i = 0; i < 3; i++) {
        Size size = turned(picture->planes[i].size, turn);
        upright.planes[i] = plane_new(size.width, size.height, 1);
        turn_plane(&picture->planes[i], turn, &upright.planes[i]);
    }
    picture_replace(picture, upright);
}

/* ---- decode: raw planes by a scaled DCT ----------------------------------------------------
 */

static unsigned
scaled(unsigned side, unsigned by, unsigned of)
{
    long rounded = lround((double)side * by / of);
    return rounded < 1 ? 1 : (unsigned)rounded;
}

static Size
target_of(Size upright)
{
    Size size = {upright.width < WIDTH ? upright.width : WIDTH, 0};
    size.height = scaled(upright.height, size.width, upright.width);
    if (size.height > MAX_HEIGHT)
        size = (Size){scaled(upright.width, MAX_HEIGHT, upright.height), MAX_HEIGHT};
    return size;
}

/* So that a factor of about two is left for the resize. */
static unsigned
eighths_of(Size coded, Size target)
{
    for (unsigned n = 1; n < 8; n *= 2)
        if (coded.width * (n / 8.0) >= target.width * 1.9 &&
            coded.height * (n / 8.0) >= target.height * 1.9)
            return n;
    return 8;
}

static Plane
component_plane(j_decompress_ptr jpeg, const jpeg_component_info *component)
{
    unsigned dct = (unsigned)component->DCT_scaled_size;
    unsigned rows = jpeg->total_iMCU_rows * (unsigned)component->v_samp_factor * dct;
    Plane plane = plane_new(component->width_in_blocks * dct + 64, rows, 1);
    plane.size = (Size){component->downsampled_width, component->downsampled_height};
    plane.pitch_x = (double)jpeg->max_h_samp_factor / component->h_samp_factor * DCTSIZE / dct;
    plane.pitch_y = (double)jpeg->max_v_samp_factor / component->v_samp_factor * DCTSIZE / dct;
    return plane;
}

static Picture
decode(j_decompress_ptr jpeg, Size target)
{
    Picture picture = {.n = jpeg->num_components, {jpeg->image_width, jpeg->image_height}};
    jpeg->scale_num = eighths_of(picture.size, target);
    jpeg->scale_denom = DCTSIZE;
    jpeg->out_color_space = jpeg->jpeg_color_space;
    jpeg->raw_data_out = TRUE;
    jpeg_start_decompress(jpeg);
    for (int i = 0; i < picture.n; i++)
        picture.planes[i] = component_plane(jpeg, &jpeg->comp_info[i]);
    JSAMPROW rows[3][4 * DCTSIZE];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    unsigned step = (unsigned)(jpeg->max_v_samp_factor * jpeg->min_DCT_scaled_size);
    for (size_t band = 0; jpeg->output_scanline < jpeg->output_height; band++) {
        for (int i = 0; i < picture.n; i++) {
            const jpeg_component_info *component = &jpeg->comp_info[i];
            size_t n = (size_t)component->v_samp_factor * (size_t)component->DCT_scaled_size;
            const Plane *plane = &picture.planes[i];
            for (size_t k = 0; k < n; k++)
                rows[i][k] = plane->data + plane->stride * (band * n + k);
        }
        jpeg_read_raw_data(jpeg, planes, step);
    }
    return picture;
}

/* ---- resize: each plane by itself, as grey -------------------------------------------------
 */

/* Chroma at full size (sub 1) where the photo has it or its colours are to be converted, else
 * at half; samples of 16 bits, but where they are converted of 8. */
typedef struct {
    Size size;
    unsigned sub, bytes;
} Target;

/* The last of an odd number of chroma samples hangs over by half a sample; mirrored, over the
 * other end. */
static void
span(unsigned full, double pitch, unsigned target, unsigned sub, bool mirrored, double *start,
     double *length)
{
    double ratio = (double)full / target;
    unsigned covered = (target + sub - 1) / sub * sub;
    *start = mirrored ? ((double)target - covered) * ratio / pitch : 0;
    *length = covered * ratio / pitch;
}

static zimg_image_format
grey_format(Size size, unsigned bytes)
{
    zimg_image_format format;
    zimg_image_format_default(&format, ZIMG_API_VERSION);
    format.width = size.width;
    format.height = size.height;
    format.pixel_type = bytes == 1 ? ZIMG_PIXEL_BYTE : ZIMG_PIXEL_WORD;
    format.color_family = ZIMG_COLOR_GREY;
    format.pixel_range = ZIMG_RANGE_FULL;
    format.depth = 8 * bytes;
    return format;
}

static zimg_filter_graph *
graph_new(const Picture *from, const Picture *to, int index, Target target, Turn turn)
{
    const Plane *plane = &from->planes[index];
    unsigned sub = index == 0 ? 1 : target.sub;
    zimg_image_format in = grey_format(plane->size, 1);
    zimg_image_format out = grey_format(to->planes[index].size, target.bytes);
    span(from->size.width, plane->pitch_x, to->size.width, sub, turn.flip_x,
         &in.active_region.left, &in.active_region.width);
    span(from->size.height, plane->pitch_y, to->size.height, sub, turn.flip_y,
         &in.active_region.top, &in.active_region.height);
    zimg_graph_builder_params params;
    zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
    params.resample_filter = ZIMG_RESIZE_LANCZOS;
    params.filter_param_a = 3;
    params.cpu_type = ZIMG_CPU_AUTO;
    zimg_filter_graph *graph = zimg_filter_graph_build(&in, &out, &params);
    if (graph == NULL)
        abort();
    return graph;
}

static void
run_graph(const zimg_filter_graph *graph, const Plane *from, Plane *to)
{
    zimg_image_buffer_const in = {.version = ZIMG_API_VERSION};
    zimg_image_buffer out = {.version = ZIMG_API_VERSION};
    size_t n = 0;
    in.plane[0].data = from->data;
    in.plane[0].stride = (ptrdiff_t)from->stride;
    in.plane[0].mask = out.plane[0].mask = ZIMG_BUFFER_MAX;
    out.plane[0].data = to->data;
    out.plane[0].stride = (ptrdiff_t)to->stride;
    zimg_filter_graph_get_tmp_size(graph, &n);
    void *tmp = floor_memory(n);
    if (zimg_filter_graph_process(graph, &in, &out, tmp, NULL, NULL, NULL, NULL) != 0)
        abort();
    free(tmp);
}

/* The two planes of chroma have one shape, and share a graph. */
static void
resize(Picture *picture, Target target, Turn turn)
{
    Picture small = picture_new(target.size, picture->n, target.sub, target.bytes);
    zimg_filter_graph *luma = graph_new(picture, &small, 0, target, turn);
    run_graph(luma, &picture->planes[0], &small.planes[0]);
    zimg_filter_graph_free(luma);
    if (picture->n == 3) {
        zimg_filter_graph *chroma = graph_new(picture, &small, 1, target, turn);
        for (int i = 1; i < 3; i++)
            run_graph(chroma, &picture->planes[i], &small.planes[i]);
        zimg_filter_graph_free(chroma);
    }
    picture_replace(picture, small);
}

/* ---- encode --------------------------------------------------------------------------------
 */

typedef struct {
    uint8_t *bytes; /* owned; malloc()ed, as WebPMalloc() does */
    size_t n;
} File;

static void
set_tables(j_compress_ptr jpeg)
{
    SpJpegQuant quant = sp_jpeg_quant_tables(QUALITY, 2);
    for (int i = 0; i < DCTSIZE2; i++) {
        jpeg->quant_tbl_ptrs[0]->quantval[i] = quant.luma[i];
        jpeg->quant_tbl_ptrs[1]->quantval[i] = quant.chroma[i];
    }
}

static File
encode_jpeg(const Picture *picture)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &n);
    jpeg.image_width = picture->size.width;
    jpeg.image_height = picture->size.height;
    jpeg.input_components = picture->n;
    jpeg.in_color_space = picture->n == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&jpeg);
    set_tables(&jpeg);
    jpeg.raw_data_in = TRUE;
    jpeg.optimize_coding = TRUE;
    jpeg_start_compress(&jpeg, TRUE);
    JSAMPROW rows[3][2 * DCTSIZE];
    JSAMPARRAY planes[3] = {rows[0], rows[1], rows[2]};
    unsigned step = picture->n == 1 ? DCTSIZE : 2 * DCTSIZE;
    while (jpeg.next_scanline < jpeg.image_height) {
        for (int i = 0; i < picture->n; i++) {
            const Plane *plane = &picture->planes[i];
            unsigned sub = i == 0 ? 1 : 2, most = plane->size.height - 1;
            for (unsigned k = 0; k < step / sub; k++) {
                unsigned y = jpeg.next_scanline / sub + k;
                rows[i][k] = plane->data + plane->stride * (y < most ? y : most);
            }
        }
        jpeg_write_raw_data(&jpeg, planes, step);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return (File){bytes, n};
}

static File
encode_webp(const Picture *picture)
{
    WebPConfig config;
    WebPPicture webp;
    WebPMemoryWriter writer;
    if (!WebPConfigInit(&config) || !WebPPictureInit(&webp))
        abort();
    WebPMemoryWriterInit(&writer);
    config.quality = QUALITY;
    config.method = METHOD;
    webp.width = (int)picture->size.width;
    webp.height = (int)picture->size.height;
    webp.y = picture->planes[0].data;
    webp.u = picture->planes[1].data;
    webp.v = picture->planes[2].data;
    webp.y_stride = (int)picture->planes[0].stride;
    webp.uv_stride = (int)picture->planes[1].stride;
    webp.writer = WebPMemoryWrite;
    webp.custom_ptr = &writer;
    if (!WebPEncode(&config, &webp))
        writer.size = SIZE_MAX; /* a partition too large: over the budget anyway */
    return (File){writer.mem, writer.size};
}

/* JPEG reads blocks: each row's last sample is repeated up to a multiple of 16. */
static void
pad(const Picture *picture)
{
    for (int i = 0; i < picture->n; i++) {
        const Plane *plane = &picture->planes[i];
        unsigned width = plane->size.width, padded = (width + 15) & ~15U;
        for (unsigned y = 0; y < plane->size.height; y++) {
            uint8_t *row = plane->data + plane->stride * y;
            memset(row + width, row[width - 1], padded - width);
        }
    }
}

/* ---- a photo -------------------------------------------------------------------------------
 */

static void
save(const char *folder, int index, const char *ending, const File *file)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.%s", folder, index, ending);
    FILE *out = fopen(path, "wb");
    bool written = out != NULL && fwrite(file->bytes, 1, file->n, out) == file->n;
    if (out == NULL || fclose(out) != 0 || !written) {
        perror(path);
        exit(73);
    }
}

/* Of samples of 16 bits, each is rounded once for each range: WebP's luma is 16 to 235, its
 * chroma 16 to 240. */
static void
round_row(const uint16_t *row, unsigned n, bool chroma, uint8_t *full, uint8_t *limited)
{
    for (unsigned x = 0; x < n; x++)
        full[x] = (uint8_t)((row[x] + 128U) / 257);
    unsigned range = chroma ? 224 : 219;
    unsigned zero = chroma ? 128 * 65535 - 128 * 257 * 224 : 16 * 65535;
    for (unsigned x = 0; x < n; x++)
        limited[x] = (uint8_t)((row[x] * range + zero + 32767) / 65535);
}

static void
round_picture(const Picture *picture, Picture ranges[N_RANGES])
{
    for (int i = 0; i < picture->n; i++) {
        const Plane *in = &picture->planes[i], *full = &ranges[FULL].planes[i],
                    *limited = &ranges[LIMITED].planes[i];
        for (unsigned y = 0; y < in->size.height; y++)
            round_row((const void *)(in->data + in->stride * y), in->size.width, i > 0,
                      full->data + full->stride * y, limited->data + limited->stride * y);
    }
}

/* From the finished planes' size on, into ranges; sub is that of the picture; transform is
 * NULL, or is used up, as the picture is. */
static void
finish(Picture *picture, unsigned sub, cmsHTRANSFORM transform, Turn turn,
       Picture ranges[N_RANGES])
{
    for (int i = 0; i < N_RANGES; i++)
        ranges[i] = picture_new(picture->size, picture->n, sub, 1);
    if (transform != NULL)
        floor_convert(picture, transform, ranges);
    else
        round_picture(picture, ranges);
    picture_clear(picture);
    for (int i = 0; i < N_RANGES; i++) {
        turn_picture(&ranges[i], turn);
        if (sub == 1)
            floor_halve(&ranges[i]);
    }
    if (transform != NULL)
        cmsDeleteTransform(transform);
    pad(&ranges[FULL]);
}

static bool
has_full_chroma(j_decompress_ptr jpeg)
{
    const jpeg_component_info *info = jpeg->comp_info;
    return jpeg->num_components == 3 && info[1].h_samp_factor == info[0].h_samp_factor &&
           info[1].v_samp_factor == info[0].v_samp_factor &&
           info[2].h_samp_factor == info[0].h_samp_factor &&
           info[2].v_samp_factor == info[0].v_samp_factor;
}

/* From the header to the finished picture, in both ranges. */
static bool
develop(j_decompress_ptr jpeg, const char *path, Picture ranges[N_RANGES])
{
    JOCTET *icc = NULL;
    unsigned n = 0;
    bool adobe = false;
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xFFFF);
    jpeg_save_markers(jpeg, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(jpeg, TRUE);
    Turn turn = read_exif(jpeg, &adobe);
    bool profiled = jpeg_read_icc_profile(jpeg, &icc, &n);
    cmsHTRANSFORM transform = profiled ? floor_transform(icc, n) : NULL;
    free(icc);
    bool grey = jpeg->jpeg_color_space == JCS_GRAYSCALE;
    if ((!grey && jpeg->jpeg_color_space != JCS_YCbCr) || (grey && profiled) ||
        (adobe && !profiled))
        return refuse(path, "neither YCC nor plain grey");
    Size coded = {jpeg->image_width, jpeg->image_height};
    Target target = {turned(target_of(turned(coded, turn)), turn),
                     transform != NULL || has_full_chroma(jpeg) ? 1 : 2,
                     transform != NULL ? 1 : 2};
    Picture picture = decode(jpeg, target.size);
    jpeg_finish_decompress(jpeg);
    spent(DECODE);
    resize(&picture, target, turn);
    spent(RESIZE);
    finish(&picture, target.sub, transform, turn, ranges);
    spent(COLOUR);
    return true;
}

static bool
encode(const Picture ranges[N_RANGES], const char *path, const char *folder, int index)
{
    File jpeg = encode_jpeg(&ranges[FULL]);
    spent(JPEG);
    File webp = encode_webp(&ranges[LIMITED]);
    spent(WEBP);
    bool fits = jpeg.n <= MAX_BYTES && webp.n <= MAX_BYTES;
    if (!fits)
        refuse(path, "over the budget at the preset's quality");
    if (fits && folder != NULL) {
        save(folder, index, "jpg", &jpeg);
        save(folder, index, "webp", &webp);
    }
    free(jpeg.bytes);
    WebPFree(webp.bytes);
    return fits;
}

/* folder: NULL to write nothing. */
static bool
make(const char *path, const char *folder, int index)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct stat status;
    Picture ranges[N_RANGES];
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0 || status.st_size == 0)
        return refuse(path, "it cannot be read");
    size_t n = (size_t)status.st_size;
    uint8_t *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fileno(file), 0);
    fclose(file);
    if (bytes == MAP_FAILED)
        return refuse(path, "it cannot be read");
    spent(REST);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, n);
    bool done = develop(&jpeg, path, ranges);
    if (done) {
        done = encode(ranges, path, folder, index);
        for (int i = 0; i < N_RANGES; i++)
            picture_clear(&ranges[i]);
    }
    jpeg_destroy_decompress(&jpeg);
    munmap(bytes, n);
    spent(REST);
    return done;
}

int
main(int argc, char **argv)
{
    int repeat = 1, first = 1, status = 0;
    bool show = false;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++)
        if (strcmp(argv[first], "--seconds") == 0)
            show = true;
        else if (strcmp(argv[first], "--repeat") == 0 && first + 1 < argc)
            repeat = atoi(argv[++first]);
        else
            first = argc;
    if (argc - first < 2 || repeat < 1) {
        fputs("usage: floor [--repeat N] [--seconds] OUTDIR PHOTO.jpg...\n", stderr);
        return 64;
    }
    /* Memory that one photo has used is the next one's: the kernel clears it once. */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    for (int round = 0; round < repeat; round++)
        for (int i = first + 1; i < argc; i++)
            if (!make(argv[i], round == 0 ? argv[first] : NULL, i - first - 1))
                status = 1;
    for (int i = 0; i < N_STAGES && show; i++)
        printf("{\"stage\":\"%s\",\"seconds\":%.6f}\n", stage_names[i], seconds[i]);
    return status;
}
