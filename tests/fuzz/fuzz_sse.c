#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "net/http/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_event(void *arg, struct kb_str event, struct kb_str data)
{
	struct kb_buf *out = arg;

	kb_buf_add_str(out, event);
	kb_buf_add_char(out, '|');
	kb_buf_add_str(out, data);
	kb_buf_add_char(out, '\n');
}

static int feed(const uint8_t *data, size_t size, size_t step,
		struct kb_buf *out)
{
	struct kb_sse sse;
	int rc = 0;

	kb_buf_init(out, 0);
	kb_sse_init(&sse, 4096, take_event, out);
	for (size_t at = 0; at < size && !rc; at += step)
		rc = kb_sse_feed(&sse, (const char *)data + at,
				 size - at < step ? size - at : step, NULL);
	if (!rc)
		rc = kb_sse_end(&sse, NULL);
	kb_sse_release(&sse);
	return rc;
}

/* The events do not depend on how the bytes arrive. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_buf whole, bytes;
	int a = feed(data, size, size ? size : 1, &whole);
	int b = feed(data, size, 1, &bytes);

	if (a != b || !kb_str_eq(kb_buf_str(&whole), kb_buf_str(&bytes)))
		abort();
	kb_buf_release(&whole);
	kb_buf_release(&bytes);
	return 0;
}
