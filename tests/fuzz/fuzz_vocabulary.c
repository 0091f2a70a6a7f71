/*
 * A vocabulary of pieces, WordPiece's or Unigram's, as tokenizer.json and a
 * text behind a NUL, and as a blob that is damaged: tokens are those of the
 * vocabulary, and fewer wanted are the first of them.
 */
#include <stdint.h>
#include <stdlib.h>

#include "token/piece/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode(const struct kb_vocabulary *v, struct kb_str text)
{
	uint32_t all[1024], some[7];
	bool rest, more;
	size_t n = kb_vocabulary_encode(v, text, all, 1024, &rest);
	size_t few = kb_vocabulary_encode(v, text, some, 7, &more);

	for (size_t i = 0; i < n; i++)
		if (all[i] >= v->n)
			abort();
	if (few != (n < 7 ? n : 7) || more != (rest || n > 7) ||
	    (few && memcmp(all, some, few * sizeof(*some)) != 0))
		abort();
}

static void open_and_encode(const char *ptr, size_t len, struct kb_str text)
{
	struct kb_vocabulary v;

	if (!kb_vocabulary_open(&v, ptr, len, NULL))
		encode(&v, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_str json = {size ? (const char *)data : "", size};
	struct kb_str text = KB_STR("Caf\xc3\xa9 \xe9\x80\x80 wanted,un");
	const char *nul = size ? memchr(data, '\0', size) : NULL;
	struct kb_buf out;

	kb_buf_init(&out, 0);
	if (nul) {
		json.len = (size_t)(nul - json.ptr);
		text = (struct kb_str){nul + 1, size - json.len - 1};
	}
	if (!kb_vocabulary_read(json, &out, NULL)) {
		struct kb_vocabulary v;

		if (kb_vocabulary_open(&v, out.ptr, out.len, NULL))
			abort();
		encode(&v, text);
	} else if (size) {
		kb_buf_add(&out, data, size);
		open_and_encode(out.ptr, out.len,
				KB_STR("wanted \xe9\x80\x80"));
	}
	kb_buf_release(&out);
	return 0;
}
