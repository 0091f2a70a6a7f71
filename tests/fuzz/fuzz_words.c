/* A file of the user's words: any bytes are refused or give sorted lines
 * that an analyser takes. */
#include <stdint.h>
#include <stdlib.h>

#include "index/userwords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {(const char *)data, size}, list, rest, word;
	struct kb_str last = {"", 0};
	struct kb_terms terms = {0};
	struct kb_analyzer *an;
	struct kb_buf lines;

	kb_buf_init(&lines, 0);
	if (!kb_user_words_parse(text, "file", &lines, NULL)) {
		list = rest = kb_buf_str(&lines);
		while (kb_user_words_next(&rest, &word)) {
			if (!word.len || kb_str_cmp(last, word) >= 0)
				abort();
			last = word;
		}
		an = kb_analyzer_new();
		kb_user_words_set(an, &list, 1);
		kb_analyze(an, text.ptr, text.len, &terms);
		for (size_t i = 0; i < terms.n; i++)
			if (terms.items[i].end > size)
				abort();
		kb_analyzer_free(an);
		kb_terms_release(&terms);
	}
	kb_buf_release(&lines);
	return 0;
}
