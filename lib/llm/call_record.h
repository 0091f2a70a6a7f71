/*
 * Records and calls: what a record asks, and what goes back into it.
 *
 * Three tasks. ANSWER takes prompt.messages, else messages, else the question
 * (record/question.h), and gives answer and generation. EMBED takes the
 * question (with hyde and rewrites) and gives vectors, takes text and gives
 * vector, takes texts and gives vectors.texts. RERANK takes a question and hits
 * and gives hits[].legs.rerank. Without a provider the built-in model answers
 * and reranks from the hits; it does not embed.
 */
#ifndef KB_LLM_CALL_RECORD_H
#define KB_LLM_CALL_RECORD_H

#include "llm/model.h"
#include "net/calls.h"
#include "json/rec.h"

enum kb_record_task {
	KB_RECORD_ANSWER,
	KB_RECORD_EMBED,
	KB_RECORD_RERANK,
};

/*
 * Fill ask (kind, messages, query, texts) from the record; what the user set
 * in ask before stays. KB_EINVAL names the member that is missing or wrong.
 */
int kb_record_ask(const struct kb_rec *rec, enum kb_record_task task,
		  struct kb_form_ask *ask, struct kb_err *err);

/* A finished call, and what it took. */
struct kb_record_calls {
	const struct kb_call *chosen; /* whose reply is the answer */
	struct kb_call *const *all;   /* in their order, it among them */
	size_t n;
	struct kb_str unfit;	/* why its text is no answer; len 0: it is */
	struct kb_str degraded; /* what else did not go well; or len 0 */
	struct kb_str members;	/* more of generation, an object; or len 0 */
};

/* Write it into the record; on failure generation too, and err
 * says what the record's error is to say. */
int kb_record_reply(struct kb_rec *rec, enum kb_record_task task,
		    const struct kb_record_calls *calls, struct kb_err *err);

/*
 * The built-in model's turn. call is NULL when it was asked at once, else
 * the call whose route came to "local": then generation.degraded says so.
 */
int kb_record_local(struct kb_rec *rec, enum kb_record_task task,
		    struct kb_model *model, const struct kb_call *call,
		    struct kb_err *err);

/* For --dry-run: the member 'request' {"provider","url","body","tokens",
 * "cost"}; no key. tokens are those of the question; the cost holds the longest
 * answer where that is limited. Without a price there is none.
 * KB_EINVAL when the provider cannot be asked this. */
int kb_record_request(struct kb_rec *rec, const struct kb_form_ask *ask,
		      const struct kb_provider *provider, int64_t tokens,
		      const struct kb_secrets *secrets, struct kb_err *err);

/* For people: the answer, if 'answer' is set, the passages nearest to one, and
 * what is degraded. Text of the record goes through put(). */
void kb_record_print_answer(struct kb_rec *rec, bool answer,
			    void (*put)(struct kb_buf *out, struct kb_str text),
			    struct kb_buf *out);

#endif
