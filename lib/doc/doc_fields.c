/*
 * What the members of a document hold: times and triples. Searches read them,
 * too, so nothing here needs a reader of files.
 */
#include "doc/blocks.h"

#include <stdio.h>

struct kb_str kb_doc_trim(struct kb_str s)
{
	while (s.len && (unsigned char)s.ptr[0] <= ' ') {
		s.ptr++;
		s.len--;
	}
	while (s.len && (unsigned char)s.ptr[s.len - 1] <= ' ')
		s.len--;
	return s;
}

void kb_doc_triple(struct kb_json array, struct kb_arena *arena,
		   struct kb_str triple[3])
{
	struct kb_json_iter it = kb_json_iter(array);
	struct kb_str part[3];
	size_t n = 0;

	if (array.type != KB_JSON_ARRAY)
		return;
	while (kb_json_next(&it)) {
		if (n == 3 || !kb_json_str(it.val, arena, &part[n]))
			return;
		n++;
	}
	if (n == 3)
		memcpy(triple, part, sizeof(part));
}

/* ---- times ---- */

/* Days from 1970-01-01 of a date of the Gregorian calendar (H. Hinnant,
 * "chrono-compatible low-level date algorithms", days_from_civil). */
static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (unsigned)(y - era * 400);
	doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

/* Exactly n digits at *p; false when there are fewer. */
static bool digits(const char **p, const char *end, int n, unsigned *out)
{
	*out = 0;
	while (n--) {
		if (*p == end || **p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (unsigned)(*(*p)++ - '0');
	}
	return true;
}

static bool skip(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	(*p)++;
	return true;
}

/* "Z", "+08:00", "+0800", "+08" or nothing (UTC). */
static bool zone(const char **p, const char *end, int64_t *offset_s)
{
	unsigned h, m = 0;
	bool west;

	*offset_s = 0;
	if (*p == end || skip(p, end, 'Z') || skip(p, end, 'z'))
		return true;
	west = **p == '-';
	if (!west && **p != '+')
		return false;
	(*p)++;
	if (!digits(p, end, 2, &h))
		return false;
	skip(p, end, ':');
	if (*p != end && !digits(p, end, 2, &m))
		return false;
	*offset_s = (int64_t)(h * 3600 + m * 60) * (west ? -1 : 1);
	return h < 24 && m < 60;
}

/* "08:00", "08:00:30", "08:00:30.25", then the zone. */
static bool clock_time(const char **p, const char *end, int64_t *seconds)
{
	unsigned h, m, s = 0;
	int64_t offset;

	if (!digits(p, end, 2, &h) || !skip(p, end, ':') ||
	    !digits(p, end, 2, &m))
		return false;
	if (skip(p, end, ':') && !digits(p, end, 2, &s))
		return false;
	if (skip(p, end, '.')) {
		while (*p != end && **p >= '0' && **p <= '9')
			(*p)++;
	}
	skip(p, end, ' ');
	if (!zone(p, end, &offset) || h > 24 || m > 59 || s > 60)
		return false;
	*seconds = (int64_t)h * 3600 + m * 60 + s - offset;
	return true;
}

static bool unix_seconds(struct kb_str t, int64_t *out)
{
	size_t i = t.len && t.ptr[0] == '-';
	int64_t v = 0;

	if (i == t.len || t.len - i > 15)
		return false;
	for (; i < t.len; i++) {
		if (t.ptr[i] == '.' && i)
			break; /* a fraction of a second does not matter */
		if (t.ptr[i] < '0' || t.ptr[i] > '9')
			return false;
		v = v * 10 + (t.ptr[i] - '0');
	}
	*out = t.ptr[0] == '-' ? -v : v;
	return true;
}

bool kb_doc_time(struct kb_str text, bool end, int64_t *unix_s)
{
	static const unsigned char month_days[12] = {31, 29, 31, 30, 31, 30,
						     31, 31, 30, 31, 30, 31};
	struct kb_str t = kb_doc_trim(text);
	const char *p = t.ptr, *stop = t.ptr + t.len;
	unsigned y, m, d;
	int64_t s = 0;
	char sep;

	if (t.len < 10 || (t.ptr[4] != '-' && t.ptr[4] != '/'))
		return unix_seconds(t, unix_s);
	sep = t.ptr[4];
	if (!digits(&p, stop, 4, &y) || !skip(&p, stop, sep) ||
	    !digits(&p, stop, 2, &m) || !skip(&p, stop, sep) ||
	    !digits(&p, stop, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > month_days[m - 1])
		return false;
	*unix_s = days_from_civil(y, m, d) * 86400;
	if (p == stop) {
		*unix_s += end ? 86400 : 0;
		return true;
	}
	if (*p != 'T' && *p != 't' && *p != ' ')
		return false;
	p++;
	if (!clock_time(&p, stop, &s) || p != stop)
		return false;
	*unix_s += s;
	return true;
}

static int read_time(struct kb_json val, const char *name, bool end,
		     int64_t *out, struct kb_arena *arena, struct kb_err *err)
{
	char quote[KB_QUOTE_MAX];
	struct kb_str text = {val.ptr, val.len};

	if (val.type == KB_JSON_NONE || val.type == KB_JSON_NULL)
		return KB_OK;
	if (val.type == KB_JSON_STRING) {
		kb_json_str(val, arena, &text);
		if (text.len == 0)
			return KB_OK;
	}
	if ((val.type != KB_JSON_STRING && val.type != KB_JSON_NUMBER) ||
	    !kb_doc_time(text, end, out))
		return kb_err_set(
		    err, KB_EINVAL, "'%s' is no date such as 2024-05-01: '%s'",
		    name, kb_err_quote(quote, text.ptr, text.len));
	return KB_OK;
}

int kb_doc_set_valid(struct kb_doc *doc, struct kb_json from,
		     struct kb_json until, struct kb_arena *arena,
		     struct kb_err *err)
{
	int rc;

	doc->valid_from = KB_DOC_ALWAYS_FROM;
	doc->valid_until = KB_DOC_ALWAYS_UNTIL;
	rc = read_time(from, "valid_from", false, &doc->valid_from, arena, err);
	if (rc == KB_OK)
		rc = read_time(until, "valid_until", true, &doc->valid_until,
			       arena, err);
	return rc;
}
