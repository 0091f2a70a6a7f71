/*
 * For lib/query/background_weights.h: in how many of the passages the terms of
 * questions stand.
 *
 * usage: build/eval/background PASSAGES QUESTIONS, both JSON lines: with text
 * and title, and with query. Of each kind of term the geometric mean of its
 * share over the questions' terms, half a passage added, and how many there
 * were; then the mean number of base terms of a passage.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "query/background.h"
#include "json/rec.h"

static struct kb_analyzer *an;
static struct kb_terms terms;

/* Analyse some members of the next line; false at the end. */
static bool next(FILE *f, const char *const *members, struct kb_arena *arena)
{
	static char *line;
	static size_t cap;
	struct kb_err err = {0};
	struct kb_rec rec;
	struct kb_str text;
	ssize_t n = getline(&line, &cap, f);

	if (n <= 0)
		return false;
	kb_terms_reset(&terms);
	kb_arena_reset(arena);
	if (kb_rec_scan(&rec, arena, line, (size_t)n, &err)) {
		fprintf(stderr, "background: %s\n", err.msg);
		exit(2);
	}
	for (; *members; members++)
		if (kb_json_str(kb_rec_get(&rec, *members), arena, &text))
			kb_analyze(an, text.ptr, text.len, &terms);
	return true;
}

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		exit(2);
	}
	return f;
}

int main(int argc, char **argv)
{
	static const char *const passage[] = {"title", "text", NULL};
	static const char *const question[] = {"query", NULL};
	static const char *const names[KB_BACKGROUND_KINDS] = {
	    "rare",	    "function", "common", "short",
	    "han function", "han",	"pair"};
	double sum[KB_BACKGROUND_KINDS] = {0}, length = 0;
	size_t n[KB_BACKGROUND_KINDS] = {0}, passages = 0;
	struct kb_arena arena;
	struct kb_map df; /* key -> passages << 32 | the last one */
	FILE *f;

	if (argc != 3)
		return 2;
	an = kb_analyzer_new();
	kb_arena_init(&arena);
	kb_map_init(&df);
	for (f = open_file(argv[1]); next(f, passage, &arena);
	     length += terms.length) {
		passages++;
		for (size_t i = 0; i < terms.n; i++) {
			uint64_t *at =
			    kb_map_put(&df, terms.items[i].key, NULL);

			if ((*at & UINT32_MAX) != passages)
				*at = ((*at >> 32) + 1) << 32 | passages;
		}
	}
	fclose(f);
	for (f = open_file(argv[2]); next(f, question, &arena);)
		for (size_t i = 0; i < terms.n; i++) {
			const struct kb_term *t = &terms.items[i];
			const uint64_t *at = kb_map_get(&df, t->key);
			enum kb_background kind = kb_background_kind(
			    t->key, (struct kb_str){terms.text + t->text_off,
						    t->text_len});

			sum[kind] += log(((at ? (double)(*at >> 32) : 0) + .5) /
					 ((double)passages + 1));
			n[kind]++;
		}
	fclose(f);
	for (int k = 0; k < KB_BACKGROUND_KINDS; k++)
		printf("%-12s %8.5f %6zu\n", names[k],
		       n[k] ? exp(sum[k] / (double)n[k]) : 0, n[k]);
	printf("length %.1f of %zu\n", length / (double)passages, passages);
	kb_map_release(&df);
	kb_arena_release(&arena);
	kb_terms_release(&terms);
	kb_analyzer_free(an);
	return 0;
}
