#include "doc/blocks.h"

#include <stdio.h>

#include "base/ascii.h"
#include "doc/html.h"

#define LIST_DEPTH_MAX 8

struct page {
	struct kb_doc *doc;
	struct kb_arena *arena;
	struct kb_buf out;   /* the document's text */
	struct kb_buf title; /* of <title> */
	size_t cap;	     /* of doc->blocks */

	struct kb_block *block; /* open, or NULL */
	bool space;		/* white space is due before the next text */
	bool line_start;	/* nothing written in this line yet */
	bool in_title;
	unsigned heading; /* level, 0 outside headings */
	unsigned pre;	  /* <pre> open */
	unsigned skip;	  /* elements open whose text is dropped */
	char skip_name[16];

	unsigned lists;			  /* <ul>, <ol> open */
	unsigned numbers[LIST_DEPTH_MAX]; /* next of an <ol>, 0 for <ul> */
	bool marker;			  /* an item begins */

	unsigned tables, cells; /* open; cells so far in the row */
	size_t row_start;	/* of the row in out */
	bool row_text;		/* the row holds some text */

	size_t raised;	     /* where <sup> began in out, 0: none is open */
	struct kb_str ahead; /* text that is not written yet, */
	uint32_t line;	     /* and the line it ends in */
};

/* ---- writing ---- */

static void trim_end(struct page *g, size_t floor)
{
	while (g->out.len > floor && (g->out.ptr[g->out.len - 1] == ' ' ||
				      g->out.ptr[g->out.len - 1] == '\n'))
		g->out.len--;
}

static void end_block(struct page *g)
{
	if (!g->block)
		return;
	trim_end(g, g->block->start);
	g->block->end = (uint32_t)g->out.len;
	if (g->block->type == KB_BLOCK_HEADING)
		g->block->title_end = g->block->end;
	if (g->block->end == g->block->start)
		g->doc->n_blocks--;
	g->block = NULL;
	g->space = false;
}

static enum kb_block_type block_type(const struct page *g)
{
	if (g->tables)
		return KB_BLOCK_TABLE;
	if (g->lists)
		return KB_BLOCK_LIST;
	if (g->heading)
		return KB_BLOCK_HEADING;
	return g->pre ? KB_BLOCK_CODE : KB_BLOCK_PARAGRAPH;
}

/* The line of the text that is written next. */
static uint32_t line_now(const struct page *g)
{
	uint32_t line = g->line;

	for (size_t i = 0; i < g->ahead.len; i++)
		line -= g->ahead.ptr[i] == '\n';
	return line;
}

static void start_block(struct page *g)
{
	static const char marks[] = "###### ";

	if (g->out.len)
		kb_buf_add(&g->out, "\n\n", 2);
	g->block = kb_doc_add_block(g->doc, &g->cap, g->arena, block_type(g));
	g->block->start = (uint32_t)g->out.len;
	g->block->line = line_now(g);
	if (g->block->type == KB_BLOCK_HEADING) {
		g->block->level = (uint8_t)g->heading;
		kb_buf_add_cstr(&g->out, marks + 6 - g->heading);
		g->block->title_start = (uint32_t)g->out.len;
	}
	g->line_start = true;
	g->space = false;
}

static void line_break(struct page *g)
{
	if (!g->block || g->line_start)
		return;
	trim_end(g, g->block->start);
	if (g->out.len > g->block->start)
		kb_buf_add_char(&g->out, '\n');
	g->line_start = true;
	g->space = false;
}

static void write_marker(struct page *g)
{
	unsigned depth = g->lists < LIST_DEPTH_MAX ? g->lists : LIST_DEPTH_MAX;
	unsigned *number = &g->numbers[depth - 1];

	kb_buf_add(&g->out, "                ", 2 * ((size_t)depth - 1));
	if (*number)
		kb_buf_printf(&g->out, "%u. ", (*number)++);
	else
		kb_buf_add(&g->out, "- ", 2);
}

/* Called before anything visible is written. */
static void prepare(struct page *g)
{
	if (!g->block)
		start_block(g);
	if (g->marker && g->lists && !g->tables) {
		line_break(g);
		write_marker(g);
		g->space = false;
	} else if (g->space && !g->line_start) {
		kb_buf_add_char(&g->out, ' ');
	}
	g->marker = false;
	g->space = false;
	g->line_start = false;
}

static void put(struct page *g, const char *bytes, size_t n)
{
	struct kb_buf *out = g->in_title ? &g->title : &g->out;

	if (g->in_title && g->space && g->title.len)
		kb_buf_add_char(out, ' ');
	if (g->in_title)
		g->space = false;
	else if (g->space || !g->block || g->line_start || g->marker)
		prepare(g);
	g->row_text = g->row_text || !g->in_title;
	kb_buf_add(out, bytes, n);
}

/* Length of the white space at p: ASCII, or a no-break space. */
static size_t space_len(const char *p, size_t len)
{
	if ((unsigned char)p[0] <= ' ')
		return 1;
	return len >= 2 && !memcmp(p, "\xc2\xa0", 2) ? 2 : 0;
}

/* White space that counts, in code: true when it was written. */
static bool put_code_space(struct page *g, char c)
{
	if (!g->pre || g->tables || (c != '\n' && c != ' ' && c != '\t'))
		return false;
	if (!g->block || g->marker)
		return c == '\n';
	kb_buf_add_char(&g->out, c);
	if (c == '\n')
		g->space = false;
	return true;
}

static void put_text(void *arg, struct kb_str t, uint32_t line)
{
	struct page *g = arg;
	size_t n;

	if (g->skip || g->out.over)
		return;
	g->ahead = t;
	g->line = line;
	while (g->ahead.len) {
		t = g->ahead;
		n = space_len(t.ptr, t.len);
		if (n) {
			if (!put_code_space(g, *t.ptr))
				g->space = true;
		} else {
			while (n < t.len && !space_len(t.ptr + n, t.len - n))
				n++;
			put(g, t.ptr, n);
		}
		g->ahead = (struct kb_str){t.ptr + n, t.len - n};
	}
}

/* ---- powers ---- */

static void open_raised(struct page *g)
{
	g->raised = g->block && !g->space && !g->line_start ? g->out.len : 0;
}

/* 10<sup>6</sup> is not 106: numbers and variables get a mark, ordinals
 * (1<sup>st</sup>, 2<sup>e</sup>) do not. */
static void close_raised(struct page *g)
{
	const char *p = g->out.ptr + g->raised;
	size_t len = g->out.len - g->raised, at = g->raised;
	bool mark;

	g->raised = 0;
	if (!at || !g->block || at <= g->block->start || !len || len > 16 ||
	    (unsigned char)p[-1] <= ' ')
		return;
	mark = (*p >= '0' && *p <= '9') || *p == '+' || *p == '-' ||
	       (len >= 3 && !memcmp(p, "\xe2\x88\x92", 3)) ||
	       (len == 1 && kb_is_letter(*p) && !memchr("eoa", *p, 3));
	if (!mark)
		return;
	kb_buf_add_char(&g->out, ' ');
	if (g->out.over)
		return;
	memmove(g->out.ptr + at + 1, g->out.ptr + at, len);
	g->out.ptr[at] = '^';
}

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

static bool is_dropped(const char *name)
{
	static const char *const names[] = {
	    "nav",    "noscript", "template", "svg",	 "object",  "canvas",
	    "dialog", "math",	  "iframe",   "noembed", "noframes"};

	return ONE_OF(name, names);
}

/* A boundary: in a table a space, in a list a new line, else a new block. */
static void boundary(struct page *g)
{
	if (g->tables)
		g->space = true;
	else if (g->lists || g->pre)
		line_break(g);
	else
		end_block(g);
}

static void end_row(struct page *g)
{
	if (g->block && g->cells && !g->row_text &&
	    g->row_start >= g->block->start) {
		g->out.len = g->row_start; /* a row of nothing */
		g->line_start = true;
	}
	line_break(g);
	g->cells = 0;
	g->row_text = false;
}

static void open_cell(struct page *g)
{
	if (!g->tables)
		return;
	if (g->cells == 0) {
		line_break(g);
		g->row_start = g->out.len;
		g->row_text = false;
	} else {
		g->space = false;
		prepare(g);
		kb_buf_add(&g->out, " | ", 3);
	}
	g->cells++;
}

static unsigned heading_level(const char *name)
{
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2]
		   ? (unsigned)(name[1] - '0')
		   : 0;
}

static bool is_list(const char *name)
{
	return !strcmp(name, "ul") || !strcmp(name, "ol") ||
	       !strcmp(name, "dl");
}

static void open_list(struct page *g, bool numbered)
{
	if (!g->lists)
		boundary(g);
	if (g->lists < LIST_DEPTH_MAX)
		g->numbers[g->lists] = numbered;
	g->lists++;
}

static void start_element(struct page *g, const char *name)
{
	unsigned level = heading_level(name);

	if (level) {
		boundary(g);
		g->heading = level;
	} else if (!strcmp(name, "br")) {
		if (g->tables || g->heading)
			g->space = true;
		else
			line_break(g);
	} else if (is_list(name)) {
		open_list(g, name[0] == 'o');
	} else if (!strcmp(name, "li") || !strcmp(name, "dt")) {
		boundary(g);
		g->marker = g->lists > 0;
	} else if (!strcmp(name, "table")) {
		if (!g->tables)
			end_block(g);
		g->tables++;
		g->cells = 0;
	} else if (!strcmp(name, "tr")) {
		end_row(g);
	} else if (!strcmp(name, "td") || !strcmp(name, "th")) {
		open_cell(g);
	} else if (!strcmp(name, "pre")) {
		boundary(g);
		g->pre++;
	} else if (!strcmp(name, "dd")) {
		if (g->tables)
			g->space = true;
		else
			line_break(g);
	} else if (!strcmp(name, "title")) {
		g->in_title = !g->title.len;
		g->space = false;
	} else if (!strcmp(name, "sup")) {
		open_raised(g);
	} else if (is_block(name)) {
		boundary(g);
	}
}

static void end_element(struct page *g, const char *name)
{
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
			end_block(g);
	} else if (!strcmp(name, "tr")) {
		end_row(g);
	} else if (!strcmp(name, "pre")) {
		boundary(g);
		g->pre -= g->pre > 0;
		if (!g->pre && !g->lists && !g->tables)
			end_block(g);
	} else if (!strcmp(name, "title")) {
		g->in_title = false;
		g->space = false;
	} else if (!strcmp(name, "sup")) {
		close_raised(g);
	} else if (!strcmp(name, "li") || !strcmp(name, "dd") ||
		   is_block(name)) {
		boundary(g);
	}
}

/* ---- what libxml2 tells ---- */

/* Dropped elements nest by their own name. One that is never closed must
 * not take the rest of the page with it: main content ends it. */
static void open_tag(void *arg, const char *name)
{
	struct page *g = arg;

	if (g->skip && strcmp(name, "main") && strcmp(name, "article")) {
		g->skip += !strcmp(name, g->skip_name);
		return;
	}
	g->skip = 0;
	g->ahead.len = 0;
	if (is_dropped(name)) {
		snprintf(g->skip_name, sizeof(g->skip_name), "%s", name);
		g->skip = 1;
		return;
	}
	/* A title that is not closed ends where the page begins. */
	if (g->in_title && (is_block(name) || heading_level(name) ||
			    is_list(name) || !strcmp(name, "table")))
		g->in_title = false;
	start_element(g, name);
}

static void close_tag(void *arg, const char *name)
{
	struct page *g = arg;

	g->ahead.len = 0;
	if (!g->skip)
		end_element(g, name);
	else if (!strcmp(name, "body"))
		g->skip = 0;
	else
		g->skip -= !strcmp(name, g->skip_name);
}

static void close_all(void *arg)
{
	struct page *g = arg;

	end_row(g);
	end_block(g);
	g->in_title = g->marker = false;
	g->heading = g->pre = g->lists = g->tables = 0;
	g->raised = 0;
}

int kb_doc_read_html(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err)
{
	struct page g = {.doc = doc, .arena = arena, .line = 1};
	const struct kb_html_events events = {
	    .open = open_tag,
	    .close = close_tag,
	    .text = put_text,
	    .reset = close_all,
	    .arg = &g,
	};
	int rc;

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
	return rc;
}
