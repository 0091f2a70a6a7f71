#include <stddef.h>
#include <stdint.h>

#include "index/ingest/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_container_view view;
	struct kb_sources s;
	size_t sum = 0, at = 0;

	if (kb_container_parse(&view, data, size, KB_KIND_SOURCES,
			       KB_SOURCES_KNOWN, "fuzz", NULL) < 0 ||
	    kb_sources_parse(&s, &view, NULL) < 0)
		return 0;
	kb_container_verify(&view, "fuzz", NULL);
	for (size_t i = 0; i < s.n; i++) {
		struct kb_str path = kb_sources_path(&s, i);
		struct kb_source source = kb_sources_get(&s, i);

		for (size_t k = 0; k < path.len; k++)
			sum += (unsigned char)path.ptr[k];
		for (size_t k = 0; k < source.said.len; k++)
			sum += (unsigned char)source.said.ptr[k];
		if (kb_sources_find(&s, path, &at))
			sum++;
	}
	return sum == 42 ? 0 : 0;
}
