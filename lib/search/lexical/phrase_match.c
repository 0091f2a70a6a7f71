#include "search/lexical/phrase_match.h"

#include "index/columns.h"
#include "search/lexical/lexical.h"

/* One key for each base token: the word as written where that is known. */
static size_t sequence(const struct kb_terms *terms, uint64_t *keys, size_t max)
{
	size_t n = 0;
	uint32_t pos = UINT32_MAX;

	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];
		enum kb_term_class class = kb_term_class(t->key);

		if (class == KB_TERM_EXACT && n && t->pos == pos)
			keys[n - 1] = t->key;
		if (class != KB_TERM_HAN1 && class != KB_TERM_WORD)
			continue;
		if (n == max)
			break;
		keys[n++] = t->key;
		pos = t->pos;
	}
	return n;
}

void kb_phrases_init(struct kb_phrases *phrases, const struct kb_query *query,
		     struct kb_analyzer *analyzer, struct kb_terms *terms)
{
	phrases->query = query;
	phrases->analyzer = analyzer;
	phrases->terms = terms;
	for (size_t i = 0; i < query->n_clauses; i++) {
		struct kb_clause_terms *p = &phrases->items[i];
		struct kb_str text = query->clauses[i].text;

		kb_terms_reset(terms);
		kb_analyze(analyzer, text.ptr, text.len, terms);
		p->n = sequence(terms, p->keys, KB_PHRASE_MAX);
		p->n_needed = 0;
		for (size_t t = 0; t < terms->n; t++) {
			uint64_t key = terms->items[t].key;

			if (kb_term_class(key) != KB_TERM_USER &&
			    p->n_needed < KB_PHRASE_MAX)
				p->needed[p->n_needed++] = key;
		}
	}
}

static void keep_only(uint64_t *allowed, const uint64_t *bits, size_t words,
		      bool forbidden)
{
	for (size_t w = 0; w < words; w++)
		allowed[w] &= forbidden ? ~bits[w] : bits[w];
}

void kb_phrases_narrow(const struct kb_phrases *phrases,
		       const struct kb_segment *seg, uint64_t *allowed,
		       uint64_t *scratch)
{
	const struct kb_query *query = phrases->query;
	size_t words = ((size_t)seg->n_chunks + 63) / 64;

	for (size_t i = 0; i < query->n_clauses; i++) {
		const struct kb_clause *c = &query->clauses[i];
		const struct kb_clause_terms *p = &phrases->items[i];

		if (c->kind == KB_CLAUSE_MEMBER) {
			const uint32_t *docs;
			size_t n;

			memset(scratch, 0, words * sizeof(*scratch));
			if (kb_columns_keyword(seg, c->name, c->text, &docs,
					       &n))
				kb_columns_mark(seg, docs, n, scratch);
			keep_only(allowed, scratch, words, c->forbidden);
			continue;
		}
		/* What is forbidden is seen on the text alone, unless one
		 * word says it all. */
		if (c->forbidden && (p->n != 1 || c->kind == KB_CLAUSE_TITLE))
			continue;
		for (size_t t = 0; t < p->n_needed; t++) {
			memset(scratch, 0, words * sizeof(*scratch));
			kb_lexical_mark(seg, p->needed[t], scratch);
			keep_only(allowed, scratch, words, c->forbidden);
		}
	}
}

static bool holds(struct kb_phrases *phrases, const struct kb_clause_terms *p,
		  struct kb_str text)
{
	uint64_t window[KB_PHRASE_MAX];
	const struct kb_terms *terms = phrases->terms;
	size_t n = 0;
	uint32_t pos = UINT32_MAX;

	if (!p->n)
		return true;
	if (!text.len)
		return false;
	kb_terms_reset(phrases->terms);
	kb_analyze(phrases->analyzer, text.ptr, text.len, phrases->terms);
	/* the last p->n base tokens slide through the window */
	for (size_t i = 0; i <= terms->n; i++) {
		uint64_t key = i < terms->n ? terms->items[i].key : 0;
		enum kb_term_class class = kb_term_class(key);

		if (class == KB_TERM_EXACT && n && terms->items[i].pos == pos) {
			window[n - 1] = key;
			continue;
		}
		if (i < terms->n && class != KB_TERM_HAN1 &&
		    class != KB_TERM_WORD)
			continue;
		if (n == p->n) {
			if (!memcmp(window, p->keys, n * sizeof(*window)))
				return true;
			memmove(window, window + 1, --n * sizeof(*window));
		}
		if (i < terms->n) {
			window[n++] = key;
			pos = terms->items[i].pos;
		}
	}
	return false;
}

bool kb_phrases_hold(struct kb_phrases *phrases,
		     const struct kb_passage *passage)
{
	const struct kb_query *query = phrases->query;

	for (size_t i = 0; i < query->n_clauses; i++) {
		const struct kb_clause *c = &query->clauses[i];
		const struct kb_clause_terms *p = &phrases->items[i];
		bool found;

		if (c->kind == KB_CLAUSE_MEMBER)
			continue;
		found = holds(phrases, p, passage->title);
		if (c->kind == KB_CLAUSE_PHRASE && !found)
			found = holds(phrases, p, passage->text) ||
				holds(phrases, p, passage->heading);
		if (found == c->forbidden)
			return false;
	}
	return true;
}
