/*
 * How fast tokens are counted: MB of a file in a second of CPU time, the best
 * of several passes, each with a counter that has met nothing yet.
 *
 * usage: token_bench o200k|cl100k FILE...
 */
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "token/tokenizer.h"

enum { PASSES = 15 };

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void measure(const struct kb_tokenizer *tokenizer, const char *path,
		    const struct kb_buf *text)
{
	double best = 1e9;
	size_t n = 0;

	for (int i = 0; i < PASSES; i++) {
		struct kb_token_counter *counter =
		    kb_token_counter_new(tokenizer);
		double start = seconds(), took;

		n = kb_token_count(counter, text->ptr, text->len);
		took = seconds() - start;
		if (took < best)
			best = took;
		kb_token_counter_free(counter);
	}
	printf("%s %zu %.1f %.2f\n", path, n, (double)text->len / best / 1e6,
	       best * 1e3);
}

int main(int argc, char **argv)
{
	struct kb_tokenizer *tokenizer;
	struct kb_err err;

	if (argc < 3 ||
	    kb_tokenizer_open(argv[1], NULL, &tokenizer, &err) < 0) {
		fputs("usage: token_bench TOKENIZER FILE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		struct kb_buf text;

		kb_buf_init(&text, 0);
		if (kb_file_read(argv[i], (size_t)1 << 30, &text, &err) < 0) {
			fprintf(stderr, "token_bench: %s\n", err.msg);
			return 2;
		}
		measure(tokenizer, argv[i], &text);
		kb_buf_release(&text);
	}
	kb_tokenizer_close(tokenizer);
	return 0;
}
