#include "doc/html_text.h"

#include <assert.h>

#include "base/ascii.h"

/* ---- writing ---- */

static void trim_end(struct kb_html_text *g, size_t floor)
{
	while (g->out.len > floor && (g->out.ptr[g->out.len - 1] == ' ' ||
				      g->out.ptr[g->out.len - 1] == '\n'))
		g->out.len--;
}

static void end_struck(struct kb_html_text *g)
{
	if (g->struck_text)
		kb_buf_add(&g->out, "~~", 2);
	g->struck_text = false;
}

void kb_html_end_block(struct kb_html_text *g)
{
	if (!g->block)
		return;
	trim_end(g, g->block->start);
	end_struck(g);
	g->block->end = (uint32_t)g->out.len;
	if (g->block->type == KB_BLOCK_HEADING)
		g->block->title_end = g->block->end;
	if (g->block->end == g->block->start)
		g->doc->n_blocks--;
	g->block = NULL;
	g->space = false;
}

static enum kb_block_type block_type(const struct kb_html_text *g)
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
static uint32_t line_now(const struct kb_html_text *g)
{
	uint32_t line = g->line;

	for (size_t i = 0; i < g->ahead.len; i++)
		line -= g->ahead.ptr[i] == '\n';
	return line;
}

static void start_block(struct kb_html_text *g)
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

void kb_html_line_break(struct kb_html_text *g)
{
	if (!g->block || g->line_start)
		return;
	trim_end(g, g->block->start);
	end_struck(g);
	if (g->out.len > g->block->start)
		kb_buf_add_char(&g->out, '\n');
	g->line_start = true;
	g->space = false;
}

static void write_marker(struct kb_html_text *g)
{
	unsigned depth = g->lists < KB_HTML_LISTS ? g->lists : KB_HTML_LISTS;
	unsigned *number = &g->numbers[depth - 1];

	kb_buf_add(&g->out, "                ", 2 * ((size_t)depth - 1));
	if (*number)
		kb_buf_printf(&g->out, "%u. ", (*number)++);
	else
		kb_buf_add(&g->out, "- ", 2);
}

/* Called before anything visible is written. */
void kb_html_prepare(struct kb_html_text *g)
{
	if (!g->block)
		start_block(g);
	if (g->marker && g->lists && !g->tables) {
		kb_html_line_break(g);
		write_marker(g);
		g->space = false;
	} else if (g->space && !g->line_start) {
		kb_buf_add_char(&g->out, ' ');
	}
	g->marker = false;
	g->space = false;
	g->line_start = false;
}

/* Text that holds no more is shown to be that. */
static void begin_struck(struct kb_html_text *g)
{
	kb_html_prepare(g);
	kb_buf_add(&g->out, "~~", 2);
	g->struck_text = true;
}

static void put(struct kb_html_text *g, const char *bytes, size_t n)
{
	struct kb_buf *out = g->in_title ? &g->title : &g->out;

	assert(n && !g->skip && !g->out_depth);
	if (g->in_title && g->space && g->title.len)
		kb_buf_add_char(out, ' ');
	if (g->in_title)
		g->space = false;
	else if (g->struck && !g->struck_text)
		begin_struck(g);
	else if (g->space || !g->block || g->line_start || g->marker)
		kb_html_prepare(g);
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
static bool put_code_space(struct kb_html_text *g, char c)
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

void kb_html_put_text(void *arg, struct kb_str t, uint32_t line)
{
	struct kb_html_text *g = arg;
	size_t n;

	if (g->skip || g->out_depth || g->out.over)
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

/* ---- what inline marks mean ---- */

static bool is_struck(const char *name)
{
	return !strcmp(name, "del") || !strcmp(name, "s") ||
	       !strcmp(name, "strike");
}

/* Where text is written next, when it follows other text without a blank. */
static size_t place(const struct kb_html_text *g)
{
	return g->block && !g->space && !g->line_start &&
		       g->out.len > g->block->start
		   ? g->out.len
		   : 0;
}

static void insert(struct kb_html_text *g, size_t at, char c)
{
	size_t len = g->out.len - at;

	assert(g->block && at > g->block->start && at <= g->out.len);
	kb_buf_add_char(&g->out, ' ');
	if (g->out.over)
		return;
	memmove(g->out.ptr + at + 1, g->out.ptr + at, len);
	g->out.ptr[at] = c;
}

/* Does it hold marks that stand where *at says, in the open block? */
static bool is_beside(struct kb_html_text *g, size_t *at, size_t *len)
{
	size_t from = *at;

	*at = 0;
	*len = g->out.len - from;
	if (!from || !g->block || from <= g->block->start || from > g->out.len)
		return false;
	return *len && *len <= 16 && (unsigned char)g->out.ptr[from - 1] > ' ';
}

/*
 * 10<sup>6</sup> is not 106: numbers and variables get a mark, ordinals
 * (1<sup>st</sup>, 2<sup>e</sup>) do not. What is a link names a note: in
 * 1990<sup>3</sup> it is no power.
 */
static void close_raised(struct kb_html_text *g)
{
	size_t at = g->raised, len;
	bool link = g->raised_link;
	const char *p;

	if (!is_beside(g, &g->raised, &len))
		return;
	p = g->out.ptr + at;
	if (link && *p != '[') {
		insert(g, at, '[');
		kb_buf_add_char(&g->out, ']');
	} else if (!link &&
		   (kb_is_digit(*p) || *p == '+' || *p == '-' ||
		    (len >= 3 && !memcmp(p, "\xe2\x88\x92", 3)) ||
		    (len == 1 && kb_is_letter(*p) && !memchr("eoa", *p, 3)))) {
		insert(g, at, '^');
	}
}

/* H<sub>2</sub>O is H2O, but x<sub>i</sub> is not xi, nor log
 * 10<sub>2</sub> log 102. */
static void close_lowered(struct kb_html_text *g)
{
	size_t at = g->lowered, len;
	const char *p;

	if (!is_beside(g, &g->lowered, &len))
		return;
	p = g->out.ptr + at;
	if ((kb_is_digit(p[-1]) && kb_is_digit(*p)) ||
	    (kb_is_letter(p[-1]) && kb_is_lower(*p) && len <= 2 &&
	     (at < 2 || !kb_is_alnum(p[-2]))))
		insert(g, at, '_');
}

static void put_quote(struct kb_html_text *g)
{
	if (!g->in_title)
		put(g, "\"", 1);
}

/* Elements that are more than a way to look; false for all others. */
bool kb_html_open_mark(struct kb_html_text *g, const char *name)
{
	if (!strcmp(name, "sup")) {
		g->raised = place(g);
		g->raised_link = g->link && g->link == g->raised;
	} else if (!strcmp(name, "sub")) {
		g->lowered = place(g);
	} else if (!strcmp(name, "a")) {
		g->link = place(g);
		g->raised_link |= g->raised != 0;
	} else if (is_struck(name)) {
		g->struck++;
	} else if (!strcmp(name, "q")) {
		put_quote(g);
	} else {
		return false;
	}
	return true;
}

bool kb_html_close_mark(struct kb_html_text *g, const char *name)
{
	if (!strcmp(name, "sup")) {
		close_raised(g);
	} else if (!strcmp(name, "sub")) {
		close_lowered(g);
	} else if (!strcmp(name, "a")) {
		g->link = 0;
	} else if (is_struck(name)) {
		g->struck -= g->struck > 0;
		if (!g->struck)
			end_struck(g);
	} else if (!strcmp(name, "q")) {
		g->space = false;
		put_quote(g);
	} else {
		return false;
	}
	return true;
}
