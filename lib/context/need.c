#include "context/need.h"

#include "base/str.h"
#include "context/phrase.h"
#include "text/words.h"

struct pronoun {
	const char *word;
	enum kb_need need;
};

static const struct pronoun han_pronouns[] = {
    {"它们", KB_NEED_PRONOUN}, {"他们", KB_NEED_PRONOUN},
    {"她们", KB_NEED_PRONOUN}, {"它", KB_NEED_PRONOUN},
    {"他", KB_NEED_PRONOUN},   {"她", KB_NEED_PRONOUN},
    {"这个", KB_NEED_THIS},    {"那个", KB_NEED_THIS},
    {"这款", KB_NEED_THIS},    {"那款", KB_NEED_THIS},
    {"这家", KB_NEED_THIS},    {"那家", KB_NEED_THIS},
    {"这本", KB_NEED_THIS},    {"那本", KB_NEED_THIS},
    {"这部", KB_NEED_THIS},    {"那部", KB_NEED_THIS},
    {"这种", KB_NEED_THIS},    {"那种", KB_NEED_THIS},
    {"这些", KB_NEED_THIS},    {"那些", KB_NEED_THIS},
    {"这件", KB_NEED_THIS},    {"那件", KB_NEED_THIS},
    {"这里", KB_NEED_THIS},    {"那里", KB_NEED_THIS},
    {"那儿", KB_NEED_THIS},    {"这首", KB_NEED_THIS},
    {"那首", KB_NEED_THIS},    {"这位", KB_NEED_THIS},
    {"那位", KB_NEED_THIS},    {"其中", KB_NEED_THIS},
};

static const struct pronoun latin_pronouns[] = {
    {"it", KB_NEED_PRONOUN},	{"its", KB_NEED_PRONOUN},
    {"they", KB_NEED_PRONOUN},	{"them", KB_NEED_PRONOUN},
    {"their", KB_NEED_PRONOUN}, {"he", KB_NEED_PRONOUN},
    {"she", KB_NEED_PRONOUN},	{"him", KB_NEED_PRONOUN},
    {"his", KB_NEED_PRONOUN},	{"her", KB_NEED_PRONOUN},
    {"one", KB_NEED_PRONOUN},	{"ones", KB_NEED_PRONOUN},
    {"this", KB_NEED_THIS},	{"that", KB_NEED_THIS},
    {"these", KB_NEED_THIS},	{"those", KB_NEED_THIS},
};

/* The first pronoun in text: its place, or text.len. */
static size_t find_pronoun(struct kb_str text, size_t *len, enum kb_need *need)
{
	size_t best = text.len;

	for (size_t i = 0; i < sizeof(han_pronouns) / sizeof(*han_pronouns);
	     i++) {
		const struct pronoun *p = &han_pronouns[i];
		size_t n = strlen(p->word);
		const char *at = memmem(text.ptr, text.len, p->word, n);

		if (!at || (size_t)(at - text.ptr) >= best)
			continue;
		/* 其他, 吉他: 他 that is no pronoun. */
		if (n == 3 && at > text.ptr + 2 &&
		    (!memcmp(at - 3, "其", 3) || !memcmp(at - 3, "吉", 3)))
			continue;
		best = (size_t)(at - text.ptr);
		*len = n;
		*need = p->need;
	}
	for (size_t i = 0; i < sizeof(latin_pronouns) / sizeof(*latin_pronouns);
	     i++) {
		const struct pronoun *p = &latin_pronouns[i];
		size_t at = kb_find_phrase(text.ptr, text.len, p->word);

		if (at >= best)
			continue;
		best = at;
		*len = strlen(p->word);
		*need = p->need;
	}
	return best;
}

/* "那X呢", "what about X", "and X?" */
static bool is_frame(struct kb_str q)
{
	static const char *const english[] = {"what about", "how about"};

	while (q.len > 3 &&
	       (kb_ends(q.ptr, q.len, "？") || kb_ends(q.ptr, q.len, "。")))
		q.len -= 3;
	while (q.len && (q.ptr[q.len - 1] == '?' || q.ptr[q.len - 1] == ' '))
		q.len--;
	if (q.len <= 45 && kb_ends(q.ptr, q.len, "呢"))
		return true;
	for (size_t i = 0; i < 2; i++)
		if (kb_find_phrase(q.ptr, q.len, english[i]) < 12 &&
		    kb_find_phrase(q.ptr, q.len, english[i]) < q.len)
			return true;
	return (kb_starts(q.ptr, q.len, "and ") ||
		kb_starts(q.ptr, q.len, "And ")) &&
	       q.len <= 60;
}

/* Does the text name something: a quotation, a code, a name, or enough
 * content of its own? */
static bool stands_alone(struct kb_str text)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];
	size_t n = kb_phrases(text, phrases), han = 0, words = 0;

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
	enum kb_need need = KB_NEED_NOTHING;

	*at = find_pronoun(q, len, &need);
	if (is_frame(q))
		return KB_NEED_FRAME;
	if (*at < q.len)
		return need == KB_NEED_PRONOUN && is_named_before(q, *at)
			   ? KB_NEED_NOTHING
			   : need;
	return stands_alone(q) ? KB_NEED_NOTHING : KB_NEED_TOPIC;
}
