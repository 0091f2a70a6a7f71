#include "doc/blocks.h"

#include <stdio.h>
#include <stdlib.h>

#include "doc/html.h"
#include "doc/html_text.h"

/* ---- elements ---- */

static bool one_of(const char *name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(name, list[i]))
			return true;
	}
	return false;
}

#define ONE_OF(name, list) one_of(name, list, sizeof(list) / sizeof(*(list)))

static bool is_block(const char *name)
{
	static const char *const names[] = {
	    "p",       "div",	 "section",  "article",	   "aside",
	    "header",  "footer", "main",     "blockquote", "figure",
	    "address", "form",	 "fieldset", "details",	   "summary",
	    "hr",      "body",	 "caption",  "center",	   "figcaption",
	    "legend",  "option", "hgroup"};

	return ONE_OF(name, names);
}

bool kb_html_is_dropped(const char *name)
{
	static const char *const names[] = {
	    "nav",    "noscript", "template", "svg",	 "object",  "canvas",
	    "dialog", "math",	  "iframe",   "noembed", "noframes"};

	return ONE_OF(name, names);
}

/* A boundary: in a table a space, in a list a new line, else a new block. */
static void boundary(struct kb_html_text *g)
{
	if (g->tables)
		g->space = !g->out.len || g->out.ptr[g->out.len - 1] != ' ';
	else if (g->lists || g->pre)
		kb_html_line_break(g);
	else
		kb_html_end_block(g);
}

/* A rule between the rows of <th> that begin a table and its first other
 * row, as Markdown has it: that is the head of all parts of the table. */
static void end_head(struct kb_html_text *g)
{
	static const char cell[] = "--- | ";
	size_t n = sizeof(cell) - 1, at = g->row_start;
	size_t rule = g->cells * n - 3 + 1, len = g->out.len - at;

	if (g->tables != 1 || g->head_done || !g->block || !g->row_text)
		return;
	if (!g->row_data) {
		g->head_rows += g->cells > 1;
		return;
	}
	g->head_done = true;
	/* the row that opens the block began before it */
	if (!g->head_rows || !g->cells || at < g->block->start ||
	    !kb_buf_reserve(&g->out, rule))
		return;
	memmove(g->out.ptr + at + rule, g->out.ptr + at, len);
	g->out.len += rule;
	for (size_t i = 0; i + 1 < rule; i++)
		g->out.ptr[at + i] = cell[i % n];
	g->out.ptr[at + rule - 1] = '\n';
}

/* ---- cells, and those they span ---- */

#define SPAN_TEXT 80	/* bytes that are repeated; a longer text is not */
#define SPAN_ROWS 65534 /* that a cell may go on for, in the standard */

static void begin_cell(struct kb_html_text *g)
{
	if (g->cells == 0) {
		kb_html_line_break(g);
		g->row_start = g->out.len;
		g->row_text = false;
	} else {
		g->space = false;
		kb_html_prepare(g);
		kb_buf_add(&g->out, " | ", 3);
	}
	g->cells++;
}

/* A cell that another one spans says what that says. */
static void repeat_cell(struct kb_html_text *g, struct kb_str text)
{
	begin_cell(g);
	if (text.len) {
		kb_html_prepare(g);
		kb_buf_add_str(&g->out, text);
	}
}

static struct kb_str cell_text(const struct kb_html_text *g)
{
	struct kb_str text = {"", 0};

	if (g->out.len > g->cell_start)
		text = kb_doc_trim((struct kb_str){g->out.ptr + g->cell_start,
						   g->out.len - g->cell_start});
	if (text.len > SPAN_TEXT ||
	    (text.len && memchr(text.ptr, '\n', text.len)))
		text.len = 0;
	return text;
}

/* The open cell ends: what it spans is filled in, and remembered for the rows
 * below. */
static void close_cell(struct kb_html_text *g)
{
	unsigned wide = g->cell_wide, column = g->cells - 1;
	struct kb_str text;

	if (!wide)
		return;
	g->cell_wide = 0;
	if (wide == 1 && g->cell_rows == 1)
		return;
	text = kb_arena_copy(g->arena, cell_text(g));
	for (unsigned i = column; i < column + wide && i < KB_HTML_COLUMNS;
	     i++) {
		g->spans[i].rows = g->cell_rows - 1;
		g->spans[i].text = text;
	}
	for (unsigned i = 1; i < wide && g->cells < KB_HTML_COLUMNS; i++)
		repeat_cell(g, text);
}

/* Cells from above that stand at the next columns. */
static void fill_cells(struct kb_html_text *g)
{
	while (g->cells < KB_HTML_COLUMNS && g->spans[g->cells].rows) {
		g->spans[g->cells].rows--;
		repeat_cell(g, g->spans[g->cells].text);
	}
}

/* A number of rows or columns; one that is none is 1, and none is 'zero'. */
static unsigned number_of(const char *const *attributes, const char *name,
			  unsigned zero, unsigned most)
{
	for (; attributes && attributes[0]; attributes += 2) {
		char *end;
		long n;

		if (strcmp(attributes[0], name) || !attributes[1])
			continue;
		n = strtol(attributes[1], &end, 10);
		if (!n && end != attributes[1])
			return zero;
		return n < 1 ? 1 : n > (long)most ? most : (unsigned)n;
	}
	return 1;
}

static void end_row(struct kb_html_text *g)
{
	if (g->cells && g->tables == 1) {
		if (g->cells == 1) /* over all columns: a remark */
			g->cell_wide = g->cell_wide > 0;
		close_cell(g);
		fill_cells(g);
	}
	end_head(g);
	if (g->block && g->cells && !g->row_text &&
	    g->row_start >= g->block->start) {
		g->out.len = g->row_start; /* a row of nothing */
		g->line_start = true;
	}
	kb_html_line_break(g);
	g->cells = 0;
	g->row_text = g->row_data = false;
}

static void open_cell(struct kb_html_text *g, bool data,
		      const char *const *attributes)
{
	if (!g->tables)
		return;
	if (g->tables > 1) {
		begin_cell(g);
	} else {
		close_cell(g);
		fill_cells(g);
		begin_cell(g);
		g->cell_wide =
		    number_of(attributes, "colspan", 1, KB_HTML_COLUMNS);
		/* 0: all that are left */
		g->cell_rows =
		    number_of(attributes, "rowspan", SPAN_ROWS, SPAN_ROWS);
		g->cell_start = g->out.len;
	}
	g->row_data |= data;
}

void kb_html_continue_cell(struct kb_html_text *g)
{
	if (g->tables != 1)
		return;
	close_cell(g);
	if (g->cells < KB_HTML_COLUMNS)
		repeat_cell(g, g->spans[g->cells].rows
				   ? g->spans[g->cells].text
				   : (struct kb_str){"", 0});
}

void kb_html_end_cell(struct kb_html_text *g)
{
	if (g->tables == 1)
		close_cell(g);
}

static unsigned heading_level(const char *name)
{
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2]
		   ? (unsigned)(name[1] - '0')
		   : 0;
}

/* No cell goes on behind the group that its row is in. */
static bool is_row_group(const char *name)
{
	return !strcmp(name, "thead") || !strcmp(name, "tbody") ||
	       !strcmp(name, "tfoot");
}

static bool is_list(const char *name)
{
	return !strcmp(name, "ul") || !strcmp(name, "ol") ||
	       !strcmp(name, "dl");
}

static void open_list(struct kb_html_text *g, bool numbered)
{
	if (!g->lists)
		boundary(g);
	if (g->lists < KB_HTML_LISTS)
		g->numbers[g->lists] = numbered;
	g->lists++;
}

void kb_html_open(struct kb_html_text *g, const char *name,
		  const char *const *attributes)
{
	unsigned level = heading_level(name);

	if (kb_html_open_mark(g, name))
		return;
	if (level) {
		boundary(g);
		g->heading = level;
	} else if (!strcmp(name, "br")) {
		if (g->tables || g->heading)
			g->space = true;
		else
			kb_html_line_break(g);
	} else if (is_list(name)) {
		open_list(g, name[0] == 'o');
	} else if (!strcmp(name, "li") || !strcmp(name, "dt")) {
		boundary(g);
		g->marker = g->lists > 0;
	} else if (!strcmp(name, "table")) {
		if (!g->tables) {
			kb_html_end_block(g);
			g->head_rows = 0;
			g->head_done = false;
			memset(g->spans, 0, sizeof(g->spans));
		}
		g->tables++;
		g->cells = g->cell_wide = 0;
	} else if (!strcmp(name, "tr")) {
		end_row(g);
	} else if (!strcmp(name, "td") || !strcmp(name, "th")) {
		open_cell(g, name[1] == 'd', attributes);
	} else if (!strcmp(name, "pre")) {
		boundary(g);
		g->pre++;
	} else if (!strcmp(name, "dd")) {
		if (g->tables)
			g->space = true;
		else
			kb_html_line_break(g);
	} else if (!strcmp(name, "title")) {
		g->in_title = !g->title.len;
		g->space = false;
	} else if (is_block(name)) {
		boundary(g);
	}
}

void kb_html_close(struct kb_html_text *g, const char *name)
{
	if (kb_html_close_mark(g, name))
		return;
	if (heading_level(name)) {
		boundary(g);
		g->heading = 0;
	} else if (is_list(name)) {
		if (g->lists)
			g->lists--;
		g->marker = false;
		boundary(g);
	} else if (!strcmp(name, "table")) {
		end_row(g);
		if (g->tables && !--g->tables)
			kb_html_end_block(g);
	} else if (!strcmp(name, "tr")) {
		end_row(g);
	} else if (is_row_group(name) && g->tables == 1) {
		end_row(g);
		memset(g->spans, 0, sizeof(g->spans));
	} else if (!strcmp(name, "pre")) {
		boundary(g);
		g->pre -= g->pre > 0;
		if (!g->pre && !g->lists && !g->tables)
			kb_html_end_block(g);
	} else if (!strcmp(name, "title")) {
		g->in_title = false;
		g->space = false;
	} else if (!strcmp(name, "li") || !strcmp(name, "dd") ||
		   is_block(name)) {
		boundary(g);
	}
}

/* ---- what libxml2 tells ---- */

/* Does an element that is not the page's own begin, or is one open? */
static bool is_boilerplate(struct kb_html_text *g)
{
	const struct kb_boilerplate *b = g->boilerplate;
	bool begins =
	    g->next_out < b->n && b->elements[g->next_out] == g->n_opened;

	g->n_opened++;
	g->next_out += begins;
	/* it ends with its own end tag, and with all that is within */
	if (begins || g->out_depth)
		g->out_depth++;
	return g->out_depth > 0;
}

/* Dropped elements nest by their own name. One that is never closed must
 * not take the rest of the page with it: main content ends it. */
static void open_tag(void *arg, const char *name, const char *const *attributes)
{
	struct kb_html_text *g = arg;

	if (is_boilerplate(g)) {
		g->ahead.len = 0;
		return;
	}
	if (g->skip && strcmp(name, "main") && strcmp(name, "article")) {
		g->skip += !strcmp(name, g->skip_name);
		return;
	}
	g->skip = 0;
	g->ahead.len = 0;
	if (kb_html_is_dropped(name)) {
		snprintf(g->skip_name, sizeof(g->skip_name), "%s", name);
		g->skip = 1;
		return;
	}
	/* A title that is not closed ends where the page begins. */
	if (g->in_title && (is_block(name) || heading_level(name) ||
			    is_list(name) || !strcmp(name, "table")))
		g->in_title = false;
	kb_html_open(g, name, attributes);
}

static void close_tag(void *arg, const char *name)
{
	struct kb_html_text *g = arg;

	g->ahead.len = 0;
	if (g->out_depth) {
		g->out_depth--;
		return;
	}
	if (!g->skip)
		kb_html_close(g, name);
	else if (!strcmp(name, "body"))
		g->skip = 0;
	else
		g->skip -= !strcmp(name, g->skip_name);
}

void kb_html_close_all(struct kb_html_text *g)
{
	end_row(g);
	kb_html_end_block(g);
	g->in_title = g->marker = false;
	g->out_depth = 0;
	g->heading = g->pre = g->lists = g->tables = 0;
	g->raised = g->lowered = g->link = g->struck = 0;
}

static void close_all(void *arg)
{
	kb_html_close_all(arg);
}

int kb_doc_read_html(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err)
{
	struct kb_boilerplate boilerplate;
	struct kb_html_text g = {
	    .doc = doc, .arena = arena, .boilerplate = &boilerplate, .line = 1};
	const struct kb_html_events events = {
	    .open = open_tag,
	    .close = close_tag,
	    .text = kb_html_put_text,
	    .reset = close_all,
	    .arg = &g,
	};
	int rc;

	rc = kb_boilerplate_find(all, &boilerplate, err);
	if (rc < 0)
		return rc;
	kb_buf_init(&g.out, max_text);
	kb_buf_init(&g.title, 4096);
	rc = kb_html_parse(all, &events, err);
	close_all(&g);
	if (rc == KB_OK && g.out.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"text is larger than the limit of %zu bytes",
				max_text);
	if (rc == KB_OK) {
		doc->text = kb_arena_copy(arena, kb_buf_str(&g.out));
		doc->title = kb_arena_copy(arena, kb_buf_str(&g.title));
		if (!doc->title.len)
			doc->title = kb_doc_first_heading(doc, 6);
	}
	kb_buf_release(&g.out);
	kb_buf_release(&g.title);
	free(boilerplate.elements);
	return rc;
}
