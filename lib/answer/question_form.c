#include "answer/question_form.h"

#include "answer/cues.h"
#include "answer/match_weights.h"
#include "answer/reading.h"
#include "base/utf8.h"
#include "text/fold.h"
#include "text/script.h"
#include "text/synonym.h"

/* Phrases that ask. They say what kind of answer is wanted; as words they
 * would only be missed in the text. The longer before their prefixes. */
static const char *const asking[] = {
    "什么时候", "什么时间", "多长时间", "什么地方", "可不可以", "能不能",
    "有没有",	"是不是",   "会不会",	"哪一年",   "怎么样",	"多少钱",
    "为什么",	"请问",	    "什么",	"哪些",	    "哪个",	"哪里",
    "哪儿",	"哪年",	    "多少",	"多久",	    "怎么",	"怎样",
    "如何",	"为何",	    "何时",	"何地",	    "是否",	"哪位",
    "几",	"哪",	    "谁",	"吗",	    "呢"};

static const char stop_han[] =
    "的了是在有和与吗呢吧啊呀我你您他它其这那请问可以能会要想个为被把从到之于"
    "一不就都也还得着过给对让多几哪么什怎少久样该当做用里们时候下上来去出后前"
    "家";

static const char stop_english[] =
    "a an the of in on at to for from by with as is are was were be been being "
    "am do does did have has had can could may might must shall should will "
    "would and or not it its this that these those there their they he she his "
    "her him i me my we our you your us them than then so if into about what "
    "which who whom whose when where why how many much long old far often name "
    "type kind give make makes get gets let lets want need please tell";

static const struct {
	const char *cue;
	enum kb_wanted kind;
} kinds[] = {
    /* before what else they may hold: "how do I fold lines when printing?" */
    {"how do", KB_WANTED_HOW},
    {"how does", KB_WANTED_HOW},
    {"how did", KB_WANTED_HOW},
    {"how can", KB_WANTED_HOW},
    {"how could", KB_WANTED_HOW},
    {"how should", KB_WANTED_HOW},
    {"how to", KB_WANTED_HOW},
    {"哪一年", KB_WANTED_WHEN},
    {"哪年", KB_WANTED_WHEN},
    {"哪个年", KB_WANTED_WHEN},
    {"哪个月", KB_WANTED_WHEN},
    {"哪个朝代", KB_WANTED_WHEN},
    {"哪天", KB_WANTED_WHEN},
    {"哪月", KB_WANTED_WHEN},
    {"哪日", KB_WANTED_WHEN},
    {"什么时候", KB_WANTED_WHEN},
    {"什么时间", KB_WANTED_WHEN},
    {"何时", KB_WANTED_WHEN},
    {"几月", KB_WANTED_WHEN},
    {"几号", KB_WANTED_WHEN},
    {"几点", KB_WANTED_WHEN},
    {"时间是", KB_WANTED_WHEN},
    {"年份", KB_WANTED_WHEN},
    {"when", KB_WANTED_WHEN},
    {"what year", KB_WANTED_WHEN},
    {"what date", KB_WANTED_WHEN},
    {"what day", KB_WANTED_WHEN},
    {"what month", KB_WANTED_WHEN},
    {"within what time", KB_WANTED_HOW_LONG},
    {"what time", KB_WANTED_WHEN},
    {"what century", KB_WANTED_WHEN},
    {"which year", KB_WANTED_WHEN},
    {"which century", KB_WANTED_WHEN},
    {"which month", KB_WANTED_WHEN},
    {"the hours of", KB_WANTED_WHEN},
    {"多久", KB_WANTED_HOW_LONG},
    {"多长时间", KB_WANTED_HOW_LONG},
    {"几天", KB_WANTED_HOW_LONG},
    {"几年", KB_WANTED_HOW_LONG},
    {"几个月", KB_WANTED_HOW_LONG},
    {"几个小时", KB_WANTED_HOW_LONG},
    {"几小时", KB_WANTED_HOW_LONG},
    {"几分钟", KB_WANTED_HOW_LONG},
    {"几周", KB_WANTED_HOW_LONG},
    {"多少天", KB_WANTED_HOW_LONG},
    {"多少年", KB_WANTED_HOW_LONG},
    {"多少小时", KB_WANTED_HOW_LONG},
    {"多少分钟", KB_WANTED_HOW_LONG},
    {"多少个月", KB_WANTED_HOW_LONG},
    {"多少个工作日", KB_WANTED_HOW_LONG},
    {"多少工作日", KB_WANTED_HOW_LONG},
    {"how long", KB_WANTED_HOW_LONG},
    {"how soon", KB_WANTED_HOW_LONG},
    {"how often", KB_WANTED_HOW_LONG},
    {"how many days", KB_WANTED_HOW_LONG},
    {"how many hours", KB_WANTED_HOW_LONG},
    {"how many years", KB_WANTED_HOW_LONG},
    {"how many weeks", KB_WANTED_HOW_LONG},
    {"how many months", KB_WANTED_HOW_LONG},
    {"how many minutes", KB_WANTED_HOW_LONG},
    {"how much time", KB_WANTED_HOW_LONG},
    {"多少钱", KB_WANTED_HOW_MUCH},
    {"多少元", KB_WANTED_HOW_MUCH},
    {"价格", KB_WANTED_HOW_MUCH},
    {"费用", KB_WANTED_HOW_MUCH},
    {"售价", KB_WANTED_HOW_MUCH},
    {"几折", KB_WANTED_HOW_MUCH},
    {"押金", KB_WANTED_HOW_MUCH},
    {"手续费", KB_WANTED_HOW_MUCH},
    {"运费多少", KB_WANTED_HOW_MUCH},
    {"how much", KB_WANTED_HOW_MUCH},
    {"what price", KB_WANTED_HOW_MUCH},
    {"the price", KB_WANTED_HOW_MUCH},
    {"the cost", KB_WANTED_HOW_MUCH},
    {"fee", KB_WANTED_HOW_MUCH},
    {"多少", KB_WANTED_HOW_MANY},
    {"多大", KB_WANTED_HOW_MANY},
    {"多高", KB_WANTED_HOW_MANY},
    {"多重", KB_WANTED_HOW_MANY},
    {"多长", KB_WANTED_HOW_MANY},
    {"多远", KB_WANTED_HOW_MANY},
    {"多宽", KB_WANTED_HOW_MANY},
    {"多厚", KB_WANTED_HOW_MANY},
    {"多深", KB_WANTED_HOW_MANY},
    {"几", KB_WANTED_HOW_MANY},
    {"百分之", KB_WANTED_HOW_MANY},
    {"how many", KB_WANTED_HOW_MANY},
    {"how old", KB_WANTED_HOW_MANY},
    {"how far", KB_WANTED_HOW_MANY},
    {"how tall", KB_WANTED_HOW_MANY},
    {"how high", KB_WANTED_HOW_MANY},
    {"how large", KB_WANTED_HOW_MANY},
    {"how big", KB_WANTED_HOW_MANY},
    {"how heavy", KB_WANTED_HOW_MANY},
    {"how deep", KB_WANTED_HOW_MANY},
    {"how fast", KB_WANTED_HOW_MANY},
    {"how warm", KB_WANTED_HOW_MANY},
    {"how hot", KB_WANTED_HOW_MANY},
    {"how cold", KB_WANTED_HOW_MANY},
    {"percent*", KB_WANTED_HOW_MANY},
    {"number of", KB_WANTED_HOW_MANY},
    {"谁", KB_WANTED_WHO},
    {"哪位", KB_WANTED_WHO},
    {"哪一位", KB_WANTED_WHO},
    {"何人", KB_WANTED_WHO},
    {"什么人", KB_WANTED_WHO},
    {"who", KB_WANTED_WHO},
    {"whom", KB_WANTED_WHO},
    {"whose", KB_WANTED_WHO},
    {"哪里", KB_WANTED_WHERE},
    {"哪儿", KB_WANTED_WHERE},
    {"何地", KB_WANTED_WHERE},
    {"何处", KB_WANTED_WHERE},
    {"什么地方", KB_WANTED_WHERE},
    {"什么地区", KB_WANTED_WHERE},
    {"哪个国", KB_WANTED_WHERE},
    {"哪个省", KB_WANTED_WHERE},
    {"哪个市", KB_WANTED_WHERE},
    {"哪个城", KB_WANTED_WHERE},
    {"哪个地", KB_WANTED_WHERE},
    {"哪个区", KB_WANTED_WHERE},
    {"哪个县", KB_WANTED_WHERE},
    {"哪国", KB_WANTED_WHERE},
    {"地址", KB_WANTED_WHERE},
    {"位于", KB_WANTED_WHERE},
    {"where", KB_WANTED_WHERE},
    {"what city", KB_WANTED_WHERE},
    {"what country", KB_WANTED_WHERE},
    {"what state", KB_WANTED_WHERE},
    {"what place", KB_WANTED_WHERE},
    {"what region", KB_WANTED_WHERE},
    {"which city", KB_WANTED_WHERE},
    {"which country", KB_WANTED_WHERE},
    {"which state", KB_WANTED_WHERE},
    {"为什么", KB_WANTED_WHY},
    {"为何", KB_WANTED_WHY},
    {"原因", KB_WANTED_WHY},
    {"why", KB_WANTED_WHY},
    {"reason", KB_WANTED_WHY},
    {"怎么", KB_WANTED_HOW},
    {"怎样", KB_WANTED_HOW},
    {"如何", KB_WANTED_HOW},
    {"how", KB_WANTED_HOW},
    {"吗", KB_WANTED_YES_NO},
    {"是否", KB_WANTED_YES_NO},
    {"能不能", KB_WANTED_YES_NO},
    {"可不可以", KB_WANTED_YES_NO},
    {"有没有", KB_WANTED_YES_NO},
    {"是不是", KB_WANTED_YES_NO},
    {"会不会", KB_WANTED_YES_NO},
};

static const char *const polar_start[] = {
    "is ",  "are ",   "was ",  "were ", "do ",	 "does ",   "did ",
    "can ", "could ", "will ", "has ",	"have ", "should ", "may "};

/* A height, and what else is high: a fee, a share, a temperature, a speed. */
#define HIGH                                                               \
	(KB_CUE_LENGTH | KB_CUE_MONEY | KB_CUE_SHARE | KB_CUE_DEGREE |     \
	 KB_CUE_RATE | KB_CUE_POWER | KB_CUE_VOLTAGE | KB_CUE_CURRENT |    \
	 KB_CUE_SPEED | KB_CUE_SOUND | KB_CUE_PRESSURE | KB_CUE_ROTATION | \
	 KB_CUE_LIGHT)

/* Quantities that the question names by what they measure. */
static const struct {
	const char *cue;
	unsigned cues;
} measures[] = {
    {"多重", KB_CUE_MASS},
    {"净重", KB_CUE_MASS},
    {"毛重", KB_CUE_MASS},
    {"重量", KB_CUE_MASS},
    {"体重", KB_CUE_MASS},
    {"重多少", KB_CUE_MASS},
    {"重几", KB_CUE_MASS},
    {"厚", KB_CUE_LENGTH},
    {"多长", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"多宽", KB_CUE_LENGTH},
    {"多高", HIGH},
    {"多远", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"身高", KB_CUE_LENGTH},
    {"长度", KB_CUE_LENGTH},
    {"高度", KB_CUE_LENGTH},
    {"宽度", KB_CUE_LENGTH},
    {"距离", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"面积", KB_CUE_AREA},
    {"容量", KB_CUE_VOLUME | KB_CUE_MASS | KB_CUE_DATA | KB_CUE_CHARGE},
    {"电池多大", KB_CUE_CHARGE},
    {"屏幕多大", KB_CUE_LENGTH | KB_CUE_AREA},
    {"内存多大", KB_CUE_DATA},
    {"weigh*", KB_CUE_MASS},
    {"heavy", KB_CUE_MASS},
    {"how far", KB_CUE_LENGTH | KB_CUE_SPAN},
    {"how tall", KB_CUE_LENGTH},
    {"how high", HIGH},
    {"how wide", KB_CUE_LENGTH},
    {"how deep", KB_CUE_LENGTH},
    {"height", KB_CUE_LENGTH},
    {"area", KB_CUE_AREA},
    {"百分", KB_CUE_SHARE},
    {"percent*", KB_CUE_SHARE},
    {"比例", KB_CUE_SHARE},
    {"手续费率", KB_CUE_SHARE},
    {"温度", KB_CUE_DEGREE},
    {"temperature", KB_CUE_DEGREE},
    {"how warm", KB_CUE_DEGREE},
    {"how hot", KB_CUE_DEGREE},
    {"how cold", KB_CUE_DEGREE},
    {"多热", KB_CUE_DEGREE},
    {"多冷", KB_CUE_DEGREE},
};

void kb_form_stop_words(struct kb_reader *reader)
{
	kb_terms_reset(&reader->terms);
	kb_analyze(reader->an, stop_english, sizeof(stop_english) - 1,
		   &reader->terms);
	for (size_t i = 0; i < reader->terms.n; i++)
		kb_map_put(&reader->stop, reader->terms.items[i].key, NULL);
}

/* An English question holds no Chinese cue. */
static bool has_cue(const struct kb_form *q, const char *cue)
{
	return ((unsigned char)*cue < 0x80 || q->is_han) &&
	       kb_cue_in(&q->cues, cue);
}

/* English questions that start with one of these are yes-no questions. */
static bool is_polar(const struct kb_form *q)
{
	for (size_t i = 0; i < sizeof(polar_start) / sizeof(*polar_start); i++)
		if (kb_starts(q->folded.ptr, q->folded.len, polar_start[i]))
			return true;
	return kb_cue_in(&q->cues, "吗") || kb_cue_in(&q->cues, "是否");
}

/* Does it open with another question word? */
static bool asks_before(const struct kb_form *q)
{
	static const char *const words[] = {"what ", "which ", "who ", "where ",
					    "how ",  "why ",   NULL};

	for (size_t i = 0; words[i]; i++)
		if (kb_starts(q->folded.ptr, q->folded.len, words[i]))
			return true;
	return is_polar(q);
}

static enum kb_wanted kind_of(const struct kb_form *q)
{
	bool polar = is_polar(q);

	/* "how" alone comes after every longer phrase, the list's order. A
	 * yes-no question may name an amount: "is there a fee?", and "what
	 * happens when" a condition. */
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (has_cue(q, kinds[i].cue) &&
		    !(polar && kinds[i].kind == KB_WANTED_HOW_MUCH) &&
		    !(!strcmp(kinds[i].cue, "when") && asks_before(q)))
			return kinds[i].kind;
	return polar ? KB_WANTED_YES_NO : KB_WANTED_WHAT;
}

static unsigned measure_of(const struct kb_form *q)
{
	unsigned cues = 0;

	if (!kb_form_counts(q) || q->kind == KB_WANTED_WHEN)
		return 0;
	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++)
		if (has_cue(q, measures[i].cue))
			cues |= measures[i].cues;
	return cues;
}

/* The question without the phrases that ask, which become blanks. */
static struct kb_str content_of(struct kb_arena *arena, struct kb_str folded)
{
	char *copy = kb_arena_strndup(arena, folded.ptr, folded.len);

	for (size_t i = 0; i < folded.len; i++) {
		if ((unsigned char)copy[i] < 0x80)
			continue;
		for (size_t k = 0; k < sizeof(asking) / sizeof(*asking); k++) {
			size_t len = strlen(asking[k]);

			if (folded.len - i < len ||
			    memcmp(copy + i, asking[k], len))
				continue;
			memset(copy + i, ' ', len);
			break;
		}
	}
	return (struct kb_str){copy, folded.len};
}

static int key_place(struct kb_form *q, uint64_t key)
{
	uint64_t *place;
	bool added;

	if (q->n_keys == KB_FORM_KEYS && !kb_map_get(&q->keys, key))
		return -1;
	place = kb_map_put(&q->keys, key, &added);
	if (added)
		*place = ++q->n_keys;
	return (int)*place - 1;
}

static bool is_stop_han(struct kb_str content, const struct kb_term *t)
{
	return memmem(stop_han, sizeof(stop_han) - 1, content.ptr + t->start,
		      t->end - t->start);
}

static void add_unit(struct kb_reader *reader, struct kb_form *q,
		     struct kb_str content, const struct kb_term *t)
{
	struct kb_form_unit *u = &q->units[q->n_units];
	enum kb_term_class class = kb_term_class(t->key);
	int key = key_place(q, t->key);

	if (key < 0)
		return;
	*u = (struct kb_form_unit){
	    .weight = 1,
	    .key = key,
	    .left = -1,
	    .right = -1,
	    .start = t->start,
	    .end = t->end,
	};
	if (class == KB_TERM_HAN1) {
		u->is_han = true;
		u->weight =
		    is_stop_han(content, t) ? UNIT_HAN_FUNCTION : UNIT_HAN;
	} else if (content.ptr[t->start] >= '0' &&
		   content.ptr[t->start] <= '9') {
		u->weight = UNIT_NUMBER;
		u->is_code = true;
	} else if (kb_map_get(&reader->stop, t->key)) {
		u->weight = UNIT_FUNCTION;
	}
	if (class == KB_TERM_WORD && !u->is_code && u->weight >= 1)
		u->word =
		    (struct kb_str){content.ptr + t->start, t->end - t->start};
	q->n_units++;
}

/* Give the characters at both ends of a pair the pair. */
static void add_pair(struct kb_form *q, const struct kb_terms *terms,
		     const struct kb_term *pair, const int *unit_of)
{
	int key = -1;

	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];

		if (unit_of[i] < 0 || kb_term_class(t->key) != KB_TERM_HAN1)
			continue;
		if (t->start != pair->start && t->end != pair->end)
			continue;
		if (key < 0)
			key = key_place(q, pair->key);
		if (t->start == pair->start)
			q->units[unit_of[i]].right = key;
		else
			q->units[unit_of[i]].left = key;
	}
}

static unsigned group_bit(struct kb_form *q, const char *group)
{
	size_t g = 0;

	while (g < q->n_groups && q->groups[g] != group)
		g++;
	if (g == KB_FORM_GROUPS)
		return 0;
	if (g == q->n_groups)
		q->groups[q->n_groups++] = group;
	return 1u << g;
}

/* Note the groups that a word of the question belongs to, at the units that
 * word covers. */
static void add_groups(struct kb_form *q, struct kb_str folded)
{
	struct kb_synonym words[KB_FORM_GROUPS];
	size_t n = kb_synonyms_find(kb_synonyms_builtin(), folded, words, 0,
				    KB_FORM_GROUPS);

	for (size_t w = 0; w < n; w++) {
		unsigned bit = group_bit(q, words[w].group);

		for (size_t i = 0; i < q->n_units; i++)
			if (q->units[i].start >= words[w].start &&
			    q->units[i].start < words[w].end)
				q->units[i].groups |= bit;
	}
}

static void add_units(struct kb_reader *reader, struct kb_arena *arena,
		      struct kb_form *q, struct kb_str content)
{
	struct kb_terms *terms = &reader->terms;
	int *unit_of;

	kb_terms_reset(terms);
	kb_analyze(reader->an, content.ptr, content.len, terms);
	unit_of = kb_arena_calloc(arena, terms->n + 1, sizeof(*unit_of));
	q->units = kb_arena_calloc(
	    arena, terms->n < KB_FORM_UNITS ? terms->n + 1 : KB_FORM_UNITS,
	    sizeof(*q->units));
	q->order = kb_arena_calloc(arena, terms->n + 1, sizeof(*q->order));
	for (size_t i = 0; i < terms->n; i++) {
		const struct kb_term *t = &terms->items[i];
		enum kb_term_class class = kb_term_class(t->key);

		unit_of[i] = -1;
		if (class == KB_TERM_HAN1 || class == KB_TERM_WORD)
			q->order[q->n_order++] = t->key;
		if ((class != KB_TERM_HAN1 && class != KB_TERM_WORD &&
		     class != KB_TERM_CODE) ||
		    q->n_units == KB_FORM_UNITS)
			continue;
		add_unit(reader, q, content, t);
		if (class == KB_TERM_CODE && q->n_units)
			q->units[q->n_units - 1].is_code = true;
		unit_of[i] = (int)q->n_units - 1;
	}
	for (size_t i = 0; i < terms->n; i++)
		if (kb_term_class(terms->items[i].key) == KB_TERM_HAN2)
			add_pair(q, terms, &terms->items[i], unit_of);
	/* Both texts have the same places; the folded one has all words. */
	add_groups(q, q->folded);
}

/* What an answer of the wanted kind need not repeat. */
static void note_asked(struct kb_reader *reader, struct kb_form *q)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].kind == q->kind)
			kb_form_mark_asked(q, kinds[i].cue);
	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++)
		if (measures[i].cues & q->measure)
			kb_form_mark_asked(q, measures[i].cue);
	kb_form_note_quantities(reader, q);
	kb_form_note_words(q);
}

unsigned kb_form_groups(const struct kb_form *q, struct kb_str folded)
{
	unsigned bits = 0;

	for (size_t g = 0; g < q->n_groups; g++)
		if (kb_synonym_in(folded, q->groups[g]))
			bits |= 1u << g;
	return bits;
}

/* content: of content_of(), blanks for what asks in Chinese. */
static bool has_form(const struct kb_form *q, struct kb_str content)
{
	static const char *const orders[] = {"name ",	 "list ", "describe ",
					     "explain ", "tell ", "show ",
					     "give ",	 "find "};

	if (q->kind != KB_WANTED_WHAT || q->names || kb_cue_in(&q->cues, "?") ||
	    kb_cue_in(&q->cues, "what*") || kb_cue_in(&q->cues, "which") ||
	    memcmp(content.ptr, q->folded.ptr, content.len))
		return true;
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (kb_starts(q->folded.ptr, q->folded.len, orders[i]))
			return true;
	return false;
}

static bool has_han(struct kb_str text)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t cp;

		i += kb_utf8_next(text.ptr + i, text.len - i, &cp);
		if (kb_is_han(cp))
			return true;
	}
	return false;
}

void kb_form_read(struct kb_reader *reader, struct kb_arena *arena,
		  struct kb_str query, struct kb_form *q)
{
	struct kb_str content;

	memset(q, 0, sizeof(*q));
	kb_map_init(&q->keys);
	query.len = kb_utf8_cut(query.ptr, query.len, KB_FORM_QUERY);
	q->folded = kb_text_fold(arena, query);
	while (q->folded.len && *q->folded.ptr == ' ') {
		q->folded.ptr++;
		q->folded.len--;
	}
	kb_cue_text_init(&q->cues, q->folded);
	q->is_han = has_han(q->folded);
	q->kind = kind_of(q);
	q->measure = measure_of(q);
	content = content_of(arena, q->folded);
	add_units(reader, arena, q, content);
	note_asked(reader, q);
	q->asks = has_form(q, content);
	kb_form_note_asides(q);
	q->weight = 1e-9;
	for (size_t i = 0; i < q->n_units; i++)
		q->weight += q->units[i].weight;
}

void kb_form_release(struct kb_form *form)
{
	kb_map_release(&form->keys);
}
