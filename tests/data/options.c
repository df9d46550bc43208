/* SPDX-License-Identifier: MIT */
/* options.c -- the command line of a test tool. */
#include "data/options.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
die(const char *what, const char *which)
{
    fprintf(stderr, "%s: %s '%s'\n", program_invocation_short_name, what, which);
    exit(64);
}

static int
number(const char *word, int least, int most)
{
    char *end = NULL;
    long value = strtol(word, &end, 10);
    if (end == word || *end != '\0' || value < least || value > most)
        die("bad number", word);
    return (int)value;
}

/* Take the option at *word; returns the last word that belongs to it. */
static char **
read_option(const Option *known, size_t n, char **word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(*word, known[i].name) != 0)
            continue;
        int *place = known[i].place;
        if (place != NULL && known[i].least == known[i].most) {
            *place = known[i].most;
            return word;
        }
        if (word[1] == NULL)
            die("no value for", *word);
        if (place != NULL)
            *place = number(word[1], known[i].least, known[i].most);
        else
            *known[i].text = word[1];
        return word + 1;
    }
    die("unknown option", *word);
}

const char *
options_read(const Option *known, size_t n, char **words)
{
    const char *path = NULL;
    for (; *words != NULL; words++) {
        if (strncmp(*words, "--", 2) == 0)
            words = read_option(known, n, words);
        else if (path == NULL)
            path = *words;
        else
            die("more than one file to write:", *words);
    }
    if (path == NULL)
        die("no file to write;", "-");
    return path;
}

void
options_set_size(const char *word, Drawing *drawing)
{
    char *end = NULL;
    unsigned long width = strtoul(word, &end, 10);
    unsigned long height = *end == 'x' ? strtoul(end + 1, &end, 10) : 0;
    if (*end != '\0' || width < 1 || height < 1 || width > 65500 || height > 65500)
        die("bad size", word);
    drawing->width = (unsigned)width;
    drawing->height = (unsigned)height;
}

void
options_check_canary(const char *canary)
{
    if (strlen(canary) > 200)
        die("too long:", canary);
}

FILE *
options_open(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (file == NULL)
        die("cannot write", path);
    return file;
}
