#include "prompt/prompt_scratch.h"

#include "base/hash.h"
#include "json/write.h"

void kb_prompt_scratch_init(struct kb_prompt_scratch *scratch,
			    const struct kb_tokenizer *tokenizer)
{
	*scratch = (struct kb_prompt_scratch){0};
	scratch->counters[0] = kb_token_counter_new(NULL);
	scratch->counters[1] = kb_token_counter_of_budget(tokenizer);
}

void kb_prompt_scratch_release(struct kb_prompt_scratch *scratch)
{
	kb_buf_release(&scratch->text);
	kb_buf_release(&scratch->json);
	kb_token_counter_free(scratch->counters[0]);
	kb_token_counter_free(scratch->counters[1]);
	for (size_t i = 0; i < KB_KNOWN_MESSAGES; i++) {
		kb_buf_release(&scratch->known[i].content);
		kb_buf_release(&scratch->known[i].quoted);
	}
}

/* The seed of a message that opens a prompt, as prefix hashes go. */
static uint64_t first_seed(void)
{
	return kb_xxh64("system", 6, 1) + 1;
}

static void make(struct kb_known_message *known, struct kb_str content)
{
	kb_buf_reset(&known->content);
	kb_buf_reset(&known->quoted);
	kb_buf_add_str(&known->content, content);
	kb_json_quote(&known->quoted, content);
	known->tokens[0] = known->tokens[1] = SIZE_MAX;
	known->seed = first_seed();
	known->hash = kb_xxh64(content.ptr, content.len, known->seed);
}

size_t kb_known_tokens(struct kb_prompt_scratch *scratch,
		       struct kb_known_message *known, bool counted)
{
	if (known->tokens[counted] == SIZE_MAX)
		known->tokens[counted] =
		    kb_token_count(scratch->counters[counted],
				   known->content.ptr, known->content.len);
	return known->tokens[counted];
}

struct kb_known_message *kb_known_message(struct kb_prompt_scratch *scratch,
					  struct kb_str content)
{
	struct kb_known_message *known = scratch->known;

	if (!content.len || content.len > KB_KNOWN_BYTES)
		return NULL;
	for (size_t i = 0; i < KB_KNOWN_MESSAGES; i++, known++)
		if (known->content.len == content.len &&
		    !memcmp(known->content.ptr, content.ptr, content.len))
			return known;
	known = &scratch->known[scratch->next++ % KB_KNOWN_MESSAGES];
	make(known, content);
	return known;
}

uint64_t kb_known_hash(const struct kb_known_message *known, uint64_t seed)
{
	if (seed == known->seed)
		return known->hash;
	return kb_xxh64(known->content.ptr, known->content.len, seed);
}
