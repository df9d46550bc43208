/* SPDX-License-Identifier: MIT */
/* vips-load.c -- libvips over a slim view: raw rows and nothing else.
 *
 * What libvips would do by itself is switched off: modules (at start it loads every one that is
 * installed, ImageMagick's and poppler's among them, from a folder below VIPSHOME: we point
 * that at nothing), the run-time compiler for vector code, its cache of operations. Loaders are
 * blocked as a whole and four of them opened again by name; a module brings its loaders in
 * unblocked, so all are blocked once more behind it.
 *
 * A new format is a line in loaders[]. */
#include "render/vips-load.h"
#include "base/error.h"
#include "render/thread.h"
#include <dlfcn.h>
#include <gmodule.h>
#include <string.h>
#include <vips/vips.h>

struct SpVipsImage {
    VipsImage *image;   /* owned */
    VipsRegion *region; /* owned */
};

#define THREADS_A_CORE 4 /* that a decoder may start: colour and alpha, and theirs */

typedef VipsImage *(*Loader)(void *bytes, gsize n, double shrink);

/* ---- start ---------------------------------------------------------------------------------
 */

static void
open_only(const char *const *classes)
{
    vips_operation_block_set("VipsForeign", TRUE);
    for (guint i = 0; classes[i] != NULL; i++)
        vips_operation_block_set(classes[i], FALSE);
}

/* vips-heif.so stands beside libvips, in a folder named after its version. */
static void
load_heif_module(void)
{
    Dl_info about;
    if (dladdr((void *)vips_version, &about) == 0 || about.dli_fname == NULL)
        return;
    g_autofree char *folder = g_path_get_dirname(about.dli_fname);
    g_autofree char *modules =
        g_strdup_printf("vips-modules-%d.%d", vips_version(0), vips_version(1));
    g_autofree char *path = g_build_filename(folder, modules, "vips-heif.so", NULL);
    GModule *module = g_module_open(path, G_MODULE_BIND_LAZY);
    if (module != NULL)
        g_module_make_resident(module);
}

void
sp_vips_start(gboolean with_heif)
{
    static const char *const plain[] = {"VipsForeignLoadPngBuffer", "VipsForeignLoadWebpBuffer",
                                        "VipsForeignLoadNsgifBuffer", NULL};
    static const char *const heif[] = {"VipsForeignLoadHeifBuffer", NULL};
    g_setenv("VIPSHOME", "/nonexistent", TRUE);
    g_setenv("VIPS_NOVECTOR", "1", TRUE);
    if (vips_init("storyphoto") != 0)
        return; /* every sp_vips_open() will say so */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    if (with_heif)
        load_heif_module();
    open_only(with_heif ? heif : plain);
}

/* libheif comes with the module: we are not linked with it. */
char *
sp_vips_libraries(gboolean with_heif)
{
    typedef const char *(*GetVersion)(void);
    GetVersion heif = with_heif ? (GetVersion)dlsym(RTLD_DEFAULT, "heif_get_version") : NULL;
    GString *text = g_string_new(NULL);
    g_string_printf(text, "libvips %d.%d.%d", vips_version(0), vips_version(1),
                    vips_version(2));
    if (heif != NULL)
        g_string_append_printf(text, ", libheif %s", heif());
    return g_string_free(text, FALSE);
}

/* ---- errors --------------------------------------------------------------------------------
 */

/* What libraries say of a picture that is not damaged. The first line that matches counts. */
static const struct {
    const char *text;
    SpErrorCode code;
} verdicts[] = {
    {"out of memory", SP_ERROR_TOO_MUCH_MEMORY},
    {"Memory allocation error", SP_ERROR_TOO_MUCH_MEMORY}, /* libheif's limits are among them */
    {"Unsupported codec", SP_ERROR_UNAVAILABLE},           /* libheif without that decoder */
    {"Unsupported", SP_ERROR_UNSUPPORTED},
};

static SpErrorCode
verdict_of(const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(verdicts); i++)
        if (strstr(text, verdicts[i].text) != NULL)
            return verdicts[i].code;
    return SP_ERROR_CORRUPT;
}

/* The one place that takes libvips' text. It may have several lines, each "domain: text". */
static gboolean
throw_vips(GError **error)
{
    g_autofree char *text = vips_error_buffer_copy();
    g_strdelimit(g_strchomp(text), "\n", ';');
    /* A decoder of AV1 that gets too few threads says as little as one that is fed nonsense. */
    SpErrorCode code = verdict_of(text);
    if (code == SP_ERROR_CORRUPT && !sp_thread_room(THREADS_A_CORE * g_get_num_processors()))
        return sp_throw(error, SP_ERROR_BUSY, "this host has too few threads to decode it");
    return sp_throw(error, code, "the picture cannot be decoded: %s",
                    text[0] != '\0' ? text : "unreadable");
}

/* ---- loaders -------------------------------------------------------------------------------
 */

/* Whatever the decoder complains of, we do not publish: fail-on is the strictest that does not
 * take a warning for a fault. Sequential: rows come once, from top to bottom. */
#define STRICT "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, NULL

static VipsImage *
load_png(void *bytes, gsize n, double shrink G_GNUC_UNUSED)
{
    VipsImage *image = NULL;
    return vips_pngload_buffer(bytes, n, &image, STRICT) == 0 ? image : NULL;
}

static VipsImage *
load_webp(void *bytes, gsize n, double shrink)
{
    VipsImage *image = NULL;
    double scale = 1.0 / shrink;
    int failed =
        vips_webpload_buffer(bytes, n, &image, "page", 0, "n", 1, "scale", scale, STRICT);
    return failed == 0 ? image : NULL;
}

static VipsImage *
load_gif(void *bytes, gsize n, double shrink G_GNUC_UNUSED)
{
    VipsImage *image = NULL;
    return vips_gifload_buffer(bytes, n, &image, "page", 0, "n", 1, STRICT) == 0 ? image : NULL;
}

/* The primary picture, never a thumbnail. */
static VipsImage *
load_heif(void *bytes, gsize n, double shrink G_GNUC_UNUSED)
{
    VipsImage *image = NULL;
    int failed =
        vips_heifload_buffer(bytes, n, &image, "page", 0, "n", 1, "thumbnail", FALSE, STRICT);
    return failed == 0 ? image : NULL;
}

static VipsImage *
load_jpeg(void *bytes, gsize n, double shrink)
{
    VipsImage *image = NULL;
    return vips_jpegload_buffer(bytes, n, &image, "shrink", (int)shrink, STRICT) == 0 ? image
                                                                                      : NULL;
}

#define BUILT_IN "a libvips that is built with it"
#define HEIF "libvips' module vips-heif"

static const struct {
    const char *class; /* the loader's type in libvips */
    Loader load;
    const char *needs; /* to be there, in words */
} loaders[SP_FORMAT_COUNT] = {
    [SP_FORMAT_JPEG] = {"VipsForeignLoadJpegBuffer", load_jpeg, BUILT_IN},
    [SP_FORMAT_PNG] = {"VipsForeignLoadPngBuffer", load_png, BUILT_IN},
    [SP_FORMAT_WEBP] = {"VipsForeignLoadWebpBuffer", load_webp, BUILT_IN},
    [SP_FORMAT_GIF] = {"VipsForeignLoadNsgifBuffer", load_gif, BUILT_IN},
    [SP_FORMAT_HEIC] = {"VipsForeignLoadHeifBuffer", load_heif, HEIF},
    [SP_FORMAT_AVIF] = {"VipsForeignLoadHeifBuffer", load_heif, HEIF},
};

void
sp_vips_open_all(void)
{
    for (guint i = 0; i < SP_FORMAT_COUNT; i++)
        vips_operation_block_set(loaders[i].class, FALSE);
}

static gboolean
is_open(const char *name)
{
    GType type = g_type_from_name(name);
    if (type == 0)
        return FALSE;
    VipsOperationClass *class = g_type_class_ref(type);
    gboolean open = (class->flags & VIPS_OPERATION_BLOCKED) == 0;
    g_type_class_unref(class);
    return open;
}

static gboolean
form_of(const VipsImage *image, SpVipsForm *ret_form)
{
    VipsBandFormat format = vips_image_get_format(image);
    *ret_form = (SpVipsForm){
        .width = (guint)vips_image_get_width(image),
        .height = (guint)vips_image_get_height(image),
        .bands = (guint)vips_image_get_bands(image),
        .bytes = format == VIPS_FORMAT_USHORT ? 2 : 1,
    };
    return (format == VIPS_FORMAT_UCHAR || format == VIPS_FORMAT_USHORT) &&
           ret_form->bands <= 4;
}

SpVipsImage *
sp_vips_open(SpFormat format, GBytes *bytes, double shrink, SpVipsForm *ret_form,
             GError **error)
{
    g_return_val_if_fail(format < SP_FORMAT_COUNT, NULL);
    if (!is_open(loaders[format].class))
        return sp_throw_null(error, SP_ERROR_UNAVAILABLE,
                             "this host cannot decode it without %s (%s)",
                             loaders[format].needs, loaders[format].class);
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autoptr(SpVipsImage) image = g_new0(SpVipsImage, 1);
    image->image = loaders[format].load((void *)data, n, shrink);
    if (image->image == NULL) {
        throw_vips(error);
        return NULL;
    }
    if (!form_of(image->image, ret_form))
        return sp_throw_null(error, SP_ERROR_CORRUPT,
                             "the picture cannot be decoded: samples of a strange form");
    image->region = vips_region_new(image->image);
    return g_steal_pointer(&image);
}

void
sp_vips_close(SpVipsImage *image)
{
    if (image == NULL)
        return;
    g_clear_object(&image->region);
    g_clear_object(&image->image);
    g_free(image);
}

const guint8 *
sp_vips_rows(SpVipsImage *image, SpRect part, gsize *ret_row_bytes, GError **error)
{
    VipsRect rect = {(int)part.left, (int)part.top, (int)part.width, (int)part.height};
    if (image->region == NULL || vips_region_prepare(image->region, &rect) != 0) {
        throw_vips(error);
        return NULL;
    }
    *ret_row_bytes = (gsize)VIPS_REGION_LSKIP(image->region);
    return VIPS_REGION_ADDR(image->region, rect.left, rect.top);
}
