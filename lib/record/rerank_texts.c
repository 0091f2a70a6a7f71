#include "record/rerank_texts.h"

#include "record/question.h"

static struct kb_str passage_of(const struct kb_record_hit *hit,
				struct kb_arena *arena)
{
	struct kb_str title = kb_hit_str(hit, KB_HIT_TITLE, arena);
	struct kb_str text = kb_hit_str(hit, KB_HIT_TEXT, arena);
	char *both = kb_arena_alloc(arena, title.len + text.len + 2);

	memcpy(both, title.ptr, title.len);
	both[title.len] = '\n';
	memcpy(both + title.len + 1, text.ptr, text.len);
	return (struct kb_str){both, title.len + 1 + text.len};
}

static int read_question(const struct kb_rec *rec, struct kb_str *out,
			 struct kb_err *err)
{
	struct kb_question q;
	int rc = kb_question_read_prompt(rec, rec->arena, &q, err);

	*out = q.text;
	return rc || q.source ? rc : kb_question_missing(err);
}

int kb_rerank_texts_read(const struct kb_rec *rec, struct kb_rerank_texts *out,
			 struct kb_err *err)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	int rc = kb_hits_open(rec, &hits, err);

	*out = (struct kb_rerank_texts){.n = 0};
	if (rc == 0 && hits.list.type != KB_JSON_ARRAY)
		rc = kb_err_set(err, KB_EINVAL, "no array 'hits'");
	if (rc < 0)
		return rc;
	if (kb_hits_count(&hits) > KB_RERANK_TEXTS_MAX)
		return kb_err_set(err, KB_ELIMIT, "more than %d hits",
				  KB_RERANK_TEXTS_MAX);
	rc = read_question(rec, &out->question, err);
	if (rc < 0)
		return rc;
	out->passages = kb_arena_calloc(rec->arena, kb_hits_count(&hits) + 1,
					sizeof(*out->passages));
	while (kb_hits_next(&hits, &hit))
		out->passages[out->n++] = passage_of(&hit, rec->arena);
	return 0;
}
