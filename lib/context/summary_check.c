#include "context/summary_check.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/letters.h"
#include "base/utf8.h"
#include "dialogue/mentions.h"
#include "passage/clause.h"
#include "query/common_words.h"
#include "text/entity.h"
#include "text/fold.h"
#include "text/literals.h"
#include "text/script.h"
#include "text/words.h"

struct look {
	struct kb_summary_check *check;
	const struct kb_summary_source *source;
	struct kb_str summary;
	struct kb_arena *arena;
};

static const char *fault(const struct look *l, const char *why,
			 struct kb_str what)
{
	char quoted[KB_QUOTE_MAX];

	return kb_arena_printf(l->arena, "%s '%s'", why,
			       kb_err_quote(quoted, what.ptr, what.len));
}

/* Does the text stand there, not inside of a word or a number? */
static bool stands_in(struct kb_str in, struct kb_str text)
{
	const char *p = in.ptr, *end = in.ptr + in.len;

	while (text.len &&
	       (p = memmem(p, (size_t)(end - p), text.ptr, text.len))) {
		if (kb_is_bounded(in.ptr, in.len, (size_t)(p - in.ptr),
				  text.len))
			return true;
		p++;
	}
	return false;
}

static bool in_source(const struct look *l, struct kb_str text)
{
	return stands_in(l->source->text, text);
}

/* ---- numbers ---- */

static struct kb_str said(struct kb_str text, const struct kb_quantity *q)
{
	return (struct kb_str){text.ptr + q->start, q->end - q->start};
}

static bool has_quantity(const struct kb_prepared *p, struct kb_str text,
			 const struct kb_quantity *q)
{
	for (size_t i = 0; i < p->n_quantities; i++)
		if (kb_quantity_compare(q, &p->quantities[i]) == KB_AGREE_SAME)
			return true;
	return stands_in(p->texts[0], said(text, q));
}

static bool in_quantity(const struct kb_prepared *p, size_t at)
{
	for (size_t i = 0; i < p->n_quantities; i++)
		if (at >= p->quantities[i].start && at < p->quantities[i].end)
			return true;
	return false;
}

static bool of_code(char c)
{
	return kb_is_alnum(c) || c == '-' || c == '_' || c == '/' || c == '.';
}

/* Letters and digits in a row, marks of codes among them: A-1009. */
static struct kb_str code_at(struct kb_str text, size_t at)
{
	size_t end = at;

	while (end < text.len && of_code(text.ptr[end]))
		end++;
	while (end > at && !kb_is_alnum(text.ptr[end - 1]))
		end--;
	return (struct kb_str){text.ptr + at, end - at};
}

static bool has_digit(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			return true;
	return false;
}

static const char *check_numbers(const struct look *l)
{
	const struct kb_prepared *mine = &l->check->summary;

	for (size_t i = 0; i < mine->n_quantities; i++) {
		const struct kb_quantity *q = &mine->quantities[i];

		if (!q->article &&
		    !has_quantity(&l->check->source, l->summary, q))
			return fault(l, "nobody said", said(l->summary, q));
	}
	for (size_t at = 0; at < l->summary.len; at++) {
		struct kb_str code;

		if (!kb_is_alnum(l->summary.ptr[at]))
			continue;
		code = code_at(l->summary, at);
		if (has_digit(code) && !in_quantity(mine, at) &&
		    !in_source(l, code))
			return fault(l, "nobody said", code);
		at += code.len - 1;
	}
	return NULL;
}

/* ---- names ---- */

/* A single capitalised word that opens a sentence is a name when it is no
 * English word. */
static bool is_word(struct kb_str s)
{
	char lower[32];

	if (s.len >= sizeof(lower))
		return false;
	for (size_t i = 0; i < s.len; i++)
		lower[i] = kb_lower(s.ptr[i]);
	return s.len < KB_COMMON_LETTERS || kb_stop_word(lower, s.len) ||
	       kb_common_word((struct kb_str){lower, s.len});
}

/* Does it stand where any word has a capital: behind the end of a sentence, or
 * a mark that lists begin with? */
static bool opens(struct kb_str text, size_t at)
{
	static const char *const ends[] = {"。", "！", "？", "；", "：", "\n"};
	struct kb_str before = {text.ptr, at};

	before = kb_str_trim(before);
	if (!before.len || strchr(".!?:;-*\"'(", before.ptr[before.len - 1]))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (kb_ends(before.ptr, before.len, ends[i]))
			return true;
	return false;
}

/* A possessive is none of the name. */
static struct kb_str bare(struct kb_str name)
{
	if (kb_ends(name.ptr, name.len, "'s"))
		name.len -= 2;
	else if (kb_ends(name.ptr, name.len, "’s"))
		name.len -= strlen("’s");
	return name;
}

/* "The Casa Nova" for "Casa Nova": its words one by one. */
static bool words_in_source(const struct look *l, struct kb_str name)
{
	bool first = opens(l->summary, (size_t)(name.ptr - l->summary.ptr));

	while (name.len) {
		const char *blank = memchr(name.ptr, ' ', name.len);
		struct kb_str word = {
		    name.ptr, blank ? (size_t)(blank - name.ptr) : name.len};

		if (word.len && !in_source(l, word) &&
		    !kb_stop_word(word.ptr, word.len) &&
		    !(first && is_word(word)))
			return false;
		first = false;
		name = kb_str_skip(name, word.len + (blank != NULL));
	}
	return true;
}

static const char *check_entities(const struct look *l)
{
	struct kb_entities found = {0};
	const char *why = NULL;

	kb_entities_find(&found, l->summary.ptr, l->summary.len);
	for (size_t i = 0; i < found.n && !why; i++) {
		const struct kb_entity *e = &found.items[i];
		struct kb_str name = bare((struct kb_str){
		    l->summary.ptr + e->start, e->end - e->start});

		if (in_source(l, name) ||
		    (e->weak && is_word(name) && opens(l->summary, e->start)) ||
		    (e->kind == KB_ENTITY_NAME && words_in_source(l, name)))
			continue;
		why = fault(l, "nobody said", name);
	}
	kb_entities_release(&found);
	return why;
}

/* Names by their endings, of a gazetteer, of enumerations. */
static const char *check_mentions(const struct look *l)
{
	struct kb_mention m[KB_MENTIONS_MAX];
	size_t n =
	    kb_mentions_find(l->summary, l->source->gazetteer, l->arena, m);

	for (size_t i = 0; i < n; i++) {
		struct kb_str value = {l->summary.ptr + m[i].start,
				       m[i].end - m[i].start};

		if (strcmp(m[i].slot, "name") != 0 || has_digit(value) ||
		    in_source(l, value))
			continue;
		return fault(l, "nobody said", value);
	}
	return NULL;
}

/* Characters before and behind, 0 for what is not Chinese. */
static uint32_t han_at(struct kb_str text, size_t at)
{
	uint32_t cp;

	if (at >= text.len)
		return 0;
	kb_utf8_next(text.ptr + at, text.len - at, &cp);
	return kb_is_han(cp) ? cp : 0;
}

/* A character that makes no word with its neighbours, and stands nowhere in the
 * source, is one of a name. */
static const char *check_characters(const struct look *l)
{
	struct kb_str text = l->summary;
	uint32_t before = 0, cp;

	for (size_t at = 0, n; at < text.len; at += n, before = cp) {
		struct kb_str one = {text.ptr + at, 0};
		uint32_t behind;

		one.len = n = kb_utf8_next(one.ptr, text.len - at, &cp);
		if (!kb_is_han(cp)) {
			cp = 0;
			continue;
		}
		behind = han_at(text, at + n);
		if (kb_stop_han(cp) || !behind || kb_common_pair(cp, behind) ||
		    (before && kb_common_pair(before, cp)) ||
		    kb_str_has(l->source->text, one))
			continue;
		one.len += kb_utf8_len(text.ptr + at + n, text.len - at - n);
		return fault(l, "nobody said", one);
	}
	return NULL;
}

/* ---- what is denied ---- */

/* The clauses of a prepared text. */
struct clauses {
	const struct kb_prepared *of;
	uint32_t *clause;    /* of each token */
	bool *denies, *asks; /* of each clause */
	size_t n;
};

static bool asks(const struct kb_prepared *p, uint32_t token)
{
	const struct kb_prepared_sentence *s =
	    &p->sentences[p->tokens[token].sentence];

	return kb_is_question(p->texts[0].ptr + s->start, s->end - s->start);
}

static struct clauses read_clauses(const struct kb_prepared *p,
				   struct kb_arena *arena)
{
	struct clauses c = {.of = p};

	c.clause = kb_arena_alloc(arena, (p->n_tokens + 1) * sizeof(*c.clause));
	c.asks = kb_arena_calloc(arena, p->n_tokens + 1, sizeof(*c.asks));
	for (uint32_t i = 0; i < p->n_tokens; i++) {
		if (kb_clause_begins(p, i))
			c.asks[c.n++] = asks(p, i);
		c.clause[i] = (uint32_t)(c.n ? c.n - 1 : 0);
	}
	c.denies = kb_arena_calloc(arena, c.n + 1, sizeof(*c.denies));
	for (size_t i = 0; i < p->n_polars; i++)
		if (kb_polar_refuses(&p->polars[i]) &&
		    p->polar_at[i].token < p->n_tokens)
			c.denies[c.clause[p->polar_at[i].token]] = true;
	return c;
}

/* What a clause of the summary shares with those of the source. */
struct shared {
	uint32_t *words;  /* of each clause of the source, */
	uint32_t *stamp;  /* valid where this is the present one */
	uint32_t now, n;  /* n: words of the clause itself */
	uint32_t most[2]; /* of a clause that says, that denies */
};

/* A word of its own: a pair of Chinese characters, or a Latin word. */
static bool is_own(const struct kb_prepared *p, const struct kb_occurrence *o)
{
	if (kb_term_class(o->key) == KB_TERM_HAN1)
		return false;
	for (size_t i = 0; i < p->n_polars; i++)
		if (p->polar_at[i].token <= o->token &&
		    o->token < p->polar_at[i].after)
			return false;
	return o->weight > .5f;
}

static void share(struct shared *s, const struct clauses *source,
		  const struct kb_occurrence *mine)
{
	const struct kb_occurrence *o = kb_prepared_find(source->of, mine->key);

	s->n++;
	for (; o; o = kb_prepared_next(source->of, o)) {
		uint32_t c = source->clause[o->token];
		bool denies = source->denies[c];

		if (source->asks[c])
			continue;
		if (s->stamp[c] != s->now) {
			s->stamp[c] = s->now;
			s->words[c] = 0;
		}
		if (++s->words[c] > s->most[denies])
			s->most[denies] = s->words[c];
	}
}

/* Questions neither say nor deny. A denial needs a clause of the source that
 * denies and shares a word; what is said must not be what the source denies,
 * and says nowhere as well. */
static bool agrees(const struct shared *s, bool denies)
{
	if (denies)
		return s->most[true] > 0;
	return s->most[true] * 2 < s->n || s->most[false] >= s->most[true];
}

static struct kb_str text_of_clause(const struct look *l,
				    const struct clauses *c, uint32_t number)
{
	const struct kb_prepared *p = c->of;
	uint32_t from = 0, to;

	while (c->clause[from] != number)
		from++;
	for (to = from; to + 1 < p->n_tokens && c->clause[to + 1] == number;)
		to++;
	return (struct kb_str){l->summary.ptr + p->tokens[from].start,
			       p->tokens[to].end - p->tokens[from].start};
}

static const char *check_denials(const struct look *l)
{
	struct clauses mine = read_clauses(&l->check->summary, l->arena);
	struct clauses source = read_clauses(&l->check->source, l->arena);
	const struct kb_prepared *p = mine.of;
	struct shared s = {0};

	s.words = kb_arena_calloc(l->arena, source.n + 1, sizeof(*s.words));
	s.stamp = kb_arena_calloc(l->arena, source.n + 1, sizeof(*s.stamp));
	for (uint32_t c = 0; c < mine.n; c++) {
		s.now = c + 1;
		s.n = s.most[0] = s.most[1] = 0;
		for (size_t o = 0; o < p->n_occ; o++)
			if (mine.clause[p->occ[o].token] == c &&
			    is_own(p, &p->occ[o]))
				share(&s, &source, &p->occ[o]);
		if (s.n && !mine.asks[c] && !agrees(&s, mine.denies[c]))
			return fault(l,
				     mine.denies[c]
					 ? "nobody denied"
					 : "what was denied is said:",
				     text_of_clause(l, &mine, c));
	}
	return NULL;
}

/* ---- what must survive ---- */

static bool says_value(const struct look *l, struct kb_str value)
{
	const struct kb_prepared *mine = &l->check->summary;
	struct kb_quantities found = {0};
	bool says = kb_str_has(l->summary, value);

	if (!says)
		kb_quantities_find(&found, value.ptr, value.len);
	if (found.n == 1)
		says = has_quantity(mine, value, &found.items[0]);
	kb_quantities_release(&found);
	return says;
}

static const char *check_values(const struct look *l)
{
	for (size_t i = 0; i < l->source->n_values; i++)
		if (!says_value(l, l->source->values[i]))
			return fault(l, "it lacks", l->source->values[i]);
	return NULL;
}

/* ---- together ---- */

void kb_summary_check_init(struct kb_summary_check *check,
			   struct kb_analyzer *analyzer)
{
	*check = (struct kb_summary_check){.analyzer = analyzer};
	kb_prepared_init(&check->source);
	kb_prepared_init(&check->summary);
}

void kb_summary_check_release(struct kb_summary_check *check)
{
	kb_prepared_release(&check->source);
	kb_prepared_release(&check->summary);
	kb_terms_release(&check->terms);
}

const char *kb_summary_fault(struct kb_summary_check *check,
			     struct kb_str summary,
			     const struct kb_summary_source *source,
			     struct kb_arena *arena)
{
	static const char *(*const checks[])(const struct look *) = {
	    check_numbers,    check_entities, check_mentions,
	    check_characters, check_denials,  check_values};
	struct look l = {check, source, summary, arena};
	const char *why = NULL;

	kb_prepared_begin(&check->source, arena);
	kb_prepared_begin(&check->summary, arena);
	kb_prepared_add(&check->source, check->analyzer, &check->terms,
			source->text);
	kb_prepared_add(&check->summary, check->analyzer, &check->terms,
			summary);
	if (check->source.cut || check->summary.cut || !check->source.n_texts ||
	    !check->summary.n_texts)
		return "more was said than is looked at";
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks) && !why; i++)
		why = checks[i](&l);
	return why;
}
