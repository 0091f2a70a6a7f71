/*
 * For tokens.py: texts on standard input, each as a line with its length in
 * bytes and then its bytes; for each the count and the ids on a line of
 * standard output.
 *
 * usage: token-ids TOKENIZER
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "token/tokenizer.h"

int main(int argc, char **argv)
{
	struct kb_tokenizer *tokenizer;
	struct kb_token_counter *counter;
	struct kb_err err;
	struct kb_buf ids;
	size_t len;

	if (kb_tokenizer_open(argc > 1 ? argv[1] : NULL, NULL, &tokenizer,
			      &err) < 0) {
		fprintf(stderr, "token-ids: %s\n", err.msg);
		return 2;
	}
	counter = kb_token_counter_new(tokenizer);
	kb_buf_init(&ids, 0);
	while (scanf("%zu", &len) == 1 && len < (size_t)1 << 28) {
		char *text = malloc(len + 1);

		if (!text)
			return 2;
		getchar();
		if (fread(text, 1, len, stdin) != len)
			return 2;
		kb_buf_reset(&ids);
		kb_token_encode(counter, text, len, &ids);
		printf("%zu", kb_token_count(counter, text, len));
		for (size_t i = 0; i < ids.len; i += sizeof(uint32_t)) {
			uint32_t id;

			memcpy(&id, ids.ptr + i, sizeof(id));
			printf(" %u", id);
		}
		putchar('\n');
		fflush(stdout);
		free(text);
	}
	kb_buf_release(&ids);
	kb_token_counter_free(counter);
	kb_tokenizer_close(tokenizer);
	return 0;
}
