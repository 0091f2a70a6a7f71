#include "context/compress.h"

#include <stdlib.h>

#include "context/append.h"
#include "context/compress_write.h"
#include "context/select.h"
#include "context/summarize.h"
#include "record/exchange.h"
#include "record/question.h"
#include "text/words.h"
#include "token/tokenizer.h"

struct kb_compressor {
	const struct kb_compress_options *options;
	struct kb_analyzer *analyzer;
	struct kb_token_counter *estimate, *chosen;
	struct kb_dialogue_terms terms;
	struct kb_intents *intents;
};

static int read_convo(struct kb_compress_job *job, const struct kb_rec *rec,
		      struct kb_err *err)
{
	struct kb_json messages = kb_rec_get(rec, "messages");
	struct kb_str role;

	job->messages = messages;
	if (messages.type != KB_JSON_NONE ||
	    !kb_json_str(kb_rec_get(rec, "role"), job->arena, &role))
		return kb_convo_read(&job->convo, messages, job->counter,
				     job->arena, err);
	kb_convo_single(&job->convo, role, kb_rec_get(rec, "content"),
			job->counter, job->arena);
	return 0;
}

/* Do the bytes tell that the budget is kept, and does nobody ask for more? */
static bool surely_fits(const struct kb_compress_job *job)
{
	const struct kb_compress_options *o = job->options;
	size_t most = job->convo.most_tokens;

	return !kb_tokenizer_is_chosen(o->tokenizer) && !(o->ratio > 0) &&
	       o->budget_tokens && most <= o->budget_tokens &&
	       o->budget_tokens - most >= KB_CONVO_TOKENS;
}

/* Can the bytes tell that the budget is kept? */
static bool may_fit(const struct kb_compress_options *o)
{
	return o->budget_tokens && !(o->ratio > 0);
}

/* Estimated first where that may do. */
static int count_convo(struct kb_compress_job *job,
		       const struct kb_compressor *with,
		       const struct kb_rec *rec, struct kb_err *err)
{
	const struct kb_tokenizer *tokenizer = job->options->tokenizer;
	int rc;

	if (!kb_tokenizer_is_chosen(tokenizer) && may_fit(job->options)) {
		job->counter = with->estimate;
		job->tokenizer = kb_tokenizer_name(NULL);
		rc = read_convo(job, rec, err);
		if (rc < 0 || surely_fits(job))
			return rc;
	}
	job->counter = with->chosen;
	job->tokenizer = kb_tokenizer_name(tokenizer);
	rc = read_convo(job, rec, err);
	job->exact = kb_tokenizer_is_exact(tokenizer) && job->convo.published;
	return rc;
}

static void add_up(struct kb_compress_job *job)
{
	size_t most = job->convo.most_tokens;

	job->before = KB_CONVO_TOKENS;
	for (size_t i = 0; i < job->convo.n; i++)
		job->before += job->convo.turns[i].tokens;
	/* An estimate may be above what it cannot be. */
	if (surely_fits(job) && job->before > most + KB_CONVO_TOKENS)
		job->before = most + KB_CONVO_TOKENS;
	job->after = job->before;
}

/* The tokens to keep within; SIZE_MAX without a budget. */
static size_t budget_of(const struct kb_compress_job *job)
{
	const struct kb_compress_options *o = job->options;
	size_t budget = o->budget_tokens ? (size_t)o->budget_tokens : SIZE_MAX;

	if (o->ratio > 0 && (double)job->before * o->ratio < (double)budget)
		return (size_t)((double)job->before * o->ratio);
	return budget == SIZE_MAX || surely_fits(job)
		   ? budget
		   : kb_tokenizer_within(o->tokenizer, budget);
}

static enum kb_asked_how how_asked(const struct kb_question *asked)
{
	if (asked->source != KB_QUESTION_MESSAGE)
		return asked->text.len ? KB_ASKED_QUERY : KB_ASKED_NOTHING;
	return kb_is_question(asked->text.ptr, asked->text.len) ? KB_ASKED_TURN
								: KB_ASKED_SAID;
}

static int read_input(struct kb_compress_job *job,
		      const struct kb_compressor *with,
		      const struct kb_rec *rec, struct kb_err *err)
{
	struct kb_question question, asked;
	struct kb_str last = {NULL, 0};
	int rc = count_convo(job, with, rec, err);
	size_t i;

	if (rc < 0)
		return rc;
	i = kb_convo_last_user(&job->convo);
	/* A record that is one message of a log asks nothing. */
	if (i < job->convo.n &&
	    kb_rec_get(rec, "messages").type != KB_JSON_NONE)
		last = job->convo.turns[i].text;
	rc = kb_question_choose(rec, last, job->arena, &question, &asked, err);
	job->question = asked.text;
	job->asked = how_asked(&asked);
	return rc;
}

static void read_state(struct kb_compress_job *job, struct kb_compressor *with)
{
	job->state = kb_arena_calloc(job->arena, 1, sizeof(*job->state));
	job->threads = kb_arena_calloc(job->arena, 1, sizeof(*job->threads));
	kb_dialogue_terms_read(&with->terms, &job->convo, with->analyzer);
	kb_threads_read(job->threads, &job->convo, &with->terms, with->intents);
	kb_state_read(job->state, &job->convo, &with->terms, job->threads,
		      job->options->gazetteer);
}

/* Of most conversations each turn goes or stays alone. */
static size_t *read_units(const struct kb_compress_job *job)
{
	size_t n = job->convo.n, *unit_of;

	if (job->convo.linked)
		return kb_exchanges(job->messages, n, job->arena);
	unit_of = kb_arena_alloc(job->arena, (n + 1) * sizeof(*unit_of));
	for (size_t i = 0; i < n; i++)
		unit_of[i] = i;
	return unit_of;
}

static int cut(struct kb_compress_job *job, struct kb_err *err)
{
	int rc;

	job->unit_of = read_units(job);
	if (job->options->append_only)
		return kb_append(job, err);
	rc = kb_select(job, err);
	if (rc == 0 && !job->options->no_summary && !job->over)
		kb_summarize(job);
	return rc;
}

struct kb_compressor *kb_compressor_new(
    const struct kb_compress_options *options)
{
	struct kb_compressor *c = kb_calloc(1, sizeof(*c));

	c->options = options;
	c->analyzer = kb_analyzer_new();
	kb_dialogue_terms_init(&c->terms);
	c->intents = kb_intents_new(options->intents);
	c->estimate = kb_token_counter_new(NULL);
	c->chosen = options->budget_tokens || options->ratio > 0
			? kb_token_counter_of_budget(options->tokenizer)
			: kb_token_counter_new(options->tokenizer);
	return c;
}

void kb_compressor_free(struct kb_compressor *c)
{
	if (!c)
		return;
	kb_analyzer_free(c->analyzer);
	kb_dialogue_terms_release(&c->terms);
	kb_intents_free(c->intents);
	kb_token_counter_free(c->estimate);
	kb_token_counter_free(c->chosen);
	free(c);
}

int kb_compress_apply(struct kb_compressor *compressor, struct kb_rec *rec,
		      struct kb_arena *arena, struct kb_err *err)
{
	struct kb_compress_job *job = kb_arena_calloc(arena, 1, sizeof(*job));
	int rc;

	job->options = compressor->options;
	job->arena = arena;
	job->terms = &compressor->terms;
	job->analyzer = compressor->analyzer;
	job->intents = compressor->intents;
	rc = read_input(job, compressor, rec, err);
	if (rc < 0)
		return rc;
	if (job->question.len)
		job->standalone = kb_convo_complete(&job->convo, job->question);
	add_up(job);
	job->fit = budget_of(job);
	job->why = kb_arena_calloc(arena, job->convo.n + 1, sizeof(*job->why));
	job->dropped = kb_arena_calloc(arena, job->convo.n + 1, sizeof(bool));
	job->shortened =
	    kb_arena_calloc(arena, job->convo.n + 1, sizeof(*job->shortened));
	/* A record within its budget pays for no more than the estimate. */
	if (job->convo.n && (job->fit == SIZE_MAX || job->before > job->fit))
		read_state(job, compressor);
	if (job->convo.n && job->before > job->fit)
		rc = cut(job, err);
	if (rc == 0)
		kb_compress_write(job, rec);
	return rc;
}
