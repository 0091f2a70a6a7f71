/* Any bytes, up to a line of dashes a gazetteer and behind it a turn: the
 * mentions are in order, apart and within the text, and demands are told. */
#include <stdint.h>
#include <stdlib.h>

#include "dialogue/constraint.h"
#include "dialogue/mentions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen; /* keeps what is read */

static void look(struct kb_str text, const struct kb_gazetteer *g)
{
	struct kb_mention m[KB_MENTIONS_MAX];
	struct kb_arena arena;
	size_t n, end = 0;

	kb_arena_init(&arena);
	n = kb_mentions_find(text, g, &arena, m);
	for (size_t i = 0; i < n; i++) {
		if (m[i].start < end || m[i].end <= m[i].start ||
		    m[i].end > text.len)
			abort();
		end = m[i].end;
		seen += m[i].norm.len + strlen(m[i].slot);
	}
	seen += kb_is_constraint(text);
	kb_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char border[] = "\n----\n";
	struct kb_str text = {(const char *)data, size}, names = text;
	const char *at =
	    size ? memmem(data, size, border, sizeof(border) - 1) : NULL;
	struct kb_gazetteer *g = kb_gazetteer_new();

	if (at) {
		names.len = (size_t)(at - text.ptr);
		text = kb_str_skip(text, names.len + sizeof(border) - 1);
		if (kb_gazetteer_add_text(g, names, "names", NULL) < 0) {
			kb_gazetteer_free(g);
			return 0;
		}
	}
	kb_gazetteer_build(g);
	look(text, g);
	look(text, NULL);
	kb_gazetteer_free(g);
	return 0;
}
