/* SPDX-License-Identifier: MIT */
/* test-shard.c -- the hash is the published one, shards are even, and the schedulers' variables
 * are believed only where they make sense. */
#include "base/error.h"
#include "bulk/shard.h"
#include <string.h>

static void
test_parse(void)
{
    static const struct {
        const char *text;
        gboolean ok;
        SpShard want;
    } cases[] = {
        {"0/1", TRUE, {0, 1}},
        {"0/4", TRUE, {0, 4}},
        {"3/4", TRUE, {3, 4}},
        {"4/4", FALSE},
        {"99999/100000", TRUE, {99999, 100000}},
        {"0/100001", FALSE},
        {"0/0", FALSE},
        {"1", FALSE},
        {"", FALSE},
        {"/", FALSE},
        {"1/", FALSE},
        {"/4", FALSE},
        {"-1/4", FALSE},
        {"1/4/2", FALSE},
        {" 1/4", FALSE},
        {"1/ 4", FALSE},
        {"0x1/4", FALSE},
        {"01/04", TRUE, {1, 4}},
        {"1/18446744073709551617", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SpShard shard = {7, 8};
        g_test_message("'%s'", cases[i].text);
        g_assert_cmpint(sp_shard_parse(cases[i].text, &shard), ==, cases[i].ok);
        SpShard want = cases[i].ok ? cases[i].want : (SpShard){7, 8};
        g_assert_cmpuint(shard.index, ==, want.index);
        g_assert_cmpuint(shard.n, ==, want.n);
    }
}

/* FNV-1a's own test vectors, each with its halves folded. */
static void
test_hash(void)
{
    static const struct {
        const char *text;
        guint64 hash;
    } vectors[] = {
        {"", G_GUINT64_CONSTANT(0xcbf29ce484222325)},
        {"a", G_GUINT64_CONSTANT(0xaf63dc4c8601ec8c)},
        {"b", G_GUINT64_CONSTANT(0xaf63df4c8601f1a5)},
        {"foobar", G_GUINT64_CONSTANT(0x85944171f73967e8)},
        {"chongo was here!\n", G_GUINT64_CONSTANT(0x46810940eff5f915)},
    };
    static const guint shards[] = {2, 3, 10, 1000, SP_SHARDS_MOST};
    for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
        guint32 folded = (guint32)(vectors[i].hash >> 32) ^ (guint32)vectors[i].hash;
        for (gsize k = 0; k < G_N_ELEMENTS(shards); k++) {
            SpShard shard = {folded % shards[k], shards[k]};
            g_assert_true(sp_shard_has(shard, vectors[i].text));
            shard.index = (shard.index + 1) % shards[k];
            g_assert_false(sp_shard_has(shard, vectors[i].text));
        }
        g_assert_true(sp_shard_has((SpShard){0, 1}, vectors[i].text));
        g_assert_true(sp_shard_has((SpShard){0, 0}, vectors[i].text));
    }
}

/* Names as cameras give them. n_files on each shard is about a binomial distribution: six
 * standard deviations are not met by chance. */
static void
test_even(void)
{
    static const guint numbers[] = {2, 3, 4, 7, 8, 16, 100};
    static const char *const formats[] = {"IMG_%05u.jpg", "2024/%02u/a.jpg", "%u"};
    const guint n_files = 20000;
    for (guint i = 0; i < G_N_ELEMENTS(numbers) * G_N_ELEMENTS(formats); i++) {
        guint n = numbers[i % G_N_ELEMENTS(numbers)], counts[100] = {0};
        for (guint file = 0; file < n_files; file++) {
            char path[64];
            /* The formats are those above. */
            _Pragma("GCC diagnostic push");
            _Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"");
            g_snprintf(path, sizeof path, formats[i / G_N_ELEMENTS(numbers)], file);
            _Pragma("GCC diagnostic pop");
            guint holders = 0;
            for (guint index = 0; index < n; index++) {
                gboolean has = sp_shard_has((SpShard){index, n}, path);
                holders += has ? 1 : 0;
                counts[index] += has ? 1 : 0;
            }
            g_assert_cmpuint(holders, ==, 1);
        }
        double mean = (double)n_files / n, variance = mean * (1 - 1.0 / n);
        for (guint index = 0; index < n; index++)
            g_assert_cmpfloat((counts[index] - mean) * (counts[index] - mean), <,
                              36 * variance);
    }
}

/* ---- schedulers ----------------------------------------------------------------------------
 */

static const char *const all_variables[] = {
    "SLURM_ARRAY_TASK_ID",      "SLURM_ARRAY_TASK_MIN",   "SLURM_ARRAY_TASK_MAX",
    "SLURM_ARRAY_TASK_STEP",    "SLURM_ARRAY_TASK_COUNT", "SLURM_JOB_ID",
    "JOB_COMPLETION_INDEX",     "JOB_COMPLETIONS",        "AWS_BATCH_JOB_ARRAY_INDEX",
    "AWS_BATCH_JOB_ARRAY_SIZE",
};

#define SLURM(id, min, step, count)                                                            \
    "SLURM_ARRAY_TASK_ID=" id " SLURM_ARRAY_TASK_MIN=" min " SLURM_ARRAY_TASK_STEP=" step      \
    " SLURM_ARRAY_TASK_COUNT=" count
#define SLURM_TO(id, min, max, step, count)                                                    \
    SLURM(id, min, step, count) " SLURM_ARRAY_TASK_MAX=" max
#define KUBERNETES(index, n) "JOB_COMPLETION_INDEX=" index " JOB_COMPLETIONS=" n
#define AWS(index, n) "AWS_BATCH_JOB_ARRAY_INDEX=" index " AWS_BATCH_JOB_ARRAY_SIZE=" n

static const struct {
    const char *variables;
    guint index, n;   /* n 0: refused */
    const char *says; /* the scheduler, or words of the message */
} environments[] = {
    {SLURM("0", "0", "1", "4"), 0, 4, "Slurm"},
    {SLURM("3", "0", "1", "4"), 3, 4, "Slurm"},
    {SLURM("7", "1", "2", "4"), 3, 4, "Slurm"},
    {SLURM_TO("7", "1", "7", "2", "4"), 3, 4, "Slurm"},
    {SLURM_TO("7", "1", "8", "2", "4"), 3, 4, "Slurm"},
    {SLURM("5", "5", "1", "1") " SLURM_JOB_ID=12", 0, 1, "Slurm"},
    {SLURM("4", "0", "1", "4"), 0, 0, "SLURM_ARRAY_TASK_ID is 4"},
    {SLURM("6", "1", "2", "4"), 0, 0, "uneven"},
    {SLURM("0", "1", "1", "4"), 0, 0, "uneven"},
    {SLURM("1", "0", "0", "4"), 0, 0, "uneven"},
    {SLURM_TO("3", "1", "7", "1", "3"), 0, 0, "uneven"}, /* --array=1,3,7 */
    {SLURM_TO("0", "0", "-1", "1", "1"), 0, 0, "SLURM_ARRAY_TASK_MAX is '-1'"},
    {SLURM("0", "0", "1", "0"), 0, 0, "SLURM_ARRAY_TASK_COUNT is 0"},
    {SLURM("0", "0", "1", "100001"), 0, 0, "SLURM_ARRAY_TASK_COUNT is 100001"},
    {SLURM("x", "0", "1", "4"), 0, 0, "SLURM_ARRAY_TASK_ID is 'x'"},
    {SLURM("0", "0", "1", ""), 0, 0, "SLURM_ARRAY_TASK_COUNT is ''"},
    {SLURM("0", "0", "1", "99999999999999999999"), 0, 0, "SLURM_ARRAY_TASK_COUNT"},
    {"SLURM_ARRAY_TASK_ID=1", 0, 0, "SLURM_ARRAY_TASK_COUNT is not set"},
    {"SLURM_JOB_ID=12", 0, 0, "no scheduler"},
    {KUBERNETES("0", "3"), 0, 3, "Kubernetes"},
    {KUBERNETES("2", "3"), 2, 3, "Kubernetes"},
    {KUBERNETES("3", "3"), 0, 0, "JOB_COMPLETION_INDEX is 3, but JOB_COMPLETIONS is 3"},
    {KUBERNETES("+1", "3"), 0, 0, "JOB_COMPLETION_INDEX is '+1'"},
    {"JOB_COMPLETION_INDEX=1", 0, 0, "JOB_COMPLETIONS is not set"},
    {"JOB_COMPLETIONS=1", 0, 0, "JOB_COMPLETION_INDEX is not set"},
    {AWS("9", "10"), 9, 10, "AWS Batch"},
    {AWS("10", "10"), 0, 0, "AWS_BATCH_JOB_ARRAY_INDEX is 10"},
    {AWS("0", "10") " " KUBERNETES("0", "3"), 0, 0, "JOB_COMPLETION_INDEX"},
    {AWS("0", "10") " " SLURM("0", "0", "1", "4"), 0, 0, "AWS_BATCH_JOB_ARRAY_INDEX"},
    {"", 0, 0, "no scheduler"},
};

static void
set_environment(const char *variables)
{
    g_auto(GStrv) pairs = g_strsplit(variables, " ", -1);
    for (gsize i = 0; i < G_N_ELEMENTS(all_variables); i++)
        g_unsetenv(all_variables[i]);
    for (guint i = 0; pairs[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(pairs[i], "=", 2);
        if (pair[0] != NULL)
            g_setenv(pair[0], pair[1], TRUE);
    }
}

static void
test_environment(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(environments); i++) {
        g_autoptr(GError) error = NULL;
        SpShard shard = {7, 8};
        const char *source = NULL;
        set_environment(environments[i].variables);
        g_test_message("%s", environments[i].variables);
        gboolean ok = sp_shard_from_environment(&shard, &source, &error);
        g_assert_cmpint(ok, ==, environments[i].n != 0);
        if (ok) {
            g_assert_cmpuint(shard.index, ==, environments[i].index);
            g_assert_cmpuint(shard.n, ==, environments[i].n);
            g_assert_cmpstr(source, ==, environments[i].says);
            continue;
        }
        g_assert_error(error, SP_ERROR, SP_ERROR_CANNOT_READ);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, environments[i].says));
        g_assert_cmpuint(shard.n, ==, 8);
        g_assert_null(source);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shard/parse", test_parse);
    g_test_add_func("/shard/hash", test_hash);
    g_test_add_func("/shard/even", test_even);
    g_test_add_func("/shard/environment", test_environment);
    return g_test_run();
}
