/*
 * Everything in lib/text that reads bytes from outside: spans stay inside
 * the text and in order, and nothing reads past its end.
 */
#include <stdlib.h>

#include "quantity/quantity.h"
#include "terminal/display.h"
#include "text/analyze.h"
#include "text/entity.h"
#include "text/polarity.h"
#include "text/sentence.h"

#include "text/words.h"
#include "token/token_estimate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int ok)
{
	if (!ok)
		abort();
}

static void analysis(const char *text, size_t len)
{
	static struct kb_analyzer *an;
	static struct kb_terms terms;

	if (!an) {
		const struct kb_str words[] = {KB_STR("苹果手机"),
					       KB_STR("machine learning")};

		an = kb_analyzer_new();
		kb_analyzer_set_words(an, words, 2);
	}
	kb_terms_reset(&terms);
	kb_analyze(an, text, len, &terms);
	for (size_t i = 0; i < terms.n; i++) {
		const struct kb_term *t = &terms.items[i];

		require(t->start < t->end && t->end <= len);
		require(t->pos < terms.length);
		require((size_t)t->text_off + t->text_len <= terms.text_len);
	}
}

static void spans(const char *text, size_t len)
{
	struct kb_quantities q = {0};
	struct kb_entities e = {0};
	struct kb_polar polar[16];
	size_t n, last = 0;

	kb_quantities_find(&q, text, len);
	for (size_t i = 0; i < q.n; i++) {
		require(q.items[i].start >= last);
		require(q.items[i].start < q.items[i].end);
		last = q.items[i].end;
		require(last <= len);
		for (size_t k = 0; k <= i && k < 8; k++)
			kb_quantity_compare(&q.items[i], &q.items[k]);
	}
	kb_entities_find(&e, text, len);
	last = 0;
	for (size_t i = 0; i < e.n; i++) {
		require(e.items[i].start >= last);
		require(e.items[i].start < e.items[i].end);
		last = e.items[i].end;
		require(last <= len);
	}
	n = kb_polarity_find(text, len, polar, 16);
	for (size_t i = 0; i < n; i++)
		require(polar[i].start < polar[i].end && polar[i].end <= len);
	kb_quantities_release(&q);
	kb_entities_release(&e);
}

static void sentences(const char *text, size_t len)
{
	struct kb_sentence_it it = {text, len, 0};
	size_t start, end, last = 0;

	while (kb_sentence_next(&it, &start, &end)) {
		struct kb_sentence_it clause = {text + start, end - start, 0};
		size_t a, b;

		require(start >= last && end > start && end <= len);
		last = end;
		while (kb_clause_next(&clause, &a, &b))
			require(b <= end - start);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	struct kb_buf out;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	analysis(text, size);
	spans(text, size);
	sentences(text, size);
	require(kb_tokens_estimate(text, size) <= size);
	require(kb_tokens_most(text, size) <= 2 * size);
	require(kb_polite_prefix(text, size) <= size);
	kb_ask_kind(text, size);
	kb_buf_init(&out, 0);
	kb_text_printable(&out, text, size);
	require(!out.len || !memchr(out.ptr, '\033', out.len));
	require(kb_text_width(out.ptr, out.len) <= 2 * out.len);
	kb_buf_release(&out);
	free(text);
	return 0;
}
