/* SPDX-License-Identifier: MIT */
/* make-heif-seeds.c -- write the HEIF files of the unit test to a folder, as seeds for fuzzing.
 *
 *     make-heif-seeds DIR */
#include <stdio.h>

#include "unit/heif-taken.h"

int
main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make-heif-seeds DIR\n");
        return 2;
    }
    for (guint i = 0; i < G_N_ELEMENTS(taken); i++) {
        g_autoptr(GByteArray) file = fixture_build(&taken[i].file);
        g_autofree char *path = g_strdup_printf("%s/%02u.heic", argv[1], i);
        g_autoptr(GError) error = NULL;
        if (!g_file_set_contents(path, (const char *)file->data, file->len, &error)) {
            fprintf(stderr, "make-heif-seeds: %s\n", error->message);
            return 1;
        }
    }
    return 0;
}
