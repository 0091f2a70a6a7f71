#include "text/synonym.h"

#include <pthread.h>

#include "base/find.h"
#include "base/str.h"
#include "text/synonym_impl.h"

/* Which three bytes in a row the text holds, hashed, and behind them which two:
 * most words of a table are ruled out by one look. One of a byte never is. */
struct starts {
	uint64_t bits[KB_SYNONYM_SINGLE / 64 + 1];
};

static unsigned pair_of(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t v = u[0] | (uint32_t)u[1] << 8;

	return KB_SYNONYM_TRIPLES + (v * UINT32_C(2654435761) >> 22);
}

static unsigned triple_of(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t v = u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16;

	return v * UINT32_C(2654435761) >> 20;
}

static unsigned start_of(struct kb_str word)
{
	if (word.len < 2)
		return KB_SYNONYM_SINGLE;
	return word.len < 3 ? pair_of(word.ptr) : triple_of(word.ptr);
}

#define CANDIDATES 128 /* words whose start a short text has, at most */

struct candidates {
	uint32_t words[CANDIDATES]; /* ascending */
	size_t n;
	bool all; /* there were more: any word may be there */
};

/* The words of one start, in their places among the others. */
static void add_start(struct candidates *c, const struct kb_synonyms *s,
		      unsigned start)
{
	uint32_t k =
	    s->begun[start / 64] >> (start % 64) & 1 ? s->first[start] : 0;

	for (; k; k = s->next[k - 1]) {
		size_t i = c->n;

		c->all |= c->n == CANDIDATES;
		if (c->all)
			return;
		for (; i && c->words[i - 1] > k - 1; i--)
			c->words[i] = c->words[i - 1];
		c->words[i] = k - 1;
		c->n++;
	}
}

static bool has_start(const struct starts *starts, unsigned start)
{
	return starts->bits[start / 64] >> (start % 64) & 1;
}

/* Has the text the beginning of the word, and its end? */
static bool may_hold(const struct starts *starts, struct kb_str word,
		     unsigned start)
{
	return has_start(starts, start) &&
	       (word.len < 4 ||
		has_start(starts, pair_of(word.ptr + word.len - 2)));
}

static void note_start(struct starts *starts, struct candidates *c,
		       const struct kb_synonyms *s, unsigned start)
{
	uint64_t bit = UINT64_C(1) << (start % 64);

	if (starts->bits[start / 64] & bit)
		return;
	starts->bits[start / 64] |= bit;
	if (!c->all)
		add_start(c, s, start);
}

static void note_starts(struct starts *starts, struct candidates *c,
			const struct kb_synonyms *s, struct kb_str text)
{
	memset(starts, 0, sizeof(*starts));
	c->n = 0;
	c->all = false;
	note_start(starts, c, s, KB_SYNONYM_SINGLE);
	for (size_t i = 0; i + 2 <= text.len; i++) {
		note_start(starts, c, s, pair_of(text.ptr + i));
		if (i + 3 <= text.len)
			note_start(starts, c, s, triple_of(text.ptr + i));
	}
}

/* Does a word go on from one of these to the other? */
static bool joined(char a, char b)
{
	return (kb_is_lower(a) && kb_is_lower(b)) ||
	       (a >= '0' && a <= '9' && b >= '0' && b <= '9');
}

static bool word_ends_with(const char *p, const char *end, const char *mark)
{
	size_t n = kb_starts(p, (size_t)(end - p), mark);

	return n && (p + n == end || !kb_is_lower(p[n]));
}

/* Bytes of an inflection at p that end the word, -1 when it goes on. */
static long ending(const char *p, const char *end, char last)
{
	static const char *const endings[] = {"s", "es", "ed", "ing"};

	if (p == end || !kb_is_lower(*p))
		return 0;
	if (last == 'e' && word_ends_with(p, end, "d"))
		return 1;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (word_ends_with(p, end, endings[i]))
			return (long)strlen(endings[i]);
	return -1;
}

/* The first place of the word from *at on; it moves past it. */
static bool find(struct kb_str text, struct kb_str word, size_t *at,
		 struct kb_synonym *out)
{
	const char *end = text.ptr + text.len, *p = text.ptr + *at;
	char last = word.ptr[word.len - 1];

	while ((p = kb_find(p, (size_t)(end - p), word.ptr, word.len))) {
		const char *stop = p + word.len;
		long more = kb_is_lower(last) ? ending(stop, end, last) : 0;

		if (more >= 0 && (p == text.ptr || !joined(p[-1], *p)) &&
		    (stop == end || kb_is_lower(last) ||
		     !joined(last, *stop))) {
			out->start = (size_t)(p - text.ptr);
			out->end = (size_t)(stop - text.ptr) + (size_t)more;
			out->word = word;
			*at = out->end;
			return true;
		}
		p++;
	}
	return false;
}

bool kb_synonym_next(const char **at, struct kb_str *word)
{
	size_t len = strcspn(*at, "|>");

	if (!**at)
		return false;
	*word = (struct kb_str){*at, len};
	*at += len + ((*at)[len] != '\0');
	return true;
}

const char *kb_synonym_meant(const char *group)
{
	const char *arrow = strchr(group, '>');

	return arrow ? arrow + 1 : group;
}

bool kb_synonym_in(struct kb_str text, const char *group)
{
	struct kb_synonym at;
	struct kb_str word;

	while (kb_synonym_next(&group, &word)) {
		size_t from = 0;

		if (find(text, word, &from, &at))
			return true;
	}
	return false;
}

static size_t drop_inner(struct kb_synonym *items, size_t n)
{
	bool inner[256] = {false};
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n && !inner[i]; j++)
			inner[i] = items[j].start <= items[i].start &&
				   items[j].end >= items[i].end &&
				   items[j].end - items[j].start >
				       items[i].end - items[i].start;
	for (size_t i = 0; i < n; i++)
		if (!inner[i])
			items[kept++] = items[i];
	return kept;
}

/* The words of one group, up to the '>'. */
static void index_group(struct kb_synonyms *s, const char *group)
{
	const char *at = group, *meant = kb_synonym_meant(group);
	struct kb_str word;

	while ((at != meant || at == group) && kb_synonym_next(&at, &word)) {
		kb_grow(&s->words, &s->words_cap, s->n_words + 1,
			sizeof(*s->words));
		kb_grow(&s->starts, &s->starts_cap, s->n_words + 1,
			sizeof(*s->starts));
		s->starts[s->n_words] = (uint16_t)start_of(word);
		s->words[s->n_words++] = (struct kb_synonym_word){word, group};
	}
}

void kb_synonyms_index(struct kb_synonyms *s, const char *const *groups)
{
	for (size_t g = 0; groups[g]; g++)
		index_group(s, groups[g]);
	s->first = kb_calloc(KB_SYNONYM_SINGLE + 1, sizeof(*s->first));
	s->next = kb_calloc(s->n_words, sizeof(*s->next));
	for (size_t i = s->n_words; i-- > 0;) {
		s->next[i] = s->first[s->starts[i]];
		s->first[s->starts[i]] = (uint32_t)i + 1;
		s->begun[s->starts[i] / 64] |= UINT64_C(1)
					       << (s->starts[i] % 64);
	}
}

static struct kb_synonyms builtin;

static void index_builtin(void)
{
	kb_synonyms_index(&builtin, kb_synonym_groups);
}

const struct kb_synonyms *kb_synonyms_builtin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_builtin);
	return &builtin;
}

size_t kb_synonyms_find(const struct kb_synonyms *s, struct kb_str text,
			struct kb_synonym *out, size_t n, size_t max)
{
	struct starts starts;
	struct candidates some;
	size_t n_some;

	if (max > 256)
		max = 256;
	note_starts(&starts, &some, s, text);
	n_some = some.all ? s->n_words : some.n;
	for (size_t k = 0; k < n_some && n < max; k++) {
		size_t i = some.all ? k : some.words[k], from = 0;

		if (!may_hold(&starts, s->words[i].text, s->starts[i]))
			continue;
		out[n].group = s->words[i].group;
		n += find(text, s->words[i].text, &from, &out[n]);
	}
	return drop_inner(out, n);
}
