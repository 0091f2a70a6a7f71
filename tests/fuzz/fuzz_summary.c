/* What was said, a line of dashes, and a summary's answer: whatever they are,
 * reading and checking end, and what is said of it is text. */
#include <stdint.h>
#include <stdlib.h>

#include "context/summarize.h"
#include "context/summary_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char border[] = "\n----\n";
	static struct kb_analyzer *analyzer;
	struct kb_str text = {size ? (const char *)data : "", size}, said,
		      value;
	const char *at =
	    size ? memmem(data, size, border, sizeof(border) - 1) : NULL;
	struct kb_summary_source source = {.values = &value, .n_values = 1};
	struct kb_summary_check check;
	struct kb_arena arena;
	struct kb_err err;
	const char *why;

	if (!analyzer)
		analyzer = kb_analyzer_new();
	source.text = text;
	if (at) {
		source.text.len = (size_t)(at - text.ptr);
		text = kb_str_skip(text, source.text.len + sizeof(border) - 1);
	}
	kb_arena_init(&arena);
	kb_summary_check_init(&check, analyzer);
	if (kb_summary_read(text, &arena, &said, &err))
		said = text;
	value = said;
	why = kb_summary_fault(&check, said, &source, &arena);
	if (why && !*why)
		abort();
	kb_summary_check_release(&check);
	kb_arena_release(&arena);
	return 0;
}
