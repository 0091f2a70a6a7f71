#include "relevance/respell.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "query/common_words.h"
#include "text/han.h"
#include "text/script.h"
#include "text/words.h"

#define LEAST_LETTERS 5	 /* of a word that is put right */
#define WORDS_MAX     16 /* of a question that may be misspelt */
#define HAN_MAX	      64 /* its characters that may be */
#define WORD_MAX      32 /* letters */

/* ---- words of letters ---- */

struct word {
	size_t start;	    /* in the question */
	struct kb_str text; /* there */
	struct kb_str as;   /* in a text; empty: none is near */
	bool stands;	    /* in a text as it is written */
};

#define ALPHABETS 0x2000 /* their letters are below, signs and Han above */

/* Where the run of letters and digits ends; whether all are ASCII letters. */
static size_t run_end(struct kb_str text, size_t at, bool *letters)
{
	uint32_t cp;

	*letters = true;
	while (at < text.len) {
		size_t n = kb_utf8_next(text.ptr + at, text.len - at, &cp);

		if (cp < 0x80 ? !kb_is_alnum((char)cp) : cp >= ALPHABETS)
			break;
		*letters &= cp < 0x80 && kb_is_letter((char)cp);
		at += n;
	}
	return at;
}

static size_t next_char(struct kb_str text, size_t at)
{
	uint32_t cp;

	return kb_utf8_next(text.ptr + at, text.len - at, &cp);
}

/* The next word of nothing but ASCII letters; false at the end. */
static bool next_word(struct kb_str text, size_t *at, struct kb_str *out)
{
	while (*at < text.len) {
		size_t start = *at;
		bool letters;

		*at = run_end(text, start, &letters);
		if (*at == start)
			*at += next_char(text, start);
		else if (letters) {
			*out = (struct kb_str){text.ptr + start, *at - start};
			return true;
		}
	}
	return false;
}

static bool is_everyday(struct kb_str word)
{
	char lower[WORD_MAX];

	for (size_t i = 0; i < word.len; i++)
		lower[i] = kb_lower(word.ptr[i]);
	return kb_common_word((struct kb_str){lower, word.len});
}

static size_t find_words(struct kb_str question, struct word words[WORDS_MAX])
{
	struct kb_str word;
	size_t at = 0, n = 0;

	while (n < WORDS_MAX && next_word(question, &at, &word)) {
		bool name = false;

		for (size_t i = 0; i < word.len; i++)
			name |= kb_is_upper(word.ptr[i]) &&
				(i || word.ptr != question.ptr);
		if (name || word.len < LEAST_LETTERS || word.len > WORD_MAX ||
		    is_everyday(word))
			continue;
		words[n++] =
		    (struct word){.start = at - word.len, .text = word};
	}
	return n;
}

static bool same(char a, char b)
{
	return kb_lower(a) == kb_lower(b);
}

/* Both words from these places on. */
static bool ends_alike(struct kb_str a, size_t i, struct kb_str b, size_t k)
{
	if (a.len - i != b.len - k)
		return false;
	for (; i < a.len; i++, k++)
		if (!same(a.ptr[i], b.ptr[k]))
			return false;
	return true;
}

/* One letter too many, too few, another, or two exchanged, behind the first;
 * neither word is short. */
static bool is_near(struct kb_str a, struct kb_str b)
{
	size_t i = 0;

	if (a.len > b.len + 1 || b.len > a.len + 1 || b.len < LEAST_LETTERS ||
	    !same(*a.ptr, *b.ptr))
		return false;
	while (i < a.len && i < b.len && same(a.ptr[i], b.ptr[i]))
		i++;
	if (a.len > b.len)
		return ends_alike(a, i + 1, b, i);
	if (a.len < b.len)
		return ends_alike(a, i, b, i + 1);
	return i < a.len && (ends_alike(a, i + 1, b, i + 1) ||
			     (i + 1 < a.len && same(a.ptr[i], b.ptr[i + 1]) &&
			      same(a.ptr[i + 1], b.ptr[i]) &&
			      ends_alike(a, i + 2, b, i + 2)));
}

static void look_for_words(struct word *words, size_t n, struct kb_str text)
{
	struct kb_str found;
	size_t at = 0;

	while (next_word(text, &at, &found)) {
		for (size_t i = 0; i < n; i++) {
			struct word *w = &words[i];

			if (w->stands || !same(*w->text.ptr, *found.ptr))
				continue;
			if (w->text.len == found.len &&
			    ends_alike(w->text, 0, found, 0))
				w->stands = true;
			else if (!w->as.len && is_near(w->text, found))
				w->as = found;
		}
	}
}

/* ---- Chinese characters ---- */

struct character {
	size_t start, len; /* in the question */
	uint32_t cp;	   /* simplified */
	unsigned sound;
	bool after;  /* right behind the one before it */
	bool plain;  /* serves grammar: is right, and says nothing of others */
	bool stands; /* in a text, with a neighbour, or in an everyday word */
	uint32_t as; /* that stands in a text in its place; 0: none */
	bool both;   /* ... between both neighbours */
};

static size_t find_characters(struct kb_str question,
			      struct character chars[HAN_MAX])
{
	size_t n = 0, end = SIZE_MAX;

	for (size_t at = 0; at < question.len && n < HAN_MAX;) {
		uint32_t cp;
		size_t len =
		    kb_utf8_next(question.ptr + at, question.len - at, &cp);

		if (kb_is_han(cp)) {
			cp = kb_han_simplify(cp);
			chars[n++] = (struct character){
			    .start = at,
			    .len = len,
			    .cp = cp,
			    .sound = kb_pinyin_syllable(cp),
			    .after = end == at,
			    .plain = kb_stop_han(cp),
			};
			end = at + len;
		}
		at += len;
	}
	return n;
}

/* Those that are right whatever the texts hold; how many are left. */
static size_t mark_everyday(struct character *chars, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		bool before = chars[i].after;
		bool behind = i + 1 < n && chars[i + 1].after;

		chars[i].stands =
		    (!before && !behind) || !chars[i].sound || chars[i].plain ||
		    (before && kb_common_pair(chars[i - 1].cp, chars[i].cp)) ||
		    (behind && kb_common_pair(chars[i].cp, chars[i + 1].cp));
		left += !chars[i].stands;
	}
	return left;
}

/* A pair of the text beside the character, with its neighbour before or behind
 * it. */
static void compare(struct character *c, const struct character *neighbour,
		    bool behind, uint32_t first, uint32_t second)
{
	uint32_t beside = behind ? second : first;
	uint32_t other = behind ? first : second;

	if (beside != neighbour->cp || neighbour->plain)
		return;
	if (other == c->cp) {
		c->stands = true;
	} else if (kb_pinyin_syllable(other) == c->sound && !c->both) {
		c->both = c->as == other && behind;
		c->as = other;
	}
}

static void look_for_characters(struct character *chars, size_t n,
				struct kb_str text)
{
	uint32_t before = 0, cp;

	for (size_t at = 0; at < text.len; before = cp) {
		at += kb_utf8_next(text.ptr + at, text.len - at, &cp);
		cp = kb_is_han(cp) ? kb_han_simplify(cp) : 0;
		if (!before || !cp)
			continue;
		for (size_t i = 0; i < n; i++) {
			struct character *c = &chars[i];

			if (c->stands)
				continue;
			if (c->after)
				compare(c, c - 1, false, before, cp);
			if (i + 1 < n && c[1].after)
				compare(c, c + 1, true, before, cp);
		}
	}
}

/* ---- the question ---- */

struct change {
	size_t start, len;
	struct kb_str as;
};

static void put(struct kb_str question, const struct change *c, size_t *from,
		char *out, size_t *len)
{
	memcpy(out + *len, question.ptr + *from, c->start - *from);
	*len += c->start - *from;
	memcpy(out + *len, c->as.ptr, c->as.len);
	*len += c->as.len;
	*from = c->start + c->len;
}

static struct kb_str changed(struct kb_str question, const struct word *words,
			     size_t n_words, const struct character *chars,
			     size_t n_chars, struct kb_arena *arena)
{
	size_t from = 0, len = 0, w = 0, c = 0;
	/* a word grows by a letter, a character to four bytes at most */
	char *out = kb_arena_alloc(arena, question.len + n_words + 4 * n_chars);

	while (w < n_words || c < n_chars) {
		struct change change;
		char text[4];

		if (c == n_chars ||
		    (w < n_words && words[w].start < chars[c].start)) {
			change = (struct change){
			    words[w].start, words[w].text.len, words[w].as};
			if (!words[w++].stands && change.as.len)
				put(question, &change, &from, out, &len);
			continue;
		}
		change =
		    (struct change){chars[c].start, chars[c].len, {text, 0}};
		if (!chars[c].stands && chars[c].as) {
			change.as.len = kb_utf8_encode(text, chars[c].as);
			put(question, &change, &from, out, &len);
		}
		c++;
	}
	if (!from)
		return question;
	memcpy(out + len, question.ptr + from, question.len - from);
	return (struct kb_str){out, len + question.len - from};
}

void kb_spellings_add(struct kb_spellings *s, struct kb_str title,
		      struct kb_str text)
{
	if (s->n == sizeof(s->texts) / sizeof(*s->texts))
		return;
	text.len = kb_utf8_cut(text.ptr, text.len, KB_RESPELL_BYTES);
	s->texts[s->n++] = title;
	s->texts[s->n++] = text;
}

struct kb_str kb_respell(struct kb_str question, const struct kb_spellings *s,
			 struct kb_arena *arena)
{
	struct word words[WORDS_MAX];
	struct character chars[HAN_MAX];
	size_t n_words = find_words(question, words);
	size_t n_chars = find_characters(question, chars);
	bool any_char = mark_everyday(chars, n_chars) > 0;

	for (size_t i = 0; i < s->n; i++) {
		if (n_words)
			look_for_words(words, n_words, s->texts[i]);
		if (any_char)
			look_for_characters(chars, n_chars, s->texts[i]);
	}
	return changed(question, words, n_words, chars, n_chars, arena);
}
