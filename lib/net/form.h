/*
 * The words of a provider: request bodies and answers in the OpenAI form.
 *
 * kb_form_build() writes the body of one question for one provider;
 * kb_form_parse() reads the whole answer, kb_form_delta() one event of a
 * stream. What they return lives in the arena of the question.
 */
#ifndef KB_NET_FORM_H
#define KB_NET_FORM_H

#include "net/provider.h"

enum kb_form_kind {
	KB_FORM_CHAT,
	KB_FORM_EMBED,
	KB_FORM_RERANK,
};

/* What is asked. All borrowed. */
struct kb_form_ask {
	enum kb_form_kind kind;
	const char *model;	    /* overrides the provider's; may be NULL */
	struct kb_str messages;	    /* CHAT: a JSON array */
	struct kb_str system;	    /* CHAT: put before; len 0 for none */
	struct kb_str query;	    /* RERANK */
	const struct kb_str *texts; /* EMBED, RERANK */
	size_t n_texts;
	double temperature;    /* negative: not sent */
	int64_t max_tokens;    /* 0: not sent */
	struct kb_str options; /* JSON object whose members are added */
	bool stream;
};

/* What came back. */
struct kb_form_reply {
	struct kb_str text;   /* CHAT */
	struct kb_str model;  /* as the provider names it */
	struct kb_str finish; /* "stop", "length", ...; len 0: none given */
	struct kb_str error_code, error_message; /* set: it is an error */
	int64_t input_tokens, output_tokens;	 /* -1: not reported */
	float *values; /* EMBED: n_texts x dim; RERANK: n_texts x 1 */
	size_t dim;
	bool refused; /* CHAT: it declined to answer */
};

/* The path below base_url. */
const char *kb_form_path(enum kb_form_kind kind);

/* The model that will be asked for, "" for none. */
const char *kb_form_model(const struct kb_form_ask *ask,
			  const struct kb_provider *provider);

void kb_form_build(const struct kb_form_ask *ask,
		   const struct kb_provider *provider, struct kb_buf *body);

/* KB_EFORMAT when the body is not of this form. An in-band error is no
 * failure: it stands in the reply. */
int kb_form_parse(const struct kb_form_ask *ask, struct kb_str body,
		  struct kb_arena *arena, struct kb_form_reply *reply,
		  struct kb_err *err);

/* Add one event's data to the reply; the text goes to text. Sets *done at
 * "[DONE]". */
int kb_form_delta(struct kb_str data, struct kb_arena *arena,
		  struct kb_buf *text, struct kb_form_reply *reply, bool *done,
		  struct kb_err *err);

#endif
