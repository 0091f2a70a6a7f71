#include "convert/convert.h"
#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A message, then a mailbox, whatever its bytes are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kb_doc_opts opts = {.max_text_size = 1 << 20,
					 .take = kb_convert_take};

	check_with(data, size, "f.eml", &opts);
	check_with(data, size, "f", &opts);
	return 0;
}
