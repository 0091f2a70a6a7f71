#include "query/common_words.h"
#include "query/spell_impl.h"
#include "query/spell_weights.h"
#include "query/term_lookup.h"

/* What English puts before and behind a word. */
static const char *const before[] = {
    "anti",   "auto",	"bio",	 "counter", "cross", "cyber", "de",    "dis",
    "eco",    "geo",	"hyper", "inter",   "macro", "mega",  "meta",  "micro",
    "mid",    "mini",	"mis",	 "mono",    "multi", "nano",  "neo",   "neuro",
    "non",    "out",	"over",	 "photo",   "poly",  "post",  "pre",   "pro",
    "pseudo", "psycho", "re",	 "self",    "semi",  "sub",   "super", "tele",
    "thermo", "trans",	"ultra", "un",	    "under", "up",
};
static const char *const behind[] = {
    "able", "ability", "al",   "ally", "ation", "ations",  "ed",
    "er",   "ers",     "es",   "est",  "ful",	"fully",   "ian",
    "ians", "ibility", "ible", "ic",   "ing",	"ings",	   "ish",
    "ism",  "ist",     "ists", "ity",  "ive",	"ization", "ize",
    "ized", "izing",   "less", "like", "ly",	"ment",	   "ments",
    "ness", "ous",     "s",    "ship", "ward",	"wards",   "wise",
};

/* A word of English or one that stands in the index. */
static bool known(const struct kb_spell *spell, struct kb_str word)
{
	const struct kb_terms *terms = spell->scratch;

	if (word.len < PART_MIN)
		return false;
	if (kb_common_word(word))
		return true;
	if (word.len < INDEX_MIN)
		return false;
	kb_terms_reset(spell->scratch);
	kb_analyze(spell->analyzer, word.ptr, word.len, spell->scratch);
	/* the last is the word as written, if that is not its stem */
	return terms->length == 1 &&
	       kb_scope_frequency(spell->scope, terms->items[terms->n - 1].key);
}

/* An ending that begins with a vowel may have taken an "e" off, or doubled a
 * letter. */
static bool known_with_ending(const struct kb_spell *spell, struct kb_str word,
			      size_t ending)
{
	char text[KB_SPELL_LETTERS + 1];
	struct kb_str stem = {text, word.len - ending};

	/* "releaseed", "refundss" */
	if (word.ptr[stem.len] == word.ptr[stem.len - 1] && ending < 3)
		return false;
	memcpy(text, word.ptr, stem.len);
	if (known(spell, stem))
		return true;
	if (!strchr("aeiouy", word.ptr[stem.len]))
		return false;
	if (stem.len > 1 && text[stem.len - 1] == text[stem.len - 2] &&
	    known(spell, (struct kb_str){text, stem.len - 1}))
		return true;
	text[stem.len++] = 'e';
	return known(spell, stem);
}

static bool has_affix(const struct kb_spell *spell, struct kb_str word)
{
	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t n = strlen(before[i]);

		if (word.len >= n + PART_MIN &&
		    !memcmp(word.ptr, before[i], n) &&
		    known(spell, (struct kb_str){word.ptr + n, word.len - n}))
			return true;
	}
	for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++) {
		size_t n = strlen(behind[i]);

		if (word.len >= n + PART_MIN &&
		    kb_ends(word.ptr, word.len, behind[i]) &&
		    known_with_ending(spell, word, n))
			return true;
	}
	return false;
}

bool kb_spell_plausible(const struct kb_spell *spell, struct kb_str word)
{
	if (kb_common_word(word) || has_affix(spell, word))
		return true;
	for (size_t n = PART_MIN; n + PART_MIN <= word.len; n++)
		if (known(spell, (struct kb_str){word.ptr, n}) &&
		    known(spell, (struct kb_str){word.ptr + n, word.len - n}))
			return true;
	return false;
}
