/* The settings of an index: a JSON object in the manifest. */
#include "index/columns.h"
#include "index/user_words.h"
#include "index/write/writer_impl.h"
#include "index/write/writer_legs.h"
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
			      KB_KIND_GLOBAL, KB_USER_WORDS_KNOWN, err);
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

/* ---- the settings of a dump ---- */

static int not_of_dump(struct kb_err *err, const char *name)
{
	return kb_err_set(err, KB_EINVAL,
			  "'%s' in member 'kb_dump' is not of a dump", name);
}

static int take_over(struct kb_writer *w, const char *name, struct kb_json val,
		     struct kb_err *err)
{
	return kb_writer_set(w, name, (struct kb_str){val.ptr, val.len}, err);
}

static int adopt_weight(struct kb_writer *w, struct kb_json val,
			struct kb_err *err)
{
	const char *name = "title_weight";
	int64_t weight;

	if (w->opt.title_weight)
		return 0;
	if (!kb_json_int(val, &weight) || weight < 1 ||
	    weight > KB_TITLE_WEIGHT_MAX)
		return not_of_dump(err, name);
	w->title_weight = (unsigned)weight;
	return take_over(w, name, val, err);
}

/* An array of column names. */
static int adopt_columns(struct kb_writer *w, const char *name, bool given,
			 struct kb_json val, struct kb_arena *arena,
			 struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_str column;

	if (given)
		return 0;
	if (val.type != KB_JSON_ARRAY || kb_json_count(val) > KB_COLUMNS_MAX)
		return not_of_dump(err, name);
	while (kb_json_next(&it))
		if (!kb_json_str(it.val, arena, &column) || !column.len ||
		    column.len > KB_COLUMN_NAME_MAX)
			return not_of_dump(err, name);
	return take_over(w, name, val, err);
}

/* A leg that was left out there does not begin here. */
static int adopt_left_out(struct kb_writer *w, const char *name,
			  const struct kb_leg_ops *leg, struct kb_json val,
			  struct kb_err *err)
{
	size_t n = 0;

	if (val.type != KB_JSON_TRUE)
		return 0;
	for (size_t i = 0; i < w->n_legs; i++)
		if (w->ops[i].ops != leg)
			w->ops[n++] = w->ops[i];
	w->n_legs = n;
	return take_over(w, name, val, err);
}

static int adopt_object(struct kb_writer *w, const char *name,
			struct kb_json val, struct kb_err *err)
{
	if (val.type != KB_JSON_OBJECT)
		return not_of_dump(err, name);
	return take_over(w, name, val, err);
}

/* One member; what this program does not know is not taken over. */
static int adopt(struct kb_writer *w, struct kb_str key, struct kb_json val,
		 struct kb_arena *arena, struct kb_err *err)
{
	if (kb_json_key_is(key, "title_weight"))
		return adopt_weight(w, val, err);
	if (kb_json_key_is(key, "keywords"))
		return adopt_columns(w, "keywords", w->opt.keywords, val, arena,
				     err);
	if (kb_json_key_is(key, "numerics"))
		return adopt_columns(w, "numerics", w->opt.numerics, val, arena,
				     err);
	if (kb_json_key_is(key, "no_graph"))
		return adopt_left_out(w, "no_graph", &kb_graph_leg, val, err);
	if (kb_json_key_is(key, "no_words"))
		return adopt_left_out(w, "no_words", &kb_wordvec_leg, val, err);
	if (kb_json_key_is(key, "search"))
		return adopt_object(w, "search", val, err);
	if (kb_json_key_is(key, "null"))
		return adopt_object(w, "null", val, err);
	return 0;
}

static int adopt_words(struct kb_writer *w, struct kb_json val,
		       struct kb_arena *arena, struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(val);
	struct kb_str word = {"", 0}, list;
	struct kb_buf lines;
	int rc = 0;

	if (w->opt.words || val.type == KB_JSON_NONE)
		return 0;
	if (val.type != KB_JSON_ARRAY)
		return not_of_dump(err, "words");
	kb_buf_init(&lines, 0);
	while (rc == 0 && kb_json_next(&it)) {
		if (!kb_json_str(it.val, arena, &word))
			rc = not_of_dump(err, "words");
		kb_buf_add_str(&lines, word);
		kb_buf_add_char(&lines, '\n');
	}
	if (rc == 0)
		rc = kb_user_words_parse(kb_buf_str(&lines), "kb_dump",
					 &w->words, err);
	kb_buf_release(&lines);
	list = kb_buf_str(&w->words);
	if (rc < 0 || !list.len)
		return rc;
	kb_user_words_set(w->an, &list, 1);
	return record_words(w, err);
}

int kb_writer_adopt(struct kb_writer *w, struct kb_json settings,
		    struct kb_json words, struct kb_arena *arena,
		    struct kb_err *err)
{
	struct kb_json_iter it = kb_json_iter(settings);
	int rc = 0;

	if (!w->fresh || w->adopted || w->n_builds)
		return 0;
	w->adopted = true;
	while (rc == 0 && kb_json_next(&it))
		rc = adopt(w, it.key, it.val, arena, err);
	return rc < 0 ? rc : adopt_words(w, words, arena, err);
}
