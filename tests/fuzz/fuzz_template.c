/* Any template, over a record that holds one of each kind: up to the first
 * NUL the template, behind it a member. */
#include <stdint.h>
#include <string.h>

#include "prompt/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char record[] =
    "{\"query\":\"退款 "
    "how\",\"n\":3,\"f\":1.5,\"b\":true,\"z\":null,\"hits\":[{"
    "\"title\":\"T\",\"text\":\"a "
    "b\\n\\u0000c\"},{\"text\":\"\"}],\"o\":{\"k\":["
    "1,[2]]},\"big\":123456789012345678901234567890}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kb_tmpl_options options = {
	    .dialect = size & 1, .lenient = size & 2, .keep_spaces = size & 4};
	struct kb_tmpl_env *env = kb_tmpl_env_new(&options);
	struct kb_tmpl_input input = {.roles = "user"};
	struct kb_tmpl_output output;
	struct kb_arena arena;
	struct kb_buf scratch;
	struct kb_err err = {0};
	struct kb_tmpl *tmpl;
	struct kb_rec rec;

	kb_arena_init(&arena);
	kb_buf_init(&scratch, 0);
	input.rec = &rec;
	if (kb_rec_scan(&rec, &arena, record, sizeof(record) - 1, &err) == 0 &&
	    kb_tmpl_compile(env, KB_STR("t"),
			    (struct kb_str){(const char *)data, size}, &tmpl,
			    &err) == 0)
		kb_tmpl_render(tmpl, &input, &arena, &scratch, &output, &err);
	kb_buf_release(&scratch);
	kb_arena_release(&arena);
	kb_tmpl_env_free(env);
	return 0;
}
