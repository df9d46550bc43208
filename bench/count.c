/* SPDX-License-Identifier: MIT */
/* count.c -- sp_render_bytes() once, for callgrind to count its instructions.
 *
 *     valgrind --tool=callgrind --instr-atstart=no bench/count LANE PHOTO
 *
 * What comes before the call, in a renderer's server too, is not counted: reading the file, the
 * warm-up of the lane (jpeg, vips, heif, hevc). The call itself is the first one, as in a fresh
 * child, without the lock, with one thread, and makes the variants of `story`. Prints two
 * lines: the compiler; and what libraries choose their code by, as they see it, which under
 * valgrind is less than the host has. check.pl compares only where they are the same.
 *
 * Without valgrind's header it builds, and says that it cannot count. */
#include "preset/preset.h"
#include "render/hevc-codec.h"
#include "render/render.h"
#include "render/vips-load.h"
#include <gnu/libc-version.h>
#include <stdio.h>
#include <string.h>
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define COUNTED() RUNNING_ON_VALGRIND
#else
#define COUNTED() 0
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

static void
start_nothing(void)
{
}

static void
start_vips(void)
{
    sp_vips_start(FALSE);
}

static void
start_heif(void)
{
    sp_vips_start(TRUE);
}

typedef struct {
    const char *name;
    SpDevelopFunc develop;
    void (*start)(void);
} Lane;

static const Lane lanes[] = {
    {"jpeg", sp_develop_jpeg, start_nothing},
    {"vips", sp_develop_vips, start_vips},
    {"heif", sp_develop_vips, start_heif},
    {"hevc", sp_develop_hevc, sp_hevc_warm_up},
};

static void
say_signature(void)
{
#ifdef __clang__
    printf("clang-%d.%d", __clang_major__, __clang_minor__);
#else
    printf("gcc-%d.%d", __GNUC__, __GNUC_MINOR__);
#endif
    printf("\nglibc-%s", gnu_get_libc_version());
#ifdef __x86_64__
    __builtin_cpu_init();
    printf(" x86-64%s%s%s%s", __builtin_cpu_supports("sse4.2") ? " sse4.2" : "",
           __builtin_cpu_supports("avx") ? " avx" : "",
           __builtin_cpu_supports("avx2") ? " avx2" : "",
           __builtin_cpu_supports("avx512f") ? " avx512f" : "");
#endif
    putchar('\n');
}

static gboolean
count(const Lane *lane, const guint8 *bytes, gsize n, GError **error)
{
    g_autoptr(SpPreset) preset = sp_preset_load("story", error);
    if (preset == NULL)
        return FALSE;
    g_autofree SpWireRequest *request = g_new0(SpWireRequest, 1);
    request->limits = preset->limits;
    request->n_variants = preset->n_variants;
    memcpy(request->variants, preset->variants, sizeof request->variants);
    request->threads = 1;
    request->input_size = n;
    request->output_size = sp_wire_output_size(request->variants, request->n_variants);
    g_autofree guint8 *output = g_malloc0(request->output_size);
    SpWireAnswer answer = {.code = SP_ERROR_NONE};
    sp_render_warm_up();
    lane->start();
    CALLGRIND_START_INSTRUMENTATION;
    sp_render_bytes(lane->develop, request, bytes, n, output, &answer);
    CALLGRIND_STOP_INSTRUMENTATION;
    if (answer.code != SP_ERROR_NONE)
        g_set_error(error, SP_ERROR, (int)answer.code, "%s", answer.message);
    return answer.code == SP_ERROR_NONE;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize n = 0, i = 0;
    if (!COUNTED()) {
        fputs("count: nothing counts here: build it where the package valgrind is installed, "
              "run it under valgrind --tool=callgrind\n",
              stderr);
        return 69;
    }
    while (argc == 3 && i < G_N_ELEMENTS(lanes) && strcmp(argv[1], lanes[i].name) != 0)
        i++;
    if (argc != 3 || i == G_N_ELEMENTS(lanes)) {
        fputs("usage: count jpeg|vips|heif|hevc PHOTO\n", stderr);
        return 64;
    }
    say_signature();
    if (!g_file_get_contents(argv[2], &bytes, &n, &error) ||
        !count(&lanes[i], (const guint8 *)bytes, n, &error)) {
        fprintf(stderr, "count: %s: %s\n", argv[2], error->message);
        return 65;
    }
    return 0;
}
