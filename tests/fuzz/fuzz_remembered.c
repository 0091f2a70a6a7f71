/* What an index remembers of its sources, from any bytes: what was read is
 * written, and that says the same again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "index/ingest/remembered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_remembered first, second;
	struct kb_buf once, twice;
	struct kb_str text = {(const char *)data, size};

	kb_remembered_init(&first);
	kb_remembered_init(&second);
	kb_buf_init(&once, 0);
	kb_buf_init(&twice, 0);
	if (size && kb_remembered_parse(&first, text, NULL) == 0) {
		kb_remembered_format(&first, &once);
		if (kb_remembered_parse(&second, kb_buf_str(&once), NULL) < 0)
			abort();
		kb_remembered_format(&second, &twice);
		if (!kb_str_eq(kb_buf_str(&once), kb_buf_str(&twice)))
			abort();
		while (second.n)
			kb_remembered_remove(&second, second.n / 2);
	}
	kb_remembered_release(&first);
	kb_remembered_release(&second);
	kb_buf_release(&once);
	kb_buf_release(&twice);
	return 0;
}
