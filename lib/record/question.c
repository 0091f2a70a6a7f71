#include "record/question.h"

static int check_type(const struct kb_rec *rec, const char *name,
		      enum kb_json_type type, struct kb_json *val,
		      struct kb_err *err)
{
	*val = kb_rec_get(rec, name);
	if (val->type == type || val->type <= KB_JSON_NULL)
		return 0;
	return kb_err_set(err, KB_EINVAL, "'%s' is not %s", name,
			  type == KB_JSON_ARRAY ? "an array" : "a string");
}

/* Takes the text when there is none yet and it says something. */
static void take(struct kb_question *out, struct kb_json val,
		 enum kb_question_source source, struct kb_arena *arena)
{
	struct kb_str text;

	if (out->source || !kb_json_str(val, arena, &text) ||
	    kb_text_blank(text))
		return;
	*out = (struct kb_question){text, source};
}

static int read_question(const struct kb_rec *rec, bool standalone,
			 struct kb_arena *arena, struct kb_question *out,
			 struct kb_err *err)
{
	struct kb_json made, query, messages;
	struct kb_str text;
	int rc;

	*out = (struct kb_question){.text = KB_STR("")};
	rc = check_type(rec, "standalone", KB_JSON_STRING, &made, err);
	if (rc == 0)
		rc = check_type(rec, "query", KB_JSON_STRING, &query, err);
	if (rc == 0)
		rc = check_type(rec, "messages", KB_JSON_ARRAY, &messages, err);
	if (rc < 0)
		return rc;
	if (standalone)
		take(out, made, KB_QUESTION_STANDALONE, arena);
	take(out, query, KB_QUESTION_QUERY, arena);
	if (!out->source && kb_turns_last_user(messages, arena, &text))
		*out = (struct kb_question){text, KB_QUESTION_MESSAGE};
	return 0;
}

int kb_question_read(const struct kb_rec *rec, struct kb_arena *arena,
		     struct kb_question *out, struct kb_err *err)
{
	return read_question(rec, true, arena, out, err);
}

int kb_question_asked(const struct kb_rec *rec, struct kb_arena *arena,
		      struct kb_question *out, struct kb_err *err)
{
	return read_question(rec, false, arena, out, err);
}

int kb_question_missing(struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL,
			  "no question: 'standalone', 'query' and the last "
			  "user message are missing or empty");
}

int kb_question_need(const struct kb_rec *rec, struct kb_arena *arena,
		     struct kb_question *out, struct kb_err *err)
{
	int rc = kb_question_read(rec, arena, out, err);

	if (rc == 0 && !out->source)
		rc = kb_question_missing(err);
	return rc;
}
