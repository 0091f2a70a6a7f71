#include "answer/layout.h"

#include <assert.h>

#define TAB	    8
#define TERM_INDENT 2	/* columns more, at least, of what explains a term */
#define TERM_BYTES  100 /* longest line that is a term */

static struct kb_str text_of(struct kb_str text, const struct kb_layout_line *l)
{
	return (struct kb_str){text.ptr + l->start, l->end - l->start};
}

/* Split text into lines that are not blank. */
static void split(struct kb_layout *layout, struct kb_str text)
{
	struct kb_str rest = text, line;

	while (layout->n < KB_LAYOUT_LINES && kb_str_line(&rest, &line)) {
		struct kb_layout_line *l = &layout->lines[layout->n];
		size_t i = 0;

		*l = (struct kb_layout_line){.under = KB_LAYOUT_NONE};
		for (; i < line.len && kb_is_space(line.ptr[i]); i++)
			l->indent +=
			    line.ptr[i] == '\t' ? TAB - l->indent % TAB : 1;
		while (line.len > i && kb_is_space(line.ptr[line.len - 1]))
			line.len--;
		if (line.len == i)
			continue;
		l->start = (uint32_t)(line.ptr + i - text.ptr);
		l->end = (uint32_t)(line.ptr + line.len - text.ptr);
		layout->n++;
	}
}

static bool is_rule(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!memchr("-=|:+*_~ \t", s.ptr[i], 10))
			return false;
	return true;
}

/* "OPTIONS", "EXIT STATUS": how a printed manual heads its parts. */
static bool is_capital(struct kb_str s)
{
	size_t letters = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (!kb_is_upper(s.ptr[i]) && s.ptr[i] != ' ' &&
		    s.ptr[i] != '-')
			return false;
		letters += kb_is_upper(s.ptr[i]);
	}
	return letters > 2;
}

static bool is_heading(struct kb_str text, const struct kb_layout_line *l,
		       const struct kb_layout_line *next)
{
	struct kb_str s = text_of(text, l), below;
	size_t marks = 0;

	while (marks < s.len && s.ptr[marks] == '#')
		marks++;
	if (marks)
		return marks <= 6 && marks < s.len && s.ptr[marks] == ' ';
	if (!next || l->indent)
		return false;
	below = text_of(text, next);
	if (is_rule(below) && below.len > 2 &&
	    (*below.ptr == '=' || *below.ptr == '-') &&
	    !memchr(below.ptr, '|', below.len) && !kb_str_has(s, KB_STR("|")))
		return true;
	return is_capital(s) && next->indent > TERM_INDENT;
}

/* "-q     Print nothing": a term and what it means on one line. */
static bool is_explained(struct kb_str s)
{
	size_t at = 0;

	while (at < s.len && !kb_is_blank(s.ptr[at]))
		at++;
	return kb_starts(s.ptr + at, s.len - at, "   ");
}

/* "- x", "* x", "1. x", "2) x", "（三）x", "四、x" */
static bool is_item(struct kb_str s)
{
	static const char *const numerals[] = {"一", "二", "三", "四", "五",
					       "六", "七", "八", "九", "十"};
	size_t at = kb_starts(s.ptr, s.len, "（"), digits, from;

	if (s.len > 2 && memchr("-*+", *s.ptr, 3) && s.ptr[1] == ' ')
		return true;
	if (is_explained(s))
		return true;
	at += !at && *s.ptr == '(';
	for (from = at; at < s.len && kb_is_digit(s.ptr[at]);)
		at++;
	digits = at - from;
	for (size_t i = 0; !digits && i < 10; i++)
		at += kb_starts(s.ptr + at, s.len - at, numerals[i]);
	if (at == from || digits > 2)
		return false;
	s = kb_str_skip(s, at);
	return kb_starts(s.ptr, s.len, "）") || kb_starts(s.ptr, s.len, "、") ||
	       kb_starts(s.ptr, s.len, ". ") || kb_starts(s.ptr, s.len, ") ");
}

/* An option, or a short line without an end, over lines that stand deeper. */
static bool is_term(struct kb_str text, const struct kb_layout_line *l,
		    const struct kb_layout_line *next)
{
	struct kb_str s = text_of(text, l);
	bool option = s.len > 1 && *s.ptr == '-' && s.ptr[1] != ' ';

	return next && next->indent >= l->indent + TERM_INDENT &&
	       s.len <= TERM_BYTES && !is_item(s) &&
	       (option || (l->indent && !memchr(".,;:", s.ptr[s.len - 1], 4) &&
			   !kb_ends(s.ptr, s.len, "\u2010")));
}

static bool starts_any(struct kb_str s, const char *const *starts)
{
	for (; *starts; starts++)
		if (kb_starts(s.ptr, s.len, *starts))
			return true;
	return false;
}

/* A line that ends in a colon, or a question with its answer below. */
static bool is_lead(struct kb_str s, struct kb_str below)
{
	static const char *const asks[] = {"Q:", "Q：", "问：", "问:", NULL};
	static const char *const answers[] = {"A:",  "A：",	"答：",
					      "答:", "Answer:", NULL};

	if (kb_ends(s.ptr, s.len, "?") || kb_ends(s.ptr, s.len, "？"))
		return starts_any(s, asks) || starts_any(below, answers);
	return kb_ends(s.ptr, s.len, ":") || kb_ends(s.ptr, s.len, "：");
}

static bool in_table(struct kb_str s)
{
	return *s.ptr == '|' || kb_str_has(s, KB_STR(" | "));
}

static enum kb_layout_kind kind_of(struct kb_str text,
				   const struct kb_layout *layout, size_t at)
{
	const struct kb_layout_line *l = &layout->lines[at];
	const struct kb_layout_line *next = at + 1 < layout->n ? l + 1 : NULL;
	struct kb_str s = text_of(text, l);
	struct kb_str below = next ? text_of(text, next) : KB_STR("x");

	if (is_rule(s))
		return KB_LAYOUT_RULE;
	if (in_table(s)) {
		if (is_rule(below) && kb_str_has(below, KB_STR("|")))
			return KB_LAYOUT_HEADER;
		if (at && (l[-1].kind == KB_LAYOUT_RULE ||
			   l[-1].kind == KB_LAYOUT_ROW))
			return KB_LAYOUT_ROW;
	}
	if (is_heading(text, l, next))
		return KB_LAYOUT_HEADING;
	if (is_term(text, l, next))
		return KB_LAYOUT_TERM;
	if (is_item(s))
		return KB_LAYOUT_ITEM;
	return is_lead(s, below) ? KB_LAYOUT_LEAD : KB_LAYOUT_PROSE;
}

/* What line number 'at' stands under: of the lines open above it the nearest
 * that may hold it. No option stands under an option: at a passage's start the
 * blanks before one are gone. */
static uint32_t above(struct kb_str text, const struct kb_layout *layout,
		      size_t at)
{
	const struct kb_layout_line *l = &layout->lines[at];
	bool option = text.ptr[l->start] == '-';
	uint32_t up = at ? (uint32_t)at - 1 : KB_LAYOUT_NONE;

	if (l->kind == KB_LAYOUT_HEADING)
		return KB_LAYOUT_NONE;
	for (; up != KB_LAYOUT_NONE; up = layout->lines[up].under) {
		const struct kb_layout_line *u = &layout->lines[up];

		if (u->kind == KB_LAYOUT_HEADING)
			return up;
		if ((u->kind == KB_LAYOUT_TERM || u->kind == KB_LAYOUT_ITEM) &&
		    l->indent > u->indent &&
		    !(option && text.ptr[u->start] == '-'))
			return up;
		if (u->kind == KB_LAYOUT_HEADER &&
		    (l->kind == KB_LAYOUT_ROW || l->kind == KB_LAYOUT_RULE))
			return up;
		if (u->kind == KB_LAYOUT_LEAD &&
		    (l->kind == KB_LAYOUT_ITEM || l->kind == KB_LAYOUT_CODE ||
		     l->kind == KB_LAYOUT_HEADER || up + 1 == at))
			return up;
	}
	return KB_LAYOUT_NONE;
}

void kb_layout_read(struct kb_layout *layout, struct kb_arena *arena,
		    struct kb_str text)
{
	bool in_code = false;
	size_t n = 1;

	assert(layout && arena);
	for (size_t i = 0; i < text.len && n < KB_LAYOUT_LINES; i++)
		n += text.ptr[i] == '\n';
	*layout = (struct kb_layout){
	    .lines = kb_arena_calloc(arena, n, sizeof(*layout->lines))};
	split(layout, text);
	for (size_t i = 0; i < layout->n; i++) {
		struct kb_layout_line *l = &layout->lines[i];
		struct kb_str s = text_of(text, l);
		bool fence = kb_starts(s.ptr, s.len, "```") ||
			     kb_starts(s.ptr, s.len, "~~~");

		in_code ^= fence;
		l->kind = fence	    ? KB_LAYOUT_RULE
			  : in_code ? KB_LAYOUT_CODE
				    : kind_of(text, layout, i);
		l->under = above(text, layout, i);
	}
}

uint32_t kb_layout_line_of(const struct kb_layout *layout, size_t at)
{
	size_t lo = 0, hi = layout->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (layout->lines[mid].end <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < layout->n ? (uint32_t)lo : KB_LAYOUT_NONE;
}
