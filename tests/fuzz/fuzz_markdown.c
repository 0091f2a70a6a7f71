#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_file(data, size, "f.md", false);
	check_file(data, size, "f.csv", false);
	return 0;
}
