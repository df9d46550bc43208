/* SPDX-License-Identifier: MIT */
/* look.c -- what a decoded picture shows, in words that a shell test can compare.
 *
 *     dwebp -quiet -pam FILE -o - | look corners      rgby: upright
 *     look size <FILE                                 640 480
 *     look mean LEFT TOP RIGHT BOTTOM <FILE           R G B A of that part, in per cent
 *     look count R G B NEAR <FILE                     pixels that are so, or at most NEAR off
 *     look tint <FILE                                 the largest difference of R, G and B
 *     look over R G B <FILE                           the picture on that colour, as PPM
 *     look least <FILE; look most <FILE               the smallest, largest sample of R, G, B
 *
 * Reads binary PGM, PPM and PAM of 8 bits. It is a test tool: it must not be installed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    unsigned width, height;
    uint8_t *rgba;
} Shown;

static _Noreturn void
die(const char *what)
{
    fprintf(stderr, "look: %s\n", what);
    exit(64);
}

static unsigned
header_number(void)
{
    unsigned value = 0;
    int c = getchar();
    while (c == ' ' || c == '\n')
        c = getchar();
    for (; c >= '0' && c <= '9'; c = getchar())
        value = value * 10 + (unsigned)(c - '0');
    return value;
}

/* The lines of a PAM's head; returns its depth. */
static unsigned
read_pam_head(Shown *shown)
{
    char line[128];
    unsigned depth = 0;
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "ENDHDR\n") != 0) {
        unsigned value = 0;
        char word[32];
        if (sscanf(line, "%31s %u", word, &value) != 2)
            continue;
        if (strcmp(word, "WIDTH") == 0)
            shown->width = value;
        else if (strcmp(word, "HEIGHT") == 0)
            shown->height = value;
        else if (strcmp(word, "DEPTH") == 0)
            depth = value;
    }
    return depth;
}

static Shown
read_picture(void)
{
    Shown shown = {0};
    char magic[3] = "";
    if (scanf("%2s", magic) != 1)
        die("nothing to look at");
    unsigned depth = strcmp(magic, "P5") == 0 ? 1 : 3;
    if (strcmp(magic, "P7") == 0) {
        depth = read_pam_head(&shown);
    } else if (magic[0] == 'P' && (magic[1] == '5' || magic[1] == '6')) {
        shown.width = header_number();
        shown.height = header_number();
        if (header_number() != 255)
            die("not of 8 bits");
    }
    size_t n = (size_t)shown.width * shown.height;
    shown.rgba = calloc(n + 1, 4);
    if (n == 0 || depth == 0 || depth > 4 || shown.rgba == NULL)
        die("not a picture");
    for (size_t i = 0; i < n; i++) {
        uint8_t in[4];
        if (fread(in, depth, 1, stdin) != 1)
            die("the picture is cut short");
        for (unsigned k = 0; k < 3; k++)
            shown.rgba[4 * i + k] = in[depth < 3 ? 0 : k];
        shown.rgba[4 * i + 3] = depth % 2 == 0 ? in[depth - 1] : 255;
    }
    return shown;
}

static void
mean(const Shown *shown, const double part[4], double ret_mean[4])
{
    unsigned left = (unsigned)(part[0] * shown->width / 100);
    unsigned right = (unsigned)(part[2] * shown->width / 100);
    unsigned top = (unsigned)(part[1] * shown->height / 100);
    unsigned bottom = (unsigned)(part[3] * shown->height / 100);
    double sum[4] = {0}, n = 0;
    for (unsigned y = top; y < bottom && y < shown->height; y++)
        for (unsigned x = left; x < right && x < shown->width; x++, n++)
            for (unsigned k = 0; k < 4; k++)
                sum[k] += shown->rgba[4 * ((size_t)y * shown->width + x) + k];
    for (unsigned k = 0; k < 4; k++)
        ret_mean[k] = n > 0 ? sum[k] / n : 0;
}

/* The corners' colours, and what grey makes of them: dmdl where it has levels enough. */
static const struct {
    double rgb[3];
    char letter;
} letters[] = {
    {{220, 30, 30}, 'r'},   {{30, 160, 50}, 'g'},   {{30, 60, 200}, 'b'},
    {{240, 210, 40}, 'y'},  {{0, 0, 0}, 'k'},       {{67, 67, 67}, 'd'},
    {{124, 124, 124}, 'm'}, {{204, 204, 204}, 'l'}, {{255, 255, 255}, 'w'},
};

/* The nearest within 60 of 255; ? when there is none. */
static char
letter_of(const double rgb[4])
{
    char letter = '?';
    double least = 60.0 * 60;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        double distance = 0;
        for (int k = 0; k < 3; k++)
            distance += (rgb[k] - letters[i].rgb[k]) * (rgb[k] - letters[i].rgb[k]);
        if (distance < least) {
            least = distance;
            letter = letters[i].letter;
        }
    }
    return letter;
}

/* A letter a corner, from left to right and top to bottom. */
static void
say_corners(const Shown *shown)
{
    static const double parts[4][4] = {
        {2, 2, 6, 6}, {94, 2, 98, 6}, {2, 94, 6, 98}, {94, 94, 98, 98}};
    for (int i = 0; i < 4; i++) {
        double m[4];
        mean(shown, parts[i], m);
        putchar(letter_of(m));
    }
    putchar('\n');
}

static void
say_count(const Shown *shown, const double *wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < (size_t)shown->width * shown->height; i++) {
        int near = 1;
        for (unsigned k = 0; k < 3; k++) {
            double off = shown->rgba[4 * i + k] - wanted[k];
            near &= off <= wanted[3] && off >= -wanted[3];
        }
        count += (size_t)near;
    }
    printf("%zu\n", count);
}

typedef struct {
    int least, most, tint;
} Range;

static Range
range_of(const Shown *shown)
{
    Range range = {255, 0, 0};
    for (size_t i = 0; i < (size_t)shown->width * shown->height; i++) {
        int low = 255, high = 0;
        for (unsigned k = 0; k < 3; k++) {
            int v = shown->rgba[4 * i + k];
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        range.least = low < range.least ? low : range.least;
        range.most = high > range.most ? high : range.most;
        range.tint = high - low > range.tint ? high - low : range.tint;
    }
    return range;
}

static void
write_over(const Shown *shown, const double *ground)
{
    printf("P6\n%u %u\n255\n", shown->width, shown->height);
    for (size_t i = 0; i < (size_t)shown->width * shown->height; i++) {
        const uint8_t *in = shown->rgba + 4 * i;
        for (unsigned k = 0; k < 3; k++)
            putchar((int)(in[k] * in[3] / 255.0 + ground[k] * (1 - in[3] / 255.0) + 0.5));
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int n;
    } verbs[] = {{"size", 0}, {"corners", 0}, {"tint", 0},  {"least", 0},
                 {"most", 0}, {"mean", 4},    {"count", 4}, {"over", 3}};
    double numbers[4] = {0};
    size_t verb = 0, n_verbs = sizeof verbs / sizeof *verbs;
    while (argc > 1 && verb < n_verbs && strcmp(argv[1], verbs[verb].name) != 0)
        verb++;
    if (argc < 2 || verb == n_verbs || argc != 2 + verbs[verb].n)
        die("size | corners | tint | least | most | mean L T R B | count R G B NEAR | over R G "
            "B");
    for (int i = 0; i < verbs[verb].n; i++)
        numbers[i] = strtod(argv[2 + i], NULL);
    Shown shown = read_picture();
    Range range = range_of(&shown);
    double m[4];
    switch (verb) {
    case 0:
        printf("%u %u\n", shown.width, shown.height);
        break;
    case 1:
        say_corners(&shown);
        break;
    case 2:
        printf("%d\n", range.tint);
        break;
    case 3:
        printf("%d\n", range.least);
        break;
    case 4:
        printf("%d\n", range.most);
        break;
    case 5:
        mean(&shown, numbers, m);
        printf("%.0f %.0f %.0f %.0f\n", m[0], m[1], m[2], m[3]);
        break;
    case 6:
        say_count(&shown, numbers);
        break;
    default:
        write_over(&shown, numbers);
        break;
    }
    free(shown.rgba);
    return 0;
}
