/*
 * Manual pages: the source of man(7) and mdoc(7), read without a formatter.
 *
 * What the macros mean is kept, not how they look: headings, paragraphs,
 * terms with what they mean below them, indented, as a page is printed,
 * examples line by line, tables with | between the cells. Fonts, sizes and
 * motions go. Conditions are those of a terminal; definitions of macros and
 * pages that only include another one hold no text.
 */
#include "doc/roff/roff.h"

#include <assert.h>
#include <string.h>

#include "doc/blocks.h"

enum {
	WORDS = 64,    /* of a request's line */
	LISTS = 16,    /* within each other; deeper ones are like the last */
	INDENT = 4,    /* columns of what a term means */
	NAME_BYTES = 9 /* of a macro, or an argument that is known */
};

struct page {
	struct kb_doc *doc;
	struct kb_arena *arena;
	struct kb_buf out, piece; /* piece: of the current line */
	struct kb_mdoc mdoc;
	size_t cap;
	uint32_t line;		/* of the source */
	struct kb_block *block; /* that is open */
	bool line_start;	/* of the text */
	bool literal;		/* lines stay as they are */
	bool term;		/* the next line of text is one */
	bool meant;		/* what follows is what a term means */
	unsigned heading;	/* the next line of text is one of this level */
	unsigned lists;
	bool marks[LISTS]; /* has the list marks, not terms? */
	char cell;	   /* between the cells of a table; 0: none is open */
	bool table_form;   /* its form is not over */
	bool in_cell;	   /* one of several lines */
	bool held, else_holds;
	unsigned skip; /* open braces of what is left out */
	bool defines;  /* a macro, to a line of two dots */
	bool synopsis; /* under that heading */
};

/* ---- text ---- */

static void end_block(struct page *p)
{
	struct kb_block *b = p->block;

	p->meant = p->term = false;
	if (!b)
		return;
	while (p->out.len > b->start &&
	       (unsigned char)p->out.ptr[p->out.len - 1] <= ' ')
		p->out.len--;
	b->end = (uint32_t)p->out.len;
	if (b->end == b->start)
		p->doc->n_blocks--;
	p->block = NULL;
}

static void begin_block(struct page *p, enum kb_block_type type)
{
	if (p->block)
		return;
	if (p->out.len)
		kb_buf_add(&p->out, "\n\n", 2);
	p->block = kb_doc_add_block(p->doc, &p->cap, p->arena, type);
	p->block->start = (uint32_t)p->out.len;
	p->block->line = p->line;
	p->line_start = true;
}

static void break_line(struct page *p)
{
	if (p->block && !p->line_start) {
		kb_buf_add_char(&p->out, '\n');
		p->line_start = true;
	}
}

static void put_heading(struct page *p, struct kb_str text)
{
	struct kb_block *b;

	text = kb_str_trim(text);
	while (text.len && (unsigned char)text.ptr[text.len - 1] <= ' ')
		text.len--; /* as end_block() does */
	if (!text.len)
		return;
	end_block(p);
	begin_block(p, KB_BLOCK_HEADING);
	b = p->block;
	b->level = (uint8_t)p->heading;
	for (unsigned i = 0; i < p->heading; i++)
		kb_buf_add_char(&p->out, '#');
	kb_buf_add_char(&p->out, ' ');
	b->title_start = (uint32_t)p->out.len;
	kb_buf_add_str(&p->out, text);
	b->title_end = (uint32_t)p->out.len;
	p->heading = 0;
	p->synopsis = kb_str_is_folded(text, "synopsis");
	end_block(p);
}

/* A line of text, its escapes read. */
static void put(struct page *p, struct kb_str text)
{
	if (p->heading) {
		put_heading(p, text);
		return;
	}
	begin_block(p, p->literal ? KB_BLOCK_CODE : KB_BLOCK_PARAGRAPH);
	if (p->literal) {
		kb_buf_add_str(&p->out, text);
		kb_buf_add_char(&p->out, '\n');
		return;
	}
	if (!text.len)
		return;
	if (p->line_start)
		kb_buf_printf(&p->out, "%*s", p->meant ? INDENT : 0, "");
	else
		kb_buf_add_char(&p->out, ' ');
	kb_buf_add_str(&p->out, text);
	p->line_start = false;
	if (p->term) {
		p->term = false;
		p->meant = true;
		break_line(p);
	}
}

static void put_raw(struct page *p, struct kb_str text)
{
	kb_buf_reset(&p->piece);
	kb_roff_add(&p->piece, text);
	put(p, kb_buf_str(&p->piece));
}

/* Words of which 'between' stands between. */
static void put_words(struct page *p, const struct kb_str *words, size_t n,
		      const char *between)
{
	kb_buf_reset(&p->piece);
	for (size_t i = 0; i < n; i++) {
		if (i)
			kb_buf_add_cstr(&p->piece, between);
		kb_roff_add_word(&p->piece, words[i]);
	}
	put(p, kb_buf_str(&p->piece));
}

/* One word or more. .Ns joins it to the line before. */
static void put_mdoc(struct page *p, const struct kb_str *words, size_t n)
{
	/* so does a mark of punctuation alone */
	bool joins = kb_str_is(words[0], "Ns");

	assert(n);
	kb_buf_reset(&p->piece);
	p->mdoc.out = &p->piece;
	p->mdoc.glued = false;
	kb_mdoc_add(&p->mdoc, words, n);
	joins |= p->piece.len == 1 && strchr(".,;:)", *p->piece.ptr);
	if (joins && p->block && !p->line_start && !p->literal)
		kb_buf_add_str(&p->out, kb_buf_str(&p->piece));
	else if (p->piece.len)
		put(p, kb_buf_str(&p->piece));
}

/* ---- tables, tbl(1) ---- */

static void table_line(struct page *p, struct kb_str line)
{
	size_t from = p->out.len;

	if (p->table_form) {
		const char *tab = memmem(line.ptr, line.len, "tab(", 4);

		line = kb_str_trim(line);
		if (tab && tab + 4 < line.ptr + line.len && tab[4] > ' ')
			p->cell = tab[4];
		if (line.len && line.ptr[line.len - 1] == '.')
			p->table_form = false;
		return;
	}
	if (!line.len || *line.ptr == '_' || *line.ptr == '=')
		return;
	begin_block(p, KB_BLOCK_TABLE);
	from = p->out.len;
	kb_roff_add(&p->out, line);
	for (size_t i = from; i < p->out.len; i++)
		if (p->out.ptr[i] == p->cell)
			p->out.ptr[i] = '|';
	if (p->out.len - from >= 2 &&
	    !memcmp(p->out.ptr + p->out.len - 2, "T{", 2)) {
		p->out.len -= 2;
		p->in_cell = true;
	}
	if (p->out.len - from >= 2 && !memcmp(p->out.ptr + from, "T}", 2)) {
		memset(p->out.ptr + from, ' ', 2);
		p->in_cell = p->out.len > from + 2 && p->in_cell;
	}
	kb_buf_add_char(&p->out, p->in_cell ? ' ' : '\n');
}

/* ---- macros ---- */

static void head(struct page *p, unsigned level, const struct kb_str *words,
		 size_t n)
{
	end_block(p);
	p->literal = false;
	p->lists = 0;
	p->heading = level;
	if (n)
		put_words(p, words, n, " ");
}

static void term(struct page *p)
{
	end_block(p);
	p->term = true;
}

/* NAME(SECTION) */
static void title(struct page *p, const struct kb_str *words, size_t n)
{
	kb_buf_reset(&p->piece);
	if (n)
		kb_roff_add(&p->piece, words[0]);
	if (n > 1) {
		kb_buf_add_char(&p->piece, '(');
		kb_roff_add(&p->piece, words[1]);
		kb_buf_add_char(&p->piece, ')');
	}
	if (!p->doc->title.len)
		p->doc->title = kb_arena_copy(p->arena, kb_buf_str(&p->piece));
}

static void literal(struct page *p, bool on)
{
	end_block(p);
	p->literal = on;
}

/* Is it one of the names, which have blanks around them? */
static bool is_any(struct kb_str name, const char *names)
{
	char key[NAME_BYTES + 3] = " ";

	if (!name.len || name.len > NAME_BYTES ||
	    memchr(name.ptr, '\0', name.len))
		return false;
	memcpy(key + 1, name.ptr, name.len);
	key[name.len + 1] = ' ';
	return strstr(names, key) != NULL;
}

/* What stands before an item of a list, not a term. */
static bool is_mark(struct kb_str word)
{
	return is_any(word, " \\(bu \\[bu] \\(em \\(en \\- - * o + ");
}

/* Macros of man(7), and what both have. False: it is none of them. */
static bool man_macro(struct page *p, struct kb_str name,
		      const struct kb_str *words, size_t n)
{
	if (is_any(name, " TH Dt "))
		title(p, words, n);
	else if (is_any(name, " SH Sh "))
		head(p, 1, words, n);
	else if (is_any(name, " SS Ss "))
		head(p, 2, words, n);
	else if (is_any(name, " PP P LP HP Pp sp RS RE "))
		end_block(p);
	else if (is_any(name, " TP TQ "))
		term(p);
	else if (is_any(name, " IP ") && n) {
		term(p);
		p->term = !is_mark(words[0]);
		put_words(p, words, 1, "");
	} else if (is_any(name, " IP "))
		end_block(p);
	else if (is_any(name, " nf EX "))
		literal(p, true);
	else if (is_any(name, " fi EE "))
		literal(p, false);
	else if (is_any(name, " br "))
		break_line(p);
	else if (is_any(name, " B I R SM SB UR MT ") && n)
		put_words(p, words, n, " ");
	else if (is_any(name, " BR BI IB IR RB RI ") && n)
		put_words(p, words, n, "");
	else if (is_any(name, " OP SY ") && n)
		put_words(p, words, n, " ");
	else if (is_any(name, " TS ")) {
		end_block(p);
		p->cell = '\t';
		p->table_form = true;
		p->in_cell = false;
	} else
		return false;
	return true;
}

static void begin_list(struct page *p, const struct kb_str *words, size_t n)
{
	unsigned at = p->lists < LISTS ? p->lists : LISTS - 1;

	end_block(p);
	p->marks[at] = n && is_any(words[0], " -bullet -dash -hyphen -enum "
					     "-item -column ");
	p->lists = at + 1;
}

static void item(struct page *p, const struct kb_str *words, size_t n)
{
	bool marks = p->lists && p->marks[p->lists - 1];

	end_block(p);
	if (marks) {
		if (n)
			put_mdoc(p, words, n);
		return;
	}
	p->term = true;
	if (n)
		put_mdoc(p, words, n);
}

static void mdoc_macro(struct page *p, struct kb_str name,
		       const struct kb_str *words, size_t n)
{
	if (is_any(name, " Bl "))
		begin_list(p, words, n);
	else if (is_any(name, " El ")) {
		end_block(p);
		p->lists -= p->lists > 0;
	} else if (is_any(name, " It "))
		item(p, words, n);
	else if (is_any(name, " Bd "))
		literal(p, n && is_any(words[0], " -literal -unfilled "));
	else if (is_any(name, " Ed "))
		literal(p, false);
	else if (is_any(name, " Dl D1 ")) {
		literal(p, true);
		if (n)
			put_mdoc(p, words, n);
		literal(p, false);
	} else if (kb_mdoc_is_inline(name)) {
		if (p->synopsis && kb_str_is(name, "Nm"))
			break_line(p);
		put_mdoc(p, words - 1, n + 1);
	}
}

/* ---- requests ---- */

/* Braces that are opened less those that are closed. */
static int braces(struct kb_str line)
{
	int n = 0;

	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.ptr[i] == '\\') {
			i++;
			n += line.ptr[i] == '{';
			n -= line.ptr[i] == '}';
		}
	return n;
}

static void request(struct page *p, struct kb_str line);

/* .if and .ie, of which what a terminal is, and groff, holds; and .el. */
static void condition(struct page *p, struct kb_str name, struct kb_str rest)
{
	bool holds = p->else_holds;
	int open = braces(rest);
	size_t n = 0;

	rest = kb_str_trim(rest);
	if (!kb_str_is(name, "el")) {
		bool not = rest.len && *rest.ptr == '!';

		rest = kb_str_skip(rest, not );
		while (n < rest.len && rest.ptr[n] != ' ')
			n++;
		holds = (n == 1 && *rest.ptr == 'n') ||
			kb_starts(rest.ptr, n, "\\n(.g") ||
			kb_starts(rest.ptr, n, "\\n[.g]");
		holds ^= not ;
		p->else_holds = !holds;
		rest = kb_str_trim(kb_str_skip(rest, n));
	}
	if (!holds) {
		p->skip = open > 0 ? (unsigned)open : 0;
		return;
	}
	if (kb_starts(rest.ptr, rest.len, "\\{"))
		rest = kb_str_skip(rest, 2);
	if (kb_starts(rest.ptr, rest.len, "\\"))
		return;
	if (rest.len && (*rest.ptr == '.' || *rest.ptr == '\''))
		request(p, kb_str_skip(rest, 1));
	else if (rest.len)
		put_raw(p, rest);
}

/* A line without its dot. */
static void request(struct page *p, struct kb_str line)
{
	struct kb_str words[WORDS], name;
	size_t n;

	line = kb_str_trim(line);
	if (!line.len || *line.ptr == '\\')
		return;
	for (n = 0; n < line.len && line.ptr[n] != ' ' && line.ptr[n] != '\t';)
		n++;
	name = (struct kb_str){line.ptr, n};
	if (is_any(name, " if ie el ")) {
		if (!p->held) {
			p->held = true; /* one in another is not read */
			condition(p, name, kb_str_skip(line, n));
			p->held = false;
		}
		return;
	}
	if (is_any(name, " de de1 am ig ")) {
		p->defines = true;
		return;
	}
	n = kb_roff_words(line, words, WORDS);
	if (n && !man_macro(p, name, words + 1, n - 1))
		mdoc_macro(p, name, words + 1, n - 1);
}

static void take_line(struct page *p, struct kb_str line)
{
	bool asks = line.len && (*line.ptr == '.' || *line.ptr == '\'');

	if (p->defines) {
		p->defines = !kb_str_is(kb_str_trim(line), "..");
	} else if (p->skip) {
		int open = braces(line);

		p->skip = open < 0 && p->skip <= (unsigned)-open
			      ? 0
			      : (unsigned)((int)p->skip + open);
	} else if (asks && p->cell && kb_starts(line.ptr, line.len, ".TE")) {
		p->cell = 0;
		end_block(p);
	} else if (p->cell && !asks) {
		table_line(p, line);
	} else if (asks) {
		request(p, kb_str_skip(line, 1));
	} else if (!p->literal && !kb_str_trim(line).len) {
		end_block(p);
	} else {
		if (!p->literal && *line.ptr == ' ')
			break_line(p);
		put_raw(p, p->literal ? line : kb_str_trim(line));
	}
}

int kb_doc_read_roff(struct kb_doc *doc, struct kb_arena *arena,
		     struct kb_str all, size_t max_text, struct kb_err *err)
{
	struct page p = {.doc = doc, .arena = arena};
	struct kb_str line;
	bool over;

	kb_buf_init(&p.out, max_text);
	kb_buf_init(&p.piece, max_text);
	while (kb_str_line(&all, &line)) {
		p.line++;
		take_line(&p, line);
	}
	end_block(&p);
	over = p.out.over || p.piece.over;
	doc->text = kb_arena_copy(arena, kb_buf_str(&p.out));
	kb_buf_release(&p.out);
	kb_buf_release(&p.piece);
	return over ? kb_err_set(err, KB_ELIMIT,
				 "text is larger than the limit of %zu bytes",
				 max_text)
		    : 0;
}
