/* SPDX-License-Identifier: MIT */
/* tiff.h -- little-endian TIFF by hand, for test tools that write EXIF.
 *
 * A tag is a struct, an IFD an array of them; ifd_size() tells where the next thing will lie
 * before anything is written, so pointers can be filled in first. Static functions, because a
 * test tool is one file. */
#ifndef SP_TESTS_TIFF_H
#define SP_TESTS_TIFF_H
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Bytes that grow; zeroed is empty. The owner frees bytes. */
typedef struct {
    uint8_t *bytes;
    size_t n, room;
} Buffer;

static inline void
put(Buffer *b, const void *bytes, size_t n)
{
    if (b->n + n > b->room) {
        b->room = 2 * (b->n + n);
        b->bytes = realloc(b->bytes, b->room);
        if (b->bytes == NULL)
            abort();
    }
    if (n > 0)
        memcpy(b->bytes + b->n, bytes, n);
    b->n += n;
}

static inline void
put_le(Buffer *b, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(b, &(uint8_t){(uint8_t)(value >> (8 * i))}, 1);
}

enum { BYTE = 1, ASCII = 2, SHORT = 3, LONG = 4, RATIONAL = 5, UNDEFINED = 7 };

typedef struct {
    uint16_t tag, type;
    uint32_t count;
    const void *data; /* little-endian bytes; NULL: value */
    uint32_t value;
} Tag;

#define TEXT(tag, text) ((Tag){tag, ASCII, (uint32_t)strlen(text) + 1, text, 0})
#define NUMBER(tag, type, value) ((Tag){tag, type, 1, NULL, value})

static inline size_t
tag_bytes(const Tag *tag)
{
    static const size_t size[] = {
        [BYTE] = 1, [ASCII] = 1, [SHORT] = 2, [LONG] = 4, [RATIONAL] = 8, [UNDEFINED] = 1};
    return tag->count * size[tag->type];
}

/* What an IFD of these tags takes, with the values that do not fit into it behind it. */
static inline size_t
ifd_size(const Tag *tags, size_t n)
{
    size_t size = 2 + 12 * n + 4;
    for (size_t i = 0; i < n; i++)
        size += tag_bytes(&tags[i]) > 4 ? (tag_bytes(&tags[i]) + 1) / 2 * 2 : 0;
    return size;
}

/* Append one IFD; tiff.n is its offset. next is the offset of the following one, or 0. */
static inline void
put_ifd(Buffer *tiff, const Tag *tags, size_t n, uint32_t next)
{
    size_t values = tiff->n + 2 + 12 * n + 4;
    put_le(tiff, (uint32_t)n, 2);
    for (size_t i = 0; i < n; i++) {
        size_t size = tag_bytes(&tags[i]);
        put_le(tiff, tags[i].tag, 2);
        put_le(tiff, tags[i].type, 2);
        put_le(tiff, tags[i].count, 4);
        if (tags[i].data == NULL) {
            put_le(tiff, tags[i].value, 4);
        } else if (size <= 4) {
            put(tiff, tags[i].data, size);
            put_le(tiff, 0, 4 - size);
        } else {
            put_le(tiff, (uint32_t)values, 4);
            values += (size + 1) / 2 * 2;
        }
    }
    put_le(tiff, next, 4);
    for (size_t i = 0; i < n; i++) {
        size_t size = tag_bytes(&tags[i]);
        if (tags[i].data != NULL && size > 4) {
            put(tiff, tags[i].data, size);
            put_le(tiff, 0, size % 2);
        }
    }
}

#endif
