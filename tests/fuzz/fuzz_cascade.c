/* A cascade of the configuration and what a router measures: the first byte
 * says where an answer begins, as a share of the whole. A cascade is opened or
 * refused with a reason, its expression holds, does not, or fails with one. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "cascade/cascade.h"
#include "cascade/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_cascade(struct kb_str text)
{
	struct kb_providers set;
	struct kb_cascade *cascade;
	struct kb_err err = {0};
	struct kb_json object;
	struct kb_arena arena;
	struct kb_rec rec;
	bool hard;

	/* a router would be a file of this machine */
	if (kb_json_check(text.ptr, text.len, &object, NULL) ||
	    kb_json_get(object, "router").type)
		return;
	kb_providers_init(&set);
	kb_arena_init(&arena);
	set.cascade = text;
	kb_rec_scan(&rec, &arena, "{\"a\":{\"b\":1}}", 13, NULL);
	if (kb_cascade_open(&cascade, &set, &err)) {
		if (!err.msg[0])
			abort();
	} else {
		struct kb_cascade_view view = {
		    .rec = &rec, .arena = &arena, .question = text};

		err.msg[0] = '\0';
		if (kb_cascade_is_hard(cascade, &view, &hard, &err) &&
		    !err.msg[0])
			abort();
		kb_cascade_free(cascade);
	}
	kb_arena_release(&arena);
	kb_providers_release(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	double x[KB_ROUTER_FEATURES];
	struct kb_str question, answer;
	size_t cut;

	if (!size)
		return 0;
	cut = 1 + (size - 1) * data[0] / 255;
	question = (struct kb_str){(const char *)data + 1, cut - 1};
	answer = (struct kb_str){(const char *)data + cut, size - cut};
	kb_router_measure(question, answer, x);
	for (int i = 0; i < KB_ROUTER_FEATURES; i++)
		if (!isfinite(x[i]))
			abort();
	open_cascade(question);
	return 0;
}
