#include "dialogue/mentions.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/utf8.h"
#include "dialogue/mention_marks.h"
#include "dialogue/name_spans.h"
#include "quantity/quantity.h"
#include "text/entity.h"
#include "text/literal_places.h"
#include "text/words.h"

/* What a named value looks like. */
enum shape {
	FREE,	  /* up to a mark; a digit, or few characters */
	QUANTITY, /* a number with its unit */
	LONG,	  /* up to the end of a clause */
};

static const struct {
	const char *phrase; /* as people write it */
	const char *slot;   /* as it stands in the state */
	enum shape shape;
} names[] = {
    {"订单号", "order", FREE},
    {"订单编号", "order", FREE},
    {"order number", "order", FREE},
    {"order no", "order", FREE},
    {"order id", "order", FREE},
    {"order", "order", FREE},
    {"运单号", "tracking", FREE},
    {"快递单号", "tracking", FREE},
    {"tracking number", "tracking", FREE},
    {"电话", "phone", FREE},
    {"手机号", "phone", FREE},
    {"phone number", "phone", FREE},
    {"邮箱", "email", FREE},
    {"e-mail", "email", FREE},
    {"email", "email", FREE},
    {"预算", "budget", QUANTITY},
    {"budget", "budget", QUANTITY},
    {"价格", "price", QUANTITY},
    {"价位", "price", QUANTITY},
    {"售价", "price", QUANTITY},
    {"人均消费", "price", QUANTITY},
    {"人均", "price", QUANTITY},
    {"门票", "price", QUANTITY},
    {"price", "price", QUANTITY},
    {"地址", "address", LONG},
    {"位于", "address", LONG},
    {"address", "address", LONG},
    {"located at", "address", LONG},
    {"颜色", "color", FREE},
    {"colour", "color", FREE},
    {"color", "color", FREE},
    {"尺码", "size", FREE},
    {"尺寸", "size", FREE},
    {"size", "size", FREE},
    {"数量", "quantity", QUANTITY},
    {"quantity", "quantity", QUANTITY},
    {"日期", "date", FREE},
    {"date", "date", FREE},
    {"营业时间", "hours", LONG},
    {"开放时间", "hours", LONG},
    {"游玩时间", "duration", QUANTITY},
    {"游玩时长", "duration", QUANTITY},
    {"时间", "time", QUANTITY},
    {"型号", "model", FREE},
    {"model", "model", FREE},
    {"我叫", "name", FREE},
    {"名字", "name", FREE},
    {"my name", "name", FREE},
    {"i am called", "name", FREE},
    {"评分", "rating", QUANTITY},
    {"rating", "rating", QUANTITY},
    {"账号", "account", FREE},
    {"会员号", "account", FREE},
    {"account number", "account", FREE},
    {"推荐菜", "dish", FREE},
    {"车型", "car", FREE},
    {"车牌号", "plate", FREE},
    {"车牌", "plate", FREE},
    {"城市", "city", FREE},
    {"city", "city", FREE},
};

static struct kb_literals name_set = KB_LITERALS(names);

struct finder {
	struct kb_str text;
	struct kb_arena *arena;
	struct kb_mention *out;
	size_t n;
	struct kb_quantities quantities;
};

static bool is_free(const struct finder *f, size_t start, size_t end)
{
	for (size_t i = 0; i < f->n; i++)
		if (start < f->out[i].end && f->out[i].start < end)
			return false;
	return true;
}

static struct kb_mention *add(struct finder *f, const char *slot, size_t start,
			      size_t end)
{
	if (f->n == KB_MENTIONS_MAX || end <= start || !is_free(f, start, end))
		return NULL;
	f->out[f->n] = (struct kb_mention){
	    .slot = slot, .start = start, .end = end, .norm = KB_STR("")};
	return &f->out[f->n++];
}

/* ---- numbers ---- */

static bool has_digit(struct kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (kb_is_digit(s.ptr[i]))
			return true;
	return false;
}

static const char *const bounds[] = {
    [KB_CMP_EQ] = "",  [KB_CMP_ABOUT] = "~", [KB_CMP_LE] = "<=",
    [KB_CMP_LT] = "<", [KB_CMP_GE] = ">=",   [KB_CMP_GT] = ">",
};

/* As "%.10g" writes it. */
static const char *number_text(double v, struct kb_arena *arena)
{
	char text[24], *end = text + sizeof(text), *at;

	if (!(v >= 0 && v < 1e9 && floor(v) == v)) /* most are whole */
		return kb_arena_printf(arena, "%.10g", v);
	at = kb_num_digits(end, (uint64_t)v);
	return kb_arena_strndup(arena, at, (size_t)(end - at));
}

/* "100..150", ">=4.5", "10800 s", "09:00..19:00", "2024-05-12", "--05-12" */
static struct kb_str norm_of(const struct kb_quantity *q,
			     struct kb_arena *arena)
{
	const char *unit = q->dim == KB_DIM_DURATION  ? " s"
			   : q->dim == KB_DIM_PERCENT ? " %"
						      : "";
	const char *bound =
	    q->cmp < sizeof(bounds) / sizeof(*bounds) ? bounds[q->cmp] : "";
	char *text;

	if (q->dim == KB_DIM_CLOCK) {
		int lo = (int)q->lo, hi = (int)q->hi;

		text = q->lo < q->hi
			   ? kb_arena_printf(arena, "%02d:%02d..%02d:%02d",
					     lo / 60, lo % 60, hi / 60, hi % 60)
			   : kb_arena_printf(arena, "%s%02d:%02d", bound,
					     lo / 60, lo % 60);
	} else if (q->dim == KB_DIM_DATE) {
		int d = (int)q->lo;

		text = d < 10000
			   ? kb_arena_printf(arena, "--%02d-%02d", d / 100,
					     d % 100)
			   : kb_arena_printf(arena, "%04d-%02d-%02d", d / 10000,
					     d / 100 % 100, d % 100);
	} else if (q->lo < q->hi) {
		text = kb_arena_printf(arena, "%s..%s%s",
				       number_text(q->lo, arena),
				       number_text(q->hi, arena), unit);
	} else {
		text = kb_arena_printf(arena, "%s%s%s", bound,
				       number_text(q->lo, arena), unit);
	}
	return kb_str_of(text);
}

/* The slot of a quantity that nobody named; NULL for none. */
static const char *slot_of(const struct finder *f, const struct kb_quantity *q)
{
	const char *p = f->text.ptr;
	struct kb_str said = {p + q->start, q->end - q->start};

	switch (q->dim) {
	case KB_DIM_MONEY:
		return has_digit(said) ? "price" : NULL; /* "三元" of a name */
	case KB_DIM_DURATION:
	case KB_DIM_WORKDAYS:
		return q->article ? NULL : "duration";
	case KB_DIM_CLOCK:
		return has_digit(said) ? "time" : NULL; /* "一点" */
	case KB_DIM_DATE:
		return "date";
	case KB_DIM_COUNT:
		if (q->article)
			return NULL;
		if (kb_str_has(said, KB_STR("分")))
			return "rating";
		if (kb_ends(p, q->end, "人") || kb_ends(p, q->end, "位"))
			return "people";
		return NULL;
	default:
		return NULL;
	}
}

static const struct kb_quantity *quantity_at(const struct finder *f,
					     size_t from, size_t to)
{
	for (size_t i = 0; i < f->quantities.n; i++)
		if (f->quantities.items[i].start >= from &&
		    f->quantities.items[i].start < to)
			return &f->quantities.items[i];
	return NULL;
}

static void find_quantities(struct finder *f)
{
	for (size_t i = 0; i < f->quantities.n; i++) {
		const struct kb_quantity *q = &f->quantities.items[i];
		const char *slot = slot_of(f, q);
		struct kb_mention *m =
		    slot ? add(f, slot, q->start, q->end) : NULL;

		if (m)
			m->norm = norm_of(q, f->arena);
	}
}

/* ---- named values ---- */

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
	    "改成", "换成", "变成", "应该是", "是在",	"是", "为",
	    "在",   "：",   ":",    "=",      "is now", "is", "of",
	    "to",   "大概", "大约", "about",  "有"};
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

static bool ends_value(uint32_t cp, enum shape shape)
{
	static const uint32_t marks[] = {0x3002, 0xff0c, 0xff01, 0xff1f, 0xff1b,
					 '?',	 '!',	 ';',	 '\n',	 0x201d,
					 0x300b, 0x3001, '(',	 0xff08};
	size_t n = sizeof(marks) / sizeof(*marks);

	/* An address has brackets, and opening hours commas. */
	if (shape == LONG)
		n -= 3;
	for (size_t i = 0; i < n; i++)
		if (cp == marks[i])
			return true;
	return false;
}

/* The value at the head of s: up to a mark, at most 20 characters of Chinese
 * or three words of anything else, more of a long one. */
static struct kb_str value_at(struct kb_str s, enum shape shape)
{
	size_t i = 0, chars = 0, blanks = 0, most = shape == LONG ? 160 : 40;

	while (i < s.len && chars < most) {
		uint32_t cp;
		size_t n = kb_utf8_next(s.ptr + i, s.len - i, &cp);
		bool inner = i + n < s.len &&
			     kb_is_digit(s.ptr[i + n]); /* 1,000 and 2.5 */

		if (ends_value(cp, shape) ||
		    ((cp == '.' || cp == ',') && !inner))
			break;
		if (cp == ' ' && ++blanks > 2 && shape != LONG)
			break;
		chars += cp >= 0x80 ? 2 : 1;
		i += n;
	}
	while (i && s.ptr[i - 1] == ' ')
		i--;
	return (struct kb_str){s.ptr, i};
}

/* Without "哦", "呢" and the like at the end, and what goes on behind "的". */
static struct kb_str clean(struct kb_str value, enum shape shape)
{
	static const char *const tails[] = {"哦", "呢", "的", "了", "啊",
					    "吧", "呀", "哈", "~"};
	const char *of =
	    shape == FREE ? memmem(value.ptr, value.len, "的", 3) : NULL;
	bool again = true;

	if (of && of > value.ptr)
		value.len = (size_t)(of - value.ptr);
	while (again) {
		again = false;
		for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
			size_t n = kb_ends(value.ptr, value.len, tails[i]);

			value.len -= n;
			again |= n > 0;
		}
	}
	return value;
}

static size_t code_end(struct kb_str s, size_t at)
{
	while (at < s.len && (kb_is_alnum(s.ptr[at]) ||
			      (strchr("-./_", s.ptr[at]) && at + 1 < s.len &&
			       kb_is_alnum(s.ptr[at + 1]))))
		at++;
	return at;
}

/* A value that begins with a digit is a number with its unit, or a code, groups
 * of digits behind it: not the "and socks" of "size 42 and socks". */
static struct kb_str number_of(const struct finder *f, struct kb_str value)
{
	size_t from = (size_t)(value.ptr - f->text.ptr);
	const struct kb_quantity *q = quantity_at(f, from, from + 1);
	size_t end = code_end(value, 0), next;

	while (end + 1 < value.len && value.ptr[end] == ' ') {
		next = code_end(value, end + 1);
		for (size_t i = end + 1; i < next; i++)
			if (!kb_is_digit(value.ptr[i]))
				next = 0;
		if (next <= end + 1)
			break;
		end = next;
	}
	if (q && q->end - from > end)
		end = q->end - from;
	value.len = end < value.len ? end : value.len;
	return value;
}

/* A value belongs to a name when a link word stands between, or when it
 * follows at once and holds a digit. A question asks for it instead. */
static void read_named(struct finder *f, size_t row, size_t at)
{
	size_t behind = at + strlen(names[row].phrase);
	struct kb_str tail = kb_str_skip(f->text, behind), value;
	bool linked = take_link(&tail);
	size_t from = (size_t)(tail.ptr - f->text.ptr);
	const struct kb_quantity *q;
	struct kb_mention *m;

	value = clean(value_at(tail, names[row].shape), names[row].shape);
	if (names[row].shape == FREE && value.len && kb_is_digit(*value.ptr))
		value = number_of(f, value);
	if (value.len < 1 || (!linked && !has_digit(value)) ||
	    kb_ask_kind(value.ptr, value.len) != KB_ASK_NONE)
		return;
	if (names[row].shape == QUANTITY) {
		q = quantity_at(f, behind, from + value.len);
		if (!q || q->start > from + (linked ? 12 : 6))
			return;
		m = add(f, names[row].slot, q->start, q->end);
		if (m)
			m->norm = norm_of(q, f->arena);
	} else {
		/* Unlinked, the number itself must come first or last. */
		if (!linked && !kb_is_digit(*value.ptr) &&
		    !kb_is_digit(value.ptr[value.len - 1]))
			return;
		m = add(f, names[row].slot, from, from + value.len);
	}
	if (m)
		m->named = true;
}

static void find_named(struct finder *f)
{
	const struct kb_literal_index *index = kb_literals_index(&name_set);
	struct kb_str text = f->text;
	struct kb_literal_places places =
	    kb_literal_places(index, text.ptr, text.len);

	for (size_t i = kb_literal_place(&places, 0); i < text.len;
	     i = kb_literal_place(&places, i)) {
		const struct kb_literal *l =
		    kb_literals_word(index, text.ptr, text.len, i);

		if (!l) {
			i++;
			continue;
		}
		read_named(f, l->row, i);
		i += l->len;
	}
}

/* ---- what names itself ---- */

static bool is_word(char c)
{
	return kb_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* user@host */
static void find_emails(struct finder *f)
{
	const char *text = f->text.ptr, *end = text + f->text.len, *from, *to;
	const char *at = text;

	while ((at = memchr(at, '@', (size_t)(end - at)))) {
		for (from = at; from > text && is_word(from[-1]); from--)
			;
		for (to = at + 1; to < end && is_word(*to); to++)
			;
		while (to > at + 1 && (to[-1] == '.' || to[-1] == '-'))
			to--;
		if (from < at && to > at + 3)
			add(f, "email", (size_t)(from - text),
			    (size_t)(to - text));
		at++;
	}
}

/* A mobile number of China, 010-85007938, 0433-8765432, 57201918 and
 * 400-1234567: runs of digits, one hyphen inside. */
static bool is_phone(const char *p, size_t n, size_t hyphen)
{
	if (!hyphen)
		return (n == 11 && *p == '1') || n == 8;
	return (hyphen == 3 || hyphen == 4) && n - hyphen - 1 >= 7 &&
	       n - hyphen - 1 <= 8;
}

static void find_phones(struct finder *f)
{
	struct kb_str text = f->text;

	for (size_t i = 0; i < text.len;) {
		size_t n = 0, hyphen = 0;

		if (!kb_is_digit(text.ptr[i])) {
			i++;
			continue;
		}
		while (i + n < text.len &&
		       (kb_is_digit(text.ptr[i + n]) ||
			(text.ptr[i + n] == '-' && n && !hyphen))) {
			if (text.ptr[i + n] == '-')
				hyphen = n;
			n++;
		}
		if (n && (!i || !kb_is_alnum(text.ptr[i - 1])) &&
		    is_phone(text.ptr + i, n, hyphen))
			add(f, "phone", i, i + n);
		i += n + !n;
	}
}

/* What mention_marks.h finds, dishes only where no gazetteer knows them. */
static void find_marks(struct finder *f, bool dishes)
{
	struct kb_mention marks[KB_MENTIONS_MAX];
	size_t n = kb_mention_marks(f->text, marks, KB_MENTIONS_MAX);

	for (size_t i = 0; i < n; i++)
		if (dishes || strcmp(marks[i].slot, "dish") != 0)
			add(f, marks[i].slot, marks[i].start, marks[i].end);
}

static bool is_part_of_quantity(const struct finder *f, size_t start,
				size_t end)
{
	for (size_t i = 0; i < f->quantities.n; i++) {
		const struct kb_quantity *q = &f->quantities.items[i];

		if (q->start <= start && end <= q->end &&
		    q->end - q->start > end - start)
			return true;
	}
	return false;
}

static void find_gazetteer(struct finder *f, const struct kb_gazetteer *g)
{
	for (size_t i = 0; g && i < f->text.len;) {
		const char *slot;
		size_t n = kb_gazetteer_find(g, f->text, i, &slot);

		/* "3小时" of "2 到 3小时" is none */
		if (n && !is_part_of_quantity(f, i, i + n))
			add(f, slot, i, i + n);
		i += n + !n;
	}
}

static void find_names(struct finder *f)
{
	struct kb_name_span spans[KB_MENTIONS_MAX];
	size_t n = kb_name_spans_find(f->text, spans, KB_MENTIONS_MAX);

	for (size_t i = 0; i < n; i++)
		add(f, "name", spans[i].start, spans[i].end);
}

static int by_place(const void *a, const void *b)
{
	const struct kb_mention *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

size_t kb_mentions_find(struct kb_str text, const struct kb_gazetteer *g,
			struct kb_arena *arena, struct kb_mention *out)
{
	struct finder f = {.text = text, .arena = arena, .out = out};
	bool has_han = false, digits = false;

	/* No early end: a loop that a compiler makes wide. */
	for (size_t i = 0; i < text.len; i++) {
		has_han |= (unsigned char)text.ptr[i] >= 0xe3;
		digits |= (unsigned char)(text.ptr[i] - '0') < 10;
	}
	if (!text.len)
		return 0;
	kb_quantities_find(&f.quantities, text.ptr, text.len);
	find_gazetteer(&f, g);
	find_emails(&f);
	if (digits)
		find_phones(&f);
	find_named(&f);
	if (has_han)
		find_marks(&f, g == NULL);
	find_quantities(&f);
	if (has_han)
		find_names(&f);
	kb_quantities_release(&f.quantities);
	qsort(out, f.n, sizeof(*out), by_place);
	return f.n;
}
