#include "context/compress.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "context/salience.h"
#include "context/salience_weights.h"
#include "context/summary.h"
#include "record/exchange.h"
#include "record/question.h"
#include "text/lang.h"
#include "token/tokenizer.h"

/* Turns that go or stay together: an exchange with a tool, or one turn. */
struct unit {
	size_t first, tokens;
	size_t n_pins; /* of its turns, those that must stay */
	double value;
};

struct kb_compressor {
	const struct kb_compress_options *options;
	struct kb_analyzer *analyzer;
	struct kb_token_counter *estimate, *chosen;
};

struct job {
	const struct kb_compress_options *options;
	struct kb_token_counter *counter;
	const char *tokenizer;
	bool exact;
	struct kb_arena *arena;
	struct kb_json messages;
	struct kb_convo convo;
	struct unit *units; /* by its first turn; the others' hold nothing */
	size_t *unit_of;
	struct kb_str question; /* as asked */
	struct kb_completion standalone;
	struct kb_state *state; /* NULL: neither is read, nor told */
	struct kb_threads *threads;
	double *salience;
	size_t *order; /* turns by falling salience */
	bool *dropped;
	size_t n_dropped;
	size_t before, after, fit;
	struct kb_str summary;
	size_t summary_tokens;
	bool over;
};

/* ---- what stays ---- */

static void read_units(struct job *job)
{
	size_t n = job->convo.n;

	job->units = kb_arena_calloc(job->arena, n + 1, sizeof(*job->units));
	job->unit_of = kb_exchanges(job->messages, n, job->arena);
	for (size_t i = 0; i < n; i++) {
		struct unit *unit = &job->units[job->unit_of[i]];

		unit->first = job->unit_of[i];
		unit->tokens += job->convo.turns[i].tokens;
	}
}

/* Tokens of what must stay: system messages, the question, the last turns,
 * each with the exchange that it is part of; while that is too much, fewer of
 * the last turns, down to one. */
static size_t pin(struct job *job, size_t keep_last)
{
	size_t n = job->convo.n, tokens = KB_CONVO_TOKENS;
	size_t last = kb_convo_last_user(&job->convo);

	if (keep_last > n)
		keep_last = n;
	for (size_t i = 0; i < n; i++) {
		struct unit *unit = &job->units[job->unit_of[i]];
		bool always =
		    job->convo.turns[i].role == KB_ROLE_SYSTEM || i == last;

		if (!always && i + keep_last < n)
			continue;
		if (!unit->n_pins)
			tokens += unit->tokens;
		unit->n_pins += 1 + always;
	}
	for (; tokens > job->fit && keep_last > 1; --keep_last) {
		struct unit *unit = &job->units[job->unit_of[n - keep_last]];

		if (!--unit->n_pins)
			tokens -= unit->tokens;
	}
	return tokens;
}

/* What may go, with its value for its price. */
static size_t droppable(const struct job *job, struct unit *units)
{
	size_t n = 0;

	for (size_t i = 0; i < job->convo.n; i++) {
		struct unit *unit = &job->units[job->unit_of[i]];

		if (job->salience[i] > unit->value)
			unit->value = job->salience[i];
	}
	for (size_t i = 0; i < job->convo.n; i++) {
		if (job->unit_of[i] != i || job->units[i].n_pins)
			continue;
		units[n] = job->units[i];
		units[n].value /= pow((double)units[n].tokens, PRICE);
		n++;
	}
	return n;
}

static int by_value(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;

	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return x->first > y->first ? -1 : x->first < y->first;
}

static int by_salience(const void *a, const void *b, void *arg)
{
	const double *salience = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	if (salience[x] != salience[y])
		return salience[x] > salience[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void drop_others(struct job *job, size_t room)
{
	struct unit *units =
	    kb_arena_alloc(job->arena, (job->convo.n + 1) * sizeof(*units));
	size_t n = droppable(job, units);

	qsort(units, n, sizeof(*units), by_value);
	for (size_t i = 0; i < n; i++) {
		if (units[i].tokens <= room) {
			room -= units[i].tokens;
			continue;
		}
		assert(!units[i].n_pins);
		job->dropped[units[i].first] = true;
		job->after -= units[i].tokens;
	}
	/* The first of an exchange is settled before its others. */
	for (size_t i = 0; i < job->convo.n; i++) {
		job->dropped[i] = job->dropped[job->unit_of[i]];
		job->n_dropped += job->dropped[i];
	}
}

/* Room the summary gets: a fifth of what is not pinned, at most 400. */
static size_t summary_room(size_t free)
{
	size_t room = free / 5;

	if (room > 400)
		room = 400;
	return room < 24 ? 0 : room;
}

static void summarize(struct job *job, bool zh)
{
	size_t left = job->fit > job->after ? job->fit - job->after : 0;
	struct kb_buf out;

	if (job->options->no_summary || left < 24)
		return;
	kb_buf_init(&out, 1 << 20);
	kb_summary_write(&job->convo, job->state, job->dropped, job->order, zh,
			 job->counter,
			 (left < 600 ? left : 600) - KB_TURN_TOKENS, &out);
	job->summary_tokens =
	    KB_TURN_TOKENS + kb_token_count(job->counter, out.ptr, out.len);
	if (out.len && job->summary_tokens <= left) {
		job->summary = kb_arena_copy(job->arena, kb_buf_str(&out));
		job->after += job->summary_tokens;
	}
	kb_buf_release(&out);
}

static int compress(struct job *job, struct kb_analyzer *analyzer,
		    struct kb_err *err)
{
	const struct kb_compress_options *options = job->options;
	size_t pinned, n = job->convo.n;
	struct kb_str q = job->standalone.text;

	read_units(job);
	pinned = pin(job, options->keep_last);
	if (pinned > job->fit && options->over == KB_OVER_ERROR)
		return kb_err_set(err, KB_ELIMIT,
				  "system messages and the last turn need "
				  "%s%zu tokens, the budget leaves %zu",
				  job->exact ? "" : "about ", pinned, job->fit);
	job->over = pinned > job->fit;
	job->salience = kb_arena_alloc(job->arena, n * sizeof(double));
	assert(n > 0 && job->before > job->fit); /* else nobody cuts */
	job->order = kb_arena_alloc(job->arena, n * sizeof(*job->order));
	kb_salience(&job->convo, q, analyzer, job->salience);
	for (size_t i = 0; i < n; i++)
		job->order[i] = i;
	qsort_r(job->order, n, sizeof(*job->order), by_salience, job->salience);
	drop_others(job, job->over
			     ? 0
			     : job->fit - pinned -
				   (options->no_summary
					? 0
					: summary_room(job->fit - pinned)));
	summarize(job, kb_lang_main(q.ptr, q.len) == KB_LANG_ZH);
	return 0;
}

/* ---- what is written ---- */

static struct kb_str written(struct job *job, struct kb_buf *out)
{
	struct kb_str json = kb_arena_copy(job->arena, kb_buf_str(out));

	kb_buf_release(out);
	return json;
}

static void write_messages(struct job *job, struct kb_rec *rec)
{
	bool summary_due = job->summary.len > 0;
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_arr(&w);
	for (size_t i = 0; i < job->convo.n; i++) {
		const struct kb_turn *t = &job->convo.turns[i];

		if (summary_due && t->role != KB_ROLE_SYSTEM) {
			kb_jw_obj(&w);
			kb_jw_key(&w, "role");
			kb_jw_cstr(&w, "user");
			kb_jw_key(&w, "content");
			kb_jw_str(&w, job->summary);
			kb_jw_end(&w);
			summary_due = false;
		}
		if (!job->dropped[i])
			kb_jw_raw(&w, (struct kb_str){t->raw.ptr, t->raw.len});
	}
	kb_jw_end(&w);
	kb_rec_set(rec, "messages", written(job, &out));
}

static void write_threads(const struct job *job, struct kb_jw *w)
{
	const struct kb_threads *threads = job->threads;

	kb_jw_arr(w);
	for (size_t t = 0; t < threads->n; t++) {
		kb_jw_obj(w);
		kb_jw_key(w, "id");
		kb_jw_int(w, (int64_t)t + 1);
		kb_jw_key(w, "label");
		kb_jw_str(w, threads->items[t].label);
		kb_jw_key(w, "turns");
		kb_jw_arr(w);
		for (size_t i = 0; i < job->convo.n; i++)
			if (threads->of_turn[i] == t)
				kb_jw_int(w, (int64_t)i);
		kb_jw_end(w);
		kb_jw_end(w);
	}
	kb_jw_end(w);
}

static void write_compression(struct job *job, struct kb_rec *rec)
{
	struct kb_buf out;
	struct kb_jw w;

	kb_buf_init(&out, 0);
	kb_jw_init(&w, &out);
	kb_jw_obj(&w);
	kb_jw_key(&w, "tokens_before");
	kb_jw_int(&w, (int64_t)job->before);
	kb_jw_key(&w, "tokens_after");
	kb_jw_int(&w, (int64_t)job->after);
	kb_jw_key(&w, "exact");
	kb_jw_bool(&w, job->exact);
	kb_jw_key(&w, "tokenizer");
	kb_jw_cstr(&w, job->tokenizer);
	if (job->over) {
		kb_jw_key(&w, "over");
		kb_jw_bool(&w, true);
	}
	if (job->state) {
		kb_jw_key(&w, "state");
		kb_state_write(job->state, &w);
		kb_jw_key(&w, "threads");
		write_threads(job, &w);
	}
	kb_jw_key(&w, "dropped");
	kb_jw_arr(&w);
	for (size_t i = 0; i < job->convo.n; i++)
		if (job->dropped[i])
			kb_jw_int(&w, (int64_t)i);
	kb_jw_end(&w);
	kb_jw_key(&w, "summary");
	if (job->summary.len)
		kb_jw_str(&w, job->summary);
	else
		kb_jw_null(&w);
	kb_jw_end(&w);
	kb_rec_set(rec, "compression", written(job, &out));
}

/* ---- what is read ---- */

static int read_convo(struct job *job, const struct kb_rec *rec,
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
static bool surely_fits(const struct job *job)
{
	const struct kb_compress_options *o = job->options;
	size_t most = job->convo.most_tokens;

	return !kb_tokenizer_is_chosen(o->tokenizer) && !(o->ratio > 0) &&
	       o->budget_tokens && most <= o->budget_tokens &&
	       o->budget_tokens - most >= KB_CONVO_TOKENS;
}

/* Estimated first where that may do. */
static int count_convo(struct job *job, const struct kb_compressor *with,
		       const struct kb_rec *rec, struct kb_err *err)
{
	const struct kb_tokenizer *tokenizer = job->options->tokenizer;
	int rc;

	if (!kb_tokenizer_is_chosen(tokenizer)) {
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

static void add_up(struct job *job)
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
static size_t budget_of(const struct job *job)
{
	const struct kb_compress_options *o = job->options;
	size_t budget = o->budget_tokens ? o->budget_tokens : SIZE_MAX;

	if (o->ratio > 0 && (double)job->before * o->ratio < (double)budget)
		return (size_t)((double)job->before * o->ratio);
	return budget == SIZE_MAX || surely_fits(job)
		   ? budget
		   : kb_tokenizer_within(o->tokenizer, budget);
}

static int read_input(struct job *job, const struct kb_compressor *with,
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
	return rc;
}

static void read_state(struct job *job, struct kb_analyzer *analyzer)
{
	job->state = kb_arena_calloc(job->arena, 1, sizeof(*job->state));
	job->threads = kb_arena_calloc(job->arena, 1, sizeof(*job->threads));
	kb_state_read(job->state, &job->convo);
	kb_threads_read(job->threads, &job->convo, analyzer);
}

struct kb_compressor *kb_compressor_new(
    const struct kb_compress_options *options)
{
	struct kb_compressor *c = kb_calloc(1, sizeof(*c));

	c->options = options;
	c->analyzer = kb_analyzer_new();
	c->estimate = kb_token_counter_new(NULL);
	c->chosen = kb_token_counter_new(options->tokenizer);
	return c;
}

void kb_compressor_free(struct kb_compressor *c)
{
	if (!c)
		return;
	kb_analyzer_free(c->analyzer);
	kb_token_counter_free(c->estimate);
	kb_token_counter_free(c->chosen);
	free(c);
}

int kb_compress_apply(struct kb_compressor *compressor, struct kb_rec *rec,
		      struct kb_arena *arena, struct kb_err *err)
{
	struct job *job = kb_arena_calloc(arena, 1, sizeof(*job));
	struct kb_analyzer *analyzer = compressor->analyzer;
	int rc;

	job->options = compressor->options;
	job->arena = arena;
	rc = read_input(job, compressor, rec, err);
	if (rc < 0)
		return rc;
	if (job->question.len)
		job->standalone = kb_convo_complete(&job->convo, job->question);
	add_up(job);
	job->fit = budget_of(job);
	job->dropped = kb_arena_calloc(arena, job->convo.n + 1, sizeof(bool));
	/* A record within its budget pays for no more than the estimate. */
	if (job->convo.n && (job->fit == SIZE_MAX || job->before > job->fit))
		read_state(job, analyzer);
	if (job->convo.n && job->before > job->fit)
		rc = compress(job, analyzer, err);
	if (rc < 0)
		return rc;
	if (job->n_dropped)
		write_messages(job, rec);
	if (job->convo.n)
		write_compression(job, rec);
	if (job->standalone.text.len)
		kb_rec_set_str(rec, "standalone", job->standalone.text);
	return 0;
}
