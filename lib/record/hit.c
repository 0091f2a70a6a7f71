#include "record/hit.h"

#include <assert.h>

#define NAME(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}

static const struct kb_str names[KB_HIT_MEMBERS] = {
    [KB_HIT_DOC] = NAME("doc"),		[KB_HIT_CHUNK] = NAME("chunk"),
    [KB_HIT_TITLE] = NAME("title"),	[KB_HIT_HEADING] = NAME("heading"),
    [KB_HIT_TEXT] = NAME("text"),	[KB_HIT_SCORE] = NAME("score"),
    [KB_HIT_LEGS] = NAME("legs"),	[KB_HIT_SOURCE] = NAME("source"),
    [KB_HIT_LINE] = NAME("line"),	[KB_HIT_START] = NAME("start"),
    [KB_HIT_END] = NAME("end"),		[KB_HIT_META] = NAME("meta"),
    [KB_HIT_EXPLAIN] = NAME("explain"),
};

/* ---- reading ---- */

int kb_hits_open(const struct kb_rec *rec, struct kb_hits *hits,
		 struct kb_err *err)
{
	struct kb_json val = kb_rec_get(rec, "hits");

	*hits = (struct kb_hits){0};
	if (val.type == KB_JSON_ARRAY) {
		hits->list = val;
		hits->it = kb_json_iter(val);
	} else if (val.type > KB_JSON_NULL) {
		return kb_err_set(err, KB_EINVAL, "'hits' is not an array");
	}
	return 0;
}

size_t kb_hits_count(const struct kb_hits *hits)
{
	return kb_json_count(hits->list);
}

/* Which member a key names, KB_HIT_MEMBERS for none. Members mostly come in
 * the order they are written, so the search starts behind the last one. */
static size_t member_of(struct kb_str key, size_t from)
{
	for (size_t i = 0; i < KB_HIT_MEMBERS; i++) {
		size_t at = (from + i) % KB_HIT_MEMBERS;

		if (kb_str_eq(key, names[at]))
			return at;
	}
	for (size_t at = 0;
	     memchr(key.ptr, '\\', key.len) && at < KB_HIT_MEMBERS; at++)
		if (kb_json_key_is(key, names[at].ptr))
			return at;
	return KB_HIT_MEMBERS;
}

bool kb_hits_next(struct kb_hits *hits, struct kb_record_hit *hit)
{
	struct kb_json_iter it;
	size_t next = 0, at;

	if (!kb_json_next(&hits->it))
		return false;
	*hit = (struct kb_record_hit){.raw = hits->it.val};
	if (hit->raw.type != KB_JSON_OBJECT)
		return true;
	it = kb_json_iter(hit->raw);
	while (kb_json_next(&it)) {
		at = member_of(it.key, next);
		if (at == KB_HIT_MEMBERS)
			continue;
		hit->at[at] = it.val;
		next = at + 1;
	}
	return true;
}

struct kb_str kb_hit_str(const struct kb_record_hit *hit,
			 enum kb_hit_member member, struct kb_arena *arena)
{
	struct kb_str text = {"", 0};

	kb_json_str(hit->at[member], arena, &text);
	return text;
}

struct kb_str kb_hit_doc(const struct kb_record_hit *hit,
			 struct kb_arena *arena)
{
	struct kb_json doc = hit->at[KB_HIT_DOC];

	if (doc.type == KB_JSON_NUMBER)
		return (struct kb_str){doc.ptr, doc.len};
	return kb_hit_str(hit, KB_HIT_DOC, arena);
}

double kb_hit_score(const struct kb_record_hit *hit)
{
	double score;

	return kb_json_num(hit->at[KB_HIT_SCORE], &score) ? score : 0;
}

/* ---- writing ---- */

static void put_key(struct kb_jw *w, enum kb_hit_member member)
{
	kb_jw_key(w, names[member].ptr);
}

static void put_str(struct kb_jw *w, enum kb_hit_member member,
		    struct kb_str text)
{
	put_key(w, member);
	kb_jw_str(w, text);
}

static void put_int(struct kb_jw *w, enum kb_hit_member member, int64_t n)
{
	put_key(w, member);
	kb_jw_int(w, n);
}

static void put_json(struct kb_jw *w, enum kb_hit_member member,
		     struct kb_str json)
{
	if (!json.len)
		return;
	put_key(w, member);
	kb_jw_raw(w, json);
}

static void put_legs(struct kb_jw *w, const struct kb_hit_values *hit)
{
	put_key(w, KB_HIT_LEGS);
	kb_jw_obj(w);
	for (size_t i = 0; i < hit->n_legs; i++) {
		kb_jw_key(w, hit->legs[i].name);
		if (hit->legs[i].digits < 0)
			kb_jw_num(w, hit->legs[i].score);
		else
			kb_jw_fixed(w, hit->legs[i].score, hit->legs[i].digits);
	}
	kb_jw_end(w);
}

void kb_hit_write(struct kb_jw *w, const struct kb_hit_values *hit)
{
	assert(hit->score == hit->score); /* no NaN */
	kb_jw_obj(w);
	put_str(w, KB_HIT_DOC, hit->doc);
	put_int(w, KB_HIT_CHUNK, hit->chunk);
	put_str(w, KB_HIT_TITLE, hit->title);
	if (hit->heading.len)
		put_str(w, KB_HIT_HEADING, hit->heading);
	put_str(w, KB_HIT_TEXT, hit->text);
	put_key(w, KB_HIT_SCORE);
	kb_jw_fixed(w, hit->score, 4);
	put_legs(w, hit);
	if (hit->source.len)
		put_str(w, KB_HIT_SOURCE, hit->source);
	if (hit->line)
		put_int(w, KB_HIT_LINE, hit->line);
	put_int(w, KB_HIT_START, hit->start);
	put_int(w, KB_HIT_END, hit->end);
	put_json(w, KB_HIT_META, hit->meta);
	put_json(w, KB_HIT_EXPLAIN, hit->explain);
	kb_jw_end(w);
}

/* Copy the members of an object but one. */
static void copy_but(struct kb_jw *w, struct kb_json object, const char *name)
{
	struct kb_json_iter it = kb_json_iter(object);

	while (object.type == KB_JSON_OBJECT && kb_json_next(&it)) {
		if (kb_json_key_is(it.key, name))
			continue;
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

static void copy_with_leg(struct kb_jw *w, const struct kb_record_hit *hit,
			  const char *name, double score)
{
	if (hit->raw.type != KB_JSON_OBJECT) {
		kb_jw_raw(w, (struct kb_str){hit->raw.ptr, hit->raw.len});
		return;
	}
	kb_jw_obj(w);
	copy_but(w, hit->raw, names[KB_HIT_LEGS].ptr);
	put_key(w, KB_HIT_LEGS);
	kb_jw_obj(w);
	copy_but(w, hit->at[KB_HIT_LEGS], name);
	kb_jw_key(w, name);
	kb_jw_fixed(w, score, 6);
	kb_jw_end(w);
	kb_jw_end(w);
}

void kb_hits_set_leg(struct kb_rec *rec, const char *name, const double *scores,
		     size_t n)
{
	struct kb_record_hit hit;
	struct kb_hits hits;
	struct kb_buf buf;
	struct kb_jw w;

	assert(name && *name);
	assert(scores || !n);
	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_arr(&w);
	kb_hits_open(rec, &hits, NULL);
	for (size_t i = 0; i < n && kb_hits_next(&hits, &hit); i++)
		copy_with_leg(&w, &hit, name, scores[i]);
	kb_jw_end(&w);
	kb_rec_set(rec, "hits", kb_arena_copy(rec->arena, kb_buf_str(&buf)));
	kb_buf_release(&buf);
}
