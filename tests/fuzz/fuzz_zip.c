#include "convert/convert.h"
#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An archive, whatever its bytes are: of a Word document by its name, then of
 * what it looks like. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kb_doc_opts opts = {.max_text_size = 1 << 20,
					 .take = kb_convert_take};

	check_with(data, size, "f.docx", &opts);
	check_with(data, size, "f.bin", &opts);
	return 0;
}
