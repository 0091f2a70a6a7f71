#include "context/state.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "context/phrase.h"
#include "text/literals.h"
#include "text/words.h"

struct slot_name {
	const char *phrase; /* as people write it */
	const char *name;   /* as it stands in the state */
};

static const struct slot_name names[] = {
    {"订单号", "order"},
    {"订单编号", "order"},
    {"order number", "order"},
    {"order no", "order"},
    {"order id", "order"},
    {"order", "order"},
    {"运单号", "tracking"},
    {"快递单号", "tracking"},
    {"tracking number", "tracking"},
    {"电话", "phone"},
    {"手机号", "phone"},
    {"phone number", "phone"},
    {"邮箱", "email"},
    {"e-mail", "email"},
    {"email", "email"},
    {"预算", "budget"},
    {"budget", "budget"},
    {"价格", "price"},
    {"售价", "price"},
    {"人均消费", "price"},
    {"门票", "price"},
    {"price", "price"},
    {"地址", "address"},
    {"address", "address"},
    {"颜色", "color"},
    {"colour", "color"},
    {"color", "color"},
    {"尺码", "size"},
    {"尺寸", "size"},
    {"size", "size"},
    {"数量", "quantity"},
    {"quantity", "quantity"},
    {"日期", "date"},
    {"date", "date"},
    {"时间", "time"},
    {"型号", "model"},
    {"model", "model"},
    {"我叫", "name"},
    {"名字", "name"},
    {"my name", "name"},
    {"i am called", "name"},
    {"评分", "rating"},
    {"rating", "rating"},
    {"账号", "account"},
    {"会员号", "account"},
    {"account number", "account"},
    {"城市", "city"},
    {"city", "city"},
};

static struct kb_literals name_set = KB_LITERALS(names);

static bool take(struct kb_str *s, const char *word)
{
	size_t n = kb_starts(s->ptr, s->len, word);

	*s = kb_str_skip(*s, n);
	return n > 0;
}

/* "是", ":", "is", "改成" between name and value. Does one stand there? */
static bool take_link(struct kb_str *s)
{
	static const char *const links[] = {
	    "改成", "换成", "变成", "应该是", "是",   "为",
	    "：",   ":",    "=",    "is now", "is",   "of",
	    "to",   "#",    "大概", "大约",   "about"};
	bool some = false;

	for (int round = 0; round < 3; round++) {
		while (s->len && *s->ptr == ' ')
			*s = kb_str_skip(*s, 1);
		for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
			if (take(s, links[i])) {
				some = true;
				break;
			}
	}
	while (s->len && *s->ptr == ' ')
		*s = kb_str_skip(*s, 1);
	return some;
}

static bool ends_value(uint32_t cp)
{
	static const uint32_t marks[] = {0x3002, 0xff0c, 0xff01, 0xff1f, 0xff1b,
					 0x3001, '?',	 '!',	 ';',	 '\n',
					 '(',	 0xff08, 0x201d, 0x300b};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (cp == marks[i])
			return true;
	return false;
}

/* The value at the head of s: up to a mark, at most 20 characters of
 * Chinese or three words of anything else. */
static struct kb_str value_at(struct kb_str s)
{
	size_t i = 0, chars = 0, blanks = 0;

	while (i < s.len && chars < 40) {
		uint32_t cp;
		size_t n = kb_utf8_next(s.ptr + i, s.len - i, &cp);
		bool inner = i + n < s.len &&
			     kb_is_digit(s.ptr[i + n]); /* 1,000 and 2.5 */

		if (ends_value(cp) || ((cp == '.' || cp == ',') && !inner))
			break;
		if (cp == ' ' && ++blanks > 2)
			break;
		chars += cp >= 0x80 ? 2 : 1;
		i += n;
	}
	while (i && s.ptr[i - 1] == ' ')
		i--;
	return (struct kb_str){s.ptr, i};
}

static bool has_digit(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_digit(s.ptr[i]))
			return true;
	return false;
}

static void put_slot(struct kb_state *st, const char *name, struct kb_str value,
		     size_t turn)
{
	struct kb_slot *s = st->slots;

	while (s < st->slots + st->n_slots && strcmp(s->name, name) != 0)
		s++;
	if (s == st->slots + st->n_slots) {
		if (st->n_slots == KB_STATE_SLOTS)
			return;
		st->n_slots++;
		*s = (struct kb_slot){name, value, {NULL, 0}, turn};
		return;
	}
	if (!kb_str_eq(s->value, value))
		s->was = s->value;
	s->value = value;
	s->turn = turn;
}

/* The longest name that starts at byte i, at borders of words. */
static const struct slot_name *name_at(const struct kb_literal_index *index,
				       struct kb_str text, size_t i)
{
	struct kb_literal_it it =
	    kb_literals_at(index, text.ptr + i, text.len - i);
	const struct kb_literal *l;

	while ((l = kb_literal_next(&it)))
		if ((unsigned char)text.ptr[i] >= 0x80 ||
		    i + l->len == text.len ||
		    !kb_is_letter(text.ptr[i + l->len]))
			return &names[l->row];
	return NULL;
}

/* A value belongs to a name when a link word stands between, or when it
 * follows at once and holds a digit. A question asks for it instead. */
static void read_slot(struct kb_state *st, struct kb_str text, size_t at,
		      size_t turn, const struct slot_name *name)
{
	struct kb_str tail = kb_str_skip(text, at + strlen(name->phrase)),
		      value;
	bool linked = take_link(&tail);

	value = value_at(tail);
	if (value.len < 1 || (!linked && !has_digit(value)) ||
	    kb_ask_kind(value.ptr, value.len) != KB_ASK_NONE)
		return;
	/* Unlinked, the number itself must come first or last. */
	if (!linked && !kb_is_digit(*value.ptr) &&
	    !kb_is_digit(value.ptr[value.len - 1]))
		return;
	put_slot(st, name->name, value, turn);
}

static void named_slots(struct kb_state *st, struct kb_str text, size_t turn)
{
	const struct kb_literal_index *index = kb_literals_index(&name_set);

	for (size_t i = 0; i < text.len; i++) {
		const struct slot_name *name;

		if (kb_is_letter(text.ptr[i]) && i &&
		    kb_is_letter(text.ptr[i - 1]))
			continue;
		name = name_at(index, text, i);
		if (!name)
			continue;
		read_slot(st, text, i, turn, name);
		i += strlen(name->phrase) - 1;
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       kb_is_digit(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* user@host */
static void email_slot(struct kb_state *st, struct kb_str text, size_t turn)
{
	const char *at = memchr(text.ptr, '@', text.len);
	const char *from, *to, *end = text.ptr + text.len;

	if (!at)
		return;
	for (from = at; from > text.ptr && is_word(from[-1]); from--)
		;
	for (to = at + 1; to < end && is_word(*to); to++)
		;
	while (to > at + 1 && to[-1] == '.')
		to--;
	if (from < at && to > at + 3)
		put_slot(st, "email",
			 (struct kb_str){from, (size_t)(to - from)}, turn);
}

/* A run of 11 digits that starts with 1: a mobile number of China. */
static void phone_slot(struct kb_state *st, struct kb_str text, size_t turn)
{
	for (size_t i = 0; i < text.len;) {
		size_t n = 0;

		while (i + n < text.len && kb_is_digit(text.ptr[i + n]))
			n++;
		if (n == 11 && text.ptr[i] == '1')
			put_slot(st, "phone", (struct kb_str){text.ptr + i, n},
				 turn);
		i += n + 1;
	}
}

static void put_entity(struct kb_state *st, struct kb_str text, size_t turn)
{
	size_t oldest = 0;

	for (size_t i = 0; i < st->n_entities; i++) {
		if (kb_str_eq(st->entities[i].text, text)) {
			st->entities[i].turn = turn;
			st->entities[i].times++;
			return;
		}
		if (st->entities[i].turn < st->entities[oldest].turn)
			oldest = i;
	}
	if (st->n_entities < KB_STATE_ENTITIES)
		oldest = st->n_entities++;
	st->entities[oldest] = (struct kb_dialogue_entity){text, turn, 1};
}

void kb_state_read(struct kb_state *state, const struct kb_convo *convo)
{
	struct kb_noun_phrase phrases[KB_PHRASES_MAX];

	assert(convo->turns || !convo->n);
	state->n_slots = state->n_entities = 0;
	for (size_t i = 0; i < convo->n; i++) {
		const struct kb_turn *t = &convo->turns[i];
		size_t n;

		if (!t->text.len || t->role == KB_ROLE_SYSTEM)
			continue;
		named_slots(state, t->text, i);
		email_slot(state, t->text, i);
		phone_slot(state, t->text, i);
		n = kb_phrases(t->text, phrases);
		for (size_t k = 0; k < n; k++)
			if (phrases[k].kind >= KB_PHRASE_NAME)
				put_entity(state, phrases[k].text, i);
	}
}

void kb_state_write(const struct kb_state *state, struct kb_jw *w)
{
	kb_jw_obj(w);
	kb_jw_key(w, "slots");
	kb_jw_arr(w);
	for (size_t i = 0; i < state->n_slots; i++) {
		const struct kb_slot *s = &state->slots[i];

		kb_jw_obj(w);
		kb_jw_key(w, "name");
		kb_jw_cstr(w, s->name);
		kb_jw_key(w, "value");
		kb_jw_str(w, s->value);
		kb_jw_key(w, "turn");
		kb_jw_int(w, (int64_t)s->turn);
		if (s->was.len) {
			kb_jw_key(w, "was");
			kb_jw_str(w, s->was);
		}
		kb_jw_end(w);
	}
	kb_jw_end(w);
	kb_jw_key(w, "entities");
	kb_jw_arr(w);
	for (size_t i = 0; i < state->n_entities; i++) {
		kb_jw_obj(w);
		kb_jw_key(w, "text");
		kb_jw_str(w, state->entities[i].text);
		kb_jw_key(w, "turn");
		kb_jw_int(w, (int64_t)state->entities[i].turn);
		kb_jw_end(w);
	}
	kb_jw_end(w);
	kb_jw_end(w);
}
