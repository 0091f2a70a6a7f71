#include "record/members.h"

static struct kb_str string_of(const struct kb_rec *rec, struct kb_json val)
{
	struct kb_str text = {"", 0};

	kb_json_str(val, rec->arena, &text);
	return text;
}

/* A share within 0 to 1, -1 for none. */
static double share_of(struct kb_json val)
{
	double x;

	if (!kb_json_num(val, &x))
		return -1;
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

struct kb_json kb_prompt_messages(const struct kb_rec *rec)
{
	return kb_json_get(kb_rec_get(rec, "prompt"), "messages");
}

bool kb_answer_text(const struct kb_rec *rec, struct kb_str *text)
{
	return kb_json_str(kb_rec_get(rec, "answer"), rec->arena, text);
}

struct kb_generation kb_generation_read(const struct kb_rec *rec)
{
	struct kb_json all = kb_rec_get(rec, "generation");
	struct kb_generation g = {
	    .provider = string_of(rec, kb_json_get(all, "provider")),
	    .finish = string_of(rec, kb_json_get(all, "finish")),
	    .confidence = share_of(kb_json_get(all, "confidence")),
	    .degraded = kb_json_get(all, "degraded"),
	    .alternatives = kb_json_get(all, "alternatives"),
	};

	if (g.degraded.type != KB_JSON_ARRAY)
		g.degraded = (struct kb_json){0};
	if (g.alternatives.type != KB_JSON_ARRAY)
		g.alternatives = (struct kb_json){0};
	return g;
}

struct kb_retrieval kb_retrieval_read(const struct kb_rec *rec)
{
	struct kb_json all = kb_rec_get(rec, "retrieval");

	struct kb_retrieval r = {
	    .confidence = share_of(kb_json_get(all, "confidence")),
	    .corrected = string_of(rec, kb_json_get(all, "corrected")),
	    .degraded = string_of(rec, kb_json_get(all, "degraded")),
	    .excluded = kb_json_get(all, "excluded"),
	};

	if (r.excluded.type != KB_JSON_ARRAY)
		r.excluded = (struct kb_json){0};
	return r;
}

bool kb_record_is_answered(const struct kb_rec *rec)
{
	struct kb_json cache =
	    kb_json_get(kb_rec_get(rec, "retrieval"), "cache");

	return kb_json_get(cache, "hit").type == KB_JSON_TRUE;
}

struct kb_record_vectors kb_vectors_read(struct kb_json vectors)
{
	struct kb_json_iter it = kb_json_iter(vectors);
	struct kb_record_vectors v = {0};

	while (vectors.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, "model"))
			v.model = it.val;
		else if (kb_json_key_is(it.key, "query"))
			v.query = it.val;
		else if (kb_json_key_is(it.key, "hyde"))
			v.hyde = it.val;
		else if (kb_json_key_is(it.key, "rewrites"))
			v.rewrites = it.val;
		else if (kb_json_key_is(it.key, "texts"))
			v.texts = it.val;
	}
	return v;
}
