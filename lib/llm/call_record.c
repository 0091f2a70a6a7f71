#include "llm/call_record.h"

#include "llm/put.h"
#include "llm/usage.h"
#include "record/embed_texts.h"
#include "record/hit.h"
#include "record/members.h"
#include "record/question.h"
#include "record/rerank_texts.h"
#include "relevance/respell.h"
#include "json/write.h"

static int need_question(const struct kb_rec *rec, struct kb_str *out,
			 struct kb_err *err)
{
	struct kb_question q;
	int rc = kb_question_read_prompt(rec, rec->arena, &q, err);

	*out = q.text;
	return rc || q.source ? rc : kb_question_missing(err);
}

/* A provider is sent the messages as they are; it would refuse what is none. */
static int check_messages(struct kb_json list, const char *name,
			  struct kb_arena *arena, struct kb_err *err)
{
	struct kb_turns turns = kb_turns_open(list);
	struct kb_chat_message m;
	size_t n = 0;

	for (; kb_turns_next(&turns, arena, &m); n++)
		if (m.role == KB_ROLE_NONE)
			return kb_err_set(err, KB_EINVAL,
					  "element %zu of '%s' is no message "
					  "with a string 'role'",
					  n, name);
	return n ? 0 : kb_err_set(err, KB_EINVAL, "'%s' is empty", name);
}

static int ask_chat(const struct kb_rec *rec, struct kb_form_ask *ask,
		    struct kb_err *err)
{
	struct kb_json list = kb_prompt_messages(rec);
	const char *name = "prompt.messages";
	struct kb_question question;
	struct kb_buf buf;
	int rc = kb_question_read(rec, rec->arena, &question, err);

	if (rc < 0)
		return rc;
	ask->kind = KB_FORM_CHAT;
	if (list.type <= KB_JSON_NULL) {
		list = kb_rec_get(rec, "messages");
		name = "messages";
	}
	if (list.type == KB_JSON_ARRAY) {
		ask->messages = (struct kb_str){list.ptr, list.len};
		return check_messages(list, name, rec->arena, err);
	}
	if (list.type > KB_JSON_NULL)
		return kb_err_set(err, KB_EINVAL, "'%s' is not an array", name);
	if (!question.source)
		return kb_question_missing(err);
	kb_buf_init(&buf, 0);
	kb_buf_add_cstr(&buf, "[{\"role\":\"user\",\"content\":");
	kb_json_quote(&buf, question.text);
	kb_buf_add_cstr(&buf, "}]");
	ask->messages = kb_arena_copy(rec->arena, kb_buf_str(&buf));
	kb_buf_release(&buf);
	return 0;
}

static int ask_embed(const struct kb_rec *rec, struct kb_form_ask *ask,
		     struct kb_err *err)
{
	struct kb_embed_texts t;
	int rc = kb_embed_texts_read(rec, &t, err);

	if (rc < 0)
		return rc;
	ask->kind = KB_FORM_EMBED;
	ask->texts = t.texts;
	ask->n_texts = t.n;
	ask->input_type = t.input_type;
	return 0;
}

/* Opens the hits; that there are none at all is an error here. */
static int open_hits(const struct kb_rec *rec, struct kb_hits *hits,
		     struct kb_err *err)
{
	int rc = kb_hits_open(rec, hits, err);

	if (rc == 0 && hits->list.type != KB_JSON_ARRAY)
		rc = kb_err_set(err, KB_EINVAL, "no array 'hits'");
	return rc;
}

static int ask_rerank(const struct kb_rec *rec, struct kb_form_ask *ask,
		      struct kb_err *err)
{
	struct kb_rerank_texts t;
	int rc = kb_rerank_texts_read(rec, &t, err);

	if (rc < 0)
		return rc;
	ask->kind = KB_FORM_RERANK;
	ask->query = t.question;
	ask->texts = t.passages;
	ask->n_texts = t.n;
	return 0;
}

int kb_record_ask(const struct kb_rec *rec, enum kb_record_task task,
		  struct kb_form_ask *ask, struct kb_err *err)
{
	switch (task) {
	case KB_RECORD_EMBED:
		return ask_embed(rec, ask, err);
	case KB_RECORD_RERANK:
		return ask_rerank(rec, ask, err);
	default:
		return ask_chat(rec, ask, err);
	}
}

int kb_record_request(struct kb_rec *rec, const struct kb_form_ask *ask,
		      const struct kb_provider *provider, int64_t tokens,
		      const struct kb_secrets *secrets, struct kb_err *err)
{
	struct kb_form_reply most = KB_FORM_REPLY;
	const char *url = NULL;
	struct kb_str json;
	struct kb_buf body, out;
	struct kb_jw w;

	if (provider && !kb_provider_is_local(provider)) {
		url = kb_form_url(ask, provider, rec->arena, err);
		if (!url)
			return KB_EINVAL;
	}
	kb_buf_init(&body, 0);
	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "provider");
	kb_jw_cstr(&w, provider ? provider->name : "local");
	if (url) {
		kb_form_build(ask, provider, &body);
		kb_jw_key(&w, "url");
		kb_jw_cstr(&w, url);
		kb_jw_key(&w, "body");
		kb_jw_raw(&w, kb_buf_str(&body));
		kb_jw_key(&w, "tokens");
		kb_jw_int(&w, tokens);
		most.input_tokens = tokens;
		most.output_tokens = ask->max_tokens;
		if (provider->price_input > 0 || provider->price_output > 0) {
			kb_jw_key(&w, "cost");
			kb_jw_fixed(&w, kb_usage_cost(&most, provider), 8);
		}
	}
	kb_jw_end(&w);
	json = kb_arena_copy(rec->arena, kb_buf_str(&out));
	kb_rec_set(rec, "request",
		   kb_secrets_hidden_json(secrets, json, rec->arena));
	kb_buf_release(&body);
	kb_buf_release(&out);
	return 0;
}

/* ---- the built-in model ---- */

static void read_hits(struct kb_hits *hits, struct kb_arena *arena,
		      struct kb_asked *ask)
{
	struct kb_asked_hit *list =
	    kb_arena_calloc(arena, kb_hits_count(hits) + 1, sizeof(*list));
	struct kb_record_hit hit;

	ask->hits = list;
	ask->n_hits = 0;
	while (kb_hits_next(hits, &hit))
		list[ask->n_hits++] = (struct kb_asked_hit){
		    .title = kb_hit_str(&hit, KB_HIT_TITLE, arena),
		    .text = kb_hit_str(&hit, KB_HIT_TEXT, arena),
		    .score = kb_hit_score(&hit),
		};
}

int kb_record_local(struct kb_rec *rec, enum kb_record_task task,
		    struct kb_model *model, const struct kb_call *call,
		    struct kb_err *err)
{
	struct kb_spellings spellings = {.n = 0};
	struct kb_model_answer answer;
	struct kb_asked ask;
	struct kb_hits hits;
	double *scores;
	int rc;

	if (task == KB_RECORD_EMBED)
		return kb_err_set(err, KB_ENOENT,
				  "the built-in model does not embed; set "
				  "OPENAI_BASE_URL or configure a provider, as "
				  "llm-call(1) says, or take a model of "
				  "kb-embed --list");
	rc = need_question(rec, &ask.query, err);
	if (rc == 0)
		rc = task == KB_RECORD_RERANK ? open_hits(rec, &hits, err)
					      : kb_hits_open(rec, &hits, err);
	if (rc < 0)
		return rc;
	read_hits(&hits, rec->arena, &ask);
	for (size_t i = 0; i < ask.n_hits; i++)
		kb_spellings_add(&spellings, ask.hits[i].title,
				 ask.hits[i].text);
	ask.query = kb_respell(ask.query, &spellings, rec->arena);
	if (task == KB_RECORD_ANSWER) {
		rc = model->generate(model, &ask, rec->arena, &answer, err);
		if (!rc)
			kb_record_put_local(rec, &answer, call);
		return rc;
	}
	scores = kb_arena_calloc(rec->arena, ask.n_hits + 1, sizeof(*scores));
	rc = model->judge(model, &ask, rec->arena, scores, err);
	if (!rc)
		kb_hits_set_leg(rec, "rerank", scores, ask.n_hits);
	return rc;
}

void kb_record_print_answer(struct kb_rec *rec, bool answer,
			    void (*put)(struct kb_buf *out, struct kb_str text),
			    struct kb_buf *out)
{
	struct kb_generation generation = kb_generation_read(rec);
	struct kb_json_iter it = kb_json_iter(generation.alternatives);
	struct kb_str text;
	double hit;

	if (answer && kb_answer_text(rec, &text))
		put(out, text);
	while (kb_json_next(&it)) {
		if (!kb_json_num(kb_json_get(it.val, "hit"), &hit) ||
		    !kb_json_str(kb_json_get(it.val, "text"), rec->arena,
				 &text))
			continue;
		kb_buf_printf(out, "\n(nearest) [%.0f] ", hit);
		put(out, text);
	}
	it = kb_json_iter(generation.degraded);
	while (kb_json_next(&it)) {
		if (kb_json_str(it.val, rec->arena, &text)) {
			kb_buf_add_cstr(out, "\n(degraded) ");
			put(out, text);
		}
	}
	kb_buf_add_char(out, '\n');
}
