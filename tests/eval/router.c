/*
 * A router of a cascade on outcomes, for cascade.py.
 *
 * usage: make build/eval/router
 *	  build/eval/router MODEL < outcomes.jsonl
 *
 * Prints for each outcome the half by the hash of its question, whether the
 * small and the large model were right, and the router's score (0 without a
 * model).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "cascade/router.h"
#include "learn/model_file.h"

int main(int argc, char **argv)
{
	struct kb_linear_model model;
	struct kb_linear linear;
	struct kb_arena arena, kept;
	struct kb_err err = {0};
	struct kb_rec rec;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	kb_arena_init(&arena);
	kb_arena_init(&kept);
	if (argc > 1 &&
	    kb_model_file_load(argv[1], KB_LOGISTIC, kb_router_names,
			       KB_ROUTER_FEATURES, &kept, &model, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 2;
	}
	if (argc > 1)
		kb_linear_bind(&linear, &model, kb_router_names,
			       KB_ROUTER_FEATURES);
	while ((len = getline(&line, &cap, stdin)) > 0) {
		struct kb_router_training one = {.n = 0};
		struct kb_str question = {"", 0};

		len -= line[len - 1] == '\n';
		if (kb_rec_scan(&rec, &arena, line, (size_t)len, &err) ||
		    kb_router_take(&one, &rec, 1, &arena, &err)) {
			fprintf(stderr, "%s\n", err.msg);
			return 2;
		}
		kb_json_str(kb_rec_get(&rec, "prompt"), &arena, &question);
		printf("%u %d %d %.9f\n",
		       (unsigned)(kb_hash64(question.ptr, question.len, 7) & 1),
		       one.items[0].small, one.items[0].large,
		       argc > 1 ? kb_linear_score(&linear, one.items[0].x) : 0);
		kb_router_release(&one);
		kb_arena_reset(&arena);
	}
	kb_arena_release(&arena);
	kb_arena_release(&kept);
	free(line);
	return 0;
}
