/* SPDX-License-Identifier: MIT */
/* main.c -- replay files through a fuzz target, without a fuzzer.
 *
 * Linked with any fuzz-X.c it runs each file of the command line once, so that `make test`
 * keeps what a fuzzer found. Every file is copied into a heap block of exactly its size: a
 * sanitizer then sees a read of one byte too many. Input that a target dislikes is no failure;
 * only a crash or an assertion of the target is, and that ends the program by itself. */
#include <glib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

int
main(int argc, char **argv)
{
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        g_autofree char *text = NULL; /* g_file_get_contents() adds a NUL: not exact */
        gsize n = 0;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(argv[i], &text, &n, &error)) {
            g_printerr("%s\n", error->message);
            return 1;
        }
        g_autoptr(GBytes) bytes = g_bytes_new(text, n);
        LLVMFuzzerTestOneInput(n > 0 ? g_bytes_get_data(bytes, NULL) : (const guint8 *)"", n);
    }
    g_print("%d files\n", argc - 1);
    return 0;
}
