#include "graph/graph_names.h"

#include <string.h>

#include "base/ascii.h"

#define QUOTE_BYTES 120 /* of what stands in quotation marks, to be a name */
#define DIGITS_MIN  6	/* of a number that is a name */

static const struct {
	const char *open, *close;
} quotes[] = {
    {"《", "》"}, {"「", "」"}, {"“", "”"}, {"『", "』"}, {"\"", "\""},
};

/* The length of the quotation that starts at text[i], or 0; *mark is the
 * length of its opening mark. */
static size_t quotation(struct kb_str text, size_t i, size_t *mark)
{
	for (size_t q = 0; q < sizeof(quotes) / sizeof(*quotes); q++) {
		size_t open = strlen(quotes[q].open);
		size_t left = text.len - i;

		if (left < open || memcmp(text.ptr + i, quotes[q].open, open))
			continue;
		left -= open;
		const char *end =
		    memmem(text.ptr + i + open,
			   left < QUOTE_BYTES ? left : QUOTE_BYTES,
			   quotes[q].close, strlen(quotes[q].close));

		*mark = open;
		return end ? (size_t)(end - (text.ptr + i + open)) : 0;
	}
	return 0;
}

void kb_graph_quotations(const struct kb_graph_text *t,
			 void (*name)(void *arg, size_t from, size_t to),
			 void *arg)
{
	const struct kb_term *items = t->terms->items;
	struct kb_str text = t->text;
	size_t at = 0, mark = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c != '"' && c != 0xe2 && c != 0xe3)
			continue;
		size_t len = quotation(text, i, &mark), end;

		if (!len)
			continue;
		i += mark;
		while (at < t->n && items[t->at[at]].start < i)
			at++;
		end = at;
		while (end < t->n && items[t->at[end]].end <= i + len)
			end++;
		name(arg, at, end);
		i += len;
		at = end;
	}
}

static bool capital(struct kb_str text, const struct kb_term *t)
{
	return t->start < text.len && text.ptr[t->start] >= 'A' &&
	       text.ptr[t->start] <= 'Z';
}

/* Does the term begin a sentence, where a capital says nothing? */
static bool begins_sentence(struct kb_str text, const struct kb_term *t)
{
	size_t i = t->start < text.len ? t->start : text.len;

	while (i > 0 && (text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '"'))
		i--;
	return i == 0 || memchr(".!?:\n\r\t", text.ptr[i - 1], 7);
}

void kb_graph_capitals(const struct kb_graph_text *t,
		       void (*name)(void *arg, size_t from, size_t to),
		       void *arg)
{
	const struct kb_term *items = t->terms->items;
	struct kb_str text = t->text;

	for (size_t i = 0, end; i < t->n; i = end) {
		const struct kb_term *first = &items[t->at[i]];

		end = i + 1;
		if (kb_term_class(first->key) != KB_TERM_WORD ||
		    !capital(text, first))
			continue;
		while (end < t->n) {
			const struct kb_term *last = &items[t->at[end - 1]];
			const struct kb_term *next = &items[t->at[end]];

			if (next->start != last->end + 1 ||
			    !memchr(" -", text.ptr[last->end], 2) ||
			    !capital(text, next))
				break;
			end++;
		}
		if (end == i + 1 && begins_sentence(text, first))
			continue;
		name(arg, i, end);
	}
}

/* 20240131, 202401 */
static bool is_date(const char *d, size_t n)
{
	int month = (d[4] - '0') * 10 + d[5] - '0';
	int day = n == 8 ? (d[6] - '0') * 10 + d[7] - '0' : 1;

	return (n == 6 || n == 8) &&
	       (!memcmp(d, "19", 2) || !memcmp(d, "20", 2)) && month >= 1 &&
	       month <= 12 && day >= 1 && day <= 31;
}

static bool touches(struct kb_str text, const struct kb_term *t,
		    const char *mark, bool before)
{
	size_t n = strlen(mark);

	if (before)
		return t->start >= n &&
		       !memcmp(text.ptr + t->start - n, mark, n);
	return text.len - t->end >= n && !memcmp(text.ptr + t->end, mark, n);
}

/* 123456.78, 1,234567, ¥123456, 123456元 */
static bool is_amount(struct kb_str text, const struct kb_term *t)
{
	static const char *const before[] = {"$", "¥", "￥", "€",
					     "£", ".", ","};
	static const char *const after[] = {"元", "万", "亿", "块", "%", "％"};
	size_t i;

	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		if (touches(text, t, before[i], true))
			return true;
	}
	for (i = 0; i < sizeof(after) / sizeof(*after); i++) {
		if (touches(text, t, after[i], false))
			return true;
	}
	return text.len - t->end > 1 &&
	       (text.ptr[t->end] == '.' || text.ptr[t->end] == ',') &&
	       kb_is_digit(text.ptr[t->end + 1]);
}

/* A long run of digits that is neither a date nor an amount. */
static bool is_number(struct kb_str text, const struct kb_terms *terms,
		      const struct kb_term *t)
{
	const char *d;

	if (kb_term_class(t->key) != KB_TERM_WORD || t->text_len < DIGITS_MIN)
		return false;
	d = terms->text + t->text_off;
	for (size_t i = 0; i < t->text_len; i++) {
		if (!kb_is_digit(d[i]))
			return false;
	}
	return !is_date(d, t->text_len) && !is_amount(text, t);
}

void kb_graph_codes(const struct kb_graph_text *t,
		    void (*name)(void *arg, const struct kb_term *term),
		    void *arg)
{
	for (size_t i = 0; i < t->terms->n; i++) {
		const struct kb_term *term = &t->terms->items[i];

		if (term->end > t->text.len || term->start > term->end)
			continue;
		if ((kb_term_class(term->key) == KB_TERM_CODE &&
		     t->terms->text[term->text_off] != '-') ||
		    is_number(t->text, t->terms, term))
			name(arg, term);
	}
}
