#include "context/summarize.h"

#include <math.h>
#include <stdlib.h>

#include "base/shared_child.h"
#include "claim/refusal.h"
#include "context/salience_weights.h"
#include "context/summary.h"
#include "context/summary_check.h"
#include "record/error_member.h"
#include "record/members.h"
#include "record/reasoning.h"
#include "text/lang.h"
#include "text/sentence.h"
#include "json/rec.h"
#include "json/write.h"

/* Tokens of a summary at least and at most. */
#define SUMMARY_LEAST 16
#define SUMMARY_MOST  200
#define WRITTEN_MOST  400 /* of one that a model writes */

struct kb_summarizer {
	struct kb_shared_child *child;
	int timeout_ms;
};

int kb_summarizer_open(struct kb_summarizer **out, const char *command,
		       double timeout_s, struct kb_err *err)
{
	struct kb_summarizer *s;
	int rc;

	*out = NULL;
	if (!command)
		return 0;
	s = kb_calloc(1, sizeof(*s));
	s->timeout_ms = (int)fmin(timeout_s * 1000, 1e9);
	s->child = kb_shared_child_new(command, NULL);
	rc = kb_shared_child_start(s->child, err);
	if (rc < 0)
		kb_summarizer_close(s);
	else
		*out = s;
	return rc;
}

void kb_summarizer_close(struct kb_summarizer *s)
{
	if (!s)
		return;
	kb_shared_child_free(s->child);
	free(s);
}

static size_t most(const struct kb_compress_job *job)
{
	return job->options->summarizer ? WRITTEN_MOST : SUMMARY_MOST;
}

/* ---- what is asked ---- */

/* Of each value of the state, was it settled, not replaced since, and is what
 * is left of its turn without it? */
static bool *find_lost(const struct kb_compress_job *job)
{
	const struct kb_state *state = job->state;
	bool *lost = kb_arena_calloc(job->arena, KB_STATE_SLOTS, sizeof(*lost));

	for (size_t i = 0; i < state->n_slots; i++) {
		const struct kb_slot *s = &state->slots[i];
		struct kb_str rest = job->shortened[s->turn];

		lost[i] = s->settled && s->superseded == KB_NOT_SUPERSEDED &&
			  (job->dropped[s->turn] ||
			   (rest.len && !kb_str_has(rest, s->value)));
	}
	return lost;
}

static void read_source(const struct kb_compress_job *job, const bool *lost,
			struct kb_summary_source *source, struct kb_buf *text)
{
	struct kb_str *values =
	    kb_arena_alloc(job->arena, KB_STATE_SLOTS * sizeof(*values));

	for (size_t i = 0; i < job->convo.n; i++) {
		const struct kb_turn *t = &job->convo.turns[i];

		if (!job->dropped[i] || !t->text.len)
			continue;
		if (t->name.len) {
			kb_buf_add_str(text, t->name);
			kb_buf_add_cstr(text, ": ");
		}
		kb_buf_add_str(text, t->text);
		kb_buf_add_char(text, '\n');
	}
	*source =
	    (struct kb_summary_source){.text = kb_buf_str(text),
				       .values = values,
				       .gazetteer = job->options->gazetteer};
	for (size_t i = 0; i < job->state->n_slots; i++)
		if (lost[i] && job->dropped[job->state->slots[i].turn])
			values[source->n_values++] = job->state->slots[i].value;
}

static void write_turns(const struct kb_compress_job *job, struct kb_jw *w)
{
	kb_jw_key(w, "messages");
	kb_jw_arr(w);
	for (size_t i = 0; i < job->convo.n; i++) {
		const struct kb_turn *t = &job->convo.turns[i];

		if (!job->dropped[i] || !t->text.len)
			continue;
		kb_jw_obj(w);
		kb_jw_key(w, "role");
		kb_jw_cstr(w,
			   t->role == KB_ROLE_ASSISTANT ? "assistant" : "user");
		if (t->name.len) {
			kb_jw_key(w, "name");
			kb_jw_str(w, t->name);
		}
		kb_jw_key(w, "content");
		kb_jw_str(w, t->text);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void write_request(const struct kb_compress_job *job,
			  const struct kb_summary_source *source,
			  size_t max_tokens, struct kb_buf *out)
{
	struct kb_jw w;

	kb_jw_init(&w, out);
	kb_jw_obj(&w);
	if (job->question.len) {
		kb_jw_key(&w, "query");
		kb_jw_str(&w, job->question);
	}
	write_turns(job, &w);
	kb_jw_key(&w, "values");
	kb_jw_arr(&w);
	for (size_t i = 0; i < source->n_values; i++)
		kb_jw_str(&w, source->values[i]);
	kb_jw_end(&w);
	kb_jw_count(&w, "max_tokens", max_tokens);
	kb_jw_end(&w);
}

/* ---- what is answered ---- */

/* "I don't know": its first sentence is about the one who was asked. */
static bool refuses(struct kb_str text)
{
	struct kb_sentence_it it = {.text = text.ptr, .len = text.len};
	size_t start, end;

	return kb_sentence_next(&it, &start, &end) &&
	       kb_is_refusal((struct kb_str){text.ptr + start, end - start});
}

int kb_summary_read(struct kb_str line, struct kb_arena *arena,
		    struct kb_str *summary, struct kb_err *err)
{
	char quoted[KB_QUOTE_MAX];
	struct kb_rec rec;
	struct kb_str why;
	int rc = kb_rec_scan(&rec, arena, line.ptr, line.len, err);

	if (rc)
		return rc;
	if (kb_error_is_set(&rec)) {
		why = kb_error_message(&rec);
		return kb_err_set(err, KB_EREMOTE, "%s",
				  kb_err_quote(quoted, why.ptr, why.len));
	}
	if (!kb_answer_text(&rec, summary))
		return kb_err_set(err, KB_EREMOTE, "no summary came back");
	*summary = kb_str_trim(kb_reasoning_blanked(*summary, arena));
	if (!summary->len)
		return kb_err_set(err, KB_EREMOTE, "an empty summary");
	if (refuses(*summary))
		return kb_err_set(
		    err, KB_EREMOTE, "no summary: '%s'",
		    kb_err_quote(quoted, summary->ptr, summary->len));
	return 0;
}

static int ask(const struct kb_compress_job *job,
	       const struct kb_summary_source *source, size_t max_tokens,
	       struct kb_str *summary, struct kb_err *why)
{
	const struct kb_summarizer *s = job->options->summarizer;
	struct kb_buf line, answer;
	int rc;

	kb_buf_init(&line, 0);
	kb_buf_init(&answer, 0);
	write_request(job, source, max_tokens, &line);
	rc = kb_shared_child_ask(s->child, kb_buf_str(&line), s->timeout_ms,
				 &answer, why);
	if (!rc)
		rc = kb_summary_read(
		    kb_arena_copy(job->arena, kb_buf_str(&answer)), job->arena,
		    summary, why);
	kb_buf_release(&line);
	kb_buf_release(&answer);
	return rc;
}

/* ---- together ---- */

static bool speaks_chinese(const struct kb_compress_job *job)
{
	struct kb_str q = job->standalone.text;

	return kb_lang_main(q.ptr, q.len) == KB_LANG_ZH;
}

/* Take the text as the summary when it is within 'left' tokens. Returns what it
 * costs. */
static size_t take(struct kb_compress_job *job, struct kb_str text, size_t left)
{
	size_t tokens =
	    KB_TURN_TOKENS + kb_token_count(job->counter, text.ptr, text.len);

	if (text.len && tokens <= left) {
		job->summary = kb_arena_copy(job->arena, text);
		job->after += tokens;
	}
	return tokens;
}

/* What is wrong with the child's summary, in the arena; NULL: it is taken. */
static const char *take_written(struct kb_compress_job *job,
				const struct kb_summary_source *source,
				size_t left)
{
	struct kb_summary_check check;
	struct kb_str said;
	struct kb_buf out;
	struct kb_err why;
	const char *fault;
	size_t tokens;

	if (ask(job, source, left, &said, &why))
		return kb_arena_printf(job->arena, "%s", why.msg);
	kb_buf_init(&out, 0);
	kb_summary_begin(speaks_chinese(job), &out);
	kb_summary_add(&out, said);
	tokens =
	    KB_TURN_TOKENS + kb_token_count(job->counter, out.ptr, out.len);
	if (tokens > left) {
		kb_buf_release(&out);
		return kb_arena_printf(job->arena,
				       "it has %zu tokens, %zu are free",
				       tokens, left);
	}
	kb_summary_check_init(&check, job->analyzer);
	fault = kb_summary_fault(&check, said, source, job->arena);
	if (!fault)
		take(job, kb_buf_str(&out), left);
	kb_summary_check_release(&check);
	kb_buf_release(&out);
	return fault;
}

static void take_values(struct kb_compress_job *job, const bool *lost,
			size_t left)
{
	struct kb_buf out;

	kb_buf_init(&out, 1 << 20);
	kb_summary_write(job->state, job->threads, lost, speaks_chinese(job),
			 job->counter, left - KB_TURN_TOKENS, &out);
	take(job, kb_buf_str(&out), left);
	kb_buf_release(&out);
}

void kb_summarize(struct kb_compress_job *job)
{
	size_t left = job->fit > job->after ? job->fit - job->after : 0;
	struct kb_summary_source source;
	const char *why = NULL;
	struct kb_buf text;
	bool *lost;

	if (left > most(job))
		left = most(job);
	if (left < SUMMARY_LEAST)
		return;
	lost = find_lost(job);
	if (job->options->summarizer && job->n_dropped) {
		kb_buf_init(&text, 0);
		read_source(job, lost, &source, &text);
		why = take_written(job, &source, left);
		job->written = !why;
		kb_buf_release(&text);
	}
	if (why)
		job->degraded = kb_arena_printf(job->arena, "summary: %s", why);
	if (!job->summary.len)
		take_values(job, lost, left);
}

static bool settled(const struct kb_state *state)
{
	for (size_t i = 0; i < state->n_slots; i++)
		if (state->slots[i].settled)
			return true;
	return false;
}

size_t kb_summary_room(const struct kb_compress_job *job, size_t free)
{
	bool written = job->options->summarizer != NULL;
	size_t room =
	    (size_t)((double)free * (written ? RESERVE_WRITTEN : RESERVE));

	if (job->options->no_summary)
		return 0;
	return room < most(job) ? room : most(job);
}

size_t kb_summary_reserve(const struct kb_compress_job *job, size_t free)
{
	if (!job->options->summarizer && !(job->state && settled(job->state)))
		return 0;
	return kb_summary_room(job, free);
}
