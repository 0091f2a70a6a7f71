/*
 * What is asked of a provider and what comes back, whatever its dialect.
 */
#ifndef KB_NET_ASK_H
#define KB_NET_ASK_H

#include "net/content.h"
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
	struct kb_str messages;	    /* CHAT: a JSON array, the OpenAI form */
	struct kb_str system;	    /* CHAT: put before; len 0 for none */
	struct kb_str query;	    /* RERANK */
	const struct kb_str *texts; /* EMBED, RERANK */
	size_t n_texts;
	struct kb_str input_type; /* EMBED: what the texts are; len 0: unsaid */
	double temperature;	  /* negative: not sent */
	int64_t max_tokens;	  /* 0: not sent */
	struct kb_str options;	  /* JSON object whose members are added */
	/* CHAT: the JSON Schema that the answer is to be of; len 0: none.
	 * strict: closed, as OpenAI's form of that name wants it; openapi: what
	 * of it OpenAPI 3.0 can say, for Gemini; len 0: it cannot. */
	struct kb_str schema, schema_openapi;
	bool schema_strict;
	bool stream;
};

/* What came back. */
struct kb_form_reply {
	struct kb_str text;	  /* CHAT */
	struct kb_str reasoning;  /* CHAT: what stands apart from it */
	struct kb_str tool_calls; /* CHAT: a JSON array, or len 0 */
	struct kb_str model;	  /* as the provider names it */
	struct kb_str finish;	  /* "stop", "length", "tool_calls",
				     "content_filter" or the provider's own word;
				     len 0: none given */
	struct kb_str error_code, error_message; /* set: it is an error */
	int64_t retry_after_ms; /* what the error asks to wait, or -1 */
	int64_t input_tokens, output_tokens; /* -1: not reported */
	int64_t cached_tokens; /* of the input, from its cache; -1 as above */
	bool counted;	       /* some of them are not the provider's count */
	float *values;	       /* EMBED: n_texts x dim; RERANK: n_texts x 1 */
	size_t dim;
	bool refused;	 /* CHAT: it declined to answer */
	bool unfinished; /* CHAT: it stopped before the end, and said so */
};

#define KB_FORM_REPLY                                                          \
	(struct kb_form_reply)                                                 \
	{                                                                      \
		.retry_after_ms = -1, .input_tokens = -1, .output_tokens = -1, \
		.cached_tokens = -1                                            \
	}

/* A chat answer that comes as events. */
struct kb_form_stream {
	struct kb_content content; /* so far */
	const struct kb_dialect *dialect;
	bool done; /* its end came */
};

#endif
