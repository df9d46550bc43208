/* SPDX-License-Identifier: MIT */
/* xmp.c -- what an XMP packet, or a piece of one, reveals.
 *
 * No XML library: a search for tags that keeps the names of the open elements, so that the text
 * of an rdf:li counts for the property around it. It takes whatever it is given, from the
 * middle on as well, since extended XMP comes in pieces; nothing is ever "not well-formed".
 * Only properties with something in them count: <dc:creator/> reveals nobody.
 *
 * Bounds: SP_TEXT_SEARCHED bytes a part, MAX_OPEN elements deep (of deeper ones the innermost
 * has a name), MAX_SPACES prefixes, and the file's allowance for the number of properties. */
#include <string.h>

#include "inventory/reader.h"
#include "inventory/text.h"
#include "inventory/xmp-names.h"

#define MAX_OPEN 32
#define MAX_SPACES 64
#define PROPERTY_COST 64 /* of the file's allowance, in bytes */
#define LAST_MARK 2
#define MAX_PACKET_MARK 96 /* bytes of <?xpacket begin="" id="..." ...?> */
#define MAX_HARMLESS 64    /* bytes of a value that is a number, a size, a format */
#define MAX_LIST 512
#define MAX_ADDRESS 128 /* bytes of a namespace's address that nobody here knows */
#define MAX_LANGUAGE 35 /* RFC 5646, section 4.4.1 */

/* "dc:creator", in two. */
typedef struct {
    SpSlice prefix, local; /* borrowed from the text */
} Name;

/* Whose an element is. */
typedef enum {
    OWNER_PROPERTY,
    OWNER_RDF,    /* RDF's own, around properties and between them and their text */
    OWNER_PACKET, /* <x:xmpmeta> and its like, around RDF */
} Owner;

typedef struct {
    Name name;
    Owner owner;
} Element;

typedef struct {
    SpSlice prefix;    /* borrowed from the text */
    const char *usual; /* static; NULL: of a namespace that nobody here knows */
} Space;

typedef struct {
    SpSlice text;
    gsize at;
    SpFinder *finder; /* borrowed */
    Element open[MAX_OPEN];
    guint depth; /* may be larger than MAX_OPEN */
    Space spaces[MAX_SPACES];
    guint n_spaces;
    gboolean is_piece; /* of extended XMP */
    gboolean exhausted;
} Scan;

static SpSlice
slice(const char *text)
{
    return (SpSlice){(const guint8 *)text, strlen(text)};
}

static gboolean
same(SpSlice a, SpSlice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.bytes, b.bytes, a.n) == 0);
}

/* ---- names ---------------------------------------------------------------------------------
 */

static gboolean
is_name_byte(guint8 byte)
{
    return g_ascii_isalnum(byte) || byte == ':' || byte == '_' || byte == '-' || byte == '.' ||
           byte >= 0x80;
}

/* The name at the scan's place, which moves behind it; may be empty. */
static Name
take_name(Scan *scan)
{
    gsize from = scan->at;
    while (scan->at < scan->text.n && is_name_byte(scan->text.bytes[scan->at]))
        scan->at++;
    SpSlice all = {scan->text.bytes + from, scan->at - from};
    const guint8 *colon = all.n > 0 ? memchr(all.bytes, ':', all.n) : NULL;
    if (colon == NULL)
        return (Name){{all.bytes, 0}, all};
    gsize n = (gsize)(colon - all.bytes);
    return (Name){{all.bytes, n}, {colon + 1, all.n - n - 1}};
}

/* The usual prefix for that prefix: by the address that the packet gave it, else by itself. */
static SpSlice
usual_prefix(const Scan *scan, SpSlice prefix)
{
    for (guint i = 0; i < scan->n_spaces; i++) {
        if (same(scan->spaces[i].prefix, prefix))
            return scan->spaces[i].usual ? slice(scan->spaces[i].usual) : prefix;
    }
    return prefix;
}

/* Something where nobody here knows what it says. */
static void
tell_unknown(Scan *scan, SpSlice name, SpSlice value)
{
    value = sp_text_trim(value);
    if (value.n == 0)
        return;
    g_autofree char *title =
        sp_find_wants_values(scan->finder) ? g_strndup((const char *)name.bytes, name.n) : NULL;
    sp_find_value(scan->finder, SP_CATEGORY_UNKNOWN, title ? title : "", value);
}

/* xmlns:prefix="address" */
static void
add_space(Scan *scan, SpSlice prefix, SpSlice address)
{
    guint i = 0;
    while (i < scan->n_spaces && !same(scan->spaces[i].prefix, prefix))
        i++;
    if (i == MAX_SPACES)
        return;
    scan->spaces[i] = (Space){prefix, sp_xmp_usual_prefix(address)};
    if (scan->spaces[i].usual == NULL && address.n > MAX_ADDRESS)
        tell_unknown(scan, slice("Namespace"), address);
    scan->n_spaces = MAX(scan->n_spaces, i + 1);
}

/* ---- properties ----------------------------------------------------------------------------
 */

static gboolean
is_no(SpSlice value)
{
    return sp_text_equals(value, "0") || sp_text_equals(value, "False") ||
           sp_text_equals(value, "false");
}

/* What one entry of Google's Container says that it is. */
static guint32
item_bits(SpSlice local, SpSlice value)
{
    if (sp_text_equals(local, "Mime"))
        return value.n > 6 && memcmp(value.bytes, "video/", 6) == 0 ? SP_CATEGORY_VIDEO : 0;
    if (!sp_text_equals(local, "Semantic") && !sp_text_equals(local, "DataURI"))
        return 0;
    if (sp_text_equals(value, "MotionPhoto"))
        return SP_CATEGORY_VIDEO;
    return sp_text_equals(value, "Primary") || value.n == 0 ? 0 : SP_CATEGORY_SECOND_PICTURE;
}

/* Where the value decides. */
static guint32
refine(SpSlice prefix, SpSlice local, SpSlice value, guint32 bits)
{
    if (sp_text_equals(prefix, "Item"))
        return item_bits(local, value);
    if (value.n >= 4 && memcmp(value.bytes, "FBMD", 4) == 0)
        return bits | SP_CATEGORY_SERIAL; /* Facebook's mark, as in IPTC */
    if (bits == SP_CATEGORY_VIDEO && is_no(value))
        return 0;
    if (bits == SP_CATEGORY_TIME && sp_text_is_no_date(value))
        return 0;
    return bits;
}

/* What has no end of numbers or words: lists of tags with a digest, terms of a licence. */
static gboolean
is_too_long(const Name *name, SpSlice value)
{
    gboolean is_list = sp_text_equals(name->local, "NativeDigest") ||
                       sp_text_equals(name->local, "MediaSummaryCode");
    return value.n > (is_list ? MAX_LIST : MAX_HARMLESS);
}

static void
tell(Scan *scan, const Name *name, SpSlice value)
{
    value = sp_text_trim(value);
    if (value.n == 0 || scan->exhausted)
        return;
    scan->exhausted = !sp_find_afford(scan->finder, PROPERTY_COST);
    if (scan->exhausted)
        return;
    SpSlice prefix = usual_prefix(scan, name->prefix);
    guint32 bits = sp_xmp_bits(prefix, name->local);
    gboolean is_harmless = bits == 0;
    bits = bits != SP_XMP_UNKNOWN ? refine(prefix, name->local, value, bits) : bits;
    if (bits == SP_XMP_UNKNOWN || (is_harmless && bits == 0 && is_too_long(name, value)))
        tell_unknown(scan, name->local, value);
    if (bits == 0 || bits == SP_XMP_UNKNOWN)
        return;
    g_autofree char *title = sp_find_wants_values(scan->finder)
                                 ? g_strndup((const char *)name->local.bytes, name->local.n)
                                 : NULL;
    sp_find_value(scan->finder, bits, title ? title : "", value);
}

/* rdf:about holds a number that makes this packet unique, but for one that Windows gives every
 * packet it writes; "" means this file, and so does what DJI's drones write. */
static void
tell_about(Scan *scan, SpSlice value)
{
    static const char windows[] = "uuid:faf5bdd5-ba3d-11da-ad31-d33d75182f1b";
    value = sp_text_trim(value);
    if (sp_text_equals(value, "DJI Meta Data"))
        return;
    if (value.n < 5 || memcmp(value.bytes, "uuid:", 5) != 0) {
        tell_unknown(scan, slice("About"), value);
        return;
    }
    sp_find_value(scan->finder,
                  sp_text_equals(value, windows) ? SP_CATEGORY_SOFTWARE : SP_CATEGORY_SERIAL,
                  "About", value);
}

/* Found out once for each element, with the prefixes that hold there. */
static Owner
find_owner(const Scan *scan, const Name *name)
{
    SpSlice prefix = usual_prefix(scan, name->prefix);
    if (sp_text_equals(prefix, "rdf"))
        return OWNER_RDF;
    return sp_text_equals(prefix, "x") ? OWNER_PACKET : OWNER_PROPERTY;
}

/* The innermost open element that is a property. NULL outside of any. */
static const Name *
property_around(const Scan *scan)
{
    for (guint i = MIN(scan->depth, MAX_OPEN); i > 0; i--) {
        const Element *element = &scan->open[i - 1];
        if (element->owner != OWNER_RDF)
            return element->owner == OWNER_PACKET ? NULL : &element->name;
    }
    return NULL;
}

/* ---- tags ----------------------------------------------------------------------------------
 */

static void
skip_blanks(Scan *scan)
{
    while (scan->at < scan->text.n && scan->text.bytes[scan->at] <= ' ')
        scan->at++;
}

/* The value in quotes at the scan's place, which moves behind it; FALSE when there is none.
 * One that the text cuts short is taken as it is. */
static gboolean
take_value(Scan *scan, SpSlice *ret_value)
{
    skip_blanks(scan);
    if (scan->at >= scan->text.n || scan->text.bytes[scan->at] != '=')
        return FALSE;
    scan->at++;
    skip_blanks(scan);
    if (scan->at >= scan->text.n)
        return FALSE;
    guint8 quote = scan->text.bytes[scan->at];
    if (quote != '"' && quote != '\'')
        return FALSE;
    const guint8 *from = scan->text.bytes + scan->at + 1;
    gsize left = scan->text.n - scan->at - 1;
    const guint8 *end = left > 0 ? memchr(from, quote, left) : NULL;
    *ret_value = (SpSlice){from, end ? (gsize)(end - from) : left};
    scan->at += 1 + ret_value->n + (end ? 1 : 0);
    return TRUE;
}

static void
tell_attribute(Scan *scan, const Name *name, SpSlice value)
{
    SpSlice prefix = usual_prefix(scan, name->prefix);

    if (sp_text_equals(name->prefix, "xmlns")) {
        add_space(scan, name->local, value);
    } else if (sp_text_equals(prefix, "rdf")) {
        const Name *around = property_around(scan);
        if (sp_text_equals(name->local, "about"))
            tell_about(scan, value);
        else if (sp_text_equals(name->local, "resource") && around != NULL)
            tell(scan, around, value);
    } else if (sp_text_equals(prefix, "xml")) {
        if (value.n > MAX_LANGUAGE)
            tell_unknown(scan, name->local, value);
    } else if (name->prefix.n > 0) {
        tell(scan, name, value);
    } else if (sp_text_equals(name->local, "about")) { /* of the first drafts of RDF */
        tell_about(scan, value);
    } else if (!scan->is_piece && !sp_text_equals(name->local, "xmlns")) {
        tell_unknown(scan, name->local, value);
    }
}

/* One pass over attributes, up to '>' or '<' or the end. With spaces_only it takes note of
 * prefixes alone: they hold for the attributes before them as well. Returns whether the tag
 * ends in "/>". */
static gboolean
read_attributes(Scan *scan, gboolean spaces_only)
{
    gboolean closed = FALSE;
    while (scan->at < scan->text.n) {
        guint8 byte = scan->text.bytes[scan->at];
        SpSlice value = {NULL, 0};
        if (byte == '>' || byte == '<')
            break;
        closed = byte == '/';
        if (!is_name_byte(byte)) {
            scan->at++;
            continue;
        }
        Name name = take_name(scan);
        gsize behind = scan->at;
        if (name.local.n == 0 || !take_value(scan, &value))
            scan->at = behind;
        else if (!spaces_only || sp_text_equals(name.prefix, "xmlns"))
            tell_attribute(scan, &name, value);
    }
    return closed;
}

static void
open_element(Scan *scan)
{
    Name name = take_name(scan);
    gsize from = scan->at;
    (void)read_attributes(scan, TRUE);
    scan->at = from;
    /* Too deep, the last place is the innermost property's. */
    Owner owner = find_owner(scan, &name);
    if (scan->depth < MAX_OPEN || owner != OWNER_RDF)
        scan->open[MIN(scan->depth, MAX_OPEN - 1)] = (Element){name, owner};
    scan->depth++;
    if (read_attributes(scan, FALSE))
        scan->depth--;
    if (scan->at < scan->text.n && scan->text.bytes[scan->at] == '>')
        scan->at++;
}

/* An end without a start, as in a later piece, closes nothing. */
static void
close_element(Scan *scan)
{
    Name name = take_name(scan);
    while (scan->at < scan->text.n && scan->text.bytes[scan->at] != '<') {
        if (scan->text.bytes[scan->at++] == '>')
            break;
    }
    if (scan->depth > MAX_OPEN) {
        scan->depth--;
        return;
    }
    for (guint i = scan->depth; i > 0; i--) {
        if (same(scan->open[i - 1].name.local, name.local)) {
            scan->depth = i - 1;
            return;
        }
    }
}

/* <? ... ?>, <!-- ... -->, <![CDATA[ ... ]]> (whose text counts), <!DOCTYPE ...>. */
static void
skip_special(Scan *scan)
{
    static const struct {
        const char *start, *end;
    } forms[] = {
        /* the first three are marks without text */
        {"?xpacket ", ">"}, {"?adobe-xap-filters ", ">"}, {"?xml ", ">"}, {"?", "?>"},
        {"!--", "-->"},     {"![CDATA[", "]]>"},          {"!", ">"},
    };
    SpSlice rest = {scan->text.bytes + scan->at, scan->text.n - scan->at};
    gsize form = 0;
    while (form + 1 < G_N_ELEMENTS(forms) &&
           (rest.n < strlen(forms[form].start) ||
            memcmp(rest.bytes, forms[form].start, strlen(forms[form].start)) != 0))
        form++;
    gsize n_start = MIN(rest.n, strlen(forms[form].start));
    gsize n_end = strlen(forms[form].end);
    const guint8 *end = sp_text_find(rest, forms[form].end, n_end);
    gsize n = end ? (gsize)(end - rest.bytes) : rest.n;
    const Name *around = property_around(scan);
    SpSlice inside = {rest.bytes + MIN(n_start, n), n - MIN(n_start, n)};

    if (forms[form].start[1] == '[' && around != NULL)
        tell(scan, around, inside);
    else if (form > LAST_MARK || inside.n > MAX_PACKET_MARK)
        tell_unknown(scan, slice("XML"), inside);
    scan->at += n + (end ? n_end : 0);
}

/* Text up to the next tag, and that tag. */
static void
read_on(Scan *scan)
{
    SpSlice rest = {scan->text.bytes + scan->at, scan->text.n - scan->at};
    const guint8 *tag = memchr(rest.bytes, '<', rest.n);
    const Name *around = property_around(scan);

    rest.n = tag ? (gsize)(tag - rest.bytes) : rest.n;
    if (around != NULL)
        tell(scan, around, rest);
    else
        tell_unknown(scan, slice("Text"), rest);
    scan->at += rest.n + (tag ? 1 : 0);
    if (scan->at >= scan->text.n)
        return;
    guint8 byte = scan->text.bytes[scan->at];
    if (byte == '/') {
        scan->at++;
        close_element(scan);
    } else if (byte == '?' || byte == '!') {
        skip_special(scan);
    } else if (is_name_byte(byte)) {
        open_element(scan);
    }
}

/* Before the first '<': a later piece of extended XMP opens within a tag, or within a value, so
 * what looks like attributes is taken for such. In a whole packet it is some text. */
static void
read_loose_start(Scan *scan)
{
    skip_blanks(scan);
    if (scan->at >= scan->text.n || scan->text.bytes[scan->at] == '<')
        return;
    if (!scan->is_piece)
        sp_find(scan->finder, SP_CATEGORY_UNKNOWN);
    (void)read_attributes(scan, FALSE);
}

static void
read_xmp(SpSlice content, gboolean is_piece, SpFinder *finder)
{
    g_autofree guint8 *owned = NULL;
    g_autofree Scan *scan = g_new0(Scan, 1);

    scan->text = sp_text_to_utf8(content, &owned);
    scan->finder = finder;
    scan->is_piece = is_piece;
    if (!sp_text_ends_blank(content, SP_TEXT_SEARCHED) ||
        (scan->text.n == 0 && content.n > 0 && !sp_text_is_blank(content)))
        sp_find(finder, SP_CATEGORY_UNKNOWN);
    read_loose_start(scan);
    while (scan->at < scan->text.n && !scan->exhausted)
        read_on(scan);
}

void
sp_read_xmp(SpSlice content, SpFinder *finder)
{
    read_xmp(content, FALSE, finder);
}

void
sp_read_xmp_piece(SpSlice content, SpFinder *finder)
{
    read_xmp(content, TRUE, finder);
}
