/* The settings of an index: a JSON object in the manifest. */
#include "index/writer_impl.h"
#include "json/rec.h"

int kb_writer_set(struct kb_writer *w, const char *name, struct kb_str json,
		  struct kb_err *err)
{
	struct kb_str old = kb_buf_str(&w->next.settings);
	struct kb_arena arena;
	struct kb_rec rec;
	struct kb_buf out;
	int rc;

	kb_arena_init(&arena);
	kb_buf_init(&out, KB_MANIFEST_MAX / 2);
	rc = kb_rec_scan(&rec, &arena, old.ptr, old.len, err);
	if (rc == 0 && json.len)
		kb_rec_set(&rec, name, json);
	else if (rc == 0)
		kb_rec_del(&rec, name);
	if (rc == 0)
		kb_rec_write(&rec, &out);
	if (rc == 0 && out.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"the settings are larger than %zu bytes",
				out.max);
	if (rc == 0 && !kb_str_eq(kb_buf_str(&out), old)) {
		kb_buf_reset(&w->next.settings);
		kb_buf_add_str(&w->next.settings, kb_buf_str(&out));
		w->touched = true;
	}
	kb_buf_release(&out);
	kb_arena_release(&arena);
	return rc;
}

int64_t kb_settings_int(struct kb_str settings, const char *name,
			int64_t fallback)
{
	struct kb_arena arena;
	struct kb_rec rec;
	int64_t v;

	kb_arena_init(&arena);
	if (kb_rec_scan(&rec, &arena, settings.ptr, settings.len, NULL) < 0 ||
	    !kb_json_int(kb_rec_get(&rec, name), &v))
		v = fallback;
	kb_arena_release(&arena);
	return v;
}
