/* The settings of an index: a JSON object in the manifest. */
#include "index/columns.h"
#include "index/userwords.h"
#include "index/writer_impl.h"
#include "json/rec.h"
#include "json/write.h"

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

/* "a,b" as a JSON array. */
static int names_to_json(const char *names, struct kb_buf *out,
			 struct kb_err *err)
{
	struct kb_jw w;
	size_t n = 0;

	kb_jw_init(&w, out);
	kb_jw_arr(&w);
	for (const char *p = names; *p;) {
		size_t len = strcspn(p, ",");

		if (len > KB_COLUMN_NAME_MAX || n == KB_COLUMNS_MAX)
			return kb_err_set(err, KB_ELIMIT,
					  "'%s': at most %d columns of %d "
					  "bytes",
					  names, KB_COLUMNS_MAX,
					  KB_COLUMN_NAME_MAX);
		if (len) {
			kb_jw_str(&w, (struct kb_str){p, len});
			n++;
		}
		p += len + (p[len] == ',');
	}
	kb_jw_end(&w);
	return 0;
}

int kb_settings_columns(struct kb_writer *w, const char *name,
			const char *names, bool renew, struct kb_err *err)
{
	struct kb_json all = {KB_JSON_NONE, NULL, 0}, old;
	struct kb_str settings = kb_buf_str(&w->next.settings);
	struct kb_buf json;
	int rc;

	if (!names)
		return 0;
	kb_buf_init(&json, 0);
	rc = names_to_json(names, &json, err);
	kb_json_check(settings.ptr, settings.len, &all, NULL);
	old = kb_json_get(all, name);
	if (rc == 0 && renew)
		rc = kb_writer_set(w, name, kb_buf_str(&json), err);
	else if (rc == 0 && !kb_str_eq(kb_buf_str(&json),
				       (struct kb_str){old.ptr, old.len}))
		rc = kb_err_set(err, KB_EINVAL,
				"'%s' was built with other %s; give --rebuild "
				"to change them",
				w->path, name);
	kb_buf_release(&json);
	return rc;
}

/* ---- the user's dictionary ---- */

/* What the last generation recorded, whether it is used or built anew. */
static int recorded_words(struct kb_writer *w, struct kb_buf *out, size_t *slot,
			  struct kb_err *err)
{
	const struct kb_manifest *m = &w->old;
	struct kb_container_view view;
	int rc;

	*slot = 0;
	while (*slot < m->n_globals &&
	       strcmp(m->globals[*slot].slot, KB_USER_WORDS_SLOT))
		++*slot;
	if (*slot == m->n_globals)
		return 0;
	rc = kb_container_map(&view, w->dir, m->globals[*slot].file.name,
			      KB_KIND_GLOBAL, UINT32_MAX, err);
	if (rc < 0)
		return rc;
	if (view.sec[1].ptr)
		kb_buf_add(out, view.sec[1].ptr, view.sec[1].len);
	kb_container_unmap(&view);
	return 0;
}

static int record_words(struct kb_writer *w, struct kb_err *err)
{
	struct kb_container out;
	int rc = kb_writer_global_create(w, KB_USER_WORDS_SLOT, &out, err);

	if (rc < 0)
		return rc;
	kb_container_put(&out, 1, true, w->words.ptr ? w->words.ptr : "",
			 w->words.len);
	return kb_writer_global_finish(w, KB_USER_WORDS_SLOT, &out, err);
}

int kb_settings_words(struct kb_writer *w, struct kb_err *err)
{
	struct kb_buf old;
	struct kb_str list;
	bool same;
	size_t slot;
	int rc;

	kb_buf_init(&old, 0);
	rc = recorded_words(w, &old, &slot, err);
	if (rc == 0 && w->opt.words)
		rc = kb_user_words_load(w->opt.words, &w->words, err);
	else if (rc == 0)
		kb_buf_add_str(&w->words, kb_buf_str(&old));
	list = kb_buf_str(&w->words);
	same = kb_str_eq(list, kb_buf_str(&old));
	if (rc == 0 && !same && !w->fresh && !w->opt.rebuild)
		rc = kb_err_set(err, KB_EINVAL,
				"'%s' was built with other words; give "
				"--rebuild to change them",
				w->path);
	else if (rc == 0 && !same)
		rc = record_words(w, err);
	else if (rc == 0 && w->opt.rebuild && list.len)
		w->next.globals[w->next.n_globals++] = w->old.globals[slot];
	if (rc == 0 && list.len)
		kb_user_words_set(w->an, &list, 1);
	kb_buf_release(&old);
	return rc;
}
