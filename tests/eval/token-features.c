/*
 * For fit-tokens.py: texts on standard input, each as a line with its length
 * in bytes and then its bytes; a line of features for each on standard
 * output, both estimates first and what is of Han last.
 */
#include <stdio.h>
#include <stdlib.h>

#include "token/token_estimate.h"

int main(void)
{
	size_t len;

	while (scanf("%zu", &len) == 1 && len < (size_t)1 << 28) {
		uint32_t f[KB_TOKEN_FEATURES], han[2];
		char *text = malloc(len + 1);

		if (!text)
			return 2;
		getchar();
		if (fread(text, 1, len, stdin) != len)
			return 2;
		kb_tokens_features(text, len, f);
		kb_token_han(text, len, han);
		printf("%zu %zu", kb_tokens_estimate(text, len),
		       kb_tokens_most(text, len));
		for (size_t i = 0; i < KB_TOKEN_FEATURES; i++)
			printf(" %u", f[i]);
		printf(" %u %u", han[0], han[1]);
		putchar('\n');
		free(text);
	}
	return 0;
}
