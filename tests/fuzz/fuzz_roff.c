#include "doc_check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A page of a manual, whatever stands behind its first line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char first[] = ".TH A 1\n";
	size_t n = sizeof(first) - 1;
	uint8_t *page = malloc(n + size);

	PROMISE(page);
	memcpy(page, first, n);
	if (size)
		memcpy(page + n, data, size);
	check_file(page, n + size, "f.1", false);
	free(page);
	return 0;
}
