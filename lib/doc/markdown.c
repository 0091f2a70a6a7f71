#include "doc/blocks.h"
#include "doc/front_matter.h"
#include "json/write.h"

struct head {
	struct kb_doc *doc;
	struct kb_arena *arena;
	struct kb_jw meta;
	size_t n; /* members in meta */
};

/* id and title are the document's, the rest goes to meta. What reads as a
 * JSON value of itself stays that. */
static void take_member(void *arg, const struct kb_front_member *m)
{
	struct head *h = arg;
	struct kb_json val;
	bool raw = m->is_list;

	if (kb_str_is(m->key, "title") && !m->is_list) {
		h->doc->title = m->value;
	} else if (kb_str_is(m->key, "id") && !m->is_list) {
		h->doc->id = m->value;
	} else {
		raw = raw ||
		      (!m->quoted && kb_json_check(m->value.ptr, m->value.len,
						   &val, NULL) == KB_OK);
		kb_jw_key(&h->meta,
			  kb_arena_strndup(h->arena, m->key.ptr, m->key.len));
		if (raw)
			kb_jw_raw(&h->meta, m->value);
		else
			kb_jw_str(&h->meta, m->value);
		h->n++;
	}
}

static int read_front_matter(struct kb_doc *doc, struct kb_arena *arena,
			     const struct kb_front *front, struct kb_err *err)
{
	struct head h = {.doc = doc, .arena = arena};
	struct kb_json whole = {KB_JSON_NONE, "", 0};
	struct kb_buf meta;

	kb_buf_init(&meta, 0);
	kb_jw_init(&h.meta, &meta);
	kb_jw_obj(&h.meta);
	kb_front_read(front, arena, take_member, &h);
	kb_jw_end(&h.meta);
	if (h.n) {
		doc->meta = kb_arena_copy(arena, kb_buf_str(&meta));
		whole = (struct kb_json){KB_JSON_OBJECT, doc->meta.ptr,
					 doc->meta.len};
	}
	kb_buf_release(&meta);
	return kb_doc_set_valid(doc, kb_json_get(whole, "valid_from"),
				kb_json_get(whole, "valid_until"), arena, err);
}

int kb_doc_read_markdown(struct kb_doc *doc, struct kb_arena *arena,
			 struct kb_str all, struct kb_err *err)
{
	struct kb_front front = kb_front_find(all);
	int rc = read_front_matter(doc, arena, &front, err);

	if (rc < 0)
		return rc;
	doc->text = (struct kb_str){all.ptr + front.size, all.len - front.size};
	doc->text_lines = true;
	kb_doc_find_blocks(doc, arena, 1 + front.n_lines, true);
	if (!doc->title.len)
		doc->title = kb_doc_first_heading(doc, 1);
	return KB_OK;
}
