#include "context/complete.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/str.h"
#include "base/utf8.h"
#include "context/complete_weights.h"
#include "context/grams.h"
#include "dialogue/need.h"
#include "dialogue/ordinal.h"
#include "dialogue/phrase.h"
#include "text/lang.h"
#include "text/script.h"
#include "text/words.h"

/* Limits of the work, in bytes: of a turn that is heard, and of one that is
 * compared with the next. On the sets of complete_weights.h half, twice or no
 * limit finds the same. */
#define HEARD_BYTES  600
#define SHARED_BYTES 300
#define MAX_FOCUS    96 /* phrases that are kept, the weakest goes */

/* What the conversation is about: phrases with a weight that fades. */
struct focus {
	struct kb_str text;
	uint64_t hash; /* of the text */
	double weight;
	bool recent; /* named in the user turn before the question */
};

struct completer {
	const struct kb_convo *convo;
	struct kb_str query;
	struct focus items[MAX_FOCUS];
	size_t n;
	struct kb_grams heard; /* of the turn heard last */
};

static const double kind_weight[] = {
    [KB_PHRASE_WORDS] = PHRASE_WORDS, [KB_PHRASE_HAN] = PHRASE_HAN,
    [KB_PHRASE_NAME] = PHRASE_NAME,   [KB_PHRASE_CODE] = PHRASE_CODE,
    [KB_PHRASE_QUOTE] = PHRASE_QUOTE,
};

/* ---- what it is about ---- */

static void fade(struct completer *c, double factor)
{
	for (size_t i = 0; i < c->n; i++) {
		c->items[i].weight *= factor;
		c->items[i].recent = false;
	}
}

static struct focus *find_focus(struct completer *c, struct kb_str text,
				uint64_t hash)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->items[i].hash == hash &&
		    kb_str_eq(c->items[i].text, text))
			return &c->items[i];
	return NULL;
}

static void mention(struct completer *c, const struct kb_noun_phrase *p,
		    double by, bool recent)
{
	uint64_t hash = kb_hash64(p->text.ptr, p->text.len, 0);
	struct focus *f = find_focus(c, p->text, hash);
	size_t weakest = 0;

	if (f) {
		f->weight += by;
		f->recent = f->recent || recent;
		return;
	}
	if (c->n < MAX_FOCUS) {
		weakest = c->n++;
	} else {
		for (size_t i = 0; i < c->n; i++)
			if (c->items[i].weight < c->items[weakest].weight)
				weakest = i;
		if (c->items[weakest].weight >= by)
			return;
	}
	c->items[weakest] = (struct focus){p->text, hash, by, recent};
}

/* A phrase of an earlier turn said again gains. */
static void repeat(struct completer *c, struct kb_str text)
{
	if (!c->n)
		return;
	kb_grams_read(&c->heard, text);
	for (size_t i = 0; i < c->n; i++) {
		if (kb_grams_hold(&c->heard, c->items[i].text))
			c->items[i].weight += REPEATED;
	}
}

/* Without phrases of grammar at its ends. */
static struct kb_str trimmed(struct kb_str s)
{
	struct kb_noun_phrase parts[KB_PHRASES_MAX];
	size_t n = kb_phrases(s, parts), best = 0;

	if (!n)
		return (struct kb_str){NULL, 0};
	for (size_t i = 1; i < n; i++)
		if (parts[i].text.len > parts[best].text.len)
			best = i;
	return parts[best].text;
}

/* The longest run of Han that two texts share, of at least two characters
 * and no function word: what both sides talk about. */
static void shared(struct completer *c, struct kb_str a, struct kb_str b)
{
	struct kb_noun_phrase p = {.kind = KB_PHRASE_HAN};
	struct kb_grams *grams = &c->heard;

	if (a.len > SHARED_BYTES)
		a.len = kb_utf8_cut(a.ptr, a.len, SHARED_BYTES);
	if (b.len > SHARED_BYTES)
		b.len = kb_utf8_cut(b.ptr, b.len, SHARED_BYTES);
	if (grams->text.ptr == b.ptr)
		grams->text = b; /* what it let through is looked for in b */
	else
		kb_grams_read(grams, b);
	for (size_t i = 0; i + 6 <= a.len;) {
		struct kb_str run = {a.ptr + i, 6};
		uint32_t cp;
		size_t step = kb_utf8_next(a.ptr + i, a.len - i, &cp);

		if (step == 3 && kb_is_han(cp) && kb_grams_hold(grams, run) &&
		    !kb_function_han(a.ptr + i, a.len - i)) {
			while (i + run.len + 3 <= a.len &&
			       kb_text_holds(
				   b, (struct kb_str){run.ptr, run.len + 3}))
				run.len += 3;
			if (run.len > p.text.len)
				p.text = run;
			i += run.len;
			continue;
		}
		i += step;
	}
	if (p.text.len)
		p.text = trimmed(p.text);
	if (p.text.len >= 6)
		mention(c, &p, SHARED, false);
}

static void hear(struct completer *c, const struct kb_turn *turn)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	bool user = turn->role == KB_ROLE_USER;
	struct kb_str text = turn->text;
	size_t n;

	if (text.len > HEARD_BYTES)
		text.len = kb_utf8_cut(text.ptr, text.len, HEARD_BYTES);
	n = kb_phrases(text, phrases);
	if (user)
		fade(c, FADE_TURN);
	repeat(c, text);
	for (size_t i = 0; i < n; i++) {
		double by = kind_weight[phrases[i].kind];
		size_t size = phrases[i].text.len;

		if (phrases[i].kind == KB_PHRASE_HAN && size > LONG_HAN_BYTES)
			by *= PHRASE_LONG_HAN;
		mention(c, &phrases[i], by * (user ? 1 : ASSISTANT), user);
	}
}

/* The heaviest phrase that the question and 'except' do not hold. */
static const struct focus *best(const struct completer *c, struct kb_str except,
				bool recent_only)
{
	const struct focus *top = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const struct focus *f = &c->items[i];

		if ((top && f->weight <= top->weight) ||
		    (recent_only && !f->recent))
			continue;
		if (kb_text_holds(c->query, f->text) ||
		    kb_text_holds(except, f->text) ||
		    kb_text_holds(f->text, except))
			continue;
		top = f;
	}
	return top;
}

/* ---- which part of the conversation it goes on with ---- */

static bool says_word(struct kb_str text, struct kb_str word)
{
	const char *end = text.ptr + text.len, *p = text.ptr;

	while ((p = memmem(p, (size_t)(end - p), word.ptr, word.len))) {
		if ((p == text.ptr || !kb_is_alnum(p[-1])) &&
		    (p + word.len == end || !kb_is_alnum(p[word.len])))
			return true;
		p++;
	}
	return false;
}

/* Does the text say the phrase, two characters in a row or a word of it? */
static bool says(const struct kb_grams *text, const struct kb_noun_phrase *p)
{
	struct kb_str rest = p->text;

	if (p->kind == KB_PHRASE_HAN) {
		for (; rest.len >= 6; rest.ptr += 3, rest.len -= 3)
			if (kb_grams_hold(text, (struct kb_str){rest.ptr, 6}))
				return true;
		return false;
	}
	while (rest.len && p->kind == KB_PHRASE_WORDS) {
		const char *blank = memchr(rest.ptr, ' ', rest.len);
		size_t n = blank ? (size_t)(blank - rest.ptr) : rest.len;
		struct kb_str word = {rest.ptr, n};

		if (n > 2 && kb_grams_hold(text, word) &&
		    says_word(text->text, word))
			return true;
		n += blank != NULL;
		rest = kb_str_skip(rest, n);
	}
	return kb_grams_hold(text, p->text);
}

static bool says_any(struct kb_str text, const struct kb_noun_phrase *p,
		     size_t n)
{
	struct kb_grams grams;

	kb_grams_read(&grams, text);
	for (size_t i = 0; i < n; i++)
		if (says(&grams, &p[i]))
			return true;
	return false;
}

/*
 * The end of what is to be heard: a question whose words were last said some
 * questions ago goes back to them, and what came since is beside the point.
 */
static size_t heard_end(const struct completer *c, size_t end)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	size_t n = kb_phrases(c->query, phrases), users = 0, i = end,
	       next = end;

	while (i > 0 && n) {
		const struct kb_turn *turn = &c->convo->turns[--i];

		if (says_any(turn->text, phrases, n))
			return users < GOES_BACK ? end : next;
		if (turn->role == KB_ROLE_USER) {
			users++;
			next = i;
		}
	}
	return end;
}

/* ---- writing ---- */

/* A blank where two words would run together. */
static void add(struct kb_buf *out, struct kb_str s)
{
	if (out->len && s.len && kb_is_alnum(*s.ptr) &&
	    ((unsigned char)out->ptr[out->len - 1] >= 0x80 ||
	     kb_is_alnum(out->ptr[out->len - 1])))
		kb_buf_add_char(out, ' ');
	else if (out->len && s.len && (unsigned char)*s.ptr >= 0x80 &&
		 kb_is_alnum(out->ptr[out->len - 1]))
		kb_buf_add_char(out, ' ');
	kb_buf_add_str(out, s);
}

/* Behind an English question in brackets, before a Chinese one. */
static void write_topic(struct kb_buf *out, struct kb_str q,
			struct kb_str first, struct kb_str second)
{
	static const char *const openers[] = {"那么", "那"};
	bool han = memmem(q.ptr, q.len, "呢", 3) != NULL ||
		   kb_lang_main(q.ptr, q.len) == KB_LANG_ZH;

	if (!han) {
		kb_buf_add_str(out, q);
		kb_buf_add_cstr(out, " (");
		kb_buf_add_str(out, first);
		if (second.len)
			kb_buf_add_cstr(out, ", ");
		kb_buf_add_str(out, second);
		kb_buf_add_char(out, ')');
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(openers[i]);

		if (!kb_starts(q.ptr, q.len, openers[i]) || q.len == n)
			continue;
		q = kb_str_skip(q, n);
		break;
	}
	while (q.len && *q.ptr == ' ')
		q = kb_str_skip(q, 1);
	add(out, first);
	if (second.len) {
		kb_buf_add_char(out, ' ');
		kb_buf_add_str(out, second);
	}
	add(out, q);
}

static void write_pronoun(struct kb_buf *out, struct kb_str q, size_t at,
			  size_t len, enum kb_need need, struct kb_str first,
			  struct kb_str second)
{
	add(out, (struct kb_str){q.ptr, at});
	add(out, first);
	if (second.len) {
		kb_buf_add_char(out, ' ');
		kb_buf_add_str(out, second);
	}
	if (need == KB_NEED_THIS)
		len = 0;
	add(out, (struct kb_str){q.ptr + at + len, q.len - at - len});
}

/* Fill what the question needs; the pronoun's place is at, len. */
static struct kb_completion complete(struct completer *c, enum kb_need need,
				     size_t at, size_t len)
{
	struct kb_completion done = {.text = c->query};
	const struct focus *first, *second;
	struct kb_str more = {NULL, 0};
	struct kb_buf out;

	first = best(c, KB_STR(""), need == KB_NEED_FRAME);
	if (!first)
		first = best(c, KB_STR(""), false);
	if (!first)
		return done;
	second = best(c, first->text, false);
	if (second && (need == KB_NEED_FRAME ||
		       second->weight >= SECOND_BEST * first->weight))
		more = second->text;
	kb_buf_init(&out, 0);
	if (need == KB_NEED_PRONOUN || need == KB_NEED_THIS)
		write_pronoun(&out, c->query, at, len, need, first->text, more);
	else
		write_topic(&out, c->query, first->text, more);
	done.text = kb_arena_copy(c->convo->arena, kb_buf_str(&out));
	done.changed = true;
	kb_buf_release(&out);
	return done;
}

/* Hear the turns before end that the question goes on with. */
static void hear_all(struct completer *c, size_t end)
{
	const struct kb_turn *turns = c->convo->turns;
	size_t from = 0;

	end = heard_end(c, end);
	if (end > KB_COMPLETE_TURNS)
		from = end - KB_COMPLETE_TURNS;
	for (size_t i = from; i < end; i++) {
		if (turns[i].role != KB_ROLE_USER &&
		    turns[i].role != KB_ROLE_ASSISTANT)
			continue;
		hear(c, &turns[i]);
		if (i > from && turns[i].role == KB_ROLE_ASSISTANT)
			shared(c, turns[i - 1].text, turns[i].text);
	}
}

/* What the turns before 'end' have for a question that needs them. */
static struct kb_completion complete_from(const struct kb_convo *convo,
					  struct kb_str query, size_t end,
					  enum kb_need need, size_t at,
					  size_t len)
{
	struct completer c = {
	    .convo = convo, .query = query, .heard.text = KB_STR("")};

	hear_all(&c, end);
	return complete(&c, need, at, len);
}

/* "The second one" of the list that the assistant gave last; without such a
 * list nothing is put there. */
static struct kb_completion complete_ordinal(
    const struct kb_convo *convo, struct kb_str query, size_t end,
    const struct kb_list_ordinal *which)
{
	struct kb_completion done = {.text = query};
	struct kb_str items[KB_LIST_ITEMS];
	struct kb_buf out;
	size_t n = 0, k;

	while (end && !n)
		if (convo->turns[--end].role == KB_ROLE_ASSISTANT)
			n = kb_list_items(convo->turns[end].text, items);
	k = which->number ? which->number : n;
	if (!k || k > n)
		return done;
	kb_buf_init(&out, 0);
	add(&out, (struct kb_str){query.ptr, which->at});
	add(&out, items[k - 1]);
	add(&out, kb_str_skip(query, which->at + which->len));
	done.text = kb_arena_copy(convo->arena, kb_buf_str(&out));
	done.changed = true;
	kb_buf_release(&out);
	return done;
}

struct kb_completion kb_convo_complete(const struct kb_convo *convo,
				       struct kb_str query)
{
	size_t last = kb_convo_last_user(convo), end = convo->n, at, len = 0;
	struct kb_list_ordinal which;
	enum kb_need need;

	if (last < convo->n &&
	    (!query.len || kb_str_eq(query, convo->turns[last].text))) {
		query = convo->turns[last].text;
		end = last;
	}
	if (!query.len)
		return (struct kb_completion){.text = KB_STR("")};
	if (end && kb_ordinal_find(query, &which))
		return complete_ordinal(convo, query, end, &which);
	/* Most questions need nothing: then no turn is looked at. */
	need = end ? kb_need_of(query, &at, &len) : KB_NEED_NOTHING;
	if (need == KB_NEED_NOTHING)
		return (struct kb_completion){.text = query};
	return complete_from(convo, query, end, need, at, len);
}

int kb_context_complete(struct kb_json messages, struct kb_str query,
			struct kb_arena *arena, struct kb_completion *out,
			struct kb_err *err)
{
	struct kb_convo convo;
	int rc = kb_convo_read(&convo, messages, NULL, arena, err);

	if (rc == 0)
		*out = kb_convo_complete(&convo, query);
	return rc;
}

struct kb_str kb_context_question(const struct kb_rec *rec,
				  struct kb_str question,
				  enum kb_question_source source,
				  struct kb_arena *arena)
{
	struct kb_json messages = kb_rec_get(rec, "messages");
	struct kb_completion done;

	if (messages.type != KB_JSON_ARRAY ||
	    source == KB_QUESTION_STANDALONE ||
	    kb_context_complete(messages, question, arena, &done, NULL) < 0)
		return question;
	return done.text.len ? done.text : question;
}
