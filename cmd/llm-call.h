/* The options of llm-call. Included by llm-call.c only. */
#ifndef KB_CMD_LLM_CALL_H
#define KB_CMD_LLM_CALL_H

#include "cli/run.h"
#include "llm/session.h"

static struct {
	const char *model, *system, *provider, *config;
	struct kb_opt_list options;
	double deadline_s, timeout_s, temperature;
	uint64_t max_tokens, in_flight, seed;
	bool stream, no_stream, dry_run, embed, rerank;
} o = {.deadline_s = 120, .timeout_s = 60, .temperature = -1, .in_flight = 32};

static const struct kb_opt table[] = {
    {0, "config", "FILE", "providers from FILE (the user's llm-call.json)",
     KB_OPT_STRING, &o.config, 0, 0, NULL},
    {0, "deadline", "TIME", "for one record, all attempts (120s)",
     KB_OPT_DURATION, &o.deadline_s, 0.001, 86400, NULL},
    {0, "dry-run", NULL, "add member 'request' and send nothing", KB_OPT_FLAG,
     &o.dry_run, 0, 0, NULL},
    {0, "embed", NULL, "vectors of query, text or texts", KB_OPT_FLAG, &o.embed,
     0, 0, NULL},
    {0, "in-flight", "N", "requests at a time, as -j N (32)", KB_OPT_COUNT,
     &o.in_flight, 1, 10000, NULL},
    {0, "max-tokens", "N", "longest answer in tokens (the provider's)",
     KB_OPT_COUNT, &o.max_tokens, 1, 1e9, NULL},
    {'m', "model", "NAME", "ask for this model", KB_OPT_STRING, &o.model, 0, 0,
     NULL},
    {0, "no-stream", NULL, "do not show an answer as it comes", KB_OPT_FLAG,
     &o.no_stream, 0, 0, NULL},
    {'O', "option", "K=V", "add a member to the request; again and again",
     KB_OPT_LIST, &o.options, 0, 0, NULL},
    {0, "provider", "NAME", "ask only this one; 'local' is built in",
     KB_OPT_STRING, &o.provider, 0, 0, NULL},
    {0, "rerank", NULL, "scores of hits in hits[].legs.rerank", KB_OPT_FLAG,
     &o.rerank, 0, 0, NULL},
    {0, "seed", "N", "seed of the waiting times (0)", KB_OPT_COUNT, &o.seed, 0,
     0, NULL},
    {0, "stream", NULL, "show an answer as it comes (on a terminal)",
     KB_OPT_FLAG, &o.stream, 0, 0, NULL},
    {'s', "system", "TEXT", "put a system message before", KB_OPT_STRING,
     &o.system, 0, 0, NULL},
    {0, "temperature", "X", "0 to 2 (the provider's)", KB_OPT_NUMBER,
     &o.temperature, 0, 2, NULL},
    {0, "timeout", "TIME", "for one attempt (60s)", KB_OPT_DURATION,
     &o.timeout_s, 0.001, 86400, NULL},
};

static struct kb_session_options chosen(void)
{
	return (struct kb_session_options){
	    .task = o.embed    ? KB_RECORD_EMBED
		    : o.rerank ? KB_RECORD_RERANK
			       : KB_RECORD_ANSWER,
	    .config = o.config,
	    .provider = o.provider,
	    .model = o.model,
	    .system = o.system,
	    .options = o.options.items,
	    .n_options = o.options.n,
	    .deadline_ms = (int64_t)(o.deadline_s * 1000),
	    .timeout_ms = (int64_t)(o.timeout_s * 1000),
	    .max_tokens = (int64_t)o.max_tokens,
	    .temperature = o.temperature,
	    .in_flight = kb_cli_jobs() ? kb_cli_jobs() : o.in_flight,
	    .seed = o.seed,
	    .dry_run = o.dry_run,
	};
}

#endif
