/*
 * Word documents: word/document.xml (ECMA-376, part 1: 17.2 ff.).
 *
 * The properties of a paragraph and of a run stand before their text, so the
 * page begins one when its first text comes.
 */
#include <stdlib.h>

#include "base/str.h"
#include "convert/office/office.h"
#include "convert/office/page_text.h"
#include "convert/office/word_notes.h"
#include "convert/office/word_styles.h"
#include "convert/office/xml_part.h"

enum {
	FRAMES = 8,	    /* text boxes within each other */
	TABLES = 8,	    /* the same of tables */
	ROWS_BELOW = 65534, /* a merged cell goes on until another begins */
};

struct paragraph {
	struct kb_word_style style;
	int list, level; /* its own: -1: none is said */
	int heading;	 /* its own outline: 0: none is said */
	bool begun;
	const char *element; /* that is open, when it has begun */
};

struct cell {
	unsigned columns;
	bool goes_on, starts, open, head;
};

struct word {
	struct kb_office *office;
	struct kb_page_text page;
	struct kb_word_styles styles;
	struct kb_word_notes notes;
	struct kb_buf label;
	struct kb_str title;

	struct paragraph p, frames[FRAMES];
	unsigned n_frames;
	unsigned skip;	    /* elements open in one that is left out */
	unsigned text;	    /* <t> open */
	bool in_properties; /* of a paragraph */
	bool in_run;	    /* properties of a run */
	bool code;	    /* <pre> is open */

	struct kb_word_run run;
	bool marks; /* are written */

	struct cell cells[TABLES];
	unsigned tables, rows; /* rows of the outermost */
	bool done;
};

/* ---- paragraphs ---- */

static void close_code(struct word *w)
{
	if (w->code)
		kb_page_text_close(&w->page, "pre");
	w->code = false;
}

/* As many lists open as an item of that level stands in. */
static void set_lists(struct word *w, unsigned depth)
{
	if (w->page.html.lists != depth)
		close_code(w);
	while (w->page.html.lists > depth)
		kb_page_text_close(&w->page, "ul");
	while (w->page.html.lists < depth)
		kb_page_text_open(&w->page, "ul");
}

/* The label of the paragraph, in w->label, and the number of a plain one. */
static int next_label(struct word *w, int list, int level)
{
	struct kb_word_list *l = kb_word_list_get(&w->styles, list);

	kb_buf_reset(&w->label);
	return l ? kb_word_list_next(l, level, &w->label) : 0;
}

static void put_label(struct word *w)
{
	if (!w->label.len)
		return;
	kb_page_text_put(&w->page, kb_buf_str(&w->label));
	kb_page_text_put(&w->page, KB_STR(" "));
}

static void begin_item(struct word *w, int list, int level)
{
	unsigned depth = (unsigned)level + 1;
	int plain = next_label(w, list, level);

	if (depth > KB_HTML_LISTS)
		depth = KB_HTML_LISTS;
	set_lists(w, depth);
	kb_page_text_open(&w->page, "li");
	w->p.element = "li";
	w->page.html.numbers[depth - 1] = (unsigned)plain;
	if (!plain)
		put_label(w);
}

static void begin_code(struct word *w)
{
	if (w->code)
		kb_page_text_put(&w->page, KB_STR("\n"));
	else
		kb_page_text_open(&w->page, "pre");
	w->code = true;
}

static void begin_paragraph(struct word *w)
{
	struct paragraph *p = &w->p;
	int list = p->list >= 0 ? p->list : p->style.list;
	int level = p->level >= 0 ? p->level : p->style.level;
	int heading = p->heading ? p->heading : p->style.heading;

	if (p->begun)
		return;
	p->begun = true;
	p->element = NULL;
	level = level < 0 ? 0 : level;
	if (level >= KB_WORD_LEVELS)
		level = KB_WORD_LEVELS - 1;
	if (w->tables) {
		kb_page_text_open(&w->page, "p");
		if (list > 0) {
			if (next_label(w, list, level) >= 0 && !w->label.len)
				kb_buf_add_char(&w->label, '-');
			put_label(w);
		}
		return;
	}
	if (!p->style.code || heading || list > 0)
		close_code(w);
	if (p->style.title || (heading > 0 && heading <= 9)) {
		set_lists(w, 0);
		p->element = kb_page_text_heading(p->style.title ? 1 : heading);
		kb_page_text_open(&w->page, p->element);
		if (list > 0) {
			next_label(w, list, level);
			put_label(w);
		}
	} else if (list > 0) {
		begin_item(w, list, level);
	} else {
		set_lists(w, 0);
		if (p->style.code) {
			begin_code(w);
			return;
		}
		p->element = "p";
		kb_page_text_open(&w->page, "p");
	}
}

/* What the paragraph said is the title of all. */
static void take_title(struct word *w)
{
	const struct kb_doc *doc = w->page.html.doc;
	const struct kb_block *b =
	    doc->n_blocks ? &doc->blocks[doc->n_blocks - 1] : NULL;
	struct kb_str text;

	if (!b || b->type != KB_BLOCK_HEADING || b->end <= b->title_start)
		return;
	text = (struct kb_str){w->page.html.out.ptr + b->title_start,
			       b->end - b->title_start};
	if (text.len <= KB_DOC_TITLE_MAX)
		w->title = kb_arena_copy(&w->office->arena, text);
}

/* Notes of what was said, where no list or table is open. */
static void put_notes(struct word *w)
{
	struct kb_str text;

	if (w->tables || w->page.html.lists || w->code)
		return;
	while (kb_word_notes_take(&w->notes, &text)) {
		kb_page_text_open(&w->page, "p");
		kb_page_text_put(&w->page, text);
		kb_page_text_close(&w->page, "p");
	}
}

static void end_paragraph(struct word *w)
{
	if (!w->p.begun) {
		if (w->code && w->p.style.code)
			kb_page_text_put(&w->page, KB_STR("\n"));
		return;
	}
	w->p.begun = false;
	if (w->p.element)
		kb_page_text_close(&w->page, w->p.element);
	if (w->p.style.title && !w->title.len && !w->tables)
		take_title(w);
	put_notes(w);
}

static void new_paragraph(struct word *w)
{
	w->p = (struct paragraph){
	    .style = {.list = -1, .level = -1}, .list = -1, .level = -1};
}

static void paragraph_property(struct word *w, const char *name,
			       const char *value)
{
	struct paragraph *p = &w->p;
	int n = value ? kb_xml_number(value) : 0;

	if (!value)
		return;
	if (!strcmp(name, "pStyle"))
		p->style = kb_word_style_get(&w->styles, kb_str_of(value));
	else if (!strcmp(name, "numId"))
		p->list = n >= 0 ? n : 0;
	else if (!strcmp(name, "ilvl"))
		p->level = n >= 0 && n < KB_WORD_LEVELS ? n : 0;
	else if (!strcmp(name, "outlineLvl"))
		p->heading = n >= 0 && n < 9 ? n + 1 : 0;
}

/* ---- runs ---- */

static void open_marks(struct word *w)
{
	if (w->marks || (!w->run.struck && !w->run.raised))
		return;
	w->marks = true;
	if (w->run.struck)
		kb_page_text_open(&w->page, "s");
	if (w->run.raised)
		kb_page_text_open(&w->page, w->run.raised);
}

static void end_run(struct word *w)
{
	if (w->marks && w->run.raised)
		kb_page_text_close(&w->page, w->run.raised);
	if (w->marks && w->run.struck)
		kb_page_text_close(&w->page, "s");
	w->marks = false;
	w->run = (struct kb_word_run){0};
}

static void put(struct word *w, struct kb_str text)
{
	if (w->run.hidden || w->skip)
		return;
	begin_paragraph(w);
	open_marks(w);
	kb_page_text_put(&w->page, text);
}

static void put_note(struct word *w, const char *id, bool end)
{
	char mark[KB_WORD_NOTE_MARK];

	if (w->run.hidden || !id ||
	    !kb_word_notes_refer(&w->notes, id, end, mark))
		return;
	begin_paragraph(w);
	kb_page_text_put(&w->page, kb_str_of(mark));
}

/* ---- tables ---- */

static struct cell *cell(struct word *w)
{
	unsigned n = w->tables < TABLES ? w->tables : TABLES;

	return &w->cells[n ? n - 1 : 0];
}

static void open_table(struct word *w)
{
	end_paragraph(w);
	if (!w->tables) {
		set_lists(w, 0);
		close_code(w);
		w->rows = 0;
	}
	w->tables++;
	*cell(w) = (struct cell){.open = true};
	kb_page_text_open(&w->page, "table");
}

static void close_table(struct word *w)
{
	if (!w->tables)
		return;
	kb_page_text_close(&w->page, "table");
	w->tables--;
	put_notes(w);
}

static void close_row(struct word *w)
{
	struct kb_html_text *g = &w->page.html;

	if (w->tables == 1) {
		kb_html_end_cell(g);
		for (unsigned i = g->cells; i < KB_HTML_COLUMNS; i++)
			g->spans[i].rows = 0;
		w->rows++;
	}
	kb_page_text_close(&w->page, "tr");
}

/* Its properties are known. */
static void begin_cell(struct word *w)
{
	struct kb_html_text *g = &w->page.html;
	struct cell *c = cell(w);

	if (!w->tables || c->open)
		return;
	c->open = true;
	if (w->tables == 1 && c->goes_on) {
		for (unsigned i = 0; i < c->columns; i++)
			kb_html_continue_cell(g);
		return;
	}
	kb_html_end_cell(g);
	for (unsigned i = g->cells;
	     i < g->cells + c->columns && i < KB_HTML_COLUMNS; i++)
		g->spans[i].rows = 0;
	kb_page_text_cell(&w->page, !w->rows, c->columns,
			  c->starts ? ROWS_BELOW : 1);
}

static void cell_property(struct word *w, const char *name, const char *value)
{
	struct cell *c = cell(w);

	if (!strcmp(name, "gridSpan") && value) {
		int n = kb_xml_number(value);

		c->columns = n < 1		   ? 1
			     : n > KB_HTML_COLUMNS ? KB_HTML_COLUMNS
						   : (unsigned)n;
	} else if (!strcmp(name, "vMerge")) {
		c->starts = value && !strcmp(value, "restart");
		c->goes_on = !c->starts;
	}
}

/* ---- elements ---- */

static bool is_left_out(const char *name)
{
	static const char names[][12] = {
	    "Fallback", "del",	       "moveFrom",   "pPrChange", "rPrChange",
	    "rt",	"tblPrChange", "tcPrChange", "sectPr"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void open_frame(struct word *w)
{
	if (w->p.begun)
		end_paragraph(w);
	if (w->n_frames < FRAMES)
		w->frames[w->n_frames] = w->p;
	w->n_frames++;
	end_run(w);
	new_paragraph(w);
}

static void close_frame(struct word *w)
{
	if (!w->n_frames)
		return;
	end_paragraph(w);
	if (--w->n_frames < FRAMES)
		w->p = w->frames[w->n_frames];
}

static bool open_in_text(struct word *w, const char *name,
			 const char *const *attributes)
{
	if (!strcmp(name, "t")) {
		w->text++;
	} else if (!strcmp(name, "tab")) {
		put(w, KB_STR(" "));
	} else if (!strcmp(name, "br") || !strcmp(name, "cr")) {
		if (w->p.begun)
			kb_page_text_open(&w->page, "br");
	} else if (!strcmp(name, "noBreakHyphen")) {
		put(w, KB_STR("-"));
	} else if (!strcmp(name, "footnoteReference") ||
		   !strcmp(name, "endnoteReference")) {
		put_note(w, kb_xml_attribute(attributes, "id"), name[0] == 'e');
	} else if (!strcmp(name, "sup") || !strcmp(name, "sub")) {
		begin_paragraph(w); /* of a formula */
		kb_html_open_mark(&w->page.html, name);
	} else if (!strcmp(name, "den")) {
		put(w, KB_STR("/"));
	} else if (!strcmp(name, "d")) { /* of a formula: in parentheses */
		put(w, KB_STR("("));
	} else {
		return false;
	}
	return true;
}

static void open_in_table(struct word *w, const char *name, const char *value)
{
	if (!w->tables)
		return;
	if (!strcmp(name, "tr"))
		kb_page_text_open(&w->page, "tr");
	else if (!strcmp(name, "tc"))
		*cell(w) = (struct cell){.columns = 1};
	else if (!cell(w)->open)
		cell_property(w, name, value);
}

static void open_element(void *arg, const char *name,
			 const char *const *attributes)
{
	struct word *w = arg;
	const char *value = kb_xml_attribute(attributes, "val");

	if (w->skip || is_left_out(name)) {
		w->skip++;
	} else if (w->in_run) {
		kb_word_run_property(&w->run, name, value);
	} else if (!strcmp(name, "rPr")) {
		w->in_run = !w->in_properties;
		w->skip += w->in_properties; /* those of its mark */
	} else if (w->in_properties) {
		paragraph_property(w, name, value);
	} else if (!strcmp(name, "pPr")) {
		w->in_properties = true;
	} else if (!strcmp(name, "p")) {
		begin_cell(w);
		new_paragraph(w);
	} else if (!strcmp(name, "r")) {
		end_run(w);
	} else if (!strcmp(name, "tbl")) {
		begin_cell(w);
		open_table(w);
	} else if (!strcmp(name, "txbxContent")) {
		open_frame(w);
	} else if (!open_in_text(w, name, attributes)) {
		open_in_table(w, name, value);
	}
}

static void close_element(void *arg, const char *name)
{
	struct word *w = arg;

	if (w->skip)
		w->skip--;
	else if (!strcmp(name, "rPr"))
		w->in_run = false;
	else if (w->in_run)
		return;
	else if (!strcmp(name, "pPr"))
		w->in_properties = false;
	else if (w->in_properties)
		return;
	else if (!strcmp(name, "t"))
		w->text -= w->text > 0;
	else if (!strcmp(name, "r"))
		end_run(w);
	else if (!strcmp(name, "p"))
		end_paragraph(w);
	else if (!strcmp(name, "tc"))
		begin_cell(w);
	else if (!strcmp(name, "tr") && w->tables)
		close_row(w);
	else if (!strcmp(name, "tbl"))
		close_table(w);
	else if (!strcmp(name, "txbxContent"))
		close_frame(w);
	else if (!strcmp(name, "d"))
		put(w, KB_STR(")"));
	else if (!strcmp(name, "sup") || !strcmp(name, "sub"))
		kb_html_close_mark(&w->page.html, name);
}

static void element_text(void *arg, struct kb_str text)
{
	struct word *w = arg;

	/* tables of contents say what the headings say */
	if (w->text && !w->p.style.contents)
		put(w, text);
}

/* ---- the document ---- */

static int begin(struct kb_office *office, void **state, struct kb_err *err)
{
	struct word *w = kb_calloc(1, sizeof(*w));

	(void)err;
	w->office = office;
	*state = w;
	return 0;
}

static void end(void *state)
{
	free(state);
}

static int read_body(struct word *w, struct kb_arena *arena, struct kb_doc *doc,
		     struct kb_str part, struct kb_err *err)
{
	const struct kb_xml_events events = {.open = open_element,
					     .close = close_element,
					     .text = element_text,
					     .arg = w,
					     .enough = &w->page.full};
	int rc;

	kb_page_text_begin(&w->page, doc, arena, w->office->max_text);
	kb_buf_init(&w->label, 4096);
	new_paragraph(w);
	rc = kb_xml_part(w->office->zip, part, &events, err);
	if (rc == KB_ENOENT)
		rc = kb_err_set(err, KB_EFORMAT,
				"is damaged: its text is missing");
	if (rc == 0) {
		w->tables = 0;
		kb_html_close_all(&w->page.html);
		w->code = false;
		put_notes(w);
		rc = kb_page_text_end(&w->page, err);
	} else {
		kb_page_text_drop(&w->page);
	}
	kb_buf_release(&w->label);
	return rc < 0 ? rc : 1;
}

static int next(struct kb_office *office, void *state, struct kb_arena *arena,
		struct kb_doc *doc, struct kb_err *err)
{
	struct word *w = state;
	struct kb_str part;
	size_t dir;
	int rc;

	if (w->done)
		return 0;
	w->done = true;
	rc = kb_office_related(office, "", "officeDocument", &part, err);
	if (!part.len)
		part = KB_STR("word/document.xml");
	for (dir = part.len; dir && part.ptr[dir - 1] != '/'; dir--)
		;
	if (rc == 0)
		rc = kb_office_properties(office, "docProps/core.xml", err);
	if (rc == 0)
		rc = kb_word_styles_read(&w->styles, office->zip,
					 (struct kb_str){part.ptr, dir},
					 &office->arena, err);
	if (rc < 0)
		return rc;
	rc = kb_word_notes_read(&w->notes, office->zip,
				(struct kb_str){part.ptr, dir}, &office->arena,
				err);
	if (rc == 0)
		rc = read_body(w, arena, doc, part, err);
	kb_word_styles_release(&w->styles);
	kb_word_notes_release(&w->notes);
	if (rc > 0) {
		doc->title = kb_arena_copy(arena, w->title);
		kb_office_describe(office, arena, doc, NULL,
				   (struct kb_str){"", 0}, 0);
		if (!doc->title.len)
			doc->title = kb_doc_first_heading(doc, 6);
	}
	return rc;
}

const struct kb_office_format kb_office_word = {begin, next, end};
