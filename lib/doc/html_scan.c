#include "doc/html.h"

#include <strings.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/str.h"

static char *find(char *p, char *end, const char *what)
{
	return memmem(p, (size_t)(end - p), what, strlen(what));
}

static bool starts(const char *p, const char *end, const char *lower)
{
	return kb_starts_folded(p, (size_t)(end - p), lower);
}

static void blank(char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p != '\n')
			*p = ' ';
	}
}

/* ---- what libxml2 shall not see ---- */

/*
 * The end of the tag at p, where its '>' stands or the page ends. Its parts
 * end at white space, slashes and quotes; those beyond the limit are blanked.
 */
static char *bound_tag(char *p, char *end)
{
	char *quote, *many = NULL;
	unsigned parts = 0;
	bool value = false; /* behind '=': a quote opens a value */

	for (; p < end && *p != '>'; p++) {
		bool space = (unsigned char)*p <= ' ';

		if (value && (*p == '"' || *p == '\'')) {
			quote = memchr(p + 1, *p, (size_t)(end - p - 1));
			p = quote ? quote : end - 1;
			parts++;
			value = false;
		} else if (!space) {
			value = *p == '=';
			parts += *p == '/';
		} else {
			parts += (unsigned char)p[-1] > ' ';
		}
		if (parts > KB_HTML_PARTS && !many)
			many = p + 1;
	}
	if (many)
		blank(many, p);
	return p;
}

/* Behind the content of a script or style, whose tag ends at p. */
static char *skip_raw(char *p, char *end, const char *name)
{
	while ((p = find(p, end, "</")) && !starts(p + 2, end, name))
		p += 2;
	return p ? p : end;
}

static char *skip_tag(char *p, char *end)
{
	char *stop = bound_tag(p + 1, end);

	if (starts(p + 1, end, "script"))
		return skip_raw(stop, end, "script");
	if (starts(p + 1, end, "style"))
		return skip_raw(stop, end, "style");
	return stop;
}

/* A comment stays; of CDATA the marks go; doctypes and what else begins so
 * means nothing to us, and libxml2 shows some of it as text. */
static char *skip_declaration(char *p, char *end, bool *no_more)
{
	char *stop;

	if (starts(p, end, "<!--")) {
		stop = find(p + 4, end, "-->");
		return stop ? stop : end;
	}
	if (starts(p, end, "<![cdata[")) {
		blank(p, p + 9);
		stop = *no_more ? NULL : find(p, end, "]]>");
		*no_more = !stop;
		if (stop)
			blank(stop, stop + 3);
		return p;
	}
	stop = memchr(p, '>', (size_t)(end - p));
	stop = stop ? stop + 1 : end;
	blank(p, stop);
	return stop;
}

void kb_html_blank(char *page, size_t len)
{
	char *p = page, *end = page + len;
	bool no_more = false; /* ends of CDATA */

	while ((p = memchr(p, '<', (size_t)(end - p)))) {
		if (p + 1 < end && kb_is_letter(p[1]))
			p = skip_tag(p, end);
		else if (p + 1 < end && (p[1] == '!' || p[1] == '?'))
			p = skip_declaration(p, end, &no_more);
		else
			p++;
	}
}

/* ---- character references ---- */

/* &#150; and the like: what the C1 range means in practice (HTML standard,
 * 13.2.5.80, numeric character reference end state). */
static unsigned windows_1252(unsigned code)
{
	static const unsigned short c1[32] = {
	    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
	    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

	return c1[code - 0x80];
}

/* Bytes of "&#128" to "&#159" at p, and its number; 0 for anything else. */
static size_t c1_reference(const char *p, const char *end, unsigned *code)
{
	size_t n;

	*code = 0;
	if (end - p < 5 || p[1] != '#')
		return 0;
	for (n = 2; n < 5 && p[n] >= '0' && p[n] <= '9'; n++)
		*code = *code * 10 + (unsigned)(p[n] - '0');
	if (n < 5 || *code < 0x80 || *code > 0x9f ||
	    (p + 5 < end && p[5] >= '0' && p[5] <= '9'))
		return 0;
	return n;
}

/* Bytes of a reference at p that old pages write without a semicolon, when
 * it has none. */
static size_t open_reference(const char *p, const char *end)
{
	static const char *const names[] = {"amp",  "lt",   "gt", "quot",
					    "nbsp", "copy", "reg"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]) + 1;

		if ((size_t)(end - p) < n || memcmp(p + 1, names[i], n - 1))
			continue;
		if (p + n < end &&
		    (kb_is_alnum(p[n]) || p[n] == ';' || p[n] == '='))
			return 0;
		return n;
	}
	return 0;
}

void kb_html_spell_references(struct kb_str page, struct kb_buf *out)
{
	const char *p = page.ptr, *from = p, *end = p + page.len;
	unsigned code;
	size_t n;

	while ((p = memchr(p, '&', (size_t)(end - p)))) {
		n = c1_reference(p, end, &code);
		if (n) {
			kb_buf_add(out, from, (size_t)(p - from));
			kb_buf_printf(out, "&#%u", windows_1252(code));
			from = p += n;
			continue;
		}
		n = open_reference(p, end);
		if (n) {
			kb_buf_add(out, from, (size_t)(p + n - from));
			kb_buf_add_char(out, ';');
			from = p + n;
		}
		p += n ? n : 1;
	}
	kb_buf_add(out, from, (size_t)(end - from));
}

/* ---- what a page declares ---- */

/* Behind "name =" and the quote of its value, when that stands at p. */
static const char *value_of(const char *p, const char *end, const char *name)
{
	if (!starts(p, end, name))
		return NULL;
	for (p += strlen(name); p < end && (unsigned char)*p <= ' ';)
		p++;
	if (p == end || *p != '=')
		return NULL;
	for (p++;
	     p < end && ((unsigned char)*p <= ' ' || *p == '"' || *p == '\'');)
		p++;
	return p;
}

/* The value of charset= or encoding= in the tag at p, wherever in it: the
 * one of <meta content="text/html; charset=x"> stands in another value. */
static struct kb_str label_in(const char *p, const char *end, const char *name)
{
	const char *stop = memchr(p, '>', (size_t)(end - p)), *value, *q;

	for (stop = stop ? stop : end; p < stop; p++) {
		value = value_of(p, stop, name);
		if (!value)
			continue;
		for (q = value;
		     q < stop && (kb_is_alnum(*q) || memchr("-_:.", *q, 4));)
			q++;
		return (struct kb_str){value, (size_t)(q - value)};
	}
	return KB_STR("");
}

static struct kb_str find_label(struct kb_str page)
{
	const char *p = page.ptr, *end = p + page.len, *stop;
	struct kb_str label = KB_STR("");

	while (!label.len && (p = memchr(p, '<', (size_t)(end - p)))) {
		if (starts(p, end, "<!--")) {
			stop = memmem(p, (size_t)(end - p), "-->", 3);
			p = stop ? stop : end;
		} else if (starts(p, end, "<body")) {
			break;
		} else if (starts(p, end, "<meta")) {
			label = label_in(p++, end, "charset");
		} else if (starts(p, end, "<?xml")) {
			label = label_in(p++, end, "encoding");
		} else {
			p++;
		}
	}
	return label;
}

/*
 * Labels whose meaning is wider than their name says (WHATWG Encoding
 * Standard, 4.2): pages that declare the one are written in the other.
 */
static const struct {
	const char *label, *iconv;
} wider[] = {
    {"ascii", "WINDOWS-1252"},
    {"us-ascii", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"x-euc-jp", "EUC-JP"},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"korean", "CP949"},
    {"x-cp1251", "WINDOWS-1251"},
};

bool kb_html_charset(struct kb_str page, char name[KB_HTML_CHARSET_MAX])
{
	struct kb_str label = find_label(page);

	if (!label.len || label.len >= KB_HTML_CHARSET_MAX)
		return false;
	memcpy(name, label.ptr, label.len);
	name[label.len] = '\0';
	/* Whoever could read the declaration was not reading UTF-16. */
	if (!strncasecmp(name, "utf", 3))
		return false;
	for (size_t i = 0; i < sizeof(wider) / sizeof(*wider); i++) {
		if (!strcasecmp(name, wider[i].label))
			strcpy(name, wider[i].iconv);
	}
	return true;
}
