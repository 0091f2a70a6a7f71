#include "mask/personal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mask/address.h"
#include "text/entity.h"

#define DIGITS 24 /* of a number, at most */

const char *kb_personal_name(enum kb_personal_kind kind)
{
	static const char *const names[] = {
	    [KB_PERSONAL_PHONE] = "PHONE",
	    [KB_PERSONAL_ID_CARD] = "ID_CARD",
	    [KB_PERSONAL_BANK_CARD] = "BANK_CARD",
	    [KB_PERSONAL_EMAIL] = "EMAIL",
	    [KB_PERSONAL_ADDRESS] = "ADDRESS",
	    [KB_PERSONAL_NAME] = "NAME",
	};

	return names[kind];
}

void kb_personals_release(struct kb_personals *p)
{
	free(p->items);
	*p = (struct kb_personals){0};
}

static void add(struct kb_personals *out, enum kb_personal_kind kind,
		size_t start, size_t end)
{
	kb_grow(&out->items, &out->cap, out->n + 1, sizeof(*out->items));
	out->items[out->n++] = (struct kb_personal){start, end, kind};
}

/* ---- numbers ---- */

/* A number with blanks, hyphens, brackets and dots inside. */
struct number {
	char digits[DIGITS + 1];
	size_t n, start, end;
	bool plus, grouped; /* begins with +; has marks inside */
	bool bracket;	    /* begins with ( */
	bool x;		    /* ends in X, which is no digit of n */
};

static size_t mark_at(struct kb_str text, size_t at)
{
	char c = text.ptr[at];

	return c == ' ' || c == '-' || c == '.' || c == ')' || c == '(';
}

static struct number read_number(struct kb_str text, size_t at)
{
	struct number no = {.start = at};
	size_t i = at;

	if (text.ptr[i] == '+') {
		no.plus = true;
		i++;
	}
	no.bracket = i < text.len && text.ptr[i] == '(';
	for (no.end = i; i < text.len && no.n < DIGITS;) {
		size_t marks = 0;

		if (kb_is_digit(text.ptr[i])) {
			no.digits[no.n++] = text.ptr[i++];
			no.end = i;
			continue;
		}
		while (marks < 3 && i + marks < text.len &&
		       mark_at(text, i + marks))
			marks++;
		if (!marks || marks == 3 || i + marks >= text.len ||
		    !kb_is_digit(text.ptr[i + marks]))
			break;
		no.grouped |= no.n > 0;
		i += marks;
	}
	no.x = no.end < text.len && (text.ptr[no.end] | 32) == 'x';
	return no;
}

static bool is_mobile(const char *d, size_t n)
{
	return n == 11 && d[0] == '1' && d[1] >= '3' && d[1] <= '9';
}

/* Groups of 3-4-4 behind the country, or none. */
static bool is_mobile_form(struct kb_str said)
{
	size_t run = 0, group = 0, n;

	said = kb_str_skip(said, kb_starts(said.ptr, said.len, "0086"));
	n = said.len;
	for (size_t i = 0; i < n; i++) {
		if (kb_is_digit(said.ptr[i])) {
			run++;
			continue;
		}
		if (run && run != (group ? 4u : 3u) && run != 2)
			return false;
		group += run == 3 || run == 4;
		run = 0;
	}
	return true;
}

static bool is_phone(const struct number *no, struct kb_str text)
{
	const char *d = no->digits;
	struct kb_str said = {text.ptr + no->start, no->end - no->start};
	size_t n = no->n;

	if (n > 4 && !memcmp(d, "0086", 4)) {
		d += 4;
		n -= 4;
	} else if (n > 11 && !memcmp(d, "86", 2)) {
		d += 2;
		n -= 2;
	}
	if (n == 10 && (!memcmp(d, "400", 3) || !memcmp(d, "800", 3) ||
			!memcmp(d, "888", 3) || !memcmp(d, "877", 3)))
		return false; /* free calls are no person's */
	if (is_mobile(d, n) && (!no->plus || d > no->digits))
		return !no->grouped || is_mobile_form(said);
	if (no->plus)
		return n >= 8 && n <= 15;
	/* (415) 555-0132, 415-555-0132 */
	return n == 10 && no->grouped && d[0] >= '2' && d[3] >= '2' &&
	       said.len >= 12 && said.len <= 14 &&
	       (no->bracket || said.ptr[3] == said.ptr[7]);
}

/* A number of an issuer of cards, of its length. */
static bool is_card(const struct number *no)
{
	const char *d = no->digits;
	size_t n = no->n;
	unsigned two = (unsigned)(d[0] - '0') * 10 + (unsigned)(d[1] - '0');

	if (n < 15 || n > 19 || !kb_luhn_valid(d, n))
		return false;
	if (two == 62)
		return n >= 16;
	if (two == 34 || two == 37)
		return n == 15;
	if (d[0] == '4' || (two >= 51 && two <= 55) ||
	    (two >= 22 && two <= 27) || two == 35 || two == 65)
		return n == 16;
	return two == 60 && n >= 16;
}

/* Says the text right before that this number is another one? */
static bool is_code(struct kb_str text, size_t at)
{
	static const char *const codes[] = {
	    "订单",	"运单",	   "快递单", "单号", "流水号", "编号", "order",
	    "tracking", "invoice", "serial", "批次", "条码",   "sku",  "imei"};
	size_t from = at > 24 ? at - 24 : 0;
	struct kb_str before = {text.ptr + from, at - from};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (kb_str_has_folded(before, codes[i]))
			return true;
	return false;
}

/* Is it said behind a number what it is a number of? */
static bool is_amount(struct kb_str text, size_t end)
{
	static const char *const units[] = {"元", "美元", "次", "件",	"条",
					    "吨", "台",	  "米", "公里", "字节"};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (kb_starts(text.ptr + end, text.len - end, units[i]))
			return true;
	return false;
}

static size_t find_number(struct kb_personals *out, struct kb_str text,
			  size_t at)
{
	struct number no = read_number(text, at);
	char id[18];

	if (!no.n)
		return at + 1;
	if (no.n == 17 && no.x) {
		memcpy(id, no.digits, 17);
		id[17] = 'X';
		if (kb_id_card_valid(id, 18)) {
			add(out, KB_PERSONAL_ID_CARD, no.start, no.end + 1);
			return no.end + 1;
		}
	}
	if (no.end < text.len && kb_is_alnum(text.ptr[no.end]))
		return no.end;
	if (no.n == 18 && kb_id_card_valid(no.digits, 18))
		add(out, KB_PERSONAL_ID_CARD, no.start, no.end);
	else if (is_card(&no) && !is_code(text, no.start))
		add(out, KB_PERSONAL_BANK_CARD, no.start, no.end);
	else if (is_phone(&no, text) && !is_code(text, no.start) &&
		 !is_amount(text, no.end))
		add(out, KB_PERSONAL_PHONE, no.start, no.end);
	return no.end;
}

/* ---- all of it ---- */

static bool is_mail(char c)
{
	return kb_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' ||
	       c == '%';
}

/* git@host.tld:path, a place that files are fetched from: what is behind the
 * host at 'end'. */
static bool is_remote(struct kb_str text, size_t end)
{
	if (end + 1 >= text.len || text.ptr[end] != ':' ||
	    !kb_is_letter(text.ptr[end + 1]))
		return false;
	for (size_t i = end + 1; i < text.len && is_mail(text.ptr[i]); i++)
		if (i + 1 < text.len && text.ptr[i + 1] == '/')
			return true;
	return false;
}

/* user@host.tld around the @ at 'at', not before 'from'. */
static void find_email(struct kb_personals *out, struct kb_str text,
		       size_t from, size_t at)
{
	size_t start = at, end = at + 1, dot = 0;

	while (start > from && is_mail(text.ptr[start - 1]))
		start--;
	while (end < text.len && (kb_is_alnum(text.ptr[end]) ||
				  text.ptr[end] == '.' || text.ptr[end] == '-'))
		end++;
	while (end > at + 1 && !kb_is_alnum(text.ptr[end - 1]))
		end--;
	for (size_t i = at + 2; i + 2 < end; i++)
		if (text.ptr[i] == '.' && kb_is_letter(text.ptr[i + 1]))
			dot = i;
	if (start < at && dot && !is_remote(text, end))
		add(out, KB_PERSONAL_EMAIL, start, end);
}

static void find_emails(struct kb_personals *out, struct kb_str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '@')
			continue;
		find_email(out, text, from, i);
		from = i + 1;
	}
}

static void find_numbers(struct kb_personals *out, struct kb_str text)
{
	for (size_t i = 0; i < text.len;) {
		char c = text.ptr[i];
		bool begins = kb_is_digit(c) ||
			      ((c == '+' || c == '(') && i + 1 < text.len &&
			       kb_is_digit(text.ptr[i + 1]));

		if (!begins) {
			i++;
			continue;
		}
		if (i && (kb_is_alnum(text.ptr[i - 1]) ||
			  ((text.ptr[i - 1] == '.' || text.ptr[i - 1] == '-') &&
			   i > 1 && kb_is_alnum(text.ptr[i - 2])))) {
			while (i < text.len && kb_is_alnum(text.ptr[i]))
				i++;
			i += i < text.len;
			continue;
		}
		i = find_number(out, text, i);
	}
}

static void find_addresses(struct kb_personals *out, struct kb_str text)
{
	size_t at = 0, end = 0;

	while ((at = kb_address_next(text, at, &end)) < text.len) {
		add(out, KB_PERSONAL_ADDRESS, at, end);
		at = end;
	}
}

static void find_names(struct kb_personals *out, struct kb_str text,
		       const struct kb_gazetteer *names)
{
	for (size_t i = 0; names && i < text.len;) {
		const char *slot;
		size_t n = kb_gazetteer_find(names, text, i, &slot);

		if (n)
			add(out, KB_PERSONAL_NAME, i, i + n);
		i += n + !n;
	}
}

/* By place; of two at one place the longer, then by kind. */
static int by_place(const void *a, const void *b)
{
	const struct kb_personal *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

void kb_personals_find(struct kb_personals *out, struct kb_str text,
		       const struct kb_gazetteer *names)
{
	size_t n = 0;

	out->n = 0;
	find_emails(out, text);
	find_numbers(out, text);
	find_addresses(out, text);
	find_names(out, text, names);
	if (out->n < 2)
		return;
	qsort(out->items, out->n, sizeof(*out->items), by_place);
	for (size_t i = 0; i < out->n; i++) {
		if (n && out->items[i].start < out->items[n - 1].end) {
			/* what overlaps is one, so that nothing is left */
			if (out->items[i].end > out->items[n - 1].end)
				out->items[n - 1].end = out->items[i].end;
			continue;
		}
		out->items[n++] = out->items[i];
	}
	out->n = n;
}
