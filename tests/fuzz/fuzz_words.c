/* A file of the user's words: any bytes are refused or give sorted lines
 * that an analyser takes. As the words of a damaged index it takes any. */
#include <stdint.h>
#include <stdlib.h>

#include "index/user_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void analyse(struct kb_str list, struct kb_str text)
{
	struct kb_analyzer *an = kb_analyzer_new();
	struct kb_terms terms = {0};

	kb_user_words_set(an, &list, 1);
	kb_analyze(an, text.ptr, text.len, &terms);
	for (size_t i = 0; i < terms.n; i++)
		if (terms.items[i].end > text.len)
			abort();
	kb_analyzer_free(an);
	kb_terms_release(&terms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {(const char *)data, size}, rest, word;
	struct kb_str last = {"", 0};
	struct kb_buf lines;

	kb_buf_init(&lines, 0);
	if (!kb_user_words_parse(text, "file", &lines, NULL)) {
		rest = kb_buf_str(&lines);
		while (kb_str_line(&rest, &word)) {
			if (!word.len || kb_str_cmp(last, word) >= 0)
				abort();
			last = word;
		}
		analyse(kb_buf_str(&lines), text);
	}
	analyse(text, text);
	kb_buf_release(&lines);
	return 0;
}
