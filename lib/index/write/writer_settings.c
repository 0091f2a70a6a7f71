/* What the writer's options say of the settings of an index, and what a dump
 * gives a new one. */
#include "index/columns.h"
#include "index/user_words.h"
#include "index/write/writer_impl.h"
#include "index/write/writer_legs.h"

int kb_settings_commit(struct kb_writer *w, struct kb_err *err)
{
	struct kb_str before = kb_buf_str(&w->settings_before);
	struct kb_buf out;
	int rc = 0;

	kb_buf_init(&out, KB_MANIFEST_MAX / 2);
	kb_settings_write(&w->settings, &out);
	if (out.over)
		rc = kb_err_set(err, KB_ELIMIT,
				"the settings are larger than %zu bytes",
				out.max);
	else if (!kb_str_eq(kb_buf_str(&out), before)) {
		kb_buf_reset(&w->next.settings);
		kb_buf_add_str(&w->next.settings, kb_buf_str(&out));
		w->touched = true;
	}
	kb_buf_release(&out);
	return rc;
}

/* The title weight counts in the postings' frequencies. */
int kb_settings_weight(struct kb_writer *w, struct kb_err *err)
{
	unsigned *weight = &w->settings.title_weight;
	unsigned wanted = w->opt.title_weight;

	if (w->fresh || w->opt.rebuild || !*weight) {
		if (wanted || !*weight)
			*weight = wanted ? wanted : 1;
	} else if (wanted && wanted != *weight)
		return kb_err_set(err, KB_EINVAL,
				  "'%s' was built with title weight %u; give "
				  "--rebuild to change it",
				  w->path, *weight);
	w->title_weight = *weight;
	return 0;
}

/* "a,b" as a list; empty names are none. */
static int read_names(struct kb_settings *s, const char *names,
		      struct kb_column_list *out, struct kb_err *err)
{
	out->n = 0;
	for (const char *p = names; *p;) {
		size_t len = strcspn(p, ",");

		if (len > KB_COLUMN_NAME_MAX || out->n == KB_COLUMNS_MAX)
			return kb_err_set(err, KB_ELIMIT,
					  "'%s': at most %d columns of %d "
					  "bytes",
					  names, KB_COLUMNS_MAX,
					  KB_COLUMN_NAME_MAX);
		if (len)
			out->names[out->n++] =
			    kb_settings_copy(s, (struct kb_str){p, len});
		p += len + (p[len] == ',');
	}
	return 0;
}

static int settle_columns(struct kb_writer *w, const char *what,
			  const char *names, struct kb_column_list *list,
			  struct kb_err *err)
{
	struct kb_column_list wanted;
	int rc = names ? read_names(&w->settings, names, &wanted, err) : 0;

	if (!names || rc < 0 || kb_column_list_equal(&wanted, list))
		return rc;
	if (!w->fresh && !w->opt.rebuild)
		return kb_err_set(
		    err, KB_EINVAL,
		    "'%s' was built with other %s; give --rebuild "
		    "to change them",
		    w->path, what);
	*list = wanted;
	return 0;
}

int kb_settings_columns(struct kb_writer *w, struct kb_err *err)
{
	int rc = settle_columns(w, "keywords", w->opt.keywords,
				&w->settings.keywords, err);

	return rc < 0 ? rc
		      : settle_columns(w, "numerics", w->opt.numerics,
				       &w->settings.numerics, err);
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

/* A leg that was left out there does not begin here. */
static void leave_out(struct kb_writer *w, const struct kb_leg_ops *leg)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n_legs; i++)
		if (w->ops[i].ops != leg)
			w->ops[n++] = w->ops[i];
	w->n_legs = n;
}

static void adopt_columns(struct kb_settings *to, struct kb_column_list *list,
			  const struct kb_column_list *theirs)
{
	list->n = theirs->n;
	for (size_t i = 0; i < list->n; i++)
		list->names[i] = kb_settings_copy(to, theirs->names[i]);
}

/* As far as no option says otherwise. Vectors come with the documents and
 * bring their model; what was learnt is learnt anew; members that this program
 * does not know are not taken over. */
static void adopt_settings(struct kb_writer *w, const struct kb_settings *from)
{
	struct kb_settings *to = &w->settings;

	if (!w->opt.title_weight && from->title_weight)
		w->title_weight = to->title_weight = from->title_weight;
	if (!w->opt.keywords)
		adopt_columns(to, &to->keywords, &from->keywords);
	if (!w->opt.numerics)
		adopt_columns(to, &to->numerics, &from->numerics);
	if (from->no_graph)
		leave_out(w, &kb_graph_leg);
	if (from->no_words)
		leave_out(w, &kb_wordvec_leg);
	to->no_graph |= from->no_graph;
	to->no_words |= from->no_words;
	if (from->search.known)
		to->search = from->search;
	if (from->null.chunks)
		to->null = from->null;
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
	struct kb_settings theirs;
	const char *bad;

	if (!w->fresh || w->adopted || w->n_builds)
		return 0;
	w->adopted = true;
	kb_settings_init(&theirs);
	bad = kb_settings_read(&theirs, settings);
	if (!bad)
		adopt_settings(w, &theirs);
	kb_settings_release(&theirs);
	return bad ? not_of_dump(err, bad) : adopt_words(w, words, arena, err);
}
