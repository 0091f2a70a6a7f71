#include "claim/word_classes.h"

#include "base/ascii.h"

#define WORD_MAX 24 /* bytes of a word that a table may hold */

/* Bytes of an apostrophe at p, 0 for none. */
static size_t apostrophe(const char *p, size_t len)
{
	return len && *p == '\'' ? 1 : kb_starts(p, len, "’");
}

/* The word at text + at, folded into word; its bytes in the text. */
static size_t read_word(struct kb_str text, size_t at, char *word, size_t *n)
{
	size_t end = at;

	*n = 0;
	word[1] = '\0';
	while (end < text.len) {
		size_t quote;

		if (kb_is_letter(text.ptr[end])) {
			if (*n < WORD_MAX)
				word[(*n)++] = kb_lower(text.ptr[end]);
			end++;
			continue;
		}
		quote = apostrophe(text.ptr + end, text.len - end);
		if (!quote || !(end + quote < text.len &&
				kb_is_letter(text.ptr[end + quote])))
			break;
		if (*n < WORD_MAX)
			word[(*n)++] = '\'';
		end += quote;
	}
	return end - at;
}

static unsigned class_of(const char *word, size_t n, struct kb_literals *set,
			 const struct kb_word_class *rows, unsigned denied)
{
	/* A set finds words of one letter by the NUL behind them. */
	struct kb_literal_it it =
	    kb_literals_at(kb_literals_index(set), word, n > 1 ? n : 2);
	const struct kb_literal *l;

	while ((l = kb_literal_next(&it)))
		if (l->len == n)
			return rows[l->row].set;
	return kb_ends(word, n, "n't") ? denied : 0;
}

bool kb_words_next(struct kb_str text, struct kb_literals *set,
		   const struct kb_word_class *rows, unsigned denied,
		   size_t *at, struct kb_classed_word *out)
{
	char word[WORD_MAX + 1];

	while (*at < text.len) {
		size_t n, len = read_word(text, *at, word, &n);

		if (len) {
			out->text = (struct kb_str){text.ptr + *at, len};
			out->set = class_of(word, n, set, rows, denied);
			*at += len;
			return true;
		}
		++*at;
	}
	return false;
}

void kb_words_class(struct kb_str text, struct kb_literals *set,
		    const struct kb_word_class *rows, unsigned denied,
		    struct kb_classed *out)
{
	struct kb_classed_word word;
	size_t at = 0;

	out->n = 0; /* what is behind them is never read */
	out->whole = true;
	while (kb_words_next(text, set, rows, denied, &at, &word)) {
		if (out->n == KB_WORD_CLASSES_MAX) {
			out->whole = false;
			return;
		}
		out->words[out->n++] = word;
	}
}

unsigned kb_class_at(struct kb_str text, size_t at, struct kb_literals *set,
		     const struct kb_word_class *rows, size_t *len)
{
	struct kb_literal_it it = kb_literals_at(kb_literals_index(set),
						 text.ptr + at, text.len - at);
	const struct kb_literal *l = kb_literal_next(&it);

	*len = l ? l->len : 0;
	return l ? rows[l->row].set : 0;
}
