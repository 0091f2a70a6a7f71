#include "convert/office/excel_cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"
#include "convert/office/xml_part.h"

enum kind { PLAIN, DATE, TIME, DATE_TIME, SHARE };

#define STYLES_MAX 65536u

void kb_excel_cells_init(struct kb_excel_cells *cells)
{
	*cells = (struct kb_excel_cells){0};
	kb_buf_init(&cells->strings, KB_EXCEL_STRINGS_MAX);
	kb_map_init(&cells->formats);
}

void kb_excel_cells_release(struct kb_excel_cells *cells)
{
	kb_buf_release(&cells->strings);
	kb_map_release(&cells->formats);
	free(cells->ends);
	free(cells->kinds);
}

/* ---- shared strings ---- */

struct strings_part {
	struct kb_excel_cells *to;
	unsigned text, skip;
};

static void open_string(void *arg, const char *name,
			const char *const *attributes)
{
	struct strings_part *p = arg;

	(void)attributes;
	if (p->skip || !strcmp(name, "rPh")) /* how it is read aloud */
		p->skip++;
	else if (!strcmp(name, "t"))
		p->text++;
}

static void close_string(void *arg, const char *name)
{
	struct strings_part *p = arg;
	struct kb_excel_cells *c = p->to;

	if (p->skip) {
		p->skip--;
	} else if (!strcmp(name, "t")) {
		p->text -= p->text > 0;
	} else if (!strcmp(name, "si")) {
		kb_grow(&c->ends, &c->cap, c->n + 1, sizeof(*c->ends));
		c->ends[c->n++] = c->strings.len;
	}
}

static void string_text(void *arg, struct kb_str text)
{
	struct strings_part *p = arg;

	if (p->text && !p->skip)
		kb_buf_add_str(&p->to->strings, text);
}

/* ---- formats ---- */

/* The kind of a format's code, whose quoted parts and colours mean nothing. */
static enum kind kind_of_code(const char *code)
{
	bool day = false, hour = false, share = false;

	for (const char *p = code; *p && *p != ';'; p++) {
		if (*p == '"' || *p == '[') {
			const char *close =
			    strchr(p + 1, *p == '"' ? '"' : ']');

			if (*p == '[' && strchr("hms", kb_lower(p[1])))
				hour = true;
			p = close ? close : p;
		} else if (*p == '\\' && p[1]) {
			p++;
		} else {
			day |= strchr("yd", kb_lower(*p)) != NULL;
			hour |= strchr("hs", kb_lower(*p)) != NULL;
			share |= *p == '%';
		}
	}
	return day     ? hour ? DATE_TIME : DATE
	       : hour  ? TIME
	       : share ? SHARE
		       : PLAIN;
}

static enum kind kind_of(const struct kb_excel_cells *c, int format)
{
	const uint64_t *own = kb_map_get(&c->formats, (uint64_t)format);

	if (own)
		return (enum kind) * own;
	if ((format >= 14 && format <= 17) || (format >= 27 && format <= 31) ||
	    (format >= 50 && format <= 58))
		return DATE;
	if ((format >= 18 && format <= 21) || (format >= 45 && format <= 47) ||
	    (format >= 32 && format <= 35))
		return TIME;
	if (format == 22 || format == 36)
		return DATE_TIME;
	return format == 9 || format == 10 ? SHARE : PLAIN;
}

struct formats_part {
	struct kb_excel_cells *to;
	bool in_cells;
};

static void open_format(void *arg, const char *name,
			const char *const *attributes)
{
	struct formats_part *p = arg;
	struct kb_excel_cells *c = p->to;
	int id = kb_xml_number(kb_xml_attribute(attributes, "numFmtId"));

	if (!strcmp(name, "numFmt")) {
		const char *code = kb_xml_attribute(attributes, "formatCode");

		if (code && id >= 0 && c->formats.n < STYLES_MAX)
			*kb_map_put(&c->formats, (uint64_t)id, NULL) =
			    kind_of_code(code);
	} else if (!strcmp(name, "cellXfs")) {
		p->in_cells = true;
	} else if (!strcmp(name, "xf") && p->in_cells &&
		   c->n_kinds < STYLES_MAX) {
		kb_grow(&c->kinds, &c->cap_kinds, c->n_kinds + 1, 1);
		c->kinds[c->n_kinds++] = (unsigned char)kind_of(c, id);
	}
}

static void close_format(void *arg, const char *name)
{
	struct formats_part *p = arg;

	if (!strcmp(name, "cellXfs"))
		p->in_cells = false;
}

static void format_text(void *arg, struct kb_str text)
{
	(void)arg;
	(void)text;
}

/* ---- both ---- */

static int read_part(struct kb_office *office, struct kb_str workbook,
		     const char *name, const struct kb_xml_events *events,
		     struct kb_err *err)
{
	struct kb_buf path;
	int rc;

	kb_buf_init(&path, 0);
	kb_xml_path(workbook, name, &path);
	rc = kb_xml_part(office->zip, kb_buf_str(&path), events, err);
	kb_buf_release(&path);
	return rc == KB_ENOENT ? 0 : rc;
}

int kb_excel_cells_read(struct kb_excel_cells *cells, struct kb_office *office,
			struct kb_str workbook, struct kb_err *err)
{
	struct strings_part strings = {.to = cells};
	struct formats_part formats = {.to = cells};
	const struct kb_xml_events string_events = {.open = open_string,
						    .close = close_string,
						    .text = string_text,
						    .arg = &strings};
	const struct kb_xml_events format_events = {.open = open_format,
						    .close = close_format,
						    .text = format_text,
						    .arg = &formats};
	int rc = read_part(office, workbook, "sharedStrings.xml",
			   &string_events, err);

	if (rc == 0 && cells->strings.over)
		return kb_err_set(err, KB_ELIMIT,
				  "has strings larger than the limit of %zu "
				  "bytes",
				  KB_EXCEL_STRINGS_MAX);
	return rc < 0 ? rc
		      : read_part(office, workbook, "styles.xml",
				  &format_events, err);
}

/* ---- values ---- */

static struct kb_str put_date(struct kb_excel_cells *c, double x,
			      enum kind kind)
{
	/* 1970-01-01 is day 25569 of those from 1900, 24107 from 1904 */
	time_t s = (time_t)floor(x * 86400 + .5) -
		   (c->from_1904 ? 24107 : 25569) * (time_t)86400;
	struct tm tm;
	size_t n;

	if (!gmtime_r(&s, &tm))
		return (struct kb_str){"", 0};
	n = kind == TIME
		? 0
		: strftime(c->number, sizeof(c->number), "%Y-%m-%d", &tm);
	if (kind != DATE)
		n += strftime(c->number + n, sizeof(c->number) - n,
			      n ? " %H:%M" : "%H:%M", &tm);
	if (kind != DATE && tm.tm_sec)
		n += strftime(c->number + n, sizeof(c->number) - n, ":%S", &tm);
	return (struct kb_str){c->number, n};
}

/* A value of more digits than a double has is as it was computed: .1 + .2. */
static struct kb_str put_value(struct kb_excel_cells *c, int style,
			       struct kb_str value)
{
	enum kind kind = style >= 0 && (size_t)style < c->n_kinds
			     ? (enum kind)c->kinds[style]
			     : PLAIN;
	char *end;
	double x = value.len ? strtod(value.ptr, &end) : 0;
	int n;

	if (!value.len || *end || !isfinite(x))
		return value;
	/* up to the end of the year 9999 */
	if (kind >= DATE && kind <= DATE_TIME && x >= 0 && x < 2958466)
		return put_date(c, x, kind);
	if (kind == SHARE)
		n = snprintf(c->number, sizeof(c->number), "%.12g%%", x * 100);
	else if (value.len > 15)
		n = snprintf(c->number, sizeof(c->number), "%.15g", x);
	else
		return value;
	return (struct kb_str){c->number, (size_t)n};
}

struct kb_str kb_excel_cell(struct kb_excel_cells *cells, const char *type,
			    int style, const struct kb_buf *value)
{
	struct kb_str v = kb_buf_str(value);
	size_t i, from;

	if (!v.len || !strcmp(type, "inlineStr") || !strcmp(type, "str") ||
	    !strcmp(type, "e") || !strcmp(type, "d"))
		return v;
	if (!strcmp(type, "b"))
		return *v.ptr == '1' ? KB_STR("TRUE") : KB_STR("FALSE");
	if (strcmp(type, "s"))
		return put_value(cells, style, v);
	i = (size_t)kb_xml_number(v.ptr);
	if (i >= cells->n)
		return (struct kb_str){"", 0};
	from = i ? cells->ends[i - 1] : 0;
	return (struct kb_str){cells->strings.ptr + from,
			       cells->ends[i] - from};
}
