/* SPDX-License-Identifier: MIT */
/* test-slot.c -- the self-test's uploads: whole tables, not one slot missing its canary.
 *
 * What a slot's file is to its format is told by the library's own sniffing and walking, so
 * that a slot cannot hide in a file that nobody would take for a picture. */
#include "container/sniff.h"
#include "selftest/bytes.h"
#include "selftest/slot.h"
#include <string.h>

static const SpSlotFormat *const formats[] = {
    &sp_slots_jpeg, &sp_slots_png,  &sp_slots_webp,
    &sp_slots_gif,  &sp_slots_heic, &sp_slots_avif,
};

static GByteArray *
make(const SpSlotFormat *format, const SpSlot *slot, const SpCanary *canary)
{
    SpMaker maker = {canary, format};
    GByteArray *upload = g_byte_array_new();
    slot->make(slot, &maker, upload);
    return upload;
}

static GByteArray *
plain(const SpSlotFormat *format, SpPictureKind picture)
{
    GByteArray *upload = g_byte_array_new();
    format->plain(picture, upload);
    return upload;
}

static void
test_forms(void)
{
    SpCanary canary;
    g_assert_true(sp_canary_init(&canary, NULL));
    g_autoptr(SpSearch) search = sp_search_new(canary.letters, canary.block);
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        for (const SpSlot *slot = formats[i]->slots; slot->name != NULL; slot++) {
            g_autoptr(GByteArray) upload = make(formats[i], slot, &canary);
            g_autoptr(GByteArray) twin = plain(formats[i], slot->twin);
            guint forms = sp_search(search, upload->data, upload->len);
            g_test_message("%s %s", formats[i]->name, slot->name);
            g_assert_cmphex(forms & slot->forms, ==, slot->forms);
            g_assert_true(slot->forms != 0 || (slot->flags & SP_SLOT_DIFFERS) != 0);
            g_assert_cmphex(sp_search(search, twin->data, twin->len), ==, 0);
            g_assert_false(upload->len == twin->len &&
                           memcmp(upload->data, twin->data, twin->len) == 0);
        }
    }
}

/* With one canary always the same bytes; with another one others. */
static void
test_repeat(void)
{
    SpCanary one, two;
    g_assert_true(sp_canary_init(&one, NULL) && sp_canary_init(&two, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        for (const SpSlot *slot = formats[i]->slots; slot->name != NULL; slot++) {
            g_autoptr(GByteArray) first = make(formats[i], slot, &one);
            g_autoptr(GByteArray) second = make(formats[i], slot, &one);
            g_autoptr(GByteArray) other = make(formats[i], slot, &two);
            g_assert_cmpmem(first->data, first->len, second->data, second->len);
            if (slot->forms == 0)
                continue;
            g_test_message("%s %s", formats[i]->name, slot->name);
            g_assert_false(other->len == first->len &&
                           memcmp(other->data, first->data, first->len) == 0);
        }
    }
}

static void
test_names(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        for (const SpSlot *slot = formats[i]->slots; slot->name != NULL; slot++) {
            g_assert_true(g_hash_table_add(seen, (gpointer)slot->name));
            g_assert_cmpuint(strspn(slot->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), ==,
                             strlen(slot->name));
        }
    }
}

static void
test_formats(void)
{
    SpCanary canary;
    g_assert_true(sp_canary_init(&canary, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        for (const SpSlot *slot = formats[i]->slots; slot->name != NULL; slot++) {
            g_autoptr(GByteArray) upload = make(formats[i], slot, &canary);
            const SpSniffed *sniffed = sp_sniff(upload->data, upload->len);
            g_assert_nonnull(sniffed);
            g_assert_cmpstr(sniffed->word, ==, formats[i]->name);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slot/forms", test_forms);
    g_test_add_func("/slot/repeat", test_repeat);
    g_test_add_func("/slot/names", test_names);
    g_test_add_func("/slot/formats", test_formats);
    return g_test_run();
}
