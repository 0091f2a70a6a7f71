#include "index/ingest/triple_document.h"

#include "base/hash.h"
#include "json/write.h"

void kb_triple_document(const struct kb_doc *doc, struct kb_arena *arena,
			struct kb_writer_doc *out)
{
	struct kb_buf buf;
	struct kb_jw w;
	uint64_t hash = 0;

	kb_buf_init(&buf, 0);
	for (int i = 0; i < 3; i++) {
		struct kb_str part = doc->triple[i];

		hash = kb_xxh64(part.ptr, part.len, hash);
		if (i)
			kb_buf_add_char(&buf, ' ');
		kb_buf_add_str(&buf, part);
	}
	out->text = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_reset(&buf);
	kb_buf_add_str(&buf, doc->id);
	kb_buf_printf(&buf, "%striple-%016llx", doc->id.len ? "#" : "",
		      (unsigned long long)hash);
	out->id = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_reset(&buf);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	kb_jw_key(&w, "triple");
	kb_jw_arr(&w);
	for (int i = 0; i < 3; i++)
		kb_jw_str(&w, doc->triple[i]);
	kb_jw_end(&w);
	if (doc->id.len) {
		kb_jw_key(&w, "doc");
		kb_jw_str(&w, doc->id);
	}
	kb_jw_end(&w);
	out->meta = kb_arena_copy(arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
}
