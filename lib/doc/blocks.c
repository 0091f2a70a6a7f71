#include "doc/blocks.h"

struct scan {
	struct kb_doc *doc;
	struct kb_arena *arena;
	size_t cap;
	const char *text;
	uint32_t end;
	uint32_t line; /* of the current line */
	bool follow;
};

/* One line: [start, end) without its newline, next is the next line's. */
struct line {
	uint32_t start, end, next;
	uint32_t indent; /* columns */
	uint32_t first;	 /* first byte that is not space or tab */
	bool blank;
};

struct kb_str kb_doc_trim(struct kb_str s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

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

static struct line line_at(const struct scan *s, uint32_t pos)
{
	struct line l = {.start = pos, .end = s->end, .next = s->end};
	const char *nl = memchr(s->text + pos, '\n', s->end - pos);

	if (nl) {
		l.end = (uint32_t)(nl - s->text);
		l.next = l.end + 1;
	}
	for (l.first = pos; l.first < l.end; l.first++) {
		char c = s->text[l.first];

		if (c == '\t')
			l.indent = (l.indent / 4 + 1) * 4;
		else if (c == ' ' || c == '\r' || c == '\f' || c == '\v')
			l.indent++;
		else
			break;
	}
	l.blank = l.first == l.end;
	return l;
}

static void add(struct scan *s, enum kb_block_type type, uint32_t start,
		uint32_t end, uint32_t line)
{
	struct kb_block *b = kb_doc_add_block(s->doc, &s->cap, s->arena, type);

	b->start = start;
	b->end = end;
	b->line = line;
}

/* Number of marks of an ATX heading, 0 when the line is none. Written
 * without a space from two marks on, as is common in Chinese texts. */
static unsigned atx_level(const struct scan *s, const struct line *l)
{
	uint32_t p = l->first;
	unsigned n = 0;

	if (l->indent > 3)
		return 0;
	while (p < l->end && s->text[p] == '#') {
		p++;
		n++;
	}
	if (n == 0 || n > 6)
		return 0;
	if (p == l->end || s->text[p] == ' ' || s->text[p] == '\t')
		return n;
	return n > 1 && (unsigned char)s->text[p] >= 0x80 ? n : 0;
}

static void add_heading(struct scan *s, uint32_t start, uint32_t end,
			unsigned level, uint32_t line)
{
	struct kb_block *b;
	struct kb_str title;
	uint32_t p = start;

	while (p < end && (s->text[p] == '#' || s->text[p] == ' '))
		p++;
	title = kb_doc_trim((struct kb_str){s->text + p, end - p});
	while (title.len && title.ptr[title.len - 1] == '#')
		title.len--;
	title = kb_doc_trim(title);
	add(s, KB_BLOCK_HEADING, start, end, line);
	b = &s->doc->blocks[s->doc->n_blocks - 1];
	b->level = (uint8_t)level;
	b->title_start = (uint32_t)(title.ptr - s->text);
	b->title_end = b->title_start + (uint32_t)title.len;
}

/* The fence's character and length, 0 when the line opens none. */
static unsigned fence(const struct scan *s, const struct line *l, char *mark)
{
	uint32_t p = l->first;
	unsigned n = 0;

	if (l->indent > 3 || l->blank)
		return 0;
	*mark = s->text[p];
	if (*mark != '`' && *mark != '~')
		return 0;
	while (p < l->end && s->text[p] == *mark) {
		p++;
		n++;
	}
	if (n < 3 || (*mark == '`' && memchr(s->text + p, '`', l->end - p)))
		return 0;
	return n;
}

/* Does the line close a fence of n marks? */
static bool fence_closes(const struct scan *s, const struct line *l, char mark,
			 unsigned n)
{
	uint32_t p = l->first;

	while (p < l->end && s->text[p] == mark)
		p++;
	return p - l->first >= n &&
	       kb_doc_trim((struct kb_str){s->text + p, l->end - p}).len == 0;
}

/* The byte behind a list marker and its space, 0 when there is none. */
static uint32_t list_marker(const struct scan *s, const struct line *l)
{
	static const char bullet[] = "\xe2\x80\xa2"; /* U+2022 */
	uint32_t p = l->first;
	unsigned digits = 0;

	if (l->blank)
		return 0;
	if (l->end - p > 3 && !memcmp(s->text + p, bullet, 3))
		return p + 3;
	if (s->text[p] == '-' || s->text[p] == '*' || s->text[p] == '+') {
		p++;
	} else {
		while (p < l->end && s->text[p] >= '0' && s->text[p] <= '9' &&
		       digits < 9) {
			p++;
			digits++;
		}
		if (!digits || p == l->end ||
		    (s->text[p] != '.' && s->text[p] != ')'))
			return 0;
		p++;
	}
	return p < l->end && (s->text[p] == ' ' || s->text[p] == '\t') ? p + 1
								       : 0;
}

/* |---|:--:| : the line under a table's head. */
static bool table_rule(const struct scan *s, const struct line *l)
{
	bool bar = false, dash = false;
	uint32_t p;

	for (p = l->first; p < l->end; p++) {
		switch (s->text[p]) {
		case '|':
			bar = true;
			break;
		case '-':
			dash = true;
			break;
		case ':':
		case ' ':
		case '\t':
			break;
		default:
			return false;
		}
	}
	return bar && dash;
}

/* Level of the heading this line underlines: 1 for ===, 2 for ---. */
static unsigned underline(const struct scan *s, const struct line *l)
{
	struct kb_str t =
	    kb_doc_trim((struct kb_str){s->text + l->first, l->end - l->first});
	size_t i;

	if (l->indent > 3 || t.len < 2 || (t.ptr[0] != '=' && t.ptr[0] != '-'))
		return 0;
	for (i = 1; i < t.len; i++) {
		if (t.ptr[i] != t.ptr[0])
			return 0;
	}
	return t.ptr[0] == '=' ? 1 : 2;
}

static uint32_t next_line(struct scan *s, const struct line *l)
{
	s->line += s->follow;
	return l->next;
}

static uint32_t take_code(struct scan *s, struct line l, char mark, unsigned n)
{
	uint32_t start = l.start, end = l.end, line = s->line;
	uint32_t pos = next_line(s, &l);

	while (pos < s->end) {
		l = line_at(s, pos);
		pos = next_line(s, &l);
		if (!l.blank)
			end = l.end;
		if (fence_closes(s, &l, mark, n))
			break;
	}
	add(s, KB_BLOCK_CODE, start, end, line);
	return pos;
}

static uint32_t take_table(struct scan *s, struct line l)
{
	uint32_t start = l.start, end = l.end, line = s->line;
	uint32_t pos = next_line(s, &l);

	while (pos < s->end) {
		l = line_at(s, pos);
		if (l.blank || !memchr(s->text + l.first, '|', l.end - l.first))
			break;
		end = l.end;
		pos = next_line(s, &l);
	}
	add(s, KB_BLOCK_TABLE, start, end, line);
	return pos;
}

/* A list ends at a heading or fence, and at an unindented line behind a
 * blank one that is no item. */
static uint32_t take_list(struct scan *s, struct line l)
{
	uint32_t start = l.start, end = l.end, line = s->line;
	uint32_t pos = next_line(s, &l);
	bool after_blank = false;
	char mark;

	while (pos < s->end) {
		l = line_at(s, pos);
		if (!l.blank && !list_marker(s, &l) &&
		    ((after_blank && l.indent < 2) || atx_level(s, &l) ||
		     (l.indent < 2 && fence(s, &l, &mark))))
			break;
		after_blank = l.blank;
		if (!l.blank)
			end = l.end;
		pos = next_line(s, &l);
	}
	add(s, KB_BLOCK_LIST, start, end, line);
	return pos;
}

static uint32_t take_paragraph(struct scan *s, struct line l)
{
	uint32_t start = l.start, end = l.end, line = s->line;
	uint32_t pos = next_line(s, &l);
	struct line ahead;
	unsigned level, n_lines = 1;
	char mark;

	while (pos < s->end) {
		l = line_at(s, pos);
		/* More than a few lines are no heading; --- then is a rule. */
		level = n_lines <= 3 ? underline(s, &l) : 0;
		if (level) {
			add_heading(s, start, end, level, line);
			s->doc->blocks[s->doc->n_blocks - 1].end = l.end;
			return next_line(s, &l);
		}
		if (l.blank || atx_level(s, &l) || fence(s, &l, &mark) ||
		    (list_marker(s, &l) && l.indent < 4))
			break;
		if (memchr(s->text + l.first, '|', l.end - l.first) &&
		    l.next < s->end) {
			ahead = line_at(s, l.next);
			if (table_rule(s, &ahead))
				break;
		}
		end = l.end;
		n_lines++;
		pos = next_line(s, &l);
	}
	add(s, KB_BLOCK_PARAGRAPH, start, end, line);
	return pos;
}

static uint32_t take(struct scan *s, struct line l)
{
	struct line ahead;
	uint32_t next;
	unsigned n;
	char mark;

	n = atx_level(s, &l);
	if (n) {
		add_heading(s, l.first, l.end, n, s->line);
		return next_line(s, &l);
	}
	n = fence(s, &l, &mark);
	if (n)
		return take_code(s, l, mark, n);
	if (list_marker(s, &l))
		return take_list(s, l);
	if (memchr(s->text + l.first, '|', l.end - l.first) &&
	    l.next < s->end) {
		ahead = line_at(s, l.next);
		if (table_rule(s, &ahead))
			return take_table(s, l);
	}
	next = take_paragraph(s, l);
	return next;
}

void kb_doc_find_blocks(struct kb_doc *doc, struct kb_arena *arena,
			uint32_t line, bool follow)
{
	struct scan s = {doc,  arena, 0, doc->text.ptr, (uint32_t)doc->text.len,
			 line, follow};
	uint32_t pos = 0;

	doc->blocks = NULL;
	doc->n_blocks = 0;
	while (pos < s.end) {
		struct line l = line_at(&s, pos);

		pos = l.blank ? next_line(&s, &l) : take(&s, l);
	}
}
