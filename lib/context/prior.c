#include "context/prior.h"

#include <math.h>

#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "context/prior_weights.h"
#include "dialogue/phrase.h"
#include "text/literal_places.h"

#define NEAR	   3	/* turns, for what goes on */
#define MOST	   4	/* what is counted of a kind */
#define HEAD_BYTES 4096 /* of a turn that are read for words */

static const struct {
	const char *word;
	enum kb_prior_feature kind;
} words[] = {
    {"yesterday", KB_PRIOR_TIME},    {"today", KB_PRIOR_TIME},
    {"tonight", KB_PRIOR_TIME},	     {"tomorrow", KB_PRIOR_TIME},
    {"last", KB_PRIOR_TIME},	     {"ago", KB_PRIOR_TIME},
    {"next", KB_PRIOR_TIME},	     {"week", KB_PRIOR_TIME},
    {"weeks", KB_PRIOR_TIME},	     {"weekend", KB_PRIOR_TIME},
    {"month", KB_PRIOR_TIME},	     {"months", KB_PRIOR_TIME},
    {"year", KB_PRIOR_TIME},	     {"years", KB_PRIOR_TIME},
    {"monday", KB_PRIOR_TIME},	     {"tuesday", KB_PRIOR_TIME},
    {"wednesday", KB_PRIOR_TIME},    {"thursday", KB_PRIOR_TIME},
    {"friday", KB_PRIOR_TIME},	     {"saturday", KB_PRIOR_TIME},
    {"sunday", KB_PRIOR_TIME},	     {"january", KB_PRIOR_TIME},
    {"february", KB_PRIOR_TIME},     {"march", KB_PRIOR_TIME},
    {"april", KB_PRIOR_TIME},	     {"june", KB_PRIOR_TIME},
    {"july", KB_PRIOR_TIME},	     {"august", KB_PRIOR_TIME},
    {"september", KB_PRIOR_TIME},    {"october", KB_PRIOR_TIME},
    {"november", KB_PRIOR_TIME},     {"december", KB_PRIOR_TIME},
    {"morning", KB_PRIOR_TIME},	     {"evening", KB_PRIOR_TIME},
    {"afternoon", KB_PRIOR_TIME},    {"night", KB_PRIOR_TIME},
    {"summer", KB_PRIOR_TIME},	     {"winter", KB_PRIOR_TIME},
    {"spring", KB_PRIOR_TIME},	     {"autumn", KB_PRIOR_TIME},
    {"recently", KB_PRIOR_TIME},     {"since", KB_PRIOR_TIME},
    {"birthday", KB_PRIOR_TIME},     {"first", KB_PRIOR_TIME},
    {"once", KB_PRIOR_TIME},	     {"昨天", KB_PRIOR_TIME},
    {"今天", KB_PRIOR_TIME},	     {"明天", KB_PRIOR_TIME},
    {"后天", KB_PRIOR_TIME},	     {"前天", KB_PRIOR_TIME},
    {"上周", KB_PRIOR_TIME},	     {"下周", KB_PRIOR_TIME},
    {"上个月", KB_PRIOR_TIME},	     {"下个月", KB_PRIOR_TIME},
    {"去年", KB_PRIOR_TIME},	     {"今年", KB_PRIOR_TIME},
    {"明年", KB_PRIOR_TIME},	     {"星期", KB_PRIOR_TIME},
    {"周末", KB_PRIOR_TIME},	     {"上午", KB_PRIOR_TIME},
    {"下午", KB_PRIOR_TIME},	     {"晚上", KB_PRIOR_TIME},
    {"早上", KB_PRIOR_TIME},	     {"生日", KB_PRIOR_TIME},
    {"最近", KB_PRIOR_TIME},	     {"went", KB_PRIOR_PAST},
    {"was", KB_PRIOR_PAST},	     {"were", KB_PRIOR_PAST},
    {"got", KB_PRIOR_PAST},	     {"had", KB_PRIOR_PAST},
    {"did", KB_PRIOR_PAST},	     {"made", KB_PRIOR_PAST},
    {"took", KB_PRIOR_PAST},	     {"saw", KB_PRIOR_PAST},
    {"found", KB_PRIOR_PAST},	     {"gave", KB_PRIOR_PAST},
    {"met", KB_PRIOR_PAST},	     {"bought", KB_PRIOR_PAST},
    {"won", KB_PRIOR_PAST},	     {"lost", KB_PRIOR_PAST},
    {"came", KB_PRIOR_PAST},	     {"began", KB_PRIOR_PAST},
    {"wrote", KB_PRIOR_PAST},	     {"taught", KB_PRIOR_PAST},
    {"felt", KB_PRIOR_PAST},	     {"said", KB_PRIOR_PAST},
    {"told", KB_PRIOR_PAST},	     {"read", KB_PRIOR_PAST},
    {"ran", KB_PRIOR_PAST},	     {"grew", KB_PRIOR_PAST},
    {"drove", KB_PRIOR_PAST},	     {"flew", KB_PRIOR_PAST},
    {"left", KB_PRIOR_PAST},	     {"kept", KB_PRIOR_PAST},
    {"spent", KB_PRIOR_PAST},	     {"sent", KB_PRIOR_PAST},
    {"paid", KB_PRIOR_PAST},	     {"sold", KB_PRIOR_PAST},
    {"买了", KB_PRIOR_PAST},	     {"去了", KB_PRIOR_PAST},
    {"去过", KB_PRIOR_PAST},	     {"看了", KB_PRIOR_PAST},
    {"收到", KB_PRIOR_PAST},	     {"已经", KB_PRIOR_PAST},
    {"my", KB_PRIOR_FIRST},	     {"me", KB_PRIOR_FIRST},
    {"we", KB_PRIOR_FIRST},	     {"our", KB_PRIOR_FIRST},
    {"us", KB_PRIOR_FIRST},	     {"i'm", KB_PRIOR_FIRST},
    {"i've", KB_PRIOR_FIRST},	     {"i'd", KB_PRIOR_FIRST},
    {"we're", KB_PRIOR_FIRST},	     {"我", KB_PRIOR_FIRST},
    {"我们", KB_PRIOR_FIRST},	     {"我的", KB_PRIOR_FIRST},
    {"you", KB_PRIOR_SECOND},	     {"your", KB_PRIOR_SECOND},
    {"you're", KB_PRIOR_SECOND},     {"you've", KB_PRIOR_SECOND},
    {"你", KB_PRIOR_SECOND},	     {"您", KB_PRIOR_SECOND},
    {"wow", KB_PRIOR_POLITE},	     {"awesome", KB_PRIOR_POLITE},
    {"amazing", KB_PRIOR_POLITE},    {"great", KB_PRIOR_POLITE},
    {"cool", KB_PRIOR_POLITE},	     {"glad", KB_PRIOR_POLITE},
    {"congrats", KB_PRIOR_POLITE},   {"congratulations", KB_PRIOR_POLITE},
    {"thanks", KB_PRIOR_POLITE},     {"thank you", KB_PRIOR_POLITE},
    {"sounds", KB_PRIOR_POLITE},     {"good luck", KB_PRIOR_POLITE},
    {"nice", KB_PRIOR_POLITE},	     {"proud", KB_PRIOR_POLITE},
    {"inspiring", KB_PRIOR_POLITE},  {"appreciate", KB_PRIOR_POLITE},
    {"agree", KB_PRIOR_POLITE},	     {"absolutely", KB_PRIOR_POLITE},
    {"definitely", KB_PRIOR_POLITE}, {"totally", KB_PRIOR_POLITE},
    {"hey", KB_PRIOR_POLITE},	     {"hi", KB_PRIOR_POLITE},
    {"hello", KB_PRIOR_POLITE},	     {"bye", KB_PRIOR_POLITE},
    {"hope", KB_PRIOR_POLITE},	     {"good to see you", KB_PRIOR_POLITE},
    {"take care", KB_PRIOR_POLITE},  {"谢谢", KB_PRIOR_POLITE},
    {"你好", KB_PRIOR_POLITE},	     {"您好", KB_PRIOR_POLITE},
    {"好的", KB_PRIOR_POLITE},	     {"不客气", KB_PRIOR_POLITE},
    {"再见", KB_PRIOR_POLITE},	     {"哈哈", KB_PRIOR_POLITE},
    {"祝您", KB_PRIOR_POLITE},	     {"祝你", KB_PRIOR_POLITE},
    {"是啊", KB_PRIOR_POLITE},	     {"mom", KB_PRIOR_KIN},
    {"mother", KB_PRIOR_KIN},	     {"dad", KB_PRIOR_KIN},
    {"father", KB_PRIOR_KIN},	     {"sister", KB_PRIOR_KIN},
    {"brother", KB_PRIOR_KIN},	     {"son", KB_PRIOR_KIN},
    {"daughter", KB_PRIOR_KIN},	     {"wife", KB_PRIOR_KIN},
    {"husband", KB_PRIOR_KIN},	     {"kids", KB_PRIOR_KIN},
    {"family", KB_PRIOR_KIN},	     {"friend", KB_PRIOR_KIN},
    {"friends", KB_PRIOR_KIN},	     {"grandma", KB_PRIOR_KIN},
    {"grandmother", KB_PRIOR_KIN},   {"grandpa", KB_PRIOR_KIN},
    {"grandfather", KB_PRIOR_KIN},   {"cousin", KB_PRIOR_KIN},
    {"aunt", KB_PRIOR_KIN},	     {"uncle", KB_PRIOR_KIN},
    {"dog", KB_PRIOR_KIN},	     {"cat", KB_PRIOR_KIN},
    {"puppy", KB_PRIOR_KIN},	     {"妈妈", KB_PRIOR_KIN},
    {"爸爸", KB_PRIOR_KIN},	     {"孩子", KB_PRIOR_KIN},
    {"儿子", KB_PRIOR_KIN},	     {"女儿", KB_PRIOR_KIN},
    {"老婆", KB_PRIOR_KIN},	     {"老公", KB_PRIOR_KIN},
    {"朋友", KB_PRIOR_KIN},
};

static struct kb_literals word_set = KB_LITERALS(words);

/* ---- words ---- */

static void count_words(struct kb_str text, double *f)
{
	const struct kb_literal_index *index = kb_literals_index(&word_set);
	struct kb_literal_places places =
	    kb_literal_places(index, text.ptr, text.len);

	for (size_t at = kb_literal_place(&places, 0); at < text.len;
	     at = kb_literal_place(&places, at)) {
		const struct kb_literal *l =
		    kb_literals_word(index, text.ptr, text.len, at);

		if (l)
			f[words[l->row].kind] += 1;
		at += l ? l->len : 1;
	}
}

/* Of the phrases behind the words that say who speaks; a name that comes first
 * may be one because it does. */
static void count_phrases(const struct kb_said *turn, struct kb_str said,
			  double *f)
{
	for (size_t i = 0; i < turn->n_phrases; i++) {
		const struct kb_noun_phrase *p = &turn->phrases[i];

		if (p->text.ptr < said.ptr)
			continue;
		if (p->kind == KB_PHRASE_NAME)
			f[KB_PRIOR_NAMES] += p->text.ptr > said.ptr;
		else if (p->kind > KB_PHRASE_NAME)
			f[KB_PRIOR_QUOTE] = 1;
	}
}

/* What a byte may be the first of; most are none of these. */
enum sign { PLAIN, DIGIT, MARK, WIDE_MARK, OWN_I, PAST_D };

__extension__ static const unsigned char sign_of[256] = {
    ['0' ... '9'] = DIGIT, ['?'] = MARK,       ['!'] = MARK,
    ['.'] = MARK,	   [0xe3] = WIDE_MARK, [0xef] = WIDE_MARK,
    ['I'] = OWN_I,	   ['d'] = PAST_D,     ['D'] = PAST_D,
};

static size_t skip_plain(struct kb_str text, size_t at)
{
	while (at < text.len && !sign_of[(unsigned char)text.ptr[at]])
		at++;
	return at;
}

/* "I" as a word, but for "I'm" and the like, which are of the table; no literal
 * is as short. */
static bool is_own_i(struct kb_str text, size_t at)
{
	return kb_may_begin(text.ptr, at) &&
	       !(at + 1 < text.len && kb_is_letter(text.ptr[at + 1])) &&
	       !kb_literals_word(kb_literals_index(&word_set), text.ptr,
				 text.len, at);
}

/* Does a verb of a regular past end with the d at 'at'? No word of the table
 * does. */
static bool ends_past(struct kb_str text, size_t at)
{
	size_t from = at;

	if (!at || kb_lower(text.ptr[at - 1]) != 'e' ||
	    (at + 1 < text.len && kb_is_letter(text.ptr[at + 1])))
		return false;
	while (from && kb_is_letter(text.ptr[from - 1]))
		from--;
	return at + 1 - from >= 5 && kb_may_begin(text.ptr, from);
}

/* The character of a sentence's end at 'at', a wide one as its plain form; 0
 * for none. */
static char end_mark(struct kb_str text, size_t at)
{
	const char *p = text.ptr + at;
	size_t len = text.len - at;

	if (*p == '?' || *p == '!' || (*p == '.' && (len == 1 || p[1] == ' ')))
		return *p;
	if (kb_starts(p, len, "？"))
		return '?';
	return kb_starts(p, len, "！") || kb_starts(p, len, "。") ? '!' : 0;
}

/* Sentences, those among them that ask, and what is in no table. */
static void count_signs(struct kb_str text, double *f)
{
	double ends = 0, asks = 0;

	for (size_t i = skip_plain(text, 0); i < text.len;
	     i = skip_plain(text, i + 1)) {
		enum sign sign = sign_of[(unsigned char)text.ptr[i]];
		char mark;

		if (sign == DIGIT)
			f[KB_PRIOR_DIGIT] = 1;
		else if (sign == OWN_I)
			f[KB_PRIOR_FIRST] += is_own_i(text, i);
		else if (sign == PAST_D)
			f[KB_PRIOR_PAST] += ends_past(text, i);
		if (sign != MARK && sign != WIDE_MARK)
			continue;
		mark = end_mark(text, i);
		if (!mark)
			continue;
		ends++;
		asks += mark == '?';
		f[KB_PRIOR_ENDS_ASK] = mark == '?';
	}
	f[KB_PRIOR_ASKS] = asks / fmax(ends, 1);
}

/* ---- what turns share ---- */

struct masses {
	const struct kb_dialogue_terms *terms;
	uint32_t *last; /* 1 + the last turn that said a term, so far */
};

static bool counts(const struct kb_dialogue_terms *terms, uint32_t id)
{
	const struct kb_dialogue_term *t = &terms->items[id];

	return !t->function && kb_term_class(t->key) != KB_TERM_EXACT;
}

/* The mass of a turn's terms, of those that are new, and of those that one of
 * the NEAR turns before in the direction of the walk has. */
static void share(struct masses *m, size_t turn, size_t step, double *near,
		  double *mass, double *fresh)
{
	const struct kb_said *said = &m->terms->turns[turn];
	const struct kb_said_term *t = m->terms->pool + said->first;

	for (size_t i = 0; i < said->n; i++) {
		uint32_t *last = &m->last[t[i].id];
		double idf = m->terms->items[t[i].id].idf;

		if (counts(m->terms, t[i].id)) {
			if (mass)
				*mass += idf;
			if (fresh && !*last)
				*fresh += idf;
			if (*last && step - *last < NEAR)
				*near += idf;
		}
		*last = (uint32_t)step + 1;
	}
}

static void measure_masses(const struct kb_convo *convo,
			   const struct kb_dialogue_terms *terms,
			   double (*f)[KB_PRIOR_FEATURES])
{
	struct masses m = {.terms = terms,
			   .last = kb_arena_calloc(convo->arena, terms->n + 1,
						   sizeof(*m.last))};
	double total = 0;
	size_t n = convo->n;

	for (size_t i = 0; i < n; i++) {
		share(&m, i, i, &f[i][KB_PRIOR_BEHIND], &f[i][KB_PRIOR_MASS],
		      &f[i][KB_PRIOR_FRESH]);
		total += f[i][KB_PRIOR_MASS];
	}
	memset(m.last, 0, terms->n * sizeof(*m.last));
	for (size_t i = n; i > 0; i--)
		share(&m, i - 1, n - i, &f[i - 1][KB_PRIOR_AHEAD], NULL, NULL);
	for (size_t i = 0; i < n && total > 0; i++)
		for (int k = KB_PRIOR_MASS; k <= KB_PRIOR_BEHIND; k++)
			f[i][k] = fmin(f[i][k] * (double)n / total, MOST);
}

static void measure_lengths(const struct kb_convo *convo,
			    double (*f)[KB_PRIOR_FEATURES])
{
	double total = 0;

	for (size_t i = 0; i < convo->n; i++)
		total += (double)convo->turns[i].tokens;
	for (size_t i = 0; i < convo->n; i++)
		f[i][KB_PRIOR_LENGTH] =
		    log((double)(convo->turns[i].tokens + 1) *
			(double)convo->n / (total + 1));
	for (size_t i = 1; i < convo->n; i++)
		f[i][KB_PRIOR_BEFORE] = f[i - 1][KB_PRIOR_LENGTH];
}

void kb_prior_measure(const struct kb_convo *convo,
		      const struct kb_dialogue_terms *terms,
		      double (*f)[KB_PRIOR_FEATURES])
{
	memset(f, 0, convo->n * sizeof(*f));
	measure_lengths(convo, f);
	measure_masses(convo, terms, f);
	for (size_t i = 0; i < convo->n; i++) {
		struct kb_str text = kb_turn_said(&convo->turns[i]);

		if (text.len > HEAD_BYTES)
			text.len = kb_utf8_cut(text.ptr, text.len, HEAD_BYTES);
		count_words(text, f[i]);
		count_phrases(&terms->turns[i], text, f[i]);
		count_signs(text, f[i]);
		for (int k = KB_PRIOR_TIME; k <= KB_PRIOR_NAMES; k++)
			f[i][k] = fmin(f[i][k], MOST);
	}
	for (size_t i = 0; i + 1 < convo->n; i++) {
		f[i + 1][KB_PRIOR_ANSWERS] = f[i][KB_PRIOR_ASKS] > 0;
		f[i][KB_PRIOR_ANSWERED] = f[i + 1][KB_PRIOR_ASKS] > 0;
	}
}

double kb_prior(const double *features)
{
	static const double weights[KB_PRIOR_FEATURES] = PRIOR_WEIGHTS;

	return -log1p(
	    exp(-kb_weigh(PRIOR_BIAS, weights, features, KB_PRIOR_FEATURES)));
}
