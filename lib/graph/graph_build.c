/* Finding names and mentions while a segment is built: see graph.h. */
#include <stdlib.h>

#include "graph/cohesion.h"
#include "graph/graph.h"
#include "graph/graph_names.h"
#include "graph/graph_write.h"

/* Units of all text are kept until the titles are known, up to so many;
 * what comes later is linked to the titles so far only when it is written
 * in another segment. 4 bytes each. */
#define UNITS_MAX ((size_t)48 << 20)

/* A title is an edge of the first chunks of its document only. */
#define TITLE_CHUNKS 4

#define FILTER_BITS 20 /* 128 KiB */

struct kb_graph_builder {
	struct kb_graph_edges edges;
	uint32_t n_chunks;
	uint64_t *goes_on;
	size_t goes_on_cap;
	uint32_t *units; /* of all chunks */
	size_t n_units, units_cap;
	size_t *ends; /* of each chunk's units */
	size_t ends_cap;
	uint32_t last_doc;
	uint64_t last_title;
	struct kb_analyzer *analyzer; /* made when a triple needs it */
	struct kb_terms work;
	struct kb_map linkable; /* prefix key -> bits below */
	uint64_t *filter;	/* of the first two units of names */
	uint32_t *at;		/* scratch: term of each unit of a chunk */
	size_t at_cap;
	uint32_t *chunk_units;
	size_t chunk_units_cap;
	struct kb_cohesion cohesion;
};

#define IS_NAME	 1
#define HAS_MORE 2

struct kb_graph_builder *kb_graph_builder_new(void)
{
	struct kb_graph_builder *b = kb_calloc(1, sizeof(*b));

	kb_graph_edges_init(&b->edges);
	kb_map_init(&b->linkable);
	b->filter = kb_calloc((size_t)1 << (FILTER_BITS - 6), 8);
	return b;
}

void kb_graph_builder_free(struct kb_graph_builder *b)
{
	if (!b)
		return;
	kb_graph_edges_release(&b->edges);
	kb_map_release(&b->linkable);
	kb_terms_release(&b->work);
	kb_cohesion_release(&b->cohesion);
	if (b->analyzer)
		kb_analyzer_free(b->analyzer);
	free(b->goes_on);
	free(b->units);
	free(b->ends);
	free(b->filter);
	free(b->at);
	free(b->chunk_units);
	free(b);
}

size_t kb_entity_units(const struct kb_terms *terms, uint32_t *units,
		       uint32_t *at, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < terms->n && n < max; i++) {
		enum kb_term_class c = kb_term_class(terms->items[i].key);

		if (c != KB_TERM_HAN1 && c != KB_TERM_WORD)
			continue;
		units[n] = kb_entity_unit(terms->items[i].key);
		if (at)
			at[n] = (uint32_t)i;
		n++;
	}
	return n;
}

static uint64_t key_of(const uint32_t *units, size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++)
		key = kb_entity_extend(key, units[i]);
	return key;
}

/* Words that are no names when they stand alone, as stems. */
static bool common_word(struct kb_str w)
{
	static const char *const words[] = {
	    "the",   "and",  "but",  "for",  "you",   "she",   "her",	"his",
	    "him",   "its",  "our",  "who",  "what",  "when",  "where", "which",
	    "how",   "why",  "this", "that", "they",  "them",  "with",	"from",
	    "not",   "all",  "one",  "two",  "first", "last",  "new",	"old",
	    "war",   "year", "time", "day",  "name",  "yes",   "was",	"are",
	    "has",   "had",  "were", "been", "have",  "will",  "can",	"may",
	    "more",  "most", "out",  "off",  "into",  "after", "befor", "about",
	    "there", "then", "than", "also", "some",  "other",
	};

	if (w.len < 3)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (kb_str_is(w, words[i]))
			return true;
	}
	return false;
}

/* May a run of units stand for something? One Han character or one common
 * word may not. 'first' is the term of its first unit. */
static bool is_name(const struct kb_terms *terms, const struct kb_term *first,
		    size_t n)
{
	if (n == 0 || n > KB_ENTITY_UNITS)
		return false;
	if (n > 1)
		return true;
	if (kb_term_class(first->key) == KB_TERM_HAN1)
		return false;
	return !common_word(
	    (struct kb_str){terms->text + first->text_off, first->text_len});
}

static size_t filter_slot(uint32_t first, uint32_t second)
{
	return kb_entity_extend(first, second) >> (64 - FILTER_BITS);
}

/* Mentions of this name are to be found in all text. */
static void make_linkable(struct kb_graph_builder *b, const uint32_t *units,
			  size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++) {
		key = kb_entity_extend(key, units[i]);
		*kb_map_put(&b->linkable, key, NULL) |=
		    i + 1 == n ? IS_NAME : HAS_MORE;
	}
	if (n > 1) {
		size_t slot = filter_slot(units[0], units[1]);

		b->filter[slot / 64] |= (uint64_t)1 << slot % 64;
	}
}

/* The name made of units [from, to) of analysed text. */
static void add_name(struct kb_graph_builder *b, struct kb_str text,
		     const struct kb_terms *terms, const uint32_t *at,
		     const uint32_t *units, size_t from, size_t to,
		     uint32_t chunk, enum kb_edge_kind kind)
{
	const struct kb_term *first, *last;

	if (from >= to)
		return;
	first = &terms->items[at[from]];
	last = &terms->items[at[to - 1]];
	if (!is_name(terms, first, to - from) || last->end > text.len ||
	    last->end < first->start)
		return;
	kb_graph_edges_add(
	    &b->edges, key_of(units + from, to - from), chunk, kind,
	    (struct kb_str){text.ptr + first->start, last->end - first->start});
	if (kind >= KB_EDGE_TITLE)
		make_linkable(b, units + from, to - from);
}

/* A whole text as a name; a title also without what its brackets add:
 * "Mercury (planet)" is called Mercury. */
static void add_whole(struct kb_graph_builder *b, struct kb_str text,
		      const struct kb_terms *terms, uint32_t chunk,
		      enum kb_edge_kind kind)
{
	uint32_t units[KB_ENTITY_UNITS + 1], at[KB_ENTITY_UNITS + 1];
	size_t n = kb_entity_units(terms, units, at, KB_ENTITY_UNITS + 1);
	const char *round = memchr(text.ptr ? text.ptr : "", '(', text.len);
	const char *wide =
	    text.len ? memmem(text.ptr, text.len, "（", 3) : NULL;
	size_t cut = 0;

	if (n <= KB_ENTITY_UNITS)
		add_name(b, text, terms, at, units, 0, n, chunk, kind);
	if (!round || (wide && wide < round))
		round = wide;
	if (!round || kind == KB_EDGE_OBJECT)
		return;
	while (cut < n &&
	       terms->items[at[cut]].end <= (size_t)(round - text.ptr))
		cut++;
	if (cut && cut < n)
		add_name(b, text, terms, at, units, 0, cut, chunk, kind);
}

void kb_graph_add_name(struct kb_graph_builder *b, struct kb_str name)
{
	uint32_t units[KB_ENTITY_UNITS + 1], at[KB_ENTITY_UNITS + 1];
	size_t n;

	if (!b->analyzer)
		b->analyzer = kb_analyzer_new();
	kb_terms_reset(&b->work);
	kb_analyze(b->analyzer, name.ptr, name.len, &b->work);
	n = kb_entity_units(&b->work, units, at, KB_ENTITY_UNITS + 1);
	if (n && is_name(&b->work, &b->work.items[at[0]], n))
		make_linkable(b, units, n);
}

static void add_triple(struct kb_graph_builder *b, uint32_t chunk,
		       const struct kb_str triple[3])
{
	if (!triple[0].len)
		return;
	if (!b->analyzer)
		b->analyzer = kb_analyzer_new();
	for (int i = 0; i < 3; i += 2) {
		kb_terms_reset(&b->work);
		kb_analyze(b->analyzer, triple[i].ptr, triple[i].len, &b->work);
		add_whole(b, triple[i], &b->work, chunk,
			  i ? KB_EDGE_OBJECT : KB_EDGE_SUBJECT);
	}
}

/* ---- names by their spelling ---- */

struct naming {
	struct kb_graph_builder *b;
	const struct kb_graph_text *text;
	uint32_t chunk;
};

static void mention(void *arg, size_t from, size_t to)
{
	struct naming *n = arg;

	add_name(n->b, n->text->text, n->text->terms, n->b->at,
		 n->b->chunk_units, from, to, n->chunk, KB_EDGE_MENTION);
}

static void mention_code(void *arg, const struct kb_term *t)
{
	struct naming *n = arg;

	kb_graph_edges_add(
	    &n->b->edges, kb_entity_extend(0, kb_entity_unit(t->key)), n->chunk,
	    KB_EDGE_MENTION,
	    (struct kb_str){n->text->text.ptr + t->start, t->end - t->start});
}

/* ---- a chunk ---- */

static uint64_t title_hash(const struct kb_terms *terms)
{
	uint64_t h = 0;

	for (size_t i = 0; i < terms->n; i++)
		h = kb_entity_extend(h, kb_entity_unit(terms->items[i].key));
	return h;
}

static void note_neighbour(struct kb_graph_builder *b,
			   const struct kb_graph_chunk *c)
{
	uint32_t number = b->n_chunks;
	uint64_t title = c->triple[0].len ? 0 : title_hash(c->title_terms);

	kb_grow(&b->goes_on, &b->goes_on_cap, number / 64 + 1, 8);
	if (number % 64 == 0)
		b->goes_on[number / 64] = 0;
	if (number && !c->triple[0].len &&
	    (c->doc == b->last_doc || (title && title == b->last_title)))
		b->goes_on[(number - 1) / 64] |= (uint64_t)1
						 << (number - 1) % 64;
	b->last_doc = c->doc;
	b->last_title = title;
}

void kb_graph_add(struct kb_graph_builder *b, const struct kb_graph_chunk *c)
{
	size_t max = c->terms->n + 1, n;
	uint32_t number = b->n_chunks;
	struct kb_graph_text text;
	struct naming naming = {b, &text, number};

	kb_grow(&b->at, &b->at_cap, max, sizeof(*b->at));
	kb_grow(&b->chunk_units, &b->chunk_units_cap, max,
		sizeof(*b->chunk_units));
	n = kb_entity_units(c->terms, b->chunk_units, b->at, max);
	text = (struct kb_graph_text){c->text, c->terms, b->at, n};
	note_neighbour(b, c);
	if (c->chunk_no < TITLE_CHUNKS)
		add_whole(b, c->title, c->title_terms, number, KB_EDGE_TITLE);
	add_triple(b, number, c->triple);
	kb_graph_quotations(&text, mention, &naming);
	kb_graph_capitals(&text, mention, &naming);
	kb_graph_codes(&text, mention_code, &naming);
	kb_cohesion_add(&b->cohesion, c->terms);
	if (b->n_units + n <= UNITS_MAX) {
		kb_grow(&b->units, &b->units_cap, b->n_units + n + 1,
			sizeof(*b->units));
		memcpy(b->units + b->n_units, b->chunk_units,
		       n * sizeof(*b->units));
		b->n_units += n;
	}
	kb_grow(&b->ends, &b->ends_cap, number + (size_t)1, sizeof(*b->ends));
	b->ends[number] = b->n_units;
	b->n_chunks++;
}

/* Units of the longest linkable name that starts units[0..n), or 0. */
static size_t longest(const struct kb_graph_builder *b, const uint32_t *units,
		      size_t n, uint64_t *found)
{
	uint64_t key = 0;
	size_t best = 0;

	if (n > 1) {
		size_t slot = filter_slot(units[0], units[1]);

		if (!(b->filter[slot / 64] >> slot % 64 & 1))
			n = 1;
	}
	for (size_t i = 0; i < n && i < KB_ENTITY_UNITS; i++) {
		const uint64_t *bits;

		key = kb_entity_extend(key, units[i]);
		bits = kb_map_get(&b->linkable, key);
		if (!bits)
			break;
		if (*bits & IS_NAME) {
			best = i + 1;
			*found = key;
		}
		if (!(*bits & HAS_MORE))
			break;
	}
	return best;
}

static void link_mentions(struct kb_graph_builder *b)
{
	size_t i = 0;

	for (uint32_t c = 0; c < b->n_chunks; c++) {
		size_t end = b->ends[c];

		while (i < end) {
			uint64_t key = 0;
			size_t n = longest(b, b->units + i, end - i, &key);

			if (n)
				kb_graph_edges_add(&b->edges, key, c,
						   KB_EDGE_MENTION,
						   (struct kb_str){0});
			i += n ? n : 1;
		}
	}
}

/* The mentions of a name that holds together are to be found. */
static void add_coherent(void *arg, const uint16_t *chars, size_t n)
{
	struct kb_graph_builder *b = arg;
	uint32_t units[KB_COHESION_LONG] = {0};
	char text[KB_COHESION_LONG * 8];
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t term = kb_term_han1(chars[i]);

		units[i] = kb_entity_unit(term);
		len += kb_term_han_text(term, text + len);
	}
	make_linkable(b, units, n);
	kb_graph_edges_name(&b->edges, key_of(units, n),
			    (struct kb_str){text, len});
}

/* They are linked by themselves, so that they hide no title. */
static void link_coherent(struct kb_graph_builder *b)
{
	kb_map_clear(&b->linkable);
	memset(b->filter, 0, (size_t)1 << (FILTER_BITS - 3));
	kb_cohesion_find(&b->cohesion, add_coherent, b);
	kb_cohesion_release(&b->cohesion);
	if (b->linkable.n)
		link_mentions(b);
}

void kb_graph_write(struct kb_graph_builder *b, struct kb_buf *entities,
		    struct kb_buf *edges)
{
	link_mentions(b);
	link_coherent(b);
	kb_graph_edges_write(&b->edges, b->n_chunks, b->goes_on, entities,
			     edges);
}
