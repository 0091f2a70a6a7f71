#include "doc/blocks.h"

#include <assert.h>
#include <cmark.h>

#include "base/buf.h"

/*
 * The structure is CommonMark's, as cmark finds it. Only blocks are asked
 * for, so cmark gets each line without what only inline parsing would read:
 * the marks it begins with and, for most lines, one letter. That spares its
 * work on text, and the inputs that the inline parsers of older releases
 * need quadratic time for. Two habits of Chinese texts are put in its words:
 * "##Title" without a space, and the bullet U+2022.
 */

/* Marks and white space that mean something where a line begins. More of
 * them than MARKS_MAX are cut, which bounds the depth of lists and quotes,
 * and so the work on a blank line that may belong to them all. */
static const char marks[] = " \t>-+*#=_~`.)0123456789";
#define MARKS_MAX 100u

/* The tree of cmark takes some hundred bytes a block: so much text is parsed
 * at once, or more where one block is larger. */
#define PIECE_SIZE ((uint32_t)1 << 20)

struct scan {
	struct kb_doc *doc;
	struct kb_arena *arena;
	size_t cap;
	const char *text;
	uint32_t end;
	uint32_t at;   /* a line begins here */
	uint32_t line; /* its number in the source */
	bool follow;
	bool markdown;
	struct kb_buf masked; /* the line that is fed */
};

struct kb_block *kb_doc_add_block(struct kb_doc *doc, size_t *cap,
				  struct kb_arena *arena,
				  enum kb_block_type type)
{
	struct kb_block *b;

	kb_arena_grow(arena, &doc->blocks, cap, doc->n_blocks,
		      doc->n_blocks + 1, sizeof(*doc->blocks));
	b = &doc->blocks[doc->n_blocks++];
	*b = (struct kb_block){.type = (uint8_t)type};
	return b;
}

/* The end of the line at pos, where its newline stands or the text ends. */
static uint32_t line_end(const struct scan *s, uint32_t pos)
{
	const char *nl = memchr(s->text + pos, '\n', s->end - pos);

	return nl ? (uint32_t)(nl - s->text) : s->end;
}

static uint32_t line_after(const struct scan *s, uint32_t pos)
{
	uint32_t end = line_end(s, pos);

	return end < s->end ? end + 1 : end;
}

/* ---- what cmark gets ---- */

/* Blocks depend on the text of a line where HTML begins or ends, and on a
 * backtick behind a fence, which makes it none. */
static bool is_telling(const char *p, size_t len)
{
	return *p == '<' || memchr(p, '>', len) || memchr(p, '`', len);
}

static void mask_text(struct kb_buf *out, const char *p, size_t len)
{
	if (len >= 3 && !memcmp(p, "\xe2\x80\xa2", 3)) {
		kb_buf_add(out, "- x", 3);
		return;
	}
	if (!is_telling(p, len)) {
		kb_buf_add_char(out, 'x');
		return;
	}
	kb_buf_add_char(out, *p == '<' ? '<' : 'x');
	for (size_t i = 1; i < len; i++) {
		bool inline_only = memchr("[]*_&\\", p[i], 7) ||
				   (p[i] == '<' && p[i + 1] != '/');

		kb_buf_add_char(out, inline_only ? '.' : p[i]);
	}
}

/* "##" to "######" at the beginning of a line, which is p to p + n. */
static bool is_chinese_heading(const char *p, size_t n, size_t len)
{
	size_t indent = 0;

	while (indent < n && indent < 3 && p[indent] == ' ')
		indent++;
	return n - indent >= 2 && n - indent <= 6 && n < len &&
	       (unsigned char)p[n] >= 0x80 &&
	       !memcmp(p + indent, "######", n - indent);
}

/* p[len] is readable: a newline or the NUL behind the text. */
static void mask_line(struct kb_buf *out, const char *p, size_t len)
{
	size_t n = 0;

	kb_buf_reset(out);
	while (n < len && ((unsigned char)p[n] < ' ' ||
			   memchr(marks, p[n], sizeof(marks) - 1)))
		n++;
	for (size_t i = 0; i < n && i < MARKS_MAX; i++)
		kb_buf_add_char(out, (unsigned char)p[i] < ' ' && p[i] != '\t'
					 ? ' '
					 : p[i]);
	/* text behind more white space than that is text */
	if (n > MARKS_MAX && n == len && !kb_doc_trim(kb_buf_str(out)).len &&
	    kb_doc_trim((struct kb_str){p, len}).len)
		kb_buf_add_char(out, 'x');
	if (is_chinese_heading(p, n, len))
		kb_buf_add_char(out, ' ');
	if (n < len)
		mask_text(out, p + n, len - n);
	kb_buf_add_char(out, '\n');
}

/* The blocks of [pos, end) as a tree, which the caller frees. */
static cmark_node *parse(struct scan *s, uint32_t pos, uint32_t end)
{
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	cmark_node *root;

	while (pos < end) {
		mask_line(&s->masked, s->text + pos, line_end(s, pos) - pos);
		cmark_parser_feed(parser, s->masked.ptr, s->masked.len);
		pos = line_after(s, pos);
	}
	root = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return root;
}

/* ---- from its blocks to ours ---- */

/* Add [start, end), or what of it is not white space. Its line is that of
 * start. */
static struct kb_block *add(struct scan *s, enum kb_block_type type,
			    uint32_t start, uint32_t end, uint32_t line)
{
	struct kb_block *b;

	assert(start <= end && end <= s->end);
	assert(!s->doc->n_blocks ||
	       s->doc->blocks[s->doc->n_blocks - 1].end <= start);
	while (end > start && (unsigned char)s->text[end - 1] <= ' ')
		end--;
	if (start == end)
		return NULL;
	b = kb_doc_add_block(s->doc, &s->cap, s->arena, type);
	b->start = start;
	b->end = end;
	b->line = line;
	return b;
}

/* A heading's text without its marks: those before it, and those behind it
 * where they stand apart ("C#" keeps its own). */
static struct kb_str marked_title(struct kb_str title)
{
	size_t len;

	while (title.len && title.ptr[0] == '#') {
		title.ptr++;
		title.len--;
	}
	title = kb_doc_trim(title);
	for (len = title.len; len && title.ptr[len - 1] == '#';)
		len--;
	if (!len || (unsigned char)title.ptr[len - 1] <= ' ')
		title.len = len;
	return kb_doc_trim(title);
}

static void add_heading(struct scan *s, uint32_t end, int level)
{
	uint32_t start = s->at;
	struct kb_str title;
	struct kb_block *b;

	while (start < end && (unsigned char)s->text[start] <= ' ')
		start++;
	b = add(s, KB_BLOCK_HEADING, start, end, s->line);
	if (!b)
		return;
	b->level = (uint8_t)level;
	title = (struct kb_str){s->text + start, b->end - start};
	if (*title.ptr == '#') {
		title = marked_title(title);
	} else {
		/* all but the underline */
		while (title.len && title.ptr[title.len - 1] != '\n')
			title.len--;
		title = kb_doc_trim(title);
	}
	b->title_start = (uint32_t)(title.ptr - s->text);
	b->title_end = b->title_start + (uint32_t)title.len;
}

bool kb_doc_is_table_rule(struct kb_str line)
{
	bool bar = false, dash = false;

	for (size_t i = 0; i < line.len; i++) {
		if (!memchr("|-: \t\r\n", line.ptr[i], 7))
			return false;
		bar = bar || line.ptr[i] == '|';
		dash = dash || line.ptr[i] == '-';
	}
	return bar && dash;
}

static struct kb_str line_at(const struct scan *s, uint32_t pos)
{
	return (struct kb_str){s->text + pos, line_end(s, pos) - pos};
}

static bool has_bar(struct kb_str line)
{
	return memchr(line.ptr, '|', line.len) != NULL;
}

/* CommonMark knows no tables: they are paragraphs, or the end of one. */
static void add_paragraph(struct scan *s, uint32_t end)
{
	uint32_t start = s->at, from = s->line, line = s->line;
	bool table = false;

	for (uint32_t pos = start, next; pos < end; pos = next) {
		bool row = has_bar(line_at(s, pos)), head;

		next = line_after(s, pos);
		head =
		    row && next < end && kb_doc_is_table_rule(line_at(s, next));
		if (table ? !row : head) {
			add(s, table ? KB_BLOCK_TABLE : KB_BLOCK_PARAGRAPH,
			    start, pos, from);
			table = !table;
			start = pos;
			from = line;
		}
		line += s->follow;
	}
	add(s, table ? KB_BLOCK_TABLE : KB_BLOCK_PARAGRAPH, start, end, from);
}

/* Columns before the text of the line at pos, counting a tab as four. */
static bool is_indented(const struct scan *s, uint32_t pos)
{
	return s->end - pos >= 4 && (!memcmp(s->text + pos, "    ", 4) ||
				     memchr(s->text + pos, '\t', 4) != NULL);
}

/*
 * A node that begins where the scan stands and ends, with n_lines, before
 * 'end'. In text that is no Markdown a rule stands under a paragraph and
 * indented lines are no code.
 */
static void add_node(struct scan *s, cmark_node *node, uint32_t end,
		     uint32_t n_lines)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		if (s->markdown || n_lines <= 4)
			add_heading(s, end, cmark_node_get_heading_level(node));
		else
			add_paragraph(s, end);
		break;
	case CMARK_NODE_CODE_BLOCK:
		if (s->markdown || !is_indented(s, s->at))
			add(s, KB_BLOCK_CODE, s->at, end, s->line);
		else
			add_paragraph(s, end);
		break;
	case CMARK_NODE_PARAGRAPH:
		add_paragraph(s, end);
		break;
	case CMARK_NODE_LIST:
		add(s, KB_BLOCK_LIST, s->at, end, s->line);
		break;
	default: /* quotes, HTML, rules */
		add(s, KB_BLOCK_PARAGRAPH, s->at, end, s->line);
		break;
	}
}

/* May the node go on behind a blank line? */
static bool may_go_on(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_LIST || type == CMARK_NODE_CODE_BLOCK ||
	       type == CMARK_NODE_HTML_BLOCK;
}

/*
 * Add the blocks of a tree, that of the text from s->at to 'end'. Each goes
 * as far as the next begins. The last is left for the next piece if it may go
 * on there.
 */
static void add_tree(struct scan *s, cmark_node *root, uint32_t end)
{
	cmark_node *node = cmark_node_first_child(root), *next;
	uint32_t n = 1; /* the line in the piece */

	for (; node; node = next) {
		uint32_t first = (uint32_t)cmark_node_get_start_line(node);
		uint32_t stop, last = n;

		for (; n < first && s->at < end; n++) {
			s->at = line_after(s, s->at);
			s->line += s->follow;
		}
		next = cmark_node_next(node);
		if (!next && end < s->end && may_go_on(node))
			return;
		first = next ? (uint32_t)cmark_node_get_start_line(next)
			     : UINT32_MAX;
		for (stop = s->at, last = n; last < first && stop < end; last++)
			stop = line_after(s, stop);
		add_node(s, node, stop, last - n);
		s->line += s->follow ? last - n : 0;
		s->at = stop;
		n = last;
	}
	for (; s->at < end; s->at = line_after(s, s->at))
		s->line += s->follow;
}

/* The end of the piece at pos: behind a blank line, where most blocks end. */
static uint32_t piece_end(const struct scan *s, uint32_t pos, uint32_t size)
{
	uint32_t next;

	if (s->end - pos <= size)
		return s->end;
	for (pos = line_after(s, pos + size); pos < s->end; pos = next) {
		next = line_after(s, pos);
		if (!kb_doc_trim(line_at(s, pos)).len)
			return next;
	}
	return pos;
}

void kb_doc_find_blocks(struct kb_doc *doc, struct kb_arena *arena,
			uint32_t line, bool markdown)
{
	struct scan s = {
	    .doc = doc,
	    .arena = arena,
	    .text = doc->text.ptr,
	    .end = (uint32_t)doc->text.len,
	    .line = line,
	    .follow = doc->text_lines,
	    .markdown = markdown,
	};
	uint32_t size = PIECE_SIZE;

	assert(doc->text.len <= UINT32_MAX);
	assert(doc->text.ptr || !doc->text.len);
	doc->blocks = NULL;
	doc->n_blocks = 0;
	kb_buf_init(&s.masked, 0);
	while (s.at < s.end) {
		uint32_t end = piece_end(&s, s.at, size), at = s.at;
		cmark_node *root = parse(&s, at, end);

		add_tree(&s, root, end);
		cmark_node_free(root);
		size = s.at > at ? PIECE_SIZE : size * 2;
	}
	kb_buf_release(&s.masked);
}

struct kb_str kb_doc_first_heading(const struct kb_doc *doc, unsigned level)
{
	const char *text = doc->text.ptr;

	for (size_t i = 0; i < doc->n_blocks; i++) {
		const struct kb_block *b = &doc->blocks[i];
		uint32_t end = b->title_end;

		if (b->type != KB_BLOCK_HEADING || b->level > level ||
		    end == b->title_start)
			continue;
		if (end - b->title_start > KB_DOC_TITLE_MAX)
			end = b->title_start + KB_DOC_TITLE_MAX;
		while (end < b->title_end &&
		       ((unsigned char)text[end] & 0xc0) == 0x80)
			end--;
		return (struct kb_str){text + b->title_start,
				       end - b->title_start};
	}
	return KB_STR("");
}
