#include "doc/blocks.h"

struct kb_str kb_doc_trim(struct kb_str s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

void kb_doc_triple(struct kb_json array, struct kb_arena *arena,
		   struct kb_str triple[3])
{
	struct kb_json_iter it = kb_json_iter(array);
	struct kb_str part[3];
	size_t n = 0;

	if (array.type != KB_JSON_ARRAY)
		return;
	while (kb_json_next(&it)) {
		if (n == 3 || !kb_json_str(it.val, arena, &part[n]))
			return;
		n++;
	}
	if (n == 3)
		memcpy(triple, part, sizeof(part));
}
