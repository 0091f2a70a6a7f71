/*
 * OpenDocument (OASIS, version 1.3, part 3): texts are one document, of
 * spreadsheets each table is one, of presentations each page. All stand in
 * content.xml, which is read once: its documents are kept until they are
 * asked for, together at most as large as one may be.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "convert/office/office.h"
#include "convert/office/page_text.h"
#include "convert/office/sheet_rows.h"
#include "convert/office/xml_part.h"

enum { STYLES_MAX = 65536, REPEATS_MAX = 16 };

/* What styles of text mean, and of lists the levels that are numbered. */
enum { RAISED = 1, LOWERED = 2, STRUCK = 4, NUMBERED = 8 };

enum body { NONE, TEXT, SHEETS, PAGES };

struct odf {
	struct kb_office *office;
	struct kb_doc *docs;
	struct kb_str *names; /* of their tables */
	size_t n, cap, cap_names, at;
	size_t bytes; /* of all texts */
	struct kb_map styles;
	uint64_t *style; /* that is defined */

	enum body body;
	struct kb_page_text page;
	struct kb_doc doc;
	bool open; /* page and doc */
	struct kb_str name;
	struct kb_sheet_rows rows;
	struct kb_buf cell;
	unsigned column, column_repeats, row_repeats;
	unsigned skip, paragraphs, tables, list_kinds[KB_HTML_LISTS], lists;
	bool in_cell, in_heading, marker;
	unsigned rows_seen;
	unsigned marks[32]; /* of the spans that are open */
	unsigned spans;
	struct kb_buf notes, note; /* due, and the open one */
	bool in_note;
	unsigned n_notes;
	struct kb_err err; /* of a document that could not be finished */
	bool stop;
};

static uint64_t key_of(const char *name)
{
	return kb_hash64(name, strlen(name), 0);
}

static unsigned count(const char *const *attributes, const char *name)
{
	int n = kb_xml_number(kb_xml_attribute(attributes, name));

	return n < 1 ? 1 : (unsigned)n;
}

/* ---- documents ---- */

static void begin_doc(struct odf *o, const char *name)
{
	if (o->open)
		return;
	o->open = true;
	o->doc = (struct kb_doc){0};
	o->name = name ? kb_arena_copy(&o->office->arena, kb_str_of(name))
		       : (struct kb_str){"", 0};
	kb_page_text_begin(&o->page, &o->doc, &o->office->arena,
			   o->office->max_text - o->bytes + 1);
	o->lists = o->tables = o->spans = o->paragraphs = 0;
}

static void end_doc(struct odf *o)
{
	struct kb_arena *arena = &o->office->arena;

	if (!o->open)
		return;
	o->open = false;
	if (kb_page_text_end(&o->page, &o->err) < 0) {
		o->stop = true;
		return;
	}
	o->bytes += o->doc.text.len;
	if (!o->doc.text.len)
		return;
	kb_arena_grow(arena, &o->docs, &o->cap, o->n, o->n + 1,
		      sizeof(*o->docs));
	kb_arena_grow(arena, &o->names, &o->cap_names, o->n, o->n + 1,
		      sizeof(*o->names));
	o->names[o->n] = o->name;
	o->docs[o->n++] = o->doc;
}

/* ---- styles ---- */

static void open_style(struct odf *o, const char *name,
		       const char *const *attributes)
{
	const char *value;

	if (!strcmp(name, "style") || !strcmp(name, "list-style")) {
		value = kb_xml_attribute(attributes, "name");
		o->style = value && o->styles.n < STYLES_MAX
			       ? kb_map_put(&o->styles, key_of(value), NULL)
			       : NULL;
	} else if (!o->style) {
		return;
	} else if (!strcmp(name, "list-level-style-number")) {
		*o->style |= (uint64_t)NUMBERED
			     << (count(attributes, "level") - 1) % 10;
	} else if (!strcmp(name, "text-properties")) {
		value = kb_xml_attribute(attributes, "text-position");
		if (value && *value == '-')
			*o->style |= LOWERED;
		else if (value && kb_starts(value, strlen(value), "sub"))
			*o->style |= LOWERED;
		else if (value && *value != '0')
			*o->style |= RAISED;
		value = kb_xml_attribute(attributes, "text-line-through-style");
		if (value && strcmp(value, "none"))
			*o->style |= STRUCK;
	}
}

static unsigned marks_of(struct odf *o, const char *const *attributes)
{
	const char *name = kb_xml_attribute(attributes, "style-name");
	const uint64_t *style =
	    name ? kb_map_get(&o->styles, key_of(name)) : NULL;

	return style ? (unsigned)*style : 0;
}

static void open_span(struct odf *o, const char *const *attributes)
{
	unsigned marks = marks_of(o, attributes) & (RAISED | LOWERED | STRUCK);

	if (o->spans < 32)
		o->marks[o->spans] = marks;
	if (o->spans++ >= 32 || o->in_note)
		return;
	if (marks & STRUCK)
		kb_page_text_open(&o->page, "s");
	if (marks & (RAISED | LOWERED))
		kb_page_text_open(&o->page, marks & RAISED ? "sup" : "sub");
}

static void close_span(struct odf *o)
{
	unsigned marks;

	if (!o->spans || --o->spans >= 32 || o->in_note)
		return;
	marks = o->marks[o->spans];
	if (marks & (RAISED | LOWERED))
		kb_page_text_close(&o->page, marks & RAISED ? "sup" : "sub");
	if (marks & STRUCK)
		kb_page_text_close(&o->page, "s");
}

/* ---- text ---- */

static void put(struct odf *o, struct kb_str text)
{
	if (o->in_note)
		kb_buf_add_str(&o->note, text);
	else if (o->body == SHEETS && o->in_cell)
		kb_buf_add_str(&o->cell, text);
	else if (o->open && o->body != SHEETS)
		kb_page_text_put(&o->page, text);
}

/* Notes of what was said, where no list or table is open. */
static void put_notes(struct odf *o)
{
	struct kb_str rest = kb_buf_str(&o->notes), line;

	if (o->tables || o->lists || !o->open)
		return;
	while (kb_str_line(&rest, &line)) {
		kb_page_text_open(&o->page, "p");
		kb_page_text_put(&o->page, line);
		kb_page_text_close(&o->page, "p");
	}
	kb_buf_reset(&o->notes);
}

static void open_paragraph(struct odf *o, const char *name,
			   const char *const *attributes)
{
	bool heading = !strcmp(name, "h") && !o->tables && !o->lists;

	if (o->in_note || o->body == SHEETS) {
		put(o, KB_STR(" "));
	} else if (o->open && !o->paragraphs++) {
		o->in_heading = heading;
		kb_page_text_open(&o->page,
				  heading ? kb_page_text_heading((int)count(
						attributes, "outline-level"))
					  : "p");
	}
}

static void close_paragraph(struct odf *o)
{
	if (o->in_note || o->body == SHEETS || !o->paragraphs ||
	    --o->paragraphs)
		return;
	kb_page_text_close(&o->page, o->in_heading ? "h1" : "p");
	o->in_heading = false;
	put_notes(o);
}

static void open_list(struct odf *o, const char *const *attributes)
{
	const char *name = kb_xml_attribute(attributes, "style-name");
	const uint64_t *style =
	    name ? kb_map_get(&o->styles, key_of(name)) : NULL;
	unsigned depth =
	    o->lists < KB_HTML_LISTS ? o->lists : KB_HTML_LISTS - 1;

	/* a list within one is of its style */
	o->list_kinds[depth] = style   ? (unsigned)(*style & ~7u)
			       : depth ? o->list_kinds[depth - 1]
				       : 0;
	o->lists++;
	kb_page_text_open(
	    &o->page,
	    o->list_kinds[depth] & (unsigned)NUMBERED << depth ? "ol" : "ul");
}

static void close_list(struct odf *o)
{
	if (!o->lists)
		return;
	o->lists--;
	kb_page_text_close(&o->page, "ul");
	put_notes(o);
}

static void end_note(struct odf *o)
{
	struct kb_str text = kb_doc_trim(kb_buf_str(&o->note));
	char mark[24];

	o->in_note = false;
	if (!text.len)
		return;
	snprintf(mark, sizeof(mark), "[%u]", ++o->n_notes);
	put(o, kb_str_of(mark));
	kb_buf_printf(&o->notes, "%s ", mark);
	for (size_t i = 0; i < text.len; i++)
		kb_buf_add_char(&o->notes,
				text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
	kb_buf_add_char(&o->notes, '\n');
}

/* ---- tables ---- */

static void open_table(struct odf *o, const char *const *attributes)
{
	if (o->body == SHEETS) {
		begin_doc(o, kb_xml_attribute(attributes, "name"));
		kb_sheet_rows_reset(&o->rows);
	}
	if (!o->tables++)
		o->rows_seen = 0;
	kb_page_text_open(&o->page, "table");
}

static void close_table(struct odf *o)
{
	if (!o->tables)
		return;
	o->tables--;
	kb_page_text_close(&o->page, "table");
	if (o->body == SHEETS && !o->tables)
		end_doc(o);
	else
		put_notes(o);
}

static void open_row(struct odf *o, const char *const *attributes)
{
	o->column = 0;
	o->row_repeats = count(attributes, "number-rows-repeated");
	if (o->row_repeats > REPEATS_MAX)
		o->row_repeats = REPEATS_MAX;
	if (o->body != SHEETS)
		kb_page_text_open(&o->page, "tr");
}

static void close_row(struct odf *o)
{
	if (o->body == SHEETS) {
		kb_sheet_rows_end(&o->rows, &o->page, o->row_repeats);
		return;
	}
	kb_page_text_close(&o->page, "tr");
	o->rows_seen += o->tables == 1;
}

static void open_cell(struct odf *o, const char *const *attributes)
{
	unsigned wide = count(attributes, "number-columns-spanned");
	unsigned high = count(attributes, "number-rows-spanned");

	o->column_repeats = count(attributes, "number-columns-repeated");
	o->in_cell = true;
	kb_buf_reset(&o->cell);
	if (o->body == SHEETS)
		return;
	kb_page_text_cell(&o->page, o->tables == 1 && !o->rows_seen,
			  wide > KB_HTML_COLUMNS ? KB_HTML_COLUMNS : wide,
			  high > 65534 ? 65534 : high);
}

static void close_cell(struct odf *o)
{
	struct kb_str text = kb_doc_trim(kb_buf_str(&o->cell));

	o->in_cell = false;
	if (o->body != SHEETS)
		return;
	for (unsigned i = 0;
	     i < o->column_repeats && text.len && i < REPEATS_MAX; i++)
		kb_sheet_rows_put(&o->rows, o->column + i, text);
	o->column += o->column_repeats;
}

/* ---- elements ---- */

static bool is_left_out(const char *name)
{
	static const char *const names[] = {"annotation",
					    "tracked-changes",
					    "table-of-content",
					    "note-citation",
					    "alphabetical-index",
					    "ruby-text",
					    "forms",
					    "desc",
					    "shapes",
					    "table-index",
					    "illustration-index",
					    "object-index",
					    "scripts"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void open_body(struct odf *o, const char *name,
		      const char *const *attributes)
{
	if (!strcmp(name, "p") || !strcmp(name, "h"))
		open_paragraph(o, name, attributes);
	else if (!strcmp(name, "span"))
		open_span(o, attributes);
	else if (!strcmp(name, "list"))
		open_list(o, attributes);
	else if (!strcmp(name, "list-item"))
		kb_page_text_open(&o->page, "li");
	else if (!strcmp(name, "table"))
		open_table(o, attributes);
	else if (!strcmp(name, "table-row"))
		open_row(o, attributes);
	else if (!strcmp(name, "table-cell"))
		open_cell(o, attributes);
	else if (!strcmp(name, "covered-table-cell"))
		o->column += count(attributes, "number-columns-repeated");
	else if (!strcmp(name, "s") || !strcmp(name, "tab"))
		put(o, KB_STR(" "));
	else if (!strcmp(name, "line-break") && o->in_note)
		put(o, KB_STR(" "));
	else if (!strcmp(name, "line-break"))
		kb_page_text_open(&o->page, "br");
	else if (!strcmp(name, "note")) {
		o->in_note = true;
		kb_buf_reset(&o->note);
	} else if (!strcmp(name, "page") && o->body == PAGES)
		begin_doc(o, kb_xml_attribute(attributes, "name"));
}

static void open_element(void *arg, const char *name,
			 const char *const *attributes)
{
	struct odf *o = arg;

	if (o->stop)
		return;
	if (o->skip || is_left_out(name)) {
		o->skip++;
	} else if (o->body != NONE) {
		if (o->open || !strcmp(name, "page") || !strcmp(name, "table"))
			open_body(o, name, attributes);
	} else if (!strcmp(name, "text")) {
		o->body = TEXT;
		begin_doc(o, NULL);
	} else if (!strcmp(name, "spreadsheet")) {
		o->body = SHEETS;
	} else if (!strcmp(name, "presentation") || !strcmp(name, "drawing")) {
		o->body = PAGES;
	} else {
		open_style(o, name, attributes);
	}
}

static void close_element(void *arg, const char *name)
{
	struct odf *o = arg;

	if (o->stop)
		return;
	if (o->skip)
		o->skip--;
	else if (!o->open)
		return;
	else if (!strcmp(name, "p") || !strcmp(name, "h"))
		close_paragraph(o);
	else if (!strcmp(name, "span"))
		close_span(o);
	else if (!strcmp(name, "list"))
		close_list(o);
	else if (!strcmp(name, "table"))
		close_table(o);
	else if (!strcmp(name, "table-row"))
		close_row(o);
	else if (!strcmp(name, "table-cell"))
		close_cell(o);
	else if (!strcmp(name, "note") && o->in_note)
		end_note(o);
	else if ((!strcmp(name, "page") && o->body == PAGES) ||
		 (!strcmp(name, "text") && o->body == TEXT))
		end_doc(o);
}

static void element_text(void *arg, struct kb_str text)
{
	struct odf *o = arg;

	if (!o->skip && !o->stop &&
	    (o->paragraphs || o->in_note || (o->in_cell && o->body == SHEETS)))
		put(o, text);
}

/* ---- the file ---- */

static int is_encrypted(struct kb_office *office, struct kb_err *err)
{
	struct kb_buf manifest;
	bool yes;

	kb_buf_init(&manifest, (size_t)1 << 20);
	yes = kb_zip_read(office->zip, "META-INF/manifest.xml", &manifest,
			  NULL) == 0 &&
	      kb_str_has(kb_buf_str(&manifest), KB_STR("encryption-data"));
	kb_buf_release(&manifest);
	return yes ? kb_err_set(err, KB_EFORMAT, "is encrypted") : 0;
}

static int begin(struct kb_office *office, void **state, struct kb_err *err)
{
	struct odf *o = kb_calloc(1, sizeof(*o));
	const struct kb_xml_events events = {.open = open_element,
					     .close = close_element,
					     .text = element_text,
					     .arg = o,
					     .enough = &o->stop};
	int rc;

	o->office = office;
	kb_map_init(&o->styles);
	kb_sheet_rows_init(&o->rows);
	kb_buf_init(&o->cell, (size_t)1 << 20);
	kb_buf_init(&o->note, (size_t)1 << 20);
	kb_buf_init(&o->notes, (size_t)16 << 20);
	*state = o;
	rc = is_encrypted(office, err);
	if (rc == 0)
		rc = kb_office_properties(office, "meta.xml", err);
	if (rc == 0)
		rc = kb_xml_part(office->zip, KB_STR("content.xml"), &events,
				 err);
	if (rc == KB_ENOENT)
		rc = kb_err_set(err, KB_EFORMAT,
				"is damaged: its text is missing");
	if (rc == 0)
		end_doc(o);
	if (rc == 0 && o->stop) {
		rc = o->err.code;
		if (err)
			*err = o->err;
	}
	return rc;
}

static void end(void *state)
{
	struct odf *o = state;

	if (o->open)
		kb_page_text_drop(&o->page);
	kb_map_release(&o->styles);
	kb_sheet_rows_release(&o->rows);
	kb_buf_release(&o->cell);
	kb_buf_release(&o->note);
	kb_buf_release(&o->notes);
	free(o);
}

static int next(struct kb_office *office, void *state, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	struct odf *o = state;
	struct kb_str own;
	size_t i = o->at;

	(void)err;
	if (i == o->n)
		return 0;
	o->at++;
	doc->text = o->docs[i].text;
	doc->blocks = o->docs[i].blocks;
	doc->n_blocks = o->docs[i].n_blocks;
	if (o->body == SHEETS) {
		doc->id = kb_str_of(kb_arena_printf(
		    arena, "%s#%s", office->name, o->names[i].ptr));
		kb_office_describe(office, arena, doc, "sheet", o->names[i], 0);
	} else if (o->body == PAGES) {
		doc->id = kb_str_of(
		    kb_arena_printf(arena, "%s#%zu", office->name, i + 1));
		kb_office_describe(office, arena, doc, "slide",
				   (struct kb_str){"", 0}, (unsigned)i + 1);
	} else {
		kb_office_describe(office, arena, doc, NULL,
				   (struct kb_str){"", 0}, 0);
	}
	own = kb_doc_first_heading(doc, 6);
	if (!doc->title.len)
		doc->title = kb_arena_copy(arena, own);
	return 1;
}

const struct kb_office_format kb_office_odf = {begin, next, end};
