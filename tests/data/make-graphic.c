/* SPDX-License-Identifier: MIT */
/* make-graphic.c -- pictures that no camera took, each from a number, as PNG.
 *
 *     make-graphic --kind chart|interface|red|comic --seed N --size WxH FILE.png
 *
 * What they have that photos have not: flat areas, thin lines and letters with smooth edges,
 * and colours at full strength beside one another, where chroma at half resolution shows. A
 * chart is lines and bars on paper; an interface is text, boxes and icons, light or dark; red
 * is red, blue and magenta text and lines on strong grounds; a comic is flat areas with black
 * outlines, dots and bubbles.
 *
 * All is drawn at twice the size and averaged, which smooths the edges. The same options give
 * the same bytes. */
#include "data/canvas.h"
#include "data/options.h"
#include "data/tiff.h"
#include <math.h>
#include <stdbool.h>
/* needs stdint.h */
#include <zlib.h>

enum { FINE = 2 }; /* samples a side of a pixel */

typedef struct {
    float x, y;
} Point;

static const Ink black = {0, 0, 0}, white = {255, 255, 255};
static const Ink strong[] = {{220, 0, 0},   {0, 60, 220},  {0, 140, 40},  {240, 140, 0},
                             {150, 0, 170}, {0, 160, 190}, {230, 0, 120}, {255, 215, 0}};

static Ink
any_strong(Canvas *canvas)
{
    return strong[canvas_next(canvas) % COUNT(strong)];
}

/* What light is on the ground: for what is laid over it. */
static Ink
mixed(Ink ink, Ink with, float share)
{
    return (Ink){ink.r + (with.r - ink.r) * share, ink.g + (with.g - ink.g) * share,
                 ink.b + (with.b - ink.b) * share};
}

/* ---- shapes --------------------------------------------------------------------------------
 */

/* A line with round ends. */
static void
line(Canvas *canvas, Point from, Point to, float width, Ink ink)
{
    float dx = to.x - from.x, dy = to.y - from.y, square = dx * dx + dy * dy, half = width / 2;
    int left = (int)(fminf(from.x, to.x) - half), right = (int)(fmaxf(from.x, to.x) + half);
    int top = (int)(fminf(from.y, to.y) - half), bottom = (int)(fmaxf(from.y, to.y) + half);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            float px = (float)x - from.x, py = (float)y - from.y;
            float along = square > 0 ? (px * dx + py * dy) / square : 0;
            along = fminf(1, fmaxf(0, along));
            float ex = px - along * dx, ey = py - along * dy;
            if (ex * ex + ey * ey <= half * half)
                canvas_put(canvas, x, y, ink);
        }
}

/* Of an ellipse the part between two shares of its radius. */
static void
ring(Canvas *canvas, Point middle, Point radius, float inner, Ink ink)
{
    for (int y = (int)(middle.y - radius.y); y <= (int)(middle.y + radius.y); y++)
        for (int x = (int)(middle.x - radius.x); x <= (int)(middle.x + radius.x); x++) {
            float u = ((float)x - middle.x) / radius.x, v = ((float)y - middle.y) / radius.y;
            float square = u * u + v * v;
            if (square <= 1 && square >= inner * inner)
                canvas_put(canvas, x, y, ink);
        }
}

static void
round_box(Canvas *canvas, int left, int top, int width, int height, int radius, Ink ink)
{
    int most = width < height ? width / 2 : height / 2;
    int r = radius < most ? radius : most;
    canvas_box(canvas, left + r, top, width - 2 * r, height, ink);
    canvas_box(canvas, left, top + r, width, height - 2 * r, ink);
    for (int i = 0; i < 4; i++) {
        Point middle = {(float)(i % 2 ? left + width - r - 1 : left + r),
                        (float)(i / 2 ? top + height - r - 1 : top + r)};
        ring(canvas, middle, (Point){(float)r, (float)r}, 0, ink);
    }
}

/* ---- text of no alphabet -------------------------------------------------------------------
 */

/* Some of a stem, bars, a slope and a bowl, in a box of 0.6 by 1 times the height. */
static void
letter(Canvas *canvas, Point at, float height, float weight, Ink ink)
{
    float w = 0.52F * height, middle = at.y + 0.5F * height, end = at.y + height;
    uint64_t bits = canvas_next(canvas);
    if (bits & 1)
        line(canvas, at, (Point){at.x, end}, weight, ink);
    if (bits & 2)
        line(canvas, (Point){at.x + w, middle}, (Point){at.x + w, end}, weight, ink);
    if (bits & 4)
        line(canvas, (Point){at.x, middle}, (Point){at.x + w, middle}, weight, ink);
    if ((bits & 24) == 0)
        line(canvas, (Point){at.x, end}, (Point){at.x + w, at.y}, weight, ink);
    if ((bits & 96) != 0)
        ring(canvas, (Point){at.x + w / 2, at.y + 0.75F * height},
             (Point){w / 2 + weight / 2, 0.25F * height + weight / 2},
             fmaxf(0, 1 - 2 * weight / w), ink);
    if ((bits & 384) == 0)
        line(canvas, at, (Point){at.x + w, at.y}, weight, ink);
}

/* Words until the right end. */
static void
words(Canvas *canvas, Point at, float right, float height, Ink ink)
{
    float weight = height * 0.13F + 0.3F;
    for (float x = at.x; x + height < right;) {
        int n = 1 + (int)(canvas_next(canvas) % 9);
        for (int i = 0; i < n && x + 0.6F * height < right; i++, x += 0.72F * height) {
            bool is_high = canvas_next(canvas) % 3 == 0;
            float less = is_high ? 0 : 0.3F * height;
            letter(canvas, (Point){x, at.y + less}, height - less, weight, ink);
        }
        x += 0.5F * height;
    }
}

static void
paragraph(Canvas *canvas, Point at, Point end, float height, Ink ink)
{
    for (; at.y + height < end.y; at.y += 1.6F * height)
        words(canvas, at, end.x - canvas_uniform(canvas, 0, 0.2F * (end.x - at.x)), height,
              ink);
}

/* ---- a chart -------------------------------------------------------------------------------
 */

static void
curve(Canvas *canvas, Point from, Point to, Ink ink)
{
    float level = canvas_uniform(canvas, 0.2F, 0.8F), weight = canvas_uniform(canvas, 2.5F, 5);
    Point last = {from.x, to.y - level * (to.y - from.y)};
    int n = 12 + (int)(canvas_next(canvas) % 30);
    for (int i = 1; i <= n; i++) {
        level += 0.07F * canvas_normal(canvas) + 0.03F * (0.5F - level);
        level = fminf(0.97F, fmaxf(0.03F, level));
        Point next = {from.x + (to.x - from.x) * (float)i / (float)n,
                      to.y - level * (to.y - from.y)};
        line(canvas, last, next, weight, ink);
        last = next;
    }
}

static void
bars(Canvas *canvas, Point from, Point to)
{
    int n = 5 + (int)(canvas_next(canvas) % 8);
    float step = (to.x - from.x) / (float)n;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++) {
            float high = canvas_uniform(canvas, 0.05F, 0.95F) * (to.y - from.y);
            canvas_box(canvas, (int)(from.x + step * ((float)i + 0.12F + 0.38F * (float)k)),
                       (int)(to.y - high), (int)(0.36F * step), (int)high, strong[k]);
        }
}

/* Paper, a net with its figures, bars or curves in it, and their names beside. */
static void
draw_chart(Canvas *canvas)
{
    float w = (float)canvas->width, h = (float)canvas->height, text = fminf(w, h) / 42;
    Point from = {0.09F * w, 0.14F * h}, to = {0.82F * w, 0.88F * h};
    canvas_box(canvas, 0, 0, canvas->width, canvas->height, white);
    words(canvas, (Point){from.x, 0.05F * h}, 0.7F * w, 1.5F * text, (Ink){30, 30, 30});
    int n = 5 + (int)(canvas_next(canvas) % 5);
    bool has_bars = canvas_next(canvas) % 2;
    for (int i = 0; i <= n; i++) {
        float y = to.y - (to.y - from.y) * (float)i / (float)n;
        float x = from.x + (to.x - from.x) * (float)i / (float)n;
        line(canvas, (Point){from.x, y}, (Point){to.x, y}, 2, (Ink){215, 215, 215});
        words(canvas, (Point){0.03F * w, y - text / 2}, from.x - text / 2, text,
              (Ink){70, 70, 70});
        words(canvas, (Point){x - text, to.y + text}, x + 2.5F * text, text, (Ink){70, 70, 70});
    }
    if (has_bars)
        bars(canvas, from, to);
    for (int i = 0; i < (has_bars ? 1 : 5); i++) {
        Ink ink = strong[i + (has_bars ? 2 : 0)];
        curve(canvas, from, to, ink);
        float y = from.y + 2.4F * text * (float)i;
        canvas_box(canvas, (int)(0.84F * w), (int)y, (int)(1.6F * text), (int)text, ink);
        words(canvas, (Point){0.84F * w + 2.2F * text, y}, 0.99F * w, text, black);
    }
    line(canvas, from, (Point){from.x, to.y}, 3, black);
    line(canvas, (Point){from.x, to.y}, to, 3, black);
}

/* ---- an interface --------------------------------------------------------------------------
 */

static void
icon(Canvas *canvas, int left, int top, int side, Ink ink)
{
    Point middle = {(float)left + (float)side / 2, (float)top + (float)side / 2};
    float r = (float)side / 2;
    round_box(canvas, left, top, side, side, side / 4, ink);
    if (canvas_next(canvas) % 2)
        ring(canvas, middle, (Point){0.6F * r, 0.6F * r}, 0.7F, white);
    else
        line(canvas, (Point){middle.x - 0.5F * r, middle.y + 0.4F * r},
             (Point){middle.x + 0.5F * r, middle.y - 0.4F * r}, 0.2F * r, white);
}

/* A column of icons and words, one of them chosen. */
static void
draw_sidebar(Canvas *canvas, int right, float text, Ink ink, Ink accent)
{
    int chosen = (int)(canvas_next(canvas) % 6), row = (int)(3 * text);
    for (int i = 0; (i + 2) * row < canvas->height; i++) {
        int top = (i + 1) * row;
        if (i == chosen)
            canvas_box(canvas, 0, top, right, row, accent);
        icon(canvas, (int)text, top + (int)(0.6F * text), (int)(1.8F * text),
             any_strong(canvas));
        words(canvas, (Point){3.6F * text, (float)top + text}, (float)right, text,
              i == chosen ? white : ink);
    }
}

static void
draw_card(Canvas *canvas, Point at, Point end, float text, Ink paper, Ink ink, Ink accent)
{
    int left = (int)at.x, top = (int)at.y, width = (int)(end.x - at.x);
    int height = (int)(end.y - at.y);
    round_box(canvas, left - 2, top - 2, width + 4, height + 4, 18, mixed(paper, ink, 0.2F));
    round_box(canvas, left, top, width, height, 16, paper);
    words(canvas, (Point){at.x + text, at.y + text}, end.x - 6 * text, 1.3F * text, ink);
    paragraph(canvas, (Point){at.x + text, at.y + 3.6F * text},
              (Point){end.x - text, end.y - 4 * text}, text, mixed(ink, paper, 0.3F));
    int top_of_button = (int)(end.y - 3.2F * text);
    round_box(canvas, (int)(end.x - 9 * text), top_of_button, (int)(8 * text),
              (int)(2.4F * text), (int)text, accent);
    words(canvas, (Point){end.x - 7.6F * text, (float)top_of_button + 0.7F * text},
          end.x - 1.5F * text, text, white);
}

static void
draw_interface(Canvas *canvas)
{
    bool is_dark = canvas_next(canvas) % 2;
    Ink paper = is_dark ? (Ink){30, 32, 38} : white;
    Ink ink = is_dark ? (Ink){225, 228, 235} : (Ink){35, 38, 45}, accent = any_strong(canvas);
    float text = fminf((float)canvas->width, (float)canvas->height) / 52;
    int bar = (int)(2.6F * text), side = canvas->width / 4;
    canvas_box(canvas, 0, 0, canvas->width, canvas->height, mixed(paper, ink, 0.06F));
    draw_sidebar(canvas, side, text, ink, accent);
    for (int y = 0; y < bar; y++) /* a slope of light */
        canvas_box(canvas, 0, y, canvas->width, 1,
                   mixed(accent, black, 0.5F * (float)y / (float)bar));
    words(canvas, (Point){text, 0.8F * text}, (float)canvas->width * 0.4F, text, white);
    int columns = canvas->width > canvas->height ? 3 : 2;
    float gap = 1.2F * text;
    float width = ((float)(canvas->width - side) - gap) / (float)columns;
    float height = canvas_uniform(canvas, 14, 20) * text;
    for (int row = 0; row < 1 + (int)((float)canvas->height / height); row++)
        for (int i = 0; i < columns; i++) {
            Point at = {(float)side + gap + width * (float)i,
                        (float)bar + gap + height * (float)row};
            draw_card(canvas, at, (Point){at.x + width - gap, at.y + height - gap}, text, paper,
                      ink, accent);
        }
}

/* ---- colours at full strength --------------------------------------------------------------
 */

static void
draw_red(Canvas *canvas)
{
    static const Ink inks[][2] = {
        {{255, 0, 0}, {255, 255, 255}}, {{255, 0, 0}, {0, 0, 0}},
        {{0, 0, 255}, {255, 255, 255}}, {{255, 0, 0}, {0, 0, 255}},
        {{255, 0, 255}, {0, 80, 0}},    {{255, 255, 0}, {200, 0, 0}},
        {{0, 0, 255}, {0, 0, 0}},       {{255, 255, 255}, {220, 0, 0}}};
    int rows = 4, row = canvas->height / rows + 1, column = canvas->width / 2 + 1;
    size_t first = canvas_next(canvas) % COUNT(inks);
    for (int i = 0; i < 2 * rows; i++) {
        const Ink *pair = inks[(first + 3 * (size_t)i) % COUNT(inks)];
        int left = i % 2 * column, top = i / 2 * row;
        float text = canvas_uniform(canvas, 18, 52);
        canvas_box(canvas, left, top, column, row, pair[1]);
        Point at = {(float)left + text, (float)top + text};
        Point end = {(float)(left + column) - text, (float)(top + row) - text};
        if (canvas_next(canvas) % 4 > 0) {
            paragraph(canvas, at, end, text, pair[0]);
            continue;
        }
        for (int k = 0; k < (int)((end.x - at.x) / 14); k++) /* a fan of thin lines */
            line(canvas, (Point){(at.x + end.x) / 2, end.y},
                 (Point){at.x + 14 * (float)k, at.y}, canvas_uniform(canvas, 2, 5), pair[0]);
    }
}

/* ---- a comic -------------------------------------------------------------------------------
 */

static void
outlined(Canvas *canvas, Point middle, Point radius, float pen, Ink ink)
{
    ring(canvas, middle, (Point){radius.x + pen, radius.y + pen}, 0, black);
    ring(canvas, middle, radius, 0, ink);
}

static void
dots(Canvas *canvas, int left, int top, int width, int height, Ink ink)
{
    for (int y = top; y < top + height; y += 12)
        for (int x = left + y / 12 % 2 * 6; x < left + width; x += 12)
            ring(canvas, (Point){(float)x, (float)y}, (Point){4, 4}, 0, ink);
}

static void
draw_figure(Canvas *canvas, Point at, float size)
{
    float pen = 0.05F * size;
    Ink skin = mixed((Ink){255, 214, 170}, (Ink){110, 70, 40}, canvas_uniform(canvas, 0, 1));
    Ink coat = any_strong(canvas), hair = canvas_ink(canvas, 0, 120);
    outlined(canvas, (Point){at.x, at.y + 2 * size}, (Point){1.2F * size, 1.3F * size}, pen,
             coat);
    outlined(canvas, (Point){at.x, at.y - 0.2F * size}, (Point){0.9F * size, 0.95F * size}, pen,
             hair);
    outlined(canvas, at, (Point){0.75F * size, 0.85F * size}, pen, skin);
    for (int side = -1; side <= 1; side += 2) {
        Point eye = {at.x + 0.3F * size * (float)side, at.y - 0.1F * size};
        outlined(canvas, eye, (Point){0.16F * size, 0.22F * size}, pen / 2, white);
        ring(canvas, eye, (Point){0.06F * size, 0.08F * size}, 0, black);
    }
    line(canvas, (Point){at.x - 0.25F * size, at.y + 0.45F * size},
         (Point){at.x + 0.25F * size, at.y + canvas_uniform(canvas, 0.35F, 0.55F) * size}, pen,
         (Ink){150, 0, 0});
}

static void
draw_panel(Canvas *canvas, int left, int top, int width, int height)
{
    float w = (float)width, h = (float)height, size = 0.16F * fminf(w, h);
    Ink ground = mixed(any_strong(canvas), white, canvas_uniform(canvas, 0, 0.7F));
    canvas_box(canvas, left - 8, top - 8, width + 16, height + 16, black);
    canvas_box(canvas, left, top, width, height, ground);
    if (canvas_next(canvas) % 2)
        dots(canvas, left, top + height / 2, width, height / 2, mixed(ground, black, 0.35F));
    for (int i = 0; i < 2; i++)
        draw_figure(canvas,
                    (Point){(float)left + w * (0.28F + 0.44F * (float)i),
                            (float)top + h * canvas_uniform(canvas, 0.5F, 0.6F)},
                    size * canvas_uniform(canvas, 0.8F, 1.1F));
    Point bubble = {(float)left + 0.5F * w, (float)top + 0.17F * h};
    outlined(canvas, bubble, (Point){0.42F * w, 0.13F * h}, 6, white);
    paragraph(canvas, (Point){bubble.x - 0.28F * w, bubble.y - 0.07F * h},
              (Point){bubble.x + 0.3F * w, bubble.y + 0.09F * h}, 0.045F * h, black);
}

static void
draw_comic(Canvas *canvas)
{
    int columns = 2, rows = canvas->height > canvas->width ? 3 : 2, gap = 40;
    int width = (canvas->width - gap) / columns, height = (canvas->height - gap) / rows;
    canvas_box(canvas, 0, 0, canvas->width, canvas->height, white);
    for (int i = 0; i < columns * rows; i++) {
        Canvas part = canvas_new(width - gap, height - gap, 0); /* nothing leaves its panel */
        part.random = canvas_next(canvas);
        draw_panel(&part, 8, 8, width - gap - 16, height - gap - 16);
        for (int y = 0; y < part.height; y++)
            memcpy(canvas->samples +
                       ((size_t)(gap + i / columns * height + y) * (size_t)canvas->width +
                        (size_t)(gap + i % columns * width)) *
                           3,
                   part.samples + (size_t)y * (size_t)part.width * 3, (size_t)part.width * 3);
        canvas_free(&part);
    }
}

static const struct {
    const char *word;
    void (*draw)(Canvas *canvas);
} kinds[] = {
    {"chart", draw_chart},
    {"interface", draw_interface},
    {"red", draw_red},
    {"comic", draw_comic},
};

/* ---- the file ------------------------------------------------------------------------------
 */

/* One row of the picture, each sample of which is FINE * FINE of the canvas. */
static void
average_row(const Canvas *canvas, int y, uint8_t *row)
{
    for (int i = 0; i < canvas->width / FINE * 3; i++) {
        int sum = 0;
        for (int k = 0; k < FINE * FINE; k++) {
            size_t line = (size_t)(FINE * y + k / FINE) * (size_t)canvas->width;
            sum += canvas->samples[(line + (size_t)(FINE * (i / 3) + k % FINE)) * 3 +
                                   (size_t)(i % 3)];
        }
        row[i] = (uint8_t)((sum + FINE * FINE / 2) / (FINE * FINE));
    }
}

static void
put_be(Buffer *b, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put(b, &(uint8_t){(uint8_t)(value >> shift)}, 1);
}

static void
put_chunk(Buffer *file, const char *name, const void *bytes, size_t n)
{
    put_be(file, (uint32_t)n);
    size_t from = file->n;
    put(file, name, 4);
    put(file, bytes, n);
    put_be(file, (uint32_t)crc32(0, file->bytes + from, (uInt)(n + 4)));
}

/* Each row as differences to the one above (filter 2), which suits what is flat. */
static Buffer
filtered(const Canvas *canvas)
{
    size_t n = (size_t)(canvas->width / FINE) * 3;
    uint8_t *row = calloc(n, 2), *above = row == NULL ? NULL : row + n;
    Buffer plain = {0};
    for (int y = 0; y < canvas->height / FINE; y++) {
        if (row == NULL)
            die("no memory for", "a row");
        average_row(canvas, y, row);
        put(&plain, "\2", 1);
        for (size_t i = 0; i < n; i++)
            put(&plain, &(uint8_t){(uint8_t)(row[i] - above[i])}, 1);
        memcpy(above, row, n);
    }
    free(row);
    return plain;
}

static void
write_png(FILE *file, const Canvas *canvas)
{
    Buffer head = {0}, png = {0}, plain = filtered(canvas);
    put_be(&head, (uint32_t)(canvas->width / FINE));
    put_be(&head, (uint32_t)(canvas->height / FINE));
    put(&head, "\10\2\0\0\0", 5); /* 8 bits, RGB */
    uLongf n = compressBound(plain.n);
    uint8_t *packed = malloc(n);
    if (packed == NULL || compress2(packed, &n, plain.bytes, plain.n, 6) != Z_OK)
        die("cannot compress", "the picture");
    put(&png, "\211PNG\r\n\32\n", 8);
    put_chunk(&png, "IHDR", head.bytes, head.n);
    put_chunk(&png, "IDAT", packed, n);
    put_chunk(&png, "IEND", "", 0);
    fwrite(png.bytes, 1, png.n, file);
    free(packed);
    free(plain.bytes);
    free(png.bytes);
    free(head.bytes);
}

static Drawing drawing = {.orientation = 1, .seed = 1};
static const char *kind = "chart", *size = "1024x768";
static const Option known_options[] = {
    {"--kind", NULL, 0, 0, &kind},
    {"--size", NULL, 0, 0, &size},
    {"--seed", &drawing.seed, 0, 1 << 30, NULL},
};

static void
draw(Canvas *canvas)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kind, kinds[i].word) == 0) {
            kinds[i].draw(canvas);
            return;
        }
    die("unknown kind", kind);
}

int
main(int argc, char **argv)
{
    const char *path = options_read(known_options, COUNT(known_options), argv + (argc > 0));
    options_set_size(size, &drawing);
    Canvas canvas =
        canvas_new((int)drawing.width * FINE, (int)drawing.height * FINE, drawing.seed);
    draw(&canvas);
    FILE *file = options_open(path);
    write_png(file, &canvas);
    canvas_free(&canvas);
    if (fclose(file) != 0)
        die("cannot write", path);
    return 0;
}
