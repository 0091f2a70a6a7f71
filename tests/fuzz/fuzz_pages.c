#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "convert/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PROMISE(x)               \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

/* What a program printed, as pages: each is UTF-8 when all of it is, and no
 * longer than twice what was printed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str text = {(const char *)data, size};
	struct kb_pages pages;
	struct kb_buf out;

	if (!kb_utf8_valid(text.ptr, text.len))
		return 0;
	kb_pages_init(&pages, text);
	kb_buf_init(&out, 0);
	for (size_t i = 0; i < pages.n; i++) {
		size_t len = pages.pages[i].len;

		kb_buf_reset(&out);
		kb_pages_text(&pages, i, &out);
		PROMISE(kb_utf8_valid(out.ptr, out.len));
		PROMISE(out.len <= 2 * len);
		kb_pages_is_table(&pages, i);
		kb_buf_reset(&out);
		if (kb_pages_rows(&pages, i, &out))
			PROMISE(kb_utf8_valid(out.ptr, out.len));
		PROMISE(out.len <= 3 * len);
	}
	kb_buf_release(&out);
	kb_pages_release(&pages);
	return 0;
}
