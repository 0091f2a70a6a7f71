/* What a dump gives a new index: settings and words. */
#include "index/user_words.h"
#include "index/write/writer_impl.h"
#include "index/write/writer_legs.h"

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

static void adopt_text(struct kb_settings *to, struct kb_str *text,
		       struct kb_str from)
{
	if (!text->len)
		*text = kb_settings_copy(to, from);
}

static void adopt_prefixes(struct kb_settings *to, struct kb_embed_prefixes *p,
			   const struct kb_embed_prefixes *from)
{
	adopt_text(to, &p->query, from->query);
	adopt_text(to, &p->query_type, from->query_type);
	adopt_text(to, &p->passage_type, from->passage_type);
	adopt_text(to, &p->passage, from->passage);
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
	for (size_t i = 0; i < KB_VECTOR_SLOTS; i++)
		adopt_prefixes(to, &to->prefixes[i], &from->prefixes[i]);
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
	return kb_writer_record_words(w, err);
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
