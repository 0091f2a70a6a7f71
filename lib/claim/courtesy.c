#include "claim/courtesy.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "claim/courtesy_table.h"
#include "text/script.h"
#include "text/sentence.h"
#include "text/words.h"

/* ---- English ---- */

enum clause { CONTENT, NEUTRAL, POLITE };

/* Numbers, addresses and paths are statements wherever they stand. */
static bool holds_fact(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_digit(s.ptr[i]) || s.ptr[i] == '@' ||
		    (s.ptr[i] == '/' && i + 1 < s.len && s.ptr[i + 1] == '/'))
			return true;
	return false;
}

/* Words behind a TOPIC or a greeting, which may be of any kind. */
#define TOPIC_WORDS    8
#define GREETING_WORDS 3

static enum clause read_english(struct kb_str s)
{
	struct kb_classed_word word;
	unsigned met = 0, after = 0;
	size_t topic = 0, names = 0, n = 0, at = 0;

	for (; kb_words_next(s, &kb_courtesy_english_set, kb_courtesy_english,
			     FILL | ASSERTS, &at, &word);
	     n++) {
		struct kb_str w = word.text;
		unsigned set = word.set;

		if (n == KB_WORD_CLASSES_MAX)
			return CONTENT;
		if (after)
			after |= set & ASSERTS;
		if (set & TOPIC && met & HEAD)
			after |= TOPIC;
		met |= set;
		if (set & (HEAD | FILL) || kb_stop_word(w.ptr, w.len))
			continue;
		if (after & TOPIC)
			topic++;
		else if (met & GREETS && kb_is_upper(*w.ptr))
			names++;
		else
			return CONTENT;
	}
	if (!n || topic > TOPIC_WORDS || names > GREETING_WORDS ||
	    (topic && after & ASSERTS))
		return CONTENT;
	return met & HEAD ? POLITE : NEUTRAL;
}

/* ---- Chinese ---- */

/* Share of the characters that may be of any kind, as 1 in so many. */
#define OTHER_CHARS 6

/* "感谢您对…的支持": what stands between is what it is about. */
#define FRAME_CHARS 24

static enum clause read_chinese(struct kb_str s)
{
	unsigned met = 0, last = 0, first = 0;
	size_t all = 0, other = 0;

	for (size_t at = 0, n; at < s.len;) {
		unsigned set = kb_class_at(s, at, &kb_courtesy_chinese_set,
					   kb_courtesy_chinese, &n);
		uint32_t cp;

		if (n) {
			last = set & (HEAD | FILL) ? set : 0;
			if (!first && all <= 2)
				first = set;
			met |= last;
			all += n / 3;
			at += n;
			if (!(set & (HEAD | FILL)) && !(set & GIVEN))
				other += n / 3;
			continue;
		}
		at += kb_utf8_next(s.ptr + at, s.len - at, &cp);
		if (kb_is_letter((char)cp) && cp < 0x80)
			return CONTENT;
		if (!kb_is_han(cp))
			continue;
		all++;
		other += !kb_stop_han(cp);
		last = kb_stop_han(cp) ? last : 0;
	}
	if (!all)
		return CONTENT;
	if (other * OTHER_CHARS > all &&
	    !(first & GREETS && last & TOPIC && all <= FRAME_CHARS))
		return CONTENT;
	return met & HEAD ? POLITE : NEUTRAL;
}

/* ---- both ---- */

static bool has_han(struct kb_str s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;

		i += kb_utf8_next(s.ptr + i, s.len - i, &cp);
		if (kb_is_han(cp))
			return true;
	}
	return false;
}

#define CLAUSE_BYTES 240 /* of a courteous clause at most */

static enum clause read_clause(struct kb_str s)
{
	if (s.len > CLAUSE_BYTES || holds_fact(s))
		return CONTENT;
	return has_han(s) ? read_chinese(s) : read_english(s);
}

/* Where the next clause of s ends; clauses end at dashes, too. */
static size_t next_clause(struct kb_str s, size_t at)
{
	struct kb_sentence_it it = {s.ptr, s.len, at};
	size_t start, end;

	if (!kb_clause_next(&it, &start, &end))
		return s.len;
	for (size_t i = start; i + 3 < end; i++)
		if (!kb_is_alnum(s.ptr[i]) &&
		    (!memcmp(s.ptr + i, " - ", 3) ||
		     !memcmp(s.ptr + i, "—", 3) || !memcmp(s.ptr + i, "–", 3) ||
		     !memcmp(s.ptr + i, "～", 3)))
			return i + 3;
	return end > at ? end : s.len;
}

/* Without the courteous clauses before and behind the others; a neutral one
 * goes with what is courteous on its outer side. */
static struct kb_str strip_clauses(struct kb_str s)
{
	size_t from = 0, to = 0;
	bool content = false, behind = false;

	for (size_t at = 0, next; at < s.len; at = next) {
		enum clause kind;

		next = next_clause(s, at);
		kind = read_clause((struct kb_str){s.ptr + at, next - at});
		if (kind == CONTENT) {
			content = true;
			behind = false;
			to = next;
		} else if (kind == POLITE && !content) {
			from = next;
		} else if (kind == POLITE) {
			behind = true;
		}
	}
	if (!content)
		return (struct kb_str){s.ptr, from ? 0 : s.len};
	return (struct kb_str){s.ptr + from, (behind ? to : s.len) - from};
}

/* ---- what leads to a statement ---- */

/* Bytes of marks and blanks at s + at. */
static size_t marks_at(struct kb_str s, size_t at)
{
	size_t from = at;

	while (at < s.len) {
		uint32_t cp;
		size_t n = kb_utf8_next(s.ptr + at, s.len - at, &cp);

		if (!(cp < 0x80 && kb_is_space((char)cp)) && cp != ',' &&
		    cp != ':' && cp != '-' && cp != 0xff0c && cp != 0xff1a &&
		    cp != 0x3000 && cp != 0x3001)
			break;
		at += n;
	}
	return at - from;
}

/* A phrase of the table; a short one only before a mark. */
#define SHORT_LEAD 16

static size_t lead_phrase(struct kb_str s)
{
	const struct kb_literal *l = kb_literals_word(
	    kb_literals_index(&kb_courtesy_leads), s.ptr, s.len, 0);
	size_t marks = l ? marks_at(s, l->len) : 0;

	if (!l ||
	    (l->len < SHORT_LEAD && (!marks || s.ptr[l->len] == ' ') &&
	     !memchr(l->text, ' ', l->len) && !kb_ends(l->text, l->len, "是")))
		return 0;
	return l->len + marks;
}

#define LEAD_WORDS 14

static bool denies(struct kb_str w)
{
	return kb_str_is_folded(w, "not") || kb_str_is_folded(w, "no") ||
	       kb_str_is_folded(w, "never") || kb_ends(w.ptr, w.len, "n't") ||
	       kb_ends(w.ptr, w.len, "n’t");
}

/* "According to the passages,", "the document states that". */
static size_t english_source(struct kb_str s)
{
	size_t end = next_clause(s, 0), at = 0, n = 0;
	struct kb_classed_word word;
	bool source = false, leads_it = false, says = false;

	while (kb_words_next((struct kb_str){s.ptr, end},
			     &kb_courtesy_english_set, kb_courtesy_english, 0,
			     &at, &word)) {
		struct kb_str w = word.text;
		unsigned set = word.set;

		if (n++ == LEAD_WORDS)
			return 0;
		if (n == 1)
			leads_it = set & LEADS;
		if (says && kb_str_is_folded(w, "that")) {
			end = (size_t)(w.ptr + w.len - s.ptr);
			return end + marks_at(s, end);
		}
		source |= set & SOURCE;
		says |= source && set & SAYS;
		if (denies(w) || (!(set & (SOURCE | GIVEN | LEADS | SAYS)) &&
				  !kb_stop_word(w.ptr, w.len)))
			return 0;
	}
	if (!source || !leads_it || end == s.len ||
	    !memchr(",:", s.ptr[end - 1], 2))
		return 0;
	return end + marks_at(s, end);
}

/* "根据您提供的资料，", "资料显示". */
static size_t chinese_source(struct kb_str s)
{
	size_t at = 0, n, marks;
	bool source = false, says = false;

	for (; at < s.len; at += n) {
		unsigned set = kb_class_at(s, at, &kb_courtesy_chinese_set,
					   kb_courtesy_chinese, &n);

		if (!n || !(set & (LEADS | SOURCE | GIVEN | SAYS)))
			break;
		source |= set & SOURCE;
		says = set & SAYS;
	}
	marks = marks_at(s, at);
	return source && at < s.len && (marks || says) ? at + marks : 0;
}

static struct kb_str strip_leads(struct kb_str s)
{
	size_t n = kb_starts(s.ptr, s.len, "，");

	/* "“…？”，答复如下：" was parted behind the quotation */
	s = kb_str_skip(s, n);
	do {
		n = lead_phrase(s);
		if (!n)
			n = chinese_source(s);
		if (!n)
			n = english_source(s);
		s = kb_str_skip(s, n);
	} while (n && s.len);
	return s;
}

struct kb_str kb_courtesy_strip(struct kb_str s)
{
	size_t before;

	do {
		before = s.len;
		s = strip_leads(strip_clauses(s));
	} while (s.len && s.len < before);
	return s;
}

/* Nothing but the marks that end a sentence? */
static bool is_closing(struct kb_str s)
{
	while (s.len) {
		size_t n = strchr(".! ", *s.ptr) ? 1 : 0;

		if (!n)
			n = kb_starts(s.ptr, s.len, "。") +
			    kb_starts(s.ptr, s.len, "！");
		if (!n)
			return false;
		s = kb_str_skip(s, n);
	}
	return true;
}

static size_t particle(struct kb_str s, struct kb_literals *set)
{
	const struct kb_literal *l =
	    kb_literals_word(kb_literals_index(set), s.ptr, s.len, 0);
	size_t marks = l ? marks_at(s, l->len) : 0, end;

	if (!l)
		return 0;
	end = l->len + marks;
	if (is_closing(kb_str_skip(s, end)))
		return s.len;
	return marks && s.ptr[l->len] != ' ' ? end : 0;
}

/* Bytes of the word at s and the blanks behind it, when it is one of those. */
static size_t word_of(struct kb_str s, const char *const *words)
{
	for (; *words; words++) {
		size_t n = kb_starts_folded(s.ptr, s.len, *words);

		if (!n || (n < s.len && kb_is_alnum(s.ptr[n])))
			continue;
		while (n < s.len && s.ptr[n] == ' ')
			n++;
		return n;
	}
	return 0;
}

/* "It does", "we do not": a yes or no in a pronoun and a verb. Returns s.len or
 * 0. */
static size_t short_answer(struct kb_str s, bool *denies)
{
	static const char *const pronouns[] = {
	    "it",   "they", "you",   "we",    "i",     "he", "she",
	    "this", "that", "these", "those", "there", NULL};
	static const char *const verbs[] = {
	    "is",   "are",  "was",   "were",   "does",	"do",
	    "did",  "can",  "could", "will",   "would", "has",
	    "have", "must", "may",   "should", NULL};
	static const char *const denied[] = {
	    "isn't",  "aren't",	 "wasn't",  "weren't",	"doesn't",   "don't",
	    "didn't", "can't",	 "cannot",  "couldn't", "won't",     "wouldn't",
	    "hasn't", "haven't", "mustn't", "may not",	"shouldn't", NULL};
	static const char *const negation[] = {"not", NULL};
	size_t n = word_of(s, pronouns), k;

	if (!n)
		return 0;
	s = kb_str_skip(s, n);
	*denies = (k = word_of(s, denied)) > 0;
	if (!k && !(k = word_of(s, verbs)))
		return 0;
	s = kb_str_skip(s, k);
	n += k;
	k = word_of(s, negation);
	*denies |= k > 0;
	return is_closing(kb_str_skip(s, k)) ? n + s.len : 0;
}

size_t kb_courtesy_particle(struct kb_str s, bool *denies)
{
	size_t n = particle(s, &kb_courtesy_no);

	*denies = n > 0;
	if (!n)
		n = particle(s, &kb_courtesy_yes);
	return n ? n : short_answer(s, denies);
}

bool kb_courtesy_closes(struct kb_str s)
{
	struct kb_classed c;

	kb_words_class(s, &kb_courtesy_english_set, kb_courtesy_english, 0, &c);
	for (size_t i = 0; i < c.n; i++)
		if (c.words[i].set & SIGN)
			return true;
	return false;
}

#define SIGN_WORDS 5

bool kb_courtesy_signs(struct kb_str line)
{
	struct kb_classed c;

	kb_words_class(line, &kb_courtesy_english_set, kb_courtesy_english, 0,
		       &c);
	return c.n && c.n <= SIGN_WORDS && !holds_fact(line) && !has_han(line);
}
