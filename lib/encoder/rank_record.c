#include "encoder/rank_record.h"

#include "record/rerank_texts.h"

int kb_rank_record(const struct kb_encoder *e, struct kb_encoder_work *work,
		   struct kb_rec *rec, struct kb_embed_counts *counts,
		   struct kb_err *err)
{
	struct kb_rerank_texts t;
	int rc = kb_rerank_texts_read(rec, &t, err);
	double *scores;

	if (rc < 0)
		return rc;
	if (e->is.query_prefix.len)
		t.question =
		    kb_arena_join(rec->arena, e->is.query_prefix, t.question);
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
