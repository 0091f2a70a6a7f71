#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "graph/cohesion.h"
#include "graph/graph.h"
#include "graph/graph_propagate.h"

/* A little library: each line a chunk of its own document. */
struct line {
	const char *title, *text;
	const char *triple[3];
};

struct fixture {
	struct kb_buf entities, edges;
	struct kb_graph graph;
	struct kb_analyzer *an;
};

static void build(struct fixture *f, const struct line *lines, size_t n)
{
	struct kb_graph_builder *b = kb_graph_builder_new();
	struct kb_terms text = {0}, title = {0};

	*f = (struct fixture){.an = kb_analyzer_new()};
	for (uint32_t i = 0; i < n; i++) {
		struct kb_graph_chunk c = {
		    .doc = i,
		    .title = kb_str_of(lines[i].title),
		    .text = kb_str_of(lines[i].text),
		    .terms = &text,
		    .title_terms = &title,
		};

		for (int j = 0; j < 3; j++)
			c.triple[j] = kb_str_of(lines[i].triple[j]);
		kb_terms_reset(&text);
		kb_terms_reset(&title);
		kb_analyze(f->an, c.text.ptr, c.text.len, &text);
		kb_analyze(f->an, c.title.ptr, c.title.len, &title);
		kb_graph_add(b, &c);
	}
	kb_graph_write(b, &f->entities, &f->edges);
	kb_graph_builder_free(b);
	kb_terms_release(&text);
	kb_terms_release(&title);
	assert_int_equal(kb_graph_open(&f->graph, (void *)f->entities.ptr,
				       f->entities.len, (void *)f->edges.ptr,
				       f->edges.len, NULL),
			 0);
}

static void drop(struct fixture *f)
{
	kb_analyzer_free(f->an);
	kb_buf_release(&f->entities);
	kb_buf_release(&f->edges);
}

static size_t units_of(struct fixture *f, const char *name, uint32_t *units)
{
	struct kb_terms terms = {0};
	size_t n;

	kb_analyze(f->an, name, strlen(name), &terms);
	n = kb_entity_units(&terms, units, NULL, 64);
	kb_terms_release(&terms);
	return n;
}

/* Kind of the edge between a name and a chunk, or -1. */
static int edge(struct fixture *f, const char *name, uint32_t chunk)
{
	uint32_t units[64];
	size_t n = units_of(f, name, units), count;
	uint64_t key = 0;

	for (size_t i = 0; i < n; i++)
		key = kb_entity_extend(key, units[i]);
	int64_t e = kb_graph_find(&f->graph, key);

	if (e < 0)
		return -1;
	const uint32_t *edges = kb_graph_chunks(&f->graph, (uint32_t)e, &count);

	for (size_t i = 0; i < count; i++) {
		if (edges[i] >> 2 == chunk)
			return (int)(edges[i] & 3);
	}
	return -1;
}

static const struct line library[] = {
    {"Hello Love (album)", "An album that Hank Snow made in 1974.", {0}},
    {"Hank Snow", "A singer. He died in Tennessee, near Opry Town.", {0}},
    {"Tennessee", "A state. Opry Town lies in it. It is large.", {0}},
    {"故宫", "周边景点：红砖美术馆", {"故宫", "周边景点", "红砖美术馆"}},
    {"红砖美术馆", "门票：100元", {"红砖美术馆", "门票", "100元"}},
    {"1 May", "Ann: Where did you go?", {0}},
    {"1 May", "Bob: I read 《三体》 and 《三体》 again.", {0}},
    {"2 May", "Ann: 《三体》 is not iPhone15ProMax256G.", {0}},
};
#define LINES (sizeof(library) / sizeof(*library))

static void names_come_from_titles_triples_quotes_and_capitals(void **state)
{
	static const struct {
		const char *name;
		uint32_t chunk;
		int kind;
	} cases[] = {
	    {"Hank Snow", 1, KB_EDGE_TITLE},
	    {"hank SNOW", 0, KB_EDGE_MENTION},
	    {"Hello Love", 0, KB_EDGE_TITLE},
	    {"Hello Love (album)", 0, KB_EDGE_TITLE},
	    {"Tennessee", 1, KB_EDGE_MENTION},
	    {"Opry Town", 1, KB_EDGE_MENTION},
	    {"Opry Town", 2, KB_EDGE_MENTION},
	    {"故宫", 3, KB_EDGE_SUBJECT},
	    {"红砖美术馆", 3, KB_EDGE_OBJECT},
	    {"紅磚美術館", 4, KB_EDGE_SUBJECT},
	    {"三体", 6, KB_EDGE_MENTION},
	    {"三体", 7, KB_EDGE_MENTION},
	    {"It", 2, -1},
	    {"singer", 1, -1},
	    {"Hank", 1, -1},
	};
	struct fixture f;

	(void)state;
	build(&f, library, LINES);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(edge(&f, cases[i].name, cases[i].chunk),
				 cases[i].kind);
	drop(&f);
}

static void long_numbers_are_names_but_dates_and_amounts_are_not(void **state)
{
	static const struct line lines[] = {
	    {"", "The order 83920174 was sent on 20240131 for $123456.", {0}},
	    {"", "订单83920174已于20240131发货，共123456元。", {0}},
	    {"",
	     "你的 order 83920174: 20240131, 共 123456.78 dollars, no 4711",
	     {0}},
	    {"", "no 4711, 1,234567 of 7654321 and 20241399", {0}},
	    {"", "4711、7654321万、1,234567、20241399", {0}},
	};
	static const struct {
		const char *name;
		uint32_t chunk;
		int kind;
	} cases[] = {
	    {"83920174", 0, KB_EDGE_MENTION},
	    {"83920174", 1, KB_EDGE_MENTION},
	    {"83920174", 2, KB_EDGE_MENTION},
	    {"20240131", 1, -1},
	    {"123456", 1, -1},
	    {"4711", 3, -1},
	    {"234567", 4, -1},
	    {"7654321", 3, -1},
	    {"20241399", 4, KB_EDGE_MENTION},
	};
	struct fixture f;

	(void)state;
	build(&f, lines, sizeof(lines) / sizeof(*lines));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(edge(&f, cases[i].name, cases[i].chunk),
				 cases[i].kind);
	drop(&f);
}

#define PAGES	   60
#define PAGE_CHARS 150

static void add_filler(struct kb_buf *page, uint32_t *seed)
{
	for (int i = 0; i < PAGE_CHARS; i++) {
		char utf8[8];

		*seed = *seed * 1664525 + 1013904223;
		kb_buf_add(
		    page, utf8,
		    kb_term_han_text(
			kb_term_han1(0x7a00 + (*seed >> 16) % 2000), utf8));
	}
}

/* Every fourth page names a hall in its own way; every page is otherwise
 * chance. 琉璃瓦当 has always the same after it, and the whole is longer than
 * such names are. */
static void chinese_runs_that_hold_together_are_names(void **state)
{
	static const char *const halls[] = {"青岚阁", "green mist hall",
					    "iPad青岚阁 shop", "琉璃瓦当坊"};
	struct line lines[PAGES] = {{0}};
	struct kb_buf pages[PAGES];
	struct fixture f;
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < PAGES; i++) {
		kb_buf_init(&pages[i], 4096);
		add_filler(&pages[i], &seed);
		kb_buf_add_str(&pages[i], kb_str_of(halls[i % 4]));
		add_filler(&pages[i], &seed);
		kb_buf_add_char(&pages[i], '\0');
		lines[i] = (struct line){"", pages[i].ptr, {"", "", ""}};
	}
	build(&f, lines, PAGES);
	assert_int_equal(edge(&f, "青岚阁", 4), KB_EDGE_MENTION);
	assert_int_equal(edge(&f, "青嵐閣", 6), KB_EDGE_MENTION);
	assert_int_equal(edge(&f, "青岚阁", 5), -1);
	assert_int_equal(edge(&f, "green mist hall", 5), -1);
	assert_int_equal(edge(&f, "青岚", 4), -1);
	assert_int_equal(edge(&f, "琉璃瓦当", 3), -1);
	assert_int_equal(edge(&f, "瓦当坊", 3), -1);
	drop(&f);
	for (size_t i = 0; i < PAGES; i++)
		kb_buf_release(&pages[i]);
}

static void neighbours_share_a_title_and_triples_have_none(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, library, LINES);
	for (uint32_t i = 0; i < LINES; i++)
		assert_int_equal(kb_graph_goes_on(&f.graph, i), i == 5);
	drop(&f);
}

struct question {
	const char *text, *earlier;
	uint32_t lexical; /* the only lexical candidate, or none: LINES */
	uint32_t want;	  /* chunk with the best g */
};

/* The chunk the walk likes best, or LINES. */
static uint32_t walk(struct fixture *f, const struct question *q)
{
	struct kb_graph_part part = {.graph = f->graph, .n_chunks = LINES};
	struct kb_graph_propagate w;
	uint32_t units[64], best = LINES;
	float weights[64], most = 0;

	for (size_t i = 0; i < 64; i++)
		weights[i] = 1;
	kb_graph_propagate_init(&w);
	kb_graph_propagate_start(&w, &part, 1, part.n_chunks);
	if (q->lexical < LINES)
		kb_graph_propagate_candidate(&w, 0, q->lexical, 1);
	kb_graph_propagate_link(&w, units, weights, units_of(f, q->text, units),
				1);
	kb_graph_propagate_link(&w, units, weights,
				units_of(f, q->earlier, units), 0.9f);
	kb_graph_propagate_run(&w);
	for (size_t i = 0; i < w.n; i++) {
		if (w.nodes[i].g + w.nodes[i].near > most) {
			most = w.nodes[i].g + w.nodes[i].near;
			best = w.nodes[i].chunk;
		}
	}
	kb_graph_propagate_release(&w);
	return best;
}

static void the_walk_goes_from_names_to_chunks_and_on(void **state)
{
	static const struct question cases[] = {
	    {"who sang here?", "", 0, 1},
	    {"what does 红砖美术馆 cost", "", LINES, 4},
	    {"门票要多少钱", "红砖美术馆好吗", LINES, 4},
	    {"answer", "", 5, 6},
	    {"nothing of the kind", "", LINES, LINES},
	};
	struct fixture f;

	(void)state;
	build(&f, library, LINES);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(walk(&f, &cases[i]), cases[i].want);
	drop(&f);
}

/* What the walk from a chunk gives another one. */
static float gain(struct fixture *f, uint32_t from, uint32_t to)
{
	struct kb_graph_part part = {f->graph, NULL, f->graph.n_chunks};
	struct kb_graph_propagate w;
	float g = 0;

	kb_graph_propagate_init(&w);
	kb_graph_propagate_start(&w, &part, 1, part.n_chunks);
	kb_graph_propagate_candidate(&w, 0, from, 1);
	kb_graph_propagate_run(&w);
	for (size_t i = 0; i < w.n; i++)
		if (w.nodes[i].chunk == to)
			g = w.nodes[i].g;
	kb_graph_propagate_release(&w);
	return g;
}

static void a_name_in_every_mouth_leads_less_far(void **state)
{
	static const struct line lines[] = {
	    {"Visit", "We saw the Opera House and the Glass Tower.", {0}},
	    {"Opera House", "Built of stone.", {0}},
	    {"Glass Tower", "Built of glass.", {0}},
	    {"Monday", "Past the Opera House to the left.", {0}},
	    {"Tuesday", "The Opera House was shut.", {0}},
	    {"Wednesday", "We walked around the Opera House.", {0}},
	};
	struct fixture f;

	(void)state;
	build(&f, lines, sizeof(lines) / sizeof(*lines));
	assert_true(gain(&f, 0, 1) > 0);
	assert_true(gain(&f, 0, 2) > 2 * gain(&f, 0, 1));
	drop(&f);
}

/* Propagation from lexical candidates, of which there may be more. */
static void from_words(struct kb_graph_propagate *w, struct kb_graph_part *part,
		       const float *r, size_t n, float unseen)
{
	kb_graph_propagate_init(w);
	kb_graph_propagate_start(w, part, 1, part->n_chunks);
	for (uint32_t i = 0; i < n; i++)
		if (r[i] > 0)
			kb_graph_propagate_candidate(w, 0, i, r[i]);
	kb_graph_propagate_more(w, unseen);
	kb_graph_propagate_run(w);
}

static float near_of(const struct kb_graph_propagate *w, uint32_t chunk)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->nodes[i].chunk == chunk)
			return w->nodes[i].near;
	return 0;
}

static const struct line article[] = {
    {"Lighthouse", "Of keepers.", {0}}, {"Harbour", "Of piers.", {0}},
    {"Harbour", "Of ropes.", {0}},	{"Harbour", "Of cranes.", {0}},
    {"Harbour", "Of gulls.", {0}},
};

/* What chunks 1 to 3 say in words is close to the best; 4 says nothing. */
static void a_run_of_passages_raises_itself_above_none(void **state)
{
	static const float r[] = {1, 0.95f, 0.9f, 0.95f, 0};
	struct fixture f;
	struct kb_graph_part part;
	struct kb_graph_propagate w;

	(void)state;
	build(&f, article, 5);
	part = (struct kb_graph_part){f.graph, NULL, 5};
	from_words(&w, &part, r, 5, 0);
	for (uint32_t i = 0; i < 4; i++)
		assert_float_equal(near_of(&w, i), 0, 1e-6);
	assert_true(near_of(&w, 4) > 0.5f && near_of(&w, 4) < 0.95f);
	kb_graph_propagate_release(&w);
	drop(&f);
}

/* One that is no candidate may have as much as the last of them. */
static void a_neighbour_unseen_stays_behind(void **state)
{
	static const float r[] = {0, 0, 0, 0.8f, 0};
	struct fixture f;
	struct kb_graph_part part;
	struct kb_graph_propagate w;

	(void)state;
	build(&f, article, 5);
	part = (struct kb_graph_part){f.graph, NULL, 5};
	from_words(&w, &part, r, 5, 0.5f);
	assert_true(near_of(&w, 4) > 0);
	assert_true(near_of(&w, 4) + 0.5f < 0.8f);
	kb_graph_propagate_release(&w);
	from_words(&w, &part, r, 5, 0.8f);
	assert_float_equal(near_of(&w, 4), 0, 1e-6);
	kb_graph_propagate_release(&w);
	drop(&f);
}

/* What a question of these words gives a chunk. */
static float asked(struct fixture *f, const char *text, uint32_t chunk)
{
	struct kb_graph_part part = {f->graph, NULL, f->graph.n_chunks};
	struct kb_graph_propagate w;
	float weights[64], g = 0;
	uint32_t units[64];

	for (size_t i = 0; i < 64; i++)
		weights[i] = 1;
	kb_graph_propagate_init(&w);
	kb_graph_propagate_start(&w, &part, 1, part.n_chunks);
	kb_graph_propagate_link(&w, units, weights, units_of(f, text, units),
				1);
	kb_graph_propagate_run(&w);
	for (size_t i = 0; i < w.n; i++)
		if (w.nodes[i].chunk == chunk)
			g = w.nodes[i].g;
	kb_graph_propagate_release(&w);
	return g;
}

static const struct line facts[] = {
    {"灯塔", "高度：40米", {"灯塔", "高度", "四十米"}},
    {"灯塔", "建成：1900年", {"灯塔", "建成", "清朝"}},
    {"港口", "水深：20米", {"港口", "水深", "二十米"}},
    {"海边", "从灯塔走到港口要半个小时。", {0}},
};

static void what_a_name_gives_depends_on_what_it_leads_to(void **state)
{
	struct fixture f;

	(void)state;
	build(&f, article, 5);
	assert_true(asked(&f, "harbour", 1) > 0);
	assert_true(asked(&f, "lighthouse", 0) >
		    1.5f * asked(&f, "harbour", 1)); /* one of four */
	drop(&f);
	build(&f, facts, 3);
	assert_int_equal(f.graph.n_triples, 3);
	assert_true(asked(&f, "灯塔", 0) > 1);
	drop(&f);
	build(&f, facts, 4); /* there is a text */
	assert_int_equal(f.graph.n_triples, 3);
	assert_true(asked(&f, "灯塔", 3) > 0);
	assert_true(asked(&f, "灯塔", 0) <= asked(&f, "灯塔", 3));
	drop(&f);
}

static void a_merge_joins_names_and_forgets_chunks_that_are_gone(void **state)
{
	struct fixture a, b, all;
	struct kb_graph_input in[2];
	uint32_t first[4] = {0, UINT32_MAX, 1, 2}, second[4] = {3, 4, 5, 6};

	(void)state;
	build(&a, library, 4);
	build(&b, library + 4, 4);
	build(&all, library, LINES);
	kb_buf_reset(&all.entities);
	kb_buf_reset(&all.edges);
	in[0] = (struct kb_graph_input){&a.graph, first};
	in[1] = (struct kb_graph_input){&b.graph, second};
	kb_graph_merge(in, 2, 7, &all.entities, &all.edges);
	assert_int_equal(kb_graph_open(&all.graph, (void *)all.entities.ptr,
				       all.entities.len, (void *)all.edges.ptr,
				       all.edges.len, NULL),
			 0);
	assert_int_equal(edge(&all, "Hank Snow", 1), -1);
	assert_int_equal(edge(&all, "Tennessee", 1), KB_EDGE_TITLE);
	assert_int_equal(edge(&all, "红砖美术馆", 2), KB_EDGE_OBJECT);
	assert_int_equal(edge(&all, "红砖美术馆", 3), KB_EDGE_SUBJECT);
	assert_int_equal(edge(&all, "三体", 6), KB_EDGE_MENTION);
	assert_true(kb_graph_goes_on(&all.graph, 4));
	drop(&a);
	drop(&b);
	drop(&all);
}

static void damage_gives_an_error_or_a_wrong_answer(void **state)
{
	struct fixture f;
	struct kb_graph g;
	struct question q = {"who sang Hello Love?", "红砖美术馆", 0, 0};

	(void)state;
	build(&f, library, LINES);
	for (size_t len = 0; len < f.entities.len; len += 7)
		assert_int_equal(kb_graph_open(&g, (void *)f.entities.ptr, len,
					       (void *)f.edges.ptr, f.edges.len,
					       NULL),
				 KB_EFORMAT);
	for (size_t i = 0; i < f.entities.len + f.edges.len; i++) {
		char *byte = i < f.entities.len
				 ? f.entities.ptr + i
				 : f.edges.ptr + (i - f.entities.len);
		char old = *byte;

		*byte = (char)(old ^ 0x80);
		if (!kb_graph_open(&f.graph, (void *)f.entities.ptr,
				   f.entities.len, (void *)f.edges.ptr,
				   f.edges.len, NULL))
			walk(&f, &q);
		*byte = old;
	}
	drop(&f);
}

static void look_for_name(void *found, const uint16_t *chars, size_t n)
{
	static const uint16_t name[] = {0x7425, 0x73c0, 0x5c9b}; /* 琥珀岛 */

	if (n == 3 && !memcmp(chars, name, sizeof(name)))
		*(bool *)found = true;
}

/* A name amid characters that are drawn anew each time. */
static void a_long_text_is_sampled_and_its_names_found(void **state)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_cohesion c = {0};
	struct kb_terms terms = {0};
	struct kb_buf text;
	uint64_t x = 1;
	bool found = false;

	(void)state;
	kb_buf_init(&text, 0);
	for (int chunk = 0; chunk < 3000; chunk++) {
		kb_buf_reset(&text);
		for (int i = 0; i < 400; i++) {
			uint32_t cp = 0x4e00 + (uint32_t)((x >> 33) % 3000);

			x = x * 6364136223846793005u + 1442695040888963407u;
			kb_buf_add_char(&text, (char)(0xe0 | cp >> 12));
			kb_buf_add_char(&text, (char)(0x80 | (cp >> 6 & 63)));
			kb_buf_add_char(&text, (char)(0x80 | (cp & 63)));
			if (chunk % 3 == 0 && i == 200)
				kb_buf_add_cstr(&text, "琥珀岛");
		}
		kb_terms_reset(&terms);
		kb_analyze(an, text.ptr, text.len, &terms);
		kb_cohesion_add(&c, &terms);
		assert_true(c.n <= KB_COHESION_CHARS);
	}
	assert_true(c.stride > 1);
	kb_cohesion_find(&c, look_for_name, &found);
	assert_true(found);
	kb_cohesion_release(&c);
	kb_terms_release(&terms);
	kb_analyzer_free(an);
	kb_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		names_come_from_titles_triples_quotes_and_capitals),
	    cmocka_unit_test(
		long_numbers_are_names_but_dates_and_amounts_are_not),
	    cmocka_unit_test(chinese_runs_that_hold_together_are_names),
	    cmocka_unit_test(neighbours_share_a_title_and_triples_have_none),
	    cmocka_unit_test(the_walk_goes_from_names_to_chunks_and_on),
	    cmocka_unit_test(a_name_in_every_mouth_leads_less_far),
	    cmocka_unit_test(a_run_of_passages_raises_itself_above_none),
	    cmocka_unit_test(a_neighbour_unseen_stays_behind),
	    cmocka_unit_test(what_a_name_gives_depends_on_what_it_leads_to),
	    cmocka_unit_test(
		a_merge_joins_names_and_forgets_chunks_that_are_gone),
	    cmocka_unit_test(damage_gives_an_error_or_a_wrong_answer),
	    cmocka_unit_test(a_long_text_is_sampled_and_its_names_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
