/*
 * One run of calls: providers, engine, built-in model and what the user set,
 * so that a program hands in records and gets them back filled.
 */
#ifndef KB_LLM_SESSION_H
#define KB_LLM_SESSION_H

#include "cache/cache.h"
#include "cascade/cascade.h"
#include "cascade/router.h"
#include "llm/call_record.h"
#include "llm/rounds.h"
#include "llm/trace.h"

struct kb_session_options {
	enum kb_record_task task;
	const char *config;	    /* of kb_providers_load() */
	const char *provider;	    /* only this one; NULL: all */
	const char *model, *system; /* may be NULL */
	const char *const *options; /* "key=value", members of each body */
	/* File of weights of the built-in model, of what the task asks it: that
	 * an answer answers, or a passage. NULL: its own. */
	const char *model_file;
	/* Models in the process by which the built-in model ranks sentences,
	 * too, as of kb_meaning_open(). NULL or empty: none. */
	const char *encoder;
	uint64_t samples, least; /* answers that vote, at most and at least; 0:
				    one */
	const char *outcomes;	 /* not NULL: records are those of both models,
				    from which a router is learned */
	double keep;		 /* of what the large one has right, by it */
	const char *schema;	 /* file that answers are of; NULL: none */
	const char *trace;	 /* file of a line a request; NULL: none */
	bool trace_messages;	 /* with what is asked and answered */
	size_t n_options;
	int64_t deadline_ms, timeout_ms, max_tokens;
	double temperature; /* negative: the provider's */
	double budget;	    /* in the currency of the prices; negative: none */
	size_t in_flight;
	uint64_t seed;
	/* Of the cache of responses (cache/cache.h); dir NULL: there is none,
	 * "": the user's; size and ttl_s 0: its own, none. */
	const char *cache_dir;
	uint64_t cache_size;
	double cache_ttl_s;
	bool stream;  /* ask for event streams */
	bool dry_run; /* show requests, send nothing */
};

/* What is asked where nobody says otherwise; the rest is zero. */
#define KB_SESSION_DEFAULTS                                                   \
	{                                                                     \
		.temperature = -1, .budget = -1, .deadline_ms = 120000,       \
		.timeout_ms = 60000, .in_flight = 32, .keep = KB_ROUTER_KEEP, \
		.cache_ttl_s = KB_CACHE_TTL_S                                 \
	}

struct kb_session {
	struct kb_session_options opt;
	struct kb_providers set; /* empty: the built-in model serves */
	struct kb_calls *calls;
	struct kb_model *local;		    /* made when it is needed */
	struct kb_meaning *meaning;	    /* of opt.encoder, or NULL */
	struct kb_linear_model weights;	    /* of opt.model_file */
	struct kb_arena arena;		    /* of the weights */
	struct kb_buf members;		    /* opt.options as a JSON object */
	struct kb_usage *usage;		    /* made when it is needed */
	struct kb_session_cache *cache;	    /* NULL: none */
	struct kb_trace *trace;		    /* NULL: none */
	struct kb_router_training training; /* of opt.outcomes */
	struct kb_cascade *cascade;	    /* NULL: none */
	struct kb_schema *schema;	    /* NULL: none */
	struct kb_rounds_rule rule;	    /* of the calls of a record */
	uint64_t records, local_records, input_tokens, output_tokens;
	uint64_t refused; /* records that the budget had nothing left for */
	int64_t longest;  /* answer of this run, in tokens */
	size_t under_way; /* calls with a budget */
	double cost, reserved; /* paid; what these may come to */
	uint64_t cached;       /* records that the cache had answers for */
	double saved;	       /* what these would have cost */
	void (*warn)(void *arg, const char *line);
	void *arg;
};

/* The strings of opt are borrowed. Release the session in any case; it then
 * warns of records that a budget left unasked. */
int kb_session_open(struct kb_session *session,
		    const struct kb_session_options *opt,
		    void (*warn)(void *arg, const char *line), void *arg,
		    struct kb_err *err);
void kb_session_release(struct kb_session *session);

/* Is a provider asked first, and not the built-in model? */
bool kb_session_is_remote(const struct kb_session *session);

/*
 * Begin a record's work: 0 it is done, 1 on_done(call) with call->arg = arg
 * comes later from kb_session_wait(), negative it failed. number seeds its
 * waiting times. on_text as in struct kb_call, may be NULL.
 */
int kb_session_begin(struct kb_session *session, struct kb_rec *rec,
		     uint64_t number, void (*on_done)(struct kb_call *call),
		     void (*on_text)(struct kb_call *call, struct kb_str piece),
		     void *arg, struct kb_err *err);

/* In on_done: write what came of it into the record. */
int kb_session_end(struct kb_session *session, struct kb_call *call,
		   struct kb_rec *rec, struct kb_err *err);

/* Let calls go on; returns when some did, when fd (unless -1) can be read,
 * or after timeout_ms (-1: no limit). */
void kb_session_wait(struct kb_session *session, int fd, int timeout_ms);

/* With opt.outcomes, after the last record: append the router's model and warn
 * of what to write into the configuration. date: Unix seconds. */
int kb_session_learn(struct kb_session *session, int64_t date,
		     struct kb_buf *out, struct kb_err *err);

/* Members for --stats: tokens, cost, records of the built-in model. */
void kb_session_stats(const struct kb_session *session, struct kb_buf *members);

#endif
