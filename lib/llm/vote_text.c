/* Final answers: where they stand in a text, and which of them agree. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "llm/vote_weights.h"
#include "llm/votes.h"
#include "quantity/quantity.h"
#include "text/fold.h"
#include "text/polarity.h"
#include "text/script.h"

#define POLAR_MAX   64
#define SHORT_WORDS 6 /* of a number with its unit */

/* ---- the final answer ---- */

static const char *const marks[] = {
    "answer is", "answer:",  "answers:", "answer =", "ans =",  "ans:",	"ans=",
    "####",	 "\\boxed{", "答案是",	 "答案为",   "答案：", "答案:",
};

/* Behind the last mark of the text, or NULL. */
static const char *last_mark(struct kb_str text)
{
	for (size_t i = text.len; i-- > 0;)
		for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++) {
			size_t n = kb_starts_folded(text.ptr + i, text.len - i,
						    marks[k]);

			if (n)
				return text.ptr + i + n;
		}
	return NULL;
}

/* Blanks, quotation marks, asterisks, dollars and a stop at the ends. */
static struct kb_str bare(struct kb_str s)
{
	static const char around[] = " \t\r\n*\"'`$:=}.,";

	while (s.len && strchr(around, *s.ptr))
		s = kb_str_skip(s, 1);
	while (s.len && strchr(around, s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct kb_str kb_vote_final(struct kb_str text)
{
	const char *from = last_mark(text);
	struct kb_str rest = text, line;

	if (!from)
		return kb_str_trim(text);
	rest = bare(kb_str_skip(text, (size_t)(from - text.ptr)));
	if (!rest.len)
		return kb_str_trim(text);
	kb_str_line(&rest, &line);
	return bare(line);
}

/* ---- words ---- */

/* Of a folded text: hashes of its words in their order, without articles; a Han
 * character is one. */
struct words {
	uint64_t *items;
	size_t n, cap;
};

static void add_word(struct words *words, struct kb_str word)
{
	if (!word.len || kb_str_is(word, "a") || kb_str_is(word, "an") ||
	    kb_str_is(word, "the"))
		return;
	kb_grow(&words->items, &words->cap, words->n + 1,
		sizeof(*words->items));
	words->items[words->n++] = kb_hash64(word.ptr, word.len, 0);
}

/* General and CJK punctuation; that of ASCII is what is no letter or digit. */
static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return kb_is_alnum((char)cp);
	return cp != KB_UTF8_BAD && cp >= 0xc0 &&
	       !(cp >= 0x2000 && cp <= 0x206f) &&
	       !(cp >= 0x3000 && cp <= 0x303f);
}

static void find_words(struct words *words, struct kb_str text)
{
	size_t start = 0, n;
	uint32_t cp;

	for (size_t i = 0; i < text.len; i += n) {
		n = kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (is_letter(cp) && !kb_is_cjk(cp))
			continue;
		add_word(words, (struct kb_str){text.ptr + start, i - start});
		if (is_letter(cp))
			add_word(words, (struct kb_str){text.ptr + i, n});
		start = i + n;
	}
	add_word(words, (struct kb_str){text.ptr + start, text.len - start});
}

static bool equal_words(const struct words *a, const struct words *b)
{
	return a->n && a->n == b->n &&
	       !memcmp(a->items, b->items, a->n * sizeof(*a->items));
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* F1 of the words as bags; both are sorted. */
static double alike(struct words *a, struct words *b)
{
	size_t i = 0, k = 0, same = 0;

	if (!a->n || !b->n)
		return 0;
	qsort(a->items, a->n, sizeof(*a->items), ascending);
	qsort(b->items, b->n, sizeof(*b->items), ascending);
	while (i < a->n && k < b->n) {
		uint64_t x = a->items[i], y = b->items[k];

		same += x == y;
		i += x <= y;
		k += y <= x;
	}
	return 2.0 * (double)same / (double)(a->n + b->n);
}

/* ---- numbers and negations ---- */

static bool is_negative(struct kb_str text, const struct kb_quantity *q)
{
	size_t at = q->num_start;

	return at && text.ptr[at - 1] == '-' &&
	       (at == 1 || !kb_is_alnum(text.ptr[at - 2]));
}

static bool equal_quantity(struct kb_str s, const struct kb_quantity *x,
			   struct kb_str t, const struct kb_quantity *y)
{
	if (is_negative(s, x) != is_negative(t, y))
		return false;
	if (x->dim == y->dim && x->unit == y->unit)
		return x->lo == y->lo && x->hi == y->hi;
	/* a unit that one of them leaves out */
	return (x->dim <= KB_DIM_COUNT || y->dim <= KB_DIM_COUNT ||
		x->dim == y->dim) &&
	       x->said == y->said;
}

/* The same numbers in the same order; *n: how many. */
static bool equal_numbers(struct kb_str s, struct kb_str t, size_t *n)
{
	struct kb_quantities a = {0}, b = {0};
	bool same;

	kb_quantities_find(&a, s.ptr, s.len);
	kb_quantities_find(&b, t.ptr, t.len);
	same = a.n == b.n;
	for (size_t i = 0; same && i < a.n; i++)
		same = equal_quantity(s, &a.items[i], t, &b.items[i]);
	*n = a.n;
	kb_quantities_release(&a);
	kb_quantities_release(&b);
	return same;
}

static bool equal_polarity(struct kb_str s, struct kb_str t)
{
	struct kb_polar a[POLAR_MAX], b[POLAR_MAX];
	size_t n = kb_polarity_find(s.ptr, s.len, a, POLAR_MAX);

	if (n != kb_polarity_find(t.ptr, t.len, b, POLAR_MAX))
		return false;
	for (size_t i = 0; i < n; i++)
		if (a[i].group != b[i].group || a[i].side != b[i].side)
			return false;
	return true;
}

static struct kb_str folded(struct kb_arena *arena, struct kb_str text)
{
	if (text.len > KB_VOTE_TEXT_MAX)
		text.len = KB_VOTE_TEXT_MAX;
	return kb_text_fold(arena, text);
}

bool kb_vote_agree(struct kb_str a, struct kb_str b, struct kb_arena *arena)
{
	struct kb_str s = folded(arena, a), t = folded(arena, b);
	struct words x = {0}, y = {0};
	size_t numbers = 0;
	bool agree;

	if (kb_str_eq(s, t))
		return true;
	find_words(&x, s);
	find_words(&y, t);
	agree = equal_numbers(s, t, &numbers);
	if (agree && !equal_words(&x, &y)) {
		bool is_short = x.n <= SHORT_WORDS && y.n <= SHORT_WORDS;

		agree =
		    equal_polarity(s, t) &&
		    ((numbers && is_short) || alike(&x, &y) >= KB_VOTE_ALIKE);
	}
	free(x.items);
	free(y.items);
	return agree;
}
