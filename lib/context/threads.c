#include "context/threads.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "context/complete.h"
#include "context/phrase.h"
#include "context/threads_weights.h"
#include "text/literals.h"
#include "text/words.h"

#define NO_THREAD  255
#define LEAN_TURNS 256

struct branches {
	struct kb_threads *threads;
	const struct kb_convo *convo;
	struct kb_analyzer *analyzer;
	struct kb_terms terms;
	struct kb_map df;   /* turns a term occurs in */
	struct kb_map seen; /* term mixed with thread */
};

static bool counts(const struct kb_term *t)
{
	enum kb_term_class c = kb_term_class(t->key);

	if (c == KB_TERM_HAN1)
		return false;
	return c != KB_TERM_EXACT;
}

static void analyze(struct branches *b, size_t turn)
{
	kb_terms_reset(&b->terms);
	kb_analyze(b->analyzer, b->convo->turns[turn].text.ptr,
		   b->convo->turns[turn].text.len, &b->terms);
}

static void count_turns(struct branches *b)
{
	struct kb_map last;

	kb_map_init(&last);
	for (size_t i = 0; i < b->convo->n; i++) {
		analyze(b, i);
		for (size_t k = 0; k < b->terms.n; k++) {
			uint64_t *turn =
			    kb_map_put(&last, b->terms.items[k].key, NULL);

			if (*turn != i + 1)
				++*kb_map_put(&b->df, b->terms.items[k].key,
					      NULL);
			*turn = i + 1;
		}
	}
	kb_map_release(&last);
}

static uint64_t in_thread(uint64_t key, size_t thread)
{
	return key * 0x9e3779b97f4a7c15u + thread;
}

static double weight(const struct branches *b, uint64_t key)
{
	const uint64_t *df = kb_map_get(&b->df, key);

	return log(1 + (double)b->convo->n / (double)(df ? *df : 1));
}

/* The share of the analysed turn that a thread has spoken of. */
static double known(const struct branches *b, size_t thread)
{
	double all = 1e-9, shared = 0;

	for (size_t k = 0; k < b->terms.n; k++) {
		double w;

		if (!counts(&b->terms.items[k]))
			continue;
		w = weight(b, b->terms.items[k].key);
		all += w;
		if (kb_map_get(&b->seen,
			       in_thread(b->terms.items[k].key, thread)))
			shared += w;
	}
	return shared / all;
}

/* Words that go back to an earlier thread. */
static const char *const cues[] = {
    "刚才",    "刚刚",	     "回到",	  "之前说",   "前面说",
    "前面提",  "还是说回",   "最开始",	  "back to",  "as i said",
    "earlier", "going back", "the first", "return to"};

static struct kb_literals cue_set = KB_LITERALS(cues);

/* Too short or pointing back: such a turn cannot open a thread. As every
 * turn is asked, none is looked for further back than LEAN_TURNS. */
static bool leans(const struct branches *b, size_t turn)
{
	struct kb_convo before = *b->convo;
	size_t from = turn < LEAN_TURNS ? 0 : turn - LEAN_TURNS;
	struct kb_completion c;

	before.turns += from;
	before.n = turn + 1 - from;
	c = kb_convo_complete(&before, b->convo->turns[turn].text);
	return c.changed;
}

static size_t choose(struct branches *b, size_t turn, size_t open)
{
	struct kb_str text = b->convo->turns[turn].text;
	double need, here, best = 0;
	size_t to = open;

	if (open == NO_THREAD)
		return b->threads->n;
	need =
	    kb_literals_any(&cue_set, text.ptr, text.len) ? RETURN_CUE : RETURN;
	analyze(b, turn);
	here = known(b, open);
	for (size_t t = 0; t < b->threads->n; t++) {
		double share = t == open ? 0 : known(b, t);

		if (share > best) {
			best = share;
			to = t;
		}
	}
	if (to != open && best > here && best >= need)
		return to;
	if (here >= STAY || kb_is_polite(text.ptr, text.len) ||
	    b->terms.length < OPEN_TERMS || leans(b, turn))
		return open;
	return b->threads->n < KB_THREADS_MAX ? b->threads->n : open;
}

static struct kb_str label_of(struct kb_str text)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	size_t n = kb_phrases(text, phrases), best = 0;

	if (!n)
		return text.len > 60 ? KB_STR("") : text;
	for (size_t i = 1; i < n; i++)
		if (phrases[i].kind > phrases[best].kind ||
		    (phrases[i].kind == phrases[best].kind &&
		     phrases[i].text.len > phrases[best].text.len))
			best = i;
	return phrases[best].text;
}

static void join(struct branches *b, size_t turn, size_t t)
{
	struct kb_thread *thread = &b->threads->items[t];

	if (t == b->threads->n) {
		b->threads->n++;
		*thread = (struct kb_thread){
		    .label = label_of(b->convo->turns[turn].text),
		    .first = turn};
	}
	thread->last = turn;
	thread->n_turns++;
	b->threads->of_turn[turn] = (uint8_t)t;
	analyze(b, turn);
	for (size_t k = 0; k < b->terms.n; k++)
		kb_map_put(&b->seen, in_thread(b->terms.items[k].key, t), NULL);
}

void kb_threads_read(struct kb_threads *threads, const struct kb_convo *convo,
		     struct kb_analyzer *analyzer)
{
	struct branches b = {
	    .threads = threads, .convo = convo, .analyzer = analyzer};
	size_t open = NO_THREAD;

	assert(convo->arena && analyzer);
	assert(convo->turns || !convo->n);
	threads->n = 0;
	threads->of_turn = kb_arena_alloc(convo->arena, convo->n + 1);
	kb_map_init(&b.df);
	kb_map_init(&b.seen);
	count_turns(&b);
	for (size_t i = 0; i < convo->n; i++) {
		const struct kb_turn *t = &convo->turns[i];

		threads->of_turn[i] = NO_THREAD;
		if (t->role == KB_ROLE_SYSTEM || !t->text.len)
			continue;
		if (t->role == KB_ROLE_USER || open == NO_THREAD)
			open = choose(&b, i, open);
		join(&b, i, open);
	}
	kb_terms_release(&b.terms);
	kb_map_release(&b.df);
	kb_map_release(&b.seen);
}
