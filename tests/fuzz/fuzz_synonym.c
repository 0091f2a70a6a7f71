/* A file of synonyms: any bytes are refused or give groups that can be
 * walked and looked for. */
#include <stdint.h>
#include <stdlib.h>

#include "text/fold.h"
#include "text/synonym.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen; /* keeps what is read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {(const char *)data, size};
	struct kb_synonym found[32];
	struct kb_synonyms *own;
	struct kb_arena arena;
	size_t n;

	if (kb_synonyms_parse(&own, text, "file", NULL))
		return 0;
	kb_arena_init(&arena);
	text = kb_text_fold(&arena, text);
	n = kb_synonyms_find(own, text, found, 0, 32);
	n = kb_synonyms_find(kb_synonyms_builtin(), text, found, n, 32);
	if (n > 32)
		abort();
	for (size_t i = 0; i < n; i++) {
		const char *at = kb_synonym_meant(found[i].group);
		struct kb_str word;

		if (found[i].start >= found[i].end || found[i].end > text.len)
			abort();
		while (kb_synonym_next(&at, &word))
			seen += word.len;
	}
	kb_arena_release(&arena);
	kb_synonyms_free(own);
	return 0;
}
