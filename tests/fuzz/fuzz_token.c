/*
 * Tokenizers: a file of ranks or a tokenizer.json of any bytes is refused or
 * counts with; any bytes are encoded, by the tables that are linked in, into as
 * many tokens as are counted and no more than there are bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "token/bpe.h"
#include "token/bpe_builtin.h"
#include "token/tiktoken_file.h"
#include "token/token_tally.h"
#include "token/tokenizer_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void encode(const struct kb_bpe *bpe, struct kb_str text)
{
	struct kb_bpe_counter *counter = kb_bpe_counter_new(bpe);
	struct kb_buf ids;
	size_t n;

	kb_buf_init(&ids, 0);
	kb_bpe_encode(counter, text.ptr, text.len, &ids);
	n = ids.len / sizeof(uint32_t);
	require(n <= text.len && (n > 0) == (text.len > 0));
	require(kb_bpe_count(counter, text.ptr, text.len) == n);
	kb_buf_release(&ids);
	kb_bpe_counter_free(counter);
}

/* In two parts as in one. */
static void add_up(const char *name, struct kb_str text)
{
	struct kb_tokenizer *tokenizer;
	struct kb_token_counter *counter;
	struct kb_token_tally tally;

	require(kb_tokenizer_open(name, NULL, &tokenizer, NULL) == 0);
	counter = kb_token_counter_new(tokenizer);
	kb_token_tally_init(&tally, counter);
	kb_token_tally_add(&tally, text.ptr, text.len / 2);
	kb_token_tally_add(&tally, text.ptr + text.len / 2,
			   text.len - text.len / 2);
	kb_token_tally_end(&tally);
	require(tally.tokens == kb_token_count(counter, text.ptr, text.len));
	kb_token_tally_release(&tally);
	kb_token_counter_free(counter);
	kb_tokenizer_close(tokenizer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum kb_split_rule rules[] = {KB_SPLIT_O200K,
						   KB_SPLIT_CL100K};
	struct kb_str text = {size ? (const char *)data : "", size};
	struct kb_bpe_owned owned;
	struct kb_json file;
	struct kb_bpe bpe;
	bool nfc;

	for (size_t i = 0; i < 2; i++) {
		kb_bpe_builtin(rules[i], &bpe);
		encode(&bpe, text);
		if (kb_tiktoken_read(&owned, text, rules[i], NULL) == 0) {
			encode(&owned.bpe, text);
			kb_bpe_owned_release(&owned);
		}
	}
	if (kb_json_check(text.ptr, text.len, &file, NULL) == 0 &&
	    kb_tokenizer_json_read(&owned, &nfc, file, NULL) == 0) {
		encode(&owned.bpe, text);
		kb_bpe_owned_release(&owned);
	}
	if (size)
		add_up("o200k", text);
	return 0;
}
