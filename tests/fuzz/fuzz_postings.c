#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "posting/postings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes of count, two of chunks, then the list. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t chunks[65536 + 128];
	uint16_t freqs[65536 + 128];
	uint32_t count, n_chunks;

	if (size < 4)
		return 0;
	count = data[0] | (uint32_t)data[1] << 8;
	n_chunks = data[2] | (uint32_t)data[3] << 8;
	if (!kb_postings_decode(data + 4, size - 4, count, n_chunks, chunks,
				freqs))
		return 0;
	for (uint32_t i = 0; i < count; i++)
		if (chunks[i] >= n_chunks || !freqs[i])
			abort();
	return 0;
}
