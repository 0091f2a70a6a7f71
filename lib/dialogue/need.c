#include "dialogue/need.h"

#include "base/str.h"
#include "dialogue/phrase.h"
#include "text/literal_places.h"

struct pronoun {
	const char *word;
	enum kb_need need;
};

/* Rows are fewer than the bits of a word. */
static const struct pronoun pronouns[] = {
    {"它们", KB_NEED_PRONOUN},	{"他们", KB_NEED_PRONOUN},
    {"她们", KB_NEED_PRONOUN},	{"它", KB_NEED_PRONOUN},
    {"他", KB_NEED_PRONOUN},	{"她", KB_NEED_PRONOUN},
    {"这个", KB_NEED_THIS},	{"那个", KB_NEED_THIS},
    {"这款", KB_NEED_THIS},	{"那款", KB_NEED_THIS},
    {"这家", KB_NEED_THIS},	{"那家", KB_NEED_THIS},
    {"这本", KB_NEED_THIS},	{"那本", KB_NEED_THIS},
    {"这部", KB_NEED_THIS},	{"那部", KB_NEED_THIS},
    {"这种", KB_NEED_THIS},	{"那种", KB_NEED_THIS},
    {"这些", KB_NEED_THIS},	{"那些", KB_NEED_THIS},
    {"这件", KB_NEED_THIS},	{"那件", KB_NEED_THIS},
    {"这里", KB_NEED_THIS},	{"那里", KB_NEED_THIS},
    {"那儿", KB_NEED_THIS},	{"这首", KB_NEED_THIS},
    {"那首", KB_NEED_THIS},	{"这位", KB_NEED_THIS},
    {"那位", KB_NEED_THIS},	{"其中", KB_NEED_THIS},
    {"it", KB_NEED_PRONOUN},	{"its", KB_NEED_PRONOUN},
    {"they", KB_NEED_PRONOUN},	{"them", KB_NEED_PRONOUN},
    {"their", KB_NEED_PRONOUN}, {"he", KB_NEED_PRONOUN},
    {"she", KB_NEED_PRONOUN},	{"him", KB_NEED_PRONOUN},
    {"his", KB_NEED_PRONOUN},	{"her", KB_NEED_PRONOUN},
    {"one", KB_NEED_PRONOUN},	{"ones", KB_NEED_PRONOUN},
    {"this", KB_NEED_THIS},	{"that", KB_NEED_THIS},
    {"these", KB_NEED_THIS},	{"those", KB_NEED_THIS},
};

static struct kb_literals pronoun_set = KB_LITERALS(pronouns);

/* 其他, 吉他: 他 that is no pronoun. */
static bool is_other(const char *text, size_t at, size_t len)
{
	return len == 3 && at >= 3 && (unsigned char)text[at] >= 0x80 &&
	       (!memcmp(text + at - 3, "其", 3) ||
		!memcmp(text + at - 3, "吉", 3));
}

/* The first pronoun in text: its place, or text.len. A word whose first
 * occurrence is none does not count further on. */
static size_t find_pronoun(struct kb_str text, size_t *len, enum kb_need *need)
{
	const struct kb_literal_index *index = kb_literals_index(&pronoun_set);
	struct kb_literal_places places =
	    kb_literal_places(index, text.ptr, text.len);
	uint64_t out = 0;

	for (size_t at = kb_literal_place(&places, 0); at < text.len;
	     at = kb_literal_place(&places, at + 1)) {
		struct kb_literal_it it =
		    kb_literals_at(index, text.ptr + at, text.len - at);
		const struct kb_literal *l;

		while ((l = kb_literal_next(&it))) {
			if (out >> l->row & 1 ||
			    !kb_is_bounded(text.ptr, text.len, at, l->len))
				continue;
			if (is_other(text.ptr, at, l->len)) {
				out |= (uint64_t)1 << l->row;
				continue;
			}
			*len = l->len;
			*need = pronouns[l->row].need;
			return at;
		}
	}
	return text.len;
}

static const char *const frames[] = {"what about", "how about"};

static struct kb_literals frame_set = KB_LITERALS(frames);

#define FRAME_WITHIN 12 /* bytes of the question before it */

static bool has_frame(struct kb_str q)
{
	const struct kb_literal_index *index = kb_literals_index(&frame_set);

	for (size_t at = 0; at < q.len && at < FRAME_WITHIN; at++)
		if (kb_literals_word(index, q.ptr, q.len, at))
			return true;
	return false;
}

/* "那X呢", "what about X", "and X?" */
static bool is_frame(struct kb_str q)
{
	while (q.len > 3 &&
	       (kb_ends(q.ptr, q.len, "？") || kb_ends(q.ptr, q.len, "。")))
		q.len -= 3;
	while (q.len && (q.ptr[q.len - 1] == '?' || q.ptr[q.len - 1] == ' '))
		q.len--;
	if (q.len <= 45 && kb_ends(q.ptr, q.len, "呢"))
		return true;
	if (has_frame(q))
		return true;
	return (kb_starts(q.ptr, q.len, "and ") ||
		kb_starts(q.ptr, q.len, "And ")) &&
	       q.len <= 60;
}

/* Does a text of these phrases name something: a quotation, a code, a name,
 * or enough content of its own? */
static bool stands_alone(const struct kb_noun_phrase *phrases, size_t n)
{
	size_t han = 0, words = 0;

	for (size_t i = 0; i < n; i++) {
		if (phrases[i].kind == KB_PHRASE_HAN)
			han += phrases[i].text.len / 3;
		else if (phrases[i].kind == KB_PHRASE_WORDS)
			words += phrases[i].text.len > 9 ? 2 : 1;
		else
			return true;
	}
	return han >= 4 || words >= 2 || han + words * 2 >= 5;
}

/* Is what the pronoun at 'at' stands for named before it, as a heading: "Back
 * to the headphones: how long do they take"? A code or a quotation needs no
 * heading: "X12 它防水吗". */
static bool is_named_before(struct kb_str q, size_t at)
{
	static const char *const ends[] = {": ", "：", "; ", "；"};
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	struct kb_str before = {q.ptr, at};
	bool clause = false;
	size_t n;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		clause |= memmem(q.ptr, at, ends[i], strlen(ends[i])) != NULL;
	n = kb_phrases(before, phrases);
	for (size_t i = 0; i < n; i++)
		if (clause || phrases[i].kind >= KB_PHRASE_CODE)
			return true;
	return false;
}

enum kb_need kb_need_of(struct kb_str q, size_t *at, size_t *len)
{
	enum kb_need need = KB_NEED_TOPIC;
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];

	*at = find_pronoun(q, len, &need);
	if (is_frame(q))
		return KB_NEED_FRAME;
	if (need == KB_NEED_PRONOUN && is_named_before(q, *at))
		return KB_NEED_NOTHING;
	if (need == KB_NEED_TOPIC &&
	    stands_alone(phrases, kb_phrases(q, phrases)))
		return KB_NEED_NOTHING;
	return need;
}
