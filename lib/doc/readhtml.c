#include "base/utf8.h"
#include "doc/blocks.h"
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

	const char *counted; /* lines are counted up to here */
	uint32_t line;
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

static void start_block(struct page *g, const char *at)
{
	static const char marks[] = "###### ";

	for (; g->counted < at; g->counted++)
		g->line += *g->counted == '\n';
	if (g->out.len)
		kb_buf_add(&g->out, "\n\n", 2);
	g->block = kb_doc_add_block(g->doc, &g->cap, g->arena, block_type(g));
	g->block->start = (uint32_t)g->out.len;
	g->block->line = g->line;
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
static void prepare(struct page *g, const char *at)
{
	if (!g->block)
		start_block(g, at);
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

static void put(struct page *g, const char *at, const char *bytes, size_t n,
		uint32_t cp)
{
	struct kb_buf *out = g->in_title ? &g->title : &g->out;

	if (g->in_title && g->space && g->title.len)
		kb_buf_add_char(out, ' ');
	if (g->in_title)
		g->space = false;
	else if (g->space || !g->block || g->line_start || g->marker)
		prepare(g, at);
	g->row_text = g->row_text || !g->in_title;
	if (n)
		kb_buf_add(out, bytes, n);
	else
		kb_utf8_add(out, cp);
}

static void put_text(struct page *g, struct kb_str t)
{
	size_t i = 0, n;
	uint32_t cp;

	while (i < t.len) {
		unsigned char c = (unsigned char)t.ptr[i];

		if (g->pre && c == '\n' && !g->tables) {
			if (g->block && !g->marker) {
				kb_buf_add_char(&g->out, '\n');
				g->space = false;
			}
			i++;
		} else if (g->pre && (c == ' ' || c == '\t') && g->block &&
			   !g->marker && !g->tables) {
			kb_buf_add_char(&g->out, t.ptr[i++]);
		} else if (c <= ' ') {
			g->space = true;
			i++;
		} else if (c == '&' &&
			   (n = kb_html_entity(t.ptr + i, t.len - i, &cp))) {
			if (cp <= ' ' || cp == 0xa0)
				g->space = true;
			else
				put(g, t.ptr + i, NULL, 0, cp);
			i += n;
		} else {
			for (n = 1; i + n < t.len &&
				    (unsigned char)t.ptr[i + n] > ' ' &&
				    t.ptr[i + n] != '&';)
				n++;
			put(g, t.ptr + i, t.ptr + i, n, 0);
			i += n;
		}
	}
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
	static const char *const names[] = {"nav",    "noscript", "template",
					    "svg",    "object",	  "canvas",
					    "dialog", "math"};

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

static void open_cell(struct page *g, const char *at)
{
	if (!g->tables)
		return;
	if (g->cells == 0) {
		line_break(g);
		g->row_start = g->out.len;
		g->row_text = false;
	} else {
		g->space = false;
		prepare(g, at);
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

static void open_tag(struct page *g, const char *name, const char *at)
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
		open_cell(g, at);
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
	} else if (is_block(name)) {
		boundary(g);
	}
}

static void close_tag(struct page *g, const char *name)
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
	} else if (!strcmp(name, "li") || !strcmp(name, "dd") ||
		   is_block(name)) {
		boundary(g);
	}
}

/* Dropped elements nest by their own name. One that is never closed must
 * not take the rest of the page with it: main content ends it. */
static bool in_dropped(struct page *g, const struct kb_html_token *tok)
{
	if (!g->skip) {
		if (tok->type != KB_HTML_OPEN || !is_dropped(tok->name))
			return false;
		memcpy(g->skip_name, tok->name, sizeof(g->skip_name));
		g->skip = 1;
		return true;
	}
	if (tok->type == KB_HTML_OPEN &&
	    (!strcmp(tok->name, "main") || !strcmp(tok->name, "article"))) {
		g->skip = 0;
		return false;
	}
	if (tok->type == KB_HTML_CLOSE && !strcmp(tok->name, "body")) {
		g->skip = 0;
		return false;
	}
	if (tok->type != KB_HTML_TEXT && !strcmp(tok->name, g->skip_name)) {
		if (tok->type == KB_HTML_OPEN)
			g->skip++;
		else
			g->skip--;
	}
	return true;
}

static void read_page(struct page *g, struct kb_str all)
{
	struct kb_html_tokenizer t = {.p = all.ptr, .end = all.ptr + all.len};
	struct kb_html_token tok;
	const char *at;

	for (;;) {
		at = t.p;
		kb_html_next(&t, &tok);
		if (tok.type == KB_HTML_END || g->out.over)
			break;
		if (in_dropped(g, &tok) || tok.raw)
			continue;
		if (tok.type == KB_HTML_TEXT)
			put_text(g, tok.text);
		else if (tok.type == KB_HTML_OPEN)
			open_tag(g, tok.name, at);
		else
			close_tag(g, tok.name);
	}
	end_row(g);
	end_block(g);
}

int kb_doc_read_html(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err)
{
	struct page g = {.doc = doc, .arena = arena, .counted = all.ptr};
	int rc = KB_OK;
	size_t i;

	g.line = 1;
	kb_buf_init(&g.out, max_text);
	kb_buf_init(&g.title, 4096);
	read_page(&g, all);
	if (g.out.over) {
		rc = kb_err_set(err, KB_ELIMIT,
				"text is larger than the limit of %zu bytes",
				max_text);
	} else {
		doc->text = kb_arena_copy(arena, kb_buf_str(&g.out));
		if (!doc->title.len)
			doc->title = kb_arena_copy(arena, kb_buf_str(&g.title));
		for (i = 0; !doc->title.len && i < doc->n_blocks; i++) {
			const struct kb_block *b = &doc->blocks[i];

			if (b->type == KB_BLOCK_HEADING)
				doc->title = (struct kb_str){
				    doc->text.ptr + b->title_start,
				    b->title_end - b->title_start};
		}
	}
	kb_buf_release(&g.out);
	kb_buf_release(&g.title);
	return rc;
}
