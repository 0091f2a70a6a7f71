#include "doc_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every encoding on the same bytes, then what a log of them gives. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str s = {(const char *)data, size};
	const char *why;
	enum kb_encoding guess;
	size_t bom;
	int e;

	if (size == 0)
		return 0;
	guess = kb_encoding_guess(s, &bom, &why);
	PROMISE((guess == KB_ENC_BINARY || guess == KB_ENC_UNKNOWN) == !!why);
	PROMISE(bom <= size);
	for (e = KB_ENC_UTF8; e < KB_ENC_UNKNOWN; e++) {
		struct kb_buf out;

		kb_buf_init(&out, 1 << 16);
		if (kb_encoding_convert((enum kb_encoding)e, s, &out, NULL) ==
		    0)
			PROMISE(kb_utf8_valid(out.ptr, out.len));
		kb_buf_release(&out);
	}
	check_file(data, size, "f.log", true);
	return 0;
}
