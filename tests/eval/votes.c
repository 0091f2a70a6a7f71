/*
 * Votes on recorded samples, for selfcons.py.
 *
 * usage: make build/eval/votes
 *	  build/eval/votes [LEAST [MOST]] < records
 *
 * A record has samples, texts in the order in which they were drawn. For each
 * a line: the half by the hash of its question, features of the first sample,
 * samples that were asked for, the number of the sample that won, its votes,
 * the confidence; then the group of each sample of all.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "llm/votes.h"
#include "json/rec.h"

static size_t read_samples(const struct kb_rec *rec, struct kb_arena *arena,
			   struct kb_str *out)
{
	struct kb_json_iter it = kb_json_iter(kb_rec_get(rec, "samples"));
	size_t n = 0;

	while (n < KB_VOTES_MAX && kb_json_next(&it))
		n += kb_json_str(it.val, arena, &out[n]);
	return n;
}

static void print_features(struct kb_str text)
{
	double characters = 0, digits = 0, lines = 0;
	uint32_t cp;

	for (size_t i = 0; i < text.len; characters++) {
		digits += kb_is_digit(text.ptr[i]);
		lines += text.ptr[i] == '\n';
		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
	}
	printf(" %.6f %.6f %.6f", log(1 + characters), log(1 + digits),
	       log(1 + lines));
}

static void print_groups(const struct kb_str *samples, size_t n,
			 struct kb_arena *arena)
{
	struct kb_votes *votes = kb_arena_calloc(arena, 1, sizeof(*votes));

	kb_votes_init(votes, arena);
	for (size_t i = 0; i < n; i++) {
		size_t before[KB_VOTES_MAX + 1] = {0}, group = 0;

		for (size_t k = 0; k < votes->n; k++)
			before[k] = votes->groups[k].n;
		kb_votes_cast(votes, samples[i], i);
		while (votes->groups[group].n == before[group])
			group++;
		printf(" %zu", group);
	}
}

static void judge(const struct kb_rec *rec, struct kb_arena *arena,
		  size_t least, size_t most)
{
	struct kb_votes *votes = kb_arena_calloc(arena, 1, sizeof(*votes));
	struct kb_str samples[KB_VOTES_MAX], question = {"", 0};
	size_t n = read_samples(rec, arena, samples), more;

	if (!n)
		return;
	if (most && most < n)
		n = most;
	kb_json_str(kb_rec_get(rec, "question"), arena, &question);
	printf("%u", (unsigned)(kb_hash64(question.ptr, question.len, 0) & 1));
	print_features(samples[0]);
	kb_votes_init(votes, arena);
	kb_votes_cast(votes, samples[0], 0);
	while ((more = kb_votes_more(votes, least, n)) > 0)
		while (more--)
			kb_votes_cast(votes, samples[votes->cast], votes->cast);
	printf(" %zu %zu %zu %.6f", votes->cast, kb_votes_lead(votes)->sample,
	       kb_votes_lead(votes)->n, kb_votes_confidence(votes));
	print_groups(samples, n, arena);
	putchar('\n');
}

int main(int argc, char **argv)
{
	size_t least = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	size_t most = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	struct kb_arena arena;
	struct kb_rec rec;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	kb_arena_init(&arena);
	while ((len = getline(&line, &cap, stdin)) > 0) {
		len -= line[len - 1] == '\n';
		if (kb_rec_scan(&rec, &arena, line, (size_t)len, NULL) == 0)
			judge(&rec, &arena, least, most);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	free(line);
	return 0;
}
