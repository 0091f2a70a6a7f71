#include <strings.h>

#include "base/ascii.h"
#include "evidence/relevance.h"
#include "evidence/relevance_weights.h"
#include "graph/graph.h"

/* The graphs of the index, in the arena. */
static int open_graphs(const struct kb_scope *scope, struct kb_arena *arena,
		       struct kb_graph **graphs, size_t *n, struct kb_err *err)
{
	*graphs = kb_arena_calloc(arena, scope->n + 1, sizeof(**graphs));
	*n = 0;
	for (size_t i = 0; i < scope->n; i++) {
		const struct kb_section *sec = scope->segments[i].segment->sec;
		const struct kb_section *a = &sec[KB_SEC_ENTITIES];
		const struct kb_section *b = &sec[KB_SEC_EDGES];
		int rc;

		if (!a->ptr || !b->ptr)
			continue;
		rc = kb_graph_open(&(*graphs)[*n], a->ptr, a->len, b->ptr,
				   b->len, err);
		if (rc < 0)
			return rc;
		++*n;
	}
	return 0;
}

/* Does a document of the index name it: as_title, as what the document is
 * about? */
static bool is_thing(const struct kb_graph *graphs, size_t n_graphs,
		     uint64_t key, bool as_title)
{
	for (size_t i = 0; i < n_graphs; i++) {
		const struct kb_graph *g = &graphs[i];
		const uint32_t *chunks;
		int64_t at = kb_graph_find(g, key);
		size_t n;

		if (at < 0)
			continue;
		if (!as_title)
			return true;
		chunks = kb_graph_chunks(g, (uint32_t)at, &n);
		if (n && (chunks[0] & 3) >= KB_EDGE_TITLE)
			return true;
	}
	return false;
}

/* The names of the index in the question, the longest from each place. */
int kb_relevance_known(struct kb_relevance *r, const struct kb_scope *scope,
		       struct kb_str question, struct kb_arena *arena,
		       struct kb_err *err)
{
	struct kb_terms *terms = &r->reader->terms;
	struct kb_graph *graphs;
	uint64_t spelled = 0;
	uint32_t first;
	int rc;
	uint32_t *units, *at;
	size_t n, step, n_graphs;

	for (size_t i = 0; i < r->n_names; i++)
		spelled |= r->names[i];

	rc = open_graphs(scope, arena, &graphs, &n_graphs, err);
	if (rc < 0)
		return rc;
	kb_terms_reset(terms);
	kb_analyze(r->reader->an, question.ptr, question.len, terms);
	units = kb_arena_alloc(arena, (terms->n + 1) * sizeof(*units));
	at = kb_arena_alloc(arena, (terms->n + 1) * sizeof(*at));
	n = kb_entity_units(terms, units, at, terms->n);
	for (size_t i = 0; i < n && r->n_known < KB_RELEVANCE_NAME_MAX;
	     i += step) {
		uint64_t key = 0, bits = 0, best = 0;

		step = 1;
		for (size_t j = i; j < n && j < i + KB_ENTITY_UNITS; j++) {
			uint64_t term = terms->items[at[j]].key;
			const uint64_t *b = kb_map_get(&r->bits, term);

			key = kb_entity_extend(key, units[j]);
			bits |= b ? *b : 0;
			if (!is_thing(graphs, n_graphs, key,
				      (bits & ~spelled) || !bits))
				continue;
			best = bits;
			step = j + 1 - i;
		}
		if (!best)
			continue;
		first = terms->items[at[i]].start;
		r->known_text[r->n_known] =
		    (struct kb_str){question.ptr + first,
				    terms->items[at[i + step - 1]].end - first};
		r->known[r->n_known++] = best;
	}
	return 0;
}

/* The longest word of Latin letters in the name. */
static struct kb_str longest_word(struct kb_str name)
{
	struct kb_str best = {name.ptr, 0};

	for (size_t i = 0; i < name.len;) {
		size_t k = i;

		while (k < name.len && kb_is_letter(name.ptr[k]))
			k++;
		if (k - i > best.len)
			best = (struct kb_str){name.ptr + i, k - i};
		i = k + (k == i);
	}
	return best;
}

bool kb_relevance_alike(struct kb_str name, struct kb_str text)
{
	struct kb_str word = longest_word(name);

	if (word.len < ALIKE_LETTERS)
		return false;
	for (size_t i = 0; i + ALIKE_LETTERS <= text.len; i++)
		if ((!i || !kb_is_letter(text.ptr[i - 1])) &&
		    !strncasecmp(text.ptr + i, word.ptr, ALIKE_LETTERS))
			return true;
	return false;
}

/* The first Chinese name known to the index of which the passage has neither
 * half nor something alike; len 0 for none. Others are told by their letters.
 */
struct kb_str kb_relevance_missing_name(const struct kb_relevance *r,
					uint32_t hit)
{
	for (size_t i = 0; i < r->n_known; i++)
		if ((unsigned char)*r->known_text[i].ptr >= 0x80 &&
		    kb_relevance_weight(r, r->known[i] & r->passage[hit]) * 2 <
			kb_relevance_weight(r, r->known[i]) &&
		    !kb_relevance_alike(r->known_text[i],
					r->evidence->texts[hit]))
			return r->known_text[i];
	return (struct kb_str){"", 0};
}
