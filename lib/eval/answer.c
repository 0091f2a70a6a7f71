#include "eval/answer.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "text/han.h"
#include "text/script.h"

enum kind { OTHER, LETTER, DIGIT, CJK };

static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	if (cp >= 'A' && cp <= 'Z')
		return cp + 32;
	if (cp < 0x80)
		return cp;
	if (kb_is_han(cp))
		return kb_han_simplify(cp);
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

static enum kind kind_of(uint32_t cp)
{
	if (cp == KB_UTF8_BAD)
		return OTHER;
	if (cp < 0x80)
		return cp >= '0' && cp <= '9'	? DIGIT
		       : cp >= 'a' && cp <= 'z' ? LETTER
						: OTHER;
	if (kb_is_cjk(cp))
		return CJK;
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return LETTER;
	case UTF8PROC_CATEGORY_ND:
		return DIGIT;
	default:
		return OTHER;
	}
}

/* Close the token in word. Articles are no tokens. */
static void close_token(struct kb_answer_tokens *out, struct kb_buf *word,
			bool point)
{
	struct kb_str s = kb_buf_str(word);

	if (!s.len)
		return;
	while (point && s.len && s.ptr[s.len - 1] == '0')
		s.len--;
	if (point && s.ptr[s.len - 1] == '.')
		s.len--;
	if (!kb_str_is(s, "a") && !kb_str_is(s, "an") && !kb_str_is(s, "the")) {
		kb_grow(&out->items, &out->cap, out->n + 1,
			sizeof(*out->items));
		out->items[out->n++] =
		    (kb_xxh64(s.ptr, s.len, 0) & ~(uint64_t)1) |
		    (s.ptr[0] >= '0' && s.ptr[0] <= '9');
	}
	kb_buf_reset(word);
}

/* A comma or point between digits belongs to the number. */
static bool inside_number(struct kb_str text, size_t next, enum kind last)
{
	uint32_t cp;

	if (last != DIGIT || next >= text.len)
		return false;
	kb_utf8_next(text.ptr + next, text.len - next, &cp);
	return kind_of(fold(cp)) == DIGIT;
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* An answer is compared with many gold ones: sorted once. */
static void sort(struct kb_answer_tokens *t)
{
	kb_grow(&t->sorted, &t->cap_sorted, t->n + 1, sizeof(*t->sorted));
	if (t->n)
		memcpy(t->sorted, t->items, t->n * sizeof(*t->items));
	qsort(t->sorted, t->n, sizeof(*t->sorted), ascending);
}

void kb_answer_tokens(struct kb_answer_tokens *out, struct kb_str text)
{
	struct kb_buf word;
	enum kind last = OTHER, kind;
	bool point = false;
	uint32_t cp;
	size_t i = 0;

	out->n = 0;
	kb_buf_init(&word, 0);
	while (i < text.len) {
		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		cp = cp == KB_UTF8_BAD ? cp : fold(cp);
		kind = kind_of(cp);
		if (cp == ',' && inside_number(text, i, last))
			continue;
		if (cp == '.' && !point && inside_number(text, i, last)) {
			kb_buf_add_char(&word, '.');
			point = true;
			continue;
		}
		/* an apostrophe does not part a word: don't */
		if ((cp == '\'' || cp == 0x2019) && last == LETTER)
			continue;
		if (kind != last || kind == CJK) {
			close_token(out, &word, point);
			point = false;
		}
		if (kind != OTHER)
			kb_utf8_add(&word, cp);
		last = kind;
	}
	close_token(out, &word, point);
	kb_buf_release(&word);
	sort(out);
}

void kb_answer_tokens_release(struct kb_answer_tokens *t)
{
	free(t->items);
	free(t->sorted);
	*t = (struct kb_answer_tokens){0};
}

bool kb_answer_contains(const struct kb_answer_tokens *a,
			const struct kb_answer_tokens *gold)
{
	size_t i;

	for (i = 0; gold->n && i + gold->n <= a->n; i++) {
		if (!memcmp(a->items + i, gold->items,
			    gold->n * sizeof(*gold->items)))
			return true;
	}
	return false;
}

double kb_answer_f1(const struct kb_answer_tokens *a,
		    const struct kb_answer_tokens *gold)
{
	const uint64_t *x = a->sorted, *y = gold->sorted;
	size_t i = 0, k = 0, common = 0;

	if (!a->n || !gold->n)
		return a->n == gold->n;
	while (i < a->n && k < gold->n) {
		if (x[i] == y[k]) {
			common++;
			i++;
			k++;
		} else if (x[i] < y[k]) {
			i++;
		} else {
			k++;
		}
	}
	return 2 * (double)common / (double)(a->n + gold->n);
}

bool kb_answer_equal(const struct kb_answer_tokens *a,
		     const struct kb_answer_tokens *gold)
{
	return a->n == gold->n && kb_answer_contains(a, gold);
}

double kb_answer_rouge(const struct kb_answer_tokens *a,
		       const struct kb_answer_tokens *gold)
{
	size_t n = a->n, m = gold->n, i, k;
	uint32_t *row, best;

	n = n < KB_ANSWER_ROUGE_TOKENS ? n : KB_ANSWER_ROUGE_TOKENS;
	m = m < KB_ANSWER_ROUGE_TOKENS ? m : KB_ANSWER_ROUGE_TOKENS;
	if (!n || !m)
		return 0;
	/* row[k]: of what is read of a, and of the first k of gold */
	row = kb_calloc(m + 1, sizeof(*row));
	for (i = 0; i < n; i++) {
		uint32_t diagonal = 0;

		for (k = 0; k < m; k++) {
			uint32_t above = row[k + 1];

			if (a->items[i] == gold->items[k])
				row[k + 1] = diagonal + 1;
			else if (row[k] > above)
				row[k + 1] = row[k];
			diagonal = above;
		}
	}
	best = row[m];
	free(row);
	return 2 * (double)best / (double)(n + m);
}

bool kb_answer_has_number(const struct kb_answer_tokens *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->items[i] & 1)
			return true;
	return false;
}

bool kb_answer_numbers(const struct kb_answer_tokens *a,
		       const struct kb_answer_tokens *gold)
{
	bool all = true;

	for (size_t i = 0; all && i < gold->n; i++)
		all = !(gold->items[i] & 1) ||
		      bsearch(&gold->items[i], a->sorted, a->n,
			      sizeof(*a->sorted), ascending);
	return all;
}
