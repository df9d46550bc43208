/* SPDX-License-Identifier: MIT */
/* size.h -- numbers as people write them, the same in every locale.
 *
 * All parsers take the whole text or nothing: no sign, no blanks, no junk behind. On failure
 * the ret_ value is untouched. */
#ifndef SP_BASE_SIZE_H
#define SP_BASE_SIZE_H
#include <glib.h>
G_BEGIN_DECLS

/* A whole number from min to max, of digits to that base (2 to 36). */
gboolean sp_unsigned_parse(const char *text, guint base, guint64 min, guint64 max,
                           guint64 *ret_value) G_GNUC_WARN_UNUSED_RESULT;

/* Bytes: a decimal number, or one with K, M, G (or KiB, MiB, GiB) for powers of 1024. "64KB" is
 * refused: half the world means 64 000 by it. FALSE also on overflow. */
gboolean sp_size_parse(const char *text, guint64 *ret_bytes) G_GNUC_WARN_UNUSED_RESULT;

/* The shortest text that sp_size_parse() reads as bytes: "64M", "1000". New. */
char *sp_size_format(guint64 bytes);

/* A decimal fraction such as "20" or "0.5": digits on both sides of the point; no exponent, no
 * hexadecimal, no infinity. */
gboolean sp_real_parse(const char *text, double *ret_value) G_GNUC_WARN_UNUSED_RESULT;

/* A short text that sp_real_parse() reads as exactly value, which is 0.001 to 1e5. New. */
char *sp_real_format(double value);

G_END_DECLS
#endif
