#include "encoder/embed_record.h"

#include "record/embed_texts.h"
#include "record/rerank_texts.h"

static int kind_of_type(struct kb_str type, enum kb_embed_kind *kind,
			struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];

	if (!type.len)
		return 0;
	if (kb_str_is(type, "query") || kb_str_is(type, "search_query"))
		*kind = KB_EMBED_QUERY;
	else if (kb_str_is(type, "passage") || kb_str_is(type, "document") ||
		 kb_str_is(type, "search_document"))
		*kind = KB_EMBED_PASSAGE;
	else
		return kb_err_set(err, KB_EINVAL,
				  "input_type '%s' is neither query nor "
				  "passage",
				  kb_err_quote(quoted, type.ptr, type.len));
	return 0;
}

static void put_prefix(const struct kb_encoder *e, enum kb_embed_kind kind,
		       struct kb_arena *arena, struct kb_str *text)
{
	struct kb_str prefix = {"", 0};

	if (kind == KB_EMBED_QUERY)
		prefix = e->is.query_prefix;
	else if (kind == KB_EMBED_PASSAGE)
		prefix = e->is.passage_prefix;
	if (prefix.len)
		*text = kb_arena_join(arena, prefix, *text);
}

/* Before the question stands what the model wants before questions. */
static int rank_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		       struct kb_rec *rec, struct kb_embed_counts *counts,
		       struct kb_err *err)
{
	struct kb_rerank_texts t;
	int rc = kb_rerank_texts_read(rec, &t, err);
	double *scores;

	if (rc < 0)
		return rc;
	put_prefix(e, KB_EMBED_QUERY, rec->arena, &t.question);
	scores = kb_arena_calloc(rec->arena, t.n + 1, sizeof(*scores));
	rc = kb_encoder_rank(e, work, t.question, t.passages, t.n, scores,
			     &counts->cut, err);
	if (rc < 0)
		return rc;
	counts->texts += t.n;
	if (t.n)
		kb_hits_set_leg(rec, "rerank", scores, t.n);
	return 0;
}

int kb_embed_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		    struct kb_str model, struct kb_rec *rec,
		    struct kb_embed_counts *counts, struct kb_err *err)
{
	enum kb_embed_kind texts_kind = KB_EMBED_AS_IT_IS;
	struct kb_embed_texts t;
	float *x;
	int rc;

	if (e->is.ranks)
		return rank_record(e, work, rec, counts, err);
	rc = kb_embed_texts_read(rec, &t, err);
	if (!rc)
		rc = kind_of_type(t.input_type, &texts_kind, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < t.n; i++)
		put_prefix(e,
			   t.kinds[i] == KB_EMBED_AS_IT_IS ? texts_kind
							   : t.kinds[i],
			   rec->arena, &t.texts[i]);
	x = kb_arena_alloc(rec->arena, t.n * e->is.hidden * sizeof(*x));
	rc = kb_encoder_encode(e, work, t.texts, t.n, x, &counts->cut, err);
	if (rc < 0)
		return rc;
	counts->texts += t.n;
	kb_embed_texts_put(rec, model, x, t.n, e->is.hidden);
	return 0;
}
