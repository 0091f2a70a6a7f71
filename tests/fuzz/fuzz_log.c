#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_file(data, size, "f.log", true);
	check_file(data, size, "f.jsonl", true);
	return 0;
}
