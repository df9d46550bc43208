/* SPDX-License-Identifier: MIT */
/* options.h -- the command line of a test tool: options from a table, and one file to write.
 *
 * Whatever is wrong ends the tool with a message and exit code 64. */
#ifndef SP_TESTS_OPTIONS_H
#define SP_TESTS_OPTIONS_H
#include "data/draw.h"
#include <stddef.h>
#include <stdio.h>

_Noreturn void die(const char *what, const char *which);

/* An option is a text, or a number in a range; a range of one number is a flag. */
typedef struct {
    const char *name;
    int *place, least, most;
    const char **text;
} Option;

/* words end with NULL. Returns the file to write. */
const char *options_read(const Option *known, size_t n, char **words);

void options_set_size(const char *word, Drawing *drawing);
void options_check_canary(const char *canary);
/* "-" is standard output. */
FILE *options_open(const char *path);

#endif
