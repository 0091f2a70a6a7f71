/*
 * The dialects of providers: where a question is posted, in which words it is
 * put, and how the answer is read.
 *
 *   openai     chat/completions, embeddings and the rerank form that Cohere,
 *              Jina, vLLM and llama.cpp share; Azure, DashScope, DeepSeek,
 *              Ollama, vLLM and most others speak it
 *   anthropic  messages
 *   gemini     models/NAME:generateContent, batchEmbedContents
 *
 * A question and its answer have one form in here, OpenAI's (net/ask.h); what
 * is left to a dialect is the way there and back. One more is a file with such
 * a structure and its name in dialect.c. Private to lib/net.
 */
#ifndef KB_NET_DIALECT_H
#define KB_NET_DIALECT_H

#include "net/ask.h"
#include "net/retry.h"
#include "json/write.h"

struct kb_dialect {
	const char *name;
	const char *system;   /* its name among OpenTelemetry's providers */
	const char *base_url; /* of the service it is named after */
	const char *url_env, *key_env; /* its usual variables */
	const char *key_header;	       /* in which a key is sent, ... */
	const char *key_prefix;	       /* ... behind this word */
	const char *const *headers;    /* "Name: value" always sent; up to NULL,
					  or NULL */
	bool needs_model;	       /* it knows no usual one */
	const struct kb_retry_word *words; /* of its errors; up to NULL, or
					      NULL */

	/* What follows the base URL; NULL: it has no such kind of question. */
	const char *(*path)(const struct kb_form_ask *ask,
			    const struct kb_provider *provider,
			    struct kb_arena *arena);

	/* The members of the body. What it needs meanwhile lies in arena. */
	void (*put)(struct kb_jw *w, const struct kb_form_ask *ask,
		    const struct kb_provider *provider, struct kb_arena *arena);

	/* An error that a body is instead of an answer; else false. */
	bool (*error)(const struct kb_body *body, struct kb_arena *arena,
		      struct kb_form_reply *reply);

	/* What a body or an event says of tokens. */
	void (*usage)(const struct kb_body *body, struct kb_form_reply *reply);

	/* A whole answer; KB_EFORMAT when it is none. The texts of a chat go
	 * to content. */
	int (*reply)(const struct kb_form_ask *ask, const struct kb_body *body,
		     struct kb_content *content, struct kb_arena *arena,
		     struct kb_form_reply *reply, struct kb_err *err);

	/* An event of a stream. */
	int (*event)(struct kb_form_stream *stream, const struct kb_body *body,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     struct kb_err *err);

	/* Optional: an event that comes for every token, or one that is no
	 * JSON. 1 it was taken, 0 it is for event(), negative an error. */
	int (*token)(struct kb_form_stream *stream, struct kb_str data,
		     struct kb_arena *arena, struct kb_form_reply *reply,
		     struct kb_err *err);
};

extern const struct kb_dialect kb_dialect_openai;
extern const struct kb_dialect kb_dialect_anthropic;
extern const struct kb_dialect kb_dialect_gemini;

#define KB_DIALECTS 3
extern const struct kb_dialect *const kb_dialects[KB_DIALECTS];

/* NULL for a name that is none. */
const struct kb_dialect *kb_dialect_named(const char *name);

/* Has a base URL the version of an interface in its path ("/v1beta")? Some
 * name the host alone, as the variables of other programs do. */
bool kb_dialect_versioned(const char *base_url);

/* The one a provider speaks; it names one of the above or none: openai. */
const struct kb_dialect *kb_dialect_of(const struct kb_provider *provider);

#endif
