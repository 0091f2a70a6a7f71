/*
 * What each leg adds, in one process and without the rest of the search.
 *
 *	legs_bench INDEX DIR [WORDS [GRAPH [LIMIT]]]
 *
 * DIR has queries.jsonl (query, history, and 'dialogue' to stay within) and
 * qrels.tsv. Fuses r + GRAPH * g + WORDS * cosine, r the lexical score over
 * the best. Prints recall@10, all found in 10, hit@1 and recall@100 on both
 * halves of the queries (by the hash of their id: one to tune on, one to
 * score on), and the time of each leg.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "base/map.h"
#include "index/index.h"
#include "search/leg.h"
#include "search/lexical/lexical.h"

#define DEPTH	  200
#define FOUND_MAX (4 * DEPTH)
#define TERMS	  512

struct result {
	double recall10, all10, hit1, recall100;
	size_t n;
};

struct bench {
	struct kb_index *index;
	struct kb_scope scope;
	struct kb_leg graph, words;
	struct kb_lexical *lex;
	struct kb_analyzer *an;
	struct kb_terms terms;
	struct kb_map qrels;	 /* hash of query \t doc -> 1 */
	struct kb_map counts;	 /* hash of query -> relevant documents */
	struct kb_map dialogues; /* hash of id -> hash of its dialogue */
	double graph_weight, word_weight;
	double ms[3], worst[3];
	struct result half[2];
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void timed(struct bench *b, int leg, double start)
{
	double ms = now_ms() - start;

	b->ms[leg] += ms;
	if (ms > b->worst[leg])
		b->worst[leg] = ms;
}

static void read_qrels(struct bench *b, const char *dir)
{
	char path[4096], q[512], d[512];
	int grade;

	snprintf(path, sizeof(path), "%s/qrels.tsv", dir);
	FILE *f = fopen(path, "r");

	while (f && fscanf(f, "%511s %511s %d%*[^\n]", q, d, &grade) == 3) {
		uint64_t hq = kb_hash64(q, strlen(q), 0);

		if (grade <= 0)
			continue;
		*kb_map_put(&b->qrels, kb_hash64(d, strlen(d), hq), NULL) = 1;
		++*kb_map_put(&b->counts, hq, NULL);
	}
	if (f)
		fclose(f);
}

static void read_dialogues(struct bench *b, const char *dir)
{
	char path[4096], *line = NULL;
	size_t cap = 0;
	ssize_t len;
	struct kb_arena arena;

	snprintf(path, sizeof(path), "%s/corpus.jsonl", dir);
	FILE *f = fopen(path, "r");

	kb_arena_init(&arena);
	while (f && (len = getline(&line, &cap, f)) > 0) {
		struct kb_rec rec;
		struct kb_str s, id;

		kb_arena_reset(&arena);
		if (kb_rec_scan(&rec, &arena, line, (size_t)len - 1, NULL) ||
		    !kb_json_str(kb_rec_get(&rec, "dialogue"), &arena, &s))
			break;
		id = kb_rec_id(&rec);
		*kb_map_put(&b->dialogues, kb_hash64(id.ptr, id.len, 0), NULL) =
		    kb_hash64(s.ptr, s.len, 0);
	}
	if (f)
		fclose(f);
	kb_arena_release(&arena);
	free(line);
}

struct found {
	uint32_t segment, chunk;
	double score;
};

static int by_score(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->segment != y->segment)
		return x->segment < y->segment ? -1 : 1;
	return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

static void put(struct found *found, size_t *n, struct kb_candidate c,
		double score)
{
	size_t i = 0;

	while (i < *n &&
	       (found[i].segment != c.segment || found[i].chunk != c.chunk))
		i++;
	if (i == FOUND_MAX)
		return;
	if (i == *n)
		found[(*n)++] = (struct found){c.segment, c.chunk, 0};
	found[i].score += score;
}

/* Scores of the legs beside the lexical one; a chunk new to the list gets
 * its lexical score too. */
static void fuse(struct bench *b, const struct kb_lex_term *terms,
		 size_t n_terms, double best,
		 const struct kb_leg_answer *answer, double weight,
		 struct found *found, size_t *n)
{
	float scores[TERMS];

	for (size_t i = 0; i < answer->n; i++) {
		size_t before = *n;
		double r = 0;

		put(found, n, answer->items[i],
		    weight * (double)answer->items[i].raw);
		if (*n == before)
			continue;
		kb_lexical_explain(&b->scope, terms, n_terms, &kb_lex_defaults,
				   answer->items[i].segment,
				   answer->items[i].chunk, scores);
		for (size_t t = 0; t < n_terms; t++)
			r += (double)scores[t];
		put(found, n, answer->items[i], best > 0 ? r / best : 0);
	}
}

static void judge(struct bench *b, const struct kb_str id,
		  const struct found *found, size_t n)
{
	uint64_t hq = kb_hash64(id.ptr, id.len, 0);
	const uint64_t *count = kb_map_get(&b->counts, hq);
	struct result *r = &b->half[hq >> 7 & 1];
	double in10 = 0, in100 = 0;

	if (!count)
		return;
	for (size_t i = 0; i < n && i < 100; i++) {
		struct kb_str d =
		    kb_segment_id(b->scope.segments[found[i].segment].segment,
				  found[i].chunk);
		bool good =
		    kb_map_get(&b->qrels, kb_hash64(d.ptr, d.len, hq)) != NULL;

		in10 += good && i < 10;
		in100 += good;
		r->hit1 += good && i == 0;
	}
	r->recall10 += in10 / (double)*count;
	r->recall100 += in100 / (double)*count;
	r->all10 += in10 >= (double)*count;
	r->n++;
}

static uint64_t *restrict_to(struct bench *b, uint64_t dialogue)
{
	const struct kb_segment *seg = b->scope.segments[0].segment;
	uint64_t *bits = kb_calloc(seg->n_chunks / 64 + 1, 8);

	for (uint32_t c = 0; c < seg->n_chunks; c++) {
		struct kb_str id = kb_segment_id(seg, c);
		const uint64_t *d =
		    kb_map_get(&b->dialogues, kb_hash64(id.ptr, id.len, 0));

		if (d && *d == dialogue)
			bits[c / 64] |= (uint64_t)1 << c % 64;
	}
	return bits;
}

static void ask(struct bench *b, const struct kb_rec *rec)
{
	struct kb_lex_term terms[TERMS];
	struct kb_candidate lexical[DEPTH];
	struct found found[FOUND_MAX];
	struct kb_str text, history[32];
	struct kb_leg_answer answer;
	size_t n_terms, n_lexical = 0, n = 0, n_history = 0;
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, "history"));

	if (!kb_json_str(kb_rec_get(rec, "query"), rec->arena, &text))
		return;
	for (; kb_json_next(&it) && n_history < 32;)
		n_history +=
		    kb_json_str(it.val, rec->arena, &history[n_history]);
	for (size_t i = 0; i < n_history / 2; i++) {
		struct kb_str t = history[i];

		history[i] = history[n_history - 1 - i];
		history[n_history - 1 - i] = t;
	}
	double start = now_ms();

	kb_terms_reset(&b->terms);
	kb_analyze(b->an, text.ptr, text.len, &b->terms);
	n_terms =
	    kb_lexical_gather(&b->terms, &kb_lex_defaults, 1, terms, 0, TERMS);
	kb_lexical_stats(&b->scope, terms, n_terms);
	if (kb_lexical_search(b->lex, &b->scope, terms, n_terms,
			      &kb_lex_defaults, DEPTH, lexical, &n_lexical,
			      NULL))
		exit(1);
	timed(b, 0, start);
	double best = n_lexical ? (double)lexical[0].raw : 0;

	for (size_t i = 0; i < n_lexical; i++) {
		lexical[i].raw = (float)((double)lexical[i].raw / best);
		put(found, &n, lexical[i], (double)lexical[i].raw);
	}
	struct kb_leg_query q = {.scope = &b->scope,
				 .text = text,
				 .terms = &b->terms,
				 .history = history,
				 .n_history = n_history,
				 .lexical = lexical,
				 .n_lexical = n_lexical,
				 .depth = DEPTH,
				 .arena = rec->arena};

	if (b->graph.search && b->graph_weight > 0) {
		start = now_ms();
		if (b->graph.search(b->graph.state, &q, &answer, NULL))
			exit(1);
		timed(b, 1, start);
		fuse(b, terms, n_terms, best, &answer, b->graph_weight, found,
		     &n);
	}
	if (b->words.search && b->word_weight > 0) {
		start = now_ms();
		if (b->words.search(b->words.state, &q, &answer, NULL))
			exit(1);
		timed(b, 2, start);
		fuse(b, terms, n_terms, best, &answer, b->word_weight, found,
		     &n);
	}
	qsort(found, n, sizeof(*found), by_score);
	judge(b, kb_rec_id(rec), found, n);
}

static void ask_all(struct bench *b, const char *dir, size_t limit)
{
	char path[4096], *line = NULL;
	size_t cap = 0, n = 0;
	ssize_t len;
	struct kb_arena arena;

	snprintf(path, sizeof(path), "%s/queries.jsonl", dir);
	FILE *f = fopen(path, "r");

	kb_arena_init(&arena);
	while (f && n < limit && (len = getline(&line, &cap, f)) > 0) {
		struct kb_rec rec;
		struct kb_str within;
		uint64_t *bits = NULL;

		kb_arena_reset(&arena);
		if (kb_rec_scan(&rec, &arena, line, (size_t)len - 1, NULL))
			continue;
		if (kb_json_str(kb_rec_get(&rec, "dialogue"), &arena, &within))
			bits = restrict_to(
			    b, kb_hash64(within.ptr, within.len, 0));
		b->scope.segments[0].allowed = bits;
		ask(b, &rec);
		free(bits);
		n++;
	}
	if (f)
		fclose(f);
	kb_arena_release(&arena);
	free(line);
	for (int h = 0; h < 2 && n; h++) {
		const struct result *r = &b->half[h];
		double m = r->n ? (double)r->n : 1;

		printf("%s n %4zu R@10 %.3f all@10 %.3f hit@1 %.3f R@100 "
		       "%.3f\n",
		       h ? "score" : "tune ", r->n, r->recall10 / m,
		       r->all10 / m, r->hit1 / m, r->recall100 / m);
	}
	if (n)
		printf("mean ms: lexical %.2f graph %.2f words %.2f; worst "
		       "%.1f %.1f %.1f\n",
		       b->ms[0] / (double)n, b->ms[1] / (double)n,
		       b->ms[2] / (double)n, b->worst[0], b->worst[1],
		       b->worst[2]);
}

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct kb_err err = {0};

	if (argc < 3)
		return 2;
	b.word_weight = argc > 3 ? atof(argv[3]) : 0.3;
	b.graph_weight = argc > 4 ? atof(argv[4]) : 1;
	if (kb_index_open(&b.index, argv[1], &err) ||
	    kb_leg_graph_open(&b.graph, &b.index, 1, &err) ||
	    kb_leg_vector_open(&b.words, &b.index, 1, NULL, &err)) {
		fprintf(stderr, "legs_bench: %s\n", err.msg);
		return 2;
	}
	b.scope.n = b.index->n_segments;
	b.scope.n_chunks = b.index->n_chunks;
	b.scope.total_length = b.index->total_length;
	b.scope.segments = kb_calloc(b.scope.n, sizeof(*b.scope.segments));
	for (size_t i = 0; i < b.scope.n; i++)
		b.scope.segments[i] = (struct kb_scope_segment){
		    .segment = b.index->segments[i], .index = b.index};
	b.lex = kb_lexical_new();
	b.an = kb_analyzer_new();
	kb_map_init(&b.qrels);
	kb_map_init(&b.counts);
	kb_map_init(&b.dialogues);
	read_qrels(&b, argv[2]);
	read_dialogues(&b, argv[2]);
	ask_all(&b, argv[2], argc > 5 ? strtoull(argv[5], NULL, 10) : 1500);
	return 0;
}
