#include "context/append.h"

#include <assert.h>

#include "context/select.h"
#include "context/summarize.h"

/* The part of the budget that is left by a cut. */
#define LOW_SHARE 0.5

struct freezing {
	struct kb_compress_job *job;
	struct kb_compress_options options; /* of a cut */
	size_t *live;			    /* the turns that are there */
	size_t *place;			    /* of each turn among them */
	size_t n_live, tokens;		    /* theirs, with their frame */
	size_t *costs;			    /* of each turn as it stands now */
	size_t high, low;
	size_t after_cut; /* tokens that the last one left */
	bool over;	  /* it left more than the high-water mark */
};

void kb_append_marks(const struct kb_compress_job *job, size_t *high,
		     size_t *low)
{
	size_t room;

	*low = (size_t)((double)job->fit * LOW_SHARE);
	room = kb_summary_room(job, *low);
	*high = job->fit > room ? job->fit - room : 0;
	*low = *low > room ? *low - room : 0;
}

/* The turns that are there as a conversation of their own. What is a sentence
 * already has no message, so that it is cut no further. */
static void make_view(const struct freezing *f, struct kb_compress_job *view)
{
	struct kb_compress_job *job = f->job;
	size_t n = f->n_live;

	*view = (struct kb_compress_job){
	    .options = &f->options,
	    .counter = job->counter,
	    .exact = job->exact,
	    .arena = job->arena,
	    .terms = job->terms,
	    .analyzer = job->analyzer,
	    .asked = KB_ASKED_NOTHING,
	    .standalone.text = KB_STR(""),
	    .before = f->tokens,
	    .after = f->tokens,
	    .fit = f->low,
	    .convo = {.n = n, .arena = job->arena},
	};
	view->convo.turns =
	    kb_arena_alloc(job->arena, (n + 1) * sizeof(*view->convo.turns));
	view->unit_of =
	    kb_arena_alloc(job->arena, (n + 1) * sizeof(*view->unit_of));
	view->why = kb_arena_calloc(job->arena, n + 1, sizeof(*view->why));
	view->dropped =
	    kb_arena_calloc(job->arena, n + 1, sizeof(*view->dropped));
	view->shortened =
	    kb_arena_calloc(job->arena, n + 1, sizeof(*view->shortened));
	for (size_t i = 0; i < n; i++) {
		size_t turn = f->live[i];

		view->convo.turns[i] = job->convo.turns[turn];
		view->convo.turns[i].tokens = f->costs[turn];
		view->unit_of[i] = f->place[job->unit_of[turn]];
		if (job->shortened[turn].len) {
			view->convo.turns[i].text = job->shortened[turn];
			view->convo.turns[i].raw = (struct kb_json){0};
		}
	}
}

/* Give the conversation what became of its turns. */
static void take_view(struct freezing *f, const struct kb_compress_job *view)
{
	struct kb_compress_job *job = f->job;
	size_t n = 0;

	for (size_t i = 0; i < f->n_live; i++) {
		size_t turn = f->live[i];

		job->why[turn] = view->why[i];
		if (view->dropped[i]) {
			job->dropped[turn] = true;
			continue;
		}
		if (view->shortened[i].len) {
			job->shortened[turn] = view->shortened[i];
			f->costs[turn] = view->costs[i];
		}
		f->place[turn] = n;
		f->live[n++] = turn;
	}
	f->n_live = n;
	f->tokens = f->after_cut = view->after;
	f->over = f->tokens > f->high;
}

static int cut(struct freezing *f, size_t turn, struct kb_err *err)
{
	struct kb_compress_job *view =
	    kb_arena_calloc(f->job->arena, 1, sizeof(*view));
	int rc;

	make_view(f, view);
	kb_dialogue_terms_read(f->job->terms, &view->convo, f->job->analyzer);
	rc = kb_select(view, err);
	if (rc == 0)
		take_view(f, view);
	f->job->frozen.cuts++;
	f->job->frozen.turn = turn;
	return rc;
}

/* Is a cut due behind this turn? One that left too much is made again when half
 * as much has come, or at the end: else a record would be cut behind every
 * turn. */
static bool is_due(const struct freezing *f, size_t turn)
{
	if (f->tokens <= f->high)
		return false;
	return !f->over || (f->tokens - f->after_cut) * 2 >= f->after_cut ||
	       turn + 1 == f->job->convo.n;
}

static int freeze(struct freezing *f, struct kb_err *err)
{
	struct kb_compress_job *job = f->job;
	int rc = 0;

	for (size_t i = 0; i < job->convo.n && rc == 0; i++) {
		job->why[i] = KB_WHY_FITS;
		/* The answer to a call that is gone. */
		if (job->dropped[job->unit_of[i]]) {
			job->dropped[i] = true;
			job->why[i] = KB_WHY_BUDGET;
			continue;
		}
		f->place[i] = f->n_live;
		f->live[f->n_live++] = i;
		f->costs[i] = job->convo.turns[i].tokens;
		f->tokens += f->costs[i];
		if (is_due(f, i))
			rc = cut(f, i, err);
	}
	return rc;
}

/* What the dropped turns leave, as it was when they were cut. */
static void sum_up(struct kb_compress_job *job, size_t room)
{
	struct kb_compress_job *then =
	    kb_arena_calloc(job->arena, 1, sizeof(*then));
	size_t first;

	*then = *job;
	then->convo.n = job->frozen.turn + 1;
	then->state = kb_arena_calloc(job->arena, 1, sizeof(*then->state));
	then->threads = kb_arena_calloc(job->arena, 1, sizeof(*then->threads));
	kb_dialogue_terms_read(job->terms, &then->convo, job->analyzer);
	kb_threads_read(then->threads, &then->convo, job->terms, job->intents);
	kb_state_read(then->state, &then->convo, job->terms, then->threads,
		      job->options->gazetteer);
	/* Its language is that of the first turn, which stays the first. */
	for (first = 0; first < then->convo.n; first++)
		if (then->convo.turns[first].role == KB_ROLE_USER)
			break;
	then->standalone.text =
	    first < then->convo.n ? then->convo.turns[first].text : KB_STR("");
	then->question = KB_STR("");
	then->after = 0;
	then->fit = room;
	kb_summarize(then);
	job->summary = then->summary;
	job->written = then->written;
	job->degraded = then->degraded;
	job->after += then->after;
}

int kb_append(struct kb_compress_job *job, struct kb_err *err)
{
	size_t n = job->convo.n;
	struct freezing f = {
	    .job = job, .options = *job->options, .tokens = KB_CONVO_TOKENS};
	int rc;

	assert(n > 0 && job->before > job->fit);
	f.options.over = KB_OVER_FLAG;
	f.options.summarizer = NULL;
	f.live = kb_arena_alloc(job->arena, (n + 1) * sizeof(*f.live));
	f.place = kb_arena_calloc(job->arena, n + 1, sizeof(*f.place));
	f.costs = kb_arena_calloc(job->arena, n + 1, sizeof(*f.costs));
	kb_append_marks(job, &f.high, &f.low);
	rc = freeze(&f, err);
	if (rc < 0)
		return rc;
	job->over = f.tokens > job->fit;
	if (job->over && job->options->over == KB_OVER_ERROR)
		return kb_err_set(err, KB_ELIMIT,
				  "what must stay needs %s%zu tokens, the "
				  "budget leaves %zu",
				  job->exact ? "" : "about ", f.tokens,
				  job->fit);
	job->after = f.tokens;
	for (size_t i = 0; i < n; i++) {
		job->n_dropped += job->dropped[i];
		job->n_shortened +=
		    !job->dropped[i] && job->shortened[i].len > 0;
		if (job->dropped[i])
			job->shortened[i] = KB_STR("");
	}
	if (!job->options->no_summary && !job->over)
		sum_up(job, job->fit - f.high);
	return 0;
}
