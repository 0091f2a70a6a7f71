#!/usr/bin/env python3
"""Writes Office files for the tests: office.py KIND FILE [ARGUMENT].

docx, odt, epub, xlsx, pptx, ods   a small document of that kind
docx-long N         N numbered paragraphs
docx-rows N         a table of N rows
docx-deep N         N tables within each other
docx-attributes N   a paragraph with N attributes
docx-entities       one that declares entities within each other
bomb                a docx whose text unpacks to a gigabyte of blanks
many N              an archive with a docx's parts and N more names
encrypted           a docx whose entries are marked as encrypted
encrypted-odt       an odt whose manifest says so
ole                 what an encrypted docx is
cut                 a docx that ends early
broken              a docx whose XML ends early
flipped             a docx with a wrong byte in its text
"""
import struct
import sys
import zipfile

W = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
     'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"')
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pack(path, parts, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as z:
        for name, text in parts.items():
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), text,
                       zipfile.ZIP_STORED if name == "mimetype" else method)


def relations(*rows):
    return ('<Relationships xmlns="http://schemas.openxmlformats.org/package/'
            '2006/relationships">' + "".join(
                f'<Relationship Id="{i}" Type="{R}/{kind}" Target="{target}"/>'
                for i, kind, target in rows) + "</Relationships>")


def par(text, style=None, extra="", run=""):
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (f"<w:p><w:pPr>{style}{extra}</w:pPr><w:r>{run}<w:t>{text}</w:t>"
            "</w:r></w:p>")


def item(text, number, level):
    return par(text, extra=f'<w:numPr><w:ilvl w:val="{level}"/>'
               f'<w:numId w:val="{number}"/></w:numPr>')


def cell(text, extra=""):
    return f"<w:tc><w:tcPr>{extra}</w:tcPr>{par(text) if text else '<w:p/>'}</w:tc>"


def row(*cells):
    return "<w:tr>" + "".join(cells) + "</w:tr>"


STYLES = f"""<w:styles {W}>
<w:style w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr>
<w:numId w:val="3"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Own"><w:name w:val="House"/><w:basedOn w:val="H2"/></w:style>
<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Code"><w:name w:val="Source Code"/></w:style>
</w:styles>"""


def level(n, form, text):
    return (f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>')


NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">{level(0, "bullet", "-")}{level(1, "bullet", "-")}
</w:abstractNum><w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}
{level(1, "lowerLetter", "%2)")}{level(2, "decimal", "%1.%2.%3")}</w:abstractNum>
<w:abstractNum w:abstractNumId="2">{level(0, "chineseCounting", "第%1章")}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num></w:numbering>"""

NOTES = f"""<w:footnotes {W}><w:footnote w:id="0" w:type="separator">
<w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2">{par("Weekends and holidays do not count.")}</w:footnote>
</w:footnotes>"""

CORE = """<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:t="t">
<dc:title>%s</dc:title><dc:creator>Lin Wei</dc:creator>
<t:modified>2024-05-01T08:00:00Z</t:modified></cp:coreProperties>"""


def docx(body, more=None):
    parts = {
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/footnotes.xml": NOTES,
    }
    parts.update(more or {})
    return parts


def sample():
    struck = "<w:rPr><w:strike/></w:rPr>"
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    box = ("<w:p><w:r><w:t>Before the box.</w:t></w:r><w:r><w:txbxContent>"
           + par("Inside the box.") + "</w:txbxContent></w:r></w:p>")
    return docx(
        par("退货政策 Returns", "Title") + par("Contents 3", "TOC1")
        + par("一般规定", "H1")
        + '<w:p><w:r><w:t xml:space="preserve">Refunds take </w:t></w:r><w:r>'
        f'{struck}<w:t>9</w:t></w:r><w:r><w:t xml:space="preserve"> 7 days</w:t></w:r>{note}'
        '<w:r><w:t>.</w:t></w:r></w:p>'
        + '<w:p><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>'
        f'<w:r><w:t>About 10</w:t></w:r><w:r>{raised}<w:t>6</w:t></w:r>'
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>'
        + par("Lists", "Own")
        + item("first", 2, 0) + item("under it", 2, 1) + item("deeper", 2, 2)
        + item("second", 2, 0) + item("bullet", 1, 0)
        + par("Table", "H2")
        + "<w:tbl>" + row(cell("Card"), cell("Days"), cell("Fee"))
        + row(cell("Visa", '<w:vMerge w:val="restart"/>'), cell("5"), cell("1"))
        + row(cell("", "<w:vMerge/>"), cell("both", '<w:gridSpan w:val="2"/>'))
        + row(cell("Amex"), cell("7"), cell("")) + "</w:tbl>"
        + par("x = 1;", "Code") + par("y = 2;", "Code")
        + box + par("二般规定", "H1") + par("结束。"),
        {"docProps/core.xml": CORE % "Core title"})


def xlsx(path):
    def sheet(rows):
        out = []
        for r, cells in enumerate(rows, 1):
            out.append(f'<row r="{r}">' + "".join(cells) + "</row>")
        return "<worksheet><sheetData>" + "".join(out) + "</sheetData></worksheet>"

    pack(path, {
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns:r="{R}"><sheets>'
        '<sheet name="Prices" sheetId="1" r:id="r1"/>'
        '<sheet name="Secret" sheetId="3" state="hidden" r:id="r3"/>'
        '<sheet name="仓库" sheetId="2" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "worksheet", "worksheets/sheet2.xml"),
            ("r3", "worksheet", "worksheets/sheet3.xml")),
        "xl/sharedStrings.xml": "<sst><si><t>Item</t></si><si><r><t>Blue </t></r>"
        "<r><t>kettle</t></r><rPh><t>aloud</t></rPh></si><si><t>Price</t></si>"
        "<si><t>Since</t></si><si><t>Share</t></si></sst>",
        "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="170" '
        'formatCode="yyyy\\-mm\\-dd"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="170"/><xf numFmtId="9"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet([
            ['<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>2</v></c>',
             '<c r="D1" t="s"><v>3</v></c>', '<c r="E1" t="s"><v>4</v></c>'],
            ['<c r="A2" t="s"><v>1</v></c>',
             '<c r="B2"><f>1+1</f><v>39.899999999999999</v></c>',
             '<c r="D2" s="1"><v>45413</v></c>', '<c r="E2" s="2"><v>0.15</v></c>'],
            ['<c r="A3" t="inlineStr"><is><t>Lid</t></is></c>',
             '<c r="E3" t="b"><v>1</v></c>']]),
        "xl/worksheets/sheet2.xml": sheet([
            ['<c t="inlineStr"><is><t>城市</t></is></c>',
             '<c t="inlineStr"><is><t>库存</t></is></c>'],
            ['<c t="inlineStr"><is><t>上海</t></is></c>', "<c><v>120</v></c>"]]),
        "xl/worksheets/sheet3.xml": sheet([["<c><v>1</v></c>"]]),
    })


def pptx(path):
    def shape(kind, *paragraphs):
        ph = f"<p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr>"
        return f"<p:sp>{ph}<p:txBody>" + "".join(
            f'<a:p><a:pPr lvl="{n}"/><a:r><a:t>{t}</a:t></a:r></a:p>'
            for n, t in paragraphs) + "</p:txBody></p:sp>"

    def slide(*shapes, more=""):
        return f'<p:sld xmlns:p="p" xmlns:a="a" {more}>' + "".join(shapes) + "</p:sld>"

    table = ("<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Plan</a:t></a:r>"
             "</a:p></a:tc><a:tc><a:p><a:r><a:t>Price</a:t></a:r></a:p></a:tc></a:tr>"
             "<a:tr><a:tc><a:p><a:r><a:t>Basic</a:t></a:r></a:p></a:tc><a:tc><a:p>"
             "<a:r><a:t>9 EUR</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>")
    pack(path, {
        "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="p" xmlns:r="{R}">'
        '<p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/>'
        '<p:sldId id="258" r:id="r3"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            ("r1", "slide", "slides/slide1.xml"), ("r2", "slide", "slides/slide2.xml"),
            ("r3", "slide", "slides/slide3.xml")),
        "ppt/slides/slide2.xml": slide(
            shape('<p:ph type="title"/>', (0, "Plans")),
            shape('<p:ph idx="1"/>', (0, "Two plans"), (1, "monthly")),
            shape('<p:ph type="sldNum"/>', (0, "77")), table),
        "ppt/slides/_rels/slide2.xml.rels": relations(
            ("r9", "notesSlide", "../notesSlides/notesSlide1.xml")),
        "ppt/notesSlides/notesSlide1.xml": '<p:notes xmlns:p="p" xmlns:a="a">'
        + shape('<p:ph type="body"/>', (0, "Say that students pay half."))
        + "</p:notes>",
        "ppt/slides/slide1.xml": slide(
            shape('<p:ph type="ctrTitle"/>', (0, "联系我们")),
            shape("", (0, "电话 400-123-4567"))),
        "ppt/slides/slide3.xml": slide(shape("", (0, "never shown")), more='show="0"'),
    })


ODF = ('xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s" '
       'xmlns:draw="d"')


def odf(path, kind, body, more=None):
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {ODF}>{body}"
        "</office:document-content>",
        "meta.xml": "<office:meta xmlns:office='o' xmlns:dc='d'>"
        "<dc:title>Handbook</dc:title></office:meta>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    parts.update(more or {})
    pack(path, parts)


def odt(path, more=None):
    odf(path, "text", """<office:automatic-styles>
<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>
<text:list-style text:name="L1"><text:list-level-style-number text:level="1"/></text:list-style>
</office:automatic-styles><office:body><office:text>
<text:tracked-changes><text:p>deleted words</text:p></text:tracked-changes>
<text:h text:outline-level="1">Opening hours</text:h>
<text:p>We open at<text:s text:c="2"/>9.<text:note><text:note-citation>1</text:note-citation>
<text:note-body><text:p>Not on Sundays.</text:p></text:note-body></text:note></text:p>
<text:p>10<text:span text:style-name="T1">6</text:span> visitors</text:p>
<text:list text:style-name="L1"><text:list-item><text:p>ring</text:p></text:list-item>
<text:list-item><text:p>wait</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell>
<table:table-cell><text:p>Hours</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Monday</text:p></table:table-cell>
<table:table-cell><text:p>9-17</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body>""", more)


def ods(path):
    odf(path, "spreadsheet", """<office:body><office:spreadsheet>
<table:table table:name="Stock"><table:table-row><table:table-cell><text:p>Part</text:p>
</table:table-cell><table:table-cell table:number-columns-repeated="2"/>
<table:table-cell><text:p>Left</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Bolt</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>1,200</text:p>
</table:table-cell><table:table-cell table:number-columns-repeated="16380"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>
</table:table></office:spreadsheet></office:body>""")


def epub(path):
    page = ("<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'>"
            "<head><title>x</title></head><body>%s</body></html>")
    pack(path, {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": "<container><rootfiles><rootfile "
        "full-path='OEBPS/book.opf'/></rootfiles></container>",
        "OEBPS/book.opf": """<package xmlns:dc="d"><metadata><dc:title>The Kettle Book</dc:title>
<dc:creator>A. Potter</dc:creator></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>""",
        "OEBPS/nav.xhtml": page % "<p>where is what</p>",
        "OEBPS/one.xhtml": page % "<h1>Water</h1><p>Boil it at 100 &#176;C&nbsp;.</p>",
        "OEBPS/two b.xhtml": page % "<h1>Tea</h1><p>Wait four minutes.</p>",
    })


def odd(kind, path, argument):
    n = int(argument or 0)
    if kind == "docx-long":
        pack(path, docx("".join(par(f"Paragraph {i} of many.") for i in range(n))))
    elif kind == "docx-rows":
        pack(path, docx("<w:tbl>" + "".join(
            row(cell(f"Row {i}"), cell("word"), cell(str(i))) for i in range(n))
            + "</w:tbl>"))
    elif kind == "docx-deep":
        pack(path, docx("<w:tbl><w:tr><w:tc>" * n + par("deep")
                        + "</w:tc></w:tr></w:tbl>" * n))
    elif kind == "docx-attributes":
        pack(path, docx("<w:p " + " ".join(f'w:a{i}="{i}"' for i in range(n)) + "/>"))
    elif kind == "docx-entities":
        pack(path, {"word/document.xml": '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
                    '<!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
                    f"<w:document {W}><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>"})
    elif kind == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            with z.open("word/document.xml", "w", force_zip64=False) as out:
                out.write(f"<w:document {W}><w:body>".encode())
                for _ in range(1024):
                    out.write(b" " * (1 << 20))
    elif kind == "many":
        with zipfile.ZipFile(path, "w") as z:
            for name, text in docx(par("among many")).items():
                z.writestr(name, text)
            for i in range(n):
                z.writestr(f"f{i}", "")
    elif kind == "encrypted-odt":
        odt(path, {"META-INF/manifest.xml": "<m><encryption-data/></m>"})
    elif kind == "ole":
        with open(path, "wb") as out:
            out.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    elif kind == "broken":
        pack(path, docx("<w:p><w:r><w:t>never closed"))
    else:
        pack(path, sample(), zipfile.ZIP_STORED)
        with open(path, "rb") as f:
            data = bytearray(f.read())
        if kind == "cut":
            del data[len(data) // 2:]
        elif kind == "flipped":
            data[data.index("一般规定".encode()) + 1] ^= 1
        else:
            at = -1
            while (at := data.find(b"PK\1\2", at + 1)) >= 0:
                struct.pack_into("<H", data, at + 8,
                                 struct.unpack_from("<H", data, at + 8)[0] | 1)
        with open(path, "wb") as out:
            out.write(data)


def main(kind, path, argument=None):
    whole = {"docx": lambda p: pack(p, sample()), "odt": odt, "ods": ods,
             "epub": epub, "xlsx": xlsx, "pptx": pptx}
    if kind in whole:
        whole[kind](path)
    else:
        odd(kind, path, argument)


main(*sys.argv[1:])
