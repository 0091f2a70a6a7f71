#include "search/lexical/signs.h"

#include <assert.h>
#include <stdlib.h>

#include "index/segment_file.h"
#include "search/lexical/lexical.h"
#include "search/lexical/topk.h"

#define POINTS 1000 /* of a score of 1 */

/* Nothing but marks that any sentence may end in, or have about its words, or
 * one bracket or dash, which is none of an operator. */
static bool is_mark(struct kb_str sign)
{
	static const char *const marks[] = {
	    ".",  ",", "?", "!", "'", "\"", "。", "，", "；", "：", "？", "！",
	    "、", "…", "“", "”", "‘", "’",  "（", "）", "《", "》", "—",  "·",
	};
	size_t at = 0;

	if (sign.len == 1 && memchr("()[]{}:;-", *sign.ptr, 9))
		return true;
	while (at < sign.len) {
		size_t len = 0;

		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
			len +=
			    kb_starts(sign.ptr + at, sign.len - at, marks[i]);
		if (!len)
			return false;
		at += len;
	}
	return true;
}

void kb_signs_find(struct kb_signs *signs, struct kb_str question)
{
	signs->n = 0;
	for (size_t i = 0; i < question.len; i++) {
		struct kb_str sign = {question.ptr + i, 0};

		while (i < question.len && !kb_is_space(question.ptr[i])) {
			sign.len++;
			i++;
		}
		if (sign.len && sign.len <= KB_SIGN_MAX &&
		    signs->n < KB_SIGNS && !is_mark(sign))
			signs->items[signs->n++] = sign;
	}
}

static unsigned count(struct kb_str text, struct kb_str sign)
{
	const char *end = text.ptr + text.len, *at = text.ptr;
	unsigned n = 0;

	while (at < end &&
	       (at = memmem(at, (size_t)(end - at), sign.ptr, sign.len))) {
		n++;
		at += sign.len;
	}
	return n;
}

static float score(const struct kb_signs *signs, struct kb_str title,
		   struct kb_str text)
{
	float sum = 0;

	for (size_t i = 0; i < signs->n; i++) {
		float f = (float)(count(title, signs->items[i]) +
				  count(text, signs->items[i]));

		sum += f / (f + kb_lex_defaults.k1);
	}
	return sum;
}

static void offer_document(const struct kb_signs *signs,
			   const struct kb_scope *scope, uint32_t segment,
			   uint32_t doc, const struct kb_stored_doc *stored,
			   struct kb_topk *top)
{
	const struct kb_segment *seg = scope->segments[segment].segment;
	uint32_t first, n;

	if (!kb_segment_doc_chunks(seg, doc, &first, &n))
		return;
	for (uint32_t chunk = first; chunk < first + n; chunk++) {
		const struct kb_chunk_entry *c = &seg->chunks[chunk];
		struct kb_str text = stored->text;
		float points;

		if (!kb_segment_alive(seg, chunk) ||
		    !kb_scope_allows(scope, segment, chunk) ||
		    c->start > c->end || c->end > text.len)
			continue;
		text = (struct kb_str){text.ptr + c->start, c->end - c->start};
		points = (float)POINTS * score(signs, stored->title, text);
		if (points > 0)
			kb_topk_offer(top,
				      (struct kb_top_item){(int32_t)points,
							   segment, chunk});
	}
}

static int scan_segment(const struct kb_signs *signs,
			const struct kb_scope *scope, uint32_t segment,
			size_t *left, struct kb_topk *top, struct kb_err *err)
{
	const struct kb_segment *seg = scope->segments[segment].segment;
	struct kb_stored_reader reader;
	struct kb_stored_doc stored;
	int rc = 0;

	kb_stored_reader_init(&reader, seg);
	for (uint32_t doc = 0; doc < seg->n_docs && *left; doc++) {
		rc = kb_stored_read(&reader, doc, &stored, err);
		if (rc < 0)
			break;
		offer_document(signs, scope, segment, doc, &stored, top);
		*left -= stored.text.len < *left ? stored.text.len : *left;
	}
	kb_stored_reader_release(&reader);
	return rc;
}

int kb_signs_search(const struct kb_signs *signs, const struct kb_scope *scope,
		    size_t k, struct kb_candidate *out, size_t *n_out,
		    bool *partial, struct kb_err *err)
{
	size_t left = KB_SIGNS_BYTES;
	struct kb_topk top = {0};
	int rc = 0;

	assert(signs->n && k);
	kb_topk_start(&top, scope, k);
	for (uint32_t i = 0; i < scope->n && !rc; i++)
		rc = scan_segment(signs, scope, i, &left, &top, err);
	kb_topk_sort(&top);
	*n_out = rc < 0 ? 0 : top.n;
	*partial = !left;
	for (size_t i = 0; i < *n_out; i++)
		out[i] = (struct kb_candidate){
		    .segment = top.items[i].segment,
		    .chunk = top.items[i].chunk,
		    .raw = (float)top.items[i].points / (float)POINTS,
		};
	kb_topk_release(&top);
	return rc;
}
