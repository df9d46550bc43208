/* SPDX-License-Identifier: MIT */
/* test-doctor.c -- Debian's order of versions, and what is said of a host that is made up. */
#include "doctor/debian-version.h"
#include "doctor/doctor.h"
#include "doctor/sample.h"
#include "scratch.h"
#include <string.h>

/* Each is older than the next; "=" is the same as the one before. */
static const char *const rising[] = {
    "1.0~~",
    "1.0~~a",
    "1.0~",
    "1.0",
    "=1.00",
    "=0:1.0",
    "=1.0-0",
    "1.0-0.1",
    "1.0-1~bpo12+1",
    "1.0-1",
    "=1.0-01",
    "1.0-1+b1",
    "1.0-1+deb12u1",
    "1.0-1+deb12u2",
    "1.0-1+deb12u10",
    "1.0a-1",
    "1.0+dfsg-1",
    "1.0.1-1",
    "1.0.1-1-1",
    "1.2",
    "1.10",
    "1.10000000000000000000",
    "1.10000000000000000001",
    "1:0.1-1",
    "2:0",
    "10:0",
};

static void
test_versions(void)
{
    for (guint i = 1; i < G_N_ELEMENTS(rising); i++) {
        gboolean same = rising[i][0] == '=';
        const char *a = rising[i - 1] + (rising[i - 1][0] == '='), *b = rising[i] + same;
        g_test_message("%s, %s", a, b);
        int there = sp_debian_version_compare(a, b), back = sp_debian_version_compare(b, a);
        if (same)
            g_assert_true(there == 0 && back == 0);
        else
            g_assert_true(there < 0 && back > 0);
    }
}

/* ---- lines --------------------------------------------------------------------------------
 */

static void
keep_line(const SpDoctorLine *line, gpointer data)
{
    static const char *const levels[] = {"ok", "warning", "fault"};
    g_string_append_printf(data, "%s %s %s|%s|%s\n", levels[line->level], line->group,
                           line->name, line->found, line->advice != NULL ? line->advice : "");
    g_assert_true((line->advice == NULL) == (line->level == SP_DOCTOR_OK));
}

#define HAS(text, part) g_assert_nonnull(strstr((text)->str, part))
#define HAS_NOT(text, part) g_assert_null(strstr((text)->str, part))

static void
test_packages(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_autoptr(GString) lines = g_string_new(NULL);
    SpDoctorOptions options = {.line = keep_line, .data = lines, .root = "."};
    sp_doctor_packages(&options); /* no dpkg */
    HAS(lines, "warning packages dpkg|");
    g_string_truncate(lines, 0);
    scratch_put(
        "var/lib/dpkg/status",
        "Package: libwebp7\nStatus: install ok installed\nVersion: 1.2.4-0.2\n\n"
        "Package: libheif1\nStatus: install ok installed\nVersion: 1.15.1-1+deb12u1\n\n"
        "Package: libvips42\nStatus: deinstall ok config-files\nVersion: 8.14.1-3\n\n"
        "Package: bash\nStatus: install ok installed\nVersion: 5\nDescription: a shell\n");
    sp_doctor_packages(&options);
    HAS(lines, "warning packages libwebp7|1.2.4-0.2 lacks fixes of 1.2.4-0.2+deb12u1 (CVE-2023-"
               "4863)|apt-get install --only-upgrade libwebp7\n");
    HAS(lines, "ok packages libheif1|1.15.1-1+deb12u1|\n");
    HAS_NOT(lines, "libvips42");
    HAS_NOT(lines, "bash");
}

static void
test_host(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    g_autoptr(GString) lines = g_string_new(NULL);
    SpDoctorOptions options = {.line = keep_line, .data = lines, .root = "."};
    sp_doctor_host(&options);
    sp_doctor_modules(&options);
    HAS(lines, " host kernel|");
    HAS_NOT(lines, "ld.so.preload");
    HAS_NOT(lines, "modules");
    g_string_truncate(lines, 0);
    scratch_put("etc/ld.so.preload", "/lib/more.so\n");
    scratch_put("proc/meminfo", "MemTotal: 900000 kB\nMemAvailable: 300000 kB\n");
    scratch_put("usr/lib/any-triplet/libheif/plugins/libheif-j2kdec.so", "");
    scratch_put("usr/lib/any-triplet/libheif/plugins/libheif-dav1d.so", "");
    scratch_put("usr/lib/any-triplet/libheif/plugins/libheif-x265.so", "");
    sp_doctor_host(&options);
    sp_doctor_modules(&options);
    HAS(lines, "warning host ld.so.preload|/lib/more.so is loaded into every program");
    HAS(lines, "warning host memory|292 MiB are free");
    HAS(lines, "warning modules libheif-j2kdec.so|");
    HAS_NOT(lines, "dav1d");
    HAS_NOT(lines, "x265");
}

static void
test_folders(Scratch *scratch, gconstpointer data)
{
    (void)scratch, (void)data;
    const char *const outputs[] = {".", "none", NULL}, *const privates[] = {".", NULL};
    g_autoptr(GString) lines = g_string_new(NULL);
    SpDoctorOptions options = {
        .line = keep_line, .data = lines, .outputs = outputs, .privates = privates};
    sp_doctor_folders(&options);
    HAS(lines, "|may be written");
    HAS(lines, "|may be written, is private");
    HAS(lines, "none|cannot be written: No such file or directory|make the folder");
    g_autoptr(GDir) dir = g_dir_open(".", 0, NULL);
    g_assert_null(g_dir_read_name(dir)); /* nothing stays */
}

static void
test_sample(void)
{
    g_autoptr(GByteArray) one = sp_sample_jpeg(), other = sp_sample_jpeg();
    g_assert_cmpuint(one->len, >, 1000000);
    g_assert_cmpmem(one->data, one->len, other->data, other->len);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doctor/versions", test_versions);
    g_test_add("/doctor/packages", Scratch, NULL, scratch_set_up, test_packages,
               scratch_tear_down);
    g_test_add("/doctor/host", Scratch, NULL, scratch_set_up, test_host, scratch_tear_down);
    g_test_add("/doctor/folders", Scratch, NULL, scratch_set_up, test_folders,
               scratch_tear_down);
    g_test_add_func("/doctor/sample", test_sample);
    return g_test_run();
}
