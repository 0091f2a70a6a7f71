#include "context/select.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "context/salience_weights.h"
#include "context/shorten.h"
#include "context/summarize.h"
#include "dialogue/constraint.h"

/* Turns that are looked at for their best sentence, and tokens that may hold
 * one. */
#define MAX_TRIED   64
#define SHORT_LEAST 12

enum pinned { PINNED_SYSTEM, PINNED_ASKED, PINNED_DEMANDED, PINNED_KINDS };

/* Turns that go or stay together: an exchange with a tool, or one turn. */
struct unit {
	size_t first, tokens, n_turns;
	size_t n_pins; /* of its turns, those that must stay */
	double value;  /* salience, less its price */
};

struct selection {
	struct kb_compress_job *job;
	struct unit *units; /* by its first turn; the others' hold nothing */
	const size_t *unit_of;
	size_t pinned[PINNED_KINDS]; /* tokens, for who must be told */
	struct kb_shortener shortener;
	size_t n_tried; /* turns, for a shorter form */
};

/* ---- what must stay ---- */

static void read_units(struct selection *s)
{
	struct kb_compress_job *job = s->job;
	size_t n = job->convo.n;

	s->units = kb_arena_calloc(job->arena, n + 1, sizeof(*s->units));
	s->unit_of = job->unit_of;
	for (size_t i = 0; i < n; i++) {
		struct unit *unit = &s->units[s->unit_of[i]];

		unit->first = s->unit_of[i];
		unit->n_turns++;
		unit->tokens += job->convo.turns[i].tokens;
	}
}

/* Why a turn must stay whatever else is said; PINNED_KINDS: it need not. */
static enum pinned pin_of(const struct kb_turn *turn, bool is_last_user)
{
	if (turn->role == KB_ROLE_SYSTEM)
		return PINNED_SYSTEM;
	if (is_last_user)
		return PINNED_ASKED;
	if (turn->role == KB_ROLE_USER && kb_is_constraint(kb_turn_said(turn)))
		return PINNED_DEMANDED;
	return PINNED_KINDS;
}

/* Tokens of what must stay, each with the exchange that it is part of; while
 * that is too much, fewer of the last turns, down to one. */
static size_t pin(struct selection *s, size_t keep_last)
{
	static const enum kb_why why[] = {
	    [PINNED_SYSTEM] = KB_WHY_SYSTEM,
	    [PINNED_ASKED] = KB_WHY_ASKED,
	    [PINNED_DEMANDED] = KB_WHY_DEMANDED,
	    [PINNED_KINDS] = KB_WHY_LAST,
	};
	const struct kb_compress_job *job = s->job;
	size_t n = job->convo.n, tokens = KB_CONVO_TOKENS;
	size_t last = kb_convo_last_user(&job->convo);

	if (keep_last > n)
		keep_last = n;
	for (size_t i = 0; i < n; i++) {
		struct unit *unit = &s->units[s->unit_of[i]];
		enum pinned kind = pin_of(&job->convo.turns[i], i == last);

		if (kind == PINNED_KINDS && i + keep_last < n)
			continue;
		job->why[i] = why[kind];
		if (!unit->n_pins) {
			tokens += unit->tokens;
			s->pinned[kind == PINNED_KINDS ? PINNED_ASKED : kind] +=
			    unit->tokens;
		}
		unit->n_pins += kind == PINNED_KINDS ? 1 : 2;
	}
	for (; tokens > job->fit && keep_last > 1; --keep_last) {
		struct unit *unit = &s->units[s->unit_of[n - keep_last]];

		if (job->why[n - keep_last] == KB_WHY_LAST)
			job->why[n - keep_last] = KB_WHY_BUDGET;
		if (!--unit->n_pins) {
			tokens -= unit->tokens;
			s->pinned[PINNED_ASKED] -= unit->tokens;
		}
	}
	return tokens;
}

static int too_much(const struct selection *s, size_t pinned,
		    struct kb_err *err)
{
	return kb_err_set(
	    err, KB_ELIMIT,
	    "system messages (%zu), the question and the last turn (%zu) and "
	    "what the user demanded or corrected (%zu) need %s%zu tokens, the "
	    "budget leaves %zu",
	    s->pinned[PINNED_SYSTEM], s->pinned[PINNED_ASKED],
	    s->pinned[PINNED_DEMANDED], s->job->exact ? "" : "about ", pinned,
	    s->job->fit);
}

/* ---- what may stay ---- */

/* The tokens of a whole turn whose text is another one. */
static size_t tokens_as(const struct kb_compress_job *job,
			const struct kb_turn *turn, struct kb_str text)
{
	return turn->tokens - turn->text_tokens +
	       kb_token_count(job->counter, text.ptr, text.len);
}

/* What may go, with its value for its price. An exchange is worth its best
 * turn. */
static size_t droppable(const struct selection *s, struct unit *units)
{
	const struct kb_compress_job *job = s->job;
	size_t n = 0;

	for (size_t i = 0; i < job->convo.n; i++) {
		struct unit *unit = &s->units[s->unit_of[i]];

		if (unit->first == i || job->salience[i] > unit->value)
			unit->value = job->salience[i];
	}
	for (size_t i = 0; i < job->convo.n; i++) {
		if (s->unit_of[i] != i || s->units[i].n_pins)
			continue;
		units[n] = s->units[i];
		units[n].value -= PRICE * log((double)units[n].tokens);
		n++;
	}
	return n;
}

/* Exchanges first, the newest of them; then by value. */
static int by_value(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	bool tool_x = x->n_turns > 1, tool_y = y->n_turns > 1;

	if (tool_x != tool_y)
		return tool_x ? -1 : 1;
	if (tool_x)
		return x->first > y->first ? -1 : x->first < y->first;
	if (x->value != y->value)
		return x->value > y->value ? -1 : 1;
	return x->first > y->first ? -1 : x->first < y->first;
}

static bool *asked_terms(struct kb_compress_job *job)
{
	bool *asked =
	    kb_arena_calloc(job->arena, job->terms->n + 1, sizeof(*asked));
	struct kb_str q = job->standalone.text;
	struct kb_terms found = {0};

	kb_analyze(job->analyzer, q.ptr, q.len, &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct kb_dialogue_term *t =
		    kb_dialogue_term(job->terms, found.items[i].key);

		if (t)
			asked[t - job->terms->items] = true;
	}
	kb_terms_release(&found);
	return asked;
}

/* A turn that does not fit as its best sentence. Are its tokens within 'room'?
 * They are taken from it then. */
static bool shorten(struct selection *s, const struct unit *unit, size_t *room)
{
	struct kb_compress_job *job = s->job;
	const struct kb_turn *turn = &job->convo.turns[unit->first];
	struct kb_str text;
	size_t tokens;

	if (unit->n_turns > 1 || job->options->no_summary ||
	    *room < SHORT_LEAST || s->n_tried == MAX_TRIED)
		return false;
	s->n_tried++;
	text = kb_shorten(&s->shortener, turn, job->arena);
	if (!text.len)
		return false;
	tokens = tokens_as(job, turn, text);
	if (tokens > *room || tokens >= unit->tokens)
		return false;
	*room -= tokens;
	job->shortened[unit->first] = text;
	job->costs[unit->first] = tokens;
	job->after -= unit->tokens - tokens;
	job->n_shortened++;
	return true;
}

/* What a turn that nobody demands has most of above the others. */
static enum kb_why most_of(const struct kb_salience_parts *p)
{
	if (p->question > p->novelty && p->question > p->prior)
		return KB_WHY_QUESTION;
	return p->novelty > p->prior ? KB_WHY_NOVELTY : KB_WHY_PRIOR;
}

static void explain(const struct selection *s)
{
	struct kb_compress_job *job = s->job;

	for (size_t i = 0; i < job->convo.n; i++) {
		const struct unit *unit = &s->units[s->unit_of[i]];

		if (job->why[i] != KB_WHY_BUDGET || job->dropped[i] ||
		    job->shortened[i].len)
			continue;
		job->why[i] = unit->n_pins || unit->n_turns > 1
				  ? KB_WHY_EXCHANGE
				  : most_of(&job->parts[i]);
	}
}

/* Keep within 'room' tokens what is worth most for its price; drop the rest. */
static void choose(struct selection *s, size_t room)
{
	struct kb_compress_job *job = s->job;
	struct unit *units =
	    kb_arena_alloc(job->arena, (job->convo.n + 1) * sizeof(*units));
	size_t n = droppable(s, units);

	qsort(units, n, sizeof(*units), by_value);
	for (size_t i = 0; i < n; i++) {
		if (units[i].tokens <= room) {
			room -= units[i].tokens;
			continue;
		}
		assert(!units[i].n_pins);
		if (shorten(s, &units[i], &room))
			continue;
		job->dropped[units[i].first] = true;
		job->after -= units[i].tokens;
	}
	/* The first of an exchange is settled before its others. */
	for (size_t i = 0; i < job->convo.n; i++) {
		job->dropped[i] = job->dropped[s->unit_of[i]];
		job->n_dropped += job->dropped[i];
	}
}

/* What was said in threads that are idle is needed less. */
static void turn_to_open(struct kb_compress_job *job)
{
	const struct kb_threads *threads = job->threads;

	if (!threads || !threads->by_intents)
		return;
	for (size_t i = 0; i < job->convo.n; i++)
		if (threads->of_turn[i] < threads->n &&
		    threads->of_turn[i] != threads->open)
			job->salience[i] += log(IDLE_THREAD);
}

int kb_select(struct kb_compress_job *job, struct kb_err *err)
{
	const struct kb_compress_options *options = job->options;
	struct selection s = {
	    .job = job,
	    .shortener = {.terms = job->terms, .analyzer = job->analyzer}};
	size_t n = job->convo.n, pinned, free;

	assert(n > 0 && job->before > job->fit); /* else nobody cuts */
	job->costs = kb_arena_calloc(job->arena, n + 1, sizeof(*job->costs));
	read_units(&s);
	for (size_t i = 0; i < n; i++)
		job->why[i] = KB_WHY_BUDGET;
	pinned = pin(&s, (size_t)options->keep_last);
	if (pinned > job->fit && options->over == KB_OVER_ERROR)
		return too_much(&s, pinned, err);
	job->over = pinned > job->fit;
	job->salience = kb_arena_alloc(job->arena, n * sizeof(double));
	if (options->explain)
		job->parts =
		    kb_arena_alloc(job->arena, n * sizeof(*job->parts));
	kb_salience(&job->convo, job->terms, job->standalone.text, job->asked,
		    job->analyzer, job->salience, job->parts);
	turn_to_open(job);
	if (job->asked >= KB_ASKED_TURN)
		s.shortener.asked = asked_terms(job);
	free = job->over ? 0 : job->fit - pinned;
	choose(&s, free - kb_summary_reserve(job, free));
	if (job->parts)
		explain(&s);
	kb_shortener_release(&s.shortener);
	return 0;
}
