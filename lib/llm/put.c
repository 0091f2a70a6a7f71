#include "llm/put.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "llm/usage.h"
#include "record/embed_texts.h"
#include "record/hit.h"
#include "json/write.h"

static void set_text(struct kb_rec *rec, const char *name, struct kb_buf *buf)
{
	kb_rec_set(rec, name, kb_arena_copy(rec->arena, kb_buf_str(buf)));
	kb_buf_release(buf);
}

/* ---- generation ---- */

static void put_attempts_of(struct kb_jw *w, const struct kb_call *call)
{
	for (size_t i = 0; i < call->n_attempts; i++) {
		const struct kb_attempt *a = &call->attempts[i];

		kb_jw_obj(w);
		kb_jw_key(w, "provider");
		kb_jw_cstr(w, a->provider);
		kb_jw_key(w, "class");
		kb_jw_cstr(w, kb_retry_name(a->class));
		if (a->status) {
			kb_jw_key(w, "status");
			kb_jw_int(w, a->status);
		}
		kb_jw_end(w);
	}
}

static void put_attempts(struct kb_jw *w, struct kb_call *const *all, size_t n)
{
	kb_jw_key(w, "attempts");
	kb_jw_arr(w);
	for (size_t i = 0; i < n; i++)
		put_attempts_of(w, all[i]);
	kb_jw_end(w);
}

static void add_tokens(int64_t *sum, int64_t n)
{
	if (n >= 0)
		*sum = n + (*sum > 0 ? *sum : 0);
}

/* Of all that were answered, at the prices of each. */
static void put_usage(struct kb_jw *w, const struct kb_record_calls *calls)
{
	struct kb_form_reply sum = KB_FORM_REPLY;
	const struct kb_form_reply *r = &sum;
	bool has_price = false;
	double cost = 0;

	for (size_t i = 0; i < calls->n; i++) {
		const struct kb_form_reply *one = &calls->all[i]->reply;
		const struct kb_provider *p = calls->all[i]->provider;

		if (!p || calls->all[i]->use_local)
			continue;
		add_tokens(&sum.input_tokens, one->input_tokens);
		add_tokens(&sum.output_tokens, one->output_tokens);
		add_tokens(&sum.cached_tokens, one->cached_tokens);
		sum.counted |= one->counted;
		has_price |= p->price_input > 0 || p->price_output > 0;
		cost += calls->all[i]->cached ? 0 : kb_usage_cost(one, p);
	}
	if (r->input_tokens < 0 && r->output_tokens < 0)
		return;
	kb_jw_key(w, "usage");
	kb_jw_obj(w);
	if (r->input_tokens >= 0) {
		kb_jw_key(w, "prompt_tokens");
		kb_jw_int(w, r->input_tokens);
	}
	if (r->cached_tokens > 0) {
		kb_jw_key(w, "cached_tokens");
		kb_jw_int(w, r->cached_tokens);
	}
	if (r->output_tokens >= 0) {
		kb_jw_key(w, "completion_tokens");
		kb_jw_int(w, r->output_tokens);
	}
	if (r->counted) {
		kb_jw_key(w, "counted");
		kb_jw_bool(w, true);
	}
	kb_jw_end(w);
	if (has_price) {
		kb_jw_key(w, "cost");
		kb_jw_fixed(w, cost, 8);
	}
}

static void put_members(struct kb_jw *w, struct kb_str members)
{
	struct kb_json object = {0};
	struct kb_json_iter it;

	if (members.len)
		kb_json_check(members.ptr, members.len, &object, NULL);
	for (it = kb_json_iter(object); kb_json_next(&it);) {
		kb_jw_key_raw(w, it.key);
		kb_jw_raw(w, (struct kb_str){it.val.ptr, it.val.len});
	}
}

static void put_generation(struct kb_rec *rec,
			   const struct kb_record_calls *calls, bool ok)
{
	const struct kb_call *call = calls->chosen;
	const struct kb_form_reply *r = &call->reply;
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	if (call->provider) {
		const char *name = kb_form_model(&call->ask, call->provider);
		struct kb_str model = kb_str_of(name);

		if (ok && r->model.len)
			model = r->model;
		kb_jw_key(&w, "provider");
		kb_jw_cstr(&w, call->provider->name);
		if (model.len) {
			kb_jw_key(&w, "model");
			kb_jw_str(&w, model);
		}
	}
	if (r->finish.len) {
		kb_jw_key(&w, "finish");
		kb_jw_str(&w, r->finish);
	}
	if (call->provider)
		put_usage(&w, calls);
	if (call->cached) {
		kb_jw_key(&w, "cached");
		kb_jw_bool(&w, true);
	}
	put_attempts(&w, calls->all, calls->n);
	if (ok && (!r->finish.len || calls->degraded.len)) {
		kb_jw_key(&w, "degraded");
		kb_jw_arr(&w);
		if (!r->finish.len)
			kb_jw_cstr(&w, "the provider named no finish_reason");
		if (calls->degraded.len)
			kb_jw_str(&w, calls->degraded);
		kb_jw_end(&w);
	}
	if (call->class == KB_RETRY_OK && r->reasoning.len) {
		kb_jw_key(&w, "reasoning");
		kb_jw_str(&w, r->reasoning);
	}
	if (call->class == KB_RETRY_OK && r->tool_calls.len) {
		kb_jw_key(&w, "tool_calls");
		kb_jw_raw(&w, r->tool_calls);
	}
	put_members(&w, calls->members);
	/* A text that is no whole answer is kept where nobody takes it for
	 * an answer. */
	if (call->class == KB_RETRY_OK && !ok && r->text.len) {
		kb_jw_key(&w, "partial");
		kb_jw_str(&w, r->text);
	}
	kb_jw_end(&w);
	set_text(rec, "generation", &buf);
}

static void put_alternatives(struct kb_jw *w,
			     const struct kb_model_answer *answer)
{
	if (!answer->n_alternatives)
		return;
	kb_jw_key(w, "alternatives");
	kb_jw_arr(w);
	for (size_t i = 0; i < answer->n_alternatives; i++) {
		const struct kb_model_passage *p = &answer->alternatives[i];

		kb_jw_obj(w);
		kb_jw_key(w, "hit");
		kb_jw_int(w, (int64_t)p->hit + 1);
		kb_jw_key(w, "text");
		kb_jw_str(w, p->text);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

/* Why the built-in model answers, and without what. */
static void put_degraded(struct kb_jw *w, const struct kb_model_answer *answer,
			 const struct kb_call *call, struct kb_arena *arena)
{
	if (!call && !answer->degraded.len)
		return;
	kb_jw_key(w, "degraded");
	kb_jw_arr(w);
	if (call && call->n_attempts) {
		const struct kb_attempt *last =
		    &call->attempts[call->n_attempts - 1];

		kb_jw_cstr(w, kb_arena_printf(arena, "local instead of %s: %s",
					      last->provider, call->why));
	} else if (call) {
		kb_jw_cstr(w, "local: no other provider may be asked");
	}
	if (answer->degraded.len)
		kb_jw_str(w, answer->degraded);
	kb_jw_end(w);
}

void kb_record_put_local(struct kb_rec *rec,
			 const struct kb_model_answer *answer,
			 const struct kb_call *call)
{
	struct kb_buf buf;
	struct kb_jw w;

	kb_buf_init(&buf, 0);
	kb_jw_init(&w, &buf);
	kb_jw_obj(&w);
	kb_jw_key(&w, "provider");
	kb_jw_cstr(&w, "local");
	kb_jw_key(&w, "model");
	kb_jw_cstr(&w, "extract-1");
	kb_jw_key(&w, "finish");
	kb_jw_cstr(&w, answer->knows ? "stop" : "unknown");
	put_degraded(&w, answer, call, rec->arena);
	if (call && call->n_attempts) {
		kb_jw_key(&w, "attempts");
		kb_jw_arr(&w);
		put_attempts_of(&w, call);
		kb_jw_end(&w);
	}
	kb_jw_key(&w, "confidence");
	kb_jw_fixed(&w, answer->confidence, 4);
	if (answer->encoder.len) {
		kb_jw_key(&w, "encoder");
		kb_jw_str(&w, answer->encoder);
	}
	put_alternatives(&w, answer);
	kb_jw_end(&w);
	kb_rec_set_str(rec, "answer", answer->text);
	set_text(rec, "generation", &buf);
}

/* ---- rerank ---- */

/* Servers give probabilities or raw logits; outside 0..1 it is logits. */
static void put_reranked(struct kb_rec *rec, const struct kb_form_reply *r,
			 size_t n)
{
	double *scores = kb_arena_calloc(rec->arena, n + 1, sizeof(*scores));
	bool logits = false;

	for (size_t i = 0; i < n; i++)
		logits |= r->values[i] < 0 || r->values[i] > 1;
	for (size_t i = 0; i < n; i++) {
		double x = (double)r->values[i];

		scores[i] = logits ? kb_sigmoid(x) : x;
	}
	kb_hits_set_leg(rec, "rerank", scores, n);
}

/* ---- all ---- */

static int fail(const struct kb_call *call, struct kb_err *err)
{
	int code = KB_EREMOTE;

	if (call->class == KB_RETRY_SILENT)
		code = KB_ETIMEOUT;
	kb_err_set(err, code, "provider '%s': %s (%s)",
		   call->provider ? call->provider->name : "none", call->why,
		   kb_retry_name(call->class));
	if (err)
		err->retryable = kb_retry_later(call->class);
	return code;
}

int kb_record_reply(struct kb_rec *rec, enum kb_record_task task,
		    const struct kb_record_calls *calls, struct kb_err *err)
{
	const struct kb_call *call = calls->chosen;
	const struct kb_form_reply *r = &call->reply;
	bool ok = call->class == KB_RETRY_OK;
	bool cut = ok && kb_str_is(r->finish, "length");
	bool whole = ok && !cut && !calls->unfit.len;

	/* A call of a tool may come without a word. */
	if (task == KB_RECORD_ANSWER && whole && r->text.len)
		kb_rec_set_str(rec, "answer", r->text);
	if (task == KB_RECORD_ANSWER)
		put_generation(rec, calls, whole);
	if (!ok)
		return fail(call, err);
	if (calls->unfit.len) {
		char quoted[KB_QUOTE_MAX];

		return kb_err_set(
		    err, KB_EREMOTE,
		    "provider '%s': the answer is not of the "
		    "schema: %s",
		    call->provider->name,
		    kb_err_quote(quoted, calls->unfit.ptr, calls->unfit.len));
	}
	if (cut)
		return kb_err_set(err, KB_EREMOTE,
				  "provider '%s': the answer was cut at its "
				  "token limit (finish 'length'); raise "
				  "--max-tokens",
				  call->provider->name);
	if (task == KB_RECORD_EMBED)
		kb_embed_texts_put(
		    rec, kb_str_of(kb_form_model(&call->ask, call->provider)),
		    r->values, call->ask.n_texts, r->dim);
	else if (task == KB_RECORD_RERANK && call->ask.n_texts)
		put_reranked(rec, r, call->ask.n_texts);
	return 0;
}
