#include "text/synonym.h"

#include <stdint.h>
#include <string.h>

/* Which three bytes in a row the text holds, hashed: most words of the table
 * are ruled out by one look. No word is shorter. */
struct starts {
	uint64_t bits[64];
};

static unsigned start_of(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t v = u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16;

	return v * UINT32_C(2654435761) >> 20;
}

static void note_starts(struct starts *starts, struct kb_str text)
{
	memset(starts, 0, sizeof(*starts));
	for (size_t i = 0; i + 3 <= text.len; i++) {
		unsigned h = start_of(text.ptr + i);

		starts->bits[h / 64] |= UINT64_C(1) << (h % 64);
	}
}

static bool letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool starts_with(const char *p, const char *end, const char *mark)
{
	size_t n = strlen(mark);

	return (size_t)(end - p) >= n && !memcmp(p, mark, n) &&
	       (p + n == end || !letter(p[n]));
}

/* Bytes of an inflection at p that end the word, -1 when it goes on. */
static long ending(const char *p, const char *end, char last)
{
	static const char *const endings[] = {"s", "es", "ed", "ing"};

	if (p == end || !letter(*p))
		return 0;
	if (last == 'e' && starts_with(p, end, "d"))
		return 1;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (starts_with(p, end, endings[i]))
			return (long)strlen(endings[i]);
	return -1;
}

/* The first place of the word from *at on; it moves past it. */
static bool find(struct kb_str text, struct kb_str word, size_t *at,
		 struct kb_synonym *out)
{
	const char *end = text.ptr + text.len, *p = text.ptr + *at;
	char last = word.ptr[word.len - 1];

	while ((p = memmem(p, (size_t)(end - p), word.ptr, word.len))) {
		const char *stop = p + word.len;
		long more = letter(last) ? ending(stop, end, last) : 0;

		if (more >= 0 &&
		    (!letter(*word.ptr) || p == text.ptr || !letter(p[-1]))) {
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
	const char *stop = strchrnul(*at, '|');

	if (!**at)
		return false;
	*word = (struct kb_str){*at, (size_t)(stop - *at)};
	*at = stop + (*stop == '|');
	return true;
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

size_t kb_synonyms_find(struct kb_str text, struct kb_synonym *out, size_t max)
{
	struct starts starts;
	size_t n = 0;

	if (max > 256)
		max = 256;
	note_starts(&starts, text);
	for (size_t g = 0; kb_synonym_groups[g]; g++) {
		const char *at = kb_synonym_groups[g];
		struct kb_str word;

		while (n < max && kb_synonym_next(&at, &word)) {
			unsigned h = start_of(word.ptr);
			size_t from = 0;

			if (!(starts.bits[h / 64] >> (h % 64) & 1))
				continue;
			out[n].group = kb_synonym_groups[g];
			n += find(text, word, &from, &out[n]);
		}
	}
	return drop_inner(out, n);
}
