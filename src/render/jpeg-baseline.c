/* SPDX-License-Identifier: MIT */
/* jpeg-baseline.c -- planes of a baseline JPEG without a fault, in two threads.
 *
 * One thread makes coefficients, a slot of some MCUs after the other; another makes samples of
 * them, in the feed's rows. Between the two stands a ring of slots, so that memory does not
 * grow with the picture. Waking a thread costs more than filling some slots: so nobody is woken
 * for less than half a ring. In one thread the ring is one slot. */
#include "render/jpeg-baseline.h"
#include "render/jpeg-blocks.h"
#include "render/jpeg-idct.h"
#include "render/thread.h"
#include <stdio.h>
/* needs stdio.h */
#include <jpeglib.h>

#define SLOT_BLOCKS 96
#define SLOTS 64

typedef struct {
    guint n; /* MCUs */
    guint8 lengths[SLOT_BLOCKS];
    gint16 blocks[(SLOT_BLOCKS + SP_JPEG_SPARE_BLOCKS) * SP_JPEG_BLOCK];
} Slot;

typedef struct {
    guint h, v;               /* blocks in an MCU */
    guint size;               /* samples a side of a block */
    guint blocks_x, blocks_y; /* that are not padding */
    SpJpegIdct idct;
    SpJpegFactors factors;
} Component;

struct SpJpegBaseline {
    guint n_components;
    guint mcus_x, mcus_y, mcu_blocks;
    Component components[SP_MAX_PLANES];
    SpJpegDcTable *dc[NUM_HUFF_TBLS]; /* owned */
    SpJpegAcTable *ac[NUM_HUFF_TBLS]; /* owned */
    SpJpegBlocks *blocks;             /* owned */
    SpFeed *feed;                     /* borrowed */
    Slot *slots;                      /* owned */
    guint n_slots;
    GArray *slices; /* owned; blocks' */
    GMutex lock;    /* of what follows */
    GCond changed;
    guint made, used; /* slots, since the beginning */
    gboolean maker_waits, user_waits;
    gboolean ended; /* nothing more is made */
    gboolean lost;  /* by either */
};

/* ---- what is taken ------------------------------------------------------------------------
 */

#if JPEG_LIB_VERSION >= 70
#define DCT_SIZE(component) ((guint)(component)->DCT_h_scaled_size)
#else
#define DCT_SIZE(component) ((guint)(component)->DCT_scaled_size)
#endif

static gboolean
is_plain(const struct jpeg_decompress_struct *cinfo)
{
    return !cinfo->progressive_mode && !cinfo->arith_code && cinfo->data_precision == 8 &&
           cinfo->num_components <= SP_MAX_PLANES &&
           cinfo->comps_in_scan == cinfo->num_components;
}

static gboolean
tables_init(SpJpegBaseline *baseline, const struct jpeg_decompress_struct *cinfo,
            const jpeg_component_info *info)
{
    guint dc = (guint)info->dc_tbl_no, ac = (guint)info->ac_tbl_no;
    if (dc >= NUM_HUFF_TBLS || ac >= NUM_HUFF_TBLS)
        return FALSE;
    const JHUFF_TBL *of_dc = cinfo->dc_huff_tbl_ptrs[dc], *of_ac = cinfo->ac_huff_tbl_ptrs[ac];
    if (of_dc == NULL || of_ac == NULL)
        return FALSE;
    if (baseline->dc[dc] == NULL) {
        baseline->dc[dc] = g_new(SpJpegDcTable, 1);
        if (!sp_jpeg_dc_table_init(baseline->dc[dc], of_dc->bits, of_dc->huffval))
            return FALSE;
    }
    if (baseline->ac[ac] == NULL) {
        baseline->ac[ac] = g_new(SpJpegAcTable, 1);
        if (!sp_jpeg_ac_table_init(baseline->ac[ac], of_ac->bits, of_ac->huffval))
            return FALSE;
    }
    return TRUE;
}

static gboolean
component_init(SpJpegBaseline *baseline, guint i, const struct jpeg_decompress_struct *cinfo,
               SpJpegScan *scan)
{
    const jpeg_component_info *info = &cinfo->comp_info[i];
    Component *component = &baseline->components[i];
    guint table = (guint)info->quant_tbl_no;
    const JQUANT_TBL *quant = table < NUM_QUANT_TBLS ? cinfo->quant_tbl_ptrs[table] : NULL;
    *component = (Component){
        .h = (guint)info->h_samp_factor,
        .v = (guint)info->v_samp_factor,
        .size = DCT_SIZE(info),
        .blocks_x = info->width_in_blocks,
        .blocks_y = info->height_in_blocks,
        .idct = sp_jpeg_idct_of(DCT_SIZE(info)),
    };
    if (cinfo->cur_comp_info[i] != info || quant == NULL || component->idct == NULL ||
        component->v * component->size > SP_FEED_ROWS ||
        !sp_jpeg_factors_init(&component->factors, quant->quantval) ||
        !tables_init(baseline, cinfo, info))
        return FALSE;
    for (guint k = 0; k < component->h * component->v; k++) {
        if (scan->n_blocks == SP_JPEG_MCU_BLOCKS)
            return FALSE;
        scan->blocks[scan->n_blocks++] = (SpJpegBlockCodes){
            .dc = baseline->dc[info->dc_tbl_no],
            .ac = baseline->ac[info->ac_tbl_no],
            .component = i,
        };
    }
    return TRUE;
}

/* A component alone has MCUs of one block, whatever its sampling: only where that says the
 * same. */
static gboolean
mcus_init(SpJpegBaseline *baseline, const struct jpeg_decompress_struct *cinfo)
{
    guint width = 8 * (guint)cinfo->max_h_samp_factor;
    guint height = 8 * (guint)cinfo->max_v_samp_factor;
    baseline->mcus_x = (cinfo->image_width + width - 1) / width;
    baseline->mcus_y = (cinfo->image_height + height - 1) / height;
    return baseline->n_components > 1 || (width == 8 && height == 8);
}

SpJpegBaseline *
sp_jpeg_baseline_new(const struct jpeg_decompress_struct *cinfo, GArray *slices)
{
    g_return_val_if_fail(slices->len > 0, NULL);
    if (!is_plain(cinfo))
        return NULL;
    g_autoptr(SpJpegBaseline) baseline = g_new0(SpJpegBaseline, 1);
    SpJpegScan scan = {.slices = &g_array_index(slices, SpSlice, 0), .n_slices = slices->len};
    g_mutex_init(&baseline->lock);
    g_cond_init(&baseline->changed);
    baseline->slices = g_array_ref(slices);
    baseline->n_components = (guint)cinfo->num_components;
    if (!mcus_init(baseline, cinfo))
        return NULL;
    for (guint i = 0; i < baseline->n_components; i++)
        if (!component_init(baseline, i, cinfo, &scan))
            return NULL;
    baseline->mcu_blocks = scan.n_blocks;
    scan.n_mcus = baseline->mcus_x * baseline->mcus_y;
    scan.restart_interval = cinfo->restart_interval;
    baseline->blocks = sp_jpeg_blocks_new(&scan);
    return g_steal_pointer(&baseline);
}

void
sp_jpeg_baseline_free(SpJpegBaseline *baseline)
{
    if (baseline == NULL)
        return;
    for (guint i = 0; i < NUM_HUFF_TBLS; i++) {
        g_free(baseline->dc[i]);
        g_free(baseline->ac[i]);
    }
    sp_jpeg_blocks_free(baseline->blocks);
    g_free(baseline->slots);
    g_clear_pointer(&baseline->slices, g_array_unref);
    g_mutex_clear(&baseline->lock);
    g_cond_clear(&baseline->changed);
    g_free(baseline);
}

/* ---- the ring -----------------------------------------------------------------------------
 */

/* A slot to fill; NULL when nobody wants it. */
static Slot *
slot_to_make(SpJpegBaseline *baseline)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&baseline->lock);
    while (baseline->made - baseline->used == baseline->n_slots && !baseline->lost) {
        baseline->maker_waits = TRUE;
        g_cond_wait(&baseline->changed, &baseline->lock);
        baseline->maker_waits = FALSE;
    }
    return baseline->lost ? NULL : &baseline->slots[baseline->made % baseline->n_slots];
}

static void
slot_made(SpJpegBaseline *baseline)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&baseline->lock);
    baseline->made++;
    if (baseline->user_waits && baseline->made - baseline->used >= baseline->n_slots / 2)
        g_cond_signal(&baseline->changed);
}

static const Slot *
slot_to_use(SpJpegBaseline *baseline)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&baseline->lock);
    while (baseline->made == baseline->used && !baseline->ended) {
        baseline->user_waits = TRUE;
        g_cond_wait(&baseline->changed, &baseline->lock);
        baseline->user_waits = FALSE;
    }
    return baseline->lost || baseline->made == baseline->used
               ? NULL
               : &baseline->slots[baseline->used % baseline->n_slots];
}

static void
slot_used(SpJpegBaseline *baseline)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&baseline->lock);
    baseline->used++;
    if (baseline->maker_waits && baseline->made - baseline->used <= baseline->n_slots / 2)
        g_cond_signal(&baseline->changed);
}

/* By either of both: no more slots, and whether the bet is lost. */
static void
end(SpJpegBaseline *baseline, gboolean lost)
{
    g_autoptr(GMutexLocker) G_GNUC_UNUSED locker = g_mutex_locker_new(&baseline->lock);
    baseline->ended = TRUE;
    baseline->lost |= lost;
    g_cond_signal(&baseline->changed);
}

/* ---- coefficients -------------------------------------------------------------------------
 */

static guint
slot_mcus(const SpJpegBaseline *baseline, guint x)
{
    return MIN(baseline->mcus_x - x, SLOT_BLOCKS / baseline->mcu_blocks);
}

static gboolean
fill(SpJpegBaseline *baseline, Slot *slot, guint x)
{
    slot->n = slot_mcus(baseline, x);
    return sp_jpeg_blocks_read(baseline->blocks, slot->n, slot->blocks, slot->lengths);
}

static gboolean
make_slots(SpJpegBaseline *baseline)
{
    for (guint y = 0; y < baseline->mcus_y; y++)
        for (guint x = 0; x < baseline->mcus_x; x += slot_mcus(baseline, x)) {
            Slot *slot = slot_to_make(baseline);
            if (slot == NULL || !fill(baseline, slot, x))
                return FALSE;
            slot_made(baseline);
        }
    return sp_jpeg_blocks_end(baseline->blocks);
}

/* ---- samples ------------------------------------------------------------------------------
 */

typedef struct {
    guint8 *rows[SP_MAX_PLANES][SP_FEED_ROWS];
} Room;

static gboolean
make_room(SpJpegBaseline *baseline, Room *room)
{
    for (guint i = 0; i < baseline->n_components; i++) {
        const Component *component = &baseline->components[i];
        if (!sp_feed_room(baseline->feed, i, component->v * component->size, room->rows[i]))
            return FALSE;
    }
    return TRUE;
}

static void
push(SpJpegBaseline *baseline)
{
    for (guint i = 0; i < baseline->n_components; i++)
        sp_feed_push(baseline->feed, i,
                     baseline->components[i].v * baseline->components[i].size);
}

/* A row of one component's blocks in n MCUs; those behind the picture's last one are padding.
 */
static guint
transform(const Component *component, guint mcu_x, guint n, guint mcu_blocks,
          const gint16 *blocks, const guint8 *lengths, guint8 *const *rows)
{
    guint bad = 0, at = mcu_x * component->h;
    for (guint k = 0; k < n; k++) {
        for (guint x = 0; x < component->h && at < component->blocks_x; x++, at++)
            bad |= component->idct(blocks + (gsize)x * SP_JPEG_BLOCK, lengths[x],
                                   &component->factors, rows, (gsize)at * component->size);
        blocks += (gsize)mcu_blocks * SP_JPEG_BLOCK;
        lengths += mcu_blocks;
    }
    return bad;
}

static gboolean
use(const SpJpegBaseline *baseline, const Slot *slot, guint x, guint y, const Room *room)
{
    guint bad = 0, block = 0;
    for (guint i = 0; i < baseline->n_components; i++) {
        const Component *component = &baseline->components[i];
        for (guint k = 0; k < component->v; k++, block += component->h)
            if (y * component->v + k < component->blocks_y)
                bad |= transform(component, x, slot->n, baseline->mcu_blocks,
                                 slot->blocks + (gsize)block * SP_JPEG_BLOCK,
                                 slot->lengths + block,
                                 room->rows[i] + (gsize)k * component->size);
    }
    return bad == 0;
}

static gboolean
use_slots(SpJpegBaseline *baseline)
{
    Room room;
    for (guint y = 0; y < baseline->mcus_y; y++) {
        if (!make_room(baseline, &room))
            return FALSE;
        for (guint x = 0; x < baseline->mcus_x; x += slot_mcus(baseline, x)) {
            const Slot *slot = slot_to_use(baseline);
            if (slot == NULL || !use(baseline, slot, x, y, &room))
                return FALSE;
            slot_used(baseline);
        }
        push(baseline);
    }
    return TRUE;
}

/* ---- one thread, or two -------------------------------------------------------------------
 */

static gboolean
run_alone(SpJpegBaseline *baseline)
{
    Room room;
    Slot *slot = baseline->slots;
    for (guint y = 0; y < baseline->mcus_y; y++) {
        if (!make_room(baseline, &room))
            return FALSE;
        for (guint x = 0; x < baseline->mcus_x; x += slot_mcus(baseline, x))
            if (!fill(baseline, slot, x) || !use(baseline, slot, x, y, &room))
                return FALSE;
        push(baseline);
    }
    return sp_jpeg_blocks_end(baseline->blocks);
}

static void *
use_thread(void *data)
{
    SpJpegBaseline *baseline = data;
    if (!use_slots(baseline))
        end(baseline, TRUE);
    return NULL;
}

static gboolean
run_in_two(SpJpegBaseline *baseline)
{
    SpThread user = 0;
    if (!sp_thread_start(&user, use_thread, baseline, NULL))
        return FALSE;
    gboolean made = make_slots(baseline);
    end(baseline, !made);
    pthread_join(user, NULL);
    return !baseline->lost;
}

gboolean
sp_jpeg_baseline_run(SpJpegBaseline *baseline, SpFeed *feed, guint threads)
{
    baseline->feed = feed;
    baseline->n_slots = threads > 1 ? SLOTS : 1;
    baseline->slots = g_try_new(Slot, baseline->n_slots);
    if (baseline->slots == NULL)
        return FALSE;
    return threads > 1 ? run_in_two(baseline) : run_alone(baseline);
}

guint64
sp_jpeg_baseline_memory(guint threads)
{
    guint64 tables = NUM_HUFF_TBLS * (sizeof(SpJpegDcTable) + sizeof(SpJpegAcTable));
    guint64 two = SLOTS * sizeof(Slot) + SP_THREAD_STACK + SP_THREAD_STACK / 4;
    return tables + SP_JPEG_BLOCKS_BYTES + (threads > 1 ? two : sizeof(Slot));
}
