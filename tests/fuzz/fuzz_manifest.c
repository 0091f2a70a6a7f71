#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "store/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input with its last line replaced by the right checksum, so that the
 * lines before it are read at all. */
static void with_checksum(const uint8_t *data, size_t size, struct kb_buf *out)
{
	kb_buf_add(out, data, size);
	kb_buf_add_char(out, '\n');
	kb_buf_printf(out, "end %u\n", kb_crc32c(0, out->ptr, out->len));
}

static void read_one(const char *text, size_t len)
{
	struct kb_manifest m;
	struct kb_buf again;

	kb_manifest_init(&m);
	if (kb_manifest_parse(&m, text, len, NULL) == 0) {
		kb_buf_init(&again, 0);
		kb_manifest_format(&m, &again);
		for (size_t i = 0; i < m.n_segments; i++)
			if (strchr(m.segments[i].file.name, '/'))
				abort();
		kb_buf_release(&again);
	}
	kb_manifest_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_buf buf;

	read_one((const char *)data, size);
	kb_buf_init(&buf, 0);
	with_checksum(data, size, &buf);
	read_one(buf.ptr, buf.len);
	kb_buf_release(&buf);
	return 0;
}
