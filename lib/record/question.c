#include "record/question.h"

#include "record/members.h"

/* The members that may ask, of the types they must have. */
struct askers {
	struct kb_json standalone, query, messages;
};

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

static int find(const struct kb_rec *rec, struct askers *in, struct kb_err *err)
{
	int rc =
	    check_type(rec, "standalone", KB_JSON_STRING, &in->standalone, err);

	if (rc == 0)
		rc = check_type(rec, "query", KB_JSON_STRING, &in->query, err);
	if (rc == 0)
		rc = check_type(rec, "messages", KB_JSON_ARRAY, &in->messages,
				err);
	return rc;
}

/* Takes the text when there is none yet and it says something. */
static void take(struct kb_question *out, struct kb_json val,
		 enum kb_question_source source, struct kb_arena *arena)
{
	struct kb_str text;

	if (!out->source && kb_json_str(val, arena, &text) &&
	    !kb_text_blank(text))
		*out = (struct kb_question){text, source};
}

static void take_message(struct kb_question *out, struct kb_str text)
{
	if (!out->source && text.ptr)
		*out = (struct kb_question){text, KB_QUESTION_MESSAGE};
}

static int read_question(const struct kb_rec *rec, bool standalone,
			 struct kb_arena *arena, struct kb_question *out,
			 struct kb_err *err)
{
	struct kb_str last = {NULL, 0};
	struct askers in;
	int rc = find(rec, &in, err);

	*out = (struct kb_question){.text = KB_STR("")};
	if (rc < 0)
		return rc;
	if (standalone)
		take(out, in.standalone, KB_QUESTION_STANDALONE, arena);
	take(out, in.query, KB_QUESTION_QUERY, arena);
	if (!out->source && kb_turns_last_user(in.messages, arena, &last))
		take_message(out, last);
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

int kb_question_choose(const struct kb_rec *rec, struct kb_str last_user,
		       struct kb_arena *arena, struct kb_question *out,
		       struct kb_question *asked, struct kb_err *err)
{
	struct askers in;
	int rc = find(rec, &in, err);

	*out = *asked = (struct kb_question){.text = KB_STR("")};
	if (rc < 0)
		return rc;
	take(asked, in.query, KB_QUESTION_QUERY, arena);
	take_message(asked, last_user);
	take(out, in.standalone, KB_QUESTION_STANDALONE, arena);
	if (!out->source)
		*out = *asked;
	return 0;
}

int kb_question_read_prompt(const struct kb_rec *rec, struct kb_arena *arena,
			    struct kb_question *out, struct kb_err *err)
{
	int rc = kb_question_read(rec, arena, out, err);

	if (rc == 0 && !out->source &&
	    kb_turns_last_user(kb_prompt_messages(rec), arena, &out->text))
		out->source = KB_QUESTION_MESSAGE;
	return rc;
}

int kb_question_missing(struct kb_err *err)
{
	return kb_err_set(err, KB_EINVAL,
			  "no question: 'standalone', 'query' and the last "
			  "user message are missing or empty");
}
