#include "dialogue/threads.h"

#include <assert.h>
#include <math.h>

#include "dialogue/need.h"
#include "dialogue/phrase.h"
#include "dialogue/threads_weights.h"
#include "text/literals.h"
#include "text/words.h"

#define NO_THREAD 255

struct branches {
	struct kb_threads *threads;
	const struct kb_convo *convo;
	const struct kb_dialogue_terms *terms;
	struct kb_intents *intents; /* NULL: by words */
	uint32_t *seen; /* of each term the threads that said it, as bits */
	double *weight; /* of a term by the turns that say it; 0: not yet */
};

/* What a term says of a turn, by how few others say it. */
static double weight_of(const struct branches *b, size_t n_turns)
{
	double *weight = &b->weight[n_turns];

	if (*weight <= 0)
		*weight = log(1 + (double)b->convo->n / (double)n_turns);
	return *weight;
}

/* The share of a turn that each thread has spoken of. */
static void read_known(const struct branches *b, size_t turn, double *known)
{
	const struct kb_said *said = &b->terms->turns[turn];
	const struct kb_said_term *t = b->terms->pool + said->first;
	double all = 1e-9;

	memset(known, 0, KB_THREADS_MAX * sizeof(*known));
	for (size_t k = 0; k < said->n; k++) {
		const struct kb_dialogue_term *term = &b->terms->items[t[k].id];
		enum kb_term_class c = kb_term_class(term->key);
		double w;

		if (c == KB_TERM_HAN1 || c == KB_TERM_EXACT)
			continue;
		w = t[k].times * weight_of(b, term->n_turns);
		all += w;
		for (uint32_t m = b->seen[t[k].id]; m; m &= m - 1)
			known[__builtin_ctz(m)] += w;
	}
	for (size_t i = 0; i < b->threads->n; i++)
		known[i] /= all;
}

/* Words that go back to an earlier thread. */
static const char *const cues[] = {
    "刚才",    "刚刚",	     "回到",	  "之前说",   "前面说",
    "前面提",  "还是说回",   "最开始",	  "back to",  "as i said",
    "earlier", "going back", "the first", "return to"};

static struct kb_literals cue_set = KB_LITERALS(cues);

/* Too short or pointing back: such a turn cannot open a thread. */
static bool leans(struct kb_str text)
{
	size_t at, len = 0;

	return kb_need_of(text, &at, &len) != KB_NEED_NOTHING;
}

static bool goes_back(struct kb_str text)
{
	return kb_literals_any(&cue_set, text.ptr, text.len);
}

/* The thread of an intent; a new one when it has none. */
static size_t thread_of(struct branches *b, uint32_t intent, size_t open)
{
	struct kb_threads *threads = b->threads;

	for (size_t t = 0; t < threads->n; t++)
		if (threads->items[t].intent == intent)
			return t;
	return threads->n < KB_THREADS_MAX ? threads->n : open;
}

/* Intents of the threads but for the open one, that of the latest last. */
static size_t read_others(const struct branches *b, size_t open, uint32_t *was)
{
	const struct kb_thread *items = b->threads->items;
	uint8_t order[KB_THREADS_MAX];
	size_t n = 0;

	for (size_t t = 0; t < b->threads->n; t++) {
		size_t at = n;

		if (t == open)
			continue;
		for (; at && items[order[at - 1]].last > items[t].last; at--)
			order[at] = order[at - 1];
		order[at] = (uint8_t)t;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		was[i] = items[order[i]].intent;
	return n;
}

/* *intent: of the thread that is chosen. */
static size_t choose_by_intent(struct branches *b, size_t turn, size_t open,
			       uint32_t *intent)
{
	struct kb_str text = b->convo->turns[turn].text;
	uint32_t was[KB_THREADS_MAX], now;
	size_t n, to;

	*intent =
	    open == NO_THREAD ? KB_INTENT_NONE : b->threads->items[open].intent;
	if (b->convo->turns[turn].role != KB_ROLE_USER ||
	    kb_is_polite(text.ptr, text.len))
		return open == NO_THREAD ? b->threads->n : open;
	n = read_others(b, open, was);
	now = kb_intent_of(b->intents, text, *intent, goes_back(text), was, n);
	if (now == *intent)
		return open;
	to = thread_of(b, now, open);
	/* What was said before anything was wanted belongs to it. */
	if (to == b->threads->n && open != NO_THREAD &&
	    *intent == KB_INTENT_NONE)
		to = open;
	*intent = to == open && b->threads->n == KB_THREADS_MAX ? *intent : now;
	return to;
}

static size_t choose(struct branches *b, size_t turn, size_t open)
{
	struct kb_str text = b->convo->turns[turn].text;
	double known[KB_THREADS_MAX], need, best = 0;
	size_t to = open;

	if (open == NO_THREAD)
		return b->threads->n;
	need = goes_back(text) ? RETURN_CUE : RETURN;
	read_known(b, turn, known);
	for (size_t t = 0; t < b->threads->n; t++) {
		if (t != open && known[t] > best) {
			best = known[t];
			to = t;
		}
	}
	if (to != open && best > known[open] && best >= need)
		return to;
	if (known[open] >= STAY || kb_is_polite(text.ptr, text.len) ||
	    b->terms->turns[turn].length < OPEN_TERMS || leans(text))
		return open;
	return b->threads->n < KB_THREADS_MAX ? b->threads->n : open;
}

static struct kb_str label_of(struct kb_str text, const struct kb_said *said)
{
	const struct kb_noun_phrase *phrases = said->phrases;
	size_t n = said->n_phrases, best = 0;

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
	const struct kb_said *said = &b->terms->turns[turn];
	const struct kb_said_term *terms = b->terms->pool + said->first;
	struct kb_thread *thread = &b->threads->items[t];

	if (t == b->threads->n) {
		b->threads->n++;
		*thread = (struct kb_thread){
		    .label = label_of(b->convo->turns[turn].text, said),
		    .first = turn,
		    .intent = KB_INTENT_NONE,
		    .intent_name = KB_STR("")};
	}
	thread->last = turn;
	thread->n_turns++;
	b->threads->of_turn[turn] = (uint8_t)t;
	for (size_t k = 0; k < said->n; k++)
		b->seen[terms[k].id] |= (uint32_t)1 << t;
}

/* The thread that the turn joins. */
static size_t go_on(struct branches *b, size_t turn, size_t open)
{
	uint32_t intent;
	size_t t = choose_by_intent(b, turn, open, &intent);

	join(b, turn, t);
	b->threads->items[t].intent = intent;
	b->threads->items[t].intent_name = kb_intent_name(b->intents, intent);
	return t;
}

void kb_threads_read(struct kb_threads *threads, const struct kb_convo *convo,
		     const struct kb_dialogue_terms *terms,
		     struct kb_intents *intents)
{
	struct branches b = {.threads = threads,
			     .convo = convo,
			     .terms = terms,
			     .intents = intents};
	size_t open = NO_THREAD;

	_Static_assert(KB_THREADS_MAX <= 32, "a bit each");
	assert(convo->arena && terms->n_turns == convo->n);
	assert(convo->turns || !convo->n);
	threads->n = 0;
	threads->by_intents = intents != NULL;
	threads->of_turn = kb_arena_alloc(convo->arena, convo->n + 1);
	b.seen = kb_arena_calloc(convo->arena, terms->n + 1, sizeof(*b.seen));
	b.weight =
	    kb_arena_calloc(convo->arena, convo->n + 1, sizeof(*b.weight));
	for (size_t i = 0; i < convo->n; i++) {
		const struct kb_turn *t = &convo->turns[i];

		threads->of_turn[i] = NO_THREAD;
		if (t->role == KB_ROLE_SYSTEM || !t->text.len)
			continue;
		if (intents)
			open = go_on(&b, i, open);
		else if (t->role == KB_ROLE_USER || open == NO_THREAD)
			open = choose(&b, i, open);
		if (!intents)
			join(&b, i, open);
	}
	threads->open = open == NO_THREAD ? threads->n : open;
}
