/* SPDX-License-Identifier: MIT */
/* test-inventory-xmp.c -- XMP to categories: forms of writing, prefixes, codings, pieces. */
#include "inventory-fixture.h"
#include <time.h>

#define XMP(inside)                                                                            \
    TEXT("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"                                  \
         "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"                                                \
         "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"                   \
         "<rdf:Description rdf:about='' "                                                      \
         "xmlns:dc='http://purl.org/dc/elements/1.1/' "                                        \
         "xmlns:exif='http://ns.adobe.com/exif/1.0/' "                                         \
         "xmlns:xmp='http://ns.adobe.com/xap/1.0/' "                                           \
         "xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' "                                      \
         "xmlns:Item='http://ns.google.com/photos/1.0/container/item/' " inside                \
         "</rdf:RDF></x:xmpmeta><?xpacket end='w'?>    ")
#define ELEMENT(inside) XMP(">" inside "</rdf:Description>")
#define ATTRIBUTE(inside) XMP(inside "/>")

static const ContentCase cases[] = {
    {"nothing", "", 0, 0},
    {"an empty packet", ELEMENT(""), 0},
    {"spaces alone", TEXT("   \n\t  "), 0},
    {"the toolkit", TEXT("<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='XMP Core 5.1'/>"),
     SOFTWARE},
    {"an element", ELEMENT("<exif:GPSLatitude>48,51.0N</exif:GPSLatitude>"), LOCATION},
    {"an attribute", ATTRIBUTE("exif:GPSLatitude='48,51.0N'"), LOCATION},
    {"quotes of the other kind", ATTRIBUTE("exif:GPSLatitude=\"48,51.0N\""), LOCATION},
    {"spaces around the equals sign", ATTRIBUTE("exif:GPSLatitude = '48'"), LOCATION},
    {"version of GPS alone", ATTRIBUTE("exif:GPSVersionID='2.2.0.0'"), 0},
    {"a place's time", ATTRIBUTE("exif:GPSTimeStamp='2024-01-31T03:14:15Z'"), LOCATION | TIME},
    {"an element without a name", ELEMENT("<exif:>1</exif:>"), UNKNOWN},
    {"an empty element", ELEMENT("<dc:creator></dc:creator>"), 0},
    {"an element without an end", ELEMENT("<dc:creator/>"), 0},
    {"an empty attribute", ATTRIBUTE("dc:source=''"), 0},
    {"a blank list", ELEMENT("<dc:creator><rdf:Seq><rdf:li> </rdf:li></rdf:Seq></dc:creator>"),
     0},
    {"a list", ELEMENT("<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator>"),
     PERSON},
    {"a text in languages",
     ELEMENT("<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>T</rdf:li></rdf:Alt></dc:title>"),
     COMMENT},
    {"after a list comes another",
     ELEMENT("<dc:format>image/jpeg</dc:format><dc:rights><rdf:Alt><rdf:li>mine</rdf:li>"
             "</rdf:Alt></dc:rights>"),
     PERSON},
    {"a resource", ELEMENT("<dc:source rdf:resource='urn:x'/>"), PERSON},
    {"text as it is", ELEMENT("<dc:description><![CDATA[hello]]></dc:description>"), COMMENT},
    {"a comment of XML", ELEMENT("<!-- <dc:creator>A</dc:creator> -->"), UNKNOWN},
    {"a blank comment of XML", ELEMENT("<!--   -->"), 0},
    {"a processing instruction", ELEMENT("<?who is here?>"), UNKNOWN},
    {"an instruction that says nothing", TEXT("<?adobe-xap-filters esc=\"CR\"?>"), 0},
    {"a document type", TEXT("<!DOCTYPE x [<!ENTITY a 'A'>]>"), UNKNOWN},
    {"text as it is, outside of any property", TEXT("<![CDATA[hello]]>"), UNKNOWN},
    {"a packet's mark that says more",
     TEXT(
         "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d' x='0123456789 0123456789 0123456789 "
         "0123456789 0123456789 0123456789 0123456789'?>"),
     UNKNOWN},
    {"an attribute without a prefix", ATTRIBUTE("note='A B'"), UNKNOWN},
    {"what a packet is about", TEXT("<rdf:Description rdf:about='A B'/>"), UNKNOWN},
    {"what a packet of a drone is about", TEXT("<rdf:Description rdf:about='DJI Meta Data'/>"),
     0},
    {"a format that is too long",
     ELEMENT("<dc:format>0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"
             "</dc:format>"),
     UNKNOWN},
    {"a namespace with a long address",
     ATTRIBUTE(
         "xmlns:q='http://example.org/0123456789/0123456789/0123456789/0123456789/0123456789/"
         "0123456789/0123456789/0123456789/0123456789/0123456789/0123456789'"),
     UNKNOWN},
    {"a language that is too long",
     ELEMENT(
         "<dc:format xml:lang='0123456789 0123456789 0123456789 0123456789 0123456789 012345'"
         ">image/jpeg</dc:format>"),
     UNKNOWN},
    {"a date", ATTRIBUTE("xmp:CreateDate='2024-01-31T03:14:15'"), TIME},
    {"a date of zeros", ATTRIBUTE("xmp:CreateDate='0000-00-00T00:00:00'"), 0},
    {"a rating", ATTRIBUTE("xmp:Rating='5'"), 0},
    {"a program", ATTRIBUTE("xmp:CreatorTool='Editor 1.0'"), SOFTWARE},
    {"a number", ATTRIBUTE("xmpMM:DocumentID='xmp.did:1'"), SERIAL},
    {"history",
     ELEMENT("<xmpMM:History xmlns:e='http://ns.adobe.com/xap/1.0/sType/ResourceEvent#'>"
             "<rdf:Seq><rdf:li e:when='2024-01-31' e:softwareAgent='x'/></rdf:Seq>"
             "</xmpMM:History>"),
     TIME | SOFTWARE},
    {"settings of a camera", ATTRIBUTE("exif:FNumber='28/10'"), DEVICE},
    {"a thumbnail",
     ELEMENT("<xmp:Thumbnails><rdf:Alt><rdf:li "
             "xmlns:i='http://ns.adobe.com/xap/1.0/g/img/' i:image='/9j/4AAQ'/></rdf:Alt>"
             "</xmp:Thumbnails>"),
     THUMBNAIL},
    {"another prefix",
     ELEMENT("<q:creator xmlns:q='http://purl.org/dc/elements/1.1/'>A"
             "</q:creator>"),
     PERSON},
    {"a prefix that is used before it is given",
     ELEMENT("<q:x q:Lens='50mm' xmlns:q='http://ns.adobe.com/exif/1.0/aux/'/>"), DEVICE},
    {"a prefix that means something else",
     ATTRIBUTE("xmlns:aux='http://example.org/' "
               "aux:Lens='50mm'"),
     DEVICE},
    {"a known name in an unknown namespace",
     ATTRIBUTE("xmlns:q='http://example.org/' q:Software='x'"), SOFTWARE},
    {"an unknown property", ATTRIBUTE("xmlns:q='http://example.org/' q:zzz='x'"), UNKNOWN},
    {"an unknown property beside a known one",
     ATTRIBUTE("xmlns:q='http://example.org/' q:zzz='x' xmp:Label='Red'"), COMMENT | UNKNOWN},
    {"an unknown property without text", ATTRIBUTE("xmlns:q='http://example.org/' q:zzz=''"),
     0},
    {"a face's name",
     ELEMENT("<m:Regions xmlns:m='http://www.metadataworkinggroup.com/schemas/regions/'>"
             "<rdf:li m:Type='Face' m:Name='A B'/></m:Regions>"),
     PERSON},
    {"a face without a name",
     ELEMENT("<m:Regions xmlns:m='http://www.metadataworkinggroup.com/schemas/regions/'>"
             "<rdf:li m:Type='Face'/></m:Regions>"),
     0},
    {"a motion photo",
     ATTRIBUTE("xmlns:G='http://ns.google.com/photos/1.0/camera/' "
               "G:MotionPhoto='1'"),
     VIDEO},
    {"no motion photo",
     ATTRIBUTE("xmlns:G='http://ns.google.com/photos/1.0/camera/' "
               "G:MotionPhoto='0'"),
     0},
    {"the picture itself", ATTRIBUTE("Item:Semantic='Primary' Item:Mime='image/jpeg'"), 0},
    {"a gain map", ATTRIBUTE("Item:Semantic='GainMap'"), SECOND},
    {"a video", ATTRIBUTE("Item:Mime='video/mp4'"), VIDEO},
    {"text outside of any property",
     TEXT("<x:xmpmeta xmlns:x='adobe:ns:meta/'>hello</x:xmpmeta>"), UNKNOWN},
    {"text without a tag", TEXT("hello"), UNKNOWN},
    {"text beside a property", TEXT("hello <x dc:creator='A'/>"), PERSON | UNKNOWN},
    {"where it flew", TEXT("<rdf:Description drone-dji:GpsLatitude='+48.85'/>"), LOCATION},
    {"a packet's own number", TEXT("<rdf:Description rdf:about='uuid:0102-03' />"), SERIAL},
    {"the number of every packet by Windows",
     TEXT("<rdf:Description rdf:about='uuid:faf5bdd5-ba3d-11da-ad31-d33d75182f1b' />"),
     SOFTWARE},
    {"a signed record elsewhere",
     TEXT("<d:x xmlns:d='http://purl.org/dc/terms/' d:provenance='https://example.org/m'/>"),
     PROVENANCE},
    {"instructions by Facebook", TEXT("<x photoshop:Instructions='FBMD01000a'/>"),
     COMMENT | SERIAL},
    {"ends that close nothing", TEXT("</a></b></rdf:li><dc:creator>A"), PERSON},
    {"broken tags", TEXT("<<<><dc:creator<dc:creator =<a b= c='>'"), UNKNOWN},
};

static const ContentCase pieces[] = {
    {"a depth map's piece", TEXT("<rdf:Description GDepth:Data='/9j/4AAQSkZJRg"), SECOND},
    {"a piece that opens within a value", TEXT("AAAA==\" GImage:Data=\"/9j/4AAQSk"), SECOND},
    {"a piece of a value", TEXT("AAAAQSkZJRgABAQAAAQABAAD"), 0},
    {"a piece that opens within a name", TEXT("atitude>48,51.0N</exif:GPSLatitude>"), UNKNOWN},
    {"a whole packet", ATTRIBUTE("exif:GPSLatitude='48,51.0N'"), LOCATION},
};

static void
test_cases(void)
{
    assert_contents(SP_CARRIER_XMP_EXTENDED, 0xE1, pieces, G_N_ELEMENTS(pieces));
    assert_contents(SP_CARRIER_XMP, 0xE1, cases, G_N_ELEMENTS(cases));
}

/* The same packet in each coding, with its mark and without. */
static void
test_codings(void)
{
    static const char packet[] =
        "<rdf:Description dc:creator='A\xC3\xA4' exif:GPSAltitude='1'/>";
    static const struct {
        const char *name, *mark;
        gsize n_mark;
    } codings[] = {
        {"UTF-16LE", "", 0},
        {"UTF-16BE", "", 0},
        {"UTF-32LE", "", 0},
        {"UTF-32BE", "", 0},
        {"UTF-16LE", "\xFF\xFE", 2},
        {"UTF-16BE", "\xFE\xFF", 2},
        {"UTF-8", "\xEF\xBB\xBF", 3},
        {"UTF-32LE", "\xFF\xFE\0\0", 4},
        {"UTF-32BE", "\0\0\xFE\xFF", 4},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(codings); i++) {
        gsize n = 0;
        g_autofree char *text = g_convert(packet, -1, codings[i].name, "UTF-8", NULL, &n, NULL);
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_byte_array_append(bytes, (const guint8 *)codings[i].mark, (guint)codings[i].n_mark);
        g_byte_array_append(bytes, (const guint8 *)text, (guint)n);
        g_autoptr(GString) values = g_string_new(NULL);
        Heard heard = {values, 0};
        g_autoptr(SpInventory) inventory =
            read_content(SP_CARRIER_XMP, 0, bytes->data, bytes->len, &heard);
        g_assert_cmphex(sp_inventory_reveals(inventory), ==, PERSON | LOCATION);
        g_assert_cmpstr(values->str, ==, "creator=A\xC3\xA4\nGPSAltitude=1\n");
        ContentCase c = {codings[i].name, (const char *)bytes->data, bytes->len,
                         PERSON | LOCATION};
        assert_contents(SP_CARRIER_XMP, 0, &c, 1);
    }
}

/* Deeper than names are kept, more prefixes, more properties than any real packet: no fault,
 * and what comes first counts. */
static void
test_bounds(void)
{
    g_autoptr(GString) text = g_string_new("<rdf:RDF>");
    for (guint i = 0; i < 5000; i++)
        g_string_append_printf(text, "<a:b xmlns:p%u='http://example.org/%u'>", i, i);
    g_string_append(text, "<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator>");
    for (guint i = 0; i < 5000; i++)
        g_string_append(text, "</a:b>");
    g_string_append(text, "<exif:GPSAltitude>1</exif:GPSAltitude>");
    guint32 deep = content_reveals(SP_CARRIER_XMP, 0, text->str, text->len);
    g_assert_cmphex(deep, ==, PERSON | LOCATION);

    g_autoptr(GString) many = g_string_new("<x dc:creator='A' ");
    for (guint i = 0; i < 300000; i++)
        g_string_append(many, "q:z='1' ");
    guint32 reveals = content_reveals(SP_CARRIER_XMP, 0, many->str, many->len);
    g_assert_cmphex(reveals, ==, PERSON | UNKNOWN);

    /* More than is searched: unknown, unless the rest is blank. */
    g_autoptr(GString) large = g_string_new("<x dc:creator='A'/>");
    gsize n = large->len;
    g_string_set_size(large, (gsize)5 * 1024 * 1024);
    memset(large->str + n, ' ', large->len - n);
    g_assert_cmphex(content_reveals(SP_CARRIER_XMP, 0, large->str, large->len), ==, PERSON);
    large->str[large->len - 1] = 'x';
    g_assert_cmphex(content_reveals(SP_CARRIER_XMP, 0, large->str, large->len), ==,
                    PERSON | UNKNOWN);
}

/* Half a million empty elements within so many prefixes and open elements of RDF. Returns the
 * seconds of CPU that they take. */
static double
read_rdf(guint prefixes, guint depth)
{
    g_autoptr(GString) text = g_string_new("<dc:creator");
    for (guint i = 0; i < prefixes; i++)
        g_string_append_printf(text, " xmlns:p%u='u'", i);
    g_string_append(text, ">");
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "<rdf:a>");
    for (guint i = 0; i < 480000; i++)
        g_string_append(text, "<rdf:b/>");
    g_string_append(text, "A");
    clock_t start = clock();
    g_assert_cmphex(content_reveals(SP_CARRIER_XMP, 0, text->str, text->len), ==, PERSON);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* As many as are kept cost little more than none. */
static void
test_deep_rdf(void)
{
    double flat = read_rdf(0, 0), deep = read_rdf(64, 31);
    g_test_message("%.3f s, deep %.3f s", flat, deep);
    g_assert_cmpfloat(deep, <, 20 * flat);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inventory/xmp/cases", test_cases);
    g_test_add_func("/inventory/xmp/codings", test_codings);
    g_test_add_func("/inventory/xmp/bounds", test_bounds);
    g_test_add_func("/inventory/xmp/deep-rdf", test_deep_rdf);
    return g_test_run();
}
