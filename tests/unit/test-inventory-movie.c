/* SPDX-License-Identifier: MIT */
/* test-inventory-movie.c -- what a video says beside its pictures. */
#include "inventory-fixture.h"
#include <time.h>

/* A box, from its payload up: length, name, payload. Frees the payload; owned by the caller. */
static GString *
box(const char *name, GString *payload)
{
    guint32 size = GUINT32_TO_BE((guint32)payload->len + 8);
    GString *made = g_string_new_len((const char *)&size, 4);
    g_string_append_len(made, name, 4);
    g_string_append_len(made, payload->str, (gssize)payload->len);
    g_string_free(payload, TRUE);
    return made;
}

static GString *
bytes_of(const char *bytes, gsize n)
{
    return g_string_new_len(bytes, (gssize)n);
}

static void
assert_movie(const char *name, GString *payload, guint32 reveals)
{
    g_autoptr(GString) movie = box("moov", payload);
    ContentCase c = {name, movie->str, movie->len, VIDEO | reveals};
    assert_contents(SP_CARRIER_VIDEO, SP_FOURCC('m', 'p', 'v', 'd'), &c, 1);
    assert_contents(SP_CARRIER_TRAILER_VIDEO, 0, &c, 1);
}

static const struct {
    const char *name, *box, *payload;
    gsize n;
    guint32 reveals;
} data[] = {
    {"place", "\xA9xyz", TEXT("\0\x09\x15\xC7+48.8+2.3"), LOCATION},
    {"an empty place", "\xA9xyz", TEXT("\0\0\x15\xC7"), 0},
    {"3GPP's place", "loci", TEXT("\0\0\0\0\x15\xC7home\0\0"), LOCATION},
    {"make", "\xA9mak", TEXT("\0\1\x15\xC7M"), DEVICE},
    {"model", "\xA9mod", TEXT("\0\1\x15\xC7M"), DEVICE},
    {"software", "\xA9swr", TEXT("\0\1\x15\xC7S"), SOFTWARE},
    {"day",
     "\xA9"
     "day",
     TEXT("\0\4\x15\xC7"
          "2024"),
     TIME},
    {"author", "auth",
     TEXT("\0\0\0\0\x15\xC7"
          "A\0"),
     PERSON},
    {"title", "titl", TEXT("\0\0\0\0\x15\xC7T\0"), COMMENT},
    {"GoPro's camera", "CAME", TEXT("\1\2\3\4"), SERIAL},
    {"GoPro's track", "GPMF", TEXT("DEVC"), DEVICE | SERIAL | LOCATION},
    {"Samsung's", "smta", TEXT("saut"), DEVICE},
    {"another", "zzzz", TEXT("abc"), 0},
};

static void
test_user_data(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(data); i++)
        assert_movie(data[i].name,
                     box("udta", box(data[i].box, bytes_of(data[i].payload, data[i].n))),
                     data[i].reveals);
}

static void
test_times(void)
{
    static const char none[24] = {0};
    static const char some[24] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
    static const char later[24] = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    static const char duration[24] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
    assert_movie("no time", box("mvhd", bytes_of(none, sizeof none)), 0);
    assert_movie("modified", box("mvhd", bytes_of(some, sizeof some)), TIME);
    assert_movie("in eight bytes", box("mvhd", bytes_of(later, sizeof later)), TIME);
    assert_movie("how long it takes", box("mvhd", bytes_of(duration, sizeof duration)), 0);
    assert_movie("of a track", box("trak", box("tkhd", bytes_of(some, sizeof some))), TIME);
    assert_movie("of its media",
                 box("trak", box("mdia", box("mdhd", bytes_of(some, sizeof some)))), TIME);
}

/* Apple's keys, and their values by number. */
static GString *
keyed(const char *key, const char *value)
{
    g_autoptr(GString) entry = box("mdta", bytes_of(key, strlen(key)));
    GString *keys = bytes_of("\0\0\0\0\0\0\0\1", 8);
    g_string_append_len(keys, entry->str, (gssize)entry->len);
    GString *text = bytes_of("\0\0\0\1\0\0\0\0", 8);
    g_string_append(text, value);
    GString *list = box("ilst", box("\0\0\0\1", box("data", text)));
    GString *all = box("hdlr", bytes_of("\0\0\0\0\0\0\0\0mdta", 12));
    keys = box("keys", keys);
    g_string_append_len(all, keys->str, (gssize)keys->len);
    g_string_append_len(all, list->str, (gssize)list->len);
    g_string_free(keys, TRUE);
    g_string_free(list, TRUE);
    return box("meta", all);
}

static void
test_keys(void)
{
    static const struct {
        const char *key, *value;
        guint32 reveals;
    } keys[] = {
        {"com.apple.quicktime.location.ISO6709", "+48.85+002.35/", LOCATION},
        {"com.apple.quicktime.location.ISO6709", "", 0},
        {"com.apple.quicktime.make", "M", DEVICE},
        {"com.apple.quicktime.model", "M", DEVICE},
        {"com.apple.quicktime.software", "17.5", SOFTWARE},
        {"com.apple.quicktime.creationdate", "2024-01-31", TIME},
        {"com.apple.quicktime.content.identifier", "0A1B", SERIAL},
        {"com.apple.quicktime.author", "A", PERSON},
        {"com.apple.quicktime.title", "T", COMMENT},
        {"com.android.version", "14", SOFTWARE},
        {"com.example.zzz", "x", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        assert_movie(keys[i].key, keyed(keys[i].key, keys[i].value), keys[i].reveals);
}

static void
test_others(void)
{
    static const char xmp[] = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"
                              "<x dc:creator='A'/>";
    assert_movie("XMP", box("uuid", bytes_of(xmp, sizeof xmp - 1)), PERSON);
    assert_movie(
        "a track of telemetry",
        box("trak", box("mdia", box("minf", box("stbl", box("stsd", bytes_of("gpmd", 4)))))),
        LOCATION | DEVICE | SERIAL);
    assert_movie(
        "iTunes' texts",
        box("udta",
            box("meta", box("ilst", box("\xA9too",
                                        box("data", bytes_of("\0\0\0\1\0\0\0\0Lavf", 12)))))),
        0);
    /* Deep, and many. */
    GString *deep = box("udta", bytes_of("", 0));
    for (guint i = 0; i < 100; i++)
        deep = box("trak", deep);
    assert_movie("deep", deep, 0);
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 0; i < 100000; i++)
        g_string_append_len(many, "\0\0\0\x08skip", 8);
    g_assert_cmphex(content_reveals(SP_CARRIER_VIDEO, 0, many->str, many->len), ==, VIDEO);
}

/* Thousands of values with one key whose name is a mebibyte. */
static void
test_long_key(void)
{
    static const char value[] = "\0\0\0\x1C\0\0\0\1\0\0\0\x14"
                                "data\0\0\0\1\0\0\0\0year";
    gsize n = (gsize)1 << 20;
    guint32 size = GUINT32_TO_BE((guint32)n + 8);
    GString *keys = bytes_of(TEXT("\0\0\0\0\0\0\0\1"));
    GString *list = g_string_new(NULL);

    g_string_append_len(keys, (const char *)&size, 4);
    g_string_append(keys, "mdtalocation");
    g_string_set_size(keys, 8 + 8 + n);
    memset(keys->str + 8 + 8 + 8, 'x', n - 8);
    for (guint i = 0; i < 4000; i++)
        g_string_append_len(list, value, sizeof value - 1);
    keys = box("keys", keys);
    list = box("ilst", list);
    g_string_append_len(keys, list->str, (gssize)list->len);
    g_string_free(list, TRUE);
    clock_t start = clock();
    g_assert_cmphex(content_reveals(SP_CARRIER_VIDEO, 0, keys->str, keys->len), ==,
                    VIDEO | LOCATION);
    g_assert_cmpint(clock() - start, <,
                    20 * CLOCKS_PER_SEC); /* of CPU; minutes, if quadratic */
    g_string_free(keys, TRUE);
}

static const ContentCase broken[] = {
    {"nothing", "", 0, VIDEO},
    {"no boxes", TEXT("hello world"), VIDEO},
    {"a size of seven", TEXT("\0\0\0\7moovabc"), VIDEO},
    {"a size of nothing", TEXT("\0\0\0\0moov\0\0\0\0udta\0\0\0\x0D\xA9mak\0\1\0\0M"),
     VIDEO | DEVICE},
    {"a size in eight bytes", TEXT("\0\0\0\1udta\0\0\0\0\0\0\0\x1D\0\0\0\x0D\xA9mak\0\1\0\0M"),
     VIDEO | DEVICE},
    {"a size beyond all",
     TEXT("\0\0\0\1udta\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\x0D\xA9mak"
          "\0\1\0\0M"),
     VIDEO | DEVICE},
    {"keys beyond the end", TEXT("\0\0\0\x18keys\0\0\0\0\0\0\0\1\xFF\xFF\xFF\xFFmdta"), VIDEO},
};

static void
test_broken(void)
{
    assert_contents(SP_CARRIER_VIDEO, 0, broken, G_N_ELEMENTS(broken));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/movie/user-data", test_user_data);
    g_test_add_func("/inventory/movie/times", test_times);
    g_test_add_func("/inventory/movie/keys", test_keys);
    g_test_add_func("/inventory/movie/others", test_others);
    g_test_add_func("/inventory/movie/long-key", test_long_key);
    g_test_add_func("/inventory/movie/broken", test_broken);
    return g_test_run();
}
