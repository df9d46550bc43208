/* SPDX-License-Identifier: MIT */
/* wire-inspection.c -- checking what an inspector says of a file.
 *
 * The same rules as in wire.c: a list of what is allowed, a message is taken whole or not at
 * all. The one thing of variable size is checked to its last byte before anybody steps through
 * it. */
#include "base/carrier.h"
#include "base/error.h"
#include "sandbox/wire.h"
#include <stddef.h>
#include <string.h>

#define KNOWN_CATEGORIES ((1u << SP_CATEGORY_COUNT) - 1)

gsize
sp_wire_inspection_size(const SpWireInspection *inspection)
{
    return offsetof(SpWireInspection, values) + inspection->n_values;
}

void
sp_wire_inspection_error(SpWireInspection *inspection, const GError *error)
{
    inspection->code = sp_wire_say_error(inspection->message, error);
}

/* Its header, and that it is as long as it says. */
static gboolean
check_frame(const SpWireFileRequest *request, const SpWireInspection *inspection, gsize n,
            GError **error)
{
    gsize least = offsetof(SpWireInspection, values);
    if (n < least)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "inspection has %" G_GSIZE_FORMAT " bytes, fewer than any", n);
    if (inspection->n_values > SP_WIRE_VALUES)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has %u bytes of values",
                        inspection->n_values);
    return sp_wire_check_header(&inspection->header, n, SP_WIRE_INSPECTION,
                                sp_wire_inspection_size(inspection), request->header.id, error);
}

static gboolean
check_picture(const SpWireInspection *inspection, GError **error)
{
    guint least = inspection->code == SP_ERROR_NONE ? 1 : 0;
    if (inspection->width < least || inspection->height < least)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has a picture of %ux%u pixels",
                        inspection->width, inspection->height);
    return TRUE;
}

static gboolean
check_rows(const SpWireInspection *inspection, GError **error)
{
    guint32 reveals = 0;
    if (inspection->n_carriers > SP_WIRE_CARRIERS)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has %u carriers",
                        inspection->n_carriers);
    for (guint i = 0; i < inspection->n_carriers; i++) {
        const SpWireCarrier *row = &inspection->carriers[i];
        if (row->carrier == SP_CARRIER_PICTURE || row->carrier >= SP_CARRIER_COUNT)
            return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has carrier %u",
                            row->carrier);
        if (row->count == 0 || row->bytes > G_MAXINT64)
            return sp_throw(error, SP_ERROR_PROTOCOL,
                            "inspection has %u carriers of %" G_GUINT64_FORMAT " bytes",
                            row->count, row->bytes);
        if ((row->reveals & ~KNOWN_CATEGORIES) != 0)
            return sp_throw(error, SP_ERROR_PROTOCOL,
                            "inspection has unknown category bits 0x%x", row->reveals);
        reveals |= row->reveals;
    }
    if (reveals != inspection->reveals)
        return sp_throw(error, SP_ERROR_PROTOCOL,
                        "inspection reveals 0x%x, but its carriers 0x%x", inspection->reveals,
                        reveals);
    return TRUE;
}

/* The value at inspection->values + at; *ret_n is what it takes there. */
static gboolean
check_value(const SpWireInspection *inspection, gsize at, gsize *ret_n, GError **error)
{
    SpWireValue value;
    gsize room = inspection->n_values - at;
    if (room < sizeof value)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has a cut value");
    memcpy(&value, inspection->values + at, sizeof value);
    if (value.category == 0 || (value.category & (value.category - 1)) != 0 ||
        (value.category & ~inspection->reveals) != 0)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has a value of category 0x%x",
                        value.category);
    if (value.n_name == 0 || value.n_value > SP_WIRE_VALUE ||
        (gsize)value.n_name + value.n_value > room - sizeof value)
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has a value of %u + %u bytes",
                        value.n_name, value.n_value);
    const char *name = (const char *)inspection->values + at + sizeof value;
    if (!g_utf8_validate_len(name, value.n_name, NULL))
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has a value without a name");
    *ret_n = sizeof value + value.n_name + value.n_value;
    return TRUE;
}

static gboolean
check_values(const SpWireFileRequest *request, const SpWireInspection *inspection,
             GError **error)
{
    guint32 most = request->values != 0 ? 1 : 0;
    if (inspection->values_cut > most || (most == 0 && inspection->n_values != 0))
        return sp_throw(error, SP_ERROR_PROTOCOL, "inspection has values that nobody wanted");
    for (gsize at = 0, n = 0; at < inspection->n_values; at += n) {
        if (!check_value(inspection, at, &n, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
sp_wire_check_inspection(const SpWireFileRequest *request, const SpWireInspection *inspection,
                         gsize n, GError **error)
{
    return check_frame(request, inspection, n, error) &&
           sp_wire_check_code(inspection->code, inspection->message, error) &&
           check_picture(inspection, error) && check_rows(inspection, error) &&
           check_values(request, inspection, error);
}
