/*
 * Workbooks: xl/workbook.xml and its sheets (ECMA-376, part 1: 18). A cell says
 * what its sheet shows, as far as its value and the kind of its format tell:
 * dates as 2024-05-01, shares as 15%.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/str.h"
#include "convert/office/excel_cells.h"
#include "convert/office/office.h"
#include "convert/office/page_text.h"
#include "convert/office/sheet_rows.h"
#include "convert/office/xml_part.h"

#define SHEETS_MAX 4096u

struct sheet {
	struct kb_str name, id, part;
};

struct book {
	struct kb_office *office;
	struct sheet *sheets;
	size_t n, cap, at;
	struct kb_excel_cells cells;

	/* of the sheet that is read */
	struct kb_page_text page;
	struct kb_sheet_rows rows;
	struct kb_buf value;
	char type[12];
	int style;
	unsigned column; /* of the open cell */
	unsigned text;	 /* <v> or <t> open */
	unsigned skip;
	bool in_cell;
};

/* ---- the book ---- */

static void open_book(void *arg, const char *name,
		      const char *const *attributes)
{
	struct book *b = arg;
	const char *title = kb_xml_attribute(attributes, "name"),
		   *state = kb_xml_attribute(attributes, "state"), *id = NULL;
	struct kb_arena *arena = &b->office->arena;

	if (!strcmp(name, "workbookPr")) {
		const char *from = kb_xml_attribute(attributes, "date1904");

		b->cells.from_1904 = from && (*from == '1' || *from == 't');
	}
	if (strcmp(name, "sheet") || !title || (state && *state != 'v') ||
	    b->n == SHEETS_MAX)
		return;
	for (const char *const *a = attributes; *a; a += 2)
		if (kb_ends(*a, strlen(*a), ":id"))
			id = a[1];
	if (!id)
		return;
	kb_arena_grow(arena, &b->sheets, &b->cap, b->n, b->n + 1,
		      sizeof(*b->sheets));
	b->sheets[b->n++] =
	    (struct sheet){.name = kb_arena_copy(arena, kb_str_of(title)),
			   .id = kb_arena_copy(arena, kb_str_of(id))};
}

static void no_close(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

static void no_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

static void relation(void *arg, const char *id, const char *kind,
		     struct kb_str target)
{
	struct book *b = arg;

	if (strcmp(kind, "worksheet"))
		return;
	for (size_t i = 0; i < b->n; i++)
		if (!b->sheets[i].part.len && kb_str_is(b->sheets[i].id, id))
			b->sheets[i].part =
			    kb_arena_copy(&b->office->arena, target);
}

static int read_book(struct book *b, struct kb_err *err)
{
	const struct kb_xml_events events = {
	    .open = open_book, .close = no_close, .text = no_text, .arg = b};
	struct kb_str part;
	int rc = kb_office_related(b->office, "", "officeDocument", &part, err);

	if (!part.len)
		part = KB_STR("xl/workbook.xml");
	if (rc == 0)
		rc = kb_xml_part(b->office->zip, part, &events, err);
	if (rc == KB_ENOENT)
		rc = kb_err_set(err, KB_EFORMAT,
				"is damaged: its list of sheets is missing");
	if (rc == 0)
		rc = kb_office_relations(b->office, part, relation, b, err);
	if (rc == 0)
		rc = kb_excel_cells_read(&b->cells, b->office, part, err);
	if (rc == 0)
		rc = kb_office_properties(b->office, "docProps/core.xml", err);
	return rc;
}

static int begin(struct kb_office *office, void **state, struct kb_err *err)
{
	struct book *b = kb_calloc(1, sizeof(*b));

	b->office = office;
	kb_excel_cells_init(&b->cells);
	kb_sheet_rows_init(&b->rows);
	kb_buf_init(&b->value, (size_t)1 << 20);
	*state = b;
	return read_book(b, err);
}

static void end(void *state)
{
	struct book *b = state;

	kb_excel_cells_release(&b->cells);
	kb_sheet_rows_release(&b->rows);
	kb_buf_release(&b->value);
	free(b);
}

/* ---- a sheet ---- */

/* "BC12" is column 54, from 0; without a reference the next one. */
static unsigned column_of(const char *reference, unsigned next)
{
	unsigned n = 0;

	for (; reference && kb_is_upper(*reference) && n < 20000; reference++)
		n = n * 26 + (unsigned)(*reference - 'A' + 1);
	return n ? n - 1 : next;
}

static void open_cell(void *arg, const char *name,
		      const char *const *attributes)
{
	struct book *b = arg;

	if (b->skip || !strcmp(name, "rPh") || !strcmp(name, "f")) {
		b->skip++;
	} else if (!strcmp(name, "row")) {
		const char *hidden = kb_xml_attribute(attributes, "hidden");

		b->column = UINT32_MAX;
		b->skip += hidden && (*hidden == '1' || *hidden == 't');
	} else if (!strcmp(name, "c")) {
		const char *type = kb_xml_attribute(attributes, "t");

		b->column =
		    column_of(kb_xml_attribute(attributes, "r"), b->column + 1);
		snprintf(b->type, sizeof(b->type), "%s", type ? type : "n");
		b->style = kb_xml_number(kb_xml_attribute(attributes, "s"));
		b->in_cell = true;
		kb_buf_reset(&b->value);
	} else if (!strcmp(name, "v") || !strcmp(name, "t")) {
		b->text++;
	}
}

static void close_cell(void *arg, const char *name)
{
	struct book *b = arg;

	if (b->skip) {
		b->skip--;
	} else if (!strcmp(name, "v") || !strcmp(name, "t")) {
		b->text -= b->text > 0;
	} else if (!strcmp(name, "c")) {
		b->in_cell = false;
		kb_sheet_rows_put(
		    &b->rows, b->column,
		    kb_excel_cell(&b->cells, b->type, b->style, &b->value));
	} else if (!strcmp(name, "row")) {
		kb_sheet_rows_end(&b->rows, &b->page, 1);
	}
}

static void cell_text(void *arg, struct kb_str text)
{
	struct book *b = arg;

	if (b->in_cell && b->text && !b->skip)
		kb_buf_add_str(&b->value, text);
}

static bool is_default_name(struct kb_str name)
{
	size_t n = kb_starts(name.ptr, name.len, "Sheet");

	if (!n)
		n = kb_starts(name.ptr, name.len, "工作表");
	return n && name.len - n <= 3;
}

static void describe(struct book *b, const struct sheet *s,
		     struct kb_arena *arena, struct kb_doc *doc)
{
	struct kb_str title = b->office->title;

	if (!title.len)
		title = kb_doc_stem(kb_str_of(b->office->name));
	doc->title = kb_arena_copy(arena, title);
	if (!is_default_name(s->name))
		doc->title = kb_str_of(kb_arena_printf(arena, "%.*s - %s",
						       (int)title.len,
						       title.ptr, s->name.ptr));
	doc->id = kb_str_of(
	    kb_arena_printf(arena, "%s#%s", b->office->name, s->name.ptr));
	kb_office_describe(b->office, arena, doc, "sheet", s->name, 0);
}

static int next(struct kb_office *office, void *state, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	struct book *b = state;
	const struct kb_xml_events events = {.open = open_cell,
					     .close = close_cell,
					     .text = cell_text,
					     .arg = b,
					     .enough = &b->page.full};
	const struct sheet *s;
	int rc;

	do {
		while (b->at < b->n && !b->sheets[b->at].part.len)
			b->at++; /* a chart */
		if (b->at == b->n)
			return 0;
		s = &b->sheets[b->at++];
		kb_sheet_rows_reset(&b->rows);
		b->text = b->skip = 0;
		b->column = UINT32_MAX;
		doc->blocks = NULL;
		doc->n_blocks = 0;
		kb_page_text_begin(&b->page, doc, arena, office->max_text);
		kb_page_text_open(&b->page, "table");
		rc = kb_xml_part(office->zip, s->part, &events, err);
		if (rc == KB_ENOENT)
			rc = kb_err_set(err, KB_EFORMAT,
					"is damaged: a sheet is missing");
		if (rc < 0) {
			kb_page_text_drop(&b->page);
			return rc;
		}
		rc = kb_page_text_end(&b->page, err);
	} while (rc == 0 && !doc->text.len);
	if (rc < 0)
		return rc;
	describe(b, s, arena, doc);
	return 1;
}

const struct kb_office_format kb_office_excel = {begin, next, end};
