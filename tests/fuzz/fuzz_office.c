#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "convert/convert.h"
#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The parts of an archive; those after the first are the format's own. */
static const struct {
	const char *file, *part;
	const char *others[4]; /* name and text in turn */
} formats[] = {
    {"f.docx", "word/document.xml", {NULL}},
    {"f.docx",
     "word/numbering.xml",
     {"word/document.xml",
      "<d><p><pPr><numPr><numId val=\"1\"/><ilvl val=\"2\"/></numPr></pPr>"
      "<r><t>text</t></r></p></d>"}},
    {"f.docx",
     "word/footnotes.xml",
     {"word/document.xml",
      "<d><p><r><t>a</t><footnoteReference id=\"2\"/></r></p></d>"}},
    {"f.odt", "content.xml", {NULL}},
    {"f.xlsx",
     "xl/worksheets/s.xml",
     {"xl/workbook.xml", "<w><sheet name=\"A\" r:id=\"i\"/></w>",
      "xl/_rels/workbook.xml.rels",
      "<R><Relationship Id=\"i\" Type=\"x/worksheet\" "
      "Target=\"worksheets/s.xml\"/></R>"}},
    {"f.xlsx", "xl/workbook.xml", {NULL}},
    {"f.xlsx", "xl/styles.xml", {"xl/workbook.xml", "<w/>"}},
    {"f.pptx",
     "ppt/s.xml",
     {"ppt/presentation.xml", "<p><sldIdLst><sldId r:id=\"i\"/></sldIdLst></p>",
      "ppt/_rels/presentation.xml.rels",
      "<R><Relationship Id=\"i\" Type=\"x/slide\" Target=\"s.xml\"/></R>"}},
    {"f.epub",
     "b.opf",
     {"META-INF/container.xml", "<c><rootfile full-path=\"b.opf\"/></c>",
      "a.xhtml", "<html><p>text</p></html>"}},
};

static void put(struct kb_buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		kb_buf_add_char(out, (char)(value >> 8 * i));
}

/* What a local header and the directory have in common. */
static void put_common(struct kb_buf *out, const char *name, const void *text,
		       size_t size)
{
	put(out, 0, 2); /* flags */
	put(out, 0, 2); /* stored */
	put(out, 0, 4); /* time */
	put(out, (uint32_t)crc32(0, text, (unsigned)size), 4);
	put(out, (uint32_t)size, 4);
	put(out, (uint32_t)size, 4);
	put(out, (uint32_t)strlen(name), 2);
	put(out, 0, 2);
}

static void add(struct kb_buf *zip, struct kb_buf *directory, const char *name,
		const void *text, size_t size)
{
	size_t at = zip->len;

	kb_buf_add(zip, "PK\3\4\24\0", 6);
	put_common(zip, name, text, size);
	kb_buf_add_cstr(zip, name);
	kb_buf_add(zip, text, size);
	kb_buf_add(directory, "PK\1\2\24\0\24\0", 8);
	put_common(directory, name, text, size);
	put(directory, 0, 10 - 2);
	put(directory, 0, 2);
	put(directory, (uint32_t)at, 4);
	kb_buf_add_cstr(directory, name);
}

/* A part of an Office file, in an archive that is sound; the first byte says
 * which. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kb_doc_opts opts = {.max_text_size = 1 << 20,
					 .take = kb_convert_take};
	size_t which, n = 1, at, len;
	struct kb_buf zip, directory;

	if (!size)
		return 0;
	which = data[0] % (sizeof(formats) / sizeof(*formats));
	kb_buf_init(&zip, 0);
	kb_buf_init(&directory, 0);
	add(&zip, &directory, formats[which].part, data + 1, size - 1);
	for (int i = 0; i < 4 && formats[which].others[i]; i += 2, n++)
		add(&zip, &directory, formats[which].others[i],
		    formats[which].others[i + 1],
		    strlen(formats[which].others[i + 1]));
	at = zip.len;
	len = directory.len;
	kb_buf_add_str(&zip, kb_buf_str(&directory));
	kb_buf_add(&zip, "PK\5\6\0\0\0\0", 8);
	put(&zip, (uint32_t)n, 2);
	put(&zip, (uint32_t)n, 2);
	put(&zip, (uint32_t)len, 4);
	put(&zip, (uint32_t)at, 4);
	put(&zip, 0, 2);
	check_with((const uint8_t *)zip.ptr, zip.len, formats[which].file,
		   &opts);
	kb_buf_release(&zip);
	kb_buf_release(&directory);
	return 0;
}
