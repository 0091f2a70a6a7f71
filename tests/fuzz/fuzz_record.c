/* Any record through compression and the built-in prompt: what is written
 * is a record again, within the budget. */
#include <stdint.h>
#include <stdlib.h>

#include "context/compress.h"
#include "prompt/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct kb_prompt *prompt;
static struct kb_compressor *compressor;

static void check_compression(const struct kb_rec *rec, int64_t budget)
{
	struct kb_json c = kb_rec_get(rec, "compression");
	int64_t after;

	if (kb_json_int(kb_json_get(c, "tokens_after"), &after) &&
	    kb_rec_get(rec, "messages").type == KB_JSON_ARRAY && after > budget)
		abort();
}

static const struct kb_compress_options compress = {.budget_tokens = 60,
						    .keep_last = 3};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_prompt_options options = {.budget_tokens = 300};
	struct kb_arena arena;
	struct kb_prompt_scratch scratch;
	struct kb_buf out;
	struct kb_err err = {0};
	struct kb_rec rec, again;

	if (!prompt && kb_prompt_new(&options, &prompt, &err) < 0)
		abort();
	if (!compressor)
		compressor = kb_compressor_new(&compress);
	kb_arena_init(&arena);
	kb_prompt_scratch_init(&scratch, NULL);
	kb_buf_init(&out, 0);
	if (kb_rec_scan(&rec, &arena, (const char *)data, size, &err) == 0) {
		if (kb_compress_apply(compressor, &rec, &arena, &err) == 0)
			check_compression(&rec, 60);
		kb_prompt_apply(prompt, &rec, &arena, &scratch, &err);
		kb_rec_write(&rec, &out);
		if (kb_rec_scan(&again, &arena, out.ptr, out.len, &err) < 0)
			abort();
	}
	kb_buf_release(&out);
	kb_prompt_scratch_release(&scratch);
	kb_arena_release(&arena);
	return 0;
}
